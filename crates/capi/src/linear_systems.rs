//! Square systems without structure, and symmetric ones: one generic function each, and its two exports.

use lapwing_lapack::{ConditionNorm, Error, Lu, Scalar};
use ndarray::{Array2, ArrayView2};

use crate::arguments::{column, order, require_separate};
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The system is solved with the matrix as it is given.
pub const LAPWING_AS_GIVEN: i32 = 0;
/// The system is solved with the transpose of the matrix that is given.
pub const LAPWING_TRANSPOSED: i32 = 1;
/// The condition number is meant in the 1-norm, the largest absolute column sum.
pub const LAPWING_CONDITION_ONE: i32 = 0;
/// The condition number is meant in the infinity norm, the largest absolute row sum.
pub const LAPWING_CONDITION_INFINITY: i32 = 1;

/// Which system a constant of C means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transposition {
    AsGiven,
    Transposed,
}

pub(crate) fn transposition(transpose: i32) -> Result<Transposition, Failure> {
    match transpose {
        LAPWING_AS_GIVEN => Ok(Transposition::AsGiven),
        LAPWING_TRANSPOSED => Ok(Transposition::Transposed),
        _ => Err(Error::InvalidParameter {
            parameter: "transpose",
            value: transpose.to_string(),
            requirement: "LAPWING_AS_GIVEN (0) or LAPWING_TRANSPOSED (1)".to_owned(),
        }
        .into()),
    }
}

pub(crate) fn condition_norm(norm: i32) -> Result<ConditionNorm, Failure> {
    match norm {
        LAPWING_CONDITION_ONE => Ok(ConditionNorm::One),
        LAPWING_CONDITION_INFINITY => Ok(ConditionNorm::Infinity),
        _ => Err(Error::InvalidParameter {
            parameter: "norm",
            value: norm.to_string(),
            requirement: "LAPWING_CONDITION_ONE (0) or LAPWING_CONDITION_INFINITY (1)".to_owned(),
        }
        .into()),
    }
}

/// Checks the views of a square system, has `solution` compute, and writes what comes out.
///
/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require.
pub(crate) unsafe fn solve_into<T: Scalar>(
    matrices: &[&Strided<T>],
    order: usize,
    b: Unchecked<T>,
    x: Unchecked<T>,
    solution: impl FnOnce(ArrayView2<T>) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    let (b, x) = (b.input("b")?, x.output("x")?);
    b.require_shape(&[(order, "the order of the matrix")])?;
    x.require_shape(&[(order, "the order of the matrix"), (b.shape()[1], "the columns of b")])?;
    let inputs: Vec<_> = matrices.iter().copied().chain([&b]).collect();
    require_separate(&inputs, &[Some(&x)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let solution = solution(unsafe { b.view() })?;
    // SAFETY: as above.
    unsafe { x.write(&solution) };
    Ok(())
}

/// # Safety
/// `target`, unless NULL, has room for as many numbers as `rows`.
pub(crate) unsafe fn write_permutation(rows: &[usize], target: *mut i64) {
    if target.is_null() {
        return;
    }
    for (i, &row) in rows.iter().enumerate() {
        // SAFETY: this function's own condition.
        unsafe { target.add(i).write(row as i64) };
    }
}

pub(crate) fn require_permutation(permutation: *mut i64) -> Result<(), Failure> {
    if permutation.is_null() { Ok(()) } else { require_pointer("permutation", permutation) }
}

/// LU factorization with row interchanges: row permutation[i] of a is row i of lower * upper.
///
///  a            m x n, any strides; read only.
///  lower        m x min(m,n), ones on the diagonal, zeros above; a view with NULL data when not wanted.
///  upper        min(m,n) x n, zeros below the diagonal; likewise.
///  permutation  m numbers of rows, from 0, one after the other; NULL when not wanted.
///
/// A singular matrix has factors too: upper has a zero on its diagonal.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgetrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lu_f64(
    a: lapwing_mat_f64,
    lower: lapwing_mat_mut_f64,
    upper: lapwing_mat_mut_f64,
    permutation: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { lu::<f64>(a.into(), lower.into(), upper.into(), permutation) })
}

/// As lapwing_lu_f64, in single precision. LAPACK: sgetrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lu_f32(
    a: lapwing_mat_f32,
    lower: lapwing_mat_mut_f32,
    upper: lapwing_mat_mut_f32,
    permutation: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { lu::<f32>(a.into(), lower.into(), upper.into(), permutation) })
}

/// # Safety
/// As [`solve_into`], and the pointers likewise.
unsafe fn lu<T: Scalar>(
    a: Unchecked<T>,
    lower: Unchecked<T>,
    upper: Unchecked<T>,
    permutation: *mut i64,
) -> Result<(), Failure> {
    let (a, lower, upper) = (a.input("a")?, lower.optional_output("lower")?, upper.optional_output("upper")?);
    require_permutation(permutation)?;
    let [rows, cols] = a.shape();
    let (least, reason) = (rows.min(cols), "the smaller extent of a");
    if let Some(lower) = &lower {
        lower.require_shape(&[(rows, "the rows of a"), (least, reason)])?;
    }
    if let Some(upper) = &upper {
        upper.require_shape(&[(least, reason), (cols, "the columns of a")])?;
    }
    require_separate(&[&a], &[lower.as_ref(), upper.as_ref()])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let factored = Lu::new(&unsafe { a.view() })?;
    let triangle = upper.as_ref().map(|_| factored.upper()).transpose()?;
    // SAFETY: as above.
    unsafe {
        if let Some(lower) = lower {
            lower.write(&factored.lower());
        }
        if let (Some(upper), Some(triangle)) = (upper, triangle) {
            upper.write(&triangle);
        }
        write_permutation(&factored.permutation(), permutation);
    }
    Ok(())
}

/// Solves a * x = b, or transpose(a) * x = b, for a square matrix without structure.
///
///  a          n x n, any strides; read only.
///  transpose  LAPWING_AS_GIVEN or LAPWING_TRANSPOSED.
///  b          n x k, one right-hand side per column; a vector is n x 1.
///  x          n x k.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (transpose),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgetrf, dgetrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lu_solve_f64(
    a: lapwing_mat_f64,
    transpose: i32,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { lu_solve::<f64>(a.into(), transpose, b.into(), x.into()) })
}

/// As lapwing_lu_solve_f64, in single precision. LAPACK: sgetrf, sgetrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lu_solve_f32(
    a: lapwing_mat_f32,
    transpose: i32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { lu_solve::<f32>(a.into(), transpose, b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn lu_solve<T: Scalar>(
    a: Unchecked<T>,
    transpose: i32,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (transposition, a) = (transposition(transpose)?, a.input("a")?);
    // SAFETY: this function's own condition.
    unsafe {
        solve_into(&[&a], order(&a)?, b, x, |b| {
            let factored = Lu::new(&a.view())?;
            match transposition {
                Transposition::AsGiven => factored.solve(&b),
                Transposition::Transposed => factored.solve_transposed(&b),
            }
        })
    }
}

/// Solves a * x = b with iterative refinement, and bounds the error of each solution.
///
///  a         n x n, any strides; read only.
///  b         n x k, one right-hand side per column.
///  x         n x k.
///  forward   k bounds on the largest error of an entry of x, relative to the largest entry.
///  backward  k backward errors: the smallest relative change of entries of a and b that makes x exact.
///
/// Returns LAPWING_ERR_SINGULAR (the message names the pivot),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgetrf, dgetrs, dgerfs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lu_solve_refined_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
    forward: lapwing_vec_mut_f64,
    backward: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        lu_solve_refined::<f64>(a.into(), b.into(), x.into(), forward.into(), backward.into())
    })
}

/// As lapwing_lu_solve_refined_f64, in single precision. LAPACK: sgetrf, sgetrs, sgerfs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lu_solve_refined_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
    forward: lapwing_vec_mut_f32,
    backward: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        lu_solve_refined::<f32>(a.into(), b.into(), x.into(), forward.into(), backward.into())
    })
}

/// # Safety
/// As [`solve_into`].
unsafe fn lu_solve_refined<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
    forward: Unchecked<T>,
    backward: Unchecked<T>,
) -> Result<(), Failure> {
    let (a, b, x) = (a.input("a")?, b.input("b")?, x.output("x")?);
    let (forward, backward) = (forward.output("forward")?, backward.output("backward")?);
    let (n, count) = (order(&a)?, b.shape()[1]);
    b.require_shape(&[(n, "the order of a")])?;
    x.require_shape(&[(n, "the order of a"), (count, "the columns of b")])?;
    forward.require_shape(&[(count, "the columns of b")])?;
    backward.require_shape(&[(count, "the columns of b")])?;
    require_separate(&[&a, &b], &[Some(&x), Some(&forward), Some(&backward)])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b) = unsafe { (a.view(), b.view()) };
    let refined = Lu::new(&a)?.solve_refined(&a, &b)?;
    // SAFETY: as above.
    unsafe {
        x.write(&refined.x);
        forward.write(&column(&refined.forward_errors));
        backward.write(&column(&refined.backward_errors));
    }
    Ok(())
}

/// An estimate of the reciprocal condition number of a square matrix: near 1 is well conditioned, at the unit roundoff no
/// digit of a solution can be trusted, 0 is singular. Rarely more than 3 times too large.
///
///  a           n x n, any strides; read only.
///  norm        LAPWING_CONDITION_ONE or LAPWING_CONDITION_INFINITY.
///  reciprocal  receives it.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (norm),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgetrf, dgecon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_reciprocal_condition_f64(
    a: lapwing_mat_f64,
    norm: i32,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { reciprocal_condition::<f64>(a.into(), norm, reciprocal) })
}

/// As lapwing_reciprocal_condition_f64, in single precision. LAPACK: sgetrf, sgecon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_reciprocal_condition_f32(
    a: lapwing_mat_f32,
    norm: i32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe { reciprocal_condition::<f32>(a.into(), norm, reciprocal) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn reciprocal_condition<T: Scalar>(
    a: Unchecked<T>,
    norm: i32,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let norm = condition_norm(norm)?;
    require_pointer("reciprocal", reciprocal)?;
    let a = a.input("a")?;
    order(&a)?;
    // SAFETY: this function's own condition.
    unsafe { reciprocal.write(Lu::new(&a.view())?.reciprocal_condition(norm)?) };
    Ok(())
}
