//! Closures as operators.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef2;

use super::{LinearOperator, require_product_shape};

/// An operator whose products are computed by functions: each replaces its second argument (m x k) by the product with
/// its first (n x k).
///
/// ```
/// use lapwing_iterative::{FunctionOperator, LinearOperator};
/// use ndarray::{Array2, ArrayRef2, array, s};
/// // Differences of neighbours, 3 x 4, and their transpose.
/// let differences = FunctionOperator::new(
///     (3, 4),
///     |x: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
///         result.assign(&(&x.slice(s![1.., ..]) - &x.slice(s![..-1, ..])));
///         Ok(())
///     },
///     |y: &ArrayRef2<f64>, result: &mut ArrayRef2<f64>| {
///         result.fill(0.0);
///         result.slice_mut(s![1.., ..]).scaled_add(1.0, y);
///         result.slice_mut(s![..-1, ..]).scaled_add(-1.0, y);
///         Ok(())
///     },
/// );
/// assert_eq!(differences.apply(&array![[1.0], [4.0], [9.0], [16.0]])?, array![[3.0], [5.0], [7.0]]);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FunctionOperator<F, G> {
    dimensions: (usize, usize),
    forward: F,
    backward: G,
}

impl<F, G> FunctionOperator<F, G> {
    /// An operator of m rows and n columns, from functions for `A x` and for `Aᵀ y`.
    pub fn new<T: Scalar>(dimensions: (usize, usize), forward: F, backward: G) -> Self
    where
        F: Fn(&ArrayRef2<T>, &mut ArrayRef2<T>) -> Result<(), Error>,
        G: Fn(&ArrayRef2<T>, &mut ArrayRef2<T>) -> Result<(), Error>,
    {
        Self { dimensions, forward, backward }
    }
}

impl<F: Clone> FunctionOperator<F, F> {
    /// A symmetric operator of this order, from one function.
    pub fn symmetric<T: Scalar>(order: usize, product: F) -> Self
    where
        F: Fn(&ArrayRef2<T>, &mut ArrayRef2<T>) -> Result<(), Error>,
    {
        Self { dimensions: (order, order), forward: product.clone(), backward: product }
    }
}

impl<T, F, G> LinearOperator<T> for FunctionOperator<F, G>
where
    T: Scalar,
    F: Fn(&ArrayRef2<T>, &mut ArrayRef2<T>) -> Result<(), Error>,
    G: Fn(&ArrayRef2<T>, &mut ArrayRef2<T>) -> Result<(), Error>,
{
    fn dimensions(&self) -> (usize, usize) {
        self.dimensions
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        require_product_shape(self.dimensions, x, result)?;
        (self.forward)(x, result)
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        let (rows, cols) = self.dimensions;
        require_product_shape((cols, rows), y, result)?;
        (self.backward)(y, result)
    }
}
