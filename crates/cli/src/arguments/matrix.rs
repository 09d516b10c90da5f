//! What every command that decomposes a matrix takes.

use super::{ReportFormat, at_least_one, by_extension};
use clap::Args;
use std::path::PathBuf;

#[derive(Args, Debug)]
pub(crate) struct MatrixArguments {
    /// A matrix: CSV, .npy (f4 or f8), .npz (one array, or as scipy.sparse.save_npz writes it),
    /// Matrix Market's .mtx, a graph's edges (.edges), or Parquet in a build with that feature; - reads CSV or
    /// Matrix Market from standard input
    pub(crate) input: PathBuf,

    /// Write the values to a .csv file, or values and vectors to an .npz file
    #[arg(short, long, value_name = "FILE", value_parser = factors_file)]
    pub(crate) output: Option<FactorsFile>,

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

/// Where to write the factors and in which format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FactorsFile {
    pub(crate) path: PathBuf,
    pub(crate) format: FactorsFormat,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FactorsFormat {
    Csv,
    Npz,
}

fn factors_file(text: &str) -> Result<FactorsFile, String> {
    let format = by_extension(text, [("csv", FactorsFormat::Csv), ("npz", FactorsFormat::Npz)])?;
    Ok(FactorsFile { path: text.into(), format })
}
