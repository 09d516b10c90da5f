//! Solution of linear systems `A x = b` by iteration.
//!
//! | matrix                        | method                | products an iteration | vectors kept |
//! |-------------------------------|-----------------------|-----------------------|--------------|
//! | symmetric positive definite   | [`ConjugateGradient`] | 1                     | 5            |
//!
//! A method sees a matrix only by its products, and works on one right-hand side. How many iterations it needs depends on
//! the spectrum of the matrix: a [preconditioner](crate::preconditioners) changes it for the better. What is returned as a
//! [`Solution`] has a residual within the tolerance, computed from a product and not by recurrence.

mod conjugate_gradient;
mod params;
mod solution;
mod system;
pub(crate) mod vectors;

pub use conjugate_gradient::ConjugateGradient;
pub use params::SolverParams;
pub use solution::Solution;
