//! Spectral clustering by Nyström's approximation: its options and its making.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::cluster::{NystromSpectralClustering, NystromSpectralClusteringParams};

use super::affinities::gaussian;
use super::options::{given, labels, selection};
use super::{
    Clustering, LAPWING_GAMMA_GIVEN, LAPWING_LABELS_K_MEANS, LAPWING_LANDMARKS_K_MEANS,
    lapwing_spectral_clustering,
};
use crate::guard::guard;
use crate::models::{self, hand_out};
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// The options of a spectral clustering by Nystroem's method. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_nystrom_spectral_clustering_options {
    /// sizeof(lapwing_nystrom_spectral_clustering_options), always.
    pub struct_size: usize,
    /// LAPWING_LABELS_K_MEANS, _CLUSTER_QR or _DISCRETIZE.
    pub labels: i32,
    /// LAPWING_LANDMARKS_K_MEANS or LAPWING_LANDMARKS_RANDOM.
    pub selection: i32,
    /// LAPWING_GAMMA_GIVEN or LAPWING_GAMMA_MEDIAN.
    pub gamma_rule: i32,
    /// How many clusters, at most as many as there are landmarks; 8 by default.
    pub n_clusters: i64,
    /// How many landmarks, at most as many as there are samples; 500 by default, or all samples if there are fewer.
    pub n_landmarks: i64,
    /// Of the Gaussian exp(-gamma * |x - y|^2), positive; 1 by default.
    pub gamma: f64,
    /// The seed of the landmarks, of LAPWING_GAMMA_MEDIAN and of the label assignment.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_nystrom_spectral_clustering_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_nystrom_spectral_clustering_options>(),
        labels: LAPWING_LABELS_K_MEANS,
        selection: LAPWING_LANDMARKS_K_MEANS,
        gamma_rule: LAPWING_GAMMA_GIVEN,
        n_clusters: 0,
        n_landmarks: 0,
        gamma: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize =
        offset_of!(lapwing_nystrom_spectral_clustering_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_nystrom_spectral_clustering_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    options: *const lapwing_nystrom_spectral_clustering_options,
) -> Result<NystromSpectralClusteringParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let mut params = NystromSpectralClustering::params()
        .labels(labels(options.labels)?)
        .selection(selection(options.selection)?)
        .gamma(gaussian(options.gamma_rule, options.gamma, options.seed, Some(1.0))?)
        .seed(options.seed);
    if let Some(clusters) = given("n_clusters", options.n_clusters)? {
        params = params.n_clusters(clusters);
    }
    if let Some(landmarks) = given("n_landmarks", options.n_landmarks)? {
        params = params.n_landmarks(landmarks);
    }
    Ok(params)
}

/// Clusters the rows of x by Nystroem's approximation of their Gaussian affinities (Fowlkes et al. 2004): from those to m
/// landmarks. The affinities between all samples are never computed; memory is in proportion to n, and to the square of m.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: 8 clusters, 500 landmarks that k-means finds, and gamma = 1.
///  out      receives the model, to be freed by lapwing_spectral_clustering_free.
///
/// A sample that is like none of the landmarks has coordinates of zero.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, among them more clusters than
/// landmarks or than their affinities tell apart, or more landmarks than samples), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is
/// untouched. Thread-safe. LAPACK: dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nystrom_spectral_clustering_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_nystrom_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f64>(x.into(), options, out) })
}

/// As lapwing_nystrom_spectral_clustering_fit_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nystrom_spectral_clustering_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_nystrom_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f32>(x.into(), options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar>(
    x: Unchecked<T>,
    options: *const lapwing_nystrom_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(Clustering::Nystrom(params.fit(&unsafe { x.view() })?))
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// gamma of the Gaussian, the one that was given or that of LAPWING_GAMMA_MEDIAN.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one by Nystroem's method), LAPWING_ERR_NULL when an argument is. On any error
/// value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_gamma(
    model: *const lapwing_spectral_clustering,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| Ok(model.of_nystrom()?.gamma())) })
}
