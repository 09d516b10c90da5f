//! What can be read from a Gaussian, and the Gaussian as text.

use std::ffi::c_char;

use super::{lapwing_multivariate_normal_f32, lapwing_multivariate_normal_f64};
use crate::guard::guard;
use crate::mahalanobis::{lapwing_mahalanobis_f32, lapwing_mahalanobis_f64};
use crate::models::{self, fill, hand_out};
use crate::status::lapwing_status;
use crate::stored::{from_json, to_json};
use crate::view::{lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The mean, p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_mean_f64(
    model: *const lapwing_multivariate_normal_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.mean().into()) })
}

/// As lapwing_multivariate_normal_mean_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_mean_f32(
    model: *const lapwing_multivariate_normal_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.mean().into()) })
}

/// The covariance.
///
///  model       the model.
///  covariance  p x p.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (covariance overlaps itself), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any
/// error covariance is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_covariance_f64(
    model: *const lapwing_multivariate_normal_f64,
    covariance: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(
            model,
            ("covariance", covariance.into()),
            |model| [(model.n_features(), "the model's features"); 2],
            |model| Ok(model.covariance()),
        )
    })
}

/// As lapwing_multivariate_normal_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_covariance_f32(
    model: *const lapwing_multivariate_normal_f32,
    covariance: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(
            model,
            ("covariance", covariance.into()),
            |model| [(model.n_features(), "the model's features"); 2],
            |model| Ok(model.covariance()),
        )
    })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_n_features_f64(
    model: *const lapwing_multivariate_normal_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_multivariate_normal_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_n_features_f32(
    model: *const lapwing_multivariate_normal_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// The differential entropy, in nats. Negative where the density is high.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_entropy_f64(
    model: *const lapwing_multivariate_normal_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.entropy()) })
}

/// As lapwing_multivariate_normal_entropy_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_entropy_f32(
    model: *const lapwing_multivariate_normal_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.entropy()) })
}

/// The metric that measures distances from the mean by the covariance.
///
///  model  the model.
///  out    receives the metric, to be freed by lapwing_mahalanobis_free_f64; it outlives the model.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_mahalanobis_f64(
    model: *const lapwing_multivariate_normal_f64,
    out: *mut *mut lapwing_mahalanobis_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { hand_out(out, || Ok(models::model(model)?.mahalanobis().clone())) })
}

/// As lapwing_multivariate_normal_mahalanobis_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_mahalanobis_f32(
    model: *const lapwing_multivariate_normal_f32,
    out: *mut *mut lapwing_mahalanobis_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { hand_out(out, || Ok(models::model(model)?.mahalanobis().clone())) })
}

/// The distribution as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
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
pub unsafe extern "C" fn lapwing_multivariate_normal_to_json_f64(
    model: *const lapwing_multivariate_normal_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_multivariate_normal_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_to_json_f32(
    model: *const lapwing_multivariate_normal_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The distribution that lapwing_multivariate_normal_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_multivariate_normal_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_multivariate_normal_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_multivariate_normal_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_multivariate_normal_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}
