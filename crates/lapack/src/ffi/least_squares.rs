//! Least squares, with and without constraints.

/// Least squares, with and without constraints.
pub trait LeastSquares: Sized {}

impl LeastSquares for f32 {}
impl LeastSquares for f64 {}
