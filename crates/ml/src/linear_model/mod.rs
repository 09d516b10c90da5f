//! Linear models: scikit-learn's `sklearn.linear_model`.
//!
//! Each is fitted by its parameters, holds what its method found beside the coefficients, and dereferences to
//! [`LinearPredictor`] for what all have in common: `coefficients`, `intercept`, `predict`.
//!
//! Targets are a vector, or a matrix with one target per column ([`Targets`]); coefficients, intercepts and predictions
//! have the same dimension.

mod bayesian_ridge;
mod centred_system;
mod coordinate_descent;
mod cross_moments;
mod linear_regression;
pub mod penalty_choice;
mod predictor;
mod regression;
mod ridge;
mod ridge_cv;
mod rows;
mod sample_weights;
mod singular_system;
mod summary;
mod targets;
#[cfg(test)]
mod tests;
mod tikhonov;
mod total_least_squares;
mod truncated_svd_regression;

pub use bayesian_ridge::{BayesianRidge, BayesianRidgeParams};
pub use coordinate_descent::{
    Alphas, CoefficientSign, ElasticNet, ElasticNetCv, ElasticNetCvParams, ElasticNetParams, Lasso, LassoCv,
    Selection, Updates,
};
pub use lapwing_lapack::least_squares::Truncation;
pub use linear_regression::{LinearRegression, LinearRegressionParams, LinearRegressionSolver};
pub use predictor::LinearPredictor;
pub use regression::Intercept;
pub use ridge::{Ridge, RidgeParams, RidgeSolver};
pub use ridge_cv::{
    CrossValidation, CvResults, PenaltyChoice, RidgeCv, RidgeCvParams, RidgePath, RidgeScoring, ridge_path,
};
pub(crate) use sample_weights::check_weights;
pub use summary::{Collinearity, ConfidenceInterval, Influence, RegressionSummary, Term};
pub use targets::Targets;
pub use tikhonov::{Tikhonov, TikhonovParams};
pub use total_least_squares::{TotalLeastSquares, TotalLeastSquaresParams};
pub use truncated_svd_regression::{TruncatedSvdRegression, TruncatedSvdRegressionParams};
