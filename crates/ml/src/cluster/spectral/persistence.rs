//! How a clustering by landmarks is stored: plain numbers under a format name and a version.

use ndarray::Array1;

use super::LandmarkSpectralClustering;
use super::assignment::means;
use super::encoding::Encoder;
use crate::stored::{Format, StoredError, matrix, sizes, vector};

const FORMAT: Format = Format {
    model: "spectral clustering by landmarks",
    name: "lapwing.landmark_spectral_clustering",
    version: 1,
};

/// The stored form.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Stored {
    format: String,
    version: u32,
    n_samples: usize,
    n_features: usize,
    n_landmarks: usize,
    n_clusters: usize,
    n_neighbors: usize,
    mean: Vec<f64>,
    /// Less the mean, in this unit, row after row.
    landmarks: Vec<f64>,
    unit: f64,
    /// In the same unit.
    bandwidth: f64,
    projection: Vec<f64>,
    eigenvalues: Vec<f64>,
    embedding: Vec<f64>,
    labels: Vec<usize>,
}

impl From<LandmarkSpectralClustering> for Stored {
    fn from(model: LandmarkSpectralClustering) -> Self {
        let encoder = model.encoder;
        Self {
            format: FORMAT.name.to_owned(),
            version: FORMAT.version,
            n_samples: model.labels.len(),
            n_features: encoder.n_features(),
            n_landmarks: encoder.landmarks.nrows(),
            n_clusters: model.projection.ncols(),
            n_neighbors: encoder.neighbors,
            mean: encoder.mean.to_vec(),
            landmarks: encoder.landmarks.into_iter().collect(),
            unit: encoder.unit,
            bandwidth: encoder.bandwidth,
            projection: model.projection.into_iter().collect(),
            eigenvalues: model.eigenvalues.to_vec(),
            embedding: model.embedding.into_iter().collect(),
            labels: model.labels.to_vec(),
        }
    }
}

impl TryFrom<Stored> for LandmarkSpectralClustering {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        FORMAT.check(stored.format, stored.version)?;
        let (n, p, m, k) = (stored.n_samples, stored.n_features, stored.n_landmarks, stored.n_clusters);
        if stored.labels.len() != n {
            return Err(StoredError::Length { field: "labels", found: stored.labels.len(), expected: n });
        }
        if stored.labels.iter().any(|&label| label >= k) {
            return Err(StoredError::Inconsistent("a label is that of no cluster"));
        }
        if stored.n_neighbors == 0 || m == 0 {
            return Err(StoredError::Inconsistent("no landmark represents a sample"));
        }
        if !(stored.unit.is_finite() && stored.unit > 0.0) {
            return Err(StoredError::Value { field: "unit" });
        }
        let embedding = matrix("embedding", stored.embedding, (n, k))?;
        let labels = Array1::from(stored.labels);
        let encoder = Encoder {
            mean: vector("mean", stored.mean, p)?,
            landmarks: matrix("landmarks", stored.landmarks, (m, p))?,
            unit: stored.unit,
            neighbors: stored.n_neighbors,
            bandwidth: sizes("bandwidth", vec![stored.bandwidth], 1)?[0],
        };
        Ok(Self {
            centres: means(&embedding, &labels, k),
            labels,
            embedding,
            eigenvalues: sizes("eigenvalues", stored.eigenvalues, k)?,
            encoder,
            projection: matrix("projection", stored.projection, (m, k))?,
        })
    }
}
