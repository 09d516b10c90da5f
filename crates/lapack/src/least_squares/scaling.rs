//! Scaling by powers of two, which rounds nothing: columns to nearly equal length before a rank is decided, and
//! right-hand sides to where nothing over- or underflows.

use ndarray::{Array2, ArrayRef2};

use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::layout::{checked_area, column_major, from_columns};
use crate::qr::into_columns;
use crate::scalar::Scalar;

/// Whether the columns of a badly scaled matrix are brought to nearly equal length before its rank is decided.
///
/// Units are arbitrary: the powers of a polynomial fit, or euros beside percentages, make a matrix look
/// rank-deficient whose columns are perfectly independent. Dividing each column by its length (van der Sluis)
/// brings the condition number within a factor √n of the least that any choice of units gives. For full column
/// rank the solution is the same, only more accurate; in a deficient one the scaling would change *which*
/// solution has the least norm, and so it is not kept there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Equilibration {
    /// When the lengths of the columns (of the rows, for a wide matrix, where that changes no solution) differ
    /// more than tenfold, the rank is decided on the matrix with its columns scaled by powers of two to lengths
    /// near one. If that has full rank, its solution is the answer; otherwise the rank and the solution of least
    /// norm are those of the matrix as it is, as NumPy has them. A tolerance that the caller names is about the
    /// matrix as it is, so that nothing is scaled with it.
    #[default]
    Automatic,
    /// The matrix as it is: what NumPy and SciPy do.
    Never,
}

/// LAPACK's `geequ` counts a matrix as well scaled when its column lengths lie within this factor.
const WELL_SCALED: f64 = 0.1;

/// A matrix with at least as many rows as columns, the caller's or its transpose, packed column-major, and with
/// columns divided by powers of two.
pub(super) struct Packed<T: Scalar> {
    pub(super) columns: Vec<T>,
    pub(super) rows: usize,
    pub(super) cols: usize,
    /// Whether this is the transpose of the caller's matrix.
    pub(super) transposed: bool,
    /// Column `j` was divided by two to this power.
    pub(super) exponents: Vec<i32>,
    /// The power that all columns would have been divided by without equilibration.
    pub(super) uniform: i32,
}

impl<T: Scalar> Packed<T> {
    pub(super) fn new(a: &ArrayRef2<T>, equilibration: Equilibration) -> Result<Self, Error> {
        let transposed = a.nrows() < a.ncols();
        let packed = if transposed { column_major(&a.t())? } else { column_major(a)? };
        let (rows, cols) = packed.dim();
        let mut columns = into_columns(packed);
        let (exponents, uniform) = exponents::<T>(columns.chunks_exact(rows.max(1)), equilibration);
        scale_columns(&mut columns, rows, exponents.iter().map(|e| -e));
        Ok(Self { columns, rows, cols, transposed, exponents, uniform })
    }

    /// Whether the columns have exponents of their own.
    pub(super) fn equilibrated(&self) -> bool {
        self.exponents.iter().any(|&exponent| exponent != self.uniform)
    }

    /// Multiplies the columns of what this matrix was reduced to, `order` entries each, back to the caller's
    /// proportions.
    pub(super) fn restore_proportions(&self, core: &mut [T], order: usize) {
        scale_columns(core, order, self.exponents.iter().map(|e| e - self.uniform));
    }

    /// `b`, packed column-major in `rows` rows (zeros below its own), scaled to go with columns divided by
    /// `exponents`; and the power of two that each right-hand side was divided by.
    pub(super) fn right_hand_sides(
        &self,
        b: &ArrayRef2<T>,
        rows: usize,
        exponents: &[i32],
    ) -> Result<(Array2<T>, Vec<i32>), Error> {
        // Dividing the rows of a wide system divides its right-hand sides too.
        scale_right_hand_sides(b, rows, self.transposed.then_some(exponents))
    }

    /// Undoes the scaling of the unknowns of a system whose columns were divided by `exponents` and whose
    /// right-hand sides by `powers`.
    pub(super) fn restore_solution(&self, x: &mut ArrayRef2<T>, exponents: &[i32], powers: &[i32]) {
        for (mut column, &power) in x.columns_mut().into_iter().zip(powers) {
            for (row, entry) in column.iter_mut().enumerate() {
                let exponent = if self.transposed { power } else { power - exponents[row] };
                if exponent != 0 {
                    *entry = ldexp(*entry, exponent);
                }
            }
        }
    }
}

/// `b`, packed column-major in `rows` rows (zeros below its own); its rows divided by two to the power that belongs to
/// each, and its columns to where nothing comes near over- or underflow. The powers of the columns.
pub(super) fn scale_right_hand_sides<T: Scalar>(
    b: &ArrayRef2<T>,
    rows: usize,
    of_rows: Option<&[i32]>,
) -> Result<(Array2<T>, Vec<i32>), Error> {
    let mut packed = zero_columns(rows, b.ncols())?;
    let mut powers = Vec::with_capacity(b.ncols());
    for (source, mut target) in b.columns().into_iter().zip(packed.columns_mut()) {
        let power = match of_rows {
            Some(of_rows) => {
                let entries = source.iter().zip(of_rows).filter(|(x, _)| **x != T::zero());
                entries.map(|(x, of_row)| log2(x.abs()) - of_row).max().unwrap_or(0)
            }
            None => {
                let largest = source.iter().fold(T::zero(), |largest, x| largest.max(x.abs()));
                if largest == T::zero() { 0 } else { needed::<T>(log2(largest)) }
            }
        };
        for (row, (target, &source)) in target.iter_mut().zip(source).enumerate() {
            let exponent = power + of_rows.map_or(0, |of_rows| of_rows[row]);
            *target = if exponent == 0 { source } else { ldexp(source, -exponent) };
        }
        powers.push(power);
    }
    Ok((packed, powers))
}

/// The power of two near the length of each column; and the one for all together, which is zero while nothing
/// comes near over- or underflow. They are the same for all unless the matrix is to be equilibrated and is badly
/// scaled.
pub(super) fn exponents<'a, T: Scalar>(
    columns: impl Iterator<Item = &'a [T]>,
    equilibration: Equilibration,
) -> (Vec<i32>, i32) {
    let lengths: Vec<Option<f64>> = columns.map(log2_norm).collect();
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for &length in lengths.iter().flatten() {
        (least, most) = (least.min(length), most.max(length));
    }
    if most == f64::NEG_INFINITY {
        return (vec![0; lengths.len()], 0);
    }
    let largest = most.round() as i32;
    let uniform = needed::<T>(largest);
    if equilibration == Equilibration::Never || least - most >= WELL_SCALED.log2() {
        return (vec![uniform; lengths.len()], uniform);
    }
    // A column more than the square root of the range below the longest stays short: powers beyond would
    // overflow on the way back.
    let floor = (largest - exponent_range::<T>() / 2).max(2 - exponent_range::<T>());
    let exponent = |length: &Option<f64>| length.map_or(uniform, |length| (length.round() as i32).max(floor));
    (lengths.iter().map(exponent).collect(), uniform)
}

/// A column-major matrix of zeros.
pub(super) fn zero_columns<T: Scalar>(rows: usize, cols: usize) -> Result<Array2<T>, Error> {
    Ok(from_columns(zeroed(checked_area::<T>(rows, cols)?)?, rows, cols))
}

/// Multiplies each column, `rows` entries long, by two to its power.
pub(super) fn scale_columns<T: Scalar>(columns: &mut [T], rows: usize, exponents: impl Iterator<Item = i32>) {
    for (column, exponent) in columns.chunks_exact_mut(rows.max(1)).zip(exponents) {
        if exponent != 0 {
            // Within range: |exponent| is at most that of the largest number plus the logarithm of a length.
            let power = power_of_two::<T>(exponent);
            column.iter_mut().for_each(|entry| *entry *= power);
        }
    }
}

/// `x` times two to the power `exponent`, which may itself be out of range.
pub(super) fn ldexp<T: Scalar>(x: T, exponent: i32) -> T {
    let third = exponent / 3;
    let step = f64::from(third).exp2();
    T::from_f64(x.as_f64() * step * step * f64::from(exponent - 2 * third).exp2())
}

fn power_of_two<T: Scalar>(exponent: i32) -> T {
    T::from_f64(f64::from(exponent).exp2())
}

/// The exponent of a number that is not zero.
fn log2<T: Scalar>(x: T) -> i32 {
    x.as_f64().log2().floor() as i32
}

/// An exponent that matters: zero while squares of such numbers, and sums of many, stay in range.
fn needed<T: Scalar>(exponent: i32) -> i32 {
    if exponent.abs() <= exponent_range::<T>() / 4 { 0 } else { exponent.max(2 - exponent_range::<T>()) }
}

/// The exponent of the largest number.
fn exponent_range<T: Scalar>() -> i32 {
    log2(T::max_value())
}

/// The logarithm of a column's length, which itself may be out of range; `None` for a column of zeros.
fn log2_norm<T: Scalar>(column: &[T]) -> Option<f64> {
    let squares = sum_of_squares(column, 1.0);
    if squares > 1e-290 && squares < f64::INFINITY {
        return Some(0.5 * squares.log2());
    }
    let largest = column.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs()));
    if largest == 0.0 {
        return None;
    }
    let exponent = (largest.log2().floor() as i32).clamp(-1022, 1022);
    let scaled = sum_of_squares(column, f64::from(-exponent).exp2());
    Some(0.5 * scaled.log2() + f64::from(exponent))
}

/// The power of two near the length of a vector; zero for a vector of zeros.
pub(super) fn length_exponent<T: Scalar>(entries: &[T]) -> i32 {
    log2_norm(entries).map_or(0, |length| (length.round() as i32).max(2 - exponent_range::<T>()))
}

/// Independent sums, so that the loop runs at the speed of memory.
fn sum_of_squares<T: Scalar>(entries: &[T], scale: f64) -> f64 {
    const LANES: usize = 8;
    let (groups, rest) = entries.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    let square = |x: T| (x.as_f64() * scale) * (x.as_f64() * scale);
    for group in groups {
        for (sum, &x) in sums.iter_mut().zip(group) {
            *sum += square(x);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&x| square(x)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_beyond_the_range_are_applied_in_steps() {
        assert_eq!(ldexp(5e-324f64, 2000), 5e-324 * 2f64.powi(1000) * 2f64.powi(1000));
        assert_eq!(ldexp(f64::MAX, -2000), f64::MAX * 2f64.powi(-1000) * 2f64.powi(-1000));
        assert_eq!(ldexp(3.0f32, -140), 3.0 * 2f32.powi(-70) * 2f32.powi(-70));
        assert_eq!(ldexp(1.0f64, 1024), f64::INFINITY);
    }

    #[test]
    fn exponents_are_right_where_squares_are_out_of_range() {
        for (scale, exponent) in [(1e300, 999), (1.0f64, 2), (1e-300, -994)] {
            assert_eq!(length_exponent(&[3.0 * scale, 4.0 * scale]), exponent);
        }
        assert_eq!(length_exponent(&[0.0, f32::MIN_POSITIVE / 2.0]), -125, "powers beyond would overflow");
        assert_eq!(length_exponent::<f64>(&[]), 0);
        assert_eq!(length_exponent(&[0.0f64]), 0);
    }

    /// Scaling there and back changes no bit, for columns from the smallest number to the largest.
    #[test]
    fn scaling_is_exact() {
        let a = ndarray::array![[1.7e308f64, 3e-5, 0.0], [1.0e308, -7e-5, 0.0], [1.1e300, 1e-4, 0.0]];
        let packed = Packed::new(&a, Equilibration::Automatic).unwrap();
        assert!(packed.equilibrated());
        let mut columns = packed.columns.clone();
        assert!(columns[..3].iter().all(|x| x.abs() <= 1.5));
        for (column, &exponent) in columns.chunks_exact_mut(3).zip(&packed.exponents) {
            column.iter_mut().for_each(|x| *x = ldexp(*x, exponent));
        }
        assert_eq!(columns, a.t().iter().copied().collect::<Vec<f64>>());
        let plain = Packed::new(&a, Equilibration::Never).unwrap();
        assert!(!plain.equilibrated() && plain.uniform > 1000);
        let mild =
            Packed::new(&a.mapv(|x| if x == 0.0 { 0.0 } else { 1.0 }), Equilibration::Automatic).unwrap();
        assert!(!mild.equilibrated() && mild.uniform == 0);
    }
}
