/* Graphs: spectra, cuts and resistances in closed form, and what is refused. */

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "check.h"

enum { NODES = 6, LARGER = 40, MOST = LARGER * LARGER };
static const double PI = 3.141592653589793;
static const int32_t KINDS[] = {LAPWING_LAPLACIAN_SYMMETRIC, LAPWING_LAPLACIAN_RANDOM_WALK,
                                LAPWING_LAPLACIAN_UNNORMALIZED};
static const lapwing_vec_f64 unweighted = {NULL, 0, 1};
static const lapwing_vec_mut_f64 no_vector = {NULL, 0, 1};
static const lapwing_mat_mut_f64 no_matrix = {NULL, 0, 0, 0, 0};
/* Never dereferenced: stands for "not written". */
static lapwing_graph *const unset = (lapwing_graph *)(void *)KINDS;

#define REFUSED(status, text, call)                                                                          \
    do {                                                                                                     \
        lapwing_graph *out = unset;                                                                          \
        EXPECT_MESSAGE(status, text, call);                                                                  \
        CHECK(out == unset);                                                                                 \
    } while (0)

/* LAPACK's threshold for an eigenvalue, of matrices with norms up to that of the largest here, twice LARGER. */
static int near(double found,
                double exact) { return fabs(found - exact) <= 60 * LARGER * DBL_EPSILON * fmax(1, exact); }

typedef enum { PATH, STAR, COMPLETE } shape;

static lapwing_graph *graph_of(shape shape, int64_t n) {
    int64_t edges[2 * MOST], count = 0;
    for (int64_t i = 0; i < n; ++i)
        for (int64_t j = i + 1; j < n; ++j)
            if (shape == COMPLETE || (shape == PATH && j == i + 1) || (shape == STAR && i == 0)) {
                const int reversed = count % 2; /* Either direction is the same edge. */
                edges[2 * count] = reversed ? j : i, edges[2 * count + 1] = reversed ? i : j;
                ++count;
            }
    lapwing_graph *graph = NULL;
    EXPECT(LAPWING_OK, lapwing_graph_from_edges(n, edges, count, unweighted, &graph));
    return graph;
}

/* The k-th eigenvalue, ascending. Random walks have those of the symmetric Laplacian. */
static double eigenvalue(shape shape, int32_t kind, int64_t n, int64_t k) {
    const int plain = kind == LAPWING_LAPLACIAN_UNNORMALIZED;
    if (k == 0) return 0;
    switch (shape) {
    case PATH:
        return plain ? 2 - 2 * cos(PI * (double)k / (double)n) : 1 - cos(PI * (double)k / (double)(n - 1));
    case STAR:
        return k < n - 1 ? 1 : plain ? (double)n : 2;
    default:
        return plain ? (double)n : (double)n / (double)(n - 1);
    }
}

/* Every pair solves the Laplacian that the library hands out, and vectors are orthonormal, by random walk as v' D v = 1. LOBPCG
 * stops at residuals of the root of the roundoff, relative to the norm of 4: eigenvalues then have all their digits. */
static void spectrum_is_known(shape shape, int64_t n, int64_t k, int32_t kind, int32_t solver) {
    lapwing_graph *graph = graph_of(shape, n);
    const lapwing_laplacian_eigen_options options = {.struct_size = sizeof options, .laplacian = kind,
                                                     .eigen_solver = solver};
    lapwing_sparse_matrix_f64 *laplacian = NULL;
    lapwing_csr_f64 rows;
    lapwing_vec_f64 degrees;
    double w[LARGER], v[MOST], product[MOST], residuals[LARGER];
    const lapwing_vec_mut_f64 values = {w + k - 1, k, -1}, norms = {residuals, k, 1};
    EXPECT(LAPWING_OK,
           lapwing_graph_laplacian_eigen(graph, k, &options, values, (lapwing_mat_mut_f64){v, n, k, k, 1}, norms));
    EXPECT(LAPWING_OK, lapwing_graph_laplacian(graph, kind, &laplacian));
    EXPECT(LAPWING_OK, lapwing_sparse_matrix_view_f64(laplacian, &rows));
    EXPECT(LAPWING_OK, lapwing_graph_degrees(graph, &degrees));
    EXPECT(LAPWING_OK, lapwing_sparse_multiply_f64(rows, LAPWING_AS_GIVEN, (lapwing_mat_f64){v, n, k, k, 1},
                                                   (lapwing_mat_mut_f64){product, n, k, k, 1}));
    for (int64_t j = 0; j < k; ++j) {
        const double value = w[k - 1 - j];
        CHECK(near(value, eigenvalue(shape, kind, n, j)) && (j > 0 || value == 0));
        const double rest = solver == LAPWING_EIGEN_SOLVER_LOBPCG ? 4 * sqrt(DBL_EPSILON) : 60 * LARGER * DBL_EPSILON;
        CHECK(residuals[j] >= 0 && residuals[j] <= rest);
        double largest = 0, smallest = 0;
        for (int64_t i = 0; i < n; ++i) {
            CHECK(fabs(product[i * k + j] - value * v[i * k + j]) <= rest);
            largest = fmax(largest, v[i * k + j]), smallest = fmin(smallest, v[i * k + j]);
        }
        CHECK(largest >= -smallest * (1 - 1e-9)); /* Where two entries tie, rounding decides. */
        for (int64_t other = 0; other <= j; ++other) {
            double inner = 0;
            for (int64_t i = 0; i < n; ++i) {
                const double weight = kind == LAPWING_LAPLACIAN_RANDOM_WALK ? degrees.data[i * degrees.stride] : 1;
                inner += weight * v[i * k + j] * v[i * k + other];
            }
            CHECK(near(inner, other == j));
        }
    }
    lapwing_sparse_matrix_free_f64(laplacian), lapwing_graph_free(graph);
}

static void spectra(void) {
    for (int i = 0; i < 3; ++i) {
        spectrum_is_known(PATH, NODES, NODES, KINDS[i], LAPWING_EIGEN_SOLVER_AUTO);
        spectrum_is_known(STAR, NODES, NODES, KINDS[i], LAPWING_EIGEN_SOLVER_DENSE);
        spectrum_is_known(COMPLETE, NODES, NODES, KINDS[i], LAPWING_EIGEN_SOLVER_AUTO);
        spectrum_is_known(COMPLETE, NODES, 1, KINDS[i], LAPWING_EIGEN_SOLVER_AUTO);
    }
    for (int32_t solver = LAPWING_EIGEN_SOLVER_AUTO; solver <= LAPWING_EIGEN_SOLVER_LOBPCG; ++solver)
        spectrum_is_known(PATH, LARGER, 3, LAPWING_LAPLACIAN_UNNORMALIZED, solver);
}

/* The path's Fiedler vector is a cosine, which changes its sign in the middle. */
static void paths_are_cut_in_the_middle(void) {
    lapwing_graph *graph = graph_of(PATH, NODES);
    for (int i = 0; i < 3; ++i)
        for (int32_t bisection = LAPWING_BISECTION_SIGN; bisection <= LAPWING_BISECTION_MEDIAN; ++bisection) {
            double value = 0, vector[2 * NODES], connectivity = 0;
            int64_t labels[NODES] = {7, 7, 7, 7, 7, 7};
            EXPECT(LAPWING_OK, lapwing_graph_fiedler(graph, KINDS[i], bisection, &value,
                                                     (lapwing_vec_mut_f64){vector, NODES, 2}, labels));
            CHECK(near(value, eigenvalue(PATH, KINDS[i], NODES, 1)));
            const int plain = KINDS[i] == LAPWING_LAPLACIAN_UNNORMALIZED;
            const double sign = vector[0] > 0 ? 1 : -1;
            for (int j = 0; j < NODES; ++j) {
                CHECK(labels[j] == j / (NODES / 2));
                if (plain) CHECK(near(sign * vector[2 * j] / sqrt(2.0 / NODES) + 1, cos(PI * (j + 0.5) / NODES) + 1));
            }
            EXPECT(LAPWING_OK, lapwing_graph_algebraic_connectivity(graph, &connectivity));
            CHECK(near(connectivity, eigenvalue(PATH, LAPWING_LAPLACIAN_UNNORMALIZED, NODES, 1)));
            CHECK(!plain || connectivity == value);
        }
    /* Nothing need be wanted. */
    EXPECT(LAPWING_OK, lapwing_graph_fiedler(graph, 0, 0, NULL, no_vector, NULL));
    lapwing_graph_free(graph);
}

/* Resistances in series add up; between two nodes of a complete graph there is 2 / n, and along a star one for each step. */
static void resistances_are_known(void) {
    static const int64_t pairs[] = {0, 5, 2, 3, 4, 4, 5, 1};
    static const double expected[3][4] = {{5, 1, 0, 4}, {1, 2, 0, 2}, {1.0 / 3, 1.0 / 3, 0, 1.0 / 3}};
    for (int i = 0; i < 3; ++i) {
        lapwing_graph *graph = graph_of((shape)i, NODES);
        double resistances[7];
        EXPECT(LAPWING_OK,
               lapwing_graph_effective_resistances(graph, pairs, 4, (lapwing_vec_mut_f64){resistances + 6, 4, -2}));
        for (int j = 0; j < 4; ++j) CHECK(near(resistances[6 - 2 * j], expected[i][j]));
        EXPECT(LAPWING_OK, lapwing_graph_effective_resistances(graph, NULL, 0, no_vector));
        lapwing_graph_free(graph);
    }
    /* Two resistors of 1/2 and 1/3 beside one of 1/4, as conductances; the last is given in two parts. */
    static const int64_t edges[] = {0, 1, 2, 1, 0, 2, 2, 0}, pair[] = {0, 2};
    static const double weights[] = {2, 0, 3, 0, 1, 0, 3, 0};
    lapwing_graph *graph = NULL;
    double resistance = 0;
    int64_t count = 0;
    lapwing_vec_f64 degrees;
    EXPECT(LAPWING_OK, lapwing_graph_from_edges(3, edges, 4, (lapwing_vec_f64){weights, 4, 2}, &graph));
    EXPECT(LAPWING_OK, lapwing_graph_edge_count(graph, &count));
    EXPECT(LAPWING_OK, lapwing_graph_degrees(graph, &degrees));
    CHECK(count == 3 && degrees.len == 3 && degrees.data[0] == 6 && degrees.data[degrees.stride] == 5);
    EXPECT(LAPWING_OK, lapwing_graph_effective_resistances(graph, pair, 1, (lapwing_vec_mut_f64){&resistance, 1, 1}));
    CHECK(near(resistance, 1 / (4 + 1 / (1.0 / 2 + 1.0 / 3))));
    lapwing_graph_free(graph);
}

/* Two triangles without an edge between them, and a node by itself; a loop counts nowhere. */
static void components_fall_apart(void) {
    static const int64_t edges[] = {0, 2, 2, 4, 4, 0, 1, 3, 3, 5, 5, 1, 2, 2}, pairs[] = {0, 1, 6, 0};
    lapwing_graph *graph = NULL;
    int64_t labels[7], count = 0, nodes = 0;
    double w[7], resistances[2], value = 7, vector[7] = {7, 7, 7, 7, 7, 7, 7};
    EXPECT(LAPWING_OK, lapwing_graph_from_edges(7, edges, 7, unweighted, &graph));
    EXPECT(LAPWING_OK, lapwing_graph_connected_components(graph, labels, &count));
    EXPECT(LAPWING_OK, lapwing_graph_node_count(graph, &nodes));
    CHECK(count == 3 && nodes == 7);
    for (int i = 0; i < 7; ++i) CHECK(labels[i] == (i == 6 ? 2 : i % 2));
    EXPECT(LAPWING_OK, lapwing_graph_connected_components(graph, NULL, &count));
    EXPECT(LAPWING_OK, lapwing_graph_edge_count(graph, &count));
    CHECK(count == 6);
    const lapwing_laplacian_eigen_options options = {.struct_size = sizeof options,
                                                     .laplacian = LAPWING_LAPLACIAN_UNNORMALIZED};
    EXPECT(LAPWING_OK,
           lapwing_graph_laplacian_eigen(graph, 7, &options, (lapwing_vec_mut_f64){w, 7, 1}, no_matrix, no_vector));
    for (int i = 0; i < 7; ++i) CHECK(i < 3 ? w[i] == 0 : near(w[i], 3));
    EXPECT(LAPWING_OK, lapwing_graph_effective_resistances(graph, pairs, 2, (lapwing_vec_mut_f64){resistances, 2, 1}));
    CHECK(isinf(resistances[0]) && isinf(resistances[1]));
    EXPECT_MESSAGE(LAPWING_ERR_DOES_NOT_EXIST, "3 connected components",
                   lapwing_graph_fiedler(graph, 0, 0, &value, (lapwing_vec_mut_f64){vector, 7, 1}, labels));
    CHECK(value == 7 && vector[0] == 7 && vector[6] == 7 && labels[6] == 2);
    EXPECT(LAPWING_OK, lapwing_graph_algebraic_connectivity(graph, &value));
    CHECK(value == 0);
    lapwing_graph_free(graph), lapwing_graph_free(NULL);

    /* No nodes, and one. */
    EXPECT(LAPWING_OK, lapwing_graph_from_edges(0, NULL, 0, unweighted, &graph));
    EXPECT(LAPWING_OK, lapwing_graph_connected_components(graph, NULL, &count));
    EXPECT(LAPWING_OK, lapwing_graph_algebraic_connectivity(graph, &value));
    CHECK(count == 0 && value == 0);
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "at least 2", lapwing_graph_fiedler(graph, 0, 0, &value, no_vector, NULL));
    lapwing_graph_free(graph);
    EXPECT(LAPWING_OK, lapwing_graph_from_edges(1, NULL, 0, unweighted, &graph));
    EXPECT(LAPWING_OK, lapwing_graph_algebraic_connectivity(graph, &value));
    CHECK(value == 0);
    lapwing_graph_free(graph);
}

/* The same graph from a matrix, dense or in compressed rows, of which the adjacency matrix comes back. */
static void matrices_are_graphs(void) {
    static double dense[] = {2, 3, 0, 3, 0, 0.5, 0, 0.5, 0};
    static const float single[] = {2, 3, 0, 3, 0, 0.5F, 0, 0.5F, 0};
    static double values[] = {2, 3, 3, 0.5, 0.5, 0};
    static const int32_t columns[] = {0, 1, 0, 2, 1, 2}, starts[] = {0, 2, 4, 6};
    const lapwing_mat_f64 matrix = {dense, 3, 3, 1, 3};
    const lapwing_csr_f64 rows = {values, columns, starts, 3, 3};
    for (int i = 0; i < 3; ++i) {
        lapwing_graph *graph = NULL;
        lapwing_sparse_matrix_f64 *adjacency = NULL;
        lapwing_vec_f64 degrees;
        lapwing_csr_f64 view;
        if (i == 0) EXPECT(LAPWING_OK, lapwing_graph_from_adjacency_f64(matrix, &graph));
        if (i == 1) EXPECT(LAPWING_OK, lapwing_graph_from_adjacency_f32((lapwing_mat_f32){single, 3, 3, 3, 1}, &graph));
        if (i == 2) EXPECT(LAPWING_OK, lapwing_graph_from_csr_f64(rows, &graph));
        EXPECT(LAPWING_OK, lapwing_graph_degrees(graph, &degrees));
        CHECK(degrees.data[0] == 3 && degrees.data[degrees.stride] == 3.5 && degrees.data[2 * degrees.stride] == 0.5);
        EXPECT(LAPWING_OK, lapwing_graph_adjacency(graph, &adjacency));
        EXPECT(LAPWING_OK, lapwing_sparse_matrix_view_f64(adjacency, &view));
        /* Without the zero that was stored. */
        CHECK(view.rows == 3 && view.cols == 3 && view.row_starts[3] == 5);
        CHECK(memcmp(view.columns, columns, 5 * sizeof *columns) == 0);
        CHECK(memcmp(view.values, values, 5 * sizeof *values) == 0);
        lapwing_sparse_matrix_free_f64(adjacency), lapwing_graph_free(graph);
    }

    dense[1] = 4;
    REFUSED(LAPWING_ERR_NOT_SYMMETRIC, "adjacency is not symmetric", lapwing_graph_from_adjacency_f64(matrix, &out));
    dense[1] = dense[3] = -3;
    REFUSED(LAPWING_ERR_ARGUMENT, "adjacency[1, 0] is -3", lapwing_graph_from_adjacency_f64(matrix, &out));
    dense[1] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "adjacency[1, 0]", lapwing_graph_from_adjacency_f64(matrix, &out));
    REFUSED(LAPWING_ERR_SHAPE, "adjacency is 2 x 3",
            lapwing_graph_from_adjacency_f64((lapwing_mat_f64){dense, 2, 3, 3, 1}, &out));
    REFUSED(LAPWING_ERR_NULL, "adjacency.data is NULL",
            lapwing_graph_from_adjacency_f64((lapwing_mat_f64){NULL, 3, 3, 3, 1}, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_graph_from_adjacency_f64(matrix, NULL));
    values[1] = 4;
    REFUSED(LAPWING_ERR_NOT_SYMMETRIC, "adjacency is not symmetric", lapwing_graph_from_csr_f64(rows, &out));
    values[1] = values[2] = -1;
    REFUSED(LAPWING_ERR_ARGUMENT, "adjacency[0, 1] is -1", lapwing_graph_from_csr_f64(rows, &out));
    values[1] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "adjacency[0, 1]", lapwing_graph_from_csr_f64(rows, &out));
    values[1] = values[2] = 3;
    lapwing_csr_f64 wrong = rows;
    wrong.cols = 4;
    REFUSED(LAPWING_ERR_SHAPE, "adjacency is 3 x 4", lapwing_graph_from_csr_f64(wrong, &out));
    static const int32_t outside[] = {0, 1, 0, 2, 1, 3};
    wrong = rows, wrong.columns = outside;
    REFUSED(LAPWING_ERR_ARGUMENT, "adjacency.columns", lapwing_graph_from_csr_f64(wrong, &out));
    wrong = rows, wrong.values = NULL;
    REFUSED(LAPWING_ERR_NULL, "adjacency.values is NULL", lapwing_graph_from_csr_f64(wrong, &out));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_graph_from_csr_f64(rows, NULL));
}

static void edges_are_checked(void) {
    static int64_t edges[] = {0, 1, 1, 2};
    static double weights[] = {1, 1};
    lapwing_vec_f64 two = {weights, 2, 1};
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_graph_from_edges(3, edges, 2, two, NULL));
    REFUSED(LAPWING_ERR_NULL, "edges is NULL", lapwing_graph_from_edges(3, NULL, 2, two, &out));
    REFUSED(LAPWING_ERR_ARGUMENT, "n_nodes is -1", lapwing_graph_from_edges(-1, edges, 2, two, &out));
    REFUSED(LAPWING_ERR_ARGUMENT, "n_edges is -1", lapwing_graph_from_edges(3, edges, -1, two, &out));
    REFUSED(LAPWING_ERR_TOO_LARGE, "n_nodes is 2147483647", lapwing_graph_from_edges(INT32_MAX, edges, 2, two, &out));
    REFUSED(LAPWING_ERR_TOO_LARGE, "edges reaches", lapwing_graph_from_edges(3, edges, INT64_MAX, two, &out));
    REFUSED(LAPWING_ERR_ARGUMENT, "edges[3], of pair 1, is 2", lapwing_graph_from_edges(2, edges, 2, two, &out));
    edges[2] = -1;
    REFUSED(LAPWING_ERR_ARGUMENT, "edges[2], of pair 1, is -1", lapwing_graph_from_edges(3, edges, 2, two, &out));
    edges[2] = 1, two.len = 3;
    REFUSED(LAPWING_ERR_SHAPE, "weights has 3 entries", lapwing_graph_from_edges(3, edges, 2, two, &out));
    two.len = 2, weights[1] = -0.5;
    REFUSED(LAPWING_ERR_ARGUMENT, "edge 1 (counted from 0), from 1 to 2",
            lapwing_graph_from_edges(3, edges, 2, two, &out));
    weights[1] = NAN;
    REFUSED(LAPWING_ERR_NON_FINITE, "edge 1", lapwing_graph_from_edges(3, edges, 2, two, &out));
    weights[1] = INFINITY;
    REFUSED(LAPWING_ERR_NON_FINITE, "edge 1", lapwing_graph_from_edges(3, edges, 2, two, &out));
    weights[0] = weights[1] = DBL_MAX;
    REFUSED(LAPWING_ERR_OVERFLOW, "weights of a node", lapwing_graph_from_edges(3, edges, 2, two, &out));
}

static void answers_are_checked(void) {
    lapwing_graph *graph = graph_of(PATH, 3);
    double w[3] = {7, 7, 7}, v[9] = {7, 7, 7, 7}, value = 7;
    int64_t pairs[] = {0, 3}, labels[3] = {7, 7, 7}, count = 7;
    lapwing_vec_f64 degrees;
    lapwing_vec_mut_f64 values = {w, 3, 1};
    lapwing_mat_mut_f64 vectors = {v, 3, 3, 3, 1};
    lapwing_sparse_matrix_f64 *const nothing = (lapwing_sparse_matrix_f64 *)(void *)w, *matrix = nothing;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_node_count(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_edge_count(NULL, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_degrees(NULL, &degrees));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_adjacency(NULL, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_laplacian(NULL, 0, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_connected_components(NULL, labels, &count));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL",
                   lapwing_graph_laplacian_eigen(NULL, 3, NULL, values, vectors, no_vector));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_algebraic_connectivity(NULL, &value));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_fiedler(NULL, 0, 0, &value, values, labels));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "graph is NULL", lapwing_graph_effective_resistances(NULL, pairs, 1, values));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_graph_node_count(graph, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "value is NULL", lapwing_graph_algebraic_connectivity(graph, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "view is NULL", lapwing_graph_degrees(graph, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "out is NULL", lapwing_graph_adjacency(graph, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "count is NULL", lapwing_graph_connected_components(graph, labels, NULL));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "laplacian is 3", lapwing_graph_laplacian(graph, 3, &matrix));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "laplacian is -1",
                   lapwing_graph_fiedler(graph, -1, 0, &value, values, labels));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "bisection is 2", lapwing_graph_fiedler(graph, 0, 2, &value, values, labels));
    values.len = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "vector has 2 entries",
                   lapwing_graph_fiedler(graph, 0, 0, &value, values, labels));
    values.len = 1;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "pairs[1], of pair 0, is 3",
                   lapwing_graph_effective_resistances(graph, pairs, 1, values));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "n_pairs is -1",
                   lapwing_graph_effective_resistances(graph, pairs, -1, values));
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "pairs is NULL", lapwing_graph_effective_resistances(graph, NULL, 1, values));
    pairs[1] = 2, values.len = 2;
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "resistances has 2 entries",
                   lapwing_graph_effective_resistances(graph, pairs, 1, values));
    values.len = 1, values.data = (double *)(void *)pairs;
    EXPECT_MESSAGE(LAPWING_ERR_ALIAS, "resistances overlaps pairs",
                   lapwing_graph_effective_resistances(graph, pairs, 1, values));
    values.data = NULL;
    EXPECT_MESSAGE(LAPWING_ERR_NULL, "resistances.data is NULL",
                   lapwing_graph_effective_resistances(graph, pairs, 1, values));

    /* The options of the spectrum, and its outputs. */
    const lapwing_laplacian_eigen_options valid = {.struct_size = sizeof valid};
    lapwing_laplacian_eigen_options options;
    values.data = w, values.len = 0;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is 0",
                   lapwing_graph_laplacian_eigen(graph, 0, NULL, values, no_matrix, no_vector));
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is -1",
                   lapwing_graph_laplacian_eigen(graph, -1, NULL, values, no_matrix, no_vector));
    EXPECT_MESSAGE(LAPWING_ERR_SHAPE, "w has 0 entries",
                   lapwing_graph_laplacian_eigen(graph, INT64_MAX, NULL, values, no_matrix, no_vector));
    values.len = 4, values.data = v;
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "k is 4",
                   lapwing_graph_laplacian_eigen(graph, 4, NULL, values, no_matrix, no_vector));
    values.data = w, values.len = 3;
#define EIGEN_REFUSED(status, text)                                                                                   \
    EXPECT_MESSAGE(status, text, lapwing_graph_laplacian_eigen(graph, 3, &options, values, vectors, no_vector))
    options = valid, options.laplacian = 3;
    EIGEN_REFUSED(LAPWING_ERR_ARGUMENT, "laplacian is 3");
    options = valid, options.eigen_solver = 5;
    EIGEN_REFUSED(LAPWING_ERR_ARGUMENT, "eigen_solver is 5");
    options = valid, options.max_iterations = -1;
    EIGEN_REFUSED(LAPWING_ERR_ARGUMENT, "max_iterations is -1");
    options = valid, options.tolerance = NAN;
    EIGEN_REFUSED(LAPWING_ERR_ARGUMENT, "tolerance is NaN");
    options = valid, vectors.cols = 2;
    EIGEN_REFUSED(LAPWING_ERR_SHAPE, "v has 2 columns");
    vectors.cols = 3, vectors.data = w;
    EIGEN_REFUSED(LAPWING_ERR_ALIAS, "v overlaps w");
    vectors.data = v, values.stride = 0;
    EIGEN_REFUSED(LAPWING_ERR_ALIAS, "two entries of w");
    values.stride = 1, values.data = NULL;
    EIGEN_REFUSED(LAPWING_ERR_NULL, "w.data is NULL");
    values.data = w;
    struct {
        lapwing_laplacian_eigen_options known;
        char later[16];
    } grown = {.known = {.struct_size = sizeof grown}, .later = {0, 1}};
    static const size_t wrong[] = {0, 1, sizeof(size_t), sizeof grown.known - 1, 4097, SIZE_MAX};
    EXPECT_MESSAGE(LAPWING_ERR_ARGUMENT, "does not know",
                   lapwing_graph_laplacian_eigen(graph, 3, &grown.known, values, vectors, no_vector));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        options = valid, options.struct_size = wrong[i];
        EIGEN_REFUSED(LAPWING_ERR_ARGUMENT, "sizeof(lapwing_laplacian_eigen_options)");
    }
    CHECK(w[0] == 7 && w[2] == 7 && v[0] == 7 && v[8] == 0 && value == 7);
    CHECK(count == 7 && labels[0] == 7 && matrix == nothing);
    grown.later[1] = 0;
    EXPECT(LAPWING_OK, lapwing_graph_laplacian_eigen(graph, 3, &grown.known, values, vectors, no_vector));
    CHECK(w[0] == 0);
    lapwing_graph_free(graph);
}

/* From points to their graph to its components, with no copy by hand in between. */
static void neighbors_become_a_graph(void) {
    static const double points[] = {0, 1, 2, 10, 11};
    lapwing_nearest_neighbors *model = NULL;
    lapwing_sparse_matrix_f64 *near_ones = NULL;
    lapwing_csr_f64 view;
    lapwing_graph *graph = NULL;
    int64_t labels[5], count = 0;
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_fit_f64((lapwing_mat_f64){points, 5, 1, 1, 1}, NULL, &model));
    EXPECT(LAPWING_OK, lapwing_nearest_neighbors_radius_graph_of_samples(model, 1.5, LAPWING_EDGES_CONNECTIVITY,
                                                                         LAPWING_OWN_NEIGHBOR_EXCLUDED, &near_ones));
    EXPECT(LAPWING_OK, lapwing_sparse_matrix_view_f64(near_ones, &view));
    EXPECT(LAPWING_OK, lapwing_graph_from_csr_f64(view, &graph));
    EXPECT(LAPWING_OK, lapwing_graph_connected_components(graph, labels, &count));
    CHECK(count == 2 && labels[0] == 0 && labels[2] == 0 && labels[3] == 1 && labels[4] == 1);
    lapwing_graph_free(graph), lapwing_sparse_matrix_free_f64(near_ones), lapwing_nearest_neighbors_free(model);
}

int main(void) {
    spectra();
    paths_are_cut_in_the_middle();
    resistances_are_known();
    components_fall_apart();
    matrices_are_graphs();
    edges_are_checked();
    answers_are_checked();
    neighbors_become_a_graph();
    return failures != 0;
}
