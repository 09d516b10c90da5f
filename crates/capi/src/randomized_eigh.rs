//! Randomized eigendecomposition of symmetric matrices, dense and sparse, and of operators.

use lapwing_iterative::{LinearOperator, RandomizedSymmetricEigen};
use lapwing_lapack::{Scalar, require_finite};

use crate::guard::guard;
use crate::numbers::require_zero;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::partial_eigh::Pairs;
use crate::randomized_svd::{lapwing_randomized_options, number};
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::structured::count;
use crate::view::{
    Lent, Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The k eigenpairs of largest magnitude of a symmetric matrix, approximately, a * v = v * diag(w), by random
/// projection.
///
///  a          n x n, any strides; read only. Both triangles are read. That it is symmetric is not checked.
///  k          how many, at most n.
///  options    NULL for the defaults. power_iterations, each of which multiplies by a, is 8 by default; sketch is left
///             0.
///  w          k eigenvalues, largest magnitude first.
///  v          n x k, orthonormal eigenvectors in columns; a view with NULL data when not wanted.
///  residuals  k 2-norms of a * v - v * diag(w), column by column; some eigenvalue of a lies as close to w. Likewise.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (k or an option),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK:
/// dgeqrf, dorgqr, dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_eigh_f64(
    a: lapwing_mat_f64,
    k: i64,
    options: *const lapwing_randomized_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_eigh_of_dense::<f64>(a.into(), k, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_randomized_eigh_f64, in single precision. LAPACK: sgeqrf, sorgqr, ssyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_eigh_f32(
    a: lapwing_mat_f32,
    k: i64,
    options: *const lapwing_randomized_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_eigh_of_dense::<f32>(a.into(), k, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_randomized_eigh_f64, of a sparse matrix in compressed rows; LAPWING_ERR_ARGUMENT is returned for their
/// structure as well.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_eigh_sparse_f64(
    a: lapwing_csr_f64,
    k: i64,
    options: *const lapwing_randomized_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_eigh_of_rows::<f64>(a.into(), k, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_randomized_eigh_sparse_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_eigh_sparse_f32(
    a: lapwing_csr_f32,
    k: i64,
    options: *const lapwing_randomized_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_eigh_of_rows::<f32>(a.into(), k, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_randomized_eigh_f64, of a matrix that is known by its products with blocks of vectors. Its
/// multiply_transposed is not called, and may be NULL. A function that asks to stop ends the call with
/// LAPWING_ERR_CANCELLED, one that writes NaN or an infinity with LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_eigh_operator_f64(
    a: lapwing_operator_f64,
    k: i64,
    options: *const lapwing_randomized_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_eigh_of_operator::<f64>(a.into(), k, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_randomized_eigh_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_eigh_operator_f32(
    a: lapwing_operator_f32,
    k: i64,
    options: *const lapwing_randomized_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_eigh_of_operator::<f32>(a.into(), k, options, [w.into(), v.into(), residuals.into()])
    })
}

/// # Safety
/// As `Strided::view` and [`randomized_eigh`] require.
unsafe fn randomized_eigh_of_dense<T: Scalar>(
    a: Unchecked<T>,
    k: i64,
    options: *const lapwing_randomized_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    let a = a.input("a")?;
    // SAFETY: this function's own condition; `randomized_eigh` writes to what lies elsewhere only.
    unsafe {
        let matrix = a.view();
        require_finite("a", &matrix)?;
        randomized_eigh(&&*matrix, &[a.region()], k, options, outputs)
    }
}

/// # Safety
/// As [`UncheckedRows::input`] and [`randomized_eigh`] require.
unsafe fn randomized_eigh_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    k: i64,
    options: *const lapwing_randomized_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.input()?;
        randomized_eigh(&a.matrix, &a.regions, k, options, outputs)
    }
}

/// # Safety
/// As [`UncheckedOperator::symmetric`] and [`randomized_eigh`] require.
unsafe fn randomized_eigh_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    k: i64,
    options: *const lapwing_randomized_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.symmetric("a")?;
        a.outcome(randomized_eigh(&a, &[], k, options, outputs))
    }
}

/// `inputs` is where the memory of `a` lies.
///
/// # Safety
/// The memory that the views describe is there, as `Strided::write` requires; `options` as [`options::read`].
unsafe fn randomized_eigh<T: Scalar>(
    a: &dyn LinearOperator<T>,
    inputs: &[Region],
    k: i64,
    options: *const lapwing_randomized_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let k = count("k", k)?;
    let pairs = Pairs::new(a.dimensions().0, k, outputs)?;
    require_disjoint(inputs, &pairs.regions())?;

    let mut params = RandomizedSymmetricEigen::params(k).seed(options.seed);
    if let Some(vectors) = number("oversampling", options.oversampling)? {
        params = params.oversampling(vectors);
    }
    if let Some(iterations) = number("power_iterations", options.power_iterations)? {
        params = params.power_iterations(iterations);
    }
    require_zero("sketch", options.sketch, "0")?;
    require_zero("reserved", options.reserved, "0")?;
    let eigen = params.compute(a)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe { pairs.write(&eigen.values(), &eigen.vectors(), &eigen.residuals()) };
    Ok(())
}
