//! What every command that fits a model to a table takes.

use super::{ReportFormat, at_least_one, by_extension};
use clap::Args;
use std::path::PathBuf;

/// Each command says in its own words what the output and the figure hold.
#[derive(Args, Debug)]
pub(crate) struct ModelArguments {
    /// CSV (with or without a header line), .npy (f4 or f8, two dimensions), or Parquet in a build with
    /// that feature; - reads CSV from standard input
    pub(crate) input: PathBuf,

    #[arg(short, long, value_name = "FILE", value_parser = columns_file)]
    pub(crate) output: Option<ColumnsFile>,

    #[arg(long, value_name = "FILE", value_parser = plot_file)]
    pub(crate) plot: Option<PlotFile>,

    /// Write the fitted model as JSON
    #[arg(long, value_name = "FILE", conflicts_with = "load_model")]
    pub(crate) save_model: Option<PathBuf>,

    /// Use a saved model instead of fitting one
    #[arg(long, value_name = "FILE")]
    pub(crate) load_model: Option<PathBuf>,

    /// How to print the result
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,

    /// Threads for the linear algebra [default: as the library is set up]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) threads: Option<usize>,

    /// Print errors only, and JSON if asked for
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// Where to write a row of numbers per sample and in which format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ColumnsFile {
    pub(crate) path: PathBuf,
    pub(crate) format: ColumnsFormat,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ColumnsFormat {
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

fn columns_file(text: &str) -> Result<ColumnsFile, String> {
    let format = by_extension(text, [("csv", ColumnsFormat::Csv), ("npy", ColumnsFormat::Npy)])?;
    Ok(ColumnsFile { path: text.into(), format })
}

fn plot_file(text: &str) -> Result<PlotFile, String> {
    let format = by_extension(text, [("svg", PlotFormat::Svg), ("png", PlotFormat::Png)])?;
    Ok(PlotFile { path: text.into(), format })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_format_from_the_extension() {
        assert_eq!(columns_file("a/b.CSV").unwrap().format, ColumnsFormat::Csv);
        assert_eq!(columns_file("b.npy").unwrap().format, ColumnsFormat::Npy);
        assert_eq!(plot_file("b.svg").unwrap().format, PlotFormat::Svg);
        assert_eq!(plot_file("b.png").unwrap().format, PlotFormat::Png);
        assert_eq!(columns_file("csv").unwrap_err(), "the name must end in .csv or .npy");
        assert_eq!(plot_file("b.jpg").unwrap_err(), "the name must end in .svg or .png");
    }
}
