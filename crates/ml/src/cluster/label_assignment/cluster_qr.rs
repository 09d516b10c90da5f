//! Clusters from a column-pivoted QR factorization (Damle, Minden, Ying, "Simple, direct and efficient multi-way spectral
//! clustering", Information and Inference 8, 2019).

use lapwing_lapack::{PivotedQr, Polar, matmul};
use ndarray::{Array1, ArrayRef2, Axis};

use super::{largest_columns, require_coordinates};
use crate::error::Error;

/// A cluster for each row of `vectors` (n x k, n ≥ k), from 0 to k − 1. scikit-learn's `cluster_qr`.
///
/// The k rows that a QR factorization of the transpose pivots to stand for the clusters. The orthogonal matrix nearest
/// theirs turns the coordinates so that each cluster has one of its own, and a row belongs where its largest entry in
/// magnitude is, the first of them on a tie. There is nothing to choose, and nothing random. Cost: O(nk²).
///
/// ```
/// use lapwing_ml::cluster::cluster_qr;
/// use ndarray::array;
/// let vectors = array![[0.6, 0.8], [0.5, 0.9], [-0.8, 0.6], [-0.7, 0.5], [0.6, 0.7]];
/// let labels = cluster_qr(&vectors)?;
/// assert!(labels[0] == labels[1] && labels[1] == labels[4] && labels[2] == labels[3] && labels[0] != labels[2]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoFeatures`]; [`Error::TooFewSamples`] with fewer rows than columns; [`Error::Lapack`] with `NonFinite`, `Overflow`,
/// `OutOfMemory`, `NoConvergence`.
pub fn cluster_qr(vectors: &ArrayRef2<f64>) -> Result<Array1<usize>, Error> {
    require_coordinates(vectors, "cluster-QR")?;
    let k = vectors.ncols();
    let pivots = PivotedQr::new(&vectors.t())?;
    let rows = vectors.select(Axis(0), &pivots.permutation()[..k]);
    let turn = Polar::new(&rows.t())?;
    Ok(largest_columns(&matmul(vectors, &turn.orthogonal())?, f64::abs))
}
