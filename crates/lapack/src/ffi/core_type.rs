//! At load, kernels for processors that OpenBLAS is too old to know.
//!
//! OpenBLAS picks its kernels by processor model, and gives a model that is newer than itself those of
//! the oldest 64-bit processor: OpenBLAS 0.3.21 runs an AVX-512 server of 2024 on its SSE3 kernels
//! (`Prescott`), at a sixth of its speed. When that has happened, this module has OpenBLAS choose again by
//! what the processor can do, which is what its own variable `OPENBLAS_CORETYPE` is for.
//!
//! It happens before `main`, while no thread but OpenBLAS's idle ones exists, and only then: the kernel
//! table must not change under a running product. Set `OPENBLAS_CORETYPE` to any name to decide yourself.

use std::ffi::{CStr, c_char, c_int, c_void};

use super::openblas;

/// The kernels that OpenBLAS falls back to when it does not know the processor.
const FALLBACKS: [&str; 4] = ["Prescott", "Core2", "Nehalem", "Generic"];

const VARIABLE: &CStr = c"OPENBLAS_CORETYPE";

#[used]
#[unsafe(link_section = ".init_array")]
static AT_LOAD: extern "C" fn() = choose_kernels;

extern "C" fn choose_kernels() {
    // SAFETY: `getenv` reads the environment, which no other thread of ours can be changing.
    let decided_by_user = unsafe { !libc::getenv(VARIABLE.as_ptr()).is_null() };
    if decided_by_user || !FALLBACKS.contains(&openblas::core_name().as_str()) || others_are_running() {
        return;
    }
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vl")
    {
        restart_with(c"SkylakeX");
    } else if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        restart_with(c"Haswell");
    }
}

/// Has OpenBLAS read its variable again. Its two functions are looked up by name because only builds for
/// several processors (`DYNAMIC_ARCH`) have them, and only those have kernels to choose from.
fn restart_with(core: &CStr) {
    type Action = unsafe extern "C" fn();
    let find = |name: &CStr| -> *mut c_void {
        // SAFETY: looks a NUL-terminated name up among the loaded libraries.
        unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) }
    };
    let (quit, init) = (find(c"gotoblas_dynamic_quit"), find(c"gotoblas_dynamic_init"));
    if quit.is_null() || init.is_null() {
        return;
    }
    // SAFETY: both symbols are OpenBLAS's, take nothing and return nothing. `quit` forgets the kernel
    // table and `init` chooses one; no product runs between them, because no thread but this one and
    // OpenBLAS's waiting ones exists. The environment is written at load, before any thread of the
    // program can read it.
    unsafe {
        let quit = std::mem::transmute::<*mut c_void, Action>(quit);
        let init = std::mem::transmute::<*mut c_void, Action>(init);
        libc::setenv(VARIABLE.as_ptr(), core.as_ptr(), 1);
        quit();
        init();
        libc::unsetenv(VARIABLE.as_ptr());
    }
}

/// Whether the process has threads besides this one and OpenBLAS's own; also when that cannot be told.
fn others_are_running() -> bool {
    // `std::fs` is avoided: before `main`, the C library is all that is certain to be initialized.
    // SAFETY: `opendir` gets a NUL-terminated path; the stream is checked, read to its end and closed.
    unsafe {
        let directory = libc::opendir(c"/proc/self/task".as_ptr());
        if directory.is_null() {
            return true;
        }
        let mut threads: c_int = 0;
        loop {
            let entry = libc::readdir(directory);
            if entry.is_null() {
                break;
            }
            const DOT: c_char = b'.' as c_char;
            if (*entry).d_name[0] != DOT {
                threads += 1;
            }
        }
        libc::closedir(directory);
        // Its own threads start at load where it manages them itself, and later or never otherwise.
        let own = if openblas::parallel() == 1 { openblas::threads().max(1) } else { 1 };
        threads != own
    }
}
