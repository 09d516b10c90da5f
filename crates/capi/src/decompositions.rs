//! The decompositions: one generic function each, and its two exports.

use lapwing_lapack::{
    Cholesky, Qr, Scalar, Svd, SvdWorkspace, SymmetricEigen, SymmetricEigenWorkspace, Vectors,
};

use crate::arguments::{column, order, require_separate, triangle};
use crate::guard::guard;
use crate::status::{Failure, LAPWING_ERR_NULL, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Thin singular value decomposition, a = u * diag(s) * vt.
///
///  a   m x n, any strides; read only.
///  s   min(m,n) values, largest first.
///  u   m x min(m,n), orthonormal columns; a view with NULL data when not wanted.
///  vt  min(m,n) x n, orthonormal rows; likewise. With neither, values alone cost about a fifth.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_f64(
    a: lapwing_mat_f64,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { svd::<f64>(a.into(), s.into(), u.into(), vt.into(), &mut SvdWorkspace::new()) })
}

/// As lapwing_svd_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_f32(
    a: lapwing_mat_f32,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { svd::<f32>(a.into(), s.into(), u.into(), vt.into(), &mut SvdWorkspace::new()) })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require.
pub(crate) unsafe fn svd<T: Scalar>(
    a: Unchecked<T>,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
    workspace: &mut SvdWorkspace<T>,
) -> Result<(), Failure> {
    let (a, s) = (a.input("a")?, s.output("s")?);
    let (u, vt) = (u.optional_output("u")?, vt.optional_output("vt")?);
    let [rows, cols] = a.shape();
    let rank = rows.min(cols);
    s.require_shape(&[(rank, "the smaller extent of a")])?;
    if let Some(u) = &u {
        u.require_shape(&[(rows, "the rows of a"), (rank, "the smaller extent of a")])?;
    }
    if let Some(vt) = &vt {
        vt.require_shape(&[(rank, "the smaller extent of a"), (cols, "the columns of a")])?;
    }
    require_separate(&[&a], &[Some(&s), u.as_ref(), vt.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let matrix = unsafe { a.view() };
    if u.is_none() && vt.is_none() {
        let values = Svd::params().values_with(&matrix, workspace)?.values;
        // SAFETY: as above.
        unsafe { s.write(&column(&values)) };
        return Ok(());
    }
    let svd = Svd::params().vectors(Vectors::Thin).compute_with(&matrix, workspace)?;
    // SAFETY: as above.
    unsafe {
        s.write(&column(&svd.singular_values()));
        if let Some(u) = u {
            u.write(&svd.u());
        }
        if let Some(vt) = vt {
            vt.write(&svd.vt());
        }
    }
    Ok(())
}

/// Eigendecomposition of a symmetric matrix, a = v * diag(w) * transpose(v).
///
///  a     n x n, any strides; read only, and only the triangle that uplo names.
///  uplo  LAPWING_LOWER or LAPWING_UPPER.
///  w     n eigenvalues, smallest first.
///  v     n x n, orthonormal eigenvectors in columns; a view with NULL data when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { eigh(a.into(), uplo, w.into(), v.into(), &mut SymmetricEigenWorkspace::<f64>::new()) })
}

/// As lapwing_eigh_f64, in single precision. LAPACK: ssyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { eigh(a.into(), uplo, w.into(), v.into(), &mut SymmetricEigenWorkspace::<f32>::new()) })
}

/// # Safety
/// As [`svd`].
pub(crate) unsafe fn eigh<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    w: Unchecked<T>,
    v: Unchecked<T>,
    workspace: &mut SymmetricEigenWorkspace<T>,
) -> Result<(), Failure> {
    let triangle = triangle(uplo)?;
    let (a, w, v) = (a.input("a")?, w.output("w")?, v.optional_output("v")?);
    let order = order(&a)?;
    w.require_shape(&[(order, "the order of a")])?;
    if let Some(v) = &v {
        v.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    }
    require_separate(&[&a], &[Some(&w), v.as_ref()])?;

    let params = SymmetricEigen::params().triangle(triangle);
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let matrix = unsafe { a.view() };
    let Some(v) = v else {
        let values = params.values_with(&matrix, workspace)?.values;
        // SAFETY: as above.
        unsafe { w.write(&column(&values)) };
        return Ok(());
    };
    let eigen = params.compute_with(&matrix, workspace)?;
    // SAFETY: as above.
    unsafe {
        w.write(&column(&eigen.values()));
        v.write(&eigen.vectors());
    }
    Ok(())
}

/// Thin QR factorization, a = q * r.
///
///  a  m x n, any strides; read only.
///  q  m x min(m,n), orthonormal columns; a view with NULL data when not wanted, which halves the cost.
///  r  min(m,n) x n, upper triangular with zeros below; a view with NULL data when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_NULL (neither is wanted),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW.
/// On any error the outputs are untouched. Thread-safe. LAPACK: dgeqrf, dorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_f64(
    a: lapwing_mat_f64,
    q: lapwing_mat_mut_f64,
    r: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { qr::<f64>(a.into(), q.into(), r.into()) })
}

/// As lapwing_qr_f64, in single precision. LAPACK: sgeqrf, sorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_f32(
    a: lapwing_mat_f32,
    q: lapwing_mat_mut_f32,
    r: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { qr::<f32>(a.into(), q.into(), r.into()) })
}

/// # Safety
/// As [`svd`].
unsafe fn qr<T: Scalar>(a: Unchecked<T>, q: Unchecked<T>, r: Unchecked<T>) -> Result<(), Failure> {
    let (a, q, r) = (a.input("a")?, q.optional_output("q")?, r.optional_output("r")?);
    let [rows, cols] = a.shape();
    let rank = rows.min(cols);
    if q.is_none() && r.is_none() && rank > 0 {
        let message = "q.data and r.data are both NULL; ask for one of them";
        return Err(Failure::new(LAPWING_ERR_NULL, message));
    }
    if let Some(q) = &q {
        q.require_shape(&[(rows, "the rows of a"), (rank, "the smaller extent of a")])?;
    }
    if let Some(r) = &r {
        r.require_shape(&[(rank, "the smaller extent of a"), (cols, "the columns of a")])?;
    }
    require_separate(&[&a], &[q.as_ref(), r.as_ref()])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let qr = Qr::new(&unsafe { a.view() })?;
    let triangle = r.as_ref().map(|_| qr.r());
    let orthonormal = q.as_ref().map(|_| qr.q()).transpose()?;
    // SAFETY: as above.
    unsafe {
        if let (Some(q), Some(values)) = (q, orthonormal) {
            q.write(&values);
        }
        if let (Some(r), Some(values)) = (r, triangle) {
            r.write(&values);
        }
    }
    Ok(())
}

/// Cholesky factorization of a symmetric positive definite matrix: a = l * transpose(l) or transpose(u) * u.
///
///  a       n x n, any strides; read only, and only the triangle that uplo names.
///  uplo    LAPWING_LOWER for the factor l, LAPWING_UPPER for u.
///  factor  n x n, with zeros in the other triangle.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (the message gives the order of the first leading minor that is not
/// positive), LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY.
/// On any error the output is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    factor: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { cholesky::<f64>(a.into(), uplo, factor.into()) })
}

/// As lapwing_cholesky_f64, in single precision. LAPACK: spotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    factor: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { cholesky::<f32>(a.into(), uplo, factor.into()) })
}

/// # Safety
/// As [`svd`].
unsafe fn cholesky<T: Scalar>(a: Unchecked<T>, uplo: i32, factor: Unchecked<T>) -> Result<(), Failure> {
    let triangle = triangle(uplo)?;
    let (a, factor) = (a.input("a")?, factor.output("factor")?);
    let order = order(&a)?;
    factor.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    require_separate(&[&a], &[Some(&factor)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let cholesky = Cholesky::with_triangle(&unsafe { a.view() }, triangle)?;
    // SAFETY: as above.
    unsafe { factor.write(&cholesky.factor()) };
    Ok(())
}
