//! From discriminants, which are log-posteriors up to a term that is common to all classes, to what is asked of them.

use lapwing_lapack::Scalar;
use ndarray::{Array2, ArrayRef2, ArrayView1};

use crate::error::Error;

/// The class of the largest discriminant of each row, the first of them on a tie.
pub(super) fn most_probable<L: Clone>(discriminants: &ArrayRef2<f64>, classes: &[L]) -> Vec<L> {
    discriminants.outer_iter().map(|row| classes[largest(row)].clone()).collect()
}

/// The logarithm of the probability of each class, row by row: none is above 0, and one that is nearly 0 has all its digits.
pub(super) fn log_probabilities(mut discriminants: Array2<f64>) -> Array2<f64> {
    for mut row in discriminants.outer_iter_mut() {
        let best = largest(row.view());
        let most = row[best];
        row.mapv_inplace(|value| value - most);
        let others = row.iter().enumerate().filter(|(k, _)| *k != best);
        let log_sum = others.map(|(_, value)| value.exp()).sum::<f64>().ln_1p();
        row.mapv_inplace(|value| value - log_sum);
    }
    discriminants
}

/// Where the largest value is, the first of them on a tie.
fn largest(row: ArrayView1<f64>) -> usize {
    let first = (0, f64::NEG_INFINITY);
    row.iter().enumerate().fold(first, |best, (k, &value)| if value > best.1 { (k, value) } else { best }).0
}

/// Values rounded to the scalar, when it can hold them.
pub(super) fn in_range<T: Scalar>(
    routine: &'static str,
    values: &ArrayRef2<f64>,
) -> Result<Array2<T>, Error> {
    let values = values.mapv(T::from_f64);
    let overflow = |_| lapwing_lapack::Error::Overflow { routine, scalar: T::NAME };
    lapwing_lapack::require_finite(routine, &values).map_err(overflow)?;
    Ok(values)
}

/// The share of labels that are right.
pub(super) fn accuracy<L: Ord>(found: &[L], expected: &[L]) -> Result<f64, Error> {
    if found.is_empty() {
        return Err(Error::TooFewSamples { argument: "x", method: "an accuracy", found: 0, least: 1 });
    }
    let right = found.iter().zip(expected).filter(|(found, expected)| found == expected).count();
    Ok(right as f64 / found.len() as f64)
}
