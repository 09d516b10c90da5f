//! The scalars of a matrix.

use lapwing::Scalar;
use ndarray_npy::WritableElement;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What the library computes with, numpy's files hold and JSON carries.
pub(crate) trait Number: Scalar + WritableElement + Into<f64> + Serialize + DeserializeOwned {}
impl Number for f32 {}
impl Number for f64 {}
