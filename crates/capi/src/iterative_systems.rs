//! Square linear systems by iteration: what the methods do alike.

use lapwing_iterative::linear_systems::{Bicgstab, ConjugateGradient, Gmres, Minres, SolverParams};
use lapwing_iterative::{LinearOperator, Observer};
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{ArrayRef1, Axis};

use crate::arguments::{column, vector};
use crate::iterations::lapwing_iteration_options;
use crate::numbers::Numbers;
use crate::operators::UncheckedOperator;
use crate::options;
use crate::preconditioners::{Usable, preconditioner_of_rows};
use crate::sparse::UncheckedRows;
use crate::status::Failure;
use crate::strided::{Region, require_disjoint};
use crate::view::{Lent, Unchecked};

/// How to solve.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    ConjugateGradient,
    Minres,
    Gmres,
    Bicgstab,
}

impl Method {
    fn usable(self) -> Usable {
        match self {
            Method::ConjugateGradient | Method::Minres => Usable::Symmetric,
            Method::Gmres | Method::Bicgstab => Usable::All,
        }
    }
}

/// Where the solution goes, and what is said of it.
pub(crate) type Output<T> = (Unchecked<T>, *mut i64, *mut f64);

/// # Safety
/// As [`UncheckedRows::input`] and [`solve`] require.
pub(crate) unsafe fn solve_rows<T: Scalar>(
    method: Method,
    a: UncheckedRows<T>,
    vectors: [Unchecked<T>; 2],
    preconditioner: i32,
    options: *const lapwing_iteration_options,
    output: Output<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let (a, read) = unsafe { (a.input()?, options::read(options)?) };
    let inverse = preconditioner_of_rows(&a.matrix, preconditioner, method.usable(), &read)?;
    // SAFETY: this function's own condition.
    unsafe { solve(method, &a.matrix, inverse.as_deref(), &a.regions, vectors, options, output) }
}

/// # Safety
/// As [`UncheckedOperator::symmetric`] and [`solve`] require.
pub(crate) unsafe fn solve_operator<T: Lent>(
    method: Method,
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
    let result = unsafe { solve(method, &a, inverse_operator, &[], vectors, options, output) };
    let result = a.outcome(result);
    match &inverse {
        Some(inverse) => inverse.outcome(result),
        None => result,
    }
}

/// `inputs` is where the memory of `a` lies; the vectors are b and the guess.
///
/// # Safety The memory that the views and pointers describe is there, as `Strided::view`, `Strided::write` and
/// [`Numbers::write`] require; `options` as [`options::read`] and [`lapwing_iteration_options::observer`].
unsafe fn solve<T: Scalar>(
    method: Method,
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
    if let Some(guess) = &guess {
        require_finite("guess", &guess.view().insert_axis(Axis(1)))?;
    }
    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    let choices = Choices {
        options,
        guess: guess.as_deref(),
        preconditioner,
        observer: observer.as_mut().map(|observer| observer as &mut Observer<'_>),
    };
    let solution = match method {
        Method::ConjugateGradient => choices.made(ConjugateGradient::params())?.solve(a, &b)?,
        Method::Minres => choices.made(Minres::params())?.solve(a, &b)?,
        Method::Bicgstab => choices.made(Bicgstab::params())?.solve(a, &b)?,
        Method::Gmres => {
            let restart = options.restart()?;
            let params = choices.made(Gmres::params())?;
            let params = if let Some(restart) = restart { params.restart(restart) } else { params };
            params.solve(a, &b)?
        }
    };
    // SAFETY: this function's own condition; the output lies apart from all else.
    unsafe {
        x.write(&column(&solution.x()));
        iterations.write([solution.iterations() as i64]);
        residual.write([solution.residual_norm()]);
    }
    Ok(())
}

/// What the caller chose that every method knows.
struct Choices<'a, T> {
    options: lapwing_iteration_options,
    guess: Option<&'a ArrayRef1<T>>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
    observer: Option<&'a mut Observer<'a>>,
}

impl<'a, T: Scalar> Choices<'a, T> {
    fn made<M>(self, params: SolverParams<'a, T, M>) -> Result<SolverParams<'a, T, M>, Failure> {
        let mut params = params.absolute_tolerance(self.options.absolute_tolerance);
        if let Some(tolerance) = self.options.tolerance() {
            params = params.tolerance(tolerance);
        }
        if let Some(most) = self.options.max_iterations()? {
            params = params.max_iterations(most);
        }
        if let Some(guess) = self.guess {
            params = params.initial_guess(guess);
        }
        if let Some(preconditioner) = self.preconditioner {
            params = params.preconditioner(preconditioner);
        }
        if let Some(observer) = self.observer {
            params = params.observer(observer);
        }
        Ok(params)
    }
}
