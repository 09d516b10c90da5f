//! How a fitted kernel PCA is stored.

use lapwing_lapack::Scalar;

use super::{Inverse, KernelPca};
use crate::kernels::Kernel;
use crate::stored::{Format, StoredError, matrix, sizes, vector};

const FORMAT: Format = Format { model: "kernel PCA", name: "lapwing.kernel_pca", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    n_samples: usize,
    n_features: usize,
    n_components: usize,
    kernel: Kernel,
    gamma: f64,
    eigenvalues: Vec<T>,
    /// Row after row.
    eigenvectors: Vec<T>,
    row_means: Vec<f64>,
    /// Row after row; empty for a precomputed kernel.
    x_fit: Vec<T>,
    /// Row after row.
    dual_coef: Option<Vec<T>>,
}

impl<T: Scalar> From<KernelPca<T>> for Stored<T> {
    fn from(model: KernelPca<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_samples: model.n_samples(),
            n_features: model.n_features(),
            n_components: model.n_components(),
            kernel: model.kernel,
            gamma: model.gamma,
            eigenvalues: model.eigenvalues.to_vec(),
            eigenvectors: model.eigenvectors.into_iter().collect(),
            row_means: model.row_means.to_vec(),
            x_fit: model.x_fit.into_iter().collect(),
            dual_coef: model.inverse.map(|inverse| inverse.dual_coef.into_iter().collect()),
        }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for KernelPca<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let (n, p, k) = (stored.n_samples, stored.n_features, stored.n_components);
        let valid = stored.kernel.gamma(p.max(1)).is_ok() && stored.gamma.is_finite() && stored.gamma > 0.0;
        if !valid {
            return Err(StoredError::Value { field: "gamma" });
        }
        let precomputed = stored.kernel == Kernel::Precomputed;
        if precomputed && (p != n || stored.dual_coef.is_some()) {
            return Err(StoredError::Inconsistent("a precomputed kernel has as many features as samples"));
        }
        let inverse = match stored.dual_coef {
            Some(values) => Some(Inverse { dual_coef: matrix("dual_coef", values, (n, p))? }),
            None => None,
        };
        Ok(Self {
            kernel: stored.kernel,
            gamma: stored.gamma,
            x_fit: matrix("x_fit", stored.x_fit, (if precomputed { 0 } else { n }, p))?,
            eigenvalues: sizes("eigenvalues", stored.eigenvalues, k)?,
            eigenvectors: matrix("eigenvectors", stored.eigenvectors, (n, k))?,
            row_means: vector("row_means", stored.row_means, n)?,
            inverse,
        })
    }
}
