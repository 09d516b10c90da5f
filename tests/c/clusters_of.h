/* Clusters about centres and their scores in one precision: two squares far apart, whose clusters are known. */

#include "rectangle_of.h"

#ifndef CLUSTERS_REFERENCE
#define CLUSTERS_REFERENCE
enum { SAMPLES = 8, CLUSTERS = 2 };

/* Two squares of side 2, about (1, 1) and (101, 101). */
static const double SQUARES[SAMPLES][2] = {{0, 0},     {102, 100}, {2, 0},     {100, 102},
                                           {100, 100}, {0, 2},     {102, 102}, {2, 2}};
static const int64_t SQUARE_OF[SAMPLES] = {0, 1, 0, 1, 1, 0, 1, 0};
/* One of either square, so that the first is cluster 0. */
static const double STARTS[CLUSTERS][2] = {{2, 2}, {100, 100}};
#endif

static NAME(lapwing_mat) NAME(nowhere)(void) {
    const NAME(lapwing_mat) none = {NULL, 0, 0, 0, 0};
    return none;
}

static NAME(lapwing_vec) NAME(unweighted)(void) {
    const NAME(lapwing_vec) none = {NULL, 0, 1};
    return none;
}

/* The labels are those of the squares, up to their names. */
static void NAME(labels_are_the_squares)(const NAME(lapwing_k_means) *model) {
    int64_t labels[SAMPLES];
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_labels)(model, labels));
    for (int i = 0; i < SAMPLES; ++i) CHECK(labels[i] == (SQUARE_OF[i] == 0 ? labels[0] : 1 - labels[0]));
}

/* Every sample lies sqrt(2) from the centre of its square. */
static void NAME(squares_are_found)(int layout, int32_t algorithm, int32_t expected) {
    NAME(owned) x = NAME(filled)(layout, SAMPLES, 2, &SQUARES[0][0]);
    NAME(owned) starts = NAME(filled)(LAYOUTS - 1 - layout, CLUSTERS, 2, &STARTS[0][0]);
    NAME(owned) queries = NAME(filled)(layout, 2, 2, (const double[]){1, 1, 104, 105});
    NAME(owned) distances = NAME(make)(LAYOUTS - 1 - layout, 2, CLUSTERS);
    const lapwing_k_means_options options = {.struct_size = sizeof options, .algorithm = algorithm};
    NAME(lapwing_k_means) *model = NULL;
    NAME(lapwing_mat) centers;
    lapwing_vec_f64 history;
    int64_t labels[SAMPLES], nearest[2], clusters = 0, distinct = 0, features = 0, samples = 0, iterations = 0;
    int32_t ran = -1, converged = -1;
    double inertia = 0, score = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_fit)(NAME(read_only)(x), NAME(unweighted)(), NAME(read_only)(starts), &options,
                                                 &model));
    AGAIN(lapwing_k_means, model);
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_cluster_centers)(model, &centers));
    CHECK(centers.rows == CLUSTERS && centers.cols == 2);
    for (int k = 0; k < CLUSTERS; ++k)
        for (int j = 0; j < 2; ++j)
            CHECK(NAME(near)(centers.data[k * centers.row_stride + j * centers.col_stride], 1 + 100 * k));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_labels)(model, labels));
    CHECK(memcmp(labels, SQUARE_OF, sizeof labels) == 0);
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_inertia)(model, &inertia));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_score)(model, NAME(read_only)(x), NAME(unweighted)(), &score));
    CHECK(NAME(near)(inertia, 16) && score == -inertia);
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_n_clusters)(model, &clusters));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_n_distinct_clusters)(model, &distinct));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_n_features)(model, &features));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_n_samples)(model, &samples));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_n_iterations)(model, &iterations));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_algorithm)(model, &ran));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_converged)(model, &converged));
    CHECK(clusters == CLUSTERS && distinct == CLUSTERS && features == 2 && samples == SAMPLES);
    CHECK(iterations > 0 && ran == expected && converged == 1);
    if (ran == LAPWING_K_MEANS_LLOYD) {
        /* The starts are corners, from which the samples of a square lie 0, 2, 2 and 2 * sqrt(2). */
        EXPECT(LAPWING_OK, NAME(lapwing_k_means_inertia_history)(model, &history));
        CHECK(history.len == iterations && NAME(near)(history.data[0], 32));
        CHECK(NAME(near)(history.data[(history.len - 1) * history.stride], 16));
    } else {
        history.len = -1;
        EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "Lloyd", NAME(lapwing_k_means_inertia_history)(model, &history));
        CHECK(history.len == -1);
    }
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_predict)(model, NAME(read_only)(queries), nearest));
    CHECK(nearest[0] == 0 && nearest[1] == 1);
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_transform)(model, NAME(read_only)(queries), distances.view));
    CHECK(NAME(is)(distances, 0, 100 * sqrt(2), sqrt(103 * 103 + 104 * 104), 5));
    NAME(lapwing_k_means_free)(model);
    free(x.memory), free(starts.memory), free(queries.memory), free(distances.memory);
}

/* Whatever the start, two squares so far apart are the clusters, but for two starts in one of them that are tried alone. */
static void NAME(starts_of_all_kinds_lead_there)(void) {
    NAME(owned) x = NAME(filled)(0, SAMPLES, 2, &SQUARES[0][0]);
    lapwing_k_means_options options = {.struct_size = sizeof options, .n_clusters = CLUSTERS};
    lapwing_mini_batch_k_means_options batches = {.struct_size = sizeof batches, .n_clusters = CLUSTERS};
    NAME(lapwing_k_means) *model = NULL, *same = NULL;
    for (uint64_t seed = 0; seed < 3; ++seed) {
        double inertia = 0, again = 0;
        for (int32_t init = LAPWING_K_MEANS_PLUS_PLUS; init <= LAPWING_K_MEANS_RANDOM; ++init) {
            options.init = init, options.n_init = 5, options.seed = seed;
            options.stopping = LAPWING_K_MEANS_STOP_AT_REST, options.max_iterations = 50;
            EXPECT(LAPWING_OK, NAME(lapwing_k_means_fit)(NAME(read_only)(x), NAME(unweighted)(), NAME(nowhere)(), &options,
                                                         &model));
            EXPECT(LAPWING_OK, NAME(lapwing_k_means_fit)(NAME(read_only)(x), NAME(unweighted)(), NAME(nowhere)(), &options,
                                                         &same));
            EXPECT(LAPWING_OK, NAME(lapwing_k_means_inertia)(model, &inertia));
            EXPECT(LAPWING_OK, NAME(lapwing_k_means_inertia)(same, &again));
            CHECK(NAME(near)(inertia, 16) && inertia == again);
            NAME(labels_are_the_squares)(model);
            NAME(lapwing_k_means_free)(model), NAME(lapwing_k_means_free)(same);
        }
        int32_t ran = -1;
        batches.seed = seed, batches.batch_size = 6, batches.max_iterations = 20, batches.reassignment = LAPWING_MINI_BATCH_KEEP;
        batches.early_stopping = LAPWING_MINI_BATCH_GO_ON;
        EXPECT(LAPWING_OK, NAME(lapwing_mini_batch_k_means_fit)(NAME(read_only)(x), NAME(unweighted)(), NAME(nowhere)(),
                                                                &batches, &model));
        EXPECT(LAPWING_OK, NAME(lapwing_k_means_algorithm)(model, &ran));
        EXPECT(LAPWING_OK, NAME(lapwing_k_means_inertia)(model, &inertia));
        /* The centres are means of samples, and so within the squares: at most their diagonal from any sample. */
        CHECK(ran == LAPWING_K_MEANS_MINI_BATCH && inertia >= 16 * (1 - 500 * UNIT_ROUNDOFF) && inertia <= 64);
        NAME(labels_are_the_squares)(model);
        NAME(lapwing_k_means_free)(model);
    }
    NAME(lapwing_k_means_free)(NULL);
    free(x.memory);
}

/* A sample that counts three times pulls its centre to (2/3, 2/3): the square leaves 32/3 instead of 8. */
static void NAME(weights_count)(void) {
    NAME(owned) x = NAME(filled)(3, SAMPLES, 2, &SQUARES[0][0]), starts = NAME(filled)(0, CLUSTERS, 2, &STARTS[0][0]);
    const REAL weights[SAMPLES] = {3, 1, 1, 1, 1, 1, 1, 1};
    const NAME(lapwing_vec) threefold = {weights, SAMPLES, 1};
    NAME(lapwing_k_means) *model = NULL;
    NAME(lapwing_mat) centers;
    double inertia = 0, score = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_fit)(NAME(read_only)(x), threefold, NAME(read_only)(starts), NULL, &model));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_cluster_centers)(model, &centers));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_inertia)(model, &inertia));
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_score)(model, NAME(read_only)(x), threefold, &score));
    CHECK(NAME(near)(centers.data[0], 2.0 / 3) && NAME(near)(centers.data[centers.row_stride], 101));
    CHECK(NAME(near)(inertia, 56.0 / 3) && NAME(near)(score, -56.0 / 3));
    /* Without the weights, that corner counts once: 8/9, 20/9 twice and 32/9 beside the other square's 8. */
    EXPECT(LAPWING_OK, NAME(lapwing_k_means_score)(model, NAME(read_only)(x), NAME(unweighted)(), &score));
    CHECK(NAME(near)(score, -(80.0 / 9 + 8)));
    NAME(lapwing_k_means_free)(model);
    free(x.memory), free(starts.memory);
}

/* 0 and 2 in one cluster, 10 in the other: mean distances 2 within, 10 and 8 to the other; centres 1 and 10; the mean 4. */
static void NAME(separation_is_scored)(int layout) {
    NAME(owned) x = NAME(filled)(layout, 3, 1, (const double[]){0, 2, 10});
    const int64_t labels[] = {INT64_MIN, INT64_MIN, INT64_C(1) << 40};
    double entries[6] = {7, 7, 7, 7, 7, 7}, value = 0;
    const lapwing_vec_mut_f64 silhouettes = {entries + 4, 3, -2};
    EXPECT(LAPWING_OK, NAME(lapwing_silhouette_samples)(NAME(read_only)(x), labels, silhouettes));
    CHECK(fabs(entries[4] - 0.8) < 1e-15 && fabs(entries[2] - 0.75) < 1e-15 && entries[0] == 0 && entries[3] == 7);
    EXPECT(LAPWING_OK, NAME(lapwing_silhouette_score)(NAME(read_only)(x), labels, &value));
    CHECK(fabs(value - 1.55 / 3) < 1e-15);
    EXPECT(LAPWING_OK, NAME(lapwing_davies_bouldin_score)(NAME(read_only)(x), labels, &value));
    CHECK(fabs(value - 1.0 / 9) < 1e-15);
    EXPECT(LAPWING_OK, NAME(lapwing_calinski_harabasz_score)(NAME(read_only)(x), labels, &value));
    CHECK(fabs(value - 27) < 1e-13);
    free(x.memory);
}

static void NAME(clusters)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(squares_are_found)(layout, LAPWING_K_MEANS_AUTO, LAPWING_K_MEANS_HAMERLY);
        NAME(squares_are_found)(layout, LAPWING_K_MEANS_LLOYD, LAPWING_K_MEANS_LLOYD);
        NAME(squares_are_found)(layout, LAPWING_K_MEANS_HAMERLY, LAPWING_K_MEANS_HAMERLY);
        NAME(separation_is_scored)(layout);
    }
    NAME(starts_of_all_kinds_lead_there)();
    NAME(weights_count)();
}
