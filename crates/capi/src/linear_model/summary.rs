//! How far ordinary least squares can be trusted: a struct of numbers, and tables in memory of the caller.

use std::mem::offset_of;
use std::ptr;

use lapwing_lapack::{Error, Scalar};
use lapwing_ml::linear_model::{Intercept, LinearRegression, LinearRegressionParams, RegressionSummary};
use ndarray::Array1;

use super::choices::intercept;
use super::linear_regression::{LAPWING_LINEAR_REGRESSION_AUTO, SOLVERS};
use super::problem;
use crate::arguments::column;
use crate::eigenproblems::{output_of, write};
use crate::guard::guard;
use crate::numbers::{Numbers, constant};
use crate::options::{self, Options, Results};
use crate::status::{Failure, lapwing_status};
use crate::strided::{Region, Strided, require_disjoint};
use crate::view::{
    Unchecked, lapwing_mat_f32, lapwing_mat_f64, lapwing_vec_f32, lapwing_vec_f64, lapwing_vec_mut_f64,
};

/// The options of a summary of least squares. Zero means default, for every member but the first.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_ols_options {
    /// sizeof(lapwing_ols_options), always.
    pub struct_size: usize,
    /// LAPWING_INTERCEPT_FITTED or LAPWING_INTERCEPT_ZERO.
    pub intercept: i32,
    /// LAPWING_LINEAR_REGRESSION_AUTO to LAPWING_LINEAR_REGRESSION_REFINED. The last refines the coefficients to the last digit;
    /// the others are all QR here, or the singular value decomposition where features depend on each other.
    pub solver: i32,
    /// The probability with which the intervals cover the coefficients, less than 1; 0.95 by default.
    pub level: f64,
}

// SAFETY: numbers, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_ols_options {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_ols_options>(),
        intercept: super::LAPWING_INTERCEPT_FITTED,
        solver: LAPWING_LINEAR_REGRESSION_AUTO,
        level: 0.0,
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_ols_options, level) + size_of::<f64>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_ols_options)";
}

/// What a summary of least squares says in single numbers. A fit without residuals has infinite statistics and an infinite
/// likelihood.
///
/// Later versions add members at the end. Of a struct that is larger than this library's, the rest becomes 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_ols_statistics {
    /// sizeof(lapwing_ols_statistics), set by the caller before the call.
    pub struct_size: usize,
    /// n.
    pub n_samples: i64,
    /// The rank of features and intercept together: less than the number of coefficients where they depend on each other, so
    /// that single coefficients mean nothing.
    pub rank: i64,
    /// The rank without the intercept.
    pub model_degrees_of_freedom: i64,
    /// n less the rank.
    pub residual_degrees_of_freedom: i64,
    /// How many dependencies there nearly are among the columns, intercept included: singular values of at most a thirtieth
    /// of the largest, with columns of length one (Belsley, Kuh and Welsch 1980).
    pub dependencies: i64,
    /// The sum of the squared residuals, times their weights.
    pub residual_sum_of_squares: f64,
    /// The standard deviation of the noise (of a sample of weight 1).
    pub residual_standard_deviation: f64,
    /// R2, the share of the variance that the fit explains; of the sum of squares, without an intercept.
    pub r_squared: f64,
    /// R2 for the degrees of freedom that the fit had.
    pub adjusted_r_squared: f64,
    /// The explained variance beside that of the residuals, each over its degrees of freedom; NaN where the features, or the
    /// target, have none.
    pub f_statistic: f64,
    /// How probable an F statistic as large is where all coefficients but the intercept are zero; NaN as above.
    pub f_p_value: f64,
    /// The logarithm of the likelihood, for normal noise.
    pub log_likelihood: f64,
    /// Akaike's information criterion.
    pub aic: f64,
    /// Schwarz's.
    pub bic: f64,
    /// The condition number of the weighted columns, intercept included, in the given units: statsmodels'.
    pub condition_number: f64,
    /// The same with every column of length one.
    pub scaled_condition_number: f64,
}

const FIRST_STATISTICS_SIZE: usize =
    offset_of!(lapwing_ols_statistics, scaled_condition_number) + size_of::<f64>();

/// Where a summary of least squares writes its tables, in double for both precisions: NULL data where one is not wanted. There
/// are k coefficients: the intercept where it is fitted, then one for each of the p features.
///
/// Later versions add members at the end, as with lapwing_pca_options.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct lapwing_ols_tables {
    /// sizeof(lapwing_ols_tables), always.
    pub struct_size: usize,
    /// The estimates, k.
    pub coefficients: lapwing_vec_mut_f64,
    /// The standard error of each, k.
    pub standard_errors: lapwing_vec_mut_f64,
    /// Each estimate in units of its standard error, k.
    pub t_statistics: lapwing_vec_mut_f64,
    /// How probable a t statistic as far from zero is for a coefficient of zero, k.
    pub p_values: lapwing_vec_mut_f64,
    /// The lower bound of each coefficient's interval of confidence, k.
    pub lower: lapwing_vec_mut_f64,
    /// The upper bound of each, k.
    pub upper: lapwing_vec_mut_f64,
    /// By how much the dependence of each feature on the others inflates the variance of its coefficient, p; infinite for one
    /// that is a combination of the others.
    pub variance_inflation_factors: lapwing_vec_mut_f64,
    /// y less the predictions, n.
    pub residuals: lapwing_vec_mut_f64,
    /// The diagonal of the hat matrix, n: between 0 and 1, and the rank in sum.
    pub leverages: lapwing_vec_mut_f64,
    /// Each residual in units of its standard error, n; NaN for a sample of leverage 1, and where there are no residuals.
    pub internally_studentized: lapwing_vec_mut_f64,
    /// The same with the standard deviation of a fit without the sample, n; NaN where that has no residuals, too.
    pub externally_studentized: lapwing_vec_mut_f64,
    /// How far the fit moves without the sample, in units of its own uncertainty, n; NaN for a sample of leverage 1.
    pub cooks_distances: lapwing_vec_mut_f64,
    /// k numbers, or NULL: 1 for each coefficient that owes more than half of its variance to the near dependencies.
    pub collinear: *mut i32,
}

const NOT_WANTED: lapwing_vec_mut_f64 = lapwing_vec_mut_f64 { data: ptr::null_mut(), len: 0, stride: 0 };

// SAFETY: numbers, and pointers that are checked before they are used, of which any bytes are a value, with the size first.
unsafe impl Options for lapwing_ols_tables {
    const DEFAULTS: Self = Self {
        struct_size: size_of::<lapwing_ols_tables>(),
        coefficients: NOT_WANTED,
        standard_errors: NOT_WANTED,
        t_statistics: NOT_WANTED,
        p_values: NOT_WANTED,
        lower: NOT_WANTED,
        upper: NOT_WANTED,
        variance_inflation_factors: NOT_WANTED,
        residuals: NOT_WANTED,
        leverages: NOT_WANTED,
        internally_studentized: NOT_WANTED,
        externally_studentized: NOT_WANTED,
        cooks_distances: NOT_WANTED,
        collinear: ptr::null_mut(),
    };
    const FIRST_SIZE: usize = offset_of!(lapwing_ols_tables, collinear) + size_of::<*mut i32>();
    const REQUIRED_SIZE: &'static str = "sizeof(lapwing_ols_tables)";
}

/// Fits least squares to one target and says how far the fit can be trusted: standard errors, tests, collinearity, and what
/// each sample does to it. The numbers are those of statsmodels' OLS, and with weights of its WLS.
///
///  x        n x p, any strides, with n greater than the rank of features and intercept; read only.
///  y        n x 1: one target; read only.
///  weights  a weight for each sample, n, positive, or NULL data for none; read only. The inverses of the variances of the
///           samples' errors, up to a common factor.
///  options  NULL for the defaults.
///  out      receives the numbers; its struct_size is set before the call.
///  tables   where to write the tables, or NULL for none of them.
///
/// Returns LAPWING_ERR_NON_FINITE (x, y or weights holds NaN or an infinity), LAPWING_ERR_ARGUMENT (an option, a struct_size,
/// or a weight that is not positive), LAPWING_ERR_SHAPE (too few samples, too), LAPWING_ERR_ALIAS, LAPWING_ERR_NULL,
/// LAPWING_ERR_TOO_LARGE, LAPWING_ERR_OUT_OF_MEMORY, LAPWING_ERR_OVERFLOW. On any error the outputs are untouched.
/// Thread-safe. LAPACK: dgeqrf, or dgesdd where features depend on each other.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ols_summarize_f64(
    x: lapwing_mat_f64,
    y: lapwing_mat_f64,
    weights: lapwing_vec_f64,
    options: *const lapwing_ols_options,
    out: *mut lapwing_ols_statistics,
    tables: *const lapwing_ols_tables,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { summarize(x.into(), y.into(), weights.into(), options, out, tables) })
}

/// As lapwing_ols_summarize_f64, of data in single precision.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_ols_summarize_f32(
    x: lapwing_mat_f32,
    y: lapwing_mat_f32,
    weights: lapwing_vec_f32,
    options: *const lapwing_ols_options,
    out: *mut lapwing_ols_statistics,
    tables: *const lapwing_ols_tables,
) -> lapwing_status {
    // SAFETY: the caller vouches for the memory behind the views and the pointers.
    guard(|| unsafe { summarize(x.into(), y.into(), weights.into(), options, out, tables) })
}

/// The choices that the options stand for.
struct Choices {
    params: LinearRegressionParams,
    intercept: Intercept,
    level: f64,
}

/// # Safety
/// As [`options::read`] requires.
unsafe fn choices(options: *const lapwing_ols_options) -> Result<Choices, Failure> {
    // SAFETY: this function's own condition.
    let options = unsafe { options::read(options) }?;
    let requirement = "LAPWING_LINEAR_REGRESSION_AUTO (0) to LAPWING_LINEAR_REGRESSION_REFINED (4)";
    let solver = constant("solver", options.solver, &SOLVERS[..5], requirement)?;
    let level = if options.level == 0.0 { 0.95 } else { options.level };
    if !(level > 0.0 && level < 1.0) {
        let (value, requirement) = (level.to_string(), "greater than 0 and less than 1".to_owned());
        return Err(Error::InvalidParameter { parameter: "level", value, requirement }.into());
    }
    let intercept = intercept(options.intercept)?;
    Ok(Choices { params: LinearRegression::params().intercept(intercept).solver(solver), intercept, level })
}

/// Where the tables go, in the order of the struct.
struct Places {
    vectors: [Option<Strided<f64>>; 12],
    collinear: Numbers<i32>,
}

impl Places {
    /// For n samples of p features, and k coefficients.
    fn new(tables: &lapwing_ols_tables, n: usize, p: usize, k: usize) -> Result<Self, Failure> {
        let samples = (n, "the rows of x");
        let features = (p, "the columns of x");
        let terms = (k, "the number of coefficients, the intercept included");
        let place = |view: lapwing_vec_mut_f64, name, extent| output_of(view.into(), name, &[extent]);
        let vectors = [
            place(tables.coefficients, "coefficients", terms)?,
            place(tables.standard_errors, "standard_errors", terms)?,
            place(tables.t_statistics, "t_statistics", terms)?,
            place(tables.p_values, "p_values", terms)?,
            place(tables.lower, "lower", terms)?,
            place(tables.upper, "upper", terms)?,
            place(tables.variance_inflation_factors, "variance_inflation_factors", features)?,
            place(tables.residuals, "residuals", samples)?,
            place(tables.leverages, "leverages", samples)?,
            place(tables.internally_studentized, "internally_studentized", samples)?,
            place(tables.externally_studentized, "externally_studentized", samples)?,
            place(tables.cooks_distances, "cooks_distances", samples)?,
        ];
        Ok(Self { vectors, collinear: Numbers::optional("collinear", tables.collinear, k)? })
    }

    fn regions(&self) -> Vec<Region> {
        self.vectors.iter().flatten().map(Strided::region).collect()
    }

    /// # Safety
    /// As [`Strided::write`] and [`Numbers::write`] require.
    unsafe fn write(self, summary: &RegressionSummary, level: f64) -> Result<(), Failure> {
        let intervals = summary.confidence_intervals(level)?;
        let influence = summary.influence();
        let or_nan = |values: &[Option<f64>]| values.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        let inflation = summary.variance_inflation_factors().iter();
        let values: [Array1<f64>; 12] = [
            summary.coefficients().to_owned(),
            summary.standard_errors().to_owned(),
            summary.t_statistics().to_owned(),
            summary.p_values().to_owned(),
            intervals.iter().map(|interval| interval.lower).collect(),
            intervals.iter().map(|interval| interval.upper).collect(),
            inflation.map(|factor| factor.unwrap_or(f64::INFINITY)).collect(),
            influence.residuals().to_owned(),
            influence.leverages().to_owned(),
            or_nan(influence.internally_studentized()),
            or_nan(influence.externally_studentized()),
            or_nan(influence.cooks_distances()),
        ];
        let collinear = summary.collinearity().map_or(&[][..], |collinearity| &collinearity.terms);
        let mask = summary.terms().iter().map(|term| i32::from(collinear.contains(term)));
        // SAFETY: this function's own condition.
        unsafe {
            for (place, values) in self.vectors.iter().zip(&values) {
                write(place, &column(values));
            }
            self.collinear.write(mask);
        }
        Ok(())
    }
}

/// # Safety
/// The views as [`problem::dense`] requires; `options` and `tables` as [`options::read`]; what the tables describe as
/// [`Strided::write`]; `out` is NULL, or writable for as many bytes as its `struct_size` says, which can be read.
unsafe fn summarize<T: Scalar>(
    x: Unchecked<T>,
    y: Unchecked<T>,
    weights: Unchecked<T>,
    options: *const lapwing_ols_options,
    out: *mut lapwing_ols_statistics,
    tables: *const lapwing_ols_tables,
) -> Result<(), Failure> {
    let mut inputs = vec![x.input("x")?.region(), y.input("y")?.region()];
    if !weights.data.is_null() {
        inputs.push(weights.input("weights")?.region());
    }
    let (first, required) = (FIRST_STATISTICS_SIZE, "sizeof(lapwing_ols_statistics)");
    // SAFETY: this function's own condition.
    let (results, choices, tables, problem) = unsafe {
        (
            Results::new("out", out, first, required)?,
            choices(options)?,
            options::read_named("tables", tables)?,
            problem::dense(x, y, weights)?,
        )
    };
    let (x, y) = (&problem.x, &problem.target()?);
    let (n, p) = x.dim();
    let k = p + usize::from(choices.intercept == Intercept::Fitted);
    let places = Places::new(&tables, n, p, k)?;
    require_disjoint(&inputs, &places.regions())?;
    let summary = match &problem.weights {
        None => choices.params.summarize(x, y),
        Some(weights) => choices.params.summarize_weighted(x, y, weights),
    }?;
    // SAFETY: this function's own condition; the places were just found to lie apart.
    unsafe {
        places.write(&summary, choices.level)?;
        results.write(&statistics(&summary));
    }
    Ok(())
}

fn statistics(summary: &RegressionSummary) -> lapwing_ols_statistics {
    lapwing_ols_statistics {
        struct_size: size_of::<lapwing_ols_statistics>(),
        n_samples: summary.n_samples() as i64,
        rank: summary.rank() as i64,
        model_degrees_of_freedom: summary.model_degrees_of_freedom() as i64,
        residual_degrees_of_freedom: summary.residual_degrees_of_freedom() as i64,
        dependencies: summary.collinearity().map_or(0, |collinearity| collinearity.dependencies as i64),
        residual_sum_of_squares: summary.residual_sum_of_squares(),
        residual_standard_deviation: summary.residual_standard_deviation(),
        r_squared: summary.r_squared(),
        adjusted_r_squared: summary.adjusted_r_squared(),
        f_statistic: summary.f_statistic().unwrap_or(f64::NAN),
        f_p_value: summary.f_p_value().unwrap_or(f64::NAN),
        log_likelihood: summary.log_likelihood(),
        aic: summary.aic(),
        bic: summary.bic(),
        condition_number: summary.condition_number(),
        scaled_condition_number: summary.scaled_condition_number(),
    }
}
