//! What may be typed after `lapwing pca`.

use super::{ModelArguments, at_least_one};
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  lapwing pca data.csv
      The variance that each component holds, as a table.

  lapwing pca digits.csv --label digit --components 10 --plot digits.png
      Ten components, and a figure coloured by the column `digit`.

  lapwing pca data.csv --components 0.95 --output scores.csv --save-model model.json
  lapwing pca new.csv --load-model model.json --output new-scores.csv
      As many components as hold 95 % of the variance; then new rows in the same coordinates.

  lapwing pca data.npy --format json --verify | jq .certificate
      How far rounding errors went, in units of what LAPACK itself allows.

  lapwing pca large.npy --solver covariance --batch-rows 10000 --output scores.npy
      A file larger than the memory, in two passes over blocks of rows.";

#[derive(Args, Debug)]
#[command(
    after_help = EXAMPLES,
    mut_arg("output", |output| output.help("Write the scores, a row per sample, to a .csv or .npy file")),
    mut_arg("plot", |plot| plot.help(
        "Draw the variance of the components and the first two scores to a .svg or .png file"
    )),
    mut_arg("load_model", |load| load.help(
        "Use a saved model instead of fitting one; the report is then on the data it was fitted to"
    ))
)]
pub(crate) struct PcaArguments {
    /// How many components to keep: a count, a share of the variance such as 0.95, mle (Minka's
    /// estimate of the dimension) or all [default: all]
    #[arg(short = 'k', long, value_name = "K|SHARE|mle|all", value_parser = components, conflicts_with = "load_model")]
    pub(crate) components: Option<Components>,

    /// How to decompose [default: auto, and incremental with --batch-rows]
    #[arg(long, value_enum, conflicts_with = "load_model")]
    pub(crate) solver: Option<Solver>,

    /// Read a .npy file in C order so many rows at a time, and never all of it: for --solver covariance or
    /// incremental, or with --load-model. A few times the size of a block is in memory, and for --plot two
    /// scores and the label of each row; --output, --plot and --verify read the file a second time
    /// [default: for incremental, 16 MiB of rows, or as many rows as components if these are more]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) batch_rows: Option<usize>,

    /// Scale the scores to unit variance
    #[arg(long, conflicts_with = "load_model")]
    pub(crate) whiten: bool,

    /// Column to leave out of the features and colour the plot by: its name, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,

    /// Check the decomposition against the data and print its certificate; when it does not hold,
    /// fail and write no file (except for the randomized solver, and incremental beyond 5000 features,
    /// which approximate by design)
    #[arg(long, conflicts_with = "load_model")]
    pub(crate) verify: bool,

    /// Seed of the randomized solver [default: 0]
    #[arg(long, value_name = "N", conflicts_with = "load_model")]
    pub(crate) seed: Option<u64>,

    #[command(flatten)]
    pub(crate) model: ModelArguments,
}

/// How many components to keep.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Components {
    All,
    Count(usize),
    Share(f64),
    Mle,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Solver {
    /// Chosen by the shape of the data and the number of components
    Auto,
    /// Singular value decomposition of the centred data: the most accurate
    Full,
    /// Eigenvectors of the covariance: fast for many samples of few features
    Covariance,
    /// Random projections: fast for a few components of many features
    Randomized,
    /// In blocks of rows, for a .npy file larger than the memory: the covariance, up to 5000 features;
    /// beyond, the leading components alone, updated with each block
    Incremental,
}

fn components(text: &str) -> Result<Components, String> {
    match text {
        "all" => return Ok(Components::All),
        "mle" => return Ok(Components::Mle),
        _ => (),
    }
    if let Ok(count) = text.parse::<usize>() {
        return match count {
            0 => Err("at least 1 component must be kept".into()),
            count => Ok(Components::Count(count)),
        };
    }
    match text.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(Components::Share(share)),
        Ok(1.0) => Err("write 1 for one component, or all for all of the variance".into()),
        Ok(share) if share > 1.0 && share.fract() == 0.0 && share < 1e15 => {
            Err(format!("a decimal is a share of the variance, between 0 and 1: write {share} for a count"))
        }
        Ok(_) => Err("a count is a whole number from 1, a share of the variance lies between 0 and 1".into()),
        Err(_) => Err("expected a count such as 10, a share such as 0.95, mle or all".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_count_from_a_share() {
        assert_eq!(components("10"), Ok(Components::Count(10)));
        assert_eq!(components("1"), Ok(Components::Count(1)));
        assert_eq!(components("0.95"), Ok(Components::Share(0.95)));
        assert_eq!(components("1e-3"), Ok(Components::Share(1e-3)));
        assert_eq!(components("mle"), Ok(Components::Mle));
        assert_eq!(components("all"), Ok(Components::All));
    }

    #[test]
    fn says_what_is_wrong_with_other_numbers() {
        let refusal = |text: &str| components(text).unwrap_err();
        assert_eq!(refusal("0"), "at least 1 component must be kept");
        assert_eq!(refusal("1.0"), "write 1 for one component, or all for all of the variance");
        assert_eq!(
            refusal("10.0"),
            "a decimal is a share of the variance, between 0 and 1: write 10 for a count"
        );
        let neither = "a count is a whole number from 1, a share of the variance lies between 0 and 1";
        for text in ["0.0", "-1", "-0.5", "1.5", "nan", "inf", "1e300"] {
            assert_eq!(refusal(text), neither, "{text}");
        }
        assert_eq!(refusal("95%"), "expected a count such as 10, a share such as 0.95, mle or all");
    }
}
