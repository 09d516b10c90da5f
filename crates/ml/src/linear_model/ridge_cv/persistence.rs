//! How a fitted model is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array3};

use super::RidgeCv;
use crate::linear_model::predictor::{LinearPredictor, StoredPredictor};
use crate::linear_model::targets::Targets;
use crate::stored::{Format, StoredError, matrix, sizes, vector};

const FORMAT: Format =
    Format { model: "cross-validated ridge regression", name: "lapwing.ridge_cv", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    alphas: Vec<f64>,
    chosen_alphas: Vec<f64>,
    /// Penalty after penalty.
    scores: Vec<f64>,
    best_score: f64,
    n_samples: Option<usize>,
    /// Sample after sample, and in each target after target.
    cv_results: Option<Vec<f64>>,
    #[serde(flatten)]
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<RidgeCv<T, D>> for Stored<T> {
    fn from(model: RidgeCv<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            alphas: model.alphas.to_vec(),
            chosen_alphas: model.chosen.to_vec(),
            scores: model.scores.into_iter().collect(),
            best_score: model.best_score,
            n_samples: model.cv_results.as_ref().map(|results| results.dim().0),
            cv_results: model.cv_results.map(|results| results.into_iter().collect()),
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for RidgeCv<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let predictor: LinearPredictor<T, D> = stored.predictor.try_into()?;
        let (targets, count) = (predictor.n_targets(), stored.alphas.len());
        let cv_results = match (stored.n_samples, stored.cv_results) {
            (None, None) => None,
            (Some(samples), Some(results)) => {
                let width = targets.saturating_mul(count);
                let results: Array1<f64> = sizes("cv_results", results, samples.saturating_mul(width))?;
                let results = Array3::from_shape_vec((samples, targets, count), results.to_vec());
                Some(results.map_err(|_| StoredError::Inconsistent("cv_results has another shape"))?)
            }
            _ => {
                return Err(StoredError::Inconsistent(
                    "it has one of n_samples and cv_results without the other",
                ));
            }
        };
        Ok(Self {
            alphas: sizes("alphas", stored.alphas, count)?,
            chosen: sizes("chosen_alphas", stored.chosen_alphas, targets)?,
            scores: matrix("scores", stored.scores, (count, targets))?,
            best_score: vector("best_score", vec![stored.best_score], 1)?[0],
            cv_results,
            predictor,
        })
    }
}
