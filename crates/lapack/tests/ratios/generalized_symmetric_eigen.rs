use lapwing_lapack::testing::{Kind, Layout, matrix, symmetric};
use lapwing_lapack::{GeneralizedSymmetricEigen, Scalar, SymmetricProblem, Triangle};
use ndarray::{Array2, Axis};

use crate::measure::{Ratios, exponent, one_norm, wide};

/// LAPACK's threshold.
const EIGEN: f64 = 60.0;

/// A positive definite matrix whose condition is about the fourth root of the reciprocal roundoff at the worst: the
/// loss of orthogonality grows with it.
fn definite<T: Scalar>(n: usize, variant: usize) -> Array2<T> {
    let g = matrix::<f64>(Kind::Random, n, n);
    let spread = T::UNIT_ROUNDOFF.as_f64().powf(0.25);
    let diagonal = |i: usize| spread.powf(i as f64 / n.saturating_sub(1).max(1) as f64);
    let b = match variant {
        0 => g.dot(&g.t()) / n.max(1) as f64 + Array2::<f64>::eye(n),
        _ => Array2::from_shape_fn((n, n), |(i, j)| {
            let correlated = if i == j { 1.0 } else { 0.5 / n as f64 };
            correlated * (diagonal(i) * diagonal(j)).sqrt()
        }),
    };
    Array2::from_shape_fn((n, n), |(i, j)| T::from_f64(b[[i.max(j), i.min(j)]]))
}

fn generalized_symmetric_eigen<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("sygvd");
    let problems =
        [SymmetricProblem::AxIsLambdaBx, SymmetricProblem::AbxIsLambdaX, SymmetricProblem::BaxIsLambdaX];
    for kind in Kind::ALL {
        for (i, n) in [0, 1, 2, 3, 5, 10, 33, 100, 300].into_iter().enumerate() {
            if n == 300 && kind != Kind::Random {
                continue;
            }
            for (j, problem) in problems.into_iter().enumerate() {
                let (a, b) = (symmetric::<T>(kind, n), definite::<T>(n, (i + j) % 2));
                let layouts = (Layout::ALL[(i + j) % 6], Layout::ALL[(i + 2 * j) % 6]);
                let triangle = if j % 2 == 0 { Triangle::Lower } else { Triangle::Upper };
                let case = format!("{kind:?} {n} {problem:?} {layouts:?} {}", T::NAME);
                let params = GeneralizedSymmetricEigen::params().problem(problem).triangle(triangle);
                let (eigen, certificate) = layouts.0.with(&a, |a| {
                    layouts.1.with(&b, |b| {
                        let eigen = params.compute(&a, &b).expect(&case);
                        let certificate = eigen.certificate(&a, &b).expect(&case);
                        (eigen, certificate)
                    })
                });
                assert!(certificate.holds(), "{case}: {certificate}");
                hold(&mut ratios, problem, &a, &b, &eigen, &case);

                let alone = params.values(&a, &b).expect(&case);
                let largest = eigen.values().iter().fold(0.0, |most: f64, w| most.max(w.as_f64().abs()));
                // Each is within the rounding of a well-conditioned reduction of the largest of the other's.
                let bound = EIGEN * n as f64 * T::UNIT_ROUNDOFF.as_f64() * largest / spread_of(&b);
                let close = |(x, y): (&T, &T)| {
                    (x.as_f64() - y.as_f64()).abs() <= bound.max(T::min_positive_value().as_f64())
                };
                assert!(alone.iter().zip(eigen.values()).all(close), "{case}");
            }
        }
    }
}

/// Least over largest diagonal entry: about the reciprocal condition of [`definite`].
fn spread_of<T: Scalar>(b: &Array2<T>) -> f64 {
    let (least, largest) = b.diag().iter().fold((f64::INFINITY, 0.0f64), |(least, largest), x| {
        (least.min(x.as_f64()), largest.max(x.as_f64()))
    });
    if largest > 0.0 { least / largest } else { 1.0 }
}

fn hold<T: Scalar>(
    ratios: &mut Ratios,
    problem: SymmetricProblem,
    a: &Array2<T>,
    b: &Array2<T>,
    eigen: &GeneralizedSymmetricEigen<T>,
    case: &str,
) {
    let (n, e) = (a.nrows(), exponent(a));
    assert!(eigen.values().windows(2).into_iter().all(|w| w[0] <= w[1]), "{case}");
    let (a, b, z) = (wide(a, e), wide(b, 0), wide(&eigen.vectors(), 0));
    let weighted = &z * &wide(&eigen.values().insert_axis(Axis(0)), e);
    let (defect, norm, formula) = match problem {
        SymmetricProblem::AxIsLambdaBx => {
            (a.dot(&z) - b.dot(&weighted), one_norm(&a) * one_norm(&z), "‖A Z − B Z Λ‖ / (‖A‖ ‖Z‖ n ε)")
        }
        SymmetricProblem::AbxIsLambdaX => (
            a.dot(&b.dot(&z)) - &weighted,
            one_norm(&a) * one_norm(&b) * one_norm(&z),
            "‖A B Z − Z Λ‖ / (‖A‖ ‖B‖ ‖Z‖ n ε)",
        ),
        SymmetricProblem::BaxIsLambdaX => (
            b.dot(&a.dot(&z)) - &weighted,
            one_norm(&a) * one_norm(&b) * one_norm(&z),
            "‖B A Z − Z Λ‖ / (‖A‖ ‖B‖ ‖Z‖ n ε)",
        ),
    };
    let error = match one_norm(&defect) {
        0.0 => 0.0,
        error => error / norm / (n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()),
    };
    ratios.below(formula, error, EIGEN, case);
    // Orthonormality in the inner product of B. In the third problem it is that of the inverse, which Zᵀ A Z = Λ says
    // without inverting.
    let (gram, target) = match problem {
        SymmetricProblem::BaxIsLambdaX => {
            let lambda = wide(&eigen.values().insert_axis(Axis(0)), e);
            (z.t().dot(&a.dot(&z)), Array2::from_diag(&lambda.row(0)))
        }
        _ => (z.t().dot(&b.dot(&z)), Array2::eye(n)),
    };
    let norm = match problem {
        SymmetricProblem::BaxIsLambdaX => one_norm(&a) * one_norm(&z) * one_norm(&z.t().to_owned()),
        _ => one_norm(&b) * one_norm(&z) * one_norm(&z.t().to_owned()),
    };
    let error = match one_norm(&(gram - target)) {
        0.0 => 0.0,
        error => error / norm / (n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()),
    };
    let formula = match problem {
        SymmetricProblem::BaxIsLambdaX => "‖Zᵀ A Z − Λ‖ / (‖A‖ ‖Z‖ ‖Zᵀ‖ n ε)",
        _ => "‖I − Zᵀ B Z‖ / (‖B‖ ‖Z‖ ‖Zᵀ‖ n ε)",
    };
    ratios.below(formula, error, EIGEN, case);
}

#[test]
fn generalized_symmetric_eigen_f32() {
    generalized_symmetric_eigen::<f32>();
}

#[test]
fn generalized_symmetric_eigen_f64() {
    generalized_symmetric_eigen::<f64>();
}
