//! How a Gaussian is stored: its mean and its covariance, from which the rest is made again.

use lapwing_lapack::Scalar;

use super::MultivariateNormal;
use crate::stored::{Format, StoredError, matrix, vector};

const FORMAT: Format =
    Format { model: "a Gaussian distribution", name: "lapwing.multivariate_normal", version: 1 };

/// The stored form, in double precision whatever the scalar.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    format: String,
    version: u32,
    n_features: usize,
    mean: Vec<f64>,
    /// Row after row.
    covariance: Vec<f64>,
}

impl<T: Scalar> From<MultivariateNormal<T>> for Stored {
    fn from(normal: MultivariateNormal<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_features: normal.n_features(),
            mean: normal.mean.to_vec(),
            covariance: normal.covariance.iter().copied().collect(),
        }
    }
}

impl<T: Scalar> TryFrom<Stored> for MultivariateNormal<T> {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let p = stored.n_features;
        let mean = vector("mean", stored.mean, p)?;
        let covariance = matrix("covariance", stored.covariance, (p, p))?;
        Self::from_double(mean, covariance, f64::EPSILON)
            .map_err(|_| StoredError::Inconsistent("the covariance has no Cholesky factor"))
    }
}
