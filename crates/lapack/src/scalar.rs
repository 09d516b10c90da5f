//! The two scalars, `f32` and `f64`, behind one sealed trait.

use std::iter::Sum;

use ndarray::NdFloat;

use crate::ffi::{
    BandedSystems, Blas, Definite, Eigenproblems, Equations, Lapack, LeastSquares, LinearSystems,
};
use crate::structured::fourier::Fourier;

/// A real scalar that LAPACK has routines for: `f32` or `f64`.
///
/// Sealed: the bodies of this crate are generic over it, and only these two can be handed to LAPACK.
pub trait Scalar:
    NdFloat
    + Default
    + Sum
    + Blas
    + Lapack
    + LinearSystems
    + BandedSystems
    + Definite
    + Eigenproblems
    + LeastSquares
    + Equations
    + Fourier
    + private::Sealed
{
    /// The unit roundoff, half the distance from 1 to the next number: `2⁻²⁴` or `2⁻⁵³`. This is
    /// LAPACK's `xLAMCH('Epsilon')`, half of Rust's and NumPy's `EPSILON`.
    const UNIT_ROUNDOFF: Self;

    /// `f32` or `f64`, for messages.
    const NAME: &'static str;

    /// Rounds to this scalar.
    fn from_f64(value: f64) -> Self;

    /// Widens without error.
    fn as_f64(self) -> f64;
}

impl Scalar for f32 {
    const UNIT_ROUNDOFF: f32 = f32::EPSILON / 2.0;
    const NAME: &'static str = "f32";

    fn from_f64(value: f64) -> f32 {
        value as f32
    }

    fn as_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Scalar for f64 {
    const UNIT_ROUNDOFF: f64 = f64::EPSILON / 2.0;
    const NAME: &'static str = "f64";

    fn from_f64(value: f64) -> f64 {
        value
    }

    fn as_f64(self) -> f64 {
        self
    }
}

mod private {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}
