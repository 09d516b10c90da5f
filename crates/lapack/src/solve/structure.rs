//! What a matrix looks like: found in one pass that a dense matrix ends at once.

use ndarray::{ArrayRef2, ArrayView2};

use crate::layout::{MemoryOrder, memory_order};
use crate::scalar::Scalar;

/// How far the entries that are not zero reach below the diagonal and above it.
pub(super) fn bandwidths<T: Scalar>(a: &ArrayRef2<T>) -> (usize, usize) {
    let (lanes, flipped): (ArrayView2<T>, bool) = match memory_order(a) {
        MemoryOrder::Rows => (a.view(), false),
        MemoryOrder::Columns => (a.t(), true),
    };
    let (mut before, mut after) = (0, 0);
    for (i, lane) in lanes.outer_iter().enumerate() {
        // From the ends inward, and no further than what is known already.
        let first = (0..i.saturating_sub(before)).find(|&j| lane[j] != T::zero());
        before = first.map_or(before, |j| i - j);
        let last = (i + after + 1..lane.len()).rev().find(|&j| lane[j] != T::zero());
        after = last.map_or(after, |j| j - i);
    }
    if flipped { (after, before) } else { (before, after) }
}

/// Whether the square matrix `a` equals its transpose exactly. Up to rounding would not do: the methods that follow
/// read one triangle, and would answer for another matrix.
pub(super) fn is_symmetric<T: Scalar>(a: &ArrayRef2<T>) -> bool {
    // One of the two triangles is walked against its memory order, whichever it is; by tiles, it stays in cache.
    const TILE: usize = 32;
    let n = a.nrows();
    (0..n).step_by(TILE).flat_map(|i| (0..=i).step_by(TILE).map(move |j| (i, j))).all(|(row, col)| {
        (row..n.min(row + TILE)).all(|i| (col..i.min(col + TILE)).all(|j| a[[i, j]] == a[[j, i]]))
    })
}
