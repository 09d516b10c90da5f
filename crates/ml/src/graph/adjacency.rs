//! The graph itself.

use lapwing_iterative::sprs::{CsMat, CsMatView};
use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayRef2, ArrayView1};

use super::weights::{finite_degrees, mean, require_weights, symmetric_rows};
use crate::error::Error;

/// An undirected graph of n nodes, counted from 0, whose edges have positive weights.
///
/// ```
/// use lapwing_ml::graph::{Graph, LaplacianKind};
/// // Two triangles that share a weak edge.
/// let edges = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0), (3, 4, 1.0), (4, 5, 1.0), (3, 5, 1.0), (2, 3, 0.1)];
/// let graph = Graph::from_edges(6, &edges)?;
/// assert_eq!((graph.node_count(), graph.edge_count()), (6, 7));
/// assert_eq!(graph.degrees()[2], 2.1);
/// assert_eq!(graph.laplacian(LaplacianKind::Unnormalized)?.get(2, 3), Some(&-0.1));
/// let sides = graph.fiedler(LaplacianKind::Unnormalized)?.bisection(Default::default());
/// assert!(sides[0] == sides[1] && sides[1] == sides[2] && sides[2] != sides[3]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// A weight of 0 is no edge. A loop, from a node to itself, stays on the diagonal of the [adjacency](Self::adjacency) matrix
/// and counts nowhere else: neither among the [edges](Self::edges) nor in degrees, Laplacians or cuts, as in SciPy's
/// `csgraph`.
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    /// In compressed rows, symmetric to the last bit, without zeros.
    adjacency: CsMat<f64>,
    degrees: Array1<f64>,
}

impl Graph {
    /// A graph of `nodes` nodes from a list of edges `(i, j, weight)`, in either direction. The weights of edges that are
    /// there more than once are summed, in the order of the list.
    ///
    /// Cost: O(nodes + edges log edges).
    ///
    /// # Errors
    /// [`Error::InvalidEdge`] when a node is not there, or a weight is negative, NaN or infinite; [`Error::Lapack`] with
    /// `Overflow` when a sum of weights is.
    pub fn from_edges(nodes: usize, edges: &[(usize, usize, f64)]) -> Result<Self, Error> {
        for (edge, &(from, to, weight)) in edges.iter().enumerate() {
            let reason = if from.max(to) >= nodes {
                format!("leads out of the graph of {nodes} nodes; count nodes from 0")
            } else if !weight.is_finite() {
                "is not finite; leave it out".to_owned()
            } else if weight < 0.0 {
                "is negative; give affinities, larger for what is closer".to_owned()
            } else {
                continue;
            };
            return Err(Error::InvalidEdge { edge, from, to, weight, reason });
        }
        let directed = edges.iter().filter(|edge| edge.2 > 0.0).flat_map(|&(i, j, weight)| {
            let mirrored = (i != j).then_some((j, i, weight));
            std::iter::once((i, j, weight)).chain(mirrored)
        });
        Self::from_rows(compressed_rows(nodes, directed.collect()))
    }

    /// The graph with this adjacency matrix (n x n), in any layout.
    ///
    /// Mirror images may differ by rounding, `2 n ε` of the largest weight; their mean counts.
    ///
    /// # Errors
    /// [`Error::NegativeWeight`]; [`Error::Lapack`] with `NotSquare`, `NonFinite`, `NotSymmetric`, or `Overflow` when the sum of
    /// a row does.
    pub fn from_adjacency<T: Scalar>(adjacency: &ArrayRef2<T>) -> Result<Self, Error> {
        require_weights("adjacency", adjacency)?;
        let n = adjacency.nrows();
        let weight_at = |row, col| mean(adjacency[[row, col]].as_f64(), adjacency[[col, row]].as_f64());
        let positive = |row| (0..n).filter(move |&col| weight_at(row, col) > 0.0);
        let count = (0..n).map(|row| positive(row).count()).sum();
        let (mut starts, mut columns, mut entries) = (vec![0], Vec::new(), Vec::new());
        let reserved = columns.try_reserve_exact(count).and_then(|()| entries.try_reserve_exact(count));
        let bytes = count as u128 * size_of::<(usize, f64)>() as u128;
        reserved.map_err(|_| lapwing_lapack::Error::OutOfMemory { bytes })?;
        for row in 0..n {
            columns.extend(positive(row));
            entries.extend(positive(row).map(|col| weight_at(row, col)));
            starts.push(columns.len());
        }
        Self::from_rows(CsMat::new((n, n), starts, columns, entries))
    }

    /// The graph with this sparse adjacency matrix (n x n), in compressed rows or columns, both triangles stored.
    ///
    /// # Errors
    /// As [`from_adjacency`](Self::from_adjacency).
    pub fn from_sparse_adjacency(adjacency: &CsMat<f64>) -> Result<Self, Error> {
        Self::from_sparse("adjacency", adjacency)
    }

    /// The same; `argument` is the name of the matrix in an error.
    pub(super) fn from_sparse(argument: &'static str, adjacency: &CsMat<f64>) -> Result<Self, Error> {
        Self::from_rows(symmetric_rows(argument, adjacency, f64::EPSILON / 2.0)?)
    }

    /// From a matrix that is known to be what a graph stores.
    pub(super) fn from_rows(adjacency: CsMat<f64>) -> Result<Self, Error> {
        if adjacency.data().iter().any(|weight| !weight.is_finite()) {
            finite_degrees(Array1::from_elem(1, f64::INFINITY))?;
        }
        let of_row = |(i, row): (usize, lapwing_iterative::sprs::CsVecView<'_, f64>)| {
            row.iter().filter(|(j, _)| *j != i).map(|(_, weight)| weight).sum::<f64>()
        };
        let degrees = adjacency.outer_iterator().enumerate().map(of_row).collect();
        Ok(Self { degrees: finite_degrees(degrees)?, adjacency })
    }

    /// n.
    pub fn node_count(&self) -> usize {
        self.degrees.len()
    }

    /// m, without loops.
    pub fn edge_count(&self) -> usize {
        self.edges().count()
    }

    /// The adjacency matrix (n x n) in compressed rows: symmetric to the last bit, without stored zeros.
    pub fn adjacency(&self) -> CsMatView<'_, f64> {
        self.adjacency.view()
    }

    /// For each node the sum of the weights of its edges, n.
    pub fn degrees(&self) -> ArrayView1<'_, f64> {
        self.degrees.view()
    }

    /// The edges `(i, j, weight)` with i < j, in ascending order, without loops.
    pub fn edges(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        self.adjacency.iter().filter(|(_, (i, j))| i < j).map(|(&weight, (i, j))| (i, j, weight))
    }

    /// The oriented incidence matrix B (n x m), in compressed columns: the column of the edge from i to j, i < j, in the order
    /// of [`edges`](Self::edges), has −1 in row i and 1 in row j. With the weights W on a diagonal, `B W Bᵀ` is the
    /// unnormalized Laplacian.
    pub fn incidence(&self) -> CsMat<f64> {
        let m = self.edge_count();
        let rows = self.edges().flat_map(|(i, j, _)| [i, j]).collect();
        let starts = (0..=m).map(|edge| 2 * edge).collect();
        CsMat::new_csc((self.node_count(), m), starts, rows, [-1.0, 1.0].repeat(m))
    }

    /// The sum of the weights of the edges between nodes with different labels.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Shape` unless there is a label for each node.
    pub fn cut(&self, labels: &ndarray::ArrayRef1<usize>) -> Result<f64, Error> {
        let (found, expected) = (labels.len(), self.node_count());
        if found != expected {
            let (argument, extent, reason) = ("labels", "entries", "one for each node");
            return Err(lapwing_lapack::Error::Shape { argument, extent, found, expected, reason }.into());
        }
        Ok(self.edges().filter(|&(i, j, _)| labels[i] != labels[j]).map(|(_, _, weight)| weight).sum())
    }

    pub(crate) fn rows(&self) -> &CsMat<f64> {
        &self.adjacency
    }
}

/// The matrix (n x n) with these entries, those at one place summed in the order in which they come: sorted
/// stably, so that mirror images are sums in the same order.
pub(super) fn compressed_rows(n: usize, mut entries: Vec<(usize, usize, f64)>) -> CsMat<f64> {
    entries.sort_by_key(|&(i, j, _)| (i, j));
    entries.dedup_by(|next, sum| {
        let same = (next.0, next.1) == (sum.0, sum.1);
        if same {
            sum.2 += next.2;
        }
        same
    });
    let mut starts = vec![0; n + 1];
    for &(i, _, _) in &entries {
        starts[i + 1] += 1;
    }
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let columns = entries.iter().map(|entry| entry.1).collect();
    CsMat::new((n, n), starts, columns, entries.into_iter().map(|entry| entry.2).collect())
}
