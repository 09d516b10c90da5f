//! Principal component analysis: an opaque model, its making, use and end.

mod accessors;
mod options;

use lapwing_lapack::Scalar;
use lapwing_ml::Pca;
use ndarray::{Array2, ArrayView2};

pub use self::accessors::*;
pub use self::options::*;
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Strided, require_disjoint};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// A fitted principal component analysis: k components of p features. Immutable: one model may be used from
/// several threads at once.
pub struct lapwing_pca_f64(Pca<f64>);

/// As lapwing_pca_f64, in single precision.
pub struct lapwing_pca_f32(Pca<f32>);

/// What both models are to the generic functions.
pub(crate) trait Model: Sync + 'static {
    type Scalar: Scalar;
    fn new(pca: Pca<Self::Scalar>) -> Self;
    fn pca(&self) -> &Pca<Self::Scalar>;
}

impl Model for lapwing_pca_f64 {
    type Scalar = f64;
    fn new(pca: Pca<f64>) -> Self {
        Self(pca)
    }
    fn pca(&self) -> &Pca<f64> {
        &self.0
    }
}

impl Model for lapwing_pca_f32 {
    type Scalar = f32;
    fn new(pca: Pca<f32>) -> Self {
        Self(pca)
    }
    fn pca(&self) -> &Pca<f32> {
        &self.0
    }
}

/// The model behind a pointer from C.
///
/// # Safety
/// NULL, or from [`fit`] and not freed during `'a`.
unsafe fn model<'a, M: Model>(pca: *const M) -> Result<&'a Pca<M::Scalar>, Failure> {
    require_pointer("pca", pca)?;
    // SAFETY: not NULL; the rest is this function's own condition. Models are only ever shared.
    Ok(unsafe { &*pca }.pca())
}

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
/// `x` as [`Strided::view`] requires, `options` as [`options::params`]; `out` is NULL or writable.
unsafe fn fit<M: Model>(
    x: Unchecked<M::Scalar>,
    options: *const lapwing_pca_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    require_pointer("out", out)?;
    // SAFETY: this function's own condition.
    let params = unsafe { options::params(options) }?;
    let x = x.input("x")?;
    // SAFETY: this function's own condition.
    let pca = params.fit(&unsafe { x.view() })?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { out.write(Box::into_raw(Box::new(M::new(pca)))) };
    Ok(())
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
/// As [`model`], [`Strided::view`] and [`Strided::write`] require.
unsafe fn transform<M: Model>(
    pca: *const M,
    x: Unchecked<M::Scalar>,
    scores: Unchecked<M::Scalar>,
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
unsafe fn inverse_transform<M: Model>(
    pca: *const M,
    scores: Unchecked<M::Scalar>,
    x: Unchecked<M::Scalar>,
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

const COMPONENTS: &str = "one for each component of the model";

/// Writes what `work` makes of one view to another, which lies elsewhere.
///
/// # Safety
/// As [`Strided::view`] and [`Strided::write`] require.
unsafe fn map<T: Scalar>(
    from: &Strided<T>,
    to: &Strided<T>,
    work: impl FnOnce(ArrayView2<'_, T>) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    require_disjoint(&[from.region()], &[to.region()])?;
    // SAFETY: this function's own condition; the two were just found to lie apart.
    let result = work(unsafe { from.view() })?;
    // SAFETY: as above.
    unsafe { to.write(&result) };
    Ok(())
}

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

/// # Safety
/// NULL, or from [`fit`], and not used again.
unsafe fn free<M: Model>(pca: *mut M) {
    if !pca.is_null() {
        guard(|| {
            // SAFETY: from `Box::into_raw` in `fit`, by this function's own condition.
            drop(unsafe { Box::from_raw(pca) });
            Ok(())
        });
    }
}
