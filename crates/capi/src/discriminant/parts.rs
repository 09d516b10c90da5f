//! What only one of the discriminant analyses has: the axes of the linear one, the covariances of the quadratic one.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, Axis};

use super::accessors::copy;
use super::{Discriminant, lapwing_discriminant_f32, lapwing_discriminant_f64};
use crate::guard::guard;
use crate::models;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::structured::count;
use crate::view::{lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64};

fn column<T>(values: Array1<T>) -> Array2<T> {
    values.insert_axis(Axis(1))
}

/// Of a quadratic analysis: the covariance of one class.
///
///  model       the model.
///  class_index which class, counted from 0 in ascending order of the labels.
///  covariance  p x p.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is linear, or there is no such class), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any error covariance is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_class_covariance_f64(
    model: *const lapwing_discriminant_f64,
    class_index: i64,
    covariance: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("covariance", covariance.into()), |model| class_covariance(model, class_index))
    })
}

/// As lapwing_discriminant_class_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_class_covariance_f32(
    model: *const lapwing_discriminant_f32,
    class_index: i64,
    covariance: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("covariance", covariance.into()), |model| class_covariance(model, class_index))
    })
}

fn class_covariance<T: Scalar>(model: &Discriminant<T>, class: i64) -> Result<Array2<T>, Failure> {
    let model = model.quadratic()?;
    let index = count("class_index", class)?;
    model.covariances().nth(index).ok_or_else(|| {
        let message = format!("class_index is {class}, but the model has {} classes", model.classes().len());
        Failure::new(LAPWING_ERR_ARGUMENT, message)
    })
}

/// Of a linear analysis: k, the number of axes that it projects on.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_DOES_NOT_EXIST (LAPWING_DISCRIMINANT_LEAST_SQUARES made it),
/// LAPWING_ERR_NULL when an argument is. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_n_components_f64(
    model: *const lapwing_discriminant_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| {
            Ok(model.linear()?.explained_variance_ratio()?.len() as i64)
        })
    })
}

/// As lapwing_discriminant_n_components_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_n_components_f32(
    model: *const lapwing_discriminant_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| {
            Ok(model.linear()?.explained_variance_ratio()?.len() as i64)
        })
    })
}

/// Of a linear analysis: the gradient of the discriminant of each class.
///
///  model  the model.
///  coefficients  K x p.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error coefficients is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_coefficients_f64(
    model: *const lapwing_discriminant_f64,
    coefficients: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("coefficients", coefficients.into()), |model| Ok(model.linear()?.coefficients()))
    })
}

/// As lapwing_discriminant_coefficients_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_coefficients_f32(
    model: *const lapwing_discriminant_f32,
    coefficients: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("coefficients", coefficients.into()), |model| Ok(model.linear()?.coefficients()))
    })
}

/// Of a linear analysis: the discriminant of each class at the origin. Far from it, lapwing_discriminant_decision_function_f64 keeps
/// digits that a sum with this would lose.
///
///  model  the model.
///  intercept  K entries.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error intercept is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_intercept_f64(
    model: *const lapwing_discriminant_f64,
    intercept: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("intercept", intercept.into()), |model| Ok(column(model.linear()?.intercept())))
    })
}

/// As lapwing_discriminant_intercept_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_intercept_f32(
    model: *const lapwing_discriminant_f32,
    intercept: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("intercept", intercept.into()), |model| Ok(column(model.linear()?.intercept())))
    })
}

/// Of a linear analysis: the mean of the class means, by the priors.
///
///  model  the model.
///  mean  p entries.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error mean is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_overall_mean_f64(
    model: *const lapwing_discriminant_f64,
    mean: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("mean", mean.into()), |model| Ok(column(model.linear()?.overall_mean())))
    })
}

/// As lapwing_discriminant_overall_mean_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_overall_mean_f32(
    model: *const lapwing_discriminant_f32,
    mean: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("mean", mean.into()), |model| Ok(column(model.linear()?.overall_mean())))
    })
}

/// Of a linear analysis: the axes of projection in columns, where rows have unit covariance within the classes.
///
///  model  the model.
///  scalings  p x k.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_DOES_NOT_EXIST (LAPWING_DISCRIMINANT_LEAST_SQUARES made it),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error scalings is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_scalings_f64(
    model: *const lapwing_discriminant_f64,
    scalings: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { copy(model, ("scalings", scalings.into()), |model| Ok(model.linear()?.scalings()?)) })
}

/// As lapwing_discriminant_scalings_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_scalings_f32(
    model: *const lapwing_discriminant_f32,
    scalings: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { copy(model, ("scalings", scalings.into()), |model| Ok(model.linear()?.scalings()?)) })
}

/// Of a linear analysis: the share of the variance between the classes along each axis.
///
///  model  the model.
///  ratio  k entries.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_DOES_NOT_EXIST (LAPWING_DISCRIMINANT_LEAST_SQUARES made it),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error ratio is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_explained_variance_ratio_f64(
    model: *const lapwing_discriminant_f64,
    ratio: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("ratio", ratio.into()), |model| Ok(column(model.linear()?.explained_variance_ratio()?)))
    })
}

/// As lapwing_discriminant_explained_variance_ratio_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_explained_variance_ratio_f32(
    model: *const lapwing_discriminant_f32,
    ratio: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("ratio", ratio.into()), |model| Ok(column(model.linear()?.explained_variance_ratio()?)))
    })
}

/// Of a linear analysis: the covariance within the classes.
///
///  model  the model.
///  covariance  p x p.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_DOES_NOT_EXIST (LAPWING_DISCRIMINANT_SVD made it),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error covariance is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_covariance_f64(
    model: *const lapwing_discriminant_f64,
    covariance: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("covariance", covariance.into()), |model| Ok(model.linear()?.covariance()?))
    })
}

/// As lapwing_discriminant_covariance_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_covariance_f32(
    model: *const lapwing_discriminant_f32,
    covariance: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("covariance", covariance.into()), |model| Ok(model.linear()?.covariance()?))
    })
}
