//! How many threads BLAS, LAPACK and this library's own parallel loops use.
//!
//! OpenBLAS keeps one number for the whole process. Nothing in this library changes it unasked; these
//! functions do, for every thread of the process at once. Results are the same bits for the same
//! count; a different count may round differently.

use std::ffi::c_int;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::ffi::openblas;

/// Entries to pass over below which a thread costs more than it saves.
pub(crate) const GRAIN: usize = 1 << 18;

/// The current number of threads, at least 1. At start it is the number of processors, or what
/// `OPENBLAS_NUM_THREADS` says.
pub fn get() -> usize {
    usize::try_from(openblas::threads()).unwrap_or(1).max(1)
}

/// Sets the number of threads, once no call of this library is running. 0 counts as 1; OpenBLAS clamps to the most
/// it was built for.
pub fn set(count: usize) {
    openblas::set_threads(c_int::try_from(count.max(1)).unwrap_or(c_int::MAX));
}

/// Runs `work` with `count` threads and restores the previous number afterwards, also on a panic.
///
/// The number is the process's: do not nest this across threads that expect different counts.
///
/// ```
/// let before = lapwing_lapack::threads::get();
/// let inside = lapwing_lapack::threads::with(1, lapwing_lapack::threads::get);
/// assert_eq!((inside, lapwing_lapack::threads::get()), (1, before));
/// ```
pub fn with<R>(count: usize, work: impl FnOnce() -> R) -> R {
    struct Restore(usize);
    impl Drop for Restore {
        fn drop(&mut self) {
            set(self.0);
        }
    }
    let _restore = Restore(get());
    set(count);
    work()
}

/// Cuts `0..extent` into at most [`get`] consecutive ranges of nearly equal length, none shorter than
/// `grain` (but for a single one). The cut depends on nothing else, which is what makes a parallel sum
/// repeat bit for bit.
pub fn partition(extent: usize, grain: usize) -> Vec<Range<usize>> {
    let count = get().min(extent / grain.max(1)).max(1);
    // In 128 bits, as the product may pass 64.
    let cut = |i: usize| (extent as u128 * i as u128 / count as u128) as usize;
    (0..count).map(|i| cut(i)..cut(i + 1)).collect()
}

/// Cuts `entries` into the consecutive parts that belong to consecutive ranges, those of [`partition`], with `width` entries
/// for each index: what each part of a parallel loop may write to.
///
/// # Panics
/// When the ranges hold more than `entries` does.
pub fn split<'a, T>(mut entries: &'a mut [T], parts: &[Range<usize>], width: usize) -> Vec<&'a mut [T]> {
    let mut take = |part: &Range<usize>| {
        let (block, rest) = std::mem::take(&mut entries).split_at_mut(part.len() * width);
        entries = rest;
        block
    };
    parts.iter().map(&mut take).collect()
}

/// Applies `work` to every part, each on a thread of its own, and returns the results in order.
///
/// For parallel loops inside an algorithm, over [`partition`]'s ranges or what was cut by them; `work`
/// multiplies with [`kernel`](crate::kernel), not with OpenBLAS. Where the system refuses a thread, the
/// part runs on the calling one.
pub fn map<I: Send, R: Send>(parts: Vec<I>, work: impl Fn(I) -> R + Sync) -> Vec<R> {
    struct Slot<I, R>(Mutex<(Option<I>, Option<R>)>);
    let slots: Vec<Slot<I, R>> = parts.into_iter().map(|part| Slot(Mutex::new((Some(part), None)))).collect();
    let run = |slot: &Slot<I, R>| {
        let mut slot = slot.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(part) = slot.0.take() {
            slot.1 = Some(work(part));
        }
    };
    thread::scope(|scope| {
        let mut here = Vec::new();
        for slot in slots.iter().skip(1) {
            if thread::Builder::new().spawn_scoped(scope, || run(slot)).is_err() {
                here.push(slot);
            }
        }
        slots.iter().take(1).chain(here).for_each(run);
    });
    slots
        .into_iter()
        .filter_map(|slot| slot.0.into_inner().unwrap_or_else(PoisonError::into_inner).1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_covers_the_extent_once() {
        for (extent, grain) in [(0, 1), (1, 1), (7, 3), (1000, 1), (1000, 999), (5, 0)] {
            let ranges = partition(extent, grain);
            assert_eq!(
                ranges.iter().flat_map(|range| range.clone()).collect::<Vec<_>>(),
                (0..extent).collect::<Vec<_>>()
            );
            assert!(ranges.len() == 1 || ranges.iter().all(|range| range.len() >= grain));
        }
    }

    #[test]
    fn results_come_in_the_order_of_the_parts() {
        assert_eq!(map((0..20).collect(), |i| i * i), (0..20).map(|i| i * i).collect::<Vec<_>>());
        assert_eq!(map(Vec::<u8>::new(), |i| i), Vec::<u8>::new());
    }
}
