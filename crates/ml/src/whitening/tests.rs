use ndarray::array;

use super::*;

const METHODS: [WhiteningMethod; 5] = [
    WhiteningMethod::Zca,
    WhiteningMethod::ZcaCorrelation,
    WhiteningMethod::Pca,
    WhiteningMethod::PcaCorrelation,
    WhiteningMethod::Cholesky,
];

fn data(n: usize, p: usize) -> Array2<f64> {
    let mut state = 3u64;
    let noise = Array2::from_shape_simple_fn((n, p), || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 40) as f64 / (1 << 23) as f64 - 1.0
    });
    let mix = Array2::from_shape_fn((p, p), |(i, j)| if i == j { 1.0 + i as f64 } else { 0.3 });
    noise.dot(&mix)
}

fn identity_to(bound: f64, a: &Array2<f64>) -> bool {
    (a - Array2::<f64>::eye(a.nrows())).iter().all(|x| x.abs() <= bound)
}

/// The covariance is of condition 30, and a thousand miles from the origin 12 digits of the data are left.
#[test]
fn whitened_features_are_uncorrelated_of_variance_one_and_can_be_undone() {
    for (offset, bound) in [(0.0, 1e-12), (1e3, 1e-11)] {
        let x = data(200, 4) + offset;
        for method in METHODS {
            let whitening = WhiteningTransform::params().method(method).fit(&x).unwrap();
            let z = whitening.transform(&x).unwrap();
            assert!(z.mean_axis(Axis(0)).unwrap().iter().all(|mean| mean.abs() < bound));
            assert!(identity_to(bound, &(z.t().dot(&z) / 199.0)), "{method:?}");
            let restored = whitening.inverse_transform(&z).unwrap();
            assert!((&restored - &x).iter().all(|error| error.abs() < bound));
            assert!(identity_to(1e-13, &whitening.matrix().dot(&whitening.inverse_matrix())));
        }
    }
}

/// What distinguishes each: symmetry of W or of the cross-covariance with the features, triangularity, and signs.
#[test]
fn each_method_is_the_one_of_its_name() {
    let x = data(100, 4);
    let fit = |method| WhiteningTransform::params().method(method).fit(&x).unwrap();
    let symmetric = |a: &Array2<f64>| (a - &a.t()).iter().all(|x| x.abs() < 1e-13);
    let zca = fit(WhiteningMethod::Zca).matrix();
    assert!(symmetric(&zca) && zca.diag().iter().all(|&entry| entry > 0.0));
    // The correlations of z with x are V^{-½} W⁻¹, in the order (x, z).
    let inverse = fit(WhiteningMethod::ZcaCorrelation).inverse_matrix();
    let deviations = x.std_axis(Axis(0), 1.0).insert_axis(Axis(1));
    let correlations = &inverse / &deviations;
    assert!(symmetric(&correlations) && correlations.diag().iter().all(|&entry| entry > 0.0));
    let cholesky = fit(WhiteningMethod::Cholesky).matrix();
    assert!(cholesky.indexed_iter().all(|((i, j), &entry)| if j < i {
        entry == 0.0
    } else {
        i != j || entry > 0.0
    }));
    for method in [WhiteningMethod::Pca, WhiteningMethod::PcaCorrelation] {
        let whitening = fit(method);
        assert!(whitening.matrix().diag().iter().all(|&entry| entry > 0.0));
    }
    // The rows of W are orthogonal, of lengths that grow as the variances fall.
    let pca = fit(WhiteningMethod::Pca).matrix();
    let gram = pca.dot(&pca.t());
    assert!((0..3).all(|k| gram[[k, k]] < gram[[k + 1, k + 1]]));
    assert!(gram.indexed_iter().all(|((i, j), entry)| i == j || entry.abs() < 1e-12));
}

/// Covariance `[2 1; 1 2]`, of eigenvalues 3 and 1: `Σ^{-½}` has (3^{-½} ± 1)/2.
#[test]
fn two_features_are_the_formula() {
    let x =
        array![[1.0, 1.0], [-1.0, -1.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]] * (2.5f64).sqrt();
    // Scatter 2.5 · [4 2; 2 4] over 5.
    let zca = WhiteningTransform::params().fit(&x).unwrap().matrix();
    let root = 1.0 / 3f64.sqrt();
    let expected = array![[(root + 1.0) / 2.0, (root - 1.0) / 2.0], [(root - 1.0) / 2.0, (root + 1.0) / 2.0]];
    assert!((&zca - &expected).iter().all(|x| x.abs() < 1e-15), "{zca}");
    // R R' = [2 1; 1 2] with R = [√1.5 1/√2; 0 √2].
    let inverse =
        WhiteningTransform::params().method(WhiteningMethod::Cholesky).fit(&x).unwrap().inverse_matrix();
    let expected = array![[1.5f64.sqrt(), 0.5f64.sqrt()], [0.0, 2f64.sqrt()]];
    assert!((&inverse - &expected).iter().all(|x| x.abs() < 1e-15), "{inverse}");
}

#[test]
fn singular_covariances_are_refused_or_floored() {
    let x = data(50, 3);
    let repeated = ndarray::concatenate![Axis(1), x, x.slice(s![.., ..1])];
    for method in METHODS {
        let params = WhiteningTransform::params().method(method);
        let error = params.fit(&repeated).unwrap_err();
        if method == WhiteningMethod::Cholesky {
            assert!(matches!(error, Error::DependentFeature { feature: 0, .. }), "the last ones come first");
            assert!(matches!(
                params.floor(0.1).fit(&x),
                Err(Error::InvalidParameter { parameter: "floor", .. })
            ));
            continue;
        }
        assert!(matches!(error, Error::SingularCovariance { .. }));
        let whitening = params.floor(1e-8).fit(&repeated).unwrap();
        let z = whitening.transform(&repeated).unwrap();
        let restored = whitening.inverse_transform(&z).unwrap();
        assert!((&restored - &repeated).iter().all(|error| error.abs() < 1e-10));
        for floor in [0.0, 1.5, f64::NAN] {
            assert!(matches!(
                params.floor(floor).fit(&x),
                Err(Error::InvalidParameter { parameter: "floor", .. })
            ));
        }
        assert!(matches!(params.fit(&Array2::<f64>::ones((5, 2))), Err(Error::SingularCovariance { .. })));
    }
    // Units, on the other hand, are no trouble to the methods that scale.
    let units = &x * &array![1e-12, 1.0, 1e12];
    for method in
        [WhiteningMethod::ZcaCorrelation, WhiteningMethod::PcaCorrelation, WhiteningMethod::Cholesky]
    {
        let z = WhiteningTransform::params().method(method).fit(&units).unwrap().transform(&units).unwrap();
        assert!(identity_to(1e-12, &(z.t().dot(&z) / 49.0)), "{method:?}");
    }
}

#[test]
fn bad_data_is_a_typed_error() {
    use lapwing_lapack::Error::{NonFinite, Overflow};
    let params = WhiteningTransform::params();
    assert!(matches!(params.fit(&Array2::<f64>::zeros((3, 0))), Err(Error::NoFeatures { .. })));
    assert!(matches!(params.fit(&array![[1.0]]), Err(Error::TooFewSamples { found: 1, .. })));
    let bad = array![[1.0], [f64::NAN]];
    assert_eq!(params.fit(&bad), Err(NonFinite { argument: "x", row: 1, col: 0 }.into()));
    let one = params.fit(&array![[1e-100], [3e-100]]).unwrap();
    assert!(matches!(one.transform(&array![[1e250]]), Err(Error::Lapack(Overflow { .. }))));
    assert!(matches!(one.transform(&array![[1.0, 2.0]]), Err(Error::FeatureMismatch { .. })));
    assert!(matches!(one.inverse_transform(&bad), Err(Error::Lapack(NonFinite { argument: "z", .. }))));
}

/// W is that of double precision, and products in single precision have its 24 bits.
#[test]
fn single_precision_is_white_to_its_rounding() {
    let x = data(100, 3).mapv(|x| x as f32);
    let z = WhiteningTransform::params().fit(&x).unwrap().transform(&x).unwrap().mapv(f64::from);
    assert!(identity_to(1e-5, &(z.t().dot(&z) / 99.0)));
}

#[test]
fn a_stored_whitening_is_the_same_and_a_damaged_one_is_refused() {
    let whitening =
        WhiteningTransform::params().method(WhiteningMethod::PcaCorrelation).fit(&data(20, 2)).unwrap();
    let text = serde_json::to_string(&whitening).unwrap();
    assert_eq!(serde_json::from_str::<WhiteningTransform<f64>>(&text).unwrap(), whitening);
    for (from, to) in [
        ("\"n_features\":2", "\"n_features\":3"),
        ("pca_correlation", "parrot"),
        ("\"version\":1", "\"version\":0"),
    ] {
        let damaged = text.replace(from, to);
        assert_ne!(damaged, text);
        assert!(serde_json::from_str::<WhiteningTransform<f64>>(&damaged).is_err(), "{to}");
    }
}
