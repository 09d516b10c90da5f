//! How many clusters: the curve of the inertia, and the gap statistic.

use std::mem::offset_of;
use std::ptr;

use lapwing_lapack::Scalar;
use lapwing_ml::cluster::{GapReference, GapStatistic, InertiaCurve, KMeansParams};

use super::options::{lapwing_k_means_options, params};
use crate::arguments::column;
use crate::eigenproblems::{output_of, write};
use crate::guard::guard;
use crate::numbers::{Numbers, constant, require_zero};
use crate::options::{self, Options};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::structured::count;
use crate::view::{Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_mut_f64};

/// Reference data is uniform in the box along the principal axes of the data.
pub const LAPWING_GAP_PRINCIPAL_AXES: i32 = 0;
/// Reference data is uniform in the range of each feature.
pub const LAPWING_GAP_FEATURES: i32 = 1;

/// The options of a gap statistic. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_gap_statistic_options {
    /// sizeof(lapwing_gap_statistic_options), always.
    pub struct_size: usize,
    /// LAPWING_GAP_PRINCIPAL_AXES or LAPWING_GAP_FEATURES.
    pub reference: i32,
    /// Left 0.
    pub reserved: i32,
    /// How many reference data are drawn, at least 2; 20 by default.
    pub references: i64,
    /// The seed by which they are drawn.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_gap_statistic_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_gap_statistic_options>(),
        reference: LAPWING_GAP_PRINCIPAL_AXES,
        reserved: 0,
        references: 0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_gap_statistic_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_gap_statistic_options)";
}

/// The inertia of k-means for 1 to max_clusters clusters, and the elbow of the curve: the number of clusters after which more
/// of them lower it little.
///
///  x             n x p, any strides; read only.
///  max_clusters  from 1 to n.
///  options       of each fit, whose n_clusters is left 0; NULL for the defaults.
///  inertias      max_clusters entries, never increasing: where more clusters were worse by an unlucky start, the better
///                inertia stands.
///  elbow         receives the number of clusters at the elbow, or 0 where the curve has none; or NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (max_clusters, an option),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_inertia_curve_f64(
    x: lapwing_mat_f64,
    max_clusters: i64,
    options: *const lapwing_k_means_options,
    inertias: lapwing_vec_mut_f64,
    elbow: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { inertia_curve::<f64>(x.into(), max_clusters, options, inertias.into(), elbow) })
}

/// As lapwing_k_means_inertia_curve_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_k_means_inertia_curve_f32(
    x: lapwing_mat_f32,
    max_clusters: i64,
    options: *const lapwing_k_means_options,
    inertias: lapwing_vec_mut_f64,
    elbow: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { inertia_curve::<f32>(x.into(), max_clusters, options, inertias.into(), elbow) })
}

/// # Safety
/// As [`k_means_of`], [`Strided::view`] and [`Strided::write`] require; `elbow` is NULL or writable.
unsafe fn inertia_curve<T: Scalar>(
    x: Unchecked<T>,
    max_clusters: i64,
    options: *const lapwing_k_means_options,
    inertias: Unchecked<f64>,
    elbow: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let params = unsafe { k_means_of(options, x) }?;
    let max_clusters = count("max_clusters", max_clusters)?;
    let (x, inertias) = (x.input("x")?, inertias.output("inertias")?);
    inertias.require_shape(&[(max_clusters, "max_clusters")])?;
    require_disjoint(&[x.region()], &[inertias.region()])?;
    let elbow = Numbers::optional("elbow", elbow, 1)?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    unsafe {
        let curve = InertiaCurve::of(&x.view(), max_clusters, &params)?;
        inertias.write(&column(&curve.inertias()));
        elbow.write([curve.elbow().unwrap_or(0) as i64]);
    }
    Ok(())
}

/// The gap statistic (Tibshirani, Walther and Hastie 2001): how much farther the logarithm of the inertia falls with 1 to
/// max_clusters clusters than it does for data of the same extent without clusters.
///
///  x                      n x p, any strides; read only.
///  max_clusters           from 1 to n, and less than the number of distinct samples.
///  options                NULL for the defaults: 20 reference data along the principal axes.
///  k_means                the options of each fit, whose n_clusters is left 0; NULL for the defaults.
///  gaps                   max_clusters entries; a view with NULL data when not wanted, as each of the following.
///  standard_errors        of the gaps, for the references that were drawn.
///  log_inertias           of the data.
///  expected_log_inertias  the mean of the reference data's.
///  n_clusters             receives the smallest number whose gap is within one standard error of the next one's, or 0 where
///                         there is none; or NULL when not wanted.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (max_clusters, an option),
/// LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE,
/// LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gap_statistic_f64(
    x: lapwing_mat_f64,
    max_clusters: i64,
    options: *const lapwing_gap_statistic_options,
    k_means: *const lapwing_k_means_options,
    gaps: lapwing_vec_mut_f64,
    standard_errors: lapwing_vec_mut_f64,
    log_inertias: lapwing_vec_mut_f64,
    expected_log_inertias: lapwing_vec_mut_f64,
    n_clusters: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        let outputs = [gaps, standard_errors, log_inertias, expected_log_inertias].map(Unchecked::from);
        gap_statistic::<f64>(x.into(), max_clusters, (options, k_means), outputs, n_clusters)
    })
}

/// As lapwing_gap_statistic_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_gap_statistic_f32(
    x: lapwing_mat_f32,
    max_clusters: i64,
    options: *const lapwing_gap_statistic_options,
    k_means: *const lapwing_k_means_options,
    gaps: lapwing_vec_mut_f64,
    standard_errors: lapwing_vec_mut_f64,
    log_inertias: lapwing_vec_mut_f64,
    expected_log_inertias: lapwing_vec_mut_f64,
    n_clusters: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe {
        let outputs = [gaps, standard_errors, log_inertias, expected_log_inertias].map(Unchecked::from);
        gap_statistic::<f32>(x.into(), max_clusters, (options, k_means), outputs, n_clusters)
    })
}

/// # Safety
/// As [`options::read`], [`k_means_of`], [`Strided::view`] and [`Strided::write`] require; `n_clusters` is NULL or writable.
unsafe fn gap_statistic<T: Scalar>(
    x: Unchecked<T>,
    max_clusters: i64,
    (options, k_means): (*const lapwing_gap_statistic_options, *const lapwing_k_means_options),
    outputs: [Unchecked<f64>; 4],
    n_clusters: *mut i64,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let (options, k_means) = unsafe { (options::read(options)?, k_means_of(k_means, x)?) };
    require_zero("reserved", options.reserved, "0")?;
    let references = [GapReference::PrincipalAxes, GapReference::Features];
    let requirement = "LAPWING_GAP_PRINCIPAL_AXES (0) or LAPWING_GAP_FEATURES (1)";
    let max_clusters = count("max_clusters", max_clusters)?;
    let mut params = GapStatistic::params()
        .max_clusters(max_clusters)
        .reference(constant("reference", options.reference, &references, requirement)?)
        .k_means(k_means)
        .seed(options.seed);
    match count("references", options.references)? {
        0 => {}
        references => params = params.references(references),
    }
    let x = x.input("x")?;
    let names = ["gaps", "standard_errors", "log_inertias", "expected_log_inertias"];
    let mut places = Vec::with_capacity(outputs.len());
    for (output, name) in outputs.into_iter().zip(names) {
        places.push(output_of(output, name, &[(max_clusters, "max_clusters")])?);
    }
    let regions: Vec<Region> = places.iter().flatten().map(Strided::region).collect();
    require_disjoint(&[x.region()], &regions)?;
    let place = Numbers::optional("n_clusters", n_clusters, 1)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    unsafe {
        let found = params.fit(&x.view())?;
        let curves =
            [found.gaps(), found.standard_errors(), found.log_inertias(), found.expected_log_inertias()];
        for (place, curve) in places.iter().zip(&curves) {
            write(place, &column(curve));
        }
        place.write([found.n_clusters().unwrap_or(0) as i64]);
    }
    Ok(())
}

/// The choices of each fit, which has as many clusters as its turn says.
///
/// # Safety
/// As [`params`] requires.
unsafe fn k_means_of<T: Scalar>(
    options: *const lapwing_k_means_options,
    x: Unchecked<T>,
) -> Result<KMeansParams, Failure> {
    // SAFETY: this function's own condition.
    let n_clusters = unsafe { options::read_named("k_means", options) }?.n_clusters;
    require_zero("n_clusters", n_clusters, "0, as every number of clusters is tried")?;
    let chosen_by_themselves = Unchecked { data: ptr::null_mut(), extents: [0; 2], ..x };
    // SAFETY: this function's own condition; there are no centres to read.
    unsafe { params(options, chosen_by_themselves, x) }
}
