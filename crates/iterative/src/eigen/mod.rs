//! A few eigenpairs of a large operator.

mod basis;
mod krylov_schur;
mod lanczos;
mod lobpcg;

pub use krylov_schur::{ComplexExtreme, PartialGeneralEigen, PartialGeneralEigenParams};
pub use lanczos::{Extreme, Multiplicity, PartialSymmetricEigen, PartialSymmetricEigenParams};
pub use lobpcg::{Lobpcg, LobpcgParams};
