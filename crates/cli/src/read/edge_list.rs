//! Edge lists, as the adjacency matrices of their graphs.

use super::{Matrix, sparse_from_triplets};
use crate::error::{Error, Result};
use lapwing::ml::graph::Graph;
use std::io::BufRead;

/// Reads a graph from `input`, which messages call `name`.
pub(super) fn read(input: impl BufRead, name: &str) -> Result<Matrix> {
    let graph = Graph::read_edge_list(input).map_err(|error| Error::of_line(name, &error.to_string()))?;
    let entries: Vec<_> = graph.adjacency().iter().map(|(&weight, (i, j))| (i, j, weight)).collect();
    let nodes = graph.node_count();
    Ok(Matrix::Sparse(sparse_from_triplets((nodes, nodes), &entries, name)?))
}
