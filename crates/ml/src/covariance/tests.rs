//! What the estimators promise, whatever the data. Agreement with scikit-learn is tested for the whole workspace.

use lapwing_lapack::random::standard_normal;
use ndarray::{Array2, Axis, array, s};

use super::*;
use crate::error::Error;

/// Multiples of 1/256 around `offset`.
fn grid(rows: usize, features: usize, offset: f64) -> Array2<f64> {
    let mut state = 7u64;
    Array2::from_shape_simple_fn((rows, features), || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        offset + (state >> 53) as f64 / 256.0
    })
}

/// The exact covariance, by integer arithmetic on multiples of 1/256.
fn exact_covariance(x: &Array2<f64>, j: usize, k: usize) -> f64 {
    let units = |value: f64| (value * 256.0) as i128;
    let (n, sum) = (x.nrows() as i128, |c: usize| x.column(c).iter().map(|&v| units(v)).sum::<i128>());
    let products: i128 = x.outer_iter().map(|row| units(row[j]) * units(row[k])).sum();
    (n * products - sum(j) * sum(k)) as f64 / (n * n) as f64 / 65536.0
}

fn overflows<M: std::fmt::Debug>(result: Result<M, Error>) -> bool {
    matches!(result, Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. })))
}

/// A sum of n products holds to n roundings of the deviations; an offset of 1e8 times the spread adds nothing, whatever
/// the layout, and in parts as well as in one pass.
#[test]
fn covariances_are_exact_wherever_the_data_lies() {
    for offset in [0.0, 1e8] {
        let x = grid(300, 3, offset);
        let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
        let wide = Array2::from_shape_fn((600, 6), |(i, j)| x[[299 - i / 2, j / 2]]);
        let strided = wide.slice(s![..;-2, ..;2]);
        let mut running = RunningCovariance::new();
        for block in x.axis_chunks_iter(Axis(0), 7) {
            running.partial_fit(&block).unwrap();
        }
        let params = EmpiricalCovariance::params();
        let fits =
            [params.fit(&x), params.fit(&column_major), params.fit(&strided), params.fit_running(&running)];
        for model in fits.map(Result::unwrap) {
            for ((j, k), &found) in model.covariance().indexed_iter() {
                let exact = exact_covariance(&x, j, k);
                let scale = (exact_covariance(&x, j, j) * exact_covariance(&x, k, k)).sqrt();
                assert!((found - exact).abs() <= 4.0 * 300.0 * f64::EPSILON * scale, "{found} {exact}");
            }
        }
    }
}

/// Single precision rounds the result once; its sums and what is computed from it are those of double precision.
#[test]
fn single_precision_loses_nothing_on_the_way() {
    let wide = grid(300, 3, 4096.0);
    let narrow = wide.mapv(|x| x as f32);
    let (in_double, in_single) =
        (LedoitWolf::params().fit(&wide).unwrap(), LedoitWolf::params().fit(&narrow).unwrap());
    assert_eq!(in_single.shrinkage(), in_double.shrinkage());
    assert_eq!(in_single.covariance(), in_double.covariance().mapv(|x| x as f32));
    assert_eq!(in_single.precision().unwrap(), in_double.precision().unwrap().mapv(|x| x as f32));
    // 3e38 is the end of the range.
    assert!(overflows(EmpiricalCovariance::params().fit(&array![[-1e30f32], [1e30]])));
}

#[test]
fn bad_data_is_refused_with_its_place() {
    let none = Array2::<f64>::zeros((0, 2));
    let narrow = Array2::<f64>::zeros((2, 0));
    let infinite = array![[1.0, 2.0], [3.0, f64::INFINITY]];
    let located = lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 1 };
    let fit = |x: &Array2<f64>| -> [Option<Error>; 4] {
        [
            EmpiricalCovariance::params().fit(x).err(),
            ShrunkCovariance::params().fit(x).err(),
            LedoitWolf::params().centring(Centring::AssumeCentred).fit(x).err(),
            Oas::params().fit(x).err(),
        ]
    };
    for error in fit(&none) {
        assert!(matches!(error, Some(Error::TooFewSamples { found: 0, least: 1, .. })));
    }
    assert_eq!(fit(&narrow), [const { Some(Error::NoFeatures { argument: "x" }) }; 4]);
    for error in fit(&infinite) {
        assert_eq!(error, Some(located.clone().into()));
    }
    for shrinkage in [-0.1, 1.1, f64::NAN] {
        let refused = ShrunkCovariance::params().shrinkage(shrinkage).fit(&grid(3, 2, 0.0));
        assert!(matches!(refused, Err(Error::InvalidParameter { parameter: "shrinkage", .. })));
    }
    let mut running = RunningCovariance::new();
    assert!(matches!(
        EmpiricalCovariance::params().fit_running(&running),
        Err(Error::TooFewSamples { found: 0, .. })
    ));
    running.partial_fit(&grid(3, 2, 0.0)).unwrap();
    assert!(running.partial_fit(&infinite).is_err());
    let mut other = RunningCovariance::new();
    other.partial_fit(&grid(3, 4, 0.0)).unwrap();
    assert!(matches!(running.merge(&other), Err(Error::FeatureMismatch { found: 4, expected: 2, .. })));
    let whole = EmpiricalCovariance::params().fit(&grid(3, 2, 0.0)).unwrap();
    assert_eq!(EmpiricalCovariance::params().fit_running(&running).unwrap(), whole);
}

/// Variances beyond the range are an error, those below it are zero; neither is NaN.
#[test]
fn the_range_of_the_numbers_is_respected() {
    let large = array![[1e300, 0.0], [-1e300, 1.0]];
    assert!(overflows(EmpiricalCovariance::params().fit(&large)));
    assert!(overflows(LedoitWolf::params().centring(Centring::AssumeCentred).fit(&large)));
    let small = array![[1e-310, 0.0], [2e-310, 1e-310]];
    for model in [LedoitWolf::params().fit(&small).unwrap().fitted, Oas::params().fit(&small).unwrap().fitted]
    {
        assert_eq!(model.covariance(), Array2::<f64>::zeros((2, 2)));
        assert_eq!(model.rank().unwrap(), 0);
        assert_eq!(model.precision().unwrap(), Array2::<f64>::zeros((2, 2)));
    }
}

#[test]
fn one_sample_has_no_spread() {
    let x = array![[3.0, -1.0]];
    let model = EmpiricalCovariance::params().fit(&x).unwrap();
    assert_eq!(model.location(), x.row(0));
    assert_eq!(model.covariance(), Array2::<f64>::zeros((2, 2)));
    assert!(matches!(model.score(&x), Err(Error::DependentFeature { .. })));
    assert_eq!(LedoitWolf::params().fit(&x).unwrap().shrinkage(), 0.0);
    assert_eq!(Oas::params().fit(&x).unwrap().shrinkage(), 1.0);
}

/// Scaling by a power of two rounds nothing: not a bit of the shrinkage may change, up to where squares of variances, let
/// alone fourth powers, are out of range.
#[test]
fn shrinkage_does_not_depend_on_the_unit() {
    let x = grid(9, 4, -3.0);
    let shrinkages = |x: &Array2<f64>| {
        (LedoitWolf::params().fit(x).unwrap().shrinkage(), Oas::params().fit(x).unwrap().shrinkage())
    };
    for exponent in [-400, 400] {
        assert_eq!(shrinkages(&(&x * 2f64.powi(exponent))), shrinkages(&x));
    }
}

/// A covariance that is a multiple of the identity already divides zero by zero in the formulas.
#[test]
fn a_multiple_of_the_identity_is_left_alone() {
    let x = array![[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]];
    for model in [LedoitWolf::params().fit(&x).unwrap().fitted, Oas::params().fit(&x).unwrap().fitted] {
        assert_eq!(model.covariance(), array![[0.5, 0.0], [0.0, 0.5]]);
    }
}

/// Moore and Penrose's first two conditions, each to a few roundings of a matrix of order 4 and a condition below 1e2.
#[test]
fn the_precision_of_a_singular_covariance_is_its_pseudo_inverse() {
    let mut x = grid(20, 4, 0.0);
    let first = x.column(0).to_owned();
    x.column_mut(2).assign(&first);
    let model = EmpiricalCovariance::params().fit(&x).unwrap();
    assert_eq!(model.rank().unwrap(), 3);
    let (a, b) = (model.covariance(), model.precision().unwrap());
    for (found, expected) in [(a.dot(&b).dot(&a), a.to_owned()), (b.dot(&a).dot(&b), b.clone())] {
        assert!((found - expected).iter().all(|error| error.abs() < 1e-12));
    }
    assert!(matches!(model.mahalanobis().err(), Some(Error::DependentFeature { .. })));
}

/// The data's own covariance is what its rows' mean likelihood is made of.
#[test]
fn the_score_of_data_is_the_likelihood_of_its_covariance() {
    let x = grid(50, 3, 2.0);
    let model = ShrunkCovariance::params().fit(&x).unwrap();
    let own = EmpiricalCovariance::params().fit(&x).unwrap();
    let (score, likelihood) = (model.score(&x).unwrap(), model.log_likelihood(&own.covariance()).unwrap());
    assert!((score - likelihood).abs() < 1e-13 * score.abs());
    assert!(matches!(model.score(&grid(5, 2, 0.0)), Err(Error::FeatureMismatch { .. })));
    assert!(matches!(model.score(&x.slice(s![..0, ..])), Err(Error::TooFewSamples { .. })));
    let (norm, scaling, power) = Default::default();
    assert!(model.error_norm(&grid(2, 3, 0.0), norm, scaling, power).is_err());
    assert!(model.log_likelihood(&Array2::from_elem((3, 3), f64::NAN)).is_err());
}

#[test]
fn a_constant_column_has_no_correlation() {
    let mut x = grid(10, 3, 1e8);
    x.column_mut(1).fill(0.1);
    let expected = Error::ConstantColumn { argument: "x", column: 1 };
    assert_eq!(correlation(&x), Err(expected.clone()));
    assert_eq!(partial_correlation(&x), Err(expected.clone()));
    assert_eq!(EmpiricalCovariance::params().fit(&x).unwrap().correlation(), Err(expected));
    assert!(matches!(correlation(&x.slice(s![..1, ..])), Err(Error::TooFewSamples { least: 2, .. })));
}

#[test]
fn correlations_stay_between_minus_one_and_one() {
    let column = grid(40, 1, 0.0);
    let x = ndarray::concatenate![Axis(1), column, &column * 3.0, &column * -0.1];
    let r = correlation(&x).unwrap();
    assert!(r.iter().all(|r| (-1.0..=1.0).contains(r) && r.abs() > 1.0 - 1e-15));
    assert_eq!(r.diag(), array![1.0, 1.0, 1.0]);
    assert!(matches!(partial_correlation(&x), Err(Error::DependentFeature { .. })));
    let impossible = array![[1.0, 2.0], [2.0, 1.0]];
    assert!(matches!(correlation_from_covariance(&impossible), Err(Error::InvalidCovariance { .. })));
    assert!(correlation_from_covariance(&array![[1.0, 2.0]]).is_err());
}

/// For three features, (r₁₂ − r₁₃ r₂₃) / √((1 − r₁₃²)(1 − r₂₃²)); for two there is nothing to hold fixed. A few roundings.
#[test]
fn partial_correlations_have_their_closed_form() {
    let x = grid(30, 3, 5.0);
    let (r, partial) = (correlation(&x).unwrap(), partial_correlation(&x).unwrap());
    let (a, b, c) = (r[[0, 1]], r[[0, 2]], r[[1, 2]]);
    let expected = (a - b * c) / ((1.0 - b * b) * (1.0 - c * c)).sqrt();
    assert!((partial[[0, 1]] - expected).abs() < 1e-14);
    let two = x.slice(s![.., ..2]);
    assert!((partial_correlation(&two).unwrap()[[0, 1]] - a).abs() < 1e-14);
    let model = EmpiricalCovariance::params().fit(&x).unwrap();
    assert_eq!((model.correlation().unwrap(), model.partial_correlation().unwrap()), (r, partial));
}

/// With fewer samples than features, the shrunk covariance is regular where the empirical one is not.
#[test]
fn wide_data_gets_a_regular_covariance() {
    let x = standard_normal(6, 15, 3);
    assert_eq!(EmpiricalCovariance::params().fit(&x).unwrap().rank().unwrap(), 5);
    for model in [LedoitWolf::params().fit(&x).unwrap().fitted, Oas::params().fit(&x).unwrap().fitted] {
        assert!(model.score(&x).unwrap().is_finite());
    }
}

mod stored {
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    use super::*;

    fn again<M: Serialize + DeserializeOwned>(model: &M) -> M {
        serde_json::from_str(&serde_json::to_string(model).unwrap()).unwrap()
    }

    #[test]
    fn models_come_back_as_they_were() {
        let x = grid(12, 3, 1e6);
        let empirical = EmpiricalCovariance::params().fit(&x).unwrap();
        assert_eq!(again(&empirical), empirical);
        let shrunk = ShrunkCovariance::params().fit(&x.mapv(|x| x as f32)).unwrap();
        assert_eq!(again(&shrunk), shrunk);
        let (ledoit_wolf, oas) = (LedoitWolf::params().fit(&x).unwrap(), Oas::params().fit(&x).unwrap());
        assert_eq!((again(&ledoit_wolf), again(&oas)), (ledoit_wolf, oas));
        let robust = MinCovDet::params().fit(&x).unwrap();
        assert_eq!(again(&robust), robust);
        let mut running = RunningCovariance::new();
        assert_eq!(again(&running).n_samples(), 0);
        running.partial_fit(&x).unwrap();
        let fit = |running| EmpiricalCovariance::params().fit_running(running).unwrap();
        assert_eq!(fit(&again(&running)), fit(&running));
    }

    #[test]
    fn damaged_models_are_refused() {
        let x = grid(12, 2, 0.0);
        let shrunk = serde_json::to_value(LedoitWolf::params().fit(&x).unwrap()).unwrap();
        let robust = serde_json::to_value(MinCovDet::params().fit(&x).unwrap()).unwrap();
        let damaged = |model: &Value, place: &str, value: Value| {
            let mut copy = model.clone();
            *copy.pointer_mut(place).unwrap() = value;
            copy
        };
        let is_refused = |model: Value| serde_json::from_value::<LedoitWolf<f64>>(model).is_err();
        assert!(!is_refused(shrunk.clone()));
        assert!(serde_json::from_value::<Oas<f64>>(shrunk.clone()).is_err());
        for (place, value) in [
            ("/format", json!("lapwing.pca")),
            ("/version", json!(2)),
            ("/shrinkage", json!(1.5)),
            ("/fitted/location", json!([1.0])),
            ("/fitted/covariance", json!([1.0, 0.0, -1.0])),
        ] {
            assert!(is_refused(damaged(&shrunk, place, value)), "{place}");
        }
        let is_refused = |model: Value| serde_json::from_value::<MinCovDet<f64>>(model).is_err();
        assert!(!is_refused(robust.clone()));
        for (place, value) in [
            ("/support", json!([true])),
            ("/distances/3", json!(-1.0)),
            ("/raw/location", json!([1.0])),
            ("/support_scatter", json!("unknown")),
        ] {
            assert!(is_refused(damaged(&robust, place, value)), "{place}");
        }
        let mut running = RunningCovariance::new();
        running.partial_fit(&x).unwrap();
        let running = damaged(&serde_json::to_value(running).unwrap(), "/n_samples", json!(0));
        assert!(serde_json::from_value::<RunningCovariance<f64>>(running).is_err());
    }
}
