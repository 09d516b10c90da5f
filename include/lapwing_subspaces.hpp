/* The part of lapwing.hpp that has subspaces: bases, projections, and the angles between them. Included by it.
 *
 *   const auto directions = lapwing::null_space(a);
 *   const auto angles = lapwing::principal_angles(a, b);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_SUBSPACES_HPP
#define LAPWING_SUBSPACES_HPP

#include "lapwing_least_squares.hpp"

namespace lapwing {

/** Orthonormal bases in columns: with r for the rank of a (m x n), m x r, n x r, n x (n - r) and m x (m - r). */
template <class T>
struct FundamentalSubspaces {
    Matrix<T> column_space, row_space, null_space, left_null_space;
    std::int64_t rank = 0;
};

/** The orthogonal projectors onto a span and onto its complement, both m x m, and the dimension of the span. */
template <class T>
struct Projectors {
    Matrix<T> onto, off;
    std::int64_t rank = 0;
};

/** How the columns of a (m x n) are made of the independent ones: a is a * coefficients (n x n), but for the distances (n). */
template <class T>
struct ColumnCombinations {
    Matrix<T> coefficients;
    std::vector<T> distances;
};

/** How far apart two subspaces are: by their largest angle, or by all. */
enum class SubspaceDistance : std::int32_t {
    gap = LAPWING_DISTANCE_GAP,
    chordal = LAPWING_DISTANCE_CHORDAL,
    geodesic = LAPWING_DISTANCE_GEODESIC,
};

namespace detail {

/** A basis of fewer columns than there is room for. */
template <class T, class Function>
Matrix<T> basis(Function function, ConstMatrixView<T> a, const Tolerance &tolerance, std::int64_t rows,
                std::int64_t room) {
    Matrix<T> columns(extent(rows), extent(room));
    std::int64_t count = 0;
    check(function(input(a), tolerance.rule, tolerance.value, output(columns), &count));
    return leading(columns, columns.rows(), count);
}

} // namespace detail

/** An orthonormal basis (n x (n - rank)) of the solutions of a * x = 0; see lapwing_null_space_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> null_space(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    return detail::basis(detail::both(lapwing_null_space_f64, lapwing_null_space_f32), x, tolerance, x.cols, x.cols);
}
/** One (m x rank) of the span of the columns; see lapwing_orthonormal_basis_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> orthonormal_basis(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    return detail::basis(detail::both(lapwing_orthonormal_basis_f64, lapwing_orthonormal_basis_f32), x, tolerance,
                         x.rows, std::min(x.rows, x.cols));
}
/** One (m x (m - rank)) of all that is orthogonal to the columns; see lapwing_orthogonal_complement_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> orthogonal_complement(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    return detail::basis(detail::both(lapwing_orthogonal_complement_f64, lapwing_orthogonal_complement_f32), x,
                         tolerance, x.rows, x.rows);
}
/** Bases of all four, from one decomposition; see lapwing_fundamental_subspaces_f64. */
template <class A, class T = Scalar<A>>
FundamentalSubspaces<T> fundamental_subspaces(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows), n = detail::extent(x.cols), k = std::min(m, n);
    Matrix<T> column_space(m, k), row_space(n, k), null_space(n, n), left_null_space(m, m);
    std::int64_t rank = 0;
    detail::check(detail::both(lapwing_fundamental_subspaces_f64, lapwing_fundamental_subspaces_f32)(
        detail::input(x), tolerance.rule, tolerance.value, detail::output(column_space), detail::output(row_space),
        detail::output(null_space), detail::output(left_null_space), &rank));
    return {detail::leading(column_space, m, rank), detail::leading(row_space, n, rank),
            detail::leading(null_space, n, n - rank), detail::leading(left_null_space, m, m - rank), rank};
}
/** The projectors of the span of the columns; see lapwing_projectors_f64. */
template <class A, class T = Scalar<A>>
Projectors<T> projectors(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    const auto m = detail::extent(x.rows);
    Projectors<T> result{Matrix<T>(m, m), Matrix<T>(m, m)};
    detail::check(detail::both(lapwing_projectors_f64, lapwing_projectors_f32)(
        detail::input(x), tolerance.rule, tolerance.value, detail::output(result.onto), detail::output(result.off),
        &result.rank));
    return result;
}
/** The projection (n x n) onto the span of independent columns (n x k); see lapwing_projection_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> projection(const A &basis) {
    const View<T> x = basis;
    return detail::filled<T>(x.rows, x.rows, detail::both(lapwing_projection_f64, lapwing_projection_f32),
                             detail::input(x));
}
/** The projections (n x m) of the columns of x (n x m) onto it. */
template <class A, class X, class T = Scalar<A, X>>
Unknowns<A, X> project(const A &basis, const X &x) {
    const View<T> columns = basis;
    return detail::solved<Unknowns<A, X>>(columns.rows, x, detail::both(lapwing_project_f64, lapwing_project_f32),
                                          detail::input(columns));
}

/** The columns that are not in the span of those before them, ascending; see lapwing_independent_columns_f64. */
template <class A, class T = Scalar<A>>
std::vector<std::int64_t> independent_columns(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    auto columns = detail::entries<std::int64_t>(std::min(x.rows, x.cols));
    std::int64_t count = 0;
    detail::check(detail::both(lapwing_independent_columns_f64, lapwing_independent_columns_f32)(
        detail::input(x), tolerance.rule, tolerance.value, columns.data(), &count));
    columns.resize(static_cast<std::size_t>(count));
    return columns;
}
/** How every column is made of them; see lapwing_column_combinations_f64. */
template <class A, class T = Scalar<A>>
ColumnCombinations<T> column_combinations(const A &a, const Tolerance &tolerance = {}) {
    const View<T> x = a;
    const auto n = detail::extent(x.cols);
    ColumnCombinations<T> result{Matrix<T>(n, n), detail::entries<T>(n)};
    detail::check(detail::both(lapwing_column_combinations_f64, lapwing_column_combinations_f32)(
        detail::input(x), tolerance.rule, tolerance.value, detail::output(result.coefficients),
        detail::output(result.distances)));
    return result;
}

/** The angles between the spans of the columns of a (m x n) and b (m x p), largest first; see lapwing_principal_angles_f64. */
template <class A, class B, class T = Scalar<A, B>>
std::vector<T> principal_angles(const A &a, const B &b) {
    const View<T> x = a, y = b;
    auto angles = detail::entries<T>(std::min({x.rows, x.cols, y.cols}));
    std::int64_t count = 0;
    detail::check(detail::both(lapwing_principal_angles_f64, lapwing_principal_angles_f32)(
        detail::input(x), detail::input(y), detail::output(angles), &count));
    angles.resize(static_cast<std::size_t>(count));
    return angles;
}
/** How far apart those spans are; see lapwing_subspace_distance_f64. */
template <class A, class B, class T = Scalar<A, B>>
T subspace_distance(const A &a, const B &b, SubspaceDistance kind = SubspaceDistance::gap) {
    return detail::number<T>(detail::both(lapwing_subspace_distance_f64, lapwing_subspace_distance_f32),
                             detail::matrix<T>(a), detail::matrix<T>(b), detail::constant(kind));
}
/** Whether the first contains the second, up to angles of such a sine; see lapwing_subspace_contains_f64. */
template <class A, class B, class T = Scalar<A, B>>
bool subspace_contains(const A &a, const B &b, double tolerance) {
    return detail::number<std::int32_t>(detail::both(lapwing_subspace_contains_f64, lapwing_subspace_contains_f32),
                                        detail::matrix<T>(a), detail::matrix<T>(b), tolerance) != 0;
}

} // namespace lapwing

#endif /* LAPWING_SUBSPACES_HPP */
