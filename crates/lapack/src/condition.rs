//! Condition numbers, `κ(A) = ‖A‖ ‖A⁻¹‖`: by how much relative errors in data may grow in a solution.
//!
//! | function                      | through              | routine                               | cost   |
//! |-------------------------------|----------------------|---------------------------------------|--------|
//! | [`condition_number`]          | singular values      | `sgesdd`, `dgesdd`                    | ≈ 8n³/3 |
//! | [`condition_number`], by entries | the inverse       | `sgetrf`, `sgetri`, `dgetrf`, `dgetri` | 2n³    |
//! | [`estimate_condition_number`] | an LU factorization  | `sgetrf`, `sgecon`, `dgetrf`, `dgecon` | 2n³/3  |
//!
//! About `log₁₀ κ` digits are lost in solving with `A`. A singular matrix has the condition number infinity, which is
//! what is returned when a pivot or a singular value is exactly zero. Rounding usually prevents that: a matrix that is
//! singular in exact arithmetic shows as a `κ` near or above `1/ε`, a number that says no more than "at least this".
//! A regular matrix whose `κ` is out of the scalar's range is [`Error::Overflow`], and so is never taken for
//! a singular one.

use ndarray::{Array1, ArrayRef2};

use crate::error::Error;
use crate::lu::{ConditionNorm, Lu};
use crate::norms::{Norm, norm, vector_norm};
use crate::products::square;
use crate::scalar::Scalar;
use crate::svd::Svd;

/// The condition number of `a` in this norm: `‖a‖ ‖a⁻¹‖`. 1 at least, in the norms that are induced by vectors;
/// infinite when `a` is found to be exactly singular; 1 for a matrix without entries.
///
/// In [`Norm::Two`] `a` may be rectangular: then it is the largest singular value over the smallest, which governs
/// least squares. Relative error: about `n ε κ`, as of the inverse itself, so that beyond `1/ε` only the magnitude
/// means something.
///
/// ```
/// use lapwing_lapack::condition::condition_number;
/// use lapwing_lapack::norms::Norm;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// assert!((condition_number(&a, Norm::One)? - 21.0f64).abs() < 1e-13);
/// assert!((condition_number(&a, Norm::Frobenius)? - 15.0f64).abs() < 1e-13);
/// assert_eq!(condition_number(&array![[1.0, 0.0], [0.0, 0.0]], Norm::Two)?, f64::INFINITY);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`], except in [`Norm::Two`]; [`Error::NonFinite`]; [`Error::InvalidParameter`] when a Schatten p
/// is less than 1; [`Error::Overflow`] when `a` is regular and the number out of range; [`Error::TooLarge`],
/// [`Error::OutOfMemory`], [`Error::NoConvergence`].
#[doc(alias = "cond")]
pub fn condition_number<T: Scalar>(a: &ArrayRef2<T>, which: Norm) -> Result<T, Error> {
    if which != Norm::Two {
        square("a", a)?;
    }
    if a.is_empty() {
        return norm(a, which).map(|_| T::one());
    }
    match which {
        Norm::Two => by_singular_values(a, f64::INFINITY),
        Norm::Frobenius => by_singular_values(a, 2.0),
        Norm::Nuclear => by_singular_values(a, 1.0),
        Norm::Schatten(p) => by_singular_values(a, p),
        Norm::One | Norm::Infinity | Norm::Max => by_inverse(a, which),
    }
}

/// An estimate of the condition number of `a` in the 1-norm or the ∞-norm, from an LU factorization: at a third of
/// the cost, never above the truth but for rounding, and rarely below a third of it (Higham 1988). Infinite when a
/// pivot is exactly zero; 1 for a matrix without entries.
///
/// To solve as well, factor once with [`Lu`] and ask [`Lu::reciprocal_condition`].
///
/// ```
/// use lapwing_lapack::ConditionNorm;
/// use lapwing_lapack::condition::estimate_condition_number;
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let estimate: f64 = estimate_condition_number(&a, ConditionNorm::One)?;
/// assert!((7.0..21.1).contains(&estimate));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSquare`]; [`Error::NonFinite`]; [`Error::TooLarge`]; [`Error::OutOfMemory`]; [`Error::Overflow`] when
/// no pivot is zero and the number is out of range.
#[doc(alias = "gecon")]
pub fn estimate_condition_number<T: Scalar>(a: &ArrayRef2<T>, norm: ConditionNorm) -> Result<T, Error> {
    square("a", a)?;
    let lu = Lu::new(a)?;
    if lu.zero_pivot().is_some() {
        return Ok(T::infinity());
    }
    in_range(lu.reciprocal_condition(norm)?.recip())
}

fn by_singular_values<T: Scalar>(a: &ArrayRef2<T>, p: f64) -> Result<T, Error> {
    let values = Svd::values(a)?.values;
    let (largest, least) = (values[0], values[values.len() - 1]);
    // Over the largest and under the least, no norm leaves the range, and the ratio carries the scale.
    let scale = if largest > T::zero() { largest } else { T::one() };
    let direct = vector_norm(&values.mapv(|value| value / scale), p)?;
    if least == T::zero() {
        return Ok(T::infinity());
    }
    let inverse: Array1<T> = values.mapv(|value| least / value);
    in_range(direct * vector_norm(&inverse, p)? * (largest / least))
}

fn by_inverse<T: Scalar>(a: &ArrayRef2<T>, which: Norm) -> Result<T, Error> {
    let inverse = match Lu::new(a)?.inverse() {
        Ok(inverse) => inverse,
        Err(Error::Singular { .. }) => return Ok(T::infinity()),
        Err(error) => return Err(error),
    };
    // In double precision, the product of two numbers of single precision is in range.
    let product = norm(a, which)?.as_f64() * norm(&inverse, which)?.as_f64();
    in_range(T::from_f64(product))
}

fn in_range<T: Scalar>(number: T) -> Result<T, Error> {
    if number.is_finite() {
        Ok(number)
    } else {
        Err(Error::Overflow { routine: "the condition number", scalar: T::NAME })
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::testing::{Kind, Layout, matrix};

    const ALL: [Norm; 7] = [
        Norm::One,
        Norm::Two,
        Norm::Infinity,
        Norm::Frobenius,
        Norm::Nuclear,
        Norm::Max,
        Norm::Schatten(3.0),
    ];

    /// The inverse of the Hilbert matrix is one of integers: of order 5, `κ₁ = κ∞ = 943656` exactly.
    #[test]
    fn condition_numbers_of_the_hilbert_matrix_are_exact() {
        // Order 3: ‖H‖₁ = 11/6, ‖H⁻¹‖₁ = 408. Order 4: 25/12 · 13620. Order 5: 137/60 · 413280.
        for (n, exact) in [(1, 1.0), (2, 27.0), (3, 748.0), (4, 28375.0), (5, 943656.0)] {
            let hilbert = Array2::from_shape_fn((n, n), |(i, j)| 1.0 / (i + j + 1) as f64);
            for layout in Layout::ALL {
                for which in [Norm::One, Norm::Infinity] {
                    let found = layout.with(&hilbert, |a| condition_number(&a, which)).unwrap();
                    // The inverse is off by about n ε κ, relatively.
                    let bound = exact * n as f64 * exact * f64::EPSILON;
                    assert!((found - exact).abs() <= bound, "{n} {layout:?}: {found}");
                }
                let estimate =
                    layout.with(&hilbert, |a| estimate_condition_number(&a, ConditionNorm::One)).unwrap();
                assert!(estimate <= exact * 1.0001 && estimate >= exact / 3.0, "{n}: {estimate}");
            }
        }
    }

    /// Singular values 4, 2, 1: every norm is known.
    #[test]
    fn condition_numbers_by_singular_values_are_exact() {
        let a = array![[0.0, 4.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 2.0]];
        let expected = [
            (Norm::Two, 4.0),
            (Norm::Frobenius, f64::sqrt(21.0 * 21.0 / 16.0)),
            (Norm::Nuclear, 7.0 * 1.75),
            (Norm::Schatten(1.0), 7.0 * 1.75),
            (Norm::Schatten(f64::INFINITY), 4.0),
            (Norm::One, 4.0),
            (Norm::Max, 4.0),
        ];
        for (which, exact) in expected {
            for scale in [1.0, 1e300, 1e-300] {
                let found = condition_number(&(&a * scale), which).unwrap();
                assert!((found - exact).abs() <= 1e-14 * exact, "{which:?} {scale:e}: {found}");
            }
        }
        let tall = array![[3.0f32, 0.0], [0.0, 0.0], [0.0, 1.5]];
        assert_eq!(condition_number(&tall, Norm::Two), Ok(2.0));
        assert!(matches!(condition_number(&tall, Norm::Frobenius), Err(Error::NotSquare { .. })));
    }

    /// Exactly singular is infinite; singular but for rounding is near 1/ε; out of range is an error.
    #[test]
    fn singular_and_out_of_range_are_told_apart() {
        let zero = array![[0.0, 0.0], [0.0, 0.0]];
        let rank_one = array![[1.0, 2.0], [2.0, 4.0]];
        let extreme = array![[1e-200, 0.0], [0.0, 1e200]];
        for which in ALL {
            assert_eq!(condition_number(&zero, which), Ok(f64::INFINITY), "{which:?}");
            let found = condition_number(&rank_one, which).unwrap();
            assert!(found > 1e15, "{which:?}: {found}");
            let error = Err(Error::Overflow { routine: "the condition number", scalar: "f64" });
            assert_eq!(condition_number(&extreme, which), error, "{which:?}");
        }
        assert_eq!(estimate_condition_number(&rank_one, ConditionNorm::One), Ok(f64::INFINITY));
        for n in [10, 100] {
            let deficient = matrix::<f64>(Kind::RankDeficient, n, n);
            assert!(condition_number(&deficient, Norm::Two).unwrap() > 1e14);
        }
    }

    #[test]
    fn the_ends_of_the_sizes_and_bad_entries() {
        let empty = Array2::<f64>::zeros((0, 0));
        for which in ALL {
            assert_eq!(condition_number(&empty, which), Ok(1.0));
            assert_eq!(condition_number(&array![[-3.0f32]], which), Ok(1.0));
            let bad = array![[1.0, 2.0], [f64::NAN, 1.0]];
            let expected = Err(Error::NonFinite { argument: "a", row: 1, col: 0 });
            assert_eq!(condition_number(&bad, which), expected);
        }
        for a in [empty, array![[0.0]], array![[1.0]]] {
            assert!(matches!(
                condition_number(&a, Norm::Schatten(0.5)),
                Err(Error::InvalidParameter { parameter: "p", .. })
            ));
        }
        assert!(matches!(
            estimate_condition_number(&array![[1.0, 2.0]], ConditionNorm::One),
            Err(Error::NotSquare { .. })
        ));
    }
}
