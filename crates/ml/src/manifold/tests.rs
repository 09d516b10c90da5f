use lapwing_lapack::matmul;
use ndarray::{Array2, Axis};

use super::*;
use crate::affinity::{Affinity, AffinityMatrix, Gamma};
use crate::error::Error;
use crate::graph::{EigenSolver, Graph, LaplacianKind};
use crate::kernels::Kernel;

/// Points along two arcs, in 2 dimensions.
fn points(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, 2), |(i, j)| {
        let angle = 3.0 * (i / 2) as f64 / n as f64 * 2.0 + 0.05 * (i as f64).sin();
        let side = (i % 2) as f64;
        if j == 0 {
            angle.cos() * (1.0 - 2.0 * side) + side
        } else {
            angle.sin() * (1.0 - 2.0 * side) + 0.5 * side
        }
    })
}

fn affinity(n: usize) -> Array2<f64> {
    affinity_of(&points(n))
}

fn affinity_of(x: &Array2<f64>) -> Array2<f64> {
    match (Affinity::Rbf { gamma: Gamma::Value(20.0) }).matrix(x).unwrap() {
        AffinityMatrix::Dense(affinity) => affinity,
        AffinityMatrix::Sparse(_) => panic!("a kernel is dense"),
    }
}

/// Dense weights through LAPACK, through products alone, and as a sparse matrix are one embedding: up to the residuals over the
/// gaps, which are above 10⁻³ here.
#[test]
fn dense_and_sparse_weights_have_one_embedding() {
    let weights = affinity(150);
    let graph = Graph::from_adjacency(&weights).unwrap();
    for kind in [LaplacianKind::Symmetric, LaplacianKind::Unnormalized] {
        let params = SpectralEmbedding::params().n_components(4).laplacian(kind);
        let reference = params.fit_affinity(&weights).unwrap();
        assert_eq!(reference.solver(), EigenSolver::Dense);
        let lanczos = params.eigen_solver(EigenSolver::Lanczos);
        let sparse = params.eigen_solver(EigenSolver::ShiftInvert);
        for other in [lanczos.fit_affinity(&weights), lanczos.fit_graph(&graph), sparse.fit_graph(&graph)] {
            let other = other.unwrap();
            let difference = &other.embedding() - &reference.embedding();
            assert!(difference.iter().all(|entry| entry.abs() < 1e-9), "{kind:?} {}", other.solver());
            assert!(other.residual_norms().iter().all(|&norm| norm < 1e-11));
        }
    }
}

/// The constant vector comes first where it is kept, and the others are the same.
#[test]
fn the_first_vector_is_constant() {
    let weights = affinity(60);
    let dropped = SpectralEmbedding::params().n_components(3).fit_affinity(&weights).unwrap();
    let params = SpectralEmbedding::params().n_components(4).first_vector(FirstVector::Kept);
    let kept = params.fit_affinity(&weights).unwrap();
    let first = kept.embedding().column(0).to_owned();
    assert!(first.iter().all(|entry| (entry / first[0] - 1.0).abs() < 1e-14));
    assert_eq!(kept.eigenvalues()[0], 0.0);
    let difference = &kept.embedding().slice(ndarray::s![.., 1..]) - &dropped.embedding();
    assert!(difference.iter().all(|entry| entry.abs() < 1e-10));
}

/// Squared diffusion distances are `Σ (p_t(x, z) − p_t(y, z))² / φ(z)`, with the walk's own transition probabilities.
#[test]
fn distances_are_those_of_the_walk() {
    let n = 24;
    let weights = affinity(n);
    for (alpha, time) in [(0.0, 1), (0.5, 2), (1.0, 3)] {
        let params = DiffusionMaps::params().alpha(alpha).time(time).n_components(n - 1);
        let maps = params.fit_affinity(&weights).unwrap();
        let density = weights.sum_axis(Axis(1)).mapv(|sum| sum.powf(alpha));
        let mut walk = &weights / &density / density.view().insert_axis(Axis(1));
        let degrees = walk.sum_axis(Axis(1));
        walk /= &degrees.view().insert_axis(Axis(1));
        let stationary = &degrees / degrees.sum();
        assert!((&stationary - &maps.stationary_distribution()).iter().all(|e| e.abs() < 1e-14));
        let mut steps = walk.clone();
        for _ in 1..time {
            steps = matmul(&steps, &walk).unwrap();
        }
        for (x, y) in [(0, 1), (3, 17), (8, 9)] {
            let terms = (0..n).map(|z| (steps[[x, z]] - steps[[y, z]]).powi(2) / stationary[z]);
            let difference = &maps.embedding().row(x) - &maps.embedding().row(y);
            let (found, exact) = (difference.dot(&difference), terms.sum::<f64>());
            assert!((found - exact).abs() < 1e-11 * exact.max(1.0), "{alpha} {time}: {found} {exact}");
        }
    }
}

/// The density of the samples does not matter with α = 1: what is sampled three times as densely on one half has nearly the
/// same first coordinate, a cosine along the line, and with α = 0 it has not.
#[test]
fn alpha_takes_the_density_out() {
    let mut x: Vec<f64> = (0..150).map(|i| i as f64 / 300.0).collect();
    x.extend((0..50).map(|i| 0.5 + i as f64 / 100.0));
    let points = Array2::from_shape_vec((200, 1), x.clone()).unwrap();
    let weights = Kernel::Rbf { gamma: Some(500.0) }.matrix(&points).unwrap();
    let off = |alpha: f64| {
        let maps = DiffusionMaps::params().alpha(alpha).n_components(1).fit_affinity(&weights).unwrap();
        let first = maps.eigenvectors().column(0).to_owned();
        let scale = first[0].signum() * 2f64.sqrt();
        let exact = |x: f64| scale * (std::f64::consts::PI * x).cos();
        first.iter().zip(&x).fold(0.0f64, |worst, (found, &x)| worst.max((found - exact(x)).abs()))
    };
    assert!(off(1.0) < 0.35 && off(0.0) > 2.0 * off(1.0), "{} {}", off(1.0), off(0.0));
}

#[test]
fn bad_input_is_refused() {
    let weights = affinity(10);
    for count in [0, 10] {
        let embedding = SpectralEmbedding::params().n_components(count).fit_affinity(&weights).unwrap_err();
        let maps = DiffusionMaps::params().n_components(count).fit_affinity(&weights).unwrap_err();
        for error in [embedding, maps] {
            assert!(matches!(error, Error::InvalidParameter { parameter: "n_components", .. }), "{error}");
        }
    }
    let alpha = DiffusionMaps::params().alpha(f64::NAN).fit_affinity(&weights).unwrap_err();
    assert!(matches!(alpha, Error::InvalidParameter { parameter: "alpha", .. }));
    let mut negative = weights.clone();
    negative[[2, 7]] = -1.0;
    let expected = Error::NegativeWeight { argument: "affinity", row: 2, col: 7, value: -1.0 };
    assert_eq!(SpectralEmbedding::params().fit_affinity(&negative), Err(expected.clone()));
    assert_eq!(DiffusionMaps::params().fit_affinity(&negative), Err(expected));
    let shift = SpectralEmbedding::params().eigen_solver(EigenSolver::ShiftInvert).fit_affinity(&weights);
    assert!(matches!(shift, Err(Error::InvalidParameter { parameter: "eigen_solver", .. })));
}

/// A sample far from all others, and one that has no affinity even to itself, are components of their own.
#[test]
fn lone_samples_are_embedded() {
    let mut weights = Array2::ones((6, 6));
    for (i, j) in (0..6).flat_map(|i| [4, 5].map(|j| (i, j))) {
        (weights[[i, j]], weights[[j, i]]) = (0.0, 0.0);
    }
    weights[[4, 4]] = 1.0;
    let embedding = SpectralEmbedding::params().n_components(2).fit_affinity(&weights).unwrap();
    assert_eq!(embedding.component_count(), 3);
    assert!(embedding.eigenvalues().iter().all(|&value| value == 0.0));
    let maps = DiffusionMaps::params().n_components(3).fit_affinity(&weights).unwrap();
    assert!(maps.embedding().iter().all(|entry| entry.is_finite()));
}

#[test]
fn affinities_are_computed_from_samples() {
    let x = points(100);
    let embedding = SpectralEmbedding::params().fit(&x).unwrap();
    let affinity = Affinity::nearest_neighbors(10).matrix(&x).unwrap();
    assert_eq!(SpectralEmbedding::params().fit_affinity(&affinity), Ok(embedding));
    let params = DiffusionMaps::params().affinity(Affinity::Rbf { gamma: Gamma::Value(20.0) });
    assert_eq!(params.fit(&x), params.fit_affinity(&affinity_of(&x)));
    let sparse = params.affinity(Affinity::nearest_neighbors(10)).fit(&x).unwrap_err();
    assert!(matches!(sparse, Error::InvalidParameter { parameter: "affinity", .. }));
}
