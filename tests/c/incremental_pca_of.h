/* One precision: blocks in every layout, models that are merged, and refusals. */

#include "matrix_of.h"

#ifndef INCREMENTAL_EXTENTS
#define INCREMENTAL_EXTENTS
enum { SAMPLES = 24, FEATURES = 4, COMPONENTS = 2, BLOCK = 7 };
#endif

/* Entries are at most 34, and the norm of the covariance 120: as in pca_of.h, a variance is off by 60 * FEATURES
 * roundings of that norm. Scores of centred rows, at most 16 in norm, are off by that over a gap of the variances that is
 * above 1, and by the roundings of the rows. */
#define VARIANCE_BOUND (40000 * UNIT_ROUNDOFF)

static NAME(owned) NAME(data)(int layout) {
    NAME(owned) x = NAME(make)(layout, SAMPLES, FEATURES);
    NAME(scatter)(x, 3);
    for (int64_t i = 0; i < SAMPLES; ++i)
        for (int64_t j = 0; j < FEATURES; ++j)
            *NAME(at)(x, i, j) = (REAL)(j + 1) * *NAME(at)(x, i, j) + (REAL)(10 * j);
    return x;
}

static NAME(lapwing_mat) NAME(block)(NAME(owned) x, int64_t first, int64_t rows) {
    NAME(lapwing_mat) view = NAME(read_only)(x);
    view.data += first * view.row_stride;
    view.rows = rows;
    return view;
}

static NAME(lapwing_incremental_pca) *NAME(begin)(int32_t method, int64_t count) {
    lapwing_incremental_pca_options options = {.struct_size = sizeof options, .method = method, .n_components = count};
    NAME(lapwing_incremental_pca) *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_new)(&options, &model));
    return model;
}

static void NAME(add)(NAME(lapwing_incremental_pca) *model, NAME(owned) x, int64_t first, int64_t end) {
    for (int64_t i = first; i < end; i += BLOCK)
        EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_partial_fit)(model, NAME(block)(x, i, i + BLOCK < end ? BLOCK : end - i)));
}

/* The model's end is the analysis of all of x. */
static void NAME(is_the_whole)(const NAME(lapwing_incremental_pca) *model, NAME(owned) x, int64_t count) {
    lapwing_pca_options options = {.struct_size = sizeof options, .solver = LAPWING_PCA_FULL, .n_components = count};
    NAME(lapwing_pca) *pca = NULL, *whole = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_finish)(model, &pca));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_fit)(NAME(read_only)(x), &options, &whole));
    NAME(lapwing_vec) found, expected, mean, expected_mean;
    int64_t samples = 0, components = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(pca, &found));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_explained_variance)(whole, &expected));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_mean)(pca, &mean));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_mean)(whole, &expected_mean));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_samples)(pca, &samples));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_n_components)(pca, &components));
    CHECK(samples == SAMPLES && components == count && found.len == count);
    for (int64_t j = 0; j < count; ++j)
        CHECK(fabs((double)found.data[j] - (double)expected.data[j]) <= VARIANCE_BOUND);
    for (int64_t j = 0; j < FEATURES; ++j)
        CHECK(fabs((double)mean.data[j] - (double)expected_mean.data[j]) <= 4 * 34 * UNIT_ROUNDOFF);
    REAL scores[SAMPLES * FEATURES], others[SAMPLES * FEATURES];
    const NAME(lapwing_mat_mut) to = {scores, SAMPLES, count, count, 1};
    const NAME(lapwing_mat_mut) to_others = {others, SAMPLES, count, count, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(pca, NAME(read_only)(x), to));
    EXPECT(LAPWING_OK, NAME(lapwing_pca_transform)(whole, NAME(read_only)(x), to_others));
    for (int64_t i = 0; i < SAMPLES * count; ++i)
        CHECK(fabs((double)scores[i] - (double)others[i]) <= 16 * VARIANCE_BOUND);
    NAME(lapwing_pca_free)(pca), NAME(lapwing_pca_free)(whole);
}

static void NAME(blocks_are_the_whole)(int layout) {
    NAME(owned) x = NAME(data)(layout);
    NAME(lapwing_incremental_pca) *model = NAME(begin)(LAPWING_INCREMENTAL_AUTO, COMPONENTS);
    NAME(add)(model, x, 0, SAMPLES);
    NAME(is_the_whole)(model, x, COMPONENTS);

    /* Halves that were seen apart. */
    NAME(lapwing_incremental_pca) *first = NAME(begin)(LAPWING_INCREMENTAL_EXACT, COMPONENTS);
    NAME(lapwing_incremental_pca) *second = NAME(begin)(LAPWING_INCREMENTAL_EXACT, 0);
    NAME(add)(first, x, 0, SAMPLES / 2);
    NAME(add)(second, x, SAMPLES / 2, SAMPLES);
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_merge)(first, second));
    NAME(lapwing_incremental_pca_free)(second);
    NAME(is_the_whole)(first, x, COMPONENTS);

    /* With as many components as features, nothing is forgotten by the low-rank method either. */
    NAME(lapwing_incremental_pca) *low = NAME(begin)(LAPWING_INCREMENTAL_LOW_RANK, FEATURES);
    NAME(add)(low, x, 0, SAMPLES);
    int64_t samples = -1, features = -1;
    int32_t method = -1, exact = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_n_samples)(low, &samples));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_n_features)(low, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_method)(low, &method));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_method)(model, &exact));
    CHECK(samples == SAMPLES && features == FEATURES);
    CHECK(method == LAPWING_INCREMENTAL_LOW_RANK && exact == LAPWING_INCREMENTAL_EXACT);
    NAME(lapwing_incremental_pca) *const both[] = {low, model};
    for (int i = 0; i < 2; ++i) {
        REAL mean[FEATURES];
        const NAME(lapwing_vec_mut) backwards = {mean + FEATURES - 1, FEATURES, -1};
        EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_mean)(both[i], backwards));
        for (int64_t j = 0; j < FEATURES; ++j) {
            double sum = 0;
            for (int64_t row = 0; row < SAMPLES; ++row) sum += *NAME(at)(x, row, j);
            /* A sum of SAMPLES entries, each at most 34. */
            CHECK(fabs(mean[FEATURES - 1 - j] - sum / SAMPLES) <= (SAMPLES + 1) * 34 * UNIT_ROUNDOFF);
        }
    }
    NAME(is_the_whole)(low, x, FEATURES);
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "the method of other", NAME(lapwing_incremental_pca_merge)(first, low));
    NAME(is_the_whole)(first, x, COMPONENTS);
    NAME(lapwing_incremental_pca_free)(model), NAME(lapwing_incremental_pca_free)(first);
    NAME(lapwing_incremental_pca_free)(low);
    free(x.memory);
}

static void NAME(refusals_change_nothing)(void) {
    NAME(owned) x = NAME(data)(0), poisoned = NAME(data)(1);
    NAME(lapwing_incremental_pca) *model = NAME(begin)(LAPWING_INCREMENTAL_AUTO, COMPONENTS);
    NAME(lapwing_pca) *const unset = (NAME(lapwing_pca) *)(void *)x.memory, *pca = unset;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "needs at least 2", NAME(lapwing_incremental_pca_finish)(model, &pca));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_partial_fit)(model, NAME(block)(x, 0, 0)));
    REAL means[FEATURES] = {0};
    NAME(lapwing_vec_mut) mean = {means, FEATURES, 1};
    int64_t features = -1;
    int32_t method = -1;
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_n_features)(model, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_method)(model, &method));
    CHECK(features == 0 && method == LAPWING_INCREMENTAL_AUTO);
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "add a row first", NAME(lapwing_incremental_pca_mean)(model, mean));
    NAME(add)(model, x, 0, SAMPLES);
    *NAME(at)(poisoned, 3, 1) = (REAL)NAN;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "block[3, 1]",
                   NAME(lapwing_incremental_pca_partial_fit)(model, NAME(read_only)(poisoned)));
    NAME(lapwing_mat) narrow = NAME(read_only)(x);
    narrow.cols = FEATURES - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "block has 3 columns", NAME(lapwing_incremental_pca_partial_fit)(model, narrow));
    narrow.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "block.data is NULL", NAME(lapwing_incremental_pca_partial_fit)(model, narrow));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL",
                   NAME(lapwing_incremental_pca_partial_fit)(NULL, NAME(read_only)(x)));
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "other is the model itself", NAME(lapwing_incremental_pca_merge)(model, model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "other is NULL", NAME(lapwing_incremental_pca_merge)(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", NAME(lapwing_incremental_pca_merge)(NULL, model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", NAME(lapwing_incremental_pca_finish)(NULL, &pca));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", NAME(lapwing_incremental_pca_finish)(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", NAME(lapwing_incremental_pca_n_samples)(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", NAME(lapwing_incremental_pca_n_features)(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", NAME(lapwing_incremental_pca_method)(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", NAME(lapwing_incremental_pca_n_features)(NULL, &features));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", NAME(lapwing_incremental_pca_mean)(NULL, mean));
    mean.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "mean.data is NULL", NAME(lapwing_incremental_pca_mean)(model, mean));
    mean.data = means, mean.len = FEATURES - 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "mean has 3 entries, but must have 4", NAME(lapwing_incremental_pca_mean)(model, mean));
    mean.len = FEATURES, mean.stride = 0;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "two entries of mean", NAME(lapwing_incremental_pca_mean)(model, mean));
    for (int j = 0; j < FEATURES; ++j) CHECK(means[j] == 0);
    CHECK(pca == unset);
    NAME(is_the_whole)(model, x, COMPONENTS);

    NAME(lapwing_incremental_pca) *const no_model = (NAME(lapwing_incremental_pca) *)(void *)x.memory, *out = no_model;
    lapwing_incremental_pca_options options = {.struct_size = sizeof options, .method = 3};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "method is 3", NAME(lapwing_incremental_pca_new)(&options, &out));
    options.method = 0, options.whiten = -1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "whiten is -1", NAME(lapwing_incremental_pca_new)(&options, &out));
    options.whiten = 0, options.n_components = 2, options.variance = 0.5;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "set one of them to 0", NAME(lapwing_incremental_pca_new)(&options, &out));
    options.struct_size = 4;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_incremental_pca_options)",
                   NAME(lapwing_incremental_pca_new)(&options, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", NAME(lapwing_incremental_pca_new)(NULL, NULL));
    CHECK(out == no_model);
    EXPECT(LAPWING_OK, NAME(lapwing_incremental_pca_new)(NULL, &out));
    NAME(lapwing_incremental_pca_free)(out);
    out = NAME(begin)(0, FEATURES + 1);
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "n_components is 5, but must be at most 4",
                   NAME(lapwing_incremental_pca_partial_fit)(out, NAME(read_only)(x)));
    NAME(lapwing_incremental_pca_free)(out), NAME(lapwing_incremental_pca_free)(NULL);
    NAME(lapwing_incremental_pca_free)(model);
    free(x.memory), free(poisoned.memory);
}

static void NAME(incremental_pca)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) NAME(blocks_are_the_whole)(layout);
    NAME(refusals_change_nothing)();
}
#undef VARIANCE_BOUND
