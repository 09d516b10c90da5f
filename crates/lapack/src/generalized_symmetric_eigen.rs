//! Eigendecomposition of a symmetric matrix relative to a positive definite one, `A Z = B Z Λ`.
//!
//! | step                    | f32      | f64      | cost                               |
//! |-------------------------|----------|----------|------------------------------------|
//! | all, divide and conquer | `ssygvd` | `dsygvd` | ≈ 7n³ to 12n³, values alone ≈ 3n³  |
//!
//! The problem behind vibration modes, linear discriminants, canonical correlations and Fisher's ratio. The Cholesky
//! factor of B turns it into an ordinary symmetric problem, whose eigenvalues are real and whose vectors are
//! orthonormal in the inner product of B. What is lost on the way is the condition of B: small eigenvalues are
//! accurate to about `ε ‖A‖ ‖B⁻¹‖`. When B may be singular or indefinite use
//! [`GeneralizedEigen`](crate::GeneralizedEigen).

use ndarray::{Array1, Array2, ArrayRef2, ArrayView1, ArrayView2};

use crate::certificate::{Certificate, Ratio, balancing_scale, one_norm};
use crate::error::Error;
use crate::ffi::Int;
use crate::ffi::lapack::Columns;
use crate::ffi::memory::zeroed;
use crate::finite::{FiniteCheck, require_finite_result, require_finite_triangle};
use crate::generalized_schur::require_pencil;
use crate::layout::{MemoryOrder, checked_area, copy_triangle, from_columns, memory_order, symmetric};
use crate::products::{matmul, same};
use crate::scalar::Scalar;
use crate::schur::safe_scale;
use crate::size::{checked_length, workspace_length};
use crate::triangle::Triangle;

/// LAPACK's threshold for the ratios of symmetric eigenproblems.
const THRESHOLD: f64 = 60.0;

/// Which of the three problems of a symmetric A and a positive definite B to solve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SymmetricProblem {
    /// `A x = λ B x`, with `Zᵀ B Z = I`. The default.
    #[default]
    AxIsLambdaBx,
    /// `A B x = λ x`, with `Zᵀ B Z = I`.
    AbxIsLambdaX,
    /// `B A x = λ x`, with `Zᵀ B⁻¹ Z = I`.
    BaxIsLambdaX,
}

impl SymmetricProblem {
    /// LAPACK's `itype`.
    fn number(self) -> Int {
        match self {
            SymmetricProblem::AxIsLambdaBx => 1,
            SymmetricProblem::AbxIsLambdaX => 2,
            SymmetricProblem::BaxIsLambdaX => 3,
        }
    }
}

/// Eigenvalues and eigenvectors of a symmetric matrix relative to a positive definite one.
///
/// ```
/// use lapwing_lapack::GeneralizedSymmetricEigen;
/// use ndarray::array;
/// // Two masses, 1 and 4, between three equal springs: the squared frequencies.
/// let stiffness = array![[2.0, -1.0], [-1.0, 2.0]];
/// let mass = array![[1.0, 0.0], [0.0, 4.0]];
/// let eigen = GeneralizedSymmetricEigen::new(&stiffness, &mass)?;
/// assert!((eigen.values().sum() - 2.5f64).abs() < 1e-14);
/// assert!(eigen.certificate(&stiffness, &mass)?.holds());
/// # Ok::<(), lapwing_lapack::Error>(())
/// ```
#[doc(alias = "sygvd")]
#[derive(Clone, Debug)]
pub struct GeneralizedSymmetricEigen<T: Scalar> {
    values: Array1<T>,
    vectors: Array2<T>,
    problem: SymmetricProblem,
    triangle: Triangle,
}

impl<T: Scalar> GeneralizedSymmetricEigen<T> {
    /// Solves `A x = λ B x` for `a` and `b` (n x n), reading their lower triangles only. SciPy's `eigh(a, b)`.
    ///
    /// # Errors
    /// [`Error::NotPositiveDefinite`] when `b` is not, with the order of its first leading minor that is not positive;
    /// [`Error::NotSquare`]; [`Error::Shape`] when the orders differ; [`Error::NonFinite`]; [`Error::TooLarge`] (with
    /// vectors, past n = 32766); [`Error::OutOfMemory`]; [`Error::NoConvergence`]; [`Error::Overflow`].
    pub fn new(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Self, Error> {
        GeneralizedSymmetricEigenParams::default().compute(a, b)
    }

    /// The eigenvalues of `A x = λ B x` alone, ascending, reading the lower triangles only.
    ///
    /// # Errors
    /// As [`GeneralizedSymmetricEigen::new`].
    pub fn eigenvalues(a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        GeneralizedSymmetricEigenParams::default().values(a, b)
    }

    /// The eigenvalues, ascending.
    pub fn values(&self) -> ArrayView1<'_, T> {
        self.values.view()
    }

    /// The eigenvectors in columns, n x n, orthonormal as the [`SymmetricProblem`] says; column i belongs to value i.
    pub fn vectors(&self) -> ArrayView2<'_, T> {
        self.vectors.view()
    }

    /// `(values, vectors)`, without a copy.
    pub fn into_factors(self) -> (Array1<T>, Array2<T>) {
        (self.values, self.vectors)
    }

    /// How far these are from exact eigenpairs of `a` and `b`, of which the triangle that was decomposed is read. The
    /// size s in the ratio is the sum of the norms of both sides, `‖A‖ ‖Z‖ + ‖B‖ ‖Z Λ‖` in the first problem.
    ///
    /// # Errors
    /// [`Error::Shape`] when `a` or `b` is not of the order that was decomposed, [`Error::NotSquare`],
    /// [`Error::OutOfMemory`].
    pub fn certificate(&self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Certificate, Error> {
        let n = require_pencil(a, b)?;
        same("a", "rows", n, self.values.len(), "the order of the pencil that was decomposed")?;
        let scaled = |matrix: &ArrayRef2<T>| -> Result<(Array2<T>, T), Error> {
            let full = symmetric(matrix, self.triangle)?;
            let scale = balancing_scale(&full);
            Ok((full * scale, scale))
        };
        let ((a, of_a), (b, of_b)) = (scaled(a)?, scaled(b)?);
        // The length of the vectors cancels, once it can no longer over- or underflow.
        let z = &self.vectors * balancing_scale(&self.vectors);
        let by_values = |of_b: T| &z * &self.values.mapv(|w| w * of_a * of_b);
        let (left, right, of_right, what) = match self.problem {
            SymmetricProblem::AxIsLambdaBx => {
                let weighted = by_values(of_b.recip());
                let product = matmul(&b, &weighted)?;
                (matmul(&a, &z)?, product, one_norm(&b) * one_norm(&weighted), "‖A Z − B Z Λ‖ / (s n ε)")
            }
            SymmetricProblem::AbxIsLambdaX => {
                let weighted = by_values(of_b);
                let norm = one_norm(&weighted);
                (matmul(&a, &matmul(&b, &z)?)?, weighted, norm, "‖A B Z − Z Λ‖ / (s n ε)")
            }
            SymmetricProblem::BaxIsLambdaX => {
                let weighted = by_values(of_b);
                let norm = one_norm(&weighted);
                (matmul(&b, &matmul(&a, &z)?)?, weighted, norm, "‖B A Z − Z Λ‖ / (s n ε)")
            }
        };
        let of_left = match self.problem {
            SymmetricProblem::AxIsLambdaBx => one_norm(&a) * one_norm(&z),
            _ => one_norm(&a) * one_norm(&b) * one_norm(&z),
        };
        let sum = (of_left + of_right).as_f64();
        let value = match one_norm(&(left - right)).as_f64() {
            0.0 => 0.0,
            error => error / sum / (n.max(1) as f64 * T::UNIT_ROUNDOFF.as_f64()),
        };
        Ok(Certificate::new(vec![Ratio::new(what, value, THRESHOLD)]))
    }
}

impl GeneralizedSymmetricEigen<f64> {
    /// The choices, to change before computing; the scalar is that of the matrices given to them.
    pub fn params() -> GeneralizedSymmetricEigenParams {
        GeneralizedSymmetricEigenParams::default()
    }
}

/// The choices of a generalized symmetric eigendecomposition. Made by [`GeneralizedSymmetricEigen::params`].
#[derive(Clone, Copy, Debug, Default)]
pub struct GeneralizedSymmetricEigenParams {
    problem: SymmetricProblem,
    triangle: Triangle,
}

impl GeneralizedSymmetricEigenParams {
    /// Which problem to solve. Default: [`SymmetricProblem::AxIsLambdaBx`].
    pub fn problem(mut self, problem: SymmetricProblem) -> Self {
        self.problem = problem;
        self
    }

    /// Which triangle of both matrices to read. Default: [`Triangle::Lower`].
    pub fn triangle(mut self, triangle: Triangle) -> Self {
        self.triangle = triangle;
        self
    }

    /// Eigenvalues and eigenvectors of `a` and `b` (n x n).
    ///
    /// # Errors
    /// As [`GeneralizedSymmetricEigen::new`].
    pub fn compute<T: Scalar>(
        self,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
    ) -> Result<GeneralizedSymmetricEigen<T>, Error> {
        let (values, vectors) = self.solve(b'V', a, b)?;
        Ok(GeneralizedSymmetricEigen { values, vectors, problem: self.problem, triangle: self.triangle })
    }

    /// The eigenvalues of `a` and `b` (n x n) alone, ascending.
    ///
    /// # Errors
    /// As [`GeneralizedSymmetricEigen::new`].
    pub fn values<T: Scalar>(self, a: &ArrayRef2<T>, b: &ArrayRef2<T>) -> Result<Array1<T>, Error> {
        Ok(self.solve(b'N', a, b)?.0)
    }

    fn solve<T: Scalar>(
        self,
        job: u8,
        a: &ArrayRef2<T>,
        b: &ArrayRef2<T>,
    ) -> Result<(Array1<T>, Array2<T>), Error> {
        let n = require_pencil(a, b)?;
        let order = n as u128;
        // LAPACK's query wraps in 32 bits; the documented minimum does not.
        let (minimum, integers) = match job {
            b'V' => (1 + 6 * order + 2 * order * order, 3 + 5 * order),
            _ => (2 * order + 1, 1),
        };
        let what = "the workspace of sygvd";
        checked_length(what, minimum)?;
        let integers = checked_length(what, integers)?;
        let area = checked_area::<T>(n, n)?;
        require_finite_triangle(FiniteCheck::Scan, "a", a, self.triangle)?;
        require_finite_triangle(FiniteCheck::Scan, "b", b, self.triangle)?;
        if n == 0 {
            return Ok((Array1::zeros(0), Array2::zeros((0, 0))));
        }

        let (mut vectors, mut factor) = (zeroed(area)?, zeroed(area)?);
        let (order_of_a, uplo) = copy_triangle(a, self.triangle, &mut vectors);
        if memory_order(b) == order_of_a {
            copy_triangle(b, self.triangle, &mut factor);
        } else {
            // The same letter must hold for both: here b moves to the other order.
            let by_rows = order_of_a == MemoryOrder::Rows;
            for i in 0..n {
                for j in self.triangle.columns(i, n) {
                    factor[if by_rows { i * n + j } else { j * n + i }] = b[[i, j]];
                }
            }
        }
        let (of_a, of_b) = (scale_down(&mut vectors, n), scale_down(&mut factor, n));

        let mut values = zeroed(n)?;
        let number = self.problem.number();
        let optimum = || T::sygvd_optimum(number, job, uplo, n as Int);
        let mut work = zeroed(workspace_length(what, minimum, optimum)?)?;
        let info = T::sygvd(
            number,
            job,
            uplo,
            Columns::new(&mut vectors, n, n)?,
            Columns::new(&mut factor, n, n)?,
            &mut values,
            &mut work,
            &mut vec![0; integers],
        );
        match usize::try_from(info) {
            Ok(0) => {}
            Ok(minor) if minor > n => return Err(Error::NotPositiveDefinite { minor: minor - n }),
            Ok(unconverged) => return Err(Error::NoConvergence { routine: "sygvd", unconverged }),
            Err(_) => return Err(Error::Internal { routine: "sygvd", info }),
        }
        // Undoes the scaling: of the values by both scales, of the vectors by that of b.
        let root = of_b.sqrt();
        let (of_values, of_vectors) = match self.problem {
            SymmetricProblem::AxIsLambdaBx => (of_b, root),
            SymmetricProblem::AbxIsLambdaX => (of_b.recip(), root),
            SymmetricProblem::BaxIsLambdaX => (of_b.recip(), root.recip()),
        };
        values.iter_mut().for_each(|value| *value *= of_values / of_a);
        require_finite_result("sygvd", &values)?;
        if job == b'N' {
            return Ok((values.into(), Array2::zeros((n, 0))));
        }
        if of_vectors != T::one() {
            vectors.iter_mut().for_each(|entry| *entry *= of_vectors);
        }
        require_finite_result("sygvd", &vectors)?;
        Ok((values.into(), from_columns(vectors, n, n)))
    }
}

/// Brings a matrix of order `n` whose products might over- or underflow near one; returns by what it was multiplied.
fn scale_down<T: Scalar>(matrix: &mut [T], n: usize) -> T {
    let scale = safe_scale(&ArrayView2::from_shape((n, n), &*matrix).expect("a square of order n"));
    if scale != T::one() {
        matrix.iter_mut().for_each(|entry| *entry *= scale);
    }
    scale
}

#[cfg(test)]
mod tests {
    use ndarray::{Array, array};

    use super::*;
    use crate::testing::{Kind, Layout, matrix, symmetric};

    /// `a = diag(2, 8, 18)`, `b = diag(1, 4, 2)`: every value is exact, and so are the vectors' lengths.
    #[test]
    fn diagonal_problems_are_exact() {
        let a = Array2::from_diag(&array![8.0, 2.0, 18.0]);
        let b = Array2::from_diag(&array![4.0, 4.0, 1.0]);
        for (problem, values, lengths) in [
            (SymmetricProblem::AxIsLambdaBx, [0.5, 2.0, 18.0], [0.5, 0.5, 1.0]),
            (SymmetricProblem::AbxIsLambdaX, [8.0, 18.0, 32.0], [0.5, 1.0, 0.5]),
            (SymmetricProblem::BaxIsLambdaX, [8.0, 18.0, 32.0], [2.0, 1.0, 2.0]),
        ] {
            let eigen = GeneralizedSymmetricEigen::params().problem(problem).compute(&a, &b).unwrap();
            assert_eq!(eigen.values(), Array1::from(values.to_vec()));
            for (vector, length) in eigen.vectors().columns().into_iter().zip(lengths) {
                assert_eq!(vector.iter().map(|x: &f64| x.abs()).sum::<f64>(), length, "{problem:?}");
            }
            assert!(eigen.certificate(&a, &b).unwrap().holds());
        }
    }

    /// The two matrices may lie in memory in different ways; the triangle that is not read may hold anything.
    #[test]
    fn layouts_and_triangles_meet() {
        let a = symmetric::<f64>(Kind::Random, 7);
        let g = matrix::<f64>(Kind::Random, 7, 9);
        let b = g.dot(&g.t());
        let expected = GeneralizedSymmetricEigen::eigenvalues(&a, &b).unwrap();
        for triangle in [Triangle::Lower, Triangle::Upper] {
            let half = |matrix: &Array2<f64>| {
                Array2::from_shape_fn((7, 7), |(i, j)| {
                    let read = if triangle == Triangle::Lower { j <= i } else { j >= i };
                    if read { matrix[[i, j]] } else { f64::INFINITY }
                })
            };
            let (half_a, half_b) = (half(&a), half(&b));
            for (of_a, of_b) in Layout::ALL.iter().flat_map(|x| Layout::ALL.iter().map(move |y| (x, y))) {
                let params = GeneralizedSymmetricEigen::params().triangle(triangle);
                let values = of_a.with(&half_a, |a| of_b.with(&half_b, |b| params.values(&a, &b).unwrap()));
                // Well-conditioned: both are within rounding of the same numbers.
                assert!(
                    (&values - &expected).iter().all(|x| x.abs() < 1e-12),
                    "{of_a:?} {of_b:?} {triangle:?}"
                );
            }
        }
    }

    /// The minor that fails is counted in `b`, from 1.
    #[test]
    fn an_indefinite_b_is_named_by_its_minor() {
        let a = Array2::<f64>::eye(3);
        let b = Array2::from_diag(&array![1.0, -1.0, 1.0]);
        let error = GeneralizedSymmetricEigen::new(&a, &b).unwrap_err();
        assert_eq!(error, Error::NotPositiveDefinite { minor: 2 });
        let zero = GeneralizedSymmetricEigen::eigenvalues(&a, &Array2::zeros((3, 3))).unwrap_err();
        assert_eq!(zero, Error::NotPositiveDefinite { minor: 1 });
    }

    /// Products of A with the inverse of B over- and underflow in between, but the pairs are within range.
    #[test]
    fn scales_at_the_ends_of_the_range() {
        let (a, b) = (array![[2.0, 1.0], [1.0, 3.0]], array![[2.0, 0.5], [0.5, 1.0]]);
        let expected = GeneralizedSymmetricEigen::eigenvalues(&a, &b).unwrap();
        for (of_a, of_b) in [(1000, 1000), (-1000, -1000), (0, -1000), (-500, 500), (1000, 20)] {
            let (scale_a, scale_b) = (2f64.powi(of_a), 2f64.powi(of_b));
            let (a, b) = (&a * scale_a, &b * scale_b);
            let eigen = GeneralizedSymmetricEigen::new(&a, &b).unwrap();
            let unscaled = eigen.values().mapv(|w| w / scale_a * scale_b);
            assert!((unscaled - &expected).iter().all(|x| x.abs() < 1e-14), "{of_a} {of_b}");
            assert!(eigen.certificate(&a, &b).unwrap().holds(), "{of_a} {of_b}");
        }
        let overflowing = GeneralizedSymmetricEigen::new(&(&a * 2f64.powi(1000)), &(&b * 2f64.powi(-1000)));
        assert_eq!(overflowing.unwrap_err(), Error::Overflow { routine: "sygvd", scalar: "f64" });
        // Definite, but its inverse is beyond the range: an error, and no endless loop on infinities.
        let nearly_singular = Array2::from_diag(&array![1.0, 1e-310]);
        assert!(GeneralizedSymmetricEigen::new(&a, &nearly_singular).is_err());
    }

    #[test]
    fn bad_input_is_refused_before_any_work() {
        let eye = Array2::<f32>::eye(3);
        for (row, col) in [(0, 0), (1, 0), (2, 0), (1, 1), (2, 1), (2, 2)] {
            let mut spoiled = eye.clone();
            spoiled[[row, col]] = f32::NAN;
            let error = |argument| Error::NonFinite { argument, row, col };
            assert_eq!(GeneralizedSymmetricEigen::new(&spoiled, &eye).unwrap_err(), error("a"));
            assert_eq!(GeneralizedSymmetricEigen::new(&eye, &spoiled).unwrap_err(), error("b"));
        }
        assert!(matches!(
            GeneralizedSymmetricEigen::new(&eye, &Array2::eye(4)),
            Err(Error::Shape { argument: "b", .. })
        ));
        let one = Array::from_elem((1, 1), 1.0);
        let large = one.broadcast((32767, 32767)).unwrap();
        assert!(matches!(
            GeneralizedSymmetricEigen::new(&large, &large),
            Err(Error::TooLarge { what: "the workspace of sygvd", .. })
        ));
    }

    #[test]
    fn empty_and_single() {
        let empty = Array2::<f64>::zeros((0, 0));
        let eigen = GeneralizedSymmetricEigen::new(&empty, &empty).unwrap();
        assert_eq!((eigen.values().len(), eigen.vectors().dim()), (0, (0, 0)));
        assert!(eigen.certificate(&empty, &empty).unwrap().holds());
        let single = GeneralizedSymmetricEigen::new(&array![[-3.0f32]], &array![[4.0]]).unwrap();
        assert_eq!((single.values()[0], single.vectors()[[0, 0]].abs()), (-0.75, 0.5));
    }

    /// A Rust thread has 2 MiB of stack, which OpenBLAS's threaded products overflow.
    #[test]
    fn runs_on_a_small_stack() {
        let work = || {
            let a = symmetric::<f64>(Kind::Random, 300);
            let b = Array2::<f64>::eye(300) * 2.0;
            assert!(GeneralizedSymmetricEigen::new(&a, &b).unwrap().certificate(&a, &b).unwrap().holds());
        };
        std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap();
    }
}
