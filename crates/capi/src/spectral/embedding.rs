//! Laplacian eigenmaps as an opaque model.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::graph::{LaplacianKind, WeightMatrix};
use lapwing_ml::manifold::{FirstVector, SpectralEmbedding, SpectralEmbeddingParams};

use super::affinities::{self, Usual, double, single, sparse};
use super::options::{constant_of, eigen_solver, given};
use super::{LAPWING_AFFINITY_NEAREST_NEIGHBORS, LAPWING_EIGEN_SOLVER_AUTO, lapwing_affinity_options};
use crate::guard::guard;
use crate::models::{self, free, hand_out, models};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::sparse::{lapwing_csr_f32, lapwing_csr_f64};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f64};

/// The first eigenvector, which is constant, is not a coordinate.
pub const LAPWING_FIRST_VECTOR_DROPPED: i32 = 0;
/// It is the first coordinate.
pub const LAPWING_FIRST_VECTOR_KEPT: i32 = 1;

/// The Laplacian I - D^(-1/2) W D^(-1/2) of the affinities W with the row sums D.
pub const LAPWING_LAPLACIAN_SYMMETRIC: i32 = 0;
/// I - D^(-1) W, which gives the same embedding.
pub const LAPWING_LAPLACIAN_RANDOM_WALK: i32 = 1;
/// D - W.
pub const LAPWING_LAPLACIAN_UNNORMALIZED: i32 = 2;

/// The options of a spectral embedding. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_spectral_embedding_options {
    /// sizeof(lapwing_spectral_embedding_options), always.
    pub struct_size: usize,
    /// LAPWING_FIRST_VECTOR_DROPPED or LAPWING_FIRST_VECTOR_KEPT.
    pub first_vector: i32,
    /// LAPWING_LAPLACIAN_SYMMETRIC, _RANDOM_WALK or _UNNORMALIZED.
    pub laplacian: i32,
    /// LAPWING_EIGEN_SOLVER_AUTO, _DENSE, _LANCZOS, _SHIFT_INVERT or _LOBPCG.
    pub eigen_solver: i32,
    /// Left 0.
    pub reserved: i32,
    /// How many coordinates, 2 by default; fewer than there are samples when the first vector is dropped.
    pub n_components: i64,
    /// The tolerance of an iterative eigensolver, relative to the norm. By default the least that is attainable.
    pub eigen_tolerance: f64,
    /// The seed of the vector that an iteration starts from.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_spectral_embedding_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_spectral_embedding_options>(),
        first_vector: LAPWING_FIRST_VECTOR_DROPPED,
        laplacian: LAPWING_LAPLACIAN_SYMMETRIC,
        eigen_solver: LAPWING_EIGEN_SOLVER_AUTO,
        reserved: 0,
        n_components: 0,
        eigen_tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_spectral_embedding_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_spectral_embedding_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(
    options: *const lapwing_spectral_embedding_options,
) -> Result<SpectralEmbeddingParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    let vectors = [FirstVector::Dropped, FirstVector::Kept];
    let of_vectors = "LAPWING_FIRST_VECTOR_DROPPED (0) or LAPWING_FIRST_VECTOR_KEPT (1)";
    let kinds = [LaplacianKind::Symmetric, LaplacianKind::RandomWalk, LaplacianKind::Unnormalized];
    let of_kinds = "LAPWING_LAPLACIAN_SYMMETRIC (0), LAPWING_LAPLACIAN_RANDOM_WALK (1) or \
                    LAPWING_LAPLACIAN_UNNORMALIZED (2)";
    let params = SpectralEmbedding::params()
        .first_vector(constant("first_vector", options.first_vector, &vectors, of_vectors)?)
        .laplacian(constant("laplacian", options.laplacian, &kinds, of_kinds)?)
        .eigen_solver(eigen_solver(options.eigen_solver)?)
        .eigen_tolerance(options.eigen_tolerance)
        .seed(options.seed);
    Ok(match given("n_components", options.n_components)? {
        Some(components) => params.n_components(components),
        None => params,
    })
}

/// An embedding of n samples in k coordinates, in which samples of large affinity lie close together. For data of either precision;
/// what it holds is in double. Immutable: one model may be used from several threads at once.
pub struct lapwing_spectral_embedding(SpectralEmbedding);

models!("model": lapwing_spectral_embedding(SpectralEmbedding));

/// The embedding of the rows of x, with the semantics of scikit-learn's SpectralEmbedding. Where the affinities fall into connected
/// components, the first coordinates tell these apart.
///
///  x         n x p, at least 1 x 1, any strides; read only.
///  affinity  how alike samples are; NULL for the default, nearest neighbours, a tenth of n.
///  options   NULL for the defaults: 2 coordinates of the symmetric Laplacian, without the constant one.
///  out       receives the model, to be freed by lapwing_spectral_embedding_free.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, among them more coordinates than
/// there are eigenvectors; or an affinity is negative), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE,
/// LAPWING_ERR_BREAKDOWN, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched.
/// Thread-safe. LAPACK: dsyevr or dsyevd for up to 512 samples, an iteration beyond.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_fit_f64(
    x: lapwing_mat_f64,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f64>(x.into(), affinity, options, out) })
}

/// As lapwing_spectral_embedding_fit_f64, of data in single precision; affinities are computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_fit_f32(
    x: lapwing_mat_f32,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f32>(x.into(), affinity, options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, the options as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar>(
    x: Unchecked<T>,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options) }?;
        let x = x.input("x")?;
        let [samples, features] = x.shape();
        let usual = Usual {
            kind: LAPWING_AFFINITY_NEAREST_NEIGHBORS,
            gamma: Some(1.0 / features.max(1) as f64),
            neighbors: (samples / 10).max(1),
        };
        // SAFETY: this function's own condition.
        let params = params.affinity(unsafe { affinities::affinity(affinity, usual) }?);
        // SAFETY: this function's own condition.
        Ok(params.fit(&unsafe { x.view() })?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The embedding of n samples by the affinities between them.
///
///  affinity  n x n, at least 1 x 1, any strides: not negative, and symmetric but for rounding; read only. The diagonal does not
///            count.
///  options   NULL for the defaults: 2 coordinates of the symmetric Laplacian, without the constant one.
///  out       receives the model, to be freed by lapwing_spectral_embedding_free.
///
/// Returns LAPWING_ERR_NOT_SYMMETRIC (entries differ from their mirror images by more than 2 n unit roundoffs of the largest), and
/// what lapwing_spectral_embedding_fit_f64 does. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_fit_affinity_f64(
    affinity: lapwing_mat_f64,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| double("affinity", affinity.into()), options, out) })
}

/// As lapwing_spectral_embedding_fit_affinity_f64, of affinities in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_fit_affinity_f32(
    affinity: lapwing_mat_f32,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| single(affinity.into()), options, out) })
}

/// As lapwing_spectral_embedding_fit_affinity_f64, of affinities in compressed rows; those that are not stored are 0.
///
/// Returns LAPWING_ERR_ARGUMENT as well when the rows are not as lapwing_csr_f64 says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_fit_affinity_csr_f64(
    affinity: lapwing_csr_f64,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| sparse::<f64>(affinity.into()), options, out) })
}

/// As lapwing_spectral_embedding_fit_affinity_csr_f64, of affinities in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_fit_affinity_csr_f32(
    affinity: lapwing_csr_f32,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| sparse::<f32>(affinity.into()), options, out) })
}

/// # Safety
/// `options` as [`params`] requires; `out` is NULL or writable.
unsafe fn fit_affinity<W: WeightMatrix>(
    affinity: impl FnOnce() -> Result<W, Failure>,
    options: *const lapwing_spectral_embedding_options,
    out: *mut *mut lapwing_spectral_embedding,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, || Ok(params(options)?.fit_affinity(&affinity()?)?)) }
}

/// The coordinates, n x k: unit eigenvectors, divided by the roots of the row sums unless the Laplacian is the unnormalized one. The
/// largest entry in magnitude of each column is positive. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_embedding(
    model: *const lapwing_spectral_embedding,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.embedding().into()) })
}

/// The eigenvalues of the coordinates, ascending, k. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_eigenvalues(
    model: *const lapwing_spectral_embedding,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvalues().into()) })
}

/// The norms of L x - c x for each eigenvalue c and its unit eigenvector x, from products with the result, k. The view lasts until
/// the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_residual_norms(
    model: *const lapwing_spectral_embedding,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.residual_norms().into()) })
}

/// How many connected components the affinities have.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_component_count(
    model: *const lapwing_spectral_embedding,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.component_count() as i64) })
}

/// The eigensolver that ran, as lapwing_spectral_clustering_eigen_solver.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_eigen_solver(
    model: *const lapwing_spectral_embedding,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.solver())) })
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_spectral_embedding_free(model: *mut lapwing_spectral_embedding) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
