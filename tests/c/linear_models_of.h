/* Linear models in one precision: targets that are linear in the features come back, penalties shrink by their closed forms,
 * and models come back from their text. */

#include "matrix_of.h"

#ifndef LINEAR_MODELS_REFERENCE
#define LINEAR_MODELS_REFERENCE
enum { SAMPLES = 4, FEATURES = 2, TARGETS = 2 };

/* Columns that are orthogonal once their means, 5 and 3, are subtracted, with 20 and 4 as sums of squares. */
static const double SAMPLE[SAMPLES][FEATURES] = {{2, 2}, {4, 4}, {6, 4}, {8, 2}};
static const double COEFFICIENTS[TARGETS][FEATURES] = {{1, 2}, {-3, 0.5}};
static const double INTERCEPTS[TARGETS] = {3, -1};
static const double SUMS_OF_SQUARES[FEATURES] = {20, 4}, MEANS[FEATURES] = {5, 3};
#endif

/* Coefficients up to 3 of centred features of condition sqrt(5), and an intercept up to 14: a few dozen operations, none of
 * which loses digits. */
#define BOUND (64 * 14 * UNIT_ROUNDOFF)

static NAME(owned) NAME(samples)(int layout) {
    NAME(owned) x = NAME(make)(layout, SAMPLES, FEATURES);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j) *NAME(at)(x, i, j) = (REAL)SAMPLE[i][j];
    return x;
}

static NAME(owned) NAME(targets)(int layout, int64_t count) {
    NAME(owned) y = NAME(make)(layout, SAMPLES, count);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t t = 0; t < count; ++t)
            *NAME(at)(y, i, t) =
                (REAL)(INTERCEPTS[t] + COEFFICIENTS[t][0] * SAMPLE[i][0] + COEFFICIENTS[t][1] * SAMPLE[i][1]);
    return y;
}

static NAME(lapwing_csr) NAME(compressed)(REAL *values) {
    static const int32_t columns[] = {0, 1, 0, 1, 0, 1, 0, 1}, row_starts[] = {0, 2, 4, 6, 8};
    for (int64_t i = 0; i < SAMPLES * FEATURES; ++i) values[i] = (REAL)SAMPLE[i / FEATURES][i % FEATURES];
    const NAME(lapwing_csr) x = {values, columns, row_starts, SAMPLES, FEATURES};
    return x;
}

static const NAME(lapwing_vec) NAME(unweighted) = {NULL, 0, 0};

/* Coefficients that the penalties shrink, feature by feature, by the factors given, through the point of the means. */
static void NAME(is_shrunk)(const NAME(lapwing_linear_model) *model, int64_t targets, const double *factors,
                            double bound) {
    NAME(lapwing_mat) coefficients;
    NAME(lapwing_vec) intercept;
    int64_t features = 0, count = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_coefficients)(model, &coefficients));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_intercept)(model, &intercept));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_n_features)(model, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_n_targets)(model, &count));
    CHECK(features == FEATURES && count == targets && intercept.len == targets);
    CHECK(coefficients.rows == targets && coefficients.cols == FEATURES);
    for (int64_t t = 0; t < targets; ++t) {
        double level = INTERCEPTS[t];
        for (int64_t j = 0; j < FEATURES; ++j) {
            const double expected = COEFFICIENTS[t][j] * factors[t * FEATURES + j];
            level += (COEFFICIENTS[t][j] - expected) * MEANS[j];
            const REAL found = coefficients.data[t * coefficients.row_stride + j * coefficients.col_stride];
            CHECK(fabs(found - expected) <= bound);
        }
        CHECK(fabs(intercept.data[t * intercept.stride] - level) <= bound);
    }
}

static const double NAME(WHOLE)[TARGETS][FEATURES] = {{1, 1}, {1, 1}};

static void NAME(least_squares)(int layout) {
    NAME(owned) x = NAME(samples)(layout), y = NAME(targets)(LAYOUTS - 1 - layout, TARGETS);
    NAME(owned) predictions = NAME(make)(layout, SAMPLES, TARGETS);
    REAL values[SAMPLES * FEATURES], doubled[SAMPLES] = {1, 2, 1, 2};
    const NAME(lapwing_vec) weights = {doubled, SAMPLES, 1};
    const NAME(lapwing_csr) rows = NAME(compressed)(values);
    static const int32_t ran[] = {LAPWING_LINEAR_REGRESSION_QR, LAPWING_LINEAR_REGRESSION_CHOLESKY,
                                  LAPWING_LINEAR_REGRESSION_QR, LAPWING_LINEAR_REGRESSION_SVD,
                                  LAPWING_LINEAR_REGRESSION_REFINED, LAPWING_LINEAR_REGRESSION_LSQR};
    for (int32_t solver = 0; solver < 6; ++solver) {
        lapwing_linear_regression_options options = {.struct_size = sizeof options, .solver = solver};
        NAME(lapwing_linear_model) *model = NULL;
        int32_t estimator = -1, used = -1;
        int64_t rank = 0;
        double score = 0;
        EXPECT(LAPWING_OK, NAME(lapwing_linear_regression_fit)(NAME(read_only)(x), NAME(read_only)(y),
                                                              solver % 2 ? weights : NAME(unweighted), &options, &model));
        /* LSQR stops at 100 roundoffs. */
        const double bound = solver == LAPWING_LINEAR_REGRESSION_LSQR ? 20 * BOUND : BOUND;
        NAME(is_shrunk)(model, TARGETS, NAME(WHOLE)[0], bound);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_estimator)(model, &estimator));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_solver)(model, &used));
        CHECK(estimator == LAPWING_LINEAR_REGRESSION && used == ran[solver]);
        if (solver != LAPWING_LINEAR_REGRESSION_LSQR) {
            EXPECT(LAPWING_OK, NAME(lapwing_linear_model_rank)(model, &rank));
            CHECK(rank == FEATURES);
        } else {
            EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a linear regression, which has no rank",
                           NAME(lapwing_linear_model_rank)(model, &rank));
        }
        if (solver == LAPWING_LINEAR_REGRESSION_SVD) {
            lapwing_vec_f64 singular_values;
            EXPECT(LAPWING_OK, NAME(lapwing_linear_model_singular_values)(model, &singular_values));
            CHECK(singular_values.len == FEATURES && singular_values.data[0] >= singular_values.data[1]);
        }
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_predict)(model, NAME(read_only)(x), predictions.view));
        for (int64_t i = 0; i < SAMPLES; ++i)
            for (int64_t t = 0; t < TARGETS; ++t)
                CHECK(fabs(*NAME(at)(predictions, i, t) - *NAME(at)(y, i, t)) <= 20 * bound);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_predict_csr)(model, rows, predictions.view));
        for (int64_t i = 0; i < SAMPLES; ++i)
            for (int64_t t = 0; t < TARGETS; ++t)
                CHECK(fabs(*NAME(at)(predictions, i, t) - *NAME(at)(y, i, t)) <= 20 * bound);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_score)(model, NAME(read_only)(x), NAME(read_only)(y), weights, &score));
        CHECK(fabs(score - 1) <= bound);
        NAME(lapwing_linear_model_free)(model);
    }
    NAME(lapwing_linear_model) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_regression_fit_csr)(rows, NAME(read_only)(y), weights, NULL, &model));
    NAME(is_shrunk)(model, TARGETS, NAME(WHOLE)[0], 20 * BOUND);
    NAME(lapwing_linear_model_free)(model);
    free(x.memory), free(y.memory), free(predictions.memory);
}

/* Of orthogonal features, a penalty alpha shrinks each coefficient by s / (s + alpha), with s the feature's sum of squares. */
static void NAME(ridge)(int layout) {
    NAME(owned) x = NAME(samples)(layout), y = NAME(targets)(LAYOUTS - 1 - layout, TARGETS);
    REAL values[SAMPLES * FEATURES], ones[SAMPLES] = {1, 1, 1, 1};
    const NAME(lapwing_vec) weights = {ones, SAMPLES, 1};
    const NAME(lapwing_csr) rows = NAME(compressed)(values);
    const double own[TARGETS] = {0, 4};
    double factors[TARGETS][FEATURES];
    NAME(lapwing_linear_model) *model;
    for (int32_t solver = 0; solver < 5; ++solver) {
        lapwing_ridge_options options = {.struct_size = sizeof options, .solver = solver, .alpha = 2, .tolerance = 1e-12};
        for (int t = 0; t < TARGETS; ++t)
            for (int j = 0; j < FEATURES; ++j) factors[t][j] = SUMS_OF_SQUARES[j] / (SUMS_OF_SQUARES[j] + 2);
        int32_t used = -1;
        int64_t iterations = 0;
        /* No more can be asked for than the precision has. */
        options.tolerance = 10 * UNIT_ROUNDOFF;
        EXPECT(LAPWING_OK, NAME(lapwing_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), weights, &options, &model));
        NAME(is_shrunk)(model, TARGETS, factors[0], 20 * BOUND);
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_solver)(model, &used));
        CHECK(used == (solver == LAPWING_RIDGE_AUTO ? LAPWING_RIDGE_CHOLESKY : solver));
        if (solver >= LAPWING_RIDGE_LSQR) {
            EXPECT(LAPWING_OK, NAME(lapwing_linear_model_iterations)(model, TARGETS - 1, &iterations));
            CHECK(iterations >= 1 && iterations <= 20);
        } else {
            EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "a ridge regression, which has no iterations",
                           NAME(lapwing_linear_model_iterations)(model, 0, &iterations));
        }
        NAME(lapwing_linear_model_free)(model);
        if (solver == LAPWING_RIDGE_CHOLESKY || solver == LAPWING_RIDGE_SVD) continue;
        EXPECT(LAPWING_OK, NAME(lapwing_ridge_fit_csr)(rows, NAME(read_only)(y), NAME(unweighted), &options, &model));
        NAME(is_shrunk)(model, TARGETS, factors[0], 20 * BOUND);
        NAME(lapwing_linear_model_free)(model);
    }
    lapwing_ridge_options options = {.struct_size = sizeof options, .penalties = {own, TARGETS, 1}};
    for (int j = 0; j < FEATURES; ++j) factors[0][j] = 1, factors[1][j] = SUMS_OF_SQUARES[j] / (SUMS_OF_SQUARES[j] + 4);
    EXPECT(LAPWING_OK, NAME(lapwing_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), &options, &model));
    NAME(is_shrunk)(model, TARGETS, factors[0], BOUND);
    NAME(lapwing_linear_model_free)(model);
    options.penalties.data = NULL, options.penalty = LAPWING_PENALTY_NONE;
    EXPECT(LAPWING_OK, NAME(lapwing_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), &options, &model));
    NAME(is_shrunk)(model, TARGETS, NAME(WHOLE)[0], BOUND);
    NAME(lapwing_linear_model_free)(model);
    /* The default is a penalty of 1. */
    for (int t = 0; t < TARGETS; ++t)
        for (int j = 0; j < FEATURES; ++j) factors[t][j] = SUMS_OF_SQUARES[j] / (SUMS_OF_SQUARES[j] + 1);
    EXPECT(LAPWING_OK, NAME(lapwing_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), NULL, &model));
    NAME(is_shrunk)(model, TARGETS, factors[0], BOUND);
    NAME(lapwing_linear_model_free)(model);
    free(x.memory), free(y.memory);
}

/* The model that the text of another one describes, of which a text that is cut is none. */
static NAME(lapwing_linear_model) *NAME(read_back)(const NAME(lapwing_linear_model) *model) {
    NAME(lapwing_linear_model) *copy = NULL;
    size_t length = 0, again = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_to_json)(model, NULL, 0, &length));
    char *text = malloc(length + 1);
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_to_json)(model, text, length + 1, &again));
    CHECK(again == length && strlen(text) == length);
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "not a model", NAME(lapwing_linear_model_from_json)(text, length - 1, &copy));
    CHECK(copy == NULL);
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_from_json)(text, length, &copy));
    free(text);
    return copy;
}

/* Reads a model back and frees it: the estimator and the bits of its predictions are the same. */
static void NAME(is_kept_by_its_text)(NAME(lapwing_linear_model) *model, NAME(owned) x, int64_t targets) {
    NAME(lapwing_linear_model) *copy = NAME(read_back)(model);
    NAME(owned) before = NAME(make)(0, SAMPLES, targets), after = NAME(make)(0, SAMPLES, targets);
    int32_t estimator = -1, same = -2;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_predict)(model, NAME(read_only)(x), before.view));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_predict)(copy, NAME(read_only)(x), after.view));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_estimator)(model, &estimator));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_estimator)(copy, &same));
    CHECK(estimator == same);
    CHECK(memcmp(before.memory, after.memory, before.count * sizeof(REAL)) == 0);
    NAME(lapwing_linear_model_free)(model), NAME(lapwing_linear_model_free)(copy);
    free(before.memory), free(after.memory);
}

/* Of orthogonal features, the lasso draws s * w towards zero by n * alpha, and the rest of an elastic net's penalty adds
 * n * alpha * (1 - l1_ratio) to s. */
static void NAME(elastic_nets)(int layout) {
    NAME(owned) x = NAME(samples)(layout), y = NAME(targets)(LAYOUTS - 1 - layout, TARGETS);
    REAL values[SAMPLES * FEATURES], ones[SAMPLES] = {1, 1, 1, 1};
    const NAME(lapwing_vec) weights = {ones, SAMPLES, 1};
    const NAME(lapwing_csr) rows = NAME(compressed)(values);
    for (int kind = 0; kind < 4; ++kind) {
        const int lasso = kind < 2, sparse = kind % 2;
        const double alpha = 0.75, ratio = lasso ? 1 : 0.25;
        lapwing_elastic_net_options options = {.struct_size = sizeof options, .alpha = alpha,
                                               .l1_ratio = lasso ? 0 : ratio, .tolerance = 8 * UNIT_ROUNDOFF};
        double factors[TARGETS][FEATURES], chosen = 0, share = 0, gap = -1;
        for (int t = 0; t < TARGETS; ++t) {
            for (int j = 0; j < FEATURES; ++j) {
                const double product = SUMS_OF_SQUARES[j] * fabs(COEFFICIENTS[t][j]), threshold = SAMPLES * alpha * ratio;
                const double left = product > threshold ? product - threshold : 0;
                factors[t][j] = left / (SUMS_OF_SQUARES[j] + SAMPLES * alpha * (1 - ratio)) / fabs(COEFFICIENTS[t][j]);
            }
        }
        NAME(lapwing_linear_model) *model = NULL;
        int64_t iterations = -1;
        EXPECT(LAPWING_OK, lasso ? sparse ? NAME(lapwing_lasso_fit_csr)(rows, NAME(read_only)(y), weights, &options, &model)
                                          : NAME(lapwing_lasso_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), &options, &model)
                           : sparse ? NAME(lapwing_elastic_net_fit_csr)(rows, NAME(read_only)(y), NAME(unweighted), &options, &model)
                                    : NAME(lapwing_elastic_net_fit)(NAME(read_only)(x), NAME(read_only)(y), weights, &options, &model));
        if (model == NULL) continue;
        /* A gap of g above the minimum is a coefficient off by the root of 2 n g / s: the tolerance, times the variance of
         * y, which is at most 50. */
        NAME(is_shrunk)(model, TARGETS, factors[0], BOUND + 5 * sqrt(2 * SAMPLES * 50 * options.tolerance / 4));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_alpha)(model, TARGETS - 1, &chosen));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_l1_ratio)(model, &share));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_dual_gap)(model, 0, &gap));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_iterations)(model, 0, &iterations));
        CHECK(chosen == alpha && share == ratio && fabs(gap) <= 50 * options.tolerance && iterations >= 0);
        NAME(is_kept_by_its_text)(model, x, TARGETS);
    }
    free(x.memory), free(y.memory);
}

/* A penalty of a thousandth beside one of a hundred that makes all coefficients zero: the data has no noise. */
static void NAME(cross_validation)(void) {
    NAME(owned) x = NAME(samples)(1), y = NAME(targets)(3, 1);
    REAL values[SAMPLES * FEATURES];
    const NAME(lapwing_csr) rows = NAME(compressed)(values);
    const double alphas[] = {0.001, 100}, ratios[] = {0.5, 1};
    lapwing_elastic_net_cv_options options = {.struct_size = sizeof options, .folds = SAMPLES, .alphas = {alphas, 2, 1}};
    for (int kind = 0; kind < 4; ++kind) {
        const int lasso = kind < 2, sparse = kind % 2;
        NAME(lapwing_linear_model) *model = NULL;
        lapwing_vec_f64 tried;
        lapwing_mat_f64 penalties, errors;
        int64_t unconverged = -1;
        double alpha = 0;
        if (!lasso) options.l1_ratios.data = ratios, options.l1_ratios.len = 2, options.l1_ratios.stride = 1;
        EXPECT(LAPWING_OK, lasso ? sparse ? NAME(lapwing_lasso_cv_fit_csr)(rows, NAME(read_only)(y), NAME(unweighted), &options, &model)
                                          : NAME(lapwing_lasso_cv_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), &options, &model)
                           : sparse ? NAME(lapwing_elastic_net_cv_fit_csr)(rows, NAME(read_only)(y), NAME(unweighted), &options, &model)
                                    : NAME(lapwing_elastic_net_cv_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), &options, &model));
        if (model == NULL) continue;
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_cv_l1_ratios)(model, &tried));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_cv_alphas)(model, &penalties));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_cv_errors)(model, tried.len - 1, &errors));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_cv_unconverged)(model, &unconverged));
        EXPECT(LAPWING_OK, NAME(lapwing_linear_model_alpha)(model, 0, &alpha));
        CHECK(tried.len == (lasso ? 1 : 2) && tried.data[(tried.len - 1) * tried.stride] == 1);
        CHECK(penalties.rows == tried.len && penalties.cols == 2 && penalties.data[0] == 100);
        CHECK(errors.rows == 2 && errors.cols == SAMPLES && unconverged == 0 && alpha == 0.001);
        CHECK(errors.data[0] > errors.data[errors.row_stride]);
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "ratio is", NAME(lapwing_linear_model_cv_errors)(model, tried.len, &errors));
        NAME(is_kept_by_its_text)(model, x, 1);
    }
    free(x.memory), free(y.memory);
}

/* Without an intercept, the fit is through the origin: one feature, 1 and 2, and targets 2 and 3, give (2 + 6) / 5. */
static void NAME(through_the_origin)(void) {
    const REAL feature[] = {1, 2}, target[] = {2, 3};
    const NAME(lapwing_mat) x = {feature, 2, 1, 1, 1}, y = {target, 2, 1, 1, 1};
    const lapwing_linear_regression_options options = {.struct_size = sizeof options, .intercept = LAPWING_INTERCEPT_ZERO};
    NAME(lapwing_linear_model) *model = NULL;
    NAME(lapwing_mat) coefficients;
    NAME(lapwing_vec) intercept;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_regression_fit)(x, y, NAME(unweighted), &options, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_coefficients)(model, &coefficients));
    EXPECT(LAPWING_OK, NAME(lapwing_linear_model_intercept)(model, &intercept));
    CHECK(fabs(coefficients.data[0] - 1.6) <= BOUND && intercept.data[0] == 0);
    NAME(lapwing_linear_model_free)(model);
}

static void NAME(texts)(void) {
    NAME(owned) x = NAME(samples)(0), y = NAME(targets)(0, TARGETS);
    NAME(lapwing_linear_model) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_linear_regression_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), NULL, &model));
    NAME(is_kept_by_its_text)(model, x, TARGETS);
    EXPECT(LAPWING_OK, NAME(lapwing_ridge_fit)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), NULL, &model));
    NAME(is_kept_by_its_text)(model, x, TARGETS);
    free(x.memory), free(y.memory);
}

static void NAME(linear_models)(void) {
    /* Half of the layouts for x, and the other half for y. */
    for (int layout = 0; layout < LAYOUTS; layout += 2) NAME(least_squares)(layout), NAME(ridge)(layout);
    /* Row-major, and with both axes strided. */
    NAME(elastic_nets)(0), NAME(elastic_nets)(LAYOUTS - 1);
    NAME(through_the_origin)();
    NAME(cross_validation)();
    NAME(texts)();
    NAME(lapwing_linear_model_free)(NULL);
}

#undef BOUND
