//! Linear operators: a matrix as what it does to blocks of vectors.

mod centred;
mod combined;
mod function;

use lapwing_lapack::{Error, Scalar, gemm, require_finite, zeros};
use ndarray::{Array2, ArrayRef2};

pub use centred::Centred;
pub use combined::{Composed, Shifted, Sum, Transposed};
pub use function::FunctionOperator;

/// A linear map of m rows and n columns, known by its products with blocks of k vectors.
pub trait LinearOperator<T: Scalar> {
    /// `(m, n)`: products take vectors of n entries and return vectors of m.
    fn dimensions(&self) -> (usize, usize);

    /// Replaces `result` (m x k) by `A x`, for `x` (n x k).
    ///
    /// # Errors
    /// [`Error::Shape`] when `x` has not n rows, or `result` not m rows and as many columns as `x`;
    /// [`Error::OutOfMemory`].
    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error>;

    /// Replaces `result` (n x k) by `Aᵀ y`, for `y` (m x k).
    ///
    /// # Errors
    /// As [`apply_into`](Self::apply_into), with m and n exchanged.
    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error>;

    /// `A x` (m x k) for `x` (n x k), in column-major order.
    ///
    /// # Errors
    /// As [`apply_into`](Self::apply_into).
    fn apply(&self, x: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let mut result = columns(self.dimensions().0, x.ncols())?;
        self.apply_into(x, &mut result)?;
        Ok(result)
    }

    /// `Aᵀ y` (n x k) for `y` (m x k), in column-major order.
    ///
    /// # Errors
    /// As [`apply_transposed_into`](Self::apply_transposed_into).
    fn apply_transposed(&self, y: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let mut result = columns(self.dimensions().1, y.ncols())?;
        self.apply_transposed_into(y, &mut result)?;
        Ok(result)
    }
}

impl<T: Scalar, A: LinearOperator<T> + ?Sized> LinearOperator<T> for &A {
    fn dimensions(&self) -> (usize, usize) {
        (**self).dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        (**self).apply_into(x, result)
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        (**self).apply_transposed_into(y, result)
    }
}

impl<T: Scalar> LinearOperator<T> for ArrayRef2<T> {
    fn dimensions(&self) -> (usize, usize) {
        self.dim()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        gemm(T::one(), self, x, T::zero(), result)
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        gemm(T::one(), &self.t(), y, T::zero(), result)
    }
}

/// A block of `count` vectors of zeros, column-major: what is done next with a block is to orthonormalize it.
pub(crate) fn columns<T: Scalar>(length: usize, count: usize) -> Result<Array2<T>, Error> {
    Ok(zeros(count, length)?.reversed_axes())
}

/// That a product `result = A x` of an operator of these dimensions fits.
pub(crate) fn require_product_shape<T>(
    (rows, cols): (usize, usize),
    x: &ArrayRef2<T>,
    result: &ArrayRef2<T>,
) -> Result<(), Error> {
    let shape = |argument, extent, found, expected, reason| {
        if found == expected {
            Ok(())
        } else {
            Err(Error::Shape { argument, extent, found, expected, reason })
        }
    };
    shape("x", "rows", x.nrows(), cols, "as many as the operator has columns")?;
    shape("result", "rows", result.nrows(), rows, "as many as the operator has rows")?;
    shape("result", "columns", result.ncols(), x.ncols(), "as many as x")
}

/// [`Error::Overflow`] where a product of an operator is not finite: because it overflows, or because the operator holds
/// NaN or an infinity.
pub(crate) fn require_finite_product<T: Scalar>(product: &ArrayRef2<T>) -> Result<(), Error> {
    let overflow = |_| Error::Overflow { routine: "the product with the operator", scalar: T::NAME };
    require_finite("the product with the operator", product).map_err(overflow)
}
