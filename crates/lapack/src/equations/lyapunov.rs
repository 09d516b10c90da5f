//! The Lyapunov equations of continuous and of discrete time.

use ndarray::{Array2, ArrayRef2};

use super::stein;
use super::sylvester::{finite, in_schur_form};
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::layout::checked_area;
use crate::products::{matmul, same, square};
use crate::scalar::Scalar;
use crate::schur::Schur;

/// The solution `X` (n x n) of `a X + X aᵀ = q`, for `a` and `q` (n x n). About 30n³ operations.
///
/// For a stable `a` (eigenvalues in the left half-plane) and `q = −B Bᵀ`, it is the covariance of the stationary
/// state of `dx = a x dt + B dw`. When `q` is symmetric, so is the result, exactly.
///
/// ```
/// use lapwing_lapack::equations::continuous_lyapunov;
/// use ndarray::array;
/// let x = continuous_lyapunov(&array![[-1.0, 0.0], [0.0, -2.0]], &array![[-2.0, -3.0], [-3.0, -8.0]])?;
/// assert_eq!(x, array![[1.0, 1.0], [1.0, 2.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// The method of Bartels and Stewart (1972); `scipy.linalg.solve_continuous_lyapunov`, with its sign. LAPACK:
/// `gees`, `trsyl`.
///
/// # Errors
/// [`Error::DoesNotExist`] when two eigenvalues of `a` (or one, twice) have the sum 0, up to rounding;
/// [`Error::NotSquare`], [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
/// [`Error::NoConvergence`], [`Error::Overflow`].
pub fn continuous_lyapunov<T: Scalar>(a: &ArrayRef2<T>, q: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    check(a, q)?;
    let (t, u) = Schur::new(a)?.into_factors();
    let right = matmul(&matmul(&u.t(), q)?, &u)?;
    let y = in_schur_form(b'T', &t, &t, &right)?;
    finish("trsyl", q, &u, &y)
}

/// The solution `X` (n x n) of `a X aᵀ − X + q = 0`, for `a` and `q` (n x n). About 30n³ operations.
///
/// For a stable `a` (eigenvalues inside the unit circle) and `q = B Bᵀ`, it is the covariance of the stationary
/// state of `xₖ₊₁ = a xₖ + B wₖ`. When `q` is symmetric, so is the result, exactly.
///
/// ```
/// use lapwing_lapack::equations::discrete_lyapunov;
/// use ndarray::array;
/// // An autoregression with coefficient 0.6 has the variance 1 / (1 − 0.36).
/// let x = discrete_lyapunov(&array![[0.6]], &array![[1.0]])?;
/// assert!((x[[0, 0]] - 1.5625f64).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// Solved on the Schur form of `a` by halves (Kitagawa 1977; Jonsson and Kågström 2002);
/// `scipy.linalg.solve_discrete_lyapunov`, with its sign. No matrix is inverted, as
/// `a + I` is by the bilinear transformation that SciPy takes. LAPACK: `gees`.
///
/// # Errors
/// [`Error::DoesNotExist`] when two eigenvalues of `a` (or one, twice) have the product 1, up to rounding;
/// [`Error::NotSquare`], [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
/// [`Error::NoConvergence`], [`Error::Overflow`].
pub fn discrete_lyapunov<T: Scalar>(a: &ArrayRef2<T>, q: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    check(a, q)?;
    let (t, u) = Schur::new(a)?.into_factors();
    let mut y = matmul(&matmul(&u.t(), q)?, &u)?.mapv(|entry| -entry);
    stein::solve(&t, &t, &mut y)?;
    finish("a discrete Lyapunov equation", q, &u, &finite("a discrete Lyapunov equation", y)?)
}

fn check<T: Scalar>(a: &ArrayRef2<T>, q: &ArrayRef2<T>) -> Result<(), Error> {
    let n = square("a", a)?;
    same("q", "rows", q.nrows(), n, "the order of a")?;
    same("q", "columns", q.ncols(), n, "the order of a")?;
    to_int("the order of a", n)?;
    checked_area::<T>(n, n)?;
    require_finite("a", a)?;
    require_finite("q", q)
}

/// `u y uᵀ`, symmetric when `q` is.
fn finish<T: Scalar>(
    routine: &'static str,
    q: &ArrayRef2<T>,
    u: &Array2<T>,
    y: &Array2<T>,
) -> Result<Array2<T>, Error> {
    let x = matmul(&matmul(u, y)?, &u.t())?;
    let x = if q == q.t() { symmetrized(&x) } else { x };
    finite(routine, x)
}

/// `(x + xᵀ) / 2`.
pub(super) fn symmetrized<T: Scalar>(x: &Array2<T>) -> Array2<T> {
    let half = T::from_f64(0.5);
    Array2::from_shape_fn(x.dim(), |(i, j)| x[[i, j]] * half + x[[j, i]] * half)
}
