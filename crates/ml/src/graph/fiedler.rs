//! The second eigenvector of a Laplacian, and the cuts that are read from it (Fiedler, "Algebraic connectivity of graphs",
//! Czechoslovak Mathematical Journal 23, 1973).

use ndarray::{Array1, ArrayView1};

use super::adjacency::Graph;
use super::eigen::LaplacianEigen;
use super::laplacian::LaplacianKind;
use crate::error::Error;

/// How hard it is to take a graph apart: the second smallest eigenvalue of its unnormalized Laplacian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AlgebraicConnectivity {
    /// The eigenvalue, positive.
    Connected(f64),
    /// The eigenvalue is 0, because the graph has so many components.
    Disconnected {
        /// At least 2; 0 for a graph without nodes.
        components: usize,
    },
    /// There is but one node, and one eigenvalue.
    SingleNode,
}

impl AlgebraicConnectivity {
    /// The eigenvalue; 0 for a graph that is not connected or has no two nodes.
    pub fn value(self) -> f64 {
        match self {
            AlgebraicConnectivity::Connected(value) => value,
            _ => 0.0,
        }
    }
}

/// Where a graph is cut in two by its Fiedler vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bisection {
    /// Between entries below zero and the others.
    #[default]
    Sign,
    /// Into halves, up to one node: by the median, and by the number of the node where entries are equal.
    Median,
}

/// The second smallest eigenvalue of the Laplacian of a connected graph, and its eigenvector. Made by [`Graph::fiedler`].
#[derive(Clone, Debug, PartialEq)]
pub struct Fiedler {
    value: f64,
    vector: Array1<f64>,
    residual_norm: f64,
}

impl Fiedler {
    /// The eigenvalue, positive.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The eigenvector, n entries. For [`LaplacianKind::RandomWalk`] of norm 1 in the inner product of the degrees, of norm 1
    /// otherwise. Its largest entry in magnitude is positive.
    ///
    /// A multiple eigenvalue has a space of them, and this is one, the same in each run.
    pub fn vector(&self) -> ArrayView1<'_, f64> {
        self.vector.view()
    }

    /// `‖L x − λ x‖₂`, as [`LaplacianEigen::residual_norms`].
    pub fn residual_norm(&self) -> f64 {
        self.residual_norm
    }

    /// A label for each node, 0 or 1: 0 on the side of the first node.
    pub fn bisection(&self, rule: Bisection) -> Array1<usize> {
        let above = match rule {
            Bisection::Sign => self.vector.mapv(|entry| entry >= 0.0),
            Bisection::Median => {
                let mut order: Vec<usize> = (0..self.vector.len()).collect();
                order.sort_by(|&a, &b| self.vector[a].total_cmp(&self.vector[b]));
                let mut above = Array1::from_elem(order.len(), false);
                order[order.len() / 2..].iter().for_each(|&node| above[node] = true);
                above
            }
        };
        let first = above.first().copied();
        above.mapv(|side| usize::from(Some(side) != first))
    }
}

impl Graph {
    /// The algebraic connectivity, with the reason where it is 0. NetworkX's `algebraic_connectivity`.
    ///
    /// # Errors
    /// As [`fiedler`](Self::fiedler), without `Disconnected`.
    pub fn algebraic_connectivity(&self) -> Result<AlgebraicConnectivity, Error> {
        let components = self.connected_components().count();
        match self.node_count() {
            1 => Ok(AlgebraicConnectivity::SingleNode),
            _ if components != 1 => Ok(AlgebraicConnectivity::Disconnected { components }),
            _ => Ok(AlgebraicConnectivity::Connected(self.fiedler(LaplacianKind::Unnormalized)?.value)),
        }
    }

    /// The Fiedler vector of a Laplacian of a connected graph of at least two nodes. NetworkX's `fiedler_vector`.
    ///
    /// # Errors
    /// [`Error::Disconnected`]; [`Error::TooFewSamples`] for fewer than two nodes; [`Error::Iteration`] and [`Error::Lapack`] as
    /// [`LaplacianEigenParams::compute`](super::LaplacianEigenParams::compute).
    pub fn fiedler(&self, kind: LaplacianKind) -> Result<Fiedler, Error> {
        let found = self.node_count();
        if found < 2 {
            return Err(Error::TooFewSamples {
                argument: "graph",
                method: "a Fiedler vector",
                found,
                least: 2,
            });
        }
        let components = self.connected_components().count();
        if components > 1 {
            return Err(Error::Disconnected { components, what: "no Fiedler vector" });
        }
        let eigen = LaplacianEigen::params(2).kind(kind).compute(self)?;
        let (value, residual_norm) = (eigen.values()[1], eigen.residual_norms()[1]);
        let vector = eigen.into_vectors().column(1).to_owned();
        Ok(Fiedler { value: self.quotient(kind, &vector).unwrap_or(value), vector, residual_norm })
    }

    /// The Rayleigh quotient of the unnormalized Laplacian as a sum over the edges, in which nothing cancels: a small
    /// connectivity has all its digits. `None` where a square leaves the range, and for other Laplacians.
    fn quotient(&self, kind: LaplacianKind, vector: &Array1<f64>) -> Option<f64> {
        let energy: f64 = self.edges().map(|(i, j, weight)| weight * (vector[i] - vector[j]).powi(2)).sum();
        let unnormalized = kind == LaplacianKind::Unnormalized;
        (unnormalized && energy > f64::MIN_POSITIVE / f64::EPSILON && energy.is_finite())
            .then(|| energy / vector.dot(vector))
    }
}
