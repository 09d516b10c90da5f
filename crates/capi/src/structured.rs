//! Structured and random matrices: each function of a few lines over one that fills an output.
//!
//! Extents that the inputs do not decide are those of the output.

pub mod eliminations;
pub mod geometry;
pub mod kronecker;
pub mod moves;
pub mod random;
pub mod special;
pub mod toeplitz;
pub mod transposed;

use lapwing_lapack::{Error, Scalar};
use ndarray::{Array2, ArrayView2};

use crate::arguments::require_separate;
use crate::guard::require_pointer;
use crate::status::Failure;
use crate::view::Unchecked;

/// An output's or an input's extent, with what it must agree with.
type Extent = (usize, &'static str);

/// Checks the inputs and the output, whose shape follows from theirs, computes, and writes the output.
///
/// # Safety
/// The memory that the views describe is there, as [`Strided::view`](crate::strided::Strided::view) and
/// [`Strided::write`](crate::strided::Strided::write) require.
unsafe fn fill<T: Scalar, const N: usize>(
    inputs: [(&'static str, Unchecked<T>); N],
    (name, output): (&'static str, Unchecked<T>),
    shape: impl FnOnce([[usize; 2]; N]) -> [Extent; 2],
    compute: impl FnOnce([ArrayView2<'_, T>; N]) -> Result<Array2<T>, Error>,
) -> Result<(), Failure> {
    let inputs =
        inputs.into_iter().map(|(name, view)| view.input(name)).collect::<Result<Vec<_>, Failure>>()?;
    let output = output.output(name)?;
    output.require_shape(&shape(std::array::from_fn(|i| inputs[i].shape())))?;
    require_separate(&inputs.iter().collect::<Vec<_>>(), &[Some(&output)])?;
    // SAFETY: this function's own condition; the output was just found to lie elsewhere.
    let result = compute(std::array::from_fn(|i| unsafe { inputs[i].view() }))?;
    // SAFETY: as above.
    unsafe { output.write(&result) };
    Ok(())
}

/// The extents of a view, where an output's decide what is made.
fn extents<T: Copy>(name: &'static str, view: &Unchecked<T>) -> Result<(usize, usize), Failure> {
    let [rows, cols] = view.input(name)?.shape();
    Ok((rows, cols))
}

/// A product of extents; no output has as many rows as one that saturates.
fn times(left: usize, right: usize) -> usize {
    left.saturating_mul(right)
}

/// A count or an index, which is not negative.
pub(crate) fn count(parameter: &'static str, value: i64) -> Result<usize, Failure> {
    let invalid = |_| Error::InvalidParameter {
        parameter,
        value: value.to_string(),
        requirement: "at least 0, and within the address space".to_owned(),
    };
    Ok(usize::try_from(value).map_err(invalid)?)
}

/// What a constant of C names.
pub(crate) fn choice<V: Copy>(
    parameter: &'static str,
    constant: i32,
    requirement: &str,
    choices: &[(i32, V)],
) -> Result<V, Failure> {
    match choices.iter().find(|(known, _)| *known == constant) {
        Some((_, value)) => Ok(*value),
        None => {
            let (value, requirement) = (constant.to_string(), requirement.to_owned());
            Err(Error::InvalidParameter { parameter, value, requirement }.into())
        }
    }
}

/// A list of the caller's; NULL is an empty one.
///
/// # Safety
/// `data` is NULL, or has `count` initialized entries that are not written to during `'a`.
unsafe fn list<'a, V>(name: &'static str, data: *const V, count: usize) -> Result<&'a [V], Failure> {
    if count == 0 {
        return Ok(&[]);
    }
    require_pointer(name, data)?;
    let bytes = count as u128 * size_of::<V>() as u128;
    if bytes > isize::MAX as u128 {
        return Err(Error::OutOfMemory { bytes }.into());
    }
    // SAFETY: not NULL and aligned by the check above, of a size that is possible, and there by this function's own condition.
    Ok(unsafe { std::slice::from_raw_parts(data, count) })
}

/// Indices as they are counted here; a negative one is out of every range.
///
/// # Safety
/// As [`list`].
unsafe fn indices_from(indices: *const i64, count: usize) -> Result<Vec<usize>, Failure> {
    // SAFETY: this function's own condition.
    let list = unsafe { list("indices", indices, count) }?;
    for (position, &index) in list.iter().enumerate() {
        if index < 0 {
            let value = format!("{index} at position {position}");
            let requirement = "at least 0".to_owned();
            return Err(Error::InvalidParameter { parameter: "indices", value, requirement }.into());
        }
    }
    Ok(list.iter().map(|&index| index as usize).collect())
}
