//! Solution of linear systems `A x = b` by iteration.
//!
//! | matrix                        | method                | products an iteration | vectors kept |
//! |-------------------------------|-----------------------|-----------------------|--------------|
//! | symmetric positive definite   | [`ConjugateGradient`] | 1                     | 4            |
//! | symmetric                     | [`Minres`]            | 1                     | 8            |
//! | any square                    | [`Gmres`]             | 1                     | m + 4        |
//! | any square                    | [`Bicgstab`]          | 2                     | 7            |
//! | m x n, by least squares       | [`Lsqr`]              | 1 and 1 with Aᵀ       | 3 of m, 5 of n |
//! | m x n, by least squares       | [`Lsmr`]              | 1 and 1 with Aᵀ       | 3 of m, 6 of n |
//!
//! A method sees a matrix only by its products, and works on one right-hand side. How many iterations it needs depends on
//! the spectrum of the matrix: a [preconditioner](crate::preconditioners) changes it for the better. What is returned as a
//! [`Solution`] has a residual within the tolerance, computed from a product and not by recurrence.

mod bicgstab;
mod bidiagonalization;
mod conjugate_gradient;
mod gmres;
mod least_squares;
mod least_squares_params;
mod least_squares_solution;
mod lsmr;
mod lsqr;
mod minres;
mod params;
mod rotation;
mod solution;
mod system;
pub(crate) mod vectors;

pub use bicgstab::Bicgstab;
pub use conjugate_gradient::ConjugateGradient;
pub use gmres::Gmres;
pub use least_squares_params::LeastSquaresParams;
pub use least_squares_solution::{Fulfilled, LeastSquaresSolution};
pub use lsmr::Lsmr;
pub use lsqr::Lsqr;
pub use minres::Minres;
pub use params::SolverParams;
pub use solution::Solution;
