//! k-means on the data sets of `examples/data`.
//!
//! `k_means.json`, made by `k_means.py`, holds the answers of scikit-learn. From the same centres there is nothing random:
//! every label is the same, and the centres are means of the same samples, rounded some n ε of the largest entry. The starts lie
//! beside samples, as distances among those tie, and rounding breaks a tie.

use std::path::Path;

use lapwing_ml::{KMeans, KMeansAlgorithm, KMeansInit};
use ndarray::{Array1, Array2, Axis};
use serde::Deserialize;

const ALGORITHMS: [KMeansAlgorithm; 2] = [KMeansAlgorithm::Lloyd, KMeansAlgorithm::Hamerly];

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
    quality: Vec<Quality>,
}

#[derive(Deserialize)]
struct Case {
    set: String,
    clusters: usize,
    tolerance: f64,
    max_iterations: usize,
    weighted: bool,
    iterations: usize,
    inertia: f64,
    /// The first features.
    centers: Vec<Vec<f64>>,
    /// A digit for each sample.
    labels: String,
}

#[derive(Deserialize)]
struct Quality {
    set: String,
    clusters: usize,
    /// Of ten seeds.
    least: f64,
    median: f64,
}

fn reference() -> Reference {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/k_means.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    serde_json::from_str(&text).expect("the reference is what k_means.py writes")
}

/// The features of one of the examples' data sets, all columns but the last.
fn data(set: &str) -> Array2<f64> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/data/{set}.csv"));
    let text = std::fs::read_to_string(path).expect("the data is checked in");
    let rows: Vec<&str> =
        text.lines().skip(1).map(|line| line.rsplit_once(',').expect("a row of the table").0).collect();
    let entries: Vec<f64> =
        rows.iter().flat_map(|row| row.split(',')).map(|entry| entry.parse().expect("a number")).collect();
    Array2::from_shape_vec((rows.len(), entries.len() / rows.len()), entries).expect("rows of one length")
}

#[test]
fn k_means_from_given_centres_is_that_of_scikit_learn() {
    let cases = reference().cases;
    assert_eq!(cases.len(), 48);
    for (case, algorithm) in cases.iter().flat_map(|case| ALGORITHMS.map(|algorithm| (case, algorithm))) {
        let x = data(&case.set);
        let n = x.nrows();
        let what = format!(
            "{}, {}, {:e}, {}, {algorithm}",
            case.set, case.clusters, case.tolerance, case.max_iterations
        );
        let rows: Vec<usize> = (0..case.clusters).map(|j| j * (n / case.clusters)).collect();
        let mut start = x.select(Axis(0), &rows);
        start.indexed_iter_mut().for_each(|((j, f), x)| *x += 0.01 * (j as f64 + 1.0) / (f as f64 + 3.0));
        let params = KMeans::params()
            .n_clusters(case.clusters)
            .init(KMeansInit::Centers(start))
            .algorithm(algorithm)
            .tolerance(case.tolerance)
            .max_iterations(case.max_iterations);
        let weights = Array1::from_shape_fn(n, |i| 1.0 + (i % 3) as f64);
        let model = if case.weighted { params.fit_weighted(&x, &weights) } else { params.fit(&x) };
        let model = model.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(model.n_iterations(), case.iterations, "{what}");
        let labels: String = model.labels().iter().map(ToString::to_string).collect();
        assert_eq!(labels, case.labels, "{what}");
        assert!((model.inertia() - case.inertia).abs() <= 1e-10 * case.inertia, "{what}");
        let largest = x.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
        for (found, expected) in model.cluster_centers().outer_iter().zip(&case.centers) {
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() <= 1e-10 * largest, "{what}: {found} {expected}");
            }
        }
    }
}

/// k-means++ depends on the draw: the best of ten starts is no worse than scikit-learn's best of ten by more than a
/// fiftieth.
#[test]
fn the_best_of_ten_starts_is_as_good_as_that_of_scikit_learn() {
    for case in reference().quality {
        let x = data(&case.set);
        let params = KMeans::params().n_clusters(case.clusters);
        let model = params.n_init(10).fit(&x).expect("the data is finite");
        let (found, least) = (model.inertia(), case.least);
        assert!(found <= 1.02 * least, "{}, {}: {found} beside {least}", case.set, case.clusters);
        assert!(least <= case.median);
    }
}
