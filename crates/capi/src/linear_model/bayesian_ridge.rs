//! Bayesian ridge regression: the options and the fit.

use std::mem::offset_of;

use lapwing_lapack::{Error, Scalar};
use lapwing_ml::linear_model::{BayesianRidge, BayesianRidgeParams};

use super::choices::intercept;
use super::problem;
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The gamma prior of a precision has the shape and the rate given, or their defaults.
pub const LAPWING_PRIOR_GAMMA: i32 = 0;
/// Any precision is as probable as its double: what a shape and a rate of 0 would say, if they did not stand for the default.
pub const LAPWING_PRIOR_FLAT: i32 = 1;

/// The options of a Bayesian ridge regression. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_bayesian_ridge_options {
    /// sizeof(lapwing_bayesian_ridge_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// Of the noise's precision: LAPWING_PRIOR_GAMMA or LAPWING_PRIOR_FLAT.
    pub noise_prior: i32,
    /// Of the coefficients' precision: LAPWING_PRIOR_GAMMA or LAPWING_PRIOR_FLAT.
    pub coefficient_prior: i32,
    /// Left 0.
    pub reserved: i32,
    /// The most iterations; 300 by default.
    pub max_iterations: i64,
    /// The sum of the coefficients' changes below which they rest; 1e-3 by default.
    pub tolerance: f64,
    /// The shape of the noise's prior, positive; 1e-6 by default.
    pub alpha_1: f64,
    /// Its rate; 1e-6 by default.
    pub alpha_2: f64,
    /// The shape of the coefficients' prior, positive; 1e-6 by default.
    pub lambda_1: f64,
    /// Its rate; 1e-6 by default.
    pub lambda_2: f64,
    /// The noise's precision to begin with; one over the variance of y by default.
    pub alpha_init: f64,
    /// The coefficients' precision to begin with; 1 by default.
    pub lambda_init: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_bayesian_ridge_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_bayesian_ridge_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        noise_prior: LAPWING_PRIOR_GAMMA,
        coefficient_prior: LAPWING_PRIOR_GAMMA,
        reserved: 0,
        max_iterations: 0,
        tolerance: 0.0,
        alpha_1: 0.0,
        alpha_2: 0.0,
        lambda_1: 0.0,
        lambda_2: 0.0,
        alpha_init: 0.0,
        lambda_init: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_bayesian_ridge_options, lambda_init) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_bayesian_ridge_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(options: *const lapwing_bayesian_ridge_options) -> Result<BayesianRidgeParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    let names = ["noise_prior", "alpha_1", "alpha_2"];
    let (alpha_1, alpha_2) = prior(names, options.noise_prior, options.alpha_1, options.alpha_2)?;
    let names = ["coefficient_prior", "lambda_1", "lambda_2"];
    let (lambda_1, lambda_2) = prior(names, options.coefficient_prior, options.lambda_1, options.lambda_2)?;
    let mut params = BayesianRidge::params()
        .intercept(intercept(options.intercept)?)
        .noise_prior(alpha_1, alpha_2)
        .coefficient_prior(lambda_1, lambda_2);
    match count("max_iterations", options.max_iterations)? {
        0 => {}
        iterations => params = params.max_iterations(iterations),
    }
    if options.tolerance != 0.0 {
        params = params.tolerance(options.tolerance);
    }
    if options.alpha_init != 0.0 {
        params = params.alpha_init(options.alpha_init);
    }
    if options.lambda_init != 0.0 {
        params = params.lambda_init(options.lambda_init);
    }
    Ok(params)
}

/// Shape and rate of a prior; the names are those of the choice and of both numbers.
fn prior(names: [&'static str; 3], choice: i32, shape: f64, rate: f64) -> Result<(f64, f64), Failure> {
    let requirement = "LAPWING_PRIOR_GAMMA (0) or LAPWING_PRIOR_FLAT (1)";
    if constant(names[0], choice, &[false, true], requirement)? {
        let requirement = "0 with LAPWING_PRIOR_FLAT";
        require_zero(names[1], shape, requirement)?;
        require_zero(names[2], rate, requirement)?;
        return Ok((0.0, 0.0));
    }
    Ok((or_default(names[1], shape)?, or_default(names[2], rate)?))
}

/// A number of a prior, refused by the name that it has in C.
fn or_default(parameter: &'static str, value: f64) -> Result<f64, Failure> {
    if value == 0.0 {
        return Ok(1e-6);
    }
    if value > 0.0 && value.is_finite() {
        return Ok(value);
    }
    let (value, requirement) = (value.to_string(), "positive and finite, or 0 for the default".to_owned());
    Err(Error::InvalidParameter { parameter, value, requirement }.into())
}

/// Fits a Bayesian ridge regression, with the semantics of scikit-learn's BayesianRidge: the precisions of noise and coefficients
/// are those with the greatest marginal likelihood (MacKay 1992). A model that has used up its iterations is the last one, and
/// lapwing_linear_model_converged_f64 says so.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  y        n x 1: one target; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only.
///  options  NULL for the defaults.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive; a flat prior where the data leaves a precision infinite), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe. LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_bayesian_ridge_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_bayesian_ridge_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_bayesian_ridge_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_bayesian_ridge_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_bayesian_ridge_options,
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
    options: *const lapwing_bayesian_ridge_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        // SAFETY: as above.
        let problem = unsafe { problem::dense(x, y, weights) }?;
        let (x, y) = (&problem.x, &problem.target()?);
        let model = match &problem.weights {
            None => params.fit(x, y),
            Some(weights) => params.fit_weighted(x, y, weights),
        }?;
        Ok(Estimator::BayesianRidge(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
