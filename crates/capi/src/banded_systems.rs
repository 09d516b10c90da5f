//! Banded systems: one generic function each, and its two exports.

use lapwing_lapack::{Banded, BandedCholesky, BandedLu, Error, Scalar};

use crate::guard::guard;
use crate::linear_systems::{condition_norm, solve_into};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

fn bandwidth(parameter: &'static str, count: i64) -> Result<usize, Failure> {
    usize::try_from(count).map_err(|_| {
        let (value, requirement) = (count.to_string(), "at least 0".to_owned());
        Error::InvalidParameter { parameter, value, requirement }.into()
    })
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

/// Solves transpose(a) * x = b for a matrix a of which only a band is not zero. Arguments, which describe a, and
/// errors as of lapwing_solve_banded_f64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_banded_transposed_f64(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { solve_banded_transposed::<f64>(lower, upper, diagonals.into(), b.into(), x.into()) })
}

/// As lapwing_solve_banded_transposed_f64, in single precision. LAPACK: sgbtrf, sgbtrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_solve_banded_transposed_f32(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { solve_banded_transposed::<f32>(lower, upper, diagonals.into(), b.into(), x.into()) })
}

/// # Safety
/// As [`solve_into`].
unsafe fn solve_banded_transposed<T: Scalar>(
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
            BandedLu::new(&Banded::from_diagonals(lower, upper, &diagonals.view())?)?.solve_transposed(&b)
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

/// The sign and the natural logarithm of the magnitude of the determinant of a matrix of which only a band is not zero.
///
///  lower, upper, diagonals
///             as for lapwing_solve_banded_f64.
///  sign       1, -1, or 0 for a singular matrix; NULL when not wanted.
///  log_magnitude
///             minus infinity for a singular matrix; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a negative count),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs
/// are untouched. Thread-safe. LAPACK: dgbtrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_log_determinant_f64(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f64,
    sign: *mut f64,
    log_magnitude: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { banded_log_determinant::<f64>(lower, upper, diagonals.into(), sign, log_magnitude) })
}

/// As lapwing_banded_log_determinant_f64, in single precision. LAPACK: sgbtrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_log_determinant_f32(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f32,
    sign: *mut f32,
    log_magnitude: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { banded_log_determinant::<f32>(lower, upper, diagonals.into(), sign, log_magnitude) })
}

/// # Safety
/// As [`solve_into`], and the pointers likewise.
unsafe fn banded_log_determinant<T: Scalar>(
    lower: i64,
    upper: i64,
    diagonals: Unchecked<T>,
    sign: *mut T,
    log_magnitude: *mut T,
) -> Result<(), Failure> {
    let (sign, log_magnitude) =
        (Numbers::optional("sign", sign, 1)?, Numbers::optional("log_magnitude", log_magnitude, 1)?);
    // SAFETY: this function's own condition.
    unsafe {
        let values = factor_banded(lower, upper, diagonals)?.sign_log_determinant();
        sign.write([values.0]);
        log_magnitude.write([values.1]);
    }
    Ok(())
}

/// An estimate of the reciprocal condition number of a matrix of which only a band is not zero, as
/// lapwing_reciprocal_condition_f64 has it.
///
///  lower, upper, diagonals
///             as for lapwing_solve_banded_f64.
///  norm       LAPWING_CONDITION_ONE or LAPWING_CONDITION_INFINITY.
///  reciprocal
///             receives it; 1 for an empty matrix.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a negative count, norm),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs
/// are untouched. Thread-safe. LAPACK: dgbtrf, dgbcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_reciprocal_condition_f64(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f64,
    norm: i32,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { banded_reciprocal_condition::<f64>(lower, upper, diagonals.into(), norm, reciprocal) })
}

/// As lapwing_banded_reciprocal_condition_f64, in single precision. LAPACK: sgbtrf, sgbcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_reciprocal_condition_f32(
    lower: i64,
    upper: i64,
    diagonals: lapwing_mat_f32,
    norm: i32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { banded_reciprocal_condition::<f32>(lower, upper, diagonals.into(), norm, reciprocal) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn banded_reciprocal_condition<T: Scalar>(
    lower: i64,
    upper: i64,
    diagonals: Unchecked<T>,
    norm: i32,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let (norm, reciprocal) = (condition_norm(norm)?, Numbers::needed("reciprocal", reciprocal, 1)?);
    // SAFETY: this function's own condition.
    unsafe { reciprocal.write([factor_banded(lower, upper, diagonals)?.reciprocal_condition(norm)?]) };
    Ok(())
}

/// # Safety
/// As [`solve_into`].
unsafe fn factor_banded<T: Scalar>(
    lower: i64,
    upper: i64,
    diagonals: Unchecked<T>,
) -> Result<BandedLu<T>, Failure> {
    let (lower, upper) = (bandwidth("lower", lower)?, bandwidth("upper", upper)?);
    let diagonals = diagonals.input("diagonals")?;
    // SAFETY: this function's own condition.
    Ok(BandedLu::new(&Banded::from_diagonals(lower, upper, &unsafe { diagonals.view() })?)?)
}

/// The natural logarithm of the determinant of a symmetric positive definite matrix of which only a band is not zero.
///
///  diagonals  as for lapwing_solve_banded_definite_f64.
///  logarithm  receives it; 0 for an empty matrix.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe. LAPACK: dpbtrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_definite_log_determinant_f64(
    diagonals: lapwing_mat_f64,
    logarithm: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { banded_definite_log_determinant::<f64>(diagonals.into(), logarithm) })
}

/// As lapwing_banded_definite_log_determinant_f64, in single precision. LAPACK: spbtrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_definite_log_determinant_f32(
    diagonals: lapwing_mat_f32,
    logarithm: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { banded_definite_log_determinant::<f32>(diagonals.into(), logarithm) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn banded_definite_log_determinant<T: Scalar>(
    diagonals: Unchecked<T>,
    logarithm: *mut T,
) -> Result<(), Failure> {
    let logarithm = Numbers::needed("logarithm", logarithm, 1)?;
    // SAFETY: this function's own condition.
    unsafe { logarithm.write([factor_banded_definite(diagonals)?.log_determinant()]) };
    Ok(())
}

/// An estimate of the reciprocal condition number, in the 1-norm, of a symmetric positive definite matrix of which
/// only a band is not zero, as lapwing_reciprocal_condition_f64 has it.
///
///  diagonals   as for lapwing_solve_banded_definite_f64.
///  reciprocal  receives it; 1 for an empty matrix.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe. LAPACK:
/// dpbtrf, dpbcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_definite_reciprocal_condition_f64(
    diagonals: lapwing_mat_f64,
    reciprocal: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { banded_definite_reciprocal_condition::<f64>(diagonals.into(), reciprocal) })
}

/// As lapwing_banded_definite_reciprocal_condition_f64, in single precision. LAPACK: spbtrf, spbcon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_banded_definite_reciprocal_condition_f32(
    diagonals: lapwing_mat_f32,
    reciprocal: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { banded_definite_reciprocal_condition::<f32>(diagonals.into(), reciprocal) })
}

/// # Safety
/// As [`solve_into`], and the pointer likewise.
unsafe fn banded_definite_reciprocal_condition<T: Scalar>(
    diagonals: Unchecked<T>,
    reciprocal: *mut T,
) -> Result<(), Failure> {
    let reciprocal = Numbers::needed("reciprocal", reciprocal, 1)?;
    // SAFETY: this function's own condition.
    unsafe { reciprocal.write([factor_banded_definite(diagonals)?.reciprocal_condition()?]) };
    Ok(())
}

/// # Safety
/// As [`solve_into`].
unsafe fn factor_banded_definite<T: Scalar>(diagonals: Unchecked<T>) -> Result<BandedCholesky<T>, Failure> {
    let diagonals = diagonals.input("diagonals")?;
    let lower = diagonals.shape()[0].saturating_sub(1);
    // SAFETY: this function's own condition.
    Ok(BandedCholesky::new(&Banded::from_diagonals(lower, 0, &unsafe { diagonals.view() })?)?)
}
