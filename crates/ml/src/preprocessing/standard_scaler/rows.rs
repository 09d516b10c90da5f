//! One pass over the entries of a matrix, split over the cores.

use lapwing_lapack::{Scalar, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use crate::error::Error;
use crate::row_blocks::partition;

/// `entry(x, shift, scale)` of each entry and the numbers of its column, in double precision and rounded back; in the memory
/// order of `x`, so that both matrices stream.
pub(super) fn map_entries<T: Scalar>(
    x: &ArrayRef2<T>,
    shift: &Array1<f64>,
    scale: &Array1<f64>,
    entry: impl Fn(f64, f64, f64) -> f64 + Sync,
) -> Result<Array2<T>, Error> {
    let column_major = x.ncols() > 1 && x.strides()[1] != 1;
    let mut out = if column_major {
        zeros(x.ncols(), x.nrows())?.reversed_axes()
    } else {
        zeros(x.nrows(), x.ncols())?
    };
    let mut parts = Vec::new();
    let mut rest = out.view_mut();
    for range in partition(x.nrows(), x.ncols(), 1) {
        let (part, after) = rest.split_at(Axis(0), range.len());
        parts.push((x.slice(s![range, ..]), part));
        rest = after;
    }
    threads::map(parts, |(x, out): (ArrayView2<T>, ArrayViewMut2<T>)| {
        if column_major {
            for (((column, mut out), &shift), &scale) in
                x.columns().into_iter().zip(out.reversed_axes().outer_iter_mut()).zip(shift).zip(scale)
            {
                out.zip_mut_with(&column, |out, x| *out = T::from_f64(entry(x.as_f64(), shift, scale)));
            }
            return;
        }
        let mut out = out;
        for (row, mut out) in x.outer_iter().zip(out.outer_iter_mut()) {
            for (((out, x), &shift), &scale) in out.iter_mut().zip(row).zip(shift).zip(scale) {
                *out = T::from_f64(entry(x.as_f64(), shift, scale));
            }
        }
    });
    Ok(out)
}
