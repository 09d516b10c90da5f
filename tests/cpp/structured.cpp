// lapwing_motions.hpp and lapwing_structured.hpp: what is applied without a matrix is what the matrix does.

#include "check.hpp"

#include <algorithm>
#include <complex>

template <class T>
static void motions() {
    const std::vector<T> x{3, 4};
    const auto reflector = lapwing::householder(x);
    CHECK(close(reflector.beta, -5) && reflector.v[0] == 1);
    CHECK(near<T>(lapwing::householder_apply(x, x), std::vector<T>{-5, 0}));
    CHECK(near<T>(lapwing::householder_apply_right(x, matrix<T>(1, 2, {3, 4})), matrix<T>(1, 2, {-5, 0})));
    const auto givens = lapwing::givens(T(3), T(4));
    CHECK(close(givens.c, 0.6) && close(givens.s, 0.8) && close(givens.r, 5));
    auto a = matrix<T>(2, 2, {3, 3, 4, 4});
    lapwing::givens_rows_inplace(T(3), T(4), 0, 1, a);
    CHECK(near<T>(a, matrix<T>(2, 2, {5, 5, 0, 0})));
    lapwing::givens_columns_inplace(T(1), T(1), 0, 1, a);
    CHECK(close(a(0, 0), 5 * std::sqrt(2.0)) && close(a(0, 1), 0));

    const T right_angle = static_cast<T>(std::acos(0.0));
    CHECK(near<T>(lapwing::rotation_2d(right_angle), matrix<T>(2, 2, {0, -1, 1, 0})));
    const auto about = lapwing::rotation_3d(std::vector<T>{0, 0, 2}, right_angle);
    CHECK(near<T>(about, lapwing::plane_rotation(3, 0, 1, right_angle)));
    const std::vector<T> normal{1, 0};
    CHECK(near<T>(lapwing::reflection(normal), diagonal<T>({-1, 1})));
    CHECK(near<T>(lapwing::reflect(normal, x), std::vector<T>{-3, 4}));

    const auto b = matrix<T>(3, 2, {1, 2, 3, 4, 5, 6});
    const std::vector<std::int64_t> cycle{2, 0, 1};
    CHECK(near<T>(lapwing::permute_rows(b, cycle), matrix<T>(3, 2, {5, 6, 1, 2, 3, 4})));
    CHECK(near<T>(lapwing::permute_columns(b.transposed(), cycle), matrix<T>(2, 3, {3, 5, 1, 4, 6, 2})));
    CHECK(near<T>(lapwing::select_rows(b, {1, 1}), matrix<T>(2, 2, {3, 4, 3, 4})));
    CHECK(near<T>(lapwing::select_columns(b, {1}), matrix<T>(3, 1, {2, 4, 6})));
    CHECK(near<T>(lapwing::scatter_rows(b, {0, 0, 1}, 2), matrix<T>(2, 2, {4, 6, 5, 6})));
    CHECK(thrown([&] { lapwing::permute_rows(b, {1, 0}); }) == LAPWING_ERR_SHAPE);
    CHECK(lapwing::permutation_sign(cycle) == 1);
    const std::vector<std::int64_t> back{1, 2, 0};
    CHECK(lapwing::permutation_inverse(cycle) == back);
    CHECK((lapwing::permutation_compose(cycle, back) == std::vector<std::int64_t>{0, 1, 2}));
    CHECK(thrown([&] { (void)lapwing::permutation_compose(cycle, {0}); }) == LAPWING_ERR_SHAPE);
}

template <class T>
static void products() {
    const auto a = matrix<T>(2, 2, {1, 2, 3, 4}), b = matrix<T>(1, 2, {5, 6});
    const auto whole = lapwing::kronecker(a, b);
    CHECK(near<T>(whole, matrix<T>(2, 4, {5, 6, 10, 12, 15, 18, 20, 24})));
    const std::vector<T> x{1, 2, 3, 4};
    CHECK(near<T>(lapwing::kronecker_apply(a, b, x), times<T>(whole, x)));
    const auto sum = lapwing::kronecker_sum(a, a);
    CHECK(near<T>(lapwing::kronecker_sum_apply(a, a, x), times<T>(sum, x)) && sum(0, 0) == 2);
    CHECK(near<T>(lapwing::khatri_rao(a, b), matrix<T>(2, 2, {5, 12, 15, 24})));
    CHECK(near<T>(lapwing::hadamard(a, a), matrix<T>(2, 2, {1, 4, 9, 16})));
    const auto stacked = lapwing::stack_columns(b);
    CHECK(near<T>(lapwing::unstack_columns(stacked, 1, 2), b));
    CHECK(near<T>(times<T>(lapwing::commutation<T>(2, 2), lapwing::stack_columns(a)),
                  lapwing::stack_columns(a.transposed())));
    const auto blocks = lapwing::block_diagonal<T>({b, a});
    CHECK(blocks.rows() == 3 && blocks.cols() == 4 && blocks(0, 1) == 6 && blocks(2, 3) == 4 && blocks(0, 3) == 0);
    CHECK(lapwing::block_diagonal<T>({}).rows() == 0);
    const lapwing::View<T> endless(nullptr, INT64_MAX, 3);
    CHECK(thrown([&] { lapwing::kronecker(endless, a); }) == LAPWING_ERR_TOO_LARGE);
    CHECK(thrown([&] { lapwing::block_diagonal<T>({endless, endless}); }) == LAPWING_ERR_TOO_LARGE);
}

template <class T>
static void by_diagonals() {
    const std::vector<T> c{1, 2, 3}, r{1, 4}, x{1, 2}, longer{1, 2, 3};
    const auto toeplitz = lapwing::toeplitz(c, r);
    CHECK(near<T>(toeplitz, matrix<T>(3, 2, {1, 4, 2, 1, 3, 2})));
    CHECK(near<T>(lapwing::toeplitz_apply(c, r, x), times<T>(toeplitz, x)));
    CHECK(near<T>(lapwing::toeplitz_apply(c, r, longer, lapwing::Transpose::transposed),
                  times<T>(toeplitz.transposed(), longer)));
    const auto hankel = lapwing::hankel(c, r);
    CHECK(near<T>(hankel, matrix<T>(3, 2, {1, 2, 2, 3, 3, 4})));
    CHECK(near<T>(lapwing::hankel_apply(c, r, x), times<T>(hankel, x)));
    CHECK(near<T>(lapwing::hankel_apply(c, r, longer, lapwing::Transpose::transposed),
                  times<T>(hankel.transposed(), longer)));
    const auto circulant = lapwing::circulant(c);
    CHECK(near<T>(lapwing::circulant_apply(c, longer), times<T>(circulant, longer)));
    CHECK(near<T>(lapwing::circulant_apply(c, longer, lapwing::Transpose::transposed),
                  times<T>(circulant.transposed(), longer)));
    CHECK(near<T>(lapwing::circulant_solve(c, lapwing::circulant_apply(c, longer)), longer));
    const auto spectrum = lapwing::circulant_eigenvalues(c);
    CHECK(close(spectrum[0].real(), 6) && close(lapwing::circulant_reciprocal_condition(c), std::abs(spectrum[1]) / 6));
    for (const auto mode : {lapwing::Convolution::full, lapwing::Convolution::same, lapwing::Convolution::valid})
        CHECK(near<T>(lapwing::convolve(c, x, mode), times<T>(lapwing::convolution_matrix(c, 2, mode), x)));
    CHECK(near<T>(lapwing::convolve(c, x), std::vector<T>{1, 4, 7, 6}));
    CHECK(thrown([&] { (void)lapwing::convolve(c, std::vector<T>()); }) == LAPWING_ERR_ARGUMENT);
    CHECK(near<T>(lapwing::vandermonde(x, 3), matrix<T>(2, 3, {1, 1, 1, 4, 2, 1})));
    const auto roots = lapwing::eigenvalues(lapwing::companion(std::vector<T>{1, -3, 2}));
    CHECK(close(std::max(roots[0].real(), roots[1].real()), 2));
    CHECK(thrown([] { lapwing::companion(std::vector<T>()); }) == LAPWING_ERR_ARGUMENT);
    CHECK(close(lapwing::hilbert<T>(3)(1, 2), 0.25));
}

template <class T>
static void at_random() {
    CHECK(near<T>(lapwing::random_normal<T>(2, 3, 7), lapwing::random_normal<T>(2, 3, 7)));
    const auto q = lapwing::random_orthogonal<T>(4, 1);
    CHECK(near<T>(times<T>(q.transposed(), q), identity<T>(4)));
    CHECK(close(lapwing::determinant(lapwing::random_rotation<T>(3, 1)), 1));
    const auto columns = lapwing::random_orthonormal_columns<T>(4, 2, 1);
    CHECK(near<T>(times<T>(columns.transposed(), columns), identity<T>(2)));
    const std::vector<T> values{1, 2, 3};
    CHECK(near<T>(lapwing::eigh(lapwing::random_symmetric(values, 1)).w, values));
    CHECK(near<T>(lapwing::eigh(lapwing::random_positive_definite(values, 1)).w, values));
    CHECK(close(lapwing::singular_values(lapwing::random_with_singular_values(values, 3, 5, 1))[0], 3));
}

template <class T>
static void all() {
    motions<T>();
    products<T>();
    by_diagonals<T>();
    at_random<T>();
}

int main() {
    all<double>();
    all<float>();
    CHECK(lapwing::version_number() == LAPWING_VERSION_NUMBER && !lapwing::version().empty());
    CHECK(lapwing::backend().size() > 4 && lapwing::status_name(LAPWING_ERR_SHAPE) == "LAPWING_ERR_SHAPE");
    return failures != 0;
}
