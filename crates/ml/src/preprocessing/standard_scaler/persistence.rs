//! How a standard scaler is stored: plain numbers under a format name and a version.

use super::moments::WeightedMoments;
use super::{Centring, Scaling, StandardScaler};
use crate::stored::{Format, StoredError, sizes, vector};

const FORMAT: Format = Format { model: "a standard scaler", name: "lapwing.standard_scaler", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    format: String,
    version: u32,
    n_samples_seen: f64,
    centring: Centring,
    scaling: Scaling,
    mean: Vec<f64>,
    variance: Vec<f64>,
}

impl From<StandardScaler> for Stored {
    fn from(scaler: StandardScaler) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_samples_seen: scaler.moments.weight,
            centring: scaler.centring,
            scaling: scaler.scaling,
            mean: scaler.moments.mean.to_vec(),
            variance: scaler.moments.variance.to_vec(),
        }
    }
}

impl TryFrom<Stored> for StandardScaler {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let features = stored.mean.len();
        if features == 0 {
            return Err(StoredError::Length { field: "mean", found: 0, expected: 1 });
        }
        if !(stored.n_samples_seen > 0.0 && stored.n_samples_seen.is_finite()) {
            return Err(StoredError::Value { field: "n_samples_seen" });
        }
        let moments = WeightedMoments {
            weight: stored.n_samples_seen,
            mean: vector("mean", stored.mean, features)?,
            variance: sizes("variance", stored.variance, features)?,
        };
        Ok(Self::new(moments, stored.centring, stored.scaling))
    }
}
