//! Triangular, banded and tridiagonal systems: one generic function each, and its two exports.

use lapwing_lapack::{
    Banded, BandedCholesky, Diagonal, Error, Scalar, TridiagonalCholesky, TridiagonalLu, triangular,
};
use ndarray::{ArrayView1, Axis};

use crate::arguments::{order, triangle};
use crate::guard::guard;
use crate::linear_systems::{Transposition, solve_into, transposition};
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

/// The diagonal of a triangular matrix is read.
pub const LAPWING_DIAGONAL_GIVEN: i32 = 0;
/// The diagonal of a triangular matrix is taken for ones, whatever is stored there.
pub const LAPWING_DIAGONAL_UNIT: i32 = 1;

fn diagonal_of(diagonal: i32) -> Result<Diagonal, Failure> {
    match diagonal {
        LAPWING_DIAGONAL_GIVEN => Ok(Diagonal::General),
        LAPWING_DIAGONAL_UNIT => Ok(Diagonal::Unit),
        _ => Err(Error::InvalidParameter {
            parameter: "diagonal",
            value: diagonal.to_string(),
            requirement: "LAPWING_DIAGONAL_GIVEN (0) or LAPWING_DIAGONAL_UNIT (1)".to_owned(),
        }
        .into()),
    }
}

fn bandwidth(parameter: &'static str, count: i64) -> Result<usize, Failure> {
    usize::try_from(count).map_err(|_| {
        let (value, requirement) = (count.to_string(), "at least 0".to_owned());
        Error::InvalidParameter { parameter, value, requirement }.into()
    })
}

/// # Safety
/// As [`Strided::view`].
unsafe fn vector<'a, T>(values: &Strided<T>) -> ArrayView1<'a, T> {
    // SAFETY: this function's own condition.
    unsafe { values.view() }.index_axis_move(Axis(1), 0)
}

/// Solves a * x = b, or transpose(a) * x = b, for a triangular matrix.
///
///  a          n x n, any strides; read only, and only the triangle that uplo names.
///  uplo       LAPWING_LOWER or LAPWING_UPPER.
///  diagonal   LAPWING_DIAGONAL_GIVEN, or LAPWING_DIAGONAL_UNIT to take it for ones whatever is stored there.
///  transpose  LAPWING_AS_GIVEN or LAPWING_TRANSPOSED.
///  b          n x k, one right-hand side per column.
///  x          n x k.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot),
/// LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a constant),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dtrsm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_triangular_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    diagonal: i32,
    transpose: i32,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_triangular::<f64>(a.into(), uplo, diagonal, transpose, b.into(), x.into()) })
}

/// As lapwing_solve_triangular_f64, in single precision. LAPACK: strsm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_triangular_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    diagonal: i32,
    transpose: i32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_triangular::<f32>(a.into(), uplo, diagonal, transpose, b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn solve_triangular<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    diagonal: i32,
    transpose: i32,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (triangle, diagonal) = (triangle(uplo)?, diagonal_of(diagonal)?);
    let (transposition, a) = (transposition(transpose)?, a.input("a")?);
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&a], order(&a)?, b, x, |b| match transposition {
            Transposition::AsGiven => triangular::solve(&a.view(), triangle, diagonal, &b),
            Transposition::Transposed => {
                triangular::solve(&a.view().t(), triangle.transposed(), diagonal, &b)
            }
        })
    }
}

/// Solves a * x = b for a matrix of which only a band is not zero. SciPy: solve_banded.
///
///  lower      how many diagonals lie below the main one.
///  upper      how many lie above it.
///  diagonals  (lower + upper + 1) x n, the uppermost first: entry (i, j) of a stands at (upper + i - j, j); places
///             outside of a are not read.
///  b          n x k, one right-hand side per column.
///  x          n x k.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a negative count),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgbtrf, dgbtrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_banded_f64(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_banded::<f64>(lower, upper, diagonals.into(), b.into(), x.into()) })
}

/// As lapwing_solve_banded_f64, in single precision. LAPACK: sgbtrf, sgbtrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_banded_f32(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_banded::<f32>(lower, upper, diagonals.into(), b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn solve_banded<T: Scalar>(
    lower: i64,
    upper: i64,
    diagonals: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (lower, upper) = (bandwidth("lower", lower)?, bandwidth("upper", upper)?);
    let diagonals = diagonals.input("diagonals")?;
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&diagonals], diagonals.shape()[1], b, x, |b| {
            Banded::from_diagonals(lower, upper, &diagonals.view())?.solve(&b)
        })
    }
}

/// Solves a * x = b for a symmetric positive definite matrix of which only a band is not zero. SciPy: solveh_banded.
///
///  diagonals  (width + 1) x n, the main one first: entry (i, j) of a, i >= j, stands at (i - j, j); places outside of a
///             are not read.
///  b          n x k, one right-hand side per column.
///  x          n x k.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dpbtrf, dpbtrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_banded_definite_f64(
    diagonals: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_banded_definite::<f64>(diagonals.into(), b.into(), x.into()) })
}

/// As lapwing_solve_banded_definite_f64, in single precision. LAPACK: spbtrf, spbtrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_banded_definite_f32(
    diagonals: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_banded_definite::<f32>(diagonals.into(), b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn solve_banded_definite<T: Scalar>(
    diagonals: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let diagonals = diagonals.input("diagonals")?;
    let [rows, order] = diagonals.shape();
    // Without a main diagonal, `from_diagonals` says which shape it needs.
    let lower = rows.saturating_sub(1);
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&diagonals], order, b, x, |b| {
            BandedCholesky::new(&Banded::from_diagonals(lower, 0, &diagonals.view())?)?.solve(&b)
        })
    }
}

/// Solves a * x = b for a matrix of three diagonals.
///
///  below     n - 1 entries, of the diagonal below the main one.
///  diagonal  n entries, of the main one.
///  above     n - 1 entries, of the one above it.
///  b         n x k, one right-hand side per column.
///  x         n x k.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgttrf, dgttrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_tridiagonal_f64(
    below: lapwing_vec_f64,
    diagonal: lapwing_vec_f64,
    above: lapwing_vec_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        solve_tridiagonal::<f64>(below.into(), diagonal.into(), above.into(), b.into(), x.into())
    })
}

/// As lapwing_solve_tridiagonal_f64, in single precision. LAPACK: sgttrf, sgttrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_tridiagonal_f32(
    below: lapwing_vec_f32,
    diagonal: lapwing_vec_f32,
    above: lapwing_vec_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        solve_tridiagonal::<f32>(below.into(), diagonal.into(), above.into(), b.into(), x.into())
    })
}

/// # Safety
/// As [`solve_into`].
unsafe fn solve_tridiagonal<T: Scalar>(
    below: Unchecked<T>,
    diagonal: Unchecked<T>,
    above: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (below, diagonal, above) =
        (below.input("below")?, diagonal.input("diagonal")?, above.input("above")?);
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&below, &diagonal, &above], diagonal.shape()[0], b, x, |b| {
            TridiagonalLu::new(&vector(&below), &vector(&diagonal), &vector(&above))?.solve(&b)
        })
    }
}

/// Solves a * x = b for a symmetric positive definite matrix of three diagonals.
///
///  diagonal  n entries, of the main one.
///  below     n - 1 entries, of the diagonals beside it.
///  b         n x k, one right-hand side per column.
///  x         n x k.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dpttrf, dpttrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_tridiagonal_definite_f64(
    diagonal: lapwing_vec_f64,
    below: lapwing_vec_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_tridiagonal_definite::<f64>(diagonal.into(), below.into(), b.into(), x.into()) })
}

/// As lapwing_solve_tridiagonal_definite_f64, in single precision. LAPACK: spttrf, spttrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_tridiagonal_definite_f32(
    diagonal: lapwing_vec_f32,
    below: lapwing_vec_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { solve_tridiagonal_definite::<f32>(diagonal.into(), below.into(), b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn solve_tridiagonal_definite<T: Scalar>(
    diagonal: Unchecked<T>,
    below: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (diagonal, below) = (diagonal.input("diagonal")?, below.input("below")?);
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&diagonal, &below], diagonal.shape()[0], b, x, |b| {
            TridiagonalCholesky::new(&vector(&diagonal), &vector(&below))?.solve(&b)
        })
    }
}
