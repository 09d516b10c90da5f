//! The data as k-means sees it: centred and in a unit in which no square overflows or vanishes, block by block.
//!
//! Squared distances by products cancel where the data lies far from the origin, so every block is centred while it is
//! copied. The unit is a power of two, which rounds nothing.

use std::ops::Range;

use lapwing_lapack::{Scalar, require_finite, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, s};

use crate::error::Error;

/// The most groups of rows that have sums of their own. It bounds the threads that one pass can use.
const MOST_GROUPS: usize = 16;

/// Samples (n x p) and their weights, with the origin and the unit that distances are computed in.
pub(super) struct Samples<'a, T> {
    x: ArrayView2<'a, T>,
    weights: Option<ArrayView1<'a, T>>,
    /// A power of two.
    scale: f64,
    /// In units of `scale`.
    origin: Array1<f64>,
}

impl<'a, T: Scalar> Samples<'a, T> {
    /// Counted from the mean of the samples; `others` are points that must fit into the unit too.
    pub(super) fn centred(
        x: &'a ArrayRef2<T>,
        weights: Option<&'a ArrayRef1<T>>,
        others: Option<&ArrayRef2<f64>>,
    ) -> Result<Self, Error> {
        let largest = largest("x", x)?.max(others.map_or(0.0, largest_entry));
        let mut samples = Self {
            x: x.view(),
            weights: weights.map(|weights| weights.view()),
            scale: unit(largest),
            origin: x.row(0).mapv(T::as_f64),
        };
        samples.origin *= samples.scale;
        let sums = samples.column_sums(|x| x);
        samples.origin += &(sums / x.nrows() as f64);
        Ok(samples)
    }

    /// Counted from the mean of `centres` (k x p), on which alone what is computed for a sample then depends.
    pub(super) fn around(
        x: &'a ArrayRef2<T>,
        weights: Option<&'a ArrayRef1<T>>,
        centres: &ArrayRef2<impl Scalar>,
    ) -> Result<Self, Error> {
        let scale = unit(largest("x", x)?.max(largest_entry(centres)));
        let mut origin = Array1::zeros(x.ncols());
        for centre in centres.outer_iter() {
            origin.zip_mut_with(&centre, |sum: &mut f64, entry| *sum += entry.as_f64() * scale);
        }
        origin /= centres.nrows() as f64;
        Ok(Self { x: x.view(), weights: weights.map(|weights| weights.view()), scale, origin })
    }

    /// As they are: of points that are in the unit already.
    pub(super) fn plain(x: &'a ArrayRef2<T>, weights: Option<&'a ArrayRef1<T>>) -> Self {
        let origin = Array1::zeros(x.ncols());
        Self { x: x.view(), weights: weights.map(|weights| weights.view()), scale: 1.0, origin }
    }

    pub(super) fn dim(&self) -> (usize, usize) {
        self.x.dim()
    }

    /// What a squared distance here must be multiplied by, twice, to be one of the data.
    pub(super) fn unit(&self) -> f64 {
        self.scale.recip()
    }

    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row].as_f64())
    }

    pub(super) fn is_weighted(&self) -> bool {
        self.weights.is_some()
    }

    /// The mean of the variances of the features, in this unit.
    pub(super) fn mean_variance(&self) -> f64 {
        let (n, p) = self.dim();
        self.column_sums(|x| x * x).iter().map(|sum| sum / n as f64).sum::<f64>() / p as f64
    }

    /// Points of the data in this unit.
    pub(super) fn inward<U: Scalar>(&self, points: &ArrayRef2<U>) -> Array2<f64> {
        let mut inside = points.mapv(|entry| entry.as_f64() * self.scale);
        inside -= &self.origin;
        inside
    }

    /// Points in this unit as points of the data.
    pub(super) fn outward(&self, points: &ArrayRef2<f64>) -> Array2<f64> {
        let mut outside = points.to_owned();
        outside += &self.origin;
        outside.mapv_inplace(|entry| entry / self.scale);
        outside
    }

    /// The given rows in this unit.
    pub(super) fn select(&self, rows: &[usize]) -> Result<Array2<f64>, Error> {
        let mut block: Array2<f64> = zeros(rows.len(), self.x.ncols())?;
        for (&row, mut copy) in rows.iter().zip(block.outer_iter_mut()) {
            self.load_row(row, &mut copy);
        }
        Ok(block)
    }

    /// Copies the rows `rows` into `block`, which is contiguous, in this unit.
    pub(super) fn load(&self, rows: Range<usize>, block: &mut ArrayViewMut2<f64>) {
        for (row, mut copy) in self.x.slice(s![rows, ..]).outer_iter().zip(block.outer_iter_mut()) {
            self.copy_row(row, &mut copy);
        }
    }

    /// One row in this unit.
    pub(super) fn row(&self, row: usize) -> Array1<f64> {
        let mut copy = Array1::zeros(self.x.ncols());
        self.load_row(row, &mut copy);
        copy
    }

    /// Copies one row in this unit.
    pub(super) fn load_row(&self, row: usize, copy: &mut ArrayRef1<f64>) {
        self.copy_row(self.x.row(row), copy);
    }

    fn copy_row(&self, row: ArrayView1<T>, copy: &mut ArrayRef1<f64>) {
        let shift = |x: T, origin: f64| x.as_f64() * self.scale - origin;
        // Slices where the rows are contiguous: a general iterator's set-up costs more than a short row's work.
        match (row.to_slice(), copy.as_slice_mut(), self.origin.as_slice()) {
            (Some(row), Some(copy), Some(origin)) => {
                for ((copy, x), origin) in copy.iter_mut().zip(row).zip(origin) {
                    *copy = shift(*x, *origin);
                }
            }
            _ => {
                for ((copy, x), origin) in copy.iter_mut().zip(&row).zip(&self.origin) {
                    *copy = shift(*x, *origin);
                }
            }
        }
    }

    /// The sums over the rows of `of` of each entry.
    fn column_sums(&self, of: impl Fn(f64) -> f64 + Sync) -> Array1<f64> {
        let (n, p) = self.dim();
        let groups = groups(n, p, 8);
        let parts = map_items(
            groups,
            || Array1::<f64>::zeros(p),
            |copy, rows: Range<usize>| {
                let mut sums = Array1::<f64>::zeros(p);
                for row in self.x.slice(s![rows, ..]).outer_iter() {
                    self.copy_row(row, copy);
                    sums.zip_mut_with(copy, |sum, x| *sum += of(*x));
                }
                sums
            },
        );
        parts.into_iter().fold(Array1::zeros(p), |total, part| total + part)
    }
}

/// Rows per block: the block and its scores stay in a core's second-level cache.
pub(super) fn rows_per_block(features: usize, clusters: usize) -> usize {
    (32_768 / features.max(clusters).max(1)).clamp(64, 1024)
}

/// Cuts the rows into groups whose sums are added in order. The cut depends on the shape alone, never on the number of
/// threads, and so do the bits of every sum.
pub(super) fn groups(rows: usize, features: usize, clusters: usize) -> Vec<Range<usize>> {
    let work = rows as u128 * features as u128 * clusters as u128;
    // All groups' sums together are no more than a quarter of the data.
    let most = (rows / clusters.max(1) / 4).clamp(2, MOST_GROUPS);
    let count = ((work >> 19) as usize).clamp(1, most).min(rows.max(1));
    let cut = |i: usize| (rows as u128 * i as u128 / count as u128) as usize;
    (0..count).map(|i| cut(i)..cut(i + 1)).collect()
}

/// Applies `work` to every item, on all threads, each with a workspace of its own; the results are in order.
pub(in crate::cluster) fn map_items<I: Send, S, R: Send>(
    items: Vec<I>,
    workspace: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, I) -> R + Sync,
) -> Vec<R> {
    let ranges = threads::partition(items.len(), 1);
    let mut items = items.into_iter();
    let parts: Vec<Vec<I>> = ranges.iter().map(|range| items.by_ref().take(range.len()).collect()).collect();
    let results = threads::map(parts, |part| {
        let mut workspace = workspace();
        part.into_iter().map(|item| work(&mut workspace, item)).collect::<Vec<R>>()
    });
    results.into_iter().flatten().collect()
}

/// The squared distance of two points, by differences, which cancel nothing.
pub(super) fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let (a_chunks, b_chunks) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    let rest: f64 = rest.map(|(a, b)| (a - b) * (a - b)).sum();
    // Four sums, so that additions do not wait for one another.
    let mut lanes = [0.0; 4];
    for (a, b) in a_chunks.zip(b_chunks) {
        for (lane, (a, b)) in lanes.iter_mut().zip(a.iter().zip(b)) {
            *lane += (a - b) * (a - b);
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

/// The largest magnitude in `x`, all of whose entries must be finite.
fn largest<T: Scalar>(argument: &'static str, x: &ArrayRef2<T>) -> Result<f64, Error> {
    require_finite(argument, x)?;
    let parts =
        map_items(groups(x.nrows(), x.ncols(), 8), || (), |(), rows| largest_entry(&x.slice(s![rows, ..])));
    Ok(parts.into_iter().fold(0.0, f64::max))
}

fn largest_entry<T: Scalar>(x: &ArrayRef2<T>) -> f64 {
    let of_row = |largest: f64, row: ArrayView1<T>| match row.to_slice() {
        Some(row) => row.iter().fold(largest, |largest, x| largest.max(x.as_f64().abs())),
        None => row.iter().fold(largest, |largest, x| largest.max(x.as_f64().abs())),
    };
    x.axis_iter(Axis(0)).fold(0.0, of_row)
}

/// The power of two that brings `largest` near 1.
fn unit(largest: f64) -> f64 {
    if largest == 0.0 {
        return 1.0;
    }
    let exponent = libm::frexp(largest).1;
    libm::ldexp(1.0, (-exponent).clamp(-1022, 1022))
}
