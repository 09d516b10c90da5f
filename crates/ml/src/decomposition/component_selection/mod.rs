//! How many principal components to keep, where no number is given.
//!
//! | rule                                          | keeps                                                                  |
//! |-----------------------------------------------|------------------------------------------------------------------------|
//! | [`NComponents::Variance`](super::NComponents) | a share of the total variance                                          |
//! | [`NComponents::Mle`](super::NComponents)      | Minka's estimate of the dimension                                      |
//! | [`elbow`]                                     | what comes before the bend of the variances: quick, and rough          |
//! | [`ParallelAnalysis`]                          | what exceeds the variances of data without structure (Horn)            |
//! | [`LikelihoodValidation`]                      | what makes rows that were left out most likely                         |
//!
//! Each ends in a number for [`NComponents::Count`](super::NComponents).

mod elbow;
mod likelihood_validation;
mod parallel_analysis;

pub use crate::model_selection::FoldOrder;
pub use elbow::elbow;
pub use likelihood_validation::{LikelihoodValidation, LikelihoodValidationParams};
pub use parallel_analysis::{Association, NullModel, ParallelAnalysis, ParallelAnalysisParams};
