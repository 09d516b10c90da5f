//! Three questions about groups that nobody has named: of which shape they are, how many there are, and where a new sample
//! belongs.
//!
//! Run with `cargo run --release --example clusters`.

use std::error::Error;
use std::f64::consts::TAU;

use lapwing::ml::cluster::{GapStatistic, SpectralClustering};
use lapwing::ml::metrics::{ContingencyTable, silhouette_score};
use lapwing::random::standard_normal;
use lapwing::{Affinity, Graph, KMeans, LandmarkSpectralClustering, NClusters};
use ndarray::{Array2, array};

fn main() -> Result<(), Box<dyn Error>> {
    shapes()?;
    how_many()?;
    new_samples()?;
    nodes()
}

/// Points about two circles, the outer of twice as many, and the circle of each.
fn circles(inner: usize) -> (Array2<f64>, Vec<usize>) {
    let noise = standard_normal(3 * inner, 2, 1) * 0.1;
    let x = noise
        + Array2::from_shape_fn((3 * inner, 2), |(i, j)| {
            let (radius, share) = if i < inner { (1.0, i as f64) } else { (3.0, (i - inner) as f64 / 2.0) };
            let angle = TAU * share / inner as f64;
            radius * if j == 0 { angle.cos() } else { angle.sin() }
        });
    (x, (0..3 * inner).map(|i| usize::from(i >= inner)).collect())
}

/// A centre stands for what is round; neighbours hold together what has any shape.
fn shapes() -> Result<(), Box<dyn Error>> {
    let (x, truth) = circles(100);
    println!("two circles, one within the other; agreement with them (adjusted Rand index), and silhouette");
    let k_means = KMeans::params().n_clusters(2).fit(&x)?;
    let spectral =
        SpectralClustering::params().n_clusters(2).affinity(Affinity::nearest_neighbors(10)).fit(&x)?;
    for (name, labels) in [("k-means", k_means.labels()), ("spectral", spectral.labels())] {
        let labels = labels.to_vec();
        let agreement = ContingencyTable::new(&truth, &labels)?.adjusted_rand_score();
        println!("  {name:8} {agreement:6.3} {:7.3}", silhouette_score(&x, &labels)?);
    }
    println!("  the silhouette prefers what is round, whatever the truth\n");
    Ok(())
}

/// Five groups in eight dimensions.
fn how_many() -> Result<(), Box<dyn Error>> {
    let x = standard_normal(250, 8, 2)
        + Array2::from_shape_fn((250, 8), |(i, j)| if i % 5 == j { 7.0 } else { 0.0 });
    println!("five groups of fifty in eight dimensions");
    for clusters in 2..8 {
        let model = KMeans::params().n_clusters(clusters).n_init(4).fit(&x)?;
        let silhouette = silhouette_score(&x, &model.labels().to_vec())?;
        println!("  {clusters} clusters: inertia {:8.1}, silhouette {silhouette:.3}", model.inertia());
    }
    if let Some(clusters) = GapStatistic::params().max_clusters(8).fit(&x)?.n_clusters() {
        println!("  {clusters} by the gap statistic");
    }
    let params = SpectralClustering::params().n_clusters(NClusters::Eigengap { max: 8 });
    let model = params.affinity(Affinity::nearest_neighbors(10)).fit(&x)?;
    println!("  {} by the eigenvalues {:.2}\n", model.n_clusters(), model.eigenvalues());
    Ok(())
}

/// Thirty thousand points, whose affinities in pairs would take seven gigabytes.
fn new_samples() -> Result<(), Box<dyn Error>> {
    let (x, truth) = circles(10_000);
    let model = LandmarkSpectralClustering::params().n_clusters(2).n_landmarks(200).fit(&x)?;
    let agreement = ContingencyTable::new(&truth, &model.labels().to_vec())?.adjusted_rand_score();
    println!("{} points by 200 landmarks: agreement {agreement:.3}", x.nrows());
    let points = array![[0.0, 1.0], [3.0, 0.0], [-0.6, -0.6], [0.0, -3.3]];
    println!("  (0, 1), (3, 0), (-0.6, -0.6), (0, -3.3) belong to {}\n", model.predict(&points)?);
    Ok(())
}

/// A graph as text, and where it is cut best.
fn nodes() -> Result<(), Box<dyn Error>> {
    let text = "# two triangles and a bridge\n0 1\n1 2\n0 2\n2 3 0.2\n3 4\n4 5\n3 5\n";
    let graph = Graph::read_edge_list(text.as_bytes())?;
    let fiedler = graph.fiedler(Default::default())?;
    println!("a graph of {} nodes and {} edges", graph.node_count(), graph.edge_count());
    println!("  falls into {:?}", fiedler.bisection(Default::default()).to_vec());
    let resistances = graph.effective_resistances(&[(0, 1), (0, 5)])?;
    println!(
        "  its ends are {:.2} apart as resistances, nodes of a triangle {:.2}",
        resistances[1], resistances[0]
    );
    Ok(())
}
