//! How many threads a call may use.

use lapwing_lapack::threads;

use crate::guard::guard;
use crate::status::{Failure, LAPWING_ERR_ARGUMENT, lapwing_status};

/// The number of threads that a call may use, at least 1.
///
/// It is one number for the whole process, OpenBLAS's own: at start the number of processors, or what the
/// environment variable OPENBLAS_NUM_THREADS says. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn lapwing_threads_get() -> i32 {
    let mut count = 1;
    guard(|| {
        count = i32::try_from(threads::get()).unwrap_or(i32::MAX);
        Ok(())
    });
    count
}

/// Sets the number of threads that a call may use, for the whole process; more than OpenBLAS was built for
/// counts as that many. The same count gives the same bits; another one may round differently.
///
/// Returns LAPWING_ERR_ARGUMENT when count is below 1. Not to be called while another thread computes.
#[unsafe(no_mangle)]
pub extern "C" fn lapwing_threads_set(count: i32) -> lapwing_status {
    guard(|| match usize::try_from(count) {
        Ok(count @ 1..) => {
            threads::set(count);
            Ok(())
        }
        _ => Err(Failure::new(LAPWING_ERR_ARGUMENT, format!("count is {count}, but must be at least 1"))),
    })
}
