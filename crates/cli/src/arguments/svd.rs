//! What may be typed after `lapwing svd`.

use super::{ReportFormat, by_extension, threads};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  lapwing svd data.npy
      All singular values of a dense matrix, as a table.

  lapwing svd ratings.npz --rank 50 --compute-vectors --output factors.npz
      The 50 largest singular triplets of a sparse matrix; numpy.load reads u, s and vt.

  lapwing svd graph.mtx --rank 10 --method randomized --seed 1 --format json | jq .singular_values";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SvdArguments {
    /// A matrix: CSV, .npy (f4 or f8), .npz (one array, or as scipy.sparse.save_npz writes it), or
    /// Matrix Market's .mtx; - reads CSV or Matrix Market from standard input
    pub(crate) input: PathBuf,

    /// How many singular values, the largest ones [default: all of a dense matrix, 6 of a sparse one]
    #[arg(short = 'k', long, value_name = "K", value_parser = rank)]
    pub(crate) rank: Option<usize>,

    /// How to compute them [default: dense, or lanczos for a sparse matrix and for few values of a large one]
    #[arg(long, value_enum)]
    pub(crate) method: Option<SvdMethod>,

    /// Compute the singular vectors too
    #[arg(long)]
    pub(crate) compute_vectors: bool,

    /// Write the singular values to a .csv file, or u, s and vt to an .npz file
    #[arg(short, long, value_name = "FILE", value_parser = factors_file)]
    pub(crate) output: Option<FactorsFile>,

    /// Check the result against the matrix and print its certificate; when it does not hold, fail and
    /// write no file. Of the randomized method, bounds of its error
    #[arg(long, requires = "compute_vectors")]
    pub(crate) verify: bool,

    /// How to print the result
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,

    /// Threads for the linear algebra [default: as the library is set up]
    #[arg(long, value_name = "N", value_parser = threads)]
    pub(crate) threads: Option<usize>,

    /// Seed of the first vectors of the lanczos and randomized methods
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// Print errors only, and JSON if asked for
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum SvdMethod {
    /// LAPACK: every singular value, whatever is asked for
    Dense,
    /// Golub-Kahan-Lanczos bidiagonalization: the largest ones, to rounding
    Lanczos,
    /// Random projections: the largest ones, approximately
    Randomized,
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

fn rank(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err("must be at least 1".into()),
        Ok(count) => Ok(count),
        Err(_) => Err("expected a whole number from 1".into()),
    }
}

fn factors_file(text: &str) -> Result<FactorsFile, String> {
    let format = by_extension(text, [("csv", FactorsFormat::Csv), ("npz", FactorsFormat::Npz)])?;
    Ok(FactorsFile { path: text.into(), format })
}
