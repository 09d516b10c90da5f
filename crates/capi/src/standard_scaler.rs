//! Features with mean 0 and variance 1: an opaque scaler, which transforms data of either precision.

use std::ffi::c_char;
use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::StandardScaler;
use lapwing_ml::preprocessing::{Centring, Scaling, StandardScalerParams};

use crate::arguments::vector;
use crate::guard::{guard, require_pointer};
use crate::models::{self, free, hand_out, map_data, model, models};
use crate::numbers::constant;
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::stored::{from_json, to_json};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

/// The mean of each feature is subtracted.
pub const LAPWING_SCALER_CENTRED: i32 = 0;
/// Nothing is subtracted.
pub const LAPWING_SCALER_NOT_CENTRED: i32 = 1;

/// Each feature is divided by its standard deviation.
pub const LAPWING_SCALER_UNIT_VARIANCE: i32 = 0;
/// Nothing is divided.
pub const LAPWING_SCALER_NOT_SCALED: i32 = 1;

/// The options of a standard scaler. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_standard_scaler_options {
    /// sizeof(lapwing_standard_scaler_options), always.
    pub struct_size: usize,
    /// LAPWING_SCALER_CENTRED or LAPWING_SCALER_NOT_CENTRED.
    pub centring: i32,
    /// LAPWING_SCALER_UNIT_VARIANCE or LAPWING_SCALER_NOT_SCALED.
    pub scaling: i32,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_standard_scaler_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_standard_scaler_options>(),
        centring: LAPWING_SCALER_CENTRED,
        scaling: LAPWING_SCALER_UNIT_VARIANCE,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_standard_scaler_options, scaling) + size_of::<i32>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_standard_scaler_options)";
}

/// The means and the standard deviations of p features, by which data is shifted and scaled. They are in double precision, and
/// transform data of either. Immutable: one scaler may be used from several threads at once.
pub struct lapwing_standard_scaler(StandardScaler);

models!("model": lapwing_standard_scaler(StandardScaler));

/// Fits the mean and the standard deviation of each column of x, in one pass, with the semantics of scikit-learn's
/// StandardScaler.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  weights  n entries, none negative; or NULL data, and every sample counts once.
///  options  NULL for the defaults: features are centred and scaled.
///  out      receives the model, to be freed by lapwing_standard_scaler_free.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; or a weight that is negative
/// or not finite, or all are zero), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_fit_f64(
    x: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_standard_scaler_options,
    out: *mut *mut lapwing_standard_scaler,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), weights.into(), options, out) })
}

/// As lapwing_standard_scaler_fit_f64, to data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_fit_f32(
    x: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_standard_scaler_options,
    out: *mut *mut lapwing_standard_scaler,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), weights.into(), options, out) })
}

/// # Safety
/// The views as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`options::read`]; `out` is NULL or
/// writable.
unsafe fn fit<T: Scalar>(
    x: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_standard_scaler_options,
    out: *mut *mut lapwing_standard_scaler,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        let data = unsafe { x.view() };
        if weights.data.is_null() {
            return Ok(params.fit(&data)?);
        }
        let weights = weights.input("weights")?;
        // SAFETY: this function's own condition.
        Ok(params.fit_weighted(&data, &unsafe { vector(&weights) })?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(options: *const lapwing_standard_scaler_options) -> Result<StandardScalerParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let of_centring = "LAPWING_SCALER_CENTRED (0) or LAPWING_SCALER_NOT_CENTRED (1)";
    let of_scaling = "LAPWING_SCALER_UNIT_VARIANCE (0) or LAPWING_SCALER_NOT_SCALED (1)";
    let (centrings, scalings) = ([Centring::Mean, Centring::None], [Scaling::UnitVariance, Scaling::None]);
    Ok(StandardScaler::params()
        .centring(constant("centring", options.centring, &centrings, of_centring)?)
        .scaling(constant("scaling", options.scaling, &scalings, of_scaling)?))
}

/// The scaler of the samples of both, with the options of the first: how data that comes in blocks is fitted, and parts of it
/// on different machines.
///
///  model  a scaler.
///  other  another one, of as many features.
///  out    receives a third, to be freed by lapwing_standard_scaler_free.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_merged(
    model: *const lapwing_standard_scaler,
    other: *const lapwing_standard_scaler,
    out: *mut *mut lapwing_standard_scaler,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models and the pointer.
    guard(|| unsafe { merged(model, other, out) })
}

/// # Safety
/// As [`model`] and [`hand_out`] require.
unsafe fn merged(
    pointer: *const lapwing_standard_scaler,
    other: *const lapwing_standard_scaler,
    out: *mut *mut lapwing_standard_scaler,
) -> Result<(), Failure> {
    require_pointer("other", other)?;
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, || Ok(model(pointer)?.merged(model(other)?)?)) }
}

/// (x - mean) / scale for the rows of x.
///
///  model   the model.
///  x       m x p, any m, any strides; read only.
///  scaled  m x p.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error scaled is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_transform_f64(
    model: *const lapwing_standard_scaler,
    x: lapwing_mat_f64,
    scaled: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("scaled", scaled.into()), features, |model, x| model.transform(x))
    })
}

/// As lapwing_standard_scaler_transform_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_transform_f32(
    model: *const lapwing_standard_scaler,
    x: lapwing_mat_f32,
    scaled: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("scaled", scaled.into()), features, |model, x| model.transform(x))
    })
}

/// x * scale + mean for the rows of x: lapwing_standard_scaler_transform_f64 undone.
///
///  model     the model.
///  x         m x p, any m, any strides; read only.
///  original  m x p.
///
/// Returns what lapwing_standard_scaler_transform_f64 does. On any error original is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_inverse_transform_f64(
    model: *const lapwing_standard_scaler,
    x: lapwing_mat_f64,
    original: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("original", original.into()), features, |model, x| {
            model.inverse_transform(x)
        })
    })
}

/// As lapwing_standard_scaler_inverse_transform_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_inverse_transform_f32(
    model: *const lapwing_standard_scaler,
    x: lapwing_mat_f32,
    original: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("original", original.into()), features, |model, x| {
            model.inverse_transform(x)
        })
    })
}

fn features(model: &StandardScaler) -> (usize, &'static str) {
    (model.n_features(), "the model's features")
}

/// The mean of each feature, p, whether or not it is subtracted. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_mean(
    model: *const lapwing_standard_scaler,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.mean().into()) })
}

/// The variance of each feature, p, with the number of samples in the denominator. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_variance(
    model: *const lapwing_standard_scaler,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.variance().into()) })
}

/// What each feature is divided by, p: its standard deviation, or 1 where it is constant; all 1 without scaling. The view lasts
/// until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_scale(
    model: *const lapwing_standard_scaler,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.scale().into()) })
}

/// The number of samples, or the sum of their weights.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_n_samples_seen(
    model: *const lapwing_standard_scaler,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples_seen()) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_n_features(
    model: *const lapwing_standard_scaler,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// The scaler as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
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
pub unsafe extern "C" fn lapwing_standard_scaler_to_json(
    model: *const lapwing_standard_scaler,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The scaler that lapwing_standard_scaler_to_json wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_standard_scaler_free.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_from_json(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_standard_scaler,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_standard_scaler_free(model: *mut lapwing_standard_scaler) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
