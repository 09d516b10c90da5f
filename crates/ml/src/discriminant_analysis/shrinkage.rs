//! Covariances of few samples, drawn towards a simpler one.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2, Axis};

use super::groups::moments_of_rows;
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
            Shrinkage::Fixed(share) if !(0.0..=1.0).contains(&share) => Err(Error::InvalidParameter {
                parameter: "shrinkage",
                value: share.to_string(),
                requirement: "from 0 to 1".to_owned(),
            }),
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
    let mut covariance = symmetric(moments.scatter()) / rows.len() as f64;
    match shrinkage {
        Shrinkage::None => {}
        Shrinkage::Fixed(share) => shrink(&mut covariance, share),
        Shrinkage::LedoitWolf => {
            let deviations =
                covariance.diag().mapv(|variance| if variance > 0.0 { variance.sqrt() } else { 1.0 });
            let column = deviations.view().insert_axis(Axis(1));
            covariance = covariance / &deviations / column;
            let share = ledoit_wolf(x, rows, &mean, &deviations, &covariance);
            shrink(&mut covariance, share);
            covariance = covariance * &deviations * column;
        }
    }
    Ok((mean, covariance))
}

/// Replaces `share` of a covariance by a multiple of the identity of the same trace.
fn shrink(covariance: &mut Array2<f64>, share: f64) {
    let variance = covariance.diag().mean().unwrap_or(0.0);
    *covariance *= 1.0 - share;
    covariance.diag_mut().mapv_inplace(|x| x + share * variance);
}

/// The best share, from the covariance of the rows divided by `deviations`: the expected squared error of its entries, over their
/// squared distance from a multiple of the identity.
fn ledoit_wolf<T: Scalar>(
    x: &ArrayRef2<T>,
    rows: &[usize],
    mean: &Array1<f64>,
    deviations: &Array1<f64>,
    covariance: &Array2<f64>,
) -> f64 {
    let squared_length = |&row: &usize| -> f64 {
        let entries = x.row(row).into_iter().zip(mean).zip(deviations);
        entries.map(|((x, mean), deviation)| ((x.as_f64() - mean) / deviation).powi(2)).sum()
    };
    let n = rows.len() as f64;
    let fourth = rows.iter().map(|row| squared_length(row).powi(2)).sum::<f64>() / n;
    let squares: f64 = covariance.iter().map(|entry| entry * entry).sum();
    let variance = covariance.diag().mean().unwrap_or(0.0);
    let mut identity = covariance.clone();
    identity.diag_mut().mapv_inplace(|entry| entry - variance);
    let distance: f64 = identity.iter().map(|entry| entry * entry).sum();
    let error = (fourth - squares) / n;
    if error <= 0.0 || distance <= 0.0 { 0.0 } else { (error / distance).min(1.0) }
}

/// A matrix of which the lower triangle is given.
fn symmetric(lower: &ArrayRef2<f64>) -> Array2<f64> {
    Array2::from_shape_fn(lower.dim(), |(i, j)| if j <= i { lower[[i, j]] } else { lower[[j, i]] })
}
