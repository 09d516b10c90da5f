use lapwing_lapack::testing::{Kind, Layout, matrix};
use lapwing_lapack::{Cholesky, Scalar, Triangle};
use ndarray::Array2;

use crate::measure::{Ratios, exponent, one_norm, ratio, wide};

/// LAPACK's threshold.
const FACTOR: f64 = 30.0;

fn cholesky<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("potrf");
    for n in [0, 1, 2, 5, 10, 33, 100, 300] {
        let base = matrix::<f64>(Kind::Random, n, n + 2);
        for scale in [
            1.0,
            T::max_value().as_f64().sqrt() / 64.0,
            T::min_positive_value().as_f64() / T::UNIT_ROUNDOFF.as_f64(),
        ] {
            let definite: Array2<T> =
                ((base.dot(&base.t()) / n.max(1) as f64 + Array2::<f64>::eye(n)) * scale).mapv(T::from_f64);
            for layout in Layout::ALL {
                for triangle in [Triangle::Lower, Triangle::Upper] {
                    let case = format!("{n} {scale:e} {layout:?} {triangle:?} {}", T::NAME);
                    let half = Array2::from_shape_fn((n, n), |(i, j)| {
                        if (i >= j) == (triangle == Triangle::Lower) || i == j {
                            definite[[i, j]]
                        } else {
                            T::nan()
                        }
                    });
                    let cholesky =
                        layout.with(&half, |view| Cholesky::with_triangle(&view, triangle)).expect(&case);
                    let (e, factor) = (exponent(&definite), cholesky.factor());
                    // The factor carries half of the exponent; the other half is applied to it here.
                    let left =
                        if triangle == Triangle::Lower { wide(&factor, 0) } else { wide(&factor.t(), 0) };
                    let product = wide(&left, e / 2).dot(&wide(&left.t(), e - e / 2));
                    let scaled = wide(&definite, e);
                    ratios.below(
                        "‖A − L Lᵀ‖ / (n ‖A‖ ε)",
                        ratio::<T>(&(&scaled - &product), &scaled, n),
                        FACTOR,
                        &case,
                    );
                    assert!(cholesky.certificate(&half).expect(&case).holds(), "{case}");
                    if scale != 1.0 {
                        continue;
                    }
                    // solve: ‖b − A x‖ / (‖A‖ ‖x‖ n ε); inverse: ‖I − A X‖ / (‖A‖ ‖X‖ n ε).
                    let b = matrix::<T>(Kind::Random, n, 3);
                    let x = layout.with(&b, |b| cholesky.solve(&b)).expect(&case);
                    let residual = wide(&b, 0) - scaled.dot(&wide(&x, -e));
                    let norms = one_norm(&scaled)
                        * one_norm(&wide(&x, -e))
                        * n.max(1) as f64
                        * T::UNIT_ROUNDOFF.as_f64();
                    if n > 0 {
                        ratios.below("‖b − A x‖ / (‖A‖ ‖x‖ n ε)", one_norm(&residual) / norms, FACTOR, &case);
                        let inverse = wide(&cholesky.inverse().expect(&case), -e);
                        let defect = Array2::<f64>::eye(n) - scaled.dot(&inverse);
                        let norms =
                            one_norm(&scaled) * one_norm(&inverse) * n as f64 * T::UNIT_ROUNDOFF.as_f64();
                        ratios.below(
                            "‖I − A A⁻¹‖ / (‖A‖ ‖A⁻¹‖ n ε)",
                            one_norm(&defect) / norms,
                            FACTOR,
                            &case,
                        );
                        // The estimate never exceeds the truth's inverse by more than rounding, nor misses it by 10.
                        let truth = 1.0 / (one_norm(&scaled) * one_norm(&inverse));
                        let estimate = cholesky.reciprocal_condition(&half).expect(&case).as_f64();
                        assert!(
                            estimate >= truth * 0.99 && estimate <= truth * 10.0,
                            "{case}: {estimate} for {truth}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn cholesky_f32() {
    cholesky::<f32>();
}

#[test]
fn cholesky_f64() {
    cholesky::<f64>();
}

/// ln det of a product of triangles whose diagonals are powers of two is known exactly.
#[test]
fn log_determinant_neither_over_nor_underflows() {
    let n = 300;
    for power in [40, -40] {
        let a = Array2::<f64>::eye(n) * 2f64.powi(power);
        let exact = n as f64 * f64::from(power) * std::f64::consts::LN_2;
        let computed = Cholesky::new(&a).unwrap().log_determinant();
        assert!((computed - exact).abs() <= n as f64 * f64::EPSILON * exact.abs());
    }
}
