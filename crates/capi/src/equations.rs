//! Matrix equations: Sylvester, Lyapunov, Riccati.

use lapwing_lapack::equations::{Riccati, RiccatiParams, continuous_lyapunov, discrete_lyapunov, sylvester};
use lapwing_lapack::{Error, Scalar};
use ndarray::{Array2, ArrayRef2};

use crate::arguments::{column, order, require_separate};
use crate::guard::guard;
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Sylvester equation, a * x + x * b = c.
///
///  a  m x m, any strides; read only.
///  b  n x n, likewise.
///  c  m x n, likewise.
///  x  m x n.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a and -b have an eigenvalue in common, up to rounding),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the
/// output is untouched. Thread-safe. LAPACK: dgees, dtrsyl.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sylvester_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    c: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { sylvester_into::<f64>(a.into(), b.into(), c.into(), x.into()) })
}

/// As lapwing_sylvester_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sylvester_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    c: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { sylvester_into::<f32>(a.into(), b.into(), c.into(), x.into()) })
}

/// Lyapunov equation of continuous time, a * x + x * transpose(a) = q, with the sign of SciPy.
///
///  a  n x n, any strides; read only.
///  q  n x n, likewise; when it is symmetric, so is x.
///  x  n x n.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (two eigenvalues of a have the sum 0, up to rounding),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the
/// output is untouched. Thread-safe. LAPACK: dgees, dtrsyl.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_continuous_lyapunov_f64(
    a: lapwing_mat_f64,
    q: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { lyapunov::<f64>(a.into(), q.into(), x.into(), continuous_lyapunov) })
}

/// As lapwing_continuous_lyapunov_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_continuous_lyapunov_f32(
    a: lapwing_mat_f32,
    q: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { lyapunov::<f32>(a.into(), q.into(), x.into(), continuous_lyapunov) })
}

/// Lyapunov equation of discrete time, a * x * transpose(a) - x + q = 0, with the sign of SciPy.
///
///  a  n x n, any strides; read only.
///  q  n x n, likewise; when it is symmetric, so is x.
///  x  n x n.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (two eigenvalues of a have the product 1, up to rounding),
/// LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the
/// output is untouched. Thread-safe. LAPACK: dgees.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discrete_lyapunov_f64(
    a: lapwing_mat_f64,
    q: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { lyapunov::<f64>(a.into(), q.into(), x.into(), discrete_lyapunov) })
}

/// As lapwing_discrete_lyapunov_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discrete_lyapunov_f32(
    a: lapwing_mat_f32,
    q: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { lyapunov::<f32>(a.into(), q.into(), x.into(), discrete_lyapunov) })
}

/// Stabilizing solution of the Riccati equation of continuous time, with ' for the transpose:
/// a' x e + e' x a - (e' x b + s) inverse(r) (b' x e + s') + q = 0.
///
///  a           n x n, any strides; read only.
///  b           n x m, likewise.
///  q           n x n, symmetric, likewise.
///  r           m x m, symmetric, not singular, likewise.
///  e           n x n, not singular, likewise; a view with NULL data for the identity.
///  s           n x m, likewise; a view with NULL data for zero.
///  x           n x n, symmetric.
///  gain        m x n, the feedback k of the control u = -k * x, inverse(r) (b' x e + s'); a view with NULL data when
///              not wanted.
///  w_re, w_im  the parts of the n eigenvalues of the closed loop a - b * gain (of its pencil with e), all stable; a
///              view with NULL data when not wanted.
///  residual    receives the 1-norm of what the two sides of the equation differ by, over the sum of the norms of its
///              terms: a few units of the roundoff unless the equation is ill-conditioned; NULL when not wanted.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (there is no stabilizing solution), LAPWING_ERR_NOT_SYMMETRIC (q or r),
/// LAPWING_ERR_RANK_DEFICIENT (r or e), LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe. LAPACK: dgges, dtgsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_continuous_riccati_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    q: lapwing_mat_f64,
    r: lapwing_mat_f64,
    e: lapwing_mat_f64,
    s: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
    gain: lapwing_mat_mut_f64,
    w_re: lapwing_vec_mut_f64,
    w_im: lapwing_vec_mut_f64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        riccati::<f64>(
            [a.into(), b.into(), q.into(), r.into()],
            [e.into(), s.into()],
            [x.into(), gain.into(), w_re.into(), w_im.into()],
            residual,
            |p, [a, b, q, r]| p.continuous(a, b, q, r),
        )
    })
}

/// As lapwing_continuous_riccati_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_continuous_riccati_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    q: lapwing_mat_f32,
    r: lapwing_mat_f32,
    e: lapwing_mat_f32,
    s: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
    gain: lapwing_mat_mut_f32,
    w_re: lapwing_vec_mut_f32,
    w_im: lapwing_vec_mut_f32,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        riccati::<f32>(
            [a.into(), b.into(), q.into(), r.into()],
            [e.into(), s.into()],
            [x.into(), gain.into(), w_re.into(), w_im.into()],
            residual,
            |p, [a, b, q, r]| p.continuous(a, b, q, r),
        )
    })
}

/// Stabilizing solution of the Riccati equation of discrete time, with ' for the transpose:
/// a' x a - e' x e - (a' x b + s) inverse(r + b' x b) (b' x a + s') + q = 0.
///
///  a           n x n, any strides; read only.
///  b           n x m, likewise.
///  q           n x n, symmetric, likewise.
///  r           m x m, symmetric, likewise.
///  e           n x n, not singular, likewise; a view with NULL data for the identity.
///  s           n x m, likewise; a view with NULL data for zero.
///  x           n x n, symmetric.
///  gain        m x n, the feedback k of the control u = -k * x, inverse(r + b' x b) (b' x a + s'); a view with NULL
///              data when not wanted.
///  w_re, w_im  the parts of the n eigenvalues of the closed loop a - b * gain (of its pencil with e), all stable; a
///              view with NULL data when not wanted.
///  residual    receives the 1-norm of what the two sides of the equation differ by, over the sum of the norms of its
///              terms: a few units of the roundoff unless the equation is ill-conditioned; NULL when not wanted.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (there is no stabilizing solution), LAPWING_ERR_NOT_SYMMETRIC (q or r),
/// LAPWING_ERR_RANK_DEFICIENT (e), LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_OVERFLOW, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe. LAPACK: dgges, dtgsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discrete_riccati_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    q: lapwing_mat_f64,
    r: lapwing_mat_f64,
    e: lapwing_mat_f64,
    s: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
    gain: lapwing_mat_mut_f64,
    w_re: lapwing_vec_mut_f64,
    w_im: lapwing_vec_mut_f64,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        riccati::<f64>(
            [a.into(), b.into(), q.into(), r.into()],
            [e.into(), s.into()],
            [x.into(), gain.into(), w_re.into(), w_im.into()],
            residual,
            |p, [a, b, q, r]| p.discrete(a, b, q, r),
        )
    })
}

/// As lapwing_discrete_riccati_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discrete_riccati_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    q: lapwing_mat_f32,
    r: lapwing_mat_f32,
    e: lapwing_mat_f32,
    s: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
    gain: lapwing_mat_mut_f32,
    w_re: lapwing_vec_mut_f32,
    w_im: lapwing_vec_mut_f32,
    residual: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe {
        riccati::<f32>(
            [a.into(), b.into(), q.into(), r.into()],
            [e.into(), s.into()],
            [x.into(), gain.into(), w_re.into(), w_im.into()],
            residual,
            |p, [a, b, q, r]| p.discrete(a, b, q, r),
        )
    })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require.
unsafe fn sylvester_into<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    c: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (a, b, c, x) = (a.input("a")?, b.input("b")?, c.input("c")?, x.output("x")?);
    x.require_shape(&[(order(&a)?, "the order of a"), (order(&b)?, "the order of b")])?;
    require_separate(&[&a, &b, &c], &[Some(&x)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let solution = unsafe { sylvester(&a.view(), &b.view(), &c.view()) }?;
    // SAFETY: as above.
    unsafe { x.write(&solution) };
    Ok(())
}

/// # Safety
/// As [`sylvester_into`].
unsafe fn lyapunov<T: Scalar>(
    a: Unchecked<T>,
    q: Unchecked<T>,
    x: Unchecked<T>,
    solve: impl FnOnce(&ArrayRef2<T>, &ArrayRef2<T>) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    let (a, q, x) = (a.input("a")?, q.input("q")?, x.output("x")?);
    let order = order(&a)?;
    x.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    require_separate(&[&a, &q], &[Some(&x)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let solution = unsafe { solve(&a.view(), &q.view()) }?;
    // SAFETY: as above.
    unsafe { x.write(&solution) };
    Ok(())
}

/// # Safety
/// As [`sylvester_into`]; `residual` is NULL or can be written to.
unsafe fn riccati<T: Scalar>(
    [a, b, q, r]: [Unchecked<T>; 4],
    [e, s]: [Unchecked<T>; 2],
    [x, gain, w_re, w_im]: [Unchecked<T>; 4],
    residual: *mut f64,
    solve: impl FnOnce(&RiccatiParams<T>, [&ArrayRef2<T>; 4]) -> Result<Riccati<T>, Error>,
) -> Result<(), Failure> {
    let (a, b, q, r) = (a.input("a")?, b.input("b")?, q.input("q")?, r.input("r")?);
    let (e, s) = (optional_input(e, "e")?, optional_input(s, "s")?);
    let (x, gain) = (x.output("x")?, gain.optional_output("gain")?);
    let (w_re, w_im) = (w_re.optional_output("w_re")?, w_im.optional_output("w_im")?);
    let residual = Numbers::optional("residual", residual, 1)?;
    let (n, m) = (order(&a)?, b.shape()[1]);
    x.require_shape(&[(n, "the order of a"), (n, "the order of a")])?;
    if let Some(gain) = &gain {
        gain.require_shape(&[(m, "the columns of b"), (n, "the order of a")])?;
    }
    for eigenvalues in w_re.iter().chain(&w_im) {
        eigenvalues.require_shape(&[(n, "the order of a")])?;
    }
    let inputs: Vec<_> = [&a, &b, &q, &r].into_iter().chain(&e).chain(&s).collect();
    require_separate(&inputs, &[Some(&x), gain.as_ref(), w_re.as_ref(), w_im.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (a, b, q, r) = unsafe { (a.view(), b.view(), q.view(), r.view()) };
    // SAFETY: as above.
    let (e, s) = unsafe { (e.map(|e| e.view()), s.map(|s| s.view())) };
    let mut params = Riccati::params();
    if let Some(e) = &e {
        params = params.descriptor(e);
    }
    if let Some(s) = &s {
        params = params.cross(s);
    }
    let solved = solve(&params, [&a, &b, &q, &r])?;
    // SAFETY: as above.
    unsafe {
        x.write(&solved.solution());
        if let Some(gain) = gain {
            gain.write(&solved.gain());
        }
        if let Some(w_re) = w_re {
            w_re.write(&column(&solved.eigenvalues().mapv(|z| z.re)));
        }
        if let Some(w_im) = w_im {
            w_im.write(&column(&solved.eigenvalues().mapv(|z| z.im)));
        }
        residual.write([solved.residual()]);
    }
    Ok(())
}

/// The view of an input, or `None` when NULL data says that it is not there.
fn optional_input<T>(view: Unchecked<T>, name: &'static str) -> Result<Option<Strided<T>>, Failure> {
    if view.data.is_null() { Ok(None) } else { view.input(name).map(Some) }
}
