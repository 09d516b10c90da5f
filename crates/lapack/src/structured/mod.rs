//! Structured matrices: made, and multiplied without being made.
//!
//! | family                  | dense                                                             | without forming it                        |
//! |-------------------------|-------------------------------------------------------------------|-------------------------------------------|
//! | Kronecker               | [`kronecker`], [`kronecker_sum`], [`khatri_rao`], [`hadamard`]    | [`kronecker_apply`], [`kronecker_sum_apply`] |
//! | vectorization           | [`vec()`], [`unvec`]                                                | [`commutation`]                           |
//! | Toeplitz and kin        | [`toeplitz`], [`circulant`], [`hankel`], [`convolution_matrix`]   | [`Toeplitz`], [`Circulant`], [`Hankel`], [`convolve`]: O(n log n) |
//! | rows and columns moved  |                                                                   | [`Permutation`], [`Selector`]             |
//! | rotations, reflections  | [`rotation_2d`], [`rotation_3d`], [`plane_rotation`], [`reflection`] | [`Householder`], [`Givens`], [`reflect`] |
//! | projections             | [`projection`]                                                    | [`project`]                               |
//! | from a list of numbers  | [`vandermonde`], [`companion`], [`hilbert`], [`block_diagonal`]   |                                           |
//!
//! A structured matrix of order n has about n numbers in it, not n². What is on the right keeps to them: the product
//! with a Toeplitz matrix of order a million needs about a hundred megabytes, where the matrix itself would need eight
//! terabytes.
//!
//! What computes refuses NaN and infinities, and reports a result that overflows. What only moves entries, as
//! [`vec()`], [`Permutation`] and [`block_diagonal`] do, takes any. Conventions are those of `scipy.linalg` and of
//! NumPy where they have the function; `vec` stacks columns, as the literature does.

mod convolution;
pub(crate) mod fourier;
mod geometry;
mod givens;
mod householder;
mod kronecker;
mod permutation;
mod selector;
mod special;
mod toeplitz;

pub use convolution::{ConvolutionMode, convolution_matrix, convolve};
pub use geometry::{plane_rotation, project, projection, reflect, reflection, rotation_2d, rotation_3d};
pub use givens::Givens;
pub use householder::Householder;
pub use kronecker::{
    commutation, hadamard, khatri_rao, kronecker, kronecker_apply, kronecker_sum, kronecker_sum_apply, unvec,
    vec,
};
pub use permutation::{Parity, Permutation};
pub use selector::Selector;
pub use special::{PowerOrder, block_diagonal, companion, hilbert, vandermonde};
pub use toeplitz::{Circulant, Hankel, Toeplitz, circulant, hankel, toeplitz};

use ndarray::{Array2, ArrayRef1, Axis};

use crate::error::Error;
use crate::finite::{require_finite, require_finite_result};
use crate::scalar::Scalar;

/// The extent of a product of matrices: `left * right`, or an error when it cannot be addressed.
fn extent_product<T>(left: usize, right: usize) -> Result<usize, Error> {
    let bytes = left as u128 * right as u128 * size_of::<T>() as u128;
    left.checked_mul(right).ok_or(Error::OutOfMemory { bytes })
}

/// [`require_finite`] for a vector.
fn require_finite_vector<T: Scalar>(argument: &'static str, x: &ArrayRef1<T>) -> Result<(), Error> {
    require_finite(argument, &x.view().insert_axis(Axis(1)))
}

/// The packed matrix `a`, unless it overflowed.
fn finite_result<T: Scalar>(routine: &'static str, a: Array2<T>) -> Result<Array2<T>, Error> {
    require_finite_result(routine, a.as_slice_memory_order().expect("a new matrix is packed"))?;
    Ok(a)
}

/// [`Error::InvalidParameter`].
fn invalid<R>(
    parameter: &'static str,
    value: impl ToString,
    requirement: impl Into<String>,
) -> Result<R, Error> {
    Err(Error::InvalidParameter { parameter, value: value.to_string(), requirement: requirement.into() })
}
