//! Residual updates of sparse data, which is never centred: the means are subtracted from the products.

use std::ops::Deref;

use lapwing_iterative::sprs::{CsMatBase, SpIndex};
use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2};

use super::descent::Problem;

/// The stored entries column by column, weighted, and the means that they do not show.
pub(super) struct SparseColumns {
    pub(super) x_mean: Array1<f64>,
    pub(super) y_mean: Array1<f64>,
    /// Where each column begins among the entries, and where the last one ends.
    starts: Vec<usize>,
    rows: Vec<usize>,
    values: Vec<f64>,
    /// The root of each row's weight.
    factors: Array1<f64>,
    weight: f64,
    /// A row for each target, centred and weighted.
    y: Array2<f64>,
    squares: Vec<f64>,
}

impl SparseColumns {
    pub(super) fn new<T, I, Pointers, Indices, Data, Pointer>(
        x: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
        y: &ArrayRef2<T>,
        factors: Option<&Array1<f64>>,
        centred: bool,
    ) -> Self
    where
        T: Scalar,
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        let (n, p) = x.shape();
        let factors = factors.cloned().unwrap_or_else(|| Array1::ones(n));
        let weights = &factors * &factors;
        let weight = weights.sum();
        let mut starts = vec![0; p + 1];
        x.iter().for_each(|(_, (_, j))| starts[j.index() + 1] += 1);
        (0..p).for_each(|j| starts[j + 1] += starts[j]);
        let (mut rows, mut values) = (vec![0; x.nnz()], vec![0.0; x.nnz()]);
        let mut next = starts.clone();
        for (value, (i, j)) in x.iter() {
            let place = &mut next[j.index()];
            (rows[*place], values[*place]) = (i.index(), value.as_f64());
            *place += 1;
        }
        let mut x_mean = Array1::zeros(p);
        let mut squares = vec![0.0; p];
        for j in 0..p {
            let entries = starts[j]..starts[j + 1];
            let stored = || rows[entries.clone()].iter().zip(&values[entries.clone()]);
            // A column without zeros is counted from its first entry, so that a constant one has no variance.
            let reference = if entries.len() == n && n > 0 { values[entries.start] } else { 0.0 };
            let shift = || stored().map(|(&i, x)| weights[i] / weight * (x - reference)).sum::<f64>();
            let mean = if centred { reference + shift() } else { 0.0 };
            // What is not stored deviates from the mean by the mean.
            let absent = weight - stored().map(|(&i, _)| weights[i]).sum::<f64>();
            let deviations = stored().map(|(&i, x)| weights[i] * (x - mean) * (x - mean));
            squares[j] = deviations.sum::<f64>() + absent.max(0.0) * mean * mean;
            x_mean[j] = mean;
        }
        rows.iter().zip(&mut values).for_each(|(&i, value)| *value *= factors[i]);
        let mut y = y.t().mapv(T::as_f64);
        let mut y_mean = Array1::zeros(y.nrows());
        for (mut target, mean) in y.outer_iter_mut().zip(&mut y_mean) {
            if centred {
                let first = target[0];
                target -= first;
                let shift = target.dot(&weights) / weight;
                target -= shift;
                *mean = first + shift;
            }
            target *= &factors;
        }
        Self { x_mean, y_mean, starts, rows, values, factors, weight, y, squares }
    }

    pub(super) fn is_finite(&self) -> bool {
        let targets = self.y.outer_iter().map(|y| y.dot(&y));
        self.squares.iter().copied().chain(targets).all(f64::is_finite)
    }

    pub(super) fn problem(&self, target: usize) -> SparseResidual<'_> {
        let residual = self.y.row(target).to_owned();
        SparseResidual {
            columns: self,
            target,
            target_squares: residual.dot(&residual),
            residual,
            level: 0.0,
        }
    }

    fn column(&self, j: usize) -> impl Iterator<Item = (usize, f64)> {
        let entries = self.starts[j]..self.starts[j + 1];
        self.rows[entries.clone()].iter().copied().zip(self.values[entries].iter().copied())
    }
}

/// One target and its residual, which is `residual + level · factors`: what a centred column adds to every row is kept as one
/// number, so that an update costs no more than the stored entries.
pub(super) struct SparseResidual<'a> {
    columns: &'a SparseColumns,
    target: usize,
    target_squares: f64,
    residual: Array1<f64>,
    level: f64,
}

impl SparseResidual<'_> {
    fn entries(&self) -> impl Iterator<Item = f64> {
        self.residual
            .iter()
            .zip(&self.columns.factors)
            .map(|(residual, factor)| residual + self.level * factor)
    }
}

impl Problem for SparseResidual<'_> {
    fn squares(&self) -> &[f64] {
        &self.columns.squares
    }

    fn target_squares(&self) -> f64 {
        self.target_squares
    }

    /// The weighted residual sums to zero as soon as there are means, so that those of the column take nothing off.
    fn correlation(&self, j: usize) -> f64 {
        let stored: f64 = self.columns.column(j).map(|(i, x)| x * self.residual[i]).sum();
        stored + self.level * self.columns.weight * self.columns.x_mean[j]
    }

    fn correlations(&self, out: &mut [f64]) {
        out.iter_mut().enumerate().for_each(|(j, out)| *out = self.correlation(j));
    }

    fn subtract(&mut self, j: usize, by: f64) {
        for (i, x) in self.columns.column(j) {
            self.residual[i] -= by * x;
        }
        self.level += by * self.columns.x_mean[j];
    }

    fn residual(&self, _: &[f64]) -> (f64, f64) {
        let target = self.columns.y.row(self.target);
        (self.entries().map(|r| r * r).sum(), self.entries().zip(target).map(|(r, y)| r * y).sum())
    }
}
