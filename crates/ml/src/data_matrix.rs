//! Data matrices, dense or sparse, as far as an estimator needs them: products, and the moments of their columns.

use std::ops::Deref;

use lapwing_iterative::LinearOperator;
use lapwing_iterative::sprs::{CsMatBase, SpIndex};
use lapwing_lapack::{Scalar, kernel, matmul, require_finite, zeros};
use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, Axis};

use crate::error::Error;
use crate::moments::{Diagonal, Moments, variance_overflows};
use crate::row_blocks::map_centred;

/// The mean and the variance of each column of a data matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMoments {
    /// One entry per column.
    pub mean: Array1<f64>,
    /// One entry per column, with the number of rows in the denominator.
    pub variance: Array1<f64>,
}

/// A matrix of samples in rows and features in columns: an [`ArrayRef2`], to which arrays and views dereference, or
/// a CSR or CSC matrix of [`sprs`](lapwing_iterative::sprs).
///
/// Products come from [`LinearOperator`]; a method that must not centre a copy centres them instead, and so needs to know
/// the columns' means without one.
pub trait DataMatrix<T: Scalar>: LinearOperator<T> {
    /// The mean and the variance of each column, for at least one row.
    ///
    /// # Errors
    /// As [`require_finite_entries`](Self::require_finite_entries); [`Error::TooFewSamples`] for no rows;
    /// [`Error::Lapack`] with `Overflow` when a variance is out of range.
    fn column_moments(&self, argument: &'static str) -> Result<ColumnMoments, Error>;

    /// That no entry is NaN or infinite. `argument` is the name of the matrix in the error.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `NonFinite`.
    fn require_finite_entries(&self, argument: &'static str) -> Result<(), Error>;

    /// `(X − 1 meanᵀ) factor`, for a `mean` with an entry per column.
    ///
    /// The mean is subtracted from the product, which loses what it exceeds the spread by; a dense matrix subtracts it from
    /// its rows, in double precision.
    ///
    /// # Errors
    /// [`Error::Lapack`] with `Shape`, `OutOfMemory`, or what a product by the caller's own operator ends in.
    fn centred_product(&self, mean: &ArrayRef1<f64>, factor: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let mut product = self.apply(factor)?;
        let shift = matmul(&mean.view().insert_axis(Axis(0)), &factor.mapv(T::as_f64))?;
        for (mut column, shift) in product.columns_mut().into_iter().zip(&shift) {
            column.mapv_inplace(|entry| T::from_f64(entry.as_f64() - shift));
        }
        Ok(product)
    }
}

impl<T: Scalar> DataMatrix<T> for ArrayRef2<T> {
    fn column_moments(&self, argument: &'static str) -> Result<ColumnMoments, Error> {
        require_rows(argument, self.nrows())?;
        let moments = Moments::<Diagonal>::of_rows(argument, self)?;
        Ok(ColumnMoments { mean: moments.mean, variance: moments.scatter.0 / moments.count as f64 })
    }

    fn require_finite_entries(&self, argument: &'static str) -> Result<(), Error> {
        Ok(require_finite(argument, self)?)
    }

    fn centred_product(&self, mean: &ArrayRef1<f64>, factor: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        let mut product = zeros(self.nrows(), factor.ncols())?;
        map_centred(self, mean, &mut product, |block, mut rows| {
            Ok(kernel::gemm(T::one(), block, factor, T::zero(), &mut rows)?)
        })?;
        Ok(product)
    }
}

impl<T, I, Pointers, Indices, Data, Pointer> DataMatrix<T>
    for CsMatBase<T, I, Pointers, Indices, Data, Pointer>
where
    T: Scalar,
    I: SpIndex,
    Pointer: SpIndex,
    Pointers: Deref<Target = [Pointer]>,
    Indices: Deref<Target = [I]>,
    Data: Deref<Target = [T]>,
{
    /// From the stored entries alone: an entry that is not stored deviates from the mean by the mean.
    fn column_moments(&self, argument: &'static str) -> Result<ColumnMoments, Error> {
        self.require_finite_entries(argument)?;
        let (rows, cols) = self.shape();
        require_rows(argument, rows)?;
        let mut mean = Array1::<f64>::zeros(cols);
        let mut stored = vec![0usize; cols];
        for (value, (_, col)) in self.iter() {
            // Divided first, so that a sum of large values does not overflow.
            mean[col.index()] += value.as_f64() / rows as f64;
            stored[col.index()] += 1;
        }
        let absent = mean.iter().zip(&stored).map(|(mean, &stored)| (rows - stored) as f64 * mean * mean);
        let mut variance: Array1<f64> = absent.collect();
        for (value, (_, col)) in self.iter() {
            let deviation = value.as_f64() - mean[col.index()];
            variance[col.index()] += deviation * deviation;
        }
        variance /= rows as f64;
        if variance.iter().all(|variance| variance.is_finite()) {
            Ok(ColumnMoments { mean, variance })
        } else {
            Err(variance_overflows())
        }
    }

    fn require_finite_entries(&self, argument: &'static str) -> Result<(), Error> {
        match self.iter().find(|(value, _)| !value.is_finite()) {
            None => Ok(()),
            Some((_, (row, col))) => {
                let (row, col) = (row.index(), col.index());
                Err(lapwing_lapack::Error::NonFinite { argument, row, col }.into())
            }
        }
    }
}

fn require_rows(argument: &'static str, found: usize) -> Result<(), Error> {
    if found > 0 {
        return Ok(());
    }
    Err(Error::TooFewSamples { argument, method: "a mean", found, least: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lapwing_iterative::sprs::{CsMat, TriMat};

    /// A sum of n squares holds to n roundings, and the offset of a column without zeros adds none.
    #[test]
    fn sparse_moments_are_those_of_the_dense_matrix() {
        let dense = Array2::from_shape_fn((200, 6), |(i, j)| match (j, (i * 7 + j * 3) % 5) {
            (5, remainder) => 1e6 + remainder as f64,
            (_, 0) => (i % 11) as f64 - 4.0,
            _ => 0.0,
        });
        let mut triplets = TriMat::new(dense.dim());
        for ((i, j), &value) in dense.indexed_iter().filter(|(_, value)| **value != 0.0) {
            triplets.add_triplet(i, j, value);
        }
        let expected = dense.column_moments("x").unwrap();
        let (csr, csc): (CsMat<f64>, CsMat<f64>) = (triplets.to_csr(), triplets.to_csc());
        for found in [csr.column_moments("x").unwrap(), csc.column_moments("x").unwrap()] {
            for (found, expected) in found.mean.iter().zip(&expected.mean) {
                assert!((found - expected).abs() <= 200.0 * f64::EPSILON * expected.abs().max(1.0));
            }
            for (j, (found, expected)) in found.variance.iter().zip(&expected.variance).enumerate() {
                // The mean of a column at 1e6 is rounded to 200 units of 1e-10, whose squares do not count.
                assert!((found - expected).abs() <= 400.0 * f64::EPSILON * expected, "{j}");
            }
        }
    }

    #[test]
    fn bad_entries_are_located_and_large_ones_reported() {
        let sparse = |value: f64| CsMat::new((3, 2), vec![0, 0, 1, 2], vec![1, 0], vec![value, -1.0]);
        let expected = lapwing_lapack::Error::NonFinite { argument: "x", row: 1, col: 1 };
        assert_eq!(sparse(f64::NAN).column_moments("x"), Err(expected.into()));
        assert!(matches!(
            sparse(1e300).column_moments("x"),
            Err(Error::Lapack(lapwing_lapack::Error::Overflow { .. }))
        ));
        let none = CsMat::<f32>::zero((0, 2));
        assert!(matches!(none.column_moments("x"), Err(Error::TooFewSamples { found: 0, .. })));
    }
}
