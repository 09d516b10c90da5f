//! Truncated singular value decomposition: the leading singular directions of data that is not centred, dense or sparse.
//! For matrices of terms in documents, latent semantic analysis.
//!
//! The semantics are those of scikit-learn's `sklearn.decomposition.TruncatedSVD`, with these differences:
//!
//! - The shares of the variance are zero, not NaN, when the data does not vary.
//! - There may be as many components as the smaller extent of the data, and one feature is enough.

mod params;
mod persistence;

use lapwing_lapack::{Scalar, gemm, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};

pub use params::{TruncatedSvdAlgorithm, TruncatedSvdParams};

use crate::data_matrix::DataMatrix;
use crate::error::Error;

/// A fitted truncated singular value decomposition: k components of p features.
///
/// ```
/// use lapwing_ml::TruncatedSvd;
/// use lapwing_ml::sprs::{CsMat, TriMat};
/// let mut triplets = TriMat::new((60, 40));
/// (0..240).for_each(|i| triplets.add_triplet(i % 60, (i * i + i / 60) % 40, 1.0));
/// let x: CsMat<f64> = triplets.to_csr();
/// let (svd, scores) = TruncatedSvd::params().n_components(5).fit_transform(&x)?;
/// assert_eq!((svd.components().dim(), scores.dim()), ((5, 40), (60, 5)));
/// assert!(svd.singular_values()[0] >= svd.singular_values()[4]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct TruncatedSvd<T: Scalar> {
    components: Array2<T>,
    explained_variance: Array1<T>,
    explained_variance_ratio: Array1<T>,
    singular_values: Array1<T>,
    n_samples: usize,
    algorithm: TruncatedSvdAlgorithm,
}

impl TruncatedSvd<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> TruncatedSvdParams {
        TruncatedSvdParams::default()
    }
}

impl<T: Scalar> TruncatedSvd<T> {
    /// The right singular vectors in rows, k x p, orthonormal. The largest entry in magnitude of each is positive (the first
    /// of them on a tie).
    pub fn components(&self) -> ArrayView2<'_, T> {
        self.components.view()
    }

    /// The k singular values, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.view()
    }

    /// The variance of each score of the data, k, with n_samples in the denominator. As the data is not centred, it need
    /// not decrease.
    pub fn explained_variance(&self) -> ArrayView1<'_, T> {
        self.explained_variance.view()
    }

    /// The share of the variance of each score in the sum of the variances of the features, k. All zero when the data does
    /// not vary.
    pub fn explained_variance_ratio(&self) -> ArrayView1<'_, T> {
        self.explained_variance_ratio.view()
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

    /// The algorithm that ran.
    pub fn algorithm(&self) -> TruncatedSvdAlgorithm {
        self.algorithm
    }

    /// The scores (n x k) of `x` (n x p), dense or sparse: its coordinates along the components.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn transform<X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<Array2<T>, Error> {
        let (found, expected) = (x.dimensions().1, self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        x.require_finite_entries("x")?;
        self.scores(x)
    }

    /// The data (n x p) that has the given scores (n x k), up to what the components that were not kept would have added.
    /// Always dense.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Shape` when `scores` has not k columns, `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn inverse_transform(&self, scores: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        require_finite("scores", scores)?;
        let (found, expected) = (scores.ncols(), self.n_components());
        if found != expected {
            let (argument, extent, reason) = ("scores", "columns", "one for each component of the model");
            return Err(lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into());
        }
        let mut x = zeros(scores.nrows(), self.n_features())?;
        gemm(T::one(), scores, &self.components, T::zero(), &mut x)?;
        require_finite_product("inverse_transform", &x)?;
        Ok(x)
    }

    fn scores<X: DataMatrix<T> + ?Sized>(&self, x: &X) -> Result<Array2<T>, Error> {
        let scores = x.apply(&self.components.t())?;
        require_finite_product("transform", &scores)?;
        Ok(scores)
    }
}

/// Finite factors were multiplied: what is not has overflowed.
fn require_finite_product<T: Scalar>(routine: &'static str, product: &ArrayRef2<T>) -> Result<(), Error> {
    require_finite(routine, product)
        .map_err(|_| lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into())
}
