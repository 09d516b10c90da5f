/* The part of lapwing.hpp that has statistics, each kind in a header of its own: Mahalanobis distances and Gaussians,
 * covariances, discriminant analysis, what data passes before a model, and the metrics of predictions. Included by it.
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_STATISTICS_HPP
#define LAPWING_STATISTICS_HPP

#include "lapwing_models.hpp"

namespace lapwing {

namespace detail {

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
    return zeros<T>(extent(count));
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

} // namespace lapwing

#include "lapwing_distances.hpp"
#include "lapwing_covariances.hpp"
#include "lapwing_discriminants.hpp"
#include "lapwing_preparations.hpp"
#include "lapwing_metrics.hpp"

#endif /* LAPWING_STATISTICS_HPP */
