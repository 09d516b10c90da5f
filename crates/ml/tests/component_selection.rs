//! What the rules for a number of components promise. Agreement with scikit-learn is tested for the whole workspace.

use lapwing_lapack::random::standard_normal;
use lapwing_ml::decomposition::component_selection::{
    Association, FoldOrder, LikelihoodValidation, NullModel, ParallelAnalysis, elbow,
};
use lapwing_ml::{Error, Pca};
use ndarray::{Array2, Axis, array, concatenate, s};

/// Three factors, each behind four of twelve features: three variances of 17 beside nine of 1, where independent features
/// of these variances, 5, would have them all between 3 and 8.
fn planted(rows: usize) -> Array2<f64> {
    let loadings = Array2::from_shape_fn((3, 12), |(i, j)| if i == j / 4 { 2.0 } else { 0.0 });
    standard_normal(rows, 3, 1).dot(&loadings) + standard_normal(rows, 12, 3)
}

#[test]
fn every_rule_finds_three_planted_factors() {
    let x = planted(300);
    for null_model in [NullModel::Permuted, NullModel::Normal] {
        for association in [Association::Covariance, Association::Correlation] {
            let params = ParallelAnalysis::params().null_model(null_model).association(association);
            assert_eq!(params.fit(&x).unwrap().n_components(), 3, "{null_model:?} {association:?}");
        }
    }
    let candidates: Vec<usize> = (0..12).collect();
    for order in [FoldOrder::Consecutive, FoldOrder::Shuffled(4)] {
        let validation = LikelihoodValidation::params().order(order).fit(&x, &candidates).unwrap();
        assert_eq!(validation.n_components(), 3);
        assert_eq!(validation.scores().dim(), (12, 5));
    }
    assert_eq!(elbow(&Pca::params().fit(&x).unwrap().explained_variance()).unwrap(), 3);
}

/// The largest eigenvalue of a correlation of p independent features over n rows is near (1 + √(p/n))²: its fluctuation, of
/// order n^(-2/3), is 2 % here. Data without structure keeps nothing.
#[test]
fn thresholds_of_normal_data_lie_at_the_edge_of_the_spectrum() {
    let x = standard_normal(1000, 100, 5);
    let params =
        ParallelAnalysis::params().null_model(NullModel::Normal).association(Association::Correlation);
    let analysis = params.iterations(10).fit(&x).unwrap();
    let edge = (1.0 + 0.1f64.sqrt()).powi(2);
    assert!((analysis.thresholds()[0] / edge - 1.0).abs() < 0.04, "{}", analysis.thresholds()[0]);
    // The trace of a correlation is p, in every draw, up to the interpolation of quantiles.
    assert!((analysis.observed().sum() - 100.0).abs() < 1e-10);
    assert_eq!(params.iterations(50).fit(&x).unwrap().n_components(), 0);
}

#[test]
fn the_observed_variances_are_those_of_pca_also_when_wide() {
    for x in [planted(40), planted(40).slice(s![..8, ..]).to_owned()] {
        let analysis = ParallelAnalysis::params().iterations(3).fit(&x).unwrap();
        let pca = Pca::params().fit(&x).unwrap();
        // min(n, p) roundings of the largest.
        let bound = 40.0 * 12.0 * f64::EPSILON * pca.explained_variance()[0];
        for (found, expected) in analysis.observed().iter().zip(pca.explained_variance()) {
            assert!((found - expected).abs() <= bound);
        }
    }
}

#[test]
fn the_seed_decides_every_draw() {
    let x = planted(60);
    let run = |seed| ParallelAnalysis::params().iterations(5).seed(seed).fit(&x).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).thresholds(), run(2).thresholds());
}

/// The scores are what fitting without a fold and scoring it gives, fold by fold.
#[test]
fn scores_are_those_of_fits_without_the_fold() {
    let x = planted(50).mapv(|x| x as f32);
    let validation = LikelihoodValidation::params().folds(3).fit(&x, &[2]).unwrap();
    for (fold, range) in [0..17, 17..34, 34..50].into_iter().enumerate() {
        let (before, after) = (x.slice(s![..range.start, ..]), x.slice(s![range.end.., ..]));
        let seen = concatenate(Axis(0), &[before, after]).unwrap();
        let params = Pca::params().n_components(lapwing_ml::NComponents::Count(2));
        let expected = params.fit(&seen).unwrap().score(&x.slice(s![range, ..])).unwrap();
        // The same computation on the same rows, where the last bits may depend on the layout of the copy.
        let difference = validation.scores()[[0, fold]] - f64::from(expected);
        assert!(difference.abs() <= 100.0 * f64::from(f32::EPSILON * expected.abs()));
    }
    let mean = validation.scores().sum() / 3.0;
    assert!((validation.mean_scores()[0] - mean).abs() < 1e-12);
}

/// With as many components as rows there is no noise, and so no density.
#[test]
fn a_singular_model_is_infinitely_unlikely() {
    let x = planted(10);
    let validation = LikelihoodValidation::params().fit(&x, &[8, 1]).unwrap();
    assert!(validation.scores().row(0).iter().all(|&score| score == f64::NEG_INFINITY));
    assert_eq!(validation.n_components(), 1);
}

#[test]
fn every_error_says_what_and_what_to_do() {
    let x = planted(20);
    let mut bad = x.clone();
    bad[[7, 2]] = f64::NAN;
    let located = Error::from(lapwing_lapack::Error::NonFinite { argument: "x", row: 7, col: 2 });
    assert_eq!(ParallelAnalysis::params().fit(&bad).unwrap_err(), located);
    assert_eq!(LikelihoodValidation::params().fit(&bad, &[1]).unwrap_err(), located);
    for (error, name) in [
        (ParallelAnalysis::params().iterations(0).fit(&x).unwrap_err(), "iterations"),
        (ParallelAnalysis::params().quantile(1.5).fit(&x).unwrap_err(), "quantile"),
        (ParallelAnalysis::params().quantile(f64::NAN).fit(&x).unwrap_err(), "quantile"),
        (LikelihoodValidation::params().folds(1).fit(&x, &[1]).unwrap_err(), "folds"),
        (LikelihoodValidation::params().folds(21).fit(&x, &[1]).unwrap_err(), "folds"),
        (LikelihoodValidation::params().fit(&x, &[]).unwrap_err(), "candidates"),
        (LikelihoodValidation::params().fit(&x, &[1, 13]).unwrap_err(), "candidates"),
    ] {
        assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == name), "{error}");
    }
    let (single, none) = (array![[1.0, 2.0]], Array2::<f64>::zeros((5, 0)));
    assert!(matches!(ParallelAnalysis::params().fit(&single), Err(Error::TooFewSamples { least: 2, .. })));
    assert!(matches!(ParallelAnalysis::params().fit(&none), Err(Error::NoFeatures { .. })));
    let two = array![[1.0, 2.0], [2.0, 0.0]];
    let error = LikelihoodValidation::params().folds(2).fit(&two, &[1]).unwrap_err();
    assert!(matches!(error, Error::TooFewSamples { found: 2, least: 3, .. }), "{error}");
    assert!(matches!(LikelihoodValidation::params().fit(&none, &[1]), Err(Error::NoFeatures { .. })));
    let huge = array![[1e200, 1.0], [-1e200, 2.0]];
    assert!(matches!(
        ParallelAnalysis::params().fit(&huge),
        Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
    ));
}

/// Constant features vary in no draw either: nothing exceeds its threshold, and nothing is divided by zero.
#[test]
fn constant_data_has_no_components() {
    for association in [Association::Covariance, Association::Correlation] {
        for null_model in [NullModel::Permuted, NullModel::Normal] {
            let params = ParallelAnalysis::params().association(association).null_model(null_model);
            let analysis = params.iterations(3).fit(&Array2::from_elem((6, 2), 4.0)).unwrap();
            assert_eq!((analysis.n_components(), analysis.thresholds().sum()), (0, 0.0));
        }
    }
}
