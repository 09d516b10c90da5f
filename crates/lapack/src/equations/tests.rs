//! What the equations promise beyond their numbers, which `tests/ratios` and `tests/matrix_functions.rs` check.

use ndarray::{Array2, ArrayView2, array};

use super::*;
use crate::error::Error;
use crate::random::standard_normal;
use crate::testing::Layout;

fn close(a: &ndarray::ArrayRef2<f64>, b: &ndarray::ArrayRef2<f64>, tolerance: f64) -> bool {
    a.dim() == b.dim() && a.iter().zip(b).all(|(x, y)| (x - y).abs() <= tolerance)
}

#[test]
fn empty_equations_have_empty_solutions() {
    let empty = Array2::<f64>::zeros((0, 0));
    assert_eq!(sylvester(&empty, &empty, &empty).unwrap().dim(), (0, 0));
    assert_eq!(sylvester(&array![[1.0]], &empty, &Array2::zeros((1, 0))).unwrap().dim(), (1, 0));
    assert_eq!(continuous_lyapunov(&empty, &empty).unwrap().dim(), (0, 0));
    assert_eq!(discrete_lyapunov(&empty, &empty).unwrap().dim(), (0, 0));
    let riccati = Riccati::continuous(&empty, &Array2::zeros((0, 2)), &empty, &Array2::eye(2)).unwrap();
    assert_eq!((riccati.solution().dim(), riccati.gain().dim()), ((0, 0), (2, 0)));
    // No inputs leave a Lyapunov equation: 2 a x + q = 0.
    let free = Riccati::continuous(&array![[-1.0]], &Array2::zeros((1, 0)), &array![[4.0]], &empty).unwrap();
    assert!(close(&free.solution(), &array![[2.0]], 1e-14));
}

#[test]
fn shapes_that_disagree_are_named() {
    let (two, three) = (Array2::<f64>::eye(2), Array2::<f64>::eye(3));
    assert!(matches!(
        sylvester(&two, &three, &two),
        Err(Error::Shape { argument: "c", extent: "columns", .. })
    ));
    assert!(matches!(
        sylvester(&two, &Array2::zeros((1, 2)), &two),
        Err(Error::NotSquare { argument: "b", .. })
    ));
    assert!(matches!(continuous_lyapunov(&two, &three), Err(Error::Shape { argument: "q", .. })));
    assert!(matches!(discrete_lyapunov(&three, &two), Err(Error::Shape { argument: "q", .. })));
    let b = Array2::zeros((2, 1));
    for (result, name) in [
        (Riccati::continuous(&two, &Array2::zeros((3, 1)), &two, &Array2::eye(1)), "b"),
        (Riccati::discrete(&two, &b, &three, &Array2::eye(1)), "q"),
        (Riccati::continuous(&two, &b, &two, &two), "r"),
        (Riccati::params().descriptor(&three).discrete(&two, &b, &two, &Array2::eye(1)), "e"),
        (Riccati::params().cross(&two).discrete(&two, &b, &two, &Array2::eye(1)), "s"),
    ] {
        assert!(matches!(result, Err(Error::Shape { argument, .. }) if argument == name), "{name}");
    }
}

#[test]
fn entries_that_are_not_finite_are_named() {
    let good = Array2::<f64>::eye(2);
    for bad in [f64::NAN, f64::INFINITY] {
        for (row, col) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let mut spoiled = good.clone();
            spoiled[[row, col]] = bad;
            let error = |argument| Some(Error::NonFinite { argument, row, col });
            assert_eq!(sylvester(&spoiled, &good, &good).err(), error("a"));
            assert_eq!(sylvester(&good, &spoiled, &good).err(), error("b"));
            assert_eq!(sylvester(&good, &good, &spoiled).err(), error("c"));
            assert_eq!(continuous_lyapunov(&good, &spoiled).err(), error("q"));
            assert_eq!(discrete_lyapunov(&spoiled, &good).err(), error("a"));
            assert_eq!(Riccati::continuous(&spoiled, &good, &good, &good).err(), error("a"));
            assert_eq!(Riccati::continuous(&good, &good, &good, &spoiled).err(), error("r"));
            assert_eq!(Riccati::discrete(&good, &good, &spoiled, &good).err(), error("q"));
            let params = Riccati::params().cross(&spoiled);
            assert_eq!(params.discrete(&good, &good, &good, &good).err(), error("s"));
        }
    }
}

#[test]
fn a_size_past_32_bits_is_refused_before_any_work() {
    let one = array![[1.0]];
    let n = 1usize << 31;
    let huge = one.broadcast((n, n)).unwrap();
    assert!(matches!(sylvester(&huge, &huge, &huge), Err(Error::TooLarge { .. })));
    assert!(matches!(continuous_lyapunov(&huge, &huge), Err(Error::TooLarge { .. })));
    assert!(matches!(Riccati::discrete(&huge, &huge, &huge, &huge), Err(Error::TooLarge { .. })));
}

/// The sum of an eigenvalue of each, 1 and −1, is zero; and rounding does not hide it in turned coordinates.
#[test]
fn a_singular_equation_has_no_unique_solution() {
    let turn = |a: Array2<f64>| {
        let q = crate::Qr::new(&standard_normal(3, 3, 1)).unwrap().q().unwrap();
        q.dot(&a).dot(&q.t())
    };
    let a = turn(array![[1.0, 2.0, 3.0], [0.0, 4.0, 5.0], [0.0, 0.0, 6.0]]);
    let b = array![[-1.0, 1.0], [0.0, 2.0]];
    assert!(matches!(
        sylvester(&array![[1.0]], &array![[-1.0]], &array![[1.0]]),
        Err(Error::DoesNotExist { .. })
    ));
    assert!(matches!(sylvester(&array![[1.0, 0.0], [0.0, 3.0]], &b, &b), Err(Error::DoesNotExist { .. })));
    assert!(sylvester(&a, &array![[2.0]], &Array2::ones((3, 1))).is_ok());
    let oscillator = array![[0.0, 1.0], [-1.0, 0.0]];
    assert!(matches!(continuous_lyapunov(&oscillator, &Array2::eye(2)), Err(Error::DoesNotExist { .. })));
    assert!(matches!(discrete_lyapunov(&oscillator, &Array2::eye(2)), Err(Error::DoesNotExist { .. })));
    assert!(matches!(
        discrete_lyapunov(&array![[2.0, 1.0], [0.0, 0.5]], &Array2::eye(2)),
        Err(Error::DoesNotExist { .. })
    ));
}

/// No stability is asked for, only that no two eigenvalues multiply to 1.
#[test]
fn a_discrete_equation_of_an_unstable_matrix_has_a_solution() {
    let a = array![[-2.0, 1.0], [0.0, 0.25]];
    let x = discrete_lyapunov(&a, &Array2::eye(2)).unwrap();
    assert!(close(&(a.dot(&x).dot(&a.t()) - &x + Array2::<f64>::eye(2)), &Array2::zeros((2, 2)), 1e-14));
}

/// Entries at the ends of the range: an answer where there is one, an error where it overflows, never NaN.
#[test]
fn huge_and_tiny_entries() {
    let x = sylvester(&array![[1e300f64]], &array![[1e300]], &array![[2e300]]).unwrap();
    assert!((x[[0, 0]] - 1.0).abs() < 1e-15);
    assert!(matches!(
        sylvester(&array![[1e-200]], &array![[1e-200]], &array![[1e200]]),
        Err(Error::Overflow { .. } | Error::DoesNotExist { .. })
    ));
    let x = sylvester(&array![[1e-150f64]], &array![[1e-150]], &array![[1e150]]).unwrap();
    assert!((x[[0, 0]] * 2e-300 - 1.0).abs() < 1e-14);
    assert!(matches!(
        continuous_lyapunov(&array![[1e300, 1e300], [1e300, 1e308]], &Array2::eye(2)),
        Ok(_) | Err(Error::Overflow { .. })
    ));
    let huge = Array2::from_elem((2, 2), 1e300);
    assert!(matches!(
        discrete_lyapunov(&huge, &huge),
        Err(Error::Overflow { .. } | Error::DoesNotExist { .. })
    ));
}

#[test]
fn every_layout_gives_the_same_solution() {
    let (a, b) = (standard_normal(5, 5, 1) + Array2::<f64>::eye(5) * 6.0, standard_normal(5, 2, 2));
    let (q, r) = (Array2::<f64>::eye(5), Array2::<f64>::eye(2));
    let expected = Riccati::continuous(&a, &b, &q, &r).unwrap();
    let lyapunov = discrete_lyapunov(&a, &q).unwrap();
    for layout in Layout::ALL {
        layout.with(&a, |a: ArrayView2<f64>| {
            layout.with(&b, |b: ArrayView2<f64>| {
                let solution = Riccati::continuous(&a, &b, &q, &r).unwrap();
                assert!(close(&solution.solution(), &expected.solution(), 1e-9), "{layout:?}");
            });
            assert!(close(&discrete_lyapunov(&a, &q).unwrap(), &lyapunov, 1e-12), "{layout:?}");
        });
    }
}

/// Closed forms: x = a + √(a² + q) for b = r = 1; and the golden ratio in discrete time.
#[test]
fn scalar_equations_have_closed_forms() {
    for (a, q) in [(1.0f64, 3.0), (-2.0, 5.0), (0.0, 1.0), (3.0, 0.0)] {
        let solution =
            Riccati::continuous(&array![[a]], &array![[1.0]], &array![[q]], &array![[1.0]]).unwrap();
        let expected: f64 = a + (a * a + q).sqrt();
        assert!((solution.solution()[[0, 0]] - expected).abs() < 1e-14 * expected, "{a} {q}");
        assert!((solution.eigenvalues()[0].re + (a * a + q).sqrt()).abs() < 1e-14 * expected);
    }
    let one = array![[1.0]];
    let golden = Riccati::discrete(&one, &one, &one, &one).unwrap();
    assert!((golden.solution()[[0, 0]] - (1.0 + 5f64.sqrt()) / 2.0).abs() < 1e-14);
    // No cost of the input at all: the state goes to zero at once.
    let free = Riccati::discrete(&array![[2.0]], &one, &one, &array![[0.0]]).unwrap();
    assert!((free.solution()[[0, 0]] - 1.0).abs() < 1e-14 && (free.gain()[[0, 0]] - 2.0).abs() < 1e-14);
}

#[test]
fn without_a_stabilizing_solution_there_is_an_error() {
    let (one, zero) = (Array2::<f64>::eye(1), Array2::<f64>::zeros((1, 1)));
    let two = Array2::<f64>::eye(2);
    // An unstable mode that no input reaches.
    assert!(matches!(Riccati::continuous(&one, &zero, &one, &one), Err(Error::DoesNotExist { .. })));
    assert!(matches!(Riccati::discrete(&(&one * 2.0), &zero, &one, &one), Err(Error::DoesNotExist { .. })));
    let a = array![[1.0, 0.0], [0.0, -1.0]];
    let b = array![[0.0], [1.0]];
    assert!(matches!(Riccati::continuous(&a, &b, &two, &one), Err(Error::DoesNotExist { .. })));
    // A mode on the border that the cost does not see.
    assert!(matches!(Riccati::continuous(&zero, &one, &zero, &one), Err(Error::DoesNotExist { .. })));
    assert!(matches!(Riccati::discrete(&one, &one, &zero, &one), Err(Error::DoesNotExist { .. })));
    let oscillator = array![[0.0, 1.0], [-1.0, 0.0]];
    assert!(matches!(
        Riccati::continuous(&oscillator, &Array2::zeros((2, 1)), &two, &one),
        Err(Error::DoesNotExist { .. })
    ));
    assert!(matches!(
        Riccati::continuous(&oscillator, &b, &Array2::zeros((2, 2)), &one),
        Err(Error::DoesNotExist { .. })
    ));
}

#[test]
fn weights_are_checked() {
    let (a, b) = (Array2::<f64>::eye(2), Array2::<f64>::eye(2));
    let skewed = array![[1.0, 0.5], [0.0, 1.0]];
    let singular = array![[1.0, 1.0], [1.0, 1.0]];
    assert!(matches!(
        Riccati::continuous(&a, &b, &skewed, &a),
        Err(Error::NotSymmetric { argument: "q", .. })
    ));
    assert!(matches!(Riccati::discrete(&a, &b, &a, &skewed), Err(Error::NotSymmetric { argument: "r", .. })));
    assert_eq!(
        Riccati::continuous(&a, &b, &a, &singular).err(),
        Some(Error::RankDeficient { argument: "r", rank: 1, needed: 2 })
    );
    assert_eq!(
        Riccati::params().descriptor(&singular).discrete(&a, &b, &a, &a).err(),
        Some(Error::RankDeficient { argument: "e", rank: 1, needed: 2 })
    );
}
