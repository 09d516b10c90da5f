//! Preconditioners: approximate inverses of sparse matrices, as operators.
//!
//! | type                                    | inverse of                            | matrix                    | memory       |
//! |-----------------------------------------|---------------------------------------|---------------------------|--------------|
//! | [`Jacobi`]                              | `D`                                   | any                       | n            |
//! | [`SymmetricSuccessiveOverrelaxation`]   | `(D/ω + L) D⁻¹ (D/ω + U) ω / (2 − ω)` | any, mostly symmetric     | that of A    |
//! | [`IncompleteCholesky`]                  | `L Lᵀ` with the pattern of A          | symmetric, positive definite | half of A |
//! | [`IncompleteLu`]                        | `L U` with the pattern of A           | any                       | that of A    |
//!
//! Each is made from a matrix of `sprs`, CSR or CSC, and applies its inverse: [`LinearOperator::apply_into`] solves with the
//! approximation, and the transposed product with its transpose. Those that are symmetric, for a symmetric matrix with a
//! positive diagonal, may precondition the conjugate gradient method and MINRES: all but [`IncompleteLu`].
//!
//! [`LinearOperator::apply_into`]: crate::LinearOperator::apply_into

mod incomplete_cholesky;
mod incomplete_lu;
mod jacobi;
mod splitting;
mod successive_overrelaxation;

pub use incomplete_cholesky::IncompleteCholesky;
pub use incomplete_lu::IncompleteLu;
pub use jacobi::Jacobi;
pub use successive_overrelaxation::SymmetricSuccessiveOverrelaxation;
