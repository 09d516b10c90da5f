use ndarray::{Array1, Array2, ArrayView, array};

use super::*;
use crate::random::standard_normal;
use crate::scaling::largest;
use crate::testing::{Kind, Layout, matrix};

/// Integers whose LU factorization is exact, with an exchange in the first step.
#[test]
fn the_factors_of_small_integers_are_exact() {
    let a = array![[2.0, 3.0, 1.0], [4.0, 4.0, 4.0], [0.0, 2.0, 0.0]];
    for layout in Layout::ALL {
        let lu = layout.with(&a, |a| Lu::new(&a)).unwrap();
        assert_eq!(lu.permutation(), [1, 2, 0]);
        assert_eq!(lu.lower(), array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, 0.5, 1.0]]);
        assert_eq!(lu.upper().unwrap(), array![[4.0, 4.0, 4.0], [0.0, 2.0, 0.0], [0.0, 0.0, -1.0]]);
        assert_eq!(lu.determinant().unwrap(), -8.0);
        let (sign, logarithm) = lu.sign_log_determinant().unwrap();
        assert!(sign == -1.0 && (logarithm - 8f64.ln()).abs() < 1e-15);
        assert_eq!(lu.solve(&array![6.0, 12.0, 2.0]).unwrap(), array![1.0, 1.0, 1.0]);
        assert_eq!(lu.solve_transposed(&array![6.0, 9.0, 5.0]).unwrap(), array![1.0, 1.0, 1.0]);
        assert_eq!(lu.inverse().unwrap(), array![[1.0, -0.25, -1.0], [0.0, 0.0, 0.5], [-1.0, 0.5, 0.5]]);
        assert!(lu.certificate(&a).unwrap().holds());
    }
}

/// LAPACK factors a singular matrix to the end; only what must divide by its zero pivot is refused.
#[test]
fn a_singular_matrix_has_factors_and_no_solution() {
    let a = array![[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]];
    let lu = Lu::new(&a).unwrap();
    let singular = Error::Singular { pivot: 2 };
    assert_eq!(lu.zero_pivot(), Some(2));
    assert_eq!(lu.determinant().unwrap(), 0.0);
    assert_eq!(lu.sign_log_determinant().unwrap(), (0.0, f64::NEG_INFINITY));
    for norm in [ConditionNorm::One, ConditionNorm::Infinity] {
        assert_eq!(lu.reciprocal_condition(norm).unwrap(), 0.0);
    }
    assert_eq!(lu.solve(&array![1.0, 2.0, 3.0]).unwrap_err(), singular);
    assert_eq!(lu.solve_transposed(&array![1.0, 2.0, 3.0]).unwrap_err(), singular);
    assert_eq!(lu.solve_refined(&a, &array![1.0, 2.0, 3.0]).unwrap_err(), singular);
    assert_eq!(lu.inverse().unwrap_err(), singular);
    assert!(lu.certificate(&a).unwrap().holds());
    assert_eq!(Lu::new(&Array2::<f32>::zeros((5, 5))).unwrap().zero_pivot(), Some(0));
}

#[test]
fn rectangular_and_empty_matrices_are_factored() {
    for (m, n) in [(0, 0), (0, 3), (3, 0), (1, 4), (4, 1), (5, 3), (3, 5)] {
        let a = matrix::<f64>(Kind::Random, m, n);
        let lu = Lu::new(&a).unwrap();
        let (k, upper) = (m.min(n), lu.upper().unwrap());
        assert_eq!((lu.lower().dim(), upper.dim(), lu.permutation().len()), ((m, k), (k, n), m));
        assert!(lu.certificate(&a).unwrap().holds());
        if m != n {
            let refused = Error::NotSquare { argument: "the factored matrix", rows: m, cols: n };
            assert_eq!(lu.determinant().unwrap_err(), refused);
            assert_eq!(lu.solve(&Array1::zeros(m)).unwrap_err(), refused);
            assert_eq!(lu.inverse().unwrap_err(), refused);
            assert_eq!(lu.reciprocal_condition(ConditionNorm::One).unwrap_err(), refused);
        }
    }
    let empty = Lu::new(&Array2::<f64>::zeros((0, 0))).unwrap();
    assert_eq!(empty.determinant().unwrap(), 1.0);
    assert_eq!(empty.sign_log_determinant().unwrap(), (1.0, 0.0));
    assert_eq!(empty.inverse().unwrap().dim(), (0, 0));
    assert_eq!(empty.solve(&Array2::zeros((0, 2))).unwrap().dim(), (0, 2));
    assert_eq!(empty.reciprocal_condition(ConditionNorm::One).unwrap(), 1.0);
    let one = Lu::new(&array![[-4.0f32]]).unwrap();
    assert_eq!((one.determinant().unwrap(), one.solve(&array![2.0]).unwrap()), (-4.0, array![-0.5]));
    assert_eq!(one.solve(&Array2::zeros((1, 0))).unwrap().dim(), (1, 0));
}

#[test]
fn bad_entries_and_extents_are_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let mut a = Array2::<f64>::eye(3);
            a[[row, col]] = bad;
            assert_eq!(Lu::new(&a).unwrap_err(), Error::NonFinite { argument: "a", row, col });
            let lu = Lu::new(&Array2::<f64>::eye(3)).unwrap();
            let refused = Error::NonFinite { argument: "b", row, col };
            assert_eq!(lu.solve(&a).unwrap_err(), refused);
            assert_eq!(lu.solve_refined(&Array2::eye(3), &a).unwrap_err(), refused);
            let refused = Error::NonFinite { argument: "a", row, col };
            assert_eq!(lu.solve_refined(&a, &array![1.0, 2.0, 3.0]).unwrap_err(), refused);
        }
    }
    let lu = Lu::new(&Array2::<f64>::eye(3)).unwrap();
    assert!(matches!(lu.solve(&array![1.0, 2.0]), Err(Error::Shape { argument: "b", found: 2, .. })));
    assert!(matches!(lu.certificate(&Array2::eye(2)), Err(Error::Shape { argument: "a", .. })));
    assert!(matches!(lu.solve_refined(&Array2::eye(4), &array![0.0, 0.0, 0.0]), Err(Error::Shape { .. })));
}

/// Sizes past LAPACK's integer are refused before anything is allocated or read.
#[test]
fn sizes_past_32_bits_are_refused() {
    let zero = [0.0];
    let tall = ArrayView::from_shape((1, 1), &zero).unwrap();
    let tall = tall.broadcast((1 << 31, 1)).unwrap();
    assert!(matches!(Lu::new(&tall), Err(Error::TooLarge { .. })));
    assert!(matches!(Lu::new(&tall.t()), Err(Error::TooLarge { .. })));
    let lu = Lu::new(&array![[1.0]]).unwrap();
    assert!(matches!(lu.solve(&tall.t()), Err(Error::TooLarge { .. })));
}

/// A multiple of a well-conditioned matrix is as easy to solve with, wherever in the range it lies.
#[test]
fn scale_does_not_matter() {
    let base = array![[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]];
    let x = array![1.0, -2.0, 3.0];
    // 3 n ε times the condition number, 40/9; of 1e-310, ε is 2⁻¹⁰⁷⁴ / 1e-310, since subnormal numbers have fewer
    // bits. The multiples of the smallest number are exact.
    let cases = [(1e300f64, 5e-15f64), (1.5e307, 5e-15), (1e-300, 5e-15), (1e-310, 2e-12), (5e-324, 5e-15)];
    for (scale, tolerance) in cases {
        let a = &base * scale;
        let b = base.dot(&x) * scale;
        let lu = Lu::new(&a).unwrap();
        let solution = lu.solve(&b).unwrap();
        let refined = lu.solve_refined(&a, &b).unwrap();
        for (found, expected) in solution.iter().chain(&refined.x).zip(x.iter().chain(&x)) {
            assert!((found / expected - 1.0).abs() < tolerance, "{scale:e}: {solution} {}", refined.x);
        }
        assert!(refined.backward_errors[0] <= 1e-15 && refined.forward_errors[0] < 1e-12);
        // det(base) = 18.
        let (sign, logarithm) = lu.sign_log_determinant().unwrap();
        let expected = 18f64.ln() + 3.0 * scale.ln();
        assert!(sign == 1.0 && (logarithm - expected).abs() < tolerance.max(1e-12));
        assert!(lu.certificate(&a).unwrap().holds());
        if scale > 1.0 {
            assert!(matches!(lu.determinant(), Err(Error::Overflow { .. })));
            assert!(lu.inverse().is_ok());
        } else {
            assert_eq!(lu.determinant().unwrap(), 0.0);
            // The inverse of the subnormal ones is out of range.
            assert_eq!(lu.inverse().is_err(), scale < 1e-308, "{scale:e}");
        }
        let reciprocal = lu.reciprocal_condition(ConditionNorm::One).unwrap();
        // ‖base‖₁ = 5, and the inverse is [[11, -4, 1], [-4, 8, -2], [1, -2, 5]] / 18, of norm 16/18.
        assert!((reciprocal - 18.0 / 80.0).abs() < 1e-12, "{reciprocal}");
    }
}

/// A pivot below the smallest normal number beside entries near one: OpenBLAS multiplies the column by its
/// reciprocal, which is infinite, and reports success.
#[test]
fn a_subnormal_pivot_is_factored_and_refused_to_solve_with() {
    for tiny in [1e-310f64, 5e-324] {
        let a = array![[tiny, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0, 1.0, 3.0]];
        let lu = Lu::new(&a).unwrap();
        assert!(lu.certificate(&a).unwrap().holds());
        assert_eq!(lu.upper().unwrap()[[0, 0]], tiny);
        let (sign, logarithm) = lu.sign_log_determinant().unwrap();
        assert!(sign == 1.0 && (logarithm - (2.0 * tiny).ln()).abs() < 1e-12 * logarithm.abs());
        assert_eq!(lu.solve(&array![1.0, 2.0, 3.0]).unwrap_err(), Error::Singular { pivot: 0 });
        assert_eq!(lu.inverse().unwrap_err(), Error::Singular { pivot: 0 });
        assert!(lu.reciprocal_condition(ConditionNorm::Infinity).unwrap() < 1e-300);
    }
}

/// Entries of both signs near the largest number: the sums of the elimination overflow unless it is scaled.
#[test]
fn the_largest_entries_do_not_overflow() {
    for n in [2, 10, 40] {
        let random = standard_normal(n, n, 3);
        let top = largest(&random);
        let a = random.mapv(|x| x / top * f64::MAX);
        let lu = Lu::new(&a).unwrap();
        assert!(lu.certificate(&a).unwrap().holds());
        let b = Array1::from_elem(n, f64::MAX);
        let residual = (random.dot(&lu.solve(&b).unwrap()) / top).mapv(|x| (x - 1.0).abs());
        let condition = 1.0 / lu.reciprocal_condition(ConditionNorm::Infinity).unwrap();
        assert!(residual.iter().all(|&r| r < 30.0 * n as f64 * f64::EPSILON * condition));
    }
}

/// Integer matrices and integer solutions have exact right-hand sides, so that the error is known; the bound on it
/// must hold, and for a matrix this well conditioned be small.
#[test]
fn the_forward_error_is_within_its_bound() {
    for n in [1, 3, 20, 60] {
        let integers = |seed| standard_normal(n, n, seed).mapv(|x| (8.0 * x).round());
        let a = integers(1) + Array2::<f64>::eye(n) * 64.0;
        let exact = integers(2);
        let refined = Lu::new(&a).unwrap().solve_refined(&a, &a.dot(&exact)).unwrap();
        for (j, (x, exact)) in refined.x.columns().into_iter().zip(exact.columns()).enumerate() {
            let error = largest((&x - &exact).iter()) / largest(x);
            assert!(error <= refined.forward_errors[j] && refined.forward_errors[j] < 1e-10, "{n} {j}");
            assert!(refined.backward_errors[j] <= 4.0 * f64::UNIT_ROUNDOFF);
        }
    }
}

/// OpenBLAS's threaded `getrf` overflows a 2 MiB stack from n = 100 on.
#[test]
fn survives_a_small_stack() {
    let worker = || {
        let a = matrix::<f64>(Kind::Random, 300, 300);
        let lu = Lu::new(&a).unwrap();
        let b = matrix::<f64>(Kind::Random, 300, 300);
        assert!(lu.certificate(&a).unwrap().holds());
        lu.solve_refined(&a, &b).unwrap();
        lu.inverse().unwrap();
        lu.reciprocal_condition(ConditionNorm::One).unwrap();
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(worker).unwrap().join().unwrap();
}
