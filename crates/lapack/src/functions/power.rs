//! Integer powers.

use ndarray::{Array2, ArrayRef2};

use super::fractional::integer_power;
use super::{checked_order, finite};
use crate::error::Error;
use crate::layout::zeros;
use crate::lu::Lu;
use crate::scalar::Scalar;

/// `aᵏ` for `a` (n x n) and any integer k: at most 4n³ log₂|k| operations, and an inverse when k is negative. The
/// zeroth power is the identity, also of a singular matrix.
///
/// ```
/// use lapwing_lapack::functions::power;
/// use ndarray::array;
/// let fibonacci = power(&array![[1.0, 1.0], [1.0, 0.0]], 50)?;
/// assert_eq!(fibonacci[[0, 1]], 12586269025.0);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// Repeated squaring; `numpy.linalg.matrix_power`. LAPACK: `getrf` and `getri` when k is negative.
///
/// # Errors
/// [`Error::Singular`] when k is negative and `a` exactly singular; [`Error::NotSquare`], [`Error::NonFinite`],
/// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn power<T: Scalar>(a: &ArrayRef2<T>, k: i64) -> Result<Array2<T>, Error> {
    let n = checked_order(a)?;
    let base = if k < 0 { Lu::new(a)?.inverse()? } else { a.to_owned() };
    match integer_power(&base, k.unsigned_abs())? {
        Some(power) => finite("a matrix power", power),
        None => {
            let mut identity = zeros(n, n)?;
            identity.diag_mut().fill(T::one());
            Ok(identity)
        }
    }
}
