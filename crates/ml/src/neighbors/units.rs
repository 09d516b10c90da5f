//! The power of two in whose unit squares of the data neither overflow nor underflow.

use lapwing_lapack::{Scalar, zeros};
use ndarray::{Array2, ArrayRef2};

use crate::error::Error;

/// Largest entries from 2⁻⁴⁰⁰ to 2⁴⁰⁰ need no other unit.
const ORDINARY: i32 = 400;
/// Queries above this, in the unit of the samples, have squared distances that may overflow.
const LARGEST: f64 = 1e140;

/// The unit 2ᵉ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit(i32);

impl Unit {
    /// 1, or the power of two below the largest entry where that is needed.
    pub(crate) fn of<T: Scalar>(x: &ArrayRef2<T>) -> Self {
        let largest = x.iter().fold(0.0f64, |largest, x| largest.max(x.as_f64().abs()));
        let exponent = if largest > 0.0 { largest.log2().floor() as i32 } else { 0 };
        Self(if exponent.abs() > ORDINARY { exponent } else { 0 })
    }

    /// `x` in this unit, in rows.
    pub(crate) fn measure<T: Scalar>(self, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        let mut measured = zeros(x.nrows(), x.ncols())?;
        measured.zip_mut_with(x, |measured, x| *measured = self.divide(x.as_f64()));
        if measured.iter().all(|x| x.abs() <= LARGEST) {
            return Ok(measured);
        }
        Err(overflow())
    }

    pub(crate) fn divide(self, x: f64) -> f64 {
        scaled(x, -self.0)
    }

    /// A squared distance in this unit as a plain number.
    pub(crate) fn restore_square(self, square: f64) -> f64 {
        scaled(scaled(square, self.0), self.0)
    }

    /// Distances in this unit as plain numbers.
    pub(crate) fn restore(self, mut distances: Vec<f64>) -> Result<Vec<f64>, Error> {
        if self.0 != 0 {
            distances.iter_mut().for_each(|distance| *distance = scaled(*distance, self.0));
            if !distances.iter().all(|distance| distance.is_finite()) {
                return Err(overflow());
            }
        }
        Ok(distances)
    }
}

/// `x 2ᵉ`, in two steps because 2ᵉ itself may be out of range.
fn scaled(x: f64, exponent: i32) -> f64 {
    let half = exponent / 2;
    x * 2f64.powi(half) * 2f64.powi(exponent - half)
}

fn overflow() -> Error {
    lapwing_lapack::Error::Overflow { routine: "the distances", scalar: "f64" }.into()
}
