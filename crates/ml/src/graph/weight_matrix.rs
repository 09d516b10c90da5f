//! The forms in which weights between n nodes come.

use lapwing_iterative::sprs::CsMat;
use ndarray::{ArrayBase, ArrayRef2, Data, Ix2};

use super::adjacency::Graph;
use super::laplacian::LaplacianKind;
use super::operator::Laplacian;
use super::weights::require_weights;
use crate::affinity::AffinityMatrix;
use crate::error::Error;

/// Weights between n nodes, or affinities between n samples: a dense matrix, a sparse one, either in an [`AffinityMatrix`], or a
/// [`Graph`].
///
/// A matrix must be square, finite, not negative, and symmetric up to rounding. Its diagonal does not count.
pub trait WeightMatrix: sealed::Sealed {}

impl WeightMatrix for ArrayRef2<f64> {}
impl<S: Data<Elem = f64>> WeightMatrix for ArrayBase<S, Ix2> {}
impl WeightMatrix for CsMat<f64> {}
impl WeightMatrix for AffinityMatrix {}
impl WeightMatrix for Graph {}

mod sealed {
    use super::*;

    pub trait Sealed {
        /// The Laplacian. `argument` is the name of the weights in an error.
        fn laplacian_of(&self, argument: &'static str, kind: LaplacianKind) -> Result<Laplacian<'_>, Error>;
    }

    impl Sealed for ArrayRef2<f64> {
        fn laplacian_of(&self, argument: &'static str, kind: LaplacianKind) -> Result<Laplacian<'_>, Error> {
            require_weights(argument, self)?;
            Laplacian::of_dense(self.view(), kind)
        }
    }

    impl<S: Data<Elem = f64>> Sealed for ArrayBase<S, Ix2> {
        fn laplacian_of(&self, argument: &'static str, kind: LaplacianKind) -> Result<Laplacian<'_>, Error> {
            (**self).laplacian_of(argument, kind)
        }
    }

    impl Sealed for CsMat<f64> {
        fn laplacian_of(&self, argument: &'static str, kind: LaplacianKind) -> Result<Laplacian<'_>, Error> {
            Laplacian::of_graph(&Graph::from_sparse(argument, self)?, kind)
        }
    }

    impl Sealed for AffinityMatrix {
        fn laplacian_of(&self, argument: &'static str, kind: LaplacianKind) -> Result<Laplacian<'_>, Error> {
            match self {
                AffinityMatrix::Dense(weights) => weights.laplacian_of(argument, kind),
                AffinityMatrix::Sparse(weights) => weights.laplacian_of(argument, kind),
            }
        }
    }

    impl Sealed for Graph {
        fn laplacian_of(&self, _: &'static str, kind: LaplacianKind) -> Result<Laplacian<'_>, Error> {
            Laplacian::of_graph(self, kind)
        }
    }
}
