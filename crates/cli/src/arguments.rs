//! What may be typed, and what `--help` says of it.

mod eig;
mod matrix;
mod svd;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

pub(crate) use eig::{EigArguments, Which};
pub(crate) use matrix::{FactorsFormat, MatrixArguments};
pub(crate) use svd::{SvdArguments, SvdMethod};

/// Linear algebra of tables and matrices, over the system's OpenBLAS.
#[derive(Debug, Parser)]
#[command(name = "lapwing", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Principal component analysis of a CSV or .npy file
    Pca(Box<PcaArguments>),
    /// Eigenvalues and eigenvectors of a dense or sparse matrix
    Eig(EigArguments),
    /// Singular value decomposition of a dense or sparse matrix
    Svd(SvdArguments),
    /// The linear algebra library in use, its kernel and its threads
    Info,
}

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
#[command(after_help = EXAMPLES)]
pub(crate) struct PcaArguments {
    /// CSV (with or without a header line), .npy (f4 or f8, two dimensions), or Parquet in a build with
    /// that feature; - reads CSV from standard input
    pub(crate) input: PathBuf,

    /// How many components to keep: a count, a share of the variance such as 0.95, mle (Minka's
    /// estimate of the dimension) or all [default: all]
    #[arg(short = 'k', long, value_name = "K|SHARE|mle|all", value_parser = components)]
    pub(crate) components: Option<Components>,

    /// How to decompose [default: auto, and incremental with --batch-rows]
    #[arg(long, value_enum)]
    pub(crate) solver: Option<Solver>,

    /// Read a .npy file in C order so many rows at a time, and never all of it: for --solver covariance or
    /// incremental, or with --load-model. A few times the size of a block is in memory, and for --plot two
    /// scores and the label of each row; --output, --plot and --verify read the file a second time
    /// [default: for incremental, 16 MiB of rows, or as many rows as components if these are more]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) batch_rows: Option<usize>,

    /// Scale the scores to unit variance
    #[arg(long)]
    pub(crate) whiten: bool,

    /// Column to leave out of the features and colour the plot by: its name, or its number from 1
    #[arg(long, value_name = "COLUMN")]
    pub(crate) label: Option<String>,

    /// Write the scores, a row per sample, to a .csv or .npy file
    #[arg(short, long, value_name = "FILE", value_parser = scores_file)]
    pub(crate) output: Option<ScoresFile>,

    /// Write the fitted model as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) save_model: Option<PathBuf>,

    /// Use a saved model instead of fitting one; the report is then on the data it was fitted to
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["components", "solver", "whiten", "seed", "save_model", "verify"]
    )]
    pub(crate) load_model: Option<PathBuf>,

    /// Draw the variance of the components and the first two scores to a .svg or .png file
    #[arg(long, value_name = "FILE", value_parser = plot_file)]
    pub(crate) plot: Option<PlotFile>,

    /// Check the decomposition against the data and print its certificate; when it does not hold,
    /// fail and write no file (except for the randomized solver, and incremental beyond 5000 features,
    /// which approximate by design)
    #[arg(long)]
    pub(crate) verify: bool,

    /// How to print the result
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,

    /// Threads for the linear algebra [default: as the library is set up]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) threads: Option<usize>,

    /// Seed of the randomized solver [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,

    /// Print errors only, and JSON if asked for
    #[arg(short, long)]
    pub(crate) quiet: bool,
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

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// A table to read
    Text,
    /// Everything, every number in full
    Json,
}

/// Where to write the scores and in which format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ScoresFile {
    pub(crate) path: PathBuf,
    pub(crate) format: ScoresFormat,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ScoresFormat {
    Csv,
    Npy,
}

/// Where to write the figure and in which format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PlotFile {
    pub(crate) path: PathBuf,
    pub(crate) format: PlotFormat,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum PlotFormat {
    Svg,
    Png,
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

fn at_least_one(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".into()),
        Ok(count) => Ok(count),
        Err(_) => Err("expected a whole number from 1".into()),
    }
}

fn scores_file(text: &str) -> Result<ScoresFile, String> {
    let format = by_extension(text, [("csv", ScoresFormat::Csv), ("npy", ScoresFormat::Npy)])?;
    Ok(ScoresFile { path: text.into(), format })
}

fn plot_file(text: &str) -> Result<PlotFile, String> {
    let format = by_extension(text, [("svg", PlotFormat::Svg), ("png", PlotFormat::Png)])?;
    Ok(PlotFile { path: text.into(), format })
}

fn by_extension<F: Copy>(path: &str, formats: [(&str, F); 2]) -> Result<F, String> {
    let extension = Path::new(path).extension().unwrap_or_default();
    match formats.iter().find(|(known, _)| extension.eq_ignore_ascii_case(known)) {
        Some(&(_, format)) => Ok(format),
        None => Err(format!("the name must end in .{} or .{}", formats[0].0, formats[1].0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Arguments::command().debug_assert();
    }

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

    #[test]
    fn takes_whole_numbers_from_one() {
        assert_eq!(at_least_one("2"), Ok(2));
        assert_eq!(at_least_one("0").unwrap_err(), "must be at least 1");
        for text in ["-1", "two", "1.5", ""] {
            assert_eq!(at_least_one(text).unwrap_err(), "expected a whole number from 1", "{text}");
        }
    }

    #[test]
    fn takes_the_format_from_the_extension() {
        assert_eq!(scores_file("a/b.CSV").unwrap().format, ScoresFormat::Csv);
        assert_eq!(scores_file("b.npy").unwrap().format, ScoresFormat::Npy);
        assert_eq!(plot_file("b.svg").unwrap().format, PlotFormat::Svg);
        assert_eq!(plot_file("b.png").unwrap().format, PlotFormat::Png);
        assert_eq!(scores_file("csv").unwrap_err(), "the name must end in .csv or .npy");
        assert_eq!(plot_file("b.jpg").unwrap_err(), "the name must end in .svg or .png");
    }
}
