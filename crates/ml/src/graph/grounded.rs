//! The pseudo-inverse of a sparse Laplacian.
//!
//! A Laplacian is singular, but what is left without one node of each component, as if that node were grounded, is positive
//! definite. For a right-hand side orthogonal to the null space, a solution with zeros at the grounded nodes is a solution of
//! the whole system, and differs from that of least norm by a null vector only.

use lapwing_iterative::sprs::CsMat;
use lapwing_iterative::{Error as MatrixError, LinearOperator, MinimumDegree, ShiftInverse};
use lapwing_lapack::zeros;
use ndarray::{Array2, ArrayRef2, Axis};

use super::components::ConnectedComponents;

const NONE: usize = usize::MAX;

/// The most entries of a factor: 16 bytes each, twice while it is made.
const MOST_ENTRIES: usize = 1 << 25;

/// A Laplacian without the row and column of one node of each component.
pub(super) struct Grounded {
    matrix: CsMat<f64>,
    /// Where each node stands in the matrix; [`NONE`] for those that are grounded.
    place: Vec<usize>,
    order: MinimumDegree,
}

impl Grounded {
    /// Grounds the node with the most neighbours in each component.
    pub(super) fn new(laplacian: &CsMat<f64>, components: &ConnectedComponents) -> Result<Self, MatrixError> {
        let n = laplacian.rows();
        let neighbours = |node: usize| laplacian.outer_view(node).map_or(0, |row| row.nnz());
        let mut grounds = vec![NONE; components.count()];
        for (node, &label) in components.labels().iter().enumerate() {
            if grounds[label] == NONE || neighbours(node) > neighbours(grounds[label]) {
                grounds[label] = node;
            }
        }
        let mut place = vec![0; n];
        grounds.iter().for_each(|&node| place[node] = NONE);
        let mut count = 0;
        for place in place.iter_mut().filter(|place| **place != NONE) {
            *place = count;
            count += 1;
        }
        let (mut starts, mut columns, mut entries) = (vec![0], Vec::new(), Vec::new());
        for (row, _) in laplacian.outer_iterator().zip(&place).filter(|(_, place)| **place != NONE) {
            for (col, &entry) in row.iter().filter(|(col, _)| place[*col] != NONE) {
                columns.push(place[col]);
                entries.push(entry);
            }
            starts.push(columns.len());
        }
        let matrix = CsMat::new((count, count), starts, columns, entries);
        let order = MinimumDegree::new(&matrix)?;
        Ok(Self { matrix, place, order })
    }

    pub(super) fn matrix(&self) -> &CsMat<f64> {
        &self.matrix
    }

    /// How many multiplications a factorization takes, at the most.
    pub(super) fn multiplications(&self) -> usize {
        self.order.multiplications()
    }

    /// The factored matrix, or `None` when that takes too much memory or is not stable.
    pub(super) fn factor(&self) -> Result<Option<GroundedInverse<'_>>, MatrixError> {
        if self.order.entries() > MOST_ENTRIES {
            return Ok(None);
        }
        match ShiftInverse::sparse_in_order(&self.matrix, 0.0, &self.order) {
            Ok(inverse) => Ok(Some(GroundedInverse { grounded: self, inverse })),
            // Singular to rounding: weights of one component differ by more than sixteen digits.
            Err(MatrixError::InvalidParameter { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The rows of `x` (n x k) that are not grounded.
    pub(super) fn restricted(&self, x: &ArrayRef2<f64>) -> Result<Array2<f64>, MatrixError> {
        let mut rest = zeros(x.ncols(), self.matrix.rows())?.reversed_axes();
        for (row, &place) in x.axis_iter(Axis(0)).zip(&self.place).filter(|(_, place)| **place != NONE) {
            rest.row_mut(place).assign(&row);
        }
        Ok(rest)
    }

    /// Writes `rest` into the rows of `x` that are not grounded, and zeros into the others.
    pub(super) fn extended(&self, rest: &ArrayRef2<f64>, x: &mut ArrayRef2<f64>) {
        for (mut row, &place) in x.axis_iter_mut(Axis(0)).zip(&self.place) {
            if place == NONE {
                row.fill(0.0);
            } else {
                row.assign(&rest.row(place));
            }
        }
    }
}

/// A right inverse of a Laplacian on the complement of its null space.
pub(super) struct GroundedInverse<'a> {
    grounded: &'a Grounded,
    inverse: ShiftInverse<'a, f64, CsMat<f64>>,
}

impl LinearOperator<f64> for GroundedInverse<'_> {
    fn dimensions(&self) -> (usize, usize) {
        (self.grounded.place.len(), self.grounded.place.len())
    }

    fn apply_into(&self, x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>) -> Result<(), MatrixError> {
        let rest = self.inverse.apply(&self.grounded.restricted(x)?)?;
        self.grounded.extended(&rest, result);
        Ok(())
    }

    fn apply_transposed_into(
        &self,
        y: &ArrayRef2<f64>,
        result: &mut ArrayRef2<f64>,
    ) -> Result<(), MatrixError> {
        self.apply_into(y, result)
    }
}
