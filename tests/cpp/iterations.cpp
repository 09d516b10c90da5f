// lapwing.hpp: iterative methods over vectors of compressed rows and over functions, and what callbacks throw.

#include <lapwing.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

static constexpr std::int32_t ORDER = 30;

// Second differences on a path, whose eigenvalues, and singular values, are known.
template <class T>
struct Path {
    std::vector<T> values;
    std::vector<std::int32_t> columns, row_starts{0};

    Path() {
        for (std::int32_t i = 0; i < ORDER; ++i) {
            for (std::int32_t j = std::max(i - 1, 0); j <= std::min(i + 1, ORDER - 1); ++j) {
                columns.push_back(j);
                values.push_back(static_cast<T>(i == j ? 2 : -1));
            }
            row_starts.push_back(static_cast<std::int32_t>(values.size()));
        }
    }
    lapwing::ConstSparseView<T> view() const { return {values, columns, row_starts, ORDER}; }
};

template <class T>
static void second_differences(lapwing::ConstMatrixView<T> x, lapwing::MatrixView<T> result) {
    for (std::int64_t j = 0; j < x.cols; ++j)
        for (std::int64_t i = 0; i < x.rows; ++i)
            result(i, j) = 2 * x(i, j) - (i > 0 ? x(i - 1, j) : 0) - (i + 1 < x.rows ? x(i + 1, j) : 0);
}

static double eigenvalue(int j) { return 2 - 2 * std::cos(j * 3.141592653589793 / (ORDER + 1)); }

template <class T>
static bool near(T found, double exact, double bound) {
    return std::fabs(static_cast<double>(found) - exact) <= bound;
}

// The status of the exception that the call throws, LAPWING_OK when it throws none.
template <class Call>
static lapwing_status thrown(Call call, const char *text) {
    try {
        call();
    } catch (const lapwing::error &failure) {
        CHECK(std::string(failure.what()).find(text) != std::string::npos);
        return failure.status();
    }
    return LAPWING_OK;
}

// Bounds: the tolerances, relative to a norm below 4, and 64 roundings of a product with a row of the matrix.
template <class T>
static void results() {
    const double unit = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
    const Path<T> path;
    const lapwing::Operator<T> op{ORDER, ORDER, second_differences<T>, second_differences<T>};
    const auto svd = lapwing::partial_svd(path.view(), 3);
    CHECK(svd.u.rows() == ORDER && svd.u.cols() == 3 && svd.vt.rows() == 3 && svd.vt.cols() == ORDER);
    const auto other = lapwing::partial_svd(op, 3);
    for (std::size_t j = 0; j < 3; ++j) {
        const double exact = eigenvalue(ORDER - static_cast<int>(j));
        CHECK(near(svd.s[j], exact, (4 * 100 + 64) * unit) && near(other.s[j], exact, (4 * 100 + 64) * unit));
        CHECK(svd.residuals[j] <= 4 * 100 * unit);
    }
    const auto eigen = lapwing::partial_eigh(path.view(), 2, lapwing::Extreme::smallest);
    CHECK(near(eigen.w[0], eigenvalue(1), (4 * 20 + 64) * unit) && near(eigen.w[1], eigenvalue(2), (4 * 20 + 64) * unit));
    CHECK(eigen.v.rows() == ORDER && eigen.v.cols() == 2 && eigen.residuals.size() == 2);
    lapwing::IterationOptions options;
    options.tolerance = 1e-3;
    std::int64_t seen = 0;
    options.progress = [&](std::int64_t iterations, double) { return (seen = iterations) < 1000; };
    CHECK(near(lapwing::partial_eigh(op, 2, lapwing::Extreme::largest, options).w[1], eigenvalue(ORDER), 4e-3 + 64 * unit));
    CHECK(seen > 0);

    // A condition of 400 stands between the residual and the error; the default tolerance is 1e-5.
    const std::vector<T> b(ORDER, 1);
    const auto solution = lapwing::conjugate_gradient(path.view(), b, lapwing::Preconditioner::incomplete_cholesky);
    for (int i = 0; i < ORDER; ++i) {
        const double exact = (i + 1) * (ORDER - i) / 2.0;
        CHECK(near(solution.x[static_cast<std::size_t>(i)], exact, 400 * (1e-5 + 64 * unit) * 120 * std::sqrt(30.0)));
    }
    CHECK(solution.residual <= 1e-5 && solution.iterations > 0);
    const auto again = lapwing::conjugate_gradient(path.view(), b, lapwing::Preconditioner::none, options, solution.x);
    CHECK(again.iterations == 0 && again.x == solution.x);
    const lapwing::Operator<T> half{ORDER, ORDER, [](auto x, auto result) {
                                        for (std::int64_t i = 0; i < x.rows; ++i) result(i, 0) = x(i, 0) / 2;
                                    }};
    CHECK(lapwing::conjugate_gradient(op, b, half).residual <= 1e-5);
    CHECK(lapwing::conjugate_gradient(op, b, options).iterations == seen);
}

// One step around a circle: the eigenvalues are the roots of z^ORDER = 1.
template <class T>
static void step(lapwing::ConstMatrixView<T> x, lapwing::MatrixView<T> result) {
    for (std::int64_t j = 0; j < x.cols; ++j)
        for (std::int64_t i = 0; i < x.rows; ++i) result(i, j) = x((i + 1) % x.rows, j);
}

// The bounds of tests/c/eigenpairs_of.h and tests/c/solvers_of.h.
template <class T>
static void more_results() {
    const double unit = static_cast<double>(std::numeric_limits<T>::epsilon()) / 2;
    const Path<T> path;
    const lapwing::Operator<T> op{ORDER, ORDER, second_differences<T>, second_differences<T>};
    const lapwing::Operator<T> half{ORDER, ORDER, [](auto x, auto result) {
                                        for (std::int64_t i = 0; i < x.rows; ++i)
                                            for (std::int64_t j = 0; j < x.cols; ++j) result(i, j) = x(i, j) / 2;
                                    }};
    const std::vector<T> b(ORDER, 1);
    lapwing::IterationOptions options;
    options.tolerance = 1e-4;
    options.restart = ORDER;
    using lapwing::Preconditioner;
    for (const auto &solution :
         {lapwing::minres(path.view(), b, Preconditioner::jacobi, options), lapwing::minres(op, b, options),
          lapwing::minres(op, b, half, options), lapwing::gmres(path.view(), b, Preconditioner::incomplete_lu, options),
          lapwing::gmres(op, b, options), lapwing::gmres(op, b, half, options),
          lapwing::bicgstab(path.view(), b, Preconditioner::ssor, options), lapwing::bicgstab(op, b, options),
          lapwing::bicgstab(op, b, half, options)}) {
        CHECK(solution.residual <= 1e-4 && solution.iterations > 0);
        for (int i = 0; i < ORDER; ++i) {
            const double exact = (i + 1) * (ORDER - i) / 2.0;
            CHECK(near(solution.x[static_cast<std::size_t>(i)], exact, 400 * (1e-4 + 64 * unit) * 120 * std::sqrt(30.0)));
        }
    }
    CHECK(lapwing::gmres(path.view(), b, Preconditioner::none, options, std::vector<T>(ORDER, 1)).iterations > 0);

    // 2 x = 3 with damping 1.
    const std::vector<T> two{2}, three{3};
    const std::vector<std::int32_t> column{0}, row_starts{0, 1};
    const lapwing::ConstSparseView<T> one(two, column, row_starts, 1);
    const lapwing::Operator<T> twice{1, 1, [](auto x, auto result) { result(0, 0) = 2 * x(0, 0); },
                                     [](auto x, auto result) { result(0, 0) = 2 * x(0, 0); }};
    lapwing::IterationOptions damped;
    damped.damping = 1;
    for (const auto &solution : {lapwing::lsqr(one, three, damped), lapwing::lsmr(one, three, damped),
                                 lapwing::lsqr(twice, three, damped), lapwing::lsmr(twice, three, damped)}) {
        CHECK(near(solution.x[0], 1.2, 20 * unit) && near(solution.residual, std::sqrt(1.8), 20 * unit));
        CHECK(solution.normal_residual <= 100 * unit && solution.condition > 0 && solution.iterations == 1);
    }

    const auto lowest = lapwing::lobpcg(path.view(), 2, lapwing::Extreme::smallest, Preconditioner::incomplete_cholesky);
    const double loose = 8 * std::sqrt(2 * unit) + 64 * unit;
    CHECK(near(lowest.w[0], eigenvalue(1), loose) && near(lowest.w[1], eigenvalue(2), loose));
    CHECK(lowest.v.rows() == ORDER && lowest.v.cols() == 2 && lowest.residuals[0] <= loose);
    const auto next = lapwing::lobpcg(op, 1, lapwing::Extreme::smallest, &half, {}, lowest.v);
    CHECK(near(next.w[0], eigenvalue(3), loose));
    const auto pencil = lapwing::lobpcg(op, 1, lapwing::Extreme::largest, nullptr, {}, {nullptr, 0, 0}, &half);
    CHECK(near(pencil.w[0], 2 * eigenvalue(ORDER), 2 * loose));
    const auto own = path.view();
    CHECK(near(lapwing::lobpcg(own, 1, lapwing::Extreme::largest, Preconditioner::none, {}, {nullptr, 0, 0}, &own).w[0], 1.0,
               loose));

    const auto inside = lapwing::partial_eigh_near(path.view(), 2, static_cast<T>(1.01));
    CHECK(near(inside.w[0], eigenvalue(10), 8 * 74 * 13.3 * unit) && near(inside.w[1], eigenvalue(11), 8 * 74 * 13.3 * unit));
    lapwing::Matrix<T> dense(ORDER, ORDER), circle(ORDER, ORDER);
    for (int i = 0; i < ORDER; ++i) {
        dense(i, i) = 2;
        if (i > 0) dense(i, i - 1) = dense(i - 1, i) = -1;
        circle(i, (i + 1) % ORDER) = 1;
    }
    CHECK(near(lapwing::partial_eigh_near(dense, 1, static_cast<T>(1.01)).w[0], eigenvalue(10), 8 * 74 * 13.3 * unit));
    // 1 and the pair beside it; all eigenvalues have the magnitude 1.
    const lapwing::Operator<T> around{ORDER, ORDER, step<T>};
    const auto complex = lapwing::partial_eig(around, 3, lapwing::ComplexExtreme::largest_real);
    CHECK(near(complex.w[0].real(), 1, 264 * unit) && near(complex.w[1].imag(), std::sin(2 * 3.141592653589793 / ORDER),
                                                           264 * unit));
    CHECK(complex.w[2] == std::conj(complex.w[1]) && complex.v(4, 2) == std::conj(complex.v(4, 1)));
    CHECK(complex.v.rows() == ORDER && complex.v.cols() == 3 && complex.residuals[2] <= 264 * unit);
    CHECK(near(lapwing::partial_eig(path.view(), 1, lapwing::ComplexExtreme::largest_real).w[0].real(), eigenvalue(ORDER),
               4 * 264 * unit));
    const auto about = lapwing::partial_eig_near(circle, 1, static_cast<T>(0.9));
    CHECK(near(about.w[0].real(), 1, 264 * unit) && near(about.w[0].imag(), 0, 264 * unit));

    lapwing::RandomizedOptions all;
    all.oversampling = ORDER;
    for (const auto &random : {lapwing::randomized_eigh(path.view(), 2, all), lapwing::randomized_eigh(op, 2, all),
                               lapwing::randomized_eigh(dense, 2, all)})
        CHECK(near(random.w[1], eigenvalue(ORDER - 1), 200 * ORDER * unit) && random.residuals[1] <= 200 * ORDER * unit);
}

static void exceptions() {
    Path<double> path;
    const lapwing::Operator<double> op{ORDER, ORDER, second_differences<double>};
    CHECK(thrown([&] { lapwing::partial_svd(op, 3); }, "a.multiply_transposed is NULL") == LAPWING_ERR_NULL);
    CHECK(thrown([&] { lapwing::partial_svd(path.view(), -1); }, "k is -1") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { lapwing::partial_eigh(path.view(), ORDER + 1); }, "k is 31") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { lapwing::conjugate_gradient(path.view(), {1.0, 2.0}); }, "b has 2 entries") == LAPWING_ERR_SHAPE);
    lapwing::IterationOptions options;
    options.progress = [](std::int64_t, double) { return false; };
    const std::vector<double> b(ORDER, 1);
    CHECK(thrown([&] { lapwing::conjugate_gradient(op, b, options); }, "cancelled after 1") == LAPWING_ERR_CANCELLED);
    CHECK(thrown([&] { lapwing::lsqr(op, b); }, "a.multiply_transposed is NULL") == LAPWING_ERR_NULL);
    CHECK(thrown([&] { lapwing::lobpcg(op, 2, lapwing::Extreme::both_ends); }, "which is 2") == LAPWING_ERR_ARGUMENT);
    CHECK(thrown([&] { lapwing::partial_eig(path.view(), ORDER + 1); }, "k is 31") == LAPWING_ERR_ARGUMENT);
    Path<double> indefinite;
    for (std::size_t p = 0; p < indefinite.values.size(); ++p) indefinite.values[p] *= -1;
    CHECK(thrown([&] { lapwing::conjugate_gradient(indefinite.view(), b); }, "not positive definite") ==
          LAPWING_ERR_NOT_POSITIVE_DEFINITE);
    CHECK(thrown([&] { lapwing::minres(indefinite.view(), b, lapwing::Preconditioner::jacobi); }, "the preconditioner") ==
          LAPWING_ERR_BREAKDOWN);
    path.columns[3] = 77;
    CHECK(thrown([&] { lapwing::partial_eigh(path.view(), 2); }, "a.columns[3], in row 1, is 77") == LAPWING_ERR_ARGUMENT);
    path.columns.pop_back();
    CHECK(thrown([&] { path.view(); }, "no compressed rows") == LAPWING_ERR_SHAPE);

    // What a callback throws arrives as it is.
    int calls = 0;
    const lapwing::Operator<double> failing{ORDER, ORDER, [&](auto x, auto result) {
                                                if (++calls == 3) throw std::out_of_range("the third product");
                                                second_differences<double>(x, result);
                                            }};
    try {
        lapwing::partial_eigh(failing, 2);
        CHECK(!"an exception arrives");
    } catch (const std::out_of_range &failure) {
        CHECK(std::string(failure.what()) == "the third product" && calls == 3);
    }
    calls = 0;
    try {
        lapwing::lobpcg(op, 2, lapwing::Extreme::smallest, &failing);
        CHECK(!"an exception arrives");
    } catch (const std::out_of_range &) {
        CHECK(calls == 3);
    }
    options.progress = [](std::int64_t, double) -> bool { throw 5; };
    try {
        lapwing::conjugate_gradient(op, b, options);
        CHECK(!"an exception arrives");
    } catch (int number) {
        CHECK(number == 5);
    }
}

// Of a diagonal matrix, however it is given.
template <class T>
static void norms() {
    lapwing::Matrix<T> dense(3, 3);
    dense(0, 0) = 1, dense(1, 1) = 5, dense(2, 2) = 2;
    const std::vector<T> values{1, 5, 2};
    const std::vector<std::int32_t> columns{0, 1, 2}, starts{0, 1, 2, 3};
    lapwing::Operator<T> op{3, 3, [&](lapwing::ConstMatrixView<T> x, lapwing::MatrixView<T> y) {
                                for (std::int64_t i = 0; i < 3; ++i)
                                    for (std::int64_t j = 0; j < x.cols; ++j) y(i, j) = dense(i, i) * x(i, j);
                            }};
    op.multiply_transposed = op.multiply;
    const lapwing::ConstSparseView<T> sparse(values, columns, starts, 3);
    for (const auto &bounds : {lapwing::spectral_norm_bounds(dense), lapwing::spectral_norm_bounds(sparse),
                               lapwing::spectral_norm_bounds(op)}) {
        CHECK(bounds.lower <= 5 * (1 + 1e-5) && bounds.lower > 4 && bounds.upper >= 5 && bounds.upper < 8);
    }
}

int main() {
    norms<double>();
    norms<float>();
    results<double>();
    results<float>();
    more_results<double>();
    more_results<float>();
    exceptions();
    return failures != 0;
}
