//! How a cross-validated elastic net is stored: the chosen model, and what it was chosen by.

use lapwing_lapack::Scalar;
use ndarray::Array3;

use super::super::persistence::Stored as StoredModel;
use super::ElasticNetCv;
use crate::stored::{Format, StoredError, matrix, sizes};

const FORMAT: Format =
    Format { model: "a cross-validated elastic net", name: "lapwing.elastic_net_cv", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    model: StoredModel<T>,
    l1_ratios: Vec<f64>,
    n_alphas: usize,
    n_folds: usize,
    unconverged: usize,
    /// Row after row.
    alphas: Vec<f64>,
    /// The last index changes fastest.
    mean_squared_errors: Vec<f64>,
}

impl<T: Scalar> From<ElasticNetCv<T>> for Stored<T> {
    fn from(model: ElasticNetCv<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_alphas: model.alphas.ncols(),
            n_folds: model.errors.dim().2,
            model: model.model.into(),
            l1_ratios: model.l1_ratios,
            unconverged: model.unconverged,
            alphas: model.alphas.into_iter().collect(),
            mean_squared_errors: model.errors.into_iter().collect(),
        }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for ElasticNetCv<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let (ratios, alphas, folds) = (stored.l1_ratios.len(), stored.n_alphas, stored.n_folds);
        let l1_ratios = sizes("l1_ratios", stored.l1_ratios, ratios)?.to_vec();
        sizes("alphas", stored.alphas.clone(), ratios.saturating_mul(alphas))?;
        let (field, count) = ("mean_squared_errors", ratios.saturating_mul(alphas).saturating_mul(folds));
        let found = stored.mean_squared_errors.len();
        let errors = sizes(field, stored.mean_squared_errors, count)?.to_vec();
        Ok(Self {
            model: stored.model.try_into()?,
            l1_ratios,
            alphas: matrix("alphas", stored.alphas, (ratios, alphas))?,
            errors: Array3::from_shape_vec((ratios, alphas, folds), errors)
                .map_err(|_| StoredError::Length { field, found, expected: count })?,
            unconverged: stored.unconverged,
        })
    }
}
