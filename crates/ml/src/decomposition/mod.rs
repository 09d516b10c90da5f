//! Matrix decompositions as estimators: scikit-learn's `sklearn.decomposition`.

mod pca;

pub use pca::{NComponents, Pca, PcaParams, PcaSolver, Whitening};
