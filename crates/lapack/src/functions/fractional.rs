//! Powers with any real exponent.

use ndarray::{Array2, ArrayRef2};
use num_complex::Complex;

use super::entry::{Entry, apply_to_block, blocks, product, solve_in_place, zeros};
use super::roots::{near_identity, power_difference, power_of, superdiagonal};
use super::{Principal, complex, power, real};
use crate::error::Error;
use crate::scalar::Scalar;

/// The largest norms for which the Padé approximant of `(1 − x)ᵖ` of degree 1 to 7 errs by at most the unit
/// roundoff, whatever p in (−1, 1). Computed with 60 digits by
/// `tests/reference/make_matrix_functions_reference.py`; in double precision, Table 3.1 of Higham and Lin 2011.
pub(super) const THETA_F64: [f64; 7] = [1.514e-5, 2.237e-3, 1.883e-2, 6.037e-2, 1.24e-1, 1.998e-1, 2.788e-1];
pub(super) const THETA_F32: [f64; 7] = [1.22e-2, 1.159e-1, 2.8e-1, 4.327e-1, 5.529e-1, 6.431e-1, 7.104e-1];

/// An exponent that is not an integer.
struct FractionalPower {
    exponent: f64,
}

impl Principal for FractionalPower {
    const NAME: &'static str = "the principal power";
    const COMPLEX: &'static str = "fractional_power_complex";

    fn of_number<T: Scalar>(&self, z: Complex<T>) -> Complex<T> {
        let p = T::from_f64(self.exponent);
        if z.im == T::zero() && z.re >= T::zero() {
            Complex::new(z.re.powf(p), T::zero())
        } else {
            power_of(z, p)
        }
    }

    /// `Tᵏ Tᶠ` with an integer k and |f| < 1, of which the two splits differ in how well they are conditioned.
    fn of_schur_form<T: Scalar, E: Entry<T>>(&self, t: &Array2<E>) -> Result<Array2<E>, Error> {
        let (n, blocks) = (t.nrows(), blocks(t));
        let mut inverse = zeros(n, n)?;
        inverse.diag_mut().fill(E::one());
        solve_in_place(t, &blocks, &mut inverse)?;
        let condition = E::one_norm(t).as_f64() * E::one_norm(&inverse).as_f64();
        let (up, down) = (self.exponent - self.exponent.floor(), self.exponent - self.exponent.ceil());
        let (whole, part) = if up * condition.powf(1.0 - up) <= -down * condition {
            (self.exponent.floor(), up)
        } else {
            (self.exponent.ceil(), down)
        };
        let fraction = small_power(t, part)?;
        let base = if whole < 0.0 { &inverse } else { t };
        match integer_power(base, whole.abs() as u64)? {
            Some(whole) => product(&whole, &fraction),
            None => Ok(fraction),
        }
    }

    fn at_zero(&self) -> bool {
        self.exponent > 0.0
    }

    fn at_zero_of_schur_form(&self) -> bool {
        false
    }
}

/// `Aᵏ` by repeated squaring, or `None` for the identity.
pub(super) fn integer_power<T: Scalar, E: Entry<T>>(
    a: &Array2<E>,
    mut k: u64,
) -> Result<Option<Array2<E>>, Error> {
    let (mut square, mut result): (_, Option<Array2<E>>) = (a.clone(), None);
    while k > 0 {
        if k & 1 == 1 {
            result = Some(match result {
                Some(power) => product(&power, &square)?,
                None => square.clone(),
            });
        }
        k >>= 1;
        if k > 0 {
            square = product(&square, &square)?;
        }
    }
    Ok(result)
}

/// `Tᵖ` for |p| < 1 (Higham and Lin 2011, Algorithm 5.1).
fn small_power<T: Scalar, E: Entry<T>>(t: &Array2<E>, p: f64) -> Result<Array2<E>, Error> {
    let theta = if T::UNIT_ROUNDOFF.as_f64() < 1e-10 { &THETA_F64 } else { &THETA_F32 };
    let near = near_identity(t, theta)?;
    let blocks = blocks(t);
    let real = |x: f64| E::from_complex(Complex::new(T::from_f64(x), T::zero()));
    // The continued fraction of (1 − x)ᵖ, from the bottom, at x = −(T^(1/2ˢ) − I).
    let coefficient = |index: usize| {
        let j = (index / 2) as f64;
        match index {
            1 => -p,
            _ if index.is_multiple_of(2) => (p - j) / (2.0 * (2.0 * j - 1.0)),
            _ => (-p - j) / (2.0 * (2.0 * j + 1.0)),
        }
    };
    let term = |index: usize| near.difference.mapv(|x| x * real(-coefficient(index)));
    let mut power = term(2 * near.degree);
    for index in (1..2 * near.degree).rev() {
        power.diag_mut().mapv_inplace(|x| x + E::one());
        let mut next = term(index);
        solve_in_place(&power, &blocks, &mut next)?;
        power = next;
    }
    power.diag_mut().mapv_inplace(|x| x + E::one());
    // Squared back, with what is known in closed form put in its place each time.
    for roots in (0..=near.roots).rev() {
        if roots < near.roots {
            power = product(&power, &power)?;
        }
        let exponent = T::from_f64(p * (-f64::from(roots)).exp2());
        for block in &blocks {
            apply_to_block(t, block, &mut power, |z| power_of(z, exponent));
        }
        superdiagonal(t, &mut power, |left, right| power_difference(left, right, exponent));
    }
    Ok(power)
}

/// The principal power `aᵖ` of `a` (n x n), `expm(p logm(a))`, for any finite exponent. About 40 to 80n³ operations.
///
/// An integer exponent is [`power`]'s, which has no branch cut.
///
/// ```
/// use lapwing_lapack::functions::fractional_power;
/// use ndarray::array;
/// // A year's transition matrix, taken to a month.
/// let year = array![[0.9, 0.1], [0.3, 0.7]];
/// let month = fractional_power(&year, 1.0 / 12.0)?;
/// let again = lapwing_lapack::functions::power(&month, 12)?;
/// assert!((&again - &year).iter().all(|d: &f64| d.abs() < 1e-14));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// The Schur–Padé algorithm (Higham and Lin, SIAM J. Matrix Anal. Appl. 32, 2011, and 34, 2013);
/// `scipy.linalg.fractional_matrix_power`. LAPACK: `gees`, `trsyl`, or `syevd` for a symmetric matrix.
///
/// # Errors
/// [`Error::DoesNotExist`] when an eigenvalue lies on the negative real axis ([`fractional_power_complex`] has an
/// answer), or when the matrix is singular (unless it is symmetric and the exponent positive, with eigenvalues within
/// `n ε max|λ|` of zero taken for zero); [`Error::InvalidParameter`] for an exponent that is not finite;
/// [`Error::Singular`] for a negative integer; [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`],
/// [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
pub fn fractional_power<T: Scalar>(a: &ArrayRef2<T>, exponent: f64) -> Result<Array2<T>, Error> {
    match integer(exponent)? {
        Some(k) => power(a, k),
        None => real(&FractionalPower { exponent }, a),
    }
}

/// As [`fractional_power`], in complex numbers: a negative eigenvalue is taken to have the argument π.
///
/// ```
/// use lapwing_lapack::functions::fractional_power_complex;
/// use ndarray::array;
/// let x = fractional_power_complex(&array![[-8.0]], 1.0 / 3.0)?;
/// assert!((x[[0, 0]].re - 1.0f64).abs() < 1e-14 && (x[[0, 0]].im - 3f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`fractional_power`], where [`Error::DoesNotExist`] is left for a singular matrix.
pub fn fractional_power_complex<T: Scalar>(
    a: &ArrayRef2<T>,
    exponent: f64,
) -> Result<Array2<Complex<T>>, Error> {
    match integer(exponent)? {
        Some(k) => Ok(power(a, k)?.mapv(|x| Complex::new(x, T::zero()))),
        None => complex(&FractionalPower { exponent }, a),
    }
}

/// The exponent as an integer, where it is one.
fn integer(exponent: f64) -> Result<Option<i64>, Error> {
    if !exponent.is_finite() {
        let (value, requirement) = (exponent.to_string(), "finite".to_owned());
        return Err(Error::InvalidParameter { parameter: "exponent", value, requirement });
    }
    // Past 2⁶³ the conversion saturates, and so has every power but those of 0, 1 and −1, which are the same.
    Ok((exponent.fract() == 0.0).then_some(exponent as i64))
}
