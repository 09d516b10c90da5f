//! What can go wrong in an estimator.

use lapwing_iterative::IterationError;

/// The error of every fallible function of this crate.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A matrix was refused, or a decomposition of it failed.
    #[error(transparent)]
    Lapack(#[from] lapwing_lapack::Error),

    /// There are fewer samples than the method needs.
    #[error("{argument} has {found} samples (rows), but {method} needs at least {least}")]
    TooFewSamples {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// The method.
        method: &'static str,
        /// How many rows there are.
        found: usize,
        /// How many there must be.
        least: usize,
    },

    /// The data has no columns.
    #[error("{argument} has no features (columns); give it at least one")]
    NoFeatures {
        /// The argument's name in the function's signature.
        argument: &'static str,
    },

    /// New data has another number of columns than the data that the model was fitted on.
    #[error(
        "{argument} has {found} columns, but the model was fitted with {expected}; give it the same columns in the same order"
    )]
    FeatureMismatch {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// How many columns there are.
        found: usize,
        /// How many the model has.
        expected: usize,
    },

    /// A parameter lies outside its domain, or does not go with another.
    #[error("{parameter} is {value}, but must be {requirement}")]
    InvalidParameter {
        /// The parameter's name.
        parameter: &'static str,
        /// Its value, printed.
        value: String,
        /// The domain.
        requirement: String,
    },

    /// The model's covariance is singular, so that it has no inverse and no density.
    #[error(
        "the covariance of the model is singular: the variance of {direction} is zero to rounding; keep fewer components, \
         or remove constant and duplicated columns"
    )]
    SingularCovariance {
        /// Along which direction.
        direction: String,
    },

    /// A covariance that must have an inverse has none.
    #[error(
        "{argument} is singular: feature {feature} (counted from 0) is constant, or a linear function of the features before \
         it, up to rounding; {remedy}"
    )]
    DependentFeature {
        /// The argument's name in the function's signature, or what the matrix is.
        argument: &'static str,
        /// The feature, from 0.
        feature: usize,
        /// What to do.
        remedy: &'static str,
    },

    /// A matrix that should be a covariance cannot be one.
    #[error("{argument} is not a covariance: {reason}; give a symmetric positive semidefinite matrix")]
    InvalidCovariance {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// What gives it away.
        reason: String,
    },

    /// There are fewer classes than it takes to tell them apart.
    #[error("{argument} has {found} different labels, but telling classes apart takes at least 2")]
    TooFewClasses {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// How many there are.
        found: usize,
    },

    /// A class whose covariance must have an inverse has none.
    #[error(
        "the covariance of class {class} (counted from 0, in ascending order of the labels) has rank {rank} with {features} \
         features; {remedy}"
    )]
    CollinearClass {
        /// The class, from 0, in ascending order of the labels.
        class: usize,
        /// The rank of its covariance.
        rank: usize,
        /// The number of features.
        features: usize,
        /// What to do.
        remedy: &'static str,
    },

    /// A column does not vary, where what is asked for is in units of its deviation.
    #[error(
        "column {column} (counted from 0) of {argument} does not vary, and so has no correlation; remove it"
    )]
    ConstantColumn {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// The column, from 0.
        column: usize,
    },

    /// A kernel that should be positive semidefinite is not.
    #[error(
        "the centred kernel matrix has the eigenvalue {eigenvalue:e}, beside a largest of {largest:e}, and is not positive \
         semidefinite; take another kernel, or other parameters for it"
    )]
    IndefiniteKernel {
        /// The smallest eigenvalue among those computed.
        eigenvalue: f64,
        /// The largest.
        largest: f64,
    },

    /// A weight between two nodes is negative.
    #[error(
        "{argument}[{row}, {col}] is {value:e}, but weights must not be negative; give affinities, larger for what is closer"
    )]
    NegativeWeight {
        /// The argument's name in the function's signature.
        argument: &'static str,
        /// The row, from 0.
        row: usize,
        /// The column, from 0.
        col: usize,
        /// The weight.
        value: f64,
    },

    /// An edge of a list cannot be one.
    #[error("edge {edge} (counted from 0), from {from} to {to} with weight {weight:e}, {reason}")]
    InvalidEdge {
        /// Its place in the list, from 0.
        edge: usize,
        /// One node.
        from: usize,
        /// The other.
        to: usize,
        /// Its weight.
        weight: f64,
        /// What is wrong with it, and the remedy.
        reason: String,
    },

    /// The graph falls apart, and what is asked for belongs to a connected one.
    #[error("the graph has {components} connected components, and so {what}; take each component by itself")]
    Disconnected {
        /// How many components there are.
        components: usize,
        /// What does not exist.
        what: &'static str,
    },

    /// The model was fitted without something that is now asked for.
    #[error("{what} is not part of this model; {remedy}")]
    Unavailable {
        /// What was asked for.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },

    /// An iteration has ended without an answer within its tolerance.
    #[error(transparent)]
    Iteration(IterationError<()>),
}

impl<R> From<IterationError<R>> for Error {
    /// Keeps why there is no answer, and drops the best one so far.
    fn from(error: IterationError<R>) -> Self {
        match error.map(|_| ()) {
            IterationError::Matrix(error) => Error::Lapack(error),
            error => Error::Iteration(error),
        }
    }
}

/// Why an estimator that iterates has no model within its tolerance. `M` is the model; the best of it so far is not lost.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError<M> {
    /// The data or a parameter was refused, or a result is out of range.
    #[error(transparent)]
    Refused(#[from] Error),

    /// The iterations that were allowed are used up.
    #[error(
        "{method} did not converge in {iterations} iterations: its residual is {residual:.1e}, and was to be at most \
         {tolerance:.1e}; allow more iterations, scale the features, or accept a larger tolerance"
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
        /// The model so far.
        best: Box<M>,
    },
}

impl<M> FitError<M> {
    /// The model so far, if there is one.
    pub fn into_best(self) -> Option<M> {
        match self {
            FitError::Refused(_) => None,
            FitError::NotConverged { best, .. } => Some(*best),
        }
    }
}

impl<M> From<FitError<M>> for Error {
    /// Keeps why there is no model, and drops the best one so far.
    fn from(error: FitError<M>) -> Self {
        match error {
            FitError::Refused(error) => error,
            FitError::NotConverged { method, iterations, residual, tolerance, .. } => {
                let best = Box::new(());
                Error::Iteration(IterationError::NotConverged {
                    method,
                    iterations,
                    residual,
                    tolerance,
                    best,
                })
            }
        }
    }
}
