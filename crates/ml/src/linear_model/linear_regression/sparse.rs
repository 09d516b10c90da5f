//! Least squares of data that is not to be made dense: LSQR on its products, around its means.

use lapwing_iterative::{Centred, LinearOperator, Lsqr};
use lapwing_lapack::{Error as LapackError, Scalar, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView2, Axis};

use super::{Fit, LinearRegressionParams, LinearRegressionSolver};
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::linear_model::regression::Intercept;

/// So many iterations are allowed however few the unknowns: rounding costs some.
const LEAST_ITERATIONS: usize = 100;

impl LinearRegressionParams {
    /// For checked targets and weights.
    pub(super) fn by_lsqr<T: Scalar, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayView2<T>,
        weights: Option<&ArrayRef1<T>>,
        intercept: Intercept,
    ) -> Result<Fit, Error> {
        let tolerance = self.tolerance.unwrap_or(100.0 * T::epsilon().as_f64());
        if !(tolerance > 0.0 && tolerance < 1.0) {
            let (value, requirement) = (tolerance.to_string(), "greater than 0 and less than 1".to_owned());
            return Err(Error::InvalidParameter { parameter: "tolerance", value, requirement });
        }
        x.require_finite_entries("x")?;
        let (n, p) = x.dimensions();
        let shares = shares(weights, n);
        let (centre, level) = match intercept {
            Intercept::Fitted => (x_mean(x, weights, &shares)?, y.t().mapv(T::as_f64).dot(&shares)),
            Intercept::Zero => (Array1::zeros(p), Array1::zeros(y.ncols())),
        };
        let rounded = centre.mapv(T::from_f64);
        // Divided by their mean, so that LSQR meets numbers of the size of the data.
        let roots = shares.mapv(|share| (share * n as f64).sqrt());
        let operator = Weighted { operator: Centred::new(x, &rounded)?, roots: roots.mapv(T::from_f64) };
        let mut coefficients = zeros(y.ncols(), p)?;
        for ((y, level), mut row) in y.columns().into_iter().zip(&level).zip(coefficients.outer_iter_mut()) {
            let target: Array1<T> =
                y.iter().zip(&roots).map(|(y, root)| T::from_f64((y.as_f64() - level) * root)).collect();
            if target.iter().all(|&entry| entry == T::zero()) {
                continue;
            }
            let most =
                self.max_iterations.unwrap_or_else(|| n.min(p).saturating_mul(10).max(LEAST_ITERATIONS));
            let solution = Lsqr::params()
                .matrix_tolerance(tolerance)
                .right_hand_side_tolerance(tolerance)
                // Dependent columns are no reason to give up: the answer of least norm does not need them.
                .condition_limit(f64::INFINITY)
                .max_iterations(most)
                .solve(&operator, &target)?;
            row.zip_mut_with(&solution.x(), |coefficient, x| *coefficient = x.as_f64());
        }
        let solver = LinearRegressionSolver::Lsqr;
        Ok(Fit { coefficients, centre, level, intercept: None, solver, rank: None, singular_values: None })
    }
}

/// The share of each sample in the weights, n.
fn shares<T: Scalar>(weights: Option<&ArrayRef1<T>>, n: usize) -> Array1<f64> {
    match weights {
        None => Array1::from_elem(n, 1.0 / n as f64),
        Some(weights) => {
            let total: f64 = weights.iter().map(|weight| weight.as_f64()).sum();
            weights.mapv(|weight| weight.as_f64() / total)
        }
    }
}

/// The weighted mean of each column: without weights, summed in `f64`.
fn x_mean<T: Scalar, X: DataMatrix<T> + ?Sized>(
    x: &X,
    weights: Option<&ArrayRef1<T>>,
    shares: &Array1<f64>,
) -> Result<Array1<f64>, Error> {
    if weights.is_none() {
        return Ok(x.column_moments("x")?.mean);
    }
    let mean = x.apply_transposed(&shares.mapv(T::from_f64).insert_axis(Axis(1)))?;
    Ok(mean.column(0).mapv(T::as_f64))
}

/// The rows of an operator, each times a number.
struct Weighted<T, A> {
    operator: A,
    roots: Array1<T>,
}

impl<T: Scalar, A: LinearOperator<T>> LinearOperator<T> for Weighted<T, A> {
    fn dimensions(&self) -> (usize, usize) {
        self.operator.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), LapackError> {
        self.operator.apply_into(x, result)?;
        result.columns_mut().into_iter().for_each(|mut column| column *= &self.roots);
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), LapackError> {
        let mut scaled: Array2<T> = y.to_owned();
        scaled.columns_mut().into_iter().for_each(|mut column| column *= &self.roots);
        self.operator.apply_transposed_into(&scaled, result)
    }
}
