//! What an iterative method of least squares returns.

use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayView1};

/// What a solution by least squares fulfils.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fulfilled {
    /// `A x = b`, within the tolerances.
    System,
    /// The normal equations, within the tolerance of the matrix: a solution by least squares.
    NormalEquations,
}

/// An approximate solution by least squares, and how the iteration came to it.
///
/// With damping, residuals are those of the extended matrix `[A; λ I]`.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastSquaresSolution<T> {
    pub(super) x: Array1<T>,
    pub(super) iterations: usize,
    pub(super) residual_norms: Vec<f64>,
    pub(super) residual_norm: f64,
    pub(super) normal_residual_norm: f64,
    pub(super) matrix_norm: f64,
    pub(super) condition: f64,
    pub(super) fulfilled: Option<Fulfilled>,
}

impl<T: Scalar> LeastSquaresSolution<T> {
    /// The solution, n entries.
    pub fn x(&self) -> ArrayView1<'_, T> {
        self.x.view()
    }

    /// The solution, without a copy.
    pub fn into_x(self) -> Array1<T> {
        self.x
    }

    /// How many iterations were made.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// `‖r‖ / ‖b‖` before the first iteration and after each, by the recurrence of the method. 0 where b is 0.
    pub fn residual_norms(&self) -> &[f64] {
        &self.residual_norms
    }

    /// `‖r‖` for `r = b − A x`, from a product with A.
    pub fn residual_norm(&self) -> f64 {
        self.residual_norm
    }

    /// `‖Aᵀ r‖`, from a product with Aᵀ.
    pub fn normal_residual_norm(&self) -> f64 {
        self.normal_residual_norm
    }

    /// An estimate of the Frobenius norm of A: it grows with the iterations, to that norm after min(m, n) of them and, as
    /// orthogonality is lost to rounding, beyond it thereafter.
    pub fn matrix_norm(&self) -> f64 {
        self.matrix_norm
    }

    /// An estimate of the condition number of A: by LSQR in the Frobenius norm and too large, by LSMR in the 2-norm and too
    /// small.
    pub fn condition(&self) -> f64 {
        self.condition
    }

    /// Which of the equations the solution fulfils; none for the best of an iteration that failed.
    pub fn fulfilled(&self) -> Option<Fulfilled> {
        self.fulfilled
    }
}
