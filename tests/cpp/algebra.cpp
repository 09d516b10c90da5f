// lapwing_functions.hpp, lapwing_summaries.hpp and lapwing_subspaces.hpp: numbers that are known in closed form.

#include "check.hpp"

#include <complex>

static const double pi = std::acos(-1.0);

template <class T>
static void functions() {
    const auto a = matrix<T>(2, 2, {2, 1, 1, 2});
    const auto rotation = matrix<T>(2, 2, {0, -1, 1, 0});
    auto written = lapwing::Matrix<T>(2, 2);
    lapwing::matmul(a, rotation, written);
    CHECK(near<T>(written, lapwing::matmul(a, rotation)) && written(0, 0) == 1 && written(0, 1) == -2);
    CHECK(thrown([&] { lapwing::matmul(a, lapwing::Matrix<T>(3, 2)); }) == LAPWING_ERR_SHAPE);
    CHECK(thrown([&] { lapwing::matmul(a, rotation, lapwing::MutableView<T>(written.data(), 1, 2)); }) ==
          LAPWING_ERR_SHAPE);
    const std::vector<T> values{1, 2, 3};
    const std::vector<std::int32_t> columns{0, 2, 1}, starts{0, 2, 3};
    const lapwing::ConstSparseView<T> sparse(values, columns, starts, 3);
    CHECK((lapwing::sparse_multiply(sparse, std::vector<T>{1, 1, 1}) == std::vector<T>{3, 3}));
    CHECK((lapwing::sparse_multiply(sparse, std::vector<T>{1, 1}, lapwing::Transpose::transposed) ==
           std::vector<T>{1, 3, 2}));
    CHECK(lapwing::sparse_multiply(sparse, identity<T>(3)).cols() == 3);
    CHECK(near<T>(lapwing::gram(a), matrix<T>(2, 2, {5, 4, 4, 5})));

    CHECK(near<T>(lapwing::matrix_power(a, 2), lapwing::gram(a)));
    CHECK(near<T>(times<T>(lapwing::matrix_power(a, -1), a), identity<T>(2)));
    // The exponential of a generator of rotations turns by one radian.
    const auto turn = lapwing::rotation_2d(T(1));
    CHECK(near<T>(lapwing::expm(rotation), turn));
    CHECK(near<T>(lapwing::logm(turn), rotation));
    const auto root = lapwing::sqrtm(a);
    CHECK(near<T>(times<T>(root, root), a) && near<T>(lapwing::fractional_power(a, 0.5), root));
    const auto negative = diagonal<T>({-4, 1});
    CHECK(thrown([&] { lapwing::sqrtm(negative); }) == LAPWING_ERR_DOES_NOT_EXIST);
    CHECK(close(lapwing::complex_sqrtm(negative)(0, 0).imag(), 2));
    CHECK(close(lapwing::complex_logm(negative)(0, 0).imag(), pi));
    CHECK(close(lapwing::complex_fractional_power(negative, 0.5)(1, 1).real(), 1));
    CHECK(near<T>(lapwing::signm(negative), diagonal<T>({-1, 1})));

    const auto x = matrix<T>(2, 2, {1, 2, 2, 5});
    auto right = times<T>(a, x);
    const auto other = times<T>(x, rotation);
    for (std::int64_t i = 0; i < 2; ++i)
        for (std::int64_t j = 0; j < 2; ++j) right(i, j) += other(i, j);
    CHECK(near<T>(lapwing::sylvester(a, rotation, right), x));
    const auto stable = diagonal<T>({T(-1), T(-2)});
    CHECK(near<T>(lapwing::continuous_lyapunov(stable, diagonal<T>({2, 4})), diagonal<T>({-1, -1})));
    CHECK(near<T>(lapwing::discrete_lyapunov(diagonal<T>({0.5, 0}), identity<T>(2)), diagonal<T>({T(4) / 3, 1})));
    // x^2 - 2 x - 3 = 0 has the stabilizing solution 3; x = 1 + x / (1 + x) the golden section.
    const auto one = identity<T>(1);
    const auto regulator = lapwing::continuous_riccati(one, one, diagonal<T>({3}), one);
    CHECK(close(regulator.x(0, 0), 3) && close(regulator.gain(0, 0), 3) && close(regulator.w[0].real(), -2));
    CHECK(regulator.residual < 1e-5);
    const auto discrete = lapwing::discrete_riccati(one, one, one, one, one, lapwing::Matrix<T>(1, 1));
    CHECK(close(discrete.x(0, 0), (1 + std::sqrt(5.0)) / 2) && std::abs(discrete.w[0]) < 1);
}

template <class T>
static void summaries() {
    const auto a = diagonal<T>({3, -4});
    CHECK(close(lapwing::norm(a), 5) && close(lapwing::norm(a, lapwing::Norm::two), 4));
    CHECK(close(lapwing::schatten_norm(a, 1), 7) && close(lapwing::vector_norm(std::vector<T>{3, 4}), 5));
    CHECK(close(lapwing::condition_number(a), 4.0 / 3) && close(lapwing::estimate_condition_number(a), 4.0 / 3));
    CHECK(close(lapwing::perturbation_bound(T(2), T(0.25), T(0)), 1));
    CHECK(close(lapwing::trace(a), -1) && close(lapwing::determinant(a), -12) && close(lapwing::ldlt_determinant(a), -12));
    CHECK(near<T>(lapwing::leading_principal_minors(a), std::vector<T>{3, -12}));
    const auto yes = lapwing::invertibility(a);
    CHECK(yes.verdict == lapwing::InvertibilityVerdict::invertible && yes.pivot == -1 && yes.digits > 5);
    CHECK(lapwing::invertibility(diagonal<T>({1, 0})).pivot == 1);
    const auto sign = lapwing::definiteness(a);
    CHECK(sign.verdict == lapwing::DefinitenessVerdict::indefinite && sign.failing_minor == 2);
    CHECK(lapwing::quadratic_form(a, sign.positive) > 0 && lapwing::quadratic_form(a, sign.negative) < 0);
    const auto inertia = lapwing::inertia(a, lapwing::Triangle::upper);
    CHECK(inertia.positive == 1 && inertia.negative == 1 && inertia.zero == 0);
    const auto rank = lapwing::rank(diagonal<T>({1, T(0.001), 0}));
    CHECK(rank.rank == 2 && rank.singular_values.size() == 3 && rank.clear_cut);
    CHECK(lapwing::rank(diagonal<T>({1, T(0.001), 0}), lapwing::Tolerance::absolute(0.01)).rank == 1);
    CHECK(close(lapwing::effective_rank(identity<T>(3)).effective, 3) && lapwing::energy_rank(a, 0.6) == 1);

    const std::vector<T> x{1, 0}, y{1, 1};
    CHECK(close(lapwing::bilinear_form(x, a, y), 3) && close(lapwing::inner_product(x, y), 1));
    CHECK(close(lapwing::frobenius_inner_product(a, a), 25) && close(lapwing::angle(x, y), pi / 4));
    const auto weight = diagonal<T>({1, 3});
    CHECK(close(lapwing::weighted_inner_product(weight, y, y), 4) && close(lapwing::weighted_norm(weight, y), 2));
    CHECK(close(lapwing::weighted_angle(weight, x, y), pi / 3));
}

template <class T>
static void subspaces() {
    const auto a = matrix<T>(3, 2, {1, 2, 1, 2, 0, 0});
    CHECK(lapwing::orthonormal_basis(a).cols() == 1 && lapwing::orthogonal_complement(a).cols() == 2);
    const auto null = lapwing::null_space(a);
    CHECK(null.cols() == 1 && near<T>(times<T>(a, null), lapwing::Matrix<T>(3, 1)));
    const auto spaces = lapwing::fundamental_subspaces(a);
    CHECK(spaces.rank == 1 && spaces.column_space.cols() == 1 && spaces.row_space.rows() == 2);
    CHECK(spaces.null_space.cols() == 1 && spaces.left_null_space.cols() == 2);
    CHECK(near<T>(times<T>(lapwing::View<T>(spaces.left_null_space).transposed(), a), lapwing::Matrix<T>(2, 2)));
    const auto onto = matrix<T>(3, 3, {0.5, 0.5, 0, 0.5, 0.5, 0, 0, 0, 0});
    const auto projectors = lapwing::projectors(a);
    CHECK(projectors.rank == 1 && near<T>(projectors.onto, onto) && close(projectors.off(2, 2), 1));
    const auto line = matrix<T>(3, 1, {1, 1, 0});
    CHECK(near<T>(lapwing::projection(line), onto));
    CHECK(near<T>(lapwing::project(line, std::vector<T>{2, 0, 5}), std::vector<T>{1, 1, 0}));

    CHECK(lapwing::independent_columns(a) == std::vector<std::int64_t>{0});
    const auto combinations = lapwing::column_combinations(a);
    CHECK(near<T>(combinations.coefficients, matrix<T>(2, 2, {1, 2, 0, 0})) && close(combinations.distances[1], 0));
    const auto axis = matrix<T>(3, 1, {1, 0, 0});
    CHECK(near<T>(lapwing::principal_angles(line, axis), std::vector<T>{static_cast<T>(pi / 4)}));
    CHECK(close(lapwing::subspace_distance(line, axis), std::sqrt(0.5)));
    CHECK(close(lapwing::subspace_distance(line, axis, lapwing::SubspaceDistance::geodesic), pi / 4));
    CHECK(lapwing::subspace_contains(identity<T>(3), a, 1e-5) && !lapwing::subspace_contains(a, axis, 1e-5));
}

template <class T>
static void all() {
    functions<T>();
    summaries<T>();
    subspaces<T>();
}

int main() {
    all<double>();
    all<float>();
    return failures != 0;
}
