//! Schur form `A = Q T Qᵀ` of a general matrix: orthogonal Q, T triangular but for 2 x 2 blocks.
//!
//! | step                     | f32      | f64      | cost               |
//! |--------------------------|----------|----------|--------------------|
//! | factor                   | `sgees`  | `dgees`  | ≈ 25n³             |
//! | reorder                  | `strsen` | `dtrsen` | O(n) per swap and row, O(n³) at worst |
//! | condition of a subspace  | `strsen` | `dtrsen` | O(n³)              |
//!
//! The stable way to eigenvalues, invariant subspaces and functions of a matrix: unlike a matrix of eigenvectors,
//! Q always exists and is never ill-conditioned. Riccati and Sylvester equations are solved with it, by moving the
//! eigenvalues of one region to the top. [`Schur`] stays in real arithmetic, with a 2 x 2 block on the diagonal for
//! each pair of conjugate eigenvalues; [`ComplexSchur`](crate::ComplexSchur) is triangular.
//!
//! Eigenvalues are selected after the factorization, from all of them, and not by a callback into LAPACK, which
//! would see them one by one before they are rescaled and could not fail.

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};
use num_complex::Complex;

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::finite::{require_finite, require_finite_result};
use crate::layout::{checked_area, column_major, from_columns};
use crate::products::{matmul, same, square};
use crate::qr::into_columns;
use crate::scalar::Scalar;
use crate::size::{checked_length, workspace_length};

/// LAPACK's threshold for the ratios of general eigenproblems.
pub(crate) const THRESHOLD: f64 = 20.0;

/// A region of the complex plane that splits the eigenvalues of a stability problem in two.
///
/// ```
/// use lapwing_lapack::{Region, Schur};
/// use ndarray::array;
/// let a = array![[3.0, 1.0], [0.0, -2.0]];
/// let stable = Schur::ordered(&a, |z| Region::LeftHalfPlane.contains(z))?;
/// assert_eq!((stable.leading(), stable.eigenvalues()[0].re), (1, -2.0));
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// `Re z < 0`: stable in continuous time.
    LeftHalfPlane,
    /// `Re z > 0`.
    RightHalfPlane,
    /// `|z| < 1`: stable in discrete time.
    InsideUnitCircle,
    /// `|z| > 1`.
    OutsideUnitCircle,
}

impl Region {
    /// Whether the number lies in the region, whose border does not belong to it.
    pub fn contains<T: Scalar>(self, value: Complex<T>) -> bool {
        match self {
            Region::LeftHalfPlane => value.re < T::zero(),
            Region::RightHalfPlane => value.re > T::zero(),
            Region::InsideUnitCircle => value.re.hypot(value.im) < T::one(),
            Region::OutsideUnitCircle => value.re.hypot(value.im) > T::one(),
        }
    }
}

/// The real Schur form of a matrix of order n.
///
/// ```
/// use lapwing_lapack::Schur;
/// use ndarray::array;
/// let a = array![[0.0f64, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, -3.0]];
/// // The invariant subspace of the negative eigenvalue is spanned by the first column of Q.
/// let schur = Schur::ordered(&a, |z| z.re < -1.0)?;
/// assert_eq!(schur.leading(), 1);
/// assert_eq!(schur.q()[[2, 0]].abs(), 1.0);
/// assert!(schur.certificate(&a)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "gees")]
#[derive(Clone, Debug)]
pub struct Schur<T: Scalar> {
    /// Column-major and packed, as is `q`.
    t: Array2<T>,
    q: Array2<T>,
    values: Array1<Complex<T>>,
    leading: usize,
}

/// How sensitive the invariant subspace of the leading eigenvalues is. Made by [`Schur::leading_condition`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct SubspaceCondition<T> {
    /// The reciprocal condition number of the mean of the leading eigenvalues, in (0, 1]: perturbing the matrix by
    /// E moves that mean by at most `‖E‖` over this number, to first order. LAPACK's `S`; 1 when all or none lead.
    pub mean: T,
    /// An estimate of the separation of the leading eigenvalues from the others: perturbing the matrix by E turns
    /// the subspace by an angle of about `‖E‖` over it. Rarely more than 3 times too large. LAPACK's `SEP`; the
    /// 1-norm of the matrix when all or none lead.
    pub separation: T,
}

impl<T: Scalar> Schur<T> {
    /// Factors `a` (n x n), with the eigenvalues in the order in which LAPACK finds them. SciPy's
    /// `schur(a, output="real")`.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::NonFinite`], [`Error::TooLarge`], [`Error::OutOfMemory`],
    /// [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>) -> Result<Self, Error> {
        let n = square("a", a)?;
        let order = to_int("the order of the matrix", n)?;
        let (what, minimum) = ("the workspace of gees", 3 * n as u128);
        checked_length(what, minimum)?;
        checked_area::<T>(n, n)?;
        require_finite("a", a)?;
        if n == 0 {
            let empty = || Array2::zeros((0, 0));
            return Ok(Self { t: empty(), q: empty(), values: Array1::default(0), leading: 0 });
        }

        let mut t = into_columns(column_major(a)?);
        let mut q = zeroed(n * n)?;
        let (mut re, mut im) = (zeroed(n)?, zeroed(n)?);
        let optimum = || T::gees_optimum(order);
        let mut work = zeroed(workspace_length(what, minimum, optimum)?)?;
        let info =
            T::gees(Columns::new(&mut t, n, n)?, &mut re, &mut im, Columns::new(&mut q, n, n)?, &mut work);
        converged("gees", info, n)?;
        for result in [&t, &q, &re, &im] {
            require_finite_result("gees", result)?;
        }
        Ok(Self { t: from_columns(t, n, n), q: from_columns(q, n, n), values: complex(&re, &im), leading: 0 })
    }

    /// Factors `a` (n x n) with the eigenvalues that are `wanted` at the top. SciPy's
    /// `schur(a, output="real", sort=...)`.
    ///
    /// # Errors
    /// As [`Schur::new`] and [`Schur::reordered`].
    pub fn ordered(a: &ArrayRef2<T>, wanted: impl FnMut(Complex<T>) -> bool) -> Result<Self, Error> {
        Self::new(a)?.reordered(wanted)
    }

    /// The same factorization with the eigenvalues that are `wanted` at the top, so that the first
    /// [`leading`](Self::leading) columns of Q span their invariant subspace. Otherwise the order stays.
    ///
    /// Conjugate eigenvalues stay together: both are moved when either is wanted. The eigenvalues are read off the
    /// new form; one within rounding of the border of the wanted region may end up on its other side.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] when two eigenvalues, one of them wanted, are too close to be told apart after a
    /// swap; [`Error::OutOfMemory`]; [`Error::Overflow`].
    pub fn reordered(self, mut wanted: impl FnMut(Complex<T>) -> bool) -> Result<Self, Error> {
        let n = self.values.len();
        let select: Vec<Int> = self.values.iter().map(|&value| Int::from(wanted(value))).collect();
        if n == 0 {
            return Ok(self);
        }
        let scale = safe_scale(&self.t);
        let (mut t, mut q) = (into_columns(self.t), into_columns(self.q));
        t.iter_mut().for_each(|entry| *entry *= scale);
        let (mut re, mut im, mut work) = (zeroed(n)?, zeroed(n)?, zeroed(n)?);
        let (info, leading) = T::trsen(
            &select,
            Columns::new(&mut t, n, n)?,
            Columns::new(&mut q, n, n)?,
            &mut re,
            &mut im,
            &mut work,
        );
        match info {
            0 => {}
            1 => return Err(inseparable()),
            _ => return Err(Error::Internal { routine: "trsen", info }),
        }
        for result in [&mut t, &mut re, &mut im] {
            result.iter_mut().for_each(|entry| *entry /= scale);
            require_finite_result("trsen", result)?;
        }
        require_finite_result("trsen", &q)?;
        Ok(Self {
            t: from_columns(t, n, n),
            q: from_columns(q, n, n),
            values: complex(&re, &im),
            leading: leading as usize,
        })
    }

    /// T, n x n: zeros below the diagonal but for one subdiagonal entry in each 2 x 2 block. A block has equal
    /// diagonal entries and off-diagonal entries of opposite sign, and stands for two conjugate eigenvalues.
    pub fn t(&self) -> ArrayView2<'_, T> {
        self.t.view()
    }

    /// Q, n x n, orthogonal: its columns are the Schur vectors.
    pub fn q(&self) -> ArrayView2<'_, T> {
        self.q.view()
    }

    /// The n eigenvalues, in the order of the diagonal of T; of conjugate ones, that with the positive imaginary
    /// part comes first.
    pub fn eigenvalues(&self) -> ArrayView1<'_, Complex<T>> {
        self.values.view()
    }

    /// How many eigenvalues were last moved to the top: the first so many columns of Q span their invariant
    /// subspace. 0 as long as none were selected.
    pub fn leading(&self) -> usize {
        self.leading
    }

    /// `(T, Q)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array2<T>) {
        (self.t, self.q)
    }

    /// How sensitive the [`leading`](Self::leading) eigenvalues' mean and invariant subspace are to perturbations of
    /// the matrix.
    ///
    /// # Errors
    /// [`Error::TooLarge`] when 2 k (n − k) passes 2³¹ − 1 for k leading eigenvalues; [`Error::OutOfMemory`].
    pub fn leading_condition(&self) -> Result<SubspaceCondition<T>, Error> {
        let (n, k) = (self.values.len(), self.leading);
        if n == 0 {
            return Ok(SubspaceCondition { mean: T::one(), separation: T::zero() });
        }
        let product = k as u128 * (n - k) as u128;
        let work = checked_length("the workspace of trsen", (2 * product).max(n as u128))?;
        let scale = safe_scale(&self.t);
        let mut t = into_columns(self.t.mapv(|entry| entry * scale));
        let (info, mean, separation) = T::trsen_condition(
            k,
            Columns::new(&mut t, n, n)?,
            &mut zeroed(n)?,
            &mut zeroed(n)?,
            &mut zeroed(work)?,
            &mut vec![0; (product as usize).max(1)],
        );
        match info {
            // A cosine, which rounding may carry past one.
            0 => Ok(SubspaceCondition { mean: mean.min(T::one()), separation: separation / scale }),
            1 => Err(inseparable()),
            _ => Err(Error::Internal { routine: "trsen", info }),
        }
    }

    /// How far this is from an exact Schur form of `a`, and Q from orthogonal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` is not of the order that was factored, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = square("a", a)?;
        same("a", "rows", n, self.t.nrows(), "the order of the matrix that was factored")?;
        let scale = balancing_scale(a);
        let product = matmul(&self.q, &self.t.mapv(|x| x * scale))?;
        let defect = residual(scale, a, &product, &self.q.t())?;
        let norm = one_norm(&a.mapv(|x| x * scale));
        Ok(Certificate::new(vec![
            Ratio::new("‖A − Q T Qᵀ‖ / (n ‖A‖ ε)", backward_error(&defect, norm, n), THRESHOLD),
            Ratio::new("‖I − Qᵀ Q‖ / (n ε)", orthogonality(&self.q, n)?, THRESHOLD),
        ]))
    }
}

/// The eigenvalues from their parts.
pub(crate) fn complex<T: Scalar>(re: &[T], im: &[T]) -> Array1<Complex<T>> {
    re.iter().zip(im).map(|(&re, &im)| Complex::new(re, im)).collect()
}

/// What `info` says of a QR or QZ iteration on a matrix of order `n`: positive and at most `n`, the number of
/// eigenvalues that were not found.
pub(crate) fn converged(routine: &'static str, info: Int, n: usize) -> Result<(), Error> {
    match usize::try_from(info) {
        Ok(0) => Ok(()),
        Ok(unconverged) if unconverged <= n => Err(Error::NoConvergence { routine, unconverged }),
        _ => Err(Error::Internal { routine, info }),
    }
}

/// One, or where products of two entries would over- or underflow, a power of two that brings the largest near one.
/// `trsen` and `tgsen` do not scale, unlike the factorizations before them.
pub(crate) fn safe_scale<T: Scalar>(a: &ArrayRef2<T>) -> T {
    let scale = balancing_scale(a);
    let limit = T::max_value().sqrt() * T::UNIT_ROUNDOFF;
    if scale > limit.recip() && scale < limit { T::one() } else { scale }
}

fn inseparable() -> Error {
    Error::DoesNotExist {
        what: "the reordered Schur form",
        reason: "two eigenvalues are too close to change places; select both or neither".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;

    /// The pair ±i is selected by either of its members, and stays whole.
    #[test]
    fn conjugates_move_together() {
        let a = array![[5.0, 1.0, 2.0], [0.0, 0.0, 4.0], [0.0, -0.25, 0.0]];
        for half in [1.0, -1.0] {
            let schur = Schur::ordered(&a, |z| z.im * half > 0.0).unwrap();
            assert_eq!(schur.leading(), 2);
            assert!((schur.eigenvalues()[0] - Complex::new(0.0, 1.0)).norm() < 1e-14);
            assert!((schur.eigenvalues()[2] - Complex::new(5.0, 0.0)).norm() < 1e-14);
            assert!(schur.certificate(&a).unwrap().holds());
        }
    }

    /// `A Q₁ = Q₁ T₁₁` for the leading columns, near the ends of the scalar's range as in its middle.
    #[test]
    fn leading_columns_span_an_invariant_subspace_at_every_scale() {
        for scale in [1.0, 2f64.powi(1000), 2f64.powi(-1000)] {
            let a = crate::testing::matrix::<f64>(crate::testing::Kind::Random, 12, 12) * scale;
            let schur = Schur::ordered(&a, |z| Region::LeftHalfPlane.contains(z)).unwrap();
            let k = schur.leading();
            assert!(schur.eigenvalues().iter().enumerate().all(|(i, z)| (z.re < 0.0) == (i < k)), "{scale}");
            assert!(schur.certificate(&a).unwrap().holds(), "{scale}");
            assert!(0 < k && k < 12);
            let unit = a / scale;
            let q = schur.q().slice_move(ndarray::s![.., ..k]).to_owned();
            let t = schur.t().slice_move(ndarray::s![..k, ..k]).mapv(|x| x / scale);
            let defect = unit.dot(&q) - q.dot(&t);
            assert!(one_norm(&defect) < 20.0 * 12.0 * f64::UNIT_ROUNDOFF * one_norm(&unit), "{scale}");
            let condition = schur.leading_condition().unwrap();
            let unscaled = Schur::ordered(&unit, |z| z.re < 0.0).unwrap().leading_condition().unwrap();
            // Both estimates, up to the rounding of two different factorizations.
            assert!((condition.mean - unscaled.mean).abs() < 1e-10);
            assert!((condition.separation / scale - unscaled.separation).abs() < 1e-10);
        }
    }

    /// For blocks a and b of order one: mean = 1 / √(1 + x²) with x = t₁₂ / (a − b), and separation = |a − b|.
    #[test]
    fn condition_of_a_pair_is_the_closed_form() {
        let schur = Schur::ordered(&array![[3.0, 8.0], [0.0, 1.0]], |z| z.re > 2.0).unwrap();
        let condition = schur.leading_condition().unwrap();
        assert!((condition.mean - 1.0 / 17f64.sqrt()).abs() < 1e-15);
        assert!((condition.separation - 2.0).abs() < 1e-15);
        let none = Schur::new(&array![[3.0, 8.0], [0.0, 1.0]]).unwrap().leading_condition().unwrap();
        assert_eq!((none.mean, none.separation), (1.0, 9.0), "the 1-norm when nothing is split");
    }

    #[test]
    fn regions_leave_their_border_out() {
        let on_circle = Complex::new(0.6f64, 0.8);
        let imaginary = Complex::new(0.0f32, 3.0);
        assert!(
            !Region::InsideUnitCircle.contains(on_circle) && !Region::OutsideUnitCircle.contains(on_circle)
        );
        assert!(!Region::LeftHalfPlane.contains(imaginary) && !Region::RightHalfPlane.contains(imaginary));
        assert!(Region::RightHalfPlane.contains(on_circle) && Region::OutsideUnitCircle.contains(imaginary));
        // The modulus overflows in squares, and not here.
        assert!(Region::OutsideUnitCircle.contains(Complex::new(1e300, 1e300)));
        assert!(Region::InsideUnitCircle.contains(Complex::new(0.0, -1e-300)));
    }

    #[test]
    fn bad_input_is_refused_before_any_work() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
                let mut a = Array2::eye(3);
                a[[row, col]] = bad;
                assert_eq!(Schur::new(&a).unwrap_err(), Error::NonFinite { argument: "a", row, col });
            }
        }
        let rectangular = Array2::<f32>::zeros((2, 3));
        assert_eq!(
            Schur::new(&rectangular).unwrap_err(),
            Error::NotSquare { argument: "a", rows: 2, cols: 3 }
        );
        let one = Array::from_elem((1, 1), 1.0f32);
        let huge = one.broadcast((1 << 31, 1 << 31)).unwrap();
        assert!(matches!(Schur::new(&huge), Err(Error::TooLarge { .. })));
        // 3n passes 32 bits before n does.
        let large = one.broadcast((1 << 30, 1 << 30)).unwrap();
        assert!(matches!(Schur::new(&large), Err(Error::TooLarge { what: "the workspace of gees", .. })));
        let other = Schur::new(&Array2::<f64>::eye(2)).unwrap().certificate(&Array2::eye(3));
        assert!(matches!(other, Err(Error::Shape { .. })));
    }

    /// Entries at the end of the range have a norm beyond it, and so may have T.
    #[test]
    fn a_result_beyond_the_range_is_an_error() {
        let a = Array2::from_elem((4, 4), f64::MAX);
        assert_eq!(Schur::new(&a).unwrap_err(), Error::Overflow { routine: "gees", scalar: "f64" });
        let tiny = Array2::from_elem((3, 3), 5e-324f64);
        assert!(Schur::new(&tiny).unwrap().eigenvalues().iter().all(|z| z.re.is_finite()));
    }

    /// LAPACK's positive `info` counts what was not found; beyond the order it means a bug.
    #[test]
    fn what_did_not_converge_is_counted() {
        assert_eq!(converged("gees", 0, 3), Ok(()));
        let error = Error::NoConvergence { routine: "gees", unconverged: 2 };
        assert_eq!(converged("gees", 2, 3), Err(error));
        for info in [4, -1] {
            assert_eq!(converged("gges", info, 3), Err(Error::Internal { routine: "gges", info }));
        }
    }

    #[test]
    fn empty_and_single() {
        let empty = Schur::<f64>::ordered(&Array2::zeros((0, 0)), |_| true).unwrap();
        assert_eq!((empty.t().dim(), empty.eigenvalues().len(), empty.leading()), ((0, 0), 0, 0));
        assert_eq!(empty.leading_condition().unwrap().mean, 1.0);
        assert!(empty.certificate(&Array2::zeros((0, 0))).unwrap().holds());
        let single = Schur::ordered(&array![[-3.0f32]], |z| z.re < 0.0).unwrap();
        assert_eq!((single.t()[[0, 0]], single.q()[[0, 0]].abs(), single.leading()), (-3.0, 1.0, 1));
    }

    /// A Rust thread has 2 MiB of stack, which OpenBLAS's threaded products overflow.
    #[test]
    fn runs_on_a_small_stack() {
        let work = || {
            let a = crate::testing::matrix::<f64>(crate::testing::Kind::Random, 300, 300);
            let schur = Schur::ordered(&a, |z| z.re < 0.0).unwrap();
            schur.leading_condition().unwrap();
            assert!(schur.certificate(&a).unwrap().holds());
        };
        std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
    }
}
