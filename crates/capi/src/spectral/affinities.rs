//! How alike samples are: the options that all of spectral clustering shares, and affinities that the caller has.

use std::mem::offset_of;

use lapwing_lapack::{Error, Scalar};
use lapwing_ml::{Affinity, AffinityMatrix, Gamma, Symmetrization};
use ndarray::{Array2, ArrayView2};

use crate::kernel_pca::{LAPWING_KERNEL_INHOMOGENEOUS, coef0, degree};
use crate::numbers::constant;
use crate::options::{self, Options};
use crate::sparse::{AFFINITY, UncheckedRows};
use crate::status::Failure;
use crate::structured::count;
use crate::view::Unchecked;

/// What the function that is called takes by default; it says which.
pub const LAPWING_AFFINITY_USUAL: i32 = 0;
/// The Gaussian of the distance, exp(-gamma * |x - y|^2).
pub const LAPWING_AFFINITY_RBF: i32 = 1;
/// The Gaussian of the distance in units of how far each of the two is from a near neighbour (Zelnik-Manor and Perona 2004): for
/// groups of different densities.
pub const LAPWING_AFFINITY_SELF_TUNING: i32 = 2;
/// The cosine of the angle, which must not be negative.
pub const LAPWING_AFFINITY_COSINE: i32 = 3;
/// A power of the inner product, (gamma * x . y + coef0)^degree, which must not be negative.
pub const LAPWING_AFFINITY_POLYNOMIAL: i32 = 4;
/// Whether one is among the nearest of the other. Sparse.
pub const LAPWING_AFFINITY_NEAREST_NEIGHBORS: i32 = 5;
/// 1 within a distance, 0 beyond. Sparse.
pub const LAPWING_AFFINITY_RADIUS: i32 = 6;

/// gamma is the number given, or the default.
pub const LAPWING_GAMMA_GIVEN: i32 = 0;
/// gamma is the inverse of the median of the squared distances between samples that differ; among more than 1000 samples,
/// between those of 1000 that are drawn. gamma is left 0.
pub const LAPWING_GAMMA_MEDIAN: i32 = 1;

/// When one sample is among the nearest of the other, but not the other way round, their affinity is 1/2.
pub const LAPWING_SYMMETRIZE_AVERAGE: i32 = 0;
/// It is 1.
pub const LAPWING_SYMMETRIZE_UNION: i32 = 1;
/// It is 0.
pub const LAPWING_SYMMETRIZE_MUTUAL: i32 = 2;

/// How alike samples are. Zero means default, for every member but the first; a member that the affinity has no use for is
/// ignored.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_affinity_options {
    /// sizeof(lapwing_affinity_options), always.
    pub struct_size: usize,
    /// LAPWING_AFFINITY_USUAL, _RBF, _SELF_TUNING, _COSINE, _POLYNOMIAL, _NEAREST_NEIGHBORS or _RADIUS.
    pub kind: i32,
    /// Of the Gaussian: LAPWING_GAMMA_GIVEN or LAPWING_GAMMA_MEDIAN.
    pub gamma_rule: i32,
    /// Of nearest neighbours: LAPWING_SYMMETRIZE_AVERAGE, _UNION or _MUTUAL.
    pub symmetrization: i32,
    /// Of the polynomial: LAPWING_KERNEL_INHOMOGENEOUS or LAPWING_KERNEL_HOMOGENEOUS.
    pub homogeneity: i32,
    /// Of nearest neighbours: how many, the sample itself included; at most n for n samples. By default 10 for clusters and
    /// diffusion maps, and a tenth of n for embeddings. Of the self-tuning Gaussian: which neighbour, the 7th by default.
    pub neighbors: i64,
    /// Of the polynomial: the exponent, 3 by default.
    pub degree: i64,
    /// Of the Gaussian: positive; by default 1 for clusters, 1/p for embeddings of p features, and that of
    /// LAPWING_GAMMA_MEDIAN for diffusion maps. Of the polynomial: positive, 1 by default.
    pub gamma: f64,
    /// Of the polynomial: what is added to the scaled inner product, 1 by default.
    pub coef0: f64,
    /// The distance of LAPWING_AFFINITY_RADIUS, not negative; 0 is a distance.
    pub radius: f64,
    /// The seed by which LAPWING_GAMMA_MEDIAN draws samples.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_affinity_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_affinity_options>(),
        kind: LAPWING_AFFINITY_USUAL,
        gamma_rule: LAPWING_GAMMA_GIVEN,
        symmetrization: LAPWING_SYMMETRIZE_AVERAGE,
        homogeneity: LAPWING_KERNEL_INHOMOGENEOUS,
        neighbors: 0,
        degree: 0,
        gamma: 0.0,
        coef0: 0.0,
        radius: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_affinity_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_affinity_options)";
}

/// What an estimator takes for the defaults.
pub(super) struct Usual {
    /// One of the constants, other than [`LAPWING_AFFINITY_USUAL`].
    pub(super) kind: i32,
    /// γ of the Gaussian; `None` for the median heuristic.
    pub(super) gamma: Option<f64>,
    pub(super) neighbors: usize,
}

/// The affinity that the options stand for.
///
/// # Safety
/// As [`options::read`] requires.
pub(super) unsafe fn affinity(
    options: *const lapwing_affinity_options,
    usual: Usual,
) -> Result<Affinity, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read_named("affinity", options) }?;
    let neighbors = count("neighbors", options.neighbors)?;
    let or = |default: usize| if neighbors == 0 { default } else { neighbors };
    let kind = if options.kind == LAPWING_AFFINITY_USUAL { usual.kind } else { options.kind };
    Ok(match kind {
        LAPWING_AFFINITY_RBF => {
            Affinity::Rbf { gamma: gaussian(options.gamma_rule, options.gamma, options.seed, usual.gamma)? }
        }
        LAPWING_AFFINITY_SELF_TUNING => Affinity::SelfTuning { neighbor: or(7) },
        LAPWING_AFFINITY_COSINE => Affinity::Cosine,
        LAPWING_AFFINITY_POLYNOMIAL => Affinity::Polynomial {
            degree: degree(options.degree)?,
            gamma: if options.gamma == 0.0 { 1.0 } else { options.gamma },
            coef0: coef0(options.homogeneity, options.coef0)?,
        },
        LAPWING_AFFINITY_NEAREST_NEIGHBORS => Affinity::NearestNeighbors {
            neighbors: or(usual.neighbors),
            symmetrization: constant(
                "symmetrization",
                options.symmetrization,
                &[Symmetrization::Average, Symmetrization::Union, Symmetrization::Mutual],
                "LAPWING_SYMMETRIZE_AVERAGE (0), LAPWING_SYMMETRIZE_UNION (1) or LAPWING_SYMMETRIZE_MUTUAL (2)",
            )?,
        },
        LAPWING_AFFINITY_RADIUS => Affinity::Radius { radius: options.radius },
        other => {
            let requirement = "one of LAPWING_AFFINITY_USUAL (0) to LAPWING_AFFINITY_RADIUS (6)".to_owned();
            return Err(
                Error::InvalidParameter { parameter: "kind", value: other.to_string(), requirement }.into()
            );
        }
    })
}

/// γ of the Gaussian by `rule`, which is `given`, or `usual` where that is 0; `None` for the median heuristic.
pub(super) fn gaussian(rule: i32, given: f64, seed: u64, usual: Option<f64>) -> Result<Gamma, Failure> {
    let requirement = "LAPWING_GAMMA_GIVEN (0) or LAPWING_GAMMA_MEDIAN (1)";
    let median = constant("gamma_rule", rule, &[false, true], requirement)?;
    let heuristic = Gamma::MedianHeuristic { seed };
    match (median, given) {
        (true, 0.0) => Ok(heuristic),
        (true, other) => {
            let requirement = "0 with LAPWING_GAMMA_MEDIAN".to_owned();
            Err(Error::InvalidParameter { parameter: "gamma", value: other.to_string(), requirement }.into())
        }
        (false, 0.0) => Ok(usual.map_or(heuristic, Gamma::Value)),
        (false, given) => Ok(Gamma::Value(given)),
    }
}

/// A matrix where the caller has it.
///
/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires.
pub(crate) unsafe fn double<'a>(
    name: &'static str,
    view: Unchecked<f64>,
) -> Result<ArrayView2<'a, f64>, Failure> {
    // SAFETY: this function's own condition.
    Ok(unsafe { view.input(name)?.view() })
}

/// A matrix in double precision.
///
/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires.
pub(crate) unsafe fn widened(name: &'static str, view: Unchecked<f32>) -> Result<Array2<f64>, Failure> {
    // SAFETY: this function's own condition.
    Ok(unsafe { view.input(name)?.view() }.mapv(f64::from))
}

/// Affinities in single precision, made symmetric where they are but for its rounding.
///
/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires.
pub(super) unsafe fn single(affinity: Unchecked<f32>) -> Result<Array2<f64>, Failure> {
    let affinity = affinity.input("affinity")?;
    // SAFETY: this function's own condition.
    match AffinityMatrix::from_dense("affinity", &unsafe { affinity.view() })? {
        AffinityMatrix::Dense(affinity) => Ok(affinity),
        AffinityMatrix::Sparse(affinity) => Ok(affinity.to_dense()),
    }
}

/// Affinities in compressed rows, where what is not stored is 0.
///
/// # Safety
/// As [`UncheckedRows::named`] requires.
pub(super) unsafe fn sparse<T: Scalar>(affinity: UncheckedRows<T>) -> Result<AffinityMatrix, Failure> {
    // SAFETY: this function's own condition.
    let rows = unsafe { affinity.named(&AFFINITY) }?.matrix;
    Ok(AffinityMatrix::from_sparse("affinity", &rows.to_other_types::<usize, T, usize>())?)
}
