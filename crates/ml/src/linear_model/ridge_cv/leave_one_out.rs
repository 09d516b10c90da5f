//! Exact leave-one-out errors of a ridge regression for a grid of penalties, from one decomposition.
//!
//! With `h` the leverage of a row and `e` its residual in the fit of all rows, its error in the fit of the others is
//! `e / (1 − h)`. Where samples outnumber features, both come from products of the rows with the eigenvectors, block by
//! block. Elsewhere `e = α c` and `1 − h = α d` for the dual coefficients `c = U (Λ + α)⁻¹ Uᵀ y` and `d` the diagonal of
//! `U (Λ + α)⁻¹ Uᵀ`: sums of positive numbers, in which nothing cancels. (Rifkin and Lippert, "Notes on regularized least
//! squares", 2007.) Errors and targets of a row are times the root of its weight throughout, as in scikit-learn.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, matmul, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use super::spectral_form::{Side, SpectralForm};
use crate::error::Error;
use crate::linear_model::regression::{Intercept, Regression};
use crate::linear_model::rows::CentredRows;
use crate::row_blocks::{partition, rows_per_block};

/// Sums over the rows, in a row for each penalty and a column for each target.
pub(crate) struct LeaveOneOut {
    /// Of squared leave-one-out errors.
    pub(crate) squared_errors: Array2<f64>,
    /// Of squared residuals in the fit of all rows.
    pub(crate) squared_residuals: Array2<f64>,
    /// The squared errors of each row, n x (penalties · t), if they were asked for.
    pub(crate) per_row: Option<Array2<f64>>,
}

/// Whether the errors of single rows are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    Sums,
    Rows,
}

/// The smallest part of a row's target that its own fit may leave: what is less is rounding.
const LEAST_SHARE: f64 = f64::EPSILON;

impl SpectralForm {
    /// The errors for each of `penalties`, all positive: 2 n p² operations where samples outnumber features, else n² for
    /// each penalty.
    pub(crate) fn leave_one_out<T: Scalar>(
        &self,
        data: &Regression<'_, T>,
        penalties: &[f64],
        keep: Keep,
    ) -> Result<LeaveOneOut, Error> {
        let (rows, columns) = (data.x.nrows(), penalties.len() * data.y.ncols());
        let mut per_row = match keep {
            Keep::Sums => None,
            Keep::Rows => Some(zeros(rows, columns)?),
        };
        let mut total = Sums::new(columns);
        match self.side {
            Side::Features => {
                let pass = Rows {
                    data,
                    form: self,
                    root_weights: data.root_weights(),
                    grid: Grid::new(self, penalties),
                };
                let parts = split(partition(rows, data.x.ncols(), 1), per_row.as_mut());
                for part in threads::map(parts, |(range, out)| pass.sums(range, out)) {
                    total.add(&part?);
                }
            }
            Side::Samples => self.add_dual(penalties, &mut total, per_row.as_mut())?,
        }
        let shape = (penalties.len(), data.y.ncols());
        let matrix = |sums: Array1<f64>| Array2::from_shape_fn(shape, |(a, t)| sums[a * shape.1 + t]);
        Ok(LeaveOneOut {
            squared_errors: matrix(total.errors),
            squared_residuals: matrix(total.residuals),
            per_row,
        })
    }

    fn add_dual(
        &self,
        penalties: &[f64],
        total: &mut Sums,
        per_row: Option<&mut Array2<f64>>,
    ) -> Result<(), Error> {
        // Of all eigenvalues, those of zero too: a row of its own direction is predicted by no other. Times the penalty, so
        // that they lie between 0 and 1.
        let shares = |penalty: f64| self.eigenvalues.mapv(|value| 1.0 / (1.0 + value / penalty));
        let residuals = matmul(&self.vectors, &self.filtered(penalties, shares))?;
        let squares = self.vectors.mapv(|entry| entry * entry);
        let mut remaining = zeros(self.eigenvalues.len(), penalties.len())?;
        for (mut column, &penalty) in remaining.columns_mut().into_iter().zip(penalties) {
            column.assign(&shares(penalty));
        }
        // No share is rounding here, unless no other row has a weight.
        let remaining = matmul(&squares, &remaining)?.mapv(|share| share.max(f64::MIN_POSITIVE));
        total.count(&residuals.view(), &remaining.view(), per_row.map(|rows| rows.view_mut()));
        Ok(())
    }
}

/// What each block of rows is multiplied by.
struct Grid {
    /// k x penalties.
    reciprocals: Array2<f64>,
    /// k x (penalties · t).
    filtered: Array2<f64>,
}

impl Grid {
    fn new(form: &SpectralForm, penalties: &[f64]) -> Self {
        let mut reciprocals = Array2::zeros((form.eigenvalues.len(), penalties.len()));
        for (mut column, &penalty) in reciprocals.columns_mut().into_iter().zip(penalties) {
            column.assign(&form.reciprocals(penalty));
        }
        Self { reciprocals, filtered: form.filtered(penalties, |penalty| form.reciprocals(penalty)) }
    }
}

struct Rows<'a, 'd, T: Scalar> {
    data: &'a Regression<'d, T>,
    form: &'a SpectralForm,
    root_weights: Option<Array1<f64>>,
    grid: Grid,
}

impl<T: Scalar> Rows<'_, '_, T> {
    /// The sums over a range of the rows, in blocks that stay in the cache.
    fn sums(&self, range: Range<usize>, mut out: Option<ArrayViewMut2<f64>>) -> Result<Sums, Error> {
        let (features, targets) = (self.data.x.ncols(), self.data.y.ncols());
        let (penalties, columns) = (self.grid.reciprocals.ncols(), self.grid.filtered.ncols());
        let height = rows_per_block(features).min(range.len()).max(1);
        let (mut x, mut coordinates) = (zeros(height, features)?, zeros(height, features)?);
        let (mut residuals, mut remaining) = (zeros(height, columns)?, zeros(height, penalties)?);
        let mut total = Sums::new(columns);
        let centred = CentredRows {
            rows: *self.data,
            x_centre: &self.form.x_mean,
            y_centre: &self.form.y_mean,
            root_weights: self.root_weights.as_ref(),
        };
        for start in range.clone().step_by(height) {
            let rows = start..(start + height).min(range.end);
            let here = s![..rows.len(), ..];
            let (mut x, mut coordinates) = (x.slice_mut(here), coordinates.slice_mut(here));
            let (mut residuals, mut remaining) = (residuals.slice_mut(here), remaining.slice_mut(here));
            centred.copy_x(rows.clone(), &mut x);
            for (i, row) in rows.clone().enumerate() {
                let root = self.root_weights.as_ref().map_or(1.0, |roots| roots[row]);
                let own = match self.data.intercept {
                    Intercept::Fitted => root * root / self.data.weight,
                    Intercept::Zero => 0.0,
                };
                remaining.row_mut(i).fill(1.0 - own);
                for (column, entry) in residuals.row_mut(i).iter_mut().enumerate() {
                    let target = column % targets;
                    *entry = root * (self.data.y[[row, target]].as_f64() - self.form.y_mean[target]);
                }
            }
            kernel::gemm(1.0, &x, &self.form.vectors, 0.0, &mut coordinates)?;
            kernel::gemm(-1.0, &coordinates, &self.grid.filtered, 1.0, &mut residuals)?;
            coordinates.mapv_inplace(|entry| entry * entry);
            kernel::gemm(-1.0, &coordinates, &self.grid.reciprocals, 1.0, &mut remaining)?;
            remaining.mapv_inplace(|share| share.max(LEAST_SHARE));
            let out =
                out.as_mut().map(|out| out.slice_mut(s![start - range.start..rows.end - range.start, ..]));
            total.count(&residuals.view(), &remaining.view(), out);
        }
        Ok(total)
    }
}

/// One entry for each penalty and target.
struct Sums {
    errors: Array1<f64>,
    residuals: Array1<f64>,
}

impl Sums {
    fn new(columns: usize) -> Self {
        Self { errors: Array1::zeros(columns), residuals: Array1::zeros(columns) }
    }

    fn add(&mut self, other: &Self) {
        self.errors += &other.errors;
        self.residuals += &other.residuals;
    }

    /// Counts in residuals (rows x (penalties · t)), and the shares that are left of them (rows x penalties).
    fn count(
        &mut self,
        residuals: &ArrayView2<f64>,
        remaining: &ArrayRef2<f64>,
        mut per_row: Option<ArrayViewMut2<f64>>,
    ) {
        let targets = residuals.ncols() / remaining.ncols();
        for (i, row) in residuals.outer_iter().enumerate() {
            for (column, residual) in row.iter().enumerate() {
                let error = residual / remaining[[i, column / targets]];
                self.errors[column] += error * error;
                self.residuals[column] += residual * residual;
                if let Some(out) = &mut per_row {
                    out[[i, column]] = error * error;
                }
            }
        }
    }
}

/// Each range with the rows of `out` that belong to it.
fn split(
    ranges: Vec<Range<usize>>,
    out: Option<&mut Array2<f64>>,
) -> Vec<(Range<usize>, Option<ArrayViewMut2<'_, f64>>)> {
    let mut rest = out.map(|out| out.view_mut());
    let mut parts = Vec::new();
    for range in ranges {
        let part = rest.take().map(|view| {
            let (part, after) = view.split_at(Axis(0), range.len());
            rest = Some(after);
            part
        });
        parts.push((range, part));
    }
    parts
}
