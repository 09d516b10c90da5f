//! The second step of an iteration: every centre moves to the mean of its samples.

use lapwing_lapack::{Scalar, zeros};
use ndarray::Array2;

use super::assignment::positions;
use super::samples::{Samples, squared_distance};
use crate::error::Error;

/// What a pass over the samples adds up.
#[derive(Clone)]
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
    pub(super) fn new((k, p): (usize, usize)) -> Result<Self, Error> {
        let (weights, counts) = (vec![0.0; k], vec![0; k]);
        Ok(Self { deviations: zeros(k, p)?, weights, counts, inertia: 0.0, changes: 0 })
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.deviations += &other.deviations;
        self.weights.iter_mut().zip(&other.weights).for_each(|(sum, weight)| *sum += weight);
        self.counts.iter_mut().zip(&other.counts).for_each(|(sum, count)| *sum += count);
        self.inertia += other.inertia;
        self.changes += other.changes;
    }

    /// The same of sums that are counted from the origin.
    pub(super) fn about(&self, centres: &Array2<f64>) -> Self {
        let mut sums = self.clone();
        for ((mut sum, centre), weight) in
            sums.deviations.outer_iter_mut().zip(centres.outer_iter()).zip(&self.weights)
        {
            sum.scaled_add(-weight, &centre);
        }
        sums
    }

    /// Takes from clusters without samples what rounding has left of their sums.
    pub(super) fn clear_empty(&mut self) {
        for (j, _) in self.counts.iter().enumerate().filter(|(_, count)| **count == 0) {
            self.weights[j] = 0.0;
            self.deviations.row_mut(j).fill(0.0);
        }
    }
}

/// Moves each centre to the mean of its samples, and returns the sum of the squared movements.
///
/// A cluster without samples takes the sample farthest from its centre, as scikit-learn; where there is none at a distance,
/// because there are fewer distinct samples than clusters, it goes where the heaviest cluster is.
pub(super) fn move_centres<T: Scalar>(
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
