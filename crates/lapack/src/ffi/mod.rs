//! The only door to BLAS, LAPACK and raw memory; with [`crate::kernel`], the only `unsafe` of the crate.
//!
//! Everything here is safe to call: a wrapper checks the length of every slice it hands over against
//! what the routine will touch. Those checks are assertions because they guard against mistakes in
//! this crate; no data that a user passes can trip them.
//!
//! | module       | what it wraps                                                          |
//! |--------------|------------------------------------------------------------------------|
//! | [`lapack`]   | LAPACKE's `_work` routines, column-major, the caller owns the workspace |
//! | [`blas`]     | the level 3 products of CBLAS over strided operands                     |
//! | [`openblas`] | OpenBLAS's own functions: thread count, configuration, core type        |
//! | [`core_type`] | at load, kernels for processors that OpenBLAS is too old to know       |
//! | [`memory`]   | zeroed buffers that fail with an error, on huge pages where they pay    |

use std::sync::{PoisonError, RwLock};

pub(crate) mod banded;
pub(crate) mod blas;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod core_type;
pub(crate) mod definite;
pub(crate) mod eigenproblems;
pub(crate) mod equations;
pub(crate) mod lapack;
pub(crate) mod least_squares;
pub(crate) mod linear_systems;
pub(crate) mod memory;
pub(crate) mod openblas;
pub(crate) mod pencils;

pub(crate) use banded::BandedSystems;
pub(crate) use blas::Blas;
pub(crate) use definite::Definite;
pub(crate) use eigenproblems::Eigenproblems;
pub(crate) use equations::Equations;
pub(crate) use lapack::Lapack;
pub(crate) use least_squares::LeastSquares;
pub(crate) use linear_systems::LinearSystems;

/// LAPACK's integer. Debian, Fedora, Homebrew and conda all build OpenBLAS with 32-bit integers.
pub(crate) type Int = i32;

/// Runs `call` with stack to spare.
///
/// OpenBLAS keeps its threaded job tables on the caller's stack: `getrf` alone overflows the 2 MiB
/// that a Rust thread has from n = 100 on. A large problem therefore gets a 32 MiB stack unless
/// 16 MiB are left; a problem too small for OpenBLAS to thread needs only LAPACK's own frames, and
/// must not pay for mapping a stack.
pub(crate) fn with_stack<R>(extent: usize, call: impl FnOnce() -> R) -> R {
    const KIB: usize = 1 << 10;
    const MIB: usize = 1 << 20;
    let red_zone = if extent <= 64 { 256 * KIB } else { 16 * MIB };
    let _running = RUNNING.read().unwrap_or_else(PoisonError::into_inner);
    stacker::maybe_grow(red_zone, 32 * MIB, call)
}

/// Held to read by every call, and to write while the number of threads changes: OpenBLAS's pool must not be
/// resized under a running product.
pub(crate) static RUNNING: RwLock<()> = RwLock::new(());
