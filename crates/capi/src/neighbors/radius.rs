//! The samples within a radius, of which each query has another number.

use lapwing_lapack::Scalar;
use lapwing_ml::neighbors::RadiusNeighbors;
use ndarray::ArrayView1;

use super::lapwing_nearest_neighbors;
use crate::guard::guard;
use crate::models::{self, Model, free, hand_out, model, models};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f64};

/// The samples within a radius of each of m queries, one query after the other: the neighbours of query i are those from
/// offset i up to but not including offset i + 1, by distance, at equal distances by index. Handed out, because nobody knows
/// beforehand how many there are. Immutable: one result may be used from several threads at once.
pub struct lapwing_radius_neighbors(RadiusNeighbors);

models!("neighbors": lapwing_radius_neighbors(RadiusNeighbors));

/// The samples within a radius of each row of queries, those at the radius too.
///
///  model    the model.
///  queries  m x p, any m, any strides; read only.
///  radius   at least 0; an infinity takes all samples.
///  out      receives the result, to be freed by lapwing_radius_neighbors_free.
///
/// Returns LAPWING_ERR_NON_FINITE (queries holds NaN or an infinity), LAPWING_ERR_ARGUMENT (radius), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW (a distance). On any error *out is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_within_radius_f64(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f64,
    radius: f64,
    out: *mut *mut lapwing_radius_neighbors,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { within_radius::<f64>(model, queries.into(), radius, out) })
}

/// As lapwing_nearest_neighbors_within_radius_f64, of queries in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_within_radius_f32(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f32,
    radius: f64,
    out: *mut *mut lapwing_radius_neighbors,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe { within_radius::<f32>(model, queries.into(), radius, out) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`hand_out`] require.
unsafe fn within_radius<T: Scalar>(
    pointer: *const lapwing_nearest_neighbors,
    queries: Unchecked<T>,
    radius: f64,
    out: *mut *mut lapwing_radius_neighbors,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe {
        let model = model(pointer)?;
        hand_out(out, || Ok(model.within_radius(&queries.input("queries")?.view(), radius)?))
    }
}

/// The other samples within a radius of each sample, those at the radius too.
///
///  model   the model.
///  radius  at least 0; an infinity takes all samples.
///  out     receives the result, to be freed by lapwing_radius_neighbors_free.
///
/// Returns LAPWING_ERR_ARGUMENT (radius), LAPWING_ERR_NULL, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW (a distance). On any
/// error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_within_radius_of_samples(
    model: *const lapwing_nearest_neighbors,
    radius: f64,
    out: *mut *mut lapwing_radius_neighbors,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        let model = self::model(model)?;
        hand_out(out, || Ok(model.within_radius_of_samples(radius)?))
    })
}

/// m, the number of queries.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_radius_neighbors_n_queries(
    neighbors: *const lapwing_radius_neighbors,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the result and the pointer.
    guard(|| unsafe { models::value(neighbors, value, |neighbors| neighbors.len() as i64) })
}

/// How many neighbours all queries have together: the last offset.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_radius_neighbors_n_neighbors(
    neighbors: *const lapwing_radius_neighbors,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the result and the pointer.
    guard(|| unsafe { models::value(neighbors, value, |neighbors| neighbors.indices.len() as i64) })
}

/// Where the neighbours of each query begin, and where those of the last one end.
///
///  neighbors  the result, of m queries.
///  offsets    room for m + 1 numbers, from 0 up.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_radius_neighbors_offsets(
    neighbors: *const lapwing_radius_neighbors,
    offsets: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the result and for the memory behind the pointer.
    guard(|| unsafe { numbers(neighbors, ("offsets", offsets), |neighbors| &neighbors.offsets) })
}

/// Which samples the neighbours are, counted from 0.
///
///  neighbors  the result.
///  indices    room for as many numbers as lapwing_radius_neighbors_n_neighbors says.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_radius_neighbors_indices(
    neighbors: *const lapwing_radius_neighbors,
    indices: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the result and for the memory behind the pointer.
    guard(|| unsafe { numbers(neighbors, ("indices", indices), |neighbors| &neighbors.indices) })
}

/// # Safety
/// As [`model`] and [`Numbers::write`] require.
unsafe fn numbers<M: Model>(
    pointer: *const M,
    (name, out): (&str, *mut i64),
    read: impl FnOnce(&M::Fitted) -> &[usize],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let found = read(unsafe { model(pointer) }?);
    let place = Numbers::needed(name, out, found.len())?;
    // SAFETY: this function's own condition.
    unsafe { place.write(found.iter().map(|&number| number as i64)) };
    Ok(())
}

/// How far the neighbours are, one for each. The view lasts until the result is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_radius_neighbors_distances(
    neighbors: *const lapwing_radius_neighbors,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the result and the pointer.
    guard(|| unsafe {
        models::view(neighbors, view, |neighbors| ArrayView1::from(&neighbors.distances).into())
    })
}

/// Frees a result; every view of it ends. NULL is allowed. Not to be called while another thread uses the result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_radius_neighbors_free(neighbors: *mut lapwing_radius_neighbors) {
    // SAFETY: the caller vouches that the result was not freed before.
    unsafe { free(neighbors) }
}
