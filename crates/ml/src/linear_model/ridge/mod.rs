//! Ridge regression: least squares with a penalty on the squares of the coefficients.
//!
//! `‖y − X b‖² + α ‖b‖²`, the objective of scikit-learn's `sklearn.linear_model.Ridge`; with weights, each squared residual
//! is multiplied by its own. The intercept is not penalized. Differences:
//!
//! - The solver is told by the data, too: where the normal equations would lose digits, their factorization is left for
//!   the singular value decomposition, and [`Ridge::solver`] says so. scikit-learn's `cholesky` returns what it gets.
//! - A penalty of zero gives the solution of least norm, also where features are collinear.
//! - `f32` data is centred and multiplied in `f64`.
//! - An iterative solver that has not converged is an error, not a warning.

mod iterative;
mod params;
mod persistence;
mod solvers;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{Array1, Ix1};

pub(crate) use params::check_penalty;
pub use params::{RidgeParams, RidgeSolver};

use super::predictor::LinearPredictor;
use super::targets::Targets;

/// A fitted ridge regression, which dereferences to its [`LinearPredictor`].
///
/// ```
/// use lapwing_ml::Ridge;
/// use ndarray::array;
/// let x = array![[0.0, 0.0], [1.0, 1.0], [2.0, 2.001], [3.0, 2.999]];
/// let y = array![1.0, 3.0, 5.0, 7.0];
/// let ridge = Ridge::params().alpha(0.1).fit(&x, &y)?;
/// // Two features that hardly differ share the slope of 2.
/// assert!(ridge.coefficients().iter().all(|b: &f64| (b - 1.0).abs() < 0.02));
/// assert!((ridge.predict(&array![[4.0, 4.0]])?[0] - 9.0).abs() < 0.1);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct Ridge<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    /// The penalty of each target.
    alphas: Array1<f64>,
    solver: RidgeSolver,
    iterations: Vec<usize>,
}

impl Ridge<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> RidgeParams {
        RidgeParams::default()
    }
}

impl<T: Scalar, D: Targets> Ridge<T, D> {
    /// The penalty: a number for one target, a vector with an entry for each of several.
    pub fn alpha(&self) -> D::Intercept<'_, f64> {
        D::intercept(&self.alphas)
    }

    /// The solver that ran; never [`RidgeSolver::Auto`], and [`RidgeSolver::Svd`] where it took over from `Cholesky`.
    pub fn solver(&self) -> RidgeSolver {
        self.solver
    }

    /// How many iterations each target took; empty for a solver that does not iterate.
    pub fn iterations(&self) -> &[usize] {
        &self.iterations
    }
}

impl<T: Scalar, D: Targets> Deref for Ridge<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}
