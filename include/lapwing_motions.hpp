/* The part of lapwing.hpp that moves things: rotations, reflections, and permutations of rows and columns. Included by it.
 *
 *   const auto turn = lapwing::rotation_3d(axis, 0.5);         // axis of three entries
 *   const auto shuffled = lapwing::permute_rows(a, permutation);
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_MOTIONS_HPP
#define LAPWING_MOTIONS_HPP

namespace lapwing {

/** The reflector identity - tau * v * transpose(v), which takes a vector to (beta, 0, ..., 0). */
template <class T>
struct Householder {
    std::vector<T> v;
    T tau{}, beta{};
};

/** The rotation [c s; -s c] that takes a pair to (r, 0). */
template <class T>
struct Givens {
    T c{}, s{}, r{};
};

namespace detail {

/** Indices carry no shape, so that their number is checked here. */
inline const std::int64_t *indices(const std::vector<std::int64_t> &indices, std::int64_t expected) {
    const auto found = static_cast<std::int64_t>(indices.size());
    if (found != expected)
        throw error(LAPWING_ERR_SHAPE, "there are " + std::to_string(found) + " indices, but there must be " +
                                           std::to_string(expected));
    return indices.data();
}

template <class A, class Function, class T = Scalar<A>>
Matrix<T> permuted(Function function, const A &a, const std::vector<std::int64_t> &permutation, bool of_rows) {
    const ConstMatrixView<T> x = a;
    Matrix<T> result(extent(x.rows), extent(x.cols));
    check(function(input(x), indices(permutation, of_rows ? x.rows : x.cols), output(result)));
    return result;
}

} // namespace detail

/** The Householder reflector of x (n entries); see lapwing_householder_f64. */
template <class X, class T = Scalar<X>>
Householder<T> householder(const X &x) {
    const ConstVectorView<T> entries = x;
    Householder<T> result{detail::entries<T>(entries.size)};
    detail::check(detail::both(lapwing_householder_f64, lapwing_householder_f32)(
        detail::input(entries), detail::output(result.v), &result.tau, &result.beta));
    return result;
}
/** The product of the reflector of x (n entries) with a (n x k). */
template <class X, class A, class T = Scalar<X, A>>
Unknowns<X, A> householder_apply(const X &x, const A &a) {
    const ConstVectorView<T> entries = x;
    return detail::solved<Unknowns<X, A>>(
        entries.size, a, detail::both(lapwing_householder_apply_f64, lapwing_householder_apply_f32),
        detail::input(entries));
}
/** The product of a (k x n) with it, from the right. */
template <class X, class A, class T = Scalar<X, A>>
Matrix<T> householder_apply_right(const X &x, const A &a) {
    const View<T> rows = a;
    return detail::filled<T>(rows.rows, rows.cols,
                             detail::both(lapwing_householder_apply_right_f64, lapwing_householder_apply_right_f32),
                             detail::vector<T>(x), detail::input(rows));
}

/** The Givens rotation of (f, g); see lapwing_givens_f64. */
template <class T>
Givens<T> givens(T f, T g) {
    Givens<T> result;
    detail::check(detail::both(lapwing_givens_f64, lapwing_givens_f32)(f, g, &result.c, &result.s, &result.r));
    return result;
}
/** Rotates two rows in place by the rotation of (f, g); see lapwing_givens_rows_inplace_f64. */
template <class T>
void givens_rows_inplace(T f, T g, std::int64_t i, std::int64_t k, typename detail::given<MutableView<T>>::type a) {
    detail::check(detail::both(lapwing_givens_rows_inplace_f64, lapwing_givens_rows_inplace_f32)(f, g, i, k,
                                                                                                detail::output(a)));
}
/** Rotates two columns in place. */
template <class T>
void givens_columns_inplace(T f, T g, std::int64_t i, std::int64_t k, typename detail::given<MutableView<T>>::type a) {
    detail::check(detail::both(lapwing_givens_columns_inplace_f64, lapwing_givens_columns_inplace_f32)(
        f, g, i, k, detail::output(a)));
}

/** The rotation (2 x 2) of the plane by an angle in radians. */
template <class T>
Matrix<T> rotation_2d(T angle) {
    return detail::filled<T>(2, 2, detail::both(lapwing_rotation_2d_f64, lapwing_rotation_2d_f32), angle);
}
/** The rotation (3 x 3) of space about an axis (3 entries); see lapwing_rotation_3d_f64. */
template <class X, class T = Scalar<X>>
Matrix<T> rotation_3d(const X &axis, typename detail::given<T>::type angle) {
    return detail::filled<T>(3, 3, detail::both(lapwing_rotation_3d_f64, lapwing_rotation_3d_f32),
                             detail::vector<T>(axis), angle);
}
/** The rotation (n x n) in the plane of the axes i and k, from i toward k. */
template <class T>
Matrix<T> plane_rotation(std::int64_t n, std::int64_t i, std::int64_t k, T angle) {
    return detail::filled<T>(n, n, detail::both(lapwing_plane_rotation_f64, lapwing_plane_rotation_f32), i, k, angle);
}
/** The reflection (n x n) in the hyperplane with this normal (n entries). */
template <class X, class T = Scalar<X>>
Matrix<T> reflection(const X &normal) {
    const ConstVectorView<T> x = normal;
    return detail::filled<T>(x.size, x.size, detail::both(lapwing_reflection_f64, lapwing_reflection_f32),
                             detail::input(x));
}
/** The mirror images (n x k) of the columns of a (n x k) in it. */
template <class X, class A, class T = Scalar<X, A>>
Unknowns<X, A> reflect(const X &normal, const A &a) {
    const ConstVectorView<T> x = normal;
    return detail::solved<Unknowns<X, A>>(x.size, a, detail::both(lapwing_reflect_f64, lapwing_reflect_f32),
                                          detail::input(x));
}

/** Row i of the result is row permutation[i] of a. */
template <class A, class T = Scalar<A>>
Matrix<T> permute_rows(const A &a, const std::vector<std::int64_t> &permutation) {
    return detail::permuted(detail::both(lapwing_permute_rows_f64, lapwing_permute_rows_f32), a, permutation, true);
}
/** Column permutation[j] of the result is column j of a; see lapwing_permute_columns_f64. */
template <class A, class T = Scalar<A>>
Matrix<T> permute_columns(const A &a, const std::vector<std::int64_t> &permutation) {
    return detail::permuted(detail::both(lapwing_permute_columns_f64, lapwing_permute_columns_f32), a, permutation,
                            false);
}
/** Row i of the result is row indices[i] of a, which may be repeated. */
template <class A, class T = Scalar<A>>
Matrix<T> select_rows(const A &a, const std::vector<std::int64_t> &indices) {
    const View<T> x = a;
    return detail::filled<T>(static_cast<std::int64_t>(indices.size()), x.cols,
                             detail::both(lapwing_select_rows_f64, lapwing_select_rows_f32), detail::input(x),
                             indices.data());
}
/** Column j of the result is column indices[j] of a. */
template <class A, class T = Scalar<A>>
Matrix<T> select_columns(const A &a, const std::vector<std::int64_t> &indices) {
    const View<T> x = a;
    return detail::filled<T>(x.rows, static_cast<std::int64_t>(indices.size()),
                             detail::both(lapwing_select_columns_f64, lapwing_select_columns_f32), detail::input(x),
                             indices.data());
}
/** Each row i of a is added to row indices[i] of the result, which has n rows. */
template <class A, class T = Scalar<A>>
Matrix<T> scatter_rows(const A &a, const std::vector<std::int64_t> &indices, std::int64_t n) {
    const View<T> x = a;
    return detail::filled<T>(n, x.cols, detail::both(lapwing_scatter_rows_f64, lapwing_scatter_rows_f32),
                             detail::input(x), detail::indices(indices, x.rows));
}

/** The determinant of a permutation: 1 or -1. */
inline std::int32_t permutation_sign(const std::vector<std::int64_t> &permutation) {
    return detail::number<std::int32_t>(lapwing_permutation_sign, permutation.data(),
                                        static_cast<std::int64_t>(permutation.size()));
}
/** Its inverse: entry permutation[i] of the result is i. */
inline std::vector<std::int64_t> permutation_inverse(const std::vector<std::int64_t> &permutation) {
    std::vector<std::int64_t> inverse(permutation.size());
    detail::check(lapwing_permutation_inverse(permutation.data(), static_cast<std::int64_t>(permutation.size()),
                                              inverse.data()));
    return inverse;
}
/** What does the second and then the first: entry i is second[first[i]]. */
inline std::vector<std::int64_t> permutation_compose(const std::vector<std::int64_t> &first,
                                                     const std::vector<std::int64_t> &second) {
    const auto n = static_cast<std::int64_t>(first.size());
    std::vector<std::int64_t> composed(first.size());
    detail::check(lapwing_permutation_compose(first.data(), detail::indices(second, n), n, composed.data()));
    return composed;
}

} // namespace lapwing

#endif /* LAPWING_MOTIONS_HPP */
