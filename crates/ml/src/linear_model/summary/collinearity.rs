//! Near dependencies among the columns of a design, and which columns they are of.

use std::fmt;

use lapwing_lapack::{Svd, zeros};
use ndarray::{Array1, Array2, s};

use super::Term;
use crate::error::Error;
use crate::linear_model::linear_regression::{Reduction, times_power};
use crate::linear_model::regression::Intercept;

/// The condition index from which Belsley, Kuh and Welsch call a dependency strong.
const STRONG: f64 = 30.0;

/// A coefficient is degraded where dependencies cause more than this share of its variance.
const DEGRADED: f64 = 0.5;

/// Columns of the design, intercept included, that nearly depend on each other: variance decomposition after Belsley, Kuh and
/// Welsch, "Regression Diagnostics" (1980), chapter 3, for columns of length one that are not centred.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct Collinearity {
    /// The largest singular value beside the smallest; infinite where a column is zero or exactly dependent.
    pub condition_index: f64,
    /// How many singular values are at most a thirtieth of the largest.
    pub dependencies: usize,
    /// The coefficients that owe more than half of their variance to these.
    pub terms: Vec<Term>,
}

impl fmt::Display for Collinearity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.terms.iter().map(Term::to_string).collect();
        write!(
            out,
            "{} nearly depend on each other (condition index {:.1e}); leave some out, combine them, or add a ridge",
            names.join(", "),
            self.condition_index
        )
    }
}

pub(super) struct Conditioning {
    pub(super) as_given: f64,
    pub(super) scaled: f64,
    pub(super) collinearity: Option<Collinearity>,
}

impl Conditioning {
    /// For features around `centre`.
    pub(super) fn new(
        reduction: &Reduction,
        centre: &Array1<f64>,
        total_weight: f64,
        intercept: Intercept,
        terms: &[Term],
    ) -> Result<Self, Error> {
        let mut design = explicit(reduction, centre, total_weight, intercept)?;
        let as_given = ratio(&Svd::values(&design)?.values);
        for mut column in design.columns_mut() {
            let largest = column.iter().fold(0.0f64, |largest, entry| largest.max(entry.abs()));
            if largest > 0.0 {
                column /= largest;
                column /= column.dot(&column).sqrt();
            }
        }
        let (_, values, vt) = Svd::thin(&design)?.into_factors();
        let scaled = if vt.nrows() < vt.ncols() { f64::INFINITY } else { ratio(&values) };
        let most = values[0];
        let strong: Vec<usize> = (0..vt.ncols()).filter(|&k| STRONG * value(&values, k) <= most).collect();
        let collinearity = (!strong.is_empty()).then(|| {
            let involved = |&(j, _): &(usize, &Term)| share_of(&strong, &values, &vt, j) > DEGRADED;
            let terms = terms.iter().enumerate().filter(involved).map(|(_, &term)| term).collect();
            Collinearity { condition_index: scaled, dependencies: strong.len(), terms }
        });
        Ok(Self { as_given, scaled, collinearity })
    }
}

/// The triangle (or, of a wide design, what has its singular values) of the uncentred design, divided by a power of two:
/// centred columns are orthogonal to that of ones.
fn explicit(
    reduction: &Reduction,
    centre: &Array1<f64>,
    total_weight: f64,
    intercept: Intercept,
) -> Result<Array2<f64>, Error> {
    let (centred, uniform) = reduction.as_rows()?;
    if intercept == Intercept::Zero {
        return Ok(centred);
    }
    let mut design = zeros(centred.nrows() + 1, centred.ncols() + 1)?;
    let root = total_weight.sqrt();
    design[[0, 0]] = times_power(root, -uniform);
    let mut means = design.slice_mut(s![0, 1..]);
    means.zip_mut_with(centre, |entry, &mean| *entry = times_power(mean, -uniform) * root);
    design.slice_mut(s![1.., 1..]).assign(&centred);
    Ok(design)
}

/// The largest beside the smallest.
fn ratio(values: &Array1<f64>) -> f64 {
    values[0] / values[values.len() - 1]
}

/// A wide design has singular values of zero beyond those that are computed.
fn value(values: &Array1<f64>, k: usize) -> f64 {
    values.get(k).copied().unwrap_or(0.0)
}

/// The share of the variance of coefficient j that the strong dependencies cause. Where singular values are zero to rounding,
/// they are all that counts.
fn share_of(strong: &[usize], values: &Array1<f64>, vt: &Array2<f64>, j: usize) -> f64 {
    let least = values[0] * f64::EPSILON;
    let part = |k: usize| {
        let quotient = vt[[k, j]] / value(values, k).max(least);
        quotient * quotient
    };
    let computed = vt.nrows();
    // What the computed vectors lack of a unit vector lies in the null space of a wide design.
    let missing = (1.0 - vt.column(j).dot(&vt.column(j))).max(0.0) / (least * least);
    let missing = if computed < vt.ncols() { missing } else { 0.0 };
    let all: f64 = (0..computed).map(part).sum::<f64>() + missing;
    let caused = strong.iter().filter(|&&k| k < computed).map(|&k| part(k)).sum::<f64>() + missing;
    if all > 0.0 { caused / all } else { 0.0 }
}
