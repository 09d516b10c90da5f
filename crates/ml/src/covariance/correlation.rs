//! Correlations: covariances in units of the standard deviations.
//!
//! A column that does not vary has no correlation, and is an error that names it. The alternatives are NaN, as NumPy
//! answers, which no decomposition takes, and zero, which says that the column is unrelated where nothing is known.
//!
//! Partial correlations are those that remain between two features when all others are held fixed: the entries of the
//! precision, in units of its diagonal, with their sign turned.

use lapwing_lapack::{Scalar, matmul, require_finite};
use ndarray::{Array1, Array2, ArrayRef2};

use super::centring::{Centring, Sample, mirror_lower};
use crate::error::Error;
use crate::mahalanobis::CovarianceFactor;

/// The correlations of the columns of `x` (n x p): p x p, symmetric, exactly 1 on the diagonal, from −1 to 1 elsewhere.
/// NumPy's `corrcoef(x, rowvar=False)`. One pass of np².
///
/// ```
/// use lapwing_ml::covariance::correlation;
/// use ndarray::array;
/// let r = correlation(&array![[1.0, 30.0], [2.0, 20.0], [3.0, 10.0]])?;
/// assert!((r[[0, 1]] + 1.0f64).abs() < 1e-15);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::ConstantColumn`] with the first column that does not vary, or by less than 10⁻¹⁵⁴; [`Error::NoFeatures`];
/// [`Error::TooFewSamples`] for fewer than 2; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
pub fn correlation<T: Scalar>(x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    Ok(of_data(x)?.mapv(T::from_f64))
}

/// The correlations (p x p) that belong to a covariance (p x p), of which the lower triangle is read.
///
/// # Errors
/// [`Error::ConstantColumn`] with the first feature whose variance is not positive; [`Error::InvalidCovariance`] when a
/// covariance exceeds what the two variances allow; [`Error::Lapack`] with `NotSquare` or `NonFinite`.
pub fn correlation_from_covariance<T: Scalar>(covariance: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    Ok(of_covariance(covariance)?.mapv(T::from_f64))
}

/// The correlation of each pair of columns of `x` (n x p) when all others are held fixed: p x p, exactly 1 on the
/// diagonal. np² + O(p³).
///
/// ```
/// use lapwing_ml::covariance::{correlation, partial_correlation};
/// use ndarray::array;
/// // The second and the third column follow the first, and have nothing else in common.
/// let x = array![[0.0, 1.0, 1.0], [0.0, -1.0, -1.0], [0.0, 1.0, -1.0], [0.0, -1.0, 1.0], [9.0, 10.0, 10.0],
///     [9.0, 8.0, 8.0], [9.0, 10.0, 8.0], [9.0, 8.0, 10.0]];
/// assert!(correlation(&x)?[[1, 2]] > 0.9);
/// let remaining: f64 = partial_correlation(&x)?[[1, 2]];
/// assert!(remaining.abs() < 1e-12);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// As [`correlation()`]; [`Error::DependentFeature`] where columns determine one another, as they do when there are not
/// more samples than features.
pub fn partial_correlation<T: Scalar>(x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    Ok(partial(&of_data(x)?)?.mapv(T::from_f64))
}

/// The partial correlations (p x p) that belong to a covariance (p x p), of which the lower triangle is read. O(p³).
///
/// # Errors
/// As [`correlation_from_covariance`]; [`Error::DependentFeature`] where features determine one another.
pub fn partial_correlation_from_covariance<T: Scalar>(covariance: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    Ok(partial(&of_covariance(covariance)?)?.mapv(T::from_f64))
}

fn of_data<T: Scalar>(x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
    normalized("x", Sample::of_rows(x, Centring::Mean, "a correlation", 2)?.covariance)
}

fn of_covariance<T: Scalar>(covariance: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
    let (rows, cols) = covariance.dim();
    if rows != cols {
        return Err(lapwing_lapack::Error::NotSquare { argument: "covariance", rows, cols }.into());
    }
    require_finite("covariance", covariance)?;
    let mut symmetric = covariance.mapv(T::as_f64);
    mirror_lower(&mut symmetric);
    // What the rounding of entries and of variances can add to a correlation of 1.
    let most = 1.0 + 4.0 * T::epsilon().as_f64();
    let scales = symmetric.diag().mapv(|variance| variance.max(0.0).sqrt());
    for ((i, j), &entry) in symmetric.indexed_iter() {
        if scales[i] > 0.0 && scales[j] > 0.0 && (entry / scales[i] / scales[j]).abs() > most {
            return Err(Error::InvalidCovariance {
                argument: "covariance",
                reason: format!("features {j} and {i} (counted from 0) vary together more than each alone"),
            });
        }
    }
    normalized("covariance", symmetric)
}

/// The correlations of a covariance, both triangles of which are meaningful. `argument` is where a column is in an error.
pub(super) fn normalized(argument: &'static str, mut covariance: Array2<f64>) -> Result<Array2<f64>, Error> {
    let variances = covariance.diag();
    if let Some(column) = variances.iter().position(|&variance| variance <= 0.0) {
        return Err(Error::ConstantColumn { argument, column });
    }
    let scales: Array1<f64> = variances.mapv(f64::sqrt);
    for ((i, j), entry) in covariance.indexed_iter_mut() {
        *entry = if i == j { 1.0 } else { (*entry / scales[i] / scales[j]).clamp(-1.0, 1.0) };
    }
    Ok(covariance)
}

/// The partial correlations of features with these correlations.
pub(super) fn partial(correlation: &Array2<f64>) -> Result<Array2<f64>, Error> {
    let remedy = "leave it out, or shrink the covariance";
    let whitener = CovarianceFactor::new("the correlation", correlation, f64::EPSILON, remedy)?.whitener()?;
    let mut partial = matmul(&whitener.t(), &whitener)?;
    let scales = partial.diag().mapv(f64::sqrt);
    for ((i, j), entry) in partial.indexed_iter_mut() {
        *entry = if i == j { 1.0 } else { (-*entry / scales[i] / scales[j]).clamp(-1.0, 1.0) };
    }
    Ok(partial)
}
