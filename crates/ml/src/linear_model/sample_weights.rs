//! Sample weights, as every regression checks them.

use lapwing_lapack::{Error as LapackError, Scalar};
use ndarray::ArrayRef1;

use crate::error::Error;

/// That there is a weight for each of `rows` rows, none negative, NaN or infinite, and not all zero; returns their sum.
pub(crate) fn check_weights<T: Scalar>(weights: &ArrayRef1<T>, rows: usize) -> Result<f64, Error> {
    let found = weights.len();
    if found != rows {
        let (argument, extent, reason) = ("weights", "entries", "one for each row of x");
        return Err(LapackError::Shape { argument, extent, found, expected: rows, reason }.into());
    }
    let refused = |value: String| Error::InvalidParameter {
        parameter: "weights",
        value,
        requirement: "finite, at least 0, and not all 0".to_owned(),
    };
    if let Some((i, weight)) = weights.iter().enumerate().find(|(_, w)| !(w.is_finite() && **w >= T::zero()))
    {
        return Err(refused(format!("{weight} at position {i}")));
    }
    let sum: f64 = weights.iter().map(|weight| weight.as_f64()).sum();
    if sum > 0.0 && sum.is_finite() { Ok(sum) } else { Err(refused(format!("{sum} in sum"))) }
}
