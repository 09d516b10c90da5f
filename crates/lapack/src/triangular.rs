//! Systems with a triangular matrix: [`solve`](fn@solve), [`inverse`], [`reciprocal_condition`].
//!
//! | function                 | f32      | f64      | cost       |
//! |--------------------------|----------|----------|------------|
//! | [`solve`](fn@solve)      | `strsm`  | `dtrsm`  | n² per rhs |
//! | [`inverse`]              | `strtri` | `dtrtri` | n³/3       |
//! | [`reciprocal_condition`] | `strcon` | `dtrcon` | O(n²)      |
//!
//! For a factor that is at hand: R of a QR factorization, L of a Cholesky factorization, a matrix that is triangular
//! by nature. Only the named triangle is read. There are no transposition flags: `aᵀ x = b` is
//! `solve(&a.t(), triangle.transposed(), ..)`, which costs nothing. Unlike [`trsm`], these check
//! what they are given and what they return. SciPy: `solve_triangular`, LAPACK: `trtrs`.

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, ArrayView2, ArrayViewMut2, ShapeBuilder};

use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite_result, require_finite_triangle};
use crate::layout::{MemoryOrder, checked_area, copy_triangle, from_columns, triangle_lanes};
use crate::lu::ConditionNorm;
use crate::products::{Diagonal, Side, square, trsm};
use crate::qr::expect_success;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, largest, solve_scaled};
use crate::size::checked_length;
use crate::triangle::Triangle;

/// The solution `x` of `a x = b` for a triangular `a` (n x n), and one right-hand side or one per column of `b`.
///
/// ```
/// use lapwing_lapack::{Diagonal, Triangle, triangular};
/// use ndarray::array;
/// let l = array![[2.0, 0.0], [1.0, 4.0]];
/// let x = triangular::solve(&l, Triangle::Lower, Diagonal::General, &array![2.0, 9.0])?;
/// assert_eq!(x, array![1.0, 2.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Singular`] at the first entry of the diagonal that is exactly zero, or too small to divide by;
/// [`Error::NotSquare`]; [`Error::Shape`] when `b` has not n rows; [`Error::NonFinite`] in the triangle of `a`, diagonal
/// included, or in `b`; [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn solve<T: Scalar, D: RightHandSide>(
    a: &ArrayRef2<T>,
    triangle: Triangle,
    diagonal: Diagonal,
    b: &ArrayRef<T, D>,
) -> Result<Array<T, D>, Error> {
    let n = require_triangular(a, triangle)?;
    if let Some(pivot) = zero_on_diagonal(a, diagonal) {
        return Err(Error::Singular { pivot });
    }
    let scaling = match diagonal {
        Diagonal::General => Scaling::for_largest(largest_of_triangle(a, triangle)),
        // A diagonal of ones has no other scale.
        Diagonal::Unit => Scaling::none(),
    };
    // Nearly always there is nothing to scale, and the matrix is read where it lies.
    let scaled = if scaling == Scaling::none() { None } else { Some(a.mapv(|entry| scaling.times(entry))) };
    let matrix: ArrayView2<T> = scaled.as_ref().map_or(a.view(), |copy| copy.view());
    solve_scaled(n, scaling, "trtrs", b, |x, columns| {
        let mut target = ArrayViewMut2::from_shape((n, columns).f(), x)
            .expect("the solution has n rows and these columns");
        trsm(Side::Left, triangle, diagonal, T::one(), &matrix, &mut target)?;
        if require_finite_result("trtrs", x).is_ok() {
            return Ok(());
        }
        let tiny = |entry: &T| diagonal == Diagonal::General && !entry.recip().is_finite();
        Err(match matrix.diag().iter().position(tiny) {
            Some(pivot) => Error::Singular { pivot },
            None => Error::Overflow { routine: "trtrs", scalar: T::NAME },
        })
    })
}

/// The inverse of a triangular `a` (n x n), of the same triangle, with zeros in the other. To solve,
/// [`solve`](fn@solve) is cheaper and more accurate.
///
/// ```
/// use lapwing_lapack::{Diagonal, Triangle, triangular};
/// use ndarray::array;
/// let u = array![[2.0, 1.0], [0.0, 4.0]];
/// let inverse = triangular::inverse(&u, Triangle::Upper, Diagonal::General)?;
/// assert_eq!(inverse, array![[0.5, -0.125], [0.0, 0.25]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`solve`](fn@solve).
pub fn inverse<T: Scalar>(
    a: &ArrayRef2<T>,
    triangle: Triangle,
    diagonal: Diagonal,
) -> Result<Array2<T>, Error> {
    let n = require_triangular(a, triangle)?;
    if let Some(pivot) = zero_on_diagonal(a, diagonal) {
        return Err(Error::Singular { pivot });
    }
    let mut inverse = zeroed(checked_area::<T>(n, n)?)?;
    let (memory, uplo) = copy_triangle(a, triangle, &mut inverse);
    if diagonal == Diagonal::Unit {
        (0..n).for_each(|i| inverse[i * n + i] = T::one());
    }
    if n > 0 {
        match T::trtri(uplo, letter(diagonal), Columns::new(&mut inverse, n, n)?) {
            0 => {}
            pivot @ 1.. => return Err(Error::Singular { pivot: pivot as usize - 1 }),
            info => return Err(Error::Internal { routine: "trtri", info }),
        }
        require_finite_result("trtri", &inverse)?;
    }
    // The inverse of the transpose is the transpose of the inverse.
    let columns = from_columns(inverse, n, n);
    Ok(if memory == MemoryOrder::Rows { columns.reversed_axes() } else { columns })
}

/// An estimate of the reciprocal condition number `1 / (‖a‖ ‖a⁻¹‖)` of a triangular `a` (n x n): near 1 is well
/// conditioned, at the unit roundoff no digit of a solution can be trusted, 0 is singular. Rarely more than 3
/// times too large. 1 for an empty matrix.
///
/// ```
/// use lapwing_lapack::{ConditionNorm, Diagonal, Triangle, triangular};
/// use ndarray::array;
/// let l = array![[1.0, 0.0], [0.0, 1e-3]];
/// let reciprocal =
///     triangular::reciprocal_condition(&l, Triangle::Lower, Diagonal::General, ConditionNorm::One)?;
/// assert!((reciprocal / 1e-3 - 1.0f64).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
pub fn reciprocal_condition<T: Scalar>(
    a: &ArrayRef2<T>,
    triangle: Triangle,
    diagonal: Diagonal,
    norm: ConditionNorm,
) -> Result<T, Error> {
    let n = require_triangular(a, triangle)?;
    if n == 0 {
        return Ok(T::one());
    }
    if zero_on_diagonal(a, diagonal).is_some() {
        return Ok(T::zero());
    }
    let mut entries = zeroed(checked_area::<T>(n, n)?)?;
    let (memory, uplo) = copy_triangle(a, triangle, &mut entries);
    if diagonal == Diagonal::General {
        Scaling::for_largest(largest(&entries)).apply(&mut entries);
    }
    // The column sums of the transpose are the row sums.
    let norm = if memory == MemoryOrder::Rows { norm.transposed() } else { norm };
    let length = checked_length("the workspace of trcon", 3 * n as u128)?;
    let (mut work, mut integers) = (zeroed(length)?, vec![0; n]);
    let (info, reciprocal) = T::trcon(
        norm.letter(),
        uplo,
        letter(diagonal),
        to_int("the order of the matrix", n)?,
        &entries,
        &mut work,
        &mut integers,
    );
    expect_success("trcon", info)?;
    // A diagonal entry without a reciprocal makes the estimate of ‖a⁻¹‖ infinite or NaN.
    Ok(if reciprocal.is_finite() { reciprocal } else { T::zero() })
}

fn require_triangular<T: Scalar>(a: &ArrayRef2<T>, triangle: Triangle) -> Result<usize, Error> {
    let n = square("a", a)?;
    let _: Int = to_int("the order of the matrix", n)?;
    require_finite_triangle(FiniteCheck::Scan, "a", a, triangle)?;
    Ok(n)
}

fn zero_on_diagonal<T: Scalar>(a: &ArrayRef2<T>, diagonal: Diagonal) -> Option<usize> {
    match diagonal {
        Diagonal::General => a.diag().iter().position(|&entry| entry == T::zero()),
        Diagonal::Unit => None,
    }
}

fn largest_of_triangle<T: Scalar>(a: &ArrayRef2<T>, triangle: Triangle) -> T {
    let (lanes, of_lanes) = triangle_lanes(a, triangle);
    let n = a.nrows();
    let entries = lanes.outer_iter().enumerate().map(|(i, lane)| {
        let columns = of_lanes.columns(i, n);
        columns.fold(T::zero(), |largest, j| largest.max(lane[j].abs()))
    });
    entries.fold(T::zero(), T::max)
}

fn letter(diagonal: Diagonal) -> u8 {
    match diagonal {
        Diagonal::General => b'N',
        Diagonal::Unit => b'U',
    }
}

#[cfg(test)]
mod tests;
