//! Linear models as text, in JSON.

use std::ffi::c_char;

use lapwing_lapack::Scalar;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::stored::{read_json, to_json};

/// The fitted linear model as text in JSON, with a version and a format name that tells which estimator it is: the format of
/// the Rust crates and of the command line. Reading it back gives the same bits.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_to_json_f64(
    model: *const lapwing_linear_model_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_linear_model_to_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_to_json_f32(
    model: *const lapwing_linear_model_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The fitted linear model that lapwing_linear_model_to_json_f64 wrote, or the Rust crates and the command line, of any of the
/// estimators.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_linear_model_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// What tells the estimators apart.
#[derive(serde::Deserialize)]
struct Label {
    format: String,
}

/// # Safety
/// As [`read_json`] requires; `out` is NULL or writable.
unsafe fn from_json<T, M>(text: *const c_char, length: usize, out: *mut *mut M) -> Result<(), Failure>
where
    T: Scalar + Serialize + DeserializeOwned,
    M: Model<Fitted = LinearModel<T>>,
{
    let work = || {
        // SAFETY: this function's own condition.
        let Label { format } = unsafe { read_json(text, length) }?;
        // SAFETY: this function's own condition, of every one of them.
        let estimator = unsafe {
            match format.as_str() {
                "lapwing.linear_regression" => Estimator::LinearRegression(read_json(text, length)?),
                "lapwing.ridge" => Estimator::Ridge(read_json(text, length)?),
                "lapwing.elastic_net" => Estimator::ElasticNet(read_json(text, length)?),
                "lapwing.elastic_net_cv" => Estimator::ElasticNetCv(read_json(text, length)?),
                "lapwing.ridge_cv" => Estimator::RidgeCv(read_json(text, length)?),
                "lapwing.bayesian_ridge" => Estimator::BayesianRidge(read_json(text, length)?),
                "lapwing.truncated_svd_regression" => {
                    Estimator::TruncatedSvdRegression(read_json(text, length)?)
                }
                "lapwing.total_least_squares" => Estimator::TotalLeastSquares(read_json(text, length)?),
                "lapwing.tikhonov" => Estimator::Tikhonov(read_json(text, length)?),
                _ => {
                    let message = format!(
                        "text is not a linear model that this library reads: its format is {format:?}; if it is a \
                         model of another kind, read it with the function of that kind"
                    );
                    return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
                }
            }
        };
        Ok(estimator.into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
