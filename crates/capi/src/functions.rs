//! Functions of square matrices: one generic body for those with one real result, one for those that may be complex.

use lapwing_lapack::{Error, Scalar, functions};
use ndarray::{Array2, ArrayRef2};
use num_complex::Complex;

use crate::arguments::{order, require_separate};
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// Integer power of a square matrix, x = a to the k by repeated squaring.
///
///  a  n x n, any strides; read only.
///  k  the exponent; negative for powers of the inverse, 0 for the identity.
///  x  n x n.
///
/// Returns LAPWING_ERR_SINGULAR (k is negative and a has no inverse), LAPWING_ERR_OVERFLOW, LAPWING_ERR_NON_FINITE (a
/// holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe. LAPACK: dgetrf, dgetri.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_matrix_power_f64(
    a: lapwing_mat_f64,
    k: i64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { real::<f64>(a.into(), x.into(), |a| functions::power(a, k)) })
}

/// As lapwing_matrix_power_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_matrix_power_f32(
    a: lapwing_mat_f32,
    k: i64,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { real::<f32>(a.into(), x.into(), |a| functions::power(a, k)) })
}
/// Exponential of a square matrix, x = i + a + a*a/2 + ...
///
///  a  n x n, any strides; read only.
///  x  n x n.
///
/// Returns LAPWING_ERR_OVERFLOW (an entry of the result passes the largest number), LAPWING_ERR_NON_FINITE (a holds NaN
/// or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe. LAPACK: dgetrf, dgetrs.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_expm_f64(a: lapwing_mat_f64, x: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { real::<f64>(a.into(), x.into(), functions::expm) })
}

/// As lapwing_expm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_expm_f32(a: lapwing_mat_f32, x: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { real::<f32>(a.into(), x.into(), functions::expm) })
}
/// Principal logarithm of a square matrix: exp(x) = a, with imaginary parts of eigenvalues within (-pi, pi].
///
///  a     n x n, any strides; read only.
///  x_re  n x n, the real part.
///  x_im  n x n, the imaginary part, zero where the result is real; a view with NULL data to have real results only.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a is singular; or x_im.data is NULL and an eigenvalue, which the message names, lies
/// on the negative real axis), LAPWING_ERR_NON_FINITE (a holds NaN or an
/// infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe. LAPACK: dgees,
/// dtrsyl; dsyevd when a is symmetric.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_logm_f64(
    a: lapwing_mat_f64,
    x_re: lapwing_mat_mut_f64,
    x_im: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        principal::<f64>(a.into(), x_re.into(), x_im.into(), functions::logm, functions::logm_complex)
    })
}

/// As lapwing_logm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_logm_f32(
    a: lapwing_mat_f32,
    x_re: lapwing_mat_mut_f32,
    x_im: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        principal::<f32>(a.into(), x_re.into(), x_im.into(), functions::logm, functions::logm_complex)
    })
}
/// Principal square root of a square matrix: x * x = a, with eigenvalues in the right half-plane.
///
///  a     n x n, any strides; read only.
///  x_re  n x n, the real part.
///  x_im  n x n, the imaginary part, zero where the result is real; a view with NULL data to have real results only.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (zero is a defective eigenvalue of a; or x_im.data is NULL and an eigenvalue, which
/// the message names, lies on the negative real axis), LAPWING_ERR_NON_FINITE (a holds NaN or an
/// infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe. LAPACK: dgees,
/// dtrsyl; dsyevd when a is symmetric.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sqrtm_f64(
    a: lapwing_mat_f64,
    x_re: lapwing_mat_mut_f64,
    x_im: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        principal::<f64>(a.into(), x_re.into(), x_im.into(), functions::sqrtm, functions::sqrtm_complex)
    })
}

/// As lapwing_sqrtm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sqrtm_f32(
    a: lapwing_mat_f32,
    x_re: lapwing_mat_mut_f32,
    x_im: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        principal::<f32>(a.into(), x_re.into(), x_im.into(), functions::sqrtm, functions::sqrtm_complex)
    })
}
/// Principal power of a square matrix with any finite exponent, x = exp(p * log(a)).
///
///  a     n x n, any strides; read only.
///  p     the exponent; an integer is that of lapwing_matrix_power_f64.
///  x_re  n x n, the real part.
///  x_im  n x n, the imaginary part, zero where the result is real; a view with NULL data to have real results only.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a is singular; or x_im.data is NULL and an eigenvalue, which the message names, lies
/// on the negative real axis), LAPWING_ERR_ARGUMENT (p is not finite), LAPWING_ERR_SINGULAR (p is a negative integer and a
/// has no inverse), LAPWING_ERR_NON_FINITE (a holds NaN or an
/// infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe. LAPACK: dgees,
/// dtrsyl; dsyevd when a is symmetric.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_fractional_power_f64(
    a: lapwing_mat_f64,
    p: f64,
    x_re: lapwing_mat_mut_f64,
    x_im: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        principal::<f64>(
            a.into(),
            x_re.into(),
            x_im.into(),
            |a| functions::fractional_power(a, p),
            |a| functions::fractional_power_complex(a, p),
        )
    })
}

/// As lapwing_fractional_power_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_fractional_power_f32(
    a: lapwing_mat_f32,
    p: f64,
    x_re: lapwing_mat_mut_f32,
    x_im: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        principal::<f32>(
            a.into(),
            x_re.into(),
            x_im.into(),
            |a| functions::fractional_power(a, p),
            |a| functions::fractional_power_complex(a, p),
        )
    })
}
/// Sign of a square matrix: the matrix with the same invariant subspaces whose eigenvalues are 1 where those of a lie in
/// the right half-plane, and -1 in the left.
///
///  a  n x n, any strides; read only.
///  x  n x n.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (an eigenvalue, which the message names, lies on the imaginary axis, up to rounding),
/// LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the
/// output is untouched. Thread-safe. LAPACK: dgees, dtrsen, dtrsyl.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_signm_f64(a: lapwing_mat_f64, x: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { real::<f64>(a.into(), x.into(), functions::signm) })
}

/// As lapwing_signm_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_signm_f32(a: lapwing_mat_f32, x: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { real::<f32>(a.into(), x.into(), functions::signm) })
}
/// # Safety
/// The memory that the views describe is there, as [`Strided::view`](crate::strided::Strided::view) and
/// [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn real<T: Scalar>(
    a: Unchecked<T>,
    x: Unchecked<T>,
    function: impl FnOnce(&ArrayRef2<T>) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    let (a, x) = (a.input("a")?, x.output("x")?);
    let order = order(&a)?;
    x.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    require_separate(&[&a], &[Some(&x)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let value = function(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe { x.write(&value) };
    Ok(())
}

/// # Safety
/// As [`real`].
unsafe fn principal<T: Scalar>(
    a: Unchecked<T>,
    x_re: Unchecked<T>,
    x_im: Unchecked<T>,
    real: impl FnOnce(&ArrayRef2<T>) -> Result<Array2<T>, Error>,
    complex: impl FnOnce(&ArrayRef2<T>) -> Result<Array2<Complex<T>>, Error>,
) -> Result<(), Failure> {
    let (a, x_re, x_im) = (a.input("a")?, x_re.output("x_re")?, x_im.optional_output("x_im")?);
    let order = order(&a)?;
    for x in std::iter::once(&x_re).chain(&x_im) {
        x.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    }
    require_separate(&[&a], &[Some(&x_re), x_im.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let matrix = unsafe { a.view() };
    let Some(x_im) = x_im else {
        let value = real(&matrix)?;
        // SAFETY: as above.
        unsafe { x_re.write(&value) };
        return Ok(());
    };
    let value = complex(&matrix)?;
    // SAFETY: as above.
    unsafe {
        x_re.write(&value.mapv(|z| z.re));
        x_im.write(&value.mapv(|z| z.im));
    }
    Ok(())
}
