//! What can be read from a principal component analysis in the making.

use lapwing_lapack::Scalar;
use lapwing_ml::{Error, IncrementalMethod};

use super::{
    Incremental, LAPWING_INCREMENTAL_AUTO, LAPWING_INCREMENTAL_EXACT, LAPWING_INCREMENTAL_LOW_RANK,
    lapwing_incremental_pca_f32, lapwing_incremental_pca_f64, read, shared,
};
use crate::arguments::column;
use crate::guard::guard;
use crate::status::{Failure, lapwing_status};
use crate::view::{Unchecked, lapwing_vec_mut_f32, lapwing_vec_mut_f64};

/// How many rows have come.
///
/// Returns LAPWING_ERR_NULL when an argument is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_n_samples_f64(
    model: *const lapwing_incremental_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, value, |model| model.n_samples() as i64) })
}

/// As lapwing_incremental_pca_n_samples_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_n_samples_f32(
    model: *const lapwing_incremental_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, value, |model| model.n_samples() as i64) })
}

/// How many columns the blocks have; 0 before the first row.
///
/// Returns LAPWING_ERR_NULL when an argument is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_n_features_f64(
    model: *const lapwing_incremental_pca_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, value, |model| model.n_features().unwrap_or(0) as i64) })
}

/// As lapwing_incremental_pca_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_n_features_f32(
    model: *const lapwing_incremental_pca_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, value, |model| model.n_features().unwrap_or(0) as i64) })
}

/// The method that runs, once a row has come; until then, the one that was chosen: LAPWING_INCREMENTAL_AUTO, _EXACT or
/// _LOW_RANK.
///
/// Returns LAPWING_ERR_NULL when an argument is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_method_f64(
    model: *const lapwing_incremental_pca_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, value, |model| constant_of(model.method())) })
}

/// As lapwing_incremental_pca_method_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_method_f32(
    model: *const lapwing_incremental_pca_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, value, |model| constant_of(model.method())) })
}

fn constant_of(method: IncrementalMethod) -> i32 {
    match method {
        IncrementalMethod::Auto => LAPWING_INCREMENTAL_AUTO,
        IncrementalMethod::Exact => LAPWING_INCREMENTAL_EXACT,
        IncrementalMethod::LowRank => LAPWING_INCREMENTAL_LOW_RANK,
    }
}

/// The mean of each feature so far.
///
///  model  the model; read only.
///  mean   p entries.
///
/// Returns LAPWING_ERR_DOES_NOT_EXIST (no row has come), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS (mean overlaps itself), or
/// LAPWING_ERR_NULL. On any error mean is untouched.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_mean_f64(
    model: *const lapwing_incremental_pca_f64,
    mean: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { write_mean(model, mean.into()) })
}

/// As lapwing_incremental_pca_mean_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_incremental_pca_mean_f32(
    model: *const lapwing_incremental_pca_f32,
    mean: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe { write_mean(model, mean.into()) })
}

/// # Safety
/// As [`shared`] and [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn write_mean<T: Scalar, M: Incremental<Scalar = T>>(
    model: *const M,
    mean: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { shared("model", model) }?;
    let mean = mean.output("mean")?;
    let Some(found) = model.mean() else {
        return Err(Error::Unavailable { what: "the mean", remedy: "add a row first" }.into());
    };
    mean.require_shape(&[(found.len(), "the columns of the blocks")])?;
    // SAFETY: this function's own condition.
    unsafe { mean.write(&column(&found)) };
    Ok(())
}
