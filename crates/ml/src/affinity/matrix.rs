//! Affinities as matrices: dense or sparse, symmetric, and how what is not symmetric is made so.

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array2, ArrayRef2};

use crate::error::Error;
use crate::graph::{
    for_each_tile, mean, merge_mirror_images, require_square, require_weights, symmetric_rows,
};

/// Affinities between n samples: finite, not negative, and exactly symmetric.
#[derive(Clone, Debug, PartialEq)]
pub enum AffinityMatrix {
    /// All of them, n x n.
    Dense(Array2<f64>),
    /// Those that are not zero, n x n, in compressed rows.
    Sparse(CsMat<f64>),
}

impl AffinityMatrix {
    /// Takes affinities that were computed elsewhere. Entries may differ from their mirror image by rounding, and are
    /// replaced by the mean of both. `argument` is their name in an error.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `NotSquare`, `NonFinite`, or `NotSymmetric` when entries differ by more than 2nε of the largest,
    /// ε the unit roundoff of the scalar given; [`Error::NegativeWeight`].
    pub fn from_dense<T: Scalar>(argument: &'static str, affinities: &ArrayRef2<T>) -> Result<Self, Error> {
        require_weights(argument, affinities)?;
        let n = affinities.nrows();
        let mut symmetric = zeros(n, n)?;
        for_each_tile(n, |rows, cols| {
            for row in rows {
                for col in cols.clone() {
                    let (value, mirror) = (affinities[[row, col]].as_f64(), affinities[[col, row]].as_f64());
                    symmetric[[row, col]] = mean(value, mirror);
                }
            }
        });
        Ok(AffinityMatrix::Dense(symmetric))
    }

    /// As [`from_dense`](Self::from_dense), for a sparse matrix in rows or columns. Zeros that are stored are dropped.
    ///
    /// # Errors
    /// As [`from_dense`](Self::from_dense).
    pub fn from_sparse<T: Scalar>(argument: &'static str, affinities: &CsMat<T>) -> Result<Self, Error> {
        let affinities = affinities.map(|value| value.as_f64());
        let symmetric = symmetric_rows(argument, &affinities, T::UNIT_ROUNDOFF.as_f64())?;
        Ok(AffinityMatrix::Sparse(symmetric))
    }

    /// n, the number of samples.
    pub fn n_samples(&self) -> usize {
        match self {
            AffinityMatrix::Dense(affinities) => affinities.nrows(),
            AffinityMatrix::Sparse(affinities) => affinities.rows(),
        }
    }
}

/// What becomes of an edge that has different weights in its two directions; one that is not there has weight 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Symmetrization {
    /// The larger weight: an edge that is there in either direction.
    Union,
    /// The smaller weight: an edge that is there in both.
    Mutual,
    /// The mean, scikit-learn's choice.
    #[default]
    Average,
}

impl Symmetrization {
    /// Makes weights (n x n) symmetric; the result is in compressed rows, without the entries that are zero.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `NotSquare` or `NonFinite`.
    pub fn apply(self, weights: &CsMat<f64>) -> Result<CsMat<f64>, Error> {
        require_square("weights", weights.shape())?;
        if let Some((_, (row, col))) = weights.iter().find(|(weight, _)| !weight.is_finite()) {
            return Err(lapwing_lapack::Error::NonFinite { argument: "weights", row, col }.into());
        }
        Ok(merge_mirror_images(weights, |_, weight, mirror| match self {
            Symmetrization::Union => weight.max(mirror),
            Symmetrization::Mutual => weight.min(mirror),
            Symmetrization::Average => mean(weight, mirror),
        }))
    }
}
