//! What all solvers of square systems do alike: check the arguments, count, watch, and prove the result.
//!
//! A method is a cycle: from the true residual it improves `x` until its own recurrence for the residual is small enough,
//! or until something stops it. A recurrence drifts away from the truth by rounding errors, so that the residual is then
//! computed from a product, and the method starts over from that when it is still too large: what is returned as a
//! solution meets its tolerance.
//!
//! Everything is divided by a power of 2 near the largest entry of `b`, which is exact, so that squares neither over- nor
//! underflow whatever the unit of `b`.

use std::borrow::Cow;

use lapwing_lapack::{Error, Scalar, require_finite};
use ndarray::{Array1, ArrayRef1, ArrayView1, ArrayViewMut1, Axis};

use super::params::{SolverParams, require_tolerance};
use super::solution::Solution;
use super::vectors::{block_dot, fused, norm, vector};
use crate::error::{BreakdownReason, IterationError};
use crate::operator::LinearOperator;
use crate::progress::{Observer, Progress};

/// How a cycle ends.
pub(super) enum Ending {
    /// The recurrence says that the residual is small enough.
    Converged,
    /// The method goes on from the true residual.
    Restart,
    /// The iterations that were allowed are used up.
    Exhausted,
    /// The observer asked to stop.
    Cancelled,
    /// The recurrence has converged and the residual has not moved.
    Stagnated,
    /// The method cannot go on, and why.
    Breakdown(BreakdownReason),
}

/// A system `A x = b` on its way to a solution.
pub(super) struct System<'s, 'a, T: Scalar> {
    method: &'static str,
    a: &'s dyn LinearOperator<T>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
    observer: Option<&'a mut Observer<'a>>,
    /// The right-hand side as it was given, a copy only where it is not contiguous.
    b: Cow<'s, [T]>,
    /// The solution so far, divided by `scale`.
    pub(super) x: Vec<T>,
    /// At the beginning of a cycle, `b − A x`.
    pub(super) r: Vec<T>,
    /// An iterate with the residual that stands beside it, where the method's residuals go up and down; or else empty.
    kept: Vec<T>,
    kept_residual: f64,
    scale: T,
    b_norm: f64,
    /// What `‖r‖` is to be at most.
    threshold: f64,
    limit: usize,
    iterations: usize,
    residual_norms: Vec<f64>,
}

impl<'s, 'a, T: Scalar> System<'s, 'a, T> {
    /// Checks and takes over what the caller gave.
    pub(super) fn new<Method>(
        method: &'static str,
        params: SolverParams<'a, T, Method>,
        a: &'s dyn LinearOperator<T>,
        b: &'s ArrayRef1<T>,
    ) -> Result<Self, Error> {
        require_tolerance("tolerance", params.tolerance)?;
        require_tolerance("absolute_tolerance", params.absolute_tolerance)?;
        let n = order("a", a)?;
        if let Some(preconditioner) = params.preconditioner {
            let found = order("preconditioner", preconditioner)?;
            if found != n {
                let (argument, reason) = ("preconditioner", "the order of a");
                return Err(Error::Shape { argument, extent: "rows", found, expected: n, reason });
            }
        }
        require_vector("b", b, n)?;
        let scale = power_of_two(b);
        let divided = |from: &ArrayRef1<T>| -> Result<Vec<T>, Error> {
            let mut to = vector(n)?;
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = from / scale);
            Ok(to)
        };
        let x = match params.initial_guess {
            None => vector(n)?,
            Some(guess) => {
                require_vector("initial_guess", guess, n)?;
                divided(guess)?
            }
        };
        let r = divided(b)?;
        let b_norm = norm(&r);
        let b = b.as_slice().map_or_else(|| b.iter().copied().collect(), Cow::from);
        let threshold = (params.tolerance * b_norm).max(params.absolute_tolerance / scale.as_f64());
        let limit = params.max_iterations.unwrap_or_else(|| n.saturating_mul(10));
        let residual_norms = Vec::with_capacity(limit.min(1000) + 1);
        let (preconditioner, observer) = (params.preconditioner, params.observer);
        let iterations = 0;
        Ok(Self {
            method,
            a,
            preconditioner,
            observer,
            b,
            x,
            r,
            kept: Vec::new(),
            kept_residual: f64::INFINITY,
            scale,
            b_norm,
            threshold,
            limit,
            iterations,
            residual_norms,
        })
    }

    /// Has [`keep`](Self::keep) keep iterates, for an error to carry the best and not the last.
    pub(super) fn keeping(mut self) -> Result<Self, Error> {
        self.kept = vector(self.order())?;
        Ok(self)
    }

    /// Keeps the iterate if its residual is at most half of what is kept: a copy now and then, instead of one each time.
    pub(super) fn keep(&mut self, residual: f64) {
        if !self.kept.is_empty() && residual <= self.kept_residual / 2.0 {
            self.kept.copy_from_slice(&self.x);
            self.kept_residual = residual;
        }
    }

    pub(super) fn order(&self) -> usize {
        self.b.len()
    }

    pub(super) fn is_preconditioned(&self) -> bool {
        self.preconditioner.is_some()
    }

    /// Replaces `result` by `A x`.
    pub(super) fn multiply(&self, x: &[T], result: &mut [T]) -> Result<(), Error> {
        self.a.apply_into(&column(x), &mut column_mut(result))
    }

    /// Replaces `result` by the product of the preconditioner, if there is one, with `x`, or else by a copy.
    pub(super) fn precondition(&self, x: &[T], result: &mut [T]) -> Result<(), Error> {
        match self.preconditioner {
            Some(preconditioner) => preconditioner.apply_into(&column(x), &mut column_mut(result)),
            None => {
                result.copy_from_slice(x);
                Ok(())
            }
        }
    }

    /// The iteration that is under way, counted from 1.
    pub(super) fn iteration(&self) -> usize {
        self.iterations + 1
    }

    /// Notes that an iteration has ended with this `‖r‖`, and whether the cycle does.
    pub(super) fn record(&mut self, residual: f64) -> Result<Option<Ending>, Error> {
        require_finite_number::<T>(residual)?;
        self.iterations += 1;
        self.residual_norms.push(residual / self.b_norm);
        let progress = Progress {
            iterations: self.iterations,
            limit: self.limit,
            residual: residual / self.b_norm,
            tolerance: self.threshold / self.b_norm,
        };
        let allowed = progress.allows(&mut self.observer);
        Ok(if residual <= self.threshold {
            Some(Ending::Converged)
        } else if !allowed {
            Some(Ending::Cancelled)
        } else if self.iterations == self.limit {
            Some(Ending::Exhausted)
        } else {
            None
        })
    }

    /// Repeats the cycle until the true residual is small enough or something stops it.
    pub(super) fn run(
        mut self,
        mut cycle: impl FnMut(&mut Self) -> Result<Ending, Error>,
    ) -> Result<Solution<T>, IterationError<Solution<T>>> {
        if self.b_norm == 0.0 {
            self.x.fill(T::zero());
            self.residual_norms.push(0.0);
            return Ok(self.into_solution(0.0)?);
        }
        let mut residual = self.true_residual()?;
        self.residual_norms.push(residual / self.b_norm);
        self.keep(residual);
        let mut ending = if self.limit == 0 { Ending::Exhausted } else { Ending::Restart };
        loop {
            let (method, iterations) = (self.method, self.iterations);
            let (relative, tolerance) = (residual / self.b_norm, self.threshold / self.b_norm);
            if residual <= self.threshold {
                return Ok(self.into_solution(relative)?);
            }
            match ending {
                Ending::Converged | Ending::Restart => {}
                Ending::Exhausted => {
                    let best = Box::new(self.into_solution(relative)?);
                    let residual = relative;
                    return Err(IterationError::NotConverged {
                        method,
                        iterations,
                        residual,
                        tolerance,
                        best,
                    });
                }
                Ending::Cancelled => {
                    let best = Box::new(self.into_solution(relative)?);
                    return Err(IterationError::Cancelled { method, iterations, best });
                }
                Ending::Stagnated => {
                    let reason = BreakdownReason::Stagnated { residual: relative };
                    let best = Box::new(self.into_solution(relative)?);
                    return Err(IterationError::Breakdown { method, iterations, reason, best });
                }
                Ending::Breakdown(reason) => {
                    let (iterations, best) = (self.iteration(), Box::new(self.into_solution(relative)?));
                    return Err(IterationError::Breakdown { method, iterations, reason, best });
                }
            }
            let before = residual;
            ending = cycle(&mut self)?;
            residual = self.true_residual()?;
            if matches!(ending, Ending::Converged) {
                if residual > before / 2.0 {
                    ending = Ending::Stagnated;
                } else if self.iterations >= self.limit {
                    ending = Ending::Exhausted;
                }
            }
            let ended = !matches!(ending, Ending::Converged | Ending::Restart);
            if ended && residual > self.threshold && residual > self.kept_residual {
                std::mem::swap(&mut self.x, &mut self.kept);
                residual = self.true_residual()?;
            }
        }
    }

    /// Replaces `r` by `b − A x`, and returns its norm.
    fn true_residual(&mut self) -> Result<f64, Error> {
        self.a.apply_into(&column(&self.x), &mut column_mut(&mut self.r))?;
        let scale = self.scale;
        let square = fused([&mut self.r], [&self.b], |[r], [b]| {
            r.iter_mut().zip(b).for_each(|(r, &b)| *r = b / scale - *r);
            block_dot(r, r)
        });
        require_finite_number::<T>(square)?;
        Ok(square.sqrt())
    }

    fn into_solution(self, residual_norm: f64) -> Result<Solution<T>, Error> {
        let mut x = Array1::from_vec(self.x);
        if self.scale != T::one() {
            x *= self.scale;
            let overflow = |_| Error::Overflow { routine: self.method, scalar: T::NAME };
            require_finite("x", &x.view().insert_axis(Axis(1))).map_err(overflow)?;
        }
        let (iterations, residual_norms) = (self.iterations, self.residual_norms);
        Ok(Solution { x, iterations, residual_norms, residual_norm })
    }
}

/// A vector as the block of one column that operators multiply.
pub(super) fn column<T>(x: &[T]) -> ndarray::ArrayView2<'_, T> {
    ArrayView1::from(x).insert_axis(Axis(1))
}

/// A vector as the block of one column that operators fill.
pub(super) fn column_mut<T>(x: &mut [T]) -> ndarray::ArrayViewMut2<'_, T> {
    ArrayViewMut1::from(x).insert_axis(Axis(1))
}

/// [`Error::Overflow`] where a sum over a vector is not finite: a product with an operator overflowed, or the operator
/// holds NaN or an infinity.
pub(super) fn require_finite_number<T: Scalar>(sum: f64) -> Result<f64, Error> {
    if sum.is_finite() {
        Ok(sum)
    } else {
        Err(Error::Overflow { routine: "the product with the operator", scalar: T::NAME })
    }
}

/// That `x` has n entries, all of them finite.
pub(super) fn require_vector<T: Scalar>(
    argument: &'static str,
    x: &ArrayRef1<T>,
    n: usize,
) -> Result<(), Error> {
    if x.len() != n {
        let (found, reason) = (x.len(), "as many as a has rows");
        return Err(Error::Shape { argument, extent: "entries", found, expected: n, reason });
    }
    require_finite(argument, &x.view().insert_axis(Axis(1)))
}

fn order<T: Scalar>(argument: &'static str, a: &dyn LinearOperator<T>) -> Result<usize, Error> {
    let (rows, cols) = a.dimensions();
    if rows == cols { Ok(rows) } else { Err(Error::NotSquare { argument, rows, cols }) }
}

/// The power of 2 at or below the largest magnitude; 1 for zeros.
pub(super) fn power_of_two<T: Scalar>(x: &ArrayRef1<T>) -> T {
    let largest = x.iter().fold(0.0f64, |largest, x| largest.max(x.as_f64().abs()));
    if largest == 0.0 { T::one() } else { T::from_f64(largest.log2().floor().exp2()) }
}
