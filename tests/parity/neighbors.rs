//! Neighbours, their graphs and affinities next to scikit-learn's: `neighbors.json`, made by `neighbors.py`.

use std::path::Path;

use lapwing::ml::affinity::{Affinity, AffinityMatrix, Gamma};
use lapwing::ml::neighbors::{EdgeWeights, NearestNeighbors, NeighborAlgorithm, OwnNeighbor};
use lapwing::ml::sprs::CsMat;
use ndarray::{Array2, s};
use serde::Deserialize;

#[derive(Deserialize)]
struct Document {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    data: String,
    k: usize,
    radius: f64,
    step: usize,
    queries: Vec<Vec<f64>>,
    distances: Vec<Vec<f64>>,
    indices: Vec<Vec<usize>>,
    own_distances: Vec<Vec<f64>>,
    within_distances: Vec<Vec<f64>>,
    within_indices: Vec<Vec<usize>>,
    tied_without_self: Vec<usize>,
    tied_with_self: Vec<usize>,
    distance_graph: Vec<Row>,
    connectivity_graph: Vec<Row>,
    spectral_nearest: Vec<Row>,
    spectral_rbf: Vec<Vec<f64>>,
    spectral_polynomial: Vec<Vec<f64>>,
    spectral_cosine: Vec<Vec<f64>>,
}

/// What is stored in a row of a sparse matrix.
#[derive(Deserialize)]
struct Row {
    indices: Vec<usize>,
    values: Vec<f64>,
}

const ALGORITHMS: [NeighborAlgorithm; 2] = [NeighborAlgorithm::KdTree, NeighborAlgorithm::Brute];

/// Sums of at most 64 squares, and their roots; scikit-learn's, by products of rows far from the origin, lose more.
const BOUND: f64 = 1e-12;

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/neighbors.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let document: Document = serde_json::from_str(&text).expect("the reference is what neighbors.py writes");
    document.cases
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows.first().map_or(0, Vec::len)), |(i, j)| rows[i][j])
}

/// An example data set without its last column, the label.
fn samples(name: &str) -> Array2<f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(format!("{name}.csv"));
    let text = std::fs::read_to_string(path).expect("the example data are checked in");
    let features = |line: &str| {
        let (features, _) = line.rsplit_once(',').expect("features and a label");
        features.split(',').map(|field| field.parse().expect("a number")).collect::<Vec<f64>>()
    };
    matrix(&text.lines().skip(1).map(features).collect::<Vec<_>>())
}

fn near(what: &str, found: impl IntoIterator<Item = f64>, expected: &[f64]) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= BOUND * expected.abs(), "{what}: {found} is not {expected}");
    }
}

#[test]
fn nearest_neighbors_are_those_of_scikit_learn() {
    for case in cases() {
        let (x, queries) = (samples(&case.data), matrix(&case.queries));
        for algorithm in ALGORITHMS {
            let model = NearestNeighbors::params().algorithm(algorithm).fit(&x).unwrap();
            let found = model.k_neighbors(&queries, case.k).unwrap();
            for (i, (distances, indices)) in case.distances.iter().zip(&case.indices).enumerate() {
                near(&case.data, found.distances.row(i).iter().copied(), distances);
                // Equal distances come in any order, and the last of them may be another sample.
                let last = distances[case.k - 1] * (1.0 - BOUND);
                let closer = |indices: Vec<usize>, distances: &[f64]| {
                    let mut closer: Vec<usize> = indices
                        .into_iter()
                        .zip(distances)
                        .filter(|(_, d)| **d < last)
                        .map(|(i, _)| i)
                        .collect();
                    closer.sort_unstable();
                    closer
                };
                let ours = closer(found.indices.row(i).to_vec(), distances);
                assert_eq!(ours, closer(indices.clone(), distances), "{} {algorithm} {i}", case.data);
            }
            let own = model.k_neighbors_of_samples(case.k).unwrap();
            for (i, distances) in case.own_distances.iter().enumerate() {
                near(&case.data, own.distances.row(i * case.step).iter().copied(), distances);
            }
        }
    }
}

#[test]
fn radius_neighbors_are_those_of_scikit_learn() {
    for case in cases() {
        let x = samples(&case.data);
        for algorithm in ALGORITHMS {
            let model = NearestNeighbors::params().algorithm(algorithm).fit(&x).unwrap();
            let found = model.within_radius(&x.slice(s![..;case.step, ..]), case.radius).unwrap();
            assert_eq!(found.len(), case.within_indices.len());
            for (i, (distances, indices)) in
                case.within_distances.iter().zip(&case.within_indices).enumerate()
            {
                let (ours, our_distances) = found.get(i).unwrap();
                near(&case.data, our_distances.iter().copied(), distances);
                let mut ours = ours.to_vec();
                ours.sort_unstable();
                assert_eq!(&ours, indices, "{} {algorithm} {i}", case.data);
            }
        }
    }
}

/// Compares every `step`-th row, but for edges that an accident decides.
fn same_rows(
    what: &str,
    found: &CsMat<f64>,
    expected: &[Row],
    step: usize,
    accidental: impl Fn(usize, usize) -> bool,
) {
    for (i, expected) in (0..).step_by(step).zip(expected) {
        let kept = |row: Vec<(usize, f64)>| {
            row.into_iter().filter(|&(j, _)| !accidental(i, j)).unzip::<usize, f64, Vec<usize>, Vec<f64>>()
        };
        let row = found.outer_view(i).expect("a row for each sample");
        let (indices, values) = kept(row.iter().map(|(j, &value)| (j, value)).collect());
        let expected = expected.indices.iter().copied().zip(expected.values.iter().copied()).collect();
        let (expected_indices, expected_values) = kept(expected);
        assert_eq!(indices, expected_indices, "{what} {i}");
        near(what, values, &expected_values);
    }
}

#[test]
fn graphs_are_those_of_scikit_learn() {
    for case in cases() {
        let x = samples(&case.data);
        for algorithm in ALGORITHMS {
            let model = NearestNeighbors::params().algorithm(algorithm).fit(&x).unwrap();
            let graph = |weights, own| model.k_neighbors_graph_of_samples(case.k, weights, own).unwrap();
            let found = graph(EdgeWeights::Distance, OwnNeighbor::Excluded);
            let tied = |i, _| case.tied_without_self.contains(&i);
            same_rows(&case.data, &found, &case.distance_graph, case.step, tied);
            let found = graph(EdgeWeights::Connectivity, OwnNeighbor::Included);
            let tied = |i, _| case.tied_with_self.contains(&i);
            same_rows(&case.data, &found, &case.connectivity_graph, case.step, tied);
        }
    }
}

#[test]
fn affinities_are_those_of_spectral_clustering() {
    for case in cases() {
        let x = samples(&case.data);
        let affinity = Affinity::nearest_neighbors(case.k).matrix(&x).unwrap();
        let AffinityMatrix::Sparse(found) = affinity else { panic!("neighbours are sparse") };
        // An edge depends on the neighbours of both of its ends.
        let tied = |i, j| case.tied_with_self.contains(&i) || case.tied_with_self.contains(&j);
        same_rows(&case.data, &found, &case.spectral_nearest, case.step, tied);

        for (affinity, expected) in [
            (Affinity::Rbf { gamma: Gamma::Value(0.01) }, &case.spectral_rbf),
            (Affinity::Polynomial { degree: 2, gamma: 0.01, coef0: 1.0 }, &case.spectral_polynomial),
            (Affinity::Cosine, &case.spectral_cosine),
        ] {
            let AffinityMatrix::Dense(found) = affinity.matrix(&x.slice(s![..40, ..])).unwrap() else {
                panic!("kernels are dense")
            };
            for (row, expected) in found.outer_iter().zip(expected) {
                near(&case.data, row.iter().copied(), expected);
            }
        }
    }
}
