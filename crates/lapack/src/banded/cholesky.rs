//! Cholesky factorization of a banded matrix.

use ndarray::{Array, ArrayRef, s};

use super::{Banded, rows_of_band};
use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale};
use crate::error::Error;
use crate::ffi::banded::{Band, BandMut};
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::require_finite_result;
use crate::layout::from_columns;
use crate::products::same;
use crate::qr::{THRESHOLD, expect_success, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, solve_scaled};
use crate::size::checked_length;

/// The Cholesky factorization `A = L Lᵀ` of a symmetric positive definite [`Banded`] matrix of order n, ready to
/// solve with. L has the subdiagonals of A.
///
/// ```
/// use lapwing_lapack::{Banded, BandedCholesky};
/// use ndarray::array;
/// let a = Banded::from_dense(&array![[2.0, -1.0, 0.0], [-1.0, 2.0, -1.0], [0.0, -1.0, 2.0]])?;
/// let x = BandedCholesky::new(&a)?.solve(&array![1.0, 0.0, 1.0])?;
/// assert!(x.iter().all(|x: &f64| (x - 1.0).abs() < 1e-14));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "pbtrf")]
#[doc(alias = "solveh_banded")]
#[derive(Clone, Debug)]
pub struct BandedCholesky<T: Scalar> {
    factor: Banded<T>,
    /// The 1-norm of the matrix.
    norm: T,
}

impl<T: Scalar> BandedCholesky<T> {
    /// Factors `a`, reading its main diagonal and those below it.
    ///
    /// # Errors
    /// [`Error::NotPositiveDefinite`] with the order of the first leading minor that is not positive;
    /// [`Error::OutOfMemory`].
    pub fn new(a: &Banded<T>) -> Result<Self, Error> {
        let (n, lower) = (a.order(), a.lower);
        let mut half = Banded::zeros(n, lower, 0)?;
        half.diagonals.assign(&a.diagonals.slice(s![a.upper.., ..]));
        let norm = symmetric_norm(&half);
        let mut factor = into_columns(half.diagonals);
        if n > 0 {
            let band = BandMut { entries: &mut factor, rows: lower + 1, lower, upper: 0 };
            match T::pbtrf(to_int("the order of the matrix", n)?, band) {
                0 => {}
                minor @ 1.. => return Err(Error::NotPositiveDefinite { minor: minor as usize }),
                info => return Err(Error::Internal { routine: "pbtrf", info }),
            }
            require_finite_result("pbtrf", &factor)?;
        }
        let factor = Banded { diagonals: from_columns(factor, lower + 1, n), lower, upper: 0 };
        Ok(Self { factor, norm })
    }

    /// The factor L.
    pub fn factor(&self) -> &Banded<T> {
        &self.factor
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `b` has not n rows; [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let n = self.factor.order();
        solve_scaled(n, Scaling::none(), "pbtrs", b, |x, columns| {
            expect_success("pbtrs", T::pbtrs(self.band(), Columns::new(x, n, columns)?))
        })
    }

    /// `ln det a`, which neither over- nor underflows where the determinant would.
    pub fn log_determinant(&self) -> T {
        self.factor.diagonals.row(0).iter().map(|entry| entry.ln()).sum::<T>() * T::from_f64(2.0)
    }

    /// An estimate of the reciprocal condition number `1 / (‖a‖₁ ‖a⁻¹‖₁)` of the factored matrix: near 1 is well
    /// conditioned, at the unit roundoff no digit of a solution can be trusted. Rarely more than 3 times too large.
    /// 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when the norm of the matrix is too large.
    pub fn reciprocal_condition(&self) -> Result<T, Error> {
        let n = self.factor.order();
        if n == 0 {
            return Ok(T::one());
        }
        require_finite_result("the norm of the matrix", &[self.norm])?;
        let length = checked_length("the workspace of pbcon", 3 * n as u128)?;
        let (mut work, mut integers) = (zeroed(length)?, vec![0; n]);
        let order = to_int("the order of the matrix", n)?;
        let (info, reciprocal) = T::pbcon(order, self.band(), self.norm, &mut work, &mut integers);
        expect_success("pbcon", info)?;
        Ok(if reciprocal.is_finite() { reciprocal } else { T::zero() })
    }

    /// How far the factor is from that of a matrix that rounds to `a`, of which the main diagonal and those
    /// below it are read.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order or the bandwidth that was factored; [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &Banded<T>) -> Result<Certificate, Error> {
        let (n, lower) = (self.factor.order(), self.factor.lower);
        same("a", "columns", a.order(), n, "the order of the matrix that was factored")?;
        same("a", "subdiagonals", a.lower, lower, "those of the matrix that was factored")?;
        let mut half = Banded::zeros(n, lower, 0)?;
        half.diagonals.assign(&a.diagonals.slice(s![a.upper.., ..]));
        let scale = balancing_scale(&half.diagonals);
        half.diagonals.mapv_inplace(|x| x * scale);
        let norm = symmetric_norm(&half);
        let factor = &self.factor.diagonals;
        for k in 0..n {
            // Column k of L adds the outer product with itself.
            let rows = rows_of_band(lower, 0, n, k);
            for j in rows.clone() {
                for i in j..rows.end {
                    half.diagonals[[i - j, j]] -= factor[[i - k, k]] * scale * factor[[j - k, k]];
                }
            }
        }
        // The 1-norm of half the residual: that of the whole is at most twice as much.
        let two = T::from_f64(2.0);
        let error = backward_error(&half.diagonals.mapv(|x| x * two), norm, n);
        Ok(Certificate::new(vec![Ratio::new("‖A − L Lᵀ‖ / (n ‖A‖ ε)", error, THRESHOLD)]))
    }

    fn band(&self) -> Band<'_, T> {
        Band {
            entries: self.factor.diagonals.as_slice_memory_order().expect("the factor is packed"),
            rows: self.factor.lower + 1,
            lower: self.factor.lower,
            upper: 0,
        }
    }
}

/// The 1-norm of the symmetric matrix whose lower triangle this is.
fn symmetric_norm<T: Scalar>(half: &Banded<T>) -> T {
    let mut sums = vec![T::zero(); half.order()];
    for j in 0..half.order() {
        for i in half.rows_of(j) {
            let entry = half.diagonals[[i - j, j]].abs();
            sums[i] += entry;
            if i != j {
                sums[j] += entry;
            }
        }
    }
    sums.into_iter().fold(T::zero(), T::max)
}
