//! Random matrices of a chosen condition: LAPACK's and Higham's five ways to spread a spectrum.

use ndarray::{Array1, Array2};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::random::{symmetric_with_spectrum, with_singular_values};
use crate::scalar::Scalar;

/// How singular values or eigenvalues spread from 1 down to the reciprocal of the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// One is 1, all others the least. Mode 1.
    OneLarge,
    /// All are 1 but one, which is the least. Mode 2.
    OneSmall,
    /// In geometric progression. Mode 3.
    Geometric,
    /// In arithmetic progression. Mode 4.
    Arithmetic,
    /// Independent with uniformly distributed logarithms, sorted, both ends included. Mode 5.
    RandomLog,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 5] =
        [Mode::OneLarge, Mode::OneSmall, Mode::Geometric, Mode::Arithmetic, Mode::RandomLog];

    /// `count` values, descending from 1 to `1 / condition`; only [`Mode::RandomLog`] reads the seed.
    pub fn spectrum(self, count: usize, condition: f64, seed: u64) -> Array1<f64> {
        let (last, least) = (count.saturating_sub(1), 1.0 / condition);
        let share = |i: usize| i as f64 / last.max(1) as f64;
        match self {
            Mode::OneLarge => Array1::from_shape_fn(count, |i| if i == 0 { 1.0 } else { least }),
            Mode::OneSmall => Array1::from_shape_fn(count, |i| if i < last || i == 0 { 1.0 } else { least }),
            Mode::Geometric => Array1::from_shape_fn(count, |i| least.powf(share(i))),
            Mode::Arithmetic => Array1::from_shape_fn(count, |i| (1.0 - share(i)) + share(i) * least),
            Mode::RandomLog => {
                let mut generator = Pcg64::seed_from_u64(seed);
                let mut uniform = || (generator.next_u64() >> 11) as f64 * (f64::EPSILON / 2.0);
                let mut exponents: Vec<f64> = (0..count).map(|_| uniform()).collect();
                exponents.sort_by(f64::total_cmp);
                if let [first, .., final_one] = exponents.as_mut_slice() {
                    (*first, *final_one) = (0.0, 1.0);
                } else if let [only] = exponents.as_mut_slice() {
                    *only = 0.0;
                }
                exponents.into_iter().map(|exponent| least.powf(exponent)).collect()
            }
        }
    }
}

/// A random matrix, rows x cols, whose singular values are `mode`'s from 1 to `1 / condition`, between factors that
/// are uniformly distributed. Made in double precision and rounded once: the singular values hold to
/// max(rows, cols) ε, so that a condition over 1/ε is reached only in that sense.
pub fn randsvd<T: Scalar>(rows: usize, cols: usize, condition: f64, mode: Mode, seed: u64) -> Array2<T> {
    // Another stream than that of the factors.
    let values = mode.spectrum(rows.min(cols), condition, !seed);
    with_singular_values(rows, cols, &values, seed)
        .expect("the spectrum is finite and positive")
        .mapv(T::from_f64)
}

/// A random symmetric positive definite matrix, n x n, whose eigenvalues are `mode`'s from 1 to `1 / condition`; made as
/// [`randsvd`], and positive definite as long as the condition stays below 1/(n ε).
pub fn randsvd_symmetric<T: Scalar>(n: usize, condition: f64, mode: Mode, seed: u64) -> Array2<T> {
    symmetric_with_eigenvalues(&mode.spectrum(n, condition, !seed), seed)
}

/// A random symmetric matrix with these eigenvalues, made in double precision and rounded once; exactly symmetric.
pub fn symmetric_with_eigenvalues<T: Scalar>(eigenvalues: &Array1<f64>, seed: u64) -> Array2<T> {
    symmetric_with_spectrum(eigenvalues, seed).expect("the eigenvalues are finite").mapv(T::from_f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Svd, SymmetricEigen};

    /// Weyl: rounding a matrix of norm 1 moves no singular value by more than its own norm, n ε at the most, and
    /// computing them moves them by LAPACK's p(n) ε.
    #[test]
    fn spectra_are_those_asked_for() {
        fn check<T: Scalar>() {
            for mode in Mode::ALL {
                for (m, n) in [(0, 0), (1, 1), (2, 2), (7, 4), (4, 7), (40, 40)] {
                    let bound = 8.0 * m.max(n).max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
                    let expected = mode.spectrum(m.min(n), 1e3, !5);
                    let values = Svd::values(&randsvd::<T>(m, n, 1e3, mode, 5)).unwrap().values;
                    for (value, expected) in values.iter().zip(&expected) {
                        assert!((value.as_f64() - expected).abs() <= bound, "{mode:?} {m}x{n}");
                    }
                    let a = randsvd_symmetric::<T>(m, 1e3, mode, 6);
                    assert_eq!(a, a.t());
                    let expected = mode.spectrum(m, 1e3, !6);
                    let values = SymmetricEigen::eigenvalues(&a).unwrap().values;
                    for (value, expected) in values.iter().rev().zip(&expected) {
                        assert!((value.as_f64() - expected).abs() <= bound, "{mode:?} {m}");
                    }
                }
            }
        }
        check::<f32>();
        check::<f64>();
    }

    #[test]
    fn every_mode_descends_from_one_to_the_reciprocal_of_the_condition() {
        for mode in Mode::ALL {
            for count in [2, 3, 50] {
                let spectrum = mode.spectrum(count, 1e8, 1);
                assert!(spectrum.windows(2).into_iter().all(|w| w[0] >= w[1]), "{mode:?}");
                assert_eq!((spectrum[0], spectrum.len()), (1.0, count));
                assert!((spectrum[count - 1] - 1e-8).abs() <= 1e-22, "{mode:?}");
            }
            assert_eq!(mode.spectrum(1, 1e8, 1), Array1::ones(1), "{mode:?}");
            assert_eq!(mode.spectrum(0, 1e8, 1).len(), 0);
        }
    }
}
