//! Regression on the leading singular vectors of the features: the options and the fit.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{TruncatedSvdRegression, TruncatedSvdRegressionParams, Truncation};

use super::choices::intercept;
use super::problem::{self, Problem};
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::require_zero;
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The options of a regression on singular vectors. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_truncated_svd_regression_options {
    /// sizeof(lapwing_truncated_svd_regression_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// Left 0.
    pub reserved: i32,
    /// How many singular vectors to keep, at most the rank of the features; by default, those that tolerance says.
    pub rank: i64,
    /// Without a rank: those with a singular value above this times the largest, less than 1; by default, all that rounding
    /// lets tell from zero.
    pub tolerance: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_truncated_svd_regression_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_truncated_svd_regression_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        reserved: 0,
        rank: 0,
        tolerance: 0.0,
    };
    const FIRST_SIZE: usize =
        offset_of!(lapwing_truncated_svd_regression_options, tolerance) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_truncated_svd_regression_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    options: *const lapwing_truncated_svd_regression_options,
) -> Result<TruncatedSvdRegressionParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    let truncation = match count("rank", options.rank)? {
        0 => Truncation::Tolerance(options.tolerance),
        rank => {
            require_zero("tolerance", options.tolerance, "0 where a rank is given")?;
            Truncation::Rank(rank)
        }
    };
    Ok(TruncatedSvdRegression::params(truncation).intercept(intercept(options.intercept)?))
}

/// Fits least squares on the leading singular vectors of the features alone (principal component regression): of what the others
/// would explain, nothing is fitted, so that noise in small directions is not amplified.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  y        n x t: one target per column; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only.
///  options  NULL for the defaults: all that are not zero by rounding, the shortest of the least-squares solutions.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive), LAPWING_ERR_RANK_DEFICIENT (fewer singular values than rank are above rounding),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// *out is untouched. Thread-safe. LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_regression_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_truncated_svd_regression_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_truncated_svd_regression_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_regression_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_truncated_svd_regression_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// # Safety
/// The views as [`problem::dense`] requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    x: Unchecked<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_truncated_svd_regression_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        // SAFETY: as above.
        let Problem { x, y, weights } = unsafe { problem::dense(x, y, weights) }?;
        let model = match weights {
            None => params.fit(&x, &y),
            Some(weights) => params.fit_weighted(&x, &y, &weights),
        }?;
        Ok(Estimator::TruncatedSvdRegression(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
