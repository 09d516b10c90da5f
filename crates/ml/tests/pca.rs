//! What principal component analysis promises, whatever the data: properties, edges and errors. Agreement with
//! scikit-learn is tested for the whole workspace.

use lapwing_lapack::{Cholesky, Scalar};
use lapwing_ml::{Error, NComponents, Pca, PcaParams, PcaSolver, Whitening};
use ndarray::{Array2, Axis, array, s};
use proptest::prelude::*;

const EXACT_SOLVERS: [PcaSolver; 2] = [PcaSolver::Full, PcaSolver::CovarianceEigh];

/// Columns of different spread and offset, correlated with their neighbours.
fn data(rows: usize, features: usize, seed: u64) -> Array2<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64 - 0.5
    };
    let mut x = Array2::zeros((rows, features));
    for mut row in x.outer_iter_mut() {
        let mut last = 0.0;
        for (j, entry) in row.iter_mut().enumerate() {
            last = 0.5 * last + next() * (1 + j) as f64;
            *entry = last + 10.0 * j as f64;
        }
    }
    x
}

fn largest(a: &Array2<f64>) -> f64 {
    a.iter().fold(0.0, |largest, x| largest.max(x.abs()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The scores are uncorrelated with the variances promised, and all components together lose nothing.
    #[test]
    fn scores_are_uncorrelated_and_complete(rows in 2usize..60, features in 1usize..12, seed in 0u64..500, full: bool) {
        let x = data(rows, features, seed);
        let solver = if full { PcaSolver::Full } else { PcaSolver::CovarianceEigh };
        let (pca, scores) = Pca::params().solver(solver).fit_transform(&x).unwrap();
        let k = rows.min(features);
        prop_assert_eq!(scores.dim(), (rows, k));

        // Backward stable: each entry is within n p roundings of the largest variance.
        let size = pca.explained_variance()[0];
        let bound = 10.0 * (rows * features) as f64 * f64::EPSILON * size;
        let covariance = scores.t().dot(&scores) / (rows - 1) as f64;
        let promised = Array2::from_diag(&pca.explained_variance());
        prop_assert!(largest(&(covariance - promised)) <= bound);
        prop_assert!(scores.sum_axis(Axis(0)).iter().all(|sum| sum.abs() <= bound.max(1e-12)));
        prop_assert!((pca.explained_variance_ratio().sum() - 1.0).abs() < 1e-12);

        let bound = 10.0 * (rows * features) as f64 * f64::EPSILON * largest(&x);
        prop_assert!(largest(&(pca.inverse_transform(&scores).unwrap() - &x)) <= bound);
        prop_assert!(pca.certificate(&x).unwrap().holds());
    }

    /// Rows, columns, padding, strides: where the numbers lie does not change what they say.
    #[test]
    fn the_layout_does_not_matter(rows in 2usize..40, features in 1usize..8, seed in 0u64..500) {
        let x = data(rows, features, seed);
        let mut wide = Array2::from_elem((2 * rows, features + 2), f64::NAN);
        wide.slice_mut(s![..;2, 1..features + 1]).assign(&x);
        let columns = x.t().as_standard_layout().into_owned().reversed_axes();
        for solver in EXACT_SOLVERS {
            let expected = Pca::params().solver(solver).fit(&x).unwrap();
            let bound = 10.0 * (rows * features) as f64 * f64::EPSILON * expected.explained_variance()[0];
            for view in [wide.slice(s![..;2, 1..features + 1]), columns.view()] {
                let pca = Pca::params().solver(solver).fit(&view).unwrap();
                let difference = &pca.explained_variance() - &expected.explained_variance();
                prop_assert!(difference.iter().all(|d| d.abs() <= bound));
                prop_assert_eq!(pca.transform(&view).unwrap().dim(), (rows, rows.min(features)));
            }
        }
    }

    /// The log-likelihood is that of a normal distribution with the model's mean and covariance.
    #[test]
    fn the_likelihood_is_the_normal_density(rows in 20usize..60, k in 1usize..6, seed in 0u64..500) {
        let x = data(rows, 5, seed);
        let pca = Pca::params().n_components(NComponents::Count(k.min(5))).fit(&x).unwrap();
        let covariance = pca.covariance().unwrap();
        let factor = Cholesky::new(&covariance).unwrap();
        let likelihoods = pca.score_samples(&x).unwrap();
        let constant = 5.0 * (2.0 * std::f64::consts::PI).ln() + factor.log_determinant();
        let condition = 1.0 / factor.reciprocal_condition(&covariance).unwrap();
        for (row, likelihood) in x.outer_iter().zip(&likelihoods) {
            let deviation = &row - &pca.mean();
            let distance = deviation.dot(&factor.solve(&deviation).unwrap());
            let expected = -0.5 * (constant + distance);
            prop_assert!((likelihood - expected).abs() <= 100.0 * f64::EPSILON * condition * (expected.abs() + distance));
        }
        let identity = pca.precision().unwrap().dot(&covariance) - Array2::<f64>::eye(5);
        prop_assert!(largest(&identity) <= 100.0 * f64::EPSILON * condition);
    }
}

/// The largest entry of each component is positive, whatever the solver.
#[test]
fn signs_follow_the_rule() {
    let x = data(80, 7, 3);
    for solver in [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Randomized] {
        let pca = Pca::params().n_components(NComponents::Count(4)).solver(solver).fit(&x).unwrap();
        for axis in pca.components().outer_iter() {
            let dominant = axis
                .iter()
                .fold(0.0, |dominant: f64, &x| if x.abs() > dominant.abs() { x } else { dominant });
            assert!(dominant > 0.0, "{solver}: {axis}");
        }
    }
}

/// Forty power iterations separate a geometric spectrum to rounding, so that all solvers agree.
#[test]
fn the_randomized_solver_converges_to_the_exact_ones() {
    let x = data(200, 30, 5);
    let params = Pca::params().n_components(NComponents::Count(5));
    let exact = params.solver(PcaSolver::Full).fit(&x).unwrap();
    let randomized = params.solver(PcaSolver::Randomized).power_iterations(40).fit(&x).unwrap();
    let bound = 100.0 * 200.0 * f64::EPSILON * exact.explained_variance()[0];
    let difference = &exact.explained_variance() - &randomized.explained_variance();
    assert!(difference.iter().all(|d| d.abs() <= bound), "{difference}");
    assert_eq!(randomized.solver(), PcaSolver::Randomized);
}

/// Far from the origin a centred product keeps its digits, for the randomized solver by a centred copy.
#[test]
fn an_offset_costs_no_digits() {
    let near = data(300, 20, 9);
    let far = &near + 1e8;
    for solver in [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Randomized] {
        let params = Pca::params().n_components(NComponents::Count(3)).solver(solver).power_iterations(60);
        let (near_pca, near_scores) = params.fit_transform(&near).unwrap();
        let (far_pca, far_scores) = params.fit_transform(&far).unwrap();
        // Adding 10⁸ rounds each entry by 10⁸ ε; nothing else may be lost.
        let bound = 100.0 * 1e8 * f64::EPSILON;
        let difference =
            &near_pca.explained_variance().mapv(f64::sqrt) - &far_pca.explained_variance().mapv(f64::sqrt);
        assert!(difference.iter().all(|d| d.abs() <= bound), "{solver}: {difference}");
        let gap =
            near_pca.singular_values()[0] / (near_pca.singular_values()[1] - near_pca.singular_values()[2]);
        assert!(largest(&(near_scores - far_scores)) <= bound * gap.abs() * 20.0, "{solver}");
    }
}

#[test]
fn whitened_scores_have_unit_variance_and_come_back() {
    let x = data(100, 6, 1);
    let params = Pca::params().n_components(NComponents::Count(4)).whitening(Whitening::UnitVariance);
    let (pca, scores) = params.fit_transform(&x).unwrap();
    let covariance = scores.t().dot(&scores) / 99.0;
    let condition = pca.explained_variance()[0] / pca.explained_variance()[3];
    assert!(largest(&(covariance - Array2::<f64>::eye(4))) < 1000.0 * f64::EPSILON * condition);
    let plain = Pca::params().n_components(NComponents::Count(4)).fit(&x).unwrap();
    let restored = plain.inverse_transform(&plain.transform(&x).unwrap()).unwrap();
    assert!(
        largest(&(pca.inverse_transform(&scores).unwrap() - restored)) < 1000.0 * f64::EPSILON * largest(&x)
    );
    assert_eq!(
        plain.covariance().unwrap(),
        pca.covariance().unwrap(),
        "whitening changes scores, not the model"
    );
}

/// Data that does not vary has components all the same, and no share of nothing is NaN.
#[test]
fn constant_data_is_answered() {
    for solver in [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Randomized] {
        for whitening in [Whitening::None, Whitening::UnitVariance] {
            // 0.1 is not a number of the machine: sums of it round.
            let x = Array2::from_elem((1000, 3), 0.1);
            let params =
                Pca::params().n_components(NComponents::Count(2)).solver(solver).whitening(whitening);
            let (pca, scores) = params.fit_transform(&x).unwrap();
            assert_eq!(pca.explained_variance(), array![0.0, 0.0]);
            assert_eq!(pca.explained_variance_ratio(), array![0.0, 0.0]);
            assert_eq!(scores, Array2::<f64>::zeros((1000, 2)));
            assert!(matches!(pca.score(&x), Err(Error::SingularCovariance { .. })));
            assert!(pca.certificate(&x).unwrap().holds());
        }
    }
}

#[test]
fn no_components_is_a_model_too() {
    let x = data(20, 3, 2);
    for solver in [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Randomized] {
        let (pca, scores) =
            Pca::params().n_components(NComponents::Count(0)).solver(solver).fit_transform(&x).unwrap();
        assert_eq!((pca.n_components(), scores.dim()), (0, (20, 0)));
        assert!(pca.noise_variance() > 0.0);
        assert_eq!(pca.inverse_transform(&scores).unwrap().row(0), pca.mean());
        assert!(pca.score(&x).unwrap().is_finite());
    }
}

/// The certificate is centred as the fit is: an offset does not make a right answer look wrong.
#[test]
fn the_certificate_holds_far_from_the_origin() {
    for offset in [1e3, 1e6, 1e9] {
        let x = data(1000, 5, 6) + offset;
        for solver in EXACT_SOLVERS {
            let pca = Pca::params().solver(solver).fit(&x).unwrap();
            let certificate = pca.certificate(&x).unwrap();
            assert!(certificate.holds(), "{solver} at {offset:e}: {certificate}");
        }
    }
}

/// A mean that single precision cannot hold still centres single-precision data.
#[test]
fn single_precision_is_centred_on_the_unrounded_mean() {
    // Alternating neighbours of 2²⁴: the mean lies between two numbers of the scalar, the variance is 4/3.
    let x = array![[16777216.0f32, 0.0], [16777218.0, 1.0], [16777216.0, 1.0], [16777218.0, 0.0]];
    for solver in EXACT_SOLVERS {
        let (pca, scores) = Pca::params().solver(solver).fit_transform(&x).unwrap();
        assert!((pca.explained_variance()[0] - 4.0 / 3.0).abs() <= 8.0 * f32::UNIT_ROUNDOFF, "{solver}");
        assert!(scores.column(0).iter().all(|score| (score.abs() - 1.0).abs() <= 8.0 * f32::UNIT_ROUNDOFF));
        assert!(pca.certificate(&x).unwrap().holds());
    }
}

/// In single precision means and covariances accumulate in double, so that an offset does not drown the data.
#[test]
fn single_precision_accumulates_in_double() {
    let x = data(5000, 4, 8);
    let single = x.mapv(|x| x as f32);
    let truth = Pca::params().solver(PcaSolver::CovarianceEigh).fit(&single.mapv(f64::from)).unwrap();
    let pca = Pca::params().solver(PcaSolver::CovarianceEigh).fit(&single).unwrap();
    for (single, double) in pca.explained_variance().iter().zip(truth.explained_variance()) {
        assert!((f64::from(*single) - double).abs() <= f64::from(f32::UNIT_ROUNDOFF) * double);
    }
}

#[test]
fn every_error_says_what_and_what_to_do() {
    let x = data(10, 4, 1);
    let fit = |params: PcaParams, x: &Array2<f64>| params.fit(x).unwrap_err().to_string();
    let params = Pca::params();
    assert_eq!(
        fit(params, &x.slice(s![..1, ..]).to_owned()),
        "x has 1 samples (rows), but PCA needs at least 2"
    );
    assert_eq!(fit(params, &Array2::zeros((5, 0))), "x has no features (columns); give it at least one");
    assert_eq!(
        fit(params.n_components(NComponents::Count(5)), &x),
        "n_components is 5, but must be at most 4, the smaller of n_samples and n_features"
    );
    assert_eq!(
        fit(params.n_components(NComponents::Variance(1.0)), &x),
        "n_components is 1, but must be strictly between 0 and 1 when it is a share of variance"
    );
    assert_eq!(
        fit(params.n_components(NComponents::Mle), &x.slice(s![..3, ..]).to_owned()),
        "n_components is mle, but must be a count or a share: 3 samples are fewer than 4 features"
    );
    let randomized = params.solver(PcaSolver::Randomized).n_components(NComponents::Variance(0.5));
    assert!(
        fit(randomized, &x)
            .starts_with("n_components is 0.5, but must be a count with the randomized solver")
    );

    let pca = params.fit(&x).unwrap();
    assert_eq!(
        pca.transform(&x.slice(s![.., ..2])).unwrap_err().to_string(),
        "x has 2 columns, but the model was fitted with 4; give it the same columns in the same order"
    );
    let mut bad = x.clone();
    bad[[6, 3]] = f64::NAN;
    let named = "[6, 3] is NaN or infinite; remove or impute that entry";
    assert_eq!(pca.transform(&bad).unwrap_err().to_string(), format!("x{named}"));
    assert_eq!(pca.score_samples(&bad).unwrap_err().to_string(), format!("x{named}"));
    assert_eq!(pca.inverse_transform(&bad).unwrap_err().to_string(), format!("scores{named}"));
    assert!(
        pca.inverse_transform(&x.slice(s![.., ..3]))
            .unwrap_err()
            .to_string()
            .contains("scores has 3 columns")
    );
    assert!(matches!(pca.score(&x.slice(s![..0, ..])), Err(Error::TooFewSamples { .. })));
}

#[test]
fn a_stored_model_comes_back_bit_for_bit() {
    let x = data(50, 6, 4);
    let pca =
        Pca::params().n_components(NComponents::Count(3)).whitening(Whitening::UnitVariance).fit(&x).unwrap();
    let text = serde_json::to_string(&pca).unwrap();
    assert!(text.starts_with(r#"{"format":"lapwing.pca","version":1,"#));
    let restored: Pca<f64> = serde_json::from_str(&text).unwrap();
    assert_eq!(restored, pca);
    assert_eq!(restored.transform(&x).unwrap(), pca.transform(&x).unwrap());
}

#[test]
fn a_damaged_model_is_refused() {
    let pca = Pca::params().fit(&data(9, 2, 4)).unwrap();
    let text = serde_json::to_string(&pca).unwrap();
    for (from, to, reason) in [
        ("lapwing.pca", "lapwing.ica", "its format is \"lapwing.ica\""),
        ("\"version\":1", "\"version\":2", "the model has format version 2"),
        ("\"n_features\":2", "\"n_features\":3", "must have"),
        ("\"n_components\":2", "\"n_components\":18446744073709551615", "must have"),
        ("\"full\"", "\"auto\"", "auto"),
        ("\"noise_variance\":0.0", "\"noise_variance\":-1.0", "noise_variance holds a number"),
    ] {
        assert!(text.contains(from), "{from} is not in {text}");
        let error = serde_json::from_str::<Pca<f64>>(&text.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

/// Finite data can lead out of the range: the square of a spread, or a projection. That is an error, not infinities.
#[test]
fn what_leaves_the_range_is_an_error() {
    let overflow = |error: Error| {
        let expected = "the result of";
        assert!(
            error.to_string().starts_with(expected) && error.to_string().contains("overflows f64"),
            "{error}"
        );
    };
    let x = array![[1e200, 1.0], [-1e200, 2.0], [3.0, 4.0]];
    for solver in [PcaSolver::Full, PcaSolver::CovarianceEigh, PcaSolver::Randomized] {
        let params = Pca::params().n_components(NComponents::Count(2)).solver(solver);
        overflow(params.fit(&x).unwrap_err());
    }
    let pca = Pca::params().fit(&array![[1.0, -1.0], [-1.0, 1.0], [0.5, 0.25]]).unwrap();
    overflow(pca.transform(&array![[1.7e308, -1.7e308]]).unwrap_err());
    overflow(pca.inverse_transform(&array![[1.7e308, 1.7e308]]).unwrap_err());
    overflow(pca.score_samples(&array![[1e200, 0.0]]).unwrap_err());
}
