//! Mahalanobis distances: an opaque metric, made of a location and a covariance.

mod accessors;
mod outliers;

use lapwing_lapack::Scalar;
use lapwing_ml::{Mahalanobis, SingularCovariance};
use ndarray::{Array2, ArrayView2};

pub use self::accessors::*;
pub use self::outliers::*;
use crate::arguments::{require_separate, vector};
use crate::guard::guard;
use crate::models::{Model, free, hand_out, measure, model, models};
use crate::numbers::constant;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f32,
    lapwing_vec_f64, lapwing_vec_mut_f32, lapwing_vec_mut_f64,
};

/// A singular covariance is refused.
pub const LAPWING_SINGULAR_REFUSE: i32 = 0;
/// Distances are by the pseudo-inverse of a singular covariance: only what lies in its range counts.
pub const LAPWING_SINGULAR_PSEUDO_INVERSE: i32 = 1;

/// A location (p) and a covariance (p x p), ready to measure Mahalanobis distances with: sqrt((x - m)' inv(C) (x - m)), without
/// inverting the covariance. Immutable: one metric may be used from several threads at once.
pub struct lapwing_mahalanobis_f64(Mahalanobis<f64>);

/// As lapwing_mahalanobis_f64, of data in single precision; distances are computed in double.
pub struct lapwing_mahalanobis_f32(Mahalanobis<f32>);

models!("model": lapwing_mahalanobis_f64(Mahalanobis<f64>), lapwing_mahalanobis_f32(Mahalanobis<f32>));

/// Makes a metric of a location and a covariance.
///
///  location    p entries, p at least 1, any stride; read only.
///  covariance  p x p, any strides, symmetric and positive semidefinite; read only.
///  singular    LAPWING_SINGULAR_REFUSE or LAPWING_SINGULAR_PSEUDO_INVERSE.
///  out         receives the model, to be freed by lapwing_mahalanobis_free_f64.
///
/// Returns LAPWING_ERR_SINGULAR (the covariance is, to working precision; the message names a feature),
/// LAPWING_ERR_NOT_POSITIVE_DEFINITE (it is no covariance), LAPWING_ERR_NOT_SYMMETRIC, LAPWING_ERR_ARGUMENT (singular),
/// LAPWING_ERR_NON_FINITE, LAPWING_ERR_SHAPE, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY. On any error *out is untouched. Thread-safe. LAPACK: dpotrf, or dsyevd for the
/// pseudo-inverse.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_new_f64(
    location: lapwing_vec_f64,
    covariance: lapwing_mat_f64,
    singular: i32,
    out: *mut *mut lapwing_mahalanobis_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { new(location.into(), covariance.into(), singular, out) })
}

/// As lapwing_mahalanobis_new_f64, of numbers in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_new_f32(
    location: lapwing_vec_f32,
    covariance: lapwing_mat_f32,
    singular: i32,
    out: *mut *mut lapwing_mahalanobis_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointer.
    guard(|| unsafe { new(location.into(), covariance.into(), singular, out) })
}

/// The choice that a constant of C stands for.
pub(crate) fn singular_covariance(constant_of: i32) -> Result<SingularCovariance, Failure> {
    let choices = [SingularCovariance::Refuse, SingularCovariance::PseudoInverse];
    let requirement = "LAPWING_SINGULAR_REFUSE (0) or LAPWING_SINGULAR_PSEUDO_INVERSE (1)";
    constant("singular", constant_of, &choices, requirement)
}

/// # Safety
/// The views as [`Strided::view`](crate::strided::Strided::view) requires; `out` is NULL or writable.
unsafe fn new<T: Scalar, M: Model<Fitted = Mahalanobis<T>>>(
    location: Unchecked<T>,
    covariance: Unchecked<T>,
    singular: i32,
    out: *mut *mut M,
) -> Result<(), Failure> {
    let work = || {
        let params = Mahalanobis::params().singular(singular_covariance(singular)?);
        let (location, covariance) = (location.input("location")?, covariance.input("covariance")?);
        // SAFETY: this function's own condition.
        Ok(unsafe { params.compute(&vector(&location), &covariance.view()) }?)
    };
    // SAFETY: this function's own condition.
    unsafe { hand_out(out, work) }
}

/// The distance of each row of x from the location.
///
///  model      the model.
///  x          n x p, any n, any strides; read only.
///  distances  n entries.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error distances is untouched. Thread-safe.
/// BLAS: none; a kernel of its own, on as many threads as lapwing_threads_get() says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_distances_f64(
    model: *const lapwing_mahalanobis_f64,
    x: lapwing_mat_f64,
    distances: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("distances", distances.into()), |model, x| model.distances(x))
    })
}

/// As lapwing_mahalanobis_distances_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_distances_f32(
    model: *const lapwing_mahalanobis_f32,
    x: lapwing_mat_f32,
    distances: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("distances", distances.into()), |model, x| model.distances(x))
    })
}

/// The squared distance of each row of x from the location: what scikit-learn calls mahalanobis. None is negative.
///
///  model    the model.
///  x        n x p, any n, any strides; read only.
///  squared  n entries.
///
/// Returns what lapwing_mahalanobis_distances_f64 does. On any error squared is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_squared_distances_f64(
    model: *const lapwing_mahalanobis_f64,
    x: lapwing_mat_f64,
    squared: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("squared", squared.into()), |model, x| model.squared_distances(x))
    })
}

/// As lapwing_mahalanobis_squared_distances_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_squared_distances_f32(
    model: *const lapwing_mahalanobis_f32,
    x: lapwing_mat_f32,
    squared: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("squared", squared.into()), |model, x| model.squared_distances(x))
    })
}

/// How far each row of x lies from the range of the covariance, in the Euclidean metric: what distances by the pseudo-inverse
/// leave out. All zero for a covariance of full rank.
///
///  model    the model.
///  x        n x p, any n, any strides; read only.
///  lengths  n entries.
///
/// Returns what lapwing_mahalanobis_distances_f64 does. On any error lengths is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_off_support_f64(
    model: *const lapwing_mahalanobis_f64,
    x: lapwing_mat_f64,
    lengths: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("lengths", lengths.into()), |model, x| model.off_support(x))
    })
}

/// As lapwing_mahalanobis_off_support_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_off_support_f32(
    model: *const lapwing_mahalanobis_f32,
    x: lapwing_mat_f32,
    lengths: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        measure(model, x.into(), ("lengths", lengths.into()), |model, x| model.off_support(x))
    })
}

/// The distance of each row of a from each row of b, wherever the location is.
///
///  model      the model.
///  a          n x p, any n, any strides; read only.
///  b          m x p, any m, any strides; read only.
///  distances  n x m.
///
/// Returns LAPWING_ERR_NON_FINITE (a or b holds NaN or an infinity), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error distances is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_distances_between_f64(
    model: *const lapwing_mahalanobis_f64,
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    distances: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        between(model, a.into(), b.into(), ("distances", distances.into()), |model, a, b| {
            Ok(model.distances_between(a, b)?)
        })
    })
}

/// As lapwing_mahalanobis_distances_between_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_distances_between_f32(
    model: *const lapwing_mahalanobis_f32,
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    distances: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        between(model, a.into(), b.into(), ("distances", distances.into()), |model, a, b| {
            Ok(model.distances_between(a, b)?)
        })
    })
}

/// The square of lapwing_mahalanobis_distances_between_f64. It is summed from differences, because products would cancel.
///
///  model    the model.
///  a        n x p, any n, any strides; read only.
///  b        m x p, any m, any strides; read only.
///  squared  n x m.
///
/// Returns what lapwing_mahalanobis_distances_between_f64 does. On any error squared is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_squared_distances_between_f64(
    model: *const lapwing_mahalanobis_f64,
    a: lapwing_mat_f64,
    b: lapwing_mat_f64,
    squared: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        between(model, a.into(), b.into(), ("squared", squared.into()), |model, a, b| {
            Ok(model.squared_distances_between(a, b)?)
        })
    })
}

/// As lapwing_mahalanobis_squared_distances_between_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_squared_distances_between_f32(
    model: *const lapwing_mahalanobis_f32,
    a: lapwing_mat_f32,
    b: lapwing_mat_f32,
    squared: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe {
        between(model, a.into(), b.into(), ("squared", squared.into()), |model, a, b| {
            Ok(model.squared_distances_between(a, b)?)
        })
    })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Strided::write`](crate::strided::Strided::write)
/// require.
unsafe fn between<T: Scalar, M: Model<Fitted = Mahalanobis<T>>>(
    pointer: *const M,
    a: Unchecked<T>,
    b: Unchecked<T>,
    (name, out): (&'static str, Unchecked<T>),
    work: impl FnOnce(&Mahalanobis<T>, &ArrayView2<'_, T>, &ArrayView2<'_, T>) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (a, b, out) = (a.input("a")?, b.input("b")?, out.output(name)?);
    out.require_shape(&[(a.shape()[0], "the rows of a"), (b.shape()[0], "the rows of b")])?;
    require_separate(&[&a, &b], &[Some(&out)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    unsafe { out.write(&work(model, &a.view(), &b.view())?) };
    Ok(())
}

/// Frees a model; every view of it ends. NULL is allowed. Not to be called while another thread uses the model.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_free_f64(model: *mut lapwing_mahalanobis_f64) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}

/// As lapwing_mahalanobis_free_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_free_f32(model: *mut lapwing_mahalanobis_f32) {
    // SAFETY: the caller vouches that the model was not freed before.
    unsafe { free(model) }
}
