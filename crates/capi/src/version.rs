//! Which version this is, at compile time and at run time, and what it runs on.

use std::ffi::{CStr, c_char};
use std::panic::catch_unwind;

use lapwing_lapack::backend;

use crate::guard::copy_text;

/// Changes when programs must be changed.
pub const LAPWING_VERSION_MAJOR: u32 = 0;
/// Changes when something is added; before version 1, also when programs must be changed.
pub const LAPWING_VERSION_MINOR: u32 = 1;
/// Changes when something is repaired.
pub const LAPWING_VERSION_PATCH: u32 = 0;
/// The version of this header as one number, to compare with lapwing_version_number().
pub const LAPWING_VERSION_NUMBER: u32 =
    LAPWING_VERSION_MAJOR * 10000 + LAPWING_VERSION_MINOR * 100 + LAPWING_VERSION_PATCH;

/// The version of the library that runs, as "0.1.0". Never to be freed. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn lapwing_version() -> *const c_char {
    const VERSION: &CStr =
        match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
            Ok(version) => version,
            Err(_) => panic!("a version holds no NUL"),
        };
    VERSION.as_ptr()
}

/// The version of the library that runs, as LAPWING_VERSION_NUMBER: major * 10000 + minor * 100 + patch.
/// Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn lapwing_version_number() -> u32 {
    LAPWING_VERSION_NUMBER
}

/// Copies what the library runs on into buf, which holds cap bytes: the BLAS and LAPACK that were linked, as
/// "OpenBLAS 0.3.21 (SkylakeX, pthreads)": name, version, the kind of processor whose kernels it chose, and how it
/// runs in parallel. For logs and reports; the form may change.
///
/// Returns the length of the whole text without its terminating NUL, and cuts it as lapwing_last_error does its
/// message. Thread-safe.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn lapwing_backend(buf: *mut c_char, cap: usize) -> usize {
    let text = catch_unwind(|| backend::info().to_string()).unwrap_or_default();
    // SAFETY: the caller vouches for `cap` bytes at `buf`.
    unsafe { copy_text(&text, buf, cap) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_those_of_the_crate() {
        let constants = [LAPWING_VERSION_MAJOR, LAPWING_VERSION_MINOR, LAPWING_VERSION_PATCH];
        assert_eq!(constants.map(|number| number.to_string()).join("."), env!("CARGO_PKG_VERSION"));
        // SAFETY: the function returns a terminated constant.
        let version = unsafe { CStr::from_ptr(lapwing_version()) };
        assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
    }
}
