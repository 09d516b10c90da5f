//! Randomized methods: the leading part of a matrix from its products with a few random vectors.
//!
//! | item                          | what it finds                               | products with vectors, k + p of them at a time |
//! |-------------------------------|---------------------------------------------|-----------------------------------------|
//! | [`RandomizedSvd`]             | the largest singular triplets               | 2q + 2                                  |
//! | [`RandomizedSymmetricEigen`]  | the eigenpairs of largest magnitude         | q + 2                                   |
//! | [`spectral_norm_bounds`]      | bounds of `‖A‖₂`, such as that of an error  | 9, with 6 vectors                       |
//!
//! With q power iterations and p vectors to spare. Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM
//! Review 53, 2011.

mod orthonormal;
mod range;
mod single_pass;
mod spectral_norm;
mod svd;
mod symmetric_eigen;

pub use range::Sketch;
pub use spectral_norm::{NormBounds, spectral_norm_bounds};
pub use svd::{RandomizedSvd, RandomizedSvdParams};
pub use symmetric_eigen::{RandomizedSymmetricEigen, RandomizedSymmetricEigenParams};
