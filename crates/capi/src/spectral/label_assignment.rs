//! From eigenvalues to a number of clusters, and from eigenvectors to the clusters.

use lapwing_lapack::{Error, Scalar, require_finite};
use lapwing_ml::Error as MlError;
use lapwing_ml::cluster::{cluster_qr, discretize, eigengap};
use ndarray::{Array1, ArrayBase, ArrayView2, Data, Ix2};

use super::affinities::{double, widened};
use crate::arguments::{column, vector};
use crate::guard::{guard, require_pointer};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64};

/// The number of eigenvalues below the largest gap between two, the first of them on a tie: the number of clusters that the spectrum
/// of a Laplacian suggests. Exact for clusters without affinity to each other, and a heuristic otherwise.
///
///  eigenvalues  ascending, the smallest of them; read only.
///  value        receives the number; 1 when there are fewer than two eigenvalues.
///
/// Returns LAPWING_ERR_NON_FINITE (eigenvalues holds NaN or an infinity), LAPWING_ERR_ARGUMENT (they do not ascend),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigengap_f64(
    eigenvalues: lapwing_vec_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and the memory behind the view.
    guard(|| unsafe { gap::<f64>(eigenvalues.into(), value) })
}

/// As lapwing_eigengap_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_eigengap_f32(
    eigenvalues: lapwing_vec_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and the memory behind the view.
    guard(|| unsafe { gap::<f32>(eigenvalues.into(), value) })
}

/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires; `value` is NULL or writable.
unsafe fn gap<T: Scalar>(eigenvalues: Unchecked<T>, value: *mut i64) -> Result<(), Failure> {
    let eigenvalues = eigenvalues.input("eigenvalues")?;
    require_pointer("value", value)?;
    // SAFETY: this function's own condition.
    let found = unsafe { vector(&eigenvalues) };
    require_finite("eigenvalues", &column(&found))?;
    if let Some(i) = (1..found.len()).find(|&i| found[i] < found[i - 1]) {
        let (value, before) = (format!("{} at {i}", found[i]), found[i - 1]);
        let requirement = format!("at least {before}, the one before; sort them");
        return Err(Error::InvalidParameter { parameter: "eigenvalues", value, requirement }.into());
    }
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { value.write(eigengap(&found.mapv(T::as_f64)) as i64) };
    Ok(())
}

/// The clusters of n samples from the eigenvectors of their affinities, by a QR factorization with column pivoting (Damle, Minden and
/// Ying 2019): the samples that are picked as pivots are one of each cluster. Nothing is random.
///
///  vectors  n x K, n at least K, any strides: one eigenvector for each cluster; read only.
///  labels   room for n labels, from 0 to K - 1.
///
/// Returns LAPWING_ERR_NON_FINITE (vectors holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error labels is untouched. Thread-safe. LAPACK:
/// dgeqp3, dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cluster_qr_f64(
    vectors: lapwing_mat_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and the memory behind the view.
    guard(|| unsafe { assign(double("vectors", vectors.into())?, labels, |vectors| cluster_qr(vectors)) })
}

/// As lapwing_cluster_qr_f64, of vectors in single precision; computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_cluster_qr_f32(
    vectors: lapwing_mat_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and the memory behind the view.
    guard(|| unsafe { assign(widened("vectors", vectors.into())?, labels, |vectors| cluster_qr(vectors)) })
}

/// As lapwing_cluster_qr_f64, by the rotation of the eigenvectors that comes closest to a partition (Yu and Shi 2003), from several
/// random starts.
///
///  vectors  n x K, n at least K, any strides: one eigenvector for each cluster; read only.
///  seed     the seed of the starts.
///  labels   room for n labels, from 0 to K - 1.
///
/// Returns what lapwing_cluster_qr_f64 does. On any error labels is untouched. Thread-safe. LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discretize_f64(
    vectors: lapwing_mat_f64,
    seed: u64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and the memory behind the view.
    guard(|| unsafe {
        assign(double("vectors", vectors.into())?, labels, |vectors| discretize(vectors, seed))
    })
}

/// As lapwing_discretize_f64, of vectors in single precision; computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discretize_f32(
    vectors: lapwing_mat_f32,
    seed: u64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the pointer and the memory behind the view.
    guard(|| unsafe {
        assign(widened("vectors", vectors.into())?, labels, |vectors| discretize(vectors, seed))
    })
}

/// # Safety
/// As [`Numbers::write`] requires.
unsafe fn assign<S: Data<Elem = f64>>(
    vectors: ArrayBase<S, Ix2>,
    labels: *mut i64,
    work: impl FnOnce(&ArrayView2<'_, f64>) -> Result<Array1<usize>, MlError>,
) -> Result<(), Failure> {
    let place = Numbers::needed("labels", labels, vectors.nrows())?;
    let found = work(&vectors.view())?;
    // SAFETY: this function's own condition.
    unsafe { place.write(found.into_iter().map(|label| label as i64)) };
    Ok(())
}
