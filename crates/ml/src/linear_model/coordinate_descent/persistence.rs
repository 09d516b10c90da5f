//! How a fitted elastic net is stored: its choices, how it was reached, and the predictor.

use lapwing_lapack::Scalar;

use super::ElasticNet;
use crate::linear_model::predictor::{LinearPredictor, StoredPredictor};
use crate::linear_model::targets::Targets;
use crate::stored::{Format, StoredError, sizes, vector};

const FORMAT: Format = Format { model: "an elastic net", name: "lapwing.elastic_net", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    alpha: f64,
    l1_ratio: f64,
    iterations: Vec<usize>,
    dual_gaps: Vec<f64>,
    tolerances: Vec<f64>,
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<ElasticNet<T, D>> for Stored<T> {
    fn from(model: ElasticNet<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            alpha: model.alpha,
            l1_ratio: model.l1_ratio,
            iterations: model.iterations,
            dual_gaps: model.dual_gaps,
            tolerances: model.tolerances,
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for ElasticNet<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let predictor: LinearPredictor<T, D> = stored.predictor.try_into()?;
        let targets = predictor.n_targets();
        let (found, expected) = (stored.iterations.len(), targets);
        if found != expected {
            return Err(StoredError::Length { field: "iterations", found, expected });
        }
        let l1_ratio = sizes("l1_ratio", vec![stored.l1_ratio], 1)?[0];
        if l1_ratio > 1.0 {
            return Err(StoredError::Value { field: "l1_ratio" });
        }
        Ok(Self {
            predictor,
            alpha: sizes("alpha", vec![stored.alpha], 1)?[0],
            l1_ratio,
            iterations: stored.iterations,
            // Rounding may make a gap negative.
            dual_gaps: vector("dual_gaps", stored.dual_gaps, targets)?.to_vec(),
            tolerances: sizes("tolerances", stored.tolerances, targets)?.to_vec(),
        })
    }
}
