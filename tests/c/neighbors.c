/* Nearest neighbours, as tables and as graphs: known distances in both precisions, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

#define REAL double
#define SUFFIX f64
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)
#include "neighbors_of.h"
#undef REAL
#undef SUFFIX
#undef UNIT_ROUNDOFF

#define REAL float
#define SUFFIX f32
#define UNIT_ROUNDOFF (FLT_EPSILON / 2)
#include "neighbors_of.h"

static double entries[] = {0, 0, 2, 0, 0, 4, 2, 4};
static const lapwing_mat_f64 x = {entries, 4, 2, 2, 1};
static const lapwing_mat_mut_f64 unwanted = {NULL, 0, 0, 0, 0};
/* Never dereferenced: they stand for "not written". */
#define UNSET(type) ((type *)(void *)entries)
#define REFUSED(type, status, text, call)                                                                    \
    do {                                                                                                     \
        type *out = UNSET(type);                                                                             \
        EXPECT_MESSAGE(status, text, call);                                                                  \
        CHECK(out == UNSET(type));                                                                           \
    } while (0)
#define FIT_REFUSED(status, text, data, options)                                                             \
    REFUSED(lapwing_nearest_neighbors, status, text, lapwing_nearest_neighbors_fit_f64(data, options, &out))

static void fits_are_checked(void) {
    const lapwing_nearest_neighbors_options valid = {.struct_size = sizeof valid};
    lapwing_nearest_neighbors_options options;
    options = valid, options.algorithm = 3;
    FIT_REFUSED(LAPWING_ERR_ARGUMENT, "algorithm is 3", x, &options);
    options = valid, options.algorithm = -1;
    FIT_REFUSED(LAPWING_ERR_ARGUMENT, "algorithm is -1", x, &options);
    options = valid, options.reserved = 1;
    FIT_REFUSED(LAPWING_ERR_ARGUMENT, "reserved is 1", x, &options);
    options = valid, options.leaf_size = -1;
    FIT_REFUSED(LAPWING_ERR_ARGUMENT, "leaf_size is -1", x, &options);
    FIT_REFUSED(LAPWING_ERR_ARGUMENT, "options is not aligned", x,
                (const lapwing_nearest_neighbors_options *)(const void *)((const char *)&valid + 1));

    /* A struct of another version is read as far as both know it. */
    struct {
        lapwing_nearest_neighbors_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown, .algorithm = LAPWING_NEIGHBORS_BRUTE}};
    static const size_t wrong[] = {0, 1, sizeof(size_t), sizeof grown.known - 1, 4097, SIZE_MAX};
    lapwing_nearest_neighbors *model = NULL;
    int32_t algorithm = -1;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_fit_f64(x, &grown.known, &model));
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_algorithm(model, &algorithm));
    CHECK(algorithm == LAPWING_NEIGHBORS_BRUTE);
    lapwing_nearest_neighbors_free(model), lapwing_nearest_neighbors_free(NULL);
    grown.later[15] = 1;
    FIT_REFUSED(LAPWING_ERR_ARGUMENT, "does not know", x, &grown.known);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        grown.known.struct_size = wrong[i];
        FIT_REFUSED(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_nearest_neighbors_options)", x, &grown.known);
    }

    lapwing_mat_f64 view = x;
    view.data = NULL;
    FIT_REFUSED(LAPWING_ERR_NULL, "x.data is NULL", view, NULL);
    view = x, view.rows = 0;
    FIT_REFUSED(LAPWING_ERR_SHAPE, "at least 1", view, NULL);
    view = x, view.cols = 0;
    FIT_REFUSED(LAPWING_ERR_SHAPE, "no features", view, NULL);
    view = x, view.cols = -2;
    FIT_REFUSED(LAPWING_ERR_SHAPE, "x has -2 columns", view, NULL);
    entries[3] = NAN;
    FIT_REFUSED(LAPWING_ERR_NON_FINITE, "x[1, 1]", x, NULL);
    entries[3] = 0;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_nearest_neighbors_fit_f64(x, NULL, NULL));
}

static void tables_are_checked(void) {
    lapwing_nearest_neighbors *model = NULL;
    int64_t indices[8] = {7, 7, 7, 7, 7, 7, 7, 7}, count = 7;
    int32_t algorithm = 7;
    double out[8] = {7, 7, 7, 7, 7, 7, 7, 7};
    lapwing_mat_mut_f64 distances = {out, 4, 2, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_nearest_neighbors_k_neighbors_f64(NULL, x, 2, indices, distances));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL",
                   lapwing_nearest_neighbors_k_neighbors_of_samples(NULL, 2, indices, distances));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_nearest_neighbors_n_samples(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_nearest_neighbors_n_features(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "model is NULL", lapwing_nearest_neighbors_algorithm(NULL, &algorithm));
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_fit_f64(x, NULL, &model));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_nearest_neighbors_n_samples(model, NULL));
    static const int64_t bad[] = {0, -1, 5, INT64_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; ++i)
        EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is",
                       lapwing_nearest_neighbors_k_neighbors_f64(model, x, bad[i], indices, unwanted));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is 4", lapwing_nearest_neighbors_k_neighbors_of_samples(model, 4, indices, unwanted));
    lapwing_mat_f64 narrow = x;
    narrow.cols = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "queries has 1 columns",
                   lapwing_nearest_neighbors_k_neighbors_f64(model, narrow, 2, indices, distances));
    distances.cols = 1;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "distances has 1 columns",
                   lapwing_nearest_neighbors_k_neighbors_f64(model, x, 2, indices, distances));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "distances has 1 columns",
                   lapwing_nearest_neighbors_k_neighbors_of_samples(model, 2, indices, distances));
    distances.cols = 2, distances.rows = 3;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "distances has 3 rows",
                   lapwing_nearest_neighbors_k_neighbors_f64(model, x, 2, indices, distances));
    distances.rows = 4, distances.row_stride = 0;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "two entries of distances",
                   lapwing_nearest_neighbors_k_neighbors_of_samples(model, 2, indices, distances));
    distances.row_stride = 2, distances.data = entries;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "distances overlaps queries",
                   lapwing_nearest_neighbors_k_neighbors_f64(model, x, 2, indices, distances));
    distances.data = out;
    entries[1] = INFINITY;
    EXPECT_MESSAGE(LAPWING_ERR_NON_FINITE, "queries[0, 1]",
                   lapwing_nearest_neighbors_k_neighbors_f64(model, x, 2, indices, distances));
    entries[1] = 1e200;
    EXPECT_MESSAGE(LAPWING_ERR_OVERFLOW, "distances",
                   lapwing_nearest_neighbors_k_neighbors_f64(model, x, 2, indices, distances));
    entries[1] = 0;
    const void *odd = (const char *)indices + 1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "indices is not aligned",
                   lapwing_nearest_neighbors_k_neighbors_of_samples(model, 1, (int64_t *)(uintptr_t)odd, unwanted));

    REFUSED(lapwing_radius_neighbors, LAPWING_ERR_NULL, "model is NULL",
            lapwing_nearest_neighbors_within_radius_f64(NULL, x, 1, &out));
    REFUSED(lapwing_radius_neighbors, LAPWING_ERR_ARGUMENT, "radius is -1",
            lapwing_nearest_neighbors_within_radius_f64(model, x, -1, &out));
    REFUSED(lapwing_radius_neighbors, LAPWING_ERR_ARGUMENT, "radius is NaN",
            lapwing_nearest_neighbors_within_radius_of_samples(model, NAN, &out));
    REFUSED(lapwing_radius_neighbors, LAPWING_ERR_SHAPE, "queries has 1 columns",
            lapwing_nearest_neighbors_within_radius_f64(model, narrow, 1, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_nearest_neighbors_within_radius_of_samples(model, 1, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "neighbors is NULL", lapwing_radius_neighbors_n_queries(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "neighbors is NULL", lapwing_radius_neighbors_indices(NULL, indices));
    lapwing_radius_neighbors *all = NULL;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_within_radius_of_samples(model, INFINITY, &all));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "offsets is NULL", lapwing_radius_neighbors_offsets(all, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "indices is NULL", lapwing_radius_neighbors_indices(all, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_radius_neighbors_distances(all, NULL));
    CHECK(count == 7 && algorithm == 7);
    EXPECT(LAPWING_OK, lapwing_radius_neighbors_n_neighbors(all, &count));
    CHECK(count == 12);
    lapwing_radius_neighbors_free(all), lapwing_radius_neighbors_free(NULL);
    for (int i = 0; i < 8; ++i) CHECK(out[i] == 7 && indices[i] == 7);

    /* No queries have no neighbours. */
    lapwing_mat_f64 none = x;
    none.rows = 0;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_k_neighbors_f64(model, none, 2, NULL, unwanted));
    lapwing_sparse_matrix_f64 *empty = NULL;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_k_neighbors_graph_f64(model, none, 2, 0, &empty));
    csr_is(empty, 0, 4, (const int32_t[]){0}, NULL, NULL);
    lapwing_sparse_matrix_free_f64(empty);
    lapwing_nearest_neighbors_free(model);
}

static void graphs_are_checked(void) {
    lapwing_nearest_neighbors *model = NULL;
    lapwing_csr_f64 view = {NULL, NULL, NULL, -1, -1};
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_fit_f64(x, NULL, &model));
#define GRAPH_REFUSED(status, text, call) REFUSED(lapwing_sparse_matrix_f64, status, text, call)
    GRAPH_REFUSED(LAPWING_ERR_NULL, "model is NULL", lapwing_nearest_neighbors_k_neighbors_graph_f64(NULL, x, 2, 0, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "k is 5", lapwing_nearest_neighbors_k_neighbors_graph_f64(model, x, 5, 0, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "edges is 2", lapwing_nearest_neighbors_k_neighbors_graph_f64(model, x, 2, 2, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "radius is -0.5", lapwing_nearest_neighbors_radius_graph_f64(model, x, -0.5, 0, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "edges is -1", lapwing_nearest_neighbors_radius_graph_f64(model, x, 1, -1, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "k is 4", lapwing_nearest_neighbors_k_neighbors_graph_of_samples(model, 4, 0, 0, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "k is -1", lapwing_nearest_neighbors_k_neighbors_graph_of_samples(model, -1, 0, 1, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "own is 2", lapwing_nearest_neighbors_k_neighbors_graph_of_samples(model, 2, 0, 2, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "own is -1", lapwing_nearest_neighbors_radius_graph_of_samples(model, 1, 0, -1, &out));
    GRAPH_REFUSED(LAPWING_ERR_ARGUMENT, "radius is NaN",
                  lapwing_nearest_neighbors_radius_graph_of_samples(model, NAN, 0, 0, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_nearest_neighbors_radius_graph_of_samples(model, 1, 0, 0, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "matrix is NULL", lapwing_sparse_matrix_view_f64(NULL, &view));
    CHECK(view.rows == -1);
    lapwing_sparse_matrix_f64 *graph = NULL;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_radius_graph_of_samples(model, 1, 0, 0, &graph));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_sparse_matrix_view_f64(graph, NULL));
    lapwing_sparse_matrix_free_f64(graph), lapwing_sparse_matrix_free_f64(NULL);
    lapwing_nearest_neighbors_free(model);
}

int main(void) {
    neighbors_f64();
    neighbors_f32();
    fits_are_checked();
    tables_are_checked();
    graphs_are_checked();
    return failures != 0;
}
