//! Eigenpairs at an end of the spectrum of a symmetric sparse matrix or operator.

use lapwing_iterative::{
    Extreme, LinearOperator, Observer, PartialSymmetricEigen, PartialSymmetricEigenParams,
};
use lapwing_lapack::Scalar;
use ndarray::{ArrayRef1, ArrayRef2};

use crate::arguments::column;
use crate::eigenproblems::{output_of, write};
use crate::guard::guard;
use crate::iterations::lapwing_iteration_options;
use crate::numbers::constant;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::structured::count;
use crate::view::{
    Lent, Unchecked, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The largest eigenvalues.
pub const LAPWING_LARGEST: i32 = 0;
/// The smallest eigenvalues: the most negative.
pub const LAPWING_SMALLEST: i32 = 1;
/// Half of the eigenvalues from either end, one more from the upper one if their number is odd.
pub const LAPWING_BOTH_ENDS: i32 = 2;
/// The eigenvalues that are largest in magnitude, of either sign, or anywhere in the complex plane.
pub const LAPWING_LARGEST_MAGNITUDE: i32 = 3;

/// k eigenpairs of a symmetric sparse matrix, a * v = v * diag(w), by the thick-restart Lanczos method. SciPy's eigsh.
/// Multiple eigenvalues are found as often as they occur.
///
///  a          n x n, in compressed rows; read only. Both triangles are stored. That it is symmetric is not checked;
///             when it is not, the residuals give it away, and the result is LAPWING_ERR_BREAKDOWN.
///  k          how many, at most n.
///  which      LAPWING_LARGEST (0), _SMALLEST, _BOTH_ENDS or _LARGEST_MAGNITUDE.
///  options    NULL for the defaults. tolerance is what the residual of each pair may be, relative to the 2-norm of a;
///             by default, and where it is smaller than that, the least that is attainable. max_iterations is how many
///             times the basis is filled, 10 * n by default.
///  w          k eigenvalues, smallest first.
///  v          n x k, orthonormal eigenvectors in columns; a view with NULL data when not wanted.
///  residuals  k 2-norms of a * v - v * diag(w), column by column; some eigenvalue of a lies as close to w. Likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE or LAPWING_ERR_BREAKDOWN (the message has the residual and the remedy),
/// LAPWING_ERR_NON_FINITE (a holds NaN or an infinity), LAPWING_ERR_ARGUMENT (k, which, an option, or the structure of
/// a), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_f64(
    a: lapwing_csr_f64,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_eigh_of_rows::<f64>(a.into(), k, which, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_partial_eigh_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_f32(
    a: lapwing_csr_f32,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_eigh_of_rows::<f32>(a.into(), k, which, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_partial_eigh_f64, of a symmetric matrix that is known by its products with blocks of vectors. Its
/// multiply_transposed is not called, and may be NULL; a function that writes NaN or an infinity ends the call with
/// LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_operator_f64(
    a: lapwing_operator_f64,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_eigh_of_operator::<f64>(a.into(), k, which, options, [w.into(), v.into(), residuals.into()])
    })
}

/// As lapwing_partial_eigh_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eigh_operator_f32(
    a: lapwing_operator_f32,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_eigh_of_operator::<f32>(a.into(), k, which, options, [w.into(), v.into(), residuals.into()])
    })
}

/// # Safety
/// As [`UncheckedRows::input`] and [`partial_eigh`] require.
unsafe fn partial_eigh_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.input()?;
        partial_eigh(&a.matrix, &a.regions, k, which, options, outputs)
    }
}

/// # Safety
/// As [`UncheckedOperator::symmetric`] and [`partial_eigh`] require.
unsafe fn partial_eigh_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.symmetric("a")?;
        a.outcome(partial_eigh(&a, &[], k, which, options, outputs))
    }
}

/// `inputs` is where the memory of `a` lies.
///
/// # Safety
/// The memory that the views describe is there, as [`Strided::write`] requires; `options` as [`options::read`] and
/// [`lapwing_iteration_options::observer`].
unsafe fn partial_eigh<T: Scalar>(
    a: &dyn LinearOperator<T>,
    inputs: &[Region],
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    [w, v, residuals]: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let extremes = [Extreme::Largest, Extreme::Smallest, Extreme::Both, Extreme::LargestMagnitude];
    let requirement = "one of LAPWING_LARGEST (0) to LAPWING_LARGEST_MAGNITUDE (3)";
    let which = constant("which", which, &extremes, requirement)?;
    let k = count("k", k)?;
    let pairs = Pairs::new(a.dimensions().0, k, [w, v, residuals])?;
    require_disjoint(inputs, &pairs.regions())?;

    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    let observer = observer.as_mut().map(|observer| observer as &mut Observer<'_>);
    let eigen = chosen(k, &options, observer)?.which(which).compute(a)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe { pairs.write(&eigen.values(), &eigen.vectors(), &eigen.residual_norms()) };
    Ok(())
}

/// What the caller chose for k pairs.
pub(crate) fn chosen<'a, T: Scalar>(
    k: usize,
    options: &lapwing_iteration_options,
    observer: Option<&'a mut Observer<'a>>,
) -> Result<PartialSymmetricEigenParams<'a, T>, Failure> {
    let mut params = PartialSymmetricEigen::params(k).seed(options.seed);
    if let Some(tolerance) = options.tolerance() {
        params = params.tolerance(tolerance);
    }
    if let Some(most) = options.max_iterations()? {
        params = params.max_iterations(most);
    }
    if let Some(vectors) = options.subspace()? {
        params = params.subspace(vectors);
    }
    if let Some(observer) = observer {
        params = params.observer(observer);
    }
    Ok(params)
}

/// Where k eigenpairs of a symmetric matrix go.
pub(crate) struct Pairs<T> {
    w: Strided<T>,
    v: Option<Strided<T>>,
    residuals: Option<Strided<T>>,
}

impl<T: Scalar> Pairs<T> {
    /// Of a matrix of this order; the outputs have the right shapes.
    pub(crate) fn new(order: usize, k: usize, [w, v, residuals]: [Unchecked<T>; 3]) -> Result<Self, Failure> {
        let w = w.output("w")?;
        w.require_shape(&[(k, "k")])?;
        let v = output_of(v, "v", &[(order, "the order of a"), (k, "k")])?;
        let residuals = output_of(residuals, "residuals", &[(k, "k")])?;
        Ok(Self { w, v, residuals })
    }

    pub(crate) fn regions(&self) -> Vec<Region> {
        let optional = [&self.v, &self.residuals].into_iter().flatten();
        [&self.w].into_iter().chain(optional).map(Strided::region).collect()
    }

    /// Writes those that are wanted.
    ///
    /// # Safety
    /// As [`Strided::write`] requires.
    pub(crate) unsafe fn write(&self, w: &ArrayRef1<T>, v: &ArrayRef2<T>, residuals: &ArrayRef1<T>) {
        // SAFETY: this function's own condition.
        unsafe {
            self.w.write(&column(w));
            write(&self.v, v);
            write(&self.residuals, &column(residuals));
        }
    }
}
