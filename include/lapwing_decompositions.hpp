/* The part of lapwing.hpp that has the four decompositions most programs want. Included by it.
 *
 *   const auto [u, s, vt] = lapwing::svd(a);
 *   const auto [w, v] = lapwing::eigh(covariance);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_DECOMPOSITIONS_HPP
#define LAPWING_DECOMPOSITIONS_HPP

#include "lapwing_calls.hpp"

namespace lapwing {

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

#endif /* LAPWING_DECOMPOSITIONS_HPP */
