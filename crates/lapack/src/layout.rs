//! The layout adapter: any `ndarray` layout in, packed column-major out.
//!
//! LAPACK overwrites its input, so a decomposition copies it once. The copy is a `memcpy` where the
//! memory order already is the one wanted, and a cache-blocked transposition where it is the other.
//! A routine that is indifferent between a matrix and its transpose (SVD, and by the other triangle
//! Cholesky and the symmetric eigenproblem) asks [`memory_order`] and takes the `memcpy`.

use ndarray::{Array2, ArrayRef2, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, ShapeBuilder, s};

use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// The order in which a matrix lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemoryOrder {
    /// Columns are contiguous: LAPACK's own order. Also the answer for a matrix with no unit stride,
    /// for which both orders cost the same.
    Columns,
    /// Rows are contiguous: in memory, this is the column-major transpose.
    Rows,
}

/// The order in which the entries of `a` are cheaper to read.
pub(crate) fn memory_order<T>(a: &ArrayRef2<T>) -> MemoryOrder {
    let (rows, cols) = a.dim();
    if a.strides()[1] == 1 && cols > 1 && (a.strides()[0] != 1 || rows <= 1) {
        MemoryOrder::Rows
    } else {
        MemoryOrder::Columns
    }
}

/// `rows * cols`, or an error when that many scalars cannot be addressed.
pub(crate) fn checked_area<T>(rows: usize, cols: usize) -> Result<usize, Error> {
    let bytes = rows as u128 * cols as u128 * size_of::<T>() as u128;
    if bytes > isize::MAX as u128 { Err(Error::OutOfMemory { bytes }) } else { Ok(rows * cols) }
}

/// A row-major matrix of zeros that fails with [`Error::OutOfMemory`] instead of aborting, and asks for huge
/// pages when it is large.
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn zeros<T: Scalar>(rows: usize, cols: usize) -> Result<Array2<T>, Error> {
    let data = zeroed(checked_area::<T>(rows, cols)?)?;
    let bytes = rows.max(cols) as u128 * size_of::<T>() as u128;
    // ndarray refuses an extent past isize::MAX even where the other is zero.
    Array2::from_shape_vec((rows, cols), data).map_err(|_| Error::OutOfMemory { bytes })
}

/// A column-major matrix over `data`, which holds its columns one after the other.
pub(crate) fn from_columns<T>(data: Vec<T>, rows: usize, cols: usize) -> Array2<T> {
    Array2::from_shape_vec((rows, cols).f(), data).expect("the buffer has rows * cols entries")
}

/// A packed column-major copy.
pub(crate) fn column_major<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let (rows, cols) = a.dim();
    let mut data = zeroed(checked_area::<T>(rows, cols)?)?;
    copy_columns(a, &mut data);
    Ok(from_columns(data, rows, cols))
}

/// Copies `a` into `target`, column after column.
pub(crate) fn copy_columns<T: Scalar>(a: &ArrayRef2<T>, target: &mut [T]) {
    let (rows, cols) = a.dim();
    let target = &mut target[..rows * cols];
    match memory_order(a) {
        MemoryOrder::Columns => ArrayViewMut2::from_shape((rows, cols).f(), target)
            .expect("the target has rows * cols entries")
            .assign(a),
        MemoryOrder::Rows => transpose_tiles(a, target),
    }
}

/// The rows of the square matrix `a`, or of its transpose, whichever are cheaper to walk; and the triangle
/// of them that is `triangle` of `a`.
pub(crate) fn triangle_lanes<T>(a: &ArrayRef2<T>, triangle: Triangle) -> (ArrayView2<'_, T>, Triangle) {
    match memory_order(a) {
        MemoryOrder::Rows => (a.view(), triangle),
        MemoryOrder::Columns => (a.t(), triangle.transposed()),
    }
}

/// Copies one triangle of the square matrix `a` into `target` in the memory order that `a` has, leaving
/// the other triangle's entries as they are. Returns the order and the letter that LAPACK, which takes
/// `target` for column-major, must be given.
///
/// A row-major lower triangle is LAPACK's upper triangle of the transpose, and a symmetric matrix is its
/// own transpose: no data moves to change the convention, only the letter.
pub(crate) fn copy_triangle<T: Scalar>(
    a: &ArrayRef2<T>,
    triangle: Triangle,
    target: &mut [T],
) -> (MemoryOrder, u8) {
    let order = a.nrows();
    let (lanes, triangle) = triangle_lanes(a, triangle);
    for (i, (lane, target)) in lanes.outer_iter().zip(target.chunks_exact_mut(order.max(1))).enumerate() {
        let columns = triangle.columns(i, order);
        ArrayViewMut1::from(&mut target[columns.clone()]).assign(&lane.slice(s![columns]));
    }
    (memory_order(a), triangle.transposed().letter())
}

/// The symmetric matrix that one triangle of `a` stands for.
pub(crate) fn symmetric<T: Scalar>(a: &ArrayRef2<T>, triangle: Triangle) -> Result<Array2<T>, Error> {
    let order = a.nrows();
    let mut full = zeros(order, order)?;
    let (lanes, triangle) = triangle_lanes(a, triangle);
    for (i, lane) in lanes.outer_iter().enumerate() {
        for j in triangle.columns(i, order) {
            full[[i, j]] = lane[j];
            full[[j, i]] = lane[j];
        }
    }
    Ok(full)
}

/// Tiles of 16 x 16 keep both the rows read and the columns written in the first-level cache.
fn transpose_tiles<T: Scalar>(a: &ArrayRef2<T>, target: &mut [T]) {
    const TILE: usize = 16;
    let rows = a.nrows();
    for (band, block) in a.axis_chunks_iter(Axis(0), TILE).enumerate() {
        let first = band * TILE;
        let lanes: [&[T]; TILE] = std::array::from_fn(|i| {
            if i < block.nrows() { block.row(i).to_slice().expect("rows are contiguous") } else { &[] }
        });
        let lanes = &lanes[..block.nrows()];
        for (col, column) in target.chunks_exact_mut(rows).enumerate() {
            for (entry, lane) in column[first..first + lanes.len()].iter_mut().zip(lanes) {
                *entry = lane[col];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the strides, the packed columns are the matrix's columns.
    #[test]
    fn packs_every_layout() {
        for (rows, cols) in [(0, 0), (0, 3), (3, 0), (1, 1), (1, 7), (7, 1), (37, 53), (53, 37)] {
            let base = Array2::from_shape_fn((2 * rows, 2 * cols), |(i, j)| (i * 1000 + j) as f64);
            let column_based = base.t().as_standard_layout().into_owned().reversed_axes();
            for view in [
                base.slice(s![..rows, ..cols]),
                base.slice(s![..;2, ..;2]),
                base.slice(s![..rows;-1, ..cols]),
                base.slice(s![..rows, ..cols;-1]),
                column_based.slice(s![..rows, ..cols]),
                column_based.slice(s![..rows;-1, ..cols]),
            ] {
                let packed = column_major(&view).unwrap();
                assert_eq!(packed, view);
                assert!(packed.t().is_standard_layout());
            }
        }
    }

    #[test]
    fn an_area_past_the_address_space_is_an_error() {
        assert!(matches!(checked_area::<f64>(usize::MAX, 2), Err(Error::OutOfMemory { .. })));
        assert_eq!(checked_area::<f32>(3, 5), Ok(15));
    }
}
