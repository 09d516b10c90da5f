//! Diffusion maps as an opaque model.

use std::mem::offset_of;

use lapwing_lapack::{Error, Scalar};
use lapwing_ml::manifold::{DiffusionMaps, DiffusionMapsParams};
use ndarray::{ArrayBase, Data, Ix2};

use super::affinities::{self, Usual, double, single};
use super::options::{constant_of, eigen_solver, given};
use super::{LAPWING_AFFINITY_RBF, LAPWING_EIGEN_SOLVER_AUTO, lapwing_affinity_options};
use crate::guard::guard;
use crate::models::{self, free, hand_out, models};
use crate::numbers::constant;
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f64};

/// The density of the samples is taken out as far as alpha says.
pub const LAPWING_DENSITY_TAKEN_OUT: i32 = 0;
/// It counts in full: alpha is 0.
pub const LAPWING_DENSITY_KEPT: i32 = 1;

/// The options of diffusion maps. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_diffusion_maps_options {
    /// sizeof(lapwing_diffusion_maps_options), always.
    pub struct_size: usize,
    /// LAPWING_DENSITY_TAKEN_OUT or LAPWING_DENSITY_KEPT.
    pub density: i32,
    /// LAPWING_EIGEN_SOLVER_AUTO, _DENSE, _LANCZOS or _LOBPCG.
    pub eigen_solver: i32,
    /// How many coordinates, fewer than there are samples; 2 by default.
    pub n_components: i64,
    /// How many steps the walk makes; 1 by default.
    pub time: i64,
    /// How much of the density of the samples is taken out, up to 1, the default, which leaves the geometry alone.
    pub alpha: f64,
    /// The tolerance of an iterative eigensolver. By default the least that is attainable.
    pub eigen_tolerance: f64,
    /// The seed of the vector that an iteration starts from.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_diffusion_maps_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_diffusion_maps_options>(),
        density: LAPWING_DENSITY_TAKEN_OUT,
        eigen_solver: LAPWING_EIGEN_SOLVER_AUTO,
        n_components: 0,
        time: 0,
        alpha: 0.0,
        eigen_tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_diffusion_maps_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_diffusion_maps_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
unsafe fn params(options: *const lapwing_diffusion_maps_options) -> Result<DiffusionMapsParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let invalid = |parameter, value: String, requirement: &str| -> Failure {
        let requirement = requirement.to_owned();
        Error::InvalidParameter { parameter, value, requirement }.into()
    };
    let requirement = "LAPWING_DENSITY_TAKEN_OUT (0) or LAPWING_DENSITY_KEPT (1)";
    let kept = constant("density", options.density, &[false, true], requirement)?;
    let alpha = match (kept, options.alpha) {
        (true, 0.0) => 0.0,
        (true, other) => return Err(invalid("alpha", other.to_string(), "0 with LAPWING_DENSITY_KEPT")),
        (false, 0.0) => 1.0,
        (false, given) => given,
    };
    let time = u32::try_from(options.time).map_err(|_| {
        invalid("time", options.time.to_string(), "at least 1 and within 32 bits, or 0 for 1")
    })?;
    let params = DiffusionMaps::params()
        .alpha(alpha)
        .time(time.max(1))
        .eigen_solver(eigen_solver(options.eigen_solver)?)
        .eigen_tolerance(options.eigen_tolerance)
        .seed(options.seed);
    Ok(match given("n_components", options.n_components)? {
        Some(components) => params.n_components(components),
        None => params,
    })
}

/// The diffusion coordinates of n samples, in which the distance is that between the distributions of two random walks after some
/// steps. For data of either precision; what it holds is in double. Immutable: one model may be used from several threads at once.
pub struct lapwing_diffusion_maps(DiffusionMaps);

models!("model": lapwing_diffusion_maps(DiffusionMaps));

/// The diffusion coordinates of the rows of x (Coifman and Lafon 2006).
///
///  x         n x p, n at least 2, any strides; read only.
///  affinity  how alike samples are, one that is not sparse; NULL for the default, the Gaussian with the median heuristic.
///  options   NULL for the defaults: 2 coordinates after 1 step, with alpha = 1.
///  out       receives the model, to be freed by lapwing_diffusion_maps_free.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, among them more coordinates than
/// there are; or an affinity is negative), LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_BREAKDOWN,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe. LAPACK:
/// dsyevr or dsyevd for up to 512 samples, an iteration beyond.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_fit_f64(
    x: lapwing_mat_f64,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_diffusion_maps_options,
    out: *mut *mut lapwing_diffusion_maps,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f64>(x.into(), affinity, options, out) })
}

/// As lapwing_diffusion_maps_fit_f64, of data in single precision; affinities are computed in double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_fit_f32(
    x: lapwing_mat_f32,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_diffusion_maps_options,
    out: *mut *mut lapwing_diffusion_maps,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit::<f32>(x.into(), affinity, options, out) })
}

/// # Safety
/// `x` as [`Strided::view`](crate::strided::Strided::view) requires, the options as [`params`]; `out` is NULL or writable.
unsafe fn fit<T: Scalar>(
    x: Unchecked<T>,
    affinity: *const lapwing_affinity_options,
    options: *const lapwing_diffusion_maps_options,
    out: *mut *mut lapwing_diffusion_maps,
) -> Result<(), Failure> {
    let usual = Usual { kind: LAPWING_AFFINITY_RBF, gamma: None, neighbors: 10 };
    let work = || {
        // SAFETY: this function's own condition.
        let params = unsafe { params(options)?.affinity(affinities::affinity(affinity, usual)?) };
        let x = x.input("x")?;
        // SAFETY: this function's own condition.
        Ok(params.fit(&unsafe { x.view() })?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The diffusion coordinates of n samples from the affinities between them.
///
///  affinity  n x n, at least 2 x 2, any strides: not negative, and symmetric but for rounding; read only. The diagonal counts: a
///            walk may stay where it is.
///  options   NULL for the defaults: 2 coordinates after 1 step, with alpha = 1.
///  out       receives the model, to be freed by lapwing_diffusion_maps_free.
///
/// Returns LAPWING_ERR_NOT_SYMMETRIC (entries differ from their mirror images by more than 2 n unit roundoffs of the largest), and
/// what lapwing_diffusion_maps_fit_f64 does. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_fit_affinity_f64(
    affinity: lapwing_mat_f64,
    options: *const lapwing_diffusion_maps_options,
    out: *mut *mut lapwing_diffusion_maps,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| double("affinity", affinity.into()), options, out) })
}

/// As lapwing_diffusion_maps_fit_affinity_f64, of affinities in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_fit_affinity_f32(
    affinity: lapwing_mat_f32,
    options: *const lapwing_diffusion_maps_options,
    out: *mut *mut lapwing_diffusion_maps,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointers.
    guard(|| unsafe { fit_affinity(|| single(affinity.into()), options, out) })
}

/// # Safety
/// `options` as [`params`] requires; `out` is NULL or writable.
unsafe fn fit_affinity<S: Data<Elem = f64>>(
    affinity: impl FnOnce() -> Result<ArrayBase<S, Ix2>, Failure>,
    options: *const lapwing_diffusion_maps_options,
    out: *mut *mut lapwing_diffusion_maps,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, || Ok(params(options)?.fit_affinity(&affinity()?)?)) }
}

/// The coordinates, n x k: the eigenvectors, each times its eigenvalue to the power of the time. The view lasts until the model is
/// freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_embedding(
    model: *const lapwing_diffusion_maps,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.embedding().into()) })
}

/// The largest eigenvalues of the random walk after the first, which is 1; k, descending. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_eigenvalues(
    model: *const lapwing_diffusion_maps,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvalues().into()) })
}

/// The right eigenvectors of the random walk in columns, n x k, orthonormal in the stationary distribution: the coordinates at the
/// time 0. The largest entry in magnitude of each is positive. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_eigenvectors(
    model: *const lapwing_diffusion_maps,
    view: *mut lapwing_mat_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.eigenvectors().into()) })
}

/// The stationary distribution of the random walk, n numbers with the sum 1. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_stationary_distribution(
    model: *const lapwing_diffusion_maps,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.stationary_distribution().into()) })
}

/// The norms of L x - c x of the symmetric Laplacian L of the walk for each unit eigenvector, from products with the result, k. The
/// view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_residual_norms(
    model: *const lapwing_diffusion_maps,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::view(model, view, |model| model.residual_norms().into()) })
}

/// The eigensolver that ran, as lapwing_spectral_clustering_eigen_solver.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_eigen_solver(
    model: *const lapwing_diffusion_maps,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| constant_of(model.solver())) })
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_diffusion_maps_free(model: *mut lapwing_diffusion_maps) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
