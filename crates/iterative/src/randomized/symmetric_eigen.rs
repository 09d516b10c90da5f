//! Randomized eigendecomposition of a symmetric operator.

use lapwing_lapack::{Error, Scalar, SymmetricEigen, matmul};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};

use super::orthonormal::{orthonormal, well_conditioned};
use super::range::{gaussian, product};
use crate::operator::LinearOperator;

/// The k eigenpairs of largest magnitude of a symmetric operator of order n, approximately: Halko, Martinsson, Tropp
/// 2011, algorithm 5.3.
///
/// ```
/// use lapwing_iterative::RandomizedSymmetricEigen;
/// use ndarray::{Array1, Array2};
/// let a = Array2::from_diag(&Array1::from_shape_fn(60, |i| if i == 7 { -5.0 } else { 0.5f64.powf(i as f64) }));
/// let eigen = RandomizedSymmetricEigen::params(2).compute(&*a)?;
/// assert!((eigen.values()[0] + 5.0).abs() < 1e-12 && (eigen.values()[1] - 1.0).abs() < 1e-12);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RandomizedSymmetricEigen<T: Scalar> {
    values: Array1<T>,
    vectors: Array2<T>,
    residuals: Array1<T>,
}

impl<T: Scalar> RandomizedSymmetricEigen<T> {
    /// The k eigenvalues, largest magnitude first.
    pub fn values(&self) -> ArrayView1<'_, T> {
        self.values.view()
    }

    /// The eigenvectors in columns, n x k, orthonormal.
    pub fn vectors(&self) -> ArrayView2<'_, T> {
        self.vectors.view()
    }

    /// For each pair `‖A v − λ v‖₂`: some eigenvalue is as close to λ as this.
    pub fn residuals(&self) -> ArrayView1<'_, T> {
        self.residuals.view()
    }

    /// `(values, vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<T>, Array2<T>) {
        (self.values, self.vectors)
    }
}

impl RandomizedSymmetricEigen<f64> {
    /// The choices for `k` pairs, to change before computing.
    pub fn params(k: usize) -> RandomizedSymmetricEigenParams {
        RandomizedSymmetricEigenParams { k, oversampling: 10, power_iterations: 8, seed: 0 }
    }
}

/// The choices of a randomized eigendecomposition. Made by [`RandomizedSymmetricEigen::params`].
#[derive(Clone, Copy, Debug)]
pub struct RandomizedSymmetricEigenParams {
    k: usize,
    oversampling: usize,
    power_iterations: usize,
    seed: u64,
}

impl RandomizedSymmetricEigenParams {
    /// How many vectors beyond k take part. Default: 10.
    pub fn oversampling(mut self, vectors: usize) -> Self {
        self.oversampling = vectors;
        self
    }

    /// How many times to multiply by `A` before the projection. Default: 8.
    pub fn power_iterations(mut self, iterations: usize) -> Self {
        self.power_iterations = iterations;
        self
    }

    /// The seed of the Gaussian block. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The leading eigenpairs of `a`, which is taken to be symmetric: only its products with vectors are seen.
    ///
    /// # Errors
    /// [`Error::NotSquare`]; [`Error::InvalidParameter`] when k exceeds n; [`Error::Overflow`] when a product is not
    /// finite; [`Error::OutOfMemory`]; [`Error::NoConvergence`]; what the operator fails with.
    pub fn compute<T: Scalar, A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
    ) -> Result<RandomizedSymmetricEigen<T>, Error> {
        let (n, cols) = a.dimensions();
        if n != cols {
            return Err(Error::NotSquare { argument: "a", rows: n, cols });
        }
        if self.k > n {
            let requirement = format!("at most {n}, the order of the matrix");
            return Err(Error::InvalidParameter { parameter: "k", value: self.k.to_string(), requirement });
        }
        let width = self.k.saturating_add(self.oversampling).min(n);
        let mut block = product(a, &gaussian(n, width, self.seed)?)?;
        for _ in 0..self.power_iterations {
            block = product(a, &well_conditioned(block)?)?;
        }
        let range = orthonormal(block)?;
        let image = product(a, &range)?;
        let (values, rotation) = SymmetricEigen::new(&matmul(&range.t(), &image)?)?.into_factors();
        let mut order: Vec<usize> = (0..width).collect();
        order.sort_by(|&i, &j| values[j].as_f64().abs().total_cmp(&values[i].as_f64().abs()));
        let chosen = &order[..self.k];
        let values = values.select(Axis(0), chosen);
        let rotation = rotation.select(Axis(1), chosen);
        let vectors = matmul(&range, &rotation)?;
        let defect = matmul(&image, &rotation)? - &vectors * &values;
        let residuals = defect.columns().into_iter().map(|defect| defect.dot(&defect).sqrt()).collect();
        Ok(RandomizedSymmetricEigen { values, vectors, residuals })
    }
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::random::symmetric_with_spectrum;
    use ndarray::s;

    use super::*;

    /// Of both signs, to rounding where the spectrum decays fast; the residuals are those of the matrix.
    #[test]
    fn the_pairs_are_those_of_largest_magnitude() {
        let n = 70;
        let values = Array1::from_shape_fn(n, |i| (-0.4f64).powi(i as i32));
        let a = symmetric_with_spectrum(&values, 3).unwrap();
        let eigen = RandomizedSymmetricEigen::params(5).seed(1).compute(&*a).unwrap();
        let bound = 10.0 * n as f64 * f64::EPSILON;
        for (found, expected) in eigen.values().iter().zip(&values) {
            assert!((found - expected).abs() < bound, "{found} {expected}");
        }
        let defect = a.dot(&eigen.vectors()) - &eigen.vectors() * &eigen.values();
        for (defect, &residual) in defect.columns().into_iter().zip(eigen.residuals()) {
            assert!((defect.dot(&defect).sqrt() - residual).abs() < bound && residual < bound);
        }
    }

    #[test]
    fn degenerate_requests_are_answered() {
        let a = Array2::<f32>::zeros((3, 3));
        assert_eq!(
            RandomizedSymmetricEigen::params(3).compute(&*a).unwrap().values(),
            ndarray::array![0.0, 0.0, 0.0]
        );
        assert_eq!(RandomizedSymmetricEigen::params(0).compute(&*a).unwrap().vectors().dim(), (3, 0));
        let error = RandomizedSymmetricEigen::params(4).compute(&*a).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "k", .. }));
        let error = RandomizedSymmetricEigen::params(1).compute(&*a.slice(s![.., ..2])).unwrap_err();
        assert!(matches!(error, Error::NotSquare { rows: 3, cols: 2, .. }));
    }
}
