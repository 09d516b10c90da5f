// lapwing_expected.hpp: what a call returns, or the error that it throws, as a value.

#include <lapwing.hpp>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <type_traits>

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

static lapwing::Matrix<double> identity(std::int64_t n) {
    lapwing::Matrix<double> a(n, n);
    for (std::int64_t i = 0; i < n; ++i) a(i, i) = 1;
    return a;
}

static void values() {
    const auto factor = lapwing::attempt([] { return lapwing::cholesky(identity(3)); });
    static_assert(std::is_same_v<decltype(factor), const lapwing::Expected<lapwing::Matrix<double>>>);
    CHECK(factor && factor.has_value() && factor->rows() == 3 && (*factor)(2, 2) == 1 && factor.value()(1, 0) == 0);
    CHECK(lapwing::attempt([] { return 4; }).value_or(5) == 4);
    CHECK(lapwing::attempt([] {}).has_value());

    // What moves only moves through: out of the call, and out of the result.
    auto model = lapwing::attempt([] { return lapwing::Pca<double>(identity(3)); });
    static_assert(!std::is_copy_constructible_v<lapwing::Expected<lapwing::Pca<double>>>);
    CHECK(model.value().n_features() == 3);
    const lapwing::Pca<double> owned = *std::move(model);
    CHECK(owned.n_features() == 3);
    const auto moved = lapwing::attempt([] { return std::make_unique<int>(6); }).value_or(nullptr);
    CHECK(moved && *moved == 6);
}

static void errors() {
    auto indefinite = identity(2);
    indefinite(1, 1) = -1;
    const auto factor = lapwing::attempt([&] { return lapwing::cholesky(indefinite); });
    CHECK(!factor && factor.error().status() == LAPWING_ERR_NOT_POSITIVE_DEFINITE);
    CHECK(std::string(factor.error().what()).find("order 2") != std::string::npos);
    CHECK(factor.value_or(identity(1)).rows() == 1);
    try {
        factor.value();
        CHECK(false);
    } catch (const lapwing::error &failure) {
        CHECK(failure.status() == LAPWING_ERR_NOT_POSITIVE_DEFINITE);
    }
    // What the headers refuse by themselves is an error as well.
    const auto shape = lapwing::attempt([] { return lapwing::Matrix<float>(-1, 2); });
    CHECK(!shape && shape.error().status() == LAPWING_ERR_SHAPE);
    const auto threads = lapwing::attempt([] { lapwing::set_threads(0); });
    CHECK(!threads && threads.error().status() == LAPWING_ERR_ARGUMENT);
    const auto memory = lapwing::attempt([] { return lapwing::Matrix<double>(INT64_MAX / 16, 1); });
    CHECK(!memory && memory.error().status() == LAPWING_ERR_OUT_OF_MEMORY);

    bool passed = false;
    try {
        (void)lapwing::attempt([]() -> int { throw std::logic_error("not ours"); });
    } catch (const std::logic_error &) {
        passed = true;
    }
    CHECK(passed);
}

#ifdef __cpp_lib_expected
static void standard() {
    const std::expected<lapwing::Matrix<double>, lapwing::error> factor =
        lapwing::attempt([] { return lapwing::cholesky(identity(3)); });
    CHECK(factor && factor->rows() == 3);
    std::expected<lapwing::Pca<double>, lapwing::error> model =
        lapwing::attempt([] { return lapwing::Pca<double>(identity(3)); });
    CHECK(model && model->n_features() == 3);
    const std::expected<void, lapwing::error> threads = lapwing::attempt([] { lapwing::set_threads(0); });
    CHECK(!threads && threads.error().status() == LAPWING_ERR_ARGUMENT);
}
#endif

int main() {
    values();
    errors();
#ifdef __cpp_lib_expected
    standard();
#endif
    return failures != 0;
}
