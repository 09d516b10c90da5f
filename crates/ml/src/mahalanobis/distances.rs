//! Distances of rows, in blocks on all cores, and what they say under a Gaussian.

use std::ops::Range;

use lapwing_lapack::{Scalar, kernel, require_finite, threads, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayViewMut2, Axis, Zip, s};

use super::{Mahalanobis, WhitenerShape};
use crate::distributions::{chi_square_quantile, chi_square_survival};
use crate::error::Error;
use crate::row_blocks::{map_centred, partition};

/// Columns of a whitened block at a time, as wide as the product needs to run at full speed: with a triangular whitener, little
/// is multiplied by zeros.
const PANEL: usize = 32;

/// Rows whose distances from others are found at a time: their whitened coordinates are the only copy that there is of them.
const BAND: usize = 8192;

/// The rows that lie further from the location than nearly all rows of a Gaussian would.
#[derive(Clone, Debug, PartialEq)]
pub struct Outliers<T: Scalar> {
    /// Of every row, n.
    pub squared_distances: Array1<T>,
    /// How often a row of a Gaussian lies at least so far out, n.
    pub p_values: Array1<T>,
    /// The squared distance that counts as too far.
    pub cutoff: T,
    /// The rows that exceed it, in ascending order, from 0.
    pub indices: Vec<usize>,
}

impl<T: Scalar> Mahalanobis<T> {
    /// The squared distance of each row of `x` (n x p) from the location, n; none is negative. Costs n p² at most.
    ///
    /// # Errors
    /// [`Error::FeatureMismatch`]; [`Error::Lapack`] with `NonFinite`, `Overflow` or `OutOfMemory`.
    pub fn squared_distances(&self, x: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        self.rounded("squared_distances", self.squared_in_double("x", x)?)
    }

    /// The distance of each row of `x` (n x p) from the location, n.
    ///
    /// # Errors
    /// As [`squared_distances`](Self::squared_distances).
    pub fn distances(&self, x: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        self.rounded("distances", self.squared_in_double("x", x)?.mapv_into(f64::sqrt))
    }

    /// The squared distance of one row (p) from the location.
    ///
    /// # Errors
    /// As [`squared_distances`](Self::squared_distances), with `row` as a column.
    pub fn squared_distance(&self, row: &ArrayRef1<T>) -> Result<T, Error> {
        require_finite("row", &row.view().insert_axis(Axis(1)))?;
        let squared = self.squared_in_double("row", &row.view().insert_axis(Axis(0)))?;
        Ok(self.rounded("squared_distance", squared)?[0])
    }

    /// The squared distance (n x m) of each row of `a` (n x p) from each row of `b` (m x p), wherever the location is. It is
    /// summed from differences, because products would cancel. Costs (n + m) p² + 3 n m p.
    ///
    /// # Errors
    /// As [`squared_distances`](Self::squared_distances).
    pub fn squared_distances_between(&self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.between("squared_distances_between", a, b, |squared| squared)
    }

    /// The distance (n x m) of each row of `a` (n x p) from each row of `b` (m x p).
    ///
    /// # Errors
    /// As [`squared_distances`](Self::squared_distances).
    pub fn distances_between(&self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        self.between("distances_between", a, b, f64::sqrt)
    }

    /// How far each row of `x` (n x p) lies from the range of the covariance, n, in the Euclidean metric: what distances by
    /// the pseudo-inverse leave out. All zero for a covariance of full rank.
    ///
    /// # Errors
    /// As [`squared_distances`](Self::squared_distances).
    pub fn off_support(&self, x: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        self.check_rows("x", x)?;
        let mut lengths: Array2<f64> = zeros(x.nrows(), 1)?;
        if self.null_space.ncols() > 0 {
            map_centred(x, &self.centre, &mut lengths, |block, mut lengths| {
                let mut outside = zeros(block.nrows(), self.null_space.ncols())?;
                kernel::gemm(1.0, block, &self.null_space, 0.0, &mut outside)?;
                for (row, length) in outside.outer_iter().zip(&mut lengths) {
                    *length = row.dot(&row).sqrt();
                }
                Ok(())
            })?;
        }
        self.rounded("off_support", lengths.index_axis_move(Axis(1), 0))
    }

    /// How often a row of a Gaussian with this location and covariance has at least these squared distances (n): the chi-square
    /// survival function with [`rank`](Self::rank) degrees of freedom.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a squared distance that is negative or NaN.
    pub fn p_values(&self, squared: &ArrayRef1<T>) -> Result<Array1<T>, Error> {
        if let Some(bad) = squared.iter().find(|squared| squared.is_nan() || **squared < T::zero()) {
            return Err(Error::InvalidParameter {
                parameter: "squared",
                value: bad.to_string(),
                requirement: "squared distances, none negative or NaN".to_owned(),
            });
        }
        let survival = |squared: &T| match self.rank() {
            // All mass is at the location.
            0 if *squared > T::zero() => 0.0,
            0 => 1.0,
            rank => chi_square_survival(squared.as_f64(), rank as f64),
        };
        Ok(squared.iter().map(|squared| T::from_f64(survival(squared))).collect())
    }

    /// The squared distance that this share of the rows of a Gaussian stays within: the chi-square quantile with
    /// [`rank`](Self::rank) degrees of freedom.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a quantile that is not between 0 and 1.
    pub fn cutoff(&self, quantile: f64) -> Result<T, Error> {
        if !(quantile > 0.0 && quantile < 1.0) {
            return Err(Error::InvalidParameter {
                parameter: "quantile",
                value: quantile.to_string(),
                requirement: "between 0 and 1, and neither; 0.975 is usual".to_owned(),
            });
        }
        let cutoff = if self.rank() == 0 { 0.0 } else { chi_square_quantile(quantile, self.rank() as f64) };
        Ok(T::from_f64(cutoff))
    }

    /// The rows of `x` (n x p) that lie further out than this share of the rows of a Gaussian; Rousseeuw and van Zomeren (1990)
    /// take 0.975.
    ///
    /// ```
    /// use lapwing_ml::Mahalanobis;
    /// use ndarray::array;
    /// let metric = Mahalanobis::new(&array![0.0, 0.0], &array![[1.0, 0.0], [0.0, 1.0]])?;
    /// let outliers = metric.outliers(&array![[1.0, 1.0], [-4.0, 0.0], [0.5, 2.0]], 0.975)?;
    /// assert_eq!(outliers.indices, [1]);
    /// assert!((outliers.cutoff + 2.0 * 0.025f64.ln()).abs() < 1e-12);
    /// # Ok::<(), lapwing_ml::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`squared_distances`](Self::squared_distances) and [`cutoff`](Self::cutoff).
    pub fn outliers(&self, x: &ArrayRef2<T>, quantile: f64) -> Result<Outliers<T>, Error> {
        let cutoff = self.cutoff(quantile)?;
        let squared_distances = self.squared_distances(x)?;
        let p_values = self.p_values(&squared_distances)?;
        let far = squared_distances.iter().enumerate().filter(|(_, squared)| **squared > cutoff);
        let indices = far.map(|(row, _)| row).collect();
        Ok(Outliers { squared_distances, p_values, cutoff, indices })
    }

    /// The squared distances before they are rounded to the scalar; where they overflow, they are infinite or NaN.
    pub(crate) fn squared_in_double(
        &self,
        argument: &'static str,
        x: &ArrayRef2<T>,
    ) -> Result<Array1<f64>, Error> {
        self.check_rows(argument, x)?;
        let mut squared: Array2<f64> = zeros(x.nrows(), 1)?;
        map_centred(x, &self.centre, &mut squared, |block, mut squared| {
            // Row k holds coordinate k of each row of the block, so that the sums run along the memory.
            let mut buffer = zeros(PANEL.min(self.rank()), block.nrows())?;
            self.whitened_panels(block, &mut buffer, |_, panel| {
                for coordinates in panel.outer_iter() {
                    Zip::from(squared.column_mut(0)).and(coordinates).for_each(|sum, z| *sum += z * z);
                }
            })
        })?;
        Ok(squared.index_axis_move(Axis(1), 0))
    }

    /// The whitened rows of `x`, transposed: r x n.
    fn whitened(&self, argument: &'static str, x: &ArrayRef2<T>) -> Result<Array2<f64>, Error> {
        self.check_rows(argument, x)?;
        let mut whitened: Array2<f64> = zeros(self.rank(), x.nrows())?;
        map_centred(x, &self.centre, &mut whitened.view_mut().reversed_axes(), |block, mut rows| {
            let mut buffer = zeros(PANEL.min(self.rank()), block.nrows())?;
            self.whitened_panels(block, &mut buffer, |first, panel| {
                rows.slice_mut(s![.., first..first + panel.nrows()]).assign(&panel.t());
            })
        })?;
        Ok(whitened)
    }

    /// Calls `work` with the first coordinate of each panel of whitened coordinates, and the panel: as many rows as `buffer` has
    /// or fewer, and a column for each row of the centred `block`.
    fn whitened_panels(
        &self,
        block: &ArrayRef2<f64>,
        buffer: &mut ArrayRef2<f64>,
        mut work: impl FnMut(usize, &ArrayRef2<f64>),
    ) -> Result<(), Error> {
        let (rank, p) = self.whitener.dim();
        for first in (0..rank).step_by(PANEL) {
            let last = (first + PANEL).min(rank);
            let features = if self.shape == WhitenerShape::LowerTriangular { last } else { p };
            let mut panel = buffer.slice_mut(s![..last - first, ..]);
            let (axes, block) =
                (self.whitener.slice(s![first..last, ..features]), block.slice(s![.., ..features]));
            kernel::gemm(1.0, &axes, &block.t(), 0.0, &mut panel)?;
            work(first, &panel);
        }
        Ok(())
    }

    fn between(
        &self,
        routine: &'static str,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        finish: impl Fn(f64) -> f64 + Sync,
    ) -> Result<Array2<T>, Error> {
        self.check_rows("a", a)?;
        let b = self.whitened("b", b)?;
        let mut distances: Array2<T> = zeros(a.nrows(), b.ncols())?;
        let bands = a.axis_chunks_iter(Axis(0), BAND);
        for (rows, mut band) in bands.zip(distances.axis_chunks_iter_mut(Axis(0), BAND)) {
            let whitened = self.whitened("a", &rows)?;
            let parts = partition(band.nrows(), b.len(), 1);
            let pieces = split_rows(&mut band, &parts);
            let results = threads::map(parts.into_iter().zip(pieces).collect(), |(rows, mut piece)| {
                let mut sums: Array2<f64> = zeros(1, b.ncols())?;
                for (row, mut distances) in rows.zip(piece.outer_iter_mut()) {
                    sums.fill(0.0);
                    for (z, others) in whitened.column(row).iter().zip(b.outer_iter()) {
                        Zip::from(sums.row_mut(0))
                            .and(others)
                            .for_each(|sum, other| *sum += (z - other) * (z - other));
                    }
                    Zip::from(&mut distances)
                        .and(sums.row(0))
                        .for_each(|d, &sum| *d = T::from_f64(finish(sum)));
                }
                Ok(())
            });
            results.into_iter().collect::<Result<(), Error>>()?;
        }
        require_in_range(routine, &distances)?;
        Ok(distances)
    }

    fn check_rows(&self, argument: &'static str, x: &ArrayRef2<T>) -> Result<(), Error> {
        let (found, expected) = (x.ncols(), self.n_features());
        if found != expected {
            return Err(Error::FeatureMismatch { argument, found, expected });
        }
        Ok(require_finite(argument, x)?)
    }

    fn rounded(&self, routine: &'static str, values: Array1<f64>) -> Result<Array1<T>, Error> {
        let rounded = values.mapv(T::from_f64);
        require_in_range(routine, &rounded.view().insert_axis(Axis(1)))?;
        Ok(rounded)
    }
}

/// The consecutive rows of `out` that belong to consecutive ranges.
fn split_rows<'a, T>(out: &'a mut ArrayViewMut2<T>, ranges: &[Range<usize>]) -> Vec<ArrayViewMut2<'a, T>> {
    let mut rest = out.view_mut();
    let mut pieces = Vec::with_capacity(ranges.len());
    for range in ranges {
        let (piece, after) = rest.split_at(Axis(0), range.len());
        pieces.push(piece);
        rest = after;
    }
    pieces
}

/// The data was found to be finite: what is not, once it is measured, has overflowed.
pub(super) fn require_in_range<T: Scalar>(routine: &'static str, result: &ArrayRef2<T>) -> Result<(), Error> {
    let overflow = |_| lapwing_lapack::Error::Overflow { routine, scalar: T::NAME }.into();
    require_finite(routine, result).map_err(overflow)
}
