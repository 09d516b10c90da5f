//! What every fitted linear model is: coefficients, an intercept, and predictions from them.

use std::marker::PhantomData;

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef1, ArrayRef2, ArrayView, Ix1};

use super::targets::Targets;
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::metrics::{Averaging, PredictionErrors, r2_score};
use crate::stored::{StoredError, matrix, vector};

/// The coefficients and the intercept of a fitted linear model of p features, to which each of them dereferences.
///
/// It remembers the means of features and targets that it was fitted around, and predicts `(x − mean) · coefficients +
/// mean of y`: data far from the origin loses no digit, where adding the [`intercept`](Self::intercept) afterwards would
/// cancel.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearPredictor<T: Scalar, D: Targets = Ix1> {
    /// A row for each target.
    coefficients: Array2<T>,
    /// The point at which the predictions are `level`; zero where there is no intercept.
    centre: Array1<f64>,
    level: Array1<f64>,
    intercept: Array1<T>,
    dimension: PhantomData<D>,
}

impl<T: Scalar, D: Targets> LinearPredictor<T, D> {
    /// The coefficients: p for one target, n_targets x p for a matrix of them.
    pub fn coefficients(&self) -> ArrayView<'_, T, D> {
        D::coefficients(&self.coefficients)
    }

    /// The prediction where all features are zero: a number for one target, a vector of n_targets for a matrix of them. Zero
    /// where no intercept was fitted.
    pub fn intercept(&self) -> D::Intercept<'_, T> {
        D::intercept(&self.intercept)
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.coefficients.ncols()
    }

    /// The number of targets.
    pub fn n_targets(&self) -> usize {
        self.coefficients.nrows()
    }

    /// The predictions for the rows of `x` (n x p): n for one target, n x n_targets for a matrix of them.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn predict(&self, x: &ArrayRef2<T>) -> Result<Array<T, D>, Error> {
        self.predict_sparse(x)
    }

    /// The predictions for the rows of `x` (n x p), a CSR or CSC matrix or any other [`DataMatrix`].
    ///
    /// # Errors
    /// As [`predict`](Self::predict).
    pub fn predict_sparse<X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<Array<T, D>, Error> {
        let (found, expected) = (x.dimensions().1, self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        x.require_finite_entries("x")?;
        let mut predictions = x.centred_product(&self.centre, &self.coefficients.t())?;
        for (mut column, level) in predictions.columns_mut().into_iter().zip(&self.level) {
            column.mapv_inplace(|prediction| T::from_f64(prediction.as_f64() + level));
        }
        require_finite("predict", &predictions).map_err(|_| overflow::<T>("predict"))?;
        Ok(D::from_columns(predictions))
    }

    /// R² of the predictions for `x` (n x p) beside `y` (n, or n x n_targets): see [`r2_score`].
    ///
    /// # Errors
    /// As [`predict`](Self::predict), and [`r2_score`].
    pub fn score(&self, x: &ArrayRef2<T>, y: &ArrayRef<T, D>) -> Result<f64, Error> {
        r2_score(y, &self.predict(x)?)
    }

    /// The same with a weight for each sample, n.
    ///
    /// # Errors
    /// As [`predict`](Self::predict), and [`PredictionErrors::weighted`].
    pub fn score_weighted(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<f64, Error> {
        PredictionErrors::weighted(y, &self.predict(x)?, weights)?.r2_score(Averaging::Uniform)
    }

    /// The model with these `coefficients` (a row for each target) around these means of the features and of the targets.
    pub(crate) fn new(
        coefficients: &ArrayRef2<f64>,
        centre: Array1<f64>,
        level: Array1<f64>,
    ) -> Result<Self, Error> {
        let intercept = intercept(coefficients, &centre, &level);
        Self::with_intercept(coefficients, centre, level, intercept)
    }

    /// The same with an intercept that is known to more digits than `level − coefficients · centre`.
    pub(crate) fn with_intercept(
        coefficients: &ArrayRef2<f64>,
        centre: Array1<f64>,
        level: Array1<f64>,
        intercept: Array1<f64>,
    ) -> Result<Self, Error> {
        Self::from_parts(coefficients.mapv(T::from_f64), centre, level, intercept)
            .ok_or_else(|| overflow::<T>("the coefficients of the model"))
    }

    /// `None` where what was computed in double precision is out of the scalar's range.
    fn from_parts(
        coefficients: Array2<T>,
        centre: Array1<f64>,
        level: Array1<f64>,
        intercept: Array1<f64>,
    ) -> Option<Self> {
        let intercept = intercept.mapv(T::from_f64);
        let finite = coefficients.iter().chain(&intercept).all(|value| value.is_finite());
        finite.then_some(Self { coefficients, centre, level, intercept, dimension: PhantomData })
    }
}

/// `level − centre · coefficients`, an entry for each target.
fn intercept(coefficients: &ArrayRef2<f64>, centre: &Array1<f64>, level: &Array1<f64>) -> Array1<f64> {
    level - &coefficients.dot(centre)
}

fn overflow<T: Scalar>(routine: &'static str) -> Error {
    lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into()
}

/// How a predictor is stored within a model.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct StoredPredictor<T> {
    n_features: usize,
    n_targets: usize,
    /// Target after target.
    coefficients: Vec<T>,
    feature_means: Vec<f64>,
    target_means: Vec<f64>,
    intercepts: Vec<T>,
}

impl<T: Scalar, D: Targets> From<LinearPredictor<T, D>> for StoredPredictor<T> {
    fn from(predictor: LinearPredictor<T, D>) -> Self {
        Self {
            n_features: predictor.n_features(),
            n_targets: predictor.n_targets(),
            coefficients: predictor.coefficients.into_iter().collect(),
            feature_means: predictor.centre.to_vec(),
            target_means: predictor.level.to_vec(),
            intercepts: predictor.intercept.to_vec(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<StoredPredictor<T>> for LinearPredictor<T, D> {
    type Error = StoredError;

    fn try_from(stored: StoredPredictor<T>) -> Result<Self, StoredError> {
        let (targets, features) = (stored.n_targets, stored.n_features);
        if !D::holds(targets) {
            return Err(StoredError::Inconsistent(
                "it has not one target; read it as a model of a matrix of targets",
            ));
        }
        let coefficients = matrix("coefficients", stored.coefficients, (targets, features))?;
        let centre = vector("feature_means", stored.feature_means, features)?;
        let level = vector("target_means", stored.target_means, targets)?;
        let intercept = vector("intercepts", stored.intercepts, targets)?;
        Ok(Self { coefficients, centre, level, intercept, dimension: PhantomData })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Ix2, array};

    use super::*;

    /// The intercept of data at 1e12 has lost what distinguishes the rows; the predictions have not. The products are of
    /// exact numbers, and exact.
    #[test]
    fn predictions_far_from_the_origin_lose_no_digit() {
        let far = 1e12;
        let model = LinearPredictor::<f64>::new(&array![[0.1, 3.0]], array![far, 0.0], array![5.0]).unwrap();
        let x = array![[far + 1.0, 0.0], [far, 1.0], [far - 2.0, -1.0]];
        let expected = [0.1 + 5.0, 3.0 + 5.0, -0.2 - 3.0 + 5.0];
        for (found, expected) in model.predict(&x).unwrap().iter().zip(expected) {
            assert!((found - expected).abs() <= 4.0 * f64::EPSILON * 8.0, "{found} is not {expected}");
        }
        assert_eq!(model.intercept(), 5.0 - 0.1 * far);
    }

    #[test]
    fn several_targets_keep_their_dimension_and_one_is_a_vector() {
        let coefficients = array![[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]];
        let several =
            LinearPredictor::<f32, Ix2>::new(&coefficients, array![0.0, 0.0], array![0.0, 1.0, 0.0]).unwrap();
        let x = array![[1.0f32, 2.0], [3.0, 4.0]];
        assert_eq!(several.predict(&x).unwrap(), array![[1.0, 5.0, 3.0], [3.0, 9.0, 7.0]]);
        assert_eq!(
            (several.coefficients().dim(), several.intercept().to_vec()),
            ((3, 2), vec![0.0, 1.0, 0.0])
        );
        assert!(matches!(
            several.predict(&array![[1.0f32]]),
            Err(Error::FeatureMismatch { argument: "x", found: 1, expected: 2 })
        ));
        let stored = StoredPredictor::from(several.clone());
        assert_eq!(LinearPredictor::<f32, Ix2>::try_from(stored).unwrap(), several);
        assert!(LinearPredictor::<f32, Ix1>::try_from(StoredPredictor::from(several)).is_err());
    }

    #[test]
    fn what_exceeds_the_scalar_is_an_error() {
        let large = LinearPredictor::<f32>::new(&array![[1e300]], array![0.0], array![0.0]);
        assert!(matches!(large, Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))));
        let model = LinearPredictor::<f64>::new(&array![[1e300]], array![0.0], array![0.0]).unwrap();
        let prediction = model.predict(&array![[1e300]]);
        assert!(matches!(prediction, Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))));
        assert!(model.predict(&array![[f64::NAN]]).is_err());
    }
}
