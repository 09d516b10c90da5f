//! How a whitening is stored: plain numbers under a format name and a version.

use std::marker::PhantomData;

use lapwing_lapack::Scalar;

use super::{WhiteningMethod, WhiteningTransform};
use crate::stored::{Format, StoredError, matrix, vector};

const FORMAT: Format = Format { model: "a whitening", name: "lapwing.whitening", version: 1 };

/// The stored form, in double precision whatever the scalar; matrices row after row.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    format: String,
    version: u32,
    method: WhiteningMethod,
    n_samples: usize,
    n_features: usize,
    mean: Vec<f64>,
    matrix: Vec<f64>,
    inverse: Vec<f64>,
}

impl<T: Scalar> From<WhiteningTransform<T>> for Stored {
    fn from(whitening: WhiteningTransform<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            method: whitening.method,
            n_samples: whitening.n_samples,
            n_features: whitening.n_features(),
            mean: whitening.mean.to_vec(),
            matrix: whitening.matrix.iter().copied().collect(),
            inverse: whitening.inverse.iter().copied().collect(),
        }
    }
}

impl<T: Scalar> TryFrom<Stored> for WhiteningTransform<T> {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let p = stored.n_features;
        Ok(Self {
            method: stored.method,
            mean: vector("mean", stored.mean, p)?,
            matrix: matrix("matrix", stored.matrix, (p, p))?,
            inverse: matrix("inverse", stored.inverse, (p, p))?,
            n_samples: stored.n_samples,
            scalar: PhantomData,
        })
    }
}
