//! A few eigenpairs of a large operator.

mod basis;
mod lanczos;
mod lobpcg;

pub use lanczos::{Extreme, Multiplicity, PartialSymmetricEigen, PartialSymmetricEigenParams};
pub use lobpcg::{Lobpcg, LobpcgParams};
