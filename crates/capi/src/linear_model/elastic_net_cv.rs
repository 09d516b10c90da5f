//! The lasso and the elastic net whose penalty is chosen by cross-validation: the options and the fits.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::linear_model::{Alphas, ElasticNetCv, ElasticNetCvParams, LassoCv};
use lapwing_ml::model_selection::{FoldOrder, KFold};

use super::choices::{NOT_GIVEN, given, intercept};
use super::elastic_net::{Penalty, selection, sign, updates};
use super::problem;
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::component_selection::LAPWING_FOLDS_CONSECUTIVE;
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The options of a lasso or an elastic net with cross-validation. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_elastic_net_cv_options {
    /// sizeof(lapwing_elastic_net_cv_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_SIGN_ANY or LAPWING_SIGN_NON_NEGATIVE.
    pub sign: i32,
    /// LAPWING_SELECTION_CYCLIC or LAPWING_SELECTION_RANDOM.
    pub selection: i32,
    /// LAPWING_UPDATES_AUTO, LAPWING_UPDATES_COVARIANCE or LAPWING_UPDATES_RESIDUAL.
    pub updates: i32,
    /// LAPWING_FOLDS_CONSECUTIVE or LAPWING_FOLDS_SHUFFLED.
    pub order: i32,
    /// Left 0.
    pub reserved: i32,
    /// How many folds; 5 by default.
    pub folds: i64,
    /// The penalties to try, in any order; NULL data for n_alphas of them.
    pub alphas: lapwing_vec_f64,
    /// How many penalties to try for each of the l1_ratios, from the least at which all coefficients are zero down; 100 by
    /// default.
    pub n_alphas: i64,
    /// The last of these as a share of the first; 1e-3 by default. scikit-learn's eps.
    pub share: f64,
    /// Of an elastic net: the shares of the penalty on magnitudes to try, each at most 1 (and 0 only if alphas are given);
    /// NULL data for 0.5 alone.
    pub l1_ratios: lapwing_vec_f64,
    /// The duality gap to end at, as a share of the sum of the squares of y around its mean; 1e-4 by default.
    pub tolerance: f64,
    /// How often every coordinate may be visited in each descent; 1000 by default.
    pub max_iterations: i64,
    /// The seed of LAPWING_SELECTION_RANDOM and of LAPWING_FOLDS_SHUFFLED.
    pub seed: u64,
}

// SAFETY: numbers, and pointers that are checked before they are used, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_elastic_net_cv_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_elastic_net_cv_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        sign: super::LAPWING_SIGN_ANY,
        selection: super::LAPWING_SELECTION_CYCLIC,
        updates: super::LAPWING_UPDATES_AUTO,
        order: LAPWING_FOLDS_CONSECUTIVE,
        reserved: 0,
        folds: 0,
        alphas: NOT_GIVEN,
        n_alphas: 0,
        share: 0.0,
        l1_ratios: NOT_GIVEN,
        tolerance: 0.0,
        max_iterations: 0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_elastic_net_cv_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_elastic_net_cv_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] and [`given`] require.
unsafe fn params(
    estimator: Penalty,
    options: *const lapwing_elastic_net_cv_options,
) -> Result<ElasticNetCvParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    let params = match estimator {
        Penalty::Lasso => LassoCv::params(),
        Penalty::ElasticNet => ElasticNetCv::params(),
    };
    let mut params = params
        .intercept(intercept(options.intercept)?)
        .sign(sign(options.sign)?)
        .selection(selection(options.selection, options.seed)?)
        .updates(updates(options.updates)?)
        .folds(folds(&options)?)
        // SAFETY: this function's own condition.
        .alphas(unsafe { alphas(&options) }?);
    // SAFETY: this function's own condition.
    if let Some(l1_ratios) = unsafe { given("l1_ratios", options.l1_ratios) }? {
        if estimator == Penalty::Lasso {
            let (parameter, requirement) =
                ("l1_ratios", "NULL for a lasso; fit an elastic net with them".to_owned());
            return Err(Error::InvalidParameter { parameter, value: "given".to_owned(), requirement }.into());
        }
        params = params.l1_ratios(&l1_ratios);
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

fn folds(options: &lapwing_elastic_net_cv_options) -> Result<KFold, Failure> {
    let orders = [FoldOrder::Consecutive, FoldOrder::Shuffled(options.seed)];
    let requirement = "LAPWING_FOLDS_CONSECUTIVE (0) or LAPWING_FOLDS_SHUFFLED (1)";
    let order = constant("order", options.order, &orders, requirement)?;
    let folds = match count("folds", options.folds)? {
        0 => KFold::default(),
        folds => KFold::new(folds),
    };
    Ok(folds.order(order))
}

/// # Safety
/// As [`given`].
unsafe fn alphas(options: &lapwing_elastic_net_cv_options) -> Result<Alphas, Failure> {
    let chosen = count("n_alphas", options.n_alphas)?;
    // SAFETY: this function's own condition.
    if let Some(alphas) = unsafe { given("alphas", options.alphas) }? {
        let requirement = "0 where alphas are given";
        require_zero("n_alphas", options.n_alphas as f64, requirement)?;
        require_zero("share", options.share, requirement)?;
        return Ok(Alphas::Given(alphas));
    }
    let count = if chosen == 0 { 100 } else { chosen };
    let share = if options.share == 0.0 { 1e-3 } else { options.share };
    Ok(Alphas::Geometric { count, share })
}

/// Chooses the penalty of a lasso by cross-validation, with the semantics of scikit-learn's LassoCV: that with the least mean
/// of the folds' mean squared errors, on what was left out of each fit.
///
///  x        n x p, at least 2 x 1, any strides; read only.
///  y        n x 1: one target; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only. In the fits and in the errors.
///  options  NULL for the defaults.
///  out      receives the model, fitted to all samples with the best penalty, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive in a fold or in the others), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE (the last fit), LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_cv_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_lasso_cv_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_cv_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_lasso_cv_fit_f64, of a sparse matrix, which stays sparse: n x p, in compressed rows, centred implicitly. It is the
/// residual that is kept up to date, whatever the options say.
///
/// Returns what that does, and LAPWING_ERR_ARGUMENT for the structure of x. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_cv_fit_csr_f64(
    x: lapwing_csr_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_lasso_cv_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lasso_cv_fit_csr_f32(
    x: lapwing_csr_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::Lasso, x.into(), y.into(), weights.into(), options, out) })
}

/// Chooses the penalty of an elastic net, and of how much of it is on magnitudes, by cross-validation, with the semantics of
/// scikit-learn's ElasticNetCV: the pair with the least mean of the folds' mean squared errors.
///
///  x        n x p, at least 2 x 1, any strides; read only.
///  y        n x 1: one target; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only. In the fits and in the errors.
///  options  NULL for the defaults.
///  out      receives the model, fitted to all samples with the best penalty, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive in a fold or in the others), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE (the last fit), LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_cv_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_elastic_net_cv_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_cv_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_elastic_net_cv_fit_f64, of a sparse matrix, which stays sparse: n x p, in compressed rows, centred implicitly. It is the
/// residual that is kept up to date, whatever the options say.
///
/// Returns what that does, and LAPWING_ERR_ARGUMENT for the structure of x. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_cv_fit_csr_f64(
    x: lapwing_csr_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(Penalty::ElasticNet, x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_elastic_net_cv_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elastic_net_cv_fit_csr_f32(
    x: lapwing_csr_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_elastic_net_cv_options,
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
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(estimator, options) }?;
        // SAFETY: as above.
        let problem = unsafe { problem::dense(x, y, weights) }?;
        let (x, y) = (&problem.x, &problem.target()?);
        let model = match &problem.weights {
            None => params.fit(x, y),
            Some(weights) => params.fit_weighted(x, y, weights),
        };
        Ok(Estimator::ElasticNetCv(model.map_err(Error::from)?).into())
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
    options: *const lapwing_elastic_net_cv_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(estimator, options) }?;
        // SAFETY: as above.
        let problem = unsafe { problem::sparse(x, y, weights) }?;
        let model = params.fit_sparse(&problem.x, &problem.target()?, problem.weights.as_deref());
        Ok(Estimator::ElasticNetCv(model.map_err(Error::from)?).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
