//! Systems with a symmetric positive definite matrix, or one made so: one generic function each, and its two exports.

use lapwing_lapack::{Cholesky, ModifiedCholesky, Scalar};

use crate::arguments::{order, require_separate, triangle};
use crate::definite::modification;
use crate::guard::guard;
use crate::linear_systems::solve_into;
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// Solves a * x = b for a symmetric positive definite matrix, at half the cost of lapwing_lu_solve.
///
///  a     n x n, any strides; read only, and only the triangle that uplo names.
///  uplo  LAPWING_LOWER or LAPWING_UPPER.
///  b     n x k, one right-hand side per column.
///  x     n x k.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe. LAPACK: dpotrf, dpotrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_solve_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { cholesky_solve::<f64>(a.into(), uplo, b.into(), x.into()) })
}

/// As lapwing_cholesky_solve_f64, in single precision. LAPACK: spotrf, spotrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_solve_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { cholesky_solve::<f32>(a.into(), uplo, b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn cholesky_solve<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (triangle, a) = (triangle(uplo)?, a.input("a")?);
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&a], order(&a)?, b, x, |b| Cholesky::with_triangle(&a.view(), triangle)?.solve(&b))
    }
}

/// The inverse of a symmetric positive definite matrix, as of a covariance to its precision. To solve,
/// lapwing_cholesky_solve_f64 is cheaper and more accurate.
///
///  a        n x n, any strides; read only, and only the triangle that uplo names.
///  uplo     LAPWING_LOWER or LAPWING_UPPER.
///  inverse  n x n, both triangles.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe. LAPACK: dpotrf, dpotri.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_inverse_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    inverse: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { cholesky_inverse::<f64>(a.into(), uplo, inverse.into()) })
}

/// As lapwing_cholesky_inverse_f64, in single precision. LAPACK: spotrf, spotri.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_inverse_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    inverse: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { cholesky_inverse::<f32>(a.into(), uplo, inverse.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn cholesky_inverse<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    inverse: Unchecked<T>,
) -> Result<(), Failure> {
    let (triangle, a, inverse) = (triangle(uplo)?, a.input("a")?, inverse.output("inverse")?);
    let order = order(&a)?;
    inverse.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    require_separate(&[&a], &[Some(&inverse)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let value = Cholesky::with_triangle(&unsafe { a.view() }, triangle)?.inverse()?;
    // SAFETY: as above.
    unsafe { inverse.write(&value) };
    Ok(())
}

/// The natural logarithm of the determinant of a symmetric positive definite matrix, in range where the determinant
/// is not; as in the likelihood of a Gaussian, at half the cost of lapwing_log_determinant.
///
///  a          n x n, any strides; read only, and only the triangle that uplo names.
///  uplo       LAPWING_LOWER or LAPWING_UPPER.
///  logarithm  receives it; 0 for an empty matrix.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is
/// untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_log_determinant_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    logarithm: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { cholesky_log_determinant::<f64>(a.into(), uplo, logarithm) })
}

/// As lapwing_cholesky_log_determinant_f64, in single precision. LAPACK: spotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_log_determinant_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    logarithm: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { cholesky_log_determinant::<f32>(a.into(), uplo, logarithm) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn cholesky_log_determinant<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    logarithm: *mut T,
) -> Result<(), Failure> {
    let (triangle, a) = (triangle(uplo)?, a.input("a")?);
    let logarithm = Numbers::needed("logarithm", logarithm, 1)?;
    order(&a)?;
    // SAFETY: this function's own condition.
    let value = Cholesky::with_triangle(&unsafe { a.view() }, triangle)?.log_determinant();
    // SAFETY: as above.
    unsafe { logarithm.write([value]) };
    Ok(())
}

/// An estimate of the reciprocal condition number of a symmetric positive definite matrix in the 1-norm, as
/// lapwing_reciprocal_condition_f64 has it, at half the cost.
///
///  a           n x n, any strides; read only, and only the triangle that uplo names.
///  uplo        LAPWING_LOWER or LAPWING_UPPER.
///  reciprocal  receives it; 1 for an empty matrix.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is
/// untouched. Thread-safe. LAPACK: dpotrf, dpocon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_reciprocal_condition_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { cholesky_reciprocal_condition::<f64>(a.into(), uplo, reciprocal) })
}

/// As lapwing_cholesky_reciprocal_condition_f64, in single precision. LAPACK: spotrf, spocon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_reciprocal_condition_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { cholesky_reciprocal_condition::<f32>(a.into(), uplo, reciprocal) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn cholesky_reciprocal_condition<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let (triangle, a) = (triangle(uplo)?, a.input("a")?);
    let reciprocal = Numbers::needed("reciprocal", reciprocal, 1)?;
    order(&a)?;
    // SAFETY: this function's own condition.
    let matrix = unsafe { a.view() };
    let value = Cholesky::with_triangle(&matrix, triangle)?.reciprocal_condition(&matrix)?;
    // SAFETY: as above.
    unsafe { reciprocal.write([value]) };
    Ok(())
}

/// Solves (a + diag(e)) * x = b with the perturbation of lapwing_modified_cholesky_f64, which is zero when a is safely
/// positive definite: a step of Newton's method that leads downhill, whatever the Hessian.
///
///  a       n x n, any strides; read only, and only the triangle that uplo names.
///  uplo    LAPWING_LOWER or LAPWING_UPPER.
///  method  LAPWING_SCHNABEL_ESKOW or LAPWING_SHIFT.
///  b       n x k, one right-hand side per column.
///  x       n x k.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo, method),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_modified_cholesky_solve_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    method: i32,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { modified_cholesky_solve::<f64>(a.into(), uplo, method, b.into(), x.into()) })
}

/// As lapwing_modified_cholesky_solve_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_modified_cholesky_solve_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    method: i32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { modified_cholesky_solve::<f32>(a.into(), uplo, method, b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn modified_cholesky_solve<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    method: i32,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let params = ModifiedCholesky::params().triangle(triangle(uplo)?).modification(modification(method)?);
    let a = a.input("a")?;
    // SAFETY: this function's own condition.
    unsafe { solve_into(&[&a], order(&a)?, b, x, |b| params.compute(&a.view())?.solve(&b)) }
}
