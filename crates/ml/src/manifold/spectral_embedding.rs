//! Laplacian eigenmaps: coordinates in which samples of large affinity lie close together (Belkin and Niyogi, "Laplacian
//! eigenmaps for dimensionality reduction and data representation", Neural Computation 15, 2003).
//!
//! The semantics are those of scikit-learn's `sklearn.manifold.spectral_embedding`, with these differences:
//!
//! - Where the graph has c connected components, the first c vectors are known, and computed exactly; scikit-learn warns
//!   that its embedding may not work as expected. The first is the one that belongs to the whole graph, and the others
//!   tell the components apart, largest first.
//! - A sample without affinity to any other is a component by itself. scikit-learn sets its diagonal entry to 1, which
//!   gives it the eigenvalue 1 instead of 0.
//! - Multiple eigenvalues are found as often as they are there.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis, s};

use crate::affinity::Affinity;
use crate::decomposition::largest_entries_positive;
use crate::error::Error;
use crate::graph::{EigenOptions, EigenSolver, Graph, Laplacian, LaplacianKind, WeightMatrix};

/// Whether the first eigenvector, which is the same for every graph, is part of an embedding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FirstVector {
    /// It is left out, as it is constant. scikit-learn's `drop_first=True`.
    #[default]
    Dropped,
    /// It is the first coordinate.
    Kept,
}

/// An embedding of n samples in k coordinates.
///
/// ```
/// use lapwing_ml::manifold::SpectralEmbedding;
/// use lapwing_ml::graph::Graph;
/// // A path in its first coordinate: in order.
/// let graph = Graph::from_edges(9, &(1..9).map(|i| (i - 1, i, 1.0)).collect::<Vec<_>>())?;
/// let embedding = SpectralEmbedding::params().n_components(1).fit_graph(&graph)?;
/// let x = embedding.embedding().column(0).to_vec();
/// assert!(x.is_sorted() || x.is_sorted_by(|a, b| a >= b));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SpectralEmbedding {
    embedding: Array2<f64>,
    eigenvalues: Array1<f64>,
    residual_norms: Array1<f64>,
    components: usize,
    solver: EigenSolver,
}

impl SpectralEmbedding {
    /// The choices, to change before fitting.
    pub fn params() -> SpectralEmbeddingParams {
        SpectralEmbeddingParams::default()
    }

    /// The coordinates, n x k: eigenvectors of the Laplacian, of norm 1, divided by the roots of the degrees unless the
    /// Laplacian is the unnormalized one. The largest entry in magnitude of each column is positive (the first of them on a
    /// tie).
    pub fn embedding(&self) -> ArrayView2<'_, f64> {
        self.embedding.view()
    }

    /// The eigenvalues of the coordinates, k, ascending.
    pub fn eigenvalues(&self) -> ArrayView1<'_, f64> {
        self.eigenvalues.view()
    }

    /// `‖L x − λ x‖₂` of the symmetric, or the unnormalized, Laplacian for each unit eigenvector, k.
    pub fn residual_norms(&self) -> ArrayView1<'_, f64> {
        self.residual_norms.view()
    }

    /// How many connected components the affinities have.
    pub fn component_count(&self) -> usize {
        self.components
    }

    /// The solver that ran; never [`EigenSolver::Auto`], unless all of the eigenvectors were known beforehand.
    pub fn solver(&self) -> EigenSolver {
        self.solver
    }

    /// Everything but the coordinates.
    pub(crate) fn without_coordinates(self) -> Self {
        Self { embedding: Array2::zeros((0, 0)), ..self }
    }

    /// The first `count` coordinates, without the one that is dropped. `parameter` is the name of the count in an error.
    pub(crate) fn of_laplacian(
        laplacian: &Laplacian<'_>,
        kind: LaplacianKind,
        first: FirstVector,
        (parameter, count): (&'static str, usize),
        options: &EigenOptions,
    ) -> Result<Self, Error> {
        let dropped = usize::from(first == FirstVector::Dropped);
        let most = laplacian.order().saturating_sub(dropped);
        if count == 0 || count > most {
            let without = if dropped == 1 { " less the first vector" } else { "" };
            let requirement = format!("at least 1, and at most the number of samples{without}, {most}");
            return Err(Error::InvalidParameter { parameter, value: count.to_string(), requirement });
        }
        let eigen = laplacian.smallest(parameter, count + dropped, options)?;
        let (components, solver) = (eigen.component_count(), eigen.solver());
        let eigenvalues = eigen.values().slice(s![dropped..]).to_owned();
        let residual_norms = eigen.residual_norms().slice(s![dropped..]).to_owned();
        let mut embedding = eigen.into_vectors().slice_move(s![.., dropped..]);
        if kind != LaplacianKind::Unnormalized {
            embedding /= &laplacian.roots.view().insert_axis(Axis(1));
        }
        largest_entries_positive(&mut embedding.view_mut().reversed_axes());
        if embedding.iter().all(|entry| entry.is_finite()) {
            return Ok(Self { embedding, eigenvalues, residual_norms, components, solver });
        }
        Err(lapwing_lapack::Error::Overflow { routine: "the spectral embedding", scalar: "f64" }.into())
    }
}

/// The choices of a spectral embedding. Made by [`SpectralEmbedding::params`].
#[derive(Clone, Copy, Debug)]
pub struct SpectralEmbeddingParams {
    n_components: usize,
    affinity: Option<Affinity>,
    first: FirstVector,
    kind: LaplacianKind,
    options: EigenOptions,
}

impl Default for SpectralEmbeddingParams {
    fn default() -> Self {
        let (first, kind) = (FirstVector::Dropped, LaplacianKind::Symmetric);
        Self { n_components: 2, affinity: None, first, kind, options: EigenOptions::default() }
    }
}

impl SpectralEmbeddingParams {
    /// k, the number of coordinates. Default: 2, as of scikit-learn's class; its function has 8.
    pub fn n_components(mut self, count: usize) -> Self {
        self.n_components = count;
        self
    }

    /// How alike samples are. Default: [`Affinity::nearest_neighbors`] with a tenth of the samples, at least 1, as neighbours.
    pub fn affinity(mut self, affinity: Affinity) -> Self {
        self.affinity = Some(affinity);
        self
    }

    /// Whether the constant vector is one of them. Default: [`FirstVector::Dropped`].
    pub fn first_vector(mut self, first: FirstVector) -> Self {
        self.first = first;
        self
    }

    /// The Laplacian. [`LaplacianKind::Symmetric`], the default, and [`LaplacianKind::RandomWalk`] give the same embedding;
    /// [`LaplacianKind::Unnormalized`] is scikit-learn's `norm_laplacian=False`.
    pub fn laplacian(mut self, kind: LaplacianKind) -> Self {
        self.kind = kind;
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

    /// The seed of the vector that an iteration starts from. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// The embedding of the rows of `x` (n x p).
    ///
    /// # Errors
    /// As [`fit_affinity`](Self::fit_affinity), and [`Affinity::matrix`].
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<SpectralEmbedding, Error> {
        let neighbors = (x.nrows() / 10).max(1);
        let affinity = self.affinity.unwrap_or(Affinity::nearest_neighbors(neighbors)).matrix(x)?;
        self.fit_laplacian(&Laplacian::of_affinity(&affinity, self.kind)?)
    }

    /// The embedding of samples with these affinities (n x n).
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there are not enough samples for so many components, or the tolerance is negative or
    /// NaN; [`Error::NegativeWeight`]; [`Error::Iteration`] when the solver does not converge; [`Error::Lapack`] with
    /// `NotSquare`, `NonFinite`, `NotSymmetric`, `Overflow`, `OutOfMemory`, `TooLarge`, `NoConvergence`.
    pub fn fit_affinity<W: WeightMatrix + ?Sized>(&self, affinity: &W) -> Result<SpectralEmbedding, Error> {
        self.fit_laplacian(&affinity.laplacian_of("affinity", self.kind)?)
    }

    fn fit_laplacian(&self, laplacian: &Laplacian<'_>) -> Result<SpectralEmbedding, Error> {
        let count = ("n_components", self.n_components);
        SpectralEmbedding::of_laplacian(laplacian, self.kind, self.first, count, &self.options)
    }

    /// The embedding of the nodes of a graph.
    ///
    /// # Errors
    /// As [`fit_affinity`](Self::fit_affinity).
    pub fn fit_graph(&self, graph: &Graph) -> Result<SpectralEmbedding, Error> {
        self.fit_affinity(graph)
    }
}
