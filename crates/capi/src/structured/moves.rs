//! Rows and columns moved by lists of indices: permutations and selections.

use lapwing_lapack::Scalar;
use lapwing_lapack::structured::{Permutation, Selector};

use super::{count, extents, fill, indices_from};
use crate::guard::{guard, require_pointer};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// Row i of out (n x k) is row indices[i] of a (n x k), whose entries may be NaN.
///
///  indices  n of them: 0 to n - 1, each once.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range or repeated; the message gives its position),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permute_rows_f64(
    a: lapwing_mat_f64,
    indices: *const i64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { permute_rows::<f64>(a.into(), indices, out.into()) })
}

/// As lapwing_permute_rows_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permute_rows_f32(
    a: lapwing_mat_f32,
    indices: *const i64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { permute_rows::<f32>(a.into(), indices, out.into()) })
}

/// # Safety
/// As [`fill`] and [`indices_from`].
unsafe fn permute_rows<T: Scalar>(
    a: Unchecked<T>,
    indices: *const i64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let (n, _) = extents("a", &a)?;
    // SAFETY: this function's own condition.
    let permutation = Permutation::new(&unsafe { indices_from(indices, n) }?)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("out", out),
            |[a]| [(a[0], "the rows of a"), (a[1], "the columns of a")],
            |[a]| permutation.apply(&a),
        )
    }
}

/// Column indices[j] of out (k x n) is column j of a (k x n), whose entries may be NaN: the product of a with the
/// matrix by which lapwing_permute_rows_f64 multiplies. For the other direction, where column j is taken from
/// indices[j], there is lapwing_select_columns_f64.
///
///  indices  n of them: 0 to n - 1, each once.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range or repeated; the message gives its position),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permute_columns_f64(
    a: lapwing_mat_f64,
    indices: *const i64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { permute_columns::<f64>(a.into(), indices, out.into()) })
}

/// As lapwing_permute_columns_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permute_columns_f32(
    a: lapwing_mat_f32,
    indices: *const i64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { permute_columns::<f32>(a.into(), indices, out.into()) })
}

/// # Safety
/// As [`fill`] and [`indices_from`].
unsafe fn permute_columns<T: Scalar>(
    a: Unchecked<T>,
    indices: *const i64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let (_, n) = extents("a", &a)?;
    // SAFETY: this function's own condition.
    let permutation = Permutation::new(&unsafe { indices_from(indices, n) }?)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("out", out),
            |[a]| [(a[0], "the rows of a"), (a[1], "the columns of a")],
            |[a]| permutation.apply_right(&a),
        )
    }
}

/// Row i of out (m x k) is row indices[i] of a (n x k), whose entries may be NaN.
///
///  indices  m of them, from 0 to n - 1; repetitions are allowed.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range; the message gives its position), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_select_rows_f64(
    a: lapwing_mat_f64,
    indices: *const i64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { select_rows::<f64>(a.into(), indices, out.into()) })
}

/// As lapwing_select_rows_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_select_rows_f32(
    a: lapwing_mat_f32,
    indices: *const i64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { select_rows::<f32>(a.into(), indices, out.into()) })
}

/// # Safety
/// As [`fill`] and [`indices_from`].
unsafe fn select_rows<T: Scalar>(
    a: Unchecked<T>,
    indices: *const i64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let ((n, _), (m, _)) = (extents("a", &a)?, extents("out", &out)?);
    // SAFETY: this function's own condition.
    let selector = Selector::new(&unsafe { indices_from(indices, m) }?, n)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("out", out),
            |[a]| [(m, "its own rows"), (a[1], "the columns of a")],
            |[a]| selector.apply(&a),
        )
    }
}

/// Column j of out (k x m) is column indices[j] of a (k x n), whose entries may be NaN.
///
///  indices  m of them, from 0 to n - 1; repetitions are allowed.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range; the message gives its position), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_select_columns_f64(
    a: lapwing_mat_f64,
    indices: *const i64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { select_columns::<f64>(a.into(), indices, out.into()) })
}

/// As lapwing_select_columns_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_select_columns_f32(
    a: lapwing_mat_f32,
    indices: *const i64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { select_columns::<f32>(a.into(), indices, out.into()) })
}

/// # Safety
/// As [`fill`] and [`indices_from`].
unsafe fn select_columns<T: Scalar>(
    a: Unchecked<T>,
    indices: *const i64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let ((_, n), (_, m)) = (extents("a", &a)?, extents("out", &out)?);
    // SAFETY: this function's own condition.
    let selector = Selector::new(&unsafe { indices_from(indices, m) }?, n)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("out", out),
            |[a]| [(a[0], "the rows of a"), (m, "its own columns")],
            |[a]| selector.columns(&a),
        )
    }
}

/// The transpose of lapwing_select_rows_f64: each row i of x (m x k) is added to row indices[i] of out (n x k), whose
/// rows are 0 before.
///
///  indices  m of them, from 0 to n - 1; repetitions are allowed.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range; the message gives its position), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_scatter_rows_f64(
    x: lapwing_mat_f64,
    indices: *const i64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { scatter_rows::<f64>(x.into(), indices, out.into()) })
}

/// As lapwing_scatter_rows_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_scatter_rows_f32(
    x: lapwing_mat_f32,
    indices: *const i64,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the indices.
    guard(|| unsafe { scatter_rows::<f32>(x.into(), indices, out.into()) })
}

/// # Safety
/// As [`fill`] and [`indices_from`].
unsafe fn scatter_rows<T: Scalar>(
    x: Unchecked<T>,
    indices: *const i64,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let ((m, _), (n, _)) = (extents("x", &x)?, extents("out", &out)?);
    // SAFETY: this function's own condition.
    let selector = Selector::new(&unsafe { indices_from(indices, m) }?, n)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("x", x)],
            ("out", out),
            |[x]| [(n, "its own rows"), (x[1], "the columns of x")],
            |[x]| selector.apply_transposed(&x),
        )
    }
}

/// The sign of the permutation, which is its determinant: 1 when it is a product of an even number of exchanges, -1
/// otherwise.
///
///  indices  n of them: 0 to n - 1, each once.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range or repeated; the message gives its position), LAPWING_ERR_NULL,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error sign is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permutation_sign(
    indices: *const i64,
    n: i64,
    sign: *mut i32,
) -> lapwing_status {
    guard(|| {
        let n = count("n", n)?;
        require_pointer("sign", sign)?;
        // SAFETY: the caller vouches for n indices.
        let permutation = Permutation::new(&unsafe { indices_from(indices, n) }?)?;
        // SAFETY: not NULL by the check above, and the caller vouches for it.
        unsafe { sign.write(permutation.sign().into()) };
        Ok(())
    })
}

/// The inverse of the permutation, which is its transpose: inverse[indices[i]] is i.
///
///  indices  n of them: 0 to n - 1, each once.
///  inverse  n integers; it may be indices itself.
///
/// Returns LAPWING_ERR_ARGUMENT (an index is out of range or repeated; the message gives its position),
/// LAPWING_ERR_NULL, LAPWING_ERR_OUT_OF_MEMORY. On any error inverse is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permutation_inverse(
    indices: *const i64,
    n: i64,
    inverse: *mut i64,
) -> lapwing_status {
    guard(|| {
        let n = count("n", n)?;
        let inverse = Numbers::needed("inverse", inverse, n)?;
        // SAFETY: the caller vouches for n indices, which are copied before anything is written.
        let permutation = Permutation::new(&unsafe { indices_from(indices, n) }?)?;
        // SAFETY: the caller vouches for n integers.
        unsafe { inverse.write(permutation.inverse().indices().iter().map(|&index| index as i64)) };
        Ok(())
    })
}

/// The permutation that does what second and then first do, the product of their matrices: composed[i] is
/// second[first[i]].
///
///  first, second  n indices each: 0 to n - 1, each once.
///  composed       n integers; it may be first or second itself.
///
/// Returns as lapwing_permutation_inverse. On any error composed is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_permutation_compose(
    first: *const i64,
    second: *const i64,
    n: i64,
    composed: *mut i64,
) -> lapwing_status {
    guard(|| {
        let n = count("n", n)?;
        let composed = Numbers::needed("composed", composed, n)?;
        // SAFETY: the caller vouches for n indices in both, which are copied before anything is written.
        let [first, second] = [first, second].map(|indices| unsafe { indices_from(indices, n) });
        let product = Permutation::new(&first?)?.compose(&Permutation::new(&second?)?)?;
        // SAFETY: the caller vouches for n integers.
        unsafe { composed.write(product.indices().iter().map(|&index| index as i64)) };
        Ok(())
    })
}
