//! Norms, condition numbers, determinants and invertibility: one generic function each, and its two exports.

use lapwing_lapack::condition::{condition_number, estimate_condition_number};
use lapwing_lapack::invariants::{determinant, leading_principal_minors, log_determinant, trace};
use lapwing_lapack::invertibility::{Invertibility, Perturbation, invertibility, perturbation_bound};
use lapwing_lapack::norms::{Norm, norm, vector_norm};
use lapwing_lapack::{ConditionNorm, Error, Scalar};
use ndarray::{ArrayRef1, ArrayRef2};

use crate::arguments::{column, order, require_separate};
use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::status::{Failure, LAPWING_ERR_PANIC, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32,
    lapwing_vec_mut_f64,
};

/// The largest absolute column sum.
pub const LAPWING_NORM_ONE: i32 = 0;
/// The largest singular value.
pub const LAPWING_NORM_TWO: i32 = 1;
/// The largest absolute row sum.
pub const LAPWING_NORM_INFINITY: i32 = 2;
/// The root of the sum of squares of the entries.
pub const LAPWING_NORM_FROBENIUS: i32 = 3;
/// The sum of the singular values.
pub const LAPWING_NORM_NUCLEAR: i32 = 4;
/// The largest absolute entry.
pub const LAPWING_NORM_MAX: i32 = 5;

/// The matrix is not square.
pub const LAPWING_RECTANGULAR: i32 = 0;
/// A pivot is exactly zero.
pub const LAPWING_SINGULAR: i32 = 1;
/// A matrix that differs by rounding alone is singular.
pub const LAPWING_NUMERICALLY_SINGULAR: i32 = 2;
/// The matrix is invertible.
pub const LAPWING_INVERTIBLE: i32 = 3;

/// The norms by their constants.
const NORMS: [Norm; 6] = [Norm::One, Norm::Two, Norm::Infinity, Norm::Frobenius, Norm::Nuclear, Norm::Max];
const NORM_CONSTANTS: &str = "a LAPWING_NORM_ constant (0 to 5)";

/// A norm of a matrix, 0 when it has no entries.
///
///  a      m x n, any strides; read only.
///  which  a LAPWING_NORM_ constant.
///  value  the norm.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (which), LAPWING_ERR_NULL, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_OVERFLOW (the norm itself is out of range), and for the norms by singular values as lapwing_svd.
/// On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_norm_f64(a: lapwing_mat_f64, which: i32, value: *mut f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_matrix::<f64>(a.into(), value, |a| Ok(norm(a, constant("which", which, &NORMS, NORM_CONSTANTS)?)?))
    })
}

/// As lapwing_norm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_norm_f32(a: lapwing_mat_f32, which: i32, value: *mut f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_matrix::<f32>(a.into(), value, |a| Ok(norm(a, constant("which", which, &NORMS, NORM_CONSTANTS)?)?))
    })
}

/// The p-norm of the singular values of a matrix (m x n): 1 is the nuclear, 2 the Frobenius, infinity the spectral
/// norm.
///
/// Returns LAPWING_ERR_ARGUMENT (p is less than 1 or NaN), and otherwise as lapwing_norm_f64. On any error the
/// output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_schatten_norm_f64(
    a: lapwing_mat_f64,
    p: f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_matrix::<f64>(a.into(), value, |a| Ok(norm(a, Norm::Schatten(p))?)) })
}

/// As lapwing_schatten_norm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_schatten_norm_f32(
    a: lapwing_mat_f32,
    p: f64,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_matrix::<f32>(a.into(), value, |a| Ok(norm(a, Norm::Schatten(p))?)) })
}

/// The p-norm of a vector, for p of at least 1; with p infinite, its largest absolute entry.
///
/// Returns LAPWING_ERR_ARGUMENT (p is less than 1 or NaN), LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_vector_norm_f64(
    x: lapwing_vec_f64,
    p: f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_vector::<f64>(x.into(), value, |x| vector_norm(x, p)) })
}

/// As lapwing_vector_norm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_vector_norm_f32(
    x: lapwing_vec_f32,
    p: f64,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_vector::<f32>(x.into(), value, |x| vector_norm(x, p)) })
}

/// The condition number of a matrix, norm(a) times the norm of its inverse: infinite when a is exactly singular.
///
///  a      n x n, any strides, and m x n for LAPWING_NORM_TWO; read only.
///  which  a LAPWING_NORM_ constant.
///  value  the condition number.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (which), LAPWING_ERR_NULL, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW (a is regular
/// and
/// the number out of range). On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_condition_number_f64(
    a: lapwing_mat_f64,
    which: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_matrix::<f64>(a.into(), value, |a| {
            Ok(condition_number(a, constant("which", which, &NORMS, NORM_CONSTANTS)?)?)
        })
    })
}

/// As lapwing_condition_number_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_condition_number_f32(
    a: lapwing_mat_f32,
    which: i32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_matrix::<f32>(a.into(), value, |a| {
            Ok(condition_number(a, constant("which", which, &NORMS, NORM_CONSTANTS)?)?)
        })
    })
}

/// An estimate of the condition number in the 1-norm or the infinity norm, at a third of the cost; rarely less than
/// a
/// third of it, and never more but for rounding.
///
///  a      n x n, any strides; read only.
///  which  LAPWING_NORM_ONE or LAPWING_NORM_INFINITY.
///  value  the estimate; infinite when a is exactly singular.
///
/// Returns as lapwing_condition_number_f64. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_estimate_condition_number_f64(
    a: lapwing_mat_f64,
    which: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_matrix::<f64>(a.into(), value, |a| Ok(estimate_condition_number(a, estimated_norm(which)?)?))
    })
}

/// As lapwing_estimate_condition_number_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_estimate_condition_number_f32(
    a: lapwing_mat_f32,
    which: i32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        of_matrix::<f32>(a.into(), value, |a| Ok(estimate_condition_number(a, estimated_norm(which)?)?))
    })
}

/// The sum of the diagonal of a matrix (n x n), of which no other entry is read.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE, LAPWING_ERR_OVERFLOW. On any error the
/// output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_trace_f64(a: lapwing_mat_f64, value: *mut f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_matrix::<f64>(a.into(), value, |a| Ok(trace(a)?)) })
}

/// As lapwing_trace_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_trace_f32(a: lapwing_mat_f32, value: *mut f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_matrix::<f32>(a.into(), value, |a| Ok(trace(a)?)) })
}

/// The determinant of a matrix (n x n); 1 when it is empty, 0 where it is too small for the precision.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW (it is too large: take lapwing_log_determinant_f64). On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_determinant_f64(a: lapwing_mat_f64, value: *mut f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_matrix::<f64>(a.into(), value, |a| Ok(determinant(a)?)) })
}

/// As lapwing_determinant_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_determinant_f32(a: lapwing_mat_f32, value: *mut f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { of_matrix::<f32>(a.into(), value, |a| Ok(determinant(a)?)) })
}

/// # Safety
/// The memory that the view and the pointer describe is there, as [`Strided::view`] and [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
unsafe fn of_matrix<T: Scalar>(
    a: Unchecked<T>,
    value: *mut T,
    compute: impl FnOnce(&ArrayRef2<T>) -> Result<T, Failure>,
) -> Result<(), Failure> {
    let (a, value) = (a.input("a")?, Numbers::needed("value", value, 1)?);
    // SAFETY: this function's own condition.
    let found = compute(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe { value.write([found]) };
    Ok(())
}

/// # Safety
/// As [`of_matrix`].
unsafe fn of_vector<T: Scalar>(
    x: Unchecked<T>,
    value: *mut T,
    compute: impl FnOnce(&ArrayRef1<T>) -> Result<T, Error>,
) -> Result<(), Failure> {
    let (x, value) = (x.input("x")?, Numbers::needed("value", value, 1)?);
    // SAFETY: this function's own condition.
    let found = compute(&unsafe { x.view() }.column(0))?;
    // SAFETY: as above.
    unsafe { value.write([found]) };
    Ok(())
}

fn estimated_norm(which: i32) -> Result<ConditionNorm, Failure> {
    match constant("which", which, &NORMS, NORM_CONSTANTS)? {
        Norm::One => Ok(ConditionNorm::One),
        Norm::Infinity => Ok(ConditionNorm::Infinity),
        _ => Err(Error::InvalidParameter {
            parameter: "which",
            value: which.to_string(),
            requirement: "LAPWING_NORM_ONE (0) or LAPWING_NORM_INFINITY (2)".to_owned(),
        }
        .into()),
    }
}

/// The sign and the natural logarithm of the magnitude of a determinant, which are in range where it is not.
///
///  a              n x n, any strides; read only.
///  sign           1, -1, or 0 for a singular matrix; NULL when not wanted.
///  log_magnitude  minus infinity for a singular matrix; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_log_determinant_f64(
    a: lapwing_mat_f64,
    sign: *mut f64,
    log_magnitude: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { log_determinant_of::<f64>(a.into(), sign, log_magnitude) })
}

/// As lapwing_log_determinant_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_log_determinant_f32(
    a: lapwing_mat_f32,
    sign: *mut f32,
    log_magnitude: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { log_determinant_of::<f32>(a.into(), sign, log_magnitude) })
}

/// # Safety
/// As [`of_matrix`].
unsafe fn log_determinant_of<T: Scalar>(
    a: Unchecked<T>,
    sign: *mut T,
    log_magnitude: *mut T,
) -> Result<(), Failure> {
    let a = a.input("a")?;
    let sign = Numbers::optional("sign", sign, 1)?;
    let log_magnitude = Numbers::optional("log_magnitude", log_magnitude, 1)?;
    // SAFETY: this function's own condition.
    let found = log_determinant(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe {
        sign.write([found.sign]);
        log_magnitude.write([found.log_magnitude]);
    }
    Ok(())
}

/// The determinants of the leading square blocks of a matrix, of orders 1 to n.
///
///  a       n x n, any strides; read only.
///  minors  n entries.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW (a minor is too large for the precision). On any error the output is untouched. Thread-
/// safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_leading_principal_minors_f64(
    a: lapwing_mat_f64,
    minors: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { principal_minors::<f64>(a.into(), minors.into()) })
}

/// As lapwing_leading_principal_minors_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_leading_principal_minors_f32(
    a: lapwing_mat_f32,
    minors: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { principal_minors::<f32>(a.into(), minors.into()) })
}

/// # Safety
/// As [`of_matrix`].
unsafe fn principal_minors<T: Scalar>(a: Unchecked<T>, minors: Unchecked<T>) -> Result<(), Failure> {
    let (a, minors) = (a.input("a")?, minors.output("minors")?);
    minors.require_shape(&[(order(&a)?, "the order of a")])?;
    require_separate(&[&a], &[Some(&minors)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let found = leading_principal_minors(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe { minors.write(&column(&found)) };
    Ok(())
}

/// Whether a matrix is invertible, and why.
///
///  a                     m x n, any strides; read only.
///  verdict               LAPWING_RECTANGULAR, LAPWING_SINGULAR, LAPWING_NUMERICALLY_SINGULAR or
/// LAPWING_INVERTIBLE.
///  pivot                 the index of the first pivot that is zero, from 0, or -1; NULL when not wanted.
///  reciprocal_condition  an estimate in the 1-norm, 0 for the first two verdicts; NULL when not wanted.
///  digits                how many decimal digits of a solution can be trusted, 0 unless invertible; NULL when not
///                        wanted.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL, LAPWING_ERR_SHAPE (a negative extent), LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_invertibility_f64(
    a: lapwing_mat_f64,
    verdict: *mut i32,
    pivot: *mut i64,
    reciprocal_condition: *mut f64,
    digits: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { invertibility_of::<f64>(a.into(), verdict, pivot, reciprocal_condition, digits) })
}

/// As lapwing_invertibility_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_invertibility_f32(
    a: lapwing_mat_f32,
    verdict: *mut i32,
    pivot: *mut i64,
    reciprocal_condition: *mut f32,
    digits: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { invertibility_of::<f32>(a.into(), verdict, pivot, reciprocal_condition, digits) })
}

/// # Safety
/// As [`of_matrix`].
unsafe fn invertibility_of<T: Scalar>(
    a: Unchecked<T>,
    verdict: *mut i32,
    pivot: *mut i64,
    reciprocal_condition: *mut T,
    digits: *mut i64,
) -> Result<(), Failure> {
    let a = a.input("a")?;
    let verdict = Numbers::needed("verdict", verdict, 1)?;
    let pivot = Numbers::optional("pivot", pivot, 1)?;
    let reciprocal_condition = Numbers::optional("reciprocal_condition", reciprocal_condition, 1)?;
    let digits = Numbers::optional("digits", digits, 1)?;
    // SAFETY: this function's own condition.
    let found = match invertibility(&unsafe { a.view() })? {
        Invertibility::Rectangular { .. } => (LAPWING_RECTANGULAR, -1, T::zero(), 0),
        Invertibility::Singular { pivot } => (LAPWING_SINGULAR, pivot as i64, T::zero(), 0),
        Invertibility::NumericallySingular { reciprocal_condition } => {
            (LAPWING_NUMERICALLY_SINGULAR, -1, reciprocal_condition, 0)
        }
        Invertibility::Invertible { condition, digits } => {
            (LAPWING_INVERTIBLE, -1, condition.recip(), i64::from(digits))
        }
        // The enum may grow: a verdict that has no constant yet is a gap in this function, and reported as one.
        other => return Err(Failure::new(LAPWING_ERR_PANIC, format!("{other:?} has no constant"))),
    };
    // SAFETY: as above.
    unsafe {
        verdict.write([found.0]);
        pivot.write([found.1]);
        reciprocal_condition.write([found.2]);
        digits.write([found.3]);
    }
    Ok(())
}

/// A bound on the relative error of the solution of a linear system whose data are perturbed.
///
///  condition        its condition number, in a norm that a vector norm induces.
///  matrix           the relative size of the perturbation of the matrix, in that norm.
///  right_hand_side  that of the right-hand side, in the vector norm.
///  value            the bound.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (the perturbed matrix may be singular), LAPWING_ERR_ARGUMENT (a condition
/// number
/// below 1, or a size that is negative or not finite), LAPWING_ERR_NULL. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_perturbation_bound_f64(
    condition: f64,
    matrix: f64,
    right_hand_side: f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { bound::<f64>(condition, matrix, right_hand_side, value) })
}

/// As lapwing_perturbation_bound_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_perturbation_bound_f32(
    condition: f32,
    matrix: f32,
    right_hand_side: f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { bound::<f32>(condition, matrix, right_hand_side, value) })
}

/// # Safety
/// `value` is NULL, or good for writing one number.
unsafe fn bound<T: Scalar>(
    condition: T,
    matrix: T,
    right_hand_side: T,
    value: *mut T,
) -> Result<(), Failure> {
    let value = Numbers::needed("value", value, 1)?;
    let sizes = Perturbation { matrix: matrix.as_f64(), right_hand_side: right_hand_side.as_f64() };
    let found = perturbation_bound(condition.as_f64(), sizes)?;
    // SAFETY: this function's own condition.
    unsafe { value.write([T::from_f64(found)]) };
    Ok(())
}
