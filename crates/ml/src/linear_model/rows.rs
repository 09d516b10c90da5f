//! The rows of a regression, and the same around their means in blocks: what further passes over the data work on, without a
//! centred copy.

use std::ops::Range;

use lapwing_lapack::{Scalar, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};

use super::cross_moments::{Intercept, counted_from_zero};
use crate::error::Error;
use crate::row_blocks::{partition, rows_per_block};

/// Features (n x p), targets (n x t) and weights (n) that have been checked against each other.
#[derive(Clone, Copy)]
pub(crate) struct WeightedRows<'a, T> {
    pub(crate) x: ArrayView2<'a, T>,
    pub(crate) y: ArrayView2<'a, T>,
    pub(crate) weights: Option<&'a ArrayRef1<T>>,
    pub(crate) intercept: Intercept,
}

/// What the fit is around: the weighted means, or zero without an intercept.
pub(crate) struct Centre {
    /// p.
    pub(crate) x: Array1<f64>,
    /// t.
    pub(crate) y: Array1<f64>,
    /// What the means lost when they were rounded.
    pub(crate) x_rounding: Array1<f64>,
    pub(crate) y_rounding: Array1<f64>,
}

impl Centre {
    /// What the predictions are at the rounded mean of the features, for coefficients with a row for each target.
    pub(crate) fn level(&self, coefficients: &ArrayRef2<f64>) -> Array1<f64> {
        &self.y + &(&self.y_rounding - &coefficients.dot(&self.x_rounding))
    }
}

impl<T: Scalar> WeightedRows<'_, T> {
    /// The weighted means, in sums that stay in range.
    pub(crate) fn centre(&self) -> Centre {
        let shares = self.weights.map(|weights| {
            let total: f64 = weights.iter().map(|weight| weight.as_f64()).sum();
            weights.mapv(|weight| weight.as_f64() / total)
        });
        let of = |rows: ArrayView2<T>| match self.intercept {
            Intercept::Fitted => mean(rows, shares.as_ref()),
            Intercept::Zero => (Array1::zeros(rows.ncols()), Array1::zeros(rows.ncols())),
        };
        let ((x, x_rounding), (y, y_rounding)) = (of(self.x), of(self.y));
        Centre { x, y, x_rounding, y_rounding }
    }

    /// n, where there are weights.
    pub(crate) fn root_weights(&self) -> Option<Array1<f64>> {
        self.weights.map(|weights| weights.mapv(|weight| weight.as_f64().sqrt()))
    }
}

/// The mean of the rows, each with its share of the whole, and what its rounding lost.
fn mean<T: Scalar>(rows: ArrayView2<T>, shares: Option<&Array1<f64>>) -> (Array1<f64>, Array1<f64>) {
    let reference = rows.row(0).mapv(T::as_f64);
    let even = 1.0 / rows.nrows() as f64;
    let mut mean = Array1::<f64>::zeros(rows.ncols());
    for (band, rows) in rows.axis_chunks_iter(Axis(0), BAND).enumerate() {
        for ((column, mean), reference) in rows.columns().into_iter().zip(&mut mean).zip(&reference) {
            // Halved, because the difference of two numbers may be out of range where neither is.
            let half = |x: &T| x.as_f64() / 2.0 - reference / 2.0;
            *mean += match shares {
                None => column.iter().map(|x| even * half(x)).sum::<f64>(),
                Some(shares) => {
                    column.iter().zip(shares.slice(s![band * BAND..])).map(|(x, share)| share * half(x)).sum()
                }
            };
        }
    }
    counted_from_zero(&reference, &(mean * 2.0))
}

/// So many rows keep what is read by columns in the first-level cache.
const BAND: usize = 64;

/// Features and targets less their centre, each row times the root of its weight, in `f64`.
pub(crate) struct CentredRows<'a, 'c, T> {
    pub(crate) rows: WeightedRows<'a, T>,
    pub(crate) x_centre: &'c Array1<f64>,
    pub(crate) y_centre: &'c Array1<f64>,
    pub(crate) root_weights: Option<&'c Array1<f64>>,
}

impl<T: Scalar> CentredRows<'_, '_, T> {
    /// Lets `add` fold the blocks into an accumulator for each thread, and returns these in the order of the rows. The
    /// targets of a block are a buffer to work in.
    pub(crate) fn fold<S: Send>(
        &self,
        start: impl Fn() -> Result<S, Error> + Sync,
        add: impl Fn(&mut S, Range<usize>, &ArrayRef2<f64>, &mut ArrayRef2<f64>) -> Result<(), Error> + Sync,
    ) -> Result<Vec<S>, Error> {
        let (rows, features) = self.rows.x.dim();
        let parts = threads::map(partition(rows, features, 1), |range| {
            let height = rows_per_block(features).min(range.len()).max(1);
            let (mut x, mut y) = (buffer_like(self.rows.x, height)?, buffer_like(self.rows.y, height)?);
            let mut sum = start()?;
            for first in range.clone().step_by(height) {
                let block = first..(first + height).min(range.end);
                let mut x = x.slice_mut(s![..block.len(), ..]);
                let mut y = y.slice_mut(s![..block.len(), ..]);
                self.copy_x(block.clone(), &mut x);
                self.copy_y(block.clone(), &mut y);
                add(&mut sum, block, &x, &mut y)?;
            }
            Ok(sum)
        });
        parts.into_iter().collect()
    }

    /// Writes these rows of the features into `target`, of as many rows.
    pub(crate) fn copy_x(&self, rows: Range<usize>, target: &mut ArrayViewMut2<f64>) {
        let roots = self.root_weights.map(|roots| roots.slice(s![rows.clone()]));
        copy_centred(self.rows.x.slice(s![rows, ..]), self.x_centre, roots, target);
    }

    /// Writes these rows of the targets into `target`, of as many rows.
    pub(crate) fn copy_y(&self, rows: Range<usize>, target: &mut ArrayViewMut2<f64>) {
        let roots = self.root_weights.map(|roots| roots.slice(s![rows.clone()]));
        copy_centred(self.rows.y.slice(s![rows, ..]), self.y_centre, roots, target);
    }
}

/// Room for `height` rows of `source`, in its memory order, so that a copy streams.
pub(crate) fn buffer_like<T>(source: ArrayView2<T>, height: usize) -> Result<Array2<f64>, Error> {
    let columns = source.ncols();
    if is_row_major(source) {
        Ok(zeros(height, columns)?)
    } else {
        Ok(zeros(columns, height)?.reversed_axes())
    }
}

fn is_row_major<T>(source: ArrayView2<T>) -> bool {
    source.ncols() <= 1 || source.strides()[1] == 1
}

fn copy_centred<T: Scalar>(
    source: ArrayView2<T>,
    centre: &Array1<f64>,
    roots: Option<ArrayView1<f64>>,
    target: &mut ArrayViewMut2<f64>,
) {
    if is_row_major(source) && target.strides()[1] == 1 {
        for (i, (row, mut copy)) in source.outer_iter().zip(target.outer_iter_mut()).enumerate() {
            match (row.to_slice(), copy.as_slice_mut(), centre.as_slice()) {
                (Some(row), Some(copy), Some(centre)) => {
                    for ((copy, x), centre) in copy.iter_mut().zip(row).zip(centre) {
                        *copy = x.as_f64() - centre;
                    }
                }
                _ => ndarray::Zip::from(&mut copy).and(&row).and(centre).for_each(|copy, x, centre| {
                    *copy = x.as_f64() - centre;
                }),
            }
            if let Some(roots) = &roots {
                copy *= roots[i];
            }
        }
        return;
    }
    let bands = source.axis_chunks_iter(Axis(0), BAND).zip(target.axis_chunks_iter_mut(Axis(0), BAND));
    for (band, (rows, mut copies)) in bands.enumerate() {
        for ((column, mut copy), centre) in rows.columns().into_iter().zip(copies.columns_mut()).zip(centre) {
            copy.zip_mut_with(&column, |copy, x| *copy = x.as_f64() - centre);
            if let Some(roots) = &roots {
                let first = band * BAND;
                copy *= &roots.slice(s![first..first + copy.len()]);
            }
        }
    }
}
