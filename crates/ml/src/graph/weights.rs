//! What every matrix of weights must be: square, finite, not negative, and symmetric up to rounding.

use std::ops::Range;

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, ArrayRef2};

use crate::error::Error;

/// That a dense matrix holds weights.
///
/// Mirror images may differ by `2 n ε` of the largest entry, as those of a product computed in any order do.
pub(crate) fn require_weights<T: Scalar>(
    argument: &'static str,
    weights: &ArrayRef2<T>,
) -> Result<(), Error> {
    let n = require_square(argument, weights.dim())?;
    require_finite(argument, weights)?;
    let mut largest = 0.0f64;
    let mut worst = Difference::default();
    let mut negative = None;
    for_each_tile(n, |rows, cols| {
        for row in rows {
            for col in cols.clone().take_while(|&col| col <= row) {
                let (entry, mirror) = (weights[[row, col]].as_f64(), weights[[col, row]].as_f64());
                for (row, col, value) in [(row, col, entry), (col, row, mirror)] {
                    if value < 0.0 && negative.is_none() {
                        negative = Some((row, col, value));
                    }
                }
                largest = largest.max(entry).max(mirror);
                worst.note(row, col, (entry - mirror).abs());
            }
        }
    });
    if let Some((row, col, value)) = negative {
        return Err(Error::NegativeWeight { argument, row, col, value });
    }
    worst.require_rounding(argument, n, largest, T::UNIT_ROUNDOFF.as_f64())
}

/// That a sparse matrix holds weights, which are returned in compressed rows: exactly symmetric, as the means of mirror
/// images, which may differ by `2 n` times the unit roundoff that they were computed with, and without the entries that are zero.
pub(crate) fn symmetric_rows(
    argument: &'static str,
    weights: &CsMat<f64>,
    unit_roundoff: f64,
) -> Result<CsMat<f64>, Error> {
    let n = require_square(argument, weights.shape())?;
    for (&value, (row, col)) in weights.iter() {
        if !value.is_finite() {
            return Err(lapwing_lapack::Error::NonFinite { argument, row, col }.into());
        }
        if value < 0.0 {
            return Err(Error::NegativeWeight { argument, row, col, value });
        }
    }
    let mut largest = 0.0f64;
    let mut worst = Difference::default();
    let symmetric = merge_mirror_images(weights, |(row, col), entry, mirror| {
        largest = largest.max(entry).max(mirror);
        worst.note(row.max(col), row.min(col), (entry - mirror).abs());
        mean(entry, mirror)
    });
    worst.require_rounding(argument, n, largest, unit_roundoff)?;
    Ok(symmetric)
}

/// Halved first, because a sum may overflow where its terms do not; but a half may lose a bit where the terms are tiny.
pub(crate) fn mean(a: f64, b: f64) -> f64 {
    if a == b { a } else { 0.5 * a + 0.5 * b }
}

/// Combines each entry with its mirror image, where at least one is stored, and keeps what is not zero. A function of both
/// that does not tell them apart makes the result exactly symmetric.
pub(crate) fn merge_mirror_images(
    weights: &CsMat<f64>,
    mut combine: impl FnMut((usize, usize), f64, f64) -> f64,
) -> CsMat<f64> {
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
            let combined = combine((row, col), value_here, value_there);
            if combined != 0.0 {
                indices.push(col);
                entries.push(combined);
            }
        }
        offsets.push(indices.len());
    }
    CsMat::new(weights.shape(), offsets, indices, entries)
}

/// Calls `work` with the rows and columns of each tile of a square matrix: one of two mirror images is walked against the order
/// in memory, and so must be near.
pub(crate) fn for_each_tile(n: usize, mut work: impl FnMut(Range<usize>, Range<usize>)) {
    /// Rows and columns of a tile.
    const TILE: usize = 32;
    for row in (0..n).step_by(TILE) {
        for col in (0..n).step_by(TILE) {
            work(row..n.min(row + TILE), col..n.min(col + TILE));
        }
    }
}

/// The sums of the rows without their diagonal: an error where one overflows.
pub(crate) fn finite_degrees(degrees: Array1<f64>) -> Result<Array1<f64>, Error> {
    if degrees.iter().all(|degree| degree.is_finite()) {
        return Ok(degrees);
    }
    Err(lapwing_lapack::Error::Overflow { routine: "the sum of the weights of a node", scalar: "f64" }.into())
}

pub(crate) fn require_square(argument: &'static str, (rows, cols): (usize, usize)) -> Result<usize, Error> {
    if rows == cols {
        Ok(rows)
    } else {
        Err(lapwing_lapack::Error::NotSquare { argument, rows, cols }.into())
    }
}

/// The largest difference between an entry and its mirror image, and where it is.
#[derive(Default)]
struct Difference {
    largest: f64,
    row: usize,
    col: usize,
}

impl Difference {
    fn note(&mut self, row: usize, col: usize, difference: f64) {
        if difference > self.largest {
            *self = Self { largest: difference, row, col };
        }
    }

    fn require_rounding(
        self,
        argument: &'static str,
        n: usize,
        largest: f64,
        unit: f64,
    ) -> Result<(), Error> {
        // Divided rather than multiplied: the bound itself may underflow, the quotient does not.
        if self.largest == 0.0 || self.largest / largest <= 2.0 * n as f64 * unit {
            return Ok(());
        }
        let (row, col, difference) = (self.row, self.col, self.largest);
        Err(lapwing_lapack::Error::NotSymmetric { argument, row, col, difference }.into())
    }
}
