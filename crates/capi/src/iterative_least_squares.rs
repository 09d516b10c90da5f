//! Least squares by iteration, with a sparse matrix or one that is known by its products: LSQR and LSMR.

use lapwing_iterative::linear_systems::{LeastSquaresParams, Lsmr, Lsqr};
use lapwing_iterative::{LinearOperator, Observer};
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{ArrayRef1, Axis};

use crate::arguments::{column, vector};
use crate::guard::guard;
use crate::iterations::lapwing_iteration_options;
use crate::numbers::Numbers;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::view::{
    Lent, Unchecked, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Minimizes the 2-norm of a * x - b for a sparse matrix of any shape and rank, by LSQR: equivalent to conjugate
/// gradients on the normal equations, and more accurate. SciPy's lsqr. Where several x do, the result is the one
/// nearest to the guess. The residual never rises.
///
///  a                m x n, in compressed rows; read only.
///  b                m entries; read only.
///  guess            n entries to begin with; read only. A view with NULL data stands for zeros.
///  options          NULL for the defaults. tolerance is the relative error of a, and what the 2-norm of transpose(a) *
///                   r, for r = b - a * x, may be, relative to the product of the norms of a and of r;
///                   right_hand_side_tolerance is the relative error of b; both are 1e-6 by default. The iteration ends
///                   as soon as x is a solution of a problem no farther away than these, by least squares, or of the
///                   system. max_iterations is 10 * min(m,n) by default. damping and condition_limit are members of the
///                   options.
///  x                n entries, the solution.
///  iterations       receives how many iterations were made; NULL when not wanted.
///  residual         receives the 2-norm of r as computed from the solution; likewise. With damping, r has in addition
///                   the entries -damping * (x - guess).
///  normal_residual  receives the 2-norm of transpose(a) * r, likewise; with damping, of the normal equations that it
///                   makes.
///  condition        receives an estimate of the condition number of a, in the Frobenius norm and too large; likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_BREAKDOWN (the
/// condition number passes its limit), LAPWING_ERR_NON_FINITE (a, b or guess holds NaN or an infinity),
/// LAPWING_ERR_ARGUMENT (an option, or the structure of a), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsqr_f64(
    a: lapwing_csr_f64,
    b: lapwing_vec_f64,
    guess: lapwing_vec_f64,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f64,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_rows::<f64>(Method::Lsqr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsqr_f64, in single precision; inner products accumulate in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsqr_f32(
    a: lapwing_csr_f32,
    b: lapwing_vec_f32,
    guess: lapwing_vec_f32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f32,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_rows::<f32>(Method::Lsqr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsqr_f64, of a matrix that is known by its products. Both functions of the operator are needed; one that
/// writes NaN or an infinity ends the call with LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsqr_operator_f64(
    a: lapwing_operator_f64,
    b: lapwing_vec_f64,
    guess: lapwing_vec_f64,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f64,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_operator::<f64>(Method::Lsqr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsqr_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsqr_operator_f32(
    a: lapwing_operator_f32,
    b: lapwing_vec_f32,
    guess: lapwing_vec_f32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f32,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_operator::<f32>(Method::Lsqr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsqr_f64, by LSMR: equivalent to MINRES on the normal equations. SciPy's lsmr. The normal residual never
/// rises either, so that the iteration may be stopped earlier. The estimate of the condition number is one in the
/// 2-norm, and too small.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsmr_f64(
    a: lapwing_csr_f64,
    b: lapwing_vec_f64,
    guess: lapwing_vec_f64,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f64,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_rows::<f64>(Method::Lsmr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsmr_f64, in single precision; inner products accumulate in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsmr_f32(
    a: lapwing_csr_f32,
    b: lapwing_vec_f32,
    guess: lapwing_vec_f32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f32,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_rows::<f32>(Method::Lsmr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsmr_f64, of a matrix that is known by its products. Both functions of the operator are needed; one that
/// writes NaN or an infinity ends the call with LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsmr_operator_f64(
    a: lapwing_operator_f64,
    b: lapwing_vec_f64,
    guess: lapwing_vec_f64,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f64,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_operator::<f64>(Method::Lsmr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// As lapwing_lsmr_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lsmr_operator_f32(
    a: lapwing_operator_f32,
    b: lapwing_vec_f32,
    guess: lapwing_vec_f32,
    options: *const lapwing_iteration_options,
    x: lapwing_vec_mut_f32,
    iterations: *mut i64,
    residual: *mut f64,
    normal_residual: *mut f64,
    condition: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let output = (x.into(), iterations, [residual, normal_residual, condition]);
        least_squares_of_operator::<f32>(Method::Lsmr, a.into(), [b.into(), guess.into()], options, output)
    })
}

/// How to solve.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Lsqr,
    Lsmr,
}

/// Where the solution goes, and what is said of it: iterations, both residuals, and the condition number.
type Output<T> = (Unchecked<T>, *mut i64, [*mut f64; 3]);

/// # Safety
/// As [`UncheckedRows::input`] and [`least_squares`] require.
unsafe fn least_squares_of_rows<T: Scalar>(
    method: Method,
    a: UncheckedRows<T>,
    vectors: [Unchecked<T>; 2],
    options: *const lapwing_iteration_options,
    output: Output<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.input()?;
        least_squares(method, &a.matrix, &a.regions, vectors, options, output)
    }
}

/// # Safety
/// As [`UncheckedOperator::general`] and [`least_squares`] require.
unsafe fn least_squares_of_operator<T: Lent>(
    method: Method,
    a: UncheckedOperator<T>,
    vectors: [Unchecked<T>; 2],
    options: *const lapwing_iteration_options,
    output: Output<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.general("a")?;
        a.outcome(least_squares(method, &a, &[], vectors, options, output))
    }
}

/// `inputs` is where the memory of `a` lies; the vectors are b and the guess.
///
/// # Safety The memory that the views and pointers describe is there, as `Strided::view`, `Strided::write` and
/// [`Numbers::write`] require; `options` as [`options::read`] and [`lapwing_iteration_options::observer`].
unsafe fn least_squares<T: Scalar>(
    method: Method,
    a: &dyn LinearOperator<T>,
    inputs: &[Region],
    [b, guess]: [Unchecked<T>; 2],
    options: *const lapwing_iteration_options,
    (x, iterations, [residual, normal_residual, condition]): Output<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let iterations = Numbers::optional("iterations", iterations, 1)?;
    let residual = Numbers::optional("residual", residual, 1)?;
    let normal_residual = Numbers::optional("normal_residual", normal_residual, 1)?;
    let condition = Numbers::optional("condition", condition, 1)?;
    let (m, n) = a.dimensions();
    let unknowns = [(n, "the columns of a")];
    let (b, x) = (b.input("b")?, x.output("x")?);
    let guess = if guess.data.is_null() { None } else { Some(guess.input("guess")?) };
    b.require_shape(&[(m, "the rows of a")])?;
    x.require_shape(&unknowns)?;
    let mut inputs = inputs.to_vec();
    inputs.push(b.region());
    if let Some(guess) = &guess {
        guess.require_shape(&unknowns)?;
        inputs.push(guess.region());
    }
    require_disjoint(&inputs, &[x.region()])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let (b, guess) = unsafe { (vector(&b), guess.as_ref().map(|guess| vector(guess))) };
    if let Some(guess) = &guess {
        require_finite("guess", &guess.view().insert_axis(Axis(1)))?;
    }
    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    let observer = observer.as_mut().map(|observer| observer as &mut Observer<'_>);
    let guess = guess.as_deref();
    let solution = match method {
        Method::Lsqr => chosen(Lsqr::params(), &options, guess, observer)?.solve(a, &b)?,
        Method::Lsmr => chosen(Lsmr::params(), &options, guess, observer)?.solve(a, &b)?,
    };
    // SAFETY: this function's own condition; the output lies apart from all else.
    unsafe {
        x.write(&column(&solution.x()));
        iterations.write([solution.iterations() as i64]);
        residual.write([solution.residual_norm()]);
        normal_residual.write([solution.normal_residual_norm()]);
        condition.write([solution.condition()]);
    }
    Ok(())
}

/// What the caller chose.
fn chosen<'a, T: Scalar, M>(
    params: LeastSquaresParams<'a, T, M>,
    options: &lapwing_iteration_options,
    guess: Option<&'a ArrayRef1<T>>,
    observer: Option<&'a mut Observer<'a>>,
) -> Result<LeastSquaresParams<'a, T, M>, Failure> {
    let mut params = params.damping(options.damping);
    if let Some(tolerance) = options.tolerance() {
        params = params.matrix_tolerance(tolerance);
    }
    if options.right_hand_side_tolerance != 0.0 {
        params = params.right_hand_side_tolerance(options.right_hand_side_tolerance);
    }
    if options.condition_limit != 0.0 {
        params = params.condition_limit(options.condition_limit);
    }
    if let Some(most) = options.max_iterations()? {
        params = params.max_iterations(most);
    }
    if let Some(guess) = guess {
        params = params.initial_guess(guess);
    }
    if let Some(observer) = observer {
        params = params.observer(observer);
    }
    Ok(params)
}
