//! How alike samples are: the matrices that spectral clustering and embeddings take their graphs from.
//!
//! | [`Affinity`]       | between samples x and y                                       | matrix |
//! |--------------------|---------------------------------------------------------------|--------|
//! | `Rbf`              | exp(−γ ‖x − y‖²)                                              | dense  |
//! | `SelfTuning`       | exp(−‖x − y‖² / (σₓ σᵧ)), σ the distance to the 7th neighbour | dense  |
//! | `Cosine`           | xᵀy / (‖x‖ ‖y‖)                                               | dense  |
//! | `Polynomial`       | (γ xᵀy + c)ᵈ                                                  | dense  |
//! | `NearestNeighbors` | 1 or ½, where one is among the k nearest of the other         | sparse |
//! | `Radius`           | 1 within a distance                                           | sparse |
//! | `Precomputed`      | as given                                                      | dense  |
//!
//! Matrices are in double precision whatever the scalar of the data, exactly symmetric, finite and not negative. The
//! semantics are those of `affinity` in scikit-learn's `sklearn.cluster.SpectralClustering`, with these differences:
//!
//! - Negative affinities, which `Cosine` and `Polynomial` may have, are an error that names the entry: there is no cut of a
//!   graph with negative weights. scikit-learn takes the roots of negative degrees, which are NaN.
//! - Each sample is among its own k neighbours, also beside k duplicates of it.
//! - `SelfTuning`, [`Gamma::MedianHeuristic`] and the choice of the [`Symmetrization`] are not in scikit-learn.

mod matrix;
mod scales;
#[cfg(test)]
mod tests;

use std::fmt;

use lapwing_lapack::{Scalar, require_finite};
use ndarray::{Array2, ArrayRef2};

pub use matrix::{AffinityMatrix, Symmetrization};
pub use scales::Gamma;

use crate::error::Error;
use crate::kernels::{Kernel, KernelRows};
use crate::neighbors::{EdgeWeights, NearestNeighbors, OwnNeighbor};

/// How alike two samples are.
///
/// ```
/// use lapwing_ml::{Affinity, AffinityMatrix, Symmetrization};
/// use ndarray::array;
/// let x = array![[0.0], [1.0], [3.0]];
/// let affinity = Affinity::NearestNeighbors { neighbors: 2, symmetrization: Symmetrization::Average };
/// let AffinityMatrix::Sparse(graph) = affinity.matrix(&x)? else { unreachable!() };
/// assert_eq!(graph.to_dense(), array![[1.0, 1.0, 0.0], [1.0, 1.0, 0.5], [0.0, 0.5, 1.0]]);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Affinity {
    /// The Gaussian of the distance; 1 on the diagonal.
    Rbf {
        /// γ.
        gamma: Gamma,
    },
    /// The Gaussian of the distance, in units of how far each sample is from a near neighbour (Zelnik-Manor and Perona,
    /// "Self-tuning spectral clustering", NIPS 2004): groups of different densities keep together. 0 on the diagonal, as in
    /// the paper. Where so many samples are equal that the distance is 0, the next that is not takes its place; where all
    /// are equal, so are all affinities, 1.
    SelfTuning {
        /// Which neighbour, counted from 1; the paper's is the 7th. Below n.
        neighbor: usize,
    },
    /// The cosine of the angle; 0 where a sample is zero.
    Cosine,
    /// A power of the inner product.
    Polynomial {
        /// The exponent d.
        degree: u32,
        /// γ.
        gamma: f64,
        /// c.
        coef0: f64,
    },
    /// Whether one is among the nearest of the other. Each sample counts as the first of its own.
    NearestNeighbors {
        /// k, with the sample itself: at least 1 and at most n.
        neighbors: usize,
        /// What counts when only one of the two is among the nearest of the other.
        symmetrization: Symmetrization,
    },
    /// Whether the distance is at most this.
    Radius {
        /// The distance, not negative.
        radius: f64,
    },
    /// The data given are affinities themselves. For sparse ones there is [`AffinityMatrix::from_sparse`].
    Precomputed,
}

impl Default for Affinity {
    /// [`Affinity::Rbf`] with γ = 1.
    fn default() -> Self {
        Affinity::Rbf { gamma: Gamma::Value(1.0) }
    }
}

impl fmt::Display for Affinity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Affinity::Rbf { .. } => "rbf",
            Affinity::SelfTuning { .. } => "self_tuning",
            Affinity::Cosine => "cosine",
            Affinity::Polynomial { .. } => "polynomial",
            Affinity::NearestNeighbors { .. } => "nearest_neighbors",
            Affinity::Radius { .. } => "radius",
            Affinity::Precomputed => "precomputed",
        })
    }
}

impl Affinity {
    /// [`Affinity::NearestNeighbors`] of k neighbours, averaged: scikit-learn's `affinity="nearest_neighbors"`, whose k is
    /// 10 by default.
    pub fn nearest_neighbors(k: usize) -> Self {
        Affinity::NearestNeighbors { neighbors: k, symmetrization: Symmetrization::Average }
    }

    /// [`Affinity::SelfTuning`] by the 7th neighbour.
    pub fn self_tuning() -> Self {
        Affinity::SelfTuning { neighbor: 7 }
    }

    /// [`Affinity::Polynomial`] of this degree with γ = 1 and c = 1.
    pub fn polynomial(degree: u32) -> Self {
        Affinity::Polynomial { degree, gamma: 1.0, coef0: 1.0 }
    }

    /// The affinities (n x n) between the rows of `x` (n x p).
    ///
    /// Cost: O(n² p) for dense ones, those of [`crate::neighbors`] for sparse ones.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a parameter outside its domain; [`Error::TooFewSamples`] for no samples;
    /// [`Error::NoFeatures`]; [`Error::NegativeWeight`] for a negative affinity; [`Error::Lapack`] with `NonFinite`,
    /// `NotSquare` and `NotSymmetric` for affinities that are given, `Overflow` or `OutOfMemory`.
    pub fn matrix<T: Scalar>(&self, x: &ArrayRef2<T>) -> Result<AffinityMatrix, Error> {
        if x.nrows() == 0 {
            return Err(Error::TooFewSamples { argument: "x", method: "an affinity", found: 0, least: 1 });
        }
        if x.ncols() == 0 {
            return Err(Error::NoFeatures { argument: "x" });
        }
        require_finite("x", x)?;
        match *self {
            Affinity::Rbf { gamma } => Ok(AffinityMatrix::Dense(scales::rbf(x, gamma)?)),
            Affinity::SelfTuning { neighbor } => Ok(AffinityMatrix::Dense(scales::self_tuning(x, neighbor)?)),
            Affinity::Cosine => not_negative(kernel_matrix(x, Kernel::Cosine)?),
            Affinity::Polynomial { degree, gamma, coef0 } => {
                not_negative(kernel_matrix(x, Kernel::Polynomial { degree, gamma: Some(gamma), coef0 })?)
            }
            Affinity::NearestNeighbors { neighbors, symmetrization } => {
                let samples = NearestNeighbors::params().fit(x)?;
                let own = OwnNeighbor::Included;
                let graph =
                    samples.k_neighbors_graph_of_samples(neighbors, EdgeWeights::Connectivity, own)?;
                Ok(AffinityMatrix::Sparse(symmetrization.apply(&graph)?))
            }
            Affinity::Radius { radius } => {
                let samples = NearestNeighbors::params().fit(x)?;
                let own = OwnNeighbor::Included;
                let graph = samples.radius_graph_of_samples(radius, EdgeWeights::Connectivity, own)?;
                Ok(AffinityMatrix::Sparse(graph))
            }
            Affinity::Precomputed => AffinityMatrix::from_dense("x", x),
        }
    }
}

/// The values of a kernel in double precision.
fn kernel_matrix<T: Scalar>(x: &ArrayRef2<T>, kernel: Kernel) -> Result<Array2<f64>, Error> {
    KernelRows::new("x", kernel, kernel.gamma(x.ncols())?, x)?.matrix()
}

fn not_negative(values: Array2<f64>) -> Result<AffinityMatrix, Error> {
    match values.indexed_iter().find(|(_, value)| **value < 0.0) {
        None => Ok(AffinityMatrix::Dense(values)),
        Some(((row, col), &value)) => {
            Err(Error::NegativeWeight { argument: "the affinity", row, col, value })
        }
    }
}
