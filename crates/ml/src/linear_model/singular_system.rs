//! Regularized least squares on centred data by one singular value decomposition.
//!
//! [`Regularization`](lapwing_lapack::least_squares::Regularization) decomposes likewise, and solves for one penalty in
//! O((n + p) k). What is needed here is a penalty and a rank at once, since a penalty near zero must not amplify what the
//! data does not determine, and norms of very many solutions in O(k) each.

use lapwing_lapack::{Scalar, Svd, matmul};
use ndarray::{Array1, Array2, Axis};

use super::centred_system::CentredSystem;
use super::regression::Regression;
use crate::error::Error;

/// The decomposition of the centred features, cut at their rank k, and what of the targets lies in their range.
pub(crate) struct SingularSystem {
    /// k, largest first, none of them rounding.
    pub(crate) values: Array1<f64>,
    /// The right singular vectors in rows, k x p.
    pub(crate) axes: Array2<f64>,
    /// The products of the left singular vectors with the targets, k x t.
    pub(crate) projections: Array2<f64>,
    /// For each target, the sum of squares of what lies outside of the range, t.
    pub(crate) unexplained: Array1<f64>,
    pub(crate) x_mean: Array1<f64>,
    pub(crate) y_mean: Array1<f64>,
}

impl SingularSystem {
    /// Decomposes a centred copy of the data. Singular values up to max(n, p) ε of the largest count as zero, as in NumPy,
    /// with the ε of the data's scalar.
    pub(crate) fn new<T: Scalar>(data: &Regression<'_, T>) -> Result<Self, Error> {
        let CentredSystem { x, y, x_mean, y_mean } = CentredSystem::new(data)?;
        let longest = x.nrows().max(x.ncols()) as f64;
        let (u, mut values, mut axes) = Svd::thin(&x)?.into_factors();
        drop(x);
        let least = values.first().map_or(0.0, |largest| largest * longest * 2.0 * T::UNIT_ROUNDOFF.as_f64());
        let rank = values.iter().take_while(|&&value| value > least).count();
        let u = u.slice_move(ndarray::s![.., ..rank]);
        values.slice_collapse(ndarray::s![..rank]);
        axes.slice_collapse(ndarray::s![..rank, ..]);
        let projections = matmul(&u.t(), &y)?;
        let outside = y - matmul(&u, &projections)?;
        let unexplained = outside.map_axis(Axis(0), |column| column.dot(&column));
        Ok(Self { values, axes, projections, unexplained, x_mean, y_mean })
    }

    /// The coefficients, t x p, with a penalty for each target: `Σ vᵢ σᵢ / (σᵢ² + α) uᵢᵀ y`.
    pub(crate) fn penalized(&self, penalties: &Array1<f64>) -> Result<Array2<f64>, Error> {
        let mut parts = self.projections.clone();
        for (mut part, &penalty) in parts.columns_mut().into_iter().zip(penalties) {
            for (entry, &value) in part.iter_mut().zip(&self.values) {
                // One division by σ + α / σ, where neither σ² nor its sum with α can overflow.
                *entry /= value + penalty / value;
            }
        }
        Ok(matmul(&parts.t(), &self.axes)?)
    }
}
