//! What may be typed after `lapwing eig`.

use super::{MatrixArguments, at_least_one};
use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  lapwing eig covariance.npy
      All eigenvalues; the matrix is found to be symmetric, or the values are complex.

  lapwing eig laplacian.mtx --k 10 --which smallest --compute-vectors --output modes.npz
      Ten eigenpairs of a sparse matrix; numpy.load reads w and v.

  lapwing eig stiffness.npy --k 4 --sigma 2.5 --verify --compute-vectors
      The four eigenvalues nearest to 2.5, and how far rounding errors went.";

#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct EigArguments {
    #[command(flatten)]
    pub(crate) matrix: MatrixArguments,

    /// How many eigenvalues [default: all of a dense matrix, 6 of a sparse one]
    #[arg(short = 'k', long = "k", value_name = "K", value_parser = at_least_one)]
    pub(crate) k: Option<usize>,

    /// Which of them: by value if the matrix is symmetric, otherwise by magnitude
    #[arg(long, value_enum, default_value_t = Which::Largest)]
    pub(crate) which: Which,

    /// Those nearest to this number
    #[arg(long, value_name = "S", value_parser = finite, allow_negative_numbers = true, conflicts_with = "which")]
    pub(crate) sigma: Option<f64>,

    /// Compute the eigenvectors too, for the .npz file and JSON, and the residual of each pair
    #[arg(long)]
    pub(crate) compute_vectors: bool,

    /// Check the result against the matrix and print its certificate; when it does not hold, fail and
    /// write no file
    #[arg(long, requires = "compute_vectors")]
    pub(crate) verify: bool,

    /// Seed of the first vector of the iteration
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(crate) enum Which {
    /// The largest
    Largest,
    /// The smallest
    Smallest,
    /// Half of them from either end
    Both,
}

fn finite(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ => Err("expected a finite number".into()),
    }
}
