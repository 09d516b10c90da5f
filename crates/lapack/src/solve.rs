//! The solution of `a x = b` for any matrix, by the method that its structure deserves, with an explanation.
//!
//! | the matrix is                       | method                                  | operations       |
//! |-------------------------------------|-----------------------------------------|------------------|
//! | diagonal                            | division                                | n                |
//! | triangular                          | substitution                            | n²               |
//! | tridiagonal                         | `pttrf`, else `gttrf`                   | O(n)             |
//! | banded, at most a quarter of it     | `pbtrf`, else `gbtrf`                   | 2 n l (l + u + 1) |
//! | symmetric, diagonal positive        | `potrf`, else the next                  | n³/3             |
//! | symmetric                           | `sytrf_rook`                            | n³/3             |
//! | square                              | `getrf`                                 | 2n³/3            |
//! | taller than wide                    | `geqrf`: least squares                  | 2mn² − 2n³/3     |
//! | wider than tall                     | `geqrf` of the transpose: least norm    | 2nm² − 2m³/3     |
//! | of deficient rank, whatever its shape | `gesdd`: least squares of least norm  | ≈ 6mn² + 20n³    |
//!
//! One contract covers them all: `x = a⁺ b`, the least squares solution of least norm, which for a regular matrix is
//! the solution. The condition number is always estimated, and a matrix that is singular to working precision
//! never goes through elimination unnoticed.

mod plan;
mod structure;

use std::ops::Deref;

use ndarray::{Array, Array1, Array2, ArrayRef, ArrayRef2, ArrayView2, Axis, s};

pub use self::plan::{Method, Plan, Structure};
use self::structure::{bandwidths, is_symmetric};
use crate::banded::{Banded, BandedCholesky, BandedLu};
use crate::certificate::one_norm;
use crate::cholesky::Cholesky;
use crate::error::Error;
use crate::finite::require_finite;
use crate::layout::zeros;
use crate::ldlt::Ldlt;
use crate::lu::{ConditionNorm, Lu};
use crate::products::{Diagonal, gemm, matmul, same};
use crate::qr::{Qr, check_extents};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::scaling::{Scaling, largest};
use crate::svd::Svd;
use crate::triangle::Triangle;
use crate::triangular;
use crate::tridiagonal::{TridiagonalCholesky, TridiagonalLu};

/// Solves `a x = b` for `a` (m x n) and one right-hand side or one per column of `b`, by the method that the
/// structure of `a` deserves. The result holds `x` (it dereferences to it) and the [`Plan`] that says what was
/// done and why.
///
/// ```
/// use lapwing_lapack::solve;
/// use ndarray::array;
/// let x = solve(&array![[4.0, 2.0], [2.0, 3.0]], &array![2.0, 1.0])?;
/// assert_eq!(*x, array![0.5, 0.0]);
/// println!("{}", x.explain());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
///
/// Always `x = a⁺ b`: the solution where there is exactly one, the least squares solution where the system is
/// overdetermined, the one of least norm where it is underdetermined or `a` is rank-deficient. Deficient means a
/// reciprocal condition number below 2 ε (where SciPy's `solve` warns), a zero pivot, or singular values below
/// 2 max(m, n) ε of the largest (as NumPy's `matrix_rank`), with ε the unit roundoff. Who takes such a matrix for an
/// error asks for [`Solution::require_full_rank`]. A diagonal without zeros is divided by whatever its condition
/// number, because every entry of that `x` is right to one rounding.
///
/// Structure is taken from exact zeros and exact symmetry, so that no other system is answered than the one given.
///
/// # Errors
/// [`Error::Shape`] when `b` has not m rows; [`Error::NonFinite`] with the place in `a` or `b`; [`Error::TooLarge`],
/// [`Error::OutOfMemory`]; [`Error::Overflow`] when `x` leaves the range of the scalar; [`Error::NoConvergence`] of
/// singular values.
pub fn solve<T: Scalar, D: RightHandSide>(
    a: &ArrayRef2<T>,
    b: &ArrayRef<T, D>,
) -> Result<Solution<T, D>, Error> {
    check_extents(a)?;
    require_finite("a", a)?;
    let b = D::as_columns(b);
    same("b", "rows", b.nrows(), a.nrows(), "as many as a has")?;
    check_extents(&b)?;
    require_finite("b", &b)?;

    // Near the ends of the range, the system is solved times a power of two.
    let scaling = Scaling::for_largest(largest(a));
    let (x, mut plan) = if scaling == Scaling::none() {
        System { a: a.view(), b }.solve()?
    } else {
        let scaled = |m: &ArrayRef2<T>| m.mapv(|entry| scaling.times(entry));
        let a = scaled(a);
        if scaling.belongs_before(largest(b)) {
            System { a: a.view(), b: scaled(&b).view() }.solve()?
        } else {
            let (x, plan) = System { a: a.view(), b }.solve()?;
            (scaled(&x), plan)
        }
    };
    if x.iter().any(|entry| !entry.is_finite()) {
        return Err(Error::Overflow { routine: plan.method.routines(), scalar: T::NAME });
    }
    plan.residual = residual(a, &x, &b)?;
    Ok(Solution { x: D::from_columns(x), plan })
}

/// The solution of a system, and how it was found. Made by [`solve`](fn@solve); dereferences to the solution.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution<T: Scalar, D: RightHandSide> {
    x: Array<T, D>,
    plan: Plan,
}

impl<T: Scalar, D: RightHandSide> Solution<T, D> {
    /// The solution, n entries or n rows.
    pub fn x(&self) -> &Array<T, D> {
        &self.x
    }

    /// The solution, without a copy.
    pub fn into_inner(self) -> Array<T, D> {
        self.x
    }

    /// What was seen, what was done and why.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The plan as text, a few lines.
    pub fn explain(&self) -> String {
        self.plan.to_string()
    }

    /// This solution, unless the matrix turned out rank-deficient to working precision.
    ///
    /// ```
    /// use lapwing_lapack::{Error, solve};
    /// use ndarray::array;
    /// let singular = array![[1.0, 2.0], [2.0, 4.0]];
    /// let refused = solve(&singular, &array![1.0, 2.0])?.require_full_rank();
    /// assert_eq!(refused.unwrap_err(), Error::RankDeficient { argument: "a", rank: 1, needed: 2 });
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::RankDeficient`].
    pub fn require_full_rank(self) -> Result<Self, Error> {
        let needed = self.plan.rows.min(self.plan.cols);
        if self.plan.rank < needed {
            Err(Error::RankDeficient { argument: "a", rank: self.plan.rank, needed })
        } else {
            Ok(self)
        }
    }
}

impl<T: Scalar, D: RightHandSide> Deref for Solution<T, D> {
    type Target = Array<T, D>;

    fn deref(&self) -> &Array<T, D> {
        &self.x
    }
}

/// A system whose matrix is finite and neither huge nor tiny.
struct System<'a, T> {
    a: ArrayView2<'a, T>,
    b: ArrayView2<'a, T>,
}

/// What a method came to: a solution, or the reason why another has to be tried.
enum Attempt<T> {
    Solved(Array2<T>, Plan),
    /// The reciprocal condition number, and the operations spent on it.
    Deficient(f64, f64),
}

impl<T: Scalar> System<'_, T> {
    fn solve(&self) -> Result<(Array2<T>, Plan), Error> {
        let (m, n) = self.a.dim();
        if m == 0 || n == 0 {
            let plan =
                self.plan(Structure::Empty, Method::Nothing, "there are no equations or no unknowns", 0.0);
            return Ok((zeros(n, self.b.ncols())?, Plan { rank: 0, ..plan }));
        }
        let attempt = match m.cmp(&n) {
            std::cmp::Ordering::Equal => self.square()?,
            std::cmp::Ordering::Greater => self.tall()?,
            std::cmp::Ordering::Less => self.wide()?,
        };
        match attempt {
            Attempt::Solved(x, plan) => Ok((x, plan)),
            Attempt::Deficient(reciprocal, spent) => self.deficient(reciprocal, spent),
        }
    }

    fn square(&self) -> Result<Attempt<T>, Error> {
        let n = self.a.nrows();
        let (lower, upper) = bandwidths(&self.a);
        match (lower, upper) {
            (0, 0) => self.diagonal(),
            (0, _) => self.triangular(Triangle::Upper),
            (_, 0) => self.triangular(Triangle::Lower),
            // Every matrix of order 2 is tridiagonal: nothing is saved.
            (1, 1) if n > 2 => self.tridiagonal(),
            _ if band_pays(n, lower, upper) => self.banded(lower, upper),
            _ if is_symmetric(&self.a) => self.symmetric(),
            _ => self.general(),
        }
    }

    fn diagonal(&self) -> Result<Attempt<T>, Error> {
        let diagonal = self.a.diag();
        let n = diagonal.len();
        let rank = diagonal.iter().filter(|&&entry| entry != T::zero()).count();
        let mut x = self.b.to_owned();
        for (mut row, &entry) in x.outer_iter_mut().zip(diagonal) {
            row.mapv_inplace(|b| if entry == T::zero() { T::zero() } else { b / entry });
        }
        let smallest = diagonal.iter().fold(T::infinity(), |smallest, entry| smallest.min(entry.abs()));
        let reciprocal = (smallest / largest(diagonal)).as_f64();
        let flops = (n * self.b.ncols()) as f64;
        let plan = if rank == n {
            let reason = "each equation has one unknown; its solution is right to one rounding";
            self.plan(Structure::Diagonal, Method::Division, reason, flops)
        } else {
            let reason = format!(
                "{} of the {n} entries of a diagonal matrix are zero: their unknowns are free and set to zero, their \
                 equations hold only if b is zero there",
                n - rank
            );
            self.plan(Structure::RankDeficient, Method::Division, reason, flops)
        };
        let reciprocal = if rank == n { reciprocal } else { 0.0 };
        Ok(Attempt::Solved(x, Plan { rank, reciprocal_condition: reciprocal, ..plan }))
    }

    fn triangular(&self, triangle: Triangle) -> Result<Attempt<T>, Error> {
        let n = self.a.nrows() as f64;
        let reciprocal =
            triangular::reciprocal_condition(&self.a, triangle, Diagonal::General, ConditionNorm::One)?;
        let flops = n * n * self.b.ncols() as f64;
        let reason = match triangle {
            Triangle::Lower => {
                "everything above the diagonal is zero; the unknowns follow from the first to the last"
            }
            Triangle::Upper => {
                "everything below the diagonal is zero; the unknowns follow from the last to the first"
            }
        };
        self.unless_deficient(
            reciprocal,
            flops,
            Structure::Triangular(triangle),
            Method::Substitution,
            reason,
            || triangular::solve(&self.a, triangle, Diagonal::General, &self.b),
        )
    }

    fn tridiagonal(&self) -> Result<Attempt<T>, Error> {
        let n = self.a.nrows();
        let neighbour = |row: usize, col: usize| -> Array1<T> {
            self.a.slice(s![row.., col..]).diag().iter().take(n - 1).copied().collect()
        };
        let (below, diagonal, above) = (neighbour(1, 0), self.a.diag().to_owned(), neighbour(0, 1));
        let size = n as f64 * (1.0 + self.b.ncols() as f64);
        let structure = Structure::Tridiagonal;
        if below == above && diagonal.iter().all(|&entry| entry > T::zero()) {
            match TridiagonalCholesky::new(&diagonal, &below) {
                Ok(factored) => {
                    let reason =
                        "three diagonals, symmetric with positive pivots: linear work without interchanges";
                    let (reciprocal, method) =
                        (factored.reciprocal_condition()?, Method::TridiagonalCholesky);
                    let solution = || factored.solve(&self.b);
                    return self.unless_deficient(
                        reciprocal,
                        5.0 * size,
                        structure,
                        method,
                        reason,
                        solution,
                    );
                }
                Err(Error::NotPositiveDefinite { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let factored = TridiagonalLu::new(&below, &diagonal, &above)?;
        let reciprocal = factored.reciprocal_condition(ConditionNorm::One)?;
        let reason = "three diagonals: elimination is linear in the number of unknowns";
        self.unless_deficient(reciprocal, 8.0 * size, structure, Method::TridiagonalLu, reason, || {
            factored.solve(&self.b)
        })
    }

    fn banded(&self, lower: usize, upper: usize) -> Result<Attempt<T>, Error> {
        let (n, count) = (self.a.nrows() as f64, self.b.ncols() as f64);
        let (l, u) = (lower as f64, upper as f64);
        let structure = Structure::Banded { lower, upper };
        let band = Banded::from_dense(&self.a)?;
        let dense = 2.0 * n * n * n / 3.0;
        if self.has_positive_diagonal() && is_symmetric(&self.a) {
            match BandedCholesky::new(&band) {
                Ok(factored) => {
                    let flops = n * (l + 1.0) * (l + 1.0) + 4.0 * n * l * count;
                    let reason = format!(
                        "symmetric positive definite, and the factor stays in the band: {:.0} times fewer operations \
                         than LU",
                        dense / flops
                    );
                    let (reciprocal, method) = (factored.reciprocal_condition()?, Method::BandedCholesky);
                    let solution = || factored.solve(&self.b);
                    return self.unless_deficient(reciprocal, flops, structure, method, reason, solution);
                }
                Err(Error::NotPositiveDefinite { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let flops = 2.0 * n * l * (l + u + 1.0) + 2.0 * n * (2.0 * l + u) * count;
        let reason = format!(
            "the factors stay in {} diagonals: {:.0} times fewer operations than LU of the full matrix",
            2 * lower + upper + 1,
            dense / flops
        );
        let factored = match BandedLu::new(&band) {
            Ok(factored) => factored,
            Err(Error::Singular { .. }) => return Ok(Attempt::Deficient(0.0, flops)),
            Err(error) => return Err(error),
        };
        let reciprocal = factored.reciprocal_condition(ConditionNorm::One)?;
        self.unless_deficient(reciprocal, flops, structure, Method::BandedLu, reason, || {
            factored.solve(&self.b)
        })
    }

    fn symmetric(&self) -> Result<Attempt<T>, Error> {
        let (n, count) = (self.a.nrows() as f64, self.b.ncols() as f64);
        let flops = n * n * n / 3.0 + 2.0 * n * n * count;
        let mut spent = 0.0;
        let mut reason =
            "it equals its transpose, and its diagonal is not positive; half the work of LU".to_owned();
        if self.has_positive_diagonal() {
            match Cholesky::new(&self.a) {
                Ok(factored) => {
                    let reason = "it equals its transpose and its pivots are positive; half the work of LU, and no \
                                  interchanges";
                    let reciprocal = factored.reciprocal_condition(&self.a)?;
                    let (structure, method) = (Structure::PositiveDefinite, Method::Cholesky);
                    let solution = || factored.solve(&self.b);
                    return self.unless_deficient(reciprocal, flops, structure, method, reason, solution);
                }
                Err(Error::NotPositiveDefinite { minor }) => {
                    let order = minor as f64;
                    spent = order * order * order / 3.0;
                    reason = format!(
                        "it equals its transpose, but its leading minor of order {minor} is not positive, so that \
                         Cholesky stops there; half the work of LU"
                    );
                }
                Err(error) => return Err(error),
            }
        }
        let factored = Ldlt::new(&self.a)?;
        let reciprocal = factored.reciprocal_condition()?;
        // Negative definite ones are not told apart: the method is the same.
        let (structure, method) = (Structure::Indefinite, Method::Ldlt);
        self.unless_deficient(reciprocal, spent + flops, structure, method, reason, || {
            factored.solve(&self.b)
        })
    }

    fn general(&self) -> Result<Attempt<T>, Error> {
        let (n, count) = (self.a.nrows() as f64, self.b.ncols() as f64);
        let flops = 2.0 * n * n * n / 3.0 + 2.0 * n * n * count;
        let factored = Lu::new(&self.a)?;
        let reciprocal = factored.reciprocal_condition(ConditionNorm::One)?;
        let reason = "square, neither symmetric nor mostly zero";
        self.unless_deficient(reciprocal, flops, Structure::General, Method::Lu, reason, || {
            factored.solve(&self.b)
        })
    }

    fn tall(&self) -> Result<Attempt<T>, Error> {
        let (qr, reciprocal, flops) = self.qr(&self.a)?;
        let reason =
            "more equations than unknowns: the sum of the squares of what is left of them is made least";
        let (structure, method) = (Structure::Overdetermined, Method::Qr);
        self.unless_deficient(reciprocal, flops, structure, method, reason, || qr.solve(&self.b))
    }

    fn wide(&self) -> Result<Attempt<T>, Error> {
        let (qr, reciprocal, flops) = self.qr(&self.a.t())?;
        let reason = "fewer equations than unknowns: of all solutions, the one with the least sum of squares";
        let (structure, method) = (Structure::Underdetermined, Method::QrOfTranspose);
        self.unless_deficient(reciprocal, flops, structure, method, reason, || {
            // aᵀ = Q R, so that x = Q y for the y of Rᵀ y = b is in the range of aᵀ and solves.
            let (m, n) = self.a.dim();
            let y = triangular::solve(&qr.r().t(), Triangle::Lower, Diagonal::General, &self.b)?;
            let mut padded = zeros(n, self.b.ncols())?;
            padded.slice_mut(s![..m, ..]).assign(&y);
            qr.apply_q(&padded)
        })
    }

    /// The QR factorization of a tall matrix, the reciprocal condition number of R and the operations for both.
    fn qr(&self, tall: &ArrayRef2<T>) -> Result<(Qr<T>, T, f64), Error> {
        let (m, n, count) = (tall.nrows() as f64, tall.ncols() as f64, self.b.ncols() as f64);
        let qr = Qr::new(tall)?;
        let reciprocal = triangular::reciprocal_condition(
            &qr.r(),
            Triangle::Upper,
            Diagonal::General,
            ConditionNorm::One,
        )?;
        Ok((qr, reciprocal, 2.0 * m * n * n - 2.0 * n * n * n / 3.0 + 4.0 * m * n * count))
    }

    /// The solution by singular values of a matrix on which another method has given up.
    fn deficient(&self, reciprocal: f64, spent: f64) -> Result<(Array2<T>, Plan), Error> {
        let (m, n) = self.a.dim();
        let svd = Svd::thin(&self.a)?;
        let values = svd.singular_values();
        let tolerance = T::from_f64(2.0 * m.max(n) as f64) * T::UNIT_ROUNDOFF * values[0];
        let rank = values.iter().filter(|&&value| value > tolerance).count();
        let mut y = matmul(&svd.u().slice(s![.., ..rank]).t(), &self.b)?;
        for (mut row, &value) in y.outer_iter_mut().zip(values) {
            row.mapv_inplace(|entry| entry / value);
        }
        let x = matmul(&svd.vt().slice(s![..rank, ..]).t(), &y)?;
        let (long, short) = (m.max(n) as f64, m.min(n) as f64);
        let flops = spent + 6.0 * long * short * short + 20.0 * short * short * short;
        let reason = format!(
            "singular to working precision (a cheaper method found a reciprocal condition number of {reciprocal:.1e}): \
             singular values below {:.1e} of the largest count as zero, and of all least squares solutions this is \
             the one of least norm",
            2.0 * m.max(n) as f64 * T::UNIT_ROUNDOFF.as_f64()
        );
        let full = rank == m.min(n);
        let plan = self.plan(Structure::RankDeficient, Method::Svd, reason, flops);
        let last = (values[values.len() - 1] / values[0]).as_f64();
        let reciprocal_condition = if full { last } else { 0.0 };
        Ok((x, Plan { rank, reciprocal_condition, ..plan }))
    }

    fn has_positive_diagonal(&self) -> bool {
        self.a.diag().iter().all(|&entry| entry > T::zero())
    }

    /// The solution and its plan, unless the reciprocal condition number says that it would be noise.
    fn unless_deficient(
        &self,
        reciprocal: T,
        flops: f64,
        structure: Structure,
        method: Method,
        reason: impl Into<String>,
        solution: impl FnOnce() -> Result<Array2<T>, Error>,
    ) -> Result<Attempt<T>, Error> {
        let reciprocal = reciprocal.as_f64();
        // Where SciPy warns. A NaN is no reason to trust either.
        if reciprocal.is_nan() || reciprocal < 2.0 * T::UNIT_ROUNDOFF.as_f64() {
            return Ok(Attempt::Deficient(reciprocal, flops));
        }
        let plan = self.plan(structure, method, reason, flops);
        Ok(Attempt::Solved(solution()?, Plan { reciprocal_condition: reciprocal, ..plan }))
    }

    /// A plan of full rank, condition 1 and no residual yet.
    fn plan(&self, structure: Structure, method: Method, reason: impl Into<String>, flops: f64) -> Plan {
        let (rows, cols) = self.a.dim();
        Plan {
            rows,
            cols,
            structure,
            method,
            reason: reason.into(),
            flops,
            rank: rows.min(cols),
            reciprocal_condition: 1.0,
            residual: 0.0,
            unit_roundoff: T::UNIT_ROUNDOFF.as_f64(),
        }
    }
}

/// Whether the factors of a band take at most a quarter of the full matrix. The operations are then at most a tenth of
/// those of LU, which outweighs that they run in smaller blocks.
fn band_pays(n: usize, lower: usize, upper: usize) -> bool {
    2 * lower + upper < n / 4
}

/// The largest `‖b − a x‖ / (‖a‖ ‖x‖ + ‖b‖)` of the columns, in the 1-norm.
fn residual<T: Scalar>(a: &ArrayRef2<T>, x: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<f64, Error> {
    let mut defect = b.to_owned();
    gemm(-T::one(), a, x, T::one(), &mut defect)?;
    let norm = one_norm(a).as_f64();
    let mut worst = 0.0;
    for j in 0..b.ncols() {
        let column = |m: &ArrayRef2<T>| one_norm(&m.index_axis(Axis(1), j).insert_axis(Axis(1))).as_f64();
        let defect = column(&defect);
        if defect != 0.0 {
            let relative = defect / (norm * column(x) + column(b));
            worst = if relative > worst || relative.is_nan() { relative } else { worst };
        }
    }
    Ok(worst)
}

#[cfg(test)]
mod tests;
