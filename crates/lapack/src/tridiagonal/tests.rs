use ndarray::{Array1, Array2, array};

use super::*;
use crate::random::standard_normal;

/// Random diagonals, and the full matrix. Not diagonally dominant, so that rows are exchanged.
fn random(n: usize) -> (Array1<f64>, Array1<f64>, Array1<f64>, Array2<f64>) {
    let draw = |length, seed| standard_normal(length, 1, seed).column(0).to_owned();
    let (below, diagonal, above) = (draw(n.max(1) - 1, 1), draw(n, 2), draw(n.max(1) - 1, 3));
    let full = full(&below, &diagonal, &above);
    (below, diagonal, above, full)
}

fn full(below: &Array1<f64>, diagonal: &Array1<f64>, above: &Array1<f64>) -> Array2<f64> {
    let n = diagonal.len();
    Array2::from_shape_fn((n, n), |(i, j)| match (i + 1 == j, i == j, i == j + 1) {
        (true, _, _) => above[i],
        (_, true, _) => diagonal[i],
        (_, _, true) => below[j],
        _ => 0.0,
    })
}

#[test]
fn agrees_with_the_full_matrix() {
    for n in [1, 2, 3, 4, 10, 50, 200] {
        let (below, diagonal, above, a) = random(n);
        let (lu, full) =
            (TridiagonalLu::new(&below, &diagonal, &above).unwrap(), crate::Lu::new(&a).unwrap());
        let certificate = lu.certificate(&below, &diagonal, &above).unwrap();
        assert!(certificate.holds(), "{n}: {certificate}");
        let b = standard_normal(n, 3, 4);
        let condition = 1.0 / full.reciprocal_condition(ConditionNorm::Infinity).unwrap();
        for (x, y) in [
            (lu.solve(&b).unwrap(), full.solve(&b).unwrap()),
            (lu.solve_transposed(&b).unwrap(), full.solve_transposed(&b).unwrap()),
        ] {
            let bound = 30.0 * n as f64 * f64::EPSILON * condition * largest(&y);
            assert!((&x - &y).iter().all(|d| d.abs() <= bound), "{n}");
        }
        let ((sign, logarithm), (full_sign, full_logarithm)) =
            (lu.sign_log_determinant(), full.sign_log_determinant().unwrap());
        assert!(
            sign == full_sign && (logarithm - full_logarithm).abs() <= n as f64 * f64::EPSILON * condition
        );
        for norm in [ConditionNorm::One, ConditionNorm::Infinity] {
            let ratio = lu.reciprocal_condition(norm).unwrap() / full.reciprocal_condition(norm).unwrap();
            assert!((0.3..3.0).contains(&ratio), "{n}: {ratio}");
        }
    }
}

/// A certificate that nothing could fail would prove nothing.
#[test]
fn a_wrong_factor_fails_its_certificate() {
    for n in [2, 3, 10, 50] {
        let (below, diagonal, above, _) = random(n);
        let lu = TridiagonalLu::new(&below, &diagonal, &above).unwrap();
        for i in 0..n {
            let mut wrong = diagonal.clone();
            wrong[i] += 1e-9;
            assert!(!lu.certificate(&below, &wrong, &above).unwrap().holds());
        }
        for i in 0..n - 1 {
            let mut wrong = below.clone();
            wrong[i] += 1e-9;
            assert!(!lu.certificate(&wrong, &diagonal, &above).unwrap().holds());
            let mut wrong = above.clone();
            wrong[i] += 1e-9;
            assert!(!lu.certificate(&below, &diagonal, &wrong).unwrap().holds());
        }
    }
}

/// The second difference of order n has determinant n + 1 and an inverse of known norm.
#[test]
fn the_second_difference_is_factored_exactly_enough() {
    for n in [1, 2, 3, 10, 99] {
        let (diagonal, below) = (Array1::from_elem(n, 2.0f64), Array1::from_elem(n - 1, -1.0));
        let cholesky = TridiagonalCholesky::new(&diagonal, &below).unwrap();
        assert!((cholesky.log_determinant() - ((n + 1) as f64).ln()).abs() < 1e-14 * n as f64);
        assert!(cholesky.certificate(&diagonal, &below).unwrap().holds());
        let mut wrong = diagonal.clone();
        wrong[n - 1] += 1e-9;
        assert!(!cholesky.certificate(&wrong, &below).unwrap().holds());
        let a = full(&below, &diagonal, &below);
        let x = Array1::from_shape_fn(n, |i| (i % 5) as f64 - 2.0);
        let solution = cholesky.solve(&a.dot(&x)).unwrap();
        let reciprocal = cholesky.reciprocal_condition().unwrap();
        assert!((&solution - &x).iter().all(|d| d.abs() <= 30.0 * n as f64 * f64::EPSILON / reciprocal));
        // ‖A⁻¹‖₁ = floor((n + 1)² / 4) / 2.
        let inverse_norm = ((n + 1) * (n + 1) / 4) as f64 / 2.0;
        let norm = [2.0, 3.0, 4.0][n.min(3) - 1];
        assert!((reciprocal * norm * inverse_norm - 1.0).abs() < 1e-12, "{n}");
        let lu = TridiagonalLu::new(&below, &diagonal, &below).unwrap();
        assert!((lu.determinant().unwrap() - (n + 1) as f64).abs() < 1e-12 * (n + 1) as f64);
    }
    let refused = TridiagonalCholesky::new(&array![1.0, 1.0, 1.0], &array![0.5, 2.0]).unwrap_err();
    assert_eq!(refused, Error::NotPositiveDefinite { minor: 3 });
}

#[test]
fn empty_singular_and_extreme_systems_are_answered() {
    let none = Array1::<f64>::zeros(0);
    let empty = TridiagonalLu::new(&none, &none, &none).unwrap();
    assert_eq!((empty.determinant().unwrap(), empty.solve(&none).unwrap().len()), (1.0, 0));
    assert!(empty.certificate(&none, &none, &none).unwrap().holds());
    assert_eq!(empty.reciprocal_condition(ConditionNorm::One).unwrap(), 1.0);
    let empty = TridiagonalCholesky::new(&none, &none).unwrap();
    assert_eq!((empty.log_determinant(), empty.reciprocal_condition().unwrap()), (0.0, 1.0));

    let singular = TridiagonalLu::new(&array![1.0], &array![1.0, 1.0], &array![1.0]).unwrap();
    assert_eq!(singular.zero_pivot(), Some(1));
    assert_eq!(singular.solve(&array![1.0, 1.0]).unwrap_err(), Error::Singular { pivot: 1 });
    assert_eq!(singular.reciprocal_condition(ConditionNorm::One).unwrap(), 0.0);

    for scale in [1e300, 1e-300] {
        let (below, diagonal) = (array![1.0, 1.0] * scale, array![2.0, 3.0, 4.0] * scale);
        let b = array![3.0, 5.0, 5.0] * scale;
        for x in [
            TridiagonalLu::new(&below, &diagonal, &below).unwrap().solve(&b).unwrap(),
            TridiagonalCholesky::new(&diagonal, &below).unwrap().solve(&b).unwrap(),
        ] {
            assert!(x.iter().all(|x| (x - 1.0f64).abs() < 1e-14), "{scale:e} {x}");
        }
    }
}

#[test]
fn bad_entries_and_lengths_are_named() {
    let (two, three) = (array![1.0, 1.0], array![3.0, 3.0, 3.0]);
    assert!(matches!(TridiagonalLu::new(&two, &two, &two), Err(Error::Shape { argument: "below", .. })));
    assert!(matches!(TridiagonalLu::new(&two, &three, &three), Err(Error::Shape { argument: "above", .. })));
    let bad = array![1.0, f64::NAN];
    let named = |argument| Error::NonFinite { argument, row: 1, col: 0 };
    assert_eq!(TridiagonalLu::new(&bad, &three, &two).unwrap_err(), named("below"));
    assert_eq!(TridiagonalLu::new(&two, &three, &bad).unwrap_err(), named("above"));
    assert_eq!(TridiagonalCholesky::new(&bad, &array![1.0]).unwrap_err(), named("diagonal"));
    let lu = TridiagonalLu::new(&two, &three, &two).unwrap();
    assert!(matches!(lu.solve(&two), Err(Error::Shape { argument: "b", .. })));
}
