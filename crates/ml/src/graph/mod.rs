//! Undirected graphs with weights, and what the eigenvalues of their Laplacians say about them.
//!
//! | to find                                                   | use                                                   |
//! |-----------------------------------------------------------|-------------------------------------------------------|
//! | adjacency, degrees, incidence; from edges, matrices, text | [`Graph`]                                             |
//! | a Laplacian                                               | [`Graph::laplacian`] with a [`LaplacianKind`]         |
//! | which nodes hang together                                 | [`Graph::connected_components`]                       |
//! | the smallest eigenvalues of a Laplacian, and its vectors  | [`LaplacianEigen`]                                    |
//! | how well the graph hangs together, and where to cut it    | [`Graph::algebraic_connectivity`], [`Graph::fiedler`] |
//! | the resistance between two nodes                          | [`Graph::effective_resistances`]                      |
//!
//! Weights are affinities: not negative, larger for what is closer, and 0 where there is no edge. They are `f64` whatever
//! they were computed from. The conventions are those of SciPy's `scipy.sparse.csgraph`.

mod adjacency;
mod components;
mod eigen;
mod fiedler;
mod filter;
mod grounded;
mod laplacian;
mod null_space;
mod operator;
mod read;
mod resistance;
#[cfg(test)]
mod tests;
mod weight_matrix;
mod weights;

pub use adjacency::Graph;
pub use components::ConnectedComponents;
pub(crate) use eigen::EigenOptions;
pub use eigen::{EigenSolver, LaplacianEigen, LaplacianEigenParams};
pub use fiedler::{AlgebraicConnectivity, Bisection, Fiedler};
pub use laplacian::LaplacianKind;
pub(crate) use operator::{Laplacian, Loops, row_sums};
pub use read::ReadGraphError;
pub use weight_matrix::WeightMatrix;
pub(crate) use weights::{
    for_each_tile, mean, merge_mirror_images, require_square, require_weights, symmetric_rows,
};
