//! QR factorization `A = Q R`.
//!
//! | step        | f32      | f64      | cost, m ≥ n           |
//! |-------------|----------|----------|-----------------------|
//! | factor      | `sgeqrf` | `dgeqrf` | 2mn² − 2n³/3          |
//! | form Q      | `sorgqr` | `dorgqr` | as much again, thin   |
//! | apply Q, Qᵀ | `sormqr` | `dormqr` | 4mn − 2n² per column  |
//!
//! The factorization for full-rank least squares and for orthonormal bases. Q is kept as the
//! reflectors that LAPACK leaves, and formed only when asked for. When the columns may be dependent,
//! use [`PivotedQr`](crate::PivotedQr).

use ndarray::{Array, Array2, ArrayRef, ArrayRef2, ArrayView2, ShapeBuilder, s};

use crate::certificate::{Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::{ensure_length, zeroed};
use crate::finite::{FiniteCheck, require_finite, require_finite_result};
use crate::layout::{checked_area, column_major, copy_columns, from_columns, zeros};
use crate::products::{Diagonal, Side, same, trsm};
use crate::right_hand_side::RightHandSide;
use crate::scalar::Scalar;
use crate::size::workspace_length;
use crate::tall_qr::{self, Keep, TallQr};
use crate::triangle::Triangle;

/// LAPACK's threshold for the ratios of orthogonal factorizations.
pub(crate) const THRESHOLD: f64 = 30.0;

/// The QR factorization of a matrix of m rows and n columns, of any shape; k = min(m, n).
///
/// ```
/// use lapwing_lapack::Qr;
/// use ndarray::array;
/// // The line through (0, 1), (1, 3), (2, 5).
/// let a = array![[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]];
/// let x = Qr::new(&a)?.solve(&array![1.0, 3.0, 5.0])?;
/// assert!((x[0] - 1.0f64).abs() < 1e-14 && (x[1] - 2.0).abs() < 1e-14);
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "geqrf")]
#[derive(Clone, Debug)]
pub struct Qr<T: Scalar> {
    reflectors: Reflectors<T>,
}

impl<T: Scalar> Qr<T> {
    /// Factors `a` (m x n).
    ///
    /// # Errors
    /// [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        QrParams::default().compute(a)
    }

    /// Factors `a` (m x n) in its own memory when it is column-major and packed, in a copy otherwise.
    ///
    /// # Errors
    /// As [`Qr::new`]; `a` is consumed either way.
    pub fn from_owned(a: Array2<T>) -> Result<Self, Error> {
        QrParams::default().compute_owned(a)
    }

    /// The thin Q of `a` (m x n) alone, m x k: an orthonormal basis that contains the columns of `a`, whether or not
    /// they are independent. Of a tall matrix several times faster than [`new`](Self::new) and [`q`](Self::q), by
    /// blocks of rows on all cores, and row-major; its columns may differ from theirs in sign.
    ///
    /// ```
    /// use lapwing_lapack::{Qr, matmul};
    /// use ndarray::Array2;
    /// let a = Array2::from_shape_fn((5000, 3), |(i, j)| (i as f64).powi(j as i32));
    /// let q = Qr::thin_q(&a)?;
    /// let defect = matmul(&q.t(), &q)? - Array2::<f64>::eye(3);
    /// assert!(defect.iter().all(|x| x.abs() < 5000.0 * f64::EPSILON));
    /// # Ok::<(), lapwing_lapack::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Qr::new`].
    pub fn thin_q(a: &ArrayRef2<T>) -> Result<Array2<T>, Error> {
        check_extents(a)?;
        if !tall_qr::pays(a.nrows(), a.ncols()) {
            return Ok(Self::new(a)?.into_thin()?.0);
        }
        let mut identity = zeros(a.ncols(), a.ncols())?;
        identity.diag_mut().fill(T::one());
        TallQr::checked(a, Keep::Factors)?.0.into_product(identity)
    }

    /// R, k x n, upper triangular (trapezoidal when m < n), zeros below the diagonal.
    pub fn r(&self) -> Array2<T> {
        self.reflectors.r()
    }

    /// The thin Q, m x k, with orthonormal columns. NumPy's `mode="reduced"`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn q(&self) -> Result<Array2<T>, Error> {
        self.reflectors.q(self.reflectors.tau.len())
    }

    /// The full orthogonal Q, m x m. NumPy's `mode="complete"`.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::TooLarge`].
    pub fn q_full(&self) -> Result<Array2<T>, Error> {
        self.reflectors.q(self.reflectors.factor.nrows())
    }

    /// The thin `(Q, R)`, with Q formed in the memory of the factorization.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`].
    pub fn into_thin(self) -> Result<(Array2<T>, Array2<T>), Error> {
        let r = self.reflectors.r();
        Ok((self.reflectors.into_q()?, r))
    }

    /// `Q b` for the full Q, without forming it: `b` has m rows, or m entries.
    ///
    /// # Errors
    /// [`Error::Shape`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`].
    pub fn apply_q<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        Ok(D::from_columns(self.reflectors.apply(b'N', &D::as_columns(b))?))
    }

    /// `Qᵀ b` for the full Q, without forming it: `b` has m rows, or m entries.
    ///
    /// # Errors
    /// As [`Qr::apply_q`].
    pub fn apply_q_transposed<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        Ok(D::from_columns(self.reflectors.apply(b'T', &D::as_columns(b))?))
    }

    /// The least squares solution `x` (n entries, or n rows) of `min ‖a x − b‖₂`, for m ≥ n and full rank.
    ///
    /// # Errors
    /// [`Error::Singular`] at an exactly zero diagonal entry of R (columns that are dependent up to
    /// rounding pass: [`PivotedQr`](crate::PivotedQr) decides the rank); [`Error::Shape`] when m < n or `b`
    /// has not m rows; [`Error::NonFinite`]; [`Error::Overflow`].
    pub fn solve<D: RightHandSide>(&self, b: &ArrayRef<T, D>) -> Result<Array<T, D>, Error> {
        let (m, n) = self.reflectors.factor.dim();
        if m < n {
            let reason = "the system is underdetermined; use PivotedQr";
            return Err(Error::Shape { argument: "a", extent: "rows", found: m, expected: n, reason });
        }
        Ok(D::from_columns(self.reflectors.solve_leading(n, &D::as_columns(b))?))
    }

    /// How far this is from an exact factorization of `a`, and Q from orthonormal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the shape that was factored.
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        self.reflectors.certificate("‖R − Qᵀ A‖ / (m ‖A‖ ε)", a)
    }
}

impl Qr<f64> {
    /// The choices, to change before computing; the scalar is that of the matrix given to them.
    pub fn params() -> QrParams {
        QrParams::default()
    }
}

/// The choices of a QR factorization. Made by [`Qr::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct QrParams {
    check: FiniteCheck,
}

impl QrParams {
    /// Skips the scan for NaN and infinities. The result may then be garbage if there is one.
    pub fn assume_finite(mut self) -> Self {
        self.check = FiniteCheck::Assume;
        self
    }

    /// Factors `a` (m x n).
    ///
    /// # Errors
    /// As [`Qr::new`].
    pub fn compute<T: Scalar>(self, a: &ArrayRef2<T>) -> Result<Qr<T>, Error> {
        self.compute_with(a, &mut QrWorkspace::new())
    }

    /// Factors `a` (m x n) in a workspace that is kept for the next call.
    ///
    /// # Errors
    /// As [`Qr::new`].
    pub fn compute_with<T: Scalar>(
        self,
        a: &ArrayRef2<T>,
        workspace: &mut QrWorkspace<T>,
    ) -> Result<Qr<T>, Error> {
        check_extents(a)?;
        self.check.require("a", a)?;
        self.factor(column_major(a)?, workspace)
    }

    /// Factors `a` (m x n) in its own memory when it is column-major and packed, in a copy otherwise.
    ///
    /// # Errors
    /// As [`Qr::new`].
    pub fn compute_owned<T: Scalar>(self, a: Array2<T>) -> Result<Qr<T>, Error> {
        check_extents(&a)?;
        self.check.require("a", &a)?;
        let a = if a.t().is_standard_layout() { a } else { column_major(&a)? };
        self.factor(a, &mut QrWorkspace::new())
    }

    fn factor<T: Scalar>(self, a: Array2<T>, workspace: &mut QrWorkspace<T>) -> Result<Qr<T>, Error> {
        let (m, n) = a.dim();
        let mut tau = zeroed(m.min(n))?;
        if tau.is_empty() {
            return Ok(Qr { reflectors: Reflectors { factor: a, tau } });
        }
        let mut factor = into_columns(a);
        let length =
            workspace_length("the workspace of geqrf", n as u128, || T::geqrf_optimum(m as Int, n as Int))?;
        let work = ensure_length(&mut workspace.work, length)?;
        expect_success("geqrf", T::geqrf(Columns::new(&mut factor, m, n)?, &mut tau, work))?;
        require_finite_result("geqrf", &factor)?;
        Ok(Qr { reflectors: Reflectors { factor: from_columns(factor, m, n), tau } })
    }
}

/// Memory for [`QrParams::compute_with`]: starts empty, grows to the largest problem it has seen.
#[derive(Clone, Debug, Default)]
pub struct QrWorkspace<T: Scalar> {
    work: Vec<T>,
}

impl<T: Scalar> QrWorkspace<T> {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }
}

/// What `geqrf` and `geqp3` leave: R in the upper triangle, the reflectors of Q below it.
#[derive(Clone, Debug)]
pub(crate) struct Reflectors<T: Scalar> {
    /// Column-major and packed, m x n.
    pub(crate) factor: Array2<T>,
    pub(crate) tau: Vec<T>,
}

impl<T: Scalar> Reflectors<T> {
    /// Column-major, like the factor: its columns are copied as they lie.
    pub(crate) fn r(&self) -> Array2<T> {
        let (k, n) = (self.tau.len(), self.factor.ncols());
        let mut r = Array2::zeros((k, n).f());
        for (j, (mut column, factor)) in r.columns_mut().into_iter().zip(self.factor.columns()).enumerate() {
            let rows = ..k.min(j + 1);
            column.slice_mut(s![rows]).assign(&factor.slice(s![rows]));
        }
        r
    }

    /// The first `columns` columns of Q.
    pub(crate) fn q(&self, columns: usize) -> Result<Array2<T>, Error> {
        let m = self.factor.nrows();
        to_int("the number of columns of Q", columns)?;
        let mut q = zeroed(checked_area::<T>(m, columns)?)?;
        if self.tau.is_empty() {
            (0..m.min(columns)).for_each(|i| q[i * m + i] = T::one());
            return Ok(from_columns(q, m, columns));
        }
        copy_columns(&self.factor.slice(s![.., ..self.tau.len()]), &mut q);
        form_q(&mut q, m, columns, &self.tau)?;
        Ok(from_columns(q, m, columns))
    }

    fn into_q(self) -> Result<Array2<T>, Error> {
        let (m, k) = (self.factor.nrows(), self.tau.len());
        if k == 0 {
            return Ok(Array2::zeros((m, 0)));
        }
        let mut q = into_columns(self.factor);
        q.truncate(m * k);
        form_q(&mut q, m, k, &self.tau)?;
        Ok(from_columns(q, m, k))
    }

    pub(crate) fn apply(&self, transpose: u8, b: &ArrayView2<T>) -> Result<Array2<T>, Error> {
        let (m, columns) = (self.factor.nrows(), b.ncols());
        same("b", "rows", b.nrows(), m, "as many as the factored matrix has")?;
        to_int("the number of right-hand sides", columns)?;
        require_finite("b", b)?;
        let product = column_major(b)?;
        if self.tau.is_empty() || columns == 0 {
            return Ok(product);
        }
        let mut product = into_columns(product);
        let k = self.tau.len();
        let optimum = || T::ormqr_optimum(transpose, m as Int, columns as Int, k as Int);
        let mut work = zeroed(workspace_length("the workspace of ormqr", columns as u128, optimum)?)?;
        let factor = self.factor.as_slice_memory_order().expect("the factor is packed");
        let info = T::ormqr(transpose, factor, &self.tau, Columns::new(&mut product, m, columns)?, &mut work);
        expect_success("ormqr", info)?;
        require_finite_result("ormqr", &product)?;
        Ok(from_columns(product, m, columns))
    }

    /// Least squares with the leading `rank` columns of the factored matrix; `rank <= m`.
    pub(crate) fn solve_leading(&self, rank: usize, b: &ArrayView2<T>) -> Result<Array2<T>, Error> {
        let diagonal = self.factor.diag();
        if let Some(pivot) = diagonal.iter().take(rank).position(|&entry| entry == T::zero()) {
            return Err(Error::Singular { pivot });
        }
        let mut x = self.apply(b'T', b)?.slice(s![..rank, ..]).to_owned();
        let triangle = self.factor.slice(s![..rank, ..rank]);
        trsm(Side::Left, Triangle::Upper, Diagonal::General, T::one(), &triangle, &mut x)?;
        if x.iter().all(|x| x.is_finite()) {
            Ok(x)
        } else {
            Err(Error::Overflow { routine: "trsm", scalar: T::NAME })
        }
    }

    /// `what` names the ratio of `a`, whose columns are already in the order of the factorization.
    pub(crate) fn certificate(&self, what: &'static str, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let (m, n) = self.factor.dim();
        same("a", "rows", a.nrows(), m, "those of the matrix that was factored")?;
        same("a", "columns", a.ncols(), n, "those of the matrix that was factored")?;
        let scale = balancing_scale(a);
        let scaled = a.mapv(|x| x * scale);
        let mut defect = self.apply(b'T', &scaled.view())?;
        for (mut row, r) in defect.outer_iter_mut().zip(self.r().outer_iter()) {
            row.zip_mut_with(&r, |entry, &r| *entry = r * scale - *entry);
        }
        Ok(Certificate::new(vec![
            Ratio::new(what, backward_error(&defect, one_norm(&scaled), m), THRESHOLD),
            Ratio::new("‖I − Qᵀ Q‖ / (m ε)", orthogonality(&self.q(self.tau.len())?, m)?, THRESHOLD),
        ]))
    }
}

fn form_q<T: Scalar>(q: &mut [T], rows: usize, columns: usize, tau: &[T]) -> Result<(), Error> {
    let optimum = || T::orgqr_optimum(rows as Int, columns as Int, tau.len() as Int);
    let mut work = zeroed(workspace_length("the workspace of orgqr", columns as u128, optimum)?)?;
    expect_success("orgqr", T::orgqr(Columns::new(q, rows, columns)?, tau, &mut work))
}

pub(crate) fn check_extents<T>(a: &ArrayRef2<T>) -> Result<(), Error> {
    to_int("the number of rows", a.nrows())?;
    to_int("the number of columns", a.ncols())?;
    Ok(())
}

/// The entries of a packed column-major matrix, one column after the other. What a slice of a larger matrix
/// left around them in its buffer is dropped.
pub(crate) fn into_columns<T>(a: Array2<T>) -> Vec<T> {
    let area = a.len();
    let (mut data, offset) = a.into_raw_vec_and_offset();
    data.drain(..offset.unwrap_or(0));
    data.truncate(area);
    data
}

/// Routines that fail only on a wrong argument.
pub(crate) fn expect_success(routine: &'static str, info: Int) -> Result<(), Error> {
    if info == 0 { Ok(()) } else { Err(Error::Internal { routine, info }) }
}
