//! What every solver does alike with its arguments.

use std::cell::Cell;
use std::ops::ControlFlow;

use lapwing_iterative::linear_systems::{Solution, SolverParams};
use lapwing_iterative::{
    Bicgstab, ConjugateGradient, Error, FunctionOperator, Gmres, IterationError, Minres, Progress,
};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, array, s};

use crate::problems::{grid, line, product, relative_residual, wave};

type Outcome<T> = Result<Solution<T>, IterationError<Solution<T>>>;

/// Runs a piece of code with the parameters of every method.
macro_rules! for_each_method {
    ($params:ident => $check:expr) => {
        for_each_method!($params => $check, ConjugateGradient, Minres, Gmres, Bicgstab)
    };
    ($params:ident => $check:expr, $($method:ident),*) => {
        $({
            fn $params<'a>() -> SolverParams<'a, f64, $method> {
                $method::params()
            }
            $check
        })*
    };
}

#[test]
fn a_zero_right_hand_side_has_the_zero_solution_at_once() {
    let guess = Array1::ones(16);
    for_each_method!(params => {
        let solution = params().initial_guess(&guess).solve(&grid::<f64>(4), &Array1::zeros(16)).unwrap();
        assert_eq!((solution.x(), solution.iterations()), (Array1::zeros(16).view(), 0));
        assert_eq!((solution.residual_norm(), solution.residual_norms()), (0.0, &[0.0][..]));
    });
}

#[test]
fn orders_zero_and_one_are_solved() {
    for_each_method!(params => {
        let empty = params().solve(&*Array2::<f64>::zeros((0, 0)), &Array1::zeros(0)).unwrap();
        assert_eq!((empty.x().len(), empty.iterations()), (0, 0));
        let one = params().solve(&*array![[4.0]], &array![2.0]).unwrap();
        assert_eq!((one.into_x(), 0), (array![0.5], 0));
    });
}

#[test]
fn an_exact_guess_needs_no_iteration() {
    let exact = Array1::from_shape_fn(36, |i| (i % 5) as f64 - 2.0);
    let a = grid::<f64>(6);
    let b = product(&a, exact.view());
    for_each_method!(params => {
        let solution = params().initial_guess(&exact).solve(&a, &b).unwrap();
        assert_eq!((solution.x(), solution.iterations()), (exact.view(), 0));
    });
}

/// Strided and reversed vectors are read as what they are.
#[test]
fn vectors_of_any_layout_are_understood() {
    let a = grid::<f64>(6);
    let padded = wave::<f64>(72);
    let b = padded.slice(s![..;-2]);
    for_each_method!(params => {
        let strided = params().solve(&a, &b).unwrap();
        assert_eq!(strided, params().initial_guess(&b.mapv(|_| 0.0)).solve(&a, &b.to_owned()).unwrap());
    });
}

/// Multiplying `b` by a power of 2 changes nothing but the exponent of `x`, however far.
#[test]
fn the_unit_of_the_right_hand_side_does_not_matter() {
    let a = grid::<f64>(6);
    let b = wave::<f64>(36);
    for_each_method!(params => {
        let one = params().solve(&a, &b).unwrap();
        for scale in [2f64.powi(-900), 2f64.powi(900)] {
            let scaled = params().solve(&a, &(&b * scale)).unwrap();
            assert_eq!(scaled.x(), &one.x() * scale);
            assert_eq!(scaled.residual_norms(), one.residual_norms());
        }
    });
}

#[test]
fn an_absolute_tolerance_suffices() {
    let a = grid::<f64>(6);
    let b = wave::<f64>(36) * 1e-3;
    for_each_method!(params => {
        let solution = params().tolerance(0.0).absolute_tolerance(1e-6).solve(&a, &b).unwrap();
        let norm = b.dot(&b).sqrt();
        let residual = relative_residual(&a, solution.x(), &b);
        // Rounding errors are far below.
        assert!(residual * norm <= 1.0001e-6 && solution.iterations() > 0);
        let loose = params().tolerance(1.0).solve(&a, &b).unwrap();
        assert_eq!((loose.iterations(), loose.residual_norm()), (0, 1.0));
    });
}

#[test]
fn bad_arguments_are_refused_by_name() {
    let a = grid::<f64>(3);
    let b = wave::<f64>(9);
    let matrix = |outcome: Outcome<f64>| match outcome {
        Err(IterationError::Matrix(error)) => error,
        other => panic!("{other:?}"),
    };
    let (short, mut infinite) = (wave::<f64>(8), b.clone());
    infinite[3] = f64::INFINITY;
    let small = line::<f64>(8);
    for_each_method!(params => {
        let solve = |b: &ArrayRef1<f64>| matrix(params().solve(&a, b));
        assert!(matches!(solve(&short), Error::Shape { argument: "b", found: 8, expected: 9, .. }));
        assert_eq!(solve(&infinite), Error::NonFinite { argument: "b", row: 3, col: 0 });
        let guess = |guess| matrix(params().initial_guess(guess).solve(&a, &b));
        assert!(matches!(guess(&*short), Error::Shape { argument: "initial_guess", .. }));
        assert!(matches!(guess(&*infinite), Error::NonFinite { argument: "initial_guess", .. }));
        let wide = matrix(params().solve(&*Array2::zeros((9, 10)), &b));
        assert_eq!(wide, Error::NotSquare { argument: "a", rows: 9, cols: 10 });
        let other = matrix(params().preconditioner(&small).solve(&a, &b));
        assert!(matches!(other, Error::Shape { argument: "preconditioner", found: 8, expected: 9, .. }));
        for tolerance in [-1.0, f64::NAN, f64::INFINITY] {
            let error = matrix(params().tolerance(tolerance).solve(&a, &b));
            assert!(matches!(error, Error::InvalidParameter { parameter: "tolerance", .. }));
        }
    });
}

#[test]
fn the_iterations_are_limited() {
    let (a, b) = (grid::<f64>(10), wave::<f64>(100));
    for_each_method!(params => {
        for limit in [0, 3] {
            let error = params().tolerance(1e-10).max_iterations(limit).solve(&a, &b).unwrap_err();
            let IterationError::NotConverged { iterations, best, residual, .. } = error else { panic!("{error}") };
            assert_eq!((iterations, best.iterations(), best.residual_norms().len()), (limit, limit, limit + 1));
            // Rounding errors are far below 1e-10 of b.
            assert!((relative_residual(&a, best.x(), &b) - residual).abs() < 1e-10);
        }
    });
}

#[test]
fn an_observer_watches_and_cancels() {
    let (a, b) = (grid::<f64>(10), wave::<f64>(100));
    for_each_method!(params => {
        let mut seen: Vec<Progress> = Vec::new();
        let mut observer = |progress: Progress| {
            seen.push(progress);
            if progress.iterations == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let error = params().tolerance(1e-10).max_iterations(50).observer(&mut observer).solve(&a, &b).unwrap_err();
        let IterationError::Cancelled { iterations: 4, best, .. } = error else { panic!("{error}") };
        assert!(seen.iter().map(|progress| progress.iterations).eq(1..=4));
        assert!(seen.iter().all(|progress| progress.limit == 50 && progress.tolerance == 1e-10));
        assert!(seen.iter().zip(&best.residual_norms()[1..]).all(|(progress, &norm)| progress.residual == norm));
        // The best so far is what four iterations give.
        let error = params().tolerance(1e-10).max_iterations(4).solve(&a, &b).unwrap_err();
        assert_eq!(error.into_best().unwrap().x(), best.x());
    });
}

/// An operator whose product is NaN from some call on, in iteration or at once.
#[test]
fn nan_from_the_operator_is_an_error() {
    let (a, b) = (line::<f64>(50), wave::<f64>(50));
    for_each_method!(params => {
        for good in [0, 1, 5] {
            let calls = Cell::new(0);
            let spoiled = FunctionOperator::symmetric(50, |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
                lapwing_iterative::LinearOperator::apply_into(&a, x, result)?;
                calls.set(calls.get() + 1);
                if calls.get() > good {
                    result[[17, 0]] = f64::NAN;
                }
                Ok(())
            });
            let error = params().tolerance(1e-10).solve(&spoiled, &b).unwrap_err();
            assert!(matches!(error, IterationError::Matrix(Error::Overflow { .. })), "{error}");
        }
    });
}

/// An error of the operator is passed on as it is.
#[test]
fn an_error_from_the_operator_is_passed_on() {
    for_each_method!(params => {
        let failing = FunctionOperator::symmetric(3, |_: &ArrayRef2<f64>, _: &mut ArrayRef2<f64>| {
            Err(Error::OutOfMemory { bytes: 7 })
        });
        let error = params().solve(&failing, &array![1.0, 0.0, 0.0]).unwrap_err();
        assert_eq!(error, IterationError::Matrix(Error::OutOfMemory { bytes: 7 }));
    });
}
