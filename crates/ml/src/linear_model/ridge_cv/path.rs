//! Coefficients and errors over a grid of penalties, for a plot.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, Array3, ArrayRef, ArrayRef2, ArrayView1, ArrayView2, ArrayView3, Axis};

use super::leave_one_out::Keep;
use super::spectral_form::SpectralForm;
use super::{Zero, check_grid, require_two_samples};
use crate::error::Error;
use crate::linear_model::centred_system::Regression;
use crate::linear_model::cross_moments::Intercept;
use crate::linear_model::targets::Targets;

/// A ridge regression for each penalty of a grid. Made by [`ridge_path`].
#[derive(Clone, Debug, PartialEq)]
pub struct RidgePath {
    alphas: Array1<f64>,
    coefficients: Array3<f64>,
    leave_one_out_errors: Array2<f64>,
    generalized_errors: Array2<f64>,
    effective_parameters: Array1<f64>,
}

/// The coefficients of ridge regressions of `y` (n, or n x t) on `x` (n x p) for each of `alphas`, with an intercept, from
/// one decomposition: each penalty costs O(p²), or O(n²) where features outnumber samples, and its share of a pass.
///
/// ```
/// use lapwing_ml::linear_model::ridge_path;
/// use ndarray::{Array1, Array2};
/// let x = Array2::from_shape_fn((20, 3), |(i, j)| ((i * (j + 3) * 7) % 11) as f64);
/// let y = Array1::from_shape_fn(20, |i| x[[i, 0]] - 2.0 * x[[i, 2]]);
/// let path = ridge_path(&x, &y, &[0.1, 10.0, 1000.0])?;
/// // Coefficients shrink as the penalty grows.
/// assert!(path.coefficients()[[2, 0, 2]].abs() < path.coefficients()[[0, 0, 2]].abs());
/// assert_eq!(path.leave_one_out_errors().dim(), (3, 1));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// Those of [`RidgeCvParams::fit`](super::RidgeCvParams::fit) with each sample left out.
pub fn ridge_path<T: Scalar, D: Targets>(
    x: &ArrayRef2<T>,
    y: &ArrayRef<T, D>,
    alphas: &[f64],
) -> Result<RidgePath, Error> {
    check_grid(alphas, Zero::Refused)?;
    let data = Regression::new("ridge regression", x, y, None, Intercept::Fitted)?;
    let (samples, targets) = data.y.dim();
    require_two_samples(samples)?;
    let form = SpectralForm::new(&data)?;
    let left_out = form.leave_one_out(&data, alphas, Keep::Sums)?;
    let rows = form.coefficients(&data, alphas)?;
    let shape = (alphas.len(), targets, x.ncols());
    let coefficients = Array3::from_shape_fn(shape, |(a, t, j)| rows[[a * targets + t, j]]);
    let effective_parameters: Array1<f64> =
        alphas.iter().map(|&alpha| 1.0 + form.effective_parameters(alpha)).collect();
    let free = effective_parameters.mapv(|parameters| (1.0 - parameters / samples as f64).max(f64::EPSILON));
    let count = samples as f64;
    let path = RidgePath {
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

impl RidgePath {
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

    /// How many parameters each fit really has, the intercept among them.
    pub fn effective_parameters(&self) -> ArrayView1<'_, f64> {
        self.effective_parameters.view()
    }
}
