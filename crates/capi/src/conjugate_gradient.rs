//! The conjugate gradient method for positive definite systems, sparse or known by their products.

use crate::guard::guard;
use crate::iterations::lapwing_iteration_options;
use crate::iterative_systems::{Method, solve_operator, solve_rows};
use crate::operators::{lapwing_operator_f32, lapwing_operator_f64};
use crate::preconditioners::operator_of_c;
use crate::sparse::{lapwing_csr_f32, lapwing_csr_f64};
use crate::status::lapwing_status;
use crate::view::{lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64};

const METHOD: Method = Method::ConjugateGradient;

/// Solves a * x = b for a symmetric positive definite sparse matrix by conjugate gradients. SciPy's cg.
///
///  a               n x n, in compressed rows; read only. Both triangles are stored. That it is symmetric is checked by
///                  the incomplete factorization only.
///  b               n entries; read only.
///  guess           n entries to begin with; read only. A view with NULL data stands for zeros.
///  preconditioner  LAPWING_PRECONDITIONER_NONE (0), _JACOBI, _SSOR or _INCOMPLETE_CHOLESKY.
///  options         NULL for the defaults. tolerance is what the 2-norm of b - a * x may be, relative to that of b,
///                  1e-5 by default; max_iterations is 10 * n by default.
///  x               n entries, the solution.
///  iterations      receives how many iterations were made; NULL when not wanted.
///  residual        receives the 2-norm of b - a * x, relative to that of b, as computed from the solution; likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_NOT_POSITIVE_DEFINITE
/// (a is not, as far as the iteration saw it), LAPWING_ERR_BREAKDOWN (the preconditioner is not positive definite, or
/// rounding errors keep the residual above the tolerance), LAPWING_ERR_NON_FINITE (a, b or guess holds NaN or an
/// infinity), LAPWING_ERR_ARGUMENT (preconditioner, an option, or the structure of a), LAPWING_ERR_DOES_NOT_EXIST (a
/// preconditioner, because of the diagonal of a), LAPWING_ERR_NOT_SYMMETRIC, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On
/// any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_conjugate_gradient_f64(
    a: lapwing_csr_f64,
    b: lapwing_vec_f64,
    guess: lapwing_vec_f64,
    preconditioner: i32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f64,
    iterations: *mut i64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, residual);
        solve_rows::<f64>(METHOD, a.into(), [b.into(), guess.into()], preconditioner, options, output)
    })
}

/// As lapwing_conjugate_gradient_f64, in single precision; inner products accumulate in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_conjugate_gradient_f32(
    a: lapwing_csr_f32,
    b: lapwing_vec_f32,
    guess: lapwing_vec_f32,
    preconditioner: i32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f32,
    iterations: *mut i64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, residual);
        solve_rows::<f32>(METHOD, a.into(), [b.into(), guess.into()], preconditioner, options, output)
    })
}

/// As lapwing_conjugate_gradient_f64, of a matrix that is known by its products. Its multiply_transposed is not called,
/// and may be NULL.
///
///  preconditioner  an operator that multiplies by something close to the inverse of a, symmetric and positive definite
///                  as well; NULL for none.
///
/// A function that writes NaN or an infinity ends the call with LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_conjugate_gradient_operator_f64(
    a: lapwing_operator_f64,
    b: lapwing_vec_f64,
    guess: lapwing_vec_f64,
    preconditioner: *const lapwing_operator_f64,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f64,
    iterations: *mut i64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, residual);
        let inverse = operator_of_c::<f64, _>("preconditioner", preconditioner)?;
        solve_operator(METHOD, a.into(), [b.into(), guess.into()], inverse, options, output)
    })
}

/// As lapwing_conjugate_gradient_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_conjugate_gradient_operator_f32(
    a: lapwing_operator_f32,
    b: lapwing_vec_f32,
    guess: lapwing_vec_f32,
    preconditioner: *const lapwing_operator_f32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f32,
    iterations: *mut i64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, residual);
        let inverse = operator_of_c::<f32, _>("preconditioner", preconditioner)?;
        solve_operator(METHOD, a.into(), [b.into(), guess.into()], inverse, options, output)
    })
}
