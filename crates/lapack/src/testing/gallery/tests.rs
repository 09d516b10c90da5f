use ndarray::{Array1, Axis};

use super::*;
use crate::{Svd, SymmetricEigen};

/// The determinant by Bareiss's elimination, whose divisions all go out even.
fn determinant(mut a: Array2<i128>) -> i128 {
    let n = a.nrows();
    let (mut sign, mut previous) = (1, 1);
    for k in 0..n {
        let Some(pivot) = (k..n).find(|&i| a[[i, k]] != 0) else { return 0 };
        if pivot != k {
            for j in 0..n {
                a.swap([k, j], [pivot, j]);
            }
            sign = -sign;
        }
        for i in k + 1..n {
            for j in k + 1..n {
                a[[i, j]] = (a[[i, j]] * a[[k, k]] - a[[i, k]] * a[[k, j]]) / previous;
            }
        }
        previous = a[[k, k]];
    }
    sign * previous
}

/// The inverse of `a / scale`, if it is of integers: the adjugate over the determinant.
fn integer_inverse(a: &Array2<i128>, scale: i128) -> Option<Array2<i128>> {
    let (n, whole) = (a.nrows(), determinant(a.clone()));
    let cofactor = |i: usize, j: usize| {
        let keep = |skip: usize| (0..n).filter(|&k| k != skip).collect::<Vec<_>>();
        let minor = a.select(Axis(0), &keep(i)).select(Axis(1), &keep(j));
        if (i + j).is_multiple_of(2) { determinant(minor) } else { -determinant(minor) }
    };
    let mut inverse = Array2::zeros((n, n));
    for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
        let numerator = scale * cofactor(j, i);
        if numerator % whole != 0 {
            return None;
        }
        inverse[[i, j]] = numerator / whole;
    }
    Some(inverse)
}

/// `scale a` as integers, where the rounding of each entry to 53 bits is what separates them from it.
fn integers(a: &Array2<f64>, scale: i128) -> Array2<i128> {
    a.mapv(|x| {
        let scaled = x * scale as f64;
        assert!((scaled - scaled.round()).abs() <= scaled.abs() * f64::EPSILON);
        scaled.round() as i128
    })
}

/// The least common multiple of 1 to `n`.
fn common_multiple(n: i128) -> i128 {
    let gcd = |mut a: i128, mut b: i128| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    (1..=n).fold(1, |multiple, k| multiple / gcd(multiple, k) * k)
}

fn eigenvalues(a: &Array2<f64>) -> Array1<f64> {
    assert_eq!(a, a.t(), "not symmetric");
    SymmetricEigen::eigenvalues(a).unwrap().values
}

/// Within n ε of the largest, which is what a backward stable method guarantees for a symmetric matrix.
fn assert_spectrum(a: &Array2<f64>, mut expected: Vec<f64>) {
    expected.sort_by(f64::total_cmp);
    let found = eigenvalues(a);
    let largest = expected.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let bound = 4.0 * a.nrows() as f64 * f64::EPSILON * largest;
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert!((found - expected).abs() <= bound, "{found} is not {expected}");
    }
}

/// In exact arithmetic, entry by entry; f64 holds the integers up to order 12.
#[test]
fn the_inverse_of_the_hilbert_matrix_is_exact() {
    for n in 0..=12 {
        let multiple = common_multiple((2 * n as i128 - 1).max(1));
        let inverse = integers(&inverse_hilbert::<f64>(n), 1);
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            let entry: i128 = (0..n).map(|k| inverse[[i, k]] * (multiple / (k + j + 1) as i128)).sum();
            assert_eq!(entry, if i == j { multiple } else { 0 }, "order {n}");
        }
    }
    assert_eq!(integer_inverse(&integers(&hilbert(5), 2520), 2520), Some(integers(&inverse_hilbert(5), 1)));
    assert!(inverse_hilbert::<f64>(24).iter().all(|x| x.is_finite()));
}

#[test]
fn inverses_are_of_integers() {
    let multiple = common_multiple(11);
    assert!(integer_inverse(&integers(&lotkin(6), multiple), multiple).is_some());
    for a in [moler(8), pascal(8), frank(8)] {
        assert!(integer_inverse(&integers(&a, 1), 1).is_some());
    }
    let tridiagonal = integer_inverse(&integers(&minij(8), 1), 1).unwrap().mapv(|x| x as f64);
    let mut expected = second_difference::<f64>(8);
    expected[[7, 7]] = 1.0;
    assert_eq!(tridiagonal, expected);
}

#[test]
fn determinants_are_those_of_the_closed_forms() {
    for n in 1..=9 {
        for a in [frank(n), moler(n), minij(n), pascal(n)] {
            assert_eq!(determinant(integers(&a, 1)), 1, "order {n}");
        }
        assert_eq!(determinant(integers(&second_difference(n), 1)), n as i128 + 1);
    }
    // Of order 5 with d = 1/8: d^10 (7/8)^4, here in units of 8^-4 for each of the five rows.
    let scaled = integers(&graded(5, 3), 1 << 12);
    assert_eq!(determinant(scaled), (1 << 60) / (1 << 30) / (1 << 12) * 7i128.pow(4));
    let (kahan, theta) = (kahan::<f64>(6, 1.2, 0.0), 1.2f64);
    let expected = theta.sin().powi(15);
    assert!((kahan.diag().product() - expected).abs() <= 20.0 * f64::EPSILON * expected);
    assert!(kahan.indexed_iter().all(|((i, j), &x)| i <= j || x == 0.0));
}

/// A polynomial whose roots come in pairs λ, 1/λ satisfies p(2) = ± 2ⁿ p(1/2); both sides are integers.
#[test]
fn eigenvalues_come_in_reciprocal_pairs() {
    for n in 1..=8 {
        for a in [frank(n), pascal(n)] {
            let a = integers(&a, 1);
            let identity = Array2::from_shape_fn((n, n), |(i, j)| i128::from(i == j));
            let (at_two, at_half) = (&identity * 2 - &a, &identity - &a * 2);
            assert_eq!(determinant(at_two).abs(), determinant(at_half).abs(), "order {n}");
        }
    }
}

#[test]
fn spectra_are_those_of_the_closed_forms() {
    assert_spectrum(&rosser(), ROSSER_EIGENVALUES.to_vec());
    let (large, small) = (10.0 * 10405f64.sqrt(), 100.0 * 26f64.sqrt());
    for (constant, expected) in [(0, -large), (2, 510.0 - small), (5, 510.0 + small), (7, large)] {
        assert!((ROSSER_EIGENVALUES[constant] - expected).abs() <= 4.0 * f64::EPSILON * 1000.0);
    }
    for n in [1, 2, 5, 20] {
        let order = n as f64;
        let angles = |step: f64| (1..=n).map(move |k| step * k as f64);
        let sine = |angle: f64| angle.sin();
        let pi = std::f64::consts::PI;
        let half = pi / (2.0 * order + 2.0);
        assert_spectrum(&second_difference(n), angles(half).map(|x| 4.0 * sine(x).powi(2)).collect());
        let step = pi / (4.0 * order + 2.0);
        assert_spectrum(
            &minij(n),
            angles(2.0 * step).map(|x| 0.25 / (x - step).sin().powi(2)).collect::<Vec<_>>(),
        );
        let integers: Vec<f64> = (0..n).map(|k| order - 1.0 - 2.0 * k as f64).collect();
        assert_spectrum(&clement_symmetric(n), integers.clone());
        if n <= 8 {
            for lambda in integers {
                let shifted = clement::<f64>(n) - Array2::<f64>::eye(n) * lambda;
                assert_eq!(determinant(self::integers(&shifted, 1)), 0, "{lambda} of order {n}");
            }
        }
        let mut expected = vec![0.25; n - 1];
        expected.push(0.25 + order);
        assert_spectrum(&pei(n, 0.25), expected);

        let singular = Svd::values(&lauchli::<f64>(n, 0.5)).unwrap().values;
        let bound = 4.0 * (order + 1.0) * f64::EPSILON;
        assert!((singular[0] - (order + 0.25).sqrt()).abs() <= bound * singular[0]);
        assert!(singular.iter().skip(1).all(|x| (x - 0.5).abs() <= bound * singular[0]));

        // For a root x of T_n, the vector of T_0(x) to T_(n-1)(x) is an eigenvector.
        let colleague = colleague::<f64>(n);
        for k in 1..=n {
            let angle = (2 * k - 1) as f64 * pi / (2.0 * order);
            let vector = Array1::from_shape_fn(n, |degree| (degree as f64 * angle).cos());
            let residual = colleague.dot(&vector) - &vector * angle.cos();
            // Each cosine is off by its angle's rounding, up to n² π ε / n.
            assert!(residual.iter().all(|x| x.abs() <= 8.0 * order * f64::EPSILON), "root {k} of {n}");
        }
    }
}

/// From Wilkinson's table: 10.746194182903322 and 10.746194182903393.
#[test]
fn the_two_largest_eigenvalues_of_wilkinson_agree_to_fourteen_digits() {
    let found = eigenvalues(&wilkinson(21));
    assert!(
        (found[20] - 10.746194182903393).abs() <= 1e-13 && (found[19] - 10.746194182903322).abs() <= 1e-13
    );
    assert!((found[0] + 1.125441522119984).abs() <= 1e-13);
}

#[test]
fn entries_are_rounded_once() {
    assert_eq!(hilbert::<f32>(3)[[1, 1]], 1.0f32 / 3.0);
    assert_eq!(lehmer::<f32>(7)[[2, 6]], 3.0f32 / 7.0);
    // Past 2^53, where rounding to double precision first would round twice.
    // The binomial 126 over 63.
    let exact = 6034934435761406706427864636568328000u128;
    assert_eq!((pascal::<f32>(64)[[63, 63]], pascal::<f64>(64)[[63, 63]]), (exact as f32, exact as f64));
    assert_eq!(jordan_block(3, 2.0f32), ndarray::array![[2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]]);
    assert_eq!(grcar::<f64>(5).row(1), ndarray::array![-1.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(frank::<f64>(3), ndarray::array![[3.0, 2.0, 1.0], [2.0, 2.0, 1.0], [0.0, 1.0, 1.0]]);
    for n in [0, 1] {
        assert_eq!(hilbert::<f64>(n).dim(), (n, n));
        assert_eq!(lauchli::<f64>(n, 1.0).dim(), (n + 1, n));
    }
}

/// What the documentation says of conditions.
#[test]
fn conditions_are_as_documented() {
    let condition = |a: &Array2<f64>| {
        let values = Svd::values(a).unwrap().values;
        values[0] / values[values.len() - 1]
    };
    assert!(condition(&grcar(100)) < 4.0);
    for n in [2, 10, 50] {
        assert!(condition(&lehmer(n)) < 4.0 * (n * n) as f64);
    }
    for n in 2..=8 {
        let growth = (condition(&hilbert(n)).ln() / n as f64 - 3.5).abs();
        assert!(growth < 2.1, "{growth}");
    }
}
