//! Least squares with a penalty on an operator times the coefficients: the options and the fit.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{Tikhonov, TikhonovParams};

use super::choices::{LAPWING_PENALTY_ALPHA, intercept, unpenalized};
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::require_zero;
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// The options of a Tikhonov regularization. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_tikhonov_options {
    /// sizeof(lapwing_tikhonov_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_PENALTY_ALPHA or LAPWING_PENALTY_NONE.
    pub penalty: i32,
    /// The weight of the penalty, not negative; 1 by default.
    pub alpha: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_tikhonov_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_tikhonov_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        penalty: LAPWING_PENALTY_ALPHA,
        alpha: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_tikhonov_options, alpha) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_tikhonov_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(options: *const lapwing_tikhonov_options) -> Result<TikhonovParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let params = Tikhonov::params().intercept(intercept(options.intercept)?);
    if unpenalized(options.penalty)? {
        require_zero("alpha", options.alpha, "0 with LAPWING_PENALTY_NONE")?;
        return Ok(params.alpha(0.0));
    }
    Ok(if options.alpha == 0.0 { params } else { params.alpha(options.alpha) })
}

/// Fits least squares with a penalty on an operator times the coefficients, as differences of neighbours: the sum of the squared
/// residuals plus alpha times the sum of the squares of penalty_operator * coefficients is least.
///
///  x                 n x p, at least 1 x 1, any strides; read only.
///  y                 n x t: one target per column; read only.
///  penalty_operator  l x p, any l; read only.
///  options           NULL for the defaults: a penalty of 1.
///  out               receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or penalty_operator holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option),
/// LAPWING_ERR_RANK_DEFICIENT (some coefficients are seen neither by the features nor by the operator), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe. LAPACK: dgeqp3.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_tikhonov_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    penalty_operator: lapwing_mat_f64,
    options: *const lapwing_tikhonov_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), penalty_operator.into(), options, out) })
}

/// As lapwing_tikhonov_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_tikhonov_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    penalty_operator: lapwing_mat_f32,
    options: *const lapwing_tikhonov_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), penalty_operator.into(), options, out) })
}

/// # Safety
/// The memory behind the views is there, as [`Strided::view`](crate::strided::Strided::view) requires, `options` as
/// [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    x: Unchecked<T>,
    y: Unchecked<T>,
    operator: Unchecked<T>,
    options: *const lapwing_tikhonov_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        let (x, y, operator) = (x.input("x")?, y.input("y")?, operator.input("penalty_operator")?);
        // SAFETY: as above.
        let model = unsafe { params.fit(&x.view(), &y.view(), &operator.view()) }?;
        Ok(Estimator::Tikhonov(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
