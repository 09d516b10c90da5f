//! Twice the working precision from the working precision: a number as the unevaluated sum of two.
//!
//! | operation                                      | source                                  | flops |
//! |------------------------------------------------|-----------------------------------------|-------|
//! | `a + b` as a sum and its error                 | TwoSum (Knuth)                          | 6     |
//! | `a b` as a product and its error               | TwoProduct by a fused multiply-add      | 2     |
//! | sums of products, as if in twice the precision | Dot2 (Ogita, Rump and Oishi 2005)       | 12    |
//!
//! For `f64` that is about 106 bits, for `f32` 48. What over- or underflows in the working precision does here
//! too: users of this module scale first.

use crate::scalar::Scalar;

/// The sum and its rounding error: `a + b` is exactly their sum.
pub(crate) fn two_sum<T: Scalar>(a: T, b: T) -> (T, T) {
    let sum = a + b;
    let b_seen = sum - a;
    (sum, (a - (sum - b_seen)) + (b - b_seen))
}

/// The product and its rounding error: `a b` is exactly their sum, unless the error underflows.
pub(crate) fn two_product<T: Scalar>(a: T, b: T) -> (T, T) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// `high + low`, where `low` is at most half a unit in the last place of `high` once normalized.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct DoubleDouble<T> {
    pub(crate) high: T,
    pub(crate) low: T,
}

impl<T: Scalar> DoubleDouble<T> {
    /// Adds a number of the working precision, without normalizing.
    pub(crate) fn add(&mut self, x: T) {
        let (sum, error) = two_sum(self.high, x);
        self.high = sum;
        self.low += error;
    }

    /// Adds `a b` for a factor in doubled precision, without normalizing: a step of Dot2.
    pub(crate) fn add_product(&mut self, a: T, b: DoubleDouble<T>) {
        let (product, error) = two_product(a, b.high);
        self.add(product);
        self.low += error + a * b.low;
    }

    /// Adds another, and normalizes.
    pub(crate) fn plus(mut self, other: DoubleDouble<T>) -> DoubleDouble<T> {
        self.add(other.high);
        self.low += other.low;
        self.normalized()
    }

    /// The same number, with the rounding to the working precision in `high`.
    pub(crate) fn normalized(self) -> DoubleDouble<T> {
        let (high, low) = two_sum(self.high, self.low);
        DoubleDouble { high, low }
    }

    /// Rounded to the working precision.
    pub(crate) fn rounded(self) -> T {
        self.high + self.low
    }
}

impl<T: Scalar> From<T> for DoubleDouble<T> {
    fn from(high: T) -> Self {
        Self { high, low: T::zero() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Numbers of 24 bits with exponents up to 14 apart: `f64` holds their sums and products exactly, and so
        /// must the pair.
        #[test]
        fn sums_and_products_lose_nothing(
            a in -0xff_ffffi32..=0xff_ffff, b in -0xff_ffffi32..=0xff_ffff, p in -14i32..=14, q in -14i32..=14
        ) {
            let (a, b) = (a as f32 * 2f32.powi(p), b as f32 * 2f32.powi(q));
            let (sum, error) = two_sum(a, b);
            prop_assert_eq!(f64::from(sum) + f64::from(error), f64::from(a) + f64::from(b));
            let (product, error) = two_product(a, b);
            prop_assert_eq!(f64::from(product) + f64::from(error), f64::from(a) * f64::from(b));
        }
    }

    /// The sum of products whose terms cancel to one part in 10³⁰, which no single `f64` product survives.
    #[test]
    fn a_dot_product_survives_what_cancels_all_its_leading_digits() {
        let big = 1e15f64;
        let mut sum = DoubleDouble::default();
        // (10¹⁵ + 1)(10¹⁵ − 1) − 10³⁰ + 2 = 1
        sum.add_product(big + 1.0, (big - 1.0).into());
        sum.add_product(-big, big.into());
        sum.add(2.0);
        assert_eq!(sum.rounded(), 1.0);
        // A factor in doubled precision: 3 (1/3 rounded + its error) − 1 is zero to 100 bits.
        let high = 1.0f64 / 3.0;
        let third = DoubleDouble { high, low: (-3.0f64).mul_add(high, 1.0) / 3.0 };
        let mut sum = DoubleDouble::from(-1.0);
        sum.add_product(3.0, third);
        assert!(sum.rounded().abs() <= 2f64.powi(-100));
    }

    #[test]
    fn sums_are_normalized() {
        let sum =
            DoubleDouble::from(1.0f64).plus(DoubleDouble { high: 2f64.powi(-60), low: 2f64.powi(-113) });
        assert_eq!(sum, DoubleDouble { high: 1.0, low: 2f64.powi(-60) + 2f64.powi(-113) });
        assert_eq!(sum.normalized().rounded(), 1.0);
    }
}
