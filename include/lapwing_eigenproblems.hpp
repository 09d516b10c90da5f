/* The part of lapwing.hpp that has the dense eigenproblems beside eigh(): general matrices, pencils, parts of a spectrum and
 * Schur forms. Included by it.
 *
 *   const auto pairs = lapwing::eig(a);                        // pairs.w complex, pairs.right in columns
 *   const auto largest = lapwing::eigh_index(a, n - 3, 3);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_EIGENPROBLEMS_HPP
#define LAPWING_EIGENPROBLEMS_HPP

namespace lapwing {

/** What is done to a matrix before its eigenvalues are sought. */
enum class Balancing : std::int32_t {
    both = LAPWING_BALANCE_BOTH,
    none = LAPWING_BALANCE_NONE,
    permute = LAPWING_BALANCE_PERMUTE,
    scale = LAPWING_BALANCE_SCALE,
};

/** a * right = right * diag(w), and adjoint(left) * a = diag(w) * adjoint(left): eigenvectors of 2-norm 1 in columns, conjugate
 *  eigenvalues side by side, the one with the positive imaginary part first. */
template <class T>
struct Eig {
    std::vector<std::complex<T>> w;
    Matrix<std::complex<T>> right, left;
};

/** How far the eigenvalues of a general matrix can be trusted. */
template <class T>
struct EigConditions {
    std::vector<std::complex<T>> w;
    /** Reciprocal condition numbers of the eigenvalues and of the right eigenvectors, after balancing. */
    std::vector<T> values, vectors;
    /** The condition number of the matrix of right eigenvectors. */
    T all_vectors{};
};

/** The eigenvalues alpha / beta of a pencil, infinite where beta is 0, and their eigenvectors as in Eig. */
template <class T>
struct GeneralizedEig {
    std::vector<std::complex<T>> alpha;
    std::vector<T> beta;
    Matrix<std::complex<T>> right, left;
};

/** Which problem of two symmetric matrices. */
enum class PencilProblem : std::int32_t {
    ax_is_lambda_bx = LAPWING_AX_IS_LAMBDA_BX,
    abx_is_lambda_x = LAPWING_ABX_IS_LAMBDA_X,
    bax_is_lambda_x = LAPWING_BAX_IS_LAMBDA_X,
};

/** Which eigenvalues a Schur form has first. */
enum class SpectralRegion : std::int32_t {
    anywhere = LAPWING_ANYWHERE,
    left_half_plane = LAPWING_LEFT_HALF_PLANE,
    right_half_plane = LAPWING_RIGHT_HALF_PLANE,
    inside_unit_circle = LAPWING_INSIDE_UNIT_CIRCLE,
    outside_unit_circle = LAPWING_OUTSIDE_UNIT_CIRCLE,
};

/** a = q * t * transpose(q), with 2 x 2 blocks on the diagonal of t for conjugate eigenvalues; so many of the region lead. */
template <class T>
struct Schur {
    std::vector<std::complex<T>> w;
    Matrix<T> t, q;
    std::int64_t leading = 0;
};

/** How far the eigenvalues of a region, and the subspace that belongs to them, can be trusted. */
template <class T>
struct SchurCondition {
    T mean{}, separation{};
};

/** a = q * t * adjoint(q), t upper triangular. */
template <class T>
struct ComplexSchur {
    Matrix<std::complex<T>> t, q;
};

/** a = q * s * transpose(z) and b = q * t * transpose(z). */
template <class T>
struct GeneralizedSchur {
    std::vector<std::complex<T>> alpha;
    std::vector<T> beta;
    Matrix<T> s, t, q, z;
    std::int64_t leading = 0;
};

/** a = q * h * transpose(q), h zero below its first subdiagonal. */
template <class T>
struct Hessenberg {
    Matrix<T> h, q;
};

/** The eigenvalues and both kinds of eigenvectors of a square matrix; see lapwing_eig_f64. */
template <class A, class T = Scalar<A>>
Eig<T> eig(const A &a, Balancing balancing = Balancing::both) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    auto w_re = detail::entries<T>(n), w_im = detail::entries<T>(n);
    Matrix<T> right_re(n, n), right_im(n, n), left_re(n, n), left_im(n, n);
    const typename detail::api<T>::vec_mut none{nullptr, 0, 1};
    detail::check(detail::both(lapwing_eig_f64, lapwing_eig_f32)(
        detail::input(x), detail::constant(balancing), detail::output(w_re), detail::output(w_im),
        detail::output(right_re), detail::output(right_im), detail::output(left_re), detail::output(left_im), none, none,
        static_cast<T *>(nullptr)));
    return {detail::joined(w_re, w_im), detail::joined(right_re, right_im), detail::joined(left_re, left_im)};
}
/** The eigenvalues alone, at less than half the cost. */
template <class A, class T = Scalar<A>>
std::vector<std::complex<T>> eigenvalues(const A &a, Balancing balancing = Balancing::both) {
    const View<T> x = a;
    auto w_re = detail::entries<T>(x.rows), w_im = detail::entries<T>(x.rows);
    const auto unwanted = detail::unwanted<T>();
    const typename detail::api<T>::vec_mut none{nullptr, 0, 1};
    detail::check(detail::both(lapwing_eig_f64, lapwing_eig_f32)(
        detail::input(x), detail::constant(balancing), detail::output(w_re), detail::output(w_im), unwanted, unwanted,
        unwanted, unwanted, none, none, static_cast<T *>(nullptr)));
    return detail::joined(w_re, w_im);
}
/** The eigenvalues with all condition numbers, at several times the cost. */
template <class A, class T = Scalar<A>>
EigConditions<T> eig_conditions(const A &a, Balancing balancing = Balancing::both) {
    const View<T> x = a;
    auto w_re = detail::entries<T>(x.rows), w_im = detail::entries<T>(x.rows);
    EigConditions<T> result{{}, detail::entries<T>(x.rows), detail::entries<T>(x.rows)};
    const auto unwanted = detail::unwanted<T>();
    detail::check(detail::both(lapwing_eig_f64, lapwing_eig_f32)(
        detail::input(x), detail::constant(balancing), detail::output(w_re), detail::output(w_im), unwanted, unwanted,
        unwanted, unwanted, detail::output(result.values), detail::output(result.vectors), &result.all_vectors));
    result.w = detail::joined(w_re, w_im);
    return result;
}

/** count eigenpairs of a symmetric matrix from the position first on, counted from the smallest; see lapwing_eigh_index_f64. */
template <class A, class T = Scalar<A>>
Eigh<T> eigh_index(const A &a, std::int64_t first, std::int64_t count, Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    Eigh<T> result{detail::entries<T>(count), Matrix<T>(detail::extent(x.rows), detail::extent(count))};
    detail::check(detail::both(lapwing_eigh_index_f64, lapwing_eigh_index_f32)(
        detail::input(x), detail::constant(triangle), first, detail::output(result.w), detail::output(result.v)));
    return result;
}
/** The eigenpairs of a symmetric matrix with eigenvalues above lower and up to upper; see lapwing_eigh_interval_f64. */
template <class A, class T = Scalar<A>>
Eigh<T> eigh_interval(const A &a, double lower, double upper, Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    auto w = detail::entries<T>(n);
    Matrix<T> v(n, n);
    std::int64_t found = 0;
    detail::check(detail::both(lapwing_eigh_interval_f64, lapwing_eigh_interval_f32)(
        detail::input(x), detail::constant(triangle), lower, upper, detail::output(w), detail::output(v), &found));
    w.resize(static_cast<std::size_t>(found));
    return {std::move(w), detail::leading(v, n, found)};
}
/** The eigenpairs of a symmetric matrix relative to a positive definite one; see lapwing_generalized_eigh_f64. */
template <class A, class B, class T = Scalar<A, B>>
Eigh<T> generalized_eigh(const A &a, const B &b, PencilProblem problem = PencilProblem::ax_is_lambda_bx,
                         Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    Eigh<T> result{detail::entries<T>(n), Matrix<T>(n, n)};
    detail::check(detail::both(lapwing_generalized_eigh_f64, lapwing_generalized_eigh_f32)(
        detail::input(x), detail::matrix<T>(b), detail::constant(problem), detail::constant(triangle),
        detail::output(result.w), detail::output(result.v)));
    return result;
}
/** The eigenpairs of a pencil of square matrices; see lapwing_generalized_eig_f64. */
template <class A, class B, class T = Scalar<A, B>>
GeneralizedEig<T> generalized_eig(const A &a, const B &b) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    auto alpha_re = detail::entries<T>(n), alpha_im = detail::entries<T>(n), beta = detail::entries<T>(n);
    Matrix<T> right_re(n, n), right_im(n, n), left_re(n, n), left_im(n, n);
    detail::check(detail::both(lapwing_generalized_eig_f64, lapwing_generalized_eig_f32)(
        detail::input(x), detail::matrix<T>(b), detail::output(alpha_re), detail::output(alpha_im), detail::output(beta),
        detail::output(right_re), detail::output(right_im), detail::output(left_re), detail::output(left_im)));
    return {detail::joined(alpha_re, alpha_im), std::move(beta), detail::joined(right_re, right_im),
            detail::joined(left_re, left_im)};
}

/** The real Schur form of a square matrix, the eigenvalues of a region first; see lapwing_schur_f64. */
template <class A, class T = Scalar<A>>
Schur<T> schur(const A &a, SpectralRegion first = SpectralRegion::anywhere) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    auto w_re = detail::entries<T>(n), w_im = detail::entries<T>(n);
    Schur<T> result{{}, Matrix<T>(n, n), Matrix<T>(n, n)};
    detail::check(detail::both(lapwing_schur_f64, lapwing_schur_f32)(
        detail::input(x), detail::constant(first), detail::output(w_re), detail::output(w_im), detail::output(result.t),
        detail::output(result.q), &result.leading));
    result.w = detail::joined(w_re, w_im);
    return result;
}
/** How sensitive the eigenvalues of a region and their invariant subspace are; see lapwing_schur_condition_f64. */
template <class A, class T = Scalar<A>>
SchurCondition<T> schur_condition(const A &a, SpectralRegion region) {
    SchurCondition<T> result;
    detail::check(detail::both(lapwing_schur_condition_f64, lapwing_schur_condition_f32)(
        detail::matrix<T>(a), detail::constant(region), &result.mean, &result.separation));
    return result;
}
/** The complex Schur form of a square matrix; see lapwing_complex_schur_f64. */
template <class A, class T = Scalar<A>>
ComplexSchur<T> complex_schur(const A &a) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    Matrix<T> t_re(n, n), t_im(n, n), q_re(n, n), q_im(n, n);
    detail::check(detail::both(lapwing_complex_schur_f64, lapwing_complex_schur_f32)(
        detail::input(x), detail::output(t_re), detail::output(t_im), detail::output(q_re), detail::output(q_im)));
    return {detail::joined(t_re, t_im), detail::joined(q_re, q_im)};
}
/** The generalized Schur form of a pencil, the eigenvalues of a region first; see lapwing_generalized_schur_f64. */
template <class A, class B, class T = Scalar<A, B>>
GeneralizedSchur<T> generalized_schur(const A &a, const B &b, SpectralRegion first = SpectralRegion::anywhere) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    auto alpha_re = detail::entries<T>(n), alpha_im = detail::entries<T>(n);
    GeneralizedSchur<T> result{
        {}, detail::entries<T>(n), Matrix<T>(n, n), Matrix<T>(n, n), Matrix<T>(n, n), Matrix<T>(n, n)};
    detail::check(detail::both(lapwing_generalized_schur_f64, lapwing_generalized_schur_f32)(
        detail::input(x), detail::matrix<T>(b), detail::constant(first), detail::output(alpha_re),
        detail::output(alpha_im), detail::output(result.beta), detail::output(result.s), detail::output(result.t),
        detail::output(result.q), detail::output(result.z), &result.leading));
    result.alpha = detail::joined(alpha_re, alpha_im);
    return result;
}
/** The Hessenberg form of a square matrix; see lapwing_hessenberg_f64. */
template <class A, class T = Scalar<A>>
Hessenberg<T> hessenberg(const A &a) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    Hessenberg<T> result{Matrix<T>(n, n), Matrix<T>(n, n)};
    detail::check(detail::both(lapwing_hessenberg_f64, lapwing_hessenberg_f32)(
        detail::input(x), detail::output(result.h), detail::output(result.q)));
    return result;
}

} // namespace lapwing

#endif /* LAPWING_EIGENPROBLEMS_HPP */
