//! The end of the iteration: what is returned is checked against the operator.

use lapwing_lapack::{Error, Scalar, SymmetricEigen, gemm, matmul, zeros};
use ndarray::{Array1, s};

use super::PartialSymmetricEigen;
use super::iteration::Iteration;
use crate::eigen::basis::two_norm;
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
        let (n, k, first) = (self.n, self.k, self.deflated);
        let mut ax = zeros(k, n)?.reversed_axes();
        let mut residuals = zeros(k, n)?.reversed_axes();
        let mut steps = 0;
        loop {
            // Neither is the basis quite orthonormal any more after many restarts.
            let w = self.product.as_slice_mut().unwrap_or_default();
            for index in first..first + k {
                w.copy_from_slice(self.basis.vector(index));
                self.basis.append(index, w);
            }
            let x = self.basis.columns(first..first + k);
            if k > 0 {
                self.operator.apply_into(&x, &mut ax)?;
                self.products += k;
            }
            if first > 0 {
                let deflated = self.basis.columns(0..first);
                let inside = matmul(&deflated.t(), &ax)?;
                gemm(-T::one(), &deflated, &inside, T::one(), &mut ax)?;
            }
            let (values, rotation) = SymmetricEigen::new(&matmul(&x.t(), &ax)?)?.into_factors();
            self.basis.combine(first, &rotation)?;
            self.norm = values.iter().fold(self.norm, |norm, value| norm.max(value.abs()));
            self.locked = values.to_vec();

            gemm(T::one(), &ax, &rotation, T::zero(), &mut residuals)?;
            let x = self.basis.columns(first..first + k);
            for ((mut residual, vector), &value) in
                residuals.columns_mut().into_iter().zip(x.columns()).zip(&values)
            {
                residual.scaled_add(-value, &vector);
            }
            let norms = residuals.columns().into_iter().map(|r| r.as_slice().map_or(T::zero(), two_norm));
            let residual_norms: Array1<T> = norms.collect();
            let limit = T::from_f64(self.tolerance) * self.norm;
            let worst = residual_norms.fold(T::zero(), |worst, &norm| worst.max(norm));
            if worst <= limit || worst > T::from_f64(POLISHABLE) * limit || steps == POLISHING_STEPS {
                ax.assign(&x);
                let Self { norm, iterations, products, history, .. } = self;
                return Ok(PartialSymmetricEigen {
                    values,
                    vectors: ax,
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
