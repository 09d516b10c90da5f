//! How a fitted PCA is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;

use super::{Pca, PcaSolver, Whitening};
use crate::stored::{Format, StoredError, matrix, sizes, vector};

const FORMAT: Format = Format { model: "PCA", name: "lapwing.pca", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    n_samples: usize,
    n_features: usize,
    n_components: usize,
    solver: PcaSolver,
    whitening: Whitening,
    mean: Vec<f64>,
    /// Row after row.
    components: Vec<T>,
    explained_variance: Vec<T>,
    explained_variance_ratio: Vec<T>,
    singular_values: Vec<T>,
    noise_variance: T,
}

impl<T: Scalar> From<Pca<T>> for Stored<T> {
    fn from(pca: Pca<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_samples: pca.n_samples,
            n_features: pca.n_features(),
            n_components: pca.n_components(),
            solver: pca.solver,
            whitening: pca.whitening,
            components: pca.components.into_iter().collect(),
            mean: pca.centre.to_vec(),
            explained_variance: pca.explained_variance.to_vec(),
            explained_variance_ratio: pca.explained_variance_ratio.to_vec(),
            singular_values: pca.singular_values.to_vec(),
            noise_variance: pca.noise_variance,
        }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for Pca<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        if stored.solver == PcaSolver::Auto {
            return Err(StoredError::Inconsistent("the stored solver is \"auto\", which never runs itself"));
        }
        let (k, p) = (stored.n_components, stored.n_features);
        let centre = vector("mean", stored.mean, p)?;
        Ok(Self {
            components: matrix("components", stored.components, (k, p))?,
            explained_variance: sizes("explained_variance", stored.explained_variance, k)?,
            explained_variance_ratio: sizes("explained_variance_ratio", stored.explained_variance_ratio, k)?,
            singular_values: sizes("singular_values", stored.singular_values, k)?,
            mean: centre.mapv(T::from_f64),
            centre,
            noise_variance: sizes("noise_variance", vec![stored.noise_variance], 1)?[0],
            n_samples: stored.n_samples,
            solver: stored.solver,
            whitening: stored.whitening,
        })
    }
}
