//! How far two Gaussians are apart, as sums of terms of which none is negative: near distributions have small distances, and not
//! differences of large numbers.

use lapwing_lapack::{Scalar, Svd, matmul};
use ndarray::{ArrayRef1, Axis};

use super::{MultivariateNormal, overflow};
use crate::error::Error;

impl<T: Scalar> MultivariateNormal<T> {
    /// The Kullback-Leibler divergence of `other` from this distribution, in nats: what it costs to take this one for `other`.
    /// Never negative, 0 for equal distributions, and not symmetric.
    ///
    /// With `Σ = L Lᵀ` and `M = L₂⁻¹ L₁`, half of the sum of `Mᵢᵢ² − 1 − ln Mᵢᵢ²`, of the squares of the other entries of M, and
    /// of the squared distance of the means by the other covariance.
    ///
    /// ```
    /// use lapwing_ml::MultivariateNormal;
    /// use ndarray::array;
    /// let narrow = MultivariateNormal::new(&array![0.0], &array![[1.0]])?;
    /// let wide = MultivariateNormal::new(&array![1.0], &array![[4.0]])?;
    /// let expected = 0.5 * (1.0 / 4.0 + 1.0 / 4.0 - 1.0 + 4f64.ln());
    /// assert!((narrow.kl_divergence(&wide)? - expected).abs() < 1e-15);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn kl_divergence(&self, other: &Self) -> Result<T, Error> {
        self.check_features(other)?;
        // M less the identity, from the difference of the factors.
        let change = matmul(&other.metric.whitener(), &(&self.lower - &other.lower))?;
        let mut sum = other.squared_distance_of(&self.mean)?;
        for (i, row) in change.outer_iter().enumerate() {
            sum += row.iter().take(i).map(|entry| entry * entry).sum::<f64>();
            // x − 1 of x = (1 + c)².
            sum += excess(row[i] * (2.0 + row[i]));
        }
        finite(T::from_f64(0.5 * sum), "kl_divergence")
    }

    /// The Bhattacharyya distance, `−ln ∫ √(f g)`: never negative, 0 for equal distributions, symmetric to rounding. The
    /// Hellinger distance is `√(1 − exp(−this))`.
    ///
    /// With σ the singular values of `L₂⁻¹ L₁`, half of the sum of `ln((1 + σ²) / 2σ)`, and an eighth of the squared distance
    /// of the means by the mean of the covariances.
    ///
    /// # Errors
    /// As [`kl_divergence`](Self::kl_divergence); also [`Error::Lapack`] with `NoConvergence`.
    pub fn bhattacharyya(&self, other: &Self) -> Result<T, Error> {
        self.check_features(other)?;
        // Halved before they are added, which rounds nothing and cannot overflow.
        let between = &self.covariance * 0.5 + &other.covariance * 0.5;
        let between = MultivariateNormal::<T>::from_double(other.mean.clone(), between, f64::EPSILON)?;
        let mut sum = between.squared_distance_of(&self.mean)? / 8.0;
        let ratio = matmul(&other.metric.whitener(), &self.lower)?;
        for sigma in Svd::values(&ratio)?.values {
            // (1 + σ²) / 2σ is one more than (1 − σ)² / 2σ.
            sum += 0.5 * (0.5 * ((1.0 - sigma) / sigma.sqrt()).powi(2)).ln_1p();
        }
        finite(T::from_f64(sum), "bhattacharyya")
    }

    fn squared_distance_of(&self, point: &ArrayRef1<f64>) -> Result<f64, Error> {
        let difference = (point.to_owned() - &self.mean).insert_axis(Axis(1));
        let z = matmul(&self.metric.whitener(), &difference)?;
        Ok(z.iter().map(|z| z * z).sum())
    }

    fn check_features(&self, other: &Self) -> Result<(), Error> {
        let (found, expected) = (other.n_features(), self.n_features());
        if found == expected {
            Ok(())
        } else {
            Err(Error::FeatureMismatch { argument: "other", found, expected })
        }
    }
}

/// `t − ln(1 + t)`, which is not negative, by its series where the difference would cancel.
fn excess(t: f64) -> f64 {
    if t.abs() > 0.05 {
        return t - t.ln_1p();
    }
    // Terms (−t)ᵏ / k from k = 2; the 13th is 1e-16 of the first.
    (2..14).rev().map(|k| (-t).powi(k) / f64::from(k)).sum()
}

fn finite<T: Scalar>(value: T, routine: &'static str) -> Result<T, Error> {
    if value.is_finite() { Ok(value) } else { Err(overflow::<T>(routine)) }
}
