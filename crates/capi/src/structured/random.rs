//! Random matrices.

use lapwing_lapack::{Scalar, random, zeros};

use super::{extents, fill};
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32, lapwing_vec_f64};

const EIGENVALUES: &str = "the number of eigenvalues";

/// Independent standard normal entries, drawn in row order, in out (m x n). The same seed gives the same numbers.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_normal_f64(seed: u64, out: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_normal::<f64>(seed, out.into()) })
}

/// As lapwing_random_normal_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_normal_f32(seed: u64, out: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_normal::<f32>(seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_normal<T: Scalar>(seed: u64, out: Unchecked<T>) -> Result<(), Failure> {
    let (m, n) = extents("out", &out)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [],
            ("out", out),
            |_| [(m, "its own rows"), (n, "its own columns")],
            |_| {
                let mut matrix = zeros(m, n)?;
                random::fill_standard_normal(&mut matrix, seed);
                Ok(matrix)
            },
        )
    }
}

/// A random orthogonal matrix, n x n, uniformly distributed (Haar). The same seed gives the same matrix.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_orthogonal_f64(
    seed: u64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_orthogonal::<f64>(seed, out.into()) })
}

/// As lapwing_random_orthogonal_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_orthogonal_f32(
    seed: u64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_orthogonal::<f32>(seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_orthogonal<T: Scalar>(seed: u64, out: Unchecked<T>) -> Result<(), Failure> {
    let (n, _) = extents("out", &out)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [],
            ("out", out),
            |_| [(n, "its own rows"), (n, "its own rows")],
            |_| random::orthogonal(n, seed),
        )
    }
}

/// A random rotation, n x n: orthogonal, of determinant 1, uniformly distributed.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_rotation_f64(seed: u64, out: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_rotation::<f64>(seed, out.into()) })
}

/// As lapwing_random_rotation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_rotation_f32(seed: u64, out: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_rotation::<f32>(seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_rotation<T: Scalar>(seed: u64, out: Unchecked<T>) -> Result<(), Failure> {
    let (n, _) = extents("out", &out)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill([], ("out", out), |_| [(n, "its own rows"), (n, "its own rows")], |_| random::rotation(n, seed))
    }
}

/// A random matrix with orthonormal columns, m x n with n at most m, uniformly distributed.
///
/// Returns LAPWING_ERR_ARGUMENT (n passes m), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_orthonormal_columns_f64(
    seed: u64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_orthonormal_columns::<f64>(seed, out.into()) })
}

/// As lapwing_random_orthonormal_columns_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_orthonormal_columns_f32(
    seed: u64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_orthonormal_columns::<f32>(seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_orthonormal_columns<T: Scalar>(seed: u64, out: Unchecked<T>) -> Result<(), Failure> {
    let (m, n) = extents("out", &out)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [],
            ("out", out),
            |_| [(m, "its own rows"), (n, "its own columns")],
            |_| random::orthonormal_columns(m, n, seed),
        )
    }
}

/// A symmetric matrix, n x n, with these n eigenvalues and uniformly distributed eigenvectors.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_symmetric_f64(
    eigenvalues: lapwing_vec_f64,
    seed: u64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_symmetric::<f64>(eigenvalues.into(), seed, out.into()) })
}

/// As lapwing_random_symmetric_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_symmetric_f32(
    eigenvalues: lapwing_vec_f32,
    seed: u64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_symmetric::<f32>(eigenvalues.into(), seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_symmetric<T: Scalar>(
    eigenvalues: Unchecked<T>,
    seed: u64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("eigenvalues", eigenvalues)],
            ("out", out),
            |[eigenvalues]| [(eigenvalues[0], EIGENVALUES), (eigenvalues[0], EIGENVALUES)],
            |[eigenvalues]| random::symmetric_with_spectrum(&eigenvalues.column(0), seed),
        )
    }
}

/// A symmetric positive definite matrix, n x n, with these n positive eigenvalues and uniformly distributed eigenvectors.
///
/// Returns LAPWING_ERR_ARGUMENT (an eigenvalue is not positive), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_positive_definite_f64(
    eigenvalues: lapwing_vec_f64,
    seed: u64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_positive_definite::<f64>(eigenvalues.into(), seed, out.into()) })
}

/// As lapwing_random_positive_definite_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_positive_definite_f32(
    eigenvalues: lapwing_vec_f32,
    seed: u64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_positive_definite::<f32>(eigenvalues.into(), seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_positive_definite<T: Scalar>(
    eigenvalues: Unchecked<T>,
    seed: u64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("eigenvalues", eigenvalues)],
            ("out", out),
            |[eigenvalues]| [(eigenvalues[0], EIGENVALUES), (eigenvalues[0], EIGENVALUES)],
            |[eigenvalues]| random::positive_definite_with_spectrum(&eigenvalues.column(0), seed),
        )
    }
}

/// A matrix, m x n, with these min(m,n) singular values and uniformly distributed singular vectors.
///
/// Returns LAPWING_ERR_ARGUMENT (a value is negative), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_with_singular_values_f64(
    values: lapwing_vec_f64,
    seed: u64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_with_singular_values::<f64>(values.into(), seed, out.into()) })
}

/// As lapwing_random_with_singular_values_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_random_with_singular_values_f32(
    values: lapwing_vec_f32,
    seed: u64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { random_with_singular_values::<f32>(values.into(), seed, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn random_with_singular_values<T: Scalar>(
    values: Unchecked<T>,
    seed: u64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let (m, n) = extents("out", &out)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("values", values)],
            ("out", out),
            |[_values]| [(m, "its own rows"), (n, "its own columns")],
            |[values]| random::with_singular_values(m, n, &values.column(0), seed),
        )
    }
}
