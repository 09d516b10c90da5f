//! The elastic net and the lasso: least squares with a penalty that makes coefficients zero.
//!
//! Minimizes `1/(2n) ‖y − Xw‖² + α ρ ‖w‖₁ + ½ α (1 − ρ) ‖w‖²`, with ρ the `l1_ratio`, around the means. With sample weights,
//! the squares are averaged by them.
//!
//! | data                       | kept up to date                | a coordinate that stays zero | one that changes |
//! |----------------------------|--------------------------------|------------------------------|------------------|
//! | more samples than features | `Xᵀr`, by the Gram matrix      | 1                            | p                |
//! | otherwise                  | the residual, by the columns   | n                            | 2n               |
//! | sparse                     | the same, by stored entries    | as many as the column has    | twice as many    |
//!
//! Sparse data is centred by subtracting the means from products, which loses what they exceed the spread by.
//!
//! The semantics are those of scikit-learn's `ElasticNet`, `Lasso`, `ElasticNetCV` and `LassoCV`, down to when an iteration
//! ends, with these differences:
//!
//! - A fit that has not converged is an error that carries the model; scikit-learn warns. Models of a path, of which a few
//!   may not converge, are all returned and say whether they have.
//! - A path is around the means of the data unless told otherwise; `lasso_path` never is.
//! - The Gram matrix serves single fits too when samples outnumber features; scikit-learn's `precompute` is off there.
//! - In cross-validation the Gram matrix of the other folds is the sum of theirs: each row is read once, and as nothing is
//!   subtracted, nothing cancels. Errors on the fold that was left out come from its own moments.
//! - Random selection draws other numbers.

mod columns;
mod covariance;
mod cross_validation;
mod descent;
mod design;
mod params;
mod path;
mod persistence;
mod sparse_columns;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use lapwing_lapack::{Scalar, zeros};
use ndarray::{ArrayView1, Ix1};

pub use cross_validation::{ElasticNetCv, ElasticNetCvParams, LassoCv};
pub use params::{CoefficientSign, ElasticNetParams, Selection, Updates};
pub use path::Alphas;

use self::design::{Descent, Design};
use super::predictor::LinearPredictor;
use super::targets::Targets;
use crate::error::{Error, FitError};

/// A fitted elastic net; a lasso when its `l1_ratio` is 1.
///
/// ```
/// use lapwing_ml::linear_model::ElasticNet;
/// use ndarray::array;
/// let x = array![[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]];
/// let model = ElasticNet::params().alpha(0.1).fit(&x, &array![0.0, 1.0, 2.0, 3.0])?;
/// assert!(model.coefficients()[0] > 0.8 && model.coefficients()[1] == 0.0);
/// assert!(model.has_converged());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It dereferences to [`LinearPredictor`]: `coefficients`, `intercept`, `predict`. It serializes with serde, under a format
/// name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct ElasticNet<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    alpha: f64,
    l1_ratio: f64,
    /// One for each target, as the next two.
    iterations: Vec<usize>,
    dual_gaps: Vec<f64>,
    tolerances: Vec<f64>,
}

/// The lasso: an [`ElasticNet`] whose penalty is on magnitudes alone. What it fits is one.
///
/// ```
/// use lapwing_ml::linear_model::Lasso;
/// use ndarray::array;
/// let model = Lasso::params().alpha(0.1).fit(&array![[0.0], [1.0], [2.0]], &array![0.0, 1.0, 2.0])?;
/// // The soft threshold: 1 − 0.1 / Var(x).
/// assert!((model.coefficients()[0] - 0.85f64).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Lasso {}

impl Lasso {
    /// The choices, to change before fitting: those of an elastic net whose `l1_ratio` is 1.
    pub fn params() -> ElasticNetParams {
        ElasticNetParams::new(1.0)
    }
}

impl ElasticNet<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> ElasticNetParams {
        ElasticNetParams::new(0.5)
    }
}

impl<T: Scalar, D: Targets> ElasticNet<T, D> {
    /// The weight of the penalty.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The share of the penalty on magnitudes.
    pub fn l1_ratio(&self) -> f64 {
        self.l1_ratio
    }

    /// How often the coordinates were visited, for each target; 0 where a descent began at its end.
    pub fn iterations(&self) -> &[usize] {
        &self.iterations
    }

    /// By how much, at most, the objective exceeds its minimum, for each target. Without any penalty there is no such bound,
    /// and this is the squared length of the gradient.
    pub fn dual_gaps(&self) -> &[f64] {
        &self.dual_gaps
    }

    /// What the dual gaps were to be: the chosen share of ‖y − ȳ‖² / n, for each target.
    pub fn tolerances(&self) -> &[f64] {
        &self.tolerances
    }

    /// Whether every dual gap is within its tolerance.
    pub fn has_converged(&self) -> bool {
        self.dual_gaps.iter().zip(&self.tolerances).all(|(gap, tolerance)| gap <= tolerance)
    }

    /// The model of one descent for each target, all to the same penalty.
    fn of_descents(design: &Design, descents: Vec<Descent>, l1_ratio: f64) -> Result<Self, Error> {
        let mut coefficients = zeros(descents.len(), design.x_mean().len())?;
        for (mut row, descent) in coefficients.outer_iter_mut().zip(&descents) {
            row.assign(&ArrayView1::from(&descent.coefficients));
        }
        let outcomes = || descents.iter().map(|descent| descent.outcome);
        Ok(Self {
            predictor: LinearPredictor::new(&coefficients, design.x_mean().clone(), design.y_mean().clone())?,
            alpha: descents.first().map_or(0.0, |descent| descent.alpha),
            l1_ratio,
            iterations: outcomes().map(|outcome| outcome.iterations).collect(),
            dual_gaps: outcomes().map(|outcome| outcome.gap).collect(),
            tolerances: outcomes().map(|outcome| outcome.tolerance).collect(),
        })
    }

    /// This model, or the error that carries it.
    fn or_not_converged(self) -> Result<Self, FitError<Self>> {
        let unconverged = |(_, (gap, tolerance)): &(usize, (&f64, &f64))| gap > tolerance;
        let Some((target, (&residual, &tolerance))) =
            self.dual_gaps.iter().zip(&self.tolerances).enumerate().find(unconverged)
        else {
            return Ok(self);
        };
        Err(FitError::NotConverged {
            method: "coordinate descent",
            iterations: self.iterations[target],
            residual,
            tolerance,
            best: Box::new(self),
        })
    }
}

impl<T: Scalar, D: Targets> Deref for ElasticNet<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}
