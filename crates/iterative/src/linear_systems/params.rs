//! The choices that all solvers of square systems share.

use std::fmt;

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use crate::operator::LinearOperator;
use crate::progress::Observer;

/// The choices of an iterative solver, to change before solving. Made by the `params` of a method, such as
/// [`ConjugateGradient::params`](super::ConjugateGradient::params).
pub struct SolverParams<'a, T: Scalar, Method> {
    pub(super) method: Method,
    pub(super) tolerance: f64,
    pub(super) absolute_tolerance: f64,
    pub(super) max_iterations: Option<usize>,
    pub(super) initial_guess: Option<&'a ArrayRef1<T>>,
    pub(super) preconditioner: Option<&'a dyn LinearOperator<T>>,
    pub(super) observer: Option<&'a mut Observer<'a>>,
}

impl<'a, T: Scalar, Method> SolverParams<'a, T, Method> {
    pub(super) fn new(method: Method) -> Self {
        Self {
            method,
            tolerance: 1e-5,
            absolute_tolerance: 0.0,
            max_iterations: None,
            initial_guess: None,
            preconditioner: None,
            observer: None,
        }
    }

    /// What `‖b − A x‖ / ‖b‖` is to be at most. Default: 1e-5, as SciPy's `rtol`.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// What `‖b − A x‖` may be, if that is more than [`tolerance`](Self::tolerance) allows. Default: 0, as SciPy's
    /// `atol`.
    pub fn absolute_tolerance(mut self, tolerance: f64) -> Self {
        self.absolute_tolerance = tolerance;
        self
    }

    /// The most iterations. Default: 10 n; for GMRES each step of a cycle is an iteration.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = Some(iterations);
        self
    }

    /// Where to begin (n entries). Default: 0.
    pub fn initial_guess(mut self, x: &'a ArrayRef1<T>) -> Self {
        self.initial_guess = Some(x);
        self
    }

    /// An operator that is close to the inverse of the matrix, such as those of
    /// [`preconditioners`](crate::preconditioners). Default: none.
    pub fn preconditioner(mut self, inverse: &'a dyn LinearOperator<T>) -> Self {
        self.preconditioner = Some(inverse);
        self
    }

    /// What is called after every iteration, and may cancel.
    pub fn observer(mut self, observer: &'a mut Observer<'a>) -> Self {
        self.observer = Some(observer);
        self
    }
}

impl<T: Scalar, Method: fmt::Debug> fmt::Debug for SolverParams<'_, T, Method> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SolverParams")
            .field("method", &self.method)
            .field("tolerance", &self.tolerance)
            .field("absolute_tolerance", &self.absolute_tolerance)
            .field("max_iterations", &self.max_iterations)
            .field("initial_guess", &self.initial_guess)
            .finish_non_exhaustive()
    }
}

/// That a tolerance is a number from 0.
pub(super) fn require_tolerance(parameter: &'static str, value: f64) -> Result<(), Error> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    let requirement = "finite and at least 0".to_owned();
    Err(Error::InvalidParameter { parameter, value: value.to_string(), requirement })
}
