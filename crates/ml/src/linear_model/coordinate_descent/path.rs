//! Which penalties a path goes down.

use super::design::Design;
use super::params::{CoefficientSign, check_alpha, invalid};
use crate::error::Error;

/// The penalties of a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Alphas {
    /// So many, from the least at which all coefficients are zero down to a share of it, in equal ratios. The default is 100
    /// down to a thousandth, as in scikit-learn.
    Geometric {
        /// How many, at least 1 and at most a million.
        count: usize,
        /// The last one as a share of the first, in (0, 1\]. scikit-learn's `eps`.
        share: f64,
    },
    /// These, in decreasing order whatever their order here.
    Given(Vec<f64>),
}

impl Default for Alphas {
    fn default() -> Self {
        Alphas::Geometric { count: 100, share: 1e-3 }
    }
}

impl Alphas {
    pub(super) fn check(&self, l1_ratio: f64) -> Result<(), Error> {
        match self {
            Alphas::Geometric { .. } if l1_ratio == 0.0 => {
                Err(invalid("l1_ratio", 0.0, "positive, or the alphas given: none of them makes all zero"))
            }
            Alphas::Geometric { count: 0, .. } => Err(invalid("the number of alphas", 0.0, "at least 1")),
            Alphas::Geometric { count, .. } if *count > MOST => {
                Err(invalid("the number of alphas", *count as f64, "at most a million"))
            }
            Alphas::Geometric { share, .. } if !(*share > 0.0 && *share <= 1.0) => {
                Err(invalid("the share of the last alpha", *share, "positive and at most 1"))
            }
            Alphas::Given(alphas) if alphas.is_empty() => {
                Err(invalid("the number of alphas", 0.0, "at least 1"))
            }
            Alphas::Given(alphas) => alphas.iter().try_for_each(|&alpha| check_alpha(alpha)),
            Alphas::Geometric { .. } => Ok(()),
        }
    }

    /// The penalties for the first target, from the largest down.
    pub(super) fn of_design(&self, design: &Design, l1_ratio: f64, sign: CoefficientSign) -> Vec<f64> {
        match self {
            Alphas::Given(alphas) => {
                let mut alphas = alphas.clone();
                alphas.sort_by(|a, b| b.total_cmp(a));
                alphas
            }
            Alphas::Geometric { count, share } => {
                let size = |c: &f64| if sign == CoefficientSign::NonNegative { *c } else { c.abs() };
                let largest = design.correlations(0).iter().map(size).fold(0.0, f64::max) / l1_ratio;
                geometric(largest, *share, *count)
            }
        }
    }
}

/// Each is a fit, and more than this a mistake, which memory or time would find late.
const MOST: usize = 1_000_000;

/// Where nothing correlates, every penalty makes all zero; this is scikit-learn's.
const LEAST: f64 = 1e-15;

/// `count` numbers from `largest` down to `share` of it, in equal ratios.
fn geometric(largest: f64, share: f64, count: usize) -> Vec<f64> {
    if largest <= LEAST {
        return vec![LEAST; count];
    }
    let steps = count.max(2) as f64 - 1.0;
    (0..count).map(|step| largest * share.powf(step as f64 / steps)).collect()
}
