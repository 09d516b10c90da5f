//! The penalty that predicts best what was left out.

mod folds;
mod params;
mod persistence;

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{Array2, Array3, ArrayView2, ArrayView3};

pub use params::ElasticNetCvParams;

use super::ElasticNet;
use super::path::Alphas;
use crate::model_selection::KFold;

/// An elastic net whose penalty was chosen by cross-validation.
///
/// ```
/// use lapwing_ml::linear_model::ElasticNetCv;
/// use ndarray::{Array1, Array2};
/// let x = Array2::from_shape_fn((60, 3), |(i, j)| ((i * (2 * j + 3)) % 11) as f64);
/// let y = Array1::from_shape_fn(60, |i| 3.0 * x[[i, 0]] + ((i * 5) % 7) as f64);
/// let model = ElasticNetCv::params().l1_ratios(&[0.5, 1.0]).fit(&x, &y)?;
/// assert!(model.alpha() < model.alphas()[[0, 0]]);
/// assert_eq!(model.mean_squared_errors().dim(), (2, 100, 5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It dereferences to the [`ElasticNet`] that was fitted to all samples with the best penalty. It serializes with serde,
/// under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct ElasticNetCv<T: Scalar> {
    model: ElasticNet<T>,
    l1_ratios: Vec<f64>,
    alphas: Array2<f64>,
    errors: Array3<f64>,
    unconverged: usize,
}

/// The lasso whose penalty is chosen by cross-validation: an [`ElasticNetCv`] with the `l1_ratio` 1. What it fits is one.
#[derive(Clone, Copy, Debug)]
pub enum LassoCv {}

impl LassoCv {
    /// The choices, to change before fitting: those of an elastic net whose `l1_ratio` is 1.
    pub fn params() -> ElasticNetCvParams {
        ElasticNetCvParams::new(1.0)
    }
}

impl ElasticNetCv<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> ElasticNetCvParams {
        ElasticNetCvParams::new(0.5)
    }
}

impl<T: Scalar> ElasticNetCv<T> {
    /// The shares of the penalty on magnitudes that were tried.
    pub fn l1_ratios(&self) -> &[f64] {
        &self.l1_ratios
    }

    /// The penalties that were tried: a row for each of the `l1_ratios`, from the largest down.
    pub fn alphas(&self) -> ArrayView2<'_, f64> {
        self.alphas.view()
    }

    /// The mean squared error for each of the `l1_ratios`, each of its alphas, and each fold. scikit-learn's `mse_path`.
    pub fn mean_squared_errors(&self) -> ArrayView3<'_, f64> {
        self.errors.view()
    }

    /// How many descents, over all folds and penalties, have not converged; their errors are those of what they reached.
    pub fn unconverged(&self) -> usize {
        self.unconverged
    }
}

impl<T: Scalar> Deref for ElasticNetCv<T> {
    type Target = ElasticNet<T>;

    fn deref(&self) -> &ElasticNet<T> {
        &self.model
    }
}
