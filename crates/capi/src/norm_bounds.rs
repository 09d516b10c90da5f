//! Bounds of the largest singular value of a matrix that is known by its products.

use lapwing_iterative::LinearOperator;
use lapwing_iterative::randomized::spectral_norm_bounds;
use lapwing_lapack::{Scalar, require_finite};

use crate::guard::guard;
use crate::numbers::Numbers;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::view::{Lent, Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// Bounds of the spectral norm of a matrix, its largest singular value, less than a factor of 3 apart, from 9 products with 6
/// random vectors each (Halko, Martinsson and Tropp 2011, lemma 4.1).
///
///  a      m x n, any strides; read only.
///  seed   of the vectors.
///  lower  receives a norm that is reached.
///  upper  receives one that is not exceeded, but for one in a million seeds; or either is NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_norm_bounds_f64(
    a: lapwing_mat_f64,
    seed: u64,
    lower: *mut f64,
    upper: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { of_dense::<f64>(a.into(), seed, [lower, upper]) })
}

/// As lapwing_spectral_norm_bounds_f64, of a matrix in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_norm_bounds_f32(
    a: lapwing_mat_f32,
    seed: u64,
    lower: *mut f64,
    upper: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { of_dense::<f32>(a.into(), seed, [lower, upper]) })
}

/// As lapwing_spectral_norm_bounds_f64, of a sparse matrix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_norm_bounds_sparse_f64(
    a: lapwing_csr_f64,
    seed: u64,
    lower: *mut f64,
    upper: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the matrix and the pointers.
    guard(|| unsafe { of_rows::<f64>(a.into(), seed, [lower, upper]) })
}

/// As lapwing_spectral_norm_bounds_sparse_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_norm_bounds_sparse_f32(
    a: lapwing_csr_f32,
    seed: u64,
    lower: *mut f64,
    upper: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the matrix and the pointers.
    guard(|| unsafe { of_rows::<f32>(a.into(), seed, [lower, upper]) })
}

/// As lapwing_spectral_norm_bounds_f64, of a matrix that is known by its products and those of its transpose. What a callback
/// returns other than 0 ends the call with LAPWING_ERR_CANCELLED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_norm_bounds_operator_f64(
    a: lapwing_operator_f64,
    seed: u64,
    lower: *mut f64,
    upper: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the callbacks and the pointers.
    guard(|| unsafe { of_operator::<f64>(a.into(), seed, [lower, upper]) })
}

/// As lapwing_spectral_norm_bounds_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_norm_bounds_operator_f32(
    a: lapwing_operator_f32,
    seed: u64,
    lower: *mut f64,
    upper: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the callbacks and the pointers.
    guard(|| unsafe { of_operator::<f32>(a.into(), seed, [lower, upper]) })
}

/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) and [`bounds`] require.
unsafe fn of_dense<T: Scalar>(a: Unchecked<T>, seed: u64, outputs: [*mut f64; 2]) -> Result<(), Failure> {
    let a = a.input("a")?;
    // SAFETY: this function's own condition.
    unsafe {
        let matrix = a.view();
        require_finite("a", &matrix)?;
        bounds(&&*matrix, seed, outputs)
    }
}

/// # Safety
/// As [`UncheckedRows::input`] and [`bounds`] require.
unsafe fn of_rows<T: Scalar>(a: UncheckedRows<T>, seed: u64, outputs: [*mut f64; 2]) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { bounds(&a.input()?.matrix, seed, outputs) }
}

/// # Safety
/// As [`UncheckedOperator::general`] and [`bounds`] require.
unsafe fn of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    seed: u64,
    outputs: [*mut f64; 2],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.general("a")?;
        a.outcome(bounds(&a, seed, outputs))
    }
}

/// # Safety
/// The pointers are NULL or writable.
unsafe fn bounds<T: Scalar>(
    a: &dyn LinearOperator<T>,
    seed: u64,
    [lower, upper]: [*mut f64; 2],
) -> Result<(), Failure> {
    let lower = Numbers::optional("lower", lower, 1)?;
    let upper = Numbers::optional("upper", upper, 1)?;
    let found = spectral_norm_bounds(a, seed)?;
    // SAFETY: this function's own condition.
    unsafe {
        lower.write([found.lower]);
        upper.write([found.upper]);
    }
    Ok(())
}
