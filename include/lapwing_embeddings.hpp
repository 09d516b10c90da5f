/* The part of lapwing_spectral.hpp that has spectral embeddings and diffusion maps. Included by it.
 *
 *   lapwing::SpectralEmbeddingOptions options;
 *   options.n_components = 2;
 *   const lapwing::SpectralEmbedding model(x, {}, options);
 *   const auto coordinates = model.embedding();
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_EMBEDDINGS_HPP
#define LAPWING_EMBEDDINGS_HPP

namespace lapwing {

/** Whether the first eigenvector, which is constant, is a coordinate. */
enum class FirstVector : std::int32_t { dropped = LAPWING_FIRST_VECTOR_DROPPED, kept = LAPWING_FIRST_VECTOR_KEPT };

/** The options of a spectral embedding; see lapwing_spectral_embedding_options. */
struct SpectralEmbeddingOptions {
    std::int64_t n_components = 2;
    FirstVector first_vector = FirstVector::dropped;
    LaplacianKind laplacian = LaplacianKind::symmetric;
    EigenSolver eigen_solver = EigenSolver::automatic;
    double eigen_tolerance = 0.0;
    std::uint64_t seed = 0;
};

/** The options of diffusion maps; see lapwing_diffusion_maps_options. */
struct DiffusionMapsOptions {
    std::int64_t n_components = 2;
    /** How much of the density of the samples is taken out, from 0 to 1. */
    double alpha = 1.0;
    /** How many steps the walk makes. */
    std::int64_t time = 1;
    EigenSolver eigen_solver = EigenSolver::automatic;
    double eigen_tolerance = 0.0;
    std::uint64_t seed = 0;
};

namespace detail {

inline lapwing_spectral_embedding_options plain(const SpectralEmbeddingOptions &options) {
    lapwing_spectral_embedding_options plain{};
    plain.struct_size = sizeof plain;
    plain.first_vector = static_cast<std::int32_t>(options.first_vector);
    plain.laplacian = static_cast<std::int32_t>(options.laplacian);
    plain.eigen_solver = static_cast<std::int32_t>(options.eigen_solver);
    plain.n_components = options.n_components;
    plain.eigen_tolerance = options.eigen_tolerance;
    plain.seed = options.seed;
    return plain;
}

inline lapwing_diffusion_maps_options plain(const DiffusionMapsOptions &options) {
    lapwing_diffusion_maps_options plain{};
    plain.struct_size = sizeof plain;
    plain.density = options.alpha == 0.0 ? LAPWING_DENSITY_KEPT : LAPWING_DENSITY_TAKEN_OUT;
    plain.eigen_solver = static_cast<std::int32_t>(options.eigen_solver);
    plain.n_components = options.n_components;
    plain.time = options.time;
    plain.alpha = options.alpha;
    plain.eigen_tolerance = options.eigen_tolerance;
    plain.seed = options.seed;
    return plain;
}

} // namespace detail

/** A spectral embedding of n samples of either precision in k coordinates. Immutable, and movable but not copyable; views of its
 *  results last as long as the model does. */
class SpectralEmbedding {
    using model = lapwing_spectral_embedding;

public:
    /** Of the rows of x (n x p); see lapwing_spectral_embedding_fit_f64. */
    explicit SpectralEmbedding(ConstMatrixView<double> x, const AffinityOptions &affinity = {},
                               const SpectralEmbeddingOptions &options = {})
        : SpectralEmbedding(fitted(x, affinity, options)) {}
    /** Of data in single precision. */
    explicit SpectralEmbedding(ConstMatrixView<float> x, const AffinityOptions &affinity = {},
                               const SpectralEmbeddingOptions &options = {})
        : SpectralEmbedding(fitted(x, affinity, options)) {}
    /** Of n samples by the affinities between them (n x n); see lapwing_spectral_embedding_fit_affinity_f64. */
    static SpectralEmbedding of_affinity(ConstMatrixView<double> affinity, const SpectralEmbeddingOptions &options = {}) {
        return given(detail::spectral_api<double>::embedding_fit_affinity, affinity, options);
    }
    static SpectralEmbedding of_affinity(ConstMatrixView<float> affinity, const SpectralEmbeddingOptions &options = {}) {
        return given(detail::spectral_api<float>::embedding_fit_affinity, affinity, options);
    }
    /** Of sparse affinities. */
    static SpectralEmbedding of_affinity(const ConstSparseView<double> &affinity, const SpectralEmbeddingOptions &options = {}) {
        return given(detail::spectral_api<double>::embedding_fit_affinity_csr, affinity, options);
    }
    static SpectralEmbedding of_affinity(const ConstSparseView<float> &affinity, const SpectralEmbeddingOptions &options = {}) {
        return given(detail::spectral_api<float>::embedding_fit_affinity_csr, affinity, options);
    }

    /** The coordinates, n x k. */
    ConstMatrixView<double> embedding() const {
        return detail::read_matrix<double>(lapwing_spectral_embedding_embedding, get());
    }
    /** The eigenvalues of the coordinates, ascending, k. */
    ConstVectorView<double> eigenvalues() const {
        return detail::read_vector<double>(lapwing_spectral_embedding_eigenvalues, get());
    }
    /** The norms of L x - c x, k. */
    ConstVectorView<double> residual_norms() const {
        return detail::read_vector<double>(lapwing_spectral_embedding_residual_norms, get());
    }
    /** How many connected components the affinities have. */
    std::int64_t component_count() const {
        return detail::read<std::int64_t>(lapwing_spectral_embedding_component_count, get());
    }
    EigenSolver eigen_solver() const {
        return EigenSolver{detail::read<std::int32_t>(lapwing_spectral_embedding_eigen_solver, get())};
    }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_spectral_embedding *get() const noexcept { return model_.get(); }

private:
    explicit SpectralEmbedding(model *handed_out) noexcept : model_(handed_out) {}

    template <class T>
    static model *fitted(ConstMatrixView<T> x, const AffinityOptions &affinity, const SpectralEmbeddingOptions &options) {
        const auto alike = detail::plain(affinity);
        const auto plain = detail::plain(options);
        return detail::made<model>(detail::spectral_api<T>::embedding_fit, detail::input(x), &alike, &plain);
    }
    template <class Function, class Affinity>
    static SpectralEmbedding given(Function function, const Affinity &affinity, const SpectralEmbeddingOptions &options) {
        const auto plain = detail::plain(options);
        return SpectralEmbedding(detail::made<model>(function, detail::input(affinity), &plain));
    }

    std::unique_ptr<model, detail::Free<model, lapwing_spectral_embedding_free>> model_;
};

/** The diffusion coordinates of n samples of either precision. Immutable, and movable but not copyable; views of its results last
 *  as long as the model does. */
class DiffusionMaps {
    using model = lapwing_diffusion_maps;

public:
    /** Of the rows of x (n x p); see lapwing_diffusion_maps_fit_f64. */
    explicit DiffusionMaps(ConstMatrixView<double> x, const AffinityOptions &affinity = {},
                           const DiffusionMapsOptions &options = {})
        : DiffusionMaps(fitted(x, affinity, options)) {}
    /** Of data in single precision. */
    explicit DiffusionMaps(ConstMatrixView<float> x, const AffinityOptions &affinity = {},
                           const DiffusionMapsOptions &options = {})
        : DiffusionMaps(fitted(x, affinity, options)) {}
    /** Of n samples by the affinities between them (n x n); see lapwing_diffusion_maps_fit_affinity_f64. */
    static DiffusionMaps of_affinity(ConstMatrixView<double> affinity, const DiffusionMapsOptions &options = {}) {
        return given(affinity, options);
    }
    static DiffusionMaps of_affinity(ConstMatrixView<float> affinity, const DiffusionMapsOptions &options = {}) {
        return given(affinity, options);
    }

    /** The coordinates, n x k. */
    ConstMatrixView<double> embedding() const {
        return detail::read_matrix<double>(lapwing_diffusion_maps_embedding, get());
    }
    /** The largest eigenvalues of the random walk after the first, descending, k. */
    ConstVectorView<double> eigenvalues() const {
        return detail::read_vector<double>(lapwing_diffusion_maps_eigenvalues, get());
    }
    /** The eigenvectors of the random walk in columns, n x k. */
    ConstMatrixView<double> eigenvectors() const {
        return detail::read_matrix<double>(lapwing_diffusion_maps_eigenvectors, get());
    }
    /** The stationary distribution of the random walk, n. */
    ConstVectorView<double> stationary_distribution() const {
        return detail::read_vector<double>(lapwing_diffusion_maps_stationary_distribution, get());
    }
    /** The norms of L x - c x, k. */
    ConstVectorView<double> residual_norms() const {
        return detail::read_vector<double>(lapwing_diffusion_maps_residual_norms, get());
    }
    EigenSolver eigen_solver() const {
        return EigenSolver{detail::read<std::int32_t>(lapwing_diffusion_maps_eigen_solver, get())};
    }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_diffusion_maps *get() const noexcept { return model_.get(); }

private:
    explicit DiffusionMaps(model *handed_out) noexcept : model_(handed_out) {}

    template <class T>
    static model *fitted(ConstMatrixView<T> x, const AffinityOptions &affinity, const DiffusionMapsOptions &options) {
        const auto alike = detail::plain(affinity);
        const auto plain = detail::plain(options);
        return detail::made<model>(detail::spectral_api<T>::diffusion_maps_fit, detail::input(x), &alike, &plain);
    }
    template <class T>
    static DiffusionMaps given(ConstMatrixView<T> affinity, const DiffusionMapsOptions &options) {
        const auto plain = detail::plain(options);
        return DiffusionMaps(
            detail::made<model>(detail::spectral_api<T>::diffusion_maps_fit_affinity, detail::input(affinity), &plain));
    }

    std::unique_ptr<model, detail::Free<model, lapwing_diffusion_maps_free>> model_;
};

} // namespace lapwing

#endif /* LAPWING_EMBEDDINGS_HPP */
