//! Gram–Schmidt orthogonalization and Gram matrices: one generic function each, and its two exports.

use lapwing_lapack::Scalar;
use lapwing_lapack::gram_schmidt::{DependentColumns, GramSchmidt, Method, gram as gram_matrix};

use crate::arguments::require_separate;
use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// Gram-Schmidt as in textbooks: loses orthogonality as the square of the condition.
pub const LAPWING_GRAM_SCHMIDT_CLASSICAL: i32 = 0;
/// Gram-Schmidt with each component taken from what the earlier ones left: loses orthogonality as the condition.
pub const LAPWING_GRAM_SCHMIDT_MODIFIED: i32 = 1;
/// Classical Gram-Schmidt done twice: orthogonal to rounding.
pub const LAPWING_GRAM_SCHMIDT_REORTHOGONALIZED: i32 = 2;

/// A column that depends on those before it is an error.
pub const LAPWING_DEPENDENT_REFUSE: i32 = 0;
/// A column that depends on those before it gets no vector of its own.
pub const LAPWING_DEPENDENT_SKIP: i32 = 1;

/// Gram-Schmidt orthogonalization of the columns of a matrix, a = q * r.
///
///  a          m x n, any strides; read only.
///  method     LAPWING_GRAM_SCHMIDT_CLASSICAL, _MODIFIED or _REORTHOGONALIZED.
///  dependent  LAPWING_DEPENDENT_REFUSE or LAPWING_DEPENDENT_SKIP.
///  tolerance  a column is dependent when at most this times its norm is left of it; a negative number means the default,
///             max(m,n) machine epsilons.
///  q          m x min(m,n), of which the first count columns are written; a view with NULL data when not wanted.
///  r          min(m,n) x n, of which the first count rows are written; likewise.
///  columns    room for min(m,n) integers: the columns of a that were kept, count of them, counted from 0; NULL when not
///             wanted.
///  count      how many columns were kept.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (the message names the dependent column), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_ARGUMENT (method, dependent, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gram_schmidt_f64(
    a: lapwing_mat_f64,
    method: i32,
    dependent: i32,
    tolerance: f64,
    q: lapwing_mat_mut_f64,
    r: lapwing_mat_mut_f64,
    columns: *mut i64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        gram_schmidt::<f64>(a.into(), method, dependent, tolerance, q.into(), r.into(), columns, count)
    })
}

/// As lapwing_gram_schmidt_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gram_schmidt_f32(
    a: lapwing_mat_f32,
    method: i32,
    dependent: i32,
    tolerance: f64,
    q: lapwing_mat_mut_f32,
    r: lapwing_mat_mut_f32,
    columns: *mut i64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        gram_schmidt::<f32>(a.into(), method, dependent, tolerance, q.into(), r.into(), columns, count)
    })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
#[expect(clippy::too_many_arguments, reason = "an export's own arguments")]
unsafe fn gram_schmidt<T: Scalar>(
    a: Unchecked<T>,
    method: i32,
    dependent: i32,
    tolerance: f64,
    q: Unchecked<T>,
    r: Unchecked<T>,
    columns: *mut i64,
    count: *mut i64,
) -> Result<(), Failure> {
    let methods = [Method::Classical, Method::Modified, Method::Reorthogonalized];
    let names = "LAPWING_GRAM_SCHMIDT_CLASSICAL (0), _MODIFIED (1) or _REORTHOGONALIZED (2)";
    let method = constant("method", method, &methods, names)?;
    let choices = [DependentColumns::Refuse, DependentColumns::Skip];
    let names = "LAPWING_DEPENDENT_REFUSE (0) or LAPWING_DEPENDENT_SKIP (1)";
    let dependent = constant("dependent", dependent, &choices, names)?;
    let params = GramSchmidt::params().method(method).dependent_columns(dependent);
    let params = if tolerance < 0.0 { params } else { params.tolerance(tolerance) };
    let (a, q, r) = (a.input("a")?, q.optional_output("q")?, r.optional_output("r")?);
    let [rows, cols] = a.shape();
    let smaller = (rows.min(cols), "the smaller extent of a");
    let columns = Numbers::optional("columns", columns, smaller.0)?;
    let count = Numbers::needed("count", count, 1)?;
    if let Some(q) = &q {
        q.require_shape(&[(rows, "the rows of a"), smaller])?;
    }
    if let Some(r) = &r {
        r.require_shape(&[smaller, (cols, "the columns of a")])?;
    }
    require_separate(&[&a], &[q.as_ref(), r.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let factors = params.compute(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe {
        if let Some(q) = q {
            q.write_leading(&factors.q());
        }
        if let Some(r) = r {
            r.write_leading(&factors.r());
        }
        count.write([factors.columns().len() as i64]);
        columns.write(factors.columns().iter().map(|&column| column as i64));
    }
    Ok(())
}

/// The Gram matrix of the columns of a matrix, transpose(a) * a.
///
///  a  m x n, any strides; read only. For the rows, pass it with its extents and strides exchanged.
///  g  n x n, symmetric, both triangles.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe. BLAS: dsyrk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gram_f64(a: lapwing_mat_f64, g: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { gram::<f64>(a.into(), g.into()) })
}

/// As lapwing_gram_f64, in single precision. BLAS: ssyrk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gram_f32(a: lapwing_mat_f32, g: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { gram::<f32>(a.into(), g.into()) })
}

/// # Safety
/// As [`gram_schmidt`].
unsafe fn gram<T: Scalar>(a: Unchecked<T>, g: Unchecked<T>) -> Result<(), Failure> {
    let (a, g) = (a.input("a")?, g.output("g")?);
    let cols = (a.shape()[1], "the columns of a");
    g.require_shape(&[cols, cols])?;
    require_separate(&[&a], &[Some(&g)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let product = gram_matrix(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe { g.write(&product) };
    Ok(())
}
