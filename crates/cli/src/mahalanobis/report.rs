//! What `lapwing mahalanobis` prints.

use super::{Command, Model, shortest_percent};
use crate::error::Result;
use crate::number::Number;
use crate::report::{self, Context, MOST_ROWS, significant};
use comfy_table::CellAlignment;
use lapwing::ml::Outliers;
use ndarray::{Array1, Array2};
use serde::Serialize;

/// The JSON report has these fields, in this order.
#[derive(Serialize)]
pub(super) struct Report<'a, T> {
    n_samples: usize,
    n_features: usize,
    features: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    covariance_method: Option<&'static str>,
    location: Vec<T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covariance: Option<Vec<Vec<T>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shrinkage: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_fraction: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_samples: Option<usize>,
    quantile: f64,
    /// Of distances; squared ones are compared with its square.
    cutoff: f64,
    squared_cutoff: T,
    n_outliers: usize,
    /// Positions, from 0.
    outliers: &'a [usize],
    seconds: f64,
    threads: usize,
    backend: String,
}

impl<'a, T: Number> Report<'a, T> {
    pub(super) fn new(
        command: &'a Command<'_>,
        model: &Model<T>,
        outliers: &'a Outliers<T>,
        seconds: f64,
    ) -> Self {
        let fitted = model.fitted.as_ref();
        let rows = |covariance: &Array2<T>| covariance.rows().into_iter().map(|row| row.to_vec()).collect();
        let support = fitted.and_then(|fitted| fitted.support.as_ref());
        Self {
            n_samples: outliers.squared_distances.len(),
            n_features: model.metric.n_features(),
            features: &command.names,
            covariance_method: fitted.map(|fitted| fitted.method.name()),
            location: model.metric.location().to_vec(),
            covariance: model.covariance.as_ref().map(rows),
            shrinkage: fitted.and_then(|fitted| fitted.shrinkage),
            support_fraction: support.map(|support| support.fraction),
            support_samples: support.map(|support| support.samples),
            quantile: command.arguments.quantile,
            cutoff: Into::<f64>::into(outliers.cutoff).sqrt(),
            squared_cutoff: outliers.cutoff,
            n_outliers: outliers.indices.len(),
            outliers: &outliers.indices,
            seconds,
            threads: lapwing::threads::get(),
            backend: lapwing::backend::info().to_string(),
        }
    }

    pub(super) fn json(&self) -> Result<String> {
        report::json(self)
    }

    pub(super) fn text(
        &self,
        command: &Command<'_>,
        outliers: &Outliers<T>,
        distances: &Array1<T>,
        notes: Vec<String>,
    ) -> String {
        let heading = self.heading(command);
        let table = self.farthest(command, outliers, distances);
        Context { heading, notes }.around(&table, None)
    }

    fn heading(&self, command: &Command<'_>) -> Vec<(&'static str, String)> {
        let mut lines = vec![("file", command.run.file.clone())];
        lines.extend(command.labels.as_ref().map(|labels| ("label", labels.name.clone())));
        lines.push(("samples x features", format!("{} x {}", self.n_samples, self.n_features)));
        if let Some(model) = &command.arguments.model.load_model {
            lines.push(("model", model.display().to_string()));
        }
        lines.extend(self.covariance_method.map(|method| ("covariance", method.to_owned())));
        lines.extend(self.shrinkage.map(|shrinkage| ("shrinkage", significant(shrinkage))));
        if let (Some(fraction), Some(samples)) = (self.support_fraction, self.support_samples) {
            let share = format!("{samples} samples, found from {:.1} %", 100.0 * fraction);
            lines.push(("support", share));
        }
        let percent = shortest_percent(self.quantile);
        lines.push(("cut-off", format!("{}, {percent} % of a Gaussian", significant(self.cutoff))));
        let expected = (1.0 - self.quantile) * self.n_samples as f64;
        lines.push(("outliers", format!("{}, where {expected:.1} are to be expected", self.n_outliers)));
        lines.push(("seconds", format!("{:.3}", self.seconds)));
        lines.push(("threads", self.threads.to_string()));
        lines.push(("backend", self.backend.clone()));
        lines
    }

    /// The outliers, from the farthest on.
    fn farthest(&self, command: &Command<'_>, outliers: &Outliers<T>, distances: &Array1<T>) -> String {
        if self.outliers.is_empty() {
            return "no row lies beyond the cut-off\n".to_owned();
        }
        let labels = command.labels.as_ref();
        let mut header = vec!["row (from 0)", "distance", "squared", "p-value"];
        header.extend(labels.map(|labels| labels.name.as_str()));
        let mut order = self.outliers.to_vec();
        order.sort_by(|&a, &b| Into::<f64>::into(distances[b]).total_cmp(&distances[a].into()));
        let mut table = report::plain_table(&header);
        for &row in order.iter().take(MOST_ROWS) {
            let numbers = [distances[row], outliers.squared_distances[row], outliers.p_values[row]];
            let mut cells = vec![row.to_string()];
            cells.extend(numbers.map(|number| significant(number.into())));
            cells.extend(labels.map(|labels| labels.values[row].clone()));
            table.add_row(cells);
        }
        report::finished(table, CellAlignment::Right) + &report::and_more(order.len())
    }
}
