// lapwing_views.hpp: what other libraries hold is read and written in place, and nothing else converts.

#include <lapwing.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <type_traits>
#include <vector>
#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_span
#include <span>
#endif
#ifdef __cpp_lib_mdspan
#include <mdspan>
#endif
#if __has_include(<Eigen/Core>)
#define HAS_EIGEN
#include <Eigen/Core>
#elif __has_include(<eigen3/Eigen/Core>)
#define HAS_EIGEN
#include <eigen3/Eigen/Core>
#endif
#if __has_include(<armadillo>)
#define HAS_ARMADILLO
// Its matrices alone: nothing of what it would link with.
#define ARMA_DONT_USE_WRAPPER
#define ARMA_DONT_USE_LAPACK
#define ARMA_DONT_USE_BLAS
#include <armadillo>
#endif

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

template <class A, class T>
constexpr bool reads = std::is_convertible_v<A, lapwing::View<T>>;
template <class A, class T>
constexpr bool writes = std::is_convertible_v<A, lapwing::MutableView<T>>;

// Entry (i, j) of the matrices below, as an argument of a function and at the same addresses.
template <class T>
static bool counts(lapwing::View<T> a, std::int64_t rows, std::int64_t cols, const T *first) {
    bool holds = a.rows == rows && a.cols == cols && a.data == first;
    for (std::int64_t i = 0; holds && i < rows; ++i)
        for (std::int64_t j = 0; j < cols; ++j) holds = holds && a(i, j) == static_cast<T>(10 * i + j);
    return holds;
}
template <class T>
static void fill(lapwing::MutableView<T> a) {
    for (std::int64_t i = 0; i < a.rows; ++i)
        for (std::int64_t j = 0; j < a.cols; ++j) a(i, j) = static_cast<T>(10 * i + j);
}
template <class T>
static std::int64_t length(lapwing::ConstVectorView<T> x) {
    return x.size;
}
template <class Call>
static lapwing_status thrown(Call call) {
    return lapwing::attempt([&] { call(); }).has_value() ? LAPWING_OK : lapwing::attempt([&] { call(); }).error().status();
}

// The members of std::mdspan that count, for compilers that have none yet.
template <class T, std::size_t dimensions>
struct Grid {
    using element_type = T;
    using reference = T &;
    using mapping_type = Grid;
    T *start;
    std::array<std::size_t, dimensions> extents, strides;
    bool strided = true;
    static constexpr std::size_t rank() { return dimensions; }
    T *const &data_handle() const { return start; }
    std::size_t extent(std::size_t k) const { return extents[k]; }
    std::size_t stride(std::size_t k) const { return strides[k]; }
    bool is_strided() const { return strided; }
};
struct Negated : Grid<double, 2> {
    using reference = double;
};
struct Tiled : Grid<double, 2> {
    struct mapping_type {};
};
struct NoStrides {
    double *data() { return nullptr; }
    const double *data() const { return nullptr; }
    std::size_t size() const { return 6; }
    std::int64_t rows() const { return 2; }
    std::int64_t cols() const { return 3; }
};

static_assert(reads<std::vector<double>, double> && reads<const std::array<float, 3> &, float>);
static_assert(!reads<std::vector<float>, double> && !reads<std::vector<int>, double>);
static_assert(!reads<std::vector<std::vector<double>>, double> && !reads<std::string, double>);
static_assert(writes<std::vector<double> &, double> && !writes<std::vector<double>, double>);
static_assert(!writes<const std::vector<double> &, double>);
static_assert(reads<lapwing::Matrix<double>, double> && !reads<lapwing::Matrix<float>, double>);
static_assert(writes<lapwing::Matrix<double> &, double> && !writes<lapwing::Matrix<double>, double>);
static_assert(!writes<const lapwing::Matrix<double> &, double>);
static_assert(reads<lapwing::MutableView<float>, float> && !writes<lapwing::View<float>, float>);
static_assert(reads<Grid<double, 2>, double> && writes<Grid<double, 2>, double>);
static_assert(reads<Grid<const double, 1>, double> && !writes<Grid<const double, 1>, double>);
static_assert(!reads<Grid<double, 3>, double> && !reads<Negated, double> && !reads<Tiled, double>);
// A matrix whose layout is unknown is no vector of its entries.
static_assert(!reads<NoStrides, double>);

static void standard_library() {
    std::vector<double> column(4);
    fill<double>(column);
    CHECK(counts<double>(column, 4, 1, column.data()));
    CHECK(length<double>(column) == 4);
    static_assert(std::is_same_v<decltype(lapwing::ConstMatrixView(column)), lapwing::View<double>>);
    CHECK(counts<double>(std::vector<double>{0.0, 10.0}, 2, 1, nullptr) == false);
    lapwing::Matrix<double> owned(2, 3);
    fill<double>(owned);
    CHECK(counts<double>(owned, 2, 3, owned.data()));
    lapwing::copy(owned.transposed(), lapwing::MutableView<double>(owned.data(), 3, 2, 1, 3));
    CHECK(counts<double>(owned, 2, 3, owned.data()));
    CHECK(thrown([&] { lapwing::copy(owned, column); }) == LAPWING_ERR_SHAPE);
    const lapwing::Matrix<double> copied(owned.transposed());
    CHECK(copied.rows() == 3 && copied(2, 1) == 12 && copied.data() != owned.data());

    double entries[12] = {};
    Grid<double, 2> grid{entries, {2, 3}, {1, 4}};
    fill<double>(grid);
    CHECK(counts<double>(grid, 2, 3, entries) && entries[4] == 1 && entries[2] == 0);
    const Grid<double, 1> every_other{entries, {6}, {2}};
    CHECK(length<double>(every_other) == 6 && lapwing::ConstVectorView<double>(every_other)[2] == 1);
    grid.strided = false;
    CHECK(thrown([&] { fill<double>(grid); }) == LAPWING_ERR_ARGUMENT);
    grid.strided = true, grid.extents[0] = SIZE_MAX;
    CHECK(thrown([&] { counts<double>(grid, 0, 0, nullptr); }) == LAPWING_ERR_TOO_LARGE);
    CHECK(thrown([] { lapwing::Matrix<double>(INT64_MAX, 2); }) == LAPWING_ERR_TOO_LARGE);
    CHECK(thrown([] { lapwing::Matrix<double>(INT64_MAX / 2, 2); }) == LAPWING_ERR_TOO_LARGE);
#ifdef __cpp_lib_span
    static_assert(writes<std::span<double>, double> && !writes<std::span<const double>, double>);
    fill<double>(std::span<double>(entries, 5));
    CHECK(counts<double>(std::span<const double>(entries, 5), 5, 1, entries));
#endif
#ifdef __cpp_lib_mdspan
    std::mdspan<double, std::dextents<std::size_t, 2>, std::layout_left> left(entries, 3, 4);
    fill<double>(left);
    CHECK(counts<double>(left, 3, 4, entries) && entries[3] == 1);
#endif
}

#ifdef HAS_EIGEN
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

static_assert(reads<Eigen::MatrixXd, double> && !reads<Eigen::MatrixXf, double>);
static_assert(writes<Eigen::MatrixXd &, double> && !writes<Eigen::MatrixXd, double>);
static_assert(writes<Eigen::Block<Eigen::MatrixXd>, double> && writes<Eigen::Ref<Eigen::MatrixXd>, double>);
static_assert(writes<Eigen::Map<RowMajor>, double> && !writes<Eigen::Map<const RowMajor>, double>);
static_assert(reads<Eigen::Map<const RowMajor>, double> && reads<Eigen::Ref<const Eigen::MatrixXd>, double>);
// A sum has no entries in memory.
static_assert(!reads<decltype(std::declval<Eigen::MatrixXd &>() + std::declval<Eigen::MatrixXd &>()), double>);
static_assert(!reads<Eigen::MatrixXcd, double>);

static void eigen() {
    Eigen::MatrixXd a(5, 4);
    a.setConstant(-1);
    fill<double>(a.block(1, 1, 3, 2));
    CHECK(a(3, 2) == 21 && a(4, 2) == -1 && a(0, 0) == -1);
    CHECK(counts<double>(a.block(1, 1, 3, 2), 3, 2, &a(1, 1)));
    fill<double>(a);
    CHECK(counts<double>(a, 5, 4, a.data()) && a(4, 3) == 43);
    CHECK(lapwing::View<double>(a.transpose())(3, 4) == 43);
    RowMajor b(2, 3);
    fill<double>(b);
    CHECK(counts<double>(b, 2, 3, b.data()) && b.data()[1] == 1);
    CHECK(counts<double>(Eigen::Map<const RowMajor, 0, Eigen::OuterStride<>>(b.data(), 2, 2, Eigen::OuterStride<>(3)), 2,
                         2, b.data()));
    CHECK(length<double>(a.row(2)) == 4 && lapwing::ConstVectorView<double>(a.row(2))[3] == 23);
    CHECK(length<double>(Eigen::VectorXd(7)) == 7);
    CHECK(thrown([&] { length<double>(a); }) == LAPWING_ERR_SHAPE);
    const std::vector<double> twos{2, 2};
    const std::vector<std::int32_t> columns{0, 1}, starts{0, 1, 2};
    const Eigen::Vector2d right(4, 6);
    const auto solution = lapwing::conjugate_gradient(lapwing::ConstSparseView<double>(twos, columns, starts, 2), right);
    CHECK(std::abs(solution.x[0] - 2) < 1e-4 && std::abs(solution.x[1] - 3) < 1e-4);

    // Functions of either precision take them, and give the numbers of the same entries elsewhere.
    const lapwing::Matrix<double> elsewhere(a);
    CHECK(lapwing::singular_values(a).size() == 4);
    CHECK(lapwing::Pca<double>(a).n_features() == lapwing::Pca<double>(elsewhere).n_features());
    const lapwing::Pca<double> pca(a);
    Eigen::MatrixXd scores(5, 4), restored(5, 4);
    pca.transform(a, scores);
    pca.inverse_transform(scores, restored);
    CHECK((restored - a).norm() < 1e-12);
    const auto line = lapwing::LinearModel<double>::linear_regression(a.leftCols(1), a.col(1));
    Eigen::VectorXd predicted(5);
    line.predict(a.leftCols(1), predicted);
    CHECK((predicted - a.col(1)).norm() < 1e-12);
    const Eigen::MatrixXf identity = Eigen::MatrixXf::Identity(3, 3);
    CHECK(lapwing::singular_values(identity) == std::vector<float>(3, 1.0f));
    Eigen::MatrixXd u(5, 4);
    lapwing::copy(lapwing::svd(a).u, u);
    CHECK((u.transpose() * u - Eigen::MatrixXd::Identity(4, 4)).norm() < 1e-13);
}
#endif

#ifdef HAS_ARMADILLO
static_assert(reads<arma::mat, double> && reads<arma::fvec, float> && reads<arma::rowvec, double>);
static_assert(writes<arma::mat &, double> && !writes<arma::mat, double> && !writes<const arma::mat &, double>);
static_assert(!reads<arma::cube, double> && !reads<arma::cx_mat, double> && !reads<arma::sp_mat, double>);

static void armadillo() {
    arma::mat a(3, 2);
    fill<double>(a);
    CHECK(a(2, 1) == 21 && counts<double>(a, 3, 2, a.memptr()));
    const arma::vec column(5);
    const arma::rowvec row(6);
    CHECK(length<double>(column) == 5 && length<double>(row) == 6);
    CHECK(lapwing::View<double>(row).rows == 1);
    CHECK(lapwing::singular_values(a).size() == 2);
}
#endif

int main() {
    standard_library();
#ifdef HAS_EIGEN
    eigen();
#else
    std::fputs("Eigen is not installed: tests/cpp/views.cpp ran without it\n", stderr);
#endif
#ifdef HAS_ARMADILLO
    armadillo();
#else
    std::fputs("Armadillo is not installed: tests/cpp/views.cpp ran without it\n", stderr);
#endif
    return failures != 0;
}
