/* The part of lapwing.hpp that has least squares: plain, regularized, constrained, and the inverses that belong to them.
 * Included by it.
 *
 *   const auto fit = lapwing::lstsq(a, b);                     // b a std::vector, and so is fit.x
 *   const auto smooth = lapwing::lstsq_tikhonov(a, b, 0.1);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_LEAST_SQUARES_HPP
#define LAPWING_LEAST_SQUARES_HPP

#include "lapwing_systems.hpp"

namespace lapwing {

/** How least squares are solved. */
enum class LeastSquaresMethod : std::int32_t {
    svd = LAPWING_LSTSQ_SVD,
    complete_orthogonal = LAPWING_LSTSQ_COMPLETE_ORTHOGONAL,
    qr = LAPWING_LSTSQ_QR,
};

/** The solutions x (n x k), the 2-norms of b - a * x, the min(m, n) singular values of a, which only the method by them gives,
 *  and its rank. */
template <class X>
struct LeastSquares {
    X x;
    std::vector<typename X::value_type> residual_norms, singular_values;
    std::int64_t rank = 0;
};

/** The solutions x (n x k), bounds on the error of each of their entries, the 2-norms of b - a * x, and how many refinements did
 *  not settle. */
template <class X>
struct RefinedLeastSquares {
    X x;
    Matrix<typename X::value_type> error_bounds;
    std::vector<typename X::value_type> residual_norms;
    std::int64_t unconverged = 0;
};

/** The solutions x (n x k), the 2-norms of b - a * x and of x, and what is left of the part of each singular value. */
template <class X>
struct RegularizedLeastSquares {
    X x;
    std::vector<typename X::value_type> residual_norms, solution_norms, filter_factors;
};

/** The solution (n) of a constrained problem, and the 2-norm of b - a * x. */
template <class T>
struct ConstrainedLeastSquares {
    std::vector<T> x;
    T residual_norm{};
};

/** The unknowns (m) and the errors (p) of a Gauss-Markov model. */
template <class T>
struct GaussMarkov {
    std::vector<T> x, y;
};

/** Where a singular value, or the distance of a column, counts as zero. */
struct Tolerance {
    /** One of the LAPWING_TOLERANCE_ constants. */
    std::int32_t rule = LAPWING_TOLERANCE_STANDARD;
    double value = 0.0;

    static Tolerance standard() { return {}; }
    static Tolerance absolute(double value) { return {LAPWING_TOLERANCE_ABSOLUTE, value}; }
    static Tolerance relative(double value) { return {LAPWING_TOLERANCE_RELATIVE, value}; }
};

/** The inverse (n x m), and how many singular values were inverted. */
template <class T>
struct Pseudoinverse {
    Matrix<T> inverse;
    std::int64_t rank = 0;
};

/** What brings points nearest to others: scale * a * rotation + translation, and what remains in the Frobenius norm. */
template <class T>
struct Procrustes {
    Matrix<T> rotation;
    std::vector<T> translation;
    T scale{}, residual{};
};

/** What may bring points nearest to others, beside an orthogonal matrix. */
struct ProcrustesOptions {
    /** No reflections. */
    bool rotation_only = false;
    bool scale = false;
    bool translation = false;
};

namespace detail {

template <class X, class Call, class T = typename X::value_type>
RegularizedLeastSquares<X> regularized(ConstMatrixView<T> a, ConstMatrixView<T> b, Call call) {
    RegularizedLeastSquares<X> result{
        {}, entries<T>(b.cols), entries<T>(b.cols), entries<T>(std::min(a.rows, a.cols))};
    result.x = solved_by<X>(a.cols, b.cols, [&](auto x) {
        return call(input(a), input(b), x, output(result.residual_norms), output(result.solution_norms),
                    output(result.filter_factors));
    });
    return result;
}

} // namespace detail

/** Least squares of least norm, for a of m x n and b of m x k; a negative rcond is the default. See lapwing_lstsq_f64. */
template <class A, class B, class T = Scalar<A, B>>
LeastSquares<Unknowns<A, B>> lstsq(const A &a, const B &b, LeastSquaresMethod method = LeastSquaresMethod::svd,
                                   double rcond = -1.0) {
    const View<T> x = a, right = b;
    const auto values = method == LeastSquaresMethod::svd ? std::min(x.rows, x.cols) : 0;
    LeastSquares<Unknowns<A, B>> result{{}, detail::entries<T>(right.cols), detail::entries<T>(values)};
    const auto singular_values =
        values > 0 ? detail::output(result.singular_values) : typename detail::api<T>::vec_mut{nullptr, 0, 1};
    result.x = detail::solved_by<Unknowns<A, B>>(x.cols, right.cols, [&](auto out) {
        return detail::both(lapwing_lstsq_f64, lapwing_lstsq_f32)(
            detail::input(x), detail::input(right), detail::constant(method), rcond, out,
            detail::output(result.residual_norms), singular_values, &result.rank);
    });
    return result;
}
/** To nearly full accuracy, for full column rank; see lapwing_lstsq_refined_f64. */
template <class A, class B, class T = Scalar<A, B>>
RefinedLeastSquares<Unknowns<A, B>> lstsq_refined(const A &a, const B &b) {
    const View<T> x = a, right = b;
    RefinedLeastSquares<Unknowns<A, B>> result{
        {}, Matrix<T>(detail::extent(x.cols), detail::extent(right.cols)), detail::entries<T>(right.cols)};
    result.x = detail::solved_by<Unknowns<A, B>>(x.cols, right.cols, [&](auto out) {
        return detail::both(lapwing_lstsq_refined_f64, lapwing_lstsq_refined_f32)(
            detail::input(x), detail::input(right), out, detail::output(result.error_bounds),
            detail::output(result.residual_norms), &result.unconverged);
    });
    return result;
}
/** With a penalty of alpha times the square of the norm of x; see lapwing_lstsq_tikhonov_f64. */
template <class A, class B, class T = Scalar<A, B>>
RegularizedLeastSquares<Unknowns<A, B>> lstsq_tikhonov(const A &a, const B &b, double alpha) {
    return detail::regularized<Unknowns<A, B>>(View<T>(a), View<T>(b), [&](auto system, auto right, auto... outputs) {
        return detail::both(lapwing_lstsq_tikhonov_f64, lapwing_lstsq_tikhonov_f32)(system, right, static_cast<T>(alpha),
                                                                                    outputs...);
    });
}
/** In the space of the first right singular vectors: so many, or with a negative rank those whose singular value is more than
 *  the tolerance times the largest; see lapwing_lstsq_truncated_f64. */
template <class A, class B, class T = Scalar<A, B>>
RegularizedLeastSquares<Unknowns<A, B>> lstsq_truncated(const A &a, const B &b, std::int64_t rank,
                                                        double tolerance = 0.0) {
    return detail::regularized<Unknowns<A, B>>(View<T>(a), View<T>(b), [&](auto system, auto right, auto... outputs) {
        return detail::both(lapwing_lstsq_truncated_f64, lapwing_lstsq_truncated_f32)(system, right, rank, tolerance,
                                                                                      outputs...);
    });
}
/** With no more entries of x that are not zero than the rank; a negative tolerance is the default. See
 *  lapwing_pivoted_qr_solve_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> pivoted_qr_solve(const A &a, const B &b, double tolerance = -1.0) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(x.cols, b,
                                          detail::both(lapwing_pivoted_qr_solve_f64, lapwing_pivoted_qr_solve_f32),
                                          detail::input(x), tolerance);
}
/** Among those x with c * x = d (c: p x n, d: p entries); b has m entries. See lapwing_lstsq_constrained_f64. */
template <class A, class B, class C, class D, class T = Scalar<A, B, C, D>>
ConstrainedLeastSquares<T> lstsq_constrained(const A &a, const B &b, const C &c, const D &d) {
    const View<T> x = a;
    ConstrainedLeastSquares<T> result{detail::entries<T>(x.cols)};
    detail::check(detail::both(lapwing_lstsq_constrained_f64, lapwing_lstsq_constrained_f32)(
        detail::input(x), detail::vector<T>(b), detail::matrix<T>(c), detail::vector<T>(d), detail::output(result.x),
        &result.residual_norm));
    return result;
}
/** The shortest y with d = a * x + b * y (a: n x m, b: n x p, d: n entries); see lapwing_gauss_markov_f64. */
template <class A, class B, class D, class T = Scalar<A, B, D>>
GaussMarkov<T> gauss_markov(const A &a, const B &b, const D &d) {
    const View<T> x = a, y = b;
    GaussMarkov<T> result{detail::entries<T>(x.cols), detail::entries<T>(y.cols)};
    detail::check(detail::both(lapwing_gauss_markov_f64, lapwing_gauss_markov_f32)(
        detail::input(x), detail::input(y), detail::vector<T>(d), detail::output(result.x), detail::output(result.y)));
    return result;
}

/** The Moore-Penrose inverse of a (m x n); see lapwing_pseudoinverse_f64. */
template <class A, class T = Scalar<A>>
Pseudoinverse<T> pseudoinverse(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    Pseudoinverse<T> result{Matrix<T>(detail::extent(x.cols), detail::extent(x.rows))};
    detail::check(detail::both(lapwing_pseudoinverse_f64, lapwing_pseudoinverse_f32)(
        detail::input(x), tolerance.rule, tolerance.value, detail::output(result.inverse), &result.rank));
    return result;
}
/** Of a symmetric matrix; see lapwing_symmetric_pseudoinverse_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> symmetric_pseudoinverse(const A &a, Triangle triangle = Triangle::lower, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    return detail::filled<T>(x.rows, x.rows,
                             detail::both(lapwing_symmetric_pseudoinverse_f64, lapwing_symmetric_pseudoinverse_f32),
                             detail::input(x), detail::constant(triangle), tolerance.rule, tolerance.value);
}
/** The left inverse (n x m) of least norm of a matrix with independent columns. */
template <class A, class T = Scalar<A>>
Matrix<T> left_inverse(const A &a) {
    const View<T> x = a;
    return detail::filled<T>(x.cols, x.rows, detail::both(lapwing_left_inverse_f64, lapwing_left_inverse_f32),
                             detail::input(x));
}
/** The right inverse (n x m) of least norm of a matrix with independent rows. */
template <class A, class T = Scalar<A>>
Matrix<T> right_inverse(const A &a) {
    const View<T> x = a;
    return detail::filled<T>(x.cols, x.rows, detail::both(lapwing_right_inverse_f64, lapwing_right_inverse_f32),
                             detail::input(x));
}

/** What takes the rows of a nearest to those of b (both m x n); see lapwing_procrustes_f64. */
template <class A, class B, class T = Scalar<A, B>>
Procrustes<T> procrustes(const A &a, const B &b, const ProcrustesOptions &options = {}) {
    const View<T> x = a;
    Procrustes<T> result{Matrix<T>(detail::extent(x.cols), detail::extent(x.cols)), detail::entries<T>(x.cols)};
    const std::int32_t choices = (options.rotation_only ? LAPWING_PROCRUSTES_ROTATION_ONLY : 0) +
                                 (options.scale ? LAPWING_PROCRUSTES_SCALE : 0) +
                                 (options.translation ? LAPWING_PROCRUSTES_TRANSLATION : 0);
    detail::check(detail::both(lapwing_procrustes_f64, lapwing_procrustes_f32)(
        detail::input(x), detail::matrix<T>(b), choices, detail::output(result.rotation),
        detail::output(result.translation), &result.scale, &result.residual));
    return result;
}

} // namespace lapwing

#endif /* LAPWING_LEAST_SQUARES_HPP */
