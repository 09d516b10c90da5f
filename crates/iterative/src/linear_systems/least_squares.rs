//! What LSQR and LSMR do alike: check the arguments, decide when to stop, and prove the result.
//!
//! Both minimize `‖A x − b‖² + λ² ‖x‖²` from products with A and Aᵀ, and stop by the rules of Paige and Saunders, ACM Trans.
//! Math. Softw. 8 (1982): the residual is as small as it is for a solution of a problem whose A and b differ from the
//! given ones by relative errors of `matrix_tolerance` and `right_hand_side_tolerance`.

use lapwing_lapack::{Error, Scalar, require_finite};
use ndarray::{Array1, ArrayRef1, ArrayView1, Axis};

use super::least_squares_params::LeastSquaresParams;
use super::least_squares_solution::{Fulfilled, LeastSquaresSolution};
use super::params::require_tolerance;
use super::system::{column, column_mut, power_of_two, require_finite_number, require_vector};
use super::vectors::{block_add, block_dot, fused, norm, vector};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;
use crate::progress::{Observer, Progress};

/// What an iteration knows of its answer, by recurrence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Estimates {
    /// `‖r‖`.
    pub(super) residual: f64,
    /// `‖Aᵀ r‖`.
    pub(super) normal_residual: f64,
    /// `‖A‖`.
    pub(super) matrix: f64,
    pub(super) condition: f64,
    /// `‖x‖`.
    pub(super) x: f64,
}

/// How an iteration ends.
pub(super) enum End {
    Fulfilled(Fulfilled),
    IllConditioned,
    Exhausted,
    Cancelled,
}

/// A problem on its way to a solution. All vectors are divided by a power of 2 near the largest entry of b.
pub(super) struct Problem<'s, 'a, T: Scalar> {
    method: &'static str,
    a: &'s dyn LinearOperator<T>,
    observer: Option<&'a mut Observer<'a>>,
    b: Vec<T>,
    pub(super) x: Vec<T>,
    guess: Option<Vec<T>>,
    scale: T,
    b_norm: f64,
    pub(super) damping: f64,
    matrix_tolerance: f64,
    right_hand_side_tolerance: f64,
    condition_limit: f64,
    limit: usize,
    residual_norms: Vec<f64>,
    measure: (f64, f64),
    estimates: Estimates,
}

impl<'s, 'a, T: Scalar> Problem<'s, 'a, T> {
    /// Checks and takes over what the caller gave.
    pub(super) fn new<Method>(
        method: &'static str,
        params: LeastSquaresParams<'a, T, Method>,
        a: &'s dyn LinearOperator<T>,
        b: &ArrayRef1<T>,
    ) -> Result<Self, Error> {
        require_tolerance("damping", params.damping)?;
        require_tolerance("matrix_tolerance", params.matrix_tolerance)?;
        require_tolerance("right_hand_side_tolerance", params.right_hand_side_tolerance)?;
        let limit = params.condition_limit;
        if limit.is_nan() || limit < 1.0 {
            let (parameter, requirement) = ("condition_limit", "at least 1".to_owned());
            return Err(Error::InvalidParameter { parameter, value: limit.to_string(), requirement });
        }
        let (m, n) = a.dimensions();
        require_vector("b", b, m)?;
        let scale = power_of_two(b);
        let divided = |from: &ArrayRef1<T>| -> Result<Vec<T>, Error> {
            let mut to = vector(from.len())?;
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = from / scale);
            Ok(to)
        };
        let guess = match params.initial_guess {
            None => None,
            Some(guess) if guess.len() == n => {
                require_finite("initial_guess", &guess.view().insert_axis(Axis(1)))?;
                Some(divided(guess)?)
            }
            Some(guess) => {
                let (argument, reason) = ("initial_guess", "as many as a has columns");
                let found = guess.len();
                return Err(Error::Shape { argument, extent: "entries", found, expected: n, reason });
            }
        };
        let b = divided(b)?;
        let limit = params.max_iterations.unwrap_or_else(|| m.min(n).saturating_mul(10));
        Ok(Self {
            method,
            a,
            observer: params.observer,
            x: vector(n)?,
            guess,
            scale,
            b_norm: norm(&b),
            b,
            damping: params.damping,
            matrix_tolerance: params.matrix_tolerance,
            right_hand_side_tolerance: params.right_hand_side_tolerance,
            condition_limit: params.condition_limit,
            limit,
            residual_norms: Vec::with_capacity(limit.min(1000) + 1),
            measure: (0.0, 0.0),
            estimates: Estimates::default(),
        })
    }

    pub(super) fn dimensions(&self) -> (usize, usize) {
        self.a.dimensions()
    }

    pub(super) fn multiply(&self, x: &[T], result: &mut [T]) -> Result<(), Error> {
        self.a.apply_into(&column(x), &mut column_mut(result))
    }

    pub(super) fn multiply_transposed(&self, y: &[T], result: &mut [T]) -> Result<(), Error> {
        self.a.apply_transposed_into(&column(y), &mut column_mut(result))
    }

    /// Replaces `r` by `b − A x₀`, for the initial guess.
    pub(super) fn first_residual(&self, r: &mut [T]) -> Result<(), Error> {
        match &self.guess {
            Some(guess) => self.residual(guess, r),
            None => {
                r.copy_from_slice(&self.b);
                Ok(())
            }
        }
    }

    fn residual(&self, x: &[T], r: &mut [T]) -> Result<(), Error> {
        self.multiply(x, r)?;
        fused([r], [&self.b], |[r], [b]| {
            r.iter_mut().zip(b).for_each(|(r, &b)| *r = b - *r);
            0.0
        });
        Ok(())
    }

    /// Notes the norms before the first iteration, and whether there is anything to do.
    pub(super) fn begin(&mut self, estimates: Estimates) -> Result<Option<End>, Error> {
        self.estimates = estimates;
        let relative = if self.b_norm == 0.0 { 0.0 } else { estimates.residual / self.b_norm };
        self.residual_norms.push(relative);
        let end = self.verdict(estimates)?;
        Ok(end.or_else(|| (self.limit == 0).then_some(End::Exhausted)))
    }

    /// Notes that an iteration has ended with these norms, and whether it was the last.
    pub(super) fn record(&mut self, estimates: Estimates) -> Result<Option<End>, Error> {
        self.estimates = estimates;
        self.residual_norms.push(estimates.residual / self.b_norm);
        let end = self.verdict(estimates)?;
        let iterations = self.residual_norms.len() - 1;
        let (residual, tolerance) = self.measure;
        let progress = Progress { iterations, limit: self.limit, residual, tolerance };
        let allowed = progress.allows(&mut self.observer);
        Ok(match end {
            Some(end) => Some(end),
            None if !allowed => Some(End::Cancelled),
            None => (iterations >= self.limit).then_some(End::Exhausted),
        })
    }

    fn verdict(&mut self, estimates: Estimates) -> Result<Option<End>, Error> {
        let Estimates { residual, normal_residual, matrix, condition, x } = estimates;
        require_finite_number::<T>(residual + normal_residual + matrix)?;
        // No tolerance below rounding can be met.
        let rounding = T::UNIT_ROUNDOFF.as_f64();
        let matrix_tolerance = self.matrix_tolerance.max(rounding);
        let allowance =
            self.right_hand_side_tolerance.max(rounding) * self.b_norm + matrix_tolerance * matrix * x;
        let normal = if normal_residual == 0.0 { 0.0 } else { normal_residual / (matrix * residual) };
        self.measure = (normal, matrix_tolerance);
        Ok(if residual <= allowance {
            Some(End::Fulfilled(Fulfilled::System))
        } else if normal <= matrix_tolerance {
            Some(End::Fulfilled(Fulfilled::NormalEquations))
        } else if condition >= self.condition_limit.min(1.0 / rounding) {
            Some(End::IllConditioned)
        } else {
            None
        })
    }

    /// The answer, with its residuals from products; `r` and `normal` are free to write to.
    pub(super) fn finish(
        self,
        end: End,
        r: &mut [T],
        normal: &mut [T],
    ) -> Result<LeastSquaresSolution<T>, IterationError<LeastSquaresSolution<T>>> {
        let iterations = self.residual_norms.len() - 1;
        let (method, (residual, tolerance)) = (self.method, self.measure);
        let condition = self.estimates.condition;
        let fulfilled = if let End::Fulfilled(fulfilled) = end { Some(fulfilled) } else { None };
        let solution = self.into_solution(fulfilled, r, normal)?;
        match end {
            End::Fulfilled(_) => Ok(solution),
            End::IllConditioned => {
                let reason = BreakdownReason::IllConditioned { condition };
                Err(IterationError::Breakdown { method, iterations, reason, best: Box::new(solution) })
            }
            End::Exhausted => {
                let best = Box::new(solution);
                Err(IterationError::NotConverged { method, iterations, residual, tolerance, best })
            }
            End::Cancelled => Err(IterationError::Cancelled { method, iterations, best: Box::new(solution) }),
        }
    }

    fn into_solution(
        mut self,
        fulfilled: Option<Fulfilled>,
        r: &mut [T],
        normal: &mut [T],
    ) -> Result<LeastSquaresSolution<T>, Error> {
        // So far x is what is added to the guess, which is what damping holds down.
        let damping = self.damping;
        let damped = damping * norm(&self.x);
        let square = T::from_f64(-damping * damping);
        let guess = self.guess.take();
        let full = match &guess {
            None => &self.x,
            Some(guess) => {
                fused([normal], [&self.x, guess], |[sum], [x, guess]| {
                    sum.iter_mut().zip(x.iter().zip(guess)).for_each(|(sum, (&x, &guess))| *sum = x + guess);
                    0.0
                });
                &*normal
            }
        };
        self.residual(full, r)?;
        self.multiply_transposed(r, normal)?;
        let normal_square = fused([normal], [&self.x], |[normal], [x]| {
            block_add(normal, square, x);
            block_dot(normal, normal)
        });
        let scale = self.scale.as_f64();
        let residual_norm = require_finite_number::<T>(norm(r).hypot(damped))? * scale;
        let normal_residual_norm = require_finite_number::<T>(normal_square)?.sqrt() * scale;
        let mut x = Array1::from_vec(self.x);
        if let Some(guess) = guess {
            x += &ArrayView1::from(&guess);
        }
        x *= self.scale;
        let overflow = |_| Error::Overflow { routine: self.method, scalar: T::NAME };
        require_finite("x", &x.view().insert_axis(Axis(1))).map_err(overflow)?;
        Ok(LeastSquaresSolution {
            x,
            iterations: self.residual_norms.len() - 1,
            residual_norms: self.residual_norms,
            residual_norm,
            normal_residual_norm,
            matrix_norm: self.estimates.matrix,
            condition: self.estimates.condition,
            fulfilled,
        })
    }
}
