/* One model, used by many threads at once, gives each what it gives one; so do decompositions; and after a fork the child
 * computes as its parent did.
 *
 *     concurrency [ROUNDS]
 */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { SAMPLES = 300, FEATURES = 12, COMPONENTS = 4, CLUSTERS = 5, THREADS = 16 };

static double data[SAMPLES * FEATURES], square[FEATURES * FEATURES];

static struct lapwing_pca_f64 *pca;
static struct lapwing_k_means_f64 *k_means;
static struct lapwing_mahalanobis_f64 *mahalanobis;
static struct lapwing_nearest_neighbors *neighbors;
static struct lapwing_linear_model_f64 *ridge;

struct results {
    double scores[SAMPLES * COMPONENTS];
    double distances[SAMPLES];
    double predictions[SAMPLES];
    double singular_values[FEATURES];
    double u[SAMPLES * FEATURES];
    double nearest[SAMPLES * 3];
    int64_t labels[SAMPLES];
    int64_t indices[SAMPLES * 3];
};

static struct results alone;
static int round_count = 20;

static lapwing_mat_f64 samples(void) {
    lapwing_mat_f64 x = {data, SAMPLES, FEATURES, FEATURES, 1};
    return x;
}

/* Returns how many calls failed. */
static int compute(struct results *found) {
    const lapwing_mat_mut_f64 scores = {found->scores, SAMPLES, COMPONENTS, COMPONENTS, 1};
    const lapwing_vec_mut_f64 distances = {found->distances, SAMPLES, 1};
    const lapwing_mat_mut_f64 predictions = {found->predictions, SAMPLES, 1, 1, 1};
    const lapwing_vec_mut_f64 singular_values = {found->singular_values, FEATURES, 1};
    const lapwing_mat_mut_f64 u = {found->u, SAMPLES, FEATURES, FEATURES, 1};
    const lapwing_mat_mut_f64 no_vectors = {NULL, 0, 0, 0, 0};
    const lapwing_mat_mut_f64 nearest = {found->nearest, SAMPLES, 3, 3, 1};
    return (lapwing_pca_transform_f64(pca, samples(), scores) != LAPWING_OK) +
           (lapwing_mahalanobis_distances_f64(mahalanobis, samples(), distances) != LAPWING_OK) +
           (lapwing_linear_model_predict_f64(ridge, samples(), predictions) != LAPWING_OK) +
           (lapwing_k_means_predict_f64(k_means, samples(), found->labels) != LAPWING_OK) +
           (lapwing_nearest_neighbors_k_neighbors_f64(neighbors, samples(), 3, found->indices, nearest) != LAPWING_OK) +
           (lapwing_svd_f64(samples(), singular_values, u, no_vectors) != LAPWING_OK);
}

/* Returns how many rounds failed, or gave other bits than a thread alone. A wrong call beside each right one leaves its message
 * to this thread only. */
static void *rounds(void *number) {
    intptr_t wrong = 0;
    struct results *found = malloc(sizeof *found);
    for (int round = 0; found != NULL && round < round_count; round++) {
        char name[32], message[256];
        memset(found, 0, sizeof *found);
        wrong += compute(found) != 0 || memcmp(found, &alone, sizeof alone) != 0;
        /* As many rows as this thread's number says, and one more. */
        const int64_t rows = (int64_t)(intptr_t)number + 1;
        const lapwing_mat_f64 x = {data, rows, FEATURES - 1, FEATURES, 1};
        const lapwing_vec_mut_f64 distances = {found->distances, rows, 1};
        wrong += lapwing_mahalanobis_distances_f64(mahalanobis, x, distances) != LAPWING_ERR_SHAPE;
        lapwing_last_error(message, sizeof message);
        snprintf(name, sizeof name, "%d columns", FEATURES - 1);
        wrong += strstr(message, name) == NULL;
    }
    free(found);
    return (void *)(wrong + (found == NULL));
}

static int wrong_in_threads(void) {
    pthread_t threads[THREADS];
    intptr_t wrong = 0;
    for (intptr_t i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, rounds, (void *)i) != 0) return -1;
    }
    for (int i = 0; i < THREADS; i++) {
        void *found;
        if (pthread_join(threads[i], &found) != 0) return -1;
        wrong += (intptr_t)found;
    }
    return (int)wrong;
}

int main(int count, char **arguments) {
    /* Fewer rounds for valgrind. */
    if (count > 1) round_count = atoi(arguments[1]);
    uint64_t state = 1;
    for (int i = 0; i < SAMPLES * FEATURES; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        data[i] = (double)(state >> 11) / (double)(1ull << 52) + (i / FEATURES % CLUSTERS == i % FEATURES ? 3.0 : 0.0);
    }
    for (int i = 0; i < FEATURES; i++) square[i * FEATURES + i] = 1.0 + i;
    const lapwing_mat_f64 targets = {data, SAMPLES, 1, FEATURES, 1};
    const lapwing_mat_f64 covariance = {square, FEATURES, FEATURES, FEATURES, 1};
    const lapwing_vec_f64 location = {data, FEATURES, 1};
    const lapwing_vec_f64 no_weights = {NULL, 0, 0};
    const lapwing_mat_f64 no_centers = {NULL, 0, 0, 0, 0};
    const lapwing_pca_options options = {.struct_size = sizeof options, .n_components = COMPONENTS};

    EXPECT(LAPWING_OK, lapwing_pca_fit_f64(samples(), &options, &pca));
    EXPECT(LAPWING_OK, lapwing_k_means_fit_f64(samples(), no_weights, no_centers, NULL, &k_means));
    EXPECT(LAPWING_OK, lapwing_mahalanobis_new_f64(location, covariance, LAPWING_SINGULAR_REFUSE, &mahalanobis));
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_fit_f64(samples(), NULL, &neighbors));
    EXPECT(LAPWING_OK, lapwing_ridge_fit_f64(samples(), targets, no_weights, NULL, &ridge));
    /* Bits depend on how many threads OpenBLAS uses, which it decides by how busy it is. */
    EXPECT(LAPWING_OK, lapwing_threads_set(1));
    CHECK(compute(&alone) == 0);
    const int wrong = wrong_in_threads();
    CHECK(wrong == 0);

    /* Only the thread that forks is there in the child, and whatever threads the libraries had are not. */
    EXPECT(LAPWING_OK, lapwing_threads_set(2));
    CHECK(compute(&alone) == 0);
    const pid_t child = fork();
    if (child == 0) {
        struct results *found = calloc(1, sizeof *found);
        const int good = found != NULL && compute(found) == 0;
        const int same = good && memcmp(found->labels, alone.labels, sizeof alone.labels) == 0;
        free(found);
        _exit(same ? 0 : good ? 2 : 1);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);

    lapwing_pca_free_f64(pca);
    lapwing_k_means_free_f64(k_means);
    lapwing_mahalanobis_free_f64(mahalanobis);
    lapwing_nearest_neighbors_free(neighbors);
    lapwing_linear_model_free_f64(ridge);
    printf("%d threads, %d rounds each: %d wrong; the child of a fork: %s\n", THREADS, round_count, wrong,
           WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "as its parent" : "wrong");
    return failures == 0 ? 0 : 1;
}
