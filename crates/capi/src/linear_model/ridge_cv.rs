//! Ridge regression whose penalty is chosen by cross-validation: the options and the fit.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{CrossValidation, PenaltyChoice, RidgeCv, RidgeCvParams, RidgeScoring};
use lapwing_ml::model_selection::{FoldOrder, KFold};

use super::choices::{NOT_GIVEN, given, intercept};
use super::problem::{self, Problem};
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::component_selection::LAPWING_FOLDS_CONSECUTIVE;
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// Each sample is left out by itself, which takes one decomposition and no further fit.
pub const LAPWING_LEAVE_OUT_ONE: i32 = 0;
/// A fold of samples is left out at a time. As in scikit-learn, weights count in the fits, not in the scores.
pub const LAPWING_LEAVE_OUT_FOLDS: i32 = 1;

/// The mean squared error where one sample is left out, R2 where folds are.
pub const LAPWING_RIDGE_SCORING_AUTO: i32 = 0;
/// The mean of the squared errors, with its sign changed: the larger the better.
pub const LAPWING_RIDGE_SCORING_MEAN_SQUARED_ERROR: i32 = 1;
/// R2: of all samples together, each left out, or the mean over folds.
pub const LAPWING_RIDGE_SCORING_R2: i32 = 2;

/// One penalty for all targets, by their mean score.
pub const LAPWING_PENALTY_COMMON: i32 = 0;
/// A penalty for each target; only where one sample is left out at a time. scikit-learn's alpha_per_target.
pub const LAPWING_PENALTY_PER_TARGET: i32 = 1;

/// The options of a ridge regression with cross-validation. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_ridge_cv_options {
    /// sizeof(lapwing_ridge_cv_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_LEAVE_OUT_ONE or LAPWING_LEAVE_OUT_FOLDS.
    pub cross_validation: i32,
    /// LAPWING_RIDGE_SCORING_AUTO, LAPWING_RIDGE_SCORING_MEAN_SQUARED_ERROR or LAPWING_RIDGE_SCORING_R2.
    pub scoring: i32,
    /// LAPWING_PENALTY_COMMON or LAPWING_PENALTY_PER_TARGET.
    pub choice: i32,
    /// Of LAPWING_LEAVE_OUT_FOLDS: LAPWING_FOLDS_CONSECUTIVE or LAPWING_FOLDS_SHUFFLED.
    pub order: i32,
    /// Left 0.
    pub reserved: i32,
    /// Of LAPWING_LEAVE_OUT_FOLDS: how many; 5 by default.
    pub folds: i64,
    /// The penalties to try, positive (with folds, any may be zero); NULL data for 0.1, 1 and 10.
    pub alphas: lapwing_vec_f64,
    /// The seed of LAPWING_FOLDS_SHUFFLED.
    pub seed: u64,
}

// SAFETY: numbers, and a pointer that is checked before it is used, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_ridge_cv_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_ridge_cv_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        cross_validation: LAPWING_LEAVE_OUT_ONE,
        scoring: LAPWING_RIDGE_SCORING_AUTO,
        choice: LAPWING_PENALTY_COMMON,
        order: LAPWING_FOLDS_CONSECUTIVE,
        reserved: 0,
        folds: 0,
        alphas: NOT_GIVEN,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_ridge_cv_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_ridge_cv_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] and [`given`] require.
unsafe fn params(options: *const lapwing_ridge_cv_options) -> Result<RidgeCvParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    let choices = [PenaltyChoice::Common, PenaltyChoice::PerTarget];
    let requirement = "LAPWING_PENALTY_COMMON (0) or LAPWING_PENALTY_PER_TARGET (1)";
    let choice = constant("choice", options.choice, &choices, requirement)?;
    let mut params = RidgeCv::params()
        .intercept(intercept(options.intercept)?)
        .cross_validation(cross_validation(&options)?)
        .penalty_choice(choice);
    let scorings = [None, Some(RidgeScoring::MeanSquaredError), Some(RidgeScoring::R2)];
    let requirement = "LAPWING_RIDGE_SCORING_AUTO (0) to LAPWING_RIDGE_SCORING_R2 (2)";
    if let Some(scoring) = constant("scoring", options.scoring, &scorings, requirement)? {
        params = params.scoring(scoring);
    }
    // SAFETY: this function's own condition.
    if let Some(alphas) = unsafe { given("alphas", options.alphas) }? {
        params = params.alphas(&alphas);
    }
    Ok(params)
}

fn cross_validation(options: &lapwing_ridge_cv_options) -> Result<CrossValidation, Failure> {
    let requirement = "LAPWING_LEAVE_OUT_ONE (0) or LAPWING_LEAVE_OUT_FOLDS (1)";
    let in_folds = constant("cross_validation", options.cross_validation, &[false, true], requirement)?;
    let orders = [FoldOrder::Consecutive, FoldOrder::Shuffled(options.seed)];
    let requirement = "LAPWING_FOLDS_CONSECUTIVE (0) or LAPWING_FOLDS_SHUFFLED (1)";
    let order = constant("order", options.order, &orders, requirement)?;
    let folds = count("folds", options.folds)?;
    if !in_folds {
        let requirement = "0 with LAPWING_LEAVE_OUT_ONE";
        require_zero("folds", options.folds as f64, requirement)?;
        require_zero("order", f64::from(options.order), requirement)?;
        return Ok(CrossValidation::LeaveOneOut);
    }
    let folds = if folds == 0 { KFold::default() } else { KFold::new(folds) };
    Ok(CrossValidation::Folds(folds.order(order)))
}

/// Chooses the penalty of a ridge regression by cross-validation, with the semantics of scikit-learn's RidgeCV: the first of
/// those with the best score. Each sample left out takes no fit of its own, but one decomposition for all penalties.
///
///  x        n x p, at least 2 x 1, any strides; read only.
///  y        n x t: one target per column; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only.
///  options  NULL for the defaults: penalties of 0.1, 1 and 10, and each sample left out.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive), LAPWING_ERR_SHAPE (fewer samples than 2 or than folds, too), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
/// LAPACK: dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_cv_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_ridge_cv_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_ridge_cv_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_cv_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_ridge_cv_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// # Safety
/// The views as [`problem::dense`] requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    x: Unchecked<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_ridge_cv_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        // SAFETY: as above.
        let Problem { x, y, weights } = unsafe { problem::dense(x, y, weights) }?;
        let model = match weights {
            None => params.fit(&x, &y),
            Some(weights) => params.fit_weighted(&x, &y, &weights),
        }?;
        Ok(Estimator::RidgeCv(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
