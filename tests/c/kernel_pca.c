/* Kernel principal component analysis: results in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "kernel_pca_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "kernel_pca_of.h"

static double entries[6 * 3];
static const lapwing_mat_f64 x = {entries, 6, 3, 3, 1};
/* Never dereferenced: stands for "not written". */
static lapwing_kernel_pca_f64 *const unset = (lapwing_kernel_pca_f64 *)(void *)entries;

/* A fit that fails leaves its output alone. */
static void refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                    const lapwing_kernel_pca_options *options) {
    lapwing_kernel_pca_f64 *model = unset;
    EXPECT_MESSAGE(status, text, lapwing_kernel_pca_fit_f64(data, options, &model));
    CHECK(model == unset);
}

static void options_are_checked(void) {
    const lapwing_kernel_pca_options valid = {.struct_size = sizeof valid, .kernel = LAPWING_KERNEL_POLYNOMIAL};
    lapwing_kernel_pca_options options;
    options = valid, options.kernel = 6;
    refused(LAPWING_ERR_ARGUMENT, "kernel is 6", x, &options);
    options = valid, options.kernel = -1;
    refused(LAPWING_ERR_ARGUMENT, "kernel is -1", x, &options);
    options = valid, options.homogeneity = 2;
    refused(LAPWING_ERR_ARGUMENT, "homogeneity is 2", x, &options);
    options = valid, options.homogeneity = LAPWING_KERNEL_HOMOGENEOUS, options.coef0 = 0.5;
    refused(LAPWING_ERR_ARGUMENT, "coef0 is 0.5", x, &options);
    options = valid, options.coef0 = NAN;
    refused(LAPWING_ERR_ARGUMENT, "coef0 is NaN", x, &options);
    options = valid, options.zero_eigenvalues = -1;
    refused(LAPWING_ERR_ARGUMENT, "zero_eigenvalues is -1", x, &options);
    options = valid, options.fit_inverse_transform = 2;
    refused(LAPWING_ERR_ARGUMENT, "fit_inverse_transform is 2", x, &options);
    options = valid, options.n_components = -2;
    refused(LAPWING_ERR_ARGUMENT, "n_components is -2", x, &options);
    options = valid, options.degree = -1;
    refused(LAPWING_ERR_ARGUMENT, "degree is -1", x, &options);
    options = valid, options.degree = INT64_C(1) << 32;
    refused(LAPWING_ERR_ARGUMENT, "degree is 4294967296", x, &options);
    static const double numbers[] = {NAN, INFINITY, -0.5};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        options = valid, options.gamma = numbers[i];
        refused(LAPWING_ERR_ARGUMENT, "gamma is", x, &options);
        options = valid, options.alpha = numbers[i];
        refused(LAPWING_ERR_ARGUMENT, "alpha is", x, &options);
    }
    options = valid, options.kernel = LAPWING_KERNEL_PRECOMPUTED;
    refused(LAPWING_ERR_SHAPE, "x is 6 x 3, but must be square", x, &options);
    options.fit_inverse_transform = LAPWING_KERNEL_PCA_INVERSE;
    refused(LAPWING_ERR_ARGUMENT, "kernel is precomputed", x, &options);
    refused(LAPWING_ERR_ARGUMENT, "options is not aligned", x,
            (const lapwing_kernel_pca_options *)(const void *)((const char *)&valid + 1));
}

/* A struct of another version is read as far as both know it. */
static void struct_sizes_are_negotiated(void) {
    struct {
        lapwing_kernel_pca_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown, .n_components = 2}};
    static const size_t wrong[] = {0, 1, sizeof(size_t), sizeof grown.known - 1, 4097, SIZE_MAX};
    lapwing_kernel_pca_f64 *model = NULL;
    int64_t count = 0;
    EXPECT(LAPWING_OK, lapwing_kernel_pca_fit_f64(x, &grown.known, &model));
    EXPECT(LAPWING_OK, lapwing_kernel_pca_n_components_f64(model, &count));
    CHECK(count == 2);
    lapwing_kernel_pca_free_f64(model);
    grown.later[15] = 1;
    refused(LAPWING_ERR_ARGUMENT, "does not know", x, &grown.known);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        grown.known.struct_size = wrong[i];
        refused(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_kernel_pca_options)", x, &grown.known);
    }
}

static void data_is_checked(void) {
    lapwing_mat_f64 view = x;
    view.data = NULL;
    refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL);
    view = x, view.rows = 0;
    refused(LAPWING_ERR_SHAPE, "at least 1", view, NULL);
    view = x, view.cols = 0;
    refused(LAPWING_ERR_SHAPE, "no features", view, NULL);
    view = x, view.cols = -1;
    refused(LAPWING_ERR_SHAPE, "x has -1 columns", view, NULL);
    const double kept = entries[7];
    entries[7] = NAN;
    refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, NULL);
    entries[7] = 1e300;
    refused(LAPWING_ERR_OVERFLOW, "the kernel", x, NULL);
    entries[7] = kept;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_kernel_pca_fit_f64(x, NULL, NULL));
}

static void models_are_checked(void) {
    double out[18] = {0};
    lapwing_mat_mut_f64 scores = {out, 6, 3, 3, 1};
    lapwing_mat_f64 matrix;
    lapwing_vec_f64 vector;
    double value;
    int64_t count;
    int32_t kernel;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_transform_f64(NULL, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_inverse_transform_f64(NULL, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_eigenvalues_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_eigenvectors_f64(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_x_fit_f64(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_dual_coef_f64(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_kernel_f64(NULL, &kernel));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_gamma_f64(NULL, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_n_components_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_n_features_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_kernel_pca_n_samples_f64(NULL, &count));

    const lapwing_kernel_pca_options options = {.struct_size = sizeof options, .n_components = 3,
                                                .fit_inverse_transform = LAPWING_KERNEL_PCA_INVERSE};
    lapwing_kernel_pca_f64 *model = NULL, *without = NULL;
    EXPECT(LAPWING_OK, lapwing_kernel_pca_fit_f64(x, &options, &model));
    EXPECT(LAPWING_OK, lapwing_kernel_pca_fit_f64(x, NULL, &without));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_kernel_pca_eigenvalues_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_kernel_pca_dual_coef_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_kernel_pca_gamma_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_kernel_pca_kernel_f64(model, NULL));
    matrix.data = out;
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "fit_inverse_transform", lapwing_kernel_pca_dual_coef_f64(without, &matrix));
    CHECK(matrix.data == out);
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "fit_inverse_transform",
                   lapwing_kernel_pca_inverse_transform_f64(without, x, scores));

    lapwing_mat_f64 narrow = x;
    narrow.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 2 columns", lapwing_kernel_pca_transform_f64(model, narrow, scores));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 2 columns",
                   lapwing_kernel_pca_inverse_transform_f64(model, narrow, scores));
    const double poisoned[] = {0, NAN, 0};
    const lapwing_mat_f64 row = {poisoned, 1, 3, 3, 1};
    scores.rows = 1;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[0, 1]", lapwing_kernel_pca_transform_f64(model, row, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "scores[0, 1]", lapwing_kernel_pca_inverse_transform_f64(model, row, scores));
    scores.rows = 6, scores.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "scores.data is NULL", lapwing_kernel_pca_transform_f64(model, x, scores));
    scores.data = entries + 17, scores.row_stride = -3, scores.col_stride = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "scores overlaps x", lapwing_kernel_pca_transform_f64(model, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "x overlaps scores", lapwing_kernel_pca_inverse_transform_f64(model, x, scores));
    scores.data = out, scores.row_stride = 3, scores.col_stride = 1, scores.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 2 columns", lapwing_kernel_pca_transform_f64(model, x, scores));
    scores.cols = 3, scores.rows = 5;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 5 rows", lapwing_kernel_pca_inverse_transform_f64(model, x, scores));
    for (int i = 0; i < 18; ++i) CHECK(out[i] == 0);
    lapwing_kernel_pca_free_f64(model), lapwing_kernel_pca_free_f64(without);
}

int main(void) {
    for (int i = 0; i < 18; ++i) entries[i] = sin(i * i);
    kernel_pca_f64();
    kernel_pca_f32();
    options_are_checked();
    struct_sizes_are_negotiated();
    data_is_checked();
    models_are_checked();
    return failures != 0;
}
