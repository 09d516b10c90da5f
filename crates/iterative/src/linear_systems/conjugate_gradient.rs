//! The conjugate gradient method for symmetric positive definite systems.
//!
//! | per iteration | without a preconditioner | with one |
//! |---------------|--------------------------|----------|
//! | products      | 1                        | 2        |
//! | passes over vectors | 3                  | 4        |
//! | vectors kept  | 4                        | 5        |
//!
//! Hestenes and Stiefel, "Methods of conjugate gradients for solving linear systems", J. Res. Nat. Bur. Standards 49
//! (1952). The error falls, in the norm that A defines, at least by the factor `(√κ − 1) / (√κ + 1)` an iteration, with κ
//! the condition number of the preconditioned matrix. Each iterate is the best in its Krylov space in that norm, though the
//! residual may rise in between.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use super::params::SolverParams;
use super::solution::Solution;
use super::system::{Ending, System, require_finite_number};
use super::vectors::{block_add, block_dot, dot, fused, scale_and_add, vector};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;

const METHOD: &str = "the conjugate gradient method";

/// The conjugate gradient method, for symmetric positive definite matrices.
///
/// ```
/// use lapwing_iterative::ConjugateGradient;
/// use lapwing_iterative::preconditioners::Jacobi;
/// use lapwing_iterative::sprs::{CsMat, TriMat};
/// use ndarray::{Array1, ArrayRef1};
/// // The second difference with a growing diagonal.
/// let n = 100;
/// let mut triplets = TriMat::new((n, n));
/// for i in 0..n {
///     triplets.add_triplet(i, i, 2.0 + i as f64);
///     if i > 0 {
///         triplets.add_triplet(i, i - 1, -1.0);
///         triplets.add_triplet(i - 1, i, -1.0);
///     }
/// }
/// let a: CsMat<f64> = triplets.to_csr();
/// let jacobi = Jacobi::new(&a)?;
/// let params = ConjugateGradient::params().tolerance(1e-10).preconditioner(&jacobi);
/// let solution = params.solve(&a, &Array1::ones(n))?;
/// assert!(solution.iterations() < 30 && solution.residual_norm() <= 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "CG")]
#[derive(Clone, Copy, Debug)]
pub struct ConjugateGradient;

impl ConjugateGradient {
    /// The choices, to change before solving.
    pub fn params<'a, T: Scalar>() -> SolverParams<'a, T, Self> {
        SolverParams::new(Self)
    }
}

impl<T: Scalar> SolverParams<'_, T, ConjugateGradient> {
    /// Solves `a x = b` for symmetric positive definite `a`, which is not checked to be symmetric. A preconditioner must
    /// be symmetric positive definite too.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`]; [`IterationError::Breakdown`] when `a` or the preconditioner turns out not to be
    /// positive definite, or rounding errors keep the residual above the tolerance; [`IterationError::Cancelled`]; each
    /// with the last iterate. [`IterationError::Matrix`] with [`Error::NotSquare`]; [`Error::Shape`];
    /// [`Error::NonFinite`] in `b` or the initial guess; [`Error::InvalidParameter`]; [`Error::Overflow`] when a product
    /// is not finite; [`Error::OutOfMemory`].
    pub fn solve<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
        b: &ArrayRef1<T>,
    ) -> Result<Solution<T>, IterationError<Solution<T>>> {
        let system = System::new(METHOD, self, &a, b)?;
        let n = system.order();
        let (mut p, mut q) = (vector(n)?, vector(n)?);
        let mut z = vector(if system.is_preconditioned() { n } else { 0 })?;
        system.run(|system| cycle(system, &mut p, &mut q, &mut z))
    }
}

/// Iterates with the search direction `p`, its product `q` and the preconditioned residual `z`.
fn cycle<T: Scalar>(
    system: &mut System<'_, '_, T>,
    p: &mut [T],
    q: &mut [T],
    z: &mut [T],
) -> Result<Ending, Error> {
    let mut square = dot(&system.r, &system.r);
    let mut energy = preconditioned(system, z, square)?;
    let mut momentum = 0.0;
    p.fill(T::zero());
    loop {
        if energy <= 0.0 {
            return Ok(Ending::Breakdown(BreakdownReason::IndefinitePreconditioner));
        }
        scale_and_add(p, momentum, if system.is_preconditioned() { z } else { &system.r });
        system.multiply(p, q)?;
        let curvature = require_finite_number::<T>(dot(p, q))?;
        if curvature <= 0.0 {
            // Of length 0 only by underflow.
            let curvature = curvature / dot(p, p).max(f64::MIN_POSITIVE);
            return Ok(Ending::Breakdown(BreakdownReason::NotPositiveDefinite { curvature }));
        }
        let step = T::from_f64(energy / curvature);
        square = fused([&mut system.x, &mut system.r], [p, q], |[x, r], [p, q]| {
            block_add(x, step, p);
            block_add(r, -step, q);
            block_dot(r, r)
        });
        if let Some(ending) = system.record(square.sqrt())? {
            return Ok(ending);
        }
        let before = energy;
        energy = preconditioned(system, z, square)?;
        momentum = energy / before;
    }
}

/// `rᵀ M⁻¹ r`, with `M⁻¹ r` in `z` if there is a preconditioner; `square` is `rᵀ r`.
fn preconditioned<T: Scalar>(system: &System<'_, '_, T>, z: &mut [T], square: f64) -> Result<f64, Error> {
    if !system.is_preconditioned() {
        return Ok(square);
    }
    system.precondition(&system.r, z)?;
    require_finite_number::<T>(dot(&system.r, z))
}
