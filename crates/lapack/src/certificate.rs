//! Proof that a decomposition is what it says: LAPACK's own test ratios, for the case at hand.

use std::fmt;

use ndarray::{Array2, ArrayRef2};

use crate::error::Error;
use crate::layout::zeros;
use crate::products::{gemm, matmul};
use crate::scalar::Scalar;

/// One test ratio: an error in units of what rounding may cause, and the threshold that LAPACK's own
/// test suite holds its routines to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ratio {
    /// The formula, in the 1-norm, with `ε` the unit roundoff of the scalar.
    pub what: &'static str,
    /// Its value. A correct result gives a small number, whatever the size of the matrix.
    pub value: f64,
    /// LAPACK's threshold for it.
    pub threshold: f64,
}

impl Ratio {
    /// A ratio with its threshold.
    pub fn new(what: &'static str, value: f64, threshold: f64) -> Self {
        Self { what, value, threshold }
    }

    /// Whether the value lies below the threshold. NaN does not.
    pub fn holds(&self) -> bool {
        self.value < self.threshold
    }
}

/// The backward error and the loss of orthogonality of a decomposition, as test ratios.
///
/// ```
/// use lapwing_lapack::Svd;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]];
/// let certificate = Svd::thin(&a)?.certificate(&a)?;
/// assert!(certificate.holds());
/// println!("{certificate}");
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    ratios: Vec<Ratio>,
}

impl Certificate {
    /// A certificate made of these ratios.
    pub fn new(ratios: Vec<Ratio>) -> Self {
        Self { ratios }
    }

    /// The ratios, backward error first.
    pub fn ratios(&self) -> &[Ratio] {
        &self.ratios
    }

    /// Whether every ratio lies below its threshold.
    pub fn holds(&self) -> bool {
        self.ratios.iter().all(Ratio::holds)
    }
}

impl fmt::Display for Certificate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, ratio) in self.ratios.iter().enumerate() {
            let verdict = if ratio.holds() { "ok" } else { "FAILS" };
            let separator = if index == 0 { "" } else { "\n" };
            write!(
                out,
                "{separator}{} = {:.3} (threshold {}) {verdict}",
                ratio.what, ratio.value, ratio.threshold
            )?;
        }
        Ok(())
    }
}

/// The largest absolute column sum.
pub(crate) fn one_norm<T: Scalar>(a: &ArrayRef2<T>) -> T {
    let mut largest = T::zero();
    for column in a.columns() {
        let sum: T = column.iter().map(|x| x.abs()).sum();
        // A NaN sum must not hide behind a comparison that is always false.
        if sum > largest || sum.is_nan() {
            largest = sum;
        }
    }
    largest
}

/// A power of two that brings the largest entry of `a` near 1, so that no residual over- or underflows.
pub(crate) fn balancing_scale<T: Scalar>(a: &ArrayRef2<T>) -> T {
    let largest = a.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
    if largest == T::zero() || !largest.is_finite() { T::one() } else { reciprocal_power(largest) }
}

/// The power of two that brings the positive number `largest` near 1, as far as it is in range.
pub(crate) fn reciprocal_power<T: Scalar>(largest: T) -> T {
    // The reciprocal of a subnormal overflows; stopping short of it leaves room on both sides. The
    // logarithm of the largest number rounds up to the exponent that is out of range.
    let least = T::min_positive_value().as_f64() * 16.0;
    let exponent = largest.as_f64().max(least).log2().floor().min(f64::from(f64::MAX_EXP - 1));
    T::from_f64((-exponent).exp2())
}

/// `‖residual‖ / (‖a‖ · extent · ε)`, with both norms of matrices scaled alike. A zero matrix has an
/// exact decomposition or a meaningless one: 0 or infinity.
pub(crate) fn backward_error<T: Scalar>(residual: &ArrayRef2<T>, norm: T, extent: usize) -> f64 {
    let error = one_norm(residual).as_f64();
    if error == 0.0 {
        return 0.0;
    }
    error / norm.as_f64() / (extent.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64())
}

/// `‖I − QᵀQ‖ / (extent · ε)` for the columns of `q`.
pub(crate) fn orthogonality<T: Scalar>(q: &ArrayRef2<T>, extent: usize) -> Result<f64, Error> {
    let mut defect = zeros(q.ncols(), q.ncols())?;
    defect.diag_mut().fill(T::one());
    gemm(-T::one(), &q.t(), q, T::one(), &mut defect)?;
    Ok(one_norm(&defect).as_f64() / (extent.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()))
}

/// `scale · a − left right`.
pub(crate) fn residual<T: Scalar>(
    scale: T,
    a: &ArrayRef2<T>,
    left: &ArrayRef2<T>,
    right: &ArrayRef2<T>,
) -> Result<Array2<T>, Error> {
    let mut product = matmul(left, right)?;
    product.zip_mut_with(a, |product, &entry| *product = scale * entry - *product);
    Ok(product)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn scales_are_powers_of_two_that_never_overflow() {
        for largest in [1.0, 3.0, 1e300, f64::MAX, 1e-300, 5e-324] {
            let scale = balancing_scale(&array![[largest, -largest / 2.0]]);
            assert!(scale.is_finite() && scale > 0.0, "{largest}");
            assert_eq!(scale.log2().fract(), 0.0);
            assert!((scale * largest).abs() <= 2.0);
        }
        assert_eq!(balancing_scale(&array![[0.0f32]]), 1.0);
        assert!(balancing_scale(&array![[1e-45f32]]).is_finite());
    }

    #[test]
    fn a_failed_ratio_says_so() {
        let certificate = Certificate::new(vec![Ratio::new("x", 2.0, 30.0), Ratio::new("y", f64::NAN, 30.0)]);
        assert!(!certificate.holds());
        assert_eq!(certificate.to_string(), "x = 2.000 (threshold 30) ok\ny = NaN (threshold 30) FAILS");
    }

    #[test]
    fn one_norm_is_the_largest_column_sum_and_keeps_nan() {
        assert_eq!(one_norm(&array![[1.0, -2.0], [-3.0, 1.0]]), 4.0);
        assert!(one_norm(&array![[1.0, f64::NAN, 5.0]]).is_nan());
        assert_eq!(one_norm(&Array2::<f64>::zeros((0, 0))), 0.0);
    }
}
