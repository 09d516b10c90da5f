/* The choice of a number of components: results in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "component_selection_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "component_selection_of.h"

static double entries[SAMPLES * FEATURES], results[3 * FEATURES];
static const lapwing_mat_f64 x = {entries, SAMPLES, FEATURES, FEATURES, 1};
static const lapwing_vec_mut_f64 first = {results, FEATURES, 1}, second = {results + FEATURES, FEATURES, 1};
static const lapwing_mat_mut_f64 grid = {results + 2, 2, 3, 3, 1};

static void untouched(int64_t count) {
    CHECK(count == 77);
    for (int i = 0; i < 3 * FEATURES; ++i) CHECK(results[i] == 77);
}

static void analysis_refused(lapwing_status status, const char *text, lapwing_mat_f64 data,
                             const lapwing_parallel_analysis_options *options, lapwing_vec_mut_f64 observed,
                             lapwing_vec_mut_f64 thresholds) {
    int64_t count = 77;
    EXPECT_MESSAGE(status, text, lapwing_parallel_analysis_f64(data, options, &count, observed, thresholds));
    untouched(count);
}

static void analyses_are_checked(void) {
    const lapwing_parallel_analysis_options valid = {.struct_size = sizeof valid};
    lapwing_parallel_analysis_options options;
    options = valid, options.null_model = 2;
    analysis_refused(LAPWING_ERR_ARGUMENT, "null_model is 2", x, &options, first, second);
    options = valid, options.association = -1;
    analysis_refused(LAPWING_ERR_ARGUMENT, "association is -1", x, &options, first, second);
    options = valid, options.iterations = -1;
    analysis_refused(LAPWING_ERR_ARGUMENT, "iterations is -1", x, &options, first, second);
    static const double shares[] = {NAN, -0.5, 1.5, INFINITY};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; ++i) {
        options = valid, options.quantile = shares[i];
        analysis_refused(LAPWING_ERR_ARGUMENT, "quantile is", x, &options, first, second);
    }
    options = valid, options.struct_size -= 1;
    analysis_refused(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_parallel_analysis_options)", x, &options, first, second);
    lapwing_mat_f64 view = x;
    view.rows = 1;
    const lapwing_vec_mut_f64 unwanted = {NULL, 0, 0};
    analysis_refused(LAPWING_ERR_SHAPE, "at least 2", view, NULL, unwanted, unwanted);
    view = x, view.cols = 0;
    analysis_refused(LAPWING_ERR_SHAPE, "no features", view, NULL, unwanted, unwanted);
    view = x, view.data = NULL;
    analysis_refused(LAPWING_ERR_NULL, "x.data is NULL", view, NULL, first, second);
    lapwing_vec_mut_f64 target = first;
    target.len = 2;
    analysis_refused(LAPWING_ERR_SHAPE, "observed has 2 entries, but must have 3", x, NULL, target, second);
    analysis_refused(LAPWING_ERR_SHAPE, "thresholds has 2 entries", x, NULL, first, target);
    target = first, target.data = results + 1;
    analysis_refused(LAPWING_ERR_ALIAS, "thresholds overlaps observed", x, NULL, first, target);
    target.data = entries;
    analysis_refused(LAPWING_ERR_ALIAS, "observed overlaps x", x, NULL, target, second);
    entries[7] = NAN;
    analysis_refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, NULL, first, second);
    entries[7] = 0.5;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "n_components is NULL", lapwing_parallel_analysis_f64(x, NULL, NULL, first, second));
    untouched(77);
}

static void validation_refused(lapwing_status status, const char *text, lapwing_mat_f64 data, const int64_t *candidates,
                               int64_t tried, const lapwing_likelihood_validation_options *options) {
    int64_t count = 77;
    const lapwing_vec_mut_f64 unwanted = {NULL, 0, 0};
    const lapwing_mat_mut_f64 no_scores = {NULL, 0, 0, 0, 0};
    EXPECT_MESSAGE(status, text,
                   lapwing_likelihood_validation_f64(data, candidates, tried, options, &count, unwanted, no_scores));
    untouched(count);
}

static void validations_are_checked(void) {
    static const int64_t two[] = {1, 2}, many[] = {1, 4}, negative[] = {1, -1};
    const lapwing_likelihood_validation_options valid = {.struct_size = sizeof valid, .folds = 3};
    lapwing_likelihood_validation_options options;
    options = valid, options.order = 2;
    validation_refused(LAPWING_ERR_ARGUMENT, "order is 2", x, two, 2, &options);
    options = valid, options.folds = 1;
    validation_refused(LAPWING_ERR_ARGUMENT, "folds is 1", x, two, 2, &options);
    options = valid, options.folds = -1;
    validation_refused(LAPWING_ERR_ARGUMENT, "folds is -1", x, two, 2, &options);
    options = valid, options.folds = SAMPLES + 1;
    validation_refused(LAPWING_ERR_ARGUMENT, "folds is 11", x, two, 2, &options);
    options = valid, options.reserved = 1;
    validation_refused(LAPWING_ERR_ARGUMENT, "reserved is 1", x, two, 2, &options);
    options = valid, options.struct_size = 0;
    validation_refused(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_likelihood_validation_options)", x, two, 2, &options);
    validation_refused(LAPWING_ERR_NULL, "candidates is NULL", x, NULL, 2, &valid);
    validation_refused(LAPWING_ERR_ARGUMENT, "candidates is empty", x, NULL, 0, &valid);
    validation_refused(LAPWING_ERR_ARGUMENT, "n_candidates is -1", x, two, -1, &valid);
    validation_refused(LAPWING_ERR_ARGUMENT, "candidates is 4, but must be at most 3", x, many, 2, &valid);
    validation_refused(LAPWING_ERR_ARGUMENT, "candidates is -1", x, negative, 2, &valid);
    lapwing_mat_f64 view = x;
    view.cols = 0;
    validation_refused(LAPWING_ERR_SHAPE, "no features", view, two, 2, &valid);
    entries[7] = INFINITY;
    validation_refused(LAPWING_ERR_NON_FINITE, "x[2, 1]", x, two, 2, &valid);
    entries[7] = 0.5;

    int64_t count = 77;
    const lapwing_vec_mut_f64 pair = {results, 2, 1}, triple = first, over = {entries, 2, 1};
    lapwing_mat_mut_f64 narrow = grid;
    narrow.cols = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "mean_scores has 3 entries, but must have 2",
                   lapwing_likelihood_validation_f64(x, two, 2, &valid, &count, triple, grid));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "scores has 2 columns, but must have 3",
                   lapwing_likelihood_validation_f64(x, two, 2, &valid, &count, pair, narrow));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "mean_scores overlaps x",
                   lapwing_likelihood_validation_f64(x, two, 2, &valid, &count, over, grid));
    narrow = grid, narrow.data = results + 1;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "scores overlaps mean_scores",
                   lapwing_likelihood_validation_f64(x, two, 2, &valid, &count, pair, narrow));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "n_components is NULL",
                   lapwing_likelihood_validation_f64(x, two, 2, &valid, NULL, pair, grid));
    untouched(count);

    /* A model of as many components as it has rows is singular: what lies outside of them is impossible. */
    double means[2];
    const lapwing_vec_mut_f64 to_means = {means, 2, 1};
    const lapwing_mat_mut_f64 no_scores = {NULL, 0, 0, 0, 0};
    const lapwing_likelihood_validation_options halves = {.struct_size = sizeof halves, .folds = 2};
    const int64_t most[] = {2, 1};
    view = x, view.rows = 4;
    EXPECT(LAPWING_OK, lapwing_likelihood_validation_f64(view, most, 2, &halves, &count, to_means, no_scores));
    CHECK(means[0] == -INFINITY);
}

int main(void) {
    for (int i = 0; i < SAMPLES * FEATURES; ++i) entries[i] = sin(i * i);
    for (int i = 0; i < 3 * FEATURES; ++i) results[i] = 77;
    component_selection_f64();
    component_selection_f32();
    analyses_are_checked();
    validations_are_checked();
    return failures != 0;
}
