//! Which of the two signs of a direction is meant.

use lapwing_lapack::Scalar;
use ndarray::ArrayViewMut2;

/// Turns each row so that its largest entry in magnitude, the first of them on a tie, is positive.
pub(crate) fn largest_entries_positive<T: Scalar>(rows: &mut ArrayViewMut2<T>) {
    for mut row in rows.outer_iter_mut() {
        let mut largest = T::zero();
        for &entry in &row {
            if entry.abs() > largest.abs() {
                largest = entry;
            }
        }
        if largest < T::zero() {
            row.mapv_inplace(|entry| -entry);
        }
    }
}
