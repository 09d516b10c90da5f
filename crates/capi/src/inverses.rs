//! Inverses of every kind: one generic function each, and its two exports.

use lapwing_lapack::inverse::{
    inverse as inverse_of, left_inverse as left_inverse_of, right_inverse as right_inverse_of,
    symmetric_pseudoinverse as symmetric_pseudoinverse_of,
};
use lapwing_lapack::rank::Tolerance;
use lapwing_lapack::{Error, Scalar, Svd};
use ndarray::{Array2, ArrayView2};

use crate::arguments::{order, require_separate, triangle};
use crate::guard::guard;
use crate::numbers::Numbers;
use crate::rank::tolerance_of;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// The inverse of a square matrix. To solve, a factorization is cheaper and more accurate.
///
///  a  n x n, any strides; read only.
///  x  n x n.
///
/// Returns LAPWING_ERR_SINGULAR (a pivot is zero), LAPWING_ERR_RANK_DEFICIENT (the matrix is singular to working precision,
/// and no digit of an inverse is certain), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is
/// untouched. Thread-safe. LAPACK: dgetrf, dgetri, dgecon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_inverse_f64(a: lapwing_mat_f64, x: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { inverse::<f64>(a.into(), x.into()) })
}

/// As lapwing_inverse_f64, in single precision. LAPACK: sgetrf, sgetri, sgecon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_inverse_f32(a: lapwing_mat_f32, x: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { inverse::<f32>(a.into(), x.into()) })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
unsafe fn inverse<T: Scalar>(a: Unchecked<T>, x: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { transposed_shape(a, x, |a| inverse_of(&a)) }
}

/// Writes to `x`, which has the shape of the transpose of `a`.
///
/// # Safety
/// As [`inverse`].
unsafe fn transposed_shape<T: Scalar>(
    a: Unchecked<T>,
    x: Unchecked<T>,
    compute: impl FnOnce(ArrayView2<T>) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    let (a, x) = (a.input("a")?, x.output("x")?);
    let [rows, cols] = a.shape();
    x.require_shape(&[(cols, "the columns of a"), (rows, "the rows of a")])?;
    require_separate(&[&a], &[Some(&x)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let inverse = compute(unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe { x.write(&inverse) };
    Ok(())
}

/// The left inverse of least norm of a matrix with independent columns: inverse(transpose(a) * a) * transpose(a), with x * a the
/// identity.
///
///  a  m x n, any strides; read only.
///  x  n x m.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (the columns are dependent), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the output is untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_left_inverse_f64(
    a: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { left_inverse::<f64>(a.into(), x.into()) })
}

/// As lapwing_left_inverse_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_left_inverse_f32(
    a: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { left_inverse::<f32>(a.into(), x.into()) })
}

/// # Safety
/// As [`inverse`].
unsafe fn left_inverse<T: Scalar>(a: Unchecked<T>, x: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { transposed_shape(a, x, |a| left_inverse_of(&a)) }
}

/// The right inverse of least norm of a matrix with independent rows: transpose(a) * inverse(a * transpose(a)), with a * x the
/// identity.
///
///  a  m x n, any strides; read only.
///  x  n x m.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (the rows are dependent), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the output is untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_right_inverse_f64(
    a: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { right_inverse::<f64>(a.into(), x.into()) })
}

/// As lapwing_right_inverse_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_right_inverse_f32(
    a: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { right_inverse::<f32>(a.into(), x.into()) })
}

/// # Safety
/// As [`inverse`].
unsafe fn right_inverse<T: Scalar>(a: Unchecked<T>, x: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { transposed_shape(a, x, |a| right_inverse_of(&a)) }
}

/// The Moore-Penrose inverse of a matrix: x * b is the least squares solution of least norm of a * y = b.
///
///  a          m x n, any strides; read only.
///  rule       where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  x          n x m.
///  rank       how many singular values were inverted; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pseudoinverse_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    x: lapwing_mat_mut_f64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { pseudoinverse::<f64>(a.into(), rule, tolerance, x.into(), rank) })
}

/// As lapwing_pseudoinverse_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pseudoinverse_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    x: lapwing_mat_mut_f32,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { pseudoinverse::<f32>(a.into(), rule, tolerance, x.into(), rank) })
}

/// # Safety
/// As [`inverse`].
unsafe fn pseudoinverse<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    x: Unchecked<T>,
    rank: *mut i64,
) -> Result<(), Failure> {
    let tolerance: Tolerance = tolerance_of(rule, tolerance)?;
    let counted = Numbers::optional("rank", rank, 1)?;
    let mut rank = 0;
    // SAFETY: this function's own condition.
    unsafe {
        transposed_shape(a, x, |a| {
            let svd = Svd::thin(&a)?;
            rank = svd.rank(tolerance)?;
            svd.pseudoinverse(tolerance)
        })?;
        counted.write([rank as i64]);
    }
    Ok(())
}

/// The Moore-Penrose inverse of a symmetric matrix.
///
///  a          n x n, any strides; read only, and only the triangle that uplo names.
///  uplo       LAPWING_LOWER or LAPWING_UPPER.
///  rule       where the magnitude of an eigenvalue counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  x          n x n, symmetric, both triangles.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (uplo, rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the output is untouched. Thread-safe.
/// LAPACK: dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_symmetric_pseudoinverse_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    rule: i32,
    tolerance: f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { symmetric_pseudoinverse::<f64>(a.into(), uplo, rule, tolerance, x.into()) })
}

/// As lapwing_symmetric_pseudoinverse_f64, in single precision. LAPACK: ssyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_symmetric_pseudoinverse_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    rule: i32,
    tolerance: f64,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { symmetric_pseudoinverse::<f32>(a.into(), uplo, rule, tolerance, x.into()) })
}

/// # Safety
/// As [`inverse`].
unsafe fn symmetric_pseudoinverse<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    rule: i32,
    tolerance: f64,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (triangle, tolerance) = (triangle(uplo)?, tolerance_of(rule, tolerance)?);
    order(&a.input("a")?)?;
    // SAFETY: this function's own condition.
    unsafe { transposed_shape(a, x, |a| symmetric_pseudoinverse_of(&a, triangle, tolerance)) }
}
