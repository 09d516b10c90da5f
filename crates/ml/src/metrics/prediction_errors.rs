//! The sums over samples that every metric of a regression is made of.

use lapwing_lapack::{RightHandSide, Scalar, require_finite};
use ndarray::{Array1, ArrayRef, ArrayRef1, ArrayView1};

use crate::error::Error;
use crate::linear_model::check_weights;

/// How the scores of several targets become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Averaging {
    /// Their mean.
    #[default]
    Uniform,
    /// Their mean, each with the variance of its target as weight; the plain mean when no target varies.
    VarianceWeighted,
}

/// What the residuals of n predictions of t targets come to, target by target.
///
/// ```
/// use lapwing_ml::metrics::{Averaging, PredictionErrors};
/// use ndarray::array;
/// let observed = array![[0.5, 1.0], [-1.0, 1.0], [7.0, -6.0]];
/// let predicted = array![[0.0, 2.0], [-1.0, 2.0], [8.0, -5.0]];
/// let errors = PredictionErrors::weighted(&observed, &predicted, &array![1.0, 1.0, 2.0])?;
/// assert_eq!(errors.mean_squared_errors(), array![0.5625, 1.0]);
/// assert!(errors.r2_score(Averaging::VarianceWeighted)? > 0.9);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// A target that does not vary has the score 1 when it is predicted exactly, and 0 when not, as in scikit-learn; deviations
/// are counted from the first sample, so that such a target is told exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct PredictionErrors {
    n_samples: usize,
    targets: Vec<TargetErrors>,
}

/// Means over the samples of one target.
#[derive(Clone, Copy, Debug, PartialEq)]
struct TargetErrors {
    squared: f64,
    absolute: f64,
    /// The variance of the residuals.
    residual_variance: f64,
    /// The variance of what was observed.
    variance: f64,
}

impl PredictionErrors {
    /// Compares `y_pred` with `y_true`, both n, or n x t for several targets.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::Lapack`] with `Shape` when the shapes differ or there is no target,
    /// `NonFinite`, or `Overflow` when a squared residual or a variance is out of range.
    pub fn new<T: Scalar, D: RightHandSide>(
        y_true: &ArrayRef<T, D>,
        y_pred: &ArrayRef<T, D>,
    ) -> Result<Self, Error> {
        Self::measure(y_true, y_pred, None)
    }

    /// The same with a weight for each sample, n, not negative.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::InvalidParameter`] when a weight is negative or not finite, or all are zero.
    pub fn weighted<T: Scalar, D: RightHandSide>(
        y_true: &ArrayRef<T, D>,
        y_pred: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<Self, Error> {
        Self::measure(y_true, y_pred, Some(weights))
    }

    fn measure<T: Scalar, D: RightHandSide>(
        y_true: &ArrayRef<T, D>,
        y_pred: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<Self, Error> {
        let (observed, predicted) = (D::as_columns(y_true), D::as_columns(y_pred));
        let (n_samples, n_targets) = observed.dim();
        same("y_pred", "rows", predicted.nrows(), n_samples, "as many as y_true")?;
        same("y_pred", "columns", predicted.ncols(), n_targets, "as many as y_true")?;
        if n_targets == 0 {
            same("y_true", "columns", 0, 1, "at least one target")?;
        }
        if n_samples == 0 {
            return Err(Error::TooFewSamples {
                argument: "y_true",
                method: "a comparison with predictions",
                found: 0,
                least: 1,
            });
        }
        require_finite("y_true", &observed)?;
        require_finite("y_pred", &predicted)?;
        let shares = weights.map(|weights| shares(weights, n_samples)).transpose()?;
        let targets: Vec<_> = observed
            .columns()
            .into_iter()
            .zip(predicted.columns())
            .map(|(observed, predicted)| TargetErrors::of(observed, predicted, shares.as_ref()))
            .collect();
        if targets.iter().all(TargetErrors::is_finite) {
            Ok(Self { n_samples, targets })
        } else {
            Err(lapwing_lapack::Error::Overflow { routine: "the squared residuals", scalar: "f64" }.into())
        }
    }

    /// The mean squared residual of each target, t.
    pub fn mean_squared_errors(&self) -> Array1<f64> {
        self.of_targets(|target| target.squared)
    }

    /// The mean magnitude of the residuals of each target, t.
    pub fn mean_absolute_errors(&self) -> Array1<f64> {
        self.of_targets(|target| target.absolute)
    }

    /// R² of each target, t.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2, which have no variance.
    pub fn r2_scores(&self) -> Result<Array1<f64>, Error> {
        if self.n_samples < 2 {
            let (found, method) = (self.n_samples, "R²");
            return Err(Error::TooFewSamples { argument: "y_true", method, found, least: 2 });
        }
        Ok(self.of_targets(|target| share_explained(target.squared, target.variance)))
    }

    /// 1 − Var(y_true − y_pred) / Var(y_true) of each target, t.
    pub fn explained_variance_scores(&self) -> Array1<f64> {
        self.of_targets(|target| share_explained(target.residual_variance, target.variance))
    }

    /// The mean of [`mean_squared_errors`](Self::mean_squared_errors).
    pub fn mean_squared_error(&self) -> f64 {
        mean(&self.mean_squared_errors())
    }

    /// The mean of the roots of [`mean_squared_errors`](Self::mean_squared_errors).
    pub fn root_mean_squared_error(&self) -> f64 {
        mean(&self.of_targets(|target| target.squared.sqrt()))
    }

    /// The mean of [`mean_absolute_errors`](Self::mean_absolute_errors).
    pub fn mean_absolute_error(&self) -> f64 {
        mean(&self.mean_absolute_errors())
    }

    /// The average of [`r2_scores`](Self::r2_scores).
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2.
    pub fn r2_score(&self, averaging: Averaging) -> Result<f64, Error> {
        Ok(self.average(&self.r2_scores()?, averaging))
    }

    /// The average of [`explained_variance_scores`](Self::explained_variance_scores).
    pub fn explained_variance_score(&self, averaging: Averaging) -> f64 {
        self.average(&self.explained_variance_scores(), averaging)
    }

    fn of_targets(&self, value: impl Fn(&TargetErrors) -> f64) -> Array1<f64> {
        self.targets.iter().map(value).collect()
    }

    fn average(&self, scores: &Array1<f64>, averaging: Averaging) -> f64 {
        // Shares of the largest, because a sum of variances may overflow where none of them does.
        let variances = self.of_targets(|target| target.variance);
        let largest = variances.iter().copied().fold(0.0, f64::max);
        if averaging == Averaging::Uniform || largest == 0.0 {
            return mean(scores);
        }
        let weights = variances / largest;
        scores.dot(&weights) / weights.sum()
    }
}

impl TargetErrors {
    fn of<T: Scalar>(
        observed: ArrayView1<T>,
        predicted: ArrayView1<T>,
        shares: Option<&Array1<f64>>,
    ) -> Self {
        let residuals: Array1<f64> =
            observed.iter().zip(predicted).map(|(y, prediction)| y.as_f64() - prediction.as_f64()).collect();
        let observed = observed.mapv(T::as_f64);
        Self {
            squared: average(&residuals, shares, |residual| residual * residual),
            absolute: average(&residuals, shares, f64::abs),
            residual_variance: variance(residuals, shares),
            variance: variance(observed, shares),
        }
    }

    fn is_finite(&self) -> bool {
        [self.squared, self.absolute, self.residual_variance, self.variance].iter().all(|x| x.is_finite())
    }
}

/// The mean of `value` over samples that weigh the same, or have these shares of the weight.
fn average(samples: &Array1<f64>, shares: Option<&Array1<f64>>, value: impl Fn(f64) -> f64) -> f64 {
    match shares {
        None => samples.mapv(value).sum() / samples.len() as f64,
        Some(shares) => samples.iter().zip(shares).map(|(&sample, share)| share * value(sample)).sum(),
    }
}

/// The variance, by deviations from the first sample and then from the mean: what is far from zero loses no digit, and
/// what does not vary has exactly none.
fn variance(mut samples: Array1<f64>, shares: Option<&Array1<f64>>) -> f64 {
    let first = samples[0];
    samples -= first;
    samples -= average(&samples, shares, |x| x);
    average(&samples, shares, |x| x * x)
}

/// 1 − `unexplained` / `variance`; where there is no variance, whether there is nothing to explain.
fn share_explained(unexplained: f64, variance: f64) -> f64 {
    if variance > 0.0 {
        1.0 - unexplained / variance
    } else if unexplained > 0.0 {
        0.0
    } else {
        1.0
    }
}

fn mean(values: &Array1<f64>) -> f64 {
    // Divided first, so that the sum of large errors does not overflow.
    (values / values.len() as f64).sum()
}

/// The share of each sample in the weight of all.
fn shares<T: Scalar>(weights: &ArrayRef1<T>, n_samples: usize) -> Result<Array1<f64>, Error> {
    let sum = check_weights(weights, n_samples)?;
    Ok(weights.mapv(|weight| weight.as_f64() / sum))
}

fn same(
    argument: &'static str,
    extent: &'static str,
    found: usize,
    expected: usize,
    reason: &'static str,
) -> Result<(), Error> {
    if found == expected {
        return Ok(());
    }
    Err(lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};

    use super::super::{mean_squared_error, r2_score};
    use super::*;

    /// Residuals and deviations that are exact in binary: every sum is, whatever the offset.
    #[test]
    fn an_offset_changes_no_digit() {
        for offset in [0.0, 1e8, -1e12] {
            let observed = array![1.0, 2.0, 3.0, 6.0] + offset;
            let predicted = array![1.0, 3.0, 2.0, 6.0] + offset;
            let errors = PredictionErrors::new(&observed, &predicted).unwrap();
            // Deviations from the mean 3: 4 + 1 + 0 + 9 = 14; residuals: 0, -1, 1, 0.
            assert_eq!(errors.r2_scores().unwrap(), array![1.0 - 0.5 / 3.5]);
            assert_eq!(errors.mean_squared_error(), 0.5);
            assert_eq!(errors.mean_absolute_error(), 0.5);
            assert_eq!(errors.explained_variance_scores(), array![1.0 - 0.5 / 3.5]);
        }
    }

    /// 0.1 summed and divided is not 0.1 again, and still the target is told to be constant.
    #[test]
    fn a_constant_target_scores_one_when_exact_and_else_zero() {
        let observed = Array2::from_elem((7, 2), 0.1);
        let mut predicted = observed.clone();
        predicted[[3, 1]] = 0.2;
        let errors = PredictionErrors::new(&observed, &predicted).unwrap();
        assert_eq!(errors.r2_scores().unwrap(), array![1.0, 0.0]);
        assert_eq!(errors.explained_variance_scores(), array![1.0, 0.0]);
        assert_eq!(errors.r2_score(Averaging::Uniform).unwrap(), 0.5);
        assert_eq!(errors.r2_score(Averaging::VarianceWeighted).unwrap(), 0.5);
    }

    /// A weight of 2 is a sample twice; a weight of 0 is none. All sums are exact here but those over shares.
    #[test]
    fn weights_are_repetitions() {
        let observed = array![1.0f32, 2.0, 4.0, 100.0];
        let predicted = array![1.5f32, 2.0, 3.0, -100.0];
        let weighted =
            PredictionErrors::weighted(&observed, &predicted, &array![2.0, 1.0, 1.0, 0.0]).unwrap();
        let repeated =
            PredictionErrors::new(&array![1.0f32, 1.0, 2.0, 4.0], &array![1.5f32, 1.5, 2.0, 3.0]).unwrap();
        assert_eq!(weighted.targets, repeated.targets);
    }

    #[test]
    fn strided_targets_are_those_of_a_copy() {
        let observed = Array2::from_shape_fn((9, 4), |(i, j)| ((i * 5 + j * 3) % 7) as f64);
        let predicted = observed.t().as_standard_layout().into_owned().reversed_axes() + 0.25;
        let (some, same) = (observed.slice(s![..;-2, ..;3]), predicted.slice(s![..;-2, ..;3]));
        assert_eq!(mean_squared_error(&some, &same).unwrap(), 0.0625);
        assert_eq!(
            PredictionErrors::new(&some, &same).unwrap(),
            PredictionErrors::new(&some.to_owned(), &same.to_owned()).unwrap()
        );
    }

    #[test]
    fn what_cannot_be_scored_is_refused() {
        let lapack = |error| Some(Error::Lapack(error));
        let none = Array1::<f64>::zeros(0);
        assert!(matches!(r2_score(&none, &none), Err(Error::TooFewSamples { found: 0, least: 1, .. })));
        let one = array![1.0];
        assert!(matches!(r2_score(&one, &one), Err(Error::TooFewSamples { found: 1, least: 2, .. })));
        assert_eq!(mean_squared_error(&one, &one), Ok(0.0));
        let nan = lapwing_lapack::Error::NonFinite { argument: "y_pred", row: 1, col: 0 };
        assert_eq!(r2_score(&array![1.0, 2.0], &array![1.0, f64::NAN]).err(), lapack(nan));
        assert!(matches!(
            r2_score(&array![1.0, 2.0], &one),
            Err(Error::Lapack(lapwing_lapack::Error::Shape { argument: "y_pred", .. }))
        ));
        assert!(matches!(
            r2_score(&array![1e300, -1e300], &array![0.0, 0.0]),
            Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
        ));
        for weights in [array![1.0, -1.0], array![0.0, 0.0]] {
            let y = array![1.0, 2.0];
            assert!(matches!(
                PredictionErrors::weighted(&y, &y, &weights),
                Err(Error::InvalidParameter { parameter: "weights", .. })
            ));
        }
    }
}
