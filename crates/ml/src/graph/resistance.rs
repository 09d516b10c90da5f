//! Effective resistances: those between two nodes of a network of conductors, whose conductances are the weights.

use lapwing_iterative::{ConjugateGradient, LinearOperator};
use ndarray::Array1;

use super::adjacency::Graph;
use super::grounded::Grounded;
use super::laplacian::LaplacianKind;
use crate::error::Error;

impl Graph {
    /// The effective resistance `(eᵢ − eⱼ)ᵀ L⁺ (eᵢ − eⱼ)` between the nodes of each pair (i, j), in their order: 0 for a node
    /// with itself, infinite between connected components.
    ///
    /// Each pair is a solve with the symmetric Laplacian, one node of each component grounded, by a sparse `L D Lᵀ`
    /// factorization; where that would take more than 2²⁵ entries, or is not stable, by conjugate gradients to a residual of
    /// 10⁻¹².
    ///
    /// ```
    /// use lapwing_ml::graph::Graph;
    /// // One edge beside a way of two: 1/(1 + 1/2).
    /// let graph = Graph::from_edges(4, &[(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0)])?;
    /// let resistances = graph.effective_resistances(&[(0, 1), (2, 2), (0, 3)])?;
    /// assert!((resistances[0] - 2.0 / 3.0).abs() < 1e-15);
    /// assert_eq!((resistances[1], resistances[2]), (0.0, f64::INFINITY));
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidEdge`] for a pair with a node that is not there; [`Error::Iteration`] when conjugate gradients do not
    /// converge; [`Error::Lapack`] with `Overflow` or `OutOfMemory`.
    pub fn effective_resistances(&self, pairs: &[(usize, usize)]) -> Result<Array1<f64>, Error> {
        let n = self.node_count();
        for (edge, &(from, to)) in pairs.iter().enumerate() {
            if from.max(to) >= n {
                let reason = format!("leads out of the graph of {n} nodes; count nodes from 0");
                return Err(Error::InvalidEdge { edge, from, to, weight: 0.0, reason });
            }
        }
        let components = self.connected_components();
        let labels = components.labels();
        let grounded = Grounded::new(&self.laplacian(LaplacianKind::Symmetric)?, &components)?;
        let factor = grounded.factor()?;
        let mut resistances = Array1::zeros(pairs.len());
        for (resistance, &(i, j)) in resistances.iter_mut().zip(pairs) {
            if labels[i] != labels[j] {
                *resistance = f64::INFINITY;
            } else if i != j {
                // L = D^½ N D^½ for the symmetric N, so that x and its product are scaled by D^-½.
                let (a, b) = (self.degrees()[i].sqrt().recip(), self.degrees()[j].sqrt().recip());
                let mut source = Array1::zeros(n);
                (source[i], source[j]) = (a, -b);
                let source = source.insert_axis(ndarray::Axis(1));
                let potential = match &factor {
                    Some(inverse) => inverse.apply(&source)?,
                    None => {
                        let rest = grounded.restricted(&source)?;
                        let params = ConjugateGradient::params().tolerance(1e-12);
                        let solution = params.solve(grounded.matrix(), &rest.column(0))?;
                        let mut potential = source.clone();
                        grounded.extended(&solution.x().insert_axis(ndarray::Axis(1)), &mut potential);
                        potential
                    }
                };
                *resistance = a * potential[[i, 0]] - b * potential[[j, 0]];
            }
        }
        Ok(resistances)
    }
}
