/* Ridge regressions that choose their penalty, and regressions on singular vectors, with errors in the features, and with
 * operators, in one precision, beside their closed forms. */

#include "matrix_of.h"

#ifndef LINEAR_ESTIMATORS_REFERENCE
#define LINEAR_ESTIMATORS_REFERENCE
enum { SAMPLES = 4, FEATURES = 2 };

/* Columns that are orthogonal once their means, 5 and 3, are subtracted, with 20 and 4 as sums of squares; targets whose
 * least-squares coefficients are 23/20 and 7/4. */
static const double SAMPLE[SAMPLES][FEATURES] = {{2, 2}, {4, 4}, {6, 4}, {8, 2}}, TARGET[SAMPLES] = {9, 15, 17, 16};
static const double SUMS_OF_SQUARES[FEATURES] = {20, 4}, MEANS[FEATURES] = {5, 3}, LEAST_SQUARES[FEATURES] = {1.15, 1.75};
#endif

/* Coefficients up to 2 of data up to 17, in a few dozen operations that lose no digits. */
#define BOUND (64 * 17 * UNIT_ROUNDOFF)

static NAME(owned) NAME(samples)(int layout) {
    NAME(owned) x = NAME(make)(layout, SAMPLES, FEATURES);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) *NAME(at)(x, i, j) = (REAL)SAMPLE[i][j];
    return x;
}

static NAME(owned) NAME(targets)(int layout) {
    NAME(owned) y = NAME(make)(layout, SAMPLES, 1);
    for (int64_t i = 0; i < SAMPLES; ++i) *NAME(at)(y, i, 0) = (REAL)TARGET[i];
    return y;
}

static const NAME(lapwing_vec) NAME(unweighted) = {NULL, 0, 0};

static REAL NAME(coefficient)(const NAME(lapwing_linear_model) *model, int64_t target, int64_t feature) {
    NAME(lapwing_mat) view;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_coefficients)(model, &view));
    CHECK(target < view.rows && feature < view.cols);
    return view.data[target * view.row_stride + feature * view.col_stride];
}

static void NAME(is)(const NAME(lapwing_linear_model) *model, int32_t expected) {
    int32_t estimator = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_estimator)(model, &estimator));
    CHECK(estimator == expected);
}

/* Reads a model back from its text and frees it: the estimator and the bits of the coefficients are the same. */
static void NAME(is_kept_by_its_text)(NAME(lapwing_linear_model) *model) {
    NAME(lapwing_linear_model) *copy = NULL;
    size_t length = 0;
    int32_t estimator = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_to_json)(model, NULL, 0, &length));
    char *text = malloc(length + 1);
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_to_json)(model, text, length + 1, &length));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_from_json)(text, length, &copy));
    free(text);
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_estimator)(model, &estimator));
    NAME(is)(copy, estimator);
    CHECK(NAME(coefficient)(model, 0, 0) == NAME(coefficient)(copy, 0, 0));
    NAME(lapwing_linear_model_free)(model), NAME(lapwing_linear_model_free)(copy);
}

/* One feature, 1 and 1, through the origin: the fit of a sample is the other's target over 1 + alpha. Targets 1 and 3 have
 * mean squared errors of 3.25 for a penalty of 1 and 3.8125 for 3; targets 1 and -1 have 2.25 and 1.5625. */
static void NAME(penalties_are_chosen)(void) {
    const REAL feature[] = {1, 1}, target[] = {1, 1, 3, -1}, ones[] = {1, 1};
    const NAME(lapwing_mat) x = {feature, 2, 1, 1, 1}, y = {target, 2, 2, 2, 1};
    const NAME(lapwing_vec) weights = {ones, 2, 1};
    const double alphas[] = {1, 3}, least[2][2] = {{-3.25, -2.25}, {-3.8125, -1.5625}};
    lapwing_ridge_cv_options options = {.struct_size = sizeof options, .intercept = LAPWING_INTERCEPT_ZERO,
                                        .alphas = {alphas, 2, 1}};
    for (int kind = 0; kind < 3; ++kind) {
        /* One penalty for both targets, by leaving out a sample or a fold of one; and one for each. */
        const double chosen[2] = {kind == 2 ? 1 : 3, 3}, best = kind == 2 ? -(3.25 + 1.5625) / 2 : -(3.8125 + 1.5625) / 2;
        NAME(lapwing_linear_model) *model = NULL;
        lapwing_mat_f64 tried, scores;
        double value = 0;
        options.cross_validation = kind == 1 ? LAPWING_LEAVE_OUT_FOLDS : LAPWING_LEAVE_OUT_ONE;
        options.folds = kind == 1 ? 2 : 0;
        options.scoring = kind == 1 ? LAPWING_RIDGE_SCORING_MEAN_SQUARED_ERROR : LAPWING_RIDGE_SCORING_AUTO;
        options.choice = kind == 2 ? LAPWING_PENALTY_PER_TARGET : LAPWING_PENALTY_COMMON;
        EXPECT(LAPWING_OK, NAME(lapwing_ridge_cv_fit)(x, y, kind == 2 ? weights : NAME(unweighted), &options, &model));
        if (model == NULL) continue;
        NAME(is)(model, LAPWING_RIDGE_CV);
        for (int t = 0; t < 2; ++t) {
            const double product = t == 0 ? 4 : 0;
            EXPECT(LAPWING_OK, NAME(lapwing_linear_model_alpha)(model, t, &value));
            CHECK(value == chosen[t]);
            CHECK(fabs(NAME(coefficient)(model, t, 0) - product / (2 + chosen[t])) <= BOUND);
        }
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_best_score)(model, &value));
        CHECK(fabs(value - best) <= BOUND);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_cv_alphas)(model, &tried));
        CHECK(tried.rows == 1 && tried.cols == 2 && tried.data[0] == 1 && tried.data[tried.col_stride] == 3);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_scores)(model, &scores));
        CHECK(scores.rows == 2 && scores.cols == 2);
        for (int64_t a = 0; a < 2; ++a)
            for (int64_t t = 0; t < 2; ++t)
                CHECK(fabs(scores.data[a * scores.row_stride + t * scores.col_stride] - least[a][t]) <= BOUND);
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "target is 2", NAME(lapwing_linear_model_alpha)(model, 2, &value));
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a cross-validated ridge regression, which has no lambda",
                       NAME(lapwing_linear_model_lambda)(model, &value));
        NAME(is_kept_by_its_text)(model);
    }
}

/* At the precisions alpha of the noise and lambda of the coefficients, the posterior of orthogonal features is known. */
static void NAME(precisions_are_estimated)(int layout) {
    NAME(owned) x = NAME(samples)(layout), y = NAME(targets)(LAYOUTS - 1 - layout);
    REAL ones[SAMPLES] = {1, 1, 1, 1}, mean[SAMPLES], deviation[2 * SAMPLES];
    const NAME(lapwing_vec) weights = {ones, SAMPLES, 1};
    const NAME(lapwing_vec_mut) predictions = {mean, SAMPLES, 1}, deviations = {deviation, SAMPLES, 2};
    NAME(lapwing_linear_model) *model = NULL;
    lapwing_mat_f64 sigma, scores;
    double alpha = 0, lambda = 0;
    int64_t iterations = 0;
    int32_t converged = -1;
    const lapwing_bayesian_ridge_options short_of = {.struct_size = sizeof short_of, .max_iterations = 1, .alpha_1 = 1e-3,
                                                     .coefficient_prior = LAPWING_PRIOR_FLAT, .alpha_init = 1,
                                                     .lambda_init = 100};
    EXPECT(LAPWING_OK, NAME(lapwing_bayesian_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), weights, &short_of, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_converged)(model, &converged));
    CHECK(converged == 0);
    NAME(lapwing_linear_model_free)(model);

    EXPECT(LAPWING_OK, NAME(lapwing_bayesian_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), NULL, &model));
    NAME(is)(model, LAPWING_BAYESIAN_RIDGE);
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_alpha)(model, 0, &alpha));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_lambda)(model, &lambda));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_sigma)(model, &sigma));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_scores)(model, &scores));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_iterations)(model, 0, &iterations));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_converged)(model, &converged));
    CHECK(alpha > 0 && lambda > 0 && converged == 1 && iterations >= 1);
    CHECK(scores.rows == iterations + 1 && scores.cols == 1 && scores.data[iterations * scores.row_stride] > scores.data[0]);
    CHECK(sigma.rows == FEATURES && sigma.cols == FEATURES && fabs(sigma.data[sigma.col_stride]) <= BOUND);
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_predict_with_deviation)(model, NAME(read_only)(x), predictions, deviations));
    double variances[FEATURES];
    for (int j = 0; j < FEATURES; ++j) {
        variances[j] = 1 / (lambda + alpha * SUMS_OF_SQUARES[j]);
        CHECK(fabs(sigma.data[j * (sigma.row_stride + sigma.col_stride)] - variances[j]) <= BOUND * variances[j]);
        CHECK(fabs(NAME(coefficient)(model, 0, j) - alpha * SUMS_OF_SQUARES[j] * variances[j] * LEAST_SQUARES[j]) <= BOUND);
    }
    for (int64_t i = 0; i < SAMPLES; ++i) {
        double variance = 1 / alpha, expected = 14.25;
        for (int j = 0; j < FEATURES; ++j) {
            const double centred = SAMPLE[i][j] - MEANS[j];
            variance += centred * centred * variances[j];
            expected += centred * alpha * SUMS_OF_SQUARES[j] * variances[j] * LEAST_SQUARES[j];
        }
        CHECK(fabs(mean[i] - expected) <= BOUND);
        CHECK(fabs(deviation[2 * i] - sqrt(variance)) <= BOUND * sqrt(variance));
    }
    NAME(is_kept_by_its_text)(model);
    free(x.memory), free(y.memory);
}

/* Of orthogonal features, the singular vectors are the features: the first alone leaves nothing of the second. */
static void NAME(small_directions_are_left_out)(int layout) {
    NAME(owned) x = NAME(samples)(layout), y = NAME(targets)(LAYOUTS - 1 - layout);
    REAL ones[SAMPLES] = {1, 1, 1, 1};
    const NAME(lapwing_vec) weights = {ones, SAMPLES, 1};
    for (int kind = 0; kind < 3; ++kind) {
        /* The singular values are the roots of 20 and 4: those above half of the largest are one. */
        const lapwing_truncated_svd_regression_options options = {
            .struct_size = sizeof options, .rank = kind == 0 ? 1 : 0, .tolerance = kind == 1 ? 0.5 : 0};
        NAME(lapwing_linear_model) *model = NULL;
        lapwing_vec_f64 singular_values;
        int64_t rank = 0;
        EXPECT(LAPWING_OK, NAME(lapwing_truncated_svd_regression_fit)(NAME(read_only)(x), NAME(read_only)(y),
                                                                     kind == 0 ? weights : NAME(unweighted), &options, &model));
        NAME(is)(model, LAPWING_TRUNCATED_SVD_REGRESSION);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_rank)(model, &rank));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_singular_values)(model, &singular_values));
        CHECK(rank == (kind == 2 ? 2 : 1) && singular_values.len == 2);
        CHECK(fabs(singular_values.data[0] - sqrt(20)) <= BOUND);
        CHECK(fabs(NAME(coefficient)(model, 0, 0) - LEAST_SQUARES[0]) <= BOUND);
        CHECK(fabs(NAME(coefficient)(model, 0, 1) - (kind == 2 ? LEAST_SQUARES[1] : 0)) <= BOUND);
        NAME(is_kept_by_its_text)(model);
    }
    free(x.memory), free(y.memory);
}

/* Points on the line y = x, and two beside it at distances of the root of a half: the line is the one of total least squares,
 * and 1 the norm of what moves them there. */
static void NAME(features_are_corrected)(void) {
    const REAL feature[] = {1, -1, 0.5, -0.5}, target[] = {1, -1, -0.5, 0.5};
    const NAME(lapwing_mat) x = {feature, 4, 1, 1, 1}, y = {target, 4, 1, 1, 1};
    const lapwing_total_least_squares_options origin = {.struct_size = sizeof origin, .intercept = LAPWING_INTERCEPT_ZERO};
    for (int kind = 0; kind < 2; ++kind) {
        NAME(lapwing_linear_model) *model = NULL;
        double norm = 0;
        EXPECT(LAPWING_OK, NAME(lapwing_total_least_squares_fit)(x, y, kind == 0 ? &origin : NULL, &model));
        NAME(is)(model, LAPWING_TOTAL_LEAST_SQUARES);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_correction_norm)(model, &norm));
        CHECK(fabs(NAME(coefficient)(model, 0, 0) - 1) <= BOUND && fabs(norm - 1) <= BOUND);
        NAME(is_kept_by_its_text)(model);
    }
}

/* A penalty on the second feature alone shrinks its coefficient alone: by 4 / (4 + alpha). */
static void NAME(operators_are_penalized)(int layout) {
    NAME(owned) x = NAME(samples)(layout), y = NAME(targets)(LAYOUTS - 1 - layout), second = NAME(make)(layout, 1, FEATURES);
    *NAME(at)(second, 0, 0) = 0, *NAME(at)(second, 0, 1) = 1;
    for (int kind = 0; kind < 3; ++kind) {
        const lapwing_tikhonov_options options = {.struct_size = sizeof options, .alpha = kind == 0 ? 4 : 0,
                                                  .penalty = kind == 1 ? LAPWING_PENALTY_NONE : LAPWING_PENALTY_ALPHA};
        const double factor = kind == 0 ? 0.5 : kind == 1 ? 1 : 0.8;
        NAME(lapwing_linear_model) *model = NULL;
        int64_t iterations = -7;
        EXPECT(LAPWING_OK, NAME(lapwing_tikhonov_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(read_only)(second),
                                                     kind == 2 ? NULL : &options, &model));
        NAME(is)(model, LAPWING_TIKHONOV);
        CHECK(fabs(NAME(coefficient)(model, 0, 0) - LEAST_SQUARES[0]) <= BOUND);
        CHECK(fabs(NAME(coefficient)(model, 0, 1) - factor * LEAST_SQUARES[1]) <= BOUND);
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a Tikhonov regularization, which has no iterations",
                       NAME(lapwing_linear_model_iterations)(model, 0, &iterations));
        CHECK(iterations == -7);
        NAME(is_kept_by_its_text)(model);
    }
    free(x.memory), free(y.memory), free(second.memory);
}

static void NAME(linear_estimators)(void) {
    NAME(penalties_are_chosen)();
    NAME(features_are_corrected)();
    /* Row-major, and with both axes strided. */
    for (int layout = 0; layout < LAYOUTS; layout += LAYOUTS - 1) {
        NAME(precisions_are_estimated)(layout);
        NAME(small_directions_are_left_out)(layout);
        NAME(operators_are_penalized)(layout);
    }
}

#undef BOUND
