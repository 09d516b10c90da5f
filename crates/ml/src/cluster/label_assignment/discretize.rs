//! Clusters from the partition nearest the eigenvectors (Yu and Shi, "Multiclass spectral clustering", ICCV 2003).

use lapwing_lapack::{Svd, matmul};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, s};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::{largest_columns, require_coordinates};
use crate::error::Error;

/// Rows from which the search starts; the best end counts.
const STARTS: usize = 10;
/// Each step may only improve the objective, and there are finitely many partitions; this is where patience ends.
const MOST_STEPS: usize = 100;

/// A cluster for each row of `vectors` (n x k, n ≥ k), from 0 to k − 1. scikit-learn's `discretize`.
///
/// Rows are scaled to length 1. Two steps alternate until the labels stay: each row belongs where its largest entry is, after
/// a rotation; and the rotation is the one that brings the rows nearest the indicators of their clusters. The search
/// starts from ten random rows, of which the best end counts, where scikit-learn starts from one. A cluster may be
/// left empty. Cost: O(nk²) a step.
///
/// ```
/// use lapwing_ml::cluster::discretize;
/// use ndarray::array;
/// let vectors = array![[0.6, 0.8], [0.5, 0.9], [-0.8, 0.6], [-0.7, 0.5], [0.6, 0.7]];
/// let labels = discretize(&vectors, 0)?;
/// assert!(labels[0] == labels[1] && labels[1] == labels[4] && labels[2] == labels[3] && labels[0] != labels[2]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::NoFeatures`]; [`Error::TooFewSamples`] with fewer rows than columns; [`Error::Lapack`] with `NonFinite`, `OutOfMemory`,
/// `NoConvergence`.
pub fn discretize(vectors: &ArrayRef2<f64>, seed: u64) -> Result<Array1<usize>, Error> {
    require_coordinates(vectors, "discretization")?;
    let mut rows = vectors.to_owned();
    for mut column in rows.columns_mut() {
        scale_to_unit(&mut column);
    }
    for mut row in rows.outer_iter_mut() {
        scale_to_unit(&mut row);
    }
    let mut generator = Pcg64::seed_from_u64(seed);
    // Starts that find the same partition number it otherwise, and rounding must not choose among them: the first one stays.
    let rounding = 1.0 + 4.0 * rows.nrows() as f64 * f64::EPSILON;
    let mut best: Option<(f64, Array1<usize>)> = None;
    for _ in 0..STARTS {
        let start = generator.random_range(0..rows.nrows());
        let found = search(&rows, spread_rows(&rows, start))?;
        if best.as_ref().is_none_or(|best| found.0 > best.0 * rounding) {
            best = Some(found);
        }
    }
    Ok(best.map(|best| best.1).unwrap_or_default())
}

/// Divides by the Euclidean norm, unless it is zero; in units of the largest entry, whose square stays in range.
fn scale_to_unit(vector: &mut ArrayRef1<f64>) {
    let largest = vector.iter().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
    if largest > 0.0 {
        vector.mapv_inplace(|entry| entry / largest);
        let norm = vector.dot(vector).sqrt();
        vector.mapv_inplace(|entry| entry / norm);
    }
}

/// k rows, in columns: the first, and each time the one that those before it contain the least of.
fn spread_rows(rows: &ArrayRef2<f64>, first: usize) -> Array2<f64> {
    let k = rows.ncols();
    let mut chosen = Array2::zeros((k, k));
    let mut overlap = Array1::<f64>::zeros(rows.nrows());
    let mut next = first;
    for j in 0..k {
        chosen.column_mut(j).assign(&rows.row(next));
        overlap += &rows.dot(&rows.row(next)).mapv(f64::abs);
        let least = overlap.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        next = least.map_or(0, |(row, _)| row);
    }
    chosen
}

/// Alternates from this rotation on, and returns the sum of the singular values, which is largest for the partition nearest
/// the rows, with the labels.
fn search(rows: &ArrayRef2<f64>, mut rotation: Array2<f64>) -> Result<(f64, Array1<usize>), Error> {
    let k = rows.ncols();
    let mut labels = Array1::from_elem(rows.nrows(), usize::MAX);
    let mut objective = 0.0;
    for _ in 0..MOST_STEPS {
        let next = largest_columns(&matmul(rows, &rotation)?, |entry| entry);
        if next == labels {
            break;
        }
        labels = next;
        let mut sums = Array2::zeros((k, k));
        for (row, &label) in rows.outer_iter().zip(&labels) {
            let mut sum = sums.slice_mut(s![.., label]);
            sum += &row;
        }
        let svd = Svd::thin(&sums)?;
        objective = svd.singular_values().sum();
        rotation = matmul(&svd.u(), &svd.vt())?;
    }
    Ok((objective, labels))
}
