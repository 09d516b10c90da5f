//! What can be read from a truncated SVD. Views are of the model's own memory, and end when it is freed.

use lapwing_ml::TruncatedSvdAlgorithm;

use super::{
    LAPWING_TRUNCATED_SVD_LANCZOS, LAPWING_TRUNCATED_SVD_RANDOMIZED, lapwing_truncated_svd_f32,
    lapwing_truncated_svd_f64,
};
use crate::guard::guard;
use crate::models;
use crate::status::lapwing_status;
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The right singular vectors in rows, k x p, orthonormal; the largest entry of each in magnitude is positive. The view
/// lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_components_f64(
    model: *const lapwing_truncated_svd_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.components().into()) })
}

/// As lapwing_truncated_svd_components_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_components_f32(
    model: *const lapwing_truncated_svd_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.components().into()) })
}

/// The k singular values, largest first. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_singular_values_f64(
    model: *const lapwing_truncated_svd_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.singular_values().into()) })
}

/// As lapwing_truncated_svd_singular_values_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_singular_values_f32(
    model: *const lapwing_truncated_svd_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.singular_values().into()) })
}

/// The variance of each score of the data, k entries, with n_samples in the denominator; as the data is not centred, it need
/// not decrease. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_explained_variance_f64(
    model: *const lapwing_truncated_svd_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.explained_variance().into()) })
}

/// As lapwing_truncated_svd_explained_variance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_explained_variance_f32(
    model: *const lapwing_truncated_svd_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.explained_variance().into()) })
}

/// The share of the variance of each score in the sum of the variances of the features, k entries; all zero when the data
/// does not vary. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_explained_variance_ratio_f64(
    model: *const lapwing_truncated_svd_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.explained_variance_ratio().into()) })
}

/// As lapwing_truncated_svd_explained_variance_ratio_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_explained_variance_ratio_f32(
    model: *const lapwing_truncated_svd_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.explained_variance_ratio().into()) })
}

/// k, the number of components.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_n_components_f64(
    model: *const lapwing_truncated_svd_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_components() as i64) })
}

/// As lapwing_truncated_svd_n_components_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_n_components_f32(
    model: *const lapwing_truncated_svd_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_components() as i64) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_n_features_f64(
    model: *const lapwing_truncated_svd_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_truncated_svd_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_n_features_f32(
    model: *const lapwing_truncated_svd_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// The number of samples that the model was fitted on.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_n_samples_f64(
    model: *const lapwing_truncated_svd_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// As lapwing_truncated_svd_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_n_samples_f32(
    model: *const lapwing_truncated_svd_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// The algorithm that ran: LAPWING_TRUNCATED_SVD_RANDOMIZED or LAPWING_TRUNCATED_SVD_LANCZOS.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_algorithm_f64(
    model: *const lapwing_truncated_svd_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.algorithm())) })
}

/// As lapwing_truncated_svd_algorithm_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_truncated_svd_algorithm_f32(
    model: *const lapwing_truncated_svd_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.algorithm())) })
}

/// The constant that C has for an algorithm.
fn constant_of(algorithm: TruncatedSvdAlgorithm) -> i32 {
    match algorithm {
        TruncatedSvdAlgorithm::Randomized => LAPWING_TRUNCATED_SVD_RANDOMIZED,
        TruncatedSvdAlgorithm::Lanczos => LAPWING_TRUNCATED_SVD_LANCZOS,
        // An algorithm of a later version, which no option of C can have asked for.
        _ => -1,
    }
}
