//! Symmetric positive definite systems, by conjugate gradients.

use lapwing_iterative::preconditioners::{IncompleteCholesky, Jacobi, SymmetricSuccessiveOverrelaxation};
use lapwing_iterative::{BreakdownReason, ConjugateGradient, IterationError, LinearOperator};
use lapwing_lapack::Scalar;
use ndarray::{Array1, array};

use crate::problems::{
    badly_scaled, from_triplets, grid, line, norm, relative_residual, ring, rounding, wave,
};

/// The solution of the second difference with `b = 1` is the parabola `i (n + 1 − i) / 2`. Only the n/2 eigenvectors that
/// are symmetric take part, and as many iterations suffice.
#[test]
fn a_line_is_solved_in_closed_form() {
    let n = 40;
    let b = Array1::ones(n);
    let solution = ConjugateGradient::params().tolerance(1e-12).solve(&line::<f64>(n), &b).unwrap();
    assert!(solution.iterations() <= n / 2, "{}", solution.iterations());
    let exact = Array1::from_shape_fn(n, |i| ((i + 1) * (n - i)) as f64 / 2.0);
    // The error is at most the condition number, under 4 (n + 1)² / π², times the relative residual.
    let bound = 4.0 * 41.0f64.powi(2) / 9.8 * 1e-12;
    assert!(norm(&(&solution.x() - &exact)) <= bound * norm(&exact));
}

fn meets_its_tolerance<T: Scalar>(tolerance: f64) {
    let a = grid::<T>(30);
    let b = wave::<T>(900);
    let solution = ConjugateGradient::params().tolerance(tolerance).solve(&a, &b).unwrap();
    let residual = relative_residual(&a, solution.x(), &b);
    // ‖A‖ < 8, and ‖x‖ ≤ ‖b‖ / λ₁ with λ₁ = 4 (1 − cos(π / 31)) > 0.02.
    let slack = rounding::<T>(8.0 / 0.02);
    assert!(residual <= tolerance + slack, "{residual:e}");
    assert!((solution.residual_norm() - residual).abs() <= slack);
    let norms = solution.residual_norms();
    assert_eq!((norms.len(), norms[0]), (solution.iterations() + 1, 1.0));
    assert!(norms[norms.len() - 1] <= tolerance);
}

#[test]
fn the_true_residual_is_below_the_tolerance() {
    meets_its_tolerance::<f64>(1e-5);
    meets_its_tolerance::<f64>(1e-12);
    meets_its_tolerance::<f32>(1e-4);
}

/// A condition number of 1e12 is beyond the method as it is, and no matter when scaling is all there is to it.
#[test]
fn the_diagonal_undoes_a_bad_scaling() {
    let a = badly_scaled::<f64>(20);
    let b = wave::<f64>(400);
    let params = || ConjugateGradient::params().tolerance(1e-8).max_iterations(400);
    let error = params().solve(&a, &b).unwrap_err();
    let IterationError::NotConverged { iterations: 400, residual, tolerance: 1e-8, best, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!((best.iterations(), best.residual_norm()), (400, *residual));
    assert!(*residual > 1e-8 && best.x().iter().all(|x| x.is_finite()));
    assert!(error.to_string().contains("did not converge in 400 iterations"), "{error}");

    let jacobi = Jacobi::new(&a).unwrap();
    let solution = params().preconditioner(&jacobi).solve(&a, &b).unwrap();
    // The scaled matrix has the spectrum of the grid: tens of iterations. Rows cancel to their smallest entry at worst.
    assert!(solution.iterations() < 150, "{}", solution.iterations());
    assert!(relative_residual(&a, solution.x(), &b) <= 1e-8 * (1.0 + 1e-3));
}

/// Each preconditioner takes fewer iterations than none, in the order of their quality.
#[test]
fn preconditioners_save_iterations() {
    let n = 40;
    let a = grid::<f64>(n);
    let b = wave::<f64>(n * n);
    let count = |preconditioner: Option<&dyn LinearOperator<f64>>| {
        let params = ConjugateGradient::params().tolerance(1e-10);
        let params = match preconditioner {
            Some(preconditioner) => params.preconditioner(preconditioner),
            None => params,
        };
        let solution = params.solve(&a, &b).unwrap();
        assert!(relative_residual(&a, solution.x(), &b) <= 1e-10 + rounding::<f64>(8.0 / 0.01));
        solution.iterations()
    };
    let step = std::f64::consts::PI / (n + 1) as f64;
    let optimal = SymmetricSuccessiveOverrelaxation::new(&a, 2.0 / (1.0 + step.sin())).unwrap();
    let counts = [
        count(None),
        count(Some(&SymmetricSuccessiveOverrelaxation::new(&a, 1.0).unwrap())),
        count(Some(&IncompleteCholesky::new(&a).unwrap())),
        count(Some(&optimal)),
    ];
    assert!(counts.is_sorted_by(|more, less| more > less), "{counts:?}");
    assert!(counts[3] * 3 < counts[0], "{counts:?}");
}

#[test]
fn an_indefinite_matrix_is_found_out() {
    let a = from_triplets::<f64>((3, 3), [(0, 0, 1.0), (1, 1, -2.0), (2, 2, 3.0)]);
    let b = array![1.0, 1.0, 1.0];
    let error = ConjugateGradient::params().tolerance(1e-10).solve(&a, &b).unwrap_err();
    let IterationError::Breakdown { reason, best, .. } = &error else { panic!("{error}") };
    // A Rayleigh quotient lies between the extreme eigenvalues.
    assert!(
        matches!(reason, BreakdownReason::NotPositiveDefinite { curvature } if (-2.0..=0.0).contains(curvature)),
        "{error}"
    );
    assert!(reason.to_string().starts_with("the matrix is not positive definite"), "{error}");
    assert_eq!(best.x().len(), 3);
    let jacobi = Jacobi::new(&a).unwrap();
    let definite = from_triplets::<f64>((3, 3), [(0, 0, 1.0), (1, 1, 2.0), (2, 2, 3.0)]);
    let b = array![0.0, 1.0, 0.0];
    let error = ConjugateGradient::params().preconditioner(&jacobi).solve(&definite, &b).unwrap_err();
    let IterationError::Breakdown { reason: BreakdownReason::IndefinitePreconditioner, .. } = &error else {
        panic!("{error}")
    };
}

/// In the range of a semidefinite matrix the method never meets the null space.
#[test]
fn a_consistent_semidefinite_system_is_solved() {
    let a = ring::<f64>(25);
    let b = crate::problems::product(&a, wave::<f64>(25).view());
    let solution = ConjugateGradient::params().tolerance(1e-11).solve(&a, &b).unwrap();
    assert!(relative_residual(&a, solution.x(), &b) <= 1.01e-11);
}

/// A tolerance that rounding errors do not allow ends in an error with what is attainable, not in idle iterations.
#[test]
fn an_unattainable_tolerance_is_an_error() {
    let a = grid::<f32>(30);
    let error = ConjugateGradient::params().tolerance(1e-12).solve(&a, &wave(900)).unwrap_err();
    let IterationError::Breakdown { reason, best, iterations, .. } = &error else { panic!("{error}") };
    assert!(matches!(reason, BreakdownReason::Stagnated { .. }), "{error}");
    assert!(reason.to_string().contains("rounding errors"), "{error}");
    // ‖A‖ ‖x‖ / ‖b‖ ≤ 8 / 0.02 in units of rounding.
    assert!(best.residual_norm() <= rounding::<f32>(8.0 / 0.02) && *iterations < 1000, "{error}");
}

/// Long enough that every pass is shared by several threads; the same bits come out again.
#[test]
fn long_vectors_are_solved_with_by_all_threads() {
    let n = 370;
    let a = grid::<f64>(n);
    let b = wave::<f64>(n * n);
    let jacobi = Jacobi::new(&a).unwrap();
    let solve = || ConjugateGradient::params().tolerance(1e-2).preconditioner(&jacobi).solve(&a, &b).unwrap();
    let solution = solve();
    // λ₁ = 4 (1 − cos(π / 371)) > 1e-4.
    assert!(relative_residual(&a, solution.x(), &b) <= 1e-2 + rounding::<f64>(8.0 / 1e-4));
    assert_eq!(solution, solve());
}
