//! A few eigenpairs of a symmetric operator at an end of its spectrum, by the thick-restart Lanczos method.
//!
//! | step                      | what                                                   | cost                     |
//! |---------------------------|--------------------------------------------------------|--------------------------|
//! | expand                    | one product, and one pass over the basis of m vectors  | a product and 4nm flops  |
//! | decompose the projection  | `syevd` of order m                                     | ≈ 9m³                    |
//! | restart                   | keep the best Ritz vectors, as combinations            | 2nm · kept               |
//! | prove                     | residuals recomputed from k products                   | k products and 6nk²      |
//!
//! The method of SciPy's `eigsh` in the formulation of Wu and Simon (SIAM J. Matrix Anal. Appl. 22, 2000), which keeps
//! Ritz vectors where ARPACK shifts implicitly: the same subspaces, with less that can go wrong. The basis is orthogonal
//! to rounding at all times.
//!
//! A Krylov space holds one vector of each eigenspace, so that multiple eigenvalues are found once, and their copies only
//! as rounding errors bring them in. See [`Multiplicity`] for what is done about it.
//!
//! Eigenvalues inside the spectrum converge slowly or not at all this way.

mod iteration;
mod proof;
mod selection;

use lapwing_lapack::{Error, Scalar, require_finite};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, Axis};

use super::Multiplicity;
use super::shift_invert::ShiftInverse;
use crate::basis::two_norm;
use crate::error::{BreakdownReason, IterationError};
use crate::operator::{LinearOperator, columns};
use crate::progress::Observer;

pub(crate) const METHOD: &str = "the Lanczos method";

/// Which end of the spectrum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Extreme {
    /// The largest eigenvalues. SciPy's `LA`.
    #[default]
    Largest,
    /// The smallest: the most negative. SciPy's `SA`.
    Smallest,
    /// Half from either end, one more from the upper one if k is odd. SciPy's `BE`.
    Both,
    /// The largest in magnitude, of either sign. SciPy's `LM`.
    LargestMagnitude,
}

/// A few eigenvalues and eigenvectors of a symmetric operator of order n.
///
/// ```
/// use lapwing_iterative::{Extreme, FunctionOperator, PartialSymmetricEigen};
/// use ndarray::{ArrayRef2, s};
/// // Second differences on a path of 100 nodes, never stored.
/// let path = FunctionOperator::symmetric(100, |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
///     result.assign(x);
///     *result *= 2.0;
///     result.slice_mut(s![1.., ..]).scaled_add(-1.0, &x.slice(s![..-1, ..]));
///     result.slice_mut(s![..-1, ..]).scaled_add(-1.0, &x.slice(s![1.., ..]));
///     Ok(())
/// });
/// let eigen = PartialSymmetricEigen::params(3).which(Extreme::Smallest).compute(&path)?;
/// let exact = |j: f64| 2.0 - 2.0 * (j * std::f64::consts::PI / 101.0).cos();
/// assert!((eigen.values()[0] - exact(1.0)).abs() < 1e-13);
/// assert!((eigen.values()[2] - exact(3.0)).abs() < 1e-13);
/// # Ok::<(), lapwing_iterative::IterationError<PartialSymmetricEigen<f64>>>(())
/// ```
#[doc(alias = "eigsh")]
#[doc(alias = "ARPACK")]
#[derive(Clone, Debug, PartialEq)]
pub struct PartialSymmetricEigen<T: Scalar> {
    values: Array1<T>,
    vectors: Array2<T>,
    residual_norms: Array1<T>,
    norm: T,
    iterations: usize,
    products: usize,
    history: Vec<f64>,
}

impl<T: Scalar> PartialSymmetricEigen<T> {
    /// The choices for `k` pairs, to change before computing.
    pub fn params<'a>(k: usize) -> PartialSymmetricEigenParams<'a, T> {
        PartialSymmetricEigenParams {
            k,
            which: Extreme::default(),
            tolerance: 0.0,
            subspace: None,
            max_iterations: None,
            seed: 0,
            start: None,
            deflated: None,
            multiplicity: Multiplicity::default(),
            observer: None,
        }
    }

    /// The k eigenvalues, in ascending order.
    pub fn values(&self) -> ArrayView1<'_, T> {
        self.values.view()
    }

    /// The eigenvectors in columns, n x k, orthonormal.
    pub fn vectors(&self) -> ArrayView2<'_, T> {
        self.vectors.view()
    }

    /// `‖A x − λ x‖₂` of each pair, computed from the result with further products. By Weyl's theorem an eigenvalue lies
    /// within it of λ.
    pub fn residual_norms(&self) -> ArrayView1<'_, T> {
        self.residual_norms.view()
    }

    /// The largest magnitude of a Ritz value, which is what tolerances are relative to: a lower bound of `‖A‖₂`, and at
    /// an end of the spectrum a close one.
    pub fn norm_estimate(&self) -> T {
        self.norm
    }

    /// How many times the basis was filled.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// How many vectors the operator was applied to.
    pub fn products(&self) -> usize {
        self.products
    }

    /// After each iteration the largest residual norm of a pair that was still wanted, estimated and relative to `‖A‖`.
    pub fn history(&self) -> &[f64] {
        &self.history
    }

    /// The eigenpairs of A from these, of its inverse.
    fn mapped_back<A: LinearOperator<T> + ?Sized>(
        mut self,
        inverse: &ShiftInverse<'_, T, A>,
    ) -> Result<Self, Error> {
        let values = self.values.mapv(|theta| inverse.shift() + theta.recip());
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].as_f64().total_cmp(&values[b].as_f64()));
        self.values = values.select(Axis(0), &order);
        let mut vectors = columns(self.vectors.nrows(), order.len())?;
        for (mut target, &index) in vectors.columns_mut().into_iter().zip(&order) {
            target.assign(&self.vectors.column(index));
        }
        self.vectors = vectors;
        let mut residuals = inverse.operator().apply(&self.vectors)?;
        for ((mut residual, x), &value) in
            residuals.columns_mut().into_iter().zip(self.vectors.columns()).zip(&self.values)
        {
            residual.scaled_add(-value, &x);
        }
        let norms = residuals.columns().into_iter().map(|r| r.as_slice().map_or(T::zero(), two_norm));
        self.residual_norms = norms.collect();
        self.norm = inverse.norm();
        Ok(self)
    }

    /// `(values, vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<T>, Array2<T>) {
        (self.values, self.vectors)
    }
}

/// The choices of a partial symmetric eigendecomposition. Made by [`PartialSymmetricEigen::params`].
pub struct PartialSymmetricEigenParams<'a, T> {
    k: usize,
    which: Extreme,
    tolerance: f64,
    subspace: Option<usize>,
    max_iterations: Option<usize>,
    seed: u64,
    start: Option<&'a ArrayRef1<T>>,
    deflated: Option<&'a ArrayRef2<T>>,
    multiplicity: Multiplicity,
    observer: Option<&'a mut Observer<'a>>,
}

impl<'a, T: Scalar> PartialSymmetricEigenParams<'a, T> {
    /// Which eigenvalues. Default: [`Extreme::Largest`].
    pub fn which(mut self, which: Extreme) -> Self {
        self.which = which;
        self
    }

    /// The largest residual norm of a pair that is returned, relative to `‖A‖₂`. The least that is attainable, `100 ε`
    /// or `ε √n` with the machine epsilon of the scalar, whichever is larger, takes the place of anything smaller.
    /// Where rounding leaves more of a pair that has converged, up to `n ε` is accepted. Default: 0, which stands for the
    /// least, as in `eigsh`.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// How many vectors the basis holds, more than k. Larger ones need fewer products and more time for each.
    /// Default: 2k + 10, and at least 20; `eigsh` takes 2k + 1, and as many at the least.
    pub fn subspace(mut self, size: usize) -> Self {
        self.subspace = Some(size);
        self
    }

    /// How many times the basis may be filled. Default: ten times the order, as in `eigsh`.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = Some(iterations);
        self
    }

    /// The seed of random vectors. The same seed gives the same bits for the same number of threads. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The vector that the first Krylov space starts from (n entries). Default: a random one.
    pub fn start(mut self, start: &'a ArrayRef1<T>) -> Self {
        self.start = Some(start);
        self
    }

    /// Known eigenvectors, or a basis of the null space (n x d), to be projected out: what is computed is the
    /// eigendecomposition of `P A P` on their orthogonal complement. They need not be orthonormal, nor independent.
    pub fn deflate(mut self, vectors: &'a ArrayRef2<T>) -> Self {
        self.deflated = Some(vectors);
        self
    }

    /// What to do about multiple eigenvalues. Default: [`Multiplicity::Searched`].
    pub fn multiplicity(mut self, multiplicity: Multiplicity) -> Self {
        self.multiplicity = multiplicity;
        self
    }

    /// Called after every iteration. Of the residual, see [`PartialSymmetricEigen::history`].
    pub fn observer(mut self, observer: &'a mut Observer<'a>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The eigenpairs of `a`, which must be symmetric; its transposed products are not used.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`] and [`IterationError::Cancelled`] with k pairs as good as they are;
    /// [`IterationError::Breakdown`] when the residuals do not bear out the convergence, as happens with operators that
    /// are not symmetric; and within [`IterationError::Matrix`]: [`Error::NotSquare`]; [`Error::InvalidParameter`] when k
    /// exceeds the order less what is deflated, or the subspace has not room for k + 1 vectors, or the tolerance is
    /// negative or NaN, or the start is zero or deflated; [`Error::Shape`]; [`Error::NonFinite`]; [`Error::Overflow`] when
    /// a product is not finite, because it overflows or because the operator holds NaN or an infinity;
    /// [`Error::OutOfMemory`]; [`Error::NoConvergence`].
    pub fn compute<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
    ) -> Result<PartialSymmetricEigen<T>, IterationError<PartialSymmetricEigen<T>>> {
        let (rows, cols) = a.dimensions();
        if rows != cols {
            return Err(Error::NotSquare { argument: "a", rows, cols }.into());
        }
        self.require_tolerance()?;
        let shape = |argument, extent, found| {
            let reason = "the order of the operator";
            if found == rows {
                Ok(())
            } else {
                Err(Error::Shape { argument, extent, found, expected: rows, reason })
            }
        };
        if let Some(vectors) = self.deflated {
            shape("vectors", "rows", vectors.nrows())?;
            require_finite("vectors", vectors)?;
        }
        if let Some(start) = self.start {
            shape("start", "entries", start.len())?;
            require_finite("start", &start.view().insert_axis(Axis(1)))?;
        }
        iteration::Iteration::new(a, self)?.run()
    }

    /// The eigenpairs of A nearest σ, from its inverse `(A − σ I)⁻¹`, for symmetric A. [`which`](Self::which) does not
    /// count.
    ///
    /// The tolerance is that of pairs of the inverse, relative to its norm, and at least 4 ε times the condition number
    /// of `A − σ I`, as no product with the inverse is better. Values are σ + 1/θ. Residuals are those of A, and are at
    /// most `√ε ‖A‖₁`, or the tolerance times `‖A‖₁` if that is larger; [`PartialSymmetricEigen::norm_estimate`] is then
    /// `‖A‖₁`.
    ///
    /// # Errors
    /// As [`compute`](Self::compute) with the inverse. [`IterationError::Breakdown`] where the residuals are too large,
    /// as when the shift is all but an eigenvalue, and drowns the others.
    pub fn nearest<A: LinearOperator<T> + ?Sized>(
        mut self,
        inverse: &ShiftInverse<'_, T, A>,
    ) -> Result<PartialSymmetricEigen<T>, IterationError<PartialSymmetricEigen<T>>> {
        self.require_tolerance()?;
        let limit = self.tolerance.max(T::epsilon().as_f64().sqrt());
        // Products with the inverse are no better than this.
        self.tolerance = self.tolerance.max(4.0 * T::epsilon().as_f64() * inverse.condition()?);
        // The proof by the inverse is not the last word, that by A is.
        let found = match self.which(Extreme::LargestMagnitude).compute(inverse) {
            Ok(found) => found,
            Err(IterationError::Breakdown { best, .. }) => *best,
            Err(IterationError::Matrix(error)) => return Err(error.into()),
            Err(IterationError::NotConverged { method, iterations, residual, tolerance, best }) => {
                let best = Box::new(best.mapped_back(inverse)?);
                return Err(IterationError::NotConverged { method, iterations, residual, tolerance, best });
            }
            Err(IterationError::Cancelled { method, iterations, best }) => {
                let best = Box::new(best.mapped_back(inverse)?);
                return Err(IterationError::Cancelled { method, iterations, best });
            }
        };
        let found = found.mapped_back(inverse)?;
        let residual = found.residual_norms.iter().fold(T::zero(), |worst, &norm| worst.max(norm));
        if residual.as_f64() <= limit * inverse.norm().as_f64() {
            return Ok(found);
        }
        let reason = BreakdownReason::ShiftTooClose { residual: (residual / inverse.norm()).as_f64() };
        let iterations = found.iterations;
        Err(IterationError::Breakdown { method: METHOD, iterations, reason, best: Box::new(found) })
    }

    fn require_tolerance(&self) -> Result<(), Error> {
        if self.tolerance >= 0.0 {
            Ok(())
        } else {
            Err(invalid("tolerance", self.tolerance, "0 or more".to_owned()))
        }
    }
}

pub(super) fn invalid(parameter: &'static str, value: impl ToString, requirement: String) -> Error {
    Error::InvalidParameter { parameter, value: value.to_string(), requirement }
}
