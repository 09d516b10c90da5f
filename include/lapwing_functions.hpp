/* The part of lapwing.hpp that has products, functions of square matrices, and matrix equations. Included by it.
 *
 *   const auto flow = lapwing::expm(a);
 *   const auto regulator = lapwing::continuous_riccati(a, b, q, r);   // regulator.gain
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_FUNCTIONS_HPP
#define LAPWING_FUNCTIONS_HPP

#include "lapwing_factorizations.hpp"

namespace lapwing {

/** The stabilizing solution of a Riccati equation. */
template <class T>
struct Riccati {
    /** n x n, symmetric. */
    Matrix<T> x;
    /** The feedback k (m x n) of the control u = -k * x. */
    Matrix<T> gain;
    /** The eigenvalues of the closed loop. */
    std::vector<std::complex<T>> w;
    /** What the sides of the equation differ by, relative to the norms of its terms. */
    double residual = 0.0;
};

namespace detail {

/** A function of a square matrix. */
template <class A, class Function, class... Arguments>
Matrix<Scalar<A>> square(Function function, const A &a, Arguments... arguments) {
    const ConstMatrixView<Scalar<A>> x = a;
    return filled<Scalar<A>>(x.rows, x.rows, function, input(x), arguments...);
}

/** One whose result may be complex. */
template <class A, class Function, class... Arguments, class T = Scalar<A>>
Matrix<std::complex<T>> complex_square(Function function, const A &a, Arguments... arguments) {
    const ConstMatrixView<T> x = a;
    Matrix<T> re(extent(x.rows), extent(x.rows)), im(extent(x.rows), extent(x.rows));
    check(function(input(x), arguments..., output(re), output(im)));
    return joined(re, im);
}

/** One whose result is to be real. */
template <class A, class Function, class... Arguments, class T = Scalar<A>>
Matrix<T> real_square(Function function, const A &a, Arguments... arguments) {
    const ConstMatrixView<T> x = a;
    Matrix<T> re(extent(x.rows), extent(x.rows));
    check(function(input(x), arguments..., output(re), unwanted<T>()));
    return re;
}

template <class T, class Function>
Riccati<T> riccati(Function function, ConstMatrixView<T> a, ConstMatrixView<T> b, ConstMatrixView<T> q,
                   ConstMatrixView<T> r, ConstMatrixView<T> e, ConstMatrixView<T> s) {
    const auto n = extent(a.rows);
    auto w_re = entries<T>(n), w_im = entries<T>(n);
    Riccati<T> result{Matrix<T>(n, n), Matrix<T>(extent(b.cols), n), {}, 0.0};
    check(function(input(a), input(b), input(q), input(r), input(e), input(s), output(result.x), output(result.gain),
                   output(w_re), output(w_im), &result.residual));
    result.w = joined(w_re, w_im);
    return result;
}

} // namespace detail

/** a * b (m x n) of a (m x k) and b (k x n); see lapwing_matmul_f64. */
template <class A, class B, class T = Scalar<A, B>>
Matrix<T> matmul(const A &a, const B &b) {
    const View<T> x = a, y = b;
    return detail::filled<T>(x.rows, y.cols, detail::both(lapwing_matmul_f64, lapwing_matmul_f32), detail::input(x),
                             detail::input(y));
}
/** The same, written to c (m x n), which must not overlap with a and b. */
template <class A, class B, class C, class T = Scalar<A, B>,
          class = std::enable_if_t<std::is_convertible_v<C &&, MutableView<T>>>>
void matmul(const A &a, const B &b, C &&c) {
    const MutableView<T> z(std::forward<C>(c));
    detail::check(detail::both(lapwing_matmul_f64, lapwing_matmul_f32)(detail::matrix<T>(a), detail::matrix<T>(b),
                                                                       detail::output(z)));
}
/** a * x, or transpose(a) * x, of a sparse matrix (m x n) and x (n x k, or m x k); see lapwing_sparse_multiply_f64. */
template <class T, class X>
Unknowns<View<T>, X> sparse_multiply(const ConstSparseView<T> &a, const X &x,
                                     Transpose transpose = Transpose::as_given) {
    const View<T> columns = x;
    const auto rows = transpose == Transpose::as_given ? a.rows : a.cols;
    return detail::solved_by<Unknowns<View<T>, X>>(rows, columns.cols, [&](auto result) {
        return detail::both(lapwing_sparse_multiply_f64, lapwing_sparse_multiply_f32)(
            detail::input(a), detail::constant(transpose), detail::input(columns), result);
    });
}
/** transpose(a) * a (n x n) of a (m x n); see lapwing_gram_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> gram(const A &a) {
    const View<T> x = a;
    return detail::filled<T>(x.cols, x.cols, detail::both(lapwing_gram_f64, lapwing_gram_f32), detail::input(x));
}

/** a to the k, of the inverse when k is negative; see lapwing_matrix_power_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> matrix_power(const A &a, std::int64_t k) {
    return detail::square(detail::both(lapwing_matrix_power_f64, lapwing_matrix_power_f32), a, k);
}
/** The exponential; see lapwing_expm_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> expm(const A &a) {
    return detail::square(detail::both(lapwing_expm_f64, lapwing_expm_f32), a);
}
/** The principal logarithm, which throws LAPWING_ERR_DOES_NOT_EXIST where it is not real; see lapwing_logm_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> logm(const A &a) {
    return detail::real_square(detail::both(lapwing_logm_f64, lapwing_logm_f32), a);
}
/** Real or not. */
template <class A, class T = Scalar<A>>
Matrix<std::complex<T>> complex_logm(const A &a) {
    return detail::complex_square(detail::both(lapwing_logm_f64, lapwing_logm_f32), a);
}
/** The principal square root, which throws LAPWING_ERR_DOES_NOT_EXIST where it is not real; see lapwing_sqrtm_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> sqrtm(const A &a) {
    return detail::real_square(detail::both(lapwing_sqrtm_f64, lapwing_sqrtm_f32), a);
}
/** Real or not. */
template <class A, class T = Scalar<A>>
Matrix<std::complex<T>> complex_sqrtm(const A &a) {
    return detail::complex_square(detail::both(lapwing_sqrtm_f64, lapwing_sqrtm_f32), a);
}
/** The principal power with any exponent, which throws LAPWING_ERR_DOES_NOT_EXIST where it is not real; see
 *  lapwing_fractional_power_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> fractional_power(const A &a, double p) {
    return detail::real_square(detail::both(lapwing_fractional_power_f64, lapwing_fractional_power_f32), a, p);
}
/** Real or not. */
template <class A, class T = Scalar<A>>
Matrix<std::complex<T>> complex_fractional_power(const A &a, double p) {
    return detail::complex_square(detail::both(lapwing_fractional_power_f64, lapwing_fractional_power_f32), a, p);
}
/** The sign: eigenvalues in the right half-plane become 1, in the left -1; see lapwing_signm_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> signm(const A &a) {
    return detail::square(detail::both(lapwing_signm_f64, lapwing_signm_f32), a);
}

/** The solution x (m x n) of a * x + x * b = c; see lapwing_sylvester_f64. */
template <class A, class B, class C, class T = Scalar<A, B, C>>
Matrix<T> sylvester(const A &a, const B &b, const C &c) {
    const View<T> right = c;
    return detail::filled<T>(right.rows, right.cols, detail::both(lapwing_sylvester_f64, lapwing_sylvester_f32),
                             detail::matrix<T>(a), detail::matrix<T>(b), detail::input(right));
}
/** The solution x (n x n) of a * x + x * transpose(a) = q; see lapwing_continuous_lyapunov_f64. */
template <class A, class Q, class T = Scalar<A, Q>>
Matrix<T> continuous_lyapunov(const A &a, const Q &q) {
    return detail::square(detail::both(lapwing_continuous_lyapunov_f64, lapwing_continuous_lyapunov_f32), a,
                          detail::matrix<T>(q));
}
/** The solution x (n x n) of a * x * transpose(a) - x + q = 0; see lapwing_discrete_lyapunov_f64. */
template <class A, class Q, class T = Scalar<A, Q>>
Matrix<T> discrete_lyapunov(const A &a, const Q &q) {
    return detail::square(detail::both(lapwing_discrete_lyapunov_f64, lapwing_discrete_lyapunov_f32), a,
                          detail::matrix<T>(q));
}
/** The regulator of a system in continuous time (a: n x n, b: n x m, q: n x n, r: m x m), with e for the identity and s for
 *  zeros unless they are given; see lapwing_continuous_riccati_f64. */
template <class A, class B, class Q, class R, class T = Scalar<A, B, Q, R>>
Riccati<T> continuous_riccati(const A &a, const B &b, const Q &q, const R &r,
                              const typename detail::given<View<T>>::type &e = {nullptr, 0, 0},
                              const typename detail::given<View<T>>::type &s = {nullptr, 0, 0}) {
    return detail::riccati<T>(detail::both(lapwing_continuous_riccati_f64, lapwing_continuous_riccati_f32), a, b, q, r,
                              e, s);
}
/** That of a system in discrete time; see lapwing_discrete_riccati_f64. */
template <class A, class B, class Q, class R, class T = Scalar<A, B, Q, R>>
Riccati<T> discrete_riccati(const A &a, const B &b, const Q &q, const R &r,
                            const typename detail::given<View<T>>::type &e = {nullptr, 0, 0},
                            const typename detail::given<View<T>>::type &s = {nullptr, 0, 0}) {
    return detail::riccati<T>(detail::both(lapwing_discrete_riccati_f64, lapwing_discrete_riccati_f32), a, b, q, r, e, s);
}

} // namespace lapwing

#endif /* LAPWING_FUNCTIONS_HPP */
