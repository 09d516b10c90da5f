//! Matrices made of a list of numbers, or of blocks.

use ndarray::{Array2, ArrayRef1, ArrayView2, s};

use super::{finite_result, invalid, require_finite_vector};
use crate::error::Error;
use crate::layout::zeros;
use crate::scalar::Scalar;

/// In which order the powers of a Vandermonde matrix stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PowerOrder {
    /// From the highest to the constant, as NumPy does unless told otherwise, and as [`companion`] counts.
    #[default]
    Decreasing,
    /// From the constant up.
    Increasing,
}

/// The Vandermonde matrix, rows x `columns`: row i holds the powers of `x[i]` from 0 to `columns - 1`. NumPy's `vander`.
///
/// Its condition grows exponentially with the columns for any real `x`: to fit polynomials of high degree, use an
/// orthogonal basis. Powers are products of the one before, so power k is off by up to k ε relative.
///
/// ```
/// use lapwing_lapack::structured::{PowerOrder, vandermonde};
/// use ndarray::array;
/// let v = vandermonde(&array![2.0, 3.0], 3, PowerOrder::Increasing)?;
/// assert_eq!(v, array![[1.0, 2.0, 4.0], [1.0, 3.0, 9.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`], [`Error::OutOfMemory`], and [`Error::Overflow`] when a power does.
#[doc(alias = "vander")]
pub fn vandermonde<T: Scalar>(
    x: &ArrayRef1<T>,
    columns: usize,
    order: PowerOrder,
) -> Result<Array2<T>, Error> {
    let mut matrix = zeros(x.len(), columns)?;
    require_finite_vector("x", x)?;
    for (mut row, &x) in matrix.outer_iter_mut().zip(x) {
        if order == PowerOrder::Decreasing {
            row.invert_axis(ndarray::Axis(0));
        }
        let mut power = T::one();
        for entry in row {
            *entry = power;
            power *= x;
        }
    }
    finite_result("the Vandermonde matrix", matrix)
}

/// The companion matrix of the polynomial with the coefficients `a`, highest power first; of order `a.len() - 1`. Its
/// eigenvalues are the polynomial's roots. SciPy's `companion`: the first row is `-a[1..] / a[0]`, under it a
/// diagonal of ones.
///
/// ```
/// use lapwing_lapack::structured::companion;
/// use ndarray::array;
/// // 2x² - 6x + 4, with the roots 1 and 2.
/// assert_eq!(companion(&array![2.0, -6.0, 4.0])?, array![[3.0, -2.0], [1.0, 0.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::InvalidParameter`] when `a` has less than two entries, or the first is 0: the degree is then another one;
/// [`Error::NonFinite`], [`Error::OutOfMemory`], [`Error::Overflow`].
pub fn companion<T: Scalar>(a: &ArrayRef1<T>) -> Result<Array2<T>, Error> {
    if a.len() < 2 {
        return invalid(
            "a",
            format!("of length {}", a.len()),
            "of length 2 at least, since a constant has no roots",
        );
    }
    let mut matrix = zeros(a.len() - 1, a.len() - 1)?;
    require_finite_vector("a", a)?;
    if a[0] == T::zero() {
        return invalid("a[0]", "0", "another number: drop the leading coefficients that are 0");
    }
    matrix.row_mut(0).iter_mut().zip(a.iter().skip(1)).for_each(|(entry, &x)| *entry = -x / a[0]);
    for i in 1..matrix.nrows() {
        matrix[[i, i - 1]] = T::one();
    }
    finite_result("the companion matrix", matrix)
}

/// The Hilbert matrix, n x n: `1 / (i + j + 1)` with i and j from 0, each rounded once. Symmetric, positive definite, and of
/// condition about exp(3.5n): what the monomials give least squares on [0, 1]. SciPy's `hilbert`.
///
/// ```
/// use lapwing_lapack::structured::hilbert;
/// use ndarray::array;
/// assert_eq!(hilbert::<f64>(2)?, array![[1.0, 1.0 / 2.0], [1.0 / 2.0, 1.0 / 3.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
pub fn hilbert<T: Scalar>(n: usize) -> Result<Array2<T>, Error> {
    let mut matrix = zeros(n, n)?;
    // A quotient rounded to 53 bits and then to 24 is what rounding it to 24 at once gives.
    matrix.indexed_iter_mut().for_each(|((i, j), entry)| *entry = T::from_f64(1.0 / (i + j + 1) as f64));
    Ok(matrix)
}

/// The matrix with `blocks` along its diagonal and zeros elsewhere; a block may be rectangular, or empty in one extent.
/// SciPy's `block_diag`. Entries may be NaN.
///
/// ```
/// use lapwing_lapack::structured::block_diagonal;
/// use ndarray::array;
/// let (a, b) = (array![[1.0, 2.0]], array![[3.0], [4.0]]);
/// let d = block_diagonal(&[a.view(), b.view()])?;
/// assert_eq!(d, array![[1.0, 2.0, 0.0], [0.0, 0.0, 3.0], [0.0, 0.0, 4.0]]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::OutOfMemory`].
#[doc(alias = "block_diag")]
pub fn block_diagonal<T: Scalar>(blocks: &[ArrayView2<T>]) -> Result<Array2<T>, Error> {
    let total = |extents: &dyn Fn(&ArrayView2<T>) -> usize| {
        let sum: u128 = blocks.iter().map(|block| extents(block) as u128).sum();
        usize::try_from(sum)
            .map_err(|_| Error::OutOfMemory { bytes: sum.saturating_mul(size_of::<T>() as u128) })
    };
    let mut matrix = zeros(total(&|block| block.nrows())?, total(&|block| block.ncols())?)?;
    let (mut row, mut col) = (0, 0);
    for block in blocks {
        let (next_row, next_col) = (row + block.nrows(), col + block.ncols());
        matrix.slice_mut(s![row..next_row, col..next_col]).assign(block);
        (row, col) = (next_row, next_col);
    }
    Ok(matrix)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;
    use crate::testing::{Layout, gallery};

    #[test]
    fn powers_stand_in_either_order() {
        let x = array![-2.0f64, 0.0, 0.5, 3.0];
        for columns in [0, 1, 2, 6] {
            let increasing = vandermonde(&x, columns, PowerOrder::Increasing).unwrap();
            let decreasing = vandermonde(&x, columns, PowerOrder::default()).unwrap();
            assert_eq!((increasing.dim(), decreasing.dim()), ((4, columns), (4, columns)));
            for ((i, k), &power) in increasing.indexed_iter() {
                assert_eq!(power, x[i].powi(k as i32));
                assert_eq!(decreasing[[i, columns - 1 - k]], power);
            }
        }
        assert_eq!(vandermonde(&array![1e200], 2, PowerOrder::Increasing).unwrap(), array![[1.0, 1e200]]);
        assert!(matches!(
            vandermonde(&array![1e200], 3, PowerOrder::Increasing),
            Err(Error::Overflow { .. })
        ));
        let error = vandermonde(&array![1.0, f64::NAN], 1, PowerOrder::Increasing);
        assert_eq!(error, Err(Error::NonFinite { argument: "x", row: 1, col: 0 }));
        assert!(matches!(vandermonde(&x, 1 << 62, PowerOrder::Increasing), Err(Error::OutOfMemory { .. })));
    }

    /// For a root z, the vector of z^(n-1) to 1 is an eigenvector: exactly, for integer roots of a monic polynomial.
    #[test]
    fn roots_are_eigenvalues_of_the_companion() {
        // (x - 1)(x + 2)(x - 3)(x - 4)
        let a = array![1.0, -6.0, 3.0, 26.0, -24.0];
        for scale in [1.0, -2.0, 0.5] {
            let matrix = companion(&(&a * scale)).unwrap();
            for root in [1.0, -2.0, 3.0, 4.0] {
                let powers = vandermonde(&array![root], 4, PowerOrder::Decreasing).unwrap().row(0).to_owned();
                assert_eq!(matrix.dot(&powers), &powers * root);
            }
        }
        assert_eq!(companion(&array![2.0f32, 3.0]).unwrap(), array![[-1.5]]);
        for (bad, named) in [(array![], "a"), (array![1.0], "a"), (array![0.0, 1.0], "a[0]")] {
            let error = companion::<f64>(&bad).unwrap_err();
            assert!(
                matches!(error, Error::InvalidParameter { parameter, .. } if parameter == named),
                "{error}"
            );
        }
        let error = companion(&array![1.0, 2.0, f64::INFINITY]);
        assert_eq!(error, Err(Error::NonFinite { argument: "a", row: 2, col: 0 }));
        assert!(matches!(companion(&array![1e-310, 1e10]), Err(Error::Overflow { .. })));
        let one = array![1.0];
        assert!(matches!(companion(&one.broadcast(1 << 60).unwrap()), Err(Error::OutOfMemory { .. })));
    }

    /// Its inverse has integer entries, with known sum n².
    #[test]
    fn the_hilbert_matrix_is_rounded_once() {
        let h = hilbert::<f32>(50).unwrap();
        assert!(h.indexed_iter().all(|((i, j), &x)| x == 1.0f32 / (i + j + 1) as f32));
        for n in 0..=12 {
            assert_eq!(gallery::inverse_hilbert::<f64>(n).sum(), (n * n) as f64);
        }
        assert!(matches!(hilbert::<f64>(1 << 40), Err(Error::OutOfMemory { .. })));
    }

    #[test]
    fn blocks_of_any_shape_and_layout_stand_along_the_diagonal() {
        let (a, b) = (array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], array![[7.0], [f64::NAN]]);
        let (wide, tall) = (Array2::<f64>::zeros((0, 2)), Array2::<f64>::zeros((1, 0)));
        for layout in Layout::ALL {
            let d = layout.with(&a, |a| block_diagonal(&[wide.view(), a, tall.view(), b.view()]).unwrap());
            assert_eq!(d.dim(), (5, 6));
            assert_eq!(d.slice(s![..2, 2..5]), a);
            assert!(d[[3, 5]] == 7.0 && d[[4, 5]].is_nan());
            assert_eq!(d.iter().filter(|x| **x != 0.0).count(), 8);
        }
        assert_eq!(block_diagonal::<f64>(&[]).unwrap().dim(), (0, 0));
        let one = Array1::<f64>::ones(1);
        let endless = one.broadcast((1 << 31, 1 << 31)).unwrap();
        assert!(matches!(block_diagonal(&[endless; 5]), Err(Error::OutOfMemory { .. })));
    }
}
