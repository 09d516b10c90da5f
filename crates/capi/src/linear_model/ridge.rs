//! Ridge regression: the options, and the fits of dense and of sparse data.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{Ridge, RidgeParams, RidgeSolver};

use super::choices::{LAPWING_PENALTY_ALPHA, NOT_GIVEN, given, intercept, unpenalized};
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

/// The normal equations for dense data, but the singular value decomposition where a penalty is zero; LSQR for sparse data.
pub const LAPWING_RIDGE_AUTO: i32 = 0;
/// The normal equations, accumulated without a copy of the data; the singular value decomposition takes over where their
/// condition would cost digits.
pub const LAPWING_RIDGE_CHOLESKY: i32 = 1;
/// Singular value decomposition of a centred copy in double precision: the most accurate, at about five times the cost.
pub const LAPWING_RIDGE_SVD: i32 = 2;
/// LSQR, damped: a product with the data and one with its transpose an iteration.
pub const LAPWING_RIDGE_LSQR: i32 = 3;
/// Conjugate gradients on the normal equations. scikit-learn's sparse_cg.
pub const LAPWING_RIDGE_CONJUGATE_GRADIENT: i32 = 4;

/// The solvers, by their constants.
pub(super) const SOLVERS: [RidgeSolver; 5] = [
    RidgeSolver::Auto,
    RidgeSolver::Cholesky,
    RidgeSolver::Svd,
    RidgeSolver::Lsqr,
    RidgeSolver::ConjugateGradient,
];

/// The options of a ridge regression. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_ridge_options {
    /// sizeof(lapwing_ridge_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_RIDGE_AUTO to LAPWING_RIDGE_CONJUGATE_GRADIENT.
    pub solver: i32,
    /// LAPWING_PENALTY_ALPHA or LAPWING_PENALTY_NONE.
    pub penalty: i32,
    /// Left 0.
    pub reserved: i32,
    /// The penalty on the squares of the coefficients, not negative; 1 by default.
    pub alpha: f64,
    /// A penalty for each target instead, t, of which any may be zero; NULL data for none. Then alpha and penalty are left 0.
    pub penalties: lapwing_vec_f64,
    /// Of the solvers that iterate: the relative residual at which conjugate gradients end, and both of LSQR's tolerances;
    /// 1e-4 by default.
    pub tolerance: f64,
    /// The most iterations of these for each target; ten times the smaller extent of the data by default.
    pub max_iterations: i64,
}

// SAFETY: numbers and a pointer that is checked before it is used, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_ridge_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_ridge_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        solver: LAPWING_RIDGE_AUTO,
        penalty: LAPWING_PENALTY_ALPHA,
        reserved: 0,
        alpha: 0.0,
        penalties: NOT_GIVEN,
        tolerance: 0.0,
        max_iterations: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_ridge_options, max_iterations) + size_of::<i64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_ridge_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires; the penalties are there, as [`Strided::view`](crate::strided::Strided::view) requires.
unsafe fn params(options: *const lapwing_ridge_options) -> Result<RidgeParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let requirement = "LAPWING_RIDGE_AUTO (0) to LAPWING_RIDGE_CONJUGATE_GRADIENT (4)";
    let solver = constant("solver", options.solver, &SOLVERS, requirement)?;
    let mut params = Ridge::params().intercept(intercept(options.intercept)?).solver(solver);
    require_zero("reserved", options.reserved, "0")?;
    let unpenalized = unpenalized(options.penalty)?;
    // SAFETY: this function's own condition.
    if let Some(penalties) = unsafe { given("penalties", options.penalties) }? {
        let requirement = "0 where each target has a penalty of its own";
        require_zero("alpha", options.alpha, requirement)?;
        require_zero("penalty", f64::from(options.penalty), requirement)?;
        params = params.penalties(&penalties);
    } else if unpenalized {
        require_zero("alpha", options.alpha, "0 with LAPWING_PENALTY_NONE")?;
        params = params.alpha(0.0);
    } else if options.alpha != 0.0 {
        params = params.alpha(options.alpha);
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

/// Fits a ridge regression, with the semantics of scikit-learn's Ridge: the sum of the squared residuals plus alpha times
/// the sum of the squared coefficients is least. The intercept is not penalized.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  y        n x t: one target per column; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only.
///  options  NULL for the defaults: a penalty of 1.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
/// LAPACK: dpotrf and dpocon, or dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_ridge_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_ridge_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_ridge_options,
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
    options: *const lapwing_ridge_options,
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
        Ok(Estimator::Ridge(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Fits a ridge regression to a sparse matrix, which stays sparse: by a solver that iterates, around the means without a
/// centred copy.
///
///  x        n x p, at least 1 x 1, in compressed rows; read only.
///  y        n x t: one target per column, any strides; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only.
///  options  NULL for the defaults; the solver is LAPWING_RIDGE_AUTO, LAPWING_RIDGE_LSQR or
///           LAPWING_RIDGE_CONJUGATE_GRADIENT.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, or the
/// structure of x; a negative weight, or none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_fit_csr_f64(
    x: lapwing_csr_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_ridge_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_ridge_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ridge_fit_csr_f32(
    x: lapwing_csr_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_ridge_options,
    out: *mut *mut lapwing_linear_model_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(x.into(), y.into(), weights.into(), options, out) })
}

/// # Safety
/// The views as [`problem::sparse`] requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit_csr<T: Scalar, M: Model<Fitted = LinearModel<T>>>(
    x: UncheckedRows<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_ridge_options,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        // SAFETY: as above.
        let Problem { x, y, weights } = unsafe { problem::sparse(x, y, weights) }?;
        let model = match weights {
            None => params.fit_sparse(&x, &y),
            Some(weights) => params.fit_sparse_weighted(&x, &y, &weights),
        }?;
        Ok(Estimator::Ridge(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
