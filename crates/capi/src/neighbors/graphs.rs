//! The graphs of neighbours, in compressed rows.

use lapwing_iterative::sprs::CsMat;
use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::neighbors::{EdgeWeights, OwnNeighbor};
use ndarray::ArrayView2;

use super::{Samples, lapwing_nearest_neighbors};
use crate::guard::guard;
use crate::models::{hand_out, model};
use crate::numbers::constant;
use crate::sparse_matrix::{lapwing_sparse_matrix_f64, narrowed};
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// Every edge weighs 1.
pub const LAPWING_EDGES_CONNECTIVITY: i32 = 0;
/// An edge weighs the distance. Between equal points that is 0, as a stored entry.
pub const LAPWING_EDGES_DISTANCE: i32 = 1;

/// A sample is none of its own neighbours, not even where others are at distance 0.
pub const LAPWING_OWN_NEIGHBOR_EXCLUDED: i32 = 0;
/// A sample is its own nearest neighbour, and one of the k.
pub const LAPWING_OWN_NEIGHBOR_INCLUDED: i32 = 1;

/// The graph from each row of queries to its k nearest samples.
///
///  model    the model, of n samples.
///  queries  m x p, any m, any strides; read only.
///  k        from 1 to n.
///  edges    LAPWING_EDGES_CONNECTIVITY or LAPWING_EDGES_DISTANCE.
///  out      receives the graph, m x n with a row for each query, to be freed by lapwing_sparse_matrix_free_f64.
///
/// Returns LAPWING_ERR_NON_FINITE (queries holds NaN or an infinity), LAPWING_ERR_ARGUMENT (k, or edges), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE (of the result too, whose indices have 32 bits), LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW (a distance). On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_k_neighbors_graph_f64(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f64,
    k: i64,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { k_neighbors_graph::<f64>(model, queries.into(), k, edges, out) })
}

/// As lapwing_nearest_neighbors_k_neighbors_graph_f64, of queries in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_k_neighbors_graph_f32(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f32,
    k: i64,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { k_neighbors_graph::<f32>(model, queries.into(), k, edges, out) })
}

/// # Safety
/// As [`graph_of_queries`].
unsafe fn k_neighbors_graph<T: Scalar>(
    model: *const lapwing_nearest_neighbors,
    queries: Unchecked<T>,
    k: i64,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> Result<(), Failure> {
    let k = count("k", k)?;
    let search =
        |model: &Samples, queries: &ArrayView2<'_, T>, edges| model.k_neighbors_graph(queries, k, edges);
    // SAFETY: this function's own condition.
    unsafe { graph_of_queries(model, queries, edges, out, search) }
}

/// The graph from each sample to its k nearest ones. Not symmetric: a neighbour's neighbours may be others.
///
///  model  the model, of n samples.
///  k      from 1 to n, or to n - 1 where the sample itself is excluded.
///  edges  LAPWING_EDGES_CONNECTIVITY or LAPWING_EDGES_DISTANCE.
///  own    LAPWING_OWN_NEIGHBOR_EXCLUDED or LAPWING_OWN_NEIGHBOR_INCLUDED.
///  out    receives the graph, n x n with a row for each sample, to be freed by lapwing_sparse_matrix_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (k, edges, or own), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW (a distance). On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_k_neighbors_graph_of_samples(
    model: *const lapwing_nearest_neighbors,
    k: i64,
    edges: i32,
    own: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    let search =
        |model: &Samples, edges, own| Ok(model.k_neighbors_graph_of_samples(count("k", k)?, edges, own)?);
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { graph_of_samples(model, edges, own, out, search) })
}

/// The graph from each row of queries to the samples within a radius, those at the radius too.
///
///  model    the model, of n samples.
///  queries  m x p, any m, any strides; read only.
///  radius   at least 0; an infinity takes all samples.
///  edges    LAPWING_EDGES_CONNECTIVITY or LAPWING_EDGES_DISTANCE.
///  out      receives the graph, m x n with a row for each query, to be freed by lapwing_sparse_matrix_free_f64.
///
/// Returns what lapwing_nearest_neighbors_k_neighbors_graph_f64 does, LAPWING_ERR_ARGUMENT for the radius. On any error *out is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_radius_graph_f64(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f64,
    radius: f64,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { radius_graph::<f64>(model, queries.into(), radius, edges, out) })
}

/// As lapwing_nearest_neighbors_radius_graph_f64, of queries in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_radius_graph_f32(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f32,
    radius: f64,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { radius_graph::<f32>(model, queries.into(), radius, edges, out) })
}

/// # Safety
/// As [`graph_of_queries`].
unsafe fn radius_graph<T: Scalar>(
    model: *const lapwing_nearest_neighbors,
    queries: Unchecked<T>,
    radius: f64,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> Result<(), Failure> {
    let search =
        |model: &Samples, queries: &ArrayView2<'_, T>, edges| model.radius_graph(queries, radius, edges);
    // SAFETY: this function's own condition.
    unsafe { graph_of_queries(model, queries, edges, out, search) }
}

/// The graph from each sample to those within a radius, those at the radius too: symmetric, as distances are.
///
///  model   the model, of n samples.
///  radius  at least 0; an infinity takes all samples.
///  edges   LAPWING_EDGES_CONNECTIVITY or LAPWING_EDGES_DISTANCE.
///  own     LAPWING_OWN_NEIGHBOR_EXCLUDED or LAPWING_OWN_NEIGHBOR_INCLUDED.
///  out     receives the graph, n x n with a row for each sample, to be freed by lapwing_sparse_matrix_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (radius, edges, or own), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW (a distance). On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_radius_graph_of_samples(
    model: *const lapwing_nearest_neighbors,
    radius: f64,
    edges: i32,
    own: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    let search = |model: &Samples, edges, own| Ok(model.radius_graph_of_samples(radius, edges, own)?);
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { graph_of_samples(model, edges, own, out, search) })
}

/// Hands out the graph that `search` finds from the rows of `queries`.
///
/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`hand_out`] require.
unsafe fn graph_of_queries<T: Scalar>(
    pointer: *const lapwing_nearest_neighbors,
    queries: Unchecked<T>,
    edges: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
    search: impl FnOnce(&Samples, &ArrayView2<'_, T>, EdgeWeights) -> Result<CsMat<f64>, Error>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let model = model(pointer)?;
        let edges = edge_weights(edges)?;
        hand_out(out, || narrowed(search(model, &queries.input("queries")?.view(), edges)?.view()))
    }
}

/// Hands out the graph that `search` finds among the samples.
///
/// # Safety
/// As [`model`] and [`hand_out`] require.
unsafe fn graph_of_samples(
    pointer: *const lapwing_nearest_neighbors,
    edges: i32,
    own: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
    search: impl FnOnce(&Samples, EdgeWeights, OwnNeighbor) -> Result<CsMat<f64>, Failure>,
) -> Result<(), Failure> {
    let owns = [OwnNeighbor::Excluded, OwnNeighbor::Included];
    let requirement = "LAPWING_OWN_NEIGHBOR_EXCLUDED (0) or LAPWING_OWN_NEIGHBOR_INCLUDED (1)";
    // SAFETY: this function's own condition.
    unsafe {
        let model = model(pointer)?;
        let edges = edge_weights(edges)?;
        let own = constant("own", own, &owns, requirement)?;
        hand_out(out, || narrowed(search(model, edges, own)?.view()))
    }
}

fn edge_weights(edges: i32) -> Result<EdgeWeights, Failure> {
    let requirement = "LAPWING_EDGES_CONNECTIVITY (0) or LAPWING_EDGES_DISTANCE (1)";
    constant("edges", edges, &[EdgeWeights::Connectivity, EdgeWeights::Distance], requirement)
}
