//! What may be typed after `lapwing svd`.

use super::{MatrixArguments, at_least_one};
use clap::{Args, ValueEnum};

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
    #[command(flatten)]
    pub(crate) matrix: MatrixArguments,

    /// How many singular values, the largest ones [default: all of a dense matrix, 6 of a sparse one]
    #[arg(short = 'k', long, value_name = "K", value_parser = at_least_one)]
    pub(crate) rank: Option<usize>,

    /// How to compute them [default: dense, or lanczos for a sparse matrix and for few values of a large one]
    #[arg(long, value_enum)]
    pub(crate) method: Option<SvdMethod>,

    /// Compute the singular vectors too, for the .npz file and JSON
    #[arg(long)]
    pub(crate) compute_vectors: bool,

    /// Check the result against the matrix and print its certificate; when it does not hold, fail and
    /// write no file. Of the randomized method, bounds of its error
    #[arg(long, requires = "compute_vectors")]
    pub(crate) verify: bool,

    /// Seed of the first vectors of the lanczos and randomized methods
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
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
