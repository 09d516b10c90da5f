//! The normal equations `XᵀX b = Xᵀy` of centred, weighted and equilibrated rows, by Cholesky, with a bound on what they cost.
//!
//! Let κ be the condition number of X with columns near unit length, and `δ` what bounds, relative to its norm, the error
//! of the Gram matrix and of its factor. Then the solution of the normal equations is wrong by a relative `δκ²` (Higham,
//! "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 20.4), where Householder QR, whose backward error we put
//! at no less than `δ`, is wrong by `δκ` (theorem 20.3; by `δκ²` times the share of the residual too, which is ignored in
//! favour of QR).
//!
//! A correction computes the residuals from the rows, and solves for what their projections are still worth (corrected
//! seminormal equations: Björck, "Stability analysis of the method of seminormal equations", Linear Algebra Appl. 88/89,
//! 1987). Each one shrinks the error by `δκ²` again, down to what the rounding of the residuals leaves: `δκ`, and `δκ²` times
//! the share of the residual, as by QR. So k corrections are as good as QR, to a factor of [`A_DIGIT`], where
//! `(δκ²)ᵏ⁺¹ ≤ 10 δκ`.

use lapwing_lapack::{Cholesky, Error as LapackError, Scalar, kernel, zeros};
use ndarray::{Array1, Array2};

use super::{Fit, LinearRegressionSolver};
use crate::error::Error;
use crate::linear_model::cross_moments::CrossMoments;
use crate::linear_model::regression::{Centre, Regression};
use crate::linear_model::rows::CentredRows;
use crate::row_blocks::rows_per_block;

/// How much larger than QR's the bound may be.
const A_DIGIT: f64 = 10.0;

/// A correction that gains less than a digit proves nothing.
const LARGEST_CONTRACTION: f64 = 0.1;

/// A third pass over the rows costs as much as QR saves.
const MOST_CORRECTIONS: i32 = 2;

/// Sums of squares in this range, and products of their roots, are far from under- and overflow.
const IN_RANGE: std::ops::RangeInclusive<f64> = 1e-280..=1e280;

/// The solution by the normal equations; `None` where they are not as good as QR.
pub(super) fn by_cholesky<T: Scalar>(rows: &Regression<'_, T>) -> Result<Option<Fit>, Error> {
    let moments = match rows.moments() {
        Err(Error::Lapack(LapackError::Overflow { .. })) => return Ok(None),
        moments => moments?,
    };
    let Some(equations) = NormalEquations::new(&moments)? else { return Ok(None) };
    let perturbation = perturbation(rows.x.dim());
    let Some(corrections) = corrections(perturbation, equations.condition, T::epsilon().as_f64()) else {
        return Ok(None);
    };
    let mut solution = equations.solve(&moments.cross)?;
    for _ in 0..corrections {
        let projected = projected_residuals(rows, &moments, &solution)?;
        solution += &equations.solve(&projected)?;
    }
    let centre = Centre {
        x: moments.x_mean,
        y: moments.y_mean,
        x_rounding: moments.x_mean_rounding,
        y_rounding: moments.y_mean_rounding,
    };
    let coefficients = solution.reversed_axes();
    let level = centre.level(&coefficients);
    Ok(Some(Fit {
        rank: Some(coefficients.ncols()),
        coefficients,
        centre: centre.x,
        level,
        intercept: None,
        solver: LinearRegressionSolver::Cholesky,
        singular_values: None,
    }))
}

/// δ for the Gram matrix of n rows and p columns of unit length.
///
/// An entry is a sum in the blocks of [`CrossMoments`], whose error is at most the number of additions on the longest way
/// through it times the unit roundoff u: those within a block, and those of blocks. `potrf` adds (p + 1) u. The norm of a matrix
/// is at most p times its largest entry.
fn perturbation((samples, features): (usize, usize)) -> f64 {
    let height = rows_per_block(features);
    let additions = height.min(samples) + samples.div_ceil(height) + features + 3;
    features as f64 * additions as f64 * f64::UNIT_ROUNDOFF
}

/// k for κ, or `None` where no k is enough. Where the data is rounded to an `epsilon` of the scalar, it must determine the
/// rank besides.
fn corrections(perturbation: f64, condition: f64, epsilon: f64) -> Option<i32> {
    let contraction = perturbation * condition * condition;
    let accepted = A_DIGIT * perturbation * condition;
    if contraction > LARGEST_CONTRACTION || epsilon * condition > LARGEST_CONTRACTION {
        return None;
    }
    (0..=MOST_CORRECTIONS).find(|&corrections| contraction.powi(corrections + 1) <= accepted)
}

/// The factored Gram matrix.
struct NormalEquations {
    /// Powers of two that bring the columns to nearly unit length.
    scales: Array1<f64>,
    factor: Cholesky<f64>,
    /// κ, the root of the condition number of the scaled Gram matrix, which LAPACK's estimate rarely puts a third too low, and
    /// the 1-norm up to √p too high.
    condition: f64,
}

impl NormalEquations {
    /// `None` where the Gram matrix is not positive definite, or a column or a target is zero or near the ends of the range.
    fn new(moments: &CrossMoments) -> Result<Option<Self>, Error> {
        let squares = moments.gram.diag().into_iter().chain(&moments.y_squares);
        if !squares.into_iter().all(|squares| IN_RANGE.contains(squares)) {
            return Ok(None);
        }
        let scales = moments.gram.diag().mapv(|squares| (-0.5 * squares.log2()).round().exp2());
        let mut gram = zeros(scales.len(), scales.len())?;
        for ((i, mut row), source) in gram.outer_iter_mut().enumerate().zip(moments.gram.outer_iter()) {
            for (j, entry) in row.iter_mut().enumerate().take(i + 1) {
                *entry = source[j] * scales[i] * scales[j];
            }
        }
        let factor = match Cholesky::new(&gram) {
            Err(LapackError::NotPositiveDefinite { .. }) => return Ok(None),
            factor => factor?,
        };
        let reciprocal = factor.reciprocal_condition(&gram)?;
        Ok(Some(Self { scales, factor, condition: reciprocal.recip().sqrt() }))
    }

    /// p x t, for p x t.
    fn solve(&self, projected: &Array2<f64>) -> Result<Array2<f64>, Error> {
        let mut scaled = projected.clone();
        scaled.outer_iter_mut().zip(&self.scales).for_each(|(mut row, &scale)| row *= scale);
        let mut solution = self.factor.solve(&scaled)?;
        solution.outer_iter_mut().zip(&self.scales).for_each(|(mut row, &scale)| row *= scale);
        Ok(solution)
    }
}

/// `Xᵀ (y − X b)` from the rows, p x t.
fn projected_residuals<T: Scalar>(
    rows: &Regression<'_, T>,
    moments: &CrossMoments,
    solution: &Array2<f64>,
) -> Result<Array2<f64>, Error> {
    let root_weights = rows.root_weights();
    let centred = CentredRows {
        rows: *rows,
        x_centre: &moments.x_mean,
        y_centre: &moments.y_mean,
        root_weights: root_weights.as_ref(),
    };
    let (features, targets) = solution.dim();
    let parts = centred.fold(
        || Ok(zeros(features, targets)?),
        |sum, _, x, y| {
            kernel::gemm(-1.0, x, solution, 1.0, y)?;
            Ok(kernel::gemm(1.0, &x.t(), y, 1.0, sum)?)
        },
    )?;
    let mut total = zeros(features, targets)?;
    parts.iter().for_each(|part| total += part);
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule at n = 100,000 and p = 100, where δ is 10⁻¹¹: none up to a condition number of ten, one up to 10⁴, two beyond,
    /// and QR from about 4·10⁴.
    #[test]
    fn corrections_are_made_until_the_bound_is_that_of_qr() {
        let delta = perturbation((100_000, 100));
        assert!((1e-11..2e-11).contains(&delta), "{delta:e}");
        let of = |condition| corrections(delta, condition, f64::EPSILON);
        assert_eq!([1.0, 9.0, 11.0, 9e3].map(of), [Some(0), Some(0), Some(1), Some(1)]);
        assert_eq!([2e4, 1e5, f64::INFINITY].map(of), [Some(2), None, None]);
        // Single precision does not determine the rank of what is nearly as bad as its roundoff.
        assert_eq!(corrections(1e-15, 1e6, f32::EPSILON.into()), None);
    }
}
