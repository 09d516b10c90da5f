//! The linear algebra that machine learning runs on: LAPACK's decompositions behind a safe interface,
//! and the estimators built on them.
//!
//! This crate is a facade: it re-exports [`lapwing_lapack`] (decompositions, solves, products; whole, at the root and as
//! [`lapack`]), [`lapwing_iterative`] (sparse and matrix-free methods; as [`iterative`]) and [`lapwing_ml`] (estimators; as
//! [`ml`]), so that one dependency and one `use` are enough.
//!
//! ```
//! use lapwing::{NComponents, Pca, Svd};
//! use ndarray::array;
//!
//! let x = array![[2.5, 2.4], [0.5, 0.7], [2.2, 2.9], [1.9, 2.2], [3.1, 3.0]];
//! let pca = Pca::params().n_components(NComponents::Count(1)).fit(&x)?;
//! println!("{:.1} % of the variance", 100.0 * pca.explained_variance_ratio()[0]);
//!
//! let svd = Svd::thin(&x)?;
//! assert!(svd.certificate(&x)?.holds());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Errors keep the type of their room: [`lapack::Error`] from decompositions, [`iterative::IterationError`], which
//! contains it, from iterations, and [`ml::Error`], which contains it too, from estimators.

pub use lapwing_iterative as iterative;
pub use lapwing_iterative::{
    BreakdownReason, IterationError, LinearOperator, Lobpcg, PartialGeneralEigen, PartialSvd,
    PartialSymmetricEigen, RandomizedSvd, RandomizedSymmetricEigen, ShiftInverse,
};
pub use lapwing_lapack as lapack;
#[doc(inline)]
pub use lapwing_lapack::*;
pub use lapwing_ml as ml;
pub use lapwing_ml::{
    Affinity, AffinityMatrix, BayesianRidge, BlocksError, Centring, DataMatrix, DiffusionMaps, ElasticNet,
    ElasticNetCv, EmpiricalCovariance, Error, FitError, FittedCovariance, Gamma, Graph, IncrementalMethod,
    IncrementalPca, IncrementalPcaParams, Intercept, KMeans, Kernel, KernelPca, KernelPcaParams,
    LabelAssignment, LandmarkSpectralClustering, Lasso, LassoCv, LedoitWolf, LikelihoodValidation,
    LinearDiscriminantAnalysis, LinearDiscriminantAnalysisParams, LinearDiscriminantSolver, LinearPredictor,
    LinearRegression, LinearRegressionSolver, Mahalanobis, MahalanobisParams, MinCovDet, MiniBatchKMeans,
    MultivariateNormal, NClusters, NComponents, NearestNeighbors, NystromSpectralClustering, Oas, Outliers,
    ParallelAnalysis, Pca, PcaParams, PcaSolver, PolynomialFeatures, QuadraticDiscriminantAnalysis,
    QuadraticDiscriminantAnalysisParams, RegressionSummary, Ridge, RidgeCv, RidgeSolver, RunningCertificate,
    RunningCovariance, Shrinkage, ShrunkCovariance, SingularCovariance, SpectralClustering,
    SpectralEmbedding, StandardScaler, Symmetrization, Targets, Tikhonov, TotalLeastSquares, TruncatedSvd,
    TruncatedSvdAlgorithm, TruncatedSvdParams, TruncatedSvdRegression, Whitening, WhiteningMethod,
    WhiteningTransform, WhiteningTransformParams, ZeroEigenvalues,
};
