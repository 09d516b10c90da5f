//! Structs of options, and of results, that may grow without breaking programs.

use std::{ptr, slice};

use lapwing_lapack::Error;

use crate::guard::require_pointer;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT};

/// A struct of options, of which zero means default for every member but the first.
///
/// # Safety
/// `repr(C)`; the first member is the size of the struct as the caller was compiled with it, a `usize`; any bytes that a
/// caller may write to it are a value of it.
pub(crate) unsafe trait Options: Copy {
    const DEFAULTS: Self;
    /// The size that the struct had in the first version.
    const FIRST_SIZE: usize;
    /// What `struct_size` must be, for the message.
    const REQUIRED_SIZE: &'static str;
}

/// No later version will need more; a larger size is memory that was not initialized.
const LARGEST_SIZE: usize = 4096;

/// The size that a struct of the caller's says it has, which comes first.
///
/// # Safety
/// NULL, or readable for a size.
unsafe fn size_said<S>(
    name: &str,
    pointer: *const S,
    first_size: usize,
    required: &str,
) -> Result<usize, Failure> {
    require_pointer(name, pointer)?;
    // SAFETY: aligned, and readable by this function's own condition; no reference to the whole struct is made,
    // because the caller's may be shorter.
    let size = unsafe { pointer.cast::<usize>().read() };
    if (first_size..=LARGEST_SIZE).contains(&size) {
        return Ok(size);
    }
    let (parameter, value, requirement) = ("struct_size", size.to_string(), required.to_owned());
    Err(Error::InvalidParameter { parameter, value, requirement }.into())
}

/// The members that both the caller's version of the struct and this one have; defaults for the others, and for NULL.
///
/// # Safety
/// NULL, or readable for as many bytes as `struct_size` says, itself included.
pub(crate) unsafe fn read<O: Options>(options: *const O) -> Result<O, Failure> {
    // SAFETY: this function's own condition.
    unsafe { read_named("options", options) }
}

/// As [`read`], of an argument of this name.
///
/// # Safety
/// As [`read`].
pub(crate) unsafe fn read_named<O: Options>(name: &str, options: *const O) -> Result<O, Failure> {
    let mut copy = O::DEFAULTS;
    if options.is_null() {
        return Ok(copy);
    }
    // SAFETY: this function's own condition.
    let size = unsafe { size_said(name, options, O::FIRST_SIZE, O::REQUIRED_SIZE) }?;
    let known = size_of::<O>();
    let bytes = options.cast::<u8>();
    if size > known {
        // SAFETY: the caller vouches for `size` bytes.
        let surplus = unsafe { slice::from_raw_parts(bytes.add(known), size - known) };
        if surplus.iter().any(|&byte| byte != 0) {
            let message = format!(
                "{name} hold {size} bytes and set a member after the first {known}, which this version does not \
                 know; update the library, or leave that member 0"
            );
            return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
        }
    }
    // SAFETY: the caller vouches for `size` bytes; the copy has `known`, and any bytes are a valid value of it.
    unsafe { (&raw mut copy).cast::<u8>().copy_from_nonoverlapping(bytes, size.min(known)) };
    Ok(copy)
}

/// A place of the caller's for a struct of results, whose first member is the size that it was compiled with.
pub(crate) struct Results<R> {
    pointer: *mut R,
    size: usize,
}

impl<R: Copy> Results<R> {
    /// `first_size` is the size that the struct had in the first version, and `required` what the message asks for.
    ///
    /// # Safety
    /// NULL, or readable for a size.
    pub(crate) unsafe fn new(
        name: &str,
        pointer: *mut R,
        first_size: usize,
        required: &str,
    ) -> Result<Self, Failure> {
        // SAFETY: this function's own condition.
        let size = unsafe { size_said(name, pointer.cast_const(), first_size, required) }?;
        Ok(Self { pointer, size })
    }

    /// Writes the members that both versions have, without the size; what this one does not know becomes 0.
    ///
    /// # Safety
    /// The pointer is good for writing as many bytes as its size says; `R` has no padding.
    pub(crate) unsafe fn write(self, values: &R) {
        let (from, to) = (ptr::from_ref(values).cast::<u8>(), self.pointer.cast::<u8>());
        let (head, known) = (size_of::<usize>(), size_of::<R>().min(self.size));
        // SAFETY: within the caller's struct and within this version's, which begin with a size both.
        unsafe {
            to.add(head).copy_from_nonoverlapping(from.add(head), known - head);
            to.add(known).write_bytes(0, self.size - known);
        }
    }
}
