//! Structs of options that may grow without breaking programs.

use std::slice;

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

/// The members that both the caller's version of the struct and this one have; defaults for the others, and for NULL.
///
/// # Safety
/// NULL, or readable for as many bytes as `struct_size` says, itself included.
pub(crate) unsafe fn read<O: Options>(options: *const O) -> Result<O, Failure> {
    let mut copy = O::DEFAULTS;
    if options.is_null() {
        return Ok(copy);
    }
    require_pointer("options", options)?;
    // SAFETY: aligned, and readable by this function's own condition; no reference to the whole struct is made,
    // because the caller's may be shorter. The size comes first.
    let size = unsafe { options.cast::<usize>().read() };
    let known = size_of::<O>();
    if !(O::FIRST_SIZE..=LARGEST_SIZE).contains(&size) {
        let (parameter, value, requirement) = ("struct_size", size.to_string(), O::REQUIRED_SIZE.to_owned());
        return Err(Error::InvalidParameter { parameter, value, requirement }.into());
    }
    let bytes = options.cast::<u8>();
    if size > known {
        // SAFETY: the caller vouches for `size` bytes.
        let surplus = unsafe { slice::from_raw_parts(bytes.add(known), size - known) };
        if surplus.iter().any(|&byte| byte != 0) {
            let message = format!(
                "options hold {size} bytes and set a member after the first {known}, which this version does not \
                 know; update the library, or leave that member 0"
            );
            return Err(Failure::new(LAPWING_ERR_ARGUMENT, message));
        }
    }
    // SAFETY: the caller vouches for `size` bytes; the copy has `known`, and any bytes are a valid value of it.
    unsafe { (&raw mut copy).cast::<u8>().copy_from_nonoverlapping(bytes, size.min(known)) };
    Ok(copy)
}
