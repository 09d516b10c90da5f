//! The diagonal as a preconditioner.

use std::ops::Deref;

use lapwing_lapack::{Error, Scalar};
use ndarray::{ArrayRef2, Axis};
use sprs::{CsMatBase, SpIndex};

use super::splitting::{order, reciprocals};
use crate::linear_systems::vectors::fused;
use crate::operator::{LinearOperator, require_product_shape};

/// `D⁻¹`, with the diagonal D of a matrix. It undoes a bad scaling of the unknowns, and costs next to nothing.
///
/// ```
/// use lapwing_iterative::{LinearOperator, preconditioners::Jacobi, sprs::CsMat};
/// use ndarray::array;
/// let a = CsMat::new((2, 2), vec![0, 2, 3], vec![0, 1, 1], vec![2.0, 7.0, 4.0]);
/// assert_eq!(Jacobi::new(&a)?.apply(&array![[1.0], [1.0]])?, array![[0.5], [0.25]]);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Jacobi<T> {
    inverse: Vec<T>,
}

impl<T: Scalar> Jacobi<T> {
    /// From the diagonal of `a` (n x n).
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] when an entry of the diagonal is 0, with its row; [`Error::NonFinite`] on the diagonal;
    /// [`Error::NotSquare`]; [`Error::InvalidParameter`] when n exceeds 32 bits.
    pub fn new<I, Pointers, Indices, Data, Pointer>(
        a: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
    ) -> Result<Self, Error>
    where
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        let mut diagonal = vec![T::zero(); order(a)?];
        for (i, lane) in a.outer_iterator().enumerate() {
            if let Some(&entry) = lane.get(i) {
                if !entry.is_finite() {
                    return Err(Error::NonFinite { argument: "a", row: i, col: i });
                }
                diagonal[i] = entry;
            }
        }
        Ok(Self { inverse: reciprocals("the Jacobi preconditioner", &diagonal)? })
    }
}

impl<T: Scalar> LinearOperator<T> for Jacobi<T> {
    fn dimensions(&self) -> (usize, usize) {
        (self.inverse.len(), self.inverse.len())
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        require_product_shape(self.dimensions(), x, result)?;
        for (x, mut result) in x.axis_iter(Axis(1)).zip(result.axis_iter_mut(Axis(1))) {
            match (x.as_slice(), result.as_slice_mut()) {
                (Some(x), Some(result)) => {
                    fused([result], [&self.inverse, x], |[result], [inverse, x]| {
                        let factors = inverse.iter().zip(x);
                        result
                            .iter_mut()
                            .zip(factors)
                            .for_each(|(result, (&inverse, &x))| *result = inverse * x);
                        0.0
                    });
                }
                _ => {
                    let factors = self.inverse.iter().zip(&x);
                    result.iter_mut().zip(factors).for_each(|(result, (&inverse, &x))| *result = inverse * x);
                }
            }
        }
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        self.apply_into(y, result)
    }
}
