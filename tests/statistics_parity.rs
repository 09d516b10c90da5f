//! Regressions, covariances and what prepares for them, next to scikit-learn, SciPy and statsmodels.

#[path = "parity/coordinate_descent.rs"]
mod coordinate_descent;
#[path = "parity/preparation.rs"]
mod preparation;
