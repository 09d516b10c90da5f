/* When the system refuses memory in proportion to an argument, the call says so and comes back.
 *
 * The functions that hand out memory are replaced by ones that refuse, during a call, its first large request. Only glibc lets
 * the library's own be called from there. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "check.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
int posix_memalign(void **pointer, size_t alignment, size_t size);

/* Half of the smallest matrix below. */
enum { ROWS = 600, COLS = 200, LARGE = COLS * COLS * (int)sizeof(double) / 2 };

static int refusing;
static int refused;

static int refuses(size_t size) {
    if (!refusing || refused || size < LARGE) return 0;
    refused = 1;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) {
    return refuses(size) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return refuses(count * size) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size) {
    return refuses(size) ? NULL : __libc_realloc(pointer, size);
}

int posix_memalign(void **pointer, size_t alignment, size_t size) {
    if (refuses(size)) return ENOMEM;
    *pointer = __libc_memalign(alignment, size);
    return *pointer == NULL ? ENOMEM : 0;
}

static double a[ROWS * COLS], definite[COLS * COLS];
static double first[ROWS * ROWS], second[ROWS * ROWS], vector[ROWS];
static int64_t labels[ROWS], numbers[ROWS];

/* Calls once as it is, and once more with the first large request refused. */
#define REFUSE(call)                                                                                         \
    do {                                                                                                     \
        EXPECT(LAPWING_OK, call);                                                                            \
        first[0] = second[0] = -7.5;                                                                         \
        refused = 0;                                                                                         \
        refusing = 1;                                                                                        \
        const lapwing_status status_ = (call);                                                               \
        refusing = 0;                                                                                        \
        CHECK(refused);                                                                                      \
        EXPECT(LAPWING_ERR_OUT_OF_MEMORY, status_);                                                          \
        CHECK(first[0] == -7.5 && second[0] == -7.5);                                                        \
        ++calls;                                                                                             \
    } while (0)

/* The same of a function that makes a model. */
#define REFUSE_MODEL(type, free_model, call)                                                                 \
    do {                                                                                                     \
        struct type *model = NULL;                                                                           \
        REFUSE((free_model(model), model = NULL, call));                                                     \
        CHECK(model == NULL);                                                                                \
    } while (0)

int main(void) {
    int calls = 0;
    uint64_t state = 1;
    for (int i = 0; i < ROWS * COLS; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        a[i] = (double)(state >> 11) / (double)(1ull << 53) - 0.5;
    }
    for (int i = 0; i < ROWS; i++) labels[i] = i % 3;
    for (int i = 0; i < COLS; i++) {
        for (int j = 0; j < COLS; j++) definite[i * COLS + j] = i == j ? 3.0 : 1.0 / (1.0 + (i - j) * (i - j));
    }
    const lapwing_mat_f64 x = {a, ROWS, COLS, COLS, 1};
    const lapwing_mat_f64 y = {a, ROWS, 2, COLS, 1};
    const lapwing_mat_f64 p = {definite, COLS, COLS, COLS, 1};
    const lapwing_mat_mut_f64 tall = {first, ROWS, COLS, COLS, 1};
    const lapwing_mat_mut_f64 square = {first, COLS, COLS, COLS, 1};
    const lapwing_mat_mut_f64 other = {second, COLS, COLS, COLS, 1};
    const lapwing_vec_mut_f64 values = {vector, COLS, 1};
    const lapwing_vec_f64 location = {a, COLS, 1};
    const lapwing_mat_f64 no_matrix = {NULL, 0, 0, 0, 0};
    const lapwing_mat_mut_f64 no_output = {NULL, 0, 0, 0, 0};
    const lapwing_vec_f64 no_vector = {NULL, 0, 0};

    REFUSE(lapwing_svd_f64(x, values, tall, other));
    REFUSE(lapwing_eigh_f64(p, LAPWING_LOWER, values, square));
    REFUSE(lapwing_qr_f64(x, tall, other));
    REFUSE(lapwing_pivoted_qr_f64(x, 0.0, tall, other, numbers, numbers));
    REFUSE(lapwing_cholesky_f64(p, LAPWING_LOWER, square));
    REFUSE(lapwing_lu_f64(p, square, other, numbers));
    REFUSE(lapwing_ldlt_f64(p, LAPWING_LOWER, square, other, numbers));
    REFUSE(lapwing_hessenberg_f64(p, square, other));
    REFUSE(lapwing_polar_f64(x, 0, tall, other));
    REFUSE(lapwing_inverse_f64(p, square));
    REFUSE(lapwing_expm_f64(p, square));
    REFUSE(lapwing_sqrtm_f64(p, square, no_output));
    REFUSE(lapwing_sylvester_f64(p, p, p, square));
    REFUSE(lapwing_matmul_f64(x, p, tall));
    REFUSE(lapwing_gram_f64(x, square));
    REFUSE(lapwing_condition_number_f64(p, 0, vector));
    REFUSE(lapwing_random_normal_f64(1, tall));
    REFUSE(lapwing_hilbert_f64(square));
    REFUSE(lapwing_correlation_f64(x, square));
    REFUSE_MODEL(lapwing_pca_f64, lapwing_pca_free_f64, lapwing_pca_fit_f64(x, NULL, &model));
    REFUSE_MODEL(lapwing_kernel_pca_f64, lapwing_kernel_pca_free_f64, lapwing_kernel_pca_fit_f64(x, NULL, &model));
    REFUSE_MODEL(lapwing_truncated_svd_f64, lapwing_truncated_svd_free_f64,
                 lapwing_truncated_svd_fit_f64(x, NULL, &model));
    REFUSE_MODEL(lapwing_covariance_f64, lapwing_covariance_free_f64,
                 lapwing_empirical_covariance_fit_f64(x, NULL, &model));
    REFUSE_MODEL(lapwing_covariance_f64, lapwing_covariance_free_f64, lapwing_ledoit_wolf_fit_f64(x, NULL, &model));
    REFUSE_MODEL(lapwing_whitening_f64, lapwing_whitening_free_f64, lapwing_whitening_fit_f64(x, NULL, &model));
    REFUSE_MODEL(lapwing_mahalanobis_f64, lapwing_mahalanobis_free_f64,
                 lapwing_mahalanobis_new_f64(location, p, 0, &model));
    REFUSE_MODEL(lapwing_multivariate_normal_f64, lapwing_multivariate_normal_free_f64,
                 lapwing_multivariate_normal_new_f64(location, p, &model));
    REFUSE_MODEL(lapwing_discriminant_f64, lapwing_discriminant_free_f64,
                 lapwing_linear_discriminant_fit_f64(x, labels, no_vector, NULL, &model));
    REFUSE_MODEL(lapwing_linear_model_f64, lapwing_linear_model_free_f64,
                 lapwing_linear_regression_fit_f64(x, y, no_vector, NULL, &model));
    REFUSE_MODEL(lapwing_linear_model_f64, lapwing_linear_model_free_f64,
                 lapwing_ridge_fit_f64(x, y, no_vector, NULL, &model));
    REFUSE_MODEL(lapwing_k_means_f64, lapwing_k_means_free_f64,
                 lapwing_k_means_fit_f64(x, no_vector, no_matrix, NULL, &model));
    REFUSE_MODEL(lapwing_spectral_clustering, lapwing_spectral_clustering_free,
                 lapwing_spectral_clustering_fit_f64(x, NULL, NULL, &model));
    REFUSE_MODEL(lapwing_diffusion_maps, lapwing_diffusion_maps_free,
                 lapwing_diffusion_maps_fit_f64(x, NULL, NULL, &model));
    REFUSE_MODEL(lapwing_graph, lapwing_graph_free, lapwing_graph_from_adjacency_f64(p, &model));
    printf("%d functions came back from refused memory\n", calls);
    return failures == 0 ? 0 : 1;
}
