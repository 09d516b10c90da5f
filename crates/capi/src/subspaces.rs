//! Subspaces of a matrix: one generic function each, and its two exports.

use lapwing_lapack::Scalar;
use lapwing_lapack::subspaces::{FundamentalSubspaces, Subspace};

use crate::arguments::require_separate;
use crate::guard::guard;
use crate::numbers::Numbers;
use crate::rank::tolerance_of;
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64};

/// An orthonormal basis of the solutions of a * x = 0.
///
///  a          m x n, any strides; read only.
///  rule       where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  basis      n x n: the first count columns are the basis, the others are left as they are.
///  count      n less the rank.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd; dgeqrf first when m >= 2n.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_null_space_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    basis: lapwing_mat_mut_f64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { null_space::<f64>(a.into(), rule, tolerance, basis.into(), count) })
}

/// As lapwing_null_space_f64, in single precision. LAPACK: sgesdd, then sgesvd; sgeqrf first when m >= 2n.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_null_space_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    basis: lapwing_mat_mut_f32,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { null_space::<f32>(a.into(), rule, tolerance, basis.into(), count) })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
unsafe fn null_space<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    basis: Unchecked<T>,
    count: *mut i64,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, basis, count) = (a.input("a")?, basis.output("basis")?, Numbers::needed("count", count, 1)?);
    let [_, cols] = a.shape();
    basis.require_shape(&[(cols, "the columns of a"), (cols, "the columns of a")])?;
    require_separate(&[&a], &[Some(&basis)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let found = Subspace::null(&unsafe { a.view() }, tolerance)?;
    // SAFETY: as above.
    unsafe {
        basis.write_leading(&found.basis());
        count.write([found.dimension() as i64]);
    }
    Ok(())
}

/// An orthonormal basis of the span of the columns of a matrix, in the order of the singular values.
///
///  a          m x n, any strides; read only.
///  rule       where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  basis      m x min(m,n): the first count columns are the basis, the others are left as they are.
///  count      the rank.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_orthonormal_basis_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    basis: lapwing_mat_mut_f64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { orthonormal_basis::<f64>(a.into(), rule, tolerance, basis.into(), count) })
}

/// As lapwing_orthonormal_basis_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_orthonormal_basis_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    basis: lapwing_mat_mut_f32,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { orthonormal_basis::<f32>(a.into(), rule, tolerance, basis.into(), count) })
}

/// # Safety
/// As [`null_space`].
unsafe fn orthonormal_basis<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    basis: Unchecked<T>,
    count: *mut i64,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, basis, count) = (a.input("a")?, basis.output("basis")?, Numbers::needed("count", count, 1)?);
    let [rows, cols] = a.shape();
    basis.require_shape(&[(rows, "the rows of a"), (rows.min(cols), "the smaller extent of a")])?;
    require_separate(&[&a], &[Some(&basis)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let found = Subspace::range(&unsafe { a.view() }, tolerance)?;
    // SAFETY: as above.
    unsafe {
        basis.write_leading(&found.basis());
        count.write([found.dimension() as i64]);
    }
    Ok(())
}

/// An orthonormal basis of all that is orthogonal to the columns of a matrix.
///
///  a          m x n, any strides; read only.
///  rule       where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  basis      m x m: the first count columns are the basis, the others are left as they are.
///  count      m less the rank.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd; dgeqrf, dorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_orthogonal_complement_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    basis: lapwing_mat_mut_f64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { orthogonal_complement::<f64>(a.into(), rule, tolerance, basis.into(), count) })
}

/// As lapwing_orthogonal_complement_f64, in single precision. LAPACK: sgesdd, then sgesvd; sgeqrf, sorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_orthogonal_complement_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    basis: lapwing_mat_mut_f32,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { orthogonal_complement::<f32>(a.into(), rule, tolerance, basis.into(), count) })
}

/// # Safety
/// As [`null_space`].
unsafe fn orthogonal_complement<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    basis: Unchecked<T>,
    count: *mut i64,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, basis, count) = (a.input("a")?, basis.output("basis")?, Numbers::needed("count", count, 1)?);
    let [rows, _] = a.shape();
    basis.require_shape(&[(rows, "the rows of a"), (rows, "the rows of a")])?;
    require_separate(&[&a], &[Some(&basis)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let found = Subspace::range(&unsafe { a.view() }, tolerance)?.complement()?;
    // SAFETY: as above.
    unsafe {
        basis.write_leading(&found.basis());
        count.write([found.dimension() as i64]);
    }
    Ok(())
}

/// Orthonormal bases of the four fundamental subspaces of a matrix, from one decomposition.
///
///  a                m x n, any strides; read only.
///  rule             where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance        the number for that rule, finite and at least 0; not read for the standard one.
///  column_space     m x min(m,n), of which the first rank columns are written; a view with NULL data when not wanted.
///  row_space        n x min(m,n), of which the first rank columns are written; likewise.
///  null_space       n x n, of which the first n - rank columns are written; likewise.
///  left_null_space  m x m, of which the first m - rank columns are written; likewise.
///  rank             the rank.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_fundamental_subspaces_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    column_space: lapwing_mat_mut_f64,
    row_space: lapwing_mat_mut_f64,
    null_space: lapwing_mat_mut_f64,
    left_null_space: lapwing_mat_mut_f64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        fundamental_subspaces::<f64>(
            a.into(),
            rule,
            tolerance,
            column_space.into(),
            row_space.into(),
            null_space.into(),
            left_null_space.into(),
            rank,
        )
    })
}

/// As lapwing_fundamental_subspaces_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_fundamental_subspaces_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    column_space: lapwing_mat_mut_f32,
    row_space: lapwing_mat_mut_f32,
    null_space: lapwing_mat_mut_f32,
    left_null_space: lapwing_mat_mut_f32,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        fundamental_subspaces::<f32>(
            a.into(),
            rule,
            tolerance,
            column_space.into(),
            row_space.into(),
            null_space.into(),
            left_null_space.into(),
            rank,
        )
    })
}

/// # Safety
/// As [`null_space`].
#[expect(clippy::too_many_arguments, reason = "four subspaces are asked for at once")]
unsafe fn fundamental_subspaces<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    column_space: Unchecked<T>,
    row_space: Unchecked<T>,
    null_space: Unchecked<T>,
    left_null_space: Unchecked<T>,
    rank: *mut i64,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, rank) = (a.input("a")?, Numbers::needed("rank", rank, 1)?);
    let [rows, cols] = a.shape();
    let (of_rows, of_cols) = ((rows, "the rows of a"), (cols, "the columns of a"));
    let smaller = (rows.min(cols), "the smaller extent of a");
    let wanted = |output: Unchecked<T>, name, shape: [_; 2]| -> Result<Option<Strided<T>>, Failure> {
        let output = output.optional_output(name)?;
        output.as_ref().map_or(Ok(()), |output| output.require_shape(&shape))?;
        Ok(output)
    };
    let outputs = [
        wanted(column_space, "column_space", [of_rows, smaller])?,
        wanted(row_space, "row_space", [of_cols, smaller])?,
        wanted(null_space, "null_space", [of_cols, of_cols])?,
        wanted(left_null_space, "left_null_space", [of_rows, of_rows])?,
    ];
    require_separate(&[&a], &outputs.each_ref().map(Option::as_ref))?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let spaces = FundamentalSubspaces::new(&unsafe { a.view() }, tolerance)?;
    let bases = [spaces.column_space(), spaces.row_space(), spaces.null_space(), spaces.left_null_space()];
    for (output, basis) in outputs.iter().zip(&bases) {
        if let Some(output) = output {
            // SAFETY: as above.
            unsafe { output.write_leading(basis) };
        }
    }
    // SAFETY: as above.
    unsafe { rank.write([spaces.rank() as i64]) };
    Ok(())
}

/// The orthogonal projectors onto the span of the columns of a matrix, and onto its orthogonal complement.
///
///  a          m x n, any strides; read only.
///  rule       where a singular value counts as zero: LAPWING_TOLERANCE_STANDARD, _ABSOLUTE or _RELATIVE.
///  tolerance  the number for that rule, finite and at least 0; not read for the standard one.
///  onto       m x m, symmetric: q * transpose(q) for an orthonormal basis q; a view with NULL data when not wanted.
///  off        m x m, symmetric: the identity less that; likewise.
///  rank       the rank; NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (rule, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe.
/// LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_projectors_f64(
    a: lapwing_mat_f64,
    rule: i32,
    tolerance: f64,
    onto: lapwing_mat_mut_f64,
    off: lapwing_mat_mut_f64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { projectors::<f64>(a.into(), rule, tolerance, onto.into(), off.into(), rank) })
}

/// As lapwing_projectors_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_projectors_f32(
    a: lapwing_mat_f32,
    rule: i32,
    tolerance: f64,
    onto: lapwing_mat_mut_f32,
    off: lapwing_mat_mut_f32,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { projectors::<f32>(a.into(), rule, tolerance, onto.into(), off.into(), rank) })
}

/// # Safety
/// As [`null_space`].
unsafe fn projectors<T: Scalar>(
    a: Unchecked<T>,
    rule: i32,
    tolerance: f64,
    onto: Unchecked<T>,
    off: Unchecked<T>,
    rank: *mut i64,
) -> Result<(), Failure> {
    let tolerance = tolerance_of(rule, tolerance)?;
    let (a, rank) = (a.input("a")?, Numbers::optional("rank", rank, 1)?);
    let (onto, off) = (onto.optional_output("onto")?, off.optional_output("off")?);
    let rows = (a.shape()[0], "the rows of a");
    for output in [&onto, &off].into_iter().flatten() {
        output.require_shape(&[rows, rows])?;
    }
    require_separate(&[&a], &[onto.as_ref(), off.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let range = Subspace::range(&unsafe { a.view() }, tolerance)?;
    let projector = onto.as_ref().map(|_| range.projector()).transpose()?;
    let complement = off.as_ref().map(|_| range.complement_projector()).transpose()?;
    for (output, values) in [(onto, projector), (off, complement)] {
        if let (Some(output), Some(values)) = (output, values) {
            // SAFETY: as above.
            unsafe { output.write(&values) };
        }
    }
    // SAFETY: as above.
    unsafe { rank.write([range.dimension() as i64]) };
    Ok(())
}
