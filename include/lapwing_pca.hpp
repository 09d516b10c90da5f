/* The part of lapwing.hpp that has principal component analysis, of data as a whole and in blocks. Included by it.
 *
 *   lapwing::PcaOptions options;
 *   options.variance = 0.95;
 *   const lapwing::Pca<double> pca(x, options);
 *   const auto scores = pca.transform(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_PCA_HPP
#define LAPWING_PCA_HPP

#include "lapwing_calls.hpp"

namespace lapwing {

/** How principal components are computed. */
enum class PcaSolver : std::int32_t {
    automatic = LAPWING_PCA_AUTO,
    full = LAPWING_PCA_FULL,
    covariance_eigh = LAPWING_PCA_COVARIANCE_EIGH,
    randomized = LAPWING_PCA_RANDOMIZED,
};

/** Whether scores are scaled to unit variance. */
enum class Whitening : std::int32_t {
    none = LAPWING_PCA_NO_WHITENING,
    unit_variance = LAPWING_PCA_UNIT_VARIANCE,
};

/** The options of a principal component analysis; see lapwing_pca_options. */
struct PcaOptions {
    PcaSolver solver = PcaSolver::automatic;
    Whitening whitening = Whitening::none;
    /** A count, LAPWING_PCA_ALL or LAPWING_PCA_MLE. */
    std::int64_t n_components = LAPWING_PCA_ALL;
    /** In (0, 1): keep as many components as it takes to exceed this share of the variance. */
    double variance = 0.0;
    /** Of the randomized solver, as what follows. */
    std::uint64_t seed = 0;
    /** 0 for the default, or LAPWING_RANDOMIZED_NONE. */
    std::int64_t power_iterations = 0;
};

template <class T>
class IncrementalPca;

/** A fitted principal component analysis: k components of p features. Immutable, and movable but not copyable;
 *  views of its results last as long as the model does. */
template <class T>
class Pca {
    using api = detail::api<T>;

public:
    /** Fits x (n_samples x n_features); see lapwing_pca_fit_f64. */
    explicit Pca(ConstMatrixView<T> x, const PcaOptions &options = {}) {
        const auto plain = plain_options(options);
        detail::check(api::pca_fit(detail::input(x), &plain, &model_));
    }
    /** Fits a sparse matrix, which stays sparse; see lapwing_pca_fit_csr_f64. */
    explicit Pca(const ConstSparseView<T> &x, const PcaOptions &options = {}) {
        const auto plain = plain_options(options);
        detail::check(api::pca_fit_csr(detail::input(x), &plain, &model_));
    }
    /** What to_json() wrote. */
    static Pca from_json(const std::string &text) {
        typename api::pca *model = nullptr;
        detail::check(api::pca_from_json(text.data(), text.size(), &model));
        return Pca(model);
    }
    ~Pca() { api::pca_free(model_); }
    Pca(Pca &&other) noexcept : model_(std::exchange(other.model_, nullptr)) {}
    Pca &operator=(Pca &&other) noexcept {
        std::swap(model_, other.model_);
        return *this;
    }
    Pca(const Pca &) = delete;
    Pca &operator=(const Pca &) = delete;

    /** The principal axes in rows, k x p, by decreasing variance. */
    ConstMatrixView<T> components() const {
        const auto view = read<typename api::mat>(api::pca_components);
        return {view.data, view.rows, view.cols, view.row_stride, view.col_stride};
    }
    /** The mean of each feature, p. */
    ConstVectorView<T> mean() const { return vector(api::pca_mean); }
    /** The variance along each component, k. */
    ConstVectorView<T> explained_variance() const { return vector(api::pca_explained_variance); }
    /** The share of the total variance along each component, k. */
    ConstVectorView<T> explained_variance_ratio() const { return vector(api::pca_explained_variance_ratio); }
    /** The singular values of the centred data, k. */
    ConstVectorView<T> singular_values() const { return vector(api::pca_singular_values); }
    /** The mean variance along the directions that were not kept. */
    T noise_variance() const { return read<T>(api::pca_noise_variance); }
    std::int64_t n_components() const { return read<std::int64_t>(api::pca_n_components); }
    std::int64_t n_features() const { return read<std::int64_t>(api::pca_n_features); }
    std::int64_t n_samples() const { return read<std::int64_t>(api::pca_n_samples); }
    /** The solver that ran. */
    PcaSolver solver() const { return PcaSolver{read<std::int32_t>(api::pca_solver)}; }
    Whitening whitening() const { return Whitening{read<std::int32_t>(api::pca_whitening)}; }

    /** The scores (n x k) of x (n x p). */
    Matrix<T> transform(ConstMatrixView<T> x) const {
        Matrix<T> scores(detail::extent(x.rows), n_components());
        detail::check(api::pca_transform(model_, detail::input(x), detail::output(scores)));
        return scores;
    }
    /** The same, written to a matrix of the caller's (n x k). */
    void transform(ConstMatrixView<T> x, MatrixView<T> scores) const {
        detail::check(api::pca_transform(model_, detail::input(x), detail::output(scores)));
    }
    /** Of sparse rows. */
    Matrix<T> transform(const ConstSparseView<T> &x) const {
        Matrix<T> scores(detail::extent(x.rows), n_components());
        detail::check(api::pca_transform_csr(model_, detail::input(x), detail::output(scores)));
        return scores;
    }
    /** The data (n x p) that has the given scores (n x k). */
    Matrix<T> inverse_transform(ConstMatrixView<T> scores) const {
        Matrix<T> x(detail::extent(scores.rows), n_features());
        detail::check(api::pca_inverse_transform(model_, detail::input(scores), detail::output(x)));
        return x;
    }
    /** The same, written to a matrix of the caller's (n x p). */
    void inverse_transform(ConstMatrixView<T> scores, MatrixView<T> x) const {
        detail::check(api::pca_inverse_transform(model_, detail::input(scores), detail::output(x)));
    }

    /** The covariance of the Gaussian model behind the components, p x p. */
    Matrix<T> covariance() const { return square(api::pca_covariance); }
    /** The inverse of the covariance, p x p. */
    Matrix<T> precision() const { return square(api::pca_precision); }
    /** The log-likelihood of each row of x (n x p). */
    std::vector<T> score_samples(ConstMatrixView<T> x) const {
        auto likelihoods = detail::list<T>(x.rows);
        detail::check(api::pca_score_samples(model_, detail::input(x), detail::output(likelihoods)));
        return likelihoods;
    }
    /** The mean log-likelihood of the rows of x (n x p). */
    T score(ConstMatrixView<T> x) const {
        T mean{};
        detail::check(api::pca_score(model_, detail::input(x), &mean));
        return mean;
    }

    /** The model as text; see lapwing_pca_to_json_f64. */
    std::string to_json() const { return detail::json(api::pca_to_json, model_); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const typename api::pca *get() const noexcept { return model_; }

private:
    friend class IncrementalPca<T>;
    /** Takes the model over. */
    explicit Pca(typename api::pca *model) noexcept : model_(model) {}

    static lapwing_pca_options plain_options(const PcaOptions &options) {
        lapwing_pca_options plain{};
        plain.struct_size = sizeof plain;
        plain.solver = static_cast<std::int32_t>(options.solver);
        plain.whiten = static_cast<std::int32_t>(options.whitening);
        plain.n_components = options.n_components;
        plain.variance = options.variance;
        plain.seed = options.seed;
        plain.power_iterations = options.power_iterations;
        return plain;
    }
    template <class Function>
    Matrix<T> square(Function function) const {
        Matrix<T> result(n_features(), n_features());
        detail::check(function(model_, detail::output(result)));
        return result;
    }
    template <class V, class Accessor>
    V read(Accessor accessor) const {
        V value{};
        detail::check(accessor(model_, &value));
        return value;
    }
    template <class Accessor>
    ConstVectorView<T> vector(Accessor accessor) const {
        const auto view = read<typename api::vec>(accessor);
        return {view.data, view.len, view.stride};
    }

    typename api::pca *model_ = nullptr;
};

/** What an incremental principal component analysis keeps of the rows that have gone. */
enum class IncrementalMethod : std::int32_t {
    automatic = LAPWING_INCREMENTAL_AUTO,
    exact = LAPWING_INCREMENTAL_EXACT,
    low_rank = LAPWING_INCREMENTAL_LOW_RANK,
};

/** The options of an incremental principal component analysis; see lapwing_incremental_pca_options. */
struct IncrementalPcaOptions {
    IncrementalMethod method = IncrementalMethod::automatic;
    Whitening whitening = Whitening::none;
    /** A count, LAPWING_PCA_ALL or, with the exact method, LAPWING_PCA_MLE. */
    std::int64_t n_components = LAPWING_PCA_ALL;
    /** In (0, 1), with the exact method: keep as many components as it takes to exceed this share of the variance. */
    double variance = 0.0;
};

/** A principal component analysis in the making, of data in blocks. Movable but not copyable; for one thread at a
 *  time. */
template <class T>
class IncrementalPca {
    using api = detail::api<T>;

public:
    /** Of no rows so far; see lapwing_incremental_pca_new_f64. */
    explicit IncrementalPca(const IncrementalPcaOptions &options = {}) {
        lapwing_incremental_pca_options plain{};
        plain.struct_size = sizeof plain;
        plain.method = static_cast<std::int32_t>(options.method);
        plain.whiten = static_cast<std::int32_t>(options.whitening);
        plain.n_components = options.n_components;
        plain.variance = options.variance;
        detail::check(api::incremental_pca_new(&plain, &model_));
    }
    /** What to_json() wrote: a pass over the data goes on. */
    static IncrementalPca from_json(const std::string &text) {
        IncrementalPca resumed;
        typename api::incremental_pca *model = nullptr;
        detail::check(api::incremental_pca_from_json(text.data(), text.size(), &model));
        api::incremental_pca_free(std::exchange(resumed.model_, model));
        return resumed;
    }
    ~IncrementalPca() { api::incremental_pca_free(model_); }
    IncrementalPca(IncrementalPca &&other) noexcept : model_(std::exchange(other.model_, nullptr)) {}
    IncrementalPca &operator=(IncrementalPca &&other) noexcept {
        std::swap(model_, other.model_);
        return *this;
    }
    IncrementalPca(const IncrementalPca &) = delete;
    IncrementalPca &operator=(const IncrementalPca &) = delete;

    /** Adds the rows of a block; when it throws, it is as if the block had not come. */
    void partial_fit(ConstMatrixView<T> block) {
        detail::check(api::incremental_pca_partial_fit(model_, detail::input(block)));
    }
    /** Adds the rows that another model has seen. */
    void merge(const IncrementalPca &other) { detail::check(api::incremental_pca_merge(model_, other.model_)); }
    /** How many rows have come. */
    std::int64_t n_samples() const { return read<std::int64_t>(api::incremental_pca_n_samples); }
    /** How many columns the blocks have; 0 before the first row. */
    std::int64_t n_features() const { return read<std::int64_t>(api::incremental_pca_n_features); }
    /** The method that runs, once a row has come. */
    IncrementalMethod method() const {
        return IncrementalMethod{read<std::int32_t>(api::incremental_pca_method)};
    }
    /** The mean of each feature so far; throws LAPWING_ERR_DOES_NOT_EXIST before the first row. */
    std::vector<T> mean() const {
        auto result = detail::list<T>(n_features());
        detail::check(api::incremental_pca_mean(model_, detail::output(result)));
        return result;
    }
    /** The principal components of the rows so far; more may follow. */
    Pca<T> finish() const {
        typename api::pca *fitted = nullptr;
        detail::check(api::incremental_pca_finish(model_, &fitted));
        return Pca<T>(fitted);
    }
    /** What is known of the rows so far, as text; see lapwing_incremental_pca_to_json_f64. */
    std::string to_json() const { return detail::json(api::incremental_pca_to_json, model_); }

private:
    template <class V, class Accessor>
    V read(Accessor accessor) const {
        V value{};
        detail::check(accessor(model_, &value));
        return value;
    }

    typename api::incremental_pca *model_ = nullptr;
};

} // namespace lapwing

#endif /* LAPWING_PCA_HPP */
