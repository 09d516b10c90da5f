//! Ordinary and weighted least squares: scikit-learn's `sklearn.linear_model.LinearRegression`, with these differences:
//!
//! - Every solver computes in `f64`, for `f32` data too.
//! - Features are brought to nearly equal length before a rank is decided, so that their units do not decide it; what is
//!   then negligible is NumPy's max(n, p) ε. scikit-learn drops, by its `tol`, whatever lies below 10⁻⁶ of the largest
//!   singular value of the features as they are. Where columns do depend on each other, the coefficients are
//!   scikit-learn's: those of least norm, in the given units, for the features around their means.
//! - The fast route by the normal equations is taken only where a bound on its error is as good as QR's (see
//!   [`LinearRegressionSolver::Cholesky`]); scikit-learn has no fast route.
//! - Coefficients that are not negative (`positive=True`) are out of scope.

mod normal_equations;
mod orthogonal;
mod params;
mod persistence;
mod sparse;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayView1, Ix1};

pub use params::{LinearRegressionParams, LinearRegressionSolver};

pub(super) use self::orthogonal::{Reduction, refined_fit, times_power};
use super::predictor::LinearPredictor;
use super::targets::Targets;
use crate::error::Error;

/// A fitted linear regression of p features, for one target or several ([`Targets`]).
///
/// ```
/// use lapwing_ml::LinearRegression;
/// use ndarray::array;
/// let x = array![[1.0, 1.0], [1.0, 2.0], [2.0, 2.0], [2.0, 3.0]];
/// let y = array![6.0, 8.0, 9.0, 11.0]; // 3 + x₀ + 2 x₁
/// let model = LinearRegression::params().fit(&x, &y)?;
/// assert!((model.coefficients()[0] - 1.0f64).abs() < 1e-14 && (model.intercept() - 3.0).abs() < 1e-14);
/// assert!((model.predict(&array![[3.0, 5.0]])?[0] - 16.0).abs() < 1e-13);
/// assert_eq!(model.rank(), Some(2));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// Coefficients, intercept, predictions and R² are those of the [`LinearPredictor`] that it dereferences to. It serializes
/// with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct LinearRegression<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    solver: LinearRegressionSolver,
    rank: Option<usize>,
    singular_values: Option<Array1<f64>>,
}

impl LinearRegression<f64> {
    /// The choices, to change before fitting; scalar and targets are those of the data given to them.
    pub fn params() -> LinearRegressionParams {
        LinearRegressionParams::default()
    }
}

impl<T: Scalar, D: Targets> LinearRegression<T, D> {
    /// The solver that ran; never [`LinearRegressionSolver::Auto`], and another than was asked for where that one refused
    /// the data.
    pub fn solver(&self) -> LinearRegressionSolver {
        self.solver
    }

    /// The rank of the features, around their means where there is an intercept: p, or less where
    /// [`LinearRegressionSolver::Svd`] ran. `None` after [`LinearRegressionSolver::Lsqr`], which does not know it.
    pub fn rank(&self) -> Option<usize> {
        self.rank
    }

    /// The min(n, p) singular values of the features (around their means, and weighted), largest first; `None` unless
    /// [`LinearRegressionSolver::Svd`] ran. scikit-learn's `singular_`.
    pub fn singular_values(&self) -> Option<ArrayView1<'_, f64>> {
        self.singular_values.as_ref().map(|values| values.view())
    }

    fn new(fit: Fit) -> Result<Self, Error> {
        let Fit { coefficients, centre, level, intercept, solver, rank, singular_values } = fit;
        let predictor = match intercept {
            None => LinearPredictor::new(&coefficients, centre, level)?,
            Some(intercept) => LinearPredictor::with_intercept(&coefficients, centre, level, intercept)?,
        };
        Ok(Self { predictor, solver, rank, singular_values })
    }
}

impl<T: Scalar, D: Targets> Deref for LinearRegression<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &LinearPredictor<T, D> {
        &self.predictor
    }
}

/// What a solver finds.
pub(super) struct Fit {
    /// A row for each target.
    pub(super) coefficients: Array2<f64>,
    /// The point at which the predictions are `level`.
    pub(super) centre: Array1<f64>,
    pub(super) level: Array1<f64>,
    /// Where it is known better than centre and level tell.
    pub(super) intercept: Option<Array1<f64>>,
    pub(super) solver: LinearRegressionSolver,
    pub(super) rank: Option<usize>,
    pub(super) singular_values: Option<Array1<f64>>,
}
