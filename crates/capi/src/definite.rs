//! Factorizations of symmetric matrices beyond Cholesky, and rank-one updates: one generic function each, and its two
//! exports.

use lapwing_lapack::{
    Cholesky, Error, ExplicitQr, Modification, ModifiedCholesky, PivotedCholesky, Scalar, zeros,
};
use ndarray::{ArrayRef1, s};

use crate::arguments::{column, order, require_separate, triangle};
use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// lapwing_modified_cholesky adds to single diagonal entries, by the method of Schnabel and Eskow, with pivoting.
pub const LAPWING_SCHNABEL_ESKOW: i32 = 0;
/// lapwing_modified_cholesky adds one multiple of the identity, doubled until the factorization succeeds.
pub const LAPWING_SHIFT: i32 = 1;

/// How a matrix is made positive definite, by a constant of C.
pub(crate) fn modification(method: i32) -> Result<Modification, Failure> {
    constant(
        "method",
        method,
        &[Modification::SchnabelEskow, Modification::Shift],
        "LAPWING_SCHNABEL_ESKOW (0) or LAPWING_SHIFT (1)",
    )
}

/// Cholesky factorization with complete pivoting of a symmetric positive semidefinite matrix:
/// a[p[i], p[j]] = (l * transpose(l))[i, j] up to the tolerance.
///
///  a            n x n, any strides; read only, and only the triangle that uplo names.
///  uplo         LAPWING_LOWER or LAPWING_UPPER.
///  tolerance    the factorization stops when no remaining diagonal entry exceeds this times the largest one, at
///               least 0 and less than 1; a negative number means the default, n unit roundoffs.
///  factor       n x n, for l: lower trapezoidal in its first rank columns, zeros in the others.
///  permutation  n integers, for p, counted from 0; NULL when not wanted.
///  rank         the numerical rank.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (a is not positive semidefinite), LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_ARGUMENT (uplo, tolerance), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error the outputs are untouched. Thread-safe.
/// LAPACK: dpstrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pivoted_cholesky_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    tolerance: f64,
    factor: lapwing_mat_mut_f64,
    permutation: *mut i64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { pivoted_cholesky::<f64>(a.into(), uplo, tolerance, factor.into(), permutation, rank) })
}

/// As lapwing_pivoted_cholesky_f64, in single precision. LAPACK: spstrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_pivoted_cholesky_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    tolerance: f64,
    factor: lapwing_mat_mut_f32,
    permutation: *mut i64,
    rank: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { pivoted_cholesky::<f32>(a.into(), uplo, tolerance, factor.into(), permutation, rank) })
}

/// # Safety
/// The memory that the views and pointers describe is there, as [`Strided::view`], [`Strided::write`] and
/// [`Numbers::write`] require.
///
/// [`Strided::view`]: crate::strided::Strided::view
/// [`Strided::write`]: crate::strided::Strided::write
unsafe fn pivoted_cholesky<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    tolerance: f64,
    factor: Unchecked<T>,
    permutation: *mut i64,
    rank: *mut i64,
) -> Result<(), Failure> {
    let params = PivotedCholesky::params().triangle(triangle(uplo)?);
    let params = if tolerance < 0.0 { params } else { params.tolerance(tolerance) };
    let (a, factor) = (a.input("a")?, factor.output("factor")?);
    let order = order(&a)?;
    factor.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    require_separate(&[&a], &[Some(&factor)])?;
    let permutation = Numbers::optional("permutation", permutation, order)?;
    let rank = Numbers::needed("rank", rank, 1)?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let found = params.compute(&unsafe { a.view() })?;
    let mut square = zeros(order, order)?;
    square.slice_mut(s![.., ..found.rank()]).assign(&found.factor());
    // SAFETY: as above.
    unsafe {
        factor.write(&square);
        permutation.write(found.permutation().iter().map(|&i| i as i64));
        rank.write([found.rank() as i64]);
    }
    Ok(())
}

/// Cholesky factorization of a symmetric matrix made positive definite, a + diag(e): with b for that sum,
/// b[p[i], p[j]] = (l * transpose(l))[i, j]. For Newton steps with an indefinite Hessian.
///
///  a             n x n, any strides; read only, and only the triangle that uplo names.
///  uplo          LAPWING_LOWER or LAPWING_UPPER.
///  method        LAPWING_SCHNABEL_ESKOW or LAPWING_SHIFT.
///  factor        n x n, for l, lower triangular.
///  permutation   n integers, for p, counted from 0; NULL when not wanted.
///  perturbation  n entries, for e, none negative: zeros when a is safely positive definite.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_ARGUMENT (uplo, method), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_modified_cholesky_f64(
    a: lapwing_mat_f64,
    uplo: i32,
    method: i32,
    factor: lapwing_mat_mut_f64,
    permutation: *mut i64,
    perturbation: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        modified_cholesky::<f64>(a.into(), uplo, method, factor.into(), permutation, perturbation.into())
    })
}

/// As lapwing_modified_cholesky_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_modified_cholesky_f32(
    a: lapwing_mat_f32,
    uplo: i32,
    method: i32,
    factor: lapwing_mat_mut_f32,
    permutation: *mut i64,
    perturbation: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        modified_cholesky::<f32>(a.into(), uplo, method, factor.into(), permutation, perturbation.into())
    })
}

/// # Safety
/// As [`pivoted_cholesky`].
unsafe fn modified_cholesky<T: Scalar>(
    a: Unchecked<T>,
    uplo: i32,
    method: i32,
    factor: Unchecked<T>,
    permutation: *mut i64,
    perturbation: Unchecked<T>,
) -> Result<(), Failure> {
    let params = ModifiedCholesky::params().triangle(triangle(uplo)?).modification(modification(method)?);
    let (a, factor, perturbation) =
        (a.input("a")?, factor.output("factor")?, perturbation.output("perturbation")?);
    let order = order(&a)?;
    factor.require_shape(&[(order, "the order of a"), (order, "the order of a")])?;
    perturbation.require_shape(&[(order, "the order of a")])?;
    require_separate(&[&a], &[Some(&factor), Some(&perturbation)])?;
    let permutation = Numbers::optional("permutation", permutation, order)?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let found = params.compute(&unsafe { a.view() })?;
    // SAFETY: as above.
    unsafe {
        factor.write(&found.factor());
        permutation.write(found.permutation().iter().map(|&i| i as i64));
        perturbation.write(&column(&found.perturbation()));
    }
    Ok(())
}

/// The Cholesky factor of a + v * transpose(v) from that of a, in O(n^2).
///
///  factor   n x n, any strides, as lapwing_cholesky made it; read only, and only the triangle that uplo names.
///  uplo     LAPWING_LOWER or LAPWING_UPPER.
///  v        n entries.
///  updated  n x n, with zeros in the other triangle.
///
/// Returns LAPWING_ERR_ARGUMENT (uplo, or an entry on the diagonal of factor is not positive),
/// LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the output is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_update_f64(
    factor: lapwing_mat_f64,
    uplo: i32,
    v: lapwing_vec_f64,
    updated: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        cholesky_update::<f64>(factor.into(), uplo, v.into(), updated.into(), Cholesky::update)
    })
}

/// As lapwing_cholesky_update_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_update_f32(
    factor: lapwing_mat_f32,
    uplo: i32,
    v: lapwing_vec_f32,
    updated: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        cholesky_update::<f32>(factor.into(), uplo, v.into(), updated.into(), Cholesky::update)
    })
}

/// The Cholesky factor of a - v * transpose(v) from that of a, in O(n^2). Arguments as of
/// lapwing_cholesky_update_f64.
///
/// Returns LAPWING_ERR_NOT_POSITIVE_DEFINITE (that difference is not; the message gives the order of its first
/// leading
/// minor that is not positive), and otherwise as lapwing_cholesky_update_f64. On any error the output is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_downdate_f64(
    factor: lapwing_mat_f64,
    uplo: i32,
    v: lapwing_vec_f64,
    updated: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        cholesky_update::<f64>(factor.into(), uplo, v.into(), updated.into(), Cholesky::downdate)
    })
}

/// As lapwing_cholesky_downdate_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cholesky_downdate_f32(
    factor: lapwing_mat_f32,
    uplo: i32,
    v: lapwing_vec_f32,
    updated: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        cholesky_update::<f32>(factor.into(), uplo, v.into(), updated.into(), Cholesky::downdate)
    })
}

/// # Safety
/// As [`pivoted_cholesky`].
unsafe fn cholesky_update<T: Scalar>(
    factor: Unchecked<T>,
    uplo: i32,
    v: Unchecked<T>,
    updated: Unchecked<T>,
    update: impl FnOnce(&mut Cholesky<T>, &ArrayRef1<T>) -> Result<(), Error>,
) -> Result<(), Failure> {
    let triangle = triangle(uplo)?;
    let (factor, v, updated) = (factor.input("factor")?, v.input("v")?, updated.output("updated")?);
    let order = order(&factor)?;
    v.require_shape(&[(order, "the order of factor")])?;
    updated.require_shape(&[(order, "the order of factor"), (order, "the order of factor")])?;
    require_separate(&[&factor, &v], &[Some(&updated)])?;

    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let (factor, v) = unsafe { (factor.view(), v.view()) };
    let mut cholesky = Cholesky::from_factor(&factor, triangle)?;
    update(&mut cholesky, &v.column(0))?;
    // SAFETY: as above.
    unsafe { updated.write(&cholesky.factor()) };
    Ok(())
}

/// The thin QR factorization of a + u * transpose(v) from that of a, in O(mn). k is min(m, n).
///
///  q          m x k, orthonormal columns, which is not checked; read only.
///  r          k x n, upper triangular; read only, and only on and above the diagonal.
///  u          m entries.
///  v          n entries.
///  q_updated  m x k, orthonormal columns.
///  r_updated  k x n, upper triangular with zeros below.
///
/// Returns LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_update_f64(
    q: lapwing_mat_f64,
    r: lapwing_mat_f64,
    u: lapwing_vec_f64,
    v: lapwing_vec_f64,
    q_updated: lapwing_mat_mut_f64,
    r_updated: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        qr_update::<f64>(q.into(), r.into(), u.into(), v.into(), q_updated.into(), r_updated.into())
    })
}

/// As lapwing_qr_update_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_qr_update_f32(
    q: lapwing_mat_f32,
    r: lapwing_mat_f32,
    u: lapwing_vec_f32,
    v: lapwing_vec_f32,
    q_updated: lapwing_mat_mut_f32,
    r_updated: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views.
    guard(|| unsafe {
        qr_update::<f32>(q.into(), r.into(), u.into(), v.into(), q_updated.into(), r_updated.into())
    })
}

/// # Safety
/// As [`pivoted_cholesky`].
unsafe fn qr_update<T: Scalar>(
    q: Unchecked<T>,
    r: Unchecked<T>,
    u: Unchecked<T>,
    v: Unchecked<T>,
    q_updated: Unchecked<T>,
    r_updated: Unchecked<T>,
) -> Result<(), Failure> {
    let (q, r, u, v) = (q.input("q")?, r.input("r")?, u.input("u")?, v.input("v")?);
    let (q_updated, r_updated) = (q_updated.output("q_updated")?, r_updated.output("r_updated")?);
    let [rows, rank] = q.shape();
    let cols = r.shape()[1];
    u.require_shape(&[(rows, "the rows of q")])?;
    v.require_shape(&[(cols, "the columns of r")])?;
    q_updated.require_shape(&[(rows, "the rows of q"), (rank, "the columns of q")])?;
    r_updated.require_shape(&[(rank, "the columns of q"), (cols, "the columns of r")])?;
    require_separate(&[&q, &r, &u, &v], &[Some(&q_updated), Some(&r_updated)])?;

    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let (q, r, u, v) = unsafe { (q.view(), r.view(), u.view(), v.view()) };
    let mut qr = ExplicitQr::from_factors(&q, &r)?;
    qr.update(&u.column(0), &v.column(0))?;
    // SAFETY: as above.
    unsafe {
        q_updated.write(&qr.q());
        r_updated.write(&qr.r());
    }
    Ok(())
}
