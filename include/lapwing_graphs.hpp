/* The part of lapwing_clusters.hpp that has nearest neighbours and graphs. Included by it.
 *
 *   const lapwing::NearestNeighbors neighbors(x);
 *   const auto nearest = neighbors.k_neighbors(queries, 5);
 *   const lapwing::Graph graph(neighbors.radius_graph(0.5));
 *   const auto parts = graph.connected_components();
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_GRAPHS_HPP
#define LAPWING_GRAPHS_HPP

#include <array>

namespace lapwing {

/** A sparse matrix that a function made, and that goes wherever a view of compressed rows does. Immutable, and movable but
 *  not copyable; views last as long as the matrix does. */
class SparseMatrix {
public:
    /** Owns what a function of lapwing.h handed out. */
    explicit SparseMatrix(lapwing_sparse_matrix_f64 *handed_out) noexcept : matrix_(handed_out) {}

    ConstSparseView<double> view() const {
        const auto rows = detail::read<lapwing_csr_f64>(lapwing_sparse_matrix_view_f64, get());
        return {rows.values, rows.columns, rows.row_starts, rows.rows, rows.cols};
    }
    operator ConstSparseView<double>() const { return view(); }

    /** The matrix for the functions of lapwing.h; still owned by this object. */
    const lapwing_sparse_matrix_f64 *get() const noexcept { return matrix_.get(); }

private:
    std::unique_ptr<lapwing_sparse_matrix_f64, detail::Free<lapwing_sparse_matrix_f64, lapwing_sparse_matrix_free_f64>>
        matrix_;
};

/** How neighbours are searched for; the answers are the same. */
enum class NeighborAlgorithm : std::int32_t {
    automatic = LAPWING_NEIGHBORS_AUTO,
    kd_tree = LAPWING_NEIGHBORS_KD_TREE,
    brute = LAPWING_NEIGHBORS_BRUTE,
};

/** What the edges of a graph of neighbours weigh: 1, or the distance. */
enum class EdgeWeights : std::int32_t {
    connectivity = LAPWING_EDGES_CONNECTIVITY,
    distance = LAPWING_EDGES_DISTANCE,
};

/** Whether a sample is among its own neighbours. */
enum class OwnNeighbor : std::int32_t {
    excluded = LAPWING_OWN_NEIGHBOR_EXCLUDED,
    included = LAPWING_OWN_NEIGHBOR_INCLUDED,
};

/** The k nearest samples of each of m queries, nearest first. */
struct Neighbors {
    /** Sample numbers, the k of one query after those of the other. */
    std::vector<std::int64_t> indices;
    /** m x k. */
    Matrix<double> distances;
};

/** The samples within a radius of each query, nearest first: those of query i are from offsets[i] up to but not including
 *  offsets[i + 1]. */
struct RadiusNeighbors {
    std::vector<std::int64_t> offsets, indices;
    std::vector<double> distances;
};

/** Samples, prepared for searches by rows of either precision. Immutable, and movable but not copyable. */
class NearestNeighbors {
    using model = lapwing_nearest_neighbors;

public:
    /** Prepares the rows of x (n x p); see lapwing_nearest_neighbors_fit_f64. */
    explicit NearestNeighbors(ConstMatrixView<double> x, NeighborAlgorithm algorithm = NeighborAlgorithm::automatic,
                              std::int64_t leaf_size = 30)
        : NearestNeighbors(fitted(x, algorithm, leaf_size)) {}
    /** Of samples in single precision. */
    explicit NearestNeighbors(ConstMatrixView<float> x, NeighborAlgorithm algorithm = NeighborAlgorithm::automatic,
                              std::int64_t leaf_size = 30)
        : NearestNeighbors(fitted(x, algorithm, leaf_size)) {}

    std::int64_t n_samples() const { return detail::read<std::int64_t>(lapwing_nearest_neighbors_n_samples, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(lapwing_nearest_neighbors_n_features, get()); }
    NeighborAlgorithm algorithm() const {
        return NeighborAlgorithm{detail::read<std::int32_t>(lapwing_nearest_neighbors_algorithm, get())};
    }

    /** The k nearest samples of each row of queries (m x p). */
    Neighbors k_neighbors(ConstMatrixView<double> queries, std::int64_t k) const { return nearest(queries, k); }
    Neighbors k_neighbors(ConstMatrixView<float> queries, std::int64_t k) const { return nearest(queries, k); }
    /** The k nearest other samples of each sample. */
    Neighbors k_neighbors(std::int64_t k) const {
        return tables(n_samples(), k, lapwing_nearest_neighbors_k_neighbors_of_samples, get());
    }
    /** The samples within a radius of each row of queries, those at the radius too. */
    RadiusNeighbors within_radius(ConstMatrixView<double> queries, double radius) const {
        return read(lapwing_nearest_neighbors_within_radius_f64, get(), detail::input(queries), radius);
    }
    RadiusNeighbors within_radius(ConstMatrixView<float> queries, double radius) const {
        return read(lapwing_nearest_neighbors_within_radius_f32, get(), detail::input(queries), radius);
    }
    /** The other samples within a radius of each sample. */
    RadiusNeighbors within_radius(double radius) const {
        return read(lapwing_nearest_neighbors_within_radius_of_samples, get(), radius);
    }

    /** The graph (m x n) from each row of queries to its k nearest samples. */
    template <class T>
    SparseMatrix k_neighbors_graph(ConstMatrixView<T> queries, std::int64_t k,
                                   EdgeWeights edges = EdgeWeights::connectivity) const {
        return graph(detail::clusters_api<T>::neighbors_k_neighbors_graph, get(), detail::input(queries), k,
                     static_cast<std::int32_t>(edges));
    }
    /** The graph (n x n) from each sample to its k nearest. Not symmetric. */
    SparseMatrix k_neighbors_graph(std::int64_t k, EdgeWeights edges = EdgeWeights::connectivity,
                                   OwnNeighbor own = OwnNeighbor::excluded) const {
        return graph(lapwing_nearest_neighbors_k_neighbors_graph_of_samples, get(), k, static_cast<std::int32_t>(edges),
                     static_cast<std::int32_t>(own));
    }
    /** The graph (m x n) from each row of queries to the samples within a radius. */
    template <class T>
    SparseMatrix radius_graph(ConstMatrixView<T> queries, double radius,
                              EdgeWeights edges = EdgeWeights::connectivity) const {
        return graph(detail::clusters_api<T>::neighbors_radius_graph, get(), detail::input(queries), radius,
                     static_cast<std::int32_t>(edges));
    }
    /** The graph (n x n) from each sample to those within a radius: symmetric. */
    SparseMatrix radius_graph(double radius, EdgeWeights edges = EdgeWeights::connectivity,
                              OwnNeighbor own = OwnNeighbor::excluded) const {
        return graph(lapwing_nearest_neighbors_radius_graph_of_samples, get(), radius, static_cast<std::int32_t>(edges),
                     static_cast<std::int32_t>(own));
    }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit NearestNeighbors(model *handed_out) noexcept : model_(handed_out) {}
    template <class T>
    static model *fitted(ConstMatrixView<T> x, NeighborAlgorithm algorithm, std::int64_t leaf_size) {
        lapwing_nearest_neighbors_options plain{};
        plain.struct_size = sizeof plain;
        plain.algorithm = static_cast<std::int32_t>(algorithm);
        plain.leaf_size = leaf_size;
        return detail::made<model>(detail::clusters_api<T>::neighbors_fit, detail::input(x), &plain);
    }
    template <class T>
    Neighbors nearest(ConstMatrixView<T> queries, std::int64_t k) const {
        return tables(queries.rows, k, detail::clusters_api<T>::neighbors_k_neighbors, get(), detail::input(queries));
    }
    template <class Function, class... Arguments>
    static Neighbors tables(std::int64_t rows, std::int64_t k, Function function, Arguments... arguments) {
        Neighbors found{{}, Matrix<double>(detail::extent(rows), detail::extent(k))};
        found.indices.resize(static_cast<std::size_t>(found.distances.rows() * found.distances.cols()));
        detail::check(function(arguments..., k, found.indices.data(), detail::output(found.distances)));
        return found;
    }
    template <class Function, class... Arguments>
    static RadiusNeighbors read(Function function, Arguments... arguments) {
        using result = lapwing_radius_neighbors;
        const std::unique_ptr<result, detail::Free<result, lapwing_radius_neighbors_free>> found(
            detail::made<result>(function, arguments...));
        const auto queries = detail::read<std::int64_t>(lapwing_radius_neighbors_n_queries, found.get());
        const auto count = detail::read<std::int64_t>(lapwing_radius_neighbors_n_neighbors, found.get());
        RadiusNeighbors neighbors{
            detail::entries<std::int64_t>(queries + 1), detail::entries<std::int64_t>(count),
            detail::read_vector<double>(lapwing_radius_neighbors_distances, found.get()).to_vector()};
        detail::check(lapwing_radius_neighbors_offsets(found.get(), neighbors.offsets.data()));
        detail::check(lapwing_radius_neighbors_indices(found.get(), neighbors.indices.data()));
        return neighbors;
    }
    template <class Function, class... Arguments>
    static SparseMatrix graph(Function function, Arguments... arguments) {
        return SparseMatrix(detail::made<lapwing_sparse_matrix_f64>(function, arguments...));
    }

    std::unique_ptr<model, detail::Free<model, lapwing_nearest_neighbors_free>> model_;
};

/** Which Laplacian of a graph with adjacency matrix W and degrees D. */
enum class LaplacianKind : std::int32_t {
    /** I - D^(-1/2) W D^(-1/2). */
    symmetric = LAPWING_LAPLACIAN_SYMMETRIC,
    /** I - D^(-1) W. */
    random_walk = LAPWING_LAPLACIAN_RANDOM_WALK,
    /** D - W. */
    unnormalized = LAPWING_LAPLACIAN_UNNORMALIZED,
};

/** How the smallest eigenvalues of a Laplacian are found. */
enum class EigenSolver : std::int32_t {
    automatic = LAPWING_EIGEN_SOLVER_AUTO,
    dense = LAPWING_EIGEN_SOLVER_DENSE,
    lanczos = LAPWING_EIGEN_SOLVER_LANCZOS,
    shift_invert = LAPWING_EIGEN_SOLVER_SHIFT_INVERT,
    lobpcg = LAPWING_EIGEN_SOLVER_LOBPCG,
};

/** Where a graph is cut in two by its Fiedler vector: by the sign of its entries, or into halves. */
enum class Bisection : std::int32_t { sign = LAPWING_BISECTION_SIGN, median = LAPWING_BISECTION_MEDIAN };

/** The options of the spectrum of a Laplacian; see lapwing_laplacian_eigen_options. */
struct LaplacianEigenOptions {
    LaplacianKind laplacian = LaplacianKind::symmetric;
    EigenSolver eigen_solver = EigenSolver::automatic;
    std::int64_t max_iterations = 2000;
    /** 0 for the least that is attainable. */
    double tolerance = 0.0;
    std::uint64_t seed = 0;
};

/** The second smallest eigenvalue of a Laplacian, its eigenvector, and the side of each node: 0 on that of the first. */
struct Fiedler {
    double value;
    std::vector<double> vector;
    std::vector<std::int64_t> labels;
};

/** The component of each node, and how many there are. */
struct ConnectedComponents {
    std::vector<std::int64_t> labels;
    std::int64_t count;
};

/** An undirected graph with positive weights. Immutable, and movable but not copyable; views last as long as it does. */
class Graph {
public:
    using Pair = std::array<std::int64_t, 2>;

    /** Of edges between nodes counted from 0, that weigh 1 unless there are weights; see lapwing_graph_from_edges. */
    Graph(std::int64_t n_nodes, const std::vector<Pair> &edges, const std::vector<double> &weights = {})
        : Graph(detail::made<lapwing_graph>(lapwing_graph_from_edges, n_nodes, flat(edges).data(),
                                            static_cast<std::int64_t>(edges.size()),
                                            detail::weights_or_none(weights))) {}
    /** Of an adjacency matrix (n x n). */
    explicit Graph(ConstMatrixView<double> adjacency)
        : Graph(detail::made<lapwing_graph>(lapwing_graph_from_adjacency_f64, detail::input(adjacency))) {}
    explicit Graph(ConstMatrixView<float> adjacency)
        : Graph(detail::made<lapwing_graph>(lapwing_graph_from_adjacency_f32, detail::input(adjacency))) {}
    /** Of one in compressed rows, both triangles stored. */
    explicit Graph(const ConstSparseView<double> &adjacency)
        : Graph(detail::made<lapwing_graph>(lapwing_graph_from_csr_f64, detail::input(adjacency))) {}

    std::int64_t node_count() const { return detail::read<std::int64_t>(lapwing_graph_node_count, get()); }
    /** Without loops. */
    std::int64_t edge_count() const { return detail::read<std::int64_t>(lapwing_graph_edge_count, get()); }
    /** For each node the sum of the weights of its edges. */
    ConstVectorView<double> degrees() const { return detail::read_vector<double>(lapwing_graph_degrees, get()); }
    SparseMatrix adjacency() const {
        return SparseMatrix(detail::made<lapwing_sparse_matrix_f64>(lapwing_graph_adjacency, get()));
    }
    SparseMatrix laplacian(LaplacianKind kind = LaplacianKind::symmetric) const {
        return SparseMatrix(detail::made<lapwing_sparse_matrix_f64>(lapwing_graph_laplacian, get(),
                                                                    static_cast<std::int32_t>(kind)));
    }
    ConnectedComponents connected_components() const {
        ConnectedComponents found{detail::entries<std::int64_t>(node_count()), 0};
        detail::check(lapwing_graph_connected_components(get(), found.labels.data(), &found.count));
        return found;
    }

    /** The k smallest eigenvalues of a Laplacian; see lapwing_graph_laplacian_eigen. */
    PartialEigh<double> laplacian_eigen(std::int64_t k, const LaplacianEigenOptions &options = {}) const {
        lapwing_laplacian_eigen_options plain{};
        plain.struct_size = sizeof plain;
        plain.laplacian = static_cast<std::int32_t>(options.laplacian);
        plain.eigen_solver = static_cast<std::int32_t>(options.eigen_solver);
        plain.max_iterations = options.max_iterations;
        plain.tolerance = options.tolerance;
        plain.seed = options.seed;
        PartialEigh<double> found{detail::entries<double>(k), Matrix<double>(node_count(), detail::extent(k)),
                                  detail::entries<double>(k)};
        detail::check(lapwing_graph_laplacian_eigen(get(), k, &plain, detail::output(found.w), detail::output(found.v),
                                                    detail::output(found.residuals)));
        return found;
    }
    /** 0 for a graph that is not connected. */
    double algebraic_connectivity() const { return detail::read<double>(lapwing_graph_algebraic_connectivity, get()); }
    /** Throws LAPWING_ERR_DOES_NOT_EXIST for a graph that is not connected; see lapwing_graph_fiedler. */
    Fiedler fiedler(LaplacianKind kind = LaplacianKind::symmetric, Bisection bisection = Bisection::sign) const {
        Fiedler found{0.0, detail::entries<double>(node_count()), detail::entries<std::int64_t>(node_count())};
        detail::check(lapwing_graph_fiedler(get(), static_cast<std::int32_t>(kind),
                                            static_cast<std::int32_t>(bisection), &found.value,
                                            detail::output(found.vector), found.labels.data()));
        return found;
    }
    /** Between the nodes of each pair; an infinity between connected components. */
    std::vector<double> effective_resistances(const std::vector<Pair> &pairs) const {
        const auto count = static_cast<std::int64_t>(pairs.size());
        return detail::filled_vector<double>(count, lapwing_graph_effective_resistances, get(), flat(pairs).data(),
                                             count);
    }

    /** The graph for the functions of lapwing.h; still owned by this object. */
    const lapwing_graph *get() const noexcept { return graph_.get(); }

private:
    explicit Graph(lapwing_graph *handed_out) noexcept : graph_(handed_out) {}
    static std::vector<std::int64_t> flat(const std::vector<Pair> &pairs) {
        std::vector<std::int64_t> numbers;
        numbers.reserve(2 * pairs.size());
        for (const auto &pair : pairs) numbers.insert(numbers.end(), pair.begin(), pair.end());
        return numbers;
    }

    std::unique_ptr<lapwing_graph, detail::Free<lapwing_graph, lapwing_graph_free>> graph_;
};

} // namespace lapwing

#endif /* LAPWING_GRAPHS_HPP */
