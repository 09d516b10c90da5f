//! What the precisions are read from: the data along the eigenvectors of its features' products.

use lapwing_lapack::{Scalar, kernel, matmul, zeros};
use ndarray::{Array1, Array2, Axis};

use crate::error::Error;
use crate::linear_model::regression::{Intercept, Regression};
use crate::linear_model::ridge_cv::{Side, SpectralForm};
use crate::row_blocks::map_centred;

/// The centred and weighted data in the directions, at most p, in which it varies.
pub(super) struct Evidence {
    /// The directions in columns, p x k, orthonormal.
    pub(super) axes: Array2<f64>,
    /// The sum of squares along each, k.
    eigenvalues: Array1<f64>,
    /// The solution by least squares along each, k; zero where the data does not vary.
    least_squares: Array1<f64>,
    /// Its sum of squared residuals.
    unexplained: f64,
    /// Of the target.
    pub(super) variance: f64,
    /// The number of rows, or the sum of their weights.
    pub(super) weight: f64,
    pub(super) x_mean: Array1<f64>,
    pub(super) y_mean: Array1<f64>,
}

/// A ridge regression in these directions.
pub(super) struct Fit {
    pub(super) coordinates: Array1<f64>,
    /// Of the coefficients.
    pub(super) square: f64,
    pub(super) squared_residuals: f64,
}

impl Evidence {
    pub(super) fn new<T: Scalar>(data: &Regression<'_, T>) -> Result<Self, Error> {
        let around_mean = Regression { intercept: Intercept::Fitted, ..*data };
        let deviations = around_mean.centred_targets()?.0.column(0).to_owned();
        let variance = (&deviations / data.weight).dot(&deviations);
        let SpectralForm { side, mut eigenvalues, vectors, projections, x_mean, y_mean } =
            SpectralForm::new(data)?;
        let mut projections = projections.column(0).to_owned();
        let (axes, outside) = match side {
            Side::Features => (vectors, 0.0),
            Side::Samples => {
                let varies: Vec<usize> = (0..eigenvalues.len()).filter(|&k| eigenvalues[k] > 0.0).collect();
                // What of the target lies where no feature does.
                let outside = (0..eigenvalues.len()).filter(|&k| eigenvalues[k] == 0.0);
                let outside = outside.map(|k| projections[k] * projections[k]).sum();
                eigenvalues = eigenvalues.select(Axis(0), &varies);
                let lengths = eigenvalues.mapv(f64::sqrt);
                projections = projections.select(Axis(0), &varies) * &lengths;
                let axes = data.transposed_product(&vectors.select(Axis(1), &varies))? / &lengths;
                (axes, outside)
            }
        };
        let share = |(&value, &projection): (&f64, &f64)| if value == 0.0 { 0.0 } else { projection / value };
        let least_squares: Array1<f64> = eigenvalues.iter().zip(&projections).map(share).collect();
        let unexplained = match side {
            Side::Features => squared_residuals(data, &axes.dot(&least_squares), &x_mean, &y_mean)?,
            Side::Samples => outside,
        };
        let weight = data.weight;
        Ok(Self { axes, eigenvalues, least_squares, unexplained, variance, weight, x_mean, y_mean })
    }

    /// The fit with this penalty. Its residuals are those of least squares and, orthogonal to them, what the penalty adds:
    /// squares that do not cancel.
    pub(super) fn fit(&self, penalty: f64) -> Fit {
        let shares =
            self.eigenvalues.mapv(|value| if value == 0.0 { 0.0 } else { value / (value + penalty) });
        let coordinates = &self.least_squares * &shares;
        let missing = &self.least_squares - &coordinates;
        let added = (&missing * &self.eigenvalues).dot(&missing);
        let square = coordinates.dot(&coordinates);
        Fit { coordinates, square, squared_residuals: self.unexplained + added }
    }

    /// How many coefficients the data determines, rather than the prior.
    pub(super) fn determined_parameters(&self, alpha: f64, lambda: f64) -> f64 {
        self.eigenvalues.iter().map(|value| alpha * value / (lambda + alpha * value)).sum()
    }

    /// Of the posterior precision `λ I + α X̃ᵀX̃` of the coefficients.
    pub(super) fn log_determinant(&self, alpha: f64, lambda: f64) -> f64 {
        let rest = self.axes.nrows() - self.eigenvalues.len();
        let varying: f64 = self.eigenvalues.iter().map(|value| (lambda + alpha * value).ln()).sum();
        varying + rest as f64 * lambda.ln()
    }

    /// `(λ I + α X̃ᵀX̃)⁻¹`, p x p.
    pub(super) fn posterior_covariance(&self, alpha: f64, lambda: f64) -> Result<Array2<f64>, Error> {
        let features = self.axes.nrows();
        if self.eigenvalues.len() == features {
            let scaled = &self.axes / &self.eigenvalues.mapv(|value| lambda + alpha * value);
            return Ok(matmul(&scaled, &self.axes.t())?);
        }
        let shares = self.eigenvalues.mapv(|value| alpha * value / (lambda + alpha * value));
        let mut covariance = matmul(&(&self.axes * &shares), &self.axes.t())?;
        covariance.mapv_inplace(|entry| -entry / lambda);
        covariance.diag_mut().mapv_inplace(|entry| entry + 1.0 / lambda);
        Ok(covariance)
    }
}

/// The weighted sum of squared residuals of these coefficients.
fn squared_residuals<T: Scalar>(
    data: &Regression<'_, T>,
    coefficients: &Array1<f64>,
    x_mean: &Array1<f64>,
    y_mean: &Array1<f64>,
) -> Result<f64, Error> {
    let factor = coefficients.view().insert_axis(Axis(1));
    let mut predictions: Array2<f64> = zeros(data.x.nrows(), 1)?;
    map_centred(data.x, x_mean, &mut predictions, |block, mut rows| {
        Ok(kernel::gemm(1.0, block, &factor, 0.0, &mut rows)?)
    })?;
    let roots = data.root_weights();
    let rows = data.y.column(0).into_iter().zip(predictions.column(0)).enumerate();
    let weighted = |(i, (y, prediction)): (usize, (&T, &f64))| {
        let root = roots.as_ref().map_or(1.0, |roots| roots[i]);
        (root * (y.as_f64() - y_mean[0] - prediction)).powi(2)
    };
    Ok(rows.map(weighted).sum())
}
