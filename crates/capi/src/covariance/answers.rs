//! What a covariance model computes when it is asked: inverses, correlations, likelihoods, distances to another covariance.

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::covariance::{ErrorNorm, ErrorPower, ErrorScaling};
use ndarray::ArrayView2;

use super::{Estimate, lapwing_covariance_f32, lapwing_covariance_f64};
use crate::guard::guard;
use crate::models::{Model, fill, read};
use crate::numbers::constant;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// The root of the sum of the squared entries.
pub const LAPWING_ERROR_FROBENIUS: i32 = 0;
/// The largest singular value.
pub const LAPWING_ERROR_SPECTRAL: i32 = 1;

/// The norm is divided by the root of the number of features, so that its square is a mean over them.
pub const LAPWING_ERROR_PER_FEATURE: i32 = 0;
/// The norm is taken as it is.
pub const LAPWING_ERROR_NOT_SCALED: i32 = 1;

/// The norm is squared.
pub const LAPWING_ERROR_SQUARED: i32 = 0;
/// The norm is not squared.
pub const LAPWING_ERROR_PLAIN: i32 = 1;

fn square<T: Scalar>(model: &Estimate<T>) -> [(usize, &'static str); 2] {
    [(model.n_features(), "the model's features"); 2]
}

/// The inverse of the covariance; where it is singular, the pseudo-inverse: eigenvalues up to p unit roundoffs of the largest
/// count as zero. It is computed on each call, in O(p^3). LAPACK: dsyevd.
///
///  model  the model.
///  precision  p x p.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (precision overlaps itself),
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error precision is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_precision_f64(
    model: *const lapwing_covariance_f64,
    precision: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { fill(model, ("precision", precision.into()), square, |model| Ok(model.precision()?)) })
}

/// As lapwing_covariance_precision_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_precision_f32(
    model: *const lapwing_covariance_f32,
    precision: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { fill(model, ("precision", precision.into()), square, |model| Ok(model.precision()?)) })
}

/// The correlations, with ones on the diagonal.
///
///  model  the model.
///  correlation  p x p.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a feature has no variance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (correlation overlaps itself),
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error correlation is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_correlation_f64(
    model: *const lapwing_covariance_f64,
    correlation: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(model, ("correlation", correlation.into()), square, |model| Ok(model.correlation()?))
    })
}

/// As lapwing_covariance_correlation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_correlation_f32(
    model: *const lapwing_covariance_f32,
    correlation: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(model, ("correlation", correlation.into()), square, |model| Ok(model.correlation()?))
    })
}

/// The correlation of each pair of features when all others are held fixed, with ones on the diagonal. LAPACK: dpotrf.
///
///  model  the model.
///  partial_correlation  p x p.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a feature has no variance), LAPWING_ERR_SINGULAR (features determine one another),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (partial_correlation overlaps itself),
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error partial_correlation is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_partial_correlation_f64(
    model: *const lapwing_covariance_f64,
    partial_correlation: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(model, ("partial_correlation", partial_correlation.into()), square, |model| {
            Ok(model.partial_correlation()?)
        })
    })
}

/// As lapwing_covariance_partial_correlation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_partial_correlation_f32(
    model: *const lapwing_covariance_f32,
    partial_correlation: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(model, ("partial_correlation", partial_correlation.into()), square, |model| {
            Ok(model.partial_correlation()?)
        })
    })
}

/// The mean log-likelihood of the rows of x under the normal distribution with this location and covariance.
///
///  model  the model.
///  x      n x p, at least one row, any strides; read only.
///  value  receives the mean.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance is, and there is no density), LAPWING_ERR_NON_FINITE (x holds NaN or an
/// infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW,
/// LAPWING_ERR_NO_CONVERGENCE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_score_f64(
    model: *const lapwing_covariance_f64,
    x: lapwing_mat_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { number(model, ("x", x.into()), value, |model, x| model.score(x)) })
}

/// As lapwing_covariance_score_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_score_f32(
    model: *const lapwing_covariance_f32,
    x: lapwing_mat_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { number(model, ("x", x.into()), value, |model, x| model.score(x)) })
}

/// The mean log-likelihood of samples with this covariance about the location: what lapwing_covariance_score_f64 answers for
/// them.
///
///  model       the model.
///  covariance  p x p, symmetric, any strides; read only.
///  value       receives the mean.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance of the model is), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW, LAPWING_ERR_NO_CONVERGENCE. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_log_likelihood_f64(
    model: *const lapwing_covariance_f64,
    covariance: lapwing_mat_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe {
        number(model, ("covariance", covariance.into()), value, |model, covariance| {
            model.log_likelihood(covariance)
        })
    })
}

/// As lapwing_covariance_log_likelihood_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_log_likelihood_f32(
    model: *const lapwing_covariance_f32,
    covariance: lapwing_mat_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe {
        number(model, ("covariance", covariance.into()), value, |model, covariance| {
            model.log_likelihood(covariance)
        })
    })
}

/// # Safety
/// As [`read`] and [`Strided::view`](crate::strided::Strided::view) require.
unsafe fn number<T: Scalar, M: Model<Fitted = Estimate<T>>>(
    model: *const M,
    (name, x): (&'static str, Unchecked<T>),
    value: *mut T,
    work: impl FnOnce(&Estimate<T>, &ArrayView2<'_, T>) -> Result<T, Error>,
) -> Result<(), Failure> {
    let x = x.input(name)?;
    // SAFETY: this function's own condition.
    unsafe { read(model, "value", value, |model| Ok(work(model, &x.view())?)) }
}

/// How far another covariance is from that of the model. All zeros give scikit-learn's default, the mean squared error.
///
///  model    the model.
///  other    p x p, any strides; read only.
///  norm     LAPWING_ERROR_FROBENIUS or LAPWING_ERROR_SPECTRAL.
///  scaling  LAPWING_ERROR_PER_FEATURE or LAPWING_ERROR_NOT_SCALED.
///  power    LAPWING_ERROR_SQUARED or LAPWING_ERROR_PLAIN.
///  value    receives the error.
///
/// Returns LAPWING_ERR_ARGUMENT (a constant), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_error_norm_f64(
    model: *const lapwing_covariance_f64,
    other: lapwing_mat_f64,
    norm: i32,
    scaling: i32,
    power: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { error_norm(model, other.into(), [norm, scaling, power], value) })
}

/// As lapwing_covariance_error_norm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_error_norm_f32(
    model: *const lapwing_covariance_f32,
    other: lapwing_mat_f32,
    norm: i32,
    scaling: i32,
    power: i32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { error_norm(model, other.into(), [norm, scaling, power], value) })
}

/// # Safety
/// As [`number`] requires.
unsafe fn error_norm<T: Scalar, M: Model<Fitted = Estimate<T>>>(
    model: *const M,
    other: Unchecked<T>,
    [norm, scaling, power]: [i32; 3],
    value: *mut T,
) -> Result<(), Failure> {
    let of_norm = "LAPWING_ERROR_FROBENIUS (0) or LAPWING_ERROR_SPECTRAL (1)";
    let of_scaling = "LAPWING_ERROR_PER_FEATURE (0) or LAPWING_ERROR_NOT_SCALED (1)";
    let of_power = "LAPWING_ERROR_SQUARED (0) or LAPWING_ERROR_PLAIN (1)";
    let norm = constant("norm", norm, &[ErrorNorm::Frobenius, ErrorNorm::Spectral], of_norm)?;
    let scaling = constant("scaling", scaling, &[ErrorScaling::PerFeature, ErrorScaling::None], of_scaling)?;
    let power = constant("power", power, &[ErrorPower::Squared, ErrorPower::Plain], of_power)?;
    let work = |model: &Estimate<T>, other: &ArrayView2<'_, T>| model.error_norm(other, norm, scaling, power);
    // SAFETY: this function's own condition.
    unsafe { number(model, ("other", other), value, work) }
}
