/* The part of lapwing.hpp that says in a few numbers what a matrix is like: norms, conditions, determinants, ranks, signs, and
 * the forms and angles of vectors. Included by it.
 *
 *   const double size = lapwing::norm(a, lapwing::Norm::two);
 *   const auto verdict = lapwing::definiteness(a).verdict;
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_SUMMARIES_HPP
#define LAPWING_SUMMARIES_HPP

#include "lapwing_least_squares.hpp"

namespace lapwing {

/** A norm of matrices. */
enum class Norm : std::int32_t {
    one = LAPWING_NORM_ONE,
    two = LAPWING_NORM_TWO,
    infinity = LAPWING_NORM_INFINITY,
    frobenius = LAPWING_NORM_FROBENIUS,
    nuclear = LAPWING_NORM_NUCLEAR,
    max = LAPWING_NORM_MAX,
};

/** Whether a matrix is invertible. */
enum class InvertibilityVerdict : std::int32_t {
    rectangular = LAPWING_RECTANGULAR,
    singular = LAPWING_SINGULAR,
    numerically_singular = LAPWING_NUMERICALLY_SINGULAR,
    invertible = LAPWING_INVERTIBLE,
};

/** The verdict and its reasons: the first pivot that is zero, or -1; an estimate of the reciprocal condition number; and how many
 *  decimal digits of a solution can be trusted. */
template <class T>
struct Invertibility {
    InvertibilityVerdict verdict{};
    std::int64_t pivot = -1;
    T reciprocal_condition{};
    std::int64_t digits = 0;
};

/** The sign of a quadratic form. */
enum class DefinitenessVerdict : std::int32_t {
    positive_definite = LAPWING_POSITIVE_DEFINITE,
    positive_semidefinite = LAPWING_POSITIVE_SEMIDEFINITE,
    negative_definite = LAPWING_NEGATIVE_DEFINITE,
    negative_semidefinite = LAPWING_NEGATIVE_SEMIDEFINITE,
    indefinite = LAPWING_INDEFINITE,
};

/** The verdict, the order of the first leading minor that is not positive, or 0, and directions of unit length in which the form
 *  is provably positive and negative; zeros where there is none. */
template <class T>
struct Definiteness {
    DefinitenessVerdict verdict{};
    std::int64_t failing_minor = 0;
    std::vector<T> positive, negative;
};

/** How many eigenvalues have each sign. */
struct Inertia {
    std::int64_t positive = 0, negative = 0, zero = 0;
};

/** The numerical rank, the min(m, n) singular values it was read from, and whether it is beyond doubt. */
template <class T>
struct Rank {
    std::int64_t rank = 0;
    std::vector<T> singular_values;
    bool clear_cut = false;
};

/** How many directions a matrix uses, each by its weight. */
struct EffectiveRank {
    double effective = 0.0, stable = 0.0;
};

/** A norm of a matrix; see lapwing_norm_f64. */
template <class A, class T = Scalar<A>>
T norm(const A &a, Norm which = Norm::frobenius) {
    return detail::number<T>(detail::both(lapwing_norm_f64, lapwing_norm_f32), detail::matrix<T>(a),
                             detail::constant(which));
}
/** The p-norm of the singular values of a matrix. */
template <class A, class T = Scalar<A>>
T schatten_norm(const A &a, double p) {
    return detail::number<T>(detail::both(lapwing_schatten_norm_f64, lapwing_schatten_norm_f32), detail::matrix<T>(a), p);
}
/** The p-norm of a vector. */
template <class X, class T = Scalar<X>>
T vector_norm(const X &x, double p = 2.0) {
    return detail::number<T>(detail::both(lapwing_vector_norm_f64, lapwing_vector_norm_f32), detail::vector<T>(x), p);
}
/** The condition number of a matrix; see lapwing_condition_number_f64. */
template <class A, class T = Scalar<A>>
T condition_number(const A &a, Norm which = Norm::two) {
    return detail::number<T>(detail::both(lapwing_condition_number_f64, lapwing_condition_number_f32),
                             detail::matrix<T>(a), detail::constant(which));
}
/** An estimate of it, with Norm::one or Norm::infinity. */
template <class A, class T = Scalar<A>>
T estimate_condition_number(const A &a, Norm which = Norm::one) {
    return detail::number<T>(detail::both(lapwing_estimate_condition_number_f64, lapwing_estimate_condition_number_f32),
                             detail::matrix<T>(a), detail::constant(which));
}
/** A bound on the relative error of a solution: of a condition number, and the relative sizes of the perturbations of the matrix
 *  and the right-hand side; see lapwing_perturbation_bound_f64. */
inline double perturbation_bound(double condition, double matrix, double right_hand_side) {
    return detail::number<double>(lapwing_perturbation_bound_f64, condition, matrix, right_hand_side);
}
/** In single precision. */
inline float perturbation_bound(float condition, float matrix, float right_hand_side) {
    return detail::number<float>(lapwing_perturbation_bound_f32, condition, matrix, right_hand_side);
}

/** The sum of the diagonal of a square matrix. */
template <class A, class T = Scalar<A>>
T trace(const A &a) {
    return detail::number<T>(detail::both(lapwing_trace_f64, lapwing_trace_f32), detail::matrix<T>(a));
}
/** The determinant of a square matrix; see lapwing_determinant_f64. */
template <class A, class T = Scalar<A>>
T determinant(const A &a) {
    return detail::number<T>(detail::both(lapwing_determinant_f64, lapwing_determinant_f32), detail::matrix<T>(a));
}
/** That of a symmetric one, at half the cost. */
template <class A, class T = Scalar<A>>
T ldlt_determinant(const A &a, Triangle triangle = Triangle::lower) {
    return detail::number<T>(detail::both(lapwing_ldlt_determinant_f64, lapwing_ldlt_determinant_f32),
                             detail::matrix<T>(a), detail::constant(triangle));
}
/** The determinants of the leading square blocks, n of them. */
template <class A, class T = Scalar<A>>
std::vector<T> leading_principal_minors(const A &a) {
    const View<T> x = a;
    return detail::filled_vector<T>(
        x.rows, detail::both(lapwing_leading_principal_minors_f64, lapwing_leading_principal_minors_f32),
        detail::input(x));
}
/** Whether a matrix is invertible, and why; see lapwing_invertibility_f64. */
template <class A, class T = Scalar<A>>
Invertibility<T> invertibility(const A &a) {
    Invertibility<T> result;
    std::int32_t verdict = 0;
    detail::check(detail::both(lapwing_invertibility_f64, lapwing_invertibility_f32)(
        detail::matrix<T>(a), &verdict, &result.pivot, &result.reciprocal_condition, &result.digits));
    result.verdict = InvertibilityVerdict{verdict};
    return result;
}
/** The sign of the quadratic form of a symmetric matrix, with proof; see lapwing_definiteness_f64. */
template <class A, class T = Scalar<A>>
Definiteness<T> definiteness(const A &a) {
    const View<T> x = a;
    Definiteness<T> result{{}, 0, detail::entries<T>(x.rows), detail::entries<T>(x.rows)};
    std::int32_t verdict = 0;
    detail::check(detail::both(lapwing_definiteness_f64, lapwing_definiteness_f32)(
        detail::input(x), &verdict, &result.failing_minor, detail::output(result.positive),
        detail::output(result.negative)));
    result.verdict = DefinitenessVerdict{verdict};
    return result;
}
/** How many eigenvalues of a symmetric matrix have each sign; see lapwing_inertia_f64. */
template <class A, class T = Scalar<A>>
Inertia inertia(const A &a, Triangle triangle = Triangle::lower) {
    Inertia result;
    detail::check(detail::both(lapwing_inertia_f64, lapwing_inertia_f32)(
        detail::matrix<T>(a), detail::constant(triangle), &result.positive, &result.negative, &result.zero));
    return result;
}

/** The numerical rank; see lapwing_rank_f64. */
template <class A, class T = Scalar<A>>
Rank<T> rank(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    Rank<T> result{0, detail::entries<T>(std::min(x.rows, x.cols)), false};
    std::int32_t clear_cut = 0;
    detail::check(detail::both(lapwing_rank_f64, lapwing_rank_f32)(detail::input(x), tolerance.rule, tolerance.value,
                                                                   detail::output(result.singular_values), &result.rank,
                                                                   &clear_cut));
    result.clear_cut = clear_cut != 0;
    return result;
}
/** Ranks that need no tolerance; see lapwing_effective_rank_f64. */
template <class A, class T = Scalar<A>>
EffectiveRank effective_rank(const A &a) {
    EffectiveRank result;
    detail::check(detail::both(lapwing_effective_rank_f64, lapwing_effective_rank_f32)(
        detail::matrix<T>(a), &result.effective, &result.stable));
    return result;
}
/** The fewest singular values whose squares hold this share of the sum of all. */
template <class A, class T = Scalar<A>>
std::int64_t energy_rank(const A &a, double share) {
    return detail::number<std::int64_t>(detail::both(lapwing_energy_rank_f64, lapwing_energy_rank_f32),
                                        detail::matrix<T>(a), share);
}

/** transpose(x) * a * x, of a (n x n) and x (n entries). */
template <class A, class X, class T = Scalar<A, X>>
T quadratic_form(const A &a, const X &x) {
    return detail::number<T>(detail::both(lapwing_quadratic_form_f64, lapwing_quadratic_form_f32), detail::matrix<T>(a),
                             detail::vector<T>(x));
}
/** transpose(x) * a * y, of x (m entries), a (m x n) and y (n entries). */
template <class X, class A, class Y, class T = Scalar<X, A, Y>>
T bilinear_form(const X &x, const A &a, const Y &y) {
    return detail::number<T>(detail::both(lapwing_bilinear_form_f64, lapwing_bilinear_form_f32), detail::vector<T>(x),
                             detail::matrix<T>(a), detail::vector<T>(y));
}
/** transpose(x) * y. */
template <class X, class Y, class T = Scalar<X, Y>>
T inner_product(const X &x, const Y &y) {
    return detail::number<T>(detail::both(lapwing_inner_product_f64, lapwing_inner_product_f32), detail::vector<T>(x),
                             detail::vector<T>(y));
}
/** trace(transpose(a) * b). */
template <class A, class B, class T = Scalar<A, B>>
T frobenius_inner_product(const A &a, const B &b) {
    return detail::number<T>(detail::both(lapwing_frobenius_inner_product_f64, lapwing_frobenius_inner_product_f32),
                             detail::matrix<T>(a), detail::matrix<T>(b));
}
/** The angle between two vectors in radians. */
template <class X, class Y, class T = Scalar<X, Y>>
T angle(const X &x, const Y &y) {
    return detail::number<T>(detail::both(lapwing_angle_f64, lapwing_angle_f32), detail::vector<T>(x),
                             detail::vector<T>(y));
}
/** transpose(x) * weight * y, of a symmetric positive definite weight (n x n). */
template <class W, class X, class Y, class T = Scalar<W, X, Y>>
T weighted_inner_product(const W &weight, const X &x, const Y &y) {
    return detail::number<T>(detail::both(lapwing_weighted_inner_product_f64, lapwing_weighted_inner_product_f32),
                             detail::matrix<T>(weight), detail::vector<T>(x), detail::vector<T>(y));
}
/** The norm of that inner product. */
template <class W, class X, class T = Scalar<W, X>>
T weighted_norm(const W &weight, const X &x) {
    return detail::number<T>(detail::both(lapwing_weighted_norm_f64, lapwing_weighted_norm_f32),
                             detail::matrix<T>(weight), detail::vector<T>(x));
}
/** The angle in it. */
template <class W, class X, class Y, class T = Scalar<W, X, Y>>
T weighted_angle(const W &weight, const X &x, const Y &y) {
    return detail::number<T>(detail::both(lapwing_weighted_angle_f64, lapwing_weighted_angle_f32),
                             detail::matrix<T>(weight), detail::vector<T>(x), detail::vector<T>(y));
}

} // namespace lapwing

#endif /* LAPWING_SUMMARIES_HPP */
