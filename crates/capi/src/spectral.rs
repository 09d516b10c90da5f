//! Spectral clustering as an opaque model, of affinities or by landmarks in two ways; embeddings and diffusion maps.
//!
//! These models have no precision: affinities, eigenvectors and coordinates are in double whatever the data is in.

mod accessors;
mod affinities;
mod diffusion;
mod embedding;
mod label_assignment;
mod landmarks;
mod nystrom;
mod options;

use std::ffi::c_char;

use lapwing_lapack::Scalar;
use lapwing_ml::cluster::{LandmarkSpectralClustering, NystromSpectralClustering, SpectralClustering};
use lapwing_ml::graph::WeightMatrix;

pub use self::accessors::*;
pub use self::affinities::*;
pub use self::diffusion::*;
pub use self::embedding::*;
pub use self::label_assignment::*;
pub use self::landmarks::*;
pub use self::nystrom::*;
pub use self::options::*;
use crate::guard::guard;
use crate::models::{free, hand_out, model, models};
use crate::sparse::{lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::stored::{read_json, write_json};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64};

/// A spectral clustering of n samples: the cluster of each, and the coordinates that it was read from. For data of either
/// precision; what it holds is in double. Immutable: one model may be used from several threads at once.
pub struct lapwing_spectral_clustering(Clustering);

models!("model": lapwing_spectral_clustering(Clustering));

/// A clustering of one of these kinds.
pub(crate) enum Clustering {
    /// From the affinities between all samples.
    Affinities(SpectralClustering),
    /// From those to a few landmarks.
    Landmarks(LandmarkSpectralClustering),
    /// From Gaussians of the distances to them.
    Nystrom(NystromSpectralClustering),
}

impl Clustering {
    /// What only a clustering of affinities has is asked of it.
    fn of_affinities(&self) -> Result<&SpectralClustering, Failure> {
        match self {
            Self::Affinities(model) => Ok(model),
            _ => Err(self.lacks("fit one of the affinities between all samples")),
        }
    }

    fn of_landmarks(&self) -> Result<&LandmarkSpectralClustering, Failure> {
        match self {
            Self::Landmarks(model) => Ok(model),
            _ => Err(self.lacks("fit one by landmarks")),
        }
    }

    fn of_nystrom(&self) -> Result<&NystromSpectralClustering, Failure> {
        match self {
            Self::Nystrom(model) => Ok(model),
            _ => Err(self.lacks("fit one by Nystroem's method")),
        }
    }

    fn lacks(&self, remedy: &str) -> Failure {
        let what = match self {
            Self::Affinities(_) => "of the affinities between all samples",
            Self::Landmarks(_) => "by landmarks",
            Self::Nystrom(_) => "by Nystroem's method",
        };
        let message = format!("the model is a spectral clustering {what}, which has no such part; {remedy}");
        Failure::new(LAPWING_ERR_ARGUMENT, message)
    }
}

/// Clusters the rows of x such that little affinity connects one cluster to the rest, with the semantics of scikit-learn's
/// SpectralClustering. Connected components are never split while there are no more of them than clusters, except to fill up the
/// number of clusters.
///
///  x         n x p, at least 1 x 1, any strides; read only.
///  affinity  how alike samples are; NULL for the default, the Gaussian with gamma = 1.
///  options   NULL for the defaults: 8 clusters, read from the coordinates by k-means.
///  out       receives the model, to be freed by lapwing_spectral_clustering_free.
///
/// Affinities between all samples are n * n numbers; lapwing_landmark_spectral_clustering_fit_f64 and
/// lapwing_nystrom_spectral_clustering_fit_f64 are for more samples than that allows.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, among them more clusters than
/// samples; or an affinity is negative), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_BREAKDOWN,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe. LAPACK:
/// dsyevr or dsyevd for up to 512 samples, an iteration beyond.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_fit_f64(
    x: lapwing_mat_f64,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f64>(x.into(), affinity, options, out) })
}

/// As lapwing_spectral_clustering_fit_f64, of data in single precision; affinities are computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_fit_f32(
    x: lapwing_mat_f32,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f32>(x.into(), affinity, options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, the options as [`options::params`]; `out` is NULL or
/// writable.
unsafe fn fit<T: Scalar>(
    x: Unchecked<T>,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> Result<(), Failure> {
    let usual = Usual { kind: LAPWING_AFFINITY_RBF, gamma: Some(1.0), neighbors: 10 };
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { options::params(options)?.affinity(affinities::affinity(affinity, usual)?) };
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(Clustering::Affinities(params.fit(&unsafe { x.view() })?))
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Clusters n samples from the affinities between them.
///
///  affinity  n x n, at least 1 x 1, any strides: not negative, and symmetric but for rounding; read only. The diagonal does not
///            count.
///  options   NULL for the defaults: 8 clusters, read from the coordinates by k-means.
///  out       receives the model, to be freed by lapwing_spectral_clustering_free.
///
/// Returns LAPWING_ERR_NOT_SYMMETRIC (entries differ from their mirror images by more than 2 n unit roundoffs of the largest), and
/// what lapwing_spectral_clustering_fit_f64 does. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_fit_affinity_f64(
    affinity: lapwing_mat_f64,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| double("affinity", affinity.into()), options, out) })
}

/// As lapwing_spectral_clustering_fit_affinity_f64, of affinities in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_fit_affinity_f32(
    affinity: lapwing_mat_f32,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| single(affinity.into()), options, out) })
}

/// As lapwing_spectral_clustering_fit_affinity_f64, of affinities in compressed rows; those that are not stored are 0. Memory and
/// time are in proportion to those that are.
///
/// Returns LAPWING_ERR_ARGUMENT as well when the rows are not as lapwing_csr_f64 says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_fit_affinity_csr_f64(
    affinity: lapwing_csr_f64,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| sparse::<f64>(affinity.into()), options, out) })
}

/// As lapwing_spectral_clustering_fit_affinity_csr_f64, of affinities in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_fit_affinity_csr_f32(
    affinity: lapwing_csr_f32,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| sparse::<f32>(affinity.into()), options, out) })
}

/// # Safety
/// `options` as [`options::params`] requires; `out` is NULL or writable.
unsafe fn fit_affinity<W: WeightMatrix>(
    affinity: impl FnOnce() -> Result<W, Failure>,
    options: *const lapwing_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { options::params(options) }?;
        Ok(Clustering::Affinities(params.fit_affinity(&affinity()?)?))
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// A clustering by landmarks as text in JSON, with a format name and a version: the format of the Rust crates. Reading it back
/// gives the same bits.
///
///  model   the model.
///  buf     room for cap bytes, or NULL.
///  cap     how many. The text is cut to fit and always NUL-terminated; nothing is written into a NULL buffer.
///  length  receives the length of the whole text without its terminating NUL: a buffer of that length plus one holds it
///          all.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one by landmarks: its affinities would have to come with it), LAPWING_ERR_NULL
/// when model or length is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_to_json(
    model: *const lapwing_spectral_clustering,
    buf: *mut c_char,
    cap: usize,
    length: *mut usize,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the buffer and the pointer.
    guard(|| unsafe { write_json(self::model(model)?.of_landmarks()?, buf, cap, length) })
}

/// The clustering by landmarks that lapwing_spectral_clustering_to_json wrote, or the Rust crates.
///
///  text    in UTF-8, which need not be NUL-terminated; read only.
///  length  its length in bytes.
///  out     receives the model, to be freed by lapwing_spectral_clustering_free.
///
/// Returns LAPWING_ERR_ARGUMENT (text is no such model, damaged, or of a version that this library does not read; the message
/// says which), LAPWING_ERR_NULL. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_from_json(
    text: *const c_char,
    length: usize,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the text and the pointer.
    guard(|| unsafe { hand_out(out, || Ok(Clustering::Landmarks(read_json(text, length)?))) })
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_free(model: *mut lapwing_spectral_clustering) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
