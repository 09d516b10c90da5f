/* The part of lapwing.hpp for programs that want errors as values instead of exceptions. Included by it.
 *
 *   lapwing::Expected<lapwing::Matrix<double>> factor = lapwing::attempt([&] { return lapwing::cholesky(a); });
 *   if (!factor) return report(factor.error());
 *   use(*factor);
 *
 * With C++23 and <expected> it converts to std::expected<T, lapwing::error>.
 */
#ifndef LAPWING_EXPECTED_HPP
#define LAPWING_EXPECTED_HPP

#include "lapwing_views.hpp"

#include <optional>
#include <variant>
#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_expected
#include <expected>
#endif

namespace lapwing {

/** A value, or the error that stands in its place; attempt() makes it. */
template <class T>
class [[nodiscard]] Expected {
public:
    using value_type = T;
    using error_type = lapwing::error;

    Expected(T value) : content_(std::in_place_index<0>, std::move(value)) {}
    Expected(lapwing::error failure) : content_(std::in_place_index<1>, std::move(failure)) {}

    bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    /** The value; throws the error when there is none. */
    T &value() & { return require(), *std::get_if<0>(&content_); }
    const T &value() const & { return require(), *std::get_if<0>(&content_); }
    T &&value() && { return require(), std::move(*std::get_if<0>(&content_)); }
    /** The value, which there must be. */
    T &operator*() & noexcept { return *std::get_if<0>(&content_); }
    const T &operator*() const & noexcept { return *std::get_if<0>(&content_); }
    T &&operator*() && noexcept { return std::move(*std::get_if<0>(&content_)); }
    T *operator->() noexcept { return std::get_if<0>(&content_); }
    const T *operator->() const noexcept { return std::get_if<0>(&content_); }
    /** The value, or another in its place. */
    template <class Other>
    T value_or(Other &&other) const & {
        return has_value() ? **this : static_cast<T>(std::forward<Other>(other));
    }
    template <class Other>
    T value_or(Other &&other) && {
        return has_value() ? std::move(**this) : static_cast<T>(std::forward<Other>(other));
    }
    /** The error, which there must be. */
    const lapwing::error &error() const noexcept { return *std::get_if<1>(&content_); }

#ifdef __cpp_lib_expected
    operator std::expected<T, lapwing::error>() const & {
        if (!has_value()) return std::unexpected(error());
        return **this;
    }
    operator std::expected<T, lapwing::error>() && {
        if (!has_value()) return std::unexpected(error());
        return std::move(**this);
    }
#endif

private:
    void require() const {
        if (!has_value()) throw error();
    }

    std::variant<T, lapwing::error> content_;
};

/** Nothing, or the error that kept a call from its end. */
template <>
class [[nodiscard]] Expected<void> {
public:
    using value_type = void;
    using error_type = lapwing::error;

    Expected() noexcept = default;
    Expected(lapwing::error failure) : failure_(std::move(failure)) {}

    bool has_value() const noexcept { return !failure_; }
    explicit operator bool() const noexcept { return has_value(); }
    /** Throws the error when there is one. */
    void value() const {
        if (failure_) throw *failure_;
    }
    void operator*() const noexcept {}
    /** The error, which there must be. */
    const lapwing::error &error() const noexcept { return *failure_; }

#ifdef __cpp_lib_expected
    operator std::expected<void, lapwing::error>() const {
        if (!has_value()) return std::unexpected(error());
        return {};
    }
#endif

private:
    std::optional<lapwing::error> failure_;
};

/** What a function returns, or the lapwing::error that it throws; other exceptions pass. */
template <class Function>
auto attempt(Function &&function) -> Expected<std::invoke_result_t<Function>> {
    using Result = std::invoke_result_t<Function>;
    static_assert(!std::is_reference_v<Result>, "what a reference refers to may be gone: return a value");
    try {
        if constexpr (std::is_void_v<Result>) {
            std::forward<Function>(function)();
            return {};
        } else {
            return std::forward<Function>(function)();
        }
    } catch (const lapwing::error &failure) {
        return failure;
    }
}

} // namespace lapwing

#endif /* LAPWING_EXPECTED_HPP */
