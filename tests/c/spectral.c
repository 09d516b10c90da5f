/* Spectral clustering, embeddings and diffusion maps: results in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#include "spectral_of.h"
#include "manifold_of.h"
#undef REAL
#undef SUFFIX

#define REAL float
#define SUFFIX f32
#include "spectral_of.h"
#include "manifold_of.h"

static double entries[6 * 3];
static const lapwing_mat_f64 x = {entries, 6, 3, 3, 1};
/* Never dereferenced: stand for "not written". */
static lapwing_spectral_clustering *const no_clustering = (lapwing_spectral_clustering *)(void *)entries;
static lapwing_spectral_embedding *const no_embedding = (lapwing_spectral_embedding *)(void *)entries;
static lapwing_diffusion_maps *const no_maps = (lapwing_diffusion_maps *)(void *)entries;

/* A fit that fails leaves its output alone. */
static void refused(lapwing_status status, const char *text, lapwing_mat_f64 data, const lapwing_affinity_options *affinity,
                    const lapwing_spectral_clustering_options *options) {
    lapwing_spectral_clustering *model = no_clustering;
    EXPECT_MESSAGE(status, text, lapwing_spectral_clustering_fit_f64(data, affinity, options, &model));
    CHECK(model == no_clustering);
}

static void embedding_refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                              const lapwing_affinity_options *affinity, const lapwing_spectral_embedding_options *options) {
    lapwing_spectral_embedding *model = no_embedding;
    EXPECT_MESSAGE(status, text, lapwing_spectral_embedding_fit_f64(data, affinity, options, &model));
    CHECK(model == no_embedding);
}

static void maps_refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                         const lapwing_affinity_options *affinity, const lapwing_diffusion_maps_options *options) {
    lapwing_diffusion_maps *model = no_maps;
    EXPECT_MESSAGE(status, text, lapwing_diffusion_maps_fit_f64(data, affinity, options, &model));
    CHECK(model == no_maps);
}

static void landmarks_refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                              const lapwing_landmark_spectral_clustering_options *options) {
    lapwing_spectral_clustering *model = no_clustering;
    EXPECT_MESSAGE(status, text, lapwing_landmark_spectral_clustering_fit_f64(data, options, &model));
    CHECK(model == no_clustering);
}

static void affinity_options_are_checked(void) {
    const lapwing_spectral_clustering_options two = {.struct_size = sizeof two, .n_clusters = 2};
    const lapwing_affinity_options valid = {.struct_size = sizeof valid};
    static const double numbers[] = {NAN, INFINITY, -0.5};
    lapwing_affinity_options options;
    options = valid, options.kind = 7;
    refused(LAPWING_ERR_ARGUMENT, "kind is 7", x, &options, &two);
    options = valid, options.kind = -1;
    refused(LAPWING_ERR_ARGUMENT, "kind is -1", x, &options, &two);
    options = valid, options.gamma_rule = 2;
    refused(LAPWING_ERR_ARGUMENT, "gamma_rule is 2", x, &options, &two);
    options = valid, options.gamma_rule = LAPWING_GAMMA_MEDIAN, options.gamma = 0.5;
    refused(LAPWING_ERR_ARGUMENT, "gamma is 0.5", x, &options, &two);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        options = valid, options.gamma = numbers[i];
        refused(LAPWING_ERR_ARGUMENT, "gamma is", x, &options, &two);
        options.kind = LAPWING_AFFINITY_POLYNOMIAL;
        refused(LAPWING_ERR_ARGUMENT, "gamma is", x, &options, &two);
        options.kind = LAPWING_AFFINITY_RADIUS, options.radius = numbers[i];
        if (!isinf(numbers[i])) refused(LAPWING_ERR_ARGUMENT, "radius is", x, &options, &two);
    }
    options = valid, options.kind = LAPWING_AFFINITY_POLYNOMIAL, options.degree = -1;
    refused(LAPWING_ERR_ARGUMENT, "degree is -1", x, &options, &two);
    options.degree = 0, options.homogeneity = 2;
    refused(LAPWING_ERR_ARGUMENT, "homogeneity is 2", x, &options, &two);
    options.homogeneity = LAPWING_KERNEL_HOMOGENEOUS, options.coef0 = 0.5;
    refused(LAPWING_ERR_ARGUMENT, "coef0 is 0.5", x, &options, &two);
    options.coef0 = 0;
    refused(LAPWING_ERR_ARGUMENT, "negative", x, &options, &two);
    options = valid, options.kind = LAPWING_AFFINITY_NEAREST_NEIGHBORS;
    refused(LAPWING_ERR_ARGUMENT, "k is 10", x, &options, &two);
    options.neighbors = -1;
    refused(LAPWING_ERR_ARGUMENT, "neighbors is -1", x, &options, &two);
    options.neighbors = 3, options.symmetrization = 3;
    refused(LAPWING_ERR_ARGUMENT, "symmetrization is 3", x, &options, &two);
    options = valid, options.kind = LAPWING_AFFINITY_SELF_TUNING;
    refused(LAPWING_ERR_ARGUMENT, "neighbor is 7", x, &options, &two);
    options = valid, options.kind = LAPWING_AFFINITY_COSINE;
    refused(LAPWING_ERR_ARGUMENT, "negative", x, &options, &two);
    embedding_refused(LAPWING_ERR_ARGUMENT, "negative", x, &options, NULL);
    maps_refused(LAPWING_ERR_ARGUMENT, "negative", x, &options, NULL);
    options.kind = LAPWING_AFFINITY_RADIUS, options.radius = 1;
    maps_refused(LAPWING_ERR_ARGUMENT, "affinity is radius", x, &options, NULL);
    refused(LAPWING_ERR_ARGUMENT, "affinity is not aligned", x,
            (const lapwing_affinity_options *)(const void *)((const char *)&valid + 1), &two);
}

static void clustering_options_are_checked(void) {
    const lapwing_spectral_clustering_options valid = {.struct_size = sizeof valid, .n_clusters = 2};
    lapwing_spectral_clustering_options options;
    refused(LAPWING_ERR_ARGUMENT, "n_clusters is 8", x, NULL, NULL);
    options = valid, options.n_clusters = 7;
    refused(LAPWING_ERR_ARGUMENT, "n_clusters is 7", x, NULL, &options);
    options = valid, options.n_clusters = -1;
    refused(LAPWING_ERR_ARGUMENT, "n_clusters is -1", x, NULL, &options);
    options = valid, options.max_clusters = 2;
    refused(LAPWING_ERR_ARGUMENT, "max_clusters is 2", x, NULL, &options);
    options = valid, options.n_clusters = 0, options.max_clusters = 7;
    refused(LAPWING_ERR_ARGUMENT, "is 7", x, NULL, &options);
    options = valid, options.n_components = 7;
    refused(LAPWING_ERR_ARGUMENT, "n_components is 7", x, NULL, &options);
    options = valid, options.n_components = 3, options.labels = LAPWING_LABELS_CLUSTER_QR;
    refused(LAPWING_ERR_ARGUMENT, "n_components is 3", x, NULL, &options);
    options = valid, options.n_eigenvalues = -1;
    refused(LAPWING_ERR_ARGUMENT, "n_eigenvalues is -1", x, NULL, &options);
    options = valid, options.n_init = -1;
    refused(LAPWING_ERR_ARGUMENT, "n_init is -1", x, NULL, &options);
    options = valid, options.labels = 3;
    refused(LAPWING_ERR_ARGUMENT, "labels is 3", x, NULL, &options);
    options = valid, options.eigen_solver = 5;
    refused(LAPWING_ERR_ARGUMENT, "eigen_solver is 5", x, NULL, &options);
    options = valid, options.eigen_solver = LAPWING_EIGEN_SOLVER_SHIFT_INVERT;
    refused(LAPWING_ERR_ARGUMENT, "eigen_solver is shift-invert", x, NULL, &options);
    options = valid, options.eigen_tolerance = -1;
    refused(LAPWING_ERR_ARGUMENT, "tolerance is -1", x, NULL, &options);
    options = valid, options.eigen_tolerance = NAN;
    refused(LAPWING_ERR_ARGUMENT, "tolerance is NaN", x, NULL, &options);

    const lapwing_landmark_spectral_clustering_options few = {.struct_size = sizeof few, .n_clusters = 2};
    lapwing_landmark_spectral_clustering_options landmarks;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "n_clusters is 8", x, NULL);
    landmarks = few, landmarks.n_landmarks = 7;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "n_landmarks is 7", x, &landmarks);
    landmarks = few, landmarks.n_landmarks = 4, landmarks.n_clusters = 5;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "n_neighbors is 5", x, &landmarks);
    landmarks.n_neighbors = 2;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "n_clusters is 5", x, &landmarks);
    landmarks = few, landmarks.n_landmarks = -1;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "n_landmarks is -1", x, &landmarks);
    landmarks = few, landmarks.bandwidth = -1;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "bandwidth is -1", x, &landmarks);
    landmarks = few, landmarks.bandwidth = NAN;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "bandwidth is NaN", x, &landmarks);
    landmarks = few, landmarks.selection = 2;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "selection is 2", x, &landmarks);
    landmarks = few, landmarks.labels = -1;
    landmarks_refused(LAPWING_ERR_ARGUMENT, "labels is -1", x, &landmarks);
}

static void embedding_options_are_checked(void) {
    const lapwing_spectral_embedding_options valid = {.struct_size = sizeof valid};
    lapwing_spectral_embedding_options options;
    options = valid, options.n_components = 6;
    embedding_refused(LAPWING_ERR_ARGUMENT, "n_components is 6", x, NULL, &options);
    options = valid, options.first_vector = 2;
    embedding_refused(LAPWING_ERR_ARGUMENT, "first_vector is 2", x, NULL, &options);
    options = valid, options.laplacian = 3;
    embedding_refused(LAPWING_ERR_ARGUMENT, "laplacian is 3", x, NULL, &options);
    options = valid, options.eigen_solver = -1;
    embedding_refused(LAPWING_ERR_ARGUMENT, "eigen_solver is -1", x, NULL, &options);
    options = valid, options.eigen_tolerance = -1;
    embedding_refused(LAPWING_ERR_ARGUMENT, "tolerance is -1", x, NULL, &options);

    const lapwing_diffusion_maps_options known = {.struct_size = sizeof known};
    lapwing_diffusion_maps_options maps;
    maps = known, maps.n_components = 6;
    maps_refused(LAPWING_ERR_ARGUMENT, "n_components is 6", x, NULL, &maps);
    maps = known, maps.density = 2;
    maps_refused(LAPWING_ERR_ARGUMENT, "density is 2", x, NULL, &maps);
    maps = known, maps.density = LAPWING_DENSITY_KEPT, maps.alpha = 0.5;
    maps_refused(LAPWING_ERR_ARGUMENT, "alpha is 0.5", x, NULL, &maps);
    maps = known, maps.alpha = 1.5;
    maps_refused(LAPWING_ERR_ARGUMENT, "alpha is 1.5", x, NULL, &maps);
    maps = known, maps.alpha = NAN;
    maps_refused(LAPWING_ERR_ARGUMENT, "alpha is NaN", x, NULL, &maps);
    maps = known, maps.time = -1;
    maps_refused(LAPWING_ERR_ARGUMENT, "time is -1", x, NULL, &maps);
    maps = known, maps.time = INT64_C(1) << 32;
    maps_refused(LAPWING_ERR_ARGUMENT, "time is 4294967296", x, NULL, &maps);
    maps = known, maps.eigen_solver = LAPWING_EIGEN_SOLVER_SHIFT_INVERT;
    maps_refused(LAPWING_ERR_ARGUMENT, "eigen_solver is shift-invert", x, NULL, &maps);
}

/* A struct of another version is read as far as both know it. `fit` takes the options and is refused with a status and a text. */
#define NEGOTIATES(type, valid, fit, ok)                                                                     \
    do {                                                                                                     \
        static const size_t wrong[] = {0, 1, sizeof(size_t), sizeof(type) - 1, 4097, SIZE_MAX};              \
        struct {                                                                                             \
            type known;                                                                                      \
            char later[16];                                                                                  \
        } grown = {.known = valid};                                                                          \
        grown.known.struct_size = sizeof grown;                                                              \
        ok(&grown.known);                                                                                    \
        grown.later[15] = 1;                                                                                 \
        fit("does not know", &grown.known);                                                                  \
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {                                          \
            grown.known.struct_size = wrong[i];                                                              \
            fit("sizeof(" #type ")", &grown.known);                                                          \
        }                                                                                                    \
    } while (0)

static const lapwing_spectral_clustering_options TWO = {.struct_size = sizeof TWO, .n_clusters = 2, .n_init = 1};

#define FITS(kind, call)                                                                                     \
    do {                                                                                                     \
        lapwing_##kind *model = NULL;                                                                        \
        EXPECT(LAPWING_OK, call);                                                                            \
        lapwing_##kind##_free(model);                                                                        \
    } while (0)

static void struct_sizes_are_negotiated(void) {
#define REFUSED(text, options) refused(LAPWING_ERR_ARGUMENT, text, x, options, &TWO)
#define ACCEPTED(options) FITS(spectral_clustering, lapwing_spectral_clustering_fit_f64(x, options, &TWO, &model))
    NEGOTIATES(lapwing_affinity_options, {.gamma = 0.5}, REFUSED, ACCEPTED);
#undef REFUSED
#undef ACCEPTED
#define REFUSED(text, options) refused(LAPWING_ERR_ARGUMENT, text, x, NULL, options)
#define ACCEPTED(options) FITS(spectral_clustering, lapwing_spectral_clustering_fit_f64(x, NULL, options, &model))
    NEGOTIATES(lapwing_spectral_clustering_options, {.n_clusters = 2}, REFUSED, ACCEPTED);
#undef REFUSED
#undef ACCEPTED
#define REFUSED(text, options) landmarks_refused(LAPWING_ERR_ARGUMENT, text, x, options)
#define ACCEPTED(options) FITS(spectral_clustering, lapwing_landmark_spectral_clustering_fit_f64(x, options, &model))
    NEGOTIATES(lapwing_landmark_spectral_clustering_options, {.n_clusters = 2}, REFUSED, ACCEPTED);
#undef REFUSED
#undef ACCEPTED
#define REFUSED(text, options) embedding_refused(LAPWING_ERR_ARGUMENT, text, x, NULL, options)
#define ACCEPTED(options) FITS(spectral_embedding, lapwing_spectral_embedding_fit_f64(x, NULL, options, &model))
    NEGOTIATES(lapwing_spectral_embedding_options, {.n_components = 1}, REFUSED, ACCEPTED);
#undef REFUSED
#undef ACCEPTED
#define REFUSED(text, options) maps_refused(LAPWING_ERR_ARGUMENT, text, x, NULL, options)
#define ACCEPTED(options) FITS(diffusion_maps, lapwing_diffusion_maps_fit_f64(x, NULL, options, &model))
    NEGOTIATES(lapwing_diffusion_maps_options, {.n_components = 1}, REFUSED, ACCEPTED);
#undef REFUSED
#undef ACCEPTED
}

static void data_is_checked(void) {
    const lapwing_landmark_spectral_clustering_options few = {.struct_size = sizeof few, .n_clusters = 2};
    lapwing_mat_f64 view = x;
    view.data = NULL;
    refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL, &TWO);
    embedding_refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL, NULL);
    maps_refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL, NULL);
    landmarks_refused(LAPWING_ERR_NULL, "x.data is NULL", view, &few);
    view = x, view.rows = 0;
    refused(LAPWING_ERR_SHAPE, "at least 1", view, NULL, &TWO);
    embedding_refused(LAPWING_ERR_SHAPE, "at least 1", view, NULL, NULL);
    maps_refused(LAPWING_ERR_SHAPE, "at least 1", view, NULL, NULL);
    landmarks_refused(LAPWING_ERR_SHAPE, "at least 1", view, &few);
    view = x, view.cols = 0;
    refused(LAPWING_ERR_SHAPE, "no features", view, NULL, &TWO);
    embedding_refused(LAPWING_ERR_SHAPE, "no features", view, NULL, NULL);
    maps_refused(LAPWING_ERR_SHAPE, "no features", view, NULL, NULL);
    landmarks_refused(LAPWING_ERR_SHAPE, "no features", view, &few);
    view = x, view.cols = -1;
    refused(LAPWING_ERR_SHAPE, "x has -1 columns", view, NULL, &TWO);
    const double kept = entries[7];
    entries[7] = NAN;
    refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, NULL, &TWO);
    embedding_refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, NULL, NULL);
    maps_refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, NULL, NULL);
    landmarks_refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, &few);
    entries[7] = kept;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_spectral_clustering_fit_f64(x, NULL, &TWO, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_spectral_clustering_fit_affinity_f64(x, &TWO, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_spectral_embedding_fit_f64(x, NULL, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_diffusion_maps_fit_f64(x, NULL, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_landmark_spectral_clustering_fit_f64(x, &few, NULL));
}

/* A matrix of affinities is refused by all three, and the same in compressed rows. */
static void affinities_refused(lapwing_status status, const char *text, const double *matrix) {
    const lapwing_mat_f64 view = {matrix, 3, 3, 3, 1};
    float single[9];
    const lapwing_mat_f32 narrow = {single, 3, 3, 3, 1};
    const int32_t columns[9] = {0, 1, 2, 0, 1, 2, 0, 1, 2}, row_starts[4] = {0, 3, 6, 9};
    const lapwing_csr_f64 rows = {matrix, columns, row_starts, 3, 3};
    lapwing_spectral_clustering *clustering = no_clustering;
    lapwing_spectral_embedding *embedding = no_embedding;
    lapwing_diffusion_maps *maps = no_maps;
    for (int i = 0; i < 9; ++i) single[i] = (float)matrix[i];
    EXPECT_MESSAGE(status, text, lapwing_spectral_clustering_fit_affinity_f64(view, &TWO, &clustering));
    EXPECT_MESSAGE(status, text, lapwing_spectral_clustering_fit_affinity_f32(narrow, &TWO, &clustering));
    EXPECT_MESSAGE(status, text, lapwing_spectral_clustering_fit_affinity_csr_f64(rows, &TWO, &clustering));
    EXPECT_MESSAGE(status, text, lapwing_spectral_embedding_fit_affinity_f64(view, NULL, &embedding));
    EXPECT_MESSAGE(status, text, lapwing_spectral_embedding_fit_affinity_f32(narrow, NULL, &embedding));
    EXPECT_MESSAGE(status, text, lapwing_spectral_embedding_fit_affinity_csr_f64(rows, NULL, &embedding));
    EXPECT_MESSAGE(status, text, lapwing_diffusion_maps_fit_affinity_f64(view, NULL, &maps));
    EXPECT_MESSAGE(status, text, lapwing_diffusion_maps_fit_affinity_f32(narrow, NULL, &maps));
    CHECK(clustering == no_clustering && embedding == no_embedding && maps == no_maps);
}

static void affinities_are_checked(void) {
    double matrix[9] = {1, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 1};
    const lapwing_mat_f64 oblong = {matrix, 3, 2, 3, 1};
    lapwing_spectral_clustering *clustering = no_clustering;
    matrix[1] = matrix[3] = -0.5;
    affinities_refused(LAPWING_ERR_ARGUMENT, "negative", matrix);
    matrix[1] = 0.25, matrix[3] = 0.5;
    affinities_refused(LAPWING_ERR_NOT_SYMMETRIC, "affinity is not symmetric", matrix);
    matrix[1] = NAN;
    affinities_refused(LAPWING_ERR_NON_FINITE, "affinity[0, 1]", matrix);
    matrix[1] = 0.5;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "affinity is 3 x 2, but must be square",
                   lapwing_spectral_clustering_fit_affinity_f64(oblong, &TWO, &clustering));
    const int32_t columns[4] = {1, 0, 0, 1}, row_starts[3] = {0, 2, 4};
    lapwing_csr_f64 rows = {matrix, columns, row_starts, 2, 2};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "affinity.columns[1], in row 0, is 0",
                   lapwing_spectral_clustering_fit_affinity_csr_f64(rows, &TWO, &clustering));
    rows.values = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "affinity.values is NULL",
                   lapwing_spectral_clustering_fit_affinity_csr_f64(rows, &TWO, &clustering));
    CHECK(clustering == no_clustering);
}

/* Accessors need a model and a place, and answer for the kind of model that has what they give. */
#define NEEDS(name, argument, model, place)                                                                  \
    do {                                                                                                     \
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_##name(NULL, place));                      \
        EXPECT_MESSAGE(LAPWING_ERR_NULL, argument " is NULL", lapwing_##name(model, NULL));                  \
    } while (0)

static void models_are_checked(void) {
    const lapwing_landmark_spectral_clustering_options few = {.struct_size = sizeof few, .n_clusters = 2};
    lapwing_spectral_clustering *model = NULL, *landmarks = NULL;
    lapwing_spectral_embedding *embedding = NULL;
    lapwing_diffusion_maps *maps = NULL;
    lapwing_mat_f64 matrix = {entries, 0, 0, 0, 0};
    lapwing_vec_f64 vector = {entries, 0, 0};
    int64_t count = -7, labels[6] = {-7, -7, -7, -7, -7, -7};
    int32_t kind = -7;
    double value = -7, out[18] = {0};
    size_t length = 7;
    lapwing_mat_mut_f64 written = {out, 6, 2, 2, 1};
    EXPECT(LAPWING_OK, lapwing_spectral_clustering_fit_f64(x, NULL, &TWO, &model));
    EXPECT(LAPWING_OK, lapwing_landmark_spectral_clustering_fit_f64(x, &few, &landmarks));
    EXPECT(LAPWING_OK, lapwing_spectral_embedding_fit_f64(x, NULL, NULL, &embedding));
    EXPECT(LAPWING_OK, lapwing_diffusion_maps_fit_f64(x, NULL, NULL, &maps));
    NEEDS(spectral_clustering_kind, "value", model, &kind);
    NEEDS(spectral_clustering_n_samples, "value", model, &count);
    NEEDS(spectral_clustering_n_clusters, "value", model, &count);
    NEEDS(spectral_clustering_labels, "labels", model, labels);
    NEEDS(spectral_clustering_embedding, "view", model, &matrix);
    NEEDS(spectral_clustering_eigenvalues, "view", model, &vector);
    NEEDS(spectral_clustering_residual_norms, "view", model, &vector);
    NEEDS(spectral_clustering_component_count, "value", model, &count);
    NEEDS(spectral_clustering_eigen_solver, "value", model, &kind);
    NEEDS(spectral_clustering_n_landmarks, "value", landmarks, &count);
    NEEDS(spectral_clustering_n_features, "value", landmarks, &count);
    NEEDS(spectral_clustering_bandwidth, "value", landmarks, &value);
    NEEDS(spectral_embedding_embedding, "view", embedding, &matrix);
    NEEDS(spectral_embedding_eigenvalues, "view", embedding, &vector);
    NEEDS(spectral_embedding_residual_norms, "view", embedding, &vector);
    NEEDS(spectral_embedding_component_count, "value", embedding, &count);
    NEEDS(spectral_embedding_eigen_solver, "value", embedding, &kind);
    NEEDS(diffusion_maps_embedding, "view", maps, &matrix);
    NEEDS(diffusion_maps_eigenvalues, "view", maps, &vector);
    NEEDS(diffusion_maps_eigenvectors, "view", maps, &matrix);
    NEEDS(diffusion_maps_stationary_distribution, "view", maps, &vector);
    NEEDS(diffusion_maps_residual_norms, "view", maps, &vector);
    NEEDS(diffusion_maps_eigen_solver, "value", maps, &kind);
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_spectral_clustering_landmarks(NULL, written));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_spectral_clustering_predict_f64(NULL, x, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_spectral_clustering_transform_f64(NULL, x, written));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_spectral_clustering_predict_affinity_f64(NULL, x, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_spectral_clustering_to_json(NULL, NULL, 0, &length));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "length is NULL", lapwing_spectral_clustering_to_json(landmarks, NULL, 0, NULL));

    static const char by_landmarks[] = "by landmarks, which has no such part", of_all[] = "fit one by landmarks";
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, by_landmarks, lapwing_spectral_clustering_residual_norms(landmarks, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, by_landmarks, lapwing_spectral_clustering_component_count(landmarks, &count));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, by_landmarks, lapwing_spectral_clustering_eigen_solver(landmarks, &kind));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, by_landmarks, lapwing_spectral_clustering_predict_affinity_f64(landmarks, x, labels));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_n_landmarks(model, &count));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_n_features(model, &count));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_bandwidth(model, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_landmarks(model, written));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_predict_f64(model, x, labels));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_transform_f64(model, x, written));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, of_all, lapwing_spectral_clustering_to_json(model, NULL, 0, &length));

    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "affinity has 3 columns", lapwing_spectral_clustering_predict_affinity_f64(model, x, labels));
    double row[6] = {0};
    const lapwing_mat_f64 one = {row, 1, 6, 6, 1};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "zero in row 0", lapwing_spectral_clustering_predict_affinity_f64(model, one, labels));
    row[1] = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "negative", lapwing_spectral_clustering_predict_affinity_f64(model, one, labels));
    row[1] = NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "affinity[0, 1]", lapwing_spectral_clustering_predict_affinity_f64(model, one, labels));
    row[1] = 1;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_spectral_clustering_predict_affinity_f64(model, one, NULL));

    lapwing_mat_f64 narrow = x;
    narrow.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 2 ", lapwing_spectral_clustering_predict_f64(landmarks, narrow, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_spectral_clustering_predict_f64(landmarks, x, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 2 ", lapwing_spectral_clustering_transform_f64(landmarks, narrow, written));
    written.cols = 3, written.row_stride = 3;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "coordinates has 3 columns", lapwing_spectral_clustering_transform_f64(landmarks, x, written));
    written.rows = 5;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "landmarks has 5 rows", lapwing_spectral_clustering_landmarks(landmarks, written));
    written.rows = 6, written.cols = 2, written.row_stride = 2, written.data = entries;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "coordinates overlaps x", lapwing_spectral_clustering_transform_f64(landmarks, x, written));
    CHECK(count == -7 && kind == -7 && value == -7 && length == 7 && matrix.data == entries && vector.data == entries);
    for (int i = 0; i < 6; ++i) CHECK(labels[i] == -7);
    for (int i = 0; i < 18; ++i) CHECK(out[i] == 0);
    lapwing_spectral_clustering_free(model), lapwing_spectral_clustering_free(landmarks);
    lapwing_spectral_embedding_free(embedding), lapwing_diffusion_maps_free(maps);
    lapwing_spectral_clustering_free(NULL), lapwing_spectral_embedding_free(NULL), lapwing_diffusion_maps_free(NULL);

    model = no_clustering;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "text is not a model", lapwing_spectral_clustering_from_json("{}", 2, &model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "text is NULL", lapwing_spectral_clustering_from_json(NULL, 2, &model));
    CHECK(model == no_clustering);
}

static void spectra_and_vectors_are_checked(void) {
    double spectrum[3] = {0, 0.5, 0.25}, wide[2] = {1, 2};
    lapwing_vec_f64 eigenvalues = {spectrum, 3, 1};
    const lapwing_mat_f64 vectors = {wide, 1, 2, 2, 1};
    int64_t value = -7;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "eigenvalues is 0.25 at 2", lapwing_eigengap_f64(eigenvalues, &value));
    spectrum[1] = INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "eigenvalues", lapwing_eigengap_f64(eigenvalues, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_eigengap_f64(eigenvalues, NULL));
    eigenvalues.len = -1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "-1", lapwing_eigengap_f64(eigenvalues, &value));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "vectors has 1 samples", lapwing_cluster_qr_f64(vectors, &value));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "vectors has 1 samples", lapwing_discretize_f64(vectors, 0, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_cluster_qr_f64(vectors, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_discretize_f64(vectors, 0, NULL));
    CHECK(value == -7);
}

int main(void) {
    for (int i = 0; i < 18; ++i) entries[i] = sin(i * i);
    spectral_f64(), manifold_f64();
    spectral_f32(), manifold_f32();
    affinity_options_are_checked();
    clustering_options_are_checked();
    embedding_options_are_checked();
    struct_sizes_are_negotiated();
    data_is_checked();
    affinities_are_checked();
    models_are_checked();
    spectra_and_vectors_are_checked();
    return failures != 0;
}
