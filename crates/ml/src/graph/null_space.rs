//! The null space of a Laplacian, which is known exactly: it is spanned by the vectors that are constant, or proportional to
//! the roots of the degrees, on each connected component.
//!
//! No iteration finds multiple eigenvalues with certainty, and none is asked to find these.

use std::cmp::Ordering;

use lapwing_lapack::zeros;
use ndarray::{Array2, ArrayRef1};

use super::components::ConnectedComponents;
use crate::error::Error;

/// The first `count` vectors (n x count, column-major, orthonormal) of a basis of the null space, for c ≥ `count` components
/// and the null vector `roots` (n entries, all positive) of the whole graph.
///
/// The first is that vector itself. With the components sorted by their share of it, largest first, each further one is what
/// tells the next component from those before it, and zero on those after it.
pub(crate) fn null_space(
    components: &ConnectedComponents,
    roots: &ArrayRef1<f64>,
    count: usize,
) -> Result<Array2<f64>, Error> {
    let n = roots.len();
    let mut vectors = zeros(count, n)?.reversed_axes();
    let labels = components.labels();
    // In units of the largest of a component, no sum of squares leaves the range.
    let mut largest = vec![0.0f64; components.count()];
    labels.iter().zip(roots).for_each(|(&label, &root)| largest[label] = largest[label].max(root));
    let mut norms = vec![0.0; components.count()];
    labels.iter().zip(roots).for_each(|(&label, root)| norms[label] += (root / largest[label]).powi(2));
    norms.iter_mut().zip(&largest).for_each(|(norm, largest)| *norm = largest * norm.sqrt());
    let mut order: Vec<usize> = (0..norms.len()).collect();
    order.sort_by(|&a, &b| norms[b].total_cmp(&norms[a]));
    let mut rank = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, &label)| rank[label] = place);

    let total = order.iter().fold(0.0, |total: f64, &label| total.hypot(norms[label]));
    let mut before = 0.0f64;
    for (place, mut vector) in vectors.columns_mut().into_iter().enumerate() {
        let norm = norms[order[place]];
        let both = before.hypot(norm);
        for ((entry, root), &label) in vector.iter_mut().zip(roots).zip(&labels) {
            // Helmert's contrasts: unit vectors of the components before and of this one, weighted by each other's norm.
            *entry = match rank[label].cmp(&place) {
                _ if place == 0 => root / total,
                Ordering::Less => root / before * (norm / both),
                Ordering::Equal => -(root / norm * (before / both)),
                Ordering::Greater => 0.0,
            };
        }
        before = both;
    }
    Ok(vectors)
}
