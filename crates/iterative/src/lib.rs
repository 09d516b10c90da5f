//! Iterative methods, for matrices that are too large or too sparse for LAPACK, or known only by their products.
//!
//! A [`LinearOperator`] multiplies blocks of vectors by a matrix or its transpose. The matrix may be dense, sparse
//! ([`sprs`]'s CSR and CSC), a closure ([`FunctionOperator`]), or made of others ([`Transposed`], [`Sum`], [`Composed`],
//! [`Shifted`], [`Centred`]).
//!
//! | to find                                                    | use                                          |
//! |------------------------------------------------------------|----------------------------------------------|
//! | eigenpairs at an end of a symmetric operator's spectrum    | [`PartialSymmetricEigen`]                    |
//! | the same with a preconditioner, of a pencil too            | [`Lobpcg`]                                   |
//! | the same, approximately, in a few products                 | [`RandomizedSymmetricEigen`]                 |
//! | eigenpairs at the outside of a general operator's spectrum | [`PartialGeneralEigen`]                      |
//! | those nearest a number                                     | either, with [`ShiftInverse`]                |
//! | the largest singular triplets                              | [`PartialSvd`]                               |
//! | the same, approximately, in a few products                 | [`RandomizedSvd`]                            |
//! | the solution of a linear system, or of least squares       | [`linear_systems`], with [`preconditioners`] |
//!
//! A method ends in an answer or in an [`IterationError`], which carries the best answer so far.

mod basis;
mod eigen;
mod error;
pub mod linear_systems;
pub mod matrix_market;
pub mod operator;
mod partial_svd;
pub mod preconditioners;
mod progress;
pub mod randomized;
mod sparse;

pub use eigen::{
    ComplexExtreme, Extreme, Lobpcg, LobpcgParams, MinimumDegree, Multiplicity, PartialGeneralEigen,
    PartialGeneralEigenParams, PartialSymmetricEigen, PartialSymmetricEigenParams, ShiftInverse,
};
pub use error::{BreakdownReason, Error, IterationError};
pub use linear_systems::{Bicgstab, ConjugateGradient, Gmres, Lsmr, Lsqr, Minres};
pub use operator::{Centred, Composed, FunctionOperator, LinearOperator, Shifted, Sum, Transposed};
pub use partial_svd::{PartialSvd, PartialSvdParams};
pub use progress::{Observer, Progress};
pub use randomized::{
    RandomizedSvd, RandomizedSvdParams, RandomizedSymmetricEigen, RandomizedSymmetricEigenParams, Sketch,
};
pub use sprs;
