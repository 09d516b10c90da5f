//! Matrix decompositions as estimators: scikit-learn's `sklearn.decomposition`.

mod incremental_pca;
mod pca;

pub use incremental_pca::{BlocksError, IncrementalMethod, IncrementalPca, IncrementalPcaParams};
pub use pca::{NComponents, Pca, PcaParams, PcaSolver, Whitening};
