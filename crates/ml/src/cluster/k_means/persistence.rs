//! How a fitted k-means is stored: plain numbers under a format name and a version.

use lapwing_lapack::Scalar;

use super::{KMeans, KMeansAlgorithm};
use crate::stored::{Format, StoredError, matrix, sizes};

const FORMAT: Format = Format { model: "k-means", name: "lapwing.k_means", version: 1 };

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored<T> {
    format: String,
    version: u32,
    n_clusters: usize,
    n_features: usize,
    n_iterations: usize,
    converged: bool,
    algorithm: KMeansAlgorithm,
    /// Row after row.
    cluster_centers: Vec<T>,
    labels: Vec<usize>,
    inertia: f64,
    inertia_history: Option<Vec<f64>>,
}

impl<T: Scalar> From<KMeans<T>> for Stored<T> {
    fn from(model: KMeans<T>) -> Self {
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_clusters: model.n_clusters(),
            n_features: model.n_features(),
            n_iterations: model.n_iterations,
            converged: model.converged,
            algorithm: model.algorithm,
            cluster_centers: model.cluster_centers.into_iter().collect(),
            labels: model.labels.to_vec(),
            inertia: model.inertia,
            inertia_history: model.inertia_history.map(|history| history.to_vec()),
        }
    }
}

impl<T: Scalar> TryFrom<Stored<T>> for KMeans<T> {
    type Error = StoredError;

    fn try_from(stored: Stored<T>) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let (k, p) = (stored.n_clusters, stored.n_features);
        if k == 0 || p == 0 {
            return Err(StoredError::Inconsistent("it has no clusters or no features"));
        }
        if stored.algorithm == KMeansAlgorithm::Auto {
            return Err(StoredError::Inconsistent(
                "the stored algorithm is \"auto\", which never runs itself",
            ));
        }
        if stored.labels.iter().any(|&label| label >= k) {
            return Err(StoredError::Inconsistent("a label is no cluster"));
        }
        let history = |values: Vec<f64>| {
            let len = values.len();
            sizes("inertia_history", values, len)
        };
        Ok(Self {
            cluster_centers: matrix("cluster_centers", stored.cluster_centers, (k, p))?,
            labels: stored.labels.into(),
            inertia: sizes("inertia", vec![stored.inertia], 1)?[0],
            inertia_history: stored.inertia_history.map(history).transpose()?,
            n_iterations: stored.n_iterations,
            converged: stored.converged,
            algorithm: stored.algorithm,
        })
    }
}
