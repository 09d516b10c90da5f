//! Eigenvalues and eigenvectors of a pencil of general matrices, `β A v = α B v`.
//!
//! | step                     | f32     | f64     | cost         |
//! |--------------------------|---------|---------|--------------|
//! | values and right vectors | `sggev` | `dggev` | ≈ 60n³       |
//! | values alone             | `sggev` | `dggev` | ≈ 30n³       |
//! | left vectors too         | `sggev` | `dggev` | ≈ 20n³ more  |
//!
//! B may be singular: the pencil then has infinite eigenvalues, which come out as such. When A is symmetric and B
//! positive definite, [`GeneralizedSymmetricEigen`](crate::GeneralizedSymmetricEigen) is many times faster and its
//! values are real. For subspaces prefer [`GeneralizedSchur`](crate::GeneralizedSchur).

use ndarray::{Array2, ArrayRef2, ArrayView2, ArrayViewMut1};
use num_complex::Complex;

use crate::certificate::{Certificate, Ratio, balancing_scale, one_norm};
use crate::complex_matrix::{Parts, unpack_vectors};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::ffi::pencils::Fractions;
use crate::finite::{require_finite, require_finite_result};
use crate::generalized_eigenvalue::{GeneralizedEigenvalue, RoundingErrors};
use crate::generalized_schur::require_pencil;
use crate::layout::{checked_area, column_major};
use crate::products::same;
use crate::qr::into_columns;
use crate::scalar::Scalar;
use crate::schur::{THRESHOLD, converged};
use crate::size::{checked_length, workspace_length};

/// The eigenvalues and eigenvectors of a pencil of order n.
///
/// ```
/// use lapwing_lapack::{EigenvalueKind, GeneralizedEigen};
/// use ndarray::array;
/// let a = array![[1.0, 2.0], [3.0, 4.0]];
/// let b = array![[1.0, 0.0], [0.0, 0.0]];
/// // det(A − λ B) = −4 λ − 2: one eigenvalue is −1/2, and the other is infinite.
/// let eigen = GeneralizedEigen::new(&a, &b)?;
/// let finite = eigen.values().iter().find(|value| value.kind == EigenvalueKind::Finite).unwrap();
/// assert!((finite.value().re + 0.5f64).abs() < 1e-14);
/// assert_eq!(eigen.values().iter().filter(|value| value.kind == EigenvalueKind::Infinite).count(), 1);
/// assert!(eigen.certificate(&a, &b)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "ggev")]
#[derive(Clone, Debug)]
pub struct GeneralizedEigen<T: Scalar> {
    values: Vec<GeneralizedEigenvalue<T>>,
    right: Array2<Complex<T>>,
    left: Option<Array2<Complex<T>>>,
}

impl<T: Scalar> GeneralizedEigen<T> {
    /// Eigenvalues and right eigenvectors of `a` and `b` (n x n). SciPy's `eig(a, b)`.
    ///
    /// # Errors
    /// [`Error::NotSquare`], [`Error::Shape`] when the orders differ, [`Error::NonFinite`], [`Error::TooLarge`],
    /// [`Error::OutOfMemory`], [`Error::NoConvergence`], [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Self, Error> {
        GeneralizedEigenParams::default().compute(a, b)
    }

    /// The eigenvalues of `a` and `b` (n x n) alone, at half the cost.
    ///
    /// # Errors
    /// As [`GeneralizedEigen::new`].
    pub fn eigenvalues(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Vec<GeneralizedEigenvalue<T>>, Error> {
        Ok(solve(a, b, false, false)?.values)
    }

    /// The n eigenvalues, in the order in which LAPACK finds them. Conjugate ones are neighbours, that with the
    /// positive imaginary part first.
    pub fn values(&self) -> &[GeneralizedEigenvalue<T>] {
        &self.values
    }

    /// The right eigenvectors in columns, n x n, each of 2-norm 1: `beta A v = alpha B v`. Column i belongs to value
    /// i; those of conjugate eigenvalues are conjugate. That of an infinite eigenvalue is a null vector of B.
    pub fn vectors(&self) -> ArrayView2<'_, Complex<T>> {
        self.right.view()
    }

    /// The left eigenvectors in columns, n x n, each of 2-norm 1: `beta uᴴ A = alpha uᴴ B`. `None` unless
    /// [asked for](GeneralizedEigenParams::left_vectors).
    pub fn left_vectors(&self) -> Option<ArrayView2<'_, Complex<T>>> {
        self.left.as_ref().map(|left| left.view())
    }

    /// `(values, right vectors)`, without a copy.
    pub fn into_factors(self) -> (Vec<GeneralizedEigenvalue<T>>, Array2<Complex<T>>) {
        (self.values, self.right)
    }

    /// How far these are from exact eigenpairs of `a` and `b`, the worst of them; left vectors are included where they
    /// were computed. The size s in the ratio is `max(|β| ‖A‖, |α| ‖B‖) ‖v‖`.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` or `b` is not of the order that was decomposed, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = require_pencil(a, b)?;
        same("a", "rows", n, self.values.len(), "the order of the pencil that was decomposed")?;
        let (of_a, of_b) = (balancing_scale(a), balancing_scale(b));
        let (a, b) = (a.mapv(|x| x * of_a), b.mapv(|x| x * of_b));
        let fractions = || self.values.iter().map(|value| (value.alpha * of_a, value.beta * of_b));
        let right = pair_error(&a, &b, &self.right, fractions())?;
        let mut ratios = vec![Ratio::new("‖β A v − α B v‖ / (s n ε)", right, THRESHOLD)];
        if let Some(left) = &self.left {
            let conjugates = fractions().map(|(alpha, beta)| (alpha.conj(), beta));
            let error = pair_error(&a.t(), &b.t(), left, conjugates)?;
            ratios.push(Ratio::new("‖β uᴴ A − α uᴴ B‖ / (s n ε)", error, THRESHOLD));
        }
        Ok(Certificate::new(ratios))
    }
}

impl GeneralizedEigen<f64> {
    /// The choices, to change before computing; the scalar is that of the matrices given to them.
    pub fn params() -> GeneralizedEigenParams {
        GeneralizedEigenParams::default()
    }
}

/// The choices of the eigendecomposition of a pencil. Made by [`GeneralizedEigen::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct GeneralizedEigenParams {
    left: bool,
}

impl GeneralizedEigenParams {
    /// Computes the left eigenvectors too.
    pub fn left_vectors(mut self) -> Self {
        self.left = true;
        self
    }

    /// Eigenvalues and eigenvectors of `a` and `b` (n x n).
    ///
    /// # Errors
    /// As [`GeneralizedEigen::new`].
    pub fn compute<T: Scalar>(
        self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
    ) -> Result<GeneralizedEigen<T>, Error> {
        let raw = solve(a, b, self.left, true)?;
        let imaginary: Vec<T> = raw.values.iter().map(|value| value.alpha.im).collect();
        let vectors = |packed: Vec<T>| -> Result<Array2<Complex<T>>, Error> {
            let mut vectors = unpack_vectors(&imaginary, &packed)?;
            vectors.columns_mut().into_iter().for_each(normalize);
            Ok(vectors)
        };
        let left = if self.left { Some(vectors(raw.left)?) } else { None };
        Ok(GeneralizedEigen { right: vectors(raw.right)?, left, values: raw.values })
    }
}

/// What `ggev` returns: vectors packed as real columns, empty where not wanted.
struct Packed<T> {
    values: Vec<GeneralizedEigenvalue<T>>,
    left: Vec<T>,
    right: Vec<T>,
}

fn solve<T: Scalar>(a: &ArrayRef2<T>, b: &ArrayRef2<T>, left: bool, right: bool) -> Result<Packed<T>, Error> {
    let n = require_pencil(a, b)?;
    let (what, minimum) = ("the workspace of ggev", 8 * n as u128);
    checked_length(what, minimum)?;
    let area = checked_area::<T>(n, n)?;
    require_finite("a", a)?;
    require_finite("b", b)?;
    if n == 0 {
        return Ok(Packed { values: Vec::new(), left: Vec::new(), right: Vec::new() });
    }
    let (mut s, mut t) = (into_columns(column_major(a)?), into_columns(column_major(b)?));
    let room = |wanted| zeroed(if wanted { area } else { 0 });
    let (mut left_vectors, mut right_vectors) = (room(left)?, room(right)?);
    let (mut re, mut im, mut beta) = (zeroed(n)?, zeroed(n)?, zeroed(n)?);
    let mut work = zeroed(workspace_length(what, minimum, || T::ggev_optimum(left, right, n as Int))?)?;
    let info = T::ggev(
        Columns::new(&mut s, n, n)?,
        Columns::new(&mut t, n, n)?,
        Fractions { alpha_re: &mut re, alpha_im: &mut im, beta: &mut beta },
        Columns::new(&mut left_vectors, n, if left { n } else { 0 })?,
        Columns::new(&mut right_vectors, n, if right { n } else { 0 })?,
        &mut work,
    );
    converged("ggev", info, n)?;
    for result in [&re, &im, &beta, &left_vectors, &right_vectors] {
        require_finite_result("ggev", result)?;
    }
    let values = RoundingErrors::of(a, b).classify(&re, &im, &beta);
    Ok(Packed { values, left: left_vectors, right: right_vectors })
}

/// Divides by the 2-norm. LAPACK leaves a largest component whose parts sum to one, so that no square is out of range.
fn normalize<T: Scalar>(mut vector: ArrayViewMut1<Complex<T>>) {
    let norm = vector.iter().map(|z| z.norm_sqr()).sum::<T>().sqrt();
    if norm > T::zero() {
        vector.map_inplace(|z| *z = z.unscale(norm));
    }
}

/// `‖β A v − α B v‖ / (max(|β| ‖A‖, |α| ‖B‖) ‖v‖ n ε)`, the largest over the pairs, in the 1-norm.
fn pair_error<T: Scalar>(
    a: &ArrayRef2<T>,
    b: &ArrayRef2<T>,
    vectors: &Array2<Complex<T>>,
    fractions: impl Iterator<Item = (Complex<T>, T)>,
) -> Result<f64, Error> {
    let unit = a.nrows().max(1) as f64 * T::UNIT_ROUNDOFF.as_f64();
    let parts = Parts::of(vectors, T::one());
    let (of_a, of_b) = (parts.multiplied_by(a)?, parts.multiplied_by(b)?);
    let (norm_a, norm_b) = (one_norm(a).as_f64(), one_norm(b).as_f64());
    let mut largest = 0.0f64;
    for ((j, (alpha, beta)), length) in fractions.enumerate().zip(parts.column_norms()) {
        // Brought near one together, which changes neither the pair nor the ratio.
        let size = alpha.re.abs().max(alpha.im.abs()).max(beta).as_f64();
        if size == 0.0 {
            continue;
        }
        let (re, im) = (alpha.re.as_f64() / size, alpha.im.as_f64() / size);
        let beta = beta.as_f64() / size;
        let mut error = 0.0;
        for i in 0..a.nrows() {
            let left = (of_a.re[[i, j]].as_f64() * beta, of_a.im[[i, j]].as_f64() * beta);
            let (x, y) = (of_b.re[[i, j]].as_f64(), of_b.im[[i, j]].as_f64());
            error += (left.0 - (re * x - im * y)).hypot(left.1 - (re * y + im * x));
        }
        if error > 0.0 {
            largest = largest.max(error / (beta * norm_a).max(re.hypot(im) * norm_b) / length / unit);
        }
    }
    Ok(largest)
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;
    use crate::generalized_eigenvalue::EigenvalueKind;
    use crate::schur::Region;
    use crate::testing::{Kind, matrix};

    /// A singular B gives infinite eigenvalues, whose vectors are its null vectors.
    #[test]
    fn infinite_eigenvalues_have_the_null_vectors_of_b() {
        let a = array![[2.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 4.0]];
        let b = array![[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        let eigen = GeneralizedEigen::params().left_vectors().compute(&a, &b).unwrap();
        let infinite: Vec<usize> =
            (0..3).filter(|&j| eigen.values()[j].kind == EigenvalueKind::Infinite).collect();
        assert_eq!(infinite.len(), 1);
        let null = eigen.vectors().column(infinite[0]).mapv(|z| z.norm());
        assert!((null[0] - 0.5f64.sqrt()).abs() < 1e-14 && (null[1] - 0.5f64.sqrt()).abs() < 1e-14);
        assert!(eigen.certificate(&a, &b).unwrap().holds());
        // det(A − λ B) = 3 λ² − 16 λ + 18.
        let sum: f64 = eigen.values().iter().map(|value| value.value().re).filter(|x| x.is_finite()).sum();
        assert!((sum - 16.0 / 3.0).abs() < 1e-13, "{sum}");
    }

    /// A and B with a common null vector: its eigenvalue is reported to be no number.
    #[test]
    fn a_singular_pencil_is_reported() {
        let a = array![[1.0, 2.0], [2.0, 4.0]];
        let b = array![[3.0, 6.0], [1.0, 2.0]];
        let values = GeneralizedEigen::eigenvalues(&a, &b).unwrap();
        assert!(values.iter().any(|value| value.kind == EigenvalueKind::Indeterminate), "{values:?}");
        let zero = Array2::<f32>::zeros((2, 2));
        let eigen = GeneralizedEigen::new(&zero, &zero).unwrap();
        assert!(eigen.values().iter().all(|value| value.kind == EigenvalueKind::Indeterminate));
        assert!(eigen.values().iter().all(|value| value.value().re.is_nan()));
        assert!(eigen.certificate(&zero, &zero).unwrap().holds());
    }

    /// The rotation by 90 degrees against twice the identity: ± i / 2.
    #[test]
    fn conjugate_pairs() {
        let (a, b) = (array![[0.0, -1.0], [1.0, 0.0]], array![[2.0, 0.0], [0.0, 2.0]]);
        let eigen = GeneralizedEigen::new(&a, &b).unwrap();
        assert!((eigen.values()[0].value() - Complex::new(0.0, 0.5)).norm() < 1e-15);
        assert!((eigen.values()[1].value() - Complex::new(0.0, -0.5)).norm() < 1e-15);
        assert!(eigen.vectors().column(0).iter().zip(eigen.vectors().column(1)).all(|(z, w)| z.conj() == *w));
        assert!(eigen.values()[0].lies_in(Region::InsideUnitCircle) && eigen.left_vectors().is_none());
    }

    #[test]
    fn scales_at_the_ends_of_the_range() {
        let (a, b) = (matrix::<f64>(Kind::Random, 6, 6), matrix::<f64>(Kind::Clustered, 6, 6));
        for (of_a, of_b) in [(1000, 1000), (-1000, -1000), (1000, -1000), (-1000, 1000)] {
            let (a, b) = (&a * 2f64.powi(of_a), &b * 2f64.powi(of_b));
            let eigen = GeneralizedEigen::params().left_vectors().compute(&a, &b).unwrap();
            let certificate = eigen.certificate(&a, &b).unwrap();
            assert!(certificate.holds(), "{of_a} {of_b}: {certificate}");
        }
        let huge = Array2::from_elem((4, 4), f64::MAX);
        let error = GeneralizedEigen::new(&huge, &Array2::eye(4)).unwrap_err();
        assert_eq!(error, Error::Overflow { routine: "ggev", scalar: "f64" });
    }

    #[test]
    fn bad_input_is_refused_before_any_work() {
        let eye = Array2::<f64>::eye(3);
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for (row, col) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
                let mut spoiled = eye.clone();
                spoiled[[row, col]] = bad;
                let error = |argument| Error::NonFinite { argument, row, col };
                assert_eq!(GeneralizedEigen::new(&spoiled, &eye).unwrap_err(), error("a"));
                assert_eq!(GeneralizedEigen::eigenvalues(&eye, &spoiled).unwrap_err(), error("b"));
            }
        }
        assert!(matches!(
            GeneralizedEigen::new(&eye, &Array2::eye(2)),
            Err(Error::Shape { argument: "b", .. })
        ));
        let one = Array::from_elem((1, 1), 1.0f32);
        let large = one.broadcast((1 << 29, 1 << 29)).unwrap();
        assert!(matches!(GeneralizedEigen::new(&large, &large), Err(Error::TooLarge { .. })));
    }

    #[test]
    fn empty_and_single() {
        let empty = Array2::<f64>::zeros((0, 0));
        let eigen = GeneralizedEigen::params().left_vectors().compute(&empty, &empty).unwrap();
        assert_eq!((eigen.values().len(), eigen.vectors().dim()), (0, (0, 0)));
        assert!(eigen.certificate(&empty, &empty).unwrap().holds());
        let single = GeneralizedEigen::new(&array![[3.0f32]], &array![[-2.0]]).unwrap();
        assert_eq!((single.values()[0].value().re, single.vectors()[[0, 0]].norm()), (-1.5, 1.0));
    }

    /// A Rust thread has 2 MiB of stack, which OpenBLAS's threaded products overflow.
    #[test]
    fn runs_on_a_small_stack() {
        let work = || {
            let (a, b) = (matrix::<f64>(Kind::Random, 300, 300), Array2::<f64>::eye(300));
            assert_eq!(GeneralizedEigen::eigenvalues(&a, &b).unwrap().len(), 300);
        };
        std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
    }
}
