//! Linear models: one opaque type for all estimators that end in coefficients and an intercept. Their fits differ; what is
//! asked of them afterwards does not.

mod accessors;
mod bayesian_ridge;
mod choices;
mod cross_validation;
mod elastic_net;
mod elastic_net_cv;
mod estimator;
mod linear_regression;
mod penalty_choice;
mod posterior;
mod problem;
mod ridge;
mod ridge_cv;
mod stored;
mod summary;
mod tikhonov;
mod total_least_squares;
mod truncated_svd_regression;

use lapwing_lapack::Scalar;

pub use self::accessors::*;
pub use self::bayesian_ridge::*;
pub use self::choices::*;
pub use self::cross_validation::*;
pub use self::elastic_net::*;
pub use self::elastic_net_cv::*;
pub(crate) use self::estimator::LinearModel;
pub use self::estimator::*;
pub use self::linear_regression::*;
pub use self::penalty_choice::*;
pub use self::posterior::*;
pub use self::ridge::*;
pub use self::ridge_cv::*;
pub use self::stored::*;
pub use self::summary::*;
pub use self::tikhonov::*;
pub use self::total_least_squares::*;
pub use self::truncated_svd_regression::*;
use crate::guard::{guard, require_pointer};
use crate::models::{Model, free, map, map_rows, model, models};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

/// A fitted linear model of p features and t targets, whichever of the estimators fitted it: predictions are
/// x * transpose(coefficients) + intercept. Immutable: one model may be used from several threads at once.
pub struct lapwing_linear_model_f64(LinearModel<f64>);

/// As lapwing_linear_model_f64, in single precision; sums over samples are in double.
pub struct lapwing_linear_model_f32(LinearModel<f32>);

models!("model": lapwing_linear_model_f64(LinearModel<f64>), lapwing_linear_model_f32(LinearModel<f32>));

const TARGETS: &str = "the model's targets";

/// The predictions for x. Data far from the origin loses no digit: the intercept is not added after the fact, but the
/// means that the model was fitted around are subtracted first.
///
///  model        the model.
///  x            m x p, any m, any strides; read only.
///  predictions  m x t.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error predictions is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_predict_f64(
    model: *const lapwing_linear_model_f64,
    x: lapwing_mat_f64,
    predictions: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { predict(model, x.into(), predictions.into()) })
}

/// As lapwing_linear_model_predict_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_predict_f32(
    model: *const lapwing_linear_model_f32,
    x: lapwing_mat_f32,
    predictions: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { predict(model, x.into(), predictions.into()) })
}

/// # Safety
/// As [`model`] and [`map`] require.
unsafe fn predict<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    predictions: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let predictor = unsafe { model(pointer) }?.predictor();
    let (x, predictions) = (x.input("x")?, predictions.output("predictions")?);
    predictions.require_shape(&[(x.shape()[0], "the rows of x"), (predictor.n_targets(), TARGETS)])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &predictions, |x| Ok(predictor.predict(&*x)?)) }
}

/// The predictions for sparse rows, without a dense copy of them.
///
///  model        the model, of sparse or of dense data.
///  x            m x p, any m, in compressed rows; read only.
///  predictions  m x t.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (the structure of x),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error predictions is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_predict_csr_f64(
    model: *const lapwing_linear_model_f64,
    x: lapwing_csr_f64,
    predictions: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { predict_csr(model, x.into(), predictions.into()) })
}

/// As lapwing_linear_model_predict_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_predict_csr_f32(
    model: *const lapwing_linear_model_f32,
    x: lapwing_csr_f32,
    predictions: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { predict_csr(model, x.into(), predictions.into()) })
}

/// # Safety
/// As [`model`] and [`map_rows`] require.
unsafe fn predict_csr<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    pointer: *const M,
    x: UncheckedRows<T>,
    predictions: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let predictor = unsafe { model(pointer) }?.predictor();
    // SAFETY: as above.
    unsafe {
        map_rows(x, ("predictions", predictions), (predictor.n_targets(), TARGETS), |x| {
            Ok(predictor.predict(x)?)
        })
    }
}

/// How well the model predicts y: the coefficient of determination R2, the mean over the targets. 1 at best, 0 for a model
/// that always predicts the mean, and negative for worse ones.
///
///  model    the model.
///  x        m x p, m at least 2, any strides; read only.
///  y        m x t; read only.
///  weights  a weight for each sample, m, or NULL data for none; read only.
///  value    receives it.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a negative weight, or
/// none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error *value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_score_f64(
    model: *const lapwing_linear_model_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer, and the memory behind the views.
    guard(|| unsafe { score(model, x.into(), y.into(), weights.into(), value) })
}

/// As lapwing_linear_model_score_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_score_f32(
    model: *const lapwing_linear_model_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer, and the memory behind the views.
    guard(|| unsafe { score(model, x.into(), y.into(), weights.into(), value) })
}

/// # Safety
/// As [`model`] and [`problem::dense`] require; `value` is NULL or writable.
unsafe fn score<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    value: *mut f64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let predictor = unsafe { model(pointer) }?.predictor();
    require_pointer("value", value)?;
    y.input("y")?
        .require_shape(&[(x.input("x")?.shape()[0], "the rows of x"), (predictor.n_targets(), TARGETS)])?;
    // SAFETY: as above.
    let problem = unsafe { problem::dense(x, y, weights) }?;
    let score = predictor.score(&problem)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(score) };
    Ok(())
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_free_f64(model: *mut lapwing_linear_model_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_linear_model_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_free_f32(model: *mut lapwing_linear_model_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
