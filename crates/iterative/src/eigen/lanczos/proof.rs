//! The end of the iteration: what is returned is checked against the operator.

use lapwing_lapack::{Error, Scalar, SymmetricEigen, gemm, matmul};
use ndarray::{Array1, Axis, s};

use super::PartialSymmetricEigen;
use super::iteration::Iteration;
use crate::basis::two_norm;
use crate::operator::LinearOperator;

/// Residuals that are too large by more than this factor are not those of rounding errors.
const POLISHABLE: f64 = 1000.0;
const POLISHING_STEPS: usize = 2;

impl<T: Scalar, A: LinearOperator<T> + ?Sized> Iteration<'_, '_, T, A> {
    /// The locked vectors once more rotated to eigenvectors, with their residuals.
    ///
    /// The rounding errors of every restart add up in vectors that converge late. Those in whose residuals they show
    /// are replaced by what a single filling of the basis makes of them.
    pub(super) fn proved(mut self) -> Result<PartialSymmetricEigen<T>, Error> {
        let (k, first) = (self.k, self.deflated);
        let mut steps = 0;
        loop {
            // Neither is the basis quite orthonormal any more after many restarts.
            let w = self.product.as_slice_mut().unwrap_or_default();
            for index in first..first + k {
                w.copy_from_slice(self.basis.vector(index));
                self.basis.append(index, w);
            }
            // Products take the place of the Krylov space, which has done its work.
            let [fixed, mut ax] = self.basis.split_columns(first + k, k);
            let (deflated, x) = fixed.view().split_at(Axis(1), first);
            // One by one, as an operator may pack a block, which would then be the peak of the memory.
            for (x, mut ax) in x.axis_chunks_iter(Axis(1), 1).zip(ax.axis_chunks_iter_mut(Axis(1), 1)) {
                self.operator.apply_into(&x, &mut ax)?;
                self.products += 1;
            }
            if first > 0 {
                let inside = matmul(&deflated.t(), &ax)?;
                gemm(-T::one(), &deflated, &inside, T::one(), &mut ax)?;
            }
            let (values, rotation) = SymmetricEigen::new(&matmul(&x.t(), &ax)?)?.into_factors();
            self.basis.combine(first, &rotation)?;
            self.basis.combine(first + k, &rotation)?;
            self.norm = values.iter().fold(self.norm, |norm, value| norm.max(value.abs()));
            self.locked = values.to_vec();

            let w = self.product.as_slice_mut().unwrap_or_default();
            let residual_norms = Array1::from_shape_fn(k, |index| {
                w.copy_from_slice(self.basis.vector(first + k + index));
                self.basis.subtract(first + index, &[values[index]], w);
                two_norm(w)
            });
            let limit = T::from_f64(self.tolerance) * self.norm;
            let worst = residual_norms.fold(T::zero(), |worst, &norm| worst.max(norm));
            if worst <= limit || worst > T::from_f64(POLISHABLE) * limit || steps == POLISHING_STEPS {
                let Self { basis, norm, iterations, products, history, .. } = self;
                return Ok(PartialSymmetricEigen {
                    values,
                    vectors: basis.into_columns(first..first + k)?,
                    residual_norms,
                    norm,
                    iterations,
                    products,
                    history,
                });
            }
            steps += 1;
            for index in (0..k).rev().filter(|&index| residual_norms[index] > limit) {
                self.polish(index)?;
            }
        }
    }

    /// Starts from a locked vector in the orthogonal complement of the others, and locks the Ritz vector that is nearest.
    fn polish(&mut self, index: usize) -> Result<(), Error> {
        let last = self.locked.len() - 1;
        self.basis.swap(self.deflated + index, self.deflated + last);
        self.locked.swap_remove(index);
        let ritz = self.expand(0)?;
        let mut nearest = 0;
        for (candidate, overlap) in ritz.vectors.row(0).iter().enumerate() {
            if overlap.abs() > ritz.vectors[[0, nearest]].abs() {
                nearest = candidate;
            }
        }
        self.basis.combine(self.fixed(), &ritz.vectors.slice(s![.., nearest..nearest + 1]))?;
        self.locked.push(ritz.values[nearest]);
        Ok(())
    }
}
