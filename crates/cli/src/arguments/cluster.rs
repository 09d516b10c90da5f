//! What may be typed after `lapwing cluster`.

use super::{ModelArguments, at_least_one};
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  lapwing cluster digits.csv --label digit --clusters 10 --affinity knn --plot clusters.svg
      Ten clusters of a graph that joins each row to its ten nearest, how well they agree with the digits, and a figure.

  lapwing cluster points.csv --clusters auto --output clusters.csv
      As many clusters as the largest gap between the eigenvalues shows; clusters.csv has the column cluster, from 0.

  lapwing cluster graph.mtx --affinity precomputed --clusters 4 --format json | jq .sizes
      The nodes of a graph, whose weights are given: a square symmetric matrix, dense or sparse, or a list of edges.

  lapwing cluster big.npy --method kmeans --clusters 20 --save-model centres.json -q
  lapwing cluster new.npy --load-model centres.json --output labels.csv
      k-means, and the nearest of its centres for other rows.";

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("input", |input| input.help(
        "CSV (with or without a header line), .npy (f4 or f8, two dimensions), or Parquet in a build with that feature; \
         with --affinity precomputed a square matrix in these, .npz or Matrix Market, or a list of edges as .edges; - reads from \
         standard input"
    )),
    mut_arg("output", |output| output.help(
        "Write the column cluster, a row per sample in the order of the input, to a .csv or .npy file"
    )),
    mut_arg("plot", |plot| plot.help(
        "Draw the clusters on the first two principal components, and the eigenvalues with their gap, or for kmeans the sizes \
         of the clusters, to a .svg or .png file"
    )),
    mut_arg("save_model", |save| save.help("Write the centres of --method kmeans as JSON")),
    mut_arg("load_model", |load| load.help("Use saved centres instead of looking for clusters"))
)]
pub(crate) struct ClusterArguments {
    /// How many clusters, or auto, up to ten: as the largest gap between eigenvalues shows, or for kmeans the gap statistic
    #[arg(short = 'k', long, value_name = "K|auto", value_parser = clusters, required_unless_present = "load_model",
          conflicts_with = "load_model")]
    pub(crate) clusters: Option<Clusters>,

    /// What a cluster is [default: spectral]
    #[arg(long, value_enum, conflicts_with = "load_model")]
    pub(crate) method: Option<ClusterMethod>,

    /// What makes two rows alike, for spectral clustering [default: rbf]
    #[arg(long, value_enum, conflicts_with = "load_model")]
    pub(crate) affinity: Option<AffinityKind>,

    /// The γ of rbf, exp(−γ d²) at distance d [default: one over the median of d²]
    #[arg(long, value_name = "G", value_parser = positive, conflicts_with = "load_model")]
    pub(crate) gamma: Option<f64>,

    /// The neighbours of knn, each row being the first of its own [default: 10]
    #[arg(long, value_name = "N", value_parser = at_least_one, conflicts_with = "load_model")]
    pub(crate) neighbors: Option<usize>,

    /// How spectral clustering reads clusters from the eigenvectors [default: kmeans]
    #[arg(long, value_enum, conflicts_with = "load_model")]
    pub(crate) labels: Option<LabelsFrom>,

    /// Column to leave out of the features and compare the clusters with: its name, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,

    /// Seed of what is random [default: 0]
    #[arg(long, value_name = "N", conflicts_with = "load_model")]
    pub(crate) seed: Option<u64>,

    #[command(flatten)]
    pub(crate) model: ModelArguments,
}

/// How many clusters to look for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Clusters {
    Count(usize),
    Auto,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum ClusterMethod {
    /// What few likenesses connect to the rest, of any shape
    Spectral,
    /// What lies nearest to one of the centres: round, and of like size
    Kmeans,
}

impl ClusterMethod {
    /// The name that the option has.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Spectral => "spectral",
            Self::Kmeans => "kmeans",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum AffinityKind {
    /// A Gaussian of the distance: all pairs of rows
    Rbf,
    /// Whether one is among the nearest of the other: sparse, for many rows
    Knn,
    /// The input is a matrix of affinities
    Precomputed,
}

impl AffinityKind {
    /// The name that the option has.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rbf => "rbf",
            Self::Knn => "knn",
            Self::Precomputed => "precomputed",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum LabelsFrom {
    /// By k-means, from ten starts
    Kmeans,
    /// By a pivoted QR factorization: nothing random
    ClusterQr,
    /// By the rotation to the nearest partition
    Discretize,
}

fn clusters(text: &str) -> Result<Clusters, String> {
    match text {
        "auto" => Ok(Clusters::Auto),
        count => match at_least_one(count) {
            Ok(count) => Ok(Clusters::Count(count)),
            Err(_) => Err("expected a whole number from 1, or auto".into()),
        },
    }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("expected a positive number".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_clusters_is_whole_or_auto() {
        assert_eq!(clusters("auto"), Ok(Clusters::Auto));
        assert_eq!(clusters("3"), Ok(Clusters::Count(3)));
        for text in ["0", "-1", "2.5", "many", ""] {
            assert_eq!(clusters(text).unwrap_err(), "expected a whole number from 1, or auto", "{text}");
        }
    }

    #[test]
    fn gamma_is_positive() {
        assert_eq!(positive("0.5"), Ok(0.5));
        for text in ["0", "-1", "nan", "inf", "x"] {
            assert_eq!(positive(text).unwrap_err(), "expected a positive number", "{text}");
        }
    }

    #[test]
    fn methods_are_called_as_they_are_typed() {
        for method in ClusterMethod::value_variants() {
            assert_eq!(method.to_possible_value().unwrap().get_name(), method.name());
        }
        for affinity in AffinityKind::value_variants() {
            assert_eq!(affinity.to_possible_value().unwrap().get_name(), affinity.name());
        }
    }
}
