//! Is a matrix invertible, and how far can a solution with it be trusted?
//!
//! | function                 | through                | routine                                | cost  |
//! |--------------------------|------------------------|----------------------------------------|-------|
//! | [`invertibility()`]      | LU and an estimate     | `sgetrf`, `sgecon`, `dgetrf`, `dgecon` | 2n³/3 |
//! | [`perturbation_bound`]   | the condition number   |                                        | O(1)  |
//!
//! In exact arithmetic a square matrix is invertible or not; in rounded arithmetic there is a third answer, singular
//! to working precision, of a matrix that has a singular neighbour within rounding. The answer is a report with its
//! reason, not a yes or a no.

use ndarray::ArrayRef2;

use crate::error::Error;
use crate::lu::{ConditionNorm, Lu};
use crate::qr::check_extents;
use crate::scalar::Scalar;

/// Whether a matrix is invertible, and why. Made by [`invertibility()`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Invertibility<T: Scalar> {
    /// It is not square. A rectangular matrix has a pseudoinverse: [`crate::inverse::pseudoinverse`].
    Rectangular {
        /// Its number of rows.
        rows: usize,
        /// Its number of columns.
        cols: usize,
    },
    /// A pivot of its LU factorization is exactly zero.
    Singular {
        /// The index of the first such pivot, from 0: that many columns before it were found independent.
        pivot: usize,
    },
    /// No pivot is zero, but a matrix that differs from it by rounding alone is singular. Solutions have no digit
    /// that can be trusted.
    NumericallySingular {
        /// An estimate of the reciprocal condition number in the 1-norm: at most the unit roundoff.
        reciprocal_condition: T,
    },
    /// It is invertible.
    Invertible {
        /// An estimate of the condition number in the 1-norm.
        condition: T,
        /// How many decimal digits of a solution can be trusted when the data are right to the last bit:
        /// `−log₁₀(ε κ)`, rounded down.
        digits: u32,
    },
}

impl<T: Scalar> Invertibility<T> {
    /// Whether the matrix is invertible to working precision.
    pub fn is_invertible(&self) -> bool {
        matches!(self, Invertibility::Invertible { .. })
    }
}

/// Whether `a` (m x n) is invertible, with the reason. An empty square matrix is.
///
/// The estimate of the condition number is rarely more than 3 times too small, so that a matrix within that factor
/// of being numerically singular may pass.
///
/// ```
/// use lapwing_lapack::invertibility::{Invertibility, invertibility};
/// use ndarray::array;
/// let report = invertibility(&array![[1.0, 2.0], [2.0, 4.0]])?;
/// assert_eq!(report, Invertibility::Singular { pivot: 1 });
/// let report = invertibility(&array![[1.0, 2.0], [3.0, 4.0]])?;
/// assert!(matches!(report, Invertibility::Invertible { digits: 14, .. }));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`]; [`Error::Overflow`] when the elimination leaves
/// the range of the scalar.
pub fn invertibility<T: Scalar>(a: &ArrayRef2<T>) -> Result<Invertibility<T>, Error> {
    let (rows, cols) = a.dim();
    check_extents(a)?;
    if rows != cols {
        crate::require_finite("a", a)?;
        return Ok(Invertibility::Rectangular { rows, cols });
    }
    let lu = Lu::new(a)?;
    if let Some(pivot) = lu.zero_pivot() {
        return Ok(Invertibility::Singular { pivot });
    }
    let reciprocal_condition = lu.reciprocal_condition(ConditionNorm::One)?;
    if reciprocal_condition <= T::UNIT_ROUNDOFF {
        return Ok(Invertibility::NumericallySingular { reciprocal_condition });
    }
    let digits = (reciprocal_condition / T::UNIT_ROUNDOFF).as_f64().log10().floor() as u32;
    Ok(Invertibility::Invertible { condition: reciprocal_condition.recip(), digits })
}

/// How much a system `A x = b` and its data differ, relatively. All three in the same norm: that of the condition
/// number for A, and the vector norm that induces it for b.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Perturbation {
    /// `‖δA‖ / ‖A‖`.
    pub matrix: f64,
    /// `‖δb‖ / ‖b‖`.
    pub right_hand_side: f64,
}

/// A bound on the relative error `‖δx‖ / ‖x‖` of the solution of `A x = b` when `A` and `b` are perturbed:
///
/// ```text
/// κ / (1 − κ ‖δA‖/‖A‖) · (‖δA‖/‖A‖ + ‖δb‖/‖b‖)
/// ```
///
/// It holds for every perturbation of these sizes, and for some it is nearly attained; a given one may do much
/// less. `condition` is [`condition_number`](crate::condition::condition_number), exact rather than estimated, in a
/// norm that a vector norm induces: 1, 2 or ∞.
///
/// ```
/// use lapwing_lapack::invertibility::{Perturbation, perturbation_bound};
/// // Data known to six digits, and a condition number of a thousand: three digits are left.
/// let bound = perturbation_bound(1e3, Perturbation { matrix: 1e-6, right_hand_side: 1e-6 })?;
/// assert!(bound > 2e-3 && bound < 2.01e-3);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::DoesNotExist`] when `κ ‖δA‖/‖A‖ ≥ 1`: a matrix that is perturbed by so much may be singular.
/// [`Error::InvalidParameter`] when the condition number is less than 1, or a size negative, infinite or NaN.
pub fn perturbation_bound(condition: f64, perturbation: Perturbation) -> Result<f64, Error> {
    let invalid = |parameter, value: f64, requirement: &str| {
        Err(Error::InvalidParameter {
            parameter,
            value: value.to_string(),
            requirement: requirement.to_owned(),
        })
    };
    // A condition number that was computed may fall short of 1 by rounding.
    if condition.is_nan() || condition < 1.0 - 1e-6 {
        return invalid("condition", condition, "at least 1");
    }
    let Perturbation { matrix, right_hand_side } = perturbation;
    for (parameter, value) in [("matrix", matrix), ("right_hand_side", right_hand_side)] {
        if !(0.0..f64::INFINITY).contains(&value) {
            return invalid(parameter, value, "a relative size, at least 0");
        }
    }
    let growth = if matrix == 0.0 { 0.0 } else { condition * matrix };
    if growth >= 1.0 || condition == f64::INFINITY {
        let reason = format!(
            "a perturbation of {matrix:e} may make a matrix with the condition number {condition:e} singular; \
             reduce the perturbation below {:e}, or regularize",
            1.0 / condition
        );
        return Err(Error::DoesNotExist { what: "the bound", reason });
    }
    Ok(condition / (1.0 - growth) * (matrix + right_hand_side))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::condition::condition_number;
    use crate::norms::{Norm, norm, vector_norm};
    use crate::random::standard_normal;
    use crate::testing::{Kind, Layout, matrix};

    /// Each answer, of a matrix made for it, in every layout and both precisions.
    #[test]
    fn the_reason_is_the_one_that_was_built_in() {
        let hilbert = Array2::from_shape_fn((16, 16), |(i, j)| 1.0 / (i + j + 1) as f64);
        let mut column = Array2::<f64>::eye(4);
        column[[2, 2]] = 0.0;
        for layout in Layout::ALL {
            let of = |a: &Array2<f64>| layout.with(a, |a| invertibility(&a)).unwrap();
            assert_eq!(of(&column), Invertibility::Singular { pivot: 2 });
            assert_eq!(of(&Array2::zeros((3, 2))), Invertibility::Rectangular { rows: 3, cols: 2 });
            assert!(matches!(of(&hilbert), Invertibility::NumericallySingular { .. }), "{:?}", of(&hilbert));
            let Invertibility::Invertible { condition, digits } = of(&Array2::eye(3)) else { panic!() };
            assert_eq!((condition, digits), (1.0, 15));
            assert!(of(&Array2::eye(3)).is_invertible() && !of(&hilbert).is_invertible());
        }
        let single = invertibility(&hilbert.mapv(|x| x as f32)).unwrap();
        assert!(matches!(single, Invertibility::NumericallySingular { .. }));
        assert!(invertibility(&Array2::<f64>::zeros((0, 0))).unwrap().is_invertible());
        let bad = array![[1.0, f64::NAN]];
        assert_eq!(invertibility(&bad), Err(Error::NonFinite { argument: "a", row: 0, col: 1 }));
        for scale in [1e300, 1e-300] {
            assert!(invertibility(&(matrix::<f64>(Kind::Random, 9, 9) * scale)).unwrap().is_invertible());
        }
    }

    /// The digits that are promised are there: solve for a known solution, with `b` formed to full accuracy.
    #[test]
    fn the_digits_promised_are_there() {
        for n in 2..=11 {
            // Hilbert's matrix times its common denominator: integers, and so is b = A (1, ..., 1).
            let denominator = 232792560.0 * 1.0;
            let a = Array2::from_shape_fn((n, n), |(i, j)| denominator / (i + j + 1) as f64);
            if a.iter().any(|x| x.fract() != 0.0) {
                continue;
            }
            let b = a.sum_axis(ndarray::Axis(1));
            let Invertibility::Invertible { digits, .. } = invertibility(&a).unwrap() else { break };
            let x = Lu::new(&a).unwrap().solve(&b).unwrap();
            let error = x.iter().fold(0.0, |worst: f64, x| worst.max((x - 1.0).abs()));
            // One digit for the growth of LU and for the estimate's factor of 3.
            assert!(error <= 10f64.powi(1 - digits as i32), "{n}: {error:e} with {digits} digits");
        }
    }

    /// The bound holds in all three norms for random perturbations, and is attained up to a small factor by the
    /// worst ones.
    #[test]
    fn the_bound_holds_and_is_nearly_attained() {
        for (seed, which) in
            (0..30).flat_map(|seed| [(seed, Norm::One), (seed, Norm::Two), (seed, Norm::Infinity)])
        {
            let p = match which {
                Norm::One => 1.0,
                Norm::Two => 2.0,
                _ => f64::INFINITY,
            };
            let n = 2 + seed as usize % 7;
            let (a, x) =
                (standard_normal(n, n, seed), standard_normal(n, 1, seed + 100).column(0).to_owned());
            let b = a.dot(&x);
            let (da, db) = (standard_normal(n, n, seed + 200), standard_normal(n, 1, seed + 300));
            let (da, db) = (da * 1e-5, db.column(0).to_owned() * 1e-5);
            let sizes = Perturbation {
                matrix: norm(&da, which).unwrap() / norm(&a, which).unwrap(),
                right_hand_side: vector_norm(&db, p).unwrap() / vector_norm(&b, p).unwrap(),
            };
            let condition = condition_number(&a, which).unwrap();
            let bound = perturbation_bound(condition, sizes).unwrap();
            let moved = Lu::new(&(&a + &da)).unwrap().solve(&(&b + &db)).unwrap();
            let found = vector_norm(&(&moved - &x), p).unwrap() / vector_norm(&x, p).unwrap();
            // Solving has errors of its own, of n ε κ.
            assert!(found <= bound + 1e-13 * condition, "{seed} {which:?}: {found} over {bound}");
        }
        // diag(1, 1/κ), b along the first axis and perturbed along the second.
        let condition = 1e6;
        let bound =
            perturbation_bound(condition, Perturbation { matrix: 0.0, right_hand_side: 1e-8 }).unwrap();
        let (a, b) = (array![[1.0, 0.0], [0.0, 1.0 / condition]], array![1.0, 1e-8]);
        let x = Lu::new(&a).unwrap().solve(&b).unwrap();
        assert!((x[1] / bound - 1.0).abs() < 1e-12, "{} for {bound}", x[1]);
    }

    #[test]
    fn the_bound_is_refused_where_it_does_not_apply() {
        let of = |condition, matrix, right_hand_side| {
            perturbation_bound(condition, Perturbation { matrix, right_hand_side })
        };
        for (condition, matrix) in [(1e3, 1e-3), (1e3, 1.0), (f64::INFINITY, 0.0), (f64::INFINITY, 1e-300)] {
            assert!(matches!(of(condition, matrix, 0.0), Err(Error::DoesNotExist { what: "the bound", .. })));
        }
        assert!(of(1e3, 0.999e-3, 0.0).is_ok());
        assert_eq!(of(1.0, 0.0, 0.0), Ok(0.0));
        for (condition, matrix, rhs) in [
            (0.5, 0.0, 0.0),
            (f64::NAN, 0.0, 0.0),
            (2.0, -1.0, 0.0),
            (2.0, f64::NAN, 0.0),
            (2.0, 0.0, f64::INFINITY),
        ] {
            assert!(matches!(of(condition, matrix, rhs), Err(Error::InvalidParameter { .. })));
        }
    }
}
