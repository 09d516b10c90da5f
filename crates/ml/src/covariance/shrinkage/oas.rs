//! Oracle approximating shrinkage.

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::ArrayRef2;

use super::{mean_variance, shrink, squared_sizes};
use crate::covariance::centring::Sample;
use crate::covariance::{Centring, FittedCovariance, RunningCovariance, persistence};
use crate::error::Error;

/// A covariance shrunk by the share that is nearest to the best one for normal data (Chen, Wiesel, Eldar, Hero, "Shrinkage
/// algorithms for MMSE covariance estimation", IEEE Transactions on Signal Processing 58, 2010). scikit-learn's `OAS`,
/// which leaves out the terms of order 2/p of the paper's equation 23, as this does.
///
/// ```
/// use lapwing_ml::covariance::Oas;
/// use ndarray::array;
/// let model = Oas::params().fit(&array![[0.0, 1.0, 1.0], [1.0, 0.0, 3.0], [2.0, 2.0, 2.0]])?;
/// assert!(model.shrinkage() > 0.0);
/// assert_eq!(model.rank()?, 3);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredShrunk", into = "persistence::StoredShrunk")]
#[serde(bound = "T: Scalar")]
pub struct Oas<T: Scalar> {
    pub(in crate::covariance) fitted: FittedCovariance<T>,
    pub(in crate::covariance) shrinkage: f64,
}

impl Oas<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> OasParams {
        OasParams::default()
    }
}

impl<T: Scalar> Oas<T> {
    /// The share of the multiple of the identity, from 0 to 1. 0 for one feature, where it changes nothing.
    pub fn shrinkage(&self) -> f64 {
        self.shrinkage
    }
}

impl<T: Scalar> Deref for Oas<T> {
    type Target = FittedCovariance<T>;

    fn deref(&self) -> &Self::Target {
        &self.fitted
    }
}

/// The choices of an oracle approximating shrinkage. Made by [`Oas::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct OasParams {
    centring: Centring,
}

impl OasParams {
    /// What deviations are counted from. Default: [`Centring::Mean`].
    pub fn centring(mut self, centring: Centring) -> Self {
        self.centring = centring;
        self
    }

    /// Fits the rows of `x` (n_samples x n_features), of which one is enough, in one pass of np².
    ///
    /// # Errors
    /// [`Error::NoFeatures`]; [`Error::TooFewSamples`] for no rows; [`Error::Lapack`] with `NonFinite` (names the first bad
    /// entry), `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Oas<T>, Error> {
        shrunk(Sample::of_rows(x, self.centring, "a covariance", 1)?)
    }

    /// Fits the rows that have come in blocks so far.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] when none has; [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn fit_running<T: Scalar>(&self, running: &RunningCovariance<T>) -> Result<Oas<T>, Error> {
        shrunk(running.sample(self.centring)?)
    }
}

fn shrunk<T: Scalar>(mut sample: Sample) -> Result<Oas<T>, Error> {
    let shrinkage = shrinkage(&sample);
    shrink(&mut sample.covariance, shrinkage);
    Ok(Oas { fitted: FittedCovariance::new(sample)?, shrinkage })
}

/// `(tr S² + (tr S)²) / ((n + 1) (tr S² − (tr S)² / p))`, at most 1.
fn shrinkage(sample: &Sample) -> f64 {
    let features = sample.covariance.nrows();
    let mean_variance = mean_variance(&sample.covariance);
    if features == 1 {
        return 0.0;
    }
    if mean_variance == 0.0 {
        return 1.0;
    }
    let (size, deviation) = squared_sizes(&sample.covariance, mean_variance);
    let traces = (features as f64).powi(2);
    let denominator = (sample.count as f64 + 1.0) * deviation;
    // In this order, no division by zero is met: a covariance that is a multiple of the identity is shrunk to itself.
    if size + traces >= denominator { 1.0 } else { (size + traces) / denominator }
}
