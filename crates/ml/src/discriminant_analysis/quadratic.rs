//! Quadratic discriminant analysis.

use lapwing_lapack::{Scalar, Svd, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis};

use super::groups::{Groups, check_labels};
use super::persistence;
use super::posterior::{accuracy, in_range, log_probabilities, most_probable};
use super::solvers::centred_rows;
use crate::decomposition::right_factors;
use crate::error::Error;
use crate::mahalanobis::Mahalanobis;

/// Classes as Gaussians with a covariance each: K classes of p features.
///
/// ```
/// use lapwing_ml::QuadraticDiscriminantAnalysis;
/// use ndarray::array;
/// // A narrow class inside a wide one, which no line separates.
/// let x = array![[0.1, 0.0], [-0.1, 0.1], [0.0, -0.1], [0.1, 0.1], [3.0, 0.0], [-3.0, 0.5], [0.0, 3.0], [0.5, -3.0]];
/// let y = [1, 1, 1, 1, 2, 2, 2, 2];
/// let model = QuadraticDiscriminantAnalysis::params().fit(&x, &y)?;
/// assert_eq!(model.predict(&array![[0.05, 0.0], [2.0, 2.0]])?, [1, 2]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, when its labels do, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredQuadratic<L>", into = "persistence::StoredQuadratic<L>")]
#[serde(bound(
    serialize = "T: Scalar, L: Ord + Clone + serde::Serialize",
    deserialize = "T: Scalar, L: Ord + Clone + serde::de::DeserializeOwned"
))]
pub struct QuadraticDiscriminantAnalysis<T: Scalar, L> {
    pub(super) classes: Vec<L>,
    pub(super) priors: Array1<f64>,
    pub(super) gaussians: Vec<ClassGaussian<T>>,
}

/// What is known of one class.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClassGaussian<T: Scalar> {
    pub(super) mean: Array1<f64>,
    /// The principal axes in rows, p x p.
    pub(super) axes: Array2<f64>,
    /// The variance along each, p.
    pub(super) variances: Array1<f64>,
    /// Distances from the mean, made of the above.
    metric: Mahalanobis<T>,
}

/// The choices of a quadratic discriminant analysis. Made by [`QuadraticDiscriminantAnalysis::params`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuadraticDiscriminantAnalysisParams {
    priors: Option<Vec<f64>>,
    regularization: f64,
}

impl QuadraticDiscriminantAnalysis<f64, usize> {
    /// The choices, to change before fitting; the scalar is that of the data given to them, and the labels are of any ordered type.
    pub fn params() -> QuadraticDiscriminantAnalysisParams {
        QuadraticDiscriminantAnalysisParams::default()
    }
}

impl QuadraticDiscriminantAnalysisParams {
    /// The probability of each class, in ascending order of the labels. Default: its share of the samples.
    pub fn priors(mut self, priors: &[f64]) -> Self {
        self.priors = Some(priors.to_vec());
        self
    }

    /// How much of each covariance, from 0 to 1, is replaced by as much of the identity, in the squared unit of the features:
    /// scikit-learn's `reg_param`. Default: 0.
    pub fn regularization(mut self, share: f64) -> Self {
        self.regularization = share;
        self
    }

    /// Fits the classes of the rows of `x` (n x p), labelled by `y` (n), each by a singular value decomposition of its centred
    /// rows: O(n p²), and a copy of one class at a time.
    ///
    /// # Errors
    /// [`Error::TooFewClasses`] for fewer than two; [`Error::CollinearClass`] for a class whose covariance has no inverse, as that
    /// of one sample, or, unless it is regularized, of no more samples than features; [`Error::InvalidParameter`];
    /// [`Error::NoFeatures`]; [`Error::Lapack`] with `Shape`, `NonFinite`, `Overflow`, `OutOfMemory` or `NoConvergence`.
    pub fn fit<T: Scalar, L: Ord + Clone>(
        &self,
        x: &ArrayRef2<T>,
        y: &[L],
    ) -> Result<QuadraticDiscriminantAnalysis<T, L>, Error> {
        if !(0.0..=1.0).contains(&self.regularization) {
            return Err(Error::InvalidParameter {
                parameter: "regularization",
                value: self.regularization.to_string(),
                requirement: "from 0 to 1".to_owned(),
            });
        }
        let groups = Groups::new(x, y)?;
        let priors = groups.priors(self.priors.as_deref())?;
        let gaussians = groups.rows.iter().enumerate().map(|(class, rows)| self.fit_class(x, class, rows));
        let gaussians = gaussians.collect::<Result<_, Error>>()?;
        Ok(QuadraticDiscriminantAnalysis { classes: groups.classes, priors, gaussians })
    }

    fn fit_class<T: Scalar>(
        &self,
        x: &ArrayRef2<T>,
        class: usize,
        rows: &[usize],
    ) -> Result<ClassGaussian<T>, Error> {
        let (n, p) = (rows.len(), x.ncols());
        if n < 2 {
            let remedy = "a class needs at least two samples";
            return Err(Error::CollinearClass { class, rank: 0, features: p, remedy });
        }
        let mut centred = zeros(n, p)?;
        let mean = centred_rows(x, rows, &mut centred.view_mut())?;
        let (deviations, axes) = if n >= p {
            right_factors(centred)?
        } else {
            let (_, values, axes) = Svd::full(&centred)?.into_factors();
            // Along the axes that the rows do not reach there is no variance.
            (values.iter().copied().chain(std::iter::repeat_n(0.0, p - n)).collect(), axes)
        };
        let scale = (n as f64).sqrt();
        let share = self.regularization;
        let variances: Array1<f64> = deviations.mapv(|value| (1.0 - share) * (value / scale).powi(2) + share);
        let largest = variances.iter().copied().fold(0.0, f64::max).sqrt();
        let least = n.max(p) as f64 * T::epsilon().as_f64() * largest;
        let rank = variances.iter().filter(|variance| variance.sqrt() > least).count();
        if rank < p {
            let remedy =
                "leave out collinear features, add samples or regularization, or choose a linear analysis";
            return Err(Error::CollinearClass { class, rank, features: p, remedy });
        }
        ClassGaussian::new(mean, axes, variances)
    }
}

impl<T: Scalar> ClassGaussian<T> {
    pub(super) fn new(mean: Array1<f64>, axes: Array2<f64>, variances: Array1<f64>) -> Result<Self, Error> {
        let whitener = &axes / &variances.mapv(f64::sqrt).insert_axis(Axis(1));
        if !variances.iter().all(|variance| variance.is_finite()) || !whitener.iter().all(|x| x.is_finite()) {
            let routine = "quadratic discriminant analysis";
            return Err(lapwing_lapack::Error::Overflow { routine, scalar: "f64" }.into());
        }
        let (least, largest) = variances
            .iter()
            .fold((f64::INFINITY, 0.0f64), |(least, largest), &v| (least.min(v), largest.max(v)));
        let metric = Mahalanobis::from_whitener(&mean, whitener, least / largest);
        Ok(Self { mean, axes, variances, metric })
    }
}

impl<T: Scalar, L: Ord + Clone> QuadraticDiscriminantAnalysis<T, L> {
    /// The labels in ascending order, K.
    pub fn classes(&self) -> &[L] {
        &self.classes
    }

    /// The probability of each class before anything is known of a row, K.
    pub fn priors(&self) -> ArrayView1<'_, f64> {
        self.priors.view()
    }

    /// The mean of each class, K x p.
    pub fn means(&self) -> Array2<T> {
        Array2::from_shape_fn((self.classes.len(), self.n_features()), |(k, j)| {
            T::from_f64(self.gaussians[k].mean[j])
        })
    }

    /// The principal axes of each class in columns, p x p, by decreasing variance.
    pub fn rotations(&self) -> impl ExactSizeIterator<Item = ArrayView2<'_, f64>> {
        self.gaussians.iter().map(|gaussian| gaussian.axes.t())
    }

    /// The variances of each class along its principal axes, p, with the number of its samples in the denominator, regularized.
    pub fn scalings(&self) -> impl ExactSizeIterator<Item = ArrayView1<'_, f64>> {
        self.gaussians.iter().map(|gaussian| gaussian.variances.view())
    }

    /// The covariance of each class, p x p, regularized.
    pub fn covariances(&self) -> impl ExactSizeIterator<Item = Array2<T>> {
        self.gaussians.iter().map(|gaussian| {
            let scaled = &gaussian.axes.t() * &gaussian.variances;
            scaled.dot(&gaussian.axes).mapv(T::from_f64)
        })
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.gaussians.first().map_or(0, |gaussian| gaussian.mean.len())
    }

    /// The discriminant of each class (n x K) at each row of `x` (n x p): the logarithm of its probability, up to a term that all
    /// classes of a row have in common. Costs n K p².
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn decision_function(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        in_range("decision_function", &self.decisions(x)?)
    }

    /// The most probable class of each row of `x` (n x p), the first of them on a tie.
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function).
    pub fn predict(&self, x: &ArrayRef2<T>) -> Result<Vec<L>, Error> {
        Ok(most_probable(&self.decisions(x)?, &self.classes))
    }

    /// The probability of each class (n x K) of each row of `x` (n x p).
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function).
    pub fn predict_probabilities(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        in_range("predict_probabilities", &log_probabilities(self.decisions(x)?).mapv_into(f64::exp))
    }

    /// The logarithms of [`predict_probabilities`](Self::predict_probabilities), which do not underflow (n x K).
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function).
    pub fn predict_log_probabilities(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        in_range("predict_log_probabilities", &log_probabilities(self.decisions(x)?))
    }

    /// The share of the rows of `x` (n x p) for which the most probable class is the label in `y` (n).
    ///
    /// # Errors
    /// As [`decision_function`](Self::decision_function); [`Error::TooFewSamples`] for none; [`Error::Lapack`] with `Shape`.
    pub fn score(&self, x: &ArrayRef2<T>, y: &[L]) -> Result<f64, Error> {
        check_labels(x.nrows(), y)?;
        accuracy(&self.predict(x)?, y)
    }

    fn decisions(&self, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        let mut decisions = zeros(x.nrows(), self.classes.len())?;
        for ((gaussian, prior), mut column) in
            self.gaussians.iter().zip(&self.priors).zip(decisions.columns_mut())
        {
            let log_determinant: f64 = gaussian.variances.iter().map(|variance| variance.ln()).sum();
            let constant = prior.ln() - 0.5 * log_determinant;
            let squared = gaussian.metric.squared_in_double("x", x)?;
            column.assign(&squared.mapv_into(|squared| constant - 0.5 * squared));
        }
        in_range::<f64>("decision_function", &decisions)
    }
}
