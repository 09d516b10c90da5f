//! Regularized least squares: damp or drop what the data do not determine.
//!
//! | step                            | LAPACK          | cost                         |
//! |---------------------------------|-----------------|------------------------------|
//! | decompose once                  | `gesdd`         | as a thin [`Svd`]            |
//! | solve, for each parameter tried | (two products)  | 4(m + n) min(m,n) per column |
//!
//! The choice of the parameter is the hard part, and takes many solutions: one decomposition serves them all. Each
//! comes with what the usual rules look at: residual norm and solution norm (the two axes of the L-curve; the
//! first alone is the discrepancy principle) and the effective number of parameters (generalized
//! cross-validation).
//!
//! Source: Hansen, "Rank-Deficient and Discrete Ill-Posed Problems", SIAM (1998), chapters 4 and 5.

use ndarray::{Array, Array1, ArrayRef, ArrayRef2, ArrayView, ArrayView1, Axis, s};

use super::scaling::{ldexp, scale_right_hand_sides, zero_columns};
use super::square::count_above;
use super::{Method, check_rcond, norms, require_finite_columns};
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::products::{gemm, matmul, same};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::svd::Svd;

/// A matrix (m x n, any shape and rank), decomposed once, to solve regularized least squares with.
///
/// ```
/// use lapwing_lapack::least_squares::{Regularization, Truncation};
/// use ndarray::array;
/// // Two predictors that hardly differ: least squares gives 5 and −3, which no rounding of the data survives.
/// let a = array![[1.0, 1.0], [1.0, 1.001], [1.0, 0.999]];
/// let b = array![2.0, 1.997, 2.003];
/// let system = Regularization::new(&a)?;
/// let damped = system.tikhonov(&b, 1e-3)?;
/// assert!(damped.solution().iter().all(|x: &f64| (x - 1.0).abs() < 0.01));
/// let dropped = system.truncated(&b, Truncation::Rank(1))?;
/// assert!(dropped.solution().iter().all(|x| (x - 1.0).abs() < 0.01));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Regularization<T: Scalar> {
    svd: Svd<T>,
    /// What NumPy's default tolerance leaves.
    rank: usize,
}

/// How many singular values a truncated solution keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Truncation {
    /// The first so many.
    Rank(usize),
    /// Those greater than this times the first; in [0, 1).
    Tolerance(f64),
}

impl<T: Scalar> Regularization<T> {
    /// Decomposes `a` (m x n).
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`],
    /// [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let tolerance = check_rcond::<T>(None, Method::Svd, a)?;
        let svd = Svd::thin(a)?;
        let rank = count_above(&svd.singular_values(), tolerance);
        Ok(Self { svd, rank })
    }

    /// The min(m, n) singular values of the matrix, largest first.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.svd.singular_values()
    }

    /// The `x` that makes `‖A x − b‖² + alpha ‖x‖²` least: Tikhonov's, or ridge regression without intercept.
    /// `alpha` is at least 0; the factor of each singular value `σ` is `σ² / (σ² + alpha)`. (Where the literature
    /// writes `λ² ‖x‖²`, `alpha` is `λ²`.)
    ///
    /// # Errors
    /// [`Error::RankDeficient`] when `alpha` is 0 and the matrix has not full rank, by NumPy's default tolerance;
    /// [`Error::InvalidParameter`] when `alpha` is negative, NaN or infinite; [`Error::Shape`] when `b` has not m
    /// rows; [`Error::NonFinite`]; [`Error::Overflow`].
    pub fn tikhonov<D: RightHandSide>(
        &self,
        b: &ArrayRef<T, D>,
        alpha: T,
    ) -> Result<RegularizedLeastSquares<T, D>, Error> {
        if !alpha.is_finite() || alpha < T::zero() {
            return Err(invalid("alpha", alpha.to_string(), "finite and at least 0"));
        }
        let needed = self.singular_values().len();
        if alpha == T::zero() && self.rank < needed {
            return Err(Error::RankDeficient { argument: "a", rank: self.rank, needed });
        }
        // Relative to the largest singular value, so that no square over- or underflows.
        let largest = self.largest();
        let alpha = alpha.as_f64() / largest / largest;
        let factor = |value: f64| if value == 0.0 { 0.0 } else { value * value / (value * value + alpha) };
        self.filtered(b, self.singular_values().mapv(|value| factor(value.as_f64() / largest)))
    }

    /// The solution of least norm in the space of the first right singular vectors, those that `truncation` keeps.
    ///
    /// # Errors
    /// [`Error::RankDeficient`] when a singular value that is to be kept is at most a roundoff of the first;
    /// [`Error::InvalidParameter`] for a rank above min(m, n) or a tolerance outside [0, 1); [`Error::Shape`] when
    /// `b` has not m rows; [`Error::NonFinite`]; [`Error::Overflow`].
    pub fn truncated<D: RightHandSide>(
        &self,
        b: &ArrayRef<T, D>,
        truncation: Truncation,
    ) -> Result<RegularizedLeastSquares<T, D>, Error> {
        let values = self.singular_values();
        let determined = count_above(&values, T::UNIT_ROUNDOFF.as_f64());
        let kept = match truncation {
            Truncation::Rank(rank) if rank > values.len() => {
                return Err(invalid(
                    "rank",
                    rank.to_string(),
                    format!("at most min(m, n) = {}", values.len()),
                ));
            }
            Truncation::Rank(rank) if rank > determined => {
                return Err(Error::RankDeficient { argument: "a", rank: determined, needed: rank });
            }
            Truncation::Rank(rank) => rank,
            Truncation::Tolerance(tolerance) if !(0.0..1.0).contains(&tolerance) => {
                return Err(invalid("tolerance", tolerance.to_string(), "at least 0 and less than 1"));
            }
            Truncation::Tolerance(tolerance) => count_above(&values, tolerance).min(determined),
        };
        self.filtered(b, Array1::from_shape_fn(values.len(), |i| if i < kept { 1.0 } else { 0.0 }))
    }

    /// `x = Σ fᵢ (uᵢᵀ b / σᵢ) vᵢ`, and the residual `b − Σ fᵢ (uᵢᵀ b) uᵢ`.
    fn filtered<D: RightHandSide>(
        &self,
        b: &ArrayRef<T, D>,
        factors: Array1<f64>,
    ) -> Result<RegularizedLeastSquares<T, D>, Error> {
        let b = D::as_columns(b);
        let (m, n) = (self.svd.u().nrows(), self.svd.vt().ncols());
        same("b", "rows", b.nrows(), m, "as many as the matrix has")?;
        to_int("the number of right-hand sides", b.ncols())?;
        require_finite("b", &b)?;
        // Those with a factor of zero are left out, singular values of zero among them.
        let kept = factors.iter().take_while(|&&factor| factor > 0.0).count();
        let (u, vt) = (self.svd.u(), self.svd.vt());
        let (u, vt) = (u.slice(s![.., ..kept]), vt.slice(s![..kept, ..]));
        let (mut residuals, powers) = scale_right_hand_sides(&b, m, None)?;
        let mut coordinates = matmul(&u.t(), &residuals)?;
        for (mut row, &factor) in coordinates.axis_iter_mut(Axis(0)).zip(&factors) {
            row.mapv_inplace(|entry| T::from_f64(entry.as_f64() * factor));
        }
        gemm(-T::one(), &u, &coordinates, T::one(), &mut residuals)?;

        let largest = self.largest();
        for (mut row, value) in coordinates.axis_iter_mut(Axis(0)).zip(self.singular_values()) {
            let relative = value.as_f64() / largest;
            row.mapv_inplace(|entry| T::from_f64(entry.as_f64() / relative));
        }
        let mut solution = zero_columns(n, b.ncols())?;
        gemm(T::one(), &vt.t(), &coordinates, T::zero(), &mut solution)?;
        for ((mut x, mut r), &power) in
            solution.columns_mut().into_iter().zip(residuals.columns_mut()).zip(&powers)
        {
            // The division by the largest singular value comes with the power of two, lest a half of it overflows.
            let exponent = largest.log2().floor().clamp(-1022.0, 1022.0) as i32;
            let mantissa = largest * f64::from(-exponent).exp2();
            x.mapv_inplace(|x| ldexp(T::from_f64(x.as_f64() / mantissa), power - exponent));
            r.mapv_inplace(|r| ldexp(r, power));
        }
        require_finite_columns("the regularized solution", &solution)?;
        require_finite_columns("the regularized solution", &residuals)?;
        Ok(RegularizedLeastSquares {
            residual_norms: norms(&residuals)?,
            solution_norms: norms(&solution)?,
            solution: D::from_columns(solution),
            residuals: D::from_columns(residuals),
            filter_factors: factors.mapv(T::from_f64),
        })
    }

    /// The largest singular value; one for a matrix of zeros or of no entries, to divide by.
    fn largest(&self) -> f64 {
        self.singular_values().first().map(|value| value.as_f64()).filter(|&value| value > 0.0).unwrap_or(1.0)
    }
}

/// A regularized solution, with what the choice of the parameter is judged by. Made by [`Regularization`].
#[derive(Clone, Debug)]
pub struct RegularizedLeastSquares<T: Scalar, D: RightHandSide> {
    solution: Array<T, D>,
    residuals: Array<T, D>,
    residual_norms: Array1<T>,
    solution_norms: Array1<T>,
    filter_factors: Array1<T>,
}

impl<T: Scalar, D: RightHandSide> RegularizedLeastSquares<T, D> {
    /// `x`: n entries, or n rows and a column for each right-hand side.
    pub fn solution(&self) -> ArrayView<'_, T, D> {
        self.solution.view()
    }

    /// `x`, without a copy.
    pub fn into_solution(self) -> Array<T, D> {
        self.solution
    }

    /// `b − A x`, of the shape of `b`.
    pub fn residuals(&self) -> ArrayView<'_, T, D> {
        self.residuals.view()
    }

    /// `‖b − A x‖₂` for each right-hand side.
    pub fn residual_norms(&self) -> ArrayView1<'_, T> {
        self.residual_norms.view()
    }

    /// `‖x‖₂` for each right-hand side.
    pub fn solution_norms(&self) -> ArrayView1<'_, T> {
        self.solution_norms.view()
    }

    /// What was left of the part of the solution that belongs to each singular value: 1 all of it, 0 nothing.
    pub fn filter_factors(&self) -> ArrayView1<'_, T> {
        self.filter_factors.view()
    }

    /// The sum of the filter factors: how many parameters the fit really has.
    pub fn effective_parameters(&self) -> T {
        T::from_f64(self.filter_factors.iter().map(|factor| factor.as_f64()).sum())
    }
}

fn invalid(parameter: &'static str, value: String, requirement: impl Into<String>) -> Error {
    Error::InvalidParameter { parameter, value, requirement: requirement.into() }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array, concatenate};

    use super::*;
    use crate::least_squares::lstsq;
    use crate::random::standard_normal;
    use crate::testing::{Kind, matrix};

    /// Tikhonov's solution is the least squares solution with √alpha I below the matrix; their condition is at most
    /// (σ₁² + alpha)/alpha.
    #[test]
    fn tikhonov_is_least_squares_of_the_augmented_matrix() {
        for (m, n) in [(1, 1), (9, 4), (4, 9), (12, 12), (60, 20)] {
            for kind in [Kind::Random, Kind::RankDeficient, Kind::IllConditioned, Kind::Zero] {
                let (a, b) = (matrix::<f64>(kind, m, n), standard_normal(m, 2, 7));
                let system = Regularization::new(&a).unwrap();
                for alpha in [1e-4, 1.0, 100.0] {
                    let fit = system.tikhonov(&b, alpha).unwrap();
                    let augmented = concatenate![Axis(0), a, Array2::eye(n) * alpha.sqrt()];
                    let expected =
                        lstsq(&augmented, &concatenate![Axis(0), b, Array2::zeros((n, 2))]).unwrap();
                    let largest = system.singular_values()[0];
                    let condition = (largest * largest + alpha) / alpha;
                    let bound = 30.0 * (m + n) as f64 * f64::EPSILON * condition * 10.0 / alpha.sqrt();
                    let difference = &fit.solution() - &expected.solution();
                    assert!(difference.iter().all(|d| d.abs() <= bound), "{kind:?} {m}x{n} {alpha}");
                    let residuals = &b - &a.dot(&fit.solution());
                    assert!((&fit.residuals() - &residuals).iter().all(|d| d.abs() <= bound));
                    for column in 0..2 {
                        let (r, x) = (residuals.column(column), fit.solution().column(column).to_owned());
                        assert!((fit.residual_norms()[column] - r.dot(&r).sqrt()).abs() <= bound);
                        assert!((fit.solution_norms()[column] - x.dot(&x).sqrt()).abs() <= bound);
                    }
                }
            }
        }
    }

    /// On a diagonal everything is known in closed form.
    #[test]
    fn a_diagonal_is_filtered_as_the_formula_says() {
        let a = Array2::from_diag(&array![4.0, 2.0, 1.0]);
        let system = Regularization::new(&a).unwrap();
        let fit = system.tikhonov(&array![1.0, 1.0, 1.0], 4.0).unwrap();
        let close = |found: ArrayView1<f64>, expected: [f64; 3]| {
            assert!(
                found.iter().zip(expected).all(|(x, y)| (x - y).abs() <= 1e-15),
                "{found} for {expected:?}"
            );
        };
        close(fit.solution(), [4.0 / 20.0, 2.0 / 8.0, 1.0 / 5.0]);
        close(fit.filter_factors(), [16.0 / 20.0, 4.0 / 8.0, 1.0 / 5.0]);
        assert!((fit.effective_parameters() - 1.5).abs() < 1e-15);
        let fit = system.truncated(&array![1.0, 1.0, 1.0], Truncation::Tolerance(0.3)).unwrap();
        close(fit.solution(), [0.25, 0.5, 0.0]);
        close(fit.residuals(), [0.0, 0.0, 1.0]);
        close(fit.filter_factors(), [1.0, 1.0, 0.0]);
        let none = system.truncated(&array![1.0, 1.0, 1.0], Truncation::Rank(0)).unwrap();
        close(none.solution(), [0.0; 3]);
        assert!((none.residual_norms()[0] - 3f64.sqrt()).abs() < 1e-15);
    }

    /// Nothing damped and nothing dropped is least squares; a matrix of less than full rank needs one of the two.
    #[test]
    fn no_regularization_is_least_squares_and_needs_full_rank() {
        for (m, n) in [(9, 4), (4, 9), (6, 6)] {
            let (a, b) = (standard_normal(m, n, 1), standard_normal(m, 1, 2));
            let expected = lstsq(&a, &b).unwrap();
            let system = Regularization::new(&a).unwrap();
            let all = system.truncated(&b, Truncation::Rank(m.min(n))).unwrap();
            for fit in [system.tikhonov(&b, 0.0).unwrap(), all] {
                let difference = &fit.solution() - &expected.solution();
                assert!(difference.iter().all(|d| d.abs() < 1e-12));
            }
            let (half, deficient) = (m.min(n) / 2, matrix::<f64>(Kind::RankDeficient, m, n));
            let error = Error::RankDeficient { argument: "a", rank: half, needed: m.min(n) };
            assert_eq!(Regularization::new(&deficient).unwrap().tikhonov(&b, 0.0).unwrap_err(), error);
            let zero = Regularization::new(&Array2::zeros((m, n))).unwrap();
            let error = Error::RankDeficient { argument: "a", rank: 0, needed: 1 };
            assert_eq!(zero.truncated(&b, Truncation::Rank(1)).unwrap_err(), error);
            let nothing = zero.truncated(&b, Truncation::Tolerance(0.0)).unwrap();
            assert!(nothing.solution().iter().all(|&x| x == 0.0));
        }
    }

    /// In other units, with alpha in their square: the same bits, from one end of the range to the other.
    #[test]
    fn units_change_nothing() {
        let (a, b) = (standard_normal(7, 3, 1), standard_normal(7, 1, 2));
        let plain = Regularization::new(&a).unwrap().tikhonov(&b, 0.5).unwrap();
        for (of_a, of_b) in [(400, -300), (-400, 500), (-500, 20), (500, 1015)] {
            let system = Regularization::new(&a.mapv(|x| ldexp(x, of_a))).unwrap();
            let fit = system.tikhonov(&b.mapv(|x| ldexp(x, of_b)), ldexp(0.5, 2 * of_a)).unwrap();
            let back = fit.solution().mapv(|x| ldexp(x, of_a - of_b));
            assert!((&back - &plain.solution()).iter().all(|d| d.abs() < 1e-14), "{of_a} {of_b}");
        }
        let far = Regularization::new(&a.mapv(|x| ldexp(x, -1000))).unwrap();
        let gone = far.tikhonov(&b, 1.0).unwrap();
        assert!(gone.solution().iter().all(|&x| x.abs() < 1e-290));
        assert!(matches!(far.tikhonov(&b.mapv(|x| x * 1e300), 0.0), Err(Error::Overflow { .. })));
    }

    #[test]
    fn parameters_outside_their_domain_are_named() {
        let system = Regularization::new(&standard_normal(4, 3, 1)).unwrap();
        let b = Array1::<f64>::zeros(4);
        for alpha in [-1.0, f64::NAN, f64::INFINITY] {
            let error = system.tikhonov(&b, alpha).unwrap_err();
            assert!(matches!(error, Error::InvalidParameter { parameter: "alpha", .. }));
        }
        for truncation in [
            Truncation::Rank(4),
            Truncation::Tolerance(-0.1),
            Truncation::Tolerance(1.0),
            Truncation::Tolerance(f64::NAN),
        ] {
            assert!(matches!(system.truncated(&b, truncation), Err(Error::InvalidParameter { .. })));
        }
        assert!(matches!(system.tikhonov(&Array1::zeros(3), 1.0), Err(Error::Shape { argument: "b", .. })));
        let error = system.tikhonov(&array![0.0, f64::NAN, 0.0, 0.0], 1.0).unwrap_err();
        assert_eq!(error, Error::NonFinite { argument: "b", row: 1, col: 0 });
    }

    #[test]
    fn nothing_is_regularized_to_nothing() {
        for (m, n) in [(0, 0), (3, 0), (0, 3)] {
            let system = Regularization::new(&Array2::<f64>::zeros((m, n))).unwrap();
            let b = standard_normal(m, 2, 1);
            for fit in [system.tikhonov(&b, 1.0).unwrap(), system.truncated(&b, Truncation::Rank(0)).unwrap()]
            {
                assert_eq!(fit.solution(), Array2::zeros((n, 2)));
                assert_eq!(fit.residuals(), b);
            }
            let none = system.tikhonov(&Array2::zeros((m, 0)), 0.0).unwrap();
            assert_eq!(none.solution().dim(), (n, 0));
        }
    }
}
