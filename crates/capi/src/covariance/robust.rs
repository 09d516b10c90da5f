//! What a minimum covariance determinant has beyond the other covariances.

use lapwing_lapack::Scalar;
use lapwing_ml::MinCovDet;
use lapwing_ml::covariance::SupportScatter;
use ndarray::ArrayView1;

use super::{Estimate, lapwing_covariance_f32, lapwing_covariance_f64};
use crate::guard::guard;
use crate::models::{self, Model, model};
use crate::numbers::Numbers;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

fn robust<T: Scalar>(model: &Estimate<T>) -> Result<&MinCovDet<T>, Failure> {
    match model {
        Estimate::MinCovDet(model) => Ok(model),
        other => {
            let message = format!(
                "the model is {}, which has no support; fit a minimum covariance determinant",
                other.name()
            );
            Err(Failure::new(LAPWING_ERR_ARGUMENT, message))
        }
    }
}

/// Of a minimum covariance determinant: the mean of the raw support, p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (another estimator made the model), LAPWING_ERR_NULL when an argument is. On any error view is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_raw_location_f64(
    model: *const lapwing_covariance_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| Ok(robust(model)?.raw_location().into())) })
}

/// As lapwing_covariance_raw_location_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_raw_location_f32(
    model: *const lapwing_covariance_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| Ok(robust(model)?.raw_location().into())) })
}

/// Of a minimum covariance determinant: the covariance of the raw support, p x p, not corrected for consistency. The view
/// lasts until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (another estimator made the model), LAPWING_ERR_NULL when an argument is. On any error view is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_raw_covariance_f64(
    model: *const lapwing_covariance_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| Ok(robust(model)?.raw_covariance().into())) })
}

/// As lapwing_covariance_raw_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_raw_covariance_f32(
    model: *const lapwing_covariance_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| Ok(robust(model)?.raw_covariance().into())) })
}

/// Of a minimum covariance determinant: the squared Mahalanobis distance of each sample by the final estimates, n. The view lasts
/// until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (another estimator made the model), LAPWING_ERR_NULL when an argument is. On any error view is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_distances_f64(
    model: *const lapwing_covariance_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| Ok(robust(model)?.distances().into())) })
}

/// As lapwing_covariance_distances_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_distances_f32(
    model: *const lapwing_covariance_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| Ok(robust(model)?.distances().into())) })
}

/// Of a minimum covariance determinant: which samples the final estimates were made from.
///
///  model    the model.
///  support  room for as many numbers as there were samples, the length of lapwing_covariance_distances_f64; receives 1 for
///           those and 0 for the others.
///
/// Returns LAPWING_ERR_ARGUMENT (another estimator made the model), LAPWING_ERR_NULL when an argument is. On any error support is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_support_f64(
    model: *const lapwing_covariance_f64,
    support: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { flags(model, support, |model| model.support()) })
}

/// As lapwing_covariance_support_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_support_f32(
    model: *const lapwing_covariance_f32,
    support: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { flags(model, support, |model| model.support()) })
}

/// Of a minimum covariance determinant: which samples the raw estimates were made from.
///
///  model    the model.
///  support  room for as many numbers as there were samples, the length of lapwing_covariance_distances_f64; receives 1 for
///           those and 0 for the others.
///
/// Returns LAPWING_ERR_ARGUMENT (another estimator made the model), LAPWING_ERR_NULL when an argument is. On any error support is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_raw_support_f64(
    model: *const lapwing_covariance_f64,
    support: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { flags(model, support, |model| model.raw_support()) })
}

/// As lapwing_covariance_raw_support_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_raw_support_f32(
    model: *const lapwing_covariance_f32,
    support: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { flags(model, support, |model| model.raw_support()) })
}

/// # Safety
/// As [`model`] and [`Numbers::write`] require.
unsafe fn flags<T: Scalar, M: Model<Fitted = Estimate<T>>>(
    pointer: *const M,
    support: *mut i32,
    of: impl FnOnce(&MinCovDet<T>) -> ArrayView1<'_, bool>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let flags = of(robust(unsafe { model(pointer) }?)?);
    let place = Numbers::needed("support", support, flags.len())?;
    // SAFETY: this function's own condition.
    unsafe { place.write(flags.iter().map(|&flag| i32::from(flag))) };
    Ok(())
}

/// Of a minimum covariance determinant: how many dimensions the raw support spans. Fewer than p when at least as many samples
/// as it has lie on a hyperplane: then leave out constant and duplicated columns, or take the plane for a finding.
///
/// Returns LAPWING_ERR_ARGUMENT (another estimator made the model), LAPWING_ERR_NULL when an argument is. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_support_dimension_f64(
    model: *const lapwing_covariance_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, support_dimension) })
}

/// As lapwing_covariance_support_dimension_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_covariance_support_dimension_f32(
    model: *const lapwing_covariance_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, support_dimension) })
}

fn support_dimension<T: Scalar>(model: &Estimate<T>) -> Result<i64, Failure> {
    Ok(match robust(model)?.support_scatter() {
        SupportScatter::Regular => model.n_features() as i64,
        SupportScatter::OnHyperplane { dimension } => dimension as i64,
    })
}
