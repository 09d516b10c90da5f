use ndarray::{Array2, ArrayView, array};

use super::*;
use crate::testing::{Kind, Layout, matrix, symmetric};

/// Keeps the entries within a band.
fn within(a: &Array2<f64>, lower: usize, upper: usize) -> Array2<f64> {
    Array2::from_shape_fn(a.dim(), |(i, j)| if i <= j + lower && j <= i + upper { a[[i, j]] } else { 0.0 })
}

fn with_diagonal(mut a: Array2<f64>, diagonal: f64) -> Array2<f64> {
    a.diag_mut().mapv_inplace(|x| x + diagonal);
    a
}

/// The Gram matrix of random columns, exactly symmetric.
fn definite(n: usize) -> Array2<f64> {
    let x = matrix::<f64>(Kind::Random, n + 5, n);
    let gram = x.t().dot(&x);
    Array2::from_shape_fn((n, n), |(i, j)| gram[[i.max(j), i.min(j)]])
}

/// One of each structure, with what must be chosen for it.
fn structures(n: usize) -> Vec<(Array2<f64>, Structure, Method)> {
    let random = matrix::<f64>(Kind::Random, n, n);
    let dominant = n as f64 * 10.0;
    let banded = |a: &Array2<f64>| within(a, 2, 3);
    let mirrored = symmetric::<f64>(Kind::Random, n);
    vec![
        (within(&random, 0, 0), Structure::Diagonal, Method::Division),
        (
            with_diagonal(within(&random, n, 0), dominant),
            Structure::Triangular(Triangle::Lower),
            Method::Substitution,
        ),
        (
            with_diagonal(within(&random, 0, n), dominant),
            Structure::Triangular(Triangle::Upper),
            Method::Substitution,
        ),
        (within(&random, 1, 1), Structure::Tridiagonal, Method::TridiagonalLu),
        (
            with_diagonal(within(&mirrored, 1, 1), dominant),
            Structure::Tridiagonal,
            Method::TridiagonalCholesky,
        ),
        (banded(&random), Structure::Banded { lower: 2, upper: 3 }, Method::BandedLu),
        (
            with_diagonal(within(&mirrored, 3, 3), dominant),
            Structure::Banded { lower: 3, upper: 3 },
            Method::BandedCholesky,
        ),
        (definite(n), Structure::PositiveDefinite, Method::Cholesky),
        (mirrored, Structure::Indefinite, Method::Ldlt),
        (random, Structure::General, Method::Lu),
        (matrix::<f64>(Kind::Random, n + 7, n), Structure::Overdetermined, Method::Qr),
        (matrix::<f64>(Kind::Random, n, n + 7), Structure::Underdetermined, Method::QrOfTranspose),
        (matrix::<f64>(Kind::RankDeficient, n, n), Structure::RankDeficient, Method::Svd),
        (matrix::<f64>(Kind::RankDeficient, n + 7, n), Structure::RankDeficient, Method::Svd),
        (matrix::<f64>(Kind::RankDeficient, n, n + 7), Structure::RankDeficient, Method::Svd),
    ]
}

/// `x = a⁺ b` by the singular values, computed with another decomposition than any method but the last uses.
fn pseudo_solution(a: &Array2<f64>, b: &Array2<f64>) -> (Array2<f64>, f64) {
    let svd = Svd::thin(a).unwrap();
    let values = svd.singular_values();
    let tolerance = a.nrows().max(a.ncols()) as f64 * f64::EPSILON * values[0];
    let rank = values.iter().filter(|&&value| value > tolerance).count();
    let mut y = svd.u().t().slice(s![..rank, ..]).dot(b);
    for (mut row, &value) in y.outer_iter_mut().zip(values) {
        row.mapv_inplace(|entry| entry / value);
    }
    (svd.vt().slice(s![..rank, ..]).t().dot(&y), values[0] / values[rank - 1])
}

#[test]
fn every_structure_gets_its_method_and_the_right_solution_in_every_layout() {
    let n = 60;
    for (a, structure, method) in structures(n) {
        let b = matrix::<f64>(Kind::Random, a.nrows(), 3);
        let (expected, condition) = pseudo_solution(&a, &b);
        for layout in Layout::ALL {
            let solution = layout.with(&a, |a| solve(&a, &b)).unwrap();
            let plan = solution.plan();
            assert_eq!((plan.structure, plan.method), (structure, method), "{}", solution.explain());
            let deficient = structure == Structure::RankDeficient;
            assert_eq!(plan.rank, if deficient { n / 2 } else { n }, "{}", solution.explain());
            // Wedin: least squares lose up to the square of the condition number.
            let bound = 30.0 * n as f64 * f64::EPSILON * condition * condition * largest(&expected);
            assert!((solution.x() - &expected).iter().all(|d| d.abs() <= bound), "{}", solution.explain());
            let one = layout.with(&a, |a| solve(&a, &b.column(1))).unwrap();
            assert!((one.x() - &expected.column(1)).iter().all(|d| d.abs() <= bound));
            if a.nrows() <= n && !deficient {
                assert!(plan.residual < 30.0 * n as f64 * f64::EPSILON, "{}", solution.explain());
                assert!(plan.residual > 0.0 || method == Method::Division);
            }
            assert_eq!(plan.reciprocal_condition == 0.0, deficient);
            assert!(plan.flops > 0.0 && plan.digits() <= 16);
            assert_eq!(solution.require_full_rank().is_err(), deficient);
        }
    }
}

#[test]
fn the_explanation_says_what_was_done_and_why() {
    let text = solve(&array![[4.0, 2.0], [2.0, 3.0]], &array![2.0, 1.0]).unwrap().explain();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "matrix     2 x 2, symmetric positive definite");
    assert_eq!(lines[1], "method     Cholesky (potrf, potrs)");
    assert!(lines[2].starts_with("because    it equals its transpose and its pivots are positive"));
    assert_eq!(lines[4], "rank       2 of 2");
    // ‖a‖₁ = 6, ‖a⁻¹‖₁ = 6/8.
    assert_eq!(lines[5], "condition  reciprocal 2.2e-1: about 15 of 15 digits");
    assert!(lines[6].starts_with("residual   "));
    let indefinite = array![[1.0, 2.0], [2.0, 1.0]];
    let text = solve(&indefinite, &array![3.0, 3.0]).unwrap().explain();
    assert!(text.contains("its leading minor of order 2 is not positive"), "{text}");
}

/// What lies on the border between two structures.
#[test]
fn borders_are_decided() {
    let plan_of = |a: &Array2<f64>| {
        let b = Array2::ones((a.nrows(), 1));
        let solution = solve(a, &b).unwrap();
        (solution.plan().structure, solution.plan().method, solution.plan().rank)
    };
    // A triangular matrix with a zero pivot, and one that is singular only to working precision.
    let mut triangle = with_diagonal(within(&matrix(Kind::Random, 6, 6), 6, 0), 9.0);
    triangle[[3, 3]] = 0.0;
    assert_eq!(plan_of(&triangle), (Structure::RankDeficient, Method::Svd, 5));
    triangle[[3, 3]] = 1e-18;
    assert_eq!(plan_of(&triangle), (Structure::RankDeficient, Method::Svd, 5));
    // Symmetric with a positive diagonal, and indefinite; and with one zero on the diagonal.
    assert_eq!(plan_of(&array![[1.0, 2.0], [2.0, 1.0]]), (Structure::Indefinite, Method::Ldlt, 2));
    assert_eq!(plan_of(&array![[1.0, 2.0], [2.0, 0.0]]), (Structure::Indefinite, Method::Ldlt, 2));
    // Semidefinite: the last pivot of Cholesky is zero.
    assert_eq!(plan_of(&array![[1.0, 1.0], [1.0, 1.0]]), (Structure::RankDeficient, Method::Svd, 1));
    // Symmetric but for one rounding.
    let mut nearly = definite(4);
    nearly[[2, 1]] *= 1.0 + f64::EPSILON;
    assert_eq!(plan_of(&nearly).0, Structure::General);
    // The widest band that pays, and one wider: 2 · 4 + 6 = 14 < 60 / 4, 2 · 4 + 7 is not.
    let random = with_diagonal(matrix(Kind::Random, 60, 60), 60.0);
    assert_eq!(plan_of(&within(&random, 4, 6)).1, Method::BandedLu);
    assert_eq!(plan_of(&within(&random, 4, 7)).1, Method::Lu);
    // Tridiagonal from order 3 on, symmetric or not; definite or not.
    assert_eq!(plan_of(&within(&random.slice(s![..2, ..2]).to_owned(), 1, 1)).1, Method::Lu);
    assert_eq!(plan_of(&within(&random.slice(s![..3, ..3]).to_owned(), 1, 1)).1, Method::TridiagonalLu);
    let chain = array![[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]];
    assert_eq!(plan_of(&chain), (Structure::Tridiagonal, Method::TridiagonalLu, 3));
    // A band that is symmetric with a positive diagonal, but indefinite.
    let mut band = with_diagonal(within(&symmetric(Kind::Random, 60), 2, 2), 20.0);
    band[[30, 31]] = 50.0;
    band[[31, 30]] = 50.0;
    assert_eq!(plan_of(&band), (Structure::Banded { lower: 2, upper: 2 }, Method::BandedLu, 60));
    // One column and one row.
    assert_eq!(plan_of(&array![[1.0], [2.0]]), (Structure::Overdetermined, Method::Qr, 1));
    assert_eq!(plan_of(&array![[1.0, 2.0]]), (Structure::Underdetermined, Method::QrOfTranspose, 1));
    assert_eq!(plan_of(&array![[0.0, 0.0]]), (Structure::RankDeficient, Method::Svd, 0));
    // The famous one: every digit of an elimination would be noise.
    let hilbert = Array2::from_shape_fn((14, 14), |(i, j)| 1.0 / (i + j + 1) as f64);
    assert_eq!(plan_of(&hilbert).1, Method::Svd);
}

#[test]
fn empty_and_single_systems_are_answered() {
    for (m, n) in [(0, 0), (0, 3), (3, 0)] {
        let solution = solve(&Array2::<f64>::zeros((m, n)), &Array2::ones((m, 2))).unwrap();
        assert_eq!(solution.dim(), (n, 2));
        assert_eq!((solution.plan().structure, solution.plan().rank), (Structure::Empty, 0));
        assert!(solution.require_full_rank().is_ok());
    }
    let solution = solve(&array![[-4.0f32]], &array![2.0]).unwrap();
    assert_eq!((solution.into_inner(), 1), (array![-0.5], 1));
    let solution = solve(&array![[0.0]], &array![2.0]).unwrap();
    assert_eq!((solution.x(), solution.plan().rank), (&array![0.0], 0));
    let none = solve(&definite(3), &Array2::zeros((3, 0))).unwrap();
    assert_eq!((none.dim(), none.plan().method), ((3, 0), Method::Cholesky));
}

/// The zeros of a diagonal leave their unknowns at zero; what is tiny is divided by all the same.
#[test]
fn a_diagonal_is_divided_by_entry_for_entry() {
    let a = Array2::from_diag(&array![2.0, 0.0, 1e-200]);
    let solution = solve(&a, &array![4.0, 5.0, 3e-200]).unwrap();
    assert_eq!(solution.x(), array![2.0, 0.0, 3.0]);
    assert_eq!((solution.plan().structure, solution.plan().rank), (Structure::RankDeficient, 2));
    let solution = solve(&Array2::from_diag(&array![1.0, 1e-200]), &array![1.0, 1e-200]).unwrap();
    assert_eq!((solution.x(), solution.plan().rank), (&array![1.0, 1.0], 2));
    assert_eq!(solution.plan().digits(), 0);
}

/// Multiples of well-conditioned systems, wherever in the range they lie.
#[test]
fn scale_does_not_matter() {
    let x = array![1.0, -1.0, 2.0];
    for base in [
        array![[2.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 4.0]],
        array![[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]],
        array![[2.0, 0.0, 0.0], [1.0, 3.0, 0.0], [1.0, 1.0, 4.0]],
        array![[4.0, 1.0, 1.0], [1.0, 3.0, 1.0], [1.0, 1.0, 4.0]],
        array![[0.0, 1.0, 1.0], [1.0, 3.0, 1.0], [1.0, 1.0, 4.0]],
        array![[4.0, 1.0, 2.0], [1.0, 3.0, 1.0], [1.0, 1.0, 4.0]],
        array![[4.0, 1.0, 2.0], [1.0, 3.0, 1.0], [1.0, 1.0, 4.0], [1.0, 0.0, 0.0]],
    ] {
        for scale in [1.5e307, 1e300, 1e-300, 5e-324] {
            let solution = solve(&(&base * scale), &(base.dot(&x) * scale)).unwrap();
            let close = (solution.x() - &x).iter().all(|d: &f64| d.abs() < 1e-13);
            assert!(close, "{scale:e}: {}\n{}", solution.x(), solution.explain());
        }
    }
    let refused = solve(&array![[1e-300]], &array![1e300]).unwrap_err();
    assert!(matches!(refused, Error::Overflow { .. }));
}

#[test]
fn bad_entries_and_extents_are_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
            let mut a = Array2::<f64>::eye(3);
            a[[row, col]] = bad;
            let refused = solve(&a, &array![1.0, 2.0, 3.0]).unwrap_err();
            assert_eq!(refused, Error::NonFinite { argument: "a", row, col });
            let refused = solve(&Array2::eye(3), &a).unwrap_err();
            assert_eq!(refused, Error::NonFinite { argument: "b", row, col });
        }
    }
    let refused = solve(&Array2::<f64>::eye(3), &array![1.0]).unwrap_err();
    assert!(matches!(refused, Error::Shape { argument: "b", found: 1, expected: 3, .. }));
    let zero = [0.0];
    let tall = ArrayView::from_shape((1, 1), &zero).unwrap();
    let tall = tall.broadcast((1 << 31, 1)).unwrap();
    assert!(matches!(solve(&tall, &tall), Err(Error::TooLarge { .. })));
    assert!(matches!(solve(&array![[1.0]], &tall.t()), Err(Error::TooLarge { .. })));
}

#[test]
fn survives_a_small_stack() {
    let worker = || {
        for (a, structure, _) in structures(300) {
            let solution = solve(&a, &Array2::ones((a.nrows(), 2))).unwrap();
            // The random band of order 300 may be singular to working precision.
            assert!(solution.plan().structure == structure || solution.plan().method == Method::Svd);
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(worker).unwrap().join().unwrap();
}
