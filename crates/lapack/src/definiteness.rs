//! Is a symmetric matrix positive definite? With a proof where there is one, and quadratic forms.
//!
//! | step                                | f32      | f64      | cost      |
//! |-------------------------------------|----------|----------|-----------|
//! | prove definiteness, of `A` or `−A`  | `spotrf` | `dpotrf` | n³/3 each |
//! | find directions that refute it      | `ssyevd` | `dsyevd` | ≈ 9n³     |
//! | check a direction                   |          |          | 2n²       |
//!
//! A Cholesky factorization that succeeds does not prove that `A` is positive definite, only that a matrix near it
//! is; one that succeeds for `A − δ I`, with `δ` the most that rounding may have done, proves it (Rump 2006). A vector
//! with `xᵀ A x < 0`, by more than the rounding of that sum, proves that `A` is not even semidefinite. Between the two
//! lies what rounding leaves open: a semidefinite matrix cannot be told from its neighbours, and the verdict
//! "semidefinite" says that no direction was found in which `A` provably is negative.

use ndarray::{Array1, ArrayRef1, ArrayRef2, ArrayView1, Axis};

use crate::certificate::balancing_scale;
use crate::cholesky::Cholesky;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::products::{same, square};
use crate::scalar::Scalar;
use crate::symmetric_eigen::SymmetricEigen;
use crate::symmetry::require_symmetric;

/// The sign of `xᵀ A x` over all x.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Definiteness {
    /// `xᵀ A x > 0` for every x but 0: proven. Also the verdict on an empty matrix.
    PositiveDefinite,
    /// No direction is provably negative, some provably positive: a positive semidefinite matrix, or one that
    /// differs from it by rounding. Also the verdict on a zero matrix, for which neither is found.
    PositiveSemidefinite,
    /// `xᵀ A x < 0` for every x but 0: proven.
    NegativeDefinite,
    /// No direction is provably positive, some provably negative.
    NegativeSemidefinite,
    /// Some directions are provably positive and some provably negative.
    Indefinite,
}

/// A direction with the value that the quadratic form takes in it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Direction<T: Scalar> {
    /// x, of unit length.
    pub vector: Array1<T>,
    /// `xᵀ A x`.
    pub value: T,
    /// What rounding may have done to the value: less than its magnitude, which proves its sign.
    pub error_bound: T,
}

/// A verdict on a symmetric matrix with its certificate. Made by [`definiteness()`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DefinitenessReport<T: Scalar> {
    /// The verdict.
    pub definiteness: Definiteness,
    /// The order of the leading minor, from 1, at which the Cholesky factorization of the matrix stops; none if it
    /// succeeds. By Sylvester's criterion that minor is the first not to be positive, up to rounding.
    pub failing_minor: Option<usize>,
    /// A direction in which the matrix is provably positive, for the verdicts semidefinite and indefinite.
    pub positive_direction: Option<Direction<T>>,
    /// A direction in which the matrix is provably negative, likewise.
    pub negative_direction: Option<Direction<T>>,
}

/// Classifies the symmetric matrix `a` (n x n) by the sign of its quadratic form.
///
/// Both triangles are read, and must agree to `2 n ε max|a|`; the lower one is decomposed. A verdict is of the matrix
/// whose triangles are both the lower one.
///
/// ```
/// use lapwing_lapack::definiteness::{Definiteness, definiteness};
/// use ndarray::array;
/// let saddle = array![[1.0, 2.0], [2.0, 1.0]];
/// let report = definiteness(&saddle)?;
/// assert_eq!(report.definiteness, Definiteness::Indefinite);
/// assert_eq!(report.failing_minor, Some(2));
/// // Along (1, −1)/√2 the form is −1.
/// let down = report.negative_direction.unwrap();
/// assert!((down.value + 1.0f64).abs() < 1e-14);
/// assert!((down.vector[0] + down.vector[1]).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotSymmetric`], [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
/// [`Error::NoConvergence`].
pub fn definiteness<T: Scalar>(a: &ArrayRef2<T>) -> Result<DefinitenessReport<T>, Error> {
    to_int("the order of the matrix", square("a", a)?)?;
    require_finite("a", a)?;
    let n = require_symmetric("a", a)?;
    // A verdict does not depend on the scale, and near 1 nothing over- or underflows.
    let scale = balancing_scale(a);
    let a = &a.mapv(|x| x * scale);
    let failing_minor = match Cholesky::new(a) {
        Ok(_) => None,
        Err(Error::NotPositiveDefinite { minor }) => Some(minor),
        // The factor cannot overflow: its squares sum to the diagonal.
        Err(error) => return Err(error),
    };
    let verdict = |definiteness| DefinitenessReport {
        definiteness,
        failing_minor,
        positive_direction: None,
        negative_direction: None,
    };
    if n == 0 || failing_minor.is_none() && is_proven_definite(a, T::one())? {
        return Ok(verdict(Definiteness::PositiveDefinite));
    }
    if failing_minor == Some(1) && is_proven_definite(a, -T::one())? {
        return Ok(verdict(Definiteness::NegativeDefinite));
    }

    let eigen = SymmetricEigen::new(a)?;
    // Of each sign, the extreme direction: if that is not proven, none is.
    let negative = direction(a, scale, &eigen.vectors().column(0)).filter(|found| found.value < T::zero());
    let positive =
        direction(a, scale, &eigen.vectors().column(n - 1)).filter(|found| found.value > T::zero());
    let definiteness = match (&positive, &negative) {
        (Some(_), Some(_)) => Definiteness::Indefinite,
        (None, Some(_)) => Definiteness::NegativeSemidefinite,
        _ => Definiteness::PositiveSemidefinite,
    };
    Ok(DefinitenessReport {
        positive_direction: positive,
        negative_direction: negative,
        ..verdict(definiteness)
    })
}

/// `xᵀ A x` for a matrix `a` (n x n), symmetric or not, and `x` of n entries.
///
/// ```
/// use lapwing_lapack::definiteness::quadratic_form;
/// use ndarray::array;
/// assert_eq!(quadratic_form(&array![[2.0, 1.0], [1.0, 3.0]], &array![1.0, -1.0])?, 3.0);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// As [`bilinear_form`]; [`Error::NotSquare`].
pub fn quadratic_form<T: Scalar>(a: &ArrayRef2<T>, x: &ArrayRef1<T>) -> Result<T, Error> {
    square("a", a)?;
    bilinear_form(x, a, x)
}

/// `xᵀ A y` for `x` of m entries, `a` (m x n), and `y` of n entries. Summed in double precision: off by at most
/// `(m + n) ε |x|ᵀ |A| |y|` with `ε` that of double precision, and one rounding to the scalar.
///
/// ```
/// use lapwing_lapack::definiteness::bilinear_form;
/// use ndarray::array;
/// let a = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
/// assert_eq!(bilinear_form(&array![1.0, -1.0], &a, &array![1.0, 0.0, 1.0])?, -6.0);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when `x` has not m or `y` not n entries; [`Error::NonFinite`]; [`Error::Overflow`].
pub fn bilinear_form<T: Scalar>(x: &ArrayRef1<T>, a: &ArrayRef2<T>, y: &ArrayRef1<T>) -> Result<T, Error> {
    let (m, n) = a.dim();
    same("x", "entries", x.len(), m, "as many as a has rows")?;
    same("y", "entries", y.len(), n, "as many as a has columns")?;
    require_finite("a", a)?;
    require_finite("x", &x.view().insert_axis(Axis(1)))?;
    require_finite("y", &y.view().insert_axis(Axis(1)))?;
    let row_sum = |row: ArrayView1<T>| row.iter().zip(y).map(|(a, y)| a.as_f64() * y.as_f64()).sum::<f64>();
    let value = T::from_f64(a.outer_iter().zip(x).map(|(row, x)| x.as_f64() * row_sum(row)).sum());
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Error::Overflow { routine: "the bilinear form", scalar: T::NAME })
    }
}

/// The form of the symmetric matrix of which the lower triangle of `a` holds `scale` times that, in the direction
/// `x`; none when rounding leaves its sign open.
fn direction<T: Scalar>(a: &ArrayRef2<T>, scale: T, x: &ArrayRef1<T>) -> Option<Direction<T>> {
    let n = x.len() as f64;
    let (mut value, mut magnitude) = (0.0, 0.0);
    for (i, row) in a.outer_iter().enumerate() {
        for (j, entry) in row.iter().enumerate().take(i + 1) {
            let times = if i == j { 1.0 } else { 2.0 };
            let term = x[i].as_f64() * entry.as_f64() * x[j].as_f64() * times;
            value += term;
            magnitude += term.abs();
        }
    }
    // Two roundings for each term, and one for each of its n(n + 1)/2 sums; the factor 2 pays for the rounding of
    // the magnitude itself, and the smallest normal number for what underflows.
    let operations = n * (n + 1.0) / 2.0 + 2.0;
    let bound = 2.0 * operations * f64::UNIT_ROUNDOFF * magnitude + n * n * f64::MIN_POSITIVE;
    // In the caller's units, up to the largest number that there is.
    let unscaled = |x: f64| (T::from_f64(x) / scale).min(T::max_value()).max(-T::max_value());
    (value.abs() > bound && unscaled(value) != T::zero()).then(|| Direction {
        vector: x.to_owned(),
        value: unscaled(value),
        error_bound: unscaled(bound),
    })
}

/// Whether the lower triangle of `sign · a`, with entries near 1, is that of a positive definite matrix, proven by the
/// success of a Cholesky factorization after `δ ≥ γ/(1−γ) tr A` is taken from the diagonal (S. M. Rump, BIT 46, 2006).
fn is_proven_definite<T: Scalar>(a: &ArrayRef2<T>, sign: T) -> Result<bool, Error> {
    let unit = T::UNIT_ROUNDOFF.as_f64();
    // Rump has n + 1 roundings; a division that a library does by a reciprocal is one more.
    let roundings = (a.nrows() as f64 + 2.0) * unit;
    if roundings > 0.1 {
        return Ok(false);
    }
    let gamma = roundings / (1.0 - roundings);
    let diagonal = || a.diag().into_iter().map(|x| x.abs().as_f64());
    let (trace, largest) = (diagonal().sum::<f64>(), diagonal().fold(0.0, f64::max));
    // One unit of the largest entry for the rounding of the subtraction; 1.01 for that of δ, and for what underflows.
    let delta = 1.01 * (gamma / (1.0 - gamma) * trace + unit * largest);
    let mut shifted = a.mapv(|x| sign * x);
    shifted.diag_mut().mapv_inplace(|x| x - T::from_f64(delta));
    Ok(Cholesky::new(&shifted).is_ok())
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::random::standard_normal;
    use crate::testing::{Kind, Layout, symmetric};

    /// Every direction in a report has the sign that it claims, in exact integer arithmetic: of the vector rounded to
    /// multiples of 2⁻⁵², for a matrix of small integers.
    fn is_proof(a: &Array2<f64>, direction: &Direction<f64>, sign: f64) -> bool {
        let x: Vec<i128> = direction.vector.iter().map(|&x| (x * 2f64.powi(50)) as i128).collect();
        let mut sum = 0i128;
        for ((i, j), &entry) in a.indexed_iter() {
            sum += x[i] * x[j] * entry as i128;
        }
        sum.signum() as f64 == sign && direction.value * sign > direction.error_bound
    }

    /// Integer matrices whose definiteness is known, at every scale and in every layout.
    #[test]
    fn verdicts_on_integer_matrices() {
        use Definiteness::{
            Indefinite, NegativeDefinite, NegativeSemidefinite, PositiveDefinite, PositiveSemidefinite,
        };
        let laplacian = array![[2.0, -1.0, -1.0], [-1.0, 2.0, -1.0], [-1.0, -1.0, 2.0]];
        let cases = [
            (array![[2.0, 1.0], [1.0, 2.0]], PositiveDefinite, None),
            (array![[-2.0, 1.0], [1.0, -2.0]], NegativeDefinite, Some(1)),
            (array![[1.0, 2.0], [2.0, 1.0]], Indefinite, Some(2)),
            (array![[0.0, 1.0], [1.0, 0.0]], Indefinite, Some(1)),
            (array![[0.0, 0.0], [0.0, 0.0]], PositiveSemidefinite, Some(1)),
            (array![[0.0, 0.0], [0.0, -3.0]], NegativeSemidefinite, Some(1)),
            (array![[0.0, 0.0], [0.0, 3.0]], PositiveSemidefinite, Some(1)),
            (-&laplacian, NegativeSemidefinite, Some(1)),
            (array![[5.0]], PositiveDefinite, None),
            (array![[-5.0]], NegativeDefinite, Some(1)),
        ];
        for (a, expected, minor) in cases {
            for layout in Layout::ALL {
                for power in [0, 1018, -1070, -300] {
                    let scaled = &a * f64::from(power).exp2();
                    let report = layout.with(&scaled, |a| definiteness(&a)).unwrap();
                    assert_eq!(
                        (report.definiteness, report.failing_minor),
                        (expected, minor),
                        "{a} 2^{power}"
                    );
                }
                let single = layout.with(&a.mapv(|x| x as f32), |a| definiteness(&a)).unwrap();
                assert_eq!((single.definiteness, single.failing_minor), (expected, minor), "{a} in f32");
                let report = layout.with(&a, |a| definiteness(&a)).unwrap();
                let wanted = match expected {
                    Indefinite => (true, true),
                    PositiveSemidefinite => (a.iter().any(|&x| x != 0.0), false),
                    NegativeSemidefinite => (false, true),
                    _ => (false, false),
                };
                let found = (report.positive_direction, report.negative_direction);
                assert_eq!((found.0.is_some(), found.1.is_some()), wanted, "{a}");
                assert!(found.0.is_none_or(|direction| is_proof(&a, &direction, 1.0)));
                assert!(found.1.is_none_or(|direction| is_proof(&a, &direction, -1.0)));
            }
        }
        assert_eq!(definiteness(&laplacian).unwrap().definiteness, PositiveSemidefinite);
        let empty = definiteness(&Array2::<f64>::zeros((0, 0))).unwrap();
        assert_eq!(empty.definiteness, PositiveDefinite);
    }

    /// The eigenvalue that decides moves through zero: a verdict that is a proof is never wrong, and none is withheld
    /// once the eigenvalue is beyond the rounding that the proof pays for.
    #[test]
    fn a_proof_is_never_wrong() {
        for n in [2, 5, 30] {
            let q = crate::Qr::new(&standard_normal(n, n, 7)).unwrap().q().unwrap();
            for least in [1e-3, 1e-10, 1e-13, 1e-17, 0.0, -1e-17, -1e-13, -1e-10, -1e-3] {
                let mut values = Array1::<f64>::ones(n);
                values[0] = least;
                let product = (&q * &values).dot(&q.t());
                let a = (&product + &product.t()) * 0.5;
                let report = definiteness(&a).unwrap();
                // The matrix is off from its eigenvalues by a few n ε, the proofs pay for about n² ε.
                let beyond = (n * n) as f64 * f64::EPSILON * 2.0;
                let case = format!("{n} {least:e}: {:?}", report.definiteness);
                match report.definiteness {
                    Definiteness::PositiveDefinite => assert!(least > -1e-15, "{case}"),
                    Definiteness::Indefinite => assert!(least < n as f64 * 1e-15, "{case}"),
                    Definiteness::PositiveSemidefinite => assert!(least.abs() < beyond, "{case}"),
                    _ => panic!("{case}"),
                }
            }
        }
    }

    /// The report names the minor that Sylvester's criterion names.
    #[test]
    fn the_failing_minor_is_the_first_that_is_not_positive() {
        for n in [1, 2, 5, 12] {
            for kind in [Kind::Random, Kind::Identity, Kind::Zero] {
                let mut a = symmetric::<f64>(kind, n);
                a.diag_mut().mapv_inplace(|x| x + 2.0);
                let minors = crate::invariants::leading_principal_minors(&a).unwrap();
                let first = minors.iter().position(|&minor| minor <= 0.0).map(|i| i + 1);
                assert_eq!(definiteness(&a).unwrap().failing_minor, first, "{kind:?} {n}");
            }
        }
    }

    /// Sums of integers are exact, in every layout.
    #[test]
    fn forms_of_integers_are_exact() {
        let a = Array2::from_shape_fn((6, 4), |(i, j)| (i * 5 + j * 3) as f64 - 11.0);
        let (x, y) = (array![1.0, -2.0, 3.0, 0.0, 5.0, -1.0], array![2.0, 0.0, -1.0, 4.0]);
        let exact = x.dot(&a.dot(&y));
        for layout in Layout::ALL {
            assert_eq!(layout.with(&a, |a| bilinear_form(&x, &a, &y)), Ok(exact));
            assert_eq!(layout.with(&a, |a| bilinear_form(&y, &a.t(), &x)), Ok(exact));
        }
        assert!(matches!(quadratic_form(&a, &x), Err(Error::NotSquare { .. })));
        assert!(matches!(bilinear_form(&y, &a, &y), Err(Error::Shape { argument: "x", .. })));
        assert!(matches!(bilinear_form(&x, &a, &x), Err(Error::Shape { argument: "y", .. })));
        let huge = array![[f64::MAX]];
        assert!(matches!(quadratic_form(&huge, &array![2.0]), Err(Error::Overflow { .. })));
        assert_eq!(quadratic_form(&Array2::<f32>::zeros((0, 0)), &Array1::zeros(0)), Ok(0.0));
        let expected = Err(Error::NonFinite { argument: "x", row: 0, col: 0 });
        assert_eq!(quadratic_form(&huge, &array![f64::NAN]), expected);
    }

    #[test]
    fn bad_matrices_are_named() {
        let one = array![[1.0f32]];
        let error = definiteness(&one.broadcast((1 << 31, 1 << 31)).unwrap()).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }));
        assert!(matches!(definiteness(&Array2::<f64>::zeros((2, 3))), Err(Error::NotSquare { .. })));
        assert!(matches!(
            definiteness(&array![[1.0, 2.0], [0.0, 1.0]]),
            Err(Error::NotSymmetric { row: 1, .. })
        ));
        for (row, col) in (0..2).flat_map(|i| (0..2).map(move |j| (i, j))) {
            let mut a = Array2::<f64>::eye(2);
            a[[row, col]] = f64::INFINITY;
            assert_eq!(definiteness(&a), Err(Error::NonFinite { argument: "a", row, col }));
        }
    }
}
