//! Trace, determinant and leading principal minors.
//!
//! | function                    | through                                     | routine              | cost   |
//! |-----------------------------|---------------------------------------------|----------------------|--------|
//! | [`trace`]                   | the diagonal                                |                      | n      |
//! | [`determinant`]             | LU                                          | `sgetrf`, `dgetrf`   | 2n³/3  |
//! | [`log_determinant`]         | LU                                          | `sgetrf`, `dgetrf`   | 2n³/3  |
//! | [`leading_principal_minors`] | a QR factorization that grows row by row   | Givens rotations     | 2n³    |
//!
//! A determinant is rarely what a computation needs: it says nothing about how near a matrix is to a singular one
//! (see [`condition`](crate::condition)), and leaves the range of the scalar long before the matrix does. Its
//! logarithm, for likelihoods, does not. To have a determinant and to solve, factor once with [`Lu`]; of a positive
//! definite matrix, [`Cholesky::log_determinant`](crate::Cholesky::log_determinant) costs half.
//!
//! **How exact.** Each is the exact value for a matrix within a modest multiple of `n ε` of the one given, column
//! by column, so that a determinant is off by at most about `n² ε` times the product of the columns' lengths. For a
//! matrix of integers where that is below 1/2, the nearest integer is the exact determinant.

use ndarray::{Array1, ArrayRef2};

use crate::determinant::Determinant;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::layout::zeros;
use crate::lu::Lu;
use crate::products::square;
use crate::scalar::Scalar;

/// The sum of the diagonal of `a` (n x n), which is that of its eigenvalues; 0 for an empty matrix. Summed in double
/// precision. Entries off the diagonal are not read.
///
/// ```
/// use lapwing_lapack::invariants::trace;
/// use ndarray::array;
/// assert_eq!(trace(&array![[1.0, 2.0], [3.0, 4.0]])?, 5.0);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`]; [`Error::NonFinite`] on the diagonal; [`Error::Overflow`].
pub fn trace<T: Scalar>(a: &ArrayRef2<T>) -> Result<T, Error> {
    square("a", a)?;
    if let Some(i) = a.diag().iter().position(|x| !x.is_finite()) {
        return Err(Error::NonFinite { argument: "a", row: i, col: i });
    }
    // Where that overflows, divided first by n or more, so that large entries of opposite sign can cancel.
    let n = a.nrows().next_power_of_two() as f64;
    let sum: f64 = a.diag().iter().map(|x| x.as_f64()).sum();
    let sum = if sum.is_finite() { sum } else { a.diag().iter().map(|x| x.as_f64() / n).sum::<f64>() * n };
    let trace = T::from_f64(sum);
    if trace.is_finite() { Ok(trace) } else { Err(Error::Overflow { routine: "trace", scalar: T::NAME }) }
}

/// The determinant of `a` (n x n); 1 for an empty matrix, 0 where it is too small for the scalar.
///
/// ```
/// use lapwing_lapack::invariants::determinant;
/// use ndarray::array;
/// assert!((determinant(&array![[1.0, 2.0], [3.0, 4.0]])? + 2.0f64).abs() < 1e-15);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when
/// it is too large for the scalar.
#[doc(alias = "det")]
pub fn determinant<T: Scalar>(a: &ArrayRef2<T>) -> Result<T, Error> {
    square("a", a)?;
    Lu::new(a)?.determinant()
}

/// The natural logarithm of the magnitude of a determinant, and its sign. Made by [`log_determinant`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct LogDeterminant<T: Scalar> {
    /// 1, −1, or 0 for a singular matrix.
    pub sign: T,
    /// `ln |det a|`; −∞ for a singular matrix.
    pub log_magnitude: T,
}

/// The logarithm of the determinant of `a` (n x n), which is in range where the determinant is not.
///
/// ```
/// use lapwing_lapack::invariants::log_determinant;
/// use ndarray::Array2;
/// let found = log_determinant(&(Array2::<f64>::eye(501) * -1e9))?;
/// assert_eq!(found.sign, -1.0);
/// assert!((found.log_magnitude - 501.0 * 1e9f64.ln()).abs() < 1e-9);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when
/// the elimination leaves the range of the scalar.
#[doc(alias = "slogdet")]
pub fn log_determinant<T: Scalar>(a: &ArrayRef2<T>) -> Result<LogDeterminant<T>, Error> {
    square("a", a)?;
    let (sign, log_magnitude) = Lu::new(a)?.sign_log_determinant()?;
    Ok(LogDeterminant { sign, log_magnitude })
}

/// The determinants of the leading square blocks of `a` (n x n) of orders 1 to n: entry `k` belongs to order `k + 1`.
///
/// By Sylvester's criterion, a symmetric matrix is positive definite exactly when all are positive. As a test for
/// that, [`definiteness`](fn@crate::definiteness::definiteness) is cheaper and says what rounding leaves open.
///
/// The factor R of the first k rows is kept, all n columns of it, and the next row is rotated into it; the minor is
/// the product of the leading k entries of the diagonal. Unlike elimination without pivoting, that needs no minor to
/// differ from zero.
///
/// ```
/// use lapwing_lapack::invariants::leading_principal_minors;
/// use ndarray::array;
/// let minors = leading_principal_minors(&array![[0.0, 1.0], [1.0, 0.0]])?;
/// assert_eq!(minors, array![0.0, -1.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when a
/// minor is too large for the scalar.
pub fn leading_principal_minors<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
    let n = square("a", a)?;
    to_int("the order of the matrix", n)?;
    require_finite("a", a)?;
    // In double precision, each column scaled to near 1 by a power of two, which the minors carry again.
    let exponents: Vec<f64> = a
        .columns()
        .into_iter()
        .map(|column| column.iter().fold(0.0, |largest: f64, x| largest.max(x.as_f64().abs())))
        .map(|largest| if largest > 0.0 { largest.log2().floor().max(-1022.0) } else { 0.0 })
        .collect();
    let mut r = zeros::<f64>(n, n)?;
    let mut minors = Array1::from_elem(n, T::zero());
    for (k, (source, minor)) in a.outer_iter().zip(&mut minors).enumerate() {
        let (mut above, mut rest) = r.view_mut().split_at(ndarray::Axis(0), k);
        let mut row = rest.row_mut(0);
        for ((entry, x), exponent) in row.iter_mut().zip(source).zip(&exponents) {
            *entry = x.as_f64() * (-exponent).exp2();
        }
        let row = row.as_slice_mut().expect("rows are contiguous");
        for (i, mut pivot) in above.outer_iter_mut().enumerate() {
            let pivot = pivot.as_slice_mut().expect("rows are contiguous");
            if row[i] == 0.0 {
                continue;
            }
            let length = pivot[i].hypot(row[i]);
            let (cosine, sine) = (pivot[i] / length, row[i] / length);
            (pivot[i], row[i]) = (length, 0.0);
            for (upper, lower) in pivot[i + 1..].iter_mut().zip(&mut row[i + 1..]) {
                (*upper, *lower) = (cosine * *upper + sine * *lower, cosine * *lower - sine * *upper);
            }
        }
        let mut product = Determinant::ONE;
        for i in 0..=k {
            product.multiply(r[[i, i]]);
            product.shift(exponents[i] as i64);
        }
        *minor = product.value()?;
    }
    Ok(minors)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, s};

    use super::*;
    use crate::testing::{Kind, Layout, matrix};

    /// Bareiss's elimination, exact in integers: every quotient is a minor.
    fn exact_determinant(a: &ArrayRef2<f64>) -> i128 {
        let n = a.nrows();
        let mut m: Vec<Vec<i128>> =
            a.outer_iter().map(|row| row.iter().map(|&x| x as i128).collect()).collect();
        let (mut sign, mut previous) = (1, 1);
        for k in 0..n.saturating_sub(1) {
            let Some(pivot) = (k..n).find(|&i| m[i][k] != 0) else { return 0 };
            if pivot != k {
                m.swap(pivot, k);
                sign = -sign;
            }
            for i in k + 1..n {
                for j in k + 1..n {
                    m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) / previous;
                }
            }
            previous = m[k][k];
        }
        if n == 0 { 1 } else { sign * m[n - 1][n - 1] }
    }

    fn integers(n: usize, seed: usize) -> Array2<f64> {
        let mut state = seed as u64 * 2654435761 + 12345;
        Array2::from_shape_simple_fn((n, n), || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((state >> 33) % 19) as f64 - 9.0
        })
    }

    /// The bound that the head of this file documents.
    fn bound<T: Scalar>(a: &ArrayRef2<f64>) -> f64 {
        let lengths: f64 =
            a.columns().into_iter().map(|c| c.iter().map(|x| x * x).sum::<f64>().sqrt()).product();
        (a.nrows().max(1) as f64).powi(2) * T::UNIT_ROUNDOFF.as_f64() * lengths
    }

    fn agrees_with_exact<T: Scalar>() {
        for (n, seed) in
            [0, 1, 2, 3, 4, 6, 8, 10].into_iter().flat_map(|n| (0..20).map(move |seed| (n, seed)))
        {
            let mut a = integers(n, seed);
            if seed % 3 == 1 && n > 1 {
                // Singular, and with vanishing minors on the way.
                let first = a.row(0).to_owned();
                a.row_mut(n - 1).assign(&(&first * 2.0));
                a[[0, 0]] = 0.0;
                a[[n - 1, 0]] = 0.0;
            }
            let narrow = a.mapv(T::from_f64);
            for layout in &Layout::ALL[..if seed == 0 { 6 } else { 1 }] {
                let case = format!("{n} {seed} {layout:?} {}", T::NAME);
                let exact = exact_determinant(&a) as f64;
                let found = layout.with(&narrow, |a| determinant(&a)).unwrap().as_f64();
                assert!((found - exact).abs() <= bound::<T>(&a), "{case}: {found} for {exact}");
                let minors = layout.with(&narrow, |a| leading_principal_minors(&a)).unwrap();
                assert_eq!(minors.len(), n);
                for (k, found) in minors.iter().enumerate() {
                    let block = a.slice(s![..k + 1, ..k + 1]);
                    let exact = exact_determinant(&block) as f64;
                    // In double precision, then rounded once.
                    let bound = bound::<f64>(&block) + exact.abs() * T::UNIT_ROUNDOFF.as_f64();
                    assert!((found.as_f64() - exact).abs() <= bound, "{case} {k}: {found} for {exact}");
                }
                let log = layout.with(&narrow, |a| log_determinant(&a)).unwrap();
                if exact.abs() > 2.0 * bound::<T>(&a) {
                    assert_eq!(log.sign.as_f64(), exact.signum(), "{case}");
                    let error = (log.log_magnitude.as_f64() - exact.abs().ln()).abs();
                    let rounding = T::UNIT_ROUNDOFF.as_f64() * exact.abs().ln().max(1.0);
                    assert!(error <= 2.0 * bound::<T>(&a) / exact.abs() + rounding, "{case}: {error:e}");
                }
            }
        }
    }

    #[test]
    fn determinants_and_minors_of_integers_agree_with_exact_elimination() {
        agrees_with_exact::<f32>();
        agrees_with_exact::<f64>();
    }

    /// Rounded to the nearest integer, minors below the documented bound are exact.
    #[test]
    fn small_integer_minors_round_to_the_exact_ones() {
        // min(i, j): every leading minor is 1. Pascal's matrix likewise, with entries up to 48620.
        let pascal = {
            let mut p = Array2::<f64>::ones((10, 10));
            for (i, j) in (1..10).flat_map(|i| (1..10).map(move |j| (i, j))) {
                p[[i, j]] = p[[i - 1, j]] + p[[i, j - 1]];
            }
            p
        };
        let minimum = Array2::from_shape_fn((12, 12), |(i, j)| (i.min(j) + 1) as f64);
        for a in [pascal.slice(s![..6, ..6]).to_owned(), minimum.slice(s![..9, ..9]).to_owned()] {
            assert!(bound::<f64>(&a) < 0.5);
            let minors = leading_principal_minors(&a).unwrap();
            assert!(minors.iter().all(|minor| minor.round() == 1.0), "{minors}");
        }
    }

    /// Only a value that is itself out of range may overflow.
    #[test]
    fn the_ends_of_the_range() {
        for power in [-1040, -900, 900, 1020] {
            let a = Array2::<f64>::eye(2) * f64::from(power).exp2();
            let log = log_determinant(&a).unwrap();
            let exact = 2.0 * f64::from(power) * std::f64::consts::LN_2;
            assert!(log.sign == 1.0 && (log.log_magnitude - exact).abs() < 1e-12);
            if power > 0 {
                assert!(matches!(determinant(&a), Err(Error::Overflow { .. })));
                assert!(matches!(leading_principal_minors(&a), Err(Error::Overflow { .. })));
            } else {
                assert_eq!(determinant(&a), Ok(0.0));
                assert_eq!(leading_principal_minors(&a), Ok(array![f64::from(power).exp2(), 0.0]));
            }
        }
        let mixed = |power: f64| array![[power.exp2(), 0.0], [0.0, (-power).exp2()]];
        assert_eq!(leading_principal_minors(&mixed(1000.0)).unwrap()[1], 1.0);
        assert_eq!(determinant(&mixed(900.0)), Ok(1.0));
        assert_eq!(
            trace(&array![[f64::MAX, 0.0, 0.0], [0.0, f64::MAX, 0.0], [0.0, 0.0, -f64::MAX]]),
            Ok(f64::MAX)
        );
        assert!(matches!(trace(&(Array2::<f32>::eye(2) * f32::MAX)), Err(Error::Overflow { .. })));
    }

    /// A matrix whose blocks are orthogonal to rounding at every size up to 300: |minor| of the whole is 1.
    #[test]
    fn large_orthogonal_matrices_have_a_unit_determinant() {
        let q = crate::Qr::new(&matrix::<f64>(Kind::Random, 120, 120)).unwrap().q().unwrap();
        let last = leading_principal_minors(&q).unwrap()[119];
        let direct = determinant(&q).unwrap();
        assert!((last.abs() - 1.0).abs() < 120.0 * 120.0 * f64::EPSILON);
        assert!((last - direct).abs() < 120.0 * 120.0 * f64::EPSILON);
    }

    #[test]
    fn the_ends_of_the_sizes_and_bad_entries() {
        let empty = Array2::<f64>::zeros((0, 0));
        assert_eq!((trace(&empty), determinant(&empty)), (Ok(0.0), Ok(1.0)));
        assert_eq!(leading_principal_minors(&empty).unwrap().len(), 0);
        let zero = log_determinant(&Array2::<f64>::zeros((2, 2))).unwrap();
        assert_eq!((zero.sign, zero.log_magnitude), (0.0, f64::NEG_INFINITY));
        let wide = Array2::<f64>::zeros((2, 3));
        assert!(matches!(trace(&wide), Err(Error::NotSquare { .. })));
        assert!(matches!(determinant(&wide), Err(Error::NotSquare { .. })));
        assert!(matches!(log_determinant(&wide), Err(Error::NotSquare { .. })));
        assert!(matches!(leading_principal_minors(&wide), Err(Error::NotSquare { .. })));
        for (row, col) in (0..2).flat_map(|i| (0..2).map(move |j| (i, j))) {
            let mut a = Array2::<f64>::eye(2);
            a[[row, col]] = f64::NAN;
            let expected = Error::NonFinite { argument: "a", row, col };
            assert_eq!(determinant(&a), Err(expected.clone()));
            assert_eq!(log_determinant(&a), Err(expected.clone()));
            assert_eq!(leading_principal_minors(&a), Err(expected.clone()));
            assert_eq!(trace(&a), if row == col { Err(expected) } else { Ok(2.0) });
        }
    }
}
