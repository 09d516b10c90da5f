//! How well the data itself tells its clusters apart.
//!
//! Everything is computed in `f64`, on data scaled by a power of two, so that no square leaves the range, and counted from
//! the mean of a cluster, so that no distance within one cancels.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, require_finite, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, ArrayViewMut2, Axis, Zip, s};

use super::contingency::{check_labels, numbered};
use crate::error::Error;

/// The silhouette of each sample (n) of `x` (n x p) by its label: (b − a) / max(a, b) for the mean distance a to the others
/// of its cluster, and b to those of the nearest other one; 0 for a cluster of a single sample (Rousseeuw 1987).
///
/// Euclidean distances, in blocks of rows on all cores: 2 n² p operations, and no n x n matrix.
///
/// ```
/// use lapwing_ml::metrics::silhouette_samples;
/// use ndarray::array;
/// let x = array![[0.0], [2.0], [10.0]];
/// let silhouettes = silhouette_samples(&x, &[0, 0, 1])?;
/// assert!((&silhouettes - &array![0.8, 0.75, 0.0]).iter().all(|error| error.abs() < 1e-15));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoFeatures`]; [`Error::Lapack`] with `Shape` when the lengths differ, `NonFinite` or `OutOfMemory`;
/// [`Error::InvalidParameter`] for less than 2 different labels, or as many as samples.
pub fn silhouette_samples<T: Scalar, L: Ord>(x: &ArrayRef2<T>, labels: &[L]) -> Result<Array1<f64>, Error> {
    Clusters::new(x, labels)?.silhouettes()
}

/// The mean of [`silhouette_samples`]: 1 for compact clusters far apart, near 0 for overlapping ones, negative where samples lie
/// nearer to another cluster than their own.
///
/// # Errors
/// Those of [`silhouette_samples`].
pub fn silhouette_score<T: Scalar, L: Ord>(x: &ArrayRef2<T>, labels: &[L]) -> Result<f64, Error> {
    let silhouettes = silhouette_samples(x, labels)?;
    Ok(silhouettes.sum() / silhouettes.len() as f64)
}

/// The mean, over the clusters of `x` (n x p), of the largest ratio that their mean distances from their centres, added to
/// those of another cluster, have to the distance of the centres (Davies and Bouldin 1979): 0 is best.
///
/// Clusters with the same centre are left out of each other's ratios, as in scikit-learn. n p + k² p operations.
///
/// # Errors
/// Those of [`silhouette_samples`].
pub fn davies_bouldin_score<T: Scalar, L: Ord>(x: &ArrayRef2<T>, labels: &[L]) -> Result<f64, Error> {
    let clusters = Clusters::new(x, labels)?;
    let scatter: Vec<f64> = (0..clusters.count())
        .map(|cluster| {
            clusters.squared_distances(cluster).map(f64::sqrt).sum::<f64>() / clusters.size(cluster)
        })
        .collect();
    let mut sum = 0.0;
    for (i, centre) in clusters.centres.outer_iter().enumerate() {
        let mut worst: f64 = 0.0;
        for (j, other) in clusters.centres.outer_iter().enumerate() {
            let distance = squared_distance(centre, other).sqrt();
            if distance > 0.0 {
                worst = worst.max((scatter[i] + scatter[j]) / distance);
            }
        }
        sum += worst;
    }
    Ok(sum / clusters.count() as f64)
}

/// The ratio of the variance between the clusters of `x` (n x p) to the variance within them, each by its degrees of freedom
/// (Caliński and Harabasz 1974): the larger the better, and 1 where nothing varies within clusters, as in scikit-learn.
///
/// n p operations.
///
/// # Errors
/// Those of [`silhouette_samples`].
pub fn calinski_harabasz_score<T: Scalar, L: Ord>(x: &ArrayRef2<T>, labels: &[L]) -> Result<f64, Error> {
    let clusters = Clusters::new(x, labels)?;
    let (n, k) = (x.nrows() as f64, clusters.count() as f64);
    let first = clusters.centres.row(0);
    let mut mean = Array1::<f64>::zeros(x.ncols());
    for (cluster, centre) in clusters.centres.outer_iter().enumerate() {
        let share = clusters.size(cluster) / n;
        Zip::from(&mut mean).and(centre).and(first).for_each(|mean, c, first| *mean += share * (c - first));
    }
    mean += &first;
    let (mut between, mut within) = (0.0, 0.0);
    for (cluster, centre) in clusters.centres.outer_iter().enumerate() {
        between += clusters.size(cluster) * squared_distance(centre, mean.view());
        within += clusters.squared_distances(cluster).sum::<f64>();
    }
    Ok(if within == 0.0 { 1.0 } else { between / (k - 1.0) / (within / (n - k)) })
}

/// Samples in the order of their clusters.
struct Clusters<'a, T> {
    x: &'a ArrayRef2<T>,
    /// What entries are multiplied by: a power of two that brings the largest near 1.
    scale: f64,
    /// The rows of `x`, cluster after cluster.
    order: Vec<usize>,
    /// Where each cluster lies in that order.
    ranges: Vec<Range<usize>>,
    /// k x p, scaled.
    centres: Array2<f64>,
}

impl<'a, T: Scalar> Clusters<'a, T> {
    fn new<L: Ord>(x: &'a ArrayRef2<T>, labels: &[L]) -> Result<Self, Error> {
        let (samples, features) = x.dim();
        if features == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        check_labels("labels", labels.len(), samples)?;
        let (cluster_of, sizes) = numbered(labels);
        if sizes.len() < 2 || sizes.len() == samples {
            return Err(Error::InvalidParameter {
                parameter: "labels",
                value: format!("of {} kinds for {samples} samples", sizes.len()),
                requirement: "of at least 2 kinds, and fewer than there are samples".into(),
            });
        }
        require_finite("x", x)?;
        let mut ranges = Vec::with_capacity(sizes.len());
        let mut start = 0;
        for size in sizes {
            let end = start + size as usize;
            ranges.push(start..end);
            start = end;
        }
        let mut order = vec![0; samples];
        let mut next: Vec<usize> = ranges.iter().map(|range| range.start).collect();
        for (row, &cluster) in cluster_of.iter().enumerate() {
            order[next[cluster]] = row;
            next[cluster] += 1;
        }
        let largest = x.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs()));
        // Within what a power of two can be, and its inverse.
        let scale =
            if largest == 0.0 { 1.0 } else { (-largest.log2().floor().clamp(-1000.0, 1000.0)).exp2() };
        let mut clusters = Self { x, scale, order, ranges, centres: zeros(next.len(), features)? };
        for cluster in 0..clusters.count() {
            let centre = clusters.mean(cluster);
            clusters.centres.row_mut(cluster).assign(&centre);
        }
        Ok(clusters)
    }

    fn count(&self) -> usize {
        self.ranges.len()
    }

    fn size(&self, cluster: usize) -> f64 {
        self.ranges[cluster].len() as f64
    }

    fn rows(&self, cluster: usize) -> impl Iterator<Item = ArrayView1<'_, T>> {
        self.order[self.ranges[cluster].clone()].iter().map(|&row| self.x.row(row))
    }

    /// Counted from the cluster's first sample.
    fn mean(&self, cluster: usize) -> Array1<f64> {
        let first = self.x.row(self.order[self.ranges[cluster].start]).mapv(|x| x.as_f64() * self.scale);
        let mut sum = Array1::<f64>::zeros(first.len());
        for row in self.rows(cluster) {
            Zip::from(&mut sum).and(row).and(&first).for_each(|sum, x, first| {
                *sum += x.as_f64() * self.scale - first;
            });
        }
        first + sum / self.size(cluster)
    }

    /// Of the cluster's samples from its centre.
    fn squared_distances(&self, cluster: usize) -> impl Iterator<Item = f64> {
        let centre = self.centres.row(cluster);
        self.rows(cluster).map(move |row| {
            let squares =
                row.iter().zip(centre).map(|(x, centre)| (x.as_f64() * self.scale - centre).powi(2));
            squares.sum()
        })
    }

    fn silhouettes(&self) -> Result<Array1<f64>, Error> {
        let mut blocks = Vec::new();
        for (cluster, range) in self.ranges.iter().enumerate() {
            let starts = range.clone().step_by(BLOCK_ROWS);
            blocks.extend(starts.map(|start| (cluster, start..(start + BLOCK_ROWS).min(range.end))));
        }
        let parts = threads::map(threads::partition(blocks.len(), 1), |part| -> Result<_, Error> {
            let mut buffers = Buffers::new(self.x.ncols(), self.count())?;
            let mut found = Vec::new();
            for (cluster, block) in &blocks[part] {
                let sums = self.distance_sums(*cluster, block.clone(), &mut buffers)?;
                found.extend(sums.outer_iter().map(|sums| self.silhouette(*cluster, sums)));
            }
            Ok(found)
        });
        let mut silhouettes = Array1::zeros(self.x.nrows());
        let mut order = self.order.iter();
        for part in parts {
            part?.into_iter().zip(&mut order).for_each(|(silhouette, &row)| silhouettes[row] = silhouette);
        }
        Ok(silhouettes)
    }

    /// Of a sample in `cluster` with these sums of distances to all samples of each cluster.
    fn silhouette(&self, cluster: usize, sums: ArrayView1<f64>) -> f64 {
        if self.ranges[cluster].len() == 1 {
            return 0.0;
        }
        let own = sums[cluster] / (self.size(cluster) - 1.0);
        let others = (0..self.count()).filter(|&other| other != cluster);
        let nearest = others.map(|other| sums[other] / self.size(other)).fold(f64::INFINITY, f64::min);
        let larger = own.max(nearest);
        if larger == 0.0 { 0.0 } else { (nearest - own) / larger }
    }

    /// The sums of the distances of a block of samples of `cluster` to those of each cluster, rows x k.
    fn distance_sums<'b>(
        &self,
        cluster: usize,
        block: Range<usize>,
        buffers: &'b mut Buffers,
    ) -> Result<ArrayView2<'b, f64>, Error> {
        let Buffers { rows, row_squares, panel, panel_squares, distances, sums } = buffers;
        let mut rows = rows.slice_mut(s![..block.len(), ..]);
        self.copy_from_centre(cluster, block.clone(), &mut rows, row_squares);
        sums.slice_mut(s![..block.len(), ..]).fill(0.0);
        for start in (0..self.order.len()).step_by(PANEL_ROWS) {
            let columns = start..(start + PANEL_ROWS).min(self.order.len());
            let mut panel = panel.slice_mut(s![..columns.len(), ..]);
            let mut distances = distances.slice_mut(s![..block.len(), ..columns.len()]);
            self.copy_from_centre(cluster, columns.clone(), &mut panel, panel_squares);
            kernel::gemm(-2.0, &rows, &panel.t(), 0.0, &mut distances)?;
            for (i, (products, mut sums)) in distances.outer_iter().zip(sums.outer_iter_mut()).enumerate() {
                let itself = block.start + i;
                let mut add = |range: Range<usize>, to: usize| {
                    let local = range.start - start..range.end - start;
                    let products = products.slice(s![local.clone()]);
                    sums[to] += sum_of_distances(products, &panel_squares[local], row_squares[i]);
                };
                let first = self.ranges.partition_point(|range| range.end <= start);
                for (to, range) in self.ranges.iter().enumerate().skip(first) {
                    if range.start >= columns.end {
                        break;
                    }
                    let shared = range.start.max(start)..range.end.min(columns.end);
                    // What rounding makes of the distance from itself would count as its root.
                    if shared.contains(&itself) {
                        add(shared.start..itself, to);
                        add(itself + 1..shared.end, to);
                    } else {
                        add(shared, to);
                    }
                }
            }
        }
        Ok(sums.slice(s![..block.len(), ..]))
    }

    /// Writes samples of the order less the centre of `cluster` into `target`, and their squared lengths.
    fn copy_from_centre(
        &self,
        cluster: usize,
        samples: Range<usize>,
        target: &mut ArrayViewMut2<f64>,
        squares: &mut [f64],
    ) {
        let centre = self.centres.row(cluster);
        for ((&row, mut copy), square) in
            self.order[samples].iter().zip(target.axis_iter_mut(Axis(0))).zip(squares)
        {
            let mut sum = 0.0;
            for ((copy, x), centre) in copy.iter_mut().zip(self.x.row(row)).zip(centre) {
                *copy = x.as_f64() * self.scale - centre;
                sum += *copy * *copy;
            }
            *square = sum;
        }
    }
}

/// Samples whose distances are summed at once, and samples that they are measured from at once: the distances between them
/// stay in a core's second-level cache.
const BLOCK_ROWS: usize = 128;
const PANEL_ROWS: usize = 512;

/// A thread's memory.
struct Buffers {
    rows: Array2<f64>,
    row_squares: Vec<f64>,
    panel: Array2<f64>,
    panel_squares: Vec<f64>,
    distances: Array2<f64>,
    sums: Array2<f64>,
}

impl Buffers {
    fn new(features: usize, clusters: usize) -> Result<Self, Error> {
        Ok(Self {
            rows: zeros(BLOCK_ROWS, features)?,
            row_squares: vec![0.0; BLOCK_ROWS],
            panel: zeros(PANEL_ROWS, features)?,
            panel_squares: vec![0.0; PANEL_ROWS],
            distances: zeros(BLOCK_ROWS, PANEL_ROWS)?,
            sums: zeros(BLOCK_ROWS, clusters)?,
        })
    }
}

/// From −2 xᵀy, ‖y‖² and ‖x‖², in eight sums, which a compiler may put side by side.
fn sum_of_distances(products: ArrayView1<f64>, squares: &[f64], own: f64) -> f64 {
    let products = products.to_slice().unwrap_or_default();
    let mut sums = [0.0; 8];
    let (product_chunks, square_chunks) = (products.chunks_exact(8), squares.chunks_exact(8));
    let rest = product_chunks.remainder().iter().zip(square_chunks.remainder());
    let rest: f64 = rest.map(|(product, square)| (product + (square + own)).max(0.0).sqrt()).sum();
    for (products, squares) in product_chunks.zip(square_chunks) {
        for ((sum, product), square) in sums.iter_mut().zip(products).zip(squares) {
            *sum += (product + (square + own)).max(0.0).sqrt();
        }
    }
    sums.iter().sum::<f64>() + rest
}

fn squared_distance(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// Points of a fixed pseudo-random sequence around `clusters` centres, and their labels.
    fn points(n: usize, p: usize, clusters: usize) -> (Array2<f64>, Vec<usize>) {
        let labels: Vec<usize> = (0..n).map(|i| (i * i + i / 3) % clusters).collect();
        let noise = |i: usize, j: usize| ((i * 7919 + j * 104_729 + i * i * 31) % 1000) as f64 / 1000.0;
        let x =
            Array2::from_shape_fn((n, p), |(i, j)| 3.0 * ((labels[i] * (j + 2)) % 5) as f64 + noise(i, j));
        (x, labels)
    }

    /// By the definition, pair by pair.
    fn by_definition(x: &Array2<f64>, labels: &[usize], i: usize) -> f64 {
        let clusters = labels.iter().max().unwrap() + 1;
        let mean_distance = |cluster: usize| {
            let others: Vec<usize> = (0..x.nrows()).filter(|&j| j != i && labels[j] == cluster).collect();
            let distances = others.iter().map(|&j| squared_distance(x.row(i), x.row(j)).sqrt());
            distances.sum::<f64>() / others.len() as f64
        };
        let own = mean_distance(labels[i]);
        let others = (0..clusters).filter(|&cluster| cluster != labels[i]).map(mean_distance);
        let nearest = others.fold(f64::INFINITY, f64::min);
        (nearest - own) / own.max(nearest)
    }

    /// Blocks end within clusters and panels within blocks; a squared distance of order 1 is off by some p ε of the square of
    /// the diameter, below 1e3.
    #[test]
    fn silhouettes_are_those_of_the_definition_in_every_layout() {
        let (x, labels) = points(1300, 4, 5);
        let bound = 1e3 * 16.0 * f64::EPSILON;
        let fortran = x.t().as_standard_layout().into_owned().reversed_axes();
        for data in [x.view(), fortran.view()] {
            let found = silhouette_samples(&data, &labels).unwrap();
            for i in (0..1300).step_by(97) {
                let expected = by_definition(&x, &labels, i);
                assert!((found[i] - expected).abs() <= bound, "{i}: {} is not {expected}", found[i]);
            }
            let mean = found.sum() / 1300.0;
            assert_eq!(silhouette_score(&data, &labels).unwrap(), mean);
        }
        let single = silhouette_score(&x.mapv(|x| x as f32), &labels).unwrap();
        // What rounding the data to single precision changes.
        assert!((single - silhouette_score(&x, &labels).unwrap()).abs() < 100.0 * f64::from(f32::EPSILON));
    }

    #[test]
    fn scores_do_not_depend_on_the_number_of_threads() {
        let (x, labels) = points(900, 3, 4);
        let scores = |count| threads::with(count, || silhouette_samples(&x, &labels).unwrap());
        assert_eq!(scores(1), scores(2));
    }

    /// Distances of 1e-6 within clusters that are 1 apart, around a mean of 1e3: each is off by what the data's own rounding
    /// makes of it, 1e3 ε / 1e-6.
    #[test]
    fn tight_clusters_far_apart_keep_their_digits() {
        let x = array![[1e3], [1e3 + 1e-6], [1e3 + 3e-6], [1e3 + 1.0], [1e3 + 1.0 + 1e-6]];
        let found = silhouette_samples(&x, &[0, 0, 0, 1, 1]).unwrap();
        let own = 2e-6;
        let expected = 1.0 - own / (1.0 + 0.5e-6);
        assert!((found[0] - expected).abs() <= 1e3 * f64::EPSILON * 4.0, "{} is not {expected}", found[0]);
    }

    /// Closed forms: two pairs at distance 2, with centres 10 apart.
    #[test]
    fn two_pairs_have_the_scores_counted_by_hand() {
        let x = array![[0.0, -1.0], [0.0, 1.0], [10.0, -1.0], [10.0, 1.0]];
        let labels = ["a", "a", "b", "b"];
        assert!((davies_bouldin_score(&x, &labels).unwrap() - 0.2).abs() < 1e-15);
        assert!((calinski_harabasz_score(&x, &labels).unwrap() - 100.0 / (4.0 / 2.0)).abs() < 1e-13);
        let nearest = (10.0 + 104f64.sqrt()) / 2.0;
        assert!((silhouette_score(&x, &labels).unwrap() - (nearest - 2.0) / nearest).abs() < 1e-15);
    }

    /// A power of two, which changes no digit, up to the ends of the range.
    #[test]
    fn the_unit_of_the_data_changes_nothing() {
        let (x, labels) = points(40, 2, 3);
        for power in [1018.0f64, -1000.0] {
            let far = &x * power.exp2();
            for score in [silhouette_score, davies_bouldin_score, calinski_harabasz_score] {
                assert_eq!(score(&far, &labels[..]).unwrap(), score(&x, &labels[..]).unwrap());
            }
        }
        let tiny = x.mapv(|x| x * 1e-310);
        assert!(
            (silhouette_score(&tiny, &labels).unwrap() - silhouette_score(&x, &labels).unwrap()).abs()
                < 1e-10
        );
    }

    #[test]
    fn equal_points_are_answered() {
        let x = Array2::<f64>::from_elem((4, 2), 0.1);
        let labels = [0, 0, 1, 1];
        assert_eq!(silhouette_samples(&x, &labels).unwrap(), Array1::<f64>::zeros(4));
        assert_eq!(davies_bouldin_score(&x, &labels).unwrap(), 0.0);
        assert_eq!(calinski_harabasz_score(&x, &labels).unwrap(), 1.0);
    }

    #[test]
    fn bad_labels_and_data_are_refused() {
        let x = array![[1.0], [2.0], [f64::NAN]];
        let refusal =
            |x: &Array2<f64>, labels: &[i32]| silhouette_samples(x, labels).unwrap_err().to_string();
        assert!(refusal(&x, &[0, 0, 1]).starts_with("x[2, 0]"));
        assert!(refusal(&x, &[0, 1]).starts_with("labels has 2 entries"));
        for labels in [[0, 0, 0], [0, 1, 2]] {
            assert!(refusal(&x, &labels).starts_with("labels is of"), "{labels:?}");
        }
        assert!(matches!(
            silhouette_samples(&Array2::<f64>::zeros((3, 0)), &[0, 0, 1]),
            Err(Error::NoFeatures { .. })
        ));
    }
}
