//! A Laplacian as an operator, from sparse or from dense weights.

use std::ops::Range;

use lapwing_iterative::sprs::CsMat;
use lapwing_iterative::{Error as MatrixError, LinearOperator};
use lapwing_lapack::{threads, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView2, Axis, s};

use super::adjacency::Graph;
use super::components::ConnectedComponents;
use super::laplacian::LaplacianKind;
use super::weights::finite_degrees;
use crate::affinity::AffinityMatrix;
use crate::error::Error;

/// Entries of a matrix below which a thread costs more than it saves.
const GRAIN: usize = 1 << 18;

/// Twice the largest degree in its [unit](unit_of), which is less than 4.
const BOUND: f64 = 8.0;

/// Strips of rows that the threads share.
const STRIPS: usize = 8;

/// Whether the weight of a node with itself counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loops {
    /// As in a graph.
    Ignored,
    /// As in a random walk that may stay where it is.
    Counted,
}

/// A symmetric Laplacian, and what is known about it before anything is computed.
pub struct Laplacian<'a> {
    pub(super) matrix: Matrix<'a>,
    /// What spans the null space of a connected graph, n positive entries: the roots of the degrees, or ones; 1 for nodes
    /// without edges.
    pub(crate) roots: Array1<f64>,
    pub(crate) components: ConnectedComponents,
    /// What the eigenvalues of the matrix are multiplied by: weights of any size are scaled into range.
    pub(super) unit: f64,
    /// No eigenvalue of the matrix is larger.
    pub(super) bound: f64,
}

pub(super) enum Matrix<'a> {
    Sparse(CsMat<f64>),
    Dense(Scaled<'a>),
}

/// `C − S W S` for dense weights W and diagonals C and S, never formed.
pub(super) struct Scaled<'a> {
    weights: ArrayView2<'a, f64>,
    diagonal: Array1<f64>,
    scale: Array1<f64>,
    loops: Loops,
}

impl<'a> Laplacian<'a> {
    /// Of a graph; the random walk has the eigenvalues of the symmetric one.
    pub(crate) fn of_graph(graph: &Graph, kind: LaplacianKind) -> Result<Self, Error> {
        let components = graph.connected_components();
        if kind == LaplacianKind::Unnormalized {
            let unit = unit_of(&graph.degrees());
            let matrix = Matrix::Sparse(graph.laplacian(kind)?.map(|entry| entry / unit));
            let roots = Array1::ones(graph.node_count());
            return Ok(Self { matrix, roots, components, unit, bound: BOUND });
        }
        let matrix = Matrix::Sparse(graph.laplacian(LaplacianKind::Symmetric)?);
        Ok(Self { matrix, roots: roots_of(&graph.degrees()), components, unit: 1.0, bound: 2.0 })
    }

    /// Of affinities that have just been computed, which are exactly symmetric and not negative.
    pub(crate) fn of_affinity(affinity: &'a AffinityMatrix, kind: LaplacianKind) -> Result<Self, Error> {
        match affinity {
            AffinityMatrix::Dense(weights) => Self::of_dense(weights.view(), kind),
            AffinityMatrix::Sparse(weights) => Self::of_graph(&Graph::from_rows(weights.clone())?, kind),
        }
    }

    /// Of dense weights (n x n), which have been found to be weights. The random walk has the eigenvalues of the symmetric one.
    pub(crate) fn of_dense(weights: ArrayView2<'a, f64>, kind: LaplacianKind) -> Result<Self, Error> {
        if kind != LaplacianKind::Unnormalized {
            return Self::of_walk(weights, Loops::Ignored, None);
        }
        let degrees = finite_degrees(row_sums(&weights, Loops::Ignored, None))?;
        let unit = unit_of(&degrees);
        // A power of four, so that its root is exact.
        let scale = Array1::from_elem(degrees.len(), unit.sqrt().recip());
        let components = ConnectedComponents::of_dense(&weights);
        let roots = Array1::ones(degrees.len());
        let (weights, diagonal, loops) = (row_major(weights), degrees / unit, Loops::Ignored);
        let matrix = Matrix::Dense(Scaled { weights, diagonal, scale, loops });
        Ok(Self { matrix, roots, components, unit, bound: BOUND })
    }

    /// The symmetric Laplacian of a random walk by dense weights (n x n), which have been found to be weights.
    ///
    /// With a `density` (n entries), each weight counts as `wᵢⱼ / (qᵢ qⱼ)`.
    pub(crate) fn of_walk(
        weights: ArrayView2<'a, f64>,
        loops: Loops,
        density: Option<&ArrayRef1<f64>>,
    ) -> Result<Self, Error> {
        let inverse = density.map(|density| density.mapv(f64::recip));
        let degrees = finite_degrees(row_sums(&weights, loops, inverse.as_deref()))?;
        let mut scale = degrees.mapv(|degree| if degree > 0.0 { degree.sqrt().recip() } else { 0.0 });
        if let Some(inverse) = &inverse {
            scale *= inverse;
        }
        let diagonal = degrees.mapv(|degree| if degree > 0.0 { 1.0 } else { 0.0 });
        let components = ConnectedComponents::of_dense(&weights);
        let matrix = Matrix::Dense(Scaled { weights: row_major(weights), diagonal, scale, loops });
        Ok(Self { matrix, roots: roots_of(&degrees), components, unit: 1.0, bound: 2.0 })
    }

    /// n.
    pub(crate) fn order(&self) -> usize {
        self.roots.len()
    }

    /// All entries.
    pub(super) fn to_dense(&self) -> Result<Array2<f64>, Error> {
        let n = self.order();
        let mut dense = zeros(n, n)?;
        match &self.matrix {
            Matrix::Sparse(matrix) => matrix.iter().for_each(|(&entry, (i, j))| dense[[i, j]] = entry),
            Matrix::Dense(matrix) => {
                for ((i, j), entry) in dense.indexed_iter_mut() {
                    let counted = i != j || matrix.loops == Loops::Counted;
                    // The lower triangle is the one that the eigensolver reads.
                    let weight = if counted && j <= i { matrix.weights[[i, j]] } else { 0.0 };
                    *entry = if i == j { matrix.diagonal[i] } else { 0.0 }
                        - (matrix.scale[i] * weight) * matrix.scale[j];
                }
            }
        }
        Ok(dense)
    }
}

impl LinearOperator<f64> for Laplacian<'_> {
    fn dimensions(&self) -> (usize, usize) {
        (self.order(), self.order())
    }

    fn apply_into(&self, x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>) -> Result<(), MatrixError> {
        match &self.matrix {
            Matrix::Sparse(matrix) => matrix.apply_into(x, result),
            Matrix::Dense(matrix) => matrix.apply_into(x, result),
        }
    }

    fn apply_transposed_into(
        &self,
        y: &ArrayRef2<f64>,
        result: &mut ArrayRef2<f64>,
    ) -> Result<(), MatrixError> {
        self.apply_into(y, result)
    }
}

impl Scaled<'_> {
    /// From the lower triangle alone, because what a product costs is to read the matrix. Strips of rows, the same whatever the
    /// number of threads, have results of their own, which are summed in order.
    fn apply_into(&self, x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>) -> Result<(), MatrixError> {
        let (n, k) = x.dim();
        let mut scaled = zeros(k, n)?;
        scaled.assign(&x.t());
        scaled *= &self.scale.view().insert_axis(Axis(0));
        // As many entries in each.
        let cut = |strip: usize| (n as f64 * (strip as f64 / STRIPS as f64).sqrt()).round() as usize;
        let grain = if n.saturating_mul(n) < 2 * GRAIN { STRIPS } else { 1 };
        let products =
            threads::map(threads::partition(STRIPS, grain), |strips| -> Result<Vec<_>, MatrixError> {
                strips.map(|strip| self.strip(cut(strip)..cut(strip + 1), &scaled)).collect()
            });
        let mut sum: Array2<f64> = zeros(k, n)?;
        for strips in products {
            for product in strips? {
                let mut head = sum.slice_mut(s![.., ..product.ncols()]);
                head += &product;
            }
        }
        result.assign(&sum.t());
        let diagonals = self.scale.iter().zip(&self.diagonal);
        for ((mut row, x), (scale, diagonal)) in result.outer_iter_mut().zip(x.outer_iter()).zip(diagonals) {
            row.zip_mut_with(&x, |sum, x| *sum = diagonal * x - scale * *sum);
        }
        Ok(())
    }

    /// What the entries of these rows left of the diagonal, and their mirror images, add to the product with each row of `x`
    /// (k x n); on the diagonal if loops count. k rows, as many columns as it reaches.
    fn strip(&self, rows: Range<usize>, x: &ArrayRef2<f64>) -> Result<Array2<f64>, MatrixError> {
        let mut product: Array2<f64> = zeros(x.nrows(), rows.end)?;
        let mut buffer = vec![0.0; if self.weights.strides()[1] == 1 { 0 } else { rows.end }];
        for i in rows {
            let row = self.weights.row(i);
            let weights = match row.to_slice() {
                Some(row) => &row[..i],
                None => {
                    buffer.iter_mut().zip(row).for_each(|(entry, &weight)| *entry = weight);
                    &buffer[..i]
                }
            };
            for (mut product, x) in product.outer_iter_mut().zip(x.outer_iter()) {
                let (Some(sums), Some(x)) = (product.as_slice_mut(), x.to_slice()) else { continue };
                sums[i] += both_images(weights, &x[..i], x[i], &mut sums[..i]);
                if self.loops == Loops::Counted {
                    sums[i] += row[i] * x[i];
                }
            }
        }
        Ok(product)
    }
}

/// `aᵀ x`, and `y += a scale`, for vectors of one length.
fn both_images(a: &[f64], x: &[f64], scale: f64, y: &mut [f64]) -> f64 {
    let (a, a_tail) = a.as_chunks::<4>();
    let (x, x_tail) = x.as_chunks::<4>();
    let (y, y_tail) = y.as_chunks_mut::<4>();
    let mut sums = [0.0; 4];
    for ((a, x), y) in a.iter().zip(x).zip(y) {
        for lane in 0..4 {
            sums[lane] += a[lane] * x[lane];
            y[lane] += a[lane] * scale;
        }
    }
    let mut sum = sums.iter().sum();
    for ((a, x), y) in a_tail.iter().zip(x_tail).zip(y_tail) {
        sum += a * x;
        *y += a * scale;
    }
    sum
}

/// Row `i` times `x`. The diagonal is left out, not subtracted: it may be all that there is.
fn row_product(weights: &ArrayView2<'_, f64>, i: usize, x: &ArrayRef1<f64>, loops: Loops) -> f64 {
    let row = weights.row(i);
    match loops {
        Loops::Counted => row.dot(x),
        Loops::Ignored => {
            row.slice(s![..i]).dot(&x.slice(s![..i])) + row.slice(s![i + 1..]).dot(&x.slice(s![i + 1..]))
        }
    }
}

/// The sums of the rows, each weight multiplied by the `inverse` densities of its ends.
pub(crate) fn row_sums(
    weights: &ArrayView2<'_, f64>,
    loops: Loops,
    inverse: Option<&ArrayRef1<f64>>,
) -> Array1<f64> {
    let n = weights.nrows();
    let ones = Array1::ones(n);
    let factors = inverse.unwrap_or(&ones);
    let parts = threads::map(threads::partition(n, GRAIN / n.max(1) + 1), |range| {
        range.map(|i| factors[i] * row_product(weights, i, factors, loops)).collect::<Vec<_>>()
    });
    parts.concat().into()
}

/// A symmetric matrix with contiguous rows, where its columns are.
fn row_major(weights: ArrayView2<'_, f64>) -> ArrayView2<'_, f64> {
    if weights.strides()[0] == 1 { weights.reversed_axes() } else { weights }
}

/// The power of four next to the largest degree, in whose unit eigenvalues stay below [`BOUND`] and no digit is lost.
fn unit_of(degrees: &ArrayRef1<f64>) -> f64 {
    let largest = degrees.iter().copied().fold(0.0, f64::max);
    if largest > 0.0 { (2.0 * (largest.log2() / 2.0).floor()).max(-1020.0).exp2() } else { 1.0 }
}

/// Square roots; 1 for nodes without edges.
fn roots_of(degrees: &ArrayRef1<f64>) -> Array1<f64> {
    degrees.mapv(|degree| if degree > 0.0 { degree.sqrt() } else { 1.0 })
}
