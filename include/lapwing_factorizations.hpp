/* The part of lapwing.hpp that takes matrices apart. The usual forms, svd(), eigh(), qr() and cholesky(), are in
 * lapwing_decompositions.hpp; here are the others. Included by it.
 *
 *   const auto [lower, upper, permutation] = lapwing::lu(a);
 *   const auto triplets = lapwing::randomized_svd(a, 10);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_FACTORIZATIONS_HPP
#define LAPWING_FACTORIZATIONS_HPP

namespace lapwing {

/** Whether a matrix or its transpose is meant. */
enum class Transpose : std::int32_t { as_given = LAPWING_AS_GIVEN, transposed = LAPWING_TRANSPOSED };

/** Row permutation[i] of a is row i of lower * upper: for a of m x n and k = min(m, n), lower is m x k with ones on its
 *  diagonal and upper is k x n. */
template <class T>
struct Lu {
    Matrix<T> lower, upper;
    std::vector<std::int64_t> permutation;
};

/** Entry (permutation[i], permutation[j]) of a is entry (i, j) of lower * d * transpose(lower), with blocks of order 1 and 2
 *  on the diagonal of d; all n x n. */
template <class T>
struct Ldlt {
    Matrix<T> lower, d;
    std::vector<std::int64_t> permutation;
};

/** Column permutation[j] of a is column j of q * r: q is m x k with k = min(m, n), its first rank columns span those of a, and
 *  the diagonal of r (k x n) decreases in magnitude. */
template <class T>
struct PivotedQr {
    Matrix<T> q, r;
    std::vector<std::int64_t> permutation;
    std::int64_t rank = 0;
};

/** Entry (permutation[i], permutation[j]) of a is entry (i, j) of factor * transpose(factor), of this rank; factor is n x n and
 *  lower trapezoidal. */
template <class T>
struct PivotedCholesky {
    Matrix<T> factor;
    std::vector<std::int64_t> permutation;
    std::int64_t rank = 0;
};

/** Entry (permutation[i], permutation[j]) of a + diag(perturbation) is entry (i, j) of factor * transpose(factor). */
template <class T>
struct ModifiedCholesky {
    Matrix<T> factor;
    std::vector<std::int64_t> permutation;
    std::vector<T> perturbation;
};

/** How a symmetric matrix is made positive definite. */
enum class DefiniteShift : std::int32_t { schnabel_eskow = LAPWING_SCHNABEL_ESKOW, shift = LAPWING_SHIFT };

/** a = q * r with a column of q for each of the columns of a that were kept. */
template <class T>
struct GramSchmidt {
    Matrix<T> q, r;
    std::vector<std::int64_t> columns;
};

/** The order of the projections. */
enum class GramSchmidtMethod : std::int32_t {
    classical = LAPWING_GRAM_SCHMIDT_CLASSICAL,
    modified = LAPWING_GRAM_SCHMIDT_MODIFIED,
    reorthogonalized = LAPWING_GRAM_SCHMIDT_REORTHOGONALIZED,
};

/** What becomes of a column in the span of those before it. */
enum class DependentColumns : std::int32_t { refuse = LAPWING_DEPENDENT_REFUSE, skip = LAPWING_DEPENDENT_SKIP };

/** a = u * d1 * [0 r] * transpose(q) and b = v * d2 * [0 r] * transpose(q); see lapwing_generalized_svd_f64. */
template <class T>
struct GeneralizedSvd {
    std::vector<T> cosines, sines;
    Matrix<T> u, v, q, r;
    std::int64_t rank = 0, infinite = 0;
};

/** a = u * p on the right, a = p * u on the left: u (m x n) has orthonormal columns, or rows if m < n, and p is symmetric and
 *  positive semidefinite. */
template <class T>
struct Polar {
    Matrix<T> u, p;
};

/** Where the symmetric factor of a polar decomposition stands. */
enum class PolarSide : std::int32_t { right = LAPWING_POLAR_RIGHT, left = LAPWING_POLAR_LEFT };

/** An approximation u * diag(s) * vt of low rank, and how far it is from the matrix in the 2-norm and in the Frobenius norm. */
template <class T>
struct LowRank {
    Matrix<T> u;
    std::vector<T> s;
    Matrix<T> vt;
    T spectral_error{}, frobenius_error{};
};

/** What decides the rank of an approximation, beside a number: the rank itself, what a singular value must exceed, what share
 *  of the largest one it must, or what share of the sum of squares is kept. */
enum class Keep : std::int32_t {
    rank = LAPWING_KEEP_RANK,
    above = LAPWING_KEEP_ABOVE,
    above_relative = LAPWING_KEEP_ABOVE_RELATIVE,
    energy = LAPWING_KEEP_ENERGY,
};

namespace detail {

/** The options for the C functions. */
inline lapwing_randomized_options plain(const RandomizedOptions &options) {
    lapwing_randomized_options plain{};
    plain.struct_size = sizeof plain;
    plain.oversampling = options.oversampling;
    plain.power_iterations = options.power_iterations;
    plain.seed = options.seed;
    return plain;
}

template <class T, class Function, class A>
Svd<T> randomized_svd(Function function, const A &a, std::int64_t rows, std::int64_t cols, std::int64_t k,
                      const RandomizedOptions &options, const Passage &passage) {
    Svd<T> result{Matrix<T>(extent(rows), extent(k)), entries<T>(k), Matrix<T>(extent(k), extent(cols))};
    const auto chosen = plain(options);
    passage.check(function(a, k, &chosen, output(result.s), output(result.u), output(result.vt)));
    return result;
}

} // namespace detail

/** As svd(), with u (m x m) and vt (n x n) completed to orthogonal matrices; see lapwing_svd_full_f64. */
template <class A, class T = Scalar<A>>
Svd<T> svd_full(const A &a) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols);
    Svd<T> result{Matrix<T>(m, m), detail::entries<T>(std::min(m, n)), Matrix<T>(n, n)};
    detail::check(detail::both(lapwing_svd_full_f64, lapwing_svd_full_f32)(
        detail::input(x), detail::output(result.s), detail::output(result.u), detail::output(result.vt)));
    return result;
}

/** The k leading singular triplets by random projection, approximately; see lapwing_randomized_svd_f64. */
template <class A, class T = Scalar<A>>
Svd<T> randomized_svd(const A &a, std::int64_t k, const RandomizedOptions &options = {}) {
    const View<T> x = a;
    return detail::randomized_svd<T>(detail::both(lapwing_randomized_svd_f64, lapwing_randomized_svd_f32),
                                     detail::input(x), x.rows, x.cols, k, options, {});
}
/** Of a sparse matrix. */
template <class T>
Svd<T> randomized_svd(const ConstSparseView<T> &a, std::int64_t k, const RandomizedOptions &options = {}) {
    return detail::randomized_svd<T>(detail::both(lapwing_randomized_svd_sparse_f64, lapwing_randomized_svd_sparse_f32),
                                     detail::input(a), a.rows, a.cols, k, options, {});
}
/** Of a matrix that is known by its products with it and with its transpose. */
template <class T>
Svd<T> randomized_svd(const Operator<T> &a, std::int64_t k, const RandomizedOptions &options = {}) {
    detail::Passage passage;
    const detail::PlainOperator<T> plain(a, passage);
    return detail::randomized_svd<T>(
        detail::both(lapwing_randomized_svd_operator_f64, lapwing_randomized_svd_operator_f32), plain.get(), a.rows,
        a.cols, k, options, passage);
}

/** The best approximation of low rank; see lapwing_low_rank_f64. */
template <class A, class T = Scalar<A>>
LowRank<T> low_rank(const A &a, Keep keep, double value) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols), k = std::min(m, n);
    Matrix<T> u(m, k), vt(k, n);
    auto s = detail::entries<T>(k);
    LowRank<T> result;
    std::int64_t rank = 0;
    detail::check(detail::both(lapwing_low_rank_f64, lapwing_low_rank_f32)(
        detail::input(x), detail::constant(keep), value, detail::output(u), detail::output(s), detail::output(vt),
        detail::unwanted<T>(), &rank, &result.spectral_error, &result.frobenius_error));
    s.resize(static_cast<std::size_t>(rank));
    result.u = detail::leading(u, m, rank);
    result.s = std::move(s);
    result.vt = detail::leading(vt, rank, n);
    return result;
}

/** As qr(), with q (m x m) completed to an orthogonal matrix, and r of m x n; see lapwing_qr_full_f64. */
template <class A, class T = Scalar<A>>
Qr<T> qr_full(const A &a) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows);
    Qr<T> result{Matrix<T>(m, m), Matrix<T>(m, detail::extent(x.cols))};
    detail::check(detail::both(lapwing_qr_full_f64, lapwing_qr_full_f32)(detail::input(x), detail::output(result.q),
                                                                         detail::output(result.r)));
    return result;
}

/** The product (m x k) of the full q of a (m x n), or of its transpose, with b (m x k); see lapwing_qr_apply_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> qr_apply(const A &a, const B &b, Transpose transpose = Transpose::as_given) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(x.rows, b, detail::both(lapwing_qr_apply_f64, lapwing_qr_apply_f32),
                                          detail::input(x), detail::constant(transpose));
}

/** The thin QR factorization of a + u * transpose(v) (u: m, v: n entries) from that of a; see lapwing_qr_update_f64. */
template <class T, class U, class V>
Qr<T> qr_update(const Qr<T> &factors, const U &u, const V &v) {
    Qr<T> result{Matrix<T>(factors.q.rows(), factors.q.cols()), Matrix<T>(factors.r.rows(), factors.r.cols())};
    detail::check(detail::both(lapwing_qr_update_f64, lapwing_qr_update_f32)(
        detail::matrix<T>(factors.q), detail::matrix<T>(factors.r), detail::vector<T>(u), detail::vector<T>(v),
        detail::output(result.q), detail::output(result.r)));
    return result;
}

/** QR factorization with column pivoting; a negative tolerance is the default. See lapwing_pivoted_qr_f64. */
template <class A, class T = Scalar<A>>
PivotedQr<T> pivoted_qr(const A &a, double tolerance = -1.0) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols), k = std::min(m, n);
    PivotedQr<T> result{Matrix<T>(m, k), Matrix<T>(k, n), detail::entries<std::int64_t>(n)};
    detail::check(detail::both(lapwing_pivoted_qr_f64, lapwing_pivoted_qr_f32)(
        detail::input(x), tolerance, detail::output(result.q), detail::output(result.r), result.permutation.data(),
        &result.rank));
    return result;
}

/** LU factorization with row interchanges; see lapwing_lu_f64. */
template <class A, class T = Scalar<A>>
Lu<T> lu(const A &a) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols), k = std::min(m, n);
    Lu<T> result{Matrix<T>(m, k), Matrix<T>(k, n), detail::entries<std::int64_t>(m)};
    detail::check(detail::both(lapwing_lu_f64, lapwing_lu_f32)(detail::input(x), detail::output(result.lower),
                                                               detail::output(result.upper), result.permutation.data()));
    return result;
}

/** Factorization of a symmetric matrix, definite or not; see lapwing_ldlt_f64. */
template <class A, class T = Scalar<A>>
Ldlt<T> ldlt(const A &a, Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    Ldlt<T> result{Matrix<T>(n, n), Matrix<T>(n, n), detail::entries<std::int64_t>(n)};
    detail::check(detail::both(lapwing_ldlt_f64, lapwing_ldlt_f32)(
        detail::input(x), detail::constant(triangle), detail::output(result.lower), detail::output(result.d),
        result.permutation.data()));
    return result;
}

/** Cholesky factorization of a semidefinite matrix; a negative tolerance is the default. See lapwing_pivoted_cholesky_f64. */
template <class A, class T = Scalar<A>>
PivotedCholesky<T> pivoted_cholesky(const A &a, Triangle triangle = Triangle::lower, double tolerance = -1.0) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    PivotedCholesky<T> result{Matrix<T>(n, n), detail::entries<std::int64_t>(n)};
    detail::check(detail::both(lapwing_pivoted_cholesky_f64, lapwing_pivoted_cholesky_f32)(
        detail::input(x), detail::constant(triangle), tolerance, detail::output(result.factor),
        result.permutation.data(), &result.rank));
    return result;
}

/** Cholesky factorization of a symmetric matrix made positive definite; see lapwing_modified_cholesky_f64. */
template <class A, class T = Scalar<A>>
ModifiedCholesky<T> modified_cholesky(const A &a, Triangle triangle = Triangle::lower,
                                      DefiniteShift method = DefiniteShift::schnabel_eskow) {
    const View<T> x = a;
    const auto n = detail::extent(x.rows);
    ModifiedCholesky<T> result{Matrix<T>(n, n), detail::entries<std::int64_t>(n), detail::entries<T>(n)};
    detail::check(detail::both(lapwing_modified_cholesky_f64, lapwing_modified_cholesky_f32)(
        detail::input(x), detail::constant(triangle), detail::constant(method), detail::output(result.factor),
        result.permutation.data(), detail::output(result.perturbation)));
    return result;
}

/** The Cholesky factor of a + v * transpose(v) from that of a (n x n); see lapwing_cholesky_update_f64. */
template <class A, class V, class T = Scalar<A, V>>
Matrix<T> cholesky_update(const A &factor, const V &v, Triangle triangle = Triangle::lower) {
    const View<T> x = factor;
    return detail::filled<T>(x.rows, x.rows, detail::both(lapwing_cholesky_update_f64, lapwing_cholesky_update_f32),
                             detail::input(x), detail::constant(triangle), detail::vector<T>(v));
}
/** That of a - v * transpose(v), which throws LAPWING_ERR_NOT_POSITIVE_DEFINITE when there is none. */
template <class A, class V, class T = Scalar<A, V>>
Matrix<T> cholesky_downdate(const A &factor, const V &v, Triangle triangle = Triangle::lower) {
    const View<T> x = factor;
    return detail::filled<T>(x.rows, x.rows, detail::both(lapwing_cholesky_downdate_f64, lapwing_cholesky_downdate_f32),
                             detail::input(x), detail::constant(triangle), detail::vector<T>(v));
}

/** Gram-Schmidt orthogonalization of columns; a negative tolerance is the default. See lapwing_gram_schmidt_f64. */
template <class A, class T = Scalar<A>>
GramSchmidt<T> gram_schmidt(const A &a, GramSchmidtMethod method = GramSchmidtMethod::reorthogonalized,
                            DependentColumns dependent = DependentColumns::refuse, double tolerance = -1.0) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols), k = std::min(m, n);
    Matrix<T> q(m, k), r(k, n);
    auto columns = detail::entries<std::int64_t>(k);
    std::int64_t count = 0;
    detail::check(detail::both(lapwing_gram_schmidt_f64, lapwing_gram_schmidt_f32)(
        detail::input(x), detail::constant(method), detail::constant(dependent), tolerance, detail::output(q),
        detail::output(r), columns.data(), &count));
    columns.resize(static_cast<std::size_t>(count));
    return {detail::leading(q, m, count), detail::leading(r, count, n), std::move(columns)};
}

/** The generalized singular value decomposition of a (m x n) and b (p x n); see lapwing_generalized_svd_f64. */
template <class A, class B, class T = Scalar<A, B>>
GeneralizedSvd<T> generalized_svd(const A &a, const B &b) {
    const View<T> x = a, y = b;
    const auto m = detail::extent(x.rows), p = detail::extent(y.rows), n = detail::extent(x.cols);
    const auto k = m > n - std::min(p, n) ? n : m + p;
    GeneralizedSvd<T> result{detail::entries<T>(k), detail::entries<T>(k), Matrix<T>(m, m), Matrix<T>(p, p),
                             Matrix<T>(n, n),       Matrix<T>(k, k)};
    detail::check(detail::both(lapwing_generalized_svd_f64, lapwing_generalized_svd_f32)(
        detail::input(x), detail::input(y), detail::output(result.cosines), detail::output(result.sines),
        detail::output(result.u), detail::output(result.v), detail::output(result.q), detail::output(result.r),
        &result.rank, &result.infinite));
    return result;
}

/** The polar decomposition of a (m x n); see lapwing_polar_f64. */
template <class A, class T = Scalar<A>>
Polar<T> polar(const A &a, PolarSide side = PolarSide::right) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols), order = side == PolarSide::right ? n : m;
    Polar<T> result{Matrix<T>(m, n), Matrix<T>(order, order)};
    detail::check(detail::both(lapwing_polar_f64, lapwing_polar_f32)(
        detail::input(x), detail::constant(side), detail::output(result.u), detail::output(result.p)));
    return result;
}

} // namespace lapwing

#endif /* LAPWING_FACTORIZATIONS_HPP */
