//! Eigenpairs nearest a number σ: those of `(A − σ I)⁻¹` that are largest in magnitude.
//!
//! | matrix            | factorization                                   | cost                      |
//! |-------------------|-------------------------------------------------|---------------------------|
//! | dense, symmetric  | `sytrf_rook`, with pivoting                     | n³/3, and 2n² a solve     |
//! | dense, general    | `getrf`, with pivoting                          | 2n³/3, and 2n² a solve    |
//! | sparse, symmetric | `L D Lᵀ` in an order of [`MinimumDegree`], without pivoting; each solve is checked by its residual, and refined once before where the matrix is indefinite | [`MinimumDegree::multiplications`], and 4 [`entries`](MinimumDegree::entries) a solve |
//!
//! An eigenvalue λ of A is σ + 1/θ for an eigenvalue θ of the inverse, with the same vectors. What lies nearest σ becomes
//! largest and far apart, wherever it lay in the spectrum, and converges in a few dozen solves.

use lapwing_lapack::{Error, Ldlt, Lu, Scalar, norms, require_finite};
use ndarray::{Array2, ArrayRef2};
use sprs::CsMat;

use super::lanczos::invalid;
use super::minimum_degree::MinimumDegree;
use super::sparse_ldlt::SparseLdlt;
use crate::basis::two_norm;
use crate::operator::{LinearOperator, columns, require_product_shape};

/// The operator `(A − σ I)⁻¹`, factored once. The eigenpairs nearest σ are found by
/// [`PartialSymmetricEigenParams::nearest`](crate::PartialSymmetricEigenParams::nearest) and
/// [`PartialGeneralEigenParams::nearest`](crate::PartialGeneralEigenParams::nearest).
///
/// ```
/// use lapwing_iterative::{PartialSymmetricEigen, ShiftInverse};
/// use ndarray::{Array1, Array2};
/// let a = Array2::from_diag(&Array1::from_shape_fn(50, |i| i as f64));
/// let inverse = ShiftInverse::symmetric(&*a, 20.25)?;
/// let eigen = PartialSymmetricEigen::params(3).nearest(&inverse).map_err(|error| error.to_string());
/// let values = eigen.unwrap().values().to_owned();
/// assert!((values - ndarray::array![19.0, 20.0, 21.0]).iter().all(|e| e.abs() < 1e-12));
/// # Ok::<(), lapwing_iterative::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ShiftInverse<'a, T: Scalar, A: ?Sized> {
    a: &'a A,
    shift: T,
    norm: T,
    factor: Factor<T>,
}

#[derive(Clone, Debug)]
enum Factor<T: Scalar> {
    Symmetric(Ldlt<T>),
    General(Lu<T>),
    Sparse(SparseLdlt<T>),
}

impl<'a, T: Scalar> ShiftInverse<'a, T, ArrayRef2<T>> {
    /// Factors a symmetric matrix (n x n), reading its lower triangle only.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`]; [`Error::InvalidParameter`] when the shift is not finite, or an
    /// eigenvalue up to rounding: move it a little; [`Error::OutOfMemory`], [`Error::Overflow`], [`Error::TooLarge`].
    pub fn symmetric(a: &'a ArrayRef2<T>, shift: T) -> Result<Self, Error> {
        let (shifted, norm) = shifted(a, shift)?;
        let factor = Ldlt::new(&shifted)?;
        require_regular(factor.reciprocal_condition()?, shift)?;
        Ok(Self { a, shift, norm, factor: Factor::Symmetric(factor) })
    }

    /// Factors a general matrix (n x n).
    ///
    /// # Errors
    /// As [`ShiftInverse::symmetric`].
    pub fn general(a: &'a ArrayRef2<T>, shift: T) -> Result<Self, Error> {
        let (shifted, norm) = shifted(a, shift)?;
        let factor = Lu::new(&shifted)?;
        let condition = factor.reciprocal_condition(lapwing_lapack::ConditionNorm::One)?;
        require_regular(condition, shift)?;
        Ok(Self { a, shift, norm, factor: Factor::General(factor) })
    }
}

impl<'a, T: Scalar> ShiftInverse<'a, T, CsMat<T>> {
    /// Factors a sparse symmetric matrix, stored in full.
    ///
    /// # Errors
    /// As [`ShiftInverse::symmetric`]; [`Error::InvalidParameter`] for the shift also when a leading minor of the matrix,
    /// in the order in which it is eliminated, is singular.
    pub fn sparse(a: &'a CsMat<T>, shift: T) -> Result<Self, Error> {
        Self::sparse_in_order(a, shift, &MinimumDegree::new(a)?)
    }

    /// As [`sparse`](Self::sparse), in an order that is there because its costs have been asked for.
    ///
    /// # Errors
    /// As [`sparse`](Self::sparse); [`Error::Shape`] when the order is that of a matrix of another size.
    pub fn sparse_in_order(a: &'a CsMat<T>, shift: T, order: &MinimumDegree) -> Result<Self, Error> {
        let (rows, cols) = a.shape();
        if rows != cols {
            return Err(Error::NotSquare { argument: "a", rows, cols });
        }
        if order.order().len() != rows {
            return Err(Error::Shape {
                argument: "order",
                extent: "rows",
                found: order.order().len(),
                expected: rows,
                reason: "the rows of a",
            });
        }
        let bad = a.iter().find(|(entry, _)| !entry.is_finite());
        if let Some((_, (row, col))) = bad {
            return Err(Error::NonFinite { argument: "a", row, col });
        }
        require_finite_shift(shift)?;
        let lanes = a.outer_iterator().map(|lane| lane.iter().map(|(_, entry)| entry.abs()).sum::<T>());
        let norm = lanes.fold(T::zero(), T::max);
        let factor =
            SparseLdlt::new(a, order, shift, norm + shift.abs())?.ok_or_else(|| is_eigenvalue(shift))?;
        Ok(Self { a, shift, norm, factor: Factor::Sparse(factor) })
    }
}

impl<T: Scalar, A: LinearOperator<T> + ?Sized> ShiftInverse<'_, T, A> {
    /// A.
    pub fn operator(&self) -> &A {
        self.a
    }

    /// σ.
    pub fn shift(&self) -> T {
        self.shift
    }

    /// `‖A‖₁`.
    pub fn norm(&self) -> T {
        self.norm
    }

    /// About `‖A − σ I‖ ‖(A − σ I)⁻¹‖`, by a few steps of inverse iteration: solves are right to so many times ε.
    pub(super) fn condition(&self) -> Result<f64, Error> {
        let n = self.dimensions().0;
        let mut x = columns(n, 1)?;
        // Any start will do that is not special; the norm of the inverse need not be known better than to a factor.
        for (i, entry) in x.iter_mut().enumerate() {
            *entry = T::from_f64(1.0 + (1.7 * i as f64).sin());
        }
        let mut norm = T::zero();
        for _ in 0..4 {
            let length = x.as_slice_memory_order().map_or(T::zero(), two_norm);
            if length == T::zero() {
                break;
            }
            x.mapv_inplace(|entry| entry / length);
            x = self.apply(&x)?;
            norm = norm.max(x.as_slice_memory_order().map_or(T::zero(), two_norm));
        }
        Ok(norm.as_f64() * (self.norm + self.shift.abs()).as_f64())
    }

    /// Solves with a sparse factor, refines once where that is not stable by itself, and checks the residual.
    fn solve_sparse(
        &self,
        factor: &SparseLdlt<T>,
        x: &ArrayRef2<T>,
        result: &mut ArrayRef2<T>,
    ) -> Result<(), Error> {
        let n = x.nrows();
        let mut solution = columns(n, x.ncols())?;
        solution.assign(x);
        let mut work = vec![T::zero(); n];
        for mut column in solution.columns_mut() {
            if let Some(column) = column.as_slice_mut() {
                factor.solve(column, &mut work);
            }
        }
        let mut residual = columns(n, x.ncols())?;
        // Backward error: that of a stable solve is a small multiple of ε.
        let acceptable = T::epsilon().sqrt();
        for refined in [false, true].into_iter().skip(usize::from(factor.is_definite())) {
            self.a.apply_into(&solution, &mut residual)?;
            ndarray::azip!((r in &mut *residual, &s in &*solution, &x in x) *r = x - (*r - self.shift * s));
            for (mut residual, mut solution) in residual.columns_mut().into_iter().zip(solution.columns_mut())
            {
                let (Some(residual), Some(solution)) = (residual.as_slice_mut(), solution.as_slice_mut())
                else {
                    continue;
                };
                if !refined {
                    factor.solve(residual, &mut work);
                    solution.iter_mut().zip(&*residual).for_each(|(s, &r)| *s += r);
                } else {
                    let scale = (self.norm + self.shift.abs()) * two_norm(solution);
                    let size = two_norm(residual);
                    if size > acceptable * scale || !size.is_finite() {
                        let reason = format!(
                            "the residual of a solve is {:.1e}; move the shift, or use a dense matrix, which is factored \
                             with pivoting",
                            (size / scale).as_f64()
                        );
                        return Err(Error::DoesNotExist {
                            what: "a stable factorization without pivoting",
                            reason,
                        });
                    }
                }
            }
        }
        result.assign(&solution);
        Ok(())
    }
}

impl<T: Scalar, A: LinearOperator<T> + ?Sized> LinearOperator<T> for ShiftInverse<'_, T, A> {
    fn dimensions(&self) -> (usize, usize) {
        self.a.dimensions()
    }

    fn apply_into(&self, x: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        require_product_shape(self.dimensions(), x, result)?;
        match &self.factor {
            Factor::Symmetric(factor) => result.assign(&factor.solve(x)?),
            Factor::General(factor) => result.assign(&factor.solve(x)?),
            Factor::Sparse(factor) => self.solve_sparse(factor, x, result)?,
        }
        Ok(())
    }

    fn apply_transposed_into(&self, y: &ArrayRef2<T>, result: &mut ArrayRef2<T>) -> Result<(), Error> {
        match &self.factor {
            Factor::General(factor) => {
                require_product_shape(self.dimensions(), y, result)?;
                result.assign(&factor.solve_transposed(y)?);
                Ok(())
            }
            _ => self.apply_into(y, result),
        }
    }
}

/// `a − shift I`, and the 1-norm of `a`.
fn shifted<T: Scalar>(a: &ArrayRef2<T>, shift: T) -> Result<(Array2<T>, T), Error> {
    let (rows, cols) = a.dim();
    if rows != cols {
        return Err(Error::NotSquare { argument: "a", rows, cols });
    }
    require_finite("a", a)?;
    require_finite_shift(shift)?;
    let norm = norms::norm(a, norms::Norm::One)?;
    let mut shifted = columns(rows, cols)?;
    shifted.assign(a);
    shifted.diag_mut().mapv_inplace(|entry| entry - shift);
    Ok((shifted, norm))
}

fn require_finite_shift<T: Scalar>(shift: T) -> Result<(), Error> {
    if shift.is_finite() { Ok(()) } else { Err(invalid("shift", shift, "finite".to_owned())) }
}

fn require_regular<T: Scalar>(reciprocal_condition: T, shift: T) -> Result<(), Error> {
    if reciprocal_condition > T::epsilon() { Ok(()) } else { Err(is_eigenvalue(shift)) }
}

fn is_eigenvalue<T: Scalar>(shift: T) -> Error {
    let requirement = "distinct from the eigenvalues by more than rounding; move it a little".to_owned();
    invalid("shift", shift, requirement)
}
