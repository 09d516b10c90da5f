//! How a fitted model is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;
use ndarray::Ix1;

use super::BayesianRidge;
use crate::linear_model::predictor::{LinearPredictor, StoredPredictor};
use crate::stored::{Format, StoredError, matrix, sizes, vector};

const FORMAT: Format =
    Format { model: "Bayesian ridge regression", name: "lapwing.bayesian_ridge", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    alpha: f64,
    lambda: f64,
    /// Row after row.
    sigma: Vec<f64>,
    centre: Vec<f64>,
    scores: Vec<f64>,
    converged: bool,
    #[serde(flatten)]
    predictor: StoredPredictor<T>,
}

impl<T: Scalar> From<BayesianRidge<T>> for Stored<T> {
    fn from(model: BayesianRidge<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            alpha: model.alpha,
            lambda: model.lambda,
            sigma: model.sigma.into_iter().collect(),
            centre: model.centre.to_vec(),
            scores: model.scores.to_vec(),
            converged: model.converged,
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for BayesianRidge<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let predictor: LinearPredictor<T, Ix1> = stored.predictor.try_into()?;
        let (p, count) = (predictor.n_features(), stored.scores.len());
        if count < 2 {
            return Err(StoredError::Inconsistent("it has fewer scores than one iteration leaves"));
        }
        let precisions = sizes("alpha and lambda", vec![stored.alpha, stored.lambda], 2)?;
        if precisions.iter().any(|&precision| precision == 0.0) {
            return Err(StoredError::Inconsistent("a precision is zero"));
        }
        Ok(Self {
            predictor,
            alpha: precisions[0],
            lambda: precisions[1],
            sigma: matrix("sigma", stored.sigma, (p, p))?,
            centre: vector("centre", stored.centre, p)?,
            scores: vector("scores", stored.scores, count)?,
            converged: stored.converged,
        })
    }
}
