//! Lloyd's algorithm: assign every sample to its nearest centre, move every centre to the mean of its samples, repeat.
//!
//! S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28 (1982). One pass over the data
//! an iteration does both, with the sums taken of deviations from the centre so far: their squares are the inertia, and the
//! new centre has no rounding error larger than its step.

use lapwing_lapack::Scalar;
use ndarray::{Array2, ArrayRef2};

use super::assignment::{UNASSIGNED, assign, positions};
use super::samples::Samples;
use super::update::{ClusterSums, move_centres};
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
    /// Of the centres at the start of each iteration, where the algorithm knows it.
    pub(super) inertia_history: Option<Vec<f64>>,
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
            let inertia_history = Some(inertia_history);
            return Ok(Run { centres, iterations: iteration, converged: true, inertia_history });
        }
    }
    let inertia_history = Some(inertia_history);
    Ok(Run { centres, iterations: stopping.max_iterations, converged: false, inertia_history })
}

/// Labels every sample by the nearest of `centres`, and adds up the clusters.
pub(super) fn sum_of_clusters<T: Scalar>(
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
