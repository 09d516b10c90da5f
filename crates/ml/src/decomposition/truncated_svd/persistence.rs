//! How a fitted truncated SVD is stored.

use lapwing_lapack::Scalar;

use super::{TruncatedSvd, TruncatedSvdAlgorithm};
use crate::stored::{Format, StoredError, matrix, sizes};

const FORMAT: Format = Format { model: "truncated SVD", name: "lapwing.truncated_svd", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    n_samples: usize,
    n_features: usize,
    n_components: usize,
    algorithm: TruncatedSvdAlgorithm,
    /// Row after row.
    components: Vec<T>,
    explained_variance: Vec<T>,
    explained_variance_ratio: Vec<T>,
    singular_values: Vec<T>,
}

impl<T: Scalar> From<TruncatedSvd<T>> for Stored<T> {
    fn from(model: TruncatedSvd<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_samples: model.n_samples,
            n_features: model.n_features(),
            n_components: model.n_components(),
            algorithm: model.algorithm,
            components: model.components.into_iter().collect(),
            explained_variance: model.explained_variance.to_vec(),
            explained_variance_ratio: model.explained_variance_ratio.to_vec(),
            singular_values: model.singular_values.to_vec(),
        }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for TruncatedSvd<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let (k, p) = (stored.n_components, stored.n_features);
        Ok(Self {
            components: matrix("components", stored.components, (k, p))?,
            explained_variance: sizes("explained_variance", stored.explained_variance, k)?,
            explained_variance_ratio: sizes("explained_variance_ratio", stored.explained_variance_ratio, k)?,
            singular_values: sizes("singular_values", stored.singular_values, k)?,
            n_samples: stored.n_samples,
            algorithm: stored.algorithm,
        })
    }
}
