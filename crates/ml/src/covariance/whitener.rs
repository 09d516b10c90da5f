//! The matrix W with `Wᵀ W` the inverse of a covariance: `‖W d‖²` is the squared Mahalanobis distance of a deviation d.

use lapwing_lapack::SymmetricEigen;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use crate::error::Error;
use crate::mahalanobis::CovarianceFactor;

/// How a covariance measures distances.
#[derive(Clone, Debug)]
pub(super) struct Whitener {
    /// p x p.
    pub(super) matrix: Array2<f64>,
    /// Along how many directions there is variance.
    pub(super) rank: usize,
    /// `ln det` of the covariance; −∞ where the rank is below p.
    pub(super) log_determinant: f64,
}

impl Whitener {
    /// Of a covariance (p x p), both triangles.
    ///
    /// Its rank is that of the correlation, so that the units of the features do not matter. Along a direction without
    /// variance, distances are measured by the least variance that could be told from zero; `units` says in which unit
    /// for a feature that does not vary at all.
    pub(super) fn new(covariance: &ArrayRef2<f64>, units: &ArrayRef1<f64>) -> Result<Self, Error> {
        match CovarianceFactor::new("covariance", covariance, f64::EPSILON, "") {
            Ok(factor) => Ok(Self {
                matrix: factor.whitener()?,
                rank: covariance.nrows(),
                log_determinant: factor.log_determinant(),
            }),
            Err(Error::DependentFeature { .. }) => Self::from_spectrum(covariance, units),
            Err(error) => Err(error),
        }
    }

    fn from_spectrum(covariance: &ArrayRef2<f64>, units: &ArrayRef1<f64>) -> Result<Self, Error> {
        let variances = covariance.diag();
        let scales: Array1<f64> = variances
            .iter()
            .zip(units)
            .map(|(&variance, &unit)| match (variance > 0.0, unit > 0.0) {
                (true, _) => variance.sqrt(),
                (false, true) => unit,
                (false, false) => 1.0,
            })
            .collect();
        // Divided twice, as the product of two scales may leave the range.
        let correlation = &(&covariance.view() / &scales) / &scales.view().insert_axis(Axis(1));
        let (values, vectors) = SymmetricEigen::new(&correlation)?.into_factors();
        let largest = values.iter().fold(0.0f64, |largest, &value| largest.max(value));
        let least = if largest > 0.0 { largest * resolution(values.len()) } else { 1.0 };
        let rank = values.iter().filter(|&&value| value > least).count();
        let log_determinant = if rank == values.len() {
            values.iter().chain(&scales).chain(&scales).map(|x| x.ln()).sum()
        } else {
            f64::NEG_INFINITY
        };
        let lengths = values.mapv(|value| value.max(least).sqrt());
        let matrix = &(&vectors.t() / &lengths.insert_axis(Axis(1))) / &scales;
        Ok(Self { matrix, rank, log_determinant })
    }

    pub(super) fn is_singular(&self) -> bool {
        self.rank < self.matrix.ncols()
    }
}

/// The smallest eigenvalue that is not rounding, as a share of the largest: SciPy's for `pinvh`.
pub(super) fn resolution(order: usize) -> f64 {
    order as f64 * f64::EPSILON
}
