//! Spectral clustering: the samples are the nodes of a graph of affinities, and clusters are what little affinity connects
//! (Shi and Malik, "Normalized cuts and image segmentation", PAMI 22, 2000; Ng, Jordan, Weiss, "On spectral clustering",
//! NIPS 2001).
//!
//! | step        | what                                                                                              |
//! |-------------|---------------------------------------------------------------------------------------------------|
//! | Laplacian   | the symmetric one of the affinities, never formed where they are dense; the diagonal does not count |
//! | coordinates | a [`SpectralEmbedding`](crate::manifold::SpectralEmbedding), with the first vector; multiple and zero eigenvalues as often as they are there |
//! | labels      | by [`LabelAssignment`]                                                                            |
//!
//! The semantics are those of scikit-learn's `sklearn.cluster.SpectralClustering`, with the differences of the embedding, and
//! these:
//!
//! - Affinities that are negative or not symmetric are an error. scikit-learn symmetrizes the latter with a warning.
//! - Connected components are never split while there are no more of them than clusters, except to fill up the number of
//!   clusters. Where there are more, those with the least affinities share a cluster.
//! - Where the graph is complete with equal weights, as for equal samples, no partition is better than another, and which one
//!   comes out depends on the seed alone.

mod assignment;
mod eigengap;
mod encoding;
#[cfg(test)]
mod landmark_tests;
mod landmarks;
mod nystrom;
#[cfg(test)]
mod nystrom_tests;
mod params;
mod persistence;
#[cfg(test)]
mod tests;

use lapwing_lapack::{matmul, require_finite};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};

pub use assignment::LabelAssignment;
pub use eigengap::{NClusters, eigengap};
pub use landmarks::{LandmarkSelection, LandmarkSpectralClustering, LandmarkSpectralClusteringParams};
pub use nystrom::{NystromSpectralClustering, NystromSpectralClusteringParams};
pub use params::SpectralClusteringParams;

use self::assignment::nearest_means;
use crate::affinity::AffinityMatrix;
use crate::error::Error;
use crate::graph::EigenSolver;
use crate::manifold::SpectralEmbedding;

/// A clustering of n samples.
///
/// ```
/// use lapwing_ml::{Affinity, cluster::SpectralClustering};
/// use ndarray::Array2;
/// // Two rings, one within the other.
/// let x = Array2::from_shape_fn((90, 2), |(i, j)| {
///     let (radius, angle) = if i < 30 { (1.0, i as f64 / 30.0) } else { (3.0, (i - 30) as f64 / 60.0) };
///     let angle = 2.0 * std::f64::consts::PI * angle;
///     radius * if j == 0 { angle.cos() } else { angle.sin() }
/// });
/// let params = SpectralClustering::params().n_clusters(2).affinity(Affinity::nearest_neighbors(5));
/// let model = params.fit(&x)?;
/// let inner = model.labels()[0];
/// assert!(model.labels().iter().enumerate().all(|(i, &label)| (label == inner) == (i < 30)));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpectralClustering {
    labels: Array1<usize>,
    embedding: Array2<f64>,
    /// The mean coordinates of each cluster, infinite for one without samples.
    centres: Array2<f64>,
    spectral: SpectralEmbedding,
    affinity: Option<AffinityMatrix>,
}

impl SpectralClustering {
    /// The choices, to change before fitting.
    pub fn params() -> SpectralClusteringParams {
        SpectralClusteringParams::default()
    }

    /// The cluster of each sample, n, from 0.
    pub fn labels(&self) -> ArrayView1<'_, usize> {
        self.labels.view()
    }

    /// How many clusters were looked for: the number that was given, or that the eigengap suggests.
    pub fn n_clusters(&self) -> usize {
        self.centres.nrows()
    }

    /// The coordinates that the clusters were read from, n x n_components.
    pub fn embedding(&self) -> ArrayView2<'_, f64> {
        self.embedding.view()
    }

    /// The smallest eigenvalues of the symmetric Laplacian, ascending: one for each coordinate, and for
    /// [`NClusters::Eigengap`] `max + 1`, as far as there are samples. [`eigengap`] tells how many clusters they suggest.
    pub fn eigenvalues(&self) -> ArrayView1<'_, f64> {
        self.spectral.eigenvalues()
    }

    /// `‖L x − λ x‖₂` for each eigenvalue and its unit eigenvector, from products with the result.
    pub fn residual_norms(&self) -> ArrayView1<'_, f64> {
        self.spectral.residual_norms()
    }

    /// How many connected components the affinities have.
    pub fn component_count(&self) -> usize {
        self.spectral.component_count()
    }

    /// The affinities that the clusters were made from, when they were computed and
    /// [kept](SpectralClusteringParams::keep_affinity).
    pub fn affinity(&self) -> Option<&AffinityMatrix> {
        self.affinity.as_ref()
    }

    /// The eigensolver that ran; never [`EigenSolver::Auto`], unless all of the eigenvectors were known beforehand.
    pub fn solver(&self) -> EigenSolver {
        self.spectral.solver()
    }

    /// Clusters for new samples, from their affinities (q x n) to the n samples of the model.
    ///
    /// The coordinates of a new sample are the means of the coordinates of the others, weighted by its affinities and divided
    /// by 1 − λ: Nyström's extension of the eigenvectors (Bengio et al., "Out-of-sample extensions for LLE, Isomap, MDS,
    /// eigenmaps, and spectral clustering", NIPS 2003). It belongs to the cluster whose mean coordinates are nearest.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Shape` or `NonFinite`; [`Error::NegativeWeight`]; [`Error::InvalidParameter`] for a sample without
    /// affinity to any.
    pub fn predict_affinity(&self, affinity: &ArrayRef2<f64>) -> Result<Array1<usize>, Error> {
        let (found, expected) = (affinity.ncols(), self.labels.len());
        if found != expected {
            let (argument, extent, reason) = ("affinity", "columns", "one for each sample of the model");
            return Err(lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into());
        }
        require_finite("affinity", affinity)?;
        let mut shares = affinity.to_owned();
        for (row, mut weights) in shares.outer_iter_mut().enumerate() {
            if let Some((col, &value)) = weights.iter().enumerate().find(|(_, value)| **value < 0.0) {
                return Err(Error::NegativeWeight { argument: "affinity", row, col, value });
            }
            let largest = weights.iter().copied().fold(0.0, f64::max);
            if largest == 0.0 {
                let (value, requirement) =
                    (format!("zero in row {row}"), "positive somewhere in each row".to_owned());
                return Err(Error::InvalidParameter { parameter: "affinity", value, requirement });
            }
            // In units of the largest, the sum is in range.
            weights /= largest;
            let sum = weights.sum();
            weights /= sum;
        }
        let mut coordinates = matmul(&shares, &self.embedding)?;
        let mut centres = self.centres.clone();
        for (j, &eigenvalue) in self.eigenvalues().iter().enumerate().take(coordinates.ncols()) {
            let factor = 1.0 - eigenvalue;
            if factor.abs() > 1e-12 {
                coordinates.column_mut(j).mapv_inplace(|entry| entry / factor);
            } else {
                // An eigenvector that has no extension tells nothing about a new sample.
                coordinates.column_mut(j).fill(0.0);
                centres.column_mut(j).mapv_inplace(|entry| if entry.is_finite() { 0.0 } else { entry });
            }
        }
        Ok(nearest_means(&coordinates, &centres))
    }
}
