//! What stored models have in common: a format name, a version, and numbers that are checked when they are read.

use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, ArrayRef2};

/// The format of a kind of model. A change of meaning is a new version; reading refuses versions it does not know.
pub(crate) struct Format {
    /// What the model is called in messages.
    pub(crate) model: &'static str,
    pub(crate) name: &'static str,
    pub(crate) version: u32,
}

/// Why a stored model was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoredError {
    #[error("this is not a model of {model}: its format is {found:?}, not {expected:?}")]
    Format { model: &'static str, found: String, expected: &'static str },
    #[error(
        "the model has format version {found}, but this program reads version {expected}; fit it again, or use a newer program"
    )]
    Version { found: u32, expected: u32 },
    #[error("the model is damaged: {field} has {found} numbers, but must have {expected}")]
    Length { field: &'static str, found: usize, expected: usize },
    #[error(
        "the model is damaged: {field} holds a number that is not finite, or negative where it cannot be"
    )]
    Value { field: &'static str },
    #[error("the model is damaged: {0}")]
    Inconsistent(&'static str),
}

impl Format {
    /// That a stored model names this format and this version.
    pub(crate) fn check(&self, name: String, version: u32) -> Result<(), StoredError> {
        if name != self.name {
            return Err(StoredError::Format { model: self.model, found: name, expected: self.name });
        }
        if version != self.version {
            return Err(StoredError::Version { found: version, expected: self.version });
        }
        Ok(())
    }
}

/// `len` finite numbers.
pub(crate) fn vector<T: Scalar>(
    field: &'static str,
    values: Vec<T>,
    len: usize,
) -> Result<Array1<T>, StoredError> {
    if values.len() != len {
        return Err(StoredError::Length { field, found: values.len(), expected: len });
    }
    if !values.iter().all(|value| value.is_finite()) {
        return Err(StoredError::Value { field });
    }
    Ok(values.into())
}

/// `len` finite numbers, none negative.
pub(crate) fn sizes<T: Scalar>(
    field: &'static str,
    values: Vec<T>,
    len: usize,
) -> Result<Array1<T>, StoredError> {
    let values = vector(field, values, len)?;
    if values.iter().all(|&value| value >= T::zero()) {
        Ok(values)
    } else {
        Err(StoredError::Value { field })
    }
}

/// A matrix of finite numbers, stored row after row.
pub(crate) fn matrix<T: Scalar>(
    field: &'static str,
    values: Vec<T>,
    (rows, cols): (usize, usize),
) -> Result<Array2<T>, StoredError> {
    let found = values.len();
    let values = vector(field, values, rows.saturating_mul(cols))?.into_raw_vec_and_offset().0;
    Array2::from_shape_vec((rows, cols), values).map_err(|_| StoredError::Length {
        field,
        found,
        expected: rows.saturating_mul(cols),
    })
}

/// The lower triangle of a square matrix, row after row.
pub(crate) fn packed_lower(a: &ArrayRef2<f64>) -> Vec<f64> {
    let rows = a.outer_iter().enumerate();
    rows.flat_map(|(i, row)| row.into_iter().take(i + 1).copied()).collect()
}

/// The lower triangle of a scatter or a covariance, zeros above it: what [`packed_lower`] stored, of finite numbers with a
/// diagonal that is not negative.
pub(crate) fn lower_triangle(
    field: &'static str,
    packed: Vec<f64>,
    order: usize,
) -> Result<Array2<f64>, StoredError> {
    let packed = vector(field, packed, order.saturating_mul(order + 1) / 2)?;
    let mut lower = Array2::zeros((order, order));
    for (i, mut row) in lower.outer_iter_mut().enumerate() {
        let first = i * (i + 1) / 2;
        row.iter_mut().zip(packed.iter().skip(first).take(i + 1)).for_each(|(x, &stored)| *x = stored);
    }
    if lower.diag().iter().any(|&variance| variance < 0.0) {
        return Err(StoredError::Value { field });
    }
    Ok(lower)
}
