//! Symmetric successive overrelaxation as a preconditioner.

use std::ops::Deref;

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef2;
use sprs::{CsMatBase, SpIndex};

use super::splitting::{Splitting, solve_columns};
use crate::operator::LinearOperator;

/// One sweep of successive overrelaxation forward and one backward, beginning at 0: the inverse of
/// `(D/ω + L) D⁻¹ (D/ω + U) ω / (2 − ω)` for `A = L + D + U`.
///
/// It needs no factorization and cannot fail once the diagonal has no zeros. With ω = 1, the symmetric Gauss-Seidel
/// method; on a grid of step h, ω near `2 / (1 + sin πh)` makes iterations grow like the square root of the grid's extent.
///
/// ```
/// use lapwing_iterative::{LinearOperator, preconditioners::SymmetricSuccessiveOverrelaxation, sprs::CsMat};
/// use ndarray::array;
/// let a = CsMat::new((2, 2), vec![0, 2, 4], vec![0, 1, 0, 1], vec![2.0, 1.0, 1.0, 2.0]);
/// let gauss_seidel = SymmetricSuccessiveOverrelaxation::new(&a, 1.0)?;
/// assert_eq!(gauss_seidel.apply(&array![[2.0], [1.0]])?, array![[1.0], [0.0]]);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[doc(alias = "SSOR")]
#[derive(Clone, Debug)]
pub struct SymmetricSuccessiveOverrelaxation<T> {
    splitting: Splitting<T>,
    /// The reciprocals of D/ω.
    inverse: Vec<T>,
    /// `(2 − ω) / ω`.
    factor: T,
}

impl<T: Scalar> SymmetricSuccessiveOverrelaxation<T> {
    /// From `a` (n x n), with the relaxation parameter `omega`.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] when `omega` is not between 0 and 2, or n exceeds 32 bits; [`Error::DoesNotExist`] when
    /// an entry of the diagonal is 0, with its row; [`Error::NonFinite`]; [`Error::NotSquare`].
    pub fn new<I, Pointers, Indices, Data, Pointer>(
        a: &CsMatBase<T, I, Pointers, Indices, Data, Pointer>,
        omega: f64,
    ) -> Result<Self, Error>
    where
        I: SpIndex,
        Pointer: SpIndex,
        Pointers: Deref<Target = [Pointer]>,
        Indices: Deref<Target = [I]>,
        Data: Deref<Target = [T]>,
    {
        if !(omega > 0.0 && omega < 2.0) {
            let requirement = "more than 0 and less than 2".to_owned();
            return Err(Error::InvalidParameter {
                parameter: "omega",
                value: omega.to_string(),
                requirement,
            });
        }
        let splitting = Splitting::of(a)?;
        let mut inverse = splitting.inverse_diagonal("symmetric successive overrelaxation")?;
        inverse.iter_mut().for_each(|entry| *entry *= T::from_f64(omega));
        Ok(Self { splitting, inverse, factor: T::from_f64((2.0 - omega) / omega) })
    }

    fn between(&self, x: &mut [T]) {
        let diagonal = &self.splitting.diagonal;
        x.iter_mut().zip(diagonal).for_each(|(x, &entry)| *x *= entry * self.factor);
    }
}

impl<T: Scalar> LinearOperator<T> for SymmetricSuccessiveOverrelaxation<T> {
    fn dimensions(&self) -> (usize, usize) {
        (self.inverse.len(), self.inverse.len())
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        solve_columns(self.inverse.len(), x, result, |x| {
            self.splitting.lower.solve_lower(&self.inverse, x);
            self.between(x);
            self.splitting.upper.solve_upper(&self.inverse, x);
        })
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        solve_columns(self.inverse.len(), y, result, |y| {
            self.splitting.upper.solve_upper_transposed(&self.inverse, y);
            self.between(y);
            self.splitting.lower.solve_lower_transposed(&self.inverse, y);
        })
    }
}
