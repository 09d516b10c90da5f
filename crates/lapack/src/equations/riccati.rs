//! The algebraic Riccati equations of optimal control and filtering.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, s};
use num_complex::Complex;

use super::lyapunov::{continuous_lyapunov, discrete_lyapunov, symmetrized};
use super::pencil::{Pencil, Problem};
use super::sylvester::finite;
use crate::certificate::one_norm;
use crate::error::Error;
use crate::ffi::lapack::to_int;
use crate::finite::require_finite;
use crate::generalized_schur::GeneralizedSchur;
use crate::layout::{checked_area, zeros};
use crate::lu::{ConditionNorm, Lu};
use crate::products::{gemm, matmul, same, square};
use crate::qr::Qr;
use crate::scalar::Scalar;
use crate::schur::{Region, Schur};
use crate::svd::Svd;
use crate::symmetry::require_symmetric;

/// The time that a system lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Continuous,
    Discrete,
}

impl Time {
    fn stable(self) -> Region {
        match self {
            Time::Continuous => Region::LeftHalfPlane,
            Time::Discrete => Region::InsideUnitCircle,
        }
    }

    fn routine(self) -> &'static str {
        match self {
            Time::Continuous => "a continuous Riccati equation",
            Time::Discrete => "a discrete Riccati equation",
        }
    }
}

/// The stabilizing solution of an algebraic Riccati equation, with the optimal feedback that it stands for.
///
/// The feedback `u = −K x` with the [`gain`](Self::gain) K minimizes the cost `∫ xᵀ Q x + uᵀ R u` (or the sum) of
/// steering `x' = A x + B u` (or `xₖ₊₁ = A xₖ + B uₖ`) to zero, and the least cost from the state x is `xᵀ X x`. The
/// steady Kalman filter is the same with `Aᵀ` for A, the transposed output matrix for B, and the covariances of the
/// noises for Q and R.
///
/// ```
/// use lapwing_lapack::equations::Riccati;
/// use ndarray::array;
/// // A mass on rails: position and speed, steered by a force.
/// let (a, b) = (array![[0.0, 1.0], [0.0, 0.0]], array![[0.0], [1.0]]);
/// let optimal = Riccati::continuous(&a, &b, &array![[1.0, 0.0], [0.0, 1.0]], &array![[1.0]])?;
/// assert!((optimal.gain()[[0, 0]] - 1.0f64).abs() < 1e-14 && (optimal.gain()[[0, 1]] - 3f64.sqrt()).abs() < 1e-14);
/// assert!(optimal.eigenvalues().iter().all(|z| z.re < 0.0));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// From the stable deflating subspace of the extended pencil (Van Dooren 1981; Arnold and Laub, Proc. IEEE 72, 1984),
/// balanced, then refined by Newton's method (Kleinman 1968); `scipy.linalg.solve_continuous_are` and
/// `solve_discrete_are`. LAPACK: `geqrf`, `gges`, `tgsen`, `getrf`, `trsyl`.
#[doc(alias = "care")]
#[doc(alias = "dare")]
#[doc(alias = "lqr")]
#[derive(Clone, Debug)]
pub struct Riccati<T: Scalar> {
    solution: Array2<T>,
    gain: Array2<T>,
    eigenvalues: Array1<Complex<T>>,
    residual: f64,
}

impl<T: Scalar> Riccati<T> {
    /// Solves `aᵀ X + X a − X b r⁻¹ bᵀ X + q = 0` for `a` and `q` (n x n), `b` (n x m) and `r` (m x m), where `q` and
    /// `r` are symmetric and `r` not singular.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] when there is no stabilizing solution: `(a, b)` is not stabilizable, or `q` does not
    /// see an eigenvalue on the border of stability; [`Error::NotSymmetric`] for `q` and `r`;
    /// [`Error::RankDeficient`] for `r`; [`Error::NotSquare`], [`Error::Shape`], [`Error::NonFinite`],
    /// [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn continuous(
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        q: &ArrayRef2<T>,
        r: &ArrayRef2<T>,
    ) -> Result<Self, Error> {
        Self::params().continuous(a, b, q, r)
    }

    /// Solves `aᵀ X a − X − aᵀ X b (r + bᵀ X b)⁻¹ bᵀ X a + q = 0` for `a` and `q` (n x n), `b` (n x m) and `r`
    /// (m x m), where `q` and `r` are symmetric; `r` may be singular as long as `r + bᵀ X b` is not.
    ///
    /// # Errors
    /// As [`Riccati::continuous`], but for [`Error::RankDeficient`].
    pub fn discrete(
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        q: &ArrayRef2<T>,
        r: &ArrayRef2<T>,
    ) -> Result<Self, Error> {
        Self::params().discrete(a, b, q, r)
    }

    /// The terms that are rarely there, to add before solving.
    pub fn params<'a>() -> RiccatiParams<'a, T> {
        RiccatiParams { descriptor: None, cross: None }
    }

    /// X, n x n, exactly symmetric.
    pub fn solution(&self) -> ArrayView2<'_, T> {
        self.solution.view()
    }

    /// The optimal gain K, m x n: `r⁻¹ (bᵀ X e + sᵀ)`, or `(r + bᵀ X b)⁻¹ (bᵀ X a + sᵀ)` in discrete time.
    pub fn gain(&self) -> ArrayView2<'_, T> {
        self.gain.view()
    }

    /// The n eigenvalues of the closed loop `a − b K` (of its pencil with `e`), all stable.
    pub fn eigenvalues(&self) -> ArrayView1<'_, Complex<T>> {
        self.eigenvalues.view()
    }

    /// The 1-norm of what the two sides of the equation differ by, over the sum of the norms of its terms: a few units
    /// of the roundoff unless the equation is ill-conditioned. At most its square root, lest it be an error.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// `(X, K)`, without a copy.
    pub fn into_solution_and_gain(self) -> (Array2<T>, Array2<T>) {
        (self.solution, self.gain)
    }
}

/// The terms of a Riccati equation that are rarely there. Made by [`Riccati::params`].
///
/// ```
/// use lapwing_lapack::equations::Riccati;
/// use ndarray::array;
/// let one = array![[1.0]];
/// // 2 e X − (e X + s)² + 5 = 0 with e = 2 and s = 1: X = 1.
/// let params = Riccati::params().descriptor(&array![[2.0]]).cross(&one).continuous(&one, &one, &array![[5.0]], &one);
/// assert!((params?.solution()[[0, 0]] - 1.0f64).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RiccatiParams<'a, T> {
    descriptor: Option<ArrayView2<'a, T>>,
    cross: Option<ArrayView2<'a, T>>,
}

impl<'a, T: Scalar> RiccatiParams<'a, T> {
    /// The matrix `e` (n x n), not singular, of a system `e x' = a x + b u`: the equation becomes
    /// `aᵀ X e + eᵀ X a − (eᵀ X b + s) r⁻¹ (bᵀ X e + sᵀ) + q = 0`, or
    /// `aᵀ X a − eᵀ X e − (aᵀ X b + s) (r + bᵀ X b)⁻¹ (bᵀ X a + sᵀ) + q = 0`. Default: the identity.
    pub fn descriptor(mut self, e: &'a ArrayRef2<T>) -> Self {
        self.descriptor = Some(e.view());
        self
    }

    /// The matrix `s` (n x m) of a cost with the term `2 xᵀ s u`. Default: zero.
    pub fn cross(mut self, s: &'a ArrayRef2<T>) -> Self {
        self.cross = Some(s.view());
        self
    }

    /// As [`Riccati::continuous`], with these terms.
    ///
    /// # Errors
    /// As [`Riccati::continuous`]; [`Error::RankDeficient`] for `e`.
    pub fn continuous(
        &self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        q: &ArrayRef2<T>,
        r: &ArrayRef2<T>,
    ) -> Result<Riccati<T>, Error> {
        self.solve(Time::Continuous, a, b, q, r)
    }

    /// As [`Riccati::discrete`], with these terms.
    ///
    /// # Errors
    /// As [`Riccati::discrete`]; [`Error::RankDeficient`] for `e`.
    pub fn discrete(
        &self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        q: &ArrayRef2<T>,
        r: &ArrayRef2<T>,
    ) -> Result<Riccati<T>, Error> {
        self.solve(Time::Discrete, a, b, q, r)
    }

    fn solve(
        &self,
        time: Time,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        q: &ArrayRef2<T>,
        r: &ArrayRef2<T>,
    ) -> Result<Riccati<T>, Error> {
        let (e, s) = (self.descriptor, self.cross);
        let problem = Problem { a: a.view(), b: b.view(), q: q.view(), r: r.view(), e, s };
        let (n, m) = check(&problem, time)?;
        if n == 0 {
            let (solution, gain) = (Array2::zeros((0, 0)), Array2::zeros((m, 0)));
            return Ok(Riccati { solution, gain, eigenvalues: Array1::default(0), residual: 0.0 });
        }
        let first = finite(time.routine(), stabilizing(&Pencil::new(time, &problem)?, time)?)?;
        let Candidate { solution, gain, closed, relative: residual, .. } = refined(time, &problem, first)?;
        // A subspace that is nearly not a graph gives a matrix that is nearly not a solution.
        if residual > T::UNIT_ROUNDOFF.as_f64().sqrt() {
            return Err(none(&format!("the best candidate leaves a relative residual of {residual:.1e}")));
        }
        let eigenvalues = match &e {
            None => Schur::new(&closed)?.eigenvalues().to_owned(),
            Some(e) => {
                let values = GeneralizedSchur::new(&closed, e)?;
                values.eigenvalues().iter().map(|value| value.value()).collect()
            }
        };
        let margin = one_norm(&closed) * T::from_f64(n as f64) * T::UNIT_ROUNDOFF;
        let stable = |z: &Complex<T>| match time {
            Time::Continuous => z.re < -margin,
            Time::Discrete => z.norm() < T::one() - margin,
        };
        if let Some(value) = eigenvalues.iter().find(|z| !stable(z)) {
            return Err(none(&format!("the eigenvalue {value} of the closed loop cannot be made stable")));
        }
        Ok(Riccati { solution, gain, eigenvalues, residual })
    }
}

/// The shapes, n and m; and that what must be symmetric, and what must be inverted, is.
fn check<T: Scalar>(problem: &Problem<T>, time: Time) -> Result<(usize, usize), Error> {
    let (n, m) = (square("a", &problem.a)?, problem.b.ncols());
    same("b", "rows", problem.b.nrows(), n, "the order of a")?;
    same("q", "rows", square("q", &problem.q)?, n, "the order of a")?;
    same("r", "rows", square("r", &problem.r)?, m, "as many as b has columns")?;
    let order = (2 * n as u128 + m as u128).min(usize::MAX as u128) as usize;
    to_int("the order of the pencil", order)?;
    checked_area::<T>(order, order)?;
    if let Some(e) = &problem.e {
        same("e", "rows", square("e", e)?, n, "the order of a")?;
    }
    if let Some(s) = &problem.s {
        same("s", "rows", s.nrows(), n, "the order of a")?;
        same("s", "columns", s.ncols(), m, "as many as b has columns")?;
    }
    let matrices =
        [("a", Some(problem.a)), ("b", Some(problem.b)), ("q", Some(problem.q)), ("r", Some(problem.r))];
    for (name, matrix) in matrices.into_iter().chain([("e", problem.e), ("s", problem.s)]) {
        if let Some(matrix) = matrix {
            require_finite(name, &matrix)?;
        }
    }
    require_symmetric("q", &problem.q)?;
    require_symmetric("r", &problem.r)?;
    if time == Time::Continuous {
        require_full_rank("r", &problem.r)?;
    }
    if let Some(e) = &problem.e {
        require_full_rank("e", e)?;
    }
    Ok((n, m))
}

/// [`Error::RankDeficient`] when a singular value is at most `n ε` times the largest.
fn require_full_rank<T: Scalar>(argument: &'static str, a: &ArrayRef2<T>) -> Result<(), Error> {
    let values = Svd::values(a)?.values;
    let needed = values.len();
    let threshold =
        values.first().map_or(T::zero(), |&largest| largest * T::from_f64(needed as f64) * T::UNIT_ROUNDOFF);
    let rank = values.iter().filter(|&&value| value > threshold).count();
    if rank == needed { Ok(()) } else { Err(Error::RankDeficient { argument, rank, needed }) }
}

/// X from a basis `[U₀; U₁]` of the stable deflating subspace: `X E U₀ = U₁`.
fn stabilizing<T: Scalar>(pencil: &Pencil<T>, time: Time) -> Result<Array2<T>, Error> {
    let n = pencil.scale.len();
    let schur = GeneralizedSchur::ordered(&pencil.h, &pencil.j, |value| value.lies_in(time.stable()))?;
    if schur.leading() != n {
        return Err(none("the pencil has eigenvalues on the border of stability, or nearly so"));
    }
    let mut basis = schur.z().slice(s![.., ..n]).to_owned();
    if let Some(e) = &pencil.e {
        let descriptor = matmul(e, &basis.slice(s![..n, ..]))?;
        basis.slice_mut(s![..n, ..]).assign(&descriptor);
        basis = Qr::new(&basis)?.q()?;
    }
    let (upper, lower) = (basis.slice(s![..n, ..]), basis.slice(s![n.., ..]));
    // The subspace of a symmetric X is isotropic: U₀ᵀ U₁ is symmetric, unless eigenvalues were mixed up.
    let mixed = matmul(&upper.t(), &lower)?;
    let skew = one_norm(&(&mixed - &mixed.t()));
    if skew > (one_norm(&mixed) / T::from_f64(10.0)).max(T::UNIT_ROUNDOFF * T::from_f64(2000.0)) {
        return Err(none("the pencil has eigenvalues too close to the border of stability"));
    }
    let factor = Lu::new(&upper)?;
    if factor.reciprocal_condition(ConditionNorm::One)? < T::UNIT_ROUNDOFF {
        return Err(none("an unstable mode is out of reach of the inputs, or nearly so"));
    }
    // Xᵀ = U₀⁻ᵀ U₁ᵀ
    let x = factor.solve_transposed(&lower.t().to_owned())?;
    let mut x = symmetrized(&x);
    for ((i, j), entry) in x.indexed_iter_mut() {
        *entry *= pencil.scale[i] * pencil.scale[j];
    }
    Ok(x)
}

/// A symmetric matrix that may be the solution, and what follows from it.
struct Candidate<T> {
    solution: Array2<T>,
    gain: Array2<T>,
    /// A − B K.
    closed: Array2<T>,
    /// What the equation leaves.
    residual: Array2<T>,
    /// Its 1-norm over the sum of those of the terms.
    relative: f64,
}

/// Newton's method from a solution that is nearly one (Kleinman 1968): each correction solves a Lyapunov equation of
/// the closed loop. It restores what an ill-conditioned basis of the subspace lost, and one or two steps do.
fn refined<T: Scalar>(time: Time, problem: &Problem<T>, first: Array2<T>) -> Result<Candidate<T>, Error> {
    let mut best = Candidate::new(time, problem, first)?;
    let satisfied = T::UNIT_ROUNDOFF.as_f64();
    for _ in 0..4 {
        if best.relative <= satisfied {
            break;
        }
        // With F = (A − B K) E⁻¹ and the residual W: Fᵀ D + D F = −E⁻ᵀ W E⁻¹, or Fᵀ D F − D = −E⁻ᵀ W E⁻¹.
        let (mut loop_transposed, mut right) = (best.closed.t().to_owned(), best.residual.clone());
        if let Some(e) = &problem.e {
            let factor = Lu::new(e)?;
            loop_transposed = factor.solve_transposed(&loop_transposed)?;
            let half = factor.solve_transposed(&right)?;
            right = symmetrized(&factor.solve_transposed(&half.t().to_owned())?);
        }
        let correction = match time {
            Time::Continuous => continuous_lyapunov(&loop_transposed, &-right),
            Time::Discrete => discrete_lyapunov(&loop_transposed, &right),
        };
        // A closed loop on the border of stability cannot be refined; the caller finds out why.
        let Ok(correction) = correction else { break };
        let Ok(next) = Candidate::new(time, problem, symmetrized(&(&best.solution + &correction))) else {
            break;
        };
        if next.relative >= best.relative {
            break;
        }
        best = next;
    }
    Ok(best)
}

impl<T: Scalar> Candidate<T> {
    fn new(time: Time, problem: &Problem<T>, x: Array2<T>) -> Result<Self, Error> {
        let (n, m) = problem.b.dim();
        let mut identity = zeros(n, n)?;
        identity.diag_mut().fill(T::one());
        let e = problem.e.unwrap_or(identity.view());
        let (xa, xe, xb) = (matmul(&x, &problem.a)?, matmul(&x, &e)?, matmul(&x, &problem.b)?);
        // The input's weight, and the coupling of state and input: (Eᵀ X B + S)ᵀ or (Aᵀ X B + S)ᵀ.
        let mut weight = problem.r.to_owned();
        let mut coupling = match time {
            Time::Continuous => matmul(&problem.b.t(), &xe)?,
            Time::Discrete => {
                gemm(T::one(), &problem.b.t(), &xb, T::one(), &mut weight)?;
                matmul(&problem.b.t(), &xa)?
            }
        };
        if let Some(s) = &problem.s {
            coupling += &s.t();
        }
        let gain = if m == 0 {
            Array2::zeros((0, n))
        } else {
            Lu::new(&weight)?.solve(&coupling).map_err(|error| match error {
                Error::Singular { .. } => none("the weight of the inputs is singular at the solution"),
                other => other,
            })?
        };
        let used = matmul(&coupling.t(), &gain)?;
        let first = match time {
            Time::Continuous => matmul(&problem.a.t(), &xe)?,
            Time::Discrete => matmul(&problem.a.t(), &xa)?,
        };
        let second = match time {
            Time::Continuous => first.t().to_owned(),
            Time::Discrete => -matmul(&e.t(), &xe)?,
        };
        let residual = finite(time.routine(), symmetrized(&(&first + &second - &used + problem.q)))?;
        let size: f64 =
            [&*first, &*second, &*used, &*problem.q].into_iter().map(|term| one_norm(term).as_f64()).sum();
        let error = one_norm(&residual).as_f64();
        let mut closed = problem.a.to_owned();
        gemm(-T::one(), &problem.b, &gain, T::one(), &mut closed)?;
        let relative = if error == 0.0 { 0.0 } else { error / size };
        Ok(Self { solution: x, gain: finite(time.routine(), gain)?, closed, residual, relative })
    }
}

fn none(reason: &str) -> Error {
    let reason = format!(
        "{reason}; the inputs must reach every unstable mode, and the cost must see every marginal one"
    );
    Error::DoesNotExist { what: "a stabilizing solution", reason }
}
