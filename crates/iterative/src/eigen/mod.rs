//! A few eigenpairs of a large operator.

mod basis;
mod lanczos;

pub use lanczos::{Extreme, Multiplicity, PartialSymmetricEigen, PartialSymmetricEigenParams};
