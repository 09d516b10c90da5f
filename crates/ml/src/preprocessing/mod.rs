//! What is done to features before a model is fitted: scikit-learn's `sklearn.preprocessing`.

mod polynomial_features;
mod standard_scaler;

pub use polynomial_features::{Bias, PolynomialFeatures, PolynomialFeaturesParams, Terms};
pub use standard_scaler::{Centring, Scaling, StandardScaler, StandardScalerParams};
