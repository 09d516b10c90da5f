//! Triangular matrices: systems, inverses, condition numbers; one generic function each, and its two exports.

use lapwing_lapack::{Diagonal, Error, Scalar, triangular};

use crate::arguments::{order, require_separate, triangle};
use crate::guard::guard;
use crate::linear_systems::{Transposition, condition_norm, solve_into, transposition};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

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

/// The inverse of a triangular matrix. To solve, lapwing_solve_triangular_f64 is cheaper and more accurate.
///
///  a         n x n, any strides; read only, and only the triangle that uplo names.
///  uplo      LAPWING_LOWER or LAPWING_UPPER.
///  diagonal  LAPWING_DIAGONAL_GIVEN, or LAPWING_DIAGONAL_UNIT to take it for ones whatever is stored there.
///  inverse   n x n, of the same triangle, with zeros in the other.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot), LAPWING_ERR_NON_FINITE (that triangle holds NaN or an
/// infinity), LAPWING_ERR_ARGUMENT (a constant), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe. LAPACK: dtrtri.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_triangular_inverse_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    diagonal: i32,
    inverse: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { triangular_inverse::<f64>(a.into(), uplo, diagonal, inverse.into()) })
}

/// As lapwing_triangular_inverse_f64, in single precision. LAPACK: strtri.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_triangular_inverse_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    diagonal: i32,
    inverse: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { triangular_inverse::<f32>(a.into(), uplo, diagonal, inverse.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn triangular_inverse<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    diagonal: i32,
    inverse: Unchecked<T>,
) -> Result<(), Failure> {
    let (triangle, diagonal) = (triangle(uplo)?, diagonal_of(diagonal)?);
    let (a, inverse) = (a.input("a")?, inverse.output("inverse")?);
    let order = order(&a)?;
    inverse.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    require_separate(&[&a], &[Some(&inverse)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let value = triangular::inverse(&unsafe { a.view() }, triangle, diagonal)?;
    // SAFETY: as above.
    unsafe { inverse.write(&value) };
    Ok(())
}

/// An estimate of the reciprocal condition number of a triangular matrix, as lapwing_reciprocal_condition_f64 has it.
///
///  a           n x n, any strides; read only, and only the triangle that uplo names.
///  uplo        LAPWING_LOWER or LAPWING_UPPER.
///  diagonal    LAPWING_DIAGONAL_GIVEN, or LAPWING_DIAGONAL_UNIT to take it for ones whatever is stored there.
///  norm        LAPWING_CONDITION_ONE or LAPWING_CONDITION_INFINITY.
///  reciprocal  receives it; 1 for an empty matrix.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a constant),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is
/// untouched. Thread-safe. LAPACK: dtrcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_triangular_reciprocal_condition_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    diagonal: i32,
    norm: i32,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { triangular_reciprocal_condition::<f64>(a.into(), uplo, diagonal, norm, reciprocal) })
}

/// As lapwing_triangular_reciprocal_condition_f64, in single precision. LAPACK: strcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_triangular_reciprocal_condition_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    diagonal: i32,
    norm: i32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { triangular_reciprocal_condition::<f32>(a.into(), uplo, diagonal, norm, reciprocal) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn triangular_reciprocal_condition<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    diagonal: i32,
    norm: i32,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let (triangle, diagonal) = (triangle(uplo)?, diagonal_of(diagonal)?);
    let (norm, reciprocal) = (condition_norm(norm)?, Numbers::needed("reciprocal", reciprocal, 1)?);
    let a = a.input("a")?;
    order(&a)?;
    // SAFETY: this function's own condition.
    let value = triangular::reciprocal_condition(&unsafe { a.view() }, triangle, diagonal, norm)?;
    // SAFETY: as above.
    unsafe { reciprocal.write([value]) };
    Ok(())
}
