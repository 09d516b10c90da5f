//! The options of discriminant analyses, in a struct that may grow without breaking programs.

use std::mem::offset_of;

use lapwing_lapack::Error;
use lapwing_ml::{
    LinearDiscriminantAnalysis, LinearDiscriminantAnalysisParams, LinearDiscriminantSolver,
    QuadraticDiscriminantAnalysis, QuadraticDiscriminantAnalysisParams, Shrinkage,
};

use crate::arguments::vector;
use crate::numbers::constant;
use crate::options::{self, Options};
use crate::status::Failure;
use crate::structured::count;
use crate::view::Unchecked;

/// Singular value decomposition of the rows less their class means: no covariance is formed or inverted.
pub const LAPWING_DISCRIMINANT_SVD: i32 = 0;
/// Least squares with the covariance, which may be shrunk: no projection.
pub const LAPWING_DISCRIMINANT_LEAST_SQUARES: i32 = 1;
/// Eigenvectors of the covariance between the classes by that within them, which may be shrunk.
pub const LAPWING_DISCRIMINANT_EIGEN: i32 = 2;

/// Covariances are as they are.
pub const LAPWING_SHRINKAGE_NONE: i32 = 0;
/// The share that is replaced by a multiple of the identity is given.
pub const LAPWING_SHRINKAGE_FIXED: i32 = 1;
/// It is the one that Ledoit and Wolf (2004) estimate to be best, of the correlations.
pub const LAPWING_SHRINKAGE_LEDOIT_WOLF: i32 = 2;

/// The options of a discriminant analysis. Zero means default, for every member but the first; a member that the analysis has
/// no use for is ignored.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_discriminant_options {
    /// sizeof(lapwing_discriminant_options), always.
    pub struct_size: usize,
    /// Of the linear analysis: LAPWING_DISCRIMINANT_SVD, _LEAST_SQUARES or _EIGEN.
    pub solver: i32,
    /// Of the linear analysis, but not with LAPWING_DISCRIMINANT_SVD: LAPWING_SHRINKAGE_NONE, _FIXED or _LEDOIT_WOLF.
    pub shrinkage: i32,
    /// Of the linear analysis: how many axes to project on, at most min(K - 1, p), which is the default.
    pub n_components: i64,
    /// With LAPWING_SHRINKAGE_FIXED: the share, from 0 to 1. Of a linear analysis without it, 0.
    pub share: f64,
    /// With LAPWING_DISCRIMINANT_SVD: directions along which standardized features have a smaller standard deviation than this
    /// within the classes do not count; 1e-4 by default.
    pub tolerance: f64,
    /// Of the quadratic analysis: how much of each covariance, from 0 to 1, is replaced by as much of the identity.
    pub regularization: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_discriminant_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_discriminant_options>(),
        solver: LAPWING_DISCRIMINANT_SVD,
        shrinkage: LAPWING_SHRINKAGE_NONE,
        n_components: 0,
        share: 0.0,
        tolerance: 0.0,
        regularization: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_discriminant_options, regularization) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_discriminant_options)";
}

/// The options, and the priors where they are given.
pub(super) struct Choices {
    options: lapwing_discriminant_options,
    priors: Option<Vec<f64>>,
}

/// # Safety
/// `options` as [`options::read`] requires, `priors` as [`Strided::view`](crate::strided::Strided::view).
pub(super) unsafe fn choices(
    options: *const lapwing_discriminant_options,
    priors: Unchecked<f64>,
) -> Result<Choices, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    if priors.data.is_null() {
        return Ok(Choices { options, priors: None });
    }
    let priors = priors.input("priors")?;
    // SAFETY: this function's own condition.
    Ok(Choices { options, priors: Some(unsafe { vector(&priors) }.to_vec()) })
}

impl Choices {
    pub(super) fn linear(&self) -> Result<LinearDiscriminantAnalysisParams, Failure> {
        let options = &self.options;
        let solvers = [
            LinearDiscriminantSolver::Svd,
            LinearDiscriminantSolver::LeastSquares,
            LinearDiscriminantSolver::Eigen,
        ];
        let of_solver = "one of LAPWING_DISCRIMINANT_SVD (0) to LAPWING_DISCRIMINANT_EIGEN (2)";
        let shrinkages = [Shrinkage::None, Shrinkage::Fixed(options.share), Shrinkage::LedoitWolf];
        let of_shrinkage = "one of LAPWING_SHRINKAGE_NONE (0) to LAPWING_SHRINKAGE_LEDOIT_WOLF (2)";
        let mut params = LinearDiscriminantAnalysis::params()
            .solver(constant("solver", options.solver, &solvers, of_solver)?)
            .shrinkage(constant("shrinkage", options.shrinkage, &shrinkages, of_shrinkage)?);
        if options.share != 0.0 && options.shrinkage != LAPWING_SHRINKAGE_FIXED {
            let (value, requirement) =
                (options.share.to_string(), "0 unless shrinkage is LAPWING_SHRINKAGE_FIXED (1)");
            return Err(Error::InvalidParameter {
                parameter: "share",
                value,
                requirement: requirement.to_owned(),
            }
            .into());
        }
        if let Some(priors) = &self.priors {
            params = params.priors(priors);
        }
        match count("n_components", options.n_components)? {
            0 => {}
            axes => params = params.n_components(axes),
        }
        if options.tolerance != 0.0 {
            params = params.tolerance(options.tolerance);
        }
        Ok(params)
    }

    pub(super) fn quadratic(&self) -> QuadraticDiscriminantAnalysisParams {
        let params = QuadraticDiscriminantAnalysis::params().regularization(self.options.regularization);
        match &self.priors {
            Some(priors) => params.priors(priors),
            None => params,
        }
    }
}
