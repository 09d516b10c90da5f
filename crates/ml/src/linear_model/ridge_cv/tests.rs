use lapwing_lapack::random::standard_normal;
use ndarray::{Array1, Array2, Axis, Ix1, Ix2, array, concatenate};

use super::*;
use crate::linear_model::ridge::Ridge;
use crate::metrics::r2_score;
use crate::model_selection::FoldOrder;

const GRID: [f64; 4] = [1e-3, 0.1, 1.0, 30.0];

fn data(rows: usize, columns: usize, targets: usize) -> (Array2<f64>, Array2<f64>) {
    let x = standard_normal(rows, columns, 1) + 3.0;
    let y = x.dot(&standard_normal(columns, targets, 2)) + standard_normal(rows, targets, 3) + 5.0;
    (x, y)
}

/// The squared errors of refits without each row in turn, times its weight: n x t.
fn refitted(
    x: &Array2<f64>,
    y: &Array2<f64>,
    weights: &Array1<f64>,
    alpha: f64,
    intercept: Intercept,
) -> Array2<f64> {
    let mut errors = Array2::zeros(y.dim());
    for i in 0..x.nrows() {
        let others: Vec<usize> = (0..x.nrows()).filter(|&j| j != i).collect();
        let params = Ridge::params().alpha(alpha).intercept(intercept);
        let weights_of_others = weights.select(Axis(0), &others);
        let (x_others, y_others) = (x.select(Axis(0), &others), y.select(Axis(0), &others));
        let fit = params.fit_weighted(&x_others, &y_others, &weights_of_others).unwrap();
        let prediction = fit.predict(&x.select(Axis(0), &[i])).unwrap();
        errors.row_mut(i).assign(&(&y.row(i) - &prediction.row(0)).mapv(|e| weights[i] * e * e));
    }
    errors
}

/// An error is e / (1 − h); e and 1 − h, of the order α / (λ + α), are right to a few roundings of y and of one.
#[test]
fn errors_are_those_of_refits_without_each_sample() {
    let (collinear, y) = data(20, 3, 2);
    let collinear = concatenate![Axis(1), collinear, collinear, Array2::ones((20, 1))];
    let shapes = [(25, 4), (6, 30), (8, 8), (2, 5)];
    let cases = shapes.map(|(rows, columns)| data(rows, columns, 2)).into_iter().chain([(collinear, y)]);
    for (x, y) in cases {
        for weights in [Array1::ones(x.nrows()), Array1::from_shape_fn(x.nrows(), |i| 0.5 + (i % 3) as f64)] {
            for intercept in [Intercept::Fitted, Intercept::Zero] {
                let params =
                    RidgeCv::params().alphas(&GRID).intercept(intercept).cv_results(CvResults::PerSample);
                let model = params.fit_weighted(&x, &y, &weights).unwrap();
                let results = model.cv_results().unwrap();
                for (a, &alpha) in GRID.iter().enumerate() {
                    let expected = refitted(&x, &y, &weights, alpha, intercept);
                    let scale = expected.iter().fold(0.0f64, |largest, e| largest.max(*e));
                    for (found, expected) in results.index_axis(Axis(2), a).iter().zip(&expected) {
                        let bound = 1e-8 * scale;
                        assert!(
                            (found - expected).abs() <= bound,
                            "{:?} {alpha} {intercept:?}: {found} {expected}",
                            x.dim()
                        );
                    }
                    let score = -expected.mean_axis(Axis(0)).unwrap();
                    assert!((&model.scores().row(a) - &score).iter().all(|d| d.abs() <= 1e-8 * scale));
                }
            }
        }
    }
}

#[test]
fn the_model_is_that_of_the_best_penalty() {
    for (rows, columns) in [(40, 3), (5, 12)] {
        let (x, y) = data(rows, columns, 3);
        let common = RidgeCv::params().alphas(&GRID).fit(&x, &y).unwrap();
        let means = common.scores().mean_axis(Axis(1)).unwrap();
        assert!(means.iter().all(|&mean| mean <= common.best_score() + 1e-12));
        let alpha = common.alpha().to_vec();
        assert!(alpha.iter().all(|&a| a == alpha[0]));
        let ridge = Ridge::params().alpha(alpha[0]).fit(&x, &y).unwrap();
        assert!((&ridge.coefficients() - &common.coefficients()).iter().all(|d| d.abs() < 1e-9));

        let each =
            RidgeCv::params().alphas(&GRID).penalty_choice(PenaltyChoice::PerTarget).fit(&x, &y).unwrap();
        for (t, y) in y.columns().into_iter().enumerate() {
            let one = RidgeCv::params().alphas(&GRID).fit(&x, &y).unwrap();
            assert_eq!(one.alpha(), each.alpha()[t]);
            assert!((&one.coefficients() - &each.coefficients().row(t)).iter().all(|d| d.abs() < 1e-9));
        }
    }
}

/// A mean at 1e8 is rounded by up to half a unit there, η = ε 2²⁵ = 2⁻²⁷, and a residual of the order of one carries at most
/// (1 + ‖b‖₁) η of those of its target and its features; its square twice that. The bound of 1e-7 is 13 η.
#[test]
fn a_constant_shift_changes_no_error() {
    for (rows, columns) in [(30, 3), (4, 12)] {
        let x = standard_normal(rows, columns, 1).mapv(|x: f64| (x * 1024.0).round() / 1024.0);
        let y = standard_normal(rows, 1, 2).mapv(|x: f64| (x * 1024.0).round() / 1024.0);
        for cross_validation in [CrossValidation::LeaveOneOut, CrossValidation::Folds(KFold::new(2))] {
            let params = RidgeCv::params().cross_validation(cross_validation);
            let (here, there) = (params.fit(&x, &y).unwrap(), params.fit(&(&x + 1e8), &(&y - 1e8)).unwrap());
            for (here, there) in here.scores().iter().zip(there.scores()) {
                assert!((here - there).abs() <= 1e-7 * here.abs(), "{rows} {here} {there}");
            }
        }
    }
}

/// Sums over folds are merged, not subtracted: the scores are those of refits but for rounding.
#[test]
fn folds_are_scored_as_refits_of_the_others() {
    for (rows, columns, order) in
        [(31, 3, FoldOrder::Consecutive), (31, 3, FoldOrder::Shuffled(4)), (9, 20, FoldOrder::Shuffled(1))]
    {
        let (x, y) = data(rows, columns, 1);
        let weights = Array1::from_shape_fn(rows, |i| (i % 3) as f64);
        let folds = KFold::new(4).order(order);
        let params = RidgeCv::params().alphas(&GRID).cross_validation(CrossValidation::Folds(folds));
        let model = params.fit_weighted(&x, &y, &weights).unwrap();
        for (a, &alpha) in GRID.iter().enumerate() {
            let mut expected = 0.0;
            for split in folds.split(rows).unwrap() {
                let rows = |m: &Array2<f64>, of: &[usize]| m.select(Axis(0), of);
                let (x_train, y_train) = (rows(&x, &split.train), rows(&y, &split.train));
                let weights = weights.select(Axis(0), &split.train);
                let fit = Ridge::params().alpha(alpha).fit_weighted(&x_train, &y_train, &weights).unwrap();
                let predicted = fit.predict(&rows(&x, &split.test)).unwrap();
                expected += r2_score(&rows(&y, &split.test), &predicted).unwrap() / 4.0;
            }
            assert!((model.scores()[[a, 0]] - expected).abs() < 1e-9 * expected.abs().max(1.0));
        }
    }
}

/// The count of parameters is `Σ s² / (s² + α)` over the singular values of the centred features, and one for an intercept.
#[test]
fn a_path_holds_the_fit_of_each_penalty() {
    for (rows, columns) in [(30, 4), (5, 15)] {
        for intercept in [Intercept::Fitted, Intercept::Zero] {
            let (x, y) = data(rows, columns, 2);
            let path = Ridge::params().intercept(intercept).path(&x, &y, &GRID).unwrap();
            let (centred, of_intercept) = match intercept {
                Intercept::Fitted => (&x - &x.mean_axis(Axis(0)).unwrap(), 1.0),
                Intercept::Zero => (x.clone(), 0.0),
            };
            let values: Array1<f64> = lapwing_lapack::Svd::values(&centred).unwrap().values;
            for (a, &alpha) in GRID.iter().enumerate() {
                let ridge = Ridge::params().intercept(intercept).alpha(alpha).fit(&x, &y).unwrap();
                let difference = &path.coefficients().index_axis(Axis(0), a) - &ridge.coefficients();
                assert!(difference.iter().all(|d| d.abs() < 1e-9));
                let residuals = &y - &ridge.predict(&x).unwrap();
                let (n, count) = (rows as f64, path.effective_parameters()[a]);
                let expected = of_intercept + values.mapv(|s| s * s / (s * s + alpha)).sum();
                assert!((count - expected).abs() <= 1e-9, "{count} {expected}");
                for (t, column) in residuals.columns().into_iter().enumerate() {
                    let expected = column.dot(&column) / n / (1.0 - count / n).powi(2);
                    assert!((path.generalized_errors()[[a, t]] - expected).abs() <= 1e-8 * expected);
                }
            }
            let params = RidgeCv::params().alphas(&GRID).intercept(intercept);
            let scores = params.fit(&x, &y).unwrap().scores().to_owned();
            assert_eq!(-scores, path.leave_one_out_errors());
            if intercept == Intercept::Fitted {
                assert_eq!(ridge_path(&x, &y, &GRID).unwrap(), path);
            }
        }
    }
}

#[test]
fn r2_is_that_of_the_left_out_predictions() {
    let (x, y) = data(30, 4, 2);
    let squares = RidgeCv::params().fit(&x, &y).unwrap();
    let r2 = RidgeCv::params().scoring(RidgeScoring::R2).fit(&x, &y).unwrap();
    let variance = y.var_axis(Axis(0), 0.0);
    for ((a, t), score) in r2.scores().indexed_iter() {
        assert!((score - (1.0 + squares.scores()[[a, t]] / variance[t])).abs() < 1e-12);
    }
}

#[test]
fn what_is_wrong_is_named() {
    let (x, y) = data(6, 2, 1);
    let folds = |k| CrossValidation::Folds(KFold::new(k));
    for (params, expected) in [
        (RidgeCv::params().alphas(&[]), "alphas is empty"),
        (RidgeCv::params().alphas(&[1.0, 0.0]), "alphas is 0 at position 1"),
        (RidgeCv::params().alphas(&[f64::NAN]), "alphas is NaN"),
        (RidgeCv::params().alphas(&[-1.0]).cross_validation(folds(2)), "alphas is -1"),
        (RidgeCv::params().cross_validation(folds(1)), "n_splits is 1"),
        (RidgeCv::params().cross_validation(folds(6)), "R²"),
        (
            RidgeCv::params().cross_validation(folds(2)).penalty_choice(PenaltyChoice::PerTarget),
            "penalty_choice",
        ),
        (RidgeCv::params().cross_validation(folds(2)).cv_results(CvResults::PerSample), "cv_results"),
    ] {
        let text = params.fit(&x, &y).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
    }
    let one = RidgeCv::params().fit(&array![[1.0]], &array![1.0]);
    assert!(matches!(one, Err(Error::TooFewSamples { found: 1, least: 2, .. })));
    assert!(RidgeCv::params().fit(&x, &y).unwrap().cv_results().is_err());
    let two = RidgeCv::params().fit(&array![[1.0f32], [2.0]], &array![1.0, 2.0]).unwrap();
    assert!(two.best_score().is_finite());
    let constant = RidgeCv::params().fit(&Array2::<f64>::ones((5, 2)), &Array1::ones(5)).unwrap();
    assert_eq!((constant.best_score(), constant.alpha()), (0.0, 0.1));
    let single = RidgeCv::params().fit_weighted(&x, &y, &array![0.0, 1.0, 0.0, 0.0, 0.0, 0.0]).unwrap();
    assert!(single.coefficients().iter().all(|&b| b == 0.0) && single.best_score() == 0.0);
}

#[test]
fn a_model_survives_storage_and_damage_is_found() {
    let (x, y) = data(20, 3, 2);
    for results in [CvResults::Scores, CvResults::PerSample] {
        let model = RidgeCv::params().cv_results(results).fit(&x, &y).unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<RidgeCv<f64, Ix2>>(&text).unwrap(), model);
        assert!(serde_json::from_str::<RidgeCv<f64, Ix1>>(&text).is_err());
        for (from, to) in [("lapwing.ridge_cv", "lapwing.ridge"), ("\"alphas\":[0.1,", "\"alphas\":[")] {
            assert!(text.contains(from), "{text}");
            assert!(serde_json::from_str::<RidgeCv<f64, Ix2>>(&text.replace(from, to)).is_err());
        }
    }
}
