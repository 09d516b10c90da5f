/* Principal component analysis: results by their definition, and what is refused. */

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "pca_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "pca_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

static double entries[6 * 3];
static const lapwing_mat_f64 x = {entries, 6, 3, 3, 1};
/* Never dereferenced: stands for "not written". */
static lapwing_pca_f64 *const unset = (lapwing_pca_f64 *)(void *)entries;

/* A fit that fails leaves its output alone. */
static void refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                    const lapwing_pca_options *options) {
    lapwing_pca_f64 *pca = unset;
    EXPECT_MESSAGE(status, text, lapwing_pca_fit_f64(data, options, &pca));
    CHECK(pca == unset);
}

static void options_are_checked(void) {
    const lapwing_pca_options valid = {.struct_size = sizeof valid};
    lapwing_pca_options options;
    options = valid, options.solver = 4;
    refused(LAPWING_ERR_ARGUMENT, "solver is 4", x, &options);
    options = valid, options.solver = -1;
    refused(LAPWING_ERR_ARGUMENT, "solver is -1", x, &options);
    options = valid, options.whiten = 2;
    refused(LAPWING_ERR_ARGUMENT, "whiten is 2", x, &options);
    options = valid, options.n_components = -2;
    refused(LAPWING_ERR_ARGUMENT, "n_components is -2", x, &options);
    options = valid, options.power_iterations = -2;
    refused(LAPWING_ERR_ARGUMENT, "power_iterations is -2", x, &options);
    options = valid, options.n_components = 4;
    refused(LAPWING_ERR_ARGUMENT, "n_components is 4, but must be at most 3", x, &options);
    options = valid, options.n_components = INT64_MAX;
    refused(LAPWING_ERR_ARGUMENT, "n_components is", x, &options);
    options = valid, options.n_components = 2, options.variance = 0.5;
    refused(LAPWING_ERR_ARGUMENT, "set one of them to 0", x, &options);
    options = valid, options.n_components = LAPWING_PCA_MLE, options.variance = 0.5;
    refused(LAPWING_ERR_ARGUMENT, "set one of them to 0", x, &options);
    static const double shares[] = {NAN, INFINITY, 1.0, 1.5, -0.5};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; ++i) {
        options = valid, options.variance = shares[i];
        refused(LAPWING_ERR_ARGUMENT, "strictly between 0 and 1", x, &options);
    }
    options = valid, options.solver = LAPWING_PCA_RANDOMIZED, options.variance = 0.5;
    refused(LAPWING_ERR_ARGUMENT, "randomized", x, &options);
    refused(LAPWING_ERR_ARGUMENT, "options is not aligned", x,
            (const lapwing_pca_options *)(const void *)((const char *)&valid + 1));
}

/* A struct of another version is read as far as both know it. */
static void struct_sizes_are_negotiated(void) {
    struct {
        lapwing_pca_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown, .n_components = 2}};
    /* In version 0.1.0 the struct ended before the power iterations. */
    const size_t first = offsetof(lapwing_pca_options, power_iterations);
    const size_t wrong[] = {0, 1, sizeof(size_t), first - 1, 4097, SIZE_MAX};
    lapwing_pca_f64 *pca = NULL;
    int64_t count = 0;
    EXPECT(LAPWING_OK, lapwing_pca_fit_f64(x, &grown.known, &pca));
    EXPECT(LAPWING_OK, lapwing_pca_n_components_f64(pca, &count));
    CHECK(count == 2);
    lapwing_pca_free_f64(pca);
    const lapwing_pca_options old = {.struct_size = first, .n_components = 1, .power_iterations = -9};
    EXPECT(LAPWING_OK, lapwing_pca_fit_f64(x, &old, &pca));
    EXPECT(LAPWING_OK, lapwing_pca_n_components_f64(pca, &count));
    CHECK(count == 1);
    lapwing_pca_free_f64(pca);
    grown.later[15] = 1;
    refused(LAPWING_ERR_ARGUMENT, "does not know", x, &grown.known);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        grown.known.struct_size = wrong[i];
        refused(LAPWING_ERR_ARGUMENT, "struct_size is", x, &grown.known);
    }
}

static void data_is_checked(void) {
    lapwing_mat_f64 view = x;
    view.data = NULL;
    refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL);
    view = x, view.rows = 1;
    refused(LAPWING_ERR_SHAPE, "at least 2", view, NULL);
    view = x, view.cols = 0;
    refused(LAPWING_ERR_SHAPE, "no features", view, NULL);
    view = x, view.cols = -1;
    refused(LAPWING_ERR_SHAPE, "x has -1 columns", view, NULL);
    entries[7] = NAN;
    refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, NULL);
    entries[7] = 0.25;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_pca_fit_f64(x, NULL, NULL));
}

static void models_are_checked(void) {
    double out[18] = {0};
    lapwing_mat_mut_f64 scores = {out, 6, 3, 3, 1};
    lapwing_mat_f64 matrix;
    lapwing_vec_f64 vector;
    double value;
    int64_t count;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_transform_f64(NULL, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_inverse_transform_f64(NULL, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_components_f64(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_mean_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_explained_variance_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_explained_variance_ratio_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_singular_values_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_noise_variance_f64(NULL, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_n_components_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_n_features_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_n_samples_f64(NULL, &count));

    const lapwing_vec_mut_f64 likelihoods = {out, 6, 1};
    lapwing_mat_mut_f64 square = {out, 3, 3, 3, 1};
    int32_t choice;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_solver_f64(NULL, &choice));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_whitening_f64(NULL, &choice));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_covariance_f64(NULL, square));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_precision_f64(NULL, square));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_score_samples_f64(NULL, x, likelihoods));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pca is NULL", lapwing_pca_score_f64(NULL, x, &value));

    lapwing_pca_f64 *pca = NULL;
    EXPECT(LAPWING_OK, lapwing_pca_fit_f64(x, NULL, &pca));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_solver_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_whitening_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_score_f64(pca, x, NULL));
    lapwing_vec_mut_f64 few = {out, 5, 1};
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "likelihoods has 5 entries, but must have 6",
                   lapwing_pca_score_samples_f64(pca, x, few));
    few.len = 6, few.data = entries + 12;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "likelihoods overlaps x", lapwing_pca_score_samples_f64(pca, x, few));
    square.row_stride = 1;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "two entries of covariance", lapwing_pca_covariance_f64(pca, square));
    square.row_stride = 3, square.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "precision has 2 columns, but must have 3", lapwing_pca_precision_f64(pca, square));
    square.cols = 3, square.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "covariance.data is NULL", lapwing_pca_covariance_f64(pca, square));
    const lapwing_mat_f64 nothing = {NULL, 0, 3, 3, 1}, poisoned = {(const double[]){0, 0, NAN}, 1, 3, 3, 1};
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "needs at least 1", lapwing_pca_score_f64(pca, nothing, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[0, 2]", lapwing_pca_score_f64(pca, poisoned, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_pca_components_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_pca_mean_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_pca_explained_variance_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_pca_explained_variance_ratio_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_pca_singular_values_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_noise_variance_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_n_components_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_n_features_f64(pca, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_pca_n_samples_f64(pca, NULL));

    lapwing_mat_f64 narrow = x;
    narrow.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 2 columns", lapwing_pca_transform_f64(pca, narrow, scores));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 2 columns", lapwing_pca_inverse_transform_f64(pca, narrow, scores));
    scores.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "scores.data is NULL", lapwing_pca_transform_f64(pca, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "x.data is NULL", lapwing_pca_inverse_transform_f64(pca, x, scores));
    scores.data = entries + 17, scores.row_stride = -3, scores.col_stride = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "scores overlaps x", lapwing_pca_transform_f64(pca, x, scores));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "x overlaps scores", lapwing_pca_inverse_transform_f64(pca, x, scores));
    scores.data = out, scores.row_stride = 3, scores.col_stride = 1, scores.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 2 columns", lapwing_pca_transform_f64(pca, x, scores));
    scores.cols = 3, scores.rows = 5;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 5 rows", lapwing_pca_inverse_transform_f64(pca, x, scores));
    for (int i = 0; i < 18; ++i) CHECK(out[i] == 0);
    lapwing_pca_free_f64(pca);
}

int main(void) {
    for (int i = 0; i < 18; ++i) entries[i] = sin(i * i);
    pca_f64();
    pca_f32();
    options_are_checked();
    struct_sizes_are_negotiated();
    data_is_checked();
    models_are_checked();
    return failures != 0;
}
