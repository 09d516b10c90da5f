/* Summaries of least squares: numbers and tables in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "ols_summary_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "ols_summary_of.h"

static double entries[] = {1, 2, 3, 4, 5}, targets[] = {11, 19, 32, 38, 51}, ones[] = {1, 1, 1, 1, 1};
static const lapwing_mat_f64 x = {entries, 5, 1, 1, 1}, y = {targets, 5, 1, 1, 1};
static const lapwing_vec_f64 none = {NULL, 0, 0};

/* A call that fails leaves its outputs alone. */
static void refused(lapwing_status status, const char *text, lapwing_mat_f64 features, lapwing_mat_f64 target,
                    lapwing_vec_f64 weights, const lapwing_ols_options *options) {
    lapwing_ols_statistics found = {.struct_size = sizeof found, .rank = -7};
    places all;
    prepare(&all, 2, 1);
    EXPECT_MESSAGE(status, text, lapwing_ols_summarize_f64(features, target, weights, options, &found, &all.tables));
    CHECK(found.rank == -7 && all.collinear[0] == -7);
    for (int i = 0; i < 12; ++i) CHECK(all.values[i][0] == -7);
}

static void options_are_checked(void) {
    const lapwing_ols_options valid = {.struct_size = sizeof valid};
    lapwing_ols_options options;
    options = valid, options.struct_size = 8;
    refused(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_ols_options)", x, y, none, &options);
    options = valid, options.intercept = 2;
    refused(LAPWING_ERR_ARGUMENT, "intercept is 2", x, y, none, &options);
    options = valid, options.solver = LAPWING_LINEAR_REGRESSION_LSQR;
    refused(LAPWING_ERR_ARGUMENT, "solver is 5", x, y, none, &options);
    options = valid, options.level = 1;
    refused(LAPWING_ERR_ARGUMENT, "level is 1", x, y, none, &options);
    options.level = NAN;
    refused(LAPWING_ERR_ARGUMENT, "level is NaN", x, y, none, &options);
}

static void data_is_checked(void) {
    lapwing_mat_f64 view = x;
    lapwing_vec_f64 weights = {ones, 4, 1};
    view.data = NULL;
    refused(LAPWING_ERR_NULL, "x.data is NULL", view, y, none, NULL);
    view = y, view.data = NULL;
    refused(LAPWING_ERR_NULL, "y.data is NULL", x, view, none, NULL);
    view = y, view.rows = 4;
    refused(LAPWING_ERR_SHAPE, "y has 4", x, view, none, NULL);
    view = y, view.cols = 2, view.col_stride = 0;
    refused(LAPWING_ERR_SHAPE, "the one target", x, view, none, NULL);
    refused(LAPWING_ERR_SHAPE, "weights has 4", x, y, weights, NULL);
    weights.len = 5, ones[1] = 0;
    refused(LAPWING_ERR_ARGUMENT, "0", x, y, weights, NULL);
    ones[1] = 1, entries[2] = NAN;
    refused(LAPWING_ERR_NON_FINITE, "x[2, 0]", x, y, none, NULL);
    entries[2] = 3, targets[1] = INFINITY;
    refused(LAPWING_ERR_NON_FINITE, "y", x, y, none, NULL);
    targets[1] = 19;

    /* Two samples are as many as the line has coefficients. */
    lapwing_ols_statistics found = {.struct_size = sizeof found, .rank = -7};
    lapwing_mat_f64 two = y;
    view = x, view.rows = two.rows = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "at least 3", lapwing_ols_summarize_f64(view, two, none, NULL, &found, NULL));
    CHECK(found.rank == -7);
}

static void outputs_are_checked(void) {
    struct {
        lapwing_ols_statistics known;
        double later[2];
    } grown = {.known = {.struct_size = sizeof grown}, .later = {-7, -7}};
    lapwing_ols_statistics found = {.struct_size = sizeof found, .rank = -7};
    places all;
    prepare(&all, 2, 1);
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_ols_summarize_f64(x, y, none, NULL, NULL, NULL));
    EXPECT(LAPWING_OK, lapwing_ols_summarize_f64(x, y, none, NULL, &grown.known, NULL));
    CHECK(grown.known.struct_size == sizeof grown && grown.known.rank == 2 && grown.later[0] == 0 && grown.later[1] == 0);
    static const size_t wrong[] = {0, sizeof(size_t), sizeof found - 1, 4097};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        found.struct_size = wrong[i];
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_ols_statistics)",
                       lapwing_ols_summarize_f64(x, y, none, NULL, &found, NULL));
        all.tables.struct_size = wrong[i], found.struct_size = sizeof found;
        if (wrong[i] >= sizeof all.tables && wrong[i] <= 4096) continue;
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_ols_tables)",
                       lapwing_ols_summarize_f64(x, y, none, NULL, &found, &all.tables));
    }
    all.tables.struct_size = sizeof all.tables;
    all.tables.leverages.len = 4;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "leverages has 4", lapwing_ols_summarize_f64(x, y, none, NULL, &found, &all.tables));
    all.tables.leverages.len = 5, all.tables.p_values.len = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "p_values has 1", lapwing_ols_summarize_f64(x, y, none, NULL, &found, &all.tables));
    all.tables.p_values.len = 2, all.tables.upper.data = all.tables.lower.data;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "upper overlaps lower", lapwing_ols_summarize_f64(x, y, none, NULL, &found, &all.tables));
    all.tables.upper.data = entries, all.tables.upper.stride = 1;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "upper overlaps x", lapwing_ols_summarize_f64(x, y, none, NULL, &found, &all.tables));
    CHECK(found.rank == -7 && entries[0] == 1);
    for (int i = 0; i < 12; ++i) CHECK(all.values[i][0] == -7);
}

int main(void) {
    ols_summaries_f64();
    ols_summaries_f32();
    options_are_checked();
    data_is_checked();
    outputs_are_checked();
    return failures != 0;
}
