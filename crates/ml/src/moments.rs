//! Mean and scatter of the rows of a data matrix, in one pass, exact where the textbook formula cancels.
//!
//! Everything is counted from the first row, so that only differences between rows are ever summed: data far
//! from the origin loses no digit, and a constant column has variance zero. Each block of rows is centred on its
//! own mean while it is in the cache, and the blocks' moments are merged by the update of Chan, Golub and LeVeque
//! ("Algorithms for computing the sample variance", The American Statistician 37, 1983). Accumulation is in `f64`
//! for `f32` data too.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, require_finite, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};

use crate::error::Error;
use crate::row_blocks::{partition, rows_per_block};

/// How the deviations from the mean are summed.
pub(crate) trait Scatter: Send + Sized {
    fn new(features: usize) -> Result<Self, Error>;
    /// So many rows at the least are worth a sum of their own, which must be kept and merged.
    fn worthwhile_rows(features: usize) -> usize;
    /// Adds the scatter of a block whose columns have mean zero.
    fn add_block(&mut self, centred: &ArrayRef2<f64>) -> Result<(), Error>;
    /// Adds `weight · shift shiftᵀ`.
    fn add_shift(&mut self, weight: f64, shift: &Array1<f64>);
    fn add(&mut self, other: &Self);
    fn is_finite(&self) -> bool;
}

/// Number, mean and scatter of the rows seen so far.
#[derive(Clone, Debug)]
pub(crate) struct Moments<S> {
    pub(crate) count: usize,
    /// One entry per column. While rows are added, it is counted from the reference row.
    pub(crate) mean: Array1<f64>,
    /// Sums of products of deviations from the mean, not yet divided by anything.
    pub(crate) scatter: S,
}

/// The sum of squared deviations of each column.
#[derive(Clone, Debug)]
pub(crate) struct Diagonal(pub(crate) Array1<f64>);

/// The sums of products of deviations of each pair of columns; only the lower triangle is meaningful.
#[derive(Clone, Debug)]
pub(crate) struct Full(pub(crate) Array2<f64>);

impl<S: Scatter> Moments<S> {
    /// The moments of the rows of `x`, at least one, in one pass split over the cores. `argument` is the name of `x` in
    /// an error.
    pub(crate) fn of_rows<T: Scalar>(argument: &'static str, x: &ArrayRef2<T>) -> Result<Self, Error> {
        let reference = x.row(0).mapv(T::as_f64);
        let ranges = partition(x.nrows(), x.ncols(), S::worthwhile_rows(x.ncols()));
        let mut total = Self::counted_from(&reference, ranges, x)?;
        total.mean += &reference;
        if total.is_finite() { Ok(total) } else { Err(not_finite(argument, x)) }
    }

    /// The moments of the rows of `x`, each of `ranges` on a thread of its own, with the mean counted from `reference`.
    ///
    /// A NaN or an infinity surfaces in a block's mean, so that the pass itself is the scan for them.
    pub(crate) fn counted_from<T: Scalar>(
        reference: &Array1<f64>,
        ranges: Vec<Range<usize>>,
        x: &ArrayRef2<T>,
    ) -> Result<Self, Error> {
        let parts = threads::map(ranges, |rows| Self::sequential(x.slice(s![rows, ..]), reference));
        let mut total = Self::empty(x.ncols())?;
        for part in parts {
            total.merge(&part?);
        }
        Ok(total)
    }

    pub(crate) fn is_finite(&self) -> bool {
        self.mean.iter().all(|mean| mean.is_finite()) && self.scatter.is_finite()
    }

    pub(crate) fn empty(features: usize) -> Result<Self, Error> {
        Ok(Self { count: 0, mean: zero_vector(features)?, scatter: S::new(features)? })
    }

    fn sequential<T: Scalar>(x: ArrayView2<T>, reference: &Array1<f64>) -> Result<Self, Error> {
        let features = x.ncols();
        let height = rows_per_block(features).min(x.nrows());
        let mut total = Self::empty(features)?;
        // The buffer takes the data's own memory order, so that the copy into it streams.
        let column_major = x.strides()[1] != 1;
        let mut buffer =
            if column_major { zeros(features, height)?.reversed_axes() } else { zeros(height, features)? };
        for rows in x.axis_chunks_iter(Axis(0), height.max(1)) {
            let mut block = buffer.slice_mut(s![..rows.nrows(), ..]);
            let mean = if column_major {
                centre_columns(rows, reference, &mut block)
            } else {
                centre_rows(rows, reference, &mut block)?
            };
            let (weight, shift) = total.extend(rows.nrows(), &mean);
            total.scatter.add_block(&block)?;
            total.scatter.add_shift(weight, &shift);
        }
        Ok(total)
    }

    /// Adds moments whose mean is counted from the same reference.
    pub(crate) fn merge(&mut self, other: &Self) {
        let (weight, shift) = self.extend(other.count, &other.mean);
        self.scatter.add(&other.scatter);
        self.scatter.add_shift(weight, &shift);
    }

    /// Moves count and mean on by `count` rows of the given mean, and returns what that adds to the scatter.
    pub(crate) fn extend(&mut self, count: usize, mean: &Array1<f64>) -> (f64, Array1<f64>) {
        let (weight, shift) = self.shift(count, mean);
        self.count += count;
        let share = if count == 0 { 0.0 } else { count as f64 / self.count as f64 };
        self.mean.scaled_add(share, &shift);
        (weight, shift)
    }

    /// What `count` rows of the given mean add to the scatter by the distance of their mean from this one.
    pub(crate) fn shift(&self, count: usize, mean: &Array1<f64>) -> (f64, Array1<f64>) {
        let (before, added) = (self.count as f64, count as f64);
        let share = if count == 0 { 0.0 } else { added / (before + added) };
        (before * share, mean - &self.mean)
    }
}

/// Why the moments of `x` are not finite.
pub(crate) fn not_finite<T: Scalar>(argument: &'static str, x: &ArrayRef2<T>) -> Error {
    require_finite(argument, x).err().map_or_else(variance_overflows, Error::from)
}

/// Finite data whose variance is out of range.
pub(crate) fn variance_overflows() -> Error {
    lapwing_lapack::Error::Overflow { routine: "the variance of the data", scalar: "f64" }.into()
}

/// A vector of zeros that fails with an error instead of aborting.
fn zero_vector(len: usize) -> Result<Array1<f64>, Error> {
    Ok(zeros(1, len)?.index_axis_move(Axis(0), 0))
}

/// Copies `rows` into `block` less their mean, row by row; returns the mean, counted from `reference`.
pub(crate) fn centre_rows<T: Scalar>(
    rows: ArrayView2<T>,
    reference: &Array1<f64>,
    block: &mut ArrayViewMut2<f64>,
) -> Result<Array1<f64>, Error> {
    let mut mean = zero_vector(rows.ncols())?;
    for (row, mut copy) in rows.outer_iter().zip(block.outer_iter_mut()) {
        match (row.to_slice(), copy.as_slice_mut(), mean.as_slice_mut(), reference.as_slice()) {
            (Some(row), Some(copy), Some(sums), Some(reference)) => {
                for (((copy, x), sum), reference) in copy.iter_mut().zip(row).zip(sums).zip(reference) {
                    *copy = x.as_f64() - reference;
                    *sum += *copy;
                }
            }
            _ => {
                for (((copy, x), sum), reference) in copy.iter_mut().zip(row).zip(&mut mean).zip(reference) {
                    *copy = x.as_f64() - reference;
                    *sum += *copy;
                }
            }
        }
    }
    mean /= rows.nrows() as f64;
    for mut row in block.outer_iter_mut() {
        match (row.as_slice_mut(), mean.as_slice()) {
            (Some(row), Some(mean)) => row.iter_mut().zip(mean).for_each(|(x, mean)| *x -= mean),
            _ => row -= &mean,
        }
    }
    Ok(mean)
}

/// Copies `rows` into `block` less their mean, column by column; returns the mean, counted from `reference`.
pub(crate) fn centre_columns<T: Scalar>(
    rows: ArrayView2<T>,
    reference: &Array1<f64>,
    block: &mut ArrayViewMut2<f64>,
) -> Array1<f64> {
    let columns = rows.columns().into_iter().zip(block.columns_mut()).zip(reference);
    columns
        .map(|((column, mut copy), reference)| {
            copy.zip_mut_with(&column, |copy, x| *copy = x.as_f64() - reference);
            let mean = copy.sum() / copy.len() as f64;
            copy -= mean;
            mean
        })
        .collect()
}

impl Scatter for Diagonal {
    fn worthwhile_rows(_: usize) -> usize {
        1
    }

    fn is_finite(&self) -> bool {
        self.0.iter().all(|x| x.is_finite())
    }

    fn new(features: usize) -> Result<Self, Error> {
        Ok(Self(zero_vector(features)?))
    }

    fn add_block(&mut self, centred: &ArrayRef2<f64>) -> Result<(), Error> {
        for row in centred.outer_iter() {
            self.0.zip_mut_with(&row, |sum, x| *sum += x * x);
        }
        Ok(())
    }

    fn add_shift(&mut self, weight: f64, shift: &Array1<f64>) {
        self.0.zip_mut_with(shift, |sum, x| *sum += weight * x * x);
    }

    fn add(&mut self, other: &Self) {
        self.0 += &other.0;
    }
}

impl Scatter for Full {
    /// Fewer rows than columns cost less to multiply than the p x p sums of another thread cost to merge.
    fn worthwhile_rows(features: usize) -> usize {
        features
    }

    /// The diagonal bounds the rest.
    fn is_finite(&self) -> bool {
        self.0.diag().iter().all(|x| x.is_finite())
    }

    fn new(features: usize) -> Result<Self, Error> {
        Ok(Self(zeros(features, features)?))
    }

    fn add_block(&mut self, centred: &ArrayRef2<f64>) -> Result<(), Error> {
        Ok(kernel::gram(centred, &mut self.0)?)
    }

    fn add_shift(&mut self, weight: f64, shift: &Array1<f64>) {
        if weight == 0.0 {
            return;
        }
        for (i, mut row) in self.0.outer_iter_mut().enumerate() {
            row.slice_mut(s![..=i]).scaled_add(weight * shift[i], &shift.slice(s![..=i]));
        }
    }

    fn add(&mut self, other: &Self) {
        self.0 += &other.0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn data(rows: usize, features: usize, offset: f64) -> Array2<f64> {
        let mut state = 1u64;
        Array2::from_shape_simple_fn((rows, features), || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            // Multiples of 2^-20: sums of a few thousand squares of these are exact in 128-bit integers.
            offset + (state >> 43) as f64 / (1u64 << 20) as f64
        })
    }

    /// The exact scatter, by integer arithmetic on entries that are multiples of 2^-20.
    fn exact_scatter(x: &Array2<f64>, j: usize, k: usize) -> f64 {
        let units = |value: f64| (value * (1u64 << 20) as f64) as i128;
        let (n, sum) = (x.nrows() as i128, |c: usize| x.column(c).iter().map(|&v| units(v)).sum::<i128>());
        let products: i128 = x.outer_iter().map(|row| units(row[j]) * units(row[k])).sum();
        ((n * products - sum(j) * sum(k)) as f64) / n as f64 / (1u64 << 40) as f64
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// The relative error of a sum of n squares is at most about n eps; an offset of a million
        /// standard deviations must not add to it (the textbook formula would lose twelve digits).
        #[test]
        fn scatter_is_exact_wherever_the_data_lies(
            rows in 2usize..6000, features in 1usize..5, far: bool, column_major: bool
        ) {
            let x = data(rows, features, if far { 1e6 } else { 0.0 });
            let layout = if column_major { x.t().as_standard_layout().into_owned().reversed_axes() } else { x.clone() };
            let moments = Moments::<Full>::of_rows("x", &layout).unwrap();
            let diagonal = Moments::<Diagonal>::of_rows("x", &layout).unwrap();
            prop_assert_eq!(moments.count, rows);
            for j in 0..features {
                let bound = 4.0 * rows as f64 * f64::EPSILON * exact_scatter(&x, j, j).max(f64::MIN_POSITIVE);
                prop_assert!((diagonal.scatter.0[j] - exact_scatter(&x, j, j)).abs() <= bound);
                for k in 0..=j {
                    let scale = (exact_scatter(&x, j, j) * exact_scatter(&x, k, k)).sqrt();
                    let bound = 4.0 * rows as f64 * f64::EPSILON * scale.max(f64::MIN_POSITIVE);
                    prop_assert!((moments.scatter.0[[j, k]] - exact_scatter(&x, j, k)).abs() <= bound);
                }
            }
        }
    }

    #[test]
    fn a_bad_entry_is_located() {
        let mut x = Array2::<f32>::ones((5000, 3));
        x[[4321, 2]] = f32::NAN;
        let expected = lapwing_lapack::Error::NonFinite { argument: "x", row: 4321, col: 2 };
        assert_eq!(Moments::<Full>::of_rows("x", &x).err(), Some(expected.into()));
    }

    /// Finite data whose differences are not: reported as what it is, not as a bad entry.
    #[test]
    fn an_overflowing_difference_is_reported() {
        let constant = Moments::<Diagonal>::of_rows("x", &Array2::from_elem((4, 1), f64::MAX)).unwrap();
        assert_eq!((constant.mean[0], constant.scatter.0[0]), (f64::MAX, 0.0));
        let x = ndarray::array![[f64::MAX], [-f64::MAX]];
        assert!(matches!(
            Moments::<Diagonal>::of_rows("x", &x).err(),
            Some(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
        ));
    }
}
