//! What can be read from both discriminant analyses.

use lapwing_lapack::Scalar;
use lapwing_ml::{LinearDiscriminantAnalysis, QuadraticDiscriminantAnalysis};
use ndarray::Array2;

use super::{
    Discriminant, LAPWING_DISCRIMINANT_LINEAR, LAPWING_DISCRIMINANT_QUADRATIC, lapwing_discriminant_f32,
    lapwing_discriminant_f64,
};
use crate::guard::guard;
use crate::models::{self, Model, model};
use crate::numbers::Numbers;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};
use crate::view::{Unchecked, lapwing_mat_mut_f32, lapwing_mat_mut_f64, lapwing_vec_f64};

impl<T: Scalar> Discriminant<T> {
    /// What only a linear analysis has is asked of it.
    pub(super) fn linear(&self) -> Result<&LinearDiscriminantAnalysis<T, i64>, Failure> {
        match self {
            Self::Linear(model) => Ok(model),
            Self::Quadratic(_) => {
                let message = "the model is a quadratic discriminant analysis, which has no such part; fit a linear one";
                Err(Failure::new(LAPWING_ERR_ARGUMENT, message))
            }
        }
    }

    pub(super) fn quadratic(&self) -> Result<&QuadraticDiscriminantAnalysis<T, i64>, Failure> {
        match self {
            Self::Quadratic(model) => Ok(model),
            Self::Linear(_) => {
                let message = "the model is a linear discriminant analysis, whose classes have one covariance; fit a \
                               quadratic one, or ask for that";
                Err(Failure::new(LAPWING_ERR_ARGUMENT, message))
            }
        }
    }
}

/// Writes a part of the model, which decides the extents.
///
/// # Safety
/// As [`model`] and [`Strided::write`](crate::strided::Strided::write) require.
pub(super) unsafe fn copy<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    pointer: *const M,
    (name, out): (&'static str, Unchecked<T>),
    part: impl FnOnce(&Discriminant<T>) -> Result<Array2<T>, Failure>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let part = part(unsafe { model(pointer) }?)?;
    let out = out.output(name)?;
    let (rows, cols) = part.dim();
    out.require_shape(&[(rows, "as that part of the model"), (cols, "as that part of the model")])?;
    // SAFETY: this function's own condition.
    unsafe { out.write(&part) };
    Ok(())
}

/// What the model is, LAPWING_DISCRIMINANT_LINEAR or LAPWING_DISCRIMINANT_QUADRATIC.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_analysis_f64(
    model: *const lapwing_discriminant_f64,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::value(model, value, |model| match model {
            Discriminant::Linear(_) => LAPWING_DISCRIMINANT_LINEAR,
            Discriminant::Quadratic(_) => LAPWING_DISCRIMINANT_QUADRATIC,
        })
    })
}

/// As lapwing_discriminant_analysis_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_analysis_f32(
    model: *const lapwing_discriminant_f32,
    value: *mut i32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::value(model, value, |model| match model {
            Discriminant::Linear(_) => LAPWING_DISCRIMINANT_LINEAR,
            Discriminant::Quadratic(_) => LAPWING_DISCRIMINANT_QUADRATIC,
        })
    })
}

/// K, the number of classes.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_n_classes_f64(
    model: *const lapwing_discriminant_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.classes().len() as i64) })
}

/// As lapwing_discriminant_n_classes_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_n_classes_f32(
    model: *const lapwing_discriminant_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.classes().len() as i64) })
}

/// p, the number of features.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_n_features_f64(
    model: *const lapwing_discriminant_f64,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// As lapwing_discriminant_n_features_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_n_features_f32(
    model: *const lapwing_discriminant_f32,
    value: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe { models::value(model, value, |model| model.n_features() as i64) })
}

/// The labels of the classes in ascending order.
///
///  model   the model.
///  labels  room for K labels.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_classes_f64(
    model: *const lapwing_discriminant_f64,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { classes(model, labels) })
}

/// As lapwing_discriminant_classes_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_classes_f32(
    model: *const lapwing_discriminant_f32,
    labels: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the pointer.
    guard(|| unsafe { classes(model, labels) })
}

/// # Safety
/// As [`model`] and [`Numbers::write`] require.
unsafe fn classes<T: Scalar, M: Model<Fitted = Discriminant<T>>>(
    pointer: *const M,
    labels: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let classes = unsafe { model(pointer) }?.classes();
    let place = Numbers::needed("labels", labels, classes.len())?;
    // SAFETY: this function's own condition.
    unsafe { place.write(classes.iter().copied()) };
    Ok(())
}

/// The probability of each class before anything is known of a row, K. The view lasts until the model is freed.
///
/// Returns LAPWING_ERR_NULL when an argument is. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_priors_f64(
    model: *const lapwing_discriminant_f64,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::view(model, view, |model| match model {
            Discriminant::Linear(model) => model.priors().into(),
            Discriminant::Quadratic(model) => model.priors().into(),
        })
    })
}

/// As lapwing_discriminant_priors_f64, of a model in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_priors_f32(
    model: *const lapwing_discriminant_f32,
    view: *mut lapwing_vec_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and the pointer.
    guard(|| unsafe {
        models::view(model, view, |model| match model {
            Discriminant::Linear(model) => model.priors().into(),
            Discriminant::Quadratic(model) => model.priors().into(),
        })
    })
}

/// The mean of each class.
///
///  model  the model.
///  means  K x p.
///
/// Returns LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE. On any error means is untouched.
/// Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_means_f64(
    model: *const lapwing_discriminant_f64,
    means: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("means", means.into()), |model| {
            Ok(match model {
                Discriminant::Linear(model) => model.means(),
                Discriminant::Quadratic(model) => model.means(),
            })
        })
    })
}

/// As lapwing_discriminant_means_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_discriminant_means_f32(
    model: *const lapwing_discriminant_f32,
    means: lapwing_mat_mut_f32,
) -> lapwing_status {
    // SAFETY: the caller vouches for the model and for the memory behind the view.
    guard(|| unsafe {
        copy(model, ("means", means.into()), |model| {
            Ok(match model {
                Discriminant::Linear(model) => model.means(),
                Discriminant::Quadratic(model) => model.means(),
            })
        })
    })
}
