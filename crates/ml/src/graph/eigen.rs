//! The smallest eigenvalues of a Laplacian, and their eigenvectors.
//!
//! | part                          | method                                                                        |
//! |-------------------------------|-------------------------------------------------------------------------------|
//! | eigenvalue 0, once a component | exact, from the connected components                                         |
//! | the others, [`EigenSolver::Dense`] | `syevr` or `syevd`, with the null space moved beyond the largest eigenvalue |
//! | [`EigenSolver::Lanczos`]      | thick-restart Lanczos on the orthogonal complement of the null space, of a Chebyshev polynomial of a sparse Laplacian whose smallest eigenvalues lie close together |
//! | [`EigenSolver::ShiftInvert`]  | the same with the pseudo-inverse: a sparse factorization with one node of each component grounded |
//! | [`EigenSolver::Lobpcg`]       | LOBPCG with the null space as constraint and an incomplete Cholesky factor as preconditioner |
//!
//! The residuals `‖L x − λ x‖` of all pairs are computed anew from the result.

use std::fmt;

use lapwing_iterative::preconditioners::IncompleteCholesky;
use lapwing_iterative::{
    Extreme, IterationError, LinearOperator, Lobpcg, Multiplicity, PartialSymmetricEigen,
};
use lapwing_lapack::{Spectrum, SymmetricEigen, gemm, zeros};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, s};

use super::adjacency::Graph;
use super::filter::Filter;
use super::grounded::Grounded;
use super::laplacian::LaplacianKind;
use super::null_space::null_space;
use super::operator::{Laplacian, Matrix};
use crate::decomposition::largest_entries_positive;
use crate::error::Error;

/// Orders up to which LAPACK takes less time than an iteration.
const SMALL: usize = 512;

/// Multiplications of a sparse factorization beyond which the Lanczos method, which needs none, is the better bet.
const FACTOR_WORK: usize = 300_000_000;

/// How well, relative to the norm, eigenvalues are to be known before a polynomial is made for them, and how many restarts
/// that may take: a tenth of what follows.
const ROUGH: f64 = 1e-2;
const ROUGH_ITERATIONS: usize = 20;

/// How the eigenvectors are found that are not known beforehand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EigenSolver {
    /// `Dense` up to 512 nodes, and where more than a quarter of all eigenvectors are wanted. Beyond, `Lanczos` for dense
    /// weights, and for sparse ones `ShiftInvert` where a factor takes at most 3·10⁸
    /// multiplications in an order of minimum degree, `Lanczos` otherwise.
    #[default]
    Auto,
    /// LAPACK on the whole matrix: n² numbers, O(n³) operations.
    Dense,
    /// Products with the Laplacian alone. More of them the smaller the gaps between eigenvalues are.
    Lanczos,
    /// Products with its pseudo-inverse, by a sparse factorization: few of them, whatever the gaps. For sparse weights only.
    ShiftInvert,
    /// A block method with a preconditioner.
    Lobpcg,
}

impl fmt::Display for EigenSolver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            EigenSolver::Auto => "auto",
            EigenSolver::Dense => "dense",
            EigenSolver::Lanczos => "lanczos",
            EigenSolver::ShiftInvert => "shift-invert",
            EigenSolver::Lobpcg => "lobpcg",
        })
    }
}

/// What the caller chose about an eigenproblem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EigenOptions {
    pub(crate) solver: EigenSolver,
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
    pub(crate) seed: u64,
}

impl Default for EigenOptions {
    fn default() -> Self {
        Self { solver: EigenSolver::Auto, tolerance: 0.0, max_iterations: 2000, seed: 0 }
    }
}

/// The smallest eigenvalues of a graph's Laplacian, in ascending order, and their eigenvectors.
///
/// ```
/// use lapwing_ml::graph::{Graph, LaplacianEigen, LaplacianKind};
/// // A cycle of 12 nodes: 2 − 2 cos(2πj/12), all but the first twice.
/// let edges: Vec<_> = (0..12).map(|i| (i, (i + 1) % 12, 1.0)).collect();
/// let graph = Graph::from_edges(12, &edges)?;
/// let eigen = LaplacianEigen::params(3).kind(LaplacianKind::Unnormalized).compute(&graph)?;
/// let second = 2.0 - 3f64.sqrt();
/// assert_eq!(eigen.values()[0], 0.0);
/// assert!((eigen.values()[1] - second).abs() < 1e-14 && (eigen.values()[2] - second).abs() < 1e-14);
/// assert!(eigen.residual_norms().iter().all(|&norm| norm < 1e-14));
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LaplacianEigen {
    values: Array1<f64>,
    vectors: Array2<f64>,
    residual_norms: Array1<f64>,
    components: usize,
    solver: EigenSolver,
}

impl LaplacianEigen {
    /// The choices for `k` eigenvalues, to change before computing.
    pub fn params(k: usize) -> LaplacianEigenParams {
        LaplacianEigenParams { k, kind: LaplacianKind::default(), options: EigenOptions::default() }
    }

    /// The k smallest eigenvalues, ascending. Exactly 0 as often as there are connected components.
    pub fn values(&self) -> ArrayView1<'_, f64> {
        self.values.view()
    }

    /// The eigenvectors in columns, n x k. Orthonormal; for [`LaplacianKind::RandomWalk`] with `Xᵀ D X = I`. The largest entry
    /// in magnitude of each is positive.
    pub fn vectors(&self) -> ArrayView2<'_, f64> {
        self.vectors.view()
    }

    /// `‖L x − λ x‖₂` for each pair of the symmetric Laplacian, from products with the result. By Weyl's theorem an eigenvalue
    /// lies within it of λ.
    pub fn residual_norms(&self) -> ArrayView1<'_, f64> {
        self.residual_norms.view()
    }

    /// How many connected components the graph has.
    pub fn component_count(&self) -> usize {
        self.components
    }

    /// The solver that ran; never [`EigenSolver::Auto`], unless all of the eigenvectors were known beforehand.
    pub fn solver(&self) -> EigenSolver {
        self.solver
    }

    pub(crate) fn into_vectors(self) -> Array2<f64> {
        self.vectors
    }
}

/// The choices for a few eigenvalues of a Laplacian. Made by [`LaplacianEigen::params`].
#[derive(Clone, Copy, Debug)]
pub struct LaplacianEigenParams {
    k: usize,
    kind: LaplacianKind,
    options: EigenOptions,
}

impl LaplacianEigenParams {
    /// Which Laplacian. Default: [`LaplacianKind::Symmetric`].
    pub fn kind(mut self, kind: LaplacianKind) -> Self {
        self.kind = kind;
        self
    }

    /// The solver. Default: [`EigenSolver::Auto`].
    pub fn solver(mut self, solver: EigenSolver) -> Self {
        self.options.solver = solver;
        self
    }

    /// The tolerance of an iterative solver, relative to the norm of what it is applied to. Default: 0, which stands for the
    /// least that is attainable.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.options.tolerance = tolerance;
        self
    }

    /// How many restarts or iterations a solver may make. Default: 2000.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.options.max_iterations = iterations;
        self
    }

    /// The seed of the vector that an iteration starts from. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.options.seed = seed;
        self
    }

    /// The eigenpairs of a graph's Laplacian.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when k is 0 or exceeds the number of nodes, or the tolerance is negative or NaN;
    /// [`Error::Iteration`] when the solver does not converge; [`Error::Lapack`] with `Overflow`, `OutOfMemory`, `TooLarge`,
    /// `NoConvergence`.
    pub fn compute(&self, graph: &Graph) -> Result<LaplacianEigen, Error> {
        let laplacian = Laplacian::of_graph(graph, self.kind)?;
        let mut found = laplacian.smallest("k", self.k, &self.options)?;
        if self.kind == LaplacianKind::RandomWalk {
            found.vectors /= &laplacian.roots.view().insert_axis(Axis(1));
        }
        largest_entries_positive(&mut found.vectors.view_mut().reversed_axes());
        Ok(found)
    }
}

impl Laplacian<'_> {
    /// The `k` smallest eigenvalues and orthonormal eigenvectors, of any sign. `parameter` is the name of k in an error.
    pub(crate) fn smallest(
        &self,
        parameter: &'static str,
        k: usize,
        options: &EigenOptions,
    ) -> Result<LaplacianEigen, Error> {
        let n = self.order();
        if k == 0 || k > n {
            let requirement = format!("at least 1, and at most the number of nodes, {n}");
            return Err(Error::InvalidParameter { parameter, value: k.to_string(), requirement });
        }
        if options.tolerance.is_nan() || options.tolerance < 0.0 {
            let (value, requirement) = (options.tolerance.to_string(), "at least 0".to_owned());
            return Err(Error::InvalidParameter { parameter: "tolerance", value, requirement });
        }
        let known = k.min(self.components.count());
        let null = null_space(&self.components, &self.roots, known)?;
        let mut values = Array1::zeros(k);
        let mut vectors = zeros(k, n)?.reversed_axes();
        vectors.slice_mut(s![.., ..known]).assign(&null);
        let mut solver = options.solver;
        if k > known {
            let found = self.beyond_null_space(&null, k - known, options)?;
            // Rounding may leave less than nothing of an eigenvalue of a graph that all but falls apart.
            values.slice_mut(s![known..]).assign(&found.values.mapv(|value| value.max(0.0)));
            vectors.slice_mut(s![.., known..]).assign(&found.vectors);
            solver = found.solver;
        }
        let mut residuals = self.apply(&vectors)?;
        let pairs = residuals.columns_mut().into_iter().zip(vectors.columns()).zip(&values);
        let norms = pairs.map(|((mut residual, vector), &value)| {
            residual.scaled_add(-value, &vector);
            residual.dot(&residual).sqrt() * self.unit
        });
        let residual_norms = norms.collect();
        values *= self.unit;
        Ok(LaplacianEigen { values, vectors, residual_norms, components: self.components.count(), solver })
    }

    /// The `count` smallest eigenpairs with vectors orthogonal to the whole null space.
    fn beyond_null_space(
        &self,
        null: &Array2<f64>,
        count: usize,
        options: &EigenOptions,
    ) -> Result<Found, Error> {
        let room = self.order() - null.ncols();
        if options.solver == EigenSolver::ShiftInvert && matches!(self.matrix, Matrix::Dense(_)) {
            let requirement = "one that needs no sparse factorization, for dense weights".to_owned();
            let value = options.solver.to_string();
            return Err(Error::InvalidParameter { parameter: "eigen_solver", value, requirement });
        }
        // An iteration needs room beside what it looks for.
        let all = count.saturating_mul(4) > room;
        match options.solver {
            EigenSolver::Auto if self.order() <= SMALL => self.dense(null, count),
            _ if all => self.dense(null, count),
            EigenSolver::Dense => self.dense(null, count),
            EigenSolver::Lanczos => self.lanczos(null, count, options),
            EigenSolver::Lobpcg => self.lobpcg(null, count, options),
            EigenSolver::Auto => match self.shift_invert(null, count, options, FACTOR_WORK)? {
                Some(found) => Ok(found),
                None => self.lanczos(null, count, options),
            },
            EigenSolver::ShiftInvert => {
                let found = self.shift_invert(null, count, options, usize::MAX)?;
                found.ok_or_else(|| Error::InvalidParameter {
                    parameter: "eigen_solver",
                    value: EigenSolver::ShiftInvert.to_string(),
                    requirement: "another, because a factor would be too large or is not stable".to_owned(),
                })
            }
        }
    }

    fn dense(&self, null: &Array2<f64>, count: usize) -> Result<Found, Error> {
        let mut matrix = self.to_dense()?;
        // Beyond the largest eigenvalue, the null space is in no one's way.
        gemm(1.5 * self.bound, null, &null.t(), 1.0, &mut matrix)?;
        let eigen = SymmetricEigen::params().spectrum(Spectrum::Index(0..count)).compute(&matrix)?;
        let (values, vectors) = eigen.into_factors();
        Ok(Found { values, vectors, solver: EigenSolver::Dense })
    }

    fn lanczos(&self, null: &Array2<f64>, count: usize, options: &EigenOptions) -> Result<Found, Error> {
        let params = || {
            let params = PartialSymmetricEigen::params(count).deflate(null).seed(options.seed);
            params.tolerance(options.tolerance).max_iterations(options.max_iterations)
        };
        if let Some(filter) = self.filter(null, count, options)? {
            let (_, vectors) = params().which(Extreme::Largest).compute(&filter)?.into_factors();
            let products = self.apply(&vectors)?;
            let quotients = vectors.columns().into_iter().zip(products.columns()).map(|(x, y)| x.dot(&y));
            return Found::ascending(quotients.collect(), &vectors, EigenSolver::Lanczos);
        }
        let (values, vectors) = params().which(Extreme::Smallest).compute(self)?.into_factors();
        Ok(Found { values, vectors, solver: EigenSolver::Lanczos })
    }

    /// A polynomial for sparse matrices, whose cut comes from a rough search: its values lie above the eigenvalues, so that
    /// all that are wanted lie below the cut, where the polynomial is monotonic.
    fn filter(
        &self,
        null: &Array2<f64>,
        count: usize,
        options: &EigenOptions,
    ) -> Result<Option<Filter<'_, Self>>, Error> {
        if matches!(self.matrix, Matrix::Dense(_)) {
            return Ok(None);
        }
        let params = PartialSymmetricEigen::params(count).which(Extreme::Smallest).deflate(null);
        let params = params.multiplicity(Multiplicity::AsFound).seed(options.seed);
        let params = params.tolerance(ROUGH).max_iterations(ROUGH_ITERATIONS);
        let cut = |found: &PartialSymmetricEigen<f64>| found.values().last().copied().unwrap_or(0.0);
        match params.compute(self) {
            Ok(found) => Ok(Filter::new(self, self.bound, cut(&found))),
            Err(IterationError::NotConverged { best, .. }) => Ok(Filter::new(self, self.bound, cut(&best))),
            Err(error) => Err(error.into()),
        }
    }

    /// `None` where there is no factor, or one that takes more multiplications than `most`.
    fn shift_invert(
        &self,
        null: &Array2<f64>,
        count: usize,
        options: &EigenOptions,
        most: usize,
    ) -> Result<Option<Found>, Error> {
        let Matrix::Sparse(matrix) = &self.matrix else { return Ok(None) };
        let grounded = Grounded::new(matrix, &self.components)?;
        if grounded.multiplications() > most {
            return Ok(None);
        }
        let Some(inverse) = grounded.factor()? else { return Ok(None) };
        let params = PartialSymmetricEigen::params(count).which(Extreme::Largest).deflate(null);
        let params = params.tolerance(options.tolerance).max_iterations(options.max_iterations);
        let found = match params.seed(options.seed).compute(&inverse) {
            Ok(found) => found,
            // Products with an inverse are as good as its condition lets them be. The residuals of L itself are what is
            // returned, and their norms are the last word.
            Err(IterationError::Breakdown { best, .. }) => *best,
            Err(error) => return Err(error.into()),
        };
        let (inverses, vectors) = found.into_factors();
        let values = inverses.mapv(f64::recip);
        Ok(Some(Found::ascending(values, &vectors, EigenSolver::ShiftInvert)?))
    }

    fn lobpcg(&self, null: &Array2<f64>, count: usize, options: &EigenOptions) -> Result<Found, Error> {
        let mut params = Lobpcg::params(count).constraints(null).seed(options.seed);
        params = params.max_iterations(options.max_iterations);
        if options.tolerance > 0.0 {
            params = params.tolerance(options.tolerance);
        }
        let preconditioner = match &self.matrix {
            Matrix::Sparse(matrix) => Some(self.incomplete_factor(matrix)?),
            Matrix::Dense(_) => None,
        };
        if let Some(preconditioner) = &preconditioner {
            params = params.preconditioner(preconditioner);
        }
        let (values, vectors) = params.compute(self)?.into_factors();
        Ok(Found { values, vectors, solver: EigenSolver::Lobpcg })
    }

    /// Of the Laplacian with a little more on its diagonal, where a singular matrix has a pivot of zero.
    fn incomplete_factor(
        &self,
        matrix: &lapwing_iterative::sprs::CsMat<f64>,
    ) -> Result<IncompleteCholesky<f64>, Error> {
        let mut shifted = matrix.clone();
        for (i, mut row) in shifted.outer_iterator_mut().enumerate() {
            row.iter_mut().filter(|(j, _)| *j == i).for_each(|(_, entry)| *entry += 1e-5 * self.bound);
        }
        Ok(IncompleteCholesky::new(&shifted)?)
    }
}

struct Found {
    values: Array1<f64>,
    vectors: Array2<f64>,
    solver: EigenSolver,
}

impl Found {
    /// Sorted by their values.
    fn ascending(values: Array1<f64>, vectors: &Array2<f64>, solver: EigenSolver) -> Result<Self, Error> {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        let mut sorted = zeros(values.len(), vectors.nrows())?.reversed_axes();
        for (mut target, &index) in sorted.columns_mut().into_iter().zip(&order) {
            target.assign(&vectors.column(index));
        }
        Ok(Self { values: values.select(Axis(0), &order), vectors: sorted, solver })
    }
}
