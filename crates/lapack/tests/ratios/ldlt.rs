use lapwing_lapack::testing::{Kind, matrix};
use lapwing_lapack::{Ldlt, Lu, Scalar, Triangle};
use ndarray::{Array2, Axis};

use crate::cases::for_each_symmetric;
use crate::measure::{Ratios, exponent, one_norm, ratio, wide};

/// LAPACK's threshold.
const FACTOR: f64 = 30.0;

fn ldlt<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("sytrf_rook");
    let unit = T::UNIT_ROUNDOFF.as_f64();
    for_each_symmetric::<T>(|a, case| {
        let (n, e) = (a.nrows(), exponent(&a));
        let scaled = wide(&a, e);
        // Both triangles lead to the same columns: beyond small sizes, one stands for both.
        let triangles = [Triangle::Lower, Triangle::Upper];
        for &triangle in &triangles[..if n < 100 { 2 } else { 1 }] {
            let factored = Ldlt::with_triangle(&a, triangle).expect(case);
            let permutation = factored.permutation();
            let (lower, d) = (wide(&factored.lower(), 0), factored.block_diagonal().expect(case));
            // 1 / (1 − α) for the α = (1 + √17) / 8 of the pivoting.
            assert!(lower.iter().all(|x| x.abs() < 2.79), "{case}: an entry of L is too large");
            assert!(
                lower.indexed_iter().all(|((i, j), &x)| i > j || x == if i == j { 1.0 } else { 0.0 }),
                "{case}"
            );
            let permuted = scaled.select(Axis(0), &permutation).select(Axis(1), &permutation);
            let residual = &permuted - &lower.dot(&wide(&d, e)).dot(&lower.t());
            ratios.below("‖P A Pᵀ − L D Lᵀ‖ / (n ‖A‖ ε)", ratio::<T>(&residual, &scaled, n), FACTOR, case);
            assert!(factored.certificate(&a).expect(case).holds(), "{case}");
            let inertia = factored.inertia();
            assert_eq!(inertia.positive + inertia.negative + inertia.zero, n, "{case}");
            if factored.zero_pivot().is_some() || n == 0 || case.starts_with("RankDeficient") {
                continue;
            }
            let b = matrix::<T>(Kind::Random, n, 3);
            let x = wide(&factored.solve(&b).expect(case), -e);
            let residual = wide(&b, 0) - scaled.dot(&x);
            let norms = one_norm(&scaled) * one_norm(&x) * n as f64 * unit;
            ratios.below("‖b − A x‖ / (‖A‖ ‖x‖ n ε)", one_norm(&residual) / norms, FACTOR, case);
            if case.starts_with("Random") && n <= 100 {
                let inverse: Array2<f64> = Lu::new(&scaled).expect(case).inverse().expect(case);
                // The estimate of ‖A⁻¹‖ is a lower bound, so that of the reciprocal is never below the truth.
                let truth = 1.0 / (one_norm(&scaled) * one_norm(&inverse));
                let estimate = factored.reciprocal_condition().expect(case).as_f64();
                assert!(
                    estimate >= truth * 0.99 && estimate <= truth * 10.0,
                    "{case}: {estimate} for {truth}"
                );
            }
        }
    });
}

#[test]
fn ldlt_f32() {
    ldlt::<f32>();
}

#[test]
fn ldlt_f64() {
    ldlt::<f64>();
}
