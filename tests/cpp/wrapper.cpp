// lapwing.hpp: results, views, ownership and exceptions, in both precisions.

#include <lapwing.hpp>
#include <lapwing.hpp> // twice, on purpose

#include <cmath>
#include <cstdio>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

// In the other translation unit.
double largest_singular_value(const lapwing::Matrix<double> &a);

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

static_assert(!std::is_copy_constructible_v<lapwing::Pca<double>>);
static_assert(!std::is_copy_assignable_v<lapwing::Pca<float>>);
static_assert(std::is_nothrow_move_constructible_v<lapwing::Pca<double>>);
static_assert(std::is_nothrow_move_assignable_v<lapwing::Pca<float>>);
static_assert(!std::is_copy_constructible_v<lapwing::IncrementalPca<double>>);
static_assert(std::is_base_of_v<std::exception, lapwing::error>);

template <class T>
static lapwing::Matrix<T> example(std::int64_t rows, std::int64_t cols) {
    lapwing::Matrix<T> a(rows, cols);
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < cols; ++j)
            a(i, j) = static_cast<T>(std::sin(static_cast<double>(i * cols + j)));
    return a;
}

template <class T>
static T magnitude(T value) {
    return value < 0 ? -value : value;
}

// The largest entry in magnitude of a - l * diag(d) * r.
template <class T>
static T defect(lapwing::ConstMatrixView<T> a, lapwing::ConstMatrixView<T> l, const std::vector<T> &d,
                lapwing::ConstMatrixView<T> r) {
    T largest = 0;
    for (std::int64_t i = 0; i < a.rows; ++i)
        for (std::int64_t j = 0; j < a.cols; ++j) {
            T sum = a(i, j);
            for (std::int64_t k = 0; k < l.cols; ++k) sum -= l(i, k) * d[static_cast<std::size_t>(k)] * r(k, j);
            largest = std::max(largest, magnitude(sum));
        }
    return largest;
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

// Bounds: LAPACK's thresholds for the ratio of the residual to extent * norm * unit roundoff, with norms of at
// most 12 here, and as much again for the products of this file.
template <class T>
static void decompositions() {
    const T unit = std::numeric_limits<T>::epsilon() / 2;
    const auto a = example<T>(6, 4);
    const auto svd = lapwing::svd(a);
    CHECK((defect<T>(a, svd.u, svd.s, svd.vt) <= 100 * 6 * 12 * unit));
    const auto transposed = lapwing::svd(a.transposed());
    CHECK(transposed.u.rows() == 4 && transposed.vt.cols() == 6);
    CHECK((defect<T>(a.transposed(), transposed.u, transposed.s, transposed.vt) <= 100 * 6 * 12 * unit));
    const auto values = lapwing::singular_values(a);
    CHECK(values.size() == 4 && magnitude(values[0] - svd.s[0]) <= 50 * 6 * 12 * unit);

    const std::vector<T> ones(6, 1);
    const auto qr = lapwing::qr(a);
    CHECK((defect<T>(a, qr.q, ones, qr.r) <= 60 * 6 * 12 * unit));

    auto positive = example<T>(4, 4);
    for (std::int64_t i = 0; i < 4; ++i) {
        for (std::int64_t j = 0; j < i; ++j) positive(i, j) = positive(j, i);
        positive(i, i) = 5;
    }
    const auto eigen = lapwing::eigh(positive, lapwing::Triangle::upper);
    CHECK((defect<T>(positive, eigen.v, eigen.w, eigen.v.transposed()) <= 120 * 4 * 12 * unit));
    const auto lower = lapwing::cholesky(positive);
    CHECK((defect<T>(positive, lower, ones, lower.transposed()) <= 60 * 4 * 12 * unit));
    const auto upper = lapwing::cholesky(positive, lapwing::Triangle::upper);
    CHECK((defect<T>(positive, upper.transposed(), ones, upper) <= 60 * 4 * 12 * unit));

    // A vector viewed as a matrix, and every other column of it.
    const std::vector<T> entries{3, 0, 0, 4};
    CHECK(magnitude(lapwing::svd({entries, 2, 2}).s[0] - 4) <= 100 * unit);
    CHECK(magnitude(lapwing::svd(lapwing::ConstMatrixView<T>(entries.data(), 2, 1, 2, 2)).s[0] - 3) <= 100 * unit);
    CHECK(lapwing::svd(lapwing::Matrix<T>(0, 3)).s.empty());
}

template <class T>
static void pca() {
    const T unit = std::numeric_limits<T>::epsilon() / 2;
    const auto x = example<T>(9, 3);
    lapwing::Pca<T> pca(x);
    CHECK(pca.n_components() == 3 && pca.n_features() == 3 && pca.n_samples() == 9);
    CHECK(pca.noise_variance() == 0);
    CHECK(pca.components().rows == 3 && pca.mean().size == 3 && pca.singular_values().size == 3);
    CHECK(pca.explained_variance()[0] >= pca.explained_variance()[2]);
    const auto shares = pca.explained_variance_ratio().to_vector();
    CHECK(shares.size() == 3 && magnitude(shares[0] + shares[1] + shares[2] - 1) <= 16 * unit);
    // Scores of at most 2 in magnitude, on components that are off from orthonormal by 60 * 3 roundings.
    const auto restored = pca.inverse_transform(pca.transform(x));
    for (std::int64_t i = 0; i < 9; ++i)
        for (std::int64_t j = 0; j < 3; ++j) CHECK(magnitude(restored(i, j) - x(i, j)) <= 60 * 3 * 2 * 3 * unit);

    lapwing::PcaOptions options;
    options.n_components = 1;
    options.whitening = lapwing::Whitening::unit_variance;
    options.solver = lapwing::PcaSolver::full;
    lapwing::Pca<T> other(x, options);
    CHECK(other.n_components() == 1 && other.noise_variance() > 0);

    // Moving keeps the model, and leaves nothing that could be freed twice.
    const auto *model = pca.get();
    lapwing::Pca<T> moved(std::move(pca));
    CHECK(moved.get() == model);
    other = std::move(moved);
    CHECK(other.get() == model && other.n_components() == 3);
    CHECK(thrown([&] { pca.n_components(); }, "pca is NULL") == LAPWING_ERR_NULL);
}

// Blocks that were seen by two models give the variances of the whole, which are at most 2, to as many roundings as those
// of pca() above.
template <class T>
static void incremental_pca() {
    const T unit = std::numeric_limits<T>::epsilon() / 2;
    const auto x = example<T>(9, 3);
    lapwing::IncrementalPca<T> first, second;
    first.partial_fit({x.data(), 4, 3});
    second.partial_fit({x.data() + 4 * 3, 5, 3});
    first.merge(second);
    lapwing::IncrementalPca<T> moved(std::move(first));
    CHECK(moved.n_samples() == 9);
    const auto pca = moved.finish();
    const lapwing::Pca<T> whole(x);
    for (std::int64_t j = 0; j < 3; ++j)
        CHECK(magnitude(pca.explained_variance()[j] - whole.explained_variance()[j]) <= 60 * 3 * 2 * 3 * unit);
    CHECK(thrown([&] { moved.partial_fit(example<T>(2, 2)); }, "block has 2 columns") == LAPWING_ERR_SHAPE);
    CHECK(thrown([&] { moved.merge(moved); }, "other is the model itself") == LAPWING_ERR_ALIAS);
    CHECK(thrown([&] { first.n_samples(); }, "model is NULL") == LAPWING_ERR_NULL);
    lapwing::IncrementalPcaOptions options;
    options.n_components = -7;
    CHECK(thrown([&] { lapwing::IncrementalPca<T> refused(options); }, "n_components is -7") == LAPWING_ERR_ARGUMENT);
}

static void exceptions() {
    auto a = example<double>(3, 3);
    a(0, 2) = std::nan("");
    CHECK(thrown([&] { lapwing::svd(a); }, "a[0, 2] is NaN") == LAPWING_ERR_NON_FINITE);
    CHECK(thrown([] { lapwing::eigh(example<double>(3, 2)); }, "must be square") == LAPWING_ERR_SHAPE);
    lapwing::Matrix<double> indefinite(2, 2);
    indefinite(0, 0) = 1, indefinite(1, 1) = -1;
    CHECK(thrown([&] { lapwing::cholesky(indefinite); }, "order 2") == LAPWING_ERR_NOT_POSITIVE_DEFINITE);
    const std::vector<double> five(5);
    CHECK(thrown([&] { lapwing::svd({five, 2, 3}); }, "5 entries") == LAPWING_ERR_SHAPE);
    CHECK(thrown([&] { lapwing::svd(lapwing::ConstMatrixView<double>(five.data(), -1, 3)); }, "-1 rows") ==
          LAPWING_ERR_SHAPE);
    CHECK(thrown([] { lapwing::Matrix<double>(-1, 3); }, "negative") == LAPWING_ERR_SHAPE);
    lapwing::PcaOptions options;
    options.n_components = 7;
    CHECK(thrown([&] { lapwing::Pca<double>(example<double>(9, 3), options); }, "n_components is 7") ==
          LAPWING_ERR_ARGUMENT);
    CHECK(thrown([] { lapwing::set_threads(0); }, "count is 0") == LAPWING_ERR_ARGUMENT);
    lapwing::set_threads(lapwing::threads());
}

int main() {
    decompositions<double>();
    decompositions<float>();
    pca<double>();
    pca<float>();
    incremental_pca<double>();
    incremental_pca<float>();
    exceptions();
    const auto a = example<double>(5, 2);
    CHECK(largest_singular_value(a) == lapwing::svd(a).s[0]);
    return failures != 0;
}
