//! The direct ways to the coefficients: one function each, of one signature.

use lapwing_lapack::{Cholesky, Scalar};
use ndarray::{Array1, Array2, ArrayRef2, Axis, s};

use super::params::{RidgeSolver, Stopping};
use crate::error::Error;
use crate::linear_model::centred_system::CentredKernel;
use crate::linear_model::regression::Regression;
use crate::linear_model::singular_system::SingularSystem;

/// The reciprocal condition number below which the normal equations are not solved. The relative error of their solution is
/// about the roundoff over it: 1e-10 at the worst.
const LEAST_RECIPROCAL_CONDITION: f64 = 1e-6;

/// What a solver finds.
pub(super) struct Solved {
    /// t x p.
    pub(super) coefficients: Array2<f64>,
    pub(super) x_mean: Array1<f64>,
    pub(super) y_mean: Array1<f64>,
    pub(super) solver: RidgeSolver,
    pub(super) iterations: Vec<usize>,
}

/// The normal equations of the features or, where they outnumber the samples, of the rows.
pub(super) fn cholesky<T: Scalar>(
    data: &Regression<'_, T>,
    penalties: &Array1<f64>,
    stopping: Stopping,
) -> Result<Solved, Error> {
    let (rows, columns) = data.x.dim();
    let found = if columns <= rows { primal(data, penalties)? } else { dual(data, penalties)? };
    match found {
        Some(solved) => Ok(solved),
        None => svd(data, penalties, stopping),
    }
}

/// `(X̃ᵀX̃ + α I) b = X̃ᵀy`; `None` where digits would be lost.
fn primal<T: Scalar>(data: &Regression<'_, T>, penalties: &Array1<f64>) -> Result<Option<Solved>, Error> {
    let moments = data.moments()?;
    let Some(solution) = solve_targets(&moments.gram, penalties, &moments.cross)? else {
        return Ok(None);
    };
    let (x_mean, y_mean) = (moments.x_mean, moments.y_mean);
    Ok(Some(direct(solution.reversed_axes(), x_mean, y_mean, RidgeSolver::Cholesky)))
}

/// `b = X̃ᵀ (X̃X̃ᵀ + α I)⁻¹ y`; `None` where digits would be lost.
fn dual<T: Scalar>(data: &Regression<'_, T>, penalties: &Array1<f64>) -> Result<Option<Solved>, Error> {
    let mut kernel = CentredKernel::new(data)?;
    // As large as an eigenvalue is in the mean, so that the condition is that of the data.
    kernel.lift_null_vector(kernel.kernel.diag().mean().unwrap_or(0.0));
    let Some(c) = solve_targets(&kernel.kernel, penalties, &kernel.y)? else {
        return Ok(None);
    };
    let coefficients = data.transposed_product(&c)?.reversed_axes();
    Ok(Some(direct(coefficients, kernel.x_mean, kernel.y_mean, RidgeSolver::Cholesky)))
}

/// The singular value decomposition of a centred copy.
pub(super) fn svd<T: Scalar>(
    data: &Regression<'_, T>,
    penalties: &Array1<f64>,
    _: Stopping,
) -> Result<Solved, Error> {
    let system = SingularSystem::new(data)?;
    let coefficients = system.penalized(penalties)?;
    Ok(direct(coefficients, system.x_mean, system.y_mean, RidgeSolver::Svd))
}

fn direct(
    coefficients: Array2<f64>,
    x_mean: Array1<f64>,
    y_mean: Array1<f64>,
    solver: RidgeSolver,
) -> Solved {
    Solved { coefficients, x_mean, y_mean, solver, iterations: Vec::new() }
}

/// The solution of `(a + α I) x = b` for each column of `b` and its penalty; each distinct penalty is factored once.
fn solve_targets(
    a: &ArrayRef2<f64>,
    penalties: &Array1<f64>,
    b: &Array2<f64>,
) -> Result<Option<Array2<f64>>, Error> {
    let mut distinct = penalties.to_vec();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    if let [penalty] = distinct[..] {
        return solve_shifted(a, penalty, b);
    }
    let mut solution = Array2::zeros(b.dim());
    for penalty in distinct {
        let targets: Vec<usize> = (0..penalties.len()).filter(|&t| penalties[t] == penalty).collect();
        let Some(found) = solve_shifted(a, penalty, &b.select(Axis(1), &targets))? else {
            return Ok(None);
        };
        for (&target, column) in targets.iter().zip(found.columns()) {
            solution.column_mut(target).assign(&column);
        }
    }
    Ok(Some(solution))
}

/// The solution of `(a + α I) x = b` for a positive semidefinite `a`, whose lower triangle is read; `None` where the
/// condition is too bad for it to be accurate.
///
/// The diagonal is scaled to ones first, which takes the units of the features out of the condition, and near penalties
/// beyond the range of squares keeps everything near one.
fn solve_shifted(a: &ArrayRef2<f64>, penalty: f64, b: &ArrayRef2<f64>) -> Result<Option<Array2<f64>>, Error> {
    let root = penalty.sqrt();
    let lengths = a.diag().mapv(|square| square.max(0.0).sqrt().hypot(root));
    // Squares of what is below have lost digits to underflow, or are zero.
    if lengths.iter().any(|&length| length < 1e-146) {
        return Ok(None);
    }
    let mut scaled = a.to_owned();
    for (i, mut row) in scaled.outer_iter_mut().enumerate() {
        row.slice_mut(s![..=i])
            .zip_mut_with(&lengths.slice(s![..=i]), |x, length| *x = *x / length / lengths[i]);
        row[i] = 1.0;
    }
    let factor = match Cholesky::new(&scaled) {
        Ok(factor) => factor,
        Err(lapwing_lapack::Error::NotPositiveDefinite { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    if factor.reciprocal_condition(&scaled)? < LEAST_RECIPROCAL_CONDITION {
        return Ok(None);
    }
    let divided = |b: &ArrayRef2<f64>| &b.view() / &lengths.view().insert_axis(Axis(1));
    Ok(Some(divided(&factor.solve(&divided(b))?)))
}
