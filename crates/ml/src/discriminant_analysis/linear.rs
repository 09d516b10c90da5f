//! Linear discriminant analysis.

use std::marker::PhantomData;

use lapwing_lapack::{Scalar, kernel, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, s};

use super::groups::{Groups, check_labels};
use super::persistence;
use super::posterior::{accuracy, in_range, log_probabilities, most_probable};
use super::shrinkage::Shrinkage;
use super::solvers::{Projection, Solved, eigen, least_squares, svd};
use crate::error::Error;
use crate::row_blocks::map_centred;

/// Classes as Gaussians with one covariance: K classes of p features.
///
/// ```
/// use lapwing_ml::LinearDiscriminantAnalysis;
/// use ndarray::array;
/// let x = array![[-1.0, -1.0], [-2.0, -1.0], [-3.0, -2.0], [1.0, 1.0], [2.0, 1.0], [3.0, 2.0]];
/// let y = ["left", "left", "left", "right", "right", "right"];
/// let model = LinearDiscriminantAnalysis::params().fit(&x, &y)?;
/// assert_eq!(model.predict(&array![[-0.8, -1.0]])?, ["left"]);
/// assert_eq!(model.transform(&x)?.dim(), (6, 1));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, when its labels do, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::StoredLinear<L>", into = "persistence::StoredLinear<L>")]
#[serde(bound(
    serialize = "T: Scalar, L: Ord + Clone + serde::Serialize",
    deserialize = "T: Scalar, L: Ord + Clone + serde::de::DeserializeOwned"
))]
pub struct LinearDiscriminantAnalysis<T: Scalar, L> {
    pub(super) classes: Vec<L>,
    pub(super) priors: Array1<f64>,
    pub(super) means: Array2<f64>,
    /// The overall mean, which rows are counted from.
    pub(super) centre: Array1<f64>,
    /// K x p.
    pub(super) discriminants: Array2<f64>,
    /// The discriminant of each class at the overall mean.
    pub(super) offsets: Array1<f64>,
    pub(super) projection: Option<Projection>,
    pub(super) covariance: Option<Array2<f64>>,
    pub(super) solver: LinearDiscriminantSolver,
    pub(super) scalar: PhantomData<T>,
}

/// How linear discriminants are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinearDiscriminantSolver {
    /// Singular value decomposition of the rows less their class means: no covariance is formed or inverted, so that collinear
    /// features, and more features than samples, do no harm. Takes a copy of the data, in double precision.
    #[default]
    Svd,
    /// Least squares with the covariance, which may be shrunk: no projection.
    LeastSquares,
    /// Eigenvectors of the covariance between the classes by that within them, which may be shrunk.
    Eigen,
}

/// The choices of a linear discriminant analysis. Made by [`LinearDiscriminantAnalysis::params`].
#[derive(Clone, Debug, PartialEq)]
pub struct LinearDiscriminantAnalysisParams {
    solver: LinearDiscriminantSolver,
    pub(super) shrinkage: Shrinkage,
    priors: Option<Vec<f64>>,
    n_components: Option<usize>,
    pub(super) tolerance: f64,
}

impl Default for LinearDiscriminantAnalysisParams {
    fn default() -> Self {
        let solver = LinearDiscriminantSolver::default();
        Self { solver, shrinkage: Shrinkage::None, priors: None, n_components: None, tolerance: 1e-4 }
    }
}

impl LinearDiscriminantAnalysis<f64, usize> {
    /// The choices, to change before fitting; the scalar is that of the data given to them, and the labels are of any ordered type.
    pub fn params() -> LinearDiscriminantAnalysisParams {
        LinearDiscriminantAnalysisParams::default()
    }
}

impl LinearDiscriminantAnalysisParams {
    /// How the discriminants are found. Default: [`LinearDiscriminantSolver::Svd`].
    pub fn solver(mut self, solver: LinearDiscriminantSolver) -> Self {
        self.solver = solver;
        self
    }

    /// What the covariance of each class is drawn towards; not with the svd solver. Default: [`Shrinkage::None`].
    pub fn shrinkage(mut self, shrinkage: Shrinkage) -> Self {
        self.shrinkage = shrinkage;
        self
    }

    /// The probability of each class, in ascending order of the labels. Default: its share of the samples.
    pub fn priors(mut self, priors: &[f64]) -> Self {
        self.priors = Some(priors.to_vec());
        self
    }

    /// How many axes `transform` projects on, at most min(K − 1, p), which is the default.
    pub fn n_components(mut self, n_components: usize) -> Self {
        self.n_components = Some(n_components);
        self
    }

    /// With the svd solver, directions along which standardized features have a smaller standard deviation than this within the
    /// classes do not count. Default: 1e-4.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Fits the classes of the rows of `x` (n x p), labelled by `y` (n). Costs O(n p²).
    ///
    /// # Errors
    /// [`Error::TooFewClasses`] for fewer than two; [`Error::TooFewSamples`] when there are not more samples than classes;
    /// [`Error::InvalidParameter`]; [`Error::DependentFeature`] with the eigen solver when the covariance has no inverse, and with
    /// the svd solver when nothing varies within the classes; [`Error::NoFeatures`]; [`Error::Lapack`] with `Shape`,
    /// `NonFinite`, `Overflow`, `OutOfMemory` or `NoConvergence`.
    pub fn fit<T: Scalar, L: Ord + Clone>(
        &self,
        x: &ArrayRef2<T>,
        y: &[L],
    ) -> Result<LinearDiscriminantAnalysis<T, L>, Error> {
        let groups = Groups::new(x, y)?;
        let classes = groups.classes.len();
        if x.nrows() == classes {
            let method = "linear discriminant analysis of so many classes";
            return Err(Error::TooFewSamples { argument: "x", method, found: classes, least: classes + 1 });
        }
        let most = (classes - 1).min(x.ncols());
        self.check(most)?;
        let priors = groups.priors(self.priors.as_deref())?;
        let solve = match self.solver {
            LinearDiscriminantSolver::Svd => svd,
            LinearDiscriminantSolver::LeastSquares => least_squares,
            LinearDiscriminantSolver::Eigen => eigen,
        };
        let solved = solve(x, &groups, &priors, self)?;
        LinearDiscriminantAnalysis::from_solved(
            solved,
            groups.classes,
            priors,
            self.solver,
            self.n_components.unwrap_or(most),
        )
    }

    fn check(&self, most: usize) -> Result<(), Error> {
        let invalid = |parameter, value: String, requirement: String| {
            Err(Error::InvalidParameter { parameter, value, requirement })
        };
        self.shrinkage.check()?;
        if self.solver == LinearDiscriminantSolver::Svd && self.shrinkage != Shrinkage::None {
            let requirement =
                "none with the svd solver; choose the least squares or the eigen solver".to_owned();
            return invalid("shrinkage", format!("{:?}", self.shrinkage), requirement);
        }
        if let Some(count) = self.n_components.filter(|count| !(1..=most).contains(count)) {
            let requirement =
                format!("from 1 to {most}, the lesser of the features and of the classes less one");
            return invalid("n_components", count.to_string(), requirement);
        }
        if !(self.tolerance >= 0.0 && self.tolerance.is_finite()) {
            return invalid("tolerance", self.tolerance.to_string(), "finite, and at least 0".to_owned());
        }
        Ok(())
    }
}

impl<T: Scalar, L: Ord + Clone> LinearDiscriminantAnalysis<T, L> {
    fn from_solved(
        solved: Solved,
        classes: Vec<L>,
        priors: Array1<f64>,
        solver: LinearDiscriminantSolver,
        n_components: usize,
    ) -> Result<Self, Error> {
        let offsets = priors.mapv(f64::ln) - 0.5 * &solved.squared;
        let finite = |values: &Array2<f64>| values.iter().all(|x| x.is_finite());
        if !finite(&solved.discriminants) || !offsets.iter().all(|x| x.is_finite()) {
            let routine = "linear discriminant analysis";
            return Err(lapwing_lapack::Error::Overflow { routine, scalar: "f64" }.into());
        }
        let projection = solved.projection.map(|Projection { axes, ratio }| {
            let count = n_components.min(axes.nrows());
            Projection {
                axes: axes.slice(s![..count, ..]).to_owned(),
                ratio: ratio.slice(s![..n_components.min(ratio.len())]).to_owned(),
            }
        });
        Ok(Self {
            classes,
            priors,
            means: solved.means,
            centre: solved.centre,
            discriminants: solved.discriminants,
            offsets,
            projection,
            covariance: solved.covariance,
            solver,
            scalar: PhantomData,
        })
    }

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
        self.means.mapv(T::from_f64)
    }

    /// The mean of the class means, by the priors, p: scikit-learn's `xbar_`.
    pub fn overall_mean(&self) -> Array1<T> {
        self.centre.mapv(T::from_f64)
    }

    /// The gradient of each class's discriminant, K x p.
    pub fn coefficients(&self) -> Array2<T> {
        self.discriminants.mapv(T::from_f64)
    }

    /// Each class's discriminant at the origin, K. Far from it, `decision_function` keeps digits that a sum with this would lose.
    pub fn intercept(&self) -> Array1<T> {
        (&self.offsets - &self.discriminants.dot(&self.centre)).mapv(T::from_f64)
    }

    /// The axes of projection in columns, p x k, where rows have unit covariance within the classes.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the least squares solver.
    pub fn scalings(&self) -> Result<Array2<T>, Error> {
        Ok(self.projection()?.axes.t().mapv(T::from_f64))
    }

    /// The share of the variance between the classes along each axis.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the least squares solver.
    pub fn explained_variance_ratio(&self) -> Result<Array1<T>, Error> {
        Ok(self.projection()?.ratio.mapv(T::from_f64))
    }

    /// The covariance within the classes, p x p.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the svd solver, which has none.
    pub fn covariance(&self) -> Result<Array2<T>, Error> {
        let (what, remedy) = ("a covariance", "fit with the least squares or the eigen solver");
        let covariance = self.covariance.as_ref().ok_or(Error::Unavailable { what, remedy })?;
        Ok(covariance.mapv(T::from_f64))
    }

    /// The solver that ran.
    pub fn solver(&self) -> LinearDiscriminantSolver {
        self.solver
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.centre.len()
    }

    /// The coordinates (n x k) of `x` (n x p) along the axes that separate the classes, counted from the overall mean.
    ///
    /// # Errors
    /// [`Error::Unavailable`] with the least squares solver; [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`,
    /// `Overflow` or `OutOfMemory`.
    pub fn transform(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        in_range("transform", &self.products(x, &self.projection()?.axes)?)
    }

    /// The discriminant of each class (n x K) at each row of `x` (n x p): the logarithm of its probability, up to a term that all
    /// classes of a row have in common.
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

    fn projection(&self) -> Result<&Projection, Error> {
        let (what, remedy) = ("a projection", "fit with the svd or the eigen solver");
        self.projection.as_ref().ok_or(Error::Unavailable { what, remedy })
    }

    fn decisions(&self, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        let decisions = self.products(x, &self.discriminants)? + &self.offsets;
        in_range::<f64>("decision_function", &decisions)
    }

    /// The centred rows of `x` times the rows of `axes`.
    fn products(&self, x: &ArrayRef2<T>, axes: &Array2<f64>) -> Result<Array2<f64>, Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        require_finite("x", x)?;
        let mut products = zeros(x.nrows(), axes.nrows())?;
        map_centred(x, &self.centre, &mut products, |block, mut products| {
            Ok(kernel::gemm(1.0, block, &axes.t(), 0.0, &mut products)?)
        })?;
        Ok(products)
    }
}
