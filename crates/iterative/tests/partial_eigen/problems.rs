//! Operators with known spectra, and SciPy's numbers, which `reference/make_eigen_reference.py` writes.

use std::collections::BTreeMap;

use lapwing_iterative::sprs::{CsMat, TriMat};
use serde::Deserialize;

/// Eigenvalues of a symmetric problem.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) k: usize,
    pub(crate) values: Vec<f64>,
    /// How far SciPy's values are from LAPACK's.
    pub(crate) difference: f64,
}

/// A sparse matrix, entry by entry.
#[derive(Deserialize)]
pub(crate) struct Entries {
    pub(crate) order: usize,
    pub(crate) rows: Vec<usize>,
    pub(crate) columns: Vec<usize>,
    pub(crate) entries: Vec<f64>,
}

/// `(L + shift I) x = λ M x` for the Laplacian L and a diagonal M.
#[derive(Deserialize)]
pub(crate) struct Pencil {
    pub(crate) mass: Vec<f64>,
    pub(crate) shift: f64,
    #[serde(flatten)]
    pub(crate) smallest: Case,
}

/// Eigenvalues of a general matrix, in the order of their real, then of their imaginary parts.
#[derive(Deserialize)]
pub(crate) struct ComplexCase {
    pub(crate) k: usize,
    pub(crate) real: Vec<f64>,
    pub(crate) imaginary: Vec<f64>,
    pub(crate) difference: f64,
}

#[derive(Deserialize)]
pub(crate) struct Reference {
    pub(crate) laplacian: Entries,
    pub(crate) symmetric: BTreeMap<String, Case>,
    pub(crate) pencil: Pencil,
    pub(crate) general: Entries,
    pub(crate) unsymmetric: BTreeMap<String, ComplexCase>,
}

impl Reference {
    pub(crate) fn load() -> Self {
        serde_json::from_str(include_str!("../reference/eigen.json")).unwrap()
    }
}

pub(crate) fn sparse(matrix: &Entries) -> CsMat<f64> {
    let shape = (matrix.order, matrix.order);
    TriMat::from_triplets(shape, matrix.rows.clone(), matrix.columns.clone(), matrix.entries.clone()).to_csr()
}

/// The Laplacian of a graph with these edges.
pub(crate) fn laplacian(nodes: usize, edges: impl Iterator<Item = (usize, usize)>) -> CsMat<f64> {
    let mut entries = TriMat::new((nodes, nodes));
    for (i, j) in edges {
        for (row, column, entry) in [(i, i, 1.0), (j, j, 1.0), (i, j, -1.0), (j, i, -1.0)] {
            entries.add_triplet(row, column, entry);
        }
    }
    entries.to_csr()
}

/// The Laplacian of a path: eigenvalues 2 − 2 cos(π j / n) for j < n.
pub(crate) fn path(nodes: usize) -> CsMat<f64> {
    laplacian(nodes, (1..nodes).map(|i| (i - 1, i)))
}

/// The Laplacian of a square grid: sums of any two eigenvalues of the path.
pub(crate) fn grid(side: usize) -> CsMat<f64> {
    let across = (0..side).flat_map(|i| (1..side).map(move |j| (i * side + j - 1, i * side + j)));
    let down = (1..side).flat_map(|i| (0..side).map(move |j| ((i - 1) * side + j, i * side + j)));
    laplacian(side * side, across.chain(down))
}
