//! What can be read from a linear model. Views are of the model's own memory, and end when it is freed.

use lapwing_lapack::Scalar;

use super::estimator::{Estimator, LinearModel};
use super::{lapwing_linear_model_f32, lapwing_linear_model_f64, linear_regression, ridge};
use crate::guard::guard;
use crate::models;
use crate::status::{Failure, lapwing_status};
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The coefficients, t x p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_coefficients_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.predictor().coefficients().into()) })
}

/// As lapwing_linear_model_coefficients_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_coefficients_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.predictor().coefficients().into()) })
}

/// The predictions where all features are zero, t numbers: zero where no intercept was fitted. The view lasts until the model
/// is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_intercept_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.intercept.view().into()) })
}

/// As lapwing_linear_model_intercept_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_intercept_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_vec_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.intercept.view().into()) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_n_features_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.predictor().n_features() as i64) })
}

/// As lapwing_linear_model_n_features_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_n_features_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.predictor().n_features() as i64) })
}

/// t, the number of targets.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_n_targets_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.predictor().n_targets() as i64) })
}

/// As lapwing_linear_model_n_targets_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_n_targets_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.predictor().n_targets() as i64) })
}

/// Which estimator fitted the model: LAPWING_LINEAR_REGRESSION and the constants after it.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_estimator_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.estimator.constant()) })
}

/// As lapwing_linear_model_estimator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_estimator_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.estimator.constant()) })
}

/// The solver that ran, by the constants of the estimator: of a linear regression, LAPWING_LINEAR_REGRESSION_CHOLESKY to
/// LAPWING_LINEAR_REGRESSION_LSQR; of a ridge regression, LAPWING_RIDGE_CHOLESKY to LAPWING_RIDGE_CONJUGATE_GRADIENT. It is
/// another than was asked for where that one refused the data.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_solver_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, solver) })
}

/// As lapwing_linear_model_solver_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_solver_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, solver) })
}

/// The constant of the solver that ran.
fn solver<T: Scalar>(model: &LinearModel<T>) -> Result<i32, Failure> {
    let position = match &model.estimator {
        Estimator::LinearRegression(fitted) => {
            linear_regression::SOLVERS.iter().position(|&solver| solver == fitted.solver())
        }
        Estimator::Ridge(fitted) => ridge::SOLVERS.iter().position(|&solver| solver == fitted.solver()),
        _ => return Err(model.has_no("choice of solvers")),
    };
    // A solver of a later version, which no option of C can have asked for, is -1.
    Ok(position.map_or(-1, |position| position as i32))
}

/// The rank of the features of a linear regression, around their means where there is an intercept; of a regression on singular
/// vectors, how many were kept.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none, as after LSQR; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_rank_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, rank) })
}

/// As lapwing_linear_model_rank_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_rank_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, rank) })
}

fn rank<T: Scalar>(model: &LinearModel<T>) -> Result<i64, Failure> {
    let rank = match &model.estimator {
        Estimator::LinearRegression(fitted) => fitted.rank(),
        Estimator::TruncatedSvdRegression(fitted) => Some(fitted.rank()),
        _ => None,
    };
    rank.map(|rank| rank as i64).ok_or_else(|| model.has_no("rank"))
}

/// The singular values of the features of a linear regression, or one on singular vectors (around their means, and weighted), largest first, min(n, p)
/// of them, in double for both precisions. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none, as unless LAPWING_LINEAR_REGRESSION_SVD ran; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_singular_values_f64(
    model: *const lapwing_linear_model_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, singular_values) })
}

/// As lapwing_linear_model_singular_values_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_singular_values_f32(
    model: *const lapwing_linear_model_f32,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "view", view, singular_values) })
}

fn singular_values<T: Scalar>(model: &LinearModel<T>) -> Result<lapwing_vec_f64, Failure> {
    let values = match &model.estimator {
        Estimator::LinearRegression(fitted) => fitted.singular_values(),
        Estimator::TruncatedSvdRegression(fitted) => Some(fitted.singular_values()),
        _ => None,
    };
    values.map(Into::into).ok_or_else(|| model.has_no("singular values"))
}

/// How many iterations the fit of a target took: of LSQR or conjugate gradients in a ridge regression, of a Bayesian one; how
/// often an elastic net visited all coordinates.
///
///  model   the model.
///  target  which target, from 0: 0 where there is one.
///  value   receives it.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none, and the message says what it is; or there is no such target), or
/// LAPWING_ERR_NULL when model or value is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_iterations_f64(
    model: *const lapwing_linear_model_f64,
    target: i64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| iterations(model, target)) })
}

/// As lapwing_linear_model_iterations_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_iterations_f32(
    model: *const lapwing_linear_model_f32,
    target: i64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| iterations(model, target)) })
}

fn iterations<T: Scalar>(model: &LinearModel<T>, target: i64) -> Result<i64, Failure> {
    let of_one;
    let iterations = match &model.estimator {
        Estimator::Ridge(fitted) => fitted.iterations(),
        Estimator::Tikhonov(fitted) => fitted.iterations(),
        Estimator::BayesianRidge(fitted) => {
            of_one = [fitted.iterations()];
            &of_one[..]
        }
        Estimator::ElasticNet(fitted) => fitted.iterations(),
        Estimator::ElasticNetCv(fitted) => fitted.iterations(),
        _ => &[],
    };
    Ok(model.of_target("iterations", iterations, target)? as i64)
}

/// By how much, at most, the objective of an elastic net exceeds its minimum for a target.
///
///  model   the model.
///  target  which target, from 0: 0 where there is one.
///  value   receives it.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none, and the message says what it is; or there is no such target), or
/// LAPWING_ERR_NULL when model or value is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_dual_gap_f64(
    model: *const lapwing_linear_model_f64,
    target: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| dual_gap(model, target)) })
}

/// As lapwing_linear_model_dual_gap_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_dual_gap_f32(
    model: *const lapwing_linear_model_f32,
    target: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| dual_gap(model, target)) })
}

fn dual_gap<T: Scalar>(model: &LinearModel<T>, target: i64) -> Result<f64, Failure> {
    let gaps = match &model.estimator {
        Estimator::ElasticNet(fitted) => fitted.dual_gaps(),
        Estimator::ElasticNetCv(fitted) => fitted.dual_gaps(),
        _ => &[],
    };
    model.of_target("dual gap", gaps, target)
}

/// The penalty of a target, of a ridge regression or an elastic net: the one that was chosen, by the caller or by
/// cross-validation. Of a Bayesian ridge regression, the estimated precision of the noise, as in scikit-learn.
///
///  model   the model.
///  target  which target, from 0: 0 where there is one.
///  value   receives it.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none, and the message says what it is; or there is no such target), or
/// LAPWING_ERR_NULL when model or value is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_alpha_f64(
    model: *const lapwing_linear_model_f64,
    target: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| alpha(model, target)) })
}

/// As lapwing_linear_model_alpha_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_alpha_f32(
    model: *const lapwing_linear_model_f32,
    target: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| alpha(model, target)) })
}

fn alpha<T: Scalar>(model: &LinearModel<T>, target: i64) -> Result<f64, Failure> {
    model.require_target(target)?;
    match &model.estimator {
        Estimator::ElasticNet(fitted) => Ok(fitted.alpha()),
        Estimator::ElasticNetCv(fitted) => Ok(fitted.alpha()),
        Estimator::BayesianRidge(fitted) => Ok(fitted.alpha()),
        // The target is one of the model's, as was checked.
        Estimator::Ridge(fitted) => Ok(fitted.alpha()[target as usize]),
        Estimator::RidgeCv(fitted) => Ok(fitted.alpha()[target as usize]),
        _ => Err(model.has_no("alpha of its own")),
    }
}

/// The share of the penalty of an elastic net that is on magnitudes; 1 for the lasso.
///
/// Returns LAPWING_ERR_ARGUMENT (the model has none; the message says what it is), or LAPWING_ERR_NULL when an argument
/// is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_l1_ratio_f64(
    model: *const lapwing_linear_model_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, l1_ratio) })
}

/// As lapwing_linear_model_l1_ratio_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_model_l1_ratio_f32(
    model: *const lapwing_linear_model_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, l1_ratio) })
}

fn l1_ratio<T: Scalar>(model: &LinearModel<T>) -> Result<f64, Failure> {
    match &model.estimator {
        Estimator::ElasticNet(fitted) => Ok(fitted.l1_ratio()),
        Estimator::ElasticNetCv(fitted) => Ok(fitted.l1_ratio()),
        _ => Err(model.has_no("l1_ratio")),
    }
}
