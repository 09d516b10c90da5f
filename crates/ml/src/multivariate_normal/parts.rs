//! Some of the features: whatever the others are, or given what the others are.

use lapwing_lapack::{Cholesky, Diagonal, Scalar, Triangle, matmul, require_finite, triangular};
use ndarray::{Array1, ArrayRef1, Axis, s};

use super::MultivariateNormal;
use crate::error::Error;

impl<T: Scalar> MultivariateNormal<T> {
    /// The distribution of the features `indices` (counted from 0, in that order), whatever the others are.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an index that is out of range or repeated, and for none.
    pub fn marginal(&self, indices: &[usize]) -> Result<Self, Error> {
        self.check_indices(indices)?;
        if indices.is_empty() {
            return Err(invalid_indices("empty".to_owned(), "at least one feature"));
        }
        let mean = indices.iter().map(|&i| self.mean[i]).collect();
        let covariance = self.covariance.select(Axis(0), indices).select(Axis(1), indices);
        Self::from_double(mean, covariance, f64::EPSILON)
    }

    /// The distribution of the other features, in ascending order, given that the features `indices` (counted from 0) have these
    /// `values`.
    ///
    /// The covariance, with the given features first, is factored: the last block of the factor is that of the conditional
    /// covariance, so that nothing is subtracted. Costs p³.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for an index that is out of range or repeated, and when no feature is left;
    /// [`Error::DependentFeature`] when one is left whose value the others determine, up to rounding; [`Error::Lapack`] with
    /// `Shape` when there are not as many values as indices, `NonFinite` or `Overflow`.
    pub fn conditional(&self, indices: &[usize], values: &ArrayRef1<T>) -> Result<Self, Error> {
        self.check_indices(indices)?;
        let (given, p) = (indices.len(), self.n_features());
        if values.len() != given {
            return Err(lapwing_lapack::Error::Shape {
                argument: "values",
                extent: "entries",
                found: values.len(),
                expected: given,
                reason: "one for each index",
            }
            .into());
        }
        require_finite("values", &values.view().insert_axis(Axis(1)))?;
        if given == p {
            return Err(invalid_indices(format!("all {p} features"), "fewer than all features"));
        }
        if given == 0 {
            return Ok(self.clone());
        }
        let rest: Vec<usize> = (0..p).filter(|index| !indices.contains(index)).collect();
        let order = [indices, &rest].concat();
        let lower =
            Cholesky::new(&self.covariance.select(Axis(0), &order).select(Axis(1), &order))?.into_factor();
        let (first, below) = (lower.slice(s![..given, ..given]), lower.slice(s![given.., ..given]));
        let last = lower.slice(s![given.., given..]);

        let surprise = indices.iter().zip(values).map(|(&i, value)| value.as_f64() - self.mean[i]);
        let surprise = Array1::from_iter(surprise).insert_axis(Axis(1));
        let whitened = triangular::solve(&first, Triangle::Lower, Diagonal::General, &surprise)?;
        let shift = matmul(&below, &whitened)?;
        let mean = rest.iter().zip(&shift).map(|(&i, shift)| self.mean[i] + shift).collect();
        Self::from_double(mean, matmul(&last, &last.t())?, f64::EPSILON)
    }

    fn check_indices(&self, indices: &[usize]) -> Result<(), Error> {
        let p = self.n_features();
        for (place, &index) in indices.iter().enumerate() {
            if index >= p || indices[..place].contains(&index) {
                return Err(invalid_indices(
                    format!("{index} at place {place}"),
                    &format!("different numbers below {p}, the number of features"),
                ));
            }
        }
        Ok(())
    }
}

fn invalid_indices(value: String, requirement: &str) -> Error {
    Error::InvalidParameter { parameter: "indices", value, requirement: requirement.to_owned() }
}
