//! What the options of several linear models have in common.

use std::ptr;

use lapwing_ml::linear_model::Intercept;

use crate::arguments::vector;
use crate::numbers::constant;
use crate::status::Failure;
use crate::view::{Unchecked, lapwing_vec_f64};

/// The intercept is fitted, and not penalized.
pub const LAPWING_INTERCEPT_FITTED: i32 = 0;
/// Predictions are zero where all features are.
pub const LAPWING_INTERCEPT_ZERO: i32 = 1;

/// The penalty is alpha, or its default.
pub const LAPWING_PENALTY_ALPHA: i32 = 0;
/// There is no penalty: what alpha = 0 would say, if that did not stand for the default.
pub const LAPWING_PENALTY_NONE: i32 = 1;

pub(super) fn intercept(value: i32) -> Result<Intercept, Failure> {
    let requirement = "LAPWING_INTERCEPT_FITTED (0) or LAPWING_INTERCEPT_ZERO (1)";
    constant("intercept", value, &[Intercept::Fitted, Intercept::Zero], requirement)
}

/// Whether there is no penalty.
pub(super) fn unpenalized(value: i32) -> Result<bool, Failure> {
    constant("penalty", value, &[false, true], "LAPWING_PENALTY_ALPHA (0) or LAPWING_PENALTY_NONE (1)")
}

/// No numbers of the caller's.
pub(super) const NOT_GIVEN: lapwing_vec_f64 = lapwing_vec_f64 { data: ptr::null(), len: 0, stride: 0 };

/// The numbers of an option, or none where their data is NULL.
///
/// # Safety
/// As [`Strided::view`](crate::strided::Strided::view).
pub(super) unsafe fn given(
    name: &'static str,
    numbers: lapwing_vec_f64,
) -> Result<Option<Vec<f64>>, Failure> {
    if numbers.data.is_null() {
        return Ok(None);
    }
    let numbers = Unchecked::from(numbers).input(name)?;
    // SAFETY: this function's own condition.
    Ok(Some(unsafe { vector(&numbers) }.to_vec()))
}
