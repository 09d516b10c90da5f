/* The condition of many small matrices, as a robot meets them: one workspace serves all of their decompositions.
 *
 *   cc examples/c/workspace.c -o workspace $(pkg-config --cflags --libs lapwing) -lm
 *   ./workspace
 */
#include <lapwing.h>

#include <math.h>
#include <stdio.h>

enum { STEPS = 7 };

/* Whether the call succeeded; if not, says why. */
static int succeeded(lapwing_status status) {
    char message[512];
    if (status == LAPWING_OK) return 1;
    lapwing_last_error(message, sizeof message);
    fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
    return 0;
}

/* How an arm of two equal links, with the elbow bent by an angle, moves its hand when its joints turn. */
static void jacobian(double elbow, double entries[2][2]) {
    const double shoulder = 0.3;
    entries[0][1] = -sin(shoulder + elbow);
    entries[1][1] = cos(shoulder + elbow);
    entries[0][0] = entries[0][1] - sin(shoulder);
    entries[1][0] = entries[1][1] + cos(shoulder);
}

int main(void) {
    const lapwing_mat_mut_f64 unwanted = {NULL, 0, 0, 0, 0};
    lapwing_svd_workspace_f64 *workspace = NULL;
    int done = succeeded(lapwing_svd_workspace_new_f64(&workspace));
    printf("elbow  strongest  weakest\n");
    for (int step = 0; done && step < STEPS; ++step) {
        double entries[2][2], gains[2];
        const double elbow = 3.141592653589793 * step / (STEPS - 1);
        jacobian(elbow, entries);
        const lapwing_mat_f64 a = {entries[0], 2, 2, 2, 1};
        const lapwing_vec_mut_f64 s = {gains, 2, 1};
        done = succeeded(lapwing_svd_with_workspace_f64(workspace, a, s, unwanted, unwanted));
        /* Stretched and folded, the arm cannot push along itself. */
        if (done) printf("%5.0f  %9.3f  %7.3f\n", 180.0 * step / (STEPS - 1), gains[0], fabs(gains[1]));
    }
    lapwing_svd_workspace_free_f64(workspace);
    return done ? 0 : 1;
}
