//! Matrices to test linear algebra with: the hard ones of the field, in every memory layout.
//!
//! Behind the feature `testing`, for the tests of programs that use this crate as much as for its own.

pub mod gallery;
mod kinds;
mod layouts;
mod randsvd;

pub use kinds::{Kind, matrix, symmetric};
pub use layouts::Layout;
pub use randsvd::{Mode, randsvd, randsvd_symmetric, symmetric_with_eigenvalues};
