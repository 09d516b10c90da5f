/* Clusters about centres, and the scores of clusterings: closed forms in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "clusters_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "clusters_of.h"

static double entries[] = {0, 0, 2, 0, 0, 4, 2, 4};
static const lapwing_mat_f64 x = {entries, 4, 2, 2, 1}, nowhere = {NULL, 0, 0, 0, 0};
static const lapwing_vec_f64 unweighted = {NULL, 0, 1};
/* Never dereferenced: stands for "not written". */
static lapwing_k_means_f64 *const unset = (lapwing_k_means_f64 *)(void *)entries;

/* A fit that fails leaves its output alone. */
#define REFUSED(status, text, call)                                                                          \
    do {                                                                                                     \
        lapwing_k_means_f64 *model = unset;                                                                  \
        EXPECT_MESSAGE(status, text, call);                                                                  \
        CHECK(model == unset);                                                                               \
    } while (0)

static void refused(const char *text, const lapwing_k_means_options *options) {
    REFUSED(LAPWING_ERR_ARGUMENT, text, lapwing_k_means_fit_f64(x, unweighted, nowhere, options, &model));
}

static void batches_refused(const char *text, const lapwing_mini_batch_k_means_options *options) {
    REFUSED(LAPWING_ERR_ARGUMENT, text, lapwing_mini_batch_k_means_fit_f64(x, unweighted, nowhere, options, &model));
}

static void options_are_checked(void) {
    const lapwing_k_means_options valid = {.struct_size = sizeof valid, .n_clusters = 2};
    lapwing_k_means_options options;
    options = valid, options.init = 2;
    refused("init is 2", &options);
    options = valid, options.algorithm = LAPWING_K_MEANS_MINI_BATCH;
    refused("algorithm is 3", &options);
    options = valid, options.stopping = -1;
    refused("stopping is -1", &options);
    options = valid, options.reserved = 1;
    refused("reserved is 1", &options);
    options = valid, options.n_clusters = -1;
    refused("n_clusters is -1", &options);
    options = valid, options.n_init = -1;
    refused("n_init is -1", &options);
    options = valid, options.max_iterations = INT64_MIN;
    refused("max_iterations is -9223372036854775808", &options);
    options = valid, options.stopping = LAPWING_K_MEANS_STOP_AT_REST, options.tolerance = 0.5;
    refused("tolerance is 0.5, but must be 0", &options);
    static const double numbers[] = {NAN, INFINITY, -0.5};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        options = valid, options.tolerance = numbers[i];
        refused("tolerance is", &options);
    }
    refused("options is not aligned", (const lapwing_k_means_options *)(const void *)((const char *)&valid + 1));

    const lapwing_mini_batch_k_means_options usual = {.struct_size = sizeof usual, .n_clusters = 2};
    lapwing_mini_batch_k_means_options batches;
    batches = usual, batches.init = -1;
    batches_refused("init is -1", &batches);
    batches = usual, batches.early_stopping = 2;
    batches_refused("early_stopping is 2", &batches);
    batches = usual, batches.reassignment = 2;
    batches_refused("reassignment is 2", &batches);
    batches = usual, batches.reserved = 1;
    batches_refused("reserved is 1", &batches);
    batches = usual, batches.init_size = 1;
    batches_refused("init_size is 1", &batches);
    batches = usual, batches.batch_size = -1;
    batches_refused("batch_size is -1", &batches);
    batches = usual, batches.early_stopping = LAPWING_MINI_BATCH_GO_ON, batches.max_no_improvement = 3;
    batches_refused("max_no_improvement is 3, but must be 0", &batches);
    batches = usual, batches.reassignment = LAPWING_MINI_BATCH_KEEP, batches.reassignment_ratio = 0.1;
    batches_refused("reassignment_ratio is 0.1, but must be 0", &batches);
    batches = usual, batches.reassignment_ratio = NAN;
    batches_refused("reassignment_ratio is NaN", &batches);
    batches = usual, batches.tolerance = -1;
    batches_refused("tolerance is -1", &batches);
}

/* A struct of another version is read as far as both know it. */
static void struct_sizes_are_negotiated(void) {
    struct {
        lapwing_k_means_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown, .n_clusters = 3}};
    struct {
        lapwing_mini_batch_k_means_options known;
        char later[16];
    } batches = {.known = {.struct_size = sizeof batches, .n_clusters = 3}};
    static const size_t wrong[] = {0, 1, sizeof(size_t), 4097, SIZE_MAX};
    lapwing_k_means_f64 *model = NULL;
    int64_t count = 0;
    EXPECT(LAPWING_OK, lapwing_k_means_fit_f64(x, unweighted, nowhere, &grown.known, &model));
    EXPECT(LAPWING_OK, lapwing_k_means_n_clusters_f64(model, &count));
    CHECK(count == 3);
    lapwing_k_means_free_f64(model);
    EXPECT(LAPWING_OK, lapwing_mini_batch_k_means_fit_f64(x, unweighted, nowhere, &batches.known, &model));
    lapwing_k_means_free_f64(model);
    grown.later[15] = batches.later[0] = 1;
    refused("does not know", &grown.known);
    batches_refused("does not know", &batches.known);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        grown.known.struct_size = batches.known.struct_size = wrong[i];
        refused("sizeof(lapwing_k_means_options)", &grown.known);
        batches_refused("sizeof(lapwing_mini_batch_k_means_options)", &batches.known);
    }
    grown.known.struct_size = sizeof grown.known - 1, batches.known.struct_size = sizeof batches.known - 1;
    refused("sizeof(lapwing_k_means_options)", &grown.known);
    batches_refused("sizeof(lapwing_mini_batch_k_means_options)", &batches.known);
}

static void data_is_checked(void) {
    const lapwing_k_means_options two = {.struct_size = sizeof two, .n_clusters = 2};
    lapwing_mat_f64 view;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_k_means_fit_f64(x, unweighted, nowhere, &two, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_mini_batch_k_means_fit_f64(x, unweighted, nowhere, NULL, NULL));
    view = x, view.data = NULL;
    REFUSED(LAPWING_ERR_NULL, "x.data is NULL", lapwing_k_means_fit_f64(view, unweighted, nowhere, &two, &model));
    view = x, view.rows = 1;
    REFUSED(LAPWING_ERR_SHAPE, "at least 2", lapwing_k_means_fit_f64(view, unweighted, nowhere, &two, &model));
    view = x, view.rows = 0;
    REFUSED(LAPWING_ERR_SHAPE, "at least 8", lapwing_k_means_fit_f64(view, unweighted, nowhere, NULL, &model));
    view = x, view.cols = 0;
    REFUSED(LAPWING_ERR_SHAPE, "no features", lapwing_k_means_fit_f64(view, unweighted, nowhere, &two, &model));
    view = x, view.rows = -1;
    REFUSED(LAPWING_ERR_SHAPE, "x has -1 rows", lapwing_k_means_fit_f64(view, unweighted, nowhere, &two, &model));
    entries[5] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "x[2, 1]", lapwing_k_means_fit_f64(x, unweighted, nowhere, &two, &model));
    const lapwing_mini_batch_k_means_options batches = {.struct_size = sizeof batches, .n_clusters = 2};
    REFUSED(LAPWING_ERR_NON_FINITE, "x[2, 1]",
            lapwing_mini_batch_k_means_fit_f64(x, unweighted, nowhere, &batches, &model));
    entries[5] = 4;

    /* Given centres have their own name, and decide how many there are. */
    double given[] = {0, 0, 2, 4, 0, 0};
    lapwing_mat_f64 centers = {given, 3, 2, 2, 1};
    REFUSED(LAPWING_ERR_SHAPE, "centers has 3 rows", lapwing_k_means_fit_f64(x, unweighted, centers, &two, &model));
    centers.rows = 2, centers.cols = 3;
    REFUSED(LAPWING_ERR_SHAPE, "centers has 3 columns", lapwing_k_means_fit_f64(x, unweighted, centers, NULL, &model));
    centers.cols = 2, given[3] = INFINITY;
    REFUSED(LAPWING_ERR_NON_FINITE, "centers[1, 1]", lapwing_k_means_fit_f64(x, unweighted, centers, NULL, &model));
    REFUSED(LAPWING_ERR_NON_FINITE, "centers[1, 1]",
            lapwing_mini_batch_k_means_fit_f64(x, unweighted, centers, NULL, &model));

    double weights[] = {1, 1, 0, 1};
    lapwing_vec_f64 counts = {weights, 3, 1};
    REFUSED(LAPWING_ERR_SHAPE, "weights", lapwing_k_means_fit_f64(x, counts, nowhere, &two, &model));
    counts.len = 4, weights[2] = -1;
    REFUSED(LAPWING_ERR_ARGUMENT, "weights", lapwing_k_means_fit_f64(x, counts, nowhere, &two, &model));
    weights[2] = NAN;
    REFUSED(LAPWING_ERR_ARGUMENT, "weights", lapwing_k_means_fit_f64(x, counts, nowhere, &two, &model));
    const lapwing_vec_f64 zeros = {entries, 4, 0};
    REFUSED(LAPWING_ERR_ARGUMENT, "weights", lapwing_k_means_fit_f64(x, zeros, nowhere, &two, &model));
}

static void models_are_checked(void) {
    const lapwing_k_means_options two = {.struct_size = sizeof two, .n_clusters = 2};
    lapwing_k_means_f64 *model = NULL;
    double out[8] = {0}, value = 7;
    int64_t labels[4] = {7, 7, 7, 7}, count = 7;
    int32_t constant = 7;
    lapwing_mat_f64 view;
    lapwing_vec_f64 vector;
    lapwing_mat_mut_f64 distances = {out, 4, 2, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_cluster_centers_f64(NULL, &view));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_labels_f64(NULL, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_predict_f64(NULL, x, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_transform_f64(NULL, x, distances));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_score_f64(NULL, x, unweighted, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_inertia_f64(NULL, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_inertia_history_f64(NULL, &vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_n_iterations_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_converged_f64(NULL, &constant));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_algorithm_f64(NULL, &constant));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_n_clusters_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_n_distinct_clusters_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_n_features_f64(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_k_means_n_samples_f64(NULL, &count));

    EXPECT(LAPWING_OK, lapwing_k_means_fit_f64(x, unweighted, nowhere, &two, &model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_k_means_cluster_centers_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_k_means_inertia_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_k_means_labels_f64(model, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_k_means_predict_f64(model, x, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_k_means_score_f64(model, x, unweighted, NULL));
    lapwing_mat_f64 narrow = x;
    narrow.cols = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 1 columns", lapwing_k_means_predict_f64(model, narrow, labels));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 1 columns", lapwing_k_means_transform_f64(model, narrow, distances));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "x has 1 columns", lapwing_k_means_score_f64(model, narrow, unweighted, &value));
    const double poisoned[] = {0, NAN};
    const lapwing_mat_f64 row = {poisoned, 1, 2, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[0, 1]", lapwing_k_means_predict_f64(model, row, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[0, 1]", lapwing_k_means_score_f64(model, row, unweighted, &value));
    distances.rows = 1;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[0, 1]", lapwing_k_means_transform_f64(model, row, distances));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "distances has 1 rows", lapwing_k_means_transform_f64(model, x, distances));
    distances.rows = 4, distances.cols = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "distances has 1 columns", lapwing_k_means_transform_f64(model, x, distances));
    distances.cols = 2, distances.data = entries;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "distances overlaps x", lapwing_k_means_transform_f64(model, x, distances));
    distances.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "distances.data is NULL", lapwing_k_means_transform_f64(model, x, distances));
    const double weights[] = {1, 1, 1, -1};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "weights",
                   lapwing_k_means_score_f64(model, x, (lapwing_vec_f64){weights, 4, 1}, &value));
    for (int i = 0; i < 8; ++i) CHECK(out[i] == 0);
    CHECK(value == 7 && count == 7 && constant == 7 && labels[0] == 7 && labels[3] == 7);
    /* No rows have no labels. */
    lapwing_mat_f64 none = x;
    none.rows = 0;
    EXPECT(LAPWING_OK, lapwing_k_means_predict_f64(model, none, NULL));
    lapwing_k_means_free_f64(model);
}

/* Two classes of two; the second is split. Of six pairs one is together in both labellings, and four apart. With ln 2 for the
 * entropy of the classes and 1.5 ln 2 for that of the clusters, ln 2 is mutual; 2/3 ln 2 by chance, which puts the pair that is
 * kept together into one class every third time. */
static void agreement_is_scored(void) {
    static const int64_t classes[] = {4, 4, -1, -1}, clusters[] = {0, 0, 1, 2}, one[] = {9, 9, 9, 9};
    const double means[] = {1.25, sqrt(1.5), 1, 1.5};
    double value = 0;
    static const struct {
        lapwing_status (*score)(const int64_t *, const int64_t *, int64_t, double *);
        double expected, swapped;
    } SCORES[] = {
        {lapwing_rand_score, 5.0 / 6, 5.0 / 6},
        {lapwing_adjusted_rand_score, 4.0 / 7, 4.0 / 7},
        {lapwing_fowlkes_mallows_score, 0.7071067811865476, 0.7071067811865476},
        {lapwing_mutual_info_score, 0.6931471805599453, 0.6931471805599453},
        {lapwing_homogeneity_score, 1, 2.0 / 3},
        {lapwing_completeness_score, 2.0 / 3, 1},
    };
    for (size_t i = 0; i < sizeof SCORES / sizeof *SCORES; ++i) {
        EXPECT(LAPWING_OK, SCORES[i].score(classes, clusters, 4, &value));
        CHECK(fabs(value - SCORES[i].expected) < 1e-15);
        EXPECT(LAPWING_OK, SCORES[i].score(clusters, classes, 4, &value));
        CHECK(fabs(value - SCORES[i].swapped) < 1e-15);
        value = 7;
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels_true is NULL", SCORES[i].score(NULL, clusters, 4, &value));
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels_pred is NULL", SCORES[i].score(classes, NULL, 4, &value));
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", SCORES[i].score(classes, clusters, 4, NULL));
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "n is -1", SCORES[i].score(classes, clusters, -1, &value));
        EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "labels_true has 0", SCORES[i].score(classes, clusters, 0, &value));
        EXPECT_MESSAGE(LAPWING_ERR_TOO_LARGE, "address space", SCORES[i].score(classes, clusters, INT64_MAX, &value));
        CHECK(value == 7);
    }
    for (int32_t average = LAPWING_ENTROPY_ARITHMETIC; average <= LAPWING_ENTROPY_MAXIMUM; ++average) {
        EXPECT(LAPWING_OK, lapwing_normalized_mutual_info_score(classes, clusters, 4, average, &value));
        CHECK(fabs(value - 1 / means[average]) < 2e-15);
        EXPECT(LAPWING_OK, lapwing_adjusted_mutual_info_score(classes, clusters, 4, average, &value));
        CHECK(fabs(value - 1.0 / 3 / (means[average] - 2.0 / 3)) < 1e-14);
        EXPECT(LAPWING_OK, lapwing_normalized_mutual_info_score(one, one, 4, average, &value));
        CHECK(value == 1);
    }
    EXPECT(LAPWING_OK, lapwing_v_measure_score(classes, clusters, 4, 1, &value));
    CHECK(fabs(value - 0.8) < 1e-15);
    EXPECT(LAPWING_OK, lapwing_v_measure_score(classes, clusters, 4, 0.5, &value));
    CHECK(fabs(value - 6.0 / 7) < 1e-15);
    EXPECT(LAPWING_OK, lapwing_v_measure_score(clusters, classes, 4, 0, &value));
    CHECK(fabs(value - 2.0 / 3) < 1e-15);
    EXPECT(LAPWING_OK, lapwing_adjusted_rand_score(classes, one, 4, &value));
    CHECK(value == 0);

    value = 7;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "average is 4",
                   lapwing_normalized_mutual_info_score(classes, clusters, 4, 4, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "average is -1",
                   lapwing_adjusted_mutual_info_score(classes, clusters, 4, -1, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "beta is NaN", lapwing_v_measure_score(classes, clusters, 4, NAN, &value));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "beta is -1", lapwing_v_measure_score(classes, clusters, 4, -1, &value));
    CHECK(value == 7);
}

static void separation_is_refused(void) {
    static const int64_t two[] = {0, 0, 1, 1}, one[] = {3, 3, 3, 3}, all[] = {0, 1, 2, 3};
    lapwing_status (*const scores[])(lapwing_mat_f64, const int64_t *, double *) = {
        lapwing_silhouette_score_f64, lapwing_davies_bouldin_score_f64, lapwing_calinski_harabasz_score_f64};
    double value = 7, out[4] = {7, 7, 7, 7};
    lapwing_vec_mut_f64 silhouettes = {out, 4, 1};
    for (int i = 0; i < 3; ++i) {
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", scores[i](x, NULL, &value));
        EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", scores[i](x, two, NULL));
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "labels", scores[i](x, one, &value));
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "labels", scores[i](x, all, &value));
        entries[6] = INFINITY;
        EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "x[3, 0]", scores[i](x, two, &value));
        entries[6] = 2;
    }
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "labels is NULL", lapwing_silhouette_samples_f64(x, NULL, silhouettes));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "labels", lapwing_silhouette_samples_f64(x, one, silhouettes));
    silhouettes.len = 3;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "silhouettes has 3 entries", lapwing_silhouette_samples_f64(x, two, silhouettes));
    silhouettes.len = 4, silhouettes.stride = 0;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "silhouettes", lapwing_silhouette_samples_f64(x, two, silhouettes));
    silhouettes.stride = 1, silhouettes.data = entries;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "silhouettes overlaps x", lapwing_silhouette_samples_f64(x, two, silhouettes));
    silhouettes.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "silhouettes.data is NULL", lapwing_silhouette_samples_f64(x, two, silhouettes));
    CHECK(value == 7 && out[0] == 7 && out[3] == 7 && entries[0] == 0);
}

int main(void) {
    clusters_f64();
    clusters_f32();
    options_are_checked();
    struct_sizes_are_negotiated();
    data_is_checked();
    models_are_checked();
    agreement_is_scored();
    separation_is_refused();
    return failures != 0;
}
