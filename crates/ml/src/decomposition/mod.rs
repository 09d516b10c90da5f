//! Matrix decompositions as estimators: scikit-learn's `sklearn.decomposition`.

pub mod component_selection;
mod incremental_pca;
mod kernel_pca;
mod pca;
mod signs;
mod truncated_svd;

pub use component_selection::{LikelihoodValidation, ParallelAnalysis};
pub use incremental_pca::{BlocksError, IncrementalMethod, IncrementalPca, IncrementalPcaParams};
pub use kernel_pca::{KernelPca, KernelPcaParams, ZeroEigenvalues};
pub(crate) use pca::right_factors;
pub use pca::{NComponents, Pca, PcaParams, PcaSolver, RunningCertificate, Whitening};
pub(crate) use signs::largest_entries_positive;
pub use truncated_svd::{TruncatedSvd, TruncatedSvdAlgorithm, TruncatedSvdParams};
