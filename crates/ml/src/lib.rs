//! Estimators of machine learning on LAPACK's decompositions, with scikit-learn's semantics.
//!
//! An estimator is a set of choices ([`PcaParams`]) whose `fit` returns an immutable fitted model
//! ([`Pca`]) with results only. Accessors carry scikit-learn's names; defaults are scikit-learn's; where
//! Lapwing differs, the item's documentation says so and why.
//!
//! | module                                  | estimators                                                            |
//! |-----------------------------------------|-----------------------------------------------------------------------|
//! | [`affinity`]                            | [`Affinity`]: how alike samples are, as dense and sparse matrices     |
//! | [`cluster`]                             | [`KMeans`], [`MiniBatchKMeans`], [`SpectralClustering`], [`LandmarkSpectralClustering`] |
//! | [`covariance`]                          | [`EmpiricalCovariance`], [`LedoitWolf`], [`Oas`], [`MinCovDet`], correlations |
//! | [`decomposition`]                       | [`Pca`], [`IncrementalPca`], [`KernelPca`], [`TruncatedSvd`]          |
//! | [`decomposition::component_selection`]  | how many components: elbow, [`ParallelAnalysis`], [`LikelihoodValidation`] |
//! | [`discriminant_analysis`]               | [`LinearDiscriminantAnalysis`], [`QuadraticDiscriminantAnalysis`]     |
//! | [`graph`]                               | [`Graph`]: its Laplacians, components, cuts and resistances           |
//! | [`kernels`]                             | kernel functions and their matrices                                   |
//! | [`linear_model`]                        | [`LinearRegression`], [`Ridge`], [`Lasso`], [`ElasticNet`], and their like |
//! | [`manifold`]                            | [`SpectralEmbedding`], [`DiffusionMaps`]                              |
//! | [`metrics`]                             | how far predictions lie from what was observed                        |
//! | [`model_selection`]                     | which samples to fit on, and which to judge by                        |
//! | [`preprocessing`]                       | [`StandardScaler`], [`PolynomialFeatures`]                            |
//! | [`mahalanobis`]                         | [`Mahalanobis`]: distances, p-values and outliers by a covariance     |
//! | [`multivariate_normal`]                 | [`MultivariateNormal`]: densities, samples, conditionals, divergences |
//! | [`neighbors`]                           | [`NearestNeighbors`]: the nearest samples, those in a radius, graphs  |
//! | [`whitening`]                           | [`WhiteningTransform`]: uncorrelated features of variance 1           |
//!
//! Data is dense, in blocks that come one after the other, or sparse ([`DataMatrix`], [`sprs`]).

pub mod affinity;
pub mod cluster;
pub mod covariance;
mod data_matrix;
pub mod decomposition;
pub mod discriminant_analysis;
mod distributions;
mod error;
pub mod graph;
pub mod kernels;
pub mod linear_model;
pub mod mahalanobis;
pub mod manifold;
pub mod metrics;
pub mod model_selection;
mod moments;
pub mod multivariate_normal;
pub mod neighbors;
pub mod preprocessing;
mod row_blocks;
mod running_moments;
mod stored;
pub mod whitening;

pub use affinity::{Affinity, AffinityMatrix, Gamma, Symmetrization};
pub use cluster::{
    KMeans, KMeansAlgorithm, KMeansInit, KMeansParams, LabelAssignment, LandmarkSpectralClustering,
    MiniBatchKMeans, MiniBatchKMeansParams, NClusters, NystromSpectralClustering, SpectralClustering,
    SpectralClusteringParams,
};
pub use covariance::{
    Centring, EmpiricalCovariance, FittedCovariance, LedoitWolf, MinCovDet, Oas, RunningCovariance,
    ShrunkCovariance,
};
pub use data_matrix::{ColumnMoments, DataMatrix};
pub use decomposition::{
    BlocksError, IncrementalMethod, IncrementalPca, IncrementalPcaParams, KernelPca, KernelPcaParams,
    LikelihoodValidation, NComponents, ParallelAnalysis, Pca, PcaParams, PcaSolver, RunningCertificate,
    TruncatedSvd, TruncatedSvdAlgorithm, TruncatedSvdParams, Whitening, ZeroEigenvalues,
};
pub use discriminant_analysis::{
    LinearDiscriminantAnalysis, LinearDiscriminantAnalysisParams, LinearDiscriminantSolver,
    QuadraticDiscriminantAnalysis, QuadraticDiscriminantAnalysisParams, Shrinkage,
};
pub use error::{Error, FitError};
pub use graph::Graph;
pub use kernels::Kernel;
pub use lapwing_iterative::sprs;
pub use linear_model::{
    BayesianRidge, BayesianRidgeParams, ElasticNet, ElasticNetCv, Intercept, Lasso, LassoCv, LinearPredictor,
    LinearRegression, LinearRegressionParams, LinearRegressionSolver, RegressionSummary, Ridge, RidgeCv,
    RidgeCvParams, RidgeParams, RidgeSolver, Targets, Tikhonov, TikhonovParams, TotalLeastSquares,
    TotalLeastSquaresParams, TruncatedSvdRegression, TruncatedSvdRegressionParams,
};
pub use mahalanobis::{Mahalanobis, MahalanobisParams, Outliers, SingularCovariance};
pub use manifold::{DiffusionMaps, DiffusionMapsParams, SpectralEmbedding, SpectralEmbeddingParams};
pub use multivariate_normal::MultivariateNormal;
pub use neighbors::{
    NearestNeighbors, NearestNeighborsParams, NeighborAlgorithm, Neighbors, RadiusNeighbors,
};
pub use preprocessing::{PolynomialFeatures, StandardScaler};
pub use whitening::{WhiteningMethod, WhiteningTransform, WhiteningTransformParams};
