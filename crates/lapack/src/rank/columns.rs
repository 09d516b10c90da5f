//! Which columns depend on those before them, and how.

use std::fmt;

use ndarray::ArrayRef2;

use super::{Tolerance, rounding};
use crate::error::Error;
use crate::gram_schmidt::{Candidate, Method, orthogonalize, overflow};
use crate::scalar::Scalar;

/// Which columns of `a` (m x n) are independent, and how the others follow from them.
///
/// Columns are taken from left to right, as in a reduced row echelon form: a column is dependent when those
/// before it contain it. With [`Tolerance::Standard`] and [`Tolerance::Relative`] that is so when a relative
/// change of each column by at most `max(m, n) ε`, or by the factor given, makes it exactly so; the units of
/// the columns then play no part. With [`Tolerance::Absolute`] it is so within that distance. One pass of
/// reorthogonalized Gram–Schmidt, 4mn² flops.
///
/// ```
/// use lapwing_lapack::rank::{Tolerance, analyze_columns};
/// use ndarray::array;
/// // Column 2 is twice column 0 and once column 1.
/// let a = array![[1.0, 0.0, 2.0], [1.0, 1.0, 3.0], [0.0, 2.0, 2.0]];
/// let report = analyze_columns(&a, Tolerance::Standard)?;
/// assert_eq!(report.independent(), [0, 1]);
/// assert_eq!(report.dependent()[0].column, 2);
/// println!("{report}");                        // column 2 = 2 × column 0 + 1 × column 1
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`numerical_rank`](super::numerical_rank).
pub fn analyze_columns<T: Scalar>(a: &ArrayRef2<T>, tolerance: Tolerance) -> Result<ColumnReport<T>, Error> {
    tolerance.validate()?;
    let (m, n) = a.dim();
    let relative = if let Tolerance::Relative(factor) = tolerance { factor } else { rounding::<T>(m, n) };
    let mut dependent = Vec::new();
    // Of the columns kept so far: their numbers and norms, and their columns of R over those norms.
    let mut kept: Vec<(usize, f64)> = Vec::new();
    let mut triangle: Vec<Vec<f64>> = Vec::new();
    let factors = orthogonalize(a, Method::Reorthogonalized, |candidate| {
        let Candidate { column, norm, residual, .. } = candidate;
        // In units of the columns' own norms, so that only the result may leave the range.
        let in_units = |r: &T| if norm == 0.0 { 0.0 } else { r.as_f64() / norm };
        let components: Vec<f64> = candidate.coefficients.iter().map(in_units).collect();
        let mut terms = components.clone();
        for i in (0..triangle.len()).rev() {
            terms[i] /= triangle[i][i];
            let term = terms[i];
            terms[..i].iter_mut().zip(&triangle[i]).for_each(|(above, r)| *above -= r * term);
        }
        let size = 1.0 + terms.iter().map(|term| term.abs()).sum::<f64>();
        let limit =
            if let Tolerance::Absolute(distance) = tolerance { distance } else { relative * size * norm };
        if residual > limit {
            triangle.push(components.into_iter().chain([residual / norm]).collect());
            kept.push((column, norm));
            return Ok(false);
        }
        // What is no larger than the error of the sum is an error of the sum.
        let combination = terms.iter().zip(&kept).filter(|(term, _)| term.abs() > relative * size);
        let combination =
            combination.map(|(term, (column, unit))| (*column, T::from_f64(term * (norm / unit))));
        dependent.push(DependentColumn { column, combination: combination.collect(), distance: residual });
        Ok(true)
    })?;
    let overflows =
        |dependence: &DependentColumn<T>| dependence.combination.iter().any(|(_, c)| !c.is_finite());
    if dependent.iter().any(overflows) {
        return Err(overflow::<T>());
    }
    Ok(ColumnReport { independent: factors.into_columns(), dependent })
}

/// Which columns of a matrix are independent. Made by [`analyze_columns`].
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnReport<T: Scalar> {
    independent: Vec<usize>,
    dependent: Vec<DependentColumn<T>>,
}

/// A column that those before it contain.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DependentColumn<T: Scalar> {
    /// Its number, from 0.
    pub column: usize,
    /// The independent columns before it that make it up, each with its coefficient; none for a column of zeros.
    pub combination: Vec<(usize, T)>,
    /// Its distance from their span.
    pub distance: f64,
}

impl<T: Scalar> ColumnReport<T> {
    /// The numbers, from 0 and ascending, of the columns that are not in the span of those before them.
    pub fn independent(&self) -> &[usize] {
        &self.independent
    }

    /// The others, in order.
    pub fn dependent(&self) -> &[DependentColumn<T>] {
        &self.dependent
    }

    /// Whether no column depends on the others.
    pub fn are_independent(&self) -> bool {
        self.dependent.is_empty()
    }
}

impl<T: Scalar> fmt::Display for ColumnReport<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.are_independent() {
            return write!(out, "all {} columns are independent", self.independent.len());
        }
        for (index, dependence) in self.dependent.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(out, "{separator}{dependence}")?;
        }
        Ok(())
    }
}

impl<T: Scalar> fmt::Display for DependentColumn<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "column {} = ", self.column)?;
        if self.combination.is_empty() {
            return write!(out, "0");
        }
        for (index, (column, coefficient)) in self.combination.iter().enumerate() {
            let coefficient = coefficient.as_f64();
            let sign = match (index, coefficient < 0.0) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            };
            write!(out, "{sign}{} × column {column}", six_digits(coefficient.abs()))?;
        }
        Ok(())
    }
}

/// Six significant digits, without the zeros after them.
fn six_digits(value: f64) -> String {
    let scientific = format!("{value:.5e}");
    let rounded: f64 = scientific.parse().unwrap_or(value);
    if (1e-4..1e6).contains(&rounded) { rounded.to_string() } else { format!("{rounded:e}") }
}
