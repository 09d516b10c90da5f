//! Covariances of rows that come in blocks: what is known of the rows so far, and its end as a fitted covariance.

use std::ffi::c_char;

use lapwing_lapack::Scalar;
use lapwing_ml::{EmpiricalCovariance, Oas, RunningCovariance};

use super::options::{Choices, choices, lapwing_covariance_options};
use super::{Estimate, lapwing_covariance_f32, lapwing_covariance_f64};
use crate::guard::{guard, require_pointer};
use crate::models::{Model, hand_out};
use crate::status::{Failure, LAPWING_ERR_ALIAS, LAPWING_ERR_PANIC, lapwing_status};
use crate::stored::{read_json, write_json};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// The means and the scatter of the rows so far. Changed by lapwing_running_covariance_partial_fit_f64 and
/// lapwing_running_covariance_merge_f64: while one of them runs, no other thread may use the same model.
pub struct lapwing_running_covariance_f64(Option<RunningCovariance<f64>>);

/// As lapwing_running_covariance_f64, in single precision; sums are accumulated in double.
pub struct lapwing_running_covariance_f32(Option<RunningCovariance<f32>>);

/// What both models are to the generic functions. There is nothing in its place after a panic that may have left it half
/// changed.
trait Running: 'static {
    type Scalar: Scalar;
    type Fitted: Model<Fitted = Estimate<Self::Scalar>>;
    fn new(running: RunningCovariance<Self::Scalar>) -> Self;
    fn place(&self) -> &Option<RunningCovariance<Self::Scalar>>;
    fn place_mut(&mut self) -> &mut Option<RunningCovariance<Self::Scalar>>;
}

macro_rules! running {
    ($($model:ident($scalar:ty) -> $fitted:ty),*) => {
        $(impl Running for $model {
            type Scalar = $scalar;
            type Fitted = $fitted;
            fn new(running: RunningCovariance<$scalar>) -> Self {
                Self(Some(running))
            }
            fn place(&self) -> &Option<RunningCovariance<$scalar>> {
                &self.0
            }
            fn place_mut(&mut self) -> &mut Option<RunningCovariance<$scalar>> {
                &mut self.0
            }
        })*
    };
}
running!(
    lapwing_running_covariance_f64(f64) -> lapwing_covariance_f64,
    lapwing_running_covariance_f32(f32) -> lapwing_covariance_f32
);

fn half_changed() -> Failure {
    let message = "a bug in Lapwing was caught while this model changed; free it and begin anew";
    Failure::new(LAPWING_ERR_PANIC, message)
}

/// The model behind a pointer from C.
///
/// # Safety
/// NULL, or from [`start`], and neither freed nor changed during `'a`.
unsafe fn shared<'a, M: Running>(
    name: &str,
    model: *const M,
) -> Result<&'a RunningCovariance<M::Scalar>, Failure> {
    require_pointer(name, model)?;
    // SAFETY: not NULL; the rest is this function's own condition.
    unsafe { &*model }.place().as_ref().ok_or_else(half_changed)
}

/// Changes the model behind a pointer from C; a panic leaves none.
///
/// # Safety
/// NULL, or from [`start`], not freed, and used by nobody else meanwhile.
unsafe fn change<M: Running>(
    model: *mut M,
    work: impl FnOnce(&mut RunningCovariance<M::Scalar>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    require_pointer("model", model.cast_const())?;
    // SAFETY: not NULL; the rest is this function's own condition.
    let place = unsafe { &mut *model }.place_mut();
    let mut taken = place.take().ok_or_else(half_changed)?;
    let result = work(&mut taken);
    *place = Some(taken);
    result
}

/// Begins a covariance of data that comes in blocks.
///
///  out  receives the model, of no rows so far, to be freed by lapwing_running_covariance_free_f64.
///
/// Returns LAPWING_ERR_NULL when out is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_new_f64(
    out: *mut *mut lapwing_running_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { start(out, || Ok(RunningCovariance::new())) })
}

/// As lapwing_running_covariance_new_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_new_f32(
    out: *mut *mut lapwing_running_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { start(out, || Ok(RunningCovariance::new())) })
}

/// # Safety
/// `out` is NULL or writable.
unsafe fn start<M: Running>(
    out: *mut *mut M,
    running: impl FnOnce() -> Result<RunningCovariance<M::Scalar>, Failure>,
) -> Result<(), Failure> {
    require_pointer("out", out)?;
    let model = Box::new(M::new(running()?));
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { out.write(Box::into_raw(model)) };
    Ok(())
}

/// Adds the rows of a block to what is known.
///
///  model  the model.
///  block  m x p, any m, any strides; read only. The first block with rows fixes p.
///
/// Returns LAPWING_ERR_NON_FINITE (block holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the model is as if the block had not come. Models may be used
/// on different threads, each by one at a time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_partial_fit_f64(
    model: *mut lapwing_running_covariance_f64,
    block: lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { partial_fit(model, block.into()) })
}

/// As lapwing_running_covariance_partial_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_partial_fit_f32(
    model: *mut lapwing_running_covariance_f32,
    block: lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { partial_fit(model, block.into()) })
}

/// # Safety
/// As [`change`] and [`Strided::view`](crate::strided::Strided::view) require.
unsafe fn partial_fit<M: Running>(model: *mut M, block: Unchecked<M::Scalar>) -> Result<(), Failure> {
    let block = block.input("block")?;
    // SAFETY: this function's own condition.
    unsafe { change(model, |model| Ok(model.partial_fit(&block.view())?)) }
}

/// Adds the rows that another model has seen, as if they had come in blocks here.
///
///  model  the model.
///  other  another one, of the same features; read only.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (both are the same), LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW. On any error the
/// model is as it was.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_merge_f64(
    model: *mut lapwing_running_covariance_f64,
    other: *const lapwing_running_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models.
    guard(|| unsafe { merge(model, other) })
}

/// As lapwing_running_covariance_merge_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_merge_f32(
    model: *mut lapwing_running_covariance_f32,
    other: *const lapwing_running_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models.
    guard(|| unsafe { merge(model, other) })
}

/// # Safety
/// As [`change`] and [`shared`] require.
unsafe fn merge<M: Running>(model: *mut M, other: *const M) -> Result<(), Failure> {
    if !other.is_null() && other == model.cast_const() {
        return Err(Failure::new(LAPWING_ERR_ALIAS, "other is the model itself; its rows are there already"));
    }
    // SAFETY: this function's own condition; the two are not the same.
    unsafe {
        let other = shared("other", other)?;
        change(model, |model| Ok(model.merge(other)?))
    }
}

/// The covariance of the rows so far, as lapwing_empirical_covariance_fit_f64 finds it. More rows may follow.
///
///  model    the model; read only.
///  options  as of lapwing_empirical_covariance_fit_f64; NULL for the defaults.
///  out      receives the covariance, to be freed by lapwing_covariance_free_f64.
///
/// Returns LAPWING_ERR_SHAPE (no rows have come), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_NULL,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_empirical_f64(
    model: *const lapwing_running_covariance_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { finish(model, options, out, empirical) })
}

/// As lapwing_running_covariance_empirical_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_empirical_f32(
    model: *const lapwing_running_covariance_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { finish(model, options, out, empirical) })
}

/// The shrunk covariance of the rows so far, as lapwing_shrunk_covariance_fit_f64 finds it. More rows may follow.
///
///  model    the model; read only.
///  options  as of lapwing_shrunk_covariance_fit_f64; NULL for the defaults.
///  out      receives the covariance, to be freed by lapwing_covariance_free_f64.
///
/// Returns what lapwing_running_covariance_empirical_f64 does. On any error *out is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_shrunk_f64(
    model: *const lapwing_running_covariance_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { finish(model, options, out, shrunk) })
}

/// As lapwing_running_covariance_shrunk_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_shrunk_f32(
    model: *const lapwing_running_covariance_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { finish(model, options, out, shrunk) })
}

/// The oracle approximating shrinkage of the rows so far, as lapwing_oas_fit_f64 finds it. More rows may follow.
///
///  model    the model; read only.
///  options  as of lapwing_oas_fit_f64; NULL for the defaults.
///  out      receives the covariance, to be freed by lapwing_covariance_free_f64.
///
/// Returns what lapwing_running_covariance_empirical_f64 does. On any error *out is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_oas_f64(
    model: *const lapwing_running_covariance_f64,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { finish(model, options, out, oas) })
}

/// As lapwing_running_covariance_oas_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_oas_f32(
    model: *const lapwing_running_covariance_f32,
    options: *const lapwing_covariance_options,
    out: *mut *mut lapwing_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { finish(model, options, out, oas) })
}

fn empirical<T: Scalar>(choices: &Choices, rows: &RunningCovariance<T>) -> Result<Estimate<T>, Failure> {
    let params = EmpiricalCovariance::params().centring(choices.centring);
    Ok(Estimate::Empirical(params.fit_running(rows)?))
}

fn shrunk<T: Scalar>(choices: &Choices, rows: &RunningCovariance<T>) -> Result<Estimate<T>, Failure> {
    Ok(Estimate::Shrunk(choices.shrunk().fit_running(rows)?))
}

fn oas<T: Scalar>(choices: &Choices, rows: &RunningCovariance<T>) -> Result<Estimate<T>, Failure> {
    Ok(Estimate::Oas(Oas::params().centring(choices.centring).fit_running(rows)?))
}

/// # Safety
/// As [`shared`], [`choices`] and [`hand_out`] require.
unsafe fn finish<M: Running>(
    model: *const M,
    options: *const lapwing_covariance_options,
    out: *mut *mut M::Fitted,
    estimator: impl FnOnce(&Choices, &RunningCovariance<M::Scalar>) -> Result<Estimate<M::Scalar>, Failure>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, || estimator(&choices(options)?, shared("model", model)?)) }
}

/// How many rows have come.
///
/// Returns LAPWING_ERR_NULL when an argument is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_n_samples_f64(
    model: *const lapwing_running_covariance_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { count(model, value, RunningCovariance::n_samples) })
}

/// As lapwing_running_covariance_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_n_samples_f32(
    model: *const lapwing_running_covariance_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { count(model, value, RunningCovariance::n_samples) })
}

/// How many columns the blocks have; 0 before the first row.
///
/// Returns LAPWING_ERR_NULL when an argument is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_n_features_f64(
    model: *const lapwing_running_covariance_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { count(model, value, |model| model.n_features().unwrap_or(0)) })
}

/// As lapwing_running_covariance_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_n_features_f32(
    model: *const lapwing_running_covariance_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { count(model, value, |model| model.n_features().unwrap_or(0)) })
}

/// # Safety
/// As [`shared`] requires; `value` is NULL or writable.
unsafe fn count<M: Running>(
    model: *const M,
    value: *mut i64,
    of: impl FnOnce(&RunningCovariance<M::Scalar>) -> usize,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { shared("model", model) }?;
    require_pointer("value", value)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(of(model) as i64) };
    Ok(())
}

/// What is known of the rows so far as text in JSON, with a format name and a version: the format of the Rust crates.
/// Reading it back gives the same bits.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_NULL when model or length is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_to_json_f64(
    model: *const lapwing_running_covariance_f64,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { running_to_json(model, buf, cap, length) })
}

/// As lapwing_running_covariance_to_json_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_to_json_f32(
    model: *const lapwing_running_covariance_f32,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { running_to_json(model, buf, cap, length) })
}

/// What is known of the rows so far that lapwing_running_covariance_to_json_f64 wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_running_covariance_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_from_json_f64(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_running_covariance_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { running_from_json(text, length, out) })
}

/// As lapwing_running_covariance_from_json_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_from_json_f32(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_running_covariance_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { running_from_json(text, length, out) })
}

/// Frees a model; what was made of it stays. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_free_f64(model: *mut lapwing_running_covariance_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_running_covariance_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_running_covariance_free_f32(model: *mut lapwing_running_covariance_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// # Safety
/// As [`shared`] and [`write_json`] require.
unsafe fn running_to_json<M: Running>(
    model: *const M,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { write_json(shared("model", model)?, buf, cap, length) }
}

/// # Safety
/// As [`read_json`] and [`start`] require.
unsafe fn running_from_json<M: Running>(
    text: *const c_char,
    length: usize,
    out: *mut *mut M,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { start(out, || read_json(text, length)) }
}

/// # Safety
/// NULL, or from [`start`], and not used again.
unsafe fn free<M: Running>(model: *mut M) {
    if !model.is_null() {
        guard(|| {
            // SAFETY: from `Box::into_raw` in `start`, by this function's own condition.
            drop(unsafe { Box::from_raw(model) });
            Ok(())
        });
    }
}
