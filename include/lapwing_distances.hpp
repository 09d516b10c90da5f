/* The part of lapwing_statistics.hpp that has Mahalanobis distances and Gaussians. Included by it.
 *
 *   const lapwing::Mahalanobis<double> metric(location, covariance);
 *   const auto distances = metric.distances(x);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_DISTANCES_HPP
#define LAPWING_DISTANCES_HPP

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct distances_api;

template <>
struct distances_api<double> {
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
    static constexpr auto mahalanobis_reciprocal_condition = lapwing_mahalanobis_reciprocal_condition_f64;
    static constexpr auto mahalanobis_off_support = lapwing_mahalanobis_off_support_f64;
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
};

template <>
struct distances_api<float> {
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
    static constexpr auto mahalanobis_reciprocal_condition = lapwing_mahalanobis_reciprocal_condition_f32;
    static constexpr auto mahalanobis_off_support = lapwing_mahalanobis_off_support_f32;
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
};

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
    using api = detail::distances_api<T>;
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
    /** An estimate of one over the condition number of the covariance, once its features are scaled alike. */
    double reciprocal_condition() const {
        return detail::read<double>(api::mahalanobis_reciprocal_condition, get());
    }
    /** How far each row of x lies from the range of the covariance: what distances by the pseudo-inverse leave out. */
    std::vector<T> off_support(ConstMatrixView<T> x) const {
        return detail::filled_vector<T>(x.rows, api::mahalanobis_off_support, get(), detail::input(x));
    }
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

/** A Gaussian distribution of p features. Immutable, and movable but not copyable. */
template <class T>
class MultivariateNormal {
    using api = detail::distances_api<T>;
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

} // namespace lapwing

#endif /* LAPWING_DISTANCES_HPP */
