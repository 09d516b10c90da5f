//! What a solver of square systems returns.

use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayView1};

/// An approximate solution `x` of `A x = b`, and how the iteration came to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution<T> {
    pub(super) x: Array1<T>,
    pub(super) iterations: usize,
    pub(super) residual_norms: Vec<f64>,
    pub(super) residual_norm: f64,
}

impl<T: Scalar> Solution<T> {
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

    /// `‖b − A x‖ / ‖b‖` before the first iteration and after each, by the recurrence of the method. 0 where b is 0.
    pub fn residual_norms(&self) -> &[f64] {
        &self.residual_norms
    }

    /// `‖b − A x‖ / ‖b‖` of the solution, from a product with A. 0 where b is 0.
    pub fn residual_norm(&self) -> f64 {
        self.residual_norm
    }
}
