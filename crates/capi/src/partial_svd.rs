//! The largest singular triplets of a sparse matrix or an operator, to a tolerance.

use lapwing_iterative::{LinearOperator, PartialSvd};
use lapwing_lapack::Scalar;
use ndarray::{ArrayRef1, ArrayRef2};

use crate::arguments::column;
use crate::eigenproblems::{output_of, write};
use crate::guard::guard;
use crate::iterations::lapwing_iteration_options;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::structured::count;
use crate::view::{
    Lent, Unchecked, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The k largest singular triplets of a sparse matrix, a * transpose(vt) = u * diag(s), by Golub-Kahan-Lanczos
/// bidiagonalization with thick restarts. SciPy's svds.
///
///  a          m x n, in compressed rows; read only.
///  k          how many, at most min(m,n).
///  options    NULL for the defaults. tolerance is what the residual of each triplet may be, relative to the largest
///             singular value, 100 unit roundoffs by default; max_iterations is how many times a basis is filled, 1000
///             by default.
///  s          k values, largest first.
///  u          m x k, orthonormal columns; a view with NULL data when not wanted.
///  vt         k x n, orthonormal rows; likewise.
///  residuals  k 2-norms, of transpose(a) * u - v * diag(s) or, when m < n, of a * v - u * diag(s); likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_NON_FINITE (a holds NaN or
/// an infinity), LAPWING_ERR_ARGUMENT (k, an option, or the structure of a), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs
/// are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_svd_f64(
    a: lapwing_csr_f64,
    k: i64,
    options: *const lapwing_iteration_options,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_svd_of_rows::<f64>(a.into(), k, options, s.into(), u.into(), vt.into(), residuals.into())
    })
}

/// As lapwing_partial_svd_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_svd_f32(
    a: lapwing_csr_f32,
    k: i64,
    options: *const lapwing_iteration_options,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_svd_of_rows::<f32>(a.into(), k, options, s.into(), u.into(), vt.into(), residuals.into())
    })
}

/// As lapwing_partial_svd_f64, of a matrix that is known by its products with blocks of vectors. Both functions of the
/// operator are needed; one that writes NaN or an infinity ends the call with LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_svd_operator_f64(
    a: lapwing_operator_f64,
    k: i64,
    options: *const lapwing_iteration_options,
    s: lapwing_vec_mut_f64,
    u: lapwing_mat_mut_f64,
    vt: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_svd_of_operator::<f64>(a.into(), k, options, s.into(), u.into(), vt.into(), residuals.into())
    })
}

/// As lapwing_partial_svd_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_svd_operator_f32(
    a: lapwing_operator_f32,
    k: i64,
    options: *const lapwing_iteration_options,
    s: lapwing_vec_mut_f32,
    u: lapwing_mat_mut_f32,
    vt: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        partial_svd_of_operator::<f32>(a.into(), k, options, s.into(), u.into(), vt.into(), residuals.into())
    })
}

/// Places for k singular triplets.
pub(crate) struct Triplets<T> {
    s: Strided<T>,
    u: Option<Strided<T>>,
    vt: Option<Strided<T>>,
}

impl<T: Scalar> Triplets<T> {
    /// Of a matrix of these dimensions.
    pub(crate) fn new(
        (rows, cols): (usize, usize),
        k: usize,
        s: Unchecked<T>,
        u: Unchecked<T>,
        vt: Unchecked<T>,
    ) -> Result<Self, Failure> {
        let s = s.output("s")?;
        s.require_shape(&[(k, "k")])?;
        let u = output_of(u, "u", &[(rows, "the rows of a"), (k, "k")])?;
        let vt = output_of(vt, "vt", &[(k, "k"), (cols, "the columns of a")])?;
        Ok(Self { s, u, vt })
    }

    /// Where they lie.
    pub(crate) fn regions(&self) -> Vec<Region> {
        let matrices = [&self.u, &self.vt].into_iter().flatten();
        [&self.s].into_iter().chain(matrices).map(Strided::region).collect()
    }

    /// Writes those that are wanted.
    ///
    /// # Safety
    /// As [`Strided::write`] requires.
    pub(crate) unsafe fn write(&self, s: &ArrayRef1<T>, u: &ArrayRef2<T>, vt: &ArrayRef2<T>) {
        // SAFETY: this function's own condition.
        unsafe {
            self.s.write(&column(s));
            write(&self.u, u);
            write(&self.vt, vt);
        }
    }
}

/// # Safety
/// As [`UncheckedRows::input`] and [`partial_svd`] require.
unsafe fn partial_svd_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    k: i64,
    options: *const lapwing_iteration_options,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
    residuals: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.input()?;
        partial_svd(&a.matrix, &a.regions, k, options, [s, u, vt, residuals])
    }
}

/// # Safety
/// As [`UncheckedOperator::general`] and [`partial_svd`] require.
unsafe fn partial_svd_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    k: i64,
    options: *const lapwing_iteration_options,
    s: Unchecked<T>,
    u: Unchecked<T>,
    vt: Unchecked<T>,
    residuals: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.general("a")?;
        a.outcome(partial_svd(&a, &[], k, options, [s, u, vt, residuals]))
    }
}

/// `inputs` is where the memory of `a` lies.
///
/// # Safety
/// The memory that the views describe is there, as [`Strided::write`] requires; `options` as [`options::read`] and
/// [`lapwing_iteration_options::observer`].
unsafe fn partial_svd<T: Scalar>(
    a: &dyn LinearOperator<T>,
    inputs: &[Region],
    k: i64,
    options: *const lapwing_iteration_options,
    [s, u, vt, residuals]: [Unchecked<T>; 4],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let k = count("k", k)?;
    let triplets = Triplets::new(a.dimensions(), k, s, u, vt)?;
    let residuals = output_of(residuals, "residuals", &[(k, "k")])?;
    let mut outputs = triplets.regions();
    outputs.extend(residuals.iter().map(Strided::region));
    require_disjoint(inputs, &outputs)?;

    let mut params = PartialSvd::params(k).seed(options.seed);
    if let Some(tolerance) = options.tolerance() {
        params = params.tolerance(tolerance);
    }
    if let Some(most) = options.max_iterations()? {
        params = params.max_iterations(most);
    }
    if let Some(vectors) = options.subspace()? {
        params = params.subspace(vectors);
    }
    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    if let Some(observer) = &mut observer {
        params = params.observer(observer);
    }
    let svd = params.compute(a)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe {
        triplets.write(&svd.singular_values(), &svd.u(), &svd.vt());
        write(&residuals, &column(&svd.residuals()));
    }
    Ok(())
}
