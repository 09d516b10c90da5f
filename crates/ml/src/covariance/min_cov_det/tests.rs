//! What the minimum covariance determinant promises. Agreement with scikit-learn is tested for the whole workspace.

use lapwing_lapack::random::standard_normal;
use ndarray::{Array1, Array2, array, s};

use super::*;
use crate::covariance::{Centring, EmpiricalCovariance};
use crate::error::Error;

/// Normal rows, of which the first `outliers` lie elsewhere.
fn contaminated(rows: usize, features: usize, outliers: usize) -> Array2<f64> {
    let mut x = standard_normal(rows, features, 11);
    x.slice_mut(s![..outliers, ..]).mapv_inplace(|x| x + 50.0);
    x
}

/// 40 % of outliers pull the mean by 20 deviations, and the robust location by what 60 % of the rows leave it free: with
/// n = 100 at the least, each coordinate of their mean deviates by 1/√60, and by five times that never.
#[test]
fn two_outliers_in_five_move_nothing() {
    for (rows, features) in [(100, 1), (100, 3), (600, 2), (2000, 4)] {
        let outliers = rows * 2 / 5;
        let x = contaminated(rows, features, outliers);
        let model = MinCovDet::params().fit(&x).unwrap();
        assert!(model.location().iter().all(|x| x.abs() < 5.0 / 60f64.sqrt()), "{rows} {features}");
        assert!(!model.support().iter().take(outliers).any(|&inside| inside));
        assert!(model.distances().iter().take(outliers).all(|&distance| distance > 500.0));
        assert_eq!(model.support_scatter(), SupportScatter::Regular);
        let inside = model.support().iter().filter(|&&inside| inside).count();
        assert_eq!(model.n_samples(), inside);
        assert_eq!(
            model.raw_support().iter().filter(|&&inside| inside).count(),
            (rows + features + 1).div_ceil(2)
        );
    }
}

/// No sample outside the raw support is nearer to it than one inside: the search has ended where no step improves.
#[test]
fn the_raw_support_is_what_lies_nearest_to_it() {
    for rows in [60, 700, 1800] {
        let x = contaminated(rows, 3, rows / 10);
        let model = MinCovDet::params().fit(&x).unwrap();
        let metric =
            crate::Mahalanobis::new(&model.raw_location().to_owned(), &model.raw_covariance().to_owned());
        let distances = metric.unwrap().squared_distances(&x).unwrap();
        let within = |wanted: bool| {
            distances.iter().zip(model.raw_support()).filter(move |(_, inside)| **inside == wanted)
        };
        let farthest = within(true).fold(0.0f64, |most, (&distance, _)| most.max(distance));
        let nearest = within(false).fold(f64::INFINITY, |least, (&distance, _)| least.min(distance));
        assert!(farthest <= nearest * (1.0 + 1e-12), "{rows}: {farthest} {nearest}");
    }
}

/// Local minima of concentration are many; the exchanges lead from all of them to one.
#[test]
fn the_determinant_hardly_depends_on_the_seed() {
    let x = standard_normal(300, 4, 21);
    let determinant = |seed| {
        let model = MinCovDet::params().seed(seed).fit(&x).unwrap();
        lapwing_lapack::Cholesky::new(&model.raw_covariance()).unwrap().log_determinant()
    };
    let found: Vec<f64> = (0..3).map(determinant).collect();
    assert!(found.iter().all(|determinant| (determinant - found[0]).abs() < 0.01), "{found:?}");
}

/// Units and layouts do not matter: powers of two round nothing, so that the supports are the same.
#[test]
fn supports_do_not_depend_on_units_or_layout() {
    let x = contaminated(150, 3, 30);
    let model = MinCovDet::params().fit(&x).unwrap();
    let scaled = &x * &array![2f64.powi(-300), 1.0, 2f64.powi(300)];
    let other = MinCovDet::params().fit(&scaled).unwrap();
    assert_eq!((other.raw_support(), other.support()), (model.raw_support(), model.support()));
    let column_major = x.t().as_standard_layout().into_owned().reversed_axes();
    let padded = Array2::from_shape_fn((150, 5), |(i, j)| if j < 3 { x[[149 - i, j]] } else { f64::NAN });
    for layout in [column_major.view(), padded.slice(s![..;-1, ..3])] {
        assert_eq!(MinCovDet::params().fit(&layout).unwrap().raw_support(), model.raw_support());
    }
    let narrow = MinCovDet::params().fit(&x.mapv(|x| x as f32)).unwrap();
    assert_eq!(narrow.raw_support(), model.raw_support());
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let x = contaminated(1600, 2, 500);
    let fit = |seed| MinCovDet::params().seed(seed).fit(&x).unwrap();
    assert_eq!(fit(5), fit(5));
}

/// A constant column and a copy of another take nothing from what the other columns tell.
#[test]
fn data_on_a_hyperplane_is_searched_within_it() {
    let base = contaminated(80, 2, 25);
    let x = Array2::from_shape_fn((80, 4), |(i, j)| match j {
        0 | 1 => base[[i, j]],
        2 => base[[i, 0]],
        _ => 0.1,
    });
    let model = MinCovDet::params().fit(&x).unwrap();
    assert_eq!(model.support_scatter(), SupportScatter::OnHyperplane { dimension: 2 });
    assert!(!model.support().iter().take(25).any(|&inside| inside));
    assert_eq!(model.rank().unwrap(), 2);
    assert!(model.distances().iter().all(|distance| distance.is_finite()));
    assert_eq!(model.location()[3], 0.1);
}

/// Most samples share a value, and the rest do not: the least determinant is zero, and the rest are outliers.
#[test]
fn samples_off_the_hyperplane_of_most_are_outliers() {
    let mut x = standard_normal(90, 3, 4);
    x.slice_mut(s![..70, 1]).fill(0.0);
    let model = MinCovDet::params().fit(&x).unwrap();
    assert_eq!(model.support_scatter(), SupportScatter::OnHyperplane { dimension: 2 });
    assert!(!model.support().iter().skip(70).any(|&inside| inside));
    assert!(model.distances().iter().skip(70).all(|&distance| distance > 1e6 && distance.is_finite()));
}

#[test]
fn equal_samples_have_no_robust_covariance() {
    for features in [1, 3] {
        let mut x = Array2::from_elem((20, features), 0.3);
        assert!(
            matches!(
                MinCovDet::params().fit(&x),
                Err(Error::InvalidParameter { parameter: "support_fraction", .. })
            ) || features > 17
        );
        // All of them in the support: a covariance of zero, about which all distances are zero.
        let model = MinCovDet::params().support_fraction(1.0).fit(&x).unwrap();
        assert_eq!(model.covariance(), Array2::<f64>::zeros((features, features)));
        assert_eq!(model.distances(), Array1::<f64>::zeros(20));
        x[[3, 0]] = 5.0;
        assert!(MinCovDet::params().fit(&x).is_err());
    }
}

/// As many features as samples leave no sample out: the mean and the covariance of all, but for the correction.
#[test]
fn wide_data_is_taken_as_a_whole() {
    let x = standard_normal(5, 8, 2);
    let model = MinCovDet::params().fit(&x).unwrap();
    let whole = EmpiricalCovariance::params().fit(&x).unwrap();
    assert!(model.raw_support().iter().all(|&inside| inside));
    let difference = &model.raw_covariance() - &whole.covariance();
    assert!(difference.iter().all(|x| x.abs() < 1e-14));
    assert_eq!(model.support_scatter(), SupportScatter::OnHyperplane { dimension: 4 });
    assert!(MinCovDet::params().fit(&standard_normal(2, 1, 1)).is_ok());
}

#[test]
fn assumed_centred_data_is_measured_from_zero() {
    let x = contaminated(60, 2, 12) + 0.25;
    let model = MinCovDet::params().centring(Centring::AssumeCentred).fit(&x).unwrap();
    assert_eq!((model.location(), model.raw_location()), (array![0.0, 0.0].view(), array![0.0, 0.0].view()));
    let kept: Vec<usize> = (0..60).filter(|&i| model.raw_support()[i]).collect();
    let square = kept.iter().map(|&i| x[[i, 0]] * x[[i, 0]]).sum::<f64>() / kept.len() as f64;
    assert!((model.raw_covariance()[[0, 0]] - square).abs() < 1e-13);
}

#[test]
fn bad_parameters_and_data_are_refused() {
    let x = standard_normal(20, 2, 1);
    for fraction in [0.0, -1.0, 1.5, f64::NAN, 0.01] {
        assert!(matches!(
            MinCovDet::params().support_fraction(fraction).fit(&x),
            Err(Error::InvalidParameter { parameter: "support_fraction", .. })
        ));
    }
    let fit = |x: &Array2<f64>| MinCovDet::params().fit(x).err();
    assert!(matches!(fit(&x.slice(s![..1, ..]).to_owned()), Some(Error::TooFewSamples { least: 2, .. })));
    assert_eq!(fit(&Array2::zeros((3, 0))), Some(Error::NoFeatures { argument: "x" }));
    let mut bad = x.clone();
    bad[[17, 1]] = f64::NAN;
    let located = lapwing_lapack::Error::NonFinite { argument: "x", row: 17, col: 1 };
    assert_eq!(fit(&bad), Some(located.into()));
    let large = &x * 1e300;
    assert!(matches!(fit(&large), Some(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))));
    // Variances that underflow are zero.
    assert!(matches!(fit(&(&x * 1e-310)), Some(Error::InvalidParameter { .. })));
}

/// A sample at 1e100 neither hides the others nor moves what they are counted from.
#[test]
fn an_outlier_beyond_all_measure_costs_no_digit() {
    let mut x = standard_normal(60, 2, 9);
    let clean = MinCovDet::params().fit(&x).unwrap();
    x[[0, 0]] = 1e100;
    let model = MinCovDet::params().fit(&x).unwrap();
    assert!(!model.support()[0]);
    // One sample in sixty makes the difference of a few per cent, not of orders of magnitude.
    let ratio = model.covariance()[[0, 0]] / clean.covariance()[[0, 0]];
    assert!((0.5..2.0).contains(&ratio), "{ratio}");
}
