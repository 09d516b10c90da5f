/* Linear models that choose their penalty, leave out directions, correct features or penalize operators: results in both
 * precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "linear_estimators_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "linear_estimators_of.h"

static double entries[] = {2, 2, 4, 4, 6, 4, 8, 2}, targets[] = {9, 15, 17, 16}, ones[] = {1, 1, 1, 1};
static const lapwing_mat_f64 x = {entries, 4, 2, 2, 1}, y = {targets, 4, 1, 1, 1};
static const lapwing_vec_f64 none = {NULL, 0, 0};
/* Never dereferenced: stands for "not written". */
static lapwing_linear_model_f64 *const unset = (lapwing_linear_model_f64 *)(void *)entries;

/* A fit that fails leaves its output alone. */
#define REFUSED(status, text, call)                                                                          \
    do {                                                                                                     \
        lapwing_linear_model_f64 *out = unset;                                                               \
        EXPECT_MESSAGE(status, text, call);                                                                  \
        CHECK(out == unset);                                                                                 \
    } while (0)
#define RIDGE_CV(status, text) REFUSED(status, text, lapwing_ridge_cv_fit_f64(x, y, none, &cv, &out))
#define BAYESIAN(text) REFUSED(LAPWING_ERR_ARGUMENT, text, lapwing_bayesian_ridge_fit_f64(x, y, none, &bayesian, &out))
#define TRUNCATED(status, text)                                                                              \
    REFUSED(status, text, lapwing_truncated_svd_regression_fit_f64(x, y, none, &truncated, &out))
#define TOTAL(text) REFUSED(LAPWING_ERR_ARGUMENT, text, lapwing_total_least_squares_fit_f64(x, y, &total, &out))
#define TIKHONOV(text) REFUSED(LAPWING_ERR_ARGUMENT, text, lapwing_tikhonov_fit_f64(x, y, x, &tikhonov, &out))

static void penalties_are_checked(void) {
    const double negative = -1;
    const lapwing_ridge_cv_options valid = {.struct_size = sizeof valid};
    lapwing_ridge_cv_options cv;
    cv = valid, cv.struct_size = 8;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_ridge_cv_options)");
    cv = valid, cv.intercept = 2;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "intercept is 2");
    cv = valid, cv.cross_validation = 2;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "cross_validation is 2");
    cv = valid, cv.scoring = -1;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "scoring is -1");
    cv = valid, cv.choice = 2;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "choice is 2");
    cv = valid, cv.reserved = 1;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "reserved is 1");
    cv = valid, cv.folds = 2;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "folds is 2, but must be 0 with LAPWING_LEAVE_OUT_ONE");
    cv = valid, cv.order = LAPWING_FOLDS_SHUFFLED;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "order is 1, but must be 0");
    cv = valid, cv.cross_validation = LAPWING_LEAVE_OUT_FOLDS;
    RIDGE_CV(LAPWING_ERR_SHAPE, "5");
    cv.folds = 2, cv.order = 2;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "order is 2");
    cv.order = LAPWING_FOLDS_SHUFFLED, cv.choice = LAPWING_PENALTY_PER_TARGET;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "target");
    cv = valid, cv.alphas.data = &negative, cv.alphas.len = 1;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "-1");
    cv.alphas.len = 0;
    RIDGE_CV(LAPWING_ERR_ARGUMENT, "alphas");
    lapwing_mat_f64 one = x, of_one = y;
    one.rows = of_one.rows = 1;
    REFUSED(LAPWING_ERR_SHAPE, "at least 2", lapwing_ridge_cv_fit_f64(one, of_one, none, NULL, &out));
}

static void estimators_are_checked(void) {
    const lapwing_bayesian_ridge_options prior = {.struct_size = sizeof prior};
    lapwing_bayesian_ridge_options bayesian;
    bayesian = prior, bayesian.struct_size = 8;
    BAYESIAN("sizeof(lapwing_bayesian_ridge_options)");
    bayesian = prior, bayesian.noise_prior = 2;
    BAYESIAN("noise_prior is 2");
    bayesian = prior, bayesian.coefficient_prior = -1;
    BAYESIAN("coefficient_prior is -1");
    bayesian = prior, bayesian.noise_prior = LAPWING_PRIOR_FLAT, bayesian.alpha_2 = 1;
    BAYESIAN("alpha_2 is 1, but must be 0 with LAPWING_PRIOR_FLAT");
    bayesian = prior, bayesian.reserved = 1;
    BAYESIAN("reserved is 1");
    bayesian = prior, bayesian.max_iterations = -1;
    BAYESIAN("max_iterations is -1");
    bayesian = prior, bayesian.lambda_1 = -1;
    BAYESIAN("lambda_1 is -1");
    bayesian = prior, bayesian.alpha_init = NAN;
    BAYESIAN("alpha_init is NaN");
    bayesian = prior, bayesian.lambda_init = -1;
    BAYESIAN("lambda_init is -1");
    lapwing_mat_f64 two = y;
    two.cols = 2, two.col_stride = 0;
    REFUSED(LAPWING_ERR_SHAPE, "the one target", lapwing_bayesian_ridge_fit_f64(x, two, none, NULL, &out));

    const lapwing_truncated_svd_regression_options all = {.struct_size = sizeof all};
    lapwing_truncated_svd_regression_options truncated;
    truncated = all, truncated.struct_size = 8;
    TRUNCATED(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_truncated_svd_regression_options)");
    truncated = all, truncated.rank = 3;
    TRUNCATED(LAPWING_ERR_ARGUMENT, "rank is 3");
    truncated = all, truncated.rank = -1;
    TRUNCATED(LAPWING_ERR_ARGUMENT, "rank is -1");
    truncated = all, truncated.rank = 1, truncated.tolerance = 0.5;
    TRUNCATED(LAPWING_ERR_ARGUMENT, "tolerance is 0.5, but must be 0 where a rank");
    truncated = all, truncated.tolerance = 1;
    TRUNCATED(LAPWING_ERR_ARGUMENT, "tolerance is 1");
    truncated = all, truncated.reserved = 1;
    TRUNCATED(LAPWING_ERR_ARGUMENT, "reserved is 1");
    lapwing_mat_f64 repeated = x;
    repeated.col_stride = 0, truncated = all, truncated.rank = 2;
    REFUSED(LAPWING_ERR_RANK_DEFICIENT, "rank", lapwing_truncated_svd_regression_fit_f64(repeated, y, none, &truncated, &out));

    lapwing_total_least_squares_options total = {.struct_size = sizeof total, .intercept = 2};
    TOTAL("intercept is 2");
    total.intercept = 0, total.reserved = 1;
    TOTAL("reserved is 1");
    total.struct_size = 4;
    TOTAL("sizeof(lapwing_total_least_squares_options)");
    REFUSED(LAPWING_ERR_DOES_NOT_EXIST, "unique", lapwing_total_least_squares_fit_f64(repeated, y, NULL, &out));

    const lapwing_tikhonov_options one = {.struct_size = sizeof one};
    lapwing_tikhonov_options tikhonov;
    tikhonov = one, tikhonov.struct_size = 8;
    TIKHONOV("sizeof(lapwing_tikhonov_options)");
    tikhonov = one, tikhonov.alpha = -1;
    TIKHONOV("alpha is -1");
    tikhonov = one, tikhonov.penalty = LAPWING_PENALTY_NONE, tikhonov.alpha = 1;
    TIKHONOV("alpha is 1");
    tikhonov = one, tikhonov.penalty = 2;
    TIKHONOV("penalty is 2");
    lapwing_mat_f64 narrow = x;
    narrow.cols = 1;
    REFUSED(LAPWING_ERR_SHAPE, "operator has 1 columns", lapwing_tikhonov_fit_f64(x, y, narrow, NULL, &out));
    narrow.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "penalty_operator.data is NULL", lapwing_tikhonov_fit_f64(x, y, narrow, NULL, &out));
    tikhonov = one;
    const double nothing[] = {0, 0};
    const lapwing_mat_f64 blind = {nothing, 1, 2, 2, 1};
    REFUSED(LAPWING_ERR_RANK_DEFICIENT, "operator", lapwing_tikhonov_fit_f64(repeated, y, blind, &tikhonov, &out));
}

static void data_is_checked(void) {
    const double diagonal[] = {1, 0, 0, 1};
    const lapwing_mat_f64 identity = {diagonal, 2, 2, 2, 1};
    const lapwing_vec_f64 weights = {ones, 3, 1};
    lapwing_mat_f64 view = x;
    view.data = NULL;
#define EACH(status, text, features, values)                                                                            \
    do {                                                                                                                \
        REFUSED(status, text, lapwing_ridge_cv_fit_f64(features, values, none, NULL, &out));                            \
        REFUSED(status, text, lapwing_bayesian_ridge_fit_f64(features, values, none, NULL, &out));                      \
        REFUSED(status, text, lapwing_truncated_svd_regression_fit_f64(features, values, none, NULL, &out));            \
        REFUSED(status, text, lapwing_total_least_squares_fit_f64(features, values, NULL, &out));                       \
        REFUSED(status, text, lapwing_tikhonov_fit_f64(features, values, identity, NULL, &out));                               \
    } while (0)
    EACH(LAPWING_ERR_NULL, "x.data is NULL", view, y);
    view = x, view.rows = 3;
    EACH(LAPWING_ERR_SHAPE, "y has 4", view, y);
    entries[3] = NAN;
    EACH(LAPWING_ERR_NON_FINITE, "x[1, 1]", x, y);
    entries[3] = 4, targets[2] = INFINITY;
    EACH(LAPWING_ERR_NON_FINITE, "y", x, y);
    targets[2] = 17;
    REFUSED(LAPWING_ERR_SHAPE, "weights has 3", lapwing_ridge_cv_fit_f64(x, y, weights, NULL, &out));
    REFUSED(LAPWING_ERR_SHAPE, "weights has 3", lapwing_bayesian_ridge_fit_f64(x, y, weights, NULL, &out));
    REFUSED(LAPWING_ERR_SHAPE, "weights has 3", lapwing_truncated_svd_regression_fit_f64(x, y, weights, NULL, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_ridge_cv_fit_f64(x, y, none, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_bayesian_ridge_fit_f64(x, y, none, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_truncated_svd_regression_fit_f64(x, y, none, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_total_least_squares_fit_f64(x, y, NULL, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_tikhonov_fit_f64(x, y, x, NULL, NULL));
}

static void questions_are_checked(void) {
    double out[8] = {0}, value = -7;
    int32_t flag = -7;
    lapwing_mat_f64 view = {NULL, 0, 0, 0, 0};
    lapwing_vec_mut_f64 mean = {out, 4, 1}, deviation = {out + 4, 4, 1};
    lapwing_linear_model_f64 *model = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_best_score_f64(NULL, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_scores_f64(NULL, &view));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_linear_model_predict_with_deviation_f64(NULL, x, mean, deviation));
    EXPECT(LAPWING_OK, lapwing_ridge_fit_f64(x, y, none, NULL, &model));
#define HAS_NO(what, call) EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a ridge regression, which has no " what, call)
    HAS_NO("best score", lapwing_linear_model_best_score_f64(model, &value));
    HAS_NO("scores", lapwing_linear_model_scores_f64(model, &view));
    HAS_NO("lambda", lapwing_linear_model_lambda_f64(model, &value));
    HAS_NO("sigma", lapwing_linear_model_sigma_f64(model, &view));
    HAS_NO("state of convergence", lapwing_linear_model_converged_f64(model, &flag));
    HAS_NO("correction", lapwing_linear_model_correction_norm_f64(model, &value));
    HAS_NO("deviation", lapwing_linear_model_predict_with_deviation_f64(model, x, mean, deviation));
    CHECK(value == -7 && flag == -7 && view.data == NULL);
    lapwing_linear_model_free_f64(model);

    EXPECT(LAPWING_OK, lapwing_bayesian_ridge_fit_f64(x, y, none, NULL, &model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_linear_model_lambda_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_linear_model_sigma_f64(model, NULL));
    deviation.len = 3;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "deviations has 3", lapwing_linear_model_predict_with_deviation_f64(model, x, mean, deviation));
    deviation.len = 4, deviation.data = out + 3;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "deviations", lapwing_linear_model_predict_with_deviation_f64(model, x, mean, deviation));
    deviation.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "deviations.data", lapwing_linear_model_predict_with_deviation_f64(model, x, mean, deviation));
    deviation.data = out + 4, entries[3] = NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[1, 1]", lapwing_linear_model_predict_with_deviation_f64(model, x, mean, deviation));
    entries[3] = 4;
    for (int i = 0; i < 8; ++i) CHECK(out[i] == 0);
    lapwing_linear_model_free_f64(model);
}

int main(void) {
    linear_estimators_f64();
    linear_estimators_f32();
    penalties_are_checked();
    estimators_are_checked();
    data_is_checked();
    questions_are_checked();
    return failures != 0;
}
