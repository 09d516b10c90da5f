//! Elastic nets next to scikit-learn's: `coordinate_descent.json`, made by `coordinate_descent.py`.

use std::collections::BTreeMap;
use std::path::Path;

use lapwing::ml::linear_model::{Alphas, CoefficientSign, ElasticNet, ElasticNetCv, Updates};
use lapwing::ml::model_selection::KFold;
use lapwing::ml::sprs::{CsMat, TriMat};
use lapwing::ml::{FitError, Intercept};
use ndarray::{Array1, Array2, Ix2};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn section<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/coordinate_descent.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let mut document: Value = serde_json::from_str(&text).expect("the reference is JSON");
    serde_json::from_value(document[name].take()).expect("the section has the fields that are read")
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows.first().map_or(0, Vec::len)), |(i, j)| rows[i][j])
}

/// That no entry differs by more than `bound` times the largest of the expected ones.
fn near<'a>(what: &str, found: impl IntoIterator<Item = &'a f64>, expected: &[f64], bound: f64) {
    let found: Vec<f64> = found.into_iter().copied().collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs())).max(1e-3);
    for (position, (found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (found - expected).abs();
        assert!(difference <= bound * scale, "{what} {position}: {found} is {difference:e} from {expected}");
    }
}

fn intercept(fitted: bool) -> Intercept {
    if fitted { Intercept::Fitted } else { Intercept::Zero }
}

#[derive(Deserialize)]
struct Data {
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    weights: Vec<f64>,
}

#[derive(Deserialize)]
struct FitCase {
    x: String,
    alpha: f64,
    l1_ratio: f64,
    weighted: bool,
    tight: bool,
    fit_intercept: bool,
    positive: bool,
    coefficients: Vec<Vec<f64>>,
    intercept: Vec<f64>,
    iterations: Vec<usize>,
    dual_gaps: Vec<f64>,
}

/// Both sides take the same steps, so that the answers agree to the rounding of the steps, far below the tolerance, and the
/// steps are as many; with the tight tolerance, rounding decides which step is the last.
#[test]
fn elastic_nets_are_those_of_scikit_learn_step_for_step() {
    #[derive(Deserialize)]
    struct Section {
        sets: BTreeMap<String, Data>,
        cases: Vec<FitCase>,
    }
    let Section { sets, cases } = section("fits");
    for case in cases {
        let data = &sets[&case.x];
        let (x, y, weights) = (matrix(&data.x), matrix(&data.y), Array1::from(data.weights.clone()));
        let mut params = ElasticNet::params()
            .alpha(case.alpha)
            .l1_ratio(case.l1_ratio)
            .intercept(intercept(case.fit_intercept))
            .max_iterations(100_000);
        if case.positive {
            params = params.sign(CoefficientSign::NonNegative);
        }
        if case.tight {
            params = params.tolerance(1e-12).updates(Updates::Residual);
        }
        let fitted: Result<ElasticNet<f64, Ix2>, FitError<_>> = match (case.x.as_str(), case.weighted) {
            ("sparse", weighted) => {
                let mut triplets = TriMat::new(x.dim());
                for ((i, j), &value) in x.indexed_iter().filter(|(_, value)| **value != 0.0) {
                    triplets.add_triplet(i, j, value);
                }
                let csc: CsMat<f64> = triplets.to_csc();
                params.fit_sparse(&csc, &y, weighted.then_some(&*weights))
            }
            (_, true) => params.fit_weighted(&x, &y, &weights),
            (_, false) => params.fit(&x, &y),
        };
        let model = fitted.unwrap();
        let what = format!(
            "{} alpha {} l1_ratio {} weighted {} tight {}",
            case.x, case.alpha, case.l1_ratio, case.weighted, case.tight
        );
        for (found, expected) in model.coefficients().outer_iter().zip(&case.coefficients) {
            near(&what, found, expected, 1e-8);
        }
        near(&what, model.intercept(), &case.intercept, 1e-8);
        if !case.tight {
            assert_eq!(model.iterations(), case.iterations, "{what}");
            // Differences of sums of the size of the tolerance times 10^4.
            for ((found, expected), tolerance) in
                model.dual_gaps().iter().zip(&case.dual_gaps).zip(model.tolerances())
            {
                assert!((found - expected).abs() <= 1e-6 * tolerance, "{what}: {found} is not {expected}");
            }
        }
    }
}

#[derive(Deserialize)]
struct PathCase {
    x: String,
    l1_ratio: f64,
    alphas: Vec<f64>,
    coefficients: Vec<Vec<f64>>,
    loose_iterations: Vec<usize>,
    loose_coefficients: Vec<Vec<f64>>,
}

/// The rounding of the means is all that differs, as scikit-learn was given centred data.
#[test]
fn paths_are_those_of_scikit_learn() {
    #[derive(Deserialize)]
    struct Line {
        x: Vec<Vec<f64>>,
        y: Vec<f64>,
    }
    #[derive(Deserialize)]
    struct Section {
        sets: BTreeMap<String, Line>,
        cases: Vec<PathCase>,
    }
    let Section { sets, cases } = section("paths");
    for case in cases {
        let (x, y) = (matrix(&sets[&case.x].x), Array1::from(sets[&case.x].y.clone()));
        let params = ElasticNet::params().l1_ratio(case.l1_ratio).max_iterations(100_000);
        let alphas = Alphas::Geometric { count: 8, share: 1e-3 };
        let tight = params.tolerance(1e-12).updates(Updates::Residual).path(&x, &y, &alphas).unwrap();
        let loose = params.path(&x, &y, &alphas).unwrap();
        let found: Vec<f64> = tight.iter().map(|model| model.alpha()).collect();
        near("alphas", &found, &case.alphas, 1e-13);
        for (position, (tight, loose)) in tight.iter().zip(&loose).enumerate() {
            let what = format!("{} {} at {position}", case.x, case.l1_ratio);
            near(&what, tight.coefficients(), &case.coefficients[position], 1e-7);
            // The first of them is zero but for rounding, which decides whether there is a step.
            if position > 0 {
                near(&what, loose.coefficients(), &case.loose_coefficients[position], 1e-8);
                assert_eq!(loose.iterations(), [case.loose_iterations[position]], "{what}");
            }
        }
    }
}

#[derive(Deserialize)]
struct CvCase {
    l1_ratios: Vec<f64>,
    weighted: bool,
    folds: usize,
    given: Option<Vec<f64>>,
    fit_intercept: bool,
    alpha: f64,
    l1_ratio: f64,
    alphas: Vec<Vec<f64>>,
    errors: Vec<Vec<Vec<f64>>>,
    coefficients: Vec<f64>,
    intercept: f64,
}

/// Minima within 1e-12 of the variance of each other; the Gram matrices' gaps are right to 1e-13 of it.
#[test]
fn cross_validated_penalties_are_those_of_scikit_learn() {
    #[derive(Deserialize)]
    struct Section {
        x: Vec<Vec<f64>>,
        y: Vec<f64>,
        weights: Vec<f64>,
        cases: Vec<CvCase>,
    }
    let Section { x, y, weights, cases } = section("cross_validation");
    let (x, y, weights) = (matrix(&x), Array1::from(y), Array1::from(weights));
    for case in cases {
        let alphas = match case.given {
            Some(alphas) => Alphas::Given(alphas),
            None => Alphas::Geometric { count: 6, share: 1e-3 },
        };
        for (updates, tolerance) in [(Updates::Residual, 1e-12), (Updates::Covariance, 1e-11)] {
            let params = ElasticNetCv::params()
                .l1_ratios(&case.l1_ratios)
                .alphas(alphas.clone())
                .folds(KFold::new(case.folds))
                .intercept(intercept(case.fit_intercept))
                .max_iterations(100_000)
                .updates(updates)
                .tolerance(tolerance);
            let model =
                if case.weighted { params.fit_weighted(&x, &y, &weights) } else { params.fit(&x, &y) };
            let model = model.unwrap();
            near("alphas", model.alphas(), &case.alphas.concat(), 1e-12);
            near("alpha", &[model.alpha(), model.l1_ratio()], &[case.alpha, case.l1_ratio], 1e-12);
            near("errors", model.mean_squared_errors(), &case.errors.concat().concat(), 1e-6);
            near("coefficients", model.coefficients(), &case.coefficients, 1e-6);
            near("intercept", &[model.intercept()], &[case.intercept], 1e-6);
        }
    }
}
