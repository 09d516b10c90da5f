//! The C and C++ interface, used as programs do: compiled against the checked-in headers, linked with the library, run.

#[cfg(target_os = "linux")]
mod abi;
mod cpp;
mod cpp_coverage;
mod facade;
mod guide;
mod header;
mod programs;
#[cfg(unix)]
mod table;
mod toolchain;
#[cfg(target_os = "linux")]
mod trust;
