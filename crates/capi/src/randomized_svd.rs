//! The leading singular triplets of a dense matrix, a sparse one or an operator, approximately, in a few products.

use std::mem::offset_of;

use lapwing_iterative::{LinearOperator, RandomizedSvd, Sketch};
use lapwing_lapack::{Scalar, require_finite};

use crate::guard::guard;
use crate::numbers::{constant, require_zero};
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options::{self, Options};
use crate::partial_svd::Triplets;
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::structured::count;
use crate::view::{
    Lent, Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// Multiplies a block of random vectors by the matrix and its transpose again and again, and keeps the last block.
pub const LAPWING_SKETCH_SUBSPACE_ITERATION: i32 = 0;
/// Keeps all the blocks: more accurate where singular values decay slowly, in several times the memory.
pub const LAPWING_SKETCH_BLOCK_KRYLOV: i32 = 1;
/// One product with the matrix and one with its transpose: the fastest, and the least accurate.
pub const LAPWING_SKETCH_SINGLE_PASS: i32 = 2;

/// As power_iterations or oversampling: none.
pub const LAPWING_RANDOMIZED_NONE: i64 = -1;

/// The options of a randomized singular value decomposition or eigendecomposition. Zero means default, for every member
/// but the first.
///
/// Later versions add members at the end, as with lapwing_iteration_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_randomized_options {
    /// sizeof(lapwing_randomized_options), always.
    pub struct_size: usize,
    /// How many random vectors beyond k; 10 by default, or LAPWING_RANDOMIZED_NONE.
    pub oversampling: i64,
    /// How many times to multiply by a * transpose(a): by default 7 when k is under a tenth of min(m,n), otherwise 4,
    /// and 3 with LAPWING_SKETCH_BLOCK_KRYLOV; of eigenpairs, how many times to multiply by a, 8 by default; or
    /// LAPWING_RANDOMIZED_NONE.
    pub power_iterations: i64,
    /// The seed of the random vectors. The same seed gives the same bits for the same number of threads.
    pub seed: u64,
    /// LAPWING_SKETCH_SUBSPACE_ITERATION, _BLOCK_KRYLOV or _SINGLE_PASS; left 0 for eigenpairs.
    pub sketch: i32,
    /// Left 0.
    pub reserved: i32,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_randomized_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_randomized_options>(),
        oversampling: 0,
        power_iterations: 0,
        seed: 0,
        sketch: LAPWING_SKETCH_SUBSPACE_ITERATION,
        reserved: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_randomized_options, reserved) + size_of::<i32>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_randomized_options)";
}

/// The k leading singular triplets of a matrix, approximately, a = u * diag(s) * vt, by random projection.
/// scikit-learn's randomized_svd.
///
///  a        m x n, any strides; read only.
///  k        how many, at most min(m,n).
///  options  NULL for the defaults.
///  s        k values, largest first.
///  u        m x k, orthonormal columns; a view with NULL data when not wanted.
///  vt       k x n, orthonormal rows; likewise.
///
/// Returns LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (k or an option),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK:
/// dgeqrf, dorgqr, dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_svd_f64(
    a: lapwing_mat_f64,
    k: i64,
    options: *const lapwing_randomized_options,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe { randomized_svd_of_dense::<f64>(a.into(), k, options, s.into(), u.into(), vt.into()) })
}

/// As lapwing_randomized_svd_f64, in single precision. LAPACK: sgeqrf, sorgqr, sgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_svd_f32(
    a: lapwing_mat_f32,
    k: i64,
    options: *const lapwing_randomized_options,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe { randomized_svd_of_dense::<f32>(a.into(), k, options, s.into(), u.into(), vt.into()) })
}

/// As lapwing_randomized_svd_f64, of a sparse matrix in compressed rows; LAPWING_ERR_ARGUMENT is returned for their
/// structure as well.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_svd_sparse_f64(
    a: lapwing_csr_f64,
    k: i64,
    options: *const lapwing_randomized_options,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe { randomized_svd_of_rows::<f64>(a.into(), k, options, s.into(), u.into(), vt.into()) })
}

/// As lapwing_randomized_svd_sparse_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_svd_sparse_f32(
    a: lapwing_csr_f32,
    k: i64,
    options: *const lapwing_randomized_options,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe { randomized_svd_of_rows::<f32>(a.into(), k, options, s.into(), u.into(), vt.into()) })
}

/// As lapwing_randomized_svd_f64, of a matrix that is known by its products with blocks of vectors. Both functions of
/// the operator are needed; one that asks to stop ends the call with LAPWING_ERR_CANCELLED, one that writes NaN or an
/// infinity with LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_svd_operator_f64(
    a: lapwing_operator_f64,
    k: i64,
    options: *const lapwing_randomized_options,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_svd_of_operator::<f64>(a.into(), k, options, s.into(), u.into(), vt.into())
    })
}

/// As lapwing_randomized_svd_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_randomized_svd_operator_f32(
    a: lapwing_operator_f32,
    k: i64,
    options: *const lapwing_randomized_options,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        randomized_svd_of_operator::<f32>(a.into(), k, options, s.into(), u.into(), vt.into())
    })
}

/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) and [`randomized_svd`] require.
unsafe fn randomized_svd_of_dense<T: Scalar>(
    a: Unchecked<T>,
    k: i64,
    options: *const lapwing_randomized_options,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
) -> Result<(), Failure> {
    let a = a.input("a")?;
    // SAFETY: this function's own condition; `randomized_svd` writes to what lies elsewhere only.
    unsafe {
        let matrix = a.view();
        require_finite("a", &matrix)?;
        randomized_svd(&&*matrix, &[a.region()], k, options, [s, u, vt])
    }
}

/// # Safety
/// As [`UncheckedRows::input`] and [`randomized_svd`] require.
unsafe fn randomized_svd_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    k: i64,
    options: *const lapwing_randomized_options,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.input()?;
        randomized_svd(&a.matrix, &a.regions, k, options, [s, u, vt])
    }
}

/// # Safety
/// As [`UncheckedOperator::general`] and [`randomized_svd`] require.
unsafe fn randomized_svd_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    k: i64,
    options: *const lapwing_randomized_options,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.general("a")?;
        a.outcome(randomized_svd(&a, &[], k, options, [s, u, vt]))
    }
}

/// `inputs` is where the memory of `a` lies.
///
/// # Safety The memory that the views describe is there, as [`Strided::write`](crate::strided::Strided::write)
/// requires; `options` as [`options::read`].
unsafe fn randomized_svd<T: Scalar>(
    a: &dyn LinearOperator<T>,
    inputs: &[Region],
    k: i64,
    options: *const lapwing_randomized_options,
    [s, u, vt]: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let sketches = [Sketch::SubspaceIteration, Sketch::BlockKrylov, Sketch::SinglePass];
    let requirement = "one of LAPWING_SKETCH_SUBSPACE_ITERATION (0) to LAPWING_SKETCH_SINGLE_PASS (2)";
    let sketch = constant("sketch", options.sketch, &sketches, requirement)?;
    let k = count("k", k)?;
    let triplets = Triplets::new(a.dimensions(), k, s, u, vt)?;
    require_disjoint(inputs, &triplets.regions())?;

    let mut params = RandomizedSvd::params(k).seed(options.seed).sketch(sketch);
    if let Some(vectors) = number("oversampling", options.oversampling)? {
        params = params.oversampling(vectors);
    }
    if let Some(iterations) = number("power_iterations", options.power_iterations)? {
        params = params.power_iterations(iterations);
    }
    require_zero("reserved", options.reserved, "0")?;
    let svd = params.compute(a)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe { triplets.write(&svd.singular_values(), &svd.u(), &svd.vt()) };
    Ok(())
}

/// A number that is 0 for the default, and has a value of its own for none.
pub(crate) fn number(parameter: &'static str, value: i64) -> Result<Option<usize>, Failure> {
    match value {
        0 => Ok(None),
        LAPWING_RANDOMIZED_NONE => Ok(Some(0)),
        value => count(parameter, value).map(Some),
    }
}
