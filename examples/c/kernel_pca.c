/* Two circles, one within the other, which no straight line separates: the first principal component mixes them, and the
 * first component of a Gaussian kernel does not.
 *
 *   cc examples/c/kernel_pca.c -o kernel_pca $(pkg-config --cflags --libs lapwing) -lm
 *   ./kernel_pca
 */
#include <lapwing.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { EACH = 50, POINTS = 2 * EACH };

/* Whether the call succeeded; if not, says why. */
static int succeeded(lapwing_status status) {
    char message[512];
    if (status == LAPWING_OK) return 1;
    lapwing_last_error(message, sizeof message);
    fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
    return 0;
}

/* The first component, and from where to where the scores of each circle go. */
static int print_scores(const char *title, lapwing_mat_f64 x, int32_t kernel) {
    const lapwing_kernel_pca_options options = {
        .struct_size = sizeof options, .kernel = kernel, .n_components = 1, .gamma = 0.3};
    double scores[POINTS];
    const lapwing_mat_mut_f64 column = {scores, POINTS, 1, 1, 1};
    lapwing_kernel_pca_f64 *model = NULL;
    const int done = succeeded(lapwing_kernel_pca_fit_f64(x, &options, &model)) &&
                     succeeded(lapwing_kernel_pca_transform_f64(model, x, column));
    lapwing_kernel_pca_free_f64(model);
    if (!done) return 0;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    for (int i = 0; i < POINTS; ++i) {
        low[i / EACH] = fmin(low[i / EACH], scores[i]);
        high[i / EACH] = fmax(high[i / EACH], scores[i]);
    }
    printf("%-16s  %6.3f to %6.3f  %6.3f to %6.3f  %s\n", title, low[0], high[0], low[1], high[1],
           high[0] < low[1] || high[1] < low[0] ? "separate" : "mixed");
    return 1;
}

int main(void) {
    double entries[POINTS][2];
    for (int i = 0; i < POINTS; ++i) {
        const double radius = i < EACH ? 1 : 4, angle = 2 * 3.141592653589793 * i / EACH;
        entries[i][0] = radius * cos(angle), entries[i][1] = radius * sin(angle);
    }
    const lapwing_mat_f64 x = {entries[0], POINTS, 2, 2, 1};
    printf("%-16s  %-16s  %-16s\n", "kernel", "inner circle", "outer circle");
    /* With the linear kernel, it is principal component analysis. */
    return print_scores("linear", x, LAPWING_KERNEL_LINEAR) && print_scores("Gaussian", x, LAPWING_KERNEL_RBF) ? 0 : 1;
}
