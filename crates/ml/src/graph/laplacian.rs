//! The three Laplacians of a graph.

use lapwing_iterative::sprs::CsMat;
use ndarray::Array1;

use super::adjacency::Graph;
use crate::error::Error;

/// Which Laplacian of a graph with adjacency matrix A and degrees D.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaplacianKind {
    /// `D − A`. Eigenvalues from 0 to twice the largest degree.
    Unnormalized,
    /// `I − D^-½ A D^-½`. Eigenvalues from 0 to 2. The row and the column of a node without edges are zero, as in SciPy.
    #[default]
    Symmetric,
    /// `I − D^-1 A`, with the same eigenvalues: the identity less the transition matrix of a random walk. The row of a
    /// node without edges is zero.
    RandomWalk,
}

impl Graph {
    /// A Laplacian (n x n) in compressed rows, with all of its diagonal stored. SciPy's `csgraph.laplacian`; its rows sum to 0 for `Unnormalized` and `RandomWalk`.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Overflow`, when degrees are so small that their reciprocals leave the range.
    pub fn laplacian(&self, kind: LaplacianKind) -> Result<CsMat<f64>, Error> {
        let degrees = self.degrees();
        match kind {
            LaplacianKind::Unnormalized => self.with_diagonal(&degrees.to_owned(), |_, _, weight| weight),
            LaplacianKind::Symmetric => {
                let roots = degrees.mapv(f64::sqrt);
                // One division after the other, in one order for both mirror images.
                self.with_diagonal(&self.reached(), |i, j, weight| weight / roots[i.min(j)] / roots[i.max(j)])
            }
            LaplacianKind::RandomWalk => {
                self.with_diagonal(&self.reached(), |i, _, weight| weight / degrees[i])
            }
        }
    }

    /// 1 for nodes with edges, 0 for those without.
    fn reached(&self) -> Array1<f64> {
        self.degrees().mapv(|degree| if degree > 0.0 { 1.0 } else { 0.0 })
    }

    /// The matrix with this diagonal, and less what `scaled` makes of the weights beside it.
    fn with_diagonal(
        &self,
        diagonal: &Array1<f64>,
        scaled: impl Fn(usize, usize, f64) -> f64,
    ) -> Result<CsMat<f64>, Error> {
        let n = self.node_count();
        let (mut starts, mut columns, mut entries) = (vec![0], Vec::new(), Vec::new());
        for (i, row) in self.rows().outer_iterator().enumerate() {
            let mut placed = false;
            let mut push = |j: usize, entry: f64| {
                columns.push(j);
                entries.push(entry);
            };
            for (j, &weight) in row.iter() {
                if j >= i && !placed {
                    push(i, diagonal[i]);
                    placed = true;
                }
                if j != i {
                    push(j, -scaled(i, j, weight));
                }
            }
            if !placed {
                push(i, diagonal[i]);
            }
            starts.push(columns.len());
        }
        if entries.iter().all(|entry| entry.is_finite()) {
            return Ok(CsMat::new((n, n), starts, columns, entries));
        }
        Err(lapwing_lapack::Error::Overflow { routine: "the Laplacian", scalar: "f64" }.into())
    }
}
