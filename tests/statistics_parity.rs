//! Regressions, covariances and what prepares for them, next to scikit-learn, SciPy and statsmodels.

#[path = "parity/coordinate_descent.rs"]
mod coordinate_descent;
#[path = "parity/preparation.rs"]
mod preparation;
//! Statistics next to scikit-learn's, SciPy's and statsmodels', option by option: one module for each family.

#[path = "parity/covariance.rs"]
mod covariance;
