//! Determinants as a mantissa and an exponent, which no product of pivots can over- or underflow.

use crate::error::Error;
use crate::scalar::Scalar;

/// A product, kept as `mantissa · 2^exponent` in double precision with `1 <= |mantissa| < 2`; or zero.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Determinant {
    mantissa: f64,
    exponent: i64,
}

impl Determinant {
    /// The empty product.
    pub(crate) const ONE: Self = Self { mantissa: 1.0, exponent: 0 };

    /// Multiplies by a finite factor.
    pub(crate) fn multiply(&mut self, factor: f64) {
        let product = self.mantissa * unit_interval(factor).0;
        let (mantissa, exponent) = unit_interval(product);
        self.mantissa = mantissa;
        self.exponent += exponent + unit_interval(factor).1;
    }

    /// Multiplies by a power of two.
    pub(crate) fn shift(&mut self, exponent: i64) {
        self.exponent += exponent;
    }

    /// The other sign.
    pub(crate) fn negate(&mut self) {
        self.mantissa = -self.mantissa;
    }

    /// The value, which underflows to zero silently.
    pub(crate) fn value<T: Scalar>(self) -> Result<T, Error> {
        // Both powers are within range for every exponent that the result can have.
        let exponent = self.exponent.clamp(-1200, 1200) as i32;
        let value = T::from_f64(self.mantissa * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2));
        if value.is_finite() {
            Ok(value)
        } else {
            Err(Error::Overflow { routine: "determinant", scalar: T::NAME })
        }
    }

    /// The sign and the natural logarithm of the magnitude: `(0, -∞)` for zero.
    pub(crate) fn sign_log<T: Scalar>(self) -> (T, T) {
        if self.mantissa == 0.0 {
            return (T::zero(), T::neg_infinity());
        }
        let logarithm = self.mantissa.abs().ln() + self.exponent as f64 * std::f64::consts::LN_2;
        (T::from_f64(self.mantissa.signum()), T::from_f64(logarithm))
    }
}

/// `(m, e)` with `x = m · 2^e` and `1 <= |m| < 2`; `(0, 0)` for zero.
fn unit_interval(x: f64) -> (f64, i64) {
    const BIAS: i64 = 1023;
    if x == 0.0 {
        return (0.0, 0);
    }
    // A subnormal has no exponent of its own.
    let (x, below) = if x.abs() < f64::MIN_POSITIVE { (x * 2f64.powi(64), 64) } else { (x, 0) };
    let exponent = ((x.to_bits() >> 52) & 0x7ff) as i64 - BIAS;
    let mantissa = f64::from_bits((x.to_bits() & !(0x7ff << 52)) | ((BIAS as u64) << 52));
    (mantissa, exponent - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Powers of two multiply without error, over any range.
    #[test]
    fn products_pass_beyond_the_range_and_come_back() {
        let mut product = Determinant::ONE;
        for factor in [f64::MAX, f64::MAX, 5e-324, -3.0, f64::MIN_POSITIVE, 1e300] {
            product.multiply(factor);
        }
        let (sign, logarithm) = product.sign_log::<f64>();
        // MAX² · 2⁻¹⁰⁷⁴ · 2⁻¹⁰²² = 2⁻⁴⁸ up to two roundings.
        let expected = 3f64.ln() + 1e300f64.ln() - 48.0 * std::f64::consts::LN_2;
        assert!(sign == -1.0 && (logarithm - expected).abs() < 1e-12 * expected.abs());
        let expected = -3.0 * 1e300 / 2f64.powi(48);
        assert!((product.value::<f64>().unwrap() / expected - 1.0).abs() < 4.0 * f64::EPSILON);
        assert!(matches!(product.value::<f32>(), Err(Error::Overflow { .. })));
        product.shift(-3000);
        assert_eq!(product.value::<f64>().unwrap(), 0.0);
        product.multiply(0.0);
        assert_eq!(product.sign_log::<f64>(), (0.0, f64::NEG_INFINITY));
    }

    #[test]
    fn every_number_is_its_mantissa_times_its_power() {
        for x in [1.0, -1.5, 5e-324, -1e-310, f64::MAX, f64::MIN_POSITIVE, 0.1] {
            let (mantissa, exponent) = unit_interval(x);
            assert!((1.0..2.0).contains(&mantissa.abs()));
            let half = (exponent / 2) as i32;
            assert_eq!(mantissa * 2f64.powi(half) * 2f64.powi(exponent as i32 - half), x);
        }
    }
}
