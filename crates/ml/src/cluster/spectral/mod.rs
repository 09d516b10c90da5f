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

mod eigengap;
mod params;
#[cfg(test)]
mod tests;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

pub use eigengap::{NClusters, eigengap};
pub use params::{LabelAssignment, SpectralClusteringParams};

use crate::graph::EigenSolver;
use crate::manifold::SpectralEmbedding;

/// A clustering of n samples.
///
/// ```
/// use lapwing_ml::{Kernel, cluster::SpectralClustering};
/// use ndarray::Array2;
/// // Two rings, one within the other.
/// let x = Array2::from_shape_fn((90, 2), |(i, j)| {
///     let (radius, angle) = if i < 30 { (1.0, i as f64 / 30.0) } else { (3.0, (i - 30) as f64 / 60.0) };
///     let angle = 2.0 * std::f64::consts::PI * angle;
///     radius * if j == 0 { angle.cos() } else { angle.sin() }
/// });
/// let affinity = Kernel::Rbf { gamma: Some(5.0) }.matrix(&x)?;
/// let model = SpectralClustering::params().n_clusters(2).fit_affinity(&affinity)?;
/// let inner = model.labels()[0];
/// assert!(model.labels().iter().enumerate().all(|(i, &label)| (label == inner) == (i < 30)));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpectralClustering {
    labels: Array1<usize>,
    clusters: usize,
    embedding: Array2<f64>,
    spectral: SpectralEmbedding,
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
        self.clusters
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

    /// The eigensolver that ran; never [`EigenSolver::Auto`], unless all of the eigenvectors were known beforehand.
    pub fn solver(&self) -> EigenSolver {
        self.spectral.solver()
    }
}
