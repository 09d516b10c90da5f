//! The factorization of a positive definite tridiagonal matrix.

use ndarray::{Array, ArrayRef, ArrayRef1, ArrayView1, arr2};

use super::{norms, ratio, require_diagonals};
use crate::certificate::{Certificate, Ratio, balancing_scale};
use crate::error::Error;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite_result;
use crate::products::same;
use crate::qr::{THRESHOLD, expect_success};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, largest, solve_scaled};

/// The square-root-free Cholesky factorization `A = L D Lᵀ` of a symmetric positive definite tridiagonal matrix of
/// order n, ready to solve with.
///
/// ```
/// use lapwing_lapack::TridiagonalCholesky;
/// use ndarray::array;
/// // [[2, -1, 0], [-1, 2, -1], [0, -1, 2]]
/// let factored = TridiagonalCholesky::new(&array![2.0, 2.0, 2.0], &array![-1.0, -1.0])?;
/// let x = factored.solve(&array![1.0, 0.0, 1.0])?;
/// assert!(x.iter().all(|x: &f64| (x - 1.0).abs() < 1e-14));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "pttrf")]
#[derive(Clone, Debug)]
pub struct TridiagonalCholesky<T: Scalar> {
    /// D.
    diagonal: Vec<T>,
    /// The entries of L below its diagonal of ones.
    below: Vec<T>,
    /// The 1-norm of the matrix.
    norm: T,
}

impl<T: Scalar> TridiagonalCholesky<T> {
    /// Factors the symmetric matrix with n entries on its diagonal and n − 1 beside it.
    ///
    /// # Errors
    /// [`Error::NotPositiveDefinite`] with the order of the first leading minor that is not positive;
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::Overflow`].
    pub fn new(diagonal: &ArrayRef1<T>, below: &ArrayRef1<T>) -> Result<Self, Error> {
        let n = require_diagonals(diagonal, &[("below", below)])?;
        let [norm, _] = norms(below, diagonal, below);
        let (mut diagonal, mut below) = (diagonal.to_vec(), below.to_vec());
        if n > 0 {
            match T::pttrf(&mut diagonal, &mut below) {
                0 => {}
                minor @ 1.. => return Err(Error::NotPositiveDefinite { minor: minor as usize }),
                info => return Err(Error::Internal { routine: "pttrf", info }),
            }
            require_finite_result("pttrf", &diagonal)?;
            require_finite_result("pttrf", &below)?;
        }
        Ok(Self { diagonal, below, norm })
    }

    /// The diagonal of D, n positive entries.
    pub fn diagonal(&self) -> ArrayView1<'_, T> {
        ArrayView1::from(&self.diagonal)
    }

    /// The entries of L below its diagonal of ones, n − 1.
    pub fn below(&self) -> ArrayView1<'_, T> {
        ArrayView1::from(&self.below)
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `b` has not n rows; [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let n = self.diagonal.len();
        solve_scaled(n, Scaling::none(), "pttrs", b, |x, columns| {
            expect_success("pttrs", T::pttrs(&self.diagonal, &self.below, Columns::new(x, n, columns)?))
        })
    }

    /// `ln det a`, which neither over- nor underflows where the determinant would.
    pub fn log_determinant(&self) -> T {
        self.diagonal.iter().map(|entry| entry.ln()).sum()
    }

    /// The reciprocal condition number `1 / (‖a‖₁ ‖a⁻¹‖₁)` of the factored matrix, computed rather than estimated:
    /// near 1 is well conditioned, at the unit roundoff no digit of a solution can be trusted. 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`]; [`Error::Overflow`] when the norm of the matrix is too large.
    pub fn reciprocal_condition(&self) -> Result<T, Error> {
        if self.diagonal.is_empty() {
            return Ok(T::one());
        }
        require_finite_result("the norm of the matrix", &[self.norm])?;
        let mut work = zeroed(self.diagonal.len())?;
        let (info, reciprocal) = T::ptcon(&self.diagonal, &self.below, self.norm, &mut work);
        expect_success("ptcon", info)?;
        // ‖a⁻¹‖ may overflow.
        Ok(if reciprocal.is_finite() { reciprocal } else { T::zero() })
    }

    /// How far the factors are from those of a matrix that rounds to the one with these diagonals.
    ///
    /// # Errors
    /// [`Error::Shape`] when they are not of the order that was factored.
    pub fn certificate(&self, diagonal: &ArrayRef1<T>, below: &ArrayRef1<T>) -> Result<Certificate, Error> {
        let n = require_diagonals(diagonal, &[("below", below)])?;
        same("diagonal", "entries", n, self.diagonal.len(), "the order of the matrix that was factored")?;
        let scale = balancing_scale(&arr2(&[[largest(below.iter().chain(diagonal))]])).as_f64();
        let (mut errors, mut sums) = (vec![0.0; n], vec![0.0; n]);
        // Entry (i + 1, i) of the product is lᵢ dᵢ, and entry (i, i) is dᵢ + lᵢ₋₁² dᵢ₋₁.
        let mut carried = 0.0;
        for i in 0..n {
            let (d, exact) = (self.diagonal[i].as_f64() * scale, diagonal[i].as_f64() * scale);
            errors[i] += (d + carried - exact).abs();
            sums[i] += exact.abs();
            if i + 1 < n {
                let (l, exact) = (self.below[i].as_f64(), below[i].as_f64() * scale);
                for j in [i, i + 1] {
                    errors[j] += (l * d - exact).abs();
                    sums[j] += exact.abs();
                }
                carried = l * l * d;
            }
        }
        let largest_of = |values: Vec<f64>| values.into_iter().fold(0.0, f64::max);
        let value = ratio::<T>(largest_of(errors), largest_of(sums), n);
        Ok(Certificate::new(vec![Ratio::new("‖A − L D Lᵀ‖ / (n ‖A‖ ε)", value, THRESHOLD)]))
    }
}
