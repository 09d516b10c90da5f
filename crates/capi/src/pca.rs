//! Principal component analysis: an opaque model, its making, use and end.

mod accessors;
mod likelihood;
mod options;
mod sparse;

use lapwing_lapack::Scalar;
use lapwing_ml::Pca;

pub use self::accessors::*;
pub use self::likelihood::*;
pub use self::options::*;
pub use self::sparse::*;
use crate::guard::guard;
use crate::models::{Model, free, hand_out, map, model, models};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// A fitted principal component analysis: k components of p features. Immutable: one model may be used from
/// several threads at once.
pub struct lapwing_pca_f64(Pca<f64>);

/// As lapwing_pca_f64, in single precision.
pub struct lapwing_pca_f32(Pca<f32>);

models!("pca": lapwing_pca_f64(Pca<f64>), lapwing_pca_f32(Pca<f32>));

/// Fits the principal components of x, with the semantics of scikit-learn's PCA.
///
///  x        n_samples x n_features, at least 2 x 1, any strides; read only.
///  options  NULL for the defaults: all min(n_samples, n_features) components, the solver chosen by shape, scores
///           not whitened.
///  out      receives the model, to be freed by lapwing_pca_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
/// LAPACK: dgeqrf and dgesdd, dsyevd, or a randomized SVD on both.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_pca_options,
    out: *mut *mut lapwing_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// As lapwing_pca_fit_f64, in single precision; means and covariances accumulate in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_pca_options,
    out: *mut *mut lapwing_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`options::params`]; `out` is NULL or
/// writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = Pca<T>>>(
    x: Unchecked<T>,
    options: *const lapwing_pca_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { options::params(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(params.fit(&unsafe { x.view() })?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The scores of x: its coordinates along the components.
///
///  pca     the model.
///  x       n x p, any n, any strides; read only.
///  scores  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error scores
/// is untouched.
/// Thread-safe. BLAS: none; a kernel of its own, on as many threads as lapwing_threads_get() says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_transform_f64(
    pca: *const lapwing_pca_f64,
    x: lapwing_mat_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(pca, x.into(), scores.into()) })
}

/// As lapwing_pca_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_transform_f32(
    pca: *const lapwing_pca_f32,
    x: lapwing_mat_f32,
    scores: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(pca, x.into(), scores.into()) })
}

/// # Safety
/// As [`model`] and [`map`] require.
unsafe fn transform<T: Scalar, M: Model<Fitted = Pca<T>>>(
    pca: *const M,
    x: Unchecked<T>,
    scores: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let pca = unsafe { model(pca) }?;
    let (x, scores) = (x.input("x")?, scores.output("scores")?);
    scores.require_shape(&[(x.shape()[0], "the rows of x"), (pca.n_components(), COMPONENTS)])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &scores, |x| Ok(pca.transform(&x)?)) }
}

/// The data that has the given scores: lapwing_pca_transform_f64 undone, up to what the components that were not
/// kept would have added.
///
///  pca     the model.
///  scores  n x k, any strides; read only.
///  x       n x p.
///
/// Returns LAPWING_ERR_NON_FINITE (scores holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error x is
/// untouched. Thread-safe.
/// BLAS: dgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_inverse_transform_f64(
    pca: *const lapwing_pca_f64,
    scores: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(pca, scores.into(), x.into()) })
}

/// As lapwing_pca_inverse_transform_f64, in single precision. BLAS: sgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_inverse_transform_f32(
    pca: *const lapwing_pca_f32,
    scores: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(pca, scores.into(), x.into()) })
}

/// # Safety
/// As [`transform`].
unsafe fn inverse_transform<T: Scalar, M: Model<Fitted = Pca<T>>>(
    pca: *const M,
    scores: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let pca = unsafe { model(pca) }?;
    let (scores, x) = (scores.input("scores")?, x.output("x")?);
    x.require_shape(&[
        (scores.shape()[0], "the rows of scores"),
        (pca.n_features(), "the model's features"),
    ])?;
    // SAFETY: this function's own condition.
    unsafe { map(&scores, &x, |scores| Ok(pca.inverse_transform(&scores)?)) }
}

pub(crate) const COMPONENTS: &str = "one for each component of the model";

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_free_f64(pca: *mut lapwing_pca_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(pca) }
}

/// As lapwing_pca_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_free_f32(pca: *mut lapwing_pca_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(pca) }
}
