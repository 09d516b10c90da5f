//! Covariances of few samples, drawn towards a simpler one.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use super::groups::moments_of_rows;
use crate::covariance::{best_share, mirror_lower, require_share, shrink};
use crate::error::Error;

/// How much of a covariance is replaced by one of the same trace that treats all features alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shrinkage {
    /// Nothing.
    #[default]
    None,
    /// This share, from 0 to 1, of the covariance as it is.
    Fixed(f64),
    /// The share that Ledoit and Wolf ("A well-conditioned estimator for large-dimensional covariance matrices", 2004) estimate to
    /// be best, of the correlations. scikit-learn's `"auto"`.
    LedoitWolf,
}

impl Shrinkage {
    pub(super) fn check(self) -> Result<(), Error> {
        match self {
            Shrinkage::Fixed(share) => require_share(share),
            _ => Ok(()),
        }
    }
}

/// The mean and the covariance, with the number of rows in the denominator, of some rows of `x`.
pub(super) fn mean_and_covariance<T: Scalar>(
    x: &ArrayRef2<T>,
    rows: &[usize],
    shrinkage: Shrinkage,
) -> Result<(Array1<f64>, Array2<f64>), Error> {
    let moments = moments_of_rows(x, rows)?;
    let mean = moments.mean();
    let mut covariance = moments.scatter() / rows.len() as f64;
    mirror_lower(&mut covariance);
    match shrinkage {
        Shrinkage::None => {}
        Shrinkage::Fixed(share) => shrink(&mut covariance, share),
        Shrinkage::LedoitWolf => {
            let deviations =
                covariance.diag().mapv(|variance| if variance > 0.0 { variance.sqrt() } else { 1.0 });
            let column = deviations.view().insert_axis(Axis(1));
            covariance = covariance / &deviations / column;
            let share = best_share(&covariance, rows.len(), |mean_variance| {
                Ok(fourth_powers(x, rows, (&mean, &deviations), mean_variance))
            })?;
            shrink(&mut covariance, share);
            covariance = covariance * &deviations * column;
        }
    }
    Ok((mean, covariance))
}

/// The sum of the squared squares of the lengths of some rows, in deviations from `mean` of which `deviations` are the units, and in
/// units of `mean_variance`.
fn fourth_powers<T: Scalar>(
    x: &ArrayRef2<T>,
    rows: &[usize],
    (mean, deviations): (&ArrayRef1<f64>, &ArrayRef1<f64>),
    mean_variance: f64,
) -> f64 {
    let squared_length = |&row: &usize| -> f64 {
        let entries = x.row(row).into_iter().zip(mean).zip(deviations);
        entries.map(|((x, mean), deviation)| ((x.as_f64() - mean) / deviation).powi(2)).sum()
    };
    rows.iter().map(|row| (squared_length(row) / mean_variance).powi(2)).sum()
}
