/* The part of lapwing.hpp that has kernel PCA, truncated SVD and the choice of a number of components. Included by it.
 *
 *   lapwing::KernelPcaOptions options;
 *   options.kernel = lapwing::Kernel::rbf;
 *   options.n_components = 2;
 *   const lapwing::KernelPca<double> model(x, options);
 *   lapwing::Matrix<double> scores = model.transform(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_MODELS_HPP
#define LAPWING_MODELS_HPP

#include <memory>

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct models_api;

template <>
struct models_api<double> {
    using kernel_pca = lapwing_kernel_pca_f64;
    static constexpr auto kernel_pca_fit = lapwing_kernel_pca_fit_f64;
    static constexpr auto kernel_pca_transform = lapwing_kernel_pca_transform_f64;
    static constexpr auto kernel_pca_inverse_transform = lapwing_kernel_pca_inverse_transform_f64;
    static constexpr auto kernel_pca_eigenvalues = lapwing_kernel_pca_eigenvalues_f64;
    static constexpr auto kernel_pca_eigenvectors = lapwing_kernel_pca_eigenvectors_f64;
    static constexpr auto kernel_pca_dual_coef = lapwing_kernel_pca_dual_coef_f64;
    static constexpr auto kernel_pca_x_fit = lapwing_kernel_pca_x_fit_f64;
    static constexpr auto kernel_pca_kernel = lapwing_kernel_pca_kernel_f64;
    static constexpr auto kernel_pca_gamma = lapwing_kernel_pca_gamma_f64;
    static constexpr auto kernel_pca_n_components = lapwing_kernel_pca_n_components_f64;
    static constexpr auto kernel_pca_n_features = lapwing_kernel_pca_n_features_f64;
    static constexpr auto kernel_pca_n_samples = lapwing_kernel_pca_n_samples_f64;
    static constexpr auto kernel_pca_to_json = lapwing_kernel_pca_to_json_f64;
    static constexpr auto kernel_pca_from_json = lapwing_kernel_pca_from_json_f64;
    static constexpr auto kernel_pca_free = lapwing_kernel_pca_free_f64;
    using truncated_svd = lapwing_truncated_svd_f64;
    static constexpr auto truncated_svd_fit = lapwing_truncated_svd_fit_f64;
    static constexpr auto truncated_svd_fit_csr = lapwing_truncated_svd_fit_csr_f64;
    static constexpr auto truncated_svd_transform = lapwing_truncated_svd_transform_f64;
    static constexpr auto truncated_svd_transform_csr = lapwing_truncated_svd_transform_csr_f64;
    static constexpr auto truncated_svd_inverse_transform = lapwing_truncated_svd_inverse_transform_f64;
    static constexpr auto truncated_svd_components = lapwing_truncated_svd_components_f64;
    static constexpr auto truncated_svd_singular_values = lapwing_truncated_svd_singular_values_f64;
    static constexpr auto truncated_svd_explained_variance = lapwing_truncated_svd_explained_variance_f64;
    static constexpr auto truncated_svd_explained_variance_ratio = lapwing_truncated_svd_explained_variance_ratio_f64;
    static constexpr auto truncated_svd_n_components = lapwing_truncated_svd_n_components_f64;
    static constexpr auto truncated_svd_n_features = lapwing_truncated_svd_n_features_f64;
    static constexpr auto truncated_svd_n_samples = lapwing_truncated_svd_n_samples_f64;
    static constexpr auto truncated_svd_algorithm = lapwing_truncated_svd_algorithm_f64;
    static constexpr auto truncated_svd_to_json = lapwing_truncated_svd_to_json_f64;
    static constexpr auto truncated_svd_from_json = lapwing_truncated_svd_from_json_f64;
    static constexpr auto truncated_svd_free = lapwing_truncated_svd_free_f64;
    static constexpr auto elbow = lapwing_elbow_f64;
    static constexpr auto parallel_analysis = lapwing_parallel_analysis_f64;
    static constexpr auto likelihood_validation = lapwing_likelihood_validation_f64;
};

template <>
struct models_api<float> {
    using kernel_pca = lapwing_kernel_pca_f32;
    static constexpr auto kernel_pca_fit = lapwing_kernel_pca_fit_f32;
    static constexpr auto kernel_pca_transform = lapwing_kernel_pca_transform_f32;
    static constexpr auto kernel_pca_inverse_transform = lapwing_kernel_pca_inverse_transform_f32;
    static constexpr auto kernel_pca_eigenvalues = lapwing_kernel_pca_eigenvalues_f32;
    static constexpr auto kernel_pca_eigenvectors = lapwing_kernel_pca_eigenvectors_f32;
    static constexpr auto kernel_pca_dual_coef = lapwing_kernel_pca_dual_coef_f32;
    static constexpr auto kernel_pca_x_fit = lapwing_kernel_pca_x_fit_f32;
    static constexpr auto kernel_pca_kernel = lapwing_kernel_pca_kernel_f32;
    static constexpr auto kernel_pca_gamma = lapwing_kernel_pca_gamma_f32;
    static constexpr auto kernel_pca_n_components = lapwing_kernel_pca_n_components_f32;
    static constexpr auto kernel_pca_n_features = lapwing_kernel_pca_n_features_f32;
    static constexpr auto kernel_pca_n_samples = lapwing_kernel_pca_n_samples_f32;
    static constexpr auto kernel_pca_to_json = lapwing_kernel_pca_to_json_f32;
    static constexpr auto kernel_pca_from_json = lapwing_kernel_pca_from_json_f32;
    static constexpr auto kernel_pca_free = lapwing_kernel_pca_free_f32;
    using truncated_svd = lapwing_truncated_svd_f32;
    static constexpr auto truncated_svd_fit = lapwing_truncated_svd_fit_f32;
    static constexpr auto truncated_svd_fit_csr = lapwing_truncated_svd_fit_csr_f32;
    static constexpr auto truncated_svd_transform = lapwing_truncated_svd_transform_f32;
    static constexpr auto truncated_svd_transform_csr = lapwing_truncated_svd_transform_csr_f32;
    static constexpr auto truncated_svd_inverse_transform = lapwing_truncated_svd_inverse_transform_f32;
    static constexpr auto truncated_svd_components = lapwing_truncated_svd_components_f32;
    static constexpr auto truncated_svd_singular_values = lapwing_truncated_svd_singular_values_f32;
    static constexpr auto truncated_svd_explained_variance = lapwing_truncated_svd_explained_variance_f32;
    static constexpr auto truncated_svd_explained_variance_ratio = lapwing_truncated_svd_explained_variance_ratio_f32;
    static constexpr auto truncated_svd_n_components = lapwing_truncated_svd_n_components_f32;
    static constexpr auto truncated_svd_n_features = lapwing_truncated_svd_n_features_f32;
    static constexpr auto truncated_svd_n_samples = lapwing_truncated_svd_n_samples_f32;
    static constexpr auto truncated_svd_algorithm = lapwing_truncated_svd_algorithm_f32;
    static constexpr auto truncated_svd_to_json = lapwing_truncated_svd_to_json_f32;
    static constexpr auto truncated_svd_from_json = lapwing_truncated_svd_from_json_f32;
    static constexpr auto truncated_svd_free = lapwing_truncated_svd_free_f32;
    static constexpr auto elbow = lapwing_elbow_f32;
    static constexpr auto parallel_analysis = lapwing_parallel_analysis_f32;
    static constexpr auto likelihood_validation = lapwing_likelihood_validation_f32;
};

/** Frees a model for std::unique_ptr. */
template <class Model, void (*function)(Model *)>
struct Free {
    void operator()(Model *model) const noexcept { function(model); }
};

/** A number or a plain view that an accessor gives. */
template <class V, class Accessor, class Model>
V read(Accessor accessor, const Model *model) {
    V value{};
    check(accessor(model, &value));
    return value;
}

template <class T, class Accessor, class Model>
ConstVectorView<T> read_vector(Accessor accessor, const Model *model) {
    const auto view = read<typename api<T>::vec>(accessor, model);
    return {view.data, view.len, view.stride};
}

template <class T, class Accessor, class Model>
ConstMatrixView<T> read_matrix(Accessor accessor, const Model *model) {
    const auto view = read<typename api<T>::mat>(accessor, model);
    return {view.data, view.rows, view.cols, view.row_stride, view.col_stride};
}

} // namespace detail

/** What the scores of kernel PCA are principal components of. */
enum class Kernel : std::int32_t {
    linear = LAPWING_KERNEL_LINEAR,
    rbf = LAPWING_KERNEL_RBF,
    polynomial = LAPWING_KERNEL_POLYNOMIAL,
    sigmoid = LAPWING_KERNEL_SIGMOID,
    cosine = LAPWING_KERNEL_COSINE,
    precomputed = LAPWING_KERNEL_PRECOMPUTED,
};

/** Whether components without variance are kept. */
enum class ZeroEigenvalues : std::int32_t {
    keep = LAPWING_KERNEL_PCA_KEEP_ZEROS,
    remove = LAPWING_KERNEL_PCA_REMOVE_ZEROS,
};

/** Whether kernel PCA learns an inverse transform. */
enum class InverseTransform : std::int32_t {
    none = LAPWING_KERNEL_PCA_NO_INVERSE,
    fit = LAPWING_KERNEL_PCA_INVERSE,
};

/** The options of a kernel principal component analysis; see lapwing_kernel_pca_options. */
struct KernelPcaOptions {
    Kernel kernel = Kernel::linear;
    /** How many components; 0 for all with variance. */
    std::int64_t n_components = 0;
    /** Of the polynomial kernel. */
    std::int64_t degree = 3;
    /** The scale; 0 for 1/p of p features. */
    double gamma = 0.0;
    /** Of the polynomial and the sigmoid kernel. */
    double coef0 = 1.0;
    ZeroEigenvalues zero_eigenvalues = ZeroEigenvalues::keep;
    InverseTransform inverse_transform = InverseTransform::none;
    /** The ridge of the inverse transform. */
    double alpha = 1.0;
};

/** A fitted kernel principal component analysis: k components of n samples. Immutable, and movable but not copyable; views
 *  of its results last as long as the model does. */
template <class T>
class KernelPca {
    using api = detail::models_api<T>;

public:
    /** Fits x (n x p), or a kernel's values (n x n); see lapwing_kernel_pca_fit_f64. */
    explicit KernelPca(ConstMatrixView<T> x, const KernelPcaOptions &options = {}) {
        lapwing_kernel_pca_options plain{};
        plain.struct_size = sizeof plain;
        plain.kernel = static_cast<std::int32_t>(options.kernel);
        plain.homogeneity = options.coef0 == 0.0 ? LAPWING_KERNEL_HOMOGENEOUS : LAPWING_KERNEL_INHOMOGENEOUS;
        plain.zero_eigenvalues = static_cast<std::int32_t>(options.zero_eigenvalues);
        plain.fit_inverse_transform = static_cast<std::int32_t>(options.inverse_transform);
        plain.n_components = options.n_components;
        plain.degree = options.degree;
        plain.gamma = options.gamma;
        plain.coef0 = options.coef0;
        plain.alpha = options.alpha;
        typename api::kernel_pca *model = nullptr;
        detail::check(api::kernel_pca_fit(detail::input(x), &plain, &model));
        model_.reset(model);
    }
    /** What to_json() wrote. */
    static KernelPca from_json(const std::string &text) {
        typename api::kernel_pca *model = nullptr;
        detail::check(api::kernel_pca_from_json(text.data(), text.size(), &model));
        return KernelPca(model);
    }

    /** The largest eigenvalues of the centred kernel matrix, k. */
    ConstVectorView<T> eigenvalues() const { return detail::read_vector<T>(api::kernel_pca_eigenvalues, get()); }
    /** The eigenvectors of the centred kernel matrix in columns, n x k. */
    ConstMatrixView<T> eigenvectors() const { return detail::read_matrix<T>(api::kernel_pca_eigenvectors, get()); }
    /** The samples, n x p; no rows for Kernel::precomputed. */
    ConstMatrixView<T> x_fit() const { return detail::read_matrix<T>(api::kernel_pca_x_fit, get()); }
    /** The coefficients of the inverse transform, n x p; throws LAPWING_ERR_DOES_NOT_EXIST when there is none. */
    ConstMatrixView<T> dual_coef() const { return detail::read_matrix<T>(api::kernel_pca_dual_coef, get()); }
    Kernel kernel() const { return Kernel{detail::read<std::int32_t>(api::kernel_pca_kernel, get())}; }
    double gamma() const { return detail::read<double>(api::kernel_pca_gamma, get()); }
    std::int64_t n_components() const { return detail::read<std::int64_t>(api::kernel_pca_n_components, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::kernel_pca_n_features, get()); }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(api::kernel_pca_n_samples, get()); }

    /** The scores (m x k) of x (m x p), or of a kernel's values (m x n). */
    Matrix<T> transform(ConstMatrixView<T> x) const {
        Matrix<T> scores(detail::extent(x.rows), n_components());
        detail::check(api::kernel_pca_transform(get(), detail::input(x), detail::output(scores)));
        return scores;
    }
    /** The data (m x p) that might have the given scores (m x k). */
    Matrix<T> inverse_transform(ConstMatrixView<T> scores) const {
        Matrix<T> x(detail::extent(scores.rows), n_features());
        detail::check(api::kernel_pca_inverse_transform(get(), detail::input(scores), detail::output(x)));
        return x;
    }
    /** The model as text, its samples included; see lapwing_kernel_pca_to_json_f64. */
    std::string to_json() const { return detail::json(api::kernel_pca_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const typename api::kernel_pca *get() const noexcept { return model_.get(); }

private:
    explicit KernelPca(typename api::kernel_pca *model) noexcept : model_(model) {}

    std::unique_ptr<typename api::kernel_pca, detail::Free<typename api::kernel_pca, api::kernel_pca_free>> model_;
};

/** How leading singular triplets are computed. */
enum class TruncatedSvdAlgorithm : std::int32_t {
    randomized = LAPWING_TRUNCATED_SVD_RANDOMIZED,
    lanczos = LAPWING_TRUNCATED_SVD_LANCZOS,
};

/** The options of a truncated singular value decomposition; see lapwing_truncated_svd_options. */
struct TruncatedSvdOptions {
    std::int64_t n_components = 2;
    TruncatedSvdAlgorithm algorithm = TruncatedSvdAlgorithm::randomized;
    /** Of the randomized algorithm, as what follows: 0 for the default, or LAPWING_RANDOMIZED_NONE. */
    std::int64_t power_iterations = 0;
    std::int64_t oversampling = 0;
    /** Of the Lanczos algorithm; 0 for the default. */
    double tolerance = 0.0;
    std::uint64_t seed = 0;
};

/** A fitted truncated singular value decomposition: k components of p features. Immutable, and movable but not copyable;
 *  views of its results last as long as the model does. */
template <class T>
class TruncatedSvd {
    using api = detail::models_api<T>;

public:
    /** Fits x (n_samples x n_features); see lapwing_truncated_svd_fit_f64. */
    explicit TruncatedSvd(ConstMatrixView<T> x, const TruncatedSvdOptions &options = {})
        : TruncatedSvd(fitted(api::truncated_svd_fit, detail::input(x), options)) {}
    /** Fits a sparse matrix. */
    explicit TruncatedSvd(const ConstSparseView<T> &x, const TruncatedSvdOptions &options = {})
        : TruncatedSvd(fitted(api::truncated_svd_fit_csr, detail::input(x), options)) {}
    /** What to_json() wrote. */
    static TruncatedSvd from_json(const std::string &text) {
        typename api::truncated_svd *model = nullptr;
        detail::check(api::truncated_svd_from_json(text.data(), text.size(), &model));
        return TruncatedSvd(model);
    }

    /** The right singular vectors in rows, k x p. */
    ConstMatrixView<T> components() const { return detail::read_matrix<T>(api::truncated_svd_components, get()); }
    /** The singular values, k. */
    ConstVectorView<T> singular_values() const { return vector(api::truncated_svd_singular_values); }
    /** The variance of each score, k. */
    ConstVectorView<T> explained_variance() const { return vector(api::truncated_svd_explained_variance); }
    /** The share of each score in the variance of the features, k. */
    ConstVectorView<T> explained_variance_ratio() const { return vector(api::truncated_svd_explained_variance_ratio); }
    TruncatedSvdAlgorithm algorithm() const {
        return TruncatedSvdAlgorithm{detail::read<std::int32_t>(api::truncated_svd_algorithm, get())};
    }
    std::int64_t n_components() const { return detail::read<std::int64_t>(api::truncated_svd_n_components, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::truncated_svd_n_features, get()); }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(api::truncated_svd_n_samples, get()); }

    /** The scores (n x k) of x (n x p). */
    Matrix<T> transform(ConstMatrixView<T> x) const {
        Matrix<T> scores(detail::extent(x.rows), n_components());
        detail::check(api::truncated_svd_transform(get(), detail::input(x), detail::output(scores)));
        return scores;
    }
    /** Of sparse rows. */
    Matrix<T> transform(const ConstSparseView<T> &x) const {
        Matrix<T> scores(detail::extent(x.rows), n_components());
        detail::check(api::truncated_svd_transform_csr(get(), detail::input(x), detail::output(scores)));
        return scores;
    }
    /** The data (n x p) that has the given scores (n x k). */
    Matrix<T> inverse_transform(ConstMatrixView<T> scores) const {
        Matrix<T> x(detail::extent(scores.rows), n_features());
        detail::check(api::truncated_svd_inverse_transform(get(), detail::input(scores), detail::output(x)));
        return x;
    }
    /** The model as text; see lapwing_truncated_svd_to_json_f64. */
    std::string to_json() const { return detail::json(api::truncated_svd_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const typename api::truncated_svd *get() const noexcept { return model_.get(); }

private:
    explicit TruncatedSvd(typename api::truncated_svd *model) noexcept : model_(model) {}

    template <class Function, class X>
    static typename api::truncated_svd *fitted(Function function, X x, const TruncatedSvdOptions &options) {
        lapwing_truncated_svd_options plain{};
        plain.struct_size = sizeof plain;
        plain.n_components = options.n_components;
        plain.algorithm = static_cast<std::int32_t>(options.algorithm);
        plain.power_iterations = options.power_iterations;
        plain.oversampling = options.oversampling;
        plain.tolerance = options.tolerance;
        plain.seed = options.seed;
        typename api::truncated_svd *model = nullptr;
        detail::check(function(x, &plain, &model));
        return model;
    }
    template <class Accessor>
    ConstVectorView<T> vector(Accessor accessor) const {
        return detail::read_vector<T>(accessor, get());
    }

    std::unique_ptr<typename api::truncated_svd, detail::Free<typename api::truncated_svd, api::truncated_svd_free>> model_;
};

/** What data without structure is. */
enum class NullModel : std::int32_t { permuted = LAPWING_NULL_MODEL_PERMUTED, normal = LAPWING_NULL_MODEL_NORMAL };

/** Of which matrix variances are the eigenvalues. */
enum class Association : std::int32_t {
    covariance = LAPWING_ASSOCIATION_COVARIANCE,
    correlation = LAPWING_ASSOCIATION_CORRELATION,
};

/** Which rows make a fold. */
enum class FoldOrder : std::int32_t { consecutive = LAPWING_FOLDS_CONSECUTIVE, shuffled = LAPWING_FOLDS_SHUFFLED };

/** The options of a parallel analysis; see lapwing_parallel_analysis_options. */
struct ParallelAnalysisOptions {
    NullModel null_model = NullModel::permuted;
    Association association = Association::covariance;
    std::int64_t iterations = 100;
    double quantile = 0.95;
    std::uint64_t seed = 0;
};

/** How many components exceed chance, the variances along all of them, and what these must exceed. */
struct ParallelAnalysis {
    std::int64_t n_components = 0;
    std::vector<double> observed, thresholds;
};

/** The options of a cross-validation of the likelihood; see lapwing_likelihood_validation_options. */
struct LikelihoodValidationOptions {
    std::int64_t folds = 5;
    FoldOrder order = FoldOrder::consecutive;
    std::uint64_t seed = 0;
};

/** The best of the candidates, the mean log-likelihood of each, and that on each fold: a row for each candidate. */
struct LikelihoodValidation {
    std::int64_t n_components = 0;
    std::vector<double> mean_scores;
    Matrix<double> scores;
};

namespace detail {

template <class T>
std::int64_t elbow(ConstVectorView<T> values) {
    std::int64_t count = 0;
    check(models_api<T>::elbow({values.data, values.size, values.stride}, &count));
    return count;
}

template <class T>
ParallelAnalysis parallel_analysis(ConstMatrixView<T> x, const ParallelAnalysisOptions &options) {
    lapwing_parallel_analysis_options plain{};
    plain.struct_size = sizeof plain;
    plain.null_model = static_cast<std::int32_t>(options.null_model);
    plain.association = static_cast<std::int32_t>(options.association);
    plain.iterations = options.iterations;
    plain.quantile = options.quantile;
    plain.seed = options.seed;
    const auto extent = std::min(x.rows, x.cols);
    ParallelAnalysis result{0, list<double>(extent), list<double>(extent)};
    check(models_api<T>::parallel_analysis(input(x), &plain, &result.n_components, output(result.observed),
                                           output(result.thresholds)));
    return result;
}

template <class T>
LikelihoodValidation likelihood_validation(ConstMatrixView<T> x, const std::vector<std::int64_t> &candidates,
                                           const LikelihoodValidationOptions &options) {
    lapwing_likelihood_validation_options plain{};
    plain.struct_size = sizeof plain;
    /* Zero, which is the default in C, is refused here like other numbers below 2. */
    plain.folds = options.folds == 0 ? 1 : options.folds;
    plain.order = static_cast<std::int32_t>(options.order);
    plain.seed = options.seed;
    const auto count = static_cast<std::int64_t>(candidates.size());
    /* More folds than rows are refused, so that no memory need be there for them. */
    const bool fits = options.folds > 0 && options.folds <= x.rows;
    LikelihoodValidation result{0, list<double>(count), Matrix<double>(count, fits ? options.folds : 0)};
    check(models_api<T>::likelihood_validation(input(x), candidates.data(), count, &plain, &result.n_components,
                                               output(result.mean_scores),
                                               fits ? output(result.scores) : unwanted<double>()));
    return result;
}

} // namespace detail

/** How many of these decreasing variances come before their elbow; see lapwing_elbow_f64. */
inline std::int64_t elbow(ConstVectorView<double> values) { return detail::elbow(values); }
/** In single precision. */
inline std::int64_t elbow(ConstVectorView<float> values) { return detail::elbow(values); }

/** How many principal components exceed what chance gives; see lapwing_parallel_analysis_f64. */
inline ParallelAnalysis parallel_analysis(ConstMatrixView<double> x, const ParallelAnalysisOptions &options = {}) {
    return detail::parallel_analysis(x, options);
}
/** Of data in single precision. */
inline ParallelAnalysis parallel_analysis(ConstMatrixView<float> x, const ParallelAnalysisOptions &options = {}) {
    return detail::parallel_analysis(x, options);
}

/** Which number of principal components makes rows that were left out most likely; see
 *  lapwing_likelihood_validation_f64. */
inline LikelihoodValidation likelihood_validation(ConstMatrixView<double> x, const std::vector<std::int64_t> &candidates,
                                                  const LikelihoodValidationOptions &options = {}) {
    return detail::likelihood_validation(x, candidates, options);
}
/** Of data in single precision. */
inline LikelihoodValidation likelihood_validation(ConstMatrixView<float> x, const std::vector<std::int64_t> &candidates,
                                                  const LikelihoodValidationOptions &options = {}) {
    return detail::likelihood_validation(x, candidates, options);
}

} // namespace lapwing

#endif /* LAPWING_MODELS_HPP */
