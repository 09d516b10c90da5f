//! Lloyd's algorithm without the distances that cannot matter, by the triangle inequality.
//!
//! G. Hamerly, "Making k-means even faster", SDM 2010. For each sample there is an upper bound on the distance from its own
//! centre, and a lower bound on that from any other; both move with the centres. While the former is the smaller, or no more
//! than half of the way from its centre to the next, the label stands. The samples of a block that are left go through the
//! same product as Lloyd's, and so get the same labels. The sums of the clusters change by the samples that change
//! their cluster.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, threads, zeros};
use ndarray::{Array2, ArrayRef2, s};

use super::assignment::{UNASSIGNED, half_norms, positions};
use super::lloyd::{Run, Stopping};
use super::samples::{Samples, groups, map_items, rows_per_block, squared_distance};
use super::update::{ClusterSums, move_centres};
use crate::error::Error;

/// By how much a bound must be the smaller: more than all its roundings in thousands of iterations.
const MARGIN: f64 = 1.0 + 1e-9;

/// Iterates from `centres` as [`lloyd`](super::lloyd::lloyd) does.
pub(super) fn hamerly<T: Scalar>(
    samples: &Samples<T>,
    mut centres: Array2<f64>,
    stopping: Stopping,
) -> Result<Run, Error> {
    let mut bounds = Bounds::new(samples.dim().0);
    // Here `deviations` are those from the origin.
    let mut total = ClusterSums::new(centres.dim())?;
    let mut steps = vec![0.0; centres.nrows()];
    let done = |centres, iterations, converged| Run { centres, iterations, converged, inertia_history: None };
    for iteration in 1..=stopping.max_iterations {
        let changes = bounds.pass(samples, &centres, &steps, &mut total)?;
        let before = centres.clone();
        let mut sums = total.about(&centres);
        let movement = move_centres(samples, &mut centres, &mut sums, &bounds.labels);
        if changes == 0 || movement <= stopping.tolerance {
            return Ok(done(centres, iteration, true));
        }
        for (step, (after, before)) in steps.iter_mut().zip(centres.outer_iter().zip(before.outer_iter())) {
            *step = (&after - &before).mapv(|d| d * d).sum().sqrt();
        }
    }
    Ok(done(centres, stopping.max_iterations, false))
}

/// What is known of each sample.
struct Bounds {
    labels: Vec<usize>,
    /// At least the distance from the sample's own centre.
    upper: Vec<f64>,
    /// At most that from any other.
    lower: Vec<f64>,
}

/// How the clusters' sums change in a group of rows.
struct Transfer {
    sums: Array2<f64>,
    weights: Vec<f64>,
    counts: Vec<isize>,
    changes: usize,
}

/// The centres, and what the bounds need to know of them.
struct Centres<'a> {
    centres: &'a ArrayRef2<f64>,
    positions: Vec<f64>,
    half_norms: Vec<f64>,
    largest_square: f64,
    /// Half of each one's distance from the next.
    half_gaps: Vec<f64>,
    /// How far each has moved since the pass before.
    steps: &'a [f64],
    /// Which has moved the farthest, how far, and how far any other.
    farthest: (usize, f64, f64),
    /// A bound on the rounding of ‖x‖² + ‖c‖² − 2xᵀc, as a share of the sum of the first two.
    rounding: f64,
}

impl<'a> Centres<'a> {
    fn new(centres: &'a ArrayRef2<f64>, steps: &'a [f64]) -> Self {
        let (k, p) = centres.dim();
        let positions = positions(centres);
        let mut squared_gaps = vec![f64::INFINITY; k];
        for (i, a) in positions.chunks_exact(p).enumerate() {
            for (j, b) in positions.chunks_exact(p).enumerate().take(i) {
                let squared = squared_distance(a, b);
                squared_gaps[i] = squared_gaps[i].min(squared);
                squared_gaps[j] = squared_gaps[j].min(squared);
            }
        }
        let mut farthest = (0, 0.0, 0.0);
        for (j, &step) in steps.iter().enumerate() {
            if step > farthest.1 {
                farthest = (j, step, farthest.1);
            } else if step > farthest.2 {
                farthest.2 = step;
            }
        }
        let half_gaps = squared_gaps.iter().map(|squared| squared.sqrt() / 2.0).collect();
        let rounding = 4.0 * (p + 4) as f64 * f64::EPSILON;
        let half_norms = half_norms(centres);
        let largest_square = 2.0 * half_norms.iter().fold(0.0, |largest: f64, half| largest.max(*half));
        Self { centres, positions, half_norms, largest_square, half_gaps, steps, farthest, rounding }
    }

    fn position(&self, label: usize) -> &[f64] {
        let p = self.centres.ncols();
        &self.positions[label * p..][..p]
    }
}

impl Bounds {
    fn new(n: usize) -> Self {
        Self { labels: vec![UNASSIGNED; n], upper: vec![0.0; n], lower: vec![0.0; n] }
    }

    /// Labels every sample by the nearest of `centres`, which have moved by `steps`; changes the clusters' sums by the
    /// samples with a new label, and returns how many those are.
    fn pass<T: Scalar>(
        &mut self,
        samples: &Samples<T>,
        centres: &ArrayRef2<f64>,
        steps: &[f64],
        total: &mut ClusterSums,
    ) -> Result<usize, Error> {
        let ((n, p), k) = (samples.dim(), centres.nrows());
        let centres = Centres::new(centres, steps);
        let ranges = groups(n, p, k);
        let height = rows_per_block(p, k);
        let parts = threads::split(&mut self.labels, &ranges, 1)
            .into_iter()
            .zip(threads::split(&mut self.upper, &ranges, 1))
            .zip(threads::split(&mut self.lower, &ranges, 1));
        let items = ranges.iter().cloned().zip(parts).collect();
        let transfers: Vec<Result<Transfer, Error>> = map_items(
            items,
            || Workspace::new(height.min(n), (k, p)),
            |workspace, (rows, ((labels, upper), lower))| {
                let workspace = workspace.as_mut().map_err(|error| error.clone())?;
                let (weights, counts) = (vec![0.0; k], vec![0; k]);
                let mut transfer = Transfer { sums: zeros(k, p)?, weights, counts, changes: 0 };
                let blocks =
                    labels.chunks_mut(height).zip(upper.chunks_mut(height)).zip(lower.chunks_mut(height));
                for (i, ((labels, upper), lower)) in blocks.enumerate() {
                    let first = rows.start + i * height;
                    let mut block = Block { rows: first..first + labels.len(), labels, upper, lower };
                    block.keep_the_certain(samples, &centres, workspace);
                    block.search(samples, &centres, workspace, &mut transfer)?;
                }
                Ok(transfer)
            },
        );
        let mut changes = 0;
        for transfer in transfers {
            let transfer = transfer?;
            total.deviations += &transfer.sums;
            for j in 0..k {
                total.weights[j] += transfer.weights[j];
                total.counts[j] = total.counts[j].saturating_add_signed(transfer.counts[j]);
            }
            changes += transfer.changes;
        }
        total.clear_empty();
        Ok(changes)
    }
}

/// The samples of a block and their bounds.
struct Block<'a> {
    rows: Range<usize>,
    labels: &'a mut [usize],
    upper: &'a mut [f64],
    lower: &'a mut [f64],
}

impl Block<'_> {
    /// Moves the bounds with the centres, and loads the samples whose label is not certain after that.
    fn keep_the_certain<T: Scalar>(
        &mut self,
        samples: &Samples<T>,
        centres: &Centres,
        workspace: &mut Workspace,
    ) {
        workspace.open.clear();
        let (farthest, largest, second) = centres.farthest;
        for i in 0..self.labels.len() {
            let label = self.labels[i];
            let mut point = workspace.block.row_mut(workspace.open.len());
            if label != UNASSIGNED {
                self.lower[i] -= if label == farthest { second } else { largest };
                self.upper[i] += centres.steps[label];
                let certain = self.lower[i].max(centres.half_gaps[label]);
                if self.upper[i] * MARGIN < certain {
                    continue;
                }
                samples.load_row(self.rows.start + i, &mut point);
                let squared = squared_distance(point.as_slice().unwrap_or_default(), centres.position(label));
                self.upper[i] = squared.sqrt();
                if self.upper[i] * MARGIN < certain {
                    continue;
                }
            } else {
                samples.load_row(self.rows.start + i, &mut point);
            }
            workspace.open.push(i);
        }
    }

    /// Finds the nearest centre of the samples that were loaded.
    fn search<T: Scalar>(
        &mut self,
        samples: &Samples<T>,
        centres: &Centres,
        workspace: &mut Workspace,
        transfer: &mut Transfer,
    ) -> Result<(), Error> {
        workspace.find(centres)?;
        let p = centres.centres.ncols();
        let points = workspace.block.as_slice().unwrap_or_default().chunks_exact(p);
        for ((position, point), &i) in points.enumerate().zip(&workspace.open) {
            let (before, label) = (self.labels[i], workspace.nearest[position]);
            self.upper[i] = squared_distance(point, centres.position(label)).sqrt();
            let square: f64 = point.iter().map(|x| x * x).sum();
            // ‖x − c‖² of the next centre, less what rounding may have added to it.
            let second = square - 2.0 * workspace.second[position];
            let slack = centres.rounding * (square + centres.largest_square);
            self.lower[i] = (second - slack).max(0.0).sqrt();
            if label != before {
                self.labels[i] = label;
                transfer.take(samples.weight(self.rows.start + i), point, before, label);
            }
        }
        Ok(())
    }
}

impl Transfer {
    /// Moves a sample from the cluster that it was in, if any, to another.
    fn take(&mut self, weight: f64, point: &[f64], before: usize, after: usize) {
        self.changes += 1;
        let mut add = |cluster: usize, weight: f64, count: isize| {
            self.weights[cluster] += weight;
            self.counts[cluster] += count;
            for (sum, x) in self.sums.row_mut(cluster).iter_mut().zip(point) {
                *sum += weight * x;
            }
        };
        let count = isize::from(weight > 0.0);
        add(after, weight, count);
        if before != UNASSIGNED {
            add(before, -weight, -count);
        }
    }
}

/// What a thread needs for one block.
struct Workspace {
    /// The places in the block of the samples that are loaded.
    open: Vec<usize>,
    block: Array2<f64>,
    scores: Array2<f64>,
    best: Vec<f64>,
    second: Vec<f64>,
    nearest: Vec<usize>,
}

impl Workspace {
    fn new(height: usize, (clusters, features): (usize, usize)) -> Result<Self, Error> {
        Ok(Self {
            open: Vec::with_capacity(height),
            block: zeros(height, features)?,
            scores: zeros(clusters, height)?,
            best: vec![0.0; height],
            second: vec![0.0; height],
            nearest: vec![0; height],
        })
    }

    /// The nearest centre of each sample that is loaded, and the score of the next.
    fn find(&mut self, centres: &Centres) -> Result<(), Error> {
        let height = self.open.len();
        if height == 0 {
            return Ok(());
        }
        let block = self.block.slice(s![..height, ..]);
        let mut scores = self.scores.slice_mut(s![.., ..height]);
        kernel::gemm(1.0, centres.centres, &block.t(), 0.0, &mut scores)?;
        let (best, second) = (&mut self.best[..height], &mut self.second[..height]);
        let nearest = &mut self.nearest[..height];
        best.fill(f64::NEG_INFINITY);
        second.fill(f64::NEG_INFINITY);
        nearest.fill(0);
        for (j, (scores, half)) in scores.outer_iter().zip(&centres.half_norms).enumerate() {
            let scores = scores.to_slice().unwrap_or_default();
            let found = best.iter_mut().zip(second.iter_mut()).zip(nearest.iter_mut());
            for (score, ((best, second), nearest)) in scores.iter().zip(found) {
                let score = score - half;
                let better = score > *best;
                let loser = if better { *best } else { score };
                *second = if loser > *second { loser } else { *second };
                *best = if better { score } else { *best };
                *nearest = if better { j } else { *nearest };
            }
        }
        Ok(())
    }
}
