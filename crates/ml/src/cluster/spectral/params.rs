//! What the caller of spectral clustering chooses, and the fit.

use lapwing_lapack::Scalar;
use ndarray::{ArrayRef2, s};

use super::assignment::{Assignment, means};
use super::{LabelAssignment, NClusters, SpectralClustering, eigengap};
use crate::affinity::Affinity;
use crate::error::Error;
use crate::graph::{EigenOptions, EigenSolver, Graph, Laplacian, LaplacianKind, WeightMatrix};
use crate::manifold::{FirstVector, SpectralEmbedding};

/// The choices of spectral clustering. Made by [`SpectralClustering::params`].
#[derive(Clone, Copy, Debug)]
pub struct SpectralClusteringParams {
    n_clusters: NClusters,
    n_components: Option<usize>,
    n_eigenvalues: usize,
    affinity: Affinity,
    keeps_affinity: bool,
    assignment: Assignment,
    options: EigenOptions,
}

impl Default for SpectralClusteringParams {
    fn default() -> Self {
        Self {
            n_clusters: NClusters::Count(8),
            n_components: None,
            n_eigenvalues: 0,
            affinity: Affinity::default(),
            keeps_affinity: false,
            assignment: Assignment::default(),
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

    /// The least number of eigenvalues to find, as far as there are samples, to see what comes after the clusters. Default: as
    /// many as are needed.
    pub fn n_eigenvalues(mut self, count: usize) -> Self {
        self.n_eigenvalues = count;
        self
    }

    /// How alike samples are. Default: [`Affinity::Rbf`] with γ = 1.
    pub fn affinity(mut self, affinity: Affinity) -> Self {
        self.affinity = affinity;
        self
    }

    /// Has the model keep the affinities that [`fit`](Self::fit) computes: n² numbers, where they are dense.
    pub fn keep_affinity(mut self) -> Self {
        self.keeps_affinity = true;
        self
    }

    /// How clusters are read from the coordinates. Default: [`LabelAssignment::KMeans`].
    pub fn labels(mut self, labels: LabelAssignment) -> Self {
        self.assignment.labels = labels;
        self
    }

    /// How many starts k-means has. Default: 10.
    pub fn n_init(mut self, starts: usize) -> Self {
        self.assignment.n_init = starts;
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
        self.assignment.seed = seed;
        self
    }

    /// Clusters the rows of `x` (n x p).
    ///
    /// Cost: the affinities, and a few eigenvectors of order n.
    ///
    /// # Errors
    /// As [`fit_affinity`](Self::fit_affinity), and [`Affinity::matrix`].
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<SpectralClustering, Error> {
        let affinity = self.affinity.matrix(x)?;
        let mut model = self.fit_laplacian(&Laplacian::of_affinity(&affinity, LaplacianKind::Symmetric)?)?;
        model.affinity = self.keeps_affinity.then_some(affinity);
        Ok(model)
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
        let count = ("n_components", spectrum.max(self.n_eigenvalues.min(n)));
        let kind = LaplacianKind::Symmetric;
        let spectral =
            SpectralEmbedding::of_laplacian(laplacian, kind, FirstVector::Kept, count, &self.options)?;
        let clusters = match self.n_clusters {
            NClusters::Count(count) => count,
            NClusters::Eigengap { max } => eigengap(&spectral.eigenvalues().slice(s![..(max + 1).min(n)])),
        };
        let components = self.n_components.unwrap_or(clusters);
        self.assignment.require_components(components, clusters)?;
        let embedding = spectral.embedding().slice(s![.., ..components]).to_owned();
        let labels = self.assignment.labels_of(&embedding, clusters)?;
        let centres = means(&embedding, &labels, clusters);
        let spectral = spectral.without_coordinates();
        Ok(SpectralClustering { labels, embedding, centres, spectral, affinity: None })
    }
}
