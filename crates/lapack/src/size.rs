//! Workspace lengths in checked 64-bit arithmetic.
//!
//! LAPACK's own queries cannot be trusted past 32 bits: they wrap with `info = 0` (`gesdd` from
//! n = 26754, `syevd` from n = 32767), and in single precision the length is rounded to 24 bits. The
//! documented minimum is therefore computed here, refused when it passes LAPACK's integer, and the
//! query is believed only where it asks for more.

use crate::error::Error;
use crate::ffi::Int;
use crate::scalar::Scalar;

/// The length of a workspace whose documented `minimum` must fit LAPACK's integer.
pub(crate) fn checked_length(what: &'static str, minimum: u128) -> Result<usize, Error> {
    let limit = Int::MAX as u64;
    if minimum > u128::from(limit) {
        Err(Error::TooLarge { what, value: minimum, limit })
    } else {
        Ok(minimum.max(1) as usize)
    }
}

/// The longer of the documented `minimum` and what LAPACK's query suggests, where that is credible.
pub(crate) fn workspace_length<T: Scalar>(
    what: &'static str,
    minimum: u128,
    optimum: impl FnOnce() -> T,
) -> Result<usize, Error> {
    let minimum = checked_length(what, minimum)?;
    // One unit in the last place up: the query may have been rounded down to the scalar.
    let optimum = (optimum().as_f64() * (1.0 + 2.0 * T::UNIT_ROUNDOFF.as_f64())).ceil();
    let credible = optimum > minimum as f64 && optimum <= f64::from(Int::MAX);
    Ok(if credible { optimum as usize } else { minimum })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_and_rounded_queries_are_not_believed() {
        assert_eq!(workspace_length("work", 100, || -2.0f64), Ok(100));
        assert_eq!(workspace_length("work", 100, || 3e9f64), Ok(100));
        assert_eq!(workspace_length("work", 100, || 150.0f64), Ok(151), "rounded up, never down");
        // 2²⁵ + 3 is not an f32: the query reports 2²⁵ + 4 or, rounding down, 2²⁵.
        assert!(workspace_length("work", 1, || 33554432.0f32).unwrap() >= 33554436);
    }

    #[test]
    fn a_minimum_past_32_bits_is_refused() {
        let error = checked_length("the workspace", 1 << 31).unwrap_err();
        assert_eq!(error, Error::TooLarge { what: "the workspace", value: 1 << 31, limit: (1 << 31) - 1 });
    }
}
