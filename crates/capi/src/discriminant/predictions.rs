//! What a discriminant analysis says of new rows.

use lapwing_lapack::Scalar;

use super::{Discriminant, lapwing_discriminant_f32, lapwing_discriminant_f64};
use crate::guard::guard;
use crate::models::{Model, map, map_data, model, read};
use crate::numbers::Numbers;
use crate::sparse::array;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

fn classes<T: Scalar>(model: &Discriminant<T>) -> (usize, &'static str) {
    (model.classes().len(), "the model's classes")
}

/// The discriminant of each class at each row of x: the logarithm of its probability, up to a term that all classes of a row have
/// in common.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  values  n x K.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error values is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_decision_function_f64(
    model: *const lapwing_discriminant_f64,
    x: lapwing_mat_f64,
    values: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("values", values.into()), classes, |model, x| match model {
            Discriminant::Linear(model) => model.decision_function(x),
            Discriminant::Quadratic(model) => model.decision_function(x),
        })
    })
}

/// As lapwing_discriminant_decision_function_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_decision_function_f32(
    model: *const lapwing_discriminant_f32,
    x: lapwing_mat_f32,
    values: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("values", values.into()), classes, |model, x| match model {
            Discriminant::Linear(model) => model.decision_function(x),
            Discriminant::Quadratic(model) => model.decision_function(x),
        })
    })
}

/// The probability of each class of each row of x.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  values  n x K.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error values is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_predict_probabilities_f64(
    model: *const lapwing_discriminant_f64,
    x: lapwing_mat_f64,
    values: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("values", values.into()), classes, |model, x| match model {
            Discriminant::Linear(model) => model.predict_probabilities(x),
            Discriminant::Quadratic(model) => model.predict_probabilities(x),
        })
    })
}

/// As lapwing_discriminant_predict_probabilities_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_predict_probabilities_f32(
    model: *const lapwing_discriminant_f32,
    x: lapwing_mat_f32,
    values: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("values", values.into()), classes, |model, x| match model {
            Discriminant::Linear(model) => model.predict_probabilities(x),
            Discriminant::Quadratic(model) => model.predict_probabilities(x),
        })
    })
}

/// The logarithms of lapwing_discriminant_predict_probabilities_f64, which do not underflow.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  values  n x K.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error values is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_predict_log_probabilities_f64(
    model: *const lapwing_discriminant_f64,
    x: lapwing_mat_f64,
    values: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("values", values.into()), classes, |model, x| match model {
            Discriminant::Linear(model) => model.predict_log_probabilities(x),
            Discriminant::Quadratic(model) => model.predict_log_probabilities(x),
        })
    })
}

/// As lapwing_discriminant_predict_log_probabilities_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_predict_log_probabilities_f32(
    model: *const lapwing_discriminant_f32,
    x: lapwing_mat_f32,
    values: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        map_data(model, x.into(), ("values", values.into()), classes, |model, x| match model {
            Discriminant::Linear(model) => model.predict_log_probabilities(x),
            Discriminant::Quadratic(model) => model.predict_log_probabilities(x),
        })
    })
}

/// The most probable class of each row of x, the first of them on a tie.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  labels  room for n labels.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error labels is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_predict_f64(
    model: *const lapwing_discriminant_f64,
    x: lapwing_mat_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict(model, x.into(), labels) })
}

/// As lapwing_discriminant_predict_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_predict_f32(
    model: *const lapwing_discriminant_f32,
    x: lapwing_mat_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict(model, x.into(), labels) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Numbers::write`] require.
unsafe fn predict<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let x = x.input("x")?;
    let labels = Numbers::needed("labels", labels, x.shape()[0])?;
    // SAFETY: this function's own condition.
    let x = unsafe { x.view() };
    let found = match model {
        Discriminant::Linear(model) => model.predict(&x),
        Discriminant::Quadratic(model) => model.predict(&x),
    }?;
    // SAFETY: this function's own condition.
    unsafe { labels.write(found) };
    Ok(())
}

/// The share of the rows of x for which the most probable class is their label.
///
///  model   the model.
///  x       n x p, at least one row, any strides; read only.
///  labels  n labels; read only.
///  value   receives the share.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_score_f64(
    model: *const lapwing_discriminant_f64,
    x: lapwing_mat_f64,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointers and the memory behind the view.
    guard(|| unsafe { score(model, x.into(), labels, value) })
}

/// As lapwing_discriminant_score_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_score_f32(
    model: *const lapwing_discriminant_f32,
    x: lapwing_mat_f32,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointers and the memory behind the view.
    guard(|| unsafe { score(model, x.into(), labels, value) })
}

/// # Safety
/// As [`read`], [`Strided::view`](crate::strided::Strided::view) and [`array`] require.
unsafe fn score<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    model: *const M,
    x: Unchecked<T>,
    labels: *const i64,
    value: *mut f64,
) -> Result<(), Failure> {
    let x = x.input("x")?;
    // SAFETY: this function's own condition.
    let (labels, x) = unsafe { (array("labels", labels, x.shape()[0])?, x.view()) };
    let work = |model: &Discriminant<T>| match model {
        Discriminant::Linear(model) => Ok(model.score(&x, labels)?),
        Discriminant::Quadratic(model) => Ok(model.score(&x, labels)?),
    };
    // SAFETY: this function's own condition.
    unsafe { read(model, "value", value, work) }
}

/// Of a linear analysis: the coordinates of x along the axes that separate the classes, counted from the overall mean.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  scores  n x k, for the k of lapwing_discriminant_n_components_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is quadratic), LAPWING_ERR_DOES_NOT_EXIST (LAPWING_DISCRIMINANT_LEAST_SQUARES made it),
/// LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error scores is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_transform_f64(
    model: *const lapwing_discriminant_f64,
    x: lapwing_mat_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(model, x.into(), scores.into()) })
}

/// As lapwing_discriminant_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_transform_f32(
    model: *const lapwing_discriminant_f32,
    x: lapwing_mat_f32,
    scores: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform(model, x.into(), scores.into()) })
}

/// # Safety
/// As [`model`] and [`map`] require.
unsafe fn transform<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    scores: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?.linear()?;
    let (x, scores) = (x.input("x")?, scores.output("scores")?);
    let axes = model.explained_variance_ratio()?.len();
    scores.require_shape(&[(x.shape()[0], "the rows of x"), (axes, "the model's components")])?;
    // SAFETY: this function's own condition.
    unsafe { map(&x, &scores, |x| Ok(model.transform(&x)?)) }
}
