//! The options of k-means, in structs that may grow without breaking programs.

use std::mem::offset_of;

use lapwing_lapack::{Scalar, require_finite};
use lapwing_ml::cluster::{
    KMeans, KMeansAlgorithm, KMeansInit, KMeansParams, MiniBatchKMeans, MiniBatchKMeansParams,
};

use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::status::Failure;
use crate::structured::count;
use crate::view::Unchecked;

/// Greedy k-means++: samples that lie far from the centres so far are likelier.
pub const LAPWING_K_MEANS_PLUS_PLUS: i32 = 0;
/// Samples drawn at random, each at most once.
pub const LAPWING_K_MEANS_RANDOM: i32 = 1;

/// LAPWING_K_MEANS_HAMERLY, but LAPWING_K_MEANS_LLOYD for one cluster.
pub const LAPWING_K_MEANS_AUTO: i32 = 0;
/// All distances in every iteration.
pub const LAPWING_K_MEANS_LLOYD: i32 = 1;
/// Distances of those samples only that may have come closer to another centre (Hamerly 2010).
pub const LAPWING_K_MEANS_HAMERLY: i32 = 2;
/// Random batches: what ran in a model of lapwing_mini_batch_k_means_fit_f64; no choice for others.
pub const LAPWING_K_MEANS_MINI_BATCH: i32 = 3;

/// The centres rest once they move by no more than the tolerance.
pub const LAPWING_K_MEANS_STOP_AT_TOLERANCE: i32 = 0;
/// They rest once no label changes; tolerance is 0.
pub const LAPWING_K_MEANS_STOP_AT_REST: i32 = 1;

/// Batches end when as many as max_no_improvement in a row have not lowered the inertia.
pub const LAPWING_MINI_BATCH_STOP_EARLY: i32 = 0;
/// Batches go on until max_iterations; max_no_improvement is 0.
pub const LAPWING_MINI_BATCH_GO_ON: i32 = 1;

/// Centres of little weight move to random samples.
pub const LAPWING_MINI_BATCH_REASSIGN: i32 = 0;
/// They stay; reassignment_ratio is 0.
pub const LAPWING_MINI_BATCH_KEEP: i32 = 1;

/// The options of a k-means clustering. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_k_means_options {
    /// sizeof(lapwing_k_means_options), always.
    pub struct_size: usize,
    /// Where centres that are not given start: LAPWING_K_MEANS_PLUS_PLUS or LAPWING_K_MEANS_RANDOM.
    pub init: i32,
    /// LAPWING_K_MEANS_AUTO, _LLOYD or _HAMERLY.
    pub algorithm: i32,
    /// LAPWING_K_MEANS_STOP_AT_TOLERANCE or LAPWING_K_MEANS_STOP_AT_REST.
    pub stopping: i32,
    /// Left 0.
    pub reserved: i32,
    /// k; 8 by default, or as many as there are centres given.
    pub n_clusters: i64,
    /// How many starts, of which the best is kept: 10 by default for LAPWING_K_MEANS_RANDOM, otherwise 1. Given centres are
    /// one start.
    pub n_init: i64,
    /// How many iterations from each start; 300 by default.
    pub max_iterations: i64,
    /// What the squares of the centres' movements sum up to when they rest, as a share of the mean variance of the features;
    /// 1e-4 by default.
    pub tolerance: f64,
    /// The seed of the starts.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_k_means_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_k_means_options>(),
        init: LAPWING_K_MEANS_PLUS_PLUS,
        algorithm: LAPWING_K_MEANS_AUTO,
        stopping: LAPWING_K_MEANS_STOP_AT_TOLERANCE,
        reserved: 0,
        n_clusters: 0,
        n_init: 0,
        max_iterations: 0,
        tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_k_means_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_k_means_options)";
}

/// The options of a k-means clustering by random batches. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_mini_batch_k_means_options {
    /// sizeof(lapwing_mini_batch_k_means_options), always.
    pub struct_size: usize,
    /// Where centres that are not given start: LAPWING_K_MEANS_PLUS_PLUS or LAPWING_K_MEANS_RANDOM.
    pub init: i32,
    /// LAPWING_MINI_BATCH_STOP_EARLY or LAPWING_MINI_BATCH_GO_ON.
    pub early_stopping: i32,
    /// LAPWING_MINI_BATCH_REASSIGN or LAPWING_MINI_BATCH_KEEP.
    pub reassignment: i32,
    /// Left 0.
    pub reserved: i32,
    /// k; 8 by default, or as many as there are centres given.
    pub n_clusters: i64,
    /// How many starts, of which the best is iterated: 3 by default for LAPWING_K_MEANS_RANDOM, otherwise 1.
    pub n_init: i64,
    /// From how many random samples a start is made, at least k; 3 batches by default, or 3 k if that is more.
    pub init_size: i64,
    /// How many samples a batch has; 1024 by default.
    pub batch_size: i64,
    /// As many samples are drawn as make up the data this many times; 100 by default.
    pub max_iterations: i64,
    /// How many batches in a row may fail to lower the smoothed inertia; 10 by default.
    pub max_no_improvement: i64,
    /// Centres of less weight than this share of the heaviest one's move; 0.01 by default.
    pub reassignment_ratio: f64,
    /// As in lapwing_k_means_options, of one batch; 0 by default, which never ends the iteration.
    pub tolerance: f64,
    /// The seed of the starts and the batches.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_mini_batch_k_means_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_mini_batch_k_means_options>(),
        init: LAPWING_K_MEANS_PLUS_PLUS,
        early_stopping: LAPWING_MINI_BATCH_STOP_EARLY,
        reassignment: LAPWING_MINI_BATCH_REASSIGN,
        reserved: 0,
        n_clusters: 0,
        n_init: 0,
        init_size: 0,
        batch_size: 0,
        max_iterations: 0,
        max_no_improvement: 0,
        reassignment_ratio: 0.0,
        tolerance: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_mini_batch_k_means_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_mini_batch_k_means_options)";
}

/// Where the centres start, and how many there are, unless that is the default. Given ones are checked here, where they have
/// their name in C.
///
/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view) requires.
unsafe fn start<T: Scalar>(
    init: i32,
    n_clusters: i64,
    centers: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<(KMeansInit, Option<usize>), Failure> {
    let requirement = "LAPWING_K_MEANS_PLUS_PLUS (0) or LAPWING_K_MEANS_RANDOM (1)";
    let random = constant("init", init, &[false, true], requirement)?;
    let asked = some(count("n_clusters", n_clusters)?);
    if centers.data.is_null() {
        return Ok((if random { KMeansInit::Random } else { KMeansInit::PlusPlus }, asked));
    }
    let (centers, [_, features]) = (centers.input("centers")?, x.input("x")?.shape());
    let clusters = asked.unwrap_or(centers.shape()[0]);
    centers.require_shape(&[(clusters, "n_clusters"), (features, "the columns of x")])?;
    // SAFETY: this function's own condition.
    let centers = unsafe { centers.view() };
    require_finite("centers", &centers)?;
    // In the precision in which they are iterated.
    Ok((KMeansInit::Centers(centers.mapv(T::as_f64)), Some(clusters)))
}

/// Zero is the default.
fn some(number: usize) -> Option<usize> {
    (number != 0).then_some(number)
}

/// The choices that the options stand for.
///
/// # Safety
/// As [`options::read`] and [`start`] require.
pub(super) unsafe fn params<T: Scalar>(
    options: *const lapwing_k_means_options,
    centers: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<KMeansParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    // SAFETY: this function's own condition.
    let (init, clusters) = unsafe { start(options.init, options.n_clusters, centers, x) }?;
    let algorithms = [KMeansAlgorithm::Auto, KMeansAlgorithm::Lloyd, KMeansAlgorithm::Hamerly];
    let requirement = "one of LAPWING_K_MEANS_AUTO (0) to LAPWING_K_MEANS_HAMERLY (2)";
    let mut params = KMeans::params()
        .init(init)
        .algorithm(constant("algorithm", options.algorithm, &algorithms, requirement)?)
        .seed(options.seed);
    if let Some(clusters) = clusters {
        params = params.n_clusters(clusters);
    }
    if let Some(starts) = some(count("n_init", options.n_init)?) {
        params = params.n_init(starts);
    }
    if let Some(iterations) = some(count("max_iterations", options.max_iterations)?) {
        params = params.max_iterations(iterations);
    }
    let requirement = "LAPWING_K_MEANS_STOP_AT_TOLERANCE (0) or LAPWING_K_MEANS_STOP_AT_REST (1)";
    if constant("stopping", options.stopping, &[false, true], requirement)? {
        require_zero("tolerance", options.tolerance, "0 with LAPWING_K_MEANS_STOP_AT_REST")?;
        params = params.tolerance(0.0);
    } else if options.tolerance != 0.0 {
        params = params.tolerance(options.tolerance);
    }
    Ok(params)
}

/// As [`params`], for batches.
///
/// # Safety
/// As [`params`].
pub(super) unsafe fn mini_batch_params<T: Scalar>(
    options: *const lapwing_mini_batch_k_means_options,
    centers: Unchecked<T>,
    x: Unchecked<T>,
) -> Result<MiniBatchKMeansParams, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    require_zero("reserved", options.reserved, "0")?;
    // SAFETY: this function's own condition.
    let (init, clusters) = unsafe { start(options.init, options.n_clusters, centers, x) }?;
    let mut params = MiniBatchKMeans::params().init(init).tolerance(options.tolerance).seed(options.seed);
    if let Some(clusters) = clusters {
        params = params.n_clusters(clusters);
    }
    if let Some(starts) = some(count("n_init", options.n_init)?) {
        params = params.n_init(starts);
    }
    if let Some(samples) = some(count("init_size", options.init_size)?) {
        params = params.init_size(samples);
    }
    if let Some(samples) = some(count("batch_size", options.batch_size)?) {
        params = params.batch_size(samples);
    }
    if let Some(iterations) = some(count("max_iterations", options.max_iterations)?) {
        params = params.max_iterations(iterations);
    }
    let batches = some(count("max_no_improvement", options.max_no_improvement)?);
    let requirement = "LAPWING_MINI_BATCH_STOP_EARLY (0) or LAPWING_MINI_BATCH_GO_ON (1)";
    if constant("early_stopping", options.early_stopping, &[false, true], requirement)? {
        require_zero("max_no_improvement", options.max_no_improvement, "0 with LAPWING_MINI_BATCH_GO_ON")?;
        params = params.max_no_improvement(None);
    } else if batches.is_some() {
        params = params.max_no_improvement(batches);
    }
    let requirement = "LAPWING_MINI_BATCH_REASSIGN (0) or LAPWING_MINI_BATCH_KEEP (1)";
    if constant("reassignment", options.reassignment, &[false, true], requirement)? {
        require_zero("reassignment_ratio", options.reassignment_ratio, "0 with LAPWING_MINI_BATCH_KEEP")?;
        params = params.reassignment_ratio(0.0);
    } else if options.reassignment_ratio != 0.0 {
        params = params.reassignment_ratio(options.reassignment_ratio);
    }
    Ok(params)
}
