//! An orthonormal basis that grows vector by vector, and the passes over it that a Krylov method spends its time in.
//!
//! Vectors are the rows of a row-major matrix, so that each is contiguous and their transpose is the column-major block
//! that LAPACK and operators take. A pass treats four vectors at a time, in stretches short enough that the vector which
//! is being orthogonalized stays in the first cache.

use std::ops::Range;

use lapwing_lapack::{Error, Scalar, kernel, threads, zeros};
use ndarray::{Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, s};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

/// Entries of a vector in a stretch: 8 KiB in double precision.
const STRETCH: usize = 1024;
/// Entries of a pass below which a thread costs more than it saves.
const GRAIN: usize = 1 << 19;
const LANES: usize = 4;
/// What of a vector's length must be left for one pass to be enough. Above `1 / √2` less is removed than is left, so that the
/// new vector inherits the defects of the basis no larger than they are; ARPACK's value.
const REMAINDER: f64 = 0.717;

/// Room for a number of vectors of `n` entries, the first so many of which the caller knows to be orthonormal.
pub(crate) struct Basis<T> {
    vectors: Array2<T>,
    coefficients: Vec<T>,
}

impl<T: Scalar> Basis<T> {
    /// Room for `capacity` vectors of `length` entries.
    pub(crate) fn new(capacity: usize, length: usize) -> Result<Self, Error> {
        Ok(Self { vectors: zeros(capacity, length)?, coefficients: vec![T::zero(); capacity] })
    }

    /// The vectors of this range as columns, column-major.
    pub(crate) fn columns(&self, range: Range<usize>) -> ArrayView2<'_, T> {
        self.vectors.slice(s![range, ..]).reversed_axes()
    }

    /// The first `count` vectors as columns, and the `more` that follow, side by side.
    pub(crate) fn split_columns(&mut self, count: usize, more: usize) -> [ArrayViewMut2<'_, T>; 2] {
        let vectors = self.vectors.multi_slice_mut((s![..count, ..], s![count..count + more, ..]));
        [vectors.0.reversed_axes(), vectors.1.reversed_axes()]
    }

    /// The vectors of this range as columns, column-major, in the memory of all.
    pub(crate) fn into_columns(self, range: Range<usize>) -> Result<Array2<T>, Error> {
        let (length, count) = (self.vectors.ncols(), range.len());
        let (mut entries, _) = self.vectors.into_raw_vec_and_offset();
        entries.copy_within(range.start * length..range.end * length, 0);
        entries.truncate(count * length);
        entries.shrink_to_fit();
        let bytes = (count * length * size_of::<T>()) as u128;
        let rows = Array2::from_shape_vec((count, length), entries);
        Ok(rows.map_err(|_| Error::OutOfMemory { bytes })?.reversed_axes())
    }

    /// One vector.
    pub(crate) fn vector(&self, index: usize) -> &[T] {
        contiguous(&self.vectors, index)
    }

    /// Replaces one vector by `w` divided by `norm`.
    pub(crate) fn set(&mut self, index: usize, w: &[T], norm: T) {
        for (entry, &w) in self.vectors.row_mut(index).iter_mut().zip(w) {
            *entry = w / norm;
        }
    }

    /// Copies vector `from` to `to`.
    pub(crate) fn copy(&mut self, from: usize, to: usize) {
        if from != to {
            let (mut target, source) = self.vectors.multi_slice_mut((s![to, ..], s![from, ..]));
            target.assign(&source);
        }
    }

    /// Exchanges two vectors.
    pub(crate) fn swap(&mut self, a: usize, b: usize) {
        if a != b {
            let (mut a, mut b) = self.vectors.multi_slice_mut((s![a, ..], s![b, ..]));
            a.iter_mut().zip(&mut b).for_each(|(a, b)| std::mem::swap(a, b));
        }
    }

    /// `vᵀ w` for one vector.
    pub(crate) fn product(&self, index: usize, w: &[T]) -> T {
        dots([self.vector(index)], w)[0]
    }

    /// `sums[i] = vᵢᵀ w` for the first `sums.len()` vectors.
    pub(crate) fn products(&self, w: &[T], sums: &mut [T]) {
        let count = sums.len();
        let parts = threads::partition(w.len(), GRAIN / count.max(1));
        let partial = threads::map(parts, |part| {
            let mut sums = vec![T::zero(); count];
            for rows in stretches(part) {
                let w = &w[rows.clone()];
                let mut first = 0;
                while first + 4 <= count {
                    let four = [0, 1, 2, 3].map(|i| &self.vector(first + i)[rows.clone()]);
                    for (sum, term) in sums[first..].iter_mut().zip(dots(four, w)) {
                        *sum += term;
                    }
                    first += 4;
                }
                for (i, sum) in sums.iter_mut().enumerate().skip(first) {
                    *sum += dots([&self.vector(i)[rows.clone()]], w)[0];
                }
            }
            sums
        });
        sums.fill(T::zero());
        for part in partial {
            sums.iter_mut().zip(part).for_each(|(sum, term)| *sum += term);
        }
    }

    /// `w -= Σ cᵢ vᵢ` over the vectors from `first` on.
    pub(crate) fn subtract(&self, first: usize, coefficients: &[T], w: &mut [T]) {
        let parts = threads::partition(w.len(), GRAIN / coefficients.len().max(1));
        let targets = parts.iter().cloned().zip(threads::split(w, &parts, 1)).collect();
        threads::map(targets, |(part, target)| {
            let start = part.start;
            for rows in stretches(part) {
                let w = &mut target[rows.start - start..rows.end - start];
                let mut done = 0;
                for four in coefficients.chunks_exact(4) {
                    let vectors = [0, 1, 2, 3].map(|i| &self.vector(first + done + i)[rows.clone()]);
                    minus(vectors, [four[0], four[1], four[2], four[3]], w);
                    done += 4;
                }
                for (i, &c) in coefficients.iter().enumerate().skip(done) {
                    minus([&self.vector(first + i)[rows.clone()]], [c], w);
                }
            }
        });
    }

    /// Makes `w` orthogonal to the first `count` vectors, adds what was removed to `removed` if there is one, and returns
    /// the norm that is left; zero when `w` depends on them, that is when no more than `negligible` is left.
    ///
    /// Twice is enough (Kahan and Parlett), and the second pass is made only where the first removed so much that its
    /// rounding errors count, or that those of the basis grew in the new vector.
    pub(crate) fn orthogonalize(
        &mut self,
        count: usize,
        w: &mut [T],
        mut removed: Option<&mut [T]>,
        negligible: T,
    ) -> T {
        let mut coefficients = std::mem::take(&mut self.coefficients);
        let enough = T::from_f64(REMAINDER);
        let mut norm = two_norm(w);
        let mut remainder = T::zero();
        // A vector within the span shrinks to rounding errors, and these again and again.
        for _ in 0..4 {
            if count == 0 || !norm.is_finite() {
                remainder = norm;
                break;
            }
            self.products(w, &mut coefficients[..count]);
            self.subtract(0, &coefficients[..count], w);
            if let Some(removed) = removed.as_deref_mut() {
                removed.iter_mut().zip(&coefficients).for_each(|(sum, &c)| *sum += c);
            }
            let left = two_norm(w);
            if left > enough * norm || left <= negligible {
                remainder = left;
                break;
            }
            norm = left;
        }
        self.coefficients = coefficients;
        if remainder <= negligible { T::zero() } else { remainder }
    }

    /// Appends `w` to the first `count` vectors, orthonormalized. Whether there was anything left of it.
    pub(crate) fn append(&mut self, count: usize, w: &mut [T]) -> bool {
        let scale = two_norm(w);
        if scale == T::zero() {
            return false;
        }
        w.iter_mut().for_each(|entry| *entry /= scale);
        let negligible = T::from_f64(w.len() as f64) * T::epsilon();
        let norm = self.orthogonalize(count, w, None, negligible);
        if norm > T::zero() {
            self.set(count, w, norm);
        }
        norm > T::zero()
    }

    /// Appends a random unit vector orthogonal to the first `count`, which must be fewer than the entries of a vector. `w`
    /// is overwritten.
    pub(crate) fn append_random(&mut self, count: usize, w: &mut [T], generator: &mut Pcg64) -> bool {
        // A Gaussian vector lies near a given subspace of all but one dimension with a probability that is all but zero.
        (0..8).any(|_| {
            w.iter_mut().for_each(|entry| *entry = T::from_f64(StandardNormal.sample(generator)));
            self.append(count, w)
        })
    }

    /// Replaces the vectors from `first` on by `mixing.ncols()` combinations of `mixing.nrows()` of them, in place.
    pub(crate) fn combine(&mut self, first: usize, mixing: &ArrayRef2<T>) -> Result<(), Error> {
        let (old, new) = mixing.dim();
        let length = self.vectors.ncols();
        let parts = threads::partition(length, GRAIN / old.max(1));
        let mut rest = self.vectors.slice_mut(s![first..first + old, ..]);
        let mut targets = Vec::with_capacity(parts.len());
        for part in parts {
            let (target, after) = rest.split_at(Axis(1), part.len());
            targets.push(target);
            rest = after;
        }
        let combine = |mut target: ArrayViewMut2<T>| {
            let mut scratch = zeros(new, STRETCH.min(target.ncols()))?;
            for mut block in target.axis_chunks_iter_mut(Axis(1), STRETCH) {
                let mut scratch = scratch.slice_mut(s![.., ..block.ncols()]);
                kernel::gemm(T::one(), &mixing.t(), &block, T::zero(), &mut scratch)?;
                block.slice_mut(s![..new, ..]).assign(&scratch);
            }
            Ok(())
        };
        threads::map(targets, combine).into_iter().collect()
    }
}

/// The Euclidean norm, also where squares over- or underflow.
pub(crate) fn two_norm<T: Scalar>(x: &[T]) -> T {
    let sum = |scale: T| {
        x.chunks(STRETCH)
            .map(|chunk| {
                if scale == T::one() {
                    dots([chunk], chunk)[0]
                } else {
                    chunk.iter().map(|&x| (x / scale) * (x / scale)).sum()
                }
            })
            .sum::<T>()
    };
    let square = sum(T::one());
    let safe = T::min_positive_value() / (T::epsilon() * T::epsilon());
    if square.is_nan() || (square.is_finite() && square > safe) {
        return square.sqrt();
    }
    let largest = x.iter().fold(T::zero(), |largest, x| if x.abs() <= largest { largest } else { x.abs() });
    if largest == T::zero() || !largest.is_finite() { largest } else { largest * sum(largest).sqrt() }
}

fn stretches(part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = part.end;
    part.step_by(STRETCH).map(move |start| start..(start + STRETCH).min(end))
}

fn contiguous<T>(vectors: &Array2<T>, index: usize) -> &[T] {
    let length = vectors.ncols();
    vectors.as_slice().map_or(&[], |entries| &entries[index * length..(index + 1) * length])
}

/// The inner products of `w` with each of `vectors`, of the same length.
fn dots<T: Scalar, const C: usize>(vectors: [&[T]; C], w: &[T]) -> [T; C] {
    let mut sums = [[T::zero(); LANES]; C];
    let (chunks, tail) = w.as_chunks::<LANES>();
    let blocks = vectors.map(|vector| &vector.as_chunks::<LANES>().0[..chunks.len()]);
    for (i, w) in chunks.iter().enumerate() {
        for (sums, block) in sums.iter_mut().zip(&blocks) {
            for ((sum, &v), &w) in sums.iter_mut().zip(&block[i]).zip(w) {
                *sum += v * w;
            }
        }
    }
    let mut totals = sums.map(|lanes| lanes.into_iter().sum::<T>());
    for (total, vector) in totals.iter_mut().zip(vectors) {
        let start = w.len() - tail.len();
        *total += vector[start..].iter().zip(tail).map(|(&v, &w)| v * w).sum::<T>();
    }
    totals
}

/// `w -= Σ cᵢ vᵢ` for vectors of the same length.
fn minus<T: Scalar, const C: usize>(vectors: [&[T]; C], coefficients: [T; C], w: &mut [T]) {
    let vectors = vectors.map(|vector| &vector[..w.len()]);
    for (i, entry) in w.iter_mut().enumerate() {
        let mut sum = T::zero();
        for (vector, &c) in vectors.iter().zip(&coefficients) {
            sum += c * vector[i];
        }
        *entry -= sum;
    }
}
