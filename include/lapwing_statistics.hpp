/* The part of lapwing.hpp that has covariances, Gaussians, discriminant analysis, what data passes before a model, and the
 * metrics of predictions. Included by it.
 *
 *   const auto covariance = lapwing::ledoit_wolf<double>(x);
 *   const auto distances = covariance.mahalanobis().distances(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_STATISTICS_HPP
#define LAPWING_STATISTICS_HPP

#include "lapwing_models.hpp"

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct statistics_api;

template <>
struct statistics_api<double> {
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
    using mahalanobis = lapwing_mahalanobis_f64;
    static constexpr auto mahalanobis_new = lapwing_mahalanobis_new_f64;
    static constexpr auto mahalanobis_distances = lapwing_mahalanobis_distances_f64;
    static constexpr auto mahalanobis_squared_distances = lapwing_mahalanobis_squared_distances_f64;
    static constexpr auto mahalanobis_distances_between = lapwing_mahalanobis_distances_between_f64;
    static constexpr auto mahalanobis_squared_distances_between = lapwing_mahalanobis_squared_distances_between_f64;
    static constexpr auto mahalanobis_p_values = lapwing_mahalanobis_p_values_f64;
    static constexpr auto mahalanobis_cutoff = lapwing_mahalanobis_cutoff_f64;
    static constexpr auto mahalanobis_outliers = lapwing_mahalanobis_outliers_f64;
    static constexpr auto mahalanobis_location = lapwing_mahalanobis_location_f64;
    static constexpr auto mahalanobis_n_features = lapwing_mahalanobis_n_features_f64;
    static constexpr auto mahalanobis_rank = lapwing_mahalanobis_rank_f64;
    static constexpr auto mahalanobis_to_json = lapwing_mahalanobis_to_json_f64;
    static constexpr auto mahalanobis_from_json = lapwing_mahalanobis_from_json_f64;
    static constexpr auto mahalanobis_free = lapwing_mahalanobis_free_f64;
    using multivariate_normal = lapwing_multivariate_normal_f64;
    static constexpr auto multivariate_normal_new = lapwing_multivariate_normal_new_f64;
    static constexpr auto multivariate_normal_mean = lapwing_multivariate_normal_mean_f64;
    static constexpr auto multivariate_normal_covariance = lapwing_multivariate_normal_covariance_f64;
    static constexpr auto multivariate_normal_n_features = lapwing_multivariate_normal_n_features_f64;
    static constexpr auto multivariate_normal_entropy = lapwing_multivariate_normal_entropy_f64;
    static constexpr auto multivariate_normal_log_density = lapwing_multivariate_normal_log_density_f64;
    static constexpr auto multivariate_normal_density = lapwing_multivariate_normal_density_f64;
    static constexpr auto multivariate_normal_sample = lapwing_multivariate_normal_sample_f64;
    static constexpr auto multivariate_normal_marginal = lapwing_multivariate_normal_marginal_f64;
    static constexpr auto multivariate_normal_conditional = lapwing_multivariate_normal_conditional_f64;
    static constexpr auto multivariate_normal_kl_divergence = lapwing_multivariate_normal_kl_divergence_f64;
    static constexpr auto multivariate_normal_bhattacharyya = lapwing_multivariate_normal_bhattacharyya_f64;
    static constexpr auto multivariate_normal_mahalanobis = lapwing_multivariate_normal_mahalanobis_f64;
    static constexpr auto multivariate_normal_to_json = lapwing_multivariate_normal_to_json_f64;
    static constexpr auto multivariate_normal_from_json = lapwing_multivariate_normal_from_json_f64;
    static constexpr auto multivariate_normal_free = lapwing_multivariate_normal_free_f64;
    using discriminant = lapwing_discriminant_f64;
    static constexpr auto discriminant_analysis = lapwing_discriminant_analysis_f64;
    static constexpr auto discriminant_n_classes = lapwing_discriminant_n_classes_f64;
    static constexpr auto discriminant_n_features = lapwing_discriminant_n_features_f64;
    static constexpr auto discriminant_classes = lapwing_discriminant_classes_f64;
    static constexpr auto discriminant_priors = lapwing_discriminant_priors_f64;
    static constexpr auto discriminant_means = lapwing_discriminant_means_f64;
    static constexpr auto discriminant_coefficients = lapwing_discriminant_coefficients_f64;
    static constexpr auto discriminant_intercept = lapwing_discriminant_intercept_f64;
    static constexpr auto discriminant_n_components = lapwing_discriminant_n_components_f64;
    static constexpr auto discriminant_class_covariance = lapwing_discriminant_class_covariance_f64;
    static constexpr auto discriminant_transform = lapwing_discriminant_transform_f64;
    static constexpr auto discriminant_decision_function = lapwing_discriminant_decision_function_f64;
    static constexpr auto discriminant_predict = lapwing_discriminant_predict_f64;
    static constexpr auto discriminant_predict_probabilities = lapwing_discriminant_predict_probabilities_f64;
    static constexpr auto discriminant_score = lapwing_discriminant_score_f64;
    static constexpr auto discriminant_to_json = lapwing_discriminant_to_json_f64;
    static constexpr auto discriminant_from_json = lapwing_discriminant_from_json_f64;
    static constexpr auto discriminant_free = lapwing_discriminant_free_f64;
    using whitening = lapwing_whitening_f64;
    static constexpr auto whitening_fit = lapwing_whitening_fit_f64;
    static constexpr auto whitening_transform = lapwing_whitening_transform_f64;
    static constexpr auto whitening_inverse_transform = lapwing_whitening_inverse_transform_f64;
    static constexpr auto whitening_matrix = lapwing_whitening_matrix_f64;
    static constexpr auto whitening_n_features = lapwing_whitening_n_features_f64;
    static constexpr auto whitening_to_json = lapwing_whitening_to_json_f64;
    static constexpr auto whitening_from_json = lapwing_whitening_from_json_f64;
    static constexpr auto whitening_free = lapwing_whitening_free_f64;
    static constexpr auto empirical_covariance_fit = lapwing_empirical_covariance_fit_f64;
    static constexpr auto shrunk_covariance_fit = lapwing_shrunk_covariance_fit_f64;
    static constexpr auto ledoit_wolf_fit = lapwing_ledoit_wolf_fit_f64;
    static constexpr auto oas_fit = lapwing_oas_fit_f64;
    static constexpr auto min_cov_det_fit = lapwing_min_cov_det_fit_f64;
    static constexpr auto linear_discriminant_fit = lapwing_linear_discriminant_fit_f64;
    static constexpr auto quadratic_discriminant_fit = lapwing_quadratic_discriminant_fit_f64;
    static constexpr auto standard_scaler_fit = lapwing_standard_scaler_fit_f64;
    static constexpr auto standard_scaler_transform = lapwing_standard_scaler_transform_f64;
    static constexpr auto standard_scaler_inverse_transform = lapwing_standard_scaler_inverse_transform_f64;
    static constexpr auto polynomial_features_transform = lapwing_polynomial_features_transform_f64;
    static constexpr auto correlation = lapwing_correlation_f64;
    static constexpr auto correlation_from_covariance = lapwing_correlation_from_covariance_f64;
    static constexpr auto partial_correlation = lapwing_partial_correlation_f64;
    static constexpr auto partial_correlation_from_covariance = lapwing_partial_correlation_from_covariance_f64;
    static constexpr auto r2_score = lapwing_r2_score_f64;
    static constexpr auto explained_variance_score = lapwing_explained_variance_score_f64;
    static constexpr auto mean_squared_error = lapwing_mean_squared_error_f64;
    static constexpr auto root_mean_squared_error = lapwing_root_mean_squared_error_f64;
    static constexpr auto mean_absolute_error = lapwing_mean_absolute_error_f64;
};

template <>
struct statistics_api<float> {
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
    using mahalanobis = lapwing_mahalanobis_f32;
    static constexpr auto mahalanobis_new = lapwing_mahalanobis_new_f32;
    static constexpr auto mahalanobis_distances = lapwing_mahalanobis_distances_f32;
    static constexpr auto mahalanobis_squared_distances = lapwing_mahalanobis_squared_distances_f32;
    static constexpr auto mahalanobis_distances_between = lapwing_mahalanobis_distances_between_f32;
    static constexpr auto mahalanobis_squared_distances_between = lapwing_mahalanobis_squared_distances_between_f32;
    static constexpr auto mahalanobis_p_values = lapwing_mahalanobis_p_values_f32;
    static constexpr auto mahalanobis_cutoff = lapwing_mahalanobis_cutoff_f32;
    static constexpr auto mahalanobis_outliers = lapwing_mahalanobis_outliers_f32;
    static constexpr auto mahalanobis_location = lapwing_mahalanobis_location_f32;
    static constexpr auto mahalanobis_n_features = lapwing_mahalanobis_n_features_f32;
    static constexpr auto mahalanobis_rank = lapwing_mahalanobis_rank_f32;
    static constexpr auto mahalanobis_to_json = lapwing_mahalanobis_to_json_f32;
    static constexpr auto mahalanobis_from_json = lapwing_mahalanobis_from_json_f32;
    static constexpr auto mahalanobis_free = lapwing_mahalanobis_free_f32;
    using multivariate_normal = lapwing_multivariate_normal_f32;
    static constexpr auto multivariate_normal_new = lapwing_multivariate_normal_new_f32;
    static constexpr auto multivariate_normal_mean = lapwing_multivariate_normal_mean_f32;
    static constexpr auto multivariate_normal_covariance = lapwing_multivariate_normal_covariance_f32;
    static constexpr auto multivariate_normal_n_features = lapwing_multivariate_normal_n_features_f32;
    static constexpr auto multivariate_normal_entropy = lapwing_multivariate_normal_entropy_f32;
    static constexpr auto multivariate_normal_log_density = lapwing_multivariate_normal_log_density_f32;
    static constexpr auto multivariate_normal_density = lapwing_multivariate_normal_density_f32;
    static constexpr auto multivariate_normal_sample = lapwing_multivariate_normal_sample_f32;
    static constexpr auto multivariate_normal_marginal = lapwing_multivariate_normal_marginal_f32;
    static constexpr auto multivariate_normal_conditional = lapwing_multivariate_normal_conditional_f32;
    static constexpr auto multivariate_normal_kl_divergence = lapwing_multivariate_normal_kl_divergence_f32;
    static constexpr auto multivariate_normal_bhattacharyya = lapwing_multivariate_normal_bhattacharyya_f32;
    static constexpr auto multivariate_normal_mahalanobis = lapwing_multivariate_normal_mahalanobis_f32;
    static constexpr auto multivariate_normal_to_json = lapwing_multivariate_normal_to_json_f32;
    static constexpr auto multivariate_normal_from_json = lapwing_multivariate_normal_from_json_f32;
    static constexpr auto multivariate_normal_free = lapwing_multivariate_normal_free_f32;
    using discriminant = lapwing_discriminant_f32;
    static constexpr auto discriminant_analysis = lapwing_discriminant_analysis_f32;
    static constexpr auto discriminant_n_classes = lapwing_discriminant_n_classes_f32;
    static constexpr auto discriminant_n_features = lapwing_discriminant_n_features_f32;
    static constexpr auto discriminant_classes = lapwing_discriminant_classes_f32;
    static constexpr auto discriminant_priors = lapwing_discriminant_priors_f32;
    static constexpr auto discriminant_means = lapwing_discriminant_means_f32;
    static constexpr auto discriminant_coefficients = lapwing_discriminant_coefficients_f32;
    static constexpr auto discriminant_intercept = lapwing_discriminant_intercept_f32;
    static constexpr auto discriminant_n_components = lapwing_discriminant_n_components_f32;
    static constexpr auto discriminant_class_covariance = lapwing_discriminant_class_covariance_f32;
    static constexpr auto discriminant_transform = lapwing_discriminant_transform_f32;
    static constexpr auto discriminant_decision_function = lapwing_discriminant_decision_function_f32;
    static constexpr auto discriminant_predict = lapwing_discriminant_predict_f32;
    static constexpr auto discriminant_predict_probabilities = lapwing_discriminant_predict_probabilities_f32;
    static constexpr auto discriminant_score = lapwing_discriminant_score_f32;
    static constexpr auto discriminant_to_json = lapwing_discriminant_to_json_f32;
    static constexpr auto discriminant_from_json = lapwing_discriminant_from_json_f32;
    static constexpr auto discriminant_free = lapwing_discriminant_free_f32;
    using whitening = lapwing_whitening_f32;
    static constexpr auto whitening_fit = lapwing_whitening_fit_f32;
    static constexpr auto whitening_transform = lapwing_whitening_transform_f32;
    static constexpr auto whitening_inverse_transform = lapwing_whitening_inverse_transform_f32;
    static constexpr auto whitening_matrix = lapwing_whitening_matrix_f32;
    static constexpr auto whitening_n_features = lapwing_whitening_n_features_f32;
    static constexpr auto whitening_to_json = lapwing_whitening_to_json_f32;
    static constexpr auto whitening_from_json = lapwing_whitening_from_json_f32;
    static constexpr auto whitening_free = lapwing_whitening_free_f32;
    static constexpr auto empirical_covariance_fit = lapwing_empirical_covariance_fit_f32;
    static constexpr auto shrunk_covariance_fit = lapwing_shrunk_covariance_fit_f32;
    static constexpr auto ledoit_wolf_fit = lapwing_ledoit_wolf_fit_f32;
    static constexpr auto oas_fit = lapwing_oas_fit_f32;
    static constexpr auto min_cov_det_fit = lapwing_min_cov_det_fit_f32;
    static constexpr auto linear_discriminant_fit = lapwing_linear_discriminant_fit_f32;
    static constexpr auto quadratic_discriminant_fit = lapwing_quadratic_discriminant_fit_f32;
    static constexpr auto standard_scaler_fit = lapwing_standard_scaler_fit_f32;
    static constexpr auto standard_scaler_transform = lapwing_standard_scaler_transform_f32;
    static constexpr auto standard_scaler_inverse_transform = lapwing_standard_scaler_inverse_transform_f32;
    static constexpr auto polynomial_features_transform = lapwing_polynomial_features_transform_f32;
    static constexpr auto correlation = lapwing_correlation_f32;
    static constexpr auto correlation_from_covariance = lapwing_correlation_from_covariance_f32;
    static constexpr auto partial_correlation = lapwing_partial_correlation_f32;
    static constexpr auto partial_correlation_from_covariance = lapwing_partial_correlation_from_covariance_f32;
    static constexpr auto r2_score = lapwing_r2_score_f32;
    static constexpr auto explained_variance_score = lapwing_explained_variance_score_f32;
    static constexpr auto mean_squared_error = lapwing_mean_squared_error_f32;
    static constexpr auto root_mean_squared_error = lapwing_root_mean_squared_error_f32;
    static constexpr auto mean_absolute_error = lapwing_mean_absolute_error_f32;
};

template <class T>
typename api<T>::vec input(ConstVectorView<T> a) {
    return {a.data, a.size, a.stride};
}

template <class T>
ConstVectorView<T> view_of(const std::vector<T> &a) {
    return {a.data(), static_cast<std::int64_t>(a.size()), 1};
}

/** No weights, and every sample counts once; no priors, and they are the shares of the samples. */
template <class T>
typename api<T>::vec none() {
    return {nullptr, 0, 1};
}

template <class T>
std::vector<T> entries(std::int64_t count) {
    return std::vector<T>(static_cast<std::size_t>(extent(count)));
}

/** What a function makes of its arguments and hands out. */
template <class Model, class Function, class... Arguments>
Model *made(Function function, Arguments... arguments) {
    Model *model = nullptr;
    check(function(arguments..., &model));
    return model;
}

/** A matrix that a function fills from a model and perhaps more. */
template <class T, class Function, class... Arguments>
Matrix<T> filled(std::int64_t rows, std::int64_t cols, Function function, Arguments... arguments) {
    Matrix<T> result(extent(rows), extent(cols));
    check(function(arguments..., output(result)));
    return result;
}

/** A vector that a function fills. */
template <class T, class Function, class... Arguments>
std::vector<T> filled_vector(std::int64_t count, Function function, Arguments... arguments) {
    auto result = entries<T>(count);
    check(function(arguments..., output(result)));
    return result;
}

} // namespace detail

/** What to do with a covariance that has no inverse. */
enum class SingularCovariance : std::int32_t {
    refuse = LAPWING_SINGULAR_REFUSE,
    pseudo_inverse = LAPWING_SINGULAR_PSEUDO_INVERSE,
};

/** The rows that lie too far out; see lapwing_mahalanobis_outliers_f64. */
template <class T>
struct Outliers {
    std::vector<std::int64_t> indices;
    std::vector<T> squared_distances, p_values;
};

/** A location and a covariance, ready to measure Mahalanobis distances with. Immutable, and movable but not copyable. */
template <class T>
class Mahalanobis {
    using api = detail::statistics_api<T>;
    using model = typename api::mahalanobis;

public:
    /** Of a location (p) and a covariance (p x p); see lapwing_mahalanobis_new_f64. */
    Mahalanobis(ConstVectorView<T> location, ConstMatrixView<T> covariance,
                SingularCovariance singular = SingularCovariance::refuse)
        : Mahalanobis(detail::made<model>(api::mahalanobis_new, detail::input(location), detail::input(covariance),
                                          static_cast<std::int32_t>(singular))) {}
    /** Owns what a function of lapwing.h handed out. */
    explicit Mahalanobis(model *handed_out) noexcept : model_(handed_out) {}
    /** What to_json() wrote. */
    static Mahalanobis from_json(const std::string &text) {
        return Mahalanobis(detail::made<model>(api::mahalanobis_from_json, text.data(), text.size()));
    }

    ConstVectorView<T> location() const { return detail::read_vector<T>(api::mahalanobis_location, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::mahalanobis_n_features, get()); }
    std::int64_t rank() const { return detail::read<std::int64_t>(api::mahalanobis_rank, get()); }
    /** The distance of each row of x from the location. */
    std::vector<T> distances(ConstMatrixView<T> x) const {
        return detail::filled_vector<T>(x.rows, api::mahalanobis_distances, get(), detail::input(x));
    }
    std::vector<T> squared_distances(ConstMatrixView<T> x) const {
        return detail::filled_vector<T>(x.rows, api::mahalanobis_squared_distances, get(), detail::input(x));
    }
    /** The distance of each row of a from each row of b. */
    Matrix<T> distances_between(ConstMatrixView<T> a, ConstMatrixView<T> b) const {
        return detail::filled<T>(a.rows, b.rows, api::mahalanobis_distances_between, get(), detail::input(a),
                                 detail::input(b));
    }
    Matrix<T> squared_distances_between(ConstMatrixView<T> a, ConstMatrixView<T> b) const {
        return detail::filled<T>(a.rows, b.rows, api::mahalanobis_squared_distances_between, get(), detail::input(a),
                                 detail::input(b));
    }
    /** How often a row of a Gaussian has at least these squared distances. */
    std::vector<T> p_values(const std::vector<T> &squared) const {
        const auto view = detail::view_of(squared);
        return detail::filled_vector<T>(view.size, api::mahalanobis_p_values, get(), detail::input(view));
    }
    /** The squared distance that this share of the rows of a Gaussian stays within. */
    T cutoff(double quantile) const {
        T value{};
        detail::check(api::mahalanobis_cutoff(get(), quantile, &value));
        return value;
    }
    /** The rows of x that lie further out than this share of the rows of a Gaussian. */
    Outliers<T> outliers(ConstMatrixView<T> x, double quantile = 0.975) const {
        Outliers<T> result{detail::entries<std::int64_t>(x.rows), detail::entries<T>(x.rows),
                           detail::entries<T>(x.rows)};
        std::int64_t count = 0;
        detail::check(api::mahalanobis_outliers(get(), detail::input(x), quantile, result.indices.data(), &count,
                                                detail::output(result.squared_distances),
                                                detail::output(result.p_values)));
        result.indices.resize(static_cast<std::size_t>(count));
        return result;
    }
    std::string to_json() const { return detail::json(api::mahalanobis_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    std::unique_ptr<model, detail::Free<model, api::mahalanobis_free>> model_;
};

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
    using api = detail::statistics_api<T>;
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
    using api = detail::statistics_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(
        detail::made<typename api::covariance>(api::empirical_covariance_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_shrunk_covariance_fit_f64. */
template <class T>
Covariance<T> shrunk_covariance(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::statistics_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::shrunk_covariance_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_ledoit_wolf_fit_f64. */
template <class T>
Covariance<T> ledoit_wolf(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::statistics_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::ledoit_wolf_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_oas_fit_f64. */
template <class T>
Covariance<T> oas(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::statistics_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::oas_fit, detail::input(x), &plain));
}

/** Fits the rows of x; see lapwing_min_cov_det_fit_f64. */
template <class T>
Covariance<T> min_cov_det(ConstMatrixView<T> x, const CovarianceOptions &options = {}) {
    using api = detail::statistics_api<T>;
    const auto plain = detail::plain(options);
    return Covariance<T>(detail::made<typename api::covariance>(api::min_cov_det_fit, detail::input(x), &plain));
}

/** A covariance of rows that come in blocks. Movable but not copyable. */
template <class T>
class RunningCovariance {
    using api = detail::statistics_api<T>;
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

/** A Gaussian distribution of p features. Immutable, and movable but not copyable. */
template <class T>
class MultivariateNormal {
    using api = detail::statistics_api<T>;
    using model = typename api::multivariate_normal;

public:
    /** Of a mean (p) and a covariance (p x p); see lapwing_multivariate_normal_new_f64. */
    MultivariateNormal(ConstVectorView<T> mean, ConstMatrixView<T> covariance)
        : MultivariateNormal(
              detail::made<model>(api::multivariate_normal_new, detail::input(mean), detail::input(covariance))) {}
    /** What to_json() wrote. */
    static MultivariateNormal from_json(const std::string &text) {
        return MultivariateNormal(detail::made<model>(api::multivariate_normal_from_json, text.data(), text.size()));
    }

    ConstVectorView<T> mean() const { return detail::read_vector<T>(api::multivariate_normal_mean, get()); }
    Matrix<T> covariance() const {
        return detail::filled<T>(n_features(), n_features(), api::multivariate_normal_covariance, get());
    }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::multivariate_normal_n_features, get()); }
    T entropy() const { return detail::read<T>(api::multivariate_normal_entropy, get()); }
    Mahalanobis<T> mahalanobis() const {
        return Mahalanobis<T>(detail::made<typename api::mahalanobis>(api::multivariate_normal_mahalanobis, get()));
    }
    std::vector<T> log_density(ConstMatrixView<T> x) const {
        return detail::filled_vector<T>(x.rows, api::multivariate_normal_log_density, get(), detail::input(x));
    }
    std::vector<T> density(ConstMatrixView<T> x) const {
        return detail::filled_vector<T>(x.rows, api::multivariate_normal_density, get(), detail::input(x));
    }
    /** Independent rows (count x p). */
    Matrix<T> sample(std::int64_t count, std::uint64_t seed) const {
        return detail::filled<T>(count, n_features(), api::multivariate_normal_sample, get(), seed);
    }
    /** The distribution of some features, whatever the others are. */
    MultivariateNormal marginal(const std::vector<std::int64_t> &indices) const {
        return MultivariateNormal(detail::made<model>(api::multivariate_normal_marginal, get(), indices.data(),
                                                      static_cast<std::int64_t>(indices.size())));
    }
    /** The distribution of the other features, given the values of these. */
    MultivariateNormal conditional(const std::vector<std::int64_t> &indices, const std::vector<T> &values) const {
        return MultivariateNormal(detail::made<model>(api::multivariate_normal_conditional, get(), indices.data(),
                                                      static_cast<std::int64_t>(indices.size()),
                                                      detail::input(detail::view_of(values))));
    }
    T kl_divergence(const MultivariateNormal &other) const {
        return compare(api::multivariate_normal_kl_divergence, other);
    }
    T bhattacharyya(const MultivariateNormal &other) const {
        return compare(api::multivariate_normal_bhattacharyya, other);
    }
    std::string to_json() const { return detail::json(api::multivariate_normal_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit MultivariateNormal(model *handed_out) noexcept : model_(handed_out) {}
    template <class Function>
    T compare(Function function, const MultivariateNormal &other) const {
        T value{};
        detail::check(function(get(), other.get(), &value));
        return value;
    }

    std::unique_ptr<model, detail::Free<model, api::multivariate_normal_free>> model_;
};

/** How linear discriminants are found. */
enum class DiscriminantSolver : std::int32_t {
    svd = LAPWING_DISCRIMINANT_SVD,
    least_squares = LAPWING_DISCRIMINANT_LEAST_SQUARES,
    eigen = LAPWING_DISCRIMINANT_EIGEN,
};

/** How much of a covariance is replaced by a multiple of the identity. */
enum class Shrinkage : std::int32_t {
    none = LAPWING_SHRINKAGE_NONE,
    fixed = LAPWING_SHRINKAGE_FIXED,
    ledoit_wolf = LAPWING_SHRINKAGE_LEDOIT_WOLF,
};

/** The options of a discriminant analysis; see lapwing_discriminant_options. */
struct DiscriminantOptions {
    DiscriminantSolver solver = DiscriminantSolver::svd;
    Shrinkage shrinkage = Shrinkage::none;
    /** With Shrinkage::fixed. */
    double share = 0.0;
    /** 0 for all there are. */
    std::int64_t n_components = 0;
    double tolerance = 1e-4;
    /** Of the quadratic analysis. */
    double regularization = 0.0;
    /** In ascending order of the labels; empty for the shares of the samples. */
    std::vector<double> priors;
};

/** A linear or quadratic discriminant analysis of K classes. Immutable, and movable but not copyable. */
template <class T>
class Discriminant {
    using api = detail::statistics_api<T>;
    using model = typename api::discriminant;

public:
    /** One covariance for all classes; labels has an entry for each row of x. See lapwing_linear_discriminant_fit_f64. */
    static Discriminant linear(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels,
                               const DiscriminantOptions &options = {}) {
        return fitted(api::linear_discriminant_fit, x, labels, options);
    }
    /** A covariance for each class; see lapwing_quadratic_discriminant_fit_f64. */
    static Discriminant quadratic(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels,
                                  const DiscriminantOptions &options = {}) {
        return fitted(api::quadratic_discriminant_fit, x, labels, options);
    }
    /** What to_json() wrote. */
    static Discriminant from_json(const std::string &text) {
        return Discriminant(detail::made<model>(api::discriminant_from_json, text.data(), text.size()));
    }

    bool is_quadratic() const {
        return detail::read<std::int32_t>(api::discriminant_analysis, get()) == LAPWING_DISCRIMINANT_QUADRATIC;
    }
    std::int64_t n_classes() const { return detail::read<std::int64_t>(api::discriminant_n_classes, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(api::discriminant_n_features, get()); }
    /** The labels in ascending order. */
    std::vector<std::int64_t> classes() const {
        auto labels = detail::entries<std::int64_t>(n_classes());
        detail::check(api::discriminant_classes(get(), labels.data()));
        return labels;
    }
    ConstVectorView<double> priors() const { return detail::read_vector<double>(api::discriminant_priors, get()); }
    /** The mean of each class, K x p. */
    Matrix<T> means() const { return detail::filled<T>(n_classes(), n_features(), api::discriminant_means, get()); }
    /** Of a linear analysis, K x p; throws LAPWING_ERR_ARGUMENT of a quadratic one, as do intercept and transform. */
    Matrix<T> coefficients() const {
        return detail::filled<T>(n_classes(), n_features(), api::discriminant_coefficients, get());
    }
    std::vector<T> intercept() const {
        return detail::filled_vector<T>(n_classes(), api::discriminant_intercept, get());
    }
    std::int64_t n_components() const { return detail::read<std::int64_t>(api::discriminant_n_components, get()); }
    /** The coordinates of x (n x p) along the axes that separate the classes, n x k. */
    Matrix<T> transform(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_components(), api::discriminant_transform, get(), detail::input(x));
    }
    /** Of a quadratic analysis, p x p; throws LAPWING_ERR_ARGUMENT of a linear one. */
    Matrix<T> class_covariance(std::int64_t class_index) const {
        return detail::filled<T>(n_features(), n_features(), api::discriminant_class_covariance, get(), class_index);
    }
    Matrix<T> decision_function(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_classes(), api::discriminant_decision_function, get(), detail::input(x));
    }
    Matrix<T> predict_probabilities(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_classes(), api::discriminant_predict_probabilities, get(), detail::input(x));
    }
    /** The most probable label of each row of x. */
    std::vector<std::int64_t> predict(ConstMatrixView<T> x) const {
        auto labels = detail::entries<std::int64_t>(x.rows);
        detail::check(api::discriminant_predict(get(), detail::input(x), labels.data()));
        return labels;
    }
    /** The share of rows whose most probable label is the given one. */
    double score(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) const {
        require_labels(x, labels);
        double value = 0;
        detail::check(api::discriminant_score(get(), detail::input(x), labels.data(), &value));
        return value;
    }
    std::string to_json() const { return detail::json(api::discriminant_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit Discriminant(model *handed_out) noexcept : model_(handed_out) {}
    static void require_labels(ConstMatrixView<T> x, const std::vector<std::int64_t> &labels) {
        if (static_cast<std::int64_t>(labels.size()) != x.rows)
            throw error(LAPWING_ERR_SHAPE, "labels has " + std::to_string(labels.size()) + " entries, but x has " +
                                               std::to_string(x.rows) + " rows");
    }
    template <class Function>
    static Discriminant fitted(Function function, ConstMatrixView<T> x, const std::vector<std::int64_t> &labels,
                               const DiscriminantOptions &options) {
        require_labels(x, labels);
        lapwing_discriminant_options plain{};
        plain.struct_size = sizeof plain;
        plain.solver = static_cast<std::int32_t>(options.solver);
        plain.shrinkage = static_cast<std::int32_t>(options.shrinkage);
        plain.share = options.share;
        plain.n_components = options.n_components;
        plain.tolerance = options.tolerance;
        plain.regularization = options.regularization;
        const auto priors =
            options.priors.empty() ? detail::none<double>() : detail::input(detail::view_of(options.priors));
        return Discriminant(detail::made<model>(function, detail::input(x), labels.data(), priors, &plain));
    }

    std::unique_ptr<model, detail::Free<model, api::discriminant_free>> model_;
};

/** Which of the whitenings. */
enum class WhiteningMethod : std::int32_t {
    zca = LAPWING_WHITENING_ZCA,
    zca_correlation = LAPWING_WHITENING_ZCA_CORRELATION,
    pca = LAPWING_WHITENING_PCA,
    pca_correlation = LAPWING_WHITENING_PCA_CORRELATION,
    cholesky = LAPWING_WHITENING_CHOLESKY,
};

/** A matrix that makes features uncorrelated, of variance 1. Immutable, and movable but not copyable. */
template <class T>
class WhiteningTransform {
    using api = detail::statistics_api<T>;
    using model = typename api::whitening;

public:
    /** Fits the rows of x; a floor of 0 is none. See lapwing_whitening_fit_f64. */
    explicit WhiteningTransform(ConstMatrixView<T> x, WhiteningMethod method = WhiteningMethod::zca, double floor = 0.0)
        : WhiteningTransform(fitted(x, method, floor)) {}
    /** What to_json() wrote. */
    static WhiteningTransform from_json(const std::string &text) {
        return WhiteningTransform(detail::made<model>(api::whitening_from_json, text.data(), text.size()));
    }

    std::int64_t n_features() const { return detail::read<std::int64_t>(api::whitening_n_features, get()); }
    /** What a column of centred features is multiplied by, p x p. */
    Matrix<T> matrix() const { return detail::filled<T>(n_features(), n_features(), api::whitening_matrix, get()); }
    Matrix<T> transform(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_features(), api::whitening_transform, get(), detail::input(x));
    }
    Matrix<T> inverse_transform(ConstMatrixView<T> z) const {
        return detail::filled<T>(z.rows, n_features(), api::whitening_inverse_transform, get(), detail::input(z));
    }
    std::string to_json() const { return detail::json(api::whitening_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const model *get() const noexcept { return model_.get(); }

private:
    explicit WhiteningTransform(model *handed_out) noexcept : model_(handed_out) {}
    static model *fitted(ConstMatrixView<T> x, WhiteningMethod method, double floor) {
        lapwing_whitening_options plain{};
        plain.struct_size = sizeof plain;
        plain.method = static_cast<std::int32_t>(method);
        plain.floor = floor;
        return detail::made<model>(api::whitening_fit, detail::input(x), &plain);
    }

    std::unique_ptr<model, detail::Free<model, api::whitening_free>> model_;
};

/** Whether a scaler subtracts means. */
enum class Centring : std::int32_t { mean = LAPWING_SCALER_CENTRED, none = LAPWING_SCALER_NOT_CENTRED };
/** Whether a scaler divides by standard deviations. */
enum class Scaling : std::int32_t { unit_variance = LAPWING_SCALER_UNIT_VARIANCE, none = LAPWING_SCALER_NOT_SCALED };

/** The means and standard deviations of features, for data of either precision. Immutable, and movable but not copyable. */
class StandardScaler {
public:
    /** Fits x, every row counted once or by its weight; see lapwing_standard_scaler_fit_f64. */
    explicit StandardScaler(ConstMatrixView<double> x, Centring centring = Centring::mean,
                            Scaling scaling = Scaling::unit_variance, const std::vector<double> &weights = {})
        : StandardScaler(fitted(x, centring, scaling, weights)) {}
    /** Of data in single precision. */
    explicit StandardScaler(ConstMatrixView<float> x, Centring centring = Centring::mean,
                            Scaling scaling = Scaling::unit_variance, const std::vector<float> &weights = {})
        : StandardScaler(fitted(x, centring, scaling, weights)) {}
    /** What to_json() wrote. */
    static StandardScaler from_json(const std::string &text) {
        return StandardScaler(
            detail::made<lapwing_standard_scaler>(lapwing_standard_scaler_from_json, text.data(), text.size()));
    }

    /** The scaler of the samples of both. */
    StandardScaler merged(const StandardScaler &other) const {
        return StandardScaler(
            detail::made<lapwing_standard_scaler>(lapwing_standard_scaler_merged, get(), other.get()));
    }
    ConstVectorView<double> mean() const { return detail::read_vector<double>(lapwing_standard_scaler_mean, get()); }
    ConstVectorView<double> variance() const {
        return detail::read_vector<double>(lapwing_standard_scaler_variance, get());
    }
    ConstVectorView<double> scale() const { return detail::read_vector<double>(lapwing_standard_scaler_scale, get()); }
    double n_samples_seen() const { return detail::read<double>(lapwing_standard_scaler_n_samples_seen, get()); }
    std::int64_t n_features() const { return detail::read<std::int64_t>(lapwing_standard_scaler_n_features, get()); }
    /** (x - mean) / scale. */
    Matrix<double> transform(ConstMatrixView<double> x) const { return map(lapwing_standard_scaler_transform_f64, x); }
    Matrix<float> transform(ConstMatrixView<float> x) const { return map(lapwing_standard_scaler_transform_f32, x); }
    /** x * scale + mean. */
    Matrix<double> inverse_transform(ConstMatrixView<double> x) const {
        return map(lapwing_standard_scaler_inverse_transform_f64, x);
    }
    Matrix<float> inverse_transform(ConstMatrixView<float> x) const {
        return map(lapwing_standard_scaler_inverse_transform_f32, x);
    }
    std::string to_json() const { return detail::json(lapwing_standard_scaler_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_standard_scaler *get() const noexcept { return model_.get(); }

private:
    explicit StandardScaler(lapwing_standard_scaler *handed_out) noexcept : model_(handed_out) {}
    template <class T>
    static lapwing_standard_scaler *fitted(ConstMatrixView<T> x, Centring centring, Scaling scaling,
                                           const std::vector<T> &weights) {
        lapwing_standard_scaler_options plain{};
        plain.struct_size = sizeof plain;
        plain.centring = static_cast<std::int32_t>(centring);
        plain.scaling = static_cast<std::int32_t>(scaling);
        const auto view = weights.empty() ? detail::none<T>() : detail::input(detail::view_of(weights));
        return detail::made<lapwing_standard_scaler>(detail::statistics_api<T>::standard_scaler_fit, detail::input(x),
                                                     view, &plain);
    }
    template <class Function, class T>
    Matrix<T> map(Function function, ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_features(), function, get(), detail::input(x));
    }

    std::unique_ptr<lapwing_standard_scaler, detail::Free<lapwing_standard_scaler, lapwing_standard_scaler_free>>
        model_;
};

/** Which products of features are terms. */
enum class Terms : std::int32_t { all = LAPWING_POLYNOMIAL_ALL_TERMS, interactions = LAPWING_POLYNOMIAL_INTERACTIONS };
/** Whether the first term is 1. */
enum class Bias : std::int32_t { included = LAPWING_POLYNOMIAL_BIAS, excluded = LAPWING_POLYNOMIAL_NO_BIAS };

/** The terms of a polynomial of features, for data of either precision. Immutable, and movable but not copyable. */
class PolynomialFeatures {
public:
    /** Of so many features; see lapwing_polynomial_features_new. */
    explicit PolynomialFeatures(std::int64_t n_features, std::int64_t degree = 2, Terms terms = Terms::all,
                                Bias bias = Bias::included) {
        lapwing_polynomial_features_options plain{};
        plain.struct_size = sizeof plain;
        plain.degree = degree;
        plain.terms = static_cast<std::int32_t>(terms);
        plain.bias = static_cast<std::int32_t>(bias);
        model_.reset(detail::made<lapwing_polynomial_features>(lapwing_polynomial_features_new, n_features, &plain));
    }
    /** What to_json() wrote. */
    static PolynomialFeatures from_json(const std::string &text) {
        return PolynomialFeatures(
            detail::made<lapwing_polynomial_features>(lapwing_polynomial_features_from_json, text.data(), text.size()));
    }

    std::int64_t n_features() const {
        return detail::read<std::int64_t>(lapwing_polynomial_features_n_features, get());
    }
    std::int64_t n_output_features() const {
        return detail::read<std::int64_t>(lapwing_polynomial_features_n_output_features, get());
    }
    /** The power of each feature in each term, term after term. */
    std::vector<std::int64_t> powers() const {
        auto result = detail::entries<std::int64_t>(n_output_features() * n_features());
        detail::check(lapwing_polynomial_features_powers(get(), result.data()));
        return result;
    }
    Matrix<double> transform(ConstMatrixView<double> x) const {
        return map(lapwing_polynomial_features_transform_f64, x);
    }
    Matrix<float> transform(ConstMatrixView<float> x) const {
        return map(lapwing_polynomial_features_transform_f32, x);
    }
    std::string to_json() const { return detail::json(lapwing_polynomial_features_to_json, get()); }

    /** The model for the functions of lapwing.h; still owned by this object. */
    const lapwing_polynomial_features *get() const noexcept { return model_.get(); }

private:
    explicit PolynomialFeatures(lapwing_polynomial_features *handed_out) noexcept : model_(handed_out) {}
    template <class Function, class T>
    Matrix<T> map(Function function, ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_output_features(), function, get(), detail::input(x));
    }

    std::unique_ptr<lapwing_polynomial_features,
                    detail::Free<lapwing_polynomial_features, lapwing_polynomial_features_free>>
        model_;
};

/** The correlations of the columns of x; see lapwing_correlation_f64. */
template <class T>
Matrix<T> correlation(ConstMatrixView<T> x) {
    return detail::filled<T>(x.cols, x.cols, detail::statistics_api<T>::correlation, detail::input(x));
}
/** Those that belong to a covariance. */
template <class T>
Matrix<T> correlation_from_covariance(ConstMatrixView<T> covariance) {
    return detail::filled<T>(covariance.cols, covariance.cols, detail::statistics_api<T>::correlation_from_covariance,
                             detail::input(covariance));
}
/** The correlation of each pair of columns when all others are held fixed. */
template <class T>
Matrix<T> partial_correlation(ConstMatrixView<T> x) {
    return detail::filled<T>(x.cols, x.cols, detail::statistics_api<T>::partial_correlation, detail::input(x));
}
/** Those that belong to a covariance. */
template <class T>
Matrix<T> partial_correlation_from_covariance(ConstMatrixView<T> covariance) {
    return detail::filled<T>(covariance.cols, covariance.cols,
                             detail::statistics_api<T>::partial_correlation_from_covariance, detail::input(covariance));
}

/** How the scores of several targets become one number. */
enum class Averaging : std::int32_t {
    uniform = LAPWING_AVERAGE_UNIFORM,
    variance_weighted = LAPWING_AVERAGE_VARIANCE_WEIGHTED,
};

namespace detail {

template <class T, class Function, class... Choice>
double metric(Function function, ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred, const std::vector<T> &weights,
              Choice... choice) {
    double value = 0;
    check(function(input(y_true), input(y_pred), weights.empty() ? none<T>() : input(view_of(weights)), choice...,
                   &value));
    return value;
}

} // namespace detail

/** R2 of predictions (n x t), every sample counted once or by its weight; see lapwing_r2_score_f64. */
template <class T>
double r2_score(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred, const std::vector<T> &weights = {},
                Averaging averaging = Averaging::uniform) {
    return detail::metric(detail::statistics_api<T>::r2_score, y_true, y_pred, weights,
                          static_cast<std::int32_t>(averaging));
}
/** R2 that forgives a constant offset. */
template <class T>
double explained_variance_score(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred,
                                const std::vector<T> &weights = {}, Averaging averaging = Averaging::uniform) {
    return detail::metric(detail::statistics_api<T>::explained_variance_score, y_true, y_pred, weights,
                          static_cast<std::int32_t>(averaging));
}
/** The mean of the squared residuals. */
template <class T>
double mean_squared_error(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred, const std::vector<T> &weights = {}) {
    return detail::metric(detail::statistics_api<T>::mean_squared_error, y_true, y_pred, weights);
}
/** The root of that of each target, averaged. */
template <class T>
double root_mean_squared_error(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred,
                               const std::vector<T> &weights = {}) {
    return detail::metric(detail::statistics_api<T>::root_mean_squared_error, y_true, y_pred, weights);
}
/** The mean of the residuals' magnitudes. */
template <class T>
double mean_absolute_error(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred, const std::vector<T> &weights = {}) {
    return detail::metric(detail::statistics_api<T>::mean_absolute_error, y_true, y_pred, weights);
}

/** The fold of each sample; see lapwing_k_fold. */
inline std::vector<std::int64_t> k_fold(std::int64_t n_samples, std::int64_t n_splits,
                                        FoldOrder order = FoldOrder::consecutive, std::uint64_t seed = 0) {
    auto folds = detail::entries<std::int64_t>(n_samples);
    detail::check(lapwing_k_fold(n_samples, n_splits, static_cast<std::int32_t>(order), seed, folds.data()));
    return folds;
}

} // namespace lapwing

#endif /* LAPWING_STATISTICS_HPP */
