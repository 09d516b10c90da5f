//! Kernel principal component analysis: the principal components of what a kernel maps the data to, which is never
//! formed (Schölkopf, Smola, Müller, "Nonlinear component analysis as a kernel eigenvalue problem", Neural Computation
//! 10, 1998).
//!
//! The semantics are those of scikit-learn's `sklearn.decomposition.KernelPCA`, with these differences:
//!
//! - An eigenvalue counts as zero below 10⁻¹² of the largest (2·10⁻⁷ in single precision), as there, and also below what
//!   the rounding of the kernel's values leaves of a zero: n ε times the largest of them.
//! - A negative eigenvalue is an error from 10⁻⁵ of the largest (5·10⁻³), as there, if it is beyond that rounding;
//!   scikit-learn's other threshold is 10⁻¹⁰ whatever the unit.
//! - The eigenvalues come from LAPACK whatever n is. scikit-learn turns to ARPACK for few components of more than 200
//!   samples.

mod params;
mod persistence;

use lapwing_lapack::{Scalar, kernel, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis};

pub use params::{KernelPcaParams, ZeroEigenvalues};

use crate::error::Error;
use crate::kernels::{Kernel, KernelRows, require_finite_values};
use crate::row_blocks::map_centred;

/// A fitted kernel principal component analysis: k components of n samples.
///
/// ```
/// use lapwing_ml::{Kernel, KernelPca};
/// use ndarray::Array2;
/// // Two circles, which no straight line separates; in the first component of the kernel, a threshold does.
/// let x = Array2::from_shape_fn((40, 2), |(i, j)| {
///     let (radius, angle) = (if i < 20 { 1.0 } else { 4.0 }, i as f64 * 0.7);
///     radius * if j == 0 { angle.cos() } else { angle.sin() }
/// });
/// let params = KernelPca::params().kernel(Kernel::Rbf { gamma: Some(0.3) }).n_components(1);
/// let (kernel_pca, scores) = params.fit_transform(&x)?;
/// assert!(scores.column(0).iter().enumerate().all(|(i, &score)| (score < 0.0) == (i < 20)));
/// assert_eq!(kernel_pca.eigenvectors().dim(), (40, 1));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// It serializes with serde, under a format name and version that are checked when it is read back.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "persistence::Stored<T>", into = "persistence::Stored<T>")]
#[serde(bound = "T: Scalar + serde::Serialize + serde::de::DeserializeOwned")]
pub struct KernelPca<T: Scalar> {
    kernel: Kernel,
    gamma: f64,
    x_fit: Array2<T>,
    eigenvalues: Array1<T>,
    eigenvectors: Array2<T>,
    /// The mean of each row of the kernel matrix, from which that of other rows is counted.
    row_means: Array1<f64>,
    inverse: Option<Inverse<T>>,
}

/// The kernel ridge regression of the data on their scores.
#[derive(Clone, Debug, PartialEq)]
struct Inverse<T: Scalar> {
    dual_coef: Array2<T>,
}

impl KernelPca<f64> {
    /// The choices, to change before fitting; the scalar is that of the data given to them.
    pub fn params() -> KernelPcaParams {
        KernelPcaParams::default()
    }
}

impl<T: Scalar> KernelPca<T> {
    /// The k largest eigenvalues of the centred kernel matrix, largest first.
    pub fn eigenvalues(&self) -> ArrayView1<'_, T> {
        self.eigenvalues.view()
    }

    /// The eigenvectors of the centred kernel matrix in columns, n x k, orthonormal. The largest entry in magnitude of
    /// each is positive (the first of them on a tie).
    pub fn eigenvectors(&self) -> ArrayView2<'_, T> {
        self.eigenvectors.view()
    }

    /// The coefficients of the inverse transform, n x p, when it was fitted. scikit-learn's `dual_coef_`.
    pub fn dual_coef(&self) -> Option<ArrayView2<'_, T>> {
        self.inverse.as_ref().map(|inverse| inverse.dual_coef.view())
    }

    /// The data that the model was fitted on, n x p; no rows for [`Kernel::Precomputed`], which needs none.
    pub fn x_fit(&self) -> ArrayView2<'_, T> {
        self.x_fit.view()
    }

    /// γ: the one that was chosen, or 1/p.
    pub fn gamma(&self) -> f64 {
        self.gamma
    }

    /// The kernel, as it was chosen.
    pub fn kernel(&self) -> Kernel {
        self.kernel
    }

    /// k, the number of components.
    pub fn n_components(&self) -> usize {
        self.eigenvalues.len()
    }

    /// p, the number of features; n for [`Kernel::Precomputed`].
    pub fn n_features(&self) -> usize {
        self.x_fit.ncols()
    }

    /// n, the number of samples that the model was fitted on.
    pub fn n_samples(&self) -> usize {
        self.row_means.len()
    }

    /// The scores (m x k) of `x` (m x p), or of the kernel's values between m rows and the n fitted ones (m x n) for
    /// [`Kernel::Precomputed`].
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn transform(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument: "x", found, expected });
        }
        require_finite("x", x)?;
        // A row of kernel values is counted from the means of the fitted rows, and then from its own mean, which is the
        // same as taking the mean off the columns that it is multiplied by.
        let mut axes = self.eigenvectors.mapv(T::as_f64);
        for (mut axis, &eigenvalue) in axes.columns_mut().into_iter().zip(&self.eigenvalues) {
            let scale = if eigenvalue > T::zero() { eigenvalue.as_f64().sqrt().recip() } else { 0.0 };
            let mean = axis.sum() / axis.len() as f64;
            axis.mapv_inplace(|entry| scale * (entry - mean));
        }
        let mut scores = zeros(x.nrows(), self.n_components())?;
        if self.kernel == Kernel::Precomputed {
            map_centred(x, &self.row_means, &mut scores, |block, mut scores| {
                Ok(kernel::gemm(1.0, block, &axes, 0.0, &mut scores)?)
            })?;
        } else {
            let rows = KernelRows::new("x", self.kernel, self.gamma, &self.x_fit)?;
            rows.map_blocks(x, &mut scores, |block, mut scores| {
                *block -= &self.row_means;
                Ok(kernel::gemm(1.0, block, &axes, 0.0, &mut scores)?)
            })?;
        }
        let scores = scores.mapv(T::from_f64);
        require_finite_values(&scores)?;
        Ok(scores)
    }

    /// The data (m x p) that might have these scores (m x k): what the regression predicts that was learned by
    /// [`KernelPcaParams::fit_inverse_transform`] (Bakır, Weston, Schölkopf, "Learning to find pre-images", NIPS 2003). Zeros for a
    /// model without components.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when it was not learned; [`Error::Lapack`] with `Shape` when `scores` has not k columns,
    /// `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn inverse_transform(&self, scores: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let Some(inverse) = &self.inverse else {
            let (what, remedy) =
                ("the inverse transform", "choose fit_inverse_transform among the parameters, and fit again");
            return Err(Error::Unavailable { what, remedy });
        };
        require_finite("scores", scores)?;
        let (found, expected) = (scores.ncols(), self.n_components());
        if found != expected {
            let (argument, extent, reason) = ("scores", "columns", "one for each component of the model");
            return Err(lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into());
        }
        let coefficients = inverse.dual_coef.mapv(T::as_f64);
        let mut x = zeros(scores.nrows(), self.n_features())?;
        if expected > 0 {
            let rows = KernelRows::new("scores", self.kernel, self.gamma, &self.fitted_scores())?;
            rows.map_blocks(scores, &mut x, |block, mut x| {
                Ok(kernel::gemm(1.0, block, &coefficients, 0.0, &mut x)?)
            })?;
        }
        let x = x.mapv(T::from_f64);
        require_finite_values(&x)?;
        Ok(x)
    }

    /// The scores of the data that the model was fitted on.
    fn fitted_scores(&self) -> Array2<T> {
        &self.eigenvectors * &self.eigenvalues.mapv(|value| value.sqrt()).insert_axis(Axis(0))
    }
}
