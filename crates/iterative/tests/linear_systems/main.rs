//! Iterative solution of linear systems and least squares problems.

mod arguments;
mod definite;
mod indefinite;
mod least_squares;
mod nonsymmetric;
mod preconditioners;
mod problems;
mod reference;
