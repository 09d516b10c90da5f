//! Principal components of sparse data, which stays sparse.

use lapwing_lapack::Scalar;
use lapwing_ml::Pca;

use super::{COMPONENTS, lapwing_pca_f32, lapwing_pca_f64, lapwing_pca_options, options};
use crate::guard::guard;
use crate::models::{Model, hand_out, map_rows, model};
use crate::sparse::{UncheckedRows, X, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// Fits the principal components of a sparse matrix, which stays sparse: the mean is subtracted from products with it. The
/// model is that of lapwing_pca_fit_f64, and takes dense rows as well.
///
///  x        n_samples x n_features, at least 2 x 1, in compressed rows; read only.
///  options  as for lapwing_pca_fit_f64, with the randomized solver alone: LAPWING_PCA_AUTO or LAPWING_PCA_RANDOMIZED, and
///           a count or LAPWING_PCA_ALL for n_components.
///  out      receives the model, to be freed by lapwing_pca_free_f64.
///
/// Subtracting after the product loses what the mean exceeds the spread by. Most entries of sparse data are zero, so that it
/// is not large; dense data far from the origin is better off with lapwing_pca_fit_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, or the structure of x),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_fit_csr_f64(
    x: lapwing_csr_f64,
    options: *const lapwing_pca_options,
    out: *mut *mut lapwing_pca_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_csr(x.into(), options, out) })
}

/// As lapwing_pca_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_fit_csr_f32(
    x: lapwing_csr_f32,
    options: *const lapwing_pca_options,
    out: *mut *mut lapwing_pca_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_csr(x.into(), options, out) })
}

/// # Safety
/// `x` as [`UncheckedRows::named`] requires, `options` as [`options::params`]; `out` is NULL or writable.
unsafe fn fit_csr<T: Scalar, M: Model<Fitted = Pca<T>>>(
    x: UncheckedRows<T>,
    options: *const lapwing_pca_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { options::params(options) }?;
        // SAFETY: as above.
        let x = unsafe { x.named(&X) }?;
        Ok(params.fit_sparse(&x.matrix)?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The scores of sparse rows, without a dense copy of them.
///
///  pca     the model, of sparse or of dense data.
///  x       n x p, any n, in compressed rows; read only.
///  scores  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (the structure of x),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error scores is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_transform_csr_f64(
    pca: *const lapwing_pca_f64,
    x: lapwing_csr_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform_csr(pca, x.into(), scores.into()) })
}

/// As lapwing_pca_transform_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_transform_csr_f32(
    pca: *const lapwing_pca_f32,
    x: lapwing_csr_f32,
    scores: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform_csr(pca, x.into(), scores.into()) })
}

/// # Safety
/// As [`model`] and [`map_rows`] require.
unsafe fn transform_csr<T: Scalar, M: Model<Fitted = Pca<T>>>(
    pca: *const M,
    x: UncheckedRows<T>,
    scores: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let pca = unsafe { model(pca) }?;
    let extent = (pca.n_components(), COMPONENTS);
    // SAFETY: as above.
    unsafe { map_rows(x, ("scores", scores), extent, |x| Ok(pca.transform_sparse(x)?)) }
}
