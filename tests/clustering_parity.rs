//! Clusters, neighbours and embeddings next to scikit-learn's and SciPy's: one module for each family.

#[path = "parity/cluster_scores.rs"]
mod cluster_scores;
#[path = "parity/k_means.rs"]
mod k_means;
#[path = "parity/neighbors.rs"]
mod neighbors;
#[path = "parity/spectral.rs"]
mod spectral;
