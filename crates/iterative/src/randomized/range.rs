//! Orthonormal bases of what a matrix makes of random vectors.

use lapwing_lapack::{Error, Scalar, zeros};
use ndarray::{Array2, ArrayRef2, s};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use super::orthonormal::{orthonormal, well_conditioned};
use crate::operator::{LinearOperator, require_finite_product};

/// How a randomized decomposition looks at its matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sketch {
    /// Multiplies a block of random vectors by `A Aᵀ` again and again, and keeps the last block. The default, and
    /// scikit-learn's.
    #[default]
    SubspaceIteration,
    /// Keeps all the blocks: more accurate for as many products, where the spectrum decays slowly, and in memory as
    /// many times larger (Musco and Musco, "Randomized block Krylov methods for stronger and faster approximate
    /// singular value decomposition", 2015).
    BlockKrylov,
    /// One product with `A` and one with `Aᵀ`, neither depending on the other, so that one walk over the data does for
    /// both; the least accurate (Tropp, Yurtsever, Udell, Cevher, "Practical sketching algorithms for low-rank matrix
    /// approximation", SIAM J. Matrix Anal. Appl. 38, 2017).
    SinglePass,
}

/// An orthonormal basis of `width` vectors that the columns of `a` nearly lie in, after so many power iterations.
pub(super) fn subspace_iteration<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    width: usize,
    iterations: usize,
    seed: u64,
) -> Result<Array2<T>, Error> {
    let mut block = sketched(a, width, seed)?;
    for _ in 0..iterations {
        block = power_iteration(a, well_conditioned(block)?)?;
    }
    orthonormal(block)
}

/// The same of all the blocks together; no more of them than their vectors may be independent.
pub(super) fn block_krylov<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    width: usize,
    iterations: usize,
    seed: u64,
) -> Result<Array2<T>, Error> {
    let (m, n) = a.dimensions();
    let blocks = (iterations + 1).min(m.min(n) / width).max(1);
    let mut krylov = zeros(m, blocks * width)?;
    let mut block = well_conditioned(sketched(a, width, seed)?)?;
    for i in 0..blocks {
        if i > 0 {
            block = well_conditioned(power_iteration(a, block)?)?;
        }
        krylov.slice_mut(s![.., i * width..(i + 1) * width]).assign(&block);
    }
    orthonormal(krylov)
}

/// What `a` makes of so many random vectors.
fn sketched<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    width: usize,
    seed: u64,
) -> Result<Array2<T>, Error> {
    product(a, &gaussian(a.dimensions().1, width, seed)?)
}

/// `A Aᵀ` times a well-conditioned block, but for the condition of what is in between: as many digits of every vector are
/// right as of the first.
fn power_iteration<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    block: Array2<T>,
) -> Result<Array2<T>, Error> {
    let domain = product_transposed(a, &block)?;
    drop(block);
    product(a, &well_conditioned(domain)?)
}

/// `A x`, if it is finite. Rows are contiguous, as sparse products have them.
pub(super) fn product<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    x: &ArrayRef2<T>,
) -> Result<Array2<T>, Error> {
    let mut product = zeros(a.dimensions().0, x.ncols())?;
    a.apply_into(x, &mut product)?;
    require_finite_product(&product)?;
    Ok(product)
}

/// `Aᵀ y`, likewise.
pub(super) fn product_transposed<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    y: &ArrayRef2<T>,
) -> Result<Array2<T>, Error> {
    let mut product = zeros(a.dimensions().1, y.ncols())?;
    a.apply_transposed_into(y, &mut product)?;
    require_finite_product(&product)?;
    Ok(product)
}

/// Independent standard normal entries, row after row.
pub(super) fn gaussian<T: Scalar>(rows: usize, cols: usize, seed: u64) -> Result<Array2<T>, Error> {
    let mut generator = Pcg64::seed_from_u64(seed);
    let mut block = zeros(rows, cols)?;
    block.mapv_inplace(|_: T| T::from_f64(StandardNormal.sample(&mut generator)));
    Ok(block)
}
