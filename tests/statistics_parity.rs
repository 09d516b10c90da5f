//! Statistics next to scikit-learn's, SciPy's and statsmodels', option by option: one module for each family.

#[path = "parity/coordinate_descent.rs"]
mod coordinate_descent;
#[path = "parity/covariance.rs"]
mod covariance;
#[path = "parity/gaussian.rs"]
mod gaussian;
#[path = "parity/linear_regression.rs"]
mod linear_regression;
#[path = "parity/preparation.rs"]
mod preparation;
#[path = "parity/reference.rs"]
mod reference;
#[path = "parity/ridge.rs"]
mod ridge;
