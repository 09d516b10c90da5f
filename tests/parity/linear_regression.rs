//! Linear regression next to scikit-learn's and statsmodels', option by option: `linear_regression.json`, made by
//! `linear_regression.py`.

use std::collections::BTreeMap;
use std::path::Path;

use lapwing::ml::linear_model::RegressionSummary;
use lapwing::ml::sprs::{CsMat, TriMat};
use lapwing::ml::{Intercept, LinearRegression, LinearRegressionSolver};
use ndarray::{Array1, Array2, Axis, Ix2, concatenate, s};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

type Rows = Vec<Vec<f64>>;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(path).expect("the file is checked in")
}

fn section<T: DeserializeOwned>(name: &str) -> T {
    let text = read("tests/parity/linear_regression.json");
    let mut document: Value = serde_json::from_str(&text).expect("the reference is JSON");
    serde_json::from_value(document[name].take()).expect("the section has the fields that are read")
}

fn matrix(rows: &Rows) -> Array2<f64> {
    let cols = rows.first().map_or(0, Vec::len);
    Array2::from_shape_fn((rows.len(), cols), |(i, j)| rows[i][j])
}

/// That no entry differs by more than `bound` times the largest of the expected ones.
fn near<'a>(
    what: &str,
    found: impl IntoIterator<Item = &'a f64>,
    expected: impl IntoIterator<Item = &'a f64>,
    bound: f64,
) {
    let (found, expected): (Vec<f64>, Vec<f64>) =
        (found.into_iter().copied().collect(), expected.into_iter().copied().collect());
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    for (found, expected) in found.iter().zip(&expected) {
        let difference = (found - expected).abs();
        assert!(
            difference <= bound * scale,
            "{what}: {found} is {difference:e} from {expected}, over {bound:e} of {scale}"
        );
    }
}

#[derive(Deserialize)]
struct Fits {
    sets: BTreeMap<String, Rows>,
    cases: Vec<FitCase>,
}

#[derive(Deserialize)]
struct FitCase {
    x: String,
    fit_intercept: bool,
    y: Rows,
    weights: Option<Vec<f64>>,
    coef: Rows,
    intercept: Vec<f64>,
    rank: Option<usize>,
    singular: Option<Vec<f64>>,
    predict: Rows,
    score: f64,
    weighted_score: f64,
}

fn sparse(x: &Array2<f64>) -> CsMat<f64> {
    let mut triplets = TriMat::new(x.dim());
    for ((i, j), &value) in x.indexed_iter().filter(|(_, value)| **value != 0.0) {
        triplets.add_triplet(i, j, value);
    }
    triplets.to_csr()
}

/// Condition numbers are below 100, and both sides are backward stable: 10⁻¹¹ is a hundred roundoffs of each of a hundred
/// operations times that. scikit-learn's LSQR stops at its own rounding.
#[test]
fn every_solver_fits_as_scikit_learn() {
    use LinearRegressionSolver::{Auto, Cholesky, Qr, Refined, Svd};
    let Fits { sets, cases } = section("fits");
    assert_eq!(cases.len(), 16);
    for case in &cases {
        let (x, y) = (matrix(&sets[&case.x]), matrix(&case.y));
        let intercept = if case.fit_intercept { Intercept::Fitted } else { Intercept::Zero };
        let weights = case.weights.clone().map(Array1::from);
        let fitted = |params: lapwing::ml::LinearRegressionParams| -> LinearRegression<f64, Ix2> {
            let params = params.intercept(intercept);
            let fit = match (&weights, case.rank) {
                (None, Some(_)) => params.fit(&x, &y),
                (Some(weights), Some(_)) => params.fit_weighted(&x, &y, weights),
                (None, None) => params.fit_sparse(&sparse(&x), &y),
                (Some(weights), None) => params.fit_sparse_weighted(&sparse(&x), &y, weights),
            };
            fit.expect("the data is fit to be fitted")
        };
        let solvers: &[_] = if case.rank.is_some() { &[Auto, Cholesky, Qr, Svd, Refined] } else { &[Auto] };
        for &solver in solvers {
            let model = fitted(LinearRegression::params().solver(solver));
            let what = format!("{} {solver} {} {}", case.x, case.fit_intercept, weights.is_some());
            near(&format!("{what} coefficients"), model.coefficients(), &matrix(&case.coef), 1e-11);
            near(&format!("{what} intercept"), model.intercept(), &case.intercept, 1e-10);
            assert_eq!(model.rank(), case.rank, "{what}");
            if let (Some(found), Some(expected)) = (model.singular_values(), &case.singular) {
                // NumPy reports as many as the smaller extent has, too.
                near(&format!("{what} singular values"), found, expected, 1e-13);
            }
            let head = x.slice(s![..case.predict.len(), ..]);
            near(
                &format!("{what} predictions"),
                &model.predict(&head).unwrap(),
                &matrix(&case.predict),
                1e-11,
            );
            let score = model.score(&x, &y).unwrap();
            near(&format!("{what} score"), [&score], [&case.score], 1e-12);
            if let Some(weights) = &weights {
                let score = model.score_weighted(&x, &y, weights).unwrap();
                near(&format!("{what} weighted score"), [&score], [&case.weighted_score], 1e-12);
            }
        }
    }
}

#[derive(Deserialize)]
struct Summaries {
    cases: Vec<SummaryCase>,
}

#[derive(Deserialize)]
struct SummaryCase {
    x: String,
    intercept: bool,
    weights: Option<Vec<f64>>,
    coefficients: Vec<f64>,
    standard_errors: Vec<f64>,
    t: Vec<f64>,
    p: Vec<f64>,
    intervals: Rows,
    df_model: f64,
    df_resid: f64,
    deviation: f64,
    r_squared: f64,
    adjusted: f64,
    f: f64,
    f_p: f64,
    log_likelihood: f64,
    aic: f64,
    bic: f64,
    condition: f64,
    leverages: Vec<f64>,
    residuals: Vec<f64>,
    internal: Vec<f64>,
    external: Vec<f64>,
    cook: Vec<f64>,
    inflation: Option<Vec<f64>>,
}

/// A CSV file's columns but `target`, and that.
fn table(path: &str, target: &str) -> (Array2<f64>, Array1<f64>) {
    let text = read(path);
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().expect("there are names");
    let rows: Vec<f64> = lines.flatten().map(|field| field.parse().expect("a number")).collect();
    let all =
        Array2::from_shape_vec((rows.len() / names.len(), names.len()), rows).expect("rows of one length");
    let of_target = names.iter().position(|name| *name == target).expect("the target is a column");
    let others: Vec<usize> = (0..names.len()).filter(|&j| j != of_target).collect();
    (all.select(Axis(1), &others), all.column(of_target).to_owned())
}

impl SummaryCase {
    fn data(&self) -> (Array2<f64>, Array1<f64>) {
        match self.x.as_str() {
            "longley" => table("tests/data/nist/longley.csv", "y"),
            name => {
                let (x, y) = table("examples/data/diabetes.csv", "progression");
                if name == "diabetes" {
                    return (x, y);
                }
                let sum = (&x.column(0) + &x.column(2)).insert_axis(Axis(1));
                (concatenate![Axis(1), x.slice(s![.., ..4]), sum], y)
            }
        }
    }

    fn summary(&self) -> RegressionSummary {
        let (x, y) = self.data();
        let intercept = if self.intercept { Intercept::Fitted } else { Intercept::Zero };
        let params = LinearRegression::params().intercept(intercept);
        match &self.weights {
            None => params.summarize(&x, &y),
            Some(weights) => params.summarize_weighted(&x, &y, &Array1::from(weights.clone())),
        }
        .expect("the data is fit to be summarized")
    }
}

/// statsmodels solves with a pseudoinverse of the uncentred design, whose condition number is 10³ to 10⁴ for the diabetes
/// data and 5·10⁹ for Longley's: it keeps some seven digits there, and we are held to NIST's values by `tests/nist.rs`.
#[test]
fn summaries_are_those_of_statsmodels() {
    let Summaries { cases } = section("summaries");
    assert_eq!(cases.len(), 5);
    for case in &cases {
        let summary = case.summary();
        let what = |name: &str| format!("{} {} {name}", case.x, case.weights.is_some());
        let bound = if case.x == "longley" { 1e-6 } else { 1e-10 };
        let one = |name: &str, found: f64, expected: f64| near(&what(name), [&found], [&expected], bound);
        let unique = case.x != "collinear";
        if unique {
            near(&what("coefficients"), summary.coefficients(), &case.coefficients, bound);
            near(&what("standard errors"), summary.standard_errors(), &case.standard_errors, bound);
            near(&what("t"), summary.t_statistics(), &case.t, bound);
            near(&what("p"), summary.p_values(), &case.p, bound);
            let intervals = summary.confidence_intervals(0.9).unwrap();
            let found: Vec<f64> =
                intervals.iter().flat_map(|interval| [interval.lower, interval.upper]).collect();
            near(&what("intervals"), &found, case.intervals.iter().flatten(), bound);
            one("condition", summary.condition_number(), case.condition);
        } else {
            assert_eq!(summary.rank(), summary.coefficients().len() - 1);
            assert_eq!(summary.variance_inflation_factors()[0], None);
        }
        one("model degrees of freedom", summary.model_degrees_of_freedom() as f64, case.df_model);
        one("degrees of freedom", summary.residual_degrees_of_freedom() as f64, case.df_resid);
        one("deviation", summary.residual_standard_deviation(), case.deviation);
        one("R²", summary.r_squared(), case.r_squared);
        one("adjusted R²", summary.adjusted_r_squared(), case.adjusted);
        one("F", summary.f_statistic().unwrap(), case.f);
        one("p of F", summary.f_p_value().unwrap(), case.f_p);
        one("log-likelihood", summary.log_likelihood(), case.log_likelihood);
        one("AIC", summary.aic(), case.aic);
        one("BIC", summary.bic(), case.bic);
        let influence = summary.influence();
        let head = case.leverages.len();
        near(&what("leverages"), influence.leverages().slice(s![..head]), &case.leverages, bound);
        near(&what("residuals"), influence.residuals().slice(s![..head]), &case.residuals, bound);
        if unique {
            for (name, found, expected) in [
                ("internally studentized", influence.internally_studentized(), &case.internal),
                ("externally studentized", influence.externally_studentized(), &case.external),
                ("Cook's distances", influence.cooks_distances(), &case.cook),
            ] {
                let found: Vec<f64> = found[..head].iter().map(|x| x.expect("it exists")).collect();
                near(&what(name), &found, expected, bound);
            }
        }
        if let Some(expected) = &case.inflation {
            let found: Vec<f64> =
                summary.variance_inflation_factors().iter().map(|x| x.expect("full rank")).collect();
            near(&what("inflation"), &found, expected, bound);
        }
    }
}
