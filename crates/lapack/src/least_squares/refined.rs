//! Refinement to full accuracy: Björck's augmented system with residuals in twice the working precision.
//!
//! | step                 | routine                              | cost for m x n       |
//! |----------------------|--------------------------------------|----------------------|
//! | factor once          | `geqrf`                              | 2mn² − 2n³/3         |
//! | residuals, each time | Dot2 (sums with their errors)        | about 40mn           |
//! | correct, each time   | `ormqr` twice, `trsm` twice          | 8mn                  |
//!
//! Source: Demmel, Hida, Riedy and Li, "Extra-precise iterative refinement for overdetermined least squares
//! problems", ACM TOMS 35 (2009); Björck, "Iterative refinement of linear least squares solutions I", BIT 7 (1967).

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef2, ArrayView, ArrayView1, ArrayViewMut1, Axis, s};

use super::scaling::{Equilibration, Packed, ldexp, zero_columns};
use super::square::triangle_reciprocal_condition;
use super::{Method, check_problem, check_rcond, norms, require_finite_columns};
use crate::double_double::DoubleDouble;
use crate::error::Error;
use crate::finite::require_finite_result;
use crate::layout::from_columns;
use crate::products::{Diagonal, Side, trsm};
use crate::qr::Qr;
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::triangle::Triangle;

/// Rounds of refinement before giving up: each gains as many digits as the condition number leaves, so that what
/// is not done by now hardly gains any.
const MOST_ITERATIONS: usize = 10;

/// A correction larger than this times the one before it is no progress.
const PROGRESS: f64 = 0.5;

/// The least squares solution of `a x ≈ b` to nearly full working accuracy, for `a` (m x n) of full column rank:
/// as if everything had been computed in twice the precision and rounded once at the end.
///
/// The errors of [`lstsq`](super::lstsq) grow with the condition number of `a`, and with its square where the fit is poor. Here they
/// do not, as long as the condition number of the equilibrated matrix stays below the inverse of the roundoff;
/// every coefficient comes with a bound on its error. What `a` and `b` themselves lost when they were rounded,
/// no refinement brings back.
///
/// ```
/// use lapwing_lapack::least_squares::{lstsq, refined};
/// use ndarray::{Array1, Array2};
/// // NIST's Wampler problem: y = 1 + x + x² + x³ + x⁴ + x⁵ exactly.
/// let a = Array2::from_shape_fn((21, 6), |(i, j)| (i as f64).powi(j as i32));
/// let b = a.dot(&Array1::ones(6));
/// let error = |x: &Array1<f64>| x.iter().map(|x| (x - 1.0).abs()).fold(0.0, f64::max);
/// assert!(error(&lstsq(&a, &b)?.into_solution()) > 1e-12);
/// let fit = refined(&a, &b)?;
/// assert!(fit.refinements()[0].converged && fit.error_bounds().iter().all(|&bound| bound < 1e-14));
/// assert_eq!(fit.into_solution(), Array1::<f64>::ones(6));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::RankDeficient`] when the reciprocal condition number of the equilibrated matrix, as estimated, is at most
/// two unit roundoffs; [`Error::Shape`] when m < n or `b` has not m rows; [`Error::NonFinite`];
/// [`Error::TooLarge`]; [`Error::OutOfMemory`]; [`Error::Overflow`].
pub fn refined<T: Scalar, D: RightHandSide>(
    a: &ArrayRef2<T>,
    b: &ArrayRef<T, D>,
) -> Result<RefinedLeastSquares<T, D>, Error> {
    let b = D::as_columns(b);
    let (m, n) = a.dim();
    if m < n {
        let reason = "refinement is for full column rank; use lstsq";
        return Err(Error::Shape { argument: "a", extent: "rows", found: m, expected: n, reason });
    }
    check_problem(a, &b)?;
    let system = Augmented::new(a)?;
    let (right_hand_sides, powers) = system.packed.right_hand_sides(&b, m, &system.packed.exponents)?;
    let (mut x, mut bounds) = (zero_columns(n, b.ncols())?, zero_columns(n, b.ncols())?);
    let mut residuals = zero_columns(m, b.ncols())?;
    let mut refinements = Vec::with_capacity(b.ncols());
    for (column, &power) in powers.iter().enumerate() {
        let mut iterate = system.refine(right_hand_sides.column(column))?;
        iterate.write(x.column_mut(column), bounds.column_mut(column), residuals.column_mut(column));
        residuals.column_mut(column).mapv_inplace(|entry| ldexp(entry, power));
        refinements.push(iterate.report);
    }
    for unknowns in [&mut x, &mut bounds] {
        system.packed.restore_solution(unknowns, &system.packed.exponents, &powers);
    }
    require_finite_columns("the refinement", &x)?;
    require_finite_columns("the refinement", &residuals)?;
    Ok(RefinedLeastSquares {
        residual_norms: norms(&residuals)?,
        solution: D::from_columns(x),
        error_bounds: D::from_columns(bounds),
        residuals: D::from_columns(residuals),
        refinements,
    })
}

/// A least squares solution refined to nearly full accuracy, with bounds on the errors that are left. Made by
/// [`refined`].
#[derive(Clone, Debug)]
pub struct RefinedLeastSquares<T: Scalar, D: RightHandSide> {
    solution: Array<T, D>,
    error_bounds: Array<T, D>,
    residuals: Array<T, D>,
    residual_norms: Array1<T>,
    refinements: Vec<Refinement>,
}

/// What the refinement of one right-hand side did.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refinement {
    /// Corrections computed, after the first solution.
    pub iterations: usize,
    /// Whether the corrections fell to the roundoff. If not, the matrix is too close to rank deficiency for the
    /// working precision.
    pub converged: bool,
    /// A bound on `max |δxⱼ cⱼ| / max |xⱼ cⱼ|`, where `cⱼ` is about the length of column j.
    pub normwise_bound: f64,
    /// A bound on `max |δxⱼ / xⱼ|`. It stays large when a coefficient is zero but for rounding.
    pub componentwise_bound: f64,
}

impl<T: Scalar, D: RightHandSide> RefinedLeastSquares<T, D> {
    /// `x`: n entries, or n rows and a column for each right-hand side.
    pub fn solution(&self) -> ArrayView<'_, T, D> {
        self.solution.view()
    }

    /// `x`, without a copy.
    pub fn into_solution(self) -> Array<T, D> {
        self.solution
    }

    /// How far each coefficient may be from the exact solution for the `a` and `b` that were given: the smaller of
    /// what the componentwise and the normwise bound say; infinite where the refinement diverged. The bounds are
    /// estimates from the convergence that was seen, as in the paper: reliable, not proven.
    pub fn error_bounds(&self) -> ArrayView<'_, T, D> {
        self.error_bounds.view()
    }

    /// `b − A x`, of the shape of `b`: of the solution before it was rounded, and so accurate even where it is
    /// small beside `b`.
    pub fn residuals(&self) -> ArrayView<'_, T, D> {
        self.residuals.view()
    }

    /// `‖b − A x‖₂` for each right-hand side.
    pub fn residual_norms(&self) -> ArrayView1<'_, T> {
        self.residual_norms.view()
    }

    /// What the refinement of each right-hand side did.
    pub fn refinements(&self) -> &[Refinement] {
        &self.refinements
    }
}

/// The system `[I A; Aᵀ 0] [r; x] = [b; 0]` for an equilibrated `A`, and its factorization.
struct Augmented<T: Scalar> {
    packed: Packed<T>,
    qr: Qr<T>,
    triangle: Array2<T>,
}

impl<T: Scalar> Augmented<T> {
    fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let (m, n) = a.dim();
        let packed = Packed::new(a, Equilibration::Automatic)?;
        let qr = Qr::params().assume_finite().compute_owned(from_columns(packed.columns.clone(), m, n))?;
        let triangle = qr.r();
        let entries = triangle.as_slice_memory_order().expect("R is packed");
        if triangle_reciprocal_condition(n, entries, n)? <= check_rcond(None, Method::Qr, a)? {
            return Err(Error::RankDeficient { argument: "a", rank: n - 1, needed: n });
        }
        Ok(Self { packed, qr, triangle })
    }

    /// Corrects both unknowns, which start at zero, until the corrections are down to the roundoff.
    fn refine(&self, b: ArrayView1<T>) -> Result<Iterate<T>, Error> {
        let (m, n) = (self.packed.rows, self.packed.cols);
        let mut iterate = Iterate::new(m, n);
        let mut progress = Progress::default();
        for iteration in 0..=MOST_ITERATIONS {
            let (of_b, of_zero) = self.residuals(b, &iterate);
            let (r, x) = self.correct(of_b, of_zero)?;
            // The first solution is not a correction: there is nothing yet to compare it with.
            let done = iteration > 0 && progress.judge(&iterate.x, &x);
            iterate.report.iterations = iteration;
            // A correction that is no smaller than the one before it would not help.
            if !progress.normwise.stuck {
                iterate.add(&r, &x);
            }
            if done {
                break;
            }
        }
        // The paper's constants: below them the bound is not claimed.
        let floor = ((m + n) as f64).sqrt().max(10.0) * T::UNIT_ROUNDOFF.as_f64();
        iterate.report.converged = progress.normwise.converged;
        iterate.report.normwise_bound = progress.normwise.bound(floor);
        iterate.report.componentwise_bound = progress.componentwise.bound(floor);
        Ok(iterate)
    }

    /// `b − r − A x` and `−Aᵀ r`, in doubled precision until they are rounded at the end.
    fn residuals(&self, b: ArrayView1<T>, iterate: &Iterate<T>) -> (Array1<T>, Array1<T>) {
        let mut of_b: Vec<DoubleDouble<T>> = b.iter().map(|&b| b.into()).collect();
        for (sum, r) in of_b.iter_mut().zip(&iterate.r) {
            sum.add(-r.high);
            sum.add(-r.low);
        }
        let mut of_zero = Array1::zeros(self.packed.cols);
        let columns = self.packed.columns.chunks_exact(self.packed.rows.max(1));
        for ((column, x), of_zero) in columns.zip(&iterate.x).zip(&mut of_zero) {
            let mut projection = DoubleDouble::default();
            for ((&entry, r), sum) in column.iter().zip(&iterate.r).zip(&mut of_b) {
                sum.add_product(-entry, *x);
                projection.add_product(-entry, *r);
            }
            *of_zero = projection.rounded();
        }
        (of_b.into_iter().map(DoubleDouble::rounded).collect(), of_zero)
    }

    /// Solves the augmented system for the corrections of `r` and `x`: with `A = Q [R; 0]`, the first block of
    /// `Qᵀ δr` is `R⁻ᵀ t`, the second that of `Qᵀ s`, and `R δx` is what is left.
    fn correct(&self, of_b: Array1<T>, of_zero: Array1<T>) -> Result<(Array1<T>, Array1<T>), Error> {
        let n = self.packed.cols;
        for residual in [&of_b, &of_zero] {
            require_finite_result("the refinement", residual.as_slice().expect("a vector is packed"))?;
        }
        let mut rotated = self.qr.apply_q_transposed(&of_b)?.insert_axis(Axis(1));
        let mut projected = of_zero.insert_axis(Axis(1));
        let solve = |triangle, r: &ArrayRef2<T>, x: &mut Array2<T>| {
            trsm(Side::Left, triangle, Diagonal::General, T::one(), r, x)
        };
        solve(Triangle::Lower, &self.triangle.t(), &mut projected)?;
        let mut x = &rotated.slice(s![..n, ..]) - &projected;
        solve(Triangle::Upper, &self.triangle, &mut x)?;
        rotated.slice_mut(s![..n, ..]).assign(&projected);
        let r = self.qr.apply_q(&rotated.index_axis_move(Axis(1), 0))?;
        Ok((r, x.index_axis_move(Axis(1), 0)))
    }
}

/// The unknowns of the augmented system, in doubled precision.
struct Iterate<T> {
    r: Vec<DoubleDouble<T>>,
    x: Vec<DoubleDouble<T>>,
    report: Refinement,
}

impl<T: Scalar> Iterate<T> {
    fn new(m: usize, n: usize) -> Self {
        let report = Refinement {
            iterations: 0,
            converged: false,
            normwise_bound: f64::INFINITY,
            componentwise_bound: f64::INFINITY,
        };
        Self { r: vec![T::zero().into(); m], x: vec![T::zero().into(); n], report }
    }

    fn add(&mut self, r: &Array1<T>, x: &Array1<T>) {
        for (unknowns, corrections) in [(&mut self.r, r), (&mut self.x, x)] {
            for (unknown, &correction) in unknowns.iter_mut().zip(corrections) {
                *unknown = unknown.plus(correction.into());
            }
        }
    }

    /// Rounds to the working precision, with the bound of each coefficient.
    fn write(
        &mut self,
        mut x: ArrayViewMut1<T>,
        mut bounds: ArrayViewMut1<T>,
        mut residuals: ArrayViewMut1<T>,
    ) {
        x.iter_mut().zip(&self.x).for_each(|(x, unknown)| *x = unknown.rounded());
        residuals.iter_mut().zip(&self.r).for_each(|(residual, unknown)| *residual = unknown.rounded());
        let largest = largest(&self.x);
        for (bound, x) in bounds.iter_mut().zip(&x) {
            let componentwise = times(self.report.componentwise_bound, x.as_f64().abs());
            let normwise = times(self.report.normwise_bound, largest);
            *bound = T::from_f64(componentwise.min(normwise));
        }
    }
}

/// An infinite bound on nothing is no bound at all.
fn times(bound: f64, size: f64) -> f64 {
    if bound == f64::INFINITY { bound } else { bound * size }
}

fn largest<T: Scalar>(x: &[DoubleDouble<T>]) -> f64 {
    x.iter().fold(0.0, |largest: f64, x| largest.max(x.high.as_f64().abs()))
}

/// The corrections as they were seen, in the two measures.
#[derive(Default)]
struct Progress {
    normwise: Corrections,
    componentwise: Corrections,
}

impl Progress {
    /// Takes in one more correction of `x`; whether there is nothing more to gain.
    fn judge<T: Scalar>(&mut self, x: &[DoubleDouble<T>], correction: &Array1<T>) -> bool {
        let quotient = |part: f64, whole: f64| if part == 0.0 { 0.0 } else { part / whole };
        let size = correction.iter().fold(0.0, |size: f64, entry| size.max(entry.as_f64().abs()));
        let relative =
            correction.iter().zip(x).map(|(d, x)| quotient(d.as_f64().abs(), x.high.as_f64().abs()));
        self.componentwise.take::<T>(relative.fold(0.0, f64::max));
        self.normwise.take::<T>(quotient(size, largest(x)));
        self.normwise.stuck
            || (self.normwise.converged && (self.componentwise.converged || self.componentwise.stuck))
    }
}

/// Relative corrections in one measure.
struct Corrections {
    /// The last one; the first solution was a correction of zero by all of itself.
    last: f64,
    /// The largest quotient of two in a row.
    rate: f64,
    converged: bool,
    stuck: bool,
}

impl Default for Corrections {
    fn default() -> Self {
        Self { last: 1.0, rate: 0.0, converged: false, stuck: false }
    }
}

impl Corrections {
    fn take<T: Scalar>(&mut self, size: f64) {
        // Below the roundoff, what follows is noise.
        if self.converged || self.stuck {
            return;
        }
        self.rate = self.rate.max(size / self.last);
        self.last = size;
        self.converged = size <= T::UNIT_ROUNDOFF.as_f64();
        self.stuck = !self.converged && self.rate > PROGRESS;
    }

    /// The sum of all corrections to come, if they shrink as before.
    fn bound(&self, floor: f64) -> f64 {
        if self.rate < 1.0 { (self.last / (1.0 - self.rate)).max(floor) } else { f64::INFINITY }
    }
}
