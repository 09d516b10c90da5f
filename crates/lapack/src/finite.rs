//! The finite gate: NaN and infinities stop here.
//!
//! LAPACK must not see them: `gesdd` and `gesvd` loop for ever on an infinity, `syevr` reports success
//! with no eigenvalues, and `potrf` returns garbage with `info = 0`.

use ndarray::{ArrayRef2, ArrayView1, Axis, s};

use crate::error::Error;
use crate::layout::{MemoryOrder, memory_order, triangle_lanes};
use crate::scalar::Scalar;
use crate::threads;
use crate::triangle::Triangle;

/// Whether a decomposition scans its input first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FiniteCheck {
    #[default]
    Scan,
    Assume,
}

/// Checks that every entry of `a` is finite, at the speed of memory. `argument` is its name in the error.
///
/// # Errors
/// [`Error::NonFinite`] at the first entry, in row order, that is NaN or infinite.
pub fn require_finite<T: Scalar>(argument: &'static str, a: &ArrayRef2<T>) -> Result<(), Error> {
    let finite = match a.as_slice_memory_order() {
        Some(entries) => all_finite(entries),
        None => {
            let axis = if memory_order(a) == MemoryOrder::Rows { Axis(1) } else { Axis(0) };
            a.lanes(axis).into_iter().all(lane_is_finite)
        }
    };
    if finite { Ok(()) } else { Err(locate(argument, a, |_| 0..a.ncols())) }
}

/// The largest magnitude in `a`, which is read by every thread, and with it the check of [`require_finite`].
pub(crate) fn largest_magnitude<T: Scalar>(argument: &'static str, a: &ArrayRef2<T>) -> Result<T, Error> {
    let lanes = if memory_order(a) == MemoryOrder::Rows { a.view() } else { a.t() };
    let magnitudes = match lanes.as_slice() {
        Some(entries) => {
            threads::map(threads::partition(entries.len(), threads::GRAIN), |part| magnitude(&entries[part]))
        }
        None => {
            let grain = threads::GRAIN.div_ceil(lanes.ncols().max(1));
            threads::map(threads::partition(lanes.nrows(), grain), |part| {
                let largest = |largest: T, lane: ArrayView1<T>| Some(largest.max(lane_magnitude(lane)?));
                lanes.slice(s![part, ..]).outer_iter().try_fold(T::zero(), largest)
            })
        }
    };
    let largest = magnitudes.into_iter().try_fold(T::zero(), |largest, part| Some(largest.max(part?)));
    largest.ok_or_else(|| locate(argument, a, |_| 0..a.ncols()))
}

impl FiniteCheck {
    /// [`require_finite`], unless the caller vouches for the entries.
    pub(crate) fn require<T: Scalar>(self, argument: &'static str, a: &ArrayRef2<T>) -> Result<(), Error> {
        if self == FiniteCheck::Assume { Ok(()) } else { require_finite(argument, a) }
    }
}

/// As [`FiniteCheck::require`], for the entries of one triangle.
pub(crate) fn require_finite_triangle<T: Scalar>(
    check: FiniteCheck,
    argument: &'static str,
    a: &ArrayRef2<T>,
    triangle: Triangle,
) -> Result<(), Error> {
    if check == FiniteCheck::Assume {
        return Ok(());
    }
    let order = a.nrows();
    let (lanes, of_lanes) = triangle_lanes(a, triangle);
    let finite = lanes
        .outer_iter()
        .enumerate()
        .all(|(i, lane)| lane_is_finite(lane.slice(s![of_lanes.columns(i, order)])));
    if finite { Ok(()) } else { Err(locate(argument, a, |row| triangle.columns(row, order))) }
}

/// [`Error::Overflow`] when a result holds NaN or an infinity, although the input was finite.
pub(crate) fn require_finite_result<T: Scalar>(routine: &'static str, entries: &[T]) -> Result<(), Error> {
    if all_finite(entries) { Ok(()) } else { Err(Error::Overflow { routine, scalar: T::NAME }) }
}

/// `0 x` is zero exactly for finite `x`. Independent sums of it, a block at a time, run at the speed of
/// memory and let the scan stop early.
fn all_finite<T: Scalar>(entries: &[T]) -> bool {
    const LANES: usize = 16;
    entries.chunks(4096).all(|block| {
        let (groups, rest) = block.as_chunks::<LANES>();
        let mut sums = [T::zero(); LANES];
        for group in groups {
            for (sum, &x) in sums.iter_mut().zip(group) {
                *sum += x * T::zero();
            }
        }
        sums.iter().chain(rest).all(|x| x.is_finite())
    })
}

/// The largest magnitude of a lane; `None` when an entry is not finite.
fn lane_magnitude<T: Scalar>(lane: ArrayView1<T>) -> Option<T> {
    match lane.as_slice() {
        Some(entries) => magnitude(entries),
        None => lane.iter().try_fold(T::zero(), |largest, x| x.is_finite().then(|| largest.max(x.abs()))),
    }
}

/// The largest magnitude; as in [`all_finite`], sums of `0 x` tell whether every entry is finite, since a NaN
/// loses every comparison.
pub(crate) fn magnitude<T: Scalar>(entries: &[T]) -> Option<T> {
    const LANES: usize = 16;
    let (groups, rest) = entries.as_chunks::<LANES>();
    let (mut sums, mut largest) = ([T::zero(); LANES], [T::zero(); LANES]);
    for group in groups {
        for ((sum, largest), &x) in sums.iter_mut().zip(&mut largest).zip(group) {
            *sum += x * T::zero();
            *largest = if x.abs() > *largest { x.abs() } else { *largest };
        }
    }
    let finite = sums.iter().chain(rest).all(|x| x.is_finite());
    finite.then(|| largest.iter().chain(rest).fold(T::zero(), |largest, x| largest.max(x.abs())))
}

fn lane_is_finite<T: Scalar>(lane: ArrayView1<T>) -> bool {
    match lane.as_slice() {
        Some(entries) => all_finite(entries),
        None => lane.iter().all(|x| x.is_finite()),
    }
}

pub(crate) fn locate<T: Scalar>(
    argument: &'static str,
    a: &ArrayRef2<T>,
    columns: impl Fn(usize) -> std::ops::Range<usize>,
) -> Error {
    for (row, entries) in a.outer_iter().enumerate() {
        let columns = columns(row);
        if let Some(offset) = entries.slice(s![columns.clone()]).iter().position(|x| !x.is_finite()) {
            return Error::NonFinite { argument, row, col: columns.start + offset };
        }
    }
    unreachable!("called only when an entry in these columns is not finite")
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Every position of every layout: the error names the entry that was planted.
    #[test]
    fn names_the_planted_entry() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..5).flat_map(|i| (0..7).map(move |j| (i, j))) {
                let mut a = Array2::<f64>::zeros((5, 7));
                a[[row, col]] = bad;
                let mut wide = Array2::<f64>::zeros((10, 14));
                wide[[2 * row, 2 * col]] = bad;
                let column_major = a.t().as_standard_layout().into_owned().reversed_axes();
                let expected = Err(Error::NonFinite { argument: "a", row, col });
                assert_eq!(FiniteCheck::Scan.require("a", &a), expected);
                assert_eq!(FiniteCheck::Scan.require("a", &column_major), expected);
                assert_eq!(FiniteCheck::Scan.require("a", &wide.slice(s![..;2, ..;2])), expected);
                assert_eq!(FiniteCheck::Assume.require("a", &a), Ok(()));
            }
        }
    }

    /// The largest entry is found wherever it is, on several threads, and NaN and infinities are named.
    #[test]
    fn finds_the_largest_magnitude_or_what_is_not_finite() {
        assert_eq!(largest_magnitude("a", &Array2::<f32>::zeros((0, 3))), Ok(0.0));
        for (rows, cols) in [(5, 7), (1, 40), (150_001, 4)] {
            let places = [(0, 0), (rows - 1, cols - 1), (rows / 2, cols / 2)];
            for (row, col) in places {
                for (planted, expected) in [
                    (-3.5, Ok(3.5)),
                    (f64::NAN, Err(Error::NonFinite { argument: "a", row, col })),
                    (f64::NEG_INFINITY, Err(Error::NonFinite { argument: "a", row, col })),
                ] {
                    let mut wide = Array2::<f64>::ones((rows, 2 * cols));
                    wide[[row, 2 * col]] = planted;
                    let strided = wide.slice(s![.., ..;2]);
                    let packed = strided.as_standard_layout();
                    let column_major = packed.t().as_standard_layout().into_owned().reversed_axes();
                    for layout in [strided, packed.view(), column_major.view()] {
                        assert_eq!(largest_magnitude("a", &layout), expected);
                    }
                }
            }
        }
    }

    /// The triangle that is not referenced may hold anything.
    #[test]
    fn only_the_referenced_triangle_counts() {
        for (row, col) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))) {
            let mut a = Array2::<f32>::zeros((4, 4));
            a[[row, col]] = f32::NAN;
            for (triangle, referenced) in [(Triangle::Lower, col <= row), (Triangle::Upper, col >= row)] {
                let column_major = a.t().as_standard_layout().into_owned().reversed_axes();
                for layout in [a.view(), column_major.view()] {
                    let result = require_finite_triangle(FiniteCheck::Scan, "a", &layout, triangle);
                    assert_eq!(
                        result,
                        if referenced { Err(Error::NonFinite { argument: "a", row, col }) } else { Ok(()) }
                    );
                }
            }
        }
    }
}
