//! Diffusion maps: coordinates in which the Euclidean distance is that between the distributions of two random walks after t
//! steps (Coifman and Lafon, "Diffusion maps", Applied and Computational Harmonic Analysis 21, 2006).
//!
//! | step              | what                                                                                     |
//! |-------------------|------------------------------------------------------------------------------------------|
//! | density           | qᵢ = Σⱼ kᵢⱼ, and kᵢⱼ / (qᵢ qⱼ)^α, so that the density of the samples counts less with a larger α |
//! | walk              | P = D⁻¹ K with the degrees D of what that leaves; it may stay where it is                |
//! | eigenvectors      | of `I − D^-½ K D^-½`, by [`EigenSolver`]                                                 |
//! | coordinates       | μⱼᵗ ψⱼ, with ψⱼ of norm 1 in the walk's stationary distribution                          |
//!
//! No matrix is formed beside the affinities.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, Axis, s};

use crate::affinity::{Affinity, AffinityMatrix, Gamma};
use crate::decomposition::largest_entries_positive;
use crate::error::Error;
use crate::graph::{EigenOptions, EigenSolver, Laplacian, Loops, require_weights, row_sums};

/// The diffusion coordinates of n samples.
///
/// ```
/// use lapwing_ml::{Affinity, Gamma, manifold::DiffusionMaps};
/// use ndarray::Array2;
/// // Points on a spiral: the first coordinate follows it.
/// let x = Array2::from_shape_fn((40, 2), |(i, j)| {
///     let angle = 0.2 * i as f64;
///     (1.0 + angle) * if j == 0 { angle.cos() } else { angle.sin() }
/// });
/// let affinity = Affinity::Rbf { gamma: Gamma::Value(2.0) };
/// let maps = DiffusionMaps::params().n_components(1).affinity(affinity).fit(&x)?;
/// let first = maps.embedding().column(0).to_vec();
/// assert!(first.is_sorted() || first.is_sorted_by(|a, b| a >= b));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DiffusionMaps {
    embedding: Array2<f64>,
    eigenvalues: Array1<f64>,
    eigenvectors: Array2<f64>,
    stationary: Array1<f64>,
    residual_norms: Array1<f64>,
    solver: EigenSolver,
}

impl DiffusionMaps {
    /// The choices, to change before fitting.
    pub fn params() -> DiffusionMapsParams {
        DiffusionMapsParams::default()
    }

    /// The coordinates, n x k: the eigenvectors, each times its eigenvalue to the power of the time.
    pub fn embedding(&self) -> ArrayView2<'_, f64> {
        self.embedding.view()
    }

    /// The largest eigenvalues of the random walk after the first, which is 1 and belongs to the constant vector; k,
    /// descending.
    pub fn eigenvalues(&self) -> ArrayView1<'_, f64> {
        self.eigenvalues.view()
    }

    /// The right eigenvectors ψ of the random walk in columns, n x k: orthonormal in the stationary distribution φ, `ψᵀ diag(φ)
    /// ψ = I`. The largest entry in magnitude of each is positive.
    pub fn eigenvectors(&self) -> ArrayView2<'_, f64> {
        self.eigenvectors.view()
    }

    /// The stationary distribution of the random walk, n entries with the sum 1.
    pub fn stationary_distribution(&self) -> ArrayView1<'_, f64> {
        self.stationary.view()
    }

    /// `‖L x − λ x‖₂` of the symmetric Laplacian for each unit eigenvector, k.
    pub fn residual_norms(&self) -> ArrayView1<'_, f64> {
        self.residual_norms.view()
    }

    /// The solver that ran; never [`EigenSolver::Auto`], unless all of the eigenvectors were known beforehand.
    pub fn solver(&self) -> EigenSolver {
        self.solver
    }
}

/// The choices of diffusion maps. Made by [`DiffusionMaps::params`].
#[derive(Clone, Copy, Debug)]
pub struct DiffusionMapsParams {
    n_components: usize,
    affinity: Affinity,
    alpha: f64,
    time: u32,
    options: EigenOptions,
}

impl Default for DiffusionMapsParams {
    fn default() -> Self {
        let affinity = Affinity::Rbf { gamma: Gamma::MedianHeuristic { seed: 0 } };
        Self { n_components: 2, affinity, alpha: 1.0, time: 1, options: EigenOptions::default() }
    }
}

impl DiffusionMapsParams {
    /// k, the number of coordinates. Default: 2.
    pub fn n_components(mut self, count: usize) -> Self {
        self.n_components = count;
        self
    }

    /// How alike samples are: one of the dense affinities. Default: [`Affinity::Rbf`] with [`Gamma::MedianHeuristic`].
    pub fn affinity(mut self, affinity: Affinity) -> Self {
        self.affinity = affinity;
        self
    }

    /// How much of the density of the samples is taken out, from 0 for nothing (the walk of Laplacian eigenmaps) through ½
    /// (Fokker-Planck diffusion) to 1, the default, for all of it (the Laplace-Beltrami operator of the manifold alone).
    pub fn alpha(mut self, alpha: f64) -> Self {
        self.alpha = alpha;
        self
    }

    /// t, the number of steps of the walk. Default: 1.
    pub fn time(mut self, steps: u32) -> Self {
        self.time = steps;
        self
    }

    /// How the eigenvectors are found. Default: [`EigenSolver::Auto`].
    pub fn eigen_solver(mut self, solver: EigenSolver) -> Self {
        self.options.solver = solver;
        self
    }

    /// The tolerance of an iterative solver. Default: 0, which stands for the least that is attainable.
    pub fn eigen_tolerance(mut self, tolerance: f64) -> Self {
        self.options.tolerance = tolerance;
        self
    }

    /// The seed of the vector that an iteration starts from. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// The coordinates of the rows of `x` (n x p).
    ///
    /// # Errors
    /// As [`fit_affinity`](Self::fit_affinity), and [`Affinity::matrix`]; [`Error::InvalidParameter`] for a sparse affinity.
    pub fn fit<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<DiffusionMaps, Error> {
        match self.affinity.matrix(x)? {
            AffinityMatrix::Dense(affinity) => self.fit_weights(&affinity),
            AffinityMatrix::Sparse(_) => {
                let requirement = "one between all samples, as a kernel".to_owned();
                let value = self.affinity.to_string();
                Err(Error::InvalidParameter { parameter: "affinity", value, requirement })
            }
        }
    }

    /// The coordinates of samples with these affinities (n x n), the diagonal included.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when there are not as many samples as components and one more, or α lies outside 0 to 1,
    /// or the tolerance is negative or NaN; [`Error::NegativeWeight`]; [`Error::Iteration`] when the solver does not converge;
    /// [`Error::Lapack`] with `NotSquare`, `NonFinite`, `NotSymmetric`, `Overflow`, `OutOfMemory`, `TooLarge`,
    /// `NoConvergence`.
    pub fn fit_affinity(&self, affinity: &ArrayRef2<f64>) -> Result<DiffusionMaps, Error> {
        require_weights("affinity", affinity)?;
        self.fit_weights(affinity)
    }

    fn fit_weights(&self, affinity: &ArrayRef2<f64>) -> Result<DiffusionMaps, Error> {
        if !(0.0..=1.0).contains(&self.alpha) {
            let (value, requirement) = (self.alpha.to_string(), "from 0 to 1".to_owned());
            return Err(Error::InvalidParameter { parameter: "alpha", value, requirement });
        }
        let most = affinity.nrows().saturating_sub(1);
        if self.n_components == 0 || self.n_components > most {
            let requirement = format!("at least 1, and less than the number of samples, at most {most}");
            let value = self.n_components.to_string();
            return Err(Error::InvalidParameter { parameter: "n_components", value, requirement });
        }
        // A sample without any affinity, even to itself, is divided by nothing.
        let density = row_sums(&affinity.view(), Loops::Counted, None);
        let density = density.mapv(|sum| if sum > 0.0 { sum.powf(self.alpha) } else { 1.0 });
        let laplacian = Laplacian::of_walk(affinity.view(), Loops::Counted, Some(&density))?;
        let eigen = laplacian.smallest("n_components", self.n_components + 1, &self.options)?;

        let eigenvalues = eigen.values().slice(s![1..]).mapv(|value| 1.0 - value);
        let residual_norms = eigen.residual_norms().slice(s![1..]).to_owned();
        let solver = eigen.solver();
        let first = eigen.vectors().column(0).to_owned();
        let mut eigenvectors = eigen.into_vectors().slice_move(s![.., 1..]);
        eigenvectors /= &first.view().insert_axis(Axis(1));
        largest_entries_positive(&mut eigenvectors.view_mut().reversed_axes());
        let exponent = i32::try_from(self.time).unwrap_or(i32::MAX);
        let embedding = &eigenvectors * &eigenvalues.mapv(|value| value.powi(exponent));
        if embedding.iter().all(|entry| entry.is_finite()) {
            let stationary = &first * &first;
            return Ok(DiffusionMaps {
                embedding,
                eigenvalues,
                eigenvectors,
                stationary,
                residual_norms,
                solver,
            });
        }
        Err(lapwing_lapack::Error::Overflow { routine: "the diffusion maps", scalar: "f64" }.into())
    }
}
