//! The normal equations of a regression, in one pass over the rows: means, Gram matrix of the features, their products with
//! the targets.
//!
//! The numbers are sums over rows of deviations from the (weighted) means, exact where `XᵀX − n x̄ x̄ᵀ` cancels: rows are
//! counted from the first of them, centred by blocks in the cache, and merged as in [`moments`](crate::moments). Without an
//! intercept they are counted from zero and not centred. Weights multiply what each row adds; accumulation is in `f64`.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, require_finite, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayView2, Axis, s};

use super::regression::{Intercept, Regression};
use super::rows::buffer_like;
use crate::error::Error;
use crate::moments::variance_overflows;
use crate::row_blocks::{partition, rows_per_block};

/// Sums over the rows of features (p) and targets (t).
#[derive(Clone, Debug)]
pub(crate) struct CrossMoments {
    /// Of the rows: their number, or the sum of their weights.
    pub(crate) weight: f64,
    /// p; zero without an intercept, as is the next.
    pub(crate) x_mean: Array1<f64>,
    /// t.
    pub(crate) y_mean: Array1<f64>,
    /// What the mean of each feature lost when it was rounded to the number above.
    pub(crate) x_mean_rounding: Array1<f64>,
    /// Likewise of each target.
    pub(crate) y_mean_rounding: Array1<f64>,
    /// p x p; only the lower triangle is meaningful.
    pub(crate) gram: Array2<f64>,
    /// p x t.
    pub(crate) cross: Array2<f64>,
    /// The sum of the squares of each target, t.
    pub(crate) y_squares: Array1<f64>,
}

impl CrossMoments {
    /// One pass over the rows, split over the cores: n p (p + 2t) operations.
    ///
    /// # Errors
    /// `NonFinite` with the place in `x`; `Overflow`.
    pub(crate) fn of_rows<T: Scalar>(data: &Regression<'_, T>) -> Result<Self, Error> {
        let Regression { x, y, .. } = *data;
        let reference = match data.intercept {
            Intercept::Fitted => Some((x.row(0).mapv(T::as_f64), y.row(0).mapv(T::as_f64))),
            Intercept::Zero => None,
        };
        let ranges = partition(x.nrows(), x.ncols(), x.ncols());
        let parts = threads::map(ranges, |range| Self::sequential(data, range, reference.as_ref()));
        let mut total = Self::empty(x.ncols(), y.ncols())?;
        for part in parts {
            total.merge(&part?);
        }
        if let Some((x_reference, y_reference)) = &reference {
            (total.x_mean, total.x_mean_rounding) = counted_from_zero(x_reference, &total.x_mean);
            (total.y_mean, total.y_mean_rounding) = counted_from_zero(y_reference, &total.y_mean);
        }
        if total.is_finite() {
            return Ok(total);
        }
        require_finite("x", x)?;
        Err(variance_overflows())
    }

    pub(super) fn empty(features: usize, targets: usize) -> Result<Self, Error> {
        Ok(Self {
            weight: 0.0,
            x_mean: Array1::zeros(features),
            y_mean: Array1::zeros(targets),
            x_mean_rounding: Array1::zeros(features),
            y_mean_rounding: Array1::zeros(targets),
            gram: zeros(features, features)?,
            cross: zeros(features, targets)?,
            y_squares: Array1::zeros(targets),
        })
    }

    /// The moments of a range of the rows, with means counted from the reference.
    fn sequential<T: Scalar>(
        data: &Regression<'_, T>,
        range: Range<usize>,
        reference: Option<&(Array1<f64>, Array1<f64>)>,
    ) -> Result<Self, Error> {
        let (features, targets) = (data.x.ncols(), data.y.ncols());
        let mut total = Self::empty(features, targets)?;
        let height = rows_per_block(features).min(range.len()).max(1);
        let (mut x_block, mut y_block) = (Block::like(data.x.view(), height)?, Block::like(data.y, height)?);
        for start in range.clone().step_by(height) {
            let block = start..(start + height).min(range.end);
            let weights = data.weights.map(|w| w.slice(s![block.clone()]).mapv(T::as_f64));
            let weight = weights.as_ref().map_or(block.len() as f64, |w| w.sum());
            if weight == 0.0 {
                continue;
            }
            let fill = |buffer: &mut Block, source: ArrayView2<T>, reference: Option<&Array1<f64>>| {
                buffer.fill(source.slice(s![block.clone(), ..]), reference, weights.as_ref(), weight)
            };
            let x_mean = fill(&mut x_block, data.x.view(), reference.map(|(x, _)| x));
            let y_mean = fill(&mut y_block, data.y, reference.map(|(_, y)| y));
            let (x, y) = (x_block.rows(block.len()), y_block.rows(block.len()));
            kernel::gram(&x, &mut total.gram)?;
            kernel::gemm(1.0, &x.t(), &y, 1.0, &mut total.cross)?;
            for (sum, column) in total.y_squares.iter_mut().zip(y.columns()) {
                *sum += column.iter().map(|y| y * y).sum::<f64>();
            }
            total.move_means(weight, &x_mean, &y_mean);
        }
        Ok(total)
    }

    /// Adds moments whose means are counted from the same reference.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.weight == 0.0 {
            return;
        }
        self.gram += &other.gram;
        self.cross += &other.cross;
        self.y_squares += &other.y_squares;
        self.move_means(other.weight, &other.x_mean, &other.y_mean);
    }

    /// Counts in rows of this weight and these means: what the distance of their means from those so far adds to the sums.
    fn move_means(&mut self, weight: f64, x_mean: &Array1<f64>, y_mean: &Array1<f64>) {
        let share = weight / (self.weight + weight);
        let (x_shift, y_shift) = (x_mean - &self.x_mean, y_mean - &self.y_mean);
        let factor = self.weight * share;
        self.weight += weight;
        // Without an intercept, and before the first rows, there is nothing to add.
        if factor == 0.0 || x_shift.iter().chain(&y_shift).all(|&shift| shift == 0.0) {
            self.x_mean.scaled_add(share, &x_shift);
            self.y_mean.scaled_add(share, &y_shift);
            return;
        }
        for (i, (mut row, &shift)) in self.gram.outer_iter_mut().zip(&x_shift).enumerate() {
            row.slice_mut(s![..=i]).scaled_add(factor * shift, &x_shift.slice(s![..=i]));
        }
        for (mut row, &shift) in self.cross.outer_iter_mut().zip(&x_shift) {
            row.scaled_add(factor * shift, &y_shift);
        }
        self.y_squares.zip_mut_with(&y_shift, |sum, shift| *sum += factor * shift * shift);
        self.x_mean.scaled_add(share, &x_shift);
        self.y_mean.scaled_add(share, &y_shift);
    }

    /// The diagonal bounds the rest of the Gram matrix.
    fn is_finite(&self) -> bool {
        let diagonal = self.gram.diag();
        let sums = diagonal.iter().chain(&self.cross).chain(&self.y_squares);
        sums.chain(&self.x_mean).chain(&self.y_mean).all(|sum| sum.is_finite())
    }
}

/// `reference + mean` rounded, and what the rounding lost: a mean of data at 10⁸ times its spread is not a number of
/// double precision to more than half of the digits of the spread.
pub(crate) fn counted_from_zero(reference: &Array1<f64>, mean: &Array1<f64>) -> (Array1<f64>, Array1<f64>) {
    let sum = reference + mean;
    // Knuth's error of a sum, whichever of the two is larger.
    let lost = ndarray::Zip::from(reference).and(mean).and(&sum).map_collect(|&a, &b, &sum| {
        let part = sum - a;
        (a - (sum - part)) + (b - part)
    });
    (sum, lost)
}

/// Where a block of rows is centred and weighted, in the memory order of its source, so that the copy streams.
pub(super) struct Block {
    entries: Array2<f64>,
    column_major: bool,
}

impl Block {
    pub(super) fn like<T>(source: ArrayView2<T>, height: usize) -> Result<Self, Error> {
        let entries = buffer_like(source, height)?;
        let column_major = entries.ncols() > 1 && !entries.is_standard_layout();
        Ok(Self { entries, column_major })
    }

    pub(super) fn rows(&self, count: usize) -> ArrayView2<'_, f64> {
        self.entries.slice(s![..count, ..])
    }

    /// Copies `source` less its weighted mean, each row times the root of its weight; returns the mean, counted from the
    /// reference. Without a reference nothing is subtracted, and the mean is zero.
    pub(super) fn fill<T: Scalar>(
        &mut self,
        source: ArrayView2<T>,
        reference: Option<&Array1<f64>>,
        weights: Option<&Array1<f64>>,
        weight: f64,
    ) -> Array1<f64> {
        let mut block = self.entries.slice_mut(s![..source.nrows(), ..]);
        let zero = Array1::zeros(source.ncols());
        let reference_row = reference.unwrap_or(&zero);
        let mut mean = Array1::<f64>::zeros(source.ncols());
        if self.column_major {
            for (j, (mut copy, column)) in block.columns_mut().into_iter().zip(source.columns()).enumerate() {
                copy.zip_mut_with(&column, |copy, x| *copy = x.as_f64() - reference_row[j]);
                if reference.is_some() {
                    mean[j] = weights.map_or_else(|| copy.sum(), |w| copy.dot(w)) / weight;
                    copy -= mean[j];
                }
                if let Some(weights) = weights {
                    copy.zip_mut_with(weights, |x, w| *x *= w.sqrt());
                }
            }
            return mean;
        }
        for (i, (mut copy, row)) in block.outer_iter_mut().zip(source.outer_iter()).enumerate() {
            let row_weight = weights.map_or(1.0, |weights| weights[i]);
            subtract(&row, reference_row, &mut copy);
            if reference.is_some() {
                mean.scaled_add(row_weight, &copy);
            }
        }
        mean /= weight;
        for (i, mut row) in block.axis_iter_mut(Axis(0)).enumerate() {
            if reference.is_some() {
                row -= &mean;
            }
            if let Some(weights) = weights {
                row *= weights[i].sqrt();
            }
        }
        mean
    }
}

/// Slices where the row is contiguous: a general iterator's set-up costs more than a short row's work.
pub(super) fn subtract<T: Scalar>(row: &ArrayRef1<T>, reference: &Array1<f64>, copy: &mut ArrayRef1<f64>) {
    match (row.as_slice(), copy.as_slice_mut(), reference.as_slice()) {
        (Some(row), Some(copy), Some(reference)) => {
            for ((copy, x), reference) in copy.iter_mut().zip(row).zip(reference) {
                *copy = x.as_f64() - reference;
            }
        }
        _ => {
            for ((copy, x), reference) in copy.iter_mut().zip(row).zip(reference) {
                *copy = x.as_f64() - reference;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{ArrayRef, ArrayRef2, Ix1, array};

    use super::*;
    use crate::linear_model::targets::Targets;

    fn of_rows<T: Scalar, D: Targets>(
        x: &ArrayRef2<T>,
        y: &ArrayRef<T, D>,
        weights: Option<&ArrayRef1<T>>,
        intercept: Intercept,
    ) -> Result<CrossMoments, Error> {
        Regression::new("a regression", x, y, weights, intercept)?.moments()
    }

    /// Multiples of 2^-10, so that integers give the exact sums.
    fn data(rows: usize, columns: usize, offset: f64) -> Array2<f64> {
        Array2::from_shape_fn((rows, columns), |(i, j)| {
            offset + ((i * 37 + j * 101 + i * i * (j + 3)) % 1009) as f64 / 1024.0
        })
    }

    /// `Σ w (a − ā)(b − b̄)` of two columns and whole weights.
    fn exact(a: &[f64], b: &[f64], weights: &[f64]) -> f64 {
        let units = |value: f64| (value * 1024.0) as i128;
        let total: i128 = weights.iter().map(|&w| w as i128).sum();
        let sum = |a: &[f64]| -> i128 { a.iter().zip(weights).map(|(&a, &w)| units(a) * w as i128).sum() };
        let products: i128 =
            a.iter().zip(b).zip(weights).map(|((&a, &b), &w)| units(a) * units(b) * w as i128).sum();
        ((total * products - sum(a) * sum(b)) as f64) / total as f64 / 1_048_576.0
    }

    /// A sum of n products is right to about n roundings of the sums of squares it is bounded by, wherever the data lies.
    #[test]
    fn sums_are_exact_wherever_the_data_lies_and_whatever_the_weights() {
        for (rows, far, column_major, weighted) in [
            (1, false, false, false),
            (700, true, false, true),
            (5000, true, true, true),
            (5000, false, false, false),
        ] {
            let offset = if far { 1e6 } else { 0.0 };
            let all = data(rows, 5, offset);
            let all =
                if column_major { all.t().as_standard_layout().into_owned().reversed_axes() } else { all };
            let (x, y) = (all.slice(s![.., ..3]), all.slice(s![.., 3..]));
            let weights = Array1::from_shape_fn(rows, |i| if weighted { (i % 4) as f64 } else { 1.0 });
            let given = weighted.then_some(&*weights);
            let found = of_rows(&x, &y, given, Intercept::Fitted).unwrap();
            let column = |j: usize| all.column(j).to_vec();
            let weights = weights.to_vec();
            assert_eq!(found.weight, weights.iter().sum::<f64>());
            let check = |found: f64, i: usize, j: usize| {
                let squares =
                    exact(&column(i), &column(i), &weights) * exact(&column(j), &column(j), &weights);
                let bound = 4.0 * rows as f64 * f64::EPSILON * squares.sqrt();
                let expected = exact(&column(i), &column(j), &weights);
                assert!((found - expected).abs() <= bound, "{rows} {i} {j}: {found} is not {expected}");
            };
            for i in 0..3 {
                (0..=i).for_each(|j| check(found.gram[[i, j]], i, j));
                (0..2).for_each(|t| check(found.cross[[i, t]], i, 3 + t));
            }
            (0..2).for_each(|t| check(found.y_squares[t], 3 + t, 3 + t));
        }
    }

    #[test]
    fn without_an_intercept_nothing_is_subtracted() {
        let (x, y) = (array![[1.0, 2.0], [3.0, 4.0]], array![1.0, -1.0]);
        let weights = array![4.0, 1.0];
        let found = of_rows::<_, Ix1>(&x, &y, Some(&weights), Intercept::Zero).unwrap();
        assert_eq!(found.gram, array![[13.0, found.gram[[0, 1]]], [20.0, 32.0]]);
        assert_eq!((found.cross, found.y_squares), (array![[1.0], [4.0]], array![5.0]));
        assert_eq!((found.x_mean, found.y_mean), (array![0.0, 0.0], array![0.0]));
    }

    #[test]
    fn bad_rows_targets_and_weights_are_located() {
        let x = array![[1.0, 2.0], [3.0, f64::NAN]];
        let y = array![1.0, 2.0];
        let moments = |x: &Array2<f64>, y: &Array1<f64>, weights: Option<&Array1<f64>>| {
            of_rows::<f64, Ix1>(x, y, weights.map(|w| &**w), Intercept::Fitted).err().map(|e| e.to_string())
        };
        let text = moments(&x, &y, None).unwrap();
        assert!(text.starts_with("x[1, 1]"), "{text}");
        let x = array![[1.0, 2.0], [3.0, 4.0]];
        for (y, weights, expected) in [
            (array![1.0], None, "y has 1 rows"),
            (array![1.0, f64::INFINITY], None, "y[1, 0]"),
            (y.clone(), Some(array![1.0]), "weights has 1 entries"),
            (y.clone(), Some(array![1.0, -1.0]), "weights is -1 at position 1"),
            (y.clone(), Some(array![0.0, 0.0]), "weights is 0 in sum"),
        ] {
            let text = moments(&x, &y, weights.as_ref()).unwrap();
            assert!(text.contains(expected), "{text}");
        }
        let large = array![[f64::MAX], [-f64::MAX]];
        assert!(matches!(
            of_rows::<_, Ix1>(&large, &y, None, Intercept::Fitted).err(),
            Some(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
        ));
    }
}
