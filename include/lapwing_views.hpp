/* The part of lapwing.hpp that has errors, matrices, and views of memory that stays the caller's. Included by it.
 *
 *   Eigen::MatrixXd x = ...;                                  // or arma::mat, std::mdspan, std::vector, std::span
 *   const lapwing::Svd<double> svd = lapwing::svd(x);         // read in place, whatever the layout
 *   lapwing::copy(svd.u, x);                                  // and written in place
 *
 * What converts to a view by itself is known by its members, so that no other library's header is included here:
 *
 *   data(), rows(), cols(), rowStride(), colStride()   Eigen: Matrix, Array, Map, Ref, Block, Transpose
 *   or innerStride(), outerStride() and IsRowMajor     likewise
 *   memptr(), n_rows, n_cols                           Armadillo: Mat, Col, Row; column-major
 *   data_handle(), extent(), stride(), rank()          std::mdspan of rank 1 or 2
 *   data(), size()                                     std::vector, std::array, std::span: a column
 *
 * A view of a temporary lasts as long as the temporary does: to the end of the call it is an argument of.
 */
#ifndef LAPWING_VIEWS_HPP
#define LAPWING_VIEWS_HPP

#include "lapwing.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <new>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/* Clang then warns of a view that outlives a temporary. */
#if defined(__clang__)
#define LAPWING_LIFETIME_BOUND [[clang::lifetimebound]]
#else
#define LAPWING_LIFETIME_BOUND
#endif

namespace lapwing {

/** A failure: what() is the message, status() the LAPWING_ERR_ constant. */
class error : public std::runtime_error {
public:
    error(lapwing_status status, const std::string &message) : std::runtime_error(message), status_(status) {}

    lapwing_status status() const noexcept { return status_; }

private:
    lapwing_status status_;
};

namespace detail {

/** An extent or a stride of another library, whose type may hold what 64 bits with a sign do not. */
template <class Count>
std::int64_t count(Count found) {
    if constexpr (std::is_unsigned_v<Count>) {
        if (static_cast<std::uintmax_t>(found) > static_cast<std::uintmax_t>(INT64_MAX))
            throw error(LAPWING_ERR_TOO_LARGE, std::to_string(found) + " is no extent of 64 bits with a sign");
    }
    return static_cast<std::int64_t>(found);
}

/** Where the entries of a matrix are. */
template <class Entry>
struct Layout {
    Entry *data;
    std::int64_t rows, cols, row_stride, col_stride;
};

/* Doxygen takes a class that derives from its own template for a circle. */
/** @cond */
/** The order in which layouts are recognized: an overload with a higher place is tried first. */
template <int place>
struct Place : Place<place - 1> {};
template <>
struct Place<0> {};
/** @endcond */

/** Pointers to entries of just this type: a view converts no numbers. */
template <class Entry, class Pointer>
using if_points_to = std::enable_if_t<
    std::is_same_v<std::remove_cv_t<std::remove_pointer_t<std::decay_t<Pointer>>>, std::remove_cv_t<Entry>> &&
    std::is_convertible_v<Pointer, Entry *>>;

/* What has one of these is no vector, although it may have data() and size(); what has slices is no matrix. */
template <class A, class = void>
struct has_rows : std::false_type {};
template <class A>
struct has_rows<A, std::void_t<decltype(std::declval<A &>().rows())>> : std::true_type {};
template <class A, class = void>
struct has_shape : std::false_type {};
template <class A>
struct has_shape<A, std::void_t<decltype(std::declval<A &>().shape())>> : std::true_type {};
template <class A, class = void>
struct has_slices : std::false_type {};
template <class A>
struct has_slices<A, std::void_t<decltype(std::declval<A &>().n_slices)>> : std::true_type {};

template <class Entry, class A>
auto layout(A &a, Place<4>)
    -> decltype(if_points_to<Entry, decltype(a.data())>(), a.rowStride(), a.colStride(), Layout<Entry>()) {
    return {a.data(), count(a.rows()), count(a.cols()), count(a.rowStride()), count(a.colStride())};
}

template <class Entry, class A>
auto layout(A &a, Place<3>) -> decltype(if_points_to<Entry, decltype(a.data())>(), a.innerStride(), a.outerStride(),
                                        A::IsRowMajor, Layout<Entry>()) {
    const auto inner = count(a.innerStride()), outer = count(a.outerStride());
    return {a.data(), count(a.rows()), count(a.cols()), A::IsRowMajor ? outer : inner, A::IsRowMajor ? inner : outer};
}

template <class Entry, class A>
auto layout(A &a, Place<2>)
    -> decltype(if_points_to<Entry, decltype(a.memptr())>(), std::enable_if_t<!has_slices<A>::value>(),
                Layout<Entry>()) {
    return {a.memptr(), count(a.n_rows), count(a.n_cols), 1, count(a.n_rows)};
}

/* An accessor may make of entries what they are not in memory: those of this one are references to it. A layout need have no
 * strides. */
template <class Entry, class A>
auto layout(A &a, Place<1>)
    -> decltype(if_points_to<Entry, decltype(a.data_handle())>(),
                std::enable_if_t<std::is_same_v<typename A::reference, typename A::element_type &> &&
                                 (A::rank() == 1 || A::rank() == 2)>(),
                std::declval<const typename A::mapping_type &>().stride(0), Layout<Entry>()) {
    if (!a.is_strided()) throw error(LAPWING_ERR_ARGUMENT, "the layout of an mdspan is not by strides");
    if constexpr (A::rank() == 1)
        return {a.data_handle(), count(a.extent(0)), 1, count(a.stride(0)), 1};
    else
        return {a.data_handle(), count(a.extent(0)), count(a.extent(1)), count(a.stride(0)), count(a.stride(1))};
}

template <class Entry, class A>
auto layout(A &a, Place<0>) -> decltype(if_points_to<Entry, decltype(a.data())>(), a.size(),
                                        std::enable_if_t<!has_rows<A>::value && !has_shape<A>::value>(),
                                        Layout<Entry>()) {
    return {a.data(), count(a.size()), 1, 1, 1};
}

template <class Entry, class A>
using layout_t = decltype(layout<Entry>(std::declval<A &>(), Place<4>()));

/** Whether the entries go when the object does. They stay where a constant object lets them be written, as std::span
 *  and std::mdspan do, and in Eigen's expressions, which name the type that would own them. */
template <class A, class = void>
struct names_owner : std::false_type {};
template <class A>
struct names_owner<A, std::void_t<typename A::PlainObject>>
    : std::bool_constant<!std::is_same_v<typename A::PlainObject, A>> {};
template <class Entry, class A, class = void>
struct owns : std::bool_constant<!names_owner<A>::value> {};
template <class Entry, class A>
struct owns<Entry, A, std::void_t<layout_t<Entry, const A>>> : std::false_type {};

template <class Entry>
Layout<Entry> along(const Layout<Entry> &a) {
    if (a.cols == 1) return a;
    if (a.rows == 1) return {a.data, a.cols, a.rows, a.col_stride, a.row_stride};
    throw error(LAPWING_ERR_SHAPE,
                "a matrix of " + std::to_string(a.rows) + " x " + std::to_string(a.cols) + " entries is no vector");
}

} // namespace detail

/** A matrix to read: entry (i, j) is data[i * row_stride + j * col_stride]. Owns nothing. */
template <class T>
struct ConstMatrixView {
    const T *data;
    std::int64_t rows, cols, row_stride, col_stride;

    /** Packed row-major memory. */
    ConstMatrixView(const T *data, std::int64_t rows, std::int64_t cols)
        : ConstMatrixView(data, rows, cols, cols, 1) {}
    /** Any layout. */
    ConstMatrixView(const T *data, std::int64_t rows, std::int64_t cols, std::int64_t row_stride,
                    std::int64_t col_stride)
        : data(data), rows(rows), cols(cols), row_stride(row_stride), col_stride(col_stride) {}
    /** The entries of a vector, packed row-major; throws when they are not rows * cols many. */
    ConstMatrixView(const std::vector<T> &entries LAPWING_LIFETIME_BOUND, std::int64_t rows, std::int64_t cols)
        : ConstMatrixView(entries.data(), rows, cols) {
        const auto count = static_cast<std::int64_t>(entries.size());
        const bool fits = rows > 0 && cols > 0 ? count % rows == 0 && count / rows == cols : count == 0;
        if (!fits)
            throw error(LAPWING_ERR_SHAPE, "a vector of " + std::to_string(count) + " entries is no " +
                                               std::to_string(rows) + " x " + std::to_string(cols) + " matrix");
    }
    /** The entries of a matrix of another library, in its layout. */
    template <class A, class = detail::layout_t<const T, const A>,
              std::enable_if_t<detail::owns<T, A>::value, int> = 0>
    ConstMatrixView(const A &a LAPWING_LIFETIME_BOUND) : ConstMatrixView(detail::layout<const T>(a, detail::Place<4>())) {}
    /** The entries that a view of another library shows. */
    template <class A, class = detail::layout_t<const T, const A>,
              std::enable_if_t<!detail::owns<T, A>::value, long> = 0>
    ConstMatrixView(const A &a) : ConstMatrixView(detail::layout<const T>(a, detail::Place<4>())) {}

    const T &operator()(std::int64_t i, std::int64_t j) const { return data[i * row_stride + j * col_stride]; }
    ConstMatrixView transposed() const { return {data, cols, rows, col_stride, row_stride}; }

private:
    ConstMatrixView(const detail::Layout<const T> &a)
        : ConstMatrixView(a.data, a.rows, a.cols, a.row_stride, a.col_stride) {}
};

/** A matrix to write: entry (i, j) is data[i * row_stride + j * col_stride]. Owns nothing. */
template <class T>
struct MatrixView {
    T *data;
    std::int64_t rows, cols, row_stride, col_stride;

    /** Packed row-major memory. */
    MatrixView(T *data, std::int64_t rows, std::int64_t cols) : MatrixView(data, rows, cols, cols, 1) {}
    /** Any layout. */
    MatrixView(T *data, std::int64_t rows, std::int64_t cols, std::int64_t row_stride, std::int64_t col_stride)
        : data(data), rows(rows), cols(cols), row_stride(row_stride), col_stride(col_stride) {}
    /** The entries of a matrix of another library, in its layout; of a temporary only if that is a view itself, because
     *  what is written to any other is lost. */
    template <class A, class = detail::layout_t<T, std::remove_reference_t<A>>,
              class = std::enable_if_t<std::is_lvalue_reference_v<A> || !detail::owns<T, std::decay_t<A>>::value>>
    MatrixView(A &&a) : MatrixView(detail::layout<T>(a, detail::Place<4>())) {}

    T &operator()(std::int64_t i, std::int64_t j) const { return data[i * row_stride + j * col_stride]; }
    MatrixView transposed() const { return {data, cols, rows, col_stride, row_stride}; }
    operator ConstMatrixView<T>() const { return {data, rows, cols, row_stride, col_stride}; }

private:
    MatrixView(const detail::Layout<T> &a) : MatrixView(a.data, a.rows, a.cols, a.row_stride, a.col_stride) {}
};

/** Matrices to read and to write, by shorter names. */
template <class T>
using View = ConstMatrixView<T>;
template <class T>
using MutableView = MatrixView<T>;

/** A sparse matrix to read, in compressed rows with 32-bit indices; see lapwing_csr_f64. Owns nothing. */
template <class T>
struct ConstSparseView {
    const T *values;
    const std::int32_t *columns, *row_starts;
    std::int64_t rows, cols;

    ConstSparseView(const T *values, const std::int32_t *columns, const std::int32_t *row_starts, std::int64_t rows,
                    std::int64_t cols)
        : values(values), columns(columns), row_starts(row_starts), rows(rows), cols(cols) {}
    /** Of as many rows as there are row starts, less one; throws when the lengths do not agree. */
    ConstSparseView(const std::vector<T> &values, const std::vector<std::int32_t> &columns,
                    const std::vector<std::int32_t> &row_starts, std::int64_t cols)
        : ConstSparseView(values.data(), columns.data(), row_starts.data(),
                          static_cast<std::int64_t>(row_starts.size()) - 1, cols) {
        const bool fits = !row_starts.empty() && values.size() == columns.size() &&
                          static_cast<std::int64_t>(values.size()) == row_starts.back();
        if (!fits)
            throw error(LAPWING_ERR_SHAPE,
                        std::to_string(values.size()) + " values, " + std::to_string(columns.size()) + " columns and " +
                            std::to_string(row_starts.size()) +
                            " row starts are no compressed rows: the last row start is the number of the others");
    }
};

/** A matrix that is known by its products with blocks of vectors: each function replaces its second argument by the
 *  product with its first. What they throw ends the call, and reaches its caller. */
template <class T>
struct Operator {
    using Product = std::function<void(ConstMatrixView<T>, MatrixView<T>)>;

    std::int64_t rows, cols;
    Product multiply;
    /** Empty for symmetric matrices. */
    Product multiply_transposed = nullptr;
};

/** A vector to read: entry i is data[i * stride]. Owns nothing. */
template <class T>
struct ConstVectorView {
    const T *data;
    std::int64_t size, stride;

    /** No entries. */
    ConstVectorView() : ConstVectorView(nullptr, 0) {}
    ConstVectorView(const T *data, std::int64_t size, std::int64_t stride = 1)
        : data(data), size(size), stride(stride) {}
    /** The entries of a list that is written out, as an argument. */
    ConstVectorView(std::initializer_list<T> entries LAPWING_LIFETIME_BOUND)
        : ConstVectorView(std::data(entries), static_cast<std::int64_t>(entries.size())) {}
    /** The entries of a vector of another library, or of a matrix with one row or one column; throws when it has more. */
    template <class A, class = detail::layout_t<const T, const A>,
              std::enable_if_t<detail::owns<T, A>::value, int> = 0>
    ConstVectorView(const A &a LAPWING_LIFETIME_BOUND)
        : ConstVectorView(detail::along(detail::layout<const T>(a, detail::Place<4>()))) {}
    /** The entries that a view of another library shows. */
    template <class A, class = detail::layout_t<const T, const A>,
              std::enable_if_t<!detail::owns<T, A>::value, long> = 0>
    ConstVectorView(const A &a) : ConstVectorView(detail::along(detail::layout<const T>(a, detail::Place<4>()))) {}

    const T &operator[](std::int64_t i) const { return data[i * stride]; }
    std::vector<T> to_vector() const {
        std::vector<T> copy(static_cast<std::size_t>(size));
        for (std::int64_t i = 0; i < size; ++i) copy[static_cast<std::size_t>(i)] = (*this)[i];
        return copy;
    }
    /** A column. */
    operator ConstMatrixView<T>() const { return {data, size, 1, stride, 1}; }

private:
    ConstVectorView(const detail::Layout<const T> &a) : ConstVectorView(a.data, a.rows, a.row_stride) {}
};

namespace detail {

/** So many zeros; what there is no memory for is an error of the library's like any other. */
template <class T>
std::vector<T> zeros(std::int64_t count) {
    const std::string failure = std::to_string(count) + " entries";
    if (static_cast<std::uint64_t>(count) > std::vector<T>().max_size())
        throw error(LAPWING_ERR_TOO_LARGE, failure + " are too many");
    try {
        return std::vector<T>(static_cast<std::size_t>(count));
    } catch (const std::bad_alloc &) {
        throw error(LAPWING_ERR_OUT_OF_MEMORY, "there is no memory for " + failure);
    }
}

} // namespace detail

/** A matrix that owns its entries, row-major and packed. */
template <class T>
class Matrix {
public:
    using value_type = T;

    Matrix() = default;
    /** Zeros. */
    Matrix(std::int64_t rows, std::int64_t cols) : rows_(rows), cols_(cols), entries_(zeros(rows, cols)) {}
    /** A copy. */
    explicit Matrix(ConstMatrixView<T> a) : Matrix(a.rows, a.cols) {
        for (std::int64_t i = 0; i < rows_; ++i)
            for (std::int64_t j = 0; j < cols_; ++j) (*this)(i, j) = a(i, j);
    }

    std::int64_t rows() const noexcept { return rows_; }
    std::int64_t cols() const noexcept { return cols_; }
    T *data() noexcept { return entries_.data(); }
    const T *data() const noexcept { return entries_.data(); }
    T &operator()(std::int64_t i, std::int64_t j) { return entries_[static_cast<std::size_t>(i * cols_ + j)]; }
    const T &operator()(std::int64_t i, std::int64_t j) const {
        return entries_[static_cast<std::size_t>(i * cols_ + j)];
    }
    ConstMatrixView<T> view() const LAPWING_LIFETIME_BOUND { return {entries_.data(), rows_, cols_}; }
    ConstMatrixView<T> transposed() const LAPWING_LIFETIME_BOUND { return view().transposed(); }
    operator ConstMatrixView<T>() const LAPWING_LIFETIME_BOUND { return view(); }
    operator MatrixView<T>() & { return {entries_.data(), rows_, cols_}; }

private:
    static std::vector<T> zeros(std::int64_t rows, std::int64_t cols) {
        if (rows < 0 || cols < 0) throw error(LAPWING_ERR_SHAPE, "the extents of a matrix are not negative");
        if (rows > 0 && cols > INT64_MAX / rows) throw error(LAPWING_ERR_TOO_LARGE, "a matrix has too many entries");
        return detail::zeros<T>(rows * cols);
    }

    std::int64_t rows_ = 0, cols_ = 0;
    std::vector<T> entries_;
};

namespace detail {

template <class A, class = void>
struct scalar_of {};
template <class A>
struct scalar_of<A, std::enable_if_t<std::is_convertible_v<const A &, ConstMatrixView<double>>>> {
    using type = double;
};
template <class A>
struct scalar_of<A, std::enable_if_t<std::is_convertible_v<const A &, ConstMatrixView<float>>>> {
    using type = float;
};

} // namespace detail

/** double or float: that of the entries of these matrices and vectors, when they are of one precision. */
template <class First, class... Others>
using Scalar = std::enable_if_t<
    (std::is_same_v<typename detail::scalar_of<First>::type, typename detail::scalar_of<Others>::type> && ...),
    typename detail::scalar_of<First>::type>;

template <class A>
ConstMatrixView(const A &) -> ConstMatrixView<Scalar<A>>;
template <class A>
ConstVectorView(const A &) -> ConstVectorView<Scalar<A>>;

/** Copies the entries of one matrix to the places of another of the same shape, which must not overlap with it. */
template <class From, class To, class T = Scalar<From>,
          class = std::enable_if_t<std::is_convertible_v<To &&, MatrixView<T>>>>
void copy(const From &from, To &&to) {
    const ConstMatrixView<T> source = from;
    const MatrixView<T> target(std::forward<To>(to));
    if (source.rows != target.rows || source.cols != target.cols)
        throw error(LAPWING_ERR_SHAPE, "a matrix of " + std::to_string(source.rows) + " x " +
                                           std::to_string(source.cols) + " entries is copied to one of " +
                                           std::to_string(target.rows) + " x " + std::to_string(target.cols));
    for (std::int64_t i = 0; i < source.rows; ++i)
        for (std::int64_t j = 0; j < source.cols; ++j) target(i, j) = source(i, j);
}

} // namespace lapwing

#endif /* LAPWING_VIEWS_HPP */
