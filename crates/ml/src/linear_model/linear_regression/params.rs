//! What the caller of a linear regression chooses, and the rules that turn the choices into a fit.

use std::fmt;

use lapwing_lapack::Scalar;
use ndarray::{ArrayRef, ArrayRef1, ArrayRef2, Ix1};

use super::normal_equations::by_cholesky;
use super::orthogonal::{Reduction, refined_fit};
use super::{Fit, LinearRegression};
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::linear_model::regression::{Intercept, Regression, check_extents, check_targets};
use crate::linear_model::sample_weights::check_weights;
use crate::linear_model::summary::RegressionSummary;
use crate::linear_model::targets::Targets;

const METHOD: &str = "a linear regression";

/// How to solve a linear regression of n samples and p features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinearRegressionSolver {
    /// By shape: `Svd` for fewer samples than unknowns, `Qr` where it takes a few milliseconds at most, and otherwise
    /// `Cholesky`, which leaves the data that it cannot do justice to `Qr`. Sparse data: `Lsqr`.
    #[default]
    Auto,
    /// The normal equations, accumulated in one pass around the means without a copy of the data, equilibrated, and
    /// corrected in one or two further passes over the rows where the bound on the error asks for it: n p² operations,
    /// half of QR's, and several times faster. Refused, in favour of `Qr`, unless the bound is within a digit of QR's,
    /// whatever the residual: condition numbers up to about 10⁴ of equilibrated features.
    Cholesky,
    /// Householder QR of a centred copy, Q never formed: 2 n p² operations. Refused, in favour of `Svd`, where the features
    /// depend on each other.
    Qr,
    /// The SVD of R: any rank, and of all solutions that of least norm. LAPACK: `geqrf`, `gelsd`.
    Svd,
    /// Householder QR with the residuals of the refinement in doubled precision: every digit that the data determine,
    /// in ten to twenty times the time of `Qr` and three copies of the data. Refused, in favour of `Qr`, where it does not
    /// converge.
    Refined,
    /// LSQR on products with the data, for sparse data, whose answer is right to the
    /// [`tolerance`](LinearRegressionParams::tolerance).
    Lsqr,
}

impl fmt::Display for LinearRegressionSolver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            LinearRegressionSolver::Auto => "auto",
            LinearRegressionSolver::Cholesky => "cholesky",
            LinearRegressionSolver::Qr => "qr",
            LinearRegressionSolver::Svd => "svd",
            LinearRegressionSolver::Refined => "refined",
            LinearRegressionSolver::Lsqr => "lsqr",
        })
    }
}

/// The choices of a linear regression. Made by [`LinearRegression::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct LinearRegressionParams {
    intercept: Intercept,
    pub(super) solver: LinearRegressionSolver,
    pub(super) tolerance: Option<f64>,
    pub(super) max_iterations: Option<usize>,
}

impl LinearRegressionParams {
    /// Whether the model has an intercept. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// How to solve. Default: [`LinearRegressionSolver::Auto`].
    pub fn solver(mut self, solver: LinearRegressionSolver) -> Self {
        self.solver = solver;
        self
    }

    /// At which relative error of the data LSQR may stop; the other solvers do not iterate. Default: 100 units of the
    /// scalar's ε, as near to the answer of the others as it comes safely. scikit-learn's `tol`, which is 10⁻⁶.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// The most iterations of LSQR for each target. Default: 10 min(n, p), and 100 at the least.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = Some(iterations);
        self
    }

    /// Fits `y` (n, or n x t for several targets) to `x` (n x p).
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::NoFeatures`]; [`Error::Lapack`] with `NonFinite`, `Shape` when `y` has not
    /// n rows, `Overflow`, `OutOfMemory` or `TooLarge`; those of [`fit_sparse`](Self::fit_sparse) with its solver.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
    ) -> Result<LinearRegression<T, D>, Error> {
        self.fit_dense(x, y, None)
    }

    /// The same with a weight for each sample, n, not negative: a whole number is as good as that many repetitions.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] when a weight is negative or not finite, or all are zero.
    pub fn fit_weighted<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<LinearRegression<T, D>, Error> {
        self.fit_dense(x, y, Some(weights))
    }

    fn fit_dense<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<LinearRegression<T, D>, Error> {
        if self.solver == LinearRegressionSolver::Lsqr {
            return self.fit_operator(x, y, weights);
        }
        let rows = Regression::new(METHOD, x, y, weights, self.intercept)?;
        LinearRegression::new(self.solve(&rows)?)
    }

    /// Fits `y` (n, or n x t) to `x` (n x p), a CSR or CSC matrix or any other [`DataMatrix`], by LSQR around its means,
    /// without a centred copy.
    ///
    /// Where the means exceed the spread of the features, digits are lost to the subtraction; dense data is better off with
    /// [`fit`](Self::fit).
    ///
    /// ```
    /// use lapwing_ml::LinearRegression;
    /// use lapwing_ml::sprs::{CsMat, TriMat};
    /// use ndarray::Array1;
    /// let mut triplets = TriMat::new((40, 3));
    /// (0..40).for_each(|i| triplets.add_triplet(i, i % 3, 1.0 + (i % 7) as f64));
    /// let x: CsMat<f64> = triplets.to_csr();
    /// let y = Array1::from_shape_fn(40, |i| 5.0 + (i % 3) as f64 * (1.0 + (i % 7) as f64));
    /// let model = LinearRegression::params().fit_sparse(&x, &y)?; // 5 + x₁ + 2 x₂
    /// assert!((model.coefficients()[2] - 2.0f64).abs() < 1e-12 && (model.intercept() - 5.0).abs() < 1e-12);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::Iteration`] when LSQR does not converge; [`Error::InvalidParameter`] for another solver
    /// than `Auto` and `Lsqr`.
    pub fn fit_sparse<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
    ) -> Result<LinearRegression<T, D>, Error> {
        self.fit_operator(x, y, None)
    }

    /// The same with a weight for each sample, n, not negative.
    ///
    /// # Errors
    /// As [`fit_sparse`](Self::fit_sparse) and [`fit_weighted`](Self::fit_weighted).
    pub fn fit_sparse_weighted<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<LinearRegression<T, D>, Error> {
        self.fit_operator(x, y, Some(weights))
    }

    fn fit_operator<T: Scalar, D: Targets, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<LinearRegression<T, D>, Error> {
        let columns = D::as_columns(y);
        check_extents(METHOD, x.dimensions(), columns.ncols())?;
        check_targets(x.dimensions().0, y)?;
        if let Some(weights) = weights {
            check_weights(weights, x.dimensions().0)?;
        }
        if ![LinearRegressionSolver::Auto, LinearRegressionSolver::Lsqr].contains(&self.solver) {
            let requirement = "auto or lsqr for sparse data, which the others would make dense".to_owned();
            let value = self.solver.to_string();
            return Err(Error::InvalidParameter { parameter: "solver", value, requirement });
        }
        LinearRegression::new(self.by_lsqr(x, &columns, weights, self.intercept)?)
    }

    /// Fits `y` (n) to `x` (n x p) and says how far the fit can be trusted: standard errors, tests, diagnostics.
    ///
    /// The numbers come from QR, from the SVD where features depend on each other, and from the refinement with
    /// [`LinearRegressionSolver::Refined`].
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::TooFewSamples`] unless there are more samples than the rank and the intercept use up;
    /// [`Error::InvalidParameter`] with the solver `Lsqr`.
    pub fn summarize<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, Ix1>,
    ) -> Result<RegressionSummary, Error> {
        self.summarize_dense(x, y, None)
    }

    /// The same with weights, n, positive: the inverses of the variances of the samples' errors, up to a common factor.
    /// statsmodels' `WLS`.
    ///
    /// # Errors
    /// As [`summarize`](Self::summarize); [`Error::InvalidParameter`] when a weight is not positive and finite.
    pub fn summarize_weighted<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, Ix1>,
        weights: &ArrayRef1<T>,
    ) -> Result<RegressionSummary, Error> {
        self.summarize_dense(x, y, Some(weights))
    }

    fn summarize_dense<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, Ix1>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<RegressionSummary, Error> {
        if self.solver == LinearRegressionSolver::Lsqr {
            let requirement = "another for a summary, which needs a factorization".to_owned();
            return Err(Error::InvalidParameter {
                parameter: "solver",
                value: "lsqr".to_owned(),
                requirement,
            });
        }
        let rows = Regression::new(METHOD, x, y, weights, self.intercept)?;
        RegressionSummary::new(&rows, self.solver == LinearRegressionSolver::Refined)
    }

    /// One solver after the other, from the one that is chosen, until one does not refuse; the last never does.
    fn solve<T: Scalar>(&self, rows: &Regression<'_, T>) -> Result<Fit, Error> {
        let chosen = self.resolve_solver(rows.x.dim());
        let first = match chosen {
            LinearRegressionSolver::Cholesky => by_cholesky(rows)?,
            LinearRegressionSolver::Refined => refined_fit(rows)?.map(|refined| refined.fit),
            _ => None,
        };
        if let Some(fit) = first {
            return Ok(fit);
        }
        let reduction = Reduction::new(rows)?;
        if chosen != LinearRegressionSolver::Svd
            && let Some(fit) = reduction.by_qr()?
        {
            return Ok(fit);
        }
        reduction.by_svd()
    }

    /// The rule of [`LinearRegressionSolver::Auto`].
    pub(super) fn resolve_solver(&self, (samples, features): (usize, usize)) -> LinearRegressionSolver {
        /// Operations that QR makes in about ten milliseconds; for so few, the safest route is fast enough.
        const FEW_OPERATIONS: f64 = 1e8;
        if self.solver != LinearRegressionSolver::Auto {
            return self.solver;
        }
        let unknowns = features + usize::from(self.intercept == Intercept::Fitted);
        if samples < unknowns {
            LinearRegressionSolver::Svd
        } else if 2.0 * samples as f64 * (features as f64).powi(2) <= FEW_OPERATIONS {
            LinearRegressionSolver::Qr
        } else {
            LinearRegressionSolver::Cholesky
        }
    }
}
