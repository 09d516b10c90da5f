use ndarray::{Array, array};

use super::*;

/// `[4 2 1; 2 3 1; 1 1 2]`: determinant 13.
fn normal() -> MultivariateNormal<f64> {
    MultivariateNormal::new(
        &array![1.0, -2.0, 0.5],
        &array![[4.0, 2.0, 1.0], [2.0, 3.0, 1.0], [1.0, 1.0, 2.0]],
    )
    .unwrap()
}

/// 13 Σ⁻¹ is `[5 −3 −1; −3 7 −2; −1 −2 8]`.
#[test]
fn densities_are_the_formula() {
    let normal = normal();
    let constant = 1.5 * (2.0 * PI).ln() + 0.5 * 13f64.ln();
    let x = array![[1.0, -2.0, 0.5], [2.0, -2.0, 0.5], [2.0, -1.0, 2.5]];
    let found = normal.log_density(&x).unwrap();
    // dᵀ (13 Σ⁻¹) d for d = (0, 0, 0), (1, 0, 0), (1, 1, 2).
    for ((found, squared), density) in found.iter().zip([0.0, 5.0, 26.0]).zip(normal.density(&x).unwrap()) {
        let expected = -constant - 0.5 * squared / 13.0;
        assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        assert!((density - expected.exp()).abs() < 1e-15);
    }
    let entropy = 1.5 * (1.0 + (2.0 * PI).ln()) + 0.5 * 13f64.ln();
    assert!((normal.entropy() - entropy).abs() < 1e-14);
}

/// The density of all is that of some times that of the others given them.
#[test]
fn a_density_is_a_marginal_times_a_conditional() {
    let normal = normal();
    let x = array![[0.3, -1.0, 2.0]];
    let whole = normal.log_density(&x).unwrap()[0];
    for (given, rest) in
        [(vec![0], vec![1, 2]), (vec![2, 0], vec![1]), (vec![1], vec![0, 2]), (vec![], vec![0, 1, 2])]
    {
        let values: Array1<f64> = given.iter().map(|&i| x[[0, i]]).collect();
        let conditional = normal.conditional(&given, &values).unwrap();
        let mut sum = conditional.log_density(&x.select(Axis(1), &rest)).unwrap()[0];
        if !given.is_empty() {
            sum += normal.marginal(&given).unwrap().log_density(&values.insert_axis(Axis(0))).unwrap()[0];
        }
        assert!((whole - sum).abs() < 1e-13, "{given:?}: {whole} {sum}");
    }
    // By hand: given x₀ = 3, the others have mean (−2, ½) + (2, 1) · 2/4 and covariance [3 1; 1 2] − [4 2; 2 1]/4.
    let conditional = normal.conditional(&[0], &array![3.0]).unwrap();
    assert!((&conditional.mean() - &array![-1.0, 1.0]).iter().all(|x| x.abs() < 1e-15));
    let expected = array![[2.0, 0.5], [0.5, 1.75]];
    assert!((&conditional.covariance() - &expected).iter().all(|x| x.abs() < 1e-15));
    assert_eq!(normal.marginal(&[2, 0]).unwrap().covariance(), array![[2.0, 1.0], [1.0, 4.0]]);
}

/// A conditional variance of 2⁻⁴⁰ beside variances of 1, which a difference would hold to 12 bits.
#[test]
fn a_small_conditional_variance_keeps_its_digits() {
    let tiny = 2f64.powi(-40);
    let normal = MultivariateNormal::new(&array![0.0, 0.0], &array![[1.0, 1.0], [1.0, 1.0 + tiny]]).unwrap();
    let left = normal.conditional(&[0], &array![0.25]).unwrap();
    assert_eq!((left.mean()[0], left.covariance()[[0, 0]]), (0.25, tiny));
}

/// Sample moments of n rows are within a few standard errors: √(σᵢᵢ/n), and √((σᵢᵢσⱼⱼ + σᵢⱼ²)/n).
#[test]
fn samples_have_the_moments_and_the_seed_repeats_them() {
    let normal = normal();
    let n = 20_000;
    let x = normal.sample(n, 3).unwrap();
    assert_eq!(x, normal.sample(n, 3).unwrap());
    assert_ne!(x, normal.sample(n, 4).unwrap());
    assert_eq!(x, lapwing_lapack::threads::with(1, || normal.sample(n, 3)).unwrap());
    let (mean, covariance) = (x.mean_axis(Axis(0)).unwrap(), normal.covariance());
    let centred = &x - &mean;
    let found = centred.t().dot(&centred) / n as f64;
    for i in 0..3 {
        let error = (covariance[[i, i]] / n as f64).sqrt();
        assert!((mean[i] - normal.mean()[i]).abs() < 4.0 * error);
        for j in 0..3 {
            let spread = covariance[[i, i]] * covariance[[j, j]] + covariance[[i, j]].powi(2);
            assert!((found[[i, j]] - covariance[[i, j]]).abs() < 4.0 * (spread / n as f64).sqrt());
        }
    }
    assert_eq!(normal.sample(0, 1).unwrap().dim(), (0, 3));
}

/// One feature has closed forms; independent features add.
#[test]
fn divergences_are_the_closed_forms() {
    let one = |mean: f64, variance: f64| MultivariateNormal::new(&array![mean], &array![[variance]]).unwrap();
    for (m1, v1, m2, v2) in [(0.0, 1.0, 1.0, 4.0), (2.0, 9.0, -1.0, 0.25), (0.0, 1e-200, 1e-100, 4e-200)] {
        let d2: f64 = (m1 - m2) * (m1 - m2);
        let kl = 0.5 * (v1 / v2 + d2 / v2 - 1.0 + f64::ln(v2 / v1));
        let ratio: f64 = v1 / v2;
        let distance = 0.25 * (0.25 * (ratio + ratio.recip() + 2.0)).ln() + 0.25 * d2 / (v1 + v2);
        let (a, b) = (one(m1, v1), one(m2, v2));
        assert!((a.kl_divergence(&b).unwrap() - kl).abs() < 1e-13 * kl, "{kl}");
        for found in [a.bhattacharyya(&b).unwrap(), b.bhattacharyya(&a).unwrap()] {
            assert!((found - distance).abs() < 1e-13 * distance, "{found} {distance}");
        }
    }
}

/// Both are invariant under an invertible linear map, which turns independent features into dependent ones.
#[test]
fn divergences_do_not_depend_on_coordinates() {
    let map = array![[1.0, 2.0, 0.0], [0.0, 1.0, -1.0], [3.0, 0.0, 1.0]];
    let pairs = [(1.0, 4.0), (2.0, 0.5), (3.0, 3.0)];
    let (first, second) =
        (Array2::from_diag(&array![1.0, 2.0, 3.0]), Array2::from_diag(&array![4.0, 0.5, 3.0]));
    let shift = map.dot(&array![1.0, 0.0, 2.0]);
    let moved = |covariance: &Array2<f64>| map.dot(covariance).dot(&map.t());
    let a = MultivariateNormal::new(&Array1::zeros(3), &moved(&first)).unwrap();
    let b = MultivariateNormal::new(&shift, &moved(&second)).unwrap();
    let kl: f64 = pairs.iter().map(|(v1, v2): &(f64, f64)| 0.5 * (v1 / v2 - 1.0 + (v2 / v1).ln())).sum();
    let kl = kl + 0.5 * (1.0 / 4.0 + 4.0 / 3.0);
    assert!((a.kl_divergence(&b).unwrap() - kl).abs() < 1e-13);
    let distance: f64 =
        pairs.iter().map(|(v1, v2): &(f64, f64)| 0.5 * (0.5 * (v1 + v2) / (v1 * v2).sqrt()).ln()).sum();
    let distance = distance + (1.0 / 2.5 + 4.0 / 3.0) / 8.0;
    assert!((a.bhattacharyya(&b).unwrap() - distance).abs() < 1e-13);
}

/// Variances that differ by h = 2⁻²⁰ of themselves: h²/4 and h²/16 to the first order, where differences would leave 1e-16.
#[test]
fn near_distributions_have_small_distances_and_equal_ones_none() {
    let (base, h) = (normal(), 2f64.powi(-20));
    let near = MultivariateNormal::new(&base.mean(), &(base.covariance() * (1.0 + h))).unwrap();
    let (kl, distance) = (base.kl_divergence(&near).unwrap(), base.bhattacharyya(&near).unwrap());
    assert!((kl / (0.75 * h * h) - 1.0).abs() < 4.0 * h, "{kl}");
    assert!((distance / (3.0 / 16.0 * h * h) - 1.0).abs() < 4.0 * h, "{distance}");
    assert_eq!(base.kl_divergence(&base).unwrap(), 0.0);
    assert!(base.bhattacharyya(&base).unwrap() < 1e-30);
}

#[test]
fn bad_arguments_are_typed_errors() {
    use lapwing_lapack::Error::{NonFinite, Overflow, Shape};
    let normal = normal();
    for indices in [vec![3], vec![0, 0], vec![0, 1, 2]] {
        let values = Array::zeros(indices.len());
        assert!(matches!(normal.conditional(&indices, &values), Err(Error::InvalidParameter { .. })));
    }
    assert!(matches!(normal.conditional(&[0], &array![1.0, 2.0]), Err(Error::Lapack(Shape { .. }))));
    assert!(matches!(normal.conditional(&[0], &array![f64::NAN]), Err(Error::Lapack(NonFinite { .. }))));
    assert!(matches!(normal.marginal(&[]), Err(Error::InvalidParameter { .. })));
    assert!(matches!(
        normal.kl_divergence(&normal.marginal(&[0]).unwrap()),
        Err(Error::FeatureMismatch { argument: "other", found: 1, expected: 3 })
    ));
    assert!(matches!(
        MultivariateNormal::new(&array![0.0, 0.0], &Array2::ones((2, 2))),
        Err(Error::DependentFeature { feature: 1, .. })
    ));
    let narrow = MultivariateNormal::new(&array![0.0, 0.0], &(Array2::eye(2) * 1e-308)).unwrap();
    assert_eq!(narrow.log_density(&array![[0.0, 0.0]]).unwrap().len(), 1);
    let tiny: MultivariateNormal<f64> =
        MultivariateNormal::new(&Array1::zeros(3), &(Array2::eye(3) * 1e-300)).unwrap();
    assert!(matches!(tiny.density(&Array2::zeros((1, 3))), Err(Error::Lapack(Overflow { .. }))));
}

#[test]
fn single_precision_gives_the_rounded_answer() {
    let single = MultivariateNormal::new(&array![1.0f32, -2.0], &array![[4.0f32, 2.0], [2.0, 3.0]]).unwrap();
    let double = MultivariateNormal::new(&array![1.0, -2.0], &array![[4.0, 2.0], [2.0, 3.0]]).unwrap();
    let x = array![[0.5, 1.25], [-3.0, 2.0]];
    assert_eq!(
        single.log_density(&x.mapv(|x| x as f32)).unwrap(),
        double.log_density(&x).unwrap().mapv(|x| x as f32)
    );
}

#[test]
fn a_stored_distribution_is_the_same_and_a_damaged_one_is_refused() {
    let normal = normal();
    let text = serde_json::to_string(&normal).unwrap();
    assert_eq!(serde_json::from_str::<MultivariateNormal<f64>>(&text).unwrap(), normal);
    for (from, to) in [("[4.0,", "[-4.0,"), ("[4.0,", "["), ("\"version\":1", "\"version\":9")] {
        let damaged = text.replace(from, to);
        assert_ne!(damaged, text);
        assert!(serde_json::from_str::<MultivariateNormal<f64>>(&damaged).is_err(), "{to}");
    }
}
