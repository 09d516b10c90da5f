//! Incomplete LU factorization without fill: ILU(0).

use std::ops::Deref;

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef2;
use sprs::{CsMatBase, SpIndex};

use super::splitting::{Rows, Splitting, reciprocals, solve_columns};
use crate::operator::LinearOperator;

/// The inverse of `L U`, whose factors have the pattern of a matrix and agree with it there. For GMRES and BiCGSTAB.
///
/// Meijerink and van der Vorst, Math. Comp. 31 (1977): it exists for M-matrices, such as those of diffusion and upwind
/// convection. There is no pivoting.
///
/// ```
/// use lapwing_iterative::{LinearOperator, preconditioners::IncompleteLu, sprs::CsMat};
/// use ndarray::array;
/// // A tridiagonal matrix has no fill: this is its inverse.
/// let a = CsMat::new((2, 2), vec![0, 2, 4], vec![0, 1, 0, 1], vec![2.0, 1.0, 4.0, 4.0]);
/// assert_eq!(IncompleteLu::new(&a)?.apply(&array![[3.0], [8.0]])?, array![[1.0], [1.0]]);
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[doc(alias = "ILU")]
#[derive(Clone, Debug)]
pub struct IncompleteLu<T> {
    /// The strictly lower triangle of L, whose diagonal is 1.
    lower: Rows<T>,
    upper: Rows<T>,
    /// The reciprocals of the diagonal of U.
    inverse: Vec<T>,
    ones: Vec<T>,
}

impl<T: Scalar> IncompleteLu<T> {
    /// Factors `a` (n x n).
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] when a pivot is 0, with its row; [`Error::Overflow`]; [`Error::NonFinite`];
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
        let Splitting { mut lower, mut diagonal, mut upper } = Splitting::of(a)?;
        let n = diagonal.len();
        // The row under elimination, spread out, and where it has entries.
        let (mut row, mut present) = (vec![T::zero(); n], vec![false; n]);
        for i in 0..n {
            for (j, entry) in lower.row(i).chain(upper.row(i)) {
                (row[j], present[j]) = (entry, true);
            }
            let mut pivot = diagonal[i];
            let (columns, factors) = lower.row_mut(i);
            for (&k, factor) in columns.iter().zip(factors) {
                let k = k as usize;
                *factor = row[k] / diagonal[k];
                for (j, entry) in upper.row(k) {
                    if j == i {
                        pivot -= *factor * entry;
                    } else if present[j] {
                        row[j] -= *factor * entry;
                    }
                }
                present[k] = false;
            }
            let (columns, entries) = upper.row_mut(i);
            for (&j, entry) in columns.iter().zip(entries) {
                (*entry, present[j as usize]) = (row[j as usize], false);
            }
            diagonal[i] = pivot;
            if pivot == T::zero() {
                let reason = format!(
                    "its pivot in row {i} is 0; reorder the rows so that the diagonal is large, or add to it"
                );
                return Err(Error::DoesNotExist { what: "the incomplete LU factorization", reason });
            }
        }
        let entries = lower.entries().iter().chain(upper.entries()).chain(&diagonal);
        if !entries.into_iter().all(|entry| entry.is_finite()) {
            return Err(Error::Overflow { routine: "incomplete LU factorization", scalar: T::NAME });
        }
        let inverse = reciprocals("the incomplete LU factorization", &diagonal)?;
        Ok(Self { lower, upper, inverse, ones: vec![T::one(); n] })
    }
}

impl<T: Scalar> LinearOperator<T> for IncompleteLu<T> {
    fn dimensions(&self) -> (usize, usize) {
        (self.inverse.len(), self.inverse.len())
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        solve_columns(self.inverse.len(), x, result, |x| {
            self.lower.solve_lower(&self.ones, x);
            self.upper.solve_upper(&self.inverse, x);
        })
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        solve_columns(self.inverse.len(), y, result, |y| {
            self.upper.solve_upper_transposed(&self.inverse, y);
            self.lower.solve_lower_transposed(&self.ones, y);
        })
    }
}
