use ndarray::{Array2, ArrayView, array};

use super::*;
use crate::testing::{Kind, Layout, matrix};

const TRIANGLES: [Triangle; 2] = [Triangle::Lower, Triangle::Upper];

/// Off-diagonal entries are small, so that the matrix is well conditioned; what is not to be read is NaN.
fn triangular(n: usize, triangle: Triangle, diagonal: Diagonal) -> (Array2<f64>, Array2<f64>) {
    let random = matrix::<f64>(Kind::Random, n, n) / n.max(1) as f64;
    let exact = Array2::from_shape_fn((n, n), |(i, j)| match (i == j, triangle.columns(i, n).contains(&j)) {
        (true, _) if diagonal == Diagonal::Unit => 1.0,
        (true, _) => 2.0 + random[[i, i]],
        (false, true) => random[[i, j]],
        (false, false) => 0.0,
    });
    let mut given = exact.clone();
    given.indexed_iter_mut().for_each(|((i, j), entry)| {
        if !triangle.columns(i, n).contains(&j) {
            *entry = f64::NAN;
        } else if i == j && diagonal == Diagonal::Unit {
            *entry = 17.0;
        }
    });
    (exact, given)
}

/// ‖b − A x‖ and ‖I − A A⁻¹‖ stay within n ε of the norms, for which all entries here are below 3 n.
#[test]
fn solutions_and_inverses_are_exact_to_rounding() {
    for n in [0, 1, 2, 5, 33, 100] {
        for (triangle, diagonal) in
            TRIANGLES.into_iter().flat_map(|t| [(t, Diagonal::General), (t, Diagonal::Unit)])
        {
            let (exact, given) = triangular(n, triangle, diagonal);
            let b = matrix::<f64>(Kind::Random, n, 3);
            for layout in Layout::ALL {
                let bound = 30.0 * n as f64 * f64::UNIT_ROUNDOFF * 3.0 * 3.0;
                let x = layout.with(&given, |a| solve(&a, triangle, diagonal, &b)).unwrap();
                assert!((exact.dot(&x) - &b).iter().all(|r| r.abs() <= bound.max(1e-15) * 5.0));
                let inverse = layout.with(&given, |a| inverse(&a, triangle, diagonal)).unwrap();
                assert!((exact.dot(&inverse) - Array2::<f64>::eye(n)).iter().all(|r| r.abs() <= bound));
                if n == 0 {
                    continue;
                }
                let sums = |a: &ArrayRef2<f64>| {
                    a.columns().into_iter().map(|c| c.iter().map(|x| x.abs()).sum()).fold(0.0, f64::max)
                };
                for (norm, truth) in [
                    (ConditionNorm::One, 1.0 / (sums(&exact) * sums(&inverse))),
                    (ConditionNorm::Infinity, 1.0 / (sums(&exact.t()) * sums(&inverse.t()))),
                ] {
                    let estimate =
                        layout.with(&given, |a| reciprocal_condition(&a, triangle, diagonal, norm)).unwrap();
                    assert!(estimate >= 0.99 * truth && estimate <= 10.0 * truth, "{estimate} for {truth}");
                }
            }
        }
    }
}

#[test]
fn zeros_on_the_diagonal_are_named() {
    for pivot in 0..4 {
        for triangle in TRIANGLES {
            let mut a = Array2::<f32>::eye(4);
            a[[pivot, pivot]] = 0.0;
            let singular = Error::Singular { pivot };
            let b = array![1.0, 1.0, 1.0, 1.0];
            assert_eq!(solve(&a, triangle, Diagonal::General, &b).unwrap_err(), singular);
            assert_eq!(inverse(&a, triangle, Diagonal::General).unwrap_err(), singular);
            let reciprocal = reciprocal_condition(&a, triangle, Diagonal::General, ConditionNorm::One);
            assert_eq!(reciprocal.unwrap(), 0.0);
            assert_eq!(solve(&a, triangle, Diagonal::Unit, &b).unwrap(), b);
        }
    }
    let a = array![[1.0, 0.0], [1.0, 1e-310]];
    let refused = solve(&a, Triangle::Lower, Diagonal::General, &array![1.0, 2.0]).unwrap_err();
    assert_eq!(refused, Error::Singular { pivot: 1 });
}

/// A multiple of a well-conditioned matrix is as easy to solve with, wherever in the range it lies.
#[test]
fn scale_does_not_matter() {
    let base = array![[2.0, 0.0], [1.0, 4.0]];
    for scale in [4e307f64, 1e300, 1e-300, 5e-324] {
        let (a, b) = (&base * scale, array![4.0, 2.0] * scale);
        let x = solve(&a, Triangle::Lower, Diagonal::General, &b).unwrap();
        assert!((x[0] - 2.0).abs() <= 4.0 * f64::EPSILON && x[1].abs() <= f64::EPSILON, "{scale:e} {x}");
        let reciprocal = reciprocal_condition(&a, Triangle::Lower, Diagonal::General, ConditionNorm::One);
        // ‖base‖₁ = 4, ‖base⁻¹‖₁ = 5/8.
        assert!((reciprocal.unwrap() - 0.4).abs() < 1e-14);
    }
}

#[test]
fn bad_entries_and_extents_are_named() {
    let mut a = Array2::<f64>::eye(3);
    a[[2, 1]] = f64::INFINITY;
    let b = array![1.0, 2.0, 3.0];
    let refused = Error::NonFinite { argument: "a", row: 2, col: 1 };
    assert_eq!(solve(&a, Triangle::Lower, Diagonal::General, &b).unwrap_err(), refused);
    assert_eq!(inverse(&a, Triangle::Lower, Diagonal::Unit).unwrap_err(), refused);
    assert_eq!(solve(&a, Triangle::Upper, Diagonal::General, &b).unwrap(), b);
    let b = array![1.0, f64::NAN, 3.0];
    let refused = Error::NonFinite { argument: "b", row: 1, col: 0 };
    assert_eq!(solve(&a, Triangle::Upper, Diagonal::General, &b).unwrap_err(), refused);
    let wide = Array2::<f64>::zeros((2, 3));
    assert!(matches!(inverse(&wide, Triangle::Upper, Diagonal::General), Err(Error::NotSquare { .. })));
    let short = array![1.0];
    assert!(matches!(solve(&a, Triangle::Upper, Diagonal::Unit, &short), Err(Error::Shape { .. })));
    let zero = [0.0];
    let huge = ArrayView::from_shape((1, 1), &zero).unwrap();
    let huge = huge.broadcast((1 << 31, 1 << 31)).unwrap();
    assert!(matches!(inverse(&huge, Triangle::Upper, Diagonal::General), Err(Error::TooLarge { .. })));
}
