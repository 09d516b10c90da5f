/* The part of lapwing_statistics.hpp that has covariances and correlations. Included by it.
 *
 *   const auto covariance = lapwing::ledoit_wolf<double>(x);
 *   const auto distances = covariance.mahalanobis().distances(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_COVARIANCES_HPP
#define LAPWING_COVARIANCES_HPP

#include "lapwing_distances.hpp"

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct covariances_api;

template <>
struct covariances_api<double> {
    using covariance = lapwing_covariance_f64;
    static constexpr auto covariance_estimator = lapwing_covariance_estimator_f64;
    static constexpr auto covariance_location = lapwing_covariance_location_f64;
    static constexpr auto covariance_covariance = lapwing_covariance_covariance_f64;
    static constexpr auto covariance_n_features = lapwing_covariance_n_features_f64;
    static constexpr auto covariance_n_samples = lapwing_covariance_n_samples_f64;
    static constexpr auto covariance_shrinkage = lapwing_covariance_shrinkage_f64;
    static constexpr auto covariance_rank = lapwing_covariance_rank_f64;
    static constexpr auto covariance_mahalanobis = lapwing_covariance_mahalanobis_f64;
    static constexpr auto covariance_precision = lapwing_covariance_precision_f64;
    static constexpr auto covariance_correlation = lapwing_covariance_correlation_f64;
    static constexpr auto covariance_partial_correlation = lapwing_covariance_partial_correlation_f64;
    static constexpr auto covariance_score = lapwing_covariance_score_f64;
    static constexpr auto covariance_log_likelihood = lapwing_covariance_log_likelihood_f64;
    static constexpr auto covariance_error_norm = lapwing_covariance_error_norm_f64;
    static constexpr auto covariance_raw_location = lapwing_covariance_raw_location_f64;
    static constexpr auto covariance_raw_covariance = lapwing_covariance_raw_covariance_f64;
    static constexpr auto covariance_distances = lapwing_covariance_distances_f64;
    static constexpr auto covariance_support = lapwing_covariance_support_f64;
    static constexpr auto covariance_raw_support = lapwing_covariance_raw_support_f64;
    static constexpr auto covariance_support_dimension = lapwing_covariance_support_dimension_f64;
    static constexpr auto covariance_to_json = lapwing_covariance_to_json_f64;
    static constexpr auto covariance_from_json = lapwing_covariance_from_json_f64;
    static constexpr auto covariance_free = lapwing_covariance_free_f64;
    using running_covariance = lapwing_running_covariance_f64;
    static constexpr auto running_covariance_new = lapwing_running_covariance_new_f64;
    static constexpr auto running_covariance_partial_fit = lapwing_running_covariance_partial_fit_f64;
    static constexpr auto running_covariance_merge = lapwing_running_covariance_merge_f64;
    static constexpr auto running_covariance_n_samples = lapwing_running_covariance_n_samples_f64;
    static constexpr auto running_covariance_n_features = lapwing_running_covariance_n_features_f64;
    static constexpr auto running_covariance_empirical = lapwing_running_covariance_empirical_f64;
    static constexpr auto running_covariance_shrunk = lapwing_running_covariance_shrunk_f64;
    static constexpr auto running_covariance_oas = lapwing_running_covariance_oas_f64;
    static constexpr auto running_covariance_to_json = lapwing_running_covariance_to_json_f64;
    static constexpr auto running_covariance_from_json = lapwing_running_covariance_from_json_f64;
    static constexpr auto running_covariance_free = lapwing_running_covariance_free_f64;
    static constexpr auto empirical_covariance_fit = lapwing_empirical_covariance_fit_f64;
    static constexpr auto shrunk_covariance_fit = lapwing_shrunk_covariance_fit_f64;
    static constexpr auto ledoit_wolf_fit = lapwing_ledoit_wolf_fit_f64;
    static constexpr auto oas_fit = lapwing_oas_fit_f64;
    static constexpr auto min_cov_det_fit = lapwing_min_cov_det_fit_f64;
    static constexpr auto correlation = lapwing_correlation_f64;
    static constexpr auto correlation_from_covariance = lapwing_correlation_from_covariance_f64;
    static constexpr auto partial_correlation = lapwing_partial_correlation_f64;
    static constexpr auto partial_correlation_from_covariance = lapwing_partial_correlation_from_covariance_f64;
    using mahalanobis = lapwing_mahalanobis_f64;
};

template <>
struct covariances_api<float> {
    using covariance = lapwing_covariance_f32;
    static constexpr auto covariance_estimator = lapwing_covariance_estimator_f32;
    static constexpr auto covariance_location = lapwing_covariance_location_f32;
    static constexpr auto covariance_covariance = lapwing_covariance_covariance_f32;
    static constexpr auto covariance_n_features = lapwing_covariance_n_features_f32;
    static constexpr auto covariance_n_samples = lapwing_covariance_n_samples_f32;
    static constexpr auto covariance_shrinkage = lapwing_covariance_shrinkage_f32;
    static constexpr auto covariance_rank = lapwing_covariance_rank_f32;
    static constexpr auto covariance_mahalanobis = lapwing_covariance_mahalanobis_f32;
    static constexpr auto covariance_precision = lapwing_covariance_precision_f32;
    static constexpr auto covariance_correlation = lapwing_covariance_correlation_f32;
    static constexpr auto covariance_partial_correlation = lapwing_covariance_partial_correlation_f32;
    static constexpr auto covariance_score = lapwing_covariance_score_f32;
    static constexpr auto covariance_log_likelihood = lapwing_covariance_log_likelihood_f32;
    static constexpr auto covariance_error_norm = lapwing_covariance_error_norm_f32;
    static constexpr auto covariance_raw_location = lapwing_covariance_raw_location_f32;
    static constexpr auto covariance_raw_covariance = lapwing_covariance_raw_covariance_f32;
    static constexpr auto covariance_distances = lapwing_covariance_distances_f32;
    static constexpr auto covariance_support = lapwing_covariance_support_f32;
    static constexpr auto covariance_raw_support = lapwing_covariance_raw_support_f32;
    static constexpr auto covariance_support_dimension = lapwing_covariance_support_dimension_f32;
    static constexpr auto covariance_to_json = lapwing_covariance_to_json_f32;
    static constexpr auto covariance_from_json = lapwing_covariance_from_json_f32;
    static constexpr auto covariance_free = lapwing_covariance_free_f32;
    using running_covariance = lapwing_running_covariance_f32;
    static constexpr auto running_covariance_new = lapwing_running_covariance_new_f32;
    static constexpr auto running_covariance_partial_fit = lapwing_running_covariance_partial_fit_f32;
    static constexpr auto running_covariance_merge = lapwing_running_covariance_merge_f32;
    static constexpr auto running_covariance_n_samples = lapwing_running_covariance_n_samples_f32;
    static constexpr auto running_covariance_n_features = lapwing_running_covariance_n_features_f32;
    static constexpr auto running_covariance_empirical = lapwing_running_covariance_empirical_f32;
    static constexpr auto running_covariance_shrunk = lapwing_running_covariance_shrunk_f32;
    static constexpr auto running_covariance_oas = lapwing_running_covariance_oas_f32;
    static constexpr auto running_covariance_to_json = lapwing_running_covariance_to_json_f32;
    static constexpr auto running_covariance_from_json = lapwing_running_covariance_from_json_f32;
    static constexpr auto running_covariance_free = lapwing_running_covariance_free_f32;
    static constexpr auto empirical_covariance_fit = lapwing_empirical_covariance_fit_f32;
    static constexpr auto shrunk_covariance_fit = lapwing_shrunk_covariance_fit_f32;
    static constexpr auto ledoit_wolf_fit = lapwing_ledoit_wolf_fit_f32;
    static constexpr auto oas_fit = lapwing_oas_fit_f32;
    static constexpr auto min_cov_det_fit = lapwing_min_cov_det_fit_f32;
    static constexpr auto correlation = lapwing_correlation_f32;
    static constexpr auto correlation_from_covariance = lapwing_correlation_from_covariance_f32;
    static constexpr auto partial_correlation = lapwing_partial_correlation_f32;
    static constexpr auto partial_correlation_from_covariance = lapwing_partial_correlation_from_covariance_f32;
    using mahalanobis = lapwing_mahalanobis_f32;
};

} // namespace detail

/** What deviations are counted from. */
enum class CovarianceCentring : std::int32_t {
    mean = LAPWING_COVARIANCE_CENTRED,
    assume_centred = LAPWING_COVARIANCE_ASSUME_CENTRED,
};

/** Which estimator made a covariance. */
enum class CovarianceEstimator : std::int32_t {
    empirical = LAPWING_COVARIANCE_EMPIRICAL,
    shrunk = LAPWING_COVARIANCE_SHRUNK,
    ledoit_wolf = LAPWING_COVARIANCE_LEDOIT_WOLF,
    oas = LAPWING_COVARIANCE_OAS,
    min_cov_det = LAPWING_COVARIANCE_MIN_COV_DET,
};

/** The norm of lapwing::Covariance::error_norm. */
enum class ErrorNorm : std::int32_t { frobenius = LAPWING_ERROR_FROBENIUS, spectral = LAPWING_ERROR_SPECTRAL };
/** Whether it is divided by the root of the number of features. */
enum class ErrorScaling : std::int32_t { per_feature = LAPWING_ERROR_PER_FEATURE, none = LAPWING_ERROR_NOT_SCALED };
/** Whether it is squared. */
enum class ErrorPower : std::int32_t { squared = LAPWING_ERROR_SQUARED, plain = LAPWING_ERROR_PLAIN };

/** The options of every covariance estimator; see lapwing_covariance_options. */
struct CovarianceOptions {
    CovarianceCentring centring = CovarianceCentring::mean;
    /** Of shrunk_covariance. */
    double shrinkage = 0.1;
    /** Of min_cov_det; 0 for the default. */
    double support_fraction = 0.0;
    /** Of min_cov_det. */
    std::uint64_t seed = 0;
};

namespace detail {

inline lapwing_covariance_options plain(const CovarianceOptions &options) {
    lapwing_covariance_options plain{};
    plain.struct_size = sizeof plain;
    plain.centring = static_cast<std::int32_t>(options.centring);
    plain.shrinkage = options.shrinkage == 0.0 ? LAPWING_COVARIANCE_NO_SHRINKAGE : options.shrinkage;
    plain.support_fraction = options.support_fraction;
    plain.seed = options.seed;
    return plain;
}

} // namespace detail

/** A location and a covariance of p features, by whichever estimator. Immutable, and movable but not copyable; views of its
 *  results last as long as the model does. */
template <class T>
class Covariance {
    using api = detail::covariances_api<T>;
    using model = typename api::covariance;

public:
    /** Owns what a function of lapwing.h handed out. */
    explicit Covariance(model *handed_out) noexcept : model_(handed_out) {}
    /** What to_json() wrote. */
    static Covariance from_json(const std::string &text) {
        return Covariance(detail::made<model>(api::covariance_from_json, text.data(), text.size()));
    }

    CovarianceEstimator estimator() const {
        return CovarianceEstimator{detail::read<std::int32_t>(api::covariance_estimator, get())};
    }
    ConstVectorView<T> location() const { return detail::read_vector<T>(api::covariance_location, get()); }
    ConstMatrixView<T> covariance() const { return detail::read_matrix<T>(api::covariance_covariance, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::covariance_n_features, get()); }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(api::covariance_n_samples, get()); }
    std::int64_t rank() const { return detail::read<std::int64_t>(api::covariance_rank, get()); }
    /** Throws LAPWING_ERR_ARGUMENT when the estimator does not shrink. */
    double shrinkage() const { return detail::read<double>(api::covariance_shrinkage, get()); }
    Matrix<T> precision() const { return square(api::covariance_precision); }
    Matrix<T> correlation() const { return square(api::covariance_correlation); }
    Matrix<T> partial_correlation() const { return square(api::covariance_partial_correlation); }
    /** The metric by which this covariance measures distances. */
    Mahalanobis<T> mahalanobis() const {
        return Mahalanobis<T>(detail::made<typename api::mahalanobis>(api::covariance_mahalanobis, get()));
    }
    /** The mean log-likelihood of the rows of x. */
    T score(ConstMatrixView<T> x) const { return number(api::covariance_score, x); }
    T log_likelihood(ConstMatrixView<T> covariance) const { return number(api::covariance_log_likelihood, covariance); }
    T error_norm(ConstMatrixView<T> other, ErrorNorm norm = ErrorNorm::frobenius,
                 ErrorScaling scaling = ErrorScaling::per_feature, ErrorPower power = ErrorPower::squared) const {
        T value{};
        detail::check(api::covariance_error_norm(get(), detail::input(other), static_cast<std::int32_t>(norm),
                                                 static_cast<std::int32_t>(scaling), static_cast<std::int32_t>(power),
                                                 &value));
        return value;
    }
    /** What follows throws LAPWING_ERR_ARGUMENT unless the model is a minimum covariance determinant. */
    ConstVectorView<T> raw_location() const { return detail::read_vector<T>(api::covariance_raw_location, get()); }
    ConstMatrixView<T> raw_covariance() const { return detail::read_matrix<T>(api::covariance_raw_covariance, get()); }
    ConstVectorView<T> distances() const { return detail::read_vector<T>(api::covariance_distances, get()); }
    /** 1 for each sample that the final estimates were made from, 0 for the others. */
    std::vector<std::int32_t> support() const { return flags(api::covariance_support); }
    std::vector<std::int32_t> raw_support() const { return flags(api::covariance_raw_support); }
    /** How many dimensions the raw support spans; fewer than features when many samples lie on a hyperplane. */
    std::int64_t support_dimension() const {
        return detail::read<std::int64_t>(api::covariance_support_dimension, get());
    }
    std::string to_json() const { return detail::json(api::covariance_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    template <class Function>
    Matrix<T> square(Function function) const {
        return detail::filled<T>(n_features(), n_features(), function, get());
    }
    template <class Function>
    T number(Function function, ConstMatrixView<T> x) const {
        T value{};
        detail::check(function(get(), detail::input(x), &value));
        return value;
    }
    template <class Function>
    std::vector<std::int32_t> flags(Function function) const {
        auto result = detail::entries<std::int32_t>(distances().size);
        detail::check(function(get(), result.data()));
        return result;
    }

    std::unique_ptr<model, detail::Free<model, api::covariance_free>> model_;
};

/** Fits the rows of x; see lapwing_empirical_covariance_fit_f64. */
template <class T>
Covariance<T> empirical_covariance(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::covariances_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(
        detail::made<typename api::covariance>(api::empirical_covariance_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_shrunk_covariance_fit_f64. */
template <class T>
Covariance<T> shrunk_covariance(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::covariances_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::shrunk_covariance_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_ledoit_wolf_fit_f64. */
template <class T>
Covariance<T> ledoit_wolf(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::covariances_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::ledoit_wolf_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_oas_fit_f64. */
template <class T>
Covariance<T> oas(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::covariances_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::oas_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_min_cov_det_fit_f64. */
template <class T>
Covariance<T> min_cov_det(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::covariances_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::min_cov_det_fit, detail::input(x), &plain));
}

/** A covariance of rows that come in blocks. Movable but not copyable. */
template <class T>
class RunningCovariance {
    using api = detail::covariances_api<T>;
    using model = typename api::running_covariance;

public:
    RunningCovariance() : RunningCovariance(detail::made<model>(api::running_covariance_new)) {}
    /** What to_json() wrote. */
    static RunningCovariance from_json(const std::string &text) {
        return RunningCovariance(detail::made<model>(api::running_covariance_from_json, text.data(), text.size()));
    }

    void partial_fit(ConstMatrixView<T> block) {
        detail::check(api::running_covariance_partial_fit(model_.get(), detail::input(block)));
    }
    void merge(const RunningCovariance &other) {
        detail::check(api::running_covariance_merge(model_.get(), other.get()));
    }
    std::int64_t n_samples() const { return detail::read<std::int64_t>(api::running_covariance_n_samples, get()); }
    /** 0 before the first row. */
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::running_covariance_n_features, get()); }
    /** The covariance of the rows so far. */
    Covariance<T> empirical(const CovarianceOptions &options = {}) const {
        return finish(api::running_covariance_empirical, options);
    }
    Covariance<T> shrunk(const CovarianceOptions &options = {}) const {
        return finish(api::running_covariance_shrunk, options);
    }
    Covariance<T> oas(const CovarianceOptions &options = {}) const {
        return finish(api::running_covariance_oas, options);
    }
    std::string to_json() const { return detail::json(api::running_covariance_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit RunningCovariance(model *handed_out) noexcept : model_(handed_out) {}
    template <class Function>
    Covariance<T> finish(Function function, const CovarianceOptions &options) const {
        const auto plain = detail::plain(options);
        return Covariance<T>(detail::made<typename api::covariance>(function, get(), &plain));
    }

    std::unique_ptr<model, detail::Free<model, api::running_covariance_free>> model_;
};

/** The correlations of the columns of x; see lapwing_correlation_f64. */
template <class T>
Matrix<T> correlation(ConstMatrixView<T> x) {
    return detail::filled<T>(x.cols, x.cols, detail::covariances_api<T>::correlation, detail::input(x));
}
/** Those that belong to a covariance. */
template <class T>
Matrix<T> correlation_from_covariance(ConstMatrixView<T> covariance) {
    return detail::filled<T>(covariance.cols, covariance.cols, detail::covariances_api<T>::correlation_from_covariance,
                             detail::input(covariance));
}
/** The correlation of each pair of columns when all others are held fixed. */
template <class T>
Matrix<T> partial_correlation(ConstMatrixView<T> x) {
    return detail::filled<T>(x.cols, x.cols, detail::covariances_api<T>::partial_correlation, detail::input(x));
}
/** Those that belong to a covariance. */
template <class T>
Matrix<T> partial_correlation_from_covariance(ConstMatrixView<T> covariance) {
    return detail::filled<T>(covariance.cols, covariance.cols,
                             detail::covariances_api<T>::partial_correlation_from_covariance, detail::input(covariance));
}

} // namespace lapwing

#endif /* LAPWING_COVARIANCES_HPP */
