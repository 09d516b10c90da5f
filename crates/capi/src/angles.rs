//! Angles and distances between the spans of two matrices: one generic function each, and its two exports.

use lapwing_lapack::rank::Tolerance;
use lapwing_lapack::subspaces::{Distance, Subspace, principal_angles as angles_between};
use lapwing_lapack::{Error, Scalar, require_finite};

use crate::arguments::{column, require_separate};
use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64};

/// The sine of the largest principal angle: the 2-norm of the difference of the projectors.
pub const LAPWING_DISTANCE_GAP: i32 = 0;
/// The root of the sum of squares of the sines of the principal angles.
pub const LAPWING_DISTANCE_CHORDAL: i32 = 1;
/// The root of the sum of squares of the principal angles.
pub const LAPWING_DISTANCE_GEODESIC: i32 = 2;

/// The principal angles between the spans of the columns of two matrices, each of its rank by LAPWING_TOLERANCE_STANDARD.
///
///  a       m x n, any strides; read only.
///  b       m x p, any strides; read only.
///  angles  min(m,n,p) entries, of which the first count are written: radians between 0 and pi/2, largest first, with an
///          error of a few machine epsilons for small angles as for large ones.
///  count   the smaller of the two ranks.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_principal_angles_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    angles: lapwing_vec_mut_f64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { principal_angles::<f64>(a.into(), b.into(), angles.into(), count) })
}

/// As lapwing_principal_angles_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_principal_angles_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    angles: lapwing_vec_mut_f32,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { principal_angles::<f32>(a.into(), b.into(), angles.into(), count) })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
unsafe fn principal_angles<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    angles: Unchecked<T>,
    count: *mut i64,
) -> Result<(), Failure> {
    let (a, b, angles) = (a.input("a")?, b.input("b")?, angles.output("angles")?);
    let count = Numbers::needed("count", count, 1)?;
    let smallest = a.shape()[0].min(a.shape()[1]).min(b.shape()[1]);
    angles.require_shape(&[(smallest, "the smallest extent of a and b")])?;
    require_separate(&[&a, &b], &[Some(&angles)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let found = angles_between(&unsafe { a.view() }, &unsafe { b.view() })?;
    // SAFETY: as above.
    unsafe {
        angles.write_leading(&column(&found));
        count.write([found.len() as i64]);
    }
    Ok(())
}

/// How far apart the spans of the columns of two matrices are, each of its rank by LAPWING_TOLERANCE_STANDARD. A dimension
/// that one span has and the other lacks counts as a right angle.
///
///  a         m x n, any strides; read only.
///  b         m x p, any strides; read only.
///  kind      LAPWING_DISTANCE_GAP, LAPWING_DISTANCE_CHORDAL or LAPWING_DISTANCE_GEODESIC.
///  distance  0 when the spans are the same.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (kind), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the output is untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_subspace_distance_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    kind: i32,
    distance: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { subspace_distance::<f64>(a.into(), b.into(), kind, distance) })
}

/// As lapwing_subspace_distance_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_subspace_distance_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    kind: i32,
    distance: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { subspace_distance::<f32>(a.into(), b.into(), kind, distance) })
}

/// # Safety
/// As [`principal_angles`].
unsafe fn subspace_distance<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    kind: i32,
    distance: *mut T,
) -> Result<(), Failure> {
    let kinds = [Distance::Gap, Distance::Chordal, Distance::Geodesic];
    let kind = constant("kind", kind, &kinds, "LAPWING_DISTANCE_GAP (0), _CHORDAL (1) or _GEODESIC (2)")?;
    let (a, b, distance) = (a.input("a")?, b.input("b")?, Numbers::needed("distance", distance, 1)?);
    // SAFETY: this function's own condition.
    let (one, other) = unsafe { spans(&a, &b)? };
    let found = one.distance(&other, kind)?;
    // SAFETY: as above.
    unsafe { distance.write([found]) };
    Ok(())
}

/// Whether the span of the columns of one matrix contains that of another, each of its rank by
/// LAPWING_TOLERANCE_STANDARD. To test two spans for equality, ask both ways.
///
///  a          m x n, any strides; read only.
///  b          m x p, any strides; read only.
///  tolerance  the largest sine of an angle that counts as none, finite and at least 0.
///  contained  1 if every vector in the span of b lies in that of a up to the tolerance, 0 if not.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the output is untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_subspace_contains_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    tolerance: f64,
    contained: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { subspace_contains::<f64>(a.into(), b.into(), tolerance, contained) })
}

/// As lapwing_subspace_contains_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_subspace_contains_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    tolerance: f64,
    contained: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { subspace_contains::<f32>(a.into(), b.into(), tolerance, contained) })
}

/// # Safety
/// As [`principal_angles`].
unsafe fn subspace_contains<T: Scalar>(
    a: Unchecked<T>,
    b: Unchecked<T>,
    tolerance: f64,
    contained: *mut i32,
) -> Result<(), Failure> {
    let (a, b, contained) = (a.input("a")?, b.input("b")?, Numbers::needed("contained", contained, 1)?);
    // SAFETY: this function's own condition.
    let (one, other) = unsafe { spans(&a, &b)? };
    let found = one.contains_subspace(&other, tolerance)?;
    // SAFETY: as above.
    unsafe { contained.write([i32::from(found)]) };
    Ok(())
}

/// The spans of the columns of two inputs with as many rows.
///
/// # Safety
/// As [`principal_angles`].
unsafe fn spans<T: Scalar>(a: &Strided<T>, b: &Strided<T>) -> Result<(Subspace<T>, Subspace<T>), Failure> {
    let ([expected, _], [found, _]) = (a.shape(), b.shape());
    if found != expected {
        let reason = "as many as a has";
        return Err(Error::Shape { argument: "b", extent: "rows", found, expected, reason }.into());
    }
    // SAFETY: this function's own condition.
    let (a, b) = unsafe { (a.view(), b.view()) };
    require_finite("b", &b)?;
    Ok((Subspace::range(&a, Tolerance::Standard)?, Subspace::range(&b, Tolerance::Standard)?))
}
