//! Least squares with linear constraints, and with noise of a known covariance.
//!
//! | to                                            | use                      | f32      | f64      | cost             |
//! |-----------------------------------------------|--------------------------|----------|----------|------------------|
//! | minimize `‖A x − b‖` subject to `C x = d`     | [`equality_constrained`] | `sgglse` | `dgglse` | O((m + p + n) n²)|
//! | minimize `‖y‖` subject to `A x + B y = d`     | [`gauss_markov`]         | `sggglm` | `dggglm` | O((m + p + n) m²)|
//! | tell whether the ranks allow it               | (both do)                | `strcon` | `dtrcon` | O(n²)            |
//!
//! LAPACK checks its rank conditions for exact zeros only, which rounding hardly ever leaves; here the triangles that it
//! solved with are held to a condition number, and too close to deficiency is an error.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2, ArrayView1, Axis, concatenate, s};

use super::scaling::{
    Equilibration, exponents, ldexp, length_exponent, scale_columns, scale_right_hand_sides,
};
use super::square::triangle_reciprocal_condition;
use super::{norms, residuals};
use crate::certificate::one_norm;
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{column_major, from_columns};
use crate::products::same;
use crate::qr::{check_extents, into_columns};
use crate::scalar::Scalar;
use crate::size::workspace_length;

/// A triangle whose inverse, times the matrix it was reduced from, has a 1-norm of at least the inverse of this many
/// unit roundoffs is that of a deficient matrix: rounding leaves a few.
const NEGLIGIBLE: f64 = 10.0;

/// The least squares solution of `a x ≈ b` among those that satisfy `c x = d` exactly, for `a` (m x n) and `c` (p x n):
/// a fit through given points, weights that add up to one, a spline with continuous derivatives.
///
/// It is unique when the constraints are independent (`c` has rank p) and, with them, `a` determines every
/// unknown (`[a; c]` has rank n); otherwise it is an error, never a guess.
///
/// ```
/// use lapwing_lapack::least_squares::equality_constrained;
/// use ndarray::array;
/// // Weights closest to 0.5, 0.3 and 0.5 that add up to one.
/// let a = ndarray::Array2::eye(3);
/// let fit = equality_constrained(&a, &array![0.5, 0.3, 0.5], &array![[1.0, 1.0, 1.0]], &array![1.0])?;
/// assert!(fit.solution().iter().zip([0.4, 0.2, 0.4]).all(|(x, y): (&f64, _)| (x - y).abs() < 1e-15));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::RankDeficient`] for `c`, or for `[a; c]`; [`Error::Shape`] when extents disagree; [`Error::NonFinite`];
/// [`Error::TooLarge`]; [`Error::OutOfMemory`]; [`Error::Overflow`].
#[doc(alias = "gglse")]
pub fn equality_constrained<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
    c: &ArrayRef2<T>,
    d: &ArrayRef1<T>,
) -> Result<EqualityConstrained<T>, Error> {
    let ((m, n), p) = (a.dim(), c.nrows());
    for (name, matrix, vector_name, vector) in [("a", a, "b", b), ("c", c, "d", d)] {
        check_extents(matrix)?;
        same(name, "columns", matrix.ncols(), n, "as many as a has")?;
        let reason = if name == "a" { "as many as a has rows" } else { "as many as c has rows" };
        same(vector_name, "entries", vector.len(), matrix.nrows(), reason)?;
    }
    for (name, matrix, vector_name, vector) in [("a", a, "b", b), ("c", c, "d", d)] {
        require_finite(name, matrix)?;
        require_finite(vector_name, &vector.view().insert_axis(Axis(1)))?;
    }
    if p > n {
        return Err(Error::RankDeficient { argument: "c", rank: n, needed: p });
    }
    if n > m + p {
        return Err(Error::RankDeficient { argument: "[a; c]", rank: m + p, needed: n });
    }
    let x = if n == 0 { Array1::zeros(0) } else { solve_constrained(a, b, c, d)? };

    let columns = x.view().insert_axis(Axis(1)).to_owned();
    let of = |matrix: &ArrayRef2<T>, vector: &ArrayRef1<T>| -> Result<Array1<T>, Error> {
        let residuals = residuals(matrix, &columns, &vector.view().insert_axis(Axis(1)))?;
        Ok(residuals.index_axis_move(Axis(1), 0))
    };
    let (residuals, violations) = (of(a, b)?, of(c, d)?);
    Ok(EqualityConstrained { residual_norm: length(residuals.view())?, solution: x, residuals, violations })
}

/// The solution of a least squares problem with linear constraints. Made by [`equality_constrained`].
#[derive(Clone, Debug)]
pub struct EqualityConstrained<T: Scalar> {
    solution: Array1<T>,
    residuals: Array1<T>,
    residual_norm: T,
    violations: Array1<T>,
}

impl<T: Scalar> EqualityConstrained<T> {
    /// `x`, n entries.
    pub fn solution(&self) -> ArrayView1<'_, T> {
        self.solution.view()
    }

    /// `x`, without a copy.
    pub fn into_solution(self) -> Array1<T> {
        self.solution
    }

    /// `b − A x`, m entries.
    pub fn residuals(&self) -> ArrayView1<'_, T> {
        self.residuals.view()
    }

    /// `‖b − A x‖₂`.
    pub fn residual_norm(&self) -> T {
        self.residual_norm
    }

    /// `d − C x`, p entries: what rounding left of the constraints.
    pub fn violations(&self) -> ArrayView1<'_, T> {
        self.violations.view()
    }
}

fn solve_constrained<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
    c: &ArrayRef2<T>,
    d: &ArrayRef1<T>,
) -> Result<Array1<T>, Error> {
    let ((m, n), p) = (a.dim(), c.nrows());
    // Each constraint holds in any units, and the objective is least in any: they may be scaled, each by itself.
    let rows = |matrix: &ArrayRef2<T>| matrix.outer_iter().map(|row| row.to_vec()).collect::<Vec<_>>();
    let (_, of_a) = exponents::<T>(rows(a).iter().map(Vec::as_slice), Equilibration::Never);
    let of_c: Vec<i32> = rows(c).iter().map(|row| length_exponent(row)).collect();
    let ((a, b), (c, d)) = (divide(a, b, &vec![of_a; m])?, divide(c, d, &of_c)?);
    // The unknowns in other units are those of both.
    let stacked = column_major(&concatenate![Axis(0), a, c])?;
    let mut stacked = into_columns(stacked);
    let (units, _) = exponents::<T>(stacked.chunks_exact(m + p), Equilibration::Automatic);
    scale_columns(&mut stacked, m + p, units.iter().map(|e| -e));
    let stacked = from_columns(stacked, m + p, n);
    let (a, c) = (column_major(&stacked.slice(s![..m, ..]))?, column_major(&stacked.slice(s![m.., ..]))?);
    let norms = (one_norm(&a), one_norm(&c));

    // Both right-hand sides by the same power of two, which the unknowns carry.
    let together = concatenate![Axis(0), b, d].insert_axis(Axis(1));
    let (together, powers) = scale_right_hand_sides(&together, m + p, None)?;
    let (mut b, mut d) = (together.slice(s![..m, 0]).to_vec(), together.slice(s![m.., 0]).to_vec());
    let (mut a, mut c, mut x) = (into_columns(a), into_columns(c), zeroed(n)?);
    let optimum = || T::gglse_optimum(m as Int, n as Int, p as Int);
    let minimum = m as u128 + n as u128 + p as u128;
    let mut work = zeroed(workspace_length("the workspace of gglse", minimum, optimum)?)?;
    let (of_a, of_c) = (Columns::new(&mut a, m, n)?, Columns::new(&mut c, p, n)?);
    let info = T::gglse(of_a, of_c, &mut b, &mut d, &mut x, &mut work);
    if info < 0 {
        return Err(Error::Internal { routine: "gglse", info });
    }
    // C = [0 R] Q, and what is left of A for the n − p free unknowns starts with a triangle.
    let free = n - p;
    if info == 1 || deficient(p, c.get(p * free..).unwrap_or(&[]), p, norms.1)? {
        return Err(Error::RankDeficient { argument: "c", rank: p - 1, needed: p });
    }
    if info == 2 || deficient(free, &a, m, norms.0)? {
        return Err(Error::RankDeficient { argument: "[a; c]", rank: n - 1, needed: n });
    }
    let x: Array1<T> = x.iter().zip(&units).map(|(&x, unit)| ldexp(x, powers[0] - unit)).collect();
    require_finite_result("gglse", x.as_slice().expect("a vector is packed"))?;
    Ok(x)
}

/// The best linear unbiased estimate of `x` in `d = a x + b y`, where the noise `y` has uncorrelated entries of one
/// variance: of all pairs that satisfy the equation, the one with the shortest `y`. For `a` (n x m) and
/// `b` (n x p).
///
/// With observations of covariance `W = B Bᵀ` (`b` its [`Cholesky`](crate::Cholesky) factor, say) this is generalized
/// least squares, without inverting `W`, which may be singular; with a diagonal `b`, it is weighted least squares.
///
/// ```
/// use lapwing_lapack::least_squares::gauss_markov;
/// use ndarray::{Array2, array};
/// // The mean of two observations, the second with a third of the standard deviation: weights 1 and 9.
/// let a = array![[1.0], [1.0]];
/// let fit = gauss_markov(&a, &Array2::from_diag(&array![3.0, 1.0]), &array![10.0, 20.0])?;
/// assert!((fit.solution()[0] - 19.0f64).abs() < 1e-13);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::RankDeficient`] for `a`, or for `[a b]`, which must have rank n; [`Error::Shape`] when extents disagree;
/// [`Error::NonFinite`]; [`Error::TooLarge`]; [`Error::OutOfMemory`]; [`Error::Overflow`].
#[doc(alias = "ggglm")]
pub fn gauss_markov<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    d: &ArrayRef1<T>,
) -> Result<GaussMarkov<T>, Error> {
    let ((n, m), p) = (a.dim(), b.ncols());
    check_extents(a)?;
    check_extents(b)?;
    same("b", "rows", b.nrows(), n, "as many as a has")?;
    same("d", "entries", d.len(), n, "as many as a has rows")?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    require_finite("d", &d.view().insert_axis(Axis(1)))?;
    if m > n {
        return Err(Error::RankDeficient { argument: "a", rank: n, needed: m });
    }
    if n > m + p {
        return Err(Error::RankDeficient { argument: "[a b]", rank: m + p, needed: n });
    }
    if n == 0 {
        let (solution, noise) = (Array1::zeros(0), Array1::zeros(p));
        return Ok(GaussMarkov { solution, noise, noise_norm: T::zero() });
    }

    // The unknowns may be in any units, each; the noise only as a whole.
    let (mut a, mut b) = (into_columns(column_major(a)?), into_columns(column_major(b)?));
    let (units, _) = exponents::<T>(a.chunks_exact(n), Equilibration::Automatic);
    let (of_noise, unit_of_noise) = exponents::<T>(b.chunks_exact(n), Equilibration::Never);
    scale_columns(&mut a, n, units.iter().map(|e| -e));
    scale_columns(&mut b, n, of_noise.iter().map(|e| -e));
    let norms = (column_norm(&a, n), column_norm(&b, n));
    let (d, powers) = scale_right_hand_sides(&d.view().insert_axis(Axis(1)), n, None)?;

    let (mut d, mut x, mut y) = (into_columns(d), zeroed(m)?, zeroed(p)?);
    let optimum = || T::ggglm_optimum(n as Int, m as Int, p as Int);
    let minimum = n as u128 + m as u128 + p as u128;
    let mut work = zeroed(workspace_length("the workspace of ggglm", minimum, optimum)?)?;
    let (of_a, of_b) = (Columns::new(&mut a, n, m)?, Columns::new(&mut b, n, p)?);
    let info = T::ggglm(of_a, of_b, &mut d, &mut x, &mut y, &mut work);
    if info < 0 {
        return Err(Error::Internal { routine: "ggglm", info });
    }
    // Documentation and code of ggglm disagree on which of the two a positive `info` means: both are looked at.
    if deficient(m, &a, n, norms.0)? {
        return Err(Error::RankDeficient { argument: "a", rank: m - 1, needed: m });
    }
    // What B does outside the range of A ends with a triangle of order n − m, in its last columns.
    let start = (m + p - n) * n + m;
    if deficient(n - m, b.get(start..).unwrap_or(&[]), n, norms.1)? {
        return Err(Error::RankDeficient { argument: "[a b]", rank: n - 1, needed: n });
    }
    let solution: Vec<T> = x.iter().zip(&units).map(|(&x, unit)| ldexp(x, powers[0] - unit)).collect();
    let noise: Vec<T> = y.iter().map(|&y| ldexp(y, powers[0] - unit_of_noise)).collect();
    require_finite_result("ggglm", &solution)?;
    require_finite_result("ggglm", &noise)?;
    let noise = Array1::from(noise);
    Ok(GaussMarkov { noise_norm: length(noise.view())?, solution: solution.into(), noise })
}

/// The solution of a general Gauss-Markov linear model. Made by [`gauss_markov`].
#[derive(Clone, Debug)]
pub struct GaussMarkov<T: Scalar> {
    solution: Array1<T>,
    noise: Array1<T>,
    noise_norm: T,
}

impl<T: Scalar> GaussMarkov<T> {
    /// `x`, m entries.
    pub fn solution(&self) -> ArrayView1<'_, T> {
        self.solution.view()
    }

    /// `x`, without a copy.
    pub fn into_solution(self) -> Array1<T> {
        self.solution
    }

    /// `y`, p entries: the noise, whitened.
    pub fn noise(&self) -> ArrayView1<'_, T> {
        self.noise.view()
    }

    /// `‖y‖₂`. Its square over n − m estimates the variance of the entries of `y`.
    pub fn noise_norm(&self) -> T {
        self.noise_norm
    }
}

/// Whether the upper triangle of this order, reduced from a matrix of this 1-norm, is singular but for rounding.
fn deficient<T: Scalar>(order: usize, triangle: &[T], ld: usize, norm: T) -> Result<bool, Error> {
    if order == 0 {
        return Ok(false);
    }
    let largest = (0..order)
        .map(|j| triangle[j * ld..j * ld + j + 1].iter().map(|x| x.as_f64().abs()).sum())
        .fold(0.0, f64::max);
    // 1 / (‖T‖ ‖T⁻¹‖) · ‖T‖ / ‖A‖: a triangle of nothing but rounding errors may be well conditioned.
    let reciprocal = triangle_reciprocal_condition(order, triangle, ld)? * (largest / norm.as_f64());
    // NaN for a matrix of zeros.
    Ok(reciprocal.is_nan() || reciprocal <= NEGLIGIBLE * T::UNIT_ROUNDOFF.as_f64())
}

fn length<T: Scalar>(vector: ArrayView1<T>) -> Result<T, Error> {
    Ok(norms(&vector.insert_axis(Axis(1)))?[0])
}

/// The largest absolute column sum of a packed column-major matrix.
fn column_norm<T: Scalar>(columns: &[T], rows: usize) -> T {
    let sums = columns.chunks_exact(rows).map(|column| column.iter().map(|x| x.abs()).sum());
    sums.fold(T::zero(), |largest: T, sum: T| largest.max(sum))
}

/// The rows of `a` and the entries of `b`, divided by two to the power that belongs to each.
fn divide<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef1<T>,
    exponents: &[i32],
) -> Result<(Array2<T>, Array1<T>), Error> {
    let mut a = a.to_owned();
    for (mut row, &exponent) in a.outer_iter_mut().zip(exponents) {
        row.mapv_inplace(|x| ldexp(x, -exponent));
    }
    let b: Array1<T> = b.iter().zip(exponents).map(|(&x, exponent)| ldexp(x, -exponent)).collect();
    require_finite_result("gglse", b.as_slice().expect("a vector is packed"))?;
    Ok((a, b))
}

#[cfg(test)]
mod tests;
