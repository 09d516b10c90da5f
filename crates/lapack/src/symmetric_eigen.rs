//! Eigendecomposition of a symmetric matrix, `A = Z Λ Zᵀ`.
//!
//! | step                    | f32      | f64      | cost                             |
//! |-------------------------|----------|----------|----------------------------------|
//! | all, divide and conquer | `ssyevd` | `dsyevd` | ≈ 4n³ to 9n³, values alone 4n³/3 |
//! | a few, with vectors     | `ssyevr` | `dsyevr` | 4n³/3 + O(n²k), clustered O(nk²) more |
//!
//! The decomposition of covariance matrices, Gram matrices and graph Laplacians. `syevr` returns wrong
//! or too few eigenpairs in rare cases, sometimes with `info = 0`; a subset is therefore checked
//! against the matrix, and computed again from the full spectrum by `syevd` when it fails. An interval
//! is turned into positions by computing the eigenvalues first, so that none can be missed. The check proves that
//! what is returned are eigenpairs, not that they stand at the positions asked for.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2, s};

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::{ensure_length, zeroed};
use crate::finite::{FiniteCheck, require_finite_result, require_finite_triangle};
use crate::layout::{checked_area, copy_triangle, from_columns, symmetric};
use crate::products::{same, square};
use crate::scalar::Scalar;
use crate::size::{checked_length, workspace_length};
use crate::triangle::Triangle;

/// LAPACK's threshold for the ratios of symmetric eigenproblems.
const THRESHOLD: f64 = 60.0;

/// Eigenvalues, and eigenvectors in columns.
type Pairs<T> = (Array1<T>, Array2<T>);

/// Which eigenvalues to compute. They are always returned in ascending order.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Spectrum {
    /// All n.
    #[default]
    All,
    /// Those at these positions of the ascending order, counted from 0: `0..1` is the smallest, `n-k..n`
    /// the k largest.
    Index(Range<usize>),
    /// Those in the half-open interval `(lower, upper]`, as SciPy's `subset_by_value`.
    Interval {
        /// The excluded lower end; may be -∞.
        lower: f64,
        /// The included upper end; may be +∞.
        upper: f64,
    },
}

/// Which LAPACK routine produced an eigendecomposition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EigenDriver {
    /// Divide and conquer on the whole spectrum.
    Syevd,
    /// Bisection and inverse iteration on a part of it, checked.
    Syevr,
    /// None: the matrix or the selection is empty.
    Empty,
}

/// Eigenvalues and eigenvectors of a symmetric matrix.
///
/// ```
/// use lapwing_lapack::SymmetricEigen;
/// use ndarray::array;
/// let eigen = SymmetricEigen::new(&array![[2.0, 0.0], [0.0, -1.0]])?;
/// assert_eq!(eigen.values(), array![-1.0, 2.0]);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "eigh")]
#[doc(alias = "syevd")]
#[derive(Clone, Debug)]
pub struct SymmetricEigen<T: Scalar> {
    values: Array1<T>,
    vectors: Array2<T>,
    triangle: Triangle,
    driver: EigenDriver,
}

/// Eigenvalues alone, with the routine that computed them.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Eigenvalues<T: Scalar> {
    /// The eigenvalues, ascending.
    pub values: Array1<T>,
    /// The routine that ran.
    pub driver: EigenDriver,
}

impl<T: Scalar> SymmetricEigen<T> {
    /// All eigenpairs of `a` (n x n), reading its lower triangle only.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`] (with vectors, past n = 32766),
    /// [`Error::OutOfMemory`], [`Error::NoConvergence`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        SymmetricEigenParams::default().compute(a)
    }

    /// All eigenvalues of `a` (n x n), reading its lower triangle only.
    ///
    /// # Errors
    /// As [`SymmetricEigen::new`].
    pub fn eigenvalues(a: &ArrayRef2<T>) -> Result<Eigenvalues<T>, Error> {
        SymmetricEigenParams::default().values(a)
    }

    /// The eigenvalues, ascending.
    pub fn values(&self) -> ArrayView1<'_, T> {
        self.values.view()
    }

    /// The eigenvectors in columns, n x k, orthonormal; column i belongs to value i. Their signs are
    /// LAPACK's.
    pub fn vectors(&self) -> ArrayView2<'_, T> {
        self.vectors.view()
    }

    /// The LAPACK routine that ran.
    pub fn driver(&self) -> EigenDriver {
        self.driver
    }

    /// `(values, vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<T>, Array2<T>) {
        (self.values, self.vectors)
    }

    /// How far these are from exact eigenpairs of `a`, of which the triangle that was decomposed is
    /// read, and the vectors from orthonormal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was decomposed, [`Error::NotSquare`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.vectors.nrows(), "the order of the matrix that was decomposed")?;
        let full = symmetric(a, self.triangle)?;
        let scale = balancing_scale(&full);
        let norm = one_norm(&full.mapv(|x| x * scale));
        let scaled_vectors = &self.vectors * &self.values.mapv(|w| w * scale);
        let (what, error) = if self.values.len() == n {
            let defect = residual(scale, &full, &scaled_vectors, &self.vectors.t())?;
            ("‖A − Z Λ Zᵀ‖ / (‖A‖ n ε)", backward_error(&defect, norm, n))
        } else {
            let defect = residual(T::one(), &scaled_vectors, &full.mapv(|x| x * scale), &self.vectors)?;
            ("‖A Z − Z Λ‖ / (‖A‖ n ε)", backward_error(&defect, norm, n))
        };
        Ok(Certificate::new(vec![
            Ratio::new(what, error, THRESHOLD),
            Ratio::new("‖I − Zᵀ Z‖ / (n ε)", orthogonality(&self.vectors, n)?, THRESHOLD),
        ]))
    }
}

impl SymmetricEigen<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> SymmetricEigenParams {
        SymmetricEigenParams::default()
    }
}

/// The choices of a symmetric eigendecomposition. Made by [`SymmetricEigen::params`].
#[derive(Clone, Debug, Default)]
pub struct SymmetricEigenParams {
    triangle: Triangle,
    spectrum: Spectrum,
    check: FiniteCheck,
}

impl SymmetricEigenParams {
    /// Which triangle of the matrix to read. Default: [`Triangle::Lower`].
    pub fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Which eigenvalues to compute. Default: [`Spectrum::All`].
    pub fn spectrum(mut self, spectrum: Spectrum) -> Self {
        self.spectrum = spectrum;
        self
    }

    /// Skips the scan for NaN and infinities. LAPACK may then return garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Decomposes `a` (n x n).
    ///
    /// # Errors
    /// As [`SymmetricEigen::new`]; [`Error::InvalidParameter`] for a spectrum outside the matrix's.
    pub fn compute<T: Scalar>(&self, a: &ArrayRef2<T>) -> Result<SymmetricEigen<T>, Error> {
        self.compute_with(a, &mut SymmetricEigenWorkspace::new())
    }

    /// Decomposes `a` (n x n) in a workspace that is kept for the next call.
    ///
    /// # Errors
    /// As [`SymmetricEigenParams::compute`].
    pub fn compute_with<T: Scalar>(
        &self,
        a: &ArrayRef2<T>,
        workspace: &mut SymmetricEigenWorkspace<T>,
    ) -> Result<SymmetricEigen<T>, Error> {
        let (values, vectors, driver) = self.solve(Job::Vectors, a, workspace)?;
        Ok(SymmetricEigen { values, vectors, triangle: self.triangle, driver })
    }

    /// The eigenvalues of `a` (n x n) alone.
    ///
    /// # Errors
    /// As [`SymmetricEigenParams::compute`].
    pub fn values<T: Scalar>(&self, a: &ArrayRef2<T>) -> Result<Eigenvalues<T>, Error> {
        self.values_with(a, &mut SymmetricEigenWorkspace::new())
    }

    /// The eigenvalues of `a` (n x n) alone, in a workspace that is kept for the next call.
    ///
    /// # Errors
    /// As [`SymmetricEigenParams::compute`].
    pub fn values_with<T: Scalar>(
        &self,
        a: &ArrayRef2<T>,
        workspace: &mut SymmetricEigenWorkspace<T>,
    ) -> Result<Eigenvalues<T>, Error> {
        let (values, _, driver) = self.solve(Job::Values, a, workspace)?;
        Ok(Eigenvalues { values, driver })
    }

    fn solve<T: Scalar>(
        &self,
        job: Job,
        a: &ArrayRef2<T>,
        workspace: &mut SymmetricEigenWorkspace<T>,
    ) -> Result<(Array1<T>, Array2<T>, EigenDriver), Error> {
        let n = square("a", a)?;
        to_int("the order of the matrix", n)?;
        self.check_spectrum(n)?;
        let positions = match &self.spectrum {
            Spectrum::All => 0..n,
            Spectrum::Index(range) => range.clone(),
            Spectrum::Interval { lower, upper } => {
                let (values, _) = self.all(Job::Values, a, workspace)?;
                let up_to = |bound: f64| values.iter().filter(|value| value.as_f64() <= bound).count();
                let positions = up_to(*lower)..up_to(*upper);
                if job == Job::Values {
                    return Ok((values.slice_move(s![positions]), Array2::zeros((n, 0)), EigenDriver::Syevd));
                }
                positions
            }
        };
        if positions.is_empty() {
            return Ok((Array1::zeros(0), Array2::zeros((n, 0)), EigenDriver::Empty));
        }
        // The reduction to tridiagonal form dominates, so that values alone gain nothing from a subset;
        // past a quarter of the vectors, all of them by divide and conquer cost less than the part.
        if job == Job::Vectors
            && n >= 32
            && positions.len() <= n / 4
            && let Some((values, vectors)) = self.part(positions.clone(), a, workspace)?
        {
            return Ok((values, vectors, EigenDriver::Syevr));
        }
        let (mut values, mut vectors) = self.all(job, a, workspace)?;
        if positions.len() < n {
            values = values.slice(s![positions.clone()]).to_owned();
            if job == Job::Vectors {
                vectors = vectors.slice(s![.., positions]).to_owned();
            }
        }
        Ok((values, vectors, EigenDriver::Syevd))
    }

    fn check_spectrum(&self, n: usize) -> Result<(), Error> {
        let invalid = |value: String, requirement: String| {
            Err(Error::InvalidParameter { parameter: "spectrum", value, requirement })
        };
        match &self.spectrum {
            Spectrum::Index(range) if range.start > range.end || range.end > n => {
                invalid(format!("{range:?}"), format!("a range of positions within 0..{n}"))
            }
            Spectrum::Interval { lower, upper } if lower.is_nan() || upper.is_nan() || lower >= upper => {
                invalid(format!("({lower}, {upper}]"), "an interval with lower < upper".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// The whole spectrum through `syevd`.
    fn all<T: Scalar>(
        &self,
        job: Job,
        a: &ArrayRef2<T>,
        workspace: &mut SymmetricEigenWorkspace<T>,
    ) -> Result<Pairs<T>, Error> {
        let n = a.nrows();
        let order = n as u128;
        let (minimum, integers) = match job {
            Job::Values => (2 * order + 1, 1),
            Job::Vectors => (1 + 6 * order + 2 * order * order, 3 + 5 * order),
        };
        let what = "the workspace of syevd";
        let optimum = || T::syevd_optimum(job.letter(), self.triangle.letter(), n as Int);
        let work_length = workspace_length(what, minimum, optimum)?;
        let integer_length = checked_length(what, integers)?;
        require_finite_triangle(self.check, "a", a, self.triangle)?;

        let mut values = zeroed(n)?;
        let mut matrix = zeroed(checked_area::<T>(n, n)?)?;
        let (_, uplo) = copy_triangle(a, self.triangle, &mut matrix);
        let work = ensure_length(&mut workspace.work, work_length)?;
        let integers = grown(&mut workspace.integers, integer_length);
        let info =
            T::syevd(job.letter(), uplo, Columns::new(&mut matrix, n, n)?, &mut values, work, integers);
        match info {
            0 => {}
            1.. => return Err(Error::NoConvergence { routine: "syevd", unconverged: info as usize }),
            _ => return Err(Error::Internal { routine: "syevd", info }),
        }
        require_finite_result("syevd", &values)?;
        if job == Job::Vectors {
            require_finite_result("syevd", &matrix)?;
        }
        Ok((values.into(), from_columns(matrix, n, n)))
    }

    /// A few eigenpairs through `syevr`, or `None` when the result does not stand up.
    fn part<T: Scalar>(
        &self,
        positions: Range<usize>,
        a: &ArrayRef2<T>,
        workspace: &mut SymmetricEigenWorkspace<T>,
    ) -> Result<Option<Pairs<T>>, Error> {
        let (n, k) = (a.nrows(), positions.len());
        let (what, order) = ("the workspace of syevr", n as u128);
        let work_length = workspace_length(what, 26 * order, || T::syevr_optimum(n as Int))?;
        let (support_length, integer_length) = (2 * k, checked_length(what, 10 * order)?);
        require_finite_triangle(self.check, "a", a, self.triangle)?;

        let mut values = zeroed(n)?;
        let mut vectors = zeroed(checked_area::<T>(n, k)?)?;
        let matrix = ensure_length(&mut workspace.matrix, checked_area::<T>(n, n)?)?;
        let (_, uplo) = copy_triangle(a, self.triangle, matrix);
        let work = ensure_length(&mut workspace.work, work_length)?;
        let integers = grown(&mut workspace.integers, support_length + integer_length);
        let (support, integers) = integers.split_at_mut(support_length);
        let (info, found) = T::syevr(
            positions.start as Int + 1..=positions.end as Int,
            uplo,
            Columns::new(matrix, n, n)?,
            &mut values,
            Columns::new(&mut vectors, n, k)?,
            support,
            work,
            integers,
        );
        if info < 0 {
            return Err(Error::Internal { routine: "syevr", info });
        }
        if info > 0 || found as usize != k {
            return Ok(None);
        }
        values.truncate(k);
        let sorted_and_finite = values.is_sorted() && require_finite_result("syevr", &values).is_ok();
        let (values, vectors) = (Array1::from(values), from_columns(vectors, n, k));
        let part = SymmetricEigen { values, vectors, triangle: self.triangle, driver: EigenDriver::Syevr };
        // The certificate costs 2n²k, little beside the reduction, since k is a quarter of n at the most.
        Ok((sorted_and_finite && part.certificate(a)?.holds()).then(|| part.into_factors()))
    }
}

/// Memory for [`SymmetricEigenParams::compute_with`]: starts empty, grows to the largest problem it has seen.
#[derive(Clone, Debug, Default)]
pub struct SymmetricEigenWorkspace<T: Scalar> {
    matrix: Vec<T>,
    work: Vec<T>,
    integers: Vec<Int>,
}

impl<T: Scalar> SymmetricEigenWorkspace<T> {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Job {
    Values,
    Vectors,
}

impl Job {
    fn letter(self) -> u8 {
        match self {
            Job::Values => b'N',
            Job::Vectors => b'V',
        }
    }
}

fn grown(integers: &mut Vec<Int>, length: usize) -> &mut [Int] {
    if integers.len() < length {
        integers.resize(length, 0);
    }
    &mut integers[..length]
}
