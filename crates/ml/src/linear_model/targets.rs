//! One target or several: a vector or a matrix.

use lapwing_lapack::{RightHandSide, Scalar};
use ndarray::{Array2, ArrayRef1, ArrayView, ArrayView1, Ix1, Ix2};

/// The dimension of the targets of a regression: [`Ix1`](type@Ix1) for one, [`Ix2`](type@Ix2) for a matrix with one target
/// per column. What a model says of them has the same. Sealed.
pub trait Targets: RightHandSide {
    /// The intercept of a model: a number for one target, a vector with an entry for each of several.
    type Intercept<'a, T: Scalar>;
    #[doc(hidden)]
    fn intercept<T: Scalar>(intercept: &ArrayRef1<T>) -> Self::Intercept<'_, T>;
    #[doc(hidden)]
    fn coefficients<T>(coefficients: &Array2<T>) -> ArrayView<'_, T, Self>;
    /// Whether a model of so many targets can speak of them in this dimension.
    #[doc(hidden)]
    fn holds(count: usize) -> bool;
}

impl Targets for Ix1 {
    type Intercept<'a, T: Scalar> = T;

    fn intercept<T: Scalar>(intercept: &ArrayRef1<T>) -> T {
        intercept[0]
    }

    fn coefficients<T>(coefficients: &Array2<T>) -> ArrayView1<'_, T> {
        coefficients.row(0)
    }

    fn holds(count: usize) -> bool {
        count == 1
    }
}

impl Targets for Ix2 {
    type Intercept<'a, T: Scalar> = ArrayView1<'a, T>;

    fn intercept<T: Scalar>(intercept: &ArrayRef1<T>) -> ArrayView1<'_, T> {
        intercept.view()
    }

    fn coefficients<T>(coefficients: &Array2<T>) -> ArrayView<'_, T, Ix2> {
        coefficients.view()
    }

    fn holds(_: usize) -> bool {
        true
    }
}
