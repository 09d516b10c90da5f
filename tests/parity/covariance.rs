//! The covariance estimators next to scikit-learn's.
//!
//! `covariance.json`, made by `covariance.py`, holds the data and scikit-learn's answers.

use std::collections::BTreeMap;

use lapwing::ml::covariance::{
    Centring, ErrorNorm, ErrorPower, ErrorScaling, FittedCovariance, RunningCovariance, correlation,
    correlation_from_covariance, ledoit_wolf_shrinkage, partial_correlation,
    partial_correlation_from_covariance, shrunk_covariance,
};
use lapwing::{Cholesky, EmpiricalCovariance, LedoitWolf, MinCovDet, Oas, ShrunkCovariance};
use ndarray::{Array1, Array2, ArrayRef1, Axis, s};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::reference::{self, matrix, near, near_vector};

/// Both sides compute from the same numbers: sums of at most 40 products, and inverses of covariances whose condition is
/// below 1e3. 40 · 1e3 · 1.1e-16 < 1e-11.
const BOUND: f64 = 1e-10;

fn section<T: DeserializeOwned>(name: &str) -> T {
    reference::section("covariance.json", name)
}

fn near_number(what: &str, found: f64, expected: f64, bound: f64) {
    near_vector(what, &Array1::from_elem(1, found), &[expected], bound);
}

fn centring(assume_centered: bool) -> Centring {
    if assume_centered { Centring::AssumeCentred } else { Centring::Mean }
}

#[derive(Deserialize)]
struct Estimators {
    x: Vec<Vec<f64>>,
    offset: f64,
    truth: Vec<Vec<f64>>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    model: String,
    assume_centered: bool,
    shrinkage: Option<f64>,
    location: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    rank: usize,
    precision: Vec<Vec<f64>>,
    score: Option<f64>,
    /// Of the first rows.
    mahalanobis: Option<Vec<f64>>,
    errors: Vec<f64>,
}

impl Case {
    /// The model, from all rows at once and from three parts of them where it can be; and its shrinkage.
    fn fits(&self, x: &Array2<f64>) -> Vec<(FittedCovariance<f64>, Option<f64>)> {
        let centring = centring(self.assume_centered);
        let mut running = RunningCovariance::new();
        let (first, rest) = x.view().split_at(Axis(0), x.nrows() / 3);
        running.partial_fit(&first).expect("finite rows");
        let mut others = RunningCovariance::new();
        for row in rest.outer_iter() {
            others.partial_fit(&row.insert_axis(Axis(0))).expect("a finite row");
        }
        running.merge(&others).expect("the same features");
        match self.model.as_str() {
            "empirical" => {
                let params = EmpiricalCovariance::params().centring(centring);
                let fits = [params.fit(x), params.fit_running(&running)];
                fits.map(|fit| ((**fit.as_ref().expect("finite rows")).clone(), None)).to_vec()
            }
            "shrunk" | "shrunk by default" => {
                let mut params = ShrunkCovariance::params().centring(centring);
                if self.model == "shrunk" {
                    params = params.shrinkage(self.shrinkage.expect("a share"));
                }
                let fits = [params.fit(x), params.fit_running(&running)];
                fits.map(|fit| {
                    let fit = fit.expect("finite rows");
                    ((*fit).clone(), Some(fit.shrinkage()))
                })
                .to_vec()
            }
            "ledoit_wolf" => {
                let fit = LedoitWolf::params().centring(centring).fit(x).expect("finite rows");
                vec![((*fit).clone(), Some(fit.shrinkage()))]
            }
            "oas" => {
                let params = Oas::params().centring(centring);
                let fits = [params.fit(x), params.fit_running(&running)];
                fits.map(|fit| {
                    let fit = fit.expect("finite rows");
                    ((*fit).clone(), Some(fit.shrinkage()))
                })
                .to_vec()
            }
            other => panic!("{other} is no model"),
        }
    }
}

/// At an offset of 1e8 the location is rounded to 1e-16 of itself, and each distance from it to 1e-8: that of the rows
/// from a rounded centre shows in the score in the second order only, and in the covariance not at all.
#[test]
fn estimators_are_those_of_scikit_learn() {
    let sets: BTreeMap<String, Estimators> = section("estimators");
    assert_eq!(sets.len(), 4);
    for (name, set) in &sets {
        let x = matrix(&set.x) + set.offset;
        let truth = matrix(&set.truth);
        for case in &set.cases {
            for (model, shrinkage) in case.fits(&x) {
                let what = |part: &str| format!("{name}, {}: {part}", case.model);
                let location: Vec<f64> = case.location.iter().map(|x| x + set.offset).collect();
                near_vector(&what("location"), &model.location(), &location, 1e-14);
                near(&what("covariance"), &model.covariance(), &matrix(&case.covariance), BOUND);
                assert_eq!(model.n_samples(), x.nrows());
                if let (Some(found), Some(expected)) = (shrinkage, case.shrinkage) {
                    near_number(&what("shrinkage"), found, expected, BOUND);
                }
                assert_eq!(model.rank().expect("a spectrum"), case.rank, "{name}, {}", case.model);
                let precision = model.precision().expect("a pseudo-inverse");
                near(&what("precision"), &precision, &matrix(&case.precision), BOUND);
                match case.score {
                    Some(expected) => {
                        near_number(&what("score"), model.score(&x).expect("a density"), expected, BOUND);
                    }
                    None => assert!(model.score(&x).is_err()),
                }
                match &case.mahalanobis {
                    Some(expected) => {
                        let rows = x.slice(s![..expected.len(), ..]);
                        let metric = model.mahalanobis().expect("a regular covariance");
                        let found = metric.squared_distances(&rows).expect("finite rows");
                        // From a location that is rounded, at an offset of 1e8, to 1e-8.
                        let bound = if set.offset == 0.0 { BOUND } else { 1e-7 };
                        near_vector(&what("distances"), &found, expected, bound);
                    }
                    None => assert!(model.mahalanobis().is_err()),
                }
                let mut expected = case.errors.iter();
                for norm in [ErrorNorm::Frobenius, ErrorNorm::Spectral] {
                    for scaling in [ErrorScaling::PerFeature, ErrorScaling::None] {
                        for power in [ErrorPower::Squared, ErrorPower::Plain] {
                            let found = model.error_norm(&truth, norm, scaling, power).expect("finite");
                            let expected = *expected.next().expect("eight errors");
                            near_number(&what("error norm"), found, expected, BOUND);
                        }
                    }
                }
            }
        }
    }
}

#[derive(Deserialize)]
struct Functions {
    x: Vec<Vec<f64>>,
    covariance: Vec<Vec<f64>>,
    shrunk_covariance: Vec<Vec<f64>>,
    ledoit_wolf_shrinkage: f64,
    ledoit_wolf_shrinkage_centred: f64,
    correlation: Vec<Vec<f64>>,
    partial_correlation: Vec<Vec<f64>>,
}

/// The covariance in the reference is rounded to six decimals, and its correlations are to 1e-5.
#[test]
fn functions_are_those_of_scikit_learn_and_numpy() {
    let reference: Functions = section("functions");
    let (x, covariance) = (matrix(&reference.x), matrix(&reference.covariance));
    let shrunk = shrunk_covariance(&covariance, 0.25).expect("a share");
    near("shrunk covariance", &shrunk, &matrix(&reference.shrunk_covariance), BOUND);
    for (centring, expected) in [
        (Centring::Mean, reference.ledoit_wolf_shrinkage),
        (Centring::AssumeCentred, reference.ledoit_wolf_shrinkage_centred),
    ] {
        near_number("shrinkage", ledoit_wolf_shrinkage(&x, centring).expect("rows"), expected, BOUND);
    }
    let (plain, partial) = (matrix(&reference.correlation), matrix(&reference.partial_correlation));
    near("correlation", &correlation(&x).expect("they vary"), &plain, BOUND);
    near("partial correlation", &partial_correlation(&x).expect("regular"), &partial, BOUND);
    let found = correlation_from_covariance(&covariance).expect("positive variances");
    near("correlation of a covariance", &found, &plain, 1e-5);
    let found = partial_correlation_from_covariance(&covariance).expect("regular");
    near("partial correlation of a covariance", &found, &partial, 1e-5);
}

#[derive(Deserialize)]
struct Robust {
    name: String,
    x: Vec<Vec<f64>>,
    offset: f64,
    /// Whether there is one least determinant by far, which every run finds.
    unique: bool,
    assume_centered: bool,
    support_fraction: Option<f64>,
    /// The least of five runs.
    log_determinant: f64,
    raw_location: Vec<f64>,
    raw_covariance: Vec<Vec<f64>>,
    raw_support: Vec<usize>,
    /// The samples that the final estimates leave out.
    outside: Vec<usize>,
    location: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// Of each twentieth part of the samples, the first.
    distances: Vec<f64>,
}

/// The determinant is at most that of the best of five runs there. Where there is one support to be found, it is found
/// whatever the seed, and the estimates follow from it: the consistency factors hold to 1e-12, and the
/// rest as above. At an offset of 1e8, distances are measured from a location that is rounded to 1e-8.
#[test]
fn the_minimum_covariance_determinant_is_that_of_scikit_learn() {
    let cases: Vec<Robust> = section("min_cov_det");
    assert_eq!(cases.len(), 7);
    for case in &cases {
        let x = matrix(&case.x) + case.offset;
        let mut params = MinCovDet::params().centring(centring(case.assume_centered));
        if let Some(fraction) = case.support_fraction {
            params = params.support_fraction(fraction);
        }
        for seed in 0..3 {
            let what = |part: &str| format!("{}, seed {seed}: {part}", case.name);
            let model = params.seed(seed).fit(&x).expect("finite rows");
            let factor = Cholesky::new(&model.raw_covariance().to_owned()).expect("a regular support");
            // A determinant larger by 1e-9 of itself.
            assert!(factor.log_determinant() <= case.log_determinant + 1e-9, "{}", what("determinant"));
            if !case.unique {
                continue;
            }
            let members = |mask: ndarray::ArrayView1<bool>, wanted: bool| -> Vec<usize> {
                mask.iter().enumerate().filter(|(_, inside)| **inside == wanted).map(|(i, _)| i).collect()
            };
            assert_eq!(members(model.raw_support(), true), case.raw_support, "{}", what("raw support"));
            assert_eq!(members(model.support(), false), case.outside, "{}", what("support"));
            let shifted = |location: &[f64]| -> Vec<f64> {
                let offset = if case.assume_centered { 0.0 } else { case.offset };
                location.iter().map(|x| x + offset).collect()
            };
            near_vector(&what("raw location"), &model.raw_location(), &shifted(&case.raw_location), BOUND);
            near(&what("raw covariance"), &model.raw_covariance(), &matrix(&case.raw_covariance), BOUND);
            near_vector(&what("location"), &model.location(), &shifted(&case.location), BOUND);
            near(&what("covariance"), &model.covariance(), &matrix(&case.covariance), BOUND);
            let step = (x.nrows() / 20).max(1);
            let bound = if case.offset == 0.0 { BOUND } else { 1e-8 };
            near_vector(&what("distances"), &model.distances().slice(s![..;step]), &case.distances, bound);
        }
    }
}

#[derive(Deserialize)]
struct Wine {
    /// Of scikit-learn's runs.
    seeds: Vec<Run>,
    exchanged: Reweighted,
}

#[derive(Deserialize)]
struct Run {
    log_determinant: f64,
}

/// The least determinant that exchanges of single samples reach, and what follows from it.
#[derive(Deserialize)]
struct Reweighted {
    log_determinant: f64,
    raw_support: Vec<usize>,
    support: Vec<usize>,
    location: Vec<f64>,
    covariance: Vec<Vec<f64>>,
    /// Beyond the 0.975 quantile.
    outliers: Vec<usize>,
}

/// What `lapwing mahalanobis examples/data/wine.csv --label cultivar --covariance mcd` finds. No seed of scikit-learn
/// finds a determinant as small; the estimates that belong to this one are made in NumPy and SciPy.
#[test]
fn the_wines_have_a_smaller_determinant_than_scikit_learn_finds() {
    let reference: Wine = section("wine");
    let x = super::gaussian::data("wine").0;
    let members = |mask: &ArrayRef1<bool>| -> Vec<usize> {
        mask.iter().enumerate().filter(|(_, inside)| **inside).map(|(row, _)| row).collect()
    };
    let expected = &reference.exchanged;
    for seed in 0..3 {
        let model = MinCovDet::params().seed(seed).fit(&x).expect("finite rows");
        let factor = Cholesky::new(&model.raw_covariance().to_owned()).expect("a regular support");
        let found = factor.log_determinant();
        assert_eq!(reference.seeds.len(), 30);
        assert!(reference.seeds.iter().all(|run| found <= run.log_determinant), "seed {seed}: {found}");
        near_number("log-determinant", found, expected.log_determinant, BOUND);
        assert_eq!(members(&model.raw_support()), expected.raw_support, "seed {seed}");
        assert_eq!(members(&model.support()), expected.support, "seed {seed}");
        near_vector("location", &model.location(), &expected.location, BOUND);
        near("covariance", &model.covariance(), &matrix(&expected.covariance), BOUND);
        let metric = model.mahalanobis().expect("a regular covariance");
        let outliers = metric.outliers(&x, 0.975).expect("finite rows");
        assert_eq!(outliers.indices, expected.outliers, "seed {seed}");
    }
}
