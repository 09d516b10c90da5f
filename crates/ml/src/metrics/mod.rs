//! How far predictions lie from what was observed, how well clusters agree with classes, and how well the data tells them apart.
//!
//! | function                                                  | scikit-learn                    | best |
//! |-----------------------------------------------------------|---------------------------------|------|
//! | [`r2_score`]                                              | `r2_score`                      | 1    |
//! | [`explained_variance_score`]                              | `explained_variance_score`      | 1    |
//! | [`mean_squared_error`], [`root_mean_squared_error`]       | `mean_squared_error`, `root_…`  | 0    |
//! | [`mean_absolute_error`]                                   | `mean_absolute_error`           | 0    |
//! | [`silhouette_score`], [`silhouette_samples`]              | of the same names               | 1    |
//! | [`davies_bouldin_score`]                                  | of the same name                | 0    |
//! | [`calinski_harabasz_score`]                               | of the same name                | ∞    |
//!
//! Scores of two labellings, such as the adjusted Rand score, are methods of a [`ContingencyTable`], under scikit-learn's names,
//! so that samples are counted once for all of them.
//!
//! Errors of predictions are the mean over the targets, with every sample counted once: the defaults of scikit-learn.
//! [`PredictionErrors`] has sample weights, the values of single targets and scikit-learn's other average, and is measured
//! once for all of them. Everything is computed in `f64`.

mod contingency;
mod prediction_errors;
mod separation;

pub use contingency::{ContingencyTable, EntropyAverage};
pub use prediction_errors::{Averaging, PredictionErrors};
pub use separation::{calinski_harabasz_score, davies_bouldin_score, silhouette_samples, silhouette_score};

use lapwing_lapack::{RightHandSide, Scalar};
use ndarray::ArrayRef;

use crate::error::Error;

/// R², the coefficient of determination: the share of the variance of `y_true` (n, or n x t) that `y_pred` (of the same
/// shape) predicts, averaged over the targets. Negative where the mean would have predicted better.
///
/// ```
/// use ndarray::array;
/// let r2 = lapwing_ml::metrics::r2_score(&array![3.0, -0.5, 2.0, 7.0], &array![2.5, 0.0, 2.0, 8.0])?;
/// assert!((r2 - 0.9486081370449679).abs() < 1e-15);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// Those of [`PredictionErrors::new`]; [`Error::TooFewSamples`] for fewer than 2, which have no variance.
pub fn r2_score<T: Scalar, D: RightHandSide>(
    y_true: &ArrayRef<T, D>,
    y_pred: &ArrayRef<T, D>,
) -> Result<f64, Error> {
    PredictionErrors::new(y_true, y_pred)?.r2_score(Averaging::Uniform)
}

/// 1 − Var(y_true − y_pred) / Var(y_true), averaged over the targets: R² that forgives a constant offset.
///
/// # Errors
/// Those of [`PredictionErrors::new`].
pub fn explained_variance_score<T: Scalar, D: RightHandSide>(
    y_true: &ArrayRef<T, D>,
    y_pred: &ArrayRef<T, D>,
) -> Result<f64, Error> {
    Ok(PredictionErrors::new(y_true, y_pred)?.explained_variance_score(Averaging::Uniform))
}

/// The mean of the squared residuals, over samples and targets.
///
/// # Errors
/// Those of [`PredictionErrors::new`].
pub fn mean_squared_error<T: Scalar, D: RightHandSide>(
    y_true: &ArrayRef<T, D>,
    y_pred: &ArrayRef<T, D>,
) -> Result<f64, Error> {
    Ok(PredictionErrors::new(y_true, y_pred)?.mean_squared_error())
}

/// The root of the mean of the squared residuals of each target, averaged over the targets.
///
/// # Errors
/// Those of [`PredictionErrors::new`].
pub fn root_mean_squared_error<T: Scalar, D: RightHandSide>(
    y_true: &ArrayRef<T, D>,
    y_pred: &ArrayRef<T, D>,
) -> Result<f64, Error> {
    Ok(PredictionErrors::new(y_true, y_pred)?.root_mean_squared_error())
}

/// The mean of the residuals' magnitudes, over samples and targets.
///
/// # Errors
/// Those of [`PredictionErrors::new`].
pub fn mean_absolute_error<T: Scalar, D: RightHandSide>(
    y_true: &ArrayRef<T, D>,
    y_pred: &ArrayRef<T, D>,
) -> Result<f64, Error> {
    Ok(PredictionErrors::new(y_true, y_pred)?.mean_absolute_error())
}
