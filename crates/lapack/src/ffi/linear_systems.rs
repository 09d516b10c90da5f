//! LU, symmetric indefinite, banded and triangular systems.

/// LU, symmetric indefinite, banded and triangular systems.
pub trait LinearSystems: Sized {}

impl LinearSystems for f32 {}
impl LinearSystems for f64 {}
