//! Discriminant analyses, distances and Gaussians on the data sets of `examples/data`.
//!
//! `gaussian.json`, made by `gaussian.py`, holds the answers of scikit-learn and SciPy. The covariances of wine are of condition
//! 2e7 as they are, which is how scikit-learn uses them; with 2^-52 for a rounding, its numbers hold to about `p ε` times that,
//! 1e-7 of themselves, and those of iris, of condition 200, to 1e-12.

use std::path::Path;

use lapwing::{
    LinearDiscriminantAnalysis, LinearDiscriminantSolver, Mahalanobis, MultivariateNormal,
    QuadraticDiscriminantAnalysis, Shrinkage,
};
use ndarray::{Array1, Array2, Axis, s};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::reference::{self, matrix, near};

/// The reference answers for every row that is a multiple of this.
const EVERY: usize = 29;

#[derive(Deserialize)]
struct Linear {
    set: String,
    solver: String,
    shrinkage: Value,
    priors: Option<Vec<f64>>,
    coefficients: Vec<Vec<f64>>,
    /// Less those of the first class.
    decisions: Vec<Vec<f64>>,
    probabilities: Vec<Vec<f64>>,
    score: f64,
    explained_variance_ratio: Option<Vec<f64>>,
    scores: Option<Vec<Vec<f64>>>,
}

#[derive(Deserialize)]
struct Quadratic {
    set: String,
    regularization: f64,
    priors: Option<Vec<f64>>,
    decisions: Vec<Vec<f64>>,
    variances: Vec<Vec<f64>>,
    probabilities: Vec<Vec<f64>>,
    score: f64,
}

#[derive(Deserialize)]
struct Gaussian {
    set: String,
    location: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    squared_distances: Vec<f64>,
    p_values: Vec<f64>,
    cutoff: f64,
    log_density: Vec<f64>,
    entropy: f64,
}

fn section<T: DeserializeOwned>(name: &str) -> T {
    reference::section("gaussian.json", name)
}

/// The features and the labels, which are in the last column, of one of the examples' data sets.
pub(crate) fn data(set: &str) -> (Array2<f64>, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/data/{set}.csv"));
    let text = std::fs::read_to_string(path).expect("the data is checked in");
    let (mut entries, mut labels) = (Vec::new(), Vec::new());
    for line in text.lines().skip(1) {
        let (features, label) = line.rsplit_once(',').expect("a row of the table");
        entries.extend(features.split(',').map(|entry| entry.parse::<f64>().expect("a number")));
        labels.push(label.to_owned());
    }
    let p = entries.len() / labels.len();
    (Array2::from_shape_vec((labels.len(), p), entries).expect("rows of one length"), labels)
}

fn row(values: &[f64]) -> Array2<f64> {
    matrix(&[values.to_vec()])
}

/// How many digits of the reference a set's condition leaves, as a share of the largest entry.
fn bound(set: &str) -> f64 {
    if set == "wine" { 1e-7 } else { 1e-12 }
}

#[test]
fn linear_discriminants_are_those_of_scikit_learn() {
    let cases: Vec<Linear> = section("linear");
    assert_eq!(cases.len(), 28);
    for case in cases {
        let (x, y) = data(&case.set);
        let what = |field: &str| {
            format!("{field} of {}, {}, {}, {:?}", case.set, case.solver, case.shrinkage, case.priors)
        };
        let solver = match case.solver.as_str() {
            "svd" => LinearDiscriminantSolver::Svd,
            "lsqr" => LinearDiscriminantSolver::LeastSquares,
            _ => LinearDiscriminantSolver::Eigen,
        };
        let shrinkage = match &case.shrinkage {
            Value::Null => Shrinkage::None,
            Value::String(_) => Shrinkage::LedoitWolf,
            share => Shrinkage::Fixed(share.as_f64().expect("a share")),
        };
        let mut params = LinearDiscriminantAnalysis::params().solver(solver).shrinkage(shrinkage);
        if let Some(priors) = &case.priors {
            params = params.priors(priors);
        }
        let model = params.fit(&x, &y).expect("scikit-learn fits it");
        let (bound, some) = (bound(&case.set), x.slice(s![..;EVERY, ..]));
        near(&what("coefficients"), &model.coefficients(), &matrix(&case.coefficients), bound);
        let decisions = model.decision_function(&some).expect("finite");
        let first = decisions.column(0).to_owned().insert_axis(Axis(1));
        near(&what("decisions"), &(decisions - first), &matrix(&case.decisions), bound);
        let probabilities = model.predict_probabilities(&some).expect("finite");
        near(&what("probabilities"), &probabilities, &matrix(&case.probabilities), bound);
        assert!((model.score(&x, &y).expect("labels") - case.score).abs() < 1e-12, "{}", what("score"));
        if let (Some(ratio), Some(scores)) = (&case.explained_variance_ratio, &case.scores) {
            let found = model.explained_variance_ratio().expect("a projection");
            near(&what("explained_variance_ratio"), &row(&found.to_vec()), &row(ratio), bound);
            let (mut found, expected) = (model.transform(&some).expect("a projection"), matrix(scores));
            for (mut found, expected) in found.columns_mut().into_iter().zip(expected.columns()) {
                // The sign of an axis is LAPACK's there.
                if found.dot(&expected) < 0.0 {
                    found.mapv_inplace(|score| -score);
                }
            }
            near(&what("scores"), &found, &expected, bound);
        }
    }
}

#[test]
fn quadratic_discriminants_are_those_of_scikit_learn() {
    let cases: Vec<Quadratic> = section("quadratic");
    assert_eq!(cases.len(), 12);
    for case in cases {
        let (x, y) = data(&case.set);
        let what =
            |field: &str| format!("{field} of {}, {}, {:?}", case.set, case.regularization, case.priors);
        let mut params = QuadraticDiscriminantAnalysis::params().regularization(case.regularization);
        if let Some(priors) = &case.priors {
            params = params.priors(priors);
        }
        let model = params.fit(&x, &y).expect("scikit-learn fits it");
        let (bound, some) = (bound(&case.set), x.slice(s![..;EVERY, ..]));
        near(
            &what("decisions"),
            &model.decision_function(&some).expect("finite"),
            &matrix(&case.decisions),
            bound,
        );
        let probabilities = model.predict_probabilities(&some).expect("finite");
        near(&what("probabilities"), &probabilities, &matrix(&case.probabilities), bound);
        for (found, expected) in model.scalings().zip(&case.variances) {
            near(&what("variances"), &row(&found.to_vec()), &row(expected), bound);
        }
        assert!((model.score(&x, &y).expect("labels") - case.score).abs() < 1e-12, "{}", what("score"));
    }
}

#[test]
fn distances_and_densities_are_those_of_scikit_learn_and_scipy() {
    let cases: Vec<Gaussian> = section("gaussian");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let (x, _) = data(&case.set);
        let (bound, some) = (bound(&case.set), x.slice(s![..;EVERY, ..]));
        let (location, covariance) = (Array1::from(case.location), matrix(&case.covariance));
        let metric = Mahalanobis::new(&location, &covariance).expect("regular");
        let squared = metric.squared_distances(&some).expect("finite");
        near("squared_distances", &row(&squared.to_vec()), &row(&case.squared_distances), bound);
        let p_values = metric.p_values(&squared).expect("not negative");
        near("p_values", &row(&p_values.to_vec()), &row(&case.p_values), 100.0 * bound);
        assert!((metric.cutoff(0.975).expect("a quantile") / case.cutoff - 1.0).abs() < 1e-10);
        let normal = MultivariateNormal::new(&location, &covariance).expect("regular");
        let found = normal.log_density(&some).expect("finite");
        near("log_density", &row(&found.to_vec()), &row(&case.log_density), bound);
        assert!((normal.entropy() / case.entropy - 1.0).abs() < bound);
    }
}
