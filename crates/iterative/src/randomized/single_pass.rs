//! The decomposition from two independent sketches.

use lapwing_lapack::{Error, Qr, Scalar, Svd, matmul};
use ndarray::Array2;

use super::orthonormal::orthonormal;
use super::range::{gaussian, product, product_transposed};
use crate::operator::LinearOperator;

/// `U Σ Vᵀ` of a matrix of rank at most `2 k + 1` near `a`.
///
/// `Q` spans what `A` makes of `2k + 1` random vectors, and `X` is fitted so that `Ψ Q X` is the sketch `Ψ A` of twice as
/// many random combinations of the rows.
pub(super) fn single_pass<T: Scalar, A: LinearOperator<T> + ?Sized>(
    a: &A,
    k: usize,
    seed: u64,
) -> Result<(Array2<T>, Svd<T>), Error> {
    let (m, n) = a.dimensions();
    let width = (2 * k + 1).min(m.min(n));
    let height = (2 * width + 1).min(m);
    let combinations = gaussian::<T>(m, height, seed ^ (1 << 63))?;
    let range = orthonormal(product(a, &gaussian(n, width, seed)?)?)?;
    let sketch = product_transposed(a, &combinations)?;
    let fitted = Qr::from_owned(matmul(&combinations.t(), &range)?)?.solve(&sketch.t())?;
    Ok((range, Svd::thin(&fitted)?))
}
