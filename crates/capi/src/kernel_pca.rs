//! Kernel principal component analysis: an opaque model, its making, use and end.

mod accessors;
mod options;

use lapwing_lapack::Scalar;
use lapwing_ml::KernelPca;

pub use self::accessors::*;
pub use self::options::*;
use crate::guard::guard;
use crate::models::{Model, free, hand_out, map, model, models};
use crate::pca::COMPONENTS;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// A fitted kernel principal component analysis: the principal components of what a kernel maps n samples to, which is never
/// formed. For structure that is not linear, as circles within circles; with the linear kernel it is principal component
/// analysis. It holds the samples, and costs a matrix of n * n numbers to fit. Immutable: one model may be used from several
/// threads at once.
pub struct lapwing_kernel_pca_f64(KernelPca<f64>);

/// As lapwing_kernel_pca_f64, in single precision; kernels are evaluated in double.
pub struct lapwing_kernel_pca_f32(KernelPca<f32>);

models!("model": lapwing_kernel_pca_f64(KernelPca<f64>), lapwing_kernel_pca_f32(KernelPca<f32>));

/// Fits the kernel principal components of x, with the semantics of scikit-learn's KernelPCA.
///
///  x        n x p, at least 1 x 1, any strides; read only. With LAPWING_KERNEL_PRECOMPUTED the values of a kernel between
///           all pairs of samples: n x n, symmetric and positive semidefinite.
///  options  NULL for the defaults: the linear kernel, all components with variance, no inverse transform.
///  out      receives the model, to be freed by lapwing_kernel_pca_free_f64.
///
/// The scores of the samples themselves are the eigenvectors, each times the root of its eigenvalue.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_NOT_SYMMETRIC (a matrix of values), LAPWING_ERR_NOT_POSITIVE_DEFINITE (the kernel has a
/// negative eigenvalue; or alpha is too small for the inverse transform), LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
/// LAPACK: dsyevd or dsyevr, and dpotrf for the inverse transform.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_kernel_pca_options,
    out: *mut *mut lapwing_kernel_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// As lapwing_kernel_pca_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_kernel_pca_options,
    out: *mut *mut lapwing_kernel_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(x.into(), options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`options::params`]; `out` is NULL or
/// writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = KernelPca<T>>>(
    x: Unchecked<T>,
    options: *const lapwing_kernel_pca_options,
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
///  model   the model.
///  x       m x p, any m, any strides; read only. With LAPWING_KERNEL_PRECOMPUTED the kernel's values between m rows and
///          the n samples, m x n.
///  scores  m x k.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error scores is untouched. Thread-safe.
/// BLAS: none; a kernel of its own, on as many threads as lapwing_threads_get() says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_transform_f64(
    model: *const lapwing_kernel_pca_f64,
    x: lapwing_mat_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(model, x.into(), scores.into()) })
}

/// As lapwing_kernel_pca_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_transform_f32(
    model: *const lapwing_kernel_pca_f32,
    x: lapwing_mat_f32,
    scores: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(model, x.into(), scores.into()) })
}

/// # Safety
/// As [`model`] and [`map`] require.
unsafe fn transform<T: Scalar, M: Model<Fitted = KernelPca<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    scores: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (x, scores) = (x.input("x")?, scores.output("scores")?);
    scores.require_shape(&[(x.shape()[0], "the rows of x"), (model.n_components(), COMPONENTS)])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &scores, |x| Ok(model.transform(&x)?)) }
}

/// The data that might have the given scores, as a kernel ridge regression of the samples on theirs predicts it. Needs a
/// model that was fitted with LAPWING_KERNEL_PCA_INVERSE.
///
///  model   the model.
///  scores  m x k, any strides; read only.
///  x       m x p.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (the model was fitted without), LAPWING_ERR_NON_FINITE (scores holds NaN or an
/// infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error x is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_inverse_transform_f64(
    model: *const lapwing_kernel_pca_f64,
    scores: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(model, scores.into(), x.into()) })
}

/// As lapwing_kernel_pca_inverse_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_inverse_transform_f32(
    model: *const lapwing_kernel_pca_f32,
    scores: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { inverse_transform(model, scores.into(), x.into()) })
}

/// # Safety
/// As [`transform`].
unsafe fn inverse_transform<T: Scalar, M: Model<Fitted = KernelPca<T>>>(
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
pub unsafe extern "C" fn lapwing_kernel_pca_free_f64(model: *mut lapwing_kernel_pca_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_kernel_pca_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_free_f32(model: *mut lapwing_kernel_pca_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
