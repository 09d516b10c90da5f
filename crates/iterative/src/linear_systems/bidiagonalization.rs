//! The bidiagonalization of Golub and Kahan, on which LSQR and LSMR stand.

use lapwing_lapack::{Error, Scalar};

use super::least_squares::Problem;
use super::system::require_finite_number;
use super::vectors::{block_dot, fused, norm, scale, vector};

/// `A V = U B` with a lower bidiagonal B, one column at a time: `β u = A v − α u`, `α v = Aᵀ u − β v`.
pub(super) struct Bidiagonalization<T> {
    /// Of length 1, m entries.
    pub(super) u: Vec<T>,
    /// Of length 1, n entries.
    pub(super) v: Vec<T>,
    /// The last entries on the diagonal and below it.
    pub(super) alpha: f64,
    pub(super) beta: f64,
    image: Vec<T>,
    preimage: Vec<T>,
}

impl<T: Scalar> Bidiagonalization<T> {
    /// Begins with the residual of the initial guess.
    pub(super) fn new(problem: &Problem<'_, '_, T>) -> Result<Self, Error> {
        let (m, n) = problem.dimensions();
        let (mut u, mut v) = (vector(m)?, vector(n)?);
        problem.first_residual(&mut u)?;
        let beta = normalize::<T>(&mut u, None)?;
        problem.multiply_transposed(&u, &mut v)?;
        let alpha = normalize::<T>(&mut v, None)?;
        Ok(Self { u, v, alpha, beta, image: vector(m)?, preimage: vector(n)? })
    }

    pub(super) fn advance(&mut self, problem: &Problem<'_, '_, T>) -> Result<(), Error> {
        problem.multiply(&self.v, &mut self.image)?;
        self.beta = subtract_and_normalize(&mut self.u, self.alpha, &self.image)?;
        problem.multiply_transposed(&self.u, &mut self.preimage)?;
        self.alpha = subtract_and_normalize(&mut self.v, self.beta, &self.preimage)?;
        Ok(())
    }
}

/// `x = product − factor x`, to length 1; returns the length before.
fn subtract_and_normalize<T: Scalar>(x: &mut [T], factor: f64, product: &[T]) -> Result<f64, Error> {
    let negative = T::from_f64(-factor);
    let square = fused([&mut *x], [product], |[x], [product]| {
        x.iter_mut().zip(product).for_each(|(x, &product)| *x = product + negative * *x);
        block_dot(x, x)
    });
    normalize(x, Some(square))
}

/// Divides `x` by its length, whose square may be known; returns the length. Zeros stay.
fn normalize<T: Scalar>(x: &mut [T], square: Option<f64>) -> Result<f64, Error> {
    let length = require_finite_number::<T>(square.map_or_else(|| norm(x), f64::sqrt))?;
    if length > 0.0 {
        scale(x, 1.0 / length);
    }
    Ok(length)
}
