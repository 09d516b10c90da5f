//! A matrix in every layout that `ndarray` knows.

use ndarray::{Array2, ArrayView2, s};

use crate::scalar::Scalar;

/// How a matrix lies in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// Rows are contiguous, one after the other.
    RowMajor,
    /// Columns are contiguous, one after the other.
    ColumnMajor,
    /// Rows with other data between them, which must not be read.
    Padded,
    /// No unit stride at all.
    Strided,
    /// Both strides negative.
    Reversed,
    /// Column-major with its columns in reverse.
    ReversedColumns,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Layout; 6] = [
        Layout::RowMajor,
        Layout::ColumnMajor,
        Layout::Padded,
        Layout::Strided,
        Layout::Reversed,
        Layout::ReversedColumns,
    ];

    /// Calls `check` with the matrix `a` in this layout; what lies between its entries is NaN.
    pub fn with<T: Scalar, R>(self, a: &Array2<T>, check: impl FnOnce(ArrayView2<T>) -> R) -> R {
        let (m, n) = a.dim();
        let nan = |rows, cols| Array2::from_elem((rows, cols), T::nan());
        match self {
            Layout::RowMajor => check(a.view()),
            Layout::ColumnMajor => {
                let mut columns = Array2::zeros((n, m)).reversed_axes();
                columns.assign(a);
                check(columns.view())
            }
            Layout::Padded => {
                let mut wide = nan(m, n + 3);
                wide.slice_mut(s![.., 2..n + 2]).assign(a);
                check(wide.slice(s![.., 2..n + 2]))
            }
            Layout::Strided => {
                let mut wide = nan(2 * m, 3 * n);
                wide.slice_mut(s![..;2, ..;3]).assign(a);
                check(wide.slice(s![..;2, ..;3]))
            }
            Layout::Reversed => {
                let reversed = a.slice(s![..;-1, ..;-1]).to_owned();
                check(reversed.slice(s![..;-1, ..;-1]))
            }
            Layout::ReversedColumns => {
                let mut columns = Array2::zeros((n, m)).reversed_axes();
                columns.assign(&a.slice(s![.., ..;-1]));
                check(columns.slice(s![.., ..;-1]))
            }
        }
    }
}
