//! One pass over the rows of a data matrix in centred blocks, split over the cores.
//!
//! A block is copied once, centred on the way, and used while it is in the cache: no centred copy of the
//! data ever exists. Within the pass every product is single-threaded
//! ([`lapwing_lapack::kernel`]), because the pass itself is what runs in parallel.

use std::ops::Range;

use lapwing_lapack::{Scalar, threads, zeros};
use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use crate::error::Error;

/// Rows per block: about half a megabyte, which stays in a core's second-level cache, and enough rows
/// for the products over them to run at full speed.
pub(crate) fn rows_per_block(features: usize) -> usize {
    (65_536 / features.max(1)).clamp(128, 2048)
}

/// Below this many entries a second thread costs more than it saves.
const ENTRIES_PER_THREAD: usize = 1 << 16;

/// The row ranges that the threads take, each of at least `least` rows.
pub(crate) fn partition(rows: usize, features: usize, least: usize) -> Vec<Range<usize>> {
    threads::partition(rows, least.max(ENTRIES_PER_THREAD / features.max(1) + 1))
}

/// Calls `work` with each block of `x` less `mean`, and the rows of `out` (as many as `x` has) that belong to it.
///
/// The difference is taken in double precision and then rounded to the scalar of `out`.
pub(crate) fn map_centred<T: Scalar, U: Scalar>(
    x: &ArrayRef2<T>,
    mean: &ArrayRef1<f64>,
    out: &mut ArrayRef2<U>,
    work: impl Fn(&ArrayRef2<U>, ArrayViewMut2<U>) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let height = rows_per_block(x.ncols());
    let mut parts = Vec::new();
    let mut rest = out.view_mut();
    for range in partition(x.nrows(), x.ncols(), 1) {
        let (part, after) = rest.split_at(Axis(0), range.len());
        parts.push((range, part));
        rest = after;
    }
    let results = threads::map(parts, |(range, mut out)| {
        let mut buffer = zeros(height.min(range.len()), x.ncols())?;
        let rows = x.slice(s![range, ..]);
        for (rows, out) in
            rows.axis_chunks_iter(Axis(0), height).zip(out.axis_chunks_iter_mut(Axis(0), height))
        {
            let mut block = buffer.slice_mut(s![..rows.nrows(), ..]);
            subtract_from_rows(rows, mean, &mut block, U::from_f64);
            work(&block, out)?;
        }
        Ok(())
    });
    results.into_iter().collect()
}

/// The sum, over the blocks of `x` less `mean` in double precision, of what `work` adds to an accumulator of the given
/// shape.
pub(crate) fn sum_over_centred<T: Scalar>(
    x: &ArrayRef2<T>,
    mean: &ArrayRef1<f64>,
    (rows, cols): (usize, usize),
    work: impl Fn(&ArrayRef2<f64>, &mut ArrayRef2<f64>) -> Result<(), Error> + Sync,
) -> Result<Array2<f64>, Error> {
    let height = rows_per_block(x.ncols());
    let parts = threads::map(partition(x.nrows(), x.ncols(), 1), |range| -> Result<Array2<f64>, Error> {
        let mut buffer = zeros(height.min(range.len()), x.ncols())?;
        let mut sum = zeros(rows, cols)?;
        for rows in x.slice(s![range, ..]).axis_chunks_iter(Axis(0), height) {
            let mut block = buffer.slice_mut(s![..rows.nrows(), ..]);
            subtract_from_rows(rows, mean, &mut block, |x| x);
            work(&block, &mut sum)?;
        }
        Ok(sum)
    });
    let mut total = zeros(rows, cols)?;
    for part in parts {
        total += &part?;
    }
    Ok(total)
}

/// Writes each row of `rows` less `mean` into the same row of `block`.
///
/// Slices where the rows are contiguous: a general iterator's set-up costs more than a short row's work.
fn subtract_from_rows<T: Scalar, U: Scalar>(
    rows: ArrayView2<T>,
    mean: &ArrayRef1<f64>,
    block: &mut ArrayViewMut2<U>,
    round: impl Fn(f64) -> U,
) {
    for (row, mut centred) in rows.outer_iter().zip(block.outer_iter_mut()) {
        match (row.to_slice(), centred.as_slice_mut(), mean.as_slice()) {
            (Some(row), Some(centred), Some(mean)) => {
                for ((centred, x), mean) in centred.iter_mut().zip(row).zip(mean) {
                    *centred = round(x.as_f64() - mean);
                }
            }
            _ => {
                for ((centred, x), mean) in centred.iter_mut().zip(&row).zip(mean) {
                    *centred = round(x.as_f64() - mean);
                }
            }
        }
    }
}
