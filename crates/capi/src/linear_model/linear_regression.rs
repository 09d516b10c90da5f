//! Least squares: the options, and the fits of dense and of sparse data.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::linear_model::{LinearRegression, LinearRegressionParams, LinearRegressionSolver};

use super::choices::intercept;
use super::problem::{self, Problem};
use super::{Estimator, LinearModel, lapwing_linear_model_f32, lapwing_linear_model_f64};
use crate::guard::guard;
use crate::models::{Model, hand_out};
use crate::numbers::constant;
use crate::options::{self, Options};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// By shape: the singular value decomposition for fewer samples than unknowns, QR where it takes a few milliseconds, and
/// otherwise the normal equations, which leave the data that they cannot do justice to QR. Sparse data: LSQR.
pub const LAPWING_LINEAR_REGRESSION_AUTO: i32 = 0;
/// The normal equations around the means, corrected where a bound on the error asks for it; QR where that does not help.
pub const LAPWING_LINEAR_REGRESSION_CHOLESKY: i32 = 1;
/// Householder QR of a centred copy; the singular value decomposition where the features depend on each other.
pub const LAPWING_LINEAR_REGRESSION_QR: i32 = 2;
/// The singular value decomposition of R: any rank, and of all solutions that of least norm.
pub const LAPWING_LINEAR_REGRESSION_SVD: i32 = 3;
/// QR with refinement in doubled precision: every digit that the data determine.
pub const LAPWING_LINEAR_REGRESSION_REFINED: i32 = 4;
/// LSQR on products with the data, for sparse data.
pub const LAPWING_LINEAR_REGRESSION_LSQR: i32 = 5;

/// The solvers, by their constants.
pub(super) const SOLVERS: [LinearRegressionSolver; 6] = [
    LinearRegressionSolver::Auto,
    LinearRegressionSolver::Cholesky,
    LinearRegressionSolver::Qr,
    LinearRegressionSolver::Svd,
    LinearRegressionSolver::Refined,
    LinearRegressionSolver::Lsqr,
];

/// The options of a linear regression. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_linear_regression_options {
    /// sizeof(lapwing_linear_regression_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_LINEAR_REGRESSION_AUTO to LAPWING_LINEAR_REGRESSION_LSQR.
    pub solver: i32,
    /// At which relative error of the data LSQR may stop; 100 unit roundoffs of the data's precision by default.
    pub tolerance: f64,
    /// The most iterations of LSQR for each target; 10 min(n, p), and 100 at the least, by default.
    pub max_iterations: i64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_linear_regression_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_linear_regression_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        solver: LAPWING_LINEAR_REGRESSION_AUTO,
        tolerance: 0.0,
        max_iterations: 0,
    };
    const FIRST_SIZE: usize =
        offset_of!(lapwing_linear_regression_options, max_iterations) + size_of::<i64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_linear_regression_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn params(
    options: *const lapwing_linear_regression_options,
) -> Result<LinearRegressionParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let requirement = "LAPWING_LINEAR_REGRESSION_AUTO (0) to LAPWING_LINEAR_REGRESSION_LSQR (5)";
    let solver = constant("solver", options.solver, &SOLVERS, requirement)?;
    let mut params = LinearRegression::params().intercept(intercept(options.intercept)?).solver(solver);
    if options.tolerance != 0.0 {
        params = params.tolerance(options.tolerance);
    }
    match count("max_iterations", options.max_iterations)? {
        0 => {}
        iterations => params = params.max_iterations(iterations),
    }
    Ok(params)
}

/// Fits y to x by least squares, with the semantics of scikit-learn's LinearRegression, around the means unless the options
/// say otherwise.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  y        n x t: one target per column; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only. A whole number is as good as that
///           many repetitions.
///  options  NULL for the defaults.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Features that depend on each other are no error: of all solutions the one of least norm is returned, and
/// lapwing_linear_model_rank_f64 tells.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option; a negative
/// weight, or none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE (LSQR),
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe.
/// LAPACK: dgeqrf, dtrcon, dgelsd or dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_regression_fit_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_linear_regression_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_linear_regression_fit_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_regression_fit_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_linear_regression_options,
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
    options: *const lapwing_linear_regression_options,
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
        Ok(Estimator::LinearRegression(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Fits y to a sparse matrix, which stays sparse: by LSQR, around the means without a centred copy. The model is that of
/// lapwing_linear_regression_fit_f64, and predicts for dense rows as well.
///
///  x        n x p, at least 1 x 1, in compressed rows; read only.
///  y        n x t: one target per column, any strides; read only.
///  weights  a weight for each sample, n, not negative, or NULL data for none; read only.
///  options  NULL for the defaults; the solver is LAPWING_LINEAR_REGRESSION_AUTO or LAPWING_LINEAR_REGRESSION_LSQR.
///  out      receives the model, to be freed by lapwing_linear_model_free_f64.
///
/// Where the means exceed the spread of the features, digits are lost to the subtraction; dense data is better off with
/// lapwing_linear_regression_fit_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, or the
/// structure of x; a negative weight, or none that is positive), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_regression_fit_csr_f64(
    x: lapwing_csr_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_linear_regression_options,
    out: *mut *mut lapwing_linear_model_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { fit_csr(x.into(), y.into(), weights.into(), options, out) })
}

/// As lapwing_linear_regression_fit_csr_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_linear_regression_fit_csr_f32(
    x: lapwing_csr_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_linear_regression_options,
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
    options: *const lapwing_linear_regression_options,
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
        Ok(Estimator::LinearRegression(model).into())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}
