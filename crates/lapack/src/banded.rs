//! Banded matrices: storage by diagonals, LU and Cholesky factorizations.
//!
//! | step                 | f32      | f64      | cost, l below and u above |
//! |----------------------|----------|----------|---------------------------|
//! | LU                   | `sgbtrf` | `dgbtrf` | 2 n l (l + u + 1)         |
//! | solve with it        | `sgbtrs` | `dgbtrs` | 2n (2l + u) per rhs       |
//! | its condition        | `sgbcon` | `dgbcon` | O(n (l + u))              |
//! | Cholesky             | `spbtrf` | `dpbtrf` | n (l + 1)²                |
//! | solve with it        | `spbtrs` | `dpbtrs` | 4n l per rhs              |
//! | its condition        | `spbcon` | `dpbcon` | O(n l)                    |
//!
//! Finite differences, splines, smoothing and one-dimensional physics lead to matrices whose entries lie close to the
//! diagonal. Their factors stay in (nearly) the same band, so that a system of a million unknowns is solved in a
//! second. SciPy: `solve_banded`, `solveh_banded`. With one diagonal on each side,
//! [`TridiagonalLu`](crate::TridiagonalLu) is simpler still.

mod cholesky;
mod lu;

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, ArrayView2};

pub use self::cholesky::BandedCholesky;
pub use self::lu::BandedLu;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite;
use crate::layout::{checked_area, from_columns, zeros};
use crate::products::{same, square};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::Scaling;

/// A square matrix of order n that is zero but for `lower` diagonals below the main one and `upper` above it.
///
/// ```
/// use lapwing_lapack::Banded;
/// use ndarray::array;
/// // The second difference on four points, as SciPy's `solve_banded` takes it.
/// let a = Banded::from_diagonals(1, 1, &array![
///     [0.0, -1.0, -1.0, -1.0],
///     [2.0, 2.0, 2.0, 2.0],
///     [-1.0, -1.0, -1.0, 0.0],
/// ])?;
/// let x = a.solve(&array![0.0, 0.0, 0.0, 5.0])?;
/// assert!((x[3] - 4.0f64).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Banded<T: Scalar> {
    /// Entry `(i, j)` of the matrix at `(upper + i - j, j)`; column-major and packed, zeros where that is outside.
    diagonals: Array2<T>,
    lower: usize,
    upper: usize,
}

impl<T: Scalar> Banded<T> {
    /// From its diagonals (`lower + upper + 1` x n, the uppermost first): entry `(i, j)` of the matrix stands at
    /// `(upper + i - j, j)`, as SciPy and LAPACK have it. What does not lie in the matrix (the beginnings of the
    /// upper rows, the ends of the lower ones) is not read.
    ///
    /// # Errors
    /// [`Error::Shape`] when `diagonals` has not `lower + upper + 1` rows; [`Error::NonFinite`] with a place in
    /// `diagonals`; [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_diagonals(lower: usize, upper: usize, diagonals: &ArrayRef2<T>) -> Result<Self, Error> {
        let rows = lower.saturating_add(upper).saturating_add(1);
        same("diagonals", "rows", diagonals.nrows(), rows, "lower + upper + 1")?;
        let mut banded = Self::zeros(diagonals.ncols(), lower, upper)?;
        for (j, (mut column, given)) in
            banded.diagonals.columns_mut().into_iter().zip(diagonals.columns()).enumerate()
        {
            for i in rows_of_band(lower, upper, diagonals.ncols(), j) {
                let row = upper + i - j;
                if !given[row].is_finite() {
                    return Err(Error::NonFinite { argument: "diagonals", row, col: j });
                }
                column[row] = given[row];
            }
        }
        Ok(banded)
    }

    /// From a full matrix `a` (n x n), with as many diagonals as it takes to hold every entry that is not zero.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn from_dense(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let n = square("a", a)?;
        to_int("the order of the matrix", n)?;
        require_finite("a", a)?;
        let (mut lower, mut upper) = (0, 0);
        for ((i, j), &entry) in a.indexed_iter() {
            if entry != T::zero() {
                lower = lower.max(i.saturating_sub(j));
                upper = upper.max(j.saturating_sub(i));
            }
        }
        let mut banded = Self::zeros(n, lower, upper)?;
        for (j, mut column) in banded.diagonals.columns_mut().into_iter().enumerate() {
            for i in rows_of_band(lower, upper, n, j) {
                column[upper + i - j] = a[[i, j]];
            }
        }
        Ok(banded)
    }

    /// The order n.
    pub fn order(&self) -> usize {
        self.diagonals.ncols()
    }

    /// How many diagonals are kept below the main one.
    pub fn lower_bandwidth(&self) -> usize {
        self.lower
    }

    /// How many diagonals are kept above the main one.
    pub fn upper_bandwidth(&self) -> usize {
        self.upper
    }

    /// The diagonals, as [`Banded::from_diagonals`] takes them.
    pub fn diagonals(&self) -> ArrayView2<'_, T> {
        self.diagonals.view()
    }

    /// The full matrix, n x n.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn to_dense(&self) -> Result<Array2<T>, Error> {
        let n = self.order();
        let mut a = zeros(n, n)?;
        for j in 0..n {
            for i in self.rows_of(j) {
                a[[i, j]] = self.diagonals[[self.upper + i - j, j]];
            }
        }
        Ok(a)
    }

    /// The solution `x` of `a x = b` by LU factorization, for one right-hand side or one per column of `b`. To solve
    /// again with the same matrix, keep the [`BandedLu`].
    ///
    /// # Errors
    /// As [`BandedLu::new`] and [`BandedLu::solve`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        BandedLu::new(self)?.solve(b)
    }

    fn zeros(n: usize, lower: usize, upper: usize) -> Result<Self, Error> {
        to_int("the order of the matrix", n)?;
        let rows = lower.saturating_add(upper).saturating_add(1);
        to_int("the number of diagonals", rows)?;
        Ok(Self { diagonals: from_columns(zeroed(checked_area::<T>(rows, n)?)?, rows, n), lower, upper })
    }

    /// The rows in which column `j` may be other than zero.
    fn rows_of(&self, j: usize) -> std::ops::Range<usize> {
        rows_of_band(self.lower, self.upper, self.order(), j)
    }

    /// The largest absolute column sum and row sum of the matrix so scaled.
    fn norms(&self, scaling: Scaling<T>) -> [T; 2] {
        let mut row_sums = vec![T::zero(); self.order()];
        let mut one = T::zero();
        for j in 0..self.order() {
            let mut sum = T::zero();
            for i in self.rows_of(j) {
                let entry = scaling.times(self.diagonals[[self.upper + i - j, j]]).abs();
                sum += entry;
                row_sums[i] += entry;
            }
            one = one.max(sum);
        }
        [one, row_sums.into_iter().fold(T::zero(), T::max)]
    }
}

fn rows_of_band(lower: usize, upper: usize, order: usize, j: usize) -> std::ops::Range<usize> {
    j.saturating_sub(upper)..order.min(j.saturating_add(lower).saturating_add(1))
}

#[cfg(test)]
mod tests;
