/* The part of lapwing_statistics.hpp that has the metrics of predictions, and folds. Included by it.
 *
 *   const double r2 = lapwing::r2_score<double>(observed, predicted);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_METRICS_HPP
#define LAPWING_METRICS_HPP

namespace lapwing {

namespace detail {

/** The C functions of one precision that this file calls. */
template <class T>
struct metrics_api;

template <>
struct metrics_api<double> {
    static constexpr auto r2_score = lapwing_r2_score_f64;
    static constexpr auto explained_variance_score = lapwing_explained_variance_score_f64;
    static constexpr auto mean_squared_error = lapwing_mean_squared_error_f64;
    static constexpr auto root_mean_squared_error = lapwing_root_mean_squared_error_f64;
    static constexpr auto mean_absolute_error = lapwing_mean_absolute_error_f64;
};

template <>
struct metrics_api<float> {
    static constexpr auto r2_score = lapwing_r2_score_f32;
    static constexpr auto explained_variance_score = lapwing_explained_variance_score_f32;
    static constexpr auto mean_squared_error = lapwing_mean_squared_error_f32;
    static constexpr auto root_mean_squared_error = lapwing_root_mean_squared_error_f32;
    static constexpr auto mean_absolute_error = lapwing_mean_absolute_error_f32;
};

} // namespace detail

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
    return detail::metric(detail::metrics_api<T>::r2_score, y_true, y_pred, weights,
                          static_cast<std::int32_t>(averaging));
}
/** R2 that forgives a constant offset. */
template <class T>
double explained_variance_score(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred,
                                const std::vector<T> &weights = {}, Averaging averaging = Averaging::uniform) {
    return detail::metric(detail::metrics_api<T>::explained_variance_score, y_true, y_pred, weights,
                          static_cast<std::int32_t>(averaging));
}
/** The mean of the squared residuals. */
template <class T>
double mean_squared_error(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred, const std::vector<T> &weights = {}) {
    return detail::metric(detail::metrics_api<T>::mean_squared_error, y_true, y_pred, weights);
}
/** The root of that of each target, averaged. */
template <class T>
double root_mean_squared_error(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred,
                               const std::vector<T> &weights = {}) {
    return detail::metric(detail::metrics_api<T>::root_mean_squared_error, y_true, y_pred, weights);
}
/** The mean of the residuals' magnitudes. */
template <class T>
double mean_absolute_error(ConstMatrixView<T> y_true, ConstMatrixView<T> y_pred, const std::vector<T> &weights = {}) {
    return detail::metric(detail::metrics_api<T>::mean_absolute_error, y_true, y_pred, weights);
}

/** The fold of each sample; see lapwing_k_fold. */
inline std::vector<std::int64_t> k_fold(std::int64_t n_samples, std::int64_t n_splits,
                                        FoldOrder order = FoldOrder::consecutive, std::uint64_t seed = 0) {
    auto folds = detail::entries<std::int64_t>(n_samples);
    detail::check(lapwing_k_fold(n_samples, n_splits, static_cast<std::int32_t>(order), seed, folds.data()));
    return folds;
}

} // namespace lapwing

#endif /* LAPWING_METRICS_HPP */
