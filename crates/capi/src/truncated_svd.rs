//! Truncated singular value decomposition: an opaque model of dense or sparse data, its making, use and end.

mod accessors;
mod options;

use lapwing_lapack::Scalar;
use lapwing_ml::TruncatedSvd;

pub use self::accessors::*;
pub use self::options::*;
use crate::guard::guard;
use crate::models::{Model, free, hand_out, map, map_rows, model, models};
use crate::pca::COMPONENTS;
use crate::sparse::{UncheckedRows, X, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// A fitted truncated singular value decomposition: k leading singular directions of p features, of data that is not
/// centred. For counts, as of terms in documents, where it is called latent semantic analysis; lapwing_pca_fit_csr_f64
/// centres. Immutable: one model may be used from several threads at once.
pub struct lapwing_truncated_svd_f64(TruncatedSvd<f64>);

/// As lapwing_truncated_svd_f64, in single precision.
pub struct lapwing_truncated_svd_f32(TruncatedSvd<f32>);

models!("model": lapwing_truncated_svd_f64(TruncatedSvd<f64>), lapwing_truncated_svd_f32(TruncatedSvd<f32>));

/// Fits the leading singular directions of x, with the semantics of scikit-learn's TruncatedSVD.
///
///  x        n_samples x n_features, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: two components, by the randomized algorithm.
///  out      receives the model, to be freed by lapwing_truncated_svd_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_truncated_svd_options,
    out: *mut *mut lapwing_truncated_svd_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// As lapwing_truncated_svd_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_truncated_svd_options,
    out: *mut *mut lapwing_truncated_svd_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`options::params`]; `out` is NULL or
/// writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = TruncatedSvd<T>>>(
    x: Unchecked<T>,
    options: *const lapwing_truncated_svd_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { options::params(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(params.fit(&*unsafe { x.view() })?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// As lapwing_truncated_svd_fit_f64, of a sparse matrix; the model is the same, and takes dense rows as well.
///
///  x        n_samples x n_features, at least 1 x 1, in compressed rows; read only.
///  options  NULL for the defaults: two components, by the randomized algorithm.
///  out      receives the model, to be freed by lapwing_truncated_svd_free_f64.
///
/// Returns what lapwing_truncated_svd_fit_f64 does, LAPWING_ERR_ARGUMENT also for the structure of x.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_fit_csr_f64(
    x: lapwing_csr_f64,
    options: *const lapwing_truncated_svd_options,
    out: *mut *mut lapwing_truncated_svd_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_csr(x.into(), options, out) })
}

/// As lapwing_truncated_svd_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_fit_csr_f32(
    x: lapwing_csr_f32,
    options: *const lapwing_truncated_svd_options,
    out: *mut *mut lapwing_truncated_svd_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_csr(x.into(), options, out) })
}

/// # Safety
/// `x` as [`UncheckedRows::named`] requires, `options` as [`options::params`]; `out` is NULL or writable.
unsafe fn fit_csr<T: Scalar, M: Model<Fitted = TruncatedSvd<T>>>(
    x: UncheckedRows<T>,
    options: *const lapwing_truncated_svd_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { options::params(options) }?;
        // SAFETY: as above.
        let x = unsafe { x.named(&X) }?;
        Ok(params.fit(&x.matrix)?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The scores of x: its coordinates along the components.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  scores  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error scores is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_transform_f64(
    model: *const lapwing_truncated_svd_f64,
    x: lapwing_mat_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(model, x.into(), scores.into()) })
}

/// As lapwing_truncated_svd_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_transform_f32(
    model: *const lapwing_truncated_svd_f32,
    x: lapwing_mat_f32,
    scores: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(model, x.into(), scores.into()) })
}

/// # Safety
/// As [`model`] and [`map`] require.
unsafe fn transform<T: Scalar, M: Model<Fitted = TruncatedSvd<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    scores: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (x, scores) = (x.input("x")?, scores.output("scores")?);
    scores.require_shape(&[(x.shape()[0], "the rows of x"), (model.n_components(), COMPONENTS)])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &scores, |x| Ok(model.transform(&*x)?)) }
}

/// As lapwing_truncated_svd_transform_f64, of sparse rows.
///
///  model   the model, of sparse or of dense data.
///  x       n x p, any n, in compressed rows; read only.
///  scores  n x k.
///
/// Returns what lapwing_truncated_svd_transform_f64 does, and LAPWING_ERR_ARGUMENT for the structure of x.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_transform_csr_f64(
    model: *const lapwing_truncated_svd_f64,
    x: lapwing_csr_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform_csr(model, x.into(), scores.into()) })
}

/// As lapwing_truncated_svd_transform_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_transform_csr_f32(
    model: *const lapwing_truncated_svd_f32,
    x: lapwing_csr_f32,
    scores: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform_csr(model, x.into(), scores.into()) })
}

/// # Safety
/// As [`model`] and [`map_rows`] require.
unsafe fn transform_csr<T: Scalar, M: Model<Fitted = TruncatedSvd<T>>>(
    pointer: *const M,
    x: UncheckedRows<T>,
    scores: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let extent = (model.n_components(), COMPONENTS);
    // SAFETY: as above.
    unsafe { map_rows(x, ("scores", scores), extent, |x| Ok(model.transform(x)?)) }
}

/// The data that has the given scores, up to what the components that were not kept would have added. Always dense.
///
///  model   the model.
///  scores  n x k, any strides; read only.
///  x       n x p.
///
/// Returns LAPWING_ERR_NON_FINITE (scores holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error x is untouched.
/// Thread-safe. BLAS: dgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_inverse_transform_f64(
    model: *const lapwing_truncated_svd_f64,
    scores: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(model, scores.into(), x.into()) })
}

/// As lapwing_truncated_svd_inverse_transform_f64, in single precision. BLAS: sgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_inverse_transform_f32(
    model: *const lapwing_truncated_svd_f32,
    scores: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(model, scores.into(), x.into()) })
}

/// # Safety
/// As [`transform`].
unsafe fn inverse_transform<T: Scalar, M: Model<Fitted = TruncatedSvd<T>>>(
    pointer: *const M,
    scores: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (scores, x) = (scores.input("scores")?, x.output("x")?);
    x.require_shape(&[
        (scores.shape()[0], "the rows of scores"),
        (model.n_features(), "the model's features"),
    ])?;
    // SAFETY: this function's own condition.
    unsafe { map(&scores, &x, |scores| Ok(model.inverse_transform(&scores)?)) }
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_free_f64(model: *mut lapwing_truncated_svd_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_truncated_svd_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_free_f32(model: *mut lapwing_truncated_svd_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
