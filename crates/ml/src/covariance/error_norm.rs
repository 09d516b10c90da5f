//! How far one covariance is from another.

use lapwing_lapack::norms::{Norm, norm};
use lapwing_lapack::{Scalar, require_finite};
use ndarray::ArrayRef2;

use super::FittedCovariance;
use crate::error::Error;

/// The norm of the difference of two covariances.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ErrorNorm {
    /// The root of the sum of squares.
    #[default]
    Frobenius,
    /// The largest singular value.
    Spectral,
}

/// Whether the squared norm is divided by the number of features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ErrorScaling {
    /// Divided by it: what a feature contributes. scikit-learn's `scaling=True`.
    #[default]
    PerFeature,
    /// The norm as it is.
    None,
}

/// Whether the norm or its square is returned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ErrorPower {
    /// The square. scikit-learn's `squared=True`.
    #[default]
    Squared,
    /// The norm.
    Plain,
}

impl<T: Scalar> FittedCovariance<T> {
    /// How far `other` (p x p) is from this covariance. scikit-learn's default is the mean squared error: each enum's own.
    ///
    /// ```
    /// use lapwing_ml::covariance::{EmpiricalCovariance, ErrorNorm, ErrorPower, ErrorScaling};
    /// use ndarray::array;
    /// let model = EmpiricalCovariance::params().fit(&array![[0.0, 0.0], [2.0, 4.0]])?;
    /// let truth = array![[1.0, 2.0], [2.0, 1.0]];
    /// let error = model.error_norm(&truth, ErrorNorm::Spectral, ErrorScaling::None, ErrorPower::Plain)?;
    /// assert!((error - 3.0f64).abs() < 1e-14);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// Cost: p² for [`ErrorNorm::Frobenius`], O(p³) for [`ErrorNorm::Spectral`].
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Shape`, `NonFinite`, `Overflow`, `OutOfMemory` or `NoConvergence`.
    pub fn error_norm(
        &self,
        other: &ArrayRef2<T>,
        error_norm: ErrorNorm,
        scaling: ErrorScaling,
        power: ErrorPower,
    ) -> Result<T, Error> {
        self.check_shape("other", other)?;
        require_finite("other", other)?;
        let difference = other.mapv(T::as_f64) - self.exact_covariance();
        let size = match error_norm {
            ErrorNorm::Frobenius => norm(&difference, Norm::Frobenius)?,
            ErrorNorm::Spectral => norm(&difference, Norm::Two)?,
        };
        let scaled = match scaling {
            ErrorScaling::PerFeature => size / (self.n_features() as f64).sqrt(),
            ErrorScaling::None => size,
        };
        let result = T::from_f64(match power {
            ErrorPower::Squared => scaled * scaled,
            ErrorPower::Plain => scaled,
        });
        if result.is_finite() {
            Ok(result)
        } else {
            Err(lapwing_lapack::Error::Overflow { routine: "error_norm", scalar: T::NAME }.into())
        }
    }
}
