//! Numbers that C passes by themselves: constants that stand for a choice, and pointers to results.

use lapwing_lapack::Error;

use crate::guard::require_pointer;
use crate::status::Failure;

/// The choice that a constant of C stands for, by its position; `requirement` lists the constants in the message.
pub(crate) fn constant<C: Copy>(
    parameter: &'static str,
    value: i32,
    choices: &[C],
    requirement: &str,
) -> Result<C, Failure> {
    let choice = usize::try_from(value).ok().and_then(|position| choices.get(position));
    choice.copied().ok_or_else(|| {
        let (value, requirement) = (value.to_string(), requirement.to_owned());
        Error::InvalidParameter { parameter, value, requirement }.into()
    })
}

/// Refuses a member that is not 0, where it has no meaning.
pub(crate) fn require_zero<N: Default + PartialEq + ToString>(
    parameter: &'static str,
    value: N,
    requirement: &str,
) -> Result<(), Failure> {
    if value == N::default() {
        return Ok(());
    }
    let (value, requirement) = (value.to_string(), requirement.to_owned());
    Err(Error::InvalidParameter { parameter, value, requirement }.into())
}

/// A place for results of one kind, one after the other: a pointer that was checked as far as it can be.
pub(crate) struct Numbers<N> {
    /// NULL when they are not wanted.
    pointer: *mut N,
    count: usize,
}

impl<N> Numbers<N> {
    /// A place for `count` results that must be given, unless there are none.
    pub(crate) fn needed(name: &str, pointer: *mut N, count: usize) -> Result<Self, Failure> {
        if count > 0 {
            require_pointer(name, pointer)?;
        }
        Ok(Self { pointer, count })
    }

    /// As [`needed`](Self::needed), but NULL says that they are not wanted.
    pub(crate) fn optional(name: &str, pointer: *mut N, count: usize) -> Result<Self, Failure> {
        if pointer.is_null() { Ok(Self { pointer, count: 0 }) } else { Self::needed(name, pointer, count) }
    }

    /// Writes the results, if they are wanted: as many as there is room for.
    ///
    /// # Safety
    /// The pointer is NULL, or good for writing as many numbers as were announced.
    pub(crate) unsafe fn write(self, values: impl IntoIterator<Item = N>) {
        for (i, value) in values.into_iter().take(self.count).enumerate() {
            // SAFETY: within the numbers that were announced, by this function's own condition; aligned, as was checked.
            unsafe { self.pointer.add(i).write(value) };
        }
    }
}
