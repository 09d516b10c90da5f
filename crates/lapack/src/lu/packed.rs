//! The column-major copy that is factored, and what there is to know of its entries, in one pass over memory.

use ndarray::{ArrayRef2, s};

use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, locate, magnitude};
use crate::layout::{checked_area, copy_columns};
use crate::scalar::Scalar;
use crate::scaling::Scaling;
use crate::threads;

/// A matrix copied to be factored.
pub(super) struct Packed<T> {
    /// The columns of the scaled matrix, one after the other.
    pub(super) entries: Vec<T>,
    pub(super) scaling: Scaling<T>,
    /// The 1-norm and the ∞-norm of the scaled matrix.
    pub(super) norms: [T; 2],
}

impl<T: Scalar> Packed<T> {
    pub(super) fn new(check: FiniteCheck, a: &ArrayRef2<T>) -> Result<Self, Error> {
        /// Columns that the second-level cache holds while they are measured.
        const BLOCK: usize = 16;
        let (rows, cols) = a.dim();
        let mut entries = zeroed(checked_area::<T>(rows, cols)?)?;
        if entries.is_empty() {
            return Ok(Self { entries, scaling: Scaling::none(), norms: [T::zero(); 2] });
        }
        let parts = threads::partition(cols, threads::GRAIN.div_ceil(rows));
        let targets = threads::split(&mut entries, &parts, rows);
        let measured = threads::map(parts.into_iter().zip(targets).collect(), |(part, target)| {
            let mut measured = Measures::of_nothing(rows);
            for (first, block) in part.clone().step_by(BLOCK).zip(target.chunks_mut(BLOCK * rows)) {
                copy_columns(&a.slice(s![.., first..part.end.min(first + BLOCK)]), block);
                measured.include(block);
            }
            measured
        });
        let mut measures = Measures::gather(rows, measured);
        let Some(largest) = measures.largest else {
            match check {
                FiniteCheck::Scan => return Err(locate("a", a, |_| 0..cols)),
                FiniteCheck::Assume => {
                    return Ok(Self { entries, scaling: Scaling::none(), norms: measures.norms() });
                }
            }
        };
        let scaling = Scaling::for_largest(largest);
        if scaling != Scaling::none() {
            scaling.apply(&mut entries);
            measures = Measures::of_nothing(rows);
            measures.include(&entries);
        }
        Ok(Self { entries, scaling, norms: measures.norms() })
    }
}

/// Of some columns of a matrix.
struct Measures<T> {
    /// The largest magnitude; `None` when an entry is not finite.
    largest: Option<T>,
    column_sum: T,
    row_sums: Vec<T>,
}

impl<T: Scalar> Measures<T> {
    fn of_nothing(rows: usize) -> Self {
        Self { largest: Some(T::zero()), column_sum: T::zero(), row_sums: vec![T::zero(); rows] }
    }

    /// Each walk over a column runs at the speed of vectors, in the cache.
    fn include(&mut self, columns: &[T]) {
        for column in columns.chunks_exact(self.row_sums.len()) {
            self.largest = self.largest.zip(magnitude(column)).map(|(a, b)| a.max(b));
            self.row_sums.iter_mut().zip(column).for_each(|(sum, entry)| *sum += entry.abs());
            self.column_sum = self.column_sum.max(absolute_sum(column));
        }
    }

    fn gather(rows: usize, parts: Vec<Self>) -> Self {
        parts.into_iter().fold(Self::of_nothing(rows), |mut all, part| {
            all.largest = all.largest.zip(part.largest).map(|(a, b)| a.max(b));
            all.column_sum = all.column_sum.max(part.column_sum);
            all.row_sums.iter_mut().zip(part.row_sums).for_each(|(sum, more)| *sum += more);
            all
        })
    }

    fn norms(self) -> [T; 2] {
        [self.column_sum, self.row_sums.into_iter().fold(T::zero(), T::max)]
    }
}

/// Independent sums let the additions overlap.
fn absolute_sum<T: Scalar>(entries: &[T]) -> T {
    const LANES: usize = 16;
    let (groups, rest) = entries.as_chunks::<LANES>();
    let mut sums = [T::zero(); LANES];
    for group in groups {
        sums.iter_mut().zip(group).for_each(|(sum, entry)| *sum += entry.abs());
    }
    sums.into_iter().chain(rest.iter().map(|entry| entry.abs())).sum()
}
