//! One right-hand side or many: a vector or a matrix.

use ndarray::{Array, Array2, ArrayRef, ArrayView2, Axis, Dimension, Ix1, Ix2};

/// The dimension of a right-hand side: [`Ix1`](type@Ix1) for a vector, [`Ix2`](type@Ix2) for a matrix with one right-hand
/// side per column. The solution has the same. Sealed.
pub trait RightHandSide: Dimension + private::Sealed {
    #[doc(hidden)]
    fn as_columns<T>(b: &ArrayRef<T, Self>) -> ArrayView2<'_, T>;
    #[doc(hidden)]
    fn from_columns<T: Clone>(x: Array2<T>) -> Array<T, Self>;
}

impl RightHandSide for Ix1 {
    fn as_columns<T>(b: &ArrayRef<T, Ix1>) -> ArrayView2<'_, T> {
        b.view().insert_axis(Axis(1))
    }

    fn from_columns<T: Clone>(x: Array2<T>) -> Array<T, Ix1> {
        x.index_axis_move(Axis(1), 0)
    }
}

impl RightHandSide for Ix2 {
    fn as_columns<T>(b: &ArrayRef<T, Ix2>) -> ArrayView2<'_, T> {
        b.view()
    }

    fn from_columns<T: Clone>(x: Array2<T>) -> Array<T, Ix2> {
        x
    }
}

mod private {
    use ndarray::{Ix1, Ix2};

    pub trait Sealed {}
    impl Sealed for Ix1 {}
    impl Sealed for Ix2 {}
}
