//! Features with mean 0 and variance 1.
//!
//! The semantics are those of scikit-learn's `StandardScaler`, with these differences:
//!
//! - A feature is constant when its values differ by no more than their own last bits: its standard deviation is at most
//!   the machine epsilon times its mean. Variances are sums of deviations counted from the first row, and exactly 0 for equal
//!   values; scikit-learn's bound, which grows with the number of rows, has to allow for the rounding of its sums, and takes a
//!   spread of 10⁻⁸ of the mean for none from some ten million rows on.
//! - The model is immutable, so that `partial_fit` is the fit of a block and [`merged`](StandardScaler::merged).
//! - Means and scales are kept in double precision for single-precision data too.

mod moments;
mod params;
mod persistence;
mod rows;
#[cfg(test)]
mod tests;

use std::ops::Deref;

use lapwing_iterative::sprs::{CsMatBase, CsMatI, SpIndex};
use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1};

pub use params::{Centring, Scaling, StandardScalerParams};

use self::moments::WeightedMoments;
use self::rows::map_entries;
use crate::data_matrix::DataMatrix;
use crate::error::Error;

/// The means and the standard deviations of p features, by which data is shifted and scaled.
///
/// ```
/// use lapwing_ml::StandardScaler;
/// use ndarray::array;
/// let x = array![[0.0, 5.0], [0.0, 5.0], [1.0, 5.0], [1.0, 5.0]];
/// let scaler = StandardScaler::params().fit(&x)?;
/// assert_eq!(scaler.transform(&x)?, array![[-1.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [1.0, 0.0]]);
/// assert_eq!(scaler.inverse_transform(&scaler.transform(&x)?)?, x);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// What it knows is in double precision; it transforms data of either. It serializes with serde, under a format name and
/// version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored", into = "persistence::Stored")]
pub struct StandardScaler {
    moments: WeightedMoments,
    centring: Centring,
    scaling: Scaling,
    /// What is subtracted, and what is divided by.
    shift: Array1<f64>,
    scale: Array1<f64>,
}

impl StandardScaler {
    /// The choices, to change before fitting.
    pub fn params() -> StandardScalerParams {
        StandardScalerParams::default()
    }

    fn new(moments: WeightedMoments, centring: Centring, scaling: Scaling) -> Self {
        let shift = match centring {
            Centring::Mean => moments.mean.clone(),
            Centring::None => Array1::zeros(moments.mean.len()),
        };
        let scale = match scaling {
            Scaling::UnitVariance => {
                let features = moments.variance.iter().zip(&moments.mean);
                features.map(|(&variance, &mean)| scale(variance, mean)).collect()
            }
            Scaling::None => Array1::ones(moments.mean.len()),
        };
        Self { moments, centring, scaling, shift, scale }
    }

    /// The mean of each feature, p, whether or not it is subtracted.
    pub fn mean(&self) -> ArrayView1<'_, f64> {
        self.moments.mean.view()
    }

    /// The variance of each feature, p, with the number of samples in the denominator.
    pub fn variance(&self) -> ArrayView1<'_, f64> {
        self.moments.variance.view()
    }

    /// What each feature is divided by, p: its standard deviation, or 1 where it is constant; all 1 without scaling.
    pub fn scale(&self) -> ArrayView1<'_, f64> {
        self.scale.view()
    }

    /// The number of samples, or the sum of their weights.
    pub fn n_samples_seen(&self) -> f64 {
        self.moments.weight
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.scale.len()
    }

    /// The scaler of the samples of both, with the choices of `self`: how data that comes in blocks is fitted, and parts
    /// of it on different machines.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `Overflow`.
    pub fn merged(&self, other: &Self) -> Result<Self, Error> {
        let (found, expected) = (other.n_features(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "other", found, expected });
        }
        Ok(Self::new(self.moments.merged(&other.moments)?, self.centring, self.scaling))
    }

    /// `(x − mean) / scale` for the rows of `x` (n x p), n x p, in the memory order of `x`.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.map("transform", x, |x, shift, scale| (x - shift) / scale)
    }

    /// `x · scale + mean` for the rows of `x` (n x p): [`transform`](Self::transform) undone.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn inverse_transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.map("inverse_transform", x, |x, shift, scale| x * scale + shift)
    }

    /// A CSR or CSC matrix with its columns divided by the scale: zeros stay zeros.
    ///
    /// # Errors
    /// As [`transform`](Self::transform); [`Error::InvalidParameter`] when the scaler centres.
    pub fn transform_sparse<T, I, Pointers, Indices, Data, Pointer>(
        &self,
        x: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
    ) -> Result<CsMatI<T, I, Pointer>, Error>
    where
        T: Scalar,
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        if self.centring == Centring::Mean {
            return Err(params::centred_sparse());
        }
        self.check_features(x.cols())?;
        x.require_finite_entries("x")?;
        let mut result = x.to_owned();
        let by_rows = x.is_csr();
        for (outer, mut vector) in result.outer_iterator_mut().enumerate() {
            for (inner, value) in vector.iter_mut() {
                let column = if by_rows { inner } else { outer };
                *value = T::from_f64(value.as_f64() / self.scale[column]);
            }
        }
        result.require_finite_entries("x").map_err(|_| overflow::<T>("transform_sparse"))?;
        Ok(result)
    }

    fn map<T: Scalar>(
        &self,
        routine: &'static str,
        x: &ArrayRef2<T>,
        entry: impl Fn(f64, f64, f64) -> f64 + Sync,
    ) -> Result<Array2<T>, Error> {
        self.check_features(x.ncols())?;
        require_finite("x", x)?;
        let result = map_entries(x, &self.shift, &self.scale, entry)?;
        require_finite(routine, &result).map_err(|_| overflow::<T>(routine))?;
        Ok(result)
    }

    fn check_features(&self, found: usize) -> Result<(), Error> {
        let expected = self.n_features();
        if found == expected {
            return Ok(());
        }
        Err(Error::FeatureMismatch { argument: "x", found, expected })
    }
}

/// The standard deviation, or 1 where it is the rounding of the values themselves.
fn scale(variance: f64, mean: f64) -> f64 {
    let deviation = variance.sqrt();
    if deviation <= f64::EPSILON * mean.abs() { 1.0 } else { deviation }
}

fn overflow<T: Scalar>(routine: &'static str) -> Error {
    lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into()
}
