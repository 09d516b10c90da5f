/* Nearest neighbours in one precision: five points whose distances are known, two of them equal. */

#include "rectangle_of.h"

#ifndef NEIGHBORS_REFERENCE
#define NEIGHBORS_REFERENCE
enum { POINTS = 5, QUERIES = 2 };

static const double POINT[POINTS][2] = {{0, 0}, {3, 4}, {0, 1}, {3, 0}, {0, 0}};
static const double QUERY[QUERIES][2] = {{3, 3}, {0, -1}};

/* The entries of a matrix in compressed rows, each stored. */
static void csr_is(const lapwing_sparse_matrix_f64 *matrix, int64_t rows, int64_t cols, const int32_t *row_starts,
                   const int32_t *columns, const double *values) {
    lapwing_csr_f64 view;
    EXPECT(LAPWING_OK, lapwing_sparse_matrix_view_f64(matrix, &view));
    CHECK(view.rows == rows && view.cols == cols);
    CHECK(memcmp(view.row_starts, row_starts, (size_t)(rows + 1) * sizeof *row_starts) == 0);
    const int32_t count = row_starts[rows];
    for (int32_t i = 0; i < count; ++i) CHECK(view.columns[i] == columns[i]);
    for (int32_t i = 0; i < count; ++i) CHECK(view.values[i] == (values == NULL ? 1 : values[i]));
}
#endif

/* Both algorithms measure by differences: the distances are the roots, to the last bit. */
static void NAME(neighbors_of_queries)(int layout, int32_t algorithm, int32_t expected) {
    NAME(owned) x = NAME(filled)(layout, POINTS, 2, &POINT[0][0]);
    NAME(owned) queries = NAME(filled)(LAYOUTS - 1 - layout, QUERIES, 2, &QUERY[0][0]);
    const lapwing_nearest_neighbors_options options = {.struct_size = sizeof options, .algorithm = algorithm, .leaf_size = 1};
    lapwing_nearest_neighbors *model = NULL;
    int64_t samples = 0, features = 0, indices[QUERIES * POINTS];
    int32_t ran = -1;
    double distances[QUERIES * POINTS];
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_fit)(NAME(read_only)(x), &options, &model));
    free(x.memory); /* The samples were copied. */
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_n_samples(model, &samples));
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_n_features(model, &features));
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_algorithm(model, &ran));
    CHECK(samples == POINTS && features == 2 && ran == expected);

    /* Equal distances by index: the points 0 and 4 are one. */
    static const int64_t order[QUERIES * POINTS] = {1, 3, 2, 0, 4, 0, 4, 2, 3, 1};
    const double roots[QUERIES * POINTS] = {1, 3, sqrt(13), sqrt(18), sqrt(18), 1, 1, 2, sqrt(10), sqrt(34)};
    const lapwing_mat_mut_f64 columns = {distances, QUERIES, POINTS, 1, QUERIES};
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_k_neighbors)(model, NAME(read_only)(queries), POINTS, indices, columns));
    CHECK(memcmp(indices, order, sizeof order) == 0);
    for (int i = 0; i < QUERIES; ++i)
        for (int j = 0; j < POINTS; ++j) CHECK(distances[i + j * QUERIES] == roots[i * POINTS + j]);
    /* Either table may be missing, and both. */
    const lapwing_mat_mut_f64 unwanted = {NULL, 0, 0, 0, 0}, nearest = {distances, QUERIES, 1, 1, 1};
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_k_neighbors)(model, NAME(read_only)(queries), 2, indices, unwanted));
    CHECK(indices[0] == 1 && indices[1] == 3 && indices[2] == 0 && indices[3] == 4);
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_k_neighbors)(model, NAME(read_only)(queries), 1, NULL, nearest));
    CHECK(distances[0] == 1 && distances[1] == 1);
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_k_neighbors)(model, NAME(read_only)(queries), 1, NULL, unwanted));

    /* What lies at the radius is within it. */
    lapwing_radius_neighbors *within = NULL;
    lapwing_vec_f64 lengths;
    int64_t offsets[QUERIES + 1], count = 0, found = 0;
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_within_radius)(model, NAME(read_only)(queries), 3, &within));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_n_queries(within, &count));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_n_neighbors(within, &found));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_offsets(within, offsets));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_indices(within, indices));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_distances(within, &lengths));
    CHECK(count == QUERIES && found == 5 && lengths.len == 5 && offsets[0] == 0 && offsets[1] == 2 && offsets[2] == 5);
    CHECK(indices[0] == 1 && indices[1] == 3 && indices[2] == 0 && indices[3] == 4 && indices[4] == 2);
    CHECK(lengths.data[0] == 1 && lengths.data[lengths.stride] == 3 && lengths.data[4 * lengths.stride] == 2);
    lapwing_radius_neighbors_free(within);

    /* The same as graphs, whose columns increase. */
    static const int32_t starts[] = {0, 2, 4}, two[] = {1, 3, 0, 4}, radius_starts[] = {0, 2, 5}, three[] = {1, 3, 0, 2, 4};
    static const double pairs[] = {1, 3, 1, 1}, lengths_of_three[] = {1, 3, 1, 2, 1};
    lapwing_sparse_matrix_f64 *graph = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_k_neighbors_graph)(model, NAME(read_only)(queries), 2,
                                                                         LAPWING_EDGES_CONNECTIVITY, &graph));
    csr_is(graph, QUERIES, POINTS, starts, two, NULL);
    lapwing_sparse_matrix_free_f64(graph);
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_k_neighbors_graph)(model, NAME(read_only)(queries), 2,
                                                                         LAPWING_EDGES_DISTANCE, &graph));
    csr_is(graph, QUERIES, POINTS, starts, two, pairs);
    lapwing_sparse_matrix_free_f64(graph);
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_radius_graph)(model, NAME(read_only)(queries), 3,
                                                                    LAPWING_EDGES_DISTANCE, &graph));
    csr_is(graph, QUERIES, POINTS, radius_starts, three, lengths_of_three);
    lapwing_sparse_matrix_free_f64(graph);
    lapwing_nearest_neighbors_free(model);
    free(queries.memory);
}

/* Among the points themselves, none is its own neighbour, not even where another one is equal. */
static void NAME(neighbors_of_samples)(int32_t algorithm) {
    NAME(owned) x = NAME(filled)(0, POINTS, 2, &POINT[0][0]);
    const lapwing_nearest_neighbors_options options = {.struct_size = sizeof options, .algorithm = algorithm};
    lapwing_nearest_neighbors *model = NULL;
    EXPECT(LAPWING_OK, NAME(lapwing_nearest_neighbors_fit)(NAME(read_only)(x), &options, &model));
    static const int64_t order[POINTS * 2] = {4, 2, 3, 2, 0, 4, 0, 4, 0, 2};
    const double roots[POINTS * 2] = {0, 1, 4, sqrt(18), 1, 1, 3, 3, 0, 1};
    int64_t indices[POINTS * 2], offsets[POINTS + 1];
    double distances[POINTS * 2];
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_k_neighbors_of_samples(model, 2, indices,
                                                                        (lapwing_mat_mut_f64){distances, POINTS, 2, 2, 1}));
    CHECK(memcmp(indices, order, sizeof order) == 0 && memcmp(distances, roots, sizeof roots) == 0);

    static const int64_t within_offsets[] = {0, 2, 2, 4, 4, 6}, within_order[] = {4, 2, 0, 4, 0, 2};
    lapwing_radius_neighbors *within = NULL;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_within_radius_of_samples(model, 1, &within));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_offsets(within, offsets));
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_indices(within, indices));
    CHECK(memcmp(offsets, within_offsets, sizeof offsets) == 0);
    CHECK(memcmp(indices, within_order, sizeof within_order) == 0);
    lapwing_radius_neighbors_free(within);

    static const int32_t starts[] = {0, 2, 4, 6, 8, 10}, others[] = {2, 4, 2, 3, 0, 4, 0, 4, 0, 2},
                         own[] = {0, 4, 1, 3, 0, 2, 0, 3, 0, 4}, radius_starts[] = {0, 3, 4, 7, 8, 11},
                         near_and_own[] = {0, 2, 4, 1, 0, 2, 4, 3, 0, 2, 4};
    const double lengths[] = {1, 0, sqrt(18), 4, 1, 1, 3, 3, 0, 1};
    static const double near_lengths[] = {0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0};
    lapwing_sparse_matrix_f64 *graph = NULL;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_k_neighbors_graph_of_samples(model, 2, LAPWING_EDGES_DISTANCE,
                                                                              LAPWING_OWN_NEIGHBOR_EXCLUDED, &graph));
    csr_is(graph, POINTS, POINTS, starts, others, lengths);
    lapwing_sparse_matrix_free_f64(graph);
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_k_neighbors_graph_of_samples(model, 2, LAPWING_EDGES_CONNECTIVITY,
                                                                              LAPWING_OWN_NEIGHBOR_INCLUDED, &graph));
    csr_is(graph, POINTS, POINTS, starts, own, NULL);
    lapwing_sparse_matrix_free_f64(graph);
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_radius_graph_of_samples(model, 1, LAPWING_EDGES_DISTANCE,
                                                                         LAPWING_OWN_NEIGHBOR_INCLUDED, &graph));
    csr_is(graph, POINTS, POINTS, radius_starts, near_and_own, near_lengths);
    lapwing_sparse_matrix_free_f64(graph);
    lapwing_nearest_neighbors_free(model);
    free(x.memory);
}

static void NAME(neighbors)(void) {
    for (int layout = 0; layout < LAYOUTS; ++layout) {
        NAME(neighbors_of_queries)(layout, LAPWING_NEIGHBORS_AUTO, LAPWING_NEIGHBORS_KD_TREE);
        NAME(neighbors_of_queries)(layout, LAPWING_NEIGHBORS_BRUTE, LAPWING_NEIGHBORS_BRUTE);
    }
    NAME(neighbors_of_samples)(LAPWING_NEIGHBORS_KD_TREE);
    NAME(neighbors_of_samples)(LAPWING_NEIGHBORS_BRUTE);
}
