//! Lloyd's algorithm: assign every sample to its nearest centre, move every centre to the mean of its samples, repeat.
//!
//! S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28 (1982). One pass over the data
//! an iteration does both, with the sums taken of deviations from the centre so far: their squares are the inertia, and the
//! new centre has no rounding error larger than its step.

use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array2, ArrayRef2};

use super::assignment::{UNASSIGNED, assign, positions};
use super::samples::{Samples, squared_distance};
use crate::error::Error;

/// When an iteration ends.
#[derive(Clone, Copy)]
pub(super) struct Stopping {
    pub(super) max_iterations: usize,
    /// On the sum of the squared movements of the centres, in the unit of the samples.
    pub(super) tolerance: f64,
}

/// Where a run from one start has ended.
pub(super) struct Run {
    pub(super) centres: Array2<f64>,
    pub(super) iterations: usize,
    pub(super) converged: bool,
    /// Of the centres at the start of each iteration.
    pub(super) inertia_history: Vec<f64>,
}

/// Iterates from `centres` until no label changes, the centres rest, or the limit is hit.
pub(super) fn lloyd<T: Scalar>(
    samples: &Samples<T>,
    mut centres: Array2<f64>,
    stopping: Stopping,
) -> Result<Run, Error> {
    let mut labels = vec![UNASSIGNED; samples.dim().0];
    let mut inertia_history = Vec::new();
    for iteration in 1..=stopping.max_iterations {
        let mut sums = sum_of_clusters(samples, &centres, &mut labels)?;
        inertia_history.push(sums.inertia);
        let movement = move_centres(samples, &mut centres, &mut sums, &labels);
        if sums.changes == 0 || movement <= stopping.tolerance {
            return Ok(Run { centres, iterations: iteration, converged: true, inertia_history });
        }
    }
    Ok(Run { centres, iterations: stopping.max_iterations, converged: false, inertia_history })
}

/// What a pass over the samples adds up.
pub(super) struct ClusterSums {
    /// Weighted sums of deviations from the centre so far, k x p.
    pub(super) deviations: Array2<f64>,
    pub(super) weights: Vec<f64>,
    /// Samples of positive weight.
    pub(super) counts: Vec<usize>,
    pub(super) inertia: f64,
    /// How many labels are other than before.
    pub(super) changes: usize,
}

impl ClusterSums {
    fn new((k, p): (usize, usize)) -> Result<Self, Error> {
        let (weights, counts) = (vec![0.0; k], vec![0; k]);
        Ok(Self { deviations: zeros(k, p)?, weights, counts, inertia: 0.0, changes: 0 })
    }

    fn add(&mut self, other: &Self) {
        self.deviations += &other.deviations;
        self.weights.iter_mut().zip(&other.weights).for_each(|(sum, weight)| *sum += weight);
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
        self.inertia += other.inertia;
        self.changes += other.changes;
    }
}

/// Labels every sample by the nearest of `centres`, and adds up the clusters.
fn sum_of_clusters<T: Scalar>(
    samples: &Samples<T>,
    centres: &ArrayRef2<f64>,
    labels: &mut [usize],
) -> Result<ClusterSums, Error> {
    let p = centres.ncols();
    let positions = positions(centres);
    let parts = assign(
        samples,
        centres,
        labels,
        || ClusterSums::new(centres.dim()),
        |sums, sample| {
            let (label, weight) = (sample.label, samples.weight(sample.index));
            sums.changes += usize::from(label != sample.before);
            sums.weights[label] += weight;
            sums.counts[label] += usize::from(weight > 0.0);
            let centre = &positions[label * p..][..p];
            if let Some(deviations) = sums.deviations.as_slice_mut() {
                sums.inertia +=
                    weight * add_deviation(sample.point, centre, weight, &mut deviations[label * p..][..p]);
            }
        },
    )?;
    let mut total = ClusterSums::new(centres.dim())?;
    parts.iter().for_each(|part| total.add(part));
    Ok(total)
}

/// Adds `weight` (x − c) to `sum`, and returns ‖x − c‖².
fn add_deviation(x: &[f64], c: &[f64], weight: f64, sum: &mut [f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let mut sum_chunks = sum.chunks_exact_mut(4);
    let (x_chunks, c_chunks) = (x.chunks_exact(4), c.chunks_exact(4));
    let rest = x_chunks.remainder().iter().zip(c_chunks.remainder());
    for ((sum, x), c) in (&mut sum_chunks).zip(x_chunks).zip(c_chunks) {
        for (lane, (sum, (x, c))) in lanes.iter_mut().zip(sum.iter_mut().zip(x.iter().zip(c))) {
            let deviation = x - c;
            *lane += deviation * deviation;
            *sum += weight * deviation;
        }
    }
    let mut squares = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
    for (sum, (x, c)) in sum_chunks.into_remainder().iter_mut().zip(rest) {
        let deviation = x - c;
        squares += deviation * deviation;
        *sum += weight * deviation;
    }
    squares
}

/// Moves each centre to the mean of its samples, and returns the sum of the squared movements.
///
/// A cluster without samples takes the sample farthest from its centre, as scikit-learn; where there is none at a distance,
/// because there are fewer distinct samples than clusters, it goes where the heaviest cluster is.
fn move_centres<T: Scalar>(
    samples: &Samples<T>,
    centres: &mut Array2<f64>,
    sums: &mut ClusterSums,
    labels: &[usize],
) -> f64 {
    if sums.counts.contains(&0) {
        relocate(samples, centres, sums, labels);
    }
    let before = centres.clone();
    for (j, mut centre) in centres.outer_iter_mut().enumerate() {
        if sums.counts[j] > 0 {
            centre.scaled_add(sums.weights[j].recip(), &sums.deviations.row(j));
        }
    }
    let heaviest = (0..sums.weights.len())
        .fold(0, |best, j| if sums.weights[j] > sums.weights[best] { j } else { best });
    let heaviest = centres.row(heaviest).to_owned();
    for (j, mut centre) in centres.outer_iter_mut().enumerate() {
        if sums.counts[j] == 0 {
            centre.assign(&heaviest);
        }
    }
    centres.iter().zip(&before).map(|(after, before)| (after - before) * (after - before)).sum()
}

/// Gives every empty cluster one of the samples that lie farthest from their centres.
///
/// A sample without weight is not taken, which scikit-learn may: its cluster would be as empty as before.
fn relocate<T: Scalar>(
    samples: &Samples<T>,
    centres: &Array2<f64>,
    sums: &mut ClusterSums,
    labels: &[usize],
) {
    let p = centres.ncols();
    let positions = positions(centres);
    let empty: Vec<usize> = (0..sums.counts.len()).filter(|&j| sums.counts[j] == 0).collect();
    let mut far: Vec<(f64, usize)> = Vec::new();
    for (i, &label) in labels.iter().enumerate().filter(|(i, _)| samples.weight(*i) > 0.0) {
        let centre = &positions[label * p..][..p];
        let distance = squared_distance(samples.row(i).as_slice().unwrap_or_default(), centre);
        if distance > 0.0 {
            far.push((distance, i));
        }
    }
    far.sort_by(|(a, i), (b, j)| b.total_cmp(a).then(i.cmp(j)));
    for (&cluster, &(_, i)) in empty.iter().zip(&far) {
        let (from, weight, point) = (labels[i], samples.weight(i), samples.row(i));
        sums.deviations.row_mut(from).scaled_add(-weight, &(&point - &centres.row(from)));
        sums.deviations.row_mut(cluster).assign(&((&point - &centres.row(cluster)) * weight));
        sums.counts[from] -= 1;
        // Whatever the weights left in sum, an empty cluster has none.
        sums.weights[from] = if sums.counts[from] == 0 { 0.0 } else { sums.weights[from] - weight };
        sums.counts[cluster] = 1;
        sums.weights[cluster] = weight;
    }
}
