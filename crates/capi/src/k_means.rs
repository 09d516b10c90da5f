//! k-means clustering as an opaque model, from all samples at once or by random batches.

mod accessors;
mod n_clusters;
mod options;

use std::ffi::c_char;

use lapwing_lapack::Scalar;
use lapwing_ml::{Error, KMeans};
use ndarray::{ArrayView1, ArrayView2};

pub use self::accessors::*;
pub use self::n_clusters::*;
pub use self::options::*;
use crate::arguments::vector;
use crate::guard::guard;
use crate::models::{Model, free, hand_out, models};
use crate::status::{Failure, lapwing_status};
use crate::stored::{from_json, to_json};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// k centres, and the cluster of each sample: that of its nearest centre. Immutable: one model may be used from several threads
/// at once.
pub struct lapwing_k_means_f64(KMeans<f64>);

/// As lapwing_k_means_f64, of data in single precision; distances are computed in double.
pub struct lapwing_k_means_f32(KMeans<f32>);

models!("model": lapwing_k_means_f64(KMeans<f64>), lapwing_k_means_f32(KMeans<f32>));

/// Clusters the rows of x about k centres, such that the squared distances from the nearest one have the least sum that the starts
/// lead to. The semantics are those of scikit-learn's KMeans; the same seed gives the same bits on any number of threads.
///
///  x        n x p, n at least k, any strides; read only.
///  weights  n entries, none negative: how often each sample counts; or NULL data, and each counts once.
///  centers  k x p, where the centres start; or NULL data, and options->init says where.
///  options  NULL for the defaults: 8 clusters, or as many as centers has rows, one start by k-means++.
///  out      receives the model, to be freed by lapwing_k_means_free_f64.
///
/// Centres that still move after max_iterations are no error: lapwing_k_means_converged_f64 says so.
///
/// Returns LAPWING_ERR_NON_FINITE (x or centers holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; or a weight that is
/// negative or not finite, or all are zero), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_fit_f64(
    x: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    centers: lapwing_mat_f64,
    options: *const lapwing_k_means_options,
    out: *mut *mut lapwing_k_means_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { k_means(x.into(), weights.into(), centers.into(), options, out) })
}

/// As lapwing_k_means_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_fit_f32(
    x: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    centers: lapwing_mat_f32,
    options: *const lapwing_k_means_options,
    out: *mut *mut lapwing_k_means_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { k_means(x.into(), weights.into(), centers.into(), options, out) })
}

/// As lapwing_k_means_fit_f64, approximately and for less: from random batches of samples, as scikit-learn's MiniBatchKMeans.
///
///  x        n x p, n at least k, any strides; read only.
///  weights  n entries, none negative: how often each sample counts; or NULL data, and each counts once.
///  centers  k x p, where the centres start; or NULL data, and options->init says where.
///  options  NULL for the defaults: 8 clusters, or as many as centers has rows, batches of 1024 samples.
///  out      receives the model, to be freed by lapwing_k_means_free_f64.
///
/// Returns what lapwing_k_means_fit_f64 does. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mini_batch_k_means_fit_f64(
    x: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    centers: lapwing_mat_f64,
    options: *const lapwing_mini_batch_k_means_options,
    out: *mut *mut lapwing_k_means_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { mini_batch_k_means(x.into(), weights.into(), centers.into(), options, out) })
}

/// As lapwing_mini_batch_k_means_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mini_batch_k_means_fit_f32(
    x: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    centers: lapwing_mat_f32,
    options: *const lapwing_mini_batch_k_means_options,
    out: *mut *mut lapwing_k_means_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { mini_batch_k_means(x.into(), weights.into(), centers.into(), options, out) })
}

/// # Safety
/// As [`hand_out`], [`params`] and [`weighted`] require.
unsafe fn k_means<T: Scalar, M: Model<Fitted = KMeans<T>>>(
    x: Unchecked<T>,
    weights: Unchecked<T>,
    centers: Unchecked<T>,
    options: *const lapwing_k_means_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        hand_out(out, || {
            let params = params(options, centers, x)?;
            weighted(x, weights, |x, weights| match weights {
                None => params.fit(x),
                Some(weights) => params.fit_weighted(x, weights),
            })
        })
    }
}

/// # Safety
/// As [`hand_out`], [`mini_batch_params`] and [`weighted`] require.
unsafe fn mini_batch_k_means<T: Scalar, M: Model<Fitted = KMeans<T>>>(
    x: Unchecked<T>,
    weights: Unchecked<T>,
    centers: Unchecked<T>,
    options: *const lapwing_mini_batch_k_means_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        hand_out(out, || {
            let params = mini_batch_params(options, centers, x)?;
            weighted(x, weights, |x, weights| match weights {
                None => params.fit(x),
                Some(weights) => params.fit_weighted(x, weights),
            })
        })
    }
}

/// What `work` makes of samples and their weights, if they have any.
///
/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires.
unsafe fn weighted<T: Scalar, R>(
    x: Unchecked<T>,
    weights: Unchecked<T>,
    work: impl FnOnce(&ArrayView2<'_, T>, Option<&ArrayView1<'_, T>>) -> Result<R, Error>,
) -> Result<R, Failure> {
    let x = x.input("x")?;
    // SAFETY: this function's own condition.
    let samples = unsafe { x.view() };
    if weights.data.is_null() {
        return Ok(work(&samples, None)?);
    }
    let weights = weights.input("weights")?;
    // SAFETY: this function's own condition.
    Ok(work(&samples, Some(&unsafe { vector(&weights) }))?)
}

/// The model as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
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
pub unsafe extern "C" fn lapwing_k_means_to_json_f64(
    model: *const lapwing_k_means_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_k_means_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_to_json_f32(
    model: *const lapwing_k_means_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The model that lapwing_k_means_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_k_means_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_k_means_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_k_means_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_k_means_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_free_f64(model: *mut lapwing_k_means_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_k_means_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_free_f32(model: *mut lapwing_k_means_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
