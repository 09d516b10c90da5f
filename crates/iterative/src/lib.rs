//! Matrices known only by their products, and the methods that need no more.
//!
//! A [`LinearOperator`] multiplies a block of vectors by a matrix or its transpose; the matrix itself may
//! be dense, or never exist, like the centred data matrix that [`Centred`] stands for.
//! [`RandomizedSvd`] finds the leading singular triplets from a few such products.

mod operator;
mod randomized_svd;

pub use lapwing_lapack::Error;
pub use operator::{Centred, LinearOperator};
pub use randomized_svd::{RandomizedSvd, RandomizedSvdParams};
