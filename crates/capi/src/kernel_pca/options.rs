//! The options of kernel PCA, in a struct that may grow without breaking programs.

use std::mem::offset_of;

use lapwing_lapack::Error;
use lapwing_ml::{Kernel, KernelPcaParams, ZeroEigenvalues};

use crate::numbers::constant;
use crate::options::{self, Options};
use crate::status::Failure;
use crate::structured::count;

/// The inner product, x . y.
pub const LAPWING_KERNEL_LINEAR: i32 = 0;
/// The Gaussian of the distance, exp(-gamma * |x - y|^2).
pub const LAPWING_KERNEL_RBF: i32 = 1;
/// A power of the inner product, (gamma * x . y + coef0)^degree.
pub const LAPWING_KERNEL_POLYNOMIAL: i32 = 2;
/// The hyperbolic tangent of the inner product, tanh(gamma * x . y + coef0). Not positive semidefinite in general.
pub const LAPWING_KERNEL_SIGMOID: i32 = 3;
/// The cosine of the angle, x . y / (|x| * |y|); 0 where a row is zero.
pub const LAPWING_KERNEL_COSINE: i32 = 4;
/// The data given are the values of a kernel themselves.
pub const LAPWING_KERNEL_PRECOMPUTED: i32 = 5;

/// coef0 is added to the scaled inner product.
pub const LAPWING_KERNEL_INHOMOGENEOUS: i32 = 0;
/// Nothing is added; coef0 is 0.
pub const LAPWING_KERNEL_HOMOGENEOUS: i32 = 1;

/// As many components as were asked for, with zeros for scores where there is no variance left.
pub const LAPWING_KERNEL_PCA_KEEP_ZEROS: i32 = 0;
/// Only components with variance. Always so when no number of components is given.
pub const LAPWING_KERNEL_PCA_REMOVE_ZEROS: i32 = 1;

/// No inverse transform is learned.
pub const LAPWING_KERNEL_PCA_NO_INVERSE: i32 = 0;
/// lapwing_kernel_pca_inverse_transform_f64 is learned as well, from computed kernels only.
pub const LAPWING_KERNEL_PCA_INVERSE: i32 = 1;

/// The options of a kernel principal component analysis. Zero means default, for every member but the first; a member that
/// the kernel has no use for is ignored.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_kernel_pca_options {
    /// sizeof(lapwing_kernel_pca_options), always.
    pub struct_size: usize,
    /// LAPWING_KERNEL_LINEAR, _RBF, _POLYNOMIAL, _SIGMOID, _COSINE or _PRECOMPUTED.
    pub kernel: i32,
    /// Of the polynomial and the sigmoid kernel: LAPWING_KERNEL_INHOMOGENEOUS or LAPWING_KERNEL_HOMOGENEOUS.
    pub homogeneity: i32,
    /// LAPWING_KERNEL_PCA_KEEP_ZEROS or LAPWING_KERNEL_PCA_REMOVE_ZEROS.
    pub zero_eigenvalues: i32,
    /// LAPWING_KERNEL_PCA_NO_INVERSE or LAPWING_KERNEL_PCA_INVERSE.
    pub fit_inverse_transform: i32,
    /// How many components to keep, at most as many as there are samples. By default, all with variance.
    pub n_components: i64,
    /// Of the polynomial kernel: the exponent, 3 by default.
    pub degree: i64,
    /// Of the Gaussian, the polynomial and the sigmoid kernel: the scale, positive; 1/p for p features by default.
    pub gamma: f64,
    /// Of the polynomial and the sigmoid kernel: what is added to the scaled inner product, 1 by default.
    pub coef0: f64,
    /// The ridge of the regression behind the inverse transform, positive; 1 by default.
    pub alpha: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_kernel_pca_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_kernel_pca_options>(),
        kernel: LAPWING_KERNEL_LINEAR,
        homogeneity: LAPWING_KERNEL_INHOMOGENEOUS,
        zero_eigenvalues: LAPWING_KERNEL_PCA_KEEP_ZEROS,
        fit_inverse_transform: LAPWING_KERNEL_PCA_NO_INVERSE,
        n_components: 0,
        degree: 0,
        gamma: 0.0,
        coef0: 0.0,
        alpha: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_kernel_pca_options, alpha) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_kernel_pca_options)";
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn params(options: *const lapwing_kernel_pca_options) -> Result<KernelPcaParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let zeros = [ZeroEigenvalues::Keep, ZeroEigenvalues::Remove];
    let of_zeros = "LAPWING_KERNEL_PCA_KEEP_ZEROS (0) or LAPWING_KERNEL_PCA_REMOVE_ZEROS (1)";
    let of_inverse = "LAPWING_KERNEL_PCA_NO_INVERSE (0) or LAPWING_KERNEL_PCA_INVERSE (1)";
    let mut params = KernelPcaParams::default().kernel(kernel(&options)?).zero_eigenvalues(constant(
        "zero_eigenvalues",
        options.zero_eigenvalues,
        &zeros,
        of_zeros,
    )?);
    if constant("fit_inverse_transform", options.fit_inverse_transform, &[false, true], of_inverse)? {
        params = params.fit_inverse_transform();
    }
    match count("n_components", options.n_components)? {
        0 => {}
        most => params = params.n_components(most),
    }
    if options.alpha != 0.0 {
        params = params.alpha(options.alpha);
    }
    Ok(params)
}

fn kernel(options: &lapwing_kernel_pca_options) -> Result<Kernel, Failure> {
    let gamma = (options.gamma != 0.0).then_some(options.gamma);
    Ok(match options.kernel {
        LAPWING_KERNEL_LINEAR => Kernel::Linear,
        LAPWING_KERNEL_RBF => Kernel::Rbf { gamma },
        LAPWING_KERNEL_POLYNOMIAL => {
            let coef0 = coef0(options.homogeneity, options.coef0)?;
            Kernel::Polynomial { degree: degree(options.degree)?, gamma, coef0 }
        }
        LAPWING_KERNEL_SIGMOID => {
            Kernel::Sigmoid { gamma, coef0: coef0(options.homogeneity, options.coef0)? }
        }
        LAPWING_KERNEL_COSINE => Kernel::Cosine,
        LAPWING_KERNEL_PRECOMPUTED => Kernel::Precomputed,
        other => {
            let requirement = "one of LAPWING_KERNEL_LINEAR (0) to LAPWING_KERNEL_PRECOMPUTED (5)";
            return Err(invalid("kernel", other, requirement));
        }
    })
}

/// The exponent of a polynomial.
pub(crate) fn degree(degree: i64) -> Result<u32, Failure> {
    let found = u32::try_from(degree)
        .map_err(|_| invalid("degree", degree, "at least 1 and within 32 bits, or 0 for 3"))?;
    Ok(if found == 0 { 3 } else { found })
}

/// Zero stands for scikit-learn's 1, so that none at all has a choice of its own.
pub(crate) fn coef0(homogeneity: i32, coef0: f64) -> Result<f64, Failure> {
    let requirement = "LAPWING_KERNEL_INHOMOGENEOUS (0) or LAPWING_KERNEL_HOMOGENEOUS (1)";
    let homogeneous = constant("homogeneity", homogeneity, &[false, true], requirement)?;
    match (homogeneous, coef0) {
        (true, 0.0) => Ok(0.0),
        (true, other) => Err(invalid("coef0", other, "0 with LAPWING_KERNEL_HOMOGENEOUS")),
        (false, 0.0) => Ok(1.0),
        (false, given) => Ok(given),
    }
}

fn invalid(parameter: &'static str, value: impl ToString, requirement: &str) -> Failure {
    let (value, requirement) = (value.to_string(), requirement.to_owned());
    Error::InvalidParameter { parameter, value, requirement }.into()
}
