//! What eliminates entries: Householder reflectors and Givens rotations.

use lapwing_lapack::structured::{Givens, Householder};
use lapwing_lapack::{Error, Scalar, zeros};
use ndarray::Axis;

use super::{count, fill};
use crate::guard::{guard, require_pointer};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The product of the reflector of x (n entries, as lapwing_householder_f64 makes it) with a (n x k).
///
/// Returns LAPWING_ERR_ARGUMENT (x is empty), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_householder_apply_f64(
    x: lapwing_vec_f64,
    a: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { householder_apply::<f64>(x.into(), a.into(), out.into()) })
}

/// As lapwing_householder_apply_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_householder_apply_f32(
    x: lapwing_vec_f32,
    a: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { householder_apply::<f32>(x.into(), a.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn householder_apply<T: Scalar>(
    x: Unchecked<T>,
    a: Unchecked<T>,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("x", x), ("a", a)],
            ("out", out),
            |[x, a]| [(x[0], "the entries of x"), (a[1], "the columns of a")],
            |[x, a]| Householder::new(&x.column(0))?.apply(&a),
        )
    }
}

/// The product of a (k x n) with the reflector of x (n entries, as lapwing_householder_f64 makes it), from the right.
///
/// Returns as lapwing_householder_apply_f64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_householder_apply_right_f64(
    x: lapwing_vec_f64,
    a: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { householder_apply_right::<f64>(x.into(), a.into(), out.into()) })
}

/// As lapwing_householder_apply_right_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_householder_apply_right_f32(
    x: lapwing_vec_f32,
    a: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { householder_apply_right::<f32>(x.into(), a.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn householder_apply_right<T: Scalar>(
    x: Unchecked<T>,
    a: Unchecked<T>,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("x", x), ("a", a)],
            ("out", out),
            |[x, a]| [(a[0], "the rows of a"), (x[0], "the entries of x")],
            |[x, a]| Householder::new(&x.column(0))?.apply_right(&a),
        )
    }
}

/// The Householder reflector of x (n entries): identity - tau * v * transpose(v), which takes x to (beta, 0, ..., 0).
///
///  v     n entries, the first of which is 1.
///  tau   0, or from 1 to 2.
///  beta  the norm of x, of the sign opposite to that of its first entry.
///
/// Returns LAPWING_ERR_ARGUMENT (x is empty), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe. What LAPACK's dlarfg does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_householder_f64(
    x: lapwing_vec_f64,
    v: lapwing_vec_mut_f64,
    tau: *mut f64,
    beta: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { householder::<f64>(x.into(), v.into(), tau, beta) })
}

/// As lapwing_householder_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_householder_f32(
    x: lapwing_vec_f32,
    v: lapwing_vec_mut_f32,
    tau: *mut f32,
    beta: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { householder::<f32>(x.into(), v.into(), tau, beta) })
}

/// # Safety
/// As [`fill`]; `tau` and `beta` are NULL or can be written to.
unsafe fn householder<T: Scalar>(
    x: Unchecked<T>,
    v: Unchecked<T>,
    tau: *mut T,
    beta: *mut T,
) -> Result<(), Failure> {
    require_pointer("tau", tau)?;
    require_pointer("beta", beta)?;
    // SAFETY: this function's own condition.
    unsafe {
        let mut scalars = (T::zero(), T::zero());
        fill(
            [("x", x)],
            ("v", v),
            |[x]| [(x[0], "the entries of x"), (1, "a vector")],
            |[x]| {
                let reflector = Householder::new(&x.column(0))?;
                scalars = (reflector.tau(), reflector.beta());
                Ok(reflector.v().insert_axis(Axis(1)).to_owned())
            },
        )?;
        tau.write(scalars.0);
        beta.write(scalars.1);
    }
    Ok(())
}

/// The Givens rotation [c s; -s c] that takes (f, g) to (r, 0).
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_NULL, LAPWING_ERR_OVERFLOW (r does). On any error the outputs are
/// untouched. Thread-safe. What LAPACK's dlartg does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_givens_f64(
    f: f64,
    g: f64,
    c: *mut f64,
    s: *mut f64,
    r: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe { givens::<f64>(f, g, [("c", c), ("s", s), ("r", r)]) })
}

/// As lapwing_givens_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_givens_f32(
    f: f32,
    g: f32,
    c: *mut f32,
    s: *mut f32,
    r: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe { givens::<f32>(f, g, [("c", c), ("s", s), ("r", r)]) })
}

/// # Safety
/// The pointers are NULL or can be written to.
unsafe fn givens<T: Scalar>(f: T, g: T, outputs: [(&str, *mut T); 3]) -> Result<(), Failure> {
    for (name, output) in outputs {
        require_pointer(name, output)?;
    }
    let rotation = Givens::new(f, g)?;
    for ((_, output), value) in outputs.into_iter().zip([rotation.c(), rotation.s(), rotation.r()]) {
        // SAFETY: not NULL by the check above, and writable by this function's own condition.
        unsafe { output.write(value) };
    }
    Ok(())
}

/// Rotates the rows i and k of a (m x n) in place by the rotation that takes (f, g) to (r, 0), as lapwing_givens_f64
/// finds it: with x and y for their entries in one column, x becomes c * x + s * y and y becomes c * y - s * x.
/// Nothing else of a is read or written.
///
///  i, k  different, and from 0 to m - 1.
///  a     m x n, any strides; the rows i and k are read and written.
///
/// Returns LAPWING_ERR_ARGUMENT (i or k), LAPWING_ERR_NON_FINITE (f, g, or an entry of those rows),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (two entries of a share an address), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error a is as it was. Thread-safe. What LAPACK's dlartg
/// and BLAS's drot do.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_givens_rows_inplace_f64(
    f: f64,
    g: f64,
    i: i64,
    k: i64,
    a: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view.
    guard(|| unsafe { rotate_inplace::<f64>(f, g, [i, k], a.into(), Lanes::Rows) })
}

/// As lapwing_givens_rows_inplace_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_givens_rows_inplace_f32(
    f: f32,
    g: f32,
    i: i64,
    k: i64,
    a: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view.
    guard(|| unsafe { rotate_inplace::<f32>(f, g, [i, k], a.into(), Lanes::Rows) })
}

/// Rotates the columns i and k of a (m x n) in place, as lapwing_givens_rows_inplace_f64 rotates rows: (f, g) in a
/// row of those columns becomes (r, 0).
///
///  i, k  different, and from 0 to n - 1.
///  a     m x n, any strides; the columns i and k are read and written.
///
/// Returns as lapwing_givens_rows_inplace_f64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_givens_columns_inplace_f64(
    f: f64,
    g: f64,
    i: i64,
    k: i64,
    a: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view.
    guard(|| unsafe { rotate_inplace::<f64>(f, g, [i, k], a.into(), Lanes::Columns) })
}

/// As lapwing_givens_columns_inplace_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_givens_columns_inplace_f32(
    f: f32,
    g: f32,
    i: i64,
    k: i64,
    a: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view.
    guard(|| unsafe { rotate_inplace::<f32>(f, g, [i, k], a.into(), Lanes::Columns) })
}

/// What a rotation mixes.
#[derive(Clone, Copy)]
enum Lanes {
    Rows,
    Columns,
}

/// # Safety
/// The memory that the view describes is there, initialized and writable, and used by nobody else meanwhile.
unsafe fn rotate_inplace<T: Scalar>(
    f: T,
    g: T,
    [i, k]: [i64; 2],
    a: Unchecked<T>,
    lanes: Lanes,
) -> Result<(), Failure> {
    let (axis, what) = match lanes {
        Lanes::Rows => (0, "rows"),
        Lanes::Columns => (1, "columns"),
    };
    let extent = a.output("a")?.shape()[axis];
    for (parameter, index) in [("i", i), ("k", k)] {
        if count(parameter, index)? >= extent {
            return Err(invalid(parameter, index, format!("below {extent}, the number of {what}")));
        }
    }
    if i == k {
        return Err(invalid("k", k, "another index than i".to_owned()));
    }
    let rotation = Givens::new(f, g)?;
    // The two lanes are a view of their own, from the first of them by one step to the other. Where nothing is behind the
    // view, the steps lead nowhere and may wrap.
    let mut pair = a;
    let stride = a.strides[axis];
    pair.data = a.data.wrapping_offset(i.wrapping_mul(stride) as isize);
    pair.extents[axis] = 2;
    pair.strides[axis] = stride.wrapping_mul(k.wrapping_sub(i));
    let pair = pair.output("a")?;
    let [rows, cols] = pair.shape();
    let mut rotated = zeros(rows, cols)?;
    // SAFETY: this function's own condition, for a part of the view.
    rotated.assign(&unsafe { pair.view() });
    let outcome = match lanes {
        Lanes::Rows => rotation.rotate_rows(&mut rotated, 0, 1),
        Lanes::Columns => rotation.rotate_columns(&mut rotated, 0, 1),
    };
    outcome.map_err(|error| in_matrix(error, [i, k], axis))?;
    // SAFETY: as above; what was read is a copy.
    unsafe { pair.write(&rotated) };
    Ok(())
}

/// An error about one of two lanes, with the place in the matrix that they are from.
fn in_matrix(error: Error, lanes: [i64; 2], axis: usize) -> Error {
    match error {
        Error::NonFinite { argument: "a", row, col } => {
            let mut place = [row, col];
            place[axis] = lanes[place[axis].min(1)] as usize;
            Error::NonFinite { argument: "a", row: place[0], col: place[1] }
        }
        other => other,
    }
}

fn invalid(parameter: &'static str, value: i64, requirement: String) -> Failure {
    Error::InvalidParameter { parameter, value: value.to_string(), requirement }.into()
}
