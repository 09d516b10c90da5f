//! What may be typed after `lapwing mahalanobis`.

use super::ModelArguments;
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  lapwing mahalanobis wine.csv --label cultivar --plot distances.svg
      The rows that lie farther out than 97.5 % of a Gaussian would, and a figure coloured by cultivar.

  lapwing mahalanobis wine.csv --label cultivar --covariance mcd --output distances.csv
      The same by a covariance that outliers cannot spoil; distances.csv has a row per sample, with the
      columns distance, squared_distance, p_value, outlier (0 or 1), and the label.

  lapwing mahalanobis data.csv --save-model usual.json -q
  lapwing mahalanobis new.csv --load-model usual.json --format json | jq .outliers
      Which of the new rows are unlike the old ones: their positions, counted from 0.";

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("output", |output| output.help(
        "Write the columns distance, squared_distance, p_value and outlier (0 or 1), a row per sample in the order of \
         the input, to a .csv or .npy file"
    )),
    mut_arg("plot", |plot| plot.help(
        "Draw the distance of each sample, with the cut-off and the outliers, and the distances against those of a \
         Gaussian, to a .svg or .png file"
    )),
    mut_arg("save_model", |save| save.help("Write location and covariance, ready to measure with, as JSON")),
    mut_arg("load_model", |load| load.help("Measure by a saved model instead of fitting one"))
)]
pub(crate) struct MahalanobisArguments {
    /// Column to leave out of the features and colour the plot by: its name, or its number from 1. Where no two
    /// rows have the same label, outliers are called by it
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,

    /// How to estimate the covariance [default: empirical]
    #[arg(long, value_enum, conflicts_with = "load_model")]
    pub(crate) covariance: Option<CovarianceMethod>,

    /// The share of a Gaussian that lies within the cut-off; rows beyond it are outliers, which the report lists by
    /// their position, counted from 0
    #[arg(long, value_name = "Q", value_parser = quantile, default_value_t = 0.975)]
    pub(crate) quantile: f64,

    /// Seed of the random subsets of mcd [default: 0]
    #[arg(long, value_name = "N", conflicts_with = "load_model")]
    pub(crate) seed: Option<u64>,

    #[command(flatten)]
    pub(crate) model: ModelArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum CovarianceMethod {
    /// Of the samples as they are
    Empirical,
    /// Drawn towards a sphere as far as Ledoit and Wolf advise: for few samples of many features
    LedoitWolf,
    /// Drawn towards a sphere by oracle approximating shrinkage
    Oas,
    /// The minimum covariance determinant, of the half of the samples that lie closest together: outliers have no say
    Mcd,
}

impl CovarianceMethod {
    /// The name that the option has.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empirical => "empirical",
            Self::LedoitWolf => "ledoit-wolf",
            Self::Oas => "oas",
            Self::Mcd => "mcd",
        }
    }
}

fn quantile(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a share between 0 and 1, such as 0.975".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_share() {
        assert_eq!(quantile("0.99"), Ok(0.99));
        for text in ["0", "1", "-1", "97.5", "nan", "inf", "x"] {
            assert_eq!(quantile(text).unwrap_err(), "expected a share between 0 and 1, such as 0.975");
        }
    }

    #[test]
    fn methods_are_called_as_they_are_typed() {
        for method in CovarianceMethod::value_variants() {
            assert_eq!(method.to_possible_value().unwrap().get_name(), method.name());
        }
    }
}
