//! Circular convolution through the fast Fourier transform of `rustfft`.
//!
//! Both operands are scaled by powers of two to a largest entry near 1 first, so that no transform over- or
//! underflows where the result does not. The error of a convolution is then at most about `ε log₂(length) ‖k‖₁ ‖x‖₂`
//! in the 2-norm (N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., theorem 24.2): relative to the
//! norms, not to each entry.

use std::fmt;
use std::sync::Arc;

use ndarray::{ArrayView1, ArrayViewMut1};
use num_complex::Complex;
use rustfft::{FftDirection, FftPlanner};

use crate::error::Error;
use crate::scalar::Scalar;

/// The transforms of one scalar.
pub trait Fourier: Sized {
    #[doc(hidden)]
    fn transform(length: usize, direction: Direction) -> Transform<Self>;
}

#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Direction {
    Forward,
    Inverse,
}

type InPlace<T> = dyn Fn(&mut [Complex<T>], &mut [Complex<T>]) + Send + Sync;

/// A transform of one length and direction, neither of which is scaled.
#[doc(hidden)]
#[derive(Clone)]
pub struct Transform<T> {
    scratch: usize,
    run: Arc<InPlace<T>>,
}

impl<T> fmt::Debug for Transform<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Transform").finish_non_exhaustive()
    }
}

macro_rules! implement_fourier {
    ($($scalar:ty)*) => {$(
        impl Fourier for $scalar {
            fn transform(length: usize, direction: Direction) -> Transform<Self> {
                let direction = match direction {
                    Direction::Forward => FftDirection::Forward,
                    Direction::Inverse => FftDirection::Inverse,
                };
                let fft = FftPlanner::<$scalar>::new().plan_fft(length, direction);
                Transform {
                    scratch: fft.get_inplace_scratch_len(),
                    run: Arc::new(move |buffer, scratch| fft.process_with_scratch(buffer, scratch)),
                }
            }
        }
    )*};
}

implement_fourier!(f32 f64);

/// Which of the two products with the same kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    /// With the circulant matrix whose first column is the kernel.
    Plain,
    /// With its transpose: correlation instead of convolution.
    Transposed,
}

/// The spectrum of a real kernel, ready to convolve with.
#[derive(Clone, Debug)]
pub(super) struct Spectrum<T> {
    /// Of the kernel times 2^-exponent.
    pub(super) values: Vec<Complex<T>>,
    pub(super) exponent: i32,
    forward: Transform<T>,
    inverse: Transform<T>,
}

impl<T: Scalar> Spectrum<T> {
    /// The spectrum of a kernel with these `(place, entry)`, and zeros elsewhere; `length` is not 0.
    pub(super) fn new(
        length: usize,
        entries: impl Iterator<Item = (usize, T)> + Clone,
    ) -> Result<Self, Error> {
        let exponent = exponent(entries.clone().map(|(_, entry)| entry));
        let mut values = complex_zeros(length)?;
        for (place, entry) in entries {
            values[place].re = scaled(entry, -exponent);
        }
        let forward = T::transform(length, Direction::Forward);
        let mut scratch = complex_zeros(forward.scratch)?;
        (forward.run)(&mut values, &mut scratch);
        Ok(Self { values, exponent, forward, inverse: T::transform(length, Direction::Inverse) })
    }

    pub(super) fn buffers(&self) -> Result<Buffers<T>, Error> {
        Ok(Buffers {
            values: complex_zeros(self.values.len())?,
            scratch: complex_zeros(self.forward.scratch.max(self.inverse.scratch))?,
        })
    }

    /// The first entries of the circular convolution of the kernel with `x`, padded with zeros; as many as `y` holds.
    pub(super) fn convolve(
        &self,
        flow: Flow,
        x: ArrayView1<T>,
        y: ArrayViewMut1<T>,
        buffers: &mut Buffers<T>,
    ) {
        self.through(x, y, self.exponent, buffers, |x, lambda| match flow {
            Flow::Plain => x * lambda,
            Flow::Transposed => x * lambda.conj(),
        });
    }

    /// The solution of the circular system; no value of the spectrum is 0.
    pub(super) fn deconvolve(&self, b: ArrayView1<T>, x: ArrayViewMut1<T>, buffers: &mut Buffers<T>) {
        self.through(b, x, -self.exponent, buffers, |b, lambda| b / lambda);
    }

    fn through(
        &self,
        x: ArrayView1<T>,
        mut y: ArrayViewMut1<T>,
        exponent_of_kernel: i32,
        buffers: &mut Buffers<T>,
        combine: impl Fn(Complex<T>, Complex<T>) -> Complex<T>,
    ) {
        let exponent = exponent(x.iter().copied());
        let values = &mut buffers.values;
        values.fill(Complex::new(T::zero(), T::zero()));
        for (value, &entry) in values.iter_mut().zip(&x) {
            value.re = scaled(entry, -exponent);
        }
        (self.forward.run)(values, &mut buffers.scratch);
        for (value, &lambda) in values.iter_mut().zip(&self.values) {
            *value = combine(*value, lambda);
        }
        (self.inverse.run)(values, &mut buffers.scratch);
        let length = T::from_f64(values.len() as f64);
        for (entry, value) in y.iter_mut().zip(values) {
            *entry = scaled(value.re / length, exponent + exponent_of_kernel);
        }
    }
}

/// Memory for one product after another.
pub(super) struct Buffers<T> {
    values: Vec<Complex<T>>,
    scratch: Vec<Complex<T>>,
}

/// A length of at least `minimum` with no prime factor but 2, 3 and 5, where transforms are fastest: at most an eighth
/// longer, where a power of two may be twice as long.
pub(super) fn fast_length(minimum: usize) -> Option<usize> {
    let odd_parts = [1, 3, 5, 9, 15, 25, 27, 45];
    odd_parts
        .iter()
        .filter_map(|&odd| minimum.div_ceil(odd).checked_next_power_of_two()?.checked_mul(odd))
        .min()
}

/// The exponent of the largest entry in magnitude; 0 where there is none but zeros.
pub(super) fn exponent<T: Scalar>(entries: impl Iterator<Item = T>) -> i32 {
    let largest = entries.fold(T::zero(), |largest, x| largest.max(x.abs())).as_f64();
    if largest > 0.0 { largest.log2().floor() as i32 } else { 0 }
}

/// `x 2^exponent`, in two steps of the same sign, since the power alone may be out of range.
pub(super) fn scaled<T: Scalar>(x: T, exponent: i32) -> T {
    let half = exponent / 2;
    x * power_of_two(half) * power_of_two(exponent - half)
}

fn power_of_two<T: Scalar>(exponent: i32) -> T {
    // An exponent beyond the scalar's makes 0 or infinity of whatever it multiplies, which is then right.
    T::from_f64(f64::from(exponent).exp2())
}

fn complex_zeros<T: Scalar>(length: usize) -> Result<Vec<Complex<T>>, Error> {
    let mut zeros = Vec::new();
    let refused = |_| Error::OutOfMemory { bytes: length as u128 * size_of::<Complex<T>>() as u128 };
    zeros.try_reserve_exact(length).map_err(refused)?;
    zeros.resize(length, Complex::new(T::zero(), T::zero()));
    Ok(zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fast_lengths_are_smooth_and_close() {
        for minimum in 1..5000 {
            let length = fast_length(minimum).unwrap();
            assert!(length >= minimum && length <= minimum + minimum / 7 + 1, "{minimum}: {length}");
            let rest = [2, 3, 5].iter().fold(length, |mut rest, p| {
                while rest.is_multiple_of(*p) {
                    rest /= p;
                }
                rest
            });
            assert_eq!(rest, 1);
        }
        assert_eq!(fast_length(usize::MAX), None);
    }

    #[test]
    fn scaling_is_exact_to_the_ends_of_the_range() {
        for x in [1.0, 1.5, 1e300, f64::MAX, 1e-300, 5e-324, f64::MIN_POSITIVE] {
            let exponent = exponent([x].into_iter());
            let near_one = scaled(x, -exponent);
            assert!((0.5..=2.0).contains(&near_one), "{x}: {near_one}");
            assert_eq!(scaled(near_one, exponent), x);
        }
        assert_eq!(scaled(f32::MAX, -127).to_bits(), (f32::MAX / 2f32.powi(127)).to_bits());
        assert_eq!(exponent([0.0f32].into_iter()), 0);
    }
}
