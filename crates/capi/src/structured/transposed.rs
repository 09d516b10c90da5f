//! Products with the transposes of Toeplitz, Hankel and circulant matrices.

use lapwing_lapack::Scalar;
use lapwing_lapack::structured::{Circulant, Hankel, Toeplitz};

use super::fill;
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

/// The product of the transpose of a Toeplitz matrix with the columns of x, by fast Fourier transforms.
///
///  c  m entries: the first column of the matrix.
///  r  n entries: the first row of the matrix; its first entry is ignored.
///  x  m x k.
///  y  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_toeplitz_apply_transposed_f64(
    c: lapwing_vec_f64,
    r: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { toeplitz_apply_transposed::<f64>(c.into(), r.into(), x.into(), y.into()) })
}

/// As lapwing_toeplitz_apply_transposed_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_toeplitz_apply_transposed_f32(
    c: lapwing_vec_f32,
    r: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { toeplitz_apply_transposed::<f32>(c.into(), r.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn toeplitz_apply_transposed<T: Scalar>(
    c: Unchecked<T>,
    r: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("r", r), ("x", x)],
            ("y", y),
            |[_c, r, x]| [(r[0], "the entries of r"), (x[1], "the columns of x")],
            |[c, r, x]| Toeplitz::new(&c.column(0), &r.column(0))?.apply_transposed(&x),
        )
    }
}

/// The product of the transpose of a Hankel matrix with the columns of x, by fast Fourier transforms.
///
///  c  m entries: the first column of the matrix.
///  r  n entries: the last row of the matrix; its first entry is ignored.
///  x  m x k.
///  y  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hankel_apply_transposed_f64(
    c: lapwing_vec_f64,
    r: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hankel_apply_transposed::<f64>(c.into(), r.into(), x.into(), y.into()) })
}

/// As lapwing_hankel_apply_transposed_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hankel_apply_transposed_f32(
    c: lapwing_vec_f32,
    r: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hankel_apply_transposed::<f32>(c.into(), r.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn hankel_apply_transposed<T: Scalar>(
    c: Unchecked<T>,
    r: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("r", r), ("x", x)],
            ("y", y),
            |[_c, r, x]| [(r[0], "the entries of r"), (x[1], "the columns of x")],
            |[c, r, x]| Hankel::new(&c.column(0), &r.column(0))?.apply_transposed(&x),
        )
    }
}

/// The product of the transpose of the circulant matrix with first column c (n entries) with the columns of x, by fast
/// Fourier transforms.
///
///  x  n x k.
///  y  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_apply_transposed_f64(
    c: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_apply_transposed::<f64>(c.into(), x.into(), y.into()) })
}

/// As lapwing_circulant_apply_transposed_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_circulant_apply_transposed_f32(
    c: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { circulant_apply_transposed::<f32>(c.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn circulant_apply_transposed<T: Scalar>(
    c: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("c", c), ("x", x)],
            ("y", y),
            |[c, x]| [(c[0], "the entries of c"), (x[1], "the columns of x")],
            |[c, x]| Circulant::new(&c.column(0))?.apply_transposed(&x),
        )
    }
}
