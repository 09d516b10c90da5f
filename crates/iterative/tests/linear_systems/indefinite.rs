//! Symmetric systems that need not be definite, by MINRES.

use lapwing_iterative::preconditioners::{IncompleteCholesky, Jacobi};
use lapwing_iterative::{BreakdownReason, IterationError, Minres};
use lapwing_lapack::Scalar;
use ndarray::{Array1, array};

use crate::problems::{
    Sparse, badly_scaled, from_triplets, grid, norm, product, relative_residual, ring, rounding, wave,
};

/// A grid's Laplacian shifted by `shift`, between its eigenvalues.
fn shifted_grid<T: Scalar>(n: usize, shift: f64) -> Sparse<T> {
    let a: Sparse<f64> = grid(n);
    let entries =
        a.iter().map(|(&entry, (i, j))| (i as usize, j as usize, entry - if i == j { shift } else { 0.0 }));
    from_triplets((n * n, n * n), entries)
}

fn solves_an_indefinite_system<T: Scalar>(tolerance: f64) {
    let a = shifted_grid::<T>(10, 1.0);
    let b = wave::<T>(100);
    let solution = Minres::params().tolerance(tolerance).solve(&a, &b).unwrap();
    // The condition number is 880, so that ‖A‖ ‖x‖ / ‖b‖ is at most that.
    assert!(relative_residual(&a, solution.x(), &b) <= tolerance + rounding::<T>(880.0));
    assert!(solution.residual_norms().is_sorted_by(|before, after| before >= after), "the residual rises");
}

#[test]
fn an_indefinite_system_is_solved() {
    solves_an_indefinite_system::<f64>(1e-11);
    solves_an_indefinite_system::<f32>(1e-3);
}

/// Two eigenvalues: two iterations, after which the space is exhausted.
#[test]
fn an_invariant_subspace_ends_the_iteration() {
    let a = from_triplets::<f64>((4, 4), [(0, 0, 2.0), (1, 1, -1.0), (2, 2, 2.0), (3, 3, -1.0)]);
    let solution = Minres::params().tolerance(1e-14).solve(&a, &array![2.0, 1.0, 4.0, 2.0]).unwrap();
    assert!(solution.iterations() <= 3);
    // A condition number of 2 and a handful of operations.
    let error = &solution.x() - &array![1.0, -1.0, 2.0, -2.0];
    assert!(norm(&error) < 1e-13);
}

/// The Laplacian of a ring: solved as it is, with no part in the null space of constants.
#[test]
fn a_consistent_singular_system_is_solved() {
    let n = 24;
    let a = ring::<f64>(n);
    let exact = wave::<f64>(n);
    let exact = &exact - exact.mean().unwrap();
    let b = product(&a, exact.view());
    let solution = Minres::params().tolerance(1e-12).solve(&a, &b).unwrap();
    // The smallest eigenvalue that is not 0 is 2 − 2 cos(2π / 24) > 0.06, the largest 4.
    let bound = 4.0 / 0.06 * 1e-12 * norm(&exact);
    assert!(norm(&(&solution.x() - &exact)) <= bound);
}

/// Not in the range: the residual cannot fall below the part of b in the null space, and that is an error.
#[test]
fn an_inconsistent_singular_system_is_an_error() {
    let n = 24;
    let error =
        Minres::params().tolerance(1e-10).solve(&ring::<f64>(n), &(wave::<f64>(n) + 1.0)).unwrap_err();
    let best = error.best().expect("it had begun");
    assert!(best.x().iter().all(|x| x.is_finite()));
    assert!(
        matches!(&error, IterationError::NotConverged { .. } | IterationError::Breakdown { .. }),
        "{error}"
    );
    let zero = Minres::params().solve(&from_triplets::<f64>((2, 2), []), &array![1.0, 2.0]).unwrap_err();
    let IterationError::Breakdown { reason: BreakdownReason::Inconsistent, .. } = &zero else {
        panic!("{zero}")
    };
}

/// With a preconditioner the residual that is watched is still the true one.
#[test]
fn a_preconditioner_keeps_the_true_residual_in_view() {
    let a = badly_scaled::<f64>(10);
    let b = wave::<f64>(100);
    let jacobi = Jacobi::new(&a).unwrap();
    let solution = Minres::params().tolerance(1e-8).preconditioner(&jacobi).solve(&a, &b).unwrap();
    assert!(relative_residual(&a, solution.x(), &b) <= 1.001e-8);
    assert!(solution.iterations() < 100, "{}", solution.iterations());
    let a = grid::<f64>(20);
    let b = Array1::ones(400);
    let plain = Minres::params().tolerance(1e-10).solve(&a, &b).unwrap();
    let factorization = IncompleteCholesky::new(&a).unwrap();
    let mut last = 0.0;
    let mut observer = |progress: lapwing_iterative::Progress| {
        last = progress.residual;
        std::ops::ControlFlow::Continue(())
    };
    let params = Minres::params().tolerance(1e-10).preconditioner(&factorization);
    let solution = params.observer(&mut observer).solve(&a, &b).unwrap();
    assert!(solution.iterations() * 3 < plain.iterations() * 2, "{}", solution.iterations());
    // By recurrence and by a product, within what rounding may do to either: ‖A‖ ‖x‖ / ‖b‖ ≤ 8 / 0.04.
    assert!((solution.residual_norm() - last).abs() <= rounding::<f64>(8.0 / 0.04));
}

#[test]
fn an_indefinite_preconditioner_is_found_out() {
    let negative = Jacobi::new(&from_triplets::<f64>((2, 2), [(0, 0, -1.0), (1, 1, 1.0)])).unwrap();
    let a = from_triplets::<f64>((2, 2), [(0, 0, 1.0), (1, 1, 2.0)]);
    let error = Minres::params().preconditioner(&negative).solve(&a, &array![1.0, 0.0]).unwrap_err();
    assert!(error.to_string().contains("the preconditioner is not positive definite"), "{error}");
}
