//! SciPy's solvers, case by case: the same solutions, in hardly more iterations.
//!
//! The reference is made by `tests/reference/linear_systems.py`.

use lapwing_iterative::linear_systems::Solution;
use lapwing_iterative::preconditioners::Jacobi;
use lapwing_iterative::{
    Bicgstab, ConjugateGradient, Gmres, IterationError, LinearOperator, Lsmr, Lsqr, Minres,
};
use ndarray::Array1;
use serde::Deserialize;

use crate::problems::{Sparse, from_triplets, norm, product, relative_residual};

#[derive(Deserialize)]
struct Reference {
    tolerance: f64,
    square: Vec<Square>,
    least_squares: Vec<LeastSquares>,
}

#[derive(Deserialize)]
struct Square {
    name: String,
    method: String,
    shape: (usize, usize),
    triplets: Vec<(usize, usize, f64)>,
    b: Vec<f64>,
    x: Vec<f64>,
    exact: Vec<f64>,
    iterations: usize,
    jacobi: bool,
    condition: f64,
}

#[derive(Deserialize)]
struct LeastSquares {
    name: String,
    method: String,
    shape: (usize, usize),
    triplets: Vec<(usize, usize, f64)>,
    b: Vec<f64>,
    x: Vec<f64>,
    exact: Vec<f64>,
    iterations: usize,
    damping: f64,
    residual: f64,
    condition: f64,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../reference/linear_systems.json")).expect("the reference is JSON")
}

/// One step of the recurrences may fall to either side of the tolerance, and rounding errors grow with the number of steps.
fn as_many_as(iterations: usize) -> usize {
    iterations + 2 + iterations / 20
}

fn solve(
    case: &Square,
    tolerance: f64,
    a: &Sparse<f64>,
    b: &Array1<f64>,
) -> Result<Solution<f64>, IterationError<Solution<f64>>> {
    let jacobi = Jacobi::new(a).unwrap();
    let preconditioner: Option<&dyn LinearOperator<f64>> = if case.jacobi { Some(&jacobi) } else { None };
    macro_rules! with {
        ($params:expr) => {{
            let params = $params.tolerance(tolerance);
            match preconditioner {
                Some(preconditioner) => params.preconditioner(preconditioner).solve(a, b),
                None => params.solve(a, b),
            }
        }};
    }
    match case.method.as_str() {
        "cg" => with!(ConjugateGradient::params()),
        "minres" => with!(Minres::params()),
        "gmres" => with!(Gmres::params().max_iterations(4000)),
        "bicgstab" => with!(Bicgstab::params()),
        other => panic!("no method {other}"),
    }
}

fn agrees_with_scipy(method: &str, count: usize) {
    let reference = reference();
    let cases: Vec<_> = reference.square.iter().filter(|case| case.method == method).collect();
    assert_eq!(cases.len(), count);
    for case in cases {
        let a: Sparse<f64> = from_triplets(case.shape, case.triplets.iter().copied());
        let b = Array1::from(case.b.clone());
        let solution = solve(case, reference.tolerance, &a, &b).unwrap();
        let name = &case.name;
        let residual = relative_residual(&a, solution.x(), &b);
        assert!(residual <= 1.0001 * reference.tolerance, "{name}: {residual:e}");
        assert!(solution.iterations() <= as_many_as(case.iterations), "{name}: {}", solution.iterations());
        // ‖x − x̂‖ / ‖x‖ ≤ κ ‖b − A x̂‖ / ‖b‖, once for each of the two solutions; a dense solution has no residual
        // that counts.
        let exact = Array1::from(case.exact.clone());
        let bound = case.condition * reference.tolerance * norm(&exact);
        if case.condition < 1e8 {
            let scipy = Array1::from(case.x.clone());
            // Up to a multiple of the constants in the null space of a ring.
            let null_space = |x: Array1<f64>| if name == "ring" { &x - x.mean().unwrap() } else { x };
            let x = null_space(solution.into_x());
            assert!(norm(&(&x - &null_space(exact))) <= 1.01 * bound, "{name}");
            assert!(norm(&(&x - &null_space(scipy))) <= 3.0 * bound, "{name}");
        }
    }
}

#[test]
fn conjugate_gradients_agree_with_scipy() {
    agrees_with_scipy("cg", 3);
}

#[test]
fn minimal_residuals_agree_with_scipy() {
    agrees_with_scipy("minres", 3);
}

#[test]
fn generalized_minimal_residuals_agree_with_scipy() {
    agrees_with_scipy("gmres", 3);
}

#[test]
fn stabilized_biconjugate_gradients_agree_with_scipy() {
    agrees_with_scipy("bicgstab", 3);
}

#[test]
fn least_squares_agree_with_scipy() {
    let reference = reference();
    let tolerance = reference.tolerance;
    assert_eq!(reference.least_squares.len(), 10);
    for case in &reference.least_squares {
        let a: Sparse<f64> = from_triplets(case.shape, case.triplets.iter().copied());
        let b = Array1::from(case.b.clone());
        macro_rules! solve {
            ($method:ident) => {
                $method::params()
                    .damping(case.damping)
                    .matrix_tolerance(tolerance)
                    .right_hand_side_tolerance(tolerance)
                    .solve(&a, &b)
                    .unwrap()
            };
        }
        let solution = if case.method == "lsqr" { solve!(Lsqr) } else { solve!(Lsmr) };
        let name = format!("{} {}", case.method, case.name);
        // SciPy ends LSMR after min(m, n) iterations, whether it has converged or not: a few more follow here.
        assert!(
            solution.iterations() <= as_many_as(case.iterations) + 2,
            "{name}: {}",
            solution.iterations()
        );
        let (exact, scipy) = (Array1::from(case.exact.clone()), Array1::from(case.x.clone()));
        let residual = &b - &product(&a, solution.x());
        let damped = case.damping * norm(&solution.x().to_owned());
        // The solution of a problem that is off by the tolerance: ‖x − x̂‖ ≤ 2 κ² tolerance ‖b‖ / ‖A‖, at the most, for a
        // residual as large as b; SciPy's, likewise. ‖A‖ ≥ 1.
        let bound = 2.0 * case.condition.powi(2) * tolerance * norm(&b);
        assert!(norm(&(&solution.x() - &exact)) <= bound, "{name}");
        assert!(norm(&(&solution.x() - &scipy)) <= 2.0 * bound, "{name}");
        assert!((norm(&residual) - case.residual).abs() <= bound * solution.matrix_norm(), "{name}");
        // The norms that are reported are those of the solution: some 20 roundings of each row.
        let rounding = 1e-14 * (norm(&b) + solution.matrix_norm() * norm(&exact));
        assert!((solution.residual_norm() - norm(&residual).hypot(damped)).abs() <= rounding, "{name}");
        let normal = a.apply_transposed(&residual.insert_axis(ndarray::Axis(1))).unwrap();
        let normal = &normal.column(0) - &(&solution.x() * case.damping.powi(2));
        let difference = (solution.normal_residual_norm() - norm(&normal)).abs();
        assert!(difference <= rounding * solution.matrix_norm(), "{name}");
    }
}
