//! A covariance shrunk as far as the caller says.

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::ArrayRef2;

use super::{require_share, shrink};
use crate::covariance::centring::Sample;
use crate::covariance::{Centring, FittedCovariance, RunningCovariance, persistence};
use crate::error::Error;

/// A covariance shrunk by a given share towards a multiple of the identity. scikit-learn's `ShrunkCovariance`.
///
/// ```
/// use lapwing_ml::covariance::ShrunkCovariance;
/// use ndarray::array;
/// let model = ShrunkCovariance::params().shrinkage(0.5).fit(&array![[-1.0, 2.0], [1.0, -2.0]])?;
/// assert_eq!(model.covariance(), array![[1.75, -1.0], [-1.0, 3.25]]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredShrunk", into = "persistence::StoredShrunk")]
#[serde(bound = "T: Scalar")]
pub struct ShrunkCovariance<T: Scalar> {
    pub(in crate::covariance) fitted: FittedCovariance<T>,
    pub(in crate::covariance) shrinkage: f64,
}

impl ShrunkCovariance<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> ShrunkCovarianceParams {
        ShrunkCovarianceParams { centring: Centring::Mean, shrinkage: 0.1 }
    }
}

impl<T: Scalar> ShrunkCovariance<T> {
    /// The share of the multiple of the identity, as it was chosen.
    pub fn shrinkage(&self) -> f64 {
        self.shrinkage
    }
}

impl<T: Scalar> Deref for ShrunkCovariance<T> {
    type Target = FittedCovariance<T>;

    fn deref(&self) -> &Self::Target {
        &self.fitted
    }
}

/// The choices of a shrunk covariance. Made by [`ShrunkCovariance::params`].
#[derive(Clone, Copy, Debug)]
pub struct ShrunkCovarianceParams {
    centring: Centring,
    shrinkage: f64,
}

impl ShrunkCovarianceParams {
    /// What deviations are counted from. Default: [`Centring::Mean`].
    pub fn centring(mut self, centring: Centring) -> Self {
        self.centring = centring;
        self
    }

    /// The share of the multiple of the identity, from 0 to 1. Default: 0.1.
    pub fn shrinkage(mut self, shrinkage: f64) -> Self {
        self.shrinkage = shrinkage;
        self
    }

    /// Fits the rows of `x` (n_samples x n_features), of which one is enough, in one pass of np².
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a shrinkage outside of [0, 1]; [`Error::NoFeatures`]; [`Error::TooFewSamples`] for no
    /// rows; [`Error::Lapack`] with `NonFinite` (names the first bad entry), `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<ShrunkCovariance<T>, Error> {
        require_share(self.shrinkage)?;
        self.shrunk(Sample::of_rows(x, self.centring, "a covariance", 1)?)
    }

    /// Fits the rows that have come in blocks so far.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`]; [`Error::TooFewSamples`] when none has; [`Error::Lapack`] with `Overflow` or
    /// `OutOfMemory`.
    pub fn fit_running<T: Scalar>(
        &self,
        running: &RunningCovariance<T>,
    ) -> Result<ShrunkCovariance<T>, Error> {
        require_share(self.shrinkage)?;
        self.shrunk(running.sample(self.centring)?)
    }

    fn shrunk<T: Scalar>(&self, mut sample: Sample) -> Result<ShrunkCovariance<T>, Error> {
        shrink(&mut sample.covariance, self.shrinkage);
        Ok(ShrunkCovariance { fitted: FittedCovariance::new(sample)?, shrinkage: self.shrinkage })
    }
}
