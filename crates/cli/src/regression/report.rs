//! What the regressions print.

mod summary;

use super::{Command, End, Fit, Method, Outcome, Search};
use crate::error::Result;
use crate::number::Number;
use crate::report::{self, Context, MOST_ROWS, shortest, significant};
use comfy_table::CellAlignment;
use serde::Serialize;

pub(super) use summary::Summary;

/// The JSON report has these fields, in this order.
#[derive(Serialize)]
pub(super) struct Report<'a, T> {
    model: &'static str,
    n_samples: usize,
    n_features: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    features: &'a [String],
    coefficients: Vec<T>,
    intercept: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    alpha: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    search: Option<&'a Search>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r2: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rmse: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mae: Option<f64>,
    solver: String,
    seconds: f64,
    threads: usize,
    backend: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a Summary>,
}

impl<'a, T: Number> Report<'a, T> {
    pub(super) fn new<M: Method>(
        command: &'a Command<'_, M>,
        fit: &'a Fit<M::Model<T>>,
        outcome: &Outcome<'_, T>,
    ) -> Self {
        let scores = outcome.scores.as_ref();
        Self {
            model: M::NAME,
            n_samples: outcome.x.nrows(),
            n_features: outcome.x.ncols(),
            target: command.observed.as_ref().map(|observed| observed.name.as_str()),
            features: &command.names,
            coefficients: fit.model.coefficients().to_vec(),
            intercept: fit.model.intercept(),
            alpha: M::alpha(&fit.model),
            search: fit.search.as_ref(),
            r2: scores.and_then(|scores| scores.r2),
            rmse: scores.map(|scores| scores.rmse),
            mae: scores.map(|scores| scores.mae),
            solver: M::solver(&fit.model),
            seconds: outcome.seconds,
            threads: lapwing::threads::get(),
            backend: lapwing::backend::info().to_string(),
            summary: fit.summary.as_ref(),
        }
    }

    pub(super) fn json(&self) -> Result<String> {
        report::json(self)
    }

    pub(super) fn text<M: Method>(
        &self,
        command: &Command<'_, M>,
        fit: &Fit<M::Model<T>>,
        outcome: &Outcome<'_, T>,
        mut notes: Vec<String>,
    ) -> String {
        let mut heading = self.heading(command);
        let mut table = None;
        if let Some(summary) = &fit.summary {
            heading.extend(summary.facts());
            table = summary.table();
            notes.splice(0..0, summary.warning());
        }
        if let Some(warning) = self.search.and_then(at_end) {
            notes.insert(0, warning);
        }
        heading.push(("seconds", format!("{:.3}", self.seconds)));
        heading.push(("threads", self.threads.to_string()));
        heading.push(("backend", self.backend.clone()));
        let table = table.unwrap_or_else(|| self.coefficient_table(&outcome.deviations));
        Context { heading, notes }.around(&table, None)
    }

    fn heading<M: Method>(&self, command: &Command<'_, M>) -> Vec<(&'static str, String)> {
        let mut lines = vec![("file", command.run.file.clone())];
        lines.extend(self.target.map(|target| ("target", target.to_owned())));
        lines.push(("samples x features", format!("{} x {}", self.n_samples, self.n_features)));
        if let Some(model) = &command.arguments.model.load_model {
            lines.push(("model", model.display().to_string()));
        }
        if let Some(alpha) = self.alpha {
            let chosen = self
                .search
                .map(|search| format!(", the best of {} by {}", search.alphas.len(), search.method));
            lines.push(("penalty", format!("{}{}", shortest(alpha), chosen.unwrap_or_default())));
        }
        lines.push(("solver", self.solver.clone()));
        lines.extend(self.r2.map(|r2| ("R\u{b2}", significant(r2))));
        lines.extend(self.rmse.map(|rmse| ("root mean squared error", significant(rmse))));
        lines.extend(self.mae.map(|mae| ("mean absolute error", significant(mae))));
        lines
    }

    /// Coefficients, and what a standard deviation of their feature changes, which can be compared where units differ.
    fn coefficient_table(&self, deviations: &[f64]) -> String {
        let mut table = report::plain_table(&["feature", "coefficient", "per standard deviation"]);
        table.add_row(["(intercept)".to_owned(), significant(self.intercept.into()), String::new()]);
        let features = self.features.iter().zip(&self.coefficients).zip(deviations);
        for ((name, &coefficient), deviation) in features.take(MOST_ROWS) {
            let coefficient: f64 = coefficient.into();
            table.add_row([name.clone(), significant(coefficient), significant(coefficient * deviation)]);
        }
        report::finished(table, CellAlignment::Left) + &report::and_more(self.features.len())
    }
}

/// What to make of a best penalty that ends the grid.
fn at_end(search: &Search) -> Option<String> {
    let what = match search.at_end? {
        End::Smallest => {
            "the penalty is the smallest of the grid: a smaller one, or none, may predict better"
        }
        End::Largest => {
            "the penalty is the largest of the grid: a larger one may predict better; give it with --alpha"
        }
    };
    Some(what.to_owned())
}
