//! General and generalized eigenproblems, Schur and Hessenberg forms.

/// General and generalized eigenproblems, Schur and Hessenberg forms.
pub trait Eigenproblems: Sized {}

impl Eigenproblems for f32 {}
impl Eigenproblems for f64 {}
