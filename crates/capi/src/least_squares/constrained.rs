//! Least squares with linear constraints, and with noise of a known covariance.

use lapwing_lapack::Scalar;
use lapwing_lapack::least_squares::{equality_constrained, gauss_markov};

use super::write;
use crate::arguments::{column, require_separate};
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32,
    lapwing_vec_mut_f64,
};

/// Least squares with linear constraints: the x that makes the norm of b - a * x least among those with c * x = d.
///
///  a              m x n, any strides; read only.
///  b              m entries.
///  c              p x n, of rank p; with a below or above it, of rank n.
///  d              p entries.
///  x              n entries.
///  residual_norm  the norm of b - a * x.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (the message names c, or both), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On
/// any error the outputs are untouched. Thread-safe. LAPACK: dgglse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_constrained_f64(
    a: lapwing_mat_f64,
    b: lapwing_vec_f64,
    c: lapwing_mat_f64,
    d: lapwing_vec_f64,
    x: lapwing_vec_mut_f64,
    residual_norm: *mut f64,
) -> lapwing_status {
    let inputs = [a.into(), b.into(), c.into(), d.into()];
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { lstsq_constrained::<f64>(inputs, x.into(), residual_norm) })
}

/// As lapwing_lstsq_constrained_f64, in single precision. LAPACK: sgglse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lstsq_constrained_f32(
    a: lapwing_mat_f32,
    b: lapwing_vec_f32,
    c: lapwing_mat_f32,
    d: lapwing_vec_f32,
    x: lapwing_vec_mut_f32,
    residual_norm: *mut f32,
) -> lapwing_status {
    let inputs = [a.into(), b.into(), c.into(), d.into()];
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { lstsq_constrained::<f32>(inputs, x.into(), residual_norm) })
}

/// # Safety
/// As [`super::lstsq`], for `residual_norm` too.
unsafe fn lstsq_constrained<T: Scalar>(
    [a, b, c, d]: [Unchecked<T>; 4],
    x: Unchecked<T>,
    residual_norm: *mut T,
) -> Result<(), Failure> {
    let (a, b, c, d) = (a.input("a")?, b.input("b")?, c.input("c")?, d.input("d")?);
    let x = x.output("x")?;
    x.require_shape(&[(a.shape()[1], "the columns of a")])?;
    require_pointer("residual_norm", residual_norm)?;
    require_separate(&[&a, &b, &c, &d], &[Some(&x)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let (a, b, c, d) = unsafe { (a.view(), b.view(), c.view(), d.view()) };
    let fit = equality_constrained(&a, &b.column(0), &c, &d.column(0))?;
    // SAFETY: as above; the pointer is neither NULL nor misaligned.
    unsafe {
        x.write(&column(&fit.solution()));
        residual_norm.write(fit.residual_norm());
    }
    Ok(())
}

/// The general Gauss-Markov linear model: of all x and y with d = a * x + b * y, those with the shortest y. With b the
/// Cholesky factor of the covariance of the observations d, this is generalized least squares.
///
///  a  n x m, any strides, of rank m; read only.
///  b  n x p, such that a and b side by side have rank n.
///  d  n entries.
///  x  m entries.
///  y  p entries; NULL data when not wanted.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (the message names a, or both), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On
/// any error the outputs are untouched. Thread-safe. LAPACK: dggglm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gauss_markov_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    d: lapwing_vec_f64,
    x: lapwing_vec_mut_f64,
    y: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { generalized::<f64>([a.into(), b.into(), d.into()], x.into(), y.into()) })
}

/// As lapwing_gauss_markov_f64, in single precision. LAPACK: sggglm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gauss_markov_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    d: lapwing_vec_f32,
    x: lapwing_vec_mut_f32,
    y: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { generalized::<f32>([a.into(), b.into(), d.into()], x.into(), y.into()) })
}

/// # Safety
/// As [`super::lstsq`].
unsafe fn generalized<T: Scalar>(
    [a, b, d]: [Unchecked<T>; 3],
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    let (a, b, d) = (a.input("a")?, b.input("b")?, d.input("d")?);
    let (x, y) = (x.output("x")?, y.optional_output("y")?);
    x.require_shape(&[(a.shape()[1], "the columns of a")])?;
    if let Some(y) = &y {
        y.require_shape(&[(b.shape()[1], "the columns of b")])?;
    }
    require_separate(&[&a, &b, &d], &[Some(&x), y.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b, d) = unsafe { (a.view(), b.view(), d.view()) };
    let fit = gauss_markov(&a, &b, &d.column(0))?;
    // SAFETY: as above.
    unsafe {
        x.write(&column(&fit.solution()));
        write(&y, &column(&fit.noise()));
    }
    Ok(())
}
