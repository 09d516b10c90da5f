//! Nonsymmetric systems, by GMRES and BiCGSTAB.

use lapwing_iterative::preconditioners::{IncompleteLu, Jacobi};
use lapwing_iterative::{Bicgstab, BreakdownReason, Error, Gmres, IterationError};
use lapwing_lapack::Scalar;
use ndarray::{Array1, Array2, array};

use crate::problems::{convection_diffusion, from_triplets, norm, relative_residual, rounding, wave};

fn solves_convection<T: Scalar>(tolerance: f64) {
    let n = 16;
    let a = convection_diffusion::<T>(n, 2.0);
    let b = wave::<T>(n * n);
    let factorization = IncompleteLu::new(&a).unwrap();
    // The symmetric part is at least that of the grid: ‖A‖ ‖x‖ / ‖b‖ ≤ 12 / λ₁, and λ₁ = 4 (1 − cos(π / 17)) > 0.06.
    let bound = tolerance + rounding::<T>(12.0 / 0.06);
    let gmres = Gmres::params().tolerance(tolerance).solve(&a, &b).unwrap();
    let with = Gmres::params().tolerance(tolerance).preconditioner(&factorization).solve(&a, &b).unwrap();
    let bicgstab = Bicgstab::params().tolerance(tolerance).solve(&a, &b).unwrap();
    let both = Bicgstab::params().tolerance(tolerance).preconditioner(&factorization).solve(&a, &b).unwrap();
    for solution in [&gmres, &with, &bicgstab, &both] {
        let residual = relative_residual(&a, solution.x(), &b);
        assert!(residual <= bound, "{residual:e}");
        assert_eq!(solution.residual_norms().len(), solution.iterations() + 1);
    }
    assert!(with.iterations() * 2 < gmres.iterations(), "{} {}", with.iterations(), gmres.iterations());
    assert!(both.iterations() * 2 < bicgstab.iterations(), "{} {}", both.iterations(), bicgstab.iterations());
}

#[test]
fn convection_is_solved_with_and_without_a_preconditioner() {
    solves_convection::<f64>(1e-11);
    solves_convection::<f32>(1e-4);
}

/// Without a restart the residual never rises, and n iterations are enough.
#[test]
fn a_full_space_holds_the_solution() {
    let n = 30;
    let a = Array2::from_shape_fn((n, n), |(i, j)| {
        ((i * 7 + j * 13) % 11) as f64 - 5.0 + if i == j { 9.0 } else { 0.0 }
    });
    let b = wave::<f64>(n);
    let solution = Gmres::params().tolerance(1e-12).restart(n).solve(&*a, &b).unwrap();
    assert!(solution.iterations() <= n + 2, "{}", solution.iterations());
    assert!(solution.residual_norms().is_sorted_by(|before, after| *before >= after * (1.0 - 1e-12)));
    // ‖A‖ ≤ 9 + 5 n, and a product sums n terms; the condition number is a few hundreds.
    assert!(relative_residual(&&*a, solution.x(), &b) <= 1e-12 + rounding::<f64>(n as f64 * 1000.0));
}

/// A cyclic shift moves the residual to where nothing helps until the last vector: restarted GMRES stagnates for good, as is
/// known, and the full space solves at once.
#[test]
fn stagnation_ends_with_the_best_so_far() {
    let n = 12;
    let a = from_triplets::<f64>((n, n), (0..n).map(|i| (i, (i + 1) % n, 1.0)));
    let mut b = Array1::zeros(n);
    b[0] = 1.0;
    let error = Gmres::params().restart(5).max_iterations(50).solve(&a, &b).unwrap_err();
    let IterationError::NotConverged { iterations: 50, best, .. } = &error else { panic!("{error}") };
    assert!((best.residual_norm() - 1.0).abs() < 1e-14);
    let solution = Gmres::params().restart(n).solve(&a, &b).unwrap();
    assert_eq!((solution.x()[1], solution.iterations()), (1.0, n));
    // ρ and ω vanish at once here: a breakdown, not a hang.
    let error = Bicgstab::params().solve(&a, &b).unwrap_err();
    assert!(matches!(&error, IterationError::Breakdown { iterations: 1 | 2, .. }), "{error}");
}

/// The right-hand side lies in an invariant subspace of dimension 2.
#[test]
fn a_happy_breakdown_is_a_solution() {
    let a = array![[2.0, 1.0, 0.0, 0.0], [0.0, 3.0, 0.0, 0.0], [0.0, 0.0, 5.0, 1.0], [0.0, 0.0, 0.0, 7.0]];
    let b = array![3.0, 3.0, 0.0, 0.0];
    let solution = Gmres::params().tolerance(1e-14).solve(&*a, &b).unwrap();
    assert!(solution.iterations() <= 2);
    // Two steps with a condition number below 10.
    assert!(norm(&(&solution.x() - &array![1.0, 1.0, 0.0, 0.0])) < 1e-14);
}

#[test]
fn a_singular_matrix_is_an_error() {
    let a = array![[0.0, 1.0], [0.0, 0.0]];
    let b = array![1.0, 1.0];
    let error = Gmres::params().solve(&*a, &b).unwrap_err();
    assert!(matches!(&error, IterationError::Breakdown { reason: BreakdownReason::Singular, .. }), "{error}");
    assert!(error.best().unwrap().x().iter().all(|x: &f64| x.is_finite()));
    let zero = Array2::<f64>::zeros((3, 3));
    for error in [
        Gmres::params().solve(&*zero, &Array1::ones(3)).unwrap_err(),
        Bicgstab::params().solve(&*zero, &Array1::ones(3)).unwrap_err(),
    ] {
        assert!(matches!(&error, IterationError::Breakdown { iterations: 1, .. }), "{error}");
    }
}

/// Rotations by a right angle have no symmetric part: the stabilizing step finds nothing to minimize.
#[test]
fn a_skew_matrix_breaks_stabilization_down() {
    let a = array![[0.0, 1.0], [-1.0, 0.0]];
    let error = Bicgstab::params().solve(&*a, &array![1.0, 2.0]).unwrap_err();
    let IterationError::Breakdown { reason, .. } = &error else { panic!("{error}") };
    assert!(matches!(reason, BreakdownReason::Orthogonal { .. }), "{error}");
    assert!(reason.to_string().contains("use GMRES"), "{error}");
    let solution = Gmres::params().tolerance(1e-14).solve(&*a, &array![1.0f64, 2.0]).unwrap();
    assert!(norm(&(&solution.x() - &array![-2.0, 1.0])) < 1e-14);
}

#[test]
fn parameters_are_checked() {
    let a = array![[1.0]];
    let error = Gmres::params().restart(0).solve(&*a, &array![1.0]).unwrap_err();
    assert!(matches!(error, IterationError::Matrix(Error::InvalidParameter { parameter: "restart", .. })));
    let jacobi = Jacobi::new(&from_triplets::<f64>((1, 1), [(0, 0, 4.0)])).unwrap();
    let solution = Gmres::params().restart(100).preconditioner(&jacobi).solve(&*a, &array![1.0]).unwrap();
    assert_eq!(solution.x()[0], 1.0);
}

/// The residuals of BiCGSTAB go up and down; what an error carries is within a factor of 2 of the lowest.
#[test]
fn the_best_iterate_survives_a_later_rise() {
    let a = convection_diffusion::<f64>(12, 40.0);
    let b = wave::<f64>(144);
    let mut rises = 0;
    for limit in 1..30 {
        let Err(error) = Bicgstab::params().tolerance(1e-10).max_iterations(limit).solve(&a, &b) else {
            break;
        };
        let best = error.into_best().unwrap();
        let norms = best.residual_norms();
        let lowest = norms.iter().fold(f64::INFINITY, |lowest, &norm| lowest.min(norm));
        rises += usize::from(norms[limit] > 2.0 * lowest);
        // The recurrence and the truth differ by rounding of the largest residual so far, which is below 1e6.
        assert!(best.residual_norm() <= 2.0 * lowest + 1e6 * f64::EPSILON, "{limit}");
        assert!((relative_residual(&a, best.x(), &b) - best.residual_norm()).abs() < 1e-12);
    }
    assert!(rises > 0, "the example does not show what it is for");
}
