//! Memory that decompositions of many matrices reuse.

use lapwing_lapack::{SvdWorkspace, SymmetricEigenWorkspace};

use crate::decompositions::{eigh, svd};
use crate::guard::{guard, require_pointer};
use crate::models::{free, hand_out, models};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_mut_f32,
    lapwing_vec_mut_f64,
};

/// Memory for singular value decompositions one after the other: a copy of the matrix, and LAPACK's own. It begins empty and
/// grows to the largest matrix it has seen. While a call uses it, no other thread may.
pub struct lapwing_svd_workspace_f64(SvdWorkspace<f64>);

/// As lapwing_svd_workspace_f64, in single precision.
pub struct lapwing_svd_workspace_f32(SvdWorkspace<f32>);

/// Memory for eigendecompositions of symmetric matrices, as lapwing_svd_workspace_f64 is for singular values.
pub struct lapwing_eigh_workspace_f64(SymmetricEigenWorkspace<f64>);

/// As lapwing_eigh_workspace_f64, in single precision.
pub struct lapwing_eigh_workspace_f32(SymmetricEigenWorkspace<f32>);

models!("workspace": lapwing_svd_workspace_f64(SvdWorkspace<f64>), lapwing_svd_workspace_f32(SvdWorkspace<f32>));
models!("workspace": lapwing_eigh_workspace_f64(SymmetricEigenWorkspace<f64>),
    lapwing_eigh_workspace_f32(SymmetricEigenWorkspace<f32>));

/// # Safety
/// NULL, or from [`hand_out`], not freed during `'a`, and used by nobody else.
unsafe fn workspace<'a, W>(pointer: *mut W) -> Result<&'a mut W, Failure> {
    require_pointer("workspace", pointer)?;
    // SAFETY: not NULL; the rest is this function's own condition.
    Ok(unsafe { &mut *pointer })
}

/// An empty workspace.
///
///  out  receives it, to be freed by lapwing_svd_workspace_free_f64.
///
/// Returns LAPWING_ERR_NULL. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_workspace_new_f64(
    out: *mut *mut lapwing_svd_workspace_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { hand_out(out, || Ok(SvdWorkspace::new())) })
}

/// As lapwing_svd_workspace_new_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_workspace_new_f32(
    out: *mut *mut lapwing_svd_workspace_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { hand_out(out, || Ok(SvdWorkspace::new())) })
}

/// lapwing_svd_f64 in memory that is kept for the next call; the results are the same to the last bit.
///
/// Returns what lapwing_svd_f64 does. On any error the outputs are untouched, and the workspace can be used on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_with_workspace_f64(
    workspace: *mut lapwing_svd_workspace_f64,
    a: lapwing_mat_f64,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the workspace and for the memory behind the views.
    guard(|| unsafe { svd(a.into(), s.into(), u.into(), vt.into(), &mut self::workspace(workspace)?.0) })
}

/// As lapwing_svd_with_workspace_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_with_workspace_f32(
    workspace: *mut lapwing_svd_workspace_f32,
    a: lapwing_mat_f32,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the workspace and for the memory behind the views.
    guard(|| unsafe { svd(a.into(), s.into(), u.into(), vt.into(), &mut self::workspace(workspace)?.0) })
}

/// Frees a workspace. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_workspace_free_f64(workspace: *mut lapwing_svd_workspace_f64) {
    // SAFETY: the caller vouches that the workspace was not freed before.
    unsafe { free(workspace) }
}

/// As lapwing_svd_workspace_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_workspace_free_f32(workspace: *mut lapwing_svd_workspace_f32) {
    // SAFETY: the caller vouches that the workspace was not freed before.
    unsafe { free(workspace) }
}

/// An empty workspace.
///
///  out  receives it, to be freed by lapwing_eigh_workspace_free_f64.
///
/// Returns LAPWING_ERR_NULL. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_workspace_new_f64(
    out: *mut *mut lapwing_eigh_workspace_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { hand_out(out, || Ok(SymmetricEigenWorkspace::new())) })
}

/// As lapwing_eigh_workspace_new_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_workspace_new_f32(
    out: *mut *mut lapwing_eigh_workspace_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer.
    guard(|| unsafe { hand_out(out, || Ok(SymmetricEigenWorkspace::new())) })
}

/// lapwing_eigh_f64 in memory that is kept for the next call; the results are the same to the last bit.
///
/// Returns what lapwing_eigh_f64 does. On any error the outputs are untouched, and the workspace can be used on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_with_workspace_f64(
    workspace: *mut lapwing_eigh_workspace_f64,
    a: lapwing_mat_f64,
    uplo: i32,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the workspace and for the memory behind the views.
    guard(|| unsafe { eigh(a.into(), uplo, w.into(), v.into(), &mut self::workspace(workspace)?.0) })
}

/// As lapwing_eigh_with_workspace_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_with_workspace_f32(
    workspace: *mut lapwing_eigh_workspace_f32,
    a: lapwing_mat_f32,
    uplo: i32,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the workspace and for the memory behind the views.
    guard(|| unsafe { eigh(a.into(), uplo, w.into(), v.into(), &mut self::workspace(workspace)?.0) })
}

/// Frees a workspace. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_workspace_free_f64(workspace: *mut lapwing_eigh_workspace_f64) {
    // SAFETY: the caller vouches that the workspace was not freed before.
    unsafe { free(workspace) }
}

/// As lapwing_eigh_workspace_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_workspace_free_f32(workspace: *mut lapwing_eigh_workspace_f32) {
    // SAFETY: the caller vouches that the workspace was not freed before.
    unsafe { free(workspace) }
}
