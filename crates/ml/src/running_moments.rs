//! Mean and scatter of rows that arrive in blocks, and are then forgotten.
//!
//! Everything is counted from the first row that ever came, as in [`moments`](crate::moments), and merged by the same
//! update. What a block adds is checked before it is added, so that a block that is refused has changed nothing.

use lapwing_lapack::{Scalar, Triangle, syrk, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, s};

use crate::error::Error;
use crate::moments::{Full, Moments, Scatter, centre_columns, centre_rows, not_finite, variance_overflows};
use crate::row_blocks::partition;

/// Mean and scatter so far.
#[derive(Clone, Debug)]
pub(crate) struct RunningMoments {
    /// What the mean of `moments` is counted from.
    reference: Array1<f64>,
    moments: Moments<Full>,
    /// Where a block is centred, kept from block to block.
    buffer: Array2<f64>,
}

impl RunningMoments {
    /// No rows yet, of as many features as `reference` has entries; the first row is a good reference.
    pub(crate) fn new<T: Scalar>(reference: ArrayView1<T>) -> Result<Self, Error> {
        let reference = reference.mapv(T::as_f64);
        let moments = Moments::empty(reference.len())?;
        Ok(Self { reference, moments, buffer: zeros(0, 0)? })
    }

    /// The moments of `count` rows with this mean and scatter (lower triangle).
    pub(crate) fn from_parts(count: usize, mean: Array1<f64>, scatter: Array2<f64>) -> Result<Self, Error> {
        let moments = Moments { count, mean: Array1::zeros(mean.len()), scatter: Full(scatter) };
        Ok(Self { reference: mean, moments, buffer: zeros(0, 0)? })
    }

    pub(crate) fn count(&self) -> usize {
        self.moments.count
    }

    pub(crate) fn features(&self) -> usize {
        self.reference.len()
    }

    pub(crate) fn mean(&self) -> Array1<f64> {
        &self.reference + &self.moments.mean
    }

    /// The sums of products of deviations from the mean; only the lower triangle is meaningful.
    pub(crate) fn scatter(&self) -> &Array2<f64> {
        &self.moments.scatter.0
    }

    /// Adds the rows of `x`, which has as many columns as there are features. `argument` is its name in an error.
    pub(crate) fn add_rows<T: Scalar>(
        &mut self,
        argument: &'static str,
        x: &ArrayRef2<T>,
    ) -> Result<(), Error> {
        if x.nrows() == 0 {
            return Ok(());
        }
        let ranges = partition(x.nrows(), x.ncols(), Full::worthwhile_rows(x.ncols()));
        if ranges.len() == 1 {
            return self.add_whole(argument, x);
        }
        let block: Moments<Full> = Moments::counted_from(&self.reference, ranges, x)?;
        if !self.stays_finite(block.count, &block.mean, &block.scatter.0.diag().to_owned()) {
            return Err(not_finite(argument, x));
        }
        self.moments.merge(&block);
        Ok(())
    }

    /// Adds another's moments.
    pub(crate) fn merge(&mut self, other: &Self) -> Result<(), Error> {
        let mean = &other.moments.mean + &(&other.reference - &self.reference);
        let scatter = &other.moments.scatter;
        if !self.stays_finite(other.count(), &mean, &scatter.0.diag().to_owned()) {
            return Err(variance_overflows());
        }
        let (weight, shift) = self.moments.extend(other.count(), &mean);
        self.moments.scatter.add(scatter);
        self.moments.scatter.add_shift(weight, &shift);
        Ok(())
    }

    /// Adds the rows of a block that is not worth two threads' sums: centred as a whole, its products go straight to the
    /// scatter, and BLAS may use its threads on them.
    fn add_whole<T: Scalar>(&mut self, argument: &'static str, x: &ArrayRef2<T>) -> Result<(), Error> {
        let (rows, features) = x.dim();
        // The buffer takes the block's own memory order, so that the copy into it streams.
        let column_major = x.strides()[1] != 1;
        let fits = self.buffer.nrows() >= rows && (self.buffer.strides()[1] != 1) == column_major;
        if !fits {
            self.buffer =
                if column_major { zeros(features, rows)?.reversed_axes() } else { zeros(rows, features)? };
        }
        let mut block = self.buffer.slice_mut(s![..rows, ..]);
        let mean = if column_major {
            centre_columns(x.view(), &self.reference, &mut block)
        } else {
            centre_rows(x.view(), &self.reference, &mut block)?
        };
        let mut squares = Array1::zeros(features);
        for row in block.outer_iter() {
            squares.zip_mut_with(&row, |sum: &mut f64, x| *sum += x * x);
        }
        let block = self.buffer.slice(s![..rows, ..]);
        if !self.stays_finite(rows, &mean, &squares) {
            return Err(not_finite(argument, x));
        }
        syrk(Triangle::Lower, 1.0, &block.t(), 1.0, &mut self.moments.scatter.0)?;
        let (weight, shift) = self.moments.extend(rows, &mean);
        self.moments.scatter.add_shift(weight, &shift);
        Ok(())
    }

    /// Whether `count` rows of this mean and these sums of squared deviations from it can be added within the range of
    /// the numbers. The diagonal bounds the rest, up to rounding, for which half of the range is kept free.
    fn stays_finite(&self, count: usize, mean: &Array1<f64>, squares: &Array1<f64>) -> bool {
        let (weight, shift) = self.moments.shift(count, mean);
        let before = self.moments.scatter.0.diag();
        before.iter().zip(squares).zip(&shift).all(|((before, squares), shift)| {
            shift.is_finite() && before + squares + weight * shift * shift <= f64::MAX / 2.0
        })
    }
}
