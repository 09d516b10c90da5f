/* Summaries of least squares in one precision, beside their closed forms for one feature: 1 to 5, with the targets 11, 19, 32,
 * 38 and 51, of which the line 0.5 + 9.9 x leaves the residuals below. */

#include "matrix_of.h"

#ifndef OLS_SUMMARY_REFERENCE
#define OLS_SUMMARY_REFERENCE
enum { SAMPLES = 5 };
static const double TARGET[SAMPLES] = {11, 19, 32, 38, 51}, RESIDUALS[SAMPLES] = {0.6, -1.3, 1.8, -2.1, 1};
static const double LEVERAGES[SAMPLES] = {0.6, 0.3, 0.2, 0.3, 0.6};
static const double LINE[2] = {0.5, 9.9}, LEFT = 10.7, WHOLE = 990.8, PI = 3.14159265358979323846;
/* Student's quantile of 0.975 for 3 degrees of freedom. */
static const double STANDARD_ERRORS = 3.182446305284263;

/* How probable a t as far from zero is, of Student's distribution with 3 degrees of freedom. */
static double two_sided(double t) {
    const double u = fabs(t) / sqrt(3);
    return 1 - 2 / PI * (u / (1 + u * u) + atan(u));
}

static int is_near(double found, double expected) { return fabs(found - expected) <= 1e-11 * (1 + fabs(expected)); }

/* Places for all tables of 2 coefficients, with every other entry left alone. */
typedef struct {
    double values[12][2 * SAMPLES];
    int32_t collinear[3];
    lapwing_ols_tables tables;
} places;

static void prepare(places *all, int64_t coefficients, int64_t features) {
    for (int i = 0; i < 12; ++i)
        for (int j = 0; j < 2 * SAMPLES; ++j) all->values[i][j] = -7;
    for (int i = 0; i < 3; ++i) all->collinear[i] = -7;
    lapwing_vec_mut_f64 views[12];
    for (int i = 0; i < 12; ++i) {
        const lapwing_vec_mut_f64 view = {all->values[i], i < 6 ? coefficients : i == 6 ? features : SAMPLES, 2};
        views[i] = view;
    }
    const lapwing_ols_tables tables = {sizeof tables, views[0], views[1], views[2], views[3], views[4], views[5], views[6],
                                       views[7], views[8], views[9], views[10], views[11], all->collinear};
    all->tables = tables;
}
#endif

static const NAME(lapwing_vec) NAME(unweighted) = {NULL, 0, 0};

static void NAME(line)(int layout, int weighted) {
    NAME(owned) x = NAME(make)(layout, SAMPLES, 1), y = NAME(make)(LAYOUTS - 1 - layout, SAMPLES, 1);
    REAL ones[SAMPLES];
    for (int i = 0; i < SAMPLES; ++i) {
        *NAME(at)(x, i, 0) = (REAL)(i + 1), *NAME(at)(y, i, 0) = (REAL)TARGET[i];
        ones[i] = 1;
    }
    const NAME(lapwing_vec) weights = {ones, SAMPLES, 1};
    lapwing_ols_statistics found = {.struct_size = sizeof found};
    places all;
    prepare(&all, 2, 1);
    EXPECT(LAPWING_OK, NAME(lapwing_ols_summarize)(NAME(read_only)(x), NAME(read_only)(y),
                                                  weighted ? weights : NAME(unweighted), NULL, &found, &all.tables));
    const double variance = LEFT / 3, explained = WHOLE - LEFT, errors[2] = {sqrt(1.1 * variance), sqrt(variance / 10)};
    CHECK(found.struct_size == sizeof found && found.n_samples == SAMPLES && found.rank == 2);
    CHECK(found.model_degrees_of_freedom == 1 && found.residual_degrees_of_freedom == 3 && found.dependencies == 0);
    CHECK(is_near(found.residual_sum_of_squares, LEFT));
    CHECK(is_near(found.residual_standard_deviation, sqrt(variance)));
    CHECK(is_near(found.r_squared, explained / WHOLE));
    CHECK(is_near(found.adjusted_r_squared, 1 - variance / (WHOLE / 4)));
    CHECK(is_near(found.f_statistic, explained / variance));
    CHECK(is_near(found.f_p_value, two_sided(sqrt(explained / variance))));
    const double likelihood = -2.5 * (log(2 * PI * LEFT / SAMPLES) + 1);
    CHECK(is_near(found.log_likelihood, likelihood));
    CHECK(is_near(found.aic, 4 - 2 * likelihood) && is_near(found.bic, 2 * log(5) - 2 * likelihood));
    /* The squares of the columns, 5 and 55, and their product, 15; then 1 and 1, and the cosine. */
    const double root = sqrt(2500 + 900), cosine = 15 / sqrt(275);
    CHECK(is_near(found.condition_number, sqrt((60 + root) / (60 - root))));
    CHECK(is_near(found.scaled_condition_number, sqrt((1 + cosine) / (1 - cosine))));
    for (int j = 0; j < 2; ++j) {
        const double t = LINE[j] / errors[j];
        const double expected[6] = {LINE[j], errors[j], t, two_sided(t), LINE[j] - STANDARD_ERRORS * errors[j],
                                    LINE[j] + STANDARD_ERRORS * errors[j]};
        for (int i = 0; i < 6; ++i) CHECK(is_near(all.values[i][2 * j], expected[i]));
        CHECK(all.collinear[j] == 0);
    }
    CHECK(is_near(all.values[6][0], 1));
    for (int j = 0; j < SAMPLES; ++j) {
        const double h = LEVERAGES[j], internal = RESIDUALS[j] / sqrt(variance * (1 - h));
        const double expected[5] = {RESIDUALS[j], h, internal, internal * sqrt(2 / (3 - internal * internal)),
                                    internal * internal * h / (1 - h) / 2};
        for (int i = 0; i < 5; ++i) CHECK(is_near(all.values[7 + i][2 * j], expected[i]));
    }
    for (int i = 0; i < 12; ++i)
        for (int j = 1; j < 2 * SAMPLES; j += 2) CHECK(all.values[i][j] == -7);
    CHECK(all.collinear[2] == -7);

    /* Through the origin, at another level, with one table: the slope is 552 / 55. */
    const lapwing_ols_options options = {.struct_size = sizeof options, .intercept = LAPWING_INTERCEPT_ZERO,
                                         .solver = LAPWING_LINEAR_REGRESSION_REFINED, .level = 0.5};
    lapwing_ols_tables slope = {.struct_size = sizeof slope, .coefficients = {all.values[0], 1, 1}};
    EXPECT(LAPWING_OK, NAME(lapwing_ols_summarize)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), &options, &found,
                                                  &slope));
    CHECK(is_near(all.values[0][0], 552.0 / 55) && found.rank == 1 && found.residual_degrees_of_freedom == 4);
    EXPECT(LAPWING_OK, NAME(lapwing_ols_summarize)(NAME(read_only)(x), NAME(read_only)(y), NAME(unweighted), NULL, &found, NULL));
    CHECK(found.rank == 2);
    free(x.memory), free(y.memory);
}

/* A feature and its double: their coefficients have an infinite variance, and are named. */
static void NAME(dependent_features)(void) {
    REAL features[2 * SAMPLES], target[SAMPLES];
    for (int i = 0; i < SAMPLES; ++i) features[2 * i] = (REAL)(i + 1), features[2 * i + 1] = (REAL)(2 * i + 2), target[i] = (REAL)TARGET[i];
    const NAME(lapwing_mat) x = {features, SAMPLES, 2, 2, 1}, y = {target, SAMPLES, 1, 1, 1};
    lapwing_ols_statistics found = {.struct_size = sizeof found};
    places all;
    prepare(&all, 3, 2);
    EXPECT(LAPWING_OK, NAME(lapwing_ols_summarize)(x, y, NAME(unweighted), NULL, &found, &all.tables));
    CHECK(found.rank == 2 && found.dependencies == 1 && is_near(found.residual_sum_of_squares, LEFT));
    CHECK(isinf(all.values[6][0]) && isinf(all.values[6][2]));
    CHECK(all.collinear[1] == 1 && all.collinear[2] == 1);
}

static void NAME(ols_summaries)(void) {
    NAME(line)(0, 0), NAME(line)(LAYOUTS - 1, 1);
    NAME(dependent_features)();
}
