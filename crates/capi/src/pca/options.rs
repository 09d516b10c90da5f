//! The options of a fit, in a struct that may grow without breaking programs.

use std::mem::{offset_of, size_of};

use lapwing_lapack::Error;
use lapwing_ml::{NComponents, PcaParams, PcaSolver, Whitening};

use crate::numbers::constant;
use crate::options::{self, Options};
use crate::randomized_svd::number;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT};

/// The solver is chosen by the shape of the data, as scikit-learn does.
pub const LAPWING_PCA_AUTO: i32 = 0;
/// SVD of the centred data: the most accurate.
pub const LAPWING_PCA_FULL: i32 = 1;
/// Eigendecomposition of the covariance: the fastest when samples outnumber features.
pub const LAPWING_PCA_COVARIANCE_EIGH: i32 = 2;
/// Randomized SVD: the leading components of large data, approximately.
pub const LAPWING_PCA_RANDOMIZED: i32 = 3;

/// Scores keep the variance of their component.
pub const LAPWING_PCA_NO_WHITENING: i32 = 0;
/// Scores are divided by the standard deviation of their component.
pub const LAPWING_PCA_UNIT_VARIANCE: i32 = 1;

/// As n_components: all min(n_samples, n_features).
pub const LAPWING_PCA_ALL: i64 = 0;
/// As n_components: as many as Minka's estimate of the dimension says; n_samples must be at least n_features.
pub const LAPWING_PCA_MLE: i64 = -1;

/// The options of a principal component analysis. Zero means default, for every member but the first.
///
/// Later versions add members at the end. A program that was compiled with an earlier header says so by
/// struct_size and gets the defaults; one compiled with a later header is refused with LAPWING_ERR_ARGUMENT
/// only when it sets a member that this library does not know.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_pca_options {
    /// sizeof(lapwing_pca_options), always.
    pub struct_size: usize,
    /// LAPWING_PCA_AUTO, _FULL, _COVARIANCE_EIGH or _RANDOMIZED.
    pub solver: i32,
    /// LAPWING_PCA_NO_WHITENING or LAPWING_PCA_UNIT_VARIANCE.
    pub whiten: i32,
    /// How many components to keep, LAPWING_PCA_ALL or LAPWING_PCA_MLE.
    pub n_components: i64,
    /// In (0, 1): keep as many components as it takes to exceed this share of the variance; n_components is 0.
    pub variance: f64,
    /// The seed of the randomized solver.
    pub seed: u64,
    /// Of the randomized solver: how many times to multiply by x * transpose(x); 7 when the components are under a tenth of
    /// min(n_samples, n_features) and otherwise 4 by default, or LAPWING_RANDOMIZED_NONE.
    pub power_iterations: i64,
}

const DEFAULTS: lapwing_pca_options = lapwing_pca_options {
    struct_size: size_of::<lapwing_pca_options>(),
    solver: LAPWING_PCA_AUTO,
    whiten: LAPWING_PCA_NO_WHITENING,
    n_components: LAPWING_PCA_ALL,
    variance: 0.0,
    seed: 0,
    power_iterations: 0,
};

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_pca_options {
    const DEFAULTS: Self = DEFAULTS;
    /// In version 0.1.0 the struct ended with the seed.
    const FIRST_SIZE: usize = offset_of!(lapwing_pca_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_pca_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// NULL, or readable for as many bytes as `struct_size` says, itself included.
pub(super) unsafe fn params(options: *const lapwing_pca_options) -> Result<PcaParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let n_components = components(options.n_components, options.variance)?;
    let solver = match options.solver {
        LAPWING_PCA_AUTO => PcaSolver::Auto,
        LAPWING_PCA_FULL => PcaSolver::Full,
        LAPWING_PCA_COVARIANCE_EIGH => PcaSolver::CovarianceEigh,
        LAPWING_PCA_RANDOMIZED => PcaSolver::Randomized,
        other => {
            return Err(invalid(
                "solver",
                other,
                "one of LAPWING_PCA_AUTO (0) to LAPWING_PCA_RANDOMIZED (3)",
            ));
        }
    };
    let whitening = whitening(options.whiten)?;
    let mut params = PcaParams::default()
        .n_components(n_components)
        .solver(solver)
        .whitening(whitening)
        .seed(options.seed);
    if let Some(iterations) = number("power_iterations", options.power_iterations)? {
        params = params.power_iterations(iterations);
    }
    Ok(params)
}

/// How many components the options ask for.
pub(crate) fn components(n_components: i64, variance: f64) -> Result<NComponents, Failure> {
    Ok(match (n_components, variance) {
        (LAPWING_PCA_ALL, 0.0) => NComponents::All,
        (LAPWING_PCA_ALL, share) => NComponents::Variance(share),
        (found, variance) if variance != 0.0 => {
            let message = format!("n_components is {found} and variance is {variance}; set one of them to 0");
            return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
        }
        (LAPWING_PCA_MLE, _) => NComponents::Mle,
        (count, _) => NComponents::Count(usize::try_from(count).map_err(|_| {
            invalid("n_components", count, "a count, LAPWING_PCA_ALL (0) or LAPWING_PCA_MLE (-1)")
        })?),
    })
}

/// Whether the scores are to be scaled.
pub(crate) fn whitening(constant_of_c: i32) -> Result<Whitening, Failure> {
    let choices = [Whitening::None, Whitening::UnitVariance];
    let requirement = "LAPWING_PCA_NO_WHITENING (0) or LAPWING_PCA_UNIT_VARIANCE (1)";
    constant("whiten", constant_of_c, &choices, requirement)
}

fn invalid(parameter: &'static str, value: impl ToString, requirement: &str) -> Failure {
    let (value, requirement) = (value.to_string(), requirement.to_owned());
    Error::InvalidParameter { parameter, value, requirement }.into()
}
