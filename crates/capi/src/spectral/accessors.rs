//! What can be read from a spectral clustering, and what one of affinities says of new samples.

use ndarray::{ArrayBase, Data, Ix2};

use super::affinities::{double, widened};
use super::{Clustering, constant_of, lapwing_spectral_clustering};
use crate::guard::guard;
use crate::models::{self, Model, model};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f64};

/// The clustering is one of the affinities between all samples.
pub const LAPWING_SPECTRAL_OF_AFFINITIES: i32 = 0;
/// The clustering is one by landmarks.
pub const LAPWING_SPECTRAL_BY_LANDMARKS: i32 = 1;
/// The clustering is one by Nystroem's method.
pub const LAPWING_SPECTRAL_BY_NYSTROM: i32 = 2;

/// What the model is, LAPWING_SPECTRAL_OF_AFFINITIES, LAPWING_SPECTRAL_BY_LANDMARKS or LAPWING_SPECTRAL_BY_NYSTROM.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_kind(
    model: *const lapwing_spectral_clustering,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::value(model, value, |model| match model {
            Clustering::Affinities(_) => LAPWING_SPECTRAL_OF_AFFINITIES,
            Clustering::Landmarks(_) => LAPWING_SPECTRAL_BY_LANDMARKS,
            Clustering::Nystrom(_) => LAPWING_SPECTRAL_BY_NYSTROM,
        })
    })
}

/// n, the number of samples that the model was fitted on.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_n_samples(
    model: *const lapwing_spectral_clustering,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::value(model, value, |model| match model {
            Clustering::Affinities(model) => model.labels().len() as i64,
            Clustering::Landmarks(model) => model.labels().len() as i64,
            Clustering::Nystrom(model) => model.labels().len() as i64,
        })
    })
}

/// K, how many clusters were looked for: the number that was asked for, or that the gaps between eigenvalues suggest.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_n_clusters(
    model: *const lapwing_spectral_clustering,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::value(model, value, |model| match model {
            Clustering::Affinities(model) => model.n_clusters() as i64,
            // As many coordinates as clusters.
            Clustering::Landmarks(model) => model.embedding().ncols() as i64,
            Clustering::Nystrom(model) => model.embedding().ncols() as i64,
        })
    })
}

/// The cluster of each sample, from 0 to K - 1.
///
///  model   the model.
///  labels  room for n labels, for the n of lapwing_spectral_clustering_n_samples.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_labels(
    model: *const lapwing_spectral_clustering,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe {
        let found = match self::model(model)? {
            Clustering::Affinities(model) => model.labels(),
            Clustering::Landmarks(model) => model.labels(),
            Clustering::Nystrom(model) => model.labels(),
        };
        Numbers::needed("labels", labels, found.len())?.write(found.iter().map(|&label| label as i64));
        Ok(())
    })
}

/// The coordinates that the clusters were read from, n x k: eigenvectors. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_embedding(
    model: *const lapwing_spectral_clustering,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::view(model, view, |model| match model {
            Clustering::Affinities(model) => model.embedding().into(),
            Clustering::Landmarks(model) => model.embedding().into(),
            Clustering::Nystrom(model) => model.embedding().into(),
        })
    })
}

/// The smallest eigenvalues of the symmetric Laplacian, ascending: one for each coordinate at least, and one more than
/// max_clusters or as many as n_eigenvalues where those were given. lapwing_eigengap_f64 says how many clusters they suggest. The
/// view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_eigenvalues(
    model: *const lapwing_spectral_clustering,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::view(model, view, |model| match model {
            Clustering::Affinities(model) => model.eigenvalues().into(),
            Clustering::Landmarks(model) => model.eigenvalues().into(),
            Clustering::Nystrom(model) => model.eigenvalues().into(),
        })
    })
}

/// The norms of L x - c x for each eigenvalue c and its unit eigenvector x, from products with the result. The view lasts until the
/// model is freed.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one of affinities), LAPWING_ERR_NULL when an argument is. On any error view is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_residual_norms(
    model: *const lapwing_spectral_clustering,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "view", view, |model| Ok(model.of_affinities()?.residual_norms().into()))
    })
}

/// How many connected components the affinities have.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one of affinities), LAPWING_ERR_NULL when an argument is. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_component_count(
    model: *const lapwing_spectral_clustering,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| Ok(model.of_affinities()?.component_count() as i64))
    })
}

/// The eigensolver that ran, LAPWING_EIGEN_SOLVER_DENSE, _LANCZOS, _SHIFT_INVERT or _LOBPCG; LAPWING_EIGEN_SOLVER_AUTO when the
/// connected components gave all of the eigenvectors.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one of affinities), LAPWING_ERR_NULL when an argument is. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_eigen_solver(
    model: *const lapwing_spectral_clustering,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| Ok(constant_of(model.of_affinities()?.solver())))
    })
}

/// The clusters of new samples, from their affinities to the n samples of the model. The coordinates of a new sample are the means of
/// those of the others, weighted by its affinities, by Nystroem's extension of the eigenvectors; it belongs to the cluster whose mean
/// coordinates are nearest.
///
///  model     the model.
///  affinity  q x n, any q, any strides: not negative, and not all zero in any row; read only.
///  labels    room for q labels.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is by landmarks or Nystroem's method, which lapwing_spectral_clustering_predict_f64 is for; or an affinity is
/// negative, or a row is zero), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error labels is untouched. Thread-safe. BLAS: dgemm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_predict_affinity_f64(
    model: *const lapwing_spectral_clustering,
    affinity: lapwing_mat_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict_affinity(model, || double("affinity", affinity.into()), labels) })
}

/// As lapwing_spectral_clustering_predict_affinity_f64, of affinities in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_predict_affinity_f32(
    model: *const lapwing_spectral_clustering,
    affinity: lapwing_mat_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict_affinity(model, || widened("affinity", affinity.into()), labels) })
}

/// # Safety
/// As [`model`] and [`Numbers::write`] require.
unsafe fn predict_affinity<M: Model<Fitted = Clustering>, S: Data<Elem = f64>>(
    pointer: *const M,
    affinity: impl FnOnce() -> Result<ArrayBase<S, Ix2>, Failure>,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?.of_affinities()?;
    let affinity = affinity()?;
    let place = Numbers::needed("labels", labels, affinity.nrows())?;
    let found = model.predict_affinity(&affinity)?;
    // SAFETY: this function's own condition.
    unsafe { place.write(found.into_iter().map(|label| label as i64)) };
    Ok(())
}
