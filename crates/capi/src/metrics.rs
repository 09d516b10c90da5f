//! How far predictions lie from what was observed.

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::metrics::{Averaging, PredictionErrors};

use crate::arguments::vector;
use crate::guard::{guard, require_pointer};
use crate::numbers::constant;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The score of several targets is the mean of theirs.
pub const LAPWING_AVERAGE_UNIFORM: i32 = 0;
/// The score of several targets is the mean of theirs, each with the variance of its target as weight; the plain mean when no
/// target varies.
pub const LAPWING_AVERAGE_VARIANCE_WEIGHTED: i32 = 1;

/// R2, the coefficient of determination: the share of the variance of y_true that y_pred predicts; 1 at best, negative where
/// the mean would have predicted better. A target that does not vary scores 1 when it is predicted exactly, and 0 when
/// not, as in scikit-learn.
///
///  y_true     n x t, n at least 2 samples of t targets, any strides; read only.
///  y_pred     n x t, any strides; read only.
///  weights    n entries, none negative; or NULL data, and every sample counts once.
///  averaging  LAPWING_AVERAGE_UNIFORM or LAPWING_AVERAGE_VARIANCE_WEIGHTED.
///  value      receives the score.
///
/// Returns LAPWING_ERR_NON_FINITE (y_true or y_pred holds NaN or an infinity), LAPWING_ERR_ARGUMENT (averaging; or a weight
/// that is negative or not finite, or all are zero), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OVERFLOW. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_r2_score_f64(
    y_true: lapwing_mat_f64,
    y_pred: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    averaging: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        score([y_true.into(), y_pred.into(), weights.into()], averaging, value, PredictionErrors::r2_score)
    })
}

/// As lapwing_r2_score_f64, of data in single precision; the score is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_r2_score_f32(
    y_true: lapwing_mat_f32,
    y_pred: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    averaging: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        score([y_true.into(), y_pred.into(), weights.into()], averaging, value, PredictionErrors::r2_score)
    })
}

/// 1 - Var(y_true - y_pred) / Var(y_true): R2 that forgives a constant offset.
///
///  y_true     n x t, at least 1 x 1, any strides; read only.
///  y_pred     n x t, any strides; read only.
///  weights    n entries, none negative; or NULL data, and every sample counts once.
///  averaging  LAPWING_AVERAGE_UNIFORM or LAPWING_AVERAGE_VARIANCE_WEIGHTED.
///  value      receives the score.
///
/// Returns what lapwing_r2_score_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_explained_variance_score_f64(
    y_true: lapwing_mat_f64,
    y_pred: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    averaging: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        score([y_true.into(), y_pred.into(), weights.into()], averaging, value, |errors, averaging| {
            Ok(errors.explained_variance_score(averaging))
        })
    })
}

/// As lapwing_explained_variance_score_f64, of data in single precision; the score is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_explained_variance_score_f32(
    y_true: lapwing_mat_f32,
    y_pred: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    averaging: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        score([y_true.into(), y_pred.into(), weights.into()], averaging, value, |errors, averaging| {
            Ok(errors.explained_variance_score(averaging))
        })
    })
}

/// The mean of the squared residuals, over samples and targets.
///
///  y_true   n x t, at least 1 x 1, any strides; read only.
///  y_pred   n x t, any strides; read only.
///  weights  n entries, none negative; or NULL data, and every sample counts once.
///  value    receives the error.
///
/// Returns LAPWING_ERR_NON_FINITE (y_true or y_pred holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a weight that is negative
/// or not finite, or all are zero), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OVERFLOW. On any
/// error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mean_squared_error_f64(
    y_true: lapwing_mat_f64,
    y_pred: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        error([y_true.into(), y_pred.into(), weights.into()], value, PredictionErrors::mean_squared_error)
    })
}

/// As lapwing_mean_squared_error_f64, of data in single precision; the error is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mean_squared_error_f32(
    y_true: lapwing_mat_f32,
    y_pred: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        error([y_true.into(), y_pred.into(), weights.into()], value, PredictionErrors::mean_squared_error)
    })
}

/// The root of the mean of the squared residuals of each target, averaged over the targets.
///
///  y_true   n x t, at least 1 x 1, any strides; read only.
///  y_pred   n x t, any strides; read only.
///  weights  n entries, none negative; or NULL data, and every sample counts once.
///  value    receives the error.
///
/// Returns what lapwing_mean_squared_error_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_root_mean_squared_error_f64(
    y_true: lapwing_mat_f64,
    y_pred: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        error(
            [y_true.into(), y_pred.into(), weights.into()],
            value,
            PredictionErrors::root_mean_squared_error,
        )
    })
}

/// As lapwing_root_mean_squared_error_f64, of data in single precision; the error is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_root_mean_squared_error_f32(
    y_true: lapwing_mat_f32,
    y_pred: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        error(
            [y_true.into(), y_pred.into(), weights.into()],
            value,
            PredictionErrors::root_mean_squared_error,
        )
    })
}

/// The mean of the residuals' magnitudes, over samples and targets.
///
///  y_true   n x t, at least 1 x 1, any strides; read only.
///  y_pred   n x t, any strides; read only.
///  weights  n entries, none negative; or NULL data, and every sample counts once.
///  value    receives the error.
///
/// Returns what lapwing_mean_squared_error_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mean_absolute_error_f64(
    y_true: lapwing_mat_f64,
    y_pred: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        error([y_true.into(), y_pred.into(), weights.into()], value, PredictionErrors::mean_absolute_error)
    })
}

/// As lapwing_mean_absolute_error_f64, of data in single precision; the error is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mean_absolute_error_f32(
    y_true: lapwing_mat_f32,
    y_pred: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        error([y_true.into(), y_pred.into(), weights.into()], value, PredictionErrors::mean_absolute_error)
    })
}

/// Gives the caller the score that `metric` makes of the errors.
///
/// # Safety
/// As [`measure`] requires.
unsafe fn score<T: Scalar>(
    views: [Unchecked<T>; 3],
    averaging: i32,
    value: *mut f64,
    metric: impl FnOnce(&PredictionErrors, Averaging) -> Result<f64, Error>,
) -> Result<(), Failure> {
    let requirement = "LAPWING_AVERAGE_UNIFORM (0) or LAPWING_AVERAGE_VARIANCE_WEIGHTED (1)";
    let averagings = [Averaging::Uniform, Averaging::VarianceWeighted];
    let averaging = constant("averaging", averaging, &averagings, requirement)?;
    // SAFETY: this function's own condition.
    unsafe { measure(views, value, |errors| metric(errors, averaging)) }
}

/// Gives the caller the error that `metric` makes of the errors of all samples.
///
/// # Safety
/// As [`measure`] requires.
unsafe fn error<T: Scalar>(
    views: [Unchecked<T>; 3],
    value: *mut f64,
    metric: impl FnOnce(&PredictionErrors) -> f64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { measure(views, value, |errors| Ok(metric(errors))) }
}

/// # Safety
/// The views as [`Strided::view`](crate::strided::Strided::view) requires; `value` is NULL or writable.
unsafe fn measure<T: Scalar>(
    [y_true, y_pred, weights]: [Unchecked<T>; 3],
    value: *mut f64,
    metric: impl FnOnce(&PredictionErrors) -> Result<f64, Error>,
) -> Result<(), Failure> {
    require_pointer("value", value)?;
    let (y_true, y_pred) = (y_true.input("y_true")?, y_pred.input("y_pred")?);
    // SAFETY: this function's own condition.
    let (observed, predicted) = unsafe { (y_true.view(), y_pred.view()) };
    let errors = if weights.data.is_null() {
        PredictionErrors::new(&observed, &predicted)?
    } else {
        let weights = weights.input("weights")?;
        // SAFETY: this function's own condition.
        PredictionErrors::weighted(&observed, &predicted, &unsafe { vector(&weights) })?
    };
    let found = metric(&errors)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(found) };
    Ok(())
}
