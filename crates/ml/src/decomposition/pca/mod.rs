//! Principal component analysis: the orthogonal directions of largest variance.
//!
//! The semantics are those of scikit-learn's `sklearn.decomposition.PCA`, with these differences:
//!
//! - `covariance`, `precision` and the log-likelihoods describe the data whether or not scores are whitened.
//!   scikit-learn scales the components twice when `whiten=True`.
//! - The noise variance is averaged over min(n_samples, n_features) − n_components values for every solver.
//!   scikit-learn's covariance solver divides by more when features outnumber samples.
//! - Scores are centred before they are projected, so that data far from the origin loses no digits.
//! - Whitening divides by the standard deviation or, along a direction without variance, by the least that the
//!   solver can tell from zero. scikit-learn's floor is the machine epsilon itself, whatever the unit of the data.
//! - `f32` data has its means and covariances accumulated in `f64`.
//! - Where the model's covariance is singular, its inverse and its density are an error, not a warning.

mod certificate;
mod likelihood;
mod params;
mod persistence;
mod selection;
mod solvers;
mod sparse;

use lapwing_lapack::{Scalar, gemm, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis, CowArray, Ix2, s};

pub use certificate::RunningCertificate;
pub use params::{NComponents, PcaParams, PcaSolver, Whitening};

use self::solvers::variances;
pub(crate) use self::solvers::{Principal, covariance_eigh, full_svd, right_factors};
use super::signs::largest_entries_positive;
use crate::data_matrix::DataMatrix;
use crate::error::Error;

/// A fitted principal component analysis: k components of p features.
///
/// ```
/// use lapwing_ml::{NComponents, Pca};
/// use ndarray::array;
/// let x = array![[1.0, 2.1], [2.0, 3.9], [3.0, 6.2], [4.0, 7.8]];
/// let (pca, scores) = Pca::params().n_components(NComponents::Count(1)).fit_transform(&x)?;
/// assert!(pca.explained_variance_ratio()[0] > 0.99);
/// assert_eq!(scores.dim(), (4, 1));
/// let restored = pca.inverse_transform(&scores)?;
/// assert!((&restored - &x).iter().all(|error: &f64| error.abs() < 0.2));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct Pca<T: Scalar> {
    components: Array2<T>,
    explained_variance: Array1<T>,
    explained_variance_ratio: Array1<T>,
    singular_values: Array1<T>,
    mean: Array1<T>,
    /// The mean before it was rounded to the scalar: what data is centred on.
    centre: Array1<f64>,
    noise_variance: T,
    n_samples: usize,
    solver: PcaSolver,
    whitening: Whitening,
}

impl Pca<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> PcaParams {
        PcaParams::default()
    }
}

impl<T: Scalar> Pca<T> {
    /// The principal axes in rows, k x p, orthonormal, by decreasing variance. The largest entry in
    /// magnitude of each is positive (the first of them on a tie).
    pub fn components(&self) -> ArrayView2<'_, T> {
        self.components.view()
    }

    /// The variance along each component, k, with n_samples − 1 in the denominator.
    pub fn explained_variance(&self) -> ArrayView1<'_, T> {
        self.explained_variance.view()
    }

    /// The share of the *total* variance along each component, k. All zero when the data does not vary.
    pub fn explained_variance_ratio(&self) -> ArrayView1<'_, T> {
        self.explained_variance_ratio.view()
    }

    /// The singular values of the centred data that belong to the components, k.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.view()
    }

    /// The mean of each feature, p.
    pub fn mean(&self) -> ArrayView1<'_, T> {
        self.mean.view()
    }

    /// The mean variance along the directions that were not kept; 0 when all min(n_samples, p) were. The
    /// noise of probabilistic PCA (Tipping and Bishop, 1999).
    pub fn noise_variance(&self) -> T {
        self.noise_variance
    }

    /// k, the number of components.
    pub fn n_components(&self) -> usize {
        self.components.nrows()
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.components.ncols()
    }

    /// The number of samples that the model was fitted on.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// The solver that ran; never [`PcaSolver::Auto`].
    pub fn solver(&self) -> PcaSolver {
        self.solver
    }

    /// Whether scores are scaled to unit variance.
    pub fn whitening(&self) -> Whitening {
        self.whitening
    }

    /// The scores (n x k) of `x` (n x p): its coordinates along the components.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn transform(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.check_features("x", x)?;
        let scores = x.centred_product(&self.centre, &self.score_axes().t())?;
        require_finite_result("transform", &scores)?;
        Ok(scores)
    }

    /// The data (n x p) that has the given scores (n x k): `transform` undone, up to what the components
    /// that were not kept would have added.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Shape` when `scores` has not k columns, `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn inverse_transform(&self, scores: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        lapwing_lapack::require_finite("scores", scores)?;
        let (expected, found) = (self.n_components(), scores.ncols());
        if found != expected {
            let reason = "one for each component of the model";
            return Err(lapwing_lapack::Error::Shape {
                argument: "scores",
                extent: "columns",
                found,
                expected,
                reason,
            }
            .into());
        }
        let axes: CowArray<T, Ix2> = match self.whitening {
            Whitening::None => self.components().into(),
            Whitening::UnitVariance => (&self.components * &self.score_scales().insert_axis(Axis(1))).into(),
        };
        let mut x = zeros(scores.nrows(), self.n_features())?;
        x.outer_iter_mut().for_each(|mut row| row.assign(&self.mean));
        gemm(T::one(), scores, &axes, T::one(), &mut x)?;
        require_finite_result("inverse_transform", &x)?;
        Ok(x)
    }

    /// The fitted model, from what a solver found.
    pub(crate) fn from_principal(
        found: Principal<T>,
        count: usize,
        n_samples: usize,
        solver: PcaSolver,
        whitening: Whitening,
    ) -> Result<Self, Error> {
        let variances = variances(&found.singular_values, n_samples);
        let most = n_samples.min(found.mean.len());
        let kept = variances.slice(s![..count]);
        let noise = if count == most {
            0.0
        } else if variances.len() >= most {
            variances.slice(s![count..most]).sum() / (most - count) as f64
        } else {
            ((found.total_variance - kept.sum()) / (most - count) as f64).max(0.0)
        };
        Self::with_noise(found, count, n_samples, noise, solver, whitening)
    }

    /// The fitted model, from what a solver found and the noise variance.
    pub(crate) fn with_noise(
        found: Principal<T>,
        count: usize,
        n_samples: usize,
        noise: f64,
        solver: PcaSolver,
        whitening: Whitening,
    ) -> Result<Self, Error> {
        let variances = variances(&found.singular_values, n_samples);
        let kept = variances.slice(s![..count]);
        let total = if found.total_variance > 0.0 { found.total_variance } else { 1.0 };
        let mut components = zeros(count, found.mean.len())?;
        components.assign(&found.axes.slice(s![..count, ..]));
        largest_entries_positive(&mut components.view_mut());
        let pca = Self {
            components,
            explained_variance: kept.mapv(T::from_f64),
            explained_variance_ratio: kept.mapv(|variance| T::from_f64(variance / total)),
            singular_values: found.singular_values.slice(s![..count]).mapv(T::from_f64),
            mean: found.mean.mapv(T::from_f64),
            centre: found.mean,
            noise_variance: T::from_f64(noise),
            n_samples,
            solver,
            whitening,
        };
        // The square of what is finite may not be.
        let sizes = [&pca.explained_variance, &pca.explained_variance_ratio, &pca.singular_values];
        if sizes.iter().all(|sizes| sizes.iter().all(|x| x.is_finite())) && pca.noise_variance.is_finite() {
            Ok(pca)
        } else {
            Err(overflow::<T>("PCA"))
        }
    }

    /// What centred data is multiplied by to give scores, k x p.
    fn score_axes(&self) -> CowArray<'_, T, Ix2> {
        match self.whitening {
            Whitening::None => self.components().into(),
            Whitening::UnitVariance => (&self.components / &self.score_scales().insert_axis(Axis(1))).into(),
        }
    }

    /// The standard deviation of each score, never below what the solver can tell from zero: whitening must not
    /// divide by zero along a direction in which the data does not vary.
    fn score_scales(&self) -> Array1<T> {
        // From the singular values, because their squares may underflow.
        let divisor = ((self.n_samples.max(2) - 1) as f64).sqrt();
        let deviations = self.singular_values.mapv(|s| s.as_f64() / divisor);
        let largest = deviations.first().copied().unwrap_or(0.0);
        let least = if largest > 0.0 { largest * self.resolution().sqrt() } else { 1.0 };
        deviations.mapv(|deviation| T::from_f64(deviation.max(least)))
    }

    /// The smallest variance that is not rounding, as a share of the largest: singular values are accurate to p
    /// roundings of the largest; eigenvalues of a covariance, accumulated in double precision, likewise.
    fn resolution(&self) -> f64 {
        let p = self.n_features() as f64;
        match self.solver {
            PcaSolver::CovarianceEigh => p * f64::EPSILON,
            _ => (p * T::epsilon().as_f64()).powi(2),
        }
    }

    fn check_features(&self, argument: &'static str, x: &ArrayRef2<T>) -> Result<(), Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument, found, expected });
        }
        Ok(lapwing_lapack::require_finite(argument, x)?)
    }
}

/// Finite input led to a result beyond the scalar's range.
fn overflow<T: Scalar>(routine: &'static str) -> Error {
    lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into()
}

fn require_finite_result<T: Scalar>(routine: &'static str, result: &ArrayRef2<T>) -> Result<(), Error> {
    lapwing_lapack::require_finite(routine, result).map_err(|_| overflow::<T>(routine))
}
