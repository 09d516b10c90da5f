//! The generalized minimal residual method, restarted.
//!
//! Saad and Schultz, SIAM J. Sci. Stat. Comput. 7 (1986): an orthonormal basis of the Krylov space by modified
//! Gram-Schmidt, which is backward stable here (Paige, Rozloznik, Strakos, SIAM J. Matrix Anal. Appl. 28, 2006), and least
//! squares with the Hessenberg matrix by Givens rotations. The preconditioner M is on the right, `A M⁻¹ (M x) = b`, so
//! that the residual that is minimized is the true one.
//!
//! An iteration costs one product with A and with M⁻¹, and on the average m passes over three vectors, for a restart
//! length of m; m + 4 vectors are kept.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use super::params::SolverParams;
use super::rotation::Rotation;
use super::solution::Solution;
use super::system::{Ending, System, require_finite_number};
use super::vectors::{add, add_and_norm, block_add, block_dot, dot, fused, norm, scale, scaled, vector};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;

const METHOD: &str = "GMRES";

/// The restarted generalized minimal residual method, GMRES(m), for any square matrix.
///
/// The residual never rises. A restart forgets the space that was searched, and the method may stagnate: a larger m or a
/// preconditioner helps.
///
/// ```
/// use lapwing_iterative::Gmres;
/// use ndarray::array;
/// let a = array![[4.0, 1.0, 0.0], [-1.0, 3.0, 1.0], [0.0, -2.0, 5.0]];
/// let solution = Gmres::params().tolerance(1e-12).solve(&*a, &array![5.0, 3.0, 3.0])?;
/// assert!(solution.x().iter().all(|x| (x - 1.0f64).abs() < 1e-11));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Gmres {
    restart: usize,
}

impl Gmres {
    /// The choices, to change before solving.
    pub fn params<'a, T: Scalar>() -> SolverParams<'a, T, Self> {
        SolverParams::new(Self { restart: 20 })
    }
}

/// Workspace of one cycle.
struct Space<T> {
    /// The orthonormal basis, at most m + 1 vectors.
    basis: Vec<Vec<T>>,
    /// `M⁻¹ v`.
    z: Vec<T>,
    /// The columns of the triangle that the rotations make of the Hessenberg matrix.
    columns: Vec<Vec<f64>>,
    rotations: Vec<Rotation>,
    /// The right-hand side of the small problem, rotated.
    g: Vec<f64>,
}

impl<T: Scalar> SolverParams<'_, T, Gmres> {
    /// After how many iterations to start over from the residual. Default: 20, as SciPy's `restart`; at most n.
    pub fn restart(mut self, iterations: usize) -> Self {
        self.method.restart = iterations;
        self
    }

    /// Solves `a x = b` for square `a`.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`]; [`IterationError::Breakdown`] when the Krylov space is exhausted without a
    /// solution, as `a` or the preconditioner is singular, or when rounding errors keep the residual above the tolerance;
    /// [`IterationError::Cancelled`]; each with the last iterate, which has the smallest residual.
    /// [`IterationError::Matrix`] as [`ConjugateGradient`](super::ConjugateGradient), and [`Error::InvalidParameter`] for a
    /// restart after 0 iterations.
    pub fn solve<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
        b: &ArrayRef1<T>,
    ) -> Result<Solution<T>, IterationError<Solution<T>>> {
        if self.method.restart == 0 {
            let requirement = "at least 1".to_owned();
            let parameter = "restart";
            Err(Error::InvalidParameter { parameter, value: "0".to_owned(), requirement })?;
        }
        let restart = self.method.restart;
        let system = System::new(METHOD, self, &a, b)?;
        let n = system.order();
        let restart = restart.min(n.max(1));
        let z = vector(if system.is_preconditioned() { n } else { 0 })?;
        let (columns, rotations) = (Vec::with_capacity(restart), Vec::with_capacity(restart));
        let (basis, g) = (vec![vector(n)?], Vec::with_capacity(restart + 1));
        let mut space = Space { basis, z, columns, rotations, g };
        system.run(|system| space.cycle(system, restart))
    }
}

impl<T: Scalar> Space<T> {
    fn cycle(&mut self, system: &mut System<'_, '_, T>, restart: usize) -> Result<Ending, Error> {
        let start = norm(&system.r);
        scaled(&mut self.basis[0], 1.0 / start, &system.r);
        self.g.clear();
        self.g.push(start);
        self.columns.clear();
        self.rotations.clear();
        let mut ending = Ending::Restart;
        for k in 0..restart {
            let (mut column, before, after) = self.extend(system, k)?;
            // A product that the basis spans up to rounding leaves nothing to go on with.
            let exhausted = after <= 4.0 * T::UNIT_ROUNDOFF.as_f64() * before;
            let below = if exhausted { 0.0 } else { after };
            for (i, rotation) in self.rotations.iter().enumerate() {
                (column[i], column[i + 1]) = rotation.apply(column[i], column[i + 1]);
            }
            let (rotation, length) = Rotation::eliminating(column[k], below);
            if length <= 4.0 * T::UNIT_ROUNDOFF.as_f64() * before {
                // The column adds nothing: the matrix is singular on the space.
                ending = Ending::Breakdown(BreakdownReason::Singular);
                break;
            }
            column[k] = length;
            let (here, next) = rotation.apply(self.g[k], 0.0);
            self.g[k] = here;
            self.g.push(next);
            self.columns.push(column);
            self.rotations.push(rotation);
            if let Some(reason) = system.record(next.abs())? {
                ending = reason;
                break;
            }
            if exhausted {
                break;
            }
        }
        self.improve(system)?;
        Ok(ending)
    }

    /// The product with vector `k` of the basis, made orthogonal to the basis and appended to it. Returns its coefficients,
    /// with room for rotations, and its length before and after.
    fn extend(&mut self, system: &System<'_, '_, T>, k: usize) -> Result<(Vec<f64>, f64, f64), Error> {
        if self.basis.len() < k + 2 {
            self.basis.push(vector(system.order())?);
        }
        let (basis, rest) = self.basis.split_at_mut(k + 1);
        let product = &mut rest[0];
        if system.is_preconditioned() {
            system.precondition(&basis[k], &mut self.z)?;
            system.multiply(&self.z, product)?;
        } else {
            system.multiply(&basis[k], product)?;
        }
        let before = require_finite_number::<T>(norm(product))?;
        let mut column = Vec::with_capacity(k + 2);
        // Subtracting one projection and measuring the next are one pass.
        let mut coefficient = dot(product, &basis[0]);
        for i in 1..=k {
            column.push(coefficient);
            let factor = T::from_f64(-coefficient);
            coefficient = fused([product], [&basis[i - 1], &basis[i]], |[product], [v, next]| {
                block_add(product, factor, v);
                block_dot(product, next)
            });
        }
        column.push(coefficient);
        let after = require_finite_number::<T>(add_and_norm(product, -coefficient, &basis[k]))?;
        column.push(after);
        if after > 0.0 {
            scale(product, 1.0 / after);
        }
        Ok((column, before, after))
    }

    /// Adds to `x` the combination of the basis that minimizes the residual.
    fn improve(&mut self, system: &mut System<'_, '_, T>) -> Result<(), Error> {
        let count = self.columns.len();
        let mut weights = self.g[..count].to_vec();
        for k in (0..count).rev() {
            weights[k] /= self.columns[k][k];
            let weight = weights[k];
            let above = self.columns[k][..k].iter();
            weights.iter_mut().zip(above).for_each(|(other, entry)| *other -= weight * entry);
        }
        if system.is_preconditioned() {
            // The residual is computed anew after this, so that its vector is free.
            system.r.fill(T::zero());
            weights.iter().zip(&self.basis).for_each(|(&weight, v)| add(&mut system.r, weight, v));
            system.precondition(&system.r, &mut self.z)?;
            add(&mut system.x, 1.0, &self.z);
        } else {
            weights.iter().zip(&self.basis).for_each(|(&weight, v)| add(&mut system.x, weight, v));
        }
        Ok(())
    }
}
