//! A few eigenpairs of a large operator.

mod krylov_schur;
mod lanczos;
mod lobpcg;
mod minimum_degree;
mod multiplicity;
mod shift_invert;
mod sparse_ldlt;

pub use krylov_schur::{ComplexExtreme, PartialGeneralEigen, PartialGeneralEigenParams};
pub use lanczos::{Extreme, PartialSymmetricEigen, PartialSymmetricEigenParams};
pub use lobpcg::{Lobpcg, LobpcgParams};
pub use minimum_degree::MinimumDegree;
pub use multiplicity::Multiplicity;
pub use shift_invert::ShiftInverse;

/// How many vectors a Krylov space for k pairs holds by default: a few more than ARPACK's 2k + 1, which saves a third of the
/// products, and as many at the least.
fn default_subspace(k: usize) -> usize {
    k.saturating_mul(2).saturating_add(10).max(20)
}
