//! All distances, by products of blocks of rows: the method for many features, where a tree prunes nothing.
//!
//! ‖x − y‖² = ‖x‖² + ‖y‖² − 2 xᵀy cancels, so rows are counted from the samples' mean, and the number that it gives is
//! taken only for what it surely is: within a bound on its rounding errors. Entries that may belong to the answer, about
//! k log(n / k) for each query, are measured again by differences; for all others one comparison is enough.

use lapwing_lapack::{kernel, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, Axis, s};

use super::candidates::{Answers, Collector, Part, squared_distance};
use crate::error::Error;

/// Queries and samples per block: the products of 1 MB stay in the second-level cache.
const QUERIES: usize = 256;
const SAMPLES: usize = 512;
/// Entries that are compared at once.
const LANES: usize = 8;

#[derive(Clone, Debug)]
pub(super) struct Brute {
    samples: Array2<f64>,
    mean: Array1<f64>,
    /// Half of each sample's squared length, counted from the mean.
    half_squares: Vec<f64>,
}

impl Brute {
    /// Of at least one sample.
    pub(super) fn new(samples: Array2<f64>) -> Self {
        let n = samples.nrows() as f64;
        // Any centre will do: what its rounding errors are worth is the same for all rows.
        let mean = samples.sum_axis(Axis(0)) / n;
        let half_square =
            |row: &[f64]| row.iter().zip(&mean).map(|(x, mean)| (x - mean).powi(2)).sum::<f64>() / 2.0;
        let half_squares = rows(&samples.view()).map(half_square).collect();
        Self { samples, mean, half_squares }
    }

    pub(super) fn samples(&self) -> ArrayView2<'_, f64> {
        self.samples.view()
    }

    /// Answers each query, a row of `queries`.
    pub(super) fn search<C: Collector>(
        &self,
        queries: &ArrayView2<'_, f64>,
        collector: impl Fn(usize) -> C + Sync,
    ) -> Result<Answers, Error> {
        let count = queries.nrows();
        let parts = threads::map(threads::partition(count, 64), |range| {
            let mut part = Part::default();
            let mut block =
                Block::new(QUERIES.min(range.len()), SAMPLES.min(self.samples.nrows()), queries.ncols())?;
            for first in range.clone().step_by(QUERIES) {
                let last = range.end.min(first + QUERIES);
                let mut collectors: Vec<C> = (first..last).map(&collector).collect();
                self.search_block(&queries.slice(s![first..last, ..]), &mut collectors, &mut block)?;
                for (query, collector) in (first..last).zip(&mut collectors) {
                    part.take(query, collector);
                }
            }
            Ok(part)
        });
        Ok(Answers::collect(count, &parts.into_iter().collect::<Result<Vec<Part>, Error>>()?))
    }

    fn search_block<C: Collector>(
        &self,
        queries: &ArrayView2<'_, f64>,
        collectors: &mut [C],
        block: &mut Block,
    ) -> Result<(), Error> {
        let mut centred = block.queries.slice_mut(s![..queries.nrows(), ..]);
        self.centre(queries, &mut centred);
        let half_squares: Vec<f64> = centred.outer_iter().map(|row| row.dot(&row) / 2.0).collect();
        for first in (0..self.samples.nrows()).step_by(SAMPLES) {
            let last = self.samples.nrows().min(first + SAMPLES);
            let samples = self.samples.slice(s![first..last, ..]);
            let mut others = block.samples.slice_mut(s![..last - first, ..]);
            self.centre(&samples, &mut others);
            let mut products = block.products.slice_mut(s![..queries.nrows(), ..last - first]);
            kernel::gemm(1.0, &centred, &others.t(), 0.0, &mut products)?;

            let others = &self.half_squares[first..last];
            let largest = others.iter().fold(0.0f64, |largest, &square| largest.max(square));
            let rows = rows(queries).zip(products.outer_iter()).zip(&half_squares).zip(collectors.iter_mut());
            for (((query, products), &half_square), collector) in rows {
                let margin = half_error(query.len(), half_square + largest);
                let Some(products) = products.to_slice() else { continue };
                let limit = |collector: &C| collector.bound() / 2.0 - half_square + margin;
                scan(products, others, collector, limit, |j, collector| {
                    let square = squared_distance(query, row(&samples, j));
                    if square <= collector.bound() {
                        collector.offer(square, first + j);
                    }
                });
            }
        }
        Ok(())
    }

    fn centre(&self, rows: &ArrayView2<'_, f64>, out: &mut ArrayRef2<f64>) {
        for (row, mut out) in rows.outer_iter().zip(out.outer_iter_mut()) {
            for ((out, x), mean) in out.iter_mut().zip(&row).zip(&self.mean) {
                *out = x - mean;
            }
        }
    }
}

/// What one thread works in.
struct Block {
    queries: Array2<f64>,
    samples: Array2<f64>,
    products: Array2<f64>,
}

impl Block {
    fn new(queries: usize, samples: usize, features: usize) -> Result<Self, Error> {
        Ok(Self {
            queries: zeros(queries, features)?,
            samples: zeros(samples, features)?,
            products: zeros(queries, samples)?,
        })
    }
}

/// Half of what ‖x‖² + ‖y‖² − 2 xᵀy, counted from a mean, may differ from the square measured by differences, where
/// `half_squares` bounds (‖x‖² + ‖y‖²) / 2.
///
/// With u = ε/2 and s = ‖x‖² + ‖y‖² ≥ 2|xᵀy| ≥ ‖x − y‖²/2: centring moves the points by u‖x‖ and u‖y‖, hence the square
/// by at most 4us; the lengths err by pus, the product by pus, their sums by 4us, and the square by differences by 2(p + 2)us:
/// less than (4p + 16)us to first order. The smallest normal number covers what underflows.
fn half_error(features: usize, half_squares: f64) -> f64 {
    (2 * features + 16) as f64 * f64::EPSILON * half_squares + f64::MIN_POSITIVE
}

/// Calls `measure` for each entry that may belong to the answer: ‖y‖²/2 − xᵀy at most `limit`, which falls as the search
/// goes on.
#[inline(always)]
fn scan<C>(
    products: &[f64],
    half_squares: &[f64],
    collector: &mut C,
    limit: impl Fn(&C) -> f64,
    mut measure: impl FnMut(usize, &mut C),
) {
    let mut bound = limit(collector);
    let chunks = products.chunks(LANES).zip(half_squares.chunks(LANES));
    for (chunk, (products, half_squares)) in chunks.enumerate() {
        let mut least = [f64::INFINITY; LANES];
        for ((least, product), half) in least.iter_mut().zip(products).zip(half_squares) {
            *least = half - product;
        }
        if least.iter().any(|&value| value <= bound) {
            for (lane, &value) in least.iter().enumerate().take(products.len()) {
                if value <= bound {
                    measure(chunk * LANES + lane, collector);
                    bound = limit(collector);
                }
            }
        }
    }
}

fn rows<'a>(a: &'a ArrayView2<'_, f64>) -> impl Iterator<Item = &'a [f64]> {
    (0..a.nrows()).map(|i| row(a, i))
}

/// A row of an array that this module has made itself, in rows.
fn row<'a>(a: &'a ArrayView2<'_, f64>, i: usize) -> &'a [f64] {
    let width = a.ncols();
    a.as_slice().map_or(&[], |entries| &entries[i * width..][..width])
}
