//! Metrics, folds, scalers and polynomial features next to scikit-learn's: `preparation.json`, made by `preparation.py`.

use std::path::Path;

use lapwing::ml::metrics::{Averaging, PredictionErrors};
use lapwing::ml::model_selection::KFold;
use lapwing::ml::preprocessing::{Bias, Centring, PolynomialFeatures, Scaling, StandardScaler, Terms};
use lapwing::ml::sprs::{CsMat, TriMat};
use ndarray::{Array1, Array2};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn section<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/preparation.json");
    let text = std::fs::read_to_string(path).expect("the reference is checked in");
    let mut document: Value = serde_json::from_str(&text).expect("the reference is JSON");
    serde_json::from_value(document[name].take()).expect("the section has the fields that are read")
}

fn matrix(rows: &[Vec<f64>]) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), rows.first().map_or(0, Vec::len)), |(i, j)| rows[i][j])
}

/// That no number differs by more than `bound` times the largest of the expected ones.
fn near<'a>(what: &str, found: impl IntoIterator<Item = &'a f64>, expected: &[f64], bound: f64) {
    let found: Vec<f64> = found.into_iter().copied().collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= bound * scale, "{what}: {found} is not {expected}");
    }
}

#[derive(Deserialize)]
struct Metrics {
    observed: Vec<Vec<f64>>,
    predicted: Vec<Vec<f64>>,
    weights: Option<Vec<f64>>,
    r2_score_uniform_average: f64,
    r2_score_variance_weighted: f64,
    r2_score_raw_values: Vec<f64>,
    explained_variance_score_uniform_average: f64,
    explained_variance_score_variance_weighted: f64,
    explained_variance_score_raw_values: Vec<f64>,
    mean_squared_error: f64,
    root_mean_squared_error: f64,
    mean_absolute_error: f64,
}

/// A handful of sums of nine numbers.
#[test]
fn metrics_are_those_of_scikit_learn() {
    let cases: Vec<Metrics> = section("regression_metrics");
    for case in cases {
        let (observed, predicted) = (matrix(&case.observed), matrix(&case.predicted));
        let errors = match case.weights {
            None => PredictionErrors::new(&observed, &predicted).unwrap(),
            Some(weights) => {
                PredictionErrors::weighted(&observed, &predicted, &Array1::from(weights)).unwrap()
            }
        };
        let equal = |found: f64, expected: f64| near("a metric", &[found], &[expected], 1e-13);
        equal(errors.r2_score(Averaging::Uniform).unwrap(), case.r2_score_uniform_average);
        equal(errors.r2_score(Averaging::VarianceWeighted).unwrap(), case.r2_score_variance_weighted);
        near("R²", &errors.r2_scores().unwrap(), &case.r2_score_raw_values, 1e-13);
        let explained = |averaging| errors.explained_variance_score(averaging);
        equal(explained(Averaging::Uniform), case.explained_variance_score_uniform_average);
        equal(explained(Averaging::VarianceWeighted), case.explained_variance_score_variance_weighted);
        let expected = &case.explained_variance_score_raw_values;
        near("explained variance", &errors.explained_variance_scores(), expected, 1e-13);
        equal(errors.mean_squared_error(), case.mean_squared_error);
        equal(errors.root_mean_squared_error(), case.root_mean_squared_error);
        equal(errors.mean_absolute_error(), case.mean_absolute_error);
    }
}

#[derive(Deserialize)]
struct Folds {
    samples: usize,
    folds: usize,
    test: Vec<Vec<usize>>,
}

#[test]
fn folds_are_those_of_scikit_learn() {
    let cases: Vec<Folds> = section("folds");
    for case in cases {
        let found: Vec<_> =
            KFold::new(case.folds).split(case.samples).unwrap().map(|split| split.test).collect();
        assert_eq!(found, case.test);
    }
}

#[derive(Deserialize)]
struct Scaler {
    x: Vec<Vec<f64>>,
    sparse: bool,
    with_mean: bool,
    with_std: bool,
    weights: Option<Vec<f64>>,
    mean: Option<Vec<f64>>,
    variance: Option<Vec<f64>>,
    scale: Option<Vec<f64>>,
    transform: Vec<Vec<f64>>,
}

/// Variances of 17 numbers, of which scikit-learn's are right to the rounding of the means.
#[test]
fn scalers_are_those_of_scikit_learn() {
    let cases: Vec<Scaler> = section("scaler");
    for case in cases {
        let x = matrix(&case.x);
        let params = StandardScaler::params()
            .centring(if case.with_mean { Centring::Mean } else { Centring::None })
            .scaling(if case.with_std { Scaling::UnitVariance } else { Scaling::None });
        let (scaler, scores) = if case.sparse {
            let mut triplets = TriMat::new(x.dim());
            for ((i, j), &value) in x.indexed_iter().filter(|(_, value)| **value != 0.0) {
                triplets.add_triplet(i, j, value);
            }
            let csr: CsMat<f64> = triplets.to_csr();
            let scaler = params.fit_sparse(&csr).unwrap();
            let scores = scaler.transform_sparse(&csr).unwrap().to_dense();
            (scaler, scores)
        } else {
            let scaler = match case.weights {
                None => params.fit(&x).unwrap(),
                Some(weights) => params.fit_weighted(&x, &Array1::from(weights)).unwrap(),
            };
            let scores = scaler.transform(&x).unwrap();
            (scaler, scores)
        };
        near("transform", &scores, &case.transform.concat(), 1e-12);
        case.mean.iter().for_each(|mean| near("mean", scaler.mean(), mean, 1e-14));
        case.variance.iter().for_each(|variance| near("variance", scaler.variance(), variance, 1e-13));
        case.scale.iter().for_each(|scale| near("scale", scaler.scale(), scale, 1e-13));
    }
}

#[derive(Deserialize)]
struct Polynomial {
    degree: usize,
    interaction_only: bool,
    include_bias: bool,
    powers: Vec<Vec<usize>>,
    transform: Vec<Vec<f64>>,
}

/// Products of small integers are exact.
#[test]
fn polynomial_features_are_those_of_scikit_learn() {
    #[derive(Deserialize)]
    struct Section {
        x: Vec<Vec<f64>>,
        cases: Vec<Polynomial>,
    }
    let Section { x, cases } = section("polynomial");
    for case in cases {
        let polynomial = PolynomialFeatures::params()
            .degree(case.degree)
            .terms(if case.interaction_only { Terms::Interactions } else { Terms::All })
            .bias(if case.include_bias { Bias::Included } else { Bias::Excluded })
            .of_features(3)
            .unwrap();
        let powers = polynomial.powers().unwrap();
        assert_eq!(powers.iter().copied().collect::<Vec<_>>(), case.powers.concat());
        assert_eq!(polynomial.transform(&matrix(&x)).unwrap(), matrix(&case.transform));
    }
}
