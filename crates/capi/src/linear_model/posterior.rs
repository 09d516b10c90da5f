//! What can be read from a Bayesian ridge regression alone, and what its predictions are worth. Views are of the model's own
//! memory, and end when it is freed.

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::BayesianRidge;

use super::estimator::{Estimator, LinearModel};
use super::{lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::arguments::{column, require_separate};
use crate::guard::guard;
use crate::models::{self, Model, model};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64};

/// The Bayesian ridge regression that a model is.
fn bayesian<'a, T: Scalar>(model: &'a LinearModel<T>, what: &str) -> Result<&'a BayesianRidge<T>, Failure> {
    match &model.estimator {
        Estimator::BayesianRidge(fitted) => Ok(fitted),
        _ => Err(model.has_no(what)),
    }
}

/// Of a Bayesian ridge regression: the estimated precision of the coefficients.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_lambda_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| Ok(bayesian(model, "lambda")?.lambda())) })
}

/// As lapwing_linear_model_lambda_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_lambda_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| Ok(bayesian(model, "lambda")?.lambda())) })
}

/// Of a Bayesian ridge regression: the posterior covariance of the coefficients, p x p, in double for both precisions. The view
/// lasts until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_sigma_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "view", view, |model| Ok(bayesian(model, "sigma")?.sigma().into()))
    })
}

/// As lapwing_linear_model_sigma_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_sigma_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "view", view, |model| Ok(bayesian(model, "sigma")?.sigma().into()))
    })
}

/// Of a Bayesian ridge regression: 1 when the coefficients came to rest within the allowed iterations, 0 when not.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_converged_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| {
            Ok(i32::from(bayesian(model, "state of convergence")?.converged()))
        })
    })
}

/// As lapwing_linear_model_converged_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_converged_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| {
            Ok(i32::from(bayesian(model, "state of convergence")?.converged()))
        })
    })
}

/// Of a Bayesian ridge regression: the mean and the standard deviation of what is predicted for each row of x, noise included.
///
///  model        the model.
///  x            m x p, any m, any strides; read only.
///  predictions  m.
///  deviations   m.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is of another estimator), LAPWING_ERR_NON_FINITE (x holds NaN or an infinity),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_predict_with_deviation_f64(
    model: *const lapwing_linear_model_f64,
    x: lapwing_mat_f64,
    predictions: lapwing_vec_mut_f64,
    deviations: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { predict_with_deviation(model, x.into(), predictions.into(), deviations.into()) })
}

/// As lapwing_linear_model_predict_with_deviation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_predict_with_deviation_f32(
    model: *const lapwing_linear_model_f32,
    x: lapwing_mat_f32,
    predictions: lapwing_vec_mut_f32,
    deviations: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { predict_with_deviation(model, x.into(), predictions.into(), deviations.into()) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Strided::write`](crate::strided::Strided::write)
/// require.
unsafe fn predict_with_deviation<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    predictions: Unchecked<T>,
    deviations: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = bayesian(unsafe { model(pointer) }?, "deviation of its predictions")?;
    let x = x.input("x")?;
    let (predictions, deviations) = (predictions.output("predictions")?, deviations.output("deviations")?);
    for output in [&predictions, &deviations] {
        output.require_shape(&[(x.shape()[0], "the rows of x")])?;
    }
    require_separate(&[&x], &[Some(&predictions), Some(&deviations)])?;
    // SAFETY: this function's own condition; outputs were just found to lie apart from x and from one another.
    unsafe {
        let (mean, deviation) = model.predict_with_deviation(&x.view())?;
        predictions.write(&column(&mean));
        deviations.write(&column(&deviation));
    }
    Ok(())
}
