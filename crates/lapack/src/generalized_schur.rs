//! Generalized Schur form (QZ) of a pencil: `A = Q S Zᵀ`, `B = Q T Zᵀ` with orthogonal Q and Z.
//!
//! | step    | f32      | f64      | cost                                   |
//! |---------|----------|----------|----------------------------------------|
//! | factor  | `sgges`  | `dgges`  | ≈ 66n³                                 |
//! | reorder | `stgsen` | `dtgsen` | O(n) per swap and row, O(n³) at worst  |
//!
//! The stable way to the eigenvalues and deflating subspaces of `A x = λ B x`, whether B is invertible or not; with
//! `B⁻¹ A` a nearly singular B would spoil all of them. Riccati equations of descriptor and discrete systems are
//! solved with it, by moving the eigenvalues of one region to the top. When A is symmetric and B positive definite,
//! [`GeneralizedSymmetricEigen`](crate::GeneralizedSymmetricEigen) is cheaper by far.
//!
//! The classical `gges` is called, and not `gges3`: the multishift iteration that `gges3` got in LAPACK 3.10 has been
//! corrected since (Reference-LAPACK issue 793), and installed libraries are older than that.

use ndarray::{Array2, ArrayRef2, ArrayView2};

use crate::certificate::{
    Certificate, Ratio, backward_error, balancing_scale, one_norm, orthogonality, residual,
};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::{Columns, to_int};
use crate::ffi::memory::zeroed;
use crate::ffi::pencils::Fractions;
use crate::finite::{require_finite, require_finite_result};
use crate::generalized_eigenvalue::{GeneralizedEigenvalue, RoundingErrors};
use crate::layout::{checked_area, column_major, from_columns};
use crate::products::{matmul, same, square};
use crate::qr::into_columns;
use crate::scalar::Scalar;
use crate::schur::{THRESHOLD, converged, safe_scale};
use crate::size::{checked_length, workspace_length};

/// The generalized Schur form of two matrices of order n.
///
/// ```
/// use lapwing_lapack::{GeneralizedSchur, Region};
/// use ndarray::array;
/// let (a, b) = (array![[4.0, 1.0], [2.0, 3.0]], array![[2.0, 0.0], [0.0, 4.0]]);
/// // det(A − λ B) = 8 λ² − 22 λ + 10: the eigenvalues are about 0.575 and 2.175.
/// let schur = GeneralizedSchur::ordered(&a, &b, |value| value.lies_in(Region::InsideUnitCircle))?;
/// assert_eq!(schur.leading(), 1);
/// let discriminant = (22.0f64 * 22.0 - 4.0 * 8.0 * 10.0).sqrt();
/// assert!((schur.eigenvalues()[0].value().re - (22.0 - discriminant) / 16.0).abs() < 1e-14);
/// assert!(schur.certificate(&a, &b)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "gges")]
#[doc(alias = "qz")]
#[derive(Clone, Debug)]
pub struct GeneralizedSchur<T: Scalar> {
    /// All four column-major and packed.
    s: Array2<T>,
    t: Array2<T>,
    q: Array2<T>,
    z: Array2<T>,
    values: Vec<GeneralizedEigenvalue<T>>,
    errors: RoundingErrors<T>,
    leading: usize,
}

impl<T: Scalar> GeneralizedSchur<T> {
    /// Factors `a` and `b` (n x n), with the eigenvalues in the order in which LAPACK finds them. SciPy's
    /// `qz(a, b, output="real")`.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::Shape`] when the orders differ, [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Self, Error> {
        let n = require_pencil(a, b)?;
        let minimum = (8 * n as u128).max(6 * n as u128 + 16);
        checked_length("the workspace of gges", minimum)?;
        checked_area::<T>(n, n)?;
        require_finite("a", a)?;
        require_finite("b", b)?;
        let errors = RoundingErrors::of(a, b);
        if n == 0 {
            let empty = || Array2::zeros((0, 0));
            let (s, t, q, z) = (empty(), empty(), empty(), empty());
            return Ok(Self { s, t, q, z, values: Vec::new(), errors, leading: 0 });
        }

        let (mut s, mut t) = (into_columns(column_major(a)?), into_columns(column_major(b)?));
        let (mut q, mut z) = (zeroed(n * n)?, zeroed(n * n)?);
        let (mut re, mut im, mut beta) = (zeroed(n)?, zeroed(n)?, zeroed(n)?);
        let optimum = || T::gges_optimum(n as Int);
        let mut work = zeroed(workspace_length("the workspace of gges", minimum, optimum)?)?;
        let info = T::gges(
            Columns::new(&mut s, n, n)?,
            Columns::new(&mut t, n, n)?,
            Fractions { alpha_re: &mut re, alpha_im: &mut im, beta: &mut beta },
            Columns::new(&mut q, n, n)?,
            Columns::new(&mut z, n, n)?,
            &mut work,
        );
        converged("gges", info, n)?;
        for result in [&s, &t, &q, &z, &re, &im, &beta] {
            require_finite_result("gges", result)?;
        }
        let [s, t, q, z] = [s, t, q, z].map(|columns| from_columns(columns, n, n));
        Ok(Self { s, t, q, z, values: errors.classify(&re, &im, &beta), errors, leading: 0 })
    }

    /// Factors `a` and `b` (n x n) with the eigenvalues that are `wanted` at the top. SciPy's `ordqz`.
    ///
    /// # Errors
    /// As [`GeneralizedSchur::new`] and [`GeneralizedSchur::reordered`].
    pub fn ordered(
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
        wanted: impl FnMut(&GeneralizedEigenvalue<T>) -> bool,
    ) -> Result<Self, Error> {
        Self::new(a, b)?.reordered(wanted)
    }

    /// The same factorization with the eigenvalues that are `wanted` at the top, so that the first
    /// [`leading`](Self::leading) columns of Z, and of Q, span their right, and left, deflating subspace. Otherwise
    /// the order stays.
    ///
    /// Conjugate eigenvalues stay together: both are moved when either is wanted. The eigenvalues are read off the
    /// new form; one within rounding of the border of the wanted region may end up on its other side.
    ///
    /// # Errors
    /// [`Error::DoesNotExist`] when two eigenvalues, one of them wanted, are too close to be told apart after a
    /// swap; [`Error::TooLarge`]; [`Error::OutOfMemory`]; [`Error::Overflow`].
    pub fn reordered(self, wanted: impl FnMut(&GeneralizedEigenvalue<T>) -> bool) -> Result<Self, Error> {
        let n = self.values.len();
        let select: Vec<Int> = self.values.iter().map(wanted).map(Int::from).collect();
        if n == 0 {
            return Ok(self);
        }
        let (of_s, of_t) = (safe_scale(&self.s), safe_scale(&self.t));
        let [mut s, mut t, mut q, mut z] = [self.s, self.t, self.q, self.z].map(into_columns);
        s.iter_mut().for_each(|entry| *entry *= of_s);
        t.iter_mut().for_each(|entry| *entry *= of_t);
        let (mut re, mut im, mut beta) = (zeroed(n)?, zeroed(n)?, zeroed(n)?);
        let mut work = zeroed(checked_length("the workspace of tgsen", 4 * n as u128 + 16)?)?;
        let (info, leading) = T::tgsen(
            &select,
            Columns::new(&mut s, n, n)?,
            Columns::new(&mut t, n, n)?,
            Fractions { alpha_re: &mut re, alpha_im: &mut im, beta: &mut beta },
            Columns::new(&mut q, n, n)?,
            Columns::new(&mut z, n, n)?,
            &mut work,
        );
        match info {
            0 => {}
            1 => {
                let reason = "two eigenvalues are too close to change places; select both or neither";
                let what = "the reordered generalized Schur form";
                return Err(Error::DoesNotExist { what, reason: reason.to_owned() });
            }
            _ => return Err(Error::Internal { routine: "tgsen", info }),
        }
        for (result, scale) in
            [(&mut s, of_s), (&mut re, of_s), (&mut im, of_s), (&mut t, of_t), (&mut beta, of_t)]
        {
            result.iter_mut().for_each(|entry| *entry /= scale);
            require_finite_result("tgsen", result)?;
        }
        require_finite_result("tgsen", &q)?;
        require_finite_result("tgsen", &z)?;
        let values = self.errors.classify(&re, &im, &beta);
        let [s, t, q, z] = [s, t, q, z].map(|columns| from_columns(columns, n, n));
        Ok(Self { s, t, q, z, values, errors: self.errors, leading: leading as usize })
    }

    /// S, n x n, of A: zeros below the diagonal but for one subdiagonal entry in each 2 x 2 block, which stands for
    /// two conjugate eigenvalues.
    pub fn s(&self) -> ArrayView2<'_, T> {
        self.s.view()
    }

    /// T, n x n, of B: upper triangular with a diagonal that is not negative, and diagonal in the rows of a 2 x 2
    /// block of S.
    pub fn t(&self) -> ArrayView2<'_, T> {
        self.t.view()
    }

    /// Q, n x n, orthogonal: its columns are the left Schur vectors.
    pub fn q(&self) -> ArrayView2<'_, T> {
        self.q.view()
    }

    /// Z, n x n, orthogonal: its columns are the right Schur vectors.
    pub fn z(&self) -> ArrayView2<'_, T> {
        self.z.view()
    }

    /// The n eigenvalues, in the order of the diagonals of S and T; of conjugate ones, that with the positive
    /// imaginary part comes first.
    pub fn eigenvalues(&self) -> &[GeneralizedEigenvalue<T>] {
        &self.values
    }

    /// How many eigenvalues were last moved to the top. 0 as long as none were selected.
    pub fn leading(&self) -> usize {
        self.leading
    }

    /// `(S, T, Q, Z)`, without a copy.
    pub fn into_factors(self) -> (Array2<T>, Array2<T>, Array2<T>, Array2<T>) {
        (self.s, self.t, self.q, self.z)
    }

    /// How far this is from an exact generalized Schur form of `a` and `b`, and Q and Z from orthogonal.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` or `b` is not of the order that was factored, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = require_pencil(a, b)?;
        same("a", "rows", n, self.s.nrows(), "the order of the pencil that was factored")?;
        let error = |a: &ArrayRef2<T>, factor: &Array2<T>| -> Result<f64, Error> {
            let scale = balancing_scale(a);
            let product = matmul(&self.q, &factor.mapv(|x| x * scale))?;
            let defect = residual(scale, a, &product, &self.z.t())?;
            Ok(backward_error(&defect, one_norm(&a.mapv(|x| x * scale)), n))
        };
        Ok(Certificate::new(vec![
            Ratio::new("‖A − Q S Zᵀ‖ / (n ‖A‖ ε)", error(a, &self.s)?, THRESHOLD),
            Ratio::new("‖B − Q T Zᵀ‖ / (n ‖B‖ ε)", error(b, &self.t)?, THRESHOLD),
            Ratio::new("‖I − Qᵀ Q‖ / (n ε)", orthogonality(&self.q, n)?, THRESHOLD),
            Ratio::new("‖I − Zᵀ Z‖ / (n ε)", orthogonality(&self.z, n)?, THRESHOLD),
        ]))
    }
}

/// The order of two square matrices that must be of one.
pub(crate) fn require_pencil<T>(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<usize, Error> {
    let n = square("a", a)?;
    same("b", "rows", square("b", b)?, n, "the order of a")?;
    to_int("the order of the matrix", n)?;
    Ok(n)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array, s};

    use super::*;
    use crate::generalized_eigenvalue::EigenvalueKind;
    use crate::schur::Region;
    use crate::testing::{Kind, matrix};

    /// Triangular pencils show their eigenvalues: 2, infinity, and any number where both diagonals vanish.
    #[test]
    fn finite_infinite_and_indeterminate() {
        let a = array![[4.0f64, 1.0, 2.0], [0.0, 3.0, 5.0], [0.0, 0.0, 0.0]];
        let b = array![[2.0, 7.0, 1.0], [0.0, 0.0, 6.0], [0.0, 0.0, 0.0]];
        let schur = GeneralizedSchur::new(&a, &b).unwrap();
        let mut kinds: Vec<_> = schur.eigenvalues().iter().map(|value| value.kind).collect();
        kinds.sort_by_key(|kind| *kind as u8);
        let expected = [EigenvalueKind::Finite, EigenvalueKind::Infinite, EigenvalueKind::Indeterminate];
        assert_eq!(kinds, expected);
        let finite = schur.eigenvalues().iter().find(|value| value.kind == expected[0]).unwrap();
        assert!((finite.value().re - 2.0).abs() < 1e-14);
        assert!(schur.certificate(&a, &b).unwrap().holds());
    }

    /// `A Z₁ = Q₁ S₁₁` and `B Z₁ = Q₁ T₁₁`, near the ends of the scalar's range as in its middle.
    #[test]
    fn leading_columns_span_a_deflating_subspace_at_every_scale() {
        for (of_a, of_b) in [(0, 0), (1000, -1000), (-1000, 1000), (1000, 1000), (-990, -1000)] {
            let scale = |exponent: i32| 2f64.powi(exponent);
            let a = matrix::<f64>(Kind::Random, 12, 12) * scale(of_a);
            let b = matrix::<f64>(Kind::Random, 12, 13).slice_move(s![.., 1..]) * scale(of_b);
            let schur =
                GeneralizedSchur::ordered(&a, &b, |value| value.lies_in(Region::LeftHalfPlane)).unwrap();
            let k = schur.leading();
            assert!(0 < k && k < 12);
            for (i, value) in schur.eigenvalues().iter().enumerate() {
                assert_eq!(value.lies_in(Region::LeftHalfPlane), i < k, "{of_a} {of_b}");
            }
            assert!(schur.certificate(&a, &b).unwrap().holds());
            let (q, z) = (schur.q().slice_move(s![.., ..k]), schur.z().slice_move(s![.., ..k]));
            for (matrix, factor, scale) in [(&a, schur.s(), scale(of_a)), (&b, schur.t(), scale(of_b))] {
                let unit = matrix.mapv(|x| x / scale);
                let block = factor.slice_move(s![..k, ..k]).mapv(|x| x / scale);
                let defect = unit.dot(&z) - q.dot(&block);
                assert!(one_norm(&defect) < 20.0 * 12.0 * f64::UNIT_ROUNDOFF * one_norm(&unit));
            }
        }
    }

    #[test]
    fn bad_input_is_refused_before_any_work() {
        let eye = Array2::<f64>::eye(3);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
                let mut spoiled = eye.clone();
                spoiled[[row, col]] = bad;
                let error = |argument| Error::NonFinite { argument, row, col };
                assert_eq!(GeneralizedSchur::new(&spoiled, &eye).unwrap_err(), error("a"));
                assert_eq!(GeneralizedSchur::new(&eye, &spoiled).unwrap_err(), error("b"));
            }
        }
        let other = GeneralizedSchur::new(&eye, &Array2::eye(2)).unwrap_err();
        assert!(matches!(other, Error::Shape { argument: "b", found: 2, expected: 3, .. }));
        assert!(matches!(
            GeneralizedSchur::new(&eye, &Array2::zeros((3, 2))),
            Err(Error::NotSquare { argument: "b", .. })
        ));
        let one = Array::from_elem((1, 1), 1.0f32);
        let large = one.broadcast((1 << 29, 1 << 29)).unwrap();
        assert!(matches!(GeneralizedSchur::new(&large, &large), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn empty_and_single() {
        let empty = Array2::<f32>::zeros((0, 0));
        let schur = GeneralizedSchur::ordered(&empty, &empty, |_| true).unwrap();
        assert_eq!((schur.eigenvalues().len(), schur.leading()), (0, 0));
        assert!(schur.certificate(&empty, &empty).unwrap().holds());
        let single = GeneralizedSchur::ordered(&array![[3.0]], &array![[-2.0]], |_| true).unwrap();
        assert_eq!((single.eigenvalues()[0].value().re, single.leading()), (-1.5, 1));
        assert_eq!(single.eigenvalues()[0].beta, 2.0);
    }

    /// A Rust thread has 2 MiB of stack, which OpenBLAS's threaded products overflow.
    #[test]
    fn runs_on_a_small_stack() {
        let work = || {
            let (a, b) = (matrix::<f64>(Kind::Random, 300, 300), matrix::<f64>(Kind::Graded, 300, 300));
            GeneralizedSchur::ordered(&a, &b, |value| value.lies_in(Region::LeftHalfPlane)).unwrap();
        };
        std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
    }
}
