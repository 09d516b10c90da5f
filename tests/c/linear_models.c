/* Linear models: results in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "linear_models_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "linear_models_of.h"

static double entries[] = {2, 2, 4, 4, 6, 4, 8, 2}, targets[] = {9, 15, 17, 15}, ones[] = {1, 1, 1, 1};
static const lapwing_mat_f64 x = {entries, 4, 2, 2, 1}, y = {targets, 4, 1, 1, 1};
static const lapwing_vec_f64 none = {NULL, 0, 0};
/* Never dereferenced: stands for "not written". */
static lapwing_linear_model_f64 *const unset = (lapwing_linear_model_f64 *)(void *)entries;

/* A fit that fails leaves its output alone. */
static void refused(lapwing_status status, const char *text, lapwing_mat_f64 features, lapwing_mat_f64 values,
                    lapwing_vec_f64 weights, const lapwing_linear_regression_options *options) {
    lapwing_linear_model_f64 *model = unset;
    EXPECT_MESSAGE(status, text, lapwing_linear_regression_fit_f64(features, values, weights, options, &model));
    CHECK(model == unset);
}

static void ridge_refused(const char *text, const lapwing_ridge_options *options) {
    lapwing_linear_model_f64 *model = unset;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, text, lapwing_ridge_fit_f64(x, y, none, options, &model));
    CHECK(model == unset);
}

static void options_are_checked(void) {
    const lapwing_linear_regression_options valid = {.struct_size = sizeof valid};
    lapwing_linear_regression_options options;
    options = valid, options.solver = 6;
    refused(LAPWING_ERR_ARGUMENT, "solver is 6", x, y, none, &options);
    options = valid, options.intercept = -1;
    refused(LAPWING_ERR_ARGUMENT, "intercept is -1", x, y, none, &options);
    options = valid, options.max_iterations = -1;
    refused(LAPWING_ERR_ARGUMENT, "max_iterations is -1", x, y, none, &options);
    options = valid, options.solver = LAPWING_LINEAR_REGRESSION_LSQR, options.tolerance = NAN;
    refused(LAPWING_ERR_ARGUMENT, "tolerance", x, y, none, &options);
    refused(LAPWING_ERR_ARGUMENT, "options is not aligned", x, y, none,
            (const lapwing_linear_regression_options *)(const void *)((const char *)&valid + 1));

    const double penalty = 1, negative = -1;
    const lapwing_ridge_options penalized = {.struct_size = sizeof penalized};
    lapwing_ridge_options ridge;
    ridge = penalized, ridge.solver = 5;
    ridge_refused("solver is 5", &ridge);
    ridge = penalized, ridge.intercept = 2;
    ridge_refused("intercept is 2", &ridge);
    ridge = penalized, ridge.penalty = 2;
    ridge_refused("penalty is 2", &ridge);
    ridge = penalized, ridge.reserved = 1;
    ridge_refused("reserved is 1", &ridge);
    ridge = penalized, ridge.alpha = -1;
    ridge_refused("alpha is -1", &ridge);
    ridge = penalized, ridge.alpha = NAN;
    ridge_refused("alpha is NaN", &ridge);
    ridge = penalized, ridge.tolerance = -1;
    ridge_refused("tolerance is -1", &ridge);
    ridge = penalized, ridge.alpha = 1, ridge.penalty = LAPWING_PENALTY_NONE;
    ridge_refused("alpha is 1, but must be 0 with LAPWING_PENALTY_NONE", &ridge);
    ridge = penalized, ridge.penalties.data = &penalty, ridge.penalties.len = 1, ridge.alpha = 1;
    ridge_refused("alpha is 1, but must be 0 where each target", &ridge);
    ridge.alpha = 0, ridge.penalty = LAPWING_PENALTY_NONE;
    ridge_refused("penalty is 1, but must be 0 where each target", &ridge);
    ridge.penalty = LAPWING_PENALTY_ALPHA, ridge.penalties.data = &negative;
    ridge_refused("penalties", &ridge);
    lapwing_linear_model_f64 *model = unset;
    ridge.penalties.data = &penalty, ridge.penalties.len = 2, ridge.penalties.stride = 0;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "penalties has 2 entries", lapwing_ridge_fit_f64(x, y, none, &ridge, &model));
    CHECK(model == unset);
}

static void nets_are_checked(void) {
    const lapwing_elastic_net_options valid = {.struct_size = sizeof valid};
    const lapwing_elastic_net_cv_options chosen = {.struct_size = sizeof chosen, .folds = 2};
    const double half = 0.5;
    lapwing_elastic_net_options options;
    lapwing_elastic_net_cv_options cv;
    lapwing_linear_model_f64 *model = unset;
#define NET_REFUSED(estimator, status, text, options)                                                        \
    EXPECT_MESSAGE(status, text, lapwing_##estimator##_fit_f64(x, y, none, options, &model))
    options = valid, options.penalty = 2;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "penalty is 2", &options);
    options = valid, options.penalty = LAPWING_PENALTY_NONE, options.alpha = 1;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "alpha is 1", &options);
    options = valid, options.alpha = -1;
    NET_REFUSED(elastic_net, LAPWING_ERR_ARGUMENT, "alpha is -1", &options);
    options = valid, options.l1_ratio = 0.5;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "l1_ratio is 0.5", &options);
    options.mixture = LAPWING_L1_RATIO_ZERO;
    NET_REFUSED(elastic_net, LAPWING_ERR_ARGUMENT, "l1_ratio is 0.5", &options);
    options = valid, options.l1_ratio = 1.5;
    NET_REFUSED(elastic_net, LAPWING_ERR_ARGUMENT, "l1_ratio is 1.5", &options);
    options = valid, options.sign = 2;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "sign is 2", &options);
    options = valid, options.selection = 2;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "selection is 2", &options);
    options = valid, options.updates = 3;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "updates is 3", &options);
    options = valid, options.tolerance = NAN;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "tolerance is NaN", &options);
    options = valid, options.struct_size = 8;
    NET_REFUSED(lasso, LAPWING_ERR_ARGUMENT, "sizeof(lapwing_elastic_net_options)", &options);
    cv = chosen, cv.folds = 5;
    NET_REFUSED(lasso_cv, LAPWING_ERR_SHAPE, "5", &cv);
    cv = chosen, cv.order = 2;
    NET_REFUSED(lasso_cv, LAPWING_ERR_ARGUMENT, "order is 2", &cv);
    cv = chosen, cv.l1_ratios.data = &half, cv.l1_ratios.len = 1;
    NET_REFUSED(lasso_cv, LAPWING_ERR_ARGUMENT, "l1_ratios is given", &cv);
    cv = chosen, cv.alphas.data = &half, cv.alphas.len = 1, cv.n_alphas = 3;
    NET_REFUSED(elastic_net_cv, LAPWING_ERR_ARGUMENT, "n_alphas is 3", &cv);
    cv.struct_size = 8;
    NET_REFUSED(elastic_net_cv, LAPWING_ERR_ARGUMENT, "sizeof(lapwing_elastic_net_cv_options)", &cv);
    lapwing_mat_f64 two = y;
    two.cols = 2, two.col_stride = 0;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "the one target", lapwing_lasso_cv_fit_f64(x, two, none, &chosen, &model));
    CHECK(model == unset);
}

/* A struct of another version is read as far as both know it. */
static void struct_sizes_are_negotiated(void) {
    struct {
        lapwing_linear_regression_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown}};
    struct {
        lapwing_ridge_options known;
        char later[16];
    } ridge = {.known = {.struct_size = sizeof ridge}};
    static const size_t wrong[] = {0, 1, sizeof(size_t), sizeof grown.known - 1, 4097, SIZE_MAX};
    lapwing_linear_model_f64 *model = NULL;
    EXPECT(LAPWING_OK, lapwing_linear_regression_fit_f64(x, y, none, &grown.known, &model));
    lapwing_linear_model_free_f64(model);
    EXPECT(LAPWING_OK, lapwing_ridge_fit_f64(x, y, none, &ridge.known, &model));
    lapwing_linear_model_free_f64(model);
    grown.later[15] = ridge.later[15] = 1;
    refused(LAPWING_ERR_ARGUMENT, "does not know", x, y, none, &grown.known);
    ridge_refused("does not know", &ridge.known);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        grown.known.struct_size = ridge.known.struct_size = wrong[i];
        refused(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_linear_regression_options)", x, y, none, &grown.known);
        ridge_refused("sizeof(lapwing_ridge_options)", &ridge.known);
    }
}

static void data_is_checked(void) {
    lapwing_mat_f64 view = x;
    view.data = NULL;
    refused(LAPWING_ERR_NULL, "x.data is NULL", view, y, none, NULL);
    view = x, view.rows = 0;
    refused(LAPWING_ERR_SHAPE, "at least 1", view, y, none, NULL);
    view = x, view.cols = 0;
    refused(LAPWING_ERR_SHAPE, "no features", view, y, none, NULL);
    view = x, view.rows = 3;
    refused(LAPWING_ERR_SHAPE, "y has 4 rows", view, y, none, NULL);
    view = y, view.data = NULL;
    refused(LAPWING_ERR_NULL, "y.data is NULL", x, view, none, NULL);
    lapwing_vec_f64 weights = {ones, 3, 1};
    refused(LAPWING_ERR_SHAPE, "weights has 3 entries", x, y, weights, NULL);
    weights.len = 4, ones[2] = -1;
    refused(LAPWING_ERR_ARGUMENT, "-1", x, y, weights, NULL);
    ones[2] = 1;
    const double kept = entries[3];
    entries[3] = NAN;
    refused(LAPWING_ERR_NON_FINITE, "x[1, 1]", x, y, none, NULL);
    entries[3] = kept, targets[2] = INFINITY;
    refused(LAPWING_ERR_NON_FINITE, "y", x, y, none, NULL);
    targets[2] = 17;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_linear_regression_fit_f64(x, y, none, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_ridge_fit_f64(x, y, none, NULL, NULL));

    const int32_t columns[] = {0, 1, 0, 1, 0, 1, 0, 2}, row_starts[] = {0, 2, 4, 6, 8};
    const lapwing_csr_f64 rows = {entries, columns, row_starts, 4, 2};
    const lapwing_linear_regression_options qr = {.struct_size = sizeof qr, .solver = LAPWING_LINEAR_REGRESSION_QR};
    lapwing_linear_model_f64 *model = unset;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "x.columns[7]", lapwing_linear_regression_fit_csr_f64(rows, y, none, NULL, &model));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "x.columns[7]", lapwing_ridge_fit_csr_f64(rows, y, none, NULL, &model));
    lapwing_csr_f64 fewer = rows;
    fewer.rows = 3;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "y has 4 rows", lapwing_ridge_fit_csr_f64(fewer, y, none, NULL, &model));
    lapwing_mat_f64 shorter = y;
    shorter.rows = 3;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "solver is qr",
                   lapwing_linear_regression_fit_csr_f64(fewer, shorter, none, &qr, &model));
    CHECK(model == unset);
}

static void models_are_checked(void) {
    double out[4] = {0}, value = 0;
    lapwing_mat_mut_f64 predictions = {out, 4, 1, 1, 1};
    lapwing_mat_f64 matrix;
    lapwing_vec_f64 vector;
    int64_t count = -7;
    int32_t constant;
    size_t length;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_predict_f64(NULL, x, predictions));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_score_f64(NULL, x, y, none, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_coefficients_f64(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_intercept_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_n_features_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_n_targets_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_estimator_f64(NULL, &constant));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_to_json_f64(NULL, NULL, 0, &length));

    lapwing_linear_model_f64 *model = NULL, *read = unset;
    EXPECT(LAPWING_OK, lapwing_ridge_fit_f64(x, y, none, NULL, &model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_linear_model_coefficients_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_linear_model_n_targets_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_linear_model_score_f64(model, x, y, none, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "length is NULL", lapwing_linear_model_to_json_f64(model, NULL, 0, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a ridge regression, which has no rank",
                   lapwing_linear_model_rank_f64(model, &count));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a ridge regression, which has no dual gap",
                   lapwing_linear_model_dual_gap_f64(model, 0, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "target is 1", lapwing_linear_model_iterations_f64(model, 1, &count));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "target is -1", lapwing_linear_model_alpha_f64(model, -1, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a ridge regression, which has no l1_ratio",
                   lapwing_linear_model_l1_ratio_f64(model, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a ridge regression, which has no singular values",
                   lapwing_linear_model_singular_values_f64(model, &vector));
    CHECK(count == -7 && value == 0);

    lapwing_mat_f64 narrow = x, single = y;
    narrow.cols = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 1 ", lapwing_linear_model_predict_f64(model, narrow, predictions));
    single.cols = 2, single.col_stride = 0;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "y has 2 columns", lapwing_linear_model_score_f64(model, x, single, none, &value));
    predictions.rows = 3;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "predictions has 3 rows", lapwing_linear_model_predict_f64(model, x, predictions));
    predictions.rows = 4, predictions.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "predictions.data is NULL", lapwing_linear_model_predict_f64(model, x, predictions));
    predictions.data = entries;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "predictions overlaps x", lapwing_linear_model_predict_f64(model, x, predictions));
    predictions.data = out;
    const double poisoned[] = {0, NAN};
    const lapwing_mat_f64 row = {poisoned, 4, 2, 0, 1};
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[0, 1]", lapwing_linear_model_predict_f64(model, row, predictions));
    for (int i = 0; i < 4; ++i) CHECK(out[i] == 0);
    lapwing_linear_model_free_f64(model);

    static const char text[] = "{\"format\": \"lapwing.pca\", \"version\": 1}", bare[] = "{}";
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "its format is \"lapwing.pca\"",
                   lapwing_linear_model_from_json_f64(text, sizeof text - 1, &read));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "format", lapwing_linear_model_from_json_f64(bare, sizeof bare - 1, &read));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "text is NULL", lapwing_linear_model_from_json_f64(NULL, 3, &read));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_linear_model_from_json_f64(bare, sizeof bare - 1, NULL));
    CHECK(read == unset);
}

int main(void) {
    linear_models_f64();
    linear_models_f32();
    options_are_checked();
    nets_are_checked();
    struct_sizes_are_negotiated();
    data_is_checked();
    models_are_checked();
    return failures != 0;
}
