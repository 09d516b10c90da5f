//! Spectral clustering by landmarks: its making, its parts, and what it says of new rows.

use lapwing_lapack::Scalar;

use super::{
    Clustering, landmark_params, lapwing_landmark_spectral_clustering_options, lapwing_spectral_clustering,
};
use crate::guard::guard;
use crate::models::{self, hand_out, model};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::strided::require_disjoint;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f64};

/// What a clustering of affinities cannot say of rows.
const BY_LANDMARKS: &str = "fit one by landmarks";

/// Clusters the rows of x by m landmarks (Chen and Cai 2011): samples are close when they share landmarks, and the affinities
/// between all of them are never computed. Memory is in proportion to n, and to the square of m.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults: 8 clusters, and 500 landmarks that k-means finds.
///  out      receives the model, to be freed by lapwing_spectral_clustering_free.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, among them more clusters than
/// landmarks, or more of these than samples), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_BREAKDOWN, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_landmark_spectral_clustering_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_landmark_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f64>(x.into(), options, out) })
}

/// As lapwing_landmark_spectral_clustering_fit_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_landmark_spectral_clustering_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_landmark_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f32>(x.into(), options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `options` as [`landmark_params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar>(
    x: Unchecked<T>,
    options: *const lapwing_landmark_spectral_clustering_options,
    out: *mut *mut lapwing_spectral_clustering,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { landmark_params(options) }?;
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(Clustering::Landmarks(params.fit(&unsafe { x.view() })?))
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The clusters of the rows of x, by their own landmarks: those whose mean coordinates are nearest.
///
///  model   a clustering by landmarks or Nystroem's method.
///  x       q x p, any q, any strides; read only.
///  labels  room for q labels.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is one of affinities, which lapwing_spectral_clustering_predict_affinity_f64 is for),
/// LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error labels is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_predict_f64(
    model: *const lapwing_spectral_clustering,
    x: lapwing_mat_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict::<f64>(model, x.into(), labels) })
}

/// As lapwing_spectral_clustering_predict_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_predict_f32(
    model: *const lapwing_spectral_clustering,
    x: lapwing_mat_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict::<f32>(model, x.into(), labels) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Numbers::write`] require.
unsafe fn predict<T: Scalar>(
    pointer: *const lapwing_spectral_clustering,
    x: Unchecked<T>,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let x = x.input("x")?;
    let place = Numbers::needed("labels", labels, x.shape()[0])?;
    // SAFETY: this function's own condition.
    let x = unsafe { x.view() };
    let found = match model {
        Clustering::Landmarks(model) => model.predict(&x)?,
        Clustering::Nystrom(model) => model.predict(&x)?,
        Clustering::Affinities(_) => return Err(model.lacks(BY_LANDMARKS)),
    };
    // SAFETY: this function's own condition.
    unsafe { place.write(found.into_iter().map(|label| label as i64)) };
    Ok(())
}

/// The coordinates of the rows of x: their landmarks place them among the samples.
///
///  model        a clustering by landmarks or Nystroem's method.
///  x            q x p, any q, any strides; read only.
///  coordinates  q x K.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is one of affinities), LAPWING_ERR_NON_FINITE (x holds NaN or an infinity),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error coordinates
/// is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_transform_f64(
    model: *const lapwing_spectral_clustering,
    x: lapwing_mat_f64,
    coordinates: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform::<f64>(model, x.into(), coordinates.into()) })
}

/// As lapwing_spectral_clustering_transform_f64, of data in single precision; coordinates are in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_transform_f32(
    model: *const lapwing_spectral_clustering,
    x: lapwing_mat_f32,
    coordinates: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { transform::<f32>(model, x.into(), coordinates.into()) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn transform<T: Scalar>(
    pointer: *const lapwing_spectral_clustering,
    x: Unchecked<T>,
    coordinates: Unchecked<f64>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let clusters = match model {
        Clustering::Landmarks(model) => model.embedding().ncols(),
        Clustering::Nystrom(model) => model.embedding().ncols(),
        Clustering::Affinities(_) => return Err(model.lacks(BY_LANDMARKS)),
    };
    let (x, coordinates) = (x.input("x")?, coordinates.output("coordinates")?);
    let columns = (clusters, "the model's clusters");
    coordinates.require_shape(&[(x.shape()[0], "the rows of x"), columns])?;
    require_disjoint(&[x.region()], &[coordinates.region()])?;
    // SAFETY: this function's own condition; the two were just found to lie apart.
    let x = unsafe { x.view() };
    let found = match model {
        Clustering::Landmarks(model) => model.transform(&x)?,
        Clustering::Nystrom(model) => model.transform(&x)?,
        Clustering::Affinities(_) => return Err(model.lacks(BY_LANDMARKS)),
    };
    // SAFETY: as above.
    unsafe { coordinates.write(&found) };
    Ok(())
}

/// m, how many landmarks are the nearest of some sample: at most as many as were asked for.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one by landmarks), LAPWING_ERR_NULL when an argument is. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_n_landmarks(
    model: *const lapwing_spectral_clustering,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| Ok(model.of_landmarks()?.landmarks().nrows() as i64))
    })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is one of affinities), LAPWING_ERR_NULL when an argument is. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_n_features(
    model: *const lapwing_spectral_clustering,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::read(model, "value", value, |model| match model {
            Clustering::Landmarks(model) => Ok(model.n_features() as i64),
            Clustering::Nystrom(model) => Ok(model.n_features() as i64),
            Clustering::Affinities(_) => Err(model.lacks(BY_LANDMARKS)),
        })
    })
}

/// The bandwidth h of the weights exp(-d^2 / (2 h^2)): the one that was given, or the root mean square distance of the samples to
/// their landmarks; 0 when each lies on its own.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one by landmarks), LAPWING_ERR_NULL when an argument is. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_bandwidth(
    model: *const lapwing_spectral_clustering,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::read(model, "value", value, |model| Ok(model.of_landmarks()?.bandwidth())) })
}

/// The landmarks in rows.
///
///  model      a clustering by landmarks.
///  landmarks  m x p, for the m of lapwing_spectral_clustering_n_landmarks.
///
/// Returns LAPWING_ERR_ARGUMENT (the model is not one by landmarks), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (entries of landmarks share
/// an address), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any error landmarks is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_clustering_landmarks(
    model: *const lapwing_spectral_clustering,
    landmarks: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        let found = self::model(model)?.of_landmarks()?.landmarks();
        let out = Unchecked::from(landmarks).output("landmarks")?;
        out.require_shape(&[
            (found.nrows(), "the model's landmarks"),
            (found.ncols(), "the model's features"),
        ])?;
        out.write(&found);
        Ok(())
    })
}
