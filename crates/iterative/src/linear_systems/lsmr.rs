//! LSMR: least squares by bidiagonalization, equivalent to MINRES on the normal equations.
//!
//! Fong and Saunders, SIAM J. Sci. Comput. 33 (2011): two QR factorizations of bidiagonal matrices by Givens rotations. An
//! iteration costs one product with A and one with Aᵀ; three vectors of m entries and six of n are kept.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use super::bidiagonalization::Bidiagonalization;
use super::least_squares::{End, Estimates, Problem};
use super::least_squares_params::LeastSquaresParams;
use super::least_squares_solution::LeastSquaresSolution;
use super::rotation::Rotation;
use super::vectors::{block_add, block_dot, fused, vector};
use crate::error::IterationError;
use crate::operator::LinearOperator;

/// LSMR, for matrices of any shape. Both `‖r‖` and `‖Aᵀ r‖` never rise, so that it may be stopped early.
///
/// ```
/// use lapwing_iterative::Lsmr;
/// use ndarray::array;
/// // A line through four points.
/// let a = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
/// let solution = Lsmr::params().matrix_tolerance(1e-12).solve(&*a, &array![1.0, 3.0, 5.0, 6.0])?;
/// assert!((solution.x()[0] - 1.2f64).abs() < 1e-10 && (solution.x()[1] - 1.7).abs() < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Lsmr;

impl Lsmr {
    /// The choices, to change before solving.
    pub fn params<'a, T: Scalar>() -> LeastSquaresParams<'a, T, Self> {
        LeastSquaresParams::new(Self)
    }
}

impl<T: Scalar> LeastSquaresParams<'_, T, Lsmr> {
    /// Minimizes `‖a x − b‖` for `a` of m rows and n columns. Where the solution is not unique, the one nearest to the
    /// initial guess.
    ///
    /// # Errors
    /// As [`Lsqr`](super::Lsqr).
    pub fn solve<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
        b: &ArrayRef1<T>,
    ) -> Result<LeastSquaresSolution<T>, IterationError<LeastSquaresSolution<T>>> {
        let mut problem = Problem::new("LSMR", self, &a, b)?;
        let mut bidiagonal = Bidiagonalization::new(&problem)?;
        let end = iterate(&mut problem, &mut bidiagonal)?;
        problem.finish(end, &mut bidiagonal.u, &mut bidiagonal.v)
    }
}

fn iterate<T: Scalar>(
    problem: &mut Problem<'_, '_, T>,
    bidiagonal: &mut Bidiagonalization<T>,
) -> Result<End, Error> {
    let damping = problem.damping;
    let (alpha, beta) = (bidiagonal.alpha, bidiagonal.beta);
    let first =
        Estimates { residual: beta, normal_residual: alpha * beta, matrix: alpha, condition: 1.0, x: 0.0 };
    if let Some(end) = problem.begin(first)? {
        return Ok(end);
    }
    let mut h = bidiagonal.v.clone();
    let mut h_bar = vector(h.len())?;
    // The entries that the first and the second set of rotations have reached.
    let (mut alpha_bar, mut zeta_bar) = (alpha, alpha * beta);
    let (mut rho, mut rho_bar, mut bar) = (1.0, 1.0, Rotation { c: 1.0, s: 0.0 });
    let mut matrix_square = alpha * alpha;
    let (mut largest, mut smallest) = (0.0f64, f64::INFINITY);
    let mut residual = Residual::new(beta);
    loop {
        bidiagonal.advance(problem)?;
        let (alpha, beta) = (bidiagonal.alpha, bidiagonal.beta);
        matrix_square += beta * beta;

        let (damped, alpha_hat) = Rotation::eliminating(alpha_bar, damping);
        let (rho_before, rho_bar_before) = (rho, rho_bar);
        let rotation;
        (rotation, rho) = Rotation::eliminating(alpha_hat, beta);
        let theta = rotation.s * alpha;
        alpha_bar = rotation.c * alpha;
        let theta_bar = bar.s * rho;
        let diagonal = bar.c * rho;
        (bar, rho_bar) = Rotation::eliminating(diagonal, theta);
        let zeta = bar.c * zeta_bar;
        zeta_bar *= -bar.s;

        let factors =
            [-theta_bar * rho / (rho_before * rho_bar_before), zeta / (rho * rho_bar), -theta / rho];
        let [back_bar, step, back] = factors.map(T::from_f64);
        let x_square = fused([&mut problem.x, &mut h, &mut h_bar], [&bidiagonal.v], |[x, h, h_bar], [v]| {
            h_bar.iter_mut().zip(&*h).for_each(|(h_bar, &h)| *h_bar = h + back_bar * *h_bar);
            block_add(x, step, h_bar);
            h.iter_mut().zip(v).for_each(|(h, &v)| *h = v + back * *h);
            block_dot(x, x)
        });

        let residual = residual.advance(damped, rotation, theta_bar, rho_bar, zeta);
        let matrix = matrix_square.sqrt();
        matrix_square += alpha * alpha + damping * damping;
        // The extremes of the diagonal of the second triangle, whose last entry is not final.
        let condition = largest.max(diagonal) / smallest.min(diagonal);
        (largest, smallest) = (largest.max(rho_bar), smallest.min(rho_bar));
        let normal_residual = zeta_bar.abs();
        let estimates = Estimates { residual, normal_residual, matrix, condition, x: x_square.sqrt() };
        if let Some(end) = problem.record(estimates)? {
            return Ok(end);
        }
    }
}

/// The recurrence for `‖r‖`, which takes a third set of rotations.
struct Residual {
    beta_dot: f64,
    beta_double_dot: f64,
    rho_dot: f64,
    tau: f64,
    theta: f64,
    zeta: f64,
    damped_square: f64,
}

impl Residual {
    fn new(beta: f64) -> Self {
        let (beta_dot, rho_dot, tau, theta, zeta, damped_square) = (0.0, 1.0, 0.0, 0.0, 0.0, 0.0);
        Self { beta_dot, beta_double_dot: beta, rho_dot, tau, theta, zeta, damped_square }
    }

    fn advance(
        &mut self,
        damped: Rotation,
        rotation: Rotation,
        theta_bar: f64,
        rho_bar: f64,
        zeta: f64,
    ) -> f64 {
        let acute = damped.c * self.beta_double_dot;
        self.damped_square += (damped.s * self.beta_double_dot).powi(2);
        let hat = rotation.c * acute;
        self.beta_double_dot = -rotation.s * acute;

        let (third, rho_before) = Rotation::eliminating(self.rho_dot, theta_bar);
        let theta_before = self.theta;
        self.theta = third.s * rho_bar;
        self.rho_dot = third.c * rho_bar;
        self.beta_dot = third.c * hat - third.s * self.beta_dot;
        self.tau = (self.zeta - theta_before * self.tau) / rho_before;
        self.zeta = zeta;
        let last = (zeta - self.theta * self.tau) / self.rho_dot;
        (self.damped_square + (self.beta_dot - last).powi(2) + self.beta_double_dot.powi(2)).sqrt()
    }
}
