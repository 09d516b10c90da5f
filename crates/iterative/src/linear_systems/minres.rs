//! The minimal residual method for symmetric systems.
//!
//! Paige and Saunders, SIAM J. Numer. Anal. 12 (1975): the Lanczos process, and least squares with its tridiagonal matrix by
//! Givens rotations. An iteration costs one product with A and with M⁻¹; eight vectors are kept, and one more with a
//! preconditioner.
//!
//! The residual is minimized in the norm of M⁻¹, and its recurrence is carried along as a vector when there is a
//! preconditioner, so that what is watched is the 2-norm.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use super::params::SolverParams;
use super::rotation::Rotation;
use super::solution::Solution;
use super::system::{Ending, System, require_finite_number};
use super::vectors::{block_add, block_dot, dot, fused, scaled, vector};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;

const METHOD: &str = "MINRES";

/// The minimal residual method, MINRES, for symmetric matrices, definite or not.
///
/// The residual never rises. A singular system is solved when it is consistent; the solution has then no part in the null
/// space, if the initial guess has none.
///
/// ```
/// use lapwing_iterative::Minres;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [2.0, -3.0]];
/// let solution = Minres::params().tolerance(1e-12).solve(&*a, &array![3.0, -1.0])?;
/// assert!(solution.x().iter().all(|x| (x - 1.0f64).abs() < 1e-11));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Minres;

impl Minres {
    /// The choices, to change before solving.
    pub fn params<'a, T: Scalar>() -> SolverParams<'a, T, Self> {
        SolverParams::new(Self)
    }
}

/// Workspace of the method.
struct Lanczos<T> {
    /// The Lanczos vectors before M⁻¹, unscaled: the last and the one before.
    last: Vec<T>,
    before: Vec<T>,
    /// `M⁻¹` times the last, when there is a preconditioner.
    z: Vec<T>,
    /// The last Lanczos vector, of length 1.
    v: Vec<T>,
    product: Vec<T>,
    /// The directions of the last two steps.
    directions: [Vec<T>; 2],
}

impl<T: Scalar> SolverParams<'_, T, Minres> {
    /// Solves `a x = b` for symmetric `a`, which is not checked. A preconditioner must be symmetric positive definite.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`]; [`IterationError::Breakdown`] when the preconditioner turns out not to be positive
    /// definite, the system is singular and not consistent, or rounding errors keep the residual above the tolerance;
    /// [`IterationError::Cancelled`]; each with the last iterate. [`IterationError::Matrix`] as
    /// [`ConjugateGradient`](super::ConjugateGradient).
    pub fn solve<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
        b: &ArrayRef1<T>,
    ) -> Result<Solution<T>, IterationError<Solution<T>>> {
        let system = System::new(METHOD, self, &a, b)?;
        let n = system.order();
        let mut lanczos = Lanczos {
            last: vector(n)?,
            before: vector(n)?,
            z: vector(if system.is_preconditioned() { n } else { 0 })?,
            v: vector(n)?,
            product: vector(n)?,
            directions: [vector(n)?, vector(n)?],
        };
        system.run(|system| lanczos.cycle(system))
    }
}

impl<T: Scalar> Lanczos<T> {
    fn cycle(&mut self, system: &mut System<'_, '_, T>) -> Result<Ending, Error> {
        let preconditioned = system.is_preconditioned();
        let rounding = T::UNIT_ROUNDOFF.as_f64();
        self.last.copy_from_slice(&system.r);
        self.before.fill(T::zero());
        self.directions.iter_mut().for_each(|direction| direction.fill(T::zero()));
        let Some(mut beta) = self.length(system)? else { return Ok(indefinite()) };
        // The residual in the norm of M⁻¹, and the row of the tridiagonal matrix that the rotations have reached.
        let mut residual = beta;
        let (mut previous_beta, mut epsilon, mut delta_bar) = (0.0, 0.0, 0.0);
        let mut rotation = Rotation { c: -1.0, s: 0.0 };
        let mut largest: f64 = 0.0;
        loop {
            scaled(&mut self.v, 1.0 / beta, if preconditioned { &self.z } else { &self.last });
            system.multiply(&self.v, &mut self.product)?;
            let alpha = require_finite_number::<T>(dot(&self.v, &self.product))?;
            // The next Lanczos vector takes the place of the one before the last.
            let (from_last, from_before) = (
                T::from_f64(-alpha / beta),
                T::from_f64(if previous_beta == 0.0 { 0.0 } else { -beta / previous_beta }),
            );
            fused([&mut self.before], [&self.last, &self.product], |[before], [last, product]| {
                let others = last.iter().zip(product);
                let next = |(before, (&last, &product)): (&mut T, (&T, &T))| {
                    *before = product + from_last * last + from_before * *before;
                };
                before.iter_mut().zip(others).for_each(next);
                0.0
            });
            std::mem::swap(&mut self.last, &mut self.before);
            previous_beta = beta;
            let Some(length) = self.length(system)? else { return Ok(indefinite()) };
            largest = largest.max(alpha.abs()).max(previous_beta.min(length)).max(length);
            // A vector that the space holds up to rounding ends the process.
            let exhausted = length <= 4.0 * rounding * largest;
            beta = if exhausted { 0.0 } else { length };

            let old_epsilon = epsilon;
            let delta = rotation.c * delta_bar + rotation.s * alpha;
            let gamma_bar = rotation.s * delta_bar - rotation.c * alpha;
            epsilon = rotation.s * beta;
            delta_bar = -rotation.c * beta;
            let gamma = gamma_bar.hypot(beta);
            if gamma <= 4.0 * rounding * largest {
                return Ok(Ending::Breakdown(BreakdownReason::Inconsistent));
            }
            rotation = Rotation { c: gamma_bar / gamma, s: beta / gamma };
            let step = rotation.c * residual;
            residual *= rotation.s;

            // The new direction takes the place of the one before the last.
            let [older, old] = &mut self.directions;
            let factors = [1.0 / gamma, -delta / gamma, -old_epsilon / gamma].map(T::from_f64);
            let step = T::from_f64(step);
            fused([&mut system.x, older], [&self.v, old], |[x, older], [v, old]| {
                let others = v.iter().zip(old);
                let next = |(older, (&v, &old)): (&mut T, (&T, &T))| {
                    *older = factors[0] * v + factors[1] * old + factors[2] * *older;
                };
                older.iter_mut().zip(others).for_each(next);
                block_add(x, step, older);
                0.0
            });
            self.directions.swap(0, 1);
            let norm = if preconditioned {
                let keep = T::from_f64(rotation.s * rotation.s);
                let take = T::from_f64(if exhausted { 0.0 } else { -residual * rotation.c / beta });
                let square = fused([&mut system.r], [&self.last], |[r], [last]| {
                    r.iter_mut().zip(last).for_each(|(r, &last)| *r = keep * *r + take * last);
                    block_dot(r, r)
                });
                square.sqrt()
            } else {
                residual.abs()
            };
            if let Some(ending) = system.record(norm)? {
                return Ok(ending);
            }
            if exhausted {
                return Ok(Ending::Restart);
            }
        }
    }

    /// The norm of the last Lanczos vector that M⁻¹ defines, with the product with M⁻¹ left in `z`; none when there is none.
    fn length(&mut self, system: &System<'_, '_, T>) -> Result<Option<f64>, Error> {
        let square = if system.is_preconditioned() {
            system.precondition(&self.last, &mut self.z)?;
            dot(&self.last, &self.z)
        } else {
            dot(&self.last, &self.last)
        };
        let square = require_finite_number::<T>(square)?;
        let positive = square > 0.0 || self.last.iter().all(|&entry| entry == T::zero());
        Ok(positive.then(|| square.sqrt()))
    }
}

fn indefinite() -> Ending {
    Ending::Breakdown(BreakdownReason::IndefinitePreconditioner)
}
