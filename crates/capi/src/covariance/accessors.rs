//! What can be read from every covariance model. Views are of the model's own memory, and end when it is freed.

use super::{Estimate, lapwing_covariance_f32, lapwing_covariance_f64};
use crate::guard::guard;
use crate::mahalanobis::{lapwing_mahalanobis_f32, lapwing_mahalanobis_f64};
use crate::models::{self, hand_out};
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};
use lapwing_lapack::Scalar;

/// The estimator that made the model, LAPWING_COVARIANCE_EMPIRICAL to LAPWING_COVARIANCE_MIN_COV_DET.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_estimator_f64(
    model: *const lapwing_covariance_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.estimator()) })
}

/// As lapwing_covariance_estimator_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_estimator_f32(
    model: *const lapwing_covariance_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.estimator()) })
}

/// The location of each feature, p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_location_f64(
    model: *const lapwing_covariance_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.location().into()) })
}

/// As lapwing_covariance_location_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_location_f32(
    model: *const lapwing_covariance_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.location().into()) })
}

/// The covariance, p x p, both triangles. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_covariance_f64(
    model: *const lapwing_covariance_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.covariance().into()) })
}

/// As lapwing_covariance_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_covariance_f32(
    model: *const lapwing_covariance_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.covariance().into()) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_n_features_f64(
    model: *const lapwing_covariance_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_covariance_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_n_features_f32(
    model: *const lapwing_covariance_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// n, the number of samples that the estimates were made from: with lapwing_min_cov_det_fit_f64, those that were kept.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_n_samples_f64(
    model: *const lapwing_covariance_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// As lapwing_covariance_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_n_samples_f32(
    model: *const lapwing_covariance_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// The share of the multiple of the identity in a shrunk covariance, as it was chosen or found.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none, because it is empirical or a minimum covariance determinant),
/// LAPWING_ERR_NULL when an argument is. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_shrinkage_f64(
    model: *const lapwing_covariance_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, shrinkage) })
}

/// As lapwing_covariance_shrinkage_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_shrinkage_f32(
    model: *const lapwing_covariance_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, shrinkage) })
}

fn shrinkage<T: Scalar>(model: &Estimate<T>) -> Result<f64, Failure> {
    match model {
        Estimate::Shrunk(model) => Ok(model.shrinkage()),
        Estimate::LedoitWolf(model) => Ok(model.shrinkage()),
        Estimate::Oas(model) => Ok(model.shrinkage()),
        Estimate::Empirical(_) | Estimate::MinCovDet(_) => {
            let message =
                format!("the model is {}, which has no shrinkage; fit one that is shrunk", model.name());
            Err(Failure::new(LAPWING_ERR_ARGUMENT, message))
        }
    }
}

/// The rank of the covariance: how many eigenvalues exceed p unit roundoffs of the largest.
///
/// Returns LAPWING_ERR_NULL when an argument is, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY.
/// On any error value is untouched. Thread-safe. LAPACK: dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_rank_f64(
    model: *const lapwing_covariance_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| Ok(model.rank()? as i64)) })
}

/// As lapwing_covariance_rank_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_rank_f32(
    model: *const lapwing_covariance_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| Ok(model.rank()? as i64)) })
}

/// The metric by which this location and covariance measure distances.
///
///  model  the model.
///  out    receives the metric, to be freed by lapwing_mahalanobis_free_f64; it outlives the model.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance is; lapwing_mahalanobis_new_f64 offers its pseudo-inverse), LAPWING_ERR_NULL,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error *out is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_mahalanobis_f64(
    model: *const lapwing_covariance_f64,
    out: *mut *mut lapwing_mahalanobis_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { hand_out(out, || Ok(models::model(model)?.mahalanobis()?)) })
}

/// As lapwing_covariance_mahalanobis_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_mahalanobis_f32(
    model: *const lapwing_covariance_f32,
    out: *mut *mut lapwing_mahalanobis_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { hand_out(out, || Ok(models::model(model)?.mahalanobis()?)) })
}
