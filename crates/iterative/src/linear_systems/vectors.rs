//! Fused passes over long vectors, on all cores.
//!
//! An iteration without its products is bound by memory: what counts is how often each vector is read and written. A
//! pass updates several vectors and sums a product at once, in blocks that stay in the first cache in between. Sums are
//! made in double precision and in an order that depends on the number of threads alone.

use lapwing_lapack::{Error, Scalar, threads, zeros};

/// Entries of one vector below which a thread costs more than it saves.
const GRAIN: usize = 1 << 16;

/// Entries of one vector that are updated before they are summed: a few blocks of this length fit into a first cache.
const BLOCK: usize = 512;

/// How many sums run side by side, so that none waits for the one before it.
const LANES: usize = 8;

/// A vector of zeros.
pub(crate) fn vector<T: Scalar>(length: usize) -> Result<Vec<T>, Error> {
    Ok(zeros(length, 1)?.into_raw_vec_and_offset().0)
}

/// Calls `work` with the same block of every vector, for block after block, and sums what it returns. All vectors are of
/// one length.
pub(crate) fn fused<T: Scalar, const W: usize, const R: usize>(
    mut written: [&mut [T]; W],
    read: [&[T]; R],
    work: impl Fn([&mut [T]; W], [&[T]; R]) -> f64 + Sync,
) -> f64 {
    let length =
        read.first().map_or_else(|| written.first().map_or(0, |first| first.len()), |first| first.len());
    if length < 2 * GRAIN {
        return by_blocks(length, written, read, &work);
    }
    let cut = |part: std::ops::Range<usize>| {
        (part.len(), take_front(&mut written, part.len()), read.map(|entries| &entries[part.clone()]))
    };
    let parts: Vec<_> = threads::partition(length, GRAIN).into_iter().map(cut).collect();
    threads::map(parts, |(length, written, read)| by_blocks(length, written, read, &work)).into_iter().sum()
}

fn by_blocks<T: Scalar, const W: usize, const R: usize>(
    length: usize,
    mut written: [&mut [T]; W],
    read: [&[T]; R],
    work: &impl Fn([&mut [T]; W], [&[T]; R]) -> f64,
) -> f64 {
    let mut sum = 0.0;
    for start in (0..length).step_by(BLOCK) {
        let end = length.min(start + BLOCK);
        sum += work(take_front(&mut written, end - start), read.map(|entries| &entries[start..end]));
    }
    sum
}

/// Splits this many entries off the front of every slice.
fn take_front<'v, T, const W: usize>(slices: &mut [&'v mut [T]; W], count: usize) -> [&'v mut [T]; W] {
    slices.each_mut().map(|slice| {
        let (front, rest) = std::mem::take(slice).split_at_mut(count);
        *slice = rest;
        front
    })
}

/// `Σ x y` over one block.
pub(crate) fn block_dot<T: Scalar>(x: &[T], y: &[T]) -> f64 {
    let (xs, x_rest) = x.as_chunks::<LANES>();
    let (ys, y_rest) = y.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (x, y) in xs.iter().zip(ys) {
        for lane in 0..LANES {
            sums[lane] += x[lane].as_f64() * y[lane].as_f64();
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(x, y)| x.as_f64() * y.as_f64()).sum();
    sums.iter().sum::<f64>() + rest
}

/// `y += factor x` over one block.
pub(crate) fn block_add<T: Scalar>(y: &mut [T], factor: T, x: &[T]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y += factor * x);
}

/// `xᵀ y`.
pub(crate) fn dot<T: Scalar>(x: &[T], y: &[T]) -> f64 {
    fused([], [x, y], |[], [x, y]| block_dot(x, y))
}

/// `‖x‖₂`.
pub(crate) fn norm<T: Scalar>(x: &[T]) -> f64 {
    dot(x, x).sqrt()
}

/// `y += factor x`.
pub(crate) fn add<T: Scalar>(y: &mut [T], factor: f64, x: &[T]) {
    let factor = T::from_f64(factor);
    fused([y], [x], |[y], [x]| {
        block_add(y, factor, x);
        0.0
    });
}

/// `y += factor x`, and `‖y‖₂` thereafter.
pub(crate) fn add_and_norm<T: Scalar>(y: &mut [T], factor: f64, x: &[T]) -> f64 {
    let factor = T::from_f64(factor);
    let square = fused([y], [x], |[y], [x]| {
        block_add(y, factor, x);
        block_dot(y, y)
    });
    square.sqrt()
}

/// `x *= factor`.
pub(crate) fn scale<T: Scalar>(x: &mut [T], factor: f64) {
    let factor = T::from_f64(factor);
    fused([x], [], |[x], []| {
        x.iter_mut().for_each(|x| *x *= factor);
        0.0
    });
}

/// `y = factor x`.
pub(crate) fn scaled<T: Scalar>(y: &mut [T], factor: f64, x: &[T]) {
    let factor = T::from_f64(factor);
    fused([y], [x], |[y], [x]| {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = factor * x);
        0.0
    });
}

/// `y = x + factor y`.
pub(crate) fn scale_and_add<T: Scalar>(y: &mut [T], factor: f64, x: &[T]) {
    let factor = T::from_f64(factor);
    fused([y], [x], |[y], [x]| {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = x + factor * *y);
        0.0
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small integers make every sum exact, whatever the cut into blocks and threads.
    #[test]
    fn passes_cover_every_entry_once() {
        for length in [0, 1, 7, 8, BLOCK, BLOCK + 1, 3 * GRAIN + 5] {
            let x: Vec<f32> = (0..length).map(|i| (i % 7) as f32 - 3.0).collect();
            let mut y: Vec<f32> = (0..length).map(|i| (i % 5) as f32).collect();
            let expected: Vec<f32> = x.iter().zip(&y).map(|(x, y)| y + 2.0 * x).collect();
            let square: f64 = expected.iter().map(|&x| f64::from(x * x)).sum();
            assert_eq!(add_and_norm(&mut y, 2.0, &x), square.sqrt());
            assert_eq!(y, expected);
            let product: f64 = x.iter().zip(&y).map(|(&x, &y)| f64::from(x * y)).sum();
            assert_eq!(dot(&x, &y), product);
            let expected: Vec<f32> = x.iter().zip(&y).map(|(x, y)| x - 3.0 * y).collect();
            scale_and_add(&mut y, -3.0, &x);
            assert_eq!(y, expected);
            add(&mut y, -1.0, &x);
            scale(&mut y, 0.5);
            assert!(y.iter().zip(&expected).zip(&x).all(|((y, e), x)| *y == (e - x) / 2.0));
            scaled(&mut y, -0.5, &x);
            assert!(y.iter().zip(&x).all(|(y, x)| *y == -x / 2.0));
        }
    }
}
