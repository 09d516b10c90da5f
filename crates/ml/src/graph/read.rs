//! Graphs as text.

use std::io::{self, BufRead};

use lapwing_iterative::matrix_market::{self, MatrixMarket};

use super::adjacency::{Graph, compressed_rows};
use crate::error::Error;

/// A node's number that lies this far beyond the number of edges is taken for a slip: each node takes memory.
const NODES_WITHOUT_EDGES: usize = 1 << 20;
const NODES_OF_AN_EDGE: usize = 64;

/// Why a text is not a graph.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadGraphError {
    /// A line is no edge.
    #[error("line {line}: {reason}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it, and the remedy.
        reason: String,
    },

    /// Reading failed.
    #[error("line {line} cannot be read: {source}")]
    Io {
        /// The line, from 1.
        line: usize,
        /// What the reader said.
        source: io::Error,
    },

    /// The text is not a Matrix Market file.
    #[error(transparent)]
    MatrixMarket(#[from] matrix_market::ReadError),

    /// The numbers are not a graph.
    #[error(transparent)]
    Graph(#[from] Error),
}

impl Graph {
    /// Reads a list of edges, one on a line: two nodes, numbered from 0, and a weight, which is 1 where there is none; between
    /// blanks or commas. Lines that begin with `#` or `%` are comments. NetworkX's `write_weighted_edgelist` and the collections
    /// of SNAP have this form.
    ///
    /// There are as many nodes as the largest number tells. An edge that is there more than once, in either direction, has
    /// the sum of the weights.
    ///
    /// ```
    /// use lapwing_ml::graph::Graph;
    /// let graph = Graph::read_edge_list("# a path\n0 1 0.5\n1 2\n".as_bytes())?;
    /// assert_eq!((graph.node_count(), graph.degrees()[1]), (3, 1.5));
    /// # Ok::<(), lapwing_ml::graph::ReadGraphError>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadGraphError`] with the line; for numbers of nodes also that exceed 64 times the number of edges by a million, since
    /// every number up to the largest is a node.
    pub fn read_edge_list(mut input: impl BufRead) -> Result<Self, ReadGraphError> {
        let (mut edges, mut text) = (Vec::new(), String::new());
        let (mut largest, mut largest_at) = (0, 0);
        for line in 1.. {
            text.clear();
            if input.read_line(&mut text).map_err(|source| ReadGraphError::Io { line, source })? == 0 {
                break;
            }
            let Some((from, to, weight)) =
                edge(&text).map_err(|reason| ReadGraphError::Line { line, reason })?
            else {
                continue;
            };
            if from.max(to) >= largest {
                (largest, largest_at) = (from.max(to), line);
            }
            edges.push((from, to, weight));
        }
        if largest > NODES_WITHOUT_EDGES.saturating_add(NODES_OF_AN_EDGE.saturating_mul(edges.len())) {
            let reason = format!(
                "node {largest} of a list of {} edges; number the nodes from 0 without gaps",
                edges.len()
            );
            return Err(ReadGraphError::Line { line: largest_at, reason });
        }
        let nodes = if edges.is_empty() { 0 } else { largest + 1 };
        Ok(Self::from_edges(nodes, &edges)?)
    }

    /// Reads a square symmetric matrix in Matrix Market's format, in coordinates or as an array: the adjacency matrix. The
    /// entries of a pattern are 1.
    ///
    /// # Errors
    /// [`ReadGraphError`] with the line, or for what [`from_adjacency`](Self::from_adjacency) refuses.
    pub fn read_matrix_market(input: impl BufRead) -> Result<Self, ReadGraphError> {
        let (shape, entries) = match matrix_market::read(input)? {
            MatrixMarket::Array(adjacency) => return Ok(Self::from_adjacency(&adjacency)?),
            MatrixMarket::Coordinate { shape, entries } => (shape, entries),
        };
        let (rows, cols) = shape;
        if rows != cols {
            let argument = "adjacency";
            return Err(Error::from(lapwing_lapack::Error::NotSquare { argument, rows, cols }).into());
        }
        let most = NODES_WITHOUT_EDGES.saturating_add(NODES_OF_AN_EDGE.saturating_mul(entries.len()));
        if rows > most {
            let reason = format!("{rows} nodes of {} edges; leave out nodes without edges", entries.len());
            return Err(ReadGraphError::Line { line: 2, reason });
        }
        Ok(Self::from_sparse_adjacency(&compressed_rows(rows, entries))?)
    }
}

/// The edge of a line, if it has one.
fn edge(line: &str) -> Result<Option<(usize, usize, f64)>, String> {
    let line = line.trim();
    if line.is_empty() || line.starts_with(['#', '%']) {
        return Ok(None);
    }
    let words: Vec<&str> =
        line.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    let (from, to, weight) = match words[..] {
        [from, to] => (from, to, "1"),
        [from, to, weight] => (from, to, weight),
        _ => return Err(format!("{line:?} is not two nodes, or two and a weight")),
    };
    let node = |word: &str| {
        word.parse::<usize>().map_err(|_| format!("{word:?} is not a node; number the nodes from 0"))
    };
    let (from, to) = (node(from)?, node(to)?);
    match weight.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(Some((from, to, value))),
        _ => Err(format!("{weight:?} is not a weight; give numbers that are not negative")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges_of(text: &str) -> Graph {
        Graph::read_edge_list(text.as_bytes()).unwrap()
    }

    #[test]
    fn lists_have_comments_commas_and_weights() {
        let expected = Graph::from_edges(4, &[(0, 1, 1.0), (3, 1, 2.5)]).unwrap();
        assert_eq!(edges_of("# nodes\n% too\n\n0 1\n3\t1 2.5\n"), expected);
        assert_eq!(edges_of("0,1\r\n3, 1, 2\r\n1 3 0.5"), expected, "summed, in either direction");
        assert_eq!(edges_of("# nothing\n").node_count(), 0);
    }

    #[test]
    fn lines_that_are_no_edges_are_named() {
        for (text, message) in [
            ("0 1\n2\n", "line 2: \"2\" is not two nodes, or two and a weight"),
            ("0 1 2 3\n", "line 1: \"0 1 2 3\" is not two nodes, or two and a weight"),
            ("0 -1\n", "line 1: \"-1\" is not a node; number the nodes from 0"),
            ("\n0 1 -2\n", "line 2: \"-2\" is not a weight; give numbers that are not negative"),
            ("0 1 nan\n", "line 1: \"nan\" is not a weight; give numbers that are not negative"),
            (
                "0 1\n0 99999999999\n",
                "line 2: node 99999999999 of a list of 2 edges; number the nodes from 0 without gaps",
            ),
        ] {
            assert_eq!(Graph::read_edge_list(text.as_bytes()).unwrap_err().to_string(), message);
        }
        let binary: &[u8] = b"0 1\n\xff\xfe\n";
        assert!(matches!(Graph::read_edge_list(binary), Err(ReadGraphError::Io { line: 2, .. })));
    }

    #[test]
    fn matrices_are_read_in_either_layout() {
        let path = Graph::from_edges(3, &[(0, 1, 1.0), (1, 2, 1.0)]).unwrap();
        let pattern = "%%MatrixMarket matrix coordinate pattern symmetric\n3 3 2\n2 1\n3 2\n";
        assert_eq!(Graph::read_matrix_market(pattern.as_bytes()).unwrap(), path);
        let array = "%%MatrixMarket matrix array integer symmetric\n3 3\n0\n1\n0\n0\n1\n0\n";
        assert_eq!(Graph::read_matrix_market(array.as_bytes()).unwrap(), path);
        for (rest, message) in [
            ("pattern general\n3 3 1\n2 1\n", "not symmetric"),
            ("pattern general\n3 2 1\n2 1\n", "square"),
            ("real symmetric\n2 2 1\n2 1 -1\n", "negative"),
            ("real symmetric\n99999999999 99999999999 1\n2 1 1\n", "nodes without edges"),
            ("real symmetric\n2 2 1\n3 1 1\n", "line 3"),
        ] {
            let text = format!("%%MatrixMarket matrix coordinate {rest}");
            let error = Graph::read_matrix_market(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
    }
}
