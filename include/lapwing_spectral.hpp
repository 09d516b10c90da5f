/* The part of lapwing.hpp that has spectral clustering, spectral embeddings and diffusion maps. Included by it.
 *
 *   lapwing::AffinityOptions affinity;
 *   affinity.kind = lapwing::AffinityKind::nearest_neighbors;
 *   lapwing::SpectralClusteringOptions options;
 *   options.n_clusters = 2;
 *   const lapwing::SpectralClustering model(x, affinity, options);
 *   const std::vector<std::int64_t> labels = model.labels();
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_SPECTRAL_HPP
#define LAPWING_SPECTRAL_HPP

#include "lapwing_clusters.hpp"

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct spectral_api;

template <>
struct spectral_api<double> {
    static constexpr auto clustering_fit = lapwing_spectral_clustering_fit_f64;
    static constexpr auto clustering_fit_affinity = lapwing_spectral_clustering_fit_affinity_f64;
    static constexpr auto clustering_fit_affinity_csr = lapwing_spectral_clustering_fit_affinity_csr_f64;
    static constexpr auto clustering_predict_affinity = lapwing_spectral_clustering_predict_affinity_f64;
    static constexpr auto landmark_clustering_fit = lapwing_landmark_spectral_clustering_fit_f64;
    static constexpr auto nystrom_clustering_fit = lapwing_nystrom_spectral_clustering_fit_f64;
    static constexpr auto clustering_predict = lapwing_spectral_clustering_predict_f64;
    static constexpr auto clustering_transform = lapwing_spectral_clustering_transform_f64;
    static constexpr auto embedding_fit = lapwing_spectral_embedding_fit_f64;
    static constexpr auto embedding_fit_affinity = lapwing_spectral_embedding_fit_affinity_f64;
    static constexpr auto embedding_fit_affinity_csr = lapwing_spectral_embedding_fit_affinity_csr_f64;
    static constexpr auto diffusion_maps_fit = lapwing_diffusion_maps_fit_f64;
    static constexpr auto diffusion_maps_fit_affinity = lapwing_diffusion_maps_fit_affinity_f64;
    static constexpr auto eigengap = lapwing_eigengap_f64;
};

template <>
struct spectral_api<float> {
    static constexpr auto clustering_fit = lapwing_spectral_clustering_fit_f32;
    static constexpr auto clustering_fit_affinity = lapwing_spectral_clustering_fit_affinity_f32;
    static constexpr auto clustering_fit_affinity_csr = lapwing_spectral_clustering_fit_affinity_csr_f32;
    static constexpr auto clustering_predict_affinity = lapwing_spectral_clustering_predict_affinity_f32;
    static constexpr auto landmark_clustering_fit = lapwing_landmark_spectral_clustering_fit_f32;
    static constexpr auto nystrom_clustering_fit = lapwing_nystrom_spectral_clustering_fit_f32;
    static constexpr auto clustering_predict = lapwing_spectral_clustering_predict_f32;
    static constexpr auto clustering_transform = lapwing_spectral_clustering_transform_f32;
    static constexpr auto embedding_fit = lapwing_spectral_embedding_fit_f32;
    static constexpr auto embedding_fit_affinity = lapwing_spectral_embedding_fit_affinity_f32;
    static constexpr auto embedding_fit_affinity_csr = lapwing_spectral_embedding_fit_affinity_csr_f32;
    static constexpr auto diffusion_maps_fit = lapwing_diffusion_maps_fit_f32;
    static constexpr auto diffusion_maps_fit_affinity = lapwing_diffusion_maps_fit_affinity_f32;
    static constexpr auto eigengap = lapwing_eigengap_f32;
};

/** A label for each of so many rows, which a function writes after its other arguments. */
template <class Function, class... Arguments>
std::vector<std::int64_t> labelled(std::int64_t rows, Function function, Arguments... arguments) {
    auto labels = entries<std::int64_t>(rows);
    check(function(arguments..., labels.data()));
    return labels;
}

} // namespace detail

/** How alike samples are; see the LAPWING_AFFINITY_ constants. */
enum class AffinityKind : std::int32_t {
    /** What the estimator takes by default. */
    usual = LAPWING_AFFINITY_USUAL,
    rbf = LAPWING_AFFINITY_RBF,
    self_tuning = LAPWING_AFFINITY_SELF_TUNING,
    cosine = LAPWING_AFFINITY_COSINE,
    polynomial = LAPWING_AFFINITY_POLYNOMIAL,
    nearest_neighbors = LAPWING_AFFINITY_NEAREST_NEIGHBORS,
    radius = LAPWING_AFFINITY_RADIUS,
};

/** Where the scale of a Gaussian comes from: the number given, or the median of the squared distances. */
enum class GammaRule : std::int32_t { given = LAPWING_GAMMA_GIVEN, median = LAPWING_GAMMA_MEDIAN };

/** What counts when only one of two samples is among the nearest of the other. */
enum class Symmetrization : std::int32_t {
    average = LAPWING_SYMMETRIZE_AVERAGE,
    in_either = LAPWING_SYMMETRIZE_UNION,
    mutual = LAPWING_SYMMETRIZE_MUTUAL,
};

/** How alike samples are; see lapwing_affinity_options. */
struct AffinityOptions {
    AffinityKind kind = AffinityKind::usual;
    GammaRule gamma_rule = GammaRule::given;
    Symmetrization symmetrization = Symmetrization::average;
    /** How many nearest neighbours, or which one for the self-tuning Gaussian; 0 for the default. */
    std::int64_t neighbors = 0;
    /** Of the polynomial. */
    std::int64_t degree = 3;
    /** Of the Gaussian and the polynomial; 0 for the default. */
    double gamma = 0.0;
    /** Of the polynomial. */
    double coef0 = 1.0;
    double radius = 0.0;
    /** Of the samples that GammaRule::median draws. */
    std::uint64_t seed = 0;
};

/** How clusters are read from coordinates. */
enum class LabelAssignment : std::int32_t {
    k_means = LAPWING_LABELS_K_MEANS,
    cluster_qr = LAPWING_LABELS_CLUSTER_QR,
    discretize = LAPWING_LABELS_DISCRETIZE,
};

/** The options of a spectral clustering; see lapwing_spectral_clustering_options. */
struct SpectralClusteringOptions {
    /** 0 for 8, or as many as max_clusters allows. */
    std::int64_t n_clusters = 0;
    /** Other than 0, as many clusters as the largest gap between eigenvalues suggests, and at most this many. */
    std::int64_t max_clusters = 0;
    /** 0 for as many as clusters. */
    std::int64_t n_components = 0;
    /** The least number of eigenvalues to find. */
    std::int64_t n_eigenvalues = 0;
    LabelAssignment labels = LabelAssignment::k_means;
    /** How many starts k-means has. */
    std::int64_t n_init = 10;
    EigenSolver eigen_solver = EigenSolver::automatic;
    double eigen_tolerance = 0.0;
    std::uint64_t seed = 0;
};

/** How landmarks are chosen. */
enum class LandmarkSelection : std::int32_t { k_means = LAPWING_LANDMARKS_K_MEANS, random = LAPWING_LANDMARKS_RANDOM };

/** The options of a spectral clustering by landmarks; see lapwing_landmark_spectral_clustering_options. */
struct LandmarkSpectralClusteringOptions {
    std::int64_t n_clusters = 8;
    /** 0 for 500, or all samples if there are fewer. */
    std::int64_t n_landmarks = 0;
    /** How many landmarks represent a sample. */
    std::int64_t n_neighbors = 5;
    /** 0 for the root mean square distance of the samples to their landmarks. */
    double bandwidth = 0.0;
    LandmarkSelection selection = LandmarkSelection::k_means;
    LabelAssignment labels = LabelAssignment::k_means;
    std::uint64_t seed = 0;
};

/** The options of a spectral clustering by Nystroem's method; see lapwing_nystrom_spectral_clustering_options. */
struct NystromSpectralClusteringOptions {
    std::int64_t n_clusters = 8;
    /** 0 for 500, or all samples if there are fewer. */
    std::int64_t n_landmarks = 0;
    GammaRule gamma_rule = GammaRule::given;
    /** 0 for 1. */
    double gamma = 0.0;
    LandmarkSelection selection = LandmarkSelection::k_means;
    LabelAssignment labels = LabelAssignment::k_means;
    std::uint64_t seed = 0;
};

namespace detail {

inline lapwing_affinity_options plain(const AffinityOptions &options) {
    lapwing_affinity_options plain{};
    plain.struct_size = sizeof plain;
    plain.kind = static_cast<std::int32_t>(options.kind);
    plain.gamma_rule = static_cast<std::int32_t>(options.gamma_rule);
    plain.symmetrization = static_cast<std::int32_t>(options.symmetrization);
    plain.homogeneity = options.coef0 == 0.0 ? LAPWING_KERNEL_HOMOGENEOUS : LAPWING_KERNEL_INHOMOGENEOUS;
    plain.neighbors = options.neighbors;
    plain.degree = options.degree;
    plain.gamma = options.gamma;
    plain.coef0 = options.coef0;
    plain.radius = options.radius;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_spectral_clustering_options plain(const SpectralClusteringOptions &options) {
    lapwing_spectral_clustering_options plain{};
    plain.struct_size = sizeof plain;
    plain.labels = static_cast<std::int32_t>(options.labels);
    plain.eigen_solver = static_cast<std::int32_t>(options.eigen_solver);
    plain.n_clusters = options.n_clusters;
    plain.max_clusters = options.max_clusters;
    plain.n_components = options.n_components;
    plain.n_eigenvalues = options.n_eigenvalues;
    plain.n_init = options.n_init;
    plain.eigen_tolerance = options.eigen_tolerance;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_landmark_spectral_clustering_options plain(const LandmarkSpectralClusteringOptions &options) {
    lapwing_landmark_spectral_clustering_options plain{};
    plain.struct_size = sizeof plain;
    plain.labels = static_cast<std::int32_t>(options.labels);
    plain.selection = static_cast<std::int32_t>(options.selection);
    plain.n_clusters = options.n_clusters;
    plain.n_landmarks = options.n_landmarks;
    plain.n_neighbors = options.n_neighbors;
    plain.bandwidth = options.bandwidth;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_nystrom_spectral_clustering_options plain(const NystromSpectralClusteringOptions &options) {
    lapwing_nystrom_spectral_clustering_options plain{};
    plain.struct_size = sizeof plain;
    plain.labels = static_cast<std::int32_t>(options.labels);
    plain.selection = static_cast<std::int32_t>(options.selection);
    plain.gamma_rule = static_cast<std::int32_t>(options.gamma_rule);
    plain.n_clusters = options.n_clusters;
    plain.n_landmarks = options.n_landmarks;
    plain.gamma = options.gamma;
    plain.seed = options.seed;
    return plain;
}

} // namespace detail

/** What a spectral clustering was made from: the affinities between all samples, or those to landmarks, few of them with weights
 *  that sum to 1, or all of them as they are. */
enum class SpectralKind : std::int32_t {
    affinities = LAPWING_SPECTRAL_OF_AFFINITIES,
    landmarks = LAPWING_SPECTRAL_BY_LANDMARKS,
    nystrom = LAPWING_SPECTRAL_BY_NYSTROM,
};

/** A spectral clustering of n samples of either precision. What only one kind has throws LAPWING_ERR_ARGUMENT for the other.
 *  Immutable, and movable but not copyable; views of its results last as long as the model does. */
class SpectralClustering {
    using model = lapwing_spectral_clustering;

public:
    /** Clusters the rows of x (n x p); see lapwing_spectral_clustering_fit_f64. */
    explicit SpectralClustering(ConstMatrixView<double> x, const AffinityOptions &affinity = {},
                                const SpectralClusteringOptions &options = {})
        : SpectralClustering(fitted(x, affinity, options)) {}
    /** Of data in single precision. */
    explicit SpectralClustering(ConstMatrixView<float> x, const AffinityOptions &affinity = {},
                                const SpectralClusteringOptions &options = {})
        : SpectralClustering(fitted(x, affinity, options)) {}
    /** Clusters n samples from the affinities between them (n x n); see lapwing_spectral_clustering_fit_affinity_f64. */
    static SpectralClustering of_affinity(ConstMatrixView<double> affinity, const SpectralClusteringOptions &options = {}) {
        return given(detail::spectral_api<double>::clustering_fit_affinity, affinity, options);
    }
    static SpectralClustering of_affinity(ConstMatrixView<float> affinity, const SpectralClusteringOptions &options = {}) {
        return given(detail::spectral_api<float>::clustering_fit_affinity, affinity, options);
    }
    /** Of sparse affinities. */
    static SpectralClustering of_affinity(const ConstSparseView<double> &affinity, const SpectralClusteringOptions &options = {}) {
        return given(detail::spectral_api<double>::clustering_fit_affinity_csr, affinity, options);
    }
    static SpectralClustering of_affinity(const ConstSparseView<float> &affinity, const SpectralClusteringOptions &options = {}) {
        return given(detail::spectral_api<float>::clustering_fit_affinity_csr, affinity, options);
    }
    /** Clusters the rows of x (n x p) by landmarks; see lapwing_landmark_spectral_clustering_fit_f64. */
    static SpectralClustering by_landmarks(ConstMatrixView<double> x, const LandmarkSpectralClusteringOptions &options = {}) {
        return of_landmarks(x, options);
    }
    static SpectralClustering by_landmarks(ConstMatrixView<float> x, const LandmarkSpectralClusteringOptions &options = {}) {
        return of_landmarks(x, options);
    }
    /** Clusters the rows of x (n x p) by Nystroem's method; see lapwing_nystrom_spectral_clustering_fit_f64. */
    static SpectralClustering by_nystrom(ConstMatrixView<double> x, const NystromSpectralClusteringOptions &options = {}) {
        return of_nystrom(x, options);
    }
    static SpectralClustering by_nystrom(ConstMatrixView<float> x, const NystromSpectralClusteringOptions &options = {}) {
        return of_nystrom(x, options);
    }
    /** What to_json() wrote. */
    static SpectralClustering from_json(const std::string &text) {
        return SpectralClustering(detail::made<model>(lapwing_spectral_clustering_from_json, text.data(), text.size()));
    }

    SpectralKind kind() const { return SpectralKind{detail::read<std::int32_t>(lapwing_spectral_clustering_kind, get())}; }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(lapwing_spectral_clustering_n_samples, get()); }
    std::int64_t n_clusters() const { return detail::read<std::int64_t>(lapwing_spectral_clustering_n_clusters, get()); }
    /** The cluster of each sample, n. */
    std::vector<std::int64_t> labels() const {
        return detail::labelled(n_samples(), lapwing_spectral_clustering_labels, get());
    }
    /** The coordinates that the clusters were read from, n x k. */
    ConstMatrixView<double> embedding() const {
        return detail::read_matrix<double>(lapwing_spectral_clustering_embedding, get());
    }
    /** The smallest eigenvalues of the symmetric Laplacian, ascending. */
    ConstVectorView<double> eigenvalues() const {
        return detail::read_vector<double>(lapwing_spectral_clustering_eigenvalues, get());
    }

    /** Of affinities: the norms of L x - c x. */
    ConstVectorView<double> residual_norms() const {
        return detail::read_vector<double>(lapwing_spectral_clustering_residual_norms, get());
    }
    /** Of affinities: how many connected components they have. */
    std::int64_t component_count() const {
        return detail::read<std::int64_t>(lapwing_spectral_clustering_component_count, get());
    }
    /** Of affinities: what found the eigenvectors. */
    EigenSolver eigen_solver() const {
        return EigenSolver{detail::read<std::int32_t>(lapwing_spectral_clustering_eigen_solver, get())};
    }
    /** Of affinities: the clusters of new samples, from their affinities (q x n) to those of the model. */
    std::vector<std::int64_t> predict_affinity(ConstMatrixView<double> affinity) const {
        return placed(detail::spectral_api<double>::clustering_predict_affinity, affinity);
    }
    std::vector<std::int64_t> predict_affinity(ConstMatrixView<float> affinity) const {
        return placed(detail::spectral_api<float>::clustering_predict_affinity, affinity);
    }

    /** By landmarks or Nystroem's method: the clusters of the rows of x (q x p). */
    std::vector<std::int64_t> predict(ConstMatrixView<double> x) const {
        return placed(detail::spectral_api<double>::clustering_predict, x);
    }
    std::vector<std::int64_t> predict(ConstMatrixView<float> x) const {
        return placed(detail::spectral_api<float>::clustering_predict, x);
    }
    /** Likewise: the coordinates (q x k) of the rows of x (q x p). */
    Matrix<double> transform(ConstMatrixView<double> x) const {
        return map(detail::spectral_api<double>::clustering_transform, x);
    }
    Matrix<double> transform(ConstMatrixView<float> x) const {
        return map(detail::spectral_api<float>::clustering_transform, x);
    }
    /** Likewise: p. */
    std::int64_t n_features() const { return detail::read<std::int64_t>(lapwing_spectral_clustering_n_features, get()); }
    /** By Nystroem's method. */
    double gamma() const { return detail::read<double>(lapwing_spectral_clustering_gamma, get()); }
    /** By landmarks: where they lie, in rows. */
    Matrix<double> landmarks() const {
        const auto count = detail::read<std::int64_t>(lapwing_spectral_clustering_n_landmarks, get());
        return detail::filled<double>(count, n_features(), lapwing_spectral_clustering_landmarks, get());
    }
    /** By landmarks. */
    double bandwidth() const { return detail::read<double>(lapwing_spectral_clustering_bandwidth, get()); }
    /** By landmarks: the model as text; see lapwing_spectral_clustering_to_json. */
    std::string to_json() const { return detail::json(lapwing_spectral_clustering_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_spectral_clustering *get() const noexcept { return model_.get(); }

private:
    explicit SpectralClustering(model *handed_out) noexcept : model_(handed_out) {}

    template <class T>
    static model *fitted(ConstMatrixView<T> x, const AffinityOptions &affinity, const SpectralClusteringOptions &options) {
        const auto alike = detail::plain(affinity);
        const auto plain = detail::plain(options);
        return detail::made<model>(detail::spectral_api<T>::clustering_fit, detail::input(x), &alike, &plain);
    }
    template <class Function, class Affinity>
    static SpectralClustering given(Function function, const Affinity &affinity, const SpectralClusteringOptions &options) {
        const auto plain = detail::plain(options);
        return SpectralClustering(detail::made<model>(function, detail::input(affinity), &plain));
    }
    template <class T>
    static SpectralClustering of_landmarks(ConstMatrixView<T> x, const LandmarkSpectralClusteringOptions &options) {
        const auto plain = detail::plain(options);
        return SpectralClustering(
            detail::made<model>(detail::spectral_api<T>::landmark_clustering_fit, detail::input(x), &plain));
    }
    template <class T>
    static SpectralClustering of_nystrom(ConstMatrixView<T> x, const NystromSpectralClusteringOptions &options) {
        const auto plain = detail::plain(options);
        return SpectralClustering(
            detail::made<model>(detail::spectral_api<T>::nystrom_clustering_fit, detail::input(x), &plain));
    }
    template <class Function, class T>
    std::vector<std::int64_t> placed(Function function, ConstMatrixView<T> x) const {
        return detail::labelled(x.rows, function, get(), detail::input(x));
    }
    template <class Function, class T>
    Matrix<double> map(Function function, ConstMatrixView<T> x) const {
        return detail::filled<double>(x.rows, n_clusters(), function, get(), detail::input(x));
    }

    std::unique_ptr<model, detail::Free<model, lapwing_spectral_clustering_free>> model_;
};

/** How many clusters the smallest eigenvalues of a Laplacian suggest; see lapwing_eigengap_f64. */
template <class T>
std::int64_t eigengap(ConstVectorView<T> eigenvalues) {
    std::int64_t count = 0;
    detail::check(detail::spectral_api<T>::eigengap(detail::input(eigenvalues), &count));
    return count;
}

/** The clusters that eigenvectors (n x k) show, by a pivoted QR factorization; see lapwing_cluster_qr_f64. */
inline std::vector<std::int64_t> cluster_qr(ConstMatrixView<double> vectors) {
    return detail::labelled(vectors.rows, lapwing_cluster_qr_f64, detail::input(vectors));
}
inline std::vector<std::int64_t> cluster_qr(ConstMatrixView<float> vectors) {
    return detail::labelled(vectors.rows, lapwing_cluster_qr_f32, detail::input(vectors));
}

/** By the rotation that comes closest to a partition; see lapwing_discretize_f64. */
inline std::vector<std::int64_t> discretize(ConstMatrixView<double> vectors, std::uint64_t seed = 0) {
    return detail::labelled(vectors.rows, lapwing_discretize_f64, detail::input(vectors), seed);
}
inline std::vector<std::int64_t> discretize(ConstMatrixView<float> vectors, std::uint64_t seed = 0) {
    return detail::labelled(vectors.rows, lapwing_discretize_f32, detail::input(vectors), seed);
}

} // namespace lapwing

#include "lapwing_embeddings.hpp"

#endif /* LAPWING_SPECTRAL_HPP */
