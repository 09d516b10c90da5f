//! Clusters: groups of samples that lie closer to each other than to the rest.
//!
//! | estimator                      | what a cluster is                                         | cost                          |
//! |--------------------------------|-----------------------------------------------------------|-------------------------------|
//! | [`KMeans`]                     | the samples that lie closest to one of k centres          | 2npk an iteration             |
//! | [`MiniBatchKMeans`]            | the same, approximately, from random batches or blocks    | 2bpk a batch of b samples     |
//! | [`SpectralClustering`]         | what little affinity connects to the rest                 | a few eigenvectors of order n |
//! | [`LandmarkSpectralClustering`] | the same, for many samples, by way of m landmarks         | nmp + m³                      |
//! | [`NystromSpectralClustering`]  | the same, by the Gaussian affinities of m landmarks       | nm (p + m) + m³               |
//!
//! How many clusters there are: [`InertiaCurve`], [`GapStatistic`], [`eigengap`].

pub mod k_means;
mod label_assignment;
mod spectral;

pub use k_means::{
    GapReference, GapStatistic, GapStatisticParams, InertiaCurve, KMeans, KMeansAlgorithm, KMeansInit,
    KMeansParams, MiniBatchKMeans, MiniBatchKMeansParams,
};
pub use label_assignment::{cluster_qr, discretize};
pub use spectral::{
    LabelAssignment, LandmarkSelection, LandmarkSpectralClustering, LandmarkSpectralClusteringParams,
    NClusters, NystromSpectralClustering, NystromSpectralClusteringParams, SpectralClustering,
    SpectralClusteringParams, eigengap,
};
