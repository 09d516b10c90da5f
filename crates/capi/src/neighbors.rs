//! Nearest neighbours, as tables and as graphs.

mod graphs;
mod radius;

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::Error as MlError;
use lapwing_ml::neighbors::{NearestNeighbors, NeighborAlgorithm, Neighbors};
use ndarray::{ArrayBase, Data, Ix2};

pub use self::graphs::*;
pub use self::radius::*;
use crate::eigenproblems::{output_of, write};
use crate::guard::guard;
use crate::models::{self, free, hand_out, model, models};
use crate::numbers::{Numbers, constant, require_zero};
use crate::options::{self, Options};
use crate::spectral::{double, widened};
use crate::status::{Failure, lapwing_status};
use crate::strided::require_disjoint;
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f64};

/// LAPWING_NEIGHBORS_KD_TREE for at most 15 features, otherwise LAPWING_NEIGHBORS_BRUTE.
pub const LAPWING_NEIGHBORS_AUTO: i32 = 0;
/// A tree of bounding boxes.
pub const LAPWING_NEIGHBORS_KD_TREE: i32 = 1;
/// All distances, by products of blocks.
pub const LAPWING_NEIGHBORS_BRUTE: i32 = 2;

/// The options of a search for neighbours. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_nearest_neighbors_options {
    /// sizeof(lapwing_nearest_neighbors_options), always.
    pub struct_size: usize,
    /// LAPWING_NEIGHBORS_AUTO, _KD_TREE or _BRUTE. Changes the time, not the answers.
    pub algorithm: i32,
    /// Left 0.
    pub reserved: i32,
    /// How many samples a leaf of the tree holds at most; 30 by default. Changes the time, not the answers.
    pub leaf_size: i64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_nearest_neighbors_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_nearest_neighbors_options>(),
        algorithm: LAPWING_NEIGHBORS_AUTO,
        reserved: 0,
        leaf_size: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_nearest_neighbors_options, leaf_size) + size_of::<i64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_nearest_neighbors_options)";
}

/// Samples, prepared for searches of the nearest ones, by Euclidean distance. Distances are in double precision, and rows of
/// either are searched for. Immutable: one model may be used from several threads at once.
pub struct lapwing_nearest_neighbors(Samples);

models!("model": lapwing_nearest_neighbors(Samples));

/// A model of C owns its samples, in double precision whatever they came in.
type Samples = NearestNeighbors<'static, f64>;

/// Prepares the rows of x for searches among them; they are copied. The semantics are those of scikit-learn's
/// NearestNeighbors, but that neighbours at equal distances always come by index, and that a sample's own neighbours never
/// hold itself, not even among its duplicates.
///
///  x        n x p, at least 1 x 1, any strides; read only.
///  options  NULL for the defaults.
///  out      receives the model, to be freed by lapwing_nearest_neighbors_free.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_fit_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_nearest_neighbors_options,
    out: *mut *mut lapwing_nearest_neighbors,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(|| double("x", x.into()), options, out) })
}

/// As lapwing_nearest_neighbors_fit_f64, of samples in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_fit_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_nearest_neighbors_options,
    out: *mut *mut lapwing_nearest_neighbors,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit(|| widened("x", x.into()), options, out) })
}

/// # Safety
/// `options` as [`options::read`] requires; `out` is NULL or writable.
unsafe fn fit<S: Data<Elem = f64>>(
    x: impl FnOnce() -> Result<ArrayBase<S, Ix2>, Failure>,
    options: *const lapwing_nearest_neighbors_options,
    out: *mut *mut lapwing_nearest_neighbors,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let options = unsafe { options::read(options) }?;
        require_zero("reserved", options.reserved, "0")?;
        let algorithms = [NeighborAlgorithm::Auto, NeighborAlgorithm::KdTree, NeighborAlgorithm::Brute];
        let requirement = "one of LAPWING_NEIGHBORS_AUTO (0) to LAPWING_NEIGHBORS_BRUTE (2)";
        let algorithm = constant("algorithm", options.algorithm, &algorithms, requirement)?;
        let mut params = NearestNeighbors::params().algorithm(algorithm);
        let leaf_size = count("leaf_size", options.leaf_size)?;
        if leaf_size != 0 {
            params = params.leaf_size(leaf_size);
        }
        Ok(params.fit(&x()?)?.into_owned())
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The k nearest samples of each row of queries: by distance, at equal distances by index.
///
///  model      the model.
///  queries    m x p, any m, any strides; read only.
///  k          from 1 to the number of samples.
///  indices    room for m * k sample numbers, counted from 0, the k of one query after those of the other; or NULL when not
///             wanted.
///  distances  m x k, in double precision; a view with NULL data when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (queries holds NaN or an infinity), LAPWING_ERR_ARGUMENT (k), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW (a distance). On
/// any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_k_neighbors_f64(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f64,
    k: i64,
    indices: *mut i64,
    distances: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the views.
    guard(|| unsafe { k_neighbors::<f64>(model, queries.into(), k, indices, distances.into()) })
}

/// As lapwing_nearest_neighbors_k_neighbors_f64, of queries in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_k_neighbors_f32(
    model: *const lapwing_nearest_neighbors,
    queries: lapwing_mat_f32,
    k: i64,
    indices: *mut i64,
    distances: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the views.
    guard(|| unsafe { k_neighbors::<f32>(model, queries.into(), k, indices, distances.into()) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`tables`] require.
unsafe fn k_neighbors<T: Scalar>(
    pointer: *const lapwing_nearest_neighbors,
    queries: Unchecked<T>,
    k: i64,
    indices: *mut i64,
    distances: Unchecked<f64>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let queries = queries.input("queries")?;
    if let Some(distances) = distances.optional_output("distances")? {
        require_disjoint(&[queries.region()], &[distances.region()])?;
    }
    let rows = (queries.shape()[0], "the rows of queries");
    // SAFETY: this function's own condition; the distances were just found to lie elsewhere.
    unsafe { tables(rows, k, indices, distances, |k| model.k_neighbors(&queries.view(), k)) }
}

/// The k nearest other samples of each sample: those that lapwing_nearest_neighbors_k_neighbors_f64 finds, but not the sample
/// itself.
///
///  model      the model, of n samples.
///  k          from 1 to n - 1.
///  indices    room for n * k sample numbers, counted from 0, the k of one sample after those of the other; or NULL when not
///             wanted.
///  distances  n x k; a view with NULL data when not wanted.
///
/// Returns LAPWING_ERR_ARGUMENT (k), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW (a distance). On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_k_neighbors_of_samples(
    model: *const lapwing_nearest_neighbors,
    k: i64,
    indices: *mut i64,
    distances: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointer and the memory behind the view.
    guard(|| unsafe {
        let model = self::model(model)?;
        let rows = (model.n_samples(), "the samples");
        tables(rows, k, indices, distances.into(), |k| model.k_neighbors_of_samples(k))
    })
}

/// Writes the indices and the distances of the k neighbours that `search` finds for each of some rows.
///
/// # Safety
/// `indices` is NULL or good for writing k numbers for each row; `distances` as
/// [`Strided::write`](crate::strided::Strided::write) requires.
unsafe fn tables(
    rows: (usize, &'static str),
    k: i64,
    indices: *mut i64,
    distances: Unchecked<f64>,
    search: impl FnOnce(usize) -> Result<Neighbors, MlError>,
) -> Result<(), Failure> {
    let k = count("k", k)?;
    let places = Numbers::optional("indices", indices, rows.0.saturating_mul(k))?;
    let distances = output_of(distances, "distances", &[rows, (k, "k")])?;
    let found = search(k)?;
    // SAFETY: this function's own condition.
    unsafe {
        places.write(found.indices.iter().map(|&index| index as i64));
        write(&distances, &found.distances);
    }
    Ok(())
}

/// n, the number of samples.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_n_samples(
    model: *const lapwing_nearest_neighbors,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_samples() as i64) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_n_features(
    model: *const lapwing_nearest_neighbors,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// How neighbours are searched for, LAPWING_NEIGHBORS_KD_TREE or LAPWING_NEIGHBORS_BRUTE.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_algorithm(
    model: *const lapwing_nearest_neighbors,
    value: *mut i32,
) -> lapwing_status {
    let constant_of = |model: &Samples| match model.algorithm() {
        NeighborAlgorithm::Auto => LAPWING_NEIGHBORS_AUTO,
        NeighborAlgorithm::KdTree => LAPWING_NEIGHBORS_KD_TREE,
        NeighborAlgorithm::Brute => LAPWING_NEIGHBORS_BRUTE,
    };
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, constant_of) })
}

/// Frees a model. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_nearest_neighbors_free(model: *mut lapwing_nearest_neighbors) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
