/* The part of lapwing.hpp that has memory for many decompositions one after the other. Included by it.
 *
 *   lapwing::SvdWorkspace<double> workspace;
 *   lapwing::Svd<double> svd;
 *   while (next(window)) workspace.svd(window, svd);           // allocates in the first round alone
 */
/* Before the guard: whichever header comes first, lapwing.hpp includes the parts in their order. */
#include "lapwing.hpp"

#ifndef LAPWING_WORKSPACES_HPP
#define LAPWING_WORKSPACES_HPP

#include "lapwing_decompositions.hpp"

#include <memory>

namespace lapwing {

namespace detail {

template <class T>
struct workspaces_api;

template <>
struct workspaces_api<double> {
    using svd_workspace = lapwing_svd_workspace_f64;
    using eigh_workspace = lapwing_eigh_workspace_f64;
    static constexpr auto svd_new = lapwing_svd_workspace_new_f64;
    static constexpr auto svd_with = lapwing_svd_with_workspace_f64;
    static constexpr auto svd_free = lapwing_svd_workspace_free_f64;
    static constexpr auto eigh_new = lapwing_eigh_workspace_new_f64;
    static constexpr auto eigh_with = lapwing_eigh_with_workspace_f64;
    static constexpr auto eigh_free = lapwing_eigh_workspace_free_f64;
};

template <>
struct workspaces_api<float> {
    using svd_workspace = lapwing_svd_workspace_f32;
    using eigh_workspace = lapwing_eigh_workspace_f32;
    static constexpr auto svd_new = lapwing_svd_workspace_new_f32;
    static constexpr auto svd_with = lapwing_svd_with_workspace_f32;
    static constexpr auto svd_free = lapwing_svd_workspace_free_f32;
    static constexpr auto eigh_new = lapwing_eigh_workspace_new_f32;
    static constexpr auto eigh_with = lapwing_eigh_with_workspace_f32;
    static constexpr auto eigh_free = lapwing_eigh_workspace_free_f32;
};

} // namespace detail

/** Memory for singular value decompositions, which grows to the largest matrix it has seen; the results are those of svd()
 *  to the last bit. Movable but not copyable, and used by one thread at a time. */
template <class T>
class SvdWorkspace {
    using api = detail::workspaces_api<T>;

public:
    /** An empty one. */
    SvdWorkspace() : workspace_(detail::made<typename api::svd_workspace>(api::svd_new)) {}

    /** The thin singular value decomposition of a. */
    Svd<T> svd(ConstMatrixView<T> a) {
        const auto rows = detail::extent(a.rows), cols = detail::extent(a.cols), rank = std::min(rows, cols);
        Svd<T> result{Matrix<T>(rows, rank), std::vector<T>(static_cast<std::size_t>(rank)), Matrix<T>(rank, cols)};
        detail::check(api::svd_with(workspace_.get(), detail::input(a), detail::output(result.s),
                                    detail::output(result.u), detail::output(result.vt)));
        return result;
    }
    /** The same in the memory of an earlier result, when its shapes are the same. */
    void svd(ConstMatrixView<T> a, Svd<T> &result) {
        const auto rank = std::min(a.rows, a.cols);
        const bool fits = result.u.rows() == a.rows && result.u.cols() == rank && result.vt.rows() == rank &&
                          result.vt.cols() == a.cols && static_cast<std::int64_t>(result.s.size()) == rank;
        if (!fits) {
            result = svd(a);
            return;
        }
        detail::check(api::svd_with(workspace_.get(), detail::input(a), detail::output(result.s),
                                    detail::output(result.u), detail::output(result.vt)));
    }
    /** The singular values of a alone. */
    std::vector<T> singular_values(ConstMatrixView<T> a) {
        auto values = detail::entries<T>(std::min(a.rows, a.cols));
        detail::check(api::svd_with(workspace_.get(), detail::input(a), detail::output(values),
                                    detail::unwanted<T>(), detail::unwanted<T>()));
        return values;
    }

private:
    using memory = typename api::svd_workspace;
    std::unique_ptr<memory, detail::Free<memory, api::svd_free>> workspace_;
};

/** The same for eigendecompositions of symmetric matrices; the results are those of eigh(). */
template <class T>
class EighWorkspace {
    using api = detail::workspaces_api<T>;

public:
    /** An empty one. */
    EighWorkspace() : workspace_(detail::made<typename api::eigh_workspace>(api::eigh_new)) {}

    /** The eigenvalues and eigenvectors of a symmetric matrix. */
    Eigh<T> eigh(ConstMatrixView<T> a, Triangle triangle = Triangle::lower) {
        const auto order = detail::extent(a.rows);
        Eigh<T> result{std::vector<T>(static_cast<std::size_t>(order)), Matrix<T>(order, order)};
        detail::check(api::eigh_with(workspace_.get(), detail::input(a), detail::constant(triangle),
                                     detail::output(result.w), detail::output(result.v)));
        return result;
    }

    /** The same in the memory of an earlier result, when its shapes are the same. */
    void eigh(ConstMatrixView<T> a, Eigh<T> &result, Triangle triangle = Triangle::lower) {
        const bool fits = result.v.rows() == a.rows && result.v.cols() == a.rows &&
                          static_cast<std::int64_t>(result.w.size()) == a.rows;
        if (!fits) {
            result = eigh(a, triangle);
            return;
        }
        detail::check(api::eigh_with(workspace_.get(), detail::input(a), detail::constant(triangle),
                                     detail::output(result.w), detail::output(result.v)));
    }

private:
    using memory = typename api::eigh_workspace;
    std::unique_ptr<memory, detail::Free<memory, api::eigh_free>> workspace_;
};

} // namespace lapwing

#endif /* LAPWING_WORKSPACES_HPP */
