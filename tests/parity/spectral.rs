//! Spectral clustering and embedding next to scikit-learn's, and the eigenvectors beneath next to SciPy's dense ones.
//!
//! `spectral.json`, made by `spectral.py`, holds the affinities and the answers.

use std::path::Path;

use lapwing::ml::affinity::{Affinity, Gamma};
use lapwing::ml::cluster::{
    LabelAssignment, LandmarkSpectralClustering, NystromSpectralClustering, SpectralClustering,
};
use lapwing::ml::graph::{EigenSolver, Graph, LaplacianEigen};
use lapwing::ml::manifold::SpectralEmbedding;
use lapwing::{Kernel, Svd};
use ndarray::{Array1, Array2, ArrayView1, Axis};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    x: Option<Vec<Vec<f64>>>,
    csv: Option<String>,
    label: Option<String>,
    #[serde(default)]
    standardized: bool,
    gamma: Option<f64>,
    nodes: Option<usize>,
    edges: Option<Edges>,
    clusters: usize,
    truth: Vec<usize>,
    components: usize,
    eigenvalues: Vec<f64>,
    vectors: Option<Vec<Vec<f64>>>,
    embedding: Option<Vec<Vec<f64>>>,
    scores: Scores,
}

#[derive(Deserialize)]
struct Edges {
    from: Vec<usize>,
    to: Vec<usize>,
    weight: Vec<f64>,
}

/// The adjusted Rand index and the normalized mutual information of scikit-learn's labels with the true ones.
#[derive(Deserialize)]
struct Scores {
    kmeans: [f64; 2],
    cluster_qr: [f64; 2],
    discretize: [f64; 2],
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/spectral.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let reference: Reference = serde_json::from_str(&text).expect("the reference is what spectral.py writes");
    reference.cases
}

impl Case {
    /// The affinities as a graph, which has those of a Gaussian kernel between all pairs.
    fn graph(&self) -> Graph {
        if let (Some(nodes), Some(edges)) = (self.nodes, &self.edges) {
            let ends = edges.from.iter().zip(&edges.to).zip(&edges.weight);
            let list: Vec<_> = ends.map(|((&from, &to), &weight)| (from, to, weight)).collect();
            return Graph::from_edges(nodes, &list).expect("the edges are within the graph");
        }
        Graph::from_adjacency(&self.affinity()).expect("a kernel is symmetric")
    }

    fn affinity(&self) -> Array2<f64> {
        let kernel = Kernel::Rbf { gamma: self.gamma };
        kernel.matrix(&self.samples()).expect("the samples are finite")
    }

    fn samples(&self) -> Array2<f64> {
        let rows = match (&self.x, &self.csv, &self.label) {
            (Some(rows), _, _) => rows.clone(),
            (None, Some(csv), Some(label)) => read_csv(csv, label),
            _ => panic!("{}: a case has samples or a file", self.name),
        };
        let mut x = Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j]);
        if self.standardized {
            let mean = x.mean_axis(Axis(0)).expect("there are rows");
            let deviation = x.std_axis(Axis(0), 0.0);
            x = (x - mean) / deviation;
        }
        x
    }
}

/// The columns of an example data set without its label.
fn read_csv(name: &str, label: &str) -> Vec<Vec<f64>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data").join(name);
    let text = std::fs::read_to_string(path).expect("the example data are checked in");
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let features = |line: &str| {
        let fields = header.iter().zip(line.split(',')).filter(|(name, _)| **name != label);
        fields.map(|(_, field)| field.trim().parse().expect("a number")).collect()
    };
    lines.map(features).collect()
}

/// How many samples have each pair of labels.
fn contingency(a: ArrayView1<usize>, b: &[usize]) -> Array2<f64> {
    let size = |labels: &mut dyn Iterator<Item = usize>| labels.max().map_or(0, |label| label + 1);
    let mut table = Array2::zeros((size(&mut a.iter().copied()), size(&mut b.iter().copied())));
    a.iter().zip(b).for_each(|(&a, &b)| table[[a, b]] += 1.0);
    table
}

/// Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985).
fn adjusted_rand(table: &Array2<f64>) -> f64 {
    let pairs = |counts: &Array1<f64>| counts.iter().map(|n| n * (n - 1.0) / 2.0).sum::<f64>();
    let (rows, columns) = (pairs(&table.sum_axis(Axis(1))), pairs(&table.sum_axis(Axis(0))));
    let expected = rows * columns / pairs(&Array1::from_elem(1, table.sum()));
    (pairs(&table.iter().copied().collect()) - expected) / (0.5 * (rows + columns) - expected)
}

/// The mutual information over the mean of the entropies.
fn mutual_information(table: &Array2<f64>) -> f64 {
    let n = table.sum();
    let entropy = |counts: &[f64]| -> f64 {
        counts.iter().filter(|&&count| count > 0.0).map(|count| -count / n * (count / n).ln()).sum()
    };
    let rows = entropy(&table.sum_axis(Axis(1)).to_vec());
    let columns = entropy(&table.sum_axis(Axis(0)).to_vec());
    let both = entropy(&table.iter().copied().collect::<Vec<_>>());
    2.0 * (rows + columns - both) / (rows + columns)
}

/// The sine of the largest angle between two subspaces with these orthonormal bases: the norm of what the one lacks of the
/// other.
fn angle(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    let beyond = a - &b.dot(&b.t().dot(a));
    Svd::thin(&beyond).expect("the difference is finite").singular_values()[0]
}

/// Two backward stable eigensolvers on Laplacians that differ by rounding, `2 n ε` in norm: Weyl for the values, Davis and Kahan
/// for the subspace. The reference is rounded to 14 decimals.
#[test]
fn eigenvectors_are_scipys() {
    for case in cases() {
        let (n, k) = (case.truth.len() as f64, case.clusters);
        let graph = case.graph();
        let eigen = LaplacianEigen::params(k).compute(&graph).expect("the graph has as many nodes");
        assert_eq!(eigen.component_count(), case.components, "{}", case.name);
        let error = 20.0 * n * f64::EPSILON;
        for (found, expected) in eigen.values().iter().zip(&case.eigenvalues) {
            assert!((found - expected).abs() <= error, "{}: {found} {expected}", case.name);
        }
        assert!(eigen.residual_norms().iter().all(|&norm| norm <= error), "{}", case.name);
        let Some(vectors) = &case.vectors else { continue };
        let expected = Array2::from_shape_fn((vectors.len(), k), |(i, j)| vectors[i][j]);
        let gap = case.eigenvalues[k] - case.eigenvalues[k - 1];
        let sine = angle(&eigen.vectors().to_owned(), &expected);
        assert!(sine <= error / gap + n.sqrt() * 1e-13, "{}: {sine:e}, gap {gap}", case.name);
    }
}

/// The same coordinates and the same signs, for graphs that are connected: in any other, scikit-learn's null vectors are any
/// basis. ARPACK stops at a relative residual of ε.
#[test]
fn embeddings_are_scikit_learns() {
    for case in cases() {
        let Some(embedding) = &case.embedding else { continue };
        let params = SpectralEmbedding::params().n_components(2);
        let found = params.fit_graph(&case.graph()).expect("there are more samples than components");
        let gaps = case.eigenvalues.windows(2).map(|pair| pair[1] - pair[0]);
        let gap = gaps.take(3).fold(f64::INFINITY, f64::min);
        let bound = 100.0 * case.truth.len() as f64 * f64::EPSILON / gap;
        for ((i, j), &coordinate) in found.embedding().indexed_iter() {
            let scale = embedding.iter().fold(0.0f64, |largest, row| largest.max(row[j].abs()));
            let difference = (coordinate - embedding[i][j]).abs();
            assert!(difference <= bound * scale, "{} [{i}, {j}]: {difference:e} over {bound:e}", case.name);
        }
    }
}

/// No assignment of labels may meet the truth less well than scikit-learn's does from the same affinities.
#[test]
fn labels_are_as_good_as_scikit_learns() {
    let mut worse = Vec::new();
    for case in cases() {
        let graph = case.graph();
        for (labels, expected) in [
            (LabelAssignment::KMeans, case.scores.kmeans),
            (LabelAssignment::ClusterQr, case.scores.cluster_qr),
            (LabelAssignment::Discretize, case.scores.discretize),
        ] {
            let params = SpectralClustering::params().n_clusters(case.clusters).labels(labels);
            let model = params.fit_graph(&graph).expect("there are more samples than clusters");
            let table = contingency(model.labels(), &case.truth);
            let found = [adjusted_rand(&table), mutual_information(&table)];
            for (found, expected) in found.iter().zip(expected) {
                // Rounding of sums of logarithms.
                if *found < expected - 1e-12 {
                    worse.push(format!("{}, {labels}: {found} instead of {expected}", case.name));
                }
            }
        }
    }
    assert!(worse.is_empty(), "{}", worse.join("\n"));
}

/// Dense affinities of samples, never normalized in memory, have the clusters of the same affinities as a graph.
#[test]
fn dense_affinities_have_the_same_clusters() {
    for case in cases() {
        let Some(gamma) = case.gamma else { continue };
        let params = SpectralClustering::params().n_clusters(case.clusters);
        let sparse = params.fit_graph(&case.graph()).expect("a kernel is symmetric");
        for solver in [EigenSolver::Auto, EigenSolver::Lanczos] {
            let params = params.eigen_solver(solver).affinity(Affinity::Rbf { gamma: Gamma::Value(gamma) });
            let dense = params.fit(&case.samples()).expect("a kernel is symmetric");
            let table = contingency(dense.labels(), &sparse.labels().to_vec());
            assert_eq!(adjusted_rand(&table), 1.0, "{} {solver}", case.name);
        }
    }
}

/// Two rings of 100,000 samples, whose affinities would take 80 GB: the landmarks' variants tell them apart, and the process
/// never has 2 GB.
#[test]
fn a_hundred_thousand_samples_are_clustered_by_landmarks() {
    let n = 100_000;
    // The golden ratio's multiples cover the angles, and another irrational number's the width of a ring.
    let x = Array2::from_shape_fn((n, 2), |(i, j)| {
        let radius = if i % 3 == 0 { 1.0 } else { 3.0 } + 0.3 * (i as f64 * 0.754_877_666).fract();
        let angle = std::f64::consts::TAU * (i as f64 * 0.618_033_988_75).fract();
        radius * if j == 0 { angle.cos() } else { angle.sin() }
    });
    let truth: Vec<usize> = (0..n).map(|i| usize::from(i % 3 == 0)).collect();
    let landmarks = LandmarkSpectralClustering::params().n_clusters(2).n_landmarks(300).fit(&x).unwrap();
    assert_eq!(adjusted_rand(&contingency(landmarks.labels(), &truth)), 1.0);
    let params = NystromSpectralClustering::params().n_clusters(2).n_landmarks(300);
    let nystrom = params.gamma(Gamma::Value(8.0)).fit(&x).unwrap();
    assert_eq!(adjusted_rand(&contingency(nystrom.labels(), &truth)), 1.0);
    if cfg!(target_os = "linux") {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kilobytes: u64 = peak.trim().trim_end_matches("kB").trim().parse().unwrap();
        assert!(kilobytes < 2_000_000, "{kilobytes} kB");
    }
}
