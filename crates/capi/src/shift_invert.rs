//! Eigenpairs nearest a number, by the inverse of the matrix about it.

use lapwing_iterative::sprs::CsMat;
use lapwing_iterative::{LinearOperator, Observer, ShiftInverse};
use lapwing_lapack::Scalar;

use crate::guard::guard;
use crate::iterations::lapwing_iteration_options;
use crate::options;
use crate::partial_eig::{self, ComplexPairs};
use crate::partial_eigh::{self, Pairs};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::structured::count;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The k eigenpairs of a symmetric sparse matrix nearest a number, wherever that lies in the spectrum: a * v = v *
/// diag(w), by the Lanczos method with the inverse of a - shift * identity. SciPy's eigsh with sigma.
///
/// The matrix is factored once, as transpose(p) * l * d * transpose(l) * p with a diagonal d, in an order of minimum
/// degree and without pivoting for size; the residual of each solve is checked, and each is refined where the pivots
/// differ in sign. The factor of a planar mesh has about n * log(n) entries.
///
///  a          n x n, in compressed rows; read only. Both triangles are stored. That it is symmetric is not checked.
///  k          how many, at most n.
///  shift      the number, finite, and none of the eigenvalues.
///  options    NULL for the defaults. tolerance is what the residual of each pair may be, of the inverse and relative
///             to its 2-norm; by default, and where it is smaller than that, the least that is attainable.
///             max_iterations is how many times the basis is filled, 10 * n by default.
///  w          k eigenvalues, smallest first.
///  v          n x k, orthonormal eigenvectors in columns; a view with NULL data when not wanted.
///  residuals  k 2-norms of a * v - v * diag(w), column by column; some eigenvalue of a lies as close to w. Likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_BREAKDOWN (the shift
/// is all but an eigenvalue, and drowns the others), LAPWING_ERR_ARGUMENT (k, shift, which is an eigenvalue up to
/// rounding or of a leading block in that order, an option, or the structure of a), LAPWING_ERR_DOES_NOT_EXIST (a
/// stable factorization without pivoting: move the shift, or use lapwing_partial_eigh_near_dense_f64),
/// LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_near_f64(
    a: lapwing_csr_f64,
    k: i64,
    shift: f64,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let outputs = [w.into(), v.into(), residuals.into()];
        eigh_near_of_rows::<f64>(a.into(), k, shift, options, outputs)
    })
}

/// As lapwing_partial_eigh_near_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_near_f32(
    a: lapwing_csr_f32,
    k: i64,
    shift: f32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let outputs = [w.into(), v.into(), residuals.into()];
        eigh_near_of_rows::<f32>(a.into(), k, shift, options, outputs)
    })
}

/// As lapwing_partial_eigh_near_f64, of a dense matrix, which is factored with pivoting, in 2 n^2 further entries.
///
///  a  n x n, any strides; read only. Both triangles are read. That it is symmetric is not checked.
///
/// LAPWING_ERR_DOES_NOT_EXIST is not returned. LAPACK: dsytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_near_dense_f64(
    a: lapwing_mat_f64,
    k: i64,
    shift: f64,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let outputs = [w.into(), v.into(), residuals.into()];
        eigh_near_of_dense::<f64>(a.into(), k, shift, options, outputs)
    })
}

/// As lapwing_partial_eigh_near_dense_f64, in single precision. LAPACK: ssytrf_rook.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_near_dense_f32(
    a: lapwing_mat_f32,
    k: i64,
    shift: f32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let outputs = [w.into(), v.into(), residuals.into()];
        eigh_near_of_dense::<f32>(a.into(), k, shift, options, outputs)
    })
}

/// The k eigenpairs of any square dense matrix nearest a real number, wherever that lies in the spectrum: a * v = v *
/// diag(w), by the Krylov-Schur method with the inverse of a - shift * identity, which is factored once. SciPy's eigs
/// with sigma.
///
///  a           n x n, any strides; read only.
///  k           how many, at most n.
///  shift       the number, finite, and none of the eigenvalues.
///  options     as of lapwing_partial_eigh_near_f64; subspace is more than k + 2.
///  w_re, w_im  the parts of k eigenvalues, the nearest first. Conjugate ones are neighbours; where the last of the k
///              stands alone, its conjugate is an eigenvalue too.
///  v_re, v_im  the parts of the eigenvectors, n x k, in columns of 2-norm 1; views with NULL data when not wanted.
///  residuals   k 2-norms of a * v - v * diag(w), column by column: each pair is exact for a matrix as close to a.
///              Likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_BREAKDOWN (the shift
/// is all but an eigenvalue, and drowns the others), LAPWING_ERR_ARGUMENT (k, shift, which is an eigenvalue up to
/// rounding, or an option), LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_DOES_NOT_EXIST
/// (eigenvalues of the projection cannot be told apart), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe. LAPACK: dgetrf, dgeevx, dgees, dtrsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eig_near_dense_f64(
    a: lapwing_mat_f64,
    k: i64,
    shift: f64,
    options: *const lapwing_iteration_options,
    w_re: lapwing_vec_mut_f64,
    w_im: lapwing_vec_mut_f64,
    v_re: lapwing_mat_mut_f64,
    v_im: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let outputs = [w_re.into(), w_im.into(), v_re.into(), v_im.into(), residuals.into()];
        eig_near_of_dense::<f64>(a.into(), k, shift, options, outputs)
    })
}

/// As lapwing_partial_eig_near_dense_f64, in single precision. LAPACK: sgetrf, sgeevx, sgees, strsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eig_near_dense_f32(
    a: lapwing_mat_f32,
    k: i64,
    shift: f32,
    options: *const lapwing_iteration_options,
    w_re: lapwing_vec_mut_f32,
    w_im: lapwing_vec_mut_f32,
    v_re: lapwing_mat_mut_f32,
    v_im: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let outputs = [w_re.into(), w_im.into(), v_re.into(), v_im.into(), residuals.into()];
        eig_near_of_dense::<f32>(a.into(), k, shift, options, outputs)
    })
}

/// # Safety
/// As [`UncheckedRows::input`] and [`eigh_near`] require.
unsafe fn eigh_near_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    k: i64,
    shift: T,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let a = unsafe { a.input() }?;
    // The factorization takes indices of the size of addresses.
    let matrix: CsMat<T> = a.matrix.to_other_types();
    let inverse = || Ok(ShiftInverse::sparse(&matrix, shift)?);
    // SAFETY: this function's own condition.
    unsafe { eigh_near(a.matrix.rows(), inverse, &a.regions, k, options, outputs) }
}

/// # Safety
/// As `Strided::view` and [`eigh_near`] require.
unsafe fn eigh_near_of_dense<T: Scalar>(
    a: Unchecked<T>,
    k: i64,
    shift: T,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    let a = a.input("a")?;
    // SAFETY: this function's own condition; what is written lies elsewhere.
    let matrix = unsafe { a.view() };
    let inverse = || Ok(ShiftInverse::symmetric(&matrix, shift)?);
    // SAFETY: this function's own condition.
    unsafe { eigh_near(a.shape()[0], inverse, &[a.region()], k, options, outputs) }
}

/// `inputs` is where the memory of the matrix lies; it is factored when all else has been found right.
///
/// # Safety
/// The memory that the views describe is there, as `Strided::write` requires; `options` as [`options::read`] and
/// [`lapwing_iteration_options::observer`].
unsafe fn eigh_near<'a, T: Scalar, A: LinearOperator<T> + ?Sized + 'a>(
    order: usize,
    inverse: impl FnOnce() -> Result<ShiftInverse<'a, T, A>, Failure>,
    inputs: &[Region],
    k: i64,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let k = count("k", k)?;
    let pairs = Pairs::new(order, k, outputs)?;
    require_disjoint(inputs, &pairs.regions())?;

    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    let observer = observer.as_mut().map(|observer| observer as &mut Observer<'_>);
    let eigen = partial_eigh::chosen(k, &options, observer)?.nearest(&inverse()?)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe { pairs.write(&eigen.values(), &eigen.vectors(), &eigen.residual_norms()) };
    Ok(())
}

/// # Safety
/// The memory that the views describe is there, as `Strided::view` and `Strided::write` require; `options` as
/// [`options::read`] and [`lapwing_iteration_options::observer`].
unsafe fn eig_near_of_dense<T: Scalar>(
    a: Unchecked<T>,
    k: i64,
    shift: T,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 5],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let k = count("k", k)?;
    let a = a.input("a")?;
    let pairs = ComplexPairs::new(a.shape()[0], k, outputs)?;
    require_disjoint(&[a.region()], &pairs.regions())?;

    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    let observer = observer.as_mut().map(|observer| observer as &mut Observer<'_>);
    // SAFETY: as above; what is written lies elsewhere.
    let matrix = unsafe { a.view() };
    let inverse = ShiftInverse::general(&matrix, shift)?;
    let eigen = partial_eig::chosen(k, &options, observer)?.nearest(&inverse)?;
    // SAFETY: as above; the outputs were found to lie apart from all else.
    unsafe { pairs.write(&eigen) };
    Ok(())
}
