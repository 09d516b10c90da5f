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
    options.progress = [](std::int64_t, double) -> bool { throw 5; };
    try {
        lapwing::conjugate_gradient(op, b, options);
        CHECK(!"an exception arrives");
    } catch (int number) {
        CHECK(number == 5);
    }
}

int main() {
    results<double>();
    results<float>();
    exceptions();
    return failures != 0;
}
