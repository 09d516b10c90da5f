//! Kronecker products and their kin.

use lapwing_lapack::{Scalar, structured};
use ndarray::Axis;

use super::{count, extents, fill, times};
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

const ORDERS: &str = "the order of a times that of b";

/// The Kronecker product of a and b: block (i, j) is a(i, j) * b.
///
///  a    m x n.
///  b    p x q.
///  out  m*p x n*q.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker::<f64>(a.into(), b.into(), out.into()) })
}

/// As lapwing_kronecker_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker::<f32>(a.into(), b.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn kronecker<T: Scalar>(a: Unchecked<T>, b: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("b", b)],
            ("out", out),
            |[a, b]| {
                [
                    (times(a[0], b[0]), "the rows of a times those of b"),
                    (times(a[1], b[1]), "the columns of a times those of b"),
                ]
            },
            |[a, b]| structured::kronecker(&a, &b),
        )
    }
}

/// The product of the Kronecker product of a and b with the columns of x, which is not formed.
///
///  a  m x n.
///  b  p x q.
///  x  n*q x k.
///  y  m*p x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_apply_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker_apply::<f64>(a.into(), b.into(), x.into(), y.into()) })
}

/// As lapwing_kronecker_apply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_apply_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker_apply::<f32>(a.into(), b.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn kronecker_apply<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("b", b), ("x", x)],
            ("y", y),
            |[a, b, x]| [(times(a[0], b[0]), "the rows of a times those of b"), (x[1], "the columns of x")],
            |[a, b, x]| structured::kronecker_apply(&a, &b, &x),
        )
    }
}

/// The Kronecker sum of square matrices: kron(a, identity) + kron(identity, b).
///
///  a    n x n.
///  b    m x m.
///  out  n*m x n*m.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_sum_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker_sum::<f64>(a.into(), b.into(), out.into()) })
}

/// As lapwing_kronecker_sum_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_sum_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker_sum::<f32>(a.into(), b.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn kronecker_sum<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("b", b)],
            ("out", out),
            |[a, b]| [(times(a[0], b[0]), ORDERS), (times(a[0], b[0]), ORDERS)],
            |[a, b]| structured::kronecker_sum(&a, &b),
        )
    }
}

/// The product of the Kronecker sum of a and b with the columns of x, without forming it.
///
///  a  n x n.
///  b  m x m.
///  x  n*m x k.
///  y  n*m x k.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_sum_apply_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker_sum_apply::<f64>(a.into(), b.into(), x.into(), y.into()) })
}

/// As lapwing_kronecker_sum_apply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_kronecker_sum_apply_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { kronecker_sum_apply::<f32>(a.into(), b.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn kronecker_sum_apply<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    x: Unchecked<T>,
    y: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("b", b), ("x", x)],
            ("y", y),
            |[a, b, x]| [(times(a[0], b[0]), ORDERS), (x[1], "the columns of x")],
            |[a, b, x]| structured::kronecker_sum_apply(&a, &b, &x),
        )
    }
}

/// The column-wise Khatri-Rao product: column j is the Kronecker product of the columns j.
///
///  a    m x n.
///  b    p x n.
///  out  m*p x n.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_khatri_rao_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { khatri_rao::<f64>(a.into(), b.into(), out.into()) })
}

/// As lapwing_khatri_rao_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_khatri_rao_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { khatri_rao::<f32>(a.into(), b.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn khatri_rao<T: Scalar>(a: Unchecked<T>, b: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("b", b)],
            ("out", out),
            |[a, b]| [(times(a[0], b[0]), "the rows of a times those of b"), (a[1], "the columns of a")],
            |[a, b]| structured::khatri_rao(&a, &b),
        )
    }
}

/// The Hadamard product, entry by entry, of two matrices of the same shape.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hadamard_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hadamard::<f64>(a.into(), b.into(), out.into()) })
}

/// As lapwing_hadamard_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_hadamard_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { hadamard::<f32>(a.into(), b.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn hadamard<T: Scalar>(a: Unchecked<T>, b: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a), ("b", b)],
            ("out", out),
            |[a, _b]| [(a[0], "the rows of a"), (a[1], "the columns of a")],
            |[a, b]| structured::hadamard(&a, &b),
        )
    }
}

/// The columns of a (m x n), one under the other: v has m*n entries, which may be NaN: vec(a), in the
/// notation of the Kronecker product.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_stack_columns_f64(
    a: lapwing_mat_f64,
    v: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { stack_columns::<f64>(a.into(), v.into()) })
}

/// As lapwing_stack_columns_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_stack_columns_f32(
    a: lapwing_mat_f32,
    v: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { stack_columns::<f32>(a.into(), v.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn stack_columns<T: Scalar>(a: Unchecked<T>, v: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("a", a)],
            ("v", v),
            |[a]| [(times(a[0], a[1]), "the entries of a"), (1, "a vector")],
            |[a]| Ok(structured::vec(&a)?.insert_axis(Axis(1))),
        )
    }
}

/// The matrix a (m x n) whose columns, one under the other, are v, of m*n entries, which may be NaN.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_unstack_columns_f64(
    v: lapwing_vec_f64,
    a: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { unstack_columns::<f64>(v.into(), a.into()) })
}

/// As lapwing_unstack_columns_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_unstack_columns_f32(
    v: lapwing_vec_f32,
    a: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { unstack_columns::<f32>(v.into(), a.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn unstack_columns<T: Scalar>(v: Unchecked<T>, a: Unchecked<T>) -> Result<(), Failure> {
    let (rows, cols) = extents("a", &a)?;
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("v", v)],
            ("a", a),
            |[_v]| [(rows, "its own rows"), (cols, "its own columns")],
            |[v]| structured::unvec(&v.column(0), rows, cols),
        )
    }
}

/// The commutation matrix of m x n matrices, m*n x m*n: it takes the columns of a, one under the other, to those of the
/// transpose of a.
///
/// Returns LAPWING_ERR_ARGUMENT (m or n is negative), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_commutation_f64(m: i64, n: i64, out: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { commutation::<f64>(m, n, out.into()) })
}

/// As lapwing_commutation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_commutation_f32(m: i64, n: i64, out: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { commutation::<f32>(m, n, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn commutation<T: Scalar>(m: i64, n: i64, out: Unchecked<T>) -> Result<(), Failure> {
    let (m, n) = (count("m", m)?, count("n", n)?);
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [],
            ("out", out),
            |_| [(times(m, n), "m times n"), (times(m, n), "m times n")],
            |_| structured::commutation(m, n)?.to_dense(),
        )
    }
}
