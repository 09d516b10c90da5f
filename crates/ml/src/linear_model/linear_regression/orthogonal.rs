//! Least squares by orthogonal transformations: one centred copy of the data, QR in its memory, and what is small from there.

use lapwing_lapack::least_squares::{LeastSquares, Method, refined};
use lapwing_lapack::{Error as LapackError, Qr, Scalar, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayView2, s};

use super::{Fit, LinearRegressionSolver};
use crate::error::Error;
use crate::linear_model::regression::Intercept;
use crate::linear_model::regression::{Centre, Regression};
use crate::linear_model::rows::CentredRows;

/// Centred and weighted rows `X = Q R` (or, for fewer rows than columns, `Xᵀ = Q R`), with the columns of X divided by powers
/// of two where they come near the ends of the range, and likewise the targets.
pub(crate) struct Reduction {
    pub(crate) centre: Centre,
    /// R, p x p, for n ≥ p; Rᵀ, n x n, otherwise.
    triangle: Array2<f64>,
    /// The first p rows of `Qᵀ y`, or y itself: with the triangle, a system in as many unknowns as it has columns.
    projected: Array2<f64>,
    /// `‖y − X b‖` of a solution for full rank, t.
    pub(crate) residual_norms: Array1<f64>,
    /// By which power of two each column was divided.
    exponents: Vec<i32>,
    target_exponents: Vec<i32>,
    /// Kept for n < p only.
    transposed: Option<Qr<f64>>,
    /// Singular values up to this times the largest are zero.
    pub(crate) tolerance: f64,
}

impl Reduction {
    pub(crate) fn new<T: Scalar>(rows: &Regression<'_, T>) -> Result<Self, Error> {
        require_finite("x", rows.x)?;
        let centre = rows.centre();
        let root_weights = rows.root_weights();
        let centred = CentredRows {
            rows: *rows,
            x_centre: &centre.x,
            y_centre: &centre.y,
            root_weights: root_weights.as_ref(),
        };
        let (n, p) = rows.x.dim();
        let mut y = zeros(rows.y.ncols(), n)?.reversed_axes();
        centred.copy_y(0..n, &mut y.view_mut());
        let target_exponents = divide_columns(&mut y);
        // What is factored lies column-major: for n < p, the transpose of the rows.
        let mut x = if n < p { zeros(n, p)? } else { zeros(p, n)?.reversed_axes() };
        centred.copy_x(0..n, &mut x.view_mut());
        // NumPy's tolerance; data in single precision does not determine more than its roundoff.
        let tolerance = (n.max(p) as f64 * f64::EPSILON).max(T::epsilon().as_f64());
        if n < p {
            // Of a wide matrix the units of all columns change together, because those of one change the least norm.
            let exponent = exponent(x.iter());
            x.mapv_inplace(|entry| times_power(entry, -exponent));
            let qr = Qr::from_owned(x.reversed_axes()).map_err(out_of_range)?;
            return Ok(Self {
                centre,
                triangle: qr.r().reversed_axes(),
                projected: y,
                residual_norms: Array1::zeros(rows.y.ncols()),
                exponents: vec![exponent; p],
                target_exponents,
                transposed: Some(qr),
                tolerance,
            });
        }
        let exponents = divide_columns(&mut x);
        let qr = Qr::from_owned(x).map_err(out_of_range)?;
        let rotated = qr.apply_q_transposed(&y).map_err(out_of_range)?;
        let residual_norms = column_norms(rotated.slice(s![p.., ..]), &target_exponents);
        Ok(Self {
            centre,
            triangle: qr.r(),
            projected: rotated.slice(s![..p, ..]).to_owned(),
            residual_norms,
            exponents,
            target_exponents,
            transposed: None,
            tolerance,
        })
    }

    /// The solution for independent features; `None` where they are not.
    pub(crate) fn by_qr(&self) -> Result<Option<Fit>, Error> {
        if self.transposed.is_some() {
            return Ok(None);
        }
        let (triangle, exponents) = self.equilibrated();
        let params = LeastSquares::params().method(Method::Qr).rcond(self.tolerance);
        match params.solve(&triangle, &self.projected) {
            Ok(fit) => Ok(Some(self.fit(fit.into_solution(), &exponents, LinearRegressionSolver::Qr))),
            Err(LapackError::RankDeficient { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The solution of least norm, for features of any rank. The rank is that of columns of equal length, where that is
    /// full, and otherwise that of the columns as they are.
    pub(crate) fn by_svd(&self) -> Result<Fit, Error> {
        let params = LeastSquares::params().method(Method::Svd).rcond(self.tolerance);
        let (as_given, uniform) = self.as_given();
        let values = |fit: &LeastSquares<f64, _>| -> Result<Array1<f64>, Error> {
            let values = fit.singular_values().map(|values| values.mapv(|value| times_power(value, uniform)));
            let values = values.unwrap_or_default();
            if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(overflow()) }
        };
        if self.transposed.is_none() {
            let (triangle, exponents) = self.equilibrated();
            let solution = params.solve(&triangle, &self.projected)?;
            if solution.rank() == triangle.ncols() {
                let probe = params.solve(&as_given, &Array2::zeros((as_given.nrows(), 1)))?;
                let mut fit = self.fit(solution.into_solution(), &exponents, LinearRegressionSolver::Svd);
                fit.singular_values = Some(values(&probe)?);
                return Ok(fit);
            }
        }
        let solution = params.solve(&as_given, &self.projected)?;
        let (rank, values) = (solution.rank(), values(&solution)?);
        let solution = solution.into_solution();
        let solution = match &self.transposed {
            None => solution,
            Some(qr) => {
                let mut padded = zeros(self.exponents.len(), solution.ncols())?;
                padded.slice_mut(s![..solution.nrows(), ..]).assign(&solution);
                qr.apply_q(&padded)?
            }
        };
        let mut fit = self.fit(solution, &vec![uniform; self.exponents.len()], LinearRegressionSolver::Svd);
        (fit.rank, fit.singular_values) = (Some(rank), Some(values));
        Ok(fit)
    }

    /// The triangle with columns of nearly unit length, and by which power of two each column of X is divided for it.
    pub(crate) fn equilibrated(&self) -> (Array2<f64>, Vec<i32>) {
        let mut triangle = self.triangle.clone();
        let exponents =
            triangle.columns_mut().into_iter().zip(&self.exponents).map(|(mut column, exponent)| {
                let length = column.dot(&column).sqrt();
                let power = if length > 0.0 { length.log2().round() as i32 } else { 0 };
                column.mapv_inplace(|entry| times_power(entry, -power));
                exponent + power
            });
        let exponents = exponents.collect();
        (triangle, exponents)
    }

    /// The triangle in the proportions of the data, and by which one power of two X is divided for it.
    fn as_given(&self) -> (Array2<f64>, i32) {
        let uniform = self.exponents.iter().copied().max().unwrap_or(0);
        let mut triangle = self.triangle.clone();
        if self.transposed.is_none() {
            for (mut column, exponent) in triangle.columns_mut().into_iter().zip(&self.exponents) {
                column.mapv_inplace(|entry| times_power(entry, exponent - uniform));
            }
        }
        (triangle, uniform)
    }

    /// What has the singular values and right singular vectors of X, divided by a power of two, at most n x p; and the power.
    pub(crate) fn as_rows(&self) -> Result<(Array2<f64>, i32), Error> {
        let (triangle, uniform) = self.as_given();
        let Some(qr) = &self.transposed else { return Ok((triangle, uniform)) };
        let mut padded = zeros(self.exponents.len(), triangle.nrows())?;
        padded.slice_mut(s![..triangle.ncols(), ..]).assign(&triangle.t());
        Ok((qr.apply_q(&padded)?.reversed_axes(), uniform))
    }

    /// The lengths of the targets around their centre, weighted, t.
    pub(crate) fn target_norms(&self) -> Array1<f64> {
        let norms = column_norms(self.projected.view(), &self.target_exponents);
        norms.iter().zip(&self.residual_norms).map(|(explained, rest)| explained.hypot(*rest)).collect()
    }

    /// The fit of a solution (p x t) for columns divided by these powers of two.
    fn fit(&self, mut solution: Array2<f64>, exponents: &[i32], solver: LinearRegressionSolver) -> Fit {
        for (mut row, exponent) in solution.outer_iter_mut().zip(exponents) {
            for (entry, of_target) in row.iter_mut().zip(&self.target_exponents) {
                *entry = times_power(*entry, of_target - exponent);
            }
        }
        let coefficients = solution.reversed_axes();
        Fit {
            level: self.centre.level(&coefficients),
            centre: self.centre.x.clone(),
            rank: Some(coefficients.ncols()),
            coefficients,
            intercept: None,
            solver,
            singular_values: None,
        }
    }
}

/// A refined fit, and what the refinement knows of it besides.
pub(crate) struct RefinedFit {
    pub(crate) fit: Fit,
    /// `‖y − X b‖`, weighted, t.
    pub(crate) residual_norms: Array1<f64>,
}

/// The refined solution of the rows as they are, with a column of ones for the intercept: centring would round them. Weights
/// do, so that weighted rows are centred first, where that rounds less. `None` where the features depend on each other,
/// nearly enough for the refinement not to converge.
pub(crate) fn refined_fit<T: Scalar>(rows: &Regression<'_, T>) -> Result<Option<RefinedFit>, Error> {
    require_finite("x", rows.x)?;
    let first = usize::from(rows.intercept == Intercept::Fitted);
    if rows.x.nrows() < rows.x.ncols() + first {
        return Ok(None);
    }
    let centre = rows.centre();
    let (design, y) = match rows.weights {
        None => explicit_design(rows, &Array1::zeros(centre.x.len()), &Array1::zeros(centre.y.len()))?,
        Some(_) => explicit_design(rows, &centre.x, &centre.y)?,
    };
    let solution = match refined(&design, &y) {
        Err(LapackError::RankDeficient { .. }) => return Ok(None),
        solution => solution.map_err(out_of_range)?,
    };
    if !solution.refinements().iter().all(|report| report.converged) {
        return Ok(None);
    }
    let residual_norms = solution.residual_norms().to_owned();
    let all = solution.into_solution();
    let coefficients = all.slice(s![first.., ..]).t().to_owned();
    let (level, intercept) = match (first, rows.weights) {
        (0, _) => (centre.y, None),
        (_, None) => (centre.level(&coefficients), Some(all.row(0).to_owned())),
        (_, Some(_)) => (&centre.y + &all.row(0), None),
    };
    let fit = Fit {
        level,
        centre: centre.x,
        rank: Some(coefficients.ncols()),
        coefficients,
        intercept,
        solver: LinearRegressionSolver::Refined,
        singular_values: None,
    };
    Ok(Some(RefinedFit { fit, residual_norms }))
}

/// The rows less these centres, times the roots of the weights, with a column of ones first where there is an intercept; and
/// the targets.
fn explicit_design<T: Scalar>(
    rows: &Regression<'_, T>,
    x_centre: &Array1<f64>,
    y_centre: &Array1<f64>,
) -> Result<(Array2<f64>, Array2<f64>), Error> {
    let n = rows.x.nrows();
    let root_weights = rows.root_weights();
    let centred = CentredRows { rows: *rows, x_centre, y_centre, root_weights: root_weights.as_ref() };
    let first = usize::from(rows.intercept == Intercept::Fitted);
    let mut design = zeros(x_centre.len() + first, n)?.reversed_axes();
    if first == 1 {
        match &root_weights {
            None => design.column_mut(0).fill(1.0),
            Some(roots) => design.column_mut(0).assign(roots),
        }
    }
    centred.copy_x(0..n, &mut design.slice_mut(s![.., first..]));
    let mut y = zeros(y_centre.len(), n)?.reversed_axes();
    centred.copy_y(0..n, &mut y.view_mut());
    Ok((design, y))
}

/// Divides the columns that come near the ends of the range by powers of two; returns these for all.
fn divide_columns(columns: &mut Array2<f64>) -> Vec<i32> {
    let divide = |mut column: ndarray::ArrayViewMut1<f64>| {
        let exponent = exponent(column.iter());
        if exponent != 0 {
            column.mapv_inplace(|entry| times_power(entry, -exponent));
        }
        exponent
    };
    columns.columns_mut().into_iter().map(divide).collect()
}

/// The exponent of the largest entry where it matters: zero where squares, and sums of many, stay in range.
fn exponent<'a>(entries: impl Iterator<Item = &'a f64>) -> i32 {
    const MATTERS: i32 = 300;
    let largest = entries.fold(0.0f64, |largest, entry| largest.max(entry.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return 0;
    }
    let exponent = largest.log2().floor() as i32;
    if exponent.abs() <= MATTERS { 0 } else { exponent }
}

/// `x · 2^exponent`, in steps, because the power itself may be out of range.
pub(crate) fn times_power(x: f64, exponent: i32) -> f64 {
    if exponent == 0 {
        return x;
    }
    let third = exponent / 3;
    let step = f64::from(third).exp2();
    x * step * step * f64::from(exponent - 2 * third).exp2()
}

fn column_norms(columns: ArrayView2<f64>, exponents: &[i32]) -> Array1<f64> {
    let norms = columns.columns().into_iter().zip(exponents);
    norms.map(|(column, &exponent)| times_power(column.dot(&column).sqrt(), exponent)).collect()
}

/// The data was found to be finite: what is not, once it is centred and weighted, has overflowed.
fn out_of_range(error: LapackError) -> Error {
    match error {
        LapackError::NonFinite { .. } => overflow(),
        error => error.into(),
    }
}

fn overflow() -> Error {
    LapackError::Overflow { routine: "centring and weighting x", scalar: "f64" }.into()
}
