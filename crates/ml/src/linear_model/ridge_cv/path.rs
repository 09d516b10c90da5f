//! Coefficients and errors over a grid of penalties, for a plot.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, Array3, ArrayRef, ArrayRef2, ArrayView1, ArrayView2, ArrayView3, Axis};

use super::leave_one_out::Keep;
use super::spectral_form::SpectralForm;
use super::{Zero, check_grid, require_two_samples};
use crate::error::Error;
use crate::linear_model::regression::{Intercept, Regression};
use crate::linear_model::targets::Targets;

/// A ridge regression for each penalty of a grid. Made by
/// [`RidgeParams::path`](crate::linear_model::RidgeParams::path) and [`ridge_path`].
#[derive(Clone, Debug, PartialEq)]
pub struct RidgePath {
    alphas: Array1<f64>,
    coefficients: Array3<f64>,
    leave_one_out_errors: Array2<f64>,
    generalized_errors: Array2<f64>,
    effective_parameters: Array1<f64>,
}

/// [`RidgeParams::path`](crate::linear_model::RidgeParams::path) with its defaults: with an intercept.
///
/// # Errors
/// Those of that path.
pub fn ridge_path<T: Scalar, D: Targets>(
    x: &ArrayRef2<T>,
    y: &ArrayRef<T, D>,
    alphas: &[f64],
) -> Result<RidgePath, Error> {
    RidgePath::new(x, y, alphas, Intercept::Fitted)
}

impl RidgePath {
    /// What [`RidgeParams::path`](crate::linear_model::RidgeParams::path) returns.
    pub(crate) fn new<T: Scalar, D: Targets>(
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        alphas: &[f64],
        intercept: Intercept,
    ) -> Result<Self, Error> {
        check_grid(alphas, Zero::Refused)?;
        let data = Regression::new("ridge regression", x, y, None, intercept)?;
        let (samples, targets) = data.y.dim();
        require_two_samples(samples)?;
        let form = SpectralForm::new(&data)?;
        let left_out = form.leave_one_out(&data, alphas, Keep::Sums)?;
        let rows = form.coefficients(&data, alphas)?;
        let shape = (alphas.len(), targets, x.ncols());
        let coefficients = Array3::from_shape_fn(shape, |(a, t, j)| rows[[a * targets + t, j]]);
        let of_intercept = f64::from(u8::from(intercept == Intercept::Fitted));
        let effective_parameters: Array1<f64> =
            alphas.iter().map(|&alpha| of_intercept + form.effective_parameters(alpha)).collect();
        let count = samples as f64;
        let free = effective_parameters.mapv(|parameters| (1.0 - parameters / count).max(f64::EPSILON));
        let path = Self {
            alphas: alphas.to_vec().into(),
            coefficients,
            leave_one_out_errors: left_out.squared_errors / count,
            generalized_errors: left_out.squared_residuals / count / (&free * &free).insert_axis(Axis(1)),
            effective_parameters,
        };
        let mut errors = path.leave_one_out_errors.iter().chain(&path.generalized_errors);
        let finite = errors.all(|error| error.is_finite()) && path.coefficients.iter().all(|b| b.is_finite());
        if finite { Ok(path) } else { Err(crate::moments::variance_overflows()) }
    }

    /// The grid of penalties, as it was given.
    pub fn alphas(&self) -> ArrayView1<'_, f64> {
        self.alphas.view()
    }

    /// The coefficients, penalties x t x p.
    pub fn coefficients(&self) -> ArrayView3<'_, f64> {
        self.coefficients.view()
    }

    /// The mean of the squared errors with each sample left out, penalties x t.
    pub fn leave_one_out_errors(&self) -> ArrayView2<'_, f64> {
        self.leave_one_out_errors.view()
    }

    /// The same with the mean leverage instead of each sample's own: generalized cross-validation (Golub, Heath, Wahba,
    /// 1979), penalties x t.
    pub fn generalized_errors(&self) -> ArrayView2<'_, f64> {
        self.generalized_errors.view()
    }

    /// How many parameters each fit really has, the intercept among them where there is one.
    pub fn effective_parameters(&self) -> ArrayView1<'_, f64> {
        self.effective_parameters.view()
    }
}
