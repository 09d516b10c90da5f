//! Discriminant analysis: classes as Gaussians, with one covariance for all of them or one each.
//!
//! | [`LinearDiscriminantAnalysis`]    | one covariance: linear boundaries, and a projection that separates the classes |
//! |-----------------------------------|--------------------------------------------------------------------------------|
//! | [`QuadraticDiscriminantAnalysis`] | a covariance for each class: quadratic boundaries                              |
//!
//! The semantics are those of `sklearn.discriminant_analysis`, with these differences:
//!
//! - Everything is counted from the overall mean, whatever the solver: projections, coefficients and intercepts. With the
//!   least squares and the eigen solver, scikit-learn's coefficients hold a term that is common to all classes, and its
//!   projections that of the mean; both lose the digits of data that lies far from the origin. No probability depends on them.
//! - There is a discriminant for each class also where there are two; scikit-learn then returns their difference.
//! - Axes of projection have their largest entry positive. scikit-learn leaves the sign to LAPACK.
//! - A class of the quadratic analysis is collinear where its smallest standard deviation is rounding beside its largest.
//!   scikit-learn compares variances with 1e-4, whatever their unit. Regularized, it may have fewer samples than features.
//! - Priors must be positive and sum to 1; scikit-learn rescales them, and lets a class have none.
//! - Means and covariances are computed in double precision for `f32` data too.
//!
//! Labels are of any ordered type: numbers, strings, enums.

mod groups;
mod linear;
mod persistence;
mod posterior;
mod quadratic;
mod shrinkage;
mod solvers;
#[cfg(test)]
mod tests;

pub use linear::{LinearDiscriminantAnalysis, LinearDiscriminantAnalysisParams, LinearDiscriminantSolver};
pub use quadratic::{QuadraticDiscriminantAnalysis, QuadraticDiscriminantAnalysisParams};
pub use shrinkage::Shrinkage;
