//! Clusters, their scores and neighbours as `lapwing_worker.rs` calls them.

use std::collections::BTreeMap;

use lapwing::KMeans;
use lapwing::ml::affinity::{Affinity, Gamma};
use lapwing::ml::cluster::{KMeansInit, SpectralClustering};
use lapwing::ml::metrics::silhouette_samples;
use lapwing::ml::neighbors::{NearestNeighbors, Neighbors};
use ndarray::{Array1, Array2, s};
use serde_json::Value;

use super::protocol::{Digest, Outcome};

pub(crate) enum Call {
    KMeans { clusters: usize },
    KMeansGiven { clusters: usize },
    Silhouette { clusters: usize },
    KNeighbors { neighbors: usize },
    SpectralRbf { clusters: usize, gamma: f64 },
    SpectralNeighbors { clusters: usize },
    SpectralClouds { clusters: usize },
}

pub(crate) enum Fitted {
    KMeans(KMeans<f64>),
    KMeansGiven(KMeans<f64>),
    Silhouettes(Array1<f64>),
    Neighbors(Neighbors),
    Spectral(Box<SpectralClustering>),
    Clouds(Box<SpectralClustering>),
}

/// The call of this name in `cases.py`, if it is one of these and has its options.
pub(crate) fn call(name: &str, options: &Value) -> Option<Call> {
    let whole = |option: &str| usize::try_from(options[option].as_u64()?).ok();
    Some(match name {
        "k_means" => Call::KMeans { clusters: whole("clusters")? },
        "k_means_given" => Call::KMeansGiven { clusters: whole("clusters")? },
        "silhouette" => Call::Silhouette { clusters: whole("clusters")? },
        "k_neighbors" => Call::KNeighbors { neighbors: whole("neighbors")? },
        "spectral_rbf" => {
            Call::SpectralRbf { clusters: whole("clusters")?, gamma: options["gamma"].as_f64()? }
        }
        "spectral_neighbors" => Call::SpectralNeighbors { clusters: whole("clusters")? },
        "spectral_clouds" => Call::SpectralClouds { clusters: whole("clusters")? },
        _ => return None,
    })
}

pub(crate) fn run(call: &Call, x: &Array2<f64>) -> Outcome<Fitted> {
    Ok(match *call {
        Call::KMeans { clusters } => Fitted::KMeans(KMeans::params().n_clusters(clusters).fit(x)?),
        Call::KMeansGiven { clusters } => {
            let first = x.slice(s![..clusters, ..]).to_owned();
            let params = KMeans::params().n_clusters(clusters).init(KMeansInit::Centers(first));
            Fitted::KMeansGiven(params.fit(x)?)
        }
        Call::Silhouette { clusters } => {
            let labels: Vec<usize> = (0..x.nrows()).map(|row| row % clusters).collect();
            Fitted::Silhouettes(silhouette_samples(x, &labels)?)
        }
        Call::KNeighbors { neighbors } => {
            Fitted::Neighbors(NearestNeighbors::params().fit(x)?.k_neighbors_of_samples(neighbors)?)
        }
        Call::SpectralRbf { clusters, gamma } => {
            let affinity = Affinity::Rbf { gamma: Gamma::Value(gamma) };
            Fitted::Spectral(spectral(clusters, affinity, x)?)
        }
        Call::SpectralNeighbors { clusters } => {
            Fitted::Spectral(spectral(clusters, Affinity::nearest_neighbors(10), x)?)
        }
        Call::SpectralClouds { clusters } => {
            Fitted::Clouds(spectral(clusters, Affinity::nearest_neighbors(10), x)?)
        }
    })
}

fn spectral(clusters: usize, affinity: Affinity, x: &Array2<f64>) -> Outcome<Box<SpectralClustering>> {
    let params = SpectralClustering::params().n_clusters(clusters);
    Ok(Box::new(params.affinity(affinity).fit(x)?))
}

pub(crate) fn digest(fitted: &Fitted) -> Digest {
    match fitted {
        Fitted::KMeans(model) => Digest::default().put("inertia", [model.inertia()]),
        Fitted::KMeansGiven(model) => Digest::default()
            .put("inertia", [model.inertia()])
            .put("centers", model.cluster_centers().iter().copied())
            .put("iterations", [model.n_iterations() as f64]),
        Fitted::Silhouettes(silhouettes) => Digest::default()
            .put("one_and_silhouettes", silhouettes.iter().map(|silhouette| 1.0 + silhouette)),
        Fitted::Neighbors(found) => Digest::default().put("distances", found.distances.iter().copied()),
        Fitted::Spectral(model) => {
            // Each cluster by its first member, so that numbering does not matter.
            let mut first = BTreeMap::new();
            let labels = model.labels();
            let of_row = |(row, label): (usize, &usize)| *first.entry(*label).or_insert(row) as f64;
            let members: Vec<f64> = labels.iter().enumerate().map(of_row).collect();
            Digest::default().put("first_of_cluster", members)
        }
        Fitted::Clouds(model) => {
            let mut sizes = vec![0.0; model.n_clusters()];
            model.labels().iter().for_each(|&label| sizes[label] += 1.0);
            sizes.sort_by(f64::total_cmp);
            Digest::default().put("sizes", sizes)
        }
    }
}
