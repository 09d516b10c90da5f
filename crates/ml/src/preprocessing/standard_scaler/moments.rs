//! Weight, mean and variance of the features, and how those of two parts of the data become those of the whole.

use lapwing_lapack::{Scalar, require_finite, threads};
use ndarray::{Array1, ArrayRef1, ArrayRef2, s};

use crate::data_matrix::{ColumnMoments, DataMatrix};
use crate::error::Error;
use crate::linear_model::check_weights;
use crate::moments::variance_overflows;
use crate::row_blocks::partition;

/// Of samples that weigh so much together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WeightedMoments {
    pub(super) weight: f64,
    pub(super) mean: Array1<f64>,
    /// With the weight in the denominator.
    pub(super) variance: Array1<f64>,
}

impl WeightedMoments {
    /// Those of rows that weigh 1 each.
    pub(super) fn of_rows<T: Scalar, X: DataMatrix<T> + ?Sized>(x: &X) -> Result<Self, Error> {
        let ColumnMoments { mean, variance } = x.column_moments("x")?;
        Ok(Self { weight: x.dimensions().0 as f64, mean, variance })
    }

    /// Those of rows with these weights, in two passes: for the mean, counted from the first row, and for the deviations.
    pub(super) fn of_weighted_rows<T: Scalar>(
        x: &ArrayRef2<T>,
        weights: &ArrayRef1<T>,
    ) -> Result<Self, Error> {
        require_finite("x", x)?;
        let weight = check_weights(weights, x.nrows())?;
        let reference = x.row(0).mapv(T::as_f64);
        let origin = Array1::zeros(x.ncols());
        let shift = weighted_sum(x, weights, &reference, &origin, |deviation| deviation) / weight;
        let squares = weighted_sum(x, weights, &reference, &shift, |deviation| deviation * deviation);
        Self { weight, mean: reference + shift, variance: squares / weight }.finite()
    }

    /// The update of Chan, Golub and LeVeque.
    pub(super) fn merged(&self, other: &Self) -> Result<Self, Error> {
        let weight = self.weight + other.weight;
        let share = other.weight / weight;
        let shift = &other.mean - &self.mean;
        let within = &self.variance * (1.0 - share) + &other.variance * share;
        let variance = within + shift.mapv(|shift| share * (1.0 - share) * shift * shift);
        Self { weight, mean: &self.mean + &(shift * share), variance }.finite()
    }

    fn finite(self) -> Result<Self, Error> {
        let finite = self.mean.iter().chain(&self.variance).all(|x| x.is_finite());
        if finite && self.weight.is_finite() { Ok(self) } else { Err(variance_overflows()) }
    }
}

/// The sum over the rows of `weight · value((x − reference) − mean)`, for a mean counted from the reference.
fn weighted_sum<T: Scalar>(
    x: &ArrayRef2<T>,
    weights: &ArrayRef1<T>,
    reference: &Array1<f64>,
    mean: &Array1<f64>,
    value: impl Fn(f64) -> f64 + Sync,
) -> Array1<f64> {
    let parts = threads::map(partition(x.nrows(), x.ncols(), 1), |rows| {
        let mut sum = Array1::<f64>::zeros(x.ncols());
        let weights = weights.slice(s![rows.clone()]);
        for (row, weight) in x.slice(s![rows, ..]).outer_iter().zip(weights) {
            for (((sum, x), reference), mean) in sum.iter_mut().zip(row).zip(reference).zip(mean) {
                *sum += weight.as_f64() * value((x.as_f64() - reference) - mean);
            }
        }
        sum
    });
    parts.iter().fold(Array1::zeros(x.ncols()), |total, part| total + part)
}
