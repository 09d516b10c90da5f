//! Sparse matrices that a function makes. How many entries one has is known once they are computed, so that the caller has
//! no place for them beforehand: the matrix is handed out, and seen through the view that other functions take.

use lapwing_iterative::sprs::{CsMatI, CsMatView};

use crate::guard::guard;
use crate::models::{self, free, models};
use crate::sparse::lapwing_csr_f64;
use crate::status::{Failure, LAPWING_ERR_TOO_LARGE, lapwing_status};

/// A sparse matrix that a function made: nobody knows beforehand for how many entries to bring memory. To be read through
/// lapwing_sparse_matrix_view_f64. Immutable: one matrix may be used from several threads at once.
pub struct lapwing_sparse_matrix_f64(CsMatI<f64, i32>);

models!("matrix": lapwing_sparse_matrix_f64(CsMatI<f64, i32>));

/// The matrix in compressed rows, with increasing columns in each: what functions that take a lapwing_csr_f64 take. The view
/// lasts until the matrix is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sparse_matrix_view_f64(
    matrix: *const lapwing_sparse_matrix_f64,
    view: *mut lapwing_csr_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the matrix and the pointer.
    guard(|| unsafe {
        models::view(matrix, view, |matrix| lapwing_csr_f64 {
            values: matrix.data().as_ptr(),
            columns: matrix.indices().as_ptr(),
            // Of a matrix that is no slice of another one, the starts begin at 0.
            row_starts: matrix.indptr().raw_storage().as_ptr(),
            rows: matrix.rows() as i64,
            cols: matrix.cols() as i64,
        })
    })
}

/// Frees a matrix; every view of it ends. NULL is allowed. Not to be called while another thread uses the matrix.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_sparse_matrix_free_f64(matrix: *mut lapwing_sparse_matrix_f64) {
    // SAFETY: the caller vouches that the matrix was not freed before.
    unsafe { free(matrix) }
}

/// Compressed rows with the indices of C, unless these are too narrow.
pub(crate) fn narrowed(matrix: CsMatView<'_, f64>) -> Result<CsMatI<f64, i32>, Failure> {
    let counts =
        [(matrix.rows(), "rows"), (matrix.cols(), "columns"), (matrix.nnz(), "entries that are not zero")];
    for (count, what) in counts {
        if i32::try_from(count).is_err() {
            let message = format!("the sparse result has {count} {what}, more than 32-bit indices count");
            return Err(Failure::new(LAPWING_ERR_TOO_LARGE, message));
        }
    }
    Ok(matrix.to_other_types())
}
