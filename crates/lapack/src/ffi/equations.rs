//! Matrix equations.

/// Matrix equations.
pub trait Equations: Sized {}

impl Equations for f32 {}
impl Equations for f64 {}
