//! The three ways to the principal components: one function each, of one signature.

use lapwing_iterative::{Centred, LinearOperator, RandomizedSvd};
use lapwing_lapack::{Qr, Scalar, Spectrum, Svd, SymmetricEigen, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis, s};

use super::overflow;
use crate::error::Error;
use crate::moments::{Diagonal, Full, Moments};

/// What a solver finds: some leading principal axes, or all of them.
#[derive(Clone)]
pub(crate) struct Principal<T> {
    /// The mean of each column, not yet rounded to the scalar.
    pub(crate) mean: Array1<f64>,
    /// The principal axes in rows, orthonormal.
    pub(crate) axes: Array2<T>,
    /// The singular values of the centred data, one for each axis, largest first.
    pub(crate) singular_values: Array1<f64>,
    /// The sum of the variances of all columns.
    pub(crate) total_variance: f64,
}

/// SVD of the centred data.
pub(crate) fn full_svd<T: Scalar>(x: &ArrayRef2<T>) -> Result<Principal<T>, Error> {
    let mean = Moments::<Diagonal>::of_rows("x", x)?.mean;
    let (singular_values, axes) = right_factors(centred_copy(x, &mean)?)?;
    let total_variance = variances(&singular_values, x.nrows()).sum();
    Ok(Principal { mean, axes, singular_values, total_variance })
}

/// The singular values of `centred`, and its right singular vectors in rows.
pub(crate) fn right_factors<T: Scalar>(centred: Array2<T>) -> Result<(Array1<f64>, Array2<T>), Error> {
    let small = if centred.nrows() > centred.ncols() {
        // R has the singular values and right singular vectors of the data, and Q is not needed.
        Qr::from_owned(centred).map_err(out_of_range::<T>)?.r()
    } else {
        centred
    };
    let (_, singular_values, axes) = Svd::thin(&small).map_err(out_of_range::<T>)?.into_factors();
    Ok((singular_values.mapv(T::as_f64), axes))
}

/// Eigendecomposition of the covariance, for the `count` leading axes; all of them when that is every one.
pub(crate) fn covariance_eigh<T: Scalar>(x: &ArrayRef2<T>, count: usize) -> Result<Principal<T>, Error> {
    let moments = Moments::<Full>::of_rows("x", x)?;
    eigen_of_scatter(moments.mean, &moments.scatter.0, moments.count, count)
}

/// The `count` leading axes, from the mean and the scatter (lower triangle) of `n_samples` rows.
pub(crate) fn eigen_of_scatter<T: Scalar>(
    mean: Array1<f64>,
    scatter: &ArrayRef2<f64>,
    n_samples: usize,
    count: usize,
) -> Result<Principal<T>, Error> {
    let n_features = mean.len();
    let total_variance = scatter.diag().sum() / (n_samples - 1) as f64;
    let leading = n_features - count..n_features;
    let eigen = SymmetricEigen::params().spectrum(Spectrum::Index(leading)).compute(scatter)?;
    // Ascending eigenvalues in, descending singular values out; those below zero are rounding.
    let singular_values = eigen.values().iter().rev().map(|&value| value.max(0.0).sqrt()).collect();
    let axes = eigen.vectors().slice(s![.., ..;-1]).t().mapv(T::from_f64);
    Ok(Principal { mean, axes, singular_values, total_variance })
}

/// How the randomized solver works.
#[derive(Clone, Copy)]
pub(crate) struct Randomization {
    pub(crate) power_iterations: Option<usize>,
    pub(crate) seed: u64,
}

/// Randomized SVD of the centred data, for the `count` leading axes.
pub(crate) fn randomized<T: Scalar>(
    x: &ArrayRef2<T>,
    count: usize,
    randomization: Randomization,
) -> Result<Principal<T>, Error> {
    let moments = Moments::<Diagonal>::of_rows("x", x)?;
    let (mean, total) = (moments.mean, moments.scatter.0.sum());
    let total_variance = total / (moments.count - 1) as f64;
    // Centring after the product loses what the mean exceeds the spread by; a factor of 1000 is three of
    // sixteen digits. Beyond it, or in single precision beyond its share, a centred copy is worth its memory.
    let offset = mean.dot(&mean).sqrt() * (moments.count as f64).sqrt();
    if offset * T::UNIT_ROUNDOFF.as_f64() <= 1e-13 * total.sqrt() {
        implicitly_centred(x, mean, total_variance, count, randomization)
    } else {
        let centred = centred_copy(x, &mean)?;
        randomized_axes(&*centred, mean, total_variance, count, randomization)
    }
}

/// Randomized SVD of a data matrix less its mean, which is subtracted from the products.
pub(crate) fn implicitly_centred<T: Scalar, A: LinearOperator<T> + ?Sized>(
    x: &A,
    mean: Array1<f64>,
    total_variance: f64,
    count: usize,
    randomization: Randomization,
) -> Result<Principal<T>, Error> {
    let rounded = mean.mapv(T::from_f64);
    randomized_axes(&Centred::new(x, &rounded)?, mean, total_variance, count, randomization)
}

fn randomized_axes<T: Scalar, A: LinearOperator<T> + ?Sized>(
    centred: &A,
    mean: Array1<f64>,
    total_variance: f64,
    count: usize,
    randomization: Randomization,
) -> Result<Principal<T>, Error> {
    let mut params = RandomizedSvd::params(count).seed(randomization.seed);
    if let Some(iterations) = randomization.power_iterations {
        params = params.power_iterations(iterations);
    }
    let (_, singular_values, axes) = params.compute(centred)?.into_factors();
    Ok(Principal { mean, axes, singular_values: singular_values.mapv(T::as_f64), total_variance })
}

/// The variance along each axis, with n − 1 in the denominator.
pub(crate) fn variances(singular_values: &ArrayRef1<f64>, n_samples: usize) -> Array1<f64> {
    // Divided before squaring, so that the square of a large value does not overflow.
    let divisor = ((n_samples - 1) as f64).sqrt();
    singular_values.mapv(|s| (s / divisor) * (s / divisor))
}

/// `x` less its mean, column-major.
fn centred_copy<T: Scalar>(x: &ArrayRef2<T>, mean: &ArrayRef1<f64>) -> Result<Array2<T>, Error> {
    let mut centred = zeros(x.ncols(), x.nrows())?.reversed_axes();
    // Bands of rows keep what is read by columns in the first-level cache.
    for (rows, mut band) in x.axis_chunks_iter(Axis(0), 64).zip(centred.axis_chunks_iter_mut(Axis(0), 64)) {
        for ((source, mut column), mean) in rows.columns().into_iter().zip(band.columns_mut()).zip(mean) {
            column.zip_mut_with(&source, |entry, x| *entry = T::from_f64(x.as_f64() - mean));
        }
    }
    Ok(centred)
}

/// The data was found to be finite: what is not, once it is centred, has overflowed.
fn out_of_range<T: Scalar>(error: lapwing_lapack::Error) -> Error {
    match error {
        lapwing_lapack::Error::NonFinite { .. } => overflow::<T>("centring x"),
        error => error.into(),
    }
}
