//! The iterative ways to the coefficients, over operators that are never formed.

use lapwing_iterative::{Centred, ConjugateGradient, FunctionOperator, LinearOperator, Lsqr};
use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView2, ArrayViewMut2, Axis};

use super::params::{RidgeSolver, Stopping};
use super::solvers::Solved;
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::linear_model::centred_system::CentredSystem;
use crate::linear_model::regression::{Intercept, Regression};
use crate::linear_model::sample_weights::check_weights;

/// LSQR over a centred copy.
pub(super) fn lsqr<T: Scalar>(
    data: &Regression<'_, T>,
    penalties: &Array1<f64>,
    stopping: Stopping,
) -> Result<Solved, Error> {
    over_copy(data, RidgeSolver::Lsqr, penalties, stopping)
}

/// Conjugate gradients over a centred copy.
pub(super) fn conjugate_gradient<T: Scalar>(
    data: &Regression<'_, T>,
    penalties: &Array1<f64>,
    stopping: Stopping,
) -> Result<Solved, Error> {
    over_copy(data, RidgeSolver::ConjugateGradient, penalties, stopping)
}

fn over_copy<T: Scalar>(
    data: &Regression<'_, T>,
    solver: RidgeSolver,
    penalties: &Array1<f64>,
    stopping: Stopping,
) -> Result<Solved, Error> {
    let CentredSystem { x, y, x_mean, y_mean } = CentredSystem::new(data)?;
    let (coefficients, iterations) = each_target(&*x, &y, solver, penalties, stopping)?;
    Ok(Solved { coefficients, x_mean, y_mean, solver, iterations })
}

/// Over data that stays as it is: the means are subtracted from its products.
pub(super) fn over_sparse<T: Scalar, X: DataMatrix<T> + ?Sized>(
    x: &X,
    y: ArrayView2<T>,
    weights: Option<&ArrayRef1<T>>,
    intercept: Intercept,
    solver: RidgeSolver,
    penalties: &Array1<f64>,
    stopping: Stopping,
) -> Result<Solved, Error> {
    x.require_finite_entries("x")?;
    let (rows, columns) = x.dimensions();
    let total = weights.map_or(Ok(rows as f64), |weights| check_weights(weights, rows))?;
    let weights = weights.map_or_else(|| Array1::ones(rows), |weights| weights.to_owned());
    let (x_mean, y_mean) = match intercept {
        Intercept::Zero => (Array1::zeros(columns), Array1::zeros(y.ncols())),
        Intercept::Fitted => {
            // Of shares instead of weights, so that no sum of large values overflows.
            let shares = weights.mapv(|weight| T::from_f64(weight.as_f64() / total)).insert_axis(Axis(1));
            let x_mean = x.apply_transposed(&shares)?.column(0).mapv(T::as_f64);
            let shares = weights.mapv(|weight| weight.as_f64() / total);
            (x_mean, y.mapv(T::as_f64).t().dot(&shares))
        }
    };
    let roots = weights.mapv(|weight| weight.sqrt()).insert_axis(Axis(1));
    let mut targets = y.mapv(T::as_f64) - &y_mean;
    targets *= &roots.mapv(T::as_f64);
    let rounded = x_mean.mapv(T::from_f64);
    let operator = RootWeighted { operator: Centred::new(x, &rounded)?, roots };
    let (coefficients, iterations) =
        each_target(&operator, &targets.mapv(T::from_f64), solver, penalties, stopping)?;
    Ok(Solved { coefficients, x_mean, y_mean, solver, iterations })
}

/// The coefficients of each target (t x p), and the iterations.
fn each_target<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    y: &Array2<T>,
    solver: RidgeSolver,
    penalties: &Array1<f64>,
    stopping: Stopping,
) -> Result<(Array2<f64>, Vec<usize>), Error> {
    let mut coefficients = zeros(y.ncols(), a.dimensions().1)?;
    let mut iterations = Vec::with_capacity(y.ncols());
    for ((y, &penalty), mut row) in y.columns().into_iter().zip(penalties).zip(coefficients.outer_iter_mut())
    {
        let (found, count) = match solver {
            RidgeSolver::ConjugateGradient => normal_equations(a, &y, penalty, stopping)?,
            _ => damped(a, &y, penalty, stopping)?,
        };
        row.assign(&found.mapv(T::as_f64));
        iterations.push(count);
    }
    Ok((coefficients, iterations))
}

/// LSQR with the root of the penalty as damping. A limit of the condition would stop it where collinear features are; there
/// it goes to the solution of least norm.
fn damped<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    y: &ArrayRef1<T>,
    penalty: f64,
    stopping: Stopping,
) -> Result<(Array1<T>, usize), Error> {
    let mut params = Lsqr::params()
        .damping(penalty.sqrt())
        .matrix_tolerance(stopping.tolerance)
        .right_hand_side_tolerance(stopping.tolerance)
        .condition_limit(f64::INFINITY);
    if let Some(iterations) = stopping.max_iterations {
        params = params.max_iterations(iterations);
    }
    let solution = params.solve(a, y)?;
    Ok((solution.x().to_owned(), solution.iterations()))
}

/// Conjugate gradients on the smaller of the two systems.
fn normal_equations<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    y: &ArrayRef1<T>,
    penalty: f64,
    stopping: Stopping,
) -> Result<(Array1<T>, usize), Error> {
    let (rows, columns) = a.dimensions();
    let mut params = ConjugateGradient::params().tolerance(stopping.tolerance);
    if let Some(iterations) = stopping.max_iterations {
        params = params.max_iterations(iterations);
    }
    // Divided by a penalty beyond one, so that no product with it overflows.
    let divisor = penalty.max(1.0);
    let (share, penalty) = (T::from_f64(1.0 / divisor), T::from_f64(penalty / divisor));
    let shifted = |x: &ArrayRef2<T>, mut product: ArrayViewMut2<T>| {
        product.zip_mut_with(x, |product, &x| *product = *product * share + penalty * x);
    };
    if columns <= rows {
        let equations = FunctionOperator::symmetric(columns, |x: &ArrayRef2<T>, out: &mut ArrayRef2<T>| {
            a.apply_transposed_into(&a.apply(x)?, out)?;
            shifted(x, out.view_mut());
            Ok(())
        });
        let right = a.apply_transposed(&y.view().insert_axis(Axis(1)))? * share;
        let solution = params.solve(&equations, &right.column(0))?;
        return Ok((solution.x().to_owned(), solution.iterations()));
    }
    let equations = FunctionOperator::symmetric(rows, |c: &ArrayRef2<T>, out: &mut ArrayRef2<T>| {
        a.apply_into(&a.apply_transposed(c)?, out)?;
        shifted(c, out.view_mut());
        Ok(())
    });
    let solution = params.solve(&equations, &(&y.view() * share))?;
    let product = a.apply_transposed(&solution.x().insert_axis(Axis(1)))?;
    Ok((product.column(0).to_owned(), solution.iterations()))
}

/// An operator whose rows are multiplied by numbers (n x 1).
struct RootWeighted<T, A> {
    operator: A,
    roots: Array2<T>,
}

impl<T: Scalar, A: LinearOperator<T>> LinearOperator<T> for RootWeighted<T, A> {
    fn dimensions(&self) -> (usize, usize) {
        self.operator.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), lapwing_lapack::Error> {
        self.operator.apply_into(x, result)?;
        let mut rows = result.view_mut();
        rows *= &self.roots;
        Ok(())
    }

    fn apply_transposed_into(
        &self,
        y: &ArrayRef2<T>,
        result: &mut ArrayRef2<T>,
    ) -> Result<(), lapwing_lapack::Error> {
        self.operator.apply_transposed_into(&(&y.view() * &self.roots), result)
    }
}
