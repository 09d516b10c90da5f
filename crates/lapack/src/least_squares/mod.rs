//! Least squares: the `x` that makes `‖A x − b‖₂` least, plain, constrained, regularized and refined.
//!
//! | to                                             | use                             | LAPACK                               |
//! |------------------------------------------------|---------------------------------|--------------------------------------|
//! | solve any system, of any rank                  | [`lstsq`]                       | `geqrf`, `gelsd`                     |
//! | the same with less work                        | [`Method::CompleteOrthogonal`]  | `geqrf`, `gelsy`                     |
//! | solve one of full rank fastest                 | [`Method::Qr`]                  | `gels`, `trcon`                      |
//! | get every digit that the data determine        | [`refined`]                     | `geqrf`, `ormqr`, residuals doubled  |
//! | hold linear constraints                        | [`equality_constrained`]        | `gglse`                              |
//! | weigh correlated noise                         | [`gauss_markov`]                | `ggglm`                              |
//! | damp what the data do not determine            | [`Regularization`]              | `gesdd`                              |
//!
//! For m x n, m ≥ n, all take 2mn² − 2n³/3 for a QR factorization; what then remains is square of order n, and
//! costs at most 5n³ (SVD), 2n³ (complete orthogonal) or nothing (QR). A wide system is treated as the transpose
//! of a tall one. In tall problems the method hardly shows in the time: the default is SciPy's, the SVD.

mod constrained;
mod refined;
mod regularized;
mod scaling;
mod square;

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef2, ArrayView, ArrayView1, ArrayView2, Axis, s};

use crate::certificate::{Certificate, Ratio, balancing_scale, one_norm};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{column_major, from_columns};
use crate::norms::two_norm;
use crate::products::{gemm, matmul, same};
use crate::qr::{Qr, check_extents, into_columns};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::size::workspace_length;
use crate::svd::Svd;
pub use constrained::{EqualityConstrained, GaussMarkov, equality_constrained, gauss_markov};
pub use refined::{RefinedLeastSquares, Refinement, refined};
pub use regularized::{Regularization, RegularizedLeastSquares, Truncation};
pub use scaling::Equilibration;
use scaling::{Packed, ldexp, zero_columns};
use square::{CoreSolution, by_complete_orthogonal, by_svd, triangle_reciprocal_condition};

/// How a least squares problem is solved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// Householder QR, for full rank only. A matrix whose triangular factor is singular, or so close to it that
    /// its reciprocal condition number is at most `rcond`, is refused with [`Error::RankDeficient`].
    Qr,
    /// QR with column pivoting, and a second factorization from the right: any rank, decided by estimates that are
    /// right on all but contrived matrices.
    CompleteOrthogonal,
    /// The SVD, divide and conquer: any rank, decided on the singular values, which are returned. SciPy's default
    /// and NumPy's only method.
    #[default]
    Svd,
}

/// The least squares solution of `a x ≈ b` for `a` (m x n) of any shape and rank, and one right-hand side or one
/// per column of `b`; of all solutions, that of least norm. NumPy's and SciPy's `lstsq`.
///
/// ```
/// use lapwing_lapack::least_squares::lstsq;
/// use ndarray::array;
/// // The line through (0, 1), (1, 3), (2, 5), (3, 8), as well as one goes.
/// let a = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]];
/// let fit = lstsq(&a, &array![1.0, 3.0, 5.0, 8.0])?;
/// assert!((fit.solution()[0] - 0.8f64).abs() < 1e-14 && (fit.solution()[1] - 2.3).abs() < 1e-14);
/// assert_eq!(fit.rank(), 2);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// # Errors
/// [`Error::Shape`] when `b` has not m rows; [`Error::NonFinite`]; [`Error::TooLarge`]; [`Error::OutOfMemory`];
/// [`Error::NoConvergence`]; [`Error::Overflow`].
#[doc(alias = "gelsd")]
pub fn lstsq<T: Scalar, D: RightHandSide>(
    a: &ArrayRef2<T>,
    b: &ArrayRef<T, D>,
) -> Result<LeastSquares<T, D>, Error> {
    LeastSquaresParams::default().solve(a, b)
}

/// A least squares solution, with what is known of how well it fits. Made by [`lstsq`], or by
/// [`LeastSquares::params`] where there is something to choose.
///
/// ```
/// use lapwing_lapack::least_squares::{LeastSquares, Method};
/// use ndarray::array;
/// let a = array![[1.0, 1.0], [1.0, 1.0]];
/// let b = array![1.0, 3.0];
/// let fit = LeastSquares::params().method(Method::CompleteOrthogonal).solve(&a, &b)?;
/// assert_eq!(fit.rank(), 1);
/// assert!(fit.solution().iter().all(|x: &f64| (x - 1.0).abs() < 1e-14)); // of least norm
/// assert!((fit.residual_norms()[0] - 2f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct LeastSquares<T: Scalar, D: RightHandSide> {
    solution: Array<T, D>,
    residuals: Array<T, D>,
    residual_norms: Array1<T>,
    rank: usize,
    singular_values: Option<Array1<T>>,
    method: Method,
    equilibrated: bool,
}

impl<T: Scalar, D: RightHandSide> LeastSquares<T, D> {
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

    /// `‖b − A x‖₂` for each right-hand side. NumPy's `residuals` are their squares.
    pub fn residual_norms(&self) -> ArrayView1<'_, T> {
        self.residual_norms.view()
    }

    /// The numerical rank of the matrix, as the method decided it.
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// The min(m, n) singular values of the matrix, largest first; `None` unless the method is [`Method::Svd`].
    pub fn singular_values(&self) -> Option<ArrayView1<'_, T>> {
        self.singular_values.as_ref().map(|values| values.view())
    }

    /// The method that found the solution.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Whether the solution, and the rank, come from the matrix with its columns (or rows) brought to nearly equal
    /// length: see [`Equilibration`]. The singular values never do.
    pub fn equilibrated(&self) -> bool {
        self.equilibrated
    }

    /// How far the residual is from orthogonal to the columns of `a`, as it is for no other `x`. `a` and `b` are
    /// those of the fit.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` or `b` has another shape.
    pub fn certificate(&self, a: &ArrayRef2<T>, b: &ArrayRef<T, D>) -> Result<Certificate, Error> {
        let (b, x) = (D::as_columns(b), D::as_columns(&self.solution));
        let reason = "those of the matrix that was fitted";
        same("a", "columns", a.ncols(), x.nrows(), reason)?;
        same("b", "rows", b.nrows(), a.nrows(), "as many as a has")?;
        same("b", "columns", b.ncols(), x.ncols(), "those of the right-hand sides that were fitted")?;
        let (scale_a, scale_b) = (balancing_scale(a), balancing_scale(&b));
        let scaled = a.mapv(|entry| entry * scale_a);
        let b = b.mapv(|entry| entry * scale_b);
        let exponent = log2_of_power(scale_b) - log2_of_power(scale_a);
        let x = x.mapv(|entry| ldexp(entry, exponent));
        let mut residual = b.clone();
        gemm(-T::one(), &scaled, &x, T::one(), &mut residual)?;
        let norm = one_norm(&scaled).as_f64();
        let size = norm * (one_norm(&b).as_f64() + norm * one_norm(&x).as_f64());
        let defect = one_norm(&matmul(&scaled.t(), &residual)?).as_f64();
        let unit = size * a.nrows().max(a.ncols()) as f64 * T::UNIT_ROUNDOFF.as_f64();
        let value = if defect == 0.0 { 0.0 } else { defect / unit };
        Ok(Certificate::new(vec![Ratio::new("‖Aᵀ r‖ / (‖A‖ (‖b‖ + ‖A‖ ‖x‖) max(m,n) ε)", value, 30.0)]))
    }
}

impl LeastSquares<f64, ndarray::Ix1> {
    /// The choices, to change before solving; scalar and shape are those of what is given to them.
    pub fn params() -> LeastSquaresParams {
        LeastSquaresParams::default()
    }
}

/// The choices of a least squares solution. Made by [`LeastSquares::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct LeastSquaresParams {
    method: Method,
    rcond: Option<f64>,
    equilibration: Equilibration,
}

impl LeastSquaresParams {
    /// How to solve. Default: [`Method::Svd`].
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// What is negligible beside the largest: singular values (SVD) up to this times it, and triangles with a
    /// reciprocal condition number up to this (the others), count as zero. Default: the machine epsilon (two unit
    /// roundoffs), times max(m, n) as in NumPy except for [`Method::Qr`], and [`Equilibration`] first; a value
    /// given here applies to the matrix as it is.
    pub fn rcond(mut self, rcond: f64) -> Self {
        self.rcond = Some(rcond);
        self
    }

    /// Whether a badly scaled matrix is equilibrated. Default: [`Equilibration::Automatic`].
    pub fn equilibration(mut self, equilibration: Equilibration) -> Self {
        self.equilibration = equilibration;
        self
    }

    /// The solution of `a x ≈ b`, for `a` (m x n).
    ///
    /// # Errors
    /// As [`lstsq`]; [`Error::RankDeficient`] with [`Method::Qr`]; [`Error::InvalidParameter`] unless `rcond` lies
    /// in [0, 1).
    pub fn solve<T: Scalar, D: RightHandSide>(
        self,
        a: &ArrayRef2<T>,
        b: &ArrayRef<T, D>,
    ) -> Result<LeastSquares<T, D>, Error> {
        let b = D::as_columns(b);
        let rcond = check_rcond(self.rcond, self.method, a)?;
        check_problem(a, &b)?;
        let (m, n) = a.dim();
        if m.min(n) == 0 || b.ncols() == 0 {
            return self.without_lapack(a, &b);
        }
        let equilibration = if self.rcond.is_some() { Equilibration::Never } else { self.equilibration };
        let packed = Packed::new(a, equilibration)?;
        let mut equilibrated = packed.equilibrated();
        let solution = match self.method {
            Method::Qr => by_qr(packed, &b, rcond)?,
            Method::CompleteOrthogonal => {
                by_core(packed, &b, rcond, by_complete_orthogonal, &mut equilibrated)?
            }
            Method::Svd => by_core(packed, &b, rcond, by_svd, &mut equilibrated)?,
        };
        self.finish(a, &b, solution, equilibrated)
    }

    /// No entries, or nothing to solve for: the rank is still that of the matrix.
    fn without_lapack<T: Scalar, D: RightHandSide>(
        self,
        a: &ArrayRef2<T>,
        b: &ArrayView2<T>,
    ) -> Result<LeastSquares<T, D>, Error> {
        let (m, n) = a.dim();
        if m.min(n) > 0 {
            let probe = self.solve(a, &Array1::zeros(m))?;
            let x = zero_columns(n, 0)?;
            let solution = CoreSolution { x, rank: probe.rank, singular_values: probe.singular_values };
            return self.finish(a, b, solution, probe.equilibrated);
        }
        let singular_values = (self.method == Method::Svd).then(|| Array1::zeros(0));
        self.finish(a, b, CoreSolution { x: zero_columns(n, b.ncols())?, rank: 0, singular_values }, false)
    }

    fn finish<T: Scalar, D: RightHandSide>(
        self,
        a: &ArrayRef2<T>,
        b: &ArrayView2<T>,
        solution: CoreSolution<T>,
        equilibrated: bool,
    ) -> Result<LeastSquares<T, D>, Error> {
        let CoreSolution { x, rank, singular_values } = solution;
        let residuals = residuals(a, &x, b)?;
        let residual_norms = norms(&residuals)?;
        Ok(LeastSquares {
            solution: D::from_columns(x),
            residuals: D::from_columns(residuals),
            residual_norms,
            rank,
            singular_values,
            method: self.method,
            equilibrated,
        })
    }
}

/// `gels` on the tall matrix, transposed where that is the caller's.
fn by_qr<T: Scalar>(mut packed: Packed<T>, b: &ArrayView2<T>, rcond: f64) -> Result<CoreSolution<T>, Error> {
    let (rows, cols, right_hand_sides) = (packed.rows, packed.cols, b.ncols());
    let (x, powers) = packed.right_hand_sides(b, rows, &packed.exponents)?;
    let mut x = into_columns(x);
    let transpose = if packed.transposed { b'T' } else { b'N' };
    let optimum = || T::gels_optimum(transpose, rows as Int, cols as Int, right_hand_sides as Int);
    let minimum = cols as u128 + (rows as u128).max(right_hand_sides as u128);
    let mut work = zeroed(workspace_length("the workspace of gels", minimum, optimum)?)?;
    let info = T::gels(
        transpose,
        Columns::new(&mut packed.columns, rows, cols)?,
        Columns::new(&mut x, rows, right_hand_sides)?,
        &mut work,
    );
    if info < 0 {
        return Err(Error::Internal { routine: "gels", info });
    }
    require_finite_result("gels", &packed.columns)?;
    // `gels` itself stops only at a pivot that is exactly zero, which rounding hardly ever leaves.
    if info > 0 || triangle_reciprocal_condition(cols, &packed.columns, rows)? <= rcond {
        return Err(Error::RankDeficient { argument: "a", rank: cols - 1, needed: cols });
    }
    let unknowns = if packed.transposed { rows } else { cols };
    let mut x = column_major(&from_columns(x, rows, right_hand_sides).slice(s![..unknowns, ..]))?;
    packed.restore_solution(&mut x, &packed.exponents, &powers);
    require_finite_columns("gels", &x)?;
    Ok(CoreSolution { x, rank: cols, singular_values: None })
}

/// A solver of the square problem that remains.
type Core<T> = fn(&Array2<T>, &Array2<T>, f64) -> Result<CoreSolution<T>, Error>;

/// QR down to a square problem, the solver on that, and on its unscaled self when equilibration did not help.
fn by_core<T: Scalar>(
    mut packed: Packed<T>,
    b: &ArrayView2<T>,
    rcond: f64,
    solve: Core<T>,
    equilibrated: &mut bool,
) -> Result<CoreSolution<T>, Error> {
    let (rows, cols) = (packed.rows, packed.cols);
    let columns = std::mem::take(&mut packed.columns);
    let tall = from_columns(columns, rows, cols);
    // A square matrix is its own core; of the transpose of a wide one, the core is the transpose of R.
    let (qr, mut triangle) = if rows == cols {
        (None, tall)
    } else {
        let qr = Qr::params().assume_finite().compute_owned(tall)?;
        let r = qr.r();
        (Some(qr), r)
    };
    let reduce = |exponents: &[i32]| -> Result<(Array2<T>, Vec<i32>), Error> {
        let (b, powers) = packed.right_hand_sides(b, b.nrows(), exponents)?;
        let reduced = match &qr {
            Some(qr) if !packed.transposed => {
                column_major(&qr.apply_q_transposed(&b)?.slice(s![..cols, ..]))?
            }
            _ => b,
        };
        Ok((reduced, powers))
    };
    let run = |triangle: &Array2<T>, b: &Array2<T>| {
        if packed.transposed {
            solve(&column_major(&triangle.t())?, b, rcond)
        } else {
            solve(triangle, b, rcond)
        }
    };

    let (mut reduced, mut powers) = reduce(&packed.exponents)?;
    let mut solution = run(&triangle, &reduced)?;
    let mut exponents = packed.exponents.clone();
    if *equilibrated {
        let mut entries = into_columns(triangle);
        packed.restore_proportions(&mut entries, cols);
        triangle = from_columns(entries, cols, cols);
        if solution.rank < cols {
            *equilibrated = false;
            exponents = vec![packed.uniform; cols];
            (reduced, powers) = reduce(&exponents)?;
            solution = run(&triangle, &reduced)?;
        } else if let Some(values) = &mut solution.singular_values {
            *values = Svd::values(&triangle)?.values;
        }
    }
    if let Some(values) = &mut solution.singular_values {
        values.mapv_inplace(|value| ldexp(value, packed.uniform));
        require_finite_result("gelsd", values.as_slice().expect("the values are packed"))?;
    }
    require_finite_columns("gelsd", &solution.x)?;
    if let (Some(qr), true) = (&qr, packed.transposed) {
        let mut padded = zero_columns(rows, b.ncols())?;
        padded.slice_mut(s![..cols, ..]).assign(&solution.x);
        solution.x = qr.apply_q(&padded)?;
    }
    packed.restore_solution(&mut solution.x, &exponents, &powers);
    require_finite_columns("gelsd", &solution.x)?;
    Ok(solution)
}

/// Shapes, sizes and entries of `a x ≈ b`.
fn check_problem<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayView2<T>) -> Result<(), Error> {
    check_extents(a)?;
    same("b", "rows", b.nrows(), a.nrows(), "as many as a has")?;
    to_int("the number of right-hand sides", b.ncols())?;
    require_finite("a", a)?;
    require_finite("b", b)
}

/// NumPy's default is the machine epsilon (twice the unit roundoff) times the larger extent, for singular values. The
/// condition number of a triangle in the 1-norm already grows with the extent: the epsilon alone tells dependent
/// columns (below half of it in every case tried) from random square matrices of single precision.
fn check_rcond<T: Scalar>(rcond: Option<f64>, method: Method, a: &ArrayRef2<T>) -> Result<f64, Error> {
    let epsilon = 2.0 * T::UNIT_ROUNDOFF.as_f64();
    let extent = if method == Method::Qr { 1 } else { a.nrows().max(a.ncols()) };
    let rcond = rcond.unwrap_or((extent as f64 * epsilon).min(0.5));
    if (0.0..1.0).contains(&rcond) {
        return Ok(rcond);
    }
    let (value, requirement) = (rcond.to_string(), "at least 0 and less than 1".to_owned());
    Err(Error::InvalidParameter { parameter: "rcond", value, requirement })
}

/// `b − a x`.
fn residuals<T: Scalar>(a: &ArrayRef2<T>, x: &ArrayRef2<T>, b: &ArrayView2<T>) -> Result<Array2<T>, Error> {
    let mut residuals = column_major(b)?;
    gemm(-T::one(), a, x, T::one(), &mut residuals)?;
    require_finite_columns("gemm", &residuals)?;
    Ok(residuals)
}

/// The length of each column.
fn norms<T: Scalar>(columns: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
    let norms: Array1<T> = columns.axis_iter(Axis(1)).map(|column| T::from_f64(two_norm(column))).collect();
    require_finite_result("norm", norms.as_slice().expect("a vector is packed"))?;
    Ok(norms)
}

/// [`require_finite_result`] for a packed matrix.
fn require_finite_columns<T: Scalar>(routine: &'static str, x: &Array2<T>) -> Result<(), Error> {
    require_finite_result(routine, x.as_slice_memory_order().expect("the matrix is packed"))
}

/// The exponent of a power of two.
fn log2_of_power<T: Scalar>(power: T) -> i32 {
    power.as_f64().log2().round() as i32
}

#[cfg(test)]
mod tests;
