/* Lapwing for C++17: lapwing.h with views, exceptions and owners. Header-only; link with liblapwing.
 *
 *   c++ -std=c++17 program.cpp $(pkg-config --cflags --libs lapwing)
 *
 *   lapwing::Matrix<double> x(100, 8);                        // row-major, zeros; fill with x(i, j) = ...
 *   lapwing::PcaOptions options;
 *   options.n_components = 2;
 *   lapwing::Pca<double> pca(x, options);
 *   lapwing::Matrix<double> scores = pca.transform(x);        // 100 x 2
 *
 * Functions take views of memory that stays the caller's: a lapwing::Matrix, what Eigen, Armadillo, std::mdspan, std::span
 * and std::vector have (lapwing_views.hpp says how), or a View made from a pointer, extents and strides. A vector is a
 * column where a matrix is asked for.
 *
 *   lapwing::ConstSparseView<double> a(values, columns, row_starts, cols);   // compressed rows, as in SciPy and Eigen
 *   auto svd = lapwing::partial_svd(a, 10);                                  // the ten largest triplets
 *
 * They throw lapwing::error. For errors as values there is attempt(), in lapwing_expected.hpp:
 *
 *   auto factor = lapwing::attempt([&] { return lapwing::cholesky(covariance); });
 *   if (!factor) std::fputs(factor.error().what(), stderr);
 *
 * Each subject has a header of its own, and this file includes them all:
 *
 *   lapwing_views.hpp            matrices and views           lapwing_expected.hpp       errors as values
 *   lapwing_decompositions.hpp   SVD, eigen, QR, Cholesky     lapwing_pca.hpp            principal components
 *   lapwing_iterations.hpp       Krylov methods               lapwing_models.hpp         kernel PCA, truncated SVD
 *   lapwing_factorizations.hpp   LU, LDLT, pivoting, updates  lapwing_systems.hpp        linear systems, inverses
 *   lapwing_least_squares.hpp    least squares                lapwing_eigenproblems.hpp  eigenvalues, Schur forms
 *   lapwing_functions.hpp        products, expm, Riccati      lapwing_summaries.hpp      norms, determinants, ranks
 *   lapwing_subspaces.hpp        bases, projections, angles   lapwing_motions.hpp        rotations, permutations
 *   lapwing_structured.hpp       Toeplitz, Kronecker, random  lapwing_metrics.hpp        scores of predictions
 *   lapwing_statistics.hpp       covariances, discriminants   lapwing_linear_models.hpp  regressions
 *   lapwing_clusters.hpp         clusters, graphs             lapwing_spectral.hpp       spectral clustering, embeddings
 *   lapwing_workspaces.hpp       memory for repeated calls    lapwing_choices.hpp        penalties, numbers of clusters
 */
#ifndef LAPWING_HPP
#define LAPWING_HPP

#include "lapwing_views.hpp"
#include "lapwing_expected.hpp"
#include "lapwing_calls.hpp"

namespace lapwing {

/** How many threads a call may use, for the whole process. */
inline std::int32_t threads() { return lapwing_threads_get(); }
/** Sets that number. */
inline void set_threads(std::int32_t count) { detail::check(lapwing_threads_set(count)); }

/** The version of the library that runs, as "0.1.0". */
inline std::string version() { return lapwing_version(); }
/** The same as one number, to compare with LAPWING_VERSION_NUMBER, that of the headers. */
inline std::uint32_t version_number() { return lapwing_version_number(); }
/** The BLAS and LAPACK that run, for logs and reports; see lapwing_backend. */
inline std::string backend() {
    std::string text(lapwing_backend(nullptr, 0) + 1, '\0');
    lapwing_backend(&text[0], text.size());
    text.pop_back();
    return text;
}
/** The name of a status, as "LAPWING_ERR_SHAPE". */
inline std::string status_name(lapwing_status status) { return lapwing_status_name(status); }

} // namespace lapwing

#include "lapwing_decompositions.hpp"
#include "lapwing_iterations.hpp"
#include "lapwing_pca.hpp"
#include "lapwing_models.hpp"
#include "lapwing_workspaces.hpp"
#include "lapwing_factorizations.hpp"
#include "lapwing_systems.hpp"
#include "lapwing_least_squares.hpp"
#include "lapwing_eigenproblems.hpp"
#include "lapwing_functions.hpp"
#include "lapwing_summaries.hpp"
#include "lapwing_subspaces.hpp"
#include "lapwing_motions.hpp"
#include "lapwing_structured.hpp"
#include "lapwing_statistics.hpp"
#include "lapwing_linear_models.hpp"
#include "lapwing_clusters.hpp"
#include "lapwing_choices.hpp"
#include "lapwing_spectral.hpp"

#endif /* LAPWING_HPP */
