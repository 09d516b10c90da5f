//! Systems near the ends of the scalar's range, factored and solved as if they lay in its middle.
//!
//! OpenBLAS multiplies by the reciprocals of pivots. That of a pivot below the smallest normal number is
//! infinite, and that of one near the largest has lost bits; so a matrix whose largest entry is there is
//! factored times a power of two, which rounds nothing.

use ndarray::{Array, ArrayRef, ArrayRef2};

use crate::certificate::balancing_scale;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{column_major, from_columns};
use crate::products::same;
use crate::qr::into_columns;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;

/// The power of two that a matrix was multiplied by before it was factored: 1 for nearly every matrix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scaling<T>(T);

impl<T: Scalar> Scaling<T> {
    /// For routines that need none.
    pub(crate) fn none() -> Self {
        Self(T::one())
    }

    /// For a matrix whose entries have no larger magnitude than this.
    pub(crate) fn for_largest(largest: T) -> Self {
        let unit = T::UNIT_ROUNDOFF;
        let room = T::max_value() * unit;
        if largest > room {
            // By no more than the elimination may need, since small entries lose bits as they sink.
            Self(unit)
        } else if largest < T::min_positive_value() / unit / unit {
            Self(balancing_scale(&ndarray::arr2(&[[largest]])))
        } else {
            Self(T::one())
        }
    }

    /// Multiplies the entries of the matrix.
    pub(crate) fn apply(self, entries: &mut [T]) {
        if self.0 != T::one() {
            entries.iter_mut().for_each(|entry| *entry *= self.0);
        }
    }

    /// An entry of the scaled matrix.
    pub(crate) fn times(self, entry: T) -> T {
        entry * self.0
    }

    /// Whether to scale the right-hand side, whose largest magnitude this is, rather than the solution: where that
    /// brings it nearer to one.
    pub(crate) fn belongs_before(self, largest: T) -> bool {
        (self.0 > T::one()) == (largest <= T::one())
    }

    /// From the inverse of the scaled matrix to that of the matrix: the same factor.
    pub(crate) fn apply_to_inverse(self, entries: &mut [T]) {
        self.apply(entries);
    }

    /// From an entry of the scaled matrix to that of the matrix.
    pub(crate) fn undo(self, entry: T) -> T {
        // Not a product with the reciprocal, which may be subnormal where the power is not.
        if self.0 == T::one() { entry } else { entry / self.0 }
    }

    /// The exponent of the power of two.
    pub(crate) fn exponent(self) -> i64 {
        self.0.as_f64().log2().round() as i64
    }
}

/// The largest magnitude among these entries; 0 when there are none.
pub(crate) fn largest<'a, T: Scalar>(entries: impl IntoIterator<Item = &'a T>) -> T {
    entries.into_iter().fold(T::zero(), |largest, x| largest.max(x.abs()))
}

/// The solution `x` of `a x = b` for a matrix `a` of this order whose multiple by `scaling` has been factored:
/// checks `b`, has `solve` replace the columns of a copy (in place, given how many they are), and checks what comes
/// out.
pub(crate) fn solve_scaled<T: Scalar, D: RightHandSide>(
    order: usize,
    scaling: Scaling<T>,
    routine: &'static str,
    b: &ArrayRef<T, D>,
    solve: impl FnOnce(&mut [T], usize) -> Result<(), Error>,
) -> Result<Array<T, D>, Error> {
    let b = D::as_columns(b);
    require_right_hand_sides(order, &b)?;
    let columns = b.ncols();
    let mut x = into_columns(column_major(&b)?);
    if !x.is_empty() {
        let before = scaling.belongs_before(largest(&x));
        if before {
            scaling.apply(&mut x);
        }
        solve(&mut x, columns)?;
        if !before {
            scaling.apply_to_inverse(&mut x);
        }
        require_finite_result(routine, &x)?;
    }
    Ok(D::from_columns(from_columns(x, order, columns)))
}

/// Right-hand sides for a matrix of this order: its extent, a count that fits, finite entries.
pub(crate) fn require_right_hand_sides<T: Scalar>(order: usize, b: &ArrayRef2<T>) -> Result<(), Error> {
    same("b", "rows", b.nrows(), order, "the order of the matrix")?;
    to_int("the number of right-hand sides", b.ncols())?;
    require_finite("b", b)
}
