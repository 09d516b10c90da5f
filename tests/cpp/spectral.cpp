// lapwing_spectral.hpp: ownership, results and exceptions.

#include <lapwing_spectral.hpp>

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

static_assert(!std::is_copy_constructible_v<lapwing::SpectralClustering>);
static_assert(!std::is_copy_assignable_v<lapwing::SpectralEmbedding>);
static_assert(!std::is_copy_constructible_v<lapwing::DiffusionMaps>);
static_assert(std::is_nothrow_move_constructible_v<lapwing::SpectralClustering>);
static_assert(std::is_nothrow_move_assignable_v<lapwing::DiffusionMaps>);

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

// Models compute in double; no answer here takes more than some hundred roundings of numbers up to 4.
static bool near(double found, double exact) {
    return std::fabs(found - exact) <= 400 * std::numeric_limits<double>::epsilon();
}

// Labels 0 and 1, or 1 and 0, by whether i is below a bound.
static bool splits(const std::vector<std::int64_t> &labels, std::size_t bound) {
    for (std::size_t i = 0; i < labels.size(); ++i)
        if ((labels[i] == labels[0]) != (i < bound)) return false;
    return true;
}

// Two rings, 12 samples within 24: neighbours on them are closer than one is to the other.
template <class T>
static std::vector<T> rings() {
    std::vector<T> x;
    for (int i = 0; i < 36; ++i) {
        const double radius = i < 12 ? 1 : 3, angle = 2 * 3.141592653589793 * (i < 12 ? i / 12.0 : i / 24.0);
        x.push_back(static_cast<T>(radius * std::cos(angle)));
        x.push_back(static_cast<T>(radius * std::sin(angle)));
    }
    return x;
}

template <class T>
static void clusters() {
    const std::vector<T> entries = rings<T>();
    const lapwing::ConstMatrixView<T> x(entries, 36, 2);
    lapwing::AffinityOptions affinity;
    affinity.kind = lapwing::AffinityKind::nearest_neighbors;
    affinity.neighbors = 5;
    affinity.symmetrization = lapwing::Symmetrization::in_either;
    lapwing::SpectralClusteringOptions options;
    options.n_clusters = 2;
    options.n_eigenvalues = 3;
    for (const auto labels : {lapwing::LabelAssignment::k_means, lapwing::LabelAssignment::cluster_qr,
                              lapwing::LabelAssignment::discretize}) {
        options.labels = labels;
        CHECK(splits(lapwing::SpectralClustering(x, affinity, options).labels(), 12));
    }
    lapwing::SpectralClustering model(x, affinity, options);
    CHECK(model.kind() == lapwing::SpectralKind::affinities && model.n_samples() == 36 && model.n_clusters() == 2);
    CHECK(model.component_count() == 2 && model.eigen_solver() == lapwing::EigenSolver::dense);
    CHECK(model.embedding().rows == 36 && model.embedding().cols == 2 && model.residual_norms().size == 3);
    CHECK(model.eigenvalues()[1] == 0 && model.eigenvalues()[2] > 0.01 && lapwing::eigengap(model.eigenvalues()) == 2);
    std::vector<T> weights(36, 0);
    weights[20] = 1;
    CHECK(model.predict_affinity(lapwing::ConstMatrixView<T>(weights, 1, 36))[0] == model.labels()[35]);
    CHECK(splits(lapwing::cluster_qr(model.embedding()), 12) && splits(lapwing::discretize(model.embedding(), 1), 12));
    options.n_clusters = 0;
    options.max_clusters = 3;
    options.labels = lapwing::LabelAssignment::k_means;
    CHECK(lapwing::SpectralClustering(x, affinity, options).n_clusters() == 2);
    CHECK(thrown([&] { model.predict(x); }, "fit one by landmarks") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { model.to_json(); }, "fit one by landmarks") == LAPWING_ERR_ARGUMENT);
    options.n_clusters = 37;
    CHECK(thrown([&] { lapwing::SpectralClustering refused(x, affinity, options); }, "max_clusters is 3") ==
          LAPWING_ERR_ARGUMENT);
    affinity.neighbors = 37;
    CHECK(thrown([&] { lapwing::SpectralClustering refused(x, affinity); }, "is 37") == LAPWING_ERR_ARGUMENT);
    affinity = {};
    affinity.kind = lapwing::AffinityKind::polynomial;
    affinity.coef0 = 0;
    CHECK(thrown([&] { lapwing::SpectralClustering refused(x, affinity); }, "negative") == LAPWING_ERR_ARGUMENT);

    // The graph of neighbours within 1.2 is sparse, and symmetric as it is.
    const auto graph = lapwing::NearestNeighbors(x).radius_graph(1.2);
    options = {};
    options.n_clusters = 2;
    CHECK(splits(lapwing::SpectralClustering::of_affinity(graph, options).labels(), 12));

    // Moving keeps the model, and leaves nothing that could be freed twice.
    const auto *kept = model.get();
    lapwing::SpectralClustering moved(std::move(model));
    CHECK(moved.get() == kept && model.get() == nullptr);
    CHECK(thrown([&] { model.labels(); }, "model is NULL") == LAPWING_ERR_NULL);
    model = std::move(moved);
    CHECK(model.get() == kept && model.n_samples() == 36);
}

template <class T>
static void landmarks() {
    const std::vector<T> entries = rings<T>();
    const lapwing::ConstMatrixView<T> x(entries, 36, 2);
    lapwing::LandmarkSpectralClusteringOptions options;
    options.n_clusters = 2;
    options.n_landmarks = 36;
    options.n_neighbors = 3;
    options.selection = lapwing::LandmarkSelection::random;
    options.bandwidth = 0.5;
    const auto model = lapwing::SpectralClustering::by_landmarks(x, options);
    CHECK(model.kind() == lapwing::SpectralKind::landmarks && model.n_clusters() == 2 && model.n_features() == 2);
    CHECK(splits(model.labels(), 12) && model.predict(x) == model.labels() && near(model.bandwidth(), 0.5));
    CHECK(model.landmarks().rows() == 36 && near(model.landmarks()(0, 0), 1));
    CHECK(model.transform(x)(3, 1) == model.embedding()(3, 1) && model.eigenvalues().size == 2);
    const auto again = lapwing::SpectralClustering::from_json(model.to_json());
    CHECK(again.predict(x) == model.labels() && again.landmarks().rows() == 36);
    CHECK(thrown([&] { model.component_count(); }, "by landmarks") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([] { lapwing::SpectralClustering::from_json("{}"); }, "text is not a model") == LAPWING_ERR_ARGUMENT);
    options.n_landmarks = 37;
    CHECK(thrown([&] { lapwing::SpectralClustering::by_landmarks(x, options); }, "n_landmarks is 37") ==
          LAPWING_ERR_ARGUMENT);
}

template <class T>
static void nystrom() {
    const std::vector<T> entries = rings<T>();
    const lapwing::ConstMatrixView<T> x(entries, 36, 2);
    lapwing::NystromSpectralClusteringOptions options;
    options.n_clusters = 2;
    options.gamma = 4;
    options.selection = lapwing::LandmarkSelection::random;
    const auto model = lapwing::SpectralClustering::by_nystrom(x, options);
    CHECK(model.kind() == lapwing::SpectralKind::nystrom && model.n_clusters() == 2 && model.n_features() == 2);
    CHECK(splits(model.labels(), 12) && model.predict(x) == model.labels() && model.gamma() == 4);
    CHECK(model.transform(x)(3, 1) == model.embedding()(3, 1) && near(model.eigenvalues()[0], 0));
    CHECK(thrown([&] { model.landmarks(); }, "by Nystroem's method") == LAPWING_ERR_ARGUMENT);
    options.gamma_rule = lapwing::GammaRule::median;
    CHECK(thrown([&] { lapwing::SpectralClustering::by_nystrom(x, options); }, "gamma is 4") == LAPWING_ERR_ARGUMENT);
}

// Two pairs without affinity between them, and a path of three: its normalized Laplacian has the eigenvalues 0, 1 and 2, the
// other one 0, 1 and 3.
template <class T>
static void affinities() {
    const std::vector<T> pairs{0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0}, ones{1, 1, 1, 1};
    const std::vector<std::int32_t> columns{1, 0, 3, 2}, row_starts{0, 1, 2, 3, 4};
    const lapwing::ConstMatrixView<T> dense(pairs, 4, 4);
    const lapwing::ConstSparseView<T> sparse(ones, columns, row_starts, 4);
    lapwing::SpectralClusteringOptions options;
    options.n_clusters = 2;
    CHECK(splits(lapwing::SpectralClustering::of_affinity(dense, options).labels(), 2));
    CHECK(splits(lapwing::SpectralClustering::of_affinity(sparse, options).labels(), 2));
    CHECK(lapwing::SpectralEmbedding::of_affinity(sparse).component_count() == 2);
    const std::vector<T> negative{0, -1, -1, 0}, skew{0, 1, 2, 0};
    CHECK(thrown([&] { lapwing::SpectralEmbedding::of_affinity(lapwing::ConstMatrixView<T>(negative, 2, 2)); }, "negative") ==
          LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { lapwing::SpectralClustering::of_affinity(lapwing::ConstMatrixView<T>(skew, 2, 2)); },
                 "not symmetric") == LAPWING_ERR_NOT_SYMMETRIC);

    const std::vector<T> path{0, 1, 0, 1, 0, 1, 0, 1, 0};
    const lapwing::ConstMatrixView<T> of_path(path, 3, 3);
    lapwing::SpectralEmbeddingOptions choices;
    const auto embedding = lapwing::SpectralEmbedding::of_affinity(of_path, choices);
    CHECK(near(embedding.eigenvalues()[0], 1) && near(embedding.eigenvalues()[1], 2));
    CHECK(near(std::fabs(embedding.embedding()(0, 0)), std::sqrt(0.5)) && near(embedding.embedding()(1, 0), 0));
    CHECK(embedding.residual_norms().size == 2 && embedding.eigen_solver() == lapwing::EigenSolver::dense);
    choices.laplacian = lapwing::LaplacianKind::unnormalized;
    choices.first_vector = lapwing::FirstVector::kept;
    choices.n_components = 3;
    const auto all = lapwing::SpectralEmbedding::of_affinity(of_path, choices);
    CHECK(all.eigenvalues()[0] == 0 && near(all.eigenvalues()[2], 3) && near(all.embedding()(2, 0), std::sqrt(1 / 3.0)));
    CHECK(lapwing::SpectralEmbedding(of_path).component_count() == 3); // one neighbour, itself
}

// As in the C test: the second eigenvalue of a walk between two states.
template <class T>
static void diffusion() {
    const std::vector<T> states{2, 1, 1, 1}, points{0, 3};
    const lapwing::ConstMatrixView<T> affinity(states, 2, 2), x(points, 2, 1);
    lapwing::DiffusionMapsOptions options;
    options.n_components = 1;
    const auto maps = lapwing::DiffusionMaps::of_affinity(affinity, options);
    CHECK(near(maps.eigenvalues()[0], 6.0 / 35) && near(maps.stationary_distribution()[0], 14.0 / 29));
    CHECK(near(maps.embedding()(0, 0), 6.0 / 35 * std::sqrt(15.0 / 14)) && maps.residual_norms().size == 1);
    options.alpha = 0;
    options.time = 2;
    const auto kept = lapwing::DiffusionMaps::of_affinity(affinity, options);
    CHECK(near(kept.eigenvalues()[0], 1.0 / 6) && kept.eigen_solver() == lapwing::EigenSolver::dense);
    CHECK(near(kept.embedding()(1, 0), kept.eigenvectors()(1, 0) / 36));
    CHECK(near(lapwing::DiffusionMaps(x, {}, options).eigenvalues()[0], std::tanh(0.5))); // the median heuristic
    CHECK(thrown([&] { lapwing::DiffusionMaps refused(x); }, "n_components is 2") == LAPWING_ERR_ARGUMENT);
}

int main() {
    clusters<double>();
    clusters<float>();
    landmarks<double>();
    landmarks<float>();
    nystrom<double>();
    nystrom<float>();
    affinities<double>();
    affinities<float>();
    diffusion<double>();
    diffusion<float>();
    return failures != 0;
}
