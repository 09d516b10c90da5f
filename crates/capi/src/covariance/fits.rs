//! The fits: each estimator over the same few lines.

use lapwing_lapack::Scalar;
use lapwing_ml::{EmpiricalCovariance, LedoitWolf, MinCovDet, Oas};
use ndarray::ArrayView2;

use super::options::{Choices, choices, lapwing_covariance_options};
use super::{Estimate, lapwing_covariance_f32, lapwing_covariance_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`choices`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = Estimate<T>>>(
    x: Unchecked<T>,
    options: *const lapwing_covariance_options,
    out: *mut *mut M,
    estimator: impl FnOnce(&Choices, &ArrayView2<'_, T>) -> Result<Estimate<T>, Failure>,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let choices = unsafe { choices(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        estimator(&choices, &unsafe { x.view() })
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Fits the mean and the maximum likelihood covariance of the rows of x (n in the denominator), in one pass, with the semantics
/// of scikit-learn's EmpiricalCovariance.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: deviations from the mean.
///  out      receives the model, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_empirical_covariance_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, empirical_covariance) })
}

/// As lapwing_empirical_covariance_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_empirical_covariance_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, empirical_covariance) })
}

fn empirical_covariance<T: Scalar>(choices: &Choices, x: &ArrayView2<'_, T>) -> Result<Estimate<T>, Failure> {
    Ok(Estimate::Empirical(EmpiricalCovariance::params().centring(choices.centring).fit(x)?))
}

/// Fits the covariance of the rows of x, of which a share of a multiple of the identity with the same trace takes the place, with
/// the semantics of scikit-learn's ShrunkCovariance.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: deviations from the mean, a share of 0.1.
///  out      receives the model, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_shrunk_covariance_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, shrunk_covariance) })
}

/// As lapwing_shrunk_covariance_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_shrunk_covariance_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, shrunk_covariance) })
}

fn shrunk_covariance<T: Scalar>(choices: &Choices, x: &ArrayView2<'_, T>) -> Result<Estimate<T>, Failure> {
    Ok(Estimate::Shrunk(choices.shrunk().fit(x)?))
}

/// Fits a shrunk covariance with the share that Ledoit and Wolf ("A well-conditioned estimator for large-dimensional covariance
/// matrices", 2004) derive from the data, with the semantics of scikit-learn's LedoitWolf.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: deviations from the mean.
///  out      receives the model, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ledoit_wolf_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, ledoit_wolf) })
}

/// As lapwing_ledoit_wolf_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ledoit_wolf_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, ledoit_wolf) })
}

fn ledoit_wolf<T: Scalar>(choices: &Choices, x: &ArrayView2<'_, T>) -> Result<Estimate<T>, Failure> {
    Ok(Estimate::LedoitWolf(LedoitWolf::params().centring(choices.centring).fit(x)?))
}

/// Fits a shrunk covariance with the share that Chen, Wiesel, Eldar and Hero ("Shrinkage algorithms for MMSE covariance
/// estimation", 2010) derive for normal data, with the semantics of scikit-learn's OAS.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: deviations from the mean.
///  out      receives the model, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_oas_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, oas) })
}

/// As lapwing_oas_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_oas_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, oas) })
}

fn oas<T: Scalar>(choices: &Choices, x: &ArrayView2<'_, T>) -> Result<Estimate<T>, Failure> {
    Ok(Estimate::Oas(Oas::params().centring(choices.centring).fit(x)?))
}

/// Fits a robust location and covariance: those of the samples that lie closest together, by FAST-MCD (Rousseeuw and Van
/// Driessen, "A fast algorithm for the minimum covariance determinant estimator", 1999), with the semantics of scikit-learn's
/// MinCovDet.
///
///  x        n x p, at least 2 x 1, any strides; read only.
///  options  NULL for the defaults: deviations from the mean, the support that withstands the most.
///  out      receives the model, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; or a support fraction whose
/// samples are all equal), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW, LAPWING_ERR_NO_CONVERGENCE. On any error *out is untouched. Thread-safe; the same seed gives the same
/// model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_min_cov_det_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, min_cov_det) })
}

/// As lapwing_min_cov_det_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_min_cov_det_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out, min_cov_det) })
}

fn min_cov_det<T: Scalar>(choices: &Choices, x: &ArrayView2<'_, T>) -> Result<Estimate<T>, Failure> {
    let mut params = MinCovDet::params().centring(choices.centring).seed(choices.seed);
    if let Some(fraction) = choices.support_fraction {
        params = params.support_fraction(fraction);
    }
    Ok(Estimate::MinCovDet(Box::new(params.fit(x)?)))
}
