//! The covariance of the samples themselves: the maximum-likelihood estimate.

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::ArrayRef2;

use super::centring::{Centring, Sample};
use super::{FittedCovariance, RunningCovariance, persistence};
use crate::error::Error;

/// The covariance of the samples, with their number in the denominator. scikit-learn's `EmpiricalCovariance`.
///
/// ```
/// use lapwing_ml::covariance::{Centring, EmpiricalCovariance};
/// use ndarray::array;
/// let x = array![[1.0, 2.0], [3.0, 2.0]];
/// let model = EmpiricalCovariance::params().fit(&x)?;
/// assert_eq!(model.covariance(), array![[1.0, 0.0], [0.0, 0.0]]);
/// let about_zero = EmpiricalCovariance::params().centring(Centring::AssumeCentred).fit(&x)?;
/// assert_eq!(about_zero.covariance(), array![[5.0, 4.0], [4.0, 4.0]]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredEmpirical", into = "persistence::StoredEmpirical")]
#[serde(bound = "T: Scalar")]
pub struct EmpiricalCovariance<T: Scalar> {
    pub(super) fitted: FittedCovariance<T>,
}

impl EmpiricalCovariance<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> EmpiricalCovarianceParams {
        EmpiricalCovarianceParams::default()
    }
}

impl<T: Scalar> Deref for EmpiricalCovariance<T> {
    type Target = FittedCovariance<T>;

    fn deref(&self) -> &Self::Target {
        &self.fitted
    }
}

/// The choices of an empirical covariance. Made by [`EmpiricalCovariance::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct EmpiricalCovarianceParams {
    centring: Centring,
}

impl EmpiricalCovarianceParams {
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
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<EmpiricalCovariance<T>, Error> {
        let sample = Sample::of_rows(x, self.centring, "a covariance", 1)?;
        Ok(EmpiricalCovariance { fitted: FittedCovariance::new(sample)? })
    }

    /// Fits the rows that have come in blocks so far.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] when none has; [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn fit_running<T: Scalar>(
        &self,
        running: &RunningCovariance<T>,
    ) -> Result<EmpiricalCovariance<T>, Error> {
        Ok(EmpiricalCovariance { fitted: FittedCovariance::new(running.sample(self.centring)?)? })
    }
}
