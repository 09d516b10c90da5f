//! Complex matrices as results: storage that can be refused, and products through real BLAS.
//!
//! OpenBLAS 0.3.21 reads past the matrix in `zgemv` and `cgemv`, which all of complex LAPACK calls. Complex results
//! are therefore made from real routines, and checked with four real products instead of a complex one.

use ndarray::{Array2, ArrayRef2};
use num_complex::Complex;

use crate::error::Error;
use crate::layout::{checked_area, from_columns, zeros};
use crate::products::{gemm, matmul};
use crate::scalar::Scalar;

/// The complex eigenvectors, column-major, from LAPACK's packed ones: where the eigenvalue's imaginary part is
/// positive, a column and the next are the parts of its vector, and the next eigenvalue's vector is the conjugate.
pub(crate) fn unpack_vectors<T: Scalar>(imaginary: &[T], packed: &[T]) -> Result<Array2<Complex<T>>, Error> {
    let n = imaginary.len();
    let mut data = reserved(n, n)?;
    let mut columns = packed.chunks_exact(n.max(1));
    for &im in imaginary {
        if im == T::zero() {
            let column = columns.next().expect("a column for each eigenvalue");
            data.extend(column.iter().map(|&x| Complex::new(x, T::zero())));
        } else if im > T::zero() {
            let (re, im) = (columns.next(), columns.next());
            let (re, im) = re.zip(im).expect("two columns for conjugate eigenvalues");
            data.extend(re.iter().zip(im).map(|(&x, &y)| Complex::new(x, y)));
            data.extend(re.iter().zip(im).map(|(&x, &y)| Complex::new(x, -y)));
        }
    }
    Ok(from_columns(data, n, n))
}

/// An empty buffer with room for a complex matrix.
fn reserved<T: Scalar>(rows: usize, cols: usize) -> Result<Vec<Complex<T>>, Error> {
    let area = checked_area::<Complex<T>>(rows, cols)?;
    let mut data = Vec::new();
    data.try_reserve_exact(area)
        .map_err(|_| Error::OutOfMemory { bytes: (area * size_of::<Complex<T>>()) as u128 })?;
    Ok(data)
}

/// A column-major matrix of complex zeros.
pub(crate) fn complex_zeros<T: Scalar>(rows: usize, cols: usize) -> Result<Array2<Complex<T>>, Error> {
    let mut data = reserved(rows, cols)?;
    data.resize(rows * cols, Complex::new(T::zero(), T::zero()));
    Ok(from_columns(data, rows, cols))
}

/// A complex matrix as its real and imaginary parts.
pub(crate) struct Parts<T> {
    pub(crate) re: Array2<T>,
    pub(crate) im: Array2<T>,
}

impl<T: Scalar> Parts<T> {
    /// The parts of `a`, scaled.
    pub(crate) fn of(a: &ArrayRef2<Complex<T>>, scale: T) -> Self {
        Self { re: a.mapv(|z| z.re * scale), im: a.mapv(|z| z.im * scale) }
    }

    /// `a` times the matrix, for a real `a`.
    pub(crate) fn multiplied_by(&self, a: &ArrayRef2<T>) -> Result<Self, Error> {
        Ok(Self { re: matmul(a, &self.re)?, im: matmul(a, &self.im)? })
    }

    /// The 1-norm of each column: the sum of its moduli.
    pub(crate) fn column_norms(&self) -> impl Iterator<Item = f64> {
        self.re
            .columns()
            .into_iter()
            .zip(self.im.columns())
            .map(|(re, im)| re.iter().zip(im).map(|(x, y)| x.as_f64().hypot(y.as_f64())).sum())
    }

    /// The conjugate transpose.
    pub(crate) fn adjoint(&self) -> Self {
        Self { re: self.re.t().to_owned(), im: self.im.t().mapv(|x| -x) }
    }

    /// The matrix product.
    pub(crate) fn times(&self, right: &Self) -> Result<Self, Error> {
        let (rows, cols) = (self.re.nrows(), right.re.ncols());
        let (mut re, mut im) = (zeros(rows, cols)?, zeros(rows, cols)?);
        gemm(T::one(), &self.re, &right.re, T::zero(), &mut re)?;
        gemm(-T::one(), &self.im, &right.im, T::one(), &mut re)?;
        gemm(T::one(), &self.re, &right.im, T::zero(), &mut im)?;
        gemm(T::one(), &self.im, &right.re, T::one(), &mut im)?;
        Ok(Self { re, im })
    }

    /// The largest sum of the moduli of a column.
    pub(crate) fn one_norm(&self) -> f64 {
        let mut largest = 0.0;
        for sum in self.column_norms() {
            // A NaN sum must not hide behind a comparison that is always false.
            if sum > largest || sum.is_nan() {
                largest = sum;
            }
        }
        largest
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// `(1 + 2i) (3 + 4i) = −5 + 10i`, and a modulus of 5.
    #[test]
    fn products_and_norms_are_complex() {
        let part = |re: f64, im: f64| Parts { re: array![[re]], im: array![[im]] };
        let product = part(1.0, 2.0).times(&part(3.0, 4.0)).unwrap();
        assert_eq!((product.re[[0, 0]], product.im[[0, 0]]), (-5.0, 10.0));
        let with_adjoint = part(3.0, 4.0).times(&part(3.0, 4.0).adjoint()).unwrap();
        assert_eq!((with_adjoint.re[[0, 0]], with_adjoint.im[[0, 0]]), (25.0, 0.0));
        assert_eq!(part(3.0, 4.0).one_norm(), 5.0);
        assert!(part(f64::NAN, 0.0).one_norm().is_nan());
    }

    #[test]
    fn memory_that_is_not_there_is_an_error() {
        assert!(matches!(complex_zeros::<f64>(1 << 40, 1 << 20), Err(Error::OutOfMemory { .. })));
        assert_eq!(complex_zeros::<f32>(2, 3).unwrap().dim(), (2, 3));
    }
}
