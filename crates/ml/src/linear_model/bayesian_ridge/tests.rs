use lapwing_lapack::Cholesky;
use lapwing_lapack::random::standard_normal;
use ndarray::{Array1, Array2, Axis, array};

use super::*;
use crate::linear_model::ridge::Ridge;

fn data(rows: usize, columns: usize) -> (Array2<f64>, Array1<f64>) {
    let x = standard_normal(rows, columns, 1) + 3.0;
    let y = x.dot(&standard_normal(columns, 1, 2)) + standard_normal(rows, 1, 3) + 5.0;
    (x, y.column(0).to_owned())
}

/// Where the precisions rest they fulfil MacKay's equations, here with the posterior covariance from its inverse.
#[test]
fn the_model_is_a_ridge_regression_at_a_fixed_point() {
    for (rows, columns) in [(60, 4), (6, 15)] {
        let (x, y) = data(rows, columns);
        let params = BayesianRidge::params().tolerance(1e-13).max_iterations(20_000);
        let model = params.fit(&x, &y).unwrap();
        assert!(model.converged(), "{rows}");
        let (alpha, lambda) = (model.alpha(), model.lambda());
        let ridge = Ridge::params().alpha(lambda / alpha).fit(&x, &y).unwrap();
        assert!((&ridge.coefficients() - &model.coefficients()).iter().all(|d| d.abs() < 1e-9));
        let centred = &x - &x.mean_axis(Axis(0)).unwrap();
        let precision = centred.t().dot(&centred) * alpha + Array2::<f64>::eye(columns) * lambda;
        let sigma = Cholesky::new(&precision).unwrap().inverse().unwrap();
        assert!((&sigma - &model.sigma()).iter().all(|d| d.abs() < 1e-9 / lambda));
        let determined = columns as f64 - lambda * sigma.diag().sum();
        let b = model.coefficients();
        let residuals = &y - &model.predict(&x).unwrap();
        let expected = (rows as f64 - determined + 2e-6) / (residuals.dot(&residuals) + 2e-6);
        assert!((alpha - expected).abs() < 1e-6 * alpha, "{alpha} {expected}");
        assert!((lambda - (determined + 2e-6) / (b.dot(&b) + 2e-6)).abs() < 1e-6 * lambda);
        let scores = model.scores();
        assert!(scores[scores.len() - 1] > scores[0] && scores.len() == model.iterations() + 1);
    }
}

#[test]
fn deviations_are_those_of_the_posterior() {
    let (x, y) = data(30, 3);
    let model = BayesianRidge::params().fit(&x, &y).unwrap();
    let (mean, deviation) = model.predict_with_deviation(&x).unwrap();
    assert_eq!(mean, model.predict(&x).unwrap());
    let centre = x.mean_axis(Axis(0)).unwrap();
    for (row, deviation) in x.outer_iter().zip(&deviation) {
        let row = &row - &centre;
        let variance = row.dot(&model.sigma().dot(&row)) + 1.0 / model.alpha();
        assert!((deviation * deviation - variance).abs() < 1e-13);
    }
}

#[test]
fn a_weight_counts_as_repetition() {
    for (rows, columns) in [(20, 3), (5, 20)] {
        let (x, y) = data(rows, columns);
        let counts: Vec<usize> = (0..rows).map(|i| i % 4).collect();
        let repeated: Vec<usize> = (0..rows).flat_map(|i| std::iter::repeat_n(i, counts[i])).collect();
        let weights: Array1<f64> = counts.iter().map(|&count| count as f64).collect();
        let params = BayesianRidge::params().max_iterations(5).tolerance(0.0);
        let weighted = params.fit_weighted(&x, &y, &weights).unwrap();
        let plain = params.fit(&x.select(Axis(0), &repeated), &y.select(Axis(0), &repeated)).unwrap();
        assert!(!plain.converged() && plain.iterations() == 5);
        assert!((&weighted.coefficients() - &plain.coefficients()).iter().all(|d| d.abs() < 1e-10));
        assert!((weighted.alpha() / plain.alpha() - 1.0).abs() < 1e-10);
    }
}

#[test]
fn constant_and_single_samples_have_an_answer() {
    let one = BayesianRidge::params().fit(&array![[3.0, 1.0]], &array![2.0]).unwrap();
    assert_eq!((one.coefficients().to_vec(), one.intercept()), (vec![0.0, 0.0], 2.0));
    let constant =
        BayesianRidge::params().fit(&Array2::<f32>::ones((6, 2)), &array![1.0, 2.0, 3.0, 1.0, 2.0, 3.0]);
    assert_eq!(constant.unwrap().coefficients().to_vec(), [0.0, 0.0]);
    let exact = BayesianRidge::params().noise_prior(0.0, 0.0).fit(&array![[0.0], [0.0]], &array![1.0, 1.0]);
    assert!(matches!(exact, Err(Error::InvalidParameter { parameter: "noise_prior", .. })));
}

#[test]
fn what_is_wrong_is_named() {
    let (x, y) = data(6, 2);
    let params = BayesianRidge::params;
    for (params, expected) in [
        (params().noise_prior(-1.0, 1.0), "noise_prior is -1"),
        (params().coefficient_prior(1.0, f64::NAN), "coefficient_prior is NaN"),
        (params().alpha_init(0.0), "alpha_init is 0"),
        (params().lambda_init(f64::INFINITY), "lambda_init is inf"),
        (params().tolerance(-1.0), "tolerance is -1"),
        (params().max_iterations(0), "max_iterations is 0"),
    ] {
        let text = params.fit(&x, &y).unwrap_err().to_string();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_model_survives_storage_and_damage_is_found() {
    let (x, y) = data(20, 3);
    let model = BayesianRidge::params().fit(&x, &y).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<BayesianRidge<f64>>(&text).unwrap(), model);
    for (from, to) in [("lapwing.bayesian_ridge", "lapwing.ridge"), ("\"centre\":[", "\"centre\":[1.0,")] {
        assert!(serde_json::from_str::<BayesianRidge<f64>>(&text.replace(from, to)).is_err());
    }
}
