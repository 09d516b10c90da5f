//! The decompositions in their other forms, and products: one generic function each, and its two exports.

use lapwing_lapack::{PivotedQr, PivotedQrParams, Qr, Scalar, Spectrum, Svd, SymmetricEigen, matmul, zeros};
use ndarray::{ArrayRef2, s};

use crate::arguments::{column, order, require_separate, triangle};
use crate::guard::guard;
use crate::linear_systems::{Transposition, transposition};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::strided::Strided;
use crate::structured::count;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The product of two matrices, c = a * b. Views with exchanged extents and strides give products with transposes.
/// NaN and infinities spread by the rules of IEEE 754.
///
///  a  m x k, any strides; read only.
///  b  k x n, likewise.
///  c  m x n.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY.
/// On any error the output is untouched. Thread-safe. BLAS: dgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_matmul_f64(
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    c: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { matmul_into::<f64>(a.into(), b.into(), c.into()) })
}

/// As lapwing_matmul_f64, in single precision. BLAS: sgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_matmul_f32(
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    c: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { matmul_into::<f32>(a.into(), b.into(), c.into()) })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require.
unsafe fn matmul_into<T: Scalar>(a: Unchecked<T>, b: Unchecked<T>, c: Unchecked<T>) -> Result<(), Failure> {
    let (a, b, c) = (a.input("a")?, b.input("b")?, c.output("c")?);
    b.require_shape(&[(a.shape()[1], "the columns of a")])?;
    c.require_shape(&[(a.shape()[0], "the rows of a"), (b.shape()[1], "the columns of b")])?;
    require_separate(&[&a, &b], &[Some(&c)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let product = unsafe { matmul(&a.view(), &b.view()) }?;
    // SAFETY: as above.
    unsafe { c.write(&product) };
    Ok(())
}

/// Full singular value decomposition: as lapwing_svd_f64, with u and vt completed to orthogonal matrices.
///
///  a   m x n, any strides; read only.
///  s   min(m,n) values, largest first; a view with NULL data when not wanted.
///  u   m x m, orthogonal; likewise. The columns after the first min(m,n) span what is orthogonal to those of a.
///  vt  n x n, orthogonal; likewise. The rows after the first min(m,n) span vectors that a takes to 0.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK: dgesdd, then dgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_full_f64(
    a: lapwing_mat_f64,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { svd_full::<f64>(a.into(), s.into(), u.into(), vt.into()) })
}

/// As lapwing_svd_full_f64, in single precision. LAPACK: sgesdd, then sgesvd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_svd_full_f32(
    a: lapwing_mat_f32,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { svd_full::<f32>(a.into(), s.into(), u.into(), vt.into()) })
}

/// # Safety
/// As [`matmul_into`].
unsafe fn svd_full<T: Scalar>(
    a: Unchecked<T>,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
) -> Result<(), Failure> {
    let (a, s) = (a.input("a")?, s.optional_output("s")?);
    let (u, vt) = (u.optional_output("u")?, vt.optional_output("vt")?);
    let [rows, cols] = a.shape();
    require_if_wanted(&s, &[(rows.min(cols), "the smaller extent of a")])?;
    require_if_wanted(&u, &[(rows, "the rows of a"), (rows, "the rows of a")])?;
    require_if_wanted(&vt, &[(cols, "the columns of a"), (cols, "the columns of a")])?;
    require_separate(&[&a], &[s.as_ref(), u.as_ref(), vt.as_ref()])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let svd = Svd::full(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe {
        write_if_wanted(s, &column(&svd.singular_values()));
        write_if_wanted(u, &svd.u());
        write_if_wanted(vt, &svd.vt());
    }
    Ok(())
}

/// Full QR factorization: as lapwing_qr_f64, with q completed to an orthogonal matrix.
///
///  a  m x n, any strides; read only.
///  q  m x m, orthogonal; a view with NULL data when not wanted. Where a has full column rank, the columns after the
///     first n span what is orthogonal to those of a.
///  r  m x n, upper trapezoidal with zeros below; likewise.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe. LAPACK: dgeqrf, dorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_full_f64(
    a: lapwing_mat_f64,
    q: lapwing_mat_mut_f64,
    r: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { qr_full::<f64>(a.into(), q.into(), r.into()) })
}

/// As lapwing_qr_full_f64, in single precision. LAPACK: sgeqrf, sorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_full_f32(
    a: lapwing_mat_f32,
    q: lapwing_mat_mut_f32,
    r: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { qr_full::<f32>(a.into(), q.into(), r.into()) })
}

/// # Safety
/// As [`matmul_into`].
unsafe fn qr_full<T: Scalar>(a: Unchecked<T>, q: Unchecked<T>, r: Unchecked<T>) -> Result<(), Failure> {
    let (a, q, r) = (a.input("a")?, q.optional_output("q")?, r.optional_output("r")?);
    let [rows, cols] = a.shape();
    require_if_wanted(&q, &[(rows, "the rows of a"), (rows, "the rows of a")])?;
    require_if_wanted(&r, &[(rows, "the rows of a"), (cols, "the columns of a")])?;
    require_separate(&[&a], &[q.as_ref(), r.as_ref()])?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let qr = Qr::new(&unsafe { a.view() })?;
    let orthogonal = q.as_ref().map(|_| qr.q_full()).transpose()?;
    let mut triangle = zeros(if r.is_some() { rows } else { 0 }, cols)?;
    if r.is_some() {
        triangle.slice_mut(s![..rows.min(cols), ..]).assign(&qr.r());
    }
    // SAFETY: as above.
    unsafe {
        if let (Some(q), Some(values)) = (q, orthogonal) {
            q.write(&values);
        }
        write_if_wanted(r, &triangle);
    }
    Ok(())
}

/// The product of q, or of its transpose, with b, for the full q of the QR factorization of a, which is not formed.
///
///  a          m x n, any strides; read only.
///  transpose  LAPWING_AS_GIVEN for q * b, LAPWING_TRANSPOSED for transpose(q) * b.
///  b          m x k, any strides; read only.
///  out        m x k.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (transpose),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe. LAPACK: dgeqrf, dormqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_apply_f64(
    a: lapwing_mat_f64,
    transpose: i32,
    b: lapwing_mat_f64,
    out: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { qr_apply::<f64>(a.into(), transpose, b.into(), out.into()) })
}

/// As lapwing_qr_apply_f64, in single precision. LAPACK: sgeqrf, sormqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_apply_f32(
    a: lapwing_mat_f32,
    transpose: i32,
    b: lapwing_mat_f32,
    out: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { qr_apply::<f32>(a.into(), transpose, b.into(), out.into()) })
}

/// # Safety
/// As [`matmul_into`].
unsafe fn qr_apply<T: Scalar>(
    a: Unchecked<T>,
    transpose: i32,
    b: Unchecked<T>,
    out: Unchecked<T>,
) -> Result<(), Failure> {
    let transposition = transposition(transpose)?;
    let (a, b, out) = (a.input("a")?, b.input("b")?, out.output("out")?);
    let rows = (a.shape()[0], "the rows of a");
    b.require_shape(&[rows])?;
    out.require_shape(&[rows, (b.shape()[1], "the columns of b")])?;
    require_separate(&[&a, &b], &[Some(&out)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let (a, b) = unsafe { (a.view(), b.view()) };
    let qr = Qr::new(&a)?;
    let product = match transposition {
        Transposition::AsGiven => qr.apply_q(&b),
        Transposition::Transposed => qr.apply_q_transposed(&b),
    }?;
    // SAFETY: as above.
    unsafe { out.write(&product) };
    Ok(())
}

/// Thin QR factorization with column pivoting, which shows the rank: column permutation[j] of a is column j of q * r.
///
///  a            m x n, any strides; read only.
///  tolerance    a diagonal entry of r counts as zero when it is at most this times the first; a negative number
///               means the default, max(m,n) machine epsilons.
///  q            m x min(m,n), orthonormal columns, of which the first rank span those of a; a view with NULL data
///               when not wanted.
///  r            min(m,n) x n, upper trapezoidal with zeros below, its diagonal decreasing in magnitude; likewise.
///  permutation  n integers, counted from 0; NULL when not wanted.
///  rank         the numerical rank.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (tolerance), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On
/// any error the outputs are untouched. Thread-safe. LAPACK: dgeqp3, dorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pivoted_qr_f64(
    a: lapwing_mat_f64,
    tolerance: f64,
    q: lapwing_mat_mut_f64,
    r: lapwing_mat_mut_f64,
    permutation: *mut i64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { pivoted_qr::<f64>(a.into(), tolerance, q.into(), r.into(), permutation, rank) })
}

/// As lapwing_pivoted_qr_f64, in single precision. LAPACK: sgeqp3, sorgqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pivoted_qr_f32(
    a: lapwing_mat_f32,
    tolerance: f64,
    q: lapwing_mat_mut_f32,
    r: lapwing_mat_mut_f32,
    permutation: *mut i64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { pivoted_qr::<f32>(a.into(), tolerance, q.into(), r.into(), permutation, rank) })
}

/// # Safety
/// As [`matmul_into`], and the pointers likewise.
unsafe fn pivoted_qr<T: Scalar>(
    a: Unchecked<T>,
    tolerance: f64,
    q: Unchecked<T>,
    r: Unchecked<T>,
    permutation: *mut i64,
    rank: *mut i64,
) -> Result<(), Failure> {
    let (a, q, r) = (a.input("a")?, q.optional_output("q")?, r.optional_output("r")?);
    let [rows, cols] = a.shape();
    let least = (rows.min(cols), "the smaller extent of a");
    require_if_wanted(&q, &[(rows, "the rows of a"), least])?;
    require_if_wanted(&r, &[least, (cols, "the columns of a")])?;
    require_separate(&[&a], &[q.as_ref(), r.as_ref()])?;
    let permutation = Numbers::optional("permutation", permutation, cols)?;
    let rank = Numbers::needed("rank", rank, 1)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let qr = pivoted(tolerance).compute(&unsafe { a.view() })?;
    let orthonormal = q.as_ref().map(|_| qr.q()).transpose()?;
    // SAFETY: as above.
    unsafe {
        if let (Some(q), Some(values)) = (q, orthonormal) {
            q.write(&values);
        }
        write_if_wanted(r, &qr.r());
        permutation.write(qr.permutation().iter().map(|&column| column as i64));
        rank.write([qr.rank() as i64]);
    }
    Ok(())
}

/// Basic least squares: for each column of b, the x that makes the Euclidean norm of b - a * x least and has no more
/// entries than the rank that are not zero: those of the columns that pivoting puts first. lapwing_lstsq_f64 finds
/// the shortest.
///
///  a          m x n, any strides; read only.
///  tolerance  as for lapwing_pivoted_qr_f64.
///  b          m x k, one right-hand side per column.
///  x          n x k.
///
/// Returns LAPWING_ERR_NON_FINITE (an input holds NaN or an infinity), LAPWING_ERR_ARGUMENT (tolerance),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe. LAPACK: dgeqp3, dormqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pivoted_qr_solve_f64(
    a: lapwing_mat_f64,
    tolerance: f64,
    b: lapwing_mat_f64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { pivoted_qr_solve::<f64>(a.into(), tolerance, b.into(), x.into()) })
}

/// As lapwing_pivoted_qr_solve_f64, in single precision. LAPACK: sgeqp3, sormqr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pivoted_qr_solve_f32(
    a: lapwing_mat_f32,
    tolerance: f64,
    b: lapwing_mat_f32,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { pivoted_qr_solve::<f32>(a.into(), tolerance, b.into(), x.into()) })
}

/// # Safety
/// As [`matmul_into`].
unsafe fn pivoted_qr_solve<T: Scalar>(
    a: Unchecked<T>,
    tolerance: f64,
    b: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    let (a, b, x) = (a.input("a")?, b.input("b")?, x.output("x")?);
    b.require_shape(&[(a.shape()[0], "the rows of a")])?;
    x.require_shape(&[(a.shape()[1], "the columns of a"), (b.shape()[1], "the columns of b")])?;
    require_separate(&[&a, &b], &[Some(&x)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let (a, b) = unsafe { (a.view(), b.view()) };
    let solution = pivoted(tolerance).compute(&a)?.solve(&b)?;
    // SAFETY: as above.
    unsafe { x.write(&solution) };
    Ok(())
}

/// The choices of a factorization with pivoting; a negative tolerance stands for the default.
fn pivoted(tolerance: f64) -> PivotedQrParams {
    let params = PivotedQr::params();
    if tolerance < 0.0 { params } else { params.rank_tolerance(tolerance) }
}

/// A part of the eigendecomposition of a symmetric matrix, by position: cheaper than the whole when the part is small.
///
///  a      n x n, any strides; read only, and only the triangle that uplo names.
///  uplo   LAPWING_LOWER or LAPWING_UPPER.
///  first  the position of the first one wanted in ascending order, from 0; n - k for the k largest.
///  w      k eigenvalues, smallest first; k decides how many are wanted.
///  v      n x k, orthonormal eigenvectors in columns; a view with NULL data when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo, or positions
/// beyond the last), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched.
/// Thread-safe. LAPACK: dsyevr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_index_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    first: i64,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { eigh_index::<f64>(a.into(), uplo, first, w.into(), v.into()) })
}

/// As lapwing_eigh_index_f64, in single precision. LAPACK: ssyevr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_index_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    first: i64,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe { eigh_index::<f32>(a.into(), uplo, first, w.into(), v.into()) })
}

/// # Safety
/// As [`matmul_into`].
unsafe fn eigh_index<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    first: i64,
    w: Unchecked<T>,
    v: Unchecked<T>,
) -> Result<(), Failure> {
    let triangle = triangle(uplo)?;
    let (a, w, v) = (a.input("a")?, w.output("w")?, v.optional_output("v")?);
    let (order, wanted) = (order(&a)?, w.shape()[0]);
    let first = count("first", first)?;
    require_if_wanted(&v, &[(order, "the order of a"), (wanted, "the entries of w")])?;
    require_separate(&[&a], &[Some(&w), v.as_ref()])?;
    let part = Spectrum::Index(first..first.saturating_add(wanted));
    let params = SymmetricEigen::params().triangle(triangle).spectrum(part);
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let matrix = unsafe { a.view() };
    let Some(v) = v else {
        let values = params.values(&matrix)?.values;
        // SAFETY: as above.
        unsafe { w.write(&column(&values)) };
        return Ok(());
    };
    let eigen = params.compute(&matrix)?;
    // SAFETY: as above.
    unsafe {
        w.write(&column(&eigen.values()));
        v.write(&eigen.vectors());
    }
    Ok(())
}

/// A part of the eigendecomposition of a symmetric matrix: the eigenvalues above lower and up to upper.
///
///  a      n x n, any strides; read only, and only the triangle that uplo names.
///  uplo   LAPWING_LOWER or LAPWING_UPPER.
///  lower  the end that does not belong to the interval; may be minus infinity.
///  upper  the end that does; may be infinity.
///  w      room for n eigenvalues: the first found of them are written, smallest first.
///  v      n x n: the first found columns are written, orthonormal eigenvectors; a view with NULL data when not wanted.
///  found  how many eigenvalues lie there.
///
/// Returns LAPWING_ERR_NON_FINITE (that triangle holds NaN or an infinity), LAPWING_ERR_ARGUMENT (uplo, lower or
/// upper), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK:
/// dsyevr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_interval_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    lower: f64,
    upper: f64,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    found: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { eigh_interval::<f64>(a.into(), uplo, lower, upper, w.into(), v.into(), found) })
}

/// As lapwing_eigh_interval_f64, in single precision. LAPACK: ssyevr.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigh_interval_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    lower: f64,
    upper: f64,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    found: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { eigh_interval::<f32>(a.into(), uplo, lower, upper, w.into(), v.into(), found) })
}

/// # Safety
/// As [`matmul_into`], and the pointer likewise.
unsafe fn eigh_interval<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    lower: f64,
    upper: f64,
    w: Unchecked<T>,
    v: Unchecked<T>,
    found: *mut i64,
) -> Result<(), Failure> {
    let triangle = triangle(uplo)?;
    let (a, w, v) = (a.input("a")?, w.output("w")?, v.optional_output("v")?);
    let found = Numbers::needed("found", found, 1)?;
    let side = (order(&a)?, "the order of a");
    w.require_shape(&[side])?;
    require_if_wanted(&v, &[side, side])?;
    require_separate(&[&a], &[Some(&w), v.as_ref()])?;
    let params = SymmetricEigen::params().triangle(triangle).spectrum(Spectrum::Interval { lower, upper });
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let matrix = unsafe { a.view() };
    let (values, vectors) = match &v {
        None => (params.values(&matrix)?.values, None),
        Some(_) => {
            let (values, vectors) = params.compute(&matrix)?.into_factors();
            (values, Some(vectors))
        }
    };
    // SAFETY: as above.
    unsafe {
        found.write([values.len() as i64]);
        w.write_leading(&column(&values));
        if let (Some(v), Some(vectors)) = (v, vectors) {
            v.write_leading(&vectors);
        }
    }
    Ok(())
}

/// Refuses an output that is wanted but of any other extents.
fn require_if_wanted<T>(
    output: &Option<Strided<T>>,
    expected: &[(usize, &'static str)],
) -> Result<(), Failure> {
    output.as_ref().map_or(Ok(()), |output| output.require_shape(expected))
}

/// # Safety
/// As [`Strided::write`], where the output is wanted.
unsafe fn write_if_wanted<T: Copy>(output: Option<Strided<T>>, values: &ArrayRef2<T>) {
    if let Some(output) = output {
        // SAFETY: this function's own condition.
        unsafe { output.write(values) };
    }
}
