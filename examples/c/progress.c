/* The temperature of a plate that is heated in the middle and cooled at its rim, by an iteration that reports how far it is,
 * and that stops when it is told to: here after as many iterations as the first argument says.
 *
 *   cc examples/c/progress.c -o progress $(pkg-config --cflags --libs lapwing)
 *   ./progress
 *   ./progress 20
 */
#include <lapwing.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Points along a side of the plate, and the most entries that the equations of all of them have. */
enum { SIDE = 60, POINTS = SIDE * SIDE, ENTRIES = 5 * POINTS };

struct patience {
    int64_t iterations;
};

/* Called after every iteration; anything but 0 ends the call. */
static int32_t report(void *user, int64_t iterations, double residual) {
    const struct patience *patience = user;
    if (iterations % 20 == 0) printf("%10d  %.1e\n", (int)iterations, residual);
    return iterations >= patience->iterations;
}

/* Each point has the mean temperature of its four neighbours, but for what heats it: 4 t - (its neighbours) = heat. */
static lapwing_csr_f64 plate(double *values, int32_t *columns, int32_t *row_starts) {
    int32_t count = 0;
    for (int32_t i = 0; i < SIDE; ++i)
        for (int32_t j = 0; j < SIDE; ++j) {
            const int32_t point = i * SIDE + j;
            row_starts[point] = count;
            if (i > 0) values[count] = -1, columns[count++] = point - SIDE;
            if (j > 0) values[count] = -1, columns[count++] = point - 1;
            values[count] = 4, columns[count++] = point;
            if (j < SIDE - 1) values[count] = -1, columns[count++] = point + 1;
            if (i < SIDE - 1) values[count] = -1, columns[count++] = point + SIDE;
        }
    row_starts[POINTS] = count;
    return (lapwing_csr_f64){values, columns, row_starts, POINTS, POINTS};
}

int main(int argc, char **argv) {
    static double values[ENTRIES], heat[POINTS], temperature[POINTS];
    static int32_t columns[ENTRIES], row_starts[POINTS + 1];
    struct patience patience = {argc > 1 ? atoi(argv[1]) : INT64_MAX};
    lapwing_iteration_options options = {.struct_size = sizeof options, .progress = report, .user = &patience};
    const lapwing_vec_f64 from_zeros = {NULL, 0, 0};
    int64_t iterations = 0;
    double residual = 0;
    lapwing_status status;

    heat[POINTS / 2 + SIDE / 2] = 1;
    printf("iterations  residual\n");
    status = lapwing_conjugate_gradient_f64(plate(values, columns, row_starts), (lapwing_vec_f64){heat, POINTS, 1},
                                            from_zeros, LAPWING_PRECONDITIONER_NONE, &options,
                                            (lapwing_vec_mut_f64){temperature, POINTS, 1}, &iterations, &residual);
    if (status == LAPWING_ERR_CANCELLED) {
        printf("cancelled, and nothing was written\n");
        return 0;
    }
    if (status != LAPWING_OK) {
        char message[512];
        lapwing_last_error(message, sizeof message);
        fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
        return 1;
    }
    printf("solved in %d iterations\n", (int)iterations);
    return 0;
}
