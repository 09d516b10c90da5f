//! The arguments of a regression: features, targets and weights that go together, and what the fit is around.

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, ArrayRef, ArrayRef1, ArrayRef2, ArrayView2, Axis, s};

use super::cross_moments::{CrossMoments, counted_from_zero};
use super::rows::BAND;
use super::sample_weights::check_weights;
use super::targets::Targets;
use crate::error::Error;

/// Whether a model has an intercept. scikit-learn's `fit_intercept`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intercept {
    /// It is fitted, and not penalized: the fit is around the means of the data.
    #[default]
    Fitted,
    /// Predictions are zero where all features are.
    Zero,
}

/// The arguments of a regression, whose extents go together.
#[derive(Clone, Copy)]
pub(crate) struct Regression<'a, T: Scalar> {
    pub(crate) x: &'a ArrayRef2<T>,
    pub(crate) y: ArrayView2<'a, T>,
    pub(crate) weights: Option<&'a ArrayRef1<T>>,
    pub(crate) intercept: Intercept,
    /// The number of rows, or the sum of their weights.
    pub(crate) weight: f64,
}

/// That a regression of this many samples, features and targets has some of each.
pub(crate) fn check_extents(
    method: &'static str,
    (samples, features): (usize, usize),
    targets: usize,
) -> Result<(), Error> {
    if samples == 0 {
        return Err(Error::TooFewSamples { argument: "x", method, found: 0, least: 1 });
    }
    if features == 0 {
        return Err(Error::NoFeatures { argument: "x" });
    }
    if targets == 0 {
        let (argument, extent, reason) = ("y", "columns", "at least one target");
        return Err(lapwing_lapack::Error::Shape { argument, extent, found: 0, expected: 1, reason }.into());
    }
    Ok(())
}

/// That `y` has a row for each of `rows`, and is finite: for one argument and one reason in every regression.
pub(crate) fn check_targets<T: Scalar, D: Targets>(rows: usize, y: &ArrayRef<T, D>) -> Result<(), Error> {
    let y = D::as_columns(y);
    let (found, reason) = (y.nrows(), "one for each row of x");
    if found != rows {
        let (argument, extent) = ("y", "rows");
        return Err(lapwing_lapack::Error::Shape { argument, extent, found, expected: rows, reason }.into());
    }
    Ok(require_finite("y", &y)?)
}

impl<'a, T: Scalar> Regression<'a, T> {
    /// Checks all but that `x` is finite, which whoever passes over it finds out.
    pub(crate) fn new<D: Targets>(
        method: &'static str,
        x: &'a ArrayRef2<T>,
        y: &'a ArrayRef<T, D>,
        weights: Option<&'a ArrayRef1<T>>,
        intercept: Intercept,
    ) -> Result<Self, Error> {
        let columns = D::as_columns(y);
        check_extents(method, x.dim(), columns.ncols())?;
        check_targets(x.nrows(), y)?;
        let weight = match weights {
            Some(weights) => check_weights(weights, x.nrows())?,
            None => x.nrows() as f64,
        };
        Ok(Self { x, y: columns, weights, intercept, weight })
    }

    pub(crate) fn moments(&self) -> Result<CrossMoments, Error> {
        CrossMoments::of_rows(self)
    }

    /// The weighted means, in sums that stay in range.
    pub(crate) fn centre(&self) -> Centre {
        let shares = self.weights.map(|weights| {
            let total: f64 = weights.iter().map(|weight| weight.as_f64()).sum();
            weights.mapv(|weight| weight.as_f64() / total)
        });
        let of = |rows: ArrayView2<T>| match self.intercept {
            Intercept::Fitted => mean(rows, shares.as_ref()),
            Intercept::Zero => (Array1::zeros(rows.ncols()), Array1::zeros(rows.ncols())),
        };
        let ((x, x_rounding), (y, y_rounding)) = (of(self.x.view()), of(self.y));
        Centre { x, y, x_rounding, y_rounding }
    }

    /// n, where there are weights.
    pub(crate) fn root_weights(&self) -> Option<Array1<f64>> {
        self.weights.map(|weights| weights.mapv(|weight| weight.as_f64().sqrt()))
    }
}

/// What the fit is around: the weighted means, or zero without an intercept.
pub(crate) struct Centre {
    /// p.
    pub(crate) x: Array1<f64>,
    /// t.
    pub(crate) y: Array1<f64>,
    /// What the means lost when they were rounded.
    pub(crate) x_rounding: Array1<f64>,
    pub(crate) y_rounding: Array1<f64>,
}

impl Centre {
    /// What the predictions are at the rounded mean of the features, for coefficients with a row for each target.
    pub(crate) fn level(&self, coefficients: &ArrayRef2<f64>) -> Array1<f64> {
        &self.y + &(&self.y_rounding - &coefficients.dot(&self.x_rounding))
    }
}

/// The mean of the rows, each with its share of the whole, and what its rounding lost.
fn mean<T: Scalar>(rows: ArrayView2<T>, shares: Option<&Array1<f64>>) -> (Array1<f64>, Array1<f64>) {
    let reference = rows.row(0).mapv(T::as_f64);
    let even = 1.0 / rows.nrows() as f64;
    let mut mean = Array1::<f64>::zeros(rows.ncols());
    for (band, rows) in rows.axis_chunks_iter(Axis(0), BAND).enumerate() {
        for ((column, mean), reference) in rows.columns().into_iter().zip(&mut mean).zip(&reference) {
            // Halved, because the difference of two numbers may be out of range where neither is.
            let half = |x: &T| x.as_f64() / 2.0 - reference / 2.0;
            *mean += match shares {
                None => column.iter().map(|x| even * half(x)).sum::<f64>(),
                Some(shares) => {
                    column.iter().zip(shares.slice(s![band * BAND..])).map(|(x, share)| share * half(x)).sum()
                }
            };
        }
    }
    counted_from_zero(&reference, &(mean * 2.0))
}
