//! QR factorization of a matrix of many rows and few columns, in blocks of rows (TSQR: Demmel, Grigori,
//! Hoemmen, Langou, "Communication-optimal parallel and sequential QR and LU factorizations", 2012).
//!
//! | step                                   | cost, n columns, m rows |
//! |----------------------------------------|-------------------------|
//! | R alone                                | ≈ 2.5mn²                |
//! | R, and what applies Q                  | ≈ 3mn²                  |
//! | Q times an n x n matrix                | 2mn²                    |
//!
//! `geqrf` walks a tall matrix from memory once for each of its columns. Here a block of rows comes into the
//! cache once and is factored there by Householder reflections; the triangles of all blocks, one below the
//! other, are a matrix of far fewer rows, which is factored in the same way until one triangle is left. Every
//! step is a product with an orthogonal matrix, so the result is as accurate as `geqrf`'s for every matrix: no
//! condition number is squared, as it is by the Cholesky factor of `AᵀA`.
//!
//! The blocks are shared out among this library's own threads, and each is multiplied by the single-threaded
//! [`kernel`]. A block's reflectors H₁ ⋯ Hₙ = I − V T Vᵀ are found by halves (Elmroth, Gustavson, "Applying
//! recursion to serial and parallel QR factorization", 2000), so that nearly all arithmetic is in products.

use std::ops::{Range, RangeInclusive};

use ndarray::{Array2, ArrayRef2, ArrayViewMut2, Axis, ShapeBuilder, s};

use crate::certificate::reciprocal_power;
use crate::error::Error;
use crate::ffi::memory::zeroed;
use crate::finite::largest_magnitude;
use crate::layout::{checked_area, copy_columns, zeros};
use crate::scalar::Scalar;
use crate::{kernel, products, threads};

/// Memory of a block: half of a small second-level cache.
const BLOCK_BYTES: usize = 256 << 10;

/// A block has at least this many rows per column, or the triangles would be as much work as the blocks.
const LEAST_ASPECT: usize = 8;

/// So many columns are reflected one by one; more are halved.
const NARROW: usize = 4;

/// Up to this order, LAPACK's block size, the triangle is decomposed on the calling thread. Past it OpenBLAS has woken
/// its pool when Q is applied, which goes on spinning: its threads then do that work better than ours beside it.
const QUIET_ORDER: usize = 32;

/// Whether a matrix is tall and large enough for blocks to beat `geqrf`.
pub(crate) fn pays(rows: usize, cols: usize) -> bool {
    (1..=256).contains(&cols) && rows / cols >= 2 * LEAST_ASPECT && rows * cols >= 1 << 15
}

/// What is kept of the factorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// R alone.
    Triangle,
    /// R, and what [`TallQr::into_product`] needs.
    Factors,
}

/// `A = Q R`, with R upper triangular of the order of A's columns.
pub(crate) struct TallQr<T> {
    levels: Vec<Level<T>>,
    triangle: Array2<T>,
}

impl<T: Scalar> TallQr<T> {
    /// Factors a power of two, which is returned too, times `a` (m x n, m ≥ n ≥ 1), once its entries are found to be
    /// finite. An error names the argument `a`.
    pub(crate) fn checked(a: &ArrayRef2<T>, keep: Keep) -> Result<(Self, T), Error> {
        /// In this range no square of an entry that counts can over- or underflow, in either scalar.
        const AS_IT_IS: RangeInclusive<f64> = 1.0 / 1048576.0..=1048576.0;
        let largest = largest_magnitude("a", a)?;
        let near_one = largest == T::zero() || AS_IT_IS.contains(&largest.as_f64());
        let scale = if near_one { T::one() } else { reciprocal_power(largest) };
        Ok((Self::factor(a, scale, keep)?, scale))
    }

    /// Factors `scale a`, where `a` (m x n, m ≥ n ≥ 1) is finite and the largest entry of the product is not
    /// far from 1: columns so small that their squares underflow are taken for zero.
    pub(crate) fn factor(a: &ArrayRef2<T>, scale: T, keep: Keep) -> Result<Self, Error> {
        let least_rows = (BLOCK_BYTES / (a.ncols() * size_of::<T>())).max(LEAST_ASPECT * a.ncols());
        Self::in_blocks(a, scale, keep, &|rows| count_blocks(rows, a.ncols(), least_rows, threads::get()))
    }

    /// `count` says how many blocks a number of rows is cut into.
    fn in_blocks(
        a: &ArrayRef2<T>,
        scale: T,
        keep: Keep,
        count: &dyn Fn(usize) -> usize,
    ) -> Result<Self, Error> {
        let (level, mut triangle) = Level::factor(a, scale, keep, count(a.nrows()))?;
        let mut levels = vec![level];
        while triangle.nrows() > a.ncols() {
            let (level, next) = Level::factor(&triangle, T::one(), keep, count(triangle.nrows()))?;
            levels.push(level);
            triangle = next;
        }
        Ok(Self { levels, triangle })
    }

    /// R, with zeros below its diagonal.
    pub(crate) fn r(&self) -> &Array2<T> {
        &self.triangle
    }

    /// `Q c` for `c` (n x n), row-major, in the memory of the reflectors. Needs [`Keep::Factors`].
    pub(crate) fn into_product(self, c: Array2<T>) -> Result<Array2<T>, Error> {
        self.levels.into_iter().rev().try_fold(c, |c, level| level.into_product(&c))
    }
}

/// The rows of one matrix in blocks, each factored by itself.
struct Level<T> {
    rows: usize,
    cols: usize,
    blocks: usize,
    /// V of every block, column-major, one block after the other; empty when only R is kept.
    reflectors: Vec<T>,
    /// T of every block, likewise.
    products: Vec<T>,
}

/// One block's share of the buffers.
struct Block<'a, T> {
    index: usize,
    rows: Range<usize>,
    reflectors: &'a mut [T],
    product: &'a mut [T],
    triangle: &'a mut [T],
}

impl<T: Scalar> Level<T> {
    /// Returns the triangles of the blocks, too, one below the other.
    fn factor(a: &ArrayRef2<T>, scale: T, keep: Keep, blocks: usize) -> Result<(Self, Array2<T>), Error> {
        let (rows, cols) = a.dim();
        let mut level = Self { rows, cols, blocks, reflectors: Vec::new(), products: Vec::new() };
        if keep == Keep::Factors {
            level.reflectors = zeroed(checked_area::<T>(rows, cols)?)?;
            level.products = zeroed(checked_area::<T>(blocks * cols, cols)?)?;
        }
        let mut triangles = zeros(blocks * cols, cols)?;
        let shares = level.shares(triangles.as_slice_mut().expect("a new matrix is contiguous"));
        let outcomes = threads::map(in_parts(shares, threads::get()), |part| {
            // When the factors are not kept, every block of the part is factored in the same memory.
            let (mut reflectors, mut product) = (Vec::new(), Vec::new());
            if keep == Keep::Triangle {
                reflectors = zeroed(checked_area::<T>(rows.div_ceil(blocks), cols)?)?;
                product = zeroed(cols * cols)?;
            }
            for block in part {
                let (v, t) = match keep {
                    Keep::Factors => (block.reflectors, block.product),
                    Keep::Triangle => (&mut reflectors[..block.rows.len() * cols], &mut product[..]),
                };
                copy_columns(&a.slice(s![block.rows.clone(), ..]), v);
                if scale != T::one() {
                    v.iter_mut().for_each(|entry| *entry *= scale);
                }
                let v = columns(v, block.rows.len(), cols);
                reflect(
                    v,
                    columns(block.triangle, cols, cols).reversed_axes(),
                    columns(t, cols, cols),
                    keep,
                )?;
            }
            Ok(())
        });
        outcomes.into_iter().collect::<Result<(), Error>>()?;
        Ok((level, triangles))
    }

    /// `Q c`, for the block diagonal Q of this level and `c` with the rows of its triangles.
    fn into_product(mut self, c: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let (rows, cols, blocks) = (self.rows, self.cols, self.blocks);
        let quiet = cols <= QUIET_ORDER;
        let multiply = if quiet { kernel::gemm } else { products::gemm };
        let parts = in_parts(self.shares(&mut []), if quiet { threads::get() } else { 1 });
        let outcomes = threads::map(parts, |part| {
            let mut memory = zeroed(checked_area::<T>(rows.div_ceil(blocks), cols)?)?;
            let (mut inner, mut outer) = (zeros(cols, cols)?, zeros(cols, cols)?);
            for block in part {
                // V moves aside, and the product takes its place.
                let v = &mut memory[..block.rows.len() * cols];
                v.copy_from_slice(block.reflectors);
                let (v, t) = (columns(v, block.rows.len(), cols), columns(block.product, cols, cols));
                let c = c.slice(s![block.index * cols..(block.index + 1) * cols, ..]);
                // (I − V T Vᵀ) [c; 0] = [c; 0] − V T (V₁ᵀ c), with V₁ the first rows of V.
                multiply(T::one(), &v.slice(s![..cols, ..]).t(), &c, T::zero(), &mut inner)?;
                multiply(-T::one(), &t, &inner, T::zero(), &mut outer)?;
                let mut product = columns(block.reflectors, cols, block.rows.len()).reversed_axes();
                multiply(T::one(), &v, &outer, T::zero(), &mut product)?;
                product.slice_mut(s![..cols, ..]).zip_mut_with(&c, |entry, &c| *entry += c);
            }
            Ok(())
        });
        outcomes.into_iter().collect::<Result<(), Error>>()?;
        Ok(Array2::from_shape_vec((rows, cols), self.reflectors).expect("the blocks hold every row"))
    }

    /// Every block with its share of the buffers; an empty buffer has empty shares.
    fn shares<'a>(&'a mut self, triangles: &'a mut [T]) -> Vec<Block<'a, T>> {
        let (rows, cols, blocks) = (self.rows, self.cols, self.blocks);
        // In 128 bits, as the product may pass 64.
        let cut = |i: usize| (rows as u128 * i as u128 / blocks as u128) as usize;
        let (mut reflectors, mut products) = (&mut self.reflectors[..], &mut self.products[..]);
        let mut triangles = triangles;
        (0..blocks)
            .map(|index| Block {
                index,
                rows: cut(index)..cut(index + 1),
                reflectors: take(&mut reflectors, (cut(index + 1) - cut(index)) * cols),
                product: take(&mut products, cols * cols),
                triangle: take(&mut triangles, cols * cols),
            })
            .collect()
    }
}

/// As many blocks of `least_rows` as fit, and then as many as keep every thread busy to the end.
fn count_blocks(rows: usize, cols: usize, least_rows: usize, threads: usize) -> usize {
    let fitting = (rows / least_rows).max(1);
    let even = fitting.next_multiple_of(threads);
    if fitting > 1 && rows / even >= LEAST_ASPECT / 2 * cols { even } else { fitting }
}

/// Cuts off the first `length` entries; none of an empty buffer.
fn take<'a, T>(buffer: &mut &'a mut [T], length: usize) -> &'a mut [T] {
    let length = length.min(buffer.len());
    buffer.split_off_mut(..length).expect("the length is within the buffer")
}

/// At most `count` lists of consecutive blocks, nearly equally long.
fn in_parts<B>(mut blocks: Vec<B>, count: usize) -> Vec<Vec<B>> {
    let count = count.clamp(1, blocks.len().max(1));
    let mut parts: Vec<_> = (1..count).rev().map(|i| blocks.split_off(blocks.len() * i / (i + 1))).collect();
    parts.push(blocks);
    parts.reverse();
    parts
}

/// The column-major matrix in `data`.
fn columns<T>(data: &mut [T], rows: usize, cols: usize) -> ArrayViewMut2<'_, T> {
    ArrayViewMut2::from_shape((rows, cols).f(), data).expect("the buffer has rows * cols entries")
}

/// Householder QR of `v` (b x n, b ≥ n, contiguous columns): R goes to `r`, the reflectors stay in `v` with the
/// ones and zeros of their upper triangle, and `t` is upper triangular with H₁ ⋯ Hₙ = I − V T Vᵀ. Below the
/// diagonal `r` and `t` are not written. With [`Keep::Triangle`], `t` is incomplete.
fn reflect<T: Scalar>(
    v: ArrayViewMut2<T>,
    r: ArrayViewMut2<T>,
    t: ArrayViewMut2<T>,
    keep: Keep,
) -> Result<(), Error> {
    let n = v.ncols();
    if n <= NARROW {
        reflect_one_by_one(v, r, t);
        return Ok(());
    }
    let first = (n / 2).next_multiple_of(NARROW);
    let (mut left, mut right) = v.split_at(Axis(1), first);
    let [r11, mut r12, r22] = quarters(r, first);
    let [mut t11, mut t12, mut t22] = quarters(t, first);
    reflect(left.view_mut(), r11, t11.view_mut(), Keep::Factors)?;

    // The right half meets (I − V T Vᵀ)ᵀ of the left.
    let (mut inner, mut outer) = (zeros(first, n - first)?, zeros(first, n - first)?);
    kernel::gemm(T::one(), &left.t(), &right, T::zero(), &mut inner)?;
    kernel::gemm(T::one(), &t11.t(), &inner, T::zero(), &mut outer)?;
    kernel::gemm(-T::one(), &left, &outer, T::one(), &mut right)?;
    let (mut top, mut rest) = right.split_at(Axis(0), first);
    r12.assign(&top);
    top.fill(T::zero());
    reflect(rest.view_mut(), r22, t22.view_mut(), keep)?;

    if keep == Keep::Factors {
        // (I − V₁ T₁ V₁ᵀ) (I − V₂ T₂ V₂ᵀ) has −T₁ V₁ᵀ V₂ T₂ off the diagonal of its T.
        kernel::gemm(T::one(), &left.slice(s![first.., ..]).t(), &rest, T::zero(), &mut inner)?;
        kernel::gemm(T::one(), &t11, &inner, T::zero(), &mut outer)?;
        kernel::gemm(-T::one(), &outer, &t22, T::zero(), &mut t12)?;
    }
    Ok(())
}

/// Upper left, upper right and lower right of a square matrix.
fn quarters<T>(a: ArrayViewMut2<'_, T>, first: usize) -> [ArrayViewMut2<'_, T>; 3] {
    let (upper, lower) = a.split_at(Axis(0), first);
    let (upper_left, upper_right) = upper.split_at(Axis(1), first);
    [upper_left, upper_right, lower.split_at(Axis(1), first).1]
}

/// [`reflect`], column after column.
fn reflect_one_by_one<T: Scalar>(mut v: ArrayViewMut2<T>, mut r: ArrayViewMut2<T>, mut t: ArrayViewMut2<T>) {
    for j in 0..v.ncols() {
        let (earlier, rest) = v.view_mut().split_at(Axis(1), j);
        let (pivot, later) = rest.split_at(Axis(1), 1);
        let x = &mut contiguous(pivot, 0)[j..];
        let tau;
        (r[[j, j]], tau) = reflector(x);
        let mut later = later;
        for k in 0..later.ncols() {
            let column = &mut contiguous(later.view_mut(), k)[j..];
            subtract(column, tau * dot(x, column), x);
            r[[j, j + 1 + k]] = column[0];
            column[0] = T::zero();
        }
        // The column of T: τ, and above it −τ T (Vᵀ x).
        t[[j, j]] = tau;
        let mut projections = [T::zero(); NARROW];
        for (i, projection) in projections.iter_mut().enumerate().take(j) {
            *projection = dot(earlier.column(i).to_slice().map_or(&[], |column| &column[j..]), x);
        }
        for i in 0..j {
            let sum: T = (i..j).map(|k| t[[i, k]] * projections[k]).sum();
            t[[i, j]] = -tau * sum;
        }
    }
}

fn contiguous<T>(a: ArrayViewMut2<'_, T>, column: usize) -> &mut [T] {
    let (_, from) = a.split_at(Axis(1), column);
    from.index_axis_move(Axis(1), 0).into_slice().expect("columns are contiguous")
}

/// Replaces `x` by the vector v with v₀ = 1 for which (I − τ v vᵀ) x = β e₀; returns β and τ.
fn reflector<T: Scalar>(x: &mut [T]) -> (T, T) {
    let (first, tail) = x.split_first_mut().expect("a block has no fewer rows than columns");
    let alpha = std::mem::replace(first, T::one());
    let squares = dot(tail, tail);
    // An underflow costs each square at most ε times the smallest normal number: above this bound the sum is
    // accurate to a rounding, and below it the tail is nothing beside entries near 1.
    if squares < T::min_positive_value() * T::from_f64(tail.len() as f64) || tail.is_empty() {
        tail.fill(T::zero());
        return (alpha, T::zero());
    }
    let norm = (alpha * alpha + squares).sqrt();
    let beta = if alpha > T::zero() { -norm } else { norm };
    let pivot = alpha - beta;
    let reciprocal = T::one() / pivot;
    tail.iter_mut().for_each(|entry| *entry *= reciprocal);
    (beta, -pivot / beta)
}

/// Independent sums, which the compiler turns into vector instructions.
fn dot<T: Scalar>(x: &[T], y: &[T]) -> T {
    const LANES: usize = 16;
    let ((x_groups, x_rest), (y_groups, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    let mut sums = [T::zero(); LANES];
    for (x, y) in x_groups.iter().zip(y_groups) {
        for ((sum, &x), &y) in sums.iter_mut().zip(x).zip(y) {
            *sum += x * y;
        }
    }
    x_rest.iter().zip(y_rest).map(|(&x, &y)| x * y).chain(sums).sum()
}

/// `y := y − factor x`.
fn subtract<T: Scalar>(y: &mut [T], factor: T, x: &[T]) {
    y.iter_mut().zip(x).for_each(|(y, &x)| *y -= factor * x);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Kind, Layout, matrix};

    /// LAPACK's ratios, below LAPACK's threshold for QR, with blocks so short that there are several levels of them,
    /// in every layout, and cut for different numbers of threads.
    fn ratios<T: Scalar>() {
        const THRESHOLD: f64 = 30.0;
        for (kind, (m, n), threads) in Kind::ALL
            .into_iter()
            .flat_map(|kind| [((120, 7), 1), ((200, 12), 3), ((40, 1), 2)].map(|(shape, t)| (kind, shape, t)))
        {
            let a = matrix::<T>(kind, m, n);
            let scale = crate::certificate::balancing_scale(&a);
            let scaled = a.mapv(|x| (x * scale).as_f64());
            let norm = scaled
                .map_axis(Axis(0), |column| column.mapv(f64::abs).sum())
                .fold(0.0, |x: f64, &y| x.max(y));
            for layout in Layout::ALL {
                let case = format!("{kind:?} {m}x{n} {layout:?} {}", T::NAME);
                let count = |rows| count_blocks(rows, n, 2 * n, threads);
                let factor = |keep| layout.with(&a, |a| TallQr::in_blocks(&a, scale, keep, &count)).unwrap();
                let (qr, alone) = (factor(Keep::Factors), factor(Keep::Triangle));
                assert!(qr.levels.len() >= 2, "{case}");
                let r = qr.r().mapv(T::as_f64);
                let q = qr.into_product(Array2::eye(n)).unwrap().mapv(T::as_f64);
                let unit = m as f64 * T::UNIT_ROUNDOFF.as_f64();
                let largest_sum =
                    |a: Array2<f64>| a.mapv(f64::abs).sum_axis(Axis(0)).fold(0.0, |x: f64, &y| x.max(y));
                let defect = largest_sum(Array2::eye(n) - q.t().dot(&q)) / unit;
                assert!(defect < THRESHOLD, "{case}: ‖I − QᵀQ‖ / (m ε) is {defect}");
                let residual = largest_sum(&scaled - &q.dot(&r));
                assert!(residual <= THRESHOLD * norm * unit, "{case}: {}", residual / norm / unit);
                for ((i, j), &entry) in r.indexed_iter() {
                    assert!(i <= j || entry == 0.0, "{case}: R is upper triangular");
                }
                assert_eq!(alone.r(), &r.mapv(T::from_f64), "{case}: the same R, alone");
            }
        }
    }

    #[test]
    fn factors_like_lapack_f32() {
        ratios::<f32>();
    }

    #[test]
    fn factors_like_lapack_f64() {
        ratios::<f64>();
    }

    /// Where the squares of a column underflow beside entries near 1, a reflector made of them would not be
    /// orthogonal.
    #[test]
    fn a_column_that_underflows_leaves_q_orthogonal() {
        for tiny in [1e-150, 1e-155, 1e-160, 1e-200, 5e-324] {
            let a = Array2::from_shape_fn((64, 6), |(i, j)| {
                let entry = ((i * 7 + j * 13) % 11) as f64 - 5.0;
                if j % 2 == 0 { entry } else { entry * tiny }
            });
            let qr = TallQr::in_blocks(&a, 1.0, Keep::Factors, &|rows| rows / 12).unwrap();
            let q = qr.into_product(Array2::eye(6)).unwrap();
            let defect = Array2::<f64>::eye(6) - q.t().dot(&q);
            assert!(defect.iter().all(|x| x.abs() <= 64.0 * f64::EPSILON), "{tiny}: {defect}");
        }
    }

    #[test]
    fn parts_hold_every_block_in_order() {
        for (blocks, count) in [(0, 3), (1, 4), (7, 2), (7, 3), (8, 8), (153, 2)] {
            let parts = in_parts((0..blocks).collect(), count);
            assert!(parts.len() <= count);
            let (shortest, longest) = (parts.iter().map(Vec::len).min(), parts.iter().map(Vec::len).max());
            assert!(longest.unwrap() - shortest.unwrap() <= 1, "{blocks} in {count}");
            assert_eq!(parts.concat(), (0..blocks).collect::<Vec<_>>());
        }
    }

    /// However many threads there are, a block has more rows than columns by far.
    #[test]
    fn blocks_stay_tall() {
        for threads in [1, 2, 3, 64] {
            for (rows, cols, least) in
                [(100_000, 50, 655), (5000, 200, 1600), (1_000, 62, 528), (20, 1, 32768)]
            {
                let blocks = count_blocks(rows, cols, least, threads);
                assert!(blocks == 1 || rows / blocks >= LEAST_ASPECT / 2 * cols, "{rows}x{cols}: {blocks}");
            }
        }
    }
}
