//! The Gaussian model behind principal components: its covariance, the inverse of that, and the density of samples.

use lapwing_lapack::Scalar;
use lapwing_ml::Pca;
use ndarray::Array2;

use super::{lapwing_pca_f32, lapwing_pca_f64};
use crate::guard::guard;
use crate::models::{self, Model, fill, measure};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The covariance of the model: the variances along the components, and the noise variance along every other direction.
///
///  pca         the model.
///  covariance  p x p.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (covariance overlaps itself), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error covariance is untouched. Thread-safe. BLAS: dgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_covariance_f64(
    pca: *const lapwing_pca_f64,
    covariance: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { square(pca, "covariance", covariance.into(), |pca| Ok(pca.covariance()?)) })
}

/// As lapwing_pca_covariance_f64, in single precision. BLAS: sgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_covariance_f32(
    pca: *const lapwing_pca_f32,
    covariance: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { square(pca, "covariance", covariance.into(), |pca| Ok(pca.covariance()?)) })
}

/// The inverse of the covariance of the model.
///
///  pca        the model.
///  precision  p x p.
///
/// Returns LAPWING_ERR_SINGULAR (a variance is zero to rounding: keep fewer components), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS (precision overlaps itself), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any
/// error precision is untouched. Thread-safe. BLAS: dgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_precision_f64(
    pca: *const lapwing_pca_f64,
    precision: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { square(pca, "precision", precision.into(), |pca| Ok(pca.precision()?)) })
}

/// As lapwing_pca_precision_f64, in single precision. BLAS: sgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_precision_f32(
    pca: *const lapwing_pca_f32,
    precision: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { square(pca, "precision", precision.into(), |pca| Ok(pca.precision()?)) })
}

/// # Safety
/// As [`fill`] and [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn square<T: Scalar, M: Model<Fitted = Pca<T>>>(
    pca: *const M,
    name: &'static str,
    target: Unchecked<T>,
    work: impl FnOnce(&Pca<T>) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    let extents = |pca: &Pca<T>| [(pca.n_features(), "the model's features"); 2];
    // SAFETY: this function's own condition.
    unsafe { fill(pca, (name, target), extents, work) }
}

/// The log-likelihood of each row of x under the Gaussian model behind the components (Tipping and Bishop, "Probabilistic
/// principal component analysis", 1999).
///
///  pca          the model.
///  x            n x p, any n, any strides; read only.
///  likelihoods  n entries.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance has no inverse: keep fewer components), LAPWING_ERR_NON_FINITE (x holds NaN or
/// an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error likelihoods is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_score_samples_f64(
    pca: *const lapwing_pca_f64,
    x: lapwing_mat_f64,
    likelihoods: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(pca, x.into(), ("likelihoods", likelihoods.into()), |pca, x| pca.score_samples(x))
    })
}

/// As lapwing_pca_score_samples_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_score_samples_f32(
    pca: *const lapwing_pca_f32,
    x: lapwing_mat_f32,
    likelihoods: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(pca, x.into(), ("likelihoods", likelihoods.into()), |pca, x| pca.score_samples(x))
    })
}

/// The mean of lapwing_pca_score_samples_f64 over the rows of x, of which there is at least one.
///
///  pca    the model.
///  x      n x p, any strides; read only.
///  value  receives the mean.
///
/// Returns what lapwing_pca_score_samples_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_score_f64(
    pca: *const lapwing_pca_f64,
    x: lapwing_mat_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { score(pca, x.into(), value) })
}

/// As lapwing_pca_score_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_score_f32(
    pca: *const lapwing_pca_f32,
    x: lapwing_mat_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { score(pca, x.into(), value) })
}

/// # Safety
/// As [`models::read`] and [`Strided::view`](crate::strided::Strided::view) require.
unsafe fn score<T: Scalar, M: Model<Fitted = Pca<T>>>(
    pca: *const M,
    x: Unchecked<T>,
    value: *mut T,
) -> Result<(), Failure> {
    let x = x.input("x")?;
    // SAFETY: this function's own condition.
    unsafe { models::read(pca, "value", value, |pca| Ok(pca.score(&x.view())?)) }
}
