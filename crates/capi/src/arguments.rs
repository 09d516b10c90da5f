//! What several exports ask of their arguments.

use lapwing_lapack::{Error, Triangle};
use ndarray::{ArrayRef1, ArrayView1, ArrayView2, Axis};

use crate::status::Failure;
use crate::strided::{Strided, require_disjoint};

/// The lower triangle, diagonal included, is read, or returned.
pub const LAPWING_LOWER: i32 = 0;
/// The upper triangle, diagonal included, is read, or returned.
pub const LAPWING_UPPER: i32 = 1;

/// The triangle that a constant of C names.
pub(crate) fn triangle(uplo: i32) -> Result<Triangle, Failure> {
    match uplo {
        LAPWING_LOWER => Ok(Triangle::Lower),
        LAPWING_UPPER => Ok(Triangle::Upper),
        _ => Err(Error::InvalidParameter {
            parameter: "uplo",
            value: uplo.to_string(),
            requirement: "LAPWING_LOWER (0) or LAPWING_UPPER (1)".to_owned(),
        }
        .into()),
    }
}

/// The order of a square input.
pub(crate) fn order<T>(a: &Strided<T>) -> Result<usize, Failure> {
    let (argument, [rows, cols]) = (a.name(), a.shape());
    if rows == cols { Ok(rows) } else { Err(Error::NotSquare { argument, rows, cols }.into()) }
}

/// Refuses outputs that overlap an input or one another; those that are not wanted are `None`.
pub(crate) fn require_separate<T>(
    inputs: &[&Strided<T>],
    outputs: &[Option<&Strided<T>>],
) -> Result<(), Failure> {
    let inputs: Vec<_> = inputs.iter().map(|input| input.region()).collect();
    let outputs: Vec<_> = outputs.iter().flatten().map(|output| output.region()).collect();
    require_disjoint(&inputs, &outputs)
}

/// A vector as the one column that [`Strided::write`] takes.
pub(crate) fn column<T>(values: &ArrayRef1<T>) -> ArrayView2<'_, T> {
    values.view().insert_axis(Axis(1))
}

/// The one column of a view.
///
/// # Safety
/// As [`Strided::view`].
pub(crate) unsafe fn vector<'a, T>(view: &Strided<T>) -> ArrayView1<'a, T> {
    // SAFETY: this function's own condition.
    unsafe { view.view() }.index_axis_move(Axis(1), 0)
}
