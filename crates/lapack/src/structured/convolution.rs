//! Convolution with a vector, and the matrix that does it.
//!
//! The modes are those of `numpy.convolve` and `scipy.linalg.convolution_matrix`: `convolution_matrix(a, x.len(), mode) x`
//! is `convolve(a, x, mode)`.

use std::ops::Range;

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef1, s};

use super::fourier::{Flow, Spectrum, fast_length};
use super::toeplitz::DIRECT;
use super::{finite_result, invalid, require_finite_vector};
use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::require_finite;
use crate::layout::zeros;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;

/// Which part of the convolution of m and n numbers is kept, out of the m + n - 1 places where they overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ConvolutionMode {
    /// All of them.
    #[default]
    Full,
    /// The middle max(m, n).
    Same,
    /// Those where the shorter lies within the longer: max(m, n) - min(m, n) + 1.
    Valid,
}

impl ConvolutionMode {
    /// The places that are kept.
    fn places(self, m: usize, n: usize) -> Range<usize> {
        let (shorter, longer) = (m.min(n), m.max(n));
        match self {
            ConvolutionMode::Full => 0..longer + (shorter - 1),
            ConvolutionMode::Same => (shorter - 1) / 2..(shorter - 1) / 2 + longer,
            ConvolutionMode::Valid => shorter - 1..longer,
        }
    }
}

/// The matrix that convolves a vector of `n` entries with `a`: entry (i, j) of the full one is `a[i - j]`.
///
/// ```
/// use lapwing_lapack::structured::{ConvolutionMode, convolution_matrix};
/// use ndarray::array;
/// let c = convolution_matrix(&array![1.0, 2.0], 3, ConvolutionMode::Full)?;
/// assert_eq!(c, array![[1.0, 0.0, 0.0], [2.0, 1.0, 0.0], [0.0, 2.0, 1.0], [0.0, 0.0, 2.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] when `a` is empty or `n` is 0, [`Error::OutOfMemory`].
pub fn convolution_matrix<T: Scalar>(
    a: &ArrayRef1<T>,
    n: usize,
    mode: ConvolutionMode,
) -> Result<Array2<T>, Error> {
    let m = a.len();
    check_lengths(m, "n", n)?;
    let places = mode.places(m, n);
    let mut matrix = zeros(places.len(), n)?;
    for (i, mut row) in places.zip(matrix.outer_iter_mut()) {
        for j in (i + 1).saturating_sub(m)..n.min(i + 1) {
            row[j] = a[i - j];
        }
    }
    Ok(matrix)
}

/// The convolution of `a` with `x`, a vector or one per column: entry i of the full one is `Σ_j a[i - j] x[j]`.
///
/// O((m + n) log(m + n)) for each column, by sums up to a shorter length of 32; the error of the transform is at most about
/// `ε log₂(m + n) ‖a‖₁ ‖x‖₂`.
///
/// ```
/// use lapwing_lapack::structured::{ConvolutionMode, convolve};
/// use ndarray::array;
/// // The product of polynomials: (1 + x)(1 + 2x + x²).
/// let product = convolve(&array![1.0, 1.0], &array![1.0, 2.0, 1.0], ConvolutionMode::Full)?;
/// assert_eq!(product, array![1.0, 3.0, 3.0, 1.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] when `a` or `x` is empty, [`Error::NonFinite`], [`Error::OutOfMemory`],
/// [`Error::Overflow`].
pub fn convolve<T: Scalar, D: RightHandSide>(
    a: &ArrayRef1<T>,
    x: &ArrayRef<T, D>,
    mode: ConvolutionMode,
) -> Result<Array<T, D>, Error> {
    let x = D::as_columns(x);
    let (m, n) = (a.len(), x.nrows());
    check_lengths(m, "x", n)?;
    let places = mode.places(m, n);
    let mut product = zeros(places.len(), x.ncols())?;
    let direct = m.min(n) <= DIRECT;
    // Had before anything is read: two endless broadcasts may have a short valid part.
    let mut full = Array1::from(zeroed(if direct { 0 } else { m + n - 1 })?);
    require_finite_vector("a", a)?;
    require_finite("x", &x)?;
    if direct {
        for (i, mut row) in places.zip(product.outer_iter_mut()) {
            for j in (i + 1).saturating_sub(m)..n.min(i + 1) {
                row.scaled_add(a[i - j], &x.row(j));
            }
        }
    } else {
        let length = fast_length(m + n - 1).ok_or(Error::OutOfMemory { bytes: u128::from(u64::MAX) })?;
        let spectrum = Spectrum::new(length, a.iter().copied().enumerate())?;
        let mut buffers = spectrum.buffers()?;
        for (x, mut y) in x.columns().into_iter().zip(product.columns_mut()) {
            spectrum.convolve(Flow::Plain, x, full.view_mut(), &mut buffers);
            y.assign(&full.slice(s![places.clone()]));
        }
    }
    Ok(D::from_columns(finite_result("the convolution", product)?))
}

/// Both lengths at least 1, and a sum that can be counted.
fn check_lengths(m: usize, parameter: &'static str, n: usize) -> Result<(), Error> {
    for (parameter, length) in [("a", m), (parameter, n)] {
        if length == 0 {
            return invalid(parameter, "of length 0", "of length 1 at least");
        }
    }
    match m.checked_add(n) {
        Some(_) => Ok(()),
        None => Err(Error::OutOfMemory { bytes: m as u128 + n as u128 }),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::testing::Layout;

    const MODES: [ConvolutionMode; 3] =
        [ConvolutionMode::Full, ConvolutionMode::Same, ConvolutionMode::Valid];

    /// What `numpy.convolve([1, 2, 3], [0, 1, 0.5, 4], mode)` is documented to give, and its own definition by hand.
    #[test]
    fn the_modes_are_those_of_numpy() {
        let (a, x) = (array![1.0, 2.0, 3.0], array![0.0, 1.0, 0.5, 4.0]);
        let full = array![0.0, 1.0, 2.5, 8.0, 9.5, 12.0];
        assert_eq!(convolve(&a, &x, ConvolutionMode::Full).unwrap(), full);
        assert_eq!(convolve(&a, &x, ConvolutionMode::Same).unwrap(), array![1.0, 2.5, 8.0, 9.5]);
        assert_eq!(convolve(&a, &x, ConvolutionMode::Valid).unwrap(), array![2.5, 8.0]);
        let same = convolution_matrix(&array![-1.0, 4.0, -2.0], 5, ConvolutionMode::Same).unwrap();
        assert_eq!(same.row(0), array![4.0, -1.0, 0.0, 0.0, 0.0]);
        assert_eq!(same.row(4), array![0.0, 0.0, 0.0, -2.0, 4.0]);
    }

    /// Integers: sums are exact, and the transform is off by less than its bound.
    #[test]
    fn the_matrix_and_the_product_agree_in_every_mode_and_layout() {
        for (m, n) in [(1, 1), (1, 9), (9, 1), (2, 7), (31, 33), (33, 32), (33, 33), (100, 47), (47, 101)] {
            let a = Array1::from_shape_fn(m, |i| ((i * 5) % 11) as f64 - 5.0);
            let x = Array2::from_shape_fn((n, 3), |(i, j)| ((i * 7 + j) % 13) as f64 - 6.0);
            for mode in MODES {
                let matrix = convolution_matrix(&a, n, mode).unwrap();
                let expected = matrix.dot(&x);
                let norms = a.iter().map(|x| x.abs()).sum::<f64>() * 6.0 * (n as f64).sqrt();
                let bound = if m.min(n) <= DIRECT {
                    0.0
                } else {
                    4.0 * ((m + n) as f64).log2() * f64::UNIT_ROUNDOFF * norms
                };
                for layout in Layout::ALL {
                    let product = layout.with(&x, |x| convolve(&a, &x, mode).unwrap());
                    assert_eq!(product.dim(), expected.dim());
                    assert!((&product - &expected).iter().all(|x| x.abs() <= bound), "{m} {n} {mode:?}");
                }
                // The shorter may come first or last.
                let vector = convolve(&a, &x.column(0).to_owned(), mode).unwrap();
                let exchanged = convolve(&x.column(0).to_owned(), &a, mode).unwrap();
                assert!((&vector - &exchanged).iter().all(|x| x.abs() <= 2.0 * bound), "{m} {n} {mode:?}");
            }
        }
    }

    #[test]
    fn what_cannot_be_convolved_is_refused() {
        let (some, none) = (array![1.0, 2.0], Array1::<f64>::zeros(0));
        for (a, x, expected) in [(&none, &some, "a"), (&some, &none, "x")] {
            let error = convolve(a, x, ConvolutionMode::Full).unwrap_err();
            assert!(matches!(error, Error::InvalidParameter { parameter, .. } if parameter == expected));
        }
        assert!(convolution_matrix(&some, 0, ConvolutionMode::Same).is_err());
        let error = Error::NonFinite { argument: "a", row: 1, col: 0 };
        assert_eq!(convolve(&array![1.0, f64::NAN], &some, ConvolutionMode::Full), Err(error));
        let error = Error::NonFinite { argument: "x", row: 0, col: 0 };
        assert_eq!(convolve(&some, &array![f64::INFINITY], ConvolutionMode::Full), Err(error));
        let large = array![1e200, 1e200];
        assert!(matches!(convolve(&large, &large, ConvolutionMode::Full), Err(Error::Overflow { .. })));
        let one = array![1.0];
        let endless = one.broadcast(1 << 60).unwrap();
        for mode in MODES {
            assert!(matches!(convolve(&endless, &endless, mode), Err(Error::OutOfMemory { .. })));
            assert!(matches!(convolution_matrix(&endless, 1 << 60, mode), Err(Error::OutOfMemory { .. })));
        }
    }

    /// The scales of the operands may be anything as long as the product fits.
    #[test]
    fn extreme_scales_meet_in_the_middle() {
        let a = Array1::from_shape_fn(40, |i| (i % 5) as f64 * 1e-300);
        let x = Array1::from_shape_fn(50, |i| (i % 7) as f64 * 1e300);
        let plain = convolve(&a.mapv(|x| x * 1e300), &x.mapv(|x| x * 1e-300), ConvolutionMode::Full).unwrap();
        let extreme = convolve(&a, &x, ConvolutionMode::Full).unwrap();
        let largest = plain.fold(0.0, |largest: f64, x| largest.max(x.abs()));
        assert!((&plain - &extreme).iter().all(|x| x.abs() <= 100.0 * f64::EPSILON * largest));
    }
}
