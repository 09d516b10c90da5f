//! Bases of the column space of a tall block, in the block's own memory.
//!
//! The Cholesky factor of the Gram matrix, `BᵀB = L Lᵀ`, turns B into `B L⁻ᵀ`, which is orthonormal up to `ε κ(B)²`: half the
//! work of Householder reflections, and all of it in products over blocks of rows that stay in the cache, on this
//! library's own threads like the sparse products in between. A second pass, on what is all but orthonormal, leaves
//! rounding errors (Yamamoto, Nakatsukasa, Yanagisawa, Fukaya, "Roundoff error analysis of the CholeskyQR2 algorithm",
//! 2015). A block whose condition is too large for that is factored by reflections.

use lapwing_lapack::{
    Cholesky, ConditionNorm, Diagonal, Error, Qr, Scalar, Triangle, kernel, threads, triangular, zeros,
};
use ndarray::{Array2, ArrayViewMut2, Axis, s};

/// Rows of a block that are treated at a time.
const ROWS: usize = 512;
/// Entries below which a thread costs more than it saves.
const GRAIN: usize = 1 << 16;

/// An orthonormal basis of a space that holds the columns of `block`.
pub(super) fn orthonormal<T: Scalar>(mut block: Array2<T>) -> Result<Array2<T>, Error> {
    if divide_by_factor(&mut block)? && divide_by_factor(&mut block)? {
        Ok(block)
    } else {
        Qr::thin_q(&block)
    }
}

/// A basis of such a space that is orthonormal to a few digits: products with it lose none that matter, as long as what
/// comes of them is orthonormalized again.
pub(super) fn well_conditioned<T: Scalar>(mut block: Array2<T>) -> Result<Array2<T>, Error> {
    if divide_by_factor(&mut block)? { Ok(block) } else { Qr::thin_q(&block) }
}

/// Replaces B by `B L⁻ᵀ`, for the Cholesky factor L of `BᵀB`; does nothing, and says so, where B is too ill-conditioned.
fn divide_by_factor<T: Scalar>(block: &mut Array2<T>) -> Result<bool, Error> {
    let gram = gram(block)?;
    // Squares of what counts must not have underflowed; an overflow fails the factorization.
    let safe = T::min_positive_value() / (T::epsilon() * T::epsilon());
    if block.is_empty() || !gram.diag().iter().all(|&square| square > safe) {
        return Ok(false);
    }
    let factor = match Cholesky::new(&gram) {
        Ok(cholesky) => cholesky.into_factor(),
        Err(Error::NotPositiveDefinite { .. } | Error::NonFinite { .. }) => return Ok(false),
        Err(error) => return Err(error),
    };
    let (triangle, diagonal) = (Triangle::Lower, Diagonal::General);
    let reciprocal = triangular::reciprocal_condition(&factor, triangle, diagonal, ConditionNorm::One)?;
    // ε κ² is then at most the cube root of ε.
    if reciprocal.as_f64() < T::epsilon().as_f64().cbrt() {
        return Ok(false);
    }
    let inverse = triangular::inverse(&factor, triangle, diagonal)?;
    let width = block.ncols();
    let divide = |mut rows: ArrayViewMut2<T>| {
        let mut product = zeros(ROWS.min(rows.nrows()), width)?;
        for mut rows in rows.axis_chunks_iter_mut(Axis(0), ROWS) {
            let mut product = product.slice_mut(s![..rows.nrows(), ..]);
            kernel::gemm(T::one(), &rows, &inverse.t(), T::zero(), &mut product)?;
            rows.assign(&product);
        }
        Ok(())
    };
    let outcomes = threads::map(in_parts(block), divide);
    outcomes.into_iter().collect::<Result<(), Error>>()?;
    Ok(true)
}

/// `BᵀB`, its lower triangle.
fn gram<T: Scalar>(block: &mut Array2<T>) -> Result<Array2<T>, Error> {
    let width = block.ncols();
    let sums = threads::map(in_parts(block), |rows| {
        let mut sum = zeros(width, width)?;
        for rows in rows.axis_chunks_iter(Axis(0), ROWS) {
            kernel::gram(&rows, &mut sum)?;
        }
        Ok(sum)
    });
    let mut total = zeros(width, width)?;
    for sum in sums {
        let sum: Result<Array2<T>, Error> = sum;
        total += &sum?;
    }
    Ok(total)
}

/// Consecutive rows for each thread.
fn in_parts<T: Scalar>(block: &mut Array2<T>) -> Vec<ArrayViewMut2<'_, T>> {
    let parts = threads::partition(block.nrows(), GRAIN.div_ceil(block.ncols().max(1)));
    let mut rest = block.view_mut();
    let mut views = Vec::with_capacity(parts.len());
    for part in parts {
        let (view, after) = rest.split_at(Axis(0), part.len());
        views.push(view);
        rest = after;
    }
    views
}

#[cfg(test)]
mod tests {
    use lapwing_lapack::matmul;
    use lapwing_lapack::random::{standard_normal, with_singular_values};
    use ndarray::Array1;

    use super::*;

    fn defect<T: Scalar>(q: &Array2<T>) -> f64 {
        let gram = matmul(&q.t(), q).unwrap() - Array2::eye(q.ncols());
        gram.iter().fold(0.0, |worst: f64, x| worst.max(x.as_f64().abs()))
    }

    /// What of `block` lies outside of the span of `q`.
    fn outside<T: Scalar>(block: &Array2<T>, q: &Array2<T>) -> f64 {
        let left = block - &matmul(q, &matmul(&q.t(), block).unwrap()).unwrap();
        left.iter().fold(0.0, |worst: f64, x| worst.max(x.as_f64().abs()))
    }

    /// From well-conditioned to singular, over both routes; sizes under and over that of several threads.
    #[test]
    fn bases_are_orthonormal_and_hold_the_columns_whatever_the_condition() {
        for (rows, cols) in [(3, 3), (40, 7), (20_000, 12)] {
            for decades in [0.0, 3.0, 5.0, 9.0, 15.0, 30.0] {
                let values =
                    Array1::from_shape_fn(cols, |i| 10f64.powf(-decades * i as f64 / (cols - 1) as f64));
                let block: Array2<f64> = with_singular_values(rows, cols, &values, 3).unwrap();
                let rounding = 10.0 * cols as f64 * f64::EPSILON;
                let q = orthonormal(block.clone()).unwrap();
                assert!(defect(&q) < rounding, "{rows} {decades}: {:e}", defect(&q));
                assert!(outside(&block, &q) < rounding, "{rows} {decades}");
                let close = well_conditioned(block.clone()).unwrap();
                assert!(defect(&close) < 10.0 * f64::EPSILON.cbrt(), "{rows} {decades}");
                assert_eq!(close.dim(), (rows, cols));
            }
        }
    }

    #[test]
    fn extreme_scales_and_empty_blocks_are_answered() {
        for scale in [1e-300, 1e-170, 1e170, 1e300] {
            let q = orthonormal(standard_normal(500, 4, 1) * scale).unwrap();
            assert!(defect(&q) < 100.0 * f64::EPSILON, "{scale}");
        }
        let single = orthonormal(standard_normal(500, 4, 1).mapv(|x| x as f32)).unwrap();
        assert!(defect(&single) < 100.0 * f64::from(f32::EPSILON));
        for (rows, cols) in [(0, 0), (5, 0)] {
            assert_eq!(orthonormal(Array2::<f64>::zeros((rows, cols))).unwrap().dim(), (rows, cols));
        }
        assert!(defect(&orthonormal(Array2::<f64>::zeros((9, 2))).unwrap()) < 10.0 * f64::EPSILON);
        // A block that is wide spans everything.
        assert_eq!(orthonormal(standard_normal(2, 5, 1)).unwrap().dim(), (2, 2));
    }
}
