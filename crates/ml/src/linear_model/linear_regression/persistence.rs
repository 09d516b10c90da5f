//! How a fitted linear regression is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;

use super::{LinearRegression, LinearRegressionSolver};
use crate::linear_model::predictor::StoredPredictor;
use crate::linear_model::targets::Targets;
use crate::stored::{Format, StoredError, sizes};

const FORMAT: Format = Format { model: "linear regression", name: "lapwing.linear_regression", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    solver: LinearRegressionSolver,
    rank: Option<usize>,
    singular_values: Option<Vec<f64>>,
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<LinearRegression<T, D>> for Stored<T> {
    fn from(model: LinearRegression<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            solver: model.solver,
            rank: model.rank,
            singular_values: model.singular_values.map(|values| values.to_vec()),
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for LinearRegression<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        if stored.solver == LinearRegressionSolver::Auto {
            return Err(StoredError::Inconsistent("the stored solver is \"auto\", which never runs itself"));
        }
        let predictor: super::LinearPredictor<T, D> = stored.predictor.try_into()?;
        if stored.rank.is_some_and(|rank| rank > predictor.n_features()) {
            return Err(StoredError::Inconsistent("its rank exceeds the number of features"));
        }
        let singular_values = stored.singular_values.map(|values| {
            let count = values.len();
            sizes("singular_values", values, count)
        });
        let singular_values = singular_values.transpose()?;
        Ok(Self { predictor, solver: stored.solver, rank: stored.rank, singular_values })
    }
}
