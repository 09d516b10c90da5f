//! Sparse matrices in compressed rows: the views, their validation, and products.

use std::slice;

use lapwing_iterative::LinearOperator;
use lapwing_iterative::sprs::CsMatViewI;
use lapwing_lapack::{Error, Scalar, require_finite, zeros};

use crate::guard::{guard, require_pointer};
use crate::linear_systems::{Transposition, transposition};
use crate::status::{
    Failure, LAPWING_ERR_ARGUMENT, LAPWING_ERR_SHAPE, LAPWING_ERR_TOO_LARGE, lapwing_status,
};
use crate::strided::{Region, require_disjoint};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// A sparse matrix to read, in compressed rows (CSR) with 32-bit indices, counted from 0: the arrays data, indices and
/// indptr of SciPy's csr_matrix, and valuePtr(), innerIndexPtr() and outerIndexPtr() of Eigen's row-major SparseMatrix,
/// compressed.
///
/// Row i holds values[p] in column columns[p], for p from row_starts[i] up to but not including row_starts[i + 1].
/// Within a row the columns increase, so that none occurs twice: call sort_indices() and sum_duplicates() in SciPy. The
/// compressed columns of a matrix are the compressed rows of its transpose.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_csr_f64 {
    /// The entries, row_starts[rows] of them, finite. May be NULL when there are none.
    pub values: *const f64,
    /// The column of each entry. May be NULL when there are none.
    pub columns: *const i32,
    /// Where the entries of each row start, and where those of the last one end: rows + 1 numbers, from 0 up. May be
    /// NULL when there are no rows.
    pub row_starts: *const i32,
    /// The number of rows.
    pub rows: i64,
    /// The number of columns.
    pub cols: i64,
}

/// As lapwing_csr_f64, in single precision.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_csr_f32 {
    /// The entries, row_starts[rows] of them, finite. May be NULL when there are none.
    pub values: *const f32,
    /// The column of each entry. May be NULL when there are none.
    pub columns: *const i32,
    /// Where the entries of each row start, and where those of the last one end: rows + 1 numbers, from 0 up. May be
    /// NULL when there are no rows.
    pub row_starts: *const i32,
    /// The number of rows.
    pub rows: i64,
    /// The number of columns.
    pub cols: i64,
}

/// Compressed rows as the caller describes them, with nothing about them checked.
#[derive(Clone, Copy)]
pub(crate) struct UncheckedRows<T> {
    values: *const T,
    columns: *const i32,
    row_starts: *const i32,
    extents: [i64; 2],
}

macro_rules! unchecked_rows {
    ($scalar:ty, $view:ty) => {
        impl From<$view> for UncheckedRows<$scalar> {
            fn from(view: $view) -> Self {
                Self {
                    values: view.values,
                    columns: view.columns,
                    row_starts: view.row_starts,
                    extents: [view.rows, view.cols],
                }
            }
        }
    };
}
unchecked_rows!(f64, lapwing_csr_f64);
unchecked_rows!(f32, lapwing_csr_f32);

/// A sparse matrix in the caller's memory, and where that memory is.
pub(crate) struct Sparse<'a, T> {
    pub(crate) matrix: CsMatViewI<'a, T, i32>,
    pub(crate) regions: [Region; 3],
}

/// What a sparse matrix and its arrays are called in messages.
pub(crate) struct Names {
    matrix: &'static str,
    values: &'static str,
    columns: &'static str,
    row_starts: &'static str,
}

const A: Names = Names { matrix: "a", values: "a.values", columns: "a.columns", row_starts: "a.row_starts" };
/// The second matrix of a pencil.
pub(crate) const B: Names =
    Names { matrix: "b", values: "b.values", columns: "b.columns", row_starts: "b.row_starts" };
/// A matrix of samples and features.
pub(crate) const X: Names =
    Names { matrix: "x", values: "x.values", columns: "x.columns", row_starts: "x.row_starts" };
/// A matrix of affinities.
pub(crate) const AFFINITY: Names = Names {
    matrix: "affinity",
    values: "affinity.values",
    columns: "affinity.columns",
    row_starts: "affinity.row_starts",
};
/// The adjacency matrix of a graph.
pub(crate) const ADJACENCY: Names = Names {
    matrix: "adjacency",
    values: "adjacency.values",
    columns: "adjacency.columns",
    row_starts: "adjacency.row_starts",
};

/// What sprs takes for the one row start of a matrix without rows.
const NO_ROWS: [i32; 1] = [0];

impl<T: Scalar> UncheckedRows<T> {
    /// The matrix `a` of a call, its structure and its entries checked.
    ///
    /// # Safety
    /// The memory that the caller described is there, initialized, and not written to during `'a`.
    pub(crate) unsafe fn input<'a>(self) -> Result<Sparse<'a, T>, Failure> {
        // SAFETY: this function's own condition.
        unsafe { self.named(&A) }
    }

    /// As [`input`](Self::input), for a matrix of another name.
    ///
    /// # Safety
    /// As [`input`](Self::input).
    pub(crate) unsafe fn named<'a>(self, names: &Names) -> Result<Sparse<'a, T>, Failure> {
        let name = names.matrix;
        let [rows, cols] =
            [(0, "rows"), (1, "columns")].map(|(axis, what)| extent(name, self.extents[axis], what));
        let (rows, cols) = (rows?, cols?);
        // SAFETY: this function's own condition.
        let row_starts =
            unsafe { array(names.row_starts, self.row_starts, if rows > 0 { rows + 1 } else { 0 }) }?;
        require_row_starts(names, row_starts)?;
        let count = row_starts.last().map_or(0, |&end| end as usize);
        // SAFETY: this function's own condition.
        let columns = unsafe { array(names.columns, self.columns, count) }?;
        // SAFETY: as above.
        let values = unsafe { array(names.values, self.values, count) }?;
        let regions = [
            Region::of(names.row_starts, row_starts),
            Region::of(names.columns, columns),
            Region::of(names.values, values),
        ];

        let pointers = if rows > 0 { row_starts } else { &NO_ROWS };
        let matrix =
            CsMatViewI::try_new((rows, cols), pointers, columns, values).map_err(|(_, _, _, error)| {
                let message = format!("{name} is not in compressed rows: {error}");
                let unnamed = || Failure::new(LAPWING_ERR_ARGUMENT, message);
                misplaced(names, pointers, columns, cols).unwrap_or_else(unnamed)
            })?;
        if let Some(position) = values.iter().position(|value| !value.is_finite()) {
            let row = row_starts.partition_point(|&start| start as usize <= position) - 1;
            let col = columns[position] as usize;
            return Err(Error::NonFinite { argument: name, row, col }.into());
        }
        Ok(Sparse { matrix, regions })
    }
}

/// An extent that 32-bit indices can count.
fn extent(name: &str, value: i64, what: &str) -> Result<usize, Failure> {
    if value < 0 {
        let message = format!("{name} has {value} {what}, but must have at least 0");
        return Err(Failure::new(LAPWING_ERR_SHAPE, message));
    }
    if value >= i64::from(i32::MAX) {
        let message = format!("{name} has {value} {what}, more than 32-bit indices count; split it");
        return Err(Failure::new(LAPWING_ERR_TOO_LARGE, message));
    }
    Ok(value as usize)
}

/// An array of the caller.
///
/// # Safety
/// The memory is there, initialized, and not written to during `'a`.
pub(crate) unsafe fn array<'a, N>(name: &str, pointer: *const N, count: usize) -> Result<&'a [N], Failure> {
    if count == 0 {
        return Ok(&[]);
    }
    require_pointer(name, pointer)?;
    let fits = count
        .checked_mul(size_of::<N>())
        .is_some_and(|bytes| isize::try_from(bytes).is_ok() && pointer.addr().checked_add(bytes).is_some());
    if !fits {
        let message = format!(
            "{name} reaches beyond the address space; check the extents, and the row starts of a sparse matrix"
        );
        return Err(Failure::new(LAPWING_ERR_TOO_LARGE, message));
    }
    // SAFETY: neither NULL nor misaligned, and within the address space; the rest is this function's own condition.
    Ok(unsafe { slice::from_raw_parts(pointer, count) })
}

/// That row starts begin with 0 and never decrease.
fn require_row_starts(names: &Names, row_starts: &[i32]) -> Result<(), Failure> {
    let name = names.row_starts;
    let message = match row_starts.first() {
        Some(&first) if first != 0 => {
            format!("{name}[0] is {first}, but must be 0: count entries and columns from 0")
        }
        _ => {
            let Some(row) = row_starts.windows(2).position(|pair| pair[1] < pair[0]) else { return Ok(()) };
            let (start, end) = (row_starts[row], row_starts[row + 1]);
            format!(
                "{name}[{}] is {end}, but must be at least {start}, where row {row} starts; it holds the sums of \
                 the rows' counts of entries",
                row + 1
            )
        }
    };
    Err(Failure::new(LAPWING_ERR_ARGUMENT, message))
}

/// The first column that is out of range or out of order.
fn misplaced(names: &Names, row_starts: &[i32], columns: &[i32], cols: usize) -> Option<Failure> {
    let Names { matrix, columns: name, .. } = names;
    let refused = |message: String| Some(Failure::new(LAPWING_ERR_ARGUMENT, message));
    for (row, bounds) in row_starts.windows(2).enumerate() {
        let mut before = None;
        let bounds = bounds[0] as usize..bounds[1] as usize;
        for (position, &column) in bounds.clone().zip(&columns[bounds]) {
            if column < 0 || column as usize >= cols {
                return refused(format!(
                    "{name}[{position}], in row {row}, is {column}, but must be at least 0 and less than {cols}, \
                     the columns of {matrix}; count from 0"
                ));
            }
            if let Some(before) = before.filter(|&before| before >= column) {
                return refused(format!(
                    "{name}[{position}], in row {row}, is {column} and follows {before}, but the columns of a row \
                     must increase; sort each row, and add up entries that share a place"
                ));
            }
            before = Some(column);
        }
    }
    None
}

/// The product of a sparse matrix, or of its transpose, with a block of vectors: result = a * x, or transpose(a) * x.
///
///  a          m x n, in compressed rows; read only.
///  transpose  LAPWING_AS_GIVEN or LAPWING_TRANSPOSED.
///  x          n x k, or m x k for the transpose; any strides; read only. Row-major is the fastest.
///  result     m x k, or n x k for the transpose.
///
/// Returns LAPWING_ERR_NON_FINITE (a or x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (transpose, or the structure of
/// a), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error result is untouched. Thread-safe. BLAS: none; a kernel of its own, on as many
/// threads as lapwing_threads_get() says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sparse_multiply_f64(
    a: lapwing_csr_f64,
    transpose: i32,
    x: lapwing_mat_f64,
    result: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { sparse_multiply::<f64>(a.into(), transpose, x.into(), result.into()) })
}

/// As lapwing_sparse_multiply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sparse_multiply_f32(
    a: lapwing_csr_f32,
    transpose: i32,
    x: lapwing_mat_f32,
    result: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { sparse_multiply::<f32>(a.into(), transpose, x.into(), result.into()) })
}

/// # Safety
/// The memory that the views describe is there, as [`UncheckedRows::input`], [`Strided::view`] and [`Strided::write`]
/// require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
unsafe fn sparse_multiply<T: Scalar>(
    a: UncheckedRows<T>,
    transpose: i32,
    x: Unchecked<T>,
    result: Unchecked<T>,
) -> Result<(), Failure> {
    let transposed = transposition(transpose)? == Transposition::Transposed;
    // SAFETY: this function's own condition.
    let Sparse { matrix, regions } = unsafe { a.input() }?;
    let (x, result) = (x.input("x")?, result.output("result")?);
    let rows = (matrix.rows(), "the rows of a");
    let cols = (matrix.cols(), "the columns of a");
    let (from, to) = if transposed { (rows, cols) } else { (cols, rows) };
    x.require_shape(&[from])?;
    result.require_shape(&[to, (x.shape()[1], "the columns of x")])?;
    let [starts, columns, values] = regions;
    require_disjoint(&[starts, columns, values, x.region()], &[result.region()])?;

    // SAFETY: this function's own condition; the result was just found to lie elsewhere.
    let x = unsafe { x.view() };
    require_finite("x", &x)?;
    // Row-major, as the kernel multiplies.
    let mut product = zeros(to.0, x.ncols())?;
    if transposed {
        matrix.apply_transposed_into(&x, &mut product)?;
    } else {
        matrix.apply_into(&x, &mut product)?;
    }
    let overflow = |_| Error::Overflow { routine: "the sparse product", scalar: T::NAME };
    require_finite("result", &product).map_err(overflow)?;
    // SAFETY: as above.
    unsafe { result.write(&product) };
    Ok(())
}
