//! Linear and quadratic discriminant analysis: one opaque model for both, because they answer the same questions.

mod accessors;
mod options;
mod parts;
mod predictions;

use std::ffi::c_char;

use lapwing_lapack::Scalar;
use lapwing_ml::{LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

pub use self::accessors::*;
pub use self::options::*;
pub use self::parts::*;
pub use self::predictions::*;
use crate::guard::guard;
use crate::models::{Model, free, hand_out, models};
use crate::sparse::array;
use crate::status::{Failure, lapwing_status};
use crate::stored::{read_json, to_json};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f64};

/// lapwing_linear_discriminant_fit_f64 made the model.
pub const LAPWING_DISCRIMINANT_LINEAR: i32 = 0;
/// lapwing_quadratic_discriminant_fit_f64 did.
pub const LAPWING_DISCRIMINANT_QUADRATIC: i32 = 1;

/// K classes of p features as Gaussians, with one covariance for all of them, or one each. Immutable: one model may be used
/// from several threads at once.
pub struct lapwing_discriminant_f64(Discriminant<f64>);

/// As lapwing_discriminant_f64, of data in single precision; means and covariances are computed in double.
pub struct lapwing_discriminant_f32(Discriminant<f32>);

models!("model": lapwing_discriminant_f64(Discriminant<f64>), lapwing_discriminant_f32(Discriminant<f32>));

/// What a fit made; its text is that of the Rust model, whose format name tells which it is.
#[derive(Serialize)]
#[serde(untagged, bound = "T: Scalar")]
pub(crate) enum Discriminant<T: Scalar> {
    Linear(Box<LinearDiscriminantAnalysis<T, i64>>),
    Quadratic(QuadraticDiscriminantAnalysis<T, i64>),
}

impl<T: Scalar> Discriminant<T> {
    fn n_features(&self) -> usize {
        match self {
            Self::Linear(model) => model.n_features(),
            Self::Quadratic(model) => model.n_features(),
        }
    }

    /// The labels in ascending order.
    fn classes(&self) -> &[i64] {
        match self {
            Self::Linear(model) => model.classes(),
            Self::Quadratic(model) => model.classes(),
        }
    }
}

/// Fits classes as Gaussians with one covariance: linear boundaries, and a projection that separates the classes. The semantics
/// are those of scikit-learn's LinearDiscriminantAnalysis, but that there is a discriminant for each class also where there are
/// two.
///
///  x        n x p, any strides; read only. More rows than classes.
///  labels   n labels, any numbers, of at least 2 classes; read only.
///  priors   the probability of each class in ascending order of the labels, positive, with sum 1; or NULL data, and it is the
///           share of the samples.
///  options  NULL for the defaults: LAPWING_DISCRIMINANT_SVD, no shrinkage.
///  out      receives the model, to be freed by lapwing_discriminant_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, the priors, or fewer than 2
/// classes), LAPWING_ERR_SINGULAR (the covariance within the classes has no inverse, where one is needed), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error *out is untouched. Thread-safe. LAPACK: dgesdd, or dsyevd and dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_discriminant_fit_f64(
    x: lapwing_mat_f64,
    labels: *const i64,
    priors: lapwing_vec_f64,
    options: *const lapwing_discriminant_options,
    out: *mut *mut lapwing_discriminant_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit((x.into(), labels), (priors.into(), options), out, linear) })
}

/// As lapwing_linear_discriminant_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_discriminant_fit_f32(
    x: lapwing_mat_f32,
    labels: *const i64,
    priors: lapwing_vec_f64,
    options: *const lapwing_discriminant_options,
    out: *mut *mut lapwing_discriminant_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit((x.into(), labels), (priors.into(), options), out, linear) })
}

/// Fits classes as Gaussians with a covariance each: quadratic boundaries. The semantics are those of scikit-learn's
/// QuadraticDiscriminantAnalysis.
///
///  x        n x p, any strides; read only. Unless regularized, more rows of each class than columns.
///  labels   n labels, any numbers, of at least 2 classes; read only.
///  priors   the probability of each class in ascending order of the labels, positive, with sum 1; or NULL data, and it is the
///           share of the samples.
///  options  NULL for the defaults: not regularized.
///  out      receives the model, to be freed by lapwing_discriminant_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, the priors, or fewer than 2
/// classes), LAPWING_ERR_SINGULAR (the covariance of a class has no inverse), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is
/// untouched. Thread-safe. LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_quadratic_discriminant_fit_f64(
    x: lapwing_mat_f64,
    labels: *const i64,
    priors: lapwing_vec_f64,
    options: *const lapwing_discriminant_options,
    out: *mut *mut lapwing_discriminant_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit((x.into(), labels), (priors.into(), options), out, quadratic) })
}

/// As lapwing_quadratic_discriminant_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_quadratic_discriminant_fit_f32(
    x: lapwing_mat_f32,
    labels: *const i64,
    priors: lapwing_vec_f64,
    options: *const lapwing_discriminant_options,
    out: *mut *mut lapwing_discriminant_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit((x.into(), labels), (priors.into(), options), out, quadratic) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, as many `labels` as it has rows as [`array`], the
/// choices as [`choices`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    (x, labels): (Unchecked<T>, *const i64),
    (priors, options): (Unchecked<f64>, *const lapwing_discriminant_options),
    out: *mut *mut M,
    analysis: impl FnOnce(&Choices, &ArrayView2<'_, T>, &[i64]) -> Result<Discriminant<T>, Failure>,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition, here and below.
        let choices = unsafe { choices(options, priors) }?;
        let x = x.input("x")?;
        // SAFETY: as above.
        unsafe { analysis(&choices, &x.view(), array("labels", labels, x.shape()[0])?) }
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

fn linear<T: Scalar>(
    choices: &Choices,
    x: &ArrayView2<'_, T>,
    labels: &[i64],
) -> Result<Discriminant<T>, Failure> {
    Ok(Discriminant::Linear(Box::new(choices.linear()?.fit(x, labels)?)))
}

fn quadratic<T: Scalar>(
    choices: &Choices,
    x: &ArrayView2<'_, T>,
    labels: &[i64],
) -> Result<Discriminant<T>, Failure> {
    Ok(Discriminant::Quadratic(choices.quadratic().fit(x, labels)?))
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
pub unsafe extern "C" fn lapwing_discriminant_to_json_f64(
    model: *const lapwing_discriminant_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// As lapwing_discriminant_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_to_json_f32(
    model: *const lapwing_discriminant_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { to_json(model, buf, cap, length) })
}

/// The model that lapwing_discriminant_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_discriminant_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_discriminant_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { discriminant_from_json(text, length, out) })
}

/// As lapwing_discriminant_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_discriminant_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { discriminant_from_json(text, length, out) })
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
unsafe fn discriminant_from_json<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    text: *const c_char,
    length: usize,
    out: *mut *mut M,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let work = || unsafe {
        let head: Head = read_json(text, length)?;
        Ok(match head.format.as_str() {
            "lapwing.quadratic_discriminant_analysis" => Discriminant::Quadratic(read_json(text, length)?),
            _ => Discriminant::Linear(read_json(text, length)?),
        })
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_free_f64(model: *mut lapwing_discriminant_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_discriminant_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_free_f32(model: *mut lapwing_discriminant_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
