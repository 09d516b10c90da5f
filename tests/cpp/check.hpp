// What the C++ tests share: a check that says where it failed, matrices to try, and how far two of them are apart.
#ifndef CHECK_HPP
#define CHECK_HPP

#include <lapwing.hpp>

#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

static int failures = 0;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            std::printf("%s:%d: %s\n", __FILE__, __LINE__, #condition);                                      \
            ++failures;                                                                                      \
        }                                                                                                    \
    } while (0)

template <class T>
lapwing::Matrix<T> matrix(std::int64_t rows, std::int64_t cols, const std::vector<T> &entries) {
    return lapwing::Matrix<T>(lapwing::View<T>(entries, rows, cols));
}

template <class T>
lapwing::Matrix<T> identity(std::int64_t n) {
    lapwing::Matrix<T> a(n, n);
    for (std::int64_t i = 0; i < n; ++i) a(i, i) = 1;
    return a;
}

template <class T>
lapwing::Matrix<T> diagonal(const std::vector<T> &entries) {
    const auto n = static_cast<std::int64_t>(entries.size());
    lapwing::Matrix<T> a(n, n);
    for (std::int64_t i = 0; i < n; ++i) a(i, i) = entries[static_cast<std::size_t>(i)];
    return a;
}

// Entries of at most 1, and no structure.
template <class T>
lapwing::Matrix<T> waves(std::int64_t rows, std::int64_t cols) {
    lapwing::Matrix<T> a(rows, cols);
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < cols; ++j) a(i, j) = static_cast<T>(std::sin(static_cast<double>((i * cols + j) * (i * cols + j))));
    return a;
}

template <class T>
lapwing::Matrix<T> times(lapwing::View<T> a, lapwing::View<T> b) {
    return lapwing::matmul(a, b);
}

// Whether two matrices agree to two thousand roundings: the ratios of LAPACK (30 to 60 units per row and column) allow as
// much for orders of at most 5 and entries up to 6.
template <class T>
bool near(lapwing::View<T> a, lapwing::View<T> b) {
    const T bound = 2000 * std::numeric_limits<T>::epsilon();
    bool holds = a.rows == b.rows && a.cols == b.cols;
    for (std::int64_t i = 0; holds && i < a.rows; ++i)
        for (std::int64_t j = 0; j < a.cols; ++j) holds = holds && std::abs(a(i, j) - b(i, j)) <= bound;
    return holds;
}
template <class T>
bool close(T found, double expected) {
    return std::abs(static_cast<double>(found) - expected) <=
           2000 * static_cast<double>(std::numeric_limits<T>::epsilon()) * (1 + std::abs(expected));
}

// The status of the error that the call throws, LAPWING_OK when it throws none.
template <class Call>
lapwing_status thrown(Call call) {
    const auto outcome = lapwing::attempt([&] { call(); });
    return outcome ? LAPWING_OK : outcome.error().status();
}

#endif
