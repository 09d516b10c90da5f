//! LU factorization of a banded matrix.

use ndarray::{Array, Array2, ArrayRef, s};

use super::{Banded, rows_of_band};
use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm};
use crate::determinant::Determinant;
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::banded::{Band, BandMut};
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::require_finite_result;
use crate::layout::from_columns;
use crate::lu::ConditionNorm;
use crate::products::same;
use crate::qr::{THRESHOLD, expect_success, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, largest, solve_scaled};
use crate::size::checked_length;

/// The LU factorization with row interchanges of a [`Banded`] matrix of order n, ready to solve with. U has
/// `lower + upper` superdiagonals.
///
/// ```
/// use lapwing_lapack::{Banded, BandedLu};
/// use ndarray::array;
/// let a = Banded::from_dense(&array![[1.0, 2.0, 0.0], [3.0, 4.0, 0.0], [0.0, 5.0, 6.0]])?;
/// let factored = BandedLu::new(&a)?;
/// let x = factored.solve(&array![3.0, 7.0, 11.0])?;
/// assert!(x.iter().all(|x: &f64| (x - 1.0).abs() < 1e-14));
/// assert!((factored.determinant()? + 12.0).abs() < 1e-13);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "gbtrf")]
#[doc(alias = "solve_banded")]
#[derive(Clone, Debug)]
pub struct BandedLu<T: Scalar> {
    /// The factors of the scaled matrix, `2 lower + upper + 1` diagonals; column-major and packed.
    factors: Array2<T>,
    /// Row `i` was exchanged with row `pivots[i] - 1`, in this order.
    pivots: Vec<Int>,
    lower: usize,
    upper: usize,
    scaling: Scaling<T>,
    /// The 1-norm and the ∞-norm of the scaled matrix.
    norms: [T; 2],
}

impl<T: Scalar> BandedLu<T> {
    /// Factors `a`. That of a singular matrix has a zero on the diagonal of U.
    ///
    /// # Errors
    /// [`Error::Singular`] when a pivot below the smallest normal number has to be divided by;
    /// [`Error::OutOfMemory`]; [`Error::Overflow`] when the elimination leaves the range of the scalar.
    pub fn new(a: &Banded<T>) -> Result<Self, Error> {
        let (n, lower, upper) = (a.order(), a.lower, a.upper);
        let scaling = Scaling::for_largest(largest(&a.diagonals));
        // Above the band, room for as many superdiagonals as interchanges may bring up.
        let mut wide = Banded::zeros(n, lower, lower + upper)?;
        wide.diagonals.slice_mut(s![lower.., ..]).assign(&a.diagonals);
        let rows = wide.diagonals.nrows();
        let mut factors = into_columns(wide.diagonals);
        scaling.apply(&mut factors);
        let norms = a.norms(scaling);
        let mut pivots: Vec<Int> = vec![0; n];
        if n > 0 {
            let band = BandMut { entries: &mut factors, rows, lower, upper };
            let info = T::gbtrf(to_int("the order of the matrix", n)?, band, &mut pivots);
            // A positive `info` is a zero pivot, which the factors show by themselves.
            if info < 0 {
                return Err(Error::Internal { routine: "gbtrf", info });
            }
        }
        let finite = require_finite_result("gbtrf", &factors);
        let factored = Self { factors: from_columns(factors, rows, n), pivots, lower, upper, scaling, norms };
        if finite.is_ok() { Ok(factored) } else { Err(factored.unusable("gbtrf")) }
    }

    /// The index of the first pivot that is exactly zero, counted from 0: the factored matrix is singular.
    pub fn zero_pivot(&self) -> Option<usize> {
        self.pivot_entries().position(|pivot| pivot == T::zero())
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Singular`] at the first pivot that is exactly zero, or too small to divide by; [`Error::Shape`]
    /// when `b` has not n rows; [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
    /// [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        self.solve_with(b'N', b)
    }

    /// The solution `x` of `aᵀ x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// As [`BandedLu::solve`].
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
    /// [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn reciprocal_condition(&self, norm: ConditionNorm) -> Result<T, Error> {
        let n = self.pivots.len();
        if n == 0 {
            return Ok(T::one());
        }
        if self.zero_pivot().is_some() {
            return Ok(T::zero());
        }
        let of_matrix = self.norms[if norm == ConditionNorm::One { 0 } else { 1 }];
        let length = checked_length("the workspace of gbcon", 3 * n as u128)?;
        let (mut work, mut integers) = (zeroed(length)?, vec![0; n]);
        let order = to_int("the order of the matrix", n)?;
        let (info, reciprocal) =
            T::gbcon(norm.letter(), order, self.band(), &self.pivots, of_matrix, &mut work, &mut integers);
        expect_success("gbcon", info)?;
        // A pivot without a reciprocal makes the estimate of ‖a⁻¹‖ infinite or NaN.
        Ok(if reciprocal.is_finite() { reciprocal } else { T::zero() })
    }

    /// How far the factors are from those of a matrix that rounds to `a`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order or the bandwidths that were factored; [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &Banded<T>) -> Result<Certificate, Error> {
        let (n, above) = (self.pivots.len(), self.lower + self.upper);
        same("a", "columns", a.order(), n, "the order of the matrix that was factored")?;
        same("a", "subdiagonals", a.lower, self.lower, "those of the matrix that was factored")?;
        same("a", "superdiagonals", a.upper, self.upper, "those of the matrix that was factored")?;
        // From U back to the matrix, step by step in the band: LAPACK leaves L as a product of eliminations, each
        // after its interchange.
        let mut product = self.factors.clone();
        product.slice_mut(s![above + 1.., ..]).fill(T::zero());
        for j in (0..n).rev() {
            let columns = j..n.min(j + above + 1);
            for i in j + 1..n.min(j + self.lower + 1) {
                let multiplier = self.factors[[above + i - j, j]];
                for c in columns.clone() {
                    let row = product[[above + j - c, c]];
                    product[[above + i - c, c]] += multiplier * row;
                }
            }
            let pivot = self.pivots[j] as usize - 1;
            if pivot != j {
                for c in columns {
                    product.swap([above + j - c, c], [above + pivot - c, c]);
                }
            }
        }
        let scale = balancing_scale(&a.diagonals);
        let mut defect = product.mapv(|x| self.scaling.undo(x * scale));
        for j in 0..n {
            for i in rows_of_band(a.lower, a.upper, n, j) {
                defect[[above + i - j, j]] -= a.diagonals[[a.upper + i - j, j]] * scale;
            }
        }
        let norm = one_norm(&a.diagonals.mapv(|x| x * scale));
        let error = backward_error(&defect, norm, n);
        Ok(Certificate::new(vec![Ratio::new("‖A − P L U‖ / (n ‖A‖ ε)", error, THRESHOLD)]))
    }

    fn solve_with<D: RightHandSide>(&self, transpose: u8, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        if let Some(pivot) = self.zero_pivot() {
            return Err(Error::Singular { pivot });
        }
        let n = self.pivots.len();
        solve_scaled(n, self.scaling, "gbtrs", b, |x, columns| {
            let info = T::gbtrs(transpose, self.band(), &self.pivots, Columns::new(x, n, columns)?);
            expect_success("gbtrs", info)?;
            if require_finite_result("gbtrs", x).is_err() { Err(self.unusable("gbtrs")) } else { Ok(()) }
        })
    }

    fn product_of_pivots(&self) -> Determinant {
        let mut product = Determinant::ONE;
        for (i, pivot) in self.pivot_entries().enumerate() {
            product.multiply(pivot.as_f64());
            if self.pivots[i] as usize != i + 1 {
                product.negate();
            }
        }
        product.shift(-self.scaling.exponent() * self.pivots.len() as i64);
        product
    }

    fn pivot_entries(&self) -> impl Iterator<Item = T> {
        self.factors.row(self.lower + self.upper).into_iter().copied()
    }

    /// Why a result is not finite: a pivot that is too small to divide by, or the range of the scalar.
    fn unusable(&self, routine: &'static str) -> Error {
        match self.pivot_entries().position(|pivot| !pivot.is_nan() && !pivot.recip().is_finite()) {
            Some(pivot) => Error::Singular { pivot },
            None => Error::Overflow { routine, scalar: T::NAME },
        }
    }

    fn band(&self) -> Band<'_, T> {
        Band {
            entries: self.factors.as_slice_memory_order().expect("the factors are packed"),
            rows: self.factors.nrows(),
            lower: self.lower,
            upper: self.upper,
        }
    }
}
