//! What the caller of spectral clustering chooses, and the fit.

use std::fmt;

use ndarray::{Array1, ArrayRef2, s};

use super::{NClusters, SpectralClustering, eigengap};
use crate::cluster::label_assignment::{cluster_qr, discretize};
use crate::error::Error;
use crate::graph::{EigenOptions, EigenSolver, Graph, Laplacian, LaplacianKind, WeightMatrix};
use crate::manifold::{FirstVector, SpectralEmbedding};

/// How clusters are read from the coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelAssignment {
    /// [`cluster_qr`]: nothing to choose, and nothing random.
    #[default]
    ClusterQr,
    /// [`discretize`]: a rotation to the nearest partition, from several random starts.
    Discretize,
}

impl fmt::Display for LabelAssignment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            LabelAssignment::ClusterQr => "cluster-qr",
            LabelAssignment::Discretize => "discretize",
        })
    }
}

/// The choices of spectral clustering. Made by [`SpectralClustering::params`].
#[derive(Clone, Copy, Debug)]
pub struct SpectralClusteringParams {
    n_clusters: NClusters,
    n_components: Option<usize>,
    labels: LabelAssignment,
    options: EigenOptions,
}

impl Default for SpectralClusteringParams {
    fn default() -> Self {
        Self {
            n_clusters: NClusters::Count(8),
            n_components: None,
            labels: LabelAssignment::default(),
            options: EigenOptions::default(),
        }
    }
}

impl SpectralClusteringParams {
    /// How many clusters, as a number or as [`NClusters::Eigengap`]. Default: 8.
    pub fn n_clusters(mut self, clusters: impl Into<NClusters>) -> Self {
        self.n_clusters = clusters.into();
        self
    }

    /// How many eigenvectors are the coordinates. Default: as many as clusters, which [`LabelAssignment::ClusterQr`] and
    /// [`LabelAssignment::Discretize`] insist on.
    pub fn n_components(mut self, count: usize) -> Self {
        self.n_components = Some(count);
        self
    }

    /// How clusters are read from the coordinates.
    pub fn labels(mut self, labels: LabelAssignment) -> Self {
        self.labels = labels;
        self
    }

    /// How the eigenvectors are found. Default: [`EigenSolver::Auto`].
    pub fn eigen_solver(mut self, solver: EigenSolver) -> Self {
        self.options.solver = solver;
        self
    }

    /// The tolerance of an iterative solver, relative to the norm of what it is applied to. Default: 0, which stands for the
    /// least that is attainable.
    pub fn eigen_tolerance(mut self, tolerance: f64) -> Self {
        self.options.tolerance = tolerance;
        self
    }

    /// The seed of what is random: the vector that an iteration starts from, and the starts of the label assignment. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// Clusters n samples with these affinities (n x n): dense, sparse, or a graph.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a number of clusters or components that is 0 or exceeds n, or does not go with the
    /// label assignment; [`Error::NegativeWeight`]; [`Error::Iteration`] when the eigensolver does not converge;
    /// [`Error::Lapack`] with `NotSquare`, `NonFinite`, `NotSymmetric`, `Overflow`, `OutOfMemory`, `TooLarge`,
    /// `NoConvergence`.
    pub fn fit_affinity<W: WeightMatrix + ?Sized>(&self, affinity: &W) -> Result<SpectralClustering, Error> {
        self.fit_laplacian(&affinity.laplacian_of("affinity", LaplacianKind::Symmetric)?)
    }

    /// Clusters the nodes of a graph.
    ///
    /// # Errors
    /// As [`fit_affinity`](Self::fit_affinity).
    pub fn fit_graph(&self, graph: &Graph) -> Result<SpectralClustering, Error> {
        self.fit_affinity(graph)
    }

    fn fit_laplacian(&self, laplacian: &Laplacian<'_>) -> Result<SpectralClustering, Error> {
        let n = laplacian.order();
        let (parameter, most) = match self.n_clusters {
            NClusters::Count(count) => ("n_clusters", count),
            NClusters::Eigengap { max } => ("max of the eigengap", max),
        };
        let invalid = |parameter, value: usize, requirement: String| {
            Err(Error::InvalidParameter { parameter, value: value.to_string(), requirement })
        };
        if most == 0 || most > n {
            return invalid(parameter, most, format!("at least 1, and at most the number of samples, {n}"));
        }
        // One more eigenvalue is what a gap ends with.
        let spectrum = match self.n_clusters {
            NClusters::Count(count) => self.n_components.unwrap_or(count),
            NClusters::Eigengap { max } => self.n_components.unwrap_or(max).max((max + 1).min(n)),
        };
        let count = ("n_components", spectrum);
        let kind = LaplacianKind::Symmetric;
        let spectral =
            SpectralEmbedding::of_laplacian(laplacian, kind, FirstVector::Kept, count, &self.options)?;
        let clusters = match self.n_clusters {
            NClusters::Count(count) => count,
            NClusters::Eigengap { max } => eigengap(&spectral.eigenvalues().slice(s![..(max + 1).min(n)])),
        };
        let components = self.n_components.unwrap_or(clusters);
        if components != clusters {
            let requirement = format!("{clusters}, the number of clusters, for this label assignment");
            return invalid("n_components", components, requirement);
        }
        let embedding = spectral.embedding().slice(s![.., ..components]).to_owned();
        let labels = self.assign(&embedding, clusters)?;
        Ok(SpectralClustering { labels, clusters, embedding, spectral: spectral.without_coordinates() })
    }

    fn assign(&self, embedding: &ArrayRef2<f64>, _clusters: usize) -> Result<Array1<usize>, Error> {
        match self.labels {
            LabelAssignment::ClusterQr => cluster_qr(embedding),
            LabelAssignment::Discretize => discretize(embedding, self.options.seed),
        }
    }
}
