use ndarray::array;

use super::*;
use crate::random::standard_normal;
use crate::testing::{Kind, Layout, symmetric as symmetric_of};

const BOTH: [Modification; 2] = [Modification::SchnabelEskow, Modification::Shift];

/// Symmetric, with these eigenvalues.
fn with_eigenvalues(values: &[f64]) -> Array2<f64> {
    let n = values.len();
    let q = crate::Qr::new(&standard_normal(n, n, 11 + n as u64)).unwrap().q().unwrap();
    let scaled = &q * &ArrayView1::from(values);
    let a = scaled.dot(&q.t());
    (&a + &a.t()) * 0.5
}

fn largest(x: &ArrayRef2<f64>) -> f64 {
    x.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()))
}

/// The smallest eigenvalue of the matrix, and the condition of the matrix plus the perturbation.
fn least_and_condition(a: &Array2<f64>, found: &ModifiedCholesky<f64>) -> (f64, f64) {
    let least = crate::SymmetricEigen::eigenvalues(a).unwrap().values[0];
    let mut sum = a.clone();
    Zip::from(sum.diag_mut()).and(&found.perturbation()).for_each(|entry, &added| *entry += added);
    let values = crate::SymmetricEigen::eigenvalues(&sum).unwrap().values;
    (least, values[a.nrows() - 1] / values[0])
}

/// Down to λ_min = 2 τ² γ, Newton's own step is left alone.
#[test]
fn a_safely_definite_matrix_is_not_touched() {
    let tau = f64::UNIT_ROUNDOFF.cbrt();
    for n in [1, 2, 3, 10, 60] {
        for least in [1.0, 1e-3, 1e-6, 2.0 * tau * tau] {
            let values: Vec<f64> = (0..n).map(|i| if i == 0 { least } else { 1.0 / i as f64 }).collect();
            let a = with_eigenvalues(&values);
            for modification in BOTH {
                let found = ModifiedCholesky::params().modification(modification).compute(&a).unwrap();
                assert!(!found.is_modified(), "{n} {least} {modification:?}");
                assert!(found.certificate(&a).unwrap().holds());
            }
        }
    }
}

/// ‖E‖₂ is at least −λ_min, within the documented bounds, and as close to it as the documentation says.
#[test]
fn the_perturbation_stays_within_its_bounds() {
    let tau = f64::UNIT_ROUNDOFF.cbrt();
    for n in [1, 2, 3, 5, 25, 75] {
        for (lower, upper) in [(-1.0, 10000.0), (-1.0, 1.0), (-10000.0, -1.0), (-1e-3, 1.0)] {
            let uniform = |i: usize| (i as f64 * 0.6180339887498949).fract();
            let mut values: Vec<f64> = (0..n).map(|i| lower + (upper - lower) * uniform(i)).collect();
            values[0] = lower;
            let a = with_eigenvalues(&values);
            let gamma = a.diag().iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
            let case = format!("{n} [{lower}, {upper}]");
            let rounding = n as f64 * f64::EPSILON * upper.abs().max(lower.abs());

            let found = ModifiedCholesky::new(&a).unwrap();
            let norm = found.perturbation().iter().copied().fold(0.0, f64::max);
            let (least, condition) = least_and_condition(&a, &found);
            let circles = gamma + (n as f64 - 1.0) * (largest(&a) + 1.1 * gamma);
            assert!(norm >= -least - rounding, "{case}: {norm} for {least}");
            assert!(norm <= circles + 2.0 * tau / (1.0 - tau) * (circles + gamma), "{case}: {norm}");
            assert!(norm <= 16.0 * -least, "{case}: {norm} for {least}");
            assert!(condition > 0.0 && condition <= 1.0 / (tau * tau), "{case}: {condition:e}");

            let found = ModifiedCholesky::params().modification(Modification::Shift).compute(&a).unwrap();
            let norm = found.perturbation()[0];
            assert!(found.perturbation().iter().all(|&entry| entry == norm));
            assert!(norm >= -least - rounding, "{case}: {norm} for {least}");
            let bound = (2.0 * -least).max(-least + 1e-3 * largest(&a));
            assert!(norm <= bound + 2.0 * rounding, "{case}: {norm} for {least}");
        }
    }
}

/// The example of Schnabel and Eskow's revision (1999): one eigenvalue of 8243 and three within 0.4 below zero. A
/// method that waits too long before it changes anything must then add hundreds.
#[test]
fn the_published_example_is_changed_by_little() {
    let a = array![
        [1890.3, -1705.6, -315.8, 3000.3],
        [-1705.6, 1538.3, 284.9, -2706.6],
        [-315.8, 284.9, 52.5, -501.2],
        [3000.3, -2706.6, -501.2, 4760.8]
    ];
    let eigenvalues = crate::SymmetricEigen::eigenvalues(&a).unwrap().values;
    assert!(eigenvalues[0] > -0.4 && eigenvalues[2] < -0.2 && eigenvalues[3] > 8000.0, "{eigenvalues}");
    let found = ModifiedCholesky::new(&a).unwrap();
    let norm = found.perturbation().iter().copied().fold(0.0, f64::max);
    assert!(norm >= -eigenvalues[0] && norm <= 3.0 * -eigenvalues[0], "{norm}");
    assert!(found.certificate(&a).unwrap().holds());
}

/// Whatever the matrix, layout and triangle: a factor, a permutation, and E ≥ 0.
#[test]
fn every_symmetric_matrix_has_one() {
    for (kind, n) in Kind::ALL.into_iter().flat_map(|kind| [0, 1, 2, 3, 20].map(|n| (kind, n))) {
        let a = symmetric_of::<f64>(kind, n);
        for (modification, triangle) in
            BOTH.into_iter().flat_map(|m| [(m, Triangle::Lower), (m, Triangle::Upper)])
        {
            let half = Array2::from_shape_fn((n, n), |(i, j)| {
                if triangle.columns(i, n).contains(&j) { a[[i, j]] } else { f64::NAN }
            });
            let params = ModifiedCholesky::params().modification(modification).triangle(triangle);
            let reference = params.compute(&half).unwrap();
            for layout in Layout::ALL {
                let case = format!("{kind:?} {n} {modification:?} {triangle:?} {layout:?}");
                let found = layout.with(&half, |half| params.compute(&half)).expect(&case);
                assert_eq!(found.factor(), reference.factor(), "{case}");
                assert!(found.factor().diag().iter().all(|&x| x > 0.0), "{case}");
                assert!(found.perturbation().iter().all(|&x| x >= 0.0), "{case}");
                assert!(found.certificate(&half).unwrap().holds(), "{case}");
            }
        }
    }
}

/// ‖(A + E) x − b‖ / (‖A + E‖ ‖x‖ n ε) is small.
#[test]
fn solves_with_the_modified_matrix() {
    let a = symmetric_of::<f64>(Kind::Random, 40);
    let b = standard_normal(40, 3, 5);
    for modification in BOTH {
        let found = ModifiedCholesky::params().modification(modification).compute(&a).unwrap();
        let mut sum = a.clone();
        Zip::from(sum.diag_mut()).and(&found.perturbation()).for_each(|entry, &added| *entry += added);
        let x = found.solve(&b).unwrap();
        let units = one_norm(&sum) * one_norm(&x) * 40.0 * f64::UNIT_ROUNDOFF;
        assert!(one_norm(&(&b - &sum.dot(&x))) < THRESHOLD * units);
        let single = found.solve(&b.column(1)).unwrap();
        assert!((&single - &x.column(1)).iter().all(|x| x.abs() < 1e-12));
    }
    assert!(matches!(ModifiedCholesky::new(&a).unwrap().solve(&array![1.0]), Err(Error::Shape { .. })));
}

#[test]
fn the_ends_of_the_range() {
    for modification in BOTH {
        let params = ModifiedCholesky::params().modification(modification);
        let one = params.compute(&array![[1.0, 2.0], [2.0, -3.0]]).unwrap();
        for power in [-1030, -1000, -300, 300, 1000, 1018] {
            let scale = f64::from(power).exp2();
            let found = params.compute(&(array![[1.0, 2.0], [2.0, -3.0]] * scale)).unwrap();
            let error =
                (&found.perturbation() / scale - one.perturbation()).fold(0.0, |m: f64, x| m.max(x.abs()));
            assert!(error <= if power < -1022 { 1e-10 } else { 0.0 }, "{power}: {error}");
        }
        let error = params.compute(&array![[-f64::MAX, f64::MAX], [f64::MAX, -f64::MAX]]).unwrap_err();
        assert!(matches!(error, Error::Overflow { .. }));
    }
}

#[test]
fn bad_arguments_are_named() {
    assert!(matches!(ModifiedCholesky::new(&Array2::<f64>::zeros((2, 3))), Err(Error::NotSquare { .. })));
    for (row, col) in [(0, 0), (1, 0), (1, 1)] {
        for bad in [f64::NAN, f64::INFINITY] {
            let mut a = Array2::<f64>::eye(2);
            a[[row, col]] = bad;
            assert_eq!(ModifiedCholesky::new(&a).unwrap_err(), Error::NonFinite { argument: "a", row, col });
        }
    }
    let one = array![[1.0f32]];
    let error = ModifiedCholesky::new(&one.broadcast((1 << 31, 1 << 31)).unwrap()).unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }));
}
