//! OpenBLAS's own functions, beside the standard BLAS and LAPACK interfaces.

use std::ffi::{CStr, c_char, c_int};
use std::sync::PoisonError;

use super::RUNNING;

// The crate whose build script links OpenBLAS.
use openblas_src as _;

unsafe extern "C" {
    fn openblas_get_config() -> *const c_char;
    fn openblas_get_corename() -> *const c_char;
    fn openblas_get_num_threads() -> c_int;
    fn openblas_set_num_threads(count: c_int);
    fn openblas_get_parallel() -> c_int;
}

/// A linker drops a shared library that nothing refers to. A program that calls LAPACKE alone would then
/// run on whatever LAPACK the system's liblapacke finds, so every program refers to OpenBLAS.
#[used]
static KEEP_OPENBLAS: unsafe extern "C" fn() -> c_int = openblas_get_num_threads;

/// The build configuration, for instance `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY ...`.
pub(crate) fn config() -> String {
    // SAFETY: the function takes no argument and returns a NUL-terminated string that lives as long
    // as the library is loaded.
    unsafe { CStr::from_ptr(openblas_get_config()) }.to_string_lossy().into_owned()
}

/// The core type whose kernels OpenBLAS picked at start, for instance `Zen` or `SkylakeX`.
pub(crate) fn core_name() -> String {
    // SAFETY: as for `openblas_get_config`.
    unsafe { CStr::from_ptr(openblas_get_corename()) }.to_string_lossy().into_owned()
}

/// How OpenBLAS was built: 0 sequential, 1 with its own threads, 2 with OpenMP.
pub(crate) fn parallel() -> c_int {
    // SAFETY: no argument, no state.
    unsafe { openblas_get_parallel() }
}

/// The number of threads that OpenBLAS uses.
pub(crate) fn threads() -> c_int {
    // SAFETY: no argument; reads one integer.
    unsafe { openblas_get_num_threads() }
}

/// Sets the number of threads for the whole process; OpenBLAS clamps it to what it was built for.
pub(crate) fn set_threads(count: c_int) {
    let _idle = RUNNING.write().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: any integer is accepted, and the lock keeps this crate's calls out meanwhile.
    unsafe { openblas_set_num_threads(count) }
}
