/* The part of lapwing_statistics.hpp that has discriminant analysis. Included by it.
 *
 *   const auto model = lapwing::Discriminant<double>::linear(x, labels);
 *   const auto predicted = model.predict(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_DISCRIMINANTS_HPP
#define LAPWING_DISCRIMINANTS_HPP

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct discriminants_api;

template <>
struct discriminants_api<double> {
    using discriminant = lapwing_discriminant_f64;
    static constexpr auto discriminant_analysis = lapwing_discriminant_analysis_f64;
    static constexpr auto discriminant_n_classes = lapwing_discriminant_n_classes_f64;
    static constexpr auto discriminant_n_features = lapwing_discriminant_n_features_f64;
    static constexpr auto discriminant_classes = lapwing_discriminant_classes_f64;
    static constexpr auto discriminant_priors = lapwing_discriminant_priors_f64;
    static constexpr auto discriminant_means = lapwing_discriminant_means_f64;
    static constexpr auto discriminant_coefficients = lapwing_discriminant_coefficients_f64;
    static constexpr auto discriminant_intercept = lapwing_discriminant_intercept_f64;
    static constexpr auto discriminant_overall_mean = lapwing_discriminant_overall_mean_f64;
    static constexpr auto discriminant_scalings = lapwing_discriminant_scalings_f64;
    static constexpr auto discriminant_explained_variance_ratio = lapwing_discriminant_explained_variance_ratio_f64;
    static constexpr auto discriminant_covariance = lapwing_discriminant_covariance_f64;
    static constexpr auto discriminant_n_components = lapwing_discriminant_n_components_f64;
    static constexpr auto discriminant_class_covariance = lapwing_discriminant_class_covariance_f64;
    static constexpr auto discriminant_transform = lapwing_discriminant_transform_f64;
    static constexpr auto discriminant_decision_function = lapwing_discriminant_decision_function_f64;
    static constexpr auto discriminant_predict = lapwing_discriminant_predict_f64;
    static constexpr auto discriminant_predict_probabilities = lapwing_discriminant_predict_probabilities_f64;
    static constexpr auto discriminant_predict_log_probabilities = lapwing_discriminant_predict_log_probabilities_f64;
    static constexpr auto discriminant_score = lapwing_discriminant_score_f64;
    static constexpr auto discriminant_to_json = lapwing_discriminant_to_json_f64;
    static constexpr auto discriminant_from_json = lapwing_discriminant_from_json_f64;
    static constexpr auto discriminant_free = lapwing_discriminant_free_f64;
    static constexpr auto linear_discriminant_fit = lapwing_linear_discriminant_fit_f64;
    static constexpr auto quadratic_discriminant_fit = lapwing_quadratic_discriminant_fit_f64;
};

template <>
struct discriminants_api<float> {
    using discriminant = lapwing_discriminant_f32;
    static constexpr auto discriminant_analysis = lapwing_discriminant_analysis_f32;
    static constexpr auto discriminant_n_classes = lapwing_discriminant_n_classes_f32;
    static constexpr auto discriminant_n_features = lapwing_discriminant_n_features_f32;
    static constexpr auto discriminant_classes = lapwing_discriminant_classes_f32;
    static constexpr auto discriminant_priors = lapwing_discriminant_priors_f32;
    static constexpr auto discriminant_means = lapwing_discriminant_means_f32;
    static constexpr auto discriminant_coefficients = lapwing_discriminant_coefficients_f32;
    static constexpr auto discriminant_intercept = lapwing_discriminant_intercept_f32;
    static constexpr auto discriminant_overall_mean = lapwing_discriminant_overall_mean_f32;
    static constexpr auto discriminant_scalings = lapwing_discriminant_scalings_f32;
    static constexpr auto discriminant_explained_variance_ratio = lapwing_discriminant_explained_variance_ratio_f32;
    static constexpr auto discriminant_covariance = lapwing_discriminant_covariance_f32;
    static constexpr auto discriminant_n_components = lapwing_discriminant_n_components_f32;
    static constexpr auto discriminant_class_covariance = lapwing_discriminant_class_covariance_f32;
    static constexpr auto discriminant_transform = lapwing_discriminant_transform_f32;
    static constexpr auto discriminant_decision_function = lapwing_discriminant_decision_function_f32;
    static constexpr auto discriminant_predict = lapwing_discriminant_predict_f32;
    static constexpr auto discriminant_predict_probabilities = lapwing_discriminant_predict_probabilities_f32;
    static constexpr auto discriminant_predict_log_probabilities = lapwing_discriminant_predict_log_probabilities_f32;
    static constexpr auto discriminant_score = lapwing_discriminant_score_f32;
    static constexpr auto discriminant_to_json = lapwing_discriminant_to_json_f32;
    static constexpr auto discriminant_from_json = lapwing_discriminant_from_json_f32;
    static constexpr auto discriminant_free = lapwing_discriminant_free_f32;
    static constexpr auto linear_discriminant_fit = lapwing_linear_discriminant_fit_f32;
    static constexpr auto quadratic_discriminant_fit = lapwing_quadratic_discriminant_fit_f32;
};

} // namespace detail

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
    /** With DiscriminantSolver::svd; 0 stands for the default, too. */
    double tolerance = 1e-4;
    /** Of the quadratic analysis. */
    double regularization = 0.0;
    /** In ascending order of the labels; empty for the shares of the samples. */
    std::vector<double> priors;
};

/** A linear or quadratic discriminant analysis of K classes. Immutable, and movable but not copyable. */
template <class T>
class Discriminant {
    using api = detail::discriminants_api<T>;
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
    /** Of a linear analysis: the mean of the class means by the priors, p. */
    std::vector<T> overall_mean() const {
        return detail::filled_vector<T>(n_features(), api::discriminant_overall_mean, get());
    }
    std::int64_t n_components() const { return detail::read<std::int64_t>(api::discriminant_n_components, get()); }
    /** Of a linear analysis: the axes of projection in columns, p x k. */
    Matrix<T> scalings() const {
        return detail::filled<T>(n_features(), n_components(), api::discriminant_scalings, get());
    }
    /** Of a linear analysis: the share of the variance between the classes along each axis, k. */
    std::vector<T> explained_variance_ratio() const {
        return detail::filled_vector<T>(n_components(), api::discriminant_explained_variance_ratio, get());
    }
    /** Of a linear analysis: the covariance within the classes, p x p; DiscriminantSolver::svd makes none. */
    Matrix<T> covariance() const {
        return detail::filled<T>(n_features(), n_features(), api::discriminant_covariance, get());
    }
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
    /** Their logarithms, which do not underflow. */
    Matrix<T> predict_log_probabilities(ConstMatrixView<T> x) const {
        return detail::filled<T>(x.rows, n_classes(), api::discriminant_predict_log_probabilities, get(),
                                 detail::input(x));
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

} // namespace lapwing

#endif /* LAPWING_DISCRIMINANTS_HPP */
