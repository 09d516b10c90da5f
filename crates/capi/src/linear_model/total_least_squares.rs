//! Total least squares: the options, the fit, and the size of the correction.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{TotalLeastSquares, TotalLeastSquaresParams};

use super::choices::intercept;
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{self, Model, hand_out};
use crate::numbers::require_zero;
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// The options of total least squares. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_total_least_squares_options {
    /// sizeof(lapwing_total_least_squares_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// Left 0.
    pub reserved: i32,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_total_least_squares_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_total_least_squares_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        reserved: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_total_least_squares_options, reserved) + size_of::<i32>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_total_least_squares_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    options: *const lapwing_total_least_squares_options,
) -> Result<TotalLeastSquaresParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    Ok(TotalLeastSquares::params().intercept(intercept(options.intercept)?))
}

/// Fits total least squares: of all changes of features and targets together, the smallest after which a model fits exactly. For
/// features that were measured with errors of the same size as those of the targets.
///
///  x        n x p, n at least p + t, any strides; read only.
///  y        n x t: one target per column; read only.
///  options  NULL for the defaults.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x or y holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_DOES_NOT_EXIST
/// (the features are as near to collinear as features and targets together, so that there is no smallest change, or more than
/// one), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error *out is untouched. Thread-safe. LAPACK: dgesdd, dgetrf. Golub and Van Loan 1980.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_total_least_squares_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    options: *const lapwing_total_least_squares_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), options, out) })
}

/// As lapwing_total_least_squares_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_total_least_squares_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    options: *const lapwing_total_least_squares_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), options, out) })
}

/// # Safety
/// The memory behind the views is there, as [`Strided::view`](crate::strided::Strided::view) requires, `options` as
/// [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    x: Unchecked<T>,
    y: Unchecked<T>,
    options: *const lapwing_total_least_squares_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        let (x, y) = (x.input("x")?, y.input("y")?);
        // SAFETY: as above.
        let model = unsafe { params.fit(&x.view(), &y.view()) }?;
        Ok(Estimator::TotalLeastSquares(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Of total least squares: the Frobenius norm of the smallest change of features and targets after which the model fits exactly.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_correction_norm_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, correction_norm) })
}

/// As lapwing_linear_model_correction_norm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_correction_norm_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, correction_norm) })
}

fn correction_norm<T: Scalar>(model: &LinearModel<T>) -> Result<f64, Failure> {
    match &model.estimator {
        Estimator::TotalLeastSquares(fitted) => Ok(fitted.correction_norm()),
        _ => Err(model.has_no("correction of its features")),
    }
}
