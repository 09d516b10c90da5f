//! LAPACK's decompositions, solves and summaries behind a safe interface, over any `ndarray` layout.
//!
//! **Solve.** [`solve()`] looks at the structure of a matrix, picks the method and can explain the choice.
//!
//! | with a matrix that is                        | use                                     | LAPACK                    |
//! |----------------------------------------------|-----------------------------------------|---------------------------|
//! | general and square                           | [`Lu`]                                  | `getrf`, `gerfs`, `gecon` |
//! | symmetric positive definite                  | [`Cholesky`]                            | `potrf`                   |
//! | symmetric                                    | [`Ldlt`]                                | `sytrf_rook`              |
//! | positive semidefinite, or a Hessian          | [`PivotedCholesky`], [`ModifiedCholesky`] | `pstrf`                 |
//! | banded, tridiagonal, triangular              | [`Banded`], [`TridiagonalLu`], [`triangular`] | `gbtrf`, `gttrf`, `pbtrf`, `pttrf`, `trtrs` |
//! | of any shape, in the sense of least squares  | [`least_squares`]                       | `gels`, `gelsy`, `gelsd`, `gglse`, `ggglm` |
//!
//! **Decompose.**
//!
//! | to                                           | use                                     | LAPACK                    |
//! |----------------------------------------------|-----------------------------------------|---------------------------|
//! | decompose any matrix, find its rank          | [`Svd`], [`rank`]                       | `gesdd`, `gesvd`          |
//! | decompose a symmetric matrix                 | [`SymmetricEigen`]                      | `syevd`, `syevr`          |
//! | decompose a square matrix                    | [`GeneralEigen`], [`Schur`], [`ComplexSchur`], [`Hessenberg`] | `geevx`, `gees`, `trsen`, `gehrd` |
//! | decompose a pair of matrices                 | [`GeneralizedSymmetricEigen`], [`GeneralizedEigen`], [`GeneralizedSchur`], [`GeneralizedSvd`] | `sygvd`, `ggev`, `gges`, `tgsja` |
//! | orthonormalize                               | [`Qr`], [`PivotedQr`], [`gram_schmidt`] | `geqrf`, `geqp3`          |
//! | follow a change of rank one                  | [`Cholesky::update`], [`ExplicitQr`]    |                           |
//!
//! **Summarize and transform.**
//!
//! | to                                           | use                                                          |
//! |----------------------------------------------|--------------------------------------------------------------|
//! | measure                                      | [`norms`], [`condition`], [`inner_products`], [`invariants`] |
//! | classify                                     | [`rank`], [`definiteness`], [`invertibility`]                |
//! | span ranges and null spaces, find angles     | [`subspaces`]                                                |
//! | invert, approximate, align                   | [`inverse`], [`LowRank`], [`Polar`], [`Procrustes`]          |
//! | exponentiate, take roots and logarithms      | [`functions`]                                                |
//! | solve Sylvester, Lyapunov, Riccati equations | [`equations`]                                                |
//! | build and multiply by structured matrices    | [`structured`], [`random`]                                   |
//! | multiply, solve with a triangle              | [`gemm()`], [`matmul`], [`syrk`], [`trsm`]                   |
//!
//! Matrices are `f32` or `f64` ([`Scalar`]), in any layout: row-major, column-major, padded, strided,
//! reversed, empty. Inputs are borrowed as [`ndarray::ArrayRef2`], to which owned arrays and views both
//! dereference, and are never modified.
//!
//! Where LAPACK loops for ever, overflows the stack, wraps a size or reports success with garbage, these
//! functions return a typed [`Error`] or the right answer. Every decomposition can prove itself: its
//! `certificate` gives LAPACK's own test ratios for the case at hand.
//!
//! ```
//! use lapwing_lapack::{Error, Svd};
//! use ndarray::array;
//!
//! let a = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
//! let svd = Svd::thin(&a)?;
//! assert!((svd.singular_values()[0] - 9.525518091565107f64).abs() < 1e-14);
//! assert!(svd.certificate(&a)?.holds());
//!
//! let error = Svd::thin(&array![[1.0, f64::INFINITY]]).unwrap_err();
//! assert_eq!(error, Error::NonFinite { argument: "a", row: 0, col: 1 });
//! # Ok::<(), Error>(())
//! ```

pub mod backend;
mod banded;
mod certificate;
mod cholesky;
mod cholesky_update;
mod complex_matrix;
mod complex_schur;
pub mod condition;
pub mod definiteness;
mod determinant;
mod double_double;
pub mod equations;
mod error;
mod explicit_qr;
mod ffi;
mod finite;
pub mod functions;
mod general_eigen;
mod generalized_eigen;
mod generalized_eigenvalue;
mod generalized_schur;
mod generalized_svd;
mod generalized_symmetric_eigen;
pub mod gram_schmidt;
mod hessenberg;
pub mod inner_products;
pub mod invariants;
pub mod inverse;
pub mod invertibility;
pub mod kernel;
mod layout;
mod ldlt;
pub mod least_squares;
mod low_rank;
mod lu;
mod modified_cholesky;
pub mod norms;
mod pivoted_cholesky;
mod pivoted_qr;
mod polar;
mod procrustes;
mod products;
mod qr;
pub mod random;
pub mod rank;
mod right_hand_side;
mod scalar;
mod scaling;
mod schur;
mod size;
mod solve;
pub mod structured;
pub mod subspaces;
mod svd;
mod symmetric_eigen;
mod symmetry;
mod tall_qr;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod threads;
mod triangle;
pub mod triangular;
mod tridiagonal;

pub use banded::{Banded, BandedCholesky, BandedLu};
pub use certificate::{Certificate, Ratio};
pub use cholesky::{Cholesky, CholeskyParams};
pub use complex_schur::ComplexSchur;
pub use error::Error;
pub use explicit_qr::ExplicitQr;
pub use finite::require_finite;
pub use general_eigen::{Balancing, ConditionNumbers, EigenConditions, GeneralEigen, GeneralEigenParams};
pub use generalized_eigen::{GeneralizedEigen, GeneralizedEigenParams};
pub use generalized_eigenvalue::{EigenvalueKind, GeneralizedEigenvalue};
pub use generalized_schur::GeneralizedSchur;
pub use generalized_svd::GeneralizedSvd;
pub use generalized_symmetric_eigen::{
    GeneralizedSymmetricEigen, GeneralizedSymmetricEigenParams, SymmetricProblem,
};
pub use hessenberg::Hessenberg;
pub use layout::zeros;
pub use ldlt::{Inertia, Ldlt, LdltParams};
pub use low_rank::{LowRank, RankOne, Truncation};
pub use lu::{ConditionNorm, Lu, LuParams, RefinedSolution};
pub use modified_cholesky::{Modification, ModifiedCholesky, ModifiedCholeskyParams};
pub use pivoted_cholesky::{PivotedCholesky, PivotedCholeskyParams};
pub use pivoted_qr::{PivotedQr, PivotedQrParams};
pub use polar::Polar;
pub use procrustes::{Procrustes, ProcrustesParams};
pub use products::{Diagonal, Side, gemm, matmul, syrk, trsm};
pub use qr::{Qr, QrParams, QrWorkspace};
pub use right_hand_side::RightHandSide;
pub use scalar::Scalar;
pub use schur::{Region, Schur, SubspaceCondition};
pub use solve::{Method, Plan, Solution, Structure, solve};
pub use svd::{SingularValues, Svd, SvdDriver, SvdParams, SvdWorkspace, Vectors};
pub use symmetric_eigen::{
    EigenDriver, Eigenvalues, Spectrum, SymmetricEigen, SymmetricEigenParams, SymmetricEigenWorkspace,
};
pub use triangle::Triangle;
pub use tridiagonal::{TridiagonalCholesky, TridiagonalLu};
