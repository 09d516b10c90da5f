//! What Mahalanobis distances say under a Gaussian: p-values, a cutoff, and the rows beyond it.

use lapwing_lapack::Scalar;
use lapwing_ml::{Mahalanobis, Outliers};

use super::{lapwing_mahalanobis_f32, lapwing_mahalanobis_f64};
use crate::arguments::{column, require_separate, vector};
use crate::guard::guard;
use crate::models::{Model, model, read};
use crate::numbers::Numbers;
use crate::status::{Failure, lapwing_status};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f32,
    lapwing_vec_mut_f64,
};

/// How often a row of a Gaussian with this location and covariance has at least these squared distances: the survival
/// function of chi-square with as many degrees of freedom as lapwing_mahalanobis_rank_f64 says.
///
///  model     the model.
///  squared   n squared distances, any stride, none negative; read only.
///  p_values  n entries.
///
/// Returns LAPWING_ERR_ARGUMENT (a squared distance is negative or NaN), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS,
/// LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any error p_values is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_p_values_f64(
    model: *const lapwing_mahalanobis_f64,
    squared: lapwing_vec_f64,
    p_values: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { p_values_of(model, squared.into(), p_values.into()) })
}

/// As lapwing_mahalanobis_p_values_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_p_values_f32(
    model: *const lapwing_mahalanobis_f32,
    squared: lapwing_vec_f32,
    p_values: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the views.
    guard(|| unsafe { p_values_of(model, squared.into(), p_values.into()) })
}

/// # Safety
/// As [`model`], [`Strided::view`](crate::strided::Strided::view) and [`Strided::write`](crate::strided::Strided::write)
/// require.
unsafe fn p_values_of<T: Scalar, M: Model<Fitted = Mahalanobis<T>>>(
    pointer: *const M,
    squared: Unchecked<T>,
    p_values: Unchecked<T>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let (squared, p_values) = (squared.input("squared")?, p_values.output("p_values")?);
    p_values.require_shape(&[(squared.shape()[0], "the entries of squared")])?;
    require_separate(&[&squared], &[Some(&p_values)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    unsafe { p_values.write(&column(&model.p_values(&vector(&squared))?)) };
    Ok(())
}

/// The squared distance that this share of the rows of a Gaussian stays within: the quantile of chi-square with as many
/// degrees of freedom as lapwing_mahalanobis_rank_f64 says.
///
///  model     the model.
///  quantile  between 0 and 1, and neither; 0.975 is usual.
///  value     receives the squared distance.
///
/// Returns LAPWING_ERR_ARGUMENT (quantile), LAPWING_ERR_NULL. On any error value is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_cutoff_f64(
    model: *const lapwing_mahalanobis_f64,
    quantile: f64,
    value: *mut f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, "value", value, |model| Ok(model.cutoff(quantile)?)) })
}

/// As lapwing_mahalanobis_cutoff_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_cutoff_f32(
    model: *const lapwing_mahalanobis_f32,
    quantile: f64,
    value: *mut f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { read(model, "value", value, |model| Ok(model.cutoff(quantile)?)) })
}

/// The rows of x that lie further out than this share of the rows of a Gaussian (Rousseeuw and van Zomeren, "Unmasking
/// multivariate outliers and leverage points", 1990).
///
///  model     the model.
///  x         n x p, any n, any strides; read only.
///  quantile  between 0 and 1, and neither; 0.975 is usual.
///  indices   room for n indices, or NULL when they are not wanted; receives the rows that lie too far out, in ascending
///            order, counted from 0.
///  count     receives how many they are.
///  squared   n entries, the squared distances; or NULL data.
///  p_values  n entries, how often a row of a Gaussian lies at least so far out; or NULL data.
///
/// Returns LAPWING_ERR_ARGUMENT (quantile), LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error
/// the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_outliers_f64(
    model: *const lapwing_mahalanobis_f64,
    x: lapwing_mat_f64,
    quantile: f64,
    indices: *mut i64,
    count: *mut i64,
    squared: lapwing_vec_mut_f64,
    p_values: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointers and the memory behind the views.
    guard(|| unsafe {
        outliers(model, (x.into(), quantile), (indices, count), [squared.into(), p_values.into()])
    })
}

/// As lapwing_mahalanobis_outliers_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_mahalanobis_outliers_f32(
    model: *const lapwing_mahalanobis_f32,
    x: lapwing_mat_f32,
    quantile: f64,
    indices: *mut i64,
    count: *mut i64,
    squared: lapwing_vec_mut_f32,
    p_values: lapwing_vec_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model, the pointers and the memory behind the views.
    guard(|| unsafe {
        outliers(model, (x.into(), quantile), (indices, count), [squared.into(), p_values.into()])
    })
}

/// # Safety
/// As [`model`], [`Numbers::write`], [`Strided::view`](crate::strided::Strided::view) and
/// [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn outliers<T: Scalar, M: Model<Fitted = Mahalanobis<T>>>(
    pointer: *const M,
    (x, quantile): (Unchecked<T>, f64),
    (indices, count): (*mut i64, *mut i64),
    [squared, p_values]: [Unchecked<T>; 2],
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let model = unsafe { model(pointer) }?;
    let x = x.input("x")?;
    let rows = x.shape()[0];
    let (squared, p_values) = (squared.optional_output("squared")?, p_values.optional_output("p_values")?);
    for vector in [&squared, &p_values].into_iter().flatten() {
        vector.require_shape(&[(rows, "the rows of x")])?;
    }
    require_separate(&[&x], &[squared.as_ref(), p_values.as_ref()])?;
    let indices = Numbers::optional("indices", indices, rows)?;
    let count = Numbers::needed("count", count, 1)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    let found: Outliers<T> = model.outliers(&unsafe { x.view() }, quantile)?;
    // SAFETY: as above.
    unsafe {
        count.write([found.indices.len() as i64]);
        indices.write(found.indices.iter().map(|&row| row as i64));
        if let Some(squared) = squared {
            squared.write(&column(&found.squared_distances));
        }
        if let Some(p_values) = p_values {
            p_values.write(&column(&found.p_values));
        }
    }
    Ok(())
}
