//! The subspaces that belong to a matrix, and the angles between subspaces.
//!
//! | to get                                     | use                          | from                        |
//! |--------------------------------------------|------------------------------|-----------------------------|
//! | all four subspaces of a matrix at once     | [`FundamentalSubspaces`]     | one full `gesdd`            |
//! | the solutions of `a x = 0`                 | [`null_space`]               | `gesdd`, after `geqrf` when tall |
//! | an orthonormal basis of the columns' span  | [`orthonormal_basis`]        | thin `gesdd`                |
//! | one of what is orthogonal to them          | [`orthogonal_complement`]    | thin `gesdd`, `orgqr`       |
//! | angles between two spans                   | [`principal_angles`]         | `gesdd`, `gemm`             |
//! | projectors, distances, membership          | [`Subspace`]                 | `gemm`, `syrk`, `gesdd`     |
//!
//! Every basis is orthonormal and comes from a singular value decomposition, so that near-dependent columns
//! do no harm; which of them count is the caller's [`Tolerance`]. A basis is unique only up to
//! rotation: compare subspaces by [`Subspace::distance`], never bases by their entries.

mod fundamental;
mod subspace;
#[cfg(test)]
mod tests;

use ndarray::{Array1, Array2, ArrayRef2};

use crate::error::Error;
use crate::rank::Tolerance;
use crate::scalar::Scalar;

pub use fundamental::FundamentalSubspaces;
pub use subspace::{Distance, Subspace};

/// An orthonormal basis, in columns, of the solutions of `a x = 0` for `a` (m x n): n x (n − rank). SciPy's
/// `null_space`.
///
/// ```
/// use lapwing_lapack::rank::Tolerance;
/// use lapwing_lapack::subspaces::null_space;
/// use ndarray::array;
/// let a = array![[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]];
/// let basis = null_space(&a, Tolerance::Standard)?;
/// assert_eq!(basis.dim(), (3, 2));
/// assert!(a.dot(&basis).iter().all(|x: &f64| x.abs() < 1e-14));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] for a tolerance that is negative or not finite; [`Error::NonFinite`],
/// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
pub fn null_space<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Array2<T>, Error> {
    Subspace::null(a, tolerance).map(Subspace::into_basis)
}

/// An orthonormal basis, in columns, of the span of the columns of `a` (m x n): m x rank, in the order of the
/// singular values. SciPy's `orth`.
///
/// ```
/// use lapwing_lapack::rank::Tolerance;
/// use lapwing_lapack::subspaces::orthonormal_basis;
/// use ndarray::array;
/// let basis = orthonormal_basis(&array![[3.0f64, 6.0], [4.0, 8.0]], Tolerance::Standard)?;
/// assert_eq!(basis.dim(), (2, 1));
/// assert!((basis[[0, 0]].abs() - 0.6).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`null_space`].
#[doc(alias = "orth")]
pub fn orthonormal_basis<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Array2<T>, Error> {
    Subspace::range(a, tolerance).map(Subspace::into_basis)
}

/// An orthonormal basis, in columns, of all that is orthogonal to the columns of `a` (m x n): m x (m − rank).
///
/// ```
/// use lapwing_lapack::rank::Tolerance;
/// use lapwing_lapack::subspaces::orthogonal_complement;
/// use ndarray::array;
/// let normal = orthogonal_complement(&array![[1.0f64, 0.0], [0.0, 1.0], [0.0, 0.0]], Tolerance::Standard)?;
/// assert!((normal[[2, 0]].abs() - 1.0).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`null_space`].
pub fn orthogonal_complement<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<Array2<T>, Error> {
    Subspace::range(a, tolerance)?.complement().map(Subspace::into_basis)
}

/// The principal angles, in radians, between the spans of the columns of `a` (m x n) and `b` (m x p), largest
/// first: as many as the smaller of the two ranks. SciPy's `subspace_angles`.
///
/// ```
/// use lapwing_lapack::subspaces::principal_angles;
/// use ndarray::array;
/// let (line, plane) = (array![[1.0], [0.0], [1e-9]], array![[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]);
/// let angles = principal_angles(&line, &plane)?;
/// assert!((angles[0] - 1e-9f64).abs() < 1e-24);           // no cosine could tell
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`null_space`], and [`Error::Shape`] when `b` has not as many rows as `a`.
#[doc(alias = "subspace_angles")]
pub fn principal_angles<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
    crate::products::same("b", "rows", b.nrows(), a.nrows(), "as many as a has")?;
    crate::qr::check_extents(b)?;
    crate::finite::require_finite("b", b)?;
    Subspace::range(a, Tolerance::Standard)?.angles(&Subspace::range(b, Tolerance::Standard)?)
}
