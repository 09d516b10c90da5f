/* The part of lapwing.hpp that the other parts call lapwing.h through: nothing here is for programs, but Unknowns. Included by
 * it.
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_CALLS_HPP
#define LAPWING_CALLS_HPP

#include "lapwing_views.hpp"

#include <algorithm>
#include <complex>
#include <exception>

namespace lapwing {

namespace detail {

/** Throws the message of the last failure, unless there was none. */
inline void check(lapwing_status status) {
    if (status == LAPWING_OK) return;
    std::string message(lapwing_last_error(nullptr, 0) + 1, '\0');
    lapwing_last_error(&message[0], message.size());
    message.pop_back();
    throw error(status, message);
}

/** The text that a function writes into a buffer of any length. */
template <class Function, class Model>
std::string json(Function function, const Model *model) {
    std::size_t length = 0;
    check(function(model, nullptr, 0, &length));
    std::string text(length + 1, '\0');
    check(function(model, &text[0], text.size(), &length));
    text.pop_back();
    return text;
}

/** The C functions of one precision. */
template <class T>
struct api;

template <>
struct api<double> {
    using mat = lapwing_mat_f64;
    using mat_mut = lapwing_mat_mut_f64;
    using vec = lapwing_vec_f64;
    using vec_mut = lapwing_vec_mut_f64;
    using pca = lapwing_pca_f64;
    static constexpr auto svd = lapwing_svd_f64;
    static constexpr auto eigh = lapwing_eigh_f64;
    static constexpr auto qr = lapwing_qr_f64;
    static constexpr auto cholesky = lapwing_cholesky_f64;
    using csr = lapwing_csr_f64;
    using linear_operator = lapwing_operator_f64;
    static constexpr auto partial_svd = lapwing_partial_svd_f64;
    static constexpr auto partial_svd_operator = lapwing_partial_svd_operator_f64;
    static constexpr auto partial_eigh = lapwing_partial_eigh_f64;
    static constexpr auto partial_eigh_operator = lapwing_partial_eigh_operator_f64;
    static constexpr auto conjugate_gradient = lapwing_conjugate_gradient_f64;
    static constexpr auto conjugate_gradient_operator = lapwing_conjugate_gradient_operator_f64;
    static constexpr auto minres = lapwing_minres_f64;
    static constexpr auto minres_operator = lapwing_minres_operator_f64;
    static constexpr auto gmres = lapwing_gmres_f64;
    static constexpr auto gmres_operator = lapwing_gmres_operator_f64;
    static constexpr auto bicgstab = lapwing_bicgstab_f64;
    static constexpr auto bicgstab_operator = lapwing_bicgstab_operator_f64;
    static constexpr auto lsqr = lapwing_lsqr_f64;
    static constexpr auto lsqr_operator = lapwing_lsqr_operator_f64;
    static constexpr auto lsmr = lapwing_lsmr_f64;
    static constexpr auto lsmr_operator = lapwing_lsmr_operator_f64;
    static constexpr auto partial_eig = lapwing_partial_eig_f64;
    static constexpr auto partial_eig_operator = lapwing_partial_eig_operator_f64;
    static constexpr auto partial_eigh_near = lapwing_partial_eigh_near_f64;
    static constexpr auto partial_eigh_near_dense = lapwing_partial_eigh_near_dense_f64;
    static constexpr auto partial_eig_near_dense = lapwing_partial_eig_near_dense_f64;
    static constexpr auto lobpcg = lapwing_lobpcg_f64;
    static constexpr auto lobpcg_operator = lapwing_lobpcg_operator_f64;
    static constexpr auto randomized_eigh = lapwing_randomized_eigh_f64;
    static constexpr auto randomized_eigh_sparse = lapwing_randomized_eigh_sparse_f64;
    static constexpr auto randomized_eigh_operator = lapwing_randomized_eigh_operator_f64;
    static constexpr auto pca_fit = lapwing_pca_fit_f64;
    static constexpr auto pca_transform = lapwing_pca_transform_f64;
    static constexpr auto pca_inverse_transform = lapwing_pca_inverse_transform_f64;
    static constexpr auto pca_components = lapwing_pca_components_f64;
    static constexpr auto pca_mean = lapwing_pca_mean_f64;
    static constexpr auto pca_explained_variance = lapwing_pca_explained_variance_f64;
    static constexpr auto pca_explained_variance_ratio = lapwing_pca_explained_variance_ratio_f64;
    static constexpr auto pca_singular_values = lapwing_pca_singular_values_f64;
    static constexpr auto pca_noise_variance = lapwing_pca_noise_variance_f64;
    static constexpr auto pca_n_components = lapwing_pca_n_components_f64;
    static constexpr auto pca_n_features = lapwing_pca_n_features_f64;
    static constexpr auto pca_n_samples = lapwing_pca_n_samples_f64;
    static constexpr auto pca_fit_csr = lapwing_pca_fit_csr_f64;
    static constexpr auto pca_transform_csr = lapwing_pca_transform_csr_f64;
    static constexpr auto pca_covariance = lapwing_pca_covariance_f64;
    static constexpr auto pca_precision = lapwing_pca_precision_f64;
    static constexpr auto pca_score_samples = lapwing_pca_score_samples_f64;
    static constexpr auto pca_score = lapwing_pca_score_f64;
    static constexpr auto pca_solver = lapwing_pca_solver_f64;
    static constexpr auto pca_whitening = lapwing_pca_whitening_f64;
    static constexpr auto pca_to_json = lapwing_pca_to_json_f64;
    static constexpr auto pca_from_json = lapwing_pca_from_json_f64;
    static constexpr auto pca_free = lapwing_pca_free_f64;
    using incremental_pca = lapwing_incremental_pca_f64;
    static constexpr auto incremental_pca_new = lapwing_incremental_pca_new_f64;
    static constexpr auto incremental_pca_partial_fit = lapwing_incremental_pca_partial_fit_f64;
    static constexpr auto incremental_pca_merge = lapwing_incremental_pca_merge_f64;
    static constexpr auto incremental_pca_finish = lapwing_incremental_pca_finish_f64;
    static constexpr auto incremental_pca_n_samples = lapwing_incremental_pca_n_samples_f64;
    static constexpr auto incremental_pca_n_features = lapwing_incremental_pca_n_features_f64;
    static constexpr auto incremental_pca_method = lapwing_incremental_pca_method_f64;
    static constexpr auto incremental_pca_mean = lapwing_incremental_pca_mean_f64;
    static constexpr auto incremental_pca_to_json = lapwing_incremental_pca_to_json_f64;
    static constexpr auto incremental_pca_from_json = lapwing_incremental_pca_from_json_f64;
    static constexpr auto incremental_pca_free = lapwing_incremental_pca_free_f64;
};

template <>
struct api<float> {
    using mat = lapwing_mat_f32;
    using mat_mut = lapwing_mat_mut_f32;
    using vec = lapwing_vec_f32;
    using vec_mut = lapwing_vec_mut_f32;
    using pca = lapwing_pca_f32;
    static constexpr auto svd = lapwing_svd_f32;
    static constexpr auto eigh = lapwing_eigh_f32;
    static constexpr auto qr = lapwing_qr_f32;
    static constexpr auto cholesky = lapwing_cholesky_f32;
    using csr = lapwing_csr_f32;
    using linear_operator = lapwing_operator_f32;
    static constexpr auto partial_svd = lapwing_partial_svd_f32;
    static constexpr auto partial_svd_operator = lapwing_partial_svd_operator_f32;
    static constexpr auto partial_eigh = lapwing_partial_eigh_f32;
    static constexpr auto partial_eigh_operator = lapwing_partial_eigh_operator_f32;
    static constexpr auto conjugate_gradient = lapwing_conjugate_gradient_f32;
    static constexpr auto conjugate_gradient_operator = lapwing_conjugate_gradient_operator_f32;
    static constexpr auto minres = lapwing_minres_f32;
    static constexpr auto minres_operator = lapwing_minres_operator_f32;
    static constexpr auto gmres = lapwing_gmres_f32;
    static constexpr auto gmres_operator = lapwing_gmres_operator_f32;
    static constexpr auto bicgstab = lapwing_bicgstab_f32;
    static constexpr auto bicgstab_operator = lapwing_bicgstab_operator_f32;
    static constexpr auto lsqr = lapwing_lsqr_f32;
    static constexpr auto lsqr_operator = lapwing_lsqr_operator_f32;
    static constexpr auto lsmr = lapwing_lsmr_f32;
    static constexpr auto lsmr_operator = lapwing_lsmr_operator_f32;
    static constexpr auto partial_eig = lapwing_partial_eig_f32;
    static constexpr auto partial_eig_operator = lapwing_partial_eig_operator_f32;
    static constexpr auto partial_eigh_near = lapwing_partial_eigh_near_f32;
    static constexpr auto partial_eigh_near_dense = lapwing_partial_eigh_near_dense_f32;
    static constexpr auto partial_eig_near_dense = lapwing_partial_eig_near_dense_f32;
    static constexpr auto lobpcg = lapwing_lobpcg_f32;
    static constexpr auto lobpcg_operator = lapwing_lobpcg_operator_f32;
    static constexpr auto randomized_eigh = lapwing_randomized_eigh_f32;
    static constexpr auto randomized_eigh_sparse = lapwing_randomized_eigh_sparse_f32;
    static constexpr auto randomized_eigh_operator = lapwing_randomized_eigh_operator_f32;
    static constexpr auto pca_fit = lapwing_pca_fit_f32;
    static constexpr auto pca_transform = lapwing_pca_transform_f32;
    static constexpr auto pca_inverse_transform = lapwing_pca_inverse_transform_f32;
    static constexpr auto pca_components = lapwing_pca_components_f32;
    static constexpr auto pca_mean = lapwing_pca_mean_f32;
    static constexpr auto pca_explained_variance = lapwing_pca_explained_variance_f32;
    static constexpr auto pca_explained_variance_ratio = lapwing_pca_explained_variance_ratio_f32;
    static constexpr auto pca_singular_values = lapwing_pca_singular_values_f32;
    static constexpr auto pca_noise_variance = lapwing_pca_noise_variance_f32;
    static constexpr auto pca_n_components = lapwing_pca_n_components_f32;
    static constexpr auto pca_n_features = lapwing_pca_n_features_f32;
    static constexpr auto pca_n_samples = lapwing_pca_n_samples_f32;
    static constexpr auto pca_fit_csr = lapwing_pca_fit_csr_f32;
    static constexpr auto pca_transform_csr = lapwing_pca_transform_csr_f32;
    static constexpr auto pca_covariance = lapwing_pca_covariance_f32;
    static constexpr auto pca_precision = lapwing_pca_precision_f32;
    static constexpr auto pca_score_samples = lapwing_pca_score_samples_f32;
    static constexpr auto pca_score = lapwing_pca_score_f32;
    static constexpr auto pca_solver = lapwing_pca_solver_f32;
    static constexpr auto pca_whitening = lapwing_pca_whitening_f32;
    static constexpr auto pca_to_json = lapwing_pca_to_json_f32;
    static constexpr auto pca_from_json = lapwing_pca_from_json_f32;
    static constexpr auto pca_free = lapwing_pca_free_f32;
    using incremental_pca = lapwing_incremental_pca_f32;
    static constexpr auto incremental_pca_new = lapwing_incremental_pca_new_f32;
    static constexpr auto incremental_pca_partial_fit = lapwing_incremental_pca_partial_fit_f32;
    static constexpr auto incremental_pca_merge = lapwing_incremental_pca_merge_f32;
    static constexpr auto incremental_pca_finish = lapwing_incremental_pca_finish_f32;
    static constexpr auto incremental_pca_n_samples = lapwing_incremental_pca_n_samples_f32;
    static constexpr auto incremental_pca_n_features = lapwing_incremental_pca_n_features_f32;
    static constexpr auto incremental_pca_method = lapwing_incremental_pca_method_f32;
    static constexpr auto incremental_pca_mean = lapwing_incremental_pca_mean_f32;
    static constexpr auto incremental_pca_to_json = lapwing_incremental_pca_to_json_f32;
    static constexpr auto incremental_pca_from_json = lapwing_incremental_pca_from_json_f32;
    static constexpr auto incremental_pca_free = lapwing_incremental_pca_free_f32;
};

template <class T>
typename api<T>::mat input(ConstMatrixView<T> a) {
    return {a.data, a.rows, a.cols, a.row_stride, a.col_stride};
}

template <class T>
typename api<T>::mat_mut output(Matrix<T> &a) {
    return {a.data(), a.rows(), a.cols(), a.cols(), 1};
}

template <class T>
typename api<T>::vec_mut output(std::vector<T> &a) {
    return {a.data(), static_cast<std::int64_t>(a.size()), 1};
}

template <class T>
typename api<T>::mat_mut output(MatrixView<T> a) {
    return {a.data, a.rows, a.cols, a.row_stride, a.col_stride};
}

/** A vector as the one column of a matrix. */
template <class T>
typename api<T>::mat_mut column(std::vector<T> &a) {
    return {a.data(), static_cast<std::int64_t>(a.size()), 1, 1, 1};
}

/** An output that is not wanted. */
template <class T>
typename api<T>::mat_mut unwanted() {
    return {nullptr, 0, 0, 0, 0};
}

/** An extent that may be used to allocate; the library refuses a negative one with its own message. */
inline std::int64_t extent(std::int64_t extent) { return std::max<std::int64_t>(extent, 0); }

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

/** A matrix that a function fills from its other arguments. */
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

/** A number that a function gives. */
template <class Number, class Function, class... Arguments>
Number number(Function function, Arguments... arguments) {
    Number result{};
    check(function(arguments..., &result));
    return result;
}

/** A C function in both precisions: its views and pointers tell which one is meant. */
template <class Double, class Single>
struct Both {
    Double f64;
    Single f32;

    template <class... Arguments>
    lapwing_status operator()(Arguments... arguments) const {
        if constexpr (std::is_invocable_v<Double, Arguments...>)
            return f64(arguments...);
        else
            return f32(arguments...);
    }
};

template <class Double, class Single>
constexpr Both<Double, Single> both(Double f64, Single f32) {
    return {f64, f32};
}

/** Any matrix, and any vector, for the C functions. */
template <class T, class A>
typename api<T>::mat matrix(const A &a) {
    return input(ConstMatrixView<T>(a));
}
template <class T, class X>
typename api<T>::vec vector(const X &x) {
    return input(ConstVectorView<T>(x));
}

/** A constant of the C functions. */
template <class Choice>
constexpr std::int32_t constant(Choice choice) {
    static_assert(std::is_same_v<std::underlying_type_t<Choice>, std::int32_t>);
    return static_cast<std::int32_t>(choice);
}

/** The first rows and columns of a matrix whose rank was not known before. */
template <class T>
Matrix<T> leading(const Matrix<T> &a, std::int64_t rows, std::int64_t cols) {
    return Matrix<T>(ConstMatrixView<T>(a.data(), rows, cols, a.cols(), 1));
}

/** The C functions write real and imaginary parts apart. */
template <class T>
std::vector<std::complex<T>> joined(const std::vector<T> &re, const std::vector<T> &im) {
    std::vector<std::complex<T>> result(re.size());
    for (std::size_t i = 0; i < re.size(); ++i) result[i] = {re[i], im[i]};
    return result;
}
template <class T>
Matrix<std::complex<T>> joined(const Matrix<T> &re, const Matrix<T> &im) {
    Matrix<std::complex<T>> result(re.rows(), re.cols());
    for (std::int64_t i = 0; i < re.rows(); ++i)
        for (std::int64_t j = 0; j < re.cols(); ++j) result(i, j) = {re(i, j), im(i, j)};
    return result;
}

/* A vector of the standard library, or a view of a vector, is solved for by a vector; anything else by a matrix. */
template <class T, class B, class = void>
struct is_vector : std::is_same<B, ConstVectorView<T>> {};
template <class T, class B>
struct is_vector<T, B, std::void_t<decltype(layout<const T>(std::declval<const B &>(), Place<0>()))>> : std::true_type {
};

/** The unknowns that a call writes to the view it is given. */
template <class X, class Call>
X solved_by(std::int64_t unknowns, std::int64_t right_hand_sides, Call call) {
    using T = typename X::value_type;
    if constexpr (std::is_same_v<X, Matrix<T>>) {
        Matrix<T> x(extent(unknowns), extent(right_hand_sides));
        check(call(output(x)));
        return x;
    } else {
        auto x = entries<T>(unknowns);
        check(call(column(x)));
        return x;
    }
}

/** Those of a function of its other arguments, right-hand sides and unknowns. */
template <class X, class Function, class... Arguments>
X solved(std::int64_t unknowns, ConstMatrixView<typename X::value_type> b, Function function, Arguments... arguments) {
    return solved_by<X>(unknowns, b.cols, [&](auto x) { return function(arguments..., input(b), x); });
}

} // namespace detail

/** What a system is solved for whose right-hand sides are b: a std::vector when b is one (or a std::array, a std::span or a
 *  ConstVectorView), a Matrix of as many columns otherwise. */
template <class A, class B>
using Unknowns = std::conditional_t<detail::is_vector<Scalar<A, B>, B>::value, std::vector<Scalar<A, B>>,
                                    Matrix<Scalar<A, B>>>;

} // namespace lapwing

#endif /* LAPWING_CALLS_HPP */
