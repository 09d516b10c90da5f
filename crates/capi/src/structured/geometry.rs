//! Rotations, reflections and projections.

use lapwing_lapack::structured::{Givens, Householder};
use lapwing_lapack::{Scalar, structured};
use ndarray::Axis;

use super::{count, extents, fill};
use crate::guard::guard;
use crate::guard::require_pointer;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The rotation of the plane by angle radians, 2 x 2: [cos -sin; sin cos].
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rotation_2d_f64(angle: f64, out: lapwing_mat_mut_f64) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { rotation_2d::<f64>(angle, out.into()) })
}

/// As lapwing_rotation_2d_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rotation_2d_f32(angle: f32, out: lapwing_mat_mut_f32) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { rotation_2d::<f32>(angle, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn rotation_2d<T: Scalar>(angle: T, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [],
            ("out", out),
            |_| [(2, "the dimension of the plane"), (2, "the dimension of the plane")],
            |_| structured::rotation_2d(angle),
        )
    }
}

/// The rotation of space by angle radians about axis, 3 x 3, counterclockwise for one at whom the axis points.
///
///  axis  3 entries, not all 0.
///
/// Returns LAPWING_ERR_ARGUMENT (axis is 0), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rotation_3d_f64(
    axis: lapwing_vec_f64,
    angle: f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { rotation_3d::<f64>(axis.into(), angle, out.into()) })
}

/// As lapwing_rotation_3d_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rotation_3d_f32(
    axis: lapwing_vec_f32,
    angle: f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { rotation_3d::<f32>(axis.into(), angle, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn rotation_3d<T: Scalar>(axis: Unchecked<T>, angle: T, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("axis", axis)],
            ("out", out),
            |[_axis]| [(3, "the dimension of space"), (3, "the dimension of space")],
            |[axis]| structured::rotation_3d(&axis.column(0), angle),
        )
    }
}

/// The rotation of n-dimensional space by angle radians in the plane of the axes i and k, from i toward k, n x n.
///
///  i, k  different, and from 0 to n - 1.
///
/// Returns LAPWING_ERR_ARGUMENT (i or k), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_plane_rotation_f64(
    i: i64,
    k: i64,
    angle: f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { plane_rotation::<f64>(i, k, angle, out.into()) })
}

/// As lapwing_plane_rotation_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_plane_rotation_f32(
    i: i64,
    k: i64,
    angle: f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { plane_rotation::<f32>(i, k, angle, out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn plane_rotation<T: Scalar>(i: i64, k: i64, angle: T, out: Unchecked<T>) -> Result<(), Failure> {
    let (i, k, (n, _)) = (count("i", i)?, count("k", k)?, extents("out", &out)?);
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [],
            ("out", out),
            |_| [(n, "its own rows"), (n, "its own rows")],
            |_| structured::plane_rotation(n, i, k, angle),
        )
    }
}

/// The reflection in the hyperplane through the origin with this normal (n entries), n x n.
///
/// Returns LAPWING_ERR_ARGUMENT (normal is 0), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_reflection_f64(
    normal: lapwing_vec_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { reflection::<f64>(normal.into(), out.into()) })
}

/// As lapwing_reflection_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_reflection_f32(
    normal: lapwing_vec_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { reflection::<f32>(normal.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn reflection<T: Scalar>(normal: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("normal", normal)],
            ("out", out),
            |[normal]| [(normal[0], "the entries of normal"), (normal[0], "the entries of normal")],
            |[normal]| structured::reflection(&normal.column(0)),
        )
    }
}

/// The mirror images y (n x k) of the columns of x (n x k) in the hyperplane through the origin with this normal.
///
/// Returns LAPWING_ERR_ARGUMENT (normal is 0), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any
/// error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_reflect_f64(
    normal: lapwing_vec_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { reflect::<f64>(normal.into(), x.into(), y.into()) })
}

/// As lapwing_reflect_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_reflect_f32(
    normal: lapwing_vec_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { reflect::<f32>(normal.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn reflect<T: Scalar>(normal: Unchecked<T>, x: Unchecked<T>, y: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("normal", normal), ("x", x)],
            ("y", y),
            |[normal, x]| [(normal[0], "the entries of normal"), (x[1], "the columns of x")],
            |[normal, x]| structured::reflect(&normal.column(0), &x),
        )
    }
}

/// The orthogonal projection onto the span of the columns of basis (n x k), n x n.
///
/// Returns LAPWING_ERR_RANK_DEFICIENT (the columns are dependent to rounding), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the output is
/// untouched. Thread-safe. LAPACK: dgeqp3, dorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_projection_f64(
    basis: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { projection::<f64>(basis.into(), out.into()) })
}

/// As lapwing_projection_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_projection_f32(
    basis: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { projection::<f32>(basis.into(), out.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn projection<T: Scalar>(basis: Unchecked<T>, out: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("basis", basis)],
            ("out", out),
            |[basis]| [(basis[0], "the rows of basis"), (basis[0], "the rows of basis")],
            |[basis]| structured::projection(&basis),
        )
    }
}

/// The orthogonal projections y (n x m) of the columns of x (n x m) onto the span of the columns of basis (n x k).
///
/// Returns LAPWING_ERR_OVERFLOW, and as lapwing_projection_f64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_project_f64(
    basis: lapwing_mat_f64,
    x: lapwing_mat_f64,
    y: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { project::<f64>(basis.into(), x.into(), y.into()) })
}

/// As lapwing_project_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_project_f32(
    basis: lapwing_mat_f32,
    x: lapwing_mat_f32,
    y: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { project::<f32>(basis.into(), x.into(), y.into()) })
}

/// # Safety
/// As [`fill`].
unsafe fn project<T: Scalar>(basis: Unchecked<T>, x: Unchecked<T>, y: Unchecked<T>) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        fill(
            [("basis", basis), ("x", x)],
            ("y", y),
            |[basis, x]| [(basis[0], "the rows of basis"), (x[1], "the columns of x")],
            |[basis, x]| structured::project(&basis, &x),
        )
    }
}

/// The product of the reflector of x (n entries, as lapwing_householder_f64 makes it) with a (n x k). To apply it from the
/// right, pass the transposed views.
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
