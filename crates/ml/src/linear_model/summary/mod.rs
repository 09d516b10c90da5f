//! What statistics has to say of a linear regression: statsmodels' `OLS` and `WLS`, in double precision.
//!
//! Everything is read from R of a QR factorization of the centred rows (its SVD, where features depend on each other), never
//! from a Gram matrix; the rows are passed over once more, in blocks, for residuals and leverages.
//!
//! Differences from statsmodels:
//!
//! - An intercept is what [`Intercept`](super::Intercept) says. A column of ones in x counts as a feature, for R² too, where
//!   statsmodels looks for one.
//! - Where features depend on each other, coefficients are those of [`LinearRegression`](super::LinearRegression), of least
//!   norm around the means, and the intercept is no part of that norm, as it is in statsmodels' pseudoinverse. Fitted values,
//!   R², F, the likelihood, leverages and what follows from them are the same.
//! - Weights must be positive, and leave a degree of freedom: there is no NaN in a summary. What does not exist is `None`.
//! - Influence measures of a weighted fit are those of the weighted rows, as in R; statsmodels leaves the weights out.

mod collinearity;
mod influence;
#[cfg(test)]
mod tests;

use std::fmt;

use lapwing_lapack::{Error as LapackError, Scalar, Svd, Triangle, triangular};
use ndarray::{Array2, ArrayView1, s};

pub use collinearity::Collinearity;
pub use influence::Influence;

use self::collinearity::Conditioning;
use super::linear_regression::{Reduction, refined_fit, times_power};
use super::regression::Intercept;
use super::regression::Regression;
use crate::distributions::{f_survival, student_t_quantile, student_t_survival};
use crate::error::Error;

/// What a coefficient multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// One.
    Intercept,
    /// The column of x of this number, from 0.
    Feature(usize),
}

impl fmt::Display for Term {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Intercept => out.pad("the intercept"),
            Term::Feature(column) => out.pad(&format!("column {column}")),
        }
    }
}

/// The bounds between which a coefficient lies with some confidence.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
#[non_exhaustive]
pub struct ConfidenceInterval {
    /// Below it with half of the rest of the probability.
    pub lower: f64,
    /// Above it with the other half.
    pub upper: f64,
}

/// A linear regression with one target, and how far it can be trusted. Made by
/// [`LinearRegressionParams::summarize`](super::LinearRegressionParams::summarize).
///
/// ```
/// use lapwing_ml::LinearRegression;
/// use ndarray::array;
/// let x = array![[1.0], [2.0], [3.0], [4.0], [5.0]];
/// let y = array![1.1, 1.9, 3.2, 3.8, 5.1];
/// let summary = LinearRegression::params().summarize(&x, &y)?;
/// assert!((summary.coefficients()[1] - 0.99f64).abs() < 1e-14); // the intercept comes first
/// assert!(summary.p_values()[1] < 1e-3 && summary.p_values()[0] > 0.5);
/// assert!(summary.confidence_intervals(0.95)?[1].lower > 0.7);
/// assert!(summary.collinearity().is_none());
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// Vectors of coefficients have an entry for each of [`terms`](Self::terms). A fit without residuals has infinite
/// statistics and an infinite likelihood. It serializes with serde, without the [`influence`](Self::influence) of the
/// samples, which serializes by itself; infinite numbers are null in JSON.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct RegressionSummary {
    terms: Vec<Term>,
    coefficients: Vec<f64>,
    standard_errors: Vec<f64>,
    t_statistics: Vec<f64>,
    p_values: Vec<f64>,
    n_samples: usize,
    rank: usize,
    model_degrees_of_freedom: usize,
    residual_degrees_of_freedom: usize,
    residual_sum_of_squares: f64,
    residual_standard_deviation: f64,
    r_squared: f64,
    adjusted_r_squared: f64,
    f_statistic: Option<f64>,
    f_p_value: Option<f64>,
    log_likelihood: f64,
    aic: f64,
    bic: f64,
    condition_number: f64,
    scaled_condition_number: f64,
    variance_inflation_factors: Vec<Option<f64>>,
    collinearity: Option<Collinearity>,
    #[serde(skip)]
    influence: Influence,
}

impl RegressionSummary {
    /// What the coefficients multiply: the intercept where it is fitted, then each column of x.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The estimates.
    pub fn coefficients(&self) -> ArrayView1<'_, f64> {
        ArrayView1::from(&self.coefficients)
    }

    /// The standard error of each estimate.
    pub fn standard_errors(&self) -> ArrayView1<'_, f64> {
        ArrayView1::from(&self.standard_errors)
    }

    /// Each estimate in units of its standard error.
    pub fn t_statistics(&self) -> ArrayView1<'_, f64> {
        ArrayView1::from(&self.t_statistics)
    }

    /// How probable a t statistic as far from zero is for a coefficient of zero.
    pub fn p_values(&self) -> ArrayView1<'_, f64> {
        ArrayView1::from(&self.p_values)
    }

    /// For each coefficient, the interval that covers it with probability `level`: 0.95 in statsmodels.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] unless `level` lies strictly between 0 and 1.
    pub fn confidence_intervals(&self, level: f64) -> Result<Vec<ConfidenceInterval>, Error> {
        if !(level > 0.0 && level < 1.0) {
            let (value, requirement) = (level.to_string(), "strictly between 0 and 1".to_owned());
            return Err(Error::InvalidParameter { parameter: "level", value, requirement });
        }
        let errors = student_t_quantile(0.5 + level / 2.0, self.residual_degrees_of_freedom as f64);
        let pairs = self.coefficients.iter().zip(&self.standard_errors);
        Ok(pairs
            .map(|(estimate, error)| ConfidenceInterval {
                lower: estimate - errors * error,
                upper: estimate + errors * error,
            })
            .collect())
    }

    /// n.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// The rank of features and intercept together: less than the number of coefficients where they depend on each other,
    /// so that single coefficients mean nothing.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The rank without the intercept.
    pub fn model_degrees_of_freedom(&self) -> usize {
        self.model_degrees_of_freedom
    }

    /// n less the rank.
    pub fn residual_degrees_of_freedom(&self) -> usize {
        self.residual_degrees_of_freedom
    }

    /// The sum of the squared residuals, times their weights.
    pub fn residual_sum_of_squares(&self) -> f64 {
        self.residual_sum_of_squares
    }

    /// The root of the sum over the degrees of freedom: the standard deviation of the noise (of a sample of weight 1).
    pub fn residual_standard_deviation(&self) -> f64 {
        self.residual_standard_deviation
    }

    /// The share of the variance that the fit explains; of the sum of squares, without an intercept.
    pub fn r_squared(&self) -> f64 {
        self.r_squared
    }

    /// R² for the degrees of freedom that the fit had.
    pub fn adjusted_r_squared(&self) -> f64 {
        self.adjusted_r_squared
    }

    /// The explained variance beside that of the residuals, each over its degrees of freedom; `None` where the features, or
    /// the target, have none.
    pub fn f_statistic(&self) -> Option<f64> {
        self.f_statistic
    }

    /// How probable an F statistic as large is where all coefficients but the intercept are zero.
    pub fn f_p_value(&self) -> Option<f64> {
        self.f_p_value
    }

    /// The logarithm of the likelihood of the fit, for normal noise.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Akaike's information criterion: 2 rank − 2 log-likelihood.
    pub fn aic(&self) -> f64 {
        self.aic
    }

    /// Schwarz's criterion: rank · ln n − 2 log-likelihood.
    pub fn bic(&self) -> f64 {
        self.bic
    }

    /// The condition number of the weighted design, intercept included, in the given units: statsmodels'. Units alone make
    /// it large.
    pub fn condition_number(&self) -> f64 {
        self.condition_number
    }

    /// The same with every column of length one, which is within √k of the least that any units give.
    pub fn scaled_condition_number(&self) -> f64 {
        self.scaled_condition_number
    }

    /// For each feature, by how much its dependence on the others inflates the variance of its coefficient, p. `None` where
    /// it is a combination of the others.
    pub fn variance_inflation_factors(&self) -> &[Option<f64>] {
        &self.variance_inflation_factors
    }

    /// Which columns nearly depend on each other, if any do.
    pub fn collinearity(&self) -> Option<&Collinearity> {
        self.collinearity.as_ref()
    }

    /// Residuals, leverages, and what each sample does to the fit.
    pub fn influence(&self) -> &Influence {
        &self.influence
    }

    /// For rows that have been checked, with one target.
    pub(super) fn new<T: Scalar>(rows: &Regression<'_, T>, refine: bool) -> Result<Self, Error> {
        let log_weights = log_weights(rows)?;
        let reduction = Reduction::new(rows)?;
        let qr = reduction.by_qr()?;
        let full_rank = qr.is_some();
        let mut fit = qr.map_or_else(|| reduction.by_svd(), Ok)?;
        let refined = if refine { refined_fit(rows)? } else { None };
        let mut residual_norm = full_rank.then(|| reduction.residual_norms[0]);
        if let Some(refined) = refined {
            residual_norm = Some(refined.residual_norms[0]);
            fit = refined.fit;
        }

        let n = rows.x.nrows();
        let constant = usize::from(rows.intercept == Intercept::Fitted);
        let features = fit.rank.unwrap_or(fit.coefficients.ncols());
        let rank = features + constant;
        if n <= rank {
            let method = "a summary of this regression";
            return Err(Error::TooFewSamples { argument: "x", method, found: n, least: rank + 1 });
        }
        let freedom = n - rank;

        let root = CovarianceRoot::new(&reduction, full_rank, features)?;
        let total_weight =
            rows.weights.map_or(n as f64, |weights| weights.iter().map(|weight| weight.as_f64()).sum());
        let (mut influence, summed) =
            Influence::of_rows(rows, &fit, &reduction.centre.x_rounding, &root.matrix, total_weight)?;
        let residual_norm = residual_norm.unwrap_or(summed);
        let deviation = residual_norm / (freedom as f64).sqrt();
        influence.studentize(rows, residual_norm, freedom, rank);

        let mut coefficients = fit.coefficients.row(0).to_vec();
        let mut unscaled = root.row_lengths();
        let mut terms: Vec<Term> = (0..coefficients.len()).map(Term::Feature).collect();
        if constant == 1 {
            let intercept = fit.intercept.map_or_else(
                || fit.level[0] - fit.coefficients.row(0).dot(&fit.centre),
                |intercept| intercept[0],
            );
            let of_means = fit.centre.dot(&root.matrix);
            coefficients.insert(0, intercept);
            unscaled.insert(0, (1.0 / total_weight + of_means.dot(&of_means)).sqrt());
            terms.insert(0, Term::Intercept);
        }
        let standard_errors: Vec<f64> = unscaled.iter().map(|length| deviation * length).collect();
        let t_statistics: Vec<f64> = coefficients
            .iter()
            .zip(&standard_errors)
            .map(|(&estimate, &error)| quotient(estimate, error))
            .collect();
        let p_values =
            t_statistics.iter().map(|t| 2.0 * student_t_survival(t.abs(), freedom as f64)).collect();

        let total_norm = reduction.target_norms()[0];
        let unexplained = if total_norm > 0.0 {
            (residual_norm / total_norm) * (residual_norm / total_norm)
        } else if residual_norm > 0.0 {
            1.0
        } else {
            0.0
        };
        let f_statistic = (features > 0 && total_norm > 0.0).then(|| {
            quotient(((1.0 - unexplained) / features as f64).max(0.0), unexplained / freedom as f64)
        });
        let half = n as f64 / 2.0;
        let log_likelihood = log_weights / 2.0
            - half * (1.0 + (std::f64::consts::PI / half).ln())
            - 2.0 * half * residual_norm.ln();
        let conditioning = Conditioning::new(&reduction, &fit.centre, total_weight, rows.intercept, &terms)?;
        let summary = Self {
            terms,
            coefficients,
            standard_errors,
            t_statistics,
            p_values,
            n_samples: n,
            rank,
            model_degrees_of_freedom: features,
            residual_degrees_of_freedom: freedom,
            residual_sum_of_squares: residual_norm * residual_norm,
            residual_standard_deviation: deviation,
            r_squared: 1.0 - unexplained,
            adjusted_r_squared: 1.0 - (n - constant) as f64 / freedom as f64 * unexplained,
            f_statistic,
            f_p_value: f_statistic.map(|f| f_survival(f, features as f64, freedom as f64)),
            log_likelihood,
            aic: 2.0 * (rank as f64 - log_likelihood),
            bic: (n as f64).ln() * rank as f64 - 2.0 * log_likelihood,
            condition_number: conditioning.as_given,
            scaled_condition_number: conditioning.scaled,
            variance_inflation_factors: root.inflation,
            collinearity: conditioning.collinearity,
            influence,
        };
        let mut numbers = summary.coefficients.iter().chain(&summary.standard_errors);
        if numbers.all(|number| number.is_finite()) {
            Ok(summary)
        } else {
            Err(LapackError::Overflow { routine: "the standard errors", scalar: "f64" }.into())
        }
    }
}

/// F with `(XᵀX)⁺ = F Fᵀ`, p x rank, for the centred and weighted features: a row of X times F has the leverage as its square.
struct CovarianceRoot {
    matrix: Array2<f64>,
    /// What follows from it for each feature, p.
    inflation: Vec<Option<f64>>,
}

impl CovarianceRoot {
    fn new(reduction: &Reduction, full_rank: bool, rank: usize) -> Result<Self, Error> {
        if full_rank {
            let (triangle, exponents) = reduction.equilibrated();
            let mut matrix =
                triangular::inverse(&triangle, Triangle::Upper, lapwing_lapack::Diagonal::General)?;
            let inflation = triangle.columns().into_iter().zip(matrix.outer_iter());
            let inflation =
                inflation.map(|(column, row)| Some(column.dot(&column) * row.dot(&row))).collect();
            for (mut row, exponent) in matrix.outer_iter_mut().zip(&exponents) {
                row.mapv_inplace(|entry| times_power(entry, -exponent));
            }
            return Ok(Self { matrix, inflation });
        }
        /// A direction without variance that has so large a part of a column contains it.
        const PART: f64 = 1e-8;
        let (rows, uniform) = reduction.as_rows()?;
        let (_, values, vt) = Svd::thin(&rows)?.into_factors();
        let kept = vt.slice(s![..rank, ..]);
        let mut matrix = kept.t().to_owned();
        for (mut column, value) in matrix.columns_mut().into_iter().zip(&values) {
            column /= *value;
        }
        let inflation = (0..rows.ncols()).map(|j| {
            let (column, row) = (rows.column(j), matrix.row(j));
            let within = kept.column(j).dot(&kept.column(j));
            (1.0 - within < PART * PART.sqrt()).then(|| column.dot(&column) * row.dot(&row))
        });
        let inflation = inflation.collect();
        matrix.mapv_inplace(|entry| times_power(entry, -uniform));
        Ok(Self { matrix, inflation })
    }

    fn row_lengths(&self) -> Vec<f64> {
        self.matrix.outer_iter().map(|row| row.dot(&row).sqrt()).collect()
    }
}

/// The sum of the logarithms of the weights, which must all be positive.
fn log_weights<T: Scalar>(rows: &Regression<'_, T>) -> Result<f64, Error> {
    let Some(weights) = rows.weights else { return Ok(0.0) };
    if let Some(i) = weights.iter().position(|&weight| weight <= T::zero()) {
        return Err(Error::InvalidParameter {
            parameter: "weights",
            value: format!("0 at position {i}"),
            requirement: "positive in a summary; leave samples without weight out".to_owned(),
        });
    }
    Ok(weights.iter().map(|weight| weight.as_f64().ln()).sum())
}

/// With a zero for zero over zero.
fn quotient(numerator: f64, denominator: f64) -> f64 {
    if numerator == 0.0 { 0.0 } else { numerator / denominator }
}
