use lapwing_lapack::testing::{Mode, randsvd};
use lapwing_lapack::{Scalar, Svd, random};

use crate::measure::{Ratios, orthogonality};

/// LAPACK's threshold for orthogonal factors, and for singular values.
const ORTHOGONAL: f64 = 30.0;
const SVD: f64 = 50.0;

fn random_orthogonal<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("random");
    for n in [0, 1, 2, 3, 10, 33, 100, 300] {
        let case = format!("{n} {}", T::NAME);
        for q in [random::orthogonal::<T>(n, 1), random::rotation(n, 2)] {
            ratios.below("‖I − QᵀQ‖ / (n ε)", orthogonality(&q.expect(&case), n), ORTHOGONAL, &case);
        }
        let thin = random::orthonormal_columns::<T>(n, n / 3, 3).expect(&case);
        ratios.below("‖I − QᵀQ‖ / (m ε), thin", orthogonality(&thin, n), ORTHOGONAL, &case);
    }
}

#[test]
fn random_orthogonal_f32() {
    random_orthogonal::<f32>();
}

#[test]
fn random_orthogonal_f64() {
    random_orthogonal::<f64>();
}

/// Singular values are as well conditioned as they are large: those of the rounded matrix, computed, stay within
/// LAPACK's bound of those asked for.
fn randsvd_values<T: Scalar>() {
    let mut ratios = Ratios::new::<T>("randsvd");
    for mode in Mode::ALL {
        for (m, n) in [(1, 1), (5, 5), (10, 4), (4, 10), (60, 60), (200, 30)] {
            for condition in [1.0, 1e3, 1e12] {
                let case = format!("{mode:?} {m}x{n} {condition:e} {}", T::NAME);
                let asked = mode.spectrum(m.min(n), condition, !3);
                let found = Svd::values(&randsvd::<T>(m, n, condition, mode, 3)).expect(&case).values;
                let error = found.iter().zip(&asked).map(|(x, y)| (x.as_f64() - y).abs()).fold(0.0, f64::max);
                let unit = m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64();
                ratios.below("‖σ − σ'‖∞ / (σ₁ max(m, n) ε)", error / unit, SVD, &case);
            }
        }
    }
}

#[test]
fn randsvd_f32() {
    randsvd_values::<f32>();
}

#[test]
fn randsvd_f64() {
    randsvd_values::<f64>();
}
