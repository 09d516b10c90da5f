// lapwing_clusters.hpp and lapwing_graphs.hpp: ownership, results and exceptions.

#include <lapwing_choices.hpp>
#include <lapwing_clusters.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

static int failures = 0;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                \
            ++failures;                                                                                                \
        }                                                                                                              \
    } while (0)

static_assert(!std::is_copy_constructible_v<lapwing::KMeans<double>>);
static_assert(!std::is_copy_assignable_v<lapwing::Graph>);
static_assert(!std::is_copy_constructible_v<lapwing::NearestNeighbors>);
static_assert(std::is_nothrow_move_constructible_v<lapwing::KMeans<float>>);
static_assert(std::is_nothrow_move_assignable_v<lapwing::SparseMatrix>);

using Labels = std::vector<std::int64_t>;

// The status of the exception that the call throws, LAPWING_OK when it throws none.
template <class Call>
static lapwing_status thrown(Call call, const char *text) {
    try {
        call();
    } catch (const lapwing::error &failure) {
        CHECK(std::string(failure.what()).find(text) != std::string::npos);
        return failure.status();
    }
    return LAPWING_OK;
}

// No answer takes more than some 50 roundings of numbers up to 100.
template <class T>
static bool near(double found, double exact) {
    return std::fabs(found - exact) <= 5000 * static_cast<double>(std::numeric_limits<T>::epsilon());
}

// Two squares of side 2, about (1, 1) and (101, 101): every sample lies the root of 2 from its centre.
template <class T>
static void clusters() {
    const std::vector<T> entries{0, 0, 2, 0, 0, 2, 2, 2, 100, 100, 102, 100, 100, 102, 102, 102};
    const std::vector<T> starts{0, 0, 102, 102};
    const lapwing::ConstMatrixView<T> x(entries, 8, 2), centers(starts, 2, 2);
    const Labels expected{0, 0, 0, 0, 1, 1, 1, 1};
    auto model = lapwing::KMeans<T>::from_centers(x, centers);
    CHECK(model.labels() == expected && model.predict(x) == expected && near<T>(model.inertia(), 16));
    CHECK(near<T>(model.cluster_centers()(1, 0), 101) && near<T>(model.transform(centers)(0, 0), std::sqrt(2)));
    CHECK(model.n_clusters() == 2 && model.n_distinct_clusters() == 2 && model.n_features() == 2);
    CHECK(model.n_samples() == 8 && model.converged() && model.n_iterations() > 0);
    CHECK(model.algorithm() == lapwing::KMeansAlgorithm::hamerly && model.score(x) == -model.inertia());
    CHECK(thrown([&] { model.inertia_history(); }, "Lloyd") == LAPWING_ERR_DOES_NOT_EXIST);
    const auto moved = std::move(model);
    const auto again = lapwing::KMeans<T>::from_json(moved.to_json());
    CHECK(again.labels() == expected && again.inertia() == moved.inertia());

    lapwing::KMeansOptions options;
    options.n_clusters = 2, options.n_init = 4, options.tolerance = 0, options.algorithm = lapwing::KMeansAlgorithm::lloyd;
    const lapwing::KMeans<T> lloyd(x, options);
    CHECK(near<T>(lloyd.inertia(), 16) && lapwing::adjusted_rand_score(expected, lloyd.labels()) == 1);
    CHECK(lloyd.inertia_history().size == lloyd.n_iterations());
    // One sample that counts three times: 32/3 beside 8.
    const std::vector<T> weights{3, 1, 1, 1, 1, 1, 1, 1};
    const auto weighted = lapwing::KMeans<T>::from_centers(x, centers, {}, weights);
    CHECK(near<T>(weighted.inertia(), 56.0 / 3) && near<T>(weighted.score(x, weights), -56.0 / 3));
    lapwing::MiniBatchKMeansOptions batches;
    batches.max_no_improvement = 0, batches.reassignment_ratio = 0, batches.batch_size = 6, batches.max_iterations = 20;
    const auto batched = lapwing::KMeans<T>::mini_batch_from_centers(x, centers, batches);
    CHECK(batched.labels() == expected && batched.algorithm() == lapwing::KMeansAlgorithm::mini_batch);
    batches.n_clusters = 2;
    CHECK(lapwing::rand_score(expected, lapwing::KMeans<T>::mini_batch(x, batches).labels()) == 1);
    CHECK(thrown([&] { lapwing::KMeans<T>{x}.labels(); }, "") == LAPWING_OK); // 8 clusters of 8 samples.
    options.n_clusters = 9;
    CHECK(thrown([&] { lapwing::KMeans<T>(x, options); }, "at least 9") == LAPWING_ERR_SHAPE);
    CHECK(thrown([&] { lapwing::KMeans<T>::from_json("{}"); }, "text is not a model") == LAPWING_ERR_ARGUMENT);

    const std::vector<T> line{0, 2, 10};
    const lapwing::ConstMatrixView<T> points(line, 3, 1);
    const Labels labels{5, 5, -1};
    CHECK(near<double>(lapwing::silhouette_samples(points, labels)[1], 0.75));
    CHECK(near<double>(lapwing::silhouette_score(points, labels), 1.55 / 3));
    CHECK(near<double>(lapwing::davies_bouldin_score(points, labels), 1.0 / 9));
    CHECK(near<double>(lapwing::calinski_harabasz_score(points, labels), 27));
    CHECK(thrown([&] { lapwing::silhouette_score(points, expected); }, "labels has 8 entries") == LAPWING_ERR_SHAPE);
}

// Two classes of two, of which one is split.
static void agreement() {
    const Labels classes{4, 4, 7, 7}, split{0, 0, 1, 2};
    CHECK(near<double>(lapwing::rand_score(classes, split), 5.0 / 6));
    CHECK(near<double>(lapwing::adjusted_rand_score(classes, split), 4.0 / 7));
    CHECK(near<double>(lapwing::fowlkes_mallows_score(classes, split), std::sqrt(0.5)));
    CHECK(near<double>(lapwing::mutual_info_score(classes, split), std::log(2)));
    CHECK(near<double>(lapwing::normalized_mutual_info_score(classes, split), 0.8));
    CHECK(near<double>(lapwing::adjusted_mutual_info_score(classes, split, lapwing::EntropyAverage::maximum), 0.4));
    CHECK(near<double>(lapwing::homogeneity_score(classes, split), 1));
    CHECK(near<double>(lapwing::completeness_score(classes, split), 2.0 / 3));
    CHECK(near<double>(lapwing::v_measure_score(classes, split, 0.5), 6.0 / 7));
    CHECK(thrown([&] { lapwing::rand_score(classes, {1}); }, "labels_pred has 1 entries") == LAPWING_ERR_SHAPE);
    CHECK(thrown([&] { lapwing::rand_score({}, {}); }, "labels_true") == LAPWING_ERR_SHAPE);
}

template <class T>
static void neighbors() {
    const std::vector<T> entries{0, 0, 3, 4, 0, 1, 3, 0, 0, 0}, wanted{3, 3};
    const lapwing::ConstMatrixView<T> x(entries, 5, 2), query(wanted, 1, 2);
    const lapwing::NearestNeighbors samples(x, lapwing::NeighborAlgorithm::brute);
    CHECK(samples.n_samples() == 5 && samples.n_features() == 2);
    CHECK(samples.algorithm() == lapwing::NeighborAlgorithm::brute);
    const auto nearest = samples.k_neighbors(query, 3);
    CHECK((nearest.indices == Labels{1, 3, 2}) && nearest.distances.rows() == 1);
    CHECK(nearest.distances(0, 1) == 3 && nearest.distances(0, 2) == std::sqrt(13.0));
    CHECK((samples.k_neighbors(1).indices == Labels{4, 3, 0, 0, 0})); // None its own, though 0 and 4 are equal.
    const auto within = samples.within_radius(query, 3);
    CHECK((within.offsets == Labels{0, 2} && within.indices == Labels{1, 3} && within.distances == std::vector<double>{1, 3}));
    CHECK((samples.within_radius(1).offsets == Labels{0, 2, 2, 4, 4, 6}));

    const auto graph = samples.k_neighbors_graph(query, 2, lapwing::EdgeWeights::distance);
    const auto rows = graph.view();
    CHECK(rows.rows == 1 && rows.cols == 5 && rows.row_starts[1] == 2 && rows.columns[1] == 3 && rows.values[1] == 3);
    CHECK(samples.radius_graph(query, 1).view().row_starts[1] == 1);
    const auto own = samples.k_neighbors_graph(1, lapwing::EdgeWeights::connectivity, lapwing::OwnNeighbor::included);
    CHECK(own.view().row_starts[5] == 5 && own.view().columns[3] == 3);
    // What is close hangs together: the points near the origin, and two by themselves.
    const auto parts = lapwing::Graph(samples.radius_graph(1)).connected_components();
    CHECK((parts.count == 3 && parts.labels == Labels{0, 1, 0, 2, 0}));

    CHECK(thrown([&] { samples.k_neighbors(query, 6); }, "k is 6") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { samples.k_neighbors(-1); }, "k is -1") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { samples.within_radius(-1.0); }, "radius is -1") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { samples.radius_graph(-1.0); }, "radius is -1") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { lapwing::NearestNeighbors(lapwing::ConstMatrixView<T>(nullptr, 0, 2)); }, "at least 1") ==
          LAPWING_ERR_SHAPE);
}

// A path of four nodes has the eigenvalues 2 - 2 cos(pi k / 4).
static void graphs() {
    const std::vector<lapwing::Graph::Pair> edges{{0, 1}, {2, 1}, {2, 3}};
    lapwing::Graph path(4, edges);
    CHECK(path.node_count() == 4 && path.edge_count() == 3 && path.degrees()[1] == 2);
    lapwing::LaplacianEigenOptions options;
    options.laplacian = lapwing::LaplacianKind::unnormalized;
    const auto eigen = path.laplacian_eigen(4, options);
    CHECK(eigen.w[0] == 0 && near<double>(eigen.w[1], 2 - std::sqrt(2)) && near<double>(eigen.w[2], 2));
    CHECK(near<double>(eigen.w[3], 2 + std::sqrt(2)) && near<double>(std::fabs(eigen.v(3, 0)), 0.5));
    CHECK(near<double>(eigen.residuals[3], 0));
    const auto cut = path.fiedler(lapwing::LaplacianKind::unnormalized, lapwing::Bisection::median);
    CHECK(near<double>(cut.value, 2 - std::sqrt(2)) && cut.value == path.algebraic_connectivity());
    CHECK(cut.vector.size() == 4 && (cut.labels == Labels{0, 0, 1, 1}));
    CHECK(near<double>(path.effective_resistances({{0, 3}, {1, 1}})[0], 3));
    CHECK(path.laplacian(lapwing::LaplacianKind::unnormalized).view().values[0] == 1);
    // The same graph from its own matrix, and from one that is dense.
    CHECK(lapwing::Graph(path.adjacency()).edge_count() == 3);
    const std::vector<float> dense{0, 2, 2, 0};
    CHECK(lapwing::Graph(lapwing::ConstMatrixView<float>(dense, 2, 2)).degrees()[0] == 2);
    const lapwing::Graph weighted(3, {{0, 1}, {1, 0}}, {1.5, 2});
    CHECK(weighted.degrees()[0] == 3.5 && weighted.connected_components().count == 2);

    path = lapwing::Graph(3, {});
    CHECK(path.edge_count() == 0 && path.algebraic_connectivity() == 0);
    CHECK(thrown([&] { path.fiedler(); }, "3 connected components") == LAPWING_ERR_DOES_NOT_EXIST);
    CHECK(thrown([&] { path.laplacian_eigen(4); }, "k is 4") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { path.effective_resistances({{0, 3}}); }, "pairs[1]") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([] { lapwing::Graph(2, {{0, 1}}, {-1.0}); }, "is negative") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([] { lapwing::Graph(2, {{0, 1}}, {std::nan("")}); }, "edge 0") == LAPWING_ERR_NON_FINITE);
    const std::vector<double> lopsided{0, 1, 2, 0};
    CHECK(thrown([&] { lapwing::Graph(lapwing::ConstMatrixView<double>(lopsided, 2, 2)); }, "not symmetric") ==
          LAPWING_ERR_NOT_SYMMETRIC);
}

// Two pairs far apart, and a line through two features.
template <class T>
static void choices() {
    const std::vector<T> corners{0, 0, 0, 1, 100, 0, 100, 1};
    const lapwing::ConstMatrixView<T> x(corners, 4, 2);
    lapwing::KMeansOptions options;
    options.n_init = 10;
    const auto curve = lapwing::inertia_curve(x, 3, options);
    CHECK(curve.elbow == 2 && near<T>(static_cast<T>(curve.inertias[1]), 1));
    const auto gap = lapwing::gap_statistic(x, 3, {}, options);
    CHECK(gap.gaps.size() == 3 && gap.gaps[1] > gap.gaps[0] && gap.n_clusters == 2);
    options.n_clusters = 2;
    CHECK(thrown([&] { lapwing::inertia_curve(x, 3, options); }, "n_clusters") == LAPWING_ERR_ARGUMENT);

    const std::vector<T> features{0.5, 0.5, 0.5, -0.5, -0.5, 0.5, -0.5, -0.5}, target{2.25, 0.75, -1.25, -1.75};
    const lapwing::ConstMatrixView<T> f(features, 4, 2);
    const auto chosen = lapwing::generalized_cross_validation(f, target, lapwing::Intercept::zero);
    CHECK(std::fabs(chosen.alpha - 0.025 / 0.975) <= 1e-5 && chosen.alphas.size() == chosen.criterion.size());
    CHECK(lapwing::l_curve(f, target, lapwing::Intercept::zero).alpha > 0);
    const auto path = lapwing::ridge_path(f, target, {1.0, 3.0}, lapwing::Intercept::zero);
    CHECK(near<T>(static_cast<T>(path.coefficients(1, 0)), static_cast<T>(0.75)));
    CHECK(path.leave_one_out_errors.rows() == 2 && path.effective_parameters.size() == 2);
}

int main() {
    choices<double>();
    choices<float>();
    clusters<double>();
    clusters<float>();
    agreement();
    neighbors<double>();
    neighbors<float>();
    graphs();
    return failures != 0;
}
