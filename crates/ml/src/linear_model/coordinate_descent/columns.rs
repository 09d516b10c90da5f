//! Residual updates of dense data: the residual itself is kept, and multiplied by one column after the other.

use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, Axis, s};

use super::descent::Problem;
use crate::error::Error;

/// The columns of the data, centred and weighted, one after the other in memory. A descent reads them hundreds of times and
/// one by one, so that this copy pays for itself in any layout; it serves data with fewer samples than features, where a
/// Gram matrix would be larger.
pub(super) struct Columns {
    pub(super) x_mean: Array1<f64>,
    pub(super) y_mean: Array1<f64>,
    /// A row for each column of the data.
    x: Array2<f64>,
    /// A row for each target.
    y: Array2<f64>,
    squares: Vec<f64>,
}

/// Columns that are copied together: a row of them is a cache line of the source.
const TOGETHER: usize = 8;

impl Columns {
    /// The columns of `x` and `y` with each row times its factor, the root of its share of the weight; centred on their
    /// weighted means, or not at all.
    pub(super) fn new<T: Scalar>(
        x: &ArrayRef2<T>,
        y: &ArrayRef2<T>,
        factors: Option<&Array1<f64>>,
        centred: bool,
    ) -> Result<Self, Error> {
        let (x, x_mean) = transposed(x, factors, centred)?;
        let (y, y_mean) = transposed(y, factors, centred)?;
        let squares = x.outer_iter().map(|column| column.dot(&column)).collect();
        Ok(Self { x_mean, y_mean, x, y, squares })
    }

    pub(super) fn is_finite(&self) -> bool {
        let targets = self.y.outer_iter().map(|y| y.dot(&y));
        self.squares.iter().copied().chain(targets).all(f64::is_finite)
    }

    pub(super) fn problem(&self, target: usize) -> Residual<'_> {
        let y = self.y.row(target);
        Residual { columns: self, target: y, target_squares: y.dot(&y), residual: y.to_owned() }
    }
}

/// The transpose of `a`, centred and weighted, and the means of its columns.
fn transposed<T: Scalar>(
    a: &ArrayRef2<T>,
    factors: Option<&Array1<f64>>,
    centred: bool,
) -> Result<(Array2<f64>, Array1<f64>), Error> {
    let mut out = zeros(a.ncols(), a.nrows())?;
    let mut means = Array1::zeros(a.ncols());
    let weights = factors.map(|factors| factors.mapv(|factor| factor * factor));
    let weight = weights.as_ref().map_or(a.nrows() as f64, |weights| weights.sum());
    for start in (0..a.ncols()).step_by(TOGETHER) {
        let end = (start + TOGETHER).min(a.ncols());
        let mut rows = out.slice_mut(s![start..end, ..]);
        for (mut copy, row) in rows.axis_iter_mut(Axis(1)).zip(a.slice(s![.., start..end]).outer_iter()) {
            copy.zip_mut_with(&row, |copy, x| *copy = x.as_f64());
        }
        for (mut column, mean) in rows.outer_iter_mut().zip(means.slice_mut(s![start..end])) {
            if centred {
                // Counted from the first entry, so that what is far from zero loses no digit.
                let first = column[0];
                column -= first;
                let shift = weights.as_ref().map_or_else(|| column.sum(), |w| column.dot(w)) / weight;
                column -= shift;
                *mean = first + shift;
            }
            if let Some(factors) = factors {
                column *= factors;
            }
        }
    }
    Ok((out, means))
}

/// One target and its residual.
pub(super) struct Residual<'a> {
    columns: &'a Columns,
    target: ArrayView1<'a, f64>,
    target_squares: f64,
    residual: Array1<f64>,
}

impl Problem for Residual<'_> {
    fn squares(&self) -> &[f64] {
        &self.columns.squares
    }

    fn target_squares(&self) -> f64 {
        self.target_squares
    }

    fn correlation(&self, j: usize) -> f64 {
        self.columns.x.row(j).dot(&self.residual)
    }

    fn correlations(&self, out: &mut [f64]) {
        out.iter_mut().enumerate().for_each(|(j, out)| *out = self.correlation(j));
    }

    fn subtract(&mut self, j: usize, by: f64) {
        self.residual.scaled_add(-by, &self.columns.x.row(j));
    }

    fn residual(&self, _: &[f64]) -> (f64, f64) {
        let residual: &ArrayRef1<f64> = &self.residual;
        (residual.dot(residual), residual.dot(&self.target))
    }
}
