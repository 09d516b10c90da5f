//! The principal logarithm.

use ndarray::{Array2, ArrayRef2};
use num_complex::Complex;

use super::entry::{Entry, apply_to_block, blocks, solve_in_place, zeros};
use super::roots::{log_difference, near_identity, superdiagonal};
use super::{Principal, complex, real};
use crate::error::Error;
use crate::scalar::Scalar;

/// The largest norms for which the Padé approximant r of `log(I + X)` of degree 1 to 7 is the exact logarithm of a
/// matrix within the unit roundoff: `∑ |cₖ| θᵏ⁻¹ = u`, with the `cₖ` of the series of `exp(r(x)) − 1 − x`. Computed
/// with 60 digits by `tests/reference/make_matrix_functions_reference.py`.
pub(super) const THETA_F64: [f64; 7] = [3.65e-8, 3.759e-4, 8.202e-3, 3.793e-2, 9.335e-2, 1.668e-1, 2.48e-1];
pub(super) const THETA_F32: [f64; 7] = [8.455e-4, 5.602e-2, 2.132e-1, 3.9e-1, 5.363e-1, 6.457e-1, 7.252e-1];

struct Logarithm;

impl Principal for Logarithm {
    const NAME: &'static str = "the principal logarithm";
    const COMPLEX: &'static str = "logm_complex";

    fn of_number<T: Scalar>(&self, z: Complex<T>) -> Complex<T> {
        z.ln()
    }

    fn of_schur_form<T: Scalar, E: Entry<T>>(&self, t: &Array2<E>) -> Result<Array2<E>, Error> {
        let theta = if T::UNIT_ROUNDOFF.as_f64() < 1e-10 { &THETA_F64 } else { &THETA_F32 };
        let near = near_identity(t, theta)?;
        let (n, blocks) = (t.nrows(), blocks(t));
        let real = |x: f64| E::from_complex(Complex::new(T::from_f64(x), T::zero()));
        let mut logarithm = zeros(n, n)?;
        // r(X) = ∑ wⱼ (I + xⱼ X)⁻¹ X, with the nodes and weights of Gauss and Legendre on [0, 1].
        for (node, weight) in gauss_legendre(near.degree) {
            let mut shifted = near.difference.mapv(|x| x * real(node));
            shifted.diag_mut().mapv_inplace(|x| x + E::one());
            let mut term = near.difference.clone();
            solve_in_place(&shifted, &blocks, &mut term)?;
            let weight = real(weight * f64::from(near.roots).exp2());
            logarithm.zip_mut_with(&term, |sum, &x| *sum = *sum + x * weight);
        }
        // The diagonal blocks and what stands next to them are known in closed form.
        for block in &blocks {
            apply_to_block(t, block, &mut logarithm, |z| z.ln());
        }
        superdiagonal(t, &mut logarithm, log_difference);
        Ok(logarithm)
    }

    fn at_zero(&self) -> bool {
        false
    }

    fn at_zero_of_schur_form(&self) -> bool {
        false
    }
}

/// The nodes and weights of the Gauss–Legendre rule with `count` points on [0, 1], by Newton's method on the
/// Legendre polynomial.
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let m = count as f64;
    (0..count)
        .map(|i| {
            let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (m + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..10 {
                let (mut previous, mut value) = (0.0, 1.0);
                for j in 0..count {
                    let j = j as f64;
                    (previous, value) = (value, ((2.0 * j + 1.0) * x * value - j * previous) / (j + 1.0));
                }
                slope = m * (x * value - previous) / (x * x - 1.0);
                x -= value / slope;
            }
            ((1.0 + x) / 2.0, 1.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect()
}

/// The principal logarithm `X` of `a` (n x n): `expm(X) = a`, with eigenvalues whose imaginary parts lie within
/// `(−π, π)`. About 30 to 60n³ operations.
///
/// ```
/// use lapwing_lapack::functions::logm;
/// use ndarray::array;
/// // A quarter turn is the exponential of π/2 times the generator of turns.
/// let x = logm(&array![[0.0, -1.0], [1.0, 0.0]])?;
/// assert!((x[[1, 0]] - std::f64::consts::FRAC_PI_2).abs() < 1e-15 && x[[0, 0]].abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// Inverse scaling and squaring on the Schur form (Al-Mohy and Higham, SIAM J. Sci. Comput. 34, 2012; in real
/// arithmetic with Relton, 35, 2013); `scipy.linalg.logm`. LAPACK: `gees`, `trsyl`, or `syevd` for a symmetric
/// matrix.
///
/// # Errors
/// [`Error::DoesNotExist`] when an eigenvalue lies on the negative real axis ([`logm_complex`] has an answer) or is
/// zero; of a symmetric matrix, also when one is within `n ε max|λ|` of zero. [`Error::NotSquare`],
/// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
pub fn logm<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    real(&Logarithm, a)
}

/// As [`logm`], in complex numbers: the logarithm of a negative eigenvalue has the imaginary part π.
///
/// ```
/// use lapwing_lapack::functions::logm_complex;
/// use ndarray::array;
/// let x = logm_complex(&array![[-1.0, 0.0], [0.0, 1.0]])?;
/// assert_eq!(x[[0, 0]].im, std::f64::consts::PI);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`logm`], where [`Error::DoesNotExist`] is left for a singular matrix.
pub fn logm_complex<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<Complex<T>>, Error> {
    complex(&Logarithm, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule with m points integrates polynomials of degree 2m − 1 exactly: ∫ xᵏ = 1 / (k + 1).
    #[test]
    fn gauss_legendre_integrates_polynomials() {
        for count in 1..=7 {
            for k in 0..2 * count as i32 {
                let sum: f64 = gauss_legendre(count).iter().map(|(x, w)| w * x.powi(k)).sum();
                assert!((sum - 1.0 / f64::from(k + 1)).abs() < 1e-15, "{count} points, degree {k}: {sum}");
            }
        }
    }
}
