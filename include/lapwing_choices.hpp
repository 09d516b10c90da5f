/* The part of lapwing.hpp that chooses from the data what a model is told: penalties, and how many clusters. Included by it.
 *
 *   lapwing::RidgeOptions options;
 *   options.alpha = lapwing::generalized_cross_validation(x, y).alpha;
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_CHOICES_HPP
#define LAPWING_CHOICES_HPP

#include "lapwing_clusters.hpp"
#include "lapwing_linear_model_options.hpp"

namespace lapwing {

/** A penalty of ridge regression, and the curve that it was read from: penalties in ascending order, norm(y - x * b) and
 *  norm(b) for each, and what the choice makes least or largest. */
struct ChosenPenalty {
    double alpha = 0.0;
    std::vector<double> alphas, residual_norms, solution_norms, criterion;
};

/** The coefficients of ridge regression for k penalties and t targets, k*t x p, those of all targets for the first penalty and
 *  so on; the errors that each would make, k x t; and how many parameters each fit really has, k. */
struct RidgePath {
    Matrix<double> coefficients, leave_one_out_errors, generalized_errors;
    std::vector<double> effective_parameters;
};

/** The inertia for 1, 2 and more clusters, and the number at the elbow of the curve, or 0 where it has none. */
struct InertiaCurve {
    std::vector<double> inertias;
    std::int64_t elbow = 0;
};

/** What the reference data of a gap statistic is uniform in. */
enum class GapReference : std::int32_t { principal_axes = LAPWING_GAP_PRINCIPAL_AXES, features = LAPWING_GAP_FEATURES };

/** The options of a gap statistic; see lapwing_gap_statistic_options. */
struct GapStatisticOptions {
    GapReference reference = GapReference::principal_axes;
    std::int64_t references = 20;
    std::uint64_t seed = 0;
};

/** The gap for 1, 2 and more clusters with its standard error, the logarithms of the inertias and what they are without
 *  clusters; and the number of clusters that follows, or 0 where none does. */
struct GapStatistic {
    std::vector<double> gaps, standard_errors, log_inertias, expected_log_inertias;
    std::int64_t n_clusters = 0;
};

namespace detail {

template <class T, class Function, class X, class Y>
ChosenPenalty penalty_choice(Function function, const X &x, const Y &y, Intercept intercept) {
    ChosenPenalty result;
    for (auto *curve : {&result.alphas, &result.residual_norms, &result.solution_norms, &result.criterion})
        *curve = entries<double>(LAPWING_PENALTY_CURVE);
    check(function(matrix<T>(x), vector<T>(y), constant(intercept), &result.alpha, output(result.alphas),
                   output(result.residual_norms), output(result.solution_norms), output(result.criterion)));
    return result;
}

} // namespace detail

/** The penalty with the least error by generalized cross-validation; see lapwing_generalized_cross_validation_f64. */
template <class X, class Y, class T = Scalar<X, Y>>
ChosenPenalty generalized_cross_validation(const X &x, const Y &y, Intercept intercept = Intercept::fitted) {
    return detail::penalty_choice<T>(
        detail::both(lapwing_generalized_cross_validation_f64, lapwing_generalized_cross_validation_f32), x, y,
        intercept);
}
/** The penalty at the corner of the L-curve; see lapwing_l_curve_f64. */
template <class X, class Y, class T = Scalar<X, Y>>
ChosenPenalty l_curve(const X &x, const Y &y, Intercept intercept = Intercept::fitted) {
    return detail::penalty_choice<T>(detail::both(lapwing_l_curve_f64, lapwing_l_curve_f32), x, y, intercept);
}
/** Ridge regression for many penalties at once; see lapwing_ridge_path_f64. */
template <class X, class Y, class T = Scalar<X, Y>>
RidgePath ridge_path(const X &x, const Y &y, ConstVectorView<double> alphas, Intercept intercept = Intercept::fitted) {
    const auto features = detail::matrix<T>(x);
    const auto targets = detail::matrix<T>(y);
    const auto t = detail::extent(targets.cols);
    RidgePath result{Matrix<double>(alphas.size * t, detail::extent(features.cols)), Matrix<double>(alphas.size, t),
                     Matrix<double>(alphas.size, t), detail::entries<double>(alphas.size)};
    const auto function = detail::both(lapwing_ridge_path_f64, lapwing_ridge_path_f32);
    detail::check(function(features, targets, detail::input(alphas), detail::constant(intercept),
                           detail::output(result.coefficients), detail::output(result.leave_one_out_errors),
                           detail::output(result.generalized_errors), detail::output(result.effective_parameters)));
    return result;
}

/** The inertia of k-means for 1 to max_clusters clusters; see lapwing_k_means_inertia_curve_f64. */
template <class X, class T = Scalar<X>>
InertiaCurve inertia_curve(const X &x, std::int64_t max_clusters, const KMeansOptions &options = {}) {
    InertiaCurve result{detail::entries<double>(max_clusters), 0};
    const auto plain = detail::plain(options);
    const auto function = detail::both(lapwing_k_means_inertia_curve_f64, lapwing_k_means_inertia_curve_f32);
    detail::check(function(detail::matrix<T>(x), max_clusters, &plain, detail::output(result.inertias), &result.elbow));
    return result;
}
/** The gap statistic for 1 to max_clusters clusters; see lapwing_gap_statistic_f64. */
template <class X, class T = Scalar<X>>
GapStatistic gap_statistic(const X &x, std::int64_t max_clusters, const GapStatisticOptions &options = {},
                           const KMeansOptions &k_means = {}) {
    GapStatistic result;
    for (auto *curve : {&result.gaps, &result.standard_errors, &result.log_inertias, &result.expected_log_inertias})
        *curve = detail::entries<double>(max_clusters);
    lapwing_gap_statistic_options chosen{};
    chosen.struct_size = sizeof chosen;
    chosen.reference = detail::constant(options.reference);
    chosen.references = options.references;
    chosen.seed = options.seed;
    const auto plain = detail::plain(k_means);
    const auto function = detail::both(lapwing_gap_statistic_f64, lapwing_gap_statistic_f32);
    detail::check(function(detail::matrix<T>(x), max_clusters, &chosen, &plain, detail::output(result.gaps),
                           detail::output(result.standard_errors), detail::output(result.log_inertias),
                           detail::output(result.expected_log_inertias), &result.n_clusters));
    return result;
}

} // namespace lapwing

#endif /* LAPWING_CHOICES_HPP */
