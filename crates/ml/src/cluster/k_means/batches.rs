//! What batches are made of: the draw of their rows, the step of the centres, and when there have been enough.

use lapwing_lapack::Scalar;
use ndarray::Array2;
use rand::RngExt;
use rand_pcg::Pcg64;

use super::assignment::UNASSIGNED;
use super::lloyd::sum_of_clusters;
use super::samples::Samples;
use crate::error::Error;

/// What the centres weigh so far.
#[derive(Clone, Debug)]
pub(super) struct Weighing {
    weights: Vec<f64>,
    /// Samples since the light centres were last moved.
    since: usize,
}

impl Weighing {
    pub(super) fn new(clusters: usize) -> Self {
        Self { weights: vec![0.0; clusters], since: 0 }
    }

    /// Moves the centres by a batch, and returns its inertia before that.
    pub(super) fn step<T: Scalar>(
        &mut self,
        batch: &Samples<T>,
        centres: &mut Array2<f64>,
        reassignment_ratio: f64,
        random: &mut Pcg64,
    ) -> Result<f64, Error> {
        let (m, _) = batch.dim();
        self.since += m;
        let reassigns = self.weights.contains(&0.0) || self.since >= 10 * centres.nrows();
        if reassigns {
            self.since = 0;
        }
        let sums = sum_of_clusters(batch, centres, &mut vec![UNASSIGNED; m])?;
        for (j, mut centre) in centres.outer_iter_mut().enumerate() {
            if sums.weights[j] > 0.0 {
                self.weights[j] += sums.weights[j];
                centre.scaled_add(self.weights[j].recip(), &sums.deviations.row(j));
            }
        }
        if reassigns && reassignment_ratio > 0.0 {
            self.reassign(batch, centres, reassignment_ratio, random);
        }
        Ok(sums.inertia)
    }

    /// Moves the centres of little weight, at most as many as half the batch has samples, to samples of it.
    fn reassign<T: Scalar>(
        &mut self,
        batch: &Samples<T>,
        centres: &mut Array2<f64>,
        ratio: f64,
        random: &mut Pcg64,
    ) {
        let (m, _) = batch.dim();
        let heaviest = self.weights.iter().fold(0.0, |heaviest: f64, weight| heaviest.max(*weight));
        let mut light: Vec<usize> =
            (0..self.weights.len()).filter(|&j| self.weights[j] < ratio * heaviest).collect();
        light.sort_by(|&i, &j| self.weights[i].total_cmp(&self.weights[j]).then(i.cmp(&j)));
        light.truncate(m / 2);
        let kept = (0..self.weights.len()).filter(|j| !light.contains(j));
        // Not so little that they move again at once.
        let least = kept.map(|j| self.weights[j]).fold(f64::INFINITY, f64::min);
        if light.is_empty() || !least.is_finite() {
            return;
        }
        let mut rows: Vec<usize> = (0..m).collect();
        for (position, j) in light.into_iter().enumerate() {
            let drawn = random.random_range(position..m);
            rows.swap(position, drawn);
            centres.row_mut(j).assign(&batch.row(rows[position]));
            self.weights[j] = least;
        }
    }
}

/// Rows drawn with repetition, in proportion to their weights.
pub(super) struct Draws {
    rows: usize,
    /// Sums of the weights up to each row, where they differ.
    cumulative: Option<Vec<f64>>,
}

impl Draws {
    pub(super) fn new<T: Scalar>(samples: &Samples<T>) -> Self {
        let rows = samples.dim().0;
        let mut sum = 0.0;
        let cumulative = samples.is_weighted().then(|| {
            let add = |row| {
                sum += samples.weight(row);
                sum
            };
            (0..rows).map(add).collect()
        });
        Self { rows, cumulative }
    }

    pub(super) fn sample(&self, count: usize, random: &mut Pcg64) -> Vec<usize> {
        let draw = |_| match &self.cumulative {
            None => random.random_range(0..self.rows),
            Some(sums) => {
                let target = random.random::<f64>() * sums.last().copied().unwrap_or(0.0);
                sums.partition_point(|sum| *sum <= target).min(self.rows - 1)
            }
        };
        (0..count).map(draw).collect()
    }
}

/// When the batches have done what they can.
pub(super) struct Progress {
    /// The weight of a batch in the smoothed inertia.
    share: f64,
    tolerance: f64,
    patience: usize,
    steps: usize,
    smoothed: Option<f64>,
    least: f64,
    without_improvement: usize,
}

impl Progress {
    pub(super) fn new(patience: usize, batch_size: usize, samples: usize, tolerance: f64) -> Self {
        Self {
            share: (2.0 * batch_size as f64 / (samples as f64 + 1.0)).min(1.0),
            tolerance,
            patience,
            steps: 0,
            smoothed: None,
            least: f64::INFINITY,
            without_improvement: 0,
        }
    }

    /// Counts a batch of this mean inertia, after which the squared movements have this sum. The first says what the start
    /// was, and is not counted.
    pub(super) fn is_over(&mut self, inertia: f64, movement: f64) -> bool {
        self.steps += 1;
        if self.steps == 1 {
            return false;
        }
        let smoothed =
            self.smoothed.map_or(inertia, |smoothed| smoothed * (1.0 - self.share) + inertia * self.share);
        self.smoothed = Some(smoothed);
        if self.tolerance > 0.0 && movement <= self.tolerance {
            return true;
        }
        if smoothed < self.least {
            (self.least, self.without_improvement) = (smoothed, 0);
        } else {
            self.without_improvement += 1;
        }
        self.without_improvement >= self.patience
    }
}
