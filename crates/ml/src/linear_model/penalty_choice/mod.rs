//! The penalty of a ridge regression from the data alone: generalized cross-validation, and the corner of the L-curve.
//!
//! Both look at the same curve, the squared residuals and the squared norm of the coefficients as the penalty grows, and
//! both come from one singular value decomposition: a penalty costs O(min(n, p)).
//!
//! | function                        | chooses                                                          | source                 |
//! |---------------------------------|------------------------------------------------------------------|------------------------|
//! | [`generalized_cross_validation`] | the least mean squared error with samples left out, of mean leverage | Golub, Heath, Wahba 1979 |
//! | [`l_curve`]                     | where residuals stop falling and coefficients begin to rise      | Hansen 1998, chapter 4.6 |
//!
//! Generalized cross-validation is for independent errors of equal variance, and may take too small a penalty where they are
//! correlated. Neither choice is safe in small samples: of 300 draws of the noise in a blurred signal of 32 points, the first
//! took next to no penalty in 48, and the second in 14, where the curve has a sharper corner at a singular value that is
//! rounding. [`ChosenPenalty`] has the curve, to be looked at.

mod curve;
#[cfg(test)]
mod tests;

use lapwing_lapack::Scalar;
use ndarray::{Array1, ArrayRef1, ArrayRef2, ArrayView1, Ix1};

use self::curve::Curve;
use super::regression::{Intercept, Regression};
use super::singular_system::SingularSystem;
use crate::error::Error;

/// Penalties of the curve that is returned: eight to a decade of the twenty that it may span.
const POINTS: usize = 160;

/// Steps of the golden section: each takes off 38 %, and after so many, rounding decides.
const STEPS: usize = 80;

/// A penalty, and the curve that it was read from. The grid of the curve is logarithmic, from far below the smallest squared
/// singular value that counts to the largest.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenPenalty {
    alpha: f64,
    alphas: Array1<f64>,
    residual_norms: Array1<f64>,
    solution_norms: Array1<f64>,
    criterion: Array1<f64>,
}

impl ChosenPenalty {
    /// The penalty, for [`Ridge`](super::Ridge).
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The penalties of the curve, ascending.
    pub fn alphas(&self) -> ArrayView1<'_, f64> {
        self.alphas.view()
    }

    /// `‖y − X b‖` for each of them.
    pub fn residual_norms(&self) -> ArrayView1<'_, f64> {
        self.residual_norms.view()
    }

    /// `‖b‖` for each of them.
    pub fn solution_norms(&self) -> ArrayView1<'_, f64> {
        self.solution_norms.view()
    }

    /// What the choice makes least (the error by generalized cross-validation, relative to the squared length of the centred
    /// target) or largest (the curvature of the L-curve), for each of them.
    pub fn criterion(&self) -> ArrayView1<'_, f64> {
        self.criterion.view()
    }
}

/// The penalty with the least error by generalized cross-validation, `n ‖r‖² / (n − d)²` with d the effective number of
/// parameters, for `y` (n) on `x` (n x p).
///
/// ```
/// use lapwing_ml::linear_model::{Intercept, penalty_choice};
/// use ndarray::{Array1, Array2};
/// let x = Array2::from_shape_fn((30, 6), |(i, j)| (i as f64 / 30.0).powi(j as i32 + 1));
/// let y = Array1::from_shape_fn(30, |i| (i as f64 / 5.0).sin() + 0.1 * ((i * 7) % 5) as f64);
/// let chosen = penalty_choice::generalized_cross_validation(&x, &y, Intercept::Fitted)?;
/// assert!(chosen.alpha() > 0.0 && chosen.alpha() < 10.0);
/// # Ok::<(), lapwing_ml::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFewSamples`] for fewer than 2; [`Error::NoFeatures`]; [`Error::InvalidParameter`] for features that do not
/// vary, or a target that they have no part in; [`Error::Lapack`] with `NonFinite`, `Shape` for lengths that differ,
/// `Overflow`, `NoConvergence` or `OutOfMemory`.
pub fn generalized_cross_validation<T: Scalar>(
    x: &ArrayRef2<T>,
    y: &ArrayRef1<T>,
    intercept: Intercept,
) -> Result<ChosenPenalty, Error> {
    choose(x, y, intercept, |curve, alpha| -curve.generalized_error(alpha), |largest| -largest)
}

/// The penalty at the corner of the L-curve: where `(log ‖r‖, log ‖b‖)` has the largest curvature, for `y` (n) on `x`
/// (n x p). The curvature comes from the filter factors and their derivatives, not from differences.
///
/// # Errors
/// Those of [`generalized_cross_validation`].
pub fn l_curve<T: Scalar>(
    x: &ArrayRef2<T>,
    y: &ArrayRef1<T>,
    intercept: Intercept,
) -> Result<ChosenPenalty, Error> {
    choose(x, y, intercept, Curve::curvature, |largest| largest)
}

/// The penalty that makes `merit` largest: the best of a grid, and then the best between its neighbours.
fn choose<T: Scalar>(
    x: &ArrayRef2<T>,
    y: &ArrayRef1<T>,
    intercept: Intercept,
    merit: impl Fn(&Curve, f64) -> f64,
    shown: impl Fn(f64) -> f64,
) -> Result<ChosenPenalty, Error> {
    let data = Regression::new::<Ix1>("the choice of a penalty", x, y, None, intercept)?;
    if x.nrows() < 2 {
        let method = "the choice of a penalty";
        return Err(Error::TooFewSamples { argument: "x", method, found: x.nrows(), least: 2 });
    }
    let curve = Curve::new(SingularSystem::new(&data)?, x.nrows(), intercept)?;
    let (first, last) = curve.range();
    let step = (last - first) / (POINTS - 1) as f64;
    let logarithm = |i: usize| first + i as f64 * step;
    let alphas = Array1::from_shape_fn(POINTS, |i| logarithm(i).exp());
    let merits = alphas.mapv(|alpha| merit(&curve, alpha));
    let best = (0..POINTS).fold(0, |best, i| if merits[i] > merits[best] { i } else { best });
    let (low, high) = (logarithm(best.saturating_sub(1)), logarithm((best + 1).min(POINTS - 1)));
    let found = golden_section(low, high, |logarithm| merit(&curve, logarithm.exp()));
    // A maximum at an end of the grid is its end.
    let alpha = if merit(&curve, found.exp()) >= merits[best] { found.exp() } else { alphas[best] };
    Ok(ChosenPenalty {
        alpha: curve.in_units_of_the_data(alpha)?,
        residual_norms: alphas.mapv(|alpha| curve.residual_norm(alpha)),
        solution_norms: alphas.mapv(|alpha| curve.solution_norm(alpha)),
        criterion: merits.mapv(shown),
        alphas: alphas.iter().map(|&alpha| curve.in_units_of_the_data(alpha)).collect::<Result<_, _>>()?,
    })
}

/// The place of the maximum of `merit`, which has one, between `low` and `high`.
fn golden_section(mut low: f64, mut high: f64, merit: impl Fn(f64) -> f64) -> f64 {
    let share = (5.0f64.sqrt() - 1.0) / 2.0;
    let (mut left, mut right) = (high - share * (high - low), low + share * (high - low));
    let (mut of_left, mut of_right) = (merit(left), merit(right));
    for _ in 0..STEPS {
        if of_left >= of_right {
            (high, right, of_right) = (right, left, of_left);
            left = high - share * (high - low);
            of_left = merit(left);
        } else {
            (low, left, of_left) = (left, right, of_right);
            right = low + share * (high - low);
            of_right = merit(right);
        }
    }
    0.5 * (low + high)
}
