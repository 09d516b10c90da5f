//! The lasso and the elastic net: the options, and the fits of dense and of sparse data.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::linear_model::{CoefficientSign, ElasticNet, ElasticNetParams, Lasso, Selection, Updates};

use super::choices::{LAPWING_PENALTY_ALPHA, intercept, unpenalized};
use super::problem::{self, Problem};
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// Coefficients may have any sign.
pub const LAPWING_SIGN_ANY: i32 = 0;
/// Coefficients are positive or zero. scikit-learn's positive.
pub const LAPWING_SIGN_NON_NEGATIVE: i32 = 1;

/// Coordinates are visited one after the other.
pub const LAPWING_SELECTION_CYCLIC: i32 = 0;
/// Each is visited at random, by the seed.
pub const LAPWING_SELECTION_RANDOM: i32 = 1;

/// LAPWING_UPDATES_COVARIANCE for dense data with more samples than features; otherwise LAPWING_UPDATES_RESIDUAL.
pub const LAPWING_UPDATES_AUTO: i32 = 0;
/// The products of residual and features are kept up to date, by their Gram matrix. scikit-learn's precompute.
pub const LAPWING_UPDATES_COVARIANCE: i32 = 1;
/// The residual is kept up to date, by a copy of the data: for tolerances near rounding, and more features than samples.
pub const LAPWING_UPDATES_RESIDUAL: i32 = 2;

/// The share on magnitudes is l1_ratio, or its default.
pub const LAPWING_L1_RATIO_GIVEN: i32 = 0;
/// The penalty is on squares alone: what l1_ratio = 0 would say, if that did not stand for the default.
pub const LAPWING_L1_RATIO_ZERO: i32 = 1;

/// The options of a lasso or an elastic net. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_elastic_net_options {
    /// sizeof(lapwing_elastic_net_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_PENALTY_ALPHA or LAPWING_PENALTY_NONE, with which this is a slow way to least squares.
    pub penalty: i32,
    /// Of an elastic net: LAPWING_L1_RATIO_GIVEN or LAPWING_L1_RATIO_ZERO.
    pub mixture: i32,
    /// LAPWING_SIGN_ANY or LAPWING_SIGN_NON_NEGATIVE.
    pub sign: i32,
    /// LAPWING_SELECTION_CYCLIC or LAPWING_SELECTION_RANDOM.
    pub selection: i32,
    /// LAPWING_UPDATES_AUTO, LAPWING_UPDATES_COVARIANCE or LAPWING_UPDATES_RESIDUAL.
    pub updates: i32,
    /// The weight of the penalty, not negative; 1 by default.
    pub alpha: f64,
    /// Of an elastic net: the share of the penalty that is on magnitudes, at most 1; 0.5 by default. The lasso has 1.
    pub l1_ratio: f64,
    /// The duality gap to end at, as a share of the sum of the squares of y around its mean; 1e-4 by default.
    pub tolerance: f64,
    /// How often every coordinate may be visited; 1000 by default.
    pub max_iterations: i64,
    /// The seed of LAPWING_SELECTION_RANDOM.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_elastic_net_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_elastic_net_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        penalty: LAPWING_PENALTY_ALPHA,
        mixture: LAPWING_L1_RATIO_GIVEN,
        sign: LAPWING_SIGN_ANY,
        selection: LAPWING_SELECTION_CYCLIC,
        updates: LAPWING_UPDATES_AUTO,
        alpha: 0.0,
        l1_ratio: 0.0,
        tolerance: 0.0,
        max_iterations: 0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_elastic_net_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_elastic_net_options)";
}

/// Which of the two estimators asks.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Penalty {
    Lasso,
    ElasticNet,
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    estimator: Penalty,
    options: *const lapwing_elastic_net_options,
) -> Result<ElasticNetParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let mut params = match estimator {
        Penalty::Lasso => Lasso::params(),
        Penalty::ElasticNet => ElasticNet::params(),
    };
    params = params
        .intercept(intercept(options.intercept)?)
        .sign(sign(options.sign)?)
        .selection(selection(options.selection, options.seed)?)
        .updates(updates(options.updates)?);
    if unpenalized(options.penalty)? {
        require_zero("alpha", options.alpha, "0 with LAPWING_PENALTY_NONE")?;
        params = params.alpha(0.0);
    } else if options.alpha != 0.0 {
        params = params.alpha(options.alpha);
    }
    let requirement = "LAPWING_L1_RATIO_GIVEN (0) or LAPWING_L1_RATIO_ZERO (1)";
    let on_squares = constant("mixture", options.mixture, &[false, true], requirement)?;
    if estimator == Penalty::Lasso {
        require_zero("l1_ratio", options.l1_ratio, "0 for a lasso; fit an elastic net with it")?;
        require_zero("mixture", f64::from(options.mixture), "0 for a lasso; fit an elastic net with it")?;
    } else if on_squares {
        require_zero("l1_ratio", options.l1_ratio, "0 with LAPWING_L1_RATIO_ZERO")?;
        params = params.l1_ratio(0.0);
    } else if options.l1_ratio != 0.0 {
        params = params.l1_ratio(options.l1_ratio);
    }
    if options.tolerance != 0.0 {
        params = params.tolerance(options.tolerance);
    }
    match count("max_iterations", options.max_iterations)? {
        0 => {}
        iterations => params = params.max_iterations(iterations),
    }
    Ok(params)
}

pub(super) fn sign(value: i32) -> Result<CoefficientSign, Failure> {
    let requirement = "LAPWING_SIGN_ANY (0) or LAPWING_SIGN_NON_NEGATIVE (1)";
    constant("sign", value, &[CoefficientSign::Any, CoefficientSign::NonNegative], requirement)
}

pub(super) fn selection(value: i32, seed: u64) -> Result<Selection, Failure> {
    let requirement = "LAPWING_SELECTION_CYCLIC (0) or LAPWING_SELECTION_RANDOM (1)";
    constant("selection", value, &[Selection::Cyclic, Selection::Random(seed)], requirement)
}

pub(super) fn updates(value: i32) -> Result<Updates, Failure> {
    let requirement = "LAPWING_UPDATES_AUTO (0) to LAPWING_UPDATES_RESIDUAL (2)";
    constant("updates", value, &[Updates::Auto, Updates::Covariance, Updates::Residual], requirement)
}

/// Fits a lasso, with the semantics of scikit-learn's Lasso: the sum of the squared residuals over 2n plus alpha times the
/// sum of the magnitudes of the coefficients is least, which makes some of them zero. The intercept is not penalized.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  y        n x t: one target per column, fitted one after the other; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only. Only their ratios matter.
///  options  NULL for the defaults: a penalty of 1.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE (a duality gap exceeds
/// the tolerance after max_iterations), LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_lasso_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_lasso_fit_f64, of a sparse matrix, which stays sparse: n x p, in compressed rows, centred implicitly.
///
/// It is the residual that is kept up to date, whatever the options say.
///
/// Returns what that does, and LAPWING_ERR_ARGUMENT for the structure of x. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_fit_csr_f64(
    x: lapwing_csr_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_lasso_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_fit_csr_f32(
    x: lapwing_csr_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// Fits an elastic net, with the semantics of scikit-learn's ElasticNet: of the penalty alpha, a share l1_ratio is on the
/// magnitudes of the coefficients, and the rest on half of their squares. The intercept is not penalized.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  y        n x t: one target per column, fitted one after the other; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only. Only their ratios matter.
///  options  NULL for the defaults: a penalty of 1, half of it on magnitudes.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE (a duality gap exceeds
/// the tolerance after max_iterations), LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_elastic_net_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_elastic_net_fit_f64, of a sparse matrix, which stays sparse: n x p, in compressed rows, centred implicitly.
///
/// It is the residual that is kept up to date, whatever the options say.
///
/// Returns what that does, and LAPWING_ERR_ARGUMENT for the structure of x. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_fit_csr_f64(
    x: lapwing_csr_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_elastic_net_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_fit_csr_f32(
    x: lapwing_csr_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// # Safety
/// The views as [`problem::dense`] requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    estimator: Penalty,
    x: Unchecked<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(estimator, options) }?;
        // SAFETY: as above.
        let Problem { x, y, weights } = unsafe { problem::dense(x, y, weights) }?;
        let model = match weights {
            None => params.fit(&x, &y),
            Some(weights) => params.fit_weighted(&x, &y, &weights),
        };
        Ok(Estimator::ElasticNet(model.map_err(Error::from)?).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// # Safety
/// The views as [`problem::sparse`] requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit_csr<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    estimator: Penalty,
    x: UncheckedRows<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_elastic_net_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(estimator, options) }?;
        // SAFETY: as above.
        let Problem { x, y, weights } = unsafe { problem::sparse(x, y, weights) }?;
        let model = params.fit_sparse(&x, &y, weights.as_deref());
        Ok(Estimator::ElasticNet(model.map_err(Error::from)?).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
