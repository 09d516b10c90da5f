/* Models of sparse data: results in both precisions, options, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "sparse_models_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "sparse_models_of.h"

static double entries[SAMPLES * FEATURES];
static const lapwing_mat_f64 x = {entries, SAMPLES, FEATURES, FEATURES, 1};
/* Never dereferenced: stands for "not written". */
static lapwing_truncated_svd_f64 *const unset = (lapwing_truncated_svd_f64 *)(void *)entries;

/* A fit that fails leaves its output alone. */
static void refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                    const lapwing_truncated_svd_options *options) {
    lapwing_truncated_svd_f64 *model = unset;
    EXPECT_MESSAGE(status, text, lapwing_truncated_svd_fit_f64(data, options, &model));
    CHECK(model == unset);
}

static void options_are_checked(void) {
    const lapwing_truncated_svd_options valid = {.struct_size = sizeof valid};
    lapwing_truncated_svd_options options;
    options = valid, options.algorithm = 2;
    refused(LAPWING_ERR_ARGUMENT, "algorithm is 2", x, &options);
    options = valid, options.n_components = -1;
    refused(LAPWING_ERR_ARGUMENT, "n_components is -1", x, &options);
    options = valid, options.n_components = FEATURES + 1;
    refused(LAPWING_ERR_ARGUMENT, "n_components is 5, but must be between 1 and 4", x, &options);
    options = valid, options.power_iterations = -2;
    refused(LAPWING_ERR_ARGUMENT, "power_iterations is -2", x, &options);
    options = valid, options.oversampling = -2;
    refused(LAPWING_ERR_ARGUMENT, "oversampling is -2", x, &options);
    options = valid, options.algorithm = LAPWING_TRUNCATED_SVD_LANCZOS, options.tolerance = NAN;
    refused(LAPWING_ERR_ARGUMENT, "tolerance is NaN", x, &options);
    options = valid, options.reserved = 1;
    refused(LAPWING_ERR_ARGUMENT, "reserved is 1", x, &options);
    static const size_t wrong[] = {0, 1, sizeof(size_t), sizeof valid - 1, 4097, SIZE_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        options = valid, options.struct_size = wrong[i];
        refused(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_truncated_svd_options)", x, &options);
    }
    double values[ENTRIES];
    const lapwing_csr_f64 sparse = rows_of_f64(values);
    lapwing_pca_f64 *const no_pca = (lapwing_pca_f64 *)(void *)entries, *pca = no_pca;
    const lapwing_pca_options full = {.struct_size = sizeof full, .solver = LAPWING_PCA_FULL};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "solver is full", lapwing_pca_fit_csr_f64(sparse, &full, &pca));
    const lapwing_pca_options mle = {.struct_size = sizeof mle, .n_components = LAPWING_PCA_MLE};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "n_components is mle", lapwing_pca_fit_csr_f64(sparse, &mle, &pca));
    const lapwing_pca_options impatient = {.struct_size = sizeof impatient, .power_iterations = -2};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "power_iterations is -2", lapwing_pca_fit_csr_f64(sparse, &impatient, &pca));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_pca_fit_csr_f64(sparse, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_truncated_svd_fit_csr_f64(sparse, NULL, NULL));
    CHECK(pca == no_pca);
}

static void data_is_checked(void) {
    lapwing_mat_f64 view = x;
    view.data = NULL;
    refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL);
    view = x, view.rows = 0;
    refused(LAPWING_ERR_SHAPE, "at least 1", view, NULL);
    view = x, view.cols = 0;
    refused(LAPWING_ERR_SHAPE, "no features", view, NULL);
    const double kept = entries[7];
    entries[7] = NAN;
    refused(LAPWING_ERR_NON_FINITE, "x[1, 3]", x, NULL);
    entries[7] = kept;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_truncated_svd_fit_f64(x, NULL, NULL));
}

static void models_are_checked(void) {
    double values[ENTRIES], out[SAMPLES * FEATURES] = {0};
    const lapwing_csr_f64 sparse = rows_of_f64(values);
    lapwing_csr_f64 narrow = sparse;
    lapwing_mat_mut_f64 scores = {out, SAMPLES, KEPT, KEPT, 1};
    lapwing_mat_f64 matrix;
    lapwing_vec_f64 vector;
    int64_t count;
    int32_t algorithm;
    lapwing_truncated_svd_f64 *model = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_transform_f64(NULL, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_transform_csr_f64(NULL, sparse, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_inverse_transform_f64(NULL, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_components_f64(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_singular_values_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_explained_variance_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_explained_variance_ratio_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_n_components_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_n_features_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_n_samples_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_truncated_svd_algorithm_f64(NULL, &algorithm));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_transform_csr_f64(NULL, sparse, scores));

    EXPECT(LAPWING_OK, lapwing_truncated_svd_fit_f64(x, NULL, &model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_truncated_svd_components_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_truncated_svd_algorithm_f64(model, NULL));
    narrow.cols = FEATURES + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 5 columns", lapwing_truncated_svd_transform_csr_f64(model, narrow, scores));
    scores.rows = SAMPLES - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 5 rows, but must have 6",
                   lapwing_truncated_svd_transform_csr_f64(model, sparse, scores));
    scores.rows = SAMPLES, scores.cols = scores.row_stride = KEPT + 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 3 columns", lapwing_truncated_svd_transform_f64(model, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 3 columns, but must have 4",
                   lapwing_truncated_svd_inverse_transform_f64(model, x, scores));
    scores.cols = scores.row_stride = KEPT, scores.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "scores.data is NULL", lapwing_truncated_svd_transform_csr_f64(model, sparse, scores));
    scores.data = values, scores.rows = HEAD;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "scores overlaps x.values",
                   lapwing_truncated_svd_transform_csr_f64(model, head_f64(sparse), scores));
    scores.data = entries, scores.rows = SAMPLES;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "scores overlaps x", lapwing_truncated_svd_transform_f64(model, x, scores));
    for (int i = 0; i < SAMPLES * FEATURES; ++i) CHECK(out[i] == 0);
    lapwing_truncated_svd_free_f64(model);
}

int main(void) {
    for (int i = 0; i < SAMPLES * FEATURES; ++i) entries[i] = sin(i * i);
    sparse_models_f64();
    sparse_models_f32();
    options_are_checked();
    data_is_checked();
    models_are_checked();
    return failures != 0;
}
