//! The exponential.

use ndarray::{Array2, ArrayRef2};

use super::entry::estimated_norm;
use super::{checked_order, finite, is_diagonal, on_diagonal};
use crate::certificate::one_norm;
use crate::error::Error;
use crate::layout::zeros;
use crate::lu::Lu;
use crate::products::matmul;
use crate::scalar::Scalar;

const NAME: &str = "the exponential";

/// A degree m of the Padé approximants of the exponential, and the largest norm for which that approximant is the
/// exponential of a matrix within the unit roundoff, relatively.
struct Degree {
    degree: usize,
    theta: f64,
}

/// Table 3.1 of Al-Mohy and Higham 2009.
const DEGREES_F64: [Degree; 5] = [
    Degree { degree: 3, theta: 1.495585217958292e-2 },
    Degree { degree: 5, theta: 2.53939833006323e-1 },
    Degree { degree: 7, theta: 9.504178996162932e-1 },
    Degree { degree: 9, theta: 2.097847961257068 },
    Degree { degree: 13, theta: 4.25 },
];

/// Table 2.3 of Higham, SIAM J. Matrix Anal. Appl. 26, 2005, for single precision.
const DEGREES_F32: [Degree; 3] = [
    Degree { degree: 3, theta: 4.258730016922831e-1 },
    Degree { degree: 5, theta: 1.880152677804762 },
    Degree { degree: 7, theta: 3.92572478313866 },
];

/// The exponential of `a` (n x n), `I + a + a²/2! + ···`: the solution of `x' = a x` after unit time. About 20n³
/// operations, and 2n³ more for each doubling of the norm past 4.
///
/// ```
/// use lapwing_lapack::functions::expm;
/// use ndarray::array;
/// // An oscillator, a quarter of a period later.
/// let quarter = std::f64::consts::FRAC_PI_2;
/// let turn = expm(&array![[0.0, quarter], [-quarter, 0.0]])?;
/// assert!((&turn - &array![[0.0, 1.0], [-1.0, 0.0]]).iter().all(|d| d.abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// Scaling and squaring of Padé approximants (Al-Mohy and Higham, SIAM J. Matrix Anal. Appl. 31, 2009), which scales
/// by the norms of powers of the matrix rather than by its own; a triangular matrix keeps its diagonal exact.
/// `scipy.linalg.expm`. LAPACK: `getrf`, `getrs`.
///
/// # Errors
/// [`Error::Overflow`] when an entry of the exponential, or of `expm(a / 2ᵏ)` on the way to it, passes the largest
/// number; [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
pub fn expm<T: Scalar>(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
    checked_order(a)?;
    if is_diagonal(a) {
        return on_diagonal(a, |x| Ok(x.exp()));
    }
    let upper = a.indexed_iter().all(|((i, j), &x)| i <= j || x == T::zero());
    let lower = a.indexed_iter().all(|((i, j), &x)| i >= j || x == T::zero());
    let result = if lower { exponential(&a.t(), true)?.reversed_axes() } else { exponential(a, upper)? };
    finite(NAME, result)
}

/// The exponential of a matrix, which may be upper triangular.
fn exponential<T: Scalar>(a: &ArrayRef2<T>, triangular: bool) -> Result<Array2<T>, Error> {
    let before = halvings_into_range(a);
    let scale = T::from_f64((-f64::from(before)).exp2());
    let mut scaled = zeros(a.nrows(), a.ncols())?;
    scaled.zip_mut_with(a, |scaled, &x| *scaled = x * scale);
    let (mut x, more) = approximant(scaled)?;
    let halvings = before + more;
    for left in (0..=halvings).rev() {
        if left < halvings {
            let square = matmul(&x, &x)?;
            // The identity, zero and projectors need no further squaring.
            if square == x {
                break;
            }
            x = square;
        }
        if triangular {
            exact_diagonal(a, (-f64::from(left)).exp2(), &mut x);
        }
        if !x.iter().all(|entry| entry.is_finite()) {
            return Err(Error::Overflow { routine: NAME, scalar: T::NAME });
        }
    }
    Ok(x)
}

/// How often the matrix must be halved for its tenth power to stay within range, generously.
fn halvings_into_range<T: Scalar>(a: &ArrayRef2<T>) -> i32 {
    let largest = a.iter().fold(T::zero(), |largest, x| largest.max(x.abs())).as_f64();
    let exponent = (largest.log2() + (a.nrows() as f64).log2()).ceil();
    let limit = (T::max_value().as_f64().log2() / 10.0).floor();
    (exponent - limit).max(0.0) as i32
}

/// The Padé approximant of `expm(b / 2ˢ)`, and s.
fn approximant<T: Scalar>(b: Array2<T>) -> Result<(Array2<T>, i32), Error> {
    let degrees: &[Degree] = if T::UNIT_ROUNDOFF.as_f64() < 1e-10 { &DEGREES_F64 } else { &DEGREES_F32 };
    let growth = Growth::of(&b);
    let root = |norm: T, power: i32| norm.as_f64().powf(1.0 / f64::from(power));
    let b2 = matmul(&b, &b)?;
    let (last, others) = degrees.split_last().expect("the table is not empty");

    // Each size is the larger of two consecutive even roots of norms of powers: it bounds what enters the error.
    let by_estimate = root(estimated_norm(&[&b2, &b2, &b2])?, 6);
    let first = root(estimated_norm(&[&b2, &b2])?, 4).max(by_estimate);
    let serves = |candidate: &Degree, size: f64| {
        size <= candidate.theta && growth.extra_halvings::<T>(candidate.degree, 0) == 0
    };
    if serves(&others[0], first) {
        return Ok((rational(3, &b, &[b2])?, 0));
    }
    let b4 = matmul(&b2, &b2)?;
    let fourth = root(one_norm(&b4), 4);
    if serves(&others[1], fourth.max(by_estimate)) {
        return Ok((rational(5, &b, &[b2, b4])?, 0));
    }
    let b6 = matmul(&b4, &b2)?;
    let (sixth, eighth) = (root(one_norm(&b6), 6), root(estimated_norm(&[&b4, &b4])?, 8));
    let third = sixth.max(eighth);
    for candidate in &others[2..] {
        if serves(candidate, third) {
            let mut powers = vec![b2, b4, b6];
            if candidate.degree == 9 {
                powers.push(matmul(&powers[2], &powers[0])?);
            }
            return Ok((rational(candidate.degree, &b, &powers)?, 0));
        }
    }
    let size = third.min(eighth.max(root(estimated_norm(&[&b4, &b6])?, 10)));
    let mut halvings = if size > 0.0 { (size / last.theta).log2().ceil().max(0.0) as i32 } else { 0 };
    halvings += growth.extra_halvings::<T>(last.degree, halvings);
    let power = |b: Array2<T>, power: i32| b * T::from_f64((-f64::from(power * halvings)).exp2());
    let (b, powers) = (power(b, 1), [power(b2, 2), power(b4, 4), power(b6, 6)]);
    Ok((rational(last.degree, &b, &powers)?, halvings))
}

/// `log₂ ‖|B|ᵏ‖₁` for k = 1, 2, ...: what rounding in the evaluation of a polynomial grows by.
struct Growth {
    logarithms: Vec<f64>,
}

impl Growth {
    fn of<T: Scalar>(b: &ArrayRef2<T>) -> Self {
        // The powers of a nonnegative matrix have the norms of vectors, which are brought near one at every step.
        let magnitudes = b.mapv(|x| x.abs().as_f64());
        let mut sums = ndarray::Array1::<f64>::ones(b.nrows());
        let mut scale = 0.0;
        let logarithms = (0..27)
            .map(|_| {
                sums = magnitudes.t().dot(&sums);
                let largest = sums.iter().copied().fold(0.0, f64::max);
                if largest > 0.0 {
                    sums /= largest;
                }
                scale += largest.log2();
                scale
            })
            .collect();
        Self { logarithms }
    }

    /// How often `b / 2ʰ` must be halved further, lest the approximant of degree m lose digits (the function ℓ of
    /// Al-Mohy and Higham, eq. 3.5).
    fn extra_halvings<T: Scalar>(&self, m: usize, halved: i32) -> i32 {
        let power = 2 * m + 1;
        let factorial_log = |k: usize| (2..=k).map(|i| (i as f64).log2()).sum::<f64>();
        // The first coefficient of the error, 1 / (binomial(2m, m) (2m + 1)!).
        let coefficient = 2.0 * factorial_log(m) - factorial_log(2 * m) - factorial_log(power);
        let relative =
            self.logarithms[power - 1] - self.logarithms[0] - (power - 1) as f64 * f64::from(halved);
        let excess = coefficient + relative - T::UNIT_ROUNDOFF.as_f64().log2();
        // Of a nilpotent matrix the logarithm is -∞, or NaN when it is zero.
        if excess > 0.0 { (excess / (2 * m) as f64).ceil() as i32 } else { 0 }
    }
}

/// The diagonal Padé approximant of degree `degree` at `b`, whose even powers from the second on are `powers`.
fn rational<T: Scalar>(degree: usize, b: &Array2<T>, powers: &[Array2<T>]) -> Result<Array2<T>, Error> {
    let coefficients = coefficients(degree);
    let coefficient = |index: usize| T::from_f64(coefficients[index]);
    // ∑ c[2k + parity] B²ᵏ, the terms from B⁸ on with B⁶ taken out of them when B⁸ is not there.
    let polynomial = |parity: usize| -> Result<Array2<T>, Error> {
        let mut sum = Array2::zeros(b.dim());
        if degree == 13 {
            let mut high = Array2::zeros(b.dim());
            for (k, power) in powers.iter().enumerate() {
                high.scaled_add(coefficient(8 + 2 * k + parity), power);
            }
            sum = matmul(&powers[2], &high)?;
        }
        for (k, power) in powers.iter().enumerate() {
            sum.scaled_add(coefficient(2 * (k + 1) + parity), power);
        }
        sum.diag_mut().mapv_inplace(|x| x + coefficient(parity));
        Ok(sum)
    };
    let (odd, even) = (matmul(b, &polynomial(1)?)?, polynomial(0)?);
    Lu::new(&(&even - &odd))?.solve(&(even + odd))
}

/// `(2m − k)! m! / ((m − k)! k!)` over its value at k = m, which are integers that both scalars hold exactly.
fn coefficients(m: usize) -> Vec<f64> {
    let mut coefficients = vec![1.0; m + 1];
    for k in (0..m).rev() {
        // From k + 1 to k: times (2m − k) (k + 1) / (m − k).
        coefficients[k] = coefficients[k + 1] * ((2 * m - k) * (k + 1)) as f64 / (m - k) as f64;
    }
    coefficients
}

/// Puts the exponentials of the diagonal of an upper triangular `a` times `scale` into `x`, and beside them the
/// divided differences (Code Fragment 2.1 of Al-Mohy and Higham).
fn exact_diagonal<T: Scalar>(a: &ArrayRef2<T>, scale: f64, x: &mut Array2<T>) {
    let scale = T::from_f64(scale);
    let n = a.nrows();
    for i in 0..n {
        x[[i, i]] = (a[[i, i]] * scale).exp();
    }
    for i in 0..n.saturating_sub(1) {
        let (left, right) = (a[[i, i]] * scale, a[[i + 1, i + 1]] * scale);
        let half = (right - left) / T::from_f64(2.0);
        let difference = if half == T::zero() {
            left.exp()
        } else if half.abs() < T::one() {
            (left + half).exp() * (half.sinh() / half)
        } else {
            (right.exp() - left.exp()) / (right - left)
        };
        let entry = a[[i, i + 1]] * scale;
        // Zero times an exponential that overflowed is zero.
        x[[i, i + 1]] = if entry == T::zero() { entry } else { entry * difference };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Higham 2005, equation 2.3 and below.
    #[test]
    fn coefficients_are_the_integers_of_the_literature() {
        assert_eq!(coefficients(3), [120.0, 60.0, 12.0, 1.0]);
        assert_eq!(coefficients(7)[..3], [17297280.0, 8648640.0, 1995840.0]);
        assert_eq!(coefficients(13)[0], 64764752532480000.0);
        assert_eq!(coefficients(13)[12..], [182.0, 1.0]);
    }
}
