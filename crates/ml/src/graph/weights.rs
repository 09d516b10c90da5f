//! What every matrix of weights must be: square, finite, not negative, and symmetric up to rounding.

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, ArrayRef2};

use crate::error::Error;

/// Rows and columns of a tile: one of two mirror images is walked against the order in memory.
const TILE: usize = 32;

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
    for (first_row, first_col) in
        (0..n).step_by(TILE).flat_map(|i| (0..=i).step_by(TILE).map(move |j| (i, j)))
    {
        for row in first_row..n.min(first_row + TILE) {
            for col in first_col..(row + 1).min(first_col + TILE) {
                let (entry, mirror) = (weights[[row, col]].as_f64(), weights[[col, row]].as_f64());
                for (row, col, value) in [(row, col, entry), (col, row, mirror)] {
                    if value < 0.0 {
                        return Err(Error::NegativeWeight { argument, row, col, value });
                    }
                }
                largest = largest.max(entry).max(mirror);
                worst.note(row, col, (entry - mirror).abs());
            }
        }
    }
    worst.require_rounding(argument, n, largest, T::UNIT_ROUNDOFF.as_f64())
}

/// That a sparse matrix holds weights, which are returned in compressed rows: exactly symmetric, as the means of mirror
/// images, and without the entries that are zero.
pub(crate) fn symmetric_rows(argument: &'static str, weights: &CsMat<f64>) -> Result<CsMat<f64>, Error> {
    let n = require_square(argument, weights.shape())?;
    for (&value, (row, col)) in weights.iter() {
        if !value.is_finite() {
            return Err(lapwing_lapack::Error::NonFinite { argument, row, col }.into());
        }
        if value < 0.0 {
            return Err(Error::NegativeWeight { argument, row, col, value });
        }
    }
    let (rows, mirrored) = (weights.to_csr(), weights.transpose_view().to_csr());
    let (mut starts, mut columns, mut entries) = (vec![0], Vec::new(), Vec::new());
    let mut largest = 0.0f64;
    let mut worst = Difference::default();
    for (row, (entry, mirror)) in rows.outer_iterator().zip(mirrored.outer_iterator()).enumerate() {
        let (mut entry, mut mirror) = (entry.iter().peekable(), mirror.iter().peekable());
        loop {
            let col = match (entry.peek(), mirror.peek()) {
                (Some((a, _)), Some((b, _))) => *a.min(b),
                (Some((a, _)), None) => *a,
                (None, Some((b, _))) => *b,
                (None, None) => break,
            };
            let value = |at: Option<(usize, &f64)>| at.map_or(0.0, |(_, &value)| value);
            let a = value(entry.next_if(|(at, _)| *at == col));
            let b = value(mirror.next_if(|(at, _)| *at == col));
            largest = largest.max(a).max(b);
            worst.note(row.max(col), row.min(col), (a - b).abs());
            // Halved first: a sum may overflow where neither term does. Both images are the same sum.
            let mean = if a == b { a } else { 0.5 * a + 0.5 * b };
            if mean > 0.0 {
                columns.push(col);
                entries.push(mean);
            }
        }
        starts.push(columns.len());
    }
    worst.require_rounding(argument, n, largest, f64::EPSILON / 2.0)?;
    Ok(CsMat::new((n, n), starts, columns, entries))
}

/// The sums of the rows without their diagonal: an error where one overflows.
pub(crate) fn finite_degrees(degrees: Array1<f64>) -> Result<Array1<f64>, Error> {
    if degrees.iter().all(|degree| degree.is_finite()) {
        return Ok(degrees);
    }
    Err(lapwing_lapack::Error::Overflow { routine: "the sum of the weights of a node", scalar: "f64" }.into())
}

fn require_square(argument: &'static str, (rows, cols): (usize, usize)) -> Result<usize, Error> {
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
