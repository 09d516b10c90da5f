//! What the caller of PCA chooses, and the rules that turn the choices into a fit.

use std::fmt;

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2};

use super::Pca;
use super::selection::select;
use super::solvers::{Randomization, covariance_eigh, eigen_of_scatter, full_svd, randomized};
use crate::error::Error;

/// How many principal components to keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NComponents {
    /// min(n_samples, n_features).
    #[default]
    All,
    /// This many, at most min(n_samples, n_features).
    Count(usize),
    /// As many as it takes for their share of the total variance to exceed this number in (0, 1).
    Variance(f64),
    /// As many as Minka's estimate of the dimension says ("Automatic choice of dimensionality for PCA",
    /// NIPS 2000); n_samples must be at least n_features.
    Mle,
}

/// How to compute the principal components.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PcaSolver {
    /// By shape, as scikit-learn does: `CovarianceEigh` for at most 1000 features and at least ten times as
    /// many samples, where forming the covariance costs one pass and its eigenproblem little; otherwise
    /// `Full` when both extents are at most 500, or when the number of components is given by a share, by the
    /// MLE, or as at least four fifths of the smaller extent; otherwise `Randomized`.
    #[default]
    Auto,
    /// SVD of the centred data: the most accurate, also for components of tiny variance. Copies the data.
    Full,
    /// Eigendecomposition of the covariance, accumulated in one pass without a copy. The fastest when
    /// samples outnumber features; variances below 10⁻¹⁶ of the largest are rounding, and data whose spread is below
    /// 10⁻¹⁵⁴ underflows to no variance, where `Full` does not.
    CovarianceEigh,
    /// Randomized SVD with power iterations (Halko, Martinsson, Tropp 2011): the leading components of
    /// large data, approximately.
    Randomized,
}

impl fmt::Display for PcaSolver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            PcaSolver::Auto => "auto",
            PcaSolver::Full => "full",
            PcaSolver::CovarianceEigh => "covariance_eigh",
            PcaSolver::Randomized => "randomized",
        })
    }
}

/// Whether scores are scaled to unit variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whitening {
    /// Scores keep the variance of their component.
    #[default]
    None,
    /// Scores are divided by the standard deviation of their component. scikit-learn's `whiten=True`.
    UnitVariance,
}

/// The choices of a principal component analysis. Made by [`Pca::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct PcaParams {
    pub(super) n_components: NComponents,
    pub(super) solver: PcaSolver,
    pub(super) whitening: Whitening,
    power_iterations: Option<usize>,
    seed: u64,
}

impl PcaParams {
    /// How many components to keep. Default: [`NComponents::All`].
    pub fn n_components(mut self, n_components: NComponents) -> Self {
        self.n_components = n_components;
        self
    }

    /// How to compute them. Default: [`PcaSolver::Auto`].
    pub fn solver(mut self, solver: PcaSolver) -> Self {
        self.solver = solver;
        self
    }

    /// Whether scores are scaled to unit variance. Default: [`Whitening::None`].
    pub fn whitening(mut self, whitening: Whitening) -> Self {
        self.whitening = whitening;
        self
    }

    /// For [`PcaSolver::Randomized`], how many power iterations. Default: 7 when the components are under a
    /// tenth of the smaller extent, otherwise 4, as scikit-learn.
    pub fn power_iterations(mut self, iterations: usize) -> Self {
        self.power_iterations = Some(iterations);
        self
    }

    /// The seed of [`PcaSolver::Randomized`]. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Fits the principal components of `x` (n_samples x n_features).
    ///
    /// Cost for n samples and p features: `Full` 2np² + O(p³); `CovarianceEigh` np² + O(p³) in one pass over
    /// the data; `Randomized` (2q + 2) passes of 2np(k + 10).
    ///
    /// # Errors
    /// [`Error::TooFewSamples`] for fewer than 2; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for a
    /// number of components that the shape or the solver does not allow; [`Error::Lapack`] with `NonFinite`
    /// (names the first bad entry), `OutOfMemory`, `TooLarge`, `NoConvergence` or `Overflow`.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<Pca<T>, Error> {
        let (n_samples, n_features) = x.dim();
        if n_features == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if n_samples < 2 {
            return Err(Error::TooFewSamples { argument: "x", method: "PCA", found: n_samples, least: 2 });
        }
        let most = n_samples.min(n_features);
        let solver = self.resolve_solver(n_samples, n_features);
        self.check(solver, n_samples, n_features)?;
        let wanted = match self.n_components {
            NComponents::All => Some(most),
            NComponents::Count(count) => Some(count),
            // Both decide from the whole spectrum.
            NComponents::Variance(_) | NComponents::Mle => None,
        };
        let principal = match solver {
            PcaSolver::Full | PcaSolver::Auto => full_svd(x)?,
            PcaSolver::CovarianceEigh => covariance_eigh(x, wanted.unwrap_or(most))?,
            PcaSolver::Randomized => randomized(x, wanted.unwrap_or(most), self.randomization())?,
        };
        let count = wanted.unwrap_or_else(|| select(self.n_components, &principal, n_samples));
        Pca::from_principal(principal, count, n_samples, solver, self.whitening)
    }

    /// Fits from the mean and the scatter (lower triangle) of `n_samples` rows, by the covariance.
    pub(crate) fn fit_scatter<T: Scalar>(
        &self,
        mean: Array1<f64>,
        scatter: &ArrayRef2<f64>,
        n_samples: usize,
    ) -> Result<Pca<T>, Error> {
        let solver = PcaSolver::CovarianceEigh;
        let most = n_samples.min(mean.len());
        self.check(solver, n_samples, mean.len())?;
        let wanted = match self.n_components {
            NComponents::Count(count) => count,
            _ => most,
        };
        let principal = eigen_of_scatter(mean, scatter, n_samples, wanted)?;
        let count = select(self.n_components, &principal, n_samples).min(wanted);
        Pca::from_principal(principal, count, n_samples, solver, self.whitening)
    }

    /// Fits `x` (n_samples x n_features) and returns its scores (n_samples x n_components) too.
    ///
    /// # Errors
    /// As [`PcaParams::fit`].
    pub fn fit_transform<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<(Pca<T>, Array2<T>), Error> {
        let pca = self.fit(x)?;
        let scores = pca.transform(x)?;
        Ok((pca, scores))
    }

    pub(super) fn randomization(&self) -> Randomization {
        Randomization { power_iterations: self.power_iterations, seed: self.seed }
    }

    /// The rule of [`PcaSolver::Auto`].
    fn resolve_solver(&self, n_samples: usize, n_features: usize) -> PcaSolver {
        if self.solver != PcaSolver::Auto {
            return self.solver;
        }
        let most = n_samples.min(n_features);
        let few = match self.n_components {
            NComponents::Count(count) => 1 <= count && (count as f64) < 0.8 * most as f64,
            _ => false,
        };
        if n_features <= 1000 && n_samples >= 10 * n_features {
            PcaSolver::CovarianceEigh
        } else if few && n_samples.max(n_features) > 500 {
            PcaSolver::Randomized
        } else {
            PcaSolver::Full
        }
    }

    pub(super) fn check(&self, solver: PcaSolver, n_samples: usize, n_features: usize) -> Result<(), Error> {
        let most = n_samples.min(n_features);
        let invalid = |value: String, requirement: String| {
            Err(Error::InvalidParameter { parameter: "n_components", value, requirement })
        };
        match self.n_components {
            NComponents::Count(count) if count > most => {
                invalid(count.to_string(), format!("at most {most}, the smaller of n_samples and n_features"))
            }
            NComponents::Variance(share) if share.is_nan() || share <= 0.0 || share >= 1.0 => invalid(
                share.to_string(),
                "strictly between 0 and 1 when it is a share of variance".to_owned(),
            ),
            NComponents::Variance(share) if solver == PcaSolver::Randomized => invalid(
                share.to_string(),
                "a count with the randomized solver, which sees no total spectrum".to_owned(),
            ),
            NComponents::Mle if solver == PcaSolver::Randomized => invalid(
                "mle".to_owned(),
                "a count with the randomized solver, which sees no total spectrum".to_owned(),
            ),
            NComponents::Mle if n_samples < n_features => invalid(
                "mle".to_owned(),
                format!("a count or a share: {n_samples} samples are fewer than {n_features} features"),
            ),
            _ => Ok(()),
        }
    }
}
