//! What the caller of a truncated SVD chooses, and the fit.

use std::fmt;

use lapwing_iterative::{PartialSvd, RandomizedSvd};
use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array1, Array2};

use super::super::signs::largest_entries_positive;
use super::TruncatedSvd;
use crate::data_matrix::DataMatrix;
use crate::error::Error;
use crate::moments::{Diagonal, Moments};

/// How to compute the leading singular triplets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TruncatedSvdAlgorithm {
    /// Randomized SVD with power iterations (Halko, Martinsson, Tropp 2011), approximately.
    #[default]
    Randomized,
    /// Golub-Kahan-Lanczos bidiagonalization, to a tolerance. In the place of scikit-learn's ARPACK.
    Lanczos,
}

impl fmt::Display for TruncatedSvdAlgorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            TruncatedSvdAlgorithm::Randomized => "randomized",
            TruncatedSvdAlgorithm::Lanczos => "lanczos",
        })
    }
}

/// The choices of a truncated singular value decomposition. Made by [`TruncatedSvd::params`].
#[derive(Clone, Copy, Debug)]
pub struct TruncatedSvdParams {
    n_components: usize,
    algorithm: TruncatedSvdAlgorithm,
    power_iterations: usize,
    oversampling: usize,
    tolerance: Option<f64>,
    seed: u64,
}

impl Default for TruncatedSvdParams {
    fn default() -> Self {
        let algorithm = TruncatedSvdAlgorithm::Randomized;
        Self { n_components: 2, algorithm, power_iterations: 5, oversampling: 10, tolerance: None, seed: 0 }
    }
}

impl TruncatedSvdParams {
    /// How many components to keep, at most the smaller extent of the data. Default: 2.
    pub fn n_components(mut self, count: usize) -> Self {
        self.n_components = count;
        self
    }

    /// How to compute them. Default: [`TruncatedSvdAlgorithm::Randomized`].
    pub fn algorithm(mut self, algorithm: TruncatedSvdAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// For [`TruncatedSvdAlgorithm::Randomized`], how many times to multiply by `A Aᵀ`. Default: 5, as scikit-learn's `n_iter`.
    pub fn power_iterations(mut self, iterations: usize) -> Self {
        self.power_iterations = iterations;
        self
    }

    /// For [`TruncatedSvdAlgorithm::Lanczos`], what the residual of each triplet may be, relative to the largest singular
    /// value. Default: that of [`PartialSvd`], 1e-14 in double precision.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// For [`TruncatedSvdAlgorithm::Randomized`], how many vectors beyond the components take part. Default: 10, as scikit-learn's `n_oversamples`.
    pub fn oversampling(mut self, vectors: usize) -> Self {
        self.oversampling = vectors;
        self
    }

    /// The seed of the random block, or of the first vector. The same seed gives the same bits for the same number of threads. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Fits the leading singular directions of `x` (n_samples x n_features), dense (`&*array`) or sparse.
    ///
    /// # Errors
    /// [`Error::TooFewSamples`]; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for a number of components that the
    /// shape does not allow; [`Error::Lapack`] with `NonFinite` (names the first bad entry), `OutOfMemory`, `TooLarge`,
    /// `NoConvergence` or `Overflow`; [`Error::Iteration`] when the Lanczos algorithm does not converge.
    pub fn fit<T: Scalar, X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<TruncatedSvd<T>, Error> {
        Ok(self.fit_transform(x)?.0)
    }

    /// Fits `x` (n_samples x n_features) and returns its scores (n_samples x n_components) too, which costs nothing more.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn fit_transform<T: Scalar, X: DataMatrix<T> + ?Sized>(
        &self,
        x: &X,
    ) -> Result<(TruncatedSvd<T>, Array2<T>), Error> {
        let (n_samples, n_features) = x.dimensions();
        if n_features == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if n_samples == 0 {
            return Err(Error::TooFewSamples { argument: "x", method: "truncated SVD", found: 0, least: 1 });
        }
        let most = n_samples.min(n_features);
        if self.n_components == 0 || self.n_components > most {
            return Err(Error::InvalidParameter {
                parameter: "n_components",
                value: self.n_components.to_string(),
                requirement: format!("between 1 and {most}, the smaller of n_samples and n_features"),
            });
        }
        let total_variance = x.column_moments("x")?.variance.sum();
        let (_, singular_values, axes) = match self.algorithm {
            TruncatedSvdAlgorithm::Randomized => RandomizedSvd::params(self.n_components)
                .power_iterations(self.power_iterations)
                .oversampling(self.oversampling)
                .seed(self.seed)
                .compute(x)?
                .into_factors(),
            TruncatedSvdAlgorithm::Lanczos => {
                let mut params = PartialSvd::params(self.n_components).seed(self.seed);
                if let Some(tolerance) = self.tolerance {
                    params = params.tolerance(tolerance);
                }
                params.compute(x)?.into_factors()
            }
        };
        // Row-major, so that a model computes the same bits when it has been stored and read.
        let mut components = zeros(self.n_components, n_features)?;
        components.assign(&axes);
        largest_entries_positive(&mut components.view_mut());
        let nothing_yet = Array1::zeros(self.n_components);
        let mut model = TruncatedSvd {
            components,
            explained_variance: nothing_yet.clone(),
            explained_variance_ratio: nothing_yet,
            singular_values,
            n_samples,
            algorithm: self.algorithm,
        };
        // The factors are approximate, so that these are not the left vectors times the singular values.
        let scores = model.scores(x)?;
        let scatter = Moments::<Diagonal>::of_rows("the scores", &scores)?.scatter.0;
        let variance = scatter / n_samples as f64;
        // Data that does not vary has scores that do not: zero shares of a total of zero.
        let total = if total_variance > 0.0 { total_variance } else { f64::INFINITY };
        model.explained_variance = variance.mapv(T::from_f64);
        model.explained_variance_ratio = variance.mapv(|variance| T::from_f64(variance / total));
        if model.explained_variance.iter().all(|variance| variance.is_finite()) {
            Ok((model, scores))
        } else {
            Err(lapwing_lapack::Error::Overflow { routine: "truncated SVD", scalar: T::NAME }.into())
        }
    }
}
