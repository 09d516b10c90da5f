//! Which nodes hang together.

use lapwing_iterative::sprs::CsMat;
use ndarray::{Array1, ArrayRef2, ArrayView1};

use super::adjacency::Graph;

/// The connected components of a graph, numbered from 0 in the order of their first nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectedComponents {
    labels: Array1<usize>,
    count: usize,
}

impl ConnectedComponents {
    /// The component of each node, n.
    pub fn labels(&self) -> ArrayView1<'_, usize> {
        self.labels.view()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// How many nodes each has.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.count];
        self.labels.iter().for_each(|&label| sizes[label] += 1);
        sizes
    }

    /// By depth-first search, where `visit` appends to a list what a node leads to and has no label yet, and labels it.
    fn search(n: usize, mut visit: impl FnMut(usize, usize, &mut Array1<usize>, &mut Vec<usize>)) -> Self {
        let mut labels = Array1::from_elem(n, usize::MAX);
        let (mut count, mut open) = (0, Vec::new());
        for first in 0..n {
            if labels[first] != usize::MAX {
                continue;
            }
            labels[first] = count;
            open.push(first);
            while let Some(node) = open.pop() {
                visit(node, count, &mut labels, &mut open);
            }
            count += 1;
        }
        Self { labels, count }
    }

    /// Of a symmetric matrix in compressed rows.
    pub(crate) fn of_rows(rows: &CsMat<f64>) -> Self {
        Self::search(rows.rows(), |node, label, labels, open| {
            for (next, &weight) in rows.outer_view(node).iter().flat_map(|row| row.iter()) {
                if weight != 0.0 && labels[next] == usize::MAX {
                    labels[next] = label;
                    open.push(next);
                }
            }
        })
    }

    /// Of a dense symmetric matrix. Each node is compared with those not reached yet, of which soon none are left.
    pub(crate) fn of_dense(weights: &ArrayRef2<f64>) -> Self {
        let mut unreached: Vec<usize> = (0..weights.nrows()).collect();
        Self::search(weights.nrows(), |node, label, labels, open| {
            unreached.retain(|&next| {
                if labels[next] == usize::MAX && weights[[node, next]] != 0.0 {
                    labels[next] = label;
                    open.push(next);
                }
                labels[next] == usize::MAX
            });
        })
    }
}

impl Graph {
    /// The connected components, numbered in the order of their first nodes. SciPy's `connected_components`.
    ///
    /// Cost: O(n + m).
    pub fn connected_components(&self) -> ConnectedComponents {
        ConnectedComponents::of_rows(self.rows())
    }
}
