//! Covariance of features: how they vary together, and how far an observation lies from the rest.
//!
//! | model                                    | what it is for                                           | cost for n samples, p features |
//! |------------------------------------------|----------------------------------------------------------|--------------------------------|
//! | [`EmpiricalCovariance`]                  | many more samples than features                          | np² in one pass                |
//! | [`ShrunkCovariance`]                     | few samples, shrunk as far as the caller says            | np² in one pass                |
//! | [`LedoitWolf`]                           | few samples, of any distribution                         | np² in three passes            |
//! | [`Oas`]                                  | few samples, close to normal                             | np² in one pass                |
//! | [`MinCovDet`]                            | samples of which up to half may be wrong                 | some hundred times np²         |
//! | [`RunningCovariance`]                    | samples in blocks, or in parts that are merged           | np² in all                     |
//! | [`correlation()`], [`partial_correlation`] | association without units                              | np²                            |
//!
//! Every model dereferences to one [`FittedCovariance`], which answers what they have in common: the precision, the
//! likelihood of data, the distance from another covariance. The semantics are those of `sklearn.covariance`, with these
//! differences:
//!
//! - Data is counted from one of its rows, so that data far from the origin loses no digits, and it is never copied as a
//!   whole.
//! - Sums are accumulated in `f64` for `f32` data, and the covariance is kept in `f64` for what is computed from it.
//! - Where a covariance is singular, its likelihoods are an error, not −∞; its precision is the pseudo-inverse, as there.
//! - [`MinCovDet`] treats data on a hyperplane as its authors do; its page says how.

mod centring;
pub mod correlation;
mod empirical;
mod error_norm;
mod fitted;
mod min_cov_det;
mod persistence;
mod running;
mod shrinkage;
#[cfg(test)]
mod tests;
mod whitener;

pub use centring::Centring;
pub(crate) use centring::mirror_lower;
#[doc(inline)]
pub use correlation::{
    correlation, correlation_from_covariance, partial_correlation, partial_correlation_from_covariance,
};
pub use empirical::{EmpiricalCovariance, EmpiricalCovarianceParams};
pub use error_norm::{ErrorNorm, ErrorPower, ErrorScaling};
pub use fitted::FittedCovariance;
pub use min_cov_det::{MinCovDet, MinCovDetParams, SupportScatter};
pub use running::RunningCovariance;
pub use shrinkage::{
    LedoitWolf, LedoitWolfParams, Oas, OasParams, ShrunkCovariance, ShrunkCovarianceParams,
    ledoit_wolf_shrinkage, shrunk_covariance,
};
pub(crate) use shrinkage::{best_share, require_share, shrink};
