//! The shrinkage of Ledoit and Wolf.

use std::ops::Deref;

use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayRef2, Axis};

use super::{mean_variance, shrink, squared_sizes};
use crate::covariance::centring::Sample;
use crate::covariance::{Centring, FittedCovariance, persistence};
use crate::error::Error;
use crate::row_blocks::sum_over_centred;

/// A covariance shrunk by the share that is asymptotically best, whatever the distribution (Ledoit and Wolf, "A
/// well-conditioned estimator for large-dimensional covariance matrices", Journal of Multivariate Analysis 88, 2004).
/// scikit-learn's `LedoitWolf`; there is no block size to choose.
///
/// ```
/// use lapwing_ml::covariance::LedoitWolf;
/// use ndarray::array;
/// let model = LedoitWolf::params().fit(&array![[0.0, 1.0, 1.0], [1.0, 0.0, 3.0], [2.0, 2.0, 2.0]])?;
/// assert!(0.0 < model.shrinkage() && model.shrinkage() <= 1.0);
/// assert_eq!(model.rank()?, 3);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredShrunk", into = "persistence::StoredShrunk")]
#[serde(bound = "T: Scalar")]
pub struct LedoitWolf<T: Scalar> {
    pub(in crate::covariance) fitted: FittedCovariance<T>,
    pub(in crate::covariance) shrinkage: f64,
}

impl LedoitWolf<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> LedoitWolfParams {
        LedoitWolfParams::default()
    }
}

impl<T: Scalar> LedoitWolf<T> {
    /// The share of the multiple of the identity, from 0 to 1. 0 for one feature, where it changes nothing.
    pub fn shrinkage(&self) -> f64 {
        self.shrinkage
    }
}

impl<T: Scalar> Deref for LedoitWolf<T> {
    type Target = FittedCovariance<T>;

    fn deref(&self) -> &Self::Target {
        &self.fitted
    }
}

/// The choices of a Ledoit-Wolf shrinkage. Made by [`LedoitWolf::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct LedoitWolfParams {
    centring: Centring,
}

impl LedoitWolfParams {
    /// What deviations are counted from. Default: [`Centring::Mean`].
    pub fn centring(mut self, centring: Centring) -> Self {
        self.centring = centring;
        self
    }

    /// Fits the rows of `x` (n_samples x n_features), of which one is enough, in three passes: one of np², two of np.
    ///
    /// # Errors
    /// [`Error::NoFeatures`]; [`Error::TooFewSamples`] for no rows; [`Error::Lapack`] with `NonFinite` (names the first bad
    /// entry), `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<LedoitWolf<T>, Error> {
        let mut sample = Sample::of_rows(x, self.centring, "a covariance", 1)?;
        let shrinkage = shrinkage(x, &sample, self.centring)?;
        shrink(&mut sample.covariance, shrinkage);
        Ok(LedoitWolf { fitted: FittedCovariance::new(sample)?, shrinkage })
    }
}

/// The share by which [`LedoitWolf`] shrinks the covariance of the rows of `x` (n_samples x n_features).
///
/// # Errors
/// As [`LedoitWolfParams::fit`].
pub fn ledoit_wolf_shrinkage<T: Scalar>(x: &ArrayRef2<T>, centring: Centring) -> Result<f64, Error> {
    shrinkage(x, &Sample::of_rows(x, centring, "a covariance", 1)?, centring)
}

/// The share for the covariance of the rows of `x`, in two passes.
fn shrinkage<T: Scalar>(x: &ArrayRef2<T>, sample: &Sample, centring: Centring) -> Result<f64, Error> {
    let (count, features) = (sample.count as f64, sample.covariance.nrows());
    best_share(&sample.covariance, sample.count, |mean_variance| {
        // Far from the origin, the location is rounded by more than fourth powers forgive: what the mean about it is not zero
        // by is taken off too.
        let mut rest = Array1::zeros(features);
        if centring == Centring::Mean {
            let sums = sum_over_centred(x, &sample.location, (1, features), |block, sums| {
                block.outer_iter().for_each(|row| sums.row_mut(0).zip_mut_with(&row, |sum, x| *sum += x));
                Ok(())
            })?;
            rest = sums.index_axis_move(Axis(0), 0) / count;
        }
        let fourth_powers = sum_over_centred(x, &sample.location, (1, 1), |block, sum| {
            for row in block.outer_iter() {
                let deviations = row.iter().zip(&rest).map(|(x, rest)| x - rest);
                let square = deviations.map(|x| x * x).sum::<f64>() / mean_variance;
                sum[[0, 0]] += square * square;
            }
            Ok(())
        })?;
        Ok(fourth_powers[[0, 0]])
    })
}

/// β / δ with δ = ‖S − μ I‖² and β = Σᵢ ‖xᵢ xᵢᵀ − S‖² / n², but at most δ: of a covariance S of n deviations xᵢ, whose mean variance is
/// μ. `fourth_powers` answers Σᵢ (‖xᵢ‖² / μ)² for this μ; it is not asked where nothing can be gained.
///
/// The sum over i of the squared entries of `xᵢ xᵢᵀ` is that of ‖xᵢ‖⁴: it takes np operations, where the products of the
/// squared features take np².
pub(crate) fn best_share(
    covariance: &ArrayRef2<f64>,
    count: usize,
    fourth_powers: impl FnOnce(f64) -> Result<f64, Error>,
) -> Result<f64, Error> {
    let (count, mean_variance) = (count as f64, mean_variance(covariance));
    if covariance.nrows() == 1 || mean_variance == 0.0 {
        return Ok(0.0);
    }
    let (size, deviation) = squared_sizes(covariance, mean_variance);
    // Never negative but for rounding, as the mean of squares is not below the square of the mean.
    let error = ((fourth_powers(mean_variance)? / count - size) / count).max(0.0);
    // In this order, no division by zero is met.
    Ok(if error == 0.0 {
        0.0
    } else if error >= deviation {
        1.0
    } else {
        error / deviation
    })
}
