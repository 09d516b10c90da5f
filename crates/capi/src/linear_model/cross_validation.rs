//! What can be read from a linear model whose penalty was chosen by cross-validation. Views are of the model's own memory,
//! and end when it is freed.

use lapwing_lapack::{Error, Scalar};
use lapwing_ml::linear_model::ElasticNetCv;
use ndarray::{ArrayView1, Axis};

use super::estimator::{Estimator, LinearModel};
use super::{lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models;
use crate::status::{Failure, lapwing_status};
use crate::view::{lapwing_mat_f64, lapwing_vec_f64};

/// The elastic net with cross-validation that a model is.
fn elastic_net<T: Scalar>(model: &LinearModel<T>) -> Result<&ElasticNetCv<T>, Failure> {
    match &model.estimator {
        Estimator::ElasticNetCv(fitted) => Ok(fitted),
        _ => Err(model.has_no("cross-validation of an elastic net")),
    }
}

/// The shares of the penalty on magnitudes that were tried, r of them, in double for both precisions. The view lasts until the
/// model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model was not chosen by cross-validation; the message says what it is), or
/// LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_l1_ratios_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, l1_ratios) })
}

/// As lapwing_linear_model_cv_l1_ratios_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_l1_ratios_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, l1_ratios) })
}

fn l1_ratios<T: Scalar>(model: &LinearModel<T>) -> Result<lapwing_vec_f64, Failure> {
    Ok(ArrayView1::from(elastic_net(model)?.l1_ratios()).into())
}

/// The penalties that were tried, in double for both precisions: of an elastic net, r x a, a row for each of the l1_ratios, from
/// the largest down; of a ridge regression, 1 x a, as they were given. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model was not chosen by cross-validation; the message says what it is), or
/// LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_alphas_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, alphas) })
}

/// As lapwing_linear_model_cv_alphas_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_alphas_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, alphas) })
}

fn alphas<T: Scalar>(model: &LinearModel<T>) -> Result<lapwing_mat_f64, Failure> {
    match &model.estimator {
        Estimator::RidgeCv(fitted) => Ok(fitted.alphas().insert_axis(Axis(0)).into()),
        _ => Ok(elastic_net(model)?.alphas().into()),
    }
}

/// Of a ridge regression with cross-validation: the score of the chosen penalties, the mean over the targets; the larger the
/// better, so that a mean squared error has its sign changed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_best_score_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, best_score) })
}

/// As lapwing_linear_model_best_score_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_best_score_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, best_score) })
}

fn best_score<T: Scalar>(model: &LinearModel<T>) -> Result<f64, Failure> {
    match &model.estimator {
        Estimator::RidgeCv(fitted) => Ok(fitted.best_score()),
        _ => Err(model.has_no("best score")),
    }
}

/// What candidates were judged by, in double for both precisions: of a ridge regression with cross-validation, the score of each
/// penalty (rows) for each target (columns); of a Bayesian ridge regression, one column with the logarithm of the marginal
/// likelihood before each iteration, and of the result. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_scores_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, scores) })
}

/// As lapwing_linear_model_scores_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_scores_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, scores) })
}

fn scores<T: Scalar>(model: &LinearModel<T>) -> Result<lapwing_mat_f64, Failure> {
    match &model.estimator {
        Estimator::RidgeCv(fitted) => Ok(fitted.scores().into()),
        Estimator::BayesianRidge(fitted) => Ok(fitted.scores().insert_axis(Axis(1)).into()),
        _ => Err(model.has_no("scores")),
    }
}

/// The mean squared error of each penalty on each fold, a x folds, with one of the l1_ratios, in double for both precisions.
/// scikit-learn's mse_path_. The view lasts until the model is freed.
///
///  model  the model.
///  ratio  which of the l1_ratios, from 0: 0 where there is one.
///  view   receives it.
///
/// Returns LAPWING_ERR_ARGUMENT (the model was not chosen by cross-validation, and the message says what it is; or there is no
/// such ratio), or LAPWING_ERR_NULL when model or view is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_errors_f64(
    model: *const lapwing_linear_model_f64,
    ratio: i64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| errors(model, ratio)) })
}

/// As lapwing_linear_model_cv_errors_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_errors_f32(
    model: *const lapwing_linear_model_f32,
    ratio: i64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, |model| errors(model, ratio)) })
}

fn errors<T: Scalar>(model: &LinearModel<T>, ratio: i64) -> Result<lapwing_mat_f64, Failure> {
    let errors = elastic_net(model)?.mean_squared_errors();
    let count = errors.len_of(Axis(0));
    let Some(ratio) = usize::try_from(ratio).ok().filter(|&ratio| ratio < count) else {
        let requirement = format!("at least 0 and less than {count}, the number of l1_ratios");
        return Err(
            Error::InvalidParameter { parameter: "ratio", value: ratio.to_string(), requirement }.into()
        );
    };
    Ok(errors.index_axis_move(Axis(0), ratio).into())
}

/// How many descents, over all folds and penalties, have not converged; their errors are those of what they reached.
///
/// Returns LAPWING_ERR_ARGUMENT (the model was not chosen by cross-validation; the message says what it is), or
/// LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_unconverged_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| Ok(elastic_net(model)?.unconverged() as i64))
    })
}

/// As lapwing_linear_model_cv_unconverged_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_cv_unconverged_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| Ok(elastic_net(model)?.unconverged() as i64))
    })
}
