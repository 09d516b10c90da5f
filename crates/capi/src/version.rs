//! Which version this is, at compile time and at run time.

use std::ffi::{CStr, c_char};

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
