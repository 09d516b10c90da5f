//! The conjugate gradient method for positive definite systems, sparse or known by their products.

use lapwing_iterative::preconditioners::{IncompleteCholesky, Jacobi, SymmetricSuccessiveOverrelaxation};
use lapwing_iterative::{ConjugateGradient, LinearOperator};
use lapwing_lapack::Scalar;

use crate::arguments::{column, vector};
use crate::guard::{guard, require_pointer};
use crate::iterations::lapwing_iteration_options;
use crate::numbers::{Numbers, constant};
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::view::{
    Lent, Unchecked, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// No preconditioner.
pub const LAPWING_PRECONDITIONER_NONE: i32 = 0;
/// The diagonal: undoes a bad scaling of the unknowns, at next to no cost.
pub const LAPWING_PRECONDITIONER_JACOBI: i32 = 1;
/// Symmetric successive overrelaxation, with the omega of the options.
pub const LAPWING_PRECONDITIONER_SSOR: i32 = 2;
/// Incomplete Cholesky factorization with the pattern of the matrix, IC(0): mostly the fewest iterations.
pub const LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY: i32 = 3;

/// Solves a * x = b for a symmetric positive definite sparse matrix by conjugate gradients. SciPy's cg.
///
///  a               n x n, in compressed rows; read only. Both triangles are stored. That it is symmetric is checked by the
///                  incomplete factorization only.
///  b               n entries; read only.
///  guess           n entries to begin with; read only. A view with NULL data stands for zeros.
///  preconditioner  LAPWING_PRECONDITIONER_NONE (0), _JACOBI, _SSOR or _INCOMPLETE_CHOLESKY.
///  options         NULL for the defaults. tolerance is what the 2-norm of b - a * x may be, relative to that of b, 1e-5 by
///                  default; max_iterations is 10 * n by default.
///  x               n entries, the solution.
///  iterations      receives how many iterations were made; NULL when not wanted.
///  residual        receives the 2-norm of b - a * x, relative to that of b, as computed from the solution; likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_NOT_POSITIVE_DEFINITE (a
/// is not, as far as the iteration saw it), LAPWING_ERR_BREAKDOWN (the preconditioner is not positive definite, or rounding
/// errors keep the residual above the tolerance), LAPWING_ERR_NON_FINITE (a, b or guess holds NaN or an infinity), LAPWING_ERR_ARGUMENT (preconditioner, an option, or the
/// structure of a), LAPWING_ERR_DOES_NOT_EXIST (a preconditioner, because of the diagonal of a), LAPWING_ERR_NOT_SYMMETRIC,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe.
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
        conjugate_gradient_of_rows::<f64>(a.into(), [b.into(), guess.into()], preconditioner, options, output)
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
        conjugate_gradient_of_rows::<f32>(a.into(), [b.into(), guess.into()], preconditioner, options, output)
    })
}

/// As lapwing_conjugate_gradient_f64, of a matrix that is known by its products. Its multiply_transposed is not called, and may
/// be NULL.
///
///  preconditioner  an operator that multiplies by something close to the inverse of a, symmetric and positive definite as
///                  well; NULL for none.
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
        let preconditioner = preconditioner_of_c::<f64, _>(preconditioner)?;
        conjugate_gradient_of_operator(a.into(), [b.into(), guess.into()], preconditioner, options, output)
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
        let preconditioner = preconditioner_of_c::<f32, _>(preconditioner)?;
        conjugate_gradient_of_operator(a.into(), [b.into(), guess.into()], preconditioner, options, output)
    })
}

/// Where the solution goes, and what is said of it.
type Output<T> = (Unchecked<T>, *mut i64, *mut f64);

/// # Safety
/// As [`UncheckedRows::input`] and [`conjugate_gradient`] require.
unsafe fn conjugate_gradient_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    vectors: [Unchecked<T>; 2],
    preconditioner: i32,
    options: *const lapwing_iteration_options,
    output: Output<T>,
) -> Result<(), Failure> {
    let requirement =
        "one of LAPWING_PRECONDITIONER_NONE (0) to LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY (3)";
    let choices = [
        LAPWING_PRECONDITIONER_NONE,
        LAPWING_PRECONDITIONER_JACOBI,
        LAPWING_PRECONDITIONER_SSOR,
        LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY,
    ];
    let choice = constant("preconditioner", preconditioner, &choices, requirement)?;
    // SAFETY: this function's own condition.
    let (a, read) = unsafe { (a.input()?, options::read(options)?) };
    let matrix = &a.matrix;
    let inverse: Option<Box<dyn LinearOperator<T>>> = match choice {
        LAPWING_PRECONDITIONER_JACOBI => Some(Box::new(Jacobi::new(matrix)?)),
        LAPWING_PRECONDITIONER_SSOR => {
            let omega = if read.omega == 0.0 { 1.0 } else { read.omega };
            Some(Box::new(SymmetricSuccessiveOverrelaxation::new(matrix, omega)?))
        }
        LAPWING_PRECONDITIONER_INCOMPLETE_CHOLESKY => Some(Box::new(IncompleteCholesky::new(matrix)?)),
        _ => None,
    };
    // SAFETY: this function's own condition.
    unsafe { conjugate_gradient(matrix, inverse.as_deref(), &a.regions, vectors, options, output) }
}

/// The preconditioner behind a pointer, if there is one.
///
/// # Safety
/// `pointer` is NULL or readable.
unsafe fn preconditioner_of_c<T: Lent, C: Copy + Into<UncheckedOperator<T>>>(
    pointer: *const C,
) -> Result<Option<UncheckedOperator<T>>, Failure> {
    if pointer.is_null() {
        return Ok(None);
    }
    require_pointer("preconditioner", pointer)?;
    // SAFETY: neither NULL nor misaligned; the rest is this function's own condition.
    Ok(Some(unsafe { pointer.read() }.into()))
}

/// # Safety
/// As [`UncheckedOperator::symmetric`] and [`conjugate_gradient`] require.
unsafe fn conjugate_gradient_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    vectors: [Unchecked<T>; 2],
    preconditioner: Option<UncheckedOperator<T>>,
    options: *const lapwing_iteration_options,
    output: Output<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let (a, inverse) = unsafe {
        (a.symmetric("a")?, preconditioner.map(|operator| operator.symmetric("preconditioner")).transpose()?)
    };
    let inverse_operator = inverse.as_ref().map(|inverse| inverse as &dyn LinearOperator<T>);
    // SAFETY: as above.
    let result = unsafe { conjugate_gradient(&a, inverse_operator, &[], vectors, options, output) };
    let result = a.outcome(result);
    match &inverse {
        Some(inverse) => inverse.outcome(result),
        None => result,
    }
}

/// `inputs` is where the memory of `a` lies; the vectors are b and the guess.
///
/// # Safety
/// The memory that the views and pointers describe is there, as `Strided::view`, `Strided::write` and
/// [`Numbers::write`] require; `options` as [`options::read`] and [`lapwing_iteration_options::observer`].
unsafe fn conjugate_gradient<T: Scalar>(
    a: &dyn LinearOperator<T>,
    preconditioner: Option<&dyn LinearOperator<T>>,
    inputs: &[Region],
    [b, guess]: [Unchecked<T>; 2],
    options: *const lapwing_iteration_options,
    (x, iterations, residual): Output<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let iterations = Numbers::optional("iterations", iterations, 1)?;
    let residual = Numbers::optional("residual", residual, 1)?;
    let order = [(a.dimensions().0, "the rows of a")];
    let (b, x) = (b.input("b")?, x.output("x")?);
    let guess = if guess.data.is_null() { None } else { Some(guess.input("guess")?) };
    b.require_shape(&order)?;
    x.require_shape(&order)?;
    let mut inputs = inputs.to_vec();
    inputs.push(b.region());
    if let Some(guess) = &guess {
        guess.require_shape(&order)?;
        inputs.push(guess.region());
    }
    require_disjoint(&inputs, &[x.region()])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let (b, guess) = unsafe { (vector(&b), guess.as_ref().map(|guess| vector(guess))) };
    let mut params = ConjugateGradient::params().absolute_tolerance(options.absolute_tolerance);
    if let Some(tolerance) = options.tolerance() {
        params = params.tolerance(tolerance);
    }
    if let Some(most) = options.max_iterations()? {
        params = params.max_iterations(most);
    }
    if let Some(guess) = &guess {
        params = params.initial_guess(guess);
    }
    if let Some(preconditioner) = preconditioner {
        params = params.preconditioner(preconditioner);
    }
    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    if let Some(observer) = &mut observer {
        params = params.observer(observer);
    }
    let solution = params.solve(a, &b)?;
    // SAFETY: this function's own condition; the output lies apart from all else.
    unsafe {
        x.write(&column(&solution.x()));
        iterations.write([solution.iterations() as i64]);
        residual.write([solution.residual_norm()]);
    }
    Ok(())
}
