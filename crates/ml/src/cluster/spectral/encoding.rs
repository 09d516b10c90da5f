//! Samples as weights of their nearest landmarks.

use lapwing_lapack::{Scalar, kernel, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayViewMut2, Axis, s};

use crate::error::Error;

/// Rows of a block: its distances to the landmarks stay in the cache. Blocks are the same whatever the number of threads.
const BLOCK: usize = 256;

/// In how many parts the Gram matrix is summed, one after the other at the end, whatever the number of threads.
const PARTS: usize = 4;

/// Landmarks, and the weights by which they represent a sample.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Encoder {
    pub(super) mean: Array1<f64>,
    /// Less the mean, in units of `unit`, so that no square leaves the range.
    pub(super) landmarks: Array2<f64>,
    pub(super) unit: f64,
    pub(super) neighbors: usize,
    /// In the same units.
    pub(super) bandwidth: f64,
}

/// For each sample, the landmarks that represent it, and their weights, which sum to 1.
pub(super) struct Encoding {
    nearest: Array2<usize>,
    /// Squared distances until they are turned into weights.
    weights: Array2<f64>,
    landmarks: usize,
}

impl Encoder {
    /// With a bandwidth still to be learned.
    pub(super) fn new(
        mean: Array1<f64>,
        landmarks: &ArrayRef2<f64>,
        neighbors: usize,
    ) -> Result<Self, Error> {
        let mut centred = landmarks.to_owned();
        centred -= &mean.view().insert_axis(Axis(0));
        let largest = centred.iter().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
        let unit = if largest > 0.0 { largest.log2().floor().clamp(-1000.0, 1000.0).exp2() } else { 1.0 };
        centred /= unit;
        Ok(Self { mean, landmarks: centred, unit, neighbors, bandwidth: 0.0 })
    }

    pub(super) fn landmarks(&self) -> Array2<f64> {
        &self.landmarks * self.unit + self.mean.view().insert_axis(Axis(0))
    }

    pub(super) fn bandwidth(&self) -> f64 {
        self.bandwidth * self.unit
    }

    pub(super) fn n_features(&self) -> usize {
        self.mean.len()
    }

    /// Learns the bandwidth, and which landmarks are those of some sample; the others are dropped.
    pub(super) fn learn<T: Scalar>(
        &mut self,
        x: &ArrayRef2<T>,
        bandwidth: Option<f64>,
    ) -> Result<Encoding, Error> {
        let mut encoding = self.nearest(x)?;
        let mut used = vec![false; self.landmarks.nrows()];
        encoding.nearest.iter().for_each(|&landmark| used[landmark] = true);
        let kept: Vec<usize> = (0..used.len()).filter(|&landmark| used[landmark]).collect();
        let mut place = vec![0; used.len()];
        kept.iter().enumerate().for_each(|(i, &landmark)| place[landmark] = i);
        encoding.nearest.mapv_inplace(|landmark| place[landmark]);
        encoding.landmarks = kept.len();
        self.landmarks = self.landmarks.select(Axis(0), &kept);

        let mean_square = encoding.weights.mean().unwrap_or(0.0);
        self.bandwidth = bandwidth.map_or(mean_square.sqrt(), |bandwidth| bandwidth / self.unit);
        encoding.weigh(self.bandwidth);
        Ok(encoding)
    }

    pub(super) fn encode<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Encoding, Error> {
        let mut encoding = self.nearest(x)?;
        encoding.weigh(self.bandwidth);
        Ok(encoding)
    }

    /// The nearest landmarks and their squared distances.
    fn nearest<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Encoding, Error> {
        let n = x.nrows();
        // Some may have been dropped.
        let count = self.neighbors.min(self.landmarks.nrows());
        let (mut nearest, mut distances) = (Array2::zeros((n, count)), zeros(n, count)?);
        let squares: Array1<f64> = self.landmarks.outer_iter().map(|row| row.dot(&row)).collect();
        let mut parts = Vec::new();
        let (mut places, mut values) = (nearest.view_mut(), distances.view_mut());
        for range in threads::partition(n.div_ceil(BLOCK), 1) {
            let rows = (range.start * BLOCK).min(n)..(range.end * BLOCK).min(n);
            let (place, other_places) = places.split_at(Axis(0), rows.len());
            let (value, other_values) = values.split_at(Axis(0), rows.len());
            (places, values) = (other_places, other_values);
            parts.push((rows, place, value));
        }
        let results = threads::map(parts, |(rows, places, values)| {
            self.nearest_of_part(&x.slice(s![rows, ..]), &squares, places, values)
        });
        results.into_iter().collect::<Result<(), Error>>()?;
        Ok(Encoding { nearest, weights: distances, landmarks: self.landmarks.nrows() })
    }

    fn nearest_of_part<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        squares: &Array1<f64>,
        mut places: ArrayViewMut2<usize>,
        mut values: ArrayViewMut2<f64>,
    ) -> Result<(), Error> {
        let mut buffer = zeros(BLOCK, x.ncols())?;
        let mut products = zeros(BLOCK, self.landmarks.nrows())?;
        let mut candidates: Vec<(f64, usize)> = Vec::with_capacity(values.ncols() + 1);
        let blocks = x.axis_chunks_iter(Axis(0), BLOCK);
        let targets =
            places.axis_chunks_iter_mut(Axis(0), BLOCK).zip(values.axis_chunks_iter_mut(Axis(0), BLOCK));
        for (block, (mut places, mut values)) in blocks.zip(targets) {
            let mut rows = buffer.slice_mut(s![..block.nrows(), ..]);
            for (mut row, x) in rows.outer_iter_mut().zip(block.outer_iter()) {
                for ((entry, x), mean) in row.iter_mut().zip(x).zip(&self.mean) {
                    *entry = (x.as_f64() - mean) / self.unit;
                }
            }
            let mut products = products.slice_mut(s![..block.nrows(), ..]);
            kernel::gemm(-2.0, &rows, &self.landmarks.t(), 0.0, &mut products)?;
            for (i, row) in rows.outer_iter().enumerate() {
                select(products.row(i), squares, values.ncols(), &mut candidates);
                // The few that are left get the distances that do not cancel.
                for candidate in &mut candidates {
                    let differences = row.iter().zip(self.landmarks.row(candidate.1));
                    candidate.0 = differences.map(|(a, b)| (a - b).powi(2)).sum();
                }
                candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                for (j, &(distance, landmark)) in candidates.iter().enumerate() {
                    (values[[i, j]], places[[i, j]]) = (distance, landmark);
                }
            }
        }
        Ok(())
    }
}

/// The `count` landmarks with the smallest `square + product`, which is the squared distance less that of the sample.
fn select(
    products: ArrayView1<'_, f64>,
    squares: &Array1<f64>,
    count: usize,
    candidates: &mut Vec<(f64, usize)>,
) {
    candidates.clear();
    for (landmark, (product, square)) in products.iter().zip(squares).enumerate() {
        let value = product + square;
        if candidates.len() == count {
            if candidates.last().is_some_and(|worst| value >= worst.0) {
                continue;
            }
            candidates.pop();
        }
        let at = candidates.partition_point(|other| other.0 <= value);
        candidates.insert(at, (value, landmark));
    }
}

impl Encoding {
    /// Turns squared distances into weights. What counts is by how much one exceeds the nearest: no weight of all underflows.
    fn weigh(&mut self, bandwidth: f64) {
        for mut row in self.weights.outer_iter_mut() {
            let nearest = row.iter().copied().fold(f64::INFINITY, f64::min);
            row.mapv_inplace(|square| {
                let excess = square - nearest;
                // Also where both are zero.
                if excess > 0.0 { (-excess / (2.0 * bandwidth) / bandwidth).exp() } else { 1.0 }
            });
            let sum = row.sum();
            row /= sum;
        }
    }

    /// `ZᵀZ`, exactly symmetric.
    pub(super) fn gram(&self) -> Result<Array2<f64>, Error> {
        let (n, m) = (self.nearest.nrows(), self.landmarks);
        let cut = |part: usize| n * part / PARTS;
        let parts: Vec<_> = threads::partition(PARTS, 1);
        let sums = threads::map(parts, |parts| -> Result<Vec<Array2<f64>>, Error> {
            let sum = |part: usize| {
                let mut sum = zeros(m, m)?;
                for i in cut(part)..cut(part + 1) {
                    let (places, weights) = (self.nearest.row(i), self.weights.row(i));
                    for (&a, x) in places.iter().zip(weights) {
                        for (&b, y) in places.iter().zip(weights) {
                            sum[[a, b]] += x * y;
                        }
                    }
                }
                Ok(sum)
            };
            parts.map(sum).collect()
        });
        let mut total = zeros(m, m)?;
        for sums in sums {
            for sum in sums? {
                total += &sum;
            }
        }
        Ok(total)
    }

    /// `Z B`, for `factor` B (m x k).
    pub(super) fn times(&self, factor: &ArrayRef2<f64>) -> Result<Array2<f64>, Error> {
        let mut product = zeros(self.nearest.nrows(), factor.ncols())?;
        for (i, mut row) in product.outer_iter_mut().enumerate() {
            for (&landmark, &weight) in self.nearest.row(i).iter().zip(self.weights.row(i)) {
                row.scaled_add(weight, &factor.row(landmark));
            }
        }
        Ok(product)
    }
}
