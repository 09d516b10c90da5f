//! LU factorization with row interchanges, `P A = L U`, of a general matrix.
//!
//! | step            | f32      | f64      | cost, n x n       |
//! |-----------------|----------|----------|-------------------|
//! | factor          | `sgetrf` | `dgetrf` | 2n³/3             |
//! | solve           | `sgetrs` | `dgetrs` | 2n² per rhs       |
//! | refine          | `sgerfs` | `dgerfs` | O(n²) per rhs     |
//! | inverse         | `sgetri` | `dgetri` | 4n³/3             |
//! | condition       | `sgecon` | `dgecon` | O(n²)             |
//!
//! The factorization for square systems that have no structure to use; of a symmetric matrix,
//! [`Cholesky`](crate::Cholesky) and [`Ldlt`](crate::Ldlt) cost half. The factors of a singular matrix exist, and its
//! determinant is 0; solving with them is [`Error::Singular`]. A matrix may be singular to working precision
//! without a zero pivot: [`Lu::reciprocal_condition`] tells.
//!
//! The pivots, and so the factors, are those of the rows of `A` whatever its layout: a row-major matrix is
//! transposed in blocks on its way in, which costs little beside the factorization and keeps the meaning of
//! `lower`, `upper` and `permutation`.

mod packed;

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef2, Axis, ShapeBuilder, s};

use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm, residual};
use crate::determinant::Determinant;
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite, require_finite_result};
use crate::layout::{column_major, from_columns};
use crate::products::same;
use crate::qr::{THRESHOLD, check_extents, expect_success, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, require_right_hand_sides, solve_scaled};
use crate::size::{checked_length, workspace_length};
use packed::Packed;

/// In which norm a condition number is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConditionNorm {
    /// The largest absolute column sum. The default.
    #[default]
    One,
    /// The largest absolute row sum.
    Infinity,
}

impl ConditionNorm {
    pub(crate) fn letter(self) -> u8 {
        match self {
            ConditionNorm::One => b'1',
            ConditionNorm::Infinity => b'I',
        }
    }

    /// The norm of the transpose that this is.
    pub(crate) fn transposed(self) -> Self {
        match self {
            ConditionNorm::One => ConditionNorm::Infinity,
            ConditionNorm::Infinity => ConditionNorm::One,
        }
    }
}

/// The LU factorization of a matrix of m rows and n columns, of any shape; k = min(m, n). A square one is ready
/// to solve with.
///
/// ```
/// use lapwing_lapack::Lu;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let x = Lu::new(&a)?.solve(&array![5.0, 11.0])?;
/// assert!((x[0] - 1.0f64).abs() < 1e-14 && (x[1] - 2.0).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "getrf")]
#[doc(alias = "lu_factor")]
#[derive(Clone, Debug)]
pub struct Lu<T: Scalar> {
    /// U on and above the diagonal, L below it, of the scaled matrix; column-major and packed.
    factors: Array2<T>,
    /// Row `i` was exchanged with row `pivots[i] - 1`, in this order.
    pivots: Vec<Int>,
    scaling: Scaling<T>,
    /// The 1-norm and the ∞-norm of the scaled matrix.
    norms: [T; 2],
}

/// A solution that was refined, with LAPACK's bounds on its error. Made by [`Lu::solve_refined`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RefinedSolution<T: Scalar, D: RightHandSide> {
    /// The solution.
    pub x: Array<T, D>,
    /// For each right-hand side, an estimate from above of `‖x − x*‖∞ / ‖x‖∞`, where `x*` solves the system
    /// exactly.
    pub forward_errors: Array1<T>,
    /// For each right-hand side, the smallest relative change of any entry of `a` and `b` that makes `x` an exact
    /// solution: near the unit roundoff, no method can do better.
    pub backward_errors: Array1<T>,
}

impl<T: Scalar> Lu<T> {
    /// Factors `a` (m x n). That of a singular matrix has a zero on the diagonal of U.
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when the elimination
    /// leaves the range of the scalar.
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        LuParams::default().compute(a)
    }

    /// L, m x k, lower triangular (trapezoidal when m > n) with ones on the diagonal; no entry exceeds 1.
    pub fn lower(&self) -> Array2<T> {
        let (m, n) = self.factors.dim();
        let mut lower = self.factors.slice(s![.., ..m.min(n)]).to_owned();
        for (j, mut column) in lower.columns_mut().into_iter().enumerate() {
            column.slice_mut(s![..j]).fill(T::zero());
            column[j] = T::one();
        }
        lower
    }

    /// U, k x n, upper triangular (trapezoidal when m < n).
    ///
    /// # Errors
    /// [`Error::Overflow`] when the elimination grew an entry out of range, of a matrix that nearly was.
    pub fn upper(&self) -> Result<Array2<T>, Error> {
        let (m, n) = self.factors.dim();
        let mut upper = Array2::zeros((m.min(n), n).f());
        for (j, (mut column, factors)) in
            upper.columns_mut().into_iter().zip(self.factors.columns()).enumerate()
        {
            for i in 0..m.min(n).min(j + 1) {
                column[i] = self.scaling.undo(factors[i]);
            }
        }
        require_finite_result("getrf", upper.as_slice_memory_order().expect("the factor is packed"))?;
        Ok(upper)
    }

    /// P as the rows that it picks, m of them, counted from 0: row `i` of `P A = L U` is row
    /// `permutation()[i]` of `A`.
    pub fn permutation(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.factors.nrows()).collect();
        for (i, &pivot) in self.pivots.iter().enumerate() {
            rows.swap(i, pivot as usize - 1);
        }
        rows
    }

    /// The index of the first pivot that is exactly zero, counted from 0: the factored matrix is singular.
    pub fn zero_pivot(&self) -> Option<usize> {
        self.factors.diag().iter().position(|&pivot| pivot == T::zero())
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Singular`] at the first pivot that is exactly zero, or too small to divide by;
    /// [`Error::NotSquare`] when the factored matrix is not; [`Error::Shape`] when `b` has not n rows;
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        self.solve_with(b'N', b)
    }

    /// The solution `x` of `aᵀ x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// As [`Lu::solve`].
    pub fn solve_transposed<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        self.solve_with(b'T', b)
    }

    /// The solution `x` of `a x = b` after iterative refinement, with a bound on its error; `a` is the matrix that
    /// was factored. SciPy has this as the expert driver `gesvx`.
    ///
    /// ```
    /// use lapwing_lapack::Lu;
    /// use ndarray::array;
    /// let a = array![[1.0, 2.0], [3.0, 4.0]];
    /// let refined = Lu::new(&a)?.solve_refined(&a, &array![5.0, 11.0])?;
    /// assert!((refined.x[0] - 1.0f64).abs() <= 2.0 * refined.forward_errors[0]);
    /// assert!(refined.backward_errors[0] < 1e-15);
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Lu::solve`], and [`Error::Shape`] when `a` is not of the order that was factored.
    pub fn solve_refined<D: RightHandSide>(
        &self,
        a: &ArrayRef2<T>,
        b: &ArrayRef<T, D>,
    ) -> Result<RefinedSolution<T, D>, Error> {
        let (order, factors) = self.regular()?;
        self.require_shape(a)?;
        require_finite("a", a)?;
        let columns = D::as_columns(b);
        require_right_hand_sides(order, &columns)?;
        let count = columns.ncols();
        let (mut forward, mut backward) = (zeroed(count)?, zeroed(count)?);
        let mut matrix = into_columns(column_major(a)?);
        self.scaling.apply(&mut matrix);
        let (mut work, mut integers) =
            (zeroed(checked_length("the workspace of gerfs", 3 * order as u128)?)?, vec![0; order]);
        let x = solve_scaled(order, self.scaling, "gerfs", b, |x, columns| {
            let b = x.to_vec();
            self.solve_in_place(b'N', x, columns)?;
            let info = T::gerfs(
                &matrix,
                factors,
                &self.pivots,
                &b,
                Columns::new(x, order, columns)?,
                &mut forward,
                &mut backward,
                &mut work,
                &mut integers,
            );
            expect_success("gerfs", info)
        })?;
        require_finite_result("gerfs", &forward)?;
        require_finite_result("gerfs", &backward)?;
        Ok(RefinedSolution { x, forward_errors: forward.into(), backward_errors: backward.into() })
    }

    /// The inverse of the factored matrix, n x n. To solve, [`solve`](Self::solve) is cheaper and more
    /// accurate.
    ///
    /// # Errors
    /// [`Error::Singular`], [`Error::NotSquare`], [`Error::OutOfMemory`], [`Error::TooLarge`], [`Error::Overflow`].
    pub fn inverse(&self) -> Result<Array2<T>, Error> {
        let (n, factors) = self.regular()?;
        if n == 0 {
            return Ok(Array2::zeros((0, 0)));
        }
        let mut inverse = zeroed(factors.len())?;
        inverse.copy_from_slice(factors);
        let optimum = || T::getri_optimum(n as Int);
        let mut work = zeroed(workspace_length("the workspace of getri", n as u128, optimum)?)?;
        expect_success("getri", T::getri(Columns::new(&mut inverse, n, n)?, &self.pivots, &mut work))?;
        if require_finite_result("getri", &inverse).is_err() {
            return Err(self.unusable("getri"));
        }
        self.scaling.apply_to_inverse(&mut inverse);
        require_finite_result("getri", &inverse)?;
        Ok(from_columns(inverse, n, n))
    }

    /// The determinant of the factored matrix, 0 exactly when a pivot is; 1 for an empty matrix. It underflows to
    /// 0 where it is too small, and [`sign_log_determinant`](Self::sign_log_determinant) does not.
    ///
    /// # Errors
    /// [`Error::NotSquare`]; [`Error::Overflow`] when it is too large.
    pub fn determinant(&self) -> Result<T, Error> {
        self.product_of_pivots()?.value()
    }

    /// The sign of the determinant and the natural logarithm of its magnitude, in range where the determinant
    /// is not: `(0, -∞)` for a singular matrix, `(1, 0)` for an empty one. NumPy's `slogdet`.
    ///
    /// # Errors
    /// [`Error::NotSquare`].
    pub fn sign_log_determinant(&self) -> Result<(T, T), Error> {
        Ok(self.product_of_pivots()?.sign_log())
    }

    /// An estimate of the reciprocal condition number `1 / (‖a‖ ‖a⁻¹‖)` of the factored matrix: near 1 is well
    /// conditioned, at the unit roundoff no digit of a solution can be trusted, 0 is singular. Rarely more than 3
    /// times too large. 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn reciprocal_condition(&self, norm: ConditionNorm) -> Result<T, Error> {
        let n = self.order()?;
        if n == 0 {
            return Ok(T::one());
        }
        if self.zero_pivot().is_some() {
            return Ok(T::zero());
        }
        let of_matrix = self.norms[if norm == ConditionNorm::One { 0 } else { 1 }];
        let length = checked_length("the workspace of gecon", 4 * n as u128)?;
        let (mut work, mut integers) = (zeroed(length)?, vec![0; n]);
        let (info, reciprocal) =
            T::gecon(norm.letter(), n as Int, self.entries(), of_matrix, &mut work, &mut integers);
        expect_success("gecon", info)?;
        // A pivot without a reciprocal makes the estimate of ‖a⁻¹‖ infinite or NaN.
        Ok(if reciprocal.is_finite() { reciprocal } else { T::zero() })
    }

    /// How far the factors are from those of a matrix that rounds to `a`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the shape that was factored; [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        self.require_shape(a)?;
        let (m, n) = a.dim();
        let k = m.min(n);
        let scale = balancing_scale(a);
        let mut upper = Array2::zeros((k, n).f());
        for (j, (mut column, factors)) in
            upper.columns_mut().into_iter().zip(self.factors.columns()).enumerate()
        {
            let rows = ..k.min(j + 1);
            column
                .slice_mut(s![rows])
                .assign(&factors.slice(s![rows]).mapv(|x| self.scaling.undo(x * scale)));
        }
        let permuted = a.select(Axis(0), &self.permutation());
        let defect = residual(scale, &permuted, &self.lower(), &upper)?;
        let error = backward_error(&defect, one_norm(&permuted.mapv(|x| x * scale)), n);
        Ok(Certificate::new(vec![Ratio::new("‖P A − L U‖ / (n ‖A‖ ε)", error, THRESHOLD)]))
    }

    fn solve_with<D: RightHandSide>(&self, transpose: u8, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let (order, _) = self.regular()?;
        solve_scaled(order, self.scaling, "getrs", b, |x, columns| self.solve_in_place(transpose, x, columns))
    }

    fn solve_in_place(&self, transpose: u8, x: &mut [T], columns: usize) -> Result<(), Error> {
        let target = Columns::new(x, self.factors.nrows(), columns)?;
        expect_success("getrs", T::getrs(transpose, self.entries(), &self.pivots, target))?;
        if require_finite_result("getrs", x).is_err() { Err(self.unusable("getrs")) } else { Ok(()) }
    }

    fn product_of_pivots(&self) -> Result<Determinant, Error> {
        let n = self.order()?;
        let mut product = Determinant::ONE;
        for (i, &pivot) in self.factors.diag().iter().enumerate() {
            product.multiply(pivot.as_f64());
            if self.pivots[i] as usize != i + 1 {
                product.negate();
            }
        }
        product.shift(-self.scaling.exponent() * n as i64);
        Ok(product)
    }

    /// Why a result is not finite: a pivot that is too small to divide by, or the range of the scalar.
    fn unusable(&self, routine: &'static str) -> Error {
        let tiny = |pivot: &T| !pivot.recip().is_finite();
        match self.factors.diag().iter().position(tiny) {
            Some(pivot) => Error::Singular { pivot },
            None => Error::Overflow { routine, scalar: T::NAME },
        }
    }

    /// The order and the factors of a matrix that can be solved with.
    fn regular(&self) -> Result<(usize, &[T]), Error> {
        let order = self.order()?;
        match self.zero_pivot() {
            Some(pivot) => Err(Error::Singular { pivot }),
            None => Ok((order, self.entries())),
        }
    }

    fn order(&self) -> Result<usize, Error> {
        let (rows, cols) = self.factors.dim();
        if rows == cols {
            Ok(rows)
        } else {
            Err(Error::NotSquare { argument: "the factored matrix", rows, cols })
        }
    }

    fn require_shape(&self, a: &ArrayRef2<T>) -> Result<(), Error> {
        let (m, n) = self.factors.dim();
        same("a", "rows", a.nrows(), m, "those of the matrix that was factored")?;
        same("a", "columns", a.ncols(), n, "those of the matrix that was factored")
    }

    fn entries(&self) -> &[T] {
        self.factors.as_slice_memory_order().expect("the factors are packed")
    }
}

impl Lu<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> LuParams {
        LuParams::default()
    }
}

/// The choices of an LU factorization. Made by [`Lu::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct LuParams {
    check: FiniteCheck,
}

impl LuParams {
    /// Skips the scan for NaN and infinities. The factors may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (m x n).
    ///
    /// # Errors
    /// As [`Lu::new`].
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<Lu<T>, Error> {
        let (m, n) = a.dim();
        check_extents(a)?;
        let Packed { entries: mut factors, norms, scaling } = Packed::new(self.check, a)?;
        let mut pivots: Vec<Int> = vec![0; m.min(n)];
        if !factors.is_empty() {
            let info = T::getrf(Columns::new(&mut factors, m, n)?, &mut pivots);
            require_known("getrf", info)?;
            if !factors_are_finite(&factors, m, n) {
                // A pivot below the smallest normal number, whose reciprocal is infinite. LAPACK's own code
                // divides by it.
                factors = into_columns(column_major(a)?);
                scaling.apply(&mut factors);
                let info = T::getrf2(Columns::new(&mut factors, m, n)?, &mut pivots);
                require_known("getrf2", info)?;
                require_finite_result("getrf", &factors)?;
            }
        }
        Ok(Lu { factors: from_columns(factors, m, n), pivots, scaling, norms })
    }
}

/// A positive `info` is a zero pivot, which the factors show by themselves.
fn require_known(routine: &'static str, info: Int) -> Result<(), Error> {
    if info < 0 { Err(Error::Internal { routine, info }) } else { Ok(()) }
}

/// Whether every entry of the factors is finite, told by the pivots and the last row of U. Where a pivot has a finite
/// reciprocal, so have its multipliers, which do not exceed 1. An entry of U that overflows makes what lies below it in
/// its column infinite or NaN, down to that row or to the pivot of the column.
fn factors_are_finite<T: Scalar>(factors: &[T], rows: usize, cols: usize) -> bool {
    let order = rows.min(cols);
    let pivots = factors.iter().step_by(rows + 1).take(order);
    let last_row = factors[order - 1..].iter().step_by(rows);
    pivots.into_iter().all(|&pivot| pivot == T::zero() || pivot.is_finite() && pivot.recip().is_finite())
        && last_row.into_iter().all(|entry| entry.is_finite())
}

#[cfg(test)]
mod tests;
