//! Zeroed buffers that fail with an error and sit on huge pages where they pay.

use std::alloc::{Layout, alloc_zeroed};

use crate::error::Error;
use crate::scalar::Scalar;

/// From this size on, a buffer asks for huge pages. The first touch of 4 KiB pages costs more than
/// the arithmetic of a memory-bound routine; NumPy draws the same line for the same reason.
const HUGE_PAGE_THRESHOLD: usize = 4 << 20;

/// `len` zeros, or [`Error::OutOfMemory`].
pub(crate) fn zeroed<T: Scalar>(len: usize) -> Result<Vec<T>, Error> {
    let refused = || Error::OutOfMemory { bytes: len as u128 * size_of::<T>() as u128 };
    let layout = Layout::array::<T>(len).map_err(|_| refused())?;
    if layout.size() == 0 {
        return Ok(Vec::new());
    }
    // SAFETY: the layout has a nonzero size.
    let pointer = unsafe { alloc_zeroed(layout) };
    if pointer.is_null() {
        return Err(refused());
    }
    advise_huge_pages(pointer, layout.size());
    // SAFETY: the pointer comes from the global allocator with the layout of `[T; len]`, which is the
    // layout a Vec of that capacity frees; all-zero bytes are the number 0 in both scalars.
    Ok(unsafe { Vec::from_raw_parts(pointer.cast::<T>(), len, len) })
}

/// Grows `buffer` to at least `len` entries. Its contents are unspecified afterwards: it is scratch.
pub(crate) fn ensure_length<T: Scalar>(buffer: &mut Vec<T>, len: usize) -> Result<&mut [T], Error> {
    if buffer.len() < len {
        // Freed first, so that a growing workspace never holds both sizes at once.
        *buffer = Vec::new();
        *buffer = zeroed(len)?;
    }
    Ok(&mut buffer[..len])
}

#[cfg(target_os = "linux")]
fn advise_huge_pages(pointer: *mut u8, bytes: usize) {
    const PAGE: usize = 4096;
    if bytes < HUGE_PAGE_THRESHOLD {
        return;
    }
    let skip = pointer.align_offset(PAGE);
    let whole_pages = (bytes - skip) & !(PAGE - 1);
    // SAFETY: the range lies inside one live allocation. The advice changes how the kernel backs the
    // pages, never what they hold; where it is refused, nothing changes, so the result is ignored.
    unsafe {
        libc::madvise(pointer.add(skip).cast(), whole_pages, libc::MADV_HUGEPAGE);
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_huge_pages(_: *mut u8, _: usize) {
    let _ = HUGE_PAGE_THRESHOLD;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A refused allocation is an error a caller can match on, not an abort.
    #[test]
    fn refuses_what_cannot_be_had() {
        assert!(matches!(zeroed::<f64>(usize::MAX / 16), Err(Error::OutOfMemory { .. })));
        assert!(matches!(zeroed::<f64>(usize::MAX), Err(Error::OutOfMemory { .. })));
    }

    #[test]
    fn large_buffers_are_zero_and_writable() {
        let mut buffer = zeroed::<f32>(HUGE_PAGE_THRESHOLD).unwrap();
        assert!(buffer.iter().all(|&x| x == 0.0));
        buffer.fill(1.0);
        assert_eq!(buffer.len(), HUGE_PAGE_THRESHOLD);
    }
}
