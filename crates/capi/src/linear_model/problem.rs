//! What every regression is fitted on: features, targets, and perhaps weights.

use lapwing_iterative::sprs::CsMatViewI;
use lapwing_lapack::{Error, Scalar};
use ndarray::{ArrayView1, ArrayView2, Axis};

use crate::arguments::vector;
use crate::sparse::{UncheckedRows, X};
use crate::status::Failure;
use crate::strided::Strided;
use crate::view::Unchecked;

/// Features in a dense or a sparse matrix, n x p; targets, n x t; a weight for each of the n samples, if there are any.
pub(super) struct Problem<'a, X, T> {
    pub(super) x: X,
    pub(super) y: ArrayView2<'a, T>,
    pub(super) weights: Option<ArrayView1<'a, T>>,
}

impl<'a, X, T> Problem<'a, X, T> {
    /// The targets of an estimator that takes one.
    pub(super) fn target(&self) -> Result<ArrayView1<'a, T>, Failure> {
        let (found, expected, reason) = (self.y.ncols(), 1, "the one target of this estimator");
        if found != expected {
            return Err(Error::Shape { argument: "y", extent: "columns", found, expected, reason }.into());
        }
        Ok(self.y.index_axis_move(Axis(1), 0))
    }
}

/// Weights, or none where their data is NULL.
fn optional<T>(weights: Unchecked<T>) -> Result<Option<Strided<T>>, Failure> {
    (!weights.data.is_null()).then(|| weights.input("weights")).transpose()
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] requires.
pub(super) unsafe fn dense<'a, T: Scalar>(
    x: Unchecked<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
) -> Result<Problem<'a, ArrayView2<'a, T>, T>, Failure> {
    let (x, y, weights) = (x.input("x")?, y.input("y")?, optional(weights)?);
    // SAFETY: this function's own condition.
    Ok(unsafe { Problem { x: x.view(), y: y.view(), weights: weights.map(|weights| vector(&weights)) } })
}

/// # Safety
/// The memory that the views describe is there, as [`UncheckedRows::named`] and
/// [`Strided::view`] require.
pub(super) unsafe fn sparse<'a, T: Scalar>(
    x: UncheckedRows<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
) -> Result<Problem<'a, CsMatViewI<'a, T, i32>, T>, Failure> {
    let (y, weights) = (y.input("y")?, optional(weights)?);
    // SAFETY: this function's own condition.
    unsafe {
        let x = x.named(&X)?.matrix;
        Ok(Problem { x, y: y.view(), weights: weights.map(|weights| vector(&weights)) })
    }
}
