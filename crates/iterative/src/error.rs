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

    /// The method cannot go on, because of a property of the matrix or because rounding errors have taken over.
    #[error("{method} broke down in iteration {iterations}: {reason}")]
    Breakdown {
        /// The method.
        method: &'static str,
        /// The iteration, counted from 1.
        iterations: usize,
        /// What happened, and what to do.
        reason: String,
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
