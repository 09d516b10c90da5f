//! A data matrix less its mean.

use lapwing_lapack::{Error, Scalar};
use ndarray::{ArrayRef1, ArrayRef2, ArrayView1, Axis};

use super::LinearOperator;

/// `X − 1 meanᵀ`, the matrix `X` with a vector subtracted from each row, without forming it.
///
/// The products subtract after multiplying, so that they lose what cancels: about
/// `‖mean‖ / spread` units of rounding. Centre a copy when the mean is large beside the spread.
#[derive(Clone, Copy, Debug)]
pub struct Centred<'a, T: Scalar, A: ?Sized> {
    matrix: &'a A,
    mean: ArrayView1<'a, T>,
}

impl<'a, T: Scalar, A: LinearOperator<T> + ?Sized> Centred<'a, T, A> {
    /// The operator of `matrix` (m x n) less `mean` (n).
    ///
    /// # Errors
    /// [`Error::Shape`] when `mean` has not n entries.
    pub fn new(matrix: &'a A, mean: &'a ArrayRef1<T>) -> Result<Self, Error> {
        let (expected, found) = (matrix.dimensions().1, mean.len());
        if found != expected {
            let reason = "as many as the matrix has columns";
            return Err(Error::Shape { argument: "mean", extent: "entries", found, expected, reason });
        }
        Ok(Self { matrix, mean: mean.view() })
    }
}

impl<T: Scalar, A: LinearOperator<T> + ?Sized> LinearOperator<T> for Centred<'_, T, A> {
    fn dimensions(&self) -> (usize, usize) {
        self.matrix.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.matrix.apply_into(x, result)?;
        for (mut column, x) in result.columns_mut().into_iter().zip(x.columns()) {
            let shift = x.dot(&self.mean);
            column.mapv_inplace(|entry| entry - shift);
        }
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.matrix.apply_transposed_into(y, result)?;
        let sums = y.sum_axis(Axis(0));
        for (mut column, &sum) in result.columns_mut().into_iter().zip(&sums) {
            column.scaled_add(-sum, &self.mean);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    /// Integers make the products exact: the operator must equal the matrix that it stands for.
    #[test]
    fn centred_products_are_those_of_the_centred_matrix() {
        let matrix = Array2::from_shape_fn((5, 3), |(i, j)| ((i * 5 + j * 7) % 11) as f64);
        let mean = array![1.0, -2.0, 3.0];
        let explicit = &matrix - &mean;
        let centred = Centred::new(&*matrix, &mean).unwrap();
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
        assert!(matches!(
            Centred::new(&*matrix, &mean),
            Err(Error::Shape { argument: "mean", found: 2, .. })
        ));
        assert!(matrix.apply(&matrix).is_err());
    }
}
