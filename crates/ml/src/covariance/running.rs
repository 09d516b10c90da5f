//! The covariance of rows that arrive in blocks, and need never be in memory at once.

use std::marker::PhantomData;

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{ArrayRef2, Axis};

use super::centring::{Centring, Sample};
use super::persistence;
use crate::error::Error;
use crate::moments::{Full, Moments};
use crate::running_moments::RunningMoments;

/// Mean and scatter of the rows so far: what a covariance can be made from at any time.
///
/// The result is that of all rows at once, up to rounding, whatever the blocks, and wherever the data lies. It ends in an
/// [`EmpiricalCovariance`](super::EmpiricalCovariance), a [`ShrunkCovariance`](super::ShrunkCovariance) or an
/// [`Oas`](super::Oas), by their `fit_running`. [`LedoitWolf`](super::LedoitWolf) needs the sum of the fourth powers of the
/// rows' distances from the mean, which is not known before the last row, and so it needs the rows themselves.
///
/// ```
/// use lapwing_ml::covariance::{EmpiricalCovariance, Oas, RunningCovariance};
/// use ndarray::{Array2, s};
/// let x = Array2::from_shape_fn((60, 3), |(i, j)| ((i * (j + 2)) % 17) as f64);
/// let mut running = RunningCovariance::new();
/// for first in (0..60).step_by(20) {
///     running.partial_fit(&x.slice(s![first..first + 20, ..]))?;
/// }
/// let model = EmpiricalCovariance::params().fit_running(&running)?;
/// let whole = EmpiricalCovariance::params().fit(&x)?;
/// assert!((model.covariance()[[0, 1]] - whole.covariance()[[0, 1]]).abs() < 1e-12);
/// assert!(Oas::params().fit_running(&running)?.shrinkage() > 0.0);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back: parts of the data that
/// were seen elsewhere can be [merged](Self::merge).
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredRunning", into = "persistence::StoredRunning")]
#[serde(bound = "T: Scalar")]
pub struct RunningCovariance<T: Scalar> {
    /// Nothing before the first row, as the number of features is not known.
    pub(super) moments: Option<RunningMoments>,
    pub(super) scalar: PhantomData<T>,
}

impl<T: Scalar> Default for RunningCovariance<T> {
    fn default() -> Self {
        Self { moments: None, scalar: PhantomData }
    }
}

impl<T: Scalar> RunningCovariance<T> {
    /// No rows yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the rows of `block` (m x p), in mp². A block without rows changes nothing.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`] when the blocks before it had another number of columns; [`Error::NoFeatures`];
    /// [`Error::Lapack`] with `NonFinite` (rows count from the beginning of the block), `Overflow` or `OutOfMemory`. After an
    /// error, it is as if the block had not come.
    pub fn partial_fit(&mut self, block: &ArrayRef2<T>) -> Result<(), Error> {
        if block.ncols() == 0 {
            return Err(Error::NoFeatures { argument: "block" });
        }
        if block.nrows() == 0 {
            return Ok(());
        }
        match &mut self.moments {
            Some(moments) => {
                require_features("block", block.ncols(), moments)?;
                moments.add_rows("block", block)
            }
            None => {
                // The first row is what all others are counted from.
                require_finite("block", &block.row(0).insert_axis(Axis(0)))?;
                let mut moments = RunningMoments::new(block.row(0))?;
                moments.add_rows("block", block)?;
                self.moments = Some(moments);
                Ok(())
            }
        }
    }

    /// Adds the rows that `other` has seen, as if they had come here.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `Overflow`. After an error, `self` is as it was.
    pub fn merge(&mut self, other: &Self) -> Result<(), Error> {
        match (&mut self.moments, &other.moments) {
            (_, None) => Ok(()),
            (None, Some(_)) => {
                self.moments.clone_from(&other.moments);
                Ok(())
            }
            (Some(moments), Some(others)) => {
                require_features("other", others.features(), moments)?;
                moments.merge(others)
            }
        }
    }

    /// How many rows have come.
    pub fn n_samples(&self) -> usize {
        self.moments.as_ref().map_or(0, RunningMoments::count)
    }

    /// How many columns the blocks have, once a row has come.
    pub fn n_features(&self) -> Option<usize> {
        self.moments.as_ref().map(RunningMoments::features)
    }

    /// Location and covariance of the rows so far.
    pub(super) fn sample(&self, centring: Centring) -> Result<Sample, Error> {
        let Some(moments) = &self.moments else {
            return Err(Error::TooFewSamples {
                argument: "running",
                method: "a covariance",
                found: 0,
                least: 1,
            });
        };
        let (mean, scatter) = (moments.mean(), Full(moments.scatter().clone()));
        Sample::from_moments(Moments { count: moments.count(), mean, scatter }, centring)
    }
}

fn require_features(argument: &'static str, found: usize, moments: &RunningMoments) -> Result<(), Error> {
    let expected = moments.features();
    if found == expected { Ok(()) } else { Err(Error::FeatureMismatch { argument, found, expected }) }
}
