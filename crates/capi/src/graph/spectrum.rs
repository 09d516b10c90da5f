//! The spectra of Laplacians, and the cuts that are read from them.

use std::mem::offset_of;

use lapwing_ml::graph::{Bisection, LaplacianEigen, LaplacianEigenParams};

use super::{laplacian_kind, lapwing_graph};
use crate::arguments::{column, require_separate};
use crate::eigenproblems::{output_of, write};
use crate::guard::guard;
use crate::models::{model, read};
use crate::numbers::{Numbers, constant};
use crate::options::{self, Options};
use crate::spectral::{LAPWING_EIGEN_SOLVER_AUTO, LAPWING_LAPLACIAN_SYMMETRIC, eigen_solver};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_mut_f64, lapwing_vec_mut_f64};

/// Between the entries of the Fiedler vector below zero and the others.
pub const LAPWING_BISECTION_SIGN: i32 = 0;
/// Into halves, up to one node: by the median, and by the number of the node where entries are equal.
pub const LAPWING_BISECTION_MEDIAN: i32 = 1;

/// The options of the spectrum of a Laplacian. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_laplacian_eigen_options {
    /// sizeof(lapwing_laplacian_eigen_options), always.
    pub struct_size: usize,
    /// LAPWING_LAPLACIAN_SYMMETRIC, _RANDOM_WALK or _UNNORMALIZED.
    pub laplacian: i32,
    /// LAPWING_EIGEN_SOLVER_AUTO, _DENSE, _LANCZOS, _SHIFT_INVERT or _LOBPCG.
    pub eigen_solver: i32,
    /// How many restarts or iterations an iterative solver may make; 2000 by default.
    pub max_iterations: i64,
    /// The tolerance of an iterative solver, relative to the norm. By default the least that is attainable.
    pub tolerance: f64,
    /// The seed of the vector that an iteration starts from.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_laplacian_eigen_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_laplacian_eigen_options>(),
        laplacian: LAPWING_LAPLACIAN_SYMMETRIC,
        eigen_solver: LAPWING_EIGEN_SOLVER_AUTO,
        max_iterations: 0,
        tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_laplacian_eigen_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_laplacian_eigen_options)";
}

/// The k smallest eigenvalues of a Laplacian, L * v = v * diag(w), ascending: exactly 0 as often as there are connected components.
///
///  graph      the graph, of n nodes.
///  k          how many, from 1 to n.
///  options    NULL for the defaults: of the symmetric Laplacian.
///  w          k eigenvalues, smallest first.
///  v          n x k, eigenvectors in columns, orthonormal, for LAPWING_LAPLACIAN_RANDOM_WALK in the inner product of the
///             degrees; the largest entry in magnitude of each is positive. A view with NULL data when not wanted.
///  residuals  k 2-norms of the residuals of the symmetric Laplacian; some eigenvalue lies as close to w. Likewise.
///
/// Returns LAPWING_ERR_ARGUMENT (k, or an option), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_BREAKDOWN, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On
/// any error the outputs are untouched. Thread-safe. LAPACK: dsyevr or dsyevd for up to 512 nodes, an iteration beyond.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_laplacian_eigen(
    graph: *const lapwing_graph,
    k: i64,
    options: *const lapwing_laplacian_eigen_options,
    w: lapwing_vec_mut_f64,
    v: lapwing_mat_mut_f64,
    residuals: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph, the options and the memory behind the views.
    guard(|| unsafe { laplacian_eigen(graph, k, options, w.into(), v.into(), residuals.into()) })
}

/// # Safety
/// As [`model`], [`options::read`] and [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn laplacian_eigen(
    pointer: *const lapwing_graph,
    k: i64,
    options: *const lapwing_laplacian_eigen_options,
    w: Unchecked<f64>,
    v: Unchecked<f64>,
    residuals: Unchecked<f64>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let graph = unsafe { model(pointer) }?;
    let k = count("k", k)?;
    // SAFETY: this function's own condition.
    let params = unsafe { params(k, options) }?;
    let w = w.output("w")?;
    w.require_shape(&[(k, "k"), (1, "a vector")])?;
    let v = output_of(v, "v", &[(graph.node_count(), "the nodes of the graph"), (k, "k")])?;
    let residuals = output_of(residuals, "residuals", &[(k, "k"), (1, "a vector")])?;
    require_separate(&[], &[Some(&w), v.as_ref(), residuals.as_ref()])?;
    let found = params.compute(graph)?;
    // SAFETY: this function's own condition; the outputs were just found to lie apart.
    unsafe {
        w.write(&column(&found.values()));
        write(&v, &found.vectors());
        write(&residuals, &column(&found.residual_norms()));
    }
    Ok(())
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    k: usize,
    options: *const lapwing_laplacian_eigen_options,
) -> Result<LaplacianEigenParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let params = LaplacianEigen::params(k)
        .kind(laplacian_kind(options.laplacian)?)
        .solver(eigen_solver(options.eigen_solver)?)
        .tolerance(options.tolerance)
        .seed(options.seed);
    Ok(match count("max_iterations", options.max_iterations)? {
        0 => params,
        iterations => params.max_iterations(iterations),
    })
}

/// How hard it is to take a graph apart: the second smallest eigenvalue of its unnormalized Laplacian. 0 for a graph that is not
/// connected or has no two nodes.
///
///  graph  the graph.
///  value  receives the eigenvalue.
///
/// Returns LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_BREAKDOWN, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_algebraic_connectivity(
    graph: *const lapwing_graph,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and the pointer.
    guard(|| unsafe { read(graph, "value", value, |graph| Ok(graph.algebraic_connectivity()?.value())) })
}

/// The second smallest eigenvalue of a Laplacian of a connected graph, its eigenvector, and the cut in two that is read from it
/// (Fiedler 1973). A multiple eigenvalue has a space of vectors, of which this is one, the same in each run.
///
///  graph      the graph, connected, of n nodes, at least 2.
///  laplacian  LAPWING_LAPLACIAN_SYMMETRIC, _RANDOM_WALK or _UNNORMALIZED.
///  bisection  LAPWING_BISECTION_SIGN or LAPWING_BISECTION_MEDIAN.
///  value      receives the eigenvalue; or NULL when not wanted.
///  vector     n entries, scaled as the columns of lapwing_graph_laplacian_eigen; a view with NULL data when not wanted.
///  labels     room for n numbers, 0 on the side of the first node and 1 on the other; or NULL when not wanted.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (the graph is not connected; the message has the number of components), LAPWING_ERR_SHAPE
/// (among others, of a graph without two nodes), LAPWING_ERR_ARGUMENT (laplacian, or bisection), LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_BREAKDOWN, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_fiedler(
    graph: *const lapwing_graph,
    laplacian: i32,
    bisection: i32,
    value: *mut f64,
    vector: lapwing_vec_mut_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph, the pointers and the memory behind the view.
    guard(|| unsafe { fiedler(graph, [laplacian, bisection], value, vector.into(), labels) })
}

/// # Safety
/// As [`model`], [`Strided::write`](crate::strided::Strided::write) and [`Numbers::write`] require; `value` is NULL or writable.
unsafe fn fiedler(
    pointer: *const lapwing_graph,
    [laplacian, bisection]: [i32; 2],
    value: *mut f64,
    vector: Unchecked<f64>,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let graph = unsafe { model(pointer) }?;
    let n = graph.node_count();
    let kind = laplacian_kind(laplacian)?;
    let requirement = "LAPWING_BISECTION_SIGN (0) or LAPWING_BISECTION_MEDIAN (1)";
    let rule = constant("bisection", bisection, &[Bisection::Sign, Bisection::Median], requirement)?;
    let value = Numbers::optional("value", value, 1)?;
    let vector = output_of(vector, "vector", &[(n, "the nodes of the graph"), (1, "a vector")])?;
    let labels = Numbers::optional("labels", labels, n)?;
    let found = graph.fiedler(kind)?;
    let sides = found.bisection(rule);
    // SAFETY: this function's own condition.
    unsafe {
        value.write([found.value()]);
        write(&vector, &column(&found.vector()));
        labels.write(sides.iter().map(|&side| side as i64));
    }
    Ok(())
}
