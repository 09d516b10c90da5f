use lapwing_iterative::sprs::{CsMat, TriMat};
use ndarray::{Array1, Array2, Ix2, array, s};

use super::*;
use crate::linear_model::Intercept;
use crate::model_selection::{FoldOrder, KFold};

/// Features of different scales with correlations between them, and a target that some of them make.
fn regression(rows: usize, features: usize, offset: f64) -> (Array2<f64>, Array1<f64>) {
    let noise = lapwing_lapack::random::standard_normal(rows, features + 1, 7);
    let mut x = Array2::from_shape_fn((rows, features), |(i, j)| {
        (1 + j % 3) as f64 * (noise[[i, j]] + 0.5 * noise[[i, (j + 1) % features]])
    });
    let y = Array1::from_shape_fn(rows, |i| {
        (0..features).step_by(3).map(|j| x[[i, j]]).sum::<f64>() + noise[[i, features]] + offset
    });
    x += offset;
    (x, y)
}

fn sparse(x: &Array2<f64>) -> (CsMat<f64>, CsMat<f64>) {
    let mut triplets = TriMat::new(x.dim());
    x.indexed_iter()
        .filter(|(_, value)| **value != 0.0)
        .for_each(|((i, j), &value)| triplets.add_triplet(i, j, value));
    (triplets.to_csr(), triplets.to_csc())
}

/// By how much a model misses the conditions of optimality, which no solver shares: with g = x_jᵀ r / n, |g| ≤ α ρ where the
/// coefficient is zero, and g = α ρ sign + α (1 − ρ) w where it is not; relative to α. Weights are repetitions.
fn violation(
    model: &ElasticNet<f64>,
    x: &Array2<f64>,
    y: &Array1<f64>,
    weights: &Array1<f64>,
    sign: CoefficientSign,
) -> f64 {
    let weights = weights / weights.sum();
    let residual = y - &model.predict(x).unwrap();
    let (l1, l2) = (model.alpha() * model.l1_ratio(), model.alpha() * (1.0 - model.l1_ratio()));
    let coefficients = model.coefficients();
    let misses = x.columns().into_iter().zip(coefficients).map(|(column, &w)| {
        // The residuals sum to zero, or nothing is centred: the mean takes nothing off, and saves digits.
        let mean = if model.intercept() == 0.0 { 0.0 } else { column.dot(&weights) };
        let gradient: f64 =
            column.iter().zip(&residual).zip(&weights).map(|((x, r), v)| v * (x - mean) * r).sum();
        match sign {
            CoefficientSign::NonNegative if w < 0.0 => f64::INFINITY,
            CoefficientSign::NonNegative if w == 0.0 => (gradient - l1).max(0.0),
            _ if w == 0.0 => (gradient.abs() - l1).max(0.0),
            _ => (gradient - l1 * w.signum() - l2 * w).abs(),
        }
    });
    misses.fold(0.0, f64::max) / model.alpha()
}

/// A gap of 1e-13 ‖y‖² bounds the squared distance of the fit from the optimal one by twice that per sample, and so the
/// gradient's error by the root of it times the scale of the features: 1e-6 of an alpha around 1 leaves room for factors.
#[test]
fn the_conditions_of_optimality_hold_however_the_descent_goes() {
    for (rows, features) in [(60, 8), (20, 30)] {
        let (x, y) = regression(rows, features, 3.0);
        let weights = Array1::from_shape_fn(rows, |i| (i % 3) as f64);
        let ones = Array1::ones(rows);
        for params in [
            Lasso::params().alpha(0.3),
            ElasticNet::params().alpha(0.3),
            ElasticNet::params().alpha(1.5).l1_ratio(0.1),
            Lasso::params().alpha(0.2).sign(CoefficientSign::NonNegative),
            Lasso::params().alpha(0.3).selection(Selection::Random(5)),
            Lasso::params().alpha(0.4).intercept(Intercept::Zero),
        ] {
            for updates in [Updates::Covariance, Updates::Residual] {
                let params = params.updates(updates).tolerance(1e-13).max_iterations(100_000);
                let model = params.fit(&x, &y).unwrap();
                let missed = violation(&model, &x, &y, &ones, params.sign);
                assert!(missed < 1e-6, "{params:?} misses {missed:e}");
                let model = params.fit_weighted(&x, &y, &weights).unwrap();
                let missed = violation(&model, &x, &y, &weights, params.sign);
                assert!(missed < 1e-6, "weighted {params:?} misses {missed:e}");
            }
        }
    }
}

#[test]
fn the_conditions_of_optimality_hold_for_sparse_data() {
    let (mut x, y) = regression(50, 9, 0.0);
    x.mapv_inplace(|x| if x.abs() < 1.0 { 0.0 } else { x + 2.0 });
    let weights = Array1::from_shape_fn(50, |i| (i % 3) as f64);
    let (csr, csc) = sparse(&x);
    for params in [Lasso::params().alpha(0.3), ElasticNet::params().alpha(0.2).intercept(Intercept::Zero)] {
        let params = params.tolerance(1e-13).max_iterations(100_000);
        for matrix in [&csr, &csc] {
            let model: ElasticNet<f64> = params.fit_sparse(matrix, &y, None).unwrap();
            assert!(violation(&model, &x, &y, &Array1::ones(50), params.sign) < 1e-6);
            let model: ElasticNet<f64> = params.fit_sparse(matrix, &y, Some(&weights)).unwrap();
            assert!(violation(&model, &x, &y, &weights, params.sign) < 1e-6);
            let dense = params.fit_weighted(&x, &y, &weights).unwrap();
            for (found, expected) in model.coefficients().iter().zip(dense.coefficients()) {
                assert!((found - expected).abs() < 1e-6);
            }
        }
    }
}

/// For orthogonal columns of variance 1 the answer is known: the soft threshold of the least-squares coefficients.
#[test]
fn orthogonal_features_are_soft_thresholded() {
    let x = Array2::from_shape_fn((8, 3), |(i, j)| if (i >> j) & 1 == 1 { 1.0 } else { -1.0 });
    let truth = [2.0f64, -0.75, 0.25];
    let y = x.dot(&Array1::from(truth.to_vec())) + 5.0;
    for updates in [Updates::Covariance, Updates::Residual] {
        let model = ElasticNet::params().alpha(0.5).l1_ratio(0.8).updates(updates).fit(&x, &y).unwrap();
        for (found, truth) in model.coefficients().iter().zip(truth) {
            let expected = (truth.abs() - 0.4f64).max(0.0).copysign(truth) / 1.1;
            // Sums of eight products and a division.
            assert!((found - expected).abs() <= 16.0 * f64::EPSILON * 5.0);
        }
        assert!((model.intercept() - 5.0).abs() <= 16.0 * f64::EPSILON * 5.0);
    }
}

/// What the mean exceeds the spread by is lost in the data alone: its rounding, 1e-8 of the spread, moves the coefficients by
/// no more times their condition.
#[test]
fn data_far_from_the_origin_has_the_same_coefficients() {
    for (rows, features) in [(60, 6), (12, 20)] {
        let (near, y_near) = regression(rows, features, 0.0);
        let (far, y_far) = regression(rows, features, 1e8);
        let params = Lasso::params().alpha(0.3).tolerance(1e-12).max_iterations(100_000);
        let (expected, found) = (params.fit(&near, &y_near).unwrap(), params.fit(&far, &y_far).unwrap());
        for (found, expected) in found.coefficients().iter().zip(expected.coefficients()) {
            assert!((found - expected).abs() < 1e-5, "{found} is not {expected}");
        }
    }
}

#[test]
fn layouts_scalars_and_targets_agree() {
    let (x, y) = regression(40, 5, 1.0);
    let params = ElasticNet::params().alpha(0.1);
    let expected = params.fit(&x, &y).unwrap();
    let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
    let strided = Array2::from_shape_fn((80, 10), |(i, j)| x[[i / 2, j / 2]]);
    let both = Array2::from_shape_fn((40, 2), |(i, t)| y[i] * (1 + t) as f64);
    // Between layouts only the order of sums differs; a descent carries their rounding, as often as it iterates.
    let near = |found: &[f64], expected: &[f64], bound: f64| {
        found.iter().zip(expected).for_each(|(found, expected)| assert!((found - expected).abs() <= bound));
    };
    let coefficients = expected.coefficients().to_vec();
    for updates in [Updates::Covariance, Updates::Residual] {
        let params = params.updates(updates);
        for x in [column_major.view(), strided.slice(s![..;2, ..;2])] {
            near(&params.fit(&x, &y).unwrap().coefficients().to_vec(), &coefficients, 1e-12);
        }
        let several: ElasticNet<f64, Ix2> = params.fit(&x, &both).unwrap();
        near(&several.coefficients().row(0).to_vec(), &coefficients, 1e-12);
        assert_eq!((several.iterations().len(), several.intercept().len()), (2, 2));
        let single = params.fit(&x.mapv(|x| x as f32), &y.mapv(|y| y as f32)).unwrap();
        // The data is rounded to 6e-8.
        near(&single.coefficients().iter().map(|&w| f64::from(w)).collect::<Vec<_>>(), &coefficients, 1e-5);
    }
}

#[test]
fn constant_and_duplicate_columns_are_no_trouble() {
    let (x, y) = regression(30, 3, 0.1);
    let mut wider = Array2::from_elem((30, 6), 0.1);
    wider.slice_mut(s![.., ..3]).assign(&x);
    wider.column_mut(4).assign(&x.column(0));
    for updates in [Updates::Covariance, Updates::Residual] {
        for alpha in [0.2, 0.0] {
            let params =
                Lasso::params().alpha(alpha).updates(updates).tolerance(1e-10).max_iterations(10_000);
            let model = params.fit(&wider, &y).unwrap();
            assert_eq!((model.coefficients()[3], model.coefficients()[5]), (0.0, 0.0));
            let from_sparse: ElasticNet<f64> = params.fit_sparse(&sparse(&wider).1, &y, None).unwrap();
            assert_eq!((from_sparse.coefficients()[3], from_sparse.coefficients()[5]), (0.0, 0.0));
            let (alone, shared) = (params.fit(&x, &y).unwrap(), &model);
            let sum = shared.coefficients()[0] + shared.coefficients()[4];
            assert!((sum - alone.coefficients()[0]).abs() < 1e-4);
        }
    }
}

/// A path begins where everything is zero, and each of its models is a model of its own.
#[test]
fn a_path_is_the_models_of_its_penalties() {
    for (rows, features) in [(50, 6), (15, 20)] {
        let (x, y) = regression(rows, features, 2.0);
        let params = ElasticNet::params().l1_ratio(0.7).tolerance(1e-12).max_iterations(100_000);
        let path = params.path(&x, &y, &Alphas::Geometric { count: 12, share: 0.01 }).unwrap();
        assert!((path[11].alpha() / path[0].alpha() - 0.01).abs() < 1e-15);
        assert!(path[0].coefficients().iter().all(|w| w.abs() < 1e-6));
        for model in &path {
            assert!(model.has_converged());
            assert!(violation(model, &x, &y, &Array1::ones(rows), params.sign) < 1e-4);
            let alone = params.alpha(model.alpha()).fit(&x, &y).unwrap();
            for (found, expected) in model.coefficients().iter().zip(alone.coefficients()) {
                assert!((found - expected).abs() < 1e-4);
            }
        }
        let given = params.path(&x, &y, &Alphas::Given(vec![0.1, 1.0])).unwrap();
        assert_eq!((given[0].alpha(), given[1].alpha()), (1.0, 0.1));
    }
}

#[test]
fn a_descent_cut_short_is_an_error_with_the_model_and_a_point_of_a_path_with_its_state() {
    let (x, y) = regression(50, 6, 0.0);
    let params = Lasso::params().alpha(1e-3).max_iterations(1).tolerance(1e-10);
    let error = params.fit(&x, &y).unwrap_err();
    assert!(error.to_string().contains("did not converge in 1 iterations"), "{error}");
    assert!(matches!(Error::from(error.clone()), Error::Iteration(_)));
    let model = error.into_best().unwrap();
    assert!(!model.has_converged() && model.dual_gaps()[0] > model.tolerances()[0]);
    let path = params.path(&x, &y, &Alphas::default()).unwrap();
    assert_eq!(path.len(), 100);
    assert!(path[0].has_converged() && !path[99].has_converged());
    let chosen = LassoCv::params().max_iterations(1).tolerance(1e-10).fit(&x, &y);
    assert!(chosen.unwrap_err().into_best().unwrap().unconverged() > 0);
}

/// The errors by merged moments and by masked weights are those of fits to a copy of the other folds.
#[test]
fn cross_validation_scores_what_was_left_out() {
    let (x, y) = regression(43, 5, 2.0);
    let weights = Array1::from_shape_fn(43, |i| (1 + i % 3) as f64);
    let alphas = Alphas::Given(vec![1.0, 0.1, 0.01]);
    let folds = KFold::new(4).order(FoldOrder::Shuffled(1));
    let tight = |params: ElasticNetCvParams| params.tolerance(1e-13).max_iterations(100_000);
    let params = tight(ElasticNetCv::params()).l1_ratios(&[0.3, 1.0]).alphas(alphas.clone()).folds(folds);
    let mut expected = ndarray::Array3::zeros((2, 3, 4));
    for (fold, split) in folds.split(43).unwrap().enumerate() {
        let rows = |rows: &[usize]| {
            let axis = ndarray::Axis(0);
            (x.select(axis, rows), y.select(axis, rows), weights.select(axis, rows))
        };
        let ((x, y, w), (x_test, y_test, w_test)) = (rows(&split.train), rows(&split.test));
        for (r, l1_ratio) in [0.3, 1.0].into_iter().enumerate() {
            for (a, alpha) in [1.0, 0.1, 0.01].into_iter().enumerate() {
                let one = ElasticNet::params().l1_ratio(l1_ratio).alpha(alpha).tolerance(1e-13);
                let model = one.max_iterations(100_000).fit_weighted(&x, &y, &w).unwrap();
                let residuals = &y_test - &model.predict(&x_test).unwrap();
                expected[[r, a, fold]] = (&residuals * &residuals).dot(&w_test) / w_test.sum();
            }
        }
    }
    for updates in [Updates::Covariance, Updates::Residual] {
        let model = params.clone().updates(updates).fit_weighted(&x, &y, &weights).unwrap();
        let difference = &model.mean_squared_errors() - &expected;
        // Two minima within gaps of 1e-13 of the variance.
        assert!(difference.iter().all(|d| d.abs() < 1e-5), "{difference}");
        assert_eq!(model.unconverged(), 0);
        let means = expected.sum_axis(ndarray::Axis(2));
        let least = means.iter().copied().fold(f64::INFINITY, f64::min);
        let ratio = usize::from(model.l1_ratio() == 1.0);
        let alpha = model.alphas().row(ratio).iter().position(|&a| a == model.alpha()).unwrap();
        assert!(means[[ratio, alpha]] <= least + 4e-5);
    }
    let (csr, _) = sparse(&x);
    let model = params.fit_sparse(&csr, &y, Some(&weights)).unwrap();
    assert!((&model.mean_squared_errors() - &expected).iter().all(|d| d.abs() < 1e-5));
}

#[test]
fn stored_models_are_the_same_and_damaged_ones_are_refused() {
    let (x, y) = regression(20, 3, 1.0);
    let model = ElasticNet::params().alpha(0.1).fit(&x, &y).unwrap();
    let text = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<ElasticNet<f64>>(&text).unwrap(), model);
    let chosen = LassoCv::params().fit(&x, &y).unwrap();
    let chosen_text = serde_json::to_string(&chosen).unwrap();
    assert_eq!(serde_json::from_str::<ElasticNetCv<f64>>(&chosen_text).unwrap(), chosen);
    for (intact, damaged) in [
        ("lapwing.elastic_net\"", "lapwing.pca\""),
        ("\"version\":1", "\"version\":2"),
        ("\"alpha\":0.1", "\"alpha\":-0.1"),
        ("\"l1_ratio\":0.5", "\"l1_ratio\":1.5"),
        ("\"iterations\":[", "\"iterations\":[1,"),
    ] {
        let changed = text.replace(intact, damaged);
        assert_ne!(changed, text, "{intact}");
        assert!(serde_json::from_str::<ElasticNet<f64>>(&changed).is_err(), "{damaged}");
    }
    let changed = chosen_text.replace("\"n_folds\":5", "\"n_folds\":4");
    assert!(changed != chosen_text && serde_json::from_str::<ElasticNetCv<f64>>(&changed).is_err());
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let (x, y) = (array![[1.0, 2.0], [3.0, 5.0], [4.0, 4.0]], array![1.0, 2.0, 4.0]);
    let refused = |params: ElasticNetParams, x: &Array2<f64>, y: &Array1<f64>| {
        let errors: Vec<Error> = [Updates::Covariance, Updates::Residual]
            .map(|updates| Error::from(params.updates(updates).fit(x, y).unwrap_err()))
            .to_vec();
        assert_eq!(errors[0], errors[1]);
        errors[0].clone()
    };
    let params = Lasso::params();
    for (params, parameter) in [
        (params.alpha(-1.0), "alpha"),
        (params.alpha(f64::NAN), "alpha"),
        (params.l1_ratio(1.1), "l1_ratio"),
        (params.tolerance(-1e-4), "tolerance"),
        (params.max_iterations(0), "max_iterations"),
    ] {
        let error = refused(params, &x, &y);
        assert!(matches!(error, Error::InvalidParameter { parameter: found, .. } if found == parameter));
    }
    assert!(matches!(refused(params, &Array2::zeros((3, 0)), &y), Error::NoFeatures { .. }));
    let none = Array1::zeros(0);
    assert!(matches!(refused(params, &Array2::zeros((0, 2)), &none), Error::TooFewSamples { .. }));
    let error = refused(params, &x, &array![1.0]).to_string();
    assert!(error.contains("y has 1 rows"), "{error}");
    let mut bad = x.clone();
    bad[[1, 1]] = f64::NAN;
    let nan = lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 1 };
    assert_eq!(refused(params, &bad, &y), nan.into());
    let large = refused(params, &(&x * 1e300), &y);
    assert!(matches!(large, Error::Lapack(lapwing_lapack::Error::Overflow { .. })));
    // Squares that underflow are features that do not vary.
    let tiny = params.fit(&(&x * 1e-310), &y).unwrap();
    assert!(tiny.coefficients().iter().all(|&w| w == 0.0));
    let none = params.alpha(f64::MAX).fit(&x, &y).unwrap();
    assert_eq!(none.coefficients(), array![0.0, 0.0]);
    let one = params.fit(&array![[2.0]], &array![3.0]).unwrap();
    assert_eq!((one.coefficients()[0], one.intercept()), (0.0, 3.0));
    let ridge = ElasticNet::params().l1_ratio(0.0);
    assert!(matches!(
        ridge.path(&x, &y, &Alphas::default()),
        Err(Error::InvalidParameter { parameter: "l1_ratio", .. })
    ));
    assert!(ridge.path(&x, &y, &Alphas::Given(vec![f64::NAN])).is_err());
    assert!(ridge.path(&x, &y, &Alphas::Given(vec![])).is_err());
    assert!(matches!(
        LassoCv::params().fit(&x, &y).unwrap_err(),
        FitError::Refused(Error::TooFewSamples { found: 3, least: 5, .. })
    ));
}
