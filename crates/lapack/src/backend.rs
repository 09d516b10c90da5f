//! What this library runs on: the BLAS and LAPACK that were linked.

use std::fmt;

use crate::ffi::openblas;
use crate::threads;

/// The linked BLAS library, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backend {
    /// Its name: `OpenBLAS`.
    pub name: String,
    /// Its version, for instance `0.3.21`.
    pub version: String,
    /// The core type whose kernels it chose for this processor, for instance `Zen` or `SkylakeX`.
    pub core: String,
    /// How it runs in parallel: `sequential`, `pthreads` or `OpenMP`.
    pub threading: &'static str,
    /// How many threads it uses now.
    pub threads: usize,
}

/// Describes the linked BLAS library.
pub fn info() -> Backend {
    let configuration = openblas::config();
    let mut words = configuration.split_whitespace();
    let threading = match openblas::parallel() {
        0 => "sequential",
        1 => "pthreads",
        _ => "OpenMP",
    };
    Backend {
        name: words.next().unwrap_or("OpenBLAS").to_owned(),
        version: words.next().unwrap_or("unknown").to_owned(),
        core: openblas::core_name(),
        threading,
        threads: threads::get(),
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} ({}, {})", self.name, self.version, self.core, self.threading)
    }
}
