//! Eigenpairs at the outside of the spectrum of a general sparse matrix or operator.

use lapwing_iterative::{
    ComplexExtreme, LinearOperator, Observer, PartialGeneralEigen, PartialGeneralEigenParams,
};
use lapwing_lapack::Scalar;
use ndarray::{Axis, Slice};

use crate::arguments::column;
use crate::eigenproblems::{output_of, parts, write};
use crate::guard::guard;
use crate::iterations::lapwing_iteration_options;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::partial_eigh::LAPWING_LARGEST_MAGNITUDE;
use crate::sparse::{UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::structured::{choice, count};
use crate::view::{
    Lent, Unchecked, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// The eigenvalues with the largest real parts.
pub const LAPWING_LARGEST_REAL: i32 = 4;
/// The eigenvalues with the smallest real parts: the most negative.
pub const LAPWING_SMALLEST_REAL: i32 = 5;
/// The eigenvalues with the largest imaginary parts, and their conjugates.
pub const LAPWING_LARGEST_IMAGINARY: i32 = 6;

/// k eigenpairs of any square sparse matrix at the outside of its spectrum, a * v = v * diag(w), by the Krylov-Schur
/// method. SciPy's eigs. A multiple eigenvalue is found as often as it has independent eigenvectors.
///
///  a           n x n, in compressed rows; read only.
///  k           how many, at most n.
///  which       LAPWING_LARGEST_MAGNITUDE (3), LAPWING_LARGEST_REAL (4), LAPWING_SMALLEST_REAL (5) or
///              LAPWING_LARGEST_IMAGINARY (6).
///  options     NULL for the defaults. tolerance is what the residual of each pair may be, relative to the 2-norm of a;
///              by default, and where it is smaller than that, the least that is attainable. max_iterations is how many
///              times the basis is filled, 10 * n by default; subspace is more than k + 2.
///  w_re, w_im  the parts of k eigenvalues, the one farthest out first. Conjugate ones are neighbours, the one with the
///              positive imaginary part first; where it is the last of the k, its conjugate is an eigenvalue too.
///  v_re, v_im  the parts of the eigenvectors, n x k, in columns of 2-norm 1; views with NULL data when not wanted.
///  residuals   k 2-norms of a * v - v * diag(w), column by column: each pair is exact for a matrix as close to a.
///              Likewise.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_NON_FINITE (a holds
/// NaN or an infinity), LAPWING_ERR_ARGUMENT (k, which, an option, or the structure of a), LAPWING_ERR_DOES_NOT_EXIST
/// (eigenvalues of the projection cannot be told apart), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe. LAPACK: dgeevx, dgees, dtrsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eig_f64(
    a: lapwing_csr_f64,
    k: i64,
    which: i32,
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
        partial_eig_of_rows::<f64>(a.into(), k, which, options, outputs)
    })
}

/// As lapwing_partial_eig_f64, in single precision. LAPACK: sgeevx, sgees, strsen.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eig_f32(
    a: lapwing_csr_f32,
    k: i64,
    which: i32,
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
        partial_eig_of_rows::<f32>(a.into(), k, which, options, outputs)
    })
}

/// As lapwing_partial_eig_f64, of a matrix that is known by its products with blocks of vectors. Its
/// multiply_transposed is not called, and may be NULL; a function that writes NaN or an infinity ends the call with
/// LAPWING_ERR_OVERFLOW.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eig_operator_f64(
    a: lapwing_operator_f64,
    k: i64,
    which: i32,
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
        partial_eig_of_operator::<f64>(a.into(), k, which, options, outputs)
    })
}

/// As lapwing_partial_eig_operator_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_partial_eig_operator_f32(
    a: lapwing_operator_f32,
    k: i64,
    which: i32,
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
        partial_eig_of_operator::<f32>(a.into(), k, which, options, outputs)
    })
}

/// # Safety
/// As [`UncheckedRows::input`] and [`partial_eig`] require.
unsafe fn partial_eig_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 5],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.input()?;
        partial_eig(&a.matrix, &a.regions, k, which, options, outputs)
    }
}

/// # Safety
/// As [`UncheckedOperator::symmetric`] and [`partial_eig`] require.
unsafe fn partial_eig_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 5],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let a = a.symmetric("a")?;
        a.outcome(partial_eig(&a, &[], k, which, options, outputs))
    }
}

/// `inputs` is where the memory of `a` lies.
///
/// # Safety
/// The memory that the views describe is there, as [`Strided::write`] requires; `options` as [`options::read`] and
/// [`lapwing_iteration_options::observer`].
unsafe fn partial_eig<T: Scalar>(
    a: &dyn LinearOperator<T>,
    inputs: &[Region],
    k: i64,
    which: i32,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 5],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let extremes = [
        (LAPWING_LARGEST_MAGNITUDE, ComplexExtreme::LargestMagnitude),
        (LAPWING_LARGEST_REAL, ComplexExtreme::LargestReal),
        (LAPWING_SMALLEST_REAL, ComplexExtreme::SmallestReal),
        (LAPWING_LARGEST_IMAGINARY, ComplexExtreme::LargestImaginary),
    ];
    let requirement = "one of LAPWING_LARGEST_MAGNITUDE (3) to LAPWING_LARGEST_IMAGINARY (6)";
    let which = choice("which", which, requirement, &extremes)?;
    let k = count("k", k)?;
    let pairs = ComplexPairs::new(a.dimensions().0, k, outputs)?;
    require_disjoint(inputs, &pairs.regions())?;

    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    let observer = observer.as_mut().map(|observer| observer as &mut Observer<'_>);
    let eigen = chosen(k, &options, observer)?.which(which).compute(a)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe { pairs.write(&eigen) };
    Ok(())
}

/// What the caller chose for k pairs.
pub(crate) fn chosen<'a, T: Scalar>(
    k: usize,
    options: &lapwing_iteration_options,
    observer: Option<&'a mut Observer<'a>>,
) -> Result<PartialGeneralEigenParams<'a, T>, Failure> {
    let mut params = PartialGeneralEigen::params(k).seed(options.seed);
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

/// Where k eigenpairs of a general matrix go.
pub(crate) struct ComplexPairs<T> {
    k: usize,
    w: [Strided<T>; 2],
    v: [Option<Strided<T>>; 2],
    residuals: Option<Strided<T>>,
}

impl<T: Scalar> ComplexPairs<T> {
    /// Of a matrix of this order; the outputs have the right shapes.
    pub(crate) fn new(
        order: usize,
        k: usize,
        [w_re, w_im, v_re, v_im, residuals]: [Unchecked<T>; 5],
    ) -> Result<Self, Failure> {
        let w = [w_re.output("w_re")?, w_im.output("w_im")?];
        w[0].require_shape(&[(k, "k")])?;
        w[1].require_shape(&[(k, "k")])?;
        let shape = [(order, "the order of a"), (k, "k")];
        let v = [output_of(v_re, "v_re", &shape)?, output_of(v_im, "v_im", &shape)?];
        let residuals = output_of(residuals, "residuals", &shape[1..])?;
        Ok(Self { k, w, v, residuals })
    }

    pub(crate) fn regions(&self) -> Vec<Region> {
        let optional = self.v.iter().chain([&self.residuals]).flatten();
        self.w.iter().chain(optional).map(Strided::region).collect()
    }

    /// Writes those that are wanted, without the second of a pair of conjugates that there is no room for.
    ///
    /// # Safety
    /// As [`Strided::write`] requires.
    pub(crate) unsafe fn write(&self, eigen: &PartialGeneralEigen<T>) {
        let asked = Slice::from(..self.k);
        let (values, vectors, residuals) = (eigen.values(), eigen.vectors(), eigen.residual_norms());
        let (re, im) = parts(values.slice_axis(Axis(0), asked).insert_axis(Axis(1)));
        let vectors = parts(vectors.slice_axis(Axis(1), asked));
        // SAFETY: this function's own condition.
        unsafe {
            self.w[0].write(&re);
            self.w[1].write(&im);
            write(&self.v[0], &vectors.0);
            write(&self.v[1], &vectors.1);
            write(&self.residuals, &column(&residuals.slice_axis(Axis(0), asked)));
        }
    }
}
