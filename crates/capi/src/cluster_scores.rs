//! How well clusters agree with classes, and how well the data itself tells them apart.

use lapwing_lapack::Scalar;
use lapwing_ml::Error;
use lapwing_ml::metrics::{
    ContingencyTable, EntropyAverage, calinski_harabasz_score, davies_bouldin_score, silhouette_samples,
    silhouette_score,
};
use ndarray::{ArrayRef2, Axis};

use crate::guard::{guard, require_pointer};
use crate::numbers::constant;
use crate::sparse::array;
use crate::status::{Failure, lapwing_status};
use crate::strided::require_disjoint;
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_mut_f64};

/// Mutual information is measured by the arithmetic mean of the two entropies.
pub const LAPWING_ENTROPY_ARITHMETIC: i32 = 0;
/// By the geometric mean.
pub const LAPWING_ENTROPY_GEOMETRIC: i32 = 1;
/// By the smaller entropy.
pub const LAPWING_ENTROPY_MINIMUM: i32 = 2;
/// By the larger entropy.
pub const LAPWING_ENTROPY_MAXIMUM: i32 = 3;

/// The share of the pairs of samples that both labellings put together, or both apart; 1 for a single sample.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_rand_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe { agreement([labels_true, labels_pred], n, value, |table| Ok(table.rand_score())) })
}

/// The Rand score less what chance gives, as a share of what it leaves (Hubert and Arabie 1985): 1 for the same partition, near 0
/// for independent ones, and negative below chance.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_adjusted_rand_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| Ok(table.adjusted_rand_score()))
    })
}

/// The geometric mean of precision and recall of the pairs of samples that are put together (Fowlkes and Mallows 1983).
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_fowlkes_mallows_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| Ok(table.fowlkes_mallows_score()))
    })
}

/// What one labelling tells of the other, in nats.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mutual_info_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| Ok(table.mutual_info_score()))
    })
}

/// The mutual information as a share of an average of the two entropies: 1 when both labellings have one label each, 0 when only one
/// of them does.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  average      LAPWING_ENTROPY_ARITHMETIC, _GEOMETRIC, _MINIMUM or _MAXIMUM.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative, or average), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_normalized_mutual_info_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    average: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| {
            Ok(table.normalized_mutual_info_score(entropy_average(average)?))
        })
    })
}

/// The mutual information less what it is by chance, as a share of what that leaves (Vinh, Epps and Bailey 2010): 1 for the same
/// partition, near 0 for independent ones, and 0 where chance leaves nothing.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  average      LAPWING_ENTROPY_ARITHMETIC, _GEOMETRIC, _MINIMUM or _MAXIMUM.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative, or average), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_adjusted_mutual_info_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    average: i32,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| {
            Ok(table.adjusted_mutual_info_score(entropy_average(average)?))
        })
    })
}

/// How much of the class is known from the cluster: 1 when each cluster holds samples of one class only.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_homogeneity_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| Ok(table.homogeneity_score()))
    })
}

/// How much of the cluster is known from the class: 1 when each class lies within one cluster.
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_completeness_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| Ok(table.completeness_score()))
    })
}

/// The harmonic mean of homogeneity and completeness, with beta times as much weight on completeness (Rosenberg and Hirschberg
/// 2007).
///
///  labels_true  n labels, at least one, any numbers; read only.
///  labels_pred  n labels, any numbers; read only.
///  n            how many there are of each.
///  beta         not negative; 1 is usual, and 0 leaves homogeneity.
///  value        receives the score.
///
/// Returns LAPWING_ERR_SHAPE (there are no labels), LAPWING_ERR_ARGUMENT (n is negative, or beta), LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_v_measure_score(
    labels_true: *const i64,
    labels_pred: *const i64,
    n: i64,
    beta: f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the pointers.
    guard(|| unsafe {
        agreement([labels_true, labels_pred], n, value, |table| Ok(table.v_measure_score(beta)?))
    })
}

/// Gives the caller the score that `score` reads from the counts of the labels.
///
/// # Safety
/// The labels as [`array`] requires of `n`; `value` is NULL or writable.
unsafe fn agreement(
    [labels_true, labels_pred]: [*const i64; 2],
    n: i64,
    value: *mut f64,
    score: impl FnOnce(&ContingencyTable) -> Result<f64, Failure>,
) -> Result<(), Failure> {
    require_pointer("value", value)?;
    let n = count("n", n)?;
    // SAFETY: this function's own condition.
    let (classes, clusters) =
        unsafe { (array("labels_true", labels_true, n)?, array("labels_pred", labels_pred, n)?) };
    let found = score(&ContingencyTable::new(classes, clusters)?)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(found) };
    Ok(())
}

fn entropy_average(average: i32) -> Result<EntropyAverage, Failure> {
    let averages = [
        EntropyAverage::Arithmetic,
        EntropyAverage::Geometric,
        EntropyAverage::Minimum,
        EntropyAverage::Maximum,
    ];
    let requirement = "one of LAPWING_ENTROPY_ARITHMETIC (0) to LAPWING_ENTROPY_MAXIMUM (3)";
    constant("average", average, &averages, requirement)
}

/// The silhouette of each row of x by its label: (b - a) / max(a, b) for the mean distance a to the others of its cluster, and b to
/// those of the nearest other one; 0 for a cluster of a single row (Rousseeuw 1987).
///
///  x            n x p, any strides; read only.
///  labels       n labels, any numbers, at least 2 different ones and fewer than n; read only.
///  silhouettes  n entries.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (how many different labels there are),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error
/// silhouettes is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_silhouette_samples_f64(
    x: lapwing_mat_f64,
    labels: *const i64,
    silhouettes: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and for the memory behind the views.
    guard(|| unsafe { silhouettes_of(x.into(), labels, silhouettes.into()) })
}

/// As lapwing_silhouette_samples_f64, of data in single precision; silhouettes are computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_silhouette_samples_f32(
    x: lapwing_mat_f32,
    labels: *const i64,
    silhouettes: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and for the memory behind the views.
    guard(|| unsafe { silhouettes_of(x.into(), labels, silhouettes.into()) })
}

/// # Safety
/// The views as [`Strided::view`](crate::strided::Strided::view) and its `write` require, `labels` as [`array`].
unsafe fn silhouettes_of<T: Scalar>(
    x: Unchecked<T>,
    labels: *const i64,
    silhouettes: Unchecked<f64>,
) -> Result<(), Failure> {
    let (x, out) = (x.input("x")?, silhouettes.output("silhouettes")?);
    let n = x.shape()[0];
    out.require_shape(&[(n, "the rows of x"), (1, "a vector")])?;
    require_disjoint(&[x.region()], &[out.region()])?;
    // SAFETY: this function's own condition.
    let (x, labels) = unsafe { (x.view(), array("labels", labels, n)?) };
    let found = silhouette_samples(&x, labels)?.insert_axis(Axis(1));
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    unsafe { out.write(&found) };
    Ok(())
}

/// The mean of the silhouettes: 1 for compact clusters far apart, near 0 for overlapping ones, negative where rows lie nearer to
/// another cluster than their own.
///
///  x       n x p, any strides; read only.
///  labels  n labels, any numbers, at least 2 different ones and fewer than n; read only.
///  value   receives the score.
///
/// Returns what lapwing_silhouette_samples_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_silhouette_score_f64(
    x: lapwing_mat_f64,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointers and for the memory behind the view.
    guard(|| unsafe { separation(x.into(), labels, value, silhouette_score) })
}

/// As lapwing_silhouette_score_f64, of data in single precision; the score is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_silhouette_score_f32(
    x: lapwing_mat_f32,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointers and for the memory behind the view.
    guard(|| unsafe { separation(x.into(), labels, value, silhouette_score) })
}

/// The mean, over the clusters, of the largest ratio of their scatter, with that of another cluster, to the distance of the centres
/// (Davies and Bouldin 1979): 0 is best.
///
///  x       n x p, any strides; read only.
///  labels  n labels, any numbers, at least 2 different ones and fewer than n; read only.
///  value   receives the score.
///
/// Returns what lapwing_silhouette_samples_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_davies_bouldin_score_f64(
    x: lapwing_mat_f64,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointers and for the memory behind the view.
    guard(|| unsafe { separation(x.into(), labels, value, davies_bouldin_score) })
}

/// As lapwing_davies_bouldin_score_f64, of data in single precision; the score is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_davies_bouldin_score_f32(
    x: lapwing_mat_f32,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointers and for the memory behind the view.
    guard(|| unsafe { separation(x.into(), labels, value, davies_bouldin_score) })
}

/// The ratio of the variance between the clusters to that within them, each by its degrees of freedom (Calinski and Harabasz 1974):
/// the larger the better, and 1 where nothing varies within clusters, as in scikit-learn.
///
///  x       n x p, any strides; read only.
///  labels  n labels, any numbers, at least 2 different ones and fewer than n; read only.
///  value   receives the score.
///
/// Returns what lapwing_silhouette_samples_f64 does. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_calinski_harabasz_score_f64(
    x: lapwing_mat_f64,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointers and for the memory behind the view.
    guard(|| unsafe { separation(x.into(), labels, value, calinski_harabasz_score) })
}

/// As lapwing_calinski_harabasz_score_f64, of data in single precision; the score is computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_calinski_harabasz_score_f32(
    x: lapwing_mat_f32,
    labels: *const i64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointers and for the memory behind the view.
    guard(|| unsafe { separation(x.into(), labels, value, calinski_harabasz_score) })
}

/// Gives the caller the score that `score` makes of data and labels.
///
/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, `labels` as [`array`]; `value` is NULL or writable.
unsafe fn separation<T: Scalar>(
    x: Unchecked<T>,
    labels: *const i64,
    value: *mut f64,
    score: impl FnOnce(&ArrayRef2<T>, &[i64]) -> Result<f64, Error>,
) -> Result<(), Failure> {
    require_pointer("value", value)?;
    let x = x.input("x")?;
    // SAFETY: this function's own condition.
    let (labels, x) = unsafe { (array("labels", labels, x.shape()[0])?, x.view()) };
    let found = score(&x, labels)?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(found) };
    Ok(())
}
