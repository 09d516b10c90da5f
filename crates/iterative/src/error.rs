//! How an iteration ends without the answer that was asked for.

pub use lapwing_lapack::Error;

/// Why an iterative method has no answer within its tolerance. `R` is what the method returns otherwise; the best of
/// it so far is not lost.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IterationError<R> {
    /// The matrix, another argument or a parameter was refused, or a product or a small decomposition failed.
    #[error(transparent)]
    Matrix(#[from] Error),

    /// The iterations that were allowed are used up.
    #[error(
        "{method} did not converge in {iterations} iterations: its residual is {residual:.1e}, and was to be at most \
         {tolerance:.1e}; allow more iterations, use a preconditioner, or accept a larger tolerance"
    )]
    NotConverged {
        /// The method.
        method: &'static str,
        /// How many iterations it made.
        iterations: usize,
        /// The measure of convergence, by the method's own definition.
        residual: f64,
        /// What it was to be.
        tolerance: f64,
        /// The best answer so far.
        best: Box<R>,
    },

    /// The method cannot go on, because of a property of the matrix or because rounding errors have taken over; the
    /// reason is one to match on.
    #[error("{method} broke down in iteration {iterations}: {reason}")]
    Breakdown {
        /// The method.
        method: &'static str,
        /// The iteration, counted from 1.
        iterations: usize,
        /// What happened; as text, with what to do.
        reason: BreakdownReason,
        /// The best answer so far.
        best: Box<R>,
    },

    /// The observer asked to stop.
    #[error("{method} was cancelled after {iterations} iterations")]
    Cancelled {
        /// The method.
        method: &'static str,
        /// How many iterations it made.
        iterations: usize,
        /// The best answer so far.
        best: Box<R>,
    },
}

/// Why an iterative method cannot go on. The text of each says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BreakdownReason {
    /// The method needs a positive definite matrix.
    #[error("the matrix is not positive definite; use MINRES if it is symmetric, or else GMRES")]
    NotPositiveDefinite {
        /// `pᵀ A p / pᵀ p ≤ 0` for a direction p: no eigenvalue of a positive definite matrix lies below it. A
        /// symmetric matrix has one at most as large.
        curvature: f64,
    },

    /// The method needs a positive definite preconditioner.
    #[error("the preconditioner is not positive definite; use one that is, or GMRES")]
    IndefinitePreconditioner,

    /// No vector solves the system.
    #[error("the system is singular, and not consistent; use LSQR for a solution by least squares")]
    Inconsistent,

    /// The Krylov space is exhausted and holds no solution.
    #[error(
        "the Krylov space holds no solution, because the matrix or the preconditioner is singular; use MINRES if the \
         matrix is symmetric, or else LSQR"
    )]
    Singular,

    /// An inner product that the method divides by vanishes, although the residual does not.
    #[error("{vectors}; use GMRES, or a preconditioner")]
    Orthogonal {
        /// Which vectors are orthogonal.
        vectors: &'static str,
    },

    /// The residual computed by recurrence is small enough, and the true one does not follow.
    #[error(
        "rounding errors keep the residual at {residual:.1e}; accept a larger tolerance, use a preconditioner, or scale \
         the matrix"
    )]
    Stagnated {
        /// `‖b − A x‖ / ‖b‖`.
        residual: f64,
    },

    /// The estimate of the condition number passes its limit.
    #[error(
        "the condition number is estimated to be {condition:.1e}, over the limit; add damping, scale the columns, or \
         raise the limit"
    )]
    IllConditioned {
        /// The estimate.
        condition: f64,
    },

    /// Eigenpairs have converged by recurrence, and their residuals are larger.
    #[error(
        "the residuals are {residual:.1e} of the norm of the operator, and were to be {tolerance:.1e}; make sure that it \
         is symmetric, or accept a larger tolerance"
    )]
    Unproved {
        /// The largest residual norm, relative to the norm of the operator.
        residual: f64,
        /// What it was to be.
        tolerance: f64,
    },

    /// Eigenpairs of the inverse about a shift are none of the matrix.
    #[error(
        "residuals are {residual:.1e} of the norm of the matrix; move the shift, which may be too close to an eigenvalue"
    )]
    ShiftTooClose {
        /// The largest residual norm, relative to the norm of the matrix.
        residual: f64,
    },

    /// The residuals are too large and hold nothing new.
    #[error(
        "no direction is left that improves the vectors, and the residual is {residual:.1e} instead of {tolerance:.1e}; \
         check the preconditioner, or accept a larger tolerance"
    )]
    NoDirection {
        /// The largest relative residual norm.
        residual: f64,
        /// What it was to be.
        tolerance: f64,
    },
}

impl<R> IterationError<R> {
    /// The best answer so far, if the method had begun.
    pub fn best(&self) -> Option<&R> {
        match self {
            IterationError::Matrix(_) => None,
            IterationError::NotConverged { best, .. }
            | IterationError::Breakdown { best, .. }
            | IterationError::Cancelled { best, .. } => Some(best),
        }
    }

    /// The best answer so far, without a copy.
    pub fn into_best(self) -> Option<R> {
        match self {
            IterationError::Matrix(_) => None,
            IterationError::NotConverged { best, .. }
            | IterationError::Breakdown { best, .. }
            | IterationError::Cancelled { best, .. } => Some(*best),
        }
    }

    /// The same error with another kind of answer.
    pub fn map<S>(self, best_of: impl FnOnce(R) -> S) -> IterationError<S> {
        match self {
            IterationError::Matrix(error) => IterationError::Matrix(error),
            IterationError::NotConverged { method, iterations, residual, tolerance, best } => {
                let best = Box::new(best_of(*best));
                IterationError::NotConverged { method, iterations, residual, tolerance, best }
            }
            IterationError::Breakdown { method, iterations, reason, best } => {
                IterationError::Breakdown { method, iterations, reason, best: Box::new(best_of(*best)) }
            }
            IterationError::Cancelled { method, iterations, best } => {
                IterationError::Cancelled { method, iterations, best: Box::new(best_of(*best)) }
            }
        }
    }
}
