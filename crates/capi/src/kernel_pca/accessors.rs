//! What can be read from a model of kernel PCA. Views are of the model's own memory, and end when it is freed.

use lapwing_lapack::Scalar;
use lapwing_ml::{Error, Kernel, KernelPca};
use ndarray::ArrayView2;

use super::{
    LAPWING_KERNEL_COSINE, LAPWING_KERNEL_LINEAR, LAPWING_KERNEL_POLYNOMIAL, LAPWING_KERNEL_PRECOMPUTED,
    LAPWING_KERNEL_RBF, LAPWING_KERNEL_SIGMOID, lapwing_kernel_pca_f32, lapwing_kernel_pca_f64,
};
use crate::guard::guard;
use crate::models;
use crate::status::{Failure, lapwing_status};
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The k largest eigenvalues of the centred kernel matrix, largest first. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_eigenvalues_f64(
    model: *const lapwing_kernel_pca_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvalues().into()) })
}

/// As lapwing_kernel_pca_eigenvalues_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_eigenvalues_f32(
    model: *const lapwing_kernel_pca_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvalues().into()) })
}

/// The eigenvectors of the centred kernel matrix in columns, n x k, orthonormal; the largest entry of each in magnitude is
/// positive. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_eigenvectors_f64(
    model: *const lapwing_kernel_pca_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvectors().into()) })
}

/// As lapwing_kernel_pca_eigenvectors_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_eigenvectors_f32(
    model: *const lapwing_kernel_pca_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvectors().into()) })
}

/// The samples that the model was fitted on, n x p; no rows with LAPWING_KERNEL_PRECOMPUTED. The view lasts until the model
/// is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_x_fit_f64(
    model: *const lapwing_kernel_pca_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.x_fit().into()) })
}

/// As lapwing_kernel_pca_x_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_x_fit_f32(
    model: *const lapwing_kernel_pca_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.x_fit().into()) })
}

/// The coefficients of the inverse transform, n x p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (the model was fitted without LAPWING_KERNEL_PCA_INVERSE), or LAPWING_ERR_NULL when an
/// argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_dual_coef_f64(
    model: *const lapwing_kernel_pca_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, dual_coef) })
}

/// As lapwing_kernel_pca_dual_coef_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_dual_coef_f32(
    model: *const lapwing_kernel_pca_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, dual_coef) })
}

fn dual_coef<T: Scalar, V: for<'a> From<ArrayView2<'a, T>>>(model: &KernelPca<T>) -> Result<V, Failure> {
    let (what, remedy) =
        ("the inverse transform", "choose fit_inverse_transform among the options, and fit again");
    Ok(model.dual_coef().ok_or(Error::Unavailable { what, remedy })?.into())
}

/// The kernel, LAPWING_KERNEL_LINEAR to LAPWING_KERNEL_PRECOMPUTED.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_kernel_f64(
    model: *const lapwing_kernel_pca_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.kernel())) })
}

/// As lapwing_kernel_pca_kernel_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_kernel_f32(
    model: *const lapwing_kernel_pca_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.kernel())) })
}

/// The constant that C has for a kernel.
fn constant_of(kernel: Kernel) -> i32 {
    match kernel {
        Kernel::Linear => LAPWING_KERNEL_LINEAR,
        Kernel::Rbf { .. } => LAPWING_KERNEL_RBF,
        Kernel::Polynomial { .. } => LAPWING_KERNEL_POLYNOMIAL,
        Kernel::Sigmoid { .. } => LAPWING_KERNEL_SIGMOID,
        Kernel::Cosine => LAPWING_KERNEL_COSINE,
        Kernel::Precomputed => LAPWING_KERNEL_PRECOMPUTED,
        // A kernel of a later version, which no option of C can have asked for.
        _ => -1,
    }
}

/// The gamma of the kernel: the one that was chosen, or 1/p; 1/p for a kernel that has none.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_gamma_f64(
    model: *const lapwing_kernel_pca_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.gamma()) })
}

/// As lapwing_kernel_pca_gamma_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_gamma_f32(
    model: *const lapwing_kernel_pca_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.gamma()) })
}

/// k, the number of components.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_n_components_f64(
    model: *const lapwing_kernel_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_components() as i64) })
}

/// As lapwing_kernel_pca_n_components_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_n_components_f32(
    model: *const lapwing_kernel_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_components() as i64) })
}

/// p, the number of features; n with LAPWING_KERNEL_PRECOMPUTED.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_n_features_f64(
    model: *const lapwing_kernel_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_kernel_pca_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_n_features_f32(
    model: *const lapwing_kernel_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// n, the number of samples that the model was fitted on.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_n_samples_f64(
    model: *const lapwing_kernel_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// As lapwing_kernel_pca_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kernel_pca_n_samples_f32(
    model: *const lapwing_kernel_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}
