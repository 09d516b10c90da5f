//! Factorization `P A Pᵀ = L D Lᵀ` of a symmetric matrix, definite or not.
//!
//! | step      | f32           | f64           | cost        |
//! |-----------|---------------|---------------|-------------|
//! | factor    | `ssytrf_rook` | `dsytrf_rook` | n³/3        |
//! | solve     | `ssytrs_rook` | `dsytrs_rook` | 2n² per rhs |
//! | condition | `slacn2`      | `dlacn2`      | O(n²)       |
//!
//! Half the cost of LU for saddle-point (KKT) systems, shifted covariances and Hessians away from a minimum; and, as
//! [`Ldlt::inertia`], the cheapest count of positive and negative eigenvalues. A positive definite matrix is
//! better served by [`Cholesky`](crate::Cholesky).
//!
//! D has blocks of order 1 and 2. Rook pivoting searches a little longer than the Bunch-Kaufman pivoting of `sytrf`
//! for them, and in return no entry of L exceeds 2.79 (Ashcraft, Grimes and Lewis 1998), which Bunch-Kaufman
//! does not bound at all: solutions are as reliable as those of LU. LAPACK estimates the condition number from such a
//! factor in `sycon_rook`, which LAPACKE does not offer; the same estimator, `lacn2`, is driven here by the solves.

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, Axis, ShapeBuilder, s};

use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm, residual};
use crate::determinant::Determinant;
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite_result, require_finite_triangle};
use crate::layout::{column_major, from_columns, symmetric};
use crate::products::{same, square};
use crate::qr::{THRESHOLD, expect_success, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, largest, solve_scaled};
use crate::size::workspace_length;
use crate::triangle::Triangle;

/// The factored triangle. One choice for every layout keeps the meaning of L, D and P.
const FACTORED: u8 = b'L';

/// The numbers of positive, negative and zero eigenvalues of a symmetric matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Inertia {
    /// How many eigenvalues are positive.
    pub positive: usize,
    /// How many are negative.
    pub negative: usize,
    /// How many are zero.
    pub zero: usize,
}

/// The factorization of a symmetric matrix of order n, ready to solve with.
///
/// ```
/// use lapwing_lapack::Ldlt;
/// use ndarray::array;
/// // Minimize x² + y² on the line x + y = 2: the solution, and its multiplier.
/// let kkt = array![[2.0, 0.0, 1.0], [0.0, 2.0, 1.0], [1.0, 1.0, 0.0]];
/// let factored = Ldlt::new(&kkt)?;
/// let x = factored.solve(&array![0.0, 0.0, 2.0])?;
/// assert!((x[0] - 1.0f64).abs() < 1e-14 && (x[2] + 2.0).abs() < 1e-14);
/// assert_eq!((factored.inertia().positive, factored.inertia().negative), (2, 1));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "sytrf")]
#[doc(alias = "ldl")]
#[derive(Clone, Debug)]
pub struct Ldlt<T: Scalar> {
    /// L below the blocks of D, of the scaled matrix; column-major and packed, zeros above the diagonal.
    factor: Array2<T>,
    /// As LAPACK leaves them: positive for blocks of order 1, a pair of negative ones for those of order 2.
    pivots: Vec<Int>,
    scaling: Scaling<T>,
    /// The 1-norm of the scaled matrix.
    norm: T,
    triangle: Triangle,
}

/// A block on the diagonal of D, at this index.
enum Block<T> {
    One(usize, T),
    /// The three entries of the lower triangle.
    Two(usize, [T; 3]),
}

impl<T: Scalar> Ldlt<T> {
    /// Factors `a` (n x n), reading its lower triangle only. That of a singular matrix has a zero block in D.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`];
    /// [`Error::Overflow`] when the elimination leaves the range of the scalar.
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        LdltParams::default().compute(a)
    }

    /// Factors `a` (n x n), reading the given triangle only.
    ///
    /// # Errors
    /// As [`Ldlt::new`].
    pub fn with_triangle(a: &ArrayRef2<T>, triangle: Triangle) -> Result<Self, Error> {
        LdltParams::default().triangle(triangle).compute(a)
    }

    /// L, n x n, lower triangular with ones on the diagonal; no entry exceeds 2.79 by more than rounding.
    pub fn lower(&self) -> Array2<T> {
        let n = self.factor.nrows();
        let mut lower = self.factor.clone();
        for j in 0..n {
            lower[[j, j]] = T::one();
        }
        for block in self.blocks() {
            if let Block::Two(k, _) = block {
                lower[[k + 1, k]] = T::zero();
            }
        }
        // LAPACK leaves L as a product of interchanges and eliminations: an interchange has yet to reach the
        // columns before it.
        for (first, k, row) in self.interchanges() {
            for j in 0..first {
                lower.swap([k, j], [row, j]);
            }
        }
        lower
    }

    /// D, n x n, symmetric with blocks of order 1 and 2 on its diagonal.
    ///
    /// # Errors
    /// [`Error::Overflow`] when the elimination grew an entry out of range, of a matrix that nearly was.
    pub fn block_diagonal(&self) -> Result<Array2<T>, Error> {
        let d = self.scaled_block_diagonal(T::one());
        require_finite_result("sytrf_rook", d.as_slice_memory_order().expect("the matrix is packed"))?;
        Ok(d)
    }

    /// P as the rows and columns that it picks, counted from 0: entry `(i, j)` of `L D Lᵀ` is entry
    /// `(permutation()[i], permutation()[j])` of `A`.
    pub fn permutation(&self) -> Vec<usize> {
        let mut rows: Vec<usize> = (0..self.factor.nrows()).collect();
        for (_, k, row) in self.interchanges() {
            rows.swap(k, row);
        }
        rows
    }

    /// The numbers of positive, negative and zero eigenvalues of the factored matrix, which are those of D
    /// (Sylvester). An eigenvalue within rounding of zero counts by the sign that rounding left it.
    pub fn inertia(&self) -> Inertia {
        let mut inertia = Inertia { positive: 0, negative: 0, zero: 0 };
        for block in self.blocks() {
            match block {
                Block::One(_, d) if d > T::zero() => inertia.positive += 1,
                Block::One(_, d) if d < T::zero() => inertia.negative += 1,
                Block::One(..) => inertia.zero += 1,
                // Chosen where its off-diagonal entry outweighs the diagonal: the determinant is negative.
                Block::Two(..) => {
                    inertia.positive += 1;
                    inertia.negative += 1;
                }
            }
        }
        inertia
    }

    /// The index of the first block of D that is exactly zero, counted from 0: the factored matrix is singular.
    pub fn zero_pivot(&self) -> Option<usize> {
        self.blocks().find_map(|block| match block {
            Block::One(k, d) if d == T::zero() => Some(k),
            _ => None,
        })
    }

    /// The solution `x` of `a x = b`, for one right-hand side or one per column of `b`.
    ///
    /// # Errors
    /// [`Error::Singular`] at the first block of D that is exactly zero, or too small to divide by;
    /// [`Error::Shape`] when `b` has not n rows; [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        if let Some(pivot) = self.zero_pivot() {
            return Err(Error::Singular { pivot });
        }
        solve_scaled(self.factor.nrows(), self.scaling, "sytrs_rook", b, |x, columns| {
            self.solve_in_place(x, columns)?;
            if require_finite_result("sytrs_rook", x).is_err() { Err(self.unusable()) } else { Ok(()) }
        })
    }

    /// The determinant of the factored matrix, 0 exactly when a block of D is; 1 for an empty matrix. It
    /// underflows to 0 where it is too small, and [`sign_log_determinant`](Self::sign_log_determinant) does not.
    ///
    /// # Errors
    /// [`Error::Overflow`] when it is too large.
    pub fn determinant(&self) -> Result<T, Error> {
        self.product_of_blocks().value()
    }

    /// The sign of the determinant and the natural logarithm of its magnitude, in range where the determinant
    /// is not: `(0, -∞)` for a singular matrix, `(1, 0)` for an empty one. NumPy's `slogdet`.
    pub fn sign_log_determinant(&self) -> (T, T) {
        self.product_of_blocks().sign_log()
    }

    /// An estimate of the reciprocal condition number `1 / (‖a‖₁ ‖a⁻¹‖₁)` of the factored matrix: near 1 is well
    /// conditioned, at the unit roundoff no digit of a solution can be trusted, 0 is singular. Rarely more than 3
    /// times too large. 1 for an empty matrix.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn reciprocal_condition(&self) -> Result<T, Error> {
        let n = self.factor.nrows();
        if n == 0 {
            return Ok(T::one());
        }
        if self.zero_pivot().is_some() {
            return Ok(T::zero());
        }
        let (mut v, mut x, mut signs) = (zeroed(n)?, zeroed(n)?, vec![0; n]);
        let (mut inverse_norm, mut state) = (T::zero(), [0; 4]);
        loop {
            expect_success("lacn2", T::lacn2(&mut v, &mut x, &mut signs, &mut inverse_norm, &mut state))?;
            if state[0] == 0 {
                break;
            }
            // The matrix is its own transpose, so that one solve serves both requests.
            self.solve_in_place(&mut x, 1)?;
            if require_finite_result("sytrs_rook", &x).is_err() {
                return Ok(T::zero());
            }
        }
        Ok(inverse_norm.recip() / self.norm)
    }

    /// How far the factors are from those of a matrix that rounds to `a`, of which the triangle that was
    /// factored is read.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`];
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.factor.nrows(), "the order of the matrix that was factored")?;
        let permutation = self.permutation();
        let full = symmetric(a, self.triangle)?.select(Axis(0), &permutation).select(Axis(1), &permutation);
        let (scale, lower) = (balancing_scale(&full), self.lower());
        let product = crate::products::matmul(&lower, &self.scaled_block_diagonal(scale))?;
        let defect = residual(scale, &full, &product, &lower.t())?;
        let error = backward_error(&defect, one_norm(&full.mapv(|x| x * scale)), n);
        Ok(Certificate::new(vec![Ratio::new("‖P A Pᵀ − L D Lᵀ‖ / (n ‖A‖ ε)", error, THRESHOLD)]))
    }

    fn solve_in_place(&self, x: &mut [T], columns: usize) -> Result<(), Error> {
        let target = Columns::new(x, self.factor.nrows(), columns)?;
        expect_success("sytrs_rook", T::sytrs_rook(FACTORED, self.entries(), &self.pivots, target))
    }

    /// D of the matrix times `scale`, which may lie outside the range that D itself has.
    fn scaled_block_diagonal(&self, scale: T) -> Array2<T> {
        let n = self.factor.nrows();
        let mut d = Array2::zeros((n, n).f());
        let entry = |x: T| self.scaling.undo(x * scale);
        for block in self.blocks() {
            match block {
                Block::One(k, value) => d[[k, k]] = entry(value),
                Block::Two(k, [first, off, second]) => {
                    (d[[k, k]], d[[k + 1, k + 1]]) = (entry(first), entry(second));
                    (d[[k + 1, k]], d[[k, k + 1]]) = (entry(off), entry(off));
                }
            }
        }
        d
    }

    fn product_of_blocks(&self) -> Determinant {
        let mut product = Determinant::ONE;
        for block in self.blocks() {
            match block {
                Block::One(_, d) => product.multiply(d.as_f64()),
                Block::Two(_, [first, off, second]) => {
                    // Divided by the entry that outweighs both others, so that nothing over- or underflows.
                    let (first, off, second) = (first.as_f64(), off.as_f64(), second.as_f64());
                    product.multiply(off);
                    product.multiply(off);
                    product.multiply(first / off * (second / off) - 1.0);
                }
            }
        }
        product.shift(-self.scaling.exponent() * self.factor.nrows() as i64);
        product
    }

    /// Why a solution is not finite: a block that is too small to divide by, or the range of the scalar.
    fn unusable(&self) -> Error {
        let tiny = self.blocks().find_map(|block| match block {
            Block::One(k, d) if !d.recip().is_finite() => Some(k),
            Block::Two(k, [_, off, _]) if !off.recip().is_finite() => Some(k),
            _ => None,
        });
        match tiny {
            Some(pivot) => Error::Singular { pivot },
            None => Error::Overflow { routine: "sytrs_rook", scalar: T::NAME },
        }
    }

    /// The blocks of the scaled D, from the first to the last.
    fn blocks(&self) -> impl Iterator<Item = Block<T>> {
        let mut k = 0;
        std::iter::from_fn(move || {
            let at = k;
            let &pivot = self.pivots.get(at)?;
            if pivot > 0 {
                k += 1;
                Some(Block::One(at, self.factor[[at, at]]))
            } else {
                k += 2;
                let (first, second) = (self.factor[[at, at]], self.factor[[at + 1, at + 1]]);
                Some(Block::Two(at, [first, self.factor[[at + 1, at]], second]))
            }
        })
    }

    /// The interchanges of rows `k` and `row` in their order, each with the first column of its block.
    fn interchanges(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let first_of = |block| match block {
            Block::One(k, _) => k..k + 1,
            Block::Two(k, _) => k..k + 2,
        };
        self.blocks().map(first_of).flat_map(move |block| {
            block.clone().map(move |k| (block.start, k, self.pivots[k].unsigned_abs() as usize - 1))
        })
    }

    fn entries(&self) -> &[T] {
        self.factor.as_slice_memory_order().expect("the factor is packed")
    }
}

impl Ldlt<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> LdltParams {
        LdltParams::default()
    }
}

/// The choices of a symmetric indefinite factorization. Made by [`Ldlt::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct LdltParams {
    triangle: Triangle,
    check: FiniteCheck,
}

impl LdltParams {
    /// Which triangle of the matrix to read. Default: [`Triangle::Lower`].
    pub fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Skips the scan for NaN and infinities. The factors may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (n x n).
    ///
    /// # Errors
    /// As [`Ldlt::new`].
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<Ldlt<T>, Error> {
        let n = square("a", a)?;
        to_int("the order of the matrix", n)?;
        require_finite_triangle(self.check, "a", a, self.triangle)?;
        let lower = if self.triangle == Triangle::Lower { a.view() } else { a.t() };
        let mut factor = column_major(&lower)?;
        for (j, mut column) in factor.columns_mut().into_iter().enumerate() {
            column.slice_mut(s![..j]).fill(T::zero());
        }
        let mut factor = into_columns(factor);
        let scaling = Scaling::for_largest(largest(&factor));
        scaling.apply(&mut factor);
        let norm = norm_of_lower(&factor, n);
        let mut pivots: Vec<Int> = vec![0; n];
        if n > 0 {
            let optimum = || T::sytrf_rook_optimum(FACTORED, n as Int);
            let mut work = zeroed(workspace_length("the workspace of sytrf_rook", 1, optimum)?)?;
            let info = T::sytrf_rook(FACTORED, Columns::new(&mut factor, n, n)?, &mut pivots, &mut work);
            // A positive `info` is a zero block, which D shows by itself.
            if info < 0 {
                return Err(Error::Internal { routine: "sytrf_rook", info });
            }
            require_finite_result("sytrf_rook", &factor)?;
        }
        Ok(Ldlt { factor: from_columns(factor, n, n), pivots, scaling, norm, triangle: self.triangle })
    }
}

/// The 1-norm of the symmetric matrix whose lower triangle this is, packed and column-major, zeros above it.
fn norm_of_lower<T: Scalar>(entries: &[T], order: usize) -> T {
    let mut sums = vec![T::zero(); order];
    for (j, column) in entries.chunks_exact(order.max(1)).enumerate() {
        for (i, entry) in column.iter().enumerate().skip(j) {
            sums[i] += entry.abs();
            if i != j {
                sums[j] += entry.abs();
            }
        }
    }
    sums.into_iter().fold(T::zero(), T::max)
}

#[cfg(test)]
mod tests;
