//! How a fitted PCA is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2};

use super::{Pca, PcaSolver, Whitening};

const FORMAT: &str = "lapwing.pca";
const VERSION: u32 = 1;

/// The stored form. A change of meaning is a new version; reading refuses versions it does not know.
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
            format: FORMAT.to_owned(),
            version: VERSION,
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

/// Why a stored model was refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum StoredError {
    #[error("this is not a PCA model: its format is {0:?}, not {FORMAT:?}")]
    Format(String),
    #[error(
        "the model has format version {0}, but this program reads version {VERSION}; fit it again, or use a newer program"
    )]
    Version(u32),
    #[error("the model is damaged: {field} has {found} numbers, but must have {expected}")]
    Length { field: &'static str, found: usize, expected: usize },
    #[error(
        "the model is damaged: {field} holds a number that is not finite, or negative where it cannot be"
    )]
    Value { field: &'static str },
    #[error("the model is damaged: the stored solver is \"auto\", which never runs itself")]
    Solver,
}

impl<T: Scalar> TryFrom<Stored<T>> for Pca<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        if stored.format != FORMAT {
            return Err(StoredError::Format(stored.format));
        }
        if stored.version != VERSION {
            return Err(StoredError::Version(stored.version));
        }
        if stored.solver == PcaSolver::Auto {
            return Err(StoredError::Solver);
        }
        let (k, p) = (stored.n_components, stored.n_features);
        let checked = |field, values: Vec<T>, expected: usize, least: T| {
            if values.len() != expected {
                return Err(StoredError::Length { field, found: values.len(), expected });
            }
            let valid = values.iter().all(|&value| value.is_finite() && value >= least);
            if valid { Ok(values) } else { Err(StoredError::Value { field }) }
        };
        let (any, zero) = (T::min_value(), T::zero());
        if stored.mean.len() != p {
            return Err(StoredError::Length { field: "mean", found: stored.mean.len(), expected: p });
        }
        if !stored.mean.iter().all(|mean| mean.is_finite()) {
            return Err(StoredError::Value { field: "mean" });
        }
        let centre = Array1::from(stored.mean);
        let components = checked("components", stored.components, k.saturating_mul(p), any)?;
        Ok(Self {
            components: Array2::from_shape_vec((k, p), components).map_err(|_| StoredError::Length {
                field: "components",
                found: 0,
                expected: k.saturating_mul(p),
            })?,
            explained_variance: Array1::from(checked(
                "explained_variance",
                stored.explained_variance,
                k,
                zero,
            )?),
            explained_variance_ratio: checked(
                "explained_variance_ratio",
                stored.explained_variance_ratio,
                k,
                zero,
            )?
            .into(),
            singular_values: checked("singular_values", stored.singular_values, k, zero)?.into(),
            mean: centre.mapv(T::from_f64),
            centre,
            noise_variance: checked("noise_variance", vec![stored.noise_variance], 1, zero)?[0],
            n_samples: stored.n_samples,
            solver: stored.solver,
            whitening: stored.whitening,
        })
    }
}
