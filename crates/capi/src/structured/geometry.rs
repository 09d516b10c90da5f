//! Rotations, reflections and projections of space.

use lapwing_lapack::{Scalar, structured};

use super::{count, extents, fill};
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
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
