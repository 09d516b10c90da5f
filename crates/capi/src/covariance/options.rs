//! The options of the covariance estimators, in one struct that may grow without breaking programs.

use std::mem::offset_of;

use lapwing_ml::covariance::{Centring, ShrunkCovariance, ShrunkCovarianceParams};

use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::status::Failure;

/// Deviations are counted from the mean of each feature.
pub const LAPWING_COVARIANCE_CENTRED: i32 = 0;
/// Deviations are counted from zero: the data is known to have been centred, and the location is not estimated.
pub const LAPWING_COVARIANCE_ASSUME_CENTRED: i32 = 1;

/// The shrinkage of a shrunk covariance that is not shrunk at all.
pub const LAPWING_COVARIANCE_NO_SHRINKAGE: f64 = -1.0;

/// The options of every covariance estimator. Zero means default, for every member but the first; a member that the estimator
/// has no use for is ignored.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_covariance_options {
    /// sizeof(lapwing_covariance_options), always.
    pub struct_size: usize,
    /// LAPWING_COVARIANCE_CENTRED or LAPWING_COVARIANCE_ASSUME_CENTRED.
    pub centring: i32,
    /// Left 0.
    pub reserved: i32,
    /// Of lapwing_shrunk_covariance_fit_f64: the share of the multiple of the identity, in (0, 1], or
    /// LAPWING_COVARIANCE_NO_SHRINKAGE; 0.1 by default.
    pub shrinkage: f64,
    /// Of lapwing_min_cov_det_fit_f64: the share of the samples in the raw support, in (0, 1]; by default (n + p + 1) / 2
    /// samples, which withstands the most outliers.
    pub support_fraction: f64,
    /// Of lapwing_min_cov_det_fit_f64: the seed of the random subsets.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_covariance_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_covariance_options>(),
        centring: LAPWING_COVARIANCE_CENTRED,
        reserved: 0,
        shrinkage: 0.0,
        support_fraction: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_covariance_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_covariance_options)";
}

/// The choices that the options stand for; nothing where the estimator's own default is meant.
pub(super) struct Choices {
    pub(super) centring: Centring,
    shrinkage: Option<f64>,
    pub(super) support_fraction: Option<f64>,
    pub(super) seed: u64,
}

impl Choices {
    pub(super) fn shrunk(&self) -> ShrunkCovarianceParams {
        let params = ShrunkCovariance::params().centring(self.centring);
        match self.shrinkage {
            Some(share) => params.shrinkage(share),
            None => params,
        }
    }
}

/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn choices(options: *const lapwing_covariance_options) -> Result<Choices, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let requirement = "LAPWING_COVARIANCE_CENTRED (0) or LAPWING_COVARIANCE_ASSUME_CENTRED (1)";
    let centrings = [Centring::Mean, Centring::AssumeCentred];
    let centring = constant("centring", options.centring, &centrings, requirement)?;
    require_zero("reserved", options.reserved, "0")?;
    let shrinkage = match options.shrinkage {
        0.0 => None,
        LAPWING_COVARIANCE_NO_SHRINKAGE => Some(0.0),
        share => Some(share),
    };
    let support_fraction = (options.support_fraction != 0.0).then_some(options.support_fraction);
    Ok(Choices { centring, shrinkage, support_fraction, seed: options.seed })
}
