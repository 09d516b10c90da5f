//! Symmetric systems, definite or not: one generic function each, and its two exports.

use lapwing_lapack::{Ldlt, Scalar};

use crate::arguments::{order, require_separate, triangle};
use crate::guard::{guard, require_pointer};
use crate::linear_systems::{require_permutation, solve_into, write_permutation};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// Factorization of a symmetric matrix, definite or not: entry (permutation[i], permutation[j]) of a is entry (i, j) of
/// lower * d * transpose(lower).
///
///  a            n x n, any strides; read only, and only the triangle that uplo names.
///  uplo         LAPWING_LOWER or LAPWING_UPPER.
///  lower        n x n, ones on the diagonal, zeros above; a view with NULL data when not wanted.
///  d            n x n, symmetric, with blocks of order 1 and 2 on its diagonal; likewise.
///  permutation  n numbers of rows, from 0, one after the other; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    lower: lapwing_mat_mut_f64,
    d: lapwing_mat_mut_f64,
    permutation: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt::<f64>(a.into(), uplo, lower.into(), d.into(), permutation) })
}

/// As lapwing_ldlt_f64, in single precision. LAPACK: ssytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    lower: lapwing_mat_mut_f32,
    d: lapwing_mat_mut_f32,
    permutation: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt::<f32>(a.into(), uplo, lower.into(), d.into(), permutation) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn ldlt<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    lower: Unchecked<T>,
    d: Unchecked<T>,
    permutation: *mut i64,
) -> Result<(), Failure> {
    let triangle = triangle(uplo)?;
    let (a, lower, d) = (a.input("a")?, lower.optional_output("lower")?, d.optional_output("d")?);
    require_permutation(permutation)?;
    let n = order(&a)?;
    for output in [&lower, &d].into_iter().flatten() {
        output.require_shape(&[(n, "the order of a"), (n, "the order of a")])?;
    }
    require_separate(&[&a], &[lower.as_ref(), d.as_ref()])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let factored = Ldlt::with_triangle(&unsafe { a.view() }, triangle)?;
    let blocks = d.as_ref().map(|_| factored.block_diagonal()).transpose()?;
    // SAFETY: as above.
    unsafe {
        if let Some(lower) = lower {
            lower.write(&factored.lower());
        }
        if let (Some(d), Some(blocks)) = (d, blocks) {
            d.write(&blocks);
        }
        write_permutation(&factored.permutation(), permutation);
    }
    Ok(())
}

/// Solves a * x = b for a symmetric matrix, definite or not, at half the cost of lapwing_lu_solve.
///
///  a     n x n, any strides; read only, and only the triangle that uplo names.
///  uplo  LAPWING_LOWER or LAPWING_UPPER.
///  b     n x k, one right-hand side per column.
///  x     n x k.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot),
/// LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsytrf_rook, dsytrs_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_solve_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt_solve::<f64>(a.into(), uplo, b.into(), x.into()) })
}

/// As lapwing_ldlt_solve_f64, in single precision. LAPACK: ssytrf_rook, ssytrs_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_solve_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt_solve::<f32>(a.into(), uplo, b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn ldlt_solve<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (triangle, a) = (triangle(uplo)?, a.input("a")?);
    // SAFETY: this function's own condition.
    unsafe { solve_into(&[&a], order(&a)?, b, x, |b| Ldlt::with_triangle(&a.view(), triangle)?.solve(&b)) }
}

/// # Safety
/// As [`solve_into`].
unsafe fn factor_symmetric<T: Scalar>(a: Unchecked<T>, uplo: i32) -> Result<Ldlt<T>, Failure> {
    let (triangle, a) = (triangle(uplo)?, a.input("a")?);
    order(&a)?;
    // SAFETY: this function's own condition.
    Ok(Ldlt::with_triangle(&unsafe { a.view() }, triangle)?)
}

/// How many eigenvalues of a symmetric matrix are positive, negative and zero. One within rounding of zero counts by the
/// sign that rounding left it.
///
///  a         n x n, any strides; read only, and only the triangle that uplo names.
///  uplo      LAPWING_LOWER or LAPWING_UPPER.
///  positive, negative, zero  receive the counts.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_inertia_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    positive: *mut i64,
    negative: *mut i64,
    zero: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { inertia::<f64>(a.into(), uplo, positive, negative, zero) })
}

/// As lapwing_inertia_f64, in single precision. LAPACK: ssytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_inertia_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    positive: *mut i64,
    negative: *mut i64,
    zero: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { inertia::<f32>(a.into(), uplo, positive, negative, zero) })
}

/// # Safety
/// As [`solve_into`], and the pointers likewise.
unsafe fn inertia<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    positive: *mut i64,
    negative: *mut i64,
    zero: *mut i64,
) -> Result<(), Failure> {
    for (name, pointer) in [("positive", positive), ("negative", negative), ("zero", zero)] {
        require_pointer(name, pointer)?;
    }
    // SAFETY: this function's own condition.
    unsafe {
        let inertia = factor_symmetric(a, uplo)?.inertia();
        positive.write(inertia.positive as i64);
        negative.write(inertia.negative as i64);
        zero.write(inertia.zero as i64);
    }
    Ok(())
}

/// The determinant of a symmetric matrix, at half the cost of lapwing_determinant.
///
///  a            n x n, any strides; read only, and only the triangle that uplo names.
///  uplo         LAPWING_LOWER or LAPWING_UPPER.
///  determinant  receives it.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo), LAPWING_ERR_OVERFLOW
/// (ask lapwing_ldlt_log_determinant), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_determinant_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    determinant: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt_determinant::<f64>(a.into(), uplo, determinant) })
}

/// As lapwing_ldlt_determinant_f64, in single precision. LAPACK: ssytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_determinant_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    determinant: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt_determinant::<f32>(a.into(), uplo, determinant) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn ldlt_determinant<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    determinant: *mut T,
) -> Result<(), Failure> {
    require_pointer("determinant", determinant)?;
    // SAFETY: this function's own condition.
    unsafe { determinant.write(factor_symmetric(a, uplo)?.determinant()?) };
    Ok(())
}

/// As lapwing_log_determinant for a symmetric matrix, at half the cost.
///
///  a          n x n, any strides; read only, and only the triangle that uplo names.
///  uplo       LAPWING_LOWER or LAPWING_UPPER.
///  sign       receives 1, -1 or 0.
///  logarithm  receives the logarithm.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle or b holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_log_determinant_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    sign: *mut f64,
    logarithm: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt_log_determinant::<f64>(a.into(), uplo, sign, logarithm) })
}

/// As lapwing_ldlt_log_determinant_f64, in single precision. LAPACK: ssytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_log_determinant_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    sign: *mut f32,
    logarithm: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { ldlt_log_determinant::<f32>(a.into(), uplo, sign, logarithm) })
}

/// # Safety
/// As [`solve_into`], and the pointers likewise.
unsafe fn ldlt_log_determinant<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    sign: *mut T,
    logarithm: *mut T,
) -> Result<(), Failure> {
    require_pointer("sign", sign)?;
    require_pointer("logarithm", logarithm)?;
    // SAFETY: this function's own condition.
    unsafe {
        let (of_determinant, of_magnitude) = factor_symmetric(a, uplo)?.sign_log_determinant();
        sign.write(of_determinant);
        logarithm.write(of_magnitude);
    }
    Ok(())
}

/// An estimate of the reciprocal condition number of a symmetric matrix in the 1-norm, as
/// lapwing_reciprocal_condition has it, at half the cost.
///
///  a           n x n, any strides; read only, and only the triangle that uplo names.
///  uplo        LAPWING_LOWER or LAPWING_UPPER.
///  reciprocal  receives it; 1 for an empty matrix.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On
/// any error the output is untouched. Thread-safe. LAPACK: dsytrf_rook, dsycon_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_reciprocal_condition_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { ldlt_reciprocal_condition::<f64>(a.into(), uplo, reciprocal) })
}

/// As lapwing_ldlt_reciprocal_condition_f64, in single precision. LAPACK: ssytrf_rook, ssycon_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ldlt_reciprocal_condition_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { ldlt_reciprocal_condition::<f32>(a.into(), uplo, reciprocal) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn ldlt_reciprocal_condition<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    require_pointer("reciprocal", reciprocal)?;
    // SAFETY: this function's own condition.
    unsafe { reciprocal.write(factor_symmetric(a, uplo)?.reciprocal_condition()?) };
    Ok(())
}
