//! The rows of a regression around their means, in blocks: what further passes over the data work on, without a centred copy.

use std::ops::Range;

use lapwing_lapack::{Scalar, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};

use super::regression::Regression;
use crate::error::Error;
use crate::row_blocks::{partition, rows_per_block};

/// So many rows keep what is read by columns in the first-level cache.
pub(super) const BAND: usize = 64;

/// Features and targets less their centre, each row times the root of its weight, in `f64`.
pub(crate) struct CentredRows<'a, 'c, T: Scalar> {
    pub(crate) rows: Regression<'a, T>,
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
            let (mut x, mut y) =
                (buffer_like(self.rows.x.view(), height)?, buffer_like(self.rows.y, height)?);
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
