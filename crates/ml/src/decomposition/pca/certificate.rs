//! How far a model is from exact, measured against the data: at once, or in blocks that need never be in memory together.

use lapwing_lapack::{Certificate, Ratio, Scalar, kernel, matmul, zeros};
use ndarray::{Array2, ArrayRef2, Axis};

use super::Pca;
use crate::error::Error;
use crate::row_blocks::sum_over_centred;

/// The [certificate](Pca::certificate) of a model in the making: a second pass over data that arrived in blocks.
///
/// Keeps two p x k matrices in double precision, and one more for each thread while a block is added.
///
/// ```
/// use lapwing_ml::Pca;
/// use ndarray::{Array2, s};
/// let x = Array2::from_shape_fn((60, 3), |(i, j)| ((i * (j + 2)) % 17) as f64);
/// let pca = Pca::params().fit(&x)?;
/// let mut certificate = pca.running_certificate()?;
/// for first in (0..60).step_by(20) {
///     certificate.add_rows(&x.slice(s![first..first + 20, ..]))?;
/// }
/// assert!(certificate.finish()?.holds());
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RunningCertificate<'a, T: Scalar> {
    pca: &'a Pca<T>,
    /// The components in double precision, k x p.
    axes: Array2<f64>,
    /// The scatter of the rows so far times the components, p x k.
    image: Array2<f64>,
    n_samples: usize,
}

impl<T: Scalar> Pca<T> {
    /// How far the components are from exact eigenvectors of the covariance of `x` (n x p), the data that
    /// the model was fitted on, and from orthonormal. Costs two products with the data. The randomized
    /// solver approximates by design, and its first ratio may well exceed the threshold.
    ///
    /// # Errors
    /// As [`Pca::transform`].
    pub fn certificate(&self, x: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let mut certificate = self.running_certificate()?;
        certificate.add("x", x)?;
        certificate.finish()
    }

    /// A certificate to which the data that the model was fitted on is added in blocks.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `OutOfMemory`.
    pub fn running_certificate(&self) -> Result<RunningCertificate<'_, T>, Error> {
        let (k, p) = self.components.dim();
        let axes = self.components.mapv(T::as_f64);
        Ok(RunningCertificate { pca: self, axes, image: zeros(p, k)?, n_samples: 0 })
    }
}

impl<T: Scalar> RunningCertificate<'_, T> {
    /// Adds the rows of `block` (m x p).
    ///
    /// # Errors
    /// As [`Pca::transform`], with rows counted from the beginning of the block. After an error, it is as if the block had
    /// not come.
    pub fn add_rows(&mut self, block: &ArrayRef2<T>) -> Result<(), Error> {
        self.add("block", block)
    }

    fn add(&mut self, argument: &'static str, x: &ArrayRef2<T>) -> Result<(), Error> {
        self.pca.check_features(argument, x)?;
        let (k, p) = self.axes.dim();
        // (n − 1) C Wᵀ is the sum over the blocks of B of Bᵀ (B Wᵀ).
        self.image += &sum_over_centred(x, &self.pca.centre, (p, k), |block, sum| {
            let mut scores = zeros(block.nrows(), k)?;
            kernel::gemm(1.0, block, &self.axes.t(), 0.0, &mut scores)?;
            Ok(kernel::gemm(1.0, &block.t(), &scores, 1.0, sum)?)
        })?;
        self.n_samples += x.nrows();
        Ok(())
    }

    /// The certificate of the rows that have come, which should be all that the model was fitted on.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `OutOfMemory`.
    pub fn finish(self) -> Result<Certificate, Error> {
        let Self { pca, axes, mut image, n_samples: n } = self;
        let p = axes.ncols();
        image /= (n.max(2) - 1) as f64;
        let defect = image - &axes.t() * &pca.explained_variance.mapv(T::as_f64);
        let mut gram = matmul(&axes, &axes.t())?;
        gram.diag_mut().mapv_inplace(|x| x - 1.0);
        // The 2-norm of the covariance is its largest eigenvalue.
        let norm = pca.explained_variance.first().map_or(0.0, |&v| v.as_f64());
        let (unit, backward) = (T::UNIT_ROUNDOFF.as_f64(), one_norm(&defect));
        let backward = if backward == 0.0 { 0.0 } else { backward / (norm * n.max(p) as f64 * unit) };
        Ok(Certificate::new(vec![
            Ratio::new("‖C Wᵀ − Wᵀ Λ‖ / (‖C‖ max(n,p) ε)", backward, 60.0),
            Ratio::new("‖I − W Wᵀ‖ / (p ε)", one_norm(&gram) / (p as f64 * unit), 60.0),
        ]))
    }
}

/// The largest absolute column sum; NaN when there is one.
fn one_norm(a: &ArrayRef2<f64>) -> f64 {
    let sums = a.axis_iter(Axis(1)).map(|column| column.iter().map(|x| x.abs()).sum::<f64>());
    sums.fold(0.0, |largest, sum| if sum > largest || sum.is_nan() { sum } else { largest })
}
