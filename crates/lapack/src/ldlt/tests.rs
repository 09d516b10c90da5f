use ndarray::{Array1, Array2, ArrayView, array};

use super::*;
use crate::products::matmul;
use crate::testing::{Kind, Layout, symmetric};

fn reconstruct<T: Scalar>(ldlt: &Ldlt<T>) -> Array2<T> {
    let product = matmul(&ldlt.lower(), &ldlt.block_diagonal().unwrap()).unwrap();
    let permuted = matmul(&product, &ldlt.lower().t()).unwrap();
    let mut a = Array2::zeros(permuted.dim());
    for ((i, j), &entry) in permuted.indexed_iter() {
        a[[ldlt.permutation()[i], ldlt.permutation()[j]]] = entry;
    }
    a
}

/// Matrices whose elimination is exact: one with a block of order 2, one with an interchange, one with both.
#[test]
fn the_factors_of_small_integers_are_exact() {
    for (a, inertia, determinant) in [
        (array![[0.0, 1.0], [1.0, 0.0]], (1, 1, 0), -1.0),
        (array![[4.0, 2.0], [2.0, -1.0]], (1, 1, 0), -8.0),
        (array![[1.0, 0.0, 8.0], [0.0, -4.0, 0.0], [8.0, 0.0, 0.0]], (1, 2, 0), 256.0),
        (array![[0.0, 0.0, 2.0], [0.0, 0.0, 0.0], [2.0, 0.0, 0.0]], (1, 1, 1), 0.0),
        (Array2::zeros((3, 3)), (0, 0, 3), 0.0),
        (Array2::from_diag(&array![2.0, 4.0, 0.5]), (3, 0, 0), 4.0),
    ] {
        for layout in Layout::ALL {
            for triangle in [Triangle::Lower, Triangle::Upper] {
                // The triangle that is not read holds NaN.
                let half = Array2::from_shape_fn(a.dim(), |(i, j)| {
                    if triangle.columns(i, a.nrows()).contains(&j) { a[[i, j]] } else { f64::NAN }
                });
                let ldlt = layout.with(&half, |a| Ldlt::with_triangle(&a, triangle)).unwrap();
                assert_eq!(reconstruct(&ldlt), a);
                let found = ldlt.inertia();
                assert_eq!((found.positive, found.negative, found.zero), inertia);
                assert_eq!(ldlt.determinant().unwrap(), determinant);
                assert!(ldlt.certificate(&half).unwrap().holds());
                assert_eq!(ldlt.zero_pivot().is_some(), determinant == 0.0);
            }
        }
    }
}

/// The inertia is that of the eigenvalues, which another algorithm computes.
#[test]
fn the_inertia_is_that_of_the_eigenvalues() {
    for n in [1, 2, 3, 10, 33, 100] {
        let a = symmetric::<f64>(Kind::Random, n);
        let values = crate::SymmetricEigen::eigenvalues(&a).unwrap().values;
        let ldlt = Ldlt::new(&a).unwrap();
        let inertia = ldlt.inertia();
        assert_eq!(inertia.positive, values.iter().filter(|&&value| value > 0.0).count());
        assert_eq!((inertia.positive + inertia.negative, inertia.zero), (n, 0));
        let (sign, logarithm) = ldlt.sign_log_determinant();
        let expected: f64 = values.iter().map(|value| value.abs().ln()).sum();
        assert_eq!(sign, if inertia.negative.is_multiple_of(2) { 1.0 } else { -1.0 });
        // Each eigenvalue is known to n ε ‖a‖, and so its logarithm to that over its magnitude.
        let norm = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        let bound: f64 = values.iter().map(|value| 30.0 * n as f64 * f64::EPSILON * norm / value.abs()).sum();
        assert!((logarithm - expected).abs() <= bound, "{n}: {logarithm} {expected}");
    }
}

#[test]
fn a_singular_matrix_has_factors_and_no_solution() {
    let a = array![[1.0, 2.0], [2.0, 4.0]];
    let ldlt = Ldlt::new(&a).unwrap();
    let pivot = ldlt.zero_pivot().unwrap();
    assert_eq!(ldlt.solve(&array![1.0, 2.0]).unwrap_err(), Error::Singular { pivot });
    assert_eq!(ldlt.sign_log_determinant(), (0.0, f64::NEG_INFINITY));
    assert_eq!(ldlt.reciprocal_condition().unwrap(), 0.0);
    assert!(ldlt.certificate(&a).unwrap().holds());
}

#[test]
fn empty_and_single_matrices_are_answered() {
    let empty = Ldlt::new(&Array2::<f32>::zeros((0, 0))).unwrap();
    assert_eq!((empty.determinant().unwrap(), empty.sign_log_determinant()), (1.0, (1.0, 0.0)));
    assert_eq!(empty.solve(&Array1::zeros(0)).unwrap().len(), 0);
    assert_eq!(empty.reciprocal_condition().unwrap(), 1.0);
    assert_eq!(empty.lower().dim(), (0, 0));
    let one = Ldlt::new(&array![[-4.0]]).unwrap();
    assert_eq!(one.solve(&array![2.0]).unwrap(), array![-0.5]);
    assert_eq!(one.solve(&Array2::zeros((1, 0))).unwrap().dim(), (1, 0));
    assert_eq!(one.reciprocal_condition().unwrap(), 1.0);
    assert_eq!(one.inertia(), Inertia { positive: 0, negative: 1, zero: 0 });
}

#[test]
fn bad_entries_and_extents_are_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let mut a = Array2::<f64>::eye(3);
            a[[row, col]] = bad;
            for (triangle, read) in [(Triangle::Lower, col <= row), (Triangle::Upper, col >= row)] {
                let result = Ldlt::with_triangle(&a, triangle).map(|ldlt| ldlt.determinant().unwrap());
                assert_eq!(
                    result,
                    if read { Err(Error::NonFinite { argument: "a", row, col }) } else { Ok(1.0) }
                );
            }
            let refused = Error::NonFinite { argument: "b", row, col };
            assert_eq!(Ldlt::new(&Array2::eye(3)).unwrap().solve(&a).unwrap_err(), refused);
        }
    }
    assert!(matches!(Ldlt::new(&Array2::<f64>::zeros((2, 3))), Err(Error::NotSquare { .. })));
    let ldlt = Ldlt::new(&Array2::<f64>::eye(3)).unwrap();
    assert!(matches!(ldlt.solve(&array![1.0, 2.0]), Err(Error::Shape { argument: "b", found: 2, .. })));
    assert!(matches!(ldlt.certificate(&Array2::eye(2)), Err(Error::Shape { argument: "a", .. })));
    let zero = [0.0];
    let huge = ArrayView::from_shape((1, 1), &zero).unwrap();
    let huge = huge.broadcast((1 << 31, 1 << 31)).unwrap();
    assert!(matches!(Ldlt::new(&huge), Err(Error::TooLarge { .. })));
}

/// A multiple of a well-conditioned matrix is as easy to solve with, wherever in the range it lies.
#[test]
fn scale_does_not_matter() {
    let base = array![[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, -1.0]];
    let x = array![1.0, -2.0, 3.0];
    // 3 n ε times the condition number, at most 10; of 1e-310, ε is 2⁻¹⁰⁷⁴ / 1e-310, since subnormal numbers have
    // fewer bits.
    for (scale, tolerance) in
        [(1e300f64, 1e-14f64), (3e307, 1e-14), (1e-300, 1e-14), (1e-310, 5e-12), (5e-324, 1e-14)]
    {
        let a = &base * scale;
        let ldlt = Ldlt::new(&a).unwrap();
        let solution = ldlt.solve(&(base.dot(&x) * scale)).unwrap();
        for (found, expected) in solution.iter().zip(&x) {
            assert!((found / expected - 1.0).abs() < tolerance, "{scale:e}: {solution}");
        }
        assert!(ldlt.certificate(&a).unwrap().holds());
        // det(base) = 5.
        let (sign, logarithm) = ldlt.sign_log_determinant();
        assert!(sign == 1.0 && (logarithm - (5f64.ln() + 3.0 * scale.ln())).abs() < tolerance.max(1e-12));
        assert_eq!(ldlt.determinant().is_err(), scale > 1.0);
        assert!(ldlt.reciprocal_condition().unwrap() > 0.05);
    }
}

/// A block too small to have a reciprocal beside entries near one.
#[test]
fn a_subnormal_block_is_factored_and_refused_to_solve_with() {
    let a = array![[1e-310, 0.0], [0.0, 1.0]];
    let ldlt = Ldlt::new(&a).unwrap();
    assert_eq!(reconstruct(&ldlt), a);
    assert_eq!(ldlt.determinant().unwrap(), 1e-310);
    assert!(matches!(ldlt.solve(&array![1.0, 1.0]), Err(Error::Singular { .. })));
    assert_eq!(ldlt.reciprocal_condition().unwrap(), 0.0);
}

#[test]
fn survives_a_small_stack() {
    let worker = || {
        let a = symmetric::<f64>(Kind::Random, 300);
        let ldlt = Ldlt::new(&a).unwrap();
        assert!(ldlt.certificate(&a).unwrap().holds());
        ldlt.solve(&a).unwrap();
        ldlt.reciprocal_condition().unwrap();
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(worker).unwrap().join().unwrap();
}
