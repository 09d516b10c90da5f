use lapwing_lapack::{Diagonal, Triangle, triangular};
use ndarray::{Array1, Array2, Axis, array};

use super::*;

/// The symmetric matrix of Pascal's triangle: its Cholesky factor holds the binomial coefficients, whose inverse holds the same
/// with alternating signs, so that distances are exact integers. Its condition number is 1e5 at order 6 and 2e14 at 14, or 6e11 in equal units.
fn pascal(n: usize) -> (Array2<f64>, Array2<f64>, Array2<i64>) {
    let binomial =
        |n: usize, k: usize| (1..=k).fold(1i64, |product, i| product * (n - k + i) as i64 / i as i64);
    let lower = Array2::from_shape_fn((n, n), |(i, j)| if j <= i { binomial(i, j) as f64 } else { 0.0 });
    let covariance = Array2::from_shape_fn((n, n), |(i, j)| binomial(i + j, j) as f64);
    let inverse = Array2::from_shape_fn((n, n), |(i, j)| match j <= i {
        true if (i + j) % 2 == 0 => binomial(i, j),
        true => -binomial(i, j),
        false => 0,
    });
    (covariance, lower, inverse)
}

fn rows(n: usize, p: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, p), |(i, j)| ((i * i * 31 + i * 17 + j * j * 7 + j * 3) % 19) as f64 - 9.0)
}

/// From the factor of its inverse, which the factorization and the inversion of its factor each change by p ε cond; in units in which
/// the variances are alike.
#[test]
fn the_covariance_is_recovered_from_its_factor() {
    for p in [1, 2, 6, 10] {
        let (covariance, ..) = pascal(p);
        let units = Array1::from_shape_fn(p, |j| 1e3f64.powi(j as i32 % 5 - 2));
        let covariance = covariance * &units * units.view().insert_axis(Axis(1));
        let metric = Mahalanobis::new(&Array1::zeros(p), &covariance).unwrap();
        let found = metric.covariance().unwrap();
        let bound = 4.0 * p as f64 * f64::EPSILON / metric.reciprocal_condition();
        for ((i, j), expected) in covariance.indexed_iter() {
            let scale = (covariance[[i, i]] * covariance[[j, j]]).sqrt();
            assert!((found[[i, j]] - expected).abs() <= bound * scale, "p = {p}, {i}, {j}");
        }
    }
    let by_pseudo_inverse = Mahalanobis::params().singular(SingularCovariance::PseudoInverse);
    let metric = by_pseudo_inverse.compute(&array![0.0, 0.0], &array![[1.0, 1.0], [1.0, 1.0]]).unwrap();
    assert!(matches!(metric.covariance(), Err(Error::Unavailable { .. })));
}

/// The factorization, the product and a solve each change a squared distance by at most about p ε cond of it.
#[test]
fn distances_are_exact_to_the_condition_by_product_and_by_solve() {
    for p in [1, 2, 6, 10, 14] {
        let (covariance, lower, inverse) = pascal(p);
        let x = rows(50, p);
        let metric = Mahalanobis::new(&Array1::zeros(p), &covariance).unwrap();
        let found = metric.squared_distances(&x).unwrap();
        let solved =
            triangular::solve(&lower, Triangle::Lower, Diagonal::General, &x.t().to_owned()).unwrap();
        let bound = 2.0 * p as f64 * f64::EPSILON / metric.reciprocal_condition();
        for (i, row) in x.outer_iter().enumerate() {
            let exact: i128 = inverse
                .outer_iter()
                .map(|axis| {
                    axis.iter().zip(&row).map(|(a, x)| i128::from(*a) * *x as i128).sum::<i128>().pow(2)
                })
                .sum();
            let (exact, solved) = (exact as f64, solved.column(i).dot(&solved.column(i)));
            assert!((found[i] - exact).abs() <= bound * exact, "{p} {i}: {} {exact}", found[i]);
            assert!((solved - exact).abs() <= bound * exact, "{p} {i}: {solved} {exact}");
        }
    }
}

/// Units are powers of ten here, which round each entry of the covariance once; what is left is p ε cond of the scaled one.
#[test]
fn units_do_not_matter() {
    let base = array![[2.0, 0.5, 0.1], [0.5, 1.0, 0.3], [0.1, 0.3, 3.0]];
    let x = rows(20, 3);
    let expected = Mahalanobis::new(&Array1::zeros(3), &base).unwrap().squared_distances(&x).unwrap();
    for units in [array![1e12, 1.0, 1e-12], array![1e150, 1e-150, 1.0], array![1e-152, 1e-152, 1e-152]] {
        let covariance = &base * &units * units.view().insert_axis(Axis(1));
        let metric = Mahalanobis::new(&Array1::zeros(3), &covariance).unwrap();
        let found = metric.squared_distances(&(&x * &units)).unwrap();
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() <= 100.0 * f64::EPSILON * expected, "{found} {expected}");
        }
    }
}

/// Differences of rows far from the origin are exact, and so is what is made of them.
#[test]
fn an_offset_loses_no_digit() {
    let covariance = array![[4.0, 0.0], [0.0, 0.25]];
    let metric = Mahalanobis::new(&array![1e8, -1e8], &covariance).unwrap();
    assert_eq!(metric.squared_distances(&array![[1e8 + 1.0, -1e8 + 0.5]]).unwrap(), array![1.25]);
}

/// Whichever layout, however many blocks: the same row has the same distance, up to the order of p additions.
#[test]
fn every_layout_and_every_block_gives_the_same() {
    let (covariance, ..) = pascal(3);
    let metric = Mahalanobis::new(&array![1.0, 2.0, 3.0], &covariance).unwrap();
    let x = rows(60_000, 3);
    let expected = metric.squared_distances(&x).unwrap();
    let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
    let mut padded = Array2::from_elem((120_000, 5), f64::NAN);
    padded.slice_mut(ndarray::s![..;2, 1..4]).assign(&x);
    for found in [
        metric.squared_distances(&column_major).unwrap(),
        metric.squared_distances(&padded.slice(ndarray::s![..;2, 1..4])).unwrap(),
    ] {
        for (found, expected) in found.iter().zip(&expected) {
            assert!((found - expected).abs() <= 1e3 * f64::EPSILON * expected);
        }
    }
    let one: f64 = metric.squared_distance(&x.row(59_999)).unwrap();
    assert!((one - expected[59_999]).abs() <= 1e3 * f64::EPSILON * one);
}

#[test]
fn distances_between_rows_are_those_from_a_location_there() {
    let (covariance, ..) = pascal(5);
    let (a, b) = (rows(9000, 5), rows(4, 5) + 0.5);
    let metric = Mahalanobis::new(&array![3.0, 1.0, 4.0, 1.0, 5.0], &covariance).unwrap();
    let squared = metric.squared_distances_between(&a, &b).unwrap();
    let distances = metric.distances_between(&a, &b).unwrap();
    for (j, row) in b.outer_iter().enumerate() {
        let expected = Mahalanobis::new(&row, &covariance).unwrap().squared_distances(&a).unwrap();
        for (i, expected) in expected.iter().enumerate() {
            // Whitened coordinates are up to 1e4 here, and of condition 1e4 themselves.
            assert!((squared[[i, j]] - expected).abs() <= 1e-8 * expected, "{} {expected}", squared[[i, j]]);
            assert_eq!(distances[[i, j]], squared[[i, j]].sqrt());
        }
    }
    assert_eq!(metric.squared_distances_between(&a.slice(ndarray::s![..0, ..]), &b).unwrap().dim(), (0, 4));
}

#[test]
fn a_dependent_feature_is_named() {
    let named =
        |covariance: &Array2<f64>| match Mahalanobis::new(&Array1::zeros(covariance.nrows()), covariance) {
            Err(Error::DependentFeature { argument: "covariance", feature, .. }) => feature,
            other => panic!("{other:?}"),
        };
    assert_eq!(named(&array![[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), 1, "constant");
    assert_eq!(named(&array![[1.0, 0.5, 1.0], [0.5, 1.0, 0.5], [1.0, 0.5, 1.0]]), 2, "duplicated");
    assert_eq!(
        named(&array![[1e-20, 0.0, 1e-20], [0.0, 1e20, 0.0], [1e-20, 0.0, 1e-20]]),
        2,
        "in small units"
    );
    assert_eq!(named(&Array2::zeros((1, 1))), 0);
    // The sum of the first two, in single precision: 24 bits.
    let single = array![[1.1f32, 0.3, 1.4], [0.3, 0.7, 1.0], [1.4, 1.0, 2.4]];
    assert!(matches!(
        Mahalanobis::new(&Array1::zeros(3), &single),
        Err(Error::DependentFeature { feature: 2, .. })
    ));
}

#[test]
fn what_is_no_covariance_is_refused() {
    let new = |covariance: Array2<f64>| {
        Mahalanobis::new(&Array1::zeros(covariance.nrows()), &covariance).unwrap_err()
    };
    let pseudo = Mahalanobis::params().singular(SingularCovariance::PseudoInverse);
    let invalid = [
        array![[1.0, 0.0], [0.0, -1.0]],
        array![[1.0, 2.0], [2.0, 1.0]],
        array![[0.0, 1.0], [1.0, 1.0]],
        array![[1.0, 1e300], [1e300, 1.0]],
        array![[2.0, 0.0, 1.9], [0.0, 2.0, 1.9], [1.9, 1.9, 2.0]],
    ];
    for covariance in invalid {
        assert!(matches!(new(covariance.clone()), Error::InvalidCovariance { .. }), "{covariance}");
        let location = Array1::zeros(covariance.nrows());
        assert!(matches!(pseudo.compute(&location, &covariance), Err(Error::InvalidCovariance { .. })));
    }
    use lapwing_lapack::Error::{NonFinite, NotSquare, NotSymmetric, Shape};
    assert!(matches!(
        new(array![[1.0, 0.1], [0.2, 1.0]]),
        Error::Lapack(NotSymmetric { row: 1, col: 0, .. })
    ));
    assert!(matches!(
        new(array![[1.0, 0.0], [f64::NAN, 1.0]]),
        Error::Lapack(NonFinite { row: 1, col: 0, .. })
    ));
    assert!(matches!(new(Array2::zeros((0, 0))), Error::NoFeatures { .. }));
    let new = |location: Array1<f64>, covariance: Array2<f64>| {
        Mahalanobis::new(&location, &covariance).unwrap_err()
    };
    assert!(matches!(new(array![0.0], Array2::eye(2)), Error::Lapack(Shape { argument: "location", .. })));
    assert!(matches!(new(array![0.0], Array2::ones((1, 2))), Error::Lapack(NotSquare { .. })));
    assert!(matches!(
        new(array![f64::INFINITY], Array2::eye(1)),
        Error::Lapack(NonFinite { argument: "location", .. })
    ));
}

/// `B Bᵀ` for integers B (4 x 2) has rank 2. Its pseudo-inverse gives `‖B⁺ x‖²`, and `B⁺ = (Bᵀ B)⁻¹ Bᵀ` is a 2 x 2 matter.
#[test]
fn a_singular_covariance_is_answered_in_its_range() {
    let b = array![[1.0, 0.0], [2.0, 1.0], [0.0, 3.0], [1.0, 1.0]];
    for units in [array![1.0, 1.0, 1.0, 1.0], array![1e6, 1.0, 1e-6, 1e3], array![1e-9, 1e-9, 1e9, 1e9]] {
        let b = &b * &units.view().insert_axis(Axis(1));
        let metric = Mahalanobis::params()
            .singular(SingularCovariance::PseudoInverse)
            .compute(&Array1::zeros(4), &b.dot(&b.t()))
            .unwrap();
        assert_eq!(metric.rank(), 2);
        // In the range, whatever the units: the coordinates themselves.
        let x = array![[3.0, -1.0], [0.5, 2.0]].dot(&b.t());
        let squared = metric.squared_distances(&x).unwrap();
        for (squared, expected) in squared.iter().zip([10.0f64, 4.25]) {
            assert!((squared - expected).abs() < 1e-9, "{squared} {expected}");
        }
    }
    let metric = Mahalanobis::params()
        .singular(SingularCovariance::PseudoInverse)
        .compute(&Array1::zeros(4), &b.dot(&b.t()))
        .unwrap();
    // Bᵀ B = [6 3; 3 11], of determinant 57; Bᵀ e₁ = (1, 0), so that B⁺ e₁ = (11, −3) / 57.
    let outside: f64 = metric.squared_distance(&array![1.0, 0.0, 0.0, 0.0]).unwrap();
    assert!((outside - 130.0 / 3249.0).abs() < 1e-14);
    // The part of e₁ in the range has the squared length e₁ᵀ B B⁺ e₁ = 11/57.
    let off = metric.off_support(&array![[1.0, 0.0, 0.0, 0.0], [1.0, 2.0, 0.0, 1.0]]).unwrap();
    assert!((off[0] - (46.0f64 / 57.0).sqrt()).abs() < 1e-14 && off[1].abs() < 1e-14, "{off}");
}

#[test]
fn a_pseudo_inverse_of_full_rank_changes_nothing_and_of_none_answers_zero() {
    let params = Mahalanobis::params().singular(SingularCovariance::PseudoInverse);
    let (covariance, ..) = pascal(4);
    let zero = Array1::zeros(4);
    assert_eq!(params.compute(&zero, &covariance).unwrap(), Mahalanobis::new(&zero, &covariance).unwrap());
    let metric = params.compute(&zero, &Array2::zeros((4, 4))).unwrap();
    assert_eq!(metric.rank(), 0);
    let x = array![[3.0, 0.0, 0.0, 4.0]];
    let outliers = metric.outliers(&x, 0.9).unwrap();
    assert_eq!((outliers.squared_distances[0], outliers.p_values[0], outliers.indices.len()), (0.0, 1.0, 0));
    assert_eq!(metric.off_support(&x).unwrap(), array![5.0]);
}

#[test]
fn bad_rows_are_located_and_large_ones_reported() {
    let metric = Mahalanobis::new(&array![0.0, 0.0], &Array2::eye(2)).unwrap();
    use lapwing_lapack::Error::{NonFinite, Overflow};
    let bad = array![[0.0, 1.0], [f64::NAN, 0.0]];
    assert_eq!(metric.squared_distances(&bad), Err(NonFinite { argument: "x", row: 1, col: 0 }.into()));
    assert!(matches!(metric.squared_distances(&array![[1.0]]), Err(Error::FeatureMismatch { .. })));
    assert!(matches!(metric.squared_distances(&array![[1e300, 0.0]]), Err(Error::Lapack(Overflow { .. }))));
    assert_eq!(metric.squared_distances(&Array2::zeros((0, 2))).unwrap().len(), 0);
    let far = Mahalanobis::new(&array![-f64::MAX], &array![[1.0]]).unwrap();
    assert!(matches!(far.distances(&array![[f64::MAX]]), Err(Error::Lapack(Overflow { .. }))));
    let tiny = Mahalanobis::new(&array![0.0f64], &array![[1e-310]]).unwrap();
    let squared = tiny.squared_distance(&array![1e-155]).unwrap();
    assert!((squared - 1.0).abs() < 1e-13, "a subnormal variance has 1e-14 of itself as its spacing");
}

/// The covariance holds 24 bits, so that distances hold 24 bits less those of the condition; nothing else is lost.
#[test]
fn single_precision_loses_only_what_the_covariance_has_lost() {
    let (covariance, ..) = pascal(5);
    let metric = Mahalanobis::new(&Array1::zeros(5), &covariance.mapv(|c| c as f32)).unwrap();
    let double = Mahalanobis::new(&Array1::zeros(5), &covariance).unwrap();
    let x = rows(30, 5);
    let found = metric.squared_distances(&x.mapv(|x| x as f32)).unwrap();
    // Small integers are exact in both.
    for (found, expected) in found.iter().zip(&double.squared_distances(&x).unwrap()) {
        assert_eq!(*found, *expected as f32);
    }
}

/// For two degrees of freedom the survival function is exp(−x/2).
#[test]
fn p_values_and_cutoffs_are_those_of_chi_square() {
    let metric = Mahalanobis::new(&array![0.0, 0.0], &Array2::eye(2)).unwrap();
    for (squared, p) in [(0.0, 1.0), (2.0, (-1.0f64).exp()), (1400.0, (-700.0f64).exp())] {
        let found = metric.p_values(&array![squared]).unwrap()[0];
        assert!((found - p).abs() <= 1e-12 * p, "{found} {p}");
    }
    assert!((metric.cutoff(0.975).unwrap() + 2.0 * 0.025f64.ln()).abs() < 1e-13);
    for quantile in [0.0, 1.0, -0.5, f64::NAN] {
        assert!(matches!(
            metric.cutoff(quantile),
            Err(Error::InvalidParameter { parameter: "quantile", .. })
        ));
    }
    for squared in [-1.0, f64::NAN] {
        assert!(matches!(metric.p_values(&array![squared]), Err(Error::InvalidParameter { .. })));
    }
}

#[test]
fn a_stored_metric_is_the_same_and_a_damaged_one_is_refused() {
    let (covariance, ..) = pascal(3);
    let metric = Mahalanobis::new(&array![1.0, 2.0, 3.5], &covariance).unwrap();
    let text = serde_json::to_string(&metric).unwrap();
    assert_eq!(serde_json::from_str::<Mahalanobis<f64>>(&text).unwrap(), metric);
    let pseudo = Mahalanobis::params()
        .singular(SingularCovariance::PseudoInverse)
        .compute(&array![1.0f32, 2.0], &Array2::ones((2, 2)))
        .unwrap();
    let stored = serde_json::to_string(&pseudo).unwrap();
    assert_eq!(serde_json::from_str::<Mahalanobis<f32>>(&stored).unwrap(), pseudo);
    for (from, to) in [
        ("\"rank\":3", "\"rank\":4"),
        ("\"rank\":3", "\"rank\":2"),
        ("\"version\":1", "\"version\":2"),
        ("3.5]", "3.5,1.0]"),
        ("lapwing.mahalanobis", "lapwing.pca"),
    ] {
        let damaged = text.replace(from, to);
        assert_ne!(damaged, text, "{from}");
        assert!(serde_json::from_str::<Mahalanobis<f64>>(&damaged).is_err(), "{to}");
    }
}
