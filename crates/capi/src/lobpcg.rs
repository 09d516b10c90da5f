//! Eigenpairs at an end of the spectrum of a symmetric sparse matrix or operator, with a preconditioner.

#![allow(clippy::too_many_arguments, reason = "C programs name every output")]

use lapwing_iterative::{Extreme, LinearOperator, Lobpcg, Observer};
use lapwing_lapack::Scalar;

use crate::guard::{guard, require_pointer};
use crate::iterations::lapwing_iteration_options;
use crate::numbers::constant;
use crate::operators::{UncheckedOperator, lapwing_operator_f32, lapwing_operator_f64};
use crate::options;
use crate::partial_eigh::Pairs;
use crate::preconditioners::{Usable, operator_of_c, preconditioner_of_rows};
use crate::sparse::{self, UncheckedRows, lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::structured::count;
use crate::view::{
    Lent, Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64,
    lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// k eigenpairs at an end of the spectrum of a symmetric sparse matrix, a * v = b * v * diag(w), with b the identity or
/// positive definite, by the locally optimal block preconditioned conjugate gradient method. SciPy's lobpcg. For the
/// smallest eigenvalues with a good preconditioner; without one, and for the largest, lapwing_partial_eigh_f64 needs
/// fewer products. Multiple eigenvalues are found as often as they occur.
///
///  a               n x n, in compressed rows; read only. Both triangles are stored. That it is symmetric is not
///                  checked.
///  b               n x n, likewise; NULL for the identity.
///  k               how many, at most n less the columns of constraints.
///  which           LAPWING_LARGEST (0) or LAPWING_SMALLEST (1).
///  preconditioner  LAPWING_PRECONDITIONER_NONE (0), _JACOBI, _SSOR or _INCOMPLETE_CHOLESKY, made from a: for its
///                  smallest eigenvalues, where a is positive definite.
///  constraints     n x any number, read only: vectors that the eigenvectors shall be orthogonal to, in the inner
///                  product of b, such as eigenvectors that are known. They need not be orthonormal, nor independent. A
///                  view with NULL data when there are none.
///  options         NULL for the defaults. tolerance is what the residual of each pair may be, relative to the 2-norm
///                  of v and that of a, plus w times that of b; the square root of the machine epsilon by default, and
///                  at least 50 of these. It bounds the error of the vectors; that of the values is its square, over
///                  the gap to the next. max_iterations is 500 by default; block and seed are members of the options.
///  w               k eigenvalues, smallest first.
///  v               n x k, eigenvectors in columns, with transpose(v) * b * v = identity; a view with NULL data when
///                  not wanted.
///  residuals       k 2-norms of a * v - b * v * diag(w), column by column, over that of v; likewise. With constraints,
///                  of what is orthogonal to them.
///
/// Returns LAPWING_ERR_NO_CONVERGENCE (the message has the residual and the remedy), LAPWING_ERR_BREAKDOWN (no
/// direction is left that improves the vectors), LAPWING_ERR_NON_FINITE (a, b or constraints holds NaN or an infinity),
/// LAPWING_ERR_ARGUMENT (k, which, preconditioner, an option, the structure of a or b, or b is found not to be positive
/// definite), LAPWING_ERR_DOES_NOT_EXIST (a preconditioner, because of the diagonal of a), LAPWING_ERR_NOT_SYMMETRIC,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_CANCELLED, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK:
/// dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lobpcg_f64(
    a: lapwing_csr_f64,
    b: *const lapwing_csr_f64,
    k: i64,
    which: i32,
    preconditioner: i32,
    constraints: lapwing_mat_f64,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let b = rows_of_c::<f64, _>(b)?;
        let outputs = [w.into(), v.into(), residuals.into()];
        lobpcg_of_rows(a.into(), b, k, which, preconditioner, constraints.into(), options, outputs)
    })
}

/// As lapwing_lobpcg_f64, in single precision. LAPACK: ssyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lobpcg_f32(
    a: lapwing_csr_f32,
    b: *const lapwing_csr_f32,
    k: i64,
    which: i32,
    preconditioner: i32,
    constraints: lapwing_mat_f32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let b = rows_of_c::<f32, _>(b)?;
        let outputs = [w.into(), v.into(), residuals.into()];
        lobpcg_of_rows(a.into(), b, k, which, preconditioner, constraints.into(), options, outputs)
    })
}

/// As lapwing_lobpcg_f64, of matrices that are known by their products with blocks of vectors. The multiply_transposed
/// of each is not called, and may be NULL; a function that writes NaN or an infinity ends the call with
/// LAPWING_ERR_OVERFLOW.
///
///  b               an operator; NULL for the identity.
///  preconditioner  an operator that residuals are multiplied by: symmetric positive definite, and for the smallest
///                  eigenvalues close to the inverse of a; NULL for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lobpcg_operator_f64(
    a: lapwing_operator_f64,
    b: *const lapwing_operator_f64,
    k: i64,
    which: i32,
    preconditioner: *const lapwing_operator_f64,
    constraints: lapwing_mat_f64,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let b = operator_of_c::<f64, _>("b", b)?;
        let inverse = operator_of_c::<f64, _>("preconditioner", preconditioner)?;
        let outputs = [w.into(), v.into(), residuals.into()];
        lobpcg_of_operator(a.into(), b, inverse, k, which, constraints.into(), options, outputs)
    })
}

/// As lapwing_lobpcg_operator_f64, in single precision. LAPACK: ssyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_lobpcg_operator_f32(
    a: lapwing_operator_f32,
    b: *const lapwing_operator_f32,
    k: i64,
    which: i32,
    preconditioner: *const lapwing_operator_f32,
    constraints: lapwing_mat_f32,
    options: *const lapwing_iteration_options,
    w: lapwing_vec_mut_f32,
    v: lapwing_mat_mut_f32,
    residuals: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers, and for the callbacks.
    guard(|| unsafe {
        let b = operator_of_c::<f32, _>("b", b)?;
        let inverse = operator_of_c::<f32, _>("preconditioner", preconditioner)?;
        let outputs = [w.into(), v.into(), residuals.into()];
        lobpcg_of_operator(a.into(), b, inverse, k, which, constraints.into(), options, outputs)
    })
}

/// The matrix b behind a pointer, if there is one.
///
/// # Safety
/// `pointer` is NULL or readable.
unsafe fn rows_of_c<T, C: Copy + Into<UncheckedRows<T>>>(
    pointer: *const C,
) -> Result<Option<UncheckedRows<T>>, Failure> {
    if pointer.is_null() {
        return Ok(None);
    }
    require_pointer("b", pointer)?;
    // SAFETY: neither NULL nor misaligned; the rest is this function's own condition.
    Ok(Some(unsafe { pointer.read() }.into()))
}

/// # Safety
/// As [`UncheckedRows::input`] and [`lobpcg`] require.
unsafe fn lobpcg_of_rows<T: Scalar>(
    a: UncheckedRows<T>,
    b: Option<UncheckedRows<T>>,
    k: i64,
    which: i32,
    preconditioner: i32,
    constraints: Unchecked<T>,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let (a, b, read) =
        unsafe { (a.input()?, b.map(|rows| rows.named(&sparse::B)).transpose()?, options::read(options)?) };
    let inverse = preconditioner_of_rows(&a.matrix, preconditioner, Usable::Symmetric, &read)?;
    let mut regions = a.regions.to_vec();
    regions.extend(b.iter().flat_map(|b| b.regions.clone()));
    let pencil = Pencil {
        a: &a.matrix,
        b: b.as_ref().map(|b| &b.matrix as &dyn LinearOperator<T>),
        preconditioner: inverse.as_deref(),
    };
    // SAFETY: this function's own condition.
    unsafe { lobpcg(pencil, regions, k, which, constraints, options, outputs) }
}

/// # Safety
/// As [`UncheckedOperator::symmetric`] and [`lobpcg`] require.
unsafe fn lobpcg_of_operator<T: Lent>(
    a: UncheckedOperator<T>,
    b: Option<UncheckedOperator<T>>,
    preconditioner: Option<UncheckedOperator<T>>,
    k: i64,
    which: i32,
    constraints: Unchecked<T>,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let (a, b, inverse) = unsafe {
        (
            a.symmetric("a")?,
            b.map(|operator| operator.symmetric("b")).transpose()?,
            preconditioner.map(|operator| operator.symmetric("preconditioner")).transpose()?,
        )
    };
    let pencil = Pencil {
        a: &a,
        b: b.as_ref().map(|b| b as &dyn LinearOperator<T>),
        preconditioner: inverse.as_ref().map(|inverse| inverse as &dyn LinearOperator<T>),
    };
    // SAFETY: as above.
    let result = unsafe { lobpcg(pencil, Vec::new(), k, which, constraints, options, outputs) };
    [Some(&a), b.as_ref(), inverse.as_ref()]
        .into_iter()
        .flatten()
        .fold(result, |result, operator| operator.outcome(result))
}

/// What is multiplied by.
struct Pencil<'a, T> {
    a: &'a dyn LinearOperator<T>,
    b: Option<&'a dyn LinearOperator<T>>,
    preconditioner: Option<&'a dyn LinearOperator<T>>,
}

/// `inputs` is where the memory of the matrices lies.
///
/// # Safety
/// The memory that the views describe is there, as `Strided::view` and `Strided::write` require; `options` as
/// [`options::read`] and [`lapwing_iteration_options::observer`].
unsafe fn lobpcg<T: Scalar>(
    pencil: Pencil<'_, T>,
    mut inputs: Vec<Region>,
    k: i64,
    which: i32,
    constraints: Unchecked<T>,
    options: *const lapwing_iteration_options,
    outputs: [Unchecked<T>; 3],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let requirement = "LAPWING_LARGEST (0) or LAPWING_SMALLEST (1)";
    let which = constant("which", which, &[Extreme::Largest, Extreme::Smallest], requirement)?;
    let k = count("k", k)?;
    let pairs = Pairs::new(pencil.a.dimensions().0, k, outputs)?;
    let constraints = if constraints.data.is_null() { None } else { Some(constraints.input("constraints")?) };
    inputs.extend(constraints.iter().map(|constraints| constraints.region()));
    require_disjoint(&inputs, &pairs.regions())?;

    // SAFETY: this function's own condition; what is written lies elsewhere.
    let constraints = constraints.map(|constraints| unsafe { constraints.view() });
    let mut params = Lobpcg::params(k).which(which).seed(options.seed);
    if let Some(tolerance) = options.tolerance() {
        params = params.tolerance(tolerance);
    }
    if let Some(most) = options.max_iterations()? {
        params = params.max_iterations(most);
    }
    if let Some(vectors) = options.block()? {
        params = params.block(vectors);
    }
    if let Some(constraints) = &constraints {
        params = params.constraints(constraints);
    }
    if let Some(b) = pencil.b {
        params = params.b(b);
    }
    if let Some(preconditioner) = pencil.preconditioner {
        params = params.preconditioner(preconditioner);
    }
    // SAFETY: this function's own condition.
    let mut observer = unsafe { options.observer() };
    if let Some(observer) = observer.as_mut().map(|observer| observer as &mut Observer<'_>) {
        params = params.observer(observer);
    }
    let eigen = params.compute(pencil.a)?;
    // SAFETY: this function's own condition; the outputs were found to lie apart from all else.
    unsafe { pairs.write(&eigen.values(), &eigen.vectors(), &eigen.residual_norms()) };
    Ok(())
}
