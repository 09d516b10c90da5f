//! From the coordinates of a spectral embedding to clusters, without k-means.

mod cluster_qr;
mod discretize;
#[cfg(test)]
mod tests;

pub use cluster_qr::cluster_qr;
pub use discretize::discretize;

use lapwing_lapack::require_finite;
use ndarray::{Array1, ArrayRef2};

use crate::error::Error;

/// That there are coordinates, that they are finite, and at least as many rows as columns.
fn require_coordinates(vectors: &ArrayRef2<f64>, method: &'static str) -> Result<(), Error> {
    let (found, least) = vectors.dim();
    if least == 0 {
        return Err(Error::NoFeatures { argument: "vectors" });
    }
    if found < least {
        return Err(Error::TooFewSamples { argument: "vectors", method, found, least });
    }
    Ok(require_finite("vectors", vectors)?)
}

/// The column of the largest entry of each row, the first of them on a tie.
fn largest_columns(rows: &ArrayRef2<f64>, size: impl Fn(f64) -> f64) -> Array1<usize> {
    let largest = |row: ndarray::ArrayView1<f64>| {
        let better = |best: (usize, f64), (col, &entry): (usize, &f64)| {
            if size(entry) > best.1 { (col, size(entry)) } else { best }
        };
        row.iter().enumerate().fold((0, f64::NEG_INFINITY), better).0
    };
    rows.outer_iter().map(largest).collect()
}
