//! Concentration: from any estimate, the h samples nearest to it have a covariance of no larger determinant.
//!
//! Many candidates concentrate on the same samples at once, each step in parallel over them. Between the steps, where no
//! thread of ours runs, their covariances are factored by LAPACK.

use lapwing_lapack::{Scalar, kernel, matmul, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayView1, ArrayView2, Axis, s};

use crate::covariance::centring::mirror_lower;
use crate::covariance::whitener::Whitener;
use crate::error::Error;
use crate::moments::{Full, Moments, Scatter};
use crate::row_blocks::rows_per_block;

/// Steps after which a candidate that still improves is taken as it is. The determinants decrease and there are finitely
/// many subsets, so that each candidate ends by itself, nearly always within 20 steps.
const MOST_STEPS: usize = 100;

/// So many multiplications keep a thread busy for longer than it takes to start.
const GRAIN: usize = 1 << 18;

/// Where samples are, and how far from there.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Counted from the reference of the data.
    location: Array1<f64>,
    whitener: Whitener,
}

impl Candidate {
    fn new(moments: Moments<Full>, units: &ArrayRef1<f64>) -> Result<Self, Error> {
        let mut covariance = moments.scatter.0 / moments.count as f64;
        mirror_lower(&mut covariance);
        Ok(Self { location: moments.mean, whitener: Whitener::new(&covariance, units)? })
    }

    pub(super) fn log_determinant(&self) -> f64 {
        self.whitener.log_determinant
    }
}

/// Samples in which supports of one size are sought.
pub(super) struct Search<'a, T: Scalar> {
    pub(super) rows: ArrayView2<'a, T>,
    /// What all deviations are counted from: a row that outliers cannot have moved.
    pub(super) reference: &'a Array1<f64>,
    /// In what units a feature is that does not vary in a support.
    pub(super) units: &'a Array1<f64>,
    pub(super) size: usize,
}

impl<T: Scalar> Search<'_, T> {
    /// The candidates that these supports make.
    pub(super) fn candidates<S: AsRef<[bool]> + Sync>(
        &self,
        supports: &[S],
    ) -> Result<Vec<Candidate>, Error> {
        self.of_each(supports, |workspace, support| {
            workspace.moments(self.rows, self.reference, support.as_ref().iter().copied())
        })
    }

    /// Each candidate, concentrated once.
    pub(super) fn step(&self, candidates: &[Candidate]) -> Result<Vec<Candidate>, Error> {
        self.of_each(candidates, |workspace, candidate| {
            let support = workspace.nearest(self.rows, self.reference, candidate, self.size)?;
            workspace.moments(self.rows, self.reference, support.into_iter())
        })
    }

    /// The candidates, concentrated until they no longer improve, best first. One with determinant zero ends the search.
    pub(super) fn converge(&self, candidates: &[Candidate]) -> Result<Vec<Candidate>, Error> {
        // Their determinants may be those of other samples: only what is found here can be compared.
        let mut active = best(self.step(candidates)?, usize::MAX);
        let mut settled = Vec::new();
        for _ in 0..MOST_STEPS {
            if active.first().is_none_or(|first| first.log_determinant() == f64::NEG_INFINITY) {
                break;
            }
            let next = self.step(&active)?;
            let mut improved = Vec::new();
            for (before, after) in active.into_iter().zip(next) {
                if after.log_determinant() < before.log_determinant() {
                    improved.push(after);
                } else {
                    settled.push(before);
                }
            }
            // Candidates that have met go on as one.
            active = best(improved, usize::MAX);
        }
        settled.extend(active);
        Ok(best(settled, usize::MAX))
    }

    /// The samples nearest to a candidate.
    pub(super) fn support(&self, candidate: &Candidate) -> Result<Vec<bool>, Error> {
        let mut workspace = Workspace::new(self.rows.dim())?;
        workspace.nearest(self.rows, self.reference, candidate, self.size)
    }

    /// The squared distance of each sample from a candidate.
    pub(super) fn distances(&self, candidate: &Candidate) -> Result<Vec<f64>, Error> {
        let mut workspace = Workspace::new(self.rows.dim())?;
        workspace.measure(self.rows, self.reference, candidate)?;
        Ok(workspace.distances)
    }

    /// What lies in the metric of a candidate where these samples lie from it, a row for each.
    pub(super) fn whitened(&self, candidate: &Candidate, samples: &[usize]) -> Result<Array2<f64>, Error> {
        let mut deviations = self.rows.select(Axis(0), samples).mapv(T::as_f64);
        deviations -= self.reference;
        deviations -= &candidate.location;
        Ok(matmul(&deviations, &candidate.whitener.matrix.t())?)
    }

    /// The candidates that `moments` makes of the items, in parallel over them.
    fn of_each<I: Sync>(
        &self,
        items: &[I],
        moments: impl Fn(&mut Workspace, &I) -> Result<Moments<Full>, Error> + Sync,
    ) -> Result<Vec<Candidate>, Error> {
        let (rows, features) = self.rows.dim();
        let grain = GRAIN / (rows * features * features).max(1) + 1;
        let parts = threads::map(threads::partition(items.len(), grain), |range| {
            let mut workspace = Workspace::new((rows, features))?;
            items[range].iter().map(|item| moments(&mut workspace, item)).collect::<Result<Vec<_>, Error>>()
        });
        let mut candidates = Vec::with_capacity(items.len());
        for part in parts {
            for moments in part? {
                candidates.push(Candidate::new(moments, self.units)?);
            }
        }
        Ok(candidates)
    }
}

/// The `count` candidates of least determinant, best first, each once.
pub(super) fn best(mut candidates: Vec<Candidate>, count: usize) -> Vec<Candidate> {
    candidates.sort_by(|a, b| a.log_determinant().total_cmp(&b.log_determinant()));
    // The same support is summed in the same order from the same reference, so that its estimates have the same bits.
    candidates.dedup_by(|a, b| a.log_determinant() == b.log_determinant() && a.location == b.location);
    candidates.truncate(count);
    candidates
}

/// The lower median of each column: finite data among the rows, wherever up to half of them lie.
pub(super) fn medians<T: Scalar>(rows: ArrayView2<T>) -> Array1<f64> {
    let mut buffer = Vec::with_capacity(rows.nrows());
    let median = |column: ArrayView1<T>| {
        buffer.clear();
        buffer.extend(column.iter().map(|x| x.as_f64()));
        let middle = buffer.len().saturating_sub(1) / 2;
        *buffer.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    rows.columns().into_iter().map(median).collect()
}

/// The moments of the rows that `support` holds, with the mean as it is.
pub(super) fn moments_where<T: Scalar>(
    rows: ArrayView2<T>,
    reference: &Array1<f64>,
    support: &[bool],
) -> Result<Moments<Full>, Error> {
    let mut moments = Workspace::new(rows.dim())?.moments(rows, reference, support.iter().copied())?;
    moments.mean += reference;
    Ok(moments)
}

/// Buffers of one thread.
struct Workspace {
    block: Array2<f64>,
    scores: Array2<f64>,
    distances: Vec<f64>,
    selection: Vec<f64>,
}

impl Workspace {
    fn new((rows, features): (usize, usize)) -> Result<Self, Error> {
        let height = rows_per_block(features).min(rows);
        Ok(Self {
            block: zeros(height, features)?,
            scores: zeros(height, features)?,
            distances: Vec::with_capacity(rows),
            selection: Vec::with_capacity(rows),
        })
    }

    /// Fills in the squared distance of each row from the candidate.
    fn measure<T: Scalar>(
        &mut self,
        rows: ArrayView2<T>,
        reference: &Array1<f64>,
        candidate: &Candidate,
    ) -> Result<(), Error> {
        self.distances.clear();
        let height = self.block.nrows().max(1);
        for rows in rows.axis_chunks_iter(Axis(0), height) {
            let mut block = self.block.slice_mut(s![..rows.nrows(), ..]);
            for (row, mut deviation) in rows.outer_iter().zip(block.outer_iter_mut()) {
                let origins = reference.iter().zip(&candidate.location);
                for ((deviation, x), (reference, location)) in deviation.iter_mut().zip(&row).zip(origins) {
                    *deviation = (x.as_f64() - reference) - location;
                }
            }
            let mut scores = self.scores.slice_mut(s![..rows.nrows(), ..]);
            kernel::gemm(1.0, &block, &candidate.whitener.matrix.t(), 0.0, &mut scores)?;
            self.distances.extend(scores.outer_iter().map(|row| row.iter().map(|z| z * z).sum::<f64>()));
        }
        Ok(())
    }

    /// Which `size` rows are nearest to the candidate; of those as far as the last, the first.
    fn nearest<T: Scalar>(
        &mut self,
        rows: ArrayView2<T>,
        reference: &Array1<f64>,
        candidate: &Candidate,
        size: usize,
    ) -> Result<Vec<bool>, Error> {
        self.measure(rows, reference, candidate)?;
        self.selection.clone_from(&self.distances);
        let (nearer, &mut farthest, _) = self.selection.select_nth_unstable_by(size - 1, f64::total_cmp);
        let mut level = size - nearer.iter().filter(|&&distance| distance < farthest).count();
        let inside = |&distance: &f64| {
            let tied = distance == farthest && level > 0;
            level -= usize::from(tied);
            tied || distance < farthest
        };
        Ok(self.distances.iter().map(inside).collect())
    }

    /// The moments of the rows that `support` holds, with the mean counted from the reference.
    fn moments<T: Scalar>(
        &mut self,
        rows: ArrayView2<T>,
        reference: &Array1<f64>,
        support: impl Iterator<Item = bool>,
    ) -> Result<Moments<Full>, Error> {
        let mut total = Moments::empty(rows.ncols())?;
        let mut filled = 0;
        for (row, _) in rows.outer_iter().zip(support).filter(|(_, inside)| *inside) {
            let copies = self.block.row_mut(filled).into_iter().zip(&row).zip(reference);
            copies.for_each(|((copy, x), reference)| *copy = x.as_f64() - reference);
            filled += 1;
            if filled == self.block.nrows() {
                self.add_block(filled, &mut total)?;
                filled = 0;
            }
        }
        self.add_block(filled, &mut total)?;
        Ok(total)
    }

    /// Adds the first rows of the block, and centres them on the way.
    fn add_block(&mut self, rows: usize, total: &mut Moments<Full>) -> Result<(), Error> {
        if rows == 0 {
            return Ok(());
        }
        let mut block = self.block.slice_mut(s![..rows, ..]);
        let mut mean = Array1::zeros(block.ncols());
        block.outer_iter().for_each(|row| mean += &row);
        mean /= rows as f64;
        block.outer_iter_mut().for_each(|mut row| row -= &mean);
        let (weight, shift) = total.extend(rows, &mean);
        total.scatter.add_block(&block)?;
        total.scatter.add_shift(weight, &shift);
        Ok(())
    }
}
