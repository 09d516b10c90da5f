//! The Gaussian model behind PCA (Tipping and Bishop, "Probabilistic principal component analysis", 1999):
//! covariance `Wᵀ (Λ − σ² I) W + σ² I`, its inverse, and the density of samples under it.

use std::f64::consts::PI;

use lapwing_lapack::{Scalar, kernel, matmul, zeros};
use ndarray::{Array1, Array2, ArrayRef2, Axis};

use super::{Pca, require_finite_result};
use crate::error::Error;
use crate::row_blocks::map_centred;

impl<T: Scalar> Pca<T> {
    /// The covariance of the model, p x p: the variances along the components, and the noise variance
    /// along every other direction.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `OutOfMemory`.
    pub fn covariance(&self) -> Result<Array2<T>, Error> {
        self.spectral(self.noise_variance, |variance| variance)
    }

    /// The inverse of [`covariance`](Self::covariance), p x p.
    ///
    /// # Errors
    /// [`Error::SingularCovariance`] when a variance is zero; [`Error::Lapack`] with `OutOfMemory`.
    pub fn precision(&self) -> Result<Array2<T>, Error> {
        self.require_regular()?;
        let noise = if self.has_complement() { self.noise_variance.recip() } else { T::zero() };
        self.spectral(noise, |variance| variance.recip())
    }

    /// The log-likelihood of each row of `x` (n x p) under the model.
    ///
    /// # Errors
    /// As [`precision`](Self::precision) and [`transform`](Self::transform).
    pub fn score_samples(&self, x: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        self.check_features("x", x)?;
        self.require_regular()?;
        let (k, p) = self.components.dim();
        let variances = self.model_variances();
        let noise = self.noise_variance.as_f64();
        let mut log_determinant: f64 = variances.iter().map(|variance| variance.as_f64().ln()).sum();
        if self.has_complement() {
            log_determinant += (p - k) as f64 * noise.ln();
        }
        let constant = -0.5 * (p as f64 * (2.0 * PI).ln() + log_determinant);

        // In double precision throughout: the terms are large where the variances are small.
        let axes = self.components.mapv(T::as_f64);
        let mut likelihoods: Array2<f64> = zeros(x.nrows(), 1)?;
        map_centred(x, &self.centre, &mut likelihoods, |block, mut likelihoods| {
            let mut scores = zeros(block.nrows(), k)?;
            kernel::gemm(1.0, block, &axes.t(), 0.0, &mut scores)?;
            for (row, mut likelihood) in scores.outer_iter().zip(likelihoods.outer_iter_mut()) {
                let distance: f64 = row.iter().zip(&variances).map(|(z, v)| z * z / v.as_f64()).sum();
                likelihood[0] = constant - 0.5 * distance;
            }
            if self.has_complement() {
                // What the components leave over is formed, not inferred from norms, which would cancel.
                let mut rest = block.to_owned();
                kernel::gemm(-1.0, &scores, &axes, 1.0, &mut rest)?;
                for (rest, mut likelihood) in rest.outer_iter().zip(likelihoods.outer_iter_mut()) {
                    likelihood[0] -= 0.5 * rest.dot(&rest) / noise;
                }
            }
            Ok(())
        })?;
        let likelihoods = likelihoods.mapv(T::from_f64);
        require_finite_result("score_samples", &likelihoods)?;
        Ok(likelihoods.index_axis_move(Axis(1), 0))
    }

    /// The mean log-likelihood of the rows of `x` (n x p) under the model.
    ///
    /// # Errors
    /// As [`score_samples`](Self::score_samples); [`Error::TooFewSamples`] for none.
    pub fn score(&self, x: &ArrayRef2<T>) -> Result<T, Error> {
        if x.nrows() == 0 {
            return Err(Error::TooFewSamples {
                argument: "x",
                method: "a mean log-likelihood",
                found: 0,
                least: 1,
            });
        }
        let likelihoods = self.score_samples(x)?;
        Ok(T::from_f64(likelihoods.iter().map(|l| l.as_f64()).sum::<f64>() / likelihoods.len() as f64))
    }

    /// `Wᵀ diag(f(λ) − rest) W + rest · I`.
    fn spectral(&self, rest: T, f: impl Fn(T) -> T) -> Result<Array2<T>, Error> {
        let weights = self.model_variances().mapv(|variance| f(variance) - rest);
        let mut result = matmul(&(&self.components.t() * &weights), &self.components)?;
        result.diag_mut().mapv_inplace(|x| x + rest);
        Ok(result)
    }

    /// The variances along the components, none below the noise.
    fn model_variances(&self) -> Array1<T> {
        self.explained_variance.mapv(|variance| variance.max(self.noise_variance))
    }

    /// Whether there are directions that no component covers.
    fn has_complement(&self) -> bool {
        self.n_components() < self.n_features()
    }

    /// A variance that the solver cannot tell from zero has a meaningless inverse.
    fn require_regular(&self) -> Result<(), Error> {
        let largest = self.explained_variance.first().copied().unwrap_or(self.noise_variance);
        let least = largest.as_f64() * self.resolution();
        if let Some(index) = self.model_variances().iter().position(|&variance| variance.as_f64() <= least) {
            return Err(Error::SingularCovariance {
                direction: format!("component {} (counted from 1)", index + 1),
            });
        }
        if self.has_complement() && self.noise_variance.as_f64() <= least {
            return Err(Error::SingularCovariance { direction: "the noise".to_owned() });
        }
        Ok(())
    }
}
