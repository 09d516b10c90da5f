//! The Gaussian distribution of several features: densities, samples, conditionals, and how far two of them are apart.
//!
//! What `scipy.stats.multivariate_normal` offers, and what it leaves out. Its differences:
//!
//! - A singular covariance, which has no density, is an error; SciPy refuses it too unless told otherwise, by a tolerance
//!   that depends on the units of the features.
//! - All is made from the Cholesky factor of the covariance, its features scaled by powers of two first: no inverse, no
//!   determinant that over- or underflows, no difference of matrices where a sum of squares will do.
//! - Everything is computed in double precision for `f32` too.

mod divergence;
mod parts;
mod persistence;
#[cfg(test)]
mod tests;

use std::f64::consts::PI;

use lapwing_lapack::{Scalar, kernel, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, Axis, s};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use crate::error::Error;
use crate::mahalanobis::{CovarianceFactor, Mahalanobis, check_location, in_double};
use crate::row_blocks::rows_per_block;

/// A Gaussian distribution with a mean (p) and a covariance (p x p) that has an inverse.
///
/// ```
/// use lapwing_ml::MultivariateNormal;
/// use ndarray::array;
/// let normal = MultivariateNormal::new(&array![1.0, -1.0], &array![[2.0, 0.6], [0.6, 1.0]])?;
/// let x = normal.sample(1000, 7)?;
/// assert!(normal.log_density(&x)?.mean().unwrap() < 0.0);
/// // Given that the second feature is 0, the first is expected at 1 + 0.6 · 1, with variance 2 − 0.6².
/// let first = normal.conditional(&[1], &array![0.0])?;
/// assert!((first.mean()[0] - 1.6f64).abs() < 1e-14 && (first.covariance()[[0, 0]] - 1.64f64).abs() < 1e-14);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored", into = "persistence::Stored")]
#[serde(bound = "T: Scalar")]
pub struct MultivariateNormal<T: Scalar> {
    metric: Mahalanobis<T>,
    mean: Array1<f64>,
    covariance: Array2<f64>,
    /// The Cholesky factor of the covariance, lower triangular.
    lower: Array2<f64>,
    log_determinant: f64,
}

impl<T: Scalar> MultivariateNormal<T> {
    /// The Gaussian of this `mean` (p) and `covariance` (p x p), which must have an inverse. Costs 2/3 p³.
    ///
    /// # Errors
    /// As [`Mahalanobis::new`].
    pub fn new(mean: &ArrayRef1<T>, covariance: &ArrayRef2<T>) -> Result<Self, Error> {
        Self::from_double(mean.mapv(T::as_f64), in_double(covariance)?, T::epsilon().as_f64())
    }

    /// From numbers in double precision that are as exact as `resolution` says.
    pub(crate) fn from_double(
        mean: Array1<f64>,
        covariance: Array2<f64>,
        resolution: f64,
    ) -> Result<Self, Error> {
        check_location(&mean, &covariance)?;
        let remedy = "leave it out, or add a multiple of the identity to the covariance";
        let factor = CovarianceFactor::new("covariance", &covariance, resolution, remedy)?;
        Ok(Self {
            metric: Mahalanobis::from_factor(&mean, &factor)?,
            mean,
            covariance,
            lower: factor.lower(),
            log_determinant: factor.log_determinant(),
        })
    }

    /// The mean, p.
    pub fn mean(&self) -> ArrayView1<'_, T> {
        self.metric.location()
    }

    /// The covariance, p x p.
    pub fn covariance(&self) -> Array2<T> {
        self.covariance.mapv(T::from_f64)
    }

    /// p, the number of features.
    pub fn n_features(&self) -> usize {
        self.mean.len()
    }

    /// Distances from the mean in units of the covariance, with p-values and outliers.
    pub fn mahalanobis(&self) -> &Mahalanobis<T> {
        &self.metric
    }

    /// The logarithm of the density at each row of `x` (n x p), n.
    ///
    /// # Errors
    /// As [`Mahalanobis::squared_distances`].
    pub fn log_density(&self, x: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        in_range("log_density", self.log_density_in_double(x)?)
    }

    /// The density at each row of `x` (n x p), n; 0 where it is less than the least number.
    ///
    /// # Errors
    /// As [`Mahalanobis::squared_distances`]; with small variances a density may well overflow where its logarithm does
    /// not.
    pub fn density(&self, x: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        in_range("density", self.log_density_in_double(x)?.mapv_into(f64::exp))
    }

    fn log_density_in_double(&self, x: &ArrayRef2<T>) -> Result<Array1<f64>, Error> {
        let constant = self.n_features() as f64 * (2.0 * PI).ln() + self.log_determinant;
        Ok(self.metric.squared_in_double("x", x)?.mapv_into(|squared| -0.5 * (constant + squared)))
    }

    /// `count` independent rows of this distribution (count x p). The same seed gives the same bits, on any number of threads.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `OutOfMemory`, or `Overflow`.
    pub fn sample(&self, count: usize, seed: u64) -> Result<Array2<T>, Error> {
        let p = self.n_features();
        let mut generator = Pcg64::seed_from_u64(seed);
        let mut x: Array2<T> = zeros(count, p)?;
        let height = rows_per_block(p).min(count.max(1));
        let (mut standard, mut rows) = (zeros(height, p)?, zeros(height, p)?);
        for mut out in x.axis_chunks_iter_mut(Axis(0), height) {
            let mut standard = standard.slice_mut(s![..out.nrows(), ..]);
            let mut rows = rows.slice_mut(s![..out.nrows(), ..]);
            standard.mapv_inplace(|_: f64| StandardNormal.sample(&mut generator));
            rows.outer_iter_mut().for_each(|mut row| row.assign(&self.mean));
            kernel::gemm(1.0, &standard, &self.lower.t(), 1.0, &mut rows)?;
            out.zip_mut_with(&rows, |x, row| *x = T::from_f64(*row));
        }
        require_finite("sample", &x).map_err(|_| overflow::<T>("sample"))?;
        Ok(x)
    }

    /// The differential entropy, in nats: `½ ln det(2πe Σ)`. Negative where the density is high.
    pub fn entropy(&self) -> T {
        T::from_f64(0.5 * (self.n_features() as f64 * (1.0 + (2.0 * PI).ln()) + self.log_determinant))
    }
}

/// Values rounded to the scalar, when it can hold them.
fn in_range<T: Scalar>(routine: &'static str, values: Array1<f64>) -> Result<Array1<T>, Error> {
    let values = values.mapv(T::from_f64);
    require_finite(routine, &values.view().insert_axis(Axis(1))).map_err(|_| overflow::<T>(routine))?;
    Ok(values)
}

/// Finite input led to a result beyond the scalar's range.
fn overflow<T: Scalar>(routine: &'static str) -> Error {
    lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into()
}
