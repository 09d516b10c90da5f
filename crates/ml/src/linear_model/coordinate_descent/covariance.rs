//! Covariance updates: the residual is known by its products with the features, from their Gram matrix.

use ndarray::{Array1, ArrayView1, ArrayView2};

use super::descent::Problem;
use crate::linear_model::cross_moments::CrossMoments;

/// One target, beside a Gram matrix that is whole on both sides of its diagonal. A visit of a coordinate that stays zero
/// costs nothing, and any other one a row of the matrix.
pub(super) struct Covariance<'a> {
    gram: ArrayView2<'a, f64>,
    squares: Vec<f64>,
    /// `Xᵀy`.
    cross: Array1<f64>,
    target_squares: f64,
    /// `Xᵀr`.
    correlations: Array1<f64>,
}

impl<'a> Covariance<'a> {
    pub(super) fn new(moments: &'a CrossMoments, target: usize) -> Self {
        let cross = moments.cross.column(target).to_owned();
        Self {
            gram: moments.gram.view(),
            squares: moments.gram.diag().to_vec(),
            correlations: cross.clone(),
            cross,
            target_squares: moments.y_squares[target],
        }
    }
}

/// Copies the lower triangle of the Gram matrix to the upper one, so that its rows are contiguous and whole.
pub(super) fn mirror(moments: &mut CrossMoments) {
    for i in 0..moments.gram.nrows() {
        for j in 0..i {
            moments.gram[[j, i]] = moments.gram[[i, j]];
        }
    }
}

impl Problem for Covariance<'_> {
    fn squares(&self) -> &[f64] {
        &self.squares
    }

    fn target_squares(&self) -> f64 {
        self.target_squares
    }

    fn correlation(&self, j: usize) -> f64 {
        self.correlations[j]
    }

    fn correlations(&self, out: &mut [f64]) {
        out.iter_mut().zip(&self.correlations).for_each(|(out, correlation)| *out = *correlation);
    }

    fn subtract(&mut self, j: usize, by: f64) {
        self.correlations.scaled_add(-by, &self.gram.row(j));
    }

    /// `‖r‖² = ‖y‖² − wᵀXᵀy − wᵀXᵀr`, which is right to the rounding of `‖y‖²`.
    fn residual(&self, coefficients: &[f64]) -> (f64, f64) {
        let coefficients = ArrayView1::from(coefficients);
        let with_target = self.target_squares - coefficients.dot(&self.cross);
        (with_target - coefficients.dot(&self.correlations), with_target)
    }
}
