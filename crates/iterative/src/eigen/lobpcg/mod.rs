//! A few eigenpairs at an end of a symmetric pencil `A x = λ B x`, by the locally optimal block preconditioned conjugate
//! gradient method.
//!
//! | step, for m vectors       | what                                                             | cost                |
//! |---------------------------|------------------------------------------------------------------|---------------------|
//! | precondition              | the residuals of the pairs that have not converged               | m times T           |
//! | orthonormalize            | against constraints, vectors and directions, dependent ones left out | 8nm(2m + d)     |
//! | multiply                  | by B and by A                                                    | m products of each  |
//! | Rayleigh-Ritz             | `syevd` of order 3m, and the new basis                           | 12nm²               |
//!
//! For the smallest eigenvalues, with a preconditioner that approximates `A⁻¹`, such as an incomplete factorization or a
//! multigrid cycle: with a good one, a few dozen iterations whatever the order. Without one, and for large eigenvalues,
//! [`PartialSymmetricEigen`](crate::PartialSymmetricEigen) needs fewer products. Being a block method it finds multiple
//! eigenvalues as often as they are there.
//!
//! Knyazev (SIAM J. Sci. Comput. 23, 2001), with the basis of Hetmaniuk and Lehoucq (J. Comput. Phys. 218, 2006): the
//! directions are chosen orthogonal to the vectors by their coefficients, so that all of the basis is orthonormal and
//! no ill-conditioned Gram matrix is ever factored.

mod iteration;

use lapwing_lapack::{Error, Scalar, require_finite};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};

use super::Extreme;
use super::lanczos::invalid;
use crate::error::IterationError;
use crate::operator::LinearOperator;
use crate::progress::Observer;

const METHOD: &str = "LOBPCG";

/// A few eigenvalues and eigenvectors of `A x = λ B x`, for symmetric A and symmetric positive definite B of order n.
///
/// ```
/// use lapwing_iterative::{FunctionOperator, Lobpcg};
/// use ndarray::{Array2, ArrayRef2};
/// let a = Array2::from_diag(&ndarray::Array1::from_shape_fn(200, |i| (1.0 + i as f64).powi(3)));
/// // The inverse of the diagonal is a perfect preconditioner here.
/// let inverse = FunctionOperator::symmetric(200, |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
///     ndarray::azip!((index (i, _), r in result, &x in x) *r = x / (1.0 + i as f64).powi(3));
///     Ok(())
/// });
/// let eigen = Lobpcg::params(2).preconditioner(&inverse).compute(&*a)?;
/// assert!((eigen.values()[0] - 1.0).abs() < 1e-8 && (eigen.values()[1] - 8.0).abs() < 1e-8);
/// # Ok::<(), lapwing_iterative::IterationError<Lobpcg<f64>>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lobpcg<T: Scalar> {
    values: Array1<T>,
    vectors: Array2<T>,
    residual_norms: Array1<T>,
    iterations: usize,
    products: usize,
    history: Vec<f64>,
}

impl<T: Scalar> Lobpcg<T> {
    /// The choices for `k` pairs, to change before computing.
    pub fn params<'a>(k: usize) -> LobpcgParams<'a, T> {
        LobpcgParams {
            k,
            which: Extreme::Smallest,
            block: None,
            tolerance: None,
            max_iterations: 500,
            seed: 0,
            start: None,
            constraints: None,
            b: None,
            preconditioner: None,
            observer: None,
        }
    }

    /// The k eigenvalues, in ascending order.
    pub fn values(&self) -> ArrayView1<'_, T> {
        self.values.view()
    }

    /// The eigenvectors in columns, n x k, with `Xᵀ B X = I`.
    pub fn vectors(&self) -> ArrayView2<'_, T> {
        self.vectors.view()
    }

    /// `‖A x − λ B x‖₂ / ‖x‖₂` of each pair, from products with the result; with constraints, of what is orthogonal to
    /// them.
    pub fn residual_norms(&self) -> ArrayView1<'_, T> {
        self.residual_norms.view()
    }

    /// How many times the block was improved.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// How many vectors A was applied to.
    pub fn products(&self) -> usize {
        self.products
    }

    /// Before each iteration the largest residual norm, relative as in [`LobpcgParams::tolerance`].
    pub fn history(&self) -> &[f64] {
        &self.history
    }

    /// `(values, vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<T>, Array2<T>) {
        (self.values, self.vectors)
    }
}

/// The choices of LOBPCG. Made by [`Lobpcg::params`].
pub struct LobpcgParams<'a, T> {
    k: usize,
    which: Extreme,
    block: Option<usize>,
    tolerance: Option<f64>,
    max_iterations: usize,
    seed: u64,
    start: Option<&'a ArrayRef2<T>>,
    constraints: Option<&'a ArrayRef2<T>>,
    b: Option<&'a dyn LinearOperator<T>>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
    observer: Option<&'a mut Observer<'a>>,
}

impl<'a, T: Scalar> LobpcgParams<'a, T> {
    /// [`Extreme::Smallest`], the default, or [`Extreme::Largest`].
    pub fn which(mut self, which: Extreme) -> Self {
        self.which = which;
        self
    }

    /// How many vectors are iterated, at least k. Those beyond k take up what lies close to the wanted eigenvalues, and
    /// need not converge themselves. Default: a quarter more than k, and at least two more.
    pub fn block(mut self, size: usize) -> Self {
        self.block = Some(size);
        self
    }

    /// The largest residual norm `‖A x − λ B x‖ / ‖x‖`, relative to `‖A‖ + |λ| ‖B‖`, whose norms are estimated from
    /// below by the products made. It bounds the relative error of vectors; that of values is its square, over the
    /// relative gap to the next. Default: the square root of the machine epsilon; the least is 50 of these.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// How many times the block may be improved. Default: 500.
    pub fn max_iterations(mut self, iterations: usize) -> Self {
        self.max_iterations = iterations;
        self
    }

    /// The seed of random vectors. The same seed gives the same bits for the same number of threads. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Vectors to start from (n x any number). Those that are missing to the size of the block are random.
    pub fn start(mut self, vectors: &'a ArrayRef2<T>) -> Self {
        self.start = Some(vectors);
        self
    }

    /// Vectors (n x d) that the eigenvectors shall be orthogonal to, in the inner product of B: known eigenvectors, or the
    /// null space. SciPy's `Y`. They need not be orthonormal, nor independent.
    pub fn constraints(mut self, vectors: &'a ArrayRef2<T>) -> Self {
        self.constraints = Some(vectors);
        self
    }

    /// B, symmetric positive definite. Default: the identity.
    pub fn b(mut self, b: &'a dyn LinearOperator<T>) -> Self {
        self.b = Some(b);
        self
    }

    /// What residuals are multiplied by: symmetric positive definite, and for the smallest eigenvalues near `A⁻¹`.
    /// Default: the identity.
    pub fn preconditioner(mut self, preconditioner: &'a dyn LinearOperator<T>) -> Self {
        self.preconditioner = Some(preconditioner);
        self
    }

    /// Called before every iteration.
    pub fn observer(mut self, observer: &'a mut Observer<'a>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The eigenpairs of `a`.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`] and [`IterationError::Cancelled`] with k pairs as good as they are;
    /// [`IterationError::Breakdown`] when no new direction is left although the tolerance is not met; and within
    /// [`IterationError::Matrix`]: [`Error::NotSquare`]; [`Error::InvalidParameter`] when k exceeds the order less the
    /// constraints, the block is smaller than k, the tolerance is not positive, the end is another than the two, or B is
    /// found not to be positive definite; [`Error::Shape`]; [`Error::NonFinite`]; [`Error::Overflow`] when a product is
    /// not finite; [`Error::OutOfMemory`]; [`Error::NoConvergence`].
    pub fn compute<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
    ) -> Result<Lobpcg<T>, IterationError<Lobpcg<T>>> {
        let (n, cols) = a.dimensions();
        if n != cols {
            return Err(Error::NotSquare { argument: "a", rows: n, cols }.into());
        }
        for (argument, operator) in [("b", self.b), ("preconditioner", self.preconditioner)] {
            let Some((rows, cols)) = operator.map(|operator| operator.dimensions()) else { continue };
            for (extent, found) in [("rows", rows), ("columns", cols)] {
                require_order(argument, extent, found, n)?;
            }
        }
        for (argument, vectors) in [("start", self.start), ("constraints", self.constraints)] {
            let Some(vectors) = vectors else { continue };
            require_order(argument, "rows", vectors.nrows(), n)?;
            require_finite(argument, vectors)?;
        }
        if let Some(tolerance) = self.tolerance.filter(|tolerance| tolerance.is_nan() || *tolerance <= 0.0) {
            return Err(invalid("tolerance", tolerance, "positive".to_owned()).into());
        }
        if let Some(block) = self.block.filter(|&block| block < self.k) {
            return Err(invalid("block", block, format!("at least k = {}", self.k)).into());
        }
        if !matches!(self.which, Extreme::Smallest | Extreme::Largest) {
            let requirement = "Smallest or Largest".to_owned();
            return Err(invalid("which", format!("{:?}", self.which), requirement).into());
        }
        iteration::Iteration::new(a, self)?.run()
    }
}

fn require_order(
    argument: &'static str,
    extent: &'static str,
    found: usize,
    expected: usize,
) -> Result<(), Error> {
    let reason = "the order of the operator";
    if found == expected { Ok(()) } else { Err(Error::Shape { argument, extent, found, expected, reason }) }
}
