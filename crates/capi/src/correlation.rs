//! Correlations of the columns of data, and those that belong to a covariance.

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::covariance::{
    correlation, correlation_from_covariance, partial_correlation, partial_correlation_from_covariance,
};
use ndarray::{Array2, ArrayView2};

use crate::guard::guard;
use crate::models::map;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// The correlations of the columns of x: symmetric, exactly 1 on the diagonal.
///
///  x             n x p, at least two rows, any strides; read only.
///  correlations  p x p.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a column does not vary; the message names it), LAPWING_ERR_NON_FINITE (x holds NaN or an
/// infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error correlations is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_correlation_f64(
    x: lapwing_mat_f64,
    correlations: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { correlate(("x", x.into()), correlations.into(), |x| correlation(x)) })
}

/// As lapwing_correlation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_correlation_f32(
    x: lapwing_mat_f32,
    correlations: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { correlate(("x", x.into()), correlations.into(), |x| correlation(x)) })
}

/// The correlations that belong to a covariance.
///
///  covariance    p x p, any strides, of which the lower triangle is read.
///  correlations  p x p.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a variance is not positive; the message names the feature),
/// LAPWING_ERR_NOT_POSITIVE_DEFINITE (a covariance exceeds what the two variances allow), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error
/// correlations is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_correlation_from_covariance_f64(
    covariance: lapwing_mat_f64,
    correlations: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        correlate(("covariance", covariance.into()), correlations.into(), |x| correlation_from_covariance(x))
    })
}

/// As lapwing_correlation_from_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_correlation_from_covariance_f32(
    covariance: lapwing_mat_f32,
    correlations: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        correlate(("covariance", covariance.into()), correlations.into(), |x| correlation_from_covariance(x))
    })
}

/// The correlation of each pair of columns of x when all others are held fixed: symmetric, exactly 1 on the diagonal.
///
///  x             n x p, any strides; read only. More rows than columns, or they determine one another.
///  correlations  p x p.
///
/// Returns what lapwing_correlation_f64 does, and LAPWING_ERR_SINGULAR (columns determine one another; the message names one).
/// On any error correlations is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_correlation_f64(
    x: lapwing_mat_f64,
    correlations: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { correlate(("x", x.into()), correlations.into(), |x| partial_correlation(x)) })
}

/// As lapwing_partial_correlation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_correlation_f32(
    x: lapwing_mat_f32,
    correlations: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { correlate(("x", x.into()), correlations.into(), |x| partial_correlation(x)) })
}

/// The partial correlations that belong to a covariance.
///
///  covariance    p x p, any strides, of which the lower triangle is read.
///  correlations  p x p.
///
/// Returns what lapwing_correlation_from_covariance_f64 does, and LAPWING_ERR_SINGULAR (features determine one another). On any
/// error correlations is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_correlation_from_covariance_f64(
    covariance: lapwing_mat_f64,
    correlations: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        correlate(("covariance", covariance.into()), correlations.into(), |x| {
            partial_correlation_from_covariance(x)
        })
    })
}

/// As lapwing_partial_correlation_from_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_correlation_from_covariance_f32(
    covariance: lapwing_mat_f32,
    correlations: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        correlate(("covariance", covariance.into()), correlations.into(), |x| {
            partial_correlation_from_covariance(x)
        })
    })
}

/// # Safety
/// As [`map`] requires.
unsafe fn correlate<T: Scalar>(
    (name, x): (&'static str, Unchecked<T>),
    correlations: Unchecked<T>,
    work: impl FnOnce(&ArrayView2<'_, T>) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    let (x, correlations) = (x.input(name)?, correlations.output("correlations")?);
    let extent = (x.shape()[1], if name == "x" { "the columns of x" } else { "the order of covariance" });
    correlations.require_shape(&[extent, extent])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &correlations, |x| Ok(work(&x)?)) }
}
