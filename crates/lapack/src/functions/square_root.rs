//! The principal square root.

use ndarray::{Array2, ArrayRef2};
use num_complex::Complex;

use super::entry::Entry;
use super::roots::{root_defect, square_root};
use super::{Principal, complex, real};
use crate::error::Error;
use crate::scalar::Scalar;

struct SquareRoot;

impl Principal for SquareRoot {
    const NAME: &'static str = "the principal square root";
    const COMPLEX: &'static str = "sqrtm_complex";

    fn of_number<T: Scalar>(&self, z: Complex<T>) -> Complex<T> {
        // Of a number on the real axis exactly real or exactly imaginary, which `Complex::sqrt` may miss by a rounding.
        if z.im != T::zero() {
            z.sqrt()
        } else if z.re >= T::zero() {
            Complex::new(z.re.sqrt(), T::zero())
        } else {
            Complex::new(T::zero(), (-z.re).sqrt())
        }
    }

    fn of_schur_form<T: Scalar, E: Entry<T>>(&self, t: &Array2<E>) -> Result<Array2<E>, Error> {
        let (root, doubtful) = square_root(t)?;
        // A multiple eigenvalue zero has a square root only when it is not defective. LAPACK then divided by a
        // perturbed zero: the square tells whether what it divided was zero too.
        let defective = doubtful && {
            let defect = root_defect(t, &root)?;
            defect.is_nan() || defect > 30.0
        };
        if defective {
            let reason = "zero is a multiple eigenvalue that is defective, or nearly so; \
                          add a multiple of the identity";
            return Err(Error::DoesNotExist { what: Self::NAME, reason: reason.to_owned() });
        }
        Ok(root)
    }

    fn at_zero(&self) -> bool {
        true
    }

    fn at_zero_of_schur_form(&self) -> bool {
        true
    }
}

/// The principal square root `X` of `a` (n x n): `X² = a`, with eigenvalues in the right half-plane. About 30n³
/// operations.
///
/// Of a positive semidefinite matrix, it is the positive semidefinite root, also when rounding made a zero
/// eigenvalue slightly negative: eigenvalues within `n ε max|λ|` of zero are taken for zero.
///
/// ```
/// use lapwing_lapack::functions::sqrtm;
/// use ndarray::array;
/// let x = sqrtm(&array![[1.0, 3.0], [0.0, 4.0]])?;
/// assert!((&x - &array![[1.0, 1.0], [0.0, 2.0f64]]).iter().all(|d| d.abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// The Schur method of Björck and Hammarling (1983), in real arithmetic by Higham (1987), by halves;
/// `scipy.linalg.sqrtm`. LAPACK: `gees`, `trsyl`, or `syevd` for a symmetric matrix.
///
/// # Errors
/// [`Error::DoesNotExist`] when an eigenvalue lies on the negative real axis ([`sqrtm_complex`] has an answer), or
/// when the eigenvalue zero is defective; [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`],
/// [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
pub fn sqrtm<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    real(&SquareRoot, a)
}

/// As [`sqrtm`], in complex numbers: a negative eigenvalue gets a root on the positive imaginary axis.
///
/// ```
/// use lapwing_lapack::functions::sqrtm_complex;
/// use ndarray::array;
/// let x = sqrtm_complex(&array![[-4.0, 0.0], [0.0, 9.0]])?;
/// assert_eq!((x[[0, 0]].im, x[[1, 1]].re), (2.0, 3.0));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`sqrtm`], where [`Error::DoesNotExist`] is left for a defective eigenvalue zero.
pub fn sqrtm_complex<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<Complex<T>>, Error> {
    complex(&SquareRoot, a)
}
