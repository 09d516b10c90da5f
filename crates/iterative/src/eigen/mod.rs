//! A few eigenpairs of a large operator.

mod basis;
mod krylov_schur;
mod lanczos;
mod lobpcg;
mod multiplicity;
mod shift_invert;
mod sparse_ldlt;

pub use krylov_schur::{ComplexExtreme, PartialGeneralEigen, PartialGeneralEigenParams};
pub use lanczos::{Extreme, PartialSymmetricEigen, PartialSymmetricEigenParams};
pub use lobpcg::{Lobpcg, LobpcgParams};
pub use multiplicity::Multiplicity;
pub use shift_invert::ShiftInverse;
