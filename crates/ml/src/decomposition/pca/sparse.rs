//! PCA of sparse data, which stays sparse: the mean is subtracted from products with the data, not from the data.

use lapwing_lapack::Scalar;
use ndarray::Array2;

use super::params::{NComponents, PcaParams, PcaSolver};
use super::solvers::implicitly_centred;
use super::{Pca, require_finite_result};
use crate::data_matrix::DataMatrix;
use crate::error::Error;

impl PcaParams {
    /// Fits the principal components of `x` (n_samples x n_features), a CSR or CSC matrix or any other [`DataMatrix`],
    /// by the randomized solver.
    ///
    /// Subtracting after the product loses what the mean exceeds the spread by. Most entries of sparse data are zero, so
    /// that it is not large; dense data far from the origin is better off with [`fit`](Self::fit).
    ///
    /// ```
    /// use lapwing_ml::sprs::{CsMat, TriMat};
    /// use lapwing_ml::{NComponents, Pca};
    /// let mut triplets = TriMat::new((50, 30));
    /// (0..50).for_each(|i| triplets.add_triplet(i, (i * i) % 30, 1.0 + (i % 4) as f64));
    /// let x: CsMat<f64> = triplets.to_csr();
    /// let pca = Pca::params().n_components(NComponents::Count(3)).fit_sparse(&x)?;
    /// assert_eq!(pca.transform_sparse(&x)?.dim(), (50, 3));
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`Error::InvalidParameter`] for another solver than `Auto` and `Randomized`, and for a number
    /// of components given by a share or the MLE, which would need the whole spectrum.
    pub fn fit_sparse<T: Scalar, X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<Pca<T>, Error> {
        let (n_samples, n_features) = x.dimensions();
        if n_features == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        if n_samples < 2 {
            return Err(Error::TooFewSamples { argument: "x", method: "PCA", found: n_samples, least: 2 });
        }
        let solver = PcaSolver::Randomized;
        if ![PcaSolver::Auto, solver].contains(&self.solver) {
            let requirement =
                "auto or randomized for sparse data, which the others would make dense".to_owned();
            let value = self.solver.to_string();
            return Err(Error::InvalidParameter { parameter: "solver", value, requirement });
        }
        self.check(solver, n_samples, n_features)?;
        let count = match self.n_components {
            NComponents::Count(count) => count,
            _ => n_samples.min(n_features),
        };
        let moments = x.column_moments("x")?;
        let total_variance = moments.variance.sum() * (n_samples as f64 / (n_samples - 1) as f64);
        let principal = implicitly_centred(x, moments.mean, total_variance, count, self.randomization())?;
        Pca::from_principal(principal, count, n_samples, solver, self.whitening)
    }
}

impl<T: Scalar> Pca<T> {
    /// The scores (n x k) of `x` (n x p), a CSR or CSC matrix or any other [`DataMatrix`], without a centred copy of it.
    ///
    /// # Errors
    /// As [`transform`](Self::transform).
    pub fn transform_sparse<X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<Array2<T>, Error> {
        let (found, expected) = (x.dimensions().1, self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        x.require_finite_entries("x")?;
        let scores = x.centred_product(&self.centre, &self.score_axes().t())?;
        require_finite_result("transform_sparse", &scores)?;
        Ok(scores)
    }
}
