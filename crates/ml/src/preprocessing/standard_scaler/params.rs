//! What the caller of a standard scaler chooses.

use lapwing_lapack::Scalar;
use ndarray::{ArrayRef1, ArrayRef2};

use super::StandardScaler;
use super::moments::WeightedMoments;
use crate::data_matrix::DataMatrix;
use crate::error::Error;

/// Whether features are centred. scikit-learn's `with_mean`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Centring {
    /// Their mean is subtracted.
    #[default]
    Mean,
    /// They stay where they are, as sparse data must.
    None,
}

/// Whether features are scaled. scikit-learn's `with_std`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// They are divided by their standard deviation.
    #[default]
    UnitVariance,
    /// They keep their unit.
    None,
}

/// The choices of a standard scaler. Made by [`StandardScaler::params`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StandardScalerParams {
    centring: Centring,
    scaling: Scaling,
}

impl StandardScalerParams {
    /// Whether features are centred. Default: [`Centring::Mean`].
    pub fn centring(mut self, centring: Centring) -> Self {
        self.centring = centring;
        self
    }

    /// Whether features are scaled. Default: [`Scaling::UnitVariance`].
    pub fn scaling(mut self, scaling: Scaling) -> Self {
        self.scaling = scaling;
        self
    }

    /// Fits means and standard deviations of `x` (n x p), in one pass.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::NoFeatures`]; [`Error::Lapack`] with `NonFinite` (names the first bad
    /// entry), or `Overflow` when a variance is out of range.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<StandardScaler, Error> {
        check(x.dim())?;
        Ok(StandardScaler::new(WeightedMoments::of_rows(x)?, self.centring, self.scaling))
    }

    /// The same with a weight for each sample, n, none negative.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for weights that are negative, not finite or all zero.
    pub fn fit_weighted<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        weights: &ArrayRef1<T>,
    ) -> Result<StandardScaler, Error> {
        check(x.dim())?;
        let moments = WeightedMoments::of_weighted_rows(x, weights)?;
        Ok(StandardScaler::new(moments, self.centring, self.scaling))
    }

    /// The same for a CSR or CSC matrix, or any other [`DataMatrix`].
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] unless [`Centring::None`] is chosen.
    pub fn fit_sparse<T: Scalar, X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<StandardScaler, Error> {
        if self.centring == Centring::Mean {
            return Err(centred_sparse());
        }
        check(x.dimensions())?;
        Ok(StandardScaler::new(WeightedMoments::of_rows(x)?, self.centring, self.scaling))
    }
}

pub(super) fn centred_sparse() -> Error {
    Error::InvalidParameter {
        parameter: "centring",
        value: "the mean".to_owned(),
        requirement: "none for sparse data, whose zeros it would fill".to_owned(),
    }
}

fn check((rows, features): (usize, usize)) -> Result<(), Error> {
    if features == 0 {
        return Err(Error::NoFeatures { argument: "x" });
    }
    if rows == 0 {
        return Err(Error::TooFewSamples { argument: "x", method: "StandardScaler", found: 0, least: 1 });
    }
    Ok(())
}
