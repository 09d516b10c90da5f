//! What the preconditioners are the inverses of.

use lapwing_iterative::preconditioners::{
    IncompleteCholesky, IncompleteLu, Jacobi, SymmetricSuccessiveOverrelaxation,
};
use lapwing_iterative::{Error, LinearOperator};
use lapwing_lapack::{Lu, Scalar};
use ndarray::{Array2, array, s};

use crate::problems::{Sparse, convection_diffusion, from_triplets, grid, line};

fn dense<T: Scalar>(a: &Sparse<T>) -> Array2<T> {
    a.apply(&Array2::eye(a.cols())).unwrap()
}

/// `M` for an operator that applies `M⁻¹`, and that its transposed product is that of `M⁻ᵀ`.
fn inverse_of(operator: &dyn LinearOperator<f64>) -> Array2<f64> {
    let n = operator.dimensions().0;
    let inverse = operator.apply(&Array2::eye(n)).unwrap();
    let transposed = operator.apply_transposed(&Array2::eye(n)).unwrap();
    // Both are backward stable solves with triangles of about five entries a row; the matrices here have condition numbers
    // below 100.
    assert!((&transposed.t() - &inverse).iter().all(|error| error.abs() < 1e-12));
    // Any layout of the block, and any number of columns, gives the same columns.
    let padded = Array2::from_shape_fn((2 * n, 6), |(i, j)| (i * 7 + j) as f64 % 5.0);
    let block = padded.slice(s![..;2, ..;-2]);
    let mut result = Array2::<f64>::zeros((3, n)).reversed_axes();
    operator.apply_into(&block, &mut result).unwrap();
    assert!((inverse.dot(&block) - result).iter().all(|error| error.abs() < 1e-11));
    Lu::new(&inverse).unwrap().solve(&Array2::eye(n)).unwrap()
}

fn assert_close(found: &Array2<f64>, expected: &Array2<f64>) {
    // Two inversions, of condition numbers below 100.
    assert!((found - expected).iter().all(|error| error.abs() < 1e-10), "{found}\n{expected}");
}

fn triangle(a: &Array2<f64>, keep: impl Fn(usize, usize) -> bool) -> Array2<f64> {
    Array2::from_shape_fn(a.dim(), |(i, j)| if keep(i, j) { a[[i, j]] } else { 0.0 })
}

#[test]
fn jacobi_and_overrelaxation_are_what_their_formulas_say() {
    for a in [convection_diffusion::<f64>(4, 1.5), convection_diffusion::<f64>(4, 1.5).to_csc()] {
        let full = dense(&a);
        let diagonal = triangle(&full, |i, j| i == j);
        assert_close(&inverse_of(&Jacobi::new(&a).unwrap()), &diagonal);
        let omega = 1.3;
        let scaled = &diagonal / omega;
        let lower = triangle(&full, |i, j| i > j) + &scaled;
        let upper = triangle(&full, |i, j| i < j) + &scaled;
        let between = diagonal.mapv(|entry| if entry == 0.0 { 0.0 } else { 1.0 / entry });
        let expected = lower.dot(&between).dot(&upper) * (omega / (2.0 - omega));
        assert_close(&inverse_of(&SymmetricSuccessiveOverrelaxation::new(&a, omega).unwrap()), &expected);
    }
}

/// The incomplete factors agree with the matrix wherever it has entries, and differ only in the fill.
#[test]
fn incomplete_factorizations_agree_with_the_matrix_on_its_pattern() {
    let agree = |product: Array2<f64>, a: &Array2<f64>| {
        for (index, &entry) in a.indexed_iter().filter(|entry| *entry.1 != 0.0) {
            assert!((product[index] - entry).abs() < 1e-10, "{index:?}");
        }
        assert!((product - a).iter().any(|fill| fill.abs() > 0.01));
    };
    for a in [convection_diffusion::<f64>(4, 1.5), convection_diffusion::<f64>(4, 1.5).to_csc()] {
        agree(inverse_of(&IncompleteLu::new(&a).unwrap()), &dense(&a));
    }
    let a = grid::<f64>(4);
    for a in [a.clone(), a.to_csc()] {
        let factorization = IncompleteCholesky::new(&a).unwrap();
        assert_eq!(factorization.shift(), 0.0);
        agree(inverse_of(&factorization), &dense(&a));
    }
}

/// Without fill, nothing is incomplete.
#[test]
fn a_tridiagonal_matrix_is_inverted() {
    let a = line::<f64>(12);
    assert_close(&inverse_of(&IncompleteCholesky::new(&a).unwrap()), &dense(&a));
    assert_close(&inverse_of(&IncompleteLu::new(&a).unwrap()), &dense(&a));
}

/// Kershaw's matrix (J. Comput. Phys. 26, 1978) is positive definite and has an incomplete pivot that is not.
#[test]
fn a_pivot_that_is_not_positive_shifts_the_diagonal() {
    let rows = [[3.0, -2.0, 0.0, 2.0], [-2.0, 3.0, -2.0, 0.0], [0.0, -2.0, 3.0, -2.0], [2.0, 0.0, -2.0, 3.0]];
    let indices = (0..4).flat_map(|i| (0..4).map(move |j| (i, j)));
    let entries = indices.map(|(i, j)| (i, j, rows[i][j])).filter(|entry| entry.2 != 0.0);
    let a = from_triplets::<f64>((4, 4), entries);
    let factorization = IncompleteCholesky::new(&a).unwrap();
    let shift = factorization.shift();
    assert!(shift > 0.0 && shift < 2.0, "{shift}");
    let product = inverse_of(&factorization);
    for (i, j) in (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).filter(|&(i, j)| rows[i][j] != 0.0) {
        let expected = if i == j { 3.0 * (1.0 + shift) } else { rows[i][j] };
        assert!((product[[i, j]] - expected).abs() < 1e-10);
    }
}

#[test]
fn matrices_that_do_not_do_are_refused_by_name() {
    let no_diagonal = from_triplets::<f64>((2, 2), [(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0)]);
    for error in [
        Jacobi::new(&no_diagonal).unwrap_err(),
        SymmetricSuccessiveOverrelaxation::new(&no_diagonal, 1.0).unwrap_err(),
        IncompleteCholesky::new(&no_diagonal).unwrap_err(),
    ] {
        let Error::DoesNotExist { reason, .. } = &error else { panic!("{error}") };
        assert!(reason.contains("row 1"), "{error}");
    }
    let zero_pivot = from_triplets::<f64>((2, 2), [(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (1, 1, 1.0)]);
    let error = IncompleteLu::new(&zero_pivot).unwrap_err();
    assert!(matches!(&error, Error::DoesNotExist { reason, .. } if reason.contains("row 1")), "{error}");

    let wide = from_triplets::<f64>((2, 3), [(0, 0, 1.0), (1, 1, 1.0)]);
    let expected = Error::NotSquare { argument: "a", rows: 2, cols: 3 };
    assert_eq!(Jacobi::new(&wide).unwrap_err(), expected);
    assert_eq!(SymmetricSuccessiveOverrelaxation::new(&wide, 1.0).unwrap_err(), expected);
    assert_eq!(IncompleteCholesky::new(&wide).unwrap_err(), expected);
    assert_eq!(IncompleteLu::new(&wide).unwrap_err(), expected);

    let nan = from_triplets::<f64>((2, 2), [(0, 0, 1.0), (1, 0, f64::NAN), (1, 1, 1.0)]);
    for a in [nan.clone(), nan.to_csc()] {
        let expected = Error::NonFinite { argument: "a", row: 1, col: 0 };
        assert_eq!(IncompleteLu::new(&a).unwrap_err(), expected);
        assert_eq!(IncompleteCholesky::new(&a).unwrap_err(), expected);
    }
    let lower = from_triplets::<f64>((3, 3), [(0, 0, 2.0), (1, 1, 2.0), (2, 1, -1.0), (2, 2, 2.0)]);
    let expected = Error::NotSymmetric { argument: "a", row: 2, col: 1, difference: 1.0 };
    assert_eq!(IncompleteCholesky::new(&lower).unwrap_err(), expected);
    assert_eq!(IncompleteCholesky::new(&lower.to_csc()).unwrap_err(), expected);
    for omega in [0.0, 2.0, -1.0, f64::NAN] {
        let error = SymmetricSuccessiveOverrelaxation::new(&lower, omega).unwrap_err();
        assert!(matches!(error, Error::InvalidParameter { parameter: "omega", .. }));
    }
    let jacobi = Jacobi::new(&lower).unwrap();
    assert!(matches!(jacobi.apply(&array![[1.0]]), Err(Error::Shape { argument: "x", .. })));
    assert!(matches!(IncompleteLu::new(&lower).unwrap().apply(&array![[1.0]]), Err(Error::Shape { .. })));
}

/// No shift within the range of the scalar makes the diagonal dominate here: an error, after finitely many attempts.
#[test]
fn a_hopeless_diagonal_ends_in_an_error() {
    let a = from_triplets::<f64>((2, 2), [(0, 0, 1e-300), (0, 1, 1e300), (1, 0, 1e300), (1, 1, 1e-300)]);
    assert!(matches!(IncompleteCholesky::new(&a), Err(Error::Overflow { .. })));
    let tiny = from_triplets::<f64>((1, 1), [(0, 0, 1e-310)]);
    assert!(matches!(Jacobi::new(&tiny), Err(Error::DoesNotExist { .. })));
    let empty = from_triplets::<f64>((0, 0), []);
    assert_eq!(IncompleteCholesky::new(&empty).unwrap().dimensions(), (0, 0));
    assert_eq!(IncompleteLu::new(&empty).unwrap().dimensions(), (0, 0));
}
