//! What deviations are counted from, and the covariance about it.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2};

use crate::error::Error;
use crate::moments::{Full, Moments, Scatter, variance_overflows};

/// What deviations are counted from. scikit-learn's `assume_centered`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Centring {
    /// The mean of each feature.
    #[default]
    Mean,
    /// Zero: the data is known to have been centred, and the location is not estimated.
    AssumeCentred,
}

/// Location and covariance of so many samples, in double precision.
pub(super) struct Sample {
    pub(super) count: usize,
    pub(super) location: Array1<f64>,
    /// Both triangles, with the number of samples in the denominator.
    pub(super) covariance: Array2<f64>,
}

impl Sample {
    /// Of the rows of `x`, in one pass; `method` is what needs them.
    pub(super) fn of_rows<T: Scalar>(
        x: &ArrayRef2<T>,
        centring: Centring,
        method: &'static str,
        least: usize,
    ) -> Result<Self, Error> {
        require_samples(x, method, least)?;
        Self::from_moments(Moments::of_rows("x", x)?, centring)
    }

    /// From moments of at least one row, of which the lower triangle of the scatter is meaningful.
    pub(super) fn from_moments(moments: Moments<Full>, centring: Centring) -> Result<Self, Error> {
        let Moments { count, mean: mut location, mut scatter } = moments;
        if centring == Centring::AssumeCentred {
            // The scatter about zero is that about the mean and the mean's own, both of them positive: nothing cancels.
            scatter.add_shift(count as f64, &location);
            location.fill(0.0);
        }
        if !scatter.is_finite() {
            return Err(variance_overflows());
        }
        let mut covariance = scatter.0;
        covariance /= count as f64;
        mirror_lower(&mut covariance);
        Ok(Self { count, location, covariance })
    }
}

/// That there is something to estimate from.
pub(super) fn require_samples<T: Scalar>(
    x: &ArrayRef2<T>,
    method: &'static str,
    least: usize,
) -> Result<(), Error> {
    if x.ncols() == 0 {
        return Err(Error::NoFeatures { argument: "x" });
    }
    if x.nrows() < least {
        return Err(Error::TooFewSamples { argument: "x", method, found: x.nrows(), least });
    }
    Ok(())
}

/// Copies the lower triangle of a square matrix to the upper one.
pub(crate) fn mirror_lower<T: Copy>(a: &mut ArrayRef2<T>) {
    for i in 0..a.nrows() {
        for j in i + 1..a.ncols() {
            a[[i, j]] = a[[j, i]];
        }
    }
}
