// lapwing_systems.hpp and lapwing_least_squares.hpp: solutions solve, for a vector by a vector and for a matrix by a matrix.

#include "check.hpp"

#include <array>
#include <type_traits>

template <class T>
static void systems() {
    const auto a = matrix<T>(3, 3, {4, 1, 0, 1, 3, 1, 0, 1, 2});
    const std::vector<T> expected{1, 2, 3}, b{6, 10, 8};
    const auto columns = matrix<T>(3, 2, {6, 4, 10, 1, 8, 0});
    static_assert(std::is_same_v<decltype(lapwing::lu_solve(a, b)), std::vector<T>>);
    static_assert(std::is_same_v<decltype(lapwing::lu_solve(a, columns)), lapwing::Matrix<T>>);

    const auto [x, report] = lapwing::solve(a, b);
    CHECK(near<T>(x, expected) && report.structure == lapwing::Structure::tridiagonal && report.rank == 3);
    CHECK(report.method == lapwing::SolveMethod::tridiagonal_cholesky && report.reciprocal_condition > 0);
    CHECK(report.text.size() > 10 && report.text.find('\0') == std::string::npos);
    CHECK(near<T>(times<T>(a, lapwing::solve(a, columns).x), columns));

    for (const auto &solution :
         {lapwing::lu_solve(a, b), lapwing::lu_solve(a, b, lapwing::Transpose::transposed), lapwing::cholesky_solve(a, b),
          lapwing::ldlt_solve(a, b, lapwing::Triangle::upper), lapwing::modified_cholesky_solve(a, b)})
        CHECK(near<T>(solution, expected));
    CHECK(near<T>(times<T>(a, lapwing::cholesky_solve(a, columns)), columns));
    CHECK(near<T>(lapwing::lu_solve(a, std::array<T, 3>{6, 10, 8}), expected));
    const auto refined = lapwing::lu_solve_refined(a, b);
    CHECK(near<T>(refined.x, expected) && refined.forward.size() == 1 && refined.backward[0] < 1e-6);

    const auto triangle = matrix<T>(2, 2, {2, 9, 1, 4});
    CHECK(near<T>(lapwing::solve_triangular(triangle, std::vector<T>{2, 9}, lapwing::Triangle::lower),
                  std::vector<T>{1, 2}));
    CHECK(near<T>(lapwing::solve_triangular(triangle, std::vector<T>{2, 9}, lapwing::Triangle::lower,
                                            lapwing::Diagonal::unit),
                  std::vector<T>{2, 7}));
    const std::vector<T> beside{1, 1}, middle{4, 3, 2};
    CHECK(near<T>(lapwing::solve_tridiagonal(beside, middle, beside, b), expected));
    CHECK(near<T>(lapwing::solve_tridiagonal_definite(middle, beside, columns), lapwing::lu_solve(a, columns)));
    const auto diagonals = matrix<T>(3, 3, {0, 1, 1, 4, 3, 2, 1, 1, 0});
    const lapwing::Band<T> band{1, 1, diagonals};
    CHECK(near<T>(lapwing::solve_banded(band, b), expected));
    CHECK(near<T>(lapwing::solve_banded(band, b, lapwing::Transpose::transposed), expected));
    const auto half = matrix<T>(2, 3, {4, 3, 2, 1, 1, 0});
    CHECK(near<T>(lapwing::solve_banded_definite(half, b), expected));
    CHECK(thrown([&] { lapwing::lu_solve(lapwing::Matrix<T>(3, 3), b); }) == LAPWING_ERR_SINGULAR);
    CHECK(thrown([&] { lapwing::lu_solve(a, std::vector<T>(2)); }) == LAPWING_ERR_SHAPE);

    CHECK(near<T>(times<T>(a, lapwing::inverse(a)), identity<T>(3)));
    CHECK(near<T>(times<T>(a, lapwing::cholesky_inverse(a)), identity<T>(3)));
    CHECK(near<T>(lapwing::triangular_inverse(triangle, lapwing::Triangle::lower),
                  matrix<T>(2, 2, {0.5, 0, -0.125, 0.25})));

    // The determinant is 18, by every road.
    const double logarithm = std::log(18.0);
    for (const auto &determinant :
         {lapwing::log_determinant(a), lapwing::ldlt_log_determinant(a),
          lapwing::tridiagonal_log_determinant(beside, middle, beside), lapwing::banded_log_determinant(band)})
        CHECK(determinant.sign == 1 && close(determinant.log_magnitude, logarithm));
    CHECK(close(lapwing::cholesky_log_determinant(a), logarithm));
    CHECK(close(lapwing::banded_definite_log_determinant(half), logarithm));
    const T condition = lapwing::reciprocal_condition(a);
    CHECK(condition > 0 && condition < 1);
    CHECK(close(lapwing::cholesky_reciprocal_condition(a), condition));
    CHECK(close(lapwing::ldlt_reciprocal_condition(a), condition));
    CHECK(close(lapwing::tridiagonal_reciprocal_condition(beside, middle, beside), condition));
    CHECK(close(lapwing::banded_reciprocal_condition(band, lapwing::ConditionNorm::infinity), condition));
    CHECK(close(lapwing::banded_definite_reciprocal_condition(half), condition));
    CHECK(close(lapwing::triangular_reciprocal_condition(diagonal<T>({1, 4}), lapwing::Triangle::upper), 0.25));
}

// A line through (0, 1), (1, 3), (2, 5) and (3, 7) is 1 + 2 t.
template <class T>
static void least_squares() {
    const auto a = matrix<T>(4, 2, {1, 0, 1, 1, 1, 2, 1, 3});
    const std::vector<T> b{1, 3, 5, 7}, line{1, 2};
    const auto fit = lapwing::lstsq(a, b);
    CHECK(near<T>(fit.x, line) && fit.rank == 2 && fit.singular_values.size() == 2 && fit.residual_norms.size() == 1);
    const auto by_qr = lapwing::lstsq(a, b, lapwing::LeastSquaresMethod::qr);
    CHECK(near<T>(by_qr.x, line) && by_qr.singular_values.empty());
    CHECK(lapwing::lstsq(a, a).x.cols() == 2);
    const auto refined = lapwing::lstsq_refined(a, b);
    CHECK(near<T>(refined.x, line) && refined.unconverged == 0 && refined.error_bounds.rows() == 2);
    CHECK(near<T>(lapwing::lstsq_tikhonov(a, b, 0).x, line));
    const auto shrunk = lapwing::lstsq_tikhonov(a, b, 10);
    CHECK(shrunk.solution_norms[0] < 2 && shrunk.filter_factors.size() == 2 && shrunk.filter_factors[1] < 1);
    const auto truncated = lapwing::lstsq_truncated(a, b, 1);
    CHECK(truncated.filter_factors[0] == 1 && truncated.filter_factors[1] == 0 && truncated.residual_norms[0] > 0);
    CHECK(near<T>(lapwing::pivoted_qr_solve(a, b), line));
    const auto constrained =
        lapwing::lstsq_constrained(a, b, matrix<T>(1, 2, {1, 0}), std::vector<T>{0});
    CHECK(near<T>(lapwing::View<T>(constrained.x.data(), 1, 1), lapwing::Matrix<T>(1, 1)) && constrained.residual_norm > 0);
    const auto general = lapwing::gauss_markov(a, identity<T>(4), b);
    CHECK(near<T>(general.x, line) && near<T>(general.y, std::vector<T>(4)));

    const auto inverse = lapwing::pseudoinverse(a);
    CHECK(inverse.rank == 2 && near<T>(times<T>(inverse.inverse, a), identity<T>(2)));
    CHECK(lapwing::pseudoinverse(a, lapwing::Tolerance::relative(0.9)).rank == 1);
    CHECK(near<T>(lapwing::left_inverse(a), inverse.inverse));
    CHECK(near<T>(lapwing::right_inverse(a.transposed()), lapwing::View<T>(inverse.inverse).transposed()));
    CHECK(near<T>(lapwing::symmetric_pseudoinverse(diagonal<T>({2, 0})), diagonal<T>({0.5, 0})));

    // Twice as large, turned by a right angle, and moved by (1, -1).
    const auto points = matrix<T>(3, 2, {0, 0, 1, 0, 0, 1}), moved = matrix<T>(3, 2, {1, -1, 1, 1, -1, -1});
    lapwing::ProcrustesOptions options;
    options.scale = options.translation = true;
    const auto motion = lapwing::procrustes(points, moved, options);
    CHECK(close(motion.scale, 2) && close(motion.residual, 0) && near<T>(motion.translation, std::vector<T>{1, -1}));
    CHECK(near<T>(motion.rotation, matrix<T>(2, 2, {0, 1, -1, 0})));
}

int main() {
    systems<double>();
    systems<float>();
    least_squares<double>();
    least_squares<float>();
    return failures != 0;
}
