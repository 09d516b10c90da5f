//! The views of the C interface: matrices and vectors in the caller's memory, passed by value.

use lapwing_lapack::Scalar;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut2};

/// A matrix to read: entry (i, j) is data[i * row_stride + j * col_stride].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_mat_f64 {
    /// Entry (0, 0). May be NULL when there are no entries.
    pub data: *const f64,
    /// The number of rows.
    pub rows: i64,
    /// The number of columns.
    pub cols: i64,
    /// From one row to the next, in entries: cols when packed row-major, 1 when column-major.
    pub row_stride: i64,
    /// From one column to the next, in entries: 1 when row-major, rows when packed column-major.
    pub col_stride: i64,
}

/// A matrix to write: entry (i, j) is data[i * row_stride + j * col_stride].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_mat_mut_f64 {
    /// Entry (0, 0). NULL when the matrix is not wanted, where a function allows that.
    pub data: *mut f64,
    /// The number of rows.
    pub rows: i64,
    /// The number of columns.
    pub cols: i64,
    /// From one row to the next, in entries.
    pub row_stride: i64,
    /// From one column to the next, in entries.
    pub col_stride: i64,
}

/// A vector to read: entry i is data[i * stride].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_vec_f64 {
    /// Entry 0. May be NULL when there are no entries.
    pub data: *const f64,
    /// The number of entries.
    pub len: i64,
    /// From one entry to the next, in entries.
    pub stride: i64,
}

/// A vector to write: entry i is data[i * stride].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_vec_mut_f64 {
    /// Entry 0. May be NULL when there are no entries.
    pub data: *mut f64,
    /// The number of entries.
    pub len: i64,
    /// From one entry to the next, in entries.
    pub stride: i64,
}

/// As lapwing_mat_f64, in single precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_mat_f32 {
    /// Entry (0, 0). May be NULL when there are no entries.
    pub data: *const f32,
    /// The number of rows.
    pub rows: i64,
    /// The number of columns.
    pub cols: i64,
    /// From one row to the next, in entries.
    pub row_stride: i64,
    /// From one column to the next, in entries.
    pub col_stride: i64,
}

/// As lapwing_mat_mut_f64, in single precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_mat_mut_f32 {
    /// Entry (0, 0). NULL when the matrix is not wanted, where a function allows that.
    pub data: *mut f32,
    /// The number of rows.
    pub rows: i64,
    /// The number of columns.
    pub cols: i64,
    /// From one row to the next, in entries.
    pub row_stride: i64,
    /// From one column to the next, in entries.
    pub col_stride: i64,
}

/// As lapwing_vec_f64, in single precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_vec_f32 {
    /// Entry 0. May be NULL when there are no entries.
    pub data: *const f32,
    /// The number of entries.
    pub len: i64,
    /// From one entry to the next, in entries.
    pub stride: i64,
}

/// As lapwing_vec_mut_f64, in single precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_vec_mut_f32 {
    /// Entry 0. May be NULL when there are no entries.
    pub data: *mut f32,
    /// The number of entries.
    pub len: i64,
    /// From one entry to the next, in entries.
    pub stride: i64,
}

/// A view as the caller describes it, with nothing about it checked; [`crate::strided`] does that. A vector is a
/// matrix of one column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unchecked<T> {
    /// Written through only when it came from a view to write.
    pub(crate) data: *mut T,
    pub(crate) extents: [i64; 2],
    pub(crate) strides: [i64; 2],
    /// What the extents are called in messages.
    pub(crate) names: [&'static str; 2],
}

const MATRIX: [&str; 2] = ["rows", "columns"];
const VECTOR: [&str; 2] = ["entries", "columns"];

macro_rules! unchecked {
    ($scalar:ty: $($matrix:ty)*; $($vector:ty)*) => {
        $(impl From<$matrix> for Unchecked<$scalar> {
            fn from(view: $matrix) -> Self {
                Self {
                    data: view.data as *mut $scalar,
                    extents: [view.rows, view.cols],
                    strides: [view.row_stride, view.col_stride],
                    names: MATRIX,
                }
            }
        })*
        $(impl From<$vector> for Unchecked<$scalar> {
            fn from(view: $vector) -> Self {
                Self {
                    data: view.data as *mut $scalar,
                    extents: [view.len, 1],
                    strides: [view.stride, 1],
                    names: VECTOR,
                }
            }
        })*
    };
}
unchecked!(f64: lapwing_mat_f64 lapwing_mat_mut_f64; lapwing_vec_f64 lapwing_vec_mut_f64);
unchecked!(f32: lapwing_mat_f32 lapwing_mat_mut_f32; lapwing_vec_f32 lapwing_vec_mut_f32);

/// The views that are lent to C in one precision.
pub(crate) trait Lent: Scalar {
    type Matrix: for<'a> From<ArrayView2<'a, Self>>;
    type MatrixMut: for<'a> From<ArrayViewMut2<'a, Self>>;
}

macro_rules! lent {
    ($scalar:ty, $matrix:ident, $matrix_mut:ident, $vector:ident) => {
        impl Lent for $scalar {
            type Matrix = $matrix;
            type MatrixMut = $matrix_mut;
        }
        impl From<ArrayViewMut2<'_, $scalar>> for $matrix_mut {
            fn from(mut array: ArrayViewMut2<'_, $scalar>) -> Self {
                let (rows, cols) = array.dim();
                Self {
                    data: array.as_mut_ptr(),
                    rows: rows as i64,
                    cols: cols as i64,
                    row_stride: array.strides()[0] as i64,
                    col_stride: array.strides()[1] as i64,
                }
            }
        }
        impl From<ArrayView2<'_, $scalar>> for $matrix {
            fn from(array: ArrayView2<'_, $scalar>) -> Self {
                let (rows, cols) = array.dim();
                Self {
                    data: array.as_ptr(),
                    rows: rows as i64,
                    cols: cols as i64,
                    row_stride: array.strides()[0] as i64,
                    col_stride: array.strides()[1] as i64,
                }
            }
        }
        impl From<ArrayView1<'_, $scalar>> for $vector {
            fn from(array: ArrayView1<'_, $scalar>) -> Self {
                Self { data: array.as_ptr(), len: array.len() as i64, stride: array.strides()[0] as i64 }
            }
        }
    };
}
lent!(f64, lapwing_mat_f64, lapwing_mat_mut_f64, lapwing_vec_f64);
lent!(f32, lapwing_mat_f32, lapwing_mat_mut_f32, lapwing_vec_f32);
