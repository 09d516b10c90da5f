//! The options of a truncated SVD, in a struct that may grow without breaking programs.

use std::mem::offset_of;

use lapwing_ml::{TruncatedSvdAlgorithm, TruncatedSvdParams};

use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::randomized_svd::number;
use crate::status::Failure;
use crate::structured::count;

/// Randomized SVD with power iterations, approximately.
pub const LAPWING_TRUNCATED_SVD_RANDOMIZED: i32 = 0;
/// Golub-Kahan-Lanczos bidiagonalization, to a tolerance. In the place of scikit-learn's ARPACK.
pub const LAPWING_TRUNCATED_SVD_LANCZOS: i32 = 1;

/// The options of a truncated singular value decomposition. Zero means default, for every member but the first; a member
/// that the algorithm has no use for is ignored.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_truncated_svd_options {
    /// sizeof(lapwing_truncated_svd_options), always.
    pub struct_size: usize,
    /// How many components to keep, at most the smaller extent of the data; 2 by default.
    pub n_components: i64,
    /// LAPWING_TRUNCATED_SVD_RANDOMIZED or LAPWING_TRUNCATED_SVD_LANCZOS.
    pub algorithm: i32,
    /// Left 0.
    pub reserved: i32,
    /// Of the randomized algorithm: how many times to multiply by x * transpose(x); 5 by default, or
    /// LAPWING_RANDOMIZED_NONE.
    pub power_iterations: i64,
    /// Of the same: how many vectors beyond the components take part; 10 by default, or LAPWING_RANDOMIZED_NONE.
    pub oversampling: i64,
    /// Of the Lanczos algorithm: what the residual of each triplet may be, relative to the largest singular value; 100 unit
    /// roundoffs by default.
    pub tolerance: f64,
    /// The seed of random vectors. The same seed gives the same bits for the same number of threads.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_truncated_svd_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_truncated_svd_options>(),
        n_components: 0,
        algorithm: LAPWING_TRUNCATED_SVD_RANDOMIZED,
        reserved: 0,
        power_iterations: 0,
        oversampling: 0,
        tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_truncated_svd_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_truncated_svd_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn params(
    options: *const lapwing_truncated_svd_options,
) -> Result<TruncatedSvdParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let algorithms = [TruncatedSvdAlgorithm::Randomized, TruncatedSvdAlgorithm::Lanczos];
    let requirement = "LAPWING_TRUNCATED_SVD_RANDOMIZED (0) or LAPWING_TRUNCATED_SVD_LANCZOS (1)";
    let algorithm = constant("algorithm", options.algorithm, &algorithms, requirement)?;
    let mut params = TruncatedSvdParams::default().algorithm(algorithm).seed(options.seed);
    match count("n_components", options.n_components)? {
        0 => {}
        components => params = params.n_components(components),
    }
    if let Some(iterations) = number("power_iterations", options.power_iterations)? {
        params = params.power_iterations(iterations);
    }
    if let Some(vectors) = number("oversampling", options.oversampling)? {
        params = params.oversampling(vectors);
    }
    if options.tolerance != 0.0 {
        params = params.tolerance(options.tolerance);
    }
    require_zero("reserved", options.reserved, "0")?;
    Ok(params)
}
