//! LSQR: least squares by bidiagonalization, equivalent to conjugate gradients on the normal equations.
//!
//! Paige and Saunders, ACM Trans. Math. Softw. 8 (1982): QR factorization of the bidiagonal matrix by Givens rotations. An
//! iteration costs one product with A and one with Aᵀ; three vectors of m entries and five of n are kept.

use lapwing_lapack::{Error, Scalar};
use ndarray::ArrayRef1;

use super::bidiagonalization::Bidiagonalization;
use super::least_squares::{End, Estimates, Problem};
use super::least_squares_params::LeastSquaresParams;
use super::least_squares_solution::LeastSquaresSolution;
use super::rotation::Rotation;
use super::vectors::{block_add, block_dot, fused};
use crate::error::IterationError;
use crate::operator::LinearOperator;

/// LSQR, for matrices of any shape. `‖r‖` never rises.
///
/// ```
/// use lapwing_iterative::Lsqr;
/// use ndarray::array;
/// // A line through four points.
/// let a = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
/// let solution = Lsqr::params().matrix_tolerance(1e-12).solve(&*a, &array![1.0, 3.0, 5.0, 6.0])?;
/// assert!((solution.x()[0] - 1.2f64).abs() < 1e-10 && (solution.x()[1] - 1.7).abs() < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Lsqr;

impl Lsqr {
    /// The choices, to change before solving.
    pub fn params<'a, T: Scalar>() -> LeastSquaresParams<'a, T, Self> {
        LeastSquaresParams::new(Self)
    }
}

impl<T: Scalar> LeastSquaresParams<'_, T, Lsqr> {
    /// Minimizes `‖a x − b‖` for `a` of m rows and n columns. Where the solution is not unique, the one nearest to the
    /// initial guess.
    ///
    /// # Errors
    /// [`IterationError::NotConverged`]; [`IterationError::Breakdown`] when the condition number passes its limit;
    /// [`IterationError::Cancelled`]; each with the last iterate. [`IterationError::Matrix`] with [`Error::Shape`];
    /// [`Error::NonFinite`] in `b` or the initial guess; [`Error::InvalidParameter`]; [`Error::Overflow`] when a product
    /// is not finite; [`Error::OutOfMemory`].
    pub fn solve<A: LinearOperator<T> + ?Sized>(
        self,
        a: &A,
        b: &ArrayRef1<T>,
    ) -> Result<LeastSquaresSolution<T>, IterationError<LeastSquaresSolution<T>>> {
        let mut problem = Problem::new("LSQR", self, &a, b)?;
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
    let mut estimates =
        Estimates { residual: beta, normal_residual: alpha * beta, matrix: alpha, ..Estimates::default() };
    if let Some(end) = problem.begin(estimates)? {
        return Ok(end);
    }
    let mut w = bidiagonal.v.clone();
    // The entry that the rotations have reached on the diagonal and in the right-hand side.
    let (mut rho_bar, mut phi_bar) = (alpha, beta);
    let (mut matrix_square, mut inverse_square, mut damped_square) = (0.0, 0.0, 0.0);
    // A second set of rotations makes R lower bidiagonal, which gives the norm of x.
    let (mut second, mut z, mut x_square) = (Rotation { c: -1.0, s: 0.0 }, 0.0, 0.0);
    loop {
        let above = bidiagonal.alpha;
        bidiagonal.advance(problem)?;
        let (alpha, beta) = (bidiagonal.alpha, bidiagonal.beta);
        matrix_square += above * above + beta * beta + damping * damping;

        let (damped, length) = Rotation::eliminating(rho_bar, damping);
        let psi = damped.s * phi_bar;
        phi_bar *= damped.c;
        let (rotation, rho) = Rotation::eliminating(length, beta);
        let theta = rotation.s * alpha;
        rho_bar = -rotation.c * alpha;
        let phi = rotation.c * phi_bar;
        phi_bar *= rotation.s;
        damped_square += psi * psi;

        let [step, back, inverse] = [phi / rho, -theta / rho, 1.0 / rho].map(T::from_f64);
        let square = fused([&mut problem.x, &mut w], [&bidiagonal.v], |[x, w], [v]| {
            block_add(x, step, w);
            let square = block_dot(w, w);
            w.iter_mut().zip(v).for_each(|(w, &v)| *w = v + back * *w);
            square
        });
        inverse_square += square * inverse.as_f64() * inverse.as_f64();

        let delta = second.s * rho;
        let gamma_bar = -second.c * rho;
        let rest = phi - delta * z;
        let gamma = gamma_bar.hypot(theta);
        estimates.x = (x_square + (rest / gamma_bar).powi(2)).sqrt();
        second = Rotation { c: gamma_bar / gamma, s: theta / gamma };
        z = rest / gamma;
        x_square += z * z;

        estimates.matrix = matrix_square.sqrt();
        estimates.condition = estimates.matrix * inverse_square.sqrt();
        estimates.residual = (phi_bar * phi_bar + damped_square).sqrt();
        estimates.normal_residual = alpha * (rotation.s * phi).abs();
        if let Some(end) = problem.record(estimates)? {
            return Ok(end);
        }
    }
}
