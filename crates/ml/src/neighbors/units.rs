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
        self.require_in_range(x)?;
        let mut measured = zeros(x.nrows(), x.ncols())?;
        self.measure_into(x, &mut measured);
        Ok(measured)
    }

    /// Copies `x`, which must be in range, to `measured`, in this unit.
    pub(super) fn measure_into<T: Scalar>(self, x: &ArrayRef2<T>, measured: &mut ArrayRef2<f64>) {
        let (first, second) = factors(-self.0);
        measured.zip_mut_with(x, |measured, x| *measured = x.as_f64() * first * second);
    }

    /// Refuses points whose squared distances from the samples may overflow in this unit, as never those of the samples do.
    pub(super) fn require_in_range<T: Scalar>(self, x: &ArrayRef2<T>) -> Result<(), Error> {
        let (first, second) = factors(-self.0);
        let largest = x.iter().fold(0.0f64, |largest, x| largest.max((x.as_f64() * first * second).abs()));
        if largest <= LARGEST { Ok(()) } else { Err(overflow()) }
    }

    pub(crate) fn divide(self, x: f64) -> f64 {
        scaled(x, -self.0)
    }

    /// A squared distance in this unit as a plain number.
    pub(crate) fn restore_square(self, square: f64) -> f64 {
        scaled(scaled(square, self.0), self.0)
    }

    /// Squared distances in this unit become distances, as plain numbers.
    pub(super) fn restore_roots(self, squares: &mut [f64]) -> Result<(), Error> {
        let (first, second) = factors(self.0);
        let mut finite = true;
        for square in squares {
            *square = square.sqrt() * first * second;
            finite &= square.is_finite();
        }
        if finite { Ok(()) } else { Err(overflow()) }
    }
}

/// `x 2ᵉ`.
fn scaled(x: f64, exponent: i32) -> f64 {
    let (first, second) = factors(exponent);
    x * first * second
}

/// Two factors of 2ᵉ, which itself may be out of range.
fn factors(exponent: i32) -> (f64, f64) {
    let half = exponent / 2;
    (2f64.powi(half), 2f64.powi(exponent - half))
}

fn overflow() -> Error {
    lapwing_lapack::Error::Overflow { routine: "the distances", scalar: "f64" }.into()
}
