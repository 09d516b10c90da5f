//! Covariances drawn towards a multiple of the identity, `(1 − s) S + s μ I` with μ the mean variance.
//!
//! With few samples, the large eigenvalues of the empirical covariance S are too large and the small ones too small, and
//! with fewer samples than features it is singular. Shrunk, it is regular and nearer to the truth.

mod ledoit_wolf;
mod oas;
mod shrunk;

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array2, ArrayRef2};

pub(crate) use ledoit_wolf::best_share;
pub use ledoit_wolf::{LedoitWolf, LedoitWolfParams, ledoit_wolf_shrinkage};
pub use oas::{Oas, OasParams};
pub use shrunk::{ShrunkCovariance, ShrunkCovarianceParams};

use crate::error::Error;

/// `(1 − shrinkage) covariance + shrinkage μ I`, with μ the mean of the diagonal of `covariance` (p x p).
///
/// ```
/// use lapwing_ml::covariance::shrunk_covariance;
/// use ndarray::array;
/// let shrunk = shrunk_covariance(&array![[3.0, 1.0], [1.0, 1.0]], 0.5)?;
/// assert_eq!(shrunk, array![[2.5, 0.5], [0.5, 1.5]]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] for a shrinkage outside of [0, 1]; [`Error::Lapack`] with `NotSquare` or `NonFinite`.
pub fn shrunk_covariance<T: Scalar>(covariance: &ArrayRef2<T>, shrinkage: f64) -> Result<Array2<T>, Error> {
    require_share(shrinkage)?;
    let (rows, cols) = covariance.dim();
    if rows != cols {
        return Err(lapwing_lapack::Error::NotSquare { argument: "covariance", rows, cols }.into());
    }
    require_finite("covariance", covariance)?;
    let mut shrunk = covariance.mapv(T::as_f64);
    shrink(&mut shrunk, shrinkage);
    Ok(shrunk.mapv(T::from_f64))
}

pub(crate) fn require_share(shrinkage: f64) -> Result<(), Error> {
    if (0.0..=1.0).contains(&shrinkage) {
        return Ok(());
    }
    let requirement = "between 0 and 1".to_owned();
    Err(Error::InvalidParameter { parameter: "shrinkage", value: shrinkage.to_string(), requirement })
}

/// As [`shrunk_covariance`], in place, of what has been checked.
pub(crate) fn shrink(covariance: &mut Array2<f64>, shrinkage: f64) {
    let target = shrinkage * mean_variance(covariance);
    *covariance *= 1.0 - shrinkage;
    covariance.diag_mut().mapv_inplace(|variance| variance + target);
}

/// Each divided before they are summed, so that the sum stays within the range.
fn mean_variance(covariance: &ArrayRef2<f64>) -> f64 {
    let features = covariance.nrows() as f64;
    covariance.diag().iter().map(|variance| variance / features).sum()
}

/// `‖S / μ‖²` and `‖S / μ − I‖²`, Frobenius norms, for μ > 0.
///
/// Counted in units of μ, so that no square leaves the range; the second is summed, not taken from the first, which would
/// cancel where the covariance is nearly a multiple of the identity.
fn squared_sizes(covariance: &ArrayRef2<f64>, mean_variance: f64) -> (f64, f64) {
    let (mut size, mut deviation) = (0.0, 0.0);
    for (i, row) in covariance.outer_iter().enumerate() {
        for (j, entry) in row.iter().enumerate() {
            let relative = entry / mean_variance;
            let target = if i == j { 1.0 } else { 0.0 };
            size += relative * relative;
            deviation += (relative - target) * (relative - target);
        }
    }
    (size, deviation)
}
