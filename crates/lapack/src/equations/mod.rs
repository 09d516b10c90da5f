//! Matrix equations: Sylvester, Lyapunov and Riccati.
//!
//! | to solve                             | use                                          | by                                    | cost, about |
//! |--------------------------------------|----------------------------------------------|---------------------------------------|-------------|
//! | `A X + X B = C`                      | [`sylvester`]                                | `gees` twice, `trsyl`                 | 25(m³ + n³) |
//! | `A X + X Aᵀ = Q`                     | [`continuous_lyapunov`]                      | `gees`, `trsyl`                       | 30n³        |
//! | `A X Aᵀ − X + Q = 0`                 | [`discrete_lyapunov`]                        | `gees`, a blocked recursion           | 30n³        |
//! | `Aᵀ X + X A − X B R⁻¹ Bᵀ X + Q = 0`  | [`Riccati::continuous`]                      | `geqrf`, `gges` and `tgsen` of order 2n | 600n³     |
//! | its counterpart in discrete time     | [`Riccati::discrete`]                        | the same                              | 600n³       |
//!
//! A Lyapunov equation gives the covariance of a linear system driven by noise, and proves its stability; a Riccati
//! equation gives the optimal controller of one (LQR), or its optimal filter (Kalman). Signs are those of
//! `scipy.linalg`.
//!
//! A linear equation has exactly one solution unless its operator is singular: eigenvalues `λ` of A and `μ` of B with
//! `λ + μ = 0` (Sylvester), `λᵢ + λⱼ = 0` or `λᵢ λⱼ = 1` (Lyapunov). Where there are such, up to rounding, the
//! functions return [`Error::DoesNotExist`](crate::Error::DoesNotExist) rather than LAPACK's solution of a perturbed
//! equation. A Riccati equation has many solutions, of which the stabilizing one is given, or the same error.

mod lyapunov;
mod pencil;
mod riccati;
mod stein;
mod sylvester;
#[cfg(test)]
mod tests;

pub use lyapunov::{continuous_lyapunov, discrete_lyapunov};
pub use riccati::{Riccati, RiccatiParams};
pub use sylvester::sylvester;
