/* Lapwing for C++17: lapwing.h with views, exceptions and owners. Header-only; link with liblapwing.
 *
 *   c++ -std=c++17 program.cpp $(pkg-config --cflags --libs lapwing)
 *
 *   lapwing::Matrix<double> x(100, 8);                        // row-major, zeros; fill with x(i, j) = ...
 *   lapwing::PcaOptions options;
 *   options.n_components = 2;
 *   lapwing::Pca<double> pca(x, options);
 *   lapwing::Matrix<double> scores = pca.transform(x);        // 100 x 2
 *
 * Functions take views of memory that stays the caller's: a lapwing::Matrix, what Eigen, Armadillo, std::mdspan, std::span
 * and std::vector have (lapwing_views.hpp says how), or a View made from a pointer, extents and strides. A vector is a
 * column where a matrix is asked for.
 *
 *   lapwing::ConstSparseView<double> a(values, columns, row_starts, cols);   // compressed rows, as in SciPy and Eigen
 *   auto svd = lapwing::partial_svd(a, 10);                                  // the ten largest triplets
 *
 * They throw lapwing::error. For errors as values there is attempt(), in lapwing_expected.hpp:
 *
 *   auto factor = lapwing::attempt([&] { return lapwing::cholesky(covariance); });
 *   if (!factor) std::fputs(factor.error().what(), stderr);
 *
 * Each subject has a header of its own, and this file includes them all:
 *
 *   lapwing_views.hpp            matrices and views           lapwing_expected.hpp       errors as values
 *   lapwing_iterations.hpp       Krylov methods               lapwing_models.hpp         kernel PCA, truncated SVD
 *   lapwing_factorizations.hpp   LU, LDLT, pivoting, updates  lapwing_systems.hpp        linear systems, inverses
 *   lapwing_least_squares.hpp    least squares                lapwing_eigenproblems.hpp  eigenvalues, Schur forms
 *   lapwing_functions.hpp        products, expm, Riccati      lapwing_summaries.hpp      norms, determinants, ranks
 *   lapwing_subspaces.hpp        bases, projections, angles   lapwing_motions.hpp        rotations, permutations
 *   lapwing_structured.hpp       Toeplitz, Kronecker, random  lapwing_metrics.hpp        scores of predictions
 *   lapwing_statistics.hpp       covariances, discriminants   lapwing_linear_models.hpp  regressions
 *   lapwing_clusters.hpp         clusters, graphs             lapwing_spectral.hpp       spectral clustering, embeddings
 */
#ifndef LAPWING_HPP
#define LAPWING_HPP

#include "lapwing_views.hpp"
#include "lapwing_expected.hpp"

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
using Unknowns = std::conditional_t<detail::is_vector<scalar<A, B>, B>::value, std::vector<scalar<A, B>>,
                                    Matrix<scalar<A, B>>>;

/** Which triangle of a symmetric matrix is read, or returned. */
enum class Triangle : std::int32_t { lower = LAPWING_LOWER, upper = LAPWING_UPPER };

/** a = u * diag(s) * vt, thin: for a of m x n and k = min(m, n), u is m x k, s has k entries by decreasing size
 *  and vt is k x n. */
template <class T>
struct Svd {
    Matrix<T> u;
    std::vector<T> s;
    Matrix<T> vt;
};

/** a = v * diag(w) * transpose(v): w ascending, eigenvectors in the columns of v. */
template <class T>
struct Eigh {
    std::vector<T> w;
    Matrix<T> v;
};

/** a = q * r, thin: q is m x k with orthonormal columns, r is k x n upper triangular. */
template <class T>
struct Qr {
    Matrix<T> q, r;
};

namespace detail {

template <class T>
Svd<T> svd(ConstMatrixView<T> a) {
    const auto rows = extent(a.rows), cols = extent(a.cols), rank = std::min(rows, cols);
    Svd<T> result{Matrix<T>(rows, rank), std::vector<T>(static_cast<std::size_t>(rank)), Matrix<T>(rank, cols)};
    check(api<T>::svd(input(a), output(result.s), output(result.u), output(result.vt)));
    return result;
}

template <class T>
std::vector<T> singular_values(ConstMatrixView<T> a) {
    std::vector<T> values(static_cast<std::size_t>(std::min(extent(a.rows), extent(a.cols))));
    check(api<T>::svd(input(a), output(values), unwanted<T>(), unwanted<T>()));
    return values;
}

template <class T>
Eigh<T> eigh(ConstMatrixView<T> a, Triangle triangle) {
    const auto order = extent(a.rows);
    Eigh<T> result{std::vector<T>(static_cast<std::size_t>(order)), Matrix<T>(order, order)};
    check(api<T>::eigh(input(a), static_cast<std::int32_t>(triangle), output(result.w), output(result.v)));
    return result;
}

template <class T>
Qr<T> qr(ConstMatrixView<T> a) {
    const auto rows = extent(a.rows), cols = extent(a.cols), rank = std::min(rows, cols);
    Qr<T> result{Matrix<T>(rows, rank), Matrix<T>(rank, cols)};
    check(api<T>::qr(input(a), output(result.q), output(result.r)));
    return result;
}

template <class T>
Matrix<T> cholesky(ConstMatrixView<T> a, Triangle triangle) {
    Matrix<T> factor(extent(a.rows), extent(a.rows));
    check(api<T>::cholesky(input(a), static_cast<std::int32_t>(triangle), output(factor)));
    return factor;
}

} // namespace detail

/** The thin singular value decomposition of a; see lapwing_svd_f64. */
inline Svd<double> svd(ConstMatrixView<double> a) { return detail::svd(a); }
/** In single precision. */
inline Svd<float> svd(ConstMatrixView<float> a) { return detail::svd(a); }

/** The singular values of a alone, at about a fifth of the cost. */
inline std::vector<double> singular_values(ConstMatrixView<double> a) { return detail::singular_values(a); }
/** In single precision. */
inline std::vector<float> singular_values(ConstMatrixView<float> a) { return detail::singular_values(a); }

/** The eigenvalues and eigenvectors of a symmetric matrix; see lapwing_eigh_f64. */
inline Eigh<double> eigh(ConstMatrixView<double> a, Triangle triangle = Triangle::lower) {
    return detail::eigh(a, triangle);
}
/** In single precision. */
inline Eigh<float> eigh(ConstMatrixView<float> a, Triangle triangle = Triangle::lower) {
    return detail::eigh(a, triangle);
}

/** The thin QR factorization of a; see lapwing_qr_f64. */
inline Qr<double> qr(ConstMatrixView<double> a) { return detail::qr(a); }
/** In single precision. */
inline Qr<float> qr(ConstMatrixView<float> a) { return detail::qr(a); }

/** The Cholesky factor of a symmetric positive definite matrix; see lapwing_cholesky_f64. */
inline Matrix<double> cholesky(ConstMatrixView<double> a, Triangle triangle = Triangle::lower) {
    return detail::cholesky(a, triangle);
}
/** In single precision. */
inline Matrix<float> cholesky(ConstMatrixView<float> a, Triangle triangle = Triangle::lower) {
    return detail::cholesky(a, triangle);
}

} // namespace lapwing

#include "lapwing_iterations.hpp"

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

/** How many threads a call may use, for the whole process. */
inline std::int32_t threads() { return lapwing_threads_get(); }
/** Sets that number. */
inline void set_threads(std::int32_t count) { detail::check(lapwing_threads_set(count)); }

/** The version of the library that runs, as "0.1.0". */
inline std::string version() { return lapwing_version(); }
/** The same as one number, to compare with LAPWING_VERSION_NUMBER, that of the headers. */
inline std::uint32_t version_number() { return lapwing_version_number(); }
/** The BLAS and LAPACK that run, for logs and reports; see lapwing_backend. */
inline std::string backend() {
    std::string text(lapwing_backend(nullptr, 0) + 1, '\0');
    lapwing_backend(&text[0], text.size());
    text.pop_back();
    return text;
}
/** The name of a status, as "LAPWING_ERR_SHAPE". */
inline std::string status_name(lapwing_status status) { return lapwing_status_name(status); }

} // namespace lapwing

#include "lapwing_models.hpp"
#include "lapwing_factorizations.hpp"
#include "lapwing_systems.hpp"
#include "lapwing_least_squares.hpp"
#include "lapwing_eigenproblems.hpp"
#include "lapwing_functions.hpp"
#include "lapwing_summaries.hpp"
#include "lapwing_subspaces.hpp"
#include "lapwing_motions.hpp"
#include "lapwing_structured.hpp"
#include "lapwing_statistics.hpp"
#include "lapwing_linear_models.hpp"
#include "lapwing_clusters.hpp"
#include "lapwing_spectral.hpp"

#endif /* LAPWING_HPP */
