//! Each sample's nearest centre, block by block.
//!
//! Within a block the products of all samples with all centres are one matrix product; the nearest centre of a sample x is
//! the one with the largest xᵀc − ‖c‖²/2. The scores lie centre by centre, so that the comparison runs over many samples at
//! once.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, threads, zeros};
use ndarray::{Array2, ArrayRef2, s};

use super::samples::{Samples, groups, map_items, rows_per_block, squared_distance};
use crate::error::Error;

/// No label yet.
pub(super) const UNASSIGNED: usize = usize::MAX;

/// A sample in its block, and the cluster it belongs to.
pub(super) struct Assigned<'a> {
    /// Its index among all samples.
    pub(super) index: usize,
    /// Its features, in the unit of the [`Samples`].
    pub(super) point: &'a [f64],
    /// The label it had.
    pub(super) before: usize,
    /// The label it has now.
    pub(super) label: usize,
}

/// Writes the label of the nearest of `centres` (k x p, k at least 1) for each sample, and calls `each` with every sample
/// and the accumulator of its group, which `start` makes. On a tie the lowest label wins.
pub(super) fn assign<T: Scalar, A: Send>(
    samples: &Samples<T>,
    centres: &ArrayRef2<f64>,
    labels: &mut [usize],
    start: impl Fn() -> Result<A, Error> + Sync,
    each: impl Fn(&mut A, Assigned) + Sync,
) -> Result<Vec<A>, Error> {
    let (n, p) = samples.dim();
    let k = centres.nrows();
    let half_norms = half_norms(centres);
    let ranges = groups(n, p, k);
    let outputs = threads::split(labels, &ranges, 1);
    let height = rows_per_block(p, k);
    let items: Vec<(Range<usize>, &mut [usize])> = ranges.into_iter().zip(outputs).collect();
    let results = map_items(
        items,
        || Workspace::new(height.min(n), p, k),
        |workspace, (rows, labels)| {
            let workspace = workspace.as_mut().map_err(|error| error.clone())?;
            let mut sum = start()?;
            for (i, labels) in labels.chunks_mut(height).enumerate() {
                let first = rows.start + i * height;
                workspace.find(samples, first..first + labels.len(), centres, &half_norms)?;
                for (i, (point, (label, nearest))) in
                    workspace.points(p).zip(labels.iter_mut().zip(&workspace.nearest)).enumerate()
                {
                    let assigned = Assigned { index: first + i, point, before: *label, label: *nearest };
                    *label = *nearest;
                    each(&mut sum, assigned);
                }
            }
            Ok(sum)
        },
    );
    results.into_iter().collect()
}

/// The labels of all samples and the sum of their weighted squared distances, in the unit of the samples.
pub(super) fn labels_and_inertia<T: Scalar>(
    samples: &Samples<T>,
    centres: &ArrayRef2<f64>,
) -> Result<(Vec<usize>, f64), Error> {
    let mut labels = vec![UNASSIGNED; samples.dim().0];
    let p = samples.dim().1;
    let positions = positions(centres);
    let parts = assign(
        samples,
        centres,
        &mut labels,
        || Ok(0.0),
        |sum, sample| {
            let centre = &positions[sample.label * p..][..p];
            *sum += samples.weight(sample.index) * squared_distance(sample.point, centre);
        },
    )?;
    Ok((labels, parts.into_iter().sum()))
}

/// Half the square of the norm of each row.
pub(super) fn half_norms(centres: &ArrayRef2<f64>) -> Vec<f64> {
    centres.outer_iter().map(|centre| centre.dot(&centre) / 2.0).collect()
}

/// The entries of `centres`, row after row.
pub(super) fn positions(centres: &ArrayRef2<f64>) -> Vec<f64> {
    centres.iter().copied().collect()
}

/// What a thread needs for one block.
struct Workspace {
    block: Array2<f64>,
    scores: Array2<f64>,
    best: Vec<f64>,
    nearest: Vec<usize>,
}

impl Workspace {
    fn new(height: usize, features: usize, clusters: usize) -> Result<Self, Error> {
        Ok(Self {
            block: zeros(height, features)?,
            scores: zeros(clusters, height)?,
            best: vec![0.0; height],
            nearest: vec![0; height],
        })
    }

    /// The rows of the block, of p entries each.
    fn points(&self, p: usize) -> impl Iterator<Item = &[f64]> {
        self.block.as_slice().unwrap_or_default().chunks_exact(p)
    }

    /// Loads `rows`, and finds the nearest of `centres` for each.
    fn find<T: Scalar>(
        &mut self,
        samples: &Samples<T>,
        rows: Range<usize>,
        centres: &ArrayRef2<f64>,
        half_norms: &[f64],
    ) -> Result<(), Error> {
        let height = rows.len();
        let mut block = self.block.slice_mut(s![..height, ..]);
        samples.load(rows, &mut block);
        let mut scores = self.scores.slice_mut(s![.., ..height]);
        kernel::gemm(1.0, centres, &block.t(), 0.0, &mut scores)?;
        let (best, nearest) = (&mut self.best[..height], &mut self.nearest[..height]);
        best.fill(f64::NEG_INFINITY);
        nearest.fill(0);
        for (j, (scores, half)) in scores.outer_iter().zip(half_norms).enumerate() {
            let scores = scores.to_slice().unwrap_or_default();
            for ((score, best), nearest) in scores.iter().zip(best.iter_mut()).zip(nearest.iter_mut()) {
                let score = score - half;
                let better = score > *best;
                *best = if better { score } else { *best };
                *nearest = if better { j } else { *nearest };
            }
        }
        Ok(())
    }
}
