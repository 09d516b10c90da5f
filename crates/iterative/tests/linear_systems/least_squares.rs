//! Least squares, by LSQR and LSMR.

use std::cell::Cell;
use std::ops::ControlFlow;

use lapwing_iterative::linear_systems::{Fulfilled, LeastSquaresParams, LeastSquaresSolution};
use lapwing_iterative::{
    BreakdownReason, Error, FunctionOperator, IterationError, LinearOperator, Lsmr, Lsqr, Progress,
};
use lapwing_lapack::random::standard_normal;
use ndarray::{Array1, Array2, ArrayRef2, array};

use crate::problems::{Sparse, from_triplets, norm, wave};

/// Runs a piece of code with the parameters of both methods.
macro_rules! for_both {
    ($params:ident: $scalar:ty => $check:expr) => {
        for_both!($params: $scalar => $check, Lsqr, Lsmr)
    };
    ($params:ident: $scalar:ty => $check:expr, $($method:ident),*) => {
        $({
            fn $params<'a>() -> LeastSquaresParams<'a, $scalar, $method> {
                $method::params()
            }
            $check
        })*
    };
}

/// The rule that ended the iteration holds for what a product says of the solution.
#[test]
fn the_normal_equations_hold_within_the_tolerance() {
    let a = standard_normal(80, 20, 1);
    let b = wave::<f64>(80);
    for_both!(params: f64 => {
        for tolerance in [1e-6, 1e-11] {
            let solution = params().matrix_tolerance(tolerance).solve(&*a, &b).unwrap();
            assert_eq!(solution.fulfilled(), Some(Fulfilled::NormalEquations));
            let residual = &b - &a.dot(&solution.x());
            let frobenius = a.iter().map(|x| x * x).sum::<f64>().sqrt();
            // The sum of squares of the bidiagonal matrix, which has a few more columns than A by loss of orthogonality.
            assert!(solution.matrix_norm() / frobenius > 0.5 && solution.matrix_norm() / frobenius < 1.5);
            let bound = tolerance * solution.matrix_norm() * norm(&residual);
            // Twenty rows of rounding come on top.
            let slack = 80.0 * f64::EPSILON * frobenius * norm(&b);
            assert!(norm(&a.t().dot(&residual)) <= bound + slack);
            let norms = solution.residual_norms();
            assert_eq!((norms.len(), norms[0]), (solution.iterations() + 1, 1.0));
            assert!(norms.is_sorted_by(|before, after| *before >= after * (1.0 - 1e-12)));
        }
    });
}

/// With the identity there is one step, and `x = b / (1 + λ²)`.
#[test]
fn damping_is_what_it_says() {
    let a = from_triplets::<f64>((5, 5), (0..5).map(|i| (i, i, 1.0)));
    let b = wave::<f64>(5);
    let guess = Array1::ones(5);
    for_both!(params: f64 => {
        let solution = params().damping(0.5).solve(&a, &b).unwrap();
        // A few roundings.
        assert!(norm(&(&solution.x() - &(&b / 1.25))) < 1e-15 * 8.0);
        assert!((solution.residual_norm() - norm(&b) * 0.2f64.sqrt()).abs() < 1e-14);
        assert!(solution.normal_residual_norm() < 1e-14);
        let moved = params().damping(0.5).initial_guess(&guess).solve(&a, &b).unwrap();
        assert!(norm(&(&moved.x() - &(&guess + &((&b - &guess) / 1.25)))) < 1e-14);
    });
}

/// Of the solutions of a wide system the shortest, which lies in the range of Aᵀ; from a guess, the nearest.
#[test]
fn a_wide_system_has_its_shortest_solution() {
    let a = standard_normal(15, 40, 2);
    let b = wave::<f64>(15);
    let guess = wave::<f64>(40);
    for_both!(params: f64 => {
        let params = || params().matrix_tolerance(1e-13).right_hand_side_tolerance(1e-13);
        let solution = params().solve(&*a, &b).unwrap();
        assert_eq!(solution.fulfilled(), Some(Fulfilled::System));
        // The condition number of such a matrix is below 10, its norm about 10.
        assert!(norm(&(&b - &a.dot(&solution.x()))) <= 1e-11);
        let near = params().initial_guess(&guess).solve(&*a, &b).unwrap();
        assert!(norm(&(&b - &a.dot(&near.x()))) <= 1e-11);
        let difference = &near.x() - &guess;
        let coefficients = params().solve(&*a.t(), &difference).unwrap();
        assert!(coefficients.residual_norm() <= 1e-10, "the change has a part in the null space");
    });
}

#[test]
fn what_is_solved_already_takes_no_iteration() {
    let a = standard_normal(9, 4, 3);
    let exact = array![1.0, -2.0, 3.0, 0.5];
    for_both!(params: f64 => {
        let zero = params().solve(&*a, &Array1::zeros(9)).unwrap();
        assert_eq!((zero.x(), zero.iterations()), (Array1::zeros(4).view(), 0));
        assert_eq!((zero.residual_norm(), zero.normal_residual_norm()), (0.0, 0.0));
        let done = params().initial_guess(&exact).solve(&*a, &a.dot(&exact)).unwrap();
        assert_eq!((done.x(), done.iterations()), (exact.view(), 0));
        for (m, n) in [(0, 0), (0, 3), (3, 0)] {
            let none = params().solve(&*Array2::<f64>::zeros((m, n)), &Array1::ones(m)).unwrap();
            assert_eq!((none.x(), none.iterations()), (Array1::zeros(n).view(), 0));
        }
        // b is orthogonal to the range.
        let column = params().solve(&*array![[1.0], [0.0]], &array![0.0, 2.0]).unwrap();
        assert_eq!((column.x()[0], column.iterations(), column.residual_norm()), (0.0, 0, 2.0));
        let one = params().solve(&*array![[4.0]], &array![2.0]).unwrap();
        assert_eq!((one.x()[0], one.iterations()), (0.5, 1));
    });
}

/// Columns of lengths from 1 to 1e9: the limit stops the iteration, damping or a higher limit helps.
#[test]
fn the_condition_number_is_limited() {
    let a = from_triplets::<f64>((6, 6), (0..6).map(|i| (i, i, 10f64.powf(1.8 * i as f64))));
    let b = Array1::ones(6);
    for_both!(params: f64 => {
        let error = params().matrix_tolerance(0.0).right_hand_side_tolerance(0.0).condition_limit(1e4).solve(&a, &b);
        let IterationError::Breakdown { reason, best, .. } = error.unwrap_err() else { panic!("no breakdown") };
        assert_eq!(reason, BreakdownReason::IllConditioned { condition: best.condition() });
        assert!(reason.to_string().contains("condition number") && best.condition() >= 1e4);
        assert_eq!((best.fulfilled(), best.x().len()), (None, 6));
        let damped = params().damping(1e6).condition_limit(1e4).solve(&a, &b).unwrap();
        assert!(damped.condition() < 1e4);
    });
}

/// Rank 2 of 3: the shortest solution all the same, as the null space never takes part.
#[test]
fn a_deficient_rank_does_not_matter() {
    let a = array![[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0], [0.0, 1.0, 1.0]];
    let b = array![1.0, 0.0, 2.0, -1.0];
    for_both!(params: f64 => {
        let solution = params().matrix_tolerance(1e-12).solve(&*a, &b).unwrap();
        let residual = &b - &a.dot(&solution.x());
        // ‖A‖ < 9.
        assert!(norm(&a.t().dot(&residual)) <= 1e-11 * norm(&residual));
        assert!((solution.x()[0] + solution.x()[1] - solution.x()[2]).abs() < 1e-11);
    });
}

#[test]
fn single_precision_meets_a_single_tolerance() {
    let a = standard_normal(60, 12, 4).mapv(|entry| entry as f32);
    let b = wave::<f32>(60);
    for_both!(params: f32 => {
        let solution = params().matrix_tolerance(1e-5).solve(&*a, &b).unwrap();
        let residual = &b - &a.dot(&solution.x());
        // The tolerance, and 60 roundings, relative to the Frobenius norm of about √720.
        let bound = (1e-5 + 60.0 * f64::from(f32::EPSILON)) * 27.0 * norm(&b);
        assert!(norm(&a.t().dot(&residual)) <= bound);
    });
}

/// Multiplying `b` by a power of 2 changes nothing but exponents, however far.
#[test]
fn the_unit_of_the_right_hand_side_does_not_matter() {
    let a = standard_normal(20, 7, 5);
    let b = wave::<f64>(20);
    for_both!(params: f64 => {
        let one = params().solve(&*a, &b).unwrap();
        for scale in [2f64.powi(-900), 2f64.powi(900)] {
            let scaled = params().solve(&*a, &(&b * scale)).unwrap();
            assert_eq!(scaled.x(), &one.x() * scale);
            assert_eq!(scaled.residual_norm(), one.residual_norm() * scale);
        }
    });
}

#[test]
fn limits_observers_and_nan_end_in_typed_errors() {
    let a = standard_normal(50, 30, 6);
    let b = wave::<f64>(50);
    for_both!(params: f64 => {
        for limit in [0, 3] {
            let error = params().max_iterations(limit).solve(&*a, &b).unwrap_err();
            let IterationError::NotConverged { iterations, best, residual, tolerance: 1e-6, .. } = error else {
                panic!("{error}")
            };
            assert_eq!((iterations, best.iterations()), (limit, limit));
            assert!(residual > 1e-6);
        }
        let mut seen = Vec::new();
        let mut observer = |progress: Progress| {
            seen.push(progress.iterations);
            if progress.iterations == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let error = params().observer(&mut observer).solve(&*a, &b).unwrap_err();
        assert!(matches!(error, IterationError::Cancelled { iterations: 4, .. }), "{error}");
        assert_eq!(seen, [1, 2, 3, 4]);
        for good in [0, 1, 5] {
            let calls = Cell::new(0);
            let spoil = |result: &mut ArrayRef2<f64>| {
                calls.set(calls.get() + 1);
                if calls.get() > good {
                    result[[7, 0]] = f64::NAN;
                }
            };
            let spoiled = FunctionOperator::new(
                (50, 30),
                |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| a.apply_into(x, result).map(|()| spoil(result)),
                |y: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
                    a.apply_transposed_into(y, result).map(|()| spoil(result))
                },
            );
            let error = params().solve(&spoiled, &b).unwrap_err();
            assert!(matches!(error, IterationError::Matrix(Error::Overflow { .. })), "{error}");
        }
    });
}

#[test]
fn bad_arguments_are_refused_by_name() {
    let a: Sparse<f64> = from_triplets((4, 3), [(0, 0, 1.0)]);
    let b = wave::<f64>(4);
    let matrix = |outcome: Result<LeastSquaresSolution<f64>, IterationError<_>>| match outcome {
        Err(IterationError::Matrix(error)) => error,
        other => panic!("{other:?}"),
    };
    let parameter = |outcome| match matrix(outcome) {
        Error::InvalidParameter { parameter, .. } => parameter,
        other => panic!("{other}"),
    };
    for_both!(params: f64 => {
        let short = matrix(params().solve(&a, &wave(3)));
        assert!(matches!(short, Error::Shape { argument: "b", found: 3, expected: 4, .. }));
        let guess = matrix(params().initial_guess(&b).solve(&a, &b));
        assert!(matches!(guess, Error::Shape { argument: "initial_guess", found: 4, expected: 3, .. }));
        let nan = matrix(params().solve(&a, &array![0.0, f64::NAN, 0.0, 0.0]));
        assert_eq!(nan, Error::NonFinite { argument: "b", row: 1, col: 0 });
        assert_eq!(parameter(params().damping(-1.0).solve(&a, &b)), "damping");
        assert_eq!(parameter(params().matrix_tolerance(f64::NAN).solve(&a, &b)), "matrix_tolerance");
        let error = params().right_hand_side_tolerance(-1e-3).solve(&a, &b);
        assert_eq!(parameter(error), "right_hand_side_tolerance");
        assert_eq!(parameter(params().condition_limit(0.5).solve(&a, &b)), "condition_limit");
    });
}
