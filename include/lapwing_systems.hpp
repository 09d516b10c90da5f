/* The part of lapwing.hpp that solves linear systems, each by what is known of its matrix. Included by it.
 *
 *   const auto [x, report] = lapwing::solve(a, b);             // looks at the matrix, and says what it found
 *   const auto y = lapwing::cholesky_solve(covariance, b);     // b a std::vector, and so is y
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_SYSTEMS_HPP
#define LAPWING_SYSTEMS_HPP

#include "lapwing_factorizations.hpp"

namespace lapwing {

/** What solve() found a matrix to be. */
enum class Structure : std::int32_t {
    empty = LAPWING_STRUCTURE_EMPTY,
    diagonal = LAPWING_STRUCTURE_DIAGONAL,
    lower_triangular = LAPWING_STRUCTURE_LOWER_TRIANGULAR,
    upper_triangular = LAPWING_STRUCTURE_UPPER_TRIANGULAR,
    tridiagonal = LAPWING_STRUCTURE_TRIDIAGONAL,
    banded = LAPWING_STRUCTURE_BANDED,
    positive_definite = LAPWING_STRUCTURE_POSITIVE_DEFINITE,
    indefinite = LAPWING_STRUCTURE_INDEFINITE,
    general = LAPWING_STRUCTURE_GENERAL,
    overdetermined = LAPWING_STRUCTURE_OVERDETERMINED,
    underdetermined = LAPWING_STRUCTURE_UNDERDETERMINED,
    rank_deficient = LAPWING_STRUCTURE_RANK_DEFICIENT,
};

/** What solve() did about it. */
enum class SolveMethod : std::int32_t {
    nothing = LAPWING_METHOD_NOTHING,
    division = LAPWING_METHOD_DIVISION,
    substitution = LAPWING_METHOD_SUBSTITUTION,
    tridiagonal_cholesky = LAPWING_METHOD_TRIDIAGONAL_CHOLESKY,
    tridiagonal_lu = LAPWING_METHOD_TRIDIAGONAL_LU,
    banded_cholesky = LAPWING_METHOD_BANDED_CHOLESKY,
    banded_lu = LAPWING_METHOD_BANDED_LU,
    cholesky = LAPWING_METHOD_CHOLESKY,
    ldlt = LAPWING_METHOD_LDLT,
    lu = LAPWING_METHOD_LU,
    qr = LAPWING_METHOD_QR,
    qr_of_transpose = LAPWING_METHOD_QR_OF_TRANSPOSE,
    svd = LAPWING_METHOD_SVD,
};

/** What solve() found and did: the rank to working precision, below min(m, n) of which x is one of many solutions, or none; an
 *  estimate of the reciprocal condition number; and all of it in words. */
template <class T>
struct SolveReport {
    Structure structure{};
    SolveMethod method{};
    std::int64_t rank = 0;
    T reciprocal_condition{};
    std::string text;
};

/** The solution of a system, and the report. */
template <class X>
struct Solved {
    X x;
    SolveReport<typename X::value_type> report;
};

/** A solution with bounds for each right-hand side: on the largest error relative to the largest entry, and on the relative
 *  change of a and b that makes x exact. */
template <class X>
struct RefinedSolution {
    X x;
    std::vector<typename X::value_type> forward, backward;
};

/** The diagonal of a triangular matrix: what is stored, or ones whatever is stored. */
enum class Diagonal : std::int32_t { given = LAPWING_DIAGONAL_GIVEN, unit = LAPWING_DIAGONAL_UNIT };

/** The norm of an estimated condition number. */
enum class ConditionNorm : std::int32_t { one = LAPWING_CONDITION_ONE, infinity = LAPWING_CONDITION_INFINITY };

/** The sign (1, -1 or 0) of a determinant, and the natural logarithm of its magnitude. */
template <class T>
struct LogDeterminant {
    T sign{}, log_magnitude{};
};

/** A matrix of which only a band is not zero: entry (i, j) stands in row upper + i - j and column j of diagonals, which has
 *  lower + upper + 1 rows. */
template <class T>
struct Band {
    std::int64_t lower, upper;
    ConstMatrixView<T> diagonals;
};

namespace detail {

template <class T, class Function, class... Arguments>
LogDeterminant<T> log_determinant(Function function, Arguments... arguments) {
    LogDeterminant<T> result;
    check(function(arguments..., &result.sign, &result.log_magnitude));
    return result;
}

} // namespace detail

/** The least squares solution of least norm of a * x = b, by the method that the structure of a (m x n) deserves; see
 *  lapwing_solve_f64. */
template <class A, class B, class T = Scalar<A, B>>
Solved<Unknowns<A, B>> solve(const A &a, const B &b) {
    const View<T> system = a, right = b;
    Solved<Unknowns<A, B>> result;
    auto &report = result.report;
    std::int32_t structure = 0, method = 0;
    // Room for the usual report; a longer one is asked for again.
    std::string text(1024, '\0');
    std::size_t length = 0;
    const auto once = [&] {
        result.x = detail::solved_by<Unknowns<A, B>>(system.cols, right.cols, [&](auto x) {
            return detail::both(lapwing_solve_f64, lapwing_solve_f32)(
                detail::input(system), detail::input(right), x, &structure, &method, &report.rank,
                &report.reciprocal_condition, &text[0], text.size(), &length);
        });
    };
    once();
    if (length >= text.size()) {
        text.resize(length + 1);
        once();
    }
    text.resize(length);
    report.structure = Structure{structure};
    report.method = SolveMethod{method};
    report.text = std::move(text);
    return result;
}

/** Solves a * x = b, or transpose(a) * x = b, for a square matrix; see lapwing_lu_solve_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> lu_solve(const A &a, const B &b, Transpose transpose = Transpose::as_given) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(x.cols, b, detail::both(lapwing_lu_solve_f64, lapwing_lu_solve_f32),
                                          detail::input(x), detail::constant(transpose));
}
/** With iterative refinement, and bounds on the errors; see lapwing_lu_solve_refined_f64. */
template <class A, class B, class T = Scalar<A, B>>
RefinedSolution<Unknowns<A, B>> lu_solve_refined(const A &a, const B &b) {
    const View<T> system = a, right = b;
    RefinedSolution<Unknowns<A, B>> result{{}, detail::entries<T>(right.cols), detail::entries<T>(right.cols)};
    result.x = detail::solved_by<Unknowns<A, B>>(system.cols, right.cols, [&](auto x) {
        return detail::both(lapwing_lu_solve_refined_f64, lapwing_lu_solve_refined_f32)(
            detail::input(system), detail::input(right), x, detail::output(result.forward),
            detail::output(result.backward));
    });
    return result;
}

/** Solves for a symmetric positive definite matrix; see lapwing_cholesky_solve_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> cholesky_solve(const A &a, const B &b, Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(x.cols, b,
                                          detail::both(lapwing_cholesky_solve_f64, lapwing_cholesky_solve_f32),
                                          detail::input(x), detail::constant(triangle));
}
/** For a symmetric matrix, definite or not; see lapwing_ldlt_solve_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> ldlt_solve(const A &a, const B &b, Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(x.cols, b, detail::both(lapwing_ldlt_solve_f64, lapwing_ldlt_solve_f32),
                                          detail::input(x), detail::constant(triangle));
}
/** For a symmetric matrix made positive definite; see lapwing_modified_cholesky_solve_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> modified_cholesky_solve(const A &a, const B &b, Triangle triangle = Triangle::lower,
                                       DefiniteShift method = DefiniteShift::schnabel_eskow) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(
        x.cols, b, detail::both(lapwing_modified_cholesky_solve_f64, lapwing_modified_cholesky_solve_f32),
        detail::input(x), detail::constant(triangle), detail::constant(method));
}
/** For a triangular matrix; see lapwing_solve_triangular_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> solve_triangular(const A &a, const B &b, Triangle triangle, Diagonal diagonal = Diagonal::given,
                                Transpose transpose = Transpose::as_given) {
    const View<T> x = a;
    return detail::solved<Unknowns<A, B>>(
        x.cols, b, detail::both(lapwing_solve_triangular_f64, lapwing_solve_triangular_f32), detail::input(x),
        detail::constant(triangle), detail::constant(diagonal), detail::constant(transpose));
}
/** For a matrix of three diagonals (n - 1, n and n - 1 entries); see lapwing_solve_tridiagonal_f64. */
template <class L, class D, class U, class B, class T = Scalar<L, D, U>>
Unknowns<D, B> solve_tridiagonal(const L &below, const D &diagonal, const U &above, const B &b) {
    const ConstVectorView<T> d = diagonal;
    return detail::solved<Unknowns<D, B>>(d.size, b,
                                          detail::both(lapwing_solve_tridiagonal_f64, lapwing_solve_tridiagonal_f32),
                                          detail::vector<T>(below), detail::input(d), detail::vector<T>(above));
}
/** For a symmetric positive definite one (n and n - 1 entries); see lapwing_solve_tridiagonal_definite_f64. */
template <class D, class L, class B, class T = Scalar<D, L>>
Unknowns<D, B> solve_tridiagonal_definite(const D &diagonal, const L &below, const B &b) {
    const ConstVectorView<T> d = diagonal;
    return detail::solved<Unknowns<D, B>>(
        d.size, b, detail::both(lapwing_solve_tridiagonal_definite_f64, lapwing_solve_tridiagonal_definite_f32),
        detail::input(d), detail::vector<T>(below));
}
/** For a matrix of which only a band is not zero; see lapwing_solve_banded_f64. */
template <class T, class B>
Unknowns<View<T>, B> solve_banded(const Band<T> &a, const B &b, Transpose transpose = Transpose::as_given) {
    const auto solved = [&](auto function) {
        return detail::solved<Unknowns<View<T>, B>>(a.diagonals.cols, b, function, a.lower, a.upper,
                                                    detail::input(a.diagonals));
    };
    return transpose == Transpose::as_given
               ? solved(detail::both(lapwing_solve_banded_f64, lapwing_solve_banded_f32))
               : solved(detail::both(lapwing_solve_banded_transposed_f64, lapwing_solve_banded_transposed_f32));
}
/** For a symmetric positive definite one: entry (i, j), i >= j, stands in row i - j and column j of diagonals; see
 *  lapwing_solve_banded_definite_f64. */
template <class A, class B, class T = Scalar<A, B>>
Unknowns<A, B> solve_banded_definite(const A &diagonals, const B &b) {
    const View<T> x = diagonals;
    return detail::solved<Unknowns<A, B>>(
        x.cols, b, detail::both(lapwing_solve_banded_definite_f64, lapwing_solve_banded_definite_f32), detail::input(x));
}

/** The inverse of a square matrix; see lapwing_inverse_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> inverse(const A &a) {
    const View<T> x = a;
    return detail::filled<T>(x.cols, x.rows, detail::both(lapwing_inverse_f64, lapwing_inverse_f32), detail::input(x));
}
/** Of a symmetric positive definite one; see lapwing_cholesky_inverse_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> cholesky_inverse(const A &a, Triangle triangle = Triangle::lower) {
    const View<T> x = a;
    return detail::filled<T>(x.cols, x.rows, detail::both(lapwing_cholesky_inverse_f64, lapwing_cholesky_inverse_f32),
                             detail::input(x), detail::constant(triangle));
}
/** Of a triangular one; see lapwing_triangular_inverse_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> triangular_inverse(const A &a, Triangle triangle, Diagonal diagonal = Diagonal::given) {
    const View<T> x = a;
    return detail::filled<T>(x.cols, x.rows,
                             detail::both(lapwing_triangular_inverse_f64, lapwing_triangular_inverse_f32),
                             detail::input(x), detail::constant(triangle), detail::constant(diagonal));
}

/** An estimate of the reciprocal condition number of a square matrix; see lapwing_reciprocal_condition_f64. */
template <class A, class T = Scalar<A>>
T reciprocal_condition(const A &a, ConditionNorm norm = ConditionNorm::one) {
    return detail::number<T>(detail::both(lapwing_reciprocal_condition_f64, lapwing_reciprocal_condition_f32),
                             detail::matrix<T>(a), detail::constant(norm));
}
/** Of a symmetric positive definite one. */
template <class A, class T = Scalar<A>>
T cholesky_reciprocal_condition(const A &a, Triangle triangle = Triangle::lower) {
    return detail::number<T>(
        detail::both(lapwing_cholesky_reciprocal_condition_f64, lapwing_cholesky_reciprocal_condition_f32),
        detail::matrix<T>(a), detail::constant(triangle));
}
/** Of a symmetric one. */
template <class A, class T = Scalar<A>>
T ldlt_reciprocal_condition(const A &a, Triangle triangle = Triangle::lower) {
    return detail::number<T>(detail::both(lapwing_ldlt_reciprocal_condition_f64, lapwing_ldlt_reciprocal_condition_f32),
                             detail::matrix<T>(a), detail::constant(triangle));
}
/** Of a triangular one. */
template <class A, class T = Scalar<A>>
T triangular_reciprocal_condition(const A &a, Triangle triangle, Diagonal diagonal = Diagonal::given,
                                  ConditionNorm norm = ConditionNorm::one) {
    return detail::number<T>(
        detail::both(lapwing_triangular_reciprocal_condition_f64, lapwing_triangular_reciprocal_condition_f32),
        detail::matrix<T>(a), detail::constant(triangle), detail::constant(diagonal), detail::constant(norm));
}
/** Of one of three diagonals. */
template <class L, class D, class U, class T = Scalar<L, D, U>>
T tridiagonal_reciprocal_condition(const L &below, const D &diagonal, const U &above,
                                   ConditionNorm norm = ConditionNorm::one) {
    return detail::number<T>(
        detail::both(lapwing_tridiagonal_reciprocal_condition_f64, lapwing_tridiagonal_reciprocal_condition_f32),
        detail::vector<T>(below), detail::vector<T>(diagonal), detail::vector<T>(above), detail::constant(norm));
}
/** Of one with a band. */
template <class T>
T banded_reciprocal_condition(const Band<T> &a, ConditionNorm norm = ConditionNorm::one) {
    return detail::number<T>(
        detail::both(lapwing_banded_reciprocal_condition_f64, lapwing_banded_reciprocal_condition_f32), a.lower, a.upper,
        detail::input(a.diagonals), detail::constant(norm));
}
/** Of a symmetric positive definite one with a band. */
template <class A, class T = Scalar<A>>
T banded_definite_reciprocal_condition(const A &diagonals) {
    return detail::number<T>(detail::both(lapwing_banded_definite_reciprocal_condition_f64,
                                          lapwing_banded_definite_reciprocal_condition_f32),
                             detail::matrix<T>(diagonals));
}

/** The determinant of a square matrix by its sign and logarithm, in range where it is not; see lapwing_log_determinant_f64. */
template <class A, class T = Scalar<A>>
LogDeterminant<T> log_determinant(const A &a) {
    return detail::log_determinant<T>(detail::both(lapwing_log_determinant_f64, lapwing_log_determinant_f32),
                                      detail::matrix<T>(a));
}
/** Of a symmetric positive definite one, whose sign is 1: the logarithm alone. */
template <class A, class T = Scalar<A>>
T cholesky_log_determinant(const A &a, Triangle triangle = Triangle::lower) {
    return detail::number<T>(detail::both(lapwing_cholesky_log_determinant_f64, lapwing_cholesky_log_determinant_f32),
                             detail::matrix<T>(a), detail::constant(triangle));
}
/** Of a symmetric one. */
template <class A, class T = Scalar<A>>
LogDeterminant<T> ldlt_log_determinant(const A &a, Triangle triangle = Triangle::lower) {
    return detail::log_determinant<T>(detail::both(lapwing_ldlt_log_determinant_f64, lapwing_ldlt_log_determinant_f32),
                                      detail::matrix<T>(a), detail::constant(triangle));
}
/** Of one of three diagonals. */
template <class L, class D, class U, class T = Scalar<L, D, U>>
LogDeterminant<T> tridiagonal_log_determinant(const L &below, const D &diagonal, const U &above) {
    return detail::log_determinant<T>(
        detail::both(lapwing_tridiagonal_log_determinant_f64, lapwing_tridiagonal_log_determinant_f32),
        detail::vector<T>(below), detail::vector<T>(diagonal), detail::vector<T>(above));
}
/** Of one with a band. */
template <class T>
LogDeterminant<T> banded_log_determinant(const Band<T> &a) {
    return detail::log_determinant<T>(
        detail::both(lapwing_banded_log_determinant_f64, lapwing_banded_log_determinant_f32), a.lower, a.upper,
        detail::input(a.diagonals));
}
/** Of a symmetric positive definite one with a band: the logarithm alone. */
template <class A, class T = Scalar<A>>
T banded_definite_log_determinant(const A &diagonals) {
    return detail::number<T>(
        detail::both(lapwing_banded_definite_log_determinant_f64, lapwing_banded_definite_log_determinant_f32),
        detail::matrix<T>(diagonals));
}

} // namespace lapwing

#endif /* LAPWING_SYSTEMS_HPP */
