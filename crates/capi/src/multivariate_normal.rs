//! The Gaussian distribution of several features, as an opaque model.

mod accessors;

use lapwing_lapack::Scalar;
use lapwing_ml::MultivariateNormal;

pub use self::accessors::*;
use crate::arguments::vector;
use crate::guard::{guard, require_pointer};
use crate::models::{self, Model, free, hand_out, measure, model, models, read};
use crate::sparse::array;
use crate::status::{Failure, lapwing_status};
use crate::structured::count;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// A Gaussian distribution with a mean (p) and a covariance (p x p) that has an inverse. Immutable: one model may be used from
/// several threads at once.
pub struct lapwing_multivariate_normal_f64(MultivariateNormal<f64>);

/// As lapwing_multivariate_normal_f64, of data in single precision; all is computed in double.
pub struct lapwing_multivariate_normal_f32(MultivariateNormal<f32>);

models!(
    "model": lapwing_multivariate_normal_f64(MultivariateNormal<f64>),
    lapwing_multivariate_normal_f32(MultivariateNormal<f32>)
);

/// Makes a Gaussian of its mean and its covariance.
///
///  mean        p entries, p at least 1, any stride; read only.
///  covariance  p x p, any strides, symmetric and positive definite; read only.
///  out         receives the model, to be freed by lapwing_multivariate_normal_free_f64.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance is, to working precision; the message names a feature),
/// LAPWING_ERR_NOT_POSITIVE_DEFINITE (it is no covariance), LAPWING_ERR_NOT_SYMMETRIC, LAPWING_ERR_NON_FINITE,
/// LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY. On any error *out is untouched.
/// Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_new_f64(
    mean: lapwing_vec_f64,
    covariance: lapwing_mat_f64,
    out: *mut *mut lapwing_multivariate_normal_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { new(mean.into(), covariance.into(), out) })
}

/// As lapwing_multivariate_normal_new_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_new_f32(
    mean: lapwing_vec_f32,
    covariance: lapwing_mat_f32,
    out: *mut *mut lapwing_multivariate_normal_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { new(mean.into(), covariance.into(), out) })
}

/// # Safety
/// The views as [`Strided::view`](crate::strided::Strided::view) requires; `out` is NULL or writable.
unsafe fn new<T: Scalar, M: Model<Fitted = MultivariateNormal<T>>>(
    mean: Unchecked<T>,
    covariance: Unchecked<T>,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        let (mean, covariance) = (mean.input("mean")?, covariance.input("covariance")?);
        // SAFETY: this function's own condition.
        Ok(unsafe { MultivariateNormal::new(&vector(&mean), &covariance.view()) }?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The logarithm of the density at each row of x.
///
///  model      the model.
///  x          n x p, any n, any strides; read only.
///  densities  n entries.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error densities is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_log_density_f64(
    model: *const lapwing_multivariate_normal_f64,
    x: lapwing_mat_f64,
    densities: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("densities", densities.into()), |model, x| model.log_density(x))
    })
}

/// As lapwing_multivariate_normal_log_density_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_log_density_f32(
    model: *const lapwing_multivariate_normal_f32,
    x: lapwing_mat_f32,
    densities: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("densities", densities.into()), |model, x| model.log_density(x))
    })
}

/// The density at each row of x; 0 where it is less than the least number.
///
///  model      the model.
///  x          n x p, any n, any strides; read only.
///  densities  n entries.
///
/// Returns what lapwing_multivariate_normal_log_density_f64 does; with small variances a density may overflow where its logarithm
/// does not. On any error densities is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_density_f64(
    model: *const lapwing_multivariate_normal_f64,
    x: lapwing_mat_f64,
    densities: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("densities", densities.into()), |model, x| model.density(x))
    })
}

/// As lapwing_multivariate_normal_density_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_density_f32(
    model: *const lapwing_multivariate_normal_f32,
    x: lapwing_mat_f32,
    densities: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("densities", densities.into()), |model, x| model.density(x))
    })
}

/// Independent rows of this distribution, as many as x has. The same seed gives the same bits, on any number of threads.
///
///  model  the model.
///  seed   of the random numbers.
///  x      n x p, any n; receives the rows.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (x overlaps itself), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error x is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_sample_f64(
    model: *const lapwing_multivariate_normal_f64,
    seed: u64,
    x: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { sample(model, seed, x.into()) })
}

/// As lapwing_multivariate_normal_sample_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_sample_f32(
    model: *const lapwing_multivariate_normal_f32,
    seed: u64,
    x: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { sample(model, seed, x.into()) })
}

/// # Safety
/// As [`model`] and [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn sample<T: Scalar, M: Model<Fitted = MultivariateNormal<T>>>(
    pointer: *const M,
    seed: u64,
    x: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let x = x.output("x")?;
    let rows = x.shape()[0];
    x.require_shape(&[(rows, "its own"), (model.n_features(), "the model's features")])?;
    let rows = model.sample(rows, seed)?;
    // SAFETY: this function's own condition.
    unsafe { x.write(&rows) };
    Ok(())
}

/// The distribution of some of the features, whatever the others are.
///
///  model    the model.
///  indices  count features, counted from 0, in any order, none twice; read only.
///  count    how many, at least 1.
///  out      receives the distribution, to be freed by lapwing_multivariate_normal_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (an index, or there is none), LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error *out is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_marginal_f64(
    model: *const lapwing_multivariate_normal_f64,
    indices: *const i64,
    count: i64,
    out: *mut *mut lapwing_multivariate_normal_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { hand_out(out, || Ok(models::model(model)?.marginal(&features(indices, count)?)?)) })
}

/// As lapwing_multivariate_normal_marginal_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_marginal_f32(
    model: *const lapwing_multivariate_normal_f32,
    indices: *const i64,
    count: i64,
    out: *mut *mut lapwing_multivariate_normal_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the memory behind the pointers.
    guard(|| unsafe { hand_out(out, || Ok(models::model(model)?.marginal(&features(indices, count)?)?)) })
}

/// The distribution of the other features, in ascending order, given the values of some.
///
///  model    the model.
///  indices  count features, counted from 0, in any order, none twice; read only.
///  count    how many, fewer than p.
///  values   count entries, any stride; read only.
///  out      receives the distribution, to be freed by lapwing_multivariate_normal_free_f64.
///
/// Returns LAPWING_ERR_ARGUMENT (an index, or no feature is left), LAPWING_ERR_SINGULAR (a feature is left whose value the others
/// determine), LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error *out is untouched. Thread-safe. LAPACK: dpotrf.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_conditional_f64(
    model: *const lapwing_multivariate_normal_f64,
    indices: *const i64,
    count: i64,
    values: lapwing_vec_f64,
    out: *mut *mut lapwing_multivariate_normal_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointers and the memory behind the view.
    guard(|| unsafe { conditional(model, (indices, count), values.into(), out) })
}

/// As lapwing_multivariate_normal_conditional_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_conditional_f32(
    model: *const lapwing_multivariate_normal_f32,
    indices: *const i64,
    count: i64,
    values: lapwing_vec_f32,
    out: *mut *mut lapwing_multivariate_normal_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointers and the memory behind the view.
    guard(|| unsafe { conditional(model, (indices, count), values.into(), out) })
}

/// # Safety
/// As [`model`], [`features`] and [`Strided::view`](crate::strided::Strided::view) require; `out` is NULL or writable.
unsafe fn conditional<T: Scalar, M: Model<Fitted = MultivariateNormal<T>>>(
    pointer: *const M,
    (indices, count): (*const i64, i64),
    values: Unchecked<T>,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        // SAFETY: this function's own condition, here and below.
        let model = unsafe { model(pointer) }?;
        let values = values.input("values")?;
        // SAFETY: as above.
        Ok(unsafe { model.conditional(&features(indices, count)?, &vector(&values)) }?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// Indices as they are counted here; a negative one is out of every range.
///
/// # Safety
/// As [`array`].
unsafe fn features(indices: *const i64, length: i64) -> Result<Vec<usize>, Failure> {
    // SAFETY: this function's own condition.
    let indices = unsafe { array("indices", indices, count("count", length)?) }?;
    indices.iter().map(|&index| count("indices", index)).collect()
}

/// The Kullback-Leibler divergence of the other distribution from this one, in nats: what it costs to take this one for the other.
/// Never negative, and not symmetric.
///
///  model  the model.
///  other  another one, of as many features.
///  value  receives the divergence.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error value is
/// untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_kl_divergence_f64(
    model: *const lapwing_multivariate_normal_f64,
    other: *const lapwing_multivariate_normal_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models and the pointer.
    guard(|| unsafe { compare(model, other, value, |model, other| Ok(model.kl_divergence(other)?)) })
}

/// As lapwing_multivariate_normal_kl_divergence_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_kl_divergence_f32(
    model: *const lapwing_multivariate_normal_f32,
    other: *const lapwing_multivariate_normal_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models and the pointer.
    guard(|| unsafe { compare(model, other, value, |model, other| Ok(model.kl_divergence(other)?)) })
}

/// The Bhattacharyya distance of two distributions: never negative, symmetric to rounding. The Hellinger distance is the root of
/// 1 - exp(-this).
///
///  model  the model.
///  other  another one, of as many features.
///  value  receives the distance.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW, LAPWING_ERR_NO_CONVERGENCE. On
/// any error value is untouched. Thread-safe. LAPACK: dgesdd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_bhattacharyya_f64(
    model: *const lapwing_multivariate_normal_f64,
    other: *const lapwing_multivariate_normal_f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models and the pointer.
    guard(|| unsafe { compare(model, other, value, |model, other| Ok(model.bhattacharyya(other)?)) })
}

/// As lapwing_multivariate_normal_bhattacharyya_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_bhattacharyya_f32(
    model: *const lapwing_multivariate_normal_f32,
    other: *const lapwing_multivariate_normal_f32,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the models and the pointer.
    guard(|| unsafe { compare(model, other, value, |model, other| Ok(model.bhattacharyya(other)?)) })
}

/// # Safety
/// As [`read`] requires, of both models.
unsafe fn compare<T: Scalar, M: Model<Fitted = MultivariateNormal<T>>>(
    model: *const M,
    other: *const M,
    value: *mut T,
    distance: impl FnOnce(&M::Fitted, &M::Fitted) -> Result<T, Failure>,
) -> Result<(), Failure> {
    require_pointer("other", other)?;
    // SAFETY: this function's own condition.
    unsafe { read(model, "value", value, |model| distance(model, models::model(other)?)) }
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_free_f64(model: *mut lapwing_multivariate_normal_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_multivariate_normal_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_multivariate_normal_free_f32(model: *mut lapwing_multivariate_normal_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
