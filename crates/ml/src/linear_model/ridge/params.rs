//! What the caller of a ridge regression chooses, and the rules that turn the choices into a fit.

use std::fmt;

use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayRef, ArrayRef1, ArrayRef2};

use super::Ridge;
use super::iterative::{conjugate_gradient, lsqr, over_sparse};
use super::solvers::{Solved, cholesky, svd};
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::linear_model::predictor::LinearPredictor;
use crate::linear_model::regression::{Intercept, Regression, check_extents, check_targets};
use crate::linear_model::ridge_cv::RidgePath;
use crate::linear_model::targets::Targets;

/// How to compute the coefficients of a ridge regression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RidgeSolver {
    /// `Cholesky` for dense data, but `Svd` where a penalty is zero; `Lsqr` for sparse data.
    #[default]
    Auto,
    /// The normal equations, accumulated in one pass without a copy of the data: n p² operations. Where features outnumber
    /// samples, those of the rows: n² p operations, and copies of panels of columns. `Svd` takes over where the
    /// estimated condition of the equations, with their diagonal scaled to ones, is beyond 10⁶.
    Cholesky,
    /// Singular value decomposition of a centred copy in double precision: the most accurate, at about five times the cost.
    Svd,
    /// LSQR (Paige and Saunders, 1982), damped: a product with the data and one with its transpose an iteration. Dense data
    /// is copied.
    Lsqr,
    /// Conjugate gradients on the normal equations, or on those of the rows where features outnumber samples. Cheaper by
    /// the iteration than LSQR, but less accurate where the penalty is small. scikit-learn's `sparse_cg`.
    ConjugateGradient,
}

impl fmt::Display for RidgeSolver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            RidgeSolver::Auto => "auto",
            RidgeSolver::Cholesky => "cholesky",
            RidgeSolver::Svd => "svd",
            RidgeSolver::Lsqr => "lsqr",
            RidgeSolver::ConjugateGradient => "conjugate_gradient",
        })
    }
}

/// The choices of a ridge regression. Made by [`Ridge::params`].
#[derive(Clone, Debug)]
pub struct RidgeParams {
    penalties: Penalties,
    intercept: Intercept,
    solver: RidgeSolver,
    stopping: Stopping,
}

#[derive(Clone, Debug)]
enum Penalties {
    Common(f64),
    PerTarget(Vec<f64>),
}

/// When an iterative solver ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopping {
    pub(super) tolerance: f64,
    pub(super) max_iterations: Option<usize>,
}

impl Default for RidgeParams {
    fn default() -> Self {
        Self {
            penalties: Penalties::Common(1.0),
            intercept: Intercept::Fitted,
            solver: RidgeSolver::Auto,
            stopping: Stopping { tolerance: 1e-4, max_iterations: None },
        }
    }
}

/// That a penalty is finite and not negative.
pub(crate) fn check_penalty(parameter: &'static str, penalty: f64) -> Result<(), Error> {
    if penalty.is_finite() && penalty >= 0.0 {
        return Ok(());
    }
    let requirement = "finite and at least 0".to_owned();
    Err(Error::InvalidParameter { parameter, value: penalty.to_string(), requirement })
}

impl RidgeParams {
    /// The penalty α, at least 0. Default: 1.
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.penalties = Penalties::Common(alpha);
        self
    }

    /// A penalty for each target. scikit-learn's `alpha` as an array.
    pub fn penalties(mut self, penalties: &[f64]) -> Self {
        self.penalties = Penalties::PerTarget(penalties.to_vec());
        self
    }

    /// Whether an intercept is fitted. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// How to compute the coefficients. Default: [`RidgeSolver::Auto`].
    pub fn solver(mut self, solver: RidgeSolver) -> Self {
        self.solver = solver;
        self
    }

    /// Of an iterative solver: the relative residual at which conjugate gradients end, and both of LSQR's tolerances.
    /// Default: 1e-4.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.stopping.tolerance = tolerance;
        self
    }

    /// The most iterations of an iterative solver for each target. Default: ten times the smaller extent of the data.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.stopping.max_iterations = Some(iterations);
        self
    }

    /// Fits `y` (n, or n x t) on `x` (n x p).
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for a penalty that is negative
    /// or not finite, or a tolerance that is none; [`Error::Lapack`] with `NonFinite`, `Shape` for lengths that differ,
    /// `Overflow` or `OutOfMemory`; [`Error::Iteration`] when an iterative solver has not converged.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
    ) -> Result<Ridge<T, D>, Error> {
        self.fit_dense(x, y, None)
    }

    /// The same with a weight for each sample (n), not negative.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for a negative weight, or none that is positive.
    pub fn fit_weighted<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<Ridge<T, D>, Error> {
        self.fit_dense(x, y, Some(weights))
    }

    /// Fits `y` (n, or n x t) on `x` (n x p), a CSR or CSC matrix or any other [`DataMatrix`], by an iterative solver.
    ///
    /// The means are subtracted from products with the data, which loses what they exceed the spread by; dense data far from
    /// the origin is better off with [`fit`](Self::fit).
    ///
    /// ```
    /// use lapwing_ml::Ridge;
    /// use lapwing_ml::sprs::{CsMat, TriMat};
    /// use ndarray::Array1;
    /// let mut triplets = TriMat::new((50, 3));
    /// (0..50).for_each(|i| triplets.add_triplet(i, i % 3, 1.0 + (i % 4) as f64));
    /// let x: CsMat<f64> = triplets.to_csr();
    /// let y = Array1::from_shape_fn(50, |i| if i % 3 == 0 { (i % 4) as f64 } else { 0.0 });
    /// let ridge = Ridge::params().tolerance(1e-10).fit_sparse(&x, &y)?;
    /// assert!(ridge.coefficients()[0] > 0.5 && ridge.iterations().len() == 1);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for a solver that does not iterate.
    pub fn fit_sparse<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
    ) -> Result<Ridge<T, D>, Error> {
        self.fit_operator(x, y, None)
    }

    /// The same with a weight for each sample (n), not negative.
    ///
    /// # Errors
    /// As [`fit_sparse`](Self::fit_sparse) and [`fit_weighted`](Self::fit_weighted).
    pub fn fit_sparse_weighted<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<Ridge<T, D>, Error> {
        self.fit_operator(x, y, Some(weights))
    }

    /// The coefficients and errors of ridge regressions of `y` (n, or n x t) on `x` (n x p) at each of `alphas`, which must be
    /// positive, with or without an intercept as chosen here. One decomposition serves all: each penalty costs O(p²), or
    /// O(n²) where features outnumber samples, and its share of a pass.
    ///
    /// ```
    /// use lapwing_ml::Ridge;
    /// use ndarray::{Array1, Array2};
    /// let x = Array2::from_shape_fn((20, 3), |(i, j)| ((i * (j + 3) * 7) % 11) as f64);
    /// let y = Array1::from_shape_fn(20, |i| x[[i, 0]] - 2.0 * x[[i, 2]]);
    /// let path = Ridge::params().path(&x, &y, &[0.1, 10.0, 1000.0])?;
    /// // Coefficients shrink as the penalty grows.
    /// assert!(path.coefficients()[[2, 0, 2]].abs() < path.coefficients()[[0, 0, 2]].abs());
    /// assert_eq!(path.leave_one_out_errors().dim(), (3, 1));
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`RidgeCvParams::fit`](crate::linear_model::RidgeCvParams::fit) with each sample left out.
    pub fn path<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        alphas: &[f64],
    ) -> Result<RidgePath, Error> {
        RidgePath::new(x, y, alphas, self.intercept)
    }

    fn fit_dense<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<Ridge<T, D>, Error> {
        self.fit_checked(&Regression::new("ridge regression", x, y, weights, self.intercept)?)
    }

    fn fit_checked<T: Scalar, D: Targets>(&self, data: &Regression<'_, T>) -> Result<Ridge<T, D>, Error> {
        let penalties = self.check(data.y.ncols())?;
        let solver = match self.dense_solver(&penalties) {
            RidgeSolver::Svd => svd,
            RidgeSolver::Lsqr => lsqr,
            RidgeSolver::ConjugateGradient => conjugate_gradient,
            RidgeSolver::Cholesky | RidgeSolver::Auto => cholesky,
        };
        let solved = solver(data, &penalties, self.stopping)?;
        model(solved, penalties)
    }

    /// Fits what was checked before, as dense data.
    pub(crate) fn fit_regression<T: Scalar, D: Targets>(
        &self,
        data: &Regression<'_, T>,
    ) -> Result<LinearPredictor<T, D>, Error> {
        Ok(self.fit_checked::<T, D>(data)?.predictor)
    }

    fn fit_operator<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<Ridge<T, D>, Error> {
        let columns = D::as_columns(y);
        check_extents("ridge regression", x.dimensions(), columns.ncols())?;
        check_targets(x.dimensions().0, y)?;
        let penalties = self.check(columns.ncols())?;
        let solver = match self.solver {
            RidgeSolver::Auto | RidgeSolver::Lsqr => RidgeSolver::Lsqr,
            RidgeSolver::ConjugateGradient => RidgeSolver::ConjugateGradient,
            solver => {
                let requirement =
                    "auto, lsqr or conjugate_gradient for sparse data, which the others would make dense"
                        .to_owned();
                let value = solver.to_string();
                return Err(Error::InvalidParameter { parameter: "solver", value, requirement });
            }
        };
        let solved = over_sparse(x, columns, weights, self.intercept, solver, &penalties, self.stopping)?;
        model(solved, penalties)
    }

    /// The rule of [`RidgeSolver::Auto`] for dense data: one pass and a small factorization, unless a penalty is zero, where
    /// the equations of collinear features have no factorization.
    fn dense_solver(&self, penalties: &Array1<f64>) -> RidgeSolver {
        match self.solver {
            RidgeSolver::Auto if penalties.iter().any(|&penalty| penalty == 0.0) => RidgeSolver::Svd,
            RidgeSolver::Auto => RidgeSolver::Cholesky,
            solver => solver,
        }
    }

    /// The penalty of each target, once all parameters are in their domain.
    fn check(&self, targets: usize) -> Result<Array1<f64>, Error> {
        let tolerance = self.stopping.tolerance;
        if !(tolerance.is_finite() && tolerance >= 0.0) {
            let (parameter, requirement) = ("tolerance", "finite and at least 0".to_owned());
            return Err(Error::InvalidParameter { parameter, value: tolerance.to_string(), requirement });
        }
        match &self.penalties {
            Penalties::Common(alpha) => {
                check_penalty("alpha", *alpha)?;
                Ok(Array1::from_elem(targets, *alpha))
            }
            Penalties::PerTarget(penalties) => {
                penalties.iter().try_for_each(|&penalty| check_penalty("penalties", penalty))?;
                if penalties.len() != targets {
                    let (argument, extent, reason) = ("penalties", "entries", "one for each target");
                    let (found, expected) = (penalties.len(), targets);
                    return Err(
                        lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into()
                    );
                }
                Ok(Array1::from(penalties.clone()))
            }
        }
    }
}

fn model<T: Scalar, D: Targets>(solved: Solved, alphas: Array1<f64>) -> Result<Ridge<T, D>, Error> {
    let predictor = LinearPredictor::new(&solved.coefficients, solved.x_mean, solved.y_mean)?;
    Ok(Ridge { predictor, alphas, solver: solved.solver, iterations: solved.iterations })
}
