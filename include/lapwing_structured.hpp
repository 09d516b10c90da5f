/* The part of lapwing.hpp that makes matrices with structure and at random, and multiplies by them without making them.
 * Included by it.
 *
 *   const auto smoothed = lapwing::convolve(signal, kernel, lapwing::Convolution::same);
 *   const auto q = lapwing::random_orthogonal<double>(8, 42);  // of a seed, and the same each time
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_STRUCTURED_HPP
#define LAPWING_STRUCTURED_HPP

#include "lapwing_factorizations.hpp"

namespace lapwing {

/** Which part of a convolution of m and n entries: all m + n - 1, the middle max(m, n), or the max(m, n) - min(m, n) + 1
 *  where the shorter lies within the longer. */
enum class Convolution : std::int32_t {
    full = LAPWING_CONVOLUTION_FULL,
    same = LAPWING_CONVOLUTION_SAME,
    valid = LAPWING_CONVOLUTION_VALID,
};

/** The order of the powers in a Vandermonde matrix. */
enum class Powers : std::int32_t { decreasing = LAPWING_POWERS_DECREASING, increasing = LAPWING_POWERS_INCREASING };

namespace detail {

/** The product of two extents. */
inline std::int64_t area(std::int64_t rows, std::int64_t cols) {
    if (extent(rows) > 0 && extent(cols) > INT64_MAX / rows)
        throw error(LAPWING_ERR_TOO_LARGE, "a matrix has too many entries");
    return extent(rows) * extent(cols);
}

inline std::int64_t convolution_length(std::int64_t m, std::int64_t n, Convolution mode) {
    // Which the library refuses.
    if (m <= 0 || n <= 0) return 0;
    switch (mode) {
    case Convolution::full:
        return m + n - 1;
    case Convolution::same:
        return std::max(m, n);
    default:
        return std::max(m, n) - std::min(m, n) + 1;
    }
}

template <class X, class T = Scalar<X>, class Function>
Matrix<T> of_column(Function function, const X &c) {
    const ConstVectorView<T> x = c;
    return filled<T>(x.size, x.size, function, input(x));
}

template <class C, class R, class T = Scalar<C, R>, class Function>
Matrix<T> of_column_and_row(Function function, const C &c, const R &r) {
    const ConstVectorView<T> column = c, row = r;
    return filled<T>(column.size, row.size, function, input(column), input(row));
}

} // namespace detail

/** The Kronecker product (m*p x n*q) of a (m x n) and b (p x q). */
template <class A, class B, class T = Scalar<A, B>>
Matrix<T> kronecker(const A &a, const B &b) {
    const View<T> x = a, y = b;
    return detail::filled<T>(detail::area(x.rows, y.rows), detail::area(x.cols, y.cols),
                             detail::both(lapwing_kronecker_f64, lapwing_kronecker_f32), detail::input(x),
                             detail::input(y));
}
/** Its product (m*p x k) with x (n*q x k), without forming it. */
template <class A, class B, class X, class T = Scalar<A, B, X>>
Unknowns<A, X> kronecker_apply(const A &a, const B &b, const X &x) {
    const View<T> left = a, right = b;
    return detail::solved_by<Unknowns<A, X>>(
        detail::area(left.rows, right.rows), View<T>(x).cols, [&](auto y) {
            return detail::both(lapwing_kronecker_apply_f64, lapwing_kronecker_apply_f32)(
                detail::input(left), detail::input(right), detail::matrix<T>(x), y);
        });
}
/** The Kronecker sum (n*m x n*m) of a (n x n) and b (m x m). */
template <class A, class B, class T = Scalar<A, B>>
Matrix<T> kronecker_sum(const A &a, const B &b) {
    const View<T> x = a, y = b;
    const auto order = detail::area(x.rows, y.rows);
    return detail::filled<T>(order, order, detail::both(lapwing_kronecker_sum_f64, lapwing_kronecker_sum_f32),
                             detail::input(x), detail::input(y));
}
/** Its product (n*m x k) with x (n*m x k). */
template <class A, class B, class X, class T = Scalar<A, B, X>>
Unknowns<A, X> kronecker_sum_apply(const A &a, const B &b, const X &x) {
    const View<T> left = a, right = b;
    return detail::solved<Unknowns<A, X>>(detail::area(left.rows, right.rows), x,
                                          detail::both(lapwing_kronecker_sum_apply_f64, lapwing_kronecker_sum_apply_f32),
                                          detail::input(left), detail::input(right));
}
/** The Kronecker products (m*p x n) of the columns of a (m x n) and b (p x n). */
template <class A, class B, class T = Scalar<A, B>>
Matrix<T> khatri_rao(const A &a, const B &b) {
    const View<T> x = a, y = b;
    return detail::filled<T>(detail::area(x.rows, y.rows), x.cols,
                             detail::both(lapwing_khatri_rao_f64, lapwing_khatri_rao_f32), detail::input(x),
                             detail::input(y));
}
/** The products of the entries of a and b, of one shape. */
template <class A, class B, class T = Scalar<A, B>>
Matrix<T> hadamard(const A &a, const B &b) {
    const View<T> x = a;
    return detail::filled<T>(x.rows, x.cols, detail::both(lapwing_hadamard_f64, lapwing_hadamard_f32), detail::input(x),
                             detail::matrix<T>(b));
}
/** The columns of a, one under the other. */
template <class A, class T = Scalar<A>>
std::vector<T> stack_columns(const A &a) {
    const View<T> x = a;
    return detail::filled_vector<T>(detail::area(x.rows, x.cols),
                                    detail::both(lapwing_stack_columns_f64, lapwing_stack_columns_f32),
                                    detail::input(x));
}
/** The matrix whose columns, one under the other, are v. */
template <class X, class T = Scalar<X>>
Matrix<T> unstack_columns(const X &v, std::int64_t rows, std::int64_t cols) {
    return detail::filled<T>(rows, cols, detail::both(lapwing_unstack_columns_f64, lapwing_unstack_columns_f32),
                             detail::vector<T>(v));
}
/** What takes the stacked columns of any m x n matrix to those of its transpose. */
template <class T>
Matrix<T> commutation(std::int64_t m, std::int64_t n) {
    const auto order = detail::area(m, n);
    return detail::filled<T>(order, order, detail::both(lapwing_commutation_f64, lapwing_commutation_f32), m, n);
}
/** The blocks along the diagonal, of any shapes. */
template <class T>
Matrix<T> block_diagonal(const std::vector<View<T>> &blocks) {
    std::vector<typename detail::api<T>::mat> plain;
    std::int64_t rows = 0, cols = 0;
    for (const auto &block : blocks) {
        plain.push_back(detail::input(block));
        if (detail::extent(block.rows) > INT64_MAX - rows || detail::extent(block.cols) > INT64_MAX - cols)
            throw error(LAPWING_ERR_TOO_LARGE, "a matrix has too many entries");
        rows += detail::extent(block.rows);
        cols += detail::extent(block.cols);
    }
    return detail::filled<T>(rows, cols, detail::both(lapwing_block_diagonal_f64, lapwing_block_diagonal_f32),
                             static_cast<const typename detail::api<T>::mat *>(plain.data()),
                             static_cast<std::int64_t>(plain.size()));
}

/** Rows of the powers 0 to n - 1 of the entries of x; see lapwing_vandermonde_f64. */
template <class X, class T = Scalar<X>>
Matrix<T> vandermonde(const X &x, std::int64_t n, Powers order = Powers::decreasing) {
    const ConstVectorView<T> nodes = x;
    return detail::filled<T>(nodes.size, n, detail::both(lapwing_vandermonde_f64, lapwing_vandermonde_f32),
                             detail::input(nodes), detail::constant(order));
}
/** The matrix (n x n) whose eigenvalues are the roots of a polynomial of n + 1 coefficients, highest power first. */
template <class X, class T = Scalar<X>>
Matrix<T> companion(const X &coefficients) {
    const ConstVectorView<T> a = coefficients;
    return detail::filled<T>(a.size - 1, a.size - 1, detail::both(lapwing_companion_f64, lapwing_companion_f32),
                             detail::input(a));
}
/** The Hilbert matrix. */
template <class T>
Matrix<T> hilbert(std::int64_t n) {
    return detail::filled<T>(n, n, detail::both(lapwing_hilbert_f64, lapwing_hilbert_f32));
}
/** The Toeplitz matrix (m x n) with first column c (m) and first row r (n, its first entry ignored). */
template <class C, class R, class T = Scalar<C, R>>
Matrix<T> toeplitz(const C &c, const R &r) {
    return detail::of_column_and_row(detail::both(lapwing_toeplitz_f64, lapwing_toeplitz_f32), c, r);
}
/** Its product, or that of its transpose, with the columns of x. */
template <class C, class R, class X, class T = Scalar<C, R, X>>
Unknowns<C, X> toeplitz_apply(const C &c, const R &r, const X &x, Transpose transpose = Transpose::as_given) {
    const ConstVectorView<T> column = c, row = r;
    const auto product = [&](std::int64_t rows, auto function) {
        return detail::solved<Unknowns<C, X>>(rows, x, function, detail::input(column), detail::input(row));
    };
    return transpose == Transpose::as_given
               ? product(column.size, detail::both(lapwing_toeplitz_apply_f64, lapwing_toeplitz_apply_f32))
               : product(row.size,
                         detail::both(lapwing_toeplitz_apply_transposed_f64, lapwing_toeplitz_apply_transposed_f32));
}
/** The Hankel matrix (m x n) with first column c (m) and last row r (n, its first entry ignored). */
template <class C, class R, class T = Scalar<C, R>>
Matrix<T> hankel(const C &c, const R &r) {
    return detail::of_column_and_row(detail::both(lapwing_hankel_f64, lapwing_hankel_f32), c, r);
}
/** Its product, or that of its transpose, with the columns of x. */
template <class C, class R, class X, class T = Scalar<C, R, X>>
Unknowns<C, X> hankel_apply(const C &c, const R &r, const X &x, Transpose transpose = Transpose::as_given) {
    const ConstVectorView<T> column = c, row = r;
    const auto product = [&](std::int64_t rows, auto function) {
        return detail::solved<Unknowns<C, X>>(rows, x, function, detail::input(column), detail::input(row));
    };
    return transpose == Transpose::as_given
               ? product(column.size, detail::both(lapwing_hankel_apply_f64, lapwing_hankel_apply_f32))
               : product(row.size,
                         detail::both(lapwing_hankel_apply_transposed_f64, lapwing_hankel_apply_transposed_f32));
}
/** The circulant matrix (n x n) with first column c. */
template <class C, class T = Scalar<C>>
Matrix<T> circulant(const C &c) {
    return detail::of_column(detail::both(lapwing_circulant_f64, lapwing_circulant_f32), c);
}
/** Its product, or that of its transpose, with the columns of x. */
template <class C, class X, class T = Scalar<C, X>>
Unknowns<C, X> circulant_apply(const C &c, const X &x, Transpose transpose = Transpose::as_given) {
    const ConstVectorView<T> column = c;
    const auto product = [&](auto function) {
        return detail::solved<Unknowns<C, X>>(column.size, x, function, detail::input(column));
    };
    return transpose == Transpose::as_given
               ? product(detail::both(lapwing_circulant_apply_f64, lapwing_circulant_apply_f32))
               : product(detail::both(lapwing_circulant_apply_transposed_f64, lapwing_circulant_apply_transposed_f32));
}
/** The solution of circulant(c) * x = b; see lapwing_circulant_solve_f64. */
template <class C, class B, class T = Scalar<C, B>>
Unknowns<C, B> circulant_solve(const C &c, const B &b) {
    const ConstVectorView<T> column = c;
    return detail::solved<Unknowns<C, B>>(column.size, b,
                                          detail::both(lapwing_circulant_solve_f64, lapwing_circulant_solve_f32),
                                          detail::input(column));
}
/** The eigenvalues of the circulant matrix; see lapwing_circulant_eigenvalues_f64. */
template <class C, class T = Scalar<C>>
std::vector<std::complex<T>> circulant_eigenvalues(const C &c) {
    const ConstVectorView<T> column = c;
    auto re = detail::entries<T>(column.size), im = detail::entries<T>(column.size);
    detail::check(detail::both(lapwing_circulant_eigenvalues_f64, lapwing_circulant_eigenvalues_f32)(
        detail::input(column), detail::output(re), detail::output(im)));
    return detail::joined(re, im);
}
/** Its reciprocal condition number in the 2-norm. */
template <class C, class T = Scalar<C>>
T circulant_reciprocal_condition(const C &c) {
    return detail::number<T>(
        detail::both(lapwing_circulant_reciprocal_condition_f64, lapwing_circulant_reciprocal_condition_f32),
        detail::vector<T>(c));
}
/** The matrix that convolves n entries with a. */
template <class A, class T = Scalar<A>>
Matrix<T> convolution_matrix(const A &a, std::int64_t n, Convolution mode = Convolution::full) {
    const ConstVectorView<T> kernel = a;
    return detail::filled<T>(detail::convolution_length(kernel.size, detail::extent(n), mode), n,
                             detail::both(lapwing_convolution_matrix_f64, lapwing_convolution_matrix_f32),
                             detail::input(kernel), detail::constant(mode));
}
/** The convolution of two vectors; see lapwing_convolve_f64. */
template <class A, class X, class T = Scalar<A, X>>
std::vector<T> convolve(const A &a, const X &x, Convolution mode = Convolution::full) {
    const ConstVectorView<T> kernel = a, signal = x;
    return detail::filled_vector<T>(detail::convolution_length(kernel.size, signal.size, mode),
                                    detail::both(lapwing_convolve_f64, lapwing_convolve_f32), detail::input(kernel),
                                    detail::input(signal), detail::constant(mode));
}

/** Independent standard normal entries, m x n. */
template <class T>
Matrix<T> random_normal(std::int64_t rows, std::int64_t cols, std::uint64_t seed) {
    return detail::filled<T>(rows, cols, detail::both(lapwing_random_normal_f64, lapwing_random_normal_f32), seed);
}
/** A uniformly distributed orthogonal matrix. */
template <class T>
Matrix<T> random_orthogonal(std::int64_t n, std::uint64_t seed) {
    return detail::filled<T>(n, n, detail::both(lapwing_random_orthogonal_f64, lapwing_random_orthogonal_f32), seed);
}
/** One of determinant 1. */
template <class T>
Matrix<T> random_rotation(std::int64_t n, std::uint64_t seed) {
    return detail::filled<T>(n, n, detail::both(lapwing_random_rotation_f64, lapwing_random_rotation_f32), seed);
}
/** n of its columns, m x n. */
template <class T>
Matrix<T> random_orthonormal_columns(std::int64_t m, std::int64_t n, std::uint64_t seed) {
    return detail::filled<T>(
        m, n, detail::both(lapwing_random_orthonormal_columns_f64, lapwing_random_orthonormal_columns_f32), seed);
}
/** A symmetric matrix with these eigenvalues. */
template <class X, class T = Scalar<X>>
Matrix<T> random_symmetric(const X &eigenvalues, std::uint64_t seed) {
    const ConstVectorView<T> w = eigenvalues;
    return detail::filled<T>(w.size, w.size, detail::both(lapwing_random_symmetric_f64, lapwing_random_symmetric_f32),
                             detail::input(w), seed);
}
/** One with these positive eigenvalues. */
template <class X, class T = Scalar<X>>
Matrix<T> random_positive_definite(const X &eigenvalues, std::uint64_t seed) {
    const ConstVectorView<T> w = eigenvalues;
    return detail::filled<T>(
        w.size, w.size, detail::both(lapwing_random_positive_definite_f64, lapwing_random_positive_definite_f32),
        detail::input(w), seed);
}
/** A matrix (m x n) with these min(m, n) singular values. */
template <class X, class T = Scalar<X>>
Matrix<T> random_with_singular_values(const X &values, std::int64_t m, std::int64_t n, std::uint64_t seed) {
    return detail::filled<T>(
        m, n, detail::both(lapwing_random_with_singular_values_f64, lapwing_random_with_singular_values_f32),
        detail::vector<T>(values), seed);
}

} // namespace lapwing

#endif /* LAPWING_STRUCTURED_HPP */
