//! Cholesky factorization `A = L Lᵀ` or `A = Uᵀ U` of a symmetric positive definite matrix.
//!
//! | step      | f32      | f64      | cost        |
//! |-----------|----------|----------|-------------|
//! | factor    | `spotrf` | `dpotrf` | n³/3        |
//! | solve     | `spotrs` | `dpotrs` | 2n² per rhs |
//! | inverse   | `spotri` | `dpotri` | 2n³/3       |
//! | condition | `spocon` | `dpocon` | O(n²)       |
//!
//! The cheapest way to solve with a covariance, a Gram matrix or a convex Hessian, and the cheapest
//! proof that one is positive definite: the factorization exists exactly then.

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, ArrayView2};

use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm, residual};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite, require_finite_result, require_finite_triangle};
use crate::layout::{
    MemoryOrder, checked_area, column_major, copy_triangle, from_columns, symmetric, triangle_lanes,
};
use crate::products::{same, square};
use crate::qr::{expect_success, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// The factor of a symmetric positive definite matrix, ready to solve with.
///
/// ```
/// use lapwing_lapack::Cholesky;
/// use ndarray::array;
/// let a = array![[4.0, 2.0], [2.0, 3.0]];
/// let x = Cholesky::new(&a)?.solve(&array![2.0, 1.0])?;
/// assert_eq!(x, array![0.5, 0.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "potrf")]
#[derive(Clone, Debug)]
pub struct Cholesky<T: Scalar> {
    /// The triangle that `triangle` names, zeros in the other; row-major or column-major, packed.
    pub(crate) factor: Array2<T>,
    pub(crate) triangle: Triangle,
}

impl<T: Scalar> Cholesky<T> {
    /// Factors `a` (n x n), reading its lower triangle only: `A = L Lᵀ`.
    ///
    /// # Errors
    /// [`Error::NotPositiveDefinite`] with the order of the first leading minor that is not positive,
    /// [`Error::NonFinite`], [`Error::NotSquare`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        CholeskyParams::default().compute(a)
    }

    /// Factors `a` (n x n), reading the given triangle only: `A = L Lᵀ` or `A = Uᵀ U`.
    ///
    /// # Errors
    /// As [`Cholesky::new`].
    pub fn with_triangle(a: &ArrayRef2<T>, triangle: Triangle) -> Result<Self, Error> {
        CholeskyParams::default().triangle(triangle).compute(a)
    }

    /// The factor, n x n: L or U, with zeros in the other triangle.
    pub fn factor(&self) -> ArrayView2<'_, T> {
        self.factor.view()
    }

    /// Which triangle the factor is.
    pub fn triangle(&self) -> Triangle {
        self.triangle
    }

    /// The factor, without a copy.
    pub fn into_factor(self) -> Array2<T> {
        self.factor
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `b` has not n rows, [`Error::NonFinite`], [`Error::TooLarge`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let b = D::as_columns(b);
        let (n, columns) = b.dim();
        same("b", "rows", n, self.factor.nrows(), "the order of the factored matrix")?;
        to_int("the number of right-hand sides", columns)?;
        require_finite("b", &b)?;
        let mut x = into_columns(column_major(&b)?);
        if !x.is_empty() {
            let (factor, uplo) = self.as_columns();
            expect_success("potrs", T::potrs(uplo, factor, Columns::new(&mut x, n, columns)?))?;
            require_finite_result("potrs", &x)?;
        }
        Ok(D::from_columns(from_columns(x, n, columns)))
    }

    /// The inverse of the factored matrix, n x n, both triangles. To solve, [`solve`](Self::solve) is
    /// cheaper and more accurate.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn inverse(&self) -> Result<Array2<T>, Error> {
        let n = self.factor.nrows();
        if n == 0 {
            return Ok(Array2::zeros((0, 0)));
        }
        let (factor, uplo) = self.as_columns();
        let mut inverse = zeroed(factor.len())?;
        inverse.copy_from_slice(factor);
        match T::potri(uplo, Columns::new(&mut inverse, n, n)?) {
            0 => {}
            pivot @ 1.. => return Err(Error::Singular { pivot: pivot as usize - 1 }),
            info => return Err(Error::Internal { routine: "potri", info }),
        }
        require_finite_result("potri", &inverse)?;
        let stored = if uplo == Triangle::Lower.letter() { Triangle::Lower } else { Triangle::Upper };
        symmetric(&from_columns(inverse, n, n), stored)
    }

    /// `ln det a`, which neither over- nor underflows where the determinant would.
    pub fn log_determinant(&self) -> T {
        self.factor.diag().iter().map(|entry| entry.ln()).sum::<T>() * T::from_f64(2.0)
    }

    /// An estimate of the reciprocal condition number `1 / (‖a‖₁ ‖a⁻¹‖₁)` of the factored matrix `a`, whose
    /// factored triangle is read for its norm: near 1 is well conditioned, at the unit roundoff no digit of a
    /// solution can be trusted. Rarely more than 3 times too large. 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`],
    /// [`Error::NonFinite`], [`Error::OutOfMemory`].
    pub fn reciprocal_condition(&self, a: &ArrayRef2<T>) -> Result<T, Error> {
        let n = self.require_order(a)?;
        require_finite_triangle(FiniteCheck::Scan, "a", a, self.triangle)?;
        if n == 0 {
            return Ok(T::one());
        }
        let (factor, uplo) = self.as_columns();
        let norm = symmetric_one_norm(a, self.triangle);
        let (info, reciprocal) = T::pocon(uplo, n as Int, factor, norm, &mut zeroed(3 * n)?, &mut vec![0; n]);
        expect_success("pocon", info)?;
        Ok(reciprocal)
    }

    /// How far the factor is from that of a matrix that rounds to `a`; the factored triangle of `a` is read.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = self.require_order(a)?;
        let full = symmetric(a, self.triangle)?;
        let scale = balancing_scale(&full);
        let left = if self.triangle == Triangle::Lower { self.factor.view() } else { self.factor.t() };
        let defect = residual(scale, &full, &left.mapv(|x| x * scale), &left.t())?;
        let error = backward_error(&defect, one_norm(&full.mapv(|x| x * scale)), n);
        let what = match self.triangle {
            Triangle::Lower => "‖A − L Lᵀ‖ / (n ‖A‖ ε)",
            Triangle::Upper => "‖A − Uᵀ U‖ / (n ‖A‖ ε)",
        };
        Ok(Certificate::new(vec![Ratio::new(what, error, 30.0)]))
    }

    fn require_order(&self, a: &ArrayRef2<T>) -> Result<usize, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.factor.nrows(), "the order of the matrix that was factored")?;
        Ok(n)
    }

    /// The factor as LAPACK sees it, and which triangle it then is.
    fn as_columns(&self) -> (&[T], u8) {
        let entries = self.factor.as_slice_memory_order().expect("the factor is packed");
        let row_major = self.factor.is_standard_layout();
        let triangle = if row_major { self.triangle.transposed() } else { self.triangle };
        (entries, triangle.letter())
    }
}

impl Cholesky<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> CholeskyParams {
        CholeskyParams::default()
    }
}

/// The choices of a Cholesky factorization. Made by [`Cholesky::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct CholeskyParams {
    triangle: Triangle,
    check: FiniteCheck,
}

impl CholeskyParams {
    /// Which triangle of the matrix to read, and of which kind the factor is. Default: [`Triangle::Lower`].
    pub fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Skips the scan for NaN and infinities. The factor may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (n x n).
    ///
    /// # Errors
    /// As [`Cholesky::new`].
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<Cholesky<T>, Error> {
        let n = square("a", a)?;
        to_int("the order of the matrix", n)?;
        require_finite_triangle(self.check, "a", a, self.triangle)?;
        let mut factor = zeroed(checked_area::<T>(n, n)?)?;
        let (memory, uplo) = copy_triangle(a, self.triangle, &mut factor);
        if n > 0 {
            match T::potrf(uplo, Columns::new(&mut factor, n, n)?) {
                0 => {}
                minor @ 1.. => return Err(Error::NotPositiveDefinite { minor: minor as usize }),
                info => return Err(Error::Internal { routine: "potrf", info }),
            }
        }
        let columns = from_columns(factor, n, n);
        // Every other entry of the factor enters a later entry of the diagonal.
        require_finite_result("potrf", &columns.diag().to_vec())?;
        let factor = if memory == MemoryOrder::Rows { columns.reversed_axes() } else { columns };
        Ok(Cholesky { factor, triangle: self.triangle })
    }
}

/// The largest absolute column sum of the symmetric matrix that one triangle stands for.
fn symmetric_one_norm<T: Scalar>(a: &ArrayRef2<T>, triangle: Triangle) -> T {
    let n = a.nrows();
    let mut sums = vec![T::zero(); n];
    let (lanes, triangle) = triangle_lanes(a, triangle);
    for (i, lane) in lanes.outer_iter().enumerate() {
        for j in triangle.columns(i, n) {
            let entry = lane[j].abs();
            sums[i] += entry;
            if i != j {
                sums[j] += entry;
            }
        }
    }
    sums.into_iter().fold(T::zero(), T::max)
}
