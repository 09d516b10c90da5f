//! Regression on the leading singular vectors of the centred features: principal component regression, features unscaled.
//!
//! What the data hardly determines is dropped, where ridge regression damps it. scikit-learn has it as a pipeline of `PCA`
//! and `LinearRegression`.

use std::ops::Deref;

use lapwing_lapack::Scalar;
use lapwing_lapack::least_squares::{Regularization, Truncation};
use ndarray::{Array1, ArrayRef, ArrayRef1, ArrayRef2, ArrayView1, Ix1};

use super::centred_system::CentredSystem;
use super::predictor::{LinearPredictor, StoredPredictor};
use super::regression::{Intercept, Regression};
use super::targets::Targets;
use crate::error::Error;
use crate::stored::{Format, StoredError, sizes};

/// A fitted regression on leading singular vectors, which dereferences to its [`LinearPredictor`].
///
/// ```
/// use lapwing_ml::TruncatedSvdRegression;
/// use lapwing_ml::linear_model::Truncation;
/// use ndarray::array;
/// // Two features that hardly differ: one direction is enough, and shares the slope of 2.
/// let x = array![[0.0, 0.0], [1.0, 1.0], [2.0, 2.001], [3.0, 2.999]];
/// let model = TruncatedSvdRegression::params(Truncation::Rank(1)).fit(&x, &array![1.0, 3.0, 5.0, 7.0])?;
/// assert!(model.coefficients().iter().all(|b: &f64| (b - 1.0).abs() < 1e-3));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Stored<T>", into = "Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct TruncatedSvdRegression<T: Scalar, D: Targets = Ix1> {
    predictor: LinearPredictor<T, D>,
    rank: usize,
    singular_values: Array1<f64>,
}

/// The choices of such a regression. Made by [`TruncatedSvdRegression::params`].
#[derive(Clone, Copy, Debug)]
pub struct TruncatedSvdRegressionParams {
    truncation: Truncation,
    intercept: Intercept,
}

impl TruncatedSvdRegression<f64> {
    /// The choices, to change before fitting: a rank, or a tolerance relative to the largest singular value.
    pub fn params(truncation: Truncation) -> TruncatedSvdRegressionParams {
        TruncatedSvdRegressionParams { truncation, intercept: Intercept::Fitted }
    }
}

impl<T: Scalar, D: Targets> TruncatedSvdRegression<T, D> {
    /// How many singular vectors were kept.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// All min(n, p) singular values of the centred and weighted features, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, f64> {
        self.singular_values.view()
    }
}

impl<T: Scalar, D: Targets> Deref for TruncatedSvdRegression<T, D> {
    type Target = LinearPredictor<T, D>;

    fn deref(&self) -> &Self::Target {
        &self.predictor
    }
}

impl TruncatedSvdRegressionParams {
    /// Whether an intercept is fitted. Default: [`Intercept::Fitted`].
    pub fn intercept(mut self, intercept: Intercept) -> Self {
        self.intercept = intercept;
        self
    }

    /// Fits `y` (n, or n x t) on `x` (n x p), by one singular value decomposition of a centred copy.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for none; [`Error::NoFeatures`]; [`Error::Lapack`] with `RankDeficient` for a rank beyond that
    /// of the centred features, `InvalidParameter` for one beyond min(n, p) or a tolerance outside of [0, 1), `NonFinite`,
    /// `Shape` for lengths that differ, `Overflow` or `OutOfMemory`.
    pub fn fit<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
    ) -> Result<TruncatedSvdRegression<T, D>, Error> {
        self.fit_rows(x, y, None)
    }

    /// The same with a weight for each sample (n), not negative.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for a negative weight, or none that is positive.
    pub fn fit_weighted<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: &ArrayRef1<T>,
    ) -> Result<TruncatedSvdRegression<T, D>, Error> {
        self.fit_rows(x, y, Some(weights))
    }

    fn fit_rows<T: Scalar, D: Targets>(
        &self,
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
    ) -> Result<TruncatedSvdRegression<T, D>, Error> {
        let data = Regression::new("regression on singular vectors", x, y, weights, self.intercept)?;
        let CentredSystem { x, y, x_mean, y_mean } = CentredSystem::new(&data)?;
        let system = Regularization::new(&x)?;
        let fit = system.truncated(&y, self.truncation)?;
        let rank = fit.filter_factors().iter().filter(|&&factor| factor > 0.0).count();
        let singular_values = system.singular_values().to_owned();
        let coefficients = fit.into_solution().reversed_axes();
        let predictor = LinearPredictor::new(&coefficients, x_mean, y_mean)?;
        Ok(TruncatedSvdRegression { predictor, rank, singular_values })
    }
}

const FORMAT: Format =
    Format { model: "regression on singular vectors", name: "lapwing.truncated_svd_regression", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
struct Stored<T> {
    format: String,
    version: u32,
    rank: usize,
    singular_values: Vec<f64>,
    #[serde(flatten)]
    predictor: StoredPredictor<T>,
}

impl<T: Scalar, D: Targets> From<TruncatedSvdRegression<T, D>> for Stored<T> {
    fn from(model: TruncatedSvdRegression<T, D>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            rank: model.rank,
            singular_values: model.singular_values.to_vec(),
            predictor: model.predictor.into(),
        }
    }
}

impl<T: Scalar, D: Targets> TryFrom<Stored<T>> for TruncatedSvdRegression<T, D> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let count = stored.singular_values.len();
        if stored.rank > count {
            return Err(StoredError::Inconsistent("its rank exceeds the number of its singular values"));
        }
        let singular_values = sizes("singular_values", stored.singular_values, count)?;
        Ok(Self { predictor: stored.predictor.try_into()?, rank: stored.rank, singular_values })
    }
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::standard_normal;
    use ndarray::{Array2, Axis, Ix2, concatenate};

    use super::*;
    use crate::Pca;
    use crate::linear_model::ridge::Ridge;

    fn data() -> (Array2<f64>, Array2<f64>) {
        let x = standard_normal(30, 4, 1) + 3.0;
        let y = x.dot(&standard_normal(4, 2, 2)) + standard_normal(30, 2, 3);
        (x, y)
    }

    /// The regression on orthogonal scores is one of each by itself.
    #[test]
    fn the_fit_is_that_on_principal_components() {
        let (x, y) = data();
        let model = TruncatedSvdRegression::params(Truncation::Rank(2)).fit(&x, &y).unwrap();
        let (pca, scores) = Pca::params().fit_transform(&x).unwrap();
        for t in 0..2 {
            let mut expected = Array1::<f64>::zeros(4);
            for k in 0..2 {
                let score = scores.column(k);
                let slope = score.dot(&(&y.column(t) - y.column(t).mean().unwrap())) / score.dot(&score);
                expected.scaled_add(slope, &pca.components().row(k));
            }
            assert!((&model.coefficients().row(t) - &expected).iter().all(|d| d.abs() < 1e-12));
        }
        assert_eq!((model.rank(), model.singular_values().len()), (2, 4));
    }

    #[test]
    fn a_tolerance_keeps_what_the_data_determines_and_a_rank_beyond_it_is_refused() {
        let (x, y) = data();
        let twins = concatenate![Axis(1), x, x];
        let model = TruncatedSvdRegression::params(Truncation::Tolerance(1e-12)).fit(&twins, &y).unwrap();
        let least = Ridge::params().alpha(0.0).fit(&twins, &y).unwrap();
        assert!((&model.coefficients() - &least.coefficients()).iter().all(|d| d.abs() < 1e-11));
        assert_eq!(model.rank(), 4);
        let beyond = TruncatedSvdRegression::params(Truncation::Rank(8)).fit(&twins, &y);
        assert!(matches!(beyond, Err(Error::Lapack(lapwing_lapack::Error::RankDeficient { .. }))));
    }

    #[test]
    fn a_model_survives_storage_and_damage_is_found() {
        let (x, y) = data();
        let model = TruncatedSvdRegression::params(Truncation::Rank(3)).fit(&x, &y).unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<TruncatedSvdRegression<f64, Ix2>>(&text).unwrap(), model);
        let damaged = text.replace("\"rank\":3", "\"rank\":5");
        assert!(serde_json::from_str::<TruncatedSvdRegression<f64, Ix2>>(&damaged).is_err());
    }
}
