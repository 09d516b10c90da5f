//! What can be read from a metric, and the metric as text.

use std::ffi::c_char;

use super::{lapwing_mahalanobis_f32, lapwing_mahalanobis_f64};
use crate::guard::guard;
use crate::models;
use crate::status::lapwing_status;
use crate::stored::{from_json, to_json};
use crate::view::{lapwing_vec_f32, lapwing_vec_f64};

/// The location that distances are measured from, p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_location_f64(
    model: *const lapwing_mahalanobis_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.location().into()) })
}

/// As lapwing_mahalanobis_location_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_location_f32(
    model: *const lapwing_mahalanobis_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.location().into()) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_n_features_f64(
    model: *const lapwing_mahalanobis_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_mahalanobis_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_n_features_f32(
    model: *const lapwing_mahalanobis_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// The rank of the covariance: p, unless it is singular and its pseudo-inverse was asked for. The degrees of freedom of the
/// squared distances of Gaussian rows.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_rank_f64(
    model: *const lapwing_mahalanobis_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.rank() as i64) })
}

/// As lapwing_mahalanobis_rank_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_rank_f32(
    model: *const lapwing_mahalanobis_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.rank() as i64) })
}

/// An estimate of one over the condition number of the covariance, once its features are scaled alike (of its range, when
/// the pseudo-inverse is used). Squared distances are exact to about p unit roundoffs divided by this, as a share of each.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_reciprocal_condition_f64(
    model: *const lapwing_mahalanobis_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.reciprocal_condition()) })
}

/// As lapwing_mahalanobis_reciprocal_condition_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_reciprocal_condition_f32(
    model: *const lapwing_mahalanobis_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.reciprocal_condition()) })
}

/// The metric as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
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
pub unsafe extern "C" fn lapwing_mahalanobis_to_json_f64(
    model: *const lapwing_mahalanobis_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_mahalanobis_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_to_json_f32(
    model: *const lapwing_mahalanobis_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The metric that lapwing_mahalanobis_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_mahalanobis_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_mahalanobis_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_mahalanobis_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_mahalanobis_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}
