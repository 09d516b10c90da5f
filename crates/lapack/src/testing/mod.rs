//! Matrices to test linear algebra with: the hard ones of the field, in every memory layout.
//!
//! Behind the feature `testing`, for the tests of programs that use this crate as much as for its own.

mod kinds;
mod layouts;

pub use kinds::{Kind, matrix, symmetric};
pub use layouts::Layout;
