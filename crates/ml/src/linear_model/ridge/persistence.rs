//! How a fitted ridge regression is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;

use super::{Ridge, RidgeSolver};
use crate::linear_model::predictor::{LinearPredictor, StoredPredictor};
use crate::linear_model::targets::Targets;
use crate::stored::{Format, StoredError, sizes};

const FORMAT: Format = Format { model: "ridge regression", name: "lapwing.ridge", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    alphas: Vec<f64>,
    solver: RidgeSolver,
    iterations: Vec<usize>,
    #[serde(flatten)]
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<Ridge<T, D>> for Stored<T> {
    fn from(ridge: Ridge<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            alphas: ridge.alphas.to_vec(),
            solver: ridge.solver,
            iterations: ridge.iterations,
            predictor: ridge.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for Ridge<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        if stored.solver == RidgeSolver::Auto {
            return Err(StoredError::Inconsistent("the stored solver is \"auto\", which never runs itself"));
        }
        let predictor: LinearPredictor<T, D> = stored.predictor.try_into()?;
        Ok(Self {
            alphas: sizes("alphas", stored.alphas, predictor.n_targets())?,
            predictor,
            solver: stored.solver,
            iterations: stored.iterations,
        })
    }
}
