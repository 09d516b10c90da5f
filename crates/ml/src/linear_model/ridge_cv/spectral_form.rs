//! A ridge regression for every penalty at once: the eigendecomposition of the products of the features, or of the rows.

use lapwing_lapack::{Scalar, SymmetricEigen, matmul};
use ndarray::{Array1, Array2, ArrayRef2, Axis, s};

use crate::error::Error;
use crate::linear_model::centred_system::CentredKernel;
use crate::linear_model::cross_moments::CrossMoments;
use crate::linear_model::regression::Regression;

/// `X̃ᵀX̃ = V Λ Vᵀ` where samples outnumber features, `X̃X̃ᵀ = U Λ Uᵀ` elsewhere, of the centred and weighted data.
#[derive(Clone)]
pub(crate) struct SpectralForm {
    pub(crate) side: Side,
    /// k, ascending; those that are rounding are zero.
    pub(crate) eigenvalues: Array1<f64>,
    /// p x k or n x k, orthonormal.
    pub(crate) vectors: Array2<f64>,
    /// k x t: `VᵀX̃ᵀy` or `Uᵀy`.
    pub(crate) projections: Array2<f64>,
    pub(crate) x_mean: Array1<f64>,
    pub(crate) y_mean: Array1<f64>,
}

/// Whose products were decomposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Features,
    Samples,
}

impl SpectralForm {
    /// By shape, as scikit-learn's `gcv_mode`: n p² + 9 p³ operations, or n² p + 9 n³.
    pub(crate) fn new<T: Scalar>(data: &Regression<'_, T>) -> Result<Self, Error> {
        let (rows, columns) = data.x.dim();
        if rows > columns {
            Self::of_features(&data.moments()?, rows)
        } else {
            Self::of_samples(CentredKernel::new(data)?, columns)
        }
    }

    /// From the sums over `rows` rows.
    pub(crate) fn of_features(moments: &CrossMoments, rows: usize) -> Result<Self, Error> {
        let (eigenvalues, vectors) = SymmetricEigen::new(&moments.gram)?.into_factors();
        let projections = matmul(&vectors.t(), &moments.cross)?;
        let eigenvalues = without_rounding(eigenvalues, rows);
        let (x_mean, y_mean) = (moments.x_mean.clone(), moments.y_mean.clone());
        Ok(Self { side: Side::Features, eigenvalues, vectors, projections, x_mean, y_mean })
    }

    fn of_samples(mut kernel: CentredKernel, columns: usize) -> Result<Self, Error> {
        // Twice a bound of all eigenvalues, so that the null vector of the centring is the last eigenvector, and none of
        // those that the data itself has.
        let bound = kernel.row_sum_norm();
        kernel.lift_null_vector(if bound > 0.0 { 2.0 * bound } else { 1.0 });
        let (mut eigenvalues, mut vectors) = SymmetricEigen::new(&kernel.kernel)?.into_factors();
        if kernel.has_null_vector() {
            let kept = eigenvalues.len() - 1;
            eigenvalues.slice_collapse(s![..kept]);
            vectors.slice_collapse(s![.., ..kept]);
        }
        let projections = matmul(&vectors.t(), &kernel.y)?;
        let eigenvalues = without_rounding(eigenvalues, columns);
        let (x_mean, y_mean) = (kernel.x_mean, kernel.y_mean);
        Ok(Self { side: Side::Samples, eigenvalues, vectors, projections, x_mean, y_mean })
    }

    /// `1 / (λ + α)` of each eigenvalue; zero where the data has no part in the direction.
    pub(crate) fn reciprocals(&self, penalty: f64) -> Array1<f64> {
        self.eigenvalues.mapv(|value| if value == 0.0 { 0.0 } else { 1.0 / (value + penalty) })
    }

    /// The coefficients (a t x p matrix for each penalty, one below the other) of a grid of penalties.
    pub(crate) fn coefficients<T: Scalar>(
        &self,
        data: &Regression<'_, T>,
        penalties: &[f64],
    ) -> Result<Array2<f64>, Error> {
        let filtered = self.filtered(penalties, |penalty| self.reciprocals(penalty));
        let found = matmul(&self.vectors, &filtered)?;
        Ok(match self.side {
            Side::Features => found.reversed_axes(),
            Side::Samples => data.transposed_product(&found)?.reversed_axes(),
        })
    }

    /// The projections times `factors` of each penalty, k x (penalties · t).
    pub(crate) fn filtered(&self, penalties: &[f64], factors: impl Fn(f64) -> Array1<f64>) -> Array2<f64> {
        let targets = self.projections.ncols();
        let mut filtered = Array2::zeros((self.eigenvalues.len(), penalties.len() * targets));
        for (&penalty, mut part) in penalties.iter().zip(filtered.axis_chunks_iter_mut(Axis(1), targets)) {
            part.assign(&(&self.projections * &factors(penalty).insert_axis(Axis(1))));
        }
        filtered
    }

    /// The sum of `λ / (λ + α)`: how many parameters a fit really has, beside the intercept.
    pub(crate) fn effective_parameters(&self, penalty: f64) -> f64 {
        self.eigenvalues.dot(&self.reciprocals(penalty))
    }
}

/// Eigenvalues up to max(n, p) roundings of the largest are set to zero.
fn without_rounding(mut eigenvalues: Array1<f64>, other_extent: usize) -> Array1<f64> {
    let largest = eigenvalues.last().copied().unwrap_or(0.0);
    let least = largest.max(0.0) * other_extent.max(eigenvalues.len()) as f64 * f64::EPSILON;
    eigenvalues.mapv_inplace(|value| if value > least { value } else { 0.0 });
    eigenvalues
}

impl CentredKernel {
    /// The largest sum of magnitudes in a row: a bound of the eigenvalues.
    fn row_sum_norm(&self) -> f64 {
        let mut sums = Array1::<f64>::zeros(self.kernel.nrows());
        for (i, row) in self.kernel.outer_iter().enumerate() {
            let below: &ArrayRef2<f64> = &row.slice(s![..i]).mapv(f64::abs).insert_axis(Axis(0));
            sums[i] += below.sum() + row[i].abs();
            let mut others = sums.slice_mut(s![..i]);
            others += &below.row(0);
        }
        sums.iter().copied().fold(0.0, f64::max)
    }
}
