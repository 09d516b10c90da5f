//! The choices of the iterative methods of least squares.

use std::fmt;

use lapwing_lapack::Scalar;
use ndarray::ArrayRef1;

use crate::progress::Observer;

/// The choices of an iterative method of least squares, to change before solving. Made by the `params` of a method, such as
/// [`Lsqr::params`](super::Lsqr::params).
pub struct LeastSquaresParams<'a, T: Scalar, Method> {
    pub(super) method: Method,
    pub(super) damping: f64,
    pub(super) matrix_tolerance: f64,
    pub(super) right_hand_side_tolerance: f64,
    pub(super) condition_limit: f64,
    pub(super) max_iterations: Option<usize>,
    pub(super) initial_guess: Option<&'a ArrayRef1<T>>,
    pub(super) observer: Option<&'a mut Observer<'a>>,
}

impl<'a, T: Scalar, Method> LeastSquaresParams<'a, T, Method> {
    pub(super) fn new(method: Method) -> Self {
        Self {
            method,
            damping: 0.0,
            matrix_tolerance: 1e-6,
            right_hand_side_tolerance: 1e-6,
            condition_limit: 1e8,
            max_iterations: None,
            initial_guess: None,
            observer: None,
        }
    }

    /// The λ of `‖A x − b‖² + λ² ‖x − x₀‖²`, with the initial guess x₀. Default: 0.
    pub fn damping(mut self, damping: f64) -> Self {
        self.damping = damping;
        self
    }

    /// The relative error of A; also what `‖Aᵀ r‖ / (‖A‖ ‖r‖)` is to be at most. Default: 1e-6, as SciPy's `atol`.
    pub fn matrix_tolerance(mut self, tolerance: f64) -> Self {
        self.matrix_tolerance = tolerance;
        self
    }

    /// The relative error of b. Default: 1e-6, as SciPy's `btol`.
    pub fn right_hand_side_tolerance(mut self, tolerance: f64) -> Self {
        self.right_hand_side_tolerance = tolerance;
        self
    }

    /// The estimate of the condition number at which to give up. Default: 1e8, as SciPy's `conlim`; infinity never does.
    pub fn condition_limit(mut self, limit: f64) -> Self {
        self.condition_limit = limit;
        self
    }

    /// The most iterations. Default: 10 min(m, n).
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = Some(iterations);
        self
    }

    /// Where to begin (n entries). Default: 0.
    pub fn initial_guess(mut self, x: &'a ArrayRef1<T>) -> Self {
        self.initial_guess = Some(x);
        self
    }

    /// What is called after every iteration, and may cancel.
    pub fn observer(mut self, observer: &'a mut Observer<'a>) -> Self {
        self.observer = Some(observer);
        self
    }
}

impl<T: Scalar, Method: fmt::Debug> fmt::Debug for LeastSquaresParams<'_, T, Method> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LeastSquaresParams")
            .field("method", &self.method)
            .field("damping", &self.damping)
            .field("matrix_tolerance", &self.matrix_tolerance)
            .field("right_hand_side_tolerance", &self.right_hand_side_tolerance)
            .field("condition_limit", &self.condition_limit)
            .field("max_iterations", &self.max_iterations)
            .field("initial_guess", &self.initial_guess)
            .finish_non_exhaustive()
    }
}
