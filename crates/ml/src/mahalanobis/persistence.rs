//! How distances are stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;

use super::{Mahalanobis, WhitenerShape};
use crate::stored::{Format, StoredError, matrix, vector};

const FORMAT: Format = Format { model: "Mahalanobis distances", name: "lapwing.mahalanobis", version: 1 };

/// The stored form, in double precision whatever the scalar.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    format: String,
    version: u32,
    n_features: usize,
    rank: usize,
    location: Vec<f64>,
    /// Row after row.
    whitener: Vec<f64>,
    /// Row after row.
    null_space: Vec<f64>,
    reciprocal_condition: f64,
}

impl<T: Scalar> From<Mahalanobis<T>> for Stored {
    fn from(metric: Mahalanobis<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_features: metric.n_features(),
            rank: metric.rank(),
            location: metric.centre.to_vec(),
            whitener: metric.whitener.into_iter().collect(),
            null_space: metric.null_space.into_iter().collect(),
            reciprocal_condition: metric.reciprocal_condition,
        }
    }
}

impl<T: Scalar> TryFrom<Stored> for Mahalanobis<T> {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let (p, rank) = (stored.n_features, stored.rank);
        let Some(nullity) = p.checked_sub(rank).filter(|_| p > 0) else {
            return Err(StoredError::Inconsistent(
                "the rank exceeds the number of features, or there are none",
            ));
        };
        let centre = vector("location", stored.location, p)?;
        let whitener = matrix("whitener", stored.whitener, (rank, p))?;
        let triangular =
            nullity == 0 && whitener.indexed_iter().all(|((i, j), &entry)| j <= i || entry == 0.0);
        Ok(Self {
            location: centre.mapv(T::from_f64),
            centre,
            whitener,
            shape: if triangular { WhitenerShape::LowerTriangular } else { WhitenerShape::Full },
            null_space: matrix("null_space", stored.null_space, (p, nullity))?,
            reciprocal_condition: vector("reciprocal_condition", vec![stored.reciprocal_condition], 1)?[0],
        })
    }
}
