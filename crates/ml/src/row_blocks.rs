//! One pass over the rows of a data matrix in centred blocks, split over the cores.
//!
//! A block is copied once, centred on the way, and used while it is in the cache: no centred copy of the
//! data ever exists. Within the pass every product is single-threaded
//! ([`lapwing_lapack::kernel`]), because the pass itself is what runs in parallel.

use std::ops::Range;

use lapwing_lapack::{Scalar, threads};
use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use crate::error::Error;

/// Rows per block: about half a megabyte, which stays in a core's second-level cache, and enough rows
/// for the products over them to run at full speed.
pub(crate) fn rows_per_block(features: usize) -> usize {
    (65_536 / features.max(1)).clamp(128, 2048)
}

/// Below this many entries a second thread costs more than it saves.
const ENTRIES_PER_THREAD: usize = 1 << 16;

/// The row ranges that the threads take.
pub(crate) fn partition(rows: usize, features: usize) -> Vec<Range<usize>> {
    threads::partition(rows, ENTRIES_PER_THREAD / features.max(1) + 1)
}

/// Calls `work` with each block of `x` less `mean`, and the rows of `out` (as many as `x` has) that belong to it.
pub(crate) fn map_centred<T: Scalar>(
    x: &ArrayRef2<T>,
    mean: &ArrayRef1<T>,
    out: &mut ArrayRef2<T>,
    work: impl Fn(&ArrayRef2<T>, ArrayViewMut2<T>) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let height = rows_per_block(x.ncols());
    let mut parts = Vec::new();
    let mut rest = out.view_mut();
    for range in partition(x.nrows(), x.ncols()) {
        let (part, after) = rest.split_at(Axis(0), range.len());
        parts.push((range, part));
        rest = after;
    }
    let results = threads::map(parts, |(range, mut out)| {
        let mut buffer = Array2::zeros((height.min(range.len()), x.ncols()));
        let rows = x.slice(s![range, ..]);
        for (rows, out) in
            rows.axis_chunks_iter(Axis(0), height).zip(out.axis_chunks_iter_mut(Axis(0), height))
        {
            let mut block = buffer.slice_mut(s![..rows.nrows(), ..]);
            subtract_from_rows(rows, mean, &mut block, |x| x);
            work(&block, out)?;
        }
        Ok(())
    });
    results.into_iter().collect()
}

/// Writes each row of `rows`, converted, less `mean` into the same row of `block`.
///
/// Slices where the rows are contiguous: a general iterator's set-up costs more than a short row's work.
pub(crate) fn subtract_from_rows<T: Scalar, U: Scalar>(
    rows: ArrayView2<T>,
    mean: &ArrayRef1<U>,
    block: &mut ArrayViewMut2<U>,
    convert: impl Fn(T) -> U,
) {
    for (row, mut centred) in rows.outer_iter().zip(block.outer_iter_mut()) {
        match (row.to_slice(), centred.as_slice_mut(), mean.as_slice()) {
            (Some(row), Some(centred), Some(mean)) => {
                for ((centred, &x), &mean) in centred.iter_mut().zip(row).zip(mean) {
                    *centred = convert(x) - mean;
                }
            }
            _ => {
                for ((centred, &x), &mean) in centred.iter_mut().zip(&row).zip(mean) {
                    *centred = convert(x) - mean;
                }
            }
        }
    }
}
