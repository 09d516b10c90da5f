//! Models as text, in JSON: the format of the Rust crates and of the command line, so that a model that was fitted by one
//! is used by another.

use std::ffi::c_char;

use lapwing_lapack::Scalar;
use lapwing_ml::IncrementalPca;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::guard::{copy_text, guard, require_pointer};
use crate::incremental_pca::{Incremental, lapwing_incremental_pca_f32, lapwing_incremental_pca_f64, shared};
use crate::kernel_pca::{lapwing_kernel_pca_f32, lapwing_kernel_pca_f64};
use crate::models::{Model, hand_out, model};
use crate::pca::{lapwing_pca_f32, lapwing_pca_f64};
use crate::sparse::array;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::truncated_svd::{lapwing_truncated_svd_f32, lapwing_truncated_svd_f64};

/// Copies the text of a model, and gives its whole length.
///
/// # Safety
/// `buf`, unless NULL, has room for `cap` bytes; `length` is NULL or writable.
pub(crate) unsafe fn write_json<S: Serialize>(
    model: &S,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> Result<(), Failure> {
    require_pointer("length", length)?;
    let text = serde_json::to_string(model)
        .map_err(|error| Failure::new(LAPWING_ERR_ARGUMENT, format!("the model is no JSON: {error}")))?;
    // SAFETY: this function's own condition; the length's place is neither NULL nor misaligned.
    unsafe { length.write(copy_text(&text, buf, cap)) };
    Ok(())
}

/// The model that a text describes.
///
/// # Safety
/// `text` is readable for `length` bytes.
pub(crate) unsafe fn read_json<D: DeserializeOwned>(
    text: *const c_char,
    length: usize,
) -> Result<D, Failure> {
    // SAFETY: this function's own condition.
    let text = unsafe { array("text", text.cast::<u8>(), length) }?;
    serde_json::from_slice(text).map_err(|error| {
        Failure::new(LAPWING_ERR_ARGUMENT, format!("text is not a model that this library reads: {error}"))
    })
}

/// # Safety
/// As [`model`] and [`write_json`] require.
pub(crate) unsafe fn to_json<M: Model<Fitted: Serialize>>(
    pointer: *const M,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { write_json(model(pointer)?, buf, cap, length) }
}

/// # Safety
/// As [`read_json`] requires; `out` is NULL or writable.
pub(crate) unsafe fn from_json<M: Model<Fitted: DeserializeOwned>>(
    text: *const c_char,
    length: usize,
    out: *mut *mut M,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, || read_json(text, length)) }
}

/// The fitted principal component analysis as text in JSON, with a format name and a version: the format of the Rust
/// crates and of the command line. Reading it back gives the same bits.
///
///  pca     the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when pca or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_to_json_f64(
    pca: *const lapwing_pca_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(pca, buf, cap, length) })
}

/// As lapwing_pca_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_to_json_f32(
    pca: *const lapwing_pca_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(pca, buf, cap, length) })
}

/// The fitted principal component analysis that lapwing_pca_to_json_f64 wrote, or the Rust crates and the command line.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_pca_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_pca_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// The fitted kernel principal component analysis as text in JSON, with a format name and a version: the format of the
/// Rust crates. Reading it back gives the same bits. It holds the samples that the model was fitted on.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_to_json_f64(
    model: *const lapwing_kernel_pca_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_kernel_pca_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_to_json_f32(
    model: *const lapwing_kernel_pca_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The fitted kernel principal component analysis that lapwing_kernel_pca_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_kernel_pca_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_kernel_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_kernel_pca_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_kernel_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// The fitted truncated singular value decomposition as text in JSON, with a format name and a version: the format of
/// the Rust crates. Reading it back gives the same bits.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_to_json_f64(
    model: *const lapwing_truncated_svd_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_truncated_svd_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_to_json_f32(
    model: *const lapwing_truncated_svd_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The fitted truncated singular value decomposition that lapwing_truncated_svd_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_truncated_svd_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_truncated_svd_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_truncated_svd_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_truncated_svd_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// The principal component analysis in the making as text in JSON, with a format name and a version: the format of the
/// Rust crates. A long pass over the data can be interrupted, and parts of it made elsewhere can be merged.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_to_json_f64(
    model: *const lapwing_incremental_pca_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { write_json(shared("model", model)?, buf, cap, length) })
}

/// As lapwing_incremental_pca_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_to_json_f32(
    model: *const lapwing_incremental_pca_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { write_json(shared("model", model)?, buf, cap, length) })
}

/// The principal component analysis in the making that lapwing_incremental_pca_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_incremental_pca_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_incremental_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { incremental_from_json(text, length, out) })
}

/// As lapwing_incremental_pca_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_incremental_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { incremental_from_json(text, length, out) })
}

/// # Safety
/// As [`read_json`] requires; `out` is NULL or writable.
unsafe fn incremental_from_json<T, M>(
    text: *const c_char,
    length: usize,
    out: *mut *mut M,
) -> Result<(), Failure>
where
    T: Scalar + Serialize + DeserializeOwned,
    M: Incremental<Scalar = T>,
{
    require_pointer("out", out)?;
    // SAFETY: this function's own condition.
    let growing: IncrementalPca<T> = unsafe { read_json(text, length) }?;
    let model = Box::new(M::new(growing));
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { out.write(Box::into_raw(model)) };
    Ok(())
}
