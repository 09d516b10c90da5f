//! The C and C++ interface, used as programs do: compiled against the checked-in headers, linked with the library, run.

#[cfg(target_os = "linux")]
mod abi;
mod coverage;
mod cpp;
mod programs;
mod toolchain;
