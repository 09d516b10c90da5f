//! QR factorization with column pivoting, `A P = Q R`: the cheap way to a numerical rank.
//!
//! | step   | f32      | f64      | cost, m ≥ n  |
//! |--------|----------|----------|--------------|
//! | factor | `sgeqp3` | `dgeqp3` | 2mn² − 2n³/3 |
//!
//! The diagonal of R decreases in magnitude, so that a dependent column shows as a small entry. The
//! decision is right on all but contrived matrices (Kahan's); [`Svd`](crate::Svd) decides those.

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, Axis, s};

use crate::certificate::Certificate;
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite_result};
use crate::layout::{column_major, from_columns, zeros};
use crate::products::same;
use crate::qr::{Reflectors, check_extents, expect_success, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::size::workspace_length;

/// The column-pivoted QR factorization of a matrix of m rows and n columns; k = min(m, n).
///
/// ```
/// use lapwing_lapack::PivotedQr;
/// use ndarray::array;
/// let a = array![[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]];
/// assert_eq!(PivotedQr::new(&a)?.rank(), 2);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "geqp3")]
#[derive(Clone, Debug)]
pub struct PivotedQr<T: Scalar> {
    reflectors: Reflectors<T>,
    permutation: Vec<usize>,
    rank: usize,
}

impl<T: Scalar> PivotedQr<T> {
    /// Factors `a` (m x n), with the default tolerance for the rank.
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        PivotedQrParams::default().compute(a)
    }

    /// The numerical rank: how many diagonal entries of R exceed the tolerance times the first.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// Column `i` of `A P` is column `permutation()[i]` of `A`, counted from 0.
    pub fn permutation(&self) -> &[usize] {
        &self.permutation
    }

    /// R, k x n, upper trapezoidal, with a diagonal that decreases in magnitude.
    pub fn r(&self) -> Array2<T> {
        self.reflectors.r()
    }

    /// The thin Q, m x k; its first [`rank`](Self::rank) columns span the range of `A`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn q(&self) -> Result<Array2<T>, Error> {
        self.reflectors.q(self.reflectors.tau.len())
    }

    /// The full orthogonal Q, m x m; the columns after the first [`rank`](Self::rank) span the
    /// orthogonal complement of the range of `A`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::TooLarge`].
    pub fn q_full(&self) -> Result<Array2<T>, Error> {
        self.reflectors.q(self.reflectors.factor.nrows())
    }

    /// The basic least squares solution of `min ‖a x − b‖₂` (n entries, or n rows): at most
    /// [`rank`](Self::rank) of its entries are not zero. It is the minimum-norm solution only when `a` has
    /// full column rank.
    ///
    /// # Errors
    /// [`Error::Shape`] when `b` has not m rows; [`Error::NonFinite`]; [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let b = D::as_columns(b);
        let leading = self.reflectors.solve_leading(self.rank, &b)?;
        let mut x = zeros(self.reflectors.factor.ncols(), b.ncols())?;
        for (row, &column) in leading.outer_iter().zip(&self.permutation) {
            x.row_mut(column).assign(&row);
        }
        Ok(D::from_columns(x))
    }

    /// How far this is from an exact factorization of `a`, and Q from orthonormal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the shape that was factored.
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        same("a", "columns", a.ncols(), self.permutation.len(), "those of the matrix that was factored")?;
        self.reflectors.certificate("‖R − Qᵀ A P‖ / (m ‖A‖ ε)", &a.select(Axis(1), &self.permutation))
    }
}

impl PivotedQr<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> PivotedQrParams {
        PivotedQrParams::default()
    }
}

/// The choices of a column-pivoted QR factorization. Made by [`PivotedQr::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct PivotedQrParams {
    tolerance: Option<f64>,
    check: FiniteCheck,
}

impl PivotedQrParams {
    /// A diagonal entry of R counts as zero when it is at most this times the first. Default: 2 max(m, n)
    /// unit roundoffs, as NumPy's `matrix_rank` has it for singular values.
    pub fn rank_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = Some(tolerance);
        self
    }

    /// Skips the scan for NaN and infinities. The result may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (m x n).
    ///
    /// # Errors
    /// As [`PivotedQr::new`]; [`Error::InvalidParameter`] for a tolerance that is negative or NaN.
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<PivotedQr<T>, Error> {
        let (m, n) = a.dim();
        let tolerance = self.tolerance.unwrap_or(2.0 * m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64());
        if tolerance.is_nan() || tolerance < 0.0 {
            let (value, requirement) = (tolerance.to_string(), "at least 0".to_owned());
            return Err(Error::InvalidParameter { parameter: "rank_tolerance", value, requirement });
        }
        check_extents(a)?;
        self.check.require("a", a)?;
        let mut tau = zeroed(m.min(n))?;
        if tau.is_empty() {
            let reflectors = Reflectors { factor: column_major(a)?, tau };
            return Ok(PivotedQr { reflectors, permutation: (0..n).collect(), rank: 0 });
        }

        let mut factor = into_columns(column_major(a)?);
        let minimum = 3 * n as u128 + 1;
        let optimum = || T::geqp3_optimum(m as Int, n as Int);
        let mut work = zeroed(workspace_length("the workspace of geqp3", minimum, optimum)?)?;
        let mut pivots: Vec<Int> = vec![0; n];
        let info = T::geqp3(Columns::new(&mut factor, m, n)?, &mut pivots, &mut tau, &mut work);
        expect_success("geqp3", info)?;
        require_finite_result("geqp3", &factor)?;

        let factor = from_columns(factor, m, n);
        let first = factor[[0, 0]].abs().as_f64();
        let counts = |entry: &T| entry.abs().as_f64() > tolerance * first;
        let rank = factor.slice(s![..m.min(n), ..]).diag().iter().take_while(|&entry| counts(entry)).count();
        let permutation = pivots.iter().map(|&pivot| pivot as usize - 1).collect();
        Ok(PivotedQr { reflectors: Reflectors { factor, tau }, permutation, rank })
    }
}
