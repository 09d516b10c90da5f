//! Spectra that are known in closed form, and what must not happen to graphs that are not graphs.

use std::f64::consts::PI;

use lapwing_iterative::sprs::{CsMat, TriMat};
use lapwing_lapack::SymmetricEigen;
use ndarray::{Array1, Array2, array};

use super::*;
use crate::error::Error;

type Edges = Vec<(usize, usize, f64)>;

fn path(n: usize) -> Edges {
    (1..n).map(|i| (i - 1, i, 1.0)).collect()
}

fn cycle(n: usize) -> Edges {
    (0..n).map(|i| (i, (i + 1) % n, 1.0)).collect()
}

fn star(n: usize) -> Edges {
    (1..n).map(|i| (0, i, 1.0)).collect()
}

fn complete(n: usize) -> Edges {
    (0..n).flat_map(|i| (0..i).map(move |j| (i, j, 1.0))).collect()
}

fn bipartite(p: usize, q: usize) -> Edges {
    (0..p).flat_map(|i| (p..p + q).map(move |j| (i, j, 1.0))).collect()
}

fn hypercube(d: u32) -> Edges {
    (0..1usize << d).flat_map(|i| (0..d).map(move |b| (i, i ^ (1 << b), 0.5))).collect()
}

fn grid(p: usize, q: usize) -> Edges {
    let right = (0..p).flat_map(|i| (1..q).map(move |j| (i * q + j - 1, i * q + j, 1.0)));
    right.chain((1..p).flat_map(|i| (0..q).map(move |j| ((i - 1) * q + j, i * q + j, 1.0)))).collect()
}

/// The second graph beside the first, which has `n` nodes.
fn union(n: usize, first: &Edges, second: &Edges) -> Edges {
    first.iter().copied().chain(second.iter().map(|&(i, j, w)| (i + n, j + n, w))).collect()
}

fn sorted(values: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values
}

fn path_values(n: usize) -> Vec<f64> {
    (0..n).map(|j| 2.0 - 2.0 * (PI * j as f64 / n as f64).cos()).collect()
}

fn cycle_values(n: usize) -> Vec<f64> {
    sorted((0..n).map(|j| 2.0 - 2.0 * (2.0 * PI * j as f64 / n as f64).cos()))
}

/// Name, number of nodes, edges, and the eigenvalues of the unnormalized Laplacian.
fn known() -> Vec<(&'static str, usize, Edges, Vec<f64>)> {
    let repeated = |parts: &[(f64, usize)]| {
        sorted(parts.iter().flat_map(|&(value, count)| std::iter::repeat_n(value, count)))
    };
    let grid_values =
        sorted(path_values(7).iter().flat_map(|a| path_values(9).into_iter().map(move |b| a + b)));
    let choose = [1, 6, 15, 20, 15, 6, 1];
    let cube: Vec<(f64, usize)> =
        choose.iter().enumerate().map(|(j, &count)| (2.0 * j as f64, count)).collect();
    let apart = sorted(path_values(20).into_iter().chain(cycle_values(11)).chain([0.0]));
    vec![
        ("path", 40, path(40), path_values(40)),
        ("cycle", 33, cycle(33), cycle_values(33)),
        ("star", 30, star(30), repeated(&[(0.0, 1), (1.0, 28), (30.0, 1)])),
        ("complete", 25, complete(25), repeated(&[(0.0, 1), (25.0, 24)])),
        ("bipartite", 21, bipartite(8, 13), repeated(&[(0.0, 1), (8.0, 12), (13.0, 7), (21.0, 1)])),
        ("hypercube", 64, hypercube(6), repeated(&cube)),
        ("grid", 63, grid(7, 9), grid_values),
        ("path, cycle and a node apart", 32, union(20, &path(20), &cycle(11)), apart),
    ]
}

fn dense(matrix: &CsMat<f64>) -> Array2<f64> {
    matrix.to_dense()
}

/// `syevd` is off by a few n ε of the norm, which is at most twice the largest degree.
#[test]
fn laplacians_have_their_known_spectra() {
    for (name, n, edges, expected) in known() {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let laplacian = dense(&graph.laplacian(LaplacianKind::Unnormalized).unwrap());
        let norm = 2.0 * graph.degrees().iter().copied().fold(0.0, f64::max);
        let found = SymmetricEigen::eigenvalues(&laplacian).unwrap().values;
        for (found, expected) in found.iter().zip(&expected) {
            assert!(
                (found - expected).abs() <= 10.0 * n as f64 * f64::EPSILON * norm,
                "{name} {found} {expected}"
            );
        }
    }
}

/// Of a regular graph the normalized spectrum is the other by the degree; of a star or any complete bipartite graph 0, 1, 2.
#[test]
fn normalized_laplacians_have_their_known_spectra() {
    for (edges, n, expected) in [
        (cycle(33), 33, cycle_values(33).iter().map(|value| value / 2.0).collect()),
        (complete(9), 9, sorted((0..9).map(|i| if i == 0 { 0.0 } else { 9.0 / 8.0 }))),
        (star(12), 12, sorted((0..12).map(|i| [0.0, 2.0].get(i).copied().unwrap_or(1.0)))),
        (bipartite(3, 8), 11, sorted((0..11).map(|i| [0.0, 2.0].get(i).copied().unwrap_or(1.0)))),
    ] {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let found =
            SymmetricEigen::eigenvalues(&dense(&graph.laplacian(LaplacianKind::Symmetric).unwrap())).unwrap();
        for (found, expected) in found.values.iter().zip::<&Vec<f64>>(&expected) {
            assert!((found - expected).abs() <= 10.0 * n as f64 * f64::EPSILON * 2.0, "{found} {expected}");
        }
    }
}

const SOLVERS: [EigenSolver; 4] =
    [EigenSolver::Dense, EigenSolver::Lanczos, EigenSolver::ShiftInvert, EigenSolver::Lobpcg];

/// Every solver finds the smallest values as often as they are there, with vectors that prove it. LOBPCG ends at the root of ε,
/// which values have the square of; the inverse of a Laplacian loses its condition, below 1000 here, and a polynomial its size.
#[test]
fn every_solver_finds_multiple_eigenvalues() {
    for (name, n, edges, expected) in known() {
        let graph = Graph::from_edges(n, &edges).unwrap();
        let norm = 2.0 * graph.degrees().iter().copied().fold(0.0, f64::max);
        for (solver, k) in SOLVERS.into_iter().flat_map(|solver| [(solver, 1), (solver, 5)]) {
            let params = LaplacianEigen::params(k).kind(LaplacianKind::Unnormalized).solver(solver);
            let eigen = params.compute(&graph).unwrap();
            let (values, residuals) = match solver {
                EigenSolver::Lobpcg => (1e-12, 1e-7),
                EigenSolver::ShiftInvert => (1e-12, 1e-11),
                EigenSolver::Lanczos => (1e-13, 1e-11),
                _ => (1e-13, 1e-12),
            };
            for (j, (found, expected)) in eigen.values().iter().zip(&expected).enumerate() {
                assert!((found - expected).abs() <= values * norm, "{name} {solver} {j}: {found} {expected}");
                assert!(eigen.residual_norms()[j] <= residuals * norm, "{name} {solver} {j}");
            }
            let gram = eigen.vectors().t().dot(&eigen.vectors()) - Array2::<f64>::eye(k);
            assert!(gram.iter().all(|entry| entry.abs() < 1e-12), "{name} {solver}");
        }
    }
}

/// What iterates for orders beyond the small ones; the residual is the proof, and the closed form the check.
#[test]
fn larger_graphs_are_solved_by_a_sparse_factorization() {
    let graph = Graph::from_edges(900, &grid(30, 30)).unwrap();
    let eigen = LaplacianEigen::params(6).kind(LaplacianKind::Unnormalized).compute(&graph).unwrap();
    assert_eq!(eigen.solver(), EigenSolver::ShiftInvert);
    let exact = sorted(path_values(30).iter().flat_map(|a| path_values(30).into_iter().map(move |b| a + b)));
    for (found, exact) in eigen.values().iter().zip(&exact) {
        assert!((found - exact).abs() < 8.0 * 900.0 * f64::EPSILON, "{found} {exact}");
    }
}

/// Eigenvalues that lie close together beside the norm, as those of a long path, through a polynomial of the Laplacian.
#[test]
fn close_eigenvalues_are_found_without_a_factorization() {
    let n = 700;
    let graph = Graph::from_edges(n, &path(n)).unwrap();
    let params = LaplacianEigen::params(5).kind(LaplacianKind::Unnormalized).solver(EigenSolver::Lanczos);
    let eigen = params.compute(&graph).unwrap();
    for ((found, exact), residual) in eigen.values().iter().zip(path_values(n)).zip(&eigen.residual_norms()) {
        assert!((found - exact).abs() < 4.0 * n as f64 * f64::EPSILON, "{found} {exact}");
        assert!(*residual < 1e-11, "{residual:e}");
    }
}

/// The columns of the random walk's eigenvectors: `A x = (1 − λ) D x`, and constant for λ = 0.
#[test]
fn vectors_of_the_random_walk_are_those_of_the_pencil() {
    let graph = Graph::from_edges(9, &[star(9), path(9)].concat()).unwrap();
    let eigen = LaplacianEigen::params(4).kind(LaplacianKind::RandomWalk).compute(&graph).unwrap();
    let walk = dense(&graph.laplacian(LaplacianKind::RandomWalk).unwrap());
    let defect = walk.dot(&eigen.vectors()) - &eigen.vectors() * &eigen.values();
    assert!(defect.iter().all(|entry| entry.abs() < 1e-14));
    let first = eigen.vectors().column(0).to_owned();
    assert!(first.iter().all(|entry| (entry - first[0]).abs() < 1e-15));
}

#[test]
fn edges_are_summed_and_loops_stand_aside() {
    let edges = [(1, 0, 0.1), (0, 1, 0.2), (1, 0, 0.3), (2, 2, 5.0), (1, 2, 0.0)];
    let graph = Graph::from_edges(4, &edges).unwrap();
    let sum = 0.1 + 0.2 + 0.3;
    assert_eq!(graph.edges().collect::<Vec<_>>(), [(0, 1, sum)]);
    assert_eq!((graph.adjacency().get(1, 0), graph.adjacency().get(0, 1)), (Some(&sum), Some(&sum)));
    assert_eq!(graph.adjacency().get(2, 2), Some(&5.0));
    assert_eq!(graph.degrees(), array![sum, sum, 0.0, 0.0]);
    assert_eq!(graph.connected_components().labels(), array![0, 0, 1, 2]);
    assert_eq!(graph.connected_components().sizes(), [2, 1, 1]);
}

/// scipy.sparse.csgraph.laplacian of the same matrix, in which a node has no edge but a loop.
#[test]
fn laplacians_are_scipys() {
    let adjacency =
        array![[3.0, 1.0, 0.0, 0.0], [1.0, 0.0, 3.0, 0.0], [0.0, 3.0, 0.0, 0.0], [0.0, 0.0, 0.0, 7.0]];
    let graph = Graph::from_adjacency(&adjacency).unwrap();
    let unnormalized =
        array![[1.0, -1.0, 0.0, 0.0], [-1.0, 4.0, -3.0, 0.0], [0.0, -3.0, 3.0, 0.0], [0.0, 0.0, 0.0, 0.0]];
    assert_eq!(dense(&graph.laplacian(LaplacianKind::Unnormalized).unwrap()), unnormalized);
    let (a, b) = (-0.5, -(3.0 / 2.0 / 3f64.sqrt()));
    let symmetric = array![[1.0, a, 0.0, 0.0], [a, 1.0, b, 0.0], [0.0, b, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]];
    let found = dense(&graph.laplacian(LaplacianKind::Symmetric).unwrap());
    assert!((&found - &symmetric).iter().all(|entry| entry.abs() < 1e-15));
    assert_eq!(found, found.t());
    let walk = dense(&graph.laplacian(LaplacianKind::RandomWalk).unwrap());
    assert_eq!(walk.row(1), array![-0.25, 1.0, -0.75, 0.0]);
    let mut sparse = TriMat::new((4, 4));
    adjacency.indexed_iter().for_each(|((i, j), &weight)| sparse.add_triplet(i, j, weight));
    for sparse in [sparse.to_csr(), sparse.to_csc()] {
        assert_eq!(Graph::from_sparse_adjacency(&sparse), Ok(graph.clone()));
    }
}

/// Small integers make the products exact.
#[test]
fn the_incidence_matrix_factors_the_laplacian() {
    let edges: Edges = complete(7).into_iter().map(|(i, j, _)| (i, j, (1 + (i * j) % 5) as f64)).collect();
    let graph = Graph::from_edges(7, &edges).unwrap();
    let incidence = dense(&graph.incidence());
    let weights: Array1<f64> = graph.edges().map(|edge| edge.2).collect();
    assert_eq!(incidence.dim(), (7, graph.edge_count()));
    let product = (&incidence * &weights).dot(&incidence.t());
    assert_eq!(product, dense(&graph.laplacian(LaplacianKind::Unnormalized).unwrap()));
}

/// 2 − 2 cos(π/n), also where it is a millionth of the norm: the quotient over the edges keeps its digits.
#[test]
fn small_connectivities_keep_their_digits() {
    for n in [2, 3, 10, 400, 3000] {
        let graph = Graph::from_edges(n, &path(n)).unwrap();
        // 2 − 2 cos x as 4 sin²(x/2), in which nothing cancels.
        let exact = 4.0 * (PI / (2 * n) as f64).sin().powi(2);
        let found = graph.algebraic_connectivity().unwrap();
        assert!((found.value() / exact - 1.0).abs() < 1e-11, "{n}: {} {exact}", found.value());
        let sides = graph.fiedler(LaplacianKind::Unnormalized).unwrap().bisection(Bisection::Median);
        assert_eq!(sides, Array1::from_shape_fn(n, |i| usize::from(i >= n.div_ceil(2))), "{n}");
    }
}

#[test]
fn the_fiedler_vector_finds_the_bottleneck() {
    let mut edges = union(20, &complete(20), &complete(30));
    edges.push((3, 33, 1e-9));
    let graph = Graph::from_edges(50, &edges).unwrap();
    for kind in [LaplacianKind::Unnormalized, LaplacianKind::Symmetric, LaplacianKind::RandomWalk] {
        let sides = graph.fiedler(kind).unwrap().bisection(Bisection::Sign);
        assert_eq!(sides, Array1::from_shape_fn(50, |i| usize::from(i >= 20)));
        assert_eq!(graph.cut(&sides), Ok(1e-9));
    }
}

#[test]
fn a_connectivity_of_zero_has_a_reason() {
    let apart = Graph::from_edges(5, &path(4)).unwrap();
    let disconnected = AlgebraicConnectivity::Disconnected { components: 2 };
    assert_eq!(apart.algebraic_connectivity(), Ok(disconnected));
    assert_eq!(disconnected.value(), 0.0);
    assert!(matches!(
        apart.fiedler(LaplacianKind::Symmetric),
        Err(Error::Disconnected { components: 2, .. })
    ));
    let single = Graph::from_edges(1, &[]).unwrap();
    assert_eq!(single.algebraic_connectivity(), Ok(AlgebraicConnectivity::SingleNode));
    let empty = Graph::from_edges(0, &[]).unwrap();
    assert_eq!(empty.algebraic_connectivity(), Ok(AlgebraicConnectivity::Disconnected { components: 0 }));
    assert!(matches!(empty.fiedler(LaplacianKind::Symmetric), Err(Error::TooFewSamples { found: 0, .. })));
}

/// Series and parallel circuits: the distance on a path, d (n − d)/n on a cycle, 2/n in a complete graph.
#[test]
fn resistances_are_those_of_circuits() {
    let of = |n, edges: &Edges, pair| {
        Graph::from_edges(n, edges).unwrap().effective_resistances(&[pair]).unwrap()[0]
    };
    let near = |found: f64, exact: f64| assert!((found / exact - 1.0).abs() < 1e-12, "{found} {exact}");
    near(of(50, &path(50), (3, 41)), 38.0);
    near(of(50, &cycle(50), (3, 13)), 10.0 * 40.0 / 50.0);
    near(of(30, &complete(30), (4, 17)), 2.0 / 30.0);
    near(of(9, &star(9), (0, 5)), 1.0);
    near(of(2, &vec![(0, 1, 4.0)], (1, 0)), 0.25);
    near(of(2, &vec![(0, 1, 1e300)], (0, 1)), 1e-300);
    near(of(3, &vec![(0, 1, 1e-300), (1, 2, 1e-300)], (0, 2)), 2e300);
}

/// Foster: the resistances of the edges times their weights sum to n less the number of components.
#[test]
fn resistances_sum_to_the_rank() {
    let weighted = |edges: Edges| -> Edges {
        edges.into_iter().map(|(i, j, _)| (i, j, 1.0 + ((7 * i + 3 * j) % 11) as f64)).collect()
    };
    let graph = Graph::from_edges(70, &weighted(union(49, &grid(7, 7), &complete(20)))).unwrap();
    let pairs: Vec<_> = graph.edges().map(|(i, j, _)| (i, j)).collect();
    let resistances = graph.effective_resistances(&pairs).unwrap();
    let sum: f64 = graph.edges().zip(&resistances).map(|((_, _, weight), r)| weight * r).sum();
    assert!((sum - 67.0).abs() < 1e-11, "{sum}");
}

#[test]
fn bad_edges_are_named() {
    for (edge, weight, reason) in [
        ((0, 3), 1.0, "leads out"),
        ((0, 1), -1.0, "negative"),
        ((0, 1), f64::NAN, "not finite"),
        ((2, 1), f64::INFINITY, "not finite"),
    ] {
        let error = Graph::from_edges(3, &[(0, 1, 1.0), (edge.0, edge.1, weight)]).unwrap_err();
        assert!(
            matches!(&error, Error::InvalidEdge { edge: 1, .. }) && error.to_string().contains(reason),
            "{error}"
        );
    }
    let graph = Graph::from_edges(3, &path(3)).unwrap();
    assert!(matches!(graph.effective_resistances(&[(0, 3)]), Err(Error::InvalidEdge { to: 3, .. })));
    for k in [0, 4] {
        let error = LaplacianEigen::params(k).compute(&graph).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "k", .. }), "{error}");
    }
    assert!(matches!(
        Graph::from_edges(2, &[(0, 1, 1e308), (1, 0, 1e308)]),
        Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
    ));
}

#[test]
fn bad_adjacencies_are_located() {
    let with = |row: usize, col: usize, value: f64| {
        let mut adjacency = Array2::from_elem((40, 40), 1.0);
        adjacency[[row, col]] = value;
        let sparse = CsMat::csr_from_dense(adjacency.view(), -1.0);
        let error = Graph::from_adjacency(&adjacency).unwrap_err();
        assert_eq!(Graph::from_sparse_adjacency(&sparse).unwrap_err(), error);
        error
    };
    let argument = "adjacency";
    assert_eq!(with(5, 37, -0.5), Error::NegativeWeight { argument, row: 5, col: 37, value: -0.5 });
    let non_finite = lapwing_lapack::Error::NonFinite { argument, row: 37, col: 5 };
    assert_eq!(with(37, 5, f64::INFINITY), non_finite.into());
    let asymmetric = lapwing_lapack::Error::NotSymmetric { argument, row: 37, col: 5, difference: 0.25 };
    assert_eq!(with(5, 37, 0.75), asymmetric.into());
    let wide = Array2::<f32>::zeros((2, 3));
    assert!(matches!(
        Graph::from_adjacency(&wide),
        Err(Error::Lapack(lapwing_lapack::Error::NotSquare { rows: 2, cols: 3, .. }))
    ));
}

/// The normalized Laplacian does not depend on the unit of the weights, down to those that are all but zero.
#[test]
fn weights_of_any_size_are_handled() {
    for unit in [1e-307, 1.0, 1e300] {
        let edges: Edges = grid(5, 6).into_iter().map(|(i, j, weight)| (i, j, weight * unit)).collect();
        let graph = Graph::from_edges(30, &edges).unwrap();
        let reference = Graph::from_edges(30, &grid(5, 6)).unwrap();
        for (kind, unit) in [(LaplacianKind::Symmetric, 1.0), (LaplacianKind::Unnormalized, unit)] {
            for solver in SOLVERS {
                let params = LaplacianEigen::params(4).kind(kind).solver(solver);
                let (found, exact) = (params.compute(&graph).unwrap(), params.compute(&reference).unwrap());
                for (found, exact) in found.values().iter().zip(&exact.values()) {
                    assert!((found / unit - exact).abs() < 1e-11, "{kind:?} {solver} {found}");
                }
            }
        }
    }
}

/// More components than vectors: no eigenproblem is left.
#[test]
fn null_vectors_are_exact() {
    let graph = Graph::from_edges(12, &union(6, &complete(6), &path(3))).unwrap();
    assert_eq!(graph.connected_components().count(), 5);
    for k in 1..=5 {
        let eigen = LaplacianEigen::params(k).compute(&graph).unwrap();
        assert!(eigen.values().iter().all(|&value| value == 0.0));
        assert!(eigen.residual_norms().iter().all(|&norm| norm < 1e-15), "{}", eigen.residual_norms());
        let gram = eigen.vectors().t().dot(&eigen.vectors()) - Array2::<f64>::eye(k);
        assert!(gram.iter().all(|entry| entry.abs() < 1e-15));
    }
    let none = Graph::from_edges(3, &[]).unwrap();
    let eigen = LaplacianEigen::params(3).compute(&none).unwrap();
    assert_eq!(eigen.values(), array![0.0, 0.0, 0.0]);
}
