//! Tridiagonal systems, general and positive definite.
//!
//! | step                   | f32      | f64      | cost        |
//! |------------------------|----------|----------|-------------|
//! | LU                     | `sgttrf` | `dgttrf` | ≤ 7n        |
//! | solve with it          | `sgttrs` | `dgttrs` | ≤ 8n per rhs |
//! | its condition          | `sgtcon` | `dgtcon` | O(n)        |
//! | `L D Lᵀ`               | `spttrf` | `dpttrf` | 5n          |
//! | solve with it          | `spttrs` | `dpttrs` | 5n per rhs  |
//! | its condition          | `sptcon` | `dptcon` | O(n)        |
//!
//! For chains, splines, implicit time steps in one dimension and Markov models of a line: linear in the number of
//! unknowns. These routines divide by their pivots rather than multiply by reciprocals, so that the range of the
//! scalar is all theirs.

mod cholesky;

use ndarray::{Array, ArrayRef, ArrayRef1, Axis, arr2};

pub use self::cholesky::TridiagonalCholesky;
use crate::certificate::{Certificate, Ratio, balancing_scale};
use crate::determinant::Determinant;
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::banded::TridiagonalFactor;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::lu::ConditionNorm;
use crate::products::same;
use crate::qr::{THRESHOLD, expect_success};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, largest, solve_scaled};
use crate::size::checked_length;

/// The LU factorization with row interchanges of a tridiagonal matrix of order n, ready to solve with.
///
/// ```
/// use lapwing_lapack::TridiagonalLu;
/// use ndarray::array;
/// // [[2, 1, 0], [3, 4, 5], [0, 6, 7]]
/// let factored = TridiagonalLu::new(&array![3.0, 6.0], &array![2.0, 4.0, 7.0], &array![1.0, 5.0])?;
/// let x = factored.solve(&array![3.0, 12.0, 13.0])?;
/// assert!(x.iter().all(|x: &f64| (x - 1.0).abs() < 1e-14));
/// assert!((factored.determinant()? + 25.0).abs() < 1e-13);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "gttrf")]
#[derive(Clone, Debug)]
pub struct TridiagonalLu<T: Scalar> {
    below: Vec<T>,
    diagonal: Vec<T>,
    above: Vec<T>,
    /// The second superdiagonal of U.
    second: Vec<T>,
    /// Row `i` was exchanged with row `pivots[i] - 1`, which is itself or the next, in this order.
    pivots: Vec<Int>,
    /// The 1-norm and the ∞-norm of the matrix.
    norms: [T; 2],
}

impl<T: Scalar> TridiagonalLu<T> {
    /// Factors the matrix with these diagonals: n − 1 entries below the main one, n on it, n − 1 above it. That of a
    /// singular matrix has a zero on the diagonal of U.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`]
    /// when the elimination leaves the range of the scalar.
    pub fn new(below: &ArrayRef1<T>, diagonal: &ArrayRef1<T>, above: &ArrayRef1<T>) -> Result<Self, Error> {
        let n = require_diagonals(diagonal, &[("below", below), ("above", above)])?;
        let norms = norms(below, diagonal, above);
        let (mut below, mut diagonal, mut above) = (below.to_vec(), diagonal.to_vec(), above.to_vec());
        let mut second = zeroed(n.saturating_sub(2))?;
        let mut pivots: Vec<Int> = vec![0; n];
        if n > 0 {
            let info = T::gttrf(&mut below, &mut diagonal, &mut above, &mut second, &mut pivots);
            // A positive `info` is a zero pivot, which the factors show by themselves.
            if info < 0 {
                return Err(Error::Internal { routine: "gttrf", info });
            }
            for entries in [&below, &diagonal, &above, &second] {
                require_finite_result("gttrf", entries)?;
            }
        }
        Ok(Self { below, diagonal, above, second, pivots, norms })
    }

    /// The index of the first pivot that is exactly zero, counted from 0: the factored matrix is singular.
    pub fn zero_pivot(&self) -> Option<usize> {
        self.diagonal.iter().position(|&pivot| pivot == T::zero())
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Singular`] at the first pivot that is exactly zero; [`Error::Shape`] when `b` has not n rows;
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        self.solve_with(b'N', b)
    }

    /// The solution `x` of `aᵀ x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// As [`TridiagonalLu::solve`].
    pub fn solve_transposed<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        self.solve_with(b'T', b)
    }

    /// The determinant of the factored matrix, 0 exactly when a pivot is; 1 for an empty matrix. It underflows to
    /// 0 where it is too small, and [`sign_log_determinant`](Self::sign_log_determinant) does not.
    ///
    /// # Errors
    /// [`Error::Overflow`] when it is too large.
    pub fn determinant(&self) -> Result<T, Error> {
        self.product_of_pivots().value()
    }

    /// The sign of the determinant and the natural logarithm of its magnitude, in range where the determinant
    /// is not: `(0, -∞)` for a singular matrix, `(1, 0)` for an empty one.
    pub fn sign_log_determinant(&self) -> (T, T) {
        self.product_of_pivots().sign_log()
    }

    /// An estimate of the reciprocal condition number `1 / (‖a‖ ‖a⁻¹‖)` of the factored matrix: near 1 is well
    /// conditioned, at the unit roundoff no digit of a solution can be trusted, 0 is singular. Rarely more than 3
    /// times too large. 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when the norm of the matrix is too large.
    pub fn reciprocal_condition(&self, norm: ConditionNorm) -> Result<T, Error> {
        let n = self.diagonal.len();
        if n == 0 {
            return Ok(T::one());
        }
        if self.zero_pivot().is_some() {
            return Ok(T::zero());
        }
        let of_matrix = self.norms[if norm == ConditionNorm::One { 0 } else { 1 }];
        require_finite_result("the norm of the matrix", &[of_matrix])?;
        let length = checked_length("the workspace of gtcon", 2 * n as u128)?;
        let (mut work, mut integers) = (zeroed(length)?, vec![0; n]);
        let (info, reciprocal) = T::gtcon(norm.letter(), self.factor(), of_matrix, &mut work, &mut integers);
        expect_success("gtcon", info)?;
        // The estimate of ‖a⁻¹‖ may overflow.
        Ok(if reciprocal.is_finite() { reciprocal } else { T::zero() })
    }

    /// How far the factors are from those of a matrix that rounds to the one with these diagonals.
    ///
    /// # Errors
    /// [`Error::Shape`] when they are not of the order that was factored.
    pub fn certificate(
        &self,
        below: &ArrayRef1<T>,
        diagonal: &ArrayRef1<T>,
        above: &ArrayRef1<T>,
    ) -> Result<Certificate, Error> {
        let n = require_diagonals(diagonal, &[("below", below), ("above", above)])?;
        same("diagonal", "entries", n, self.diagonal.len(), "the order of the matrix that was factored")?;
        let scale = balancing_scale(&arr2(&[[largest(below.iter().chain(diagonal).chain(above))]])).as_f64();
        let entry = |entries: &[T], i: usize| entries.get(i).map_or(0.0, |x| x.as_f64());
        let exact = |entries: &ArrayRef1<T>, i: usize| entries.get(i).map_or(0.0, |x| x.as_f64() * scale);
        let mut sums = vec![0.0; n + 2];
        // From the last step of the elimination to the first: `next` is the row that step j left for the next one,
        // from column j + 1 on.
        let mut next = [entry(&self.diagonal, n.saturating_sub(1)) * scale, 0.0];
        for j in (0..n.saturating_sub(1)).rev() {
            let mut row = [&self.diagonal, &self.above, &self.second].map(|u| entry(u, j) * scale);
            let multiplier = entry(&self.below, j);
            let mut lower =
                [multiplier * row[0], multiplier * row[1] + next[0], multiplier * row[2] + next[1]];
            if self.pivots[j] as usize != j + 1 {
                std::mem::swap(&mut lower, &mut row);
            }
            // Row j + 1 of the matrix, which no earlier step touches; of row j, an entry where there is none.
            sums[j] += (lower[0] - exact(below, j)).abs();
            sums[j + 1] += (lower[1] - exact(diagonal, j + 1)).abs();
            sums[j + 2] += (lower[2] - exact(above, j + 1)).abs() + row[2].abs();
            next = [row[0], row[1]];
        }
        sums[0] += (next[0] - exact(diagonal, 0)).abs();
        sums[1] += (next[1] - exact(above, 0)).abs();
        let norm = (0..n)
            .map(|j| {
                let upper = if j == 0 { 0.0 } else { exact(above, j - 1).abs() };
                upper + exact(diagonal, j).abs() + exact(below, j).abs()
            })
            .fold(0.0, f64::max);
        let value = ratio::<T>(sums.into_iter().fold(0.0, f64::max), norm, n);
        Ok(Certificate::new(vec![Ratio::new("‖A − P L U‖ / (n ‖A‖ ε)", value, THRESHOLD)]))
    }

    fn solve_with<D: RightHandSide>(&self, transpose: u8, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        if let Some(pivot) = self.zero_pivot() {
            return Err(Error::Singular { pivot });
        }
        let n = self.diagonal.len();
        solve_scaled(n, Scaling::none(), "gttrs", b, |x, columns| {
            expect_success("gttrs", T::gttrs(transpose, self.factor(), Columns::new(x, n, columns)?))
        })
    }

    fn product_of_pivots(&self) -> Determinant {
        let mut product = Determinant::ONE;
        for (i, pivot) in self.diagonal.iter().enumerate() {
            product.multiply(pivot.as_f64());
            if self.pivots[i] as usize != i + 1 {
                product.negate();
            }
        }
        product
    }

    fn factor(&self) -> TridiagonalFactor<'_, T> {
        TridiagonalFactor {
            below: &self.below,
            diagonal: &self.diagonal,
            above: &self.above,
            second: &self.second,
            pivots: &self.pivots,
        }
    }
}

/// Diagonals of one matrix, finite: n entries on the main one, n − 1 on its neighbours. Returns n.
fn require_diagonals<T: Scalar>(
    diagonal: &ArrayRef1<T>,
    neighbours: &[(&'static str, &ArrayRef1<T>)],
) -> Result<usize, Error> {
    let n = diagonal.len();
    to_int("the order of the matrix", n)?;
    require_finite("diagonal", &diagonal.view().insert_axis(Axis(1)))?;
    for &(name, entries) in neighbours {
        same(name, "entries", entries.len(), n.saturating_sub(1), "one less than the main diagonal has")?;
        require_finite(name, &entries.view().insert_axis(Axis(1)))?;
    }
    Ok(n)
}

/// The largest absolute column sum and row sum.
fn norms<T: Scalar>(below: &ArrayRef1<T>, diagonal: &ArrayRef1<T>, above: &ArrayRef1<T>) -> [T; 2] {
    let at = |entries: &ArrayRef1<T>, i: usize| entries.get(i).map_or(T::zero(), |x| x.abs());
    let (mut one, mut infinity) = (T::zero(), T::zero());
    for (i, entry) in diagonal.iter().enumerate() {
        // Counted from the entry on the diagonal, the column holds the entry above it and the one below.
        let before = |entries| i.checked_sub(1).map_or(T::zero(), |i| at(entries, i));
        one = one.max(before(above) + entry.abs() + at(below, i));
        infinity = infinity.max(before(below) + entry.abs() + at(above, i));
    }
    [one, infinity]
}

/// `error / (n · norm · ε)`, where an error of zero is none.
fn ratio<T: Scalar>(error: f64, norm: f64, n: usize) -> f64 {
    if error == 0.0 { 0.0 } else { error / norm / (n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()) }
}

#[cfg(test)]
mod tests;
