//! The square problem that is left of every least squares problem once QR has taken off the long side.

use ndarray::{Array1, Array2, ArrayRef1, Axis, s};

use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::layout::{column_major, from_columns};
use crate::products::{gemm, matmul};
use crate::qr::{expect_success, into_columns};
use crate::scalar::Scalar;
use crate::size::{checked_length, workspace_length};
use crate::svd::Svd;

/// The solution of least norm of a square system, column-major, with the rank that was decided.
pub(super) struct CoreSolution<T: Scalar> {
    pub(super) x: Array2<T>,
    pub(super) rank: usize,
    /// Largest first; of the methods, only the SVD knows them.
    pub(super) singular_values: Option<Array1<T>>,
}

/// By the SVD, for a packed square `a`. Singular values up to `rcond` times the largest count as zero.
pub(super) fn by_svd<T: Scalar>(a: &Array2<T>, b: &Array2<T>, rcond: f64) -> Result<CoreSolution<T>, Error> {
    let (order, right_hand_sides) = b.dim();
    let (mut matrix, mut x) = (into_columns(column_major(a)?), into_columns(column_major(b)?));
    // The documented minimum, with the SMLSIZ = 25 of LAPACK's ilaenv; gelsd itself refuses less than it needs
    // of `work`, but never looks at the length of `iwork`, which is therefore that for any SMLSIZ.
    let (n, columns) = (order as u128, right_hand_sides as u128);
    let levels = u128::from(order.max(1).ilog2()) + 1;
    let minimum = 12 * n + 50 * n + 8 * n * levels + n * columns + 26 * 26;
    let optimum = || T::gelsd_optimum(order as Int, right_hand_sides as Int);
    let mut work = zeroed(workspace_length("the workspace of gelsd", minimum, optimum)?)?;
    let mut iwork = vec![0; checked_length("the workspace of gelsd", n * (3 * levels + 11))?];
    let mut singular_values = zeroed(order)?;
    // gelsd takes zero for "the roundoff".
    let tolerance = T::from_f64(rcond).max(T::min_positive_value());
    let (info, rank) = T::gelsd(
        Columns::new(&mut matrix, order, order)?,
        Columns::new(&mut x, order, right_hand_sides)?,
        &mut singular_values,
        tolerance,
        &mut work,
        &mut iwork,
    );
    if info > 0 {
        return by_explicit_svd(a, b, rcond);
    }
    expect_success("gelsd", info)?;
    Ok(CoreSolution {
        x: from_columns(x, order, right_hand_sides),
        rank: rank as usize,
        singular_values: Some(singular_values.into()),
    })
}

/// What [`by_svd`] falls back on when `gelsd` does not converge: the factors of [`Svd`], which has a fallback
/// of its own.
fn by_explicit_svd<T: Scalar>(a: &Array2<T>, b: &Array2<T>, rcond: f64) -> Result<CoreSolution<T>, Error> {
    let (u, values, vt) = Svd::thin(a)?.into_factors();
    let rank = count_above(&values, rcond);
    let mut projected = matmul(&u.slice(s![.., ..rank]).t(), b)?;
    for (mut row, &value) in projected.axis_iter_mut(Axis(0)).zip(&values) {
        row.mapv_inplace(|entry| entry / value);
    }
    let mut x = column_major(b)?;
    gemm(T::one(), &vt.slice(s![..rank, ..]).t(), &projected, T::zero(), &mut x)?;
    Ok(CoreSolution { x, rank, singular_values: Some(values) })
}

/// How many of the values, largest first, exceed `rcond` times the first.
pub(super) fn count_above<T: Scalar>(values: &ArrayRef1<T>, rcond: f64) -> usize {
    let largest = values.first().map_or(0.0, |value| value.as_f64());
    values.iter().take_while(|value| value.as_f64() > rcond * largest).count()
}

/// By a complete orthogonal factorization, for a packed square `a`. The rank is the order of the largest leading
/// triangle of the column-pivoted R whose estimated reciprocal condition number exceeds `rcond`.
pub(super) fn by_complete_orthogonal<T: Scalar>(
    a: &Array2<T>,
    b: &Array2<T>,
    rcond: f64,
) -> Result<CoreSolution<T>, Error> {
    let (order, right_hand_sides) = b.dim();
    let (mut matrix, mut x) = (into_columns(column_major(a)?), into_columns(column_major(b)?));
    let (n, columns) = (order as u128, right_hand_sides as u128);
    let minimum = n + (2 * n).max(n + 1).max(n + columns);
    let optimum = || T::gelsy_optimum(order as Int, right_hand_sides as Int);
    let mut work = zeroed(workspace_length("the workspace of gelsy", minimum, optimum)?)?;
    let (info, rank) = T::gelsy(
        Columns::new(&mut matrix, order, order)?,
        Columns::new(&mut x, order, right_hand_sides)?,
        T::from_f64(rcond),
        &mut work,
    );
    expect_success("gelsy", info)?;
    let x = from_columns(x, order, right_hand_sides);
    Ok(CoreSolution { x, rank: rank as usize, singular_values: None })
}

/// The reciprocal condition number in the 1-norm of an upper triangle inside a column-major matrix, whose first
/// entry is the first of `a` and whose columns lie `ld` apart.
pub(super) fn triangle_reciprocal_condition<T: Scalar>(
    order: usize,
    a: &[T],
    ld: usize,
) -> Result<f64, Error> {
    if order == 0 {
        return Ok(1.0);
    }
    let (mut work, mut iwork) =
        (zeroed(checked_length("the workspace of trcon", 3 * order as u128)?)?, vec![0; order]);
    let (info, reciprocal) = T::upper_trcon(order as Int, a, ld as Int, &mut work, &mut iwork);
    expect_success("trcon", info)?;
    // Of a NaN and a number, `max` is the number.
    Ok(reciprocal.as_f64().max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::standard_normal;

    /// No matrix is known on which `gelsd` gives up, so its fallback is run by itself: it solves the same
    /// problem, full rank and deficient, to the condition number (below 1e4 here) times the roundoff.
    #[test]
    fn the_fallback_agrees() {
        for (order, rank) in [(1, 1), (6, 6), (6, 3), (40, 40), (40, 17)] {
            let a = standard_normal(order, rank, 1).dot(&standard_normal(rank, order, 2));
            let b = standard_normal(order, 3, 3);
            let rcond = 2.0 * order as f64 * f64::UNIT_ROUNDOFF;
            let (by_driver, by_hand) =
                (by_svd(&a, &b, rcond).unwrap(), by_explicit_svd(&a, &b, rcond).unwrap());
            assert_eq!((by_driver.rank, by_hand.rank), (rank, rank));
            let values = by_driver.singular_values.unwrap();
            let condition = values[0] / values[rank - 1];
            let scale = by_driver.x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
            let bound = 50.0 * order as f64 * f64::EPSILON * condition * condition * scale;
            assert!((&by_driver.x - &by_hand.x).iter().all(|difference| difference.abs() <= bound));
        }
    }
}
