//! Clustering: groups of samples that belong together.

mod label_assignment;
mod spectral;

pub use label_assignment::{cluster_qr, discretize};
pub use spectral::{LabelAssignment, NClusters, SpectralClustering, SpectralClusteringParams, eigengap};
