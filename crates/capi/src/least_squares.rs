//! Least squares: plain, refined, regularized and (in a module of their own) constrained; one generic function each, and
//! its two exports.

pub mod constrained;

use lapwing_lapack::least_squares::{
    LeastSquares, Method, Regularization, RegularizedLeastSquares, Truncation, refined,
};
use lapwing_lapack::{Error, Scalar};
use ndarray::{ArrayView2, Ix2};

use crate::arguments::{column, require_separate};
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Least squares by the singular value decomposition: any rank, and the singular values.
pub const LAPWING_LSTSQ_SVD: i32 = 0;
/// Least squares by a complete orthogonal factorization: any rank.
pub const LAPWING_LSTSQ_COMPLETE_ORTHOGONAL: i32 = 1;
/// Least squares by QR: full rank only, or LAPWING_ERR_RANK_DEFICIENT.
pub const LAPWING_LSTSQ_QR: i32 = 2;

fn method(constant: i32) -> Result<Method, Failure> {
    match constant {
        LAPWING_LSTSQ_SVD => Ok(Method::Svd),
        LAPWING_LSTSQ_COMPLETE_ORTHOGONAL => Ok(Method::CompleteOrthogonal),
        LAPWING_LSTSQ_QR => Ok(Method::Qr),
        _ => Err(invalid("method", constant, "one of the constants LAPWING_LSTSQ_")),
    }
}

fn invalid(parameter: &'static str, value: impl ToString, requirement: &str) -> Failure {
    let (value, requirement) = (value.to_string(), requirement.to_owned());
    Error::InvalidParameter { parameter, value, requirement }.into()
}

/// Least squares: for each column of b, the x that makes the Euclidean norm of b - a * x least; of all such, the
/// shortest.
///
///  a                m x n, any strides, any shape and rank; read only.
///  b                m x k, one right-hand side per column.
///  method           LAPWING_LSTSQ_SVD, LAPWING_LSTSQ_COMPLETE_ORTHOGONAL or LAPWING_LSTSQ_QR.
///  rcond            singular values up to this times the largest count as zero (reciprocal condition numbers, with
///                   the other methods); less than 1. A negative number stands for the default: max(m,n) machine
///                   epsilons as in NumPy, but one for LAPWING_LSTSQ_QR, and badly scaled columns are brought to
///                   nearly equal length first, which is undone where it does not lead to full rank.
///  x                n x k.
///  residual_norms   k norms of b - a * x; NULL data when not wanted.
///  singular_values  min(m,n), largest first, with LAPWING_LSTSQ_SVD only; NULL data when not wanted.
///  rank             the numerical rank of a.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (LAPWING_LSTSQ_QR only), LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (method,
/// rcond, singular values from another method), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// the outputs are untouched. Thread-safe. LAPACK: dgelsd, dgelsy or dgels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    method: i32,
    rcond: f64,
    x: lapwing_mat_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    singular_values: lapwing_vec_mut_f64,
    rank: *mut i64,
) -> lapwing_status {
    let outputs = [x.into(), residual_norms.into(), singular_values.into()];
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { lstsq::<f64>([a.into(), b.into()], method, rcond, outputs, rank) })
}

/// As lapwing_lstsq_f64, in single precision. LAPACK: sgelsd, sgelsy or sgels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    method: i32,
    rcond: f64,
    x: lapwing_mat_mut_f32,
    residual_norms: lapwing_vec_mut_f32,
    singular_values: lapwing_vec_mut_f32,
    rank: *mut i64,
) -> lapwing_status {
    let outputs = [x.into(), residual_norms.into(), singular_values.into()];
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { lstsq::<f32>([a.into(), b.into()], method, rcond, outputs, rank) })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require; `rank` is NULL
/// or writable.
unsafe fn lstsq<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    constant: i32,
    rcond: f64,
    [x, residual_norms, singular_values]: [Unchecked<T>; 3],
    rank: *mut i64,
) -> Result<(), Failure> {
    let method = method(constant)?;
    let problem = Problem::new(a, b, x, residual_norms)?;
    let singular_values = singular_values.optional_output("singular_values")?;
    if let Some(values) = &singular_values {
        let [m, n] = problem.a.shape();
        values.require_shape(&[(m.min(n), "the smaller extent of a")])?;
        if method != Method::Svd {
            let requirement = "LAPWING_LSTSQ_SVD (0), which alone finds singular values";
            return Err(invalid("method", constant, requirement));
        }
    }
    require_pointer("rank", rank)?;
    problem.require_separate(&[singular_values.as_ref()])?;

    let mut params = LeastSquares::params().method(method);
    // A NaN goes through, to be refused.
    if rcond.is_nan() || rcond >= 0.0 {
        params = params.rcond(rcond);
    }
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b) = unsafe { problem.views() };
    let fit = params.solve(&a, &b)?;
    // SAFETY: as above; the pointer is neither NULL nor misaligned.
    unsafe {
        problem.x.write(&fit.solution());
        write(&problem.residual_norms, &column(&fit.residual_norms()));
        if let Some(found) = fit.singular_values() {
            write(&singular_values, &column(&found));
        }
        rank.write(fit.rank() as i64);
    }
    Ok(())
}

/// Least squares to nearly full accuracy, for full column rank: residuals in twice the precision correct x until it
/// is what exact arithmetic would give, rounded once.
///
///  a               m x n, m at least n, any strides; read only.
///  b               m x k, one right-hand side per column.
///  x               n x k.
///  error_bounds    n x k, how far each entry of x may be from the exact solution for these a and b, infinite where
///                  the refinement diverged; NULL data when not wanted.
///  residual_norms  k norms of b - a * x; NULL data when not wanted.
///  unconverged     how many of the k refinements did not settle: with 0 there, x is as good as it gets.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT, LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe. LAPACK: dgeqrf, dormqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_refined_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
    error_bounds: lapwing_mat_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    unconverged: *mut i64,
) -> lapwing_status {
    let outputs = [x.into(), error_bounds.into(), residual_norms.into()];
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { lstsq_refined::<f64>([a.into(), b.into()], outputs, unconverged) })
}

/// As lapwing_lstsq_refined_f64, in single precision. LAPACK: sgeqrf, sormqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_refined_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
    error_bounds: lapwing_mat_mut_f32,
    residual_norms: lapwing_vec_mut_f32,
    unconverged: *mut i64,
) -> lapwing_status {
    let outputs = [x.into(), error_bounds.into(), residual_norms.into()];
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { lstsq_refined::<f32>([a.into(), b.into()], outputs, unconverged) })
}

/// # Safety
/// As [`lstsq`].
unsafe fn lstsq_refined<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    [x, error_bounds, residual_norms]: [Unchecked<T>; 3],
    unconverged: *mut i64,
) -> Result<(), Failure> {
    let problem = Problem::new(a, b, x, residual_norms)?;
    let error_bounds = error_bounds.optional_output("error_bounds")?;
    if let Some(bounds) = &error_bounds {
        let ([_, n], [_, k]) = (problem.a.shape(), problem.b.shape());
        bounds.require_shape(&[(n, "the columns of a"), (k, "the columns of b")])?;
    }
    require_pointer("unconverged", unconverged)?;
    problem.require_separate(&[error_bounds.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b) = unsafe { problem.views() };
    let fit = refined(&a, &b)?;
    let failed = fit.refinements().iter().filter(|report| !report.converged).count();
    // SAFETY: as above; the pointer is neither NULL nor misaligned.
    unsafe {
        problem.x.write(&fit.solution());
        write(&problem.residual_norms, &column(&fit.residual_norms()));
        write(&error_bounds, &fit.error_bounds());
        unconverged.write(failed as i64);
    }
    Ok(())
}

/// Tikhonov regularization: for each column of b, the x that makes norm(b - a * x)^2 + alpha * norm(x)^2 least.
///
///  a               m x n, any strides, any shape and rank; read only.
///  b               m x k, one right-hand side per column.
///  alpha           at least 0; with 0, a must have full rank.
///  x               n x k.
///  residual_norms  k norms of b - a * x; NULL data when not wanted.
///  solution_norms  k norms of x; NULL data when not wanted.
///  filter_factors  min(m,n), one for each singular value, largest first: what is left of its part of the solution,
///                  from 0 to 1. Their sum is how many parameters the fit really has. NULL data when not wanted.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (alpha is 0), LAPWING_ERR_ARGUMENT (alpha), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_tikhonov_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    alpha: f64,
    x: lapwing_mat_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    solution_norms: lapwing_vec_mut_f64,
    filter_factors: lapwing_vec_mut_f64,
) -> lapwing_status {
    let outputs = [x.into(), residual_norms.into(), solution_norms.into(), filter_factors.into()];
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        regularized::<f64>([a.into(), b.into()], outputs, |system, b| system.tikhonov(b, alpha))
    })
}

/// As lapwing_lstsq_tikhonov_f64, in single precision. LAPACK: sgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_tikhonov_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    alpha: f32,
    x: lapwing_mat_mut_f32,
    residual_norms: lapwing_vec_mut_f32,
    solution_norms: lapwing_vec_mut_f32,
    filter_factors: lapwing_vec_mut_f32,
) -> lapwing_status {
    let outputs = [x.into(), residual_norms.into(), solution_norms.into(), filter_factors.into()];
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        regularized::<f32>([a.into(), b.into()], outputs, |system, b| system.tikhonov(b, alpha))
    })
}

/// Truncated least squares: for each column of b, the solution in the space of the first right singular vectors of a.
///
///  a               m x n, any strides, any shape and rank; read only.
///  b               m x k, one right-hand side per column.
///  rank            how many singular values to keep; with a negative number, tolerance decides.
///  tolerance       keep those greater than this times the largest; at least 0 and less than 1. Ignored unless rank is
///                  negative.
///  x               n x k.
///  residual_norms  k norms of b - a * x; NULL data when not wanted.
///  solution_norms  k norms of x; NULL data when not wanted.
///  filter_factors  min(m,n), one for each singular value, largest first: what is left of its part of the solution,
///                  from 0 to 1. Their sum is how many parameters the fit really has. NULL data when not wanted.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (a singular value to be kept is zero but for rounding), LAPWING_ERR_ARGUMENT
/// (rank, tolerance), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// the outputs are untouched. Thread-safe. LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_truncated_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    rank: i64,
    tolerance: f64,
    x: lapwing_mat_mut_f64,
    residual_norms: lapwing_vec_mut_f64,
    solution_norms: lapwing_vec_mut_f64,
    filter_factors: lapwing_vec_mut_f64,
) -> lapwing_status {
    let outputs = [x.into(), residual_norms.into(), solution_norms.into(), filter_factors.into()];
    let truncation = truncation(rank, tolerance);
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        regularized::<f64>([a.into(), b.into()], outputs, |system, b| system.truncated(b, truncation))
    })
}

/// As lapwing_lstsq_truncated_f64, in single precision. LAPACK: sgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_truncated_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    rank: i64,
    tolerance: f64,
    x: lapwing_mat_mut_f32,
    residual_norms: lapwing_vec_mut_f32,
    solution_norms: lapwing_vec_mut_f32,
    filter_factors: lapwing_vec_mut_f32,
) -> lapwing_status {
    let outputs = [x.into(), residual_norms.into(), solution_norms.into(), filter_factors.into()];
    let truncation = truncation(rank, tolerance);
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        regularized::<f32>([a.into(), b.into()], outputs, |system, b| system.truncated(b, truncation))
    })
}

fn truncation(rank: i64, tolerance: f64) -> Truncation {
    usize::try_from(rank).map_or(Truncation::Tolerance(tolerance), Truncation::Rank)
}

/// # Safety
/// As [`lstsq`].
unsafe fn regularized<T: Scalar>(
    [a, b]: [Unchecked<T>; 2],
    [x, residual_norms, solution_norms, filter_factors]: [Unchecked<T>; 4],
    solve: impl FnOnce(&Regularization<T>, &ArrayView2<T>) -> Result<RegularizedLeastSquares<T, Ix2>, Error>,
) -> Result<(), Failure> {
    let problem = Problem::new(a, b, x, residual_norms)?;
    let solution_norms = solution_norms.optional_output("solution_norms")?;
    if let Some(norms) = &solution_norms {
        norms.require_shape(&[(problem.b.shape()[1], "the columns of b")])?;
    }
    let filter_factors = filter_factors.optional_output("filter_factors")?;
    if let Some(factors) = &filter_factors {
        let [rows, cols] = problem.a.shape();
        factors.require_shape(&[(rows.min(cols), "the smaller extent of a")])?;
    }
    problem.require_separate(&[solution_norms.as_ref(), filter_factors.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b) = unsafe { problem.views() };
    let fit = solve(&Regularization::new(&a)?, &b)?;
    // SAFETY: as above.
    unsafe {
        problem.x.write(&fit.solution());
        write(&problem.residual_norms, &column(&fit.residual_norms()));
        write(&solution_norms, &column(&fit.solution_norms()));
        write(&filter_factors, &column(&fit.filter_factors()));
    }
    Ok(())
}

/// What every problem with one right-hand side per column of `b` has.
struct Problem<T> {
    a: Strided<T>,
    b: Strided<T>,
    x: Strided<T>,
    residual_norms: Option<Strided<T>>,
}

impl<T> Problem<T> {
    fn new(
        a: Unchecked<T>,
        b: Unchecked<T>,
        x: Unchecked<T>,
        residual_norms: Unchecked<T>,
    ) -> Result<Self, Failure> {
        let (a, b, x) = (a.input("a")?, b.input("b")?, x.output("x")?);
        let residual_norms = residual_norms.optional_output("residual_norms")?;
        x.require_shape(&[(a.shape()[1], "the columns of a"), (b.shape()[1], "the columns of b")])?;
        if let Some(norms) = &residual_norms {
            norms.require_shape(&[(b.shape()[1], "the columns of b")])?;
        }
        Ok(Self { a, b, x, residual_norms })
    }

    fn require_separate(&self, others: &[Option<&Strided<T>>]) -> Result<(), Failure> {
        let own = [Some(&self.x), self.residual_norms.as_ref()];
        require_separate(&[&self.a, &self.b], &[&own, others].concat())
    }

    /// # Safety
    /// As [`Strided::view`].
    unsafe fn views<'a>(&self) -> (ArrayView2<'a, T>, ArrayView2<'a, T>) {
        // SAFETY: this function's own condition.
        unsafe { (self.a.view(), self.b.view()) }
    }
}

/// Fills an output, if it is wanted.
///
/// # Safety
/// As [`Strided::write`].
unsafe fn write<T: Copy>(output: &Option<Strided<T>>, values: &ndarray::ArrayRef2<T>) {
    if let Some(output) = output {
        // SAFETY: this function's own condition.
        unsafe { output.write(values) };
    }
}
