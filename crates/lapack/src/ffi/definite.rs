//! Factorizations of positive semidefinite matrices beyond Cholesky.

/// Factorizations of positive semidefinite matrices beyond Cholesky.
pub trait Definite: Sized {}

impl Definite for f32 {}
impl Definite for f64 {}
