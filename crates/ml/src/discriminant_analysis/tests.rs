use lapwing_lapack::Error::{NonFinite, Shape};
use ndarray::{Array1, Array2, Axis, array, s};

use super::*;
use crate::error::Error;

const SOLVERS: [LinearDiscriminantSolver; 3] =
    [LinearDiscriminantSolver::Svd, LinearDiscriminantSolver::LeastSquares, LinearDiscriminantSolver::Eigen];

/// Three overlapping classes of unequal sizes, labelled by words, not in order.
fn three_classes(n: usize, p: usize) -> (Array2<f64>, Vec<&'static str>) {
    let labels: Vec<&str> = (0..n).map(|i| ["pear", "apple", "fig", "apple"][i * i % 7 % 4]).collect();
    let mut state = 7u64;
    let x = Array2::from_shape_fn((n, p), |(i, j)| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let noise = (state >> 40) as f64 / (1 << 22) as f64 - 2.0;
        let class = ["apple", "fig", "pear"].iter().position(|class| *class == labels[i]).unwrap();
        noise * (1.0 + j as f64) + ((class * (j + 2)) % 5) as f64
    });
    (x, labels)
}

/// One feature, means 1 and 5, pooled variance (2 + 2 + 8)/6 = 2: the log-odds are (5 − 1)(x − 3)/2 + ln(prior odds).
#[test]
fn one_feature_and_two_classes_are_the_formula() {
    let x = array![[0.0], [2.0], [1.0], [3.0], [7.0], [5.0]];
    let y = [false, false, false, true, true, true];
    for solver in SOLVERS {
        for (priors, odds) in [(None, 1.0f64), (Some([0.8, 0.2]), 0.25)] {
            let mut params = LinearDiscriminantAnalysis::params().solver(solver);
            // The pooled variance weighs the classes by their priors: 2/3 and 8/3.
            let mut variance = 5.0 / 3.0;
            if let Some(priors) = priors {
                params = params.priors(&priors);
                if solver != LinearDiscriminantSolver::Svd {
                    variance = 0.8 * 2.0 / 3.0 + 0.2 * 8.0 / 3.0;
                }
            }
            let model = params.fit(&x, &y).unwrap();
            let at = array![[3.0], [4.0], [-1.0]];
            let found = model.decision_function(&at).unwrap();
            for (row, x) in found.outer_iter().zip(&at) {
                let expected = 4.0 * (x - 3.0) / variance + odds.ln();
                assert!((row[1] - row[0] - expected).abs() < 1e-13, "{solver:?} {row} {expected}");
            }
            let probabilities = model.predict_probabilities(&at).unwrap();
            assert!((probabilities[[0, 1]] - odds / (1.0 + odds)).abs() < 1e-14);
        }
    }
}

/// Without shrinkage, and with the classes' shares for priors, all three solve one problem.
#[test]
fn the_solvers_agree() {
    let (x, y) = three_classes(90, 4);
    let models: Vec<_> =
        SOLVERS.map(|solver| LinearDiscriminantAnalysis::params().solver(solver).fit(&x, &y).unwrap()).into();
    let first = models[0].decision_function(&x).unwrap();
    for model in &models {
        assert_eq!(model.classes(), ["apple", "fig", "pear"]);
        let found = model.decision_function(&x).unwrap();
        // The covariance is of condition 30.
        assert!((&found - &first).iter().all(|x| x.abs() < 1e-11));
        // Coefficients and intercept say the same.
        let linear = x.dot(&model.coefficients().t()) + model.intercept();
        assert!((&found - &linear).iter().all(|x| x.abs() < 1e-11));
    }
    assert!(models[0].score(&x, &y).unwrap() > 0.5);
}

/// Projected, the classes have unit covariance within, and the first axis the most between.
#[test]
fn projected_rows_have_unit_covariance_within_the_classes() {
    let (x, y) = three_classes(90, 4);
    for solver in [LinearDiscriminantSolver::Svd, LinearDiscriminantSolver::Eigen] {
        let model = LinearDiscriminantAnalysis::params().solver(solver).fit(&x, &y).unwrap();
        let z = model.transform(&x).unwrap();
        assert_eq!(z.dim(), (90, 2));
        let mut within = Array2::<f64>::zeros((2, 2));
        for class in model.classes() {
            let rows: Vec<usize> = (0..90).filter(|&i| y[i] == *class).collect();
            let mut z = z.select(Axis(0), &rows);
            z -= &z.mean_axis(Axis(0)).unwrap();
            within += &(z.t().dot(&z) / 90.0);
        }
        assert!((within - Array2::<f64>::eye(2)).iter().all(|x| x.abs() < 1e-12));
        assert!(z.mean_axis(Axis(0)).unwrap().iter().all(|x| x.abs() < 1e-12), "counted from the mean");
        let ratio = model.explained_variance_ratio().unwrap();
        assert!(ratio[0] >= ratio[1] && (ratio.sum() - 1.0).abs() < 1e-13);
        let one = LinearDiscriminantAnalysis::params().solver(solver).n_components(1).fit(&x, &y).unwrap();
        assert_eq!(one.transform(&x).unwrap(), z.slice(s![.., ..1]));
        // Fewer axes change no decision.
        assert_eq!(one.decision_function(&x).unwrap(), model.decision_function(&x).unwrap());
    }
}

/// An offset of 1e7 leaves 9 digits of the data itself, and nothing else may cost more.
#[test]
fn an_offset_costs_no_more_digits_than_the_data_loses() {
    let (x, y) = three_classes(60, 3);
    let far = &x + 1e7;
    let near = &far - 1e7;
    let quadratic = QuadraticDiscriminantAnalysis::params();
    let expected = quadratic.fit(&near, &y).unwrap().decision_function(&near).unwrap();
    let found = quadratic.fit(&far, &y).unwrap().decision_function(&far).unwrap();
    // The means are rounded to 1e-9.
    assert!((&found - &expected).iter().all(|x| x.abs() < 1e-7));
    for solver in SOLVERS {
        let params = LinearDiscriminantAnalysis::params().solver(solver);
        let expected = params.fit(&near, &y).unwrap().decision_function(&near).unwrap();
        let found = params.fit(&far, &y).unwrap().decision_function(&far).unwrap();
        assert!((&found - &expected).iter().all(|x| x.abs() < 1e-7), "{solver:?}");
    }
}

/// A repeated feature adds nothing, a constant one neither, and there may be more features than samples.
#[test]
fn the_svd_solver_takes_dependent_features() {
    let (x, y) = three_classes(40, 2);
    let repeated = ndarray::concatenate![Axis(1), x, x.slice(s![.., ..1]), Array2::from_elem((40, 1), 3.0)];
    let params = LinearDiscriminantAnalysis::params();
    let expected = params.fit(&x, &y).unwrap().predict_probabilities(&x).unwrap();
    let found = params.fit(&repeated, &y).unwrap().predict_probabilities(&repeated).unwrap();
    assert!((&found - &expected).iter().all(|x| x.abs() < 1e-12));
    let least_squares = params.clone().solver(LinearDiscriminantSolver::LeastSquares);
    let found = least_squares.fit(&repeated, &y).unwrap().predict_probabilities(&repeated).unwrap();
    assert!((&found - &expected).iter().all(|x| x.abs() < 1e-10));
    assert!(matches!(
        params.clone().solver(LinearDiscriminantSolver::Eigen).fit(&repeated, &y),
        Err(Error::DependentFeature { feature: 2 | 3, .. })
    ));
    let (wide, y) = three_classes(12, 30);
    // Nine directions vary within the classes, and only those count.
    assert_eq!(params.fit(&wide, &y).unwrap().transform(&wide).unwrap().dim(), (12, 2));
    let shrunk = least_squares.shrinkage(Shrinkage::LedoitWolf).fit(&wide, &y).unwrap();
    assert!(shrunk.score(&wide, &y).unwrap() > 0.9);
}

/// Means 1 and 5, variances 2/3 and 8/3 with n in the denominator.
#[test]
fn quadratic_discriminants_are_log_densities() {
    let x = array![[0.0], [2.0], [1.0], [3.0], [7.0], [5.0]];
    let y = [0, 0, 0, 1, 1, 1];
    for (share, v0, v1) in [(0.0, 2.0 / 3.0, 8.0 / 3.0), (0.5, 5.0 / 6.0, 11.0 / 6.0)] {
        let model = QuadraticDiscriminantAnalysis::params().regularization(share).fit(&x, &y).unwrap();
        let found = model.decision_function(&array![[4.0]]).unwrap();
        for (found, (mean, variance)) in found.iter().zip([(1.0f64, v0), (5.0, v1)]) {
            let expected: f64 = 0.5f64.ln() - 0.5 * ((4.0 - mean).powi(2) / variance + f64::ln(variance));
            assert!((found - expected).abs() < 1e-13, "{found} {expected}");
        }
        let variances: Vec<f64> = model.covariances().map(|covariance| covariance[[0, 0]]).collect();
        assert!((variances[0] - v0).abs() < 1e-15 && (variances[1] - v1).abs() < 1e-14);
    }
}

/// Regularized fully, every class is a sphere, and the nearest mean wins: also with fewer samples than features.
#[test]
fn full_regularization_is_the_nearest_mean() {
    let (x, y) = three_classes(9, 12);
    let model = QuadraticDiscriminantAnalysis::params()
        .regularization(1.0)
        .priors(&[0.5, 0.25, 0.25])
        .fit(&x, &y)
        .unwrap();
    let found = model.decision_function(&x).unwrap();
    for (i, row) in x.outer_iter().enumerate() {
        for (k, mean) in model.means().outer_iter().enumerate() {
            let expected = model.priors()[k].ln() - 0.5 * (&row - &mean).mapv(|x| x * x).sum();
            assert!((found[[i, k]] - expected).abs() < 1e-11);
        }
    }
}

/// Log-odds of 4000 underflow a probability, not its logarithm, and the other's logarithm is e^-4000 = 0 below zero.
#[test]
fn probabilities_sum_to_one_and_do_not_underflow_as_logarithms() {
    let x = array![[0.0], [2.0], [1.0], [3.0], [7.0], [5.0]];
    let model = LinearDiscriminantAnalysis::params().fit(&x, &[0, 0, 0, 1, 1, 1]).unwrap();
    let at = array![[3.5], [3003.0 - 1333.0], [18.0]];
    let (found, logarithms) =
        (model.predict_probabilities(&at).unwrap(), model.predict_log_probabilities(&at).unwrap());
    for row in found.outer_iter() {
        assert!((row.sum() - 1.0f64).abs() < 1e-15);
    }
    assert_eq!((found[[1, 0]], found[[1, 1]], logarithms[[1, 1]]), (0.0, 1.0, 0.0));
    assert!((logarithms[[1, 0]] + 2.4 * 1667.0f64).abs() < 1e-9);
    // Log-odds of 36: ln(1 − p) = −e⁻³⁶ to all digits.
    assert!((logarithms[[2, 1]] / -(-36.0f64).exp() - 1.0).abs() < 1e-12);
}

#[test]
fn units_change_no_probability() {
    let (x, y) = three_classes(60, 3);
    let units = array![1e-9, 1.0, 1e12];
    for solver in SOLVERS {
        let params = LinearDiscriminantAnalysis::params().solver(solver);
        let expected = params.fit(&x, &y).unwrap().predict_probabilities(&x).unwrap();
        let scaled = &x * &units;
        let found = params.fit(&scaled, &y).unwrap().predict_probabilities(&scaled).unwrap();
        assert!((&found - &expected).iter().all(|x| x.abs() < 1e-10), "{solver:?}");
    }
    let params = QuadraticDiscriminantAnalysis::params();
    let expected = params.fit(&x, &y).unwrap().predict_probabilities(&x).unwrap();
    let scaled = &x * &array![1e-4, 1.0, 1e4];
    let found = params.fit(&scaled, &y).unwrap().predict_probabilities(&scaled).unwrap();
    assert!((&found - &expected).iter().all(|x| x.abs() < 1e-7));
}

#[test]
fn single_precision_decides_alike() {
    let (x, y) = three_classes(60, 3);
    let single = x.mapv(|x| x as f32);
    let double = single.mapv(f64::from);
    let linear = LinearDiscriminantAnalysis::params();
    let expected = linear.fit(&double, &y).unwrap().predict_probabilities(&double).unwrap();
    assert_eq!(
        linear.fit(&single, &y).unwrap().predict_probabilities(&single).unwrap(),
        expected.mapv(|x| x as f32)
    );
    let quadratic = QuadraticDiscriminantAnalysis::params();
    let expected = quadratic.fit(&double, &y).unwrap().predict_probabilities(&double).unwrap();
    assert_eq!(
        quadratic.fit(&single, &y).unwrap().predict_probabilities(&single).unwrap(),
        expected.mapv(|x| x as f32)
    );
}

#[test]
fn bad_labels_and_parameters_are_typed_errors() {
    let (x, y) = three_classes(20, 2);
    let (linear, quadratic) = (LinearDiscriminantAnalysis::params(), QuadraticDiscriminantAnalysis::params());
    assert!(matches!(linear.fit(&x, &y[1..]), Err(Error::Lapack(Shape { argument: "y", found: 19, .. }))));
    assert!(matches!(linear.fit(&x, &[3; 20]), Err(Error::TooFewClasses { found: 1, .. })));
    assert!(matches!(
        quadratic.fit(&x.slice(s![..0, ..]), &y[..0]),
        Err(Error::TooFewClasses { found: 0, .. })
    ));
    assert!(matches!(linear.fit(&array![[1.0], [2.0]], &[0, 1]), Err(Error::TooFewSamples { least: 3, .. })));
    assert!(matches!(linear.fit(&Array2::<f64>::zeros((20, 0)), &y), Err(Error::NoFeatures { .. })));
    let mut bad = x.clone();
    bad[[7, 1]] = f64::NAN;
    assert!(matches!(quadratic.fit(&bad, &y), Err(Error::Lapack(NonFinite { row: 7, col: 1, .. }))));
    let invalid = |params: LinearDiscriminantAnalysisParams, name: &str| match params.fit(&x, &y) {
        Err(Error::InvalidParameter { parameter, .. }) => assert_eq!(parameter, name),
        other => panic!("{other:?}"),
    };
    invalid(linear.clone().n_components(3), "n_components");
    invalid(linear.clone().n_components(0), "n_components");
    invalid(linear.clone().tolerance(-1.0), "tolerance");
    invalid(linear.clone().shrinkage(Shrinkage::LedoitWolf), "shrinkage");
    invalid(linear.clone().shrinkage(Shrinkage::Fixed(1.5)), "shrinkage");
    for priors in [&[0.5, 0.5][..], &[0.5, 0.5, 0.0], &[0.5, 0.5, 0.5], &[f64::NAN, 0.5, 0.5]] {
        invalid(linear.clone().priors(priors), "priors");
    }
    assert!(matches!(
        quadratic.clone().regularization(-0.1).fit(&x, &y),
        Err(Error::InvalidParameter { parameter: "regularization", .. })
    ));
    let constant = Array2::from_shape_fn((20, 2), |(i, _)| y[i].len() as f64);
    assert!(matches!(linear.fit(&constant, &y), Err(Error::DependentFeature { .. })));
    let model = linear.clone().solver(LinearDiscriminantSolver::LeastSquares).fit(&x, &y).unwrap();
    assert!(matches!(model.transform(&x), Err(Error::Unavailable { .. })));
    assert!(matches!(model.predict(&x.slice(s![.., ..1])), Err(Error::FeatureMismatch { .. })));
    assert!(matches!(model.score(&x.slice(s![..0, ..]), &[]), Err(Error::TooFewSamples { .. })));
}

#[test]
fn a_collinear_class_is_named() {
    let x = array![[0.0, 1.0], [1.0, 3.0], [2.0, 2.0], [0.0, 0.0], [1.0, 2.0], [3.0, 6.0]];
    let params = QuadraticDiscriminantAnalysis::params();
    let y = [4, 4, 4, 9, 9, 9];
    assert!(matches!(params.fit(&x, &y), Err(Error::CollinearClass { class: 1, rank: 1, features: 2, .. })));
    assert!(params.clone().regularization(0.1).fit(&x, &y).is_ok());
    let lonely = [4, 4, 4, 9, 9, 11];
    assert!(matches!(params.fit(&x, &lonely), Err(Error::CollinearClass { class: 1, .. })));
    let shrunk = params.regularization(0.1);
    assert!(matches!(shrunk.fit(&x, &lonely), Err(Error::CollinearClass { class: 2, rank: 0, .. })));
}

#[test]
fn stored_models_are_the_same_and_damaged_ones_are_refused() {
    let (x, y) = three_classes(30, 2);
    let y: Vec<String> = y.into_iter().map(String::from).collect();
    type Linear = LinearDiscriminantAnalysis<f64, String>;
    type Quadratic = QuadraticDiscriminantAnalysis<f64, String>;
    for solver in SOLVERS {
        let model = LinearDiscriminantAnalysis::params().solver(solver).fit(&x, &y).unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(serde_json::from_str::<Linear>(&text).unwrap(), model);
        assert!(serde_json::from_str::<Quadratic>(&text).is_err());
        for (from, to) in
            [("\"fig\",", ""), ("\"fig\"", "\"zebra\""), ("\"n_features\":2", "\"n_features\":3")]
        {
            let damaged = text.replace(from, to);
            assert_ne!(damaged, text);
            assert!(serde_json::from_str::<Linear>(&damaged).is_err(), "{to}");
        }
    }
    let model = QuadraticDiscriminantAnalysis::params().fit(&x, &y).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    let restored: Quadratic = serde_json::from_str(&text).unwrap();
    assert_eq!(restored, model);
    let variance = model.scalings().next().unwrap()[0];
    let damaged = text.replace(&variance.to_string(), &(-variance).to_string());
    assert_ne!(damaged, text);
    assert!(serde_json::from_str::<Quadratic>(&damaged).is_err());
}

/// The estimate by its definition: mean squared distance of the outer products from their mean, over n, as a share of the squared
/// distance of the covariance from a multiple of the identity.
#[test]
fn ledoit_wolf_is_the_definition() {
    let x = array![[1.0, 2.0], [3.0, -1.0], [0.0, 0.5], [-2.0, 1.5], [4.0, 0.0]];
    let rows = [0, 1, 2, 3, 4];
    let (mean, found) = shrinkage::mean_and_covariance(&x, &rows, Shrinkage::LedoitWolf).unwrap();
    let (_, plain) = shrinkage::mean_and_covariance(&x, &rows, Shrinkage::None).unwrap();
    let deviations: Array1<f64> = plain.diag().mapv(f64::sqrt);
    let z = (&x - &mean) / &deviations;
    let correlation = z.t().dot(&z) / 5.0;
    let mut error = 0.0;
    for row in z.outer_iter() {
        let outer = Array2::from_shape_fn((2, 2), |(i, j)| row[i] * row[j]);
        error += (outer - &correlation).mapv(|x| x * x).sum() / 25.0;
    }
    let distance = 2.0 * correlation[[0, 1]].powi(2);
    let share = (error / distance).min(1.0);
    let expected = plain[[0, 1]] * (1.0 - share);
    assert!((found[[0, 1]] - expected).abs() < 1e-14, "{share}");
    assert!((found[[0, 0]] - plain[[0, 0]]).abs() < 1e-14);
}
