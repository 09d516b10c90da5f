//! An eigenvalue of a pencil: a fraction that may be infinite, or nothing at all.

use ndarray::ArrayRef2;
use num_complex::Complex;

use crate::scalar::Scalar;
use crate::schur::Region;

/// What the fraction of a [`GeneralizedEigenvalue`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EigenvalueKind {
    /// A number: `alpha / beta`.
    Finite,
    /// `beta = 0`: B is singular, and its null vector is the eigenvector. LAPACK sets `beta` to zero where it is
    /// below the rounding error of B.
    Infinite,
    /// `alpha` and `beta` are both below the rounding error of A and B: every number is an eigenvalue of a pencil
    /// within rounding of this one, and the other eigenvalues too may be arbitrary. Either the pencil is singular
    /// (A and B share a null space, say), or its rows are scaled too differently.
    Indeterminate,
}

/// An eigenvalue `λ = alpha / beta` of a pencil: `beta A x = alpha B x` for some `x ≠ 0`.
///
/// ```
/// use lapwing_lapack::{EigenvalueKind, GeneralizedSchur};
/// use ndarray::array;
/// // 1 · λ₁ = 6 has the solution 6, 0 · λ₂ = 3 none: its eigenvalue is infinite.
/// let schur = GeneralizedSchur::new(&array![[6.0, 0.0], [0.0, 3.0]], &array![[1.0, 0.0], [0.0, 0.0]])?;
/// let [first, second] = [schur.eigenvalues()[0], schur.eigenvalues()[1]];
/// assert_eq!((first.kind, first.value().re), (EigenvalueKind::Finite, 6.0));
/// assert_eq!((second.kind, second.value().re), (EigenvalueKind::Infinite, f64::INFINITY));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct GeneralizedEigenvalue<T> {
    /// The numerator.
    pub alpha: Complex<T>,
    /// The denominator, not negative.
    pub beta: T,
    /// What they stand for.
    pub kind: EigenvalueKind,
}

impl<T: Scalar> GeneralizedEigenvalue<T> {
    /// `alpha / beta`; for `beta = 0` infinity without an imaginary part, or NaN when indeterminate.
    pub fn value(&self) -> Complex<T> {
        if self.beta != T::zero() {
            return Complex::new(self.alpha.re / self.beta, self.alpha.im / self.beta);
        }
        match self.kind {
            EigenvalueKind::Indeterminate => Complex::new(T::nan(), T::nan()),
            _ => Complex::new(T::infinity(), T::zero()),
        }
    }

    /// Whether the eigenvalue lies in the region, without the division that might overflow. Infinity lies outside
    /// the unit circle, and in neither half plane.
    pub fn lies_in(&self, region: Region) -> bool {
        let modulus = self.alpha.re.hypot(self.alpha.im);
        match region {
            Region::LeftHalfPlane => self.beta > T::zero() && self.alpha.re < T::zero(),
            Region::RightHalfPlane => self.beta > T::zero() && self.alpha.re > T::zero(),
            Region::InsideUnitCircle => modulus < self.beta,
            Region::OutsideUnitCircle => modulus > self.beta,
        }
    }
}

/// What counts as zero in the eigenvalues of a pencil: `n ε` times the largest entry of either matrix.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoundingErrors<T> {
    alpha: T,
    beta: T,
}

impl<T: Scalar> RoundingErrors<T> {
    pub(crate) fn of(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Self {
        let unit = T::from_f64(a.nrows() as f64) * T::UNIT_ROUNDOFF;
        let largest = |a: &ArrayRef2<T>| a.iter().fold(T::zero(), |most, x| most.max(x.abs()));
        Self { alpha: largest(a) * unit, beta: largest(b) * unit }
    }

    /// The eigenvalues from LAPACK's three arrays.
    pub(crate) fn classify(self, re: &[T], im: &[T], beta: &[T]) -> Vec<GeneralizedEigenvalue<T>> {
        let one = |((&re, &im), &beta): ((&T, &T), &T)| {
            let kind = if beta.abs() <= self.beta && re.hypot(im) <= self.alpha {
                EigenvalueKind::Indeterminate
            } else if beta == T::zero() {
                EigenvalueKind::Infinite
            } else {
                EigenvalueKind::Finite
            };
            GeneralizedEigenvalue { alpha: Complex::new(re, im), beta, kind }
        };
        re.iter().zip(im).zip(beta).map(one).collect()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// Every place on the extended plane, with fractions whose quotient over- or underflows among them.
    #[test]
    fn regions_of_fractions() {
        let errors = RoundingErrors::of(&array![[1.0]], &array![[1.0]]);
        let lies = |re: f64, im: f64, beta: f64| {
            let value = errors.classify(&[re], &[im], &[beta])[0];
            let regions = [
                Region::LeftHalfPlane,
                Region::RightHalfPlane,
                Region::InsideUnitCircle,
                Region::OutsideUnitCircle,
            ];
            (value.kind, regions.map(|region| value.lies_in(region)))
        };
        use EigenvalueKind::{Finite, Indeterminate, Infinite};
        assert_eq!(lies(-1.0, 5.0, 2.0), (Finite, [true, false, false, true]));
        assert_eq!(lies(1.0, 0.0, 2.0), (Finite, [false, true, true, false]));
        assert_eq!(lies(0.6, 0.8, 1.0), (Finite, [false, true, false, false]));
        assert_eq!(lies(1e300, 0.0, 1e-300), (Finite, [false, true, false, true]));
        assert_eq!(lies(-3.0, 0.0, 0.0), (Infinite, [false, false, false, true]));
        assert_eq!(lies(0.0, 0.0, 0.0), (Indeterminate, [false; 4]));
        assert_eq!(lies(1e-17, 0.0, 1e-17).0, Indeterminate);
    }

    #[test]
    fn quotients() {
        let errors = RoundingErrors::of(&array![[4.0f32]], &array![[1.0]]);
        let values = errors.classify(&[4.0, 4.0, 0.0], &[-2.0, 0.0, 0.0], &[2.0, 0.0, 0.0]);
        assert_eq!(values[0].value(), Complex::new(2.0, -1.0));
        assert_eq!(values[1].value(), Complex::new(f32::INFINITY, 0.0));
        assert!(values[2].value().re.is_nan());
    }
}
