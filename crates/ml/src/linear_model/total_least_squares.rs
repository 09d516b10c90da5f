//! Total least squares: errors in the features as well as in the targets.
//!
//! The smallest change of `[X Y]`, in the Frobenius norm, that makes `X B = Y` solvable. From the singular value
//! decomposition of `[X Y]`, with V₂ the right singular vectors of its t smallest values, `B = −V₁₂ V₂₂⁻¹` (Golub and Van
//! Loan, 1980; Van Huffel and Vandewalle, "The Total Least Squares Problem", 1991, algorithm 3.1). Features and targets must
//! be in units in which their errors are alike. An intercept is free of error: the data is centred.

use std::ops::Deref;

use lapwing_lapack::{Lu, Scalar, Svd};
use ndarray::{ArrayRef, ArrayRef2, Axis, Ix1, concatenate, s};

use super::centred_system::CentredSystem;
use super::predictor::{LinearPredictor, StoredPredictor};
use super::regression::{Intercept, Regression};
use super::targets::Targets;
use crate::error::Error;
use crate::stored::{Format, StoredError, sizes};

/// A fitted total least squares regression, which dereferences to its [`LinearPredictor`].
///
/// ```
/// use lapwing_ml::TotalLeastSquares;
/// use ndarray::array;
/// // Points on both sides of the line y = x, at equal distances: least squares finds a slope below 1.
/// let x = array![[0.5], [-0.5], [2.5], [1.5], [4.5], [3.5]];
/// let y = array![-0.5, 0.5, 1.5, 2.5, 3.5, 4.5];
/// let line = TotalLeastSquares::params().fit(&x, &y)?;
/// assert!((line.coefficients()[0] - 1.0f64).abs() < 1e-12 && line.intercept().abs() < 1e-12);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Stored<T>", into = "Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct TotalLeastSquares<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    correction_norm: f64,
}

/// The choices of total least squares. Made by [`TotalLeastSquares::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct TotalLeastSquaresParams {
    intercept: Intercept,
}

impl TotalLeastSquares<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> TotalLeastSquaresParams {
        TotalLeastSquaresParams::default()
    }
}

impl<T: Scalar, D: Targets> TotalLeastSquares<T, D> {
    /// The Frobenius norm of the smallest change of features and targets that the model fits exactly.
    pub fn correction_norm(&self) -> f64 {
        self.correction_norm
    }
}

impl<T: Scalar, D: Targets> Deref for TotalLeastSquares<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}

impl TotalLeastSquaresParams {
    /// Whether an intercept is fitted. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// Fits `y` (n, or n x t) on `x` (n x p), by two singular value decompositions of copies: about 7 n (p + t)² operations.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `DoesNotExist` in the nongeneric case: where the p-th singular value of the features is not
    /// greater than the next of features and targets together, so that no smallest change exists or it is not unique;
    /// [`Error::TooFewSamples`] for fewer than p + t; [`Error::NoFeatures`]; [`Error::Lapack`] with `NonFinite`, `Shape` for
    /// lengths that differ, `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
    ) -> Result<TotalLeastSquares<T, D>, Error> {
        let method = "total least squares";
        let data = Regression::new(method, x, y, None, self.intercept)?;
        let (features, least) = (x.ncols(), x.ncols() + data.y.ncols());
        if x.nrows() < least {
            return Err(Error::TooFewSamples { argument: "x", method, found: x.nrows(), least });
        }
        let CentredSystem { x, y, x_mean, y_mean } = CentredSystem::new(&data)?;
        let of_features = Svd::values(&x)?.values;
        let (_, values, axes) = Svd::thin(&concatenate![Axis(1), x, y])?.into_factors();
        // Singular values are right to about this; rounding of the data counts, too.
        let rounding = values[0] * least as f64 * 2.0 * T::UNIT_ROUNDOFF.as_f64();
        if of_features[features - 1] <= values[features] + rounding {
            return Err(nongeneric());
        }
        let (upper, lower) = axes.slice(s![features.., ..]).split_at(Axis(1), features);
        // B = −V₁₂ V₂₂⁻¹, as the solution of V₂₂ᵀ Bᵀ = −V₁₂ᵀ; the axes are already transposed.
        let coefficients =
            Lu::new(&lower)?.solve(&upper.mapv(|entry| -entry)).map_err(|error| match error {
                lapwing_lapack::Error::Singular { .. } => nongeneric(),
                error => error.into(),
            })?;
        let correction_norm = values.iter().skip(features).fold(0.0f64, |norm, value| norm.hypot(*value));
        let predictor = LinearPredictor::new(&coefficients, x_mean, y_mean)?;
        Ok(TotalLeastSquares { predictor, correction_norm })
    }
}

fn nongeneric() -> Error {
    let reason = "the features are as near to collinear as features and targets together; remove features, or use ridge \
                  regression";
    let what = "a unique solution by total least squares";
    lapwing_lapack::Error::DoesNotExist { what, reason: reason.to_owned() }.into()
}

const FORMAT: Format =
    Format { model: "total least squares", name: "lapwing.total_least_squares", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
struct Stored<T> {
    format: String,
    version: u32,
    correction_norm: f64,
    #[serde(flatten)]
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<TotalLeastSquares<T, D>> for Stored<T> {
    fn from(model: TotalLeastSquares<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            correction_norm: model.correction_norm,
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for TotalLeastSquares<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let correction_norm = sizes("correction_norm", vec![stored.correction_norm], 1)?[0];
        Ok(Self { predictor: stored.predictor.try_into()?, correction_norm })
    }
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::standard_normal;
    use ndarray::{Array1, Array2, Ix2, array};

    use super::*;

    /// For one feature, the slope is that of the larger eigenvector of the 2 x 2 scatter, in closed form.
    #[test]
    fn a_line_is_the_principal_axis() {
        let x = standard_normal(50, 1, 1);
        let y = &x.column(0) * 2.0 + standard_normal(50, 1, 2).column(0) + 7.0;
        let line = TotalLeastSquares::params().fit(&x, &y).unwrap();
        let sum = |a: &Array1<f64>, b: &Array1<f64>| (a - a.mean().unwrap()).dot(&(b - b.mean().unwrap()));
        let x = x.column(0).to_owned();
        let (xx, xy, yy) = (sum(&x, &x), sum(&x, &y), sum(&y, &y));
        let slope = (yy - xx + (yy - xx).hypot(2.0 * xy)) / (2.0 * xy);
        assert!((line.coefficients()[0] - slope).abs() < 1e-12);
        // The sum of squared distances from the line is the smaller eigenvalue.
        let smaller = (xx + yy - (yy - xx).hypot(2.0 * xy)) / 2.0;
        assert!((line.correction_norm().powi(2) - smaller).abs() < 1e-10 * yy);
    }

    #[test]
    fn data_without_error_is_fitted_exactly() {
        let x = standard_normal(20, 3, 1);
        let truth = array![[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]];
        let y = x.dot(&truth.t()) + array![1.0, 100.0];
        let model = TotalLeastSquares::params().fit(&x, &y).unwrap();
        assert!((&model.coefficients() - &truth).iter().all(|d| d.abs() < 1e-12));
        assert!(model.correction_norm() < 1e-12 && (model.intercept()[1] - 100.0).abs() < 1e-11);
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<TotalLeastSquares<f64, Ix2>>(&text).unwrap(), model);
        assert!(
            serde_json::from_str::<TotalLeastSquares<f64, Ix2>>(&text.replace("total", "ordinary")).is_err()
        );
    }

    #[test]
    fn the_nongeneric_case_and_too_few_samples_are_told() {
        // The feature varies less than the target, and has nothing to do with it.
        let (x, y) = (array![[1.0], [-1.0], [1.0], [-1.0]], array![3.0, 3.0, -3.0, -3.0]);
        let refused = TotalLeastSquares::params().fit(&x, &y);
        assert!(matches!(refused, Err(Error::Lapack(lapwing_lapack::Error::DoesNotExist { .. }))));
        let constant = TotalLeastSquares::params().fit(&Array2::<f64>::ones((4, 1)), &y);
        assert!(constant.is_err());
        let few = TotalLeastSquares::params().fit(&array![[1.0]], &array![1.0]);
        assert!(matches!(few, Err(Error::TooFewSamples { least: 2, .. })));
    }
}
