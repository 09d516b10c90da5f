//! The Sylvester equation `A X + X B = C`.

use ndarray::{Array2, ArrayRef2};

use crate::error::Error;
use crate::ffi::lapack::{Columns, to_int};
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{checked_area, column_major, from_columns};
use crate::products::{matmul, same, square};
use crate::qr::into_columns;
use crate::scalar::Scalar;
use crate::schur::Schur;

/// The solution `X` (m x n) of `a X + X b = c`, for `a` (m x m), `b` (n x n) and `c` (m x n). About 25(m³ + n³)
/// operations.
///
/// ```
/// use lapwing_lapack::equations::sylvester;
/// use ndarray::array;
/// let x = sylvester(&array![[1.0, 0.0], [0.0, 2.0]], &array![[3.0]], &array![[8.0], [5.0]])?;
/// assert_eq!(x, array![[2.0], [1.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// The method of Bartels and Stewart (1972) on the Schur forms of both; `scipy.linalg.solve_sylvester`. LAPACK:
/// `gees`, `trsyl`, whose scaling against overflow is undone.
///
/// # Errors
/// [`Error::DoesNotExist`] when `a` and `−b` have an eigenvalue in common, up to rounding: there is then no solution,
/// or more than one. [`Error::NotSquare`], [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`],
/// [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
pub fn sylvester<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    c: &ArrayRef2<T>,
) -> Result<Array2<T>, Error> {
    let (m, n) = (square("a", a)?, square("b", b)?);
    same("c", "rows", c.nrows(), m, "the order of a")?;
    same("c", "columns", c.ncols(), n, "the order of b")?;
    to_int("the order of a", m)?;
    to_int("the order of b", n)?;
    checked_area::<T>(m, n)?;
    for (name, matrix) in [("a", a), ("b", b), ("c", c)] {
        require_finite(name, matrix)?;
    }
    let (r, u) = Schur::new(a)?.into_factors();
    let (s, v) = Schur::new(b)?.into_factors();
    let right = matmul(&matmul(&u.t(), c)?, &v)?;
    let y = in_schur_form(b'N', &r, &s, &right)?;
    let x = matmul(&matmul(&u, &y)?, &v.t())?;
    finite("trsyl", x)
}

/// The solution of `r Y + Y op(s) = c`, with Schur forms `r` and `s`; `op` is `N` or `T`.
pub(super) fn in_schur_form<T: Scalar>(
    op: u8,
    r: &Array2<T>,
    s: &Array2<T>,
    c: &ArrayRef2<T>,
) -> Result<Array2<T>, Error> {
    let (m, n) = c.dim();
    if m == 0 || n == 0 {
        return Ok(Array2::zeros((m, n)));
    }
    let packed = "Schur forms are packed";
    let (r, s) = (r.as_slice_memory_order().expect(packed), s.as_slice_memory_order().expect(packed));
    let mut y = into_columns(column_major(c)?);
    let (info, scale) = T::trsyl(op, 1, r, s, Columns::new(&mut y, m, n)?);
    match info {
        0 => {}
        1.. => return Err(singular("the eigenvalues of two of its matrices cancel, up to rounding")),
        _ => return Err(Error::Internal { routine: "trsyl", info }),
    }
    // The routine solved for `scale · c`, which overflows where the solution itself does.
    if scale != T::one() {
        y.iter_mut().for_each(|entry| *entry /= scale);
    }
    require_finite_result("trsyl", &y)?;
    Ok(from_columns(y, m, n))
}

/// The error of a linear equation whose operator is singular.
pub(super) fn singular(reason: &str) -> Error {
    let reason = format!("{reason}; shift a matrix, or solve in the sense of least squares");
    Error::DoesNotExist { what: "a unique solution of the equation", reason }
}

/// The matrix, or [`Error::Overflow`] when an entry is not finite.
pub(super) fn finite<T: Scalar>(routine: &'static str, x: Array2<T>) -> Result<Array2<T>, Error> {
    require_finite("x", &x).map_err(|_| Error::Overflow { routine, scalar: T::NAME })?;
    Ok(x)
}
