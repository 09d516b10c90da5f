/* How many tones a signal has, second by second: each takes two singular values of the matrix whose rows are pieces of the
 * signal, each a sample later than the one above. A view shows that matrix without a copy, because entries may be in several
 * places of what is only read, and a workspace keeps the memory from one window to the next.
 *
 *   cc examples/c/workspace.c -o workspace $(pkg-config --cflags --libs lapwing) -lm
 *   ./workspace
 */
#include <lapwing.h>

#include <math.h>
#include <stdio.h>

enum { RATE = 200, SECONDS = 6, PIECES = 24, LENGTH = RATE - PIECES + 1 };

/* A tone of 10 cycles in a second, then one of 25 beside it, and then one of 40 as well. */
static double sample(int time) {
    const double t = 2 * 3.141592653589793 * time / RATE;
    double value = sin(10 * t);
    if (time >= 2 * RATE) value += 0.8 * sin(25 * t);
    if (time >= 4 * RATE) value += 0.6 * cos(40 * t);
    return value;
}

int main(void) {
    static double signal[SECONDS * RATE];
    double values[PIECES];
    const lapwing_mat_mut_f64 unwanted = {NULL, 0, 0, 0, 0};
    lapwing_svd_workspace_f64 *workspace = NULL;
    lapwing_status status = lapwing_svd_workspace_new_f64(&workspace);

    for (int time = 0; time < SECONDS * RATE; ++time) signal[time] = sample(time);
    if (status == LAPWING_OK) printf("second  tones\n");
    for (int second = 0; second < SECONDS && status == LAPWING_OK; ++second) {
        const lapwing_mat_f64 window = {signal + second * RATE, PIECES, LENGTH, 1, 1};
        const lapwing_vec_mut_f64 s = {values, PIECES, 1};
        status = lapwing_svd_with_workspace_f64(workspace, window, s, unwanted, unwanted);
        if (status == LAPWING_OK) {
            int large = 0;
            while (large < PIECES && values[large] > 1e-6 * values[0]) ++large;
            printf("%6d  %5d\n", second + 1, large / 2);
        }
    }
    lapwing_svd_workspace_free_f64(workspace);
    if (status != LAPWING_OK) {
        char message[512];
        lapwing_last_error(message, sizeof message);
        fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
        return 1;
    }
    return 0;
}
