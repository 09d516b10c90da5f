//! The options of spectral clustering, in structs that may grow without breaking programs.

use std::mem::offset_of;

use lapwing_lapack::Error;
use lapwing_ml::cluster::{
    LabelAssignment, LandmarkSelection, LandmarkSpectralClustering, LandmarkSpectralClusteringParams,
    NClusters, SpectralClustering, SpectralClusteringParams,
};
use lapwing_ml::graph::EigenSolver;

use crate::numbers::constant;
use crate::options::{self, Options};
use crate::status::Failure;
use crate::structured::count;

/// Clusters are read from the coordinates by k-means.
pub const LAPWING_LABELS_K_MEANS: i32 = 0;
/// By a pivoted QR factorization, as lapwing_cluster_qr_f64: nothing is random.
pub const LAPWING_LABELS_CLUSTER_QR: i32 = 1;
/// By a rotation to the nearest partition, as lapwing_discretize_f64.
pub const LAPWING_LABELS_DISCRETIZE: i32 = 2;

/// LAPWING_EIGEN_SOLVER_DENSE for up to 512 samples, otherwise the one of the next three that has the least to do.
pub const LAPWING_EIGEN_SOLVER_AUTO: i32 = 0;
/// LAPACK on the whole matrix.
pub const LAPWING_EIGEN_SOLVER_DENSE: i32 = 1;
/// The Lanczos method, of products with the matrix alone.
pub const LAPWING_EIGEN_SOLVER_LANCZOS: i32 = 2;
/// The same of its pseudoinverse, by a sparse factorization. For sparse affinities only.
pub const LAPWING_EIGEN_SOLVER_SHIFT_INVERT: i32 = 3;
/// A block method with a preconditioner.
pub const LAPWING_EIGEN_SOLVER_LOBPCG: i32 = 4;

/// Landmarks are the centres of a few iterations of k-means.
pub const LAPWING_LANDMARKS_K_MEANS: i32 = 0;
/// Landmarks are samples, drawn at random.
pub const LAPWING_LANDMARKS_RANDOM: i32 = 1;

/// The options of a spectral clustering. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_spectral_clustering_options {
    /// sizeof(lapwing_spectral_clustering_options), always.
    pub struct_size: usize,
    /// LAPWING_LABELS_K_MEANS, _CLUSTER_QR or _DISCRETIZE.
    pub labels: i32,
    /// LAPWING_EIGEN_SOLVER_AUTO, _DENSE, _LANCZOS, _SHIFT_INVERT or _LOBPCG.
    pub eigen_solver: i32,
    /// How many clusters, at most as many as there are samples; 8 by default.
    pub n_clusters: i64,
    /// As many clusters as there are eigenvalues below the largest gap, as lapwing_eigengap_f64 counts them, but at most this
    /// many. n_clusters is left 0.
    pub max_clusters: i64,
    /// How many eigenvectors are the coordinates: by default as many as clusters, which LAPWING_LABELS_CLUSTER_QR and
    /// LAPWING_LABELS_DISCRETIZE insist on.
    pub n_components: i64,
    /// The least number of eigenvalues to find, as far as there are samples, to see what comes after the clusters. By default
    /// as many as are needed.
    pub n_eigenvalues: i64,
    /// How many starts k-means has; 10 by default.
    pub n_init: i64,
    /// The tolerance of an iterative eigensolver, relative to the norm. By default the least that is attainable.
    pub eigen_tolerance: f64,
    /// The seed of what is random: the starts of k-means, of the rotation, and of an iterative eigensolver.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_spectral_clustering_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_spectral_clustering_options>(),
        labels: LAPWING_LABELS_K_MEANS,
        eigen_solver: LAPWING_EIGEN_SOLVER_AUTO,
        n_clusters: 0,
        max_clusters: 0,
        n_components: 0,
        n_eigenvalues: 0,
        n_init: 0,
        eigen_tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_spectral_clustering_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_spectral_clustering_options)";
}

/// The options of a spectral clustering by landmarks. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_landmark_spectral_clustering_options {
    /// sizeof(lapwing_landmark_spectral_clustering_options), always.
    pub struct_size: usize,
    /// LAPWING_LABELS_K_MEANS, _CLUSTER_QR or _DISCRETIZE.
    pub labels: i32,
    /// LAPWING_LANDMARKS_K_MEANS or LAPWING_LANDMARKS_RANDOM.
    pub selection: i32,
    /// How many clusters, at most as many as there are landmarks; 8 by default.
    pub n_clusters: i64,
    /// How many landmarks, at most as many as there are samples; 500 by default, or all samples if there are fewer.
    pub n_landmarks: i64,
    /// How many landmarks represent a sample; 5 by default.
    pub n_neighbors: i64,
    /// The bandwidth h of the weights exp(-d^2 / (2 h^2)) at a distance d, positive. By default the root mean square distance of
    /// the samples to their landmarks.
    pub bandwidth: f64,
    /// The seed of the landmarks and of the label assignment.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_landmark_spectral_clustering_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_landmark_spectral_clustering_options>(),
        labels: LAPWING_LABELS_K_MEANS,
        selection: LAPWING_LANDMARKS_K_MEANS,
        n_clusters: 0,
        n_landmarks: 0,
        n_neighbors: 0,
        bandwidth: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize =
        offset_of!(lapwing_landmark_spectral_clustering_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_landmark_spectral_clustering_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn params(
    options: *const lapwing_spectral_clustering_options,
) -> Result<SpectralClusteringParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let mut params = SpectralClustering::params()
        .labels(labels(options.labels)?)
        .eigen_solver(eigen_solver(options.eigen_solver)?)
        .eigen_tolerance(options.eigen_tolerance)
        .n_eigenvalues(count("n_eigenvalues", options.n_eigenvalues)?)
        .seed(options.seed);
    match (count("n_clusters", options.n_clusters)?, count("max_clusters", options.max_clusters)?) {
        (0, 0) => {}
        (0, max) => params = params.n_clusters(NClusters::Eigengap { max }),
        (count, 0) => params = params.n_clusters(count),
        (_, max) => {
            let (value, requirement) = (max.to_string(), "0 where n_clusters is given".to_owned());
            return Err(Error::InvalidParameter { parameter: "max_clusters", value, requirement }.into());
        }
    }
    if let Some(components) = given("n_components", options.n_components)? {
        params = params.n_components(components);
    }
    if let Some(starts) = given("n_init", options.n_init)? {
        params = params.n_init(starts);
    }
    Ok(params)
}

/// As [`params`], by landmarks.
///
/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn landmark_params(
    options: *const lapwing_landmark_spectral_clustering_options,
) -> Result<LandmarkSpectralClusteringParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let mut params = LandmarkSpectralClustering::params()
        .labels(labels(options.labels)?)
        .selection(selection(options.selection)?)
        .seed(options.seed);
    if let Some(clusters) = given("n_clusters", options.n_clusters)? {
        params = params.n_clusters(clusters);
    }
    if let Some(landmarks) = given("n_landmarks", options.n_landmarks)? {
        params = params.n_landmarks(landmarks);
    }
    if let Some(neighbors) = given("n_neighbors", options.n_neighbors)? {
        params = params.n_neighbors(neighbors);
    }
    if options.bandwidth != 0.0 {
        params = params.bandwidth(options.bandwidth);
    }
    Ok(params)
}

/// A count, of which 0 stands for the default.
pub(super) fn given(parameter: &'static str, value: i64) -> Result<Option<usize>, Failure> {
    Ok(Some(count(parameter, value)?).filter(|&count| count > 0))
}

pub(super) fn selection(value: i32) -> Result<LandmarkSelection, Failure> {
    let choices = [LandmarkSelection::KMeans, LandmarkSelection::Random];
    constant("selection", value, &choices, "LAPWING_LANDMARKS_K_MEANS (0) or LAPWING_LANDMARKS_RANDOM (1)")
}

pub(super) fn labels(value: i32) -> Result<LabelAssignment, Failure> {
    let choices = [LabelAssignment::KMeans, LabelAssignment::ClusterQr, LabelAssignment::Discretize];
    let requirement =
        "LAPWING_LABELS_K_MEANS (0), LAPWING_LABELS_CLUSTER_QR (1) or LAPWING_LABELS_DISCRETIZE (2)";
    constant("labels", value, &choices, requirement)
}

const EIGEN_SOLVERS: [EigenSolver; 5] = [
    EigenSolver::Auto,
    EigenSolver::Dense,
    EigenSolver::Lanczos,
    EigenSolver::ShiftInvert,
    EigenSolver::Lobpcg,
];

pub(crate) fn eigen_solver(value: i32) -> Result<EigenSolver, Failure> {
    let requirement = "one of LAPWING_EIGEN_SOLVER_AUTO (0) to LAPWING_EIGEN_SOLVER_LOBPCG (4)";
    constant("eigen_solver", value, &EIGEN_SOLVERS, requirement)
}

/// The constant of a solver that ran.
pub(super) fn constant_of(solver: EigenSolver) -> i32 {
    match solver {
        EigenSolver::Dense => LAPWING_EIGEN_SOLVER_DENSE,
        EigenSolver::Lanczos => LAPWING_EIGEN_SOLVER_LANCZOS,
        EigenSolver::ShiftInvert => LAPWING_EIGEN_SOLVER_SHIFT_INVERT,
        EigenSolver::Lobpcg => LAPWING_EIGEN_SOLVER_LOBPCG,
        _ => LAPWING_EIGEN_SOLVER_AUTO,
    }
}
