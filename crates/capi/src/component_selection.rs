//! How many principal components to keep: three rules, each with the curve that it reads its number from.

use std::mem::offset_of;

use lapwing_lapack::Scalar;
use lapwing_ml::decomposition::component_selection::{
    Association, FoldOrder, LikelihoodValidation, NullModel, ParallelAnalysis, elbow,
};
use ndarray::Axis;

use crate::arguments::column;
use crate::eigenproblems::{output_of, write};
use crate::guard::{guard, require_pointer};
use crate::numbers::{constant, require_zero};
use crate::options::{self, Options};
use crate::sparse::array;
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::structured::count;
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_mat_mut_f64, lapwing_vec_f32, lapwing_vec_f64,
    lapwing_vec_mut_f64,
};

/// Data without structure is the data, with the entries of each column in random order.
pub const LAPWING_NULL_MODEL_PERMUTED: i32 = 0;
/// Data without structure is independent normal variables with the variances of the features, as Horn had them.
pub const LAPWING_NULL_MODEL_NORMAL: i32 = 1;

/// Variances are the eigenvalues of the covariance, as in lapwing_pca_fit_f64.
pub const LAPWING_ASSOCIATION_COVARIANCE: i32 = 0;
/// Variances are the eigenvalues of the correlation: for features in different units.
pub const LAPWING_ASSOCIATION_CORRELATION: i32 = 1;

/// Folds are consecutive rows, as in scikit-learn's KFold. For rows in random order.
pub const LAPWING_FOLDS_CONSECUTIVE: i32 = 0;
/// Folds are random rows. For rows that are sorted, or drift.
pub const LAPWING_FOLDS_SHUFFLED: i32 = 1;

/// The options of a parallel analysis. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_parallel_analysis_options {
    /// sizeof(lapwing_parallel_analysis_options), always.
    pub struct_size: usize,
    /// LAPWING_NULL_MODEL_PERMUTED or LAPWING_NULL_MODEL_NORMAL.
    pub null_model: i32,
    /// LAPWING_ASSOCIATION_COVARIANCE or LAPWING_ASSOCIATION_CORRELATION.
    pub association: i32,
    /// How many times to draw data without structure; 100 by default.
    pub iterations: i64,
    /// Which quantile of their variances the data must exceed, at most 1; 0.95 by default. Horn took the mean, about 0.5,
    /// which keeps more.
    pub quantile: f64,
    /// The seed of the random data.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_parallel_analysis_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_parallel_analysis_options>(),
        null_model: LAPWING_NULL_MODEL_PERMUTED,
        association: LAPWING_ASSOCIATION_COVARIANCE,
        iterations: 0,
        quantile: 0.0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_parallel_analysis_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_parallel_analysis_options)";
}

/// The options of a cross-validation of the likelihood. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_likelihood_validation_options {
    /// sizeof(lapwing_likelihood_validation_options), always.
    pub struct_size: usize,
    /// Into how many parts the rows are cut, of which each is left out once; 5 by default.
    pub folds: i64,
    /// LAPWING_FOLDS_CONSECUTIVE or LAPWING_FOLDS_SHUFFLED.
    pub order: i32,
    /// Left 0.
    pub reserved: i32,
    /// The seed of LAPWING_FOLDS_SHUFFLED.
    pub seed: u64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_likelihood_validation_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_likelihood_validation_options>(),
        folds: 0,
        order: LAPWING_FOLDS_CONSECUTIVE,
        reserved: 0,
        seed: 0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_likelihood_validation_options, seed) + size_of::<u64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_likelihood_validation_options)";
}

/// How many principal components come before the elbow of their variances: the point farthest below the chord from the
/// first to the last (Satopaa, Albrecht, Irwin, Raghavan, "Finding a Kneedle in a haystack", 2011). Quick, and rough; for the
/// explained variances of all components, of which lapwing_pca_explained_variance_f64 gives the curve.
///
///  values        in descending order; read only.
///  n_components  receives the number; that of all values when there is no elbow: fewer than three values, a straight
///                line, or a curve above its chord.
///
/// Returns LAPWING_ERR_NON_FINITE (values holds NaN or an infinity), LAPWING_ERR_ARGUMENT (values increase),
/// LAPWING_ERR_NULL, LAPWING_ERR_SHAPE. On any error n_components is untouched. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elbow_f64(
    values: lapwing_vec_f64,
    n_components: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { elbow_of::<f64>(values.into(), n_components) })
}

/// As lapwing_elbow_f64, in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_elbow_f32(
    values: lapwing_vec_f32,
    n_components: *mut i64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the view and the pointer.
    guard(|| unsafe { elbow_of::<f32>(values.into(), n_components) })
}

/// # Safety
/// `values` as [`Strided::view`] requires; `n_components` is NULL or writable.
unsafe fn elbow_of<T: Scalar>(values: Unchecked<T>, n_components: *mut i64) -> Result<(), Failure> {
    require_pointer("n_components", n_components)?;
    let values = values.input("values")?;
    // SAFETY: this function's own condition.
    let found = elbow(&unsafe { values.view() }.index_axis(Axis(1), 0))?;
    // SAFETY: not NULL, aligned, and writable by this function's own condition.
    unsafe { n_components.write(found as i64) };
    Ok(())
}

/// How many principal components exceed what chance gives: Horn's parallel analysis. The variances along the components of x
/// are compared, rank by rank, with a quantile of those of data of the same shape without structure.
///
///  x             n x p, at least 2 x 1, any strides; read only.
///  options       NULL for the defaults: 100 draws of permuted columns, covariances, the quantile 0.95.
///  n_components  receives how many leading components exceed their thresholds.
///  observed      min(n,p) variances of x, largest first; a view with NULL data when not wanted.
///  thresholds    what they must exceed, min(n,p); likewise.
///
/// Each draw costs a product with the smaller extent, n * p * min(n,p), and the eigenvalues of its order.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option), LAPWING_ERR_SHAPE,
/// LAPWING_ERR_ALIAS, LAPWING_ERR_NULL, LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY,
/// LAPWING_ERR_OVERFLOW. On any error the outputs are untouched. Thread-safe. LAPACK: dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_parallel_analysis_f64(
    x: lapwing_mat_f64,
    options: *const lapwing_parallel_analysis_options,
    n_components: *mut i64,
    observed: lapwing_vec_mut_f64,
    thresholds: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        parallel_analysis::<f64>(x.into(), options, n_components, observed.into(), thresholds.into())
    })
}

/// As lapwing_parallel_analysis_f64, of data in single precision; variances are double in both.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_parallel_analysis_f32(
    x: lapwing_mat_f32,
    options: *const lapwing_parallel_analysis_options,
    n_components: *mut i64,
    observed: lapwing_vec_mut_f64,
    thresholds: lapwing_vec_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        parallel_analysis::<f32>(x.into(), options, n_components, observed.into(), thresholds.into())
    })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require; `options` as
/// [`options::read`]; `n_components` is NULL or writable.
unsafe fn parallel_analysis<T: Scalar>(
    x: Unchecked<T>,
    options: *const lapwing_parallel_analysis_options,
    n_components: *mut i64,
    observed: Unchecked<f64>,
    thresholds: Unchecked<f64>,
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let null_models = [NullModel::Permuted, NullModel::Normal];
    let of_null_models = "LAPWING_NULL_MODEL_PERMUTED (0) or LAPWING_NULL_MODEL_NORMAL (1)";
    let associations = [Association::Covariance, Association::Correlation];
    let of_associations = "LAPWING_ASSOCIATION_COVARIANCE (0) or LAPWING_ASSOCIATION_CORRELATION (1)";
    let mut params = ParallelAnalysis::params()
        .null_model(constant("null_model", options.null_model, &null_models, of_null_models)?)
        .association(constant("association", options.association, &associations, of_associations)?)
        .seed(options.seed);
    match count("iterations", options.iterations)? {
        0 => {}
        iterations => params = params.iterations(iterations),
    }
    if options.quantile != 0.0 {
        params = params.quantile(options.quantile);
    }

    require_pointer("n_components", n_components)?;
    let x = x.input("x")?;
    let [rows, cols] = x.shape();
    let extent = [(rows.min(cols), "the smaller extent of x")];
    let observed = output_of(observed, "observed", &extent)?;
    let thresholds = output_of(thresholds, "thresholds", &extent)?;
    let outputs: Vec<Region> = [&observed, &thresholds].into_iter().flatten().map(Strided::region).collect();
    require_disjoint(&[x.region()], &outputs)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    unsafe {
        let analysis = params.fit(&x.view())?;
        write(&observed, &column(&analysis.observed()));
        write(&thresholds, &column(&analysis.thresholds()));
        n_components.write(analysis.n_components() as i64);
    }
    Ok(())
}

/// Which number of principal components makes rows that were left out most likely: the mean log-likelihood of each fold under
/// the model of the others, as lapwing_pca_score_f64 has it, for each of several numbers. More components fit the rows that
/// were seen ever better; those that were not, up to a point.
///
///  x              n x p, any strides; read only.
///  candidates     the numbers of components to try, of which there are n_candidates, at least one; read only.
///  n_candidates   how many.
///  options        NULL for the defaults: five folds of consecutive rows.
///  n_components   receives the candidate with the largest mean score, the first of them on a tie.
///  mean_scores    n_candidates means of the scores over the folds; a view with NULL data when not wanted.
///  scores         n_candidates x folds, minus infinity where a model is singular and has no density; likewise.
///
/// Returns LAPWING_ERR_NON_FINITE (x holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, or a candidate that is more
/// than the features or the rows of n less a fold), LAPWING_ERR_SHAPE, LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_NO_CONVERGENCE, LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the
/// outputs are untouched. Thread-safe. LAPACK: dgeqrf and dgesdd, or dsyevd.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_likelihood_validation_f64(
    x: lapwing_mat_f64,
    candidates: *const i64,
    n_candidates: i64,
    options: *const lapwing_likelihood_validation_options,
    n_components: *mut i64,
    mean_scores: lapwing_vec_mut_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        let outputs = (n_components, mean_scores.into(), scores.into());
        likelihood_validation::<f64>(x.into(), (candidates, n_candidates), options, outputs)
    })
}

/// As lapwing_likelihood_validation_f64, of data in single precision; likelihoods are double in both.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_likelihood_validation_f32(
    x: lapwing_mat_f32,
    candidates: *const i64,
    n_candidates: i64,
    options: *const lapwing_likelihood_validation_options,
    n_components: *mut i64,
    mean_scores: lapwing_vec_mut_f64,
    scores: lapwing_mat_mut_f64,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and pointers.
    guard(|| unsafe {
        let outputs = (n_components, mean_scores.into(), scores.into());
        likelihood_validation::<f32>(x.into(), (candidates, n_candidates), options, outputs)
    })
}

/// # Safety
/// The memory that the views describe is there, as [`Strided::view`] and [`Strided::write`] require; `options` as
/// [`options::read`]; behind the first pointer are as many numbers as the count says, and `n_components` is NULL or
/// writable.
unsafe fn likelihood_validation<T: Scalar>(
    x: Unchecked<T>,
    (candidates, n_candidates): (*const i64, i64),
    options: *const lapwing_likelihood_validation_options,
    (n_components, mean_scores, scores): (*mut i64, Unchecked<f64>, Unchecked<f64>),
) -> Result<(), Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let orders = [FoldOrder::Consecutive, FoldOrder::Shuffled(options.seed)];
    let of_orders = "LAPWING_FOLDS_CONSECUTIVE (0) or LAPWING_FOLDS_SHUFFLED (1)";
    let mut params =
        LikelihoodValidation::params().order(constant("order", options.order, &orders, of_orders)?);
    let folds = match count("folds", options.folds)? {
        0 => 5,
        folds => folds,
    };
    params = params.folds(folds);
    require_zero("reserved", options.reserved, "0")?;

    require_pointer("n_components", n_components)?;
    // SAFETY: this function's own condition.
    let given = unsafe { array("candidates", candidates, count("n_candidates", n_candidates)?) }?;
    let candidates: Vec<usize> =
        given.iter().map(|&candidate| count("candidates", candidate)).collect::<Result<_, _>>()?;
    let x = x.input("x")?;
    let tried = (candidates.len(), "the number of candidates");
    let mean_scores = output_of(mean_scores, "mean_scores", &[tried])?;
    let scores = output_of(scores, "scores", &[tried, (folds, "the number of folds")])?;
    let outputs: Vec<Region> = [&mean_scores, &scores].into_iter().flatten().map(Strided::region).collect();
    require_disjoint(&[x.region(), Region::of("candidates", given)], &outputs)?;
    // SAFETY: this function's own condition; the outputs were just found to lie elsewhere.
    unsafe {
        let validation = params.fit(&x.view(), &candidates)?;
        write(&mean_scores, &column(&validation.mean_scores()));
        write(&scores, &validation.scores());
        n_components.write(validation.n_components() as i64);
    }
    Ok(())
}
