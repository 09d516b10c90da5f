//! Covariance estimators: one opaque model for all of them, because they answer the same questions.

mod accessors;
mod answers;
mod fits;
mod options;
mod robust;
mod running;

use std::ffi::c_char;
use std::ops::Deref;

use lapwing_lapack::Scalar;
use lapwing_ml::{EmpiricalCovariance, FittedCovariance, LedoitWolf, MinCovDet, Oas, ShrunkCovariance};
use serde::{Deserialize, Serialize};

pub use self::accessors::*;
pub use self::answers::*;
pub use self::fits::*;
pub use self::options::*;
pub use self::robust::*;
pub use self::running::*;
use crate::guard::guard;
use crate::models::{Model, free, hand_out, models};
use crate::status::{Failure, lapwing_status};
use crate::stored::{read_json, to_json};

/// lapwing_empirical_covariance_fit_f64 made the model.
pub const LAPWING_COVARIANCE_EMPIRICAL: i32 = 0;
/// lapwing_shrunk_covariance_fit_f64 did.
pub const LAPWING_COVARIANCE_SHRUNK: i32 = 1;
/// lapwing_ledoit_wolf_fit_f64 did.
pub const LAPWING_COVARIANCE_LEDOIT_WOLF: i32 = 2;
/// lapwing_oas_fit_f64 did.
pub const LAPWING_COVARIANCE_OAS: i32 = 3;
/// lapwing_min_cov_det_fit_f64 did.
pub const LAPWING_COVARIANCE_MIN_COV_DET: i32 = 4;

/// A location and a covariance of p features that were estimated from n samples, by whichever estimator. Immutable: one model
/// may be used from several threads at once.
pub struct lapwing_covariance_f64(Estimate<f64>);

/// As lapwing_covariance_f64, in single precision; sums are accumulated in double.
pub struct lapwing_covariance_f32(Estimate<f32>);

models!("model": lapwing_covariance_f64(Estimate<f64>), lapwing_covariance_f32(Estimate<f32>));

/// What an estimator made; its text is that of the Rust model, whose format name tells which it is.
#[derive(Serialize)]
#[serde(untagged, bound = "T: Scalar")]
pub(crate) enum Estimate<T: Scalar> {
    Empirical(EmpiricalCovariance<T>),
    Shrunk(ShrunkCovariance<T>),
    LedoitWolf(LedoitWolf<T>),
    Oas(Oas<T>),
    MinCovDet(Box<MinCovDet<T>>),
}

impl<T: Scalar> Deref for Estimate<T> {
    type Target = FittedCovariance<T>;

    fn deref(&self) -> &FittedCovariance<T> {
        match self {
            Self::Empirical(model) => model,
            Self::Shrunk(model) => model,
            Self::LedoitWolf(model) => model,
            Self::Oas(model) => model,
            Self::MinCovDet(model) => model,
        }
    }
}

impl<T: Scalar> Estimate<T> {
    /// The constant that C has for the estimator.
    fn estimator(&self) -> i32 {
        match self {
            Self::Empirical(_) => LAPWING_COVARIANCE_EMPIRICAL,
            Self::Shrunk(_) => LAPWING_COVARIANCE_SHRUNK,
            Self::LedoitWolf(_) => LAPWING_COVARIANCE_LEDOIT_WOLF,
            Self::Oas(_) => LAPWING_COVARIANCE_OAS,
            Self::MinCovDet(_) => LAPWING_COVARIANCE_MIN_COV_DET,
        }
    }

    /// What the model is called in messages.
    fn name(&self) -> &'static str {
        match self {
            Self::Empirical(_) => "an empirical covariance",
            Self::Shrunk(_) => "a shrunk covariance",
            Self::LedoitWolf(_) => "a Ledoit-Wolf covariance",
            Self::Oas(_) => "an oracle approximating shrinkage",
            Self::MinCovDet(_) => "a minimum covariance determinant",
        }
    }
}

/// The covariance as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
/// bits.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_to_json_f64(
    model: *const lapwing_covariance_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_covariance_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_to_json_f32(
    model: *const lapwing_covariance_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The covariance that lapwing_covariance_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { covariance_from_json(text, length, out) })
}

/// As lapwing_covariance_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { covariance_from_json(text, length, out) })
}

/// What tells the models apart.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: String,
}

/// The text is read twice, so that what is wrong with it is told of the model that it says it is.
///
/// # Safety
/// As [`read_json`] requires; `out` is NULL or writable.
unsafe fn covariance_from_json<T: Scalar, M: Model<Fitted = Estimate<T>>>(
    text: *const c_char,
    length: usize,
    out: *mut *mut M,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition, here and below.
    let work = || unsafe {
        let head: Head = read_json(text, length)?;
        Ok(match head.format.as_str() {
            "lapwing.covariance.shrunk" => Estimate::Shrunk(read_json(text, length)?),
            "lapwing.covariance.ledoit_wolf" => Estimate::LedoitWolf(read_json(text, length)?),
            "lapwing.covariance.oas" => Estimate::Oas(read_json(text, length)?),
            "lapwing.covariance.min_cov_det" => Estimate::MinCovDet(read_json(text, length)?),
            _ => Estimate::Empirical(read_json(text, length)?),
        })
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_free_f64(model: *mut lapwing_covariance_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_covariance_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_free_f32(model: *mut lapwing_covariance_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
