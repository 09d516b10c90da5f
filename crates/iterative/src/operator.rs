//! Linear operators: a matrix as what it does to blocks of vectors.

use lapwing_lapack::{Error, Scalar, gemm, zeros};
use ndarray::{Array2, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, Axis};

/// A linear map of m rows and n columns, known by its products with blocks of k vectors.
pub trait LinearOperator<T: Scalar> {
    /// `(m, n)`: [`apply`](Self::apply) takes vectors of n entries and returns vectors of m.
    fn dimensions(&self) -> (usize, usize);

    /// `A x` (m x k) for `x` (n x k).
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not n rows, [`Error::OutOfMemory`].
    fn apply(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error>;

    /// `Aᵀ y` (n x k) for `y` (m x k).
    ///
    /// # Errors
    /// [`Error::Shape`] when `y` has not m rows, [`Error::OutOfMemory`].
    fn apply_transposed(&self, y: &ArrayRef2<T>) -> Result<Array2<T>, Error>;
}

impl<T: Scalar> LinearOperator<T> for ArrayRef2<T> {
    fn dimensions(&self) -> (usize, usize) {
        self.dim()
    }

    fn apply(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        product(self, x)
    }

    fn apply_transposed(&self, y: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        product(&self.t(), y)
    }
}

/// `X − 1 meanᵀ`, the matrix `X` with a vector subtracted from each row, without forming it.
///
/// The products subtract after multiplying, so that they lose what cancels: about
/// `‖mean‖ / spread` units of rounding. Centre a copy when the mean is large beside the spread.
#[derive(Clone, Copy, Debug)]
pub struct Centred<'a, T: Scalar> {
    matrix: ArrayView2<'a, T>,
    mean: ArrayView1<'a, T>,
}

impl<'a, T: Scalar> Centred<'a, T> {
    /// The operator of `matrix` (m x n) less `mean` (n).
    ///
    /// # Errors
    /// [`Error::Shape`] when `mean` has not n entries.
    pub fn new(matrix: &'a ArrayRef2<T>, mean: &'a ArrayRef1<T>) -> Result<Self, Error> {
        let (expected, found) = (matrix.ncols(), mean.len());
        if found != expected {
            let reason = "as many as the matrix has columns";
            return Err(Error::Shape { argument: "mean", extent: "entries", found, expected, reason });
        }
        Ok(Self { matrix: matrix.view(), mean: mean.view() })
    }
}

impl<T: Scalar> LinearOperator<T> for Centred<'_, T> {
    fn dimensions(&self) -> (usize, usize) {
        self.matrix.dim()
    }

    fn apply(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let mut result = product(&self.matrix, x)?;
        let shift = x.t().dot(&self.mean);
        result.outer_iter_mut().for_each(|mut row| row -= &shift);
        Ok(result)
    }

    fn apply_transposed(&self, y: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let mut result = product(&self.matrix.t(), y)?;
        let sums = y.sum_axis(Axis(0));
        for (mut row, &mean) in result.outer_iter_mut().zip(&self.mean) {
            row.scaled_add(-mean, &sums);
        }
        Ok(result)
    }
}

/// Column-major, as what is done next with a block of vectors is to orthonormalize it.
fn product<T: Scalar>(a: &ArrayRef2<T>, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    let mut result = zeros(x.ncols(), a.nrows())?.reversed_axes();
    gemm(T::one(), a, x, T::zero(), &mut result)?;
    Ok(result)
}

#[cfg(test)]
mod tests {
    use ndarray::{array, s};

    use super::*;

    /// Integers make the products exact: the operator must equal the matrix that it stands for.
    #[test]
    fn centred_products_are_those_of_the_centred_matrix() {
        let matrix = Array2::from_shape_fn((5, 3), |(i, j)| ((i * 5 + j * 7) % 11) as f64);
        let mean = array![1.0, -2.0, 3.0];
        let explicit = &matrix - &mean;
        let centred = Centred::new(&matrix, &mean).unwrap();
        let x = array![[1.0, 2.0], [3.0, -4.0], [0.0, 5.0]];
        let y = Array2::from_shape_fn((5, 2), |(i, j)| i as f64 - 2.0 * j as f64);
        assert_eq!(centred.apply(&x).unwrap(), explicit.dot(&x));
        assert_eq!(centred.apply_transposed(&y).unwrap(), explicit.t().dot(&y));
        assert_eq!(explicit.apply_transposed(&y).unwrap(), explicit.t().dot(&y));
    }

    #[test]
    fn a_mean_of_another_length_is_refused() {
        let matrix = Array2::<f32>::zeros((2, 3));
        let mean = array![0.0, 0.0];
        assert!(matches!(Centred::new(&matrix, &mean), Err(Error::Shape { argument: "mean", found: 2, .. })));
        assert!(matrix.apply(&matrix.slice(s![.., ..])).is_err());
    }
}
