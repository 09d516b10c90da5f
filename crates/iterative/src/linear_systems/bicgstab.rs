//! The stabilized biconjugate gradient method.
//!
//! van der Vorst, SIAM J. Sci. Stat. Comput. 13 (1992): biconjugate gradients without the transpose, each step followed by a
//! step that minimizes the residual along it. An iteration costs two products with A and with M⁻¹; seven vectors are kept,
//! and two more with a preconditioner, which is on the right: the residual is the true one.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use super::params::SolverParams;
use super::solution::Solution;
use super::system::{Ending, System, require_finite_number};
use super::vectors::{add_and_norm, block_add, block_dot, dot, fused, norm, vector};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;

const METHOD: &str = "BiCGSTAB";

/// The stabilized biconjugate gradient method, BiCGSTAB, for any square matrix.
///
/// Little memory and no restarts, at the price of residuals that go up and down. It may break down; from the last residual
/// it then starts over, and gives up when that does not help.
///
/// ```
/// use lapwing_iterative::Bicgstab;
/// use ndarray::array;
/// let a = array![[4.0, 1.0, 0.0], [-1.0, 3.0, 1.0], [0.0, -2.0, 5.0]];
/// let solution = Bicgstab::params().tolerance(1e-12).solve(&*a, &array![5.0, 3.0, 3.0])?;
/// assert!(solution.x().iter().all(|x| (x - 1.0f64).abs() < 1e-11));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "BiCGSTAB")]
#[derive(Clone, Copy, Debug)]
pub struct Bicgstab;

impl Bicgstab {
    /// The choices, to change before solving.
    pub fn params<'a, T: Scalar>() -> SolverParams<'a, T, Self> {
        SolverParams::new(Self)
    }
}

/// Workspace of the method.
struct Vectors<T> {
    /// The residual that the cycle began with.
    shadow: Vec<T>,
    p: Vec<T>,
    /// `A M⁻¹ p`.
    v: Vec<T>,
    /// `A M⁻¹ s`, for the residual s after half a step.
    t: Vec<T>,
    /// `M⁻¹ p` and `M⁻¹ s`, when there is a preconditioner.
    p_hat: Vec<T>,
    s_hat: Vec<T>,
}

impl<T: Scalar> SolverParams<'_, T, Bicgstab> {
    /// Solves `a x = b` for square `a`.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`]; [`IterationError::Breakdown`] when ρ or ω vanishes again at once after starting
    /// over, or rounding errors keep the residual above the tolerance; [`IterationError::Cancelled`]; each with the best
    /// iterate, within a factor of 2 of its residual. [`IterationError::Matrix`] as [`ConjugateGradient`](super::ConjugateGradient).
    pub fn solve<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
        b: &ArrayRef1<T>,
    ) -> Result<Solution<T>, IterationError<Solution<T>>> {
        let system = System::new(METHOD, self, &a, b)?.keeping()?;
        let n = system.order();
        let hats = if system.is_preconditioned() { n } else { 0 };
        let mut vectors = Vectors {
            shadow: vector(n)?,
            p: vector(n)?,
            v: vector(n)?,
            t: vector(n)?,
            p_hat: vector(hats)?,
            s_hat: vector(hats)?,
        };
        system.run(|system| vectors.cycle(system))
    }
}

impl<T: Scalar> Vectors<T> {
    fn cycle(&mut self, system: &mut System<'_, '_, T>) -> Result<Ending, Error> {
        self.shadow.copy_from_slice(&system.r);
        self.p.copy_from_slice(&system.r);
        let shadow_norm = norm(&self.shadow);
        let first = system.iteration();
        // What is smaller than this is nothing but rounding errors of orthogonal vectors.
        let negligible = T::UNIT_ROUNDOFF.as_f64();
        // Starting over helps when there was progress; what breaks down at once would do so again.
        let broken = |system: &System<'_, '_, T>, residual: f64, vectors| {
            if system.iteration() > first + 1 || residual < 0.9 * shadow_norm {
                return Ending::Restart;
            }
            Ending::Breakdown(BreakdownReason::Orthogonal { vectors })
        };
        let mut rho = shadow_norm * shadow_norm;
        let mut residual = shadow_norm;
        loop {
            Self::product(system, &self.p, &mut self.p_hat, &mut self.v)?;
            let projection = require_finite_number::<T>(dot(&self.shadow, &self.v))?;
            if projection.abs() <= negligible * shadow_norm * norm(&self.v) {
                return Ok(broken(
                    system,
                    residual,
                    "the product with the direction is orthogonal to the first residual",
                ));
            }
            let alpha = rho / projection;
            // From here on r is s, the residual after half a step.
            let half = require_finite_number::<T>(add_and_norm(&mut system.r, -alpha, &self.v))?;
            Self::product(system, &system.r, &mut self.s_hat, &mut self.t)?;
            let (ts, tt) = (dot(&self.t, &system.r), require_finite_number::<T>(dot(&self.t, &self.t))?);
            let omega = if tt == 0.0 { 0.0 } else { ts / tt };
            let preconditioned = system.is_preconditioned();
            let (p, s) = (if preconditioned { &self.p_hat } else { &self.p }, &self.s_hat);
            let (step, stabilizer) = (T::from_f64(alpha), T::from_f64(omega));
            let square = if preconditioned {
                fused([&mut system.x, &mut system.r], [p, s, &self.t], |[x, r], [p, s, t]| {
                    block_add(x, step, p);
                    block_add(x, stabilizer, s);
                    block_add(r, -stabilizer, t);
                    block_dot(r, r)
                })
            } else {
                fused([&mut system.x, &mut system.r], [p, &self.t], |[x, r], [p, t]| {
                    block_add(x, step, p);
                    block_add(x, stabilizer, r);
                    block_add(r, -stabilizer, t);
                    block_dot(r, r)
                })
            };
            residual = square.sqrt();
            system.keep(residual);
            if let Some(ending) = system.record(residual)? {
                return Ok(ending);
            }
            if ts.abs() <= negligible * tt.sqrt() * half {
                return Ok(broken(
                    system,
                    residual,
                    "the residual is orthogonal to its product with the matrix",
                ));
            }
            let before = rho;
            rho = dot(&self.shadow, &system.r);
            if rho.abs() <= negligible * shadow_norm * residual {
                return Ok(broken(system, residual, "the residual is orthogonal to the first one"));
            }
            let beta = T::from_f64(rho / before * (alpha / omega));
            fused([&mut self.p], [&system.r, &self.v], |[p], [r, v]| {
                let others = r.iter().zip(v);
                p.iter_mut().zip(others).for_each(|(p, (&r, &v))| *p = r + beta * (*p - stabilizer * v));
                0.0
            });
        }
    }

    /// `A M⁻¹ x` into `result`, by way of `x_hat`.
    fn product(system: &System<'_, '_, T>, x: &[T], x_hat: &mut [T], result: &mut [T]) -> Result<(), Error> {
        if !system.is_preconditioned() {
            return system.multiply(x, result);
        }
        system.precondition(x, x_hat)?;
        system.multiply(x_hat, result)
    }
}
