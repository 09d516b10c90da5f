//! The matrix sign function.

use ndarray::{Array2, ArrayRef2, s};

use super::{checked_order, finite, is_diagonal, on_diagonal};
use crate::certificate::one_norm;
use crate::error::Error;
use crate::ffi::lapack::Columns;
use crate::layout::{column_major, from_columns, zeros};
use crate::products::matmul;
use crate::qr::into_columns;
use crate::scalar::Scalar;
use crate::schur::Schur;

const NAME: &str = "the matrix sign";

/// The sign of `a` (n x n): the matrix with the same invariant subspaces whose eigenvalues are 1 where those of `a`
/// lie in the right half-plane and −1 in the left. Its square is the identity, and `(I ± sign) / 2` are the spectral
/// projectors. About 30n³ operations.
///
/// ```
/// use lapwing_lapack::functions::signm;
/// use ndarray::array;
/// let sign = signm(&array![[3.0, 2.0], [0.0, -1.0]])?;
/// assert!((&sign - &array![[1.0, 1.0], [0.0, -1.0f64]]).iter().all(|d| d.abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// From the Schur form with the right half-plane first, the off-diagonal block is one Sylvester equation: no
/// iteration, and no inverse of an ill-conditioned matrix; `scipy.linalg.signm`. LAPACK: `gees`, `trsen`, `trsyl`.
///
/// # Errors
/// [`Error::DoesNotExist`] when an eigenvalue lies within `n ε ‖a‖₁` of the imaginary axis (exactly on it, for a
/// diagonal matrix): rounding alone would then decide its sign. [`Error::NotSquare`], [`Error::NonFinite`],
/// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
pub fn signm<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let n = checked_order(a)?;
    if is_diagonal(a) {
        return on_diagonal(
            a,
            |x| if x == T::zero() { Err(undefined("0".to_owned())) } else { Ok(x.signum()) },
        );
    }
    let schur = Schur::ordered(a, |z| z.re > T::zero())?;
    let rounding = one_norm(a).as_f64() * n as f64 * T::UNIT_ROUNDOFF.as_f64();
    if let Some(value) = schur.eigenvalues().iter().find(|z| z.re.abs().as_f64() <= rounding) {
        return Err(undefined(value.to_string()));
    }
    let k = schur.leading();
    let (t, q) = schur.into_factors();
    let mut sign = zeros(n, n)?;
    sign.diag_mut().slice_mut(s![..k]).fill(T::one());
    sign.diag_mut().slice_mut(s![k..]).fill(-T::one());
    if k > 0 && k < n {
        // T sign(T) = sign(T) T, read at the off-diagonal block: T₁₁ X − X T₂₂ = 2 T₁₂.
        let packed = |rows, cols| Ok::<_, Error>(into_columns(column_major(&t.slice(s![rows, cols]))?));
        let (first, second) = (packed(0..k, 0..k)?, packed(k..n, k..n)?);
        let mut x = packed(0..k, k..n)?;
        let (info, scale) = T::trsyl(b'N', -1, &first, &second, Columns::new(&mut x, k, n - k)?);
        match info {
            0 => {}
            1.. => return Err(undefined("that rounding moves across the axis".to_owned())),
            _ => return Err(Error::Internal { routine: "trsyl", info }),
        }
        let factor = T::from_f64(2.0) / scale;
        sign.slice_mut(s![..k, k..]).assign(&from_columns(x, k, n - k).mapv(|x| x * factor));
    }
    finite(NAME, matmul(&matmul(&q, &sign)?, &q.t())?)
}

fn undefined(value: String) -> Error {
    let reason =
        format!("the eigenvalue {value} lies on the imaginary axis, up to rounding; shift the matrix");
    Error::DoesNotExist { what: NAME, reason }
}
