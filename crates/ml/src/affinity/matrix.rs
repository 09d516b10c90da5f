//! Affinities as matrices: dense or sparse, symmetric, and how what is not symmetric is made so.

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::{Scalar, require_finite, zeros};
use ndarray::{Array2, ArrayRef2};

use crate::error::Error;

/// Rows and columns of a tile.
const TILE: usize = 32;

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
        let n = require_square(argument, affinities.dim())?;
        require_finite(argument, affinities)?;
        let mut tolerance = Rounding::default();
        let mut symmetric = zeros(n, n)?;
        // By tiles: mirror images are walked against the order in memory.
        let tiles = (0..n).step_by(TILE).flat_map(|i| (0..n).step_by(TILE).map(move |j| (i, j)));
        for (first_row, first_col) in tiles {
            for row in first_row..n.min(first_row + TILE) {
                for col in first_col..n.min(first_col + TILE) {
                    let (value, mirror) = (affinities[[row, col]].as_f64(), affinities[[col, row]].as_f64());
                    symmetric[[row, col]] = tolerance.mean(argument, (row, col), value, mirror)?;
                }
            }
        }
        tolerance.require(argument, n, T::UNIT_ROUNDOFF.as_f64())?;
        Ok(AffinityMatrix::Dense(symmetric))
    }

    /// As [`from_dense`](Self::from_dense), for a sparse matrix in rows or columns. Zeros that are stored are dropped.
    ///
    /// # Errors
    /// As [`from_dense`](Self::from_dense).
    pub fn from_sparse<T: Scalar>(argument: &'static str, affinities: &CsMat<T>) -> Result<Self, Error> {
        let n = require_square(argument, affinities.shape())?;
        for (value, (row, col)) in affinities.iter() {
            if !value.is_finite() {
                return Err(lapwing_lapack::Error::NonFinite { argument, row, col }.into());
            }
        }
        let mut tolerance = Rounding::default();
        let affinities = affinities.map(|value| value.as_f64());
        let symmetric = merge_mirror_images(&affinities, |place, value, mirror| {
            tolerance.mean(argument, place, value, mirror)
        })?;
        tolerance.require(argument, n, T::UNIT_ROUNDOFF.as_f64())?;
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
        merge_mirror_images(weights, |_, weight, mirror| {
            Ok(match self {
                Symmetrization::Union => weight.max(mirror),
                Symmetrization::Mutual => weight.min(mirror),
                Symmetrization::Average => mean(weight, mirror),
            })
        })
    }
}

/// Halved first, because a sum may overflow where its terms do not; but a half may lose a bit where the terms are tiny.
fn mean(a: f64, b: f64) -> f64 {
    if a == b { a } else { 0.5 * a + 0.5 * b }
}

/// Combines each entry with its mirror image, where at least one is stored, and keeps what is not zero. A function of both
/// that does not tell them apart makes the result exactly symmetric.
fn merge_mirror_images(
    weights: &CsMat<f64>,
    mut combine: impl FnMut((usize, usize), f64, f64) -> Result<f64, Error>,
) -> Result<CsMat<f64>, Error> {
    let (rows, mirrored) = (weights.to_csr(), weights.transpose_view().to_csr());
    let (mut offsets, mut indices, mut entries) = (vec![0], Vec::new(), Vec::new());
    for (row, (weight, mirror)) in rows.outer_iterator().zip(mirrored.outer_iterator()).enumerate() {
        let (mut weight, mut mirror) = (weight.iter().peekable(), mirror.iter().peekable());
        let next = |weight: Option<&(usize, &f64)>, mirror: Option<&(usize, &f64)>| {
            weight.into_iter().chain(mirror).map(|(col, _)| *col).min()
        };
        while let Some(col) = next(weight.peek(), mirror.peek()) {
            let value = |entry: Option<(usize, &f64)>| entry.map_or(0.0, |(_, &value)| value);
            let value_here = value(weight.next_if(|(at, _)| *at == col));
            let value_there = value(mirror.next_if(|(at, _)| *at == col));
            let combined = combine((row, col), value_here, value_there)?;
            if combined != 0.0 {
                indices.push(col);
                entries.push(combined);
            }
        }
        offsets.push(indices.len());
    }
    Ok(CsMat::new(weights.shape(), offsets, indices, entries))
}

fn require_square(argument: &'static str, (rows, cols): (usize, usize)) -> Result<usize, Error> {
    if rows == cols {
        Ok(rows)
    } else {
        Err(lapwing_lapack::Error::NotSquare { argument, rows, cols }.into())
    }
}

/// How far entries are from their mirror images, and where that is farthest.
#[derive(Default)]
struct Rounding {
    largest: f64,
    difference: f64,
    place: (usize, usize),
}

impl Rounding {
    /// The mean of an entry and its mirror image, which must not be negative.
    fn mean(
        &mut self,
        argument: &'static str,
        (row, col): (usize, usize),
        value: f64,
        mirror: f64,
    ) -> Result<f64, Error> {
        if value < 0.0 {
            return Err(Error::NegativeWeight { argument, row, col, value });
        }
        self.largest = self.largest.max(value);
        if (value - mirror).abs() > self.difference {
            self.difference = (value - mirror).abs();
            self.place = (row, col);
        }
        Ok(mean(value, mirror))
    }

    /// That the difference is what products of n terms, computed in any order, may have.
    fn require(self, argument: &'static str, n: usize, unit_roundoff: f64) -> Result<(), Error> {
        // Divided rather than multiplied: the bound itself may underflow, the quotient does not.
        if self.difference == 0.0 || self.difference / self.largest <= 2.0 * n as f64 * unit_roundoff {
            return Ok(());
        }
        let ((row, col), difference) = (self.place, self.difference);
        Err(lapwing_lapack::Error::NotSymmetric { argument, row, col, difference }.into())
    }
}
