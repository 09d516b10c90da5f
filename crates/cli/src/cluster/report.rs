//! What `lapwing cluster` prints.

use super::{Command, Found, How};
use crate::arguments::ClusterMethod;
use crate::error::Result;
use crate::number::Number;
use crate::report::{self, Context, MOST_ROWS, significant};
use comfy_table::CellAlignment;
use lapwing::ml::metrics::{ContingencyTable, EntropyAverage};
use serde::Serialize;
use std::collections::BTreeMap;

/// The JSON report has these fields, in this order.
#[derive(Serialize)]
pub(super) struct Report<'a, T> {
    n_samples: usize,
    /// None of a graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    n_features: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    affinity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gamma: Option<f64>,
    n_clusters: usize,
    /// Samples in each cluster.
    sizes: Vec<usize>,
    /// The cluster of each sample, from 0.
    clusters: &'a [usize],
    /// Of the Laplacian, from the smallest.
    #[serde(skip_serializing_if = "Option::is_none")]
    eigenvalues: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    connected_components: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    centers: Option<Vec<Vec<T>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inertia: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iterations: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    converged: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<Agreement>,
    seconds: f64,
    threads: usize,
    backend: String,
    /// The label that is most frequent in each cluster, and how often it is there.
    #[serde(skip)]
    frequent: Option<Vec<(String, usize)>>,
}

/// How the clusters agree with the labels.
#[derive(Serialize)]
struct Agreement {
    label: String,
    adjusted_rand: f64,
    adjusted_mutual_information: f64,
    normalized_mutual_information: f64,
    homogeneity: f64,
    completeness: f64,
    fowlkes_mallows: f64,
}

impl<'a, T: Number> Report<'a, T> {
    pub(super) fn new(command: &'a Command<'_>, features: usize, found: &'a Found<T>) -> Result<Self> {
        let (spectral, fitted, centres) = match &found.how {
            How::Spectral { affinity, gamma, model } => (Some((affinity, *gamma, model)), None, None),
            How::KMeans(model) => (None, Some(model), Some(model)),
            How::Loaded(model) => (None, None, Some(model)),
        };
        let rows = |model: &lapwing::KMeans<T>| {
            model.cluster_centers().outer_iter().map(|centre| centre.to_vec()).collect()
        };
        let agreement = match &command.labels {
            Some(labels) => Some(Agreement::of(labels.name.clone(), &labels.values, &found.clusters)?),
            None => None,
        };
        let method = match &found.how {
            How::Spectral { .. } => Some(ClusterMethod::Spectral),
            How::KMeans(_) => Some(ClusterMethod::Kmeans),
            How::Loaded(_) => None,
        };
        Ok(Self {
            n_samples: found.clusters.len(),
            n_features: (features > 0).then_some(features),
            method: method.map(ClusterMethod::name),
            affinity: spectral.map(|(affinity, ..)| affinity.name()),
            gamma: spectral.and_then(|(_, gamma, _)| gamma),
            n_clusters: found.n_clusters,
            sizes: found.sizes(),
            clusters: &found.clusters,
            eigenvalues: spectral.map(|(.., model)| model.eigenvalues().to_vec()),
            connected_components: spectral.map(|(.., model)| model.component_count()),
            centers: centres.map(rows),
            inertia: fitted.map(|model| model.inertia()),
            iterations: fitted.map(|model| model.n_iterations()),
            converged: fitted.map(|model| model.converged()),
            agreement,
            seconds: found.seconds,
            threads: lapwing::threads::get(),
            backend: lapwing::backend::info().to_string(),
            frequent: command
                .labels
                .as_ref()
                .map(|labels| frequent(&labels.values, &found.clusters, found.n_clusters)),
        })
    }

    pub(super) fn json(&self) -> Result<String> {
        report::json(self)
    }

    pub(super) fn text(&self, command: &Command<'_>, notes: Vec<String>) -> String {
        let heading = self.heading(command);
        let mut table = self.sizes(command);
        if let Some(agreement) = &self.agreement {
            table = table + "\n" + &agreement.table();
        }
        Context { heading, notes }.around(&table, None)
    }

    fn heading(&self, command: &Command<'_>) -> Vec<(&'static str, String)> {
        let mut lines = vec![("file", command.run.file.clone())];
        lines.extend(command.labels.as_ref().map(|labels| ("label", labels.name.clone())));
        lines.push(match self.n_features {
            Some(features) => ("samples x features", format!("{} x {features}", self.n_samples)),
            None => ("nodes", self.n_samples.to_string()),
        });
        if let Some(model) = &command.arguments.model.load_model {
            lines.push(("model", model.display().to_string()));
        }
        lines.extend(self.method.map(|method| ("method", method.to_owned())));
        lines.extend(self.affinity.map(|affinity| match self.gamma {
            Some(gamma) => ("affinity", format!("{affinity}, gamma {}", significant(gamma))),
            None => ("affinity", affinity.to_owned()),
        }));
        lines.extend(self.connected_components.map(|count| ("connected components", count.to_string())));
        if let Some(eigenvalues) = &self.eigenvalues
            && let (Some(&below), Some(&above)) =
                (eigenvalues.get(self.n_clusters - 1), eigenvalues.get(self.n_clusters))
        {
            let gap = format!("{} to {}", significant(below), significant(above));
            lines.push(("eigenvalue gap", gap));
        }
        if let (Some(inertia), Some(iterations)) = (self.inertia, self.iterations) {
            let rest = if self.converged == Some(true) { "" } else { ", not at rest" };
            lines.push(("inertia", format!("{}, after {iterations} iterations{rest}", significant(inertia))));
        }
        lines.push(("clusters", self.n_clusters.to_string()));
        lines.push(("seconds", format!("{:.3}", self.seconds)));
        lines.push(("threads", self.threads.to_string()));
        lines.push(("backend", self.backend.clone()));
        lines
    }

    /// The clusters, as far as a table goes.
    fn sizes(&self, command: &Command<'_>) -> String {
        let labels = command.labels.as_ref();
        let mut header = vec!["cluster", "samples", "share"];
        let most = labels.map(|labels| format!("mostly {}", labels.name));
        header.extend(most.as_deref());
        header.extend(labels.map(|_| "of the cluster"));
        let mut table = report::plain_table(&header);
        for (cluster, &size) in self.sizes.iter().enumerate().take(MOST_ROWS) {
            let share = size as f64 / self.n_samples as f64;
            let mut cells = vec![cluster.to_string(), size.to_string(), report::percent(share)];
            if let Some(frequent) = &self.frequent {
                let (label, count) = &frequent[cluster];
                cells.push(label.clone());
                cells.push(report::percent(*count as f64 / size.max(1) as f64));
            }
            table.add_row(cells);
        }
        report::finished(table, CellAlignment::Right) + &report::and_more(self.sizes.len())
    }
}

impl Agreement {
    fn of(label: String, labels: &[String], clusters: &[usize]) -> Result<Self> {
        let table = ContingencyTable::new(labels, clusters)?;
        let average = EntropyAverage::default();
        Ok(Self {
            label,
            adjusted_rand: table.adjusted_rand_score(),
            adjusted_mutual_information: table.adjusted_mutual_info_score(average),
            normalized_mutual_information: table.normalized_mutual_info_score(average),
            homogeneity: table.homogeneity_score(),
            completeness: table.completeness_score(),
            fowlkes_mallows: table.fowlkes_mallows_score(),
        })
    }

    fn table(&self) -> String {
        let mut table = report::plain_table(&[&format!("agreement with {}", self.label), "score"]);
        for (name, score) in [
            ("adjusted Rand", self.adjusted_rand),
            ("adjusted mutual information", self.adjusted_mutual_information),
            ("normalized mutual information", self.normalized_mutual_information),
            ("homogeneity", self.homogeneity),
            ("completeness", self.completeness),
            ("Fowlkes-Mallows", self.fowlkes_mallows),
        ] {
            table.add_row([name.to_owned(), format!("{score:.4}")]);
        }
        report::finished(table, CellAlignment::Left)
    }
}

/// The most frequent label of each cluster, the first of them in order on a tie, and how often it is there.
fn frequent(labels: &[String], clusters: &[usize], n_clusters: usize) -> Vec<(String, usize)> {
    let mut counts: Vec<BTreeMap<&str, usize>> = vec![BTreeMap::new(); n_clusters];
    for (label, &cluster) in labels.iter().zip(clusters) {
        *counts[cluster].entry(label).or_default() += 1;
    }
    let most = |counts: &BTreeMap<&str, usize>| {
        let largest = counts.iter().rev().max_by_key(|(_, count)| **count);
        largest.map_or((String::new(), 0), |(label, &count)| ((*label).to_owned(), count))
    };
    counts.iter().map(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_label_of_a_cluster_is_named() {
        let labels = ["b", "a", "a", "c", "b"].map(str::to_owned);
        let found = frequent(&labels, &[0, 0, 0, 1, 0], 3);
        assert_eq!(found, [("a".to_owned(), 2), ("c".to_owned(), 1), (String::new(), 0)]);
    }
}
