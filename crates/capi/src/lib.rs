//! The C interface of Lapwing: `extern "C"` functions, and no algorithm.
//!
//! | module           | holds                                                                     |
//! |------------------|---------------------------------------------------------------------------|
//! | [`status`]       | the status codes, and how Rust errors become them                         |
//! | [`guard`]        | the gate that every export passes: errors, panics, the last message       |
//! | [`view`]         | the views that C passes, with a frozen layout                             |
//! | [`arguments`]    | what several exports ask of their arguments                               |
//! | `numbers`        | constants that stand for a choice, and pointers to single results         |
//! | `models`         | fitted models behind opaque pointers                                      |
//! | `strided`        | their validation, and the only views that are read or written through     |
//! | [`decompositions`] | SVD, symmetric eigenproblem, QR, Cholesky                               |
//! | [`workspaces`]   | memory that these reuse from call to call                                 |
//! | [`factors`]      | their other forms: full, pivoted, in part; products                         |
//! | [`definite`]     | pivoted and modified Cholesky, rank-one updates                           |
//! | [`summaries`]    | norms, condition numbers, determinants, invertibility                     |
//! | [`quadratic_forms`] | definiteness, quadratic forms, inner products                          |
//! | [`eigenproblems`] | Schur and Hessenberg forms, eigenvalues of a general matrix              |
//! | [`pencils`]      | the same of two matrices, and their generalized singular values           |
//! | [`least_squares`] | least squares: plain, refined, constrained, regularized                       |
//! | [`rank`]         | ranks, and which columns are independent                                  |
//! | [`subspaces`]    | null spaces, bases, the four fundamental subspaces, projectors            |
//! | [`angles`]       | angles and distances between subspaces                                    |
//! | [`gram_schmidt`] | Gram-Schmidt orthogonalization, Gram matrices                             |
//! | [`inverses`]     | inverses, one-sided inverses, pseudoinverses                              |
//! | [`approximations`] | low rank, polar and Procrustes                                          |
//! | [`linear_systems`], [`symmetric_systems`] | LU, symmetric indefinite                         |
//! | [`banded_systems`], [`tridiagonal_systems`] | of which only a few diagonals are not zero     |
//! | [`definite_systems`], [`triangular`] | positive definite, triangular                         |
//! | [`solve`]        | any system, by its structure                                              |
//! | [`functions`]    | functions of square matrices                                              |
//! | [`equations`]    | matrix equations                                                          |
//! | [`sparse`], [`operators`] | matrices in compressed rows, and those known by their products; their validation |
//! | [`sparse_matrix`] | a matrix in compressed rows that a function makes                           |
//! | `options`, [`iterations`] | structs of options that may grow; those of iterative methods               |
//! | [`partial_svd`], [`randomized_svd`] | a few singular triplets                                         |
//! | [`norm_bounds`]  | bounds of the largest singular value                                      |
//! | [`partial_eigh`], [`shift_invert`], [`lobpcg`], [`randomized_eigh`] | a few eigenpairs of symmetric matrices |
//! | [`partial_eig`]  | a few eigenpairs of general matrices                                      |
//! | [`preconditioners`], `iterative_systems` | what the next line's methods have in common                 |
//! | [`conjugate_gradient`], [`minres`], [`gmres`], [`bicgstab`] | square systems that are large and sparse |
//! | [`iterative_least_squares`] | least squares with matrices that are large and sparse                  |
//! | [`pca`], [`incremental_pca`] | principal component analysis as an opaque model, at once and in blocks |
//! | [`kernel_pca`]   | the same of what a kernel maps the data to                                |
//! | [`component_selection`] | how many principal components: elbow, parallel analysis, cross-validation |
//! | [`truncated_svd`] | the leading singular directions of data that is not centred, dense or sparse |
//! | [`covariance`], [`correlation`] | location and covariance by whichever estimator, at once and in blocks; correlations |
//! | [`mahalanobis`], [`multivariate_normal`] | distances by a covariance, and the Gaussian that it belongs to  |
//! | [`discriminant`]  | linear and quadratic discriminant analysis                               |
//! | [`standard_scaler`], [`whitening`], [`polynomial_features`] | what data passes before a model               |
//! | [`k_means`]      | clusters about k centres                                                     |
//! | [`cluster_scores`] | how well they agree with classes, and how far apart they lie               |
//! | [`spectral`]     | clusters and coordinates from the affinities between samples                 |
//! | [`neighbors`]    | nearest samples, in tables and graphs                                        |
//! | [`graph`]        | graphs with weights, and the spectra of their Laplacians                     |
//! | [`metrics`], [`k_fold`] | how far predictions lie from the truth, and on which samples to judge them          |
//! | [`linear_model`] | regressions of all kinds, as one opaque model                                  |
//! | [`stored`]       | models as text                                                            |
//! | [`threads`], [`version`] | what their names say                                              |
//!
//! Every export is written out in `_f64` and `_f32` over one generic function, because cbindgen, which makes
//! `include/lapwing.h` from this crate, does not see through macros. Documentation is written for that header.

#![allow(non_camel_case_types, reason = "types bear the names that C programs see")]
#![allow(
    clippy::missing_safety_doc,
    reason = "what a pointer must satisfy is said once, at the header's head"
)]

pub mod angles;
pub mod approximations;
pub mod arguments;
pub mod banded_systems;
pub mod bicgstab;
pub mod cluster_scores;
pub mod component_selection;
pub mod conjugate_gradient;
pub mod correlation;
pub mod covariance;
pub mod decompositions;
pub mod definite;
pub mod definite_systems;
pub mod discriminant;
pub mod eigenproblems;
pub mod equations;
pub mod factors;
pub mod functions;
pub mod gmres;
pub mod gram_schmidt;
pub mod graph;
pub mod guard;
pub mod incremental_pca;
pub mod inverses;
pub mod iterations;
pub mod iterative_least_squares;
mod iterative_systems;
pub mod k_fold;
pub mod k_means;
pub mod kernel_pca;
pub mod least_squares;
pub mod linear_model;
pub mod linear_systems;
pub mod lobpcg;
pub mod mahalanobis;
pub mod metrics;
pub mod minres;
mod models;
pub mod multivariate_normal;
pub mod neighbors;
pub mod norm_bounds;
mod numbers;
pub mod operators;
mod options;
pub mod partial_eig;
pub mod partial_eigh;
pub mod partial_svd;
pub mod pca;
pub mod pencils;
pub mod polynomial_features;
pub mod preconditioners;
pub mod quadratic_forms;
pub mod randomized_eigh;
pub mod randomized_svd;
pub mod rank;
pub mod shift_invert;
pub mod solve;
pub mod sparse;
pub mod sparse_matrix;
pub mod spectral;
pub mod standard_scaler;
pub mod status;
pub mod stored;
mod strided;
pub mod structured;
pub mod subspaces;
pub mod summaries;
pub mod symmetric_systems;
pub mod threads;
pub mod triangular;
pub mod tridiagonal_systems;
pub mod truncated_svd;
pub mod version;
pub mod view;
pub mod whitening;
pub mod workspaces;
