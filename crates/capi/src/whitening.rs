//! Whitening: features that are uncorrelated and have variance 1, by an opaque transform.

use std::ffi::c_char;
use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::{WhiteningMethod, WhiteningTransform, WhiteningTransformParams};
use ndarray::Axis;

use crate::guard::guard;
use crate::models::{self, Model, fill, free, hand_out, map, map_data, model, models};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::stored::{from_json, to_json};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The symmetric root of the inverse covariance: zero-phase component analysis.
pub const LAPWING_WHITENING_ZCA: i32 = 0;
/// The symmetric root of the inverse correlation, of features scaled to variance 1.
pub const LAPWING_WHITENING_ZCA_CORRELATION: i32 = 1;
/// The principal components, scaled to variance 1.
pub const LAPWING_WHITENING_PCA: i32 = 2;
/// The principal components of features scaled to variance 1, themselves scaled to variance 1.
pub const LAPWING_WHITENING_PCA_CORRELATION: i32 = 3;
/// The upper triangular factor.
pub const LAPWING_WHITENING_CHOLESKY: i32 = 4;

const METHODS: [WhiteningMethod; 5] = [
    WhiteningMethod::Zca,
    WhiteningMethod::ZcaCorrelation,
    WhiteningMethod::Pca,
    WhiteningMethod::PcaCorrelation,
    WhiteningMethod::Cholesky,
];

/// The options of a whitening. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_whitening_options {
    /// sizeof(lapwing_whitening_options), always.
    pub struct_size: usize,
    /// LAPWING_WHITENING_ZCA to LAPWING_WHITENING_CHOLESKY.
    pub method: i32,
    /// Left 0.
    pub reserved: i32,
    /// Counts a variance along a principal axis as no less than this share, in (0, 1], of the largest, so that a singular
    /// covariance can be whitened; not with LAPWING_WHITENING_CHOLESKY. By default, a singular covariance is an error.
    pub floor: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_whitening_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_whitening_options>(),
        method: LAPWING_WHITENING_ZCA,
        reserved: 0,
        floor: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_whitening_options, floor) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_whitening_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(options: *const lapwing_whitening_options) -> Result<WhiteningTransformParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    let requirement = "one of LAPWING_WHITENING_ZCA (0) to LAPWING_WHITENING_CHOLESKY (4)";
    let method = constant("method", options.method, &METHODS, requirement)?;
    let params = WhiteningTransform::params().method(method);
    Ok(if options.floor == 0.0 { params } else { params.floor(options.floor) })
}

/// A matrix W (p x p) by which centred features are multiplied, after which they are uncorrelated and have variance 1. Immutable:
/// one model may be used from several threads at once.
pub struct lapwing_whitening_f64(WhiteningTransform<f64>);

/// As lapwing_whitening_f64, of data in single precision; the matrix is computed in double.
pub struct lapwing_whitening_f32(WhiteningTransform<f32>);

models!("model": lapwing_whitening_f64(WhiteningTransform<f64>), lapwing_whitening_f32(WhiteningTransform<f32>));

/// Fits the whitening of the rows of x.
///
///  x        n x p, at least 2 x 1, any strides; read only.
///  options  NULL for the defaults: LAPWING_WHITENING_ZCA, no floor.
///  out      receives the model, to be freed by lapwing_whitening_free_f64.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance is, and there is no floor), LAPWING_ERR_NON_FINITE (x holds NaN or an infinity),
/// LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe. LAPACK: dsyevd, or dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_whitening_options,
    out: *mut *mut lapwing_whitening_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// As lapwing_whitening_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_whitening_options,
    out: *mut *mut lapwing_whitening_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = WhiteningTransform<T>>>(
    x: Unchecked<T>,
    options: *const lapwing_whitening_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(params.fit(&unsafe { x.view() })?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

fn features<T: Scalar>(model: &WhiteningTransform<T>) -> (usize, &'static str) {
    (model.n_features(), "the model's features")
}

/// The whitened features of the rows of x.
///
///  model     the model.
///  x         n x p, any n, any strides; read only.
///  whitened  n x p.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error whitened is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_transform_f64(
    model: *const lapwing_whitening_f64,
    x: lapwing_mat_f64,
    whitened: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("whitened", whitened.into()), features, |model, x| model.transform(x))
    })
}

/// As lapwing_whitening_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_transform_f32(
    model: *const lapwing_whitening_f32,
    x: lapwing_mat_f32,
    whitened: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("whitened", whitened.into()), features, |model, x| model.transform(x))
    })
}

/// The data of which z are the whitened features.
///
///  model  the model.
///  z      n x p, any n, any strides; read only.
///  x      n x p.
///
/// Returns what lapwing_whitening_transform_f64 does, of z. On any error x is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_inverse_transform_f64(
    model: *const lapwing_whitening_f64,
    z: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(model, z.into(), x.into()) })
}

/// As lapwing_whitening_inverse_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_inverse_transform_f32(
    model: *const lapwing_whitening_f32,
    z: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(model, z.into(), x.into()) })
}

/// # Safety
/// As [`model`] and [`map`] require.
unsafe fn inverse_transform<T: Scalar, M: Model<Fitted = WhiteningTransform<T>>>(
    pointer: *const M,
    z: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (z, x) = (z.input("z")?, x.output("x")?);
    x.require_shape(&[(z.shape()[0], "the rows of z"), features(model)])?;
    // SAFETY: this function's own condition.
    unsafe { map(&z, &x, |z| Ok(model.inverse_transform(&z)?)) }
}

/// W: what a column of centred features is multiplied by.
///
///  model   the model.
///  matrix  p x p.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (matrix overlaps itself), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any error
/// matrix is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_matrix_f64(
    model: *const lapwing_whitening_f64,
    matrix: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(model, ("matrix", matrix.into()), |model| [features(model); 2], |model| Ok(model.matrix()))
    })
}

/// As lapwing_whitening_matrix_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_matrix_f32(
    model: *const lapwing_whitening_f32,
    matrix: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(model, ("matrix", matrix.into()), |model| [features(model); 2], |model| Ok(model.matrix()))
    })
}

/// The inverse of W.
///
///  model   the model.
///  matrix  p x p.
///
/// Returns what lapwing_whitening_matrix_f64 does. On any error matrix is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_inverse_matrix_f64(
    model: *const lapwing_whitening_f64,
    matrix: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(
            model,
            ("matrix", matrix.into()),
            |model| [features(model); 2],
            |model| Ok(model.inverse_matrix()),
        )
    })
}

/// As lapwing_whitening_inverse_matrix_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_inverse_matrix_f32(
    model: *const lapwing_whitening_f32,
    matrix: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(
            model,
            ("matrix", matrix.into()),
            |model| [features(model); 2],
            |model| Ok(model.inverse_matrix()),
        )
    })
}

/// The mean of each feature.
///
///  model  the model.
///  mean   p entries.
///
/// Returns what lapwing_whitening_matrix_f64 does. On any error mean is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_mean_f64(
    model: *const lapwing_whitening_f64,
    mean: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(
            model,
            ("mean", mean.into()),
            |model| [features(model), (1, "a vector")],
            |model| Ok(model.mean().insert_axis(Axis(1))),
        )
    })
}

/// As lapwing_whitening_mean_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_mean_f32(
    model: *const lapwing_whitening_f32,
    mean: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        fill(
            model,
            ("mean", mean.into()),
            |model| [features(model), (1, "a vector")],
            |model| Ok(model.mean().insert_axis(Axis(1))),
        )
    })
}

/// Which whitening this is, LAPWING_WHITENING_ZCA to LAPWING_WHITENING_CHOLESKY.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_method_f64(
    model: *const lapwing_whitening_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.method())) })
}

/// As lapwing_whitening_method_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_method_f32(
    model: *const lapwing_whitening_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.method())) })
}

/// The constant that C has for a method; -1 for one of a later version, which no option of C can have asked for.
fn constant_of(method: WhiteningMethod) -> i32 {
    METHODS.iter().position(|&known| known == method).map_or(-1, |position| position as i32)
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_n_features_f64(
    model: *const lapwing_whitening_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_whitening_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_n_features_f32(
    model: *const lapwing_whitening_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// n, the number of samples that the model was fitted on.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_n_samples_f64(
    model: *const lapwing_whitening_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// As lapwing_whitening_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_n_samples_f32(
    model: *const lapwing_whitening_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// The whitening as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back gives the same
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
pub unsafe extern "C" fn lapwing_whitening_to_json_f64(
    model: *const lapwing_whitening_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_whitening_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_to_json_f32(
    model: *const lapwing_whitening_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The whitening that lapwing_whitening_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_whitening_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_whitening_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// As lapwing_whitening_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_whitening_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { from_json(text, length, out) })
}

/// Frees a model. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_free_f64(model: *mut lapwing_whitening_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_whitening_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_whitening_free_f32(model: *mut lapwing_whitening_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
