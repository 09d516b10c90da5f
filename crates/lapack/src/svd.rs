//! Singular value decomposition `A = U Σ Vᵀ`.
//!
//! | step                 | f32      | f64      | cost, m ≥ n                            |
//! |----------------------|----------|----------|----------------------------------------|
//! | divide and conquer   | `sgesdd` | `dgesdd` | ≈ 4mn² + 8n³ thin, 4mn² − 4n³/3 values |
//! | QR iteration         | `sgesvd` | `dgesvd` | about twice that                       |
//! | QR in blocks of rows | none     | none     | ≈ 5mn² thin, 2.5mn² values             |
//!
//! The decomposition to reach for when the rank is in doubt: it never fails on a singular matrix, its
//! singular values are accurate to a rounding of the largest, and the best low-rank approximation is
//! read off it.
//!
//! A wide matrix is decomposed as its transpose, because OpenBLAS's LQ path takes twice the time of its
//! QR path; `U` and `V` change places at no cost. A matrix of at most 256 columns and sixteen times as many
//! rows is first reduced to a triangle, in blocks of rows that fit the cache and on all threads, and LAPACK
//! decomposes the triangle: orthogonal transformations throughout, so the accuracy is LAPACK's. When `gesdd`
//! does not converge, `gesvd` starts over from the input. [`Svd::driver`] says which route was taken.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::{ensure_length, zeroed};
use crate::finite::{FiniteCheck, require_finite_result};
use crate::layout::{MemoryOrder, checked_area, copy_columns, from_columns, memory_order};
use crate::products::same;
use crate::scalar::Scalar;
use crate::size::{checked_length, workspace_length};
use crate::tall_qr::{self, Keep, TallQr};

/// Which singular vectors to compute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Vectors {
    /// The first min(m, n) on each side. NumPy's `full_matrices=False`.
    #[default]
    Thin,
    /// All of them: `U` is m x m and `Vᵀ` is n x n. NumPy's default.
    Full,
}

/// By which route a decomposition was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SvdDriver {
    /// Divide and conquer.
    Gesdd,
    /// QR iteration, the fallback when divide and conquer does not converge.
    Gesvd,
    /// A QR factorization in blocks of rows, and divide and conquer on its triangle.
    TallGesdd,
    /// A QR factorization in blocks of rows, and QR iteration on its triangle.
    TallGesvd,
    /// None: the matrix has no entries.
    Empty,
}

impl SvdDriver {
    /// The driver of a decomposition whose triangle was decomposed by this one.
    fn of_triangle(self) -> Self {
        if self == SvdDriver::Gesdd { SvdDriver::TallGesdd } else { SvdDriver::TallGesvd }
    }
}

/// The singular values and vectors of a matrix.
///
/// ```
/// use lapwing_lapack::Svd;
/// use ndarray::array;
/// let svd = Svd::thin(&array![[3.0, 0.0], [0.0, -4.0], [0.0, 0.0]])?;
/// assert_eq!(svd.singular_values(), array![4.0, 3.0]);
/// assert_eq!(svd.u().dim(), (3, 2));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "gesdd")]
#[derive(Clone, Debug)]
pub struct Svd<T: Scalar> {
    u: Array2<T>,
    singular_values: Array1<T>,
    vt: Array2<T>,
    driver: SvdDriver,
}

/// Singular values alone, with the route that was taken.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SingularValues<T: Scalar> {
    /// The min(m, n) singular values, largest first.
    pub values: Array1<T>,
    /// The route that was taken.
    pub driver: SvdDriver,
}

impl<T: Scalar> Svd<T> {
    /// The thin decomposition of `a` (m x n): `U` is m x k and `Vᵀ` is k x n, with k = min(m, n).
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::TooLarge`] (with vectors, past min(m, n) = 23169), [`Error::OutOfMemory`],
    /// [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn thin(a: &ArrayRef2<T>) -> Result<Self, Error> {
        SvdParams::default().compute(a)
    }

    /// The full decomposition of `a` (m x n): `U` is m x m and `Vᵀ` is n x n.
    ///
    /// # Errors
    /// As [`Svd::thin`].
    pub fn full(a: &ArrayRef2<T>) -> Result<Self, Error> {
        SvdParams::default().vectors(Vectors::Full).compute(a)
    }

    /// The singular values of `a` alone, at about a fifth of the cost.
    ///
    /// # Errors
    /// As [`Svd::thin`].
    pub fn values(a: &ArrayRef2<T>) -> Result<SingularValues<T>, Error> {
        SvdParams::default().values(a)
    }

    /// The left singular vectors in columns: m x k, or m x m when full.
    pub fn u(&self) -> ArrayView2<'_, T> {
        self.u.view()
    }

    /// The min(m, n) singular values, largest first, none negative.
    pub fn singular_values(&self) -> ArrayView1<'_, T> {
        self.singular_values.view()
    }

    /// The right singular vectors in rows: k x n, or n x n when full.
    pub fn vt(&self) -> ArrayView2<'_, T> {
        self.vt.view()
    }

    /// The route that was taken.
    pub fn driver(&self) -> SvdDriver {
        self.driver
    }

    /// `(U, s, Vᵀ)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array1<T>, Array2<T>) {
        (self.u, self.singular_values, self.vt)
    }

    /// How far this is from an exact decomposition of `a` (m x n), and `U` and `V` from orthonormal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the shape that was decomposed.
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let (m, n) = a.dim();
        same("a", "rows", m, self.u.nrows(), "those of the matrix that was decomposed")?;
        same("a", "columns", n, self.vt.ncols(), "those of the matrix that was decomposed")?;
        let k = self.singular_values.len();
        let scale = balancing_scale(a);
        let scaled_u = &self.u.slice(ndarray::s![.., ..k]) * &self.singular_values.mapv(|s| s * scale);
        let defect = residual(scale, a, &scaled_u, &self.vt.slice(ndarray::s![..k, ..]))?;
        let norm = one_norm(&a.mapv(|x| x * scale));
        Ok(Certificate::new(vec![
            Ratio::new("‖A − U Σ Vᵀ‖ / (‖A‖ max(m,n) ε)", backward_error(&defect, norm, m.max(n)), 50.0),
            Ratio::new("‖I − Uᵀ U‖ / (m ε)", orthogonality(&self.u, m)?, 50.0),
            Ratio::new("‖I − Vᵀ V‖ / (n ε)", orthogonality(&self.vt.t(), n)?, 50.0),
        ]))
    }
}

impl Svd<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> SvdParams {
        SvdParams::default()
    }
}

/// The choices of a singular value decomposition. Made by [`Svd::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct SvdParams {
    vectors: Vectors,
    check: FiniteCheck,
}

impl SvdParams {
    /// Which singular vectors to compute. Default: [`Vectors::Thin`].
    pub fn vectors(mut self, vectors: Vectors) -> Self {
        self.vectors = vectors;
        self
    }

    /// Skips the scan for NaN and infinities. LAPACK may then never return if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Decomposes `a` (m x n).
    ///
    /// # Errors
    /// As [`Svd::thin`].
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<Svd<T>, Error> {
        self.compute_with(a, &mut SvdWorkspace::new())
    }

    /// Decomposes `a` (m x n) in a workspace that is kept for the next call.
    ///
    /// # Errors
    /// As [`Svd::thin`].
    pub fn compute_with<T: Scalar>(
        self,
        a: &ArrayRef2<T>,
        workspace: &mut SvdWorkspace<T>,
    ) -> Result<Svd<T>, Error> {
        let problem = Problem::new(a, Some(self.vectors))?;
        if self.vectors == Vectors::Thin && tall_qr::pays(problem.rows, problem.cols) {
            return self.compute_tall(&problem, a, workspace);
        }
        self.check.require("a", a)?;
        let (rows, cols) = (problem.rows, problem.cols);
        let (left, right) = problem.sides();
        let mut singular_values = zeroed(problem.rank())?;
        let mut u = zeroed(checked_area::<T>(rows, left)?)?;
        let mut vt = zeroed(checked_area::<T>(right, cols)?)?;
        let driver = problem.solve(a, workspace, &mut singular_values, &mut u, &mut vt)?;
        require_finite_result("gesdd", &singular_values)?;
        require_finite_result("gesdd", &u)?;
        require_finite_result("gesdd", &vt)?;
        let (mut u, mut vt) = (from_columns(u, rows, left), from_columns(vt, right, cols));
        if problem.transposed {
            // Aᵀ = U Σ Vᵀ is A = V Σ Uᵀ: the factors change places.
            (u, vt) = (vt.reversed_axes(), u.reversed_axes());
        }
        Ok(Svd { u, singular_values: singular_values.into(), vt, driver })
    }

    /// `A = Q R = (Q W) Σ Vᵀ`, by the decomposition of R.
    fn compute_tall<T: Scalar>(
        self,
        problem: &Problem,
        a: &ArrayRef2<T>,
        workspace: &mut SvdWorkspace<T>,
    ) -> Result<Svd<T>, Error> {
        let (qr, scale) = problem.triangle(a, Keep::Factors)?;
        let Svd { u: w, singular_values, mut vt, driver } = self.compute_with(qr.r(), workspace)?;
        let singular_values = unscaled(singular_values, scale)?;
        let mut u = qr.into_product(w)?;
        if problem.transposed {
            (u, vt) = (vt.reversed_axes(), u.reversed_axes());
        }
        Ok(Svd { u, singular_values, vt, driver: driver.of_triangle() })
    }

    /// The singular values of `a` (m x n) alone.
    ///
    /// # Errors
    /// As [`Svd::thin`].
    pub fn values<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<SingularValues<T>, Error> {
        self.values_with(a, &mut SvdWorkspace::new())
    }

    /// The singular values of `a` (m x n) alone, in a workspace that is kept for the next call.
    ///
    /// # Errors
    /// As [`Svd::thin`].
    pub fn values_with<T: Scalar>(
        self,
        a: &ArrayRef2<T>,
        workspace: &mut SvdWorkspace<T>,
    ) -> Result<SingularValues<T>, Error> {
        let problem = Problem::new(a, None)?;
        if tall_qr::pays(problem.rows, problem.cols) {
            let (qr, scale) = problem.triangle(a, Keep::Triangle)?;
            let SingularValues { values, driver } = self.values_with(qr.r(), workspace)?;
            let values = unscaled(values, scale)?;
            return Ok(SingularValues { values, driver: driver.of_triangle() });
        }
        self.check.require("a", a)?;
        let mut values = zeroed(problem.rank())?;
        let driver = problem.solve(a, workspace, &mut values, &mut [], &mut [])?;
        require_finite_result("gesdd", &values)?;
        Ok(SingularValues { values: values.into(), driver })
    }
}

/// Memory for [`SvdParams::compute_with`]: starts empty, grows to the largest problem it has seen.
///
/// It holds the copy of the matrix that LAPACK overwrites and LAPACK's own workspace. Anew by each call are
/// allocated the results and, for a tall matrix, blocks of it.
#[derive(Clone, Debug, Default)]
pub struct SvdWorkspace<T: Scalar> {
    matrix: Vec<T>,
    work: Vec<T>,
    integers: Vec<Int>,
}

impl<T: Scalar> SvdWorkspace<T> {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }
}

/// What LAPACK is asked: a matrix with at least as many rows as columns, and a job letter.
struct Problem {
    /// Extents of the matrix that LAPACK sees.
    rows: usize,
    cols: usize,
    /// Whether that is the transpose of the caller's.
    transposed: bool,
    job: u8,
    work_length: usize,
    integer_length: usize,
}

impl Problem {
    /// Every size is checked here, before anything is read or allocated.
    fn new<T: Scalar>(a: &ArrayRef2<T>, vectors: Option<Vectors>) -> Result<Self, Error> {
        let (m, n) = a.dim();
        let transposed = m < n || (m == n && memory_order(a) == MemoryOrder::Rows);
        let (rows, cols) = if transposed { (n, m) } else { (m, n) };
        let (rows_int, cols_int) =
            (to_int("the number of rows", rows)?, to_int("the number of columns", cols)?);
        let (long, short) = (rows as u128, cols as u128);
        // Minima from the documentation of gesdd, with m >= n; gesvd needs less than each.
        let (job, minimum) = match vectors {
            None => (b'N', 3 * short + long.max(7 * short)),
            Some(Vectors::Thin) => (b'S', 4 * short * short + 7 * short),
            Some(Vectors::Full) => (b'A', 4 * short * short + 6 * short + long),
        };
        let minimum = minimum.max(3 * short + long).max(5 * short);
        let what = "the workspace of gesdd";
        let work_length = workspace_length(what, minimum, || T::gesdd_optimum(job, rows_int, cols_int))?;
        Ok(Self {
            rows,
            cols,
            transposed,
            job,
            work_length,
            integer_length: checked_length(what, 8 * short)?,
        })
    }

    fn rank(&self) -> usize {
        self.rows.min(self.cols)
    }

    /// How many columns of `U` and rows of `Vᵀ` are computed.
    fn sides(&self) -> (usize, usize) {
        match self.job {
            b'N' => (0, 0),
            b'S' => (self.rank(), self.rank()),
            _ => (self.rows, self.cols),
        }
    }

    /// The QR factorization of a power of two times the matrix that LAPACK would see, and that power.
    ///
    /// The scan for the largest entry sees NaN and infinities, too, whether asked to or not.
    fn triangle<T: Scalar>(&self, a: &ArrayRef2<T>, keep: Keep) -> Result<(TallQr<T>, T), Error> {
        if self.transposed { TallQr::checked(&a.t(), keep) } else { TallQr::checked(a, keep) }
    }

    /// Writes the factors of the matrix that LAPACK sees, column-major.
    fn solve<T: Scalar>(
        &self,
        a: &ArrayRef2<T>,
        workspace: &mut SvdWorkspace<T>,
        singular_values: &mut [T],
        u: &mut [T],
        vt: &mut [T],
    ) -> Result<SvdDriver, Error> {
        if self.rank() == 0 {
            let (left, right) = self.sides();
            identity(u, self.rows, left);
            identity(vt, right, self.cols);
            return Ok(SvdDriver::Empty);
        }
        for driver in [SvdDriver::Gesdd, SvdDriver::Gesvd] {
            match self.run(driver, a, workspace, singular_values, u, vt)? {
                0 => return Ok(driver),
                1.. if driver == SvdDriver::Gesdd => {}
                unconverged @ 1.. => {
                    return Err(Error::NoConvergence { routine: "gesvd", unconverged: unconverged as usize });
                }
                info => return Err(Error::Internal { routine: "gesdd", info }),
            }
        }
        Err(Error::NoConvergence { routine: "gesvd", unconverged: self.rank() })
    }

    /// One driver on a fresh copy of the matrix, which it overwrites; its `info`.
    fn run<T: Scalar>(
        &self,
        driver: SvdDriver,
        a: &ArrayRef2<T>,
        workspace: &mut SvdWorkspace<T>,
        singular_values: &mut [T],
        u: &mut [T],
        vt: &mut [T],
    ) -> Result<Int, Error> {
        let area = checked_area::<T>(self.rows, self.cols)?;
        let matrix = ensure_length(&mut workspace.matrix, area)?;
        let work = ensure_length(&mut workspace.work, self.work_length)?;
        if workspace.integers.len() < self.integer_length {
            workspace.integers.resize(self.integer_length, 0);
        }
        if self.transposed {
            copy_columns(&a.t(), matrix);
        } else {
            copy_columns(a, matrix);
        }
        let (left, right) = self.sides();
        let matrix = Columns::new(matrix, self.rows, self.cols)?;
        let (u, vt) = (Columns::new(u, self.rows, left)?, Columns::new(vt, right, self.cols)?);
        Ok(match driver {
            SvdDriver::Gesvd => T::gesvd(self.job, matrix, singular_values, u, vt, work),
            _ => T::gesdd(self.job, matrix, singular_values, u, vt, work, &mut workspace.integers),
        })
    }
}

/// The singular values of a matrix, given those of `scale` times it.
fn unscaled<T: Scalar>(mut values: Array1<T>, scale: T) -> Result<Array1<T>, Error> {
    if scale != T::one() {
        values.mapv_inplace(|value| value / scale);
        require_finite_result("gesdd", values.as_slice().expect("a new vector is contiguous"))?;
    }
    Ok(values)
}

/// Ones on the diagonal of a column-major matrix of zeros.
fn identity<T: Scalar>(columns: &mut [T], rows: usize, cols: usize) {
    (0..rows.min(cols)).for_each(|i| columns[i * rows + i] = T::one());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No small matrix is known on which `gesdd` gives up, so the fallback is run by itself: it must find
    /// the same singular values, to a few roundings of the largest, from the same workspace.
    #[test]
    fn the_fallback_driver_agrees() {
        for (rows, cols) in [(7, 7), (9, 4), (40, 25), (4, 9)] {
            let a = Array2::from_shape_fn((rows, cols), |(i, j)| ((i * 17 + j * 29) % 23) as f64 - 11.0);
            for vectors in [None, Some(Vectors::Thin), Some(Vectors::Full)] {
                let problem = Problem::new(&a, vectors).unwrap();
                let (left, right) = problem.sides();
                let (mut u, mut vt) = (vec![0.0; problem.rows * left], vec![0.0; right * problem.cols]);
                let mut values = vec![0.0; problem.rank()];
                let mut workspace = SvdWorkspace::new();
                let info = problem.run(SvdDriver::Gesvd, &a, &mut workspace, &mut values, &mut u, &mut vt);
                assert_eq!(info, Ok(0));
                let expected = Svd::values(&a).unwrap().values;
                let bound = 4.0 * rows.max(cols) as f64 * f64::EPSILON * expected[0];
                assert!(values.iter().zip(&expected).all(|(x, y)| (x - y).abs() <= bound));
                if vectors == Some(Vectors::Thin) {
                    let (u, vt) =
                        (from_columns(u, problem.rows, left), from_columns(vt, right, problem.cols));
                    let product = (&u * &Array1::from(values)).dot(&vt);
                    let product = if problem.transposed { product.reversed_axes() } else { product };
                    assert!((product - &a).iter().all(|defect| defect.abs() <= 50.0 * bound));
                }
            }
        }
    }
}
