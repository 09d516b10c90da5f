/* Two rings, one within the other, which are no clusters about centres: nearest neighbours connect each of them, and not the
 * one to the other.
 *
 *   cc examples/c/spectral_clustering.c -o spectral_clustering $(pkg-config --cflags --libs lapwing) -lm
 *   ./spectral_clustering
 */
#include <lapwing.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>

enum { INNER = 40, OUTER = 80, POINTS = INNER + OUTER, CLUSTERS = 2 };

/* Whether the call succeeded; if not, says why. */
static int succeeded(lapwing_status status) {
    char message[512];
    if (status == LAPWING_OK) return 1;
    lapwing_last_error(message, sizeof message);
    fprintf(stderr, "error: %s (%s)\n", message, lapwing_status_name(status));
    return 0;
}

/* How large each cluster is, and how well they agree with the rings. */
static int print_clusters(lapwing_mat_f64 x, const int64_t *rings) {
    const lapwing_affinity_options affinity = {
        .struct_size = sizeof affinity, .kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS, .neighbors = 7};
    const lapwing_spectral_clustering_options options = {.struct_size = sizeof options, .n_clusters = CLUSTERS};
    lapwing_spectral_clustering *model = NULL;
    int64_t labels[POINTS], sizes[CLUSTERS] = {0};
    double agreement = 0;
    const int done = succeeded(lapwing_spectral_clustering_fit_f64(x, &affinity, &options, &model)) &&
                     succeeded(lapwing_spectral_clustering_labels(model, labels)) &&
                     succeeded(lapwing_adjusted_rand_score(rings, labels, POINTS, &agreement));
    lapwing_spectral_clustering_free(model);
    if (!done) return 0;
    for (int i = 0; i < POINTS; ++i) ++sizes[labels[i]];
    printf("cluster  samples\n");
    for (int i = 0; i < CLUSTERS; ++i) printf("%-7d  %7lld\n", i, (long long)sizes[i]);
    printf("adjusted Rand score %.3f\n", agreement);
    return 1;
}

int main(void) {
    double entries[POINTS][2];
    int64_t rings[POINTS];
    for (int i = 0; i < POINTS; ++i) {
        const double share = i < INNER ? (double)i / INNER : (double)(i - INNER) / OUTER, angle = 2 * 3.141592653589793 * share;
        const double radius = (i < INNER ? 1 : 3) + 0.1 * sin(7 * i);
        entries[i][0] = radius * cos(angle), entries[i][1] = radius * sin(angle);
        rings[i] = i >= INNER;
    }
    const lapwing_mat_f64 x = {entries[0], POINTS, 2, 2, 1};
    return print_clusters(x, rings) ? 0 : 1;
}
