//! Graphs with weights, their Laplacians, and how well they hang together.

mod spectrum;

use lapwing_lapack::Scalar;
use lapwing_ml::Graph;
use lapwing_ml::graph::LaplacianKind;
use ndarray::Axis;

pub use self::spectrum::*;
use crate::arguments::vector;
use crate::guard::{guard, require_pointer};
use crate::models::{self, free, hand_out, model, models};
use crate::numbers::{Numbers, constant};
use crate::sparse::{self, Sparse, UncheckedRows, array, lapwing_csr_f64};
use crate::sparse_matrix::{lapwing_sparse_matrix_f64, narrowed};
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, LAPWING_ERR_TOO_LARGE, lapwing_status};
use crate::strided::{Region, require_disjoint};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f64, lapwing_vec_mut_f64};

/// An undirected graph of n nodes, counted from 0, whose edges have positive weights, in double precision. A loop, from a node
/// to itself, stays in the adjacency matrix and counts nowhere else. Immutable: one graph may be used from several threads at
/// once.
pub struct lapwing_graph(Graph);

models!("graph": lapwing_graph(Graph));

/// A graph from a list of edges, in either direction. Weights of edges that are there more than once are summed, and a weight
/// of 0 is no edge.
///
///  n_nodes  how many nodes, those without edges included.
///  edges    2 * n_edges node numbers, the two of one edge after those of the other; read only.
///  n_edges  how many edges.
///  weights  n_edges entries, none negative; or NULL data, and every edge weighs 1.
///  out      receives the graph, to be freed by lapwing_graph_free.
///
/// Returns LAPWING_ERR_ARGUMENT (a count is negative, a node is not there, or a weight is negative; the message names the edge),
/// LAPWING_ERR_NON_FINITE (a weight is NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE (more
/// nodes than 32-bit indices count), LAPWING_ERR_OVERFLOW (a sum of weights). On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_from_edges(
    n_nodes: i64,
    edges: *const i64,
    n_edges: i64,
    weights: lapwing_vec_f64,
    out: *mut *mut lapwing_graph,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { hand_out(out, || from_edges(n_nodes, edges, n_edges, weights.into())) })
}

/// # Safety
/// `edges` as [`pairs`] requires, `weights` as [`Strided::view`](crate::strided::Strided::view).
unsafe fn from_edges(
    n_nodes: i64,
    edges: *const i64,
    n_edges: i64,
    weights: Unchecked<f64>,
) -> Result<Graph, Failure> {
    let nodes = count("n_nodes", n_nodes)?;
    if nodes >= i32::MAX as usize {
        let message = format!("n_nodes is {nodes}, more than 32-bit indices count; split the graph");
        return Err(Failure::new(LAPWING_ERR_TOO_LARGE, message));
    }
    // SAFETY: this function's own condition.
    let (edges, _) = unsafe { pairs("edges", edges, ("n_edges", n_edges), nodes) }?;
    let weighted: Vec<(usize, usize, f64)> = if weights.data.is_null() {
        edges.into_iter().map(|(from, to)| (from, to, 1.0)).collect()
    } else {
        let weights = weights.input("weights")?;
        weights.require_shape(&[(edges.len(), "n_edges")])?;
        // SAFETY: this function's own condition.
        let weights = unsafe { vector(&weights) };
        edges.into_iter().zip(weights).map(|((from, to), &weight)| (from, to, weight)).collect()
    };
    Ok(Graph::from_edges(nodes, &weighted)?)
}

/// Pairs of nodes, and where they lie in memory.
///
/// # Safety
/// `pointer` is readable for two numbers for each pair.
unsafe fn pairs(
    name: &'static str,
    pointer: *const i64,
    (count_name, number): (&'static str, i64),
    nodes: usize,
) -> Result<(Vec<(usize, usize)>, Region), Failure> {
    // Twice a count may saturate; no memory holds as many numbers, which `array` refuses.
    let number = count(count_name, number)?.saturating_mul(2);
    // SAFETY: this function's own condition.
    let numbers = unsafe { array(name, pointer, number) }?;
    let outside = |node: i64| usize::try_from(node).map_or(true, |node| node >= nodes);
    if let Some(at) = numbers.iter().position(|&node| outside(node)) {
        let message = format!(
            "{name}[{at}], of pair {}, is {}, but must be at least 0 and less than {nodes}, the nodes of the graph; count \
             from 0",
            at / 2,
            numbers[at]
        );
        return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
    }
    let pairs = numbers.chunks_exact(2).map(|pair| (pair[0] as usize, pair[1] as usize)).collect();
    Ok((pairs, Region::of(name, numbers)))
}

/// The graph with this adjacency matrix. Mirror images may differ by rounding, 2 n times the unit roundoff of the largest weight;
/// their mean counts.
///
///  adjacency  n x n, none negative, any strides; read only. 0 is no edge.
///  out        receives the graph, to be freed by lapwing_graph_free.
///
/// Returns LAPWING_ERR_NON_FINITE (adjacency holds NaN or an infinity), LAPWING_ERR_NOT_SYMMETRIC, LAPWING_ERR_ARGUMENT (a
/// weight is negative), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OVERFLOW (the sum of a row). On
/// any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_from_adjacency_f64(
    adjacency: lapwing_mat_f64,
    out: *mut *mut lapwing_graph,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { hand_out(out, || from_adjacency::<f64>(adjacency.into())) })
}

/// As lapwing_graph_from_adjacency_f64, of weights in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_from_adjacency_f32(
    adjacency: lapwing_mat_f32,
    out: *mut *mut lapwing_graph,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { hand_out(out, || from_adjacency::<f32>(adjacency.into())) })
}

/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires.
unsafe fn from_adjacency<T: Scalar>(adjacency: Unchecked<T>) -> Result<Graph, Failure> {
    let adjacency = adjacency.input("adjacency")?;
    // SAFETY: this function's own condition.
    Ok(Graph::from_adjacency(&unsafe { adjacency.view() })?)
}

/// As lapwing_graph_from_adjacency_f64, of a matrix in compressed rows, both triangles stored: what
/// lapwing_nearest_neighbors_radius_graph_of_samples makes, say.
///
///  adjacency  n x n, none negative; read only.
///  out        receives the graph, to be freed by lapwing_graph_free.
///
/// Returns what lapwing_graph_from_adjacency_f64 does, LAPWING_ERR_ARGUMENT for the structure of adjacency as well. On any error
/// *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_from_csr_f64(
    adjacency: lapwing_csr_f64,
    out: *mut *mut lapwing_graph,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe {
        hand_out(out, || {
            let Sparse { matrix, .. } = UncheckedRows::from(adjacency).named(&sparse::ADJACENCY)?;
            Ok(Graph::from_sparse_adjacency(&matrix.to_other_types())?)
        })
    })
}

/// n, the number of nodes.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_node_count(
    graph: *const lapwing_graph,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and the pointer.
    guard(|| unsafe { models::value(graph, value, |graph| graph.node_count() as i64) })
}

/// The number of edges, without loops.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_edge_count(
    graph: *const lapwing_graph,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and the pointer.
    guard(|| unsafe { models::value(graph, value, |graph| graph.edge_count() as i64) })
}

/// For each node the sum of the weights of its edges, n. The view lasts until the graph is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_degrees(
    graph: *const lapwing_graph,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and the pointer.
    guard(|| unsafe { models::view(graph, view, |graph| graph.degrees().into()) })
}

/// The adjacency matrix, n x n and exactly symmetric, without stored zeros.
///
///  graph  the graph.
///  out    receives the matrix, to be freed by lapwing_sparse_matrix_free_f64.
///
/// Returns LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE (more entries than 32-bit indices count). On any error *out is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_adjacency(
    graph: *const lapwing_graph,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and the pointer.
    guard(|| unsafe {
        let graph = model(graph)?;
        hand_out(out, || narrowed(graph.adjacency()))
    })
}

/// A Laplacian, n x n, with all of its diagonal stored.
///
///  graph      the graph.
///  laplacian  LAPWING_LAPLACIAN_SYMMETRIC, _RANDOM_WALK or _UNNORMALIZED, of the adjacency matrix W.
///  out        receives the matrix, to be freed by lapwing_sparse_matrix_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (laplacian), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE (more entries than 32-bit indices count),
/// LAPWING_ERR_OVERFLOW (the reciprocal of a degree). On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_laplacian(
    graph: *const lapwing_graph,
    laplacian: i32,
    out: *mut *mut lapwing_sparse_matrix_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and the pointer.
    guard(|| unsafe {
        let graph = model(graph)?;
        let kind = laplacian_kind(laplacian)?;
        hand_out(out, || narrowed(graph.laplacian(kind)?.view()))
    })
}

fn laplacian_kind(laplacian: i32) -> Result<LaplacianKind, Failure> {
    let kinds = [LaplacianKind::Symmetric, LaplacianKind::RandomWalk, LaplacianKind::Unnormalized];
    let requirement = "LAPWING_LAPLACIAN_SYMMETRIC (0), LAPWING_LAPLACIAN_RANDOM_WALK (1) or \
                       LAPWING_LAPLACIAN_UNNORMALIZED (2)";
    constant("laplacian", laplacian, &kinds, requirement)
}

/// The connected components, numbered from 0 in the order of their first nodes.
///
///  graph   the graph.
///  labels  room for n numbers, the component of each node; or NULL when not wanted.
///  count   receives how many components there are.
///
/// Returns LAPWING_ERR_NULL when graph or count is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_connected_components(
    graph: *const lapwing_graph,
    labels: *mut i64,
    count: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and for the memory behind the pointers.
    guard(|| unsafe {
        let graph = model(graph)?;
        require_pointer("count", count)?;
        let place = Numbers::optional("labels", labels, graph.node_count())?;
        let components = graph.connected_components();
        place.write(components.labels().iter().map(|&label| label as i64));
        count.write(components.count() as i64);
        Ok(())
    })
}

/// The effective resistance between the two nodes of each pair, in a network of conductors whose conductances are the weights: 0
/// for a node with itself, an infinity between connected components.
///
///  graph        the graph.
///  pairs        2 * n_pairs node numbers, the two of one pair after those of the other; read only.
///  n_pairs      how many pairs.
///  resistances  n_pairs entries.
///
/// Returns LAPWING_ERR_ARGUMENT (n_pairs is negative, or a node is not there), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_BREAKDOWN, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error resistances is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_effective_resistances(
    graph: *const lapwing_graph,
    pairs: *const i64,
    n_pairs: i64,
    resistances: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the graph and for the memory behind the pointer and the view.
    guard(|| unsafe { effective_resistances(graph, pairs, n_pairs, resistances.into()) })
}

/// # Safety
/// As [`model`], [`self::pairs`] and [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn effective_resistances(
    pointer: *const lapwing_graph,
    pairs: *const i64,
    n_pairs: i64,
    resistances: Unchecked<f64>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let graph = unsafe { model(pointer) }?;
    // SAFETY: this function's own condition.
    let (pairs, region) = unsafe { self::pairs("pairs", pairs, ("n_pairs", n_pairs), graph.node_count()) }?;
    let out = resistances.output("resistances")?;
    out.require_shape(&[(pairs.len(), "n_pairs"), (1, "a vector")])?;
    require_disjoint(&[region], &[out.region()])?;
    let found = graph.effective_resistances(&pairs)?.insert_axis(Axis(1));
    // SAFETY: this function's own condition.
    unsafe { out.write(&found) };
    Ok(())
}

/// Frees a graph; every view of it ends. NULL is allowed. Not to be called while another thread uses the graph.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_graph_free(graph: *mut lapwing_graph) {
    // SAFETY: the caller vouches that the graph was not freed before.
    unsafe { free(graph) }
}
