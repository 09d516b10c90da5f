//! Complex Schur form `A = Q T Qᴴ` of a real matrix: unitary Q, triangular T.
//!
//! | step                        | f32     | f64     | cost        |
//! |-----------------------------|---------|---------|-------------|
//! | real Schur form             | `sgees` | `dgees` | ≈ 25n³      |
//! | rotations, one per 2 x 2 block | none | none    | ≤ 18n²      |
//!
//! The form for algorithms that walk a triangle, such as matrix functions: no blocks to treat apart. The real form is
//! computed first and its blocks are made triangular by rotations, as SciPy's `rsf2csf` does, for three reasons:
//! complex arithmetic would cost four times as much, conjugate eigenvalues come out as exact conjugates, and the
//! complex LAPACK is built on `zgemv` and `cgemv`, which read past the matrix in OpenBLAS 0.3.21.

use ndarray::{Array2, ArrayRef2, ArrayView1, ArrayView2};
use num_complex::Complex;

use crate::certificate::{Certificate, Ratio, balancing_scale, one_norm};
use crate::complex_matrix::{Parts, complex_zeros};
use crate::error::Error;
use crate::products::{same, square};
use crate::scalar::Scalar;
use crate::schur::{Schur, THRESHOLD};

/// The complex Schur form of a real matrix of order n.
///
/// ```
/// use lapwing_lapack::ComplexSchur;
/// use ndarray::array;
/// use num_complex::Complex;
/// let a = array![[0.0, 4.0], [-1.0, 0.0]];
/// let schur = ComplexSchur::new(&a)?;
/// assert_eq!(schur.eigenvalues()[0], Complex::new(0.0, 2.0));
/// assert_eq!(schur.t()[[1, 0]], Complex::new(0.0, 0.0));
/// assert!(schur.certificate(&a)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "rsf2csf")]
#[derive(Clone, Debug)]
pub struct ComplexSchur<T: Scalar> {
    t: Array2<Complex<T>>,
    q: Array2<Complex<T>>,
}

impl<T: Scalar> ComplexSchur<T> {
    /// Factors `a` (n x n). SciPy's `schur(a, output="complex")`.
    ///
    /// # Errors
    /// As [`Schur::new`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        Schur::new(a)?.to_complex()
    }

    /// T, n x n, upper triangular.
    pub fn t(&self) -> ArrayView2<'_, Complex<T>> {
        self.t.view()
    }

    /// Q, n x n, unitary: its columns are the Schur vectors.
    pub fn q(&self) -> ArrayView2<'_, Complex<T>> {
        self.q.view()
    }

    /// The n eigenvalues: the diagonal of T. Conjugate ones are neighbours, that with the positive imaginary part
    /// first.
    pub fn eigenvalues(&self) -> ArrayView1<'_, Complex<T>> {
        self.t.diag()
    }

    /// `(T, Q)`, without a copy.
    pub fn into_factors(self) -> (Array2<Complex<T>>, Array2<Complex<T>>) {
        (self.t, self.q)
    }

    /// How far this is from an exact Schur form of `a`, and Q from unitary.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.t.nrows(), "the order of the matrix that was factored")?;
        let scale = balancing_scale(a);
        let q = Parts::of(&self.q, T::one());
        let mut defect = q.times(&Parts::of(&self.t, scale))?.times(&q.adjoint())?;
        defect.re.zip_mut_with(a, |product, &entry| *product -= scale * entry);
        let mut skew = q.adjoint().times(&q)?;
        skew.re.diag_mut().map_inplace(|entry| *entry -= T::one());
        let unit = n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
        let error = match defect.one_norm() {
            0.0 => 0.0,
            error => error / one_norm(&a.mapv(|x| x * scale)).as_f64() / unit,
        };
        Ok(Certificate::new(vec![
            Ratio::new("‖A − Q T Qᴴ‖ / (n ‖A‖ ε)", error, THRESHOLD),
            Ratio::new("‖I − Qᴴ Q‖ / (n ε)", skew.one_norm() / unit, THRESHOLD),
        ]))
    }
}

impl<T: Scalar> Schur<T> {
    /// The complex Schur form: each 2 x 2 block made triangular by a rotation, in O(n²). SciPy's `rsf2csf`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`]; [`Error::Overflow`] where entries at the end of the range grow by a rotation.
    pub fn to_complex(&self) -> Result<ComplexSchur<T>, Error> {
        let n = self.t().nrows();
        let (mut t, mut q) = (complex_zeros(n, n)?, complex_zeros(n, n)?);
        t.zip_mut_with(&self.t(), |entry, &real| entry.re = real);
        q.zip_mut_with(&self.q(), |entry, &real| entry.re = real);
        for i in 0..n.saturating_sub(1) {
            let (above, below) = (t[[i, i + 1]].re, t[[i + 1, i]].re);
            if below == T::zero() {
                continue;
            }
            // For the block [[a, b], [c, a]] with b c < 0 the eigenvector of a + i √(−b c) is (p, i s).
            let (p, s) = (above.abs().sqrt().copysign(above), below.abs().sqrt());
            let norm = p.hypot(s);
            let (p, s) = (p / norm, s / norm);
            for j in i + 2..n {
                let (upper, lower) = (t[[i, j]], t[[i + 1, j]]);
                t[[i, j]] = upper * p - turned(lower) * s;
                t[[i + 1, j]] = lower * p - turned(upper) * s;
            }
            for (matrix, rows) in [(&mut t, i), (&mut q, n)] {
                for k in 0..rows {
                    let (left, right) = (matrix[[k, i]], matrix[[k, i + 1]]);
                    matrix[[k, i]] = left * p + turned(right) * s;
                    matrix[[k, i + 1]] = right * p + turned(left) * s;
                }
            }
            // What the rotation makes of the block, without rounding.
            t[[i, i]] = self.eigenvalues()[i];
            t[[i + 1, i + 1]] = self.eigenvalues()[i + 1];
            t[[i, i + 1]] = Complex::new(above + below, T::zero());
            t[[i + 1, i]] = Complex::new(T::zero(), T::zero());
        }
        if t.iter().all(|z| z.re.is_finite() && z.im.is_finite()) {
            Ok(ComplexSchur { t, q })
        } else {
            Err(Error::Overflow { routine: "gees", scalar: T::NAME })
        }
    }
}

/// `i z`.
fn turned<T: Scalar>(z: Complex<T>) -> Complex<T> {
    Complex::new(-z.im, z.re)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// A block between two real eigenvalues: the entries around it turn with it.
    #[test]
    fn blocks_become_triangular() {
        let a =
            array![[1.0, 2.0, 3.0, 4.0], [0.0, 5.0, 8.0, 6.0], [0.0, -2.0, 5.0, 7.0], [0.0, 0.0, 0.0, 9.0]];
        let schur = ComplexSchur::new(&a).unwrap();
        assert!(schur.certificate(&a).unwrap().holds());
        assert!(schur.t().indexed_iter().all(|((i, j), z)| i <= j || *z == Complex::new(0.0, 0.0)));
        let expected = [(1.0, 0.0f64), (5.0, 4.0), (5.0, -4.0), (9.0, 0.0)];
        for (z, (re, im)) in schur.eigenvalues().iter().zip(expected) {
            // No iteration is needed: what rounds is √8 √2.
            assert!(z.re == re && (z.im - im).abs() <= 4.0 * f64::EPSILON);
        }
        assert_eq!(schur.t()[[1, 2]], Complex::new(6.0, 0.0));
    }

    #[test]
    fn empty_single_and_refused() {
        assert_eq!(ComplexSchur::<f32>::new(&Array2::zeros((0, 0))).unwrap().q().dim(), (0, 0));
        let single = ComplexSchur::new(&array![[-2.0f32]]).unwrap();
        assert_eq!(single.eigenvalues()[0], Complex::new(-2.0, 0.0));
        let error = ComplexSchur::new(&array![[0.0, f64::NAN], [0.0, 0.0]]).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "a", row: 0, col: 1 });
    }

    /// The square root of a product of entries would over- or underflow; the product of square roots does not.
    #[test]
    fn extreme_blocks_keep_their_eigenvalues() {
        for scale in [1e300, 1e-300] {
            let a = array![[scale, 4.0 * scale], [-scale, scale]];
            let schur = ComplexSchur::new(&a).unwrap();
            assert!(schur.certificate(&a).unwrap().holds(), "{scale}");
            assert!((schur.eigenvalues()[0] / scale - Complex::new(1.0, 2.0)).norm() < 1e-15);
        }
    }
}
