//! What `--summary` adds.

use crate::error::Result;
use crate::report::{self, MOST_ROWS, significant};
use comfy_table::CellAlignment;
use lapwing::ml::linear_model::{ConfidenceInterval, RegressionSummary, Term};
use serde::Serialize;

/// The probability that a confidence interval covers.
const LEVEL: f64 = 0.95;

/// What a summary says, of either kind.
#[derive(Serialize)]
#[serde(untagged)]
pub(in crate::regression) enum Summary {
    LeastSquares(Box<Statistics>),
    Ridge(Errors),
}

#[derive(Serialize)]
pub(in crate::regression) struct Statistics {
    /// The names of the terms.
    names: Vec<String>,
    confidence_level: f64,
    confidence_intervals: Vec<ConfidenceInterval>,
    #[serde(flatten)]
    summary: RegressionSummary,
}

#[derive(Serialize)]
pub(in crate::regression) struct Errors {
    effective_degrees_of_freedom: f64,
    /// The mean of the squared errors of each sample in the fit of all others.
    leave_one_out_error: f64,
}

impl Summary {
    pub(in crate::regression) fn of_least_squares(
        summary: RegressionSummary,
        features: &[String],
    ) -> Result<Self> {
        let names = summary.terms().iter().map(|term| name(term, features)).collect();
        let confidence_intervals = summary.confidence_intervals(LEVEL)?;
        let statistics = Statistics { names, confidence_level: LEVEL, confidence_intervals, summary };
        Ok(Self::LeastSquares(Box::new(statistics)))
    }

    pub(in crate::regression) fn of_ridge(
        effective_degrees_of_freedom: f64,
        leave_one_out_error: f64,
    ) -> Self {
        Self::Ridge(Errors { effective_degrees_of_freedom, leave_one_out_error })
    }

    /// Lines above the table: a name and what it is.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::LeastSquares(statistics) => statistics.facts(),
            Self::Ridge(errors) => vec![
                ("effective degrees of freedom", significant(errors.effective_degrees_of_freedom)),
                ("leave-one-out error (mean square)", significant(errors.leave_one_out_error)),
            ],
        }
    }

    /// The table of coefficients, of a summary that knows more of them than their values.
    pub(super) fn table(&self) -> Option<String> {
        match self {
            Self::LeastSquares(statistics) => Some(statistics.table()),
            Self::Ridge(_) => None,
        }
    }

    /// What the person should know before anything is made of the coefficients.
    pub(super) fn warning(&self) -> Option<String> {
        match self {
            Self::LeastSquares(statistics) => statistics.warning(),
            Self::Ridge(_) => None,
        }
    }
}

impl Statistics {
    fn facts(&self) -> Vec<(&'static str, String)> {
        let summary = &self.summary;
        let mut facts = vec![("adjusted R\u{b2}", significant(summary.adjusted_r_squared()))];
        if let (Some(f), Some(p)) = (summary.f_statistic(), summary.f_p_value()) {
            let (model, residual) =
                (summary.model_degrees_of_freedom(), summary.residual_degrees_of_freedom());
            facts.push((
                "F",
                format!(
                    "{} on {model} and {residual} degrees of freedom, p = {}",
                    significant(f),
                    significant(p)
                ),
            ));
        }
        facts.extend([
            ("residual standard deviation", significant(summary.residual_standard_deviation())),
            ("log-likelihood", significant(summary.log_likelihood())),
            ("AIC, BIC", format!("{}, {}", significant(summary.aic()), significant(summary.bic()))),
            (
                "condition number",
                format!(
                    "{}; {} with columns of length one",
                    significant(summary.condition_number()),
                    significant(summary.scaled_condition_number())
                ),
            ),
        ]);
        facts
    }

    fn table(&self) -> String {
        let summary = &self.summary;
        let header = ["term", "coefficient", "std err", "t", "P>|t|", "95 % from", "to"];
        let mut table = report::plain_table(&header);
        let intervals = self.names.iter().zip(&self.confidence_intervals);
        for (i, (name, interval)) in intervals.enumerate().take(MOST_ROWS) {
            table.add_row([
                name.clone(),
                significant(summary.coefficients()[i]),
                significant(summary.standard_errors()[i]),
                significant(summary.t_statistics()[i]),
                significant(summary.p_values()[i]),
                significant(interval.lower),
                significant(interval.upper),
            ]);
        }
        report::finished(table, CellAlignment::Left) + &report::and_more(self.names.len())
    }

    fn warning(&self) -> Option<String> {
        let collinearity = self.summary.collinearity()?;
        let involved = |term: &Term| {
            let place = self.summary.terms().iter().position(|other| other == term)?;
            self.names.get(place).map(String::as_str)
        };
        let names: Vec<&str> = collinearity.terms.iter().filter_map(involved).collect();
        Some(format!(
            "nearly dependent on each other: {} (condition index {});\n  their coefficients are uncertain: leave some out, \
             combine them, or take lapwing ridge",
            names.join(", "),
            significant(collinearity.condition_index)
        ))
    }
}

fn name(term: &Term, features: &[String]) -> String {
    match *term {
        Term::Intercept => "(intercept)".to_owned(),
        Term::Feature(column) => features.get(column).cloned().unwrap_or_else(|| column.to_string()),
    }
}
