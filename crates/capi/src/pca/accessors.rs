//! What can be read from a model. Views are of the model's own memory, and end when it is freed.

use lapwing_ml::{PcaSolver, Whitening};

use super::options::{
    LAPWING_PCA_AUTO, LAPWING_PCA_COVARIANCE_EIGH, LAPWING_PCA_FULL, LAPWING_PCA_NO_WHITENING,
    LAPWING_PCA_RANDOMIZED, LAPWING_PCA_UNIT_VARIANCE,
};
use super::{lapwing_pca_f32, lapwing_pca_f64};
use crate::guard::guard;
use crate::models;
use crate::status::lapwing_status;
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The principal axes in rows, k x p, orthonormal, by decreasing variance; the largest entry of each in magnitude is
/// positive. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_components_f64(
    pca: *const lapwing_pca_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.components().into()) })
}

/// As lapwing_pca_components_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_components_f32(
    pca: *const lapwing_pca_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.components().into()) })
}

/// The mean of each feature, p entries. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_mean_f64(
    pca: *const lapwing_pca_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.mean().into()) })
}

/// As lapwing_pca_mean_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_mean_f32(
    pca: *const lapwing_pca_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.mean().into()) })
}

/// The variance along each component, k entries, with n_samples - 1 in the denominator. The view lasts until the
/// model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_explained_variance_f64(
    pca: *const lapwing_pca_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.explained_variance().into()) })
}

/// As lapwing_pca_explained_variance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_explained_variance_f32(
    pca: *const lapwing_pca_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.explained_variance().into()) })
}

/// The share of the total variance along each component, k entries; all zero when the data does not vary. The view
/// lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_explained_variance_ratio_f64(
    pca: *const lapwing_pca_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.explained_variance_ratio().into()) })
}

/// As lapwing_pca_explained_variance_ratio_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_explained_variance_ratio_f32(
    pca: *const lapwing_pca_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.explained_variance_ratio().into()) })
}

/// The singular values of the centred data that belong to the components, k entries. The view lasts until the model
/// is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_singular_values_f64(
    pca: *const lapwing_pca_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.singular_values().into()) })
}

/// As lapwing_pca_singular_values_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_singular_values_f32(
    pca: *const lapwing_pca_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(pca, view, |pca| pca.singular_values().into()) })
}

/// The mean variance along the directions that were not kept; 0 when all min(n_samples, p) were.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_noise_variance_f64(
    pca: *const lapwing_pca_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.noise_variance()) })
}

/// As lapwing_pca_noise_variance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_noise_variance_f32(
    pca: *const lapwing_pca_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.noise_variance()) })
}

/// k, the number of components.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_n_components_f64(
    pca: *const lapwing_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.n_components() as i64) })
}

/// As lapwing_pca_n_components_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_n_components_f32(
    pca: *const lapwing_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.n_components() as i64) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_n_features_f64(
    pca: *const lapwing_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.n_features() as i64) })
}

/// As lapwing_pca_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_n_features_f32(
    pca: *const lapwing_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.n_features() as i64) })
}

/// The number of samples that the model was fitted on.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_n_samples_f64(
    pca: *const lapwing_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.n_samples() as i64) })
}

/// As lapwing_pca_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_n_samples_f32(
    pca: *const lapwing_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| pca.n_samples() as i64) })
}

/// The solver that ran: LAPWING_PCA_FULL, LAPWING_PCA_COVARIANCE_EIGH or LAPWING_PCA_RANDOMIZED.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_solver_f64(
    pca: *const lapwing_pca_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| solver_constant(pca.solver())) })
}

/// As lapwing_pca_solver_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_solver_f32(
    pca: *const lapwing_pca_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| solver_constant(pca.solver())) })
}

fn solver_constant(solver: PcaSolver) -> i32 {
    match solver {
        PcaSolver::Auto => LAPWING_PCA_AUTO,
        PcaSolver::Full => LAPWING_PCA_FULL,
        PcaSolver::CovarianceEigh => LAPWING_PCA_COVARIANCE_EIGH,
        PcaSolver::Randomized => LAPWING_PCA_RANDOMIZED,
    }
}

/// Whether scores are scaled: LAPWING_PCA_NO_WHITENING or LAPWING_PCA_UNIT_VARIANCE.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_whitening_f64(
    pca: *const lapwing_pca_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| whitening_constant(pca.whitening())) })
}

/// As lapwing_pca_whitening_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pca_whitening_f32(
    pca: *const lapwing_pca_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(pca, value, |pca| whitening_constant(pca.whitening())) })
}

fn whitening_constant(whitening: Whitening) -> i32 {
    match whitening {
        Whitening::None => LAPWING_PCA_NO_WHITENING,
        Whitening::UnitVariance => LAPWING_PCA_UNIT_VARIANCE,
    }
}
