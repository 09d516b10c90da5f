//! What can be read from a k-means clustering, and what it says of new rows.

use lapwing_lapack::Scalar;
use lapwing_ml::{KMeans, KMeansAlgorithm};

use super::{
    LAPWING_K_MEANS_AUTO, LAPWING_K_MEANS_HAMERLY, LAPWING_K_MEANS_LLOYD, LAPWING_K_MEANS_MINI_BATCH,
    lapwing_k_means_f32, lapwing_k_means_f64, weighted,
};
use crate::guard::{guard, require_pointer};
use crate::models::{self, Model, map_data, model, read};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64,
};

/// The centres in rows, k x p. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_cluster_centers_f64(
    model: *const lapwing_k_means_f64,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.cluster_centers().into()) })
}

/// As lapwing_k_means_cluster_centers_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_cluster_centers_f32(
    model: *const lapwing_k_means_f32,
    view: *mut lapwing_mat_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.cluster_centers().into()) })
}

/// The cluster of each sample that the model was fitted on, from 0 to k - 1.
///
///  model   the model.
///  labels  room for n labels, for the n of lapwing_k_means_n_samples_f64.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_labels_f64(
    model: *const lapwing_k_means_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { labels_of_samples(model, labels) })
}

/// As lapwing_k_means_labels_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_labels_f32(
    model: *const lapwing_k_means_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { labels_of_samples(model, labels) })
}

/// # Safety
/// As [`model`] and [`Numbers::write`] require.
unsafe fn labels_of_samples<T: Scalar, M: Model<Fitted = KMeans<T>>>(
    pointer: *const M,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let found = unsafe { model(pointer) }?.labels();
    let place = Numbers::needed("labels", labels, found.len())?;
    // SAFETY: this function's own condition.
    unsafe { place.write(found.iter().map(|&label| label as i64)) };
    Ok(())
}

/// The cluster of each row of x: that of the nearest centre, the lowest on a tie.
///
///  model   the model.
///  x       n x p, any n, any strides; read only.
///  labels  room for n labels.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error labels is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_predict_f64(
    model: *const lapwing_k_means_f64,
    x: lapwing_mat_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict(model, x.into(), labels) })
}

/// As lapwing_k_means_predict_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_predict_f32(
    model: *const lapwing_k_means_f32,
    x: lapwing_mat_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { predict(model, x.into(), labels) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Numbers::write`] require.
unsafe fn predict<T: Scalar, M: Model<Fitted = KMeans<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let x = x.input("x")?;
    let place = Numbers::needed("labels", labels, x.shape()[0])?;
    // SAFETY: this function's own condition.
    let found = model.predict(&unsafe { x.view() })?;
    // SAFETY: this function's own condition.
    unsafe { place.write(found.into_iter().map(|label| label as i64)) };
    Ok(())
}

/// The distance of each row of x from each centre.
///
///  model      the model.
///  x          n x p, any n, any strides; read only.
///  distances  n x k.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error distances is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_transform_f64(
    model: *const lapwing_k_means_f64,
    x: lapwing_mat_f64,
    distances: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        let columns = |model: &KMeans<_>| (model.n_clusters(), "the model's clusters");
        map_data(model, x.into(), ("distances", distances.into()), columns, |model, x| model.transform(x))
    })
}

/// As lapwing_k_means_transform_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_transform_f32(
    model: *const lapwing_k_means_f32,
    x: lapwing_mat_f32,
    distances: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        let columns = |model: &KMeans<_>| (model.n_clusters(), "the model's clusters");
        map_data(model, x.into(), ("distances", distances.into()), columns, |model, x| model.transform(x))
    })
}

/// Minus the sum of the squared distances of the rows of x from their nearest centres.
///
///  model    the model.
///  x        n x p, any n, any strides; read only.
///  weights  n entries, none negative; or NULL data, and every row counts once.
///  value    receives the score.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (a weight that is negative or not finite,
/// or all are zero), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_score_f64(
    model: *const lapwing_k_means_f64,
    x: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the views.
    guard(|| unsafe { score(model, x.into(), weights.into(), value) })
}

/// As lapwing_k_means_score_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_score_f32(
    model: *const lapwing_k_means_f32,
    x: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the views.
    guard(|| unsafe { score(model, x.into(), weights.into(), value) })
}

/// # Safety
/// As [`model`] and [`weighted`] require; `value` is NULL or writable.
unsafe fn score<T: Scalar, M: Model<Fitted = KMeans<T>>>(
    pointer: *const M,
    x: Unchecked<T>,
    weights: Unchecked<T>,
    value: *mut f64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    require_pointer("value", value)?;
    // SAFETY: this function's own condition.
    let found = unsafe {
        weighted(x, weights, |x, weights| match weights {
            None => model.score(x),
            Some(weights) => model.score_weighted(x, weights),
        })
    }?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(found) };
    Ok(())
}

/// The sum of the squared distances of the samples from their centres, times their weights.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_inertia_f64(
    model: *const lapwing_k_means_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.inertia()) })
}

/// As lapwing_k_means_inertia_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_inertia_f32(
    model: *const lapwing_k_means_f32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.inertia()) })
}

/// The inertia of the centres that each iteration started from, which never increases but by rounding. The view lasts until the
/// model is freed.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (another algorithm than LAPWING_K_MEANS_LLOYD ran, and spared most of the distances),
/// LAPWING_ERR_NULL. On any error view is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_inertia_history_f64(
    model: *const lapwing_k_means_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, "view", view, |model| Ok(model.inertia_history()?.into())) })
}

/// As lapwing_k_means_inertia_history_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_inertia_history_f32(
    model: *const lapwing_k_means_f32,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, "view", view, |model| Ok(model.inertia_history()?.into())) })
}

/// How many iterations the best start took; of random batches, how many times over they make up the data, rounded up.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_iterations_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_iterations() as i64) })
}

/// As lapwing_k_means_n_iterations_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_iterations_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_iterations() as i64) })
}

/// 1 when the centres had come to rest within the iterations allowed, otherwise 0: more may lower the inertia.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_converged_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| i32::from(model.converged())) })
}

/// As lapwing_k_means_converged_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_converged_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| i32::from(model.converged())) })
}

/// What ran, LAPWING_K_MEANS_LLOYD, _HAMERLY or _MINI_BATCH.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_algorithm_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.algorithm())) })
}

/// As lapwing_k_means_algorithm_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_algorithm_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.algorithm())) })
}

fn constant_of(algorithm: KMeansAlgorithm) -> i32 {
    match algorithm {
        KMeansAlgorithm::Auto => LAPWING_K_MEANS_AUTO,
        KMeansAlgorithm::Lloyd => LAPWING_K_MEANS_LLOYD,
        KMeansAlgorithm::Hamerly => LAPWING_K_MEANS_HAMERLY,
        KMeansAlgorithm::MiniBatch => LAPWING_K_MEANS_MINI_BATCH,
    }
}

/// k, the number of centres.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_clusters_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_clusters() as i64) })
}

/// As lapwing_k_means_n_clusters_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_clusters_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_clusters() as i64) })
}

/// How many clusters hold a sample: fewer than k when there were fewer distinct samples.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_distinct_clusters_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_distinct_clusters() as i64) })
}

/// As lapwing_k_means_n_distinct_clusters_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_distinct_clusters_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_distinct_clusters() as i64) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_features_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_k_means_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_features_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// n, the number of samples that the model was fitted on.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_samples_f64(
    model: *const lapwing_k_means_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.labels().len() as i64) })
}

/// As lapwing_k_means_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_n_samples_f32(
    model: *const lapwing_k_means_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.labels().len() as i64) })
}
