//! Tridiagonal systems: one generic function each, and its two exports.

use lapwing_lapack::{Scalar, TridiagonalCholesky, TridiagonalLu};

use crate::arguments::vector;
use crate::guard::guard;
use crate::linear_systems::{condition_norm, solve_into};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

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

/// The sign and the natural logarithm of the magnitude of the determinant of a matrix of three diagonals.
///
///  below, diagonal, above
///             as for lapwing_solve_tridiagonal_f64.
///  sign       1, -1, or 0 for a singular matrix; NULL when not wanted.
///  log_magnitude
///             minus infinity for a singular matrix; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe. LAPACK:
/// dgttrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_tridiagonal_log_determinant_f64(
    below: lapwing_vec_f64,
    diagonal: lapwing_vec_f64,
    above: lapwing_vec_f64,
    sign: *mut f64,
    log_magnitude: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        tridiagonal_log_determinant::<f64>(below.into(), diagonal.into(), above.into(), sign, log_magnitude)
    })
}

/// As lapwing_tridiagonal_log_determinant_f64, in single precision. LAPACK: sgttrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_tridiagonal_log_determinant_f32(
    below: lapwing_vec_f32,
    diagonal: lapwing_vec_f32,
    above: lapwing_vec_f32,
    sign: *mut f32,
    log_magnitude: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        tridiagonal_log_determinant::<f32>(below.into(), diagonal.into(), above.into(), sign, log_magnitude)
    })
}

/// # Safety
/// As [`solve_into`], and the pointers likewise.
unsafe fn tridiagonal_log_determinant<T: Scalar>(
    below: Unchecked<T>,
    diagonal: Unchecked<T>,
    above: Unchecked<T>,
    sign: *mut T,
    log_magnitude: *mut T,
) -> Result<(), Failure> {
    let (sign, log_magnitude) =
        (Numbers::optional("sign", sign, 1)?, Numbers::optional("log_magnitude", log_magnitude, 1)?);
    // SAFETY: this function's own condition.
    unsafe {
        let values = factor_tridiagonal([below, diagonal, above])?.sign_log_determinant();
        sign.write([values.0]);
        log_magnitude.write([values.1]);
    }
    Ok(())
}

/// An estimate of the reciprocal condition number of a matrix of three diagonals, as lapwing_reciprocal_condition_f64
/// has it.
///
///  below, diagonal, above
///             as for lapwing_solve_tridiagonal_f64.
///  norm       LAPWING_CONDITION_ONE or LAPWING_CONDITION_INFINITY.
///  reciprocal
///             receives it; 1 for an empty matrix.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (norm),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs
/// are untouched. Thread-safe. LAPACK: dgttrf, dgtcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_tridiagonal_reciprocal_condition_f64(
    below: lapwing_vec_f64,
    diagonal: lapwing_vec_f64,
    above: lapwing_vec_f64,
    norm: i32,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        tridiagonal_reciprocal_condition::<f64>(below.into(), diagonal.into(), above.into(), norm, reciprocal)
    })
}

/// As lapwing_tridiagonal_reciprocal_condition_f64, in single precision. LAPACK: sgttrf, sgtcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_tridiagonal_reciprocal_condition_f32(
    below: lapwing_vec_f32,
    diagonal: lapwing_vec_f32,
    above: lapwing_vec_f32,
    norm: i32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        tridiagonal_reciprocal_condition::<f32>(below.into(), diagonal.into(), above.into(), norm, reciprocal)
    })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn tridiagonal_reciprocal_condition<T: Scalar>(
    below: Unchecked<T>,
    diagonal: Unchecked<T>,
    above: Unchecked<T>,
    norm: i32,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let (norm, reciprocal) = (condition_norm(norm)?, Numbers::needed("reciprocal", reciprocal, 1)?);
    // SAFETY: this function's own condition.
    unsafe { reciprocal.write([factor_tridiagonal([below, diagonal, above])?.reciprocal_condition(norm)?]) };
    Ok(())
}

/// # Safety
/// As [`solve_into`].
unsafe fn factor_tridiagonal<T: Scalar>(
    [below, diagonal, above]: [Unchecked<T>; 3],
) -> Result<TridiagonalLu<T>, Failure> {
    let (below, diagonal, above) =
        (below.input("below")?, diagonal.input("diagonal")?, above.input("above")?);
    // SAFETY: this function's own condition.
    Ok(unsafe { TridiagonalLu::new(&vector(&below), &vector(&diagonal), &vector(&above)) }?)
}
